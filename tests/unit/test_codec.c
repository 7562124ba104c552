/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"
#include "harness.h"

START_TEST(hex_is_the_same_when_written_and_read)
{
	uint8_t all[256], back[256];
	char text[513];
	size_t i;

	for (i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	market__hex(all, sizeof(all), text);
	ck_assert_uint_eq(strlen(text), 512);
	ck_assert_mem_eq(text, "000102", 6);
	ck_assert(market__unhex(market_slice_of(text), back, sizeof(back)));
	ck_assert_mem_eq(all, back, sizeof(all));
	market__hex(NULL, 0, text);
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(hex_is_refused_when_malformed)
{
	static const struct {
		const char *label, *text;
		bool want;
	} rows[] = {
		{ "two bytes", "00ff", true },
		{ "upper case", "00FF", false },
		{ "short", "00f", false },
		{ "odd and long", "00fff", false },
		{ "long", "00ff00", false },
		{ "empty", "", false },
		{ "no digit", "00fg", false },
		{ "below 0", "00/0", false },
		{ "above 9", "00:0", false },
		{ "below a", "00`0", false },
		{ "prefix", "0x00", false },
		{ "blank", "00 0", false },
	};
	uint8_t out[2];
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++)
		ck_assert_msg(market__unhex(market_slice_of(rows[i].text), out,
				  2) == rows[i].want,
		    "%s", rows[i].label);
	ck_assert(market__unhex(market__slice(NULL, 0), out, 0));
}
END_TEST

START_TEST(base64_is_read_in_one_form_only)
{
	static const struct {
		const char *label, *text;
		const char *standard; /* NULL: refused */
		const char *url;
	} rows[] = {
		{ "empty", "", "", "" },
		{ "one", "Zg==", "f", "f" },
		{ "two", "Zm8=", "fo", "fo" },
		{ "three", "Zm9v", "foo", "foo" },
		{ "six", "Zm9vYmFy", "foobar", "foobar" },
		{ "standard alphabet", "+//+", "\xfb\xff\xfe", "\xfb\xff\xfe" },
		{ "URL alphabet", "-__-", NULL, "\xfb\xff\xfe" },
		{ "the other of each", "+/+_", NULL, NULL },
		{ "both alphabets, the standard first", "+__-", NULL, NULL },
		{ "both alphabets, the URL first", "-//+", NULL, NULL },
		{ "both alphabets, a digit of each", "Zm+-", NULL, NULL },
		{ "both alphabets, far apart", "+AAAAAAAAAA_", NULL, NULL },
		{ "no padding", "Zg", NULL, NULL },
		{ "half the padding", "Zg=", NULL, NULL },
		{ "too much padding", "Zm9v====", NULL, NULL },
		{ "three of padding", "Z===", NULL, NULL },
		{ "padding alone", "====", NULL, NULL },
		{ "padding inside", "Zg==Zg==", NULL, NULL },
		{ "padding then digit", "Zg=g", NULL, NULL },
		{ "bits behind one byte", "Zh==", NULL, NULL },
		{ "bits behind two bytes", "Zm9=", NULL, NULL },
		{ "blank", "Zm9v Zg==", NULL, NULL },
		{ "newline at the end", "Zm9v\n", NULL, NULL },
		{ "newline of MIME", "Zm9v\nYmF", NULL, NULL },
		{ "high byte", "Zm9\xff", NULL, NULL },
		{ "comma", "Zm9,", NULL, NULL },
	};
	uint8_t out[16];
	const char *want;
	size_t i, len;
	bool url;

	for (i = 0; i < 2 * MARKET__COUNT(rows); i++) {
		url = i % 2 != 0;
		want = url ? rows[i / 2].url : rows[i / 2].standard;
		len = 99;
		ck_assert_msg(
		    market__unbase64(market_slice_of(rows[i / 2].text), url,
			out, &len) == (want != NULL),
		    "%s", rows[i / 2].label);
		if (want == NULL)
			continue;
		ck_assert_msg(len == strlen(want), "%s", rows[i / 2].label);
		ck_assert_msg(
		    memcmp(out, want, len) == 0, "%s", rows[i / 2].label);
	}
	ck_assert(!market__unbase64(MARKET__LITERAL("Zm9\0"), true, out, &len));
}
END_TEST

START_TEST(base64_is_the_same_when_written_and_read)
{
	market__text_t text;
	uint8_t in[64], out[66];
	size_t i, len, got;

	for (len = 0; len < sizeof(in); len++) {
		for (i = 0; i < len; i++)
			in[i] = (uint8_t)(i * 37 + len * 101);
		market__text_init(&text, &market__default_allocator, 100);
		market__text_base64(&text, market__slice(in, len));
		ck_assert(market__unbase64(
		    market__slice(text.data, text.len), false, out, &got));
		ck_assert_uint_eq(got, len);
		if (len > 0)
			ck_assert_mem_eq(in, out, len);
		market__text_clear(&text);
	}
}
END_TEST

START_TEST(utf8_is_refused_at_its_first_bad_byte)
{
	static const struct {
		const char *label;
		market_slice_t text;
		size_t want; /* its own length: good */
	} rows[] = {
#define ROW(label, text, want) \
	{ label, { (const uint8_t *)(text), sizeof(text) - 1 }, want }
		ROW("empty", "", 0),
		ROW("ASCII", "Mi 4", 4),
		ROW("E21 NUL", "good\0evil", 4),
		ROW("two bytes", "\xc3\xbc", 2),
		ROW("first of two bytes", "\xc2\x80", 2),
		ROW("last of two bytes", "\xdf\xbf", 2),
		ROW("first of three bytes", "\xe0\xa0\x80", 3),
		ROW("below the surrogates", "\xed\x9f\xbf", 3),
		ROW("above the surrogates", "\xee\x80\x80", 3),
		ROW("last of three bytes", "\xef\xbf\xbf", 3),
		ROW("first of four bytes", "\xf0\x90\x80\x80", 4),
		ROW("last of all", "\xf4\x8f\xbf\xbf", 4),
		ROW("E22 ff fe", "a\xff\xfe", 1),
		ROW("E22 surrogate", "ab\xed\xa0\x80", 2),
		ROW("E22 last surrogate", "\xed\xbf\xbf", 0),
		ROW("E22 overlong of two", "\xc0\x80", 0),
		ROW("E22 overlong of two, last", "\xc1\xbf", 0),
		ROW("E22 overlong of three", "\xe0\x9f\xbf", 0),
		ROW("E22 overlong of four", "\xf0\x8f\xbf\xbf", 0),
		ROW("E22 past the last", "\xf4\x90\x80\x80", 0),
		ROW("E22 f5", "\xf5\x80\x80\x80", 0),
		ROW("E22 continuation alone", "a\x80", 1),
		ROW("E22 cut in two", "a\xc3", 1),
		ROW("E22 cut in three", "a\xe2\x82", 1),
		ROW("E22 cut in four", "a\xf0\x9f\x98", 1),
		ROW("E22 third byte", "\xe2\x82\x28", 0),
		ROW("E22 fourth byte", "\xf0\x9f\x98\x28", 0),
		ROW("E22 second byte", "\xc3\x28", 0),
#undef ROW
	};
	size_t i, got;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		got = market__utf8_check(rows[i].text);
		ck_assert_msg(
		    got == rows[i].want, "%s: %zu", rows[i].label, got);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("codec");
	TCase *tcase = tcase_create("codec");

	tcase_add_test(tcase, hex_is_the_same_when_written_and_read);
	tcase_add_test(tcase, hex_is_refused_when_malformed);
	tcase_add_test(tcase, base64_is_read_in_one_form_only);
	tcase_add_test(tcase, base64_is_the_same_when_written_and_read);
	tcase_add_test(tcase, utf8_is_refused_at_its_first_bad_byte);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
