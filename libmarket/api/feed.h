/* SPDX-License-Identifier: Apache-2.0 */
/* Between the calls on feeds. */
#ifndef MARKET_API_FEED_H
#define MARKET_API_FEED_H

#include <market/feed.h>

#include "api/evidence.h"
#include "model/feed.h"

struct market_feed {
	market_context_t *context;
	market_statement_t *statement;
};

static inline const market__feed_t *
market__feed_of(const market_feed_t *feed)
{
	return &feed->statement->message->of.feed;
}

/* ---- feed_rows.c: rows as they come ---- */

/* Rows that were read, chunk by chunk; what is believed of them is up to the
 * reader. */
typedef struct market__rows {
	const market_feed_t *feed;
	market_read_fn *read;
	void *user;
	uint8_t *buffer; /* what was read ahead: `begin` to `end` */
	size_t begin, end;
	bool over;              /* nothing is left to read */
	uint64_t chunk;         /* the next one */
	market_error_t *reterr; /* of the failure to read, or NULL */
} market__rows_t;

/* One chunk; made empty, and used again for the next. */
typedef struct market__chunk {
	uint64_t number;
	uint8_t *bytes; /* its rows, each behind its length */
	size_t len, capacity;
	size_t size; /* of all of them, also where they are not kept */
	size_t row;  /* the one that is read */
	market_slice_t rows[MARKET__CHUNK];
	size_t n_rows;
	/* Why it is not whole: it is passed over (MARKET_E_LIMIT), or
	 * (`lost`) nothing behind it can be read either. */
	market_status_t status;
	bool lost;
	market_error_t error;
} market__chunk_t;

/* MARKET_E_MEMORY. */
market_status_t market__rows_init(market__rows_t *rows,
    const market_feed_t *feed, market_read_fn *read, void *user,
    market_error_t *reterr);
void market__rows_clear(market__rows_t *rows);

/*
 * The next chunk; call it only while rows->chunk is less than the feed has.
 * MARKET_OK: the chunk says how it is. MARKET_E_MEMORY, or what `read` returned
 * (told in reterr).
 */
market_status_t market__rows_next(market__rows_t *rows, market__chunk_t *chunk);
/* Bytes behind the last row, of which one piece is read. */
market_status_t market__rows_behind(market__rows_t *rows, uint64_t *ret_n);
/* By the allocator of the feed's context. */
void market__chunk_clear(
    market__chunk_t *chunk, const market_allocator_t *allocator);

/*
 * Is it the chunk that was signed? Its leaves go to `leaves`, of MARKET__CHUNK,
 * if not NULL. MARKET_OK; MARKET_E_LOG, or why it is not whole: chunk->error
 * says so; MARKET_E_MEMORY, MARKET_E_INTERNAL.
 */
market_status_t market__chunk_verify(const market_feed_t *feed,
    market__hasher_t *hasher, market__chunk_t *chunk, market__node_t *leaves);

/* Is the status one of rows (true), or a failure of ours? */
static inline bool
market__chunk_told(market_status_t status)
{
	return status == MARKET_OK || status == MARKET_E_LOG ||
	    status == MARKET_E_LIMIT || status == MARKET_E_ENCODING;
}

/* ---- what is refused of a row that is an offer ---- */

typedef struct market__misplaced {
	const char *path;
	const char *text;
} market__misplaced_t;

/* Of another issuer than the feed's, or not behind the rows before it. */
extern const market__misplaced_t market__row_foreign, market__row_unordered;

/* ---- feed_judge.c: the rows of one chunk ---- */

/* Decisions that are kept of a chunk until they are told. */
#define MARKET__DECISIONS_HELD 64

/* How a row came out. */
typedef struct market__judged {
	market_slice_t id; /* empty: not read */
	market_status_t status;
	bool plain;
	bool open; /* to be decided when it is told */
	market_decision_t *decision;
	market_error_t *error; /* in the arena of the chunk, or NULL */
} market__judged_t;

/* What one thread works with. */
typedef struct market__judge {
	market__lookup_t lookup;
	market__hasher_t *hasher;
	market__plain_t *plain;
	struct market__judge *next;
} market__judge_t;

/* A chunk in work. */
typedef struct market__job {
	market__chunk_t chunk;
	market__arena_t arena;
	market_status_t status; /* of the chunk, or a failure of ours */
	market__judged_t rows[MARKET__CHUNK];
	size_t n_held;
} market__job_t;

/* Judges what the chunk has. The evidence is sealed. */
void market__job_judge(market__job_t *job, market_evidence_t *evidence,
    const market_feed_t *feed, int64_t at, market__judge_t *judge);
/* Decides a row that was left open. MARKET_OK, or a failure of ours. */
market_status_t market__job_decide(market__job_t *job, size_t row,
    market_evidence_t *evidence, const market_feed_t *feed, int64_t at);
/* Of no place in the feed: what was decided of it is dropped. */
market_status_t market__job_refuse(
    market__job_t *job, size_t row, const market__misplaced_t *why);
/* Gives back what it holds but its memory. */
void market__job_empty(market__job_t *job);

/* Is the status what becomes of a row (true), or a failure of ours? */
bool market__row_told(market_status_t status);

#endif
