/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The history: without a gap, everything that was accepted in its order, and
 * clearance changes that follow on each other and are true.
 */
#include <stdio.h>
#include <string.h>

#include "model_run.h"

/* ---- questions by their numbers ---- */

static bool
same_question(const question_t *a, const question_t *b)
{
	return a->seller == b->seller && a->key == b->key &&
	    a->product == b->product && a->software == b->software &&
	    a->territory == b->territory && a->channel == b->channel &&
	    a->network == b->network;
}

asked_t *
run_asked(backend_t *backend, uint64_t number)
{
	asked_t *asked;
	int i;

	for (i = 0; i < backend->n_asked; i++)
		if (backend->asked[i].number == number)
			return &backend->asked[i];
	if (backend->n_asked == QUESTIONS_MAX)
		return NULL;
	asked = &backend->asked[backend->n_asked++];
	memset(asked, 0, sizeof(*asked));
	asked->number = number;
	return asked;
}

bool
run_learn(
    run_t *run, backend_t *backend, uint64_t number, const question_t *question)
{
	asked_t *asked = run_asked(backend, number);
	int i;

	if (asked == NULL || number == 0) {
		RUN_FAIL(run, "%s: question %llu", backend->name,
		    (unsigned long long)number);
		return false;
	}
	for (i = 0; i < backend->n_asked; i++)
		if (backend->asked[i].known &&
		    same_question(&backend->asked[i].question, question) !=
			(backend->asked[i].number == number)) {
			RUN_FAIL(run, "%s: question %llu is two, or %llu too",
			    backend->name, (unsigned long long)number,
			    (unsigned long long)backend->asked[i].number);
			return false;
		}
	asked->known = true;
	asked->question = *question;
	return true;
}

/* ---- entries ---- */

static void
compare_statement(run_t *run, backend_t *backend, const event_t *event,
    const market_change_t *change)
{
	const fact_t *fact = event->fact;

	if (change->digest.len != MARKET_DIGEST_LEN ||
	    memcmp(change->digest.ptr, fact->digest, MARKET_DIGEST_LEN) != 0 ||
	    change->statement_kind != fact->kind ||
	    !run_is_text(change->issuer, model_party_names[fact->issuer]) ||
	    !run_is_text(change->id, fact->id) ||
	    change->revision != fact->revision)
		RUN_FAIL(run, "%s: entry %llu is not of %s", backend->name,
		    (unsigned long long)change->entry, fact->name);
	if (change->result != event->result)
		RUN_FAIL(run, "%s: entry %llu, of %s, says %s, want %s",
		    backend->name, (unsigned long long)change->entry,
		    fact->name, market_result_name(change->result),
		    market_result_name(event->result));
}

static void
compare_event(run_t *run, backend_t *backend, const market_change_t *change)
{
	const event_t *event;
	char id[64];

	if (backend->events == run->n_events) {
		RUN_FAIL(run, "%s: entry %llu for nothing that happened",
		    backend->name, (unsigned long long)change->entry);
		return;
	}
	event = &run->events[backend->events++];
	backend->event_order = event->order;
	if (change->kind != event->kind) {
		RUN_FAIL(run, "%s: entry %llu is of kind %d, want %d (%s)",
		    backend->name, (unsigned long long)change->entry,
		    (int)change->kind, (int)event->kind, event->fact->name);
		return;
	}
	if (change->kind != MARKET_CHANGE_INTENT)
		compare_statement(run, backend, event, change);
	if (change->kind == MARKET_CHANGE_STATEMENT)
		return;
	run_listing_id(event->fact, id, sizeof(id));
	if (!run_is_text(change->listing, id))
		RUN_FAIL(run, "%s: entry %llu is not of %s", backend->name,
		    (unsigned long long)change->entry, id);
	if (change->kind == MARKET_CHANGE_INTENT &&
	    (change->intent_before != event->before ||
		change->intent_after != event->after))
		RUN_FAIL(run, "%s: entry %llu: intent %s to %s, want %s to %s",
		    backend->name, (unsigned long long)change->entry,
		    market_intent_name(change->intent_before),
		    market_intent_name(change->intent_after),
		    market_intent_name(event->before),
		    market_intent_name(event->after));
}

static void
compare_answer(run_t *run, backend_t *backend, asked_t *asked,
    const market_change_t *change)
{
	view_t view = { &run->model, backend->event_order, change->at };
	answer_t answer = model_answer(&view, &asked->question);
	bool removed = (answer.said[F_HOLD].codes &
			   CODE(REMOVED_BY_MARKETPLACE)) != 0;

	if (!run_verdict_agrees(answer.verdict, change->after))
		RUN_FAIL(run, "%s: entry %llu: %s at %lld, want %s",
		    backend->name, (unsigned long long)change->entry,
		    market_verdict_name(change->after),
		    (long long)(change->at - MODEL_START),
		    run_verdict_name(answer.verdict));
	if (answer.verdict == MARKET_VERDICT_PERMIT &&
	    answer.service != change->service_after)
		RUN_FAIL(run, "%s: entry %llu: %s, want %s", backend->name,
		    (unsigned long long)change->entry,
		    market_service_name(change->service_after),
		    market_service_name(answer.service));
	/* What is due where no service can be told is not modelled. */
	if (change->before == change->after &&
	    change->service_before == change->service_after &&
	    answer.service != MARKET_SERVICE_UNSPECIFIED &&
	    asked->due == answer.due && asked->removed == removed)
		RUN_FAIL(run, "%s: entry %llu changes nothing", backend->name,
		    (unsigned long long)change->entry);
	asked->due = answer.due;
	asked->removed = removed;
}

static void
compare_clearance(run_t *run, backend_t *backend, const market_change_t *change)
{
	asked_t *asked = run_asked(backend, change->question);

	if (asked == NULL) {
		RUN_FAIL(run, "%s: too many questions", backend->name);
		return;
	}
	if (change->before != asked->verdict ||
	    (asked->verdict != MARKET_VERDICT_UNSPECIFIED &&
		change->service_before != asked->service))
		RUN_FAIL(run, "%s: entry %llu: before was %s, want %s",
		    backend->name, (unsigned long long)change->entry,
		    market_verdict_name(change->before),
		    market_verdict_name(asked->verdict));
	if (change->cause >= change->entry)
		RUN_FAIL(run, "%s: entry %llu is caused by %llu", backend->name,
		    (unsigned long long)change->entry,
		    (unsigned long long)change->cause);
	/* A question of an offer that was replaced at once is not known. */
	if (asked->known)
		compare_answer(run, backend, asked, change);
	asked->verdict = change->after;
	asked->service = change->service_after;
}

static void
compare_change(run_t *run, backend_t *backend, const market_change_t *change)
{
	if (change->entry != backend->entries + 1)
		RUN_FAIL(run, "%s: entry %llu after %llu", backend->name,
		    (unsigned long long)change->entry,
		    (unsigned long long)backend->entries);
	backend->entries = change->entry;
	if (change->at < backend->last_at || change->at > run->model.clock)
		RUN_FAIL(run, "%s: entry %llu at %lld", backend->name,
		    (unsigned long long)change->entry,
		    (long long)(change->at - MODEL_START));
	backend->last_at = change->at;
	if (change->kind == MARKET_CHANGE_CLEARANCE)
		compare_clearance(run, backend, change);
	else
		compare_event(run, backend, change);
}

void
run_history(run_t *run, backend_t *backend)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_changes_t *changes = NULL;
	const market_change_t *change;
	market_store_mark_t mark;
	bool any = true;
	size_t i;

	while (any && !run->failed) {
		any = false;
		if (market_store_changes(backend->store, backend->entries, 7,
			&changes, &error) != MARKET_OK) {
			RUN_FAIL(run, "%s: %s", backend->name, error.message);
			return;
		}
		for (i = 0; !run->failed &&
		     (change = market_changes_at(changes, i)) != NULL;
		     i++) {
			any = true;
			compare_change(run, backend, change);
		}
		if (i > 7)
			RUN_FAIL(run, "%s: %zu changes of 7", backend->name, i);
		market_changes_free(changes);
		changes = NULL;
	}
	if (run->failed)
		return;
	if (backend->events < run->n_events)
		RUN_FAIL(run, "%s: no entry for %s", backend->name,
		    run->events[backend->events].fact->name);
	if (market_store_get_mark(backend->store, &mark, &error) != MARKET_OK ||
	    mark.entries != backend->entries)
		RUN_FAIL(run, "%s: the mark does not agree", backend->name);
}

/* ---- nothing is missing ---- */

static bool
is_asked_now(const run_t *run, const question_t *question)
{
	view_t view = model_now(&run->model);
	question_t questions[MODEL_CELLS_MAX];
	int i, k, n;

	for (i = 0; i < run->model.n_known; i++) {
		if (!model_is_listing(&view, &run->model.known[i]))
			continue;
		n = model_cells(run->model.known[i].fact, questions);
		for (k = 0; k < n; k++)
			if (same_question(&questions[k], question))
				return true;
	}
	return false;
}

static void
compare_settled(run_t *run, backend_t *backend, const asked_t *asked,
    const answer_t *answer)
{
	if (!run_verdict_agrees(answer->verdict, asked->verdict))
		RUN_FAIL(run, "%s: question %llu is recorded as %s, want %s",
		    backend->name, (unsigned long long)asked->number,
		    market_verdict_name(asked->verdict),
		    run_verdict_name(answer->verdict));
	else if (answer->verdict == MARKET_VERDICT_PERMIT &&
	    answer->service != asked->service)
		RUN_FAIL(run, "%s: question %llu is recorded with %s, want %s",
		    backend->name, (unsigned long long)asked->number,
		    market_service_name(asked->service),
		    market_service_name(answer->service));
}

void
run_settled(run_t *run, backend_t *backend, const model_t *before)
{
	view_t now = model_now(&run->model), then = { 0 };
	int i;

	if (before != NULL)
		then = model_at(before, run->model.clock);
	for (i = 0; i < backend->n_asked && !run->failed; i++) {
		const asked_t *asked = &backend->asked[i];
		answer_t answer, earlier;

		if (!asked->known || !is_asked_now(run, &asked->question))
			continue;
		answer = model_answer(&now, &asked->question);
		if (before != NULL) {
			earlier = model_answer(&then, &asked->question);
			if (earlier.verdict == answer.verdict)
				continue;
		}
		compare_settled(run, backend, asked, &answer);
	}
}
