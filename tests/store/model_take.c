/* SPDX-License-Identifier: Apache-2.0 */
/* Handing in statements and offers, and what must come of each. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "model_run.h"

static bool
is_kept(market_result_t result)
{
	return result == MARKET_RESULT_ACCEPTED || result == MARKET_RESULT_FORK;
}

static void
results_print(unsigned results, char *text, size_t size)
{
	int i;

	text[0] = '\0';
	for (i = MARKET_RESULT_ACCEPTED; i <= MARKET_RESULT_REFUSED; i++)
		if (results & BIT(i))
			snprintf(text + strlen(text), size - strlen(text),
			    " %s", market_result_name((market_result_t)i));
}

/* The same from every backend, and one of what it may be. */
static bool
agree_result(run_t *run, const fact_t *fact, unsigned results,
    const market_result_t *got, const uint64_t *entries)
{
	char want[128];
	int b;

	results_print(results, want, sizeof(want));
	for (b = 0; b < run->n_backends; b++) {
		if (results != 0 && !(results & BIT(got[b])))
			RUN_FAIL(run, "%s: %s is %s, want%s",
			    run->backends[b].name, fact->name,
			    market_result_name(got[b]), want);
		if (got[b] != got[0])
			RUN_FAIL(run, "%s is %s in %s and %s in %s", fact->name,
			    market_result_name(got[0]), run->backends[0].name,
			    market_result_name(got[b]), run->backends[b].name);
		if ((entries[b] != 0) != is_kept(got[b]))
			RUN_FAIL(run, "%s: %s is %s and has entry %llu",
			    run->backends[b].name, fact->name,
			    market_result_name(got[b]),
			    (unsigned long long)entries[b]);
	}
	return !run->failed;
}

/* ---- add ---- */

#define BATCH_MAX (STEP_ARGS_MAX + 1)

/* Those of a step whose outcome the design does not leave open. */
static int
choose_facts(const run_t *run, const step_t *step, const fact_t **facts)
{
	static model_t trial; /* large */
	int i, n = 0;

	trial = run->model;
	for (i = 0; i < step->n; i++) {
		const fact_t *fact = &run->pool->facts[step->args[i]];
		unsigned results = model_add_results(&trial, fact);

		if (results == 0)
			continue;
		if (results & RESULT(FORK))
			model_take(&trial, fact, MARKET_RESULT_FORK);
		else if (results & RESULT(ACCEPTED))
			model_take(&trial, fact, MARKET_RESULT_ACCEPTED);
		facts[n++] = fact;
	}
	return n;
}

/* Listings that came by these statements were recomputed, so seen. */
void
run_observe_new(run_t *run)
{
	view_t then = model_at(&run->before, run->model.clock);
	view_t now = model_now(&run->model);
	listing_t listing;
	int i, k;

	for (i = 0; i < run->model.n_known; i++) {
		const known_t *known = &run->model.known[i];
		bool live = false;

		if (!model_is_listing(&now, known) ||
		    known->live_order != INT_MAX)
			continue;
		model_listing(&now, known, &listing);
		for (k = 0; k < listing.n_cells; k++)
			live = live ||
			    (listing.cells[k].live &&
				model_answer(&then, &listing.cells[k].question)
					.verdict != MARKET_VERDICT_PERMIT);
		if (live)
			model_observe(&run->model, known->fact);
	}
}

/* What every backend says of each statement of one call. */
typedef struct answers {
	market_result_t result[BATCH_MAX][BACKENDS];
	uint64_t entry[BATCH_MAX][BACKENDS];
	bool taken[BATCH_MAX];
} answers_t;

static bool
read_additions(run_t *run, int n, int extra,
    market_additions_t *const *additions, answers_t *answers)
{
	int i, b;

	memset(answers, 0, sizeof(*answers));
	for (i = 0; i < n + extra; i++)
		for (b = 0; b < run->n_backends; b++) {
			const market_added_t *added = market_additions_at(
			    additions[b], (size_t)i);

			if (added == NULL) {
				RUN_FAIL(run, "%s: no result %d",
				    run->backends[b].name, i);
				return false;
			}
			answers->result[i][b] = added->result;
			answers->entry[i][b] = added->entry;
			if (i >= n && added->result != MARKET_RESULT_REFUSED)
				RUN_FAIL(run, "%s: what is none is %s",
				    run->backends[b].name,
				    market_result_name(added->result));
		}
	return !run->failed;
}

/* Does it know its own keys only by another statement? */
static bool
may_wait(const fact_t *fact)
{
	return fact->parent != NULL || fact->key == K_MI2 ||
	    (fact->kind == MARKET_KIND_WITHDRAWAL &&
		(fact->issuer == P_DIST || fact->issuer == P_SHOP ||
		    fact->issuer == P_STORE));
}

/* Was one accepted before it that was handed in behind it? */
static bool
waited(const answers_t *answers, int n, int i)
{
	uint64_t entry = answers->entry[i][0];
	int k;

	for (k = i + 1; k < n; k++)
		if (answers->entry[k][0] != 0 && answers->entry[k][0] < entry)
			return true;
	return false;
}

/*
 * What waited for another statement of the same call comes after it; where it
 * waited in vain, after all.
 */
static uint64_t
rank(const answers_t *answers, const fact_t *const *facts, int n, int i)
{
	uint64_t entry = answers->entry[i][0], before = 0;

	if (entry != 0)
		return entry;
	if (may_wait(facts[i]))
		return UINT64_MAX;
	/* With what was accepted before it. */
	for (i--; i >= 0 && before == 0; i--)
		if (!waited(answers, n, i))
			before = answers->entry[i][0];
	return before;
}

static int
next_addition(const answers_t *answers, const fact_t *const *facts, int n)
{
	int i, next = -1;

	for (i = 0; i < n; i++)
		if (!answers->taken[i] &&
		    (next < 0 ||
			rank(answers, facts, n, i) <
			    rank(answers, facts, n, next)))
			next = i;
	return next;
}

static void
take_additions(run_t *run, const fact_t *const *facts, int n, int extra,
    market_additions_t *const *additions)
{
	answers_t answers;
	int i;

	if (!read_additions(run, n, extra, additions, &answers))
		return;
	while ((i = next_addition(&answers, facts, n)) >= 0 && !run->failed) {
		market_result_t result = answers.result[i][0];

		answers.taken[i] = true;
		if (!agree_result(run, facts[i],
			model_add_results(&run->model, facts[i]),
			answers.result[i], answers.entry[i]))
			return;
		model_take(&run->model, facts[i], result);
		if (is_kept(result))
			run_event(run, MARKET_CHANGE_STATEMENT, facts[i],
			    result, 0, 0);
	}
}

void
run_add(run_t *run, const step_t *step)
{
	market_additions_t *additions[BACKENDS] = { NULL };
	market_slice_t envelopes[BATCH_MAX];
	const fact_t *facts[BATCH_MAX];
	market_error_t error = MARKET_ERROR_INIT;
	bool trusted = model_instant(&run->model, step->at) != 0;
	int i, b, n, extra = 0;

	model_tick(&run->model, step->at);
	run->before = run->model;
	n = choose_facts(run, step, facts);
	for (i = 0; i < n; i++)
		envelopes[i] = facts[i]->envelope;
	if (step->salt % 16 == 0)
		envelopes[n + extra++] = market_slice_of("no statement");
	else if (step->salt % 16 == 1 || n == 0)
		envelopes[n + extra++] = run->pool->offers[0].envelope;
	for (b = 0; b < run->n_backends; b++)
		if (market_store_add(run->backends[b].store, envelopes,
			(size_t)(n + extra), step->at, step->flags,
			&additions[b], &error) != MARKET_OK)
			RUN_FAIL(run, "%s: add: %s", run->backends[b].name,
			    error.message);
	if (!run->failed)
		take_additions(run, facts, n, extra, additions);
	for (b = 0; b < run->n_backends; b++)
		market_additions_free(additions[b]);
	if (trusted && step->flags == 0)
		run->settle = SETTLE_CHANGED;
}

/* ---- submit ---- */

static void
compare_submitted(run_t *run, backend_t *backend, const fact_t *offer,
    const market_submitted_t *submitted)
{
	view_t view = model_now(&run->model);
	listing_t want;
	char id[64];
	int i;

	run_listing_id(offer, id, sizeof(id));
	if (submitted->listing == NULL || strcmp(submitted->listing, id) != 0)
		RUN_FAIL(run, "%s: %s is listing %s", backend->name,
		    offer->name,
		    submitted->listing == NULL ? "none" : submitted->listing);
	if (submitted->result != MARKET_RESULT_ACCEPTED ||
	    submitted->decision == NULL)
		return;
	model_judge(&view, offer, &want);
	for (i = 0; i < want.n_cells && !run->failed; i++)
		run_compare_codes(
		    run, backend, &want.cells[i], submitted->decision, true);
}

static void
take_submissions(run_t *run, const step_t *step, int extra, bool trusted,
    market_submissions_t *const *submissions)
{
	const market_submitted_t *one[BACKENDS];
	int i, b;

	for (i = 0; i < step->n + extra && !run->failed; i++) {
		market_result_t got[BACKENDS];
		uint64_t entries[BACKENDS];
		const fact_t *offer;
		unsigned results;

		for (b = 0; b < run->n_backends; b++) {
			one[b] = market_submissions_at(
			    submissions[b], (size_t)i);
			if (one[b] == NULL) {
				RUN_FAIL(run, "%s: no result %d",
				    run->backends[b].name, i);
				return;
			}
			got[b] = one[b]->result;
			entries[b] = one[b]->entry;
		}
		if (i >= step->n) {
			if (got[0] != MARKET_RESULT_REFUSED)
				RUN_FAIL(run, "what is no offer is %s",
				    market_result_name(got[0]));
			continue;
		}
		offer = &run->pool->offers[step->args[i]];
		results = model_submit_results(&run->model, offer);
		if (!trusted)
			results |= RESULT(REFUSED);
		if (!agree_result(run, offer, results, got, entries))
			return;
		model_take(&run->model, offer, got[0]);
		if (is_kept(got[0]))
			run_event(
			    run, MARKET_CHANGE_OFFER, offer, got[0], 0, 0);
		if (trusted && got[0] == MARKET_RESULT_ACCEPTED) {
			model_observe(&run->model, offer);
			for (b = 0; b < run->n_backends; b++)
				compare_submitted(
				    run, &run->backends[b], offer, one[b]);
		}
	}
}

void
run_submit(run_t *run, const step_t *step)
{
	market_submissions_t *submissions[BACKENDS] = { NULL };
	market_slice_t offers[BATCH_MAX];
	market_error_t error = MARKET_ERROR_INIT;
	bool trusted = model_instant(&run->model, step->at) != 0;
	int i, b, extra = 0;

	model_tick(&run->model, step->at);
	for (i = 0; i < step->n; i++)
		offers[i] = run->pool->offers[step->args[i]].envelope;
	if (step->salt % 16 == 0)
		offers[step->n + extra++] = market_slice_of("no offer");
	else if (step->salt % 16 == 1)
		offers[step->n + extra++] = run->pool->policy->envelope;
	for (b = 0; b < run->n_backends; b++)
		if (market_store_submit(run->backends[b].store, offers,
			(size_t)(step->n + extra), step->at, &submissions[b],
			&error) != MARKET_OK)
			RUN_FAIL(run, "%s: submit: %s", run->backends[b].name,
			    error.message);
	if (!run->failed)
		take_submissions(run, step, extra, trusted, submissions);
	for (b = 0; b < run->n_backends; b++)
		market_submissions_free(submissions[b]);
}
