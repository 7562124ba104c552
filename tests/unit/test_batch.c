/* SPDX-License-Identifier: Apache-2.0 */
/* Many offers in one call: the same as one by one, in order, by any number of
 * threads; and it ends when it is told to. */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "world.h"

#define OFFERS 6
#define MANY   240

typedef struct told {
	pthread_t caller;
	market_buffer_t want[OFFERS];
	market_status_t status[OFFERS];
	size_t n, stop_at; /* SIZE_MAX: never */
} told_t;

/* The reports of each offer by itself. */
static void
expect(world_t *world, const market_slice_t offers[OFFERS], told_t *told)
{
	market_evidence_t *evidence = world_evidence(world, 0);
	market_error_t error;
	market_decision_t *decision;
	size_t i;

	for (i = 0; i < OFFERS; i++) {
		decision = NULL;
		memset(&error, 0, sizeof(error));
		told->status[i] = market_check(evidence, offers[i],
		    world_time(WORLD_NOW), &decision, &error);
		if (decision != NULL)
			ck_assert_int_eq(
			    market_decision_json(decision, &told->want[i]),
			    MARKET_OK);
		market_decision_free(decision);
	}
	market_evidence_free(evidence);
}

static int
hear(void *user, size_t index, market_status_t status,
    const market_decision_t *decision, const market_error_t *error)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	told_t *told = user;
	size_t of = index % OFFERS;

	ck_assert(pthread_equal(told->caller, pthread_self()));
	ck_assert_uint_eq(index, told->n);
	told->n++;
	ck_assert_int_eq(status, told->status[of]);
	ck_assert_int_eq(error->status, status);
	ck_assert_int_eq(decision == NULL, told->want[of].data == NULL);
	if (decision != NULL) {
		ck_assert_int_eq(
		    market_decision_json(decision, &json), MARKET_OK);
		ck_assert_uint_eq(json.len, told->want[of].len);
		ck_assert_mem_eq(json.data, told->want[of].data, json.len);
		market_buffer_clear(&json);
	}
	return told->n == told->stop_at ? 7 : 0;
}

typedef struct scene {
	world_t *world;
	market_slice_t offers[MANY];
	told_t told;
} scene_t;

/* One permitted, five with faults of different depth. */
static void
open_scene(scene_t *scene)
{
	static const char *const edits[] = {
		"+o1 =offer {'territories': ['CA']}",
		"+o2 =offer {'brand': ''}",
		"+o3 =offer {'price': {'amountMicros': '1'}}",
		"+o4 =offer {'networks+': ['usmobile.com/us']}",
	};
	static const char *const names[] = { "offer", "o1", "o2", "o3", "o4" };
	static const char junk[] = "junk";
	size_t i;

	memset(scene, 0, sizeof(*scene));
	scene->world = world_new();
	for (i = 0; i < 4; i++)
		world_edit(scene->world, edits[i]);
	for (i = 0; i < MANY; i++)
		scene->offers[i] = i % OFFERS == 5
		    ? market_slice_of(junk)
		    : world_envelope(scene->world, names[i % OFFERS]);
	scene->told.caller = pthread_self();
	scene->told.stop_at = SIZE_MAX;
	expect(scene->world, scene->offers, &scene->told);
}

static void
close_scene(scene_t *scene)
{
	size_t i;

	for (i = 0; i < OFFERS; i++)
		market_buffer_clear(&scene->told.want[i]);
	world_free(scene->world);
}

static market_status_t
run(scene_t *scene, market_evidence_t *evidence, size_t n, unsigned threads,
    unsigned limit, size_t *ret_told, market_error_t *error)
{
	market_batch_options_t options = { .size = sizeof(options),
		.threads = threads,
		.time_limit_ms = limit,
		.checked = hear,
		.user = &scene->told };

	return market_check_many(evidence, scene->offers, n,
	    world_time(WORLD_NOW), &options, ret_told, error);
}

START_TEST(batch_tells_what_one_by_one_tells)
{
	static const unsigned threads[] = { 0, 1, 2, 3, 8, 256 };
	static const size_t numbers[] = { 0, 1, 2, 31, 32, 33, MANY };
	market_evidence_t *evidence;
	size_t i, k, n;
	scene_t scene;

	open_scene(&scene);
	for (i = 0; i < 6; i++)
		for (k = 0; k < 7; k++) {
			evidence = world_evidence(scene.world, 0);
			scene.told.n = 0;
			n = 999;
			ck_assert_int_eq(run(&scene, evidence, numbers[k],
					     threads[i], 0, &n, NULL),
			    MARKET_OK);
			ck_assert_uint_eq(n, numbers[k]);
			ck_assert_uint_eq(scene.told.n, numbers[k]);
			market_evidence_free(evidence);
		}
	close_scene(&scene);
}
END_TEST

START_TEST(batch_ends_when_the_callback_says_so)
{
	static const size_t stops[] = { 1, 2, 40, MANY - 1, MANY };
	market_error_t error = MARKET_ERROR_INIT;
	market_evidence_t *evidence;
	size_t i, n;
	unsigned threads;
	scene_t scene;

	open_scene(&scene);
	evidence = world_evidence(scene.world, 0);
	for (threads = 1; threads < 5; threads++)
		for (i = 0; i < 5; i++) {
			scene.told.n = n = 0;
			scene.told.stop_at = stops[i];
			ck_assert_int_eq(
			    run(&scene, evidence, MANY, threads, 0, &n, &error),
			    MARKET_E_CALLBACK);
			ck_assert_uint_eq(n, stops[i]);
			ck_assert_uint_eq(scene.told.n, stops[i]);
		}
	ck_assert_ptr_nonnull(strstr(error.message, "240 of 240"));
	market_evidence_free(evidence);
	close_scene(&scene);
}
END_TEST

static int
dawdle(void *user, size_t index, market_status_t status,
    const market_decision_t *decision, const market_error_t *error)
{
	struct timespec while_ = { 0, 2000000 };
	int rv = hear(user, index, status, decision, error);

	nanosleep(&while_, NULL);
	return rv;
}

START_TEST(batch_begins_none_after_its_time)
{
	market_batch_options_t options = {
		.size = sizeof(options), .time_limit_ms = 1, .checked = dawdle
	};
	market_evidence_t *evidence;
	unsigned threads;
	scene_t scene;
	size_t n;

	open_scene(&scene);
	options.user = &scene.told;
	evidence = world_evidence(scene.world, 0);
	for (threads = 1; threads < 4; threads++) {
		options.threads = threads;
		scene.told.n = n = 0;
		ck_assert_int_eq(market_check_many(evidence, scene.offers, MANY,
				     world_time(WORLD_NOW), &options, &n, NULL),
		    MARKET_E_TIMEOUT);
		/* What was begun is told. */
		ck_assert_uint_eq(n, scene.told.n);
		ck_assert_uint_lt(n, MANY);
	}
	market_evidence_free(evidence);
	close_scene(&scene);
}
END_TEST

START_TEST(batch_has_time_enough)
{
	market_evidence_t *evidence;
	scene_t scene;

	open_scene(&scene);
	evidence = world_evidence(scene.world, 0);
	ck_assert_int_eq(
	    run(&scene, evidence, MANY, 2, 3600999, NULL, NULL), MARKET_OK);
	market_evidence_free(evidence);
	close_scene(&scene);
}
END_TEST

START_TEST(batch_refuses_what_it_cannot_use)
{
	market_batch_options_t options = { .size = sizeof(options),
		.checked = hear };
	market_error_t error = MARKET_ERROR_INIT;
	market_evidence_t *evidence;
	scene_t scene;
	int64_t at;
	size_t n = 5;

	open_scene(&scene);
	evidence = world_evidence(scene.world, 0);
	at = world_time(WORLD_NOW);
	options.user = &scene.told;
	ck_assert_int_eq(
	    market_check_many(NULL, scene.offers, 1, at, &options, &n, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_check_many(evidence, NULL, 1, at, &options, &n, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_check_many(evidence, scene.offers, 1, at, NULL, &n, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_check_many(evidence, scene.offers, 1, -1,
			     &options, &n, &error),
	    MARKET_E_ARGUMENT);
	options.threads = MARKET_BATCH_THREADS_MAX + 1;
	ck_assert_int_eq(market_check_many(evidence, scene.offers, 1, at,
			     &options, &n, &error),
	    MARKET_E_ARGUMENT);
	options.threads = 1;
	options.checked = NULL;
	ck_assert_int_eq(market_check_many(evidence, scene.offers, 1, at,
			     &options, &n, &error),
	    MARKET_E_ARGUMENT);
	options.checked = hear;
	options.size--;
	ck_assert_int_eq(market_check_many(evidence, scene.offers, 1, at,
			     &options, &n, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_uint_eq(n, 5);
	market_evidence_free(evidence);
	close_scene(&scene);
}
END_TEST

static Suite *
batch_suite(void)
{
	Suite *suite = suite_create("batch");
	TCase *batch = tcase_create("batch");

	tcase_add_test(batch, batch_tells_what_one_by_one_tells);
	tcase_add_test(batch, batch_ends_when_the_callback_says_so);
	tcase_add_test(batch, batch_begins_none_after_its_time);
	tcase_add_test(batch, batch_has_time_enough);
	tcase_add_test(batch, batch_refuses_what_it_cannot_use);
	suite_add_tcase(suite, batch);
	return suite;
}

int
main(void)
{
	return harness_main(batch_suite());
}
