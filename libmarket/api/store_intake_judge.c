/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a feed, judged by what the store holds. Rows that are as others
 * before them ask the same questions, with the same answers, so long as nothing
 * was accepted and it is the same instant: then they need no decision.
 */
#include "api/store_evidence.h"
#include "api/store_intake.h"

/* ---- kinds ---- */

void
market__intake_forget(market__intake_t *intake)
{
	market__arena_clear(&intake->kinds_arena);
	intake->kinds = NULL;
}

void
market__intake_number(market__intake_t *intake)
{
	market__kind_t *kind;

	for (kind = intake->kinds; intake->unsure && kind != NULL;
	     kind = kind->next)
		kind->numbered = false;
	intake->unsure = true;
}

/* The questions outlive the call. */
static market__kind_t *
make_kind(market__intake_t *intake, const market__submission_t *submission)
{
	market__arena_t *arena = &intake->kinds_arena;
	size_t n = submission->n_questions, i;
	market__kind_t *kind = market__arena_alloc(arena, sizeof(*kind));
	market__asked_t *asked = market__arena_array(
	    arena, n + 1, sizeof(*asked));

	if (kind == NULL || asked == NULL)
		return NULL;
	kind->numbers = market__arena_array(
	    arena, n + 1, sizeof(*kind->numbers));
	if (kind->numbers == NULL)
		return NULL;
	for (i = 0; i < n; i++) {
		asked[i] = submission->questions[i];
		asked[i].bytes = market__arena_copy(arena, asked[i].bytes);
		if (asked[i].bytes.ptr == NULL)
			return NULL;
	}
	kind->asked = asked;
	kind->n = n;
	kind->next = intake->kinds;
	intake->kinds = kind;
	return kind;
}

/* ---- judging ---- */

market_status_t
market__intake_look(market__intake_t *intake, market__call_t *call)
{
	const market__lookup_t lookup = { market__slot_read, &intake->user,
		market__page_lists, market__pages_vanished, market__filed_any };
	bool anew = call->head.epoch != intake->epoch ||
	    call->now != intake->now ||
	    intake->kinds_arena.held > MARKET__INTAKE_KINDS;
	market_status_t status;

	if (anew) {
		market__intake_forget(intake);
		market__arena_init(
		    &intake->kinds_arena, &call->context->allocator, SIZE_MAX);
	}
	intake->user.call = call;
	intake->lookup = lookup;
	intake->epoch = call->head.epoch;
	intake->now = call->now;
	if (intake->plain == NULL)
		status = market__plain_new(call->context, &intake->lookup,
		    intake->list, call->now, &intake->plain);
	else
		status = market__plain_renew(intake->plain, anew, call->now);
	if (status == MARKET_OK ||
	    (call->reterr != NULL && call->reterr->status == status))
		return status;
	return market__error(call->reterr, status, NULL, -1,
	    "the rows could not be judged: %s", market_status_text(status));
}

/* Whatever is told is told by a decision. */
static market_status_t
decide(market__intake_t *intake, market__call_t *call, const market__row_t *row,
    market__submission_t *submission)
{
	market_slice_t known = { NULL, 0 };
	market__kind_t *kind = NULL;
	market_status_t status;

	status = market__call_decide(call, submission->offer, intake->list,
	    NULL, &submission->decision, &submission->questions,
	    &submission->n_questions);
	if (status != MARKET_OK ||
	    !market__decision_plain(submission->decision))
		return status;
	submission->plain = true;
	market_decision_free(submission->decision);
	submission->decision = NULL;
	kind = make_kind(intake, submission);
	known = market__slice(&kind, sizeof(kind));
	if (kind == NULL ||
	    market__plain_learn(intake->plain, row, known) != MARKET_OK)
		return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for what is known of a row");
	submission->kind = kind;
	submission->questions = kind->asked;
	return MARKET_OK;
}

market_status_t
market__intake_judge(market__intake_t *intake, market__call_t *call,
    market__submission_t *submission)
{
	market_status_t status = MARKET_OK;
	market__row_t row;

	submission->plain = false;
	submission->kind = NULL;
	market__plain_take(intake->plain, submission->offer,
	    &intake->jobs[submission->chunk].likes[submission->row], &row);
	if (!call->untrusted)
		status = market__plain_permits(
		    intake->plain, &row, &submission->plain);
	if (status == MARKET_E_LIMIT)
		submission->plain = false;
	else if (status != MARKET_OK)
		return market__error(call->reterr, status, NULL, -1,
		    "a row could not be judged: %s",
		    market_status_text(status));
	if (!submission->plain)
		return decide(intake, call, &row, submission);
	memcpy(&submission->kind, row.known.ptr, sizeof(submission->kind));
	submission->questions = submission->kind->asked;
	submission->n_questions = submission->kind->n;
	return MARKET_OK;
}
