/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What changed is recorded in small steps, by any process, and completely:
 * also where another statement comes between, or a step fails.
 */
#include "takedown_place.h"

/* Questions whose recorded answer is that verdict. */
static size_t
count_recorded(market_store_t *store, market_verdict_t verdict)
{
	const market__backend_ops_t *ops = store->backend->ops;
	market__clearance_query_t query = { .by = MARKET__CLEARANCE_BY_NO,
		.max = 1000 };
	const market__clearance_row_t *found;
	market__arena_t arena;
	size_t n = 0, i, count = 0;

	market__arena_init(&arena, &market__default_allocator, 16 << 20);
	ck_assert_int_eq(ops->begin(store->backend, false, NULL), MARKET_OK);
	ck_assert_int_eq(
	    ops->clearances(store->backend, &query, &arena, &found, &n, NULL),
	    MARKET_OK);
	for (i = 0; i < n; i++)
		count += found[i].verdict == (uint32_t)verdict;
	ops->rollback(store->backend);
	market__arena_clear(&arena);
	return count;
}

static int
refresh_some(market_store_t *store, size_t max)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_refreshed_t refreshed;

	kit_must(market_store_refresh(store, KIT_NOW, max, &refreshed, &error),
	    &error, "refreshing");
	return refreshed.more;
}

/* By turns, until neither has more to do. */
static void
refresh_by_turns(market_store_t *a, market_store_t *b)
{
	int more;

	do {
		more = refresh_some(a, 7);
		more |= refresh_some(b, 3);
	} while (more);
}

#define ASKED 40

START_TEST(refresh_records_every_answer_whoever_goes_on)
{
	market_store_t *other;
	place_t p;

	place_init(&p, NULL, true, ASKED / 2, ASKED);
	other = kit_open(p.kit, p.path, NULL);
	ck_assert_uint_eq(count_recorded(other, MARKET_VERDICT_PERMIT), ASKED);
	place_add(&p, kit_withdrawal(p.kit, 0, 1));
	ck_assert_int_ne(refresh_some(p.store, 3), 0);
	ck_assert_int_ne(refresh_some(other, 5), 0);
	ck_assert_int_ne(refresh_some(p.store, 3), 0);
	ck_assert_uint_eq(count_recorded(other, MARKET_VERDICT_DENY), 11);
	/* Another statement moves what was gone through already. */
	place_add(&p, kit_certification(p.kit, 0, 2, false));
	ck_assert_int_ne(refresh_some(other, 2), 0);
	refresh_by_turns(p.store, other);
	ck_assert_uint_eq(
	    count_recorded(other, MARKET_VERDICT_DENY), ASKED / 2);
	ck_assert_uint_eq(
	    count_recorded(other, MARKET_VERDICT_PERMIT), ASKED / 2);
	place_add(&p, kit_grant(p.kit, 0, 2));
	ck_assert_int_ne(refresh_some(p.store, 9), 0);
	place_add(&p, kit_certification(p.kit, 0, 3, true));
	refresh_by_turns(other, p.store);
	ck_assert_uint_eq(
	    count_recorded(p.store, MARKET_VERDICT_PERMIT), ASKED);
	market_store_free(other);
	place_clear(&p);
}
END_TEST

/* What a step that failed has gone through is gone through again. */
START_TEST(refresh_records_every_answer_when_steps_fail)
{
	market_context_options_t options = { .size = sizeof(options) };
	market_error_t error = MARKET_ERROR_INIT;
	market_context_t *context = NULL;
	market_refreshed_t refreshed;
	harness_memory_t memory;
	market_status_t status;
	size_t failures = 0;
	uint32_t random = 1;
	place_t p;

	harness_memory_init(&memory);
	options.allocator = memory.allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	place_init(&p, context, place_on_disk(_i), ASKED / 2, ASKED);
	place_add(&p, kit_withdrawal(p.kit, 0, 1));
	do {
		memory.calls = 0;
		memory.fail_at = kit_random(&random) % 1000;
		status = market_store_refresh(
		    p.store, KIT_NOW, 4, &refreshed, &error);
		memory.fail_at = SIZE_MAX;
		if (status != MARKET_OK)
			ck_assert_int_eq(status, MARKET_E_MEMORY);
		failures += status != MARKET_OK;
	} while (status != MARKET_OK || refreshed.more);
	ck_assert_uint_gt(failures, 0);
	ck_assert_uint_eq(
	    count_recorded(p.store, MARKET_VERDICT_DENY), ASKED / 2);
	place_clear(&p);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("refresh");
	TCase *tc = tcase_create("steps");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, refresh_records_every_answer_when_steps_fail, 0,
	    PLACE_BACKENDS);
	tcase_add_test(tc, refresh_records_every_answer_whoever_goes_on);
	suite_add_tcase(suite, tc);
	return harness_main(suite);
}
