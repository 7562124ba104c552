/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a feed, judged by what the store holds. Rows that are as others
 * before them ask the same questions, with the same answers, so long as nothing
 * was accepted and it is the same instant: then they need no decision.
 */
#include "api/store_evidence.h"
#include "api/store_intake.h"

/* ---- questions as bytes, to be kept ---- */

static market_status_t
pack(market__call_t *call, const market__submission_t *submission,
    market_slice_t *ret)
{
	const market__asked_t *asked = submission->questions;
	size_t size = 0, n = submission->n_questions, i;
	uint8_t *bytes, *at;

	for (i = 0; i < n; i++)
		size += MARKET_DIGEST_LEN + 8 + asked[i].bytes.len;
	bytes = at = market__arena_raw(&call->arena, size);
	if (bytes == NULL)
		return market__call_refused(call, &call->arena);
	for (i = 0; i < n; i++) {
		memcpy(at, asked[i].hash, MARKET_DIGEST_LEN);
		market__put64(at + MARKET_DIGEST_LEN, asked[i].bytes.len);
		at += MARKET_DIGEST_LEN + 8;
		memcpy(at, asked[i].bytes.ptr, asked[i].bytes.len);
		at += asked[i].bytes.len;
	}
	*ret = market__slice(bytes, size);
	return MARKET_OK;
}

static market_status_t
unpack(market__call_t *call, market_slice_t known,
    market__submission_t *submission)
{
	market_slice_t copy = market__arena_copy(&call->arena, known);
	const uint8_t *at, *end;
	market__asked_t *asked;
	size_t n = 0, len;

	if (copy.ptr == NULL)
		return market__call_refused(call, &call->arena);
	end = copy.ptr + copy.len;
	for (at = copy.ptr; at < end; n++)
		at += MARKET_DIGEST_LEN + 8 +
		    market__get64(at + MARKET_DIGEST_LEN);
	asked = market__arena_array(&call->arena, n + 1, sizeof(*asked));
	if (asked == NULL)
		return market__call_refused(call, &call->arena);
	submission->questions = asked;
	submission->n_questions = n;
	for (at = copy.ptr; at < end; asked++) {
		memcpy(asked->hash, at, MARKET_DIGEST_LEN);
		len = (size_t)market__get64(at + MARKET_DIGEST_LEN);
		asked->bytes = market__slice(at + MARKET_DIGEST_LEN + 8, len);
		at += MARKET_DIGEST_LEN + 8 + len;
	}
	return MARKET_OK;
}

/* ---- judging ---- */

market_status_t
market__intake_look(market__intake_t *intake, market__call_t *call)
{
	const market__lookup_t lookup = { market__slot_read, &intake->user,
		market__page_lists, market__pages_vanished, NULL };
	bool anew = call->head.epoch != intake->epoch ||
	    call->now != intake->now;
	market_status_t status;

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
	status = pack(call, submission, &known);
	if (status == MARKET_OK &&
	    market__plain_learn(intake->plain, row, known) != MARKET_OK)
		status = market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for what is known of a row");
	return status;
}

market_status_t
market__intake_judge(market__intake_t *intake, market__call_t *call,
    market__submission_t *submission)
{
	market_status_t status = MARKET_OK;
	market__row_t row;

	submission->plain = false;
	market__plain_take(intake->plain, submission->offer, &row);
	if (!call->untrusted)
		status = market__plain_permits(
		    intake->plain, &row, &submission->plain);
	if (status == MARKET_E_LIMIT)
		submission->plain = false;
	else if (status != MARKET_OK)
		return market__error(call->reterr, status, NULL, -1,
		    "a row could not be judged: %s",
		    market_status_text(status));
	if (submission->plain)
		return unpack(call, row.known, submission);
	return decide(intake, call, &row, submission);
}
