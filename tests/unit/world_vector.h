/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_WORLD_VECTOR_H
#define TESTS_UNIT_WORLD_VECTOR_H

#include "world.h"

#define WORLD_VECTOR_CODES 10

/* What must come out of it. */
typedef struct world_want {
	const char *label;
	const char *at; /* NULL: WORLD_NOW */
	market_verdict_t verdict;
	/* Names of codes that must be told ("-NAME": must not be told). */
	const char *codes[WORLD_VECTOR_CODES];
	const char *ignored; /* NULL, or "NAME CODE" */
} world_want_t;

/* Writes a vector into the folder $WORLD_VECTORS; nothing where it is unset. */
void world_vector(world_t *world, const world_want_t *want);

#endif
