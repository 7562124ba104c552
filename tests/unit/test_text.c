/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"
#include "harness.h"

/* Takes the text's bytes and holds them against `want`. */
static void
expect(market__text_t *text, const char *want, size_t len)
{
	market_buffer_t buffer = MARKET_BUFFER_INIT;

	ck_assert_int_eq(market__text_take(text, &buffer), MARKET_OK);
	ck_assert_uint_eq(buffer.len, len);
	ck_assert_mem_eq(buffer.data, want, len + 1);
	market_buffer_clear(&buffer);
}

static void
expect_text(market__text_t *text, const char *want)
{
	expect(text, want, strlen(want));
}

START_TEST(text_grows_when_added_to)
{
	market__text_t text;
	size_t i;

	market__text_init(&text, &market__default_allocator, 100000);
	for (i = 0; i < 10000; i++)
		market__text_printf(&text, "%04zu,", i);
	ck_assert_int_eq(text.status, MARKET_OK);
	ck_assert_uint_eq(text.len, 50000);
	ck_assert_mem_eq(text.data + 5 * 9999, "9999,", 6);
	market__text_clear(&text);
}
END_TEST

START_TEST(text_is_empty_when_nothing_was_added)
{
	market__text_t text;

	market__text_init(&text, &market__default_allocator, 0);
	expect_text(&text, "");
	market__text_init(&text, &market__default_allocator, 5);
	market__text_slice(&text, market__slice(NULL, 0));
	market__text_add(&text, "a\0b", 3);
	expect(&text, "a\0b", 3);
}
END_TEST

START_TEST(text_refuses_when_past_its_maximum)
{
	market_buffer_t buffer = MARKET_BUFFER_INIT;
	market__text_t text;

	market__text_init(&text, &market__default_allocator, 4);
	market__text_puts(&text, "1234");
	ck_assert_int_eq(text.status, MARKET_OK);
	market__text_putc(&text, '5');
	ck_assert_int_eq(text.status, MARKET_E_LIMIT);
	/* What comes after a failure is not added, however short. */
	market__text_puts(&text, "");
	ck_assert_uint_eq(text.len, 4);
	ck_assert_int_eq(market__text_take(&text, &buffer), MARKET_E_LIMIT);
	ck_assert_ptr_null(buffer.data);
	ck_assert_ptr_null(text.data);
}
END_TEST

START_TEST(text_refuses_when_a_size_overflows)
{
	market__text_t text;

	/* A9 */
	market__text_init(&text, &market__default_allocator, SIZE_MAX);
	market__text_add(&text, "", SIZE_MAX);
	ck_assert_int_eq(text.status, MARKET_E_LIMIT);
	market__text_clear(&text);
	market__text_init(&text, &market__default_allocator, SIZE_MAX);
	market__text_add(&text, "x", 1);
	market__text_add(&text, "", SIZE_MAX - 1);
	ck_assert_int_eq(text.status, MARKET_E_LIMIT);
	market__text_clear(&text);
}
END_TEST

START_TEST(text_remembers_the_first_failure)
{
	harness_memory_t memory;
	market__text_t text;
	market_buffer_t buffer = MARKET_BUFFER_INIT;
	size_t i;

	harness_memory_init(&memory);
	memory.fail_at = 1;
	market__text_init(&text, &memory.allocator, 1000);
	for (i = 0; i < 600; i++)
		market__text_printf(&text, "%s", "x");
	ck_assert_int_eq(text.status, MARKET_E_MEMORY);
	for (i = 0; i < 600; i++)
		market__text_puts(&text, "too long for its maximum");
	ck_assert_int_eq(text.status, MARKET_E_MEMORY);
	ck_assert_int_eq(market__text_take(&text, &buffer), MARKET_E_MEMORY);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(text_take_replaces_what_the_buffer_had)
{
	harness_memory_t memory;
	market__text_t text;
	market_buffer_t buffer = MARKET_BUFFER_INIT;

	harness_memory_init(&memory);
	market__text_init(&text, &memory.allocator, 10);
	market__text_puts(&text, "one");
	ck_assert_int_eq(market__text_take(&text, &buffer), MARKET_OK);
	market__text_puts(&text, "two");
	ck_assert_int_eq(market__text_take(&text, &buffer), MARKET_OK);
	ck_assert_str_eq((char *)buffer.data, "two");
	ck_assert_uint_eq(memory.live, 1);
	market_buffer_clear(&buffer);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(text_escapes_what_is_not_printable)
{
	market__text_t text;

	market__text_init(&text, &market__default_allocator, 100);
	market__text_escaped(&text, MARKET__LITERAL("a\\ ~\0\n\x7f\xff"));
	expect_text(&text, "a\\x5c ~\\x00\\x0a\\x7f\\xff");
}
END_TEST

START_TEST(text_json_escapes_what_json_forbids)
{
	market__text_t text;

	market__text_init(&text, &market__default_allocator, 100);
	market__text_json(
	    &text, MARKET__LITERAL("a\"\\/\n\r\t\x01\x7f\0\xc3\xbc"));
	expect_text(&text,
	    "\"a\\\"\\\\/\\n\\u000d\\u0009\\u0001\\u007f\\u0000\xc3\xbc\"");
	market__text_json(&text, market__slice(NULL, 0));
	expect_text(&text, "\"\"");
	/* U+0080, U+009B, U+009F, and a letter beside them. */
	market__text_json(
	    &text, MARKET__LITERAL("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0\xc2"));
	expect_text(&text, "\"\\u0080\\u009b\\u009f\xc2\xa0\xc2\"");
}
END_TEST

START_TEST(text_hex_and_time_are_written)
{
	market__text_t text;

	market__text_init(&text, &market__default_allocator, 100);
	market__text_hex(&text, MARKET__LITERAL("\x00\x7f\x80\xff"));
	market__text_putc(&text, ' ');
	market__text_time(&text, 1454284800);
	expect_text(&text, "007f80ff 2016-02-01T00:00:00Z");
}
END_TEST

START_TEST(text_begins_in_a_lent_buffer)
{
	market_buffer_t taken = MARKET_BUFFER_INIT;
	harness_memory_t memory;
	market__text_t text;
	char room[8];

	harness_memory_init(&memory);
	market__text_init_in(&text, &memory.allocator, 100, room, sizeof(room));
	market__text_puts(&text, "1234567");
	ck_assert_ptr_eq(text.data, room);
	ck_assert_uint_eq(memory.calls, 0);
	market__text_putc(&text, '8');
	ck_assert_ptr_ne(text.data, room);
	ck_assert_str_eq(text.data, "12345678");
	market__text_clear(&text);
	ck_assert_uint_eq(memory.live, 0);
	/* What is handed over outlives the buffer. */
	market__text_init_in(&text, &memory.allocator, 100, room, sizeof(room));
	market__text_puts(&text, "123");
	ck_assert_int_eq(market__text_take(&text, &taken), MARKET_OK);
	ck_assert_ptr_ne(taken.data, room);
	ck_assert_str_eq((const char *)taken.data, "123");
	market_buffer_clear(&taken);
	ck_assert_uint_eq(memory.live, 0);
	market__text_init_in(&text, &memory.allocator, 100, room, sizeof(room));
	market__text_puts(&text, "123");
	market__text_clear(&text);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(text_base64_is_that_of_rfc_4648)
{
	/* RFC 4648, section 10 */
	static const char *const rows[][2] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
		{ "\xfb\xff\xfe", "+//+" },
	};
	market__text_t text;
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		market__text_init(&text, &market__default_allocator, 100);
		market__text_base64(&text, market_slice_of(rows[i][0]));
		expect_text(&text, rows[i][1]);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("text");
	TCase *tcase = tcase_create("text");

	tcase_add_test(tcase, text_grows_when_added_to);
	tcase_add_test(tcase, text_is_empty_when_nothing_was_added);
	tcase_add_test(tcase, text_refuses_when_past_its_maximum);
	tcase_add_test(tcase, text_refuses_when_a_size_overflows);
	tcase_add_test(tcase, text_remembers_the_first_failure);
	tcase_add_test(tcase, text_take_replaces_what_the_buffer_had);
	tcase_add_test(tcase, text_escapes_what_is_not_printable);
	tcase_add_test(tcase, text_json_escapes_what_json_forbids);
	tcase_add_test(tcase, text_hex_and_time_are_written);
	tcase_add_test(tcase, text_begins_in_a_lent_buffer);
	tcase_add_test(tcase, text_base64_is_that_of_rfc_4648);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
