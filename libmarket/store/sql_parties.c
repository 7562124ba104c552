/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sql.h"

static void
read_party(market__sql_call_t *call, market__arena_t *arena, void *place)
{
	market__party_row_t *row = place;

	market__sql_get_number(call, &row->no);
	market__sql_get_bytes(call, arena, &row->name);
	market__sql_get_number(call, &row->listings);
	market__sql_get_number(call, &row->questions);
	market__sql_get_number(call, &row->statements);
	market__sql_get_number(call, &row->early);
}

/* `name` is NULL where it was not asked by. */
static market_status_t
one_party(market__sql_call_t *call, market__arena_t *arena,
    const market_slice_t *name, market__party_row_t *ret_row)
{
	market__party_row_t row;
	market_status_t rv;

	memset(&row, 0, sizeof(row));
	rv = market__sql_one(call, arena, read_party, &row);
	if (rv == MARKET_OK && name != NULL &&
	    !market__slice_equal(row.name, *name))
		return market__sql_misled(call);
	if (rv == MARKET_OK)
		*ret_row = row;
	return rv;
}

market_status_t
market__sql_party_get(market__backend_t *backend, uint64_t no,
    market__arena_t *arena, market__party_row_t *ret_row,
    market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_PARTY_GET, reterr);
	market__sql_put_number(&call, no);
	return one_party(&call, arena, NULL, ret_row);
}

market_status_t
market__sql_party_find(market__backend_t *backend, market_slice_t name,
    market__arena_t *arena, market__party_row_t *ret_row,
    market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_PARTY_FIND, reterr);
	market__sql_put_bytes(&call, name);
	return one_party(&call, arena, &name, ret_row);
}

market_status_t
market__sql_party_put(market__backend_t *backend,
    const market__party_row_t *row, market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_PARTY_PUT, reterr);
	market__sql_put_number(&call, row->no);
	market__sql_put_bytes(&call, row->name);
	market__sql_put_number(&call, row->listings);
	market__sql_put_number(&call, row->questions);
	market__sql_put_number(&call, row->statements);
	market__sql_put_number(&call, row->early);
	return market__sql_run_row(&call, MARKET__SQL_OF_PARTY, row->no);
}

market_status_t
market__sql_parties(market__backend_t *backend, market_slice_t after,
    size_t max, market__arena_t *arena, const market__party_row_t **ret_rows,
    size_t *ret_n, market_error_t *reterr)
{
	market__sql_call_t call;
	const void *rows = NULL;
	market_status_t rv;

	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_PARTIES, reterr);
	market__sql_put_bytes(&call, after);
	rv = market__sql_list(&call, arena, read_party,
	    sizeof(market__party_row_t), max, &rows, ret_n);
	if (rv == MARKET_OK)
		*ret_rows = rows;
	return rv;
}
