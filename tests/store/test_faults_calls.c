/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Misuse of the store's calls by their arguments: rows A1, A3, A7 to A9, A12
 * and P21 of the catalogue of faults, for every kind of store.
 *
 * Ruled out by the design:
 * A2 (use after it was closed) is undefined, as with free(): the handles are
 *   plain pointers, and the other tests run under AddressSanitizer.
 * A4 (a verified object of another context): the calls take bytes and verify
 *   them themselves; there is no verified object to hand in.
 * A6 (a buffer that is too small): no call fills a caller's buffer.
 * A11 (half an allocator) is the context's: tests/unit/test_context.c.
 * A14, A16 (symbols): tests/check/exports.py compares headers, map and library;
 *   here it is seen that no name speaks of a way around.
 * A15: there is no error but the caller's own.
 */
#include "base/base.h"
#include "calls.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

START_TEST(calls_do_their_work_with_good_arguments)
{
	bench_t bench;
	asked_t a;
	size_t i;
	market_status_t status;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	for (i = 0; i < n_calls; i++) {
		bench_init(&bench, _i);
		a = call_good(&bench, &calls[i]);
		status = calls[i].run(&a);
		ck_assert_msg(status == MARKET_OK, "%s: %s: %s", calls[i].label,
		    market_status_name(status), bench.error.message);
		/* P21 what was given outlives the store. */
		market_store_free(bench.play.store);
		bench.play.store = NULL;
		if (a.decision != NULL) {
			market_buffer_clear(&a.buffer);
			ck_assert_int_eq(
			    market_decision_json(a.decision, &a.buffer),
			    MARKET_OK);
		}
		if (a.listings != NULL)
			ck_assert_ptr_nonnull(
			    market_listings_at(a.listings, 0)->title.ptr);
		call_give_back(&a);
		play_clear(&bench.play);
	}
}
END_TEST

START_TEST(calls_refuse_when_something_is_missing)
{
	bench_t bench;
	asked_t a;
	size_t i;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	bench_init(&bench, _i);
	for (i = 0; i < n_calls; i++) {
		a = call_good(&bench, &calls[i]);
		a.store = NULL;
		call_refused(
		    &bench, &calls[i], &a, "A1 no store", MARKET_E_ARGUMENT);
		a = call_good(&bench, &calls[i]);
		a.store = NULL;
		a.error = NULL;
		call_refused(&bench, &calls[i], &a, "A1 no store and no error",
		    MARKET_E_ARGUMENT);
		if ((calls[i].takes & NO_RESULT) != 0)
			continue;
		a = call_good(&bench, &calls[i]);
		a.no_result = true;
		call_refused(&bench, &calls[i], &a, "A1 nowhere to put it",
		    MARKET_E_ARGUMENT);
	}
	play_clear(&bench.play);
}
END_TEST

START_TEST(calls_refuse_when_a_value_cannot_be)
{
	static const int64_t instants[] = { -1, INT64_MIN, INT64_MAX,
		MARKET__TIME_MAX + 1 };
	const market_slice_t nowhere = { NULL, 5 };
	market_slice_t *list;
	bench_t bench;
	asked_t a;
	size_t i, k;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	bench_init(&bench, _i);
	list = bench.list;
	for (i = 0; i < n_calls; i++) {
		for (k = 0; k < COUNT(instants); k++) {
			if ((calls[i].takes & TAKES_AT) == 0)
				break;
			a = call_good(&bench, &calls[i]);
			a.at = instants[k];
			/* What is added to it overflows nothing. */
			if (&calls[i] == call_named("forecast") &&
			    a.at > MARKET__TIME_MAX)
				continue;
			call_refused(&bench, &calls[i], &a, "no instant",
			    MARKET_E_ARGUMENT);
		}
		if ((calls[i].takes & TAKES_FLAGS) != 0) {
			a = call_good(&bench, &calls[i]);
			a.flags = 1u << 31;
			call_refused(&bench, &calls[i], &a, "A8 unknown flag",
			    MARKET_E_ARGUMENT);
		}
		if ((calls[i].takes & TAKES_LIST) != 0) {
			a = call_good(&bench, &calls[i]);
			a.list = NULL;
			call_refused(&bench, &calls[i], &a, "A1 no list",
			    MARKET_E_ARGUMENT);
			a = call_good(&bench, &calls[i]);
			list[0] = nowhere;
			call_refused(&bench, &calls[i], &a,
			    "E2 no bytes in a list", MARKET_E_ARGUMENT);
			a = call_good(&bench, &calls[i]);
			a.n = SIZE_MAX;
			call_refused(&bench, &calls[i], &a, "A9 a huge count",
			    MARKET_E_ARGUMENT);
			a = call_good(&bench, &calls[i]);
			a.n = SIZE_MAX / sizeof(market_slice_t) + 1;
			call_refused(&bench, &calls[i], &a,
			    "A9 a count that overflows", MARKET_E_ARGUMENT);
		}
		if ((calls[i].takes & TAKES_ID) != 0) {
			a = call_good(&bench, &calls[i]);
			a.listing = nowhere;
			call_refused(&bench, &calls[i], &a, "E2 no id",
			    MARKET_E_ARGUMENT);
		}
		if ((calls[i].takes & TAKES_OFFER) != 0) {
			a = call_good(&bench, &calls[i]);
			a.offer = nowhere;
			call_refused(&bench, &calls[i], &a, "E2 no offer",
			    MARKET_E_ARGUMENT);
		}
	}
	play_clear(&bench.play);
}
END_TEST

START_TEST(calls_refuse_what_else_cannot_be)
{
	const market_slice_t nowhere = { NULL, 5 };
	const call_t *sale = call_named("sale");
	const call_t *check = call_named("check");
	const call_t *list = call_named("list");
	const call_t *impact = call_named("impact");
	bench_t bench;
	asked_t a;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	bench_init(&bench, _i);
	a = call_good(&bench, sale);
	a.us = nowhere;
	call_refused(&bench, sale, &a, "E2 no territory", MARKET_E_ARGUMENT);
	a = call_good(&bench, sale);
	a.network = nowhere;
	call_refused(&bench, sale, &a, "E2 no network", MARKET_E_ARGUMENT);
	a = call_good(&bench, check);
	a.at = bench.play.now - 1;
	a.flags = MARKET_STORE_PAST;
	call_refused(
	    &bench, check, &a, "before the store was made", MARKET_E_NOT_FOUND);
	a = call_good(&bench, list);
	a.query.size--;
	call_refused(&bench, list, &a, "A7 a query's size", MARKET_E_ARGUMENT);
	a = call_good(&bench, list);
	a.query.limit = 10001;
	call_refused(
	    &bench, list, &a, "A9 a limit above the limit", MARKET_E_ARGUMENT);
	a = call_good(&bench, list);
	a.query.status = (market_listing_status_t)99;
	call_refused(
	    &bench, list, &a, "a status that is none", MARKET_E_ARGUMENT);
	a = call_good(&bench, list);
	a.query.after = nowhere;
	call_refused(
	    &bench, list, &a, "E2 no id to go on from", MARKET_E_ARGUMENT);
	a = call_good(&bench, impact);
	a.target.issuer = nowhere;
	call_refused(&bench, impact, &a, "E2 no issuer", MARKET_E_ARGUMENT);
	a = call_good(&bench, impact);
	a.target.issuer = market_slice_of("");
	call_refused(&bench, impact, &a, "no target", MARKET_E_ARGUMENT);
	a = call_good(&bench, impact);
	a.target.key = market_slice_of("0123");
	call_refused(&bench, impact, &a, "two targets", MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_store_set_intent(bench.play.store,
			     market_slice_of("shop.example/offer"),
			     (market_intent_t)0, bench.play.now, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_store_set_intent(bench.play.store,
			     market_slice_of("shop.example/offer"),
			     (market_intent_t)4, bench.play.now, NULL),
	    MARKET_E_ARGUMENT);
	market_store_free(NULL);
	market_additions_free(NULL);
	market_submissions_free(NULL);
	market_listings_free(NULL);
	market_effects_free(NULL);
	market_changes_free(NULL);
	market_faults_free(NULL);
	play_clear(&bench.play);
}
END_TEST

START_TEST(calls_take_counts_without_end_where_a_count_only_bounds)
{
	bench_t bench;
	asked_t a;
	size_t i;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	bench_init(&bench, _i);
	for (i = 0; i < n_calls; i++) {
		if ((calls[i].takes & TAKES_COUNT) == 0)
			continue;
		a = call_good(&bench, &calls[i]);
		a.n = SIZE_MAX; /* A9 */
		ck_assert_msg(calls[i].run(&a) == MARKET_OK, "%s: %s",
		    calls[i].label, bench.error.message);
		call_give_back(&a);
	}
	play_clear(&bench.play);
}
END_TEST

/* ---- making and opening ---- */

START_TEST(store_is_not_made_or_opened_when_misused)
{
	market_error_t error = MARKET_ERROR_INIT;
	const market_slice_t nowhere = { NULL, 5 };
	market_store_t *store = NULL;
	market_slice_t root, policy;
	market_store_options_t options;
	play_t play;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i);
	root = world_envelope(play.world, "root");
	policy = world_envelope(play.world, "policy");
	options = play.options;
#define CREATE(context, location, root, policy, at, options, ret) \
	market_store_create(                                      \
	    context, location, root, policy, at, options, ret, &error)
	ck_assert_int_eq(
	    CREATE(NULL, play.location, root, policy, play.now, NULL, &store),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    CREATE(play.context, NULL, root, policy, play.now, NULL, &store),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(CREATE(play.context, play.location, root, policy,
			     play.now, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(CREATE(play.context, play.location, nowhere, policy,
			     play.now, NULL, &store),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(CREATE(play.context, play.location, root, nowhere,
			     play.now, NULL, &store),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    CREATE(play.context, play.location, root, policy, -1, NULL, &store),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(CREATE(play.context, play.location, root, policy,
			     INT64_MAX, NULL, &store),
	    MARKET_E_ARGUMENT);
	options.size++;
	ck_assert_int_eq(CREATE(play.context, play.location, root, policy,
			     play.now, &options, &store),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(CREATE(play.context, play.location, policy, root,
			     play.now, NULL, &store),
	    MARKET_E_KIND);
	ck_assert_int_eq(market_store_open(play.context, play.location,
			     &options, &store, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_store_open(NULL, play.location, NULL, &store, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_store_open(play.context, NULL, NULL, &store, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_store_open(play.context, play.location, NULL, NULL, NULL),
	    MARKET_E_ARGUMENT);
	/* A3 opened before it was made. */
	ck_assert_int_eq(
	    market_store_open(play.context, play.location, NULL, &store, NULL),
	    MARKET_E_NOT_FOUND);
	ck_assert_ptr_null(store);
	/* Nothing is left in the way of a good one. */
	play_begin(&play);
	if (play.folder[0] != '\0') {
		/* A3 made twice. */
		ck_assert_int_eq(CREATE(play.context, play.location, root,
				     policy, play.now, NULL, &store),
		    MARKET_E_IO);
		ck_assert_ptr_null(store);
	}
	play_clear(&play);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("faults_calls");
	TCase *tcase = tcase_create("calls");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(
	    tcase, calls_do_their_work_with_good_arguments, 0, PLAY_KINDS);
	tcase_add_loop_test(
	    tcase, calls_refuse_when_something_is_missing, 0, PLAY_KINDS);
	tcase_add_loop_test(
	    tcase, calls_refuse_when_a_value_cannot_be, 0, PLAY_KINDS);
	tcase_add_loop_test(
	    tcase, calls_refuse_what_else_cannot_be, 0, PLAY_KINDS);
	tcase_add_loop_test(tcase,
	    calls_take_counts_without_end_where_a_count_only_bounds, 0,
	    PLAY_KINDS);
	tcase_add_loop_test(
	    tcase, store_is_not_made_or_opened_when_misused, 0, PLAY_KINDS);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
