/* SPDX-License-Identifier: Apache-2.0 */
/*
 * X5: SQLite's own memory, which is not the store's, fails at each allocation,
 * once and for ever: told as MARKET_E_MEMORY, and the rows are as before.
 */
#include "config.h"

#include "sqlite_kit.h"

#include <stdio.h>
#include <stdlib.h>

static place_t place;
static sqlite3_mem_methods real;
static size_t calls, fail_at = SIZE_MAX, failed;
static bool for_ever;

static bool
hits(void)
{
	size_t call = calls++;

	if (for_ever ? call < fail_at : call != fail_at)
		return false;
	failed++;
	return true;
}

static void *
failing_malloc(int size)
{
	return hits() ? NULL : real.xMalloc(size);
}

static void *
failing_realloc(void *ptr, int size)
{
	return hits() ? NULL : real.xRealloc(ptr, size);
}

static void
setup(void)
{
	place_init(&place);
	place_fill(&place, 2);
}

static void
teardown(void)
{
	place_clear(&place);
}

static void
arm(size_t at, bool ever)
{
	calls = failed = 0;
	fail_at = at;
	for_ever = ever;
}

static void
never_fail(void)
{
	arm(SIZE_MAX, false);
}

static void
tells_memory(market_status_t rv, const char *doing, size_t at)
{
	ck_assert_msg(rv == MARKET_E_MEMORY || rv == MARKET_E_IN_DOUBT,
	    "X5 %s, allocation %zu: %s: %s", doing, at, market_status_name(rv),
	    place.error.message);
}

/* Calls in which nothing fails; then one after the other does. */
START_TEST(sqlite_open_tells_memory_when_sqlite_has_none)
{
	size_t total, at, step;

	never_fail();
	place_opens(&place);
	total = calls;
	step = total / harness_rounds(200) + 1;
	ck_assert_uint_gt(total, 400);
	for (at = 0; at < total; at += step) {
		place_close(&place);
		arm(at, _i == 1);
		if (place_open(&place) != MARKET_OK)
			tells_memory(place.error.status, "open", at);
		else
			/* Some of its caches it can do without. */
			ck_assert(!for_ever || failed == 0 ||
			    place_write(&place, 3) != MARKET_OK);
		never_fail();
		place_opens(&place);
		ck_assert(place_holds(&place, 2));
	}
}
END_TEST

START_TEST(sqlite_write_tells_memory_when_sqlite_has_none)
{
	size_t total, at, step;
	market_status_t rv;
	uint64_t n = 3;

	place_opens(&place);
	never_fail();
	OK(place_write(&place, n));
	total = calls;
	step = total / harness_rounds(200) + 1;
	for (at = 0; at < total; at += step) {
		place_opens(&place);
		arm(at, _i == 1);
		rv = place_write(&place, n + 1);
		never_fail();
		if (rv == MARKET_OK) {
			n++;
		} else {
			tells_memory(rv, "write", at);
			if (rv == MARKET_E_IN_DOUBT)
				place_opens(&place);
			if (rv == MARKET_E_IN_DOUBT &&
			    place_holds(&place, n + 1))
				n++;
		}
		ck_assert_msg(
		    place_holds(&place, n), "X5 write, allocation %zu", at);
		/* The same handle. */
		OK(place_write(&place, ++n));
	}
	ck_assert_uint_eq(place_faults(&place), 0);
}
END_TEST

START_TEST(sqlite_read_tells_memory_when_sqlite_has_none)
{
	const market__entry_row_t *rows;
	size_t at, n;
	market_status_t rv;

	for (at = 0;; at++) {
		place_opens(&place);
		arm(at, _i == 1);
		rv = place.ops->begin(place.backend, false, &place.error);
		if (rv == MARKET_OK)
			rv = place.ops->entries(place.backend, 0, 10,
			    &place.arena, &rows, &n, &place.error);
		if (failed == 0)
			break;
		if (rv != MARKET_OK)
			tells_memory(rv, "read", at);
		place.ops->rollback(place.backend);
		never_fail();
		ck_assert(place_holds(&place, 2));
	}
	never_fail();
	OK(rv);
	ck_assert_uint_gt(at, 10);
	place.ops->rollback(place.backend);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sqlite_memory");
	TCase *tcase = tcase_create("memory");
	sqlite3_mem_methods failing;

	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real) != SQLITE_OK)
		return EXIT_FAILURE;
	failing = real;
	failing.xMalloc = failing_malloc;
	failing.xRealloc = failing_realloc;
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &failing) != SQLITE_OK)
		return EXIT_FAILURE;
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(
	    tcase, sqlite_open_tells_memory_when_sqlite_has_none, 0, 2);
	tcase_add_loop_test(
	    tcase, sqlite_write_tells_memory_when_sqlite_has_none, 0, 2);
	tcase_add_loop_test(
	    tcase, sqlite_read_tells_memory_when_sqlite_has_none, 0, 2);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
