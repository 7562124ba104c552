/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The history. Entries of one transaction are held, and become packs; where
 * they are few, or one is large, they are rows of their own. An entry is found
 * in one place or the other: numbers have no gap.
 */
#include "store/sql_held.h"

/* ---- writing ---- */

static market_status_t
insert(
    market__sql_t *sql, const market__entry_row_t *row, market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(&call, sql, MARKET__SQL_ENTRY_INSERT, reterr);
	market__sql_put_number(&call, row->seq);
	market__sql_put_integer(&call, row->at);
	market__sql_put_number(&call, row->kind);
	market__sql_put_number(&call, row->object);
	market__sql_put_number(&call, row->prev);
	market__sql_put_number(&call, row->cause);
	market__sql_put_bytes(&call, row->detail);
	return market__sql_run_row(&call, MARKET__SQL_OF_ENTRY, row->seq);
}

static market_status_t
insert_pack(market__sql_t *sql, uint64_t first, uint64_t last,
    market_slice_t bytes, market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(&call, sql, MARKET__SQL_ENTRY_PACK_INSERT, reterr);
	market__sql_put_number(&call, last);
	market__sql_put_number(&call, first);
	market__sql_put_bytes(&call, bytes);
	return market__sql_run_row(&call, MARKET__SQL_OF_ENTRY_PACK, last);
}

/* What was just packed cannot be no pack. */
static market_status_t
insert_each(market__sql_t *sql, market_slice_t bytes, uint64_t first,
    market_error_t *reterr)
{
	market_status_t rv = MARKET_OK;
	market__entry_pack_t pack;
	market__entry_row_t row;
	size_t i;

	if (!market__entry_pack_open(bytes, first, &pack))
		return MARKET_E_INTERNAL;
	for (i = 0; i < pack.pack.n && rv == MARKET_OK; i++)
		rv = market__entry_pack_get(&pack, i, &row)
		    ? insert(sql, &row, reterr)
		    : MARKET_E_INTERNAL;
	return rv;
}

market_status_t
market__sql_entries_flush(market__sql_t *sql, market_error_t *reterr)
{
	market__entry_packer_t *packer;
	market_slice_t bytes;
	uint64_t first;
	size_t n;

	if (sql->held == NULL || sql->held->entries.writer.n == 0)
		return MARKET_OK;
	packer = &sql->held->entries;
	n = packer->writer.n;
	first = packer->base.seq;
	bytes = market__pack_finish(&packer->writer);
	packer->writer.n = packer->writer.len = 0;
	return n < MARKET__PACK_LEAST
	    ? insert_each(sql, bytes, first, reterr)
	    : insert_pack(sql, first, first + n - 1, bytes, reterr);
}

static uint64_t
last_seq(const market__sql_t *sql)
{
	uint64_t row = sql->tail.last[MARKET__SQL_OF_ENTRY];
	uint64_t pack = sql->tail.last[MARKET__SQL_OF_ENTRY_PACK];
	const market__sql_held_t *held = sql->held;

	if (held != NULL && held->entries.writer.n > 0)
		return held->entries.base.seq + held->entries.writer.n - 1;
	return row > pack ? row : pack;
}

/* One that is not the next is a row of its own, unless it is there. */
static market_status_t
insert_apart(
    market__sql_t *sql, const market__entry_row_t *row, market_error_t *reterr)
{
	const market__entry_row_t *rows = NULL;
	market__arena_t arena;
	market_status_t rv;
	size_t n = 0;

	market__arena_init(&arena, sql->allocator, SIZE_MAX);
	rv = market__sql_entries(
	    &sql->backend, row->seq - 1, 1, &arena, &rows, &n, reterr);
	if (rv == MARKET_OK && n > 0 && rows[0].seq == row->seq) {
		sql->phase = MARKET__SQL_FAILED;
		rv = market__error(reterr, MARKET_E_CORRUPT, sql->location, -1,
		    "table entry, row %llu: it is there already",
		    (unsigned long long)row->seq);
	}
	market__arena_clear(&arena);
	return rv == MARKET_OK ? insert(sql, row, reterr) : rv;
}

static bool
can_hold(const market__entry_row_t *row)
{
	return row->seq <= INT64_MAX && row->object <= INT64_MAX &&
	    row->prev <= INT64_MAX && row->cause <= INT64_MAX;
}

market_status_t
market__sql_entry_insert(market__backend_t *backend,
    const market__entry_row_t *row, market_error_t *reterr)
{
	market__sql_t *sql = (market__sql_t *)backend;
	market_status_t rv = market__sql_hold(sql, reterr);

	if (rv != MARKET_OK)
		return rv;
	if (row->seq != last_seq(sql) + 1 || !can_hold(row)) {
		rv = market__sql_entries_flush(sql, reterr);
		return rv == MARKET_OK ? insert_apart(sql, row, reterr) : rv;
	}
	if (market__pack_entry(&sql->held->entries, row))
		return MARKET_OK;
	rv = market__sql_entries_flush(sql, reterr);
	if (rv != MARKET_OK || market__pack_entry(&sql->held->entries, row))
		return rv;
	return insert(sql, row, reterr);
}

/* ---- reading ---- */

static void
read_entry(market__sql_call_t *call, market__arena_t *arena, void *place)
{
	market__entry_row_t *row = place;

	market__sql_get_number(call, &row->seq);
	market__sql_get_integer(call, &row->at);
	market__sql_get_small(call, &row->kind);
	market__sql_get_number(call, &row->object);
	market__sql_get_number(call, &row->prev);
	market__sql_get_number(call, &row->cause);
	market__sql_get_bytes(call, arena, &row->detail);
}

/* Both in their order, one behind the other. */
typedef struct merge {
	market__arena_t *arena;
	const market__entry_row_t *rows;
	size_t n_rows, next;
	market__entry_row_t *out;
	size_t n, capacity, max;
} merge_t;

static bool
put(market__sql_call_t *call, merge_t *m, const market__entry_row_t *row)
{
	market__entry_row_t *out;

	out = market__sql_grow(
	    call, m->arena, m->out, sizeof(*out), m->n, m->max, &m->capacity);
	if (out == NULL)
		return false;
	m->out = out;
	m->out[m->n++] = *row;
	return true;
}

/* Rows in front of number `seq`. */
static bool
put_rows(market__sql_call_t *call, merge_t *m, uint64_t seq)
{
	while (
	    m->n < m->max && m->next < m->n_rows && m->rows[m->next].seq < seq)
		if (!put(call, m, &m->rows[m->next++]))
			return false;
	if (m->next < m->n_rows && m->rows[m->next].seq == seq)
		market__sql_corrupt(call, "an entry of it is a row, too");
	return call->status == MARKET_OK;
}

static void
put_pack(market__sql_call_t *call, merge_t *m, uint64_t after)
{
	market_slice_t bytes = { NULL, 0 };
	uint64_t last = 0, first = 0, i;
	market__entry_pack_t pack;
	market__entry_row_t row;

	market__sql_get_number(call, &last);
	market__sql_get_number(call, &first);
	market__sql_get_slice(call, &bytes);
	if (call->status != MARKET_OK)
		return;
	if (first == 0 || !market__entry_pack_open(bytes, first, &pack) ||
	    last - first != pack.pack.n - 1) {
		market__sql_corrupt(call, "bytes is no pack of entries");
		return;
	}
	for (i = after < first ? 0 : after + 1 - first;
	     i < pack.pack.n && m->n < m->max; i++) {
		if (!market__entry_pack_get(&pack, (size_t)i, &row)) {
			market__sql_corrupt(
			    call, "bytes is no pack of entries");
			return;
		}
		if (!put_rows(call, m, row.seq) || m->n == m->max)
			return;
		row.detail = market__arena_copy(m->arena, row.detail);
		if (row.detail.ptr == NULL)
			market__sql_refused(call, m->arena);
		else
			(void)put(call, m, &row);
		if (call->status != MARKET_OK)
			return;
	}
}

static market_status_t
merge_packs(
    market__sql_t *sql, uint64_t after, merge_t *m, market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(&call, sql, MARKET__SQL_ENTRY_PACKS, reterr);
	market__sql_put_bound(&call, after);
	/* Each has one that is wanted. */
	market__sql_put_bound(&call, m->max);
	while (m->n < m->max && market__sql_row(&call))
		put_pack(&call, m, after);
	if (call.status == MARKET_OK)
		(void)put_rows(&call, m, UINT64_MAX);
	return market__sql_end(&call);
}

/* What is in the database. */
static market_status_t
read_entries(market__sql_t *sql, uint64_t after, size_t max,
    market__arena_t *arena, const market__entry_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr)
{
	merge_t m = { .arena = arena, .max = max };
	market__sql_call_t call;
	const void *rows = NULL;
	market_status_t rv;

	market__sql_call(&call, sql, MARKET__SQL_ENTRIES, reterr);
	market__sql_put_bound(&call, after);
	rv = market__sql_list(&call, arena, read_entry,
	    sizeof(market__entry_row_t), max, &rows, &m.n_rows);
	m.rows = rows;
	if (rv == MARKET_OK && max > 0 &&
	    sql->tail.last[MARKET__SQL_OF_ENTRY_PACK] > after &&
	    !(m.n_rows == max && m.rows[max - 1].seq == after + max)) {
		rv = merge_packs(sql, after, &m, reterr);
		m.rows = m.out;
		m.n_rows = m.n;
	}
	if (rv == MARKET_OK) {
		*ret_rows = m.rows;
		*ret_n = m.n_rows;
	}
	return rv;
}

market_status_t
market__sql_entries(market__backend_t *backend, uint64_t after, size_t max,
    market__arena_t *arena, const market__entry_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr)
{
	market__sql_t *sql = (market__sql_t *)backend;
	const market__entry_row_t *rows = NULL;
	market_status_t rv;
	size_t n = 0;

	rv = read_entries(sql, after, max, arena, &rows, &n, reterr);
	/* Those that are held come behind all others. */
	if (rv == MARKET_OK && n < max && sql->held != NULL &&
	    sql->held->entries.writer.n > 0) {
		rv = market__sql_entries_flush(sql, reterr);
		if (rv == MARKET_OK)
			rv = read_entries(
			    sql, after, max, arena, &rows, &n, reterr);
	}
	if (rv == MARKET_OK) {
		*ret_rows = rows;
		*ret_n = n;
	}
	return rv;
}
