/* SPDX-License-Identifier: Apache-2.0 */
/* Were these very bytes accepted before, and by whom were they signed then? */
#include "api/store_accept.h"

static bool
in_window(const market__keyset_key_t *key, int64_t at)
{
	return at >= key->not_before &&
	    (key->not_after == 0 || at < key->not_after);
}

/* Those whose signature counts no better now than when it was seen. */
static market__keymask_t
seen_well(const market__ground_t *ground, int64_t seen_at, int64_t now)
{
	market__keymask_t mask = 0;
	size_t k;

	for (k = 0; k < ground->keys->n_keys; k++)
		if (in_window(&ground->keys->keys[k], seen_at) ||
		    !in_window(&ground->keys->keys[k], now))
			mask |= ground->signers & (market__keymask_t)1 << k;
	return mask;
}

/* Do both name the same party? By names, as standing goes (roles.c). */
static bool
same_giver(const market__fact_t *a, const market__fact_t *b)
{
	for (; a != NULL && b != NULL;
	     a = a->grounds[0].under, b = b->grounds[0].under)
		if (a->row.kind != b->row.kind ||
		    !market__slice_equal(a->row.issuer, b->row.issuer) ||
		    !market__slice_equal(a->row.id, b->row.id) ||
		    !market__slice_equal(a->row.subject, b->row.subject))
			return false;
	return a == NULL && b == NULL;
}

/* Those keys of the ground that are among `signers` of other keys. */
static market__keymask_t
same_keys(const market__ground_t *ground, const market__keyset_t *keys,
    market__keymask_t signers)
{
	market__keymask_t mask = 0;
	market_slice_t id;
	size_t i, k;

	for (i = 0; i < ground->keys->n_keys; i++) {
		id = market_key_id(ground->keys->keys[i].key);
		for (k = 0; k < keys->n_keys; k++)
			if ((signers >> k & 1) != 0 &&
			    market__keyset_has_id(keys, k, id))
				mask |= (market__keymask_t)1 << i;
	}
	return mask;
}

/*
 * Who has signed these bytes already, as the same party? What takes away does
 * so though its keys fell: taken in once more it would take no more.
 */
static void
join_signers(const market__ground_t *ground, const market__fact_t *fact,
    int64_t now, market__keymask_t *mask)
{
	bool takes = market__takes_away(fact->statement->message);
	const market__ground_t *g;
	size_t i;

	for (i = 0; i < fact->n_grounds; i++) {
		g = &fact->grounds[i];
		if ((g->stands || takes) && g->authority == ground->authority &&
		    same_giver(g->under, ground->under))
			*mask |= same_keys(ground, g->keys,
			    seen_well(g, fact->row.seen_at, now));
	}
}

market_status_t
market__candidate_known(market__candidate_t *c, bool *ret_known)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	market__keymask_t mask;
	market__fact_t *fact;
	market_status_t status;
	bool adds = false;
	size_t n, i, k;

	query.by = MARKET__STATEMENT_BY_DIGEST;
	query.digest = market__digest(c->statement);
	status = market__fact_rows(c->call, &query, &rows, &n);
	*ret_known = n > 0;
	for (k = 0; k < c->n_grounds && status == MARKET_OK; k++) {
		mask = 0;
		for (i = 0; i < n && status == MARKET_OK; i++) {
			status = market__fact_get(c->call, rows[i], &fact);
			if (status == MARKET_OK)
				join_signers(
				    &c->grounds[k], fact, c->call->now, &mask);
		}
		if ((c->grounds[k].signers & ~mask) != 0)
			adds = true;
	}
	if (status == MARKET_OK && n > 0 && !adds)
		c->ret->result = MARKET_RESULT_DUPLICATE;
	return status;
}
