/* SPDX-License-Identifier: Apache-2.0 */
/* Slots, clearances, and which clearance has read which slot. */
#include "store/sql.h"

/* ---- slots ---- */

static void
read_slot(market__sql_call_t *call, market__arena_t *arena, void *place)
{
	market__slot_row_t *row = place;

	market__sql_get_number(call, &row->no);
	market__sql_get_bytes(call, arena, &row->name);
	market__sql_get_number(call, &row->counter);
	market__sql_get_digest(call, row->chain);
	market__sql_get_number(call, &row->epoch);
}

market_status_t
market__sql_slot_get(market__backend_t *backend, market_slice_t name,
    market__arena_t *arena, market__slot_row_t *ret_row, market_error_t *reterr)
{
	market__slot_row_t row;
	market__sql_call_t call;
	market_status_t rv;

	memset(&row, 0, sizeof(row));
	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_SLOT_GET, reterr);
	market__sql_put_bytes(&call, name);
	rv = market__sql_one(&call, arena, read_slot, &row);
	if (rv == MARKET_OK && !market__slice_equal(row.name, name))
		return market__sql_misled(&call);
	if (rv == MARKET_OK)
		*ret_row = row;
	return rv;
}

market_status_t
market__sql_slot_put(market__backend_t *backend, const market__slot_row_t *row,
    market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_SLOT_PUT, reterr);
	market__sql_put_number(&call, row->no);
	market__sql_put_bytes(&call, row->name);
	market__sql_put_number(&call, row->counter);
	market__sql_put_digest(&call, row->chain);
	market__sql_put_number(&call, row->epoch);
	return market__sql_run_row(&call, MARKET__SQL_OF_SLOT, row->no);
}

market_status_t
market__sql_slots_since(market__backend_t *backend, uint64_t epoch,
    uint64_t after, size_t max, market__arena_t *arena,
    const market__slot_row_t **ret_rows, size_t *ret_n, market_error_t *reterr)
{
	market__sql_call_t call;
	const void *rows = NULL;
	market_status_t rv;

	/* Whoever starts wants nearly all: by number that is one pass. */
	market__sql_call(&call, (market__sql_t *)backend,
	    epoch == 0 ? MARKET__SQL_SLOTS_ALL : MARKET__SQL_SLOTS_SINCE,
	    reterr);
	market__sql_put_bound(&call, epoch);
	market__sql_put_bound(&call, after);
	rv = market__sql_list(&call, arena, read_slot,
	    sizeof(market__slot_row_t), max, &rows, ret_n);
	if (rv == MARKET_OK)
		*ret_rows = rows;
	return rv;
}

/* ---- clearances ---- */

static void
read_clearance(market__sql_call_t *call, market__arena_t *arena, void *place)
{
	market__clearance_row_t *row = place;

	market__sql_get_number(call, &row->no);
	market__sql_get_digest(call, row->hash);
	market__sql_get_bytes(call, arena, &row->question);
	market__sql_get_small(call, &row->verdict);
	market__sql_get_integer(call, &row->computed_at);
	market__sql_get_integer(call, &row->horizon);
	market__sql_get_number(call, &row->epoch);
	market__sql_get_small(call, &row->evaluator);
	market__sql_get_digest(call, row->versions);
	market__sql_get_number(call, &row->ended);
	market__sql_get_number(call, &row->entry);
	market__sql_get_bytes(call, arena, &row->result);
}

/* `hash` is NULL where it was not asked by. */
static market_status_t
one_clearance(market__sql_call_t *call, market__arena_t *arena,
    const uint8_t *hash, market__clearance_row_t *ret_row)
{
	market__clearance_row_t row;
	market_status_t rv;

	memset(&row, 0, sizeof(row));
	rv = market__sql_one(call, arena, read_clearance, &row);
	if (rv == MARKET_OK && hash != NULL &&
	    memcmp(row.hash, hash, sizeof(row.hash)) != 0)
		return market__sql_misled(call);
	if (rv == MARKET_OK)
		*ret_row = row;
	return rv;
}

market_status_t
market__sql_clearance_get(market__backend_t *backend, uint64_t no,
    market__arena_t *arena, market__clearance_row_t *ret_row,
    market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_CLEARANCE_GET, reterr);
	market__sql_put_number(&call, no);
	return one_clearance(&call, arena, NULL, ret_row);
}

market_status_t
market__sql_clearance_find(market__backend_t *backend, const uint8_t *hash,
    market__arena_t *arena, market__clearance_row_t *ret_row,
    market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(&call, (market__sql_t *)backend,
	    MARKET__SQL_CLEARANCE_FIND, reterr);
	market__sql_put_digest(&call, hash);
	return one_clearance(&call, arena, hash, ret_row);
}

market_status_t
market__sql_clearance_put(market__backend_t *backend,
    const market__clearance_row_t *row, market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_CLEARANCE_PUT, reterr);
	market__sql_put_number(&call, row->no);
	market__sql_put_digest(&call, row->hash);
	market__sql_put_bytes(&call, row->question);
	market__sql_put_number(&call, row->verdict);
	market__sql_put_integer(&call, row->computed_at);
	market__sql_put_integer(&call, row->horizon);
	market__sql_put_number(&call, row->epoch);
	market__sql_put_number(&call, row->evaluator);
	market__sql_put_digest(&call, row->versions);
	market__sql_put_number(&call, row->ended);
	market__sql_put_number(&call, row->entry);
	market__sql_put_bytes(&call, row->result);
	return market__sql_run_row(&call, MARKET__SQL_OF_CLEARANCE, row->no);
}

/* Who has read a slot stands in another table, and is not looked up again. */
static bool
is_asked(const void *of, const void *by)
{
	const market__clearance_row_t *row = of;
	const market__clearance_query_t *query = by;

	return query->by != MARKET__CLEARANCE_BY_HORIZON ||
	    row->horizon <= query->until;
}

market_status_t
market__sql_clearances(market__backend_t *backend,
    const market__clearance_query_t *query, market__arena_t *arena,
    const market__clearance_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr)
{
	static const market__sql_id_t ids[] = {
		[MARKET__CLEARANCE_BY_NO] = MARKET__SQL_CLEARANCES_BY_NO,
		[MARKET__CLEARANCE_BY_READER] =
		    MARKET__SQL_CLEARANCES_BY_READER,
		[MARKET__CLEARANCE_BY_STALE_READER] =
		    MARKET__SQL_CLEARANCES_BY_STALE,
		[MARKET__CLEARANCE_BY_HORIZON] =
		    MARKET__SQL_CLEARANCES_BY_HORIZON,
	};
	static const market__sql_found_t found = { read_clearance,
		sizeof(market__clearance_row_t), is_asked };
	market__sql_call_t call;
	const void *rows = NULL;
	market_status_t rv;

	market__sql_call(
	    &call, (market__sql_t *)backend, ids[query->by], reterr);
	switch (query->by) {
	case MARKET__CLEARANCE_BY_NO: break;
	case MARKET__CLEARANCE_BY_READER:
	case MARKET__CLEARANCE_BY_STALE_READER:
		market__sql_put_bound(&call, query->slot);
		break;
	case MARKET__CLEARANCE_BY_HORIZON:
		market__sql_put_integer(&call, query->until);
		break;
	}
	market__sql_put_bound(&call, query->after);
	if (query->by == MARKET__CLEARANCE_BY_STALE_READER)
		market__sql_put_bound(&call, query->epoch);
	rv = market__sql_query(
	    &call, arena, &found, query, query->max, &rows, ret_n);
	if (rv == MARKET_OK)
		*ret_rows = rows;
	return rv;
}

/* ---- what a clearance reads ---- */

static void
read_number(market__sql_call_t *call, market__arena_t *arena, void *place)
{
	(void)arena;
	market__sql_get_number(call, place);
}

market_status_t
market__sql_clearance_reads(market__backend_t *backend, uint64_t no,
    market__arena_t *arena, const uint64_t **ret_slots, size_t *ret_n,
    market_error_t *reterr)
{
	market__sql_call_t call;
	const void *slots = NULL;
	market_status_t rv;

	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_READS, reterr);
	market__sql_put_number(&call, no);
	rv = market__sql_list(&call, arena, read_number, sizeof(uint64_t),
	    SIZE_MAX, &slots, ret_n);
	if (rv == MARKET_OK)
		*ret_slots = slots;
	return rv;
}

static market_status_t
change_read(market__sql_t *sql, market__sql_id_t id, uint64_t no, uint64_t slot,
    market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(&call, sql, id, reterr);
	market__sql_put_number(&call, no);
	market__sql_put_number(&call, slot);
	return market__sql_run_one(&call);
}

/* Both ascend: what only one of them has is deleted, or inserted. */
static market_status_t
change_reads(market__sql_t *sql, uint64_t no, const uint64_t *before,
    size_t n_before, const uint64_t *slots, size_t n, market_error_t *reterr)
{
	market_status_t rv = MARKET_OK;
	size_t i = 0, j = 0;

	while (rv == MARKET_OK && (i < n_before || j < n)) {
		if (j > 0 && j < n && slots[j] == slots[j - 1])
			j++;
		else if (j == n || (i < n_before && before[i] < slots[j]))
			rv = change_read(sql, MARKET__SQL_READ_DELETE, no,
			    before[i++], reterr);
		else if (i == n_before || slots[j] < before[i])
			rv = change_read(sql, MARKET__SQL_READ_INSERT, no,
			    slots[j++], reterr);
		else {
			i++;
			j++;
		}
	}
	return rv;
}

market_status_t
market__sql_clearance_set_reads(market__backend_t *backend, uint64_t no,
    const uint64_t *slots, size_t n, market_error_t *reterr)
{
	market__sql_t *sql = (market__sql_t *)backend;
	const uint64_t *before = NULL;
	market__arena_t arena;
	market_status_t rv;
	size_t n_before = 0;

	market__arena_init(&arena, sql->allocator, SIZE_MAX);
	rv = market__sql_clearance_reads(
	    backend, no, &arena, &before, &n_before, reterr);
	if (rv == MARKET_OK)
		rv = change_reads(sql, no, before, n_before, slots, n, reterr);
	market__arena_clear(&arena);
	return rv;
}
