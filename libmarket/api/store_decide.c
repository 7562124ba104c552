/* SPDX-License-Identifier: Apache-2.0 */
/* An offer is judged by what the store holds. */
#include "api/store_evidence.h"
#include "api/store_listing.h"

/* The questions of one offer, as they are asked. */
typedef struct asking {
	market__call_t *call;
	market__asked_t *questions;
	size_t n, max;
} asking_t;

/* No more than a listing may have; of more none is asked. */
static size_t
cells_of(const market_statement_t *offer)
{
	const market__offer_t *of = &offer->message->of.offer;
	size_t n = of->territories.n * of->channels.n * of->networks.n;

	return n < MARKET__LISTING_CELLS_MAX ? n : MARKET__LISTING_CELLS_MAX;
}

static market_status_t
answer(void *user, const market__question_t *question, int64_t at,
    market__arena_t *arena, market__clearance_t *ret,
    market__shared_t **ret_owner)
{
	const market__cleared_t *cleared = NULL;
	asking_t *asking = user;
	market__asked_t *asked = &asking->questions[asking->n];
	market_status_t status;

	(void)at; /* the call's own instant */
	(void)arena;
	if (asking->n == asking->max)
		return MARKET_E_LIMIT;
	status = market__clear_ask(asking->call, question, asked);
	if (status != MARKET_OK)
		return status;
	asking->n++;
	status = market__clear_hashed(
	    asking->call, question, asked->hash, &cleared);
	if (status != MARKET_OK)
		return status;
	market__shared_ref(&cleared->words->shared);
	*ret_owner = &cleared->words->shared;
	*ret = cleared->answer;
	return MARKET_OK;
}

static market_status_t
distrust(market_decision_t *decision)
{
	return market__decision_add_finding(decision,
	    MARKET_CODE_CLOCK_UNTRUSTED,
	    "the clock is behind the store's by more than it tolerates: "
	    "nothing is published until it is right again");
}

market_status_t
market__call_decide(market__call_t *call, market_statement_t *offer,
    const market_statement_t *feed, const market__tried_t *tried,
    market_decision_t **ret_decision, const market__asked_t **ret_questions,
    size_t *ret_n_questions)
{
	market__slot_user_t user = { call };
	market__lookup_t lookup = { market__slot_read, &user,
		market__page_lists, market__pages_vanished, NULL };
	asking_t asking = { call, NULL, 0, cells_of(offer) };
	market__clearer_t clearer = { answer, &asking };
	market__offered_t offered = { offer, feed, tried };
	market_decision_t *decision = NULL;
	market_status_t status;

	asking.questions = market__arena_array(
	    &call->arena, asking.max + 1, sizeof(*asking.questions));
	if (asking.questions == NULL)
		return market__call_refused(call, &call->arena);
	status = market__decide(
	    call->context, &lookup, &clearer, &offered, call->now, &decision);
	if (status == MARKET_OK && call->untrusted)
		status = distrust(decision);
	if (status != MARKET_OK) {
		market_decision_free(decision);
		if (call->reterr != NULL && call->reterr->status != MARKET_OK)
			return status;
		return market__error(call->reterr, status, NULL, -1,
		    "no decision could be made: %s",
		    market_status_text(status));
	}
	*ret_decision = decision;
	*ret_questions = asking.questions;
	*ret_n_questions = asking.n;
	return MARKET_OK;
}

market_status_t
market__decision_status(const market_decision_t *decision)
{
	switch (market_decision_verdict(decision)) {
	case MARKET_VERDICT_PERMIT: return MARKET_OK;
	case MARKET_VERDICT_DENY: return MARKET_E_DENIED;
	case MARKET_VERDICT_INDETERMINATE:
	case MARKET_VERDICT_UNSPECIFIED: break;
	}
	return MARKET_E_INDETERMINATE;
}
