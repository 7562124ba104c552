/* SPDX-License-Identifier: Apache-2.0 */
/* Where memory, or what may be taken of it, comes to an end. */
#include "conformance_kit.h"

#include <stdlib.h>

/* ---- the arena's budget ---- */

/* Room for nothing, for the rows alone, and for a part of what they hold. */
static const size_t budgets[] = { 0, 16, 64, 200, 400, 800 };

START_TEST(backend_tells_limit_when_the_arena_has_no_room)
{
	const operation_t *operation = &conformance_operations[_i];
	market_error_t error = MARKET_ERROR_INIT;
	market__arena_t arena;
	market_status_t status;
	size_t i, limited = 0;
	char *before;
	bench_t bench;

	bench_open(&bench);
	bench_fill(&bench);
	before = bench_content(&bench);
	for (i = 0; i < MARKET__COUNT(budgets) && operation->arena; i++) {
		market__arena_init(
		    &arena, &market__default_allocator, budgets[i]);
		bench_begin(&bench, false);
		status = operation->run(&bench, &arena, &error);
		if (status != MARKET_OK) {
			ck_assert_int_eq(status, MARKET_E_LIMIT);
			ck_assert_int_eq(error.status, MARKET_E_LIMIT);
			ck_assert_int_eq(bench.ops->commit(bench.backend, NULL),
			    MARKET_E_STATE);
			limited++;
		}
		bench_rollback(&bench);
		market__arena_clear(&arena);
	}
	ck_assert_msg(
	    (limited > 0) == operation->arena, "%s", operation->label);
	bench_begin(&bench, true);
	OK(operation->run(&bench, &bench.arena, NULL));
	bench_rollback(&bench);
	bench_is(&bench, before);
	free(before);
	bench_close(&bench);
}
END_TEST

START_TEST(backend_leaves_what_is_returned_alone_when_it_fails)
{
	const market__entry_row_t *rows = NULL;
	const market__entry_row_t *const untouched = rows;
	market__statement_query_t query = { .max = 10 };
	const market__statement_row_t *statements = NULL;
	market__listing_row_t row, same;
	market_slice_t bytes = market_slice_of("same");
	market__arena_t arena;
	bench_t bench;
	size_t n = 42;

	memset(&row, 0x55, sizeof(row));
	memset(&same, 0x55, sizeof(same));
	bench_open(&bench);
	bench_fill(&bench);
	market__arena_init(&arena, &market__default_allocator, 16);
	bench_begin(&bench, false);
	NONE(bench.ops->listing_get(bench.backend, 99, &arena, &row, NULL));
	NONE(bench.ops->payload_get(bench.backend, 99, &arena, &bytes, NULL));
	ck_assert(market__slice_is(bytes, "same"));
	ck_assert_int_eq(
	    bench.ops->entries(bench.backend, 0, 10, &arena, &rows, &n, NULL),
	    MARKET_E_LIMIT);
	bench_rollback(&bench);
	bench_begin(&bench, false);
	ck_assert_int_eq(bench.ops->statements(bench.backend, &query, &arena,
			     &statements, &n, NULL),
	    MARKET_E_LIMIT);
	bench_rollback(&bench);
	bench_begin(&bench, false);
	market__arena_clear(&arena);
	market__arena_init(&arena, &market__default_allocator, 0);
	ck_assert_int_eq(
	    bench.ops->listing_get(bench.backend, 1, &arena, &row, NULL),
	    MARKET_E_LIMIT);
	bench_rollback(&bench);
	ck_assert_ptr_eq(rows, untouched);
	ck_assert_ptr_null(statements);
	ck_assert_uint_eq(n, 42);
	ck_assert_mem_eq(&row, &same, sizeof(row));
	market__arena_clear(&arena);
	bench_close(&bench);
}
END_TEST

/* ---- P20 no memory ---- */

static void
discard(void)
{
	if (conformance_subject->discard != NULL)
		conformance_subject->discard();
}

START_TEST(backend_opens_nothing_when_there_is_no_memory)
{
	market__backend_t *backend = NULL;
	harness_memory_t memory;
	market_status_t status;
	size_t n;

	for (n = 0;; n++) {
		harness_memory_init(&memory);
		memory.fail_at = n;
		memory.for_ever = _i == 1;
		status = conformance_subject->open(&memory.allocator, &backend);
		if (status == MARKET_OK)
			break;
		ck_assert_int_eq(status, MARKET_E_MEMORY);
		ck_assert_ptr_null(backend);
		ck_assert_uint_eq(memory.live, 0);
		discard();
	}
	ck_assert_uint_gt(n, 0);
	backend->ops->close(backend);
	ck_assert_uint_eq(memory.live, 0);
	discard();
}
END_TEST

/* Everything that can be done, up to the first failure. */
static market_status_t
scenario(bench_t *bench, market__arena_t *arena)
{
	market_status_t status;
	size_t i;

	status = bench->ops->begin(bench->backend, true, NULL);
	for (i = 0; i < conformance_operation_count && status == MARKET_OK; i++)
		status = conformance_operations[i].run(bench, arena, NULL);
	if (status == MARKET_OK)
		status = bench->ops->commit(bench->backend, NULL);
	return status;
}

/* What it will be like once the scenario has run. */
static char *
content_after(void)
{
	bench_t bench;
	char *content;

	bench_open(&bench);
	bench_fill(&bench);
	OK(scenario(&bench, &bench.arena));
	content = bench_content(&bench);
	bench_close(&bench);
	return content;
}

/* Also the arena has its memory from where there is none. */
START_TEST(backend_is_as_before_when_memory_fails_at_any_allocation)
{
	char *before, *after = content_after();
	market__arena_t arena;
	market_status_t status;
	bench_t bench;
	size_t n;

	bench_open(&bench);
	bench_fill(&bench);
	before = bench_content(&bench);
	ck_assert_str_ne(before, after);
	for (n = 0;; n++) {
		market__arena_init(&arena, &bench.memory.allocator, SIZE_MAX);
		bench.memory.fail_at = bench.memory.calls + n;
		bench.memory.for_ever = _i == 1;
		status = scenario(&bench, &arena);
		if (status != MARKET_OK) {
			ck_assert_msg(status == MARKET_E_MEMORY,
			    "allocation %zu: %s", n,
			    market_status_name(status));
			/* This needs none. */
			bench_rollback(&bench);
		}
		bench.memory.fail_at = SIZE_MAX;
		market__arena_clear(&arena);
		if (status == MARKET_OK)
			break;
		bench_is(&bench, before);
		bench_is_sound(&bench);
	}
	ck_assert_uint_gt(n, 0);
	bench_is(&bench, after);
	bench_is_sound(&bench);
	free(before);
	free(after);
	bench_close(&bench);
}
END_TEST

START_TEST(backend_gives_all_back_when_closed_after_memory_has_failed)
{
	market_status_t status;
	bench_t bench;
	size_t n = 0;

	do {
		bench_open(&bench);
		bench_fill(&bench);
		bench.memory.fail_at = bench.memory.calls + n;
		status = scenario(&bench, &bench.arena);
		bench_close(&bench);
		n += 1 + n / 4;
	} while (status != MARKET_OK);
}
END_TEST

void
conformance_failures(TCase *tcase)
{
	tcase_add_loop_test(tcase,
	    backend_tells_limit_when_the_arena_has_no_room, 0,
	    (int)conformance_operation_count);
	tcase_add_test(
	    tcase, backend_leaves_what_is_returned_alone_when_it_fails);
	tcase_add_loop_test(
	    tcase, backend_opens_nothing_when_there_is_no_memory, 0, 2);
	tcase_add_loop_test(tcase,
	    backend_is_as_before_when_memory_fails_at_any_allocation, 0, 2);
	tcase_add_test(
	    tcase, backend_gives_all_back_when_closed_after_memory_has_failed);
}
