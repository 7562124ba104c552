/* SPDX-License-Identifier: Apache-2.0 */
/* What is told of a node of a graph, a line each, in printable ASCII. */
#include "cli/graph.h"

/* Bytes of a digest and of a key's id that are shown, as in a report. */
#define DIGEST_SHOWN 6
#define KEY_SHOWN    8

const char *
market__cli_state_name(market__cli_state_t state)
{
	switch (state) {
	case STATE_HOLDS: return "HOLDS";
	case STATE_FAILS: return "FAILS";
	case STATE_FORBIDS: return "FORBIDS";
	case STATE_FALLS: return "FALLS";
	case STATE_UNSURE: return "UNSURE";
	case STATE_MISSING: break;
	}
	return "MISSING";
}

static void
add_name(market__text_t *line, const market_source_t *source)
{
	market__text_printf(line, "%s ", market_kind_name(source->kind));
	market__text_escaped(line, source->issuer);
	market__text_putc(line, '/');
	market__text_escaped(line, source->id);
	market__text_printf(
	    line, ", revision %llu [", (unsigned long long)source->revision);
	market__text_hex(line, market__slice(source->digest.ptr, DIGEST_SHOWN));
	market__text_putc(line, ']');
}

static void
add_validity(market__text_t *line, const market__cli_node_t *node)
{
	const market_source_t *source = node->source;

	if (node->state == STATE_HOLDS)
		market__text_puts(line, "holds");
	else if (node->state == STATE_FALLS)
		market__text_puts(
		    line, "falls with what it stands beneath; it runs");
	else if (node->state == STATE_FORBIDS)
		market__text_puts(line, "is in force; it runs");
	else
		market__text_puts(line, "does not hold; it runs");
	if (source->not_before != 0) {
		market__text_puts(line, " from ");
		market__text_time(line, source->not_before);
	}
	market__text_puts(line, " until ");
	if (source->not_after == 0)
		market__text_puts(line, "further notice");
	else
		market__text_time(line, source->not_after);
}

static void
add_signers(market__text_t *line, const market_source_t *source)
{
	size_t i;

	if (source->threshold == 0) {
		market__text_puts(line, "whose keys signed cannot be told");
		return;
	}
	market__text_printf(line, "%zu of %u key%s signed, %u needed",
	    source->signer_count, source->key_count,
	    source->key_count == 1 ? "" : "s", source->threshold);
	for (i = 0; i < source->signer_count; i++) {
		market__text_puts(line, i == 0 ? ": " : ", ");
		market__text_hex(
		    line, market__slice(source->signers[i].id.ptr, KEY_SHOWN));
		if (!source->signers[i].counts)
			market__text_puts(line, " (does not count)");
	}
}

static void
add_finding(market__text_t *line, const market_finding_t *finding)
{
	market__text_puts(line, market_code_info(finding->code)->name);
	if (finding->link > 0)
		market__text_printf(line, ", link %u", finding->link);
	market__text_printf(line, ": %s", finding->message);
}

static bool
statement_line(
    const market__cli_node_t *node, size_t index, market__text_t *line)
{
	switch (index) {
	case 0:
		add_name(line, node->source);
		if (node->source->subject != NULL)
			market__text_printf(
			    line, ": %s", node->source->subject);
		return true;
	case 1: add_validity(line, node); return true;
	case 2: add_signers(line, node->source); return true;
	default: break;
	}
	if (index - 3 >= node->n_about)
		return false;
	add_finding(line, node->about[index - 3]);
	return true;
}

static bool
cell_line(const market_cell_t *cell, size_t index, market__text_t *line)
{
	if (index == 0) {
		market__text_escaped(line, cell->territory);
		market__text_printf(
		    line, ", %s, ", market_channel_name(cell->channel));
		market__text_escaped(line, cell->network);
		market__text_printf(
		    line, ": %s", market_verdict_name(cell->verdict));
		if (cell->service != MARKET_SERVICE_UNSPECIFIED)
			market__text_printf(
			    line, " (%s)", market_service_name(cell->service));
		return true;
	}
	if (index > 1 || cell->horizon == INT64_MAX)
		return false;
	market__text_puts(line,
	    cell->verdict == MARKET_VERDICT_PERMIT
		? "holds until "
		: "can change by itself at ");
	market__text_time(line, cell->horizon);
	return true;
}

bool
market__cli_node_line(
    const market__cli_node_t *node, size_t index, market__text_t *line)
{
	switch (node->kind) {
	case NODE_STATEMENT: return statement_line(node, index, line);
	case NODE_CELL: return cell_line(node->cell, index, line);
	case NODE_PARTY:
	case NODE_MISSING: break;
	case NODE_FINDING:
		if (index == 0)
			add_finding(line, node->about[0]);
		return index == 0;
	}
	if (index > 0)
		return false;
	if (node->kind == NODE_MISSING)
		market__text_puts(line, "missing: ");
	market__text_escaped(line, node->text);
	return true;
}
