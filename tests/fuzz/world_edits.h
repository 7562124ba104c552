/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes as edits of the scene's good world. Three of them are one edit (blank
 * space between them is skipped):
 *   -L.   takes the statement L away, but not root, policy and offer;
 *   +L.   adds the row L; with a digit for the point, under another revision;
 *   !LV   spoils a byte of L;
 *   @DV   asks at another instant;
 *   LFV   sets field F of statement L to value V, where that can be.
 * A letter that is not there stands for some statement that is.
 */
#ifndef TESTS_FUZZ_WORLD_EDITS_H
#define TESTS_FUZZ_WORLD_EDITS_H

#include "scene.h"

#define STATEMENTS_MAX 24
#define EDITS_MAX      40

typedef struct statement {
	const scene_row_t *row;
	market_draft_t *draft; /* NULL: as the scene has it */
	uint8_t spoilt;        /* 0, or the place of a byte */
	char name[3];
} statement_t;

typedef struct world {
	statement_t statements[STATEMENTS_MAX];
	size_t n;
	int64_t at;
	bool rules_edited; /* the root, the policy, or keys */
	uint32_t pick;     /* by the bytes: which oracle is asked */
} world_t;

void world_read(world_t *world, fuzz_input_t *input);
void world_clear(world_t *world);

void world_add(world_t *world, uint8_t letter, uint8_t revision);
/* The last with that letter, or NULL. */
statement_t *world_find(world_t *world, uint8_t letter);
/* Which one is judged: the last offer, so its own unless others were added. */
size_t world_offer(const world_t *world);
/* Its envelope, to be cleared; false where it cannot be signed. */
bool world_seal(const statement_t *statement, market_buffer_t *ret);

/* Envelopes are sealed before memory begins to fail. */
typedef struct sealed {
	market_buffer_t envelopes[STATEMENTS_MAX];
	bool there[STATEMENTS_MAX];
} sealed_t;

void world_seal_all(const world_t *world, sealed_t *sealed);
void world_unseal(sealed_t *sealed);

#endif
