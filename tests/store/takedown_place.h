/* SPDX-License-Identifier: Apache-2.0 */
/* A store of tests/bench/kit.h, in memory or in a folder of its own. */
#ifndef TESTS_STORE_TAKEDOWN_PLACE_H
#define TESTS_STORE_TAKEDOWN_PLACE_H

#include "api/store_call.h"
#include "harness.h"
#include "kit.h"

/* Both backends, for loop tests. */
#define PLACE_BACKENDS       2
#define place_on_disk(index) ((index) == 1)

typedef struct place {
	char folder[32];
	char path[64];
	kit_t *kit;
	market_store_t *store;
	double envelopes; /* bytes */
} place_t;

/* `context` may be NULL. */
void place_init(place_t *p, market_context_t *context, bool disk,
    unsigned long listings, unsigned long questions);
void place_clear(place_t *p);
/* Adds a statement, which must be accepted, and clears it. */
void place_add(place_t *p, market_buffer_t envelope);

#endif
