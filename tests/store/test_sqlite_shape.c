/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of the database: its size, its plans, its numbers. */
#include "config.h"

#include "sqlite_kit.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/sql_text.h"

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

/* ---- what is asked ---- */

static const struct {
	const char *name;
	const char *text;
} texts[] = {
#define MARKET_X(id, table, text) { #id, text },
	MARKET__SQL_MAP(MARKET_X)
#undef MARKET_X
};

/* Those that look at a whole table, and only for integrity. */
static bool
may_scan(const char *name)
{
	static const char *const names[] = { "PAYLOAD_ALONE", "READER_ALONE",
		"READ_ALONE", "SELLER_ALONE", "QUESTION_ALONE", "ASKER_ALONE",
		"ASKED_COUNT", "ASKED_ALL" };
	size_t i;

	for (i = 0; i < MARKET__COUNT(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* These sort the page that an index has found; the first two, before it is cut,
 * what has changed. */
static bool
may_sort(const char *name)
{
	static const char *const names[] = { "SLOTS_SINCE",
		"CLEARANCES_BY_HORIZON", "STATEMENTS_BY_SLOT",
		"STATEMENTS_BY_DIGEST", "STATEMENTS_BY_NAME",
		"STATEMENTS_BY_SUBJECT", "PARTIES", "LISTINGS_BY_SELLER" };
	size_t i;

	for (i = 0; i < MARKET__COUNT(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return may_scan(name);
}

static void
check_plan(sqlite3 *db, const char *name, const char *text)
{
	char explain[2000];
	sqlite3_stmt *statement;
	const char *detail;

	snprintf(explain, sizeof(explain), "EXPLAIN QUERY PLAN %s", text);
	ck_assert_msg(
	    sqlite3_prepare_v2(db, explain, -1, &statement, NULL) == SQLITE_OK,
	    "%s: %s", name, sqlite3_errmsg(db));
	while (sqlite3_step(statement) == SQLITE_ROW) {
		detail = (const char *)sqlite3_column_text(statement, 3);
		ck_assert_msg(may_scan(name) ||
			strncmp(detail, "SCAN", 4) != 0 ||
			/* The few rows of a subquery with a limit. */
			strcmp(detail, "SCAN f") == 0 ||
			/* One of parameters. */
			strcmp(detail, "SCAN CONSTANT ROW") == 0 ||
			strcmp(detail, "SCAN d") == 0,
		    "%s: %s", name, detail);
		ck_assert_msg(
		    may_sort(name) || strstr(detail, "TEMP B-TREE") == NULL,
		    "%s: %s", name, detail);
		/* Every key begins with the marketplace. */
		ck_assert_msg(strncmp(detail, "SEARCH", 6) != 0 ||
			strstr(detail, "(market=?") != NULL,
		    "%s: %s", name, detail);
	}
	sqlite3_finalize(statement);
}

/* Bound by their place: SQLite counts $2 as the first if it comes first. */
static void
check_parameters(sqlite3 *db, const char *name, const char *text)
{
	sqlite3_stmt *statement;
	char want[16];
	int i;

	ck_assert_int_eq(
	    sqlite3_prepare_v2(db, text, -1, &statement, NULL), SQLITE_OK);
	for (i = 1; i <= sqlite3_bind_parameter_count(statement); i++) {
		snprintf(want, sizeof(want), "$%d", i);
		ck_assert_msg(strcmp(sqlite3_bind_parameter_name(statement, i),
				  want) == 0,
		    "%s: parameter %d is %s", name, i,
		    sqlite3_bind_parameter_name(statement, i));
	}
	ck_assert_msg(i > 1, "%s has no parameter", name);
	sqlite3_finalize(statement);
}

START_TEST(sqlite_has_an_index_for_all_that_is_asked)
{
	sqlite3 *db;
	size_t i;

	place_fill(&place, 1);
	ck_assert_int_eq(sqlite3_open(place.path, &db), SQLITE_OK);
	for (i = 0; i < MARKET__COUNT(texts); i++) {
		check_plan(db, texts[i].name, texts[i].text);
		check_parameters(db, texts[i].name, texts[i].text);
	}
	sqlite3_close(db);
}
END_TEST

/* ---- what listings ask ---- */

/* Clearance number `no`, without an answer. */
static void
put_question(uint64_t no)
{
	market__clearance_row_t row;

	memset(&row, 0, sizeof(row));
	row.no = no;
	memcpy(row.hash, &no, sizeof(no));
	OK(place.ops->clearance_put(place.backend, &row, &place.error));
}

/* ---- how much room it takes ---- */

#define QUESTIONS 2000

static uint64_t
next(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

static void
put_offer(uint64_t no, uint64_t *state, size_t *envelopes)
{
	static uint8_t bytes[1000];
	market__listing_row_t row;
	market__entry_row_t entry;
	uint64_t questions[3];
	size_t len = 600 + next(state) % 200, i;
	char id[32];

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)next(state);
	for (i = 0; i < MARKET__COUNT(questions); i++)
		questions[i] = next(state) % QUESTIONS + 1;
	snprintf(id, sizeof(id), "sku-%08u", (unsigned)next(state));
	memset(&entry, 0, sizeof(entry));
	entry.seq = no;
	entry.at = 1454284800 + (int64_t)no;
	entry.kind = 3;
	entry.object = no;
	entry.detail = market__slice(bytes, MARKET_DIGEST_LEN);
	memset(&row, 0, sizeof(row));
	row.no = no;
	row.seller = no % 5 + 1;
	row.offer_id = market__slice(id, strlen(id));
	memcpy(row.digest, bytes, sizeof(row.digest));
	row.revision = 1;
	row.intent = 1;
	row.began = row.offer_entry = row.last = no;
	row.not_before = 1454284800;
	row.not_after = 1485907200;
	row.disclosures = 3;
	row.questions = questions;
	row.n_questions = MARKET__COUNT(questions);
	OK(place.ops->entry_insert(place.backend, &entry, &place.error));
	OK(place.ops->payload_insert(
	    place.backend, no, market__slice(bytes, len), &place.error));
	OK(place.ops->listing_put(place.backend, &row, &place.error));
	*envelopes += len;
}

START_TEST(sqlite_takes_no_more_room_than_it_may)
{
	/* Numbers as wide as they are among millions. */
	const uint64_t first = 3000000;
	size_t n = harness_rounds(20000), envelopes = 0, empty, size, i;
	uint64_t state = 1, rows;

	OK(place_create(&place));
	OK(place.ops->begin(place.backend, true, NULL));
	for (i = 1; i <= QUESTIONS; i++)
		put_question(i);
	OK(place.ops->commit(place.backend, NULL));
	place_close(&place);
	empty = (size_t)place_size(&place, "");
	place_opens(&place);
	rows = place.ops->rows_written(place.backend);
	for (i = 0; i < n; i++) {
		if (i % 1000 == 0)
			OK(place.ops->begin(place.backend, true, NULL));
		put_offer(first + i, &state, &envelopes);
		if (i % 1000 == 999 || i + 1 == n)
			OK(place.ops->commit(place.backend, NULL));
	}
	/* Each offer is an envelope, a listing and 3 index rows, and one of
	 * many in a row of entries; questions are counted. */
	rows = place.ops->rows_written(place.backend) - rows;
	ck_assert_uint_gt(rows, 5 * n);
	place_close(&place);
	size = (size_t)place_size(&place, "");
	if (getenv("MARKET_TELL") != NULL)
		printf("# %zu bytes a listing, %zu of them its envelope\n",
		    size / n, envelopes / n);
	/* Few of them do not pay for what is there without any, and for pages
	 * that are not full. */
	ck_assert_msg(size <= envelopes * 13 / 10 + 200 * n +
		    (n < 20000 ? empty + (size_t)30 * 8192 : 0),
	    "%zu bytes a listing, %zu of them its envelope", size / n,
	    envelopes / n);
	place_opens(&place);
	OK(place.ops->begin(place.backend, false, NULL));
}
END_TEST

START_TEST(sqlite_bounds_its_log)
{
	uint64_t i;

	OK(place_create(&place));
	for (i = 1; i <= 600; i++)
		OK(place_write(&place, i));
	/* Several thousand frames were written, and at most 1000 stay until
	 * they are put into the file. */
	ck_assert_int_lt(place_size(&place, "-wal"), 1100 * 8400);
	ck_assert_int_gt(place_size(&place, ""), 1 << 20);
	ck_assert(place_holds(&place, 600));
}
END_TEST

/* ---- numbers ---- */

START_TEST(sqlite_keeps_any_revision_in_its_order)
{
	static const uint64_t revisions[] = { 0, 1, 255, 256, INT64_MAX,
		(uint64_t)INT64_MAX + 1, UINT64_MAX - 1, UINT64_MAX };
	const market__statement_row_t *rows;
	market__statement_query_t query = { .by = MARKET__STATEMENT_BY_NO,
		.max = 100 };
	market__statement_row_t row;
	size_t i, n;

	OK(place_create(&place));
	OK(place.ops->begin(place.backend, true, NULL));
	for (i = 0; i < MARKET__COUNT(revisions); i++) {
		memset(&row, 0, sizeof(row));
		row.no = i + 1;
		row.revision = revisions[i];
		row.seen_at = INT64_MIN;
		OK(place.ops->statement_insert(
		    place.backend, &row, &place.error));
	}
	OK(place.ops->commit(place.backend, NULL));
	OK(place.ops->begin(place.backend, false, NULL));
	OK(place.ops->statements(
	    place.backend, &query, &place.arena, &rows, &n, NULL));
	ck_assert_uint_eq(n, MARKET__COUNT(revisions));
	for (i = 0; i < n; i++) {
		ck_assert_uint_eq(rows[i].revision, revisions[i]);
		ck_assert_int_eq(rows[i].seen_at, INT64_MIN);
	}
	place.ops->rollback(place.backend);
	ck_assert_int_eq(
	    place_number(&place,
		"SELECT COUNT(*) FROM statement AS a JOIN statement AS b "
		"ON b.no = a.no + 1 WHERE a.revision >= b.revision"),
	    0);
}
END_TEST

START_TEST(sqlite_refuses_numbers_that_it_cannot_hold)
{
	const uint64_t most = INT64_MAX;
	market__entry_row_t entry = place_entry(most);
	market__listing_row_t row;
	uint64_t question = most + 1;
	size_t i;

	OK(place_create(&place));
	/* The highest goes, and one more does not. */
	for (i = 0; i < 2; i++) {
		entry.seq = most + i;
		OK(place.ops->begin(place.backend, true, NULL));
		ck_assert_int_eq(place.ops->entry_insert(
				     place.backend, &entry, &place.error),
		    i == 0 ? MARKET_OK : MARKET_E_LIMIT);
		if (i == 0)
			OK(place.ops->commit(place.backend, NULL));
		else
			place.ops->rollback(place.backend);
	}
	ck_assert_ptr_nonnull(strstr(place.error.message, "2^63 - 1"));
	memset(&row, 0, sizeof(row));
	row.no = 1;
	row.questions = &question;
	row.n_questions = 1;
	row.disclosures = UINT64_MAX;
	OK(place.ops->begin(place.backend, true, NULL));
	ck_assert_int_eq(
	    place.ops->listing_put(place.backend, &row, NULL), MARKET_E_LIMIT);
	place.ops->rollback(place.backend);
	question = most;
	OK(place.ops->begin(place.backend, true, NULL));
	OK(place.ops->listing_put(place.backend, &row, NULL));
	OK(place.ops->listing_get(place.backend, 1, &place.arena, &row, NULL));
	ck_assert_uint_eq(row.questions[0], most);
	ck_assert_uint_eq(row.disclosures, UINT64_MAX);
}
END_TEST

START_TEST(sqlite_refuses_more_cells_than_a_listing_may_have)
{
	uint64_t questions[MARKET__LISTING_CELLS_MAX + 1];
	market__listing_row_t row;
	size_t i;

	for (i = 0; i < MARKET__COUNT(questions); i++)
		questions[i] = UINT64_C(1) << (i % 63);
	memset(&row, 0, sizeof(row));
	row.no = 1;
	row.questions = questions;
	row.n_questions = MARKET__COUNT(questions);
	OK(place_create(&place));
	OK(place.ops->begin(place.backend, true, NULL));
	for (i = 0; i < 63; i++)
		put_question(questions[i]);
	OK(place.ops->commit(place.backend, NULL));
	OK(place.ops->begin(place.backend, true, NULL));
	ck_assert_int_eq(
	    place.ops->listing_put(place.backend, &row, &place.error),
	    MARKET_E_LIMIT);
	ck_assert_int_eq(
	    place.ops->commit(place.backend, NULL), MARKET_E_STATE);
	place.ops->rollback(place.backend);
	OK(place.ops->begin(place.backend, true, NULL));
	row.n_questions--;
	OK(place.ops->listing_put(place.backend, &row, &place.error));
	OK(place.ops->listing_get(
	    place.backend, 1, &place.arena, &row, &place.error));
	ck_assert_uint_eq(row.n_questions, MARKET__LISTING_CELLS_MAX);
	ck_assert_mem_eq(row.questions, questions,
	    MARKET__LISTING_CELLS_MAX * sizeof(questions[0]));
	OK(place.ops->commit(place.backend, NULL));
	/* Each question once. */
	ck_assert_int_eq(
	    place_number(&place, "SELECT COUNT(*) FROM listing_question"), 63);
}
END_TEST

START_TEST(sqlite_refuses_a_row_that_is_too_large)
{
	/* 32 MiB with what is beside it. */
	const size_t most = (32 << 20) - 100;
	uint8_t *bytes = calloc(1, most + 200);
	market_slice_t got;

	ck_assert_ptr_nonnull(bytes);
	OK(place_create(&place));
	OK(place.ops->begin(place.backend, true, NULL));
	ck_assert_int_eq(place.ops->payload_insert(place.backend, 1,
			     market__slice(bytes, most + 200), &place.error),
	    MARKET_E_LIMIT);
	ck_assert_ptr_nonnull(strstr(place.error.message, "too large"));
	place.ops->rollback(place.backend);
	OK(place.ops->begin(place.backend, true, NULL));
	OK(place.ops->payload_insert(
	    place.backend, 1, market__slice(bytes, most), &place.error));
	OK(place.ops->payload_get(
	    place.backend, 1, &place.arena, &got, &place.error));
	ck_assert_uint_eq(got.len, most);
	free(bytes);
}
END_TEST

START_TEST(sqlite_keeps_each_read_once)
{
	static const uint64_t before[] = { 1, 1, 2, 5, 5 },
			      after[] = { 2, 2, 3, 3 };
	const uint64_t *slots;
	size_t n;

	OK(place_create(&place));
	OK(place.ops->begin(place.backend, true, NULL));
	OK(place.ops->clearance_set_reads(
	    place.backend, 1, before, MARKET__COUNT(before), NULL));
	OK(place.ops->clearance_set_reads(
	    place.backend, 1, after, MARKET__COUNT(after), NULL));
	/* 1, 2 and 5 came; 1 and 5 went, and 3 came: 2 stayed as it was. */
	ck_assert_uint_eq(place.ops->rows_written(place.backend), 6 + 1);
	OK(place.ops->clearance_reads(
	    place.backend, 1, &place.arena, &slots, &n, NULL));
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(slots[0], 2);
	ck_assert_uint_eq(slots[1], 3);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sqlite_shape");
	TCase *tcase = tcase_create("shape");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, sqlite_has_an_index_for_all_that_is_asked);
	tcase_add_test(tcase, sqlite_takes_no_more_room_than_it_may);
	tcase_add_test(tcase, sqlite_bounds_its_log);
	tcase_add_test(tcase, sqlite_keeps_any_revision_in_its_order);
	tcase_add_test(tcase, sqlite_refuses_numbers_that_it_cannot_hold);
	tcase_add_test(
	    tcase, sqlite_refuses_more_cells_than_a_listing_may_have);
	tcase_add_test(tcase, sqlite_refuses_a_row_that_is_too_large);
	tcase_add_test(tcase, sqlite_keeps_each_read_once);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
