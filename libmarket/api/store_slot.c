/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a slot holds, as an evaluation sees it: the verified statements of its
 * rows, with the revisions of their names and the grants that they stand
 * under, wherever those are filed.
 */
#include <stdlib.h>

#include "api/names.h"
#include "api/store_slot.h"
#include "model/slot.h"

/* ---- settling ---- */

static bool
is_ground_of_all(market_slice_t key)
{
	return market__slice_is(key, "root") || market__slice_is(key, "policy");
}

static market_status_t
environment_of(market__call_t *call, market_environment_t *ret)
{
	const market_statement_t *policy;
	market_status_t status = market__slot_policy(call, &policy);

	*ret = status == MARKET_OK && policy != NULL
	    ? policy->message->of.policy.environment
	    : MARKET_ENVIRONMENT_PRODUCTION;
	return status;
}

/*
 * What the root of today does not vouch for any more gives nothing, but what
 * it replaced does not return: it was seen.
 */
static void
settle_fallen(market__loading_t *l)
{
	const market__verified_t *fallen;
	size_t i, k;

	for (i = 0; i < l->n; i++) {
		fallen = l->v[i].verified;
		for (k = 0; k < l->n && !l->v[i].counts; k++)
			if (l->v[k].counts &&
			    market__names_compare(fallen, l->v[k].verified) ==
				0 &&
			    market__header(fallen->statement)->revision >
				market__header(l->v[k].verified->statement)
				    ->revision)
				l->v[k].verified->superseded = true;
	}
}

static market_status_t
settle(market__loading_t *l)
{
	market_environment_t environment;
	market__verified_t **counting;
	market_status_t status;
	size_t i, n = 0;

	status = environment_of(l->call, &environment);
	if (status != MARKET_OK)
		return status;
	counting = market__arena_array(
	    &l->shelf->arena, l->n + 1, sizeof(*counting));
	if (counting == NULL)
		return market__call_refused(l->call, &l->shelf->arena);
	for (i = 0; i < l->n; i++)
		if (l->v[i].counts)
			counting[n++] = l->v[i].verified;
	market__names_settle(counting, n, environment);
	for (i = 0; i < l->n; i++)
		if (!l->v[i].counts)
			l->v[i].verified->foreign = !market__signed_for(
			    l->v[i].verified, environment);
	settle_fallen(l);
	for (i = 0; i < l->n; i++)
		if (is_ground_of_all(l->key))
			l->v[i].verified->foreign = false;
	return MARKET_OK;
}

static int
compare_filed(const void *left, const void *right)
{
	const market__verified_t *const *a = left, *const *b = right;
	int order = memcmp((*a)->statement->digest, (*b)->statement->digest,
	    MARKET_DIGEST_LEN);

	if (order == 0)
		order = market__names_compare(*a, *b);
	if (order == 0)
		order = (*a)->fallen - (*b)->fallen;
	if (order == 0)
		order = ((*a)->seen_at > (*b)->seen_at) -
		    ((*a)->seen_at < (*b)->seen_at);
	return order;
}

/*
 * Those of the slot itself: of copies the one that was seen first, since what
 * takes away did so from then on.
 */
static market_status_t
shelve(market__loading_t *l)
{
	const market__verified_t **v;
	size_t i, n = 0, kept = 0;

	v = market__arena_array(&l->shelf->arena, l->n + 1, sizeof(*v));
	if (v == NULL)
		return market__call_refused(l->call, &l->shelf->arena);
	for (i = 0; i < l->n; i++)
		if (l->v[i].counts &&
		    market__slice_equal(l->v[i].fact->row.slot, l->key))
			v[n++] = l->v[i].verified;
	if (n > 0)
		qsort((void *)v, n, sizeof(*v), compare_filed);
	for (i = 0; i < n; i++)
		if (kept == 0 || v[kept - 1]->copies != v[i]->copies)
			v[kept++] = v[i];
	l->shelf->slot.verified = v;
	l->shelf->slot.n_verified = kept;
	return MARKET_OK;
}

/* ---- loading ---- */

/* A number of this transaction's own may yet be another slot's. */
void
market__slot_numbered(market__call_t *call, market__shelved_t *shelf,
    const market__slot_row_t *row)
{
	if (row->no <= call->store->seen.slots)
		shelf->no = row->no;
}

/* Do the rows make the version that is kept? History has none to compare. */
static market_status_t
check_version(
    market__call_t *call, market_slice_t key, market__shelved_t *shelf)
{
	market__slot_row_t row;
	market_status_t status;

	if (call->view == MARKET__VIEW_PAST)
		return MARKET_OK;
	status = market__slot_row(call, key, false, &row);
	if (status == MARKET_OK)
		status = market__slot_version(
		    call, key, &shelf->counter, shelf->chain);
	if (status != MARKET_OK)
		return status;
	if (row.counter != shelf->counter ||
	    memcmp(row.chain, shelf->chain, MARKET_DIGEST_LEN) != 0)
		return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
		    "slot %.*s: its statements are not those that were "
		    "accepted; run market fsck",
		    MARKET__ARG(key));
	market__slot_numbered(call, shelf, &row);
	return MARKET_OK;
}

/* Of the roots only the last one rules. */
static market_status_t
load_root(market__loading_t *l)
{
	market__fact_t *root;
	market_status_t status = market__fact_root(l->call, &root);

	return status == MARKET_OK ? market__loading_add_row(l, &root->row)
				   : status;
}

static market_status_t
load_rows(market__loading_t *l)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	market_status_t status;
	size_t n, i;

	query.by = MARKET__STATEMENT_BY_SLOT;
	query.slot = l->key;
	status = market__fact_rows(l->call, &query, &rows, &n);
	for (i = 0; i < n && status == MARKET_OK; i++) {
		status = market__loading_add_row(l, rows[i]);
		if (status == MARKET_OK)
			status = market__loading_add_name(l, rows[i]);
	}
	return status;
}

/* A slot that nothing has moved has no rows; the past is not counted. */
static market_status_t
load_what_is_there(market__loading_t *l)
{
	if (market__slice_is(l->key, "root"))
		return load_root(l);
	if (l->call->view != MARKET__VIEW_PAST && l->shelf->counter == 0)
		return MARKET_OK;
	return load_rows(l);
}

static void
free_shelf(const market_allocator_t *allocator, market__cached_t *cached)
{
	market__shelved_t *shelf = (market__shelved_t *)(void *)cached;
	size_t i;

	for (i = 0; i < shelf->n_facts; i++)
		market__cache_unpin(shelf->cache, shelf->facts[i]);
	market__arena_clear(&shelf->arena);
	market__free(allocator, shelf);
}

static market_status_t
load(market__call_t *call, market_slice_t key, market__shelved_t **ret)
{
	const market_allocator_t *allocator = &call->context->allocator;
	market__shelved_t *shelf = market__alloc(allocator, sizeof(*shelf));
	market__loading_t l = { 0 };
	market_status_t status;

	if (shelf == NULL)
		return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for a slot");
	shelf->cached.free = free_shelf;
	shelf->cache = call->cache;
	market__arena_init_small(&shelf->arena, allocator, MARKET__CALL_BUDGET);
	l.call = call;
	l.shelf = shelf;
	l.key = key;
	status = market__loading_rest_on(&l, key);
	if (status == MARKET_OK)
		status = check_version(call, key, shelf);
	if (status == MARKET_OK)
		status = load_what_is_there(&l);
	if (status == MARKET_OK && l.n > 0)
		status = settle(&l);
	if (status == MARKET_OK && l.n > 0)
		status = shelve(&l);
	if (status != MARKET_OK) {
		free_shelf(allocator, &shelf->cached);
		return status;
	}
	shelf->cached.size = sizeof(*shelf) + shelf->arena.held;
	*ret = shelf;
	return MARKET_OK;
}

market_status_t
market__slot_get(
    market__call_t *call, market_slice_t key, market__shelved_t **ret)
{
	market__shelved_t *shelf;
	market_status_t status;
	market_slice_t name;
	uint8_t *bytes;

	bytes = market__alloc(&call->context->allocator, key.len + 1);
	if (bytes == NULL)
		return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for the name of a slot");
	bytes[0] = 'S';
	memcpy(bytes + 1, key.ptr, key.len);
	name = market__slice(bytes, key.len + 1);
	status = MARKET_OK;
	shelf = (market__shelved_t *)(void *)market__cache_find(
	    call->cache, name);
	if (shelf != NULL &&
	    !market__news_holds(
		call, &shelf->cached, shelf->rests_on, shelf->n_rests_on)) {
		market__cache_unpin(call->cache, &shelf->cached);
		shelf = NULL;
	}
	if (shelf == NULL) {
		status = load(call, key, &shelf);
		if (status == MARKET_OK) {
			shelf->cached.seen = call->store->seen.epoch;
			market__cache_put(call->cache, name, &shelf->cached);
		}
	}
	market__free(&call->context->allocator, bytes);
	if (status == MARKET_OK)
		status = market__call_keep(call, &shelf->cached);
	if (status == MARKET_OK)
		*ret = shelf;
	return status;
}

market_status_t
market__slot_policy(market__call_t *call, const market_statement_t **ret_policy)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	market__fact_t *fact;
	market_status_t status;
	size_t n, i;

	*ret_policy = NULL;
	query.by = MARKET__STATEMENT_BY_SLOT;
	query.slot = MARKET__LITERAL("policy");
	status = market__fact_rows(call, &query, &rows, &n);
	for (i = 0; i < n && status == MARKET_OK; i++) {
		status = market__fact_get(call, rows[i], &fact);
		if (status == MARKET_OK && fact->grounds[0].stands &&
		    (*ret_policy == NULL ||
			market__header(fact->statement)->revision >
			    market__header(*ret_policy)->revision))
			*ret_policy = fact->statement;
	}
	return status;
}

market_status_t
market__slot_read(
    const void *user, market_slice_t key, market__slot_t *ret_slot)
{
	market__call_t *call = ((const market__slot_user_t *)user)->call;
	market__shelved_t *shelf = NULL;
	market_status_t status;

	if (market__filed_never(call, key)) {
		memset(ret_slot, 0, sizeof(*ret_slot));
		return MARKET_OK;
	}
	status = market__slot_get(call, key, &shelf);
	if (status != MARKET_OK)
		return status;
	/* analyse(gcc): market__slot_get() has set it, or failed. */
	*ret_slot = shelf->slot;
	if (call->supposed != NULL)
		return market__slot_suppose(call, key, ret_slot);
	return MARKET_OK;
}
