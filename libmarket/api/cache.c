/* SPDX-License-Identifier: Apache-2.0 */
#include "api/cache.h"

/* uthash asks for memory by these; `cache` is what each function here has. */
#define uthash_malloc(size)    market__alloc(cache->allocator, (size))
#define uthash_free(ptr, size) market__free(cache->allocator, (ptr))
#define HASH_NONFATAL_OOM      1
#define HASH_FUNCTION(ptr, len, hash) \
	((hash) = (unsigned)market__hash(market__slice((ptr), (len))))
#include <uthash.h>

typedef struct market__cache_node {
	UT_hash_handle hh;
	struct market__cache_node *older, *newer; /* by their last use */
	market__cached_t *cached;
	size_t key_len;
	uint8_t key[];
} node_t;

struct market__cache {
	const market_allocator_t *allocator;
	size_t budget;
	size_t size;
	node_t *nodes;
	node_t *oldest, *newest;
};

market__cache_t *
market__cache_new(const market_allocator_t *allocator, size_t budget)
{
	market__cache_t *cache = market__alloc(allocator, sizeof(*cache));

	if (cache == NULL)
		return NULL;
	cache->allocator = allocator;
	cache->budget = budget;
	return cache;
}

/* What an allocator takes beside two pieces, and the table for each node. */
#define OVERHEAD 48

static size_t
weight(const node_t *node)
{
	return sizeof(*node) + OVERHEAD + node->key_len + node->cached->size;
}

static void
give_back(market__cache_t *cache, market__cached_t *cached)
{
	if (cached->pins == 0)
		cached->free(cache->allocator, cached);
}

static void
unlink_node(market__cache_t *cache, node_t *node)
{
	if (node->older != NULL)
		node->older->newer = node->newer;
	else
		cache->oldest = node->newer;
	if (node->newer != NULL)
		node->newer->older = node->older;
	else
		cache->newest = node->older;
}

static void
link_newest(market__cache_t *cache, node_t *node)
{
	node->newer = NULL;
	node->older = cache->newest;
	if (cache->newest != NULL)
		cache->newest->newer = node;
	else
		cache->oldest = node;
	cache->newest = node;
}

static void
remove_node(market__cache_t *cache, node_t *node)
{
	market__cached_t *cached = node->cached;

	cache->size -= weight(node);
	HASH_DEL(cache->nodes, node);
	unlink_node(cache, node);
	market__free(cache->allocator, node);
	cached->node = NULL;
	give_back(cache, cached);
}

static void
evict(market__cache_t *cache)
{
	node_t *node, *newer;

	for (node = cache->oldest; node != NULL && cache->size > cache->budget;
	     node = newer) {
		newer = node->newer;
		if (node->cached->pins == 0)
			remove_node(cache, node);
	}
}

static node_t *
find(market__cache_t *cache, market_slice_t key)
{
	node_t *node;

	HASH_FIND(hh, cache->nodes, key.ptr, key.len, node);
	return node;
}

market__cached_t *
market__cache_find(market__cache_t *cache, market_slice_t key)
{
	node_t *node = find(cache, key);
	market__cached_t *cached;

	if (node == NULL)
		return NULL;
	cached = node->cached;
	cached->pins++;
	unlink_node(cache, node);
	link_newest(cache, node);
	return cached;
}

void
market__cache_put(
    market__cache_t *cache, market_slice_t key, market__cached_t *cached)
{
	node_t *node = find(cache, key);

	cached->pins++;
	cached->node = NULL;
	if (node != NULL)
		remove_node(cache, node);
	node = market__alloc(cache->allocator, sizeof(*node) + key.len);
	if (node == NULL)
		return;
	node->cached = cached;
	node->key_len = key.len;
	memcpy(node->key, key.ptr, key.len);
	HASH_ADD_KEYPTR(hh, cache->nodes, node->key, node->key_len, node);
	if (node->hh.tbl == NULL) {
		market__free(cache->allocator, node);
		return;
	}
	link_newest(cache, node);
	cached->node = node;
	cache->size += weight(node);
	evict(cache);
}

void
market__cache_pin(market__cached_t *cached)
{
	cached->pins++;
}

void
market__cache_unpin(market__cache_t *cache, market__cached_t *cached)
{
	/* What is freed may unpin others: so nothing is evicted here. */
	cached->pins--;
	if (cached->node == NULL)
		give_back(cache, cached);
}

void
market__cache_drop(market__cache_t *cache,
    bool (*stale)(
	const void *user, market_slice_t key, const market__cached_t *cached),
    const void *user)
{
	node_t *node, *next;

	HASH_ITER(hh, cache->nodes, node, next)
	{
		/* analyse(cppcheck): HASH_ITER sets it. */
		if (stale(user, market__slice(node->key, node->key_len),
			node->cached))
			remove_node(cache, node);
	}
}

static bool
always(const void *user, market_slice_t key, const market__cached_t *cached)
{
	(void)user;
	(void)key;
	(void)cached;
	return true;
}

void
market__cache_clear(market__cache_t *cache)
{
	market__cache_drop(cache, always, NULL);
}

size_t
market__cache_size(const market__cache_t *cache)
{
	return cache->size;
}

void
market__cache_free(market__cache_t *cache)
{
	if (cache == NULL)
		return;
	market__cache_clear(cache);
	market__free(cache->allocator, cache);
}
