/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Misuse of the store's calls: rows A1 to A16, Q4 to Q6, P19 to P21 of the
 * catalogue of faults, for every kind of store.
 *
 * Ruled out by the design:
 * A2 (use after it was closed) is undefined, as with free(): the handles are
 *   plain pointers, and the other tests run under AddressSanitizer.
 * A4 (a verified object of another context): the calls take bytes and verify
 *   them themselves; there is no verified object to hand in.
 * A6 (a buffer that is too small): no call fills a caller's buffer.
 * A11 (half an allocator) is the context's: tests/unit/test_context.c.
 * A13 (errno): the library promises nothing of it; it reads no locale.
 * A14, A16 (symbols): tests/check/exports.py compares headers, map and library;
 *   here it is seen that no name speaks of a way around.
 * A15: there is no error but the caller's own.
 */
#include "config.h" /* fork, setitimer */

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base.h"
#include "play.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* All that a call may be given, and all that it may give. */
typedef struct asked {
	market_store_t *store;
	market_slice_t offer, statement, listing;
	market_slice_t us, network;
	int64_t at;
	market_store_options_t options;
	market_list_query_t query;
	market_target_t target;
	market_slice_t *list; /* of `n` envelopes */
	size_t n;
	unsigned flags;
	market_error_t *error;
	/* What is given back. */
	market_store_t *got_store;
	market_additions_t *additions;
	market_submissions_t *submissions;
	market_decision_t *decision;
	market_listings_t *listings;
	market_effects_t *effects;
	market_changes_t *changes;
	market_faults_t *faults;
	market_buffer_t buffer;
	market_refreshed_t refreshed;
	market_store_mark_t mark;
	int64_t number;
	uint64_t revision;
	bool no_result; /* the pointer for it is NULL */
} asked_t;

#define RESULT(a, member) ((a)->no_result ? NULL : &(a)->member)

static market_status_t
call_marketplace(asked_t *a)
{
	return market_store_marketplace(a->store, RESULT(a, buffer), a->error);
}

static market_status_t
call_clock(asked_t *a)
{
	return market_store_clock(a->store, RESULT(a, number), a->error);
}

static market_status_t
call_mark(asked_t *a)
{
	return market_store_get_mark(a->store, RESULT(a, mark), a->error);
}

static market_status_t
call_revision(asked_t *a)
{
	return market_store_revision(a->store, MARKET_KIND_AUTHORIZATION,
	    market_slice_of("mi.com"), a->listing, RESULT(a, revision),
	    a->error);
}

static market_status_t
call_add(asked_t *a)
{
	return market_store_add(a->store, a->list, a->n, a->at, a->flags,
	    RESULT(a, additions), a->error);
}

static market_status_t
call_refresh(asked_t *a)
{
	return market_store_refresh(
	    a->store, a->at, a->n, RESULT(a, refreshed), a->error);
}

static market_status_t
call_check(asked_t *a)
{
	return market_store_check(a->store, a->offer, NULL, 0, a->at, a->flags,
	    RESULT(a, decision), a->error);
}

static market_status_t
call_check_with(asked_t *a)
{
	return market_store_check(a->store, a->offer, a->list, a->n, a->at,
	    a->flags, RESULT(a, decision), a->error);
}

static market_status_t
call_submit(asked_t *a)
{
	return market_store_submit(
	    a->store, a->list, a->n, a->at, RESULT(a, submissions), a->error);
}

static market_status_t
call_intent(asked_t *a)
{
	return market_store_set_intent(
	    a->store, a->listing, MARKET_INTENT_PAUSE, a->at, a->error);
}

static market_status_t
call_list(asked_t *a)
{
	a->query.at = a->at;
	a->query.flags = a->flags;
	return market_store_list(
	    a->store, &a->query, RESULT(a, listings), a->error);
}

static market_status_t
call_why(asked_t *a)
{
	return market_store_why(a->store, a->listing, a->at, a->flags,
	    RESULT(a, listings), RESULT(a, decision), a->error);
}

static market_status_t
call_sale(asked_t *a)
{
	return market_store_sale(a->store, a->listing, a->us,
	    MARKET_CHANNEL_ONLINE_STORE, a->network, a->at, a->flags,
	    &a->number, a->error);
}

static market_status_t
call_impact(asked_t *a)
{
	return market_store_impact(
	    a->store, &a->target, a->at, RESULT(a, effects), a->error);
}

static market_status_t
call_what_if(asked_t *a)
{
	return market_store_what_if(a->store, a->list, a->n, a->at,
	    RESULT(a, effects), &a->additions, a->error);
}

static market_status_t
call_forecast(asked_t *a)
{
	return market_store_forecast(
	    a->store, a->at, a->at + 1000, RESULT(a, effects), a->error);
}

static market_status_t
call_listings_of(asked_t *a)
{
	return market_store_listings_of(a->store, 1, market_slice_of(""), a->n,
	    RESULT(a, buffer), a->error);
}

static market_status_t
call_changes(asked_t *a)
{
	return market_store_changes(
	    a->store, 0, a->n, RESULT(a, changes), a->error);
}

static market_status_t
call_fsck(asked_t *a)
{
	return market_store_fsck(a->store, NULL, RESULT(a, faults), a->error);
}

#define TAKES_AT     1u
#define TAKES_FLAGS  2u
#define TAKES_LIST   4u
#define TAKES_COUNT  8u /* any number will do */
#define TAKES_ID     16u
#define TAKES_OFFER  32u
#define NO_RESULT    64u
#define WRITES       128u
#define LISTS_OFFERS 256u
#define GIVES_ONE    512u /* of NULL results one suffices */

static const struct call {
	const char *label;
	market_status_t (*run)(asked_t *a);
	unsigned takes;
} calls[] = {
	{ "marketplace", call_marketplace, 0 },
	{ "clock", call_clock, 0 },
	{ "get_mark", call_mark, 0 },
	{ "revision", call_revision, TAKES_ID },
	{ "add", call_add, TAKES_AT | TAKES_FLAGS | TAKES_LIST | WRITES },
	{ "refresh", call_refresh, TAKES_AT | TAKES_COUNT | WRITES },
	{ "check", call_check, TAKES_AT | TAKES_FLAGS | TAKES_OFFER },
	{ "check with", call_check_with, TAKES_AT | TAKES_OFFER | TAKES_LIST },
	{ "submit", call_submit,
	    TAKES_AT | TAKES_LIST | LISTS_OFFERS | WRITES },
	{ "set_intent", call_intent, TAKES_AT | TAKES_ID | NO_RESULT | WRITES },
	{ "list", call_list, TAKES_AT | TAKES_FLAGS },
	{ "why", call_why, TAKES_AT | TAKES_FLAGS | TAKES_ID },
	{ "sale", call_sale, TAKES_AT | TAKES_FLAGS | TAKES_ID | NO_RESULT },
	{ "impact", call_impact, TAKES_AT },
	{ "what_if", call_what_if, TAKES_AT | TAKES_LIST },
	{ "forecast", call_forecast, TAKES_AT },
	{ "listings_of", call_listings_of, TAKES_COUNT },
	{ "changes", call_changes, TAKES_COUNT },
	{ "fsck", call_fsck, 0 },
};

/* ---- arguments that are good ---- */

typedef struct bench {
	play_t play;
	market_slice_t list[2];
	market_error_t error;
} bench_t;

static void
bench_init(bench_t *bench, int kind)
{
	play_init(&bench->play, kind);
	play_begin_good(&bench->play);
	play_edit(&bench->play, "+g2 =grant {'header': {'id': 'g2'}}");
	play_edit(&bench->play, "+o2 =offer {'header': {'id': 'o2'}}");
}

static asked_t
good(bench_t *bench, const struct call *call)
{
	const market_error_t none = MARKET_ERROR_INIT;
	asked_t a;

	memset(&a, 0, sizeof(a));
	bench->error = none;
	a.error = &bench->error;
	a.store = bench->play.store;
	a.offer = world_envelope(bench->play.world, "o2");
	a.statement = world_envelope(bench->play.world, "g2");
	a.listing = market_slice_of("shop.example/offer");
	a.us = market_slice_of("US");
	a.network = market_slice_of("t-mobile.com/us");
	a.at = bench->play.now;
	a.query.size = sizeof(a.query);
	a.target.issuer = market_slice_of("mi.com");
	bench->list[0] = (call->takes & LISTS_OFFERS) != 0 ? a.offer
							   : a.statement;
	bench->list[1] = bench->list[0];
	a.list = bench->list;
	a.n = 1;
	return a;
}

static void
give_back(asked_t *a)
{
	market_store_free(a->got_store);
	market_additions_free(a->additions);
	market_submissions_free(a->submissions);
	market_decision_free(a->decision);
	market_listings_free(a->listings);
	market_effects_free(a->effects);
	market_changes_free(a->changes);
	market_faults_free(a->faults);
	market_buffer_clear(&a->buffer);
}

/* A12: nothing was given. */
static bool
gave_nothing(const asked_t *a)
{
	return a->got_store == NULL && a->additions == NULL &&
	    a->submissions == NULL && a->decision == NULL &&
	    a->listings == NULL && a->effects == NULL && a->changes == NULL &&
	    a->faults == NULL && a->buffer.data == NULL && a->number == 0 &&
	    a->revision == 0;
}

static bool
same_mark(const market_store_mark_t *a, const market_store_mark_t *b)
{
	return a->epoch == b->epoch && a->entries == b->entries &&
	    memcmp(a->epoch_chain, b->epoch_chain, sizeof(a->epoch_chain)) ==
	    0 &&
	    memcmp(a->entry_chain, b->entry_chain, sizeof(a->entry_chain)) == 0;
}

/* The call fails so, gives nothing, and changes nothing. */
static void
refused(bench_t *bench, const struct call *call, asked_t *a, const char *what,
    market_status_t want)
{
	market_store_mark_t before = play_mark(&bench->play), after;
	market_status_t status = call->run(a);

	ck_assert_msg(status == want, "%s, %s: %s, not %s: %s", call->label,
	    what, market_status_name(status), market_status_name(want),
	    bench->error.message);
	ck_assert_msg(
	    gave_nothing(a), "%s, %s: something is given", call->label, what);
	if (a->error != NULL)
		ck_assert_msg(
		    a->error->status == status && a->error->message[0] != '\0',
		    "%s, %s: nothing is told", call->label, what);
	after = play_mark(&bench->play);
	ck_assert_msg(same_mark(&before, &after),
	    "%s, %s: it changed something", call->label, what);
}

START_TEST(calls_do_their_work_with_good_arguments)
{
	bench_t bench;
	asked_t a;
	size_t i;
	market_status_t status;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	for (i = 0; i < COUNT(calls); i++) {
		bench_init(&bench, _i);
		a = good(&bench, &calls[i]);
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
		give_back(&a);
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
	for (i = 0; i < COUNT(calls); i++) {
		a = good(&bench, &calls[i]);
		a.store = NULL;
		refused(
		    &bench, &calls[i], &a, "A1 no store", MARKET_E_ARGUMENT);
		a = good(&bench, &calls[i]);
		a.store = NULL;
		a.error = NULL;
		refused(&bench, &calls[i], &a, "A1 no store and no error",
		    MARKET_E_ARGUMENT);
		if ((calls[i].takes & NO_RESULT) != 0)
			continue;
		a = good(&bench, &calls[i]);
		a.no_result = true;
		refused(&bench, &calls[i], &a, "A1 nowhere to put it",
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
	for (i = 0; i < COUNT(calls); i++) {
		for (k = 0; k < COUNT(instants); k++) {
			if ((calls[i].takes & TAKES_AT) == 0)
				break;
			a = good(&bench, &calls[i]);
			a.at = instants[k];
			/* What is added to it overflows nothing. */
			if (calls[i].run == call_forecast &&
			    a.at > MARKET__TIME_MAX)
				continue;
			refused(&bench, &calls[i], &a, "no instant",
			    MARKET_E_ARGUMENT);
		}
		if ((calls[i].takes & TAKES_FLAGS) != 0) {
			a = good(&bench, &calls[i]);
			a.flags = 1u << 31;
			refused(&bench, &calls[i], &a, "A8 unknown flag",
			    MARKET_E_ARGUMENT);
		}
		if ((calls[i].takes & TAKES_LIST) != 0) {
			a = good(&bench, &calls[i]);
			a.list = NULL;
			refused(&bench, &calls[i], &a, "A1 no list",
			    MARKET_E_ARGUMENT);
			a = good(&bench, &calls[i]);
			list[0] = nowhere;
			refused(&bench, &calls[i], &a, "E2 no bytes in a list",
			    MARKET_E_ARGUMENT);
			a = good(&bench, &calls[i]);
			a.n = SIZE_MAX;
			refused(&bench, &calls[i], &a, "A9 a huge count",
			    MARKET_E_ARGUMENT);
			a = good(&bench, &calls[i]);
			a.n = SIZE_MAX / sizeof(market_slice_t) + 1;
			refused(&bench, &calls[i], &a,
			    "A9 a count that overflows", MARKET_E_ARGUMENT);
		}
		if ((calls[i].takes & TAKES_ID) != 0) {
			a = good(&bench, &calls[i]);
			a.listing = nowhere;
			refused(&bench, &calls[i], &a, "E2 no id",
			    MARKET_E_ARGUMENT);
		}
		if ((calls[i].takes & TAKES_OFFER) != 0) {
			a = good(&bench, &calls[i]);
			a.offer = nowhere;
			refused(&bench, &calls[i], &a, "E2 no offer",
			    MARKET_E_ARGUMENT);
		}
	}
	play_clear(&bench.play);
}
END_TEST

START_TEST(calls_refuse_what_else_cannot_be)
{
	const market_slice_t nowhere = { NULL, 5 };
	const struct call sale = { "sale", call_sale, 0 };
	const struct call check = { "check", call_check, 0 };
	const struct call list = { "list", call_list, 0 };
	const struct call impact = { "impact", call_impact, 0 };
	bench_t bench;
	asked_t a;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	bench_init(&bench, _i);
	a = good(&bench, &sale);
	a.us = nowhere;
	refused(&bench, &sale, &a, "E2 no territory", MARKET_E_ARGUMENT);
	a = good(&bench, &sale);
	a.network = nowhere;
	refused(&bench, &sale, &a, "E2 no network", MARKET_E_ARGUMENT);
	a = good(&bench, &check);
	a.at = bench.play.now - 1;
	a.flags = MARKET_STORE_PAST;
	refused(&bench, &check, &a, "before the store was made",
	    MARKET_E_NOT_FOUND);
	a = good(&bench, &list);
	a.query.size--;
	refused(&bench, &list, &a, "A7 a query's size", MARKET_E_ARGUMENT);
	a = good(&bench, &list);
	a.query.limit = 10001;
	refused(
	    &bench, &list, &a, "A9 a limit above the limit", MARKET_E_ARGUMENT);
	a = good(&bench, &list);
	a.query.status = (market_listing_status_t)99;
	refused(&bench, &list, &a, "a status that is none", MARKET_E_ARGUMENT);
	a = good(&bench, &list);
	a.query.after = nowhere;
	refused(&bench, &list, &a, "E2 no id to go on from", MARKET_E_ARGUMENT);
	a = good(&bench, &impact);
	a.target.issuer = nowhere;
	refused(&bench, &impact, &a, "E2 no issuer", MARKET_E_ARGUMENT);
	a = good(&bench, &impact);
	a.target.issuer = market_slice_of("");
	refused(&bench, &impact, &a, "no target", MARKET_E_ARGUMENT);
	a = good(&bench, &impact);
	a.target.key = market_slice_of("0123");
	refused(&bench, &impact, &a, "two targets", MARKET_E_ARGUMENT);
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
	for (i = 0; i < COUNT(calls); i++) {
		if ((calls[i].takes & TAKES_COUNT) == 0)
			continue;
		a = good(&bench, &calls[i]);
		a.n = SIZE_MAX; /* A9 */
		ck_assert_msg(calls[i].run(&a) == MARKET_OK, "%s: %s",
		    calls[i].label, bench.error.message);
		give_back(&a);
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

/* ---- bytes and names ---- */

START_TEST(store_keeps_its_own_bytes_when_the_callers_change)
{
	market_additions_t *additions = NULL;
	market_submissions_t *submissions = NULL;
	market_buffer_t copy = MARKET_BUFFER_INIT;
	market_slice_t envelope, listing;
	play_t play;
	char id[64];

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i);
	play_edit(&play, "-grant");
	play_begin(&play);
	play_add_all(
	    &play, "seller product network mvno carrier fcc", "ACCEPTED");
	play_edit(&play,
	    "+grant authorization mi.com {'brand': 'xiaomi', 'grantee':"
	    " 'shop.example', 'scope': {'models': ['*'], 'territories':"
	    " ['*'], 'channels': ['CHANNEL_ANY'], 'marketplaces': ['*'],"
	    " 'conditions': ['CONDITION_ANY']}}");
	/* A5, A10: of just its length, and scribbled over afterwards. */
	envelope = world_envelope(play.world, "grant");
	copy.data = malloc(envelope.len);
	ck_assert_ptr_nonnull(copy.data);
	memcpy(copy.data, envelope.ptr, envelope.len);
	envelope.ptr = copy.data;
	ck_assert_int_eq(market_store_add(play.store, &envelope, 1, play.now, 0,
			     &additions, NULL),
	    MARKET_OK);
	memset(copy.data, 0xff, envelope.len);
	free(copy.data);
	ck_assert_int_eq(
	    market_additions_at(additions, 0)->result, MARKET_RESULT_ACCEPTED);
	market_additions_free(additions);
	envelope = world_envelope(play.world, "offer");
	copy.data = malloc(envelope.len);
	ck_assert_ptr_nonnull(copy.data);
	memcpy(copy.data, envelope.ptr, envelope.len);
	envelope.ptr = copy.data;
	ck_assert_int_eq(market_store_submit(play.store, &envelope, 1, play.now,
			     &submissions, NULL),
	    MARKET_OK);
	memset(copy.data, 0xff, envelope.len);
	free(copy.data);
	ck_assert_str_eq(market_submissions_at(submissions, 0)->listing,
	    "shop.example/offer");
	market_submissions_free(submissions);
	play_is(&play, "offer", "PUBLISHED PERMIT");
	/* A10: what stands behind a name is not read. */
	strcpy(id, "shop.example/offerXX");
	listing = market_slice_of(id);
	listing.len -= 2;
	ck_assert_int_eq(
	    market_store_sale(play.store, listing, market_slice_of("US"),
		MARKET_CHANNEL_ONLINE_STORE, market_slice_of("t-mobile.com/us"),
		play.now, 0, NULL, NULL),
	    MARKET_OK);
	play_clear(&play);
}
END_TEST

START_TEST(store_finds_names_that_look_like_something_else)
{
	static const char *const ids[] = { "'", "\"", "%", "_", "';--", "a%25b",
		"*", "?", "[a]", "a/b", "/", "..", "\\\\", "NULL", "0", "-1",
		"%00", "a%2Fb", "$1", ":x", "?1", "{}", "<b>" };
	char name[32], edit[160];
	play_t play;
	size_t i;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i);
	play_begin_good(&play);
	for (i = 0; i < COUNT(ids); i++) {
		snprintf(name, sizeof(name), "p19-%zu", i);
		snprintf(edit, sizeof(edit),
		    "+%s =offer {\"header\": {\"id\": \"%s%s\"}}", name,
		    ids[i][0] == '"' ? "\\" : "", ids[i]);
		play_edit(&play, edit);
		play_submit(&play, name, "ACCEPTED PERMIT");
		play_submit(&play, name, "DUPLICATE");
	}
	for (i = 0; i < COUNT(ids); i++) {
		snprintf(name, sizeof(name), "p19-%zu", i);
		play_is(&play, name, "PUBLISHED PERMIT");
		snprintf(edit, sizeof(edit),
		    "+w%zu withdrawal shop.example {\"target\": {\"kind\":"
		    " \"offer\", \"issuer\": \"shop.example\", \"id\":"
		    " \"%s%s\"}}",
		    i, ids[i][0] == '"' ? "\\" : "", ids[i]);
		play_edit(&play, edit);
		snprintf(edit, sizeof(edit), "w%zu", i);
		play_add(&play, edit, "ACCEPTED", 0);
		play_is(&play, name, "SUSPENDED DENY");
	}
	play_is(&play, "offer", "PUBLISHED PERMIT");
	play_clear(&play);
}
END_TEST

/* ---- a callback that comes back, a child, a signal ---- */

typedef struct meddler {
	harness_memory_t memory;
	market_store_t *store; /* that is called again; NULL: none */
	size_t calls, strange;
} meddler_t;

static void *
meddle(void *user, size_t size)
{
	meddler_t *meddler = user;
	market_store_t *store = meddler->store;
	market_error_t error = MARKET_ERROR_INIT;
	int64_t clock;

	if (store != NULL) {
		meddler->store = NULL; /* it allocates nothing, but who knows */
		meddler->calls++;
		if (market_store_clock(store, &clock, &error) !=
			MARKET_E_STATE ||
		    market_store_set_intent(store,
			market_slice_of("shop.example/offer"),
			MARKET_INTENT_END, 1, NULL) != MARKET_E_STATE)
			meddler->strange++;
		meddler->store = store;
	}
	return meddler->memory.allocator.alloc(&meddler->memory, size);
}

static void
meddle_free(void *user, void *ptr)
{
	meddler_t *meddler = user;

	meddler->memory.allocator.free(&meddler->memory, ptr);
}

START_TEST(a_callback_that_calls_again_is_told_state)
{
	market_context_options_t options;
	market_context_t *context = NULL;
	static const char *const names[] = { "seller", "product", "network",
		"carrier", "fcc", "grant" };
	market_submissions_t *submissions = NULL;
	market_additions_t *additions = NULL;
	market_listings_t *listings = NULL;
	market_slice_t envelopes[COUNT(names)], offer;
	market_store_t *store = NULL;
	meddler_t meddler;
	play_t play;
	size_t i;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i);
	memset(&meddler, 0, sizeof(meddler));
	memset(&options, 0, sizeof(options));
	harness_memory_init(&meddler.memory);
	options.size = sizeof(options);
	options.allocator.alloc = meddle;
	options.allocator.free = meddle_free;
	options.allocator.user = &meddler;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	ck_assert_int_eq(market_store_create(context, play.location,
			     world_envelope(play.world, "root"),
			     world_envelope(play.world, "policy"), play.now,
			     NULL, &store, NULL),
	    MARKET_OK);
	for (i = 0; i < COUNT(names); i++)
		envelopes[i] = world_envelope(play.world, names[i]);
	offer = world_envelope(play.world, "offer");
	alarm(20); /* instead of waiting for itself */
	meddler.store = store;
	ck_assert_int_eq(market_store_add(store, envelopes, COUNT(names),
			     play.now, 0, &additions, NULL),
	    MARKET_OK);
	ck_assert_int_eq(
	    market_store_submit(store, &offer, 1, play.now, &submissions, NULL),
	    MARKET_OK);
	ck_assert_int_eq(
	    market_store_why(store, market_slice_of("shop.example/offer"),
		play.now, 0, &listings, NULL, NULL),
	    MARKET_OK);
	meddler.store = NULL;
	ck_assert_int_eq(
	    market_listings_at(listings, 0)->status, MARKET_LISTING_PUBLISHED);
	alarm(0);
	ck_assert_uint_gt(meddler.calls, 100);
	ck_assert_uint_eq(meddler.strange, 0);
	market_listings_free(listings);
	market_submissions_free(submissions);
	market_additions_free(additions);
	market_store_free(store);
	market_context_free(context);
	ck_assert_uint_eq(meddler.memory.live, 0);
	play_clear(&play);
}
END_TEST

START_TEST(a_child_is_told_state)
{
	bench_t bench;
	asked_t a;
	size_t i;
	int status = 0;
	pid_t child;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	bench_init(&bench, _i);
	/* What a child needs was signed before. */
	(void)world_envelope(bench.play.world, "o2");
	(void)world_envelope(bench.play.world, "g2");
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		for (i = 0; i < COUNT(calls); i++) {
			a = good(&bench, &calls[i]);
			if (calls[i].run(&a) != MARKET_E_STATE)
				_exit(1 + (int)i);
		}
		/* Nor does it close what is its parent's. */
		market_store_free(bench.play.store);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	    "Q5 status %d of call number %d is not told", status,
	    WEXITSTATUS(status) - 1);
	play_is(&bench.play, "offer", "PUBLISHED PERMIT");
	play_add(&bench.play, "g2", "ACCEPTED", 0);
	play_reopen(&bench.play);
	play_is(&bench.play, "offer", "PUBLISHED PERMIT");
	play_clear(&bench.play);
}
END_TEST

static void
on_alarm(int number)
{
	(void)number;
}

START_TEST(a_signal_harms_no_call)
{
	struct itimerval often = { { 0, 700 }, { 0, 700 } };
	struct itimerval never = { { 0, 0 }, { 0, 0 } };
	struct sigaction action;
	char edit[80], name[16];
	play_t play;
	size_t i;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i);
	play_begin_good(&play);
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_alarm; /* without SA_RESTART: Q6 */
	ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &often, NULL), 0);
	for (i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "s%zu", i);
		snprintf(edit, sizeof(edit),
		    "+%s =offer {'header': {'id': '%s'}}", name, name);
		play_edit(&play, edit);
		play_submit(&play, name, "ACCEPTED PERMIT");
		play_is(&play, name, "PUBLISHED PERMIT");
	}
	ck_assert_int_eq(setitimer(ITIMER_REAL, &never, NULL), 0);
	play_clear(&play);
}
END_TEST

START_TEST(a_locale_changes_nothing)
{
	play_t play;

	/* A13: a comma for a point, and other letters; where it is there. */
	if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL &&
	    setlocale(LC_ALL, "tr_TR.UTF-8") == NULL &&
	    setlocale(LC_ALL, "C.UTF-8") == NULL)
		HARNESS_SKIP("there is no other locale");
	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i);
	play_begin_good(&play);
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
	tcase_add_loop_test(tcase,
	    store_keeps_its_own_bytes_when_the_callers_change, 0, PLAY_KINDS);
	tcase_add_loop_test(tcase,
	    store_finds_names_that_look_like_something_else, 0, PLAY_KINDS);
	tcase_add_loop_test(
	    tcase, a_callback_that_calls_again_is_told_state, 0, PLAY_KINDS);
	tcase_add_loop_test(tcase, a_child_is_told_state, 0, PLAY_KINDS);
	tcase_add_loop_test(tcase, a_signal_harms_no_call, 0, PLAY_KINDS);
	tcase_add_loop_test(tcase, a_locale_changes_nothing, 0, PLAY_KINDS);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
