/* SPDX-License-Identifier: Apache-2.0 */
/* Offers are submitted: parsed, judged, and published. */
#include <stdio.h>

#include "api/store_intake.h"
#include "api/store_listing.h"

static const struct {
	market_result_t result;
	const char *name;
} results[] = {
	{ MARKET_RESULT_ACCEPTED, "ACCEPTED" },
	{ MARKET_RESULT_DUPLICATE, "DUPLICATE" },
	{ MARKET_RESULT_STALE, "STALE" },
	{ MARKET_RESULT_FORK, "FORK" },
	{ MARKET_RESULT_REFUSED, "REFUSED" },
};

const char *
market_result_name(market_result_t result)
{
	size_t i;

	for (i = 0; i < MARKET__COUNT(results); i++)
		if (results[i].result == result)
			return results[i].name;
	return "UNSPECIFIED";
}

void
market_submissions_free(market_submissions_t *submissions)
{
	const market_allocator_t *allocator;
	size_t i;

	if (submissions == NULL)
		return;
	allocator = &submissions->context->allocator;
	for (i = 0; i < submissions->n; i++) {
		/* analyse(scan): where there is no v, n is 0. */
		market_decision_free(submissions->v[i].decision);
		/* The rows of a feed are its intake's. */
		if (submissions->intake == NULL)
			market_statement_free(submissions->v[i].offer);
		market_statement_free(submissions->v[i].handed);
	}
	market__arena_clear(&submissions->arena);
	market__free(allocator, submissions);
}

const market_submitted_t *
market_submissions_at(const market_submissions_t *submissions, size_t index)
{
	if (submissions == NULL || index >= submissions->n)
		return NULL;
	return &submissions->v[index].submitted;
}

market_status_t
market__submission_refuse(market_submissions_t *submissions,
    market__submission_t *submission, market_result_t result,
    const char *format, ...)
{
	char text[MARKET_ERROR_MESSAGE_MAX + MARKET_ERROR_PATH_MAX];
	market_slice_t copy;
	va_list args;

	if (submission->submitted.result != 0)
		return MARKET_OK;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	copy = market__arena_copy(&submissions->arena, market_slice_of(text));
	if (copy.ptr == NULL)
		return market__arena_refusal(&submissions->arena);
	submission->submitted.result = result;
	submission->submitted.message = (const char *)copy.ptr;
	return MARKET_OK;
}

/* ---- parsing ---- */

/* Names the listing that the offer becomes. */
static market_status_t
name_listing(
    market_submissions_t *submissions, market__submission_t *submission)
{
	const market__header_t *header = market__header(submission->offer);
	market_slice_t copy;
	market__text_t text;

	market__text_init(&text, &submissions->context->allocator, 4096);
	market__text_slice(&text, header->issuer);
	market__text_putc(&text, '/');
	market__text_slice(&text, header->id);
	copy = market__slice(text.data, text.len);
	if (text.status == MARKET_OK)
		copy = market__arena_copy(&submissions->arena, copy);
	market__text_clear(&text);
	if (text.status != MARKET_OK || copy.ptr == NULL)
		return MARKET_E_MEMORY;
	submission->submitted.listing = (const char *)copy.ptr;
	return MARKET_OK;
}

static market_status_t
parse_one(market_submissions_t *submissions, market__submission_t *submission,
    market_slice_t offer)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	if (offer.ptr == NULL && offer.len > 0)
		return MARKET_E_ARGUMENT;
	status = market__offer_parse(
	    submissions->context, offer, &submission->offer, &error);
	if (status == MARKET_OK)
		return name_listing(submissions, submission);
	if (status == MARKET_E_MEMORY || status == MARKET_E_INTERNAL ||
	    status == MARKET_E_UNSUPPORTED)
		return status;
	submission->submitted.status = status;
	return market__submission_refuse(submissions, submission,
	    MARKET_RESULT_REFUSED, "%s%s%s", error.path,
	    error.path[0] != '\0' ? ": " : "", error.message);
}

market_status_t
market__submissions_parse(market_context_t *context,
    const market_slice_t *offers, size_t n, market_submissions_t **ret,
    market_error_t *reterr)
{
	market_submissions_t *submissions;
	market_status_t status = MARKET_OK;
	size_t i;

	if (n >= SIZE_MAX / sizeof(*submissions->v))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "there cannot be so many offers in memory");
	submissions = market__alloc(&context->allocator, sizeof(*submissions));
	if (submissions == NULL)
		return market__error(reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for what is submitted");
	submissions->context = context;
	market__arena_init(
	    &submissions->arena, &context->allocator, SIZE_MAX / 2);
	submissions->v = market__arena_array(
	    &submissions->arena, n + 1, sizeof(*submissions->v));
	if (submissions->v == NULL)
		status = MARKET_E_MEMORY;
	else
		submissions->n = n;
	for (i = 0; i < n && status == MARKET_OK; i++)
		status = parse_one(submissions, &submissions->v[i], offers[i]);
	if (status != MARKET_OK) {
		market_submissions_free(submissions);
		return market__error(reterr, status, NULL, -1,
		    "the offers could not be taken in: %s",
		    market_status_text(status));
	}
	*ret = submissions;
	return MARKET_OK;
}

/* ---- judging ---- */

static market_status_t
judge_one(market__call_t *call, const market_submissions_t *submissions,
    market__submission_t *submission)
{
	market_decision_free(submission->decision);
	submission->decision = NULL;
	if (submissions->intake != NULL)
		return market__intake_judge(
		    submissions->intake, call, submission);
	return market__call_decide(call, submission->offer, NULL,
	    submission->tried, &submission->decision, &submission->questions,
	    &submission->n_questions);
}

market_status_t
market__submissions_judge(
    market__call_t *call, market_submissions_t *submissions)
{
	market_status_t status = MARKET_OK;
	size_t i, n_pins;

	if (submissions->intake != NULL)
		status = market__intake_look(submissions->intake, call);
	for (i = 0; i < submissions->n && status == MARKET_OK; i++) {
		if (submissions->v[i].offer == NULL)
			continue;
		n_pins = call->n_pins;
		status = judge_one(call, submissions, &submissions->v[i]);
		market__call_release(call, n_pins);
	}
	return status;
}

market_status_t
market__submission_publish(market__records_t *records,
    market_submissions_t *submissions, market__submission_t *submission)
{
	market_status_t status;

	status = market__publish(records, submissions, submission);
	submission->submitted.decision = submission->decision;
	submission->submitted.status = submission->plain
	    ? MARKET_OK
	    : market__decision_status(submission->decision);
	return status;
}

market_status_t
market__submissions_publish(
    market__call_t *call, market_submissions_t *submissions)
{
	market__records_t records = { .call = call };
	market_status_t status = MARKET_OK;
	size_t i;

	if (submissions->intake != NULL)
		status = market__intake_publish(&records, submissions);
	for (i = 0; submissions->intake == NULL && i < submissions->n &&
	     status == MARKET_OK;
	     i++)
		if (submissions->v[i].offer != NULL)
			status = market__submission_publish(
			    &records, submissions, &submissions->v[i]);
	if (status == MARKET_OK)
		status = market__records_write(&records);
	market__records_clear(&records);
	return status;
}

void
market__submissions_reset(market_submissions_t *submissions)
{
	market__submission_t *submission;
	market_submitted_t *submitted;
	size_t i;

	for (i = 0; i < submissions->n; i++) {
		submission = &submissions->v[i];
		if (submission->offer == NULL)
			continue;
		if (submission->handed != NULL) {
			market_statement_free(submission->offer);
			submission->offer = submission->handed;
			submission->handed = NULL;
		}
		submitted = &submission->submitted;
		submitted->result = (market_result_t)0;
		submitted->message = NULL;
		submitted->entry = 0;
	}
}

market_status_t
market_store_submit(market_store_t *store, const market_slice_t *offers,
    size_t n, int64_t at, market_submissions_t **ret_submissions,
    market_error_t *reterr)
{
	market_submissions_t *submissions = NULL;
	market_status_t status;

	if (store == NULL || (offers == NULL && n > 0) ||
	    ret_submissions == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "a store, offers and ret_submissions must be given");
	status = market__submissions_parse(
	    store->context, offers, n, &submissions, reterr);
	if (status == MARKET_OK)
		status = market__submissions_submit(
		    store, submissions, at, reterr);
	if (status == MARKET_OK)
		*ret_submissions = submissions;
	else
		market_submissions_free(submissions);
	return status;
}
