/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking ahead: what the store says is compared with what it would say. Both
 * are seen in one transaction, each through a cache of its own, so that
 * neither takes an answer of the other's for its own.
 */
#ifndef MARKET_API_AHEAD_H
#define MARKET_API_AHEAD_H

#include "api/store_call.h"

typedef enum market__side {
	MARKET__BEFORE = 0,
	MARKET__AFTER = 1
} market__side_t;

/* From where one side is seen. */
typedef struct market__sight {
	market__cache_t *cache;
	market__view_t view;
	int64_t now;
	uint64_t as_of;
	const market__supposed_t *supposed;
} market__sight_t;

/* Numbers of rows. */
typedef struct market__row_set {
	uint64_t *v;
	size_t n, capacity;
} market__row_set_t;

struct market_effects {
	market_allocator_t allocator;
	market__arena_t arena; /* has all that is told */
	market_effect_of_t *v;
	size_t n, capacity;
	uint64_t dark;
};

typedef struct market__ahead {
	market__call_t *call;
	market__sight_t sights[2];
	market_effects_t *effects;
	market__row_set_t changed; /* questions whose answer is another */
	market__row_set_t told;    /* listings with an effect of their own */
	bool permits_only;         /* what does not permit is of no interest */
	market__row_set_t meant;   /* listings whose offer itself is meant */
	uint8_t *digests;          /* of offers that are, one behind another */
	size_t n_digests, digests_capacity;
	market__arena_t kept; /* as long as the question is looked at */
	market__arena_t page; /* rows */
	market__arena_t item; /* what is needed for one row */
	market__arena_t name; /* of the seller that was met last */
	uint64_t seller_no;
	market_slice_t seller;
} market__ahead_t;

/* ---- store_ahead.c ---- */

/*
 * Begins in the transaction of a call; both sides see what the call sees.
 * MARKET_E_INDETERMINATE where its clock is untrusted. Ended also after a
 * failure.
 */
market_status_t market__ahead_begin(
    market__call_t *call, market__ahead_t *ret_ahead);

/* Gives a side a cache of its own, and a view. */
market_status_t market__ahead_part(
    market__ahead_t *ahead, market__side_t side, market__view_t view);

/* Sorts the effects and hands them over, if all went well. */
market_status_t market__ahead_end(market__ahead_t *ahead,
    market_status_t status, market_effects_t **ret_effects);

/* The call sees that side from here on; what it had kept is given back. */
void market__ahead_look(market__ahead_t *ahead, market__side_t side);

/* Between two rows: gives back all that the last one took. */
void market__ahead_rest(market__ahead_t *ahead);

market_status_t market__row_set_add(
    market__ahead_t *ahead, market__row_set_t *set, uint64_t no);
/* In order, each once. */
void market__row_set_sort(market__row_set_t *set);
bool market__row_set_has(const market__row_set_t *set, uint64_t no);

/* The question of a row, in ahead->item. */
market_status_t market__ahead_question(market__ahead_t *ahead,
    const market__clearance_row_t *row, market__question_t *ret_question);

/* Tells that the answer to a row's question is another from `at` on. */
market_status_t market__ahead_tell(market__ahead_t *ahead,
    const market__clearance_row_t *row, const market__question_t *question,
    int64_t at, const market__answer_t *before,
    const market__clearance_t *after);

/* A new effect, zeroed, and a text that it may have. */
market_status_t market__effect_add(
    market__ahead_t *ahead, market_effect_of_t **ret_effect);
market_status_t market__effect_copy(
    market__ahead_t *ahead, market_slice_t text, market_slice_t *ret_copy);
/* What is against it: the codes that deny or cannot tell, and the message of
 * the first one. */
market_status_t market__effect_against(market__ahead_t *ahead,
    const market__findings_t *findings, market_effect_of_t *effect);

/* ---- store_ahead_rows.c: which questions may have another answer ---- */

typedef market_status_t market__ahead_fn(
    market__ahead_t *ahead, const market__clearance_row_t *row);

/* Every row of the query, in pages. */
market_status_t market__ahead_each(market__ahead_t *ahead,
    market__clearance_query_t *query, market__ahead_fn *fn);

/*
 * Compares both sides' answers to every question that may rest on a slot of
 * that number (0: none), or on one that changed since clearances were computed
 * anew; each once.
 */
market_status_t market__ahead_compare(market__ahead_t *ahead, uint64_t slot);

/* ---- store_ahead_listing.c: listings ---- */

/* Cells that are live, seen from that side, and will be up to `until`. */
market_status_t market__ahead_live(market__ahead_t *ahead, market__side_t side,
    const market__listing_row_t *row, int64_t until, size_t *ret_cells);

/*
 * Tells of a listing whose offer itself is judged otherwise on the other side,
 * if it is live on one of them.
 */
market_status_t market__ahead_listing(
    market__ahead_t *ahead, const market__listing_row_t *row);

/* Tells of a listing of which `cells` cells end by themselves at `at`. */
market_status_t market__ahead_ends(market__ahead_t *ahead,
    const market__listing_row_t *row, int64_t at, size_t cells);

typedef market_status_t market__ahead_listing_fn(
    market__ahead_t *ahead, const market__listing_row_t *row, void *user);

/* Every listing of the query, in pages. */
market_status_t market__ahead_listings(market__ahead_t *ahead,
    market__listing_query_t *query, market__ahead_listing_fn *fn, void *user);

/* Counts the listings that go dark by the questions that changed. */
market_status_t market__ahead_dark(market__ahead_t *ahead);

/* ---- store_ahead_meant.c: offers that a statement means by themselves ---- */

/* Notes which offers it means. */
market_status_t market__ahead_mean(
    market__ahead_t *ahead, const market__message_t *message);

/* Notes the offers of that digest, unless a statement has it. */
market_status_t market__ahead_mean_digest(
    market__ahead_t *ahead, market_slice_t digest);

/* Compares all that were noted. */
market_status_t market__ahead_meant(market__ahead_t *ahead);

#endif
