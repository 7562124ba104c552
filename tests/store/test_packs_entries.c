/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries of one transaction, which are held until they are read or committed,
 * and then become a pack, or rows: nobody sees that.
 */
#include "config.h"

#include "packs_pair.h"

#include <stdio.h>

static pair_t *pair;

static void
setup(void)
{
	pair = pair_open(1, 1, 1);
}

static void
teardown(void)
{
	pair_begin(pair, false);
	pair_compare(pair, true);
	pair_commit(pair);
	pair_close(pair);
}

static market__entry_row_t
entry(uint64_t seq)
{
	market__entry_row_t row = place_entry(seq);

	row.cause = row.prev = seq - 1;
	return row;
}

static void
insert(uint64_t from, uint64_t to)
{
	market__entry_row_t row;

	for (; from <= to; from++) {
		row = entry(from);
		pair_insert(pair, &row);
	}
}

/* How many rows and packs there are. */
static void
are(int64_t rows, int64_t packs)
{
	ck_assert_int_eq(
	    place_number(&pair->place, "SELECT COUNT(*) FROM entry"), rows);
	ck_assert_int_eq(
	    place_number(&pair->place, "SELECT COUNT(*) FROM entry_pack"),
	    packs);
}

/* ---- how they are kept ---- */

START_TEST(entries_are_packed_where_they_are_enough)
{
	static const struct {
		uint64_t n;
		int64_t rows, packs;
	} rows[] = {
		{ 1, 1, 0 },
		{ MARKET__PACK_LEAST - 1, MARKET__PACK_LEAST - 1, 0 },
		{ MARKET__PACK_LEAST, 0, 1 },
		{ MARKET__PACK_ROWS, 0, 1 },
		{ MARKET__PACK_ROWS + 1, 1, 1 },
		{ 2 * MARKET__PACK_ROWS + MARKET__PACK_LEAST, 0, 3 },
	};

	pair_begin(pair, true);
	insert(1, rows[_i].n);
	pair_commit(pair);
	are(rows[_i].rows, rows[_i].packs);
	pair_reopen(pair);
	pair_begin(pair, true);
	pair_compare(pair, true);
	insert(rows[_i].n + 1, 2 * rows[_i].n);
	pair_commit(pair);
	are(2 * rows[_i].rows, 2 * rows[_i].packs);
}
END_TEST

/* One that is too large for a pack is a row between two. */
START_TEST(entries_are_packed_beside_one_that_is_large)
{
	static uint8_t bytes[MARKET__PACK_BYTES];
	market__entry_row_t row = entry(11);

	row.detail = market__slice(bytes, sizeof(bytes));
	pair_begin(pair, true);
	insert(1, 10);
	pair_insert(pair, &row);
	insert(12, 21);
	pair_compare(pair, true);
	insert(22, 23);
	pair_commit(pair);
	are(1 + 2, 2);
}
END_TEST

/* The longest detail that fits, by which a pack is full, and one more byte. */
START_TEST(entries_are_packed_up_to_the_last_byte)
{
	static uint8_t bytes[MARKET__PACK_BYTES];
	market__entry_row_t row;
	size_t len;

	for (len = MARKET__PACK_BYTES - 500; len < MARKET__PACK_BYTES; len++) {
		pair_begin(pair, true);
		insert(1, MARKET__PACK_LEAST);
		row = entry(MARKET__PACK_LEAST + 1);
		row.detail = market__slice(bytes, len);
		pair_insert(pair, &row);
		pair_compare(pair, false);
		pair_rollback(pair);
	}
}
END_TEST

/* ---- what others see of them ---- */

START_TEST(entries_are_seen_before_they_are_committed)
{
	const market__entry_row_t *rows;
	uint64_t after, n;
	size_t max, n_rows;

	pair_begin(pair, true);
	for (n = 1; n <= 30; n++) {
		insert(n, n);
		for (after = 0; after <= n; after++) {
			max = (size_t)(n - after);
			OK(pair->place.ops->entries(pair->place.backend, after,
			    max, &pair->read, &rows, &n_rows, NULL));
			ck_assert_uint_eq(n_rows, max);
		}
		pair_rollback(pair);
		pair_begin(pair, true);
		insert(1, n);
	}
	pair_compare(pair, true);
	pair_commit(pair);
}
END_TEST

/* Numbers may be left out: those that follow are seen all the same. */
START_TEST(entries_are_seen_behind_a_gap)
{
	const market__entry_row_t *rows;
	size_t n;

	pair_begin(pair, true);
	insert(1, 3);
	insert(100, 103);
	OK(pair->place.ops->entries(
	    pair->place.backend, 0, 10, &pair->read, &rows, &n, NULL));
	ck_assert_uint_eq(n, 7);
	pair_compare(pair, true);
	insert(104, 110);
	pair_compare(pair, true);
	insert(50, 60);
	pair_compare(pair, true);
	pair_commit(pair);
}
END_TEST

static void
tell(void *user, const char *fault)
{
	(void)user;
	ck_abort_msg("%s", fault);
}

/* Their envelopes are not without entries. */
START_TEST(entries_are_sound_before_they_are_committed)
{
	market__entry_row_t row;
	uint64_t seq;

	pair_begin(pair, true);
	for (seq = 1; seq <= 12; seq++) {
		row = entry(seq);
		pair_insert(pair, &row);
		OK(pair->place.ops->payload_insert(pair->place.backend, seq,
		    MARKET__LITERAL("envelope"), NULL));
		if (seq < 4 || seq == 12)
			OK(pair->place.ops->integrity(
			    pair->place.backend, tell, NULL, NULL));
	}
	pair_commit(pair);
	ck_assert_uint_eq(place_faults(&pair->place), 0);
}
END_TEST

START_TEST(entries_that_were_rolled_back_are_forgotten)
{
	market__entry_row_t row;

	pair_begin(pair, true);
	insert(1, 20);
	pair_rollback(pair);
	are(0, 0);
	pair_begin(pair, true);
	insert(1, 3);
	row = entry(4);
	row.detail = MARKET__LITERAL("another");
	pair_insert(pair, &row);
	insert(5, 9);
	pair_commit(pair);
	are(0, 1);
}
END_TEST

/* ---- numbers that are there ---- */

/* 1 to 12 are packed, 13 and 14 are rows, and 15 to 17 are held. */
START_TEST(entries_are_refused_at_once_when_their_number_is_there)
{
	static const uint64_t numbers[] = { 1, 5, 12, 13, 14, 15, 16, 17 };
	market__entry_row_t row = entry(numbers[_i]);

	pair_begin(pair, true);
	insert(1, 12);
	pair_commit(pair);
	pair_begin(pair, true);
	insert(13, 14);
	pair_commit(pair);
	are(2, 1);
	pair_begin(pair, true);
	insert(15, 17);
	row.detail = MARKET__LITERAL("another");
	ck_assert_int_eq(pair->place.ops->entry_insert(
			     pair->place.backend, &row, &pair->place.error),
	    MARKET_E_CORRUPT);
	ck_assert_int_eq(
	    pair->place.ops->commit(pair->place.backend, NULL), MARKET_E_STATE);
	pair_rollback(pair);
}
END_TEST

/* What cannot be written is told, at the latest by the commit. */
START_TEST(entries_are_refused_when_a_number_is_too_large)
{
	market__entry_row_t row = entry(10);
	market_status_t status;

	switch (_i) {
	case 0: row.object = UINT64_MAX; break;
	case 1: row.prev = (uint64_t)INT64_MAX + 1; break;
	case 2: row.cause = (uint64_t)INT64_MAX + 1; break;
	default: row.seq = (uint64_t)INT64_MAX + 1; break;
	}
	pair_begin(pair, true);
	insert(1, 9);
	status = pair->place.ops->entry_insert(
	    pair->place.backend, &row, &pair->place.error);
	if (status == MARKET_OK)
		status = pair->place.ops->commit(pair->place.backend, NULL);
	ck_assert_int_eq(status, MARKET_E_LIMIT);
	pair_rollback(pair);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("packs_entries");
	TCase *tcase = tcase_create("entries");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(
	    tcase, entries_are_packed_where_they_are_enough, 0, 6);
	tcase_add_test(tcase, entries_are_packed_beside_one_that_is_large);
	tcase_add_test(tcase, entries_are_packed_up_to_the_last_byte);
	tcase_add_test(tcase, entries_are_seen_before_they_are_committed);
	tcase_add_test(tcase, entries_are_seen_behind_a_gap);
	tcase_add_test(tcase, entries_are_sound_before_they_are_committed);
	tcase_add_test(tcase, entries_that_were_rolled_back_are_forgotten);
	tcase_add_loop_test(tcase,
	    entries_are_refused_at_once_when_their_number_is_there, 0, 8);
	tcase_add_loop_test(
	    tcase, entries_are_refused_when_a_number_is_too_large, 0, 4);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
