/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "api/cache.h"
#include "harness.h"

typedef struct thing {
	market__cached_t cached;
	int *freed;
	market__cache_t *cache; /* of what it needs */
	struct thing *needs;
} thing_t;

static void
free_thing(const market_allocator_t *allocator, market__cached_t *cached)
{
	thing_t *thing = (thing_t *)(void *)cached;

	(*thing->freed)++;
	if (thing->needs != NULL)
		market__cache_unpin(thing->cache, &thing->needs->cached);
	market__free(allocator, thing);
}

static thing_t *
new_thing(const market_allocator_t *allocator, size_t size, int *freed)
{
	thing_t *thing = market__alloc(allocator, sizeof(*thing));

	ck_assert_ptr_nonnull(thing);
	thing->cached.size = size;
	thing->cached.free = free_thing;
	thing->freed = freed;
	return thing;
}

static market_slice_t
key_of(unsigned i)
{
	static char text[16];

	snprintf(text, sizeof(text), "key-%u", i);
	return market_slice_of(text);
}

static bool
is_even(const void *user, market_slice_t key, const market__cached_t *cached)
{
	(void)user;
	(void)cached;
	return (key.ptr[key.len - 1] - '0') % 2 == 0;
}

static harness_memory_t memory;
static market__cache_t *cache;
static int freed;

static void
setup(void)
{
	harness_memory_init(&memory);
	freed = 0;
	cache = market__cache_new(&memory.allocator, 4000);
	ck_assert_ptr_nonnull(cache);
}

static void
teardown(void)
{
	market__cache_free(cache);
	ck_assert_uint_eq(memory.live, 0);
}

static void
put(unsigned i, size_t size)
{
	thing_t *thing = new_thing(&memory.allocator, size, &freed);

	market__cache_put(cache, key_of(i), &thing->cached);
	market__cache_unpin(cache, &thing->cached);
}

static bool
has(unsigned i)
{
	market__cached_t *cached = market__cache_find(cache, key_of(i));

	if (cached != NULL)
		market__cache_unpin(cache, cached);
	return cached != NULL;
}

START_TEST(cache_finds_what_was_put)
{
	put(1, 10);
	ck_assert(has(1));
	ck_assert(!has(2));
	put(1, 10);
	ck_assert_int_eq(freed, 1);
	ck_assert(has(1));
}
END_TEST

START_TEST(cache_drops_what_was_used_longest_ago)
{
	unsigned i;

	for (i = 0; i < 4; i++)
		put(i, 500);
	ck_assert(has(0)); /* used now */
	for (i = 4; i < 9; i++)
		put(i, 500);
	ck_assert_uint_le(market__cache_size(cache), 4000);
	ck_assert(!has(1));
	ck_assert(has(8));
	ck_assert_int_gt(freed, 0);
}
END_TEST

START_TEST(cache_keeps_what_is_pinned_beyond_its_budget)
{
	thing_t *thing = new_thing(&memory.allocator, 5000, &freed);
	unsigned i;

	market__cache_put(cache, key_of(1), &thing->cached);
	for (i = 2; i < 9; i++)
		put(i, 500);
	ck_assert(has(1));
	market__cache_unpin(cache, &thing->cached);
	put(9, 10);
	ck_assert(!has(1));
}
END_TEST

START_TEST(cache_frees_what_was_dropped_when_it_is_unpinned)
{
	thing_t *thing = new_thing(&memory.allocator, 10, &freed);

	market__cache_put(cache, key_of(2), &thing->cached);
	put(3, 10);
	market__cache_drop(cache, is_even, NULL);
	ck_assert_int_eq(freed, 0);
	ck_assert(!has(2));
	ck_assert(has(3));
	market__cache_unpin(cache, &thing->cached);
	ck_assert_int_eq(freed, 1);
}
END_TEST

/* Clearing walks over objects that unpin one another when they are freed. */
START_TEST(cache_clears_what_needs_each_other)
{
	thing_t *last = NULL, *thing;
	unsigned i;

	for (i = 0; i < 20; i++) {
		thing = new_thing(&memory.allocator, 10, &freed);
		thing->cache = cache;
		thing->needs = last;
		if (last != NULL)
			market__cache_pin(&last->cached);
		market__cache_put(cache, key_of(i), &thing->cached);
		market__cache_unpin(cache, &thing->cached);
		last = thing;
	}
	market__cache_clear(cache);
	ck_assert_int_eq(freed, 20);
	ck_assert_uint_eq(market__cache_size(cache), 0);
}
END_TEST

START_TEST(cache_loses_nothing_when_memory_ends)
{
	size_t k;

	/* Each allocation of a put fails once: the object is used all the
	 * same, and freed when nobody does. */
	for (k = 0; k < 6; k++) {
		thing_t *thing = new_thing(&memory.allocator, 10, &freed);
		int before = freed;

		memory.fail_at = memory.calls + k;
		market__cache_put(cache, key_of((unsigned)k), &thing->cached);
		memory.fail_at = SIZE_MAX;
		ck_assert_int_eq(freed, before);
		market__cache_unpin(cache, &thing->cached);
		ck_assert(freed == before + 1 || has((unsigned)k));
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("cache");
	TCase *c = tcase_create("cache");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, cache_finds_what_was_put);
	tcase_add_test(c, cache_drops_what_was_used_longest_ago);
	tcase_add_test(c, cache_keeps_what_is_pinned_beyond_its_budget);
	tcase_add_test(c, cache_frees_what_was_dropped_when_it_is_unpinned);
	tcase_add_test(c, cache_clears_what_needs_each_other);
	tcase_add_test(c, cache_loses_nothing_when_memory_ends);
	suite_add_tcase(suite, c);
	return harness_main(suite);
}
