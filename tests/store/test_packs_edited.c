/* SPDX-License-Identifier: Apache-2.0 */
/* P8: packs that were edited, in their rows or beside them: integrity tells. */
#include "config.h"

#include "packs_pair.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/sql_packs.h"

static pair_t *pair;

/* So many packs of 8 that there is a segment, and one that is in none. */
#define PACKS (MARKET__SEGMENT_PACKS + 1)

static void
put_pack(uint64_t no, uint64_t seller)
{
	static const uint64_t questions[] = { 1, 91, 181, 361 };
	market__listing_row_t rows[MARKET__PACK_LEAST];
	char id[32];
	size_t i;

	memset(rows, 0, sizeof(rows));
	for (i = 0; i < MARKET__COUNT(rows); i++) {
		rows[i].no = no + i;
		rows[i].seller = seller;
		snprintf(id, sizeof(id), "sku-%06u", (unsigned)rows[i].no);
		rows[i].offer_id = market__arena_copy(
		    &pair->rows, market_slice_of(id));
		/* No two packs ask the same. */
		rows[i].questions = questions + no / 8 % 3;
		rows[i].n_questions = 1 + i * (no / 24) % 2;
	}
	pair_put(pair, rows, MARKET__COUNT(rows));
}

/* Listings 1 to 8, 9 to 16, ... and one by itself; entries 1 to 20, 21 to 40,
 * and 41, each with an envelope. */
static void
setup(void)
{
	market__listing_row_t row;
	market__entry_row_t entry;
	uint64_t i;

	pair = pair_open(1, 8, 1);
	for (i = 0; i < PACKS; i++) {
		pair_begin(pair, true);
		put_pack(i * MARKET__PACK_LEAST + 1, 1);
		pair_commit(pair);
	}
	pair_begin(pair, true);
	memset(&row, 0, sizeof(row));
	row.no = PACKS * MARKET__PACK_LEAST + 1;
	row.seller = 1;
	row.offer_id = market_slice_of("z");
	pair_put_one(pair, &row);
	for (i = 1; i <= 41; i++) {
		entry = place_entry(i);
		pair_insert(pair, &entry);
		OK(pair->place.ops->payload_insert(
		    pair->place.backend, i, MARKET__LITERAL("envelope"), NULL));
		if (i % 20 != 0)
			continue;
		pair_commit(pair);
		pair_begin(pair, true);
	}
	pair_commit(pair);
	ck_assert_int_eq(
	    place_number(&pair->place, "SELECT COUNT(*) FROM listing_pack"),
	    PACKS);
	ck_assert_int_eq(
	    place_number(&pair->place, "SELECT COUNT(*) FROM segment"), 1);
	ck_assert_int_eq(
	    place_number(&pair->place, "SELECT COUNT(*) FROM entry_pack"), 2);
}

static void
teardown(void)
{
	place_close(&pair->place);
	place_clear(&pair->place);
	pair->model->ops->close(pair->model);
	market__arena_clear(&pair->kept);
	market__arena_clear(&pair->read);
	market__arena_clear(&pair->rows);
	free(pair);
}

#define OTHER(column) "(SELECT " column " FROM listing_pack WHERE last = 24)"
/* Its rows as if they were this one's. */
#define ROWS_OF_OTHER                                                         \
	"CAST(" OTHER("substr(bytes, 1, length(bytes) - 8)") " || "           \
							     "substr(bytes, " \
							     "-8) AS BLOB)"
#define A_LISTING(no, seller, id)                                           \
	"INSERT INTO listing SELECT market, " no ", " seller ", CAST('" id  \
	"' AS BLOB), digest, revision, intent, flags, began, offer_entry, " \
	"last_entry, not_before, not_after, disclosures, questions "        \
	"FROM listing"

static const struct {
	const char *label;
	const char *sql;
	const char *fault; /* NULL: none */
} edits[] = {
	{ "as it was", "SELECT 1", NULL },
	{ "P8 the bytes of another pack",
	    "UPDATE listing_pack SET bytes = " OTHER(
		"bytes") " WHERE last = 16",
	    "listing pack 16: its bytes are no pack" },
	{ "P8 ... with its own seal",
	    "UPDATE listing_pack SET bytes = " ROWS_OF_OTHER " WHERE last = 16",
	    "listing 17: it is out of order in pack 16" },
	{ "P8 ... of an earlier one",
	    "UPDATE listing_pack SET bytes = " ROWS_OF_OTHER " WHERE last = 32",
	    "listing pack 32: its bytes are no pack" },
	{ "P8 no bytes", "UPDATE listing_pack SET bytes = x'' WHERE last = 16",
	    "listing pack 16: its bytes are no pack" },
	{ "P8 no rows",
	    "UPDATE listing_pack SET bytes = x'00000000000000000008' WHERE "
	    "last = 8",
	    "listing pack 8: its list is not of the questions" },
	{ "P8 fewer bytes",
	    "UPDATE listing_pack SET bytes = substr(bytes, 2) WHERE last = 16",
	    "listing pack 16: its bytes are no pack" },
	{ "P8 text for bytes",
	    "UPDATE listing_pack SET bytes = 'x' WHERE last = 16",
	    "table listing_pack, row 16: bytes is not bytes" },
	{ "P8 the questions of another",
	    "UPDATE listing_pack SET questions = " OTHER(
		"questions") " WHERE last = 16",
	    "listing pack 16: its list is not of the questions" },
	{ "P8 ... and the segment does not follow",
	    "UPDATE listing_pack SET questions = " OTHER(
		"questions") " WHERE last = 16",
	    "segment 512: it does not count what its packs ask" },
	{ "P8 questions that are none",
	    "UPDATE listing_pack SET questions = x'80' WHERE last = 16",
	    "questions is no list" },
	{ "P8 another seller",
	    "UPDATE listing_pack SET seller = 55 WHERE last = 16",
	    "listing pack 16: there is no party 55" },
	{ "P8 it begins later",
	    "UPDATE listing_pack SET first = 10 WHERE last = 16",
	    "listing pack 16: its bytes are no pack" },
	{ "P8 it begins in another",
	    "UPDATE listing_pack SET first = 8 WHERE last = 16",
	    "listing pack 16: it begins before its time, at 8" },
	{ "P8 it begins behind its end",
	    "UPDATE listing_pack SET first = 17 WHERE last = 16",
	    "listing pack 16: it begins before its time, at 17" },
	{ "P8 its ids begin later",
	    "UPDATE listing_pack SET first_id = CAST('sku-000010' AS BLOB) "
	    "WHERE last = 16",
	    "listing 9: it is out of order in pack 16" },
	{ "P8 its ids end earlier",
	    "UPDATE listing_pack SET last_id = CAST('sku-000015' AS BLOB) "
	    "WHERE last = 16",
	    "listing 16: it is out of order in pack 16" },
	{ "P8 its ids begin in another pack",
	    "UPDATE listing_pack SET first_id = CAST('sku-000008' AS BLOB) "
	    "WHERE last = 16",
	    "its ids overlap with those of pack" },
	{ "P8 its ids end in another pack",
	    "UPDATE listing_pack SET last_id = CAST('sku-000020' AS BLOB) "
	    "WHERE last = 16",
	    "its ids overlap with those of pack" },
	{ "P8 a row has the number of one that is packed",
	    A_LISTING("10", "1", "new"),
	    "listing 10: it is packed, too, in pack 16" },
	{ "P8 a row has the name of one that is packed",
	    A_LISTING("999", "1", "sku-000010"),
	    "listing 999: its name is packed, too, as that of listing 10" },
	{ "P8 a question is gone", "DELETE FROM clearance WHERE no = 91",
	    "there is no clearance 91" },
	{ "P8 a pack of a segment is gone",
	    "DELETE FROM listing_pack WHERE last = 16",
	    "segment 512: it does not count what its packs ask" },
	{ "P8 the last pack is gone",
	    "DELETE FROM listing_pack WHERE last = 520",
	    "table listing_pack: its last row is number 512" },
	{ "P8 the segment is gone", "DELETE FROM segment",
	    "table segment: its last row is number 0" },
	{ "P8 a segment begins later", "UPDATE segment SET first = 9",
	    "segment 512: it does not count what its packs ask" },
	{ "P8 a segment begins behind its end",
	    "UPDATE segment SET first = 513", "segment 512: it begins before" },
	{ "P8 a segment asks less", "UPDATE segment SET questions = x''",
	    "segment 512: it does not count what its packs ask" },
	{ "P8 a segment of no pack",
	    "INSERT INTO segment VALUES (1, 600, 590, x'0101')",
	    "segment 600: it does not count what its packs ask" },
	{ "P8 two segments of one pack",
	    "INSERT INTO segment SELECT 1, 520, 500, questions "
	    "FROM listing_pack WHERE last = 520",
	    "segment 520: it begins before its time, at 500" },
	{ "P8 no bytes of entries",
	    "UPDATE entry_pack SET bytes = x'' WHERE last = 20",
	    "entry pack 20: its bytes are no pack" },
	{ "P8 fewer bytes of entries",
	    "UPDATE entry_pack SET bytes = substr(bytes, 2) WHERE last = 20",
	    "entry pack 20: its bytes are no pack" },
	{ "P8 entries begin later",
	    "UPDATE entry_pack SET first = 2 WHERE last = 20",
	    "entry pack 20: its bytes are no pack from 2" },
	{ "P8 entries begin in another pack",
	    "UPDATE entry_pack SET first = 20 WHERE last = 40",
	    "entry pack 40: it begins before its time, at 20" },
	{ "P8 entries begin nowhere",
	    "UPDATE entry_pack SET first = 0 WHERE last = 20",
	    "entry pack 20: it begins before its time, at 0" },
	{ "P8 a row has the number of a packed entry",
	    "INSERT INTO entry SELECT market, 7, at, kind, object, prev, "
	    "cause, detail FROM entry",
	    "entry 7: it may be packed, too, in pack 20" },
	{ "P8 a pack of entries is gone",
	    "DELETE FROM entry_pack WHERE last = 20",
	    "payload 1: there is no entry 1" },
	{ "P8 the last pack of entries is gone",
	    "DELETE FROM entry_pack WHERE last = 40",
	    "table entry_pack: its last row is number 20" },
};

typedef struct told {
	const char *fault;
	size_t n;
	bool found;
	char last[200];
} told_t;

static void
hear(void *user, const char *fault)
{
	told_t *told = user;

	told->n++;
	told->found |= told->fault != NULL &&
	    strstr(fault, told->fault) != NULL;
	snprintf(told->last, sizeof(told->last), "%s", fault);
}

START_TEST(packs_that_were_edited_are_told)
{
	told_t told = { .fault = edits[_i].fault };

	place_sql(&pair->place, edits[_i].sql);
	OK(pair->place.ops->begin(pair->place.backend, false, NULL));
	OK(pair->place.ops->integrity(
	    pair->place.backend, hear, &told, &pair->place.error));
	pair->place.ops->rollback(pair->place.backend);
	ck_assert_msg(told.found == (told.fault != NULL) &&
		(told.n > 0) == (told.fault != NULL),
	    "%s: %zu faults, the last: %s", edits[_i].label, told.n, told.last);
}
END_TEST

/* ---- who reads them ---- */

static market_status_t
list_by(market__listing_by_t by)
{
	market__listing_query_t query = {
		.by = by, .seller = 1, .question = 91, .max = SIZE_MAX
	};
	const market__listing_row_t *rows;
	size_t n;

	return pair->place.ops->listings(pair->place.backend, &query,
	    &pair->read, &rows, &n, &pair->place.error);
}

static market_status_t
list_by_no(void)
{
	return list_by(MARKET__LISTING_BY_NO);
}

static market_status_t
list_by_seller(void)
{
	return list_by(MARKET__LISTING_BY_SELLER);
}

static market_status_t
list_by_question(void)
{
	return list_by(MARKET__LISTING_BY_QUESTION);
}

static market_status_t
get_ten(void)
{
	market__listing_row_t row;

	return pair->place.ops->listing_get(
	    pair->place.backend, 10, &pair->read, &row, &pair->place.error);
}

static market_status_t
find_ten(void)
{
	market__listing_row_t row;

	return pair->place.ops->listing_find(pair->place.backend, 1,
	    MARKET__LITERAL("sku-000010"), &pair->read, &row,
	    &pair->place.error);
}

static market_status_t
list_entries(void)
{
	const market__entry_row_t *rows;
	size_t n;

	return pair->place.ops->entries(pair->place.backend, 3, 10, &pair->read,
	    &rows, &n, &pair->place.error);
}

static market_status_t
count_cells(void)
{
	uint64_t cells;

	return pair->place.ops->clearance_cells(
	    pair->place.backend, 1, &cells, &pair->place.error);
}

#define BROKEN "UPDATE listing_pack SET bytes = x'00' WHERE last = 16"
#define ASKING_10                                           \
	"INSERT INTO listing_question VALUES (1, 91, 10); " \
	"UPDATE listing SET questions = x'5b' WHERE no = 10"

static const struct {
	const char *label;
	const char *sql;
	market_status_t (*read)(void);
} misread[] = {
	{ "P8 a row is packed, too", A_LISTING("10", "1", "sku-000010"),
	    list_by_no },
	{ "... by seller", A_LISTING("10", "1", "sku-000010"), list_by_seller },
	{ "... by question", A_LISTING("10", "1", "sku-000010") "; " ASKING_10,
	    list_by_question },
	{ "P8 a pack that is none", BROKEN, list_by_no },
	{ "... by seller", BROKEN, list_by_seller },
	{ "... by question", BROKEN, list_by_question },
	{ "... by number", BROKEN, get_ten },
	{ "... by name", BROKEN, find_ten },
	{ "P8 a list of questions that is none",
	    "UPDATE listing_pack SET questions = x'80' WHERE last = 520",
	    count_cells },
	{ "P8 a segment's that is none", "UPDATE segment SET questions = x'80'",
	    count_cells },
	{ "P8 an entry is packed, too",
	    "INSERT INTO entry SELECT market, 7, at, kind, object, prev, "
	    "cause, detail FROM entry",
	    list_entries },
	{ "P8 entries that are none",
	    "UPDATE entry_pack SET bytes = x'00' WHERE last = 20",
	    list_entries },
	{ "P8 entries that begin elsewhere",
	    "UPDATE entry_pack SET first = 2 WHERE last = 20", list_entries },
};

START_TEST(packs_that_were_edited_are_not_read)
{
	market_status_t rv;

	OK(pair->place.ops->begin(pair->place.backend, false, NULL));
	OK(misread[_i].read());
	pair->place.ops->rollback(pair->place.backend);
	place_sql(&pair->place, misread[_i].sql);
	OK(pair->place.ops->begin(pair->place.backend, false, NULL));
	rv = misread[_i].read();
	ck_assert_msg(rv == MARKET_E_CORRUPT, "%s: %s", misread[_i].label,
	    market_status_name(rv));
	ck_assert_ptr_nonnull(
	    strstr(pair->place.error.message, "damaged or was edited"));
	/* What has failed can only be rolled back. */
	ck_assert_int_eq(misread[_i].read(), MARKET_E_STATE);
	pair->place.ops->rollback(pair->place.backend);
}
END_TEST

static const struct {
	const char *sql;
	market_status_t (*find)(void);
} misled[] = {
	{ "UPDATE listing_pack SET seller = 2 WHERE last = 16", find_ten },
	{ "UPDATE listing_pack SET seller = 2 WHERE last = 16",
	    list_by_seller },
	{ "UPDATE listing_pack SET last_id = CAST('sku-000009' AS BLOB) "
	  "WHERE last = 16",
	    find_ten },
};

/* P7: the index is not what its table makes. */
START_TEST(packs_are_refused_when_an_index_misleads_to_them)
{
	char sql[600];

	place_close(&pair->place);
	/* The index is out of the way while the table changes. */
	snprintf(sql, sizeof(sql),
	    "CREATE TEMP TABLE kept AS SELECT * FROM main.sqlite_schema "
	    "WHERE name = 'listing_pack_id'; PRAGMA writable_schema=ON; "
	    "DELETE FROM main.sqlite_schema WHERE name = 'listing_pack_id'; "
	    "PRAGMA writable_schema=RESET; %s; PRAGMA writable_schema=ON; "
	    "INSERT INTO main.sqlite_schema SELECT * FROM kept; "
	    "PRAGMA writable_schema=RESET",
	    misled[_i].sql);
	place_sql(&pair->place, sql);
	place_opens(&pair->place);
	OK(pair->place.ops->begin(pair->place.backend, false, NULL));
	ck_assert_int_eq(misled[_i].find(), MARKET_E_CORRUPT);
	ck_assert_int_eq(misled[_i].find(), MARKET_E_STATE);
	pair->place.ops->rollback(pair->place.backend);
	ck_assert_uint_gt(place_faults(&pair->place), 0);
}
END_TEST

/* ---- and who changes them ---- */

/* The first and the last pack of the segment, and the one behind it. */
START_TEST(packs_at_the_ends_of_a_segment_change_as_others_do)
{
	static const uint64_t last[] = { 8, 512, 520 },
			      questions[] = { 541, 91 };
	market__listing_row_t rows[MARKET__PACK_LEAST];
	uint64_t i;
	size_t k;

	for (k = 0; k < 2 * MARKET__COUNT(last); k++) {
		pair_begin(pair, true);
		for (i = 0; i < MARKET__PACK_LEAST; i++) {
			OK(pair->model->ops->listing_get(pair->model,
			    last[k / 2] - 7 + i, &pair->rows, &rows[i], NULL));
			rows[i].questions = questions;
			rows[i].n_questions = 2 - i % 2;
		}
		/* All of them, or one by itself. */
		if (k % 2 == 0)
			pair_put(pair, rows, MARKET__PACK_LEAST);
		else
			pair_put_one(pair, &rows[7]);
		pair_compare(pair, true);
		pair_commit(pair);
		ck_assert_msg(
		    place_faults(&pair->place) == 0, "%s", place_fault());
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("packs_edited");
	TCase *tcase = tcase_create("edited");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, packs_that_were_edited_are_told, 0,
	    (int)MARKET__COUNT(edits));
	tcase_add_loop_test(tcase, packs_that_were_edited_are_not_read, 0,
	    (int)MARKET__COUNT(misread));
	tcase_add_loop_test(tcase,
	    packs_are_refused_when_an_index_misleads_to_them, 0,
	    (int)MARKET__COUNT(misled));
	tcase_add_test(
	    tcase, packs_at_the_ends_of_a_segment_change_as_others_do);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
