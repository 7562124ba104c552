/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a check costs where its evidence was seen, in numbers that no machine
 * changes: one signature, none of our allocations, no key decoded. And what is
 * known of signatures is known for just these.
 */
#include <string.h>

#include "count_verified.h"
#include "world.h"

/* ---- key decoding, counted: the test is linked with --wrap ---- */

static size_t count_decoded;

market_status_t __real_market__openssl_verifier(const void *crypto,
    market_algorithm_t algorithm, const uint8_t *point, void **ret);
market_status_t __wrap_market__openssl_verifier(const void *crypto,
    market_algorithm_t algorithm, const uint8_t *point, void **ret);

market_status_t
__wrap_market__openssl_verifier(const void *crypto,
    market_algorithm_t algorithm, const uint8_t *point, void **ret)
{
	count_decoded++;
	return __real_market__openssl_verifier(crypto, algorithm, point, ret);
}

typedef struct scene {
	harness_memory_t memory;
	market_context_t *context;
	world_t *world;
} scene_t;

static void
open_scene(scene_t *scene, size_t cache_bytes)
{
	market_context_options_t options = { .size = sizeof(options),
		.signature_cache_bytes = cache_bytes };

	harness_memory_init(&scene->memory);
	options.allocator = scene->memory.allocator;
	ck_assert_int_eq(
	    market_context_new(&options, &scene->context), MARKET_OK);
	scene->world = world_new_with(scene->context);
}

static void
close_scene(scene_t *scene)
{
	world_free(scene->world);
	market_context_free(scene->context);
	ck_assert_uint_eq(scene->memory.live, 0);
}

static void
check(scene_t *scene, market_evidence_t *evidence, market_status_t want)
{
	market_decision_t *decision = NULL;

	ck_assert_int_eq(
	    market_check(evidence, world_envelope(scene->world, "offer"),
		world_time(WORLD_NOW), &decision, NULL),
	    want);
	market_decision_free(decision);
}

START_TEST(check_costs_its_signature_where_evidence_was_seen)
{
	market_evidence_t *evidence;
	scene_t scene;
	int i;

	open_scene(&scene, 0);
	evidence = world_evidence(scene.world, 0);
	check(&scene, evidence, MARKET_OK);
	for (i = 0; i < 3; i++) {
		count_verified = count_decoded = 0;
		scene.memory.calls = 0;
		check(&scene, evidence, MARKET_OK);
		ck_assert_uint_eq(count_verified, 1);
		ck_assert_uint_eq(scene.memory.calls, 0);
		ck_assert_uint_eq(count_decoded, 0);
	}
	market_evidence_free(evidence);
	close_scene(&scene);
}
END_TEST

START_TEST(evidence_is_verified_once_in_a_context)
{
	market_evidence_t *evidence;
	size_t first;
	scene_t scene;

	open_scene(&scene, 0);
	count_verified = 0;
	evidence = world_evidence(scene.world, 0);
	check(&scene, evidence, MARKET_OK);
	market_evidence_free(evidence);
	first = count_verified;
	ck_assert_uint_ge(first, 8);
	count_verified = 0;
	evidence = world_evidence(scene.world, 0);
	check(&scene, evidence, MARKET_OK);
	market_evidence_free(evidence);
	ck_assert_uint_eq(count_verified, 1);
	close_scene(&scene);
}
END_TEST

START_TEST(evidence_is_verified_anew_where_nothing_is_kept)
{
	market_evidence_t *evidence;
	size_t first = 0;
	scene_t scene;
	int i;

	open_scene(&scene, 1);
	for (i = 0; i < 2; i++) {
		count_verified = 0;
		evidence = world_evidence(scene.world, 0);
		check(&scene, evidence, MARKET_OK);
		market_evidence_free(evidence);
		ck_assert(i == 0 || count_verified == first);
		first = count_verified;
	}
	close_scene(&scene);
}
END_TEST

/*
 * The digest of a statement is not of its signatures. A bad envelope must not
 * speak for a good one, nor a good one for a bad one, in either order.
 */
START_TEST(what_is_known_of_signatures_is_of_just_these)
{
	market_evidence_t *evidence;
	world_t *spoilt;
	scene_t scene;
	int i;

	open_scene(&scene, 0);
	spoilt = world_new_with(scene.context);
	world_edit(spoilt, "grant !");
	for (i = 0; i < 3; i++) {
		evidence = world_evidence(spoilt, 0);
		check(&scene, evidence, MARKET_E_DENIED);
		market_evidence_free(evidence);
		evidence = world_evidence(scene.world, 0);
		check(&scene, evidence, MARKET_OK);
		market_evidence_free(evidence);
	}
	world_free(spoilt);
	close_scene(&scene);
}
END_TEST

/*
 * python-tuf and go-tuf once took what one parent's keys had signed for signed
 * by another's.
 */
START_TEST(what_is_known_is_of_one_parents_keys)
{
	market_evidence_t *evidence;
	scene_t scene;

	open_scene(&scene, 0);
	evidence = world_evidence(scene.world, 0);
	check(&scene, evidence, MARKET_OK);
	market_evidence_free(evidence);
	/* The same grant, of the same digest, under a root with other keys. */
	world_edit(scene.world,
	    "root {\"parties[0]\": {\"keys\": \"$keys:mi.com#2\"}}");
	evidence = world_evidence(scene.world, 0);
	check(&scene, evidence, MARKET_E_DENIED);
	market_evidence_free(evidence);
	close_scene(&scene);
}
END_TEST

START_TEST(refusals_are_known_too)
{
	market_evidence_t *evidence;
	scene_t scene;
	int i;

	open_scene(&scene, 0);
	world_edit(scene.world, "grant !");
	for (i = 0; i < 2; i++) {
		count_verified = 0;
		evidence = world_evidence(scene.world, 0);
		check(&scene, evidence, MARKET_E_DENIED);
		market_evidence_free(evidence);
	}
	ck_assert_uint_eq(count_verified, 1);
	close_scene(&scene);
}
END_TEST

static Suite *
warm_suite(void)
{
	Suite *suite = suite_create("warm");
	TCase *cost = tcase_create("cost");
	TCase *known = tcase_create("known");

	tcase_add_test(cost, check_costs_its_signature_where_evidence_was_seen);
	suite_add_tcase(suite, cost);
	tcase_add_test(known, evidence_is_verified_once_in_a_context);
	tcase_add_test(known, evidence_is_verified_anew_where_nothing_is_kept);
	tcase_add_test(known, what_is_known_of_signatures_is_of_just_these);
	tcase_add_test(known, what_is_known_is_of_one_parents_keys);
	tcase_add_test(known, refusals_are_known_too);
	suite_add_tcase(suite, known);
	return suite;
}

int
main(void)
{
	return harness_main(warm_suite());
}
