/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same offer once more. Mostly it is just that; but where its seller's
 * keys changed, it may be signed by others now, and those join the first.
 */
#include "api/store_listing.h"
#include "api/store_submit.h"

static bool
has_signature(
    const market__envelope_t *envelope, const market__signature_t *signature)
{
	size_t i;

	for (i = 0; i < envelope->n_signatures; i++)
		if (market__slice_equal(
			envelope->signatures[i].sig, signature->sig))
			return true;
	return false;
}

/* Those of the kept envelope behind the new ones, as far as there is room. */
static void
join(const market__envelope_t *kept, const market__envelope_t *handed,
    market__signature_t room[MARKET__SIGNATURES_MAX],
    market__envelope_t *ret_joined)
{
	size_t i;

	*ret_joined = *handed;
	ret_joined->signatures = room;
	memcpy(room, handed->signatures, handed->n_signatures * sizeof(*room));
	for (i = 0; i < kept->n_signatures &&
	     ret_joined->n_signatures < MARKET__SIGNATURES_MAX;
	     i++)
		if (!has_signature(ret_joined, &kept->signatures[i]))
			ret_joined->signatures[ret_joined->n_signatures++] =
			    kept->signatures[i];
}

static bool
adds_signatures(
    const market__envelope_t *kept, const market__envelope_t *handed)
{
	size_t i;

	for (i = 0; i < handed->n_signatures; i++)
		if (!has_signature(kept, &handed->signatures[i]))
			return true;
	return false;
}

/* Of the kept envelope's signatures the last go where bytes have no room. */
static market_status_t
write_joined(market__call_t *call, const market__submission_t *submission,
    market__envelope_t *joined, market_buffer_t *ret_bytes)
{
	size_t least = submission->offer->envelope.n_signatures;
	market_status_t status;

	for (;;) {
		status = market__envelope_write(
		    joined, false, &call->context->allocator, ret_bytes);
		if (status != MARKET_E_LIMIT || joined->n_signatures == least)
			return status;
		joined->n_signatures--;
	}
}

/* As it was handed in: whoever begins anew begins with that. */
static void
replace_offer(market__submission_t *submission, market_statement_t *offer)
{
	if (submission->handed == NULL)
		submission->handed = submission->offer;
	else
		market_statement_free(submission->offer);
	submission->offer = offer;
}

/* Judges the offer with all signatures, and takes it in the place of itself. */
static market_status_t
rejudge(market__call_t *call, market__submission_t *submission,
    market__envelope_t *joined)
{
	market_buffer_t bytes = MARKET_BUFFER_INIT;
	market_statement_t *offer = NULL;
	market_decision_t *decision = NULL;
	market_status_t status;

	status = write_joined(call, submission, joined, &bytes);
	if (status == MARKET_OK)
		status = market_statement_parse(call->context,
		    market_buffer_slice(&bytes),
		    MARKET_KINDS(MARKET_KIND_OFFER), &offer, call->reterr);
	market_buffer_clear(&bytes);
	if (status == MARKET_OK)
		status = market__call_decide(call, offer, NULL, NULL, &decision,
		    &submission->questions, &submission->n_questions);
	if (status != MARKET_OK) {
		market_statement_free(offer);
		return status;
	}
	market_decision_free(submission->decision);
	submission->decision = decision;
	replace_offer(submission, offer);
	return MARKET_OK;
}

static bool
has_key(const market__question_t *question, market_slice_t id)
{
	size_t i;

	for (i = 0; i < question->n_keys; i++)
		if (market__slice_equal(question->keys[i], id))
			return true;
	return false;
}

/*
 * Would a signature that counts today make room for one that does not? Whoever
 * has seen an offer can hand it in beside signatures of nobody.
 */
static market_status_t
loses_signers(market__call_t *call, market_statement_t *kept,
    const market__submission_t *submission, bool *ret_loses)
{
	market__question_t before, after;
	market_decision_t *decision = NULL;
	const market__asked_t *questions;
	market_status_t status;
	size_t n = 0, i;

	status = market__call_decide(
	    call, kept, NULL, NULL, &decision, &questions, &n);
	market_decision_free(decision);
	if (status != MARKET_OK || n == 0 || submission->n_questions == 0)
		return status;
	/* All cells are asked with the same keys. */
	if (!market__question_decode(
		questions[0].bytes, &call->arena, &before) ||
	    !market__question_decode(
		submission->questions[0].bytes, &call->arena, &after))
		return market__call_refused(call, &call->arena);
	for (i = 0; i < before.n_keys; i++)
		if (!has_key(&after, before.keys[i]))
			*ret_loses = true;
	return MARKET_OK;
}

/* Are its questions those that are recorded? */
static market_status_t
asks_the_same(market__call_t *call, const market__submission_t *submission,
    const market__listing_row_t *row, bool *ret_same)
{
	market__clearance_row_t clearance;
	market_status_t status;
	size_t i;

	*ret_same = submission->n_questions == row->n_questions;
	for (i = 0; *ret_same && i < row->n_questions; i++) {
		status = market__clear_find(
		    call, submission->questions[i].hash, &clearance);
		if (status == MARKET_E_NOT_FOUND ||
		    (status == MARKET_OK && clearance.no != row->questions[i]))
			*ret_same = false;
		else if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

market_status_t
market__publish_again(market__call_t *call, market_submissions_t *submissions,
    market__submission_t *submission, const market__listing_row_t *row)
{
	bool forked = (row->flags & MARKET__LISTING_FORKED) != 0;
	market_statement_t *kept = NULL;
	market__signature_t room[MARKET__SIGNATURES_MAX];
	market__envelope_t joined;
	market_status_t status;
	bool known = true;

	status = market__listing_offer(call, row, &kept);
	/* A fork is settled by a higher revision, and not by who signs. */
	if (status == MARKET_OK && !forked &&
	    adds_signatures(&kept->envelope, &submission->offer->envelope)) {
		join(&kept->envelope, &submission->offer->envelope, room,
		    &joined);
		status = rejudge(call, submission, &joined);
		known = false;
		if (status == MARKET_OK)
			status = loses_signers(call, kept, submission, &known);
		if (status == MARKET_OK && !known)
			status = asks_the_same(call, submission, row, &known);
	}
	market_statement_free(kept);
	if (status != MARKET_OK || !known)
		return status;
	if (market__submission_refuse(submissions, submission,
		MARKET_RESULT_DUPLICATE,
		"it was submitted before") != MARKET_OK)
		return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for a reason");
	return MARKET_OK;
}
