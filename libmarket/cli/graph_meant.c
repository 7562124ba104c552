/* SPDX-License-Identifier: Apache-2.0 */
/* Which statements of a decision a graph has. */
#include "cli/graph_make.h"

bool
market__cli_cell_meant(
    const market__cli_cells_t *cells, const market_cell_t *cell)
{
	return (cells->territory.len == 0 ||
		   market__slice_equal(cells->territory, cell->territory)) &&
	    (cells->channel == MARKET_CHANNEL_UNSPECIFIED ||
		cells->channel == cell->channel) &&
	    (cells->network.len == 0 ||
		market__slice_equal(cells->network, cell->network));
}

bool
market__cli_cell_uses(const market_cell_t *cell, const market_source_t *source)
{
	size_t i;

	for (i = 0; i < cell->used_count; i++)
		if (market__slice_equal(cell->used[i], source->digest))
			return true;
	return false;
}

const market_cell_t *
market__cli_meant_cell(const market__cli_making_t *m, size_t index)
{
	const market_cell_t *cell;
	size_t i;

	for (i = 0;
	     (cell = market_decision_cell(m->graph->decision, i)) != NULL; i++)
		if (market__cli_cell_meant(m->cells, cell) && index-- == 0)
			return cell;
	return NULL;
}

const market_source_t *
market__cli_source(const market__cli_making_t *m, size_t index)
{
	return market_decision_source(m->graph->decision, index);
}

size_t
market__cli_find(const market__cli_making_t *m, market_slice_t digest)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (market__slice_equal(
			market__cli_source(m, i)->digest, digest))
			break;
	return i;
}

/* With what it stands beneath, back to the trust root. */
static void
mean(market__cli_making_t *m, market_slice_t digest)
{
	const market_source_t *source;
	size_t i = digest.len == 0 ? m->n : market__cli_find(m, digest);

	while (i < m->n && !m->places[i].meant) {
		m->places[i].meant = true;
		source = market__cli_source(m, i);
		if (!market__slice_equal(source->parent, source->keys_by))
			mean(m, source->parent);
		i = source->keys_by.len == 0
		    ? m->n
		    : market__cli_find(m, source->keys_by);
	}
}

void
market__cli_mean(market__cli_making_t *m)
{
	const market_decision_t *decision = m->graph->decision;
	const market_finding_t *finding;
	const market_cell_t *cell;
	size_t i, k;

	for (i = 0; (finding = market_decision_finding(decision, i)) != NULL;
	     i++)
		mean(m, finding->evidence);
	for (i = 0; (cell = market__cli_meant_cell(m, i)) != NULL; i++) {
		for (k = 0; k < cell->used_count; k++)
			mean(m, cell->used[k]);
		for (k = 0; k < cell->finding_count; k++)
			mean(m, cell->findings[k].evidence);
	}
	for (m->offer = 0; m->offer < m->n; m->offer++)
		if (market__cli_source(m, m->offer)->kind == MARKET_KIND_OFFER)
			break;
	if (m->offer < m->n)
		mean(m, market__cli_source(m, m->offer)->digest);
}
