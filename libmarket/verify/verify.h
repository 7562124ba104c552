/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evaluate: a question, the evidence and an instant give a clearance. Pure:
 * no I/O, no clock, no global state; the same inputs give the same bytes.
 */
#ifndef MARKET_VERIFY_VERIFY_H
#define MARKET_VERIFY_VERIFY_H

#include <market/decision.h>

#include "model/verified.h"

/* ---- evidence, by slot ---- */

/*
 * What one slot holds: current revisions (forks of them included) and, of
 * what takes away, every revision. `orphans` are grants whose parent is not
 * there: no evidence, but worth telling. Sorted by digest.
 */
typedef struct market__slot {
	const market__verified_t *const *verified;
	size_t n_verified;
	const market_statement_t *const *orphans;
	size_t n_orphans;
	/* Slots of the key sets by which those here were verified, or would
	 * be: whoever reads this one reads them. */
	const market_slice_t *key_slots;
	size_t n_key_slots;
} market__slot_t;

/* The pages of an issuer's status, by falling sequence. */
typedef struct market__pages {
	const market__verified_t **v;
	size_t n;
	size_t whole, n_whole; /* the pages of its newest whole list; 0: none */
} market__pages_t;

/*
 * The one way to evidence. Absent slots are empty, which is no failure. A
 * status may have a million entries: pages that the look-up keeps elsewhere
 * are asked there, and without such pages the last two may be NULL.
 */
typedef struct market__lookup {
	market_status_t (*read)(
	    const void *user, market_slice_t key, market__slot_t *ret_slot);
	const void *user;
	/* Is the digest an entry of that page? */
	market_status_t (*lists)(const void *user,
	    const market__verified_t *page, market_slice_t digest,
	    bool *ret_lists);
	/* The first entry, page by page, that a page behind the whole list has
	 * and the whole list has not. */
	market_status_t (*vanished)(const void *user,
	    const market__pages_t *pages, uint8_t ret_digest[MARKET_DIGEST_LEN],
	    bool *ret_vanished);
	/* Is there a slot whose key begins so? NULL: there may be. */
	bool (*any)(const void *user, market_slice_t beginning);
} market__lookup_t;

/* ---- the question ---- */

typedef struct market__question {
	market_slice_t seller;
	market_slice_t fulfiller;
	market_slice_t brand;
	market_slice_t model;
	market_slice_t gtin;
	market_slice_t hardware_version;
	market_slice_t software_version;
	market_slice_t marketplace;
	market_slice_t territory;
	market_slice_t network;
	market_channel_t channel;
	market_condition_t condition;
	const market_slice_t *keys; /* ids of those that signed, sorted */
	size_t n_keys;
} market__question_t;

/* ---- findings and the answer ---- */

typedef struct market__findings {
	market_finding_t *v;
	size_t n;
	size_t capacity;
} market__findings_t;

/* Whether calls work, apart from the service. */
typedef enum market__voice {
	MARKET__VOICE_UNKNOWN = 0,
	MARKET__VOICE_NO = 1,
	MARKET__VOICE_YES = 2
} market__voice_t;

#define MARKET__DISCLOSURES_MAX 8

typedef struct market__sources {
	market_source_t *v;
	size_t n;
} market__sources_t;

/* Everything in a clearance lives in the arena it was computed in. */
typedef struct market__clearance {
	market_verdict_t verdict;
	market__findings_t findings;
	market_service_t service;
	market__voice_t voice;
	market_disclosure_t disclosures[MARKET__DISCLOSURES_MAX];
	size_t n_disclosures;
	market_slice_t *used; /* digests, sorted */
	size_t n_used;
	market__sources_t sources; /* what is used or told of, sorted */
	const char **missing;      /* sorted */
	size_t n_missing;
	market_slice_t *reads; /* slots that were read, sorted */
	size_t n_reads;
	int64_t horizon;
	int64_t boundary; /* the first instant at which anything read changes */
	const market__verified_t *ends_first; /* what the horizon is due to */
} market__clearance_t;

/*
 * Answers the question as of `at`. MARKET_OK whatever the verdict;
 * MARKET_E_MEMORY, MARKET_E_LIMIT, MARKET_E_INTERNAL, or what the look-up
 * failed with.
 */
market_status_t market__evaluate(const market__lookup_t *lookup,
    const market__question_t *question, int64_t at, market__arena_t *arena,
    market__clearance_t *ret_clearance);

/* Deny over indeterminate over permit. */
market_verdict_t market__findings_verdict(const market__findings_t *findings);

/* The worse of two verdicts. */
market_verdict_t market__verdict_worse(market_verdict_t a, market_verdict_t b);

/* ---- an offer ---- */

/*
 * Answers the questions of an offer's cells, in their order; NULL: each is
 * evaluated. What is given lives in `arena`, or in an object of which the
 * decision is given a reference.
 */
typedef struct market__clearer {
	market_status_t (*clear)(void *user, const market__question_t *question,
	    int64_t at, market__arena_t *arena, market__clearance_t *ret,
	    market__shared_t **ret_owner);
	void *user;
} market__clearer_t;

/* A copy that lives in `arena`. MARKET_E_MEMORY, MARKET_E_LIMIT. */
market_status_t market__clearance_copy(const market__clearance_t *clearance,
    market__arena_t *arena, market__clearance_t *ret_copy);

/*
 * The same for a copy that is kept: `arena` is new, and takes no more than the
 * copy needs. The scratch comes from the pool.
 */
market_status_t market__clearance_keep(const market__clearance_t *clearance,
    market__pool_t *pool, market__arena_t *arena,
    market__clearance_t *ret_copy);

/* An offer, and what bears its signatures. */
typedef struct market__offered {
	market_statement_t *offer;
	/* The feed that lists it, which is signed in its stead: by the same
	 * seller, and the offer's row is shown to be in it. NULL: signed alone.
	 */
	const market_statement_t *feed;
	/* What is known of the signatures already, or NULL. */
	const market__tried_t *tried;
} market__offered_t;

/*
 * Judges a parsed offer: its attributes, its signatures, and every cell; where
 * a feed lists it, the feed's window and withdrawals too. The decision holds a
 * reference to the offer.
 */
market_status_t market__decide(market_context_t *context,
    const market__lookup_t *lookup, const market__clearer_t *clearer,
    const market__offered_t *offered, int64_t at,
    market_decision_t **ret_decision);

/* ---- feeds ---- */

/*
 * feed.c: may the verified list speak for its seller at that instant? Signed by
 * the keys that its seller has now, in its time, not forked and not withdrawn,
 * nor what names the keys. `ret_against` is why not, in `arena`, or NULL.
 * Statuses as market__evaluate().
 */
market_status_t market__feed_counts(const market__lookup_t *lookup,
    const market__verified_t *verified, int64_t at, market__arena_t *arena,
    const market_finding_t **ret_against);

/*
 * plain.c: of a feed's rows most are permitted as their like were, with nothing
 * to tell. Such a row costs its own checks and two look-ups: what its cells,
 * keys and feed were permitted by was found for a row that asked the same. For
 * one thread, one feed and one instant, while the evidence is as it is.
 */
typedef struct market__plain market__plain_t;

/* What a row asks, as bytes; and market__hash() of them. */
typedef struct market__like {
	market_slice_t bytes;
	uint64_t hash;
} market__like_t;

/* In the arena, by any thread. MARKET_E_MEMORY, MARKET_E_LIMIT. */
market_status_t market__like_of(const market__message_t *offer,
    market__arena_t *arena, market__like_t *ret_like);

/* A row while it is looked at; what is made of it lies in the object's memory,
 * until the next one. */
typedef struct market__row {
	market_slice_t payload;
	const market__message_t *message;
	const market_statement_t *statement; /* NULL: it was not made one */
	market__like_t like;                 /* for market__plain_learn() */
	market_slice_t known;                /* what was learnt with its like */
} market__row_t;

/* MARKET_E_MEMORY, MARKET_E_LIMIT, or what the look-up failed with. */
market_status_t market__plain_new(market_context_t *context,
    const market__lookup_t *lookup, const market_statement_t *feed, int64_t at,
    market__plain_t **ret_plain);
/* NULL is fine. */
void market__plain_free(market__plain_t *plain);

/*
 * Reads a row, in place of the one before. Statuses of
 * market__message_unpack().
 */
market_status_t market__plain_read(market__plain_t *plain,
    market_slice_t payload, market__row_t *ret_row, market_error_t *reterr);
/* Looks at one that was read before, in place of the one before. */
void market__plain_take(market__plain_t *plain,
    const market_statement_t *statement, const market__like_t *like,
    market__row_t *ret_row);
/*
 * Another look-up, or another state of what it looks at, of the same instant
 * and evidence; or, if `anew`, of others, so that nothing is known of it.
 */
market_status_t market__plain_renew(
    market__plain_t *plain, bool anew, int64_t at);
/*
 * Is it permitted, and are notes all that could be told? False: that is not
 * known, market__decide() tells. Statuses as market__plain_new().
 */
market_status_t market__plain_permits(
    market__plain_t *plain, market__row_t *row, bool *ret_permits);
/* It was decided so: its like is known from now on, and these bytes with it.
 * MARKET_E_MEMORY. */
market_status_t market__plain_learn(
    market__plain_t *plain, const market__row_t *row, market_slice_t known);

/* Does the decision permit, with no findings but notes? */
bool market__decision_plain(const market_decision_t *decision);

/*
 * screen.c: MARKET_E_DENIED where no evaluation of the offer would permit a
 * cell, as far as look-ups tell that; else MARKET_OK, or what the look-up
 * failed with.
 */
market_status_t market__screen(const market__lookup_t *lookup,
    const market__envelope_t *envelope, const market__message_t *message,
    market_slice_t marketplace, int64_t at, const market_allocator_t *allocator,
    market_error_t *reterr);

/* Adds a finding to the offer's own, and judges the decision again by it. */
market_status_t market__decision_add_finding(market_decision_t *decision,
    market_code_t code, const char *format, ...) MARKET__PRINTF(3, 4);

/*
 * Hands the ignored over to the decision, for its report; copied.
 * MARKET_E_MEMORY.
 */
market_status_t market__decision_set_ignored(market_decision_t *decision,
    const market_ignored_t *ignored, size_t n_ignored);

/* ---- admission ---- */

/*
 * Does the issuer, a party of the root, have the role for what the statement
 * says? MARKET_CODE_NONE if it does, else the code to tell, with a message
 * (which may be NULL).
 */
market_code_t market__admit_role(const market__trust_root_t *root,
    const market_statement_t *statement, market__text_t *message);

/* Did the threshold of its keys sign for this environment? */
bool market__signed_for(
    const market__verified_t *verified, market_environment_t environment);

/*
 * Do the keys that signed it count at that instant, and the key sets that name
 * them? `ret_against` is a finding in `arena` that they do not, or NULL. Its
 * own time is not asked after, nor theirs. Statuses as market__evaluate().
 */
market_status_t market__signing_counts(const market__lookup_t *lookup,
    market_environment_t environment, const market__verified_t *verified,
    int64_t at, market__arena_t *arena, const market_finding_t **ret_against);

/* The party of the root with that id, or NULL. */
const market__party_t *market__root_party(
    const market__trust_root_t *root, market_slice_t id);

/*
 * Does what `withdrawal` takes away lie beneath its issuer? `target` is the
 * statement whose digest, name or signing key is meant; or it is NULL and
 * what is meant stands directly beneath the grant or seller statement
 * `beneath` (an offer, or a key of the one who signed it).
 */
bool market__has_standing(const market__verified_t *withdrawal,
    const market__verified_t *target, const market__verified_t *beneath);

/* Has that party of the root the role MARKETPLACE? */
bool market__root_marketplace(
    const market__trust_root_t *root, market_slice_t id);

/*
 * Does it take something away, or keep something out? Such a statement is
 * kept in every revision, and stands though the keys that signed it fell.
 */
bool market__takes_away(const market__message_t *message);

#endif
