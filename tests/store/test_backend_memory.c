/* SPDX-License-Identifier: Apache-2.0 */
/* The memory backend: the body of every backend, and what is its own. */
#include "conformance_kit.h"
#include "store/memory.h"

static market_status_t
open_memory(
    const market_allocator_t *allocator, market__backend_t **ret_backend)
{
	return market__memory_open(allocator, ret_backend, NULL);
}

static const conformance_backend_t subject = { .name = "memory",
	.open = open_memory };

/* ---- its indexes ---- */

/* Faults that were told. */
struct told {
	size_t n;
	char first[256];
};

static void
hear(void *user, const char *fault)
{
	struct told *told = user;

	ck_assert_uint_lt(strlen(fault), sizeof(told->first));
	if (told->n++ == 0)
		memcpy(told->first, fault, strlen(fault) + 1);
}

/* One row or index entry less, in each of its maps. */
static const struct {
	market__memory_table_t map;
	const char *want; /* the first fault */
} losses[] = {
	{ MEMORY_STATEMENTS_BY_SLOT,
	    "statement 7: is missing in statements by "
	    "slot" },
	{ MEMORY_STATEMENTS_BY_DIGEST,
	    "statement 1: is missing in statements by digest" },
	{ MEMORY_STATEMENTS_BY_NAME,
	    "statement 1: is missing in statements by name" },
	{ MEMORY_STATEMENTS_BY_SUBJECT,
	    "statement 1: is missing in statements by subject" },
	{ MEMORY_SLOTS_BY_NAME, "slot 5: is missing in slots by name" },
	{ MEMORY_SLOTS_BY_EPOCH, "slot 2: is missing in slots by epoch" },
	{ MEMORY_CLEARANCES_BY_HASH,
	    "clearance 1: is missing in clearances by hash" },
	{ MEMORY_CLEARANCES_BY_HORIZON,
	    "clearance 2: is missing in clearances by horizon" },
	{ MEMORY_PARTIES_BY_NAME, "party 3: is missing in parties by name" },
	{ MEMORY_LISTINGS_BY_SELLER,
	    "listing 4: is missing in listings by seller" },
	{ MEMORY_READERS, "reads 1: is missing in clearances by slot" },
	{ MEMORY_QUESTIONS, "listing 1: is missing in listings by question" },
	{ MEMORY_STATEMENTS,
	    "statement 1: is not what is named in statements by slot" },
	{ MEMORY_SLOTS, "slot 1: is not what is named in slots by name" },
	{ MEMORY_CLEARANCES,
	    "clearance 1: is not what is named in clearances by hash" },
	{ MEMORY_PARTIES, "party 1: is not what is named in parties by name" },
	{ MEMORY_LISTINGS,
	    "listing 1: is not what is named in listings by seller" },
	{ MEMORY_READS,
	    "reads 1: do not say so, but it is in clearances by "
	    "slot" },
};

START_TEST(backend_tells_a_fault_when_a_row_or_index_entry_is_lost)
{
	struct told told = { 0, "" };
	market__memory_map_t *map;
	bench_t bench;

	bench_open(&bench);
	bench_fill(&bench);
	bench_is_sound(&bench);
	map = &market__memory_of(bench.backend)->maps[losses[_i].map];
	market__memory_map_remove(
	    map, market__memory_map_seek(map, market__slice(NULL, 0), false));
	bench_begin(&bench, false);
	OK(bench.ops->integrity(bench.backend, hear, &told, NULL));
	ck_assert_uint_gt(told.n, 0);
	ck_assert_str_eq(told.first, losses[_i].want);
	bench_rollback(&bench);
	/* That was undone, too. */
	bench_is_sound(&bench);
	bench_close(&bench);
}
END_TEST

START_TEST(backend_tells_memory_when_it_cannot_tell_a_fault)
{
	struct told told = { 0, "" };
	market__memory_map_t *map;
	market_status_t status;
	bench_t bench;
	size_t n;

	bench_open(&bench);
	bench_fill(&bench);
	map = &market__memory_of(bench.backend)->maps[MEMORY_READERS];
	market__memory_map_remove(
	    map, market__memory_map_seek(map, market__slice(NULL, 0), false));
	market__memory_map_commit(map);
	for (n = 0;; n++) {
		memset(&told, 0, sizeof(told));
		bench_begin(&bench, false);
		bench.memory.fail_at = bench.memory.calls + n;
		status = bench.ops->integrity(bench.backend, hear, &told, NULL);
		bench.memory.fail_at = SIZE_MAX;
		bench_rollback(&bench);
		if (status == MARKET_OK)
			break;
		ck_assert_int_eq(status, MARKET_E_MEMORY);
		ck_assert_uint_eq(told.n, 0);
	}
	ck_assert_uint_gt(n, 0);
	ck_assert_uint_eq(told.n, 1);
	bench_close(&bench);
}
END_TEST

START_TEST(backend_tells_corrupt_when_an_index_names_what_is_not_there)
{
	const market__clearance_query_t query = {
		.by = MARKET__CLEARANCE_BY_READER, .slot = 1, .max = 9
	};
	const market__clearance_row_t *rows;
	market__clearance_query_t stale = query;
	market__memory_map_t *map;
	bench_t bench;
	size_t n;

	stale.by = MARKET__CLEARANCE_BY_STALE_READER;
	stale.epoch = 9;
	bench_open(&bench);
	bench_fill(&bench);
	map = &market__memory_of(bench.backend)->maps[MEMORY_CLEARANCES];
	market__memory_map_remove(
	    map, market__memory_map_seek(map, market__slice(NULL, 0), false));
	bench_begin(&bench, false);
	ck_assert_int_eq(bench.ops->clearances(bench.backend, &query,
			     &bench.arena, &rows, &n, NULL),
	    MARKET_E_CORRUPT);
	bench_rollback(&bench);
	bench_begin(&bench, false);
	OK(bench.ops->clearances(
	    bench.backend, &stale, &bench.arena, &rows, &n, NULL));
	bench_commit(&bench);
	map = &market__memory_of(bench.backend)->maps[MEMORY_CLEARANCES];
	market__memory_map_remove(
	    map, market__memory_map_seek(map, market__slice(NULL, 0), false));
	stale.slot = 3;
	bench_begin(&bench, false);
	ck_assert_int_eq(bench.ops->clearances(bench.backend, &stale,
			     &bench.arena, &rows, &n, NULL),
	    MARKET_E_CORRUPT);
	bench_rollback(&bench);
	bench_close(&bench);
}
END_TEST

/* One question asked in two cells is one entry of the index. */
START_TEST(backend_lists_a_listing_once_when_two_cells_ask_the_same)
{
	static const uint64_t questions[] = { 4, 1, 4 };
	market__listing_query_t query = {
		.by = MARKET__LISTING_BY_QUESTION, .question = 4, .max = 9
	};
	const market__listing_row_t *rows;
	market__listing_row_t row;
	uint64_t cells;
	bench_t bench;
	size_t n;

	bench_open(&bench);
	bench_fill(&bench);
	bench_begin(&bench, true);
	row = world_listing(1);
	row.questions = questions;
	row.n_questions = 3;
	OK(bench.ops->listing_put(bench.backend, &row, NULL));
	OK(bench.ops->listings(
	    bench.backend, &query, &bench.arena, &rows, &n, NULL));
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(rows[0].n_questions, 3);
	OK(bench.ops->clearance_cells(bench.backend, 4, &cells, NULL));
	ck_assert_uint_eq(cells, 1);
	row.n_questions = 0;
	OK(bench.ops->listing_put(bench.backend, &row, NULL));
	OK(bench.ops->listings(
	    bench.backend, &query, &bench.arena, &rows, &n, NULL));
	ck_assert_uint_eq(n, 0);
	bench_commit(&bench);
	bench_is_sound(&bench);
	bench_close(&bench);
}
END_TEST

/* The lowest numbers come first, though the index is in another order. */
START_TEST(backend_sorts_by_number_when_the_index_does_not)
{
	enum { MANY = 300 };
	market__clearance_query_t query = { .by = MARKET__CLEARANCE_BY_HORIZON,
		.until = INT64_MAX };
	const market__clearance_row_t *rows;
	market__clearance_row_t row;
	uint64_t no, last = 0;
	bench_t bench;
	size_t i, n;

	bench_open(&bench);
	bench_begin(&bench, true);
	for (no = 1; no <= MANY; no++) {
		row = world_clearance(1);
		row.no = no;
		row.horizon = (int64_t)(no * 7919 % MANY);
		memcpy(row.hash, &no, sizeof(no));
		if (bench.ops->clearance_put(bench.backend, &row, NULL) !=
		    MARKET_OK)
			ck_abort();
	}
	bench_commit(&bench);
	bench_begin(&bench, false);
	do {
		query.after = last;
		query.max = 1 + last / 4;
		OK(bench.ops->clearances(
		    bench.backend, &query, &bench.arena, &rows, &n, NULL));
		for (i = 0; i < n; i++)
			ck_assert_uint_eq(rows[i].no, ++last);
	} while (n == query.max);
	ck_assert_uint_eq(last, MANY);
	bench_commit(&bench);
	bench_close(&bench);
}
END_TEST

int
main(void)
{
	Suite *suite = conformance_suite(&subject);
	TCase *tcase = tcase_create("memory");

	tcase_add_loop_test(tcase,
	    backend_tells_a_fault_when_a_row_or_index_entry_is_lost, 0,
	    (int)MARKET__COUNT(losses));
	tcase_add_test(
	    tcase, backend_tells_corrupt_when_an_index_names_what_is_not_there);
	tcase_add_test(
	    tcase, backend_lists_a_listing_once_when_two_cells_ask_the_same);
	tcase_add_test(tcase, backend_sorts_by_number_when_the_index_does_not);
	tcase_add_test(tcase, backend_tells_memory_when_it_cannot_tell_a_fault);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
