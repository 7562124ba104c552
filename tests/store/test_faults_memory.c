/* SPDX-License-Identifier: Apache-2.0 */
/*
 * P20, X1: memory fails once, at each allocation of each call: the call says
 * so and has changed nothing, or it did its work; nothing is leaked, and the
 * store goes on. (SQLite's own memory: test_sqlite_memory.c.)
 */
#include <stdio.h>
#include <string.h>

#include "play.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

typedef struct bench {
	play_t play;
	market_slice_t withdrawal, offer, price, listing;
	int64_t horizon;
	market_store_mark_t before;
} bench_t;

typedef market_status_t call_t(bench_t *bench, market_error_t *error);

static market_status_t
call_marketplace(bench_t *bench, market_error_t *error)
{
	market_buffer_t party = MARKET_BUFFER_INIT;
	market_status_t status;

	status = market_store_marketplace(bench->play.store, &party, error);
	market_buffer_clear(&party);
	return status;
}

static market_status_t
call_revision(bench_t *bench, market_error_t *error)
{
	uint64_t revision = 0;

	return market_store_revision(bench->play.store,
	    MARKET_KIND_AUTHORIZATION, market_slice_of("mi.com"),
	    market_slice_of("grant"), &revision, error);
}

static market_status_t
call_add(bench_t *bench, market_error_t *error)
{
	market_additions_t *additions = NULL;
	market_status_t status;

	status = market_store_add(bench->play.store, &bench->withdrawal, 1,
	    bench->play.now, MARKET_STORE_LATER, &additions, error);
	if (status == MARKET_OK)
		ck_assert_int_eq(market_additions_at(additions, 0)->result,
		    MARKET_RESULT_ACCEPTED);
	market_additions_free(additions);
	return status;
}

static market_status_t
call_refresh(bench_t *bench, market_error_t *error)
{
	market_refreshed_t refreshed;

	return market_store_refresh(
	    bench->play.store, bench->play.now + 1, 0, &refreshed, error);
}

static market_status_t
decided(market_status_t status, market_decision_t *decision)
{
	ck_assert_msg((status == MARKET_OK || status == MARKET_E_DENIED) ==
		(decision != NULL),
	    "%s with%s a decision", market_status_name(status),
	    decision == NULL ? "out" : "");
	market_decision_free(decision);
	return status == MARKET_E_DENIED ? MARKET_OK : status;
}

static market_status_t
call_check(bench_t *bench, market_error_t *error)
{
	market_decision_t *decision = NULL;
	market_status_t status;

	status = market_store_check(bench->play.store, bench->offer, NULL, 0,
	    bench->play.now, 0, &decision, error);
	return decided(status, decision);
}

static market_status_t
call_check_past(bench_t *bench, market_error_t *error)
{
	market_decision_t *decision = NULL;
	market_status_t status;

	status = market_store_check(bench->play.store, bench->offer, NULL, 0,
	    bench->play.now - 1, MARKET_STORE_PAST, &decision, error);
	return decided(status, decision);
}

static market_status_t
call_check_with(bench_t *bench, market_error_t *error)
{
	market_decision_t *decision = NULL;
	market_status_t status;

	status = market_store_check(bench->play.store, bench->offer,
	    &bench->withdrawal, 1, bench->play.now, 0, &decision, error);
	return decided(status, decision);
}

static market_status_t
submit(bench_t *bench, market_slice_t offer, market_error_t *error)
{
	market_submissions_t *submissions = NULL;
	market_status_t status;

	status = market_store_submit(
	    bench->play.store, &offer, 1, bench->play.now, &submissions, error);
	if (status == MARKET_OK)
		ck_assert_int_eq(market_submissions_at(submissions, 0)->result,
		    MARKET_RESULT_ACCEPTED);
	market_submissions_free(submissions);
	return status;
}

static market_status_t
call_submit(bench_t *bench, market_error_t *error)
{
	return submit(bench, bench->offer, error);
}

static market_status_t
call_price(bench_t *bench, market_error_t *error)
{
	return submit(bench, bench->price, error);
}

static market_status_t
call_intent(bench_t *bench, market_error_t *error)
{
	return market_store_set_intent(bench->play.store, bench->listing,
	    MARKET_INTENT_END, bench->play.now, error);
}

static market_status_t
call_list(bench_t *bench, market_error_t *error)
{
	market_listings_t *listings = NULL;
	market_list_query_t query;
	market_status_t status;

	memset(&query, 0, sizeof(query));
	query.size = sizeof(query);
	query.at = bench->play.now;
	status = market_store_list(bench->play.store, &query, &listings, error);
	if (status == MARKET_OK)
		ck_assert_int_eq(market_listings_at(listings, 0)->status,
		    MARKET_LISTING_PUBLISHED);
	market_listings_free(listings);
	return status;
}

static market_status_t
call_why(bench_t *bench, market_error_t *error)
{
	market_listings_t *listings = NULL;
	market_decision_t *decision = NULL;
	market_status_t status;

	status = market_store_why(bench->play.store, bench->listing,
	    bench->play.now, 0, &listings, &decision, error);
	ck_assert_msg((status == MARKET_OK) == (decision != NULL) &&
		(status == MARKET_OK) == (listings != NULL),
	    "why gives half");
	market_decision_free(decision);
	market_listings_free(listings);
	return status;
}

static market_status_t
call_sale(bench_t *bench, market_error_t *error)
{
	return market_store_sale(bench->play.store, bench->listing,
	    market_slice_of("US"), MARKET_CHANNEL_ONLINE_STORE,
	    market_slice_of("t-mobile.com/us"), bench->play.now, 0,
	    &bench->horizon, error);
}

static market_status_t
call_impact(bench_t *bench, market_error_t *error)
{
	market_effects_t *effects = NULL;
	market_target_t target;
	market_status_t status;

	memset(&target, 0, sizeof(target));
	target.issuer = market_slice_of("mi.com");
	status = market_store_impact(
	    bench->play.store, &target, bench->play.now, &effects, error);
	if (status == MARKET_OK)
		ck_assert_uint_eq(market_effects_dark(effects), 1);
	market_effects_free(effects);
	return status;
}

static market_status_t
call_what_if(bench_t *bench, market_error_t *error)
{
	market_additions_t *additions = NULL;
	market_effects_t *effects = NULL;
	market_status_t status;

	status = market_store_what_if(bench->play.store, &bench->withdrawal, 1,
	    bench->play.now, &effects, &additions, error);
	if (status == MARKET_OK)
		ck_assert_uint_eq(market_effects_dark(effects), 1);
	market_additions_free(additions);
	market_effects_free(effects);
	return status;
}

static market_status_t
call_forecast(bench_t *bench, market_error_t *error)
{
	market_effects_t *effects = NULL;
	market_status_t status;

	status = market_store_forecast(bench->play.store, bench->play.now,
	    world_time("2023-01-01T00:00:00Z"), &effects, error);
	if (status == MARKET_OK)
		ck_assert_uint_eq(market_effects_dark(effects), 1);
	market_effects_free(effects);
	return status;
}

static market_status_t
call_listings_of(bench_t *bench, market_error_t *error)
{
	market_buffer_t ids = MARKET_BUFFER_INIT;
	market_status_t status;

	status = market_store_listings_of(
	    bench->play.store, 1, market_slice_of(""), 0, &ids, error);
	market_buffer_clear(&ids);
	return status;
}

static market_status_t
call_changes(bench_t *bench, market_error_t *error)
{
	market_changes_t *changes = NULL;
	market_status_t status;

	status = market_store_changes(bench->play.store, 0, 0, &changes, error);
	market_changes_free(changes);
	return status;
}

static market_status_t
call_fsck(bench_t *bench, market_error_t *error)
{
	market_faults_t *faults = NULL;
	market_status_t status;

	status = market_store_fsck(bench->play.store, NULL, &faults, error);
	if (status == MARKET_OK)
		ck_assert_msg(market_faults_at(faults, 0) == NULL, "fsck: %s",
		    market_faults_at(faults, 0));
	market_faults_free(faults);
	return status;
}

static market_status_t
call_create(bench_t *bench, market_error_t *error)
{
	market_store_t *store = NULL;
	market_status_t status;
	char location[80];

	snprintf(location, sizeof(location), "%s%s", bench->play.location,
	    bench->play.folder[0] == '\0' ? "" : "-2");
	status = market_store_create(bench->play.context, location,
	    world_envelope(bench->play.world, "root"),
	    world_envelope(bench->play.world, "policy"), bench->play.now,
	    &bench->play.options, &store, error);
	ck_assert_msg((status == MARKET_OK) == (store != NULL), "half a store");
	market_store_free(store);
	return status;
}

static market_status_t
call_open(bench_t *bench, market_error_t *error)
{
	market_store_t *store = NULL;
	market_status_t status;

	if (bench->play.folder[0] == '\0')
		return MARKET_OK;
	status = market_store_open(bench->play.context, bench->play.location,
	    &bench->play.options, &store, error);
	ck_assert_msg((status == MARKET_OK) == (store != NULL), "half a store");
	market_store_free(store);
	return status;
}

static const struct {
	const char *label;
	call_t *run;
	bool writes;
} calls[] = {
	{ "marketplace", call_marketplace, false },
	{ "revision", call_revision, false },
	{ "check", call_check, false },
	{ "check, as history", call_check_past, false },
	{ "check with", call_check_with, false },
	{ "list", call_list, false },
	{ "why", call_why, false },
	{ "sale", call_sale, false },
	{ "impact", call_impact, false },
	{ "what_if", call_what_if, false },
	{ "forecast", call_forecast, false },
	{ "listings_of", call_listings_of, false },
	{ "changes", call_changes, false },
	{ "fsck", call_fsck, false },
	{ "open", call_open, false },
	{ "add", call_add, true },
	{ "refresh", call_refresh, true },
	{ "submit", call_submit, true },
	{ "submit a price", call_price, true },
	{ "set_intent", call_intent, true },
	{ "create", call_create, true },
};

static void
bench_init(bench_t *bench, int kind, size_t which)
{
	play_t *play = &bench->play;

	play_init(play, kind);
	play_begin_good(play);
	play_at(play, "2016-02-02T00:00:00Z");
	play_refresh(play);
	play_edit(play, "+o2 =offer {'header': {'id': 'o2'}}");
	play_edit(play,
	    "+price =offer {'header': {'revision': '2'}, 'price':"
	    " {'amountMicros': '199000000'}}");
	play_edit(
	    play, "+w withdrawal mi.com {'targetDigest': '$digest:grant'}");
	bench->offer = world_envelope(play->world, "o2");
	bench->price = world_envelope(play->world, "price");
	bench->withdrawal = world_envelope(play->world, "w");
	bench->listing = market_slice_of("shop.example/offer");
	/* Something to compute anew. */
	if (calls[which].run == call_refresh)
		play_add(play, "w", "ACCEPTED", MARKET_STORE_LATER);
	/* Signed before, so that this takes no memory later. */
	(void)world_envelope(play->world, "root");
	(void)world_envelope(play->world, "policy");
	play->n_told = 0;
	bench->before = play_mark(play);
}

/* Nothing was changed, and it goes on. */
static void
expect_unchanged(bench_t *bench, size_t which, size_t fail_at)
{
	market_store_mark_t after = play_mark(&bench->play);

	ck_assert_msg(after.epoch == bench->before.epoch &&
		after.entries == bench->before.entries &&
		memcmp(after.entry_chain, bench->before.entry_chain,
		    sizeof(after.entry_chain)) == 0,
	    "%s: allocation %zu: it failed, and changed something",
	    calls[which].label, fail_at);
	if (calls[which].run != call_refresh)
		ck_assert_msg(play_sale(&bench->play, bench->play.store,
				  "offer") == MARKET_OK,
		    "%s: allocation %zu: what was for sale is not any more",
		    calls[which].label, fail_at);
}

/* Runs the call once; is there anything behind allocation `fail_at`? */
static bool
fail_once(bench_t *bench, int kind, size_t which, size_t fail_at)
{
	market_error_t error = MARKET_ERROR_INIT;
	harness_memory_t *memory = &bench->play.memory;
	market_status_t status;
	bool reached;

	memory->calls = 0;
	memory->fail_at = fail_at;
	status = calls[which].run(bench, &error);
	reached = memory->calls > fail_at;
	memory->fail_at = SIZE_MAX;
	ck_assert_msg(status == MARKET_OK ||
		(status == MARKET_E_MEMORY && error.status == status),
	    "%s: allocation %zu: %s: %s", calls[which].label, fail_at,
	    market_status_name(status), error.message);
	if (status != MARKET_OK) {
		expect_unchanged(bench, which, fail_at);
	} else if (reached && calls[which].writes) {
		/* It did without: the next one needs a store as it was. */
		play_clear(&bench->play);
		bench_init(bench, kind, which);
	}
	return reached;
}

START_TEST(memory_fails_at_each_allocation)
{
	size_t which = (size_t)_i / PLAY_KINDS, n, step, fail_at = 0;
	market_error_t error = MARKET_ERROR_INIT;
	int kind = _i % PLAY_KINDS;
	bench_t bench;

	if (!play_can(kind))
		HARNESS_SKIP("there is no SQLite");
	if (kind == PLAY_REOPENED)
		return; /* as a file: there are no steps between */
	bench_init(&bench, kind, which);
	bench.play.memory.calls = 0;
	if (!calls[which].writes) {
		ck_assert_msg(calls[which].run(&bench, &error) == MARKET_OK,
		    "%s: %s", calls[which].label, error.message);
		n = bench.play.memory.calls;
	} else {
		n = 600;
	}
	step = harness_rounds(40);
	step = n > 2 * step ? n / (2 * step) : 1;
	while (fail_once(&bench, kind, which, fail_at))
		fail_at += fail_at < harness_rounds(40) ? 1 : step;
	play_clear(&bench.play);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("faults_memory");
	TCase *tcase = tcase_create("memory");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, memory_fails_at_each_allocation, 0,
	    (int)COUNT(calls) * PLAY_KINDS);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
