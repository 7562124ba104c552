/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept in bounded memory, for several threads. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/memo.h"
#include "harness.h"

typedef struct thing {
	market__kept_t kept;
	char name[24];
	int value;
} thing_t;

static void
free_thing(const market_allocator_t *allocator, market__shared_t *shared)
{
	market__free(allocator, shared);
}

static thing_t *
make(const market_allocator_t *allocator, const char *name, int value)
{
	thing_t *thing = market__alloc(allocator, sizeof(*thing));

	ck_assert_ptr_nonnull(thing);
	atomic_init(&thing->kept.shared.references, 1);
	thing->kept.shared.free = free_thing;
	thing->kept.size = sizeof(*thing);
	snprintf(thing->name, sizeof(thing->name), "%s", name);
	thing->kept.key = market_slice_of(thing->name);
	thing->value = value;
	return thing;
}

static void
put(market__memo_t *memo, const market_allocator_t *allocator, const char *name,
    int value)
{
	thing_t *thing = make(allocator, name, value);

	market__memo_put(memo, &thing->kept);
	market__shared_release(allocator, &thing->kept.shared);
}

/* Its value, or 0. */
static int
find(
    market__memo_t *memo, const market_allocator_t *allocator, const char *name)
{
	thing_t *thing = (thing_t *)(void *)market__memo_find(
	    memo, market_slice_of(name));
	int value = thing == NULL ? 0 : thing->value;

	if (thing != NULL) {
		ck_assert_str_eq(thing->name, name);
		market__shared_release(allocator, &thing->kept.shared);
	}
	return value;
}

START_TEST(memo_finds_what_was_put_last)
{
	harness_memory_t memory;
	market__memo_t *memo;

	harness_memory_init(&memory);
	memo = market__memo_new(&memory.allocator, 1 << 20, 100);
	ck_assert_ptr_nonnull(memo);
	ck_assert_int_eq(find(memo, &memory.allocator, "a"), 0);
	put(memo, &memory.allocator, "a", 1);
	put(memo, &memory.allocator, "b", 2);
	put(memo, &memory.allocator, "a", 3);
	ck_assert_int_eq(find(memo, &memory.allocator, "a"), 3);
	ck_assert_int_eq(find(memo, &memory.allocator, "b"), 2);
	ck_assert_int_eq(find(memo, &memory.allocator, "ab"), 0);
	ck_assert_uint_eq(market__memo_size(memo), 2 * sizeof(thing_t));
	market__memo_free(memo);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(memo_drops_the_oldest_when_over_budget)
{
	const size_t budget = 10 * sizeof(thing_t);
	harness_memory_t memory;
	market__memo_t *memo;
	char name[16];
	int i;

	harness_memory_init(&memory);
	memo = market__memo_new(&memory.allocator, budget, sizeof(thing_t));
	ck_assert_ptr_nonnull(memo);
	for (i = 1; i <= 100; i++) {
		snprintf(name, sizeof(name), "%d", i);
		put(memo, &memory.allocator, name, i);
		ck_assert_uint_le(market__memo_size(memo), budget);
		ck_assert_int_eq(find(memo, &memory.allocator, name), i);
	}
	ck_assert_int_eq(find(memo, &memory.allocator, "90"), 0);
	ck_assert_uint_eq(market__memo_size(memo), budget);
	market__memo_free(memo);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(memo_keeps_few_where_keys_collide)
{
	harness_memory_t memory;
	market__memo_t *memo;
	char name[16];
	int i, found = 0;

	harness_memory_init(&memory);
	/* One bucket: all of them collide. */
	memo = market__memo_new(&memory.allocator, 1 << 20, 2 << 20);
	ck_assert_ptr_nonnull(memo);
	for (i = 1; i <= 1000; i++) {
		snprintf(name, sizeof(name), "%d", i);
		put(memo, &memory.allocator, name, i);
	}
	for (i = 1; i <= 1000; i++) {
		snprintf(name, sizeof(name), "%d", i);
		found += find(memo, &memory.allocator, name) == i;
	}
	ck_assert_int_eq(found, 8);
	ck_assert_int_eq(find(memo, &memory.allocator, "1000"), 1000);
	market__memo_free(memo);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(memo_takes_nothing_larger_than_its_budget)
{
	harness_memory_t memory;
	market__memo_t *memo;

	harness_memory_init(&memory);
	memo = market__memo_new(&memory.allocator, sizeof(thing_t) - 1, 16);
	ck_assert_ptr_nonnull(memo);
	put(memo, &memory.allocator, "a", 1);
	ck_assert_int_eq(find(memo, &memory.allocator, "a"), 0);
	ck_assert_uint_eq(market__memo_size(memo), 0);
	market__memo_free(memo);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(memo_leaves_what_others_refer_to)
{
	harness_memory_t memory;
	market__memo_t *memo;
	thing_t *thing;

	harness_memory_init(&memory);
	memo = market__memo_new(&memory.allocator, 1 << 20, 100);
	ck_assert_ptr_nonnull(memo);
	put(memo, &memory.allocator, "a", 1);
	thing = (thing_t *)(void *)market__memo_find(
	    memo, market_slice_of("a"));
	put(memo, &memory.allocator, "a", 2);
	ck_assert_int_eq(thing->value, 1);
	market__memo_free(memo);
	ck_assert_int_eq(thing->value, 1);
	market__shared_release(&memory.allocator, &thing->kept.shared);
	market__shared_release(&memory.allocator, NULL);
	ck_assert_uint_eq(memory.live, 0);
	market__memo_free(NULL);
}
END_TEST

START_TEST(memo_is_not_made_without_memory)
{
	harness_memory_t memory;

	harness_memory_init(&memory);
	for (memory.fail_at = 0; memory.fail_at < 2; memory.fail_at++) {
		memory.calls = 0;
		ck_assert_ptr_null(
		    market__memo_new(&memory.allocator, 1024, 16));
		ck_assert_uint_eq(memory.live, 0);
	}
}
END_TEST

/* Its table grows with what is in it; without memory it serves all the same. */
START_TEST(memo_grows_with_what_is_in_it)
{
	harness_memory_t memory;
	market__memo_t *memo;
	size_t small, calls;
	char name[16];
	int i;

	harness_memory_init(&memory);
	memo = market__memo_new(&memory.allocator, SIZE_MAX, 1);
	ck_assert_ptr_nonnull(memo);
	small = memory.live;
	ck_assert_uint_eq(small, 2);
	calls = memory.calls;
	for (i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "%d", i);
		put(memo, &memory.allocator, name, i + 1);
	}
	/* One for each, and tables of 256 and 1,024 buckets. */
	ck_assert_uint_eq(memory.calls - calls, 1000 + 2);
	ck_assert_uint_eq(memory.live, small + 1000);
	for (i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "%d", i);
		ck_assert_int_eq(find(memo, &memory.allocator, name), i + 1);
	}
	market__memo_free(memo);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

/* ---- threads ---- */

#define THREADS 4

static void *
crowd(void *user)
{
	market__memo_t *memo = user;
	char name[16];
	int i, value;

	for (i = 0; i < 4000; i++) {
		snprintf(name, sizeof(name), "%d", i % 37);
		value = find(memo, &market__default_allocator, name);
		ck_assert(value == 0 || value == i % 37 + 1);
		if (value == 0 || i % 5 == 0)
			put(memo, &market__default_allocator, name, i % 37 + 1);
	}
	return NULL;
}

START_TEST(memo_serves_several_threads)
{
	pthread_t threads[THREADS];
	market__memo_t *memo;
	int i;

	memo = market__memo_new(
	    &market__default_allocator, 20 * sizeof(thing_t), sizeof(thing_t));
	ck_assert_ptr_nonnull(memo);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(
		    pthread_create(&threads[i], NULL, crowd, memo), 0);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	market__memo_free(memo);
}
END_TEST

static Suite *
memo_suite(void)
{
	Suite *suite = suite_create("memo");
	TCase *kept = tcase_create("kept");

	tcase_add_test(kept, memo_finds_what_was_put_last);
	tcase_add_test(kept, memo_drops_the_oldest_when_over_budget);
	tcase_add_test(kept, memo_keeps_few_where_keys_collide);
	tcase_add_test(kept, memo_takes_nothing_larger_than_its_budget);
	tcase_add_test(kept, memo_leaves_what_others_refer_to);
	tcase_add_test(kept, memo_is_not_made_without_memory);
	tcase_add_test(kept, memo_grows_with_what_is_in_it);
	tcase_add_test(kept, memo_serves_several_threads);
	suite_add_tcase(suite, kept);
	return suite;
}

int
main(void)
{
	return harness_main(memo_suite());
}
