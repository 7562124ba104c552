/* SPDX-License-Identifier: Apache-2.0 */
/* While a graph is made: which statements are meant, and where they stand. */
#ifndef MARKET_CLI_GRAPH_MAKE_H
#define MARKET_CLI_GRAPH_MAKE_H

#include "cli/graph.h"

/* A source of the decision, by its index there. */
typedef struct market__cli_place {
	bool meant; /* do the cells that are meant speak of it? */
	size_t node;
} market__cli_place_t;

typedef struct market__cli_making {
	market__cli_graph_t *graph;
	const market__cli_cells_t *cells;
	market__cli_place_t *places;
	size_t n;
	size_t offer; /* index of its source */
	market_status_t status;
} market__cli_making_t;

/* Cell number `index` of those that are meant, or NULL. */
const market_cell_t *market__cli_meant_cell(
    const market__cli_making_t *m, size_t index);

/* Source number `index` of the decision, or NULL. */
const market_source_t *market__cli_source(
    const market__cli_making_t *m, size_t index);

/* The index of the source with that digest; m->n: there is none. */
size_t market__cli_find(const market__cli_making_t *m, market_slice_t digest);

/* Marks all that the cells rest on and speak of, and what these rest on. */
void market__cli_mean(market__cli_making_t *m);

#endif
