/* SPDX-License-Identifier: Apache-2.0 */
/* A graph as JSON, in one line. */
#include "cli/graph.h"

static const char *
kind_of(market__cli_node_kind_t kind)
{
	switch (kind) {
	case NODE_PARTY: return "party";
	case NODE_STATEMENT: return "statement";
	case NODE_CELL: return "cell";
	case NODE_FINDING: return "finding";
	case NODE_MISSING: break;
	}
	return "missing";
}

static void
add_codes(market__text_t *out, const market__cli_node_t *node)
{
	size_t i;

	market__cli_json_key(out, "codes");
	market__text_putc(out, '[');
	for (i = 0; i < node->n_about; i++) {
		if (i > 0)
			market__text_putc(out, ',');
		market__text_json(out,
		    market_slice_of(
			market_code_info(node->about[i]->code)->name));
	}
	market__text_putc(out, ']');
}

static void
add_node(market__text_t *out, const market__cli_graph_t *graph, size_t index)
{
	const market__cli_node_t *node = &graph->nodes[index];
	market_slice_t none = { NULL, 0 };
	market__text_t line;

	market__text_putc(out, '{');
	market__cli_json_number(out, "node", index);
	market__cli_json_text(out, "kind", kind_of(node->kind));
	market__cli_json_text(
	    out, "state", market__cli_state_name(node->state));
	market__cli_json_hex(
	    out, "digest", node->source == NULL ? none : node->source->digest);
	market__text_init(&line, out->allocator, SIZE_MAX / 2);
	(void)market__cli_node_line(node, 0, &line);
	if (line.status != MARKET_OK && out->status == MARKET_OK)
		out->status = line.status;
	market__cli_json_slice(
	    out, "label", market__slice(line.data, line.len));
	market__text_clear(&line);
	add_codes(out, node);
	market__text_putc(out, '}');
}

void
market__cli_graph_json(market__text_t *out, const market__cli_graph_t *graph)
{
	size_t i;

	market__text_putc(out, '{');
	market__cli_json_slice(out, "listing", graph->listing->id);
	market__cli_json_text(
	    out, "status", market_listing_status_name(graph->listing->status));
	market__cli_json_time(out, "at", market_decision_at(graph->decision));
	market__cli_json_key(out, "nodes");
	market__text_putc(out, '[');
	for (i = 0; i < graph->n_nodes; i++) {
		if (i > 0)
			market__text_putc(out, ',');
		add_node(out, graph, i);
	}
	market__text_putc(out, ']');
	market__cli_json_key(out, "edges");
	market__text_putc(out, '[');
	for (i = 0; i < graph->n_edges; i++) {
		if (i > 0)
			market__text_putc(out, ',');
		market__text_putc(out, '{');
		market__cli_json_number(out, "from", graph->edges[i].from);
		market__cli_json_number(out, "to", graph->edges[i].to);
		market__cli_json_text(out, "what", graph->edges[i].what);
		market__text_putc(out, '}');
	}
	market__text_puts(out, "]}\n");
}
