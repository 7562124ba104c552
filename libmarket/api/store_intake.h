/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds that are taken in: between the files of it. */
#ifndef MARKET_API_STORE_INTAKE_H
#define MARKET_API_STORE_INTAKE_H

#include "api/feed.h"
#include "api/store_evidence.h"
#include "api/store_submit.h"
#include "base/deadline.h"

/* A chunk on its way in. */
typedef struct market__bringing {
	market__chunk_t chunk;
	market_status_t status; /* of the chunk, or a failure of ours */
	market__arena_t arena;
	/* Of each row its offer, or why it is none; the id where it was read.*/
	market_statement_t *offers[MARKET__CHUNK];
	market_error_t *errors[MARKET__CHUNK];
	market_slice_t ids[MARKET__CHUNK];
	market__like_t likes[MARKET__CHUNK];
	market__hasher_t *hasher;
} market__bringing_t;

/*
 * Rows alike: what they ask. Numbers are those of this epoch and instant, whose
 * clearances were seen to be what holds.
 */
typedef struct market__kind {
	const market__asked_t *asked;
	size_t n;
	uint64_t *numbers;
	bool numbered;
	struct market__kind *next;
} market__kind_t;

/* Bytes of kinds from which they are forgotten. */
#define MARKET__INTAKE_KINDS ((size_t)8 << 20)

/* One transaction's worth of a feed. */
typedef struct market__intake {
	const market_feed_t *feed;
	/* Its list as it was accepted: of the same bytes, but others may have
	 * signed what was handed in since. */
	market_statement_t *list;
	uint64_t no;    /* of the feed's statement in the store */
	uint64_t entry; /* ... and its entry */
	/* Digests of its earlier revisions, if what it lacks of theirs has
	 * ended; or NULL. */
	uint8_t *earlier;
	size_t n_earlier;
	bool mute; /* it does not count any more: nothing ends by its word */
	uint64_t epoch_seen; /* at which it was looked whether it counts */
	int64_t now_seen;
	/* What came of it where another revision was accepted since (STALE,
	 * FORK), or it does not count any more (REFUSED); else 0. */
	market_result_t overtaken;
	uint64_t most;                 /* that may end so */
	uint64_t next;                 /* chunks that were taken in before */
	uint64_t last;                 /* entry of the last of them; 0: none */
	market__taken_t before, after; /* after is before that is committed */
	uint8_t last_id[3][MARKET__STRING_MAX];
	market__bringing_t *jobs;
	size_t n_jobs;
	uint64_t last_after;
	market__there_t there; /* between the ids of the chunk at hand */
	/* What is known of rows alike, as of this epoch and instant. */
	market__plain_t *plain;
	market__arena_t kinds_arena;
	market__kind_t *kinds;
	bool unsure; /* numbers may be of a transaction that was rolled back */
	market__slot_user_t user; /* of its look-up: the call at hand */
	market__lookup_t lookup;
	uint64_t epoch;
	int64_t now;
} market__intake_t;

/* The feed whose rows they are, or NULL. */
static inline const market_statement_t *
market__intake_feed(const market_submissions_t *submissions)
{
	return submissions->intake == NULL ? NULL : submissions->intake->list;
}

/* Chunks of one transaction: others wait as long as these take. */
#define MARKET__INTAKE_JOBS 4

/* Chunks that are read together. */
typedef struct market__load {
	market__bringing_t jobs[MARKET__INTAKE_JOBS];
	size_t n;
	const market_feed_t *feed;
} market__load_t;

/* One call that takes a feed in. */
typedef struct market__taking {
	market_store_t *store;
	int64_t at;
	const market_intake_options_t *options;
	market_intake_report_t *report;
	market_error_t *reterr;
	market__deadline_t deadline;
	market__rows_t rows;
	uint64_t ahead; /* bytes of rows that are there at the beginning */
	market_status_t ended; /* why no more can be read */
	market_error_t why_ended;
	market__crew_t *crew;
	market__intake_t intake;
	/* One is written while the next is verified. */
	market__load_t loads[2];
	market__load_t *now, *next;
} market__taking_t;

/* How many there are to take in: an empty feed has one, of no rows. */
static inline uint64_t
market__intake_chunks(const market_feed_t *feed)
{
	uint64_t chunks = market__feed_chunks(market__feed_of(feed)->count);

	return chunks == 0 ? 1 : chunks;
}

/* What came of the chunks before, kept by the call. */
void market__intake_keep(
    market__intake_t *intake, const market__taken_t *taken);

/* ---- store_intake_list.c ---- */

/*
 * Accepts the list, or goes on with one that was. MARKET_E_DENIED: the report's
 * result says why not; MARKET_E_LIMIT: more would end than may.
 */
market_status_t market__intake_list(market__taking_t *taking);
/* Does it still count, in a later transaction? MARKET_E_DENIED: no. */
market_status_t market__intake_stands(
    market__intake_t *intake, market__call_t *call);

/* ---- store_intake_read.c: rows as offers ---- */

/* Verifies the chunk, and parses its rows. */
void market__bring(const market_feed_t *feed, market__bringing_t *job);
void market__bring_empty(market__bringing_t *job);
/* Refuses rows that are not behind the greatest id before them. */
market_status_t market__bring_order(market__intake_t *intake);
market_status_t market__bring_refuse(
    market__bringing_t *job, size_t row, const market__misplaced_t *why);
/* The ids of its offers, which are in order; how many. */
size_t market__bring_ids(
    const market__bringing_t *job, market_slice_t ids[MARKET__CHUNK]);

/* ---- store_intake_judge.c: the same answer for rows alike ---- */

/* Numbers of kinds are those of this transaction, which has begun. */
void market__intake_number(market__intake_t *intake);
void market__intake_forget(market__intake_t *intake);
/* Before the rows are judged, in a transaction of the call. */
market_status_t market__intake_look(
    market__intake_t *intake, market__call_t *call);
/* Its decision and questions; no decision where it is plain. */
market_status_t market__intake_judge(market__intake_t *intake,
    market__call_t *call, market__submission_t *submission);

/* ---- store_intake_write.c: in the transaction that writes ---- */

/*
 * Chunk by chunk: its entry and payload, what they cause, and what it lacks has
 * ended; so that entries do not depend on how chunks come in transactions. And
 * how far the feed was taken in. MARKET_E_STATE: somebody else has taken them
 * in meanwhile; MARKET_E_DENIED: another revision has come; MARKET_E_LIMIT:
 * more would end than may.
 */
market_status_t market__intake_publish(
    market__records_t *records, market_submissions_t *submissions);
/* The row of how far a feed was taken in; CORRUPT where it is not readable. */
market_status_t market__intake_read(market__call_t *call, uint64_t no,
    market__feed_row_t *ret_row, market__taken_t *ret_taken,
    uint64_t *ret_next);
/* MARKET_E_INDETERMINATE where the clock is behind. */
market_status_t market__intake_clock(market__call_t *call);

/* ---- store_intake_lacking.c ---- */

/* Ends what a chunk lacks of the revisions before; by that entry. */
market_status_t market__intake_lacking(
    market__call_t *call, market__intake_t *intake, size_t k, uint64_t cause);
/* An ended listing is offered again: what a feed had ended for lacking it is as
 * it was before that. */
market_status_t market__intake_return(
    market__call_t *call, market__listing_row_t *row, uint64_t cause);

/* Did a feed end it, by lacking it, and nobody has said more since? */
market_status_t market__intake_ended(
    market__call_t *call, const market__listing_row_t *row, bool *ret_ended);

#endif
