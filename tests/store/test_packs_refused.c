/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may not be written beside rows that are packed: a number or a name that
 * is another's, and what no row may have. Nothing is changed by it.
 */
#include "config.h"

#include "packs_pair.h"

#include <stdio.h>

#define SELLER 1
#define OTHER  2

static pair_t *pair;

/* ---- a world of packs ---- */

static market__listing_row_t
listing(uint64_t no, uint64_t seller, uint64_t id)
{
	static const uint64_t questions[] = { 1, 91, 181 };
	market__listing_row_t row = { .no = no,
		.seller = seller,
		.revision = 1,
		.intent = 1,
		.began = no,
		.offer_entry = no,
		.last = no,
		.not_after = INT64_MAX,
		.questions = questions,
		.n_questions = MARKET__COUNT(questions) };
	char text[16];

	snprintf(text, sizeof(text), "sku-%06u", (unsigned)id);
	row.offer_id = market__arena_copy(&pair->rows, market_slice_of(text));
	ck_assert_ptr_nonnull(row.offer_id.ptr);
	memset(row.digest, (int)(no & 0xff), sizeof(row.digest));
	return row;
}

/* `n` of one seller: numbers and ids in steps. */
typedef struct stretch {
	uint64_t seller, no, step_no, id, step_id;
	size_t n;
} stretch_t;

#define ROWS_MAX 20

static void
make_rows(const stretch_t *of, market__listing_row_t *rows)
{
	size_t i;

	for (i = 0; i < of->n; i++)
		rows[i] = listing(of->no + i * of->step_no, of->seller,
		    of->id + i * of->step_id);
}

/*
 * Of the seller 1 to 12 are packed with ids from 100 to 210, but 5, which has
 * left; 13 is a row, with id 500; 26, 28 ... 48 are packed, with ids from 1000
 * to 1011. The other one's 14 to 25 are packed, with ids from 1000 to 1110.
 */
static void
setup(void)
{
	static const stretch_t packs[] = {
		{ SELLER, 1, 1, 100, 10, 12 },
		{ OTHER, 14, 1, 1000, 10, 12 },
		{ SELLER, 26, 2, 1000, 1, 12 },
	};
	market__listing_row_t rows[ROWS_MAX];
	market__listing_row_t row;
	size_t i;

	pair = pair_open(1, 6, 1);
	pair_begin(pair, true);
	for (i = 0; i < MARKET__COUNT(packs); i++) {
		make_rows(&packs[i], rows);
		pair_put(pair, rows, packs[i].n);
		row = listing(13, SELLER, 500);
		pair_put_one(pair, &row);
	}
	row = listing(5, SELLER, 140);
	row.revision = 2;
	pair_put_one(pair, &row);
	pair_commit(pair);
	ck_assert_int_eq(
	    place_number(&pair->place, "SELECT COUNT(*) FROM listing_pack"), 3);
	ck_assert_int_eq(
	    place_number(&pair->place, "SELECT COUNT(*) FROM listing"), 2);
}

static void
teardown(void)
{
	pair_begin(pair, false);
	pair_compare(pair, true);
	pair_commit(pair);
	pair_close(pair);
}

/* Refused with that status, and all is as it was. */
static void
is_refused(const char *label, market_status_t status, market_status_t want)
{
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_msg(status == want, "%s: %s: %s", label,
	    market_status_name(status), pair->place.error.message);
	ck_assert_int_eq(pair->place.ops->commit(pair->place.backend, &error),
	    MARKET_E_STATE);
	pair_rollback(pair);
	pair_begin(pair, true);
	pair_compare(pair, true);
	pair_commit(pair);
	ck_assert_msg(
	    place_faults(&pair->place) == 0, "%s: %s", label, place_fault());
}

/* ---- names ---- */

/* Where all were right, but number `odd`; SIZE_MAX: none is. */
typedef struct taken {
	const char *label;
	stretch_t of;
	size_t odd;
	uint64_t no, id;
} taken_t;

#define ALL .odd = SIZE_MAX

static const taken_t ones[] = {
	{ "another id", { SELLER, 3, 1, 777, 1, 1 }, ALL },
	{ "another id of the first", { SELLER, 1, 1, 99, 1, 1 }, ALL },
	{ "another id of the last", { SELLER, 12, 1, 211, 1, 1 }, ALL },
	{ "another seller", { OTHER, 3, 1, 120, 1, 1 }, ALL },
	{ "a new number", { SELLER, 99, 1, 120, 1, 1 }, ALL },
	{ "a new number, of the first", { SELLER, 99, 1, 100, 1, 1 }, ALL },
	{ "a new number, of the last", { SELLER, 99, 1, 1011, 1, 1 }, ALL },
	{ "the number of a row", { SELLER, 13, 1, 120, 1, 1 }, ALL },
	{ "a number that a pack leaves out", { SELLER, 27, 1, 120, 1, 1 },
	    ALL },
	{ "... and a name of the same", { SELLER, 27, 1, 1001, 1, 1 }, ALL },
	{ "the name of one that has left", { SELLER, 99, 1, 140, 1, 1 }, ALL },
	{ "the number of one that has left", { SELLER, 5, 1, 777, 1, 1 }, ALL },
	{ "its place is in another pack", { SELLER, 4, 1, 1003, 1, 1 }, ALL },
};

START_TEST(packs_refuse_one_whose_name_is_anothers)
{
	market__listing_row_t row;

	pair_begin(pair, true);
	make_rows(&ones[_i].of, &row);
	is_refused(ones[_i].label,
	    pair->place.ops->listing_put(
		pair->place.backend, &row, &pair->place.error),
	    MARKET_E_CORRUPT);
}
END_TEST

static const taken_t many[] = {
	{ "all are new, and the first is packed",
	    { SELLER, 100, 1, 120, 1, 10 }, ALL },
	{ "all are new, and the last is packed", { SELLER, 100, 1, 91, 1, 10 },
	    ALL },
	{ "all are new, and two are packed", { SELLER, 100, 1, 115, 1, 20 },
	    ALL },
	{ "all are new, and one is in the next pack",
	    { SELLER, 100, 1, 985, 1, 20 }, ALL },
	{ "all are new, and one is a row", { SELLER, 100, 1, 495, 1, 10 },
	    ALL },
	{ "all are new, and one has left its pack",
	    { SELLER, 100, 1, 131, 1, 10 }, ALL },
	{ "of another seller", { OTHER, 100, 1, 991, 1, 10 }, ALL },
	{ "few are new, and one is packed", { SELLER, 100, 1, 109, 1, 3 },
	    ALL },
	{ "one goes back", { SELLER, 100, 1, 600, 1, 12 }, 10, 110, 120 },
	{ "... to a row", { SELLER, 100, 1, 600, 1, 12 }, 10, 110, 500 },
	{ "the number of a row", { SELLER, 100, 1, 600, 1, 12 }, 10, 13, 610 },
	{ "a packed number", { SELLER, 100, 1, 600, 1, 12 }, 10, 3, 610 },
	{ "all are there, and one is not", { SELLER, 26, 2, 1000, 1, 12 }, 10,
	    46, 777 },
	{ "... the first", { SELLER, 26, 2, 1000, 1, 12 }, 0, 26, 999 },
	{ "... by its number", { SELLER, 26, 2, 1000, 1, 12 }, 10, 45, 1010 },
	{ "all are there, and have other ids", { SELLER, 26, 2, 3000, 1, 12 },
	    ALL },
	{ "all are there, and are another's", { SELLER, 14, 1, 1000, 10, 12 },
	    ALL },
	{ "all are there, and one is a row now", { SELLER, 1, 1, 100, 10, 12 },
	    4, 5, 141 },
	{ "few are there, and one is not", { SELLER, 1, 1, 100, 10, 3 }, 2, 3,
	    121 },
};

START_TEST(packs_refuse_many_when_the_name_of_one_is_anothers)
{
	const taken_t *taken = &many[_i];
	market__listing_row_t rows[ROWS_MAX];

	pair_begin(pair, true);
	make_rows(&taken->of, rows);
	if (taken->odd != SIZE_MAX)
		rows[taken->odd] = listing(
		    taken->no, taken->of.seller, taken->id);
	is_refused(taken->label,
	    pair->place.ops->listings_put(
		pair->place.backend, rows, taken->of.n, &pair->place.error),
	    MARKET_E_CORRUPT);
}
END_TEST

/* The twins of those above, which are good. */
START_TEST(packs_take_many_when_they_have_their_names)
{
	static const stretch_t good[] = {
		{ SELLER, 100, 1, 600, 1, 12 },
		{ SELLER, 200, 1, 101, 1, 9 },
		{ SELLER, 26, 2, 1000, 1, 12 },
		{ SELLER, 1, 1, 100, 10, 12 },
		{ OTHER, 14, 1, 1000, 10, 12 },
		{ OTHER, 27, 2, 100, 10, 11 },
	};
	market__listing_row_t rows[ROWS_MAX];

	pair_begin(pair, true);
	make_rows(&good[_i], rows);
	rows[1].revision = rows[2].revision = 9;
	pair_put(pair, rows, good[_i].n);
	pair_compare(pair, true);
	pair_commit(pair);
}
END_TEST

/* ---- what no row may have ---- */

static uint64_t asked[MARKET__LISTING_CELLS_MAX + 1];

static void
too_large_a_number(market__listing_row_t *row)
{
	row->no = (uint64_t)INT64_MAX + 1;
}

static void
too_large_a_seller(market__listing_row_t *row)
{
	row->seller = (uint64_t)INT64_MAX + 1;
}

static void
too_large_an_entry(market__listing_row_t *row)
{
	row->last = UINT64_MAX;
}

static void
too_many_questions(market__listing_row_t *row)
{
	size_t i;

	for (i = 0; i < MARKET__COUNT(asked); i++)
		asked[i] = 1;
	row->questions = asked;
	row->n_questions = MARKET__COUNT(asked);
}

static void
too_large_a_question(market__listing_row_t *row)
{
	asked[0] = (uint64_t)INT64_MAX + 1;
	row->questions = asked;
	row->n_questions = 1;
}

static void
the_largest_question(market__listing_row_t *row)
{
	asked[0] = UINT64_MAX;
	row->questions = asked;
	row->n_questions = 1;
}

static const struct {
	const char *label;
	void (*make)(market__listing_row_t *row);
} limits[] = {
	{ "an entry above 2^63 - 1", too_large_an_entry },
	{ "more than 256 questions", too_many_questions },
	{ "a question above 2^63 - 1", too_large_a_question },
	{ "the largest question", the_largest_question },
	/* Those that are there have another name then. */
	{ "a number above 2^63 - 1", too_large_a_number },
	{ "a seller above 2^63 - 1", too_large_a_seller },
};
#define LIMITS       ((int)MARKET__COUNT(limits))
#define LIMITS_THERE (LIMITS - 2)

/* The last of many new ones, or of many that are packed. */
START_TEST(packs_refuse_many_when_one_has_what_none_may_have)
{
	static const stretch_t of[] = { { SELLER, 100, 1, 600, 1, 12 },
		{ SELLER, 26, 2, 1000, 1, 12 } };
	size_t which = (size_t)(_i % LIMITS);
	const stretch_t *rows_of = &of[_i / LIMITS];
	market__listing_row_t rows[ROWS_MAX];

	pair_begin(pair, true);
	make_rows(rows_of, rows);
	limits[which].make(&rows[rows_of->n - 1]);
	is_refused(limits[which].label,
	    pair->place.ops->listings_put(
		pair->place.backend, rows, rows_of->n, &pair->place.error),
	    MARKET_E_LIMIT);
}
END_TEST

/* What a row of its own asks must be there: when it is counted, or committed at
 * the latest. */
START_TEST(rows_refuse_what_asks_a_question_that_is_not_there)
{
	static const uint64_t absent[] = { 1, 2 };
	static const stretch_t of[] = { { SELLER, 60, 1, 600, 1, 1 },
		{ SELLER, 28, 1, 1001, 1, 1 } };
	market__listing_row_t rows[ROWS_MAX];
	market_status_t status;
	size_t i;

	pair_begin(pair, true);
	make_rows(&of[_i], rows);
	for (i = 0; i < of[_i].n; i++) {
		rows[i].questions = absent;
		rows[i].n_questions = MARKET__COUNT(absent);
	}
	status = pair->place.ops->listings_put(
	    pair->place.backend, rows, of[_i].n, &pair->place.error);
	if (status == MARKET_OK)
		status = pair->place.ops->commit(
		    pair->place.backend, &pair->place.error);
	ck_assert_msg(status == MARKET_E_CORRUPT, "%d: %s", _i,
	    market_status_name(status));
	pair_rollback(pair);
}
END_TEST

static void
count_fault(void *user, const char *fault)
{
	size_t *n = user;

	*n += strstr(fault, "there is no clearance") != NULL;
}

/* Of packed ones it is found by who looks for it. */
START_TEST(packs_that_ask_what_is_not_there_are_told)
{
	static const uint64_t absent[] = { 2, INT64_MAX };
	static const stretch_t of[] = { { SELLER, 100, 1, 600, 1, 12 },
		{ SELLER, 26, 2, 1000, 1, 12 } };
	market__listing_row_t rows[ROWS_MAX];
	size_t n = 0;

	pair_begin(pair, true);
	make_rows(&of[_i / 2], rows);
	rows[6].questions = &absent[_i % 2];
	rows[6].n_questions = 1;
	OK(pair->place.ops->listings_put(
	    pair->place.backend, rows, of[_i / 2].n, &pair->place.error));
	OK(pair->place.ops->integrity(
	    pair->place.backend, count_fault, &n, &pair->place.error));
	ck_assert_uint_eq(n, 1);
	pair_rollback(pair);
}
END_TEST

/* An error is written only where something fails (market/status.h): not on the
 * way from the rows to the packs. */
START_TEST(packs_leave_the_error_alone_when_they_answer)
{
	market_error_t error = MARKET_ERROR_INIT;
	const market__backend_ops_t *ops = pair->place.ops;
	market__listing_row_t row;

	pair_begin(pair, true);
	OK(ops->listing_get(pair->place.backend, 3, &pair->read, &row, &error));
	ck_assert_str_eq(error.message, "");
	OK(ops->listing_find(pair->place.backend, SELLER,
	    MARKET__LITERAL("sku-000120"), &pair->read, &row, &error));
	ck_assert_str_eq(error.message, "");
	row.revision++;
	OK(ops->listings_put(pair->place.backend, &row, 1, &error));
	ck_assert_str_eq(error.message, "");
	ck_assert_int_eq(error.status, MARKET_OK);
	ck_assert_int_eq(ops->listing_get(pair->place.backend, 99, &pair->read,
			     &row, &error),
	    MARKET_E_NOT_FOUND);
	ck_assert_int_eq(error.status, MARKET_E_NOT_FOUND);
	pair_rollback(pair);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("packs_refused");
	TCase *tcase = tcase_create("packs");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, packs_refuse_one_whose_name_is_anothers, 0,
	    (int)MARKET__COUNT(ones));
	tcase_add_loop_test(tcase,
	    packs_refuse_many_when_the_name_of_one_is_anothers, 0,
	    (int)MARKET__COUNT(many));
	tcase_add_loop_test(
	    tcase, packs_take_many_when_they_have_their_names, 0, 6);
	tcase_add_loop_test(tcase,
	    packs_refuse_many_when_one_has_what_none_may_have, 0,
	    LIMITS + LIMITS_THERE);
	tcase_add_loop_test(
	    tcase, rows_refuse_what_asks_a_question_that_is_not_there, 0, 2);
	tcase_add_loop_test(
	    tcase, packs_that_ask_what_is_not_there_are_told, 0, 4);
	tcase_add_test(tcase, packs_leave_the_error_alone_when_they_answer);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
