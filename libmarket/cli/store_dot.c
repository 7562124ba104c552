/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listing as a graph in the language of dot(1): the listing, its cells, the
 * statements that each rests on, what is missing, and what is found.
 */
#include <stdio.h>

#include "cli/store.h"

/* Text within quotes, where a backslash begins an escape of dot's. */
static void
add_quoted(market__text_t *out, market_slice_t text)
{
	market__text_t plain;
	size_t i;

	market__text_init(&plain, out->allocator, SIZE_MAX / 2);
	market__cli_plain(&plain, text);
	for (i = 0; i < plain.len; i++) {
		if (plain.data[i] == '"' || plain.data[i] == '\\')
			market__text_putc(out, '\\');
		market__text_putc(out, plain.data[i]);
	}
	if (plain.status != MARKET_OK && out->status == MARKET_OK)
		out->status = plain.status;
	market__text_clear(&plain);
}

static void
add_words(market__text_t *out, const char *text)
{
	add_quoted(out, market_slice_of(text));
}

static const char *
color_of(market_verdict_t verdict)
{
	switch (verdict) {
	case MARKET_VERDICT_PERMIT: return "darkgreen";
	case MARKET_VERDICT_DENY: return "red3";
	case MARKET_VERDICT_INDETERMINATE: return "orange3";
	case MARKET_VERDICT_UNSPECIFIED: break;
	}
	return "gray40";
}

static const char *
color_of_effect(market_effect_t effect)
{
	switch (effect) {
	case MARKET_EFFECT_DENY: return "red3";
	case MARKET_EFFECT_INDETERMINATE: return "orange3";
	case MARKET_EFFECT_WARN: return "goldenrod";
	case MARKET_EFFECT_NOTE: break;
	}
	return "gray40";
}

/* A statement is one node, whoever leads to it. */
static void
add_statement(market__text_t *out, market_slice_t digest)
{
	market__text_puts(out, "\t\"");
	market__text_hex(out, digest);
	market__text_puts(out, "\" [shape=note, label=\"");
	market__text_hex(
	    out, market__slice(digest.ptr, digest.len < 6 ? digest.len : 6));
	market__text_puts(out, "\", tooltip=\"");
	market__text_hex(out, digest);
	market__text_puts(out, "\"];\n");
}

static void
add_edge(market__text_t *out, const char *from, market_slice_t digest,
    const char *label)
{
	market__text_printf(out, "\t%s -> \"", from);
	market__text_hex(out, digest);
	market__text_printf(out, "\" [label=\"%s\"];\n", label);
}

static void
add_finding(market__text_t *out, const char *from, size_t index,
    const market_finding_t *finding)
{
	const market_code_info_t *info = market_code_info(finding->code);
	char name[80];
	int len;

	market__text_printf(out, "\t%s_f%zu [shape=ellipse, color=%s, label=\"",
	    from, index, color_of_effect(finding->effect));
	add_words(out, info->name);
	market__text_puts(out, "\", tooltip=\"");
	add_words(out, finding->message == NULL ? "" : finding->message);
	market__text_printf(out, "\"];\n\t%s -> %s_f%zu [label=\"%s\"];\n",
	    from, from, index, market_effect_name(finding->effect));
	if (finding->evidence.len == 0)
		return;
	len = snprintf(name, sizeof(name), "%s_f%zu", from, index);
	if (len < 0 || (size_t)len >= sizeof(name))
		return;
	add_statement(out, finding->evidence);
	add_edge(out, name, finding->evidence, "about");
}

static void
add_cell(market__text_t *out, size_t index, const market_cell_t *cell)
{
	char name[40];
	size_t i;

	(void)snprintf(name, sizeof(name), "cell%zu", index);
	market__text_printf(
	    out, "\t%s [color=%s, label=\"", name, color_of(cell->verdict));
	add_quoted(out, cell->territory);
	market__text_printf(out, ", %s\\n", market_channel_name(cell->channel));
	add_quoted(out, cell->network);
	market__text_printf(out, "\\n%s", market_verdict_name(cell->verdict));
	if (cell->service != MARKET_SERVICE_UNSPECIFIED)
		market__text_printf(
		    out, ", %s", market_service_name(cell->service));
	if (cell->horizon != INT64_MAX) {
		market__text_puts(out, "\\nuntil ");
		market__text_time(out, cell->horizon);
	}
	market__text_printf(out, "\"];\n\tlisting -> %s;\n", name);
	for (i = 0; i < cell->used_count; i++) {
		add_statement(out, cell->used[i]);
		add_edge(out, name, cell->used[i], "rests on");
	}
	for (i = 0; i < cell->missing_count; i++) {
		market__text_printf(
		    out, "\t%s_m%zu [style=dashed, label=\"", name, i);
		add_words(out, cell->missing[i]);
		market__text_printf(out,
		    "\"];\n\t%s -> %s_m%zu [style=dashed, "
		    "label=\"missing\"];\n",
		    name, name, i);
	}
	for (i = 0; i < cell->finding_count; i++)
		add_finding(out, name, i, &cell->findings[i]);
}

void
market__cli_dot(market__text_t *out, const market_listing_t *listing,
    const market_decision_t *decision)
{
	const market_finding_t *finding;
	const market_cell_t *cell;
	size_t i;

	market__text_puts(out,
	    "digraph why {\n\trankdir=LR;\n\tnode [shape=box];\n"
	    "\tlisting [style=bold, label=\"");
	add_quoted(out, listing->id);
	market__text_printf(
	    out, "\\n%s\"];\n", market_listing_status_name(listing->status));
	for (i = 0; (finding = market_decision_finding(decision, i)) != NULL;
	     i++)
		add_finding(out, "listing", i, finding);
	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++)
		add_cell(out, i, cell);
	market__text_puts(out, "}\n");
}
