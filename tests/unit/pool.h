/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random worlds: the good world with some of a pool of edits, chosen by a
 * seed, so that a failure is told by its seed alone and comes back with it.
 */
#ifndef TESTS_UNIT_POOL_H
#define TESTS_UNIT_POOL_H

#include "world.h"

/* What a member of the pool does, where a property depends on it. */
#define POOL_SELLER    1u  /* says who the seller is, or drops the need */
#define POOL_PRODUCT   2u  /* one more statement of the product */
#define POOL_NETWORK   4u  /* one more statement of a network */
#define POOL_CARRIER   8u  /* one more carrier certification */
#define POOL_FCC       16u /* one more certification by the fcc */
#define POOL_GRANT     32u /* another revision or fork of the grant */
#define POOL_REMOVES   64u /* takes a statement away; one in a world */
#define POOL_NAMES_MAX 64
#define POOL_TIMES_MAX 128

typedef struct pool_world {
	unsigned seed;
	world_t *world;
	unsigned tags;                  /* of all members chosen */
	char names[POOL_NAMES_MAX][24]; /* of all evidence in it */
	size_t n_names;
	int64_t times[POOL_TIMES_MAX]; /* that stand in it, sorted */
	size_t n_times;
	int64_t at;       /* an instant to ask for */
	char story[2048]; /* the edits, for a person */
} pool_world_t;

/* A small generator: the same numbers on every machine. */
uint32_t pool_random(uint32_t *state, uint32_t below);

void pool_world_init(pool_world_t *pool, unsigned seed);
void pool_world_clear(pool_world_t *pool);

/*
 * Evidence of all names but `without` (or NULL), and of the statements
 * `more` (a list that ends with NULL, or NULL), which are in the world.
 */
market_evidence_t *pool_evidence(
    pool_world_t *pool, const char *without, const char *const *more);

/* What the evidence makes of the world's offer at that instant. */
market_decision_t *pool_check(
    pool_world_t *pool, market_evidence_t *evidence, int64_t at);

#endif
