/* SPDX-License-Identifier: Apache-2.0 */
/* Which listings ask a question. */
#include "api/store_listing.h"

/* Each id is at most a party's, a slash and an offer's. */
#define IDS_BYTES_MAX ((size_t)64 << 20)

/* The seller of all listings that ask it is the question's. */
static market_status_t
find_seller(market__call_t *call, uint64_t question, market_slice_t *ret_seller)
{
	market__clearance_row_t row;
	market__question_t decoded;
	market_status_t status;

	status = call->ops->clearance_get(
	    call->backend, question, &call->arena, &row, call->reterr);
	if (status == MARKET_E_NOT_FOUND)
		return market__error(call->reterr, status, NULL, -1,
		    "there is no question %llu: take its number from a "
		    "listing's cell, an effect or a change",
		    (unsigned long long)question);
	if (status == MARKET_OK)
		status = market__clear_question(call, &row, &decoded);
	if (status == MARKET_OK)
		*ret_seller = decoded.seller;
	return status;
}

static market_status_t
find_after(market__call_t *call, market_slice_t after, uint64_t *ret_no)
{
	market__listing_row_t row;
	market_slice_t seller;
	market_status_t status;

	if (after.len == 0)
		return MARKET_OK;
	status = market__listing_find(call, after, &row, &seller);
	if (status == MARKET_OK)
		*ret_no = row.no;
	return status;
}

static void
add_id(market__text_t *ids, market_slice_t seller, market_slice_t offer_id)
{
	if (ids->len > 0)
		market__text_putc(ids, '\0');
	market__text_slice(ids, seller);
	market__text_putc(ids, '/');
	market__text_slice(ids, offer_id);
}

static market_status_t
add_ids(market__call_t *call, market__listing_query_t *query,
    market_slice_t seller, size_t max, market__text_t *ids)
{
	const market__listing_row_t *rows;
	market__arena_t page;
	market_status_t status = MARKET_OK;
	size_t n, i;

	do {
		query->max = max < 256 ? max : 256;
		market__arena_init(
		    &page, &call->context->allocator, MARKET__CALL_BUDGET);
		status = call->ops->listings(
		    call->backend, query, &page, &rows, &n, call->reterr);
		for (i = 0; status == MARKET_OK && i < n; i++) {
			query->after = rows[i].no;
			add_id(ids, seller, rows[i].offer_id);
		}
		market__arena_clear(&page);
		if (status != MARKET_OK)
			return status;
		max -= n;
	} while (max > 0 && n == query->max && ids->status == MARKET_OK);
	if (ids->status != MARKET_OK)
		return market__error(call->reterr, ids->status, NULL, -1,
		    "so many ids take more memory than one call may have: ask "
		    "for fewer, and go on behind the last");
	return MARKET_OK;
}

market_status_t
market_store_listings_of(market_store_t *store, uint64_t question,
    market_slice_t after, size_t max, market_buffer_t *ret_ids,
    market_error_t *reterr)
{
	market__listing_query_t query = { 0 };
	market_slice_t seller = { NULL, 0 };
	market_status_t status;
	market__call_t call;
	market__text_t ids;

	if (ret_ids == NULL || !market__slice_valid(after))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "`after` must have its bytes, and ret_ids be given");
	status = market__call_begin(store, reterr, &call);
	if (status != MARKET_OK)
		return status;
	market__text_init(&ids, &call.context->allocator, IDS_BYTES_MAX);
	query.by = MARKET__LISTING_BY_QUESTION;
	query.question = question;
	/* No instant is meant: any will do. */
	status = market__call_transact(&call, false, 0);
	if (status == MARKET_OK)
		status = find_seller(&call, question, &seller);
	if (status == MARKET_OK)
		status = find_after(&call, after, &query.after);
	if (status == MARKET_OK)
		status = add_ids(
		    &call, &query, seller, max == 0 ? 1000 : max, &ids);
	if (status == MARKET_OK)
		status = market__text_take(&ids, ret_ids);
	market__text_clear(&ids);
	return market__call_end(&call, status);
}
