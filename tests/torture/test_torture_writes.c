/* SPDX-License-Identifier: Apache-2.0 */
/*
 * P20, X1, X2, X5: a store is made, opened and written to without memory. It
 * is as before or as after; whoever asks again has what was asked for.
 */
#include "config.h"

#include "feed_kit.h"
#include "object.h"
#include "store_kit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- calls on a store ---- */

static market_status_t
add(torture_t *torture, FILE *out, unsigned flags, market_error_t *error)
{
	market_additions_t *additions = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_store_add(torture->store, &torture->withdrawal, 1,
	    torture->now, flags, &additions, error));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, additions);
		return status;
	}
	fputs(
	    market_result_name(market_additions_at(additions, 0)->result), out);
	market_additions_free(additions);
	return status;
}

static market_status_t
run_add(torture_t *torture, FILE *out, market_error_t *error)
{
	return add(torture, out, 0, error);
}

static market_status_t
run_add_later(torture_t *torture, FILE *out, market_error_t *error)
{
	return add(torture, out, MARKET_STORE_LATER, error);
}

static market_status_t
submit(
    torture_t *torture, FILE *out, market_slice_t offer, market_error_t *error)
{
	market_submissions_t *submissions = UNTOUCHED;
	const market_submitted_t *submitted;
	market_status_t status;

	status = ARMED(market_store_submit(
	    torture->store, &offer, 1, torture->now, &submissions, error));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, submissions);
		return status;
	}
	submitted = market_submissions_at(submissions, 0);
	fprintf(out, "%s %s %s", market_result_name(submitted->result),
	    market_status_name(submitted->status), submitted->listing);
	market_submissions_free(submissions);
	return status;
}

static int
tell_submitted(void *user, size_t index, const market_submitted_t *submitted)
{
	fprintf(user, "%zu %s\n", index, market_result_name(submitted->result));
	return 0;
}

/* By one thread: with more, which of them meets the lack is luck. */
static market_status_t
run_submit_many(torture_t *torture, FILE *out, market_error_t *error)
{
	market_slice_t offers[2] = { torture->anew, torture->price };
	char *told = NULL;
	size_t size = 0;
	FILE *heard = open_memstream(&told, &size);
	market_batch_options_t options = { .size = sizeof(options),
		.submitted = tell_submitted,
		.user = heard };
	market_status_t status;

	ck_assert_ptr_nonnull(heard);
	status = ARMED(market_store_submit_many(
	    torture->store, offers, 2, torture->now, &options, NULL, error));
	fclose(heard);
	if (status == MARKET_OK)
		fputs(told, out);
	free(told);
	return status;
}

static market_status_t
run_submit(torture_t *torture, FILE *out, market_error_t *error)
{
	return submit(torture, out, torture->offer, error);
}

static market_status_t
run_resign(torture_t *torture, FILE *out, market_error_t *error)
{
	return submit(torture, out, torture->anew, error);
}

static market_status_t
run_price(torture_t *torture, FILE *out, market_error_t *error)
{
	return submit(torture, out, torture->price, error);
}

static market_status_t
run_intent(torture_t *torture, FILE *out, market_error_t *error)
{
	(void)out;
	return ARMED(market_store_set_intent(torture->store,
	    market_slice_of("shop.example/offer"), MARKET_INTENT_PAUSE,
	    torture->now, error));
}

/* Two revisions; the second one has what the first had, what is new, and what
 * is no offer, and lacks two. And the same of more, which a file packs. */
static feed_kit_t feeds[4];

static void
add_offers(feed_kit_t *feed, const char *ids)
{
	char id[2] = { 0 };

	for (; *ids != '\0'; ids++) {
		id[0] = *ids;
		feed_kit_offer(feed, "new", id);
	}
}

static void
make_feeds(torture_t *torture)
{
	feed_kit_init(&feeds[0], torture->world);
	add_offers(&feeds[0], "abd");
	feed_kit_sign(&feeds[0], "shop.example");
	feed_kit_init(&feeds[1], torture->world);
	feeds[1].revision = 2;
	feed_kit_offer(&feeds[1], "new", "a");
	feed_kit_row(&feeds[1], market_slice_of("junk"));
	feed_kit_offer(&feeds[1], "new", "c");
	feed_kit_sign(&feeds[1], "shop.example");
	feed_kit_init(&feeds[2], torture->world);
	add_offers(&feeds[2], "abcdefghij");
	feed_kit_sign(&feeds[2], "shop.example");
	feed_kit_init(&feeds[3], torture->world);
	feeds[3].revision = 2;
	feeds[3].not_after = "2016-06-01T00:00:00Z";
	add_offers(&feeds[3], "abcdefghklmnopqrs");
	feed_kit_sign(&feeds[3], "shop.example");
}

static void
clear_feeds(void)
{
	size_t i;

	for (i = 0; i < COUNT(feeds); i++)
		feed_kit_clear(&feeds[i]);
}

/* Once the second one has begun it is not taken in any more. */
static void
take_first(torture_t *torture, const feed_kit_t *feed)
{
	feed_reader_t reader = feed_reader(
	    (market_slice_t){ feed->bytes, feed->len });
	market_status_t status;

	status = market_store_submit_feed(torture->store, feed->feed,
	    feed_kit_read, &reader, torture->now, NULL, NULL, NULL);
	ck_assert(status == MARKET_OK || status == MARKET_E_DENIED);
}

static market_status_t
take_second(torture_t *torture, FILE *out, const feed_kit_t *feed,
    market_error_t *error)
{
	market_intake_options_t options = { .size = sizeof(options),
		.max_ended = 2 };
	market_intake_report_t report;
	feed_reader_t reader = feed_reader(
	    (market_slice_t){ feed->bytes, feed->len });
	market_status_t status;

	status = ARMED(market_store_submit_feed(torture->store, feed->feed,
	    feed_kit_read, &reader, torture->now, &options, &report, error));
	if (status == MARKET_OK)
		fprintf(out, "%llu %llu %llu %llu %d",
		    (unsigned long long)report.rows.permitted,
		    (unsigned long long)report.listed,
		    (unsigned long long)report.rejected,
		    (unsigned long long)report.ended, report.done);
	return status;
}

static market_status_t
run_feed(torture_t *torture, FILE *out, market_error_t *error)
{
	take_first(torture, &feeds[0]);
	return take_second(torture, out, &feeds[1], error);
}

static market_status_t
run_packed(torture_t *torture, FILE *out, market_error_t *error)
{
	take_first(torture, &feeds[2]);
	return take_second(torture, out, &feeds[3], error);
}

/* It leaves its pack. */
static market_status_t
run_unpacked(torture_t *torture, FILE *out, market_error_t *error)
{
	(void)out;
	take_first(torture, &feeds[2]);
	return ARMED(market_store_set_intent(torture->store,
	    market_slice_of("shop.example/e"), MARKET_INTENT_PAUSE,
	    torture->now, error));
}

/* At the instant when T-Mobile's deployments of 3G end. */
static market_status_t
run_refresh(torture_t *torture, FILE *out, market_error_t *error)
{
	market_refreshed_t refreshed;
	market_status_t status;

	memset(&refreshed, 77, sizeof(refreshed));
	status = ARMED(market_store_refresh(torture->store,
	    world_time("2022-07-01T00:00:00Z"), 0, &refreshed, error));
	if (status == MARKET_OK)
		fprintf(out, "%llu %llu %d",
		    (unsigned long long)refreshed.computed,
		    (unsigned long long)refreshed.changed, refreshed.more);
	return status;
}

static const torture_row_t rows[] = {
	{ "add", run_add, TORTURE_WRITES | TORTURE_INTERNAL },
	{ "add, later", run_add_later, TORTURE_WRITES | TORTURE_INTERNAL },
	{ "submit", run_submit, TORTURE_WRITES | TORTURE_INTERNAL },
	{ "submit_many", run_submit_many, TORTURE_WRITES | TORTURE_INTERNAL },
	{ "submit a price", run_price, TORTURE_WRITES | TORTURE_INTERNAL },
	{ "submit what was signed anew", run_resign,
	    TORTURE_WRITES | TORTURE_INTERNAL },
	{ "set_intent", run_intent, TORTURE_WRITES | TORTURE_INTERNAL },
	{ "refresh", run_refresh, TORTURE_WRITES | TORTURE_INTERNAL },
	{ "submit_feed", run_feed, TORTURE_WRITES | TORTURE_INTERNAL },
	{ "submit_feed, packed", run_packed,
	    TORTURE_WRITES | TORTURE_INTERNAL },
	{ "set_intent, packed", run_unpacked,
	    TORTURE_WRITES | TORTURE_INTERNAL },
};
#define ROWS ((int)COUNT(rows))

/* What the call says with all memory, and the store before and after it. */
static struct {
	char *told, *before, *after;
	size_t live[COUNTER_OWNERS];
} want;

/* The call as it is with all memory. */
static void
expect_done(torture_t *torture, const torture_row_t *row, torture_point_t point)
{
	market_error_t error;
	market_status_t status;
	char *text, *state;

	counter_reset(SIZE_MAX, false, COUNTER_ALL);
	text = torture_tell(torture, row, &status, &error);
	ck_assert_msg(status == MARKET_OK && strcmp(text, want.told) == 0,
	    "%s: %s: asked again: %s %s: %s", torture->label,
	    torture_where(point), market_status_name(status), text,
	    error.message);
	state = store_state(torture);
	ck_assert_msg(strcmp(state, want.after) == 0,
	    "%s: %s: asked again, it is\n%s\nand not\n%s", torture->label,
	    torture_where(point), state, want.after);
	free(state);
	free(text);
}

static bool
has_feed(const torture_row_t *row)
{
	return row->run == run_feed || row->run == run_packed ||
	    row->run == run_unpacked;
}

/*
 * The call failed. Of several transactions the first may be done: what it has
 * left out, the next refresh does; and of a feed, whoever hands it in again.
 */
static void
expect_whole(torture_t *torture, const torture_row_t *row,
    torture_point_t point, market_status_t status)
{
	market_refreshed_t refreshed;
	char *state;

	if (status != MARKET_E_IN_DOUBT) {
		state = store_state(torture);
		ck_assert_msg(row->run == run_add || has_feed(row) ||
			strcmp(state, want.before) == 0,
		    "%s: %s: it failed, and is\n%s\nwhere it was\n%s",
		    torture->label, torture_where(point), state, want.before);
		free(state);
	}
	store_reopen(torture);
	store_expect_sound(torture, point);
	state = store_state(torture);
	if (has_feed(row) || strcmp(state, want.before) == 0) {
		expect_done(torture, row, point);
	} else {
		ck_assert_int_eq(market_store_refresh(torture->store,
				     torture->now, 0, &refreshed, NULL),
		    MARKET_OK);
		free(state);
		state = store_state(torture);
		ck_assert_msg(strcmp(state, want.after) == 0,
		    "%s: %s: it is\n%s\nand neither as before nor\n%s",
		    torture->label, torture_where(point), state, want.after);
	}
	free(state);
}

static bool
try(torture_t *torture, const torture_row_t *row, torture_point_t point)
{
	size_t failed;
	counter_owner_t first;
	market_error_t error;
	market_status_t got;
	char *text, *state;

	store_begin(torture);
	counter_reset(point.at, point.for_ever, COUNTER_ALL);
	text = torture_tell(torture, row, &got, &error);
	failed = counter.failed;
	first = counter.first;
	if (torture_refused(torture, row, point, got, MARKET_OK, &error)) {
		expect_whole(torture, row, point, got);
	} else {
		state = store_state(torture);
		ck_assert_msg(strcmp(text, want.told) == 0 &&
			strcmp(state, want.after) == 0,
		    "%s: %s: it says %s, and is\n%s", torture->label,
		    torture_where(point), text, state);
		free(state);
	}
	free(text);
	store_end(torture);
	counter.failed = failed;
	counter.first = first;
	torture_expect_live(torture, point, COUNTER_ALL, want.live);
	return failed > 0;
}

static void
learn(torture_t *torture, const torture_row_t *row)
{
	market_error_t error;
	market_status_t status;
	int i;

	memset(&want, 0, sizeof(want));
	for (i = 0; i < 2; i++) {
		free(want.told);
		free(want.before);
		free(want.after);
		store_begin(torture);
		want.before = store_state(torture);
		counter_reset(SIZE_MAX, false, COUNTER_ALL);
		want.told = torture_tell(torture, row, &status, &error);
		ck_assert_msg(
		    status == MARKET_OK, "%s: %s", row->label, error.message);
		want.after = store_state(torture);
		ck_assert_str_ne(want.before, want.after);
		store_end(torture);
	}
	torture_forget(torture);
	memcpy(want.live, counter.live, sizeof(want.live));
}

START_TEST(store_is_written_wholly_or_not_at_all)
{
	const torture_row_t *row = &rows[_i % ROWS];
	torture_t torture;

	torture_init(&torture);
	torture.shallow = 1499;
	torture.label = row->label;
	store_prepare(&torture, _i >= ROWS);
	if (has_feed(row))
		make_feeds(&torture);
	learn(&torture, row);
	torture_sweep(&torture, row, (size_t)_i, try);
	free(want.told);
	free(want.before);
	free(want.after);
	if (has_feed(row))
		clear_feeds();
	store_discard(&torture);
	torture_clear(&torture);
}
END_TEST

/* ---- calls that make a store, or open it ---- */

static market_status_t
create(torture_t *torture, market_store_t **ret_store, market_error_t *error)
{
	char location[80];

	snprintf(location, sizeof(location), "%s%s",
	    torture->in_file ? torture->path : "memory:",
	    torture->in_file ? "-2" : "");
	return market_store_create(torture->context, location,
	    world_envelope(torture->world, "root"),
	    world_envelope(torture->world, "policy"), torture->now, NULL,
	    ret_store, error);
}

/* What could not be made can be made then. */
static market_status_t
run_create(torture_t *torture, FILE *out, market_error_t *error)
{
	market_error_t again = MARKET_ERROR_INIT;
	market_store_t *store = UNTOUCHED;
	market_status_t status, then;
	char path[80];

	(void)out;
	status = ARMED(create(torture, &store, error));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, store);
		then = create(torture, &store, &again);
		ck_assert_msg(then == MARKET_OK, "%s: asked again: %s: %s",
		    torture->label, market_status_name(then), again.message);
	}
	market_store_free(store);
	snprintf(path, sizeof(path), "%s-2", torture->path);
	if (torture->in_file)
		ck_assert_int_eq(remove(path), 0);
	return status;
}

static market_status_t
run_open(torture_t *torture, FILE *out, market_error_t *error)
{
	market_store_t *store = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_store_open(
	    torture->context, torture->path, NULL, &store, error));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, store);
		return status;
	}
	torture->store = store;
	free(store_state(torture));
	fputs("open", out);
	store_end(torture);
	return status;
}

/* Closing takes no memory, or does without. */
static market_status_t
run_free(torture_t *torture, FILE *out, market_error_t *error)
{
	const torture_point_t point = { counter.fail_at, counter.for_ever };

	(void)out;
	(void)error;
	store_reopen(torture);
	if (torture->store == NULL)
		store_begin(torture);
	counter_arm();
	store_end(torture);
	(void)counter_disarm(MARKET_OK);
	if (!torture->in_file)
		return MARKET_OK;
	store_reopen(torture);
	store_expect_sound(torture, point);
	store_end(torture);
	return MARKET_OK;
}

static const torture_row_t whole[] = {
	{ "create", run_create, TORTURE_INTERNAL },
	{ "free", run_free, 0 },
	{ "create a file", run_create, TORTURE_INTERNAL | TORTURE_WRITES },
	{ "free of a file", run_free, 0 },
	{ "open a file", run_open, TORTURE_INTERNAL },
};

START_TEST(store_is_made_or_not)
{
	torture_t torture;

	torture_init(&torture);
	torture.shallow = 1499;
	torture.label = whole[_i].label;
	store_prepare(&torture, _i >= 2);
	object_sweep(&torture, &whole[_i], (size_t)_i);
	store_discard(&torture);
	torture_clear(&torture);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("torture_writes");
	TCase *tcase = tcase_create("writes");
	bool files = false;

#ifdef HAVE_SQLITE
	files = true;
#endif
	tcase_set_timeout(tcase, 2400);
	tcase_add_loop_test(tcase, store_is_written_wholly_or_not_at_all, 0,
	    files ? 2 * ROWS : ROWS);
	tcase_add_loop_test(
	    tcase, store_is_made_or_not, 0, files ? (int)COUNT(whole) : 2);
	suite_add_tcase(suite, tcase);
	return torture_main(suite);
}
