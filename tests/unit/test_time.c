/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h" /* setenv, tzset */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/base.h"
#include "harness.h"

/* TRAPS.md, Matter SDK: year boundaries, leap day, 2038, 9999. */
static const struct {
	const char *label;
	const char *text;
	int64_t seconds;
} instants[] = {
	{ "T9 first", "0001-01-01T00:00:00Z", INT64_C(-62135596800) },
	{ "before the epoch", "1969-12-31T23:59:59Z", -1 },
	{ "epoch", "1970-01-01T00:00:00Z", 0 },
	{ "leap year of a century", "2000-02-29T12:00:00Z", 951825600 },
	{ "after it", "2000-03-01T00:00:00Z", 951868800 },
	{ "year's end", "2015-12-31T23:59:59Z", 1451606399 },
	{ "year's begin", "2016-01-01T00:00:00Z", 1451606400 },
	{ "the listing", "2016-02-01T00:00:00Z", 1454284800 },
	{ "leap day", "2016-02-29T23:59:59Z", 1456790399 },
	{ "day after", "2016-03-01T00:00:00Z", 1456790400 },
	{ "leap day's place in a common year", "2015-03-01T00:00:00Z",
	    1425168000 },
	{ "T8 before the leap second", "2016-12-31T23:59:59Z", 1483228799 },
	{ "T8 after it", "2017-01-01T00:00:00Z", 1483228800 },
	{ "UMTS off", "2022-07-01T00:00:00Z", 1656633600 },
	{ "T9 last of 31 bits", "2038-01-19T03:14:07Z", 2147483647 },
	{ "T9 one more", "2038-01-19T03:14:08Z", INT64_C(2147483648) },
	{ "century without leap day", "2100-03-01T00:00:00Z",
	    INT64_C(4107542400) },
	{ "T9 32 bits and one", "2106-02-07T06:28:16Z", INT64_C(4294967296) },
	{ "T9 last", "9999-12-31T23:59:59Z", MARKET__TIME_MAX },
};

START_TEST(time_is_the_same_when_written_and_read)
{
	char text[MARKET__TIME_LEN];
	int64_t got;
	size_t i;

	for (i = 0; i < MARKET__COUNT(instants); i++) {
		market__time_format(instants[i].seconds, text);
		ck_assert_msg(strcmp(text, instants[i].text) == 0, "%s: %s",
		    instants[i].label, text);
		got = INT64_MIN;
		ck_assert_msg(
		    market__time_parse(market_slice_of(instants[i].text), &got),
		    "%s", instants[i].label);
		ck_assert_msg(
		    got == instants[i].seconds, "%s", instants[i].label);
	}
}
END_TEST

/* Midnight `seconds` is written as that date, and read back. */
static void
expect_date(int64_t seconds, int year, int month, int day)
{
	char text[MARKET__TIME_LEN], want[64];
	int64_t got = INT64_MIN;
	bool good;

	snprintf(
	    want, sizeof(want), "%04d-%02d-%02dT00:00:00Z", year, month, day);
	market__time_format(seconds, text);
	good = strcmp(text, want) == 0 &&
	    market__time_parse(market_slice_of(want), &got) && got == seconds;
	/* Check writes down each assertion, which is slow. */
	if (!good)
		ck_abort_msg("%s: %s", want, text);
}

START_TEST(time_follows_the_calendar_in_every_month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	int64_t second = INT64_C(-62135596800);
	int year, month, last;

	for (year = 1; year <= 9999; year++) {
		for (month = 1; month <= 12; month++) {
			last = days[month - 1];
			if (month == 2 && year % 4 == 0 &&
			    (year % 100 != 0 || year % 400 == 0))
				last++;
			expect_date(second, year, month, 1);
			second += 86400 * last;
			expect_date(second - 86400, year, month, last);
		}
	}
	ck_assert_int_eq(second - 1, MARKET__TIME_MAX);
}
END_TEST

START_TEST(time_is_clamped_when_out_of_range)
{
	static const struct {
		int64_t seconds;
		const char *want;
	} rows[] = {
		{ INT64_MIN, "0001-01-01T00:00:00Z" },
		{ INT64_C(-62135596801), "0001-01-01T00:00:00Z" },
		{ MARKET__TIME_MAX + 1, "9999-12-31T23:59:59Z" },
		{ INT64_MAX, "9999-12-31T23:59:59Z" },
	};
	char text[MARKET__TIME_LEN];
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		market__time_format(rows[i].seconds, text);
		ck_assert_str_eq(text, rows[i].want);
	}
}
END_TEST

START_TEST(time_is_refused_when_malformed)
{
	static const struct {
		const char *label, *text;
	} rows[] = {
		{ "empty", "" },
		{ "T8 leap second", "2016-12-31T23:59:60Z" },
		{ "T8 offset zero", "2016-02-01T00:00:00+00:00" },
		{ "T8 offset", "2016-02-01T00:00:00-08:00" },
		{ "T8 no zone", "2016-02-01T00:00:00" },
		{ "small t", "2016-02-01t00:00:00Z" },
		{ "small z", "2016-02-01T00:00:00z" },
		{ "blank for T", "2016-02-01 00:00:00Z" },
		{ "fraction", "2016-02-01T00:00:00.0Z" },
		{ "date alone", "2016-02-01" },
		{ "T9 year 0", "0000-12-31T23:59:59Z" },
		{ "T9 year 10000", "10000-01-01T00:00:00Z" },
		{ "month 0", "2016-00-01T00:00:00Z" },
		{ "month 13", "2016-13-01T00:00:00Z" },
		{ "day 0", "2016-02-00T00:00:00Z" },
		{ "no leap day", "2015-02-29T00:00:00Z" },
		{ "no leap day in 1900", "1900-02-29T00:00:00Z" },
		{ "leap day and one", "2016-02-30T00:00:00Z" },
		{ "day 31 of April", "2016-04-31T00:00:00Z" },
		{ "hour 24", "2016-02-01T24:00:00Z" },
		{ "minute 60", "2016-02-01T00:60:00Z" },
		{ "sign", "+016-02-01T00:00:00Z" },
		{ "blank digit", "2016-02- 1T00:00:00Z" },
		{ "letter", "2016-02-0aT00:00:00Z" },
		{ "trailing byte", "2016-02-01T00:00:00Z " },
		{ "slashes", "2016/02/01T00:00:00Z" },
		{ "high bytes",
		    "\xd9\xa2"
		    "16-02-01T00:00:00Z" },
	};
	int64_t got = 7;
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++)
		ck_assert_msg(
		    !market__time_parse(market_slice_of(rows[i].text), &got),
		    "%s", rows[i].label);
	ck_assert(!market__time_parse(
	    MARKET__LITERAL("2016-02-01T00:00:0\0Z"), &got));
	ck_assert_int_eq(got, 7);
	ck_assert(
	    market__time_parse(MARKET__LITERAL("2016-02-29T23:59:59Z"), &got));
}
END_TEST

START_TEST(time_is_the_same_when_time_zone_changes)
{
	static const char *const zones[] = { "UTC", "America/Los_Angeles",
		"right/UTC", "<-14>14" };
	char text[MARKET__TIME_LEN];
	int64_t got;
	size_t i;

	/* T8 */
	for (i = 0; i < MARKET__COUNT(zones); i++) {
		setenv("TZ", zones[i], 1);
		tzset();
		market__time_format(1454284800, text);
		ck_assert_str_eq(text, "2016-02-01T00:00:00Z");
		ck_assert(market__time_parse(market_slice_of(text), &got));
		ck_assert_int_eq(got, 1454284800);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("time");
	TCase *tcase = tcase_create("time");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, time_is_the_same_when_written_and_read);
	tcase_add_test(tcase, time_follows_the_calendar_in_every_month);
	tcase_add_test(tcase, time_is_clamped_when_out_of_range);
	tcase_add_test(tcase, time_is_refused_when_malformed);
	tcase_add_test(tcase, time_is_the_same_when_time_zone_changes);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
