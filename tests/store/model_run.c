/* SPDX-License-Identifier: Apache-2.0 */
/* The operations that change the store, and what goes on around each. */
#include "model_run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what all share ---- */

void
run_fail(run_t *run, const char *where, const char *format, ...)
{
	va_list args;
	int len;

	if (run->failed)
		return;
	run->failed = true;
	len = snprintf(run->message, sizeof(run->message), "%s: ", where);
	va_start(args, format);
	vsnprintf(run->message + len, sizeof(run->message) - (size_t)len,
	    format, args);
	va_end(args);
}

const char *
run_verdict_name(int verdict)
{
	return verdict == VERDICT_UNSURE
	    ? "no"
	    : market_verdict_name((market_verdict_t)verdict);
}

bool
run_verdict_agrees(int reference, market_verdict_t verdict)
{
	if (reference == VERDICT_UNSURE)
		return verdict == MARKET_VERDICT_DENY ||
		    verdict == MARKET_VERDICT_INDETERMINATE;
	return reference == (int)verdict;
}

void
run_listing_id(const fact_t *offer, char *text, size_t size)
{
	snprintf(
	    text, size, "%s/%s", model_party_names[offer->issuer], offer->id);
}

void
run_event(run_t *run, market_change_kind_t kind, const fact_t *fact,
    market_result_t result, market_intent_t before, market_intent_t after)
{
	event_t *event = &run->events[run->n_events++];

	event->kind = kind;
	event->fact = fact;
	event->result = result;
	event->before = before;
	event->after = after;
	event->order = run->model.order;
}

market_store_options_t
run_options(const run_t *run)
{
	market_store_options_t options;

	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	options.clock_tolerance = run->pool->tolerance > 0
	    ? run->pool->tolerance
	    : -1;
	return options;
}

/* ---- intents, refresh, reopen, fsck ---- */

static bool
is_listed(const view_t *view, const fact_t *offer)
{
	return model_head(view, offer) > 0;
}

static void
do_intent(run_t *run, const step_t *step)
{
	const fact_t *offer = &run->pool->offers[step->offer];
	market_intent_t intent = (market_intent_t)step->args[0], before;
	market_error_t error = MARKET_ERROR_INIT;
	bool trusted = model_instant(&run->model, step->at) != 0;
	market_status_t want = MARKET_OK, status;
	view_t view;
	char id[64];
	int b;

	view = model_now(&run->model);
	before = model_intent(&view, offer);
	/* A call that fails changes nothing, not even the clock. */
	if (!is_listed(&view, offer))
		want = MARKET_E_NOT_FOUND;
	else if (!trusted && intent == MARKET_INTENT_PUBLISH)
		want = MARKET_E_INDETERMINATE;
	if (want == MARKET_OK)
		model_tick(&run->model, step->at);
	run_listing_id(offer, id, sizeof(id));
	for (b = 0; b < run->n_backends; b++) {
		status = market_store_set_intent(run->backends[b].store,
		    market_slice_of(id), intent, step->at, &error);
		if (status == want ||
		    (want == MARKET_E_INDETERMINATE && before == intent &&
			status == MARKET_OK))
			continue;
		if (!trusted && want == MARKET_E_NOT_FOUND &&
		    status == MARKET_E_INDETERMINATE)
			continue;
		RUN_FAIL(run, "%s: %s of %s: %s, want %s",
		    run->backends[b].name, market_intent_name(intent), id,
		    market_status_name(status), market_status_name(want));
	}
	if (want != MARKET_OK || before == intent)
		return;
	model_set_intent(&run->model, offer, intent);
	run_event(run, MARKET_CHANGE_INTENT, offer, 0, before, intent);
}

static void
do_refresh(run_t *run, const step_t *step)
{
	bool trusted = model_instant(&run->model, step->at) != 0,
	     settled = true;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	int b, rounds;

	model_tick(&run->model, step->at);
	for (b = 0; b < run->n_backends && !run->failed; b++) {
		backend_t *backend = &run->backends[b];
		market_refreshed_t refreshed = { .more = 1 };

		for (rounds = 0; refreshed.more && !run->failed; rounds++) {
			status = market_store_refresh(backend->store, step->at,
			    (size_t)step->args[0], &refreshed, &error);
			if (!trusted && status == MARKET_E_INDETERMINATE)
				break;
			if (status != MARKET_OK)
				RUN_FAIL(run, "%s: refresh: %s", backend->name,
				    error.message);
			if (rounds == 500)
				RUN_FAIL(run, "%s: refresh without end",
				    backend->name);
			if (step->args[0] > 0 &&
			    refreshed.computed > (uint64_t)step->args[0])
				RUN_FAIL(run, "%s: refresh of %llu",
				    backend->name,
				    (unsigned long long)refreshed.computed);
			/* In one step of three it is left half-way. */
			if (step->args[0] == 1)
				break;
		}
		if (refreshed.more)
			settled = false;
	}
	if (trusted && settled)
		run->settle = SETTLE_ALL;
}

static void
do_reopen(run_t *run)
{
	market_store_options_t options = run_options(run);
	market_error_t error = MARKET_ERROR_INIT;
	backend_t *backend = &run->backends[1];

	/* What is only in memory would be gone. */
	if (run->n_backends < BACKENDS)
		return;
	market_store_free(backend->store);
	backend->store = NULL;
	if (market_store_open(mint_context(run->mint), backend->location,
		&options, &backend->store, &error) != MARKET_OK)
		RUN_FAIL(run, "%s: open: %s", backend->name, error.message);
}

static void
do_fsck(run_t *run, backend_t *backend)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_faults_t *faults = NULL;

	if (market_store_fsck(backend->store, NULL, &faults, &error) !=
	    MARKET_OK)
		RUN_FAIL(run, "%s: fsck: %s", backend->name, error.message);
	else if (market_faults_at(faults, 0) != NULL)
		RUN_FAIL(run, "%s: fsck: %s", backend->name,
		    market_faults_at(faults, 0));
	market_faults_free(faults);
}

/* ---- one step ---- */

static void
compare_clock(run_t *run, backend_t *backend)
{
	market_error_t error = MARKET_ERROR_INIT;
	int64_t clock = 0;

	if (market_store_clock(backend->store, &clock, &error) != MARKET_OK ||
	    clock != run->model.clock)
		RUN_FAIL(run, "%s: its clock is at %lld, want %lld",
		    backend->name, (long long)(clock - MODEL_START),
		    (long long)(run->model.clock - MODEL_START));
}

static void
compare_revision(run_t *run, backend_t *backend, const step_t *step)
{
	const pool_t *pool = run->pool;
	const fact_t *fact = &pool->facts[(int)step->salt % pool->n_facts];
	view_t view = model_now(&run->model);
	market_error_t error = MARKET_ERROR_INIT;
	uint64_t revision = 0;

	/* Sub-grants are named with what gave their keys. */
	if (fact->parent != NULL)
		return;
	if (market_store_revision(backend->store, fact->kind,
		market_slice_of(model_party_names[fact->issuer]),
		market_slice_of(fact->id), &revision, &error) != MARKET_OK ||
	    revision != model_head(&view, fact))
		RUN_FAIL(run, "%s: %s has revision %llu, want %u",
		    backend->name, fact->name, (unsigned long long)revision,
		    model_head(&view, fact));
}

static void
ask(run_t *run, backend_t *backend, const step_t *step)
{
	switch (step->op) {
	case OP_LIST: run_list(run, backend, step); break;
	case OP_SALE: run_sale(run, backend, step); break;
	case OP_WHY: run_why(run, backend, step); break;
	case OP_CHECK: run_check(run, backend, step); break;
	case OP_WHAT_IF: run_what_if(run, backend, step); break;
	case OP_IMPACT: run_impact(run, backend, step); break;
	case OP_FORECAST: run_forecast(run, backend, step); break;
	case OP_FSCK: do_fsck(run, backend); break;
	case OP_ADD:
	case OP_SUBMIT:
	case OP_INTENT:
	case OP_REFRESH:
	case OP_REOPEN: break;
	}
}

static void
do_step(run_t *run, const step_t *step)
{
	int b;

	run->settle = SETTLE_NOTHING;
	switch (step->op) {
	case OP_ADD: run_add(run, step); break;
	case OP_SUBMIT: run_submit(run, step); break;
	case OP_INTENT: do_intent(run, step); break;
	case OP_REFRESH: do_refresh(run, step); break;
	case OP_REOPEN: do_reopen(run); break;
	default: break;
	}
	for (b = 0; b < run->n_backends && !run->failed; b++) {
		backend_t *backend = &run->backends[b];

		backend->trace = 0;
		ask(run, backend, step);
		run_compare_now(run, backend);
		run_history(run, backend);
		if (run->settle != SETTLE_NOTHING && !run->failed)
			run_settled(run, backend,
			    run->settle == SETTLE_ALL ? NULL : &run->before);
		compare_clock(run, backend);
		compare_revision(run, backend, step);
		if (backend->trace != run->backends[0].trace)
			RUN_FAIL(run, "%s differs from %s", backend->name,
			    run->backends[0].name);
	}
	if (run->settle == SETTLE_CHANGED)
		run_observe_new(run);
	else if (run->settle == SETTLE_ALL)
		model_observe(&run->model, NULL);
	run->snapshots[run->n_snapshots++] = run->model;
}

/* ---- a whole plan ---- */

static void
forget_file(const backend_t *backend)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char path[300];
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(
		    path, sizeof(path), "%s%s", backend->location, ends[i]);
		unlink(path);
	}
}

static void
create_one(run_t *run, const char *name, const char *folder)
{
	market_store_options_t options = run_options(run);
	backend_t *backend = &run->backends[run->n_backends];
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	backend->name = name;
	snprintf(backend->location, sizeof(backend->location), "%s%s",
	    folder == NULL ? "memory:" : folder,
	    folder == NULL ? "" : "/model.db");
	if (folder != NULL)
		forget_file(backend);
	status = market_store_create(mint_context(run->mint), backend->location,
	    run->pool->root->envelope, run->pool->policy->envelope, MODEL_START,
	    &options, &backend->store, &error);
	if (status == MARKET_OK)
		run->n_backends++;
	else if (status != MARKET_E_UNSUPPORTED)
		RUN_FAIL(run, "%s: create: %s", name, error.message);
}

static void
create(run_t *run, enum model_wrong wrong, const char *folder)
{
	int i;

	model_init(&run->model, run->pool, MODEL_START);
	run->model.wrong = wrong;
	for (i = 0; i < run->model.n_known; i++) {
		run_event(run, MARKET_CHANGE_STATEMENT,
		    run->model.known[i].fact, MARKET_RESULT_ACCEPTED, 0, 0);
		run->events[i].order = i + 1;
	}
	run->snapshots[run->n_snapshots++] = run->model;
	create_one(run, "memory", NULL);
	if (folder != NULL)
		create_one(run, "sqlite", folder);
}

bool
run_plan(run_t *run, mint_t *mint, const pool_t *pool, const plan_t *plan,
    enum model_wrong wrong, const char *folder)
{
	char line[512];
	int i, b;

	memset(run, 0, sizeof(*run));
	run->mint = mint;
	run->pool = pool;
	create(run, wrong, folder);
	for (i = 0; i < plan->n && !run->failed; i++) {
		run->at_step = i;
		if (getenv("MARKET_MODEL_VERBOSE") != NULL) {
			plan_print(pool, &plan->steps[i], line, sizeof(line));
			fprintf(stderr, "%3d %s\n", i, line);
		}
		do_step(run, &plan->steps[i]);
	}
	for (b = 0; b < run->n_backends; b++)
		market_store_free(run->backends[b].store);
	if (run->n_backends == BACKENDS)
		forget_file(&run->backends[1]);
	return !run->failed;
}
