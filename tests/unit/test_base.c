/* SPDX-License-Identifier: Apache-2.0 */
/* Memory, arena, slices, and error detail. */
#include <stdalign.h>

#include "base/base.h"
#include "harness.h"

/* ---- checked sizes and allocation ---- */

START_TEST(size_is_refused_when_it_overflows)
{
	static const struct {
		const char *label;
		size_t a, b;
		bool mul, add;
	} rows[] = {
		{ "zero", 0, SIZE_MAX, true, true },
		{ "one", 1, SIZE_MAX, true, false },
		{ "half", 2, SIZE_MAX / 2, true, true },
		{ "half and one", 2, SIZE_MAX / 2 + 1, false, true },
		{ "A9 huge count", SIZE_MAX, SIZE_MAX, false, false },
	};
	size_t i, got;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		ck_assert_msg(
		    market__mul(rows[i].a, rows[i].b, &got) == rows[i].mul,
		    "mul: %s", rows[i].label);
		ck_assert_msg(
		    market__add(rows[i].a, rows[i].b, &got) == rows[i].add,
		    "add: %s", rows[i].label);
	}
}
END_TEST

START_TEST(alloc_gives_zeroed_memory_when_there_is_some)
{
	harness_memory_t memory;
	uint8_t *p;
	size_t i;

	harness_memory_init(&memory);
	p = market__alloc(&memory.allocator, 100);
	ck_assert_ptr_nonnull(p);
	for (i = 0; i < 100; i++)
		ck_assert_uint_eq(p[i], 0);
	market__free(&memory.allocator, p);
	p = market__alloc(&memory.allocator, 0);
	ck_assert_ptr_nonnull(p);
	market__free(&memory.allocator, p);
	market__free(&memory.allocator, NULL);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(alloc_gives_null_when_refused_or_too_big)
{
	harness_memory_t memory;
	void *p;

	harness_memory_init(&memory);
	memory.fail_at = 0;
	ck_assert_ptr_null(market__alloc(&memory.allocator, 1));
	ck_assert_ptr_null(
	    market__alloc_array(&memory.allocator, SIZE_MAX / 8 + 1, 8));
	ck_assert_uint_eq(memory.calls, 1);
	p = market__alloc_array(&memory.allocator, 3, 8);
	ck_assert_ptr_nonnull(p);
	market__free(&memory.allocator, p);
}
END_TEST

START_TEST(wipe_zeroes_when_asked)
{
	char secret[] = "secret";
	static const char zero[sizeof(secret)];

	market__wipe(secret, sizeof(secret));
	ck_assert_mem_eq(secret, zero, sizeof(secret));
	market__wipe(NULL, 0);
}
END_TEST

/* ---- arena ---- */

START_TEST(arena_gives_aligned_zeroed_pieces)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 4095, 4096, 4097,
		10000, 1 };
	market__arena_t arena;
	size_t i, j;
	uint8_t *p;

	market__arena_init(&arena, &market__default_allocator, SIZE_MAX);
	for (i = 0; i < MARKET__COUNT(sizes); i++) {
		p = market__arena_alloc(&arena, sizes[i]);
		ck_assert_ptr_nonnull(p);
		ck_assert_uint_eq((uintptr_t)p % alignof(max_align_t), 0);
		for (j = 0; j < sizes[i]; j++)
			ck_assert_uint_eq(p[j], 0);
		memset(p, 0xff, sizes[i]);
	}
	market__arena_clear(&arena);
}
END_TEST

START_TEST(arena_refuses_when_over_budget)
{
	market__arena_t arena;

	market__arena_init(&arena, &market__default_allocator, 64);
	ck_assert_ptr_nonnull(market__arena_alloc(&arena, 64));
	ck_assert(!arena.over_budget);
	ck_assert_ptr_null(market__arena_alloc(&arena, 1));
	ck_assert(arena.over_budget);
	ck_assert_int_eq(market__arena_refusal(&arena), MARKET_E_LIMIT);
	market__arena_clear(&arena);
}
END_TEST

START_TEST(arena_refuses_when_a_size_overflows)
{
	static const struct {
		const char *label;
		size_t count, size;
	} rows[] = {
		{ "product", SIZE_MAX / 2, 3 },
		{ "rounding", SIZE_MAX, 1 },
		{ "A9 count of -1", SIZE_MAX, SIZE_MAX },
	};
	market__arena_t arena;
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		market__arena_init(
		    &arena, &market__default_allocator, SIZE_MAX);
		ck_assert_msg(market__arena_array(
				  &arena, rows[i].count, rows[i].size) == NULL,
		    "%s", rows[i].label);
		ck_assert_msg(arena.over_budget, "%s", rows[i].label);
		ck_assert_ptr_nonnull(market__arena_array(&arena, 2, 3));
		market__arena_clear(&arena);
	}
}
END_TEST

START_TEST(arena_tells_memory_apart_when_allocator_refuses)
{
	harness_memory_t memory;
	market__arena_t arena;

	harness_memory_init(&memory);
	memory.fail_at = 1;
	market__arena_init(&arena, &memory.allocator, 1 << 20);
	ck_assert_ptr_nonnull(market__arena_alloc(&arena, 4000));
	ck_assert_ptr_null(market__arena_alloc(&arena, 4000));
	ck_assert(arena.out_of_memory && !arena.over_budget);
	ck_assert_int_eq(market__arena_refusal(&arena), MARKET_E_MEMORY);
	/* The failure is of one block: what fits elsewhere still comes. */
	ck_assert_ptr_nonnull(market__arena_alloc(&arena, 16));
	market__arena_clear(&arena);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(arena_stays_near_its_budget_when_pieces_alternate)
{
	harness_memory_t memory;
	market__arena_t arena;

	harness_memory_init(&memory);
	market__arena_init(&arena, &memory.allocator, 1 << 20);
	while (market__arena_alloc(&arena, 16) != NULL &&
	    market__arena_alloc(&arena, 4096) != NULL)
		;
	ck_assert_int_eq(market__arena_refusal(&arena), MARKET_E_LIMIT);
	/* Blocks of 4 KiB: at most twice the budget, and one. */
	ck_assert_uint_le(memory.calls, 2 * ((1 << 20) / 4096) + 1);
	market__arena_clear(&arena);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(arena_uses_a_pools_blocks_again)
{
	harness_memory_t memory;
	market__arena_t arena;
	market__pool_t *pool;
	size_t round, i, k;
	uint8_t *p;

	harness_memory_init(&memory);
	pool = market__pool_new(&memory.allocator);
	ck_assert_ptr_nonnull(pool);
	for (round = 0; round < 3; round++) {
		memory.calls = 0;
		market__arena_init_pooled(&arena, pool, SIZE_MAX);
		for (i = 0; i < 100; i++) {
			p = market__arena_alloc(&arena, 321);
			ck_assert_ptr_nonnull(p);
			for (k = 0; k < 321; k++)
				ck_assert_uint_eq(p[k], 0);
			memset(p, 0xff, 321);
		}
		market__arena_clear(&arena);
		if (round > 0)
			ck_assert_uint_eq(memory.calls, 0);
	}
	/* What is larger than a block comes and goes. */
	market__arena_init_pooled(&arena, pool, SIZE_MAX);
	ck_assert_ptr_nonnull(market__arena_alloc(&arena, 100000));
	market__arena_clear(&arena);
	ck_assert_uint_eq(memory.calls, 1);
	market__pool_free(pool);
	ck_assert_uint_eq(memory.live, 0);
	market__pool_free(NULL);
}
END_TEST

START_TEST(pool_keeps_no_more_than_its_share)
{
	market__arena_t arenas[100];
	harness_memory_t memory;
	market__pool_t *pool;
	size_t i;

	harness_memory_init(&memory);
	pool = market__pool_new(&memory.allocator);
	ck_assert_ptr_nonnull(pool);
	for (i = 0; i < 100; i++) {
		market__arena_init_pooled(&arenas[i], pool, SIZE_MAX);
		ck_assert_ptr_nonnull(market__arena_alloc(&arenas[i], 1));
	}
	for (i = 0; i < 100; i++)
		market__arena_clear(&arenas[i]);
	ck_assert_uint_eq(memory.live, 1 + 64);
	market__pool_free(pool);
	memory.fail_at = memory.calls;
	ck_assert_ptr_null(market__pool_new(&memory.allocator));
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(arena_copy_ends_in_nul)
{
	market__arena_t arena;
	market_slice_t copy;

	market__arena_init(&arena, &market__default_allocator, 64);
	copy = market__arena_copy(&arena, MARKET__LITERAL("US\0CA"));
	ck_assert_uint_eq(copy.len, 5);
	ck_assert_mem_eq(copy.ptr, "US\0CA", 6);
	copy = market__arena_copy(&arena, market__slice(NULL, 0));
	ck_assert_ptr_nonnull(copy.ptr);
	ck_assert_uint_eq(copy.len, 0);
	copy = market__arena_copy(&arena, market__slice("", SIZE_MAX));
	ck_assert_ptr_null(copy.ptr);
	market__arena_clear(&arena);
}
END_TEST

/* ---- slices and buffers ---- */

START_TEST(slice_compares_bytewise_shorter_first)
{
	static const struct {
		const char *a, *b;
		int want;
	} rows[] = {
		{ "", "", 0 },
		{ "", "a", -1 },
		{ "a", "a", 0 },
		{ "a", "ab", -1 },
		{ "b", "ab", 1 },
		{ "a", "\xff", -1 },
		{ "A", "a", -1 },
	};
	size_t i;
	int got, back;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		got = market__slice_compare(
		    market_slice_of(rows[i].a), market_slice_of(rows[i].b));
		back = market__slice_compare(
		    market_slice_of(rows[i].b), market_slice_of(rows[i].a));
		ck_assert_int_eq((got > 0) - (got < 0), rows[i].want);
		ck_assert_int_eq((back > 0) - (back < 0), -rows[i].want);
		ck_assert(market__slice_is(market_slice_of(rows[i].a),
			      rows[i].b) == (rows[i].want == 0));
	}
	ck_assert(!market__slice_equal(
	    MARKET__LITERAL("US\0CA"), MARKET__LITERAL("US\0CB")));
	ck_assert_int_eq(
	    market__slice_compare(market__slice(NULL, 0), market__slice("", 0)),
	    0);
}
END_TEST

START_TEST(slice_is_empty_when_there_is_nothing)
{
	ck_assert_uint_eq(market_slice_of(NULL).len, 0);
	ck_assert_uint_eq(market_slice_of("").len, 0);
	ck_assert_uint_eq(market_slice_of("ab").len, 2);
	ck_assert_uint_eq(market_buffer_slice(NULL).len, 0);
}
END_TEST

START_TEST(buffer_is_empty_when_cleared)
{
	harness_memory_t memory;
	market_buffer_t buffer = MARKET_BUFFER_INIT;

	harness_memory_init(&memory);
	market_buffer_clear(NULL);
	market_buffer_clear(&buffer);
	buffer.data = market__alloc(&memory.allocator, 3);
	buffer.len = 3;
	buffer.allocator = &memory.allocator;
	ck_assert_uint_eq(market_buffer_slice(&buffer).len, 3);
	market_buffer_clear(&buffer);
	market_buffer_clear(&buffer);
	ck_assert_ptr_null(buffer.data);
	ck_assert_uint_eq(buffer.len, 0);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

/* ---- status and error detail ---- */

START_TEST(status_has_name_and_text_when_known)
{
	static const struct {
		market_status_t status;
		int number;
		const char *name;
	} rows[] = {
#define MARKET_X(name, number, text) { MARKET_##name, number, "MARKET_" #name },
		MARKET_STATUS_MAP(MARKET_X)
#undef MARKET_X
	};
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		ck_assert_int_eq(rows[i].status, rows[i].number);
		ck_assert_str_eq(
		    market_status_name(rows[i].status), rows[i].name);
		ck_assert(market_status_text(rows[i].status)[0] != '\0');
		/* I14 numbers are stable: 0, -1, -2 ... without a gap. */
		ck_assert_int_eq(rows[i].number, -(int)i);
	}
	ck_assert_str_eq(
	    market_status_name((market_status_t)1), "MARKET_E_INTERNAL");
	ck_assert_str_eq(market_status_text((market_status_t)-99),
	    "no status of this library");
}
END_TEST

START_TEST(error_is_written_when_wanted)
{
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_int_eq(
	    market__error(&error, MARKET_E_SCHEMA, "price.amount_micros", 17,
		"%d is too %s", 3, "small"),
	    MARKET_E_SCHEMA);
	ck_assert_int_eq(error.status, MARKET_E_SCHEMA);
	ck_assert_int_eq(error.offset, 17);
	ck_assert_str_eq(error.path, "price.amount_micros");
	ck_assert_str_eq(error.message, "3 is too small");
	ck_assert_int_eq(
	    market__error(NULL, MARKET_E_KEY, "x", 0, "y"), MARKET_E_KEY);
	ck_assert_int_eq(
	    market__error(&error, MARKET_E_KEY, NULL, -1, "y"), MARKET_E_KEY);
	ck_assert_str_eq(error.path, "");
}
END_TEST

START_TEST(error_is_printable_when_text_is_hostile)
{
	market_error_t error = MARKET_ERROR_INIT;
	size_t i;

	/* X16 */
	market__error(&error, MARKET_E_SCHEMA, "a\n\x1b[31m", -1, "<%s>",
	    "\xc3\xbc\x7f\r\n%s");
	ck_assert_str_eq(error.path, "a\\x0a\\x1b[31m");
	ck_assert_str_eq(error.message, "<\\xc3\\xbc\\x7f\\x0d\\x0a%s>");
	for (i = 1; i < 256; i++) {
		market__error(&error, MARKET_E_SCHEMA, NULL, -1, "%c", (int)i);
		if (i >= 0x20 && i <= 0x7e)
			ck_assert_int_eq(error.message[0], (int)i);
		else
			ck_assert_uint_eq(strlen(error.message), 4);
	}
}
END_TEST

START_TEST(error_is_cut_when_text_is_long)
{
	market_error_t error = MARKET_ERROR_INIT;
	char text[2000];

	memset(text, '\n', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	market__error(&error, MARKET_E_SCHEMA, text, -1, "%s", text);
	ck_assert_uint_lt(strlen(error.path), sizeof(error.path));
	ck_assert_uint_lt(strlen(error.message), sizeof(error.message));
	/* Never in the middle of an escape. */
	ck_assert_uint_eq(strlen(error.message) % 4, 0);
	memset(text, 'x', sizeof(text) - 1);
	market__error(&error, MARKET_E_SCHEMA, text, -1, "%s", text);
	ck_assert_uint_eq(strlen(error.path), sizeof(error.path) - 1);
	ck_assert_uint_eq(strlen(error.message), sizeof(error.message) - 1);
	market__error_prefix(&error, text);
	ck_assert_uint_eq(strlen(error.path), sizeof(error.path) - 1);
}
END_TEST

START_TEST(error_is_whole_when_made_from_itself)
{
	market_error_t error = MARKET_ERROR_INIT;

	market__error(&error, MARKET_E_SCHEMA, "keys[2]", -1, "bad");
	market__error(&error, MARKET_E_ROOT, error.path, error.offset,
	    "root: %s", error.message);
	ck_assert_str_eq(error.path, "keys[2]");
	ck_assert_str_eq(error.message, "root: bad");
}
END_TEST

START_TEST(error_prefix_joins_paths)
{
	static const struct {
		const char *path, *prefix, *want;
	} rows[] = {
		{ "", "keys", "keys" },
		{ "spki", "keys[1]", "keys[1].spki" },
		{ "[1]", "keys", "keys[1]" },
	};
	market_error_t error = MARKET_ERROR_INIT;
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		market__error(&error, MARKET_E_SCHEMA, rows[i].path, -1, "bad");
		market__error_prefix(&error, rows[i].prefix);
		ck_assert_str_eq(error.path, rows[i].want);
	}
	market__error_prefix(NULL, "x");
}
END_TEST

static void
keep_line(void *user, market_log_level_t level, const char *line)
{
	char *kept = user;

	ck_assert_int_eq(level, MARKET_LOG_WARNING);
	ck_assert_uint_lt(strlen(line), 512);
	memcpy(kept, line, strlen(line) + 1);
}

START_TEST(log_gives_one_printable_line_when_asked_for)
{
	market_context_t context;
	char kept[512] = "", text[2000];

	memset(&context, 0, sizeof(context));
	market__log(&context, MARKET_LOG_WARNING, "nobody hears this");
	context.log = keep_line;
	context.log_user = kept;
	market__log(&context, MARKET_LOG_WARNING, "%s", "two\nlines");
	ck_assert_str_eq(kept, "two\\x0alines");
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	market__log(&context, MARKET_LOG_WARNING, "%s", text);
	ck_assert_uint_eq(strlen(kept), 511);
}
END_TEST

static Suite *
base_suite(void)
{
	Suite *suite = suite_create("base");
	TCase *memory = tcase_create("memory");
	TCase *arena = tcase_create("arena");
	TCase *slice = tcase_create("slice");
	TCase *error = tcase_create("error");

	tcase_add_test(memory, size_is_refused_when_it_overflows);
	tcase_add_test(memory, alloc_gives_zeroed_memory_when_there_is_some);
	tcase_add_test(memory, alloc_gives_null_when_refused_or_too_big);
	tcase_add_test(memory, wipe_zeroes_when_asked);
	suite_add_tcase(suite, memory);
	tcase_add_test(arena, arena_gives_aligned_zeroed_pieces);
	tcase_add_test(arena, arena_refuses_when_over_budget);
	tcase_add_test(arena, arena_refuses_when_a_size_overflows);
	tcase_add_test(arena, arena_tells_memory_apart_when_allocator_refuses);
	tcase_add_test(
	    arena, arena_stays_near_its_budget_when_pieces_alternate);
	tcase_add_test(arena, arena_uses_a_pools_blocks_again);
	tcase_add_test(arena, pool_keeps_no_more_than_its_share);
	tcase_add_test(arena, arena_copy_ends_in_nul);
	suite_add_tcase(suite, arena);
	tcase_add_test(slice, slice_compares_bytewise_shorter_first);
	tcase_add_test(slice, slice_is_empty_when_there_is_nothing);
	tcase_add_test(slice, buffer_is_empty_when_cleared);
	suite_add_tcase(suite, slice);
	tcase_add_test(error, status_has_name_and_text_when_known);
	tcase_add_test(error, error_is_written_when_wanted);
	tcase_add_test(error, error_is_printable_when_text_is_hostile);
	tcase_add_test(error, error_is_cut_when_text_is_long);
	tcase_add_test(error, error_is_whole_when_made_from_itself);
	tcase_add_test(error, error_prefix_joins_paths);
	tcase_add_test(error, log_gives_one_printable_line_when_asked_for);
	suite_add_tcase(suite, error);
	return suite;
}

int
main(void)
{
	return harness_main(base_suite());
}
