/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "base/memo.h"

/* Keys come from strangers: whoever makes them collide fills one bucket. */
#define BUCKET_MAX  8
#define BUCKETS_MIN ((size_t)64)

struct market__memo {
	const market_allocator_t *allocator;
	pthread_mutex_t lock;
	size_t budget;
	size_t size;
	market__kept_t *oldest, *newest;
	size_t n;
	size_t n_buckets, buckets_max; /* the first grows to the second */
	market__kept_t **buckets;
};

market__memo_t *
market__memo_new(
    const market_allocator_t *allocator, size_t budget, size_t ordinary)
{
	market__memo_t *memo = market__alloc(allocator, sizeof(*memo));

	if (memo == NULL)
		return NULL;
	memo->allocator = allocator;
	memo->budget = budget;
	memo->buckets_max = budget < ordinary ? 1 : budget / ordinary;
	memo->n_buckets = memo->buckets_max < BUCKETS_MIN ? memo->buckets_max
							  : BUCKETS_MIN;
	memo->buckets = market__alloc_array(
	    allocator, memo->n_buckets, sizeof(*memo->buckets));
	if (memo->buckets == NULL ||
	    pthread_mutex_init(&memo->lock, NULL) != 0) {
		market__free(allocator, (void *)memo->buckets);
		market__free(allocator, memo);
		return NULL;
	}
	return memo;
}

void
market__memo_clear(market__memo_t *memo)
{
	market__kept_t *kept, *newer;

	pthread_mutex_lock(&memo->lock);
	kept = memo->oldest;
	memset(memo->buckets, 0, memo->n_buckets * sizeof(*memo->buckets));
	memo->oldest = memo->newest = NULL;
	memo->size = 0;
	memo->n = 0;
	pthread_mutex_unlock(&memo->lock);
	for (; kept != NULL; kept = newer) {
		newer = kept->newer;
		market__shared_release(memo->allocator, &kept->shared);
	}
}

void
market__memo_free(market__memo_t *memo)
{
	if (memo == NULL)
		return;
	market__memo_clear(memo);
	pthread_mutex_destroy(&memo->lock);
	market__free(memo->allocator, (void *)memo->buckets);
	market__free(memo->allocator, memo);
}

static market__kept_t **
bucket_of(market__memo_t *memo, market_slice_t key)
{
	return &memo->buckets[market__hash(key) % memo->n_buckets];
}

market__kept_t *
market__memo_find(market__memo_t *memo, market_slice_t key)
{
	return market__memo_find_hashed(memo, key, market__hash(key));
}

market__kept_t *
market__memo_find_hashed(
    market__memo_t *memo, market_slice_t key, uint64_t hash)
{
	market__kept_t *kept;

	pthread_mutex_lock(&memo->lock);
	for (kept = memo->buckets[hash % memo->n_buckets]; kept != NULL;
	     kept = kept->next)
		if (market__slice_equal(kept->key, key))
			break;
	if (kept != NULL)
		market__shared_ref(&kept->shared);
	pthread_mutex_unlock(&memo->lock);
	return kept;
}

/* Out of its bucket and the order, to the front of *gone. */
static void
take_out(market__memo_t *memo, market__kept_t *kept, market__kept_t **gone)
{
	market__kept_t **at = bucket_of(memo, kept->key);

	while (*at != kept)
		at = &(*at)->next;
	*at = kept->next;
	if (kept->older != NULL)
		kept->older->newer = kept->newer;
	else
		memo->oldest = kept->newer;
	if (kept->newer != NULL)
		kept->newer->older = kept->older;
	else
		memo->newest = kept->older;
	memo->size -= kept->size;
	memo->n--;
	kept->next = *gone;
	*gone = kept;
}

/* What has its key, and the last of a bucket that is full. */
static void
make_room(market__memo_t *memo, market_slice_t key, market__kept_t **gone)
{
	market__kept_t *kept, *next;
	size_t n = 0;

	for (kept = *bucket_of(memo, key); kept != NULL; kept = next) {
		next = kept->next;
		n++;
		if (market__slice_equal(kept->key, key) ||
		    (next == NULL && n >= BUCKET_MAX))
			take_out(memo, kept, gone);
	}
}

static void
put_in(market__memo_t *memo, market__kept_t *kept)
{
	market__kept_t **bucket = bucket_of(memo, kept->key);

	market__shared_ref(&kept->shared);
	kept->next = *bucket;
	*bucket = kept;
	kept->newer = NULL;
	kept->older = memo->newest;
	if (memo->newest != NULL)
		memo->newest->newer = kept;
	else
		memo->oldest = kept;
	memo->newest = kept;
	memo->size += kept->size;
	memo->n++;
}

/* Into other buckets; the ones before are given back. */
static market__kept_t **
move(market__memo_t *memo, market__kept_t **buckets, size_t n)
{
	market__kept_t **before = memo->buckets, **bucket, *kept;

	memo->buckets = buckets;
	memo->n_buckets = n;
	for (kept = memo->oldest; kept != NULL; kept = kept->newer) {
		bucket = bucket_of(memo, kept->key);
		kept->next = *bucket;
		*bucket = kept;
	}
	return before;
}

/* Without memory it stays as it is: buckets are full sooner. */
static void
grow(market__memo_t *memo)
{
	market__kept_t **buckets;
	size_t n = 0;

	pthread_mutex_lock(&memo->lock);
	if (memo->n >= memo->n_buckets)
		n = memo->buckets_max / 4 > memo->n_buckets
		    ? 4 * memo->n_buckets
		    : memo->buckets_max;
	if (n == memo->n_buckets)
		n = 0;
	pthread_mutex_unlock(&memo->lock);
	if (n == 0)
		return;
	buckets = market__alloc_array(memo->allocator, n, sizeof(*buckets));
	if (buckets == NULL)
		return;
	pthread_mutex_lock(&memo->lock);
	if (memo->n_buckets < n)
		buckets = move(memo, buckets, n);
	pthread_mutex_unlock(&memo->lock);
	market__free(memo->allocator, (void *)buckets);
}

void
market__memo_put(market__memo_t *memo, market__kept_t *kept)
{
	market__kept_t *gone = NULL, *next;

	if (kept->size > memo->budget)
		return;
	grow(memo);
	pthread_mutex_lock(&memo->lock);
	make_room(memo, kept->key, &gone);
	put_in(memo, kept);
	while (memo->oldest != NULL && memo->size > memo->budget)
		take_out(memo, memo->oldest, &gone);
	pthread_mutex_unlock(&memo->lock);
	for (kept = gone; kept != NULL; kept = next) {
		next = kept->next;
		market__shared_release(memo->allocator, &kept->shared);
	}
}

size_t
market__memo_size(market__memo_t *memo)
{
	size_t size;

	pthread_mutex_lock(&memo->lock);
	size = memo->size;
	pthread_mutex_unlock(&memo->lock);
	return size;
}
