/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feeds are taken in, stopped, and gone on with: the end is the same as in one
 * go, to the last byte of the history, whatever stopped it and whoever works.
 */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "intake_kit.h"

/* Seven chunks: three transactions, of which the last is short. */
#define ROWS 1700

static const intake_setup_t mixed = {
	.edits = { "+denied =offer {'territories': ['CA']}",
	    "+newer =offer {'header': {'id': '00003', 'revision': '2'}}",
	    "+other =offer {'header': {'id': '00005'}, 'quantity': '3'}",
	    "+same =offer {'header': {'id': '00007'}}",
	    "+theirs =offer {'header': {'issuer': 'other.example'}}" }
};

/* A row that is denied, one that is junk, and another seller's. */
static void
add_mixed_rows(feed_kit_t *f, size_t from, size_t n)
{
	size_t i;

	for (i = from; i < from + n; i += 100) {
		feed_kit_offers(f, "offer", i, 96);
		feed_kit_offers(f, "denied", i + 96, 2);
		feed_kit_row(f, market_slice_of("junk"));
		feed_kit_offers(f, "theirs", i + 99, 1);
	}
}

/* The fifth chunk is not what was signed. */
static void
break_a_chunk(feed_kit_t *f)
{
	f->bytes[f->starts[4 * 256 + 20] + 10] ^= 1;
}

/*
 * Offers of all kinds stand in the first revision, and in the second one, of
 * which the store has had the first.
 */
static void
prepare(intake_t *intake, int backend, bool second)
{
	ck_assert(intake_open(intake, backend, &mixed));
	intake_submit(intake, "newer");
	intake_submit(intake, "other");
	intake_submit(intake, "same");
	if (second) {
		feed_kit_offers(&intake->feed, "offer", 0, ROWS + 50);
		intake_whole(intake);
		intake_renew(intake, 2);
		intake->max_ended = 1000;
	}
	add_mixed_rows(&intake->feed, 0, ROWS);
	feed_kit_sign(&intake->feed, "shop.example");
	break_a_chunk(&intake->feed);
	intake_plain(intake);
}

/* What it comes to in one go. */
typedef struct outcome {
	market_intake_report_t report;
	char *state, *told;
} outcome_t;

static outcome_t
outcome_of(intake_t *intake)
{
	outcome_t outcome = { .report = intake->report };

	outcome.state = intake_state(intake);
	outcome.told = strdup(intake->told);
	ck_assert_ptr_nonnull(outcome.told);
	return outcome;
}

static outcome_t
in_one_go(int backend, bool second)
{
	outcome_t outcome;
	intake_t intake;

	prepare(&intake, backend, second);
	ck_assert_int_eq(intake_take(&intake), MARKET_OK);
	ck_assert_int_eq(intake.report.result, MARKET_RESULT_ACCEPTED);
	ck_assert(intake.report.done);
	ck_assert_uint_eq(intake.report.rows.rows, ROWS);
	ck_assert_uint_eq(intake.report.rows.chunks, 7);
	ck_assert_uint_eq(intake.report.rows.chunks_broken, 1);
	outcome = outcome_of(&intake);
	intake_expect_sound(&intake);
	intake_close(&intake);
	return outcome;
}

static void
outcome_clear(outcome_t *outcome)
{
	free(outcome->state);
	free(outcome->told);
}

/* The list counts as accepted once. */
static void
expect_outcome(intake_t *intake, const outcome_t *want)
{
	char *state = intake_state(intake);

	ck_assert_str_eq(state, want->state);
	free(state);
	intake->report.result = want->report.result;
	ck_assert_mem_eq(&intake->report, &want->report, sizeof(want->report));
}

/* ---- what comes of it ---- */

/* Each row once, by what became of it. */
START_TEST(feed_becomes_listings_as_its_rows_are)
{
	outcome_t first = in_one_go(_i, false), second = in_one_go(_i, true);
	const market_intake_report_t *a = &first.report, *b = &second.report;

	/* Two of each hundred, and the broken chunk, which has four. */
	ck_assert_uint_eq(a->rows.refused, 256 + 2 * (17 - 2));
	ck_assert_uint_eq(a->stale, 1);
	ck_assert_uint_eq(a->forks, 1);
	ck_assert_uint_eq(a->unchanged, 1);
	ck_assert_uint_eq(a->rejected, a->rows.refused);
	ck_assert_uint_eq(a->ended, 0);
	ck_assert_uint_eq(b->rows.refused, a->rows.refused);
	/* Denied ones were here as other offers of their revision; that fork of
	 * the first is known. */
	ck_assert_uint_eq(b->forks, b->rows.denied);
	ck_assert_uint_eq(b->unchanged, 2);
	ck_assert_uint_gt(b->ended, 50);
	outcome_clear(&first);
	outcome_clear(&second);
}
END_TEST

/* ---- stopped; M12: slow, and with a cursor that moves by commits ---- */

/* Each stops the call somewhere, or lets it end. */
static void
stop_at_a_row(intake_t *intake, size_t round)
{
	intake->stop_row = 1 + round * 11;
}

static void
stop_at_each_step(intake_t *intake, size_t round)
{
	(void)round;
	intake->stop_step = 1;
}

static void
stop_at_a_read(intake_t *intake, size_t round)
{
	intake->reader.fail_at = intake->feed.len * round / 7;
	intake->reader.failure = round % 2 == 0 ? MARKET_E_IO : MARKET_E_LIMIT;
}

static void
sleep_over_the_limit(intake_t *intake)
{
	struct timespec pause = { 0, 60000000 };

	(void)intake;
	(void)nanosleep(&pause, NULL);
}

static void
stop_in_time(intake_t *intake, size_t round)
{
	(void)round;
	intake->time_limit_ms = 50;
	intake->meanwhile = sleep_over_the_limit;
}

static const struct {
	const char *label;
	void (*stop)(intake_t *intake, size_t round);
	market_status_t want; /* 0: any */
	size_t most;          /* calls that may be needed */
} stops[] = {
	{ "a row", stop_at_a_row, MARKET_E_CALLBACK, 10 },
	{ "a step", stop_at_each_step, MARKET_E_CALLBACK, 6 },
	{ "a read", stop_at_a_read, 0, 9 },
	{ "the time", stop_in_time, MARKET_E_TIMEOUT, 50 },
};
#define STOPS MARKET__COUNT(stops)

/* A file is opened anew each time, as after a crash. */
static void
go_on_until_done(intake_t *intake, size_t k)
{
	market_status_t status = MARKET_E_CALLBACK;
	size_t round;

	for (round = 0; status != MARKET_OK; round++) {
		ck_assert_msg(
		    round < stops[k].most, "%s: it never ends", stops[k].label);
		intake_plain(intake);
		stops[k].stop(intake, round);
		status = intake_take(intake);
		ck_assert_msg(status == MARKET_OK || stops[k].want == 0 ||
			status == stops[k].want,
		    "%s: %s", stops[k].label, market_status_name(status));
		ck_assert_int_eq(status == MARKET_OK,
		    intake->report.done && status == MARKET_OK);
		ck_assert_uint_le(intake->report.rows.chunks, 7);
		intake_expect_sound(intake);
		intake_reopen(intake);
	}
	ck_assert_uint_gt(round, 1);
}

START_TEST(feed_that_was_stopped_comes_to_the_same)
{
	int backend = _i % INTAKE_BACKENDS;
	size_t k = (size_t)_i / INTAKE_BACKENDS;
	outcome_t want = in_one_go(backend, true);
	intake_t intake;

	prepare(&intake, backend, true);
	go_on_until_done(&intake, k);
	expect_outcome(&intake, &want);
	outcome_clear(&want);
	intake_close(&intake);
}
END_TEST

START_TEST(feed_that_is_whole_is_told_again_and_writes_nothing)
{
	outcome_t want = in_one_go(_i, true);
	uint64_t written;
	intake_t intake;
	size_t k;

	prepare(&intake, _i, true);
	ck_assert_int_eq(intake_take(&intake), MARKET_OK);
	intake_reopen(&intake);
	written = intake_rows_written(&intake);
	for (k = 0; k < 3; k++) {
		intake_plain(&intake);
		/* Nobody would have to hear anything. */
		intake.stop_row = intake.stop_step = 1;
		ck_assert_int_eq(intake_take(&intake), MARKET_OK);
		ck_assert_int_eq(intake.report.result, MARKET_RESULT_DUPLICATE);
		ck_assert_uint_eq(intake.rows + intake.steps, 0);
		expect_outcome(&intake, &want);
	}
	ck_assert_uint_eq(intake_rows_written(&intake), written);
	outcome_clear(&want);
	intake_close(&intake);
}
END_TEST

/* ---- by whom ---- */

START_TEST(feed_is_the_same_whatever_the_threads)
{
	static const unsigned threads[] = { 0, 2, 4, 7 };
	int backend = _i % INTAKE_BACKENDS;
	outcome_t want = in_one_go(backend, true);
	intake_t intake;

	prepare(&intake, backend, true);
	intake.threads = threads[_i / INTAKE_BACKENDS];
	ck_assert_int_eq(intake_take(&intake), MARKET_OK);
	ck_assert_str_eq(intake.told, want.told);
	expect_outcome(&intake, &want);
	outcome_clear(&want);
	intake_close(&intake);
}
END_TEST

typedef struct taker {
	intake_t intake;
	size_t refused;
	pthread_t thread;
} taker_t;

/* Until it is whole, whoever did it. */
static void *
take_until_whole(void *user)
{
	taker_t *taker = user;
	market_status_t status;

	do {
		intake_plain(&taker->intake);
		status = intake_take(&taker->intake);
		ck_assert_msg(status == MARKET_OK || status == MARKET_E_STATE ||
			status == MARKET_E_BUSY,
		    "%s: %s", market_status_name(status),
		    taker->intake.error.message);
		taker->refused += status != MARKET_OK;
	} while (status != MARKET_OK);
	return NULL;
}

/* By one handle, or by two on one file. */
START_TEST(feed_that_two_take_in_at_once_comes_to_the_same)
{
	outcome_t want = in_one_go(_i > 0, true);
	taker_t takers[2];
	intake_t intake;
	size_t i;

	memset(takers, 0, sizeof(takers));
	prepare(&intake, _i > 0, true);
	for (i = 0; i < 2; i++) {
		takers[i].intake = intake;
		takers[i].intake.told = NULL;
		if (i > 0 && _i == 2)
			takers[i].intake.store = intake_handle(&intake);
		ck_assert_int_eq(pthread_create(&takers[i].thread, NULL,
				     take_until_whole, &takers[i]),
		    0);
	}
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_join(takers[i].thread, NULL), 0);
	for (i = 0; i < 2; i++) {
		expect_outcome(&takers[i].intake, &want);
		free(takers[i].intake.told);
	}
	if (_i == 2)
		market_store_free(takers[1].intake.store);
	intake_expect_sound(&intake);
	outcome_clear(&want);
	intake_close(&intake);
}
END_TEST

static void
take_it_all(intake_t *intake)
{
	intake_t other = *intake;

	if (intake->steps > 0)
		return;
	other.told = NULL;
	intake_plain(&other);
	ck_assert_int_eq(intake_take(&other), MARKET_OK);
	free(other.told);
}

/* The callbacks may use the store, even for that. */
START_TEST(feed_that_somebody_else_takes_in_is_left_to_them)
{
	outcome_t want = in_one_go(_i, true);
	intake_t intake;

	prepare(&intake, _i, true);
	intake.meanwhile = take_it_all;
	ck_assert_int_eq(intake_take(&intake), MARKET_E_STATE);
	ck_assert(!intake.report.done);
	ck_assert_uint_eq(intake.report.rows.chunks, INTAKE_STEP);
	intake_plain(&intake);
	ck_assert_int_eq(intake_take(&intake), MARKET_OK);
	expect_outcome(&intake, &want);
	outcome_clear(&want);
	intake_close(&intake);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("intake");
	TCase *tcase = tcase_create("intake");
	int backends = 1;

#ifdef HAVE_SQLITE
	backends = INTAKE_BACKENDS;
#endif
	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(
	    tcase, feed_becomes_listings_as_its_rows_are, 0, backends);
	if (backends == INTAKE_BACKENDS) {
		tcase_add_loop_test(tcase,
		    feed_that_was_stopped_comes_to_the_same, 0,
		    (int)STOPS * INTAKE_BACKENDS);
		tcase_add_loop_test(tcase,
		    feed_is_the_same_whatever_the_threads, 0,
		    4 * INTAKE_BACKENDS);
	}
	tcase_add_loop_test(tcase,
	    feed_that_is_whole_is_told_again_and_writes_nothing, 0, backends);
	tcase_add_loop_test(tcase,
	    feed_that_two_take_in_at_once_comes_to_the_same, 0,
	    backends == INTAKE_BACKENDS ? 3 : 1);
	tcase_add_loop_test(tcase,
	    feed_that_somebody_else_takes_in_is_left_to_them, 0, backends);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
