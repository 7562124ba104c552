/* SPDX-License-Identifier: Apache-2.0 */
/* Looking ahead where there is much: pages, and stores that are behind. */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

/* More than the 256 rows of a page. */
#define MANY 270

static market_target_t
by_digest(scene_t *scene, const char *name, market_statement_t **ret)
{
	market_target_t target;

	memset(&target, 0, sizeof(target));
	ck_assert_int_eq(market_statement_parse(world_context(scene->world),
			     world_envelope(scene->world, name),
			     MARKET_KINDS_ALL, ret, NULL),
	    MARKET_OK);
	target.digest = market_statement_digest(*ret);
	return target;
}

static market_effects_t *
impact(scene_t *scene, const char *name, int64_t at)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_statement_t *statement = NULL;
	market_effects_t *effects = NULL;
	market_target_t target = by_digest(scene, name, &statement);

	ck_assert_msg(market_store_impact(scene->store, &target, at, &effects,
			  &error) == MARKET_OK,
	    "%s", error.message);
	market_statement_free(statement);
	return effects;
}

static size_t
count(const market_effects_t *effects)
{
	size_t n = 0;

	while (market_effects_at(effects, n) != NULL)
		n++;
	return n;
}

/* As many offers more; each asks a question of its own, or all the same. */
static void
submit_many(scene_t *scene, bool own)
{
	market_slice_t envelopes[MANY];
	market_submissions_t *submissions = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	char name[32], edit[200];
	int i;

	for (i = 0; i < MANY; i++) {
		snprintf(edit, sizeof(edit),
		    "+many-%03d =offer {'header': {'id': 'many-%03d'},"
		    " 'fulfiller': 'f%d.example'}",
		    i, i, own ? i : 0);
		world_edit(scene->world, edit);
	}
	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "many-%03d", i);
		envelopes[i] = world_envelope(scene->world, name);
	}
	ck_assert_msg(market_store_submit(scene->store, envelopes, MANY,
			  scene->now, &submissions, &error) == MARKET_OK,
	    "%s", error.message);
	market_submissions_free(submissions);
}

START_TEST(ahead_goes_on_when_questions_fill_pages)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_effects_t *effects;
	market_slice_t with;
	scene_t scene;

	SCENE_OPEN(&scene, _i, NULL);
	submit_many(&scene, true);
	effects = impact(&scene, "grant", scene.now);
	ck_assert_uint_eq(count(effects), MANY + 2);
	ck_assert_uint_eq(market_effects_dark(effects), MANY + 2);
	market_effects_free(effects);
	ck_assert_int_eq(
	    market_store_forecast(scene.store, scene.now,
		world_time("2023-01-01T00:00:00Z"), &effects, &error),
	    MARKET_OK);
	/* All, offer-b for itself, and one of each MVNO's and seller's. */
	ck_assert_uint_eq(count(effects), MANY + 5);
	ck_assert_uint_eq(market_effects_dark(effects), MANY + 4);
	market_effects_free(effects);
	world_edit(scene.world,
	    "+w withdrawal mi.com {'targetDigest': '$digest:grant'}");
	with = world_envelope(scene.world, "w");
	ck_assert_int_eq(market_store_what_if(scene.store, &with, 1, scene.now,
			     &effects, NULL, &error),
	    MARKET_OK);
	ck_assert_uint_eq(count(effects), MANY + 2);
	ck_assert_uint_eq(market_effects_dark(effects), MANY + 2);
	market_effects_free(effects);
	scene_close(&scene);
}
END_TEST

START_TEST(ahead_goes_on_when_listings_fill_pages)
{
	market_buffer_t ids = MARKET_BUFFER_INIT;
	market_effects_t *effects;
	const uint8_t *last;
	uint64_t question;
	scene_t scene;
	size_t i, n = 1;

	SCENE_OPEN(&scene, _i, NULL);
	submit_many(&scene, false);
	effects = impact(&scene, "grant", scene.now);
	ck_assert_uint_eq(count(effects), 3);
	ck_assert_uint_eq(market_effects_dark(effects), MANY + 2);
	ck_assert_uint_eq(market_effects_at(effects, 2)->cells, MANY);
	question = market_effects_at(effects, 2)->question;
	market_effects_free(effects);
	ck_assert_int_eq(market_store_listings_of(scene.store, question,
			     market_slice_of(""), 0, &ids, NULL),
	    MARKET_OK);
	last = ids.data;
	for (i = 0; i < ids.len; i++)
		if (ids.data[i] == '\0') {
			last = ids.data + i + 1;
			n++;
		}
	ck_assert_uint_eq(n, MANY);
	ck_assert_uint_eq(ids.len - (size_t)(last - ids.data), 21);
	ck_assert_int_eq(memcmp(last, "shop.example/many-269", 21), 0);
	market_buffer_clear(&ids);
	scene_close(&scene);
}
END_TEST

/* ---- behind ---- */

/* Products that nobody sells, accepted and left to a later refresh. */
static void
add_products(scene_t *scene, size_t n)
{
	market_slice_t *envelopes = calloc(n, sizeof(*envelopes));
	market_buffer_t *buffers = calloc(n, sizeof(*buffers));
	market_signer_t *signer = world_signer(scene->world, "mi.com");
	market_error_t error = MARKET_ERROR_INIT;
	market_additions_t *additions = NULL;
	market_draft_t *draft = NULL;
	char document[512];
	size_t i;

	ck_assert(envelopes != NULL && buffers != NULL);
	for (i = 0; i < n; i++) {
		snprintf(document, sizeof(document),
		    "{\"header\": {\"issuer\": \"mi.com\", \"id\": \"p%zu\","
		    " \"revision\": \"1\", \"issuedAt\":"
		    " \"2016-01-01T00:00:00Z\", \"notAfter\":"
		    " \"2026-01-01T00:00:00Z\"}, \"brand\": \"xiaomi\","
		    " \"model\": \"m%zu\", \"category\": \"phone\"}",
		    i, i);
		ck_assert_msg(
		    market_draft_from_json(world_context(scene->world),
			MARKET_KIND_PRODUCT, market_slice_of(document), &draft,
			&error) == MARKET_OK,
		    "%s: %s", error.path, error.message);
		ck_assert_int_eq(
		    market_draft_sign(draft, &signer, 1, MARKET_FORMAT_PROTOBUF,
			&buffers[i], &error),
		    MARKET_OK);
		market_draft_free(draft);
		envelopes[i] = market_buffer_slice(&buffers[i]);
	}
	ck_assert_msg(market_store_add(scene->store, envelopes, n, scene->now,
			  MARKET_STORE_LATER, &additions, &error) == MARKET_OK,
	    "%s", error.message);
	ck_assert_int_eq(market_additions_at(additions, n - 1)->result,
	    MARKET_RESULT_ACCEPTED);
	market_additions_free(additions);
	for (i = 0; i < n; i++)
		market_buffer_clear(&buffers[i]);
	free(envelopes);
	free(buffers);
}

/* Each product moves two slots: a page of them, and more than are followed. */
START_TEST(impact_is_the_same_when_much_was_not_refreshed)
{
	static const size_t products[] = { 1, 140, 2100 };
	market_effects_t *effects;
	scene_t scene;

	/* In memory alone: it is the same above any backend. */
	ck_assert(scene_open(&scene, 0, NULL, NULL));
	add_products(&scene, products[_i]);
	effects = impact(&scene, "grant", scene.now);
	ck_assert_uint_eq(count(effects), 2);
	ck_assert_uint_eq(market_effects_dark(effects), 2);
	market_effects_free(effects);
	scene_refresh(&scene, scene.now);
	effects = impact(&scene, "grant", scene.now);
	ck_assert_uint_eq(count(effects), 2);
	market_effects_free(effects);
	scene_close(&scene);
}
END_TEST

/* One grant after another: time has passed, and nobody has recorded it. */
START_TEST(impact_is_of_its_instant_when_nobody_refreshed)
{
	static const scene_setup_t setup = {
		{ "grant {'header': {'notAfter': '2016-04-01T00:00:00Z'}}",
		    "+g2 =grant {'header': {'id': 'g-2',"
		    " 'notBefore': '2016-03-01T00:00:00Z',"
		    " 'notAfter': '2019-01-01T00:00:00Z'}}" },
		{ NULL },
	};
	static const struct {
		const char *at;
		uint64_t first, second; /* go dark with that grant */
		size_t n_first, n_second;
	} rows[] = {
		{ WORLD_NOW, 2, 0, 2, 0 },
		{ "2016-03-15T00:00:00Z", 0, 0, 0, 0 },
		{ "2016-04-15T00:00:00Z", 0, 2, 0, 2 },
		{ "2016-06-15T00:00:00Z", 0, 1, 0, 2 }, /* offer-b is over */
		{ "2019-01-01T00:00:00Z", 0, 0, 0, 0 },
	};
	market_effects_t *effects;
	scene_t scene;
	size_t i;

	SCENE_OPEN(&scene, _i, &setup);
	scene_add_one(&scene, "g2");
	for (i = 0; i < MARKET__COUNT(rows); i++) {
		effects = impact(&scene, "grant", world_time(rows[i].at));
		ck_assert_msg(market_effects_dark(effects) == rows[i].first &&
			count(effects) == rows[i].n_first,
		    "the first at %s", rows[i].at);
		market_effects_free(effects);
		effects = impact(&scene, "g2", world_time(rows[i].at));
		ck_assert_msg(market_effects_dark(effects) == rows[i].second &&
			count(effects) == rows[i].n_second,
		    "the second at %s", rows[i].at);
		market_effects_free(effects);
	}
	scene_close(&scene);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ahead_many");
	TCase *tc = tcase_create("ahead_many");

	tcase_set_timeout(tc, 240);
	tcase_add_loop_test(
	    tc, ahead_goes_on_when_questions_fill_pages, 0, SCENE_BACKENDS);
	tcase_add_loop_test(
	    tc, ahead_goes_on_when_listings_fill_pages, 0, SCENE_BACKENDS);
	tcase_add_loop_test(
	    tc, impact_is_the_same_when_much_was_not_refreshed, 0, 3);
	tcase_add_loop_test(tc, impact_is_of_its_instant_when_nobody_refreshed,
	    0, SCENE_BACKENDS);
	suite_add_tcase(suite, tc);
	return harness_main(suite);
}
