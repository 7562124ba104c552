/* SPDX-License-Identifier: Apache-2.0 */
/*
 * P7: a file of packs whose pages are zero, or exchanged: refused as damaged,
 * or nothing is read that was not written, and nothing is missing, or counted
 * otherwise, where integrity finds nothing.
 */
#include "config.h"

#include "packs_pair.h"

#include <stdio.h>
#include <stdlib.h>

#define PAGE 8192

static pair_t *pair;
static const char *place_name;
static long place_at;

/* ---- what is there ---- */

#define PACKS 70
#define ROWS  40

/* Wide ones: each pack fills its page, and what some ask does not stay in
 * theirs. */
static void
put_listings(uint64_t first, size_t wide)
{
	static uint64_t questions[ROWS][MARKET__LISTING_CELLS_MAX];
	market__listing_row_t rows[ROWS];
	char id[32];
	size_t i, k;

	memset(rows, 0, sizeof(rows));
	for (i = 0; i < ROWS; i++) {
		rows[i].no = first + i;
		rows[i].seller = 1;
		snprintf(id, sizeof(id), "sku-%06u", (unsigned)rows[i].no);
		rows[i].offer_id = market__arena_copy(
		    &pair->rows, market_slice_of(id));
		rows[i].revision = rows[i].began = rows[i].no;
		memset(
		    rows[i].digest, 1 + (int)(i % 9), sizeof(rows[i].digest));
		rows[i].questions = questions[i];
		rows[i].n_questions = 1 + i % 2 * wide;
		for (k = 0; k < rows[i].n_questions; k++)
			questions[i][k] = pair_question(
			    pair, (size_t)first + i * wide + k);
	}
	pair_put(pair, rows, ROWS);
}

static void
setup(void)
{
	static uint8_t detail[64];
	market__entry_row_t entry;
	uint64_t i;

	pair = pair_open(1, 3000, 1);
	pair_begin(pair, true);
	for (i = 0; i < PACKS; i++)
		put_listings(i * ROWS + 1, i % 5 == 0 ? 120 : 3);
	for (i = 1; i <= 3000; i++) {
		entry = place_entry(i);
		memset(detail, (int)(1 + i % 255), sizeof(detail));
		entry.detail = market__slice(detail, (size_t)(i % 65));
		pair_insert(pair, &entry);
	}
	pair_commit(pair);
	ck_assert_int_gt(
	    place_number(&pair->place, "SELECT COUNT(*) FROM segment"), 0);
	ck_assert_int_gt(
	    place_number(&pair->place, "SELECT COUNT(*) FROM entry_pack"), 9);
	ck_assert_int_gt(place_number(&pair->place,
			     "SELECT COUNT(*) FROM listing_pack "
			     "WHERE length(bytes) + length(questions) > 8192"),
	    2);
	place_close(&pair->place);
	place_copy(&pair->place, "", "-good");
}

static void
teardown(void)
{
	place_close(&pair->place);
	place_copy(&pair->place, "-good", "");
	place_opens(&pair->place);
	pair_begin(pair, false);
	pair_compare(pair, true);
	pair_commit(pair);
	pair_close(pair);
}

/* ---- reading what is damaged ---- */

/* Something is missing, or counted otherwise. */
static bool lacks;
/* Files that could be opened all the same. */
static size_t opened;

static void
wrong(const char *what, uint64_t number)
{
	ck_abort_msg("%s at %ld: %s %llu", place_name, place_at, what,
	    (unsigned long long)number);
}

/* Each in a transaction of its own: after a failure nothing more is told. */
static void
read_listings(market__listing_query_t query)
{
	const market__listing_row_t *rows = NULL, *due;
	size_t n = 0, n_due, i, k = 0;

	query.max = SIZE_MAX;
	if (pair->place.ops->begin(pair->place.backend, false, NULL) !=
	    MARKET_OK)
		return;
	OK(pair->model->ops->begin(pair->model, false, NULL));
	OK(pair->model->ops->listings(
	    pair->model, &query, &pair->read, &due, &n_due, NULL));
	if (pair->place.ops->listings(pair->place.backend, &query, &pair->read,
		&rows, &n, NULL) == MARKET_OK) {
		for (i = 0; i < n; i++) {
			while (k < n_due && due[k].no < rows[i].no)
				k++;
			if (k == n_due || !pair_same_listing(&rows[i], &due[k]))
				wrong("listing", rows[i].no);
		}
		lacks |= n != n_due;
	}
	pair_rollback(pair);
	market__arena_clear(&pair->read);
}

static void
read_cells(uint64_t question)
{
	uint64_t cells = 0, due = 0;

	if (pair->place.ops->begin(pair->place.backend, false, NULL) !=
	    MARKET_OK)
		return;
	OK(pair->model->ops->begin(pair->model, false, NULL));
	OK(pair->model->ops->clearance_cells(
	    pair->model, question, &due, NULL));
	if (pair->place.ops->clearance_cells(
		pair->place.backend, question, &cells, NULL) == MARKET_OK)
		lacks |= cells != due;
	pair_rollback(pair);
}

static void
read_entries(void)
{
	const market__entry_row_t *rows = NULL, *due;
	size_t n = 0, n_due, i;

	if (pair->place.ops->begin(pair->place.backend, false, NULL) !=
	    MARKET_OK)
		return;
	OK(pair->model->ops->begin(pair->model, false, NULL));
	OK(pair->model->ops->entries(
	    pair->model, 0, SIZE_MAX, &pair->read, &due, &n_due, NULL));
	if (pair->place.ops->entries(pair->place.backend, 0, SIZE_MAX,
		&pair->read, &rows, &n, NULL) == MARKET_OK) {
		for (i = 0; i < n; i++)
			if (rows[i].seq < 1 || rows[i].seq > n_due ||
			    !pair_same_entry(&rows[i], &due[rows[i].seq - 1]))
				wrong("entry", rows[i].seq);
		lacks |= n != n_due;
	}
	pair_rollback(pair);
	market__arena_clear(&pair->read);
}

static void
read_all(void)
{
	market__listing_query_t query = { .by = MARKET__LISTING_BY_NO };
	market_status_t rv = place_open(&pair->place);
	size_t i;

	if (rv != MARKET_OK) {
		ck_assert_msg(rv == MARKET_E_CORRUPT, "%s at %ld: %s: %s",
		    place_name, place_at, market_status_name(rv),
		    pair->place.error.message);
		return;
	}
	lacks = false;
	opened++;
	read_listings(query);
	query.by = MARKET__LISTING_BY_SELLER;
	query.seller = 1;
	read_listings(query);
	query.by = MARKET__LISTING_BY_QUESTION;
	for (i = 0; i < 6; i++) {
		query.question = pair_question(pair, i * 500);
		read_listings(query);
		read_cells(query.question);
	}
	read_entries();
	ck_assert_msg(!lacks || place_faults(&pair->place) > 0,
	    "%s at %ld: something is missing, and not told", place_name,
	    place_at);
	place_close(&pair->place);
}

/* Under valgrind, some of the pages. */
static long
step_of(long size)
{
	size_t pages = (size_t)(size / PAGE);

	return PAGE * (long)(pages / harness_rounds(pages));
}

START_TEST(packs_tell_no_lie_when_a_page_is_zero)
{
	static const uint8_t zeros[PAGE];
	long size = place_size(&pair->place, "");

	place_name = "P7 zeroed page";
	for (place_at = 0; place_at < size; place_at += step_of(size)) {
		place_copy(&pair->place, "-good", "");
		place_poke(&pair->place, "", place_at, zeros, PAGE);
		read_all();
	}
	ck_assert_uint_gt(opened, 0);
}
END_TEST

START_TEST(packs_tell_no_lie_when_two_pages_are_exchanged)
{
	size_t size;
	char *bytes = harness_read(pair->place.path, &size);
	long b;

	place_name = "P7 exchanged page";
	for (place_at = PAGE; place_at < (long)size;
	     place_at += step_of((long)size)) {
		b = place_at + PAGE < (long)size ? place_at + PAGE : PAGE;
		place_copy(&pair->place, "-good", "");
		place_poke(&pair->place, "", place_at, bytes + b, PAGE);
		place_poke(&pair->place, "", b, bytes + place_at, PAGE);
		read_all();
	}
	free(bytes);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("packs_damage");
	TCase *tcase = tcase_create("damage");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, packs_tell_no_lie_when_a_page_is_zero);
	tcase_add_test(tcase, packs_tell_no_lie_when_two_pages_are_exchanged);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
