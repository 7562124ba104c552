/* SPDX-License-Identifier: Apache-2.0 */
/* Offers that are submitted: between the files of it. */
#ifndef MARKET_API_STORE_SUBMIT_H
#define MARKET_API_STORE_SUBMIT_H

#include "api/store_call.h"

/* One offer on its way to a listing. */
typedef struct market__submission {
	market_submitted_t submitted;
	market_statement_t *offer; /* NULL: it did not parse */
	market_decision_t *decision;
	const market_slice_t *questions; /* in the call's arena */
	size_t n_questions;
} market__submission_t;

struct market_submissions {
	market_context_t *context;
	market__arena_t arena;
	market__submission_t *v;
	size_t n;
};

/* Says why it did not become a listing; the first reason stays. */
market_status_t market__submission_refuse(market_submissions_t *submissions,
    market__submission_t *submission, market_result_t result,
    const char *format, ...) MARKET__PRINTF(4, 5);

/*
 * store_publish.c: writes what a judged offer comes to, in the write
 * transaction.
 */
market_status_t market__publish(market__call_t *call,
    market_submissions_t *submissions, market__submission_t *submission);

/*
 * store_resign.c: the offer that is there already. A duplicate, unless it
 * brings signatures by which it asks other questions than are recorded.
 */
market_status_t market__publish_again(market__call_t *call,
    market_submissions_t *submissions, market__submission_t *submission,
    const market__listing_row_t *row);

#endif
