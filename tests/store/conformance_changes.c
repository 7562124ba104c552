/* SPDX-License-Identifier: Apache-2.0 */
/* A row in place of another, and what follows it. */
#include "conformance_kit.h"

#include <stdio.h>

/* The numbers of a list: "1 2 5". */
static void
numbers_are(
    const char *label, const uint64_t *numbers, size_t n, const char *want)
{
	market__text_t text;

	market__text_init(&text, &market__default_allocator, 1000);
	show_numbers(&text, numbers, n);
	OK(text.status);
	text.data[text.len - 1] = '\0';
	ck_assert_msg(strcmp(n == 0 ? "" : text.data + 1, want) == 0,
	    "%s: got%s, want %s", label, text.data, want);
	market__text_clear(&text);
}

#define ARE(rows, n, member, want)                                    \
	do {                                                          \
		uint64_t numbers_[16];                                \
		size_t i_;                                            \
                                                                      \
		ck_assert_uint_le(n, MARKET__COUNT(numbers_));        \
		for (i_ = 0; i_ < (n); i_++)                          \
			numbers_[i_] = (rows)[i_].member;             \
		numbers_are(#member " of " #rows, numbers_, n, want); \
	} while (0)

static void
clearances_are(
    bench_t *bench, market__clearance_query_t query, const char *want)
{
	const market__clearance_row_t *rows;
	size_t n;

	query.max = 16;
	OK(bench->ops->clearances(
	    bench->backend, &query, &bench->arena, &rows, &n, NULL));
	ARE(rows, n, no, want);
}

static void
readers_are(bench_t *bench, uint64_t slot, const char *want)
{
	const market__clearance_query_t query = {
		.by = MARKET__CLEARANCE_BY_READER, .slot = slot
	};

	clearances_are(bench, query, want);
}

static void
stale_readers_are(
    bench_t *bench, uint64_t slot, uint64_t epoch, const char *want)
{
	const market__clearance_query_t query = {
		.by = MARKET__CLEARANCE_BY_STALE_READER,
		.slot = slot,
		.epoch = epoch
	};

	clearances_are(bench, query, want);
}

static void
horizons_are(bench_t *bench, int64_t until, const char *want)
{
	const market__clearance_query_t query = {
		.by = MARKET__CLEARANCE_BY_HORIZON, .until = until
	};

	clearances_are(bench, query, want);
}

static void
askers_are(bench_t *bench, uint64_t question, const char *want)
{
	const market__listing_query_t query = { .by =
						    MARKET__LISTING_BY_QUESTION,
		.question = question,
		.max = 16 };
	const market__listing_row_t *rows;
	size_t n;

	OK(bench->ops->listings(
	    bench->backend, &query, &bench->arena, &rows, &n, NULL));
	ARE(rows, n, no, want);
}

static void
cells_are(bench_t *bench, const char *want)
{
	uint64_t cells[WORLD_CLEARANCES], no;

	for (no = 1; no <= WORLD_CLEARANCES; no++)
		OK(bench->ops->clearance_cells(
		    bench->backend, no, &cells[no - 1], NULL));
	numbers_are("cells", cells, WORLD_CLEARANCES, want);
}

static void
sellers_listings_are(bench_t *bench, uint64_t seller, const char *want)
{
	const market__listing_query_t query = {
		.by = MARKET__LISTING_BY_SELLER, .seller = seller, .max = 16
	};
	const market__listing_row_t *rows;
	size_t n;

	OK(bench->ops->listings(
	    bench->backend, &query, &bench->arena, &rows, &n, NULL));
	ARE(rows, n, no, want);
}

static void
slots_since_are(bench_t *bench, uint64_t epoch, const char *want)
{
	const market__slot_row_t *rows;
	size_t n;

	OK(bench->ops->slots_since(
	    bench->backend, epoch, 0, 16, &bench->arena, &rows, &n, NULL));
	ARE(rows, n, no, want);
}

static void
parties_are(bench_t *bench, const char *want)
{
	const market__party_row_t *rows;
	size_t n;

	OK(bench->ops->parties(bench->backend, market__slice(NULL, 0), 16,
	    &bench->arena, &rows, &n, NULL));
	ARE(rows, n, no, want);
}

/* A world, and a transaction that writes. */
static void
open_world(bench_t *bench)
{
	bench_open(bench);
	bench_fill(bench);
	bench_begin(bench, true);
}

/* The same is seen inside, and by whoever reads later. */
static void
see(bench_t *bench, void (*check)(bench_t *bench))
{
	check(bench);
	bench_commit(bench);
	bench_is_sound(bench);
	bench_begin(bench, false);
	check(bench);
	bench_commit(bench);
	bench_close(bench);
}

/* ---- a row in place of another ---- */

static void
check_slots(bench_t *bench)
{
	market__slot_row_t row;

	slots_since_are(bench, 0, "1 2 3 4 5");
	slots_since_are(bench, 5, "1 2");
	slots_since_are(bench, 6, "2");
	OK(bench->ops->slot_get(
	    bench->backend, world_slot(2).name, &bench->arena, &row, NULL));
	ck_assert_uint_eq(row.no, 2);
	ck_assert_uint_eq(row.counter, 1);
	ck_assert_uint_eq(row.epoch, 7);
}

START_TEST(backend_lists_a_slot_as_changed_when_put_again)
{
	market__slot_row_t row;
	bench_t bench;

	open_world(&bench);
	row = world_slot(1);
	row.epoch = 6;
	OK(bench.ops->slot_put(bench.backend, &row, NULL));
	row = world_slot(2);
	row.counter = 1;
	row.epoch = 7;
	OK(bench.ops->slot_put(bench.backend, &row, NULL));
	see(&bench, check_slots);
}
END_TEST

static void
check_clearances(bench_t *bench)
{
	market__clearance_row_t row;

	horizons_are(bench, 100, "1 4 5");
	horizons_are(bench, 102, "1 2 4 5 6");
	readers_are(bench, 3, "1 2 4 5");
	stale_readers_are(bench, 3, 4, "1");
	stale_readers_are(bench, 3, 10, "1 2 4 5");
	OK(bench->ops->clearance_find(bench->backend, world_clearance(2).hash,
	    &bench->arena, &row, NULL));
	ck_assert_uint_eq(row.no, 2);
	ck_assert_int_eq(row.horizon, 102);
	ck_assert(market__slice_is(row.result, "another result"));
}

START_TEST(backend_lists_a_clearance_by_its_new_members_when_put_again)
{
	market__clearance_row_t row;
	bench_t bench;

	open_world(&bench);
	row = world_clearance(2);
	row.horizon = 102;
	row.epoch = 9;
	row.result = market_slice_of("another result");
	OK(bench.ops->clearance_put(bench.backend, &row, NULL));
	see(&bench, check_clearances);
}
END_TEST

static void
check_reads(bench_t *bench)
{
	const uint64_t *slots;
	size_t n;

	readers_are(bench, 1, "4");
	readers_are(bench, 2, "1 4");
	readers_are(bench, 3, "2 4 5");
	readers_are(bench, 4, "1 4 5");
	readers_are(bench, 5, "4");
	OK(bench->ops->clearance_reads(
	    bench->backend, 1, &bench->arena, &slots, &n, NULL));
	numbers_are("1", slots, n, "2 4");
	OK(bench->ops->clearance_reads(
	    bench->backend, 3, &bench->arena, &slots, &n, NULL));
	numbers_are("3", slots, n, "");
	OK(bench->ops->clearance_reads(
	    bench->backend, 4, &bench->arena, &slots, &n, NULL));
	numbers_are("4", slots, n, "1 2 3 4 5");
	OK(bench->ops->clearance_reads(
	    bench->backend, 6, &bench->arena, &slots, &n, NULL));
	numbers_are("6", slots, n, "");
}

START_TEST(backend_replaces_what_is_read_when_set_again)
{
	static const uint64_t some[] = { 2, 4 }, all[] = { 1, 2, 3, 4, 5 };
	bench_t bench;

	open_world(&bench);
	OK(bench.ops->clearance_set_reads(bench.backend, 1, some, 2, NULL));
	OK(bench.ops->clearance_set_reads(bench.backend, 4, all, 5, NULL));
	OK(bench.ops->clearance_set_reads(bench.backend, 6, NULL, 0, NULL));
	see(&bench, check_reads);
}
END_TEST

static void
check_listings(bench_t *bench)
{
	market__listing_row_t row;

	askers_are(bench, 1, "3 4 5 6");
	askers_are(bench, 2, "1 4 5");
	askers_are(bench, 3, "1 3 4");
	askers_are(bench, 4, "1");
	cells_are(bench, "4 3 3 1 0 0");
	sellers_listings_are(bench, 2, "6 2 5 3 1");
	sellers_listings_are(bench, 1, "4");
	OK(bench->ops->listing_find(bench->backend, 2, market_slice_of("b"),
	    &bench->arena, &row, NULL));
	numbers_are("1", row.questions, row.n_questions, "4 2 3");
	ck_assert_uint_eq(row.revision, 99);
	OK(bench->ops->listing_get(
	    bench->backend, 2, &bench->arena, &row, NULL));
	ck_assert_uint_eq(row.n_questions, 0);
}

START_TEST(backend_lists_by_question_what_asks_it_when_a_listing_is_put_again)
{
	static const uint64_t other[] = { 4, 2, 3 }, more[] = { 3, 1, 2 };
	market__listing_row_t row;
	bench_t bench;

	open_world(&bench);
	row = world_listing(1);
	row.revision = 99;
	row.questions = other;
	row.n_questions = 3;
	OK(bench.ops->listing_put(bench.backend, &row, NULL));
	row = world_listing(2);
	row.n_questions = 0;
	OK(bench.ops->listing_put(bench.backend, &row, NULL));
	row = world_listing(4);
	row.questions = more;
	row.n_questions = 3;
	OK(bench.ops->listing_put(bench.backend, &row, NULL));
	see(&bench, check_listings);
}
END_TEST

static void
check_parties(bench_t *bench)
{
	market__party_row_t row;

	parties_are(bench, "3 1 5 2 4 6");
	OK(bench->ops->party_find(
	    bench->backend, world_party(1).name, &bench->arena, &row, NULL));
	ck_assert_uint_eq(row.no, 1);
	ck_assert_uint_eq(row.listings, 1000);
	OK(bench->ops->party_get(bench->backend, 6, &bench->arena, &row, NULL));
	ck_assert(market__slice_is(row.name, "z.example"));
}

START_TEST(backend_keeps_a_partys_place_when_put_again)
{
	market__party_row_t row;
	bench_t bench;

	open_world(&bench);
	row = world_party(1);
	row.listings = 1000;
	OK(bench.ops->party_put(bench.backend, &row, NULL));
	row.no = 6;
	row.name = market_slice_of("z.example");
	OK(bench.ops->party_put(bench.backend, &row, NULL));
	see(&bench, check_parties);
}
END_TEST

static void
check_feeds(bench_t *bench)
{
	market__feed_row_t row;

	OK(bench->ops->feed_get(bench->backend, 1, &bench->arena, &row, NULL));
	ck_assert_uint_eq(row.no, 1);
	ck_assert_uint_eq(row.last, 1000);
	ck_assert(market__slice_is(row.state, "all"));
	OK(bench->ops->feed_get(bench->backend, 7, &bench->arena, &row, NULL));
	ck_assert_uint_eq(row.no, 7);
	ck_assert_uint_eq(row.last, 0);
	/* The others are as they were. */
	OK(bench->ops->feed_get(bench->backend, 2, &bench->arena, &row, NULL));
	ck_assert_uint_eq(row.last, world_feed(2).last);
	ck_assert(market__slice_equal(row.state, world_feed(2).state));
}

START_TEST(backend_tells_how_far_a_feed_is_when_put_again)
{
	market__feed_row_t row;
	bench_t bench;

	open_world(&bench);
	row = world_feed(1);
	row.last = 1000;
	row.state = market_slice_of("all");
	OK(bench.ops->feed_put(bench.backend, &row, NULL));
	row.no = 7;
	row.last = 0;
	OK(bench.ops->feed_put(bench.backend, &row, NULL));
	see(&bench, check_feeds);
}
END_TEST

struct told {
	size_t n;
	char first[160];
};

static void
hear(void *user, const char *fault)
{
	struct told *told = user;

	if (told->n++ == 0)
		snprintf(told->first, sizeof(told->first), "%s", fault);
}

START_TEST(backend_tells_a_fault_when_a_feed_has_no_statement)
{
	struct told told = { 0, "" };
	market__feed_row_t row;
	bench_t bench;

	open_world(&bench);
	row = world_feed(1);
	row.no = WORLD_STATEMENTS + 1;
	OK(bench.ops->feed_put(bench.backend, &row, NULL));
	OK(bench.ops->integrity(bench.backend, hear, &told, NULL));
	ck_assert_uint_eq(told.n, 1);
	ck_assert_msg(strstr(told.first, "feed 8") != NULL &&
		strstr(told.first, "statement") != NULL,
	    "%s", told.first);
	bench_rollback(&bench);
	bench_is_sound(&bench);
	bench_close(&bench);
}
END_TEST

void
conformance_changes(TCase *tcase)
{
	tcase_add_test(tcase, backend_lists_a_slot_as_changed_when_put_again);
	tcase_add_test(
	    tcase, backend_lists_a_clearance_by_its_new_members_when_put_again);
	tcase_add_test(tcase, backend_replaces_what_is_read_when_set_again);
	tcase_add_test(tcase,
	    backend_lists_by_question_what_asks_it_when_a_listing_is_put_again);
	tcase_add_test(tcase, backend_keeps_a_partys_place_when_put_again);
	tcase_add_test(tcase, backend_tells_how_far_a_feed_is_when_put_again);
	tcase_add_test(
	    tcase, backend_tells_a_fault_when_a_feed_has_no_statement);
}
