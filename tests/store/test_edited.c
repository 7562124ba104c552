/* SPDX-License-Identifier: Apache-2.0 */
/*
 * P8, P9: rows that were edited, lost or put back by somebody who has the
 * file. Whatever was done, no reader is told that something is published, or
 * may be sold, which was not before; and fsck tells the place.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

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
		    "%s: %s is published", edit->label, story_id(k));
		ck_assert_msg(after->of[k].sale != MARKET_OK ||
			before->of[k].sale == MARKET_OK,
		    "%s: %s may be sold", edit->label, story_id(k));
		ck_assert_msg(after->of[k].check != MARKET_OK ||
			before->of[k].check == MARKET_OK,
		    "%s: %s is permitted", edit->label, story_id(k));
		if (edit->corrupt == SIZE_MAX || edit->corrupt == k + 1)
			ck_assert_msg(after->of[k].read == MARKET_E_CORRUPT &&
				after->of[k].sale == MARKET_E_CORRUPT,
			    "%s: %s reads as %s, %s", edit->label, story_id(k),
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

static void
copy_file(const char *from, const char *to)
{
	size_t len;
	char *bytes = harness_read(from, &len);
	FILE *file = fopen(to, "wb");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
	free(bytes);
}

START_TEST(edited_rows_publish_nothing_and_are_told)
{
	story_reading_t before, after;
	story_t *story = story_new(true);
	const edits_row_t *edit;
	char copy[128];

	if (story == NULL)
		HARNESS_SKIP("this build keeps no files");
	story_read_anew(story, &before);
	ck_assert_uint_eq(before.of[STORY_OFFER].live, 3);
	story_close(story);
	snprintf(copy, sizeof(copy), "%s-copy", story->path);
	copy_file(story->path, copy);
	for (edit = tables[_i]; edit->label != NULL; edit++) {
		copy_file(copy, story->path);
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

static Suite *
suite(void)
{
	Suite *s = suite_create("edited");
	TCase *t = tcase_create("edited");

	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, edited_rows_publish_nothing_and_are_told, 0,
	    (int)(sizeof(tables) / sizeof(tables[0])));
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return harness_main(suite());
}
