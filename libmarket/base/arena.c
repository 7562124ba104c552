/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pool.h"

#define BLOCK_SIZE  ((size_t)4096)
#define BLOCK_SMALL ((size_t)512)

void
market__arena_init(
    market__arena_t *arena, const market_allocator_t *allocator, size_t budget)
{
	memset(arena, 0, sizeof(*arena));
	arena->allocator = allocator;
	arena->grain = BLOCK_SIZE;
	arena->budget = budget;
}

void
market__arena_init_small(
    market__arena_t *arena, const market_allocator_t *allocator, size_t budget)
{
	market__arena_init(arena, allocator, budget);
	arena->grain = BLOCK_SMALL;
}

void
market__arena_init_pooled(
    market__arena_t *arena, market__pool_t *pool, size_t budget)
{
	market__arena_init(arena, market__pool_allocator(pool), budget);
	arena->pool = pool;
	arena->grain = MARKET__POOL_BLOCK;
}

static void
give_block(market__arena_t *arena, struct market__arena_block *block)
{
	arena->held -= sizeof(*block) + block->size;
	if (arena->pool != NULL)
		market__pool_give(arena->pool, block);
	else
		market__free(arena->allocator, block);
}

void
market__arena_clear(market__arena_t *arena)
{
	struct market__arena_block *block;

	while ((block = arena->blocks) != NULL) {
		arena->blocks = block->next;
		give_block(arena, block);
	}
}

market__arena_mark_t
market__arena_mark(const market__arena_t *arena)
{
	market__arena_mark_t mark = { arena->blocks, 0, arena->budget };

	if (arena->blocks != NULL)
		mark.used = arena->blocks->used;
	return mark;
}

void
market__arena_rewind(market__arena_t *arena, market__arena_mark_t mark)
{
	struct market__arena_block *block;

	while (arena->blocks != mark.block) {
		block = arena->blocks;
		arena->blocks = block->next;
		give_block(arena, block);
	}
	if (mark.block != NULL)
		mark.block->used = mark.used;
	arena->budget = mark.budget;
	arena->over_budget = false;
	arena->out_of_memory = false;
}

void
market__arena_expect(market__arena_t *arena, const market__arena_t *other)
{
	const struct market__arena_block *block;

	arena->grain = 0;
	for (block = other->blocks; block != NULL; block = block->next)
		arena->grain += block->used + alignof(max_align_t);
}

static struct market__arena_block *
add_block(market__arena_t *arena, size_t size)
{
	struct market__arena_block *block;
	size_t total;

	if (size < arena->grain)
		size = arena->grain;
	if (!market__add(size, sizeof(*block), &total))
		return NULL;
	block = arena->pool != NULL && size == MARKET__POOL_BLOCK
	    ? market__pool_take(arena->pool)
	    : NULL;
	if (block == NULL)
		block = market__alloc_raw(arena->allocator, total);
	if (block == NULL)
		return NULL;
	block->size = size;
	block->used = 0;
	block->next = arena->blocks;
	arena->blocks = block;
	arena->held += total;
	if (arena->grain < BLOCK_SIZE)
		arena->grain *= 2;
	return block;
}

/*
 * Each costs its budget as if it were aligned for any type, however close it
 * lies: limits do not depend on the order in which things are copied.
 */
static void *
take(market__arena_t *arena, size_t size, size_t align)
{
	struct market__arena_block *block = arena->blocks;
	size_t most = alignof(max_align_t), rounded, at = 0;

	if (size == 0)
		size = 1;
	if (!market__add(size, most - 1, &rounded) ||
	    (rounded -= rounded % most) > arena->budget) {
		arena->over_budget = true;
		return NULL;
	}
	if (block != NULL)
		at = (block->used + align - 1) / align * align;
	if (block == NULL || at > block->size || block->size - at < size) {
		block = add_block(arena, rounded);
		at = 0;
		if (block == NULL) {
			arena->out_of_memory = true;
			return NULL;
		}
	}
	arena->budget -= rounded;
	block->used = at + size;
	return block->data + at;
}

void *
market__arena_raw(market__arena_t *arena, size_t size)
{
	return take(arena, size, alignof(max_align_t));
}

void *
market__arena_alloc(market__arena_t *arena, size_t size)
{
	void *ptr = market__arena_raw(arena, size);

	if (ptr != NULL)
		memset(ptr, 0, size);
	return ptr;
}

void *
market__arena_array(market__arena_t *arena, size_t count, size_t size)
{
	size_t total;

	if (!market__mul(count, size, &total)) {
		arena->over_budget = true;
		return NULL;
	}
	return market__arena_alloc(arena, total);
}

market_slice_t
market__arena_copy(market__arena_t *arena, market_slice_t s)
{
	uint8_t *copy;
	size_t size;

	if (!market__add(s.len, 1, &size)) {
		arena->over_budget = true;
		return market__slice(NULL, 0);
	}
	copy = take(arena, size, 1);
	if (copy == NULL)
		return market__slice(NULL, 0);
	if (s.len > 0)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return market__slice(copy, s.len);
}

market_status_t
market__arena_refusal(const market__arena_t *arena)
{
	return arena->out_of_memory ? MARKET_E_MEMORY : MARKET_E_LIMIT;
}
