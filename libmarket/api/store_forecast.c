/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Forecast: what time alone will do. Each answer is followed from horizon to
 * horizon, since between two of them nothing can change; told is what ceases.
 */
#include "api/ahead.h"
#include "api/store_listing.h"

/* Of one question: a horizon for each end of what it may read. */
#define STEPS_MAX 1000

/* ---- questions ---- */

typedef struct following {
	const market__clearance_row_t *row;
	market__question_t question;
	market__answer_t answer; /* up to the horizon */
	int64_t horizon;
	bool changed;
} following_t;

/* What the answer is from its horizon on. */
static market_status_t
step(market__ahead_t *ahead, following_t *f)
{
	market__call_t *call = ahead->call;
	market__clearance_t next;
	market__answer_t answer;
	market__arena_t arena;
	market_status_t status;

	market__arena_init(
	    &arena, &call->context->allocator, MARKET__CALL_BUDGET);
	status = market__clear_at(
	    call, &f->question, f->horizon, &arena, &next);
	if (status == MARKET_OK) {
		market__answer_of(&next, &answer);
		if (f->answer.verdict == MARKET_VERDICT_PERMIT &&
		    !market__answers_equal(&f->answer, &answer)) {
			f->changed = true;
			status = market__ahead_tell(ahead, f->row, &f->question,
			    f->horizon, &f->answer, &next);
		}
		f->answer = answer;
		f->horizon = next.horizon;
	}
	market__arena_clear(&arena);
	return status;
}

static market_status_t
follow(market__ahead_t *ahead, const market__clearance_row_t *row)
{
	int64_t until = ahead->sights[MARKET__AFTER].now;
	const market__cleared_t *cleared;
	following_t f = { 0 };
	market_status_t status;
	size_t steps;

	f.row = row;
	status = market__ahead_question(ahead, row, &f.question);
	if (status != MARKET_OK)
		return status;
	market__ahead_look(ahead, MARKET__BEFORE);
	status = market__clear(ahead->call, &f.question, &cleared);
	if (status != MARKET_OK)
		return status;
	market__answer_of(&cleared->answer, &f.answer);
	f.horizon = cleared->answer.horizon;
	for (steps = 0; status == MARKET_OK && steps < STEPS_MAX; steps++) {
		if (f.horizon > until)
			break;
		status = step(ahead, &f);
	}
	if (status == MARKET_OK && f.changed)
		status = market__row_set_add(ahead, &ahead->changed, row->no);
	return status;
}

/* ---- offers ---- */

/* In how many cells is it live to its last second? */
static market_status_t
live_to_its_end(
    market__ahead_t *ahead, const market__listing_row_t *row, size_t *ret_cells)
{
	market__sight_t *sight = &ahead->sights[MARKET__AFTER];
	int64_t until = sight->now;
	market_status_t status;

	/* The answers that hold now may hold as long: then none is made anew.
	 */
	status = market__ahead_live(
	    ahead, MARKET__BEFORE, row, row->not_after, ret_cells);
	if (status != MARKET_OK || *ret_cells > 0)
		return status;
	sight->now = row->not_after - 1;
	status = market__ahead_live(ahead, MARKET__AFTER, row, 0, ret_cells);
	sight->now = until;
	return status;
}

static market_status_t
end_offer(market__ahead_t *ahead, const market__listing_row_t *row, void *user)
{
	market_status_t status;
	size_t cells;

	(void)user;
	if (row->intent != MARKET_INTENT_PUBLISH ||
	    row->not_after <= ahead->sights[MARKET__BEFORE].now ||
	    row->not_after > ahead->sights[MARKET__AFTER].now)
		return MARKET_OK;
	status = live_to_its_end(ahead, row, &cells);
	if (status != MARKET_OK || cells == 0)
		return status;
	return market__ahead_ends(ahead, row, row->not_after, cells);
}

/* ---- the answer ---- */

static market_status_t
forecast(market__call_t *call, int64_t until, market_effects_t **ret_effects)
{
	market__clearance_query_t questions = { 0 };
	market__listing_query_t offers = { 0 };
	market__ahead_t ahead;
	market_status_t status;

	status = market__ahead_begin(call, &ahead);
	if (status == MARKET_OK && until > call->now) {
		status = market__ahead_part(
		    &ahead, MARKET__AFTER, MARKET__VIEW_HYPOTHETICAL);
		ahead.sights[MARKET__AFTER].now = until;
		questions.by = MARKET__CLEARANCE_BY_NO;
		if (status == MARKET_OK)
			status = market__ahead_each(&ahead, &questions, follow);
		offers.by = MARKET__LISTING_BY_NO;
		if (status == MARKET_OK)
			status = market__ahead_listings(
			    &ahead, &offers, end_offer, NULL);
		if (status == MARKET_OK)
			status = market__ahead_dark(&ahead);
	}
	return market__ahead_end(&ahead, status, ret_effects);
}

market_status_t
market_store_forecast(market_store_t *store, int64_t at, int64_t until,
    market_effects_t **ret_effects, market_error_t *reterr)
{
	market_effects_t *effects = NULL;
	market_status_t status;
	market__call_t call;

	if (ret_effects == NULL || until < 0 || until > MARKET__TIME_MAX)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "`until` must lie in the years 1970 to 9999, and "
		    "ret_effects be given");
	status = market__call_begin(store, reterr, &call);
	if (status != MARKET_OK)
		return status;
	status = market__call_ask(&call, at, 0);
	if (status == MARKET_OK)
		status = forecast(&call, until, &effects);
	status = market__call_end(&call, status);
	if (status == MARKET_OK)
		*ret_effects = effects;
	return status;
}
