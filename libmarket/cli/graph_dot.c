/* SPDX-License-Identifier: Apache-2.0 */
/* A graph in the language of dot(1). */
#include "cli/graph.h"

/* Columns of a label: as wide as a digest, so that boxes stay narrow. */
#define LABEL_WIDE 52

/*
 * Text within quotes, where a backslash begins an escape of dot's ("\N" is the
 * node's name), in lines that break at blanks.
 */
static void
add_quoted(market__text_t *out, const market__text_t *text)
{
	size_t i, column = 0;

	for (i = 0; i < text->len; i++) {
		if (text->data[i] == ' ' && column >= LABEL_WIDE) {
			market__text_puts(out, "\\l  ");
			column = 2;
			continue;
		}
		if (text->data[i] == '"' || text->data[i] == '\\')
			market__text_putc(out, '\\');
		market__text_putc(out, text->data[i]);
		column++;
	}
	if (text->status != MARKET_OK && out->status == MARKET_OK)
		out->status = text->status;
}

static void
add_label(market__text_t *out, const market__cli_node_t *node)
{
	market__text_t line;
	size_t i;
	bool more = true;

	market__text_puts(out, "label=\"");
	for (i = 0; more && out->status == MARKET_OK; i++) {
		market__text_init(&line, out->allocator, SIZE_MAX / 2);
		more = market__cli_node_line(node, i, &line);
		if (more) {
			add_quoted(out, &line);
			/* Ends a line that is set to the left. */
			market__text_puts(out, "\\l");
		}
		market__text_clear(&line);
	}
	market__text_putc(out, '"');
}

static const char *
color_of(market__cli_state_t state)
{
	switch (state) {
	case STATE_HOLDS: return "darkgreen";
	case STATE_FAILS:
	case STATE_FORBIDS: return "red3";
	case STATE_FALLS: return "gray40";
	case STATE_UNSURE: return "orange3";
	case STATE_MISSING: break;
	}
	return "red3";
}

static const char *
style_of(const market__cli_node_t *node)
{
	switch (node->kind) {
	case NODE_PARTY: return "shape=box, style=rounded";
	case NODE_STATEMENT: return "shape=note";
	case NODE_CELL: return "shape=box, style=bold";
	case NODE_FINDING: return "shape=ellipse";
	case NODE_MISSING: break;
	}
	return "shape=box, style=dashed";
}

void
market__cli_graph_dot(market__text_t *out, const market__cli_graph_t *graph)
{
	const market__cli_node_t *node;
	const market__cli_edge_t *edge;
	size_t i;

	market__text_puts(out,
	    "digraph market {\n\trankdir=LR;\n"
	    "\tnode [fontname=\"monospace\", fontsize=10];\n");
	for (i = 0; i < graph->n_nodes; i++) {
		node = &graph->nodes[i];
		/* What only tells something does neither hold nor fail. */
		market__text_printf(out, "\tn%zu [%s, color=%s, ", i,
		    style_of(node),
		    node->kind == NODE_FINDING && node->state == STATE_HOLDS
			? "gray40"
			: color_of(node->state));
		add_label(out, node);
		market__text_puts(out, "];\n");
	}
	for (i = 0; i < graph->n_edges; i++) {
		edge = &graph->edges[i];
		node = &graph->nodes[edge->from];
		market__text_printf(out, "\tn%zu -> n%zu [label=\"%s\"%s];\n",
		    edge->from, edge->to, edge->what,
		    node->state == STATE_MISSING     ? ", style=dashed"
			: node->state == STATE_HOLDS ? ""
						     : ", color=red3");
	}
	market__text_puts(out, "}\n");
}
