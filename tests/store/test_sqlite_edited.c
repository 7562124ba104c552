/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that were edited, and indexes that do not follow: never a wrong row. */
#include "config.h"

#include "sqlite_kit.h"

#include <stdio.h>

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

/* ---- P8: rows ---- */

static market_status_t
read_listing(void)
{
	market__listing_row_t row;

	return place.ops->listing_get(
	    place.backend, 3, &place.arena, &row, &place.error);
}

static market_status_t
read_entries(void)
{
	const market__entry_row_t *rows;
	size_t n;

	return place.ops->entries(
	    place.backend, 0, 10, &place.arena, &rows, &n, &place.error);
}

static market_status_t
read_head(void)
{
	market__store_head_t head;

	return place.ops->head_get(place.backend, &head, &place.error);
}

static market_status_t
read_payload(void)
{
	market_slice_t bytes;

	return place.ops->payload_get(
	    place.backend, 3, &place.arena, &bytes, &place.error);
}

static const struct {
	const char *label;
	const char *sql;
	market_status_t (*read)(void);
	const char *text;
} cells[] = {
	{ "P8 text for a number", "UPDATE listing SET intent = 'x'",
	    read_listing, "table listing, row 3: intent is not an integer" },
	{ "P8 a number with a fraction", "UPDATE listing SET seller = 1.5",
	    read_listing, "table listing, row 3: seller is not an integer" },
	{ "P8 negative", "UPDATE listing SET began = -1", read_listing,
	    "table listing, row 3: began is negative" },
	{ "P8 too large for its type", "UPDATE listing SET flags = 4294967296",
	    read_listing, "table listing, row 3: flags is out of range" },
	{ "P8 a short digest", "UPDATE listing SET digest = x'00'",
	    read_listing, "table listing, row 3: digest is not of its length" },
	{ "P8 a long digest", "UPDATE listing SET digest = zeroblob(33)",
	    read_listing, "table listing, row 3: digest is not of its length" },
	{ "P8 text for bytes",
	    "UPDATE listing SET digest = '01234567890123456789012345678901'",
	    read_listing, "table listing, row 3: digest is not bytes" },
	{ "P8 a number for bytes", "UPDATE listing SET questions = 7",
	    read_listing, "table listing, row 3: questions is not bytes" },
	{ "P8 questions cut", "UPDATE listing SET questions = x'80'",
	    read_listing, "table listing, row 3: questions is not a list" },
	{ "P8 questions padded", "UPDATE listing SET questions = x'8000'",
	    read_listing, "table listing, row 3: questions is not a list" },
	{ "P8 too many questions",
	    "UPDATE listing SET questions = CAST(replace(hex(zeroblob(129)), "
	    "'0', 'a') AS BLOB)",
	    read_listing, "table listing, row 3: questions is not a list" },
	{ "P8 a short revision", "UPDATE listing SET revision = x'01'",
	    read_listing, "table listing, row 3: revision is not of its" },
	{ "P8 an entry's kind", "UPDATE entry SET kind = x'03' WHERE seq = 3",
	    read_entries, "table entry, row 3: kind is not an integer" },
	{ "P8 an entry's detail", "UPDATE entry SET detail = 5 WHERE seq = 2",
	    read_entries, "table entry, row 2: detail is not bytes" },
	{ "P8 the head", "UPDATE head SET epoch_chain = ''", read_head,
	    "table head, row 0: epoch_chain is not bytes" },
	{ "P8 the head's number", "UPDATE head SET entries = -5", read_head,
	    "table head, row 0: entries is negative" },
	{ "P8 an envelope", "UPDATE payload SET bytes = 'x'", read_payload,
	    "table payload, row 3: bytes is not bytes" },
};

START_TEST(sqlite_names_the_cell_when_it_was_edited)
{
	market_status_t rv;

	place_fill(&place, 5);
	place_opens(&place);
	OK(place.ops->begin(place.backend, false, &place.error));
	OK(cells[_i].read());
	place.ops->rollback(place.backend);
	place_close(&place);
	place_sql(&place, cells[_i].sql);
	place_opens(&place);
	OK(place.ops->begin(place.backend, false, &place.error));
	rv = cells[_i].read();
	ck_assert_msg(rv == MARKET_E_CORRUPT, "%s: %s", cells[_i].label,
	    market_status_name(rv));
	ck_assert_msg(strstr(place.error.message, cells[_i].text) != NULL,
	    "%s: %s", cells[_i].label, place.error.message);
	ck_assert_str_eq(place.error.path, place.path);
	/* What has failed can only be rolled back. */
	ck_assert_int_eq(cells[_i].read(), MARKET_E_STATE);
	place.ops->rollback(place.backend);
	OK(place.ops->begin(place.backend, false, &place.error));
}
END_TEST

/* ---- P7: an index that is not what its table makes ---- */

static market_status_t
find_slot(void)
{
	market__slot_row_t row;

	return place.ops->slot_get(place.backend, MARKET__LITERAL("slot"),
	    &place.arena, &row, &place.error);
}

static market_status_t
find_party(void)
{
	market__party_row_t row;

	return place.ops->party_find(place.backend,
	    MARKET__LITERAL("shop.example"), &place.arena, &row, &place.error);
}

static market_status_t
find_clearance(void)
{
	static const uint8_t hash[MARKET_DIGEST_LEN] = { 7 };
	market__clearance_row_t row;

	return place.ops->clearance_find(
	    place.backend, hash, &place.arena, &row, &place.error);
}

static market_status_t
find_listing(void)
{
	market__listing_row_t row;

	return place.ops->listing_find(place.backend, 1,
	    MARKET__LITERAL("sku-007919"), &place.arena, &row, &place.error);
}

static market_status_t
list_listings(market__listing_by_t by)
{
	market__listing_query_t query = { .by = by, .max = 10 };
	const market__listing_row_t *rows;
	size_t n;

	query.seller = 1;
	query.question = 2;
	return place.ops->listings(
	    place.backend, &query, &place.arena, &rows, &n, &place.error);
}

static market_status_t
list_by_seller(void)
{
	return list_listings(MARKET__LISTING_BY_SELLER);
}

static market_status_t
list_by_question(void)
{
	return list_listings(MARKET__LISTING_BY_QUESTION);
}

static market_status_t
list_by_horizon(void)
{
	market__clearance_query_t query = {
		.by = MARKET__CLEARANCE_BY_HORIZON, .until = 50, .max = 10
	};
	const market__clearance_row_t *rows;
	size_t n;

	return place.ops->clearances(
	    place.backend, &query, &place.arena, &rows, &n, &place.error);
}

static market_status_t
list_statements(market__statement_by_t by)
{
	static const uint8_t digest[MARKET_DIGEST_LEN] = { 9 };
	market__statement_query_t query = { .by = by, .max = 10 };
	const market__statement_row_t *rows;
	size_t n;

	query.slot = MARKET__LITERAL("slot");
	query.digest = market__slice(digest, sizeof(digest));
	query.kind = 3;
	query.issuer = MARKET__LITERAL("issuer");
	query.id = MARKET__LITERAL("id");
	query.subject = MARKET__LITERAL("subject");
	return place.ops->statements(
	    place.backend, &query, &place.arena, &rows, &n, &place.error);
}

static market_status_t
list_by_slot(void)
{
	return list_statements(MARKET__STATEMENT_BY_SLOT);
}

static market_status_t
list_by_digest(void)
{
	return list_statements(MARKET__STATEMENT_BY_DIGEST);
}

static market_status_t
list_by_name(void)
{
	return list_statements(MARKET__STATEMENT_BY_NAME);
}

static market_status_t
list_by_subject(void)
{
	return list_statements(MARKET__STATEMENT_BY_SUBJECT);
}

/* What is looked for above. */
static void
put_named(void)
{
	market__statement_row_t statement;
	market__clearance_row_t clearance;
	market__slot_row_t slot;

	memset(&statement, 0, sizeof(statement));
	statement.no = 1;
	statement.slot = MARKET__LITERAL("slot");
	statement.digest[0] = 9;
	statement.kind = 3;
	statement.issuer = MARKET__LITERAL("issuer");
	statement.id = MARKET__LITERAL("id");
	statement.subject = MARKET__LITERAL("subject");
	memset(&clearance, 0, sizeof(clearance));
	clearance.no = 8;
	clearance.hash[0] = 7;
	memset(&slot, 0, sizeof(slot));
	slot.no = 1;
	slot.name = MARKET__LITERAL("slot");
	OK(place.ops->begin(place.backend, true, &place.error));
	OK(place.ops->statement_insert(
	    place.backend, &statement, &place.error));
	OK(place.ops->clearance_put(place.backend, &clearance, &place.error));
	OK(place.ops->slot_put(place.backend, &slot, &place.error));
	OK(place.ops->commit(place.backend, &place.error));
}

static const struct {
	const char *index; /* that does not follow */
	const char *sql;
	market_status_t (*find)(void);
} misled[] = {
	{ "slot_name", "UPDATE slot SET name = x'00'", find_slot },
	{ "party_name", "UPDATE party SET name = x'00'", find_party },
	{ "clearance_hash", "UPDATE clearance SET hash = zeroblob(32)",
	    find_clearance },
	{ "clearance_horizon", "UPDATE clearance SET horizon = 51",
	    list_by_horizon },
	{ "listing_offer", "UPDATE listing SET offer_id = x'00'",
	    find_listing },
	{ "listing_offer", "UPDATE listing SET seller = 2", find_listing },
	{ "listing_offer", "UPDATE listing SET seller = 2", list_by_seller },
	{ "listing_offer", "UPDATE listing SET questions = x'05'",
	    list_by_question },
	{ "statement_slot", "UPDATE statement SET slot = x'00'", list_by_slot },
	{ "statement_digest", "UPDATE statement SET digest = zeroblob(32)",
	    list_by_digest },
	{ "statement_name", "UPDATE statement SET kind = 4", list_by_name },
	{ "statement_name", "UPDATE statement SET issuer = x'00'",
	    list_by_name },
	{ "statement_name", "UPDATE statement SET id = x'00'", list_by_name },
	{ "statement_subject", "UPDATE statement SET kind = 4",
	    list_by_subject },
	{ "statement_subject", "UPDATE statement SET subject = x'00'",
	    list_by_subject },
};

START_TEST(sqlite_refuses_a_row_that_was_not_asked_for)
{
	char sql[500];

	place_fill(&place, 1);
	place_opens(&place);
	put_named();
	OK(place.ops->begin(place.backend, false, &place.error));
	OK(misled[_i].find());
	place.ops->rollback(place.backend);
	place_close(&place);
	/* The index is out of the way while the table changes. */
	snprintf(sql, sizeof(sql),
	    "CREATE TEMP TABLE kept AS SELECT * FROM main.sqlite_schema "
	    "WHERE name = '%s'; PRAGMA writable_schema=ON; "
	    "DELETE FROM main.sqlite_schema WHERE name = '%s'; "
	    "PRAGMA writable_schema=RESET; %s; PRAGMA writable_schema=ON; "
	    "INSERT INTO main.sqlite_schema SELECT * FROM kept; "
	    "PRAGMA writable_schema=RESET",
	    misled[_i].index, misled[_i].index, misled[_i].sql);
	place_sql(&place, sql);
	place_opens(&place);
	OK(place.ops->begin(place.backend, false, &place.error));
	ck_assert_msg(misled[_i].find() == MARKET_E_CORRUPT, "P7 %s: %s",
	    misled[_i].index, misled[_i].sql);
	ck_assert_ptr_nonnull(strstr(place.error.message, "another row"));
	ck_assert_int_eq(misled[_i].find(), MARKET_E_STATE);
	place.ops->rollback(place.backend);
	ck_assert_uint_gt(place_faults(&place), 0);
}
END_TEST

START_TEST(sqlite_refuses_to_replace_a_row_that_is_damaged)
{
	market__listing_row_t row;

	place_fill(&place, 1);
	place_sql(&place, "UPDATE listing SET questions = x'80'");
	place_opens(&place);
	memset(&row, 0, sizeof(row));
	row.no = 1;
	row.seller = 1;
	row.offer_id = MARKET__LITERAL("sku-007919");
	OK(place.ops->begin(place.backend, true, &place.error));
	ck_assert_int_eq(
	    place.ops->listing_put(place.backend, &row, &place.error),
	    MARKET_E_CORRUPT);
	ck_assert_ptr_nonnull(strstr(place.error.message, "row 1"));
}
END_TEST

static const struct {
	const char *label;
	const char *sql;
	size_t faults;
	const char *last;
} partners[] = {
	{ "as it was", "SELECT 1", 0, "" },
	{ "P8 an envelope without entry",
	    "UPDATE payload SET entry = 77 WHERE entry = 2; "
	    "UPDATE tail SET last_payload = 77",
	    1, "" },
	{ "P8 a question that the index lacks",
	    "DELETE FROM listing_question WHERE listing = 2 AND question = 3",
	    1, "the index does not have its question 3" },
	{ "P8 a question that only the index has",
	    "INSERT INTO listing_question VALUES (1, 99, 2)", 2,
	    "the index has it, but it does not ask question 99" },
	{ "P8 an index row of no listing",
	    "INSERT INTO listing_question VALUES (1, 4, 99)", 1,
	    "question index 4: there is no listing 99" },
	{ "P8 an index row of a negative question",
	    "INSERT INTO listing_question VALUES (1, -4, 2)", 2,
	    "question is negative" },
	{ "P8 reads of a clearance that is not there",
	    "INSERT INTO clearance_read VALUES (1, 77, 7)", 2, "" },
	{ "P8 another list of questions",
	    "UPDATE listing SET questions = x'04' WHERE no = 2", 2,
	    "but it does not ask question" },
	{ "P8 questions that are no list",
	    "UPDATE listing SET questions = x'80' WHERE no = 2", 1, "" },
	{ "P8 questions that are no bytes",
	    "UPDATE listing SET questions = 1 WHERE no = 2", 1,
	    "questions is not bytes" },
	{ "P8 a feed without statement",
	    "INSERT INTO feed VALUES (1, 77, 1, x'')", 1,
	    "feed 77: there is no statement" },
	{ "P8 the last entry gone while it is open",
	    "DELETE FROM entry WHERE seq = 5", 2, "" },
};

START_TEST(sqlite_integrity_finds_rows_without_partners)
{
	size_t n;

	place_fill(&place, 5);
	place_opens(&place);
	ck_assert_uint_eq(place_faults(&place), 0);
	place_sql(&place, partners[_i].sql);
	n = place_faults(&place);
	ck_assert_msg(n == partners[_i].faults, "%s: %zu faults, the last: %s",
	    partners[_i].label, n, place_fault());
	ck_assert_msg(strstr(place_fault(), partners[_i].last) != NULL,
	    "%s: %s", partners[_i].label, place_fault());
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sqlite_edited");
	TCase *tcase = tcase_create("edited");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, sqlite_names_the_cell_when_it_was_edited, 0,
	    (int)MARKET__COUNT(cells));
	tcase_add_loop_test(tcase, sqlite_refuses_a_row_that_was_not_asked_for,
	    0, (int)MARKET__COUNT(misled));
	tcase_add_test(tcase, sqlite_refuses_to_replace_a_row_that_is_damaged);
	tcase_add_loop_test(tcase, sqlite_integrity_finds_rows_without_partners,
	    0, (int)MARKET__COUNT(partners));
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
