/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registry of findings, and its reference page: with the argument --page
 * this program prints libmarket/doc/findings.md (`make findings-page`).
 */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>

#include <market/finding.h>

#include "base/base.h"

#define PAGE_MAX ((size_t)256 * 1024)

static const struct {
	int first;
	const char *title;
} families[] = {
	{ 1000, "Statements" },
	{ 2000, "Keys, root and policy" },
	{ 3000, "Authorization" },
	{ 4000, "Certification and networks" },
	{ 5000, "Compatibility" },
	{ 6000, "The offer" },
	{ 7000, "Seller and marketplace" },
	{ 8000, "Status and time" },
	{ 9000, "Limits and advance notice" },
};

static void
write_entry(market__text_t *page, const market_code_info_t *info)
{
	market__text_printf(page, "### %d %s\n\n", (int)info->code, info->name);
	market__text_printf(page, "%s. Can be mended by: %s. %s\n\n",
	    market_effect_name(info->effect), market_actor_name(info->actor),
	    info->clears ? "Evidence or time can clear it without a new offer."
			 : "It takes a new offer.");
	market__text_printf(
	    page, "- What: %s.\n- Remedy: %s\n", info->meaning, info->remedy);
}

static void
write_page(market__text_t *page)
{
	const market_code_info_t *info;
	size_t i, family = 0;

	market__text_puts(page,
	    "# Findings\n\n"
	    "What an evaluation can tell. Names and numbers are never "
	    "reused or given another\nmeaning. A DENY or an INDETERMINATE "
	    "keeps a cell from being published; a WARN or\na NOTE does not. "
	    "`market explain CODE` prints one entry.\n\n"
	    "This page is made from `libmarket/include/market/finding_codes.h`"
	    " by `make\nfindings-page`; a test fails where the two differ.\n");
	for (i = 0; (info = market_code_at(i)) != NULL; i++) {
		while (family < MARKET__COUNT(families) &&
		    families[family].first <= (int)info->code)
			market__text_printf(
			    page, "\n## %s\n", families[family++].title);
		market__text_putc(page, '\n');
		write_entry(page, info);
	}
}

START_TEST(registry_page_is_the_committed_one)
{
	const char *path = harness_source("libmarket/doc/findings.md");
	market__text_t page;
	char *committed;
	size_t len;

	committed = harness_read(path, &len);
	market__text_init(&page, &market__default_allocator, PAGE_MAX);
	write_page(&page);
	ck_assert_int_eq(page.status, MARKET_OK);
	ck_assert_msg(page.len == len && memcmp(page.data, committed, len) == 0,
	    "libmarket/doc/findings.md differs from the registry; "
	    "run `make findings-page` and read the difference");
	market__text_clear(&page);
	free(committed);
}
END_TEST

/* ---- the contract ---- */

static market_effect_t
effect_of(const char *letter)
{
	switch (*letter) {
	case 'D': return MARKET_EFFECT_DENY;
	case 'I': return MARKET_EFFECT_INDETERMINATE;
	case 'W': return MARKET_EFFECT_WARN;
	case 'N': return MARKET_EFFECT_NOTE;
	default: return (market_effect_t)0;
	}
}

START_TEST(registry_has_every_row_of_the_contract)
{
	char *data, *rest, *line, *fields[7];
	const char *path;
	size_t n = 0;

	HARNESS_SHARED(path, "schema/findings.tsv");
	rest = data = harness_read(path, NULL);
	while ((line = harness_line(&rest)) != NULL) {
		const market_code_info_t *info;

		if (line[0] < '0' || line[0] > '9')
			continue;
		ck_assert_uint_eq(harness_fields(line, fields, 7), 6);
		info = market_code_find(fields[0]);
		ck_assert_msg(info != NULL, "%s %s", fields[0], fields[1]);
		ck_assert_str_eq(info->name, fields[1]);
		ck_assert_int_eq(info->code, atoi(fields[0]));
		ck_assert_msg(
		    info->effect == effect_of(fields[2]), "%s", fields[1]);
		ck_assert_str_eq(market_actor_name(info->actor), fields[3]);
		ck_assert_msg(
		    info->clears == (fields[4][0] == 'y'), "%s", fields[1]);
		n++;
	}
	ck_assert_uint_eq(n, 87);
	/* Two are this project's own. */
	ck_assert_ptr_nonnull(market_code_at(n + 1));
	ck_assert_ptr_null(market_code_at(n + 2));
	ck_assert_ptr_nonnull(market_code_find("WITHDRAWAL_TARGET_UNKNOWN"));
	ck_assert_ptr_nonnull(market_code_find("VOICE_UNKNOWN"));
	free(data);
}
END_TEST

/* ---- each entry ---- */

static size_t
count(void)
{
	size_t n = 0;

	while (market_code_at(n) != NULL)
		n++;
	return n;
}

START_TEST(registry_is_in_order_of_number)
{
	size_t i;

	for (i = 1; i < count(); i++)
		ck_assert_msg(
		    market_code_at(i - 1)->code < market_code_at(i)->code, "%s",
		    market_code_at(i)->name);
	ck_assert_ptr_null(market_code_at(SIZE_MAX));
}
END_TEST

START_TEST(registry_finds_each_entry_by_code_name_and_number)
{
	char text[16];
	size_t i, j;

	for (i = 0; i < count(); i++) {
		const market_code_info_t *info = market_code_at(i);

		ck_assert_ptr_eq(market_code_info(info->code), info);
		ck_assert_ptr_eq(market_code_find(info->name), info);
		snprintf(text, sizeof(text), "%d", (int)info->code);
		ck_assert_ptr_eq(market_code_find(text), info);
		for (j = 0; j < i; j++)
			ck_assert_str_ne(info->name, market_code_at(j)->name);
	}
}
END_TEST

START_TEST(registry_texts_tell_the_next_step)
{
	size_t i, j;

	for (i = 0; i < count(); i++) {
		const market_code_info_t *info = market_code_at(i);
		const char *last = info->remedy + strlen(info->remedy) - 1;

		ck_assert_msg(strlen(info->meaning) > 15, "%s", info->name);
		ck_assert_msg(strlen(info->remedy) > 40, "%s", info->name);
		ck_assert_msg(*last == '.', "%s: a sentence", info->name);
		ck_assert_msg(info->remedy[0] >= 'A' && info->remedy[0] <= 'Z',
		    "%s: a sentence", info->name);
		ck_assert_msg(
		    strstr(info->meaning, "...") == NULL, "%s", info->name);
		ck_assert_msg(
		    strstr(info->remedy, "...") == NULL, "%s", info->name);
		ck_assert_ptr_nonnull(market_effect_name(info->effect));
		ck_assert_ptr_nonnull(market_actor_name(info->actor));
		/* A text copied from the neighbour and left so. */
		for (j = 0; j < i; j++) {
			ck_assert_str_ne(
			    info->meaning, market_code_at(j)->meaning);
			ck_assert_str_ne(
			    info->remedy, market_code_at(j)->remedy);
		}
	}
}
END_TEST

START_TEST(registry_refuses_what_is_no_code)
{
	static const char *const rows[] = { "", "0", "3", "310", "31010",
		"03101", "3100", "-3101", "3101 ", " 3101", "3101x",
		"brand_disavowed", "BRAND_DISAVOWE", "BRAND_DISAVOWED ",
		"MARKET_CODE_BRAND_DISAVOWED", "NONE", "*" };
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++)
		ck_assert_msg(
		    market_code_find(rows[i]) == NULL, "\"%s\"", rows[i]);
	ck_assert_ptr_null(market_code_find(NULL));
	ck_assert_ptr_null(market_code_info(MARKET_CODE_NONE));
	ck_assert_ptr_null(market_code_info((market_code_t)-1));
	ck_assert_ptr_null(market_code_info((market_code_t)99999));
	ck_assert_ptr_null(market_code_info((market_code_t)(65536 + 3101)));
}
END_TEST

START_TEST(registry_names_effects_and_actors)
{
	ck_assert_str_eq(market_effect_name(MARKET_EFFECT_DENY), "DENY");
	ck_assert_str_eq(
	    market_effect_name(MARKET_EFFECT_INDETERMINATE), "INDETERMINATE");
	ck_assert_str_eq(market_effect_name(MARKET_EFFECT_WARN), "WARN");
	ck_assert_str_eq(market_effect_name(MARKET_EFFECT_NOTE), "NOTE");
	ck_assert_ptr_null(market_effect_name((market_effect_t)0));
	ck_assert_ptr_null(market_effect_name((market_effect_t)5));
	ck_assert_str_eq(market_actor_name(MARKET_ACTOR_NOBODY), "nobody");
	ck_assert_str_eq(market_actor_name(MARKET_ACTOR_TIME), "time");
	ck_assert_ptr_null(market_actor_name((market_actor_t)8));
	ck_assert_ptr_null(market_actor_name((market_actor_t)-1));
}
END_TEST

static int
print_page(void)
{
	market__text_t page;
	bool ok;

	market__text_init(&page, &market__default_allocator, PAGE_MAX);
	write_page(&page);
	ok = page.status == MARKET_OK &&
	    fwrite(page.data, 1, page.len, stdout) == page.len;
	market__text_clear(&page);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	Suite *suite;
	TCase *tcase;

	if (argc == 2 && strcmp(argv[1], "--page") == 0)
		return print_page();
	suite = suite_create("registry");
	tcase = tcase_create("registry");
	tcase_add_test(tcase, registry_page_is_the_committed_one);
	tcase_add_test(tcase, registry_has_every_row_of_the_contract);
	tcase_add_test(tcase, registry_is_in_order_of_number);
	tcase_add_test(
	    tcase, registry_finds_each_entry_by_code_name_and_number);
	tcase_add_test(tcase, registry_texts_tell_the_next_step);
	tcase_add_test(tcase, registry_refuses_what_is_no_code);
	tcase_add_test(tcase, registry_names_effects_and_actors);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
