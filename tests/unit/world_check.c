/* SPDX-License-Identifier: Apache-2.0 */
/* Judging: by a bag of evidence, and rows of tables. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "world_inner.h"
#include "world_store.h"
#include "world_vector.h"

market_slice_t
world_envelope(world_t *world, const char *name)
{
	statement_t *statement = world_statement(world, name);

	ck_assert_msg(statement != NULL, "no statement %s", name);
	world_sign(world, statement);
	return market_buffer_slice(&statement->envelope);
}

static bool
is_evidence(const statement_t *statement)
{
	return strcmp(statement->name, "root") != 0 &&
	    strcmp(statement->name, "policy") != 0 &&
	    statement->kind != MARKET_KIND_OFFER;
}

const char *
world_evidence_name(world_t *world, size_t index)
{
	if (index >= world->n_statements)
		return NULL;
	return is_evidence(&world->statements[index])
	    ? world->statements[index].name
	    : "";
}

market_evidence_t *
world_evidence(world_t *world, unsigned seed)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_evidence_t *evidence = NULL;
	size_t order[STATEMENTS_MAX], i, k, swap;
	const statement_t *statement;

	ck_assert_msg(
	    market_evidence_new(world->context, world_envelope(world, "root"),
		world_envelope(world, "policy"), &evidence,
		&error) == MARKET_OK,
	    "%s: %s", error.path, error.message);
	for (i = 0; i < world->n_statements; i++)
		order[i] = i;
	for (i = world->n_statements; seed != 0 && i > 1; i--) {
		seed = seed * 1103515245U + 12345U;
		k = (seed >> 8) % i;
		swap = order[k];
		order[k] = order[i - 1];
		order[i - 1] = swap;
	}
	for (i = 0; i < world->n_statements; i++) {
		statement = &world->statements[order[i]];
		if (!is_evidence(statement))
			continue;
		ck_assert_int_eq(market_evidence_add(evidence,
				     world_envelope(world, statement->name),
				     statement->name, &error),
		    MARKET_OK);
	}
	return evidence;
}

int64_t
world_time(const char *rfc3339)
{
	int64_t at = 0;

	ck_assert_msg(market__time_parse(market_slice_of(rfc3339), &at),
	    "%s is no time", rfc3339);
	return at;
}

market_decision_t *
world_check(world_t *world, const char *offer, const char *at)
{
	market_evidence_t *evidence = world_evidence(world, 0);
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	market_status_t status;

	status = market_check(evidence, world_envelope(world, offer),
	    world_time(at == NULL ? WORLD_NOW : at), &decision, &error);
	ck_assert_msg(decision != NULL, "%s: %s: %s",
	    market_status_name(status), error.path, error.message);
	switch (market_decision_verdict(decision)) {
	case MARKET_VERDICT_PERMIT: ck_assert_int_eq(status, MARKET_OK); break;
	case MARKET_VERDICT_DENY:
		ck_assert_int_eq(status, MARKET_E_DENIED);
		break;
	case MARKET_VERDICT_INDETERMINATE:
		ck_assert_int_eq(status, MARKET_E_INDETERMINATE);
		break;
	case MARKET_VERDICT_UNSPECIFIED: ck_abort_msg("no verdict");
	}
	market_evidence_free(evidence);
	return decision;
}

const market_finding_t *
world_find(const market_decision_t *decision, market_code_t code)
{
	const market_finding_t *finding;
	const market_cell_t *cell;
	size_t i, k;

	for (i = 0; (finding = market_decision_finding(decision, i)) != NULL;
	     i++)
		if (finding->code == code)
			return finding;
	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++)
		for (k = 0; k < cell->finding_count; k++)
			if (cell->findings[k].code == code)
				return &cell->findings[k];
	return NULL;
}

bool
world_has(const market_decision_t *decision, market_code_t code)
{
	return world_find(decision, code) != NULL;
}

bool
world_ignores(world_t *world, const char *name, market_code_t code)
{
	market_evidence_t *evidence = world_evidence(world, 0);
	market_ignored_t ignored;
	bool found = false;
	size_t i;

	for (i = 0; market_evidence_ignored(evidence, i, &ignored) == MARKET_OK;
	     i++)
		if (strcmp(ignored.name, name) == 0 && ignored.code == code)
			found = true;
	market_evidence_free(evidence);
	return found;
}

/* Evidence ignores another root or policy; a store takes it in. */
static bool
revises_ground(const world_t *world)
{
	const statement_t *statement;
	size_t i;

	for (i = 0; i < world->n_statements; i++) {
		statement = &world->statements[i];
		if (is_evidence(statement) &&
		    (statement->kind == MARKET_KIND_TRUST_ROOT ||
			statement->kind == MARKET_KIND_POLICY))
			return true;
	}
	return false;
}

/* A store that has taken the same statements in comes to the same. */
static void
run_in_store(world_t *world, const world_row_t *row, market_verdict_t verdict)
{
	market_decision_t *decision = world_store_check(
	    world, "offer", row->at);
	market_buffer_t report = MARKET_BUFFER_INIT;

	ck_assert_int_eq(
	    market_decision_text(decision, 100, &report), MARKET_OK);
	ck_assert_msg(market_decision_verdict(decision) == verdict,
	    "%s: in a store, want %s\n%s", row->label,
	    market_verdict_name(verdict), (char *)report.data);
	market_buffer_clear(&report);
	market_decision_free(decision);
}

static void
write_vector(world_t *world, const world_row_t *row)
{
	world_want_t want = { row->label, row->at, row->want, { NULL }, NULL };
	char names[WORLD_CODES_MAX][64], ignored[128];
	int code;
	size_t i;

	for (i = 0; i < WORLD_CODES_MAX && row->codes[i] != 0; i++) {
		code = row->codes[i] < 0 ? -row->codes[i] : row->codes[i];
		snprintf(names[i], sizeof(names[i]), "%s%s",
		    row->codes[i] < 0 ? "-" : "",
		    market_code_info((market_code_t)code)->name);
		want.codes[i] = names[i];
	}
	if (row->ignored != NULL) {
		snprintf(ignored, sizeof(ignored), "%s %s", row->ignored,
		    market_code_info(row->ignored_code)->name);
		want.ignored = ignored;
	}
	world_vector(world, &want);
}

void
world_run_row(const world_row_t *row)
{
	market_buffer_t report = MARKET_BUFFER_INIT;
	market_decision_t *decision;
	world_t *world = world_new();
	bool told;
	size_t i;
	int code;

	for (i = 0; i < WORLD_EDITS_MAX && row->edits[i] != NULL; i++)
		world_edit(world, row->edits[i]);
	decision = world_check(world, "offer", row->at);
	ck_assert_int_eq(
	    market_decision_text(decision, 100, &report), MARKET_OK);
	ck_assert_msg(market_decision_verdict(decision) == row->want,
	    "%s: want %s\n%s", row->label, market_verdict_name(row->want),
	    (char *)report.data);
	for (i = 0; i < WORLD_CODES_MAX && row->codes[i] != 0; i++) {
		code = row->codes[i] < 0 ? -row->codes[i] : row->codes[i];
		told = world_has(decision, (market_code_t)code);
		ck_assert_msg(told == (row->codes[i] > 0),
		    "%s: %s is %stold\n%s", row->label,
		    market_code_info((market_code_t)code)->name,
		    told ? "" : "not ", (char *)report.data);
	}
	if (row->ignored != NULL)
		ck_assert_msg(
		    world_ignores(world, row->ignored, row->ignored_code),
		    "%s: %s is not ignored with %s\n%s", row->label,
		    row->ignored, market_code_info(row->ignored_code)->name,
		    (char *)report.data);
	write_vector(world, row);
	if (!revises_ground(world))
		run_in_store(world, row, market_decision_verdict(decision));
	market_buffer_clear(&report);
	market_decision_free(decision);
	world_free(world);
}
