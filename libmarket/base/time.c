/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times are counted here and not by the C library, whose conversions depend
 * on the time zone and, on some machines, end in 2038.
 */
#include <stdio.h>

#include "base/base.h"

/* 0001-01-01T00:00:00Z */
#define TIME_MIN INT64_C(-62135596800)

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar. */
static int64_t
days_from_date(int64_t year, int month, int day)
{
	int64_t era, year_of_era, day_of_year;

	/* Counting years from March puts the leap day at the end. */
	if (month <= 2)
		year--;
	era = (year >= 0 ? year : year - 399) / 400;
	year_of_era = year - era * 400;
	day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 -
	    year_of_era / 100 + day_of_year - 719468;
}

void
market__time_format(int64_t unix_seconds, char *out)
{
	int64_t days, second, era, doe, yoe, doy, year;
	int month, day;
	char text[64];

	if (unix_seconds < TIME_MIN)
		unix_seconds = TIME_MIN;
	if (unix_seconds > MARKET__TIME_MAX)
		unix_seconds = MARKET__TIME_MAX;
	days = unix_seconds / 86400;
	second = unix_seconds % 86400;
	if (second < 0) {
		second += 86400;
		days--;
	}
	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	day = (int)(doy - (153 * ((5 * doy + 2) / 153) + 2) / 5 + 1);
	month = (int)((5 * doy + 2) / 153);
	month += month < 10 ? 3 : -9;
	year = yoe + era * 400 + (month <= 2);
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ",
	    (int)year, month, day, (int)(second / 3600),
	    (int)(second / 60 % 60), (int)(second % 60));
	memcpy(out, text, MARKET__TIME_LEN - 1);
	out[MARKET__TIME_LEN - 1] = '\0';
}

static bool
digits(market_slice_t text, size_t at, size_t n, int *ret)
{
	size_t i;
	int value = 0;

	for (i = at; i < at + n; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		value = value * 10 + (text.ptr[i] - '0');
	}
	*ret = value;
	return true;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

bool
market__time_parse(market_slice_t text, int64_t *ret)
{
	int year, month, day, hour, minute, second;
	static const char shape[] = "0000-00-00T00:00:00Z";
	size_t i;

	if (text.len != sizeof(shape) - 1)
		return false;
	for (i = 0; i < text.len; i++)
		if (shape[i] != '0' && text.ptr[i] != (uint8_t)shape[i])
			return false;
	if (!digits(text, 0, 4, &year) || !digits(text, 5, 2, &month) ||
	    !digits(text, 8, 2, &day) || !digits(text, 11, 2, &hour) ||
	    !digits(text, 14, 2, &minute) || !digits(text, 17, 2, &second))
		return false;
	if (year < 1 || month < 1 || month > 12 || day < 1 ||
	    day > days_in_month(year, month) || hour > 23 || minute > 59 ||
	    second > 59)
		return false;
	*ret = days_from_date(year, month, day) * 86400 +
	    (hour * INT64_C(60) + minute) * 60 + second;
	return true;
}
