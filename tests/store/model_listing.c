/* SPDX-License-Identifier: Apache-2.0 */
/* Listings: an offer, its seller's intent, and what the cells say. */
#include <limits.h>
#include <string.h>

#include "model.h"

int
model_cells(const fact_t *offer, question_t *questions)
{
	question_t question = { .seller = offer->issuer,
		.key = offer->key,
		.product = offer->model,
		.software = offer->software };
	int n = 0;

	for (question.territory = 0; question.territory < N_TERRITORIES;
	     question.territory++)
		for (question.channel = 0; question.channel < N_CHANNELS;
		     question.channel++)
			for (question.network = 0;
			     question.network < N_NETWORKS; question.network++)
				if ((offer->territories &
					BIT(question.territory)) &&
				    (offer->channels & BIT(question.channel)) &&
				    (offer->networks & BIT(question.network)) &&
				    n < MODEL_CELLS_MAX)
					questions[n++] = question;
	return n;
}

bool
model_is_listing(const view_t *view, const known_t *known)
{
	int i;

	if (known->fact->kind != MARKET_KIND_OFFER ||
	    !model_visible(view, known) || !model_is_head(view, known->fact))
		return false;
	for (i = 0; i < view->model->n_known; i++) {
		const known_t *other = &view->model->known[i];

		if (other->order < known->order &&
		    other->fact->revision == known->fact->revision &&
		    model_same_name(other->fact, known->fact))
			return false;
	}
	return true;
}

/* ---- what belongs to the offer alone ---- */

static said_t
offer_says(const view_t *view, const fact_t *offer)
{
	said_t said = { 0 };

	if (view->at + model_skew(view) < offer->not_before)
		model_worse(
		    &said, MARKET_VERDICT_DENY, CODE(OFFER_NOT_YET_VALID));
	if (view->at >= offer->not_after)
		model_worse(&said, MARKET_VERDICT_DENY, CODE(OFFER_EXPIRED));
	if (model_withdrawn(view, offer, false) <= view->at)
		model_worse(
		    &said, MARKET_VERDICT_DENY, CODE(STATEMENT_WITHDRAWN));
	if (model_forks(view, offer) > 1)
		model_worse(
		    &said, MARKET_VERDICT_INDETERMINATE, CODE(STATEMENT_FORK));
	return said;
}

static bool
is_held(const view_t *view, const known_t *known, const fact_t *offer)
{
	const fact_t *hold = known->fact;

	return hold->kind == MARKET_KIND_HOLD && model_visible(view, known) &&
	    (hold->party < 0 || hold->party == offer->issuer) &&
	    (hold->brand < 0 || hold->brand == offer->brand) &&
	    (hold->model < 0 || hold->model == offer->model) &&
	    (hold->offer_id[0] == '\0' ||
		strcmp(hold->offer_id, offer->id) == 0) &&
	    model_negative(view, known);
}

static said_t
hold_says(const view_t *view, const fact_t *offer, bool *ret_final)
{
	said_t said = { 0 };
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];

		if (!is_held(view, known, offer))
			continue;
		*ret_final = *ret_final || known->fact->final;
		model_worse(&said, MARKET_VERDICT_DENY,
		    known->fact->final ? CODE(REMOVED_BY_MARKETPLACE)
				       : CODE(HELD_BY_MARKETPLACE));
	}
	return said;
}

static void
judge_cell(cell_t *cell, const fact_t *offer, said_t own, said_t hold)
{
	answer_t *answer = &cell->answer;
	said_t all = { 0 };
	int i;

	cell->question_verdict = answer->verdict;
	/* The brand stands above the offer by its grant: there may be none. */
	if (own.codes & CODE(STATEMENT_WITHDRAWN))
		own.codes |= answer->said[F_GRANT].codes;
	if (answer->due & ~offer->disclosures)
		model_worse(
		    &own, MARKET_VERDICT_DENY, CODE(DISCLOSURE_MISSING));
	answer->said[F_OFFER] = own;
	answer->said[F_HOLD] = hold;
	for (i = 0; i < N_FAMILIES; i++)
		if (answer->said[i].verdict != 0)
			model_worse(&all, answer->said[i].verdict, 0);
	answer->verdict = all.verdict == 0 ? MARKET_VERDICT_PERMIT
	    : answer->blind                ? VERDICT_UNSURE
					   : all.verdict;
}

/* ---- status ---- */

static bool
permitted_between(const view_t *view, const fact_t *offer, int64_t from)
{
	const pool_t *pool = view->model->pool;
	question_t questions[MODEL_CELLS_MAX];
	view_t then = *view;
	int i, k, n = model_cells(offer, questions);

	for (i = 0; i < pool->n_times; i++) {
		then.at = pool->times[i];
		if (then.at <= from || then.at > view->at)
			continue;
		for (k = 0; k < n; k++)
			if (model_answer(&then, &questions[k]).verdict ==
			    MARKET_VERDICT_PERMIT)
				return true;
	}
	return false;
}

/*
 * A revision may ask what others asked before: that this lapsed may have been
 * recorded only after the listing began.
 */
static bool
asks_the_lapsed(const view_t *view, const fact_t *offer)
{
	const pool_t *pool = view->model->pool;
	int i;

	for (i = 0; i < pool->n_offers; i++)
		if (&pool->offers[i] == offer)
			return view->model->permitted[i];
	return false;
}

/* Was it live, or may one say so? */
static unsigned
dark_statuses(const view_t *view, const fact_t *offer)
{
	bool must = false, may = false;
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];

		if (known->fact->kind != MARKET_KIND_OFFER ||
		    !model_visible(view, known) ||
		    !model_same_name(known->fact, offer))
			continue;
		if (known->live_order <= view->order &&
		    known->live_seen <= view->at) {
			may = true;
			must = must || known->fact == offer;
		}
		if (known->permit_order <= view->order &&
		    known->permit_seen <= view->at)
			may = true;
	}
	if (must)
		return BIT(MARKET_LISTING_SUSPENDED);
	if (!may && view->order == view->model->order &&
	    view->at > view->model->clock)
		may = permitted_between(view, offer, view->model->clock);
	may = may || asks_the_lapsed(view, offer);
	return BIT(MARKET_LISTING_HELD) |
	    (may ? BIT(MARKET_LISTING_SUSPENDED) : 0);
}

static unsigned
statuses(const view_t *view, const listing_t *listing, const fact_t *offer,
    bool removed, int live)
{
	if (removed)
		return BIT(MARKET_LISTING_REMOVED);
	if (listing->intent == MARKET_INTENT_PAUSE)
		return BIT(MARKET_LISTING_PAUSED);
	if (listing->intent == MARKET_INTENT_END)
		return BIT(MARKET_LISTING_ENDED);
	if (live == listing->n_cells)
		return BIT(MARKET_LISTING_PUBLISHED);
	if (live > 0)
		return BIT(MARKET_LISTING_PARTLY_PUBLISHED);
	return dark_statuses(view, offer);
}

static void
judge(const view_t *view, const fact_t *offer, listing_t *listing)
{
	question_t questions[MODEL_CELLS_MAX];
	bool removed = false;
	said_t hold = hold_says(view, offer, &removed);
	said_t own = offer_says(view, offer);
	int i, live = 0;

	listing->n_cells = model_cells(offer, questions);
	for (i = 0; i < listing->n_cells; i++) {
		cell_t *cell = &listing->cells[i];

		cell->question = questions[i];
		cell->answer = model_answer(view, &questions[i]);
		judge_cell(cell, offer, own, hold);
		cell->live = listing->intent == MARKET_INTENT_PUBLISH &&
		    cell->answer.verdict == MARKET_VERDICT_PERMIT;
		live += cell->live ? 1 : 0;
	}
	listing->statuses = statuses(view, listing, offer, removed, live);
}

void
model_judge(const view_t *view, const fact_t *offer, listing_t *listing)
{
	listing->offer = NULL;
	listing->intent = MARKET_INTENT_PUBLISH;
	judge(view, offer, listing);
}

void
model_listing(const view_t *view, const known_t *offer, listing_t *listing)
{
	listing->offer = offer;
	listing->intent = model_intent(view, offer->fact);
	judge(view, offer->fact, listing);
}
