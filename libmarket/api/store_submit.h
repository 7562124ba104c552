/* SPDX-License-Identifier: Apache-2.0 */
/* Offers that are submitted: between the files of it. */
#ifndef MARKET_API_STORE_SUBMIT_H
#define MARKET_API_STORE_SUBMIT_H

#include "api/store_listing.h"
#include "base/crew.h"

/* One offer on its way to a listing. */
typedef struct market__submission {
	market_submitted_t submitted;
	market_statement_t *offer; /* NULL: it did not parse */
	/* As it was handed in, where signatures that were kept joined it. */
	market_statement_t *handed;
	market_decision_t *decision;
	market__tried_t *tried; /* or NULL; in the submissions' arena */
	const market__asked_t *questions; /* in the call's arena */
	size_t n_questions;
	struct market__kind *kind; /* ... where it is plain: its like */
	bool plain;     /* of an intake: permitted, with nothing to tell */
	size_t chunk;   /* ... which of its jobs, */
	size_t row;     /* ... and which row of that */
	uint64_t cause; /* ... the entry of its chunk; else 0 */
} market__submission_t;

struct market_submissions {
	market_context_t *context;
	market__arena_t arena;
	market__submission_t *v;
	size_t n;
	/* Rows of a feed, and how it is taken in (store_intake.h); or NULL. */
	struct market__intake *intake;
};

/* store_submit.c: what does not parse is refused, and no failure. */
market_status_t market__submissions_parse(market_context_t *context,
    const market_slice_t *offers, size_t n, market_submissions_t **ret,
    market_error_t *reterr);

/* store_ready.c: verifies signatures before it is the store's turn. */
market_status_t market__submissions_ready(market_store_t *store,
    market_submissions_t *submissions, market__crew_t *crew, int64_t at,
    market_error_t *reterr);

/* In a transaction of the call, as of its instant. */
market_status_t market__submissions_judge(
    market__call_t *call, market_submissions_t *submissions);
market_status_t market__submissions_publish(
    market__call_t *call, market_submissions_t *submissions);
/* As they were before they were published. */
void market__submissions_reset(market_submissions_t *submissions);
/* store_group.c: with others in a transaction, or in one of its own. */
market_status_t market__submissions_submit(market_store_t *store,
    market_submissions_t *submissions, int64_t at, market_error_t *reterr);

/* Under the store's lock: how many callers wait. */
size_t market__waiting_count(const market_store_t *store);

/* Says why it did not become a listing; the first reason stays. */
market_status_t market__submission_refuse(market_submissions_t *submissions,
    market__submission_t *submission, market_result_t result,
    const char *format, ...) MARKET__PRINTF(4, 5);

/* ---- store_records.c: rows that offers of one transaction share ---- */

/* The row of a question; number 0: there is none yet. */
typedef struct market__recorded {
	market__question_t question;
	market__clearance_row_t row;
	bool current; /* it is what holds now */
} market__recorded_t;

/* The seller's listings from one id to another, by id. */
typedef struct market__there {
	const market__listing_row_t *rows;
	size_t n, at;         /* looked up so far: ids ascend */
	market_slice_t until; /* up to which they are all here */
	bool all;             /* ... or beyond any */
} market__there_t;

typedef struct market__records {
	market__call_t *call;
	struct market__record *table;
	struct market__seller_record *sellers;
	/* Of an intake: what is there already, and listings that are to be
	 * written together; NULL: each is looked up, and written at once. */
	market__there_t *there;
	market__listing_row_t *rows;
	size_t n_rows;
} market__records_t;

typedef struct market__recorded_seller {
	market__party_row_t row; /* number 0: it has none yet */
	bool touched;
} market__recorded_seller_t;

market_status_t market__records_find(market__records_t *records,
    const market__asked_t *asked, market__recorded_t **ret);
market_status_t market__records_seller(market__records_t *records,
    market_slice_t name, market__recorded_seller_t **ret);
/* As market__listing_of(), and puts it; borrowed for the transaction. */
market_status_t market__records_listing(market__records_t *records,
    uint64_t seller, market_slice_t id, market__listing_row_t *ret_row);
market_status_t market__records_put(
    market__records_t *records, const market__listing_row_t *row);
/* Writes what was touched. */
market_status_t market__records_write(market__records_t *records);
void market__records_clear(market__records_t *records);

/* One of them, with what is told of it. */
market_status_t market__submission_publish(market__records_t *records,
    market_submissions_t *submissions, market__submission_t *submission);

/*
 * store_publish.c: writes what a judged offer comes to, in the write
 * transaction.
 */
market_status_t market__publish(market__records_t *records,
    market_submissions_t *submissions, market__submission_t *submission);

/*
 * store_resign.c: the offer that is there already. A duplicate, unless it
 * brings signatures by which it asks other questions than are recorded.
 */
market_status_t market__publish_again(market__call_t *call,
    market_submissions_t *submissions, market__submission_t *submission,
    const market__listing_row_t *row);

#endif
