/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "base/pool.h"

/* Blocks that a pool keeps: half a megabyte. */
#define POOL_MAX 64

#ifdef __SANITIZE_ADDRESS__
#define ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER 1
#endif
#endif

/* What is kept for the next is as forbidden as what was given back. */
#ifdef ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#define HIDE(ptr, len)   ASAN_POISON_MEMORY_REGION(ptr, len)
#define UNHIDE(ptr, len) ASAN_UNPOISON_MEMORY_REGION(ptr, len)
#else
#define HIDE(ptr, len)   ((void)0)
#define UNHIDE(ptr, len) ((void)0)
#endif

struct market__pool {
	const market_allocator_t *allocator;
	pthread_mutex_t lock;
	struct market__arena_block *blocks;
	size_t n;
};

market__pool_t *
market__pool_new(const market_allocator_t *allocator)
{
	market__pool_t *pool = market__alloc(allocator, sizeof(*pool));

	if (pool == NULL)
		return NULL;
	if (pthread_mutex_init(&pool->lock, NULL) != 0) {
		market__free(allocator, pool);
		return NULL;
	}
	pool->allocator = allocator;
	return pool;
}

const market_allocator_t *
market__pool_allocator(const market__pool_t *pool)
{
	return pool->allocator;
}

void
market__pool_trim(market__pool_t *pool)
{
	struct market__arena_block *block, *next;

	pthread_mutex_lock(&pool->lock);
	block = pool->blocks;
	pool->blocks = NULL;
	pool->n = 0;
	pthread_mutex_unlock(&pool->lock);
	for (; block != NULL; block = next) {
		next = block->next;
		UNHIDE(block->data, block->size);
		market__free(pool->allocator, block);
	}
}

void
market__pool_free(market__pool_t *pool)
{
	if (pool == NULL)
		return;
	market__pool_trim(pool);
	pthread_mutex_destroy(&pool->lock);
	market__free(pool->allocator, pool);
}

struct market__arena_block *
market__pool_take(market__pool_t *pool)
{
	struct market__arena_block *block;

	pthread_mutex_lock(&pool->lock);
	block = pool->blocks;
	if (block != NULL) {
		pool->blocks = block->next;
		pool->n--;
	}
	pthread_mutex_unlock(&pool->lock);
	if (block == NULL)
		return NULL;
	UNHIDE(block->data, block->size);
	return block;
}

void
market__pool_give(market__pool_t *pool, struct market__arena_block *block)
{
	bool kept = false;

	pthread_mutex_lock(&pool->lock);
	if (block->size == MARKET__POOL_BLOCK && pool->n < POOL_MAX) {
		HIDE(block->data, block->size);
		block->next = pool->blocks;
		pool->blocks = block;
		pool->n++;
		kept = true;
	}
	pthread_mutex_unlock(&pool->lock);
	if (!kept)
		market__free(pool->allocator, block);
}
