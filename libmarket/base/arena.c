/* SPDX-License-Identifier: Apache-2.0 */
#include <stdalign.h>

#include "base/base.h"

#define BLOCK_SIZE  ((size_t)4096)
#define BLOCK_SMALL ((size_t)512)

struct market__arena_block {
	struct market__arena_block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) uint8_t data[];
};

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
market__arena_clear(market__arena_t *arena)
{
	struct market__arena_block *block, *next;

	for (block = arena->blocks; block != NULL; block = next) {
		next = block->next;
		market__free(arena->allocator, block);
	}
	arena->blocks = NULL;
	arena->held = 0;
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
	block = market__alloc(arena->allocator, total);
	if (block == NULL)
		return NULL;
	block->size = size;
	block->next = arena->blocks;
	arena->blocks = block;
	arena->held += total;
	if (arena->grain < BLOCK_SIZE)
		arena->grain *= 2;
	return block;
}

void *
market__arena_alloc(market__arena_t *arena, size_t size)
{
	struct market__arena_block *block = arena->blocks;
	size_t align = alignof(max_align_t), rounded;
	void *ptr;

	if (size == 0)
		size = 1;
	if (!market__add(size, align - 1, &rounded) ||
	    (rounded -= rounded % align) > arena->budget) {
		arena->over_budget = true;
		return NULL;
	}
	if (block == NULL || block->size - block->used < rounded) {
		block = add_block(arena, rounded);
		if (block == NULL) {
			arena->out_of_memory = true;
			return NULL;
		}
	}
	arena->budget -= rounded;
	ptr = block->data + block->used;
	block->used += rounded;
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
	copy = market__arena_alloc(arena, size);
	if (copy == NULL)
		return market__slice(NULL, 0);
	if (s.len > 0)
		memcpy(copy, s.ptr, s.len);
	return market__slice(copy, s.len);
}

market_status_t
market__arena_refusal(const market__arena_t *arena)
{
	return arena->out_of_memory ? MARKET_E_MEMORY : MARKET_E_LIMIT;
}
