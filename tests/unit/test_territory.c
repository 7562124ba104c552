/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"
#include "harness.h"

#include <market/identifier.h>

#include "model/territory.h"

static market_slice_t
text(const char *string)
{
	return market__slice(string, strlen(string));
}

typedef struct validity {
	const char *label;
	const char *code;
	size_t len; /* 0: of the string */
	bool want;
} validity_t;

static const validity_t validities[] = {
	{ "a country", "US", 0, true },
	{ "a country with a letter of its own", "QA", 0, true },
	{ "the United Kingdom", "GB", 0, true },
	{ "an overseas part with a code of its own", "GF", 0, true },
	{ "a subdivision of letters", "US-CA", 0, true },
	{ "a subdivision of digits", "FR-75", 0, true },
	{ "a subdivision of one", "AR-B", 0, true },
	{ "a subdivision of three", "GB-ENG", 0, true },
	{ "D19 a union is no country", "EU", 0, false },
	{ "D19 UK is reserved, GB is the code", "UK", 0, false },
	{ "D19 XK is user-assigned", "XK", 0, false },
	{ "D19 and so are its subdivisions", "XK-01", 0, false },
	{ "E37 ZZ is user-assigned", "ZZ", 0, false },
	{ "E37 empty", "", 0, false },
	{ "E24 lower case", "de", 0, false },
	{ "E24 mixed case", "De", 0, false },
	{ "E24 lower case behind the hyphen", "US-ca", 0, false },
	{ "E24 lower case before the hyphen", "us-CA", 0, false },
	{ "E23 a Cyrillic look-alike", "\xd0\xa1\xd0\x90", 0, false },
	{ "E23 a zero-width space behind", "US\xe2\x80\x8b", 0, false },
	{ "E23 a full-width letter", "\xef\xbc\xb5S", 0, false },
	{ "E21 a NUL inside", "US\0CA", 5, false },
	{ "a NUL behind", "US\0", 3, false },
	{ "D5 everything is no territory", "*", 0, false },
	{ "D5 a wildcard beneath a country", "DE-*", 0, false },
	{ "D5 a wildcard country", "D?", 0, false },
	{ "one letter", "U", 0, false },
	{ "alpha-3", "USA", 0, false },
	{ "numeric", "840", 0, false },
	{ "a hyphen and nothing", "US-", 0, false },
	{ "four behind the hyphen", "US-CALI", 0, false },
	{ "no hyphen", "USCA", 0, false },
	{ "a second hyphen", "US-C-A", 0, false },
	{ "an underscore", "US_CA", 0, false },
	{ "a space before", " US", 0, false },
	{ "a subdivision beneath nothing", "ZZ-AA", 0, false },
};

static market_slice_t
code_of(const validity_t *row)
{
	return market__slice(
	    row->code, row->len > 0 ? row->len : strlen(row->code));
}

START_TEST(territory_valid_tells_codes)
{
	const validity_t *row = &validities[_i];

	ck_assert_msg(market__territory_valid(code_of(row)) == row->want, "%s",
	    row->label);
}
END_TEST

START_TEST(territory_check_names_the_cure)
{
	const validity_t *row = &validities[_i];
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status = market_territory_check(code_of(row), &error);

	ck_assert_msg(status == (row->want ? MARKET_OK : MARKET_E_SCHEMA), "%s",
	    row->label);
	if (!row->want)
		ck_assert_msg(strstr(error.message, "ISO 3166") != NULL,
		    "%s: %s", row->label, error.message);
	ck_assert_int_eq(market_territory_check(code_of(row), NULL), status);
}
END_TEST

START_TEST(territory_refusals_are_as_committed)
{
	market_error_t error;
	golden_t list;
	size_t i;

	golden_begin(&list);
	for (i = 0; i < MARKET__COUNT(validities); i++) {
		error = (market_error_t)MARKET_ERROR_INIT;
		golden_add(&list, validities[i].label,
		    market_territory_check(code_of(&validities[i]), &error),
		    &error);
	}
	golden_check(&list, "territory.txt");
}
END_TEST

START_TEST(territory_list_is_the_standards)
{
	char code[2];
	size_t n = 0;

	for (code[0] = 'A'; code[0] <= 'Z'; code[0]++)
		for (code[1] = 'A'; code[1] <= 'Z'; code[1]++)
			n += market__territory_valid(market__slice(code, 2));
	ck_assert_uint_eq(n, 249);
}
END_TEST

static const struct relation {
	const char *label, *outer, *inner;
	bool contains, contained;
} relations[] = {
	{ "itself", "US", "US", true, true },
	{ "a subdivision itself", "US-CA", "US-CA", true, true },
	{ "a country has its subdivision", "US", "US-CA", true, false },
	{ "any has a country", "*", "US", true, false },
	{ "any has a subdivision", "*", "US-CA", true, false },
	{ "any itself", "*", "*", true, true },
	{ "another country", "US", "CA", false, false },
	{ "a subdivision named like a country", "CA", "US-CA", false, false },
	{ "another country's subdivision", "GB", "US-CA", false, false },
	{ "two subdivisions", "US-CA", "US-NY", false, false },
	{ "one the beginning of the other", "US-C", "US-CA", false, false },
	{ "D19 a union has no members", "EU", "DE", false, false },
	{ "D19 GB and UK are two texts", "GB", "UK", false, false },
	{ "D19 an overseas part is its own", "FR", "GF", false, false },
	{ "D19 the same part by its 3166-2 code", "FR", "FR-GF", true, false },
	{ "D19 a dependency is its own", "US", "PR", false, false },
	{ "E24 case", "us", "US-CA", false, false },
	{ "D5 two stars are a text", "**", "US", false, false },
	{ "D5 a prefix pattern is a text", "DE-*", "DE-BY", false, false },
	{ "D5 a question mark is a text", "U?", "US", false, false },
	{ "a country and a bare hyphen", "US", "US-", false, false },
	{ "an empty one", "", "US", false, false },
};

START_TEST(territory_contains_by_hierarchy_alone)
{
	market_slice_t outer = text(relations[_i].outer);
	market_slice_t inner = text(relations[_i].inner);
	const char *label = relations[_i].label;
	bool overlaps = relations[_i].contains || relations[_i].contained;

	ck_assert_msg(
	    market__territory_contains(outer, inner) == relations[_i].contains,
	    "%s", label);
	ck_assert_msg(
	    market__territory_contains(inner, outer) == relations[_i].contained,
	    "%s, the other way", label);
	ck_assert_msg(
	    market__territory_overlaps(outer, inner) == overlaps, "%s", label);
	ck_assert_msg(
	    market__territory_overlaps(inner, outer) == overlaps, "%s", label);
}
END_TEST

START_TEST(territories_hold_what_an_element_holds)
{
	market_slice_t v[2] = { text("US-CA"), text("DE") };
	market__slices_t list = { v, 2 }, empty = { NULL, 0 };

	ck_assert(market__territories_contain(list, text("US-CA")));
	ck_assert(market__territories_contain(list, text("DE-BY")));
	ck_assert(!market__territories_contain(list, text("US")));
	ck_assert(!market__territories_contain(list, text("FR")));
	ck_assert(market__territories_overlap(list, text("US")));
	ck_assert(market__territories_overlap(list, text("DE-BY")));
	ck_assert(!market__territories_overlap(list, text("US-NY")));
	ck_assert(!market__territories_overlap(list, text("FR")));
	/* D4, E37: empty is nothing, never everywhere. */
	ck_assert(!market__territories_contain(empty, text("US")));
	ck_assert(!market__territories_overlap(empty, text("US")));
}
END_TEST

START_TEST(territory_check_refuses_null_with_a_length)
{
	market_slice_t bad = { NULL, 2 };
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_int_eq(
	    market_territory_check(bad, &error), MARKET_E_ARGUMENT);
	ck_assert_int_eq(error.status, MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_territory_check(text(""), &error), MARKET_E_SCHEMA);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("territory");
	TCase *tcase = tcase_create("territory");

	tcase_add_loop_test(tcase, territory_valid_tells_codes, 0,
	    (int)MARKET__COUNT(validities));
	tcase_add_loop_test(tcase, territory_check_names_the_cure, 0,
	    (int)MARKET__COUNT(validities));
	tcase_add_test(tcase, territory_refusals_are_as_committed);
	tcase_add_test(tcase, territory_list_is_the_standards);
	tcase_add_loop_test(tcase, territory_contains_by_hierarchy_alone, 0,
	    (int)MARKET__COUNT(relations));
	tcase_add_test(tcase, territories_hold_what_an_element_holds);
	tcase_add_test(tcase, territory_check_refuses_null_with_a_length);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
