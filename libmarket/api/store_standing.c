/* SPDX-License-Identifier: Apache-2.0 */
/* What a withdrawal means to take away: is it here, and may its issuer? */
#include "api/store_accept.h"

/* Has any ground of the candidate standing over that fact? */
static market_status_t
stands_over(market__candidate_t *c, const market__fact_t *fact, bool *ret)
{
	market__verified_t *withdrawal, *target;
	market_status_t status = MARKET_OK;
	size_t i, k;

	for (i = 0; i < c->n_grounds && !*ret && status == MARKET_OK; i++) {
		status = market__candidate_verified(c, i, &withdrawal);
		for (k = 0; k < fact->n_grounds && status == MARKET_OK && !*ret;
		     k++) {
			status = market__fact_verified(
			    c->call, fact, k, &c->call->arena, &target);
			if (status == MARKET_OK &&
			    market__has_standing(withdrawal, target, NULL))
				*ret = true;
		}
	}
	return status;
}

static market_status_t
over_rows(market__candidate_t *c, market__statement_query_t *query,
    bool *ret_known, bool *ret_stands, bool *ret_for_ever)
{
	const market__statement_row_t **rows;
	market__fact_t *fact;
	market_status_t status;
	size_t n, i;

	status = market__fact_rows(c->call, query, &rows, &n);
	for (i = 0; i < n && status == MARKET_OK && !*ret_stands; i++) {
		*ret_known = true;
		if (rows[i]->kind == (uint32_t)MARKET_KIND_WITHDRAWAL) {
			*ret_for_ever = true;
			continue;
		}
		status = market__fact_get(c->call, rows[i], &fact);
		if (status == MARKET_OK)
			status = stands_over(c, fact, ret_stands);
	}
	return status;
}

/* An offer is in no slot: its listing knows it. */
static market_status_t
knows_offer(market__candidate_t *c, bool *ret_known)
{
	const market__withdrawal_t *w = &c->statement->message->of.withdrawal;
	market__listing_row_t listing;
	market_status_t status;

	status = market__listing_named(
	    c->call, w->target_issuer, w->target_id, &listing);
	if (status == MARKET_OK && listing.no != 0)
		*ret_known = true;
	return status;
}

bool
market__speaks_for_seller(market_slice_t issuer,
    const market__ground_t *grounds, size_t n, const market__withdrawal_t *w)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (grounds[i].authority == MARKET__AUTHORITY_PARTY)
			return true;
	return market__slice_equal(issuer, w->target_issuer);
}

/* Keys are known from who names them: the root, or the issuer's own grounds. */
static void
knows_key(const market__candidate_t *c, bool *ret_known, bool *ret_stands)
{
	const market__trust_root_t *root =
	    &c->root->statement->message->of.trust_root;
	market_slice_t id = c->statement->message->of.withdrawal.target_key;
	size_t i;

	for (i = 0; i < root->n_parties; i++) {
		if (!market__keyset_has(c->root->root->party_keys[i], id))
			continue;
		*ret_known = true;
		if (market__slice_equal(root->parties[i].id,
			market__header(c->statement)->issuer))
			*ret_stands = true;
	}
	for (i = 0; i < c->n_grounds; i++) {
		if (c->grounds[i].by_marketplace)
			*ret_stands = true;
		if (market__keyset_has(c->grounds[i].keys, id))
			*ret_known = *ret_stands = true;
	}
}

static market_kind_t
kind_of(market_slice_t name)
{
	char text[64];

	if (name.len >= sizeof(text))
		return MARKET_KIND_NONE;
	memcpy(text, name.ptr, name.len);
	text[name.len] = '\0';
	return market_kind_find(text);
}

market_status_t
market__candidate_stand(market__candidate_t *c, bool *ret_early)
{
	const market__withdrawal_t *w = &c->statement->message->of.withdrawal;
	bool known = false, stands = false, for_ever = false;
	market__statement_query_t query = { 0 };
	market_status_t status = MARKET_OK;

	*ret_early = false;
	switch (w->what) {
	case MARKET__WITHDRAWAL_DIGEST:
		query.by = MARKET__STATEMENT_BY_DIGEST;
		query.digest = w->target_digest;
		status = over_rows(c, &query, &known, &stands, &for_ever);
		break;
	case MARKET__WITHDRAWAL_NAME:
		query.by = MARKET__STATEMENT_BY_NAME;
		query.kind = (uint32_t)kind_of(w->target_kind);
		query.issuer = w->target_issuer;
		query.id = w->target_id;
		if (query.kind == (uint32_t)MARKET_KIND_OFFER) {
			status = knows_offer(c, &known);
			stands = known &&
			    market__speaks_for_seller(
				market__header(c->statement)->issuer,
				c->grounds, c->n_grounds, w);
			/* It may stand above the seller; it is counted. */
			known = false;
		} else {
			status = over_rows(
			    c, &query, &known, &stands, &for_ever);
		}
		break;
	case MARKET__WITHDRAWAL_KEY: knows_key(c, &known, &stands); break;
	case MARKET__WITHDRAWAL_NOTHING: break;
	}
	if (status != MARKET_OK || stands)
		return status;
	if (for_ever)
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_NO_STANDING,
		    "it withdraws a withdrawal, and nobody can; what was "
		    "withdrawn is issued anew under another id");
	if (known)
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_NO_STANDING,
		    "its issuer is neither the issuer of what it withdraws "
		    "nor above it");
	*ret_early = true;
	return MARKET_OK;
}
