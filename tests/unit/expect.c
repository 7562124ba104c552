/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "expect.h"
#include "world_vector.h"

/* What is being compared, for the messages. */
typedef struct judged {
	const expect_t *row;
	const market_decision_t *decision;
	const char *report;
} judged_t;

static market_code_t
code_named(const judged_t *j, const char *name)
{
	const market_code_info_t *info = market_code_find(name);

	ck_assert_msg(info != NULL, "%s: no code %s", j->row->label, name);
	return info->code;
}

static void
check_codes(const judged_t *j)
{
	const char *const *codes = j->row->codes;
	const char *name;
	bool wanted, told;
	size_t i;

	for (i = 0; i < EXPECT_CODES_MAX && codes[i] != NULL; i++) {
		wanted = codes[i][0] != '-';
		name = wanted ? codes[i] : codes[i] + 1;
		told = world_has(j->decision, code_named(j, name));
		ck_assert_msg(told == wanted, "%s: %s is %stold\n%s",
		    j->row->label, name, told ? "" : "not ", j->report);
	}
}

static bool
agrees(const char *wanted, const char *told)
{
	return wanted == NULL || (told != NULL && strcmp(wanted, told) == 0);
}

static bool
is_the_finding(const expect_t *row, const market_finding_t *finding)
{
	return agrees(row->path, finding->path) &&
	    agrees(row->got, finding->got) &&
	    agrees(row->wanted, finding->want) &&
	    (row->message == NULL ||
		strstr(finding->message, row->message) != NULL);
}

static void
check_finding(const judged_t *j)
{
	const market_finding_t *finding;
	const market_cell_t *cell;
	market_code_t code;
	size_t i, k;

	if (j->row->codes[0] == NULL || j->row->codes[0][0] == '-')
		return;
	code = code_named(j, j->row->codes[0]);
	for (i = 0; (finding = market_decision_finding(j->decision, i)) != NULL;
	     i++)
		if (finding->code == code && is_the_finding(j->row, finding))
			return;
	for (i = 0; (cell = market_decision_cell(j->decision, i)) != NULL; i++)
		for (k = 0; k < cell->finding_count; k++)
			if (cell->findings[k].code == code &&
			    is_the_finding(j->row, &cell->findings[k]))
				return;
	ck_abort_msg("%s: no %s has that path and those values\n%s",
	    j->row->label, j->row->codes[0], j->report);
}

static void
check_missing(const judged_t *j, const market_cell_t *cell)
{
	size_t i;

	if (j->row->missing[0] == '\0') {
		ck_assert_msg(cell->missing_count == 0,
		    "%s: something is missing\n%s", j->row->label, j->report);
		return;
	}
	for (i = 0; i < cell->missing_count; i++)
		if (strcmp(cell->missing[i], j->row->missing) == 0)
			return;
	ck_abort_msg("%s: \"%s\" is not told as missing\n%s", j->row->label,
	    j->row->missing, j->report);
}

static void
check_due(const judged_t *j, const market_cell_t *cell)
{
	char text[256] = "";
	size_t i, n = 0;

	for (i = 0; i < cell->disclosure_count; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
		    i == 0 ? "" : " ",
		    market_disclosure_name(cell->disclosures[i]));
	ck_assert_msg(strcmp(text, j->row->due) == 0,
	    "%s: due is \"%s\", not \"%s\"\n%s", j->row->label, text,
	    j->row->due, j->report);
}

static void
check_cell(const judged_t *j)
{
	const market_cell_t *cell = market_decision_cell(j->decision, 0);
	char horizon[MARKET__TIME_LEN];
	const char *service;

	if (j->row->missing == NULL && j->row->service == NULL &&
	    j->row->due == NULL && j->row->horizon == NULL)
		return;
	ck_assert_msg(
	    cell != NULL, "%s: no cell\n%s", j->row->label, j->report);
	if (j->row->missing != NULL)
		check_missing(j, cell);
	if (j->row->due != NULL)
		check_due(j, cell);
	service = cell->service == MARKET_SERVICE_UNSPECIFIED
	    ? "?"
	    : market_service_name(cell->service);
	ck_assert_msg(agrees(j->row->service, service), "%s: service %s\n%s",
	    j->row->label, service, j->report);
	if (j->row->horizon == NULL)
		return;
	market__time_format(cell->horizon, horizon);
	ck_assert_msg(strcmp(horizon, j->row->horizon) == 0,
	    "%s: horizon %s\n%s", j->row->label, horizon, j->report);
}

static void
check_verdicts(const judged_t *j)
{
	const market_cell_t *cell;
	char text[4096] = "";
	size_t i, n = 0;

	if (j->row->cells == NULL)
		return;
	for (i = 0; (cell = market_decision_cell(j->decision, i)) != NULL; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
		    i == 0 ? "" : " ", market_verdict_name(cell->verdict));
	ck_assert_msg(strcmp(text, j->row->cells) == 0,
	    "%s: cells are \"%s\"\n%s", j->row->label, text, j->report);
}

static void
check_ignored(const judged_t *j, world_t *world)
{
	char name[96], code[96];

	if (j->row->ignored == NULL)
		return;
	ck_assert_int_eq(sscanf(j->row->ignored, "%95s %95s", name, code), 2);
	ck_assert_msg(world_ignores(world, name, code_named(j, code)),
	    "%s: not ignored: %s\n%s", j->row->label, j->row->ignored,
	    j->report);
}

void
expect_world(world_t *world, const expect_t *row)
{
	market_buffer_t report = MARKET_BUFFER_INIT;
	market_decision_t *decision = world_check(world, "offer", row->at);
	judged_t j = { row, decision, NULL };

	ck_assert_int_eq(
	    market_decision_text(decision, 100, &report), MARKET_OK);
	j.report = (const char *)report.data;
	ck_assert_msg(market_decision_verdict(decision) == row->want,
	    "%s: want %s\n%s", row->label, market_verdict_name(row->want),
	    j.report);
	check_codes(&j);
	check_finding(&j);
	check_cell(&j);
	check_verdicts(&j);
	check_ignored(&j, world);
	market_buffer_clear(&report);
	market_decision_free(decision);
}

static world_t *
world_of(const expect_t *row)
{
	world_t *world = world_new();
	size_t i;

	for (i = 0; i < EXPECT_EDITS_MAX && row->edits[i] != NULL; i++)
		world_edit(world, row->edits[i]);
	return world;
}

_Static_assert((int)WORLD_VECTOR_CODES == (int)EXPECT_CODES_MAX,
    "a vector tells each code of a row");

static void
write_vector(world_t *world, const expect_t *row)
{
	world_want_t want = { row->label, row->at, row->want, { NULL },
		row->ignored };
	size_t i;

	for (i = 0; i < WORLD_VECTOR_CODES; i++)
		want.codes[i] = row->codes[i];
	world_vector(world, &want);
}

void
expect_row(const expect_t *row)
{
	world_t *world = world_of(row);

	expect_world(world, row);
	write_vector(world, row);
	world_free(world);
}

void
expect_refusals(golden_t *list, const expect_t *rows, size_t n)
{
	const market_finding_t *finding;
	market_decision_t *decision;
	world_t *world;
	size_t i, k;

	for (i = 0; i < n; i++) {
		if (rows[i].want == PERMIT)
			continue;
		world = world_of(&rows[i]);
		decision = world_check(world, "offer", rows[i].at);
		market__text_printf(list, "%s\t%s", rows[i].label,
		    market_verdict_name(market_decision_verdict(decision)));
		for (k = 0;
		     (finding = market_decision_finding(decision, k)) != NULL;
		     k++)
			market__text_printf(list, "\t%s %s: %s",
			    market_code_info(finding->code)->name,
			    finding->path == NULL ? "-" : finding->path,
			    finding->message);
		market__text_putc(list, '\n');
		market_decision_free(decision);
		world_free(world);
	}
}
