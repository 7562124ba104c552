/* SPDX-License-Identifier: Apache-2.0 */
/* What is told to come is what comes, at its second and not one before. */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

static market_effects_t *
forecast(scene_t *scene, const char *until)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_effects_t *effects = NULL;

	ck_assert_msg(market_store_forecast(scene->store, scene->now,
			  world_time(until), &effects, &error) == MARKET_OK,
	    "%s", error.message);
	return effects;
}

typedef struct row {
	const char *label;
	const char *until;
	const char *edits[6]; /* of the world, before all */
	size_t want_questions, want_offers;
	uint64_t want_dark;
} row_t;

static const row_t rows[] = {
	{ "nothing yet", "2016-05-31T23:59:59Z", { NULL }, 0, 0, 0 },
	{ "an offer ends", "2016-06-01T00:00:00Z", { NULL }, 0, 1, 1 },
	{ "a seller's grant ends", "2017-01-01T00:00:00Z", { NULL }, 2, 1, 3 },
	{ "all to 2023: 3G is switched off", "2023-01-01T00:00:00Z", { NULL },
	    4, 1, 4 },
	{ "3G becomes 2G, which may be sold; then the grant ends",
	    "2025-01-01T00:00:00Z",
	    { "policy {'minimumService': 'SERVICE_2G'}",
		"grant {'header': {'notAfter': '2024-01-01T00:00:00Z'}}" },
	    6, 1, 4 },
	{ "an earlier end of one of two bands changes nothing",
	    "2018-01-01T00:00:00Z",
	    { "network {'deployments[1]':"
	      " {'until': '2016-09-01T00:00:00Z'}}" },
	    2, 1, 3 },
	{ "a certification ends, then the grant: told once",
	    "2019-01-01T00:00:00Z",
	    { "fcc {'header': {'notAfter': '2016-07-01T00:00:00Z'}}",
		"grant {'header': {'notAfter': '2018-01-01T00:00:00Z'}}" },
	    4, 1, 4 },
	{ "the seller, the second before its offer", "2016-06-01T00:00:00Z",
	    { "seller {'header': {'notAfter': '2016-05-31T23:59:59Z'}}" }, 2, 0,
	    2 },
	{ "the seller and its offer in the same second", "2016-06-01T00:00:00Z",
	    { "seller {'header': {'notAfter': '2016-06-01T00:00:00Z'}}" }, 2, 1,
	    2 },
	{ "a gap, and back by the end: the second grant begins later",
	    "2018-06-01T00:00:00Z",
	    { "grant {'header': {'notAfter': '2016-04-01T00:00:00Z'}}",
		"+g2 =grant {'header': {'id': 'g-2',"
		" 'notBefore': '2016-05-01T00:00:00Z',"
		" 'notAfter': '2019-01-01T00:00:00Z'}}" },
	    4, 1, 3 },
	{ "the policy ends", "2016-04-01T00:00:00Z",
	    { "policy {'header': {'notAfter': '2016-03-01T00:00:00Z'}}" }, 4, 0,
	    4 },
};
#define ROWS ((int)MARKET__COUNT(rows))

/* Goes through time as the effects tell it. */
static void
step_through(scene_t *scene, const market_effects_t *effects, int64_t until)
{
	const market_effect_of_t *effect;
	int64_t last = 0;
	size_t i;

	for (i = 0; (effect = market_effects_at(effects, i)) != NULL; i++) {
		ck_assert_int_gt(effect->at, scene->now);
		ck_assert_int_le(effect->at, until);
		ck_assert_int_ge(effect->at, last);
		if (effect->at > last + 1)
			scene_refresh(scene, effect->at - 1);
		if (effect->at > last)
			scene_refresh(scene, effect->at);
		last = effect->at;
	}
	scene_refresh(scene, until);
}

static size_t
count_offers(const market_effects_t *effects)
{
	const market_effect_of_t *effect;
	size_t i, n = 0;

	for (i = 0; (effect = market_effects_at(effects, i)) != NULL; i++)
		n += effect->listing.len > 0;
	return n;
}

static void
open_row(scene_t *scene, int backend, const row_t *row, bool *ret_open)
{
	scene_setup_t setup;
	size_t i;

	memset(&setup, 0, sizeof(setup));
	for (i = 0; i < 6; i++)
		setup.edits[i] = row->edits[i];
	*ret_open = scene_open(scene, backend, &setup, NULL);
	for (i = 0; *ret_open && i < 6 && row->edits[i] != NULL; i++)
		if (strncmp(row->edits[i], "+g2 ", 4) == 0)
			scene_add_one(scene, "g2");
}

START_TEST(forecast_is_what_refresh_then_records)
{
	const row_t *row = &rows[_i / SCENE_BACKENDS];
	market_effects_t *effects;
	uint64_t entries;
	char *now, *then;
	scene_t scene;
	bool open;

	open_row(&scene, _i % SCENE_BACKENDS, row, &open);
	if (!open)
		HARNESS_SKIP("built without SQLite");
	now = scene_list(&scene, scene.now);
	entries = scene_entries(&scene);
	effects = forecast(&scene, row->until);
	ck_assert_uint_eq(scene_entries(&scene), entries);
	then = scene_list(&scene, world_time(row->until));
	ck_assert_msg(market_effects_dark(effects) == scene_dark(now, then) &&
		market_effects_dark(effects) == row->want_dark,
	    "%s: %llu are told to go dark, from\n%sto\n%s", row->label,
	    (unsigned long long)market_effects_dark(effects), now, then);
	ck_assert_msg(count_offers(effects) == row->want_offers,
	    "%s: %zu offers", row->label, count_offers(effects));
	ck_assert_msg(market_effects_at(effects,
			  row->want_questions + row->want_offers) == NULL &&
		(row->want_questions + row->want_offers == 0 ||
		    market_effects_at(effects,
			row->want_questions + row->want_offers - 1) != NULL),
	    "%s: not as many effects", row->label);
	step_through(&scene, effects, world_time(row->until));
	scene_expect(&scene, effects, entries, true, true, row->label);
	market_effects_free(effects);
	scene_close(&scene);
	free(now);
	free(then);
}
END_TEST

/* The Mi 4 of 2016 has 3G until 2022-07-01 and not a second longer. */
START_TEST(forecast_tells_when_3g_ends)
{
	static const char end[] = "2022-07-01T00:00:00Z";
	static const scene_setup_t setup = { { "network {'deployments[1]':"
					       " {'until': null},"
					       " 'deployments[2]':"
					       " {'until': null}}" },
		{ NULL } };
	const market_effect_of_t *effect;
	market_effects_t *effects;
	uint64_t question;
	scene_t scene;
	char *list;

	SCENE_OPEN(&scene, _i, &setup);
	question = scene_question(&scene, "shop.example/offer", 0);
	effects = forecast(&scene, "2023-01-01T00:00:00Z");
	ck_assert_ptr_null(scene_effect(effects, NULL, question));
	market_effects_free(effects);
	/* The carrier announces it. */
	world_edit(scene.world,
	    "+n =network {'header': {'revision': '2'}, 'deployments[1]':"
	    " {'until': '2022-07-01T00:00:00Z'}, 'deployments[2]':"
	    " {'until': '2022-07-01T00:00:00Z'}}");
	scene_add_one(&scene, "n");
	effects = forecast(&scene, "2023-01-01T00:00:00Z");
	effect = scene_effect(effects, NULL, question);
	ck_assert_ptr_nonnull(effect);
	ck_assert_int_eq(effect->at, world_time(end));
	ck_assert_int_eq(effect->before, MARKET_VERDICT_PERMIT);
	ck_assert_int_eq(effect->after, MARKET_VERDICT_DENY);
	ck_assert_int_eq(effect->service_before, MARKET_SERVICE_3G);
	ck_assert_int_eq(effect->service_after, MARKET_SERVICE_2G);
	ck_assert(scene_tells(effect, MARKET_CODE_SERVICE_BELOW_MINIMUM));
	ck_assert_ptr_nonnull(effect->message);
	market_effects_free(effects);
	list = scene_list(&scene, world_time(end) - 1);
	ck_assert_ptr_nonnull(strstr(list, "shop.example/offer PUBLISHED 1"));
	free(list);
	list = scene_list(&scene, world_time(end));
	ck_assert_ptr_nonnull(strstr(list, "shop.example/offer SUSPENDED 0"));
	free(list);
	scene_close(&scene);
}
END_TEST

START_TEST(forecast_names_the_listing_when_its_offer_ends)
{
	const market_effect_of_t *effect;
	market_effects_t *effects;
	scene_t scene;

	SCENE_OPEN(&scene, _i, NULL);
	effects = forecast(&scene, "2016-12-31T00:00:00Z");
	effect = market_effects_at(effects, 0);
	ck_assert_ptr_null(market_effects_at(effects, 1));
	ck_assert(market__slice_is(effect->listing, "shop.example/offer-b"));
	ck_assert(market__slice_is(effect->seller, "shop.example"));
	ck_assert(market__slice_is(effect->brand, "xiaomi"));
	ck_assert(market__slice_is(effect->model, "2014215"));
	ck_assert_int_eq(effect->at, world_time("2016-06-01T00:00:00Z"));
	ck_assert_uint_eq(effect->question, 0);
	ck_assert_uint_eq(effect->cells, 2);
	ck_assert_int_eq(effect->before, MARKET_VERDICT_PERMIT);
	ck_assert_int_eq(effect->after, MARKET_VERDICT_DENY);
	ck_assert_uint_eq(effect->code_count, 1);
	ck_assert_int_eq(effect->codes[0], MARKET_CODE_OFFER_EXPIRED);
	ck_assert_str_eq(
	    effect->message, "the offer itself ends at 2016-06-01T00:00:00Z");
	market_effects_free(effects);
	/* A paused one has nothing to lose. */
	ck_assert_int_eq(market_store_set_intent(scene.store,
			     market_slice_of("shop.example/offer-b"),
			     MARKET_INTENT_PAUSE, scene.now, NULL),
	    MARKET_OK);
	effects = forecast(&scene, "2016-12-31T00:00:00Z");
	ck_assert_ptr_null(market_effects_at(effects, 0));
	market_effects_free(effects);
	scene_close(&scene);
}
END_TEST

START_TEST(forecast_is_refused_when_it_is_no_question)
{
	market_effects_t *effects = NULL;
	scene_t scene;
	int64_t now;

	SCENE_OPEN(&scene, _i, NULL);
	now = scene.now;
	ck_assert_int_eq(
	    market_store_forecast(scene.store, now, -1, &effects, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_store_forecast(scene.store, now,
			     MARKET__TIME_MAX + 1, &effects, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_store_forecast(scene.store, now, now, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_store_forecast(scene.store, now - 301, now, &effects, NULL),
	    MARKET_E_INDETERMINATE);
	ck_assert_ptr_null(effects);
	/* Up to now, and to the end of time. */
	ck_assert_int_eq(
	    market_store_forecast(scene.store, now, now, &effects, NULL),
	    MARKET_OK);
	ck_assert_ptr_null(market_effects_at(effects, 0));
	market_effects_free(effects);
	ck_assert_int_eq(market_store_forecast(scene.store, now,
			     MARKET__TIME_MAX, &effects, NULL),
	    MARKET_OK);
	ck_assert_uint_eq(market_effects_dark(effects), 4);
	market_effects_free(effects);
	scene_close(&scene);
}
END_TEST

static market_status_t
ask_two_years(
    scene_t *scene, market_effects_t **ret_effects, market_error_t *error)
{
	return market_store_forecast(scene->store, scene->now,
	    world_time("2018-01-01T00:00:00Z"), ret_effects, error);
}

START_TEST(forecast_is_whole_or_none_when_memory_fails)
{
	scene_whole_or_none(ask_two_years, NULL, 3);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("forecast");
	TCase *tc = tcase_create("forecast");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, forecast_is_what_refresh_then_records, 0,
	    ROWS * SCENE_BACKENDS);
	tcase_add_loop_test(tc, forecast_tells_when_3g_ends, 0, SCENE_BACKENDS);
	tcase_add_loop_test(tc, forecast_names_the_listing_when_its_offer_ends,
	    0, SCENE_BACKENDS);
	tcase_add_loop_test(
	    tc, forecast_is_refused_when_it_is_no_question, 0, SCENE_BACKENDS);
	tcase_add_test(tc, forecast_is_whole_or_none_when_memory_fails);
	suite_add_tcase(suite, tc);
	return harness_main(suite);
}
