/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that may be a pack (libmarket/store/pack.h), or may not. */
#ifndef TESTS_STORE_PACK_KIT_H
#define TESTS_STORE_PACK_KIT_H

#include "harness.h"

#include "store/pack.h"

/* Check writes to its parent at each of its own, passed or not. */
#define WANT(condition)                                            \
	do {                                                       \
		if (!(condition))                                  \
			ck_abort_msg("%d: " #condition, __LINE__); \
	} while (0)

/* Those at which something changes. */
#define PACK_NUMBERS ((size_t)21)
extern const uint64_t pack_numbers[PACK_NUMBERS];

/* A copy in memory of its own: valgrind and ASan see who looks behind it. */
market_slice_t pack_alone(market_slice_t bytes);
void pack_give_back(market_slice_t bytes);
/* Looks at all of them. */
unsigned pack_sum(market_slice_t bytes);

/* Reads bytes that may be anything. */
typedef unsigned pack_reader_fn(market_slice_t bytes);

/* Each bit flipped, each byte turned over, each end cut off; under valgrind
 * some of them. */
void pack_read_damaged(market_slice_t bytes, pack_reader_fn *read);
/* Bytes of which nothing was ever a pack, but for its end. */
void pack_read_random(pack_reader_fn *read);

#endif
