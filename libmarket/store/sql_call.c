/* SPDX-License-Identifier: Apache-2.0 */
/* One statement, from its parameters to its last row. */
#include <stdio.h>

#include "store/sql.h"

static const struct {
	const char *table;
	const char *text;
} texts[] = {
#define MARKET_X(id, table, text) { table, text },
	MARKET__SQL_MAP(MARKET_X)
#undef MARKET_X
};

market_status_t
market__sql_enter(market__sql_t *sql, bool writes, market_error_t *reterr)
{
	switch (sql->phase) {
	case MARKET__SQL_WRITING: return MARKET_OK;
	case MARKET__SQL_READING:
		if (!writes)
			return MARKET_OK;
		return market__error(reterr, MARKET_E_STATE, sql->location, -1,
		    "writing in a transaction that was begun for reading");
	case MARKET__SQL_FAILED:
		return market__error(reterr, MARKET_E_STATE, sql->location, -1,
		    "an operation of this transaction has failed: it can only "
		    "be rolled back");
	case MARKET__SQL_BROKEN:
		return market__error(reterr, MARKET_E_STATE, sql->location, -1,
		    "the connection has failed before: close the store "
		    "and open it again");
	case MARKET__SQL_IDLE: break;
	}
	return market__error(
	    reterr, MARKET_E_STATE, sql->location, -1, "no transaction");
}

void
market__sql_call(market__sql_call_t *call, market__sql_t *sql,
    market__sql_id_t id, market_error_t *reterr)
{
	const char *text = texts[id].text;

	memset(call, 0, sizeof(*call));
	call->sql = sql;
	call->table = texts[id].table;
	call->reterr = reterr;
	call->status = market__sql_enter(sql, text[0] != 'S', reterr);
	if (call->status == MARKET_OK && sql->statements[id] == NULL)
		call->status = sql->driver->prepare(
		    sql, text, &sql->statements[id], reterr);
	if (call->status != MARKET_OK)
		return;
	call->statement = sql->statements[id];
	market__sql_put_integer(call, MARKET__SQL_MARKET);
}

/* ---- parameters ---- */

void
market__sql_put_integer(market__sql_call_t *call, int64_t value)
{
	if (call->status == MARKET_OK)
		call->status = call->sql->driver->bind_integer(call->sql,
		    call->statement, call->bound++, value, call->reterr);
}

void
market__sql_put_number(market__sql_call_t *call, uint64_t value)
{
	if (call->status == MARKET_OK && value > INT64_MAX) {
		call->status = market__error(call->reterr, MARKET_E_LIMIT,
		    call->sql->location, -1,
		    "table %s: a number is at most 2^63 - 1", call->table);
		return;
	}
	market__sql_put_integer(call, (int64_t)value);
}

void
market__sql_put_bound(market__sql_call_t *call, uint64_t value)
{
	market__sql_put_integer(
	    call, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

void
market__sql_put_bytes(market__sql_call_t *call, market_slice_t bytes)
{
	/* NULL is no value of ours: what is empty has no bytes. */
	if (bytes.len == 0)
		bytes = MARKET__LITERAL("");
	if (call->status == MARKET_OK)
		call->status = call->sql->driver->bind_bytes(call->sql,
		    call->statement, call->bound++, bytes, call->reterr);
}

void
market__sql_put_digest(market__sql_call_t *call, const uint8_t *digest)
{
	market__sql_put_bytes(call, market__slice(digest, MARKET_DIGEST_LEN));
}

void
market__sql_put_wide(market__sql_call_t *call, uint64_t value)
{
	size_t i;

	for (i = sizeof(call->wide); i-- > 0; value >>= 8)
		call->wide[i] = (uint8_t)value;
	market__sql_put_bytes(
	    call, market__slice(call->wide, sizeof(call->wide)));
}

/* ---- columns ---- */

void
market__sql_corrupt(market__sql_call_t *call, const char *what)
{
	char row[40] = "";

	if (call->status != MARKET_OK)
		return;
	if (call->in_row && call->row >= 0)
		snprintf(row, sizeof(row), ", row %lld", (long long)call->row);
	call->status = market__error(call->reterr, MARKET_E_CORRUPT,
	    call->sql->location, -1,
	    "table %s%s: %s; it is damaged or was edited: check the whole "
	    "store (fsck), or go back to a copy of it",
	    call->table, row, what);
}

static void
corrupt_column(market__sql_call_t *call, const char *what)
{
	char text[100];
	const char *name;

	name = call->sql->driver->column_name(call->statement, call->read - 1);
	snprintf(
	    text, sizeof(text), "%.40s is %s", name == NULL ? "?" : name, what);
	market__sql_corrupt(call, text);
}

market_status_t
market__sql_misled(market__sql_call_t *call)
{
	call->sql->phase = MARKET__SQL_FAILED;
	return market__error(call->reterr, MARKET_E_CORRUPT,
	    call->sql->location, -1,
	    "table %s: an index leads to another row; it is damaged or was "
	    "edited: check the whole store (fsck), or go back to a copy of it",
	    call->table);
}

void
market__sql_refused(market__sql_call_t *call, const market__arena_t *arena)
{
	if (call->status != MARKET_OK)
		return;
	call->status = market__error(call->reterr, market__arena_refusal(arena),
	    call->sql->location, -1, "table %s: %s", call->table,
	    arena->out_of_memory ? "out of memory"
				 : "its rows need more memory than they may "
				   "take (limit: memory)");
}

bool
market__sql_row(market__sql_call_t *call)
{
	const market__sql_driver_t *driver = call->sql->driver;
	bool row = false;

	if (call->status != MARKET_OK)
		return false;
	call->status = driver->step(
	    call->sql, call->statement, &row, call->reterr);
	call->in_row = call->status == MARKET_OK && row;
	call->read = 0;
	call->row = -1;
	if (call->status == MARKET_OK && !row)
		call->changes = driver->changes(call->sql, call->statement);
	return call->in_row;
}

void
market__sql_get_integer(market__sql_call_t *call, int64_t *ret)
{
	int64_t value;

	if (call->status != MARKET_OK)
		return;
	if (!call->sql->driver->column_integer(
		call->statement, call->read++, &value)) {
		corrupt_column(call, "not an integer");
		return;
	}
	if (call->read == 1)
		call->row = value;
	*ret = value;
}

void
market__sql_get_number(market__sql_call_t *call, uint64_t *ret)
{
	int64_t value = 0;

	market__sql_get_integer(call, &value);
	if (call->status == MARKET_OK && value < 0)
		corrupt_column(call, "negative");
	if (call->status == MARKET_OK)
		*ret = (uint64_t)value;
}

void
market__sql_get_small(market__sql_call_t *call, uint32_t *ret)
{
	int64_t value = 0;

	market__sql_get_integer(call, &value);
	if (call->status == MARKET_OK && (value < 0 || value > UINT32_MAX))
		corrupt_column(call, "out of range");
	if (call->status == MARKET_OK)
		*ret = (uint32_t)value;
}

void
market__sql_get_slice(market__sql_call_t *call, market_slice_t *ret)
{
	if (call->status == MARKET_OK &&
	    !call->sql->driver->column_bytes(
		call->statement, call->read++, ret))
		corrupt_column(call, "not bytes");
}

void
market__sql_get_bytes(
    market__sql_call_t *call, market__arena_t *arena, market_slice_t *ret)
{
	market_slice_t bytes = { NULL, 0 };

	market__sql_get_slice(call, &bytes);
	if (call->status != MARKET_OK)
		return;
	bytes = market__arena_copy(arena, bytes);
	if (bytes.ptr == NULL)
		market__sql_refused(call, arena);
	else
		*ret = bytes;
}

/* Bytes of one length only. */
static bool
get_exactly(market__sql_call_t *call, uint8_t *out, size_t len)
{
	market_slice_t bytes = { NULL, 0 };

	market__sql_get_slice(call, &bytes);
	if (call->status == MARKET_OK && bytes.len != len)
		corrupt_column(call, "not of its length");
	if (call->status != MARKET_OK)
		return false;
	memcpy(out, bytes.ptr, len);
	return true;
}

void
market__sql_get_digest(market__sql_call_t *call, uint8_t *digest)
{
	get_exactly(call, digest, MARKET_DIGEST_LEN);
}

void
market__sql_get_wide(market__sql_call_t *call, uint64_t *ret)
{
	uint8_t bytes[8];
	uint64_t value = 0;
	size_t i;

	if (!get_exactly(call, bytes, sizeof(bytes)))
		return;
	for (i = 0; i < sizeof(bytes); i++)
		value = value << 8 | bytes[i];
	*ret = value;
}

/* ---- the whole ---- */

market_status_t
market__sql_end(market__sql_call_t *call)
{
	if (call->statement != NULL)
		call->sql->driver->reset(call->statement);
	if (call->status != MARKET_OK && call->status != MARKET_E_NOT_FOUND &&
	    (call->sql->phase == MARKET__SQL_READING ||
		call->sql->phase == MARKET__SQL_WRITING))
		call->sql->phase = MARKET__SQL_FAILED;
	call->sql->rows_written += call->changes;
	return call->status;
}

market_status_t
market__sql_run_one(market__sql_call_t *call)
{
	while (market__sql_row(call))
		;
	if (call->status == MARKET_OK && call->changes != 1)
		market__sql_corrupt(
		    call, "the row that was to be written is another's");
	return market__sql_end(call);
}

market_status_t
market__sql_run_row(
    market__sql_call_t *call, market__sql_numbered_t table, uint64_t number)
{
	market_status_t rv = market__sql_run_one(call);

	if (rv == MARKET_OK && number > call->sql->tail.last[table])
		call->sql->tail.last[table] = number;
	return rv;
}

market_status_t
market__sql_any(market__sql_call_t *call, market__arena_t *arena,
    market__sql_reader_t *reader, void *row, bool *ret_there)
{
	*ret_there = market__sql_row(call);
	if (*ret_there)
		reader(call, arena, row);
	return market__sql_end(call);
}

market_status_t
market__sql_one(market__sql_call_t *call, market__arena_t *arena,
    market__sql_reader_t *reader, void *row)
{
	bool there = false;
	market_status_t rv = market__sql_any(call, arena, reader, row, &there);

	if (rv != MARKET_OK || there)
		return rv;
	return market__error(call->reterr, MARKET_E_NOT_FOUND,
	    call->sql->location, -1, "table %s: no such row", call->table);
}

void *
market__sql_grow(market__sql_call_t *call, market__arena_t *arena, void *rows,
    size_t size, size_t n, size_t max, size_t *capacity)
{
	size_t wanted = *capacity == 0 ? 16 : *capacity * 2;
	void *more;

	if (n < *capacity)
		return rows;
	if (wanted > max)
		wanted = max;
	more = market__arena_array(arena, wanted, size);
	if (more == NULL) {
		market__sql_refused(call, arena);
		return NULL;
	}
	if (n > 0)
		memcpy(more, rows, n * size);
	*capacity = wanted;
	return more;
}

market_status_t
market__sql_list(market__sql_call_t *call, market__arena_t *arena,
    market__sql_reader_t *reader, size_t size, size_t max,
    const void **ret_rows, size_t *ret_n)
{
	uint8_t *rows = NULL;
	size_t n = 0, capacity = 0;

	/* LIMIT is the last parameter of every list. */
	market__sql_put_bound(call, max);
	while (n < max && market__sql_row(call)) {
		rows = market__sql_grow(
		    call, arena, rows, size, n, max, &capacity);
		if (rows == NULL)
			break;
		reader(call, arena, rows + n * size);
		n++;
	}
	if (market__sql_end(call) == MARKET_OK) {
		*ret_rows = rows;
		*ret_n = n;
	}
	return call->status;
}

market_status_t
market__sql_query(market__sql_call_t *call, market__arena_t *arena,
    const market__sql_found_t *found, const void *query, size_t max,
    const void **ret_rows, size_t *ret_n)
{
	const void *rows = NULL;
	market_status_t rv;
	size_t n = 0, i;

	rv = market__sql_list(
	    call, arena, found->reader, found->size, max, &rows, &n);
	for (i = 0; rv == MARKET_OK && i < n; i++)
		if (!found->is_asked(
			(const uint8_t *)rows + i * found->size, query))
			return market__sql_misled(call);
	if (rv == MARKET_OK) {
		*ret_rows = rows;
		*ret_n = n;
	}
	return rv;
}
