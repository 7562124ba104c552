/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of the contract, each as a range of a table or an index. */
#include "store/memory.h"

/* Numbers behind `after` among what is in `from` so far. */
static void
behind(market__memory_range_t *range, uint64_t after)
{
	market__memory_range_within(range);
	market__memory_key_number(&range->from, after);
	range->above = true;
}

/* The same by text; the empty one comes before the first. */
static void
behind_text(market__memory_range_t *range, market_slice_t after)
{
	market__memory_range_within(range);
	market__text_slice(&range->from, after);
	range->above = after.len > 0;
}

static market__memory_table_t
statements_over(market__statement_by_t by)
{
	switch (by) {
	case MARKET__STATEMENT_BY_SLOT: return MEMORY_STATEMENTS_BY_SLOT;
	case MARKET__STATEMENT_BY_DIGEST: return MEMORY_STATEMENTS_BY_DIGEST;
	case MARKET__STATEMENT_BY_NAME: return MEMORY_STATEMENTS_BY_NAME;
	case MARKET__STATEMENT_BY_SUBJECT: return MEMORY_STATEMENTS_BY_SUBJECT;
	case MARKET__STATEMENT_BY_NO: break;
	}
	return MEMORY_STATEMENTS;
}

market_status_t
market__memory_statements(market__backend_t *backend,
    const market__statement_query_t *query, market__arena_t *arena,
    const market__statement_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	market__memory_range_t range;
	market_status_t status;
	const void *rows;

	market__memory_range_init(&range, memory, MEMORY_STATEMENTS,
	    statements_over(query->by), query->max);
	switch (query->by) {
	case MARKET__STATEMENT_BY_NO: break;
	case MARKET__STATEMENT_BY_SLOT:
		market__memory_key_text(&range.from, query->slot);
		break;
	case MARKET__STATEMENT_BY_DIGEST:
		market__memory_key_text(&range.from, query->digest);
		break;
	case MARKET__STATEMENT_BY_NAME:
		market__memory_key_number(&range.from, query->kind);
		market__memory_key_text(&range.from, query->issuer);
		market__memory_key_text(&range.from, query->id);
		break;
	case MARKET__STATEMENT_BY_SUBJECT:
		market__memory_key_number(&range.from, query->kind);
		market__memory_key_text(&range.from, query->subject);
		break;
	}
	behind(&range, query->after);
	status = market__memory_list(
	    memory, &range, arena, &rows, ret_n, reterr);
	if (status == MARKET_OK)
		*ret_rows = rows;
	return status;
}

market_status_t
market__memory_slots_since(market__backend_t *backend, uint64_t epoch,
    uint64_t after, size_t max, market__arena_t *arena,
    const market__slot_row_t **ret_rows, size_t *ret_n, market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	market__memory_range_t range;
	market_status_t status;
	const void *rows;

	market__memory_range_init(
	    &range, memory, MEMORY_SLOTS, MEMORY_SLOTS_BY_EPOCH, max);
	market__memory_key_number(&range.from, epoch);
	market__memory_key_number(&range.from, UINT64_MAX);
	range.above = true;
	range.sort = true;
	range.after = after;
	status = market__memory_list(
	    memory, &range, arena, &rows, ret_n, reterr);
	if (status == MARKET_OK)
		*ret_rows = rows;
	return status;
}

static bool
is_stale(const void *of, const void *by)
{
	const market__clearance_row_t *row = of;
	const market__clearance_query_t *query = by;

	return row->epoch < query->epoch;
}

static bool
is_over(const void *of, const void *by)
{
	const market__clearance_row_t *row = of;
	const market__clearance_query_t *query = by;

	return row->horizon <= query->until;
}

static market__memory_table_t
clearances_over(market__clearance_by_t by)
{
	switch (by) {
	case MARKET__CLEARANCE_BY_READER:
	case MARKET__CLEARANCE_BY_STALE_READER: return MEMORY_READERS;
	case MARKET__CLEARANCE_BY_HORIZON: return MEMORY_CLEARANCES_BY_HORIZON;
	case MARKET__CLEARANCE_BY_NO: break;
	}
	return MEMORY_CLEARANCES;
}

market_status_t
market__memory_clearances(market__backend_t *backend,
    const market__clearance_query_t *query, market__arena_t *arena,
    const market__clearance_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	market__memory_range_t range;
	market_status_t status;
	const void *rows;

	market__memory_range_init(&range, memory, MEMORY_CLEARANCES,
	    clearances_over(query->by), query->max);
	range.query = query;
	if (range.over == MEMORY_CLEARANCES_BY_HORIZON) {
		/* In the order of the horizon, but wanted in that of no. */
		range.keep = is_over;
		range.ends = true;
		range.sort = true;
		range.after = query->after;
	} else {
		if (range.over == MEMORY_READERS)
			market__memory_key_number(&range.from, query->slot);
		if (query->by == MARKET__CLEARANCE_BY_STALE_READER)
			range.keep = is_stale;
		behind(&range, query->after);
	}
	status = market__memory_list(
	    memory, &range, arena, &rows, ret_n, reterr);
	if (status == MARKET_OK)
		*ret_rows = rows;
	return status;
}

market_status_t
market__memory_parties(market__backend_t *backend, market_slice_t after,
    size_t max, market__arena_t *arena, const market__party_row_t **ret_rows,
    size_t *ret_n, market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	market__memory_range_t range;
	market_status_t status;
	const void *rows;

	market__memory_range_init(
	    &range, memory, MEMORY_PARTIES, MEMORY_PARTIES_BY_NAME, max);
	behind_text(&range, after);
	status = market__memory_list(
	    memory, &range, arena, &rows, ret_n, reterr);
	if (status == MARKET_OK)
		*ret_rows = rows;
	return status;
}

static market__memory_table_t
listings_over(market__listing_by_t by)
{
	switch (by) {
	case MARKET__LISTING_BY_SELLER: return MEMORY_LISTINGS_BY_SELLER;
	case MARKET__LISTING_BY_QUESTION: return MEMORY_QUESTIONS;
	case MARKET__LISTING_BY_NO: break;
	}
	return MEMORY_LISTINGS;
}

market_status_t
market__memory_listings(market__backend_t *backend,
    const market__listing_query_t *query, market__arena_t *arena,
    const market__listing_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	market__memory_range_t range;
	market_status_t status;
	const void *rows;

	market__memory_range_init(&range, memory, MEMORY_LISTINGS,
	    listings_over(query->by), query->max);
	if (range.over == MEMORY_LISTINGS_BY_SELLER) {
		market__memory_key_number(&range.from, query->seller);
		behind_text(&range, query->after_id);
	} else {
		if (range.over == MEMORY_QUESTIONS)
			market__memory_key_number(&range.from, query->question);
		behind(&range, query->after);
	}
	status = market__memory_list(
	    memory, &range, arena, &rows, ret_n, reterr);
	if (status == MARKET_OK)
		*ret_rows = rows;
	return status;
}

market_status_t
market__memory_entries(market__backend_t *backend, uint64_t after, size_t max,
    market__arena_t *arena, const market__entry_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	market__memory_range_t range;
	market_status_t status;
	const void *rows;

	market__memory_range_init(
	    &range, memory, MEMORY_ENTRIES, MEMORY_ENTRIES, max);
	behind(&range, after);
	status = market__memory_list(
	    memory, &range, arena, &rows, ret_n, reterr);
	if (status == MARKET_OK)
		*ret_rows = rows;
	return status;
}

market_status_t
market__memory_cells(market__backend_t *backend, uint64_t no,
    uint64_t *ret_cells, market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	market_status_t status = market__memory_enter(memory, false, reterr);
	market__memory_key8_t key = market__memory_key8(no);
	const market__memory_node_t *node;
	uint64_t cells = 0;

	if (status != MARKET_OK)
		return status;
	node = market__memory_map_seek(&memory->maps[MEMORY_QUESTIONS],
	    market__slice(key.at, sizeof(key.at)), false);
	while (node != NULL &&
	    memcmp(node->key.ptr, key.at, sizeof(key.at)) == 0) {
		cells++;
		node = market__memory_map_next(node);
	}
	*ret_cells = cells;
	return MARKET_OK;
}
