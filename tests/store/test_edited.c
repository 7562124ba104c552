/* SPDX-License-Identifier: Apache-2.0 */
/*
 * P8, P9: rows that were edited, lost or put back by somebody who has the
 * file. Whatever was done, no reader is told that something is published, or
 * may be sold, which was not before; and fsck tells the place.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "edits.h"

static const edits_row_t *const tables[] = { edits_clearances, edits_statements,
	edits_listings, edits_others };

/* ---- running a row ---- */

/*
 * Whoever edits a file may edit this as well: it is there for write-ahead logs
 * of other files, and stands for nothing that was signed.
 */
static const char tail[] =
    "UPDATE tail SET"
    " last_statement = (SELECT COALESCE(MAX(no), 0) FROM statement),"
    " last_payload = (SELECT COALESCE(MAX(entry), 0) FROM payload),"
    " last_slot = (SELECT COALESCE(MAX(no), 0) FROM slot),"
    " last_clearance = (SELECT COALESCE(MAX(no), 0) FROM clearance),"
    " last_party = (SELECT COALESCE(MAX(no), 0) FROM party),"
    " last_listing = (SELECT COALESCE(MAX(no), 0) FROM listing),"
    " last_entry = (SELECT COALESCE(MAX(seq), 0) FROM entry)";

static void
run_sql(const story_t *story, const char *sql)
{
	sqlite3 *db = NULL;
	char *message = NULL;

	ck_assert_int_eq(sqlite3_open(story->path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK,
	    "%s: %s", sql, message);
	ck_assert_msg(
	    sqlite3_total_changes(db) > 0, "changes nothing: %s", sql);
	ck_assert_int_eq(sqlite3_exec(db, tail, NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

/* Nothing is permitted that was not before. */
static void
compare(const edits_row_t *edit, const story_reading_t *before,
    const story_reading_t *after)
{
	size_t k;

	ck_assert_msg(after->strangers == 0,
	    "%s: a listing is published that nobody submitted", edit->label);
	for (k = 0; k < STORY_LISTINGS; k++) {
		ck_assert_msg(after->of[k].live <= before->of[k].live,
		    "%s: %s is published", edit->label,
		    story_id((story_listing_t)k));
		ck_assert_msg(after->of[k].sale != MARKET_OK ||
			before->of[k].sale == MARKET_OK,
		    "%s: %s may be sold", edit->label,
		    story_id((story_listing_t)k));
		ck_assert_msg(after->of[k].check != MARKET_OK ||
			before->of[k].check == MARKET_OK,
		    "%s: %s is permitted", edit->label,
		    story_id((story_listing_t)k));
		if (edit->corrupt == SIZE_MAX || edit->corrupt == k + 1)
			ck_assert_msg(after->of[k].read == MARKET_E_CORRUPT &&
				after->of[k].sale == MARKET_E_CORRUPT,
			    "%s: %s reads as %s, %s", edit->label,
			    story_id((story_listing_t)k),
			    market_status_name(after->of[k].read),
			    market_listing_status_name(after->of[k].status));
	}
}

static void
check_faults(story_t *story, const edits_row_t *edit)
{
	market_faults_t *faults = story_faults(story, NULL);
	size_t i;

	for (i = 0; i < EDITS_WORDS_MAX && edit->words[i] != NULL; i++)
		ck_assert_msg(story_tells(faults, edit->words[i]),
		    "%s: no fault says \"%s\":%s", edit->label, edit->words[i],
		    story_lines(faults));
	market_faults_free(faults);
}

START_TEST(edited_rows_publish_nothing_and_are_told)
{
	story_reading_t before, after;
	story_t *story = story_new(true);
	const edits_row_t *edit;

	if (story == NULL)
		HARNESS_SKIP("this build keeps no files");
	story_read_anew(story, &before);
	ck_assert_uint_eq(before.of[STORY_OFFER].live, 3);
	story_close(story);
	story_keep(story, "-copy");
	for (edit = tables[_i]; edit->label != NULL; edit++) {
		story_put_back(story, "-copy");
		run_sql(story, edit->sql);
		story_read_anew(story, &after);
		if (!edit->unsigned_intent)
			compare(edit, &before, &after);
		check_faults(story, edit);
		story_close(story);
	}
	story_free(story);
}
END_TEST

/*
 * P8: an answer that permits is edited into another one that permits. Who reads
 * it is told what is computed; who publishes against it is told of the edit.
 */
static const struct {
	const char *label;
	const char *sql; /* NULL: nothing is edited */
	market_status_t want;
} answers[] = {
	{ "P8 as it was", NULL, MARKET_OK },
	{ "P8 nothing is to be disclosed", "result = X'0103000000'",
	    MARKET_E_CORRUPT },
	{ "P8 something else is to be disclosed", "result = X'0103020000'",
	    MARKET_E_CORRUPT },
	{ "P8 more is to be disclosed", "result = X'01030a0000'",
	    MARKET_E_CORRUPT },
	{ "P8 the service is better", "result = X'0105080000'",
	    MARKET_E_CORRUPT },
	{ "P8 it cannot be read", "result = X'01'", MARKET_E_CORRUPT },
	{ "P8 its row permits, and its result does not",
	    "result = X'0203080000'", MARKET_E_CORRUPT },
};

/* Publishes another offer of the same question. */
static market_status_t
publish_again(story_t *story, market_error_t *error)
{
	market_submissions_t *submissions = NULL;
	market_slice_t envelope;
	market_status_t status;

	world_edit(story->world,
	    "+again =offer {'header': {'id': 'again', 'revision': '1'}}");
	envelope = world_envelope(story->world, "again");
	ck_assert_int_eq(story_open(story), MARKET_OK);
	status = market_store_submit(
	    story->store, &envelope, 1, story->now, &submissions, error);
	if (status == MARKET_OK)
		ck_assert_int_eq(market_submissions_at(submissions, 0)->result,
		    MARKET_RESULT_ACCEPTED);
	market_submissions_free(submissions);
	return status;
}

START_TEST(edited_answer_that_permits_is_found_when_an_offer_is_published)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_listings_t *listings = NULL;
	story_t *story = story_new(true);
	story_reading_t reading;
	market_status_t status;
	char sql[128];

	if (story == NULL)
		HARNESS_SKIP("this build keeps no files");
	story_close(story);
	snprintf(sql, sizeof(sql), "UPDATE clearance SET %s WHERE no = 1",
	    answers[_i].sql == NULL ? "" : answers[_i].sql);
	if (answers[_i].sql != NULL)
		run_sql(story, sql);
	status = publish_again(story, &error);
	ck_assert_msg(status == answers[_i].want, "%s: %s: %s",
	    answers[_i].label, market_status_name(status), error.message);
	if (status != MARKET_OK)
		ck_assert_msg(strstr(error.message, "clearance 1 ") != NULL &&
			strstr(error.message, "market fsck") != NULL,
		    "%s: %s", answers[_i].label, error.message);
	/* It is there, or nothing of it is. */
	status = market_store_why(story->store,
	    market_slice_of("shop.example/again"), story->now, 0, &listings,
	    NULL, NULL);
	ck_assert_msg(answers[_i].want == MARKET_OK
		? status == MARKET_OK
		: status == MARKET_E_NOT_FOUND,
	    "%s: %s", answers[_i].label, market_status_name(status));
	market_listings_free(listings);
	story_read(story, &reading);
	ck_assert_uint_eq(reading.strangers, answers[_i].want == MARKET_OK);
	story_free(story);
}
END_TEST

/* ---- P9: a copy from before ---- */

static void
check_older(story_t *story, const market_store_mark_t *mark, const char *word)
{
	market_faults_t *faults = story_faults(story, mark);

	if (word == NULL)
		ck_assert_msg(market_faults_at(faults, 0) == NULL, "%s",
		    story_lines(faults));
	else
		ck_assert_msg(story_tells(faults, word), "no fault says %s:%s",
		    word, story_lines(faults));
	market_faults_free(faults);
}

static market_status_t
open_with(story_t *story, const market_store_mark_t *mark)
{
	market_store_options_t options = { .size = sizeof(options) };

	options.mark = mark;
	return market_store_open(world_context(story->world), story->path,
	    &options, &story->store, NULL);
}

static void
mark_of(story_t *story, market_store_mark_t *ret)
{
	ck_assert_int_eq(
	    market_store_get_mark(story->store, ret, NULL), MARKET_OK);
}

/* It is sound by itself: only who kept a mark can tell. */
START_TEST(edited_older_copy_is_told_by_a_mark)
{
	story_t *story = story_new(true);
	story_reading_t reading;
	market_store_mark_t mark;

	if (story == NULL)
		HARNESS_SKIP("this build keeps no files");
	mark_of(story, &mark);
	story_close(story);
	story_put_back(story, "-older");
	ck_assert_int_eq(open_with(story, &mark), MARKET_E_CORRUPT);
	ck_assert_int_eq(open_with(story, &story->told), MARKET_OK);
	check_older(story, NULL, NULL);
	check_older(story, &story->told, NULL);
	check_older(story, &mark, "it was restored from an older copy");
	check_older(story, &mark, "statement 14: the mark has it");
	check_older(story, &mark, "entry 35: the mark has it");
	/* As it was, before the withdrawal. */
	story_read(story, &reading);
	ck_assert_int_eq(
	    reading.of[STORY_WITHDRAWN].status, MARKET_LISTING_PUBLISHED);
	story_free(story);
}
END_TEST

/* It has gone on since, and has as many of everything. */
START_TEST(edited_older_copy_that_went_on_is_told_by_a_mark)
{
	story_t *story = story_new(true);
	market_store_mark_t mark;

	if (story == NULL)
		HARNESS_SKIP("this build keeps no files");
	mark_of(story, &mark);
	story_close(story);
	story_put_back(story, "-older");
	ck_assert_int_eq(open_with(story, NULL), MARKET_OK);
	story_add(story, "other");
	ck_assert_int_eq(story_submit(story, "taken"), MARKET_RESULT_ACCEPTED);
	story_add(story, "w2");
	world_edit(story->world,
	    "+more =other {'header': {'id': 'more'}, 'model': 'M1'}");
	story_add(story, "more");
	story_intent(story, STORY_TWO, MARKET_INTENT_PAUSE);
	story_intent(story, STORY_TWO, MARKET_INTENT_PUBLISH);
	check_older(story, NULL, NULL);
	check_older(story, &story->told, NULL);
	check_older(story, &mark, "entry 35: the history up to it is not that");
	check_older(story, &mark, "statement 14: what was accepted up to it");
	story_close(story);
	ck_assert_int_eq(open_with(story, &mark), MARKET_E_CORRUPT);
	story_free(story);
}
END_TEST

/* The flag that lets fsck in lets nothing else in. */
START_TEST(edited_store_opens_for_fsck_alone)
{
	market_store_options_t options = { .size = sizeof(options) };
	story_t *story = story_new(true);
	story_reading_t reading;
	int64_t clock = 0;
	size_t k;

	if (story == NULL)
		HARNESS_SKIP("this build keeps no files");
	story_close(story);
	run_sql(story, "DELETE FROM statement WHERE no = 12");
	ck_assert_int_eq(open_with(story, NULL), MARKET_E_CORRUPT);
	options.flags = MARKET_STORE_DAMAGED;
	options.mark = &story->told;
	ck_assert_int_eq(market_store_open(world_context(story->world),
			     story->path, &options, &story->store, NULL),
	    MARKET_E_ARGUMENT);
	options.mark = NULL;
	options.flags = 1u;
	ck_assert_int_eq(market_store_open(world_context(story->world),
			     story->path, &options, &story->store, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(story_open(story), MARKET_OK);
	check_older(story, NULL, "statement 12: it is missing");
	story_read(story, &reading);
	ck_assert_int_eq(reading.list, MARKET_E_CORRUPT);
	for (k = 0; k < STORY_LISTINGS; k++) {
		ck_assert_int_eq(reading.of[k].read, MARKET_E_CORRUPT);
		ck_assert_int_eq(reading.of[k].sale, MARKET_E_CORRUPT);
		ck_assert_int_eq(reading.of[k].check, MARKET_E_CORRUPT);
	}
	ck_assert_int_eq(
	    market_store_clock(story->store, &clock, NULL), MARKET_E_CORRUPT);
	ck_assert_int_eq(market_store_set_intent(story->store,
			     market_slice_of(story_id(STORY_OFFER)),
			     MARKET_INTENT_PAUSE, story->now, NULL),
	    MARKET_E_CORRUPT);
	story_free(story);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("edited");
	TCase *t = tcase_create("edited");

	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, edited_rows_publish_nothing_and_are_told, 0,
	    (int)(sizeof(tables) / sizeof(tables[0])));
	tcase_add_loop_test(t,
	    edited_answer_that_permits_is_found_when_an_offer_is_published, 0,
	    (int)(sizeof(answers) / sizeof(answers[0])));
	tcase_add_test(t, edited_older_copy_is_told_by_a_mark);
	tcase_add_test(t, edited_older_copy_that_went_on_is_told_by_a_mark);
	tcase_add_test(t, edited_store_opens_for_fsck_alone);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return harness_main(suite());
}
