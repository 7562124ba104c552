/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that are packed (libmarket/store/sql_packs.h) are the same as those that
 * are not: whatever is written, in whatever order, SQLite answers as the
 * backend in memory does, also before it is committed and when it is opened
 * again.
 */
#include "config.h"

#include "packs_pair.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/sql_packs.h"

/* ---- rows at random ---- */

#define ID_MAX 400
/* Numbers of ids. */
#define IDS 30000

/* An id by its number, so that they ascend as numbers do; some are long, or
 * have bytes behind it that are no text. */
static market_slice_t
draw_id(pair_t *pair, uint64_t number)
{
	static const size_t lens[] = { 254, 255, 256, 300, ID_MAX };
	uint8_t id[ID_MAX + 1];
	size_t len, i;

	snprintf((char *)id, sizeof(id), "sku-%06u", (unsigned)number);
	len = strlen((char *)id);
	if (pair_draw(pair, 60) == 0) {
		i = len;
		len = lens[pair_draw(pair, MARKET__COUNT(lens))];
		memset(id + i, 'x', len - i);
	}
	for (i = 0; pair_draw(pair, 20) == 0 && i < 3 && len < ID_MAX; i++)
		id[len++] = (uint8_t)(pair_draw(pair, 4) * 85);
	return market__arena_copy(&pair->rows, market__slice(id, len));
}

/* What is asked: nothing, a few, or as many as may be, some of them twice. */
static void
draw_questions(pair_t *pair, market__listing_row_t *row)
{
	static const size_t most[] = { 0, 1, 2, 3, 3, 3, 4, 9, 40,
		MARKET__LISTING_CELLS_MAX };
	size_t n = most[pair_draw(pair, MARKET__COUNT(most))], i, first;
	uint64_t *questions;

	if (n == MARKET__LISTING_CELLS_MAX && pair_draw(pair, 4) != 0)
		n = 5;
	questions = market__arena_array(&pair->rows, n + 1, sizeof(*questions));
	ck_assert_ptr_nonnull(questions);
	first = (size_t)pair_draw(pair, pair->n_questions);
	for (i = 0; i < n; i++)
		questions[i] = pair_question(pair,
		    pair_draw(pair, 3) == 0
			? (size_t)pair_draw(pair, pair->n_questions)
			: first + i);
	row->questions = questions;
	row->n_questions = n;
}

static void
draw_digest(pair_t *pair, market__listing_row_t *row)
{
	size_t i;

	for (i = 0; i < sizeof(row->digest); i++)
		row->digest[i] = (uint8_t)pair_draw(pair, 256);
}

static int64_t
draw_instant(pair_t *pair)
{
	if (pair_draw(pair, 3) == 0)
		return INT64_MIN + (int64_t)pair_draw(pair, 3);
	return (int64_t)pair_wide(pair, INT64_MAX) *
	    (pair_draw(pair, 2) == 0 ? 1 : -1);
}

/* Numbers that differ from one row to the next, up to what goes. */
static void
draw_numbers(pair_t *pair, market__listing_row_t *row)
{
	row->revision = pair_wide(pair, UINT64_MAX);
	row->disclosures = pair_wide(pair, UINT64_MAX);
	row->began = pair_wide(pair, INT64_MAX);
	row->offer_entry = pair_wide(pair, INT64_MAX);
	row->last = pair_wide(pair, INT64_MAX);
	row->not_before = draw_instant(pair);
	row->not_after = draw_instant(pair);
	row->intent = (uint32_t)pair_wide(pair, INT32_MAX);
	row->flags = (uint32_t)pair_wide(pair, INT32_MAX);
	/* Those are not packed. */
	if (pair_draw(pair, 40) == 0)
		row->intent = UINT32_MAX;
	if (pair_draw(pair, 40) == 0)
		row->flags = (uint32_t)INT32_MAX + 1;
}

/* As a feed's rows are: much alike. */
static void
draw_row(pair_t *pair, market__listing_row_t *row, uint64_t seller)
{
	memset(row, 0, sizeof(*row));
	row->seller = seller;
	row->revision = row->intent = 1;
	row->began = row->offer_entry = row->last = pair->last_seq + 1;
	row->not_before = 1454284800;
	row->not_after = 1485907200;
	row->disclosures = 3;
	draw_questions(pair, row);
}

/* ---- what is written ---- */

/* New ones, in order of their ids from this; where one is there, it is that
 * one. They may be alike, and leave numbers out. */
static void
put_rows(pair_t *pair, uint64_t seller, uint64_t id, size_t n)
{
	uint64_t no = pair->last_no, step = 1 + pair_draw(pair, 9);
	uint64_t kind = pair_draw(pair, 3);
	static market__listing_row_t rows[PAIR_ROWS];
	size_t i;

	for (i = 0; i < n; i++, id += 1 + pair_draw(pair, step)) {
		if (i == 0 || (kind > 0 && pair_draw(pair, 3) == 0))
			draw_row(pair, &rows[i], seller);
		else
			rows[i] = rows[i - 1];
		rows[i].offer_id = draw_id(pair, id);
		rows[i].no = pair_find(pair, seller, rows[i].offer_id).no;
		if (rows[i].no == 0)
			rows[i].no = no += 1 + pair_draw(pair, 99) / 98;
		draw_digest(pair, &rows[i]);
		if (kind == 2)
			draw_numbers(pair, &rows[i]);
	}
	pair_put(pair, rows, n);
}

static uint64_t
draw_seller(pair_t *pair)
{
	return pair_seller((size_t)pair_draw(pair, PAIR_SELLERS));
}

static void
put_run(pair_t *pair)
{
	static const size_t lens[] = { 1, 3, 7, 8, 8, 8, 9, 9, 10, 11, 12, 16 };
	size_t n = lens[pair_draw(pair, MARKET__COUNT(lens))];

	if (pair_draw(pair, 70) == 0)
		n = 300;
	put_rows(pair, draw_seller(pair), pair_draw(pair, IDS), n);
}

/* So many that a segment is made, also where some are no pack. */
static void
put_segment(pair_t *pair)
{
	const uint64_t n = 2 * MARKET__SEGMENT_PACKS;
	uint64_t i, first = pair_draw(pair, 300);

	for (i = 0; i < n; i++)
		put_rows(pair, draw_seller(pair), first + i * (IDS / n),
		    MARKET__PACK_LEAST + (size_t)pair_draw(pair, 2));
}

/* Several, each of which is a pack, if it lies in none. */
static void
put_runs(pair_t *pair)
{
	size_t n = 1 + (size_t)pair_draw(pair, 4);

	for (; n > 0; n--)
		put_run(pair);
}

/* A listing that is there, and what becomes of it. */
static void
change(pair_t *pair, market__listing_row_t *row)
{
	draw_digest(pair, row);
	row->revision++;
	row->last = row->offer_entry = pair->last_seq + 1;
	if (pair_draw(pair, 3) != 0)
		draw_questions(pair, row);
	if (pair_draw(pair, 9) == 0)
		draw_numbers(pair, row);
}

/* A new one, whose id comes right behind that of another; or false. */
static bool
draw_next(pair_t *pair, const market__listing_row_t *there, uint64_t no,
    market__listing_row_t *row)
{
	draw_row(pair, row, there->seller);
	row->no = no;
	/* Each copy has a NUL behind it. */
	row->offer_id = market__arena_copy(&pair->rows,
	    market__slice(there->offer_id.ptr, there->offer_id.len + 1));
	return pair_find(pair, row->seller, row->offer_id).no == 0;
}

/* Some of a seller's that are there, by id: all of a stretch, or here and there
 * one; and some new ones between them. */
static void
put_changed(pair_t *pair)
{
	market__listing_query_t query = { .by = MARKET__LISTING_BY_SELLER };
	static market__listing_row_t rows[PAIR_ROWS];
	const market__listing_row_t *there;
	uint64_t gaps = pair_draw(pair, 4), fresh = pair_draw(pair, 30);
	uint64_t no = pair->last_no;
	size_t n_there, n = 0, i;

	query.seller = draw_seller(pair);
	query.after_id = draw_id(pair, pair_draw(pair, IDS));
	query.max = 1 + (size_t)pair_draw(pair, 60);
	OK(pair->model->ops->listings(
	    pair->model, &query, &pair->rows, &there, &n_there, NULL));
	for (i = 0; i < n_there; i++) {
		if (pair_draw(pair, gaps + 1) == 0) {
			rows[n] = there[i];
			change(pair, &rows[n++]);
		}
		if (fresh < 3 && pair_draw(pair, 1 + fresh) == 0 &&
		    draw_next(pair, &there[i], no + 1, &rows[n])) {
			no++;
			n++;
		}
	}
	pair_put(pair, rows, n);
}

/* One by itself: it is there, or it is new, or it has a number that was left
 * out before. */
static void
put_one(pair_t *pair)
{
	uint64_t no = pair->first_no +
	    pair_draw(pair, pair->last_no - pair->first_no + 3);
	market__listing_row_t row;

	if (pair->model->ops->listing_get(
		pair->model, no, &pair->rows, &row, NULL) == MARKET_OK) {
		change(pair, &row);
	} else {
		draw_row(pair, &row, pair_seller((size_t)no));
		row.no = no;
		row.offer_id = draw_id(pair, pair_draw(pair, IDS));
		if (pair_find(pair, row.seller, row.offer_id).no != 0)
			return;
	}
	pair_put_one(pair, &row);
}

static void
put_entries(pair_t *pair)
{
	static const size_t most[] = { 1, 2, 7, 8, 9, 30, 255, 256, 257, 300 };
	static const size_t details[] = { 0, 1, 40, 200, 3000, 7900, 7990, 8000,
		20000 };
	static uint8_t bytes[20000];
	size_t n = most[pair_draw(pair, MARKET__COUNT(most))], i;
	uint64_t wide = pair_draw(pair, 3), large = pair_draw(pair, 12);
	market__entry_row_t row;

	for (i = 0; i < n; i++) {
		memset(&row, 0, sizeof(row));
		row.seq = pair->last_seq + 1;
		row.at = 1454284800;
		row.kind = 1 + (uint32_t)pair_draw(pair, 5);
		row.object = row.seq;
		if (wide == 0) {
			row.at = draw_instant(pair);
			row.kind = (uint32_t)pair_wide(pair, UINT32_MAX);
			row.object = pair_wide(pair, INT64_MAX);
			row.prev = pair_wide(pair, INT64_MAX);
			row.cause = pair_wide(pair, INT64_MAX);
		}
		row.detail.ptr = bytes;
		row.detail.len = details[pair_draw(
		    pair, i < 20 && large == 0 ? MARKET__COUNT(details) : 4)];
		memset(bytes, (int)(row.seq & 0xff), row.detail.len);
		pair_insert(pair, &row);
	}
}

static void
write_something(pair_t *pair)
{
	switch (pair_draw(pair, 9)) {
	case 0: put_run(pair); break;
	case 1:
	case 2: put_runs(pair); break;
	case 3:
	case 4: put_changed(pair); break;
	case 5:
	case 6: put_one(pair); break;
	default: put_entries(pair); break;
	}
}

/* ---- all of it ---- */

static const struct {
	size_t questions;
	uint64_t first_no;
	unsigned transactions, segment; /* it begins with so many */
} worlds[] = {
	{ 7, 1, 50, 0 },
	{ 40, 1, 40, 1 },
	{ 40, INT64_MAX - 100000, 50, 0 },
	{ 300, 1, 20, 1 },
	{ 12, 1000000, 30, 2 },
	{ 24, 1, 50, 0 },
};

static void
transact(pair_t *pair)
{
	uint64_t n = 1 + pair_draw(pair, 5);

	pair->step++;
	pair_begin(pair, true);
	for (; n > 0; n--) {
		write_something(pair);
		if (pair_draw(pair, 4) == 0)
			pair_compare(pair, pair_draw(pair, 8) == 0);
	}
	if (pair_draw(pair, 5) == 0)
		pair_rollback(pair);
	else
		pair_commit(pair);
	if (pair_draw(pair, 8) == 0)
		pair_reopen(pair);
	pair_begin(pair, false);
	pair_compare(pair, true);
	pair_commit(pair);
}

/* The file has all that there may be. */
static void
is_packed(const pair_t *pair, const char *table)
{
	char text[100];

	snprintf(text, sizeof(text), "SELECT COUNT(*) FROM %s", table);
	ck_assert_msg(place_number(&pair->place, text) > 0, "seed %llu: no %s",
	    (unsigned long long)pair->seed, table);
}

START_TEST(packs_answer_as_rows_do)
{
	const char *given = getenv("MARKET_PACKS_SEED");
	uint64_t seed = (given == NULL ? 1 : strtoull(given, NULL, 10));
	unsigned i, n = worlds[_i].transactions;
	pair_t *pair;

	pair = pair_open(seed * 100 + (uint64_t)_i, worlds[_i].questions,
	    worlds[_i].first_no);
	n = (unsigned)harness_rounds(n);
	for (i = 0; i < worlds[_i].segment; i++) {
		pair_begin(pair, true);
		put_segment(pair);
		pair_commit(pair);
		is_packed(pair, "segment");
	}
	for (i = 0; i < n; i++)
		transact(pair);
	/* Another seed may leave one out. */
	if (n == worlds[_i].transactions && given == NULL) {
		is_packed(pair, "listing_pack");
		is_packed(pair, "listing");
		is_packed(pair, "entry_pack");
		is_packed(pair, "entry");
	}
	pair_close(pair);
}
END_TEST

/* ---- packs that get larger, or empty ---- */

/* As many as a pack may have, all alike. */
static void
put_alike(pair_t *pair, market__listing_row_t *rows)
{
	size_t i;

	for (i = 0; i < MARKET__PACK_ROWS; i++) {
		memset(&rows[i], 0, sizeof(rows[i]));
		rows[i].no = i + 1;
		rows[i].seller = 1;
		rows[i].offer_id = draw_id(pair, i * 10);
	}
	pair_begin(pair, true);
	pair_put(pair, rows, MARKET__PACK_ROWS);
	pair_compare(pair, true);
}

/* All of them ask more and more, each something else: what has no room leaves,
 * and the list of what they ask has more bytes than they. */
START_TEST(packs_answer_as_rows_do_when_they_have_no_room_any_more)
{
	static market__listing_row_t rows[MARKET__PACK_ROWS];
	static uint64_t questions[MARKET__PACK_ROWS][9];
	pair_t *pair = pair_open(1, 2000, 1);
	size_t n, i;

	put_alike(pair, rows);
	for (n = 1; n <= MARKET__COUNT(questions[0]); n++) {
		for (i = 0; i < MARKET__PACK_ROWS; i++) {
			questions[i][n - 1] = pair_question(
			    pair, i * 7 + 3 * n);
			rows[i].questions = questions[i];
			rows[i].n_questions = n;
		}
		pair_put(pair, rows, MARKET__PACK_ROWS);
		pair_compare(pair, n % 4 == 1);
	}
	pair_commit(pair);
	is_packed(pair, "listing_pack");
	is_packed(pair, "listing");
	pair_close(pair);
}
END_TEST

/* One after the other leaves, in some order; and others come between them. */
START_TEST(packs_answer_as_rows_do_when_all_have_left)
{
	static market__listing_row_t rows[MARKET__PACK_ROWS];
	pair_t *pair = pair_open(1, 3, 1);
	market__listing_row_t row;
	size_t i, n = MARKET__PACK_ROWS;

	put_alike(pair, rows);
	for (i = 0; i < n; i++) {
		/* It has no factor in common with how many there are. */
		row = rows[(i * 101 + 7) % n];
		row.revision = 1;
		pair_put_one(pair, &row);
		if (i % 50 == 0 || i + 1 == n)
			pair_compare(pair, true);
	}
	pair_commit(pair);
	is_packed(pair, "listing_pack");
	pair_reopen(pair);
	pair_begin(pair, true);
	put_rows(pair, 1, 1000, 30);
	put_rows(pair, 1, 2, 30);
	put_rows(pair, 2, 1000, 30);
	pair_compare(pair, true);
	pair_commit(pair);
	pair_close(pair);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("packs");
	TCase *tcase = tcase_create("packs");

	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(
	    tcase, packs_answer_as_rows_do, 0, (int)MARKET__COUNT(worlds));
	tcase_add_test(
	    tcase, packs_answer_as_rows_do_when_they_have_no_room_any_more);
	tcase_add_test(tcase, packs_answer_as_rows_do_when_all_have_left);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
