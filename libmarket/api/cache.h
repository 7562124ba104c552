/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects by key, in bounded memory: what was used longest ago goes first.
 * What is pinned stays, also beyond the budget. Not safe for several threads.
 */
#ifndef MARKET_API_CACHE_H
#define MARKET_API_CACHE_H

#include "base/base.h"

typedef struct market__cache market__cache_t;

/* The first member of whatever is cached. */
typedef struct market__cached {
	struct market__cache_node *node; /* NULL: not in the cache (any more) */
	size_t size;
	uint64_t seen; /* the owner's: until when it was seen to hold */
	unsigned pins;
	void (*free)(
	    const market_allocator_t *allocator, struct market__cached *cached);
} market__cached_t;

/* NULL: no memory. */
market__cache_t *market__cache_new(
    const market_allocator_t *allocator, size_t budget);
/* Nothing in it may be pinned. NULL is fine. */
void market__cache_free(market__cache_t *cache);

/* What has that key, pinned; or NULL. */
market__cached_t *market__cache_find(
    market__cache_t *cache, market_slice_t key);

/*
 * Takes an object in, in place of what has the key, and pins it. Where there
 * is no memory for that it is pinned all the same, and freed when unpinned.
 */
void market__cache_put(
    market__cache_t *cache, market_slice_t key, market__cached_t *cached);

void market__cache_pin(market__cached_t *cached);
void market__cache_unpin(market__cache_t *cache, market__cached_t *cached);

/* Drops those for which `stale` is true. */
void market__cache_drop(market__cache_t *cache,
    bool (*stale)(
	const void *user, market_slice_t key, const market__cached_t *cached),
    const void *user);

/* Drops everything. */
void market__cache_clear(market__cache_t *cache);

/* Bytes of what is in it, pinned or not. */
size_t market__cache_size(const market__cache_t *cache);

#endif
