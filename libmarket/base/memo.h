/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was computed once, shared by threads in bounded memory. Objects are
 * immutable, found by a key that lies in them, and counted by references. The
 * caller's allocator is never called under the lock.
 */
#ifndef MARKET_BASE_MEMO_H
#define MARKET_BASE_MEMO_H

#include "base/base.h"

typedef struct market__memo market__memo_t;

/* The first member of whatever is kept. */
typedef struct market__kept {
	market__shared_t shared;
	struct market__kept *next;          /* in its bucket */
	struct market__kept *older, *newer; /* by when it was put */
	size_t size;
	market_slice_t key;
} market__kept_t;

/*
 * At most `budget` bytes of objects, each of `ordinary` bytes or so. NULL: no
 * memory.
 */
market__memo_t *market__memo_new(
    const market_allocator_t *allocator, size_t budget, size_t ordinary);
/* NULL is fine. Objects that others refer to stay theirs. */
void market__memo_free(market__memo_t *memo);

/* Drops all that is in it. */
void market__memo_clear(market__memo_t *memo);

/* What has that key, with a reference for the caller; or NULL. */
market__kept_t *market__memo_find(market__memo_t *memo, market_slice_t key);
/* The same where market__hash() of the key is known. */
market__kept_t *market__memo_find_hashed(
    market__memo_t *memo, market_slice_t key, uint64_t hash);

/*
 * Keeps the object, in place of what has its key; what was put longest ago
 * goes. The caller's own reference stays the caller's.
 */
void market__memo_put(market__memo_t *memo, market__kept_t *kept);

/* Bytes of what is in it. */
size_t market__memo_size(market__memo_t *memo);

#endif
