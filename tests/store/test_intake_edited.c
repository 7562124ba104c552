/* SPDX-License-Identifier: Apache-2.0 */
/*
 * P8: rows of a feed that was taken in, edited by somebody who has the file.
 * No reader is told that an offer may be sold whose row is not what its seller
 * signed; fsck tells the place; and who goes on is not led astray.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "intake_kit.h"
#include "packs_edit.h"

/* Entries of the history, and listings by their offers' ids. */
#define CHUNK(n) "(SELECT seq FROM entry WHERE kind = 5 AND object = " #n ")"
#define LIST                                                            \
	"(SELECT entry FROM statement WHERE no = (SELECT MAX(no) FROM " \
	"statement))"
#define NAMED(id)  "CAST(offer_id AS TEXT) = '" id "'"
#define FIRST      "WHERE " NAMED("00000")
#define OFFERED    "(SELECT offer_entry FROM listing " FIRST ")"
#define OF(column) "(SELECT " #column " FROM listing WHERE " NAMED("00001") ")"

typedef struct edit {
	const char *label;
	const char *sql;
	const char *word;  /* stands in a fault */
	const char *alone; /* this offer is read as CORRUPT; NULL: 00000 */
	bool harmless;     /* to who reads it */
} edit_t;

/* In the last pack, which has room for what is longer. */
#define PACKED "00298"

/* The same of rows that are packed. */
typedef struct packed_edit {
	edit_t edit;
	bool lost;                 /* its listing may be */
	packs_listing_fn *listing; /* in place of SQL: of PACKED */
	packs_entry_fn *entry;
} packed_edit_t;

static const edit_t edits[] = {
	{ "P8 a byte of a chunk",
	    "UPDATE payload SET bytes = CAST(substr(bytes, 1, 99) || X'00' ||"
	    " substr(bytes, 101) AS BLOB) WHERE entry = " CHUNK(0),
	    "its rows are not those that were signed", NULL, false },
	{ "P8 a chunk is the other one",
	    "UPDATE payload SET bytes = (SELECT bytes FROM payload WHERE"
	    " entry = " CHUNK(1) ") WHERE entry = " CHUNK(0),
	    "its rows are not those that were signed", NULL, false },
	{ "P8 a chunk lacks its last byte",
	    "UPDATE payload SET bytes = substr(bytes, 1, length(bytes) - 1)"
	    " WHERE entry = " CHUNK(0),
	    "its rows are not those that were signed", NULL, false },
	{ "P8 a chunk has one more",
	    "UPDATE payload SET bytes = CAST(bytes || X'00' AS BLOB)"
	    " WHERE entry = " CHUNK(0),
	    "its rows are not those that were signed", NULL, false },
	{ "P8 a chunk is lost", "DELETE FROM payload WHERE entry = " CHUNK(0),
	    "the offer's row", NULL, false },
	{ "P8 an offer is of the other chunk",
	    "UPDATE entry SET cause = " CHUNK(1) " WHERE seq = " OFFERED,
	    "the offer's row", NULL, false },
	{ "P8 an offer is of no feed",
	    "UPDATE entry SET cause = 0 WHERE seq = " OFFERED,
	    "the offer's envelope", NULL, false },
	{ "P8 an offer is of the list itself",
	    "UPDATE entry SET cause = " LIST " WHERE seq = " OFFERED,
	    "it is no chunk of a feed", NULL, false },
	{ "P8 an offer is of what is not there",
	    "UPDATE entry SET cause = 9999 WHERE seq = " OFFERED, "names entry",
	    NULL, false },
	{ "P8 a chunk has another number",
	    "UPDATE entry SET object = 1 WHERE seq = " CHUNK(0),
	    "its feed has no such chunk", NULL, false },
	{ "P8 a chunk has a number beyond them",
	    "UPDATE entry SET object = 77 WHERE seq = " CHUNK(0),
	    "its feed has no such chunk", NULL, false },
	{ "P8 a chunk has another root",
	    "UPDATE entry SET detail = zeroblob(32) WHERE seq = " CHUNK(0),
	    "its feed has no such chunk", NULL, false },
	{ "P8 a chunk is of another statement",
	    "UPDATE entry SET cause = 3 WHERE seq = " CHUNK(0),
	    "its feed is missing", NULL, false },
	{ "P8 the list is lost", "DELETE FROM payload WHERE entry = " LIST,
	    "statement", NULL, false },
	{ "P8 a listing is of no feed", "UPDATE listing SET flags = 0 " FIRST,
	    "by its history it is not forked and of a feed", NULL, false },
	{ "P8 a listing alone is of a feed",
	    "UPDATE listing SET flags = 2 WHERE " NAMED("offer"),
	    "by its history it is not forked and not of a feed", "offer",
	    false },
	{ "P8 a window ends with the offer, and not with the feed",
	    "UPDATE listing SET not_after = 1767225600 " FIRST,
	    "it is not what its offer says", NULL, false },
	{ "P8 a window begins earlier",
	    "UPDATE listing SET not_before = 0 " FIRST,
	    "it is not what its offer says", NULL, false },
	{ "P8 the digest is another's",
	    "UPDATE listing SET digest = " OF(digest) " " FIRST,
	    "its offer is not the one that was accepted last", NULL, false },
	{ "P8 the offer is another's",
	    "UPDATE listing SET digest = " OF(digest) ", offer_entry = " OF(
		offer_entry) " " FIRST,
	    "its offer is not the one that was accepted last", NULL, false },
	{ "P8 and the entry as well",
	    "UPDATE entry SET detail = (SELECT detail FROM entry WHERE seq ="
	    " " OF(offer_entry) ") WHERE seq = " OFFERED
				"; UPDATE listing SET digest = " OF(
				    digest) " " FIRST,
	    "the offer's row is not the one that was accepted", NULL, false },
	{ "the feed is said to have come elsewhere",
	    "UPDATE feed SET last_entry = " OFFERED, "feed", "", true },
	{ "the feed is said to have come less far",
	    "UPDATE feed SET last_entry = " CHUNK(0), "feed", "", true },
	{ "the feed is said not to have begun",
	    "UPDATE feed SET last_entry = 0", "feed", "", true },
	{ "what came of the feed is not readable",
	    "UPDATE feed SET state = X''", "feed", "", true },
	{ "how far the feed has come is lost", "DELETE FROM feed", "feed", "",
	    true },
};

/* ---- the file ---- */

/* As test_edited.c says: whoever edits a file may edit this as well. */
static const char tail[] =
    "UPDATE tail SET last_payload ="
    " (SELECT COALESCE(MAX(entry), 0) FROM payload), last_listing ="
    " (SELECT COALESCE(MAX(no), 0) FROM listing), last_listing_pack ="
    " (SELECT COALESCE(MAX(last), 0) FROM listing_pack), last_entry_pack ="
    " (SELECT COALESCE(MAX(last), 0) FROM entry_pack)";

static void
run_sql(const intake_t *intake, const char *sql)
{
	sqlite3 *db = NULL;
	char *message = NULL;

	ck_assert_int_eq(sqlite3_open(intake->path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK,
	    "%s: %s", sql, message);
	ck_assert_msg(
	    sqlite3_total_changes(db) > 0, "changes nothing: %s", sql);
	ck_assert_int_eq(sqlite3_exec(db, tail, NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

/* Of a store that is closed. */
static void
copy(const char *from, const char *to)
{
	size_t len;
	char *bytes = harness_read(from, &len);
	FILE *file = fopen(to, "wb");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
	free(bytes);
}

/* Edits the file, and has it read by a process that has not seen it. */
static void
edit_it(intake_t *intake, const packed_edit_t *e)
{
	market_store_options_t options = { .size = sizeof(options),
		.flags = MARKET_STORE_DAMAGED };
	market_error_t error = MARKET_ERROR_INIT;

	market_store_free(intake->store);
	intake->store = NULL;
	if (e->listing != NULL)
		packs_edit_listing(intake->path, PACKED, e->listing);
	if (e->entry != NULL)
		packs_edit_entry(intake->path, PACKED, e->entry);
	if (e->edit.sql != NULL)
		run_sql(intake, e->edit.sql);
	ck_assert_msg(
	    market_store_open(world_context(intake->world), intake->path,
		&options, &intake->store, &error) == MARKET_OK,
	    "%s: %s", e->edit.label, error.message);
}

static void
edit(intake_t *intake, const char *sql)
{
	const packed_edit_t one = { .edit = { .label = sql, .sql = sql } };

	edit_it(intake, &one);
}

/* Where it is a row of its own SQL says what an edit is. */
static void
to_rows(intake_t *intake)
{
	market_store_free(intake->store);
	packs_to_rows(intake->path);
	intake->store = intake_handle(intake);
	intake_expect_sound(intake);
}

static void
make(intake_t *intake)
{
	intake_submit(intake, "offer");
	feed_kit_offers(&intake->feed, "offer", 0, 300);
	intake->feed.not_after = "2016-06-01T00:00:00Z";
	intake_whole(intake);
	ck_assert_uint_eq(intake->report.listed, 300);
}

/* ---- reading ---- */

static bool
tells(const market_faults_t *faults, const char *word)
{
	const char *fault;
	size_t i;

	for (i = 0; (fault = market_faults_at(faults, i)) != NULL; i++)
		if (strstr(fault, word) != NULL)
			return true;
	return false;
}

static void
expect_told(intake_t *intake, const edit_t *e)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_faults_t *faults = NULL;
	const char *first;

	ck_assert_msg(market_store_fsck(intake->store, NULL, &faults, &error) ==
		MARKET_OK,
	    "%s: %s", e->label, error.message);
	first = market_faults_at(faults, 0);
	ck_assert_msg(tells(faults, e->word), "%s: no fault says \"%s\": %s",
	    e->label, e->word, first == NULL ? "none" : first);
	market_faults_free(faults);
}

/* A name that leads nowhere is not there; whatever is, is damage. */
static void
expect_unsold(intake_t *intake, const packed_edit_t *packed)
{
	const edit_t *e = &packed->edit;
	bool row = packed->listing == NULL && packed->entry == NULL;
	const char *id = e->alone != NULL ? e->alone : row ? "00000" : PACKED;
	market_listings_t *listings = NULL;
	market_status_t status;
	char name[64];

	status = intake_sale(intake, id);
	if (status == MARKET_E_NOT_FOUND && packed->lost)
		return;
	ck_assert_msg(status == MARKET_E_CORRUPT, "%s: it sells: %s", e->label,
	    market_status_name(status));
	snprintf(name, sizeof(name), "shop.example/%s", id);
	status = market_store_why(intake->store, market_slice_of(name),
	    intake->now, 0, &listings, NULL, NULL);
	ck_assert_msg(status == MARKET_E_CORRUPT, "%s: it is told: %s",
	    e->label, market_status_name(status));
}

/* Tells the copy that each edit begins from. */
static void
keep_copy(intake_t *intake, char *kept, size_t size)
{
	intake_reopen(intake);
	ck_assert_int_eq(intake_sale(intake, "00000"), MARKET_OK);
	ck_assert_int_eq(intake_sale(intake, "offer"), MARKET_OK);
	intake_expect_sound(intake);
	market_store_free(intake->store);
	snprintf(kept, size, "%s-kept", intake->path);
	copy(intake->path, kept);
	intake->store = intake_handle(intake);
}

static void
check_edit(intake_t *intake, const char *kept, const packed_edit_t *e)
{
	market_store_free(intake->store);
	copy(kept, intake->path);
	intake->store = intake_handle(intake);
	edit_it(intake, e);
	if (e->edit.harmless)
		ck_assert_msg(intake_sale(intake, "00000") == MARKET_OK,
		    "%s: it does not sell", e->edit.label);
	else
		expect_unsold(intake, e);
	expect_told(intake, &e->edit);
}

START_TEST(edited_row_of_a_feed_is_not_sold_and_told)
{
	packed_edit_t one = { .lost = false };
	char kept[80];
	intake_t intake;
	size_t i;

	INTAKE_OPEN(&intake, 1, NULL);
	make(&intake);
	to_rows(&intake);
	keep_copy(&intake, kept, sizeof(kept));
	for (i = 0; i < MARKET__COUNT(edits); i++) {
		one.edit = edits[i];
		check_edit(&intake, kept, &one);
	}
	ck_assert_int_eq(unlink(kept), 0);
	intake_close(&intake);
}
END_TEST

/* ---- the same where rows are packed ---- */

static void
other_digest(market__listing_row_t *row, const market__listing_row_t *other)
{
	memcpy(row->digest, other->digest, MARKET_DIGEST_LEN);
}

static void
other_offer(market__listing_row_t *row, const market__listing_row_t *other)
{
	other_digest(row, other);
	row->offer_entry = other->offer_entry;
}

static void
longer_window(market__listing_row_t *row, const market__listing_row_t *other)
{
	(void)other;
	row->not_after = 1767225600;
}

static void
earlier_window(market__listing_row_t *row, const market__listing_row_t *other)
{
	(void)other;
	row->not_before = 0;
}

static void
no_feed(market__listing_row_t *row, const market__listing_row_t *other)
{
	(void)other;
	row->flags = 0;
}

static void
fewer_questions(market__listing_row_t *row, const market__listing_row_t *other)
{
	(void)other;
	row->n_questions--;
}

static void
no_cause(market__entry_row_t *row)
{
	row->cause = 0;
}

static void
wild_cause(market__entry_row_t *row)
{
	row->cause = 9999;
}

static void
other_object(market__entry_row_t *row)
{
	row->object++;
}

static void
no_detail(market__entry_row_t *row)
{
	row->detail.len = 0;
}

static const packed_edit_t packed_edits[] = {
	{ .edit.label = "P8 the digest is another's",
	    .listing = other_digest,
	    .edit.word = "its offer is not the one that was accepted last" },
	{ .edit.label = "P8 the offer is another's",
	    .listing = other_offer,
	    .edit.word = "its offer is not the one that was accepted last" },
	{ .edit.label = "P8 a window ends later",
	    .listing = longer_window,
	    .edit.word = "it is not what its offer says" },
	{ .edit.label = "P8 a window begins earlier",
	    .listing = earlier_window,
	    .edit.word = "it is not what its offer says" },
	{ .edit.label = "P8 a listing is of no feed",
	    .listing = no_feed,
	    .edit.word = "by its history it is not forked and of a feed" },
	{ .edit.label = "P8 it asks fewer questions",
	    .listing = fewer_questions,
	    .edit.word = "its list is not of the questions that its rows ask" },
	{ .edit.label = "P8 an offer is of no feed",
	    .entry = no_cause,
	    .edit.word = "the offer's envelope" },
	{ .edit.label = "P8 an offer is of what is not there",
	    .entry = wild_cause,
	    .edit.word = "names entry" },
	{ .edit.label = "P8 an entry is of another listing",
	    .entry = other_object,
	    .edit.word = "entry" },
	{ .edit.label = "P8 an entry has no detail",
	    .entry = no_detail,
	    .edit.word = "entry" },
	{ .edit.label = "P8 a pack lacks its last byte",
	    .edit.sql = "UPDATE listing_pack SET bytes = substr(bytes, 1,"
			" length(bytes) - 1)",
	    .edit.word = "bytes" },
	{ .edit.label = "P8 a pack is another's",
	    .edit.sql = "UPDATE listing_pack SET seller = 1",
	    .edit.word = "listing",
	    .lost = true },
	{ .edit.label = "P8 a pack begins elsewhere",
	    .edit.sql = "UPDATE listing_pack SET first = first + 1 WHERE first "
			"= (SELECT"
			" MIN(first) FROM listing_pack)",
	    .edit.word = "listing" },
	{ .edit.label = "P8 a pack has other ids",
	    .edit.sql =
		"UPDATE listing_pack SET first_id = CAST('zzz' AS BLOB),"
		" last_id = CAST('zzz' || CAST(last_id AS TEXT) AS BLOB)",
	    .edit.word = "out of order",
	    .edit.harmless = true },
	{ .edit.label = "P8 a pack asks nothing",
	    .edit.sql = "UPDATE listing_pack SET questions = X''",
	    .edit.word = "its list is not of the questions",
	    .edit.harmless = true },
	{ .edit.label = "P8 packs are lost",
	    .edit.sql = "DELETE FROM listing_pack",
	    .edit.word = "listing",
	    .lost = true },
	{ .edit.label = "P8 a pack of entries lacks its last byte",
	    .edit.sql = "UPDATE entry_pack SET bytes = substr(bytes, 1,"
			" length(bytes) - 1)",
	    .edit.word = "bytes" },
	{ .edit.label = "P8 packs of entries are lost",
	    .edit.sql = "DELETE FROM entry_pack",
	    .edit.word = "entry" },
	{ .edit.label = "P8 a packed listing is a row, too",
	    .edit.sql =
		"INSERT INTO listing SELECT market, (SELECT MIN(first) FROM"
		" listing_pack), seller, CAST('zzzz' AS BLOB), digest, "
		"revision,"
		" intent, flags, began, offer_entry, last_entry, not_before,"
		" not_after, disclosures, questions FROM listing LIMIT 1",
	    .edit.word = "it is packed, too",
	    .edit.harmless = true },
	{ .edit.label = "P8 its name is a row's, too",
	    .edit.sql =
		"INSERT INTO listing SELECT market, 77777, (SELECT seller FROM"
		" listing_pack), (SELECT first_id FROM listing_pack ORDER BY "
		"first"
		" LIMIT 1), digest, revision, intent, flags, began, "
		"offer_entry,"
		" last_entry, not_before, not_after, disclosures, questions "
		"FROM"
		" listing LIMIT 1",
	    .edit.word = "its name is packed, too" },
};

START_TEST(edited_pack_is_not_sold_from_and_told)
{
	char kept[80];
	intake_t intake;
	size_t i;

	INTAKE_OPEN(&intake, 1, NULL);
	make(&intake);
	keep_copy(&intake, kept, sizeof(kept));
	for (i = 0; i < MARKET__COUNT(packed_edits); i++)
		check_edit(&intake, kept, &packed_edits[i]);
	ck_assert_int_eq(unlink(kept), 0);
	intake_close(&intake);
}
END_TEST

/* ---- going on ---- */

/* Thirteen numbers, and an id of 2,000 bytes. */
#define LONG_STATE                                                 \
	"UPDATE feed SET state = CAST(zeroblob(13) || X'd00f' || " \
	"zeroblob(2000) AS BLOB)"

static const struct {
	const char *label;
	const char *sql;
} astray[] = {
	{ "an id that is longer than any", LONG_STATE },
	{ "a state that is no state", "UPDATE feed SET state = X'ff'" },
	{ "no state", "DELETE FROM feed" },
	{ "the entry of an offer", "UPDATE feed SET last_entry = " OFFERED },
	{ "the entry of the list", "UPDATE feed SET last_entry = " LIST },
	{ "an entry that is not there", "UPDATE feed SET last_entry = 9999" },
};

START_TEST(edited_state_of_a_feed_leads_nobody_astray)
{
	uint64_t before;
	intake_t intake;

	INTAKE_OPEN(&intake, 1, NULL);
	feed_kit_offers(&intake.feed, "offer", 0, 1000);
	feed_kit_sign(&intake.feed, "shop.example");
	intake_plain(&intake);
	intake.stop_step = 1;
	ck_assert_int_eq(intake_take(&intake), MARKET_E_CALLBACK);
	to_rows(&intake);
	edit(&intake, astray[_i].sql);
	intake_reopen(&intake);
	intake_plain(&intake);
	before = intake_entries(&intake);
	ck_assert_msg(intake_take(&intake) == MARKET_E_CORRUPT, "%s: %s",
	    astray[_i].label, market_status_name(intake.error.status));
	ck_assert_uint_eq(intake_entries(&intake), before);
	intake_close(&intake);
}
END_TEST

/* A name that no offer can have, where it would end. */
START_TEST(edited_name_of_a_listing_ends_the_call)
{
	intake_t intake;

	INTAKE_OPEN(&intake, 1, NULL);
	make(&intake);
	to_rows(&intake);
	edit(&intake,
	    "UPDATE listing SET offer_id ="
	    " CAST(replace(hex(zeroblob(2500)), '0', 'z') AS BLOB) "
	    "WHERE " NAMED("00299"));
	intake_reopen(&intake);
	intake_renew(&intake, 2);
	feed_kit_sign(&intake.feed, "shop.example");
	intake_plain(&intake);
	intake.max_ended = 10000;
	ck_assert_int_eq(intake_take(&intake), MARKET_E_CORRUPT);
	intake_close(&intake);
}
END_TEST

#define FIRST_FORMAT                                          \
	"DROP TABLE feed; DROP TABLE entry_pack; DROP TABLE " \
	"listing_pack; DROP TABLE segment; "                  \
	"ALTER TABLE tail DROP COLUMN last_segment; "         \
	"ALTER TABLE tail DROP COLUMN last_listing_pack; "    \
	"ALTER TABLE tail DROP COLUMN last_entry_pack; "      \
	"PRAGMA user_version = 1"

/* P10: a store that an older library has made, which knew no feeds. */
START_TEST(store_of_the_first_format_takes_feeds_in)
{
	sqlite3 *db = NULL;
	intake_t intake;

	INTAKE_OPEN(&intake, 1, NULL);
	intake_submit(&intake, "offer");
	market_store_free(intake.store);
	packs_to_rows(intake.path);
	ck_assert_int_eq(sqlite3_open(intake.path, &db), SQLITE_OK);
	ck_assert_int_eq(
	    sqlite3_exec(db, FIRST_FORMAT, NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	intake.store = intake_handle(&intake);
	ck_assert_int_eq(intake_sale(&intake, "offer"), MARKET_OK);
	feed_kit_offers(&intake.feed, "offer", 0, 300);
	intake_whole(&intake);
	intake_reopen(&intake);
	ck_assert_int_eq(intake_sale(&intake, "00299"), MARKET_OK);
	intake_expect_sound(&intake);
	intake_close(&intake);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("intake_edited");
	TCase *tcase = tcase_create("edited");

	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, edited_row_of_a_feed_is_not_sold_and_told);
	tcase_add_test(tcase, edited_pack_is_not_sold_from_and_told);
	tcase_add_loop_test(tcase, edited_state_of_a_feed_leads_nobody_astray,
	    0, (int)MARKET__COUNT(astray));
	tcase_add_test(tcase, edited_name_of_a_listing_ends_the_call);
	tcase_add_test(tcase, store_of_the_first_format_takes_feeds_in);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
