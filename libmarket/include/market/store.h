/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store: statements, clearances and listings that last. A listing is
 * readable as published exactly where, and exactly as long as, the evidence
 * in the store holds; nothing here takes a caller's word for it.
 *
 * Two kinds of calls. Those that change the store (create, add, submit,
 * intent, refresh) take `at` as the clock: it raises the store's high-water
 * mark, below which its time never falls. Those that ask (check, list, why,
 * sale, impact, forecast) take `at` as a question and change nothing.
 *
 * An instant below the mark: within the tolerance (see the options) the mark
 * itself is taken, for the clock of whoever wrote last may be ahead. Below that
 * a question is INDETERMINATE (CLOCK_UNTRUSTED) and nothing is published, while
 * statements, pausing and ending still work. With MARKET_STORE_PAST a question
 * is answered from what the store knew at `at`. Never decide a sale by that.
 *
 * Threads: a store may be used from several threads; calls on one handle run
 * one after another. Open it several times for parallel readers. A callback
 * (the allocator, the log) that calls the same handle again while a call of its
 * thread has its turn gets MARKET_E_STATE, and so does a child made by fork().
 *
 * Statuses that any call here may return, besides those it names:
 * MARKET_E_ARGUMENT, MARKET_E_STATE, MARKET_E_MEMORY, MARKET_E_INTERNAL,
 * MARKET_E_IO (what the operating system says is in the message),
 * MARKET_E_FULL (no room; reading goes on), MARKET_E_BUSY (another writer did
 * not end in time: try again), MARKET_E_CORRUPT (rows were edited, lost or
 * rolled back: run market_store_fsck()), MARKET_E_IN_DOUBT (a commit's answer
 * was lost: ask again; statements and offers that are there already are
 * DUPLICATE). After any failure nothing of the call is half-done. After
 * IN_DOUBT and some failures of the disk the handle gives MARKET_E_STATE: open
 * the store anew.
 */
#ifndef MARKET_STORE_H
#define MARKET_STORE_H

#include <market/decision.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct market_store market_store_t;

/* ---- making and opening ---- */

/*
 * Where a store stands: what was accepted so far, and a SHA-256 chained over
 * it. Keep it elsewhere: a store that was restored from an older copy, or
 * rewritten, does not agree with it any more.
 */
typedef struct market_store_mark {
	uint64_t epoch; /* statements accepted */
	uint8_t epoch_chain[MARKET_DIGEST_LEN];
	uint64_t entries; /* entries of the history */
	uint8_t entry_chain[MARKET_DIGEST_LEN];
} market_store_mark_t;

typedef struct market_store_options {
	size_t size;                     /* sizeof(market_store_options_t) */
	size_t cache_bytes;              /* of verified objects; 0: 16 MiB */
	int64_t clock_tolerance;         /* seconds; 0: 300; negative: none */
	unsigned busy_timeout_ms;        /* 0: 5000 */
	uint64_t max_listings;           /* per seller; 0: 10,000,000 */
	uint64_t max_questions;          /* per seller; 0: 100,000 */
	uint64_t max_statements;         /* per issuer; 0: 100,000 */
	uint64_t max_early;              /* withdrawals per issuer, of what
					    is not here, beside one for each
					    of its listings; 0: 10,000 */
	const market_store_mark_t *mark; /* that it must agree with; NULL */
	unsigned flags;                  /* MARKET_STORE_DAMAGED */
} market_store_options_t;

/*
 * Opens what does not agree with its chains, so that fsck can say where; any
 * other call gives MARKET_E_CORRUPT. Not with a mark: fsck is given that.
 */
#define MARKET_STORE_DAMAGED 4u

/*
 * Makes a new store at `location` ("memory:", or the path of a file that is
 * not there yet) on this root and policy, both envelopes, accepted at `at`.
 * *ret_store is the caller's. `options` may be NULL.
 * Also MARKET_E_UNSUPPORTED (built without SQLite), MARKET_E_ROOT,
 * MARKET_E_POLICY, MARKET_E_KEY, MARKET_E_ALGORITHM, MARKET_E_KIND,
 * MARKET_E_ENCODING, MARKET_E_SCHEMA, MARKET_E_LIMIT.
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_create(
    market_context_t *context, const char *location, market_slice_t root,
    market_slice_t policy, int64_t at, const market_store_options_t *options,
    market_store_t **ret_store, market_error_t *reterr);

/*
 * Opens a store that is there. The file is checked before anything is
 * believed: its format, its modes (WAL, synchronous FULL), its pages, its
 * schema, and the chain over its statements. Also MARKET_E_NOT_FOUND,
 * MARKET_E_UNSUPPORTED (a newer format).
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_open(
    market_context_t *context, const char *location,
    const market_store_options_t *options, market_store_t **ret_store,
    market_error_t *reterr);

/*
 * NULL is fine. No call on the store may be running. What was asked of it
 * outlives it. A child made by fork() leaves alone what belongs to the file.
 */
MARKET_API void market_store_free(market_store_t *store);

/* The party id of the marketplace whose policy rules here, copied. */
MARKET_API MARKET_NODISCARD market_status_t market_store_marketplace(
    market_store_t *store, market_buffer_t *ret_party, market_error_t *reterr);

/* The high-water mark of its clock, and where its history stands. */
MARKET_API MARKET_NODISCARD market_status_t market_store_clock(
    market_store_t *store, int64_t *ret_clock, market_error_t *reterr);
MARKET_API MARKET_NODISCARD market_status_t market_store_get_mark(
    market_store_t *store, market_store_mark_t *ret_mark,
    market_error_t *reterr);

/* The highest revision of a statement's name that is here; 0: none. */
MARKET_API MARKET_NODISCARD market_status_t market_store_revision(
    market_store_t *store, market_kind_t kind, market_slice_t issuer,
    market_slice_t id, uint64_t *ret_revision, market_error_t *reterr);

/* ---- taking in ---- */

typedef enum market_result {
	MARKET_RESULT_ACCEPTED = 1,
	MARKET_RESULT_DUPLICATE = 2, /* it was here already; nothing changed */
	MARKET_RESULT_STALE = 3,  /* a lower revision than one that is here */
	MARKET_RESULT_FORK = 4,   /* same revision, other bytes: both are
				     kept, and neither suffices */
	MARKET_RESULT_REFUSED = 5 /* no evidence, or no listing */
} market_result_t;

/* "ACCEPTED" */
MARKET_API const char *market_result_name(market_result_t result);

/* What became of one statement that was handed in. */
typedef struct market_added {
	market_result_t result;
	const market_statement_t *statement; /* NULL: it did not parse */
	market_status_t status;              /* why it did not parse, or OK */
	market_code_t code;  /* why it does not count (yet), or NONE */
	const char *message; /* of that; NULL where there is nothing to say */
	uint64_t entry;      /* of the history; 0: none was written */
	uint64_t cells_changed; /* cells of listings that changed by it */
} market_added_t;

typedef struct market_additions market_additions_t;

#define MARKET_STORE_LATER 1u /* recomputation is left to refresh */
#define MARKET_STORE_PAST  2u /* a question about history */

/*
 * Takes statements in: each is verified, filed, and in force when its own
 * small transaction has ended; from then on nobody is told PERMIT by what it
 * takes away. In one call order does not matter: a child may stand before its
 * parent, and what keys signed before the root that names them. Then what rests
 * on it is computed anew in batches, unless `flags` has MARKET_STORE_LATER.
 *
 * MARKET_OK: every statement has a result, good or bad. After a failure those
 * that were taken in stay; handing all in again is safe.
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_add(
    market_store_t *store, const market_slice_t *envelopes, size_t n,
    int64_t at, unsigned flags, market_additions_t **ret_additions,
    market_error_t *reterr);

MARKET_API const market_added_t *market_additions_at(
    const market_additions_t *additions, size_t index);
MARKET_API void market_additions_free(market_additions_t *additions);

typedef struct market_refreshed {
	uint64_t computed;      /* clearances looked at */
	uint64_t changed;       /* ... that changed */
	uint64_t cells_changed; /* cells of listings that changed by that */
	int more;               /* call again: there is more to do */
} market_refreshed_t;

/*
 * Records what has passed: clearances whose evidence changed, and those whose
 * time has come by `at`, are computed anew, at most `max` of them (0: 256) in
 * one transaction. What they say took effect at its instant for every reader,
 * with or without this.
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_refresh(
    market_store_t *store, int64_t at, size_t max,
    market_refreshed_t *ret_refreshed, market_error_t *reterr);

/* ---- offers ---- */

/*
 * Judges an offer by what the store holds, and by the statements `with` as if
 * they were accepted now (a policy too; what cannot be accepted is told among
 * the decision's ignored). As market_check(), whose statuses it returns; also
 * MARKET_E_NOT_FOUND (as of an instant before the store was made).
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_check(
    market_store_t *store, market_slice_t offer, const market_slice_t *with,
    size_t n_with, int64_t at, unsigned flags, market_decision_t **ret_decision,
    market_error_t *reterr);

/* What became of one offer. */
typedef struct market_submitted {
	market_result_t result;
	market_status_t status; /* as market_check() would return it */
	const char *listing;    /* "SELLER/OFFER-ID"; NULL: it did not parse */
	const market_decision_t *decision; /* NULL: it did not parse */
	const char *message; /* why not accepted; NULL where it was */
	uint64_t entry;      /* of the history; 0: none was written */
} market_submitted_t;

typedef struct market_submissions market_submissions_t;

/*
 * Submits offers, in order, in one transaction, which others may share who
 * submit at once (each with its own outcome). A good offer becomes a
 * listing also where no cell permits it yet: it is held, and appears by itself
 * when the evidence comes. An offer with a bad signature or a fault that only
 * a new revision can mend is refused. The same bytes twice are one listing.
 *
 * MARKET_OK: every offer has a result. MARKET_E_LIMIT: together they take more
 * memory than one call may (256 MiB): submit fewer at once.
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_submit(
    market_store_t *store, const market_slice_t *offers, size_t n, int64_t at,
    market_submissions_t **ret_submissions, market_error_t *reterr);

MARKET_API const market_submitted_t *market_submissions_at(
    const market_submissions_t *submissions, size_t index);
MARKET_API void market_submissions_free(market_submissions_t *submissions);

/* What the seller wants of a listing, as the operator was told. */
typedef enum market_intent {
	MARKET_INTENT_PUBLISH = 1,
	MARKET_INTENT_PAUSE = 2,
	MARKET_INTENT_END = 3
} market_intent_t;

MARKET_API const char *market_intent_name(market_intent_t intent);

/*
 * Sets it; setting what is set writes nothing. `listing` is its id. Also
 * MARKET_E_NOT_FOUND; MARKET_E_INDETERMINATE (PUBLISH while the clock is
 * behind the high-water mark beyond tolerance).
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_set_intent(
    market_store_t *store, market_slice_t listing, market_intent_t intent,
    int64_t at, market_error_t *reterr);

/* ---- listings ---- */

typedef enum market_listing_status {
	MARKET_LISTING_PUBLISHED = 1,        /* live in every cell asked for */
	MARKET_LISTING_PARTLY_PUBLISHED = 2, /* in some */
	MARKET_LISTING_HELD = 3,             /* no cell is live yet */
	MARKET_LISTING_SUSPENDED = 4,        /* was live, and no cell is */
	MARKET_LISTING_PAUSED = 5,           /* by the seller */
	MARKET_LISTING_ENDED = 6,            /* by the seller */
	MARKET_LISTING_REMOVED = 7           /* by the marketplace, for good */
} market_listing_status_t;

/* "PARTLY_PUBLISHED" */
MARKET_API const char *market_listing_status_name(
    market_listing_status_t status);

typedef struct market_listing_cell {
	market_slice_t territory;
	market_channel_t channel;
	market_slice_t network;
	int live;                 /* published here, at the instant asked for */
	market_verdict_t verdict; /* as `check` would tell it now */
	market_service_t service;
	int64_t horizon; /* the answer holds until then, INT64_MAX: no end */
	size_t disclosure_count; /* disclosures that are due */
	const market_disclosure_t *disclosures;
	uint64_t question; /* its number in this store */
} market_listing_cell_t;

/* Borrowed from what it was asked of. */
typedef struct market_listing {
	market_slice_t id; /* SELLER/OFFER-ID */
	market_listing_status_t status;
	market_intent_t intent;
	market_slice_t seller;
	market_slice_t offer_id;
	market_slice_t brand;
	market_slice_t model;
	market_slice_t title;
	market_slice_t currency_code;
	int64_t amount_micros;
	uint64_t revision;
	market_slice_t digest; /* of the offer */
	size_t cell_count;
	const market_listing_cell_t *cells;
} market_listing_t;

typedef struct market_list_query {
	size_t size;                    /* sizeof(market_list_query_t) */
	market_listing_status_t status; /* 0: any */
	market_slice_t seller;          /* empty: any */
	market_slice_t brand;           /* empty: any */
	market_slice_t after; /* a listing's id; empty: from the first */
	size_t limit;         /* 0: 100; at most 10,000 */
	int64_t at;
	unsigned flags;
} market_list_query_t;

typedef struct market_listings market_listings_t;

/* A page of listings, in order of seller and offer id. */
MARKET_API MARKET_NODISCARD market_status_t market_store_list(
    market_store_t *store, const market_list_query_t *query,
    market_listings_t **ret_listings, market_error_t *reterr);

/* Listing number `index`, NULL past the end; and is there another page? */
MARKET_API const market_listing_t *market_listings_at(
    const market_listings_t *listings, size_t index);
MARKET_API int market_listings_more(const market_listings_t *listings);
MARKET_API void market_listings_free(market_listings_t *listings);

/*
 * One listing and, where ret_decision is not NULL, the decision about it with
 * all that speaks for and against. Also MARKET_E_NOT_FOUND.
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_why(
    market_store_t *store, market_slice_t listing, int64_t at, unsigned flags,
    market_listings_t **ret_listing, market_decision_t **ret_decision,
    market_error_t *reterr);

/*
 * May this listing be sold in this cell now? Asked at the till; it reads the
 * same clearance that publishes the listing. `horizon` (may be NULL) is until
 * when the answer holds while the evidence stands.
 *
 * MARKET_OK: yes. MARKET_E_DENIED, MARKET_E_INDETERMINATE: no, and the error's
 * message is the first finding that is against it, its code and its text. Also
 * MARKET_E_NOT_FOUND (no such listing, or it does not ask for the cell).
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_sale(
    market_store_t *store, market_slice_t listing, market_slice_t territory,
    market_channel_t channel, market_slice_t network, int64_t at,
    unsigned flags, int64_t *ret_horizon, market_error_t *reterr);

/* ---- looking ahead ---- */

/* One question whose answer would change, or will. */
typedef struct market_effect_of {
	int64_t at; /* when */
	uint64_t question;
	market_slice_t seller;
	market_slice_t brand;
	market_slice_t model;
	market_slice_t territory;
	market_channel_t channel;
	market_slice_t network;
	market_verdict_t before;
	market_verdict_t after;
	market_service_t service_before;
	market_service_t service_after;
	/* Where an offer itself is meant, or ends: question is 0 then. */
	market_slice_t listing;
	uint64_t cells;    /* of listings that ask this question */
	size_t code_count; /* what the answer then has against it */
	const market_code_t *codes;
	const char *message; /* the first of it, for a person; or NULL */
} market_effect_of_t;

typedef struct market_effects market_effects_t;

/* Exactly one is given. */
typedef struct market_target {
	market_slice_t digest; /* of a statement, or of a listed offer:
				  MARKET_DIGEST_LEN bytes */
	market_slice_t key;    /* a key's id, MARKET_DIGEST_LEN bytes: all that
				  it has ever signed */
	market_slice_t issuer; /* all statements of a party; not offers */
} market_target_t;

/*
 * What would go dark if the target were withdrawn now; nothing is changed.
 * Told are the questions that permit, and would not any more or would with
 * another service or other disclosures. Also MARKET_E_NOT_FOUND (it is not
 * here, and nothing rests on it), MARKET_E_INDETERMINATE (CLOCK_UNTRUSTED).
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_impact(
    market_store_t *store, const market_target_t *target, int64_t at,
    market_effects_t **ret_effects, market_error_t *reterr);

/*
 * What would change, either way, if these statements were accepted now; a
 * policy too. Nothing is kept. *ret_additions (may be NULL) tells what would
 * become of each, without entries and cells. Also MARKET_E_INDETERMINATE.
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_what_if(
    market_store_t *store, const market_slice_t *with, size_t n, int64_t at,
    market_effects_t **ret_effects, market_additions_t **ret_additions,
    market_error_t *reterr);

/*
 * What goes dark in (at, until], when and why, and what it falls back to, if
 * nothing is added: clearances that permit and end or change, up to the first
 * end of each, and offers that end while they are live. Dark are listings
 * that are live at `at`, not at `until`. Also MARKET_E_INDETERMINATE.
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_forecast(
    market_store_t *store, int64_t at, int64_t until,
    market_effects_t **ret_effects, market_error_t *reterr);

/* Effect number `index`, by time, question and listing; NULL past the end. */
MARKET_API const market_effect_of_t *market_effects_at(
    const market_effects_t *effects, size_t index);
/* Distinct listings that are live and would have no live cell any more. */
MARKET_API uint64_t market_effects_dark(const market_effects_t *effects);
/* They stand on their own, also after their store is gone. NULL is fine. */
MARKET_API void market_effects_free(market_effects_t *effects);

/*
 * Ids of the listings that ask a question, at most `max` (0: 1000) behind
 * `after` (empty: from the first), joined by NULs in *ret_ids, in the order in
 * which they began. Also MARKET_E_NOT_FOUND (no such question, or listing).
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_listings_of(
    market_store_t *store, uint64_t question, market_slice_t after, size_t max,
    market_buffer_t *ret_ids, market_error_t *reterr);

/* ---- history ---- */

typedef enum market_change_kind {
	MARKET_CHANGE_STATEMENT = 1, /* accepted */
	MARKET_CHANGE_CLEARANCE = 2, /* another answer to a question */
	MARKET_CHANGE_OFFER = 3,     /* a revision of an offer accepted */
	MARKET_CHANGE_INTENT = 4,    /* publish, pause, end */
	MARKET_CHANGE_CHUNK = 5      /* of a feed, taken in */
} market_change_kind_t;

/*
 * One entry of the history. One clearance serves many listings: which ones,
 * market_store_listings_of() tells by its question.
 */
typedef struct market_change {
	uint64_t entry; /* 1, 2, 3 ... without a gap */
	int64_t at;
	market_change_kind_t kind;
	market_slice_t digest; /* of the statement or offer; root of a chunk */
	market_kind_t statement_kind;
	market_slice_t issuer;
	market_slice_t id;
	uint64_t revision;
	market_result_t result; /* ACCEPTED or FORK */
	uint64_t question;      /* CLEARANCE */
	market_slice_t seller;
	market_slice_t brand;
	market_slice_t model;
	market_slice_t territory;
	market_channel_t channel;
	market_slice_t network;
	market_verdict_t before; /* UNSPECIFIED: it was not asked before */
	market_verdict_t after;
	market_service_t service_before;
	market_service_t service_after;
	uint64_t cells;         /* that ask the question, by now */
	uint64_t cause;         /* the entry that caused it; 0: time did */
	market_slice_t listing; /* OFFER, INTENT */
	uint64_t chunk;         /* CHUNK: its number, from 0 */
	market_intent_t intent_before; /* 0: none before */
	market_intent_t intent_after;
} market_change_t;

typedef struct market_changes market_changes_t;

/* Entries after number `since`, at most `max` (0: 1000). */
MARKET_API MARKET_NODISCARD market_status_t market_store_changes(
    market_store_t *store, uint64_t since, size_t max,
    market_changes_t **ret_changes, market_error_t *reterr);
MARKET_API const market_change_t *market_changes_at(
    const market_changes_t *changes, size_t index);
MARKET_API void market_changes_free(market_changes_t *changes);

/* ---- is it sound? ---- */

typedef struct market_faults market_faults_t;

/*
 * Reads everything: pages, numbering, chains, every signature, every slot,
 * every clearance against the evidence, every listing against its offer.
 * MARKET_OK also where faults are found: count them.
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_fsck(
    market_store_t *store, const market_store_mark_t *mark,
    market_faults_t **ret_faults, market_error_t *reterr);

/* "statement 12: its envelope is not the one that was accepted", or NULL. */
MARKET_API const char *market_faults_at(
    const market_faults_t *faults, size_t index);
MARKET_API void market_faults_free(market_faults_t *faults);

#ifdef __cplusplus
}
#endif

#endif
