/* SPDX-License-Identifier: Apache-2.0 */
/* Between arenas and the pool that their blocks may come from. */
#ifndef MARKET_BASE_POOL_H
#define MARKET_BASE_POOL_H

#include <stdalign.h>

#include "base/base.h"

/* Bytes of a pool's blocks: an offer, or its decision, of the ordinary size. */
#define MARKET__POOL_BLOCK ((size_t)8192)

struct market__arena_block {
	struct market__arena_block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) uint8_t data[];
};

const market_allocator_t *market__pool_allocator(const market__pool_t *pool);

/* A block with whatever is in it, or NULL. */
struct market__arena_block *market__pool_take(market__pool_t *pool);
/* Any block of an arena, to be kept or given back. */
void market__pool_give(market__pool_t *pool, struct market__arena_block *block);

#endif
