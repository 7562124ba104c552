/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a decision rests on, as a graph: from the trust root by parties and
 * grants to the offer and its cells, with what speaks against it and what is
 * missing.
 */
#ifndef MARKET_CLI_GRAPH_H
#define MARKET_CLI_GRAPH_H

#include "cli/store.h"

typedef enum market__cli_node_kind {
	NODE_PARTY,     /* `text`: who signed what stands beneath it */
	NODE_STATEMENT, /* `source` */
	NODE_CELL,      /* `cell` */
	NODE_FINDING,   /* `about[0]`, which is about no statement */
	NODE_MISSING    /* `text`: what is not there */
} market__cli_node_kind_t;

typedef enum market__cli_state {
	STATE_HOLDS,
	STATE_FAILS,   /* a finding says so */
	STATE_FORBIDS, /* it holds, and forbids: a hold, a disavowal */
	STATE_FALLS,   /* what it stands beneath does not hold */
	STATE_UNSURE,  /* it cannot be told */
	STATE_MISSING
} market__cli_state_t;

#define NO_NODE SIZE_MAX

typedef struct market__cli_node {
	market__cli_node_kind_t kind;
	market__cli_state_t state;
	market_slice_t text;
	const market_source_t *source;
	const market_cell_t *cell;
	const market_finding_t **about; /* findings about it */
	size_t n_about;
	size_t above; /* the node that it hangs from in a tree, or NO_NODE */
} market__cli_node_t;

/* From what gives to whom it is given. */
typedef struct market__cli_edge {
	size_t from, to;
	const char *what; /* "grants to" */
} market__cli_edge_t;

typedef struct market__cli_graph {
	const market_decision_t *decision;
	const market_listing_t *listing;
	market__arena_t arena;
	market__cli_node_t *nodes;
	size_t n_nodes;
	market__cli_edge_t *edges;
	size_t n_edges;
} market__cli_graph_t;

/* Which cells are meant; what is empty or UNSPECIFIED is any. */
typedef struct market__cli_cells {
	market_slice_t territory;
	market_channel_t channel;
	market_slice_t network;
} market__cli_cells_t;

bool market__cli_cell_meant(
    const market__cli_cells_t *cells, const market_cell_t *cell);

/* Does the cell's answer rest on it? */
bool market__cli_cell_uses(
    const market_cell_t *cell, const market_source_t *source);

/*
 * The same decision and cells give the same graph everywhere; it borrows from
 * them. To be cleared whatever the status: MARKET_OK or MARKET_E_MEMORY.
 */
market_status_t market__cli_graph_make(const market_allocator_t *allocator,
    const market_listing_t *listing, const market_decision_t *decision,
    const market__cli_cells_t *cells, market__cli_graph_t *graph);
void market__cli_graph_clear(market__cli_graph_t *graph);

/* ---- graph_words.c: what a node says, a line each ---- */

/* "HOLDS" */
const char *market__cli_state_name(market__cli_state_t state);

/* Line number `index` of what is told of a node; false past the last. */
bool market__cli_node_line(
    const market__cli_node_t *node, size_t index, market__text_t *line);

/* ---- graph_dot.c, graph_text.c, graph_json.c: three forms of it ---- */

void market__cli_graph_dot(
    market__text_t *out, const market__cli_graph_t *graph);
void market__cli_graph_text(const market__cli_t *cli, market__text_t *out,
    const market__cli_graph_t *graph);
void market__cli_graph_json(
    market__text_t *out, const market__cli_graph_t *graph);

#endif
