/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the last transaction that wrote anything has left: whose it is, how
 * many there were, and the last number of each table. A write-ahead log of
 * another database, or an older one, takes some pages back and leaves others:
 * then the tables do not end where this row says.
 */
#include <stdio.h>

#include "store/sql.h"

static void
read_tail(market__sql_call_t *call, market__arena_t *arena, void *row)
{
	market_slice_t made = { NULL, 0 }, written = { NULL, 0 };
	market__sql_tail_t *tail = row;
	size_t i;

	(void)arena;
	market__sql_get_slice(call, &made);
	market__sql_get_slice(call, &written);
	if (call->status == MARKET_OK &&
	    (made.len != sizeof(tail->store) ||
		!market__slice_equal(made, written)))
		market__sql_corrupt(call,
		    "what was written last belongs to another store (was its "
		    "write-ahead log exchanged?)");
	if (call->status == MARKET_OK)
		memcpy(tail->store, made.ptr, sizeof(tail->store));
	market__sql_get_number(call, &tail->writes);
	for (i = 0; i < MARKET__COUNT(tail->last); i++)
		market__sql_get_number(call, &tail->last[i]);
}

market_status_t
market__sql_tail_get(
    market__sql_t *sql, market__sql_tail_t *ret_tail, market_error_t *reterr)
{
	market__sql_tail_t tail;
	market__sql_call_t call;
	market_status_t rv;

	memset(&tail, 0, sizeof(tail));
	market__sql_call(&call, sql, MARKET__SQL_TAIL_GET, reterr);
	rv = market__sql_one(&call, NULL, read_tail, &tail);
	if (rv == MARKET_E_NOT_FOUND)
		return market__error(reterr, MARKET_E_CORRUPT, sql->location,
		    -1, "table tail: its row is gone");
	if (rv == MARKET_OK)
		*ret_tail = tail;
	return rv;
}

market_status_t
market__sql_tail_put(
    market__sql_t *sql, const market__sql_tail_t *tail, market_error_t *reterr)
{
	uint64_t rows = sql->rows_written;
	market__sql_call_t call;
	market_status_t rv;
	size_t i;

	market__sql_call(&call, sql, MARKET__SQL_TAIL_PUT, reterr);
	market__sql_put_bytes(
	    &call, market__slice(tail->store, sizeof(tail->store)));
	market__sql_put_number(&call, tail->writes);
	for (i = 0; i < MARKET__COUNT(tail->last); i++)
		market__sql_put_number(&call, tail->last[i]);
	rv = market__sql_run_one(&call);
	/* It is nobody's row but this file's. */
	sql->rows_written = rows;
	return rv;
}

market_status_t
market__sql_tail_check(
    market__sql_t *sql, const market__sql_tail_t *tail, market_error_t *reterr)
{
	static const market__sql_id_t ids[MARKET__SQL_NUMBERED] = {
		[MARKET__SQL_OF_STATEMENT] = MARKET__SQL_LAST_STATEMENT,
		[MARKET__SQL_OF_PAYLOAD] = MARKET__SQL_LAST_PAYLOAD,
		[MARKET__SQL_OF_SLOT] = MARKET__SQL_LAST_SLOT,
		[MARKET__SQL_OF_CLEARANCE] = MARKET__SQL_LAST_CLEARANCE,
		[MARKET__SQL_OF_PARTY] = MARKET__SQL_LAST_PARTY,
		[MARKET__SQL_OF_LISTING] = MARKET__SQL_LAST_LISTING,
		[MARKET__SQL_OF_ENTRY] = MARKET__SQL_LAST_ENTRY,
		[MARKET__SQL_OF_ENTRY_PACK] = MARKET__SQL_LAST_ENTRY_PACK,
		[MARKET__SQL_OF_LISTING_PACK] = MARKET__SQL_LAST_LISTING_PACK,
		[MARKET__SQL_OF_SEGMENT] = MARKET__SQL_LAST_SEGMENT,
	};
	market__sql_call_t call;
	market_status_t rv = MARKET_OK;
	char text[100];
	uint64_t last;
	size_t i;

	for (i = 0; rv == MARKET_OK && i < MARKET__COUNT(ids); i++) {
		last = 0;
		market__sql_call(&call, sql, ids[i], reterr);
		if (market__sql_row(&call))
			market__sql_get_number(&call, &last);
		snprintf(text, sizeof(text),
		    "its last row is number %llu, and %llu was written",
		    (unsigned long long)last,
		    (unsigned long long)tail->last[i]);
		call.in_row = false;
		if (last != tail->last[i])
			market__sql_corrupt(&call, text);
		rv = market__sql_end(&call);
	}
	return rv;
}
