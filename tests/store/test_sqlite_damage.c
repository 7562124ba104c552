/* SPDX-License-Identifier: Apache-2.0 */
/* Files that were damaged, exchanged or edited: never a wrong row. */
#include "config.h"

#include "sqlite_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PAGE 8192
#define ROWS 40

static place_t place;

static void
setup(void)
{
	place_init(&place);
}

static void
teardown(void)
{
	place_clear(&place);
}

/* ---- P10: what the file is ---- */

static const struct {
	const char *label;
	const char *sql;
	market_status_t want;
	const char *text;
} edits[] = {
	{ "P10 a newer library", "PRAGMA user_version=4", MARKET_E_UNSUPPORTED,
	    "newer libmarket" },
	{ "P10 no version", "PRAGMA user_version=0", MARKET_E_CORRUPT,
	    "no store" },
	{ "P10 a negative version", "PRAGMA user_version=-1", MARKET_E_CORRUPT,
	    "no store" },
	{ "P10 another application", "PRAGMA application_id=7",
	    MARKET_E_CORRUPT, "no store" },
	{ "P10 half of a migration", "DROP TABLE payload", MARKET_E_CORRUPT,
	    "table payload is missing" },
	{ "P10 half of a later migration", "DROP TABLE feed", MARKET_E_CORRUPT,
	    "table feed is missing" },
	{ "P10 half of the last one", "DROP TABLE segment", MARKET_E_CORRUPT,
	    "table segment is missing" },
	{ "P10 the last one without its end",
	    "ALTER TABLE tail DROP COLUMN last_segment", MARKET_E_CORRUPT,
	    "table tail was changed" },
	{ "P10 an older format with a table of this one",
	    "PRAGMA user_version=1", MARKET_E_CORRUPT, "feed" },
	{ "P10 the format before with a table of this one",
	    "PRAGMA user_version=2", MARKET_E_CORRUPT, "entry_pack" },
	{ "P10 the format before with a column of this one",
	    PLACE_NO_PACKS "ALTER TABLE tail ADD COLUMN last_segment BIGINT "
			   "NOT NULL DEFAULT 0; PRAGMA user_version=2",
	    MARKET_E_CORRUPT, "last_segment" },
	{ "P10 the format before that lacks a table",
	    PLACE_NO_FEEDS "PRAGMA user_version=2", MARKET_E_CORRUPT,
	    "table feed is missing" },
	{ "P10 an older format with another table",
	    PLACE_NO_FEEDS "PRAGMA user_version=1; "
			   "CREATE TABLE notes (text TEXT)",
	    MARKET_E_CORRUPT, "table notes was added" },
	{ "P10 an older format that lacks one",
	    PLACE_NO_FEEDS "DROP TABLE payload; PRAGMA user_version=1",
	    MARKET_E_CORRUPT, "table payload is missing" },
	{ "P10 an index is missing", "DROP INDEX listing_offer",
	    MARKET_E_CORRUPT, "index listing_offer is missing" },
	{ "P10 another table", "CREATE TABLE notes (text TEXT)",
	    MARKET_E_CORRUPT, "table notes was added" },
	{ "P10 another index", "CREATE INDEX z ON listing (intent)",
	    MARKET_E_CORRUPT, "index z was added" },
	{ "P10 a view", "CREATE VIEW a AS SELECT * FROM listing",
	    MARKET_E_CORRUPT, "view a was added" },
	{ "P10 a trigger",
	    "CREATE TRIGGER t AFTER INSERT ON listing BEGIN "
	    "UPDATE listing SET intent = 1; END",
	    MARKET_E_CORRUPT, "trigger t was added" },
	{ "P10 another column", "ALTER TABLE party ADD COLUMN x BIGINT",
	    MARKET_E_CORRUPT, "table party was changed" },
	{ "P10 a renamed column", "ALTER TABLE party RENAME early TO late",
	    MARKET_E_CORRUPT, "table party was changed" },
	{ "P10 statistics", "ANALYZE", MARKET_E_CORRUPT,
	    "table sqlite_stat1 was added" },
	{ "P10 a schema that does not parse",
	    "PRAGMA writable_schema=ON; "
	    "UPDATE sqlite_schema SET sql = 'CREATE TABEL x' "
	    "WHERE name = 'party'",
	    MARKET_E_CORRUPT, "malformed" },
	{ "P10 an index that is not unique any more",
	    "DROP INDEX party_name; "
	    "CREATE INDEX party_name ON party (market, name)",
	    MARKET_E_CORRUPT, "index party_name was changed" },
	{ "P8 the identity is gone", "DELETE FROM marketplace",
	    MARKET_E_CORRUPT, "table tail" },
	{ "P8 the tail is gone", "DELETE FROM tail", MARKET_E_CORRUPT,
	    "table tail" },
	{ "P8 another identity", "UPDATE tail SET store = x'00'",
	    MARKET_E_CORRUPT, "another store" },
	{ "P8 an identity of another form",
	    "UPDATE tail SET store = 'x'; UPDATE marketplace SET store = 'x'",
	    MARKET_E_CORRUPT, "table tail" },
	{ "P8 the last entry is gone", "DELETE FROM entry WHERE seq = 5",
	    MARKET_E_CORRUPT, "table entry: its last row is number 4" },
	{ "P8 one more entry",
	    "INSERT INTO entry VALUES (1, 6, 0, 1, 1, 0, 0, x'')",
	    MARKET_E_CORRUPT, "table entry: its last row is number 6" },
	{ "P8 the last envelope is gone", "DELETE FROM payload WHERE entry = 5",
	    MARKET_E_CORRUPT, "table payload" },
	{ "P8 the last listing is gone", "DELETE FROM listing WHERE no = 5",
	    MARKET_E_CORRUPT, "table listing" },
};

START_TEST(sqlite_refuses_what_the_library_did_not_make)
{
	place_fill(&place, 5);
	place_copy(&place, "", "-good");
	place_opens(&place);
	ck_assert(place_holds(&place, 5));
	place_close(&place);
	place_sql(&place, edits[_i].sql);
	place_refuses(&place, edits[_i].want, edits[_i].text);
	place_copy(&place, "-good", "");
	place_opens(&place);
	ck_assert(place_holds(&place, 5));
}
END_TEST

START_TEST(sqlite_does_not_touch_a_file_of_somebody_else)
{
	char *before, *after;
	size_t len, len_after;

	place_sql(&place,
	    "CREATE TABLE theirs (x); "
	    "INSERT INTO theirs VALUES (1)");
	before = harness_read(place.path, &len);
	place_refuses(&place, MARKET_E_CORRUPT, "no store");
	after = harness_read(place.path, &len_after);
	ck_assert_uint_eq(len, len_after);
	ck_assert_mem_eq(before, after, len);
	free(before);
	free(after);
}
END_TEST

START_TEST(sqlite_refuses_what_is_no_database)
{
	static const struct {
		const char *label;
		const char *bytes;
		const char *text;
	} rows[] = {
		{ "P7 empty", "", "no store" },
		{ "P7 text", "a store of mine\n", "not a database" },
		{ "P7 a header and nothing else", "SQLite format 3", "" },
	};
	size_t i;
	FILE *file;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		file = fopen(place.path, "wb");
		fputs(rows[i].bytes, file);
		fclose(file);
		place_refuses(&place, MARKET_E_CORRUPT, rows[i].text);
	}
}
END_TEST

/* ---- P7: pages ---- */

/*
 * Refused as damaged, or opened: then nothing is read that was not written, and
 * nothing is missing where integrity finds nothing.
 */
static void
expect_no_lie(uint64_t n, const char *what, long where)
{
	market_status_t rv = place_open(&place);
	place_truth_t truth;

	if (rv != MARKET_OK) {
		ck_assert_msg(rv == MARKET_E_CORRUPT, "%s at %ld: %s: %s", what,
		    where, market_status_name(rv), place.error.message);
		return;
	}
	truth = place_truth(&place, n);
	ck_assert_msg(truth != PLACE_WRONG, "%s at %ld", what, where);
	ck_assert_msg(truth == PLACE_TRUE || place_faults(&place) > 0,
	    "%s at %ld: something is missing, and not told", what, where);
	place_close(&place);
}

START_TEST(sqlite_tells_no_lie_when_a_page_is_zero)
{
	static const uint8_t zeros[PAGE];
	long size, at;

	place_fill(&place, ROWS);
	place_copy(&place, "", "-good");
	size = place_size(&place, "");
	ck_assert_int_gt(size, 20 * PAGE);
	for (at = 0; at < size; at += PAGE) {
		place_copy(&place, "-good", "");
		place_poke(&place, "", at, zeros, PAGE);
		expect_no_lie(ROWS, "P7 zeroed page", at);
	}
	place_copy(&place, "-good", "");
	place_opens(&place);
	ck_assert(place_holds(&place, ROWS));
}
END_TEST

START_TEST(sqlite_tells_no_lie_when_two_pages_are_exchanged)
{
	char *bytes;
	size_t size;
	long a, b;

	place_fill(&place, ROWS);
	place_copy(&place, "", "-good");
	bytes = harness_read(place.path, &size);
	for (a = PAGE; a < (long)size; a += PAGE) {
		b = a + PAGE < (long)size ? a + PAGE : PAGE;
		place_copy(&place, "-good", "");
		place_poke(&place, "", a, bytes + b, PAGE);
		place_poke(&place, "", b, bytes + a, PAGE);
		expect_no_lie(ROWS, "P7 exchanged page", a);
	}
	free(bytes);
}
END_TEST

START_TEST(sqlite_tells_no_lie_when_the_file_is_cut)
{
	long size, at;

	place_fill(&place, ROWS);
	place_copy(&place, "", "-good");
	size = place_size(&place, "");
	for (at = 0; at < size; at += at < 200 ? 20 : 3 * PAGE / 2) {
		place_copy(&place, "-good", "");
		ck_assert_int_eq(truncate(place.path, at), 0);
		place_refuses(&place, MARKET_E_CORRUPT, "");
	}
}
END_TEST

START_TEST(sqlite_tells_no_lie_when_the_header_is_flipped)
{
	char *bytes;
	size_t size;
	long at;
	uint8_t flipped;

	place_fill(&place, 5);
	place_copy(&place, "", "-good");
	bytes = harness_read(place.path, &size);
	for (at = 0; at < 100; at++) {
		flipped = (uint8_t)~bytes[at];
		place_copy(&place, "-good", "");
		place_poke(&place, "", at, &flipped, 1);
		if (place_open(&place) == MARKET_OK) {
			ck_assert_msg(place_truth(&place, 5) == PLACE_TRUE,
			    "P7 header byte %ld", at);
			place_close(&place);
			continue;
		}
		ck_assert_msg(place.error.status == MARKET_E_CORRUPT ||
			/* A file format that may only be read (byte 18). */
			(at == 18 && place.error.status == MARKET_E_IO) ||
			/* The version (bytes 60 to 63). */
			place.error.status == MARKET_E_UNSUPPORTED,
		    "P7 header byte %ld: %s", at, place.error.message);
	}
	free(bytes);
}
END_TEST

/* ---- P7: the write-ahead log ---- */

/* A copy of the database as a crash leaves it: the log beside the file. */
static void
crash_copy(const char *database, const char *wal)
{
	place_copy(&place, "", database);
	place_copy(&place, "-wal", wal);
}

static void
put_back(const char *database, const char *wal)
{
	place_close(&place);
	(void)unlink(place_file(&place, "-shm"));
	(void)unlink(place_file(&place, "-wal"));
	place_copy(&place, database, "");
	if (wal != NULL)
		place_copy(&place, wal, "-wal");
}

START_TEST(sqlite_recovers_its_own_log)
{
	uint64_t i;

	OK(place_create(&place));
	for (i = 1; i <= 10; i++)
		OK(place_write(&place, i));
	crash_copy("-a", "-a.wal");
	ck_assert_int_gt(place_size(&place, "-a.wal"), 10 * PAGE);
	put_back("-a", "-a.wal");
	place_opens(&place);
	ck_assert(place_holds(&place, 10));
	ck_assert_uint_eq(place_faults(&place), 0);
	/* What was in the log is in the file before anybody reads it. */
	ck_assert_int_eq(place_size(&place, "-wal"), 0);
}
END_TEST

START_TEST(sqlite_is_as_before_when_its_log_is_removed)
{
	uint64_t i;

	place_fill(&place, 5);
	place_opens(&place);
	for (i = 6; i <= 10; i++)
		OK(place_write(&place, i));
	crash_copy("-a", "-a.wal");
	/* Whoever removes the log goes back: as a whole. */
	put_back("-a", NULL);
	place_opens(&place);
	ck_assert(place_holds(&place, 5));
}
END_TEST

START_TEST(sqlite_is_a_prefix_when_its_log_is_cut)
{
	uint64_t i, n;
	long size, at;

	place_fill(&place, 5);
	place_opens(&place);
	for (i = 6; i <= 10; i++)
		OK(place_write(&place, i));
	crash_copy("-a", "-a.wal");
	size = place_size(&place, "-a.wal");
	for (at = 0; at <= size; at += PAGE / 2) {
		put_back("-a", "-a.wal");
		ck_assert_int_eq(truncate(place_file(&place, "-wal"), at), 0);
		place_opens(&place);
		for (n = 5; n <= 10 && !place_holds(&place, n); n++)
			;
		ck_assert_msg(n <= 10, "P7 log cut at %ld", at);
		ck_assert(at < size || n == 10);
	}
}
END_TEST

START_TEST(sqlite_refuses_the_log_of_another_database)
{
	uint64_t i, rows;

	for (rows = 1; rows <= 8; rows++) {
		/* Another one of the same rows, with its last in the log. */
		place_fill(&place, 8);
		place_opens(&place);
		for (i = 1; i <= rows; i++)
			OK(place_write(&place, 8 + i));
		crash_copy("-b", "-b.wal");
		place_close(&place);
		(void)unlink(place.path);
		place_fill(&place, 8 + rows);
		place_copy(&place, "", "-a");
		put_back("-a", "-b.wal");
		place_refuses(&place, MARKET_E_CORRUPT, "");
		put_back("-a", NULL);
		place_opens(&place);
		ck_assert(place_holds(&place, 8 + rows));
		place_close(&place);
		(void)unlink(place.path);
	}
}
END_TEST

START_TEST(sqlite_refuses_an_older_log_of_its_own)
{
	uint64_t i, more;

	for (more = 1; more <= 8; more++) {
		place_fill(&place, 8);
		place_opens(&place);
		for (i = 9; i <= 12; i++)
			OK(place_write(&place, i));
		crash_copy("-a", "-a.wal");
		place_close(&place);
		place_opens(&place);
		for (i = 13; i <= 12 + more; i++)
			OK(place_write(&place, i));
		place_close(&place);
		place_copy(&place, "", "-a");
		put_back("-a", "-a.wal");
		if (place_open(&place) == MARKET_OK)
			/* All that is newer was in its pages too: the same as
			 * an older copy, which only a mark can tell. */
			ck_assert_msg(place_holds(&place, 12),
			    "P7 older log, %d behind", (int)more);
		else
			ck_assert_int_eq(place.error.status, MARKET_E_CORRUPT);
		place_close(&place);
		(void)unlink(place.path);
	}
}
END_TEST

START_TEST(sqlite_refuses_an_older_copy_while_it_is_open)
{
	place_fill(&place, 5);
	place_copy(&place, "", "-good");
	place_opens(&place);
	OK(place_write(&place, 6));
	/* Nobody may do this; it is seen all the same. */
	place_sql(&place, "UPDATE tail SET writes = 1");
	ck_assert_int_eq(place.ops->begin(place.backend, false, &place.error),
	    MARKET_E_CORRUPT);
	ck_assert_ptr_nonnull(strstr(place.error.message, "older copy"));
}
END_TEST

START_TEST(sqlite_integrity_finds_damaged_pages)
{
	static const uint8_t zeros[64];
	long at, size;

	/* Two pages: what the check at open has read is not kept. */
	place.cache_bytes = 16384;
	place_fill(&place, ROWS);
	size = place_size(&place, "");
	place_opens(&place);
	ck_assert_uint_eq(place_faults(&place), 0);
	for (at = 8 * PAGE; at < size; at += PAGE)
		place_poke(&place, "", at, zeros, sizeof(zeros));
	OK(place.ops->begin(place.backend, false, &place.error));
	place.ops->rollback(place.backend);
	ck_assert_uint_gt(place_faults(&place), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sqlite_damage");
	TCase *tcase = tcase_create("damage");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, sqlite_refuses_what_the_library_did_not_make,
	    0, (int)MARKET__COUNT(edits));
	tcase_add_test(tcase, sqlite_does_not_touch_a_file_of_somebody_else);
	tcase_add_test(tcase, sqlite_refuses_what_is_no_database);
	tcase_add_test(tcase, sqlite_tells_no_lie_when_a_page_is_zero);
	tcase_add_test(tcase, sqlite_tells_no_lie_when_two_pages_are_exchanged);
	tcase_add_test(tcase, sqlite_tells_no_lie_when_the_file_is_cut);
	tcase_add_test(tcase, sqlite_tells_no_lie_when_the_header_is_flipped);
	tcase_add_test(tcase, sqlite_recovers_its_own_log);
	tcase_add_test(tcase, sqlite_is_as_before_when_its_log_is_removed);
	tcase_add_test(tcase, sqlite_is_a_prefix_when_its_log_is_cut);
	tcase_add_test(tcase, sqlite_refuses_the_log_of_another_database);
	tcase_add_test(tcase, sqlite_refuses_an_older_log_of_its_own);
	tcase_add_test(tcase, sqlite_refuses_an_older_copy_while_it_is_open);
	tcase_add_test(tcase, sqlite_integrity_finds_damaged_pages);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
