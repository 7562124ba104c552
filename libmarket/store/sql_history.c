/* SPDX-License-Identifier: Apache-2.0 */
/* The head, statements and envelopes. */
#include "store/sql.h"

/* ---- head ---- */

static void
read_head(market__sql_call_t *call, market__arena_t *arena, void *row)
{
	market__store_head_t *head = row;

	(void)arena;
	market__sql_get_number(call, &head->epoch);
	market__sql_get_digest(call, head->epoch_chain);
	market__sql_get_number(call, &head->entries);
	market__sql_get_digest(call, head->entry_chain);
	market__sql_get_number(call, &head->settled);
	market__sql_get_number(call, &head->slots);
	market__sql_get_number(call, &head->questions);
	market__sql_get_number(call, &head->listings);
	market__sql_get_number(call, &head->parties);
	market__sql_get_integer(call, &head->clock);
}

market_status_t
market__sql_head_get(market__backend_t *backend, market__store_head_t *ret_head,
    market_error_t *reterr)
{
	market__store_head_t head;
	market__sql_call_t call;
	market_status_t rv;

	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_HEAD_GET, reterr);
	memset(&head, 0, sizeof(head));
	rv = market__sql_one(&call, NULL, read_head, &head);
	if (rv == MARKET_OK)
		*ret_head = head;
	return rv;
}

market_status_t
market__sql_head_put(market__backend_t *backend,
    const market__store_head_t *head, market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_HEAD_PUT, reterr);
	market__sql_put_number(&call, head->epoch);
	market__sql_put_digest(&call, head->epoch_chain);
	market__sql_put_number(&call, head->entries);
	market__sql_put_digest(&call, head->entry_chain);
	market__sql_put_number(&call, head->settled);
	market__sql_put_number(&call, head->slots);
	market__sql_put_number(&call, head->questions);
	market__sql_put_number(&call, head->listings);
	market__sql_put_number(&call, head->parties);
	market__sql_put_integer(&call, head->clock);
	return market__sql_run_one(&call);
}

/* ---- statements ---- */

static void
read_statement(market__sql_call_t *call, market__arena_t *arena, void *place)
{
	market__statement_row_t *row = place;

	market__sql_get_number(call, &row->no);
	market__sql_get_bytes(call, arena, &row->slot);
	market__sql_get_digest(call, row->digest);
	market__sql_get_small(call, &row->kind);
	market__sql_get_bytes(call, arena, &row->issuer);
	market__sql_get_bytes(call, arena, &row->id);
	market__sql_get_wide(call, &row->revision);
	market__sql_get_bytes(call, arena, &row->subject);
	market__sql_get_integer(call, &row->seen_at);
	market__sql_get_number(call, &row->entry);
	market__sql_get_number(call, &row->basis);
	market__sql_get_bytes(call, arena, &row->grounds);
}

market_status_t
market__sql_statement_insert(market__backend_t *backend,
    const market__statement_row_t *row, market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(&call, (market__sql_t *)backend,
	    MARKET__SQL_STATEMENT_INSERT, reterr);
	market__sql_put_number(&call, row->no);
	market__sql_put_bytes(&call, row->slot);
	market__sql_put_digest(&call, row->digest);
	market__sql_put_number(&call, row->kind);
	market__sql_put_bytes(&call, row->issuer);
	market__sql_put_bytes(&call, row->id);
	market__sql_put_wide(&call, row->revision);
	market__sql_put_bytes(&call, row->subject);
	market__sql_put_integer(&call, row->seen_at);
	market__sql_put_number(&call, row->entry);
	market__sql_put_number(&call, row->basis);
	market__sql_put_bytes(&call, row->grounds);
	return market__sql_run_row(&call, MARKET__SQL_OF_STATEMENT, row->no);
}

static bool
is_asked(const void *of, const void *by)
{
	const market__statement_row_t *row = of;
	const market__statement_query_t *query = by;

	switch (query->by) {
	case MARKET__STATEMENT_BY_NO: break;
	case MARKET__STATEMENT_BY_SLOT:
		return market__slice_equal(row->slot, query->slot);
	case MARKET__STATEMENT_BY_DIGEST:
		return market__slice_equal(
		    market__slice(row->digest, sizeof(row->digest)),
		    query->digest);
	case MARKET__STATEMENT_BY_NAME:
		return row->kind == query->kind &&
		    market__slice_equal(row->issuer, query->issuer) &&
		    market__slice_equal(row->id, query->id);
	case MARKET__STATEMENT_BY_SUBJECT:
		return row->kind == query->kind &&
		    market__slice_equal(row->subject, query->subject);
	}
	return true;
}

static void
put_query(market__sql_call_t *call, const market__statement_query_t *query)
{
	switch (query->by) {
	case MARKET__STATEMENT_BY_NO: break;
	case MARKET__STATEMENT_BY_SLOT:
		market__sql_put_bytes(call, query->slot);
		break;
	case MARKET__STATEMENT_BY_DIGEST:
		market__sql_put_bytes(call, query->digest);
		break;
	case MARKET__STATEMENT_BY_NAME:
		market__sql_put_number(call, query->kind);
		market__sql_put_bytes(call, query->issuer);
		market__sql_put_bytes(call, query->id);
		break;
	case MARKET__STATEMENT_BY_SUBJECT:
		market__sql_put_number(call, query->kind);
		market__sql_put_bytes(call, query->subject);
		break;
	}
	market__sql_put_bound(call, query->after);
}

market_status_t
market__sql_statements(market__backend_t *backend,
    const market__statement_query_t *query, market__arena_t *arena,
    const market__statement_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr)
{
	static const market__sql_id_t ids[] = {
		[MARKET__STATEMENT_BY_NO] = MARKET__SQL_STATEMENTS_BY_NO,
		[MARKET__STATEMENT_BY_SLOT] = MARKET__SQL_STATEMENTS_BY_SLOT,
		[MARKET__STATEMENT_BY_DIGEST] =
		    MARKET__SQL_STATEMENTS_BY_DIGEST,
		[MARKET__STATEMENT_BY_NAME] = MARKET__SQL_STATEMENTS_BY_NAME,
		[MARKET__STATEMENT_BY_SUBJECT] =
		    MARKET__SQL_STATEMENTS_BY_SUBJECT,
	};
	static const market__sql_found_t found = { read_statement,
		sizeof(market__statement_row_t), is_asked };
	market__sql_call_t call;
	const void *rows = NULL;
	market_status_t rv;

	market__sql_call(
	    &call, (market__sql_t *)backend, ids[query->by], reterr);
	put_query(&call, query);
	rv = market__sql_query(
	    &call, arena, &found, query, query->max, &rows, ret_n);
	if (rv == MARKET_OK)
		*ret_rows = rows;
	return rv;
}

/* ---- envelopes ---- */

market_status_t
market__sql_payload_insert(market__backend_t *backend, uint64_t entry,
    market_slice_t bytes, market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(&call, (market__sql_t *)backend,
	    MARKET__SQL_PAYLOAD_INSERT, reterr);
	market__sql_put_number(&call, entry);
	market__sql_put_bytes(&call, bytes);
	return market__sql_run_row(&call, MARKET__SQL_OF_PAYLOAD, entry);
}

static void
read_payload(market__sql_call_t *call, market__arena_t *arena, void *row)
{
	uint64_t entry;

	market__sql_get_number(call, &entry);
	market__sql_get_bytes(call, arena, row);
}

market_status_t
market__sql_payload_get(market__backend_t *backend, uint64_t entry,
    market__arena_t *arena, market_slice_t *ret_bytes, market_error_t *reterr)
{
	market_slice_t bytes = { NULL, 0 };
	market__sql_call_t call;
	market_status_t rv;

	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_PAYLOAD_GET, reterr);
	market__sql_put_number(&call, entry);
	rv = market__sql_one(&call, arena, read_payload, &bytes);
	if (rv == MARKET_OK)
		*ret_bytes = bytes;
	return rv;
}
