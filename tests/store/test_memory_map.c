/* SPDX-License-Identifier: Apache-2.0 */
/* The map of the memory backend, against a sorted array that is copied. */
#include "harness.h"
#include "store/memory_map.h"

#define KEYS 64

/* Check writes to its parent at each of its own, passed or not. */
#define WANT(condition)                           \
	do {                                      \
		if (!(condition))                 \
			ck_abort_msg(#condition); \
	} while (0)

/* What the map should hold: for each key a value, 0 where there is none. */
typedef struct reference {
	uint64_t at[KEYS];
} reference_t;

/* Keys of several lengths, some the beginning of others, in no order. */
static market_slice_t
key_of(size_t i, uint8_t *room)
{
	memset(room, (int)(i / 4 * 5 % (KEYS / 4)), 4);
	return market__slice(room, i % 4 + 1);
}

static uint64_t
value_of(const market__memory_node_t *node)
{
	uint64_t value;

	memcpy(&value, node->value, sizeof(value));
	return value;
}

static bool
put(market__memory_map_t *map, size_t key, uint64_t value)
{
	uint8_t room[4];
	market__memory_node_t *node;

	node = market__memory_map_make(map, key_of(key, room), sizeof(value));
	if (node == NULL)
		return false;
	memcpy(node->value, &value, sizeof(value));
	market__memory_map_put(map, node);
	return true;
}

/* An AVL tree: heights right, siblings apart by one at most. */
static unsigned
check_shape(const market__memory_node_t *node)
{
	unsigned a, b;

	if (node == NULL)
		return 0;
	a = check_shape(node->child[0]);
	b = check_shape(node->child[1]);
	WANT((a > b ? a - b : b - a) <= 1);
	WANT(node->height == (a > b ? a : b) + 1);
	WANT(node->linked);
	if (node->child[0] != NULL)
		WANT(node->child[0]->parent == node);
	if (node->child[1] != NULL)
		WANT(node->child[1]->parent == node);
	return node->height;
}

static void
check_map(const market__memory_map_t *map, const reference_t *want)
{
	const market__memory_node_t *node, *last = NULL;
	size_t i, n = 0;
	uint8_t room[4];

	check_shape(map->root);
	for (i = 0; i < KEYS; i++) {
		node = market__memory_map_find(map, key_of(i, room));
		WANT((node != NULL) == (want->at[i] != 0));
		if (node != NULL) {
			WANT(value_of(node) == want->at[i]);
			n++;
		}
	}
	for (node = market__memory_map_seek(map, market__slice(NULL, 0), false);
	     node != NULL; node = market__memory_map_next(node)) {
		WANT(last == NULL ||
		    market__slice_compare(last->key, node->key) < 0);
		last = node;
		WANT(n-- > 0);
	}
	WANT(n == 0);
}

static uint64_t
draw(uint64_t *state, uint64_t below)
{
	*state = *state * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return (*state >> 33) % below;
}

START_TEST(memory_map_is_the_reference_when_used_at_random)
{
	size_t step, steps = harness_rounds(20000);
	uint64_t seed = (uint64_t)_i + 1, value = 0;
	harness_memory_t memory;
	market__memory_map_t map;
	reference_t now, before;
	market__memory_node_t *node;
	size_t key;
	uint8_t room[4];

	harness_memory_init(&memory);
	market__memory_map_init(&map, &memory.allocator);
	memset(&now, 0, sizeof(now));
	before = now;
	for (step = 0; step < steps; step++) {
		key = (size_t)draw(&seed, KEYS);
		switch (draw(&seed, 40)) {
		case 0:
			market__memory_map_commit(&map);
			before = now;
			break;
		case 1:
			market__memory_map_rollback(&map);
			now = before;
			break;
		default:
			node = market__memory_map_find(&map, key_of(key, room));
			if (node != NULL && draw(&seed, 2) == 0) {
				market__memory_map_remove(&map, node);
				now.at[key] = 0;
			} else {
				WANT(put(&map, key, ++value));
				now.at[key] = value;
			}
		}
		check_map(&map, &now);
	}
	market__memory_map_clear(&map);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(memory_map_stays_shallow_when_keys_come_in_order)
{
	market__memory_map_t map;
	market__memory_node_t *node;
	uint8_t key[4];
	uint32_t i;

	market__memory_map_init(&map, &market__default_allocator);
	for (i = 0; i < 4096; i++) {
		key[0] = (uint8_t)(i >> 8);
		key[1] = (uint8_t)i;
		node = market__memory_map_make(&map, market__slice(key, 2), 0);
		WANT(node != NULL);
		market__memory_map_put(&map, node);
	}
	ck_assert_uint_le(check_shape(map.root), 18);
	market__memory_map_rollback(&map);
	ck_assert_ptr_null(map.root);
	market__memory_map_clear(&map);
}
END_TEST

START_TEST(memory_map_seeks_the_next_when_the_key_is_not_there)
{
	static const struct {
		const char *key;
		bool above;
		const char *want; /* NULL: none */
	} rows[] = {
		{ "", false, "b" },
		{ "", true, "b" },
		{ "b", false, "b" },
		{ "b", true, "ba" },
		{ "ba", true, "d" },
		{ "c", false, "d" },
		{ "d", true, NULL },
		{ "e", false, NULL },
	};
	static const char *const keys[] = { "d", "b", "ba" };
	market__memory_map_t map;
	market__memory_node_t *node;
	size_t i;

	market__memory_map_init(&map, &market__default_allocator);
	for (i = 0; i < MARKET__COUNT(keys); i++) {
		node = market__memory_map_make(
		    &map, market_slice_of(keys[i]), 1);
		ck_assert_ptr_nonnull(node);
		market__memory_map_put(&map, node);
	}
	for (i = 0; i < MARKET__COUNT(rows); i++) {
		node = market__memory_map_seek(
		    &map, market_slice_of(rows[i].key), rows[i].above);
		if (rows[i].want == NULL)
			ck_assert_ptr_null(node);
		else
			ck_assert(market__slice_is(node->key, rows[i].want));
	}
	market__memory_map_clear(&map);
}
END_TEST

START_TEST(memory_map_makes_nothing_when_there_is_no_memory)
{
	harness_memory_t memory;
	market__memory_map_t map;

	harness_memory_init(&memory);
	market__memory_map_init(&map, &memory.allocator);
	memory.fail_at = 0;
	ck_assert(!put(&map, 1, 1));
	ck_assert(put(&map, 1, 2));
	market__memory_map_commit(&map);
	/* P20 the end of a transaction needs none, either way. */
	ck_assert(put(&map, 1, 3));
	ck_assert(put(&map, 2, 4));
	memory.fail_at = memory.calls;
	memory.for_ever = true;
	ck_assert(!put(&map, 3, 5));
	ck_assert_ptr_null(
	    market__memory_map_make(&map, market__slice(NULL, 0), SIZE_MAX));
	market__memory_map_rollback(&map);
	ck_assert_uint_eq(value_of(map.root), 2);
	ck_assert_uint_eq(memory.live, 1);
	market__memory_map_clear(&map);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("memory_map");
	TCase *tcase = tcase_create("memory_map");

	tcase_add_loop_test(
	    tcase, memory_map_is_the_reference_when_used_at_random, 0, 4);
	tcase_add_test(tcase, memory_map_stays_shallow_when_keys_come_in_order);
	tcase_add_test(
	    tcase, memory_map_seeks_the_next_when_the_key_is_not_there);
	tcase_add_test(tcase, memory_map_makes_nothing_when_there_is_no_memory);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
