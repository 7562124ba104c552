/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Offers that a statement means by themselves: no question has to do with
 * them, and no slot leads to them.
 */
#include <stdlib.h>

#include "api/ahead.h"
#include "api/store_evidence.h"

/* ---- by name ---- */

static market_status_t
mean_name(market__ahead_t *ahead, uint64_t seller, market_slice_t offer_id)
{
	market__listing_row_t listing;
	market_status_t status;

	status = market__listing_of(ahead->call, seller, offer_id, &listing);
	if (status != MARKET_OK || listing.no == 0)
		return status;
	return market__row_set_add(ahead, &ahead->meant, listing.no);
}

static market_status_t
mean_of_seller(
    market__ahead_t *ahead, market_slice_t seller, market_slice_t offer_id)
{
	market__party_row_t party;
	market_status_t status;

	status = market__party_named(ahead->call, seller, &party);
	if (status != MARKET_OK)
		return status;
	return mean_name(ahead, party.no, offer_id);
}

/* A hold that names no seller means each one's offer of that id. */
static market_status_t
mean_of_all(market__ahead_t *ahead, market_slice_t offer_id)
{
	market__call_t *call = ahead->call;
	const market__party_row_t *parties;
	market_slice_t after = { NULL, 0 };
	market_status_t status;
	size_t n, i;

	do {
		status = call->ops->parties(call->backend, after, 256,
		    &call->arena, &parties, &n, call->reterr);
		for (i = 0; status == MARKET_OK && i < n; i++) {
			after = parties[i].name;
			if (parties[i].listings > 0)
				status = mean_name(
				    ahead, parties[i].no, offer_id);
		}
	} while (status == MARKET_OK && n == 256);
	return status;
}

static market_status_t
mean_hold(market__ahead_t *ahead, const market__hold_t *hold)
{
	if (hold->offer_id.len == 0)
		return MARKET_OK;
	return hold->seller.len > 0
	    ? mean_of_seller(ahead, hold->seller, hold->offer_id)
	    : mean_of_all(ahead, hold->offer_id);
}

/* ---- by what is taken back ---- */

/* Holds on one offer that a withdrawal lifts. */
static market_status_t
mean_rows(
    market__ahead_t *ahead, market__statement_query_t *query, size_t *ret_rows)
{
	market__call_t *call = ahead->call;
	const market__statement_row_t **rows;
	const market__message_t *message;
	market__fact_t *fact;
	market_status_t status;
	size_t i;

	status = market__fact_rows(call, query, &rows, ret_rows);
	for (i = 0; status == MARKET_OK && i < *ret_rows; i++) {
		if (rows[i]->kind != (uint32_t)MARKET_KIND_HOLD)
			continue;
		status = market__fact_get(call, rows[i], &fact);
		if (status != MARKET_OK)
			return status;
		message = fact->statement->message;
		status = mean_hold(ahead, &message->of.hold);
	}
	return status;
}

/* Where no statement has the digest, an offer may. */
market_status_t
market__ahead_mean_digest(market__ahead_t *ahead, market_slice_t digest)
{
	market__statement_query_t query = { 0 };
	market_status_t status;
	uint8_t *v;
	size_t n;

	query.by = MARKET__STATEMENT_BY_DIGEST;
	query.digest = digest;
	status = mean_rows(ahead, &query, &n);
	if (status != MARKET_OK || n > 0)
		return status;
	if (ahead->n_digests == ahead->digests_capacity) {
		n = ahead->digests_capacity * 2 + 16;
		v = market__arena_array(&ahead->kept, n, MARKET_DIGEST_LEN);
		if (v == NULL)
			return market__call_refused(ahead->call, &ahead->kept);
		if (ahead->n_digests > 0)
			memcpy(v, ahead->digests,
			    ahead->n_digests * MARKET_DIGEST_LEN);
		ahead->digests = v;
		ahead->digests_capacity = n;
	}
	memcpy(ahead->digests + ahead->n_digests++ * MARKET_DIGEST_LEN,
	    digest.ptr, MARKET_DIGEST_LEN);
	return MARKET_OK;
}

static market_status_t
mean_withdrawal(market__ahead_t *ahead, const market__withdrawal_t *withdrawal)
{
	market__statement_query_t query = { 0 };
	size_t n;

	if (withdrawal->what == MARKET__WITHDRAWAL_DIGEST)
		return market__ahead_mean_digest(
		    ahead, withdrawal->target_digest);
	if (withdrawal->what != MARKET__WITHDRAWAL_NAME)
		return MARKET_OK;
	if (market__slice_is(
		withdrawal->target_kind, market_kind_name(MARKET_KIND_OFFER)))
		return mean_of_seller(
		    ahead, withdrawal->target_issuer, withdrawal->target_id);
	if (!market__slice_is(
		withdrawal->target_kind, market_kind_name(MARKET_KIND_HOLD)))
		return MARKET_OK;
	query.by = MARKET__STATEMENT_BY_NAME;
	query.kind = (uint32_t)MARKET_KIND_HOLD;
	query.issuer = withdrawal->target_issuer;
	query.id = withdrawal->target_id;
	return mean_rows(ahead, &query, &n);
}

market_status_t
market__ahead_mean(market__ahead_t *ahead, const market__message_t *message)
{
	market_status_t status = MARKET_OK;
	size_t i;

	switch (message->kind) {
	case MARKET_KIND_HOLD:
		status = mean_hold(ahead, &message->of.hold);
		break;
	case MARKET_KIND_WITHDRAWAL:
		status = mean_withdrawal(ahead, &message->of.withdrawal);
		break;
	case MARKET_KIND_STATUS:
		for (i = 0;
		     status == MARKET_OK && i < message->of.status.withdrawn.n;
		     i++)
			status = market__ahead_mean_digest(
			    ahead, message->of.status.withdrawn.v[i]);
		break;
	default: break;
	}
	return status;
}

/* ---- those meant ---- */

static int
compare_digests(const void *left, const void *right)
{
	return memcmp(left, right, MARKET_DIGEST_LEN);
}

static market_status_t
find_meant(market__ahead_t *ahead, const market__listing_row_t *row, void *user)
{
	(void)user;
	if (bsearch(row->digest, ahead->digests, ahead->n_digests,
		MARKET_DIGEST_LEN, compare_digests) == NULL)
		return MARKET_OK;
	return market__row_set_add(ahead, &ahead->meant, row->no);
}

market_status_t
market__ahead_meant(market__ahead_t *ahead)
{
	market__call_t *call = ahead->call;
	market__listing_query_t query = { 0 };
	market__listing_row_t row;
	market_status_t status = MARKET_OK;
	size_t i;

	market__ahead_rest(ahead);
	if (ahead->n_digests > 0) {
		qsort(ahead->digests, ahead->n_digests, MARKET_DIGEST_LEN,
		    compare_digests);
		/* No index has the digests of offers. */
		query.by = MARKET__LISTING_BY_NO;
		status = market__ahead_listings(
		    ahead, &query, find_meant, NULL);
	}
	market__row_set_sort(&ahead->meant);
	for (i = 0; status == MARKET_OK && i < ahead->meant.n; i++) {
		status = call->ops->listing_get(call->backend,
		    ahead->meant.v[i], &ahead->item, &row, call->reterr);
		if (status == MARKET_OK)
			status = market__ahead_listing(ahead, &row);
		market__ahead_rest(ahead);
	}
	return status;
}
