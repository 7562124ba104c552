/* SPDX-License-Identifier: Apache-2.0 */
/* Looking ahead: what would change, and what will. */
#include <string.h>

#include "model_run.h"

/* ---- what would change ---- */

static const market_effect_of_t *
find_effect(const market_effects_t *effects, uint64_t question)
{
	const market_effect_of_t *effect;
	size_t i;

	for (i = 0; (effect = market_effects_at(effects, i)) != NULL; i++)
		if (effect->question == question && effect->listing.len == 0)
			return effect;
	return NULL;
}

/* Does a listing that its seller has not ended ask this? */
static bool
is_wanted(const run_t *run, const question_t *question)
{
	view_t view = model_now(&run->model);
	question_t questions[MODEL_CELLS_MAX];
	int i, k, n;

	for (i = 0; i < run->model.n_known; i++) {
		const known_t *known = &run->model.known[i];

		if (!model_is_listing(&view, known) ||
		    model_intent(&view, known->fact) == MARKET_INTENT_END)
			continue;
		n = model_cells(known->fact, questions);
		for (k = 0; k < n; k++)
			if (memcmp(&questions[k], question,
				sizeof(*question)) == 0)
				return true;
	}
	return false;
}

static void
compare_effect(run_t *run, backend_t *backend, const asked_t *asked,
    const market_effect_of_t *effect, const answer_t *before,
    const answer_t *after, bool deaths_only)
{
	bool permitted = before->verdict == MARKET_VERDICT_PERMIT;
	bool must = deaths_only
	    ? permitted && after->verdict != MARKET_VERDICT_PERMIT
	    : before->verdict != after->verdict &&
		before->verdict != VERDICT_UNSURE &&
		after->verdict != VERDICT_UNSURE;

	if (effect == NULL) {
		if (must && is_wanted(run, &asked->question))
			RUN_FAIL(run,
			    "%s: question %llu goes from %s to %s: not told",
			    backend->name, (unsigned long long)asked->number,
			    run_verdict_name(before->verdict),
			    run_verdict_name(after->verdict));
		return;
	}
	if (!run_verdict_agrees(before->verdict, effect->before) ||
	    !run_verdict_agrees(after->verdict, effect->after))
		RUN_FAIL(run,
		    "%s: question %llu told as %s to %s, want %s to %s",
		    backend->name, (unsigned long long)asked->number,
		    market_verdict_name(effect->before),
		    market_verdict_name(effect->after),
		    run_verdict_name(before->verdict),
		    run_verdict_name(after->verdict));
	else if (deaths_only && !must)
		RUN_FAIL(run, "%s: question %llu does not die", backend->name,
		    (unsigned long long)asked->number);
	/* What is denied may change in what speaks against it. */
	else if (effect->before == MARKET_VERDICT_PERMIT &&
	    effect->after == MARKET_VERDICT_PERMIT &&
	    before->service == after->service && before->due == after->due)
		RUN_FAIL(run, "%s: question %llu does not change",
		    backend->name, (unsigned long long)asked->number);
}

static int
live_cells(const view_t *view, const known_t *known)
{
	listing_t listing;
	int i, n = 0;

	model_listing(view, known, &listing);
	for (i = 0; i < listing.n_cells; i++)
		n += listing.cells[i].live ? 1 : 0;
	return n;
}

static uint64_t
count_dark(const view_t *before, const view_t *after)
{
	uint64_t n = 0;
	int i;

	for (i = 0; i < before->model->n_known; i++) {
		const known_t *known = &before->model->known[i];

		if (model_is_listing(before, known) &&
		    live_cells(before, known) > 0 &&
		    live_cells(after, known) == 0)
			n++;
	}
	return n;
}

static void
compare_effects(run_t *run, backend_t *backend, const market_effects_t *effects,
    const model_t *supposed, int64_t at, bool deaths_only)
{
	view_t before = model_at(&run->model, at);
	view_t after = model_at(supposed, at);
	int i;

	for (i = 0; i < backend->n_asked && !run->failed; i++) {
		const asked_t *asked = &backend->asked[i];
		answer_t was, is;

		if (!asked->known)
			continue;
		was = model_answer(&before, &asked->question);
		is = model_answer(&after, &asked->question);
		compare_effect(run, backend, asked,
		    find_effect(effects, asked->number), &was, &is,
		    deaths_only);
	}
	if (!run->failed &&
	    market_effects_dark(effects) != count_dark(&before, &after))
		RUN_FAIL(run, "%s: %llu listings go dark, want %llu",
		    backend->name,
		    (unsigned long long)market_effects_dark(effects),
		    (unsigned long long)count_dark(&before, &after));
}

void
run_what_if(run_t *run, backend_t *backend, const step_t *step)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_effects_t *effects = NULL;
	market_slice_t with[STEP_ARGS_MAX];
	static model_t supposed; /* large */
	int i;

	for (i = 0; i < step->n; i++)
		with[i] = run->pool->facts[step->args[i]].envelope;
	if (market_store_what_if(backend->store, with, (size_t)step->n,
		step->at, &effects, NULL, &error) != MARKET_OK) {
		RUN_FAIL(run, "%s: %s", backend->name, error.message);
		return;
	}
	if (run_suppose(run, step, &supposed))
		compare_effects(
		    run, backend, effects, &supposed, step->at, false);
	market_effects_free(effects);
}

/* ---- impact ---- */

static bool
is_compared(const fact_t *fact)
{
	return fact->kind != MARKET_KIND_TRUST_ROOT &&
	    fact->kind != MARKET_KIND_POLICY && !fact->spoilt;
}

void
run_impact(run_t *run, backend_t *backend, const step_t *step)
{
	const fact_t *fact = &run->pool->facts[step->args[0]];
	view_t view = model_now(&run->model);
	market_error_t error = MARKET_ERROR_INIT;
	market_target_t target = { { 0 }, { 0 }, { 0 } };
	market_effects_t *effects = NULL;
	bool by_key = step->salt % 4 == 0, known;
	static model_t supposed; /* large */
	fact_t withdrawal = { .kind = MARKET_KIND_WITHDRAWAL,
		.issuer = P_USM,
		.key = K_USM,
		.revision = 1,
		.not_after = INT64_MAX,
		.target = fact,
		.target_key = -1 };
	market_status_t status;

	if (by_key) {
		withdrawal.target = NULL;
		withdrawal.target_key = K_SHOP;
		target.key = mint_key_id(run->mint, K_SHOP);
	} else {
		target.digest.ptr = fact->digest;
		target.digest.len = MARKET_DIGEST_LEN;
	}
	known = by_key || model_find(&view, fact) != NULL;
	status = market_store_impact(
	    backend->store, &target, step->at, &effects, &error);
	/* On a key nothing may rest, and then nothing may change. */
	if (status != MARKET_OK &&
	    ((known && !by_key) || status != MARKET_E_NOT_FOUND))
		RUN_FAIL(run, "%s: %s", backend->name, error.message);
	/* Of what is not here a withdrawal may have come already. */
	else if (!known && market_effects_at(effects, 0) != NULL)
		RUN_FAIL(run, "%s: the impact of %s, which is not here",
		    backend->name, fact->name);
	if (!run->failed && known && (by_key || is_compared(fact))) {
		supposed = run->model;
		model_tick(&supposed, step->at);
		model_take(&supposed, &withdrawal, MARKET_RESULT_ACCEPTED);
		compare_effects(
		    run, backend, effects, &supposed, step->at, true);
	}
	market_effects_free(effects);
}

/* ---- forecast ---- */

static bool
is_told(const market_effects_t *effects, const asked_t *asked, int64_t at)
{
	const market_effect_of_t *effect;
	size_t i;

	for (i = 0; (effect = market_effects_at(effects, i)) != NULL; i++)
		if (effect->question == asked->number && effect->at == at &&
		    effect->listing.len == 0)
			return effect->before == MARKET_VERDICT_PERMIT &&
			    effect->after != MARKET_VERDICT_PERMIT;
	return false;
}

/* Each loss of a permission is told, at its instant. */
static void
compare_losses(run_t *run, backend_t *backend, const step_t *step,
    const market_effects_t *effects, const asked_t *asked)
{
	const pool_t *pool = run->pool;
	view_t view = model_at(&run->model, step->at);
	int was = model_answer(&view, &asked->question).verdict, is, i;

	for (i = 0; i < pool->n_times && !run->failed; i++) {
		view.at = pool->times[i];
		if (view.at <= step->at || view.at > step->until)
			continue;
		is = model_answer(&view, &asked->question).verdict;
		if (was == MARKET_VERDICT_PERMIT && is != was &&
		    !is_told(effects, asked, view.at))
			RUN_FAIL(run,
			    "%s: question %llu ends at %lld: not told",
			    backend->name, (unsigned long long)asked->number,
			    (long long)(view.at - MODEL_START));
		was = is;
	}
}

static void
compare_told(run_t *run, backend_t *backend, const step_t *step,
    const market_effect_of_t *effect)
{
	const asked_t *asked = run_asked(backend, effect->question);
	view_t before = model_at(&run->model, effect->at - 1);
	view_t after = model_at(&run->model, effect->at);
	answer_t was, is;

	if (effect->at <= step->at || effect->at > step->until) {
		RUN_FAIL(run, "%s: an effect at %lld", backend->name,
		    (long long)(effect->at - MODEL_START));
		return;
	}
	if (effect->listing.len > 0 || asked == NULL || !asked->known)
		return;
	was = model_answer(&before, &asked->question);
	is = model_answer(&after, &asked->question);
	if (!run_verdict_agrees(was.verdict, effect->before) ||
	    !run_verdict_agrees(is.verdict, effect->after))
		RUN_FAIL(run,
		    "%s: question %llu at %lld told as %s to %s, want %s to %s",
		    backend->name, (unsigned long long)asked->number,
		    (long long)(effect->at - MODEL_START),
		    market_verdict_name(effect->before),
		    market_verdict_name(effect->after),
		    run_verdict_name(was.verdict),
		    run_verdict_name(is.verdict));
}

/* A listing that is live until its offer ends is told by its name. */
static void
compare_ends(run_t *run, backend_t *backend, const step_t *step,
    const market_effects_t *effects)
{
	view_t now = model_now(&run->model), last;
	const market_effect_of_t *effect;
	char id[64];
	size_t k;
	int i;

	for (i = 0; i < run->model.n_known && !run->failed; i++) {
		const known_t *known = &run->model.known[i];
		int64_t end = known->fact->not_after;
		bool told = false;

		if (!model_is_listing(&now, known) || end <= step->at ||
		    end > step->until)
			continue;
		last = model_at(&run->model, end - 1);
		if (live_cells(&last, known) == 0)
			continue;
		run_listing_id(known->fact, id, sizeof(id));
		for (k = 0; (effect = market_effects_at(effects, k)) != NULL;
		     k++)
			told = told ||
			    (effect->at == end &&
				run_is_text(effect->listing, id));
		if (!told)
			RUN_FAIL(run, "%s: the end of %s is not told",
			    backend->name, id);
	}
}

void
run_forecast(run_t *run, backend_t *backend, const step_t *step)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_effects_t *effects = NULL;
	const market_effect_of_t *effect;
	int64_t last = step->at;
	size_t k;
	int i;

	if (market_store_forecast(backend->store, step->at, step->until,
		&effects, &error) != MARKET_OK) {
		RUN_FAIL(run, "%s: %s", backend->name, error.message);
		return;
	}
	for (k = 0; (effect = market_effects_at(effects, k)) != NULL; k++) {
		if (effect->at < last)
			RUN_FAIL(
			    run, "%s: not in order of time", backend->name);
		last = effect->at;
		compare_told(run, backend, step, effect);
	}
	for (i = 0; i < backend->n_asked && !run->failed; i++)
		if (backend->asked[i].known &&
		    is_wanted(run, &backend->asked[i].question))
			compare_losses(
			    run, backend, step, effects, &backend->asked[i]);
	compare_ends(run, backend, step, effects);
	market_effects_free(effects);
}
