/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about one listing: why, may it be sold, and of an offer. */
#include <stdio.h>
#include <string.h>

#include "model_run.h"

/* ---- why ---- */

static uint64_t
blocking(size_t n, const market_finding_t *findings)
{
	uint64_t codes = 0;
	size_t i;

	for (i = 0; i < n; i++)
		if (findings[i].effect == MARKET_EFFECT_DENY ||
		    findings[i].effect == MARKET_EFFECT_INDETERMINATE)
			codes |= model_code_bit(findings[i].code);
	return codes;
}

static uint64_t
told_of(const market_decision_t *decision, const market_cell_t *cell)
{
	uint64_t codes = blocking(cell->finding_count, cell->findings);
	const market_finding_t *finding;
	size_t i;

	for (i = 0; (finding = market_decision_finding(decision, i)) != NULL;
	     i++)
		codes |= blocking(1, finding);
	return codes;
}

static void
compare_codes(
    run_t *run, const backend_t *backend, const cell_t *cell, uint64_t told)
{
	const answer_t *answer = &cell->answer;
	uint64_t may = answer->may;
	char want[512], got[512];
	int i;

	model_codes_print(told, got, sizeof(got));
	for (i = 0; i < N_FAMILIES; i++) {
		const said_t *said = &answer->said[i];

		may |= said->codes;
		if (said->verdict == 0 || said->codes == 0 ||
		    (said->codes & told) || (answer->blind && i != F_TRUST))
			continue;
		model_codes_print(said->codes, want, sizeof(want));
		RUN_FAIL(run, "%s: told is [%s], want one of [%s]",
		    backend->name, got, want);
	}
	if (answer->blind || !(told & ~may))
		return;
	model_codes_print(told & ~may, got, sizeof(got));
	RUN_FAIL(run, "%s: told is [%s], for no reason", backend->name, got);
}

static const market_cell_t *
decision_cell(const market_decision_t *decision, const cell_t *cell)
{
	const market_cell_t *got;
	size_t i;

	for (i = 0; (got = market_decision_cell(decision, i)) != NULL; i++)
		if (run_is_text(got->territory,
			model_territory_names[cell->question.territory]) &&
		    got->channel == model_channels[cell->question.channel] &&
		    run_is_text(got->network,
			model_network_names[cell->question.network]))
			return got;
	return NULL;
}

void
run_compare_codes(run_t *run, backend_t *backend, const cell_t *cell,
    const market_decision_t *decision, bool trusted)
{
	const market_cell_t *got = decision_cell(decision, cell);

	if (got == NULL) {
		RUN_FAIL(run, "%s: a cell is not judged", backend->name);
		return;
	}
	if (!trusted) {
		if (got->verdict == MARKET_VERDICT_PERMIT)
			RUN_FAIL(run, "%s: permitted by a clock behind",
			    backend->name);
		else if (!(told_of(decision, got) & CODE(CLOCK_UNTRUSTED)))
			RUN_FAIL(run, "%s: CLOCK_UNTRUSTED is not told",
			    backend->name);
		return;
	}
	if (!run_verdict_agrees(cell->answer.verdict, got->verdict))
		RUN_FAIL(run, "%s: the decision says %s, want %s",
		    backend->name, market_verdict_name(got->verdict),
		    run_verdict_name(cell->answer.verdict));
	compare_codes(run, backend, cell, told_of(decision, got));
}

static const known_t *
listing_of(const view_t *view, const fact_t *offer)
{
	int i;

	for (i = 0; i < view->model->n_known; i++)
		if (model_is_listing(view, &view->model->known[i]) &&
		    model_same_name(view->model->known[i].fact, offer))
			return &view->model->known[i];
	return NULL;
}

void
run_why(run_t *run, backend_t *backend, const step_t *step)
{
	const fact_t *offer = &run->pool->offers[step->offer];
	market_error_t error = MARKET_ERROR_INIT;
	market_listings_t *listing = NULL;
	market_decision_t *decision = NULL;
	const known_t *known;
	market_status_t status;
	listing_t want;
	view_t view;
	bool trusted = run_view_of(run, step, &view);
	char id[64];
	int i;

	run_listing_id(offer, id, sizeof(id));
	known = listing_of(&view, offer);
	status = market_store_why(backend->store, market_slice_of(id), step->at,
	    step->flags, &listing, &decision, &error);
	if (status != (known != NULL ? MARKET_OK : MARKET_E_NOT_FOUND)) {
		RUN_FAIL(run, "%s: why %s: %s %s", backend->name, id,
		    market_status_name(status), error.message);
	} else if (known != NULL) {
		run_compare_listing(run, backend, &view, known,
		    market_listings_at(listing, 0), trusted, false);
		model_listing(&view, known, &want);
		for (i = 0; i < want.n_cells && !run->failed; i++)
			run_compare_codes(
			    run, backend, &want.cells[i], decision, trusted);
	}
	market_listings_free(listing);
	market_decision_free(decision);
}

/* ---- the sale check ---- */

static void
compare_sale(run_t *run, backend_t *backend, const cell_t *cell,
    market_status_t status, bool trusted)
{
	bool fits;

	if (cell == NULL)
		fits = status == MARKET_E_NOT_FOUND;
	else if (!trusted)
		fits = status == MARKET_E_INDETERMINATE ||
		    status == MARKET_E_DENIED;
	else if (cell->live)
		fits = status == MARKET_OK;
	else if (cell->answer.verdict == MARKET_VERDICT_INDETERMINATE)
		fits = status == MARKET_E_INDETERMINATE ||
		    status == MARKET_E_DENIED;
	else
		fits = status == MARKET_E_DENIED ||
		    (cell->answer.verdict == VERDICT_UNSURE &&
			status == MARKET_E_INDETERMINATE);
	if (!fits)
		RUN_FAIL(run, "%s: a sale: %s, want %s", backend->name,
		    market_status_name(status),
		    cell == NULL     ? "MARKET_E_NOT_FOUND"
			: cell->live ? "MARKET_OK"
			: !trusted   ? "no by the clock"
				     : run_verdict_name(cell->answer.verdict));
}

void
run_sale(run_t *run, backend_t *backend, const step_t *step)
{
	const fact_t *offer = &run->pool->offers[step->offer];
	int territory = (int)(step->salt % N_TERRITORIES);
	int network = (int)((step->salt >> 4) % N_NETWORKS);
	int channel = (step->salt >> 8) % 3 == 0 ? C_RETAIL : C_ONLINE;
	market_error_t error = MARKET_ERROR_INIT;
	const cell_t *cell = NULL;
	const known_t *known;
	int64_t horizon = 0;
	market_status_t status;
	listing_t want;
	view_t view;
	bool trusted = run_view_of(run, step, &view);
	char id[64];

	run_listing_id(offer, id, sizeof(id));
	known = listing_of(&view, offer);
	if (known != NULL) {
		model_listing(&view, known, &want);
		if (step->salt & (1u << 20)) {
			territory = want.cells[0].question.territory;
			channel = want.cells[0].question.channel;
			network = want.cells[0].question.network;
		}
		cell = run_find_cell(&want,
		    market_slice_of(model_territory_names[territory]),
		    model_channels[channel],
		    market_slice_of(model_network_names[network]));
	}
	status = market_store_sale(backend->store, market_slice_of(id),
	    market_slice_of(model_territory_names[territory]),
	    model_channels[channel],
	    market_slice_of(model_network_names[network]), step->at,
	    step->flags, &horizon, &error);
	compare_sale(run, backend, cell, status, trusted);
	if (!run->failed && cell != NULL && trusted && cell->live &&
	    step->flags == 0)
		run_compare_horizon(run, backend, &view, &want, cell, horizon);
}

/* ---- check ---- */

/* Takes it if it comes of it; false: the case is open. */
static bool
suppose_one(model_t *with, const fact_t *fact, bool *ret_refused)
{
	unsigned results = model_add_results(with, fact);

	*ret_refused = results == RESULT(REFUSED);
	if (results == RESULT(ACCEPTED))
		model_take(with, fact, MARKET_RESULT_ACCEPTED);
	else if (results == RESULT(FORK))
		model_take(with, fact, MARKET_RESULT_FORK);
	return results != 0 && (results & (results - 1)) == 0;
}

/* What the store knew with these accepted; false: the case is open. */
bool
run_suppose(const run_t *run, const step_t *step, model_t *with)
{
	bool refused[STEP_ARGS_MAX];
	int i, k;

	*with = run->model;
	model_tick(with, step->at);
	for (i = 0; i < step->n; i++)
		if (!suppose_one(
			with, &run->pool->facts[step->args[i]], &refused[i]))
			return false;
	/* What lacked another statement of the same call. */
	for (k = 0; k < step->n; k++)
		for (i = 0; i < step->n; i++)
			if (refused[i] &&
			    run->pool->facts[step->args[i]].parent != NULL &&
			    !suppose_one(with, &run->pool->facts[step->args[i]],
				&refused[i]))
				return false;
	return true;
}

/* What the listing would show, were it submitted. */
static bool
may_judge(const model_t *with, const fact_t *offer)
{
	view_t view = model_now(with);

	if (offer->spoilt || offer->revision < model_head(&view, offer))
		return false;
	return offer->revision > model_head(&view, offer) ||
	    model_find(&view, offer) != NULL;
}

static market_status_t
status_of(const listing_t *want)
{
	bool denied = false, unsure = false, cannot_tell = false;
	int i;

	for (i = 0; i < want->n_cells; i++) {
		int verdict = want->cells[i].answer.verdict;

		denied = denied || verdict == MARKET_VERDICT_DENY;
		unsure = unsure || verdict == VERDICT_UNSURE;
		cannot_tell = cannot_tell ||
		    verdict == MARKET_VERDICT_INDETERMINATE;
	}
	return denied     ? MARKET_E_DENIED
	    : unsure      ? MARKET_E_STATE
	    : cannot_tell ? MARKET_E_INDETERMINATE
			  : MARKET_OK;
}

static void
compare_check(run_t *run, backend_t *backend, const listing_t *want,
    market_status_t status, const market_decision_t *decision)
{
	market_status_t should = status_of(want);
	int i;

	if (should == MARKET_E_STATE ? status == MARKET_OK : status != should)
		RUN_FAIL(run, "%s: check says %s, want %s", backend->name,
		    market_status_name(status),
		    should == MARKET_E_STATE ? "no"
					     : market_status_name(should));
	for (i = 0; i < want->n_cells && !run->failed; i++)
		run_compare_codes(
		    run, backend, &want->cells[i], decision, true);
}

void
run_check(run_t *run, backend_t *backend, const step_t *step)
{
	const fact_t *offer = &run->pool->offers[step->offer];
	market_slice_t with[STEP_ARGS_MAX];
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	market_status_t status;
	static model_t supposed; /* large */
	listing_t want;
	view_t view;
	int i;

	for (i = 0; i < step->n; i++)
		with[i] = run->pool->facts[step->args[i]].envelope;
	status = market_store_check(backend->store, offer->envelope, with,
	    (size_t)step->n, step->at, 0, &decision, &error);
	if (decision == NULL) {
		RUN_FAIL(run, "%s: check: %s %s", backend->name,
		    market_status_name(status), error.message);
		return;
	}
	if (run_suppose(run, step, &supposed) && may_judge(&supposed, offer)) {
		view = model_now(&supposed);
		model_judge(&view, offer, &want);
		compare_check(run, backend, &want, status, decision);
	}
	market_decision_free(decision);
}
