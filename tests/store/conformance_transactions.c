/* SPDX-License-Identifier: Apache-2.0 */
/* Transactions: whole or not at all, and nothing outside of them. */
#include "conformance_kit.h"

#include <stdlib.h>

/* Fails with that status, and says so. */
static void
fails(bench_t *bench, const operation_t *operation, market__arena_t *arena,
    market_status_t want)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status = operation->run(bench, arena, &error);

	ck_assert_msg(status == want, "%s: %s, not %s", operation->label,
	    market_status_name(status), market_status_name(want));
	ck_assert_msg(error.status == want && error.message[0] != '\0',
	    "%s: the error says \"%s\"", operation->label, error.message);
}

/* ---- whole, or not at all ---- */

START_TEST(backend_is_as_before_when_a_write_is_rolled_back)
{
	const operation_t *operation = &conformance_operations[_i];
	char *before, *inside, *after;
	bench_t bench;

	bench_open(&bench);
	bench_fill(&bench);
	before = bench_content(&bench);
	bench_begin(&bench, true);
	OK(operation->run(&bench, &bench.arena, NULL));
	inside = bench_text(&bench);
	/* What was written can be read at once. */
	ck_assert_msg((strcmp(before, inside) != 0) == operation->writes, "%s",
	    operation->label);
	bench_rollback(&bench);
	bench_is(&bench, before);
	bench_is_sound(&bench);
	/* The positive twin. */
	bench_begin(&bench, true);
	OK(operation->run(&bench, &bench.arena, NULL));
	after = bench_text(&bench);
	ck_assert_str_eq(after, inside);
	bench_commit(&bench);
	bench_is(&bench, inside);
	bench_is_sound(&bench);
	free(before);
	free(inside);
	free(after);
	bench_close(&bench);
}
END_TEST

static void
write_all(bench_t *bench)
{
	size_t i;

	for (i = 0; i < conformance_operation_count; i++)
		if (conformance_operations[i].writes)
			OK(conformance_operations[i].run(
			    bench, &bench->arena, NULL));
}

START_TEST(backend_is_as_before_when_all_tables_are_rolled_back)
{
	market__clearance_row_t asked;
	char *before, *inside;
	bench_t bench;

	bench_open(&bench);
	before = bench_content(&bench);
	bench_begin(&bench, true);
	/* What listings ask is there. */
	for (asked = world_clearance(1); asked.no <= WORLD_CLEARANCES;
	     asked = world_clearance(asked.no + 1))
		OK(bench.ops->clearance_put(bench.backend, &asked, NULL));
	write_all(&bench);
	bench_rollback(&bench);
	bench_is(&bench, before);
	free(before);
	bench_fill(&bench);
	before = bench_content(&bench);
	bench_begin(&bench, true);
	write_all(&bench);
	inside = bench_text(&bench);
	bench_rollback(&bench);
	bench_is(&bench, before);
	bench_begin(&bench, true);
	write_all(&bench);
	bench_commit(&bench);
	bench_is(&bench, inside);
	bench_is_sound(&bench);
	free(before);
	free(inside);
	bench_close(&bench);
}
END_TEST

/* ---- P21 states ---- */

START_TEST(backend_refuses_an_operation_when_no_transaction_is_open)
{
	const operation_t *operation = &conformance_operations[_i];
	char *before;
	bench_t bench;

	bench_open(&bench);
	bench_fill(&bench);
	before = bench_content(&bench);
	fails(&bench, operation, &bench.arena, MARKET_E_STATE);
	ck_assert_int_eq(
	    operation->run(&bench, &bench.arena, NULL), MARKET_E_STATE);
	/* It has opened none, and closed none. */
	bench_begin(&bench, true);
	bench_rollback(&bench);
	fails(&bench, operation, &bench.arena, MARKET_E_STATE);
	bench_is(&bench, before);
	free(before);
	bench_close(&bench);
}
END_TEST

START_TEST(backend_refuses_a_write_when_the_transaction_only_reads)
{
	const operation_t *operation = &conformance_operations[_i];
	char *before;
	bench_t bench;

	bench_open(&bench);
	bench_fill(&bench);
	before = bench_content(&bench);
	bench_begin(&bench, false);
	if (operation->writes)
		fails(&bench, operation, &bench.arena, MARKET_E_STATE);
	else
		OK(operation->run(&bench, &bench.arena, NULL));
	bench_rollback(&bench);
	bench_is(&bench, before);
	free(before);
	bench_close(&bench);
}
END_TEST

START_TEST(backend_refuses_all_but_rollback_when_an_operation_has_failed)
{
	const operation_t *operation = &conformance_operations[_i];
	market_error_t error = MARKET_ERROR_INIT;
	market__entry_row_t row = world_entry(1);
	char *before;
	bench_t bench;

	bench_open(&bench);
	bench_fill(&bench);
	before = bench_content(&bench);
	bench_begin(&bench, true);
	write_all(&bench);
	ck_assert_int_eq(bench.ops->entry_insert(bench.backend, &row, NULL),
	    MARKET_E_CORRUPT);
	fails(&bench, operation, &bench.arena, MARKET_E_STATE);
	ck_assert_int_eq(
	    bench.ops->commit(bench.backend, &error), MARKET_E_STATE);
	ck_assert_int_eq(error.status, MARKET_E_STATE);
	ck_assert_int_eq(
	    bench.ops->begin(bench.backend, true, NULL), MARKET_E_STATE);
	bench_rollback(&bench);
	bench_is(&bench, before);
	/* The next one is a new one. */
	bench_begin(&bench, true);
	OK(operation->run(&bench, &bench.arena, NULL));
	bench_commit(&bench);
	free(before);
	bench_close(&bench);
}
END_TEST

START_TEST(backend_refuses_commit_when_there_is_nothing_to_commit)
{
	market_error_t error = MARKET_ERROR_INIT;
	bench_t bench;

	bench_open(&bench);
	ck_assert_int_eq(
	    bench.ops->commit(bench.backend, &error), MARKET_E_STATE);
	ck_assert_int_eq(error.status, MARKET_E_STATE);
	bench_rollback(&bench);
	bench_begin(&bench, true);
	bench_commit(&bench);
	ck_assert_int_eq(
	    bench.ops->commit(bench.backend, NULL), MARKET_E_STATE);
	bench_begin(&bench, false);
	bench_rollback(&bench);
	bench_rollback(&bench);
	ck_assert_int_eq(
	    bench.ops->commit(bench.backend, NULL), MARKET_E_STATE);
	bench_close(&bench);
}
END_TEST

START_TEST(backend_refuses_begin_when_a_transaction_is_open)
{
	static const struct {
		bool first, second;
	} rows[] = { { true, true }, { true, false }, { false, true },
		{ false, false } };
	market_error_t error = MARKET_ERROR_INIT;
	char *before, *inside;
	bench_t bench;
	size_t i;

	bench_open(&bench);
	bench_fill(&bench);
	for (i = 0; i < MARKET__COUNT(rows); i++) {
		bench_begin(&bench, rows[i].first);
		ck_assert_int_eq(
		    bench.ops->begin(bench.backend, rows[i].second, &error),
		    MARKET_E_STATE);
		ck_assert_int_eq(error.status, MARKET_E_STATE);
		bench_rollback(&bench);
	}
	/* What is open goes on as it was. */
	before = bench_content(&bench);
	bench_begin(&bench, true);
	write_all(&bench);
	inside = bench_text(&bench);
	ck_assert_int_eq(
	    bench.ops->begin(bench.backend, false, NULL), MARKET_E_STATE);
	bench_commit(&bench);
	bench_is(&bench, inside);
	ck_assert_str_ne(before, inside);
	free(before);
	free(inside);
	bench_close(&bench);
}
END_TEST

/* bench_close() sees to it that all memory has come back. */
START_TEST(backend_gives_all_back_when_closed_inside_a_transaction)
{
	market__entry_row_t row = world_entry(1);
	bench_t bench;

	bench_open(&bench);
	bench_begin(&bench, true);
	bench_close(&bench);

	bench_open(&bench);
	bench_fill(&bench);
	bench_begin(&bench, true);
	write_all(&bench);
	bench_close(&bench);

	bench_open(&bench);
	bench_fill(&bench);
	bench_begin(&bench, false);
	OK(conformance_operations[0].run(&bench, &bench.arena, NULL));
	bench_close(&bench);

	bench_open(&bench);
	bench_fill(&bench);
	bench_begin(&bench, true);
	ck_assert_int_eq(bench.ops->entry_insert(bench.backend, &row, NULL),
	    MARKET_E_CORRUPT);
	bench_close(&bench);
}
END_TEST

/* ---- at random ---- */

static uint64_t
draw(uint64_t *state, uint64_t below)
{
	*state = *state * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return (*state >> 33) % below;
}

/* Puts one row of the world with what is drawn in place of its members. */
static void
put_at_random(bench_t *bench, uint64_t *seed)
{
	market__backend_t *b = bench->backend;
	market__clearance_row_t clearance;
	market__listing_row_t listing;
	market__slot_row_t slot;
	uint64_t numbers[4], no;
	size_t n;

	/* Each number is there or not, so they ascend. */
	for (n = 0, no = 1; no <= MARKET__COUNT(numbers); no++)
		if (draw(seed, 2) == 0)
			numbers[n++] = no;
	switch (draw(seed, 4)) {
	case 0:
		slot = world_slot(1 + draw(seed, WORLD_SLOTS));
		slot.epoch = draw(seed, 10);
		OK(bench->ops->slot_put(b, &slot, NULL));
		break;
	case 1:
		clearance = world_clearance(1 + draw(seed, WORLD_CLEARANCES));
		clearance.horizon = (int64_t)draw(seed, 200) - 100;
		OK(bench->ops->clearance_put(b, &clearance, NULL));
		break;
	case 2:
		OK(bench->ops->clearance_set_reads(
		    b, 1 + draw(seed, WORLD_CLEARANCES), numbers, n, NULL));
		break;
	default:
		listing = world_listing(1 + draw(seed, WORLD_LISTINGS));
		listing.questions = numbers;
		listing.n_questions = n;
		OK(bench->ops->listing_put(b, &listing, NULL));
	}
}

START_TEST(backend_keeps_what_was_committed_when_written_at_random)
{
	uint64_t seed = (uint64_t)_i + 1;
	size_t round, rounds = harness_rounds(40), i;
	char *content, *inside;
	bench_t bench;

	bench_open(&bench);
	bench_fill(&bench);
	content = bench_content(&bench);
	for (round = 0; round < rounds; round++) {
		bench_begin(&bench, true);
		for (i = draw(&seed, 12); i > 0; i--)
			put_at_random(&bench, &seed);
		inside = bench_text(&bench);
		if (draw(&seed, 2) == 0) {
			bench_rollback(&bench);
			free(inside);
		} else {
			bench_commit(&bench);
			free(content);
			content = inside;
		}
		bench_is(&bench, content);
		bench_is_sound(&bench);
	}
	free(content);
	bench_close(&bench);
}
END_TEST

/* ---- where something lasts ---- */

START_TEST(backend_keeps_all_when_closed_and_opened_again)
{
	char *before;
	bench_t bench;
	int round;

	bench_open(&bench);
	bench_fill(&bench);
	before = bench_content(&bench);
	for (round = 0; round < 3; round++) {
		bench_shut(&bench);
		bench_reopen(&bench);
		bench_is(&bench, before);
		bench_is_sound(&bench);
	}
	free(before);
	bench_begin(&bench, true);
	write_all(&bench);
	bench_commit(&bench);
	before = bench_content(&bench);
	bench_shut(&bench);
	bench_reopen(&bench);
	bench_is(&bench, before);
	free(before);
	bench_close(&bench);
}
END_TEST

START_TEST(backend_forgets_what_was_open_when_closed)
{
	char *before;
	bench_t bench;

	bench_open(&bench);
	bench_fill(&bench);
	before = bench_content(&bench);
	bench_begin(&bench, true);
	write_all(&bench);
	bench_shut(&bench);
	bench_reopen(&bench);
	bench_is(&bench, before);
	bench_is_sound(&bench);
	free(before);
	bench_close(&bench);
}
END_TEST

void
conformance_transactions(TCase *tcase)
{
	int n = (int)conformance_operation_count;

	tcase_add_loop_test(
	    tcase, backend_is_as_before_when_a_write_is_rolled_back, 0, n);
	tcase_add_test(
	    tcase, backend_is_as_before_when_all_tables_are_rolled_back);
	tcase_add_loop_test(tcase,
	    backend_refuses_an_operation_when_no_transaction_is_open, 0, n);
	tcase_add_loop_test(tcase,
	    backend_refuses_a_write_when_the_transaction_only_reads, 0, n);
	tcase_add_loop_test(tcase,
	    backend_refuses_all_but_rollback_when_an_operation_has_failed, 0,
	    n);
	tcase_add_test(
	    tcase, backend_refuses_commit_when_there_is_nothing_to_commit);
	tcase_add_test(tcase, backend_refuses_begin_when_a_transaction_is_open);
	tcase_add_test(
	    tcase, backend_gives_all_back_when_closed_inside_a_transaction);
	tcase_add_loop_test(tcase,
	    backend_keeps_what_was_committed_when_written_at_random, 0, 4);
}

void
conformance_lasting(TCase *tcase)
{
	tcase_add_test(tcase, backend_keeps_all_when_closed_and_opened_again);
	tcase_add_test(tcase, backend_forgets_what_was_open_when_closed);
}
