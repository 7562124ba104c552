/* SPDX-License-Identifier: Apache-2.0 */
/*
 * K13: the trust root is replaced while others ask. Two parties lose their
 * keys in one revision, and have them back in the next: whoever asks is told
 * what holds under the one root or under the other, and never half of each.
 */
#include "config.h" /* mkdtemp */

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "world_store.h"

#define ASKERS    4
#define REVISIONS 16

typedef struct stage {
	world_t *world;
	int64_t now;
	char folder[32], location[64];
	market_slice_t roots[REVISIONS], offer;
	market_store_t *store;
	atomic_uint stop, whole, fallen, mixed;
} stage_t;

/* Revision 2, 4, ... take mi.com's and t-mobile.com's keys away. */
static void
sign_roots(stage_t *stage)
{
	char edit[256], name[16];
	size_t i;

	for (i = 0; i < REVISIONS; i++) {
		snprintf(edit, sizeof(edit),
		    "+r%zu =root {'header': {'revision': '%zu'}%s}", i, i + 2,
		    i % 2 == 0
			? ", 'parties[0]': {'keys': '$keys:mi.com#2'},"
			  " 'parties[2]': {'keys': '$keys:t-mobile.com#2'}"
			: "");
		world_edit(stage->world, edit);
		snprintf(edit, sizeof(edit), "r%zu @root", i);
		world_edit(stage->world, edit);
	}
	for (i = 0; i < REVISIONS; i++) {
		snprintf(name, sizeof(name), "r%zu", i);
		stage->roots[i] = world_envelope(stage->world, name);
	}
	stage->offer = world_envelope(stage->world, "offer");
}

static void
add(market_store_t *store, market_slice_t envelope, int64_t at)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_additions_t *additions = NULL;

	ck_assert_msg(market_store_add(store, &envelope, 1, at, 0, &additions,
			  &error) == MARKET_OK,
	    "%s", error.message);
	ck_assert_int_eq(
	    market_additions_at(additions, 0)->result, MARKET_RESULT_ACCEPTED);
	market_additions_free(additions);
}

static void
begin(stage_t *stage, bool file)
{
	static const char *const names[] = { "seller", "product", "network",
		"mvno", "carrier", "fcc", "grant" };
	size_t i;

	memset(stage, 0, sizeof(*stage));
	stage->world = world_new();
	stage->now = world_time(WORLD_NOW);
	sign_roots(stage);
	strcpy(stage->location, "memory:");
	if (file) {
		strcpy(stage->folder, "snapshot-XXXXXX");
		ck_assert_ptr_nonnull(mkdtemp(stage->folder));
		snprintf(stage->location, sizeof(stage->location),
		    "%s/market.db", stage->folder);
	}
	stage->store = world_store_at(
	    stage->world, stage->location, stage->now);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add(stage->store, world_envelope(stage->world, names[i]),
		    stage->now);
}

static void
end(stage_t *stage)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char path[128];
	size_t i;

	market_store_free(stage->store);
	for (i = 0; i < 3 && stage->folder[0] != '\0'; i++) {
		snprintf(
		    path, sizeof(path), "%s%s", stage->location, suffixes[i]);
		(void)unlink(path);
	}
	if (stage->folder[0] != '\0')
		ck_assert_int_eq(rmdir(stage->folder), 0);
	world_free(stage->world);
}

/* What hangs on the brand's key, and what on the carrier's. */
static void
note(stage_t *stage, const market_decision_t *decision)
{
	const bool brand = world_has(
	    decision, MARKET_CODE_AUTHORIZATION_MISSING);
	const bool carrier = world_has(
	    decision, MARKET_CODE_CERTIFICATION_MISSING);

	if (brand != carrier ||
	    (market_decision_verdict(decision) == MARKET_VERDICT_PERMIT) ==
		brand)
		atomic_fetch_add(&stage->mixed, 1);
	else
		atomic_fetch_add(brand ? &stage->fallen : &stage->whole, 1);
}

static void *
ask(void *user)
{
	stage_t *stage = user;
	market_decision_t *decision;

	while (!atomic_load(&stage->stop)) {
		decision = NULL;
		(void)!market_store_check(stage->store, stage->offer, NULL, 0,
		    stage->now, 0, &decision, NULL);
		if (decision == NULL)
			atomic_fetch_add(&stage->mixed, 1);
		else
			note(stage, decision);
		market_decision_free(decision);
	}
	return NULL;
}

START_TEST(k13_answers_rest_on_one_root)
{
	pthread_t threads[ASKERS];
	unsigned seen;
	stage_t stage;
	size_t i, k;

#ifndef HAVE_SQLITE
	if (_i != 0)
		HARNESS_SKIP("there is no SQLite");
#endif
	begin(&stage, _i != 0);
	for (i = 0; i < ASKERS; i++)
		ck_assert_int_eq(
		    pthread_create(&threads[i], NULL, ask, &stage), 0);
	for (i = 0; i < REVISIONS; i++) {
		add(stage.store, stage.roots[i], stage.now);
		/* Until somebody has asked under this one. */
		seen = atomic_load(&stage.whole) + atomic_load(&stage.fallen);
		for (k = 0; k < 2000 &&
		     atomic_load(&stage.whole) + atomic_load(&stage.fallen) <
			 seen + 2;
		     k++)
			usleep(50);
	}
	atomic_store(&stage.stop, 1);
	for (i = 0; i < ASKERS; i++)
		pthread_join(threads[i], NULL);
	ck_assert_msg(atomic_load(&stage.mixed) == 0,
	    "K13 %u answers of %u rest on two roots", atomic_load(&stage.mixed),
	    atomic_load(&stage.whole) + atomic_load(&stage.fallen));
	ck_assert_uint_gt(atomic_load(&stage.whole), 0);
	ck_assert_uint_gt(atomic_load(&stage.fallen), 0);
	end(&stage);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("snapshot");
	TCase *tcase = tcase_create("snapshot");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, k13_answers_rest_on_one_root, 0, 2);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
