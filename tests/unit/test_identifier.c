/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>

#include <market/identifier.h>

#include "base/base.h"
#include "model/identifier.h"

static market_slice_t
text(const char *string)
{
	return market__slice(string, strlen(string));
}

/* ---- one row, by the name of its kind ---- */

/* A band is valid where it is one of the RAT that its writing belongs to. */
static market_status_t
any_band(market_slice_t value, market_error_t *reterr)
{
	market_rat_t rat = MARKET_RAT_LTE;
	uint32_t band;

	if (value.ptr == NULL)
		return market_band_parse(rat, value, &band, reterr);
	if (value.len > 0 && (value.ptr[0] == 'n' || value.ptr[0] == 'N'))
		rat = MARKET_RAT_NR;
	else if (value.len > 5 && value.ptr[5] > '9')
		rat = MARKET_RAT_UMTS;
	return market_band_parse(rat, value, &band, reterr);
}

static market_status_t
currency(market_slice_t value, market_error_t *reterr)
{
	return market_currency_check(value, NULL, reterr);
}

static const struct kind {
	const char *name;
	market_status_t (*check)(market_slice_t value, market_error_t *reterr);
} kinds[] = {
	{ "IMEI", market_imei_check },
	{ "IMEISV", market_imeisv_check },
	{ "TAC", market_tac_check },
	{ "GTIN", market_gtin_check },
	{ "FCC-ID", market_fcc_id_check },
	{ "PLMN", market_plmn_check },
	{ "PARTY", market_party_check },
	{ "CURRENCY", currency },
	{ "BAND", any_band },
};

static market_status_t
check(const char *kind, market_slice_t value, market_error_t *reterr)
{
	size_t i;

	for (i = 0; i < MARKET__COUNT(kinds); i++) {
		if (strcmp(kinds[i].name, kind) == 0)
			return kinds[i].check(value, reterr);
	}
	ck_abort_msg("no kind %s", kind);
	return MARKET_E_INTERNAL;
}

START_TEST(identifier_data_is_judged_as_expected)
{
	char *data, *rest, *line, *fields[4];
	const char *path;
	size_t n = 0;

	HARNESS_SHARED(path, "data/identifiers.tsv");
	rest = data = harness_read(path, NULL);
	(void)harness_line(&rest);
	while ((line = harness_line(&rest)) != NULL) {
		market_error_t error = MARKET_ERROR_INIT;
		market_status_t want, got;

		if (harness_fields(line, fields, 4) < 3)
			continue;
		want = strcmp(fields[2], "valid") == 0 ? MARKET_OK
						       : MARKET_E_SCHEMA;
		got = check(fields[0], text(fields[1]), &error);
		ck_assert_msg(got == want, "%s %s: %s", fields[0], fields[1],
		    error.message);
		n++;
	}
	ck_assert_uint_ge(n, 37);
	free(data);
}
END_TEST

static const struct row {
	const char *kind, *label, *value;
	bool want;
	size_t len; /* 0: of the string */
} rows[] = {
	{ "GTIN", "a GTIN-8", "96385074", true, 0 },
	{ "GTIN", "a GTIN-12", "012345678905", true, 0 },
	{ "GTIN", "a GTIN-13", "4006381333931", true, 0 },
	{ "GTIN", "a GTIN-14", "00012345600012", true, 0 },
	{ "GTIN", "E36 each digit wrong by one", "4006381333932", false, 0 },
	{ "GTIN", "E36 two digits exchanged", "4006383133931", false, 0 },
	{ "GTIN", "E36 the leading zero dropped", "12345678905", false, 0 },
	{ "GTIN", "nine digits", "963850741", false, 0 },
	{ "GTIN", "fifteen digits", "000123456000120", false, 0 },
	{ "GTIN", "E36 zeros", "00000000", false, 0 },
	{ "GTIN", "a space", "4006381 333931", false, 0 },
	{ "GTIN", "a sign", "+400638133393", false, 0 },
	{ "GTIN", "empty", "", false, 0 },
	{ "GTIN", "E21 a NUL behind", "96385074\0", false, 9 },
	{ "GTIN", "E23 Arabic-Indic digits", "\xd9\xa9\xd9\xa6\xd9\xa3\xd9\xa8",
	    false, 0 },
	{ "IMEI", "of 15 digits", "490154203237518", true, 0 },
	{ "IMEI", "TAC beginning with 0", "011245000000016", true, 0 },
	{ "IMEI", "E36 the 0 dropped", "11245000000016", false, 0 },
	{ "IMEI", "E36 wrong check digit", "490154203237519", false, 0 },
	{ "IMEI", "two digits exchanged", "490152403237518", false, 0 },
	{ "IMEI", "of zeros", "000000000000000", false, 0 },
	{ "IMEI", "with hyphens", "49-015420-323751-8", false, 0 },
	{ "IMEISV", "of 16 digits", "8648950200000107", true, 0 },
	{ "IMEISV", "version 98", "8648950200000198", true, 0 },
	{ "IMEISV", "version 99", "8648950200000199", false, 0 },
	{ "IMEISV", "of 15", "864895020000010", false, 0 },
	{ "IMEISV", "TAC of zeros", "0000000012345607", false, 0 },
	{ "TAC", "of 8 digits", "86489502", true, 0 },
	{ "TAC", "beginning with 0", "01124500", true, 0 },
	{ "TAC", "the 0 dropped", "1124500", false, 0 },
	{ "TAC", "of zeros", "00000000", false, 0 },
	{ "TAC", "a letter", "8648950A", false, 0 },
	{ "PLMN", "three digits of MNC", "310-260", true, 0 },
	{ "PLMN", "two digits of MNC", "310-26", true, 0 },
	{ "PLMN", "the test network", "001-01", true, 0 },
	{ "PLMN", "MNC of zeros", "208-00", true, 0 },
	{ "PLMN", "no hyphen", "310260", false, 0 },
	{ "PLMN", "a slash", "310/260", false, 0 },
	{ "PLMN", "one digit of MNC", "310-2", false, 0 },
	{ "PLMN", "four digits of MNC", "310-2600", false, 0 },
	{ "PLMN", "MCC of two", "31-0260", false, 0 },
	{ "PLMN", "MCC of zeros", "000-01", false, 0 },
	{ "PLMN", "a letter", "310-26a", false, 0 },
	{ "PLMN", "D5 a star", "310-***", false, 0 },
	{ "FCC-ID", "three-character grantee", "A4RGLU0G", true, 0 },
	{ "FCC-ID", "five-character grantee", "2AA567SAMPL", true, 0 },
	{ "FCC-ID", "product code of 14", "A4RXXXXXXXXXXXXXX", true, 0 },
	{ "FCC-ID", "product code of 15", "A4RXXXXXXXXXXXXXXX", false, 0 },
	{ "FCC-ID", "no product code", "2AA56", false, 0 },
	{ "FCC-ID", "only a hyphen", "A4R-", false, 0 },
	{ "FCC-ID", "consecutive hyphens", "A4RAB--C", false, 0 },
	{ "FCC-ID", "single hyphens", "A4R-A-B-C", true, 0 },
	{ "FCC-ID", "0 in the grantee", "A0RGLU", false, 0 },
	{ "FCC-ID", "1 begins the grantee", "1AB23X", false, 0 },
	{ "FCC-ID", "1 inside a long grantee", "2A1561", false, 0 },
	{ "FCC-ID", "a hyphen in the grantee", "A-RGLU", false, 0 },
	{ "FCC-ID", "E24 lower case", "a4rGLU0G", false, 0 },
	{ "FCC-ID", "E24 lower case in the product", "A4Rglu", false, 0 },
	{ "FCC-ID", "a space", "A4R GLU", false, 0 },
	{ "FCC-ID", "one character", "A", false, 0 },
	{ "PARTY", "two labels", "mi.com", true, 0 },
	{ "PARTY", "a hyphen", "t-mobile.com", true, 0 },
	{ "PARTY", "digits first", "3gpp.org", true, 0 },
	{ "PARTY", "its xn-- form", "xn--bcher-kva.example", true, 0 },
	{ "PARTY", "four labels", "a.b.c.example", true, 0 },
	{ "PARTY", "one label", "localhost", false, 0 },
	{ "PARTY", "E24 a capital", "Mi.com", false, 0 },
	{ "PARTY", "E23 a Cyrillic letter", "m\xd1\x96.com", false, 0 },
	{ "PARTY", "E23 a zero-width space", "mi\xe2\x80\x8b.com", false, 0 },
	{ "PARTY", "E21 a NUL inside", "mi.com\0.evil.example", false, 20 },
	{ "PARTY", "a trailing dot", "mi.com.", false, 0 },
	{ "PARTY", "a leading dot", ".mi.com", false, 0 },
	{ "PARTY", "two dots", "mi..com", false, 0 },
	{ "PARTY", "a leading hyphen", "-mi.com", false, 0 },
	{ "PARTY", "a trailing hyphen", "mi-.com", false, 0 },
	{ "PARTY", "an underscore", "_mi.com", false, 0 },
	{ "PARTY", "a slash", "t-mobile.com/us", false, 0 },
	{ "PARTY", "a port", "mi.com:443", false, 0 },
	{ "PARTY", "an IPv4 address", "192.0.2.1", false, 0 },
	{ "PARTY", "D5 a wildcard", "*.mi.com", false, 0 },
	{ "PARTY", "D5 any", "*", false, 0 },
	{ "PARTY", "empty", "", false, 0 },
	{ "CURRENCY", "US dollar", "USD", true, 0 },
	{ "CURRENCY", "new in 2025", "XCG", true, 0 },
	{ "CURRENCY", "first of the list", "AED", true, 0 },
	{ "CURRENCY", "last of the list", "ZWG", true, 0 },
	{ "CURRENCY", "E24 lower case", "eur", false, 0 },
	{ "CURRENCY", "E24 mixed case", "Eur", false, 0 },
	{ "CURRENCY", "gone", "DEM", false, 0 },
	{ "CURRENCY", "gone with 2023", "HRK", false, 0 },
	{ "CURRENCY", "a metal", "XAU", false, 0 },
	{ "CURRENCY", "the code for tests", "XTS", false, 0 },
	{ "CURRENCY", "no currency", "XXX", false, 0 },
	{ "CURRENCY", "a symbol", "$", false, 0 },
	{ "CURRENCY", "numeric", "840", false, 0 },
	{ "CURRENCY", "too long", "USDT", false, 0 },
	{ "CURRENCY", "too short", "US", false, 0 },
	{ "CURRENCY", "a NUL in it", "US\0", false, 3 },
};

START_TEST(identifier_is_judged_exactly)
{
	const struct row *row = &rows[_i];
	market_slice_t value = market__slice(
	    row->value, row->len > 0 ? row->len : strlen(row->value));
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t got = check(row->kind, value, &error);

	ck_assert_msg(got == (row->want ? MARKET_OK : MARKET_E_SCHEMA),
	    "%s, %s: %s", row->kind, row->label, error.message);
	ck_assert_msg(error.status == got, "%s, %s", row->kind, row->label);
	/* A sentence with a cure, or nothing written at all. */
	ck_assert_msg(
	    row->want ? error.message[0] == '\0' : strlen(error.message) > 40,
	    "%s, %s: %s", row->kind, row->label, error.message);
	ck_assert_int_eq(check(row->kind, value, NULL), got);
}
END_TEST

START_TEST(identifier_refusals_are_as_committed)
{
	market_error_t error;
	market_slice_t value;
	char label[128];
	golden_t list;
	size_t i;

	golden_begin(&list);
	for (i = 0; i < MARKET__COUNT(rows); i++) {
		error = (market_error_t)MARKET_ERROR_INIT;
		value = market__slice(rows[i].value,
		    rows[i].len > 0 ? rows[i].len : strlen(rows[i].value));
		snprintf(label, sizeof(label), "%s, %s", rows[i].kind,
		    rows[i].label);
		golden_add(
		    &list, label, check(rows[i].kind, value, &error), &error);
	}
	golden_check(&list, "identifier.txt");
}
END_TEST

START_TEST(identifier_refuses_null_with_a_length)
{
	market_slice_t bad = { NULL, 8 };
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_int_eq(kinds[_i].check(bad, &error), MARKET_E_ARGUMENT);
	ck_assert_int_eq(error.status, MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    kinds[_i].check(market__slice(NULL, 0), NULL), MARKET_E_SCHEMA);
}
END_TEST

/* ---- check digits: every single error is found ---- */

static void
each_digit_changed(const char *kind, const char *good)
{
	char copy[20];
	size_t i, len = strlen(good);
	char digit;

	memcpy(copy, good, len);
	for (i = 0; i < len; i++) {
		for (digit = '0'; digit <= '9'; digit++) {
			copy[i] = digit;
			ck_assert_msg(
			    check(kind, market__slice(copy, len), NULL) ==
				(digit == good[i] ? MARKET_OK
						  : MARKET_E_SCHEMA),
			    "%s %s: %c at %zu", kind, good, digit, i);
		}
		copy[i] = good[i];
	}
}

START_TEST(check_digit_finds_each_wrong_digit)
{
	each_digit_changed("GTIN", "96385074");
	each_digit_changed("GTIN", "012345678905");
	each_digit_changed("GTIN", "4006381333931");
	each_digit_changed("GTIN", "00012345600012");
	each_digit_changed("IMEI", "490154203237518");
	each_digit_changed("IMEI", "864895020000012");
}
END_TEST

START_TEST(gtin_compares_in_one_normal_form)
{
	static const struct {
		const char *label, *a, *b;
		bool want;
	} pairs[] = {
		{ "itself", "4006381333931", "4006381333931", true },
		{ "E36 13 and 14 digits", "4006381333931", "04006381333931",
		    true },
		{ "E36 12 and 13 digits", "012345678905", "0012345678905",
		    true },
		{ "8 and 14 digits", "96385074", "00000096385074", true },
		{ "another", "4006381333931", "4006381333948", false },
		{ "a package of the same item", "4006381333931",
		    "14006381333938", false },
	};
	size_t i;

	for (i = 0; i < MARKET__COUNT(pairs); i++) {
		market_slice_t a = text(pairs[i].a), b = text(pairs[i].b);

		ck_assert_msg(market_gtin_check(a, NULL) == MARKET_OK, "%s",
		    pairs[i].label);
		ck_assert_msg(market_gtin_check(b, NULL) == MARKET_OK, "%s",
		    pairs[i].label);
		ck_assert_msg(market__gtin_equal(a, b) == pairs[i].want, "%s",
		    pairs[i].label);
		ck_assert_msg(market__gtin_equal(b, a) == pairs[i].want, "%s",
		    pairs[i].label);
	}
}
END_TEST

/* ---- parties: lengths at the limit and one beyond ---- */

START_TEST(party_holds_to_the_lengths_of_dns)
{
	char name[300];
	size_t i;

	memset(name, 'a', sizeof(name));
	/* A label of 63, then of 64 bytes. */
	memcpy(name + 63, ".com", 4);
	ck_assert_int_eq(
	    market_party_check(market__slice(name, 67), NULL), MARKET_OK);
	memset(name, 'a', 64);
	memcpy(name + 64, ".com", 4);
	ck_assert_int_eq(
	    market_party_check(market__slice(name, 68), NULL), MARKET_E_SCHEMA);
	/* A name of 253, then of 254 bytes. */
	memset(name, 'a', sizeof(name));
	for (i = 50; i < 253; i += 51)
		name[i] = '.';
	ck_assert_int_eq(
	    market_party_check(market__slice(name, 253), NULL), MARKET_OK);
	ck_assert_int_eq(market_party_check(market__slice(name, 255), NULL),
	    MARKET_E_SCHEMA);
	ck_assert_int_eq(market_party_check(market__slice(name, 254), NULL),
	    MARKET_E_SCHEMA);
}
END_TEST

/* ---- currencies ---- */

START_TEST(currency_has_minor_units)
{
	static const struct {
		const char *code;
		unsigned want;
	} units[] = {
		{ "USD", 2 },
		{ "EUR", 2 },
		{ "CNY", 2 },
		{ "JPY", 0 },
		{ "KRW", 0 },
		{ "ISK", 0 },
		{ "HUF", 2 },
		{ "KWD", 3 },
		{ "TND", 3 },
		{ "CLF", 4 },
		{ "MRU", 2 },
	};
	unsigned got;
	size_t i;

	for (i = 0; i < MARKET__COUNT(units); i++) {
		got = 9;
		ck_assert_int_eq(
		    market_currency_check(text(units[i].code), &got, NULL),
		    MARKET_OK);
		ck_assert_msg(got == units[i].want, "%s", units[i].code);
	}
	got = 9;
	ck_assert_int_eq(
	    market_currency_check(text("XXX"), &got, NULL), MARKET_E_SCHEMA);
	ck_assert_uint_eq(got, 9);
}
END_TEST

START_TEST(currency_list_is_in_order)
{
	char code[3];
	size_t n = 0;

	/* A row out of order would not be found. */
	for (code[0] = 'A'; code[0] <= 'Z'; code[0]++)
		for (code[1] = 'A'; code[1] <= 'Z'; code[1]++)
			for (code[2] = 'A'; code[2] <= 'Z'; code[2]++)
				n += market_currency_check(
					 market__slice(code, 3), NULL, NULL) ==
				    MARKET_OK;
	ck_assert_uint_eq(n, 165);
}
END_TEST

/* ---- messages ---- */

START_TEST(identifier_message_shows_hostile_bytes_escaped)
{
	market_error_t error = MARKET_ERROR_INIT;
	char longest[1000];

	ck_assert_int_eq(
	    market_party_check(market__slice("mi.com\0\x1b[2J\\", 12), &error),
	    MARKET_E_SCHEMA);
	ck_assert_msg(strstr(error.message, "mi.com\\x00\\x1b[2J\\x5c") != NULL,
	    "%s", error.message);
	memset(longest, 0xff, sizeof(longest));
	ck_assert_int_eq(
	    market_gtin_check(market__slice(longest, sizeof(longest)), &error),
	    MARKET_E_SCHEMA);
	ck_assert_msg(
	    strstr(error.message, "\\xff...\"") != NULL, "%s", error.message);
	/* The cure is not cut off. */
	ck_assert_msg(strstr(error.message, "leading zeros too") != NULL, "%s",
	    error.message);
}
END_TEST

START_TEST(identifier_message_names_the_digit)
{
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_int_eq(
	    market_gtin_check(text("4006381333932"), &error), MARKET_E_SCHEMA);
	ck_assert_msg(strstr(error.message, "1 would be right") != NULL, "%s",
	    error.message);
	ck_assert_int_eq(error.offset, 12);
	ck_assert_int_eq(market_imei_check(text("864895020000013"), &error),
	    MARKET_E_SCHEMA);
	ck_assert_msg(strstr(error.message, "2 would be right") != NULL, "%s",
	    error.message);
	ck_assert_int_eq(error.offset, 14);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("identifier");
	TCase *tcase = tcase_create("identifier");

	tcase_add_test(tcase, identifier_data_is_judged_as_expected);
	tcase_add_loop_test(
	    tcase, identifier_is_judged_exactly, 0, (int)MARKET__COUNT(rows));
	tcase_add_loop_test(tcase, identifier_refuses_null_with_a_length, 0,
	    (int)MARKET__COUNT(kinds));
	tcase_add_test(tcase, identifier_refusals_are_as_committed);
	tcase_add_test(tcase, check_digit_finds_each_wrong_digit);
	tcase_add_test(tcase, gtin_compares_in_one_normal_form);
	tcase_add_test(tcase, party_holds_to_the_lengths_of_dns);
	tcase_add_test(tcase, currency_has_minor_units);
	tcase_add_test(tcase, currency_list_is_in_order);
	tcase_add_test(tcase, identifier_message_shows_hostile_bytes_escaped);
	tcase_add_test(tcase, identifier_message_names_the_digit);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
