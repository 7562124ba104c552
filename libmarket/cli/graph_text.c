/* SPDX-License-Identifier: Apache-2.0 */
/* A graph as a tree of text in 80 columns. */
#include "cli/graph.h"

#define PAGE_WIDE 80
#define STEP      3
/* Deeper than any chain that is allowed; beyond, lines stand in no further. */
#define DEPTH_MAX 16

typedef struct page {
	const market__cli_graph_t *graph;
	market__text_t *out;
	bool last[DEPTH_MAX]; /* is the branch of that depth its last one? */
} page_t;

/* What stands left of a line: of its first one, or of those that follow. */
static void
add_gutter(page_t *page, size_t depth, bool first)
{
	size_t i;

	for (i = 1; i < depth; i++)
		market__text_puts(page->out, page->last[i] ? "   " : "|  ");
	if (depth == 0)
		return;
	if (first)
		market__text_puts(page->out, page->last[depth] ? "`- " : "|- ");
	else
		market__text_puts(page->out, page->last[depth] ? "   " : "|  ");
}

/* Does something hang from the node? Then a line leads down to it. */
static bool
has_branches(const market__cli_graph_t *graph, size_t node)
{
	size_t i;

	for (i = 0; i < graph->n_nodes; i++)
		if (graph->nodes[i].above == node)
			return true;
	return false;
}

typedef struct writing {
	page_t *page;
	size_t depth;
	bool leads_on;
	size_t column;
} writing_t;

static void
new_line(writing_t *w, bool first)
{
	w->column = STEP * w->depth;
	add_gutter(w->page, w->depth, first);
	if (first)
		return;
	market__text_puts(w->page->out, w->leads_on ? "|    " : "     ");
	w->column += 5;
}

/* Words, broken where the page ends; a word that is longer is cut. */
static void
write_line(writing_t *w, const market__text_t *line, bool first)
{
	market__text_t *out = w->page->out;
	const char *text = line->data == NULL ? "" : line->data;
	size_t len, fits;
	bool begun = false;

	if (line->status != MARKET_OK && out->status == MARKET_OK)
		out->status = line->status;
	new_line(w, first);
	text += strspn(text, " ");
	while (*text != '\0') {
		len = strcspn(text, " ");
		if (begun && w->column + 1 + len > PAGE_WIDE) {
			market__text_putc(out, '\n');
			new_line(w, false);
		} else if (begun) {
			market__text_putc(out, ' ');
			w->column++;
		}
		fits = PAGE_WIDE - w->column;
		if (len > fits)
			len = fits;
		market__text_add(out, text, len);
		w->column += len;
		text += len;
		begun = len > 0 && (*text == ' ' || *text == '\0');
		if (!begun) {
			market__text_putc(out, '\n');
			new_line(w, false);
		}
		while (*text == ' ')
			text++;
	}
	market__text_putc(out, '\n');
}

/* ---- edges that are not those of the tree ---- */

static bool
is_cell_edge(const market__cli_graph_t *graph, const market__cli_edge_t *edge)
{
	return graph->nodes[edge->to].kind == NODE_CELL;
}

/* "-> hosts network usmobile.com/mvno-us, revision 1 [0123456789ab]: ..." */
static void
write_others(writing_t *w, size_t node)
{
	const market__cli_graph_t *graph = w->page->graph;
	const market__cli_edge_t *edge;
	market__text_t line;
	size_t i;

	for (i = 0; i < graph->n_edges; i++) {
		edge = &graph->edges[i];
		if (edge->from != node || is_cell_edge(graph, edge) ||
		    graph->nodes[edge->to].above == node ||
		    graph->nodes[node].above == edge->to ||
		    graph->nodes[node].source == NULL ||
		    graph->nodes[node].source->kind == MARKET_KIND_KEY_SET)
			continue;
		market__text_init(&line, w->page->out->allocator, SIZE_MAX / 2);
		market__text_printf(&line, "-> %s ", edge->what);
		(void)market__cli_node_line(&graph->nodes[edge->to], 0, &line);
		write_line(w, &line, false);
		market__text_clear(&line);
	}
}

/* Where there are several cells: which statements lead to this one. */
static void
write_grounds(writing_t *w, size_t node)
{
	const market__cli_graph_t *graph = w->page->graph;
	const market_cell_t *cell = graph->nodes[node].cell;
	const market_source_t *source;
	market__text_t line;
	size_t i;

	if (market_decision_cell(graph->decision, 1) == NULL ||
	    cell->used_count == 0)
		return;
	market__text_init(&line, w->page->out->allocator, SIZE_MAX / 2);
	market__text_puts(&line, "rests on");
	for (i = 0; i < graph->n_nodes; i++) {
		source = graph->nodes[i].source;
		if (source == NULL || !market__cli_cell_uses(cell, source))
			continue;
		market__text_puts(&line, " [");
		market__text_hex(&line, market__slice(source->digest.ptr, 6));
		market__text_putc(&line, ']');
	}
	write_line(w, &line, false);
	market__text_clear(&line);
}

/* ---- the tree ---- */

static void
write_node(page_t *page, size_t node, size_t depth)
{
	const market__cli_node_t *what = &page->graph->nodes[node];
	writing_t w = { page, depth, has_branches(page->graph, node), 0 };
	market__text_t line;
	bool more = true;
	size_t i;

	for (i = 0; more && page->out->status == MARKET_OK; i++) {
		market__text_init(&line, page->out->allocator, SIZE_MAX / 2);
		more = market__cli_node_line(what, i, &line);
		if (more)
			write_line(&w, &line, i == 0);
		market__text_clear(&line);
	}
	write_others(&w, node);
	if (what->kind == NODE_CELL)
		write_grounds(&w, node);
}

/* The last node that hangs from `above`; NO_NODE: nothing does. */
static size_t
last_of(const market__cli_graph_t *graph, size_t above)
{
	size_t i, last = NO_NODE;

	for (i = 0; i < graph->n_nodes; i++)
		if (graph->nodes[i].above == above)
			last = i;
	return last;
}

static void
write_tree(page_t *page, size_t above, size_t depth)
{
	const market__cli_graph_t *graph = page->graph;
	size_t i, last = last_of(graph, above);
	size_t at = depth < DEPTH_MAX ? depth : DEPTH_MAX - 1;

	for (i = 0; i < graph->n_nodes && page->out->status == MARKET_OK; i++) {
		if (graph->nodes[i].above != above)
			continue;
		page->last[at] = i == last;
		write_node(page, i, at);
		write_tree(page, i, depth + 1);
	}
}

void
market__cli_graph_text(const market__cli_t *cli, market__text_t *out,
    const market__cli_graph_t *graph)
{
	page_t page = { .graph = graph, .out = out };

	market__cli_plain(out, graph->listing->id);
	market__text_puts(out, " is ");
	market__cli_word(
	    cli, out, market_listing_status_name(graph->listing->status), 0);
	market__text_puts(out, "\n  as of ");
	market__text_time(out, market_decision_at(graph->decision));
	market__text_puts(out, "\n\n");
	write_tree(&page, NO_NODE, 0);
}
