/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a caller does around the store's calls: rows A5, A10, A13, P19, P20 and
 * Q4 to Q6 of the catalogue of faults, for every kind of store. Bytes that
 * change afterwards, names that look like something else, a callback that
 * comes back, a child, a signal, a locale.
 *
 * Ruled out by the design: A13 (errno), of which the library promises nothing.
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

#include "calls.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

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
	size_t calls, between, strange;
} meddler_t;

/* While a call has its turn the store is told to be in use. */
static bool
is_turned_away(market_store_t *store)
{
	market_error_t error = MARKET_ERROR_INIT;
	int64_t clock;

	return market_store_clock(store, &clock, &error) == MARKET_E_STATE &&
	    market_store_set_intent(store,
		market_slice_of("shop.example/offer"), MARKET_INTENT_END, 1,
		NULL) == MARKET_E_STATE;
}

/* Before that, while offers are read, there is nothing to be in the way of. */
static bool
is_served(market_store_t *store)
{
	market_error_t error = MARKET_ERROR_INIT;
	int64_t clock;

	return market_store_clock(store, &clock, &error) == MARKET_OK;
}

static void *
meddle(void *user, size_t size)
{
	meddler_t *meddler = user;
	market_store_t *store = meddler->store;

	if (store != NULL) {
		meddler->store = NULL; /* it allocates nothing, but who knows */
		meddler->calls++;
		if (!is_turned_away(store)) {
			meddler->between++;
			meddler->strange += !is_served(store);
		}
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
	ck_assert_uint_lt(meddler.between, 10);
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
		for (i = 0; i < n_calls; i++) {
			a = call_good(&bench, &calls[i]);
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
	Suite *suite = suite_create("faults_caller");
	TCase *tcase = tcase_create("calls");

	tcase_set_timeout(tcase, 120);
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
