/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"

#include "base/base.h"

START_TEST(arena_refuses_when_over_budget)
{
	market__arena_t arena;

	market__arena_init(&arena, &market__default_allocator, 64);
	ck_assert_ptr_nonnull(market__arena_alloc(&arena, 64));
	ck_assert_ptr_null(market__arena_alloc(&arena, 1));
	ck_assert(arena.over_budget);
	ck_assert_int_eq(market__arena_refusal(&arena), MARKET_E_LIMIT);
	market__arena_clear(&arena);
}
END_TEST

START_TEST(shared_data_is_found)
{
	const char *path;

	HARNESS_SHARED(path, "data/devices.tsv");
	ck_assert_ptr_nonnull(path);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("base");
	TCase *tcase = tcase_create("arena");

	tcase_add_test(tcase, arena_refuses_when_over_budget);
	tcase_add_test(tcase, shared_data_is_found);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
