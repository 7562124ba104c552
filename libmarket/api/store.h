/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the store: one call, and what it reads and writes. What lies in the
 * backend is believed only after it was verified here, once in a process; a
 * clearance only after it was computed here at the versions of its slots.
 */
#ifndef MARKET_API_STORE_H
#define MARKET_API_STORE_H

#include <pthread.h>
#include <sys/types.h>

#include <market/store.h>

#include "api/cache.h"
#include "api/root.h"
#include "store/store_backend.h"
#include "verify/verify.h"

/* Raised whenever an evaluation could come out differently. */
#define MARKET__EVALUATOR 1

/* Clearances that one transaction computes anew, at most, unless asked. */
#define MARKET__STORE_BATCH 256

/* Bytes that one call may take beside the cache. */
#define MARKET__CALL_BUDGET ((size_t)256 << 20)

/*
 * How far this process has gone through what rests on slots that moved: it
 * need not be gone through again while nothing else was accepted.
 */
typedef struct market__settling {
	uint64_t epoch, settled; /* of the head that this is about */
	uint64_t slot;           /* those before it are done */
	uint64_t after;          /* and of it, clearances up to this one */
} market__settling_t;

struct market_store {
	market_context_t *context;
	market__backend_t *backend;
	size_t cache_bytes;
	int64_t tolerance;
	uint64_t max_listings, max_questions, max_statements, max_early;
	pid_t pid; /* a child has no business here */

	pthread_mutex_t lock; /* of the next two */
	pthread_cond_t idle;
	bool busy;
	pthread_t owner;

	/* What this process has seen, and all it knows of it. */
	market__store_head_t seen;
	market__cache_t *cache;
	struct market__news *news; /* slots that moved, by epoch */
	size_t n_news;
	market__arena_t news_arena; /* not there while `news` is NULL */
	market__settling_t settling;
};

/* ---- store_call.c: one call ---- */

/* What it looks at. */
typedef enum market__view {
	MARKET__VIEW_LIVE,        /* now; shares the store's cache */
	MARKET__VIEW_PAST,        /* what was known at an entry */
	MARKET__VIEW_HYPOTHETICAL /* in a transaction that is rolled back */
} market__view_t;

/* What is supposed to be withdrawn, without anybody's having said so. */
typedef struct market__supposed {
	market_slice_t slot;   /* "digest/...", "key/..." or empty */
	market_slice_t issuer; /* all that it signed, or empty */
} market__supposed_t;

typedef struct market__call {
	market_store_t *store;
	market_context_t *context;
	market__backend_t *backend;
	const market__backend_ops_t *ops;
	market_error_t *reterr;
	market__arena_t arena; /* what lives as long as the call */
	market__view_t view;
	bool open; /* in a transaction */
	bool write;
	market__store_head_t head; /* as of the transaction's beginning, and
				      what it has made of it */
	int64_t now;               /* the instant that is meant */
	bool untrusted; /* the caller's clock is behind beyond tolerance */
	uint64_t as_of; /* entries up to this one are known */
	market__cache_t *cache;
	market__cached_t **pins;
	size_t n_pins, pins_capacity;
	const market__supposed_t *supposed; /* or NULL */
	struct market__fact *root;          /* that rules; NULL: not read yet */
	market__settling_t settling; /* the store's, once it is committed */
} market__call_t;

/*
 * Begins a call: waits for those of other threads. Every call that was begun
 * is ended, also after a failure; that rolls back what was not committed.
 */
market_status_t market__call_begin(
    market_store_t *store, market_error_t *reterr, market__call_t *ret_call);
market_status_t market__call_end(market__call_t *call, market_status_t status);

/*
 * Begins a transaction, sees what others did meanwhile, and settles `now`:
 * `at` is a clock. MARKET_OK also where it is untrusted.
 */
market_status_t market__call_transact(
    market__call_t *call, bool write, int64_t at);

/* For questions: as above, or a view of history, by `flags`. */
market_status_t market__call_ask(
    market__call_t *call, int64_t at, unsigned flags);

/* From here on nothing is shared with the store's cache. */
market_status_t market__call_alone(market__call_t *call, market__view_t view);

/* Commits, the clock raised; what others may see from now on. */
market_status_t market__call_commit(market__call_t *call);
void market__call_rollback(market__call_t *call);

/* Ends a transaction that wrote nothing: its clock counts all the same. */
market_status_t market__call_tick(market__call_t *call);

/* Keeps a cached object until the call ends; it is pinned already. */
market_status_t market__call_keep(
    market__call_t *call, market__cached_t *cached);
/* Gives back all that was kept since then. */
void market__call_release(market__call_t *call, size_t n_pins);

/* The failure of an arena, told. */
market_status_t market__call_refused(
    market__call_t *call, const market__arena_t *arena);

/* A statement's envelope in its short form, as rows keep it. */
market_status_t market__call_envelope(market__call_t *call,
    const market_statement_t *statement, market_slice_t *ret_envelope);

/* SHA-256 over pieces. */
market_status_t market__call_digest(
    market__call_t *call, const market_slice_t *pieces, size_t n, uint8_t *out);

/* ---- store_news.c: what others did ---- */

/* Reads which slots have moved since this process last looked. */
market_status_t market__news_read(market__call_t *call, market__arena_t *arena);
/*
 * Has none of these slots moved since the object was last seen to hold? Then
 * it does now. Where it does not, it is to be replaced.
 */
bool market__news_holds(market__call_t *call, market__cached_t *cached,
    const market_slice_t *slots, size_t n);
/* Forgets all. Only where nothing is cached. */
void market__news_clear(market_store_t *store);

/* ---- store_bytes.c: what is opaque to the backend ---- */

/* Big endian, so that bytes compare as numbers do. */
void market__put64(uint8_t *out, uint64_t value);
uint64_t market__get64(const uint8_t *in);

/* A question as bytes, one way only; decoding borrows from them. */
market_status_t market__question_encode(const market__question_t *question,
    market__arena_t *arena, market_slice_t *ret_bytes);
bool market__question_decode(market_slice_t bytes, market__arena_t *arena,
    market__question_t *ret_question);

/* What a clearance's row keeps of the answer. */
#define MARKET__CODES_MAX 32
typedef struct market__answer {
	market_verdict_t verdict;
	market_service_t service;
	uint64_t disclosures;              /* a bit for each that is due */
	bool removed;                      /* by the marketplace, for good */
	uint32_t codes[MARKET__CODES_MAX]; /* that deny or cannot tell */
	size_t n_codes;
} market__answer_t;

void market__answer_of(
    const market__clearance_t *clearance, market__answer_t *ret_answer);
bool market__answers_equal(
    const market__answer_t *a, const market__answer_t *b);
market_status_t market__answer_encode(const market__answer_t *answer,
    market__arena_t *arena, market_slice_t *ret_bytes);
bool market__answer_decode(market_slice_t bytes, market__answer_t *ret_answer);

/* The detail of an entry, by its kind. */
typedef struct market__detail {
	uint8_t digest[MARKET_DIGEST_LEN];    /* STATEMENT, OFFER */
	uint64_t revision;                    /* OFFER */
	market_result_t result;               /* STATEMENT, OFFER */
	bool had;                             /* CLEARANCE: before is there */
	market__answer_t before, after;       /* CLEARANCE */
	uint32_t intent_before, intent_after; /* INTENT */
} market__detail_t;

market_status_t market__detail_encode(uint32_t kind,
    const market__detail_t *detail, market__arena_t *arena,
    market_slice_t *ret_bytes);
bool market__detail_decode(
    uint32_t kind, market_slice_t bytes, market__detail_t *ret_detail);

/* ---- store_entry.c: history ---- */

/*
 * Appends an entry; its number is call->head.entries afterwards. `prev` is
 * the entry before it of the same clearance or listing, or 0.
 */
market_status_t market__entry_append(market__call_t *call, uint32_t kind,
    uint64_t object, uint64_t prev, uint64_t cause,
    const market__detail_t *detail);

/* The chain over the history after this entry. */
market_status_t market__entry_chain(market__call_t *call, const uint8_t *chain,
    const market__entry_row_t *row, uint8_t *ret_chain);

/* Takes the chain on, from entry `after` to entry `last`. */
market_status_t market__entry_follow(
    market__call_t *call, uint64_t after, uint64_t last, uint8_t *chain);

/* Entry number `seq`, with its detail; CORRUPT if it is not there. */
market_status_t market__entry_get(market__call_t *call, uint64_t seq,
    market__entry_row_t *ret_row, market__detail_t *ret_detail);

/* The last entry at or before `at`; 0: none. */
market_status_t market__entry_at(
    market__call_t *call, int64_t at, uint64_t *ret_seq);

/* The chain over accepted statements after this one. */
market_status_t market__epoch_chain(market__call_t *call, const uint8_t *chain,
    const market__statement_row_t *row, uint8_t *ret_chain);

/* ---- store_fact.c: accepted statements, verified again ---- */

/* By whose keys a statement was accepted, and whether that still counts. */
typedef struct market__ground {
	market__authority_t authority;
	struct market__fact *under; /* that gave the keys, or NULL */
	const market__keyset_t *keys;
	market__keymask_t signers;
	bool by_marketplace;
	bool stands; /* is evidence under the current root */
} market__ground_t;

#define MARKET__GROUNDS_MAX 4096

/* Immutable. */
typedef struct market__fact {
	market__cached_t cached;
	market__statement_row_t row; /* text lives in the statement, or here */
	market_statement_t *statement;
	market__keyset_t *conveyed;
	market_root_t *root; /* of a trust root alone */
	market__ground_t *grounds;
	size_t n_grounds;
	market__cached_t **needs; /* roots and facts that it points into */
	size_t n_needs, needs_capacity;
	market__cache_t *cache;
	market__arena_t arena;
} market__fact_t;

/* The fact of a row; kept until the call ends. */
market_status_t market__fact_get(market__call_t *call,
    const market__statement_row_t *row, market__fact_t **ret_fact);

/* "statement 12: WHAT; run market fsck" */
market_status_t market__fact_damaged(
    market__call_t *call, uint64_t no, const char *what);

/* store_ground.c: verifies a fact on each of its grounds. */
market_status_t market__fact_ground(market__call_t *call, market__fact_t *fact);

/* The keys that a statement names for its subject, and their field; NULL. */
const market__key_set_t *market__conveys(const market__message_t *message);
const char *market__conveys_at(const market__message_t *message);

/* All rows of a query that the view knows, in pages. */
market_status_t market__fact_rows(market__call_t *call,
    market__statement_query_t *query, const market__statement_row_t ***ret_rows,
    size_t *ret_n);

/* The root that rules in this view. */
market_status_t market__fact_root(
    market__call_t *call, market__fact_t **ret_fact);

/*
 * The verified statement on one of its grounds, with all that it stands under,
 * in `arena`; its name is not settled.
 */
market_status_t market__fact_verified(market__call_t *call,
    const market__fact_t *fact, size_t ground, market__arena_t *arena,
    market__verified_t **ret_verified);

/* What a statement's grounds are, as a row keeps them. */
market_status_t market__grounds_encode(const market__ground_t *grounds,
    size_t n, market__arena_t *arena, market_slice_t *ret_bytes);

/* ---- store_slot.c: slots ---- */

/* What a slot holds, settled; its key in the cache is "S" and its name. */
typedef struct market__shelved {
	market__cached_t cached;
	market__slot_t slot;
	uint64_t no;      /* of its row; 0: not known */
	uint64_t counter; /* its version */
	uint8_t chain[MARKET_DIGEST_LEN];
	market_slice_t *rests_on; /* slots whose change makes it another */
	size_t n_rests_on;
	market__cached_t **facts; /* that it points into */
	size_t n_facts;
	market__cache_t *cache;
	market__arena_t arena;
} market__shelved_t;

/* The look-up of a call: `user` is one of these. */
typedef struct market__slot_user {
	market__call_t *call;
} market__slot_user_t;

market_status_t market__slot_read(
    const void *user, market_slice_t key, market__slot_t *ret_slot);

/* The slot itself; kept until the call ends. */
market_status_t market__slot_get(
    market__call_t *call, market_slice_t key, market__shelved_t **ret_shelf);

/* Remembers the number of the slot's row. */
void market__slot_numbered(market__call_t *call, market__shelved_t *shelf,
    const market__slot_row_t *row);

/* store_suppose.c: what call->supposed makes of a slot. */
market_status_t market__slot_suppose(
    market__call_t *call, market_slice_t key, market__slot_t *slot);

/* ---- store_version.c: versions of slots ---- */

/* "name/grant/mi.com/g-1" */
market_status_t market__slot_name(market__call_t *call, market_kind_t kind,
    market_slice_t issuer, market_slice_t id, market_slice_t *ret_key);

/*
 * Moves the version of each slot that the statement's row changes: its own,
 * that of its name, and those in which revisions of its name stand.
 */
market_status_t market__slot_move(
    market__call_t *call, const market__statement_row_t *row);

/* The version that a slot's rows make, to be compared with the one kept. */
market_status_t market__slot_version(market__call_t *call, market_slice_t key,
    uint64_t *ret_counter, uint8_t *ret_chain);

/* The version of a slot; its row is made if `write` and it is not there. */
market_status_t market__slot_row(market__call_t *call, market_slice_t key,
    bool make, market__slot_row_t *ret_row);

/* The policy of the highest revision that still is one; NULL: none. */
market_status_t market__slot_policy(
    market__call_t *call, const market_statement_t **ret_policy);

/* ---- store_clear.c: clearances ---- */

/* An answer of this process; its key in the cache is "C" and the hash. */
typedef struct market__cleared {
	market__cached_t cached;
	int64_t computed_at;
	uint8_t versions[MARKET_DIGEST_LEN]; /* over the slots it has read */
	market__clearance_t answer;
	market__arena_t arena;
} market__cleared_t;

/*
 * The answer to a question at call->now, computed in this process at these
 * versions; kept until the call ends.
 */
market_status_t market__clear(market__call_t *call,
    const market__question_t *question, const market__cleared_t **ret);

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

/* The row of a question; NOT_FOUND. */
market_status_t market__clear_find(market__call_t *call,
    const market__question_t *question, market__clearance_row_t *ret_row);

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

/* ---- store_accept.c: one statement ---- */

typedef struct market__acceptance {
	market_result_t result;
	market_code_t code;
	const char *message; /* in the call's arena, or NULL */
	uint64_t entry;
	bool later; /* refused for want of what may come with the others */
} market__acceptance_t;

/* Verifies and files a parsed statement, in the write transaction. */
market_status_t market__accept(market__call_t *call,
    market_statement_t *statement, market__acceptance_t *ret);

/* The trust root that a store begins with; its own keys have signed it. */
market_status_t market__accept_first(
    market__call_t *call, market_statement_t *root);

/* ---- store_listing.c: what a listing is at an instant ---- */

#define MARKET__LISTING_FORKED 1u

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

/* The window of an offer as its row keeps it, and its disclosures. */
void market__listing_terms(
    const market_statement_t *offer, market__listing_row_t *row);

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
 * The decision about an offer by this view's evidence and clearances. The
 * questions that its cells ask are given as they are encoded, in the call's
 * arena.
 */
market_status_t market__call_decide(market__call_t *call,
    market_statement_t *offer, market_decision_t **ret_decision,
    const market_slice_t **ret_questions, size_t *ret_n_questions);

/* The status that market_check() returns for a decision. */
market_status_t market__decision_status(const market_decision_t *decision);

#endif
