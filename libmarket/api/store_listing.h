/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the store: what the evidence comes to. A clearance is believed only
 * after it was computed in this process at the versions of its slots; a
 * listing is what its clearances make of it.
 */
#ifndef MARKET_API_STORE_LISTING_H
#define MARKET_API_STORE_LISTING_H

#include "api/store_call.h"

/* ---- store_clear.c: clearances ---- */

/* An answer of this process; its key in the cache is "C" and the hash. */
typedef struct market__cleared {
	market__cached_t cached;
	int64_t computed_at;
	uint8_t versions[MARKET_DIGEST_LEN]; /* over the slots it has read */
	market__clearance_t answer;
	struct market__words *words; /* what it points at */
} market__cleared_t;

/* Shared with decisions, which may live on. */
typedef struct market__words {
	market__shared_t shared;
	market__arena_t arena;
} market__words_t;

/*
 * The answer to a question at call->now, computed in this process at these
 * versions; kept until the call ends.
 */
market_status_t market__clear(market__call_t *call,
    const market__question_t *question, const market__cleared_t **ret);

/* A question as bytes, and the hash of these. */
typedef struct market__asked {
	market_slice_t bytes;
	uint8_t hash[MARKET_DIGEST_LEN];
} market__asked_t;

market_status_t market__clear_ask(market__call_t *call,
    const market__question_t *question, market__asked_t *ret_asked);

/* As market__clear(), of a question whose hash is known. */
market_status_t market__clear_hashed(market__call_t *call,
    const market__question_t *question, const uint8_t *hash,
    const market__cleared_t **ret);

/* As above at another instant, in `arena`; not kept. */
market_status_t market__clear_at(market__call_t *call,
    const market__question_t *question, int64_t at, market__arena_t *arena,
    market__clearance_t *ret);

/*
 * Was the row computed at the versions and in the interval of this answer? If
 * so and it says otherwise, somebody edited it: MARKET_E_CORRUPT.
 */
market_status_t market__clear_current(market__call_t *call,
    const market__clearance_row_t *row, const market__cleared_t *cleared,
    bool *ret_current);

/*
 * Computes the answer and records it: a new row where *row has number 0.
 * *ret_changed: an entry was written.
 */
market_status_t market__clear_record(market__call_t *call,
    const market__question_t *question, uint64_t cause,
    market__clearance_row_t *row, bool *ret_changed);

/*
 * The entry of the last statement that moved what the answer reads since the
 * row was computed; 0 where none did, and time is the cause.
 */
market_status_t market__clear_cause(market__call_t *call,
    const market__cleared_t *cleared, const market__clearance_row_t *row,
    uint64_t *ret_cause);

/* The hash that a question's row is found by. */
market_status_t market__clear_hash(market__call_t *call,
    const market__question_t *question, uint8_t *ret_hash);

/* The question of a row, borrowed from it; CORRUPT if it is not readable. */
market_status_t market__clear_question(market__call_t *call,
    const market__clearance_row_t *row, market__question_t *ret_question);

/* The row of the question with that hash; NOT_FOUND. */
market_status_t market__clear_find(market__call_t *call, const uint8_t *hash,
    market__clearance_row_t *ret_row);

/* ---- store_settle.c: computing anew ---- */

/*
 * Computes at most `max` clearances anew whose evidence changed, in the
 * transaction of the call. `more`: there are others.
 */
market_status_t market__settle_some(
    market__call_t *call, size_t max, market_refreshed_t *refreshed);

/* All of them, in transactions of its own. */
market_status_t market__settle_all(
    market__call_t *call, int64_t at, market_refreshed_t *refreshed);

/* ---- store_listing.c: what a listing is at an instant ---- */

#define MARKET__LISTING_FORKED 1u
/* Its offer is a row of a feed: its entry was caused by a chunk's. */
#define MARKET__LISTING_LISTED 2u

/* What is wanted of a listing. */
typedef struct market__look {
	bool whole;  /* its offer, too */
	bool decide; /* the decision about it, too */
	/* Its cells alone, with the row taken at its word: to be counted, and
	 * never to publish. In a view of the past, of a row that was so. */
	bool unproven;
	/* One cell alone, or all where NULL. */
	const market__question_t *only;
} market__look_t;

typedef struct market__listing {
	market__listing_row_t row; /* as the view knows it */
	market_slice_t seller;
	market_statement_t *offer;   /* NULL unless it had to be read */
	market_decision_t *decision; /* NULL unless it had to be made */
	market_listing_status_t status;
	market_listing_cell_t *cells; /* those wanted */
	size_t n_cells;
	int64_t boundary; /* before which no cell's answer changes by itself; 0:
			     not known */
} market__listing_t;

/* Finds a listing by its id, "SELLER/OFFER-ID"; NOT_FOUND. */
market_status_t market__listing_find(market__call_t *call, market_slice_t id,
    market__listing_row_t *ret_row, market_slice_t *ret_seller);

/*
 * What the listing is at call->now, as the view knows it; cells and texts in
 * `arena`. In a view of the past NOT_FOUND if it had not begun. Cleared by the
 * caller, also after a failure.
 */
market_status_t market__listing_look(market__call_t *call,
    const market__listing_row_t *row, market_slice_t seller,
    const market__look_t *look, market__arena_t *arena, market__listing_t *ret);
void market__listing_clear(market__listing_t *listing);

/*
 * store_believe.c: does the row say what its offer says, and who signed? Of
 * each of its questions the hash is given.
 */
market_status_t market__listing_believe(market__call_t *call,
    const market__listing_row_t *row, market_slice_t seller,
    const uint8_t *hashes, bool *ret_believed);

/* Is the row what its own entries make of it? CORRUPT. */
market_status_t market__listing_history(
    market__call_t *call, const market__listing_row_t *row);

/* Its offer, parsed; CORRUPT unless the digest is the row's. */
market_status_t market__listing_offer(market__call_t *call,
    const market__listing_row_t *row, market_statement_t **ret_offer);

/* The window of an offer as its row keeps it, and its disclosures; no longer
 * than that of the feed which lists it (or NULL). */
void market__listing_terms(const market_statement_t *offer,
    const market_statement_t *feed, market__listing_row_t *row);

/* ---- store_chunk.c: offers that feeds list ---- */

/* The feed that lists its offer, kept until the call ends; NULL: none does. */
market_status_t market__listing_feed(market__call_t *call,
    const market__listing_row_t *row, const market_statement_t **ret_feed);

/*
 * The payload of the offer with that id among the rows of a chunk that was
 * taken in by that entry; they are what the feed's seller signed, or CORRUPT.
 * Of several with the id, some of which were refused, it is the one of that
 * digest, if there is one. Borrowed until the call ends. NOT_FOUND, which is
 * left to be told.
 */
market_status_t market__chunk_offer(market__call_t *call, uint64_t entry,
    market_slice_t offer_id, const uint8_t digest[MARKET_DIGEST_LEN],
    market_slice_t *ret_payload);
/* The same of all of its rows: are they there, and what was signed? False: it
 * was broken, and has none. */
market_status_t market__chunk_check(
    market__call_t *call, uint64_t entry, bool *ret_there);

/* The feed that a chunk's entry is of; kept until the call ends. */
market_status_t market__chunk_feed(market__call_t *call,
    const market__entry_row_t *entry, const market_statement_t **ret_feed);

/* store_plain.c: nobody has said anything against this one offer. */
market_status_t market__listing_plain(market__call_t *call,
    const market__listing_row_t *row, market_slice_t seller, bool *ret_plain);
/* What the policy's skew loosens a beginning by, in seconds. */
market_status_t market__call_skew(market__call_t *call, int64_t *ret_skew);

/* The offer itself, where nobody has. */
typedef struct market__alone {
	market_verdict_t verdict;
	int64_t begin;    /* of its window, as the skew loosens it */
	int64_t boundary; /* the next instant of its window, or INT64_MAX */
} market__alone_t;
market_status_t market__listing_alone(market__call_t *call,
    const market__listing_row_t *row, market__alone_t *ret_alone);

/* store_past.c: the row as it was at call->as_of; NOT_FOUND. */
market_status_t market__listing_then(
    market__call_t *call, market__listing_row_t *row);
/* Did a clearance permit, at or before as_of, since the listing began? */
market_status_t market__listing_permitted(market__call_t *call,
    const market__clearance_row_t *row, const market__listing_row_t *listing,
    bool *ret_permitted);

/* ---- store_decide.c: offers ---- */

/*
 * The decision about an offer by this view's evidence and clearances; signed
 * in its stead is the feed, if one lists it (or NULL). The questions that its
 * cells ask are given as they are encoded, in the call's arena.
 */
market_status_t market__call_decide(market__call_t *call,
    market_statement_t *offer, const market_statement_t *feed,
    const market__tried_t *tried, market_decision_t **ret_decision,
    const market__asked_t **ret_questions, size_t *ret_n_questions);

/* The status that market_check() returns for a decision. */
market_status_t market__decision_status(const market_decision_t *decision);

#endif
