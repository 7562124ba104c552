/* SPDX-License-Identifier: Apache-2.0 */
/* How far feeds were taken in. */
#include "store/sql.h"

static void
read_feed(market__sql_call_t *call, market__arena_t *arena, void *place)
{
	market__feed_row_t *row = place;

	market__sql_get_number(call, &row->no);
	market__sql_get_number(call, &row->last);
	market__sql_get_bytes(call, arena, &row->state);
}

market_status_t
market__sql_feed_get(market__backend_t *backend, uint64_t no,
    market__arena_t *arena, market__feed_row_t *ret_row, market_error_t *reterr)
{
	market__feed_row_t row = { 0 };
	market__sql_call_t call;
	market_status_t rv;

	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_FEED_GET, reterr);
	market__sql_put_number(&call, no);
	rv = market__sql_one(&call, arena, read_feed, &row);
	if (rv == MARKET_OK)
		*ret_row = row;
	return rv;
}

market_status_t
market__sql_feed_put(market__backend_t *backend, const market__feed_row_t *row,
    market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_FEED_PUT, reterr);
	market__sql_put_number(&call, row->no);
	market__sql_put_number(&call, row->last);
	market__sql_put_bytes(&call, row->state);
	return market__sql_run_one(&call);
}
