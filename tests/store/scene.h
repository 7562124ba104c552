/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store on a world of signed statements (tests/unit/world.h), with listings
 * of two sellers, for tests that ask it what would be or will be.
 *
 * Listings: shop.example/offer on t-mobile.com/us, shop.example/offer-b there
 * and on usmobile.com/us until 2016-06-01, shop.example/offer-d as the first
 * and paused, other.example/offer-c on t-mobile.com/us (its grant, grant-c,
 * ends with 2016), other.example/offer-e on usmobile.com/us.
 */
#ifndef TESTS_STORE_SCENE_H
#define TESTS_STORE_SCENE_H

#include <market/store.h>

#include "world.h"

/* Each test runs on both: the memory's, and SQLite's on a file. */
#define SCENE_BACKENDS 2

typedef struct scene {
	world_t *world;
	market_store_t *store;
	char directory[32]; /* empty: in memory */
	char path[64];
	int64_t now;
} scene_t;

#define SCENE_EDITS_MAX 8
typedef struct scene_setup {
	const char *edits[SCENE_EDITS_MAX]; /* of the world, before all */
	const char *without[4]; /* statements that are not added to it */
} scene_setup_t;

/* False: that backend is not built in. `setup` and `context` may be NULL. */
bool scene_open(scene_t *scene, int backend, const scene_setup_t *setup,
    market_context_t *context);
void scene_close(scene_t *scene);

#define SCENE_OPEN(scene, backend, setup)                     \
	do {                                                  \
		if (!scene_open(scene, backend, setup, NULL)) \
			HARNESS_SKIP("built without SQLite"); \
	} while (0)

/* Adds statements by name, and computes anew what rests on them. */
void scene_add(scene_t *scene, const char *const *names, size_t n);
void scene_add_one(scene_t *scene, const char *name);
void scene_refresh(scene_t *scene, int64_t at);

/* The last entry of the history. */
uint64_t scene_entries(scene_t *scene);

/* Every listing's id, status and live cells at `at`; for free(). */
char *scene_list(scene_t *scene, int64_t at);

/* Live at one instant (as scene_list() told it), and not at the other. */
uint64_t scene_dark(const char *before, const char *after);

/*
 * Are the effects on questions exactly the changes of clearances after entry
 * `since`? With `permits_only`, those of answers that had permitted; with
 * `timed`, at the same instants.
 */
void scene_expect(scene_t *scene, const market_effects_t *effects,
    uint64_t since, bool permits_only, bool timed, const char *label);

/* The effect on that listing, or on that question; NULL. */
const market_effect_of_t *scene_effect(
    const market_effects_t *effects, const char *listing, uint64_t question);
/* Does it tell that code? */
bool scene_tells(const market_effect_of_t *effect, market_code_t code);

typedef market_status_t scene_ask_fn(
    scene_t *scene, market_effects_t **ret_effects, market_error_t *error);

/*
 * Asks with each allocation failing once: MARKET_E_MEMORY, nothing given and
 * nothing changed, until it is answered, with so many listings gone dark.
 * `edit`, which may be NULL, has made a statement "w".
 */
void scene_whole_or_none(scene_ask_fn *ask, const char *edit, uint64_t dark);

/* The question of a listing's cell. */
uint64_t scene_question(scene_t *scene, const char *listing, size_t cell);

#endif
