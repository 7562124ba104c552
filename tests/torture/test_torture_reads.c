/* SPDX-License-Identifier: Apache-2.0 */
/*
 * P20, X1, X2, X5: a store is asked without memory. It answers what it would
 * have answered, or nothing, and goes on; nobody is told PERMIT for that.
 */
#include "config.h"

#include "store_kit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const market_slice_t listing = { (const uint8_t *)"shop.example/offer",
	18 };
static const market_slice_t taken = { (const uint8_t *)"shop2.example/other",
	19 };

static void
tell(FILE *out, market_slice_t text)
{
	fprintf(out, " %.*s", (int)text.len, (const char *)text.ptr);
}

/* ---- what stands ---- */

static market_status_t
run_marketplace(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t party = MARKET_BUFFER_INIT;
	market_status_t status;

	status = ARMED(market_store_marketplace(torture->store, &party, error));
	if (status != MARKET_OK)
		torture_expect_buffer(torture, &party);
	tell(out, market_buffer_slice(&party));
	market_buffer_clear(&party);
	return status;
}

static market_status_t
run_clock(torture_t *torture, FILE *out, market_error_t *error)
{
	market_store_mark_t mark;
	market_status_t status;
	int64_t clock = 77;

	memset(&mark, 77, sizeof(mark));
	status = ARMED(market_store_clock(torture->store, &clock, error));
	if (status == MARKET_OK)
		status = ARMED(
		    market_store_get_mark(torture->store, &mark, error));
	else
		ck_assert_int_eq(clock, 77);
	if (status != MARKET_OK)
		ck_assert_int_eq(mark.epoch_chain[0], 77);
	fprintf(out, "%lld %llu", (long long)clock,
	    (unsigned long long)mark.entries);
	return status;
}

static market_status_t
run_revision(torture_t *torture, FILE *out, market_error_t *error)
{
	market_status_t status;
	uint64_t revision = 77;

	status = ARMED(market_store_revision(torture->store,
	    MARKET_KIND_AUTHORIZATION, market_slice_of("mi.com"),
	    market_slice_of("grant"), &revision, error));
	if (status != MARKET_OK)
		ck_assert_uint_eq(revision, 77);
	fprintf(out, "%llu", (unsigned long long)revision);
	return status;
}

/* ---- decisions ---- */

static market_status_t
told_decision(torture_t *torture, FILE *out, market_status_t status,
    market_decision_t *decision)
{
	market_buffer_t json = MARKET_BUFFER_INIT;

	if (status != MARKET_OK && status != MARKET_E_DENIED &&
	    status != MARKET_E_INDETERMINATE) {
		EXPECT_UNTOUCHED(torture, decision);
		return status;
	}
	ck_assert_int_eq(market_decision_json(decision, &json), MARKET_OK);
	tell(out, market_buffer_slice(&json));
	market_buffer_clear(&json);
	market_decision_free(decision);
	return status;
}

static market_status_t
run_check(torture_t *torture, FILE *out, market_error_t *error)
{
	market_decision_t *decision = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_store_check(torture->store, torture->offer, NULL,
	    0, torture->now, 0, &decision, error));
	return told_decision(torture, out, status, decision);
}

static market_status_t
run_check_past(torture_t *torture, FILE *out, market_error_t *error)
{
	market_decision_t *decision = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_store_check(torture->store, torture->offer, NULL,
	    0, torture->now - 2, MARKET_STORE_PAST, &decision, error));
	return told_decision(torture, out, status, decision);
}

/* Denied by the statement that is handed in with it. */
static market_status_t
run_check_with(torture_t *torture, FILE *out, market_error_t *error)
{
	market_decision_t *decision = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_store_check(torture->store, torture->offer,
	    &torture->withdrawal, 1, torture->now, 0, &decision, error));
	return told_decision(torture, out, status, decision);
}

static market_status_t
run_why(torture_t *torture, FILE *out, market_error_t *error)
{
	market_listings_t *listings = UNTOUCHED;
	market_decision_t *decision = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_store_why(torture->store, taken, torture->now, 0,
	    &listings, &decision, error));
	if (status != MARKET_OK)
		EXPECT_UNTOUCHED(torture, listings);
	else
		market_listings_free(listings);
	return told_decision(torture, out, status, decision);
}

static market_status_t
sale(torture_t *torture, FILE *out, market_slice_t of, market_error_t *error)
{
	market_status_t status;
	int64_t horizon = 77;

	status = ARMED(
	    market_store_sale(torture->store, of, market_slice_of("US"),
		MARKET_CHANNEL_ONLINE_STORE, market_slice_of("t-mobile.com/us"),
		torture->now, 0, &horizon, error));
	if (status == MARKET_E_MEMORY)
		ck_assert_int_eq(horizon, 77);
	fprintf(out, "%lld", (long long)horizon);
	return status;
}

static market_status_t
run_sale(torture_t *torture, FILE *out, market_error_t *error)
{
	return sale(torture, out, listing, error);
}

static market_status_t
run_sale_denied(torture_t *torture, FILE *out, market_error_t *error)
{
	return sale(torture, out, taken, error);
}

/* ---- lists ---- */

static market_status_t
run_list(torture_t *torture, FILE *out, market_error_t *error)
{
	market_listings_t *listings = UNTOUCHED;
	const market_listing_t *at;
	market_list_query_t query;
	market_status_t status;
	size_t i;

	memset(&query, 0, sizeof(query));
	query.size = sizeof(query);
	query.at = torture->now;
	status = ARMED(
	    market_store_list(torture->store, &query, &listings, error));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, listings);
		return status;
	}
	for (i = 0; (at = market_listings_at(listings, i)) != NULL; i++) {
		tell(out, at->id);
		fprintf(out, " %s %d", market_listing_status_name(at->status),
		    at->cells[0].live);
	}
	market_listings_free(listings);
	return status;
}

static market_status_t
run_listings_of(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t ids = MARKET_BUFFER_INIT;
	market_status_t status;

	status = ARMED(market_store_listings_of(
	    torture->store, 1, market_slice_of(""), 0, &ids, error));
	if (status != MARKET_OK)
		torture_expect_buffer(torture, &ids);
	tell(out, market_buffer_slice(&ids));
	market_buffer_clear(&ids);
	return status;
}

static market_status_t
run_changes(torture_t *torture, FILE *out, market_error_t *error)
{
	market_changes_t *changes = UNTOUCHED;
	const market_change_t *at;
	market_status_t status;
	size_t i;

	status = ARMED(
	    market_store_changes(torture->store, 0, 0, &changes, error));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, changes);
		return status;
	}
	for (i = 0; (at = market_changes_at(changes, i)) != NULL; i++)
		fprintf(out, "%d %d %d %llu\n", (int)at->kind, (int)at->before,
		    (int)at->after, (unsigned long long)at->cause);
	market_changes_free(changes);
	return status;
}

/* ---- ahead ---- */

static market_status_t
told_effects(torture_t *torture, FILE *out, market_status_t status,
    market_effects_t *effects)
{
	const market_effect_of_t *at;
	size_t i;

	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, effects);
		return status;
	}
	fprintf(
	    out, "%llu dark", (unsigned long long)market_effects_dark(effects));
	for (i = 0; (at = market_effects_at(effects, i)) != NULL; i++)
		fprintf(out, "\n%lld %llu %d %d %s", (long long)at->at,
		    (unsigned long long)at->question, (int)at->before,
		    (int)at->after, at->message == NULL ? "" : at->message);
	market_effects_free(effects);
	return status;
}

static market_status_t
run_impact(torture_t *torture, FILE *out, market_error_t *error)
{
	market_effects_t *effects = UNTOUCHED;
	market_target_t target;
	market_status_t status;

	memset(&target, 0, sizeof(target));
	target.issuer = market_slice_of("mi.com");
	status = ARMED(market_store_impact(
	    torture->store, &target, torture->now, &effects, error));
	return told_effects(torture, out, status, effects);
}

static market_status_t
run_what_if(torture_t *torture, FILE *out, market_error_t *error)
{
	market_additions_t *additions = UNTOUCHED;
	market_effects_t *effects = UNTOUCHED;
	market_status_t status;

	status = ARMED(
	    market_store_what_if(torture->store, &torture->withdrawal, 1,
		torture->now, &effects, &additions, error));
	if (status != MARKET_OK)
		EXPECT_UNTOUCHED(torture, additions);
	else
		market_additions_free(additions);
	return told_effects(torture, out, status, effects);
}

static market_status_t
run_forecast(torture_t *torture, FILE *out, market_error_t *error)
{
	market_effects_t *effects = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_store_forecast(torture->store, torture->now,
	    world_time("2023-01-01T00:00:00Z"), &effects, error));
	return told_effects(torture, out, status, effects);
}

static market_status_t
run_fsck(torture_t *torture, FILE *out, market_error_t *error)
{
	market_faults_t *faults = UNTOUCHED;
	const char *fault;
	market_status_t status;
	size_t i;

	status = ARMED(market_store_fsck(torture->store, NULL, &faults, error));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, faults);
		return status;
	}
	for (i = 0; (fault = market_faults_at(faults, i)) != NULL; i++)
		fprintf(out, "%s\n", fault);
	market_faults_free(faults);
	return status;
}

static const torture_row_t rows[] = {
	{ "marketplace", run_marketplace, 0 },
	{ "clock, get_mark", run_clock, 0 },
	{ "revision", run_revision, 0 },
	{ "check", run_check, TORTURE_INTERNAL },
	{ "check, as history", run_check_past, TORTURE_INTERNAL },
	{ "check with a withdrawal", run_check_with, TORTURE_INTERNAL },
	{ "why", run_why, TORTURE_INTERNAL },
	{ "sale", run_sale, TORTURE_INTERNAL },
	{ "sale of what was taken down", run_sale_denied, TORTURE_INTERNAL },
	{ "list", run_list, TORTURE_INTERNAL },
	{ "listings_of", run_listings_of, 0 },
	{ "changes", run_changes, 0 },
	{ "impact", run_impact, TORTURE_INTERNAL },
	{ "what_if", run_what_if, TORTURE_INTERNAL },
	{ "forecast", run_forecast, TORTURE_INTERNAL },
	{ "fsck", run_fsck, TORTURE_INTERNAL },
};
#define ROWS ((int)COUNT(rows))

/* What the call says with all memory, and what the store is. */
static struct {
	char *told, *state;
	market_status_t status;
	size_t live[COUNTER_OWNERS], tried;
} want;

/* Its cache holds what it read, so that only a closed store has given back. */
#define TRIES_BETWEEN 16

static void
close_and_look(torture_t *torture, torture_point_t point)
{
	char *state = store_state(torture);

	ck_assert_msg(strcmp(state, want.state) == 0,
	    "%s: %s: reading changed something:\n%s\nwas\n%s", torture->label,
	    torture_where(point), state, want.state);
	free(state);
	store_end(torture);
	torture_expect_live(torture, point, COUNTER_ALL, want.live);
}

static bool
try(torture_t *torture, const torture_row_t *row, torture_point_t point)
{
	market_error_t error;
	market_status_t got;
	bool refused, reached;
	char *text;

	if (torture->store == NULL)
		store_begin(torture);
	counter_reset(point.at, point.for_ever, COUNTER_ALL);
	text = torture_tell(torture, row, &got, &error);
	reached = counter.failed > 0;
	refused = torture_refused(
	    torture, row, point, got, want.status, &error);
	if (refused) {
		/* It goes on. */
		counter_reset(SIZE_MAX, false, COUNTER_ALL);
		free(text);
		text = torture_tell(torture, row, &got, &error);
		ck_assert_msg(got == want.status, "%s: %s: then %s: %s",
		    torture->label, torture_where(point),
		    market_status_name(got), error.message);
	}
	ck_assert_msg(strcmp(text, want.told) == 0,
	    "%s: %s: it says\n%s\nand not\n%s", torture->label,
	    torture_where(point), text, want.told);
	free(text);
	if (++want.tried % TRIES_BETWEEN == 0 || !reached)
		close_and_look(torture, point);
	return reached;
}

static void
learn(torture_t *torture, const torture_row_t *row)
{
	market_error_t error;
	int i;

	memset(&want, 0, sizeof(want));
	for (i = 0; i < 2; i++) {
		free(want.told);
		free(want.state);
		store_begin(torture);
		want.state = store_state(torture);
		counter_reset(SIZE_MAX, false, COUNTER_ALL);
		want.told = torture_tell(torture, row, &want.status, &error);
		ck_assert_msg(
		    want.status == MARKET_OK || want.status == MARKET_E_DENIED,
		    "%s: %s: %s", row->label, market_status_name(want.status),
		    error.message);
		store_end(torture);
	}
	torture_forget(torture);
	memcpy(want.live, counter.live, sizeof(want.live));
}

START_TEST(store_answers_or_tells_memory)
{
	const torture_row_t *row = &rows[_i % ROWS];
	torture_t torture;

	torture_init(&torture);
	torture.shallow = 499;
	torture.label = row->label;
	store_prepare(&torture, _i >= ROWS);
	learn(&torture, row);
	torture_sweep(&torture, row, (size_t)_i, try);
	free(want.told);
	free(want.state);
	store_discard(&torture);
	torture_clear(&torture);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("torture_reads");
	TCase *tcase = tcase_create("reads");
	int kinds = 1;

#ifdef HAVE_SQLITE
	kinds = 2;
#endif
	tcase_set_timeout(tcase, 2400);
	tcase_add_loop_test(
	    tcase, store_answers_or_tells_memory, 0, kinds * ROWS);
	suite_add_tcase(suite, tcase);
	return torture_main(suite);
}
