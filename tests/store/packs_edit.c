/* SPDX-License-Identifier: Apache-2.0 */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "packs_edit.h"
#include "store/sql_packs.h"

/* Rows of a pack, with what they point at. */
typedef struct rows {
	market__listing_pack_t pack;
	market__packed_t packed[MARKET__PACK_ROWS];
	market__listing_row_t listings[MARKET__PACK_ROWS];
	uint64_t questions[MARKET__PACK_ROWS][MARKET__LISTING_CELLS_MAX];
	size_t n;
} rows_t;

static sqlite3 *
open_db(const char *path)
{
	sqlite3 *db = NULL;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

static void
run(sqlite3 *db, const char *sql)
{
	char *message = NULL;

	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK,
	    "%s: %s", sql, message);
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	ck_assert_msg(
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK,
	    "%s: %s", sql, sqlite3_errmsg(db));
	return statement;
}

static void
bind_bytes(sqlite3_stmt *statement, int at, market_slice_t bytes)
{
	ck_assert_int_eq(
	    sqlite3_bind_blob(statement, at,
		bytes.len == 0 ? (const void *)"" : (const void *)bytes.ptr,
		(int)bytes.len, SQLITE_TRANSIENT),
	    SQLITE_OK);
}

static void
bind_number(sqlite3_stmt *statement, int at, uint64_t number)
{
	ck_assert_int_eq(
	    sqlite3_bind_int64(statement, at, (int64_t)number), SQLITE_OK);
}

static market_slice_t
bytes_of(sqlite3_stmt *statement, int column)
{
	market_slice_t bytes = { sqlite3_column_blob(statement, column),
		(size_t)sqlite3_column_bytes(statement, column) };

	return bytes;
}

static uint64_t
number_of(sqlite3_stmt *statement, int column)
{
	return (uint64_t)sqlite3_column_int64(statement, column);
}

/* Runs it, and begins again. */
static void
step(sqlite3 *db, sqlite3_stmt *statement)
{
	ck_assert_msg(
	    sqlite3_step(statement) == SQLITE_DONE, "%s", sqlite3_errmsg(db));
	ck_assert_int_eq(sqlite3_reset(statement), SQLITE_OK);
}

static void
read_rows(sqlite3_stmt *packs, rows_t *rows)
{
	market_slice_t bytes = bytes_of(packs, 3);
	size_t i;

	ck_assert_uint_gt(bytes.len, MARKET__PACK_SEAL);
	bytes.len -= MARKET__PACK_SEAL;
	ck_assert(market__listing_pack_open(
	    bytes, number_of(packs, 1), number_of(packs, 2), &rows->pack));
	rows->n = rows->pack.pack.n;
	for (i = 0; i < rows->n; i++) {
		ck_assert(
		    market__listing_pack_get(&rows->pack, i, &rows->packed[i]));
		rows->listings[i] = rows->packed[i].row;
		ck_assert(market__questions_unpack(rows->packed[i].asked,
		    rows->questions[i], MARKET__LISTING_CELLS_MAX,
		    &rows->listings[i].n_questions));
		rows->listings[i].questions = rows->questions[i];
	}
}

/* ---- to rows ---- */

static void
put_questions(sqlite3 *db, const market__listing_row_t *row)
{
	sqlite3_stmt *asks = prepare(
	    db, "INSERT INTO listing_question VALUES (1, ?, ?)");
	sqlite3_stmt *cells = prepare(
	    db, "UPDATE clearance SET cells = cells + 1 WHERE no = ?");
	size_t i;

	for (i = 0; i < row->n_questions; i++) {
		bind_number(asks, 1, row->questions[i]);
		bind_number(asks, 2, row->no);
		step(db, asks);
		bind_number(cells, 1, row->questions[i]);
		step(db, cells);
	}
	sqlite3_finalize(asks);
	sqlite3_finalize(cells);
}

static void
put_listing(sqlite3 *db, sqlite3_stmt *insert, const market__listing_row_t *row)
{
	uint8_t asked[MARKET__LISTING_CELLS_MAX * MARKET__QUESTION_LEN_MAX];
	uint8_t revision[8];
	size_t i;

	for (i = 0; i < 8; i++)
		revision[i] = (uint8_t)(row->revision >> (56 - 8 * i));
	bind_number(insert, 1, row->no);
	bind_number(insert, 2, row->seller);
	bind_bytes(insert, 3, row->offer_id);
	bind_bytes(insert, 4, market__slice(row->digest, MARKET_DIGEST_LEN));
	bind_bytes(insert, 5, market__slice(revision, sizeof(revision)));
	bind_number(insert, 6, row->intent);
	bind_number(insert, 7, row->flags);
	bind_number(insert, 8, row->began);
	bind_number(insert, 9, row->offer_entry);
	bind_number(insert, 10, row->last);
	bind_number(insert, 11, (uint64_t)row->not_before);
	bind_number(insert, 12, (uint64_t)row->not_after);
	bind_number(insert, 13, row->disclosures);
	bind_bytes(insert, 14,
	    market__slice(asked,
		market__questions_pack(
		    row->questions, row->n_questions, asked)));
	step(db, insert);
	put_questions(db, row);
}

static void
listings_to_rows(sqlite3 *db)
{
	sqlite3_stmt *packs = prepare(
	    db, "SELECT last, first, seller, bytes FROM listing_pack");
	sqlite3_stmt *insert = prepare(db,
	    "INSERT INTO listing VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
	    "?, ?, ?)");
	rows_t *rows = calloc(1, sizeof(*rows));
	size_t i;

	ck_assert_ptr_nonnull(rows);
	while (sqlite3_step(packs) == SQLITE_ROW) {
		read_rows(packs, rows);
		for (i = 0; i < rows->n; i++)
			put_listing(db, insert, &rows->listings[i]);
	}
	free(rows);
	sqlite3_finalize(packs);
	sqlite3_finalize(insert);
}

static void
entries_to_rows(sqlite3 *db)
{
	sqlite3_stmt *packs = prepare(
	    db, "SELECT first, bytes FROM entry_pack");
	sqlite3_stmt *insert = prepare(
	    db, "INSERT INTO entry VALUES (1, ?, ?, ?, ?, ?, ?, ?)");
	market__entry_pack_t pack;
	market__entry_row_t row;
	size_t i;

	while (sqlite3_step(packs) == SQLITE_ROW) {
		ck_assert(market__entry_pack_open(
		    bytes_of(packs, 1), number_of(packs, 0), &pack));
		for (i = 0; i < pack.pack.n; i++) {
			ck_assert(market__entry_pack_get(&pack, i, &row));
			bind_number(insert, 1, row.seq);
			bind_number(insert, 2, (uint64_t)row.at);
			bind_number(insert, 3, row.kind);
			bind_number(insert, 4, row.object);
			bind_number(insert, 5, row.prev);
			bind_number(insert, 6, row.cause);
			bind_bytes(insert, 7, row.detail);
			step(db, insert);
		}
	}
	sqlite3_finalize(packs);
	sqlite3_finalize(insert);
}

void
packs_to_rows(const char *path)
{
	sqlite3 *db = open_db(path);

	run(db, "BEGIN");
	listings_to_rows(db);
	entries_to_rows(db);
	run(db,
	    "DELETE FROM listing_pack; DELETE FROM entry_pack;"
	    "DELETE FROM segment;"
	    "UPDATE tail SET last_entry_pack = 0, last_listing_pack = 0,"
	    " last_segment = 0, last_entry = (SELECT MAX(seq) FROM entry),"
	    " last_listing = (SELECT MAX(no) FROM listing);"
	    "COMMIT");
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

/* ---- a packed row ---- */

static void
put_bytes(sqlite3 *db, const char *sql, uint64_t last, market_slice_t bytes)
{
	sqlite3_stmt *update = prepare(db, sql);

	bind_bytes(update, 1, bytes);
	bind_number(update, 2, last);
	step(db, update);
	ck_assert_int_eq(sqlite3_changes(db), 1);
	sqlite3_finalize(update);
}

static void
change_listing(rows_t *rows, const char *offer_id, packs_listing_fn *change)
{
	size_t i;

	for (i = 0; i < rows->n; i++)
		if (market__slice_equal(
			rows->listings[i].offer_id, market_slice_of(offer_id)))
			break;
	ck_assert_uint_lt(i, rows->n);
	change(&rows->listings[i], &rows->listings[i == 0 ? 1 : 0]);
}

/* *ret_entry: by which its offer was accepted, before anything is changed. */
static void
edit_pack(sqlite3 *db, const char *offer_id, packs_listing_fn *change,
    uint64_t *ret_entry)
{
	sqlite3_stmt *packs = prepare(db,
	    "SELECT last, first, seller, bytes FROM listing_pack "
	    "WHERE CAST(first_id AS TEXT) <= ?1 "
	    "AND CAST(last_id AS TEXT) >= ?1");
	rows_t *rows = calloc(1, sizeof(*rows));
	market__listing_packer_t *packer = calloc(1, sizeof(*packer));
	uint64_t last;
	size_t i;

	ck_assert(rows != NULL && packer != NULL);
	ck_assert_int_eq(
	    sqlite3_bind_text(packs, 1, offer_id, -1, SQLITE_TRANSIENT),
	    SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(packs), SQLITE_ROW);
	last = number_of(packs, 0);
	read_rows(packs, rows);
	for (i = 0; i < rows->n && ret_entry != NULL; i++)
		if (market__slice_equal(
			rows->listings[i].offer_id, market_slice_of(offer_id)))
			*ret_entry = rows->listings[i].offer_entry;
	if (change != NULL)
		change_listing(rows, offer_id, change);
	for (i = 0; i < rows->n; i++)
		ck_assert(market__pack_listing(packer, &rows->listings[i]));
	sqlite3_finalize(packs);
	put_bytes(db, "UPDATE listing_pack SET bytes = ? WHERE last = ?", last,
	    market__sql_pack_seal(&packer->writer, last));
	free(rows);
	free(packer);
}

void
packs_edit_listing(
    const char *path, const char *offer_id, packs_listing_fn *change)
{
	sqlite3 *db = open_db(path);

	edit_pack(db, offer_id, change, NULL);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

void
packs_edit_entry(const char *path, const char *offer_id, packs_entry_fn *change)
{
	market__entry_packer_t *packer = calloc(1, sizeof(*packer));
	sqlite3 *db = open_db(path);
	sqlite3_stmt *packs = prepare(db,
	    "SELECT first, bytes, last FROM entry_pack "
	    "WHERE first <= ?1 AND last >= ?1");
	market__entry_pack_t pack;
	market__entry_row_t row;
	uint64_t seq = 0, last;
	size_t i;

	ck_assert_ptr_nonnull(packer);
	edit_pack(db, offer_id, NULL, &seq);
	bind_number(packs, 1, seq);
	ck_assert_int_eq(sqlite3_step(packs), SQLITE_ROW);
	last = number_of(packs, 2);
	ck_assert(market__entry_pack_open(
	    bytes_of(packs, 1), number_of(packs, 0), &pack));
	for (i = 0; i < pack.pack.n; i++) {
		ck_assert(market__entry_pack_get(&pack, i, &row));
		if (row.seq == seq)
			change(&row);
		ck_assert(market__pack_entry(packer, &row));
	}
	sqlite3_finalize(packs);
	put_bytes(db, "UPDATE entry_pack SET bytes = ? WHERE last = ?", last,
	    market__pack_finish(&packer->writer));
	free(packer);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}
