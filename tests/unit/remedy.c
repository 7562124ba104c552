/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "remedy.h"

/* So wide that no line is broken. */
#define WIDE 4000

static void
edit_all(world_t *world, const char *const *edits)
{
	size_t i;

	for (i = 0; i < REMEDY_EDITS && edits[i] != NULL; i++)
		world_edit(world, edits[i]);
}

static const char *
instant(const char *at)
{
	return at == NULL ? WORLD_NOW : at;
}

/*
 * What the report has of the code: its headline, message and remedy up to the
 * next finding, and what the page lists as missing.
 */
static char *
told_of(const char *report, const market_code_info_t *info)
{
	const char *begin, *end, *line;
	char *text = calloc(1, 2 * strlen(report) + 1);
	size_t len = strlen(info->name);

	ck_assert_ptr_nonnull(text);
	for (line = report; *line != '\0'; line = strchr(line, '\n') + 1) {
		begin = line + strspn(line, " ");
		if (strncmp(begin, "- ", 2) == 0)
			strncat(text, begin,
			    (size_t)(strchr(begin, '\n') + 1 - begin));
		begin = line + 10;
		if (strncmp(line, "    ", 4) != 0 || line[4] == ' ' ||
		    strlen(line) < 10 || strncmp(begin, info->name, len) != 0 ||
		    strchr(" ,(\n", begin[len]) == NULL)
			continue;
		/* What belongs to it stands further in. */
		end = strchr(line, '\n') + 1;
		while (strncmp(end, "          ", 10) == 0)
			end = strchr(end, '\n') + 1;
		strncat(text, line, (size_t)(end - line));
	}
	return text;
}

static void
assert_words(const remedy_t *row, const market_decision_t *decision)
{
	const market_code_info_t *info = market_code_info(row->code);
	market_buffer_t report = MARKET_BUFFER_INIT;
	char *told;
	size_t i;

	ck_assert_int_eq(
	    market_decision_text(decision, WIDE, &report), MARKET_OK);
	told = told_of((const char *)report.data, info);
	ck_assert_msg(
	    strstr(told, info->remedy) != NULL, "%s:\n%s", info->name, told);
	for (i = 0; i < REMEDY_WORDS && row->words[i] != NULL; i++)
		ck_assert_msg(strstr(told, row->words[i]) != NULL,
		    "%s does not say \"%s\":\n%s", info->name, row->words[i],
		    told);
	ck_assert_uint_ge(i, 2);
	free(told);
	market_buffer_clear(&report);
}

void
remedy_run(const remedy_t *row)
{
	const char *name = market_code_info(row->code)->name;
	market_buffer_t report = MARKET_BUFFER_INIT;
	market_decision_t *decision;
	world_t *world = world_new();

	/* With nothing broken the offer is permitted. */
	decision = world_check(world, "offer", WORLD_NOW);
	ck_assert_int_eq(
	    market_decision_verdict(decision), MARKET_VERDICT_PERMIT);
	market_decision_free(decision);
	edit_all(world, row->edits);
	decision = world_check(world, "offer", instant(row->at));
	ck_assert_int_eq(
	    market_decision_text(decision, WIDE, &report), MARKET_OK);
	ck_assert_msg(market_decision_verdict(decision) == row->verdict &&
		world_has(decision, row->code),
	    "%s:\n%s", name, (char *)report.data);
	assert_words(row, decision);
	market_decision_free(decision);

	edit_all(world, row->remedy);
	decision = world_check(world, "offer", instant(row->then));
	ck_assert_int_eq(
	    market_decision_text(decision, WIDE, &report), MARKET_OK);
	ck_assert_msg(
	    market_decision_verdict(decision) == MARKET_VERDICT_PERMIT &&
		!world_has(decision, row->code),
	    "%s, its remedy done:\n%s", name, (char *)report.data);
	market_decision_free(decision);
	market_buffer_clear(&report);
	world_free(world);
}

void
remedy_has_all(
    const remedies_t *all, size_t n, market_code_t from, market_code_t to)
{
	/* CLOCK_UNTRUSTED is a store's alone; LIMIT_EXCEEDED has many causes.
	 */
	static const char *const others[] = { "CLOCK_UNTRUSTED",
		"LIMIT_EXCEEDED" };
	const market_code_info_t *info;
	size_t i, k, found;
	int j;

	for (i = 0; (info = market_code_at(i)) != NULL; i++) {
		if (info->code < from || info->code >= to)
			continue;
		found = 0;
		for (k = 0; k < n; k++)
			for (j = 0; j < all[k].n; j++)
				found += all[k].rows[j].code == info->code;
		for (k = 0; k < sizeof(others) / sizeof(others[0]); k++)
			found += strcmp(others[k], info->name) == 0;
		ck_assert_msg(
		    found == (info->effect >= MARKET_EFFECT_INDETERMINATE),
		    "%s: %zu", info->name, found);
	}
}
