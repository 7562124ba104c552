/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packed listings by themselves (libmarket/store/pack.h): what goes in comes
 * out, and is found; what is damaged is refused, or gives rows.
 */
#include "pack_kit.h"

#include <stdlib.h>

#define SELLER 12

static market__listing_packer_t packer;

/* ---- rows ---- */

typedef struct rows {
	size_t n;
	market__listing_row_t at[MARKET__PACK_ROWS + 1];
	uint8_t ids[MARKET__PACK_ROWS + 1][MARKET__PACK_ID_MAX + 1];
	uint64_t questions[MARKET__PACK_ROWS + 1][MARKET__LISTING_CELLS_MAX];
} rows_t;

static rows_t rows;

/* How rows differ from each other. */
typedef enum kind {
	ALIKE,  /* as those of a feed do */
	EDGES,  /* in every number, up to the greatest */
	LONG,   /* by ids of up to 255 bytes */
	ASKING, /* by what they ask, up to 256 questions */
	WIDE,   /* in all of these, a part of each id apart */
	KINDS
} kind_t;

/* They ascend. From an empty one, and each beginning with what was before. */
static market_slice_t
id_of(kind_t kind, size_t i, uint8_t *id)
{
	size_t len = i;

	if (kind == LONG) {
		memset(id, 'x', MARKET__PACK_ID_MAX);
		len = MARKET__PACK_ID_MAX < i ? MARKET__PACK_ID_MAX : i;
		if (i >= MARKET__PACK_ID_MAX)
			id[len - 1] = (uint8_t)('y' + i - MARKET__PACK_ID_MAX);
		return market__slice(id, len);
	}
	if (kind == WIDE) {
		memset(id, 'x', 200);
		memset(id + 200, (int)(i + 1) & 0xff, 40);
		return market__slice(id, 240);
	}
	memcpy(id, "sku-", 4);
	id[4] = (uint8_t)(i >> 8);
	id[5] = (uint8_t)i;
	return market__slice(id, 6);
}

static void
set_edges(market__listing_row_t *row, size_t i)
{
	row->revision = pack_numbers[i % PACK_NUMBERS];
	row->intent = (uint32_t)pack_numbers[i * 2 % PACK_NUMBERS];
	row->flags = (uint32_t)pack_numbers[i * 4 % PACK_NUMBERS];
	row->began = pack_numbers[i * 5 % PACK_NUMBERS];
	row->offer_entry = pack_numbers[i * 8 % PACK_NUMBERS];
	row->last = pack_numbers[i * 10 % PACK_NUMBERS];
	row->not_before = (int64_t)pack_numbers[i * 11 % PACK_NUMBERS];
	row->not_after = (int64_t)pack_numbers[i * 13 % PACK_NUMBERS];
	row->disclosures = pack_numbers[i * 16 % PACK_NUMBERS];
}

static void
set_questions(market__listing_row_t *row, size_t i, uint64_t *questions)
{
	size_t k;

	row->n_questions = i % 3 == 2 ? i * 16 % (MARKET__LISTING_CELLS_MAX + 1)
				      : i % 3;
	for (k = 0; k < row->n_questions; k++)
		questions[k] = i % 16 == 11
		    ? pack_numbers[(i + k) % PACK_NUMBERS]
		    : i / 2 + k;
	row->questions = questions;
}

/* Numbers ascend by one, but where there is an edge: there by more. */
static void
make_rows(kind_t kind, uint64_t first, size_t n)
{
	market__listing_row_t *row = rows.at;
	size_t i;

	memset(&rows, 0, sizeof(rows));
	rows.n = n;
	for (i = 0; i < n; i++, row++) {
		row->no = first + (kind == EDGES ? i * (i + 1) / 2 : i);
		row->seller = SELLER;
		row->offer_id = id_of(kind, i, rows.ids[i]);
		row->revision = row->intent = 1;
		row->began = row->offer_entry = row->last = 700 + i;
		row->not_before = -5;
		row->not_after = 1485907200;
		memset(row->digest, (int)(i & 0xff), sizeof(row->digest));
		if (kind == EDGES)
			set_edges(row, i);
		if (kind == ASKING || kind == WIDE)
			set_questions(row, i, rows.questions[i]);
		row->n_questions = kind == WIDE ? 100 : row->n_questions;
	}
}

/* As many of them as there is room for. */
static size_t
pack_rows(void)
{
	size_t i = 0;

	memset(&packer, 0, sizeof(packer));
	while (i < rows.n && market__pack_listing(&packer, &rows.at[i]))
		i++;
	return i;
}

static bool
same_listing(const market__listing_row_t *a, const market__listing_row_t *b)
{
	return a->no == b->no && a->seller == b->seller &&
	    market__slice_equal(a->offer_id, b->offer_id) &&
	    memcmp(a->digest, b->digest, sizeof(a->digest)) == 0 &&
	    a->revision == b->revision && a->intent == b->intent &&
	    a->flags == b->flags && a->began == b->began &&
	    a->offer_entry == b->offer_entry && a->last == b->last &&
	    a->not_before == b->not_before && a->not_after == b->not_after &&
	    a->disclosures == b->disclosures;
}

/* ---- reading them again ---- */

static void
is_found(const market__listing_pack_t *pack, size_t i)
{
	const market__listing_row_t *row = &rows.at[i];
	uint8_t more[MARKET__PACK_ID_MAX + 2];
	market_slice_t id = row->offer_id;
	size_t at;

	WANT(market__listing_pack_seek(pack, row->no, &at) && at == i);
	WANT(row->no == UINT64_MAX ||
	    (market__listing_pack_seek(pack, row->no + 1, &at) && at == i + 1));
	WANT(market__listing_pack_seek_id(pack, id, &at) && at == i);
	memcpy(more, id.ptr, id.len);
	more[id.len] = 0;
	WANT(market__listing_pack_seek_id(
		 pack, market__slice(more, id.len + 1), &at) &&
	    at == i + 1);
}

static void
comes_back(const market__listing_pack_t *pack, size_t i)
{
	const market__listing_row_t *want = &rows.at[i];
	uint64_t questions[MARKET__LISTING_CELLS_MAX];
	market__packed_t packed;
	size_t n;

	WANT(market__listing_pack_get(pack, i, &packed));
	WANT(same_listing(&packed.row, want));
	WANT(market__questions_unpack(
	    packed.asked, questions, MARKET__LISTING_CELLS_MAX, &n));
	WANT(n == want->n_questions &&
	    (n == 0 || memcmp(questions, want->questions, n * 8) == 0));
	is_found(pack, i);
}

START_TEST(listings_come_back)
{
	static const uint64_t firsts[] = { 0, 1, 1000000,
		INT64_MAX - UINT64_C(40000), UINT64_MAX - 40000 };
	static const size_t counts[] = { 1, 2, 7, 8, 60, MARKET__PACK_ROWS };
	market__listing_pack_t pack;
	market_slice_t bytes;
	size_t i, k, n, at;

	for (k = 0; k < MARKET__COUNT(counts) * KINDS; k++) {
		make_rows((kind_t)(k % KINDS), firsts[_i], counts[k / KINDS]);
		n = pack_rows();
		WANT(n > 0 && (n == rows.n || n > 7));
		bytes = pack_alone(market__pack_finish(&packer.writer));
		WANT(bytes.len <= MARKET__PACK_BYTES);
		WANT(market__listing_pack_open(
		    bytes, firsts[_i], SELLER, &pack));
		WANT(pack.pack.n == n);
		for (i = 0; i < n; i++)
			comes_back(&pack, i);
		WANT(market__listing_pack_seek(&pack, 0, &at) && at == 0);
		WANT(market__listing_pack_seek_id(
			 &pack, market__slice(NULL, 0), &at) &&
		    at == 0);
		pack_give_back(bytes);
	}
}
END_TEST

/* The last row of all: of it no next number is looked for. */
START_TEST(listings_come_back_up_to_the_greatest_number)
{
	market__listing_pack_t pack;
	market_slice_t bytes;
	size_t i;

	make_rows(ALIKE, UINT64_MAX - 9, 10);
	for (i = 0; i < 10; i++)
		rows.at[i].seller = UINT64_MAX;
	WANT(pack_rows() == 10);
	bytes = pack_alone(market__pack_finish(&packer.writer));
	WANT(market__listing_pack_open(
	    bytes, UINT64_MAX - 9, UINT64_MAX, &pack));
	for (i = 0; i < 10; i++)
		comes_back(&pack, i);
	pack_give_back(bytes);
}
END_TEST

/* As one from which all have left. */
START_TEST(listings_may_be_none)
{
	market__listing_pack_t pack;
	market_slice_t bytes;
	size_t at = 42;

	rows.n = 0;
	WANT(pack_rows() == 0);
	bytes = pack_alone(market__pack_finish(&packer.writer));
	WANT(bytes.len == 2);
	WANT(market__listing_pack_open(bytes, 1, SELLER, &pack));
	WANT(pack.pack.n == 0);
	WANT(market__listing_pack_seek(&pack, 5, &at) && at == 0);
	at = 42;
	WANT(market__listing_pack_seek_id(&pack, market_slice_of("a"), &at) &&
	    at == 0);
	pack_give_back(bytes);
}
END_TEST

/* A pack that begins earlier than its row says is none of it. */
START_TEST(listings_begin_where_they_are_told_to)
{
	market__listing_pack_t pack;
	market_slice_t bytes;

	make_rows(ALIKE, 100, 10);
	WANT(pack_rows() == 10);
	bytes = pack_alone(market__pack_finish(&packer.writer));
	WANT(market__listing_pack_open(bytes, 100, SELLER, &pack));
	WANT(!market__listing_pack_open(bytes, 101, SELLER, &pack));
	/* The first of them may have left. */
	WANT(market__listing_pack_open(bytes, 99, SELLER, &pack));
	pack_give_back(bytes);
}
END_TEST

/* ---- what is not packed ---- */

static void
another_seller(market__listing_row_t *row)
{
	row->seller++;
}

static void
the_same_number(market__listing_row_t *row)
{
	row->no--;
}

static void
a_smaller_number(market__listing_row_t *row)
{
	row->no = 1;
}

static void
the_same_id(market__listing_row_t *row)
{
	row->offer_id = rows.at[8].offer_id;
}

static void
a_smaller_id(market__listing_row_t *row)
{
	row->offer_id = market_slice_of("a");
}

static void
a_long_id(market__listing_row_t *row)
{
	static uint8_t id[MARKET__PACK_ID_MAX + 1];

	memset(id, 'z', sizeof(id));
	row->offer_id = market__slice(id, sizeof(id));
}

static void
many_questions(market__listing_row_t *row)
{
	static uint64_t questions[MARKET__LISTING_CELLS_MAX + 1];

	row->questions = questions;
	row->n_questions = MARKET__COUNT(questions);
}

/* There are 9 before it, and it would take most of the room. */
static void
large_questions(market__listing_row_t *row)
{
	static uint64_t questions[MARKET__LISTING_CELLS_MAX];

	memset(questions, 0xff, sizeof(questions));
	row->questions = questions;
	row->n_questions = MARKET__COUNT(questions);
}

static const struct {
	const char *label;
	void (*make)(market__listing_row_t *row);
	bool fits;
} odd[] = {
	{ "another seller", another_seller, false },
	{ "the number before", the_same_number, false },
	{ "a smaller number", a_smaller_number, false },
	{ "the id before", the_same_id, false },
	{ "a smaller id", a_smaller_id, false },
	{ "an id that is too long", a_long_id, false },
	{ "too many questions", many_questions, false },
	{ "as many questions as there may be", large_questions, true },
};

/* It stays out, and the rest is as before. */
START_TEST(listings_stay_out_of_a_pack_that_they_do_not_follow)
{
	uint8_t before[MARKET__PACK_BYTES];
	market__listing_row_t row;
	market_slice_t bytes;
	size_t len;

	make_rows(ALIKE, 100, 10);
	rows.n = 9;
	WANT(pack_rows() == 9);
	bytes = market__pack_finish(&packer.writer);
	len = bytes.len;
	memcpy(before, bytes.ptr, len);
	row = rows.at[9];
	odd[_i].make(&row);
	ck_assert_msg(market__pack_listing(&packer, &row) == odd[_i].fits, "%s",
	    odd[_i].label);
	if (odd[_i].fits)
		return;
	bytes = market__pack_finish(&packer.writer);
	WANT(bytes.len == len && memcmp(bytes.ptr, before, len) == 0);
	WANT(market__pack_listing(&packer, &rows.at[9]));
}
END_TEST

/* Rows whose questions are given: the pack is full to its last byte, and one
 * more has no room. */
START_TEST(listings_fill_a_pack_to_its_end)
{
	uint64_t zeros[MARKET__LISTING_CELLS_MAX] = { 0 };
	market__listing_pack_t pack;
	market_slice_t bytes;
	size_t i, n;

	make_rows(ALIKE, 100, MARKET__PACK_ROWS);
	for (i = 0; i < rows.n; i++) {
		rows.at[i].questions = rows.questions[i];
		rows.at[i].n_questions = 200;
		rows.questions[i][0] = i;
	}
	/* Of this one each question is a byte. */
	for (n = pack_rows(); rows.at[n].n_questions > 0;)
		if (market__pack_listing(&packer, &rows.at[n]))
			n++;
		else
			rows.at[n].n_questions--;
	bytes = market__pack_finish(&packer.writer);
	WANT(bytes.len == MARKET__PACK_BYTES);
	bytes = pack_alone(bytes);
	WANT(market__listing_pack_open(bytes, 100, SELLER, &pack));
	WANT(pack.pack.n == n);
	for (i = 0; i < n; i++)
		comes_back(&pack, i);
	pack_give_back(bytes);
	rows.at[n].questions = zeros;
	WANT(!market__pack_listing(&packer, &rows.at[n]));
}
END_TEST

/* ---- damage ---- */

static unsigned
read_listings(market_slice_t bytes)
{
	uint64_t questions[MARKET__LISTING_CELLS_MAX];
	market__listing_pack_t pack;
	market__packed_t packed;
	unsigned total = 0;
	size_t i, n, at;

	if (!market__listing_pack_open(bytes, 100, SELLER, &pack))
		return 0;
	WANT(pack.pack.n <= MARKET__PACK_ROWS);
	for (i = 0; i < pack.pack.n; i++) {
		if (!market__listing_pack_get(&pack, i, &packed))
			continue;
		WANT(packed.row.seller == SELLER);
		WANT(packed.row.offer_id.len <= MARKET__PACK_ID_MAX);
		total += 1 + pack_sum(packed.row.offer_id) +
		    pack_sum(packed.asked);
		if (market__questions_unpack(
			packed.asked, questions, MARKET__LISTING_CELLS_MAX, &n))
			WANT(n <= MARKET__LISTING_CELLS_MAX);
	}
	for (i = 90; i < 130; i += 13)
		if (market__listing_pack_seek(&pack, i, &at))
			WANT(at <= pack.pack.n);
	if (market__listing_pack_seek_id(&pack, market_slice_of("sku-"), &at))
		WANT(at <= pack.pack.n);
	return total;
}

static const struct {
	kind_t kind;
	size_t n;
} damaged[] = {
	{ ALIKE, 1 },
	{ ALIKE, 9 },
	{ EDGES, 12 },
	{ LONG, 30 },
	{ ASKING, 12 },
	{ WIDE, 9 },
	{ ALIKE, MARKET__PACK_ROWS },
	{ EDGES, MARKET__PACK_ROWS },
};

START_TEST(listings_are_refused_or_read_when_they_are_damaged)
{
	market_slice_t bytes;

	make_rows(damaged[_i].kind, 100, damaged[_i].n);
	WANT(pack_rows() > 0);
	bytes = pack_alone(market__pack_finish(&packer.writer));
	WANT(read_listings(bytes) > 0);
	pack_read_damaged(bytes, read_listings);
	pack_give_back(bytes);
}
END_TEST

START_TEST(listings_are_refused_or_read_when_they_are_anything)
{
	pack_read_random(read_listings);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("pack_listings");
	TCase *t = tcase_create("listings");

	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, listings_come_back, 0, 5);
	tcase_add_test(t, listings_come_back_up_to_the_greatest_number);
	tcase_add_test(t, listings_may_be_none);
	tcase_add_test(t, listings_begin_where_they_are_told_to);
	tcase_add_loop_test(t,
	    listings_stay_out_of_a_pack_that_they_do_not_follow, 0,
	    (int)MARKET__COUNT(odd));
	tcase_add_test(t, listings_fill_a_pack_to_its_end);
	tcase_add_loop_test(t,
	    listings_are_refused_or_read_when_they_are_damaged, 0,
	    (int)MARKET__COUNT(damaged));
	tcase_add_test(t, listings_are_refused_or_read_when_they_are_anything);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return harness_main(suite());
}
