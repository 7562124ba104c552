/* SPDX-License-Identifier: Apache-2.0 */
/* How many cells ask each question: lists by question, and these as bytes. */
#ifndef MARKET_STORE_ASKING_H
#define MARKET_STORE_ASKING_H

#include "store/store_backend.h"

typedef struct market__asking {
	uint64_t question;
	uint64_t cells; /* above 0 */
} market__asking_t;

/* Ascending, each question once. */
typedef struct market__askings {
	market__asking_t *v;
	size_t n;
} market__askings_t;

/* The same questions, in the same order. */
bool market__asks_alike(
    const market__listing_row_t *a, const market__listing_row_t *b);
/* All that these rows ask. In the arena, as the rest; MARKET_E_MEMORY. */
market_status_t market__asking_of(const market__listing_row_t *rows, size_t n,
    market__arena_t *arena, market__askings_t *ret);

/* Pairs in any order, of which neighbours are in order mostly. */
market_status_t market__asking_sort(market__asking_t *pairs, size_t n,
    market__arena_t *arena, market__askings_t *ret);

/* One list with what another has more, and without what a third has: false
 * where that has more than the first. */
market_status_t market__asking_change(const market__askings_t *of,
    const market__askings_t *more, const market__askings_t *fewer,
    market__arena_t *arena, market__askings_t *ret, bool *ret_fits);

market_status_t market__asking_pack(const market__askings_t *askings,
    market__arena_t *arena, market_slice_t *ret);
/* Takes the next pair; `asking` is the one before, or zeros. false: there is
 * none, or it is malformed. */
bool market__asking_next(market_slice_t *bytes, market__asking_t *asking);
/* *ret_fits: the bytes are such a list. */
market_status_t market__asking_unpack(market_slice_t bytes,
    market__arena_t *arena, market__askings_t *ret, bool *ret_fits);
/* How many cells of a list ask it. */
uint64_t market__asking_find(market_slice_t bytes, uint64_t question);

#endif
