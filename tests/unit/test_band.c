/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>

#include <market/identifier.h>

#include "model/band.h"

#define GSM  MARKET_RAT_GSM
#define UMTS MARKET_RAT_UMTS
#define LTE  MARKET_RAT_LTE
#define NR   MARKET_RAT_NR

#define NONE    MARKET__BAND_NONE
#define PARTIAL MARKET__BAND_PARTIAL
#define FULL    MARKET__BAND_FULL

static const struct match {
	const char *label;
	market_rat_t rat;
	uint32_t a, b;
	market__band_match_t want;
} matches[] = {
	{ "the same band", LTE, 4, 4, FULL },
	{ "GSM by MHz", GSM, 1900, 1900, FULL },
	{ "GSM 850 is not 900", GSM, 850, 900, NONE },
	{ "B4 in B66", LTE, 4, 66, PARTIAL },
	{ "B4 in B10", LTE, 4, 10, PARTIAL },
	{ "B10 in B66", LTE, 10, 66, PARTIAL },
	{ "B17 in B12", LTE, 17, 12, PARTIAL },
	{ "B17 in B85", LTE, 17, 85, PARTIAL },
	{ "B12 in B85", LTE, 12, 85, PARTIAL },
	{ "B2 in B25", LTE, 2, 25, PARTIAL },
	{ "B5 in B26", LTE, 5, 26, PARTIAL },
	{ "B18 in B26", LTE, 18, 26, PARTIAL },
	{ "B19 in B26", LTE, 19, 26, PARTIAL },
	{ "B1 in B65", LTE, 1, 65, PARTIAL },
	{ "B38 in B41", LTE, 38, 41, PARTIAL },
	{ "B9 in B3", LTE, 9, 3, PARTIAL },
	{ "B32 in B75", LTE, 32, 75, PARTIAL },
	{ "B33 in B39", LTE, 33, 39, PARTIAL },
	{ "UMTS 6 in 19", UMTS, 6, 19, PARTIAL },
	{ "UMTS 9 in 3", UMTS, 9, 3, PARTIAL },
	{ "n78 in n77", NR, 78, 77, PARTIAL },
	{ "n261 in n257", NR, 261, 257, PARTIAL },
	{ "n38 in n41", NR, 38, 41, PARTIAL },
	{ "n12 in n85", NR, 12, 85, PARTIAL },
	/* LTE 700: never compare by MHz. */
	{ "B12 and B13 are both 700", LTE, 12, 13, NONE },
	{ "B13 and B14 are both 700", LTE, 13, 14, NONE },
	{ "B17 and B28 are both 700", LTE, 17, 28, NONE },
	{ "B12 and B28 are both 700", LTE, 12, 28, NONE },
	{ "two parts of one superset", LTE, 5, 18, NONE },
	{ "B17 and what only overlaps", LTE, 17, 29, NONE },
	{ "UMTS 4 in 66 is another RAT's", UMTS, 4, 66, NONE },
	{ "UMTS 2 and 4", UMTS, 2, 4, NONE },
	{ "n4 is no band", NR, 4, 4, NONE },
	{ "n4 is no part of n66", NR, 4, 66, NONE },
	{ "B300 is no band", LTE, 300, 300, NONE },
	{ "zero is no band", LTE, 0, 0, NONE },
	{ "zero is no superset", LTE, 3, 0, NONE },
	{ "65536 + id", LTE, 65540, 4, NONE },
	{ "no RAT", MARKET_RAT_UNSPECIFIED, 4, 4, NONE },
	{ "an unknown RAT", (market_rat_t)9, 4, 4, NONE },
};

START_TEST(band_match_tells_full_and_partial)
{
	ck_assert_msg(market__band_match(matches[_i].rat, matches[_i].a,
			  matches[_i].b) == matches[_i].want,
	    "%s", matches[_i].label);
	ck_assert_msg(market__band_match(matches[_i].rat, matches[_i].b,
			  matches[_i].a) == matches[_i].want,
	    "%s, device and network exchanged", matches[_i].label);
}
END_TEST

static const struct alone {
	const char *label;
	market_rat_t rat;
	uint32_t band;
	bool known, downlink, anchor;
} alones[] = {
	{ "B4", LTE, 4, true, false, false },
	{ "B29 is downlink only", LTE, 29, true, true, false },
	{ "B32 is downlink only", LTE, 32, true, true, false },
	{ "B67 is downlink only", LTE, 67, true, true, false },
	{ "B69 is downlink only", LTE, 69, true, true, false },
	{ "B75 is downlink only", LTE, 75, true, true, false },
	{ "B76 is downlink only", LTE, 76, true, true, false },
	{ "B74, beside them, is not", LTE, 74, true, false, false },
	{ "n29 is downlink only", NR, 29, true, true, false },
	{ "n67 is downlink only", NR, 67, true, true, false },
	{ "n75 is downlink only", NR, 75, true, true, false },
	{ "n76 is downlink only", NR, 76, true, true, false },
	{ "n77, beside them, is not", NR, 77, true, false, false },
	{ "UMTS 32 is downlink only", UMTS, 32, true, true, false },
	{ "B46 is licensed assisted", LTE, 46, true, false, true },
	{ "B49 is licensed assisted", LTE, 49, true, false, true },
	{ "B48 at the same place is not", LTE, 48, true, false, false },
	{ "n46 stands alone (NR-U)", NR, 46, true, false, false },
	{ "n80 is supplementary uplink", NR, 80, true, false, true },
	{ "n71", NR, 71, true, false, false },
	{ "n4 is none", NR, 4, false, false, false },
	{ "B300 is none", LTE, 300, false, false, false },
	{ "LTE 6 is none", LTE, 6, false, false, false },
	{ "2526 is two run together", LTE, 2526, false, false, false },
	{ "65536 + 29", LTE, 65565, false, false, false },
	{ "no RAT", MARKET_RAT_UNSPECIFIED, 4, false, false, false },
};

START_TEST(band_alone_needs_both_directions)
{
	market_rat_t rat = alones[_i].rat;
	uint32_t band = alones[_i].band;
	const char *label = alones[_i].label;

	ck_assert_msg(
	    market__band_known(rat, band) == alones[_i].known, "%s", label);
	ck_assert_msg(
	    market__band_downlink_only(rat, band) == alones[_i].downlink, "%s",
	    label);
	ck_assert_msg(market__band_needs_anchor(rat, band) == alones[_i].anchor,
	    "%s", label);
	ck_assert_msg(market__band_stands_alone(rat, band) ==
		(alones[_i].known && !alones[_i].downlink &&
		    !alones[_i].anchor),
	    "%s", label);
}
END_TEST

/* ---- bands.tsv ---- */

static market_rat_t
rat_of(const char *name)
{
	market_rat_t rat;

	for (rat = GSM; rat <= NR; rat = (market_rat_t)(rat + 1)) {
		if (strcmp(market_rat_name(rat), name) == 0)
			return rat;
	}
	return MARKET_RAT_UNSPECIFIED; /* TDSCDMA and CDMA are not judged */
}

static uint32_t
number_of(const char *text)
{
	return (uint32_t)strtoul(text + (*text == 'n'), NULL, 10);
}

/* Is `band` in the list "12,85" or "n65"? */
static bool
listed(const char *list, uint32_t band)
{
	const char *at = list;

	while (*at != '\0') {
		if (number_of(at) == band)
			return true;
		at += strcspn(at, ",");
		at += *at == ',';
	}
	return false;
}

typedef struct row {
	market_rat_t rat;
	uint32_t band;
	const char *subset_of;
	bool downlink;
} row_t;

static size_t
read_rows(char *data, row_t *rows, size_t max)
{
	char *line, *fields[10];
	size_t n = 0;

	while ((line = harness_line(&data)) != NULL) {
		if (harness_fields(line, fields, 10) < 9 || n == max)
			continue;
		rows[n].rat = rat_of(fields[0]);
		rows[n].band = number_of(fields[1]);
		rows[n].downlink = strcmp(fields[3], "SDL") == 0;
		rows[n].subset_of = fields[8];
		if (rows[n].rat != MARKET_RAT_UNSPECIFIED)
			n++;
	}
	return n;
}

START_TEST(band_facts_are_those_of_the_data)
{
	const char *path;
	row_t rows[128];
	char *data;
	size_t n, i, j;

	HARNESS_SHARED(path, "data/bands.tsv");
	data = harness_read(path, NULL);
	n = read_rows(data, rows, MARKET__COUNT(rows));
	ck_assert_uint_ge(n, 90);
	for (i = 0; i < n; i++) {
		row_t *row = &rows[i];

		ck_assert_msg(market__band_known(row->rat, row->band),
		    "%s %u is known", market_rat_name(row->rat), row->band);
		ck_assert_msg(market__band_downlink_only(row->rat, row->band) ==
			row->downlink,
		    "%s %u: downlink only", market_rat_name(row->rat),
		    row->band);
		/* Supersets that the data does not list are not in this loop.
		 */
		for (j = 0; j < n; j++) {
			if (rows[j].rat != row->rat)
				continue;
			ck_assert_msg(market__band_subset(
					  row->rat, row->band, rows[j].band) ==
				listed(row->subset_of, rows[j].band),
			    "%s %u in %u", market_rat_name(row->rat), row->band,
			    rows[j].band);
		}
	}
	free(data);
}
END_TEST

START_TEST(band_table_is_in_order_and_its_supersets_are_bands)
{
	static const size_t want[] = { 0, 11, 21, 67, 77 };
	market_rat_t rat;

	for (rat = GSM; rat <= NR; rat = (market_rat_t)(rat + 1)) {
		size_t n = 0;
		uint32_t a, b;

		/* A row out of order would not be found. */
		for (a = 0; a <= 2000; a++)
			n += market__band_known(rat, a);
		ck_assert_msg(n == want[rat], "%s has %zu bands",
		    market_rat_name(rat), n);
		for (a = 0; a <= 300; a++)
			for (b = 0; b <= 300; b++)
				ck_assert(!market__band_subset(rat, a, b) ||
				    (a != b && market__band_known(rat, b) &&
					!market__band_subset(rat, b, a)));
	}
}
END_TEST

/* ---- text ---- */

static const struct parse {
	const char *label;
	market_rat_t rat;
	const char *text;
	uint32_t want; /* 0: refused */
} parses[] = {
	{ "LTE as written", LTE, "B4", 4 },
	{ "LTE lower case", LTE, "b66", 66 },
	{ "LTE bare", LTE, "41", 41 },
	{ "LTE in words", LTE, "Band 12", 12 },
	{ "LTE in capitals", LTE, "BAND 12", 12 },
	{ "NR as written", NR, "n71", 71 },
	{ "NR upper case", NR, "N71", 71 },
	{ "NR of three digits", NR, "n257", 257 },
	{ "UMTS roman", UMTS, "Band IV", 4 },
	{ "UMTS roman, bare", UMTS, "VIII", 8 },
	{ "UMTS roman, greatest", UMTS, "Band XXXII", 32 },
	{ "UMTS roman nine", UMTS, "Band IX", 9 },
	{ "UMTS roman ten", UMTS, "Band X", 10 },
	{ "UMTS roman with a tail", UMTS, "Band XIX", 19 },
	{ "UMTS number", UMTS, "B5", 5 },
	{ "GSM in MHz", GSM, "850", 850 },
	{ "GSM with its name", GSM, "GSM 1900", 1900 },
	{ "GSM run together", GSM, "GSM900", 900 },
	{ "B25 and B26 run together", LTE, "2526", 0 },
	{ "no such LTE band", LTE, "B300", 0 },
	{ "no such NR band", NR, "n4", 0 },
	{ "NR written as LTE", NR, "B71", 0 },
	{ "LTE written as NR", LTE, "n4", 0 },
	{ "roman outside UMTS", LTE, "Band IV", 0 },
	{ "roman out of order", UMTS, "Band IIX", 0 },
	{ "roman too long", UMTS, "Band IIII", 0 },
	{ "roman too great", UMTS, "Band XXXXI", 0 },
	{ "a leading zero", LTE, "B04", 0 },
	{ "a sign", LTE, "B+4", 0 },
	{ "a space behind", LTE, "B4 ", 0 },
	{ "two spaces", LTE, "Band  4", 0 },
	{ "only the prefix", LTE, "B", 0 },
	{ "only the word", LTE, "Band ", 0 },
	{ "five digits", LTE, "65540", 0 },
	{ "a GSM band by number", GSM, "5", 0 },
	{ "empty", LTE, "", 0 },
	{ "E23 a Cyrillic letter", LTE,
	    "\xd0\x92"
	    "4",
	    0 },
};

START_TEST(band_parse_reads_what_people_write)
{
	market_error_t error = MARKET_ERROR_INIT;
	uint32_t band = 77;
	market_status_t status = market_band_parse(parses[_i].rat,
	    market__slice(parses[_i].text, strlen(parses[_i].text)), &band,
	    &error);

	if (parses[_i].want > 0) {
		ck_assert_msg(status == MARKET_OK, "%s: %s", parses[_i].label,
		    error.message);
		ck_assert_msg(band == parses[_i].want, "%s", parses[_i].label);
		return;
	}
	ck_assert_msg(status == MARKET_E_SCHEMA, "%s", parses[_i].label);
	ck_assert_msg(band == 77, "%s: left untouched", parses[_i].label);
	ck_assert_msg(error.message[0] != '\0', "%s", parses[_i].label);
}
END_TEST

START_TEST(band_parse_refuses_bad_arguments)
{
	market_slice_t text = MARKET__LITERAL("B4"), bad = { NULL, 2 };
	uint32_t band = 0;

	ck_assert_int_eq(
	    market_band_parse(MARKET_RAT_UNSPECIFIED, text, &band, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_band_parse((market_rat_t)9, text, &band, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_band_parse(LTE, text, NULL, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_band_parse(LTE, bad, &band, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_band_parse(LTE, text, &band, NULL), MARKET_OK);
}
END_TEST

START_TEST(band_text_reads_back)
{
	static const struct {
		market_rat_t rat;
		uint32_t band;
		const char *want;
	} rows[] = {
		{ GSM, 850, "850 MHz" },
		{ UMTS, 4, "B4" },
		{ LTE, 66, "B66" },
		{ NR, 71, "n71" },
	};
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		market__text_t text;

		market__text_init(&text, &market__default_allocator, 100);
		market__band_write(&text, rows[i].rat, rows[i].band);
		ck_assert_str_eq(text.data, rows[i].want);
		market__text_clear(&text);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("band");
	TCase *tcase = tcase_create("band");

	tcase_add_loop_test(tcase, band_match_tells_full_and_partial, 0,
	    (int)MARKET__COUNT(matches));
	tcase_add_loop_test(tcase, band_alone_needs_both_directions, 0,
	    (int)MARKET__COUNT(alones));
	tcase_add_test(tcase, band_facts_are_those_of_the_data);
	tcase_add_test(
	    tcase, band_table_is_in_order_and_its_supersets_are_bands);
	tcase_add_loop_test(tcase, band_parse_reads_what_people_write, 0,
	    (int)MARKET__COUNT(parses));
	tcase_add_test(tcase, band_parse_refuses_bad_arguments);
	tcase_add_test(tcase, band_text_reads_back);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
