/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which slots have moved since a cached object was last seen to hold. Looked
 * at when the object is asked for, so that catching up costs the same however
 * much is cached.
 */
#include "api/store_evidence.h"
#include "api/store_listing.h"

/* More than these, and the cache is gone through once instead. */
#define NEWS_MAX 1024

/* Names of slots are at most 16 KiB, and most have 60 bytes. */
#define NEWS_BUDGET ((size_t)32 << 20)

struct market__news {
	market_slice_t slot;
	uint64_t epoch; /* of the store, when this was seen */
};

void
market__news_clear(market_store_t *store)
{
	if (store->news != NULL)
		market__arena_clear(&store->news_arena);
	store->news = NULL;
	store->n_news = 0;
}

/* ---- what still holds ---- */

static bool
has_moved(const market_store_t *store, const market__cached_t *cached,
    const market_slice_t *slots, size_t n)
{
	size_t i = store->n_news, k;

	/* In the order of their epochs. */
	for (; i > 0 && store->news[i - 1].epoch > cached->seen; i--)
		for (k = 0; k < n; k++)
			if (market__slice_equal(
				slots[k], store->news[i - 1].slot))
				return true;
	return false;
}

bool
market__news_holds(market__call_t *call, market__cached_t *cached,
    const market_slice_t *slots, size_t n)
{
	market_store_t *store = call->store;

	/* What is seen alone is seen at one epoch. */
	if (call->cache != store->cache)
		return true;
	if (has_moved(store, cached, slots, n))
		return false;
	cached->seen = store->seen.epoch;
	return true;
}

/* Keys of the cache begin with a letter: see market__cache_find()'s callers. */
static bool
is_stale(const void *user, market_slice_t key, const market__cached_t *cached)
{
	const market_store_t *store = user;
	const market__shelved_t *shelf;
	const market__cleared_t *cleared;

	switch (key.ptr[0]) {
	case 'S':
		shelf = (const market__shelved_t *)(const void *)cached;
		return has_moved(
		    store, cached, shelf->rests_on, shelf->n_rests_on);
	case 'C':
		cleared = (const market__cleared_t *)(const void *)cached;
		return has_moved(store, cached, cleared->answer.reads,
		    cleared->answer.n_reads);
	default: return false;
	}
}

/* ---- what has moved ---- */

static market_status_t
keep(market__call_t *call, market_slice_t slot)
{
	market_store_t *store = call->store;

	if (store->n_news == NEWS_MAX) {
		market__cache_drop(store->cache, is_stale, store);
		market__news_clear(store);
	}
	if (store->news == NULL) {
		market__arena_init(
		    &store->news_arena, &call->context->allocator, NEWS_BUDGET);
		store->news = market__arena_array(
		    &store->news_arena, NEWS_MAX, sizeof(*store->news));
		if (store->news == NULL)
			return market__call_refused(call, &store->news_arena);
	}
	slot = market__arena_copy(&store->news_arena, slot);
	if (slot.ptr == NULL)
		return market__call_refused(call, &store->news_arena);
	store->news[store->n_news].slot = slot;
	store->news[store->n_news++].epoch = call->head.epoch;
	return MARKET_OK;
}

/* Everything rests on root and policy, and on whose keys are whose. */
static bool
is_ground(market_slice_t slot)
{
	return market__slice_is(slot, "root") ||
	    market__slice_is(slot, "policy") ||
	    (slot.len > 5 && memcmp(slot.ptr, "keys/", 5) == 0);
}

/*
 * A root rests on those before it alone, and a party's key set, as long as the
 * same root rules, on those before it: what comes later changes neither.
 */
static bool
rests_on_what_comes(
    const void *user, market_slice_t key, const market__cached_t *cached)
{
	const bool *root_moved = user;
	const market__fact_t *fact;

	if (key.ptr[0] != 'F')
		return true;
	fact = (const market__fact_t *)(const void *)cached;
	return fact->row.kind != (uint32_t)MARKET_KIND_TRUST_ROOT &&
	    (*root_moved || fact->row.kind != (uint32_t)MARKET_KIND_KEY_SET);
}

static void
start_anew(market_store_t *store, bool root_moved)
{
	market__cache_drop(store->cache, rests_on_what_comes, &root_moved);
	market__news_clear(store);
}

market_status_t
market__news_read(market__call_t *call, market__arena_t *arena)
{
	const market__slot_row_t *rows;
	market_status_t status;
	uint64_t after = 0;
	bool ground = false, root_moved = false;
	size_t n = 0, i;

	do {
		status = call->ops->slots_since(call->backend,
		    call->store->seen.epoch, after, 256, arena, &rows, &n,
		    call->reterr);
		for (i = 0; i < n && status == MARKET_OK; i++) {
			after = rows[i].no;
			if (is_ground(rows[i].name))
				ground = true;
			if (market__slice_is(rows[i].name, "root"))
				root_moved = true;
			status = keep(call, rows[i].name);
		}
	} while (status == MARKET_OK && n == 256);
	if (status == MARKET_OK && ground)
		start_anew(call->store, root_moved);
	return status;
}
