/* SPDX-License-Identifier: Apache-2.0 */
/* What happens to the reference: time, statements, offers, intents. */
#include "model.h"

#include <limits.h>
#include <string.h>

static void
push(model_t *model, const fact_t *fact)
{
	known_t *known = &model->known[model->n_known++];

	known->fact = fact;
	known->seen = model->clock;
	known->order = ++model->order;
	known->live_order = known->permit_order = INT_MAX;
	known->live_seen = known->permit_seen = INT64_MAX;
}

void
model_init(model_t *model, const pool_t *pool, int64_t at)
{
	memset(model, 0, sizeof(*model));
	model->pool = pool;
	model->clock = at;
	push(model, pool->root);
	push(model, pool->policy);
}

/* ---- views ---- */

view_t
model_at(const model_t *model, int64_t at)
{
	view_t view = { model, model->order, at };

	return view;
}

view_t
model_now(const model_t *model)
{
	return model_at(model, model->clock);
}

int64_t
model_instant(const model_t *model, int64_t at)
{
	if (at >= model->clock)
		return at;
	return model->clock - at <= model->pool->tolerance ? model->clock : 0;
}

/* ---- time ---- */

static bool
permits_some(const view_t *view, const fact_t *offer)
{
	question_t questions[MODEL_CELLS_MAX];
	int i, n = model_cells(offer, questions);

	for (i = 0; i < n; i++)
		if (model_answer(view, &questions[i]).verdict ==
		    MARKET_VERDICT_PERMIT)
			return true;
	return false;
}

static void
mark_permits(model_t *model, int64_t at)
{
	view_t view = model_at(model, at);
	int i;

	for (i = 0; i < model->pool->n_offers; i++)
		if (model->pool->offers[i].revision > 1 && !model->permitted[i])
			model->permitted[i] = permits_some(
			    &view, &model->pool->offers[i]);
	for (i = 0; i < model->n_known; i++) {
		known_t *known = &model->known[i];

		if (known->permit_order != INT_MAX ||
		    !model_is_listing(&view, known) ||
		    !permits_some(&view, known->fact))
			continue;
		known->permit_order = model->order;
		known->permit_seen = at;
	}
}

void
model_tick(model_t *model, int64_t at)
{
	int i;

	if (at <= model->clock)
		return;
	for (i = 0; i < model->pool->n_times; i++)
		if (model->pool->times[i] > model->clock &&
		    model->pool->times[i] <= at)
			mark_permits(model, model->pool->times[i]);
	model->clock = at;
}

void
model_observe(model_t *model, const fact_t *offer)
{
	view_t view = model_now(model);
	listing_t listing;
	int i, k;

	for (i = 0; i < model->n_known; i++) {
		known_t *known = &model->known[i];

		if (known->live_order != INT_MAX ||
		    !model_is_listing(&view, known) ||
		    (offer != NULL && known->fact != offer))
			continue;
		model_listing(&view, known, &listing);
		for (k = 0; k < listing.n_cells; k++) {
			if (!listing.cells[k].live)
				continue;
			known->live_order = model->order;
			known->live_seen = model->clock;
			break;
		}
	}
}

/* ---- what comes of a statement ---- */

static bool
is_negative(const fact_t *fact)
{
	return fact->kind == MARKET_KIND_WITHDRAWAL ||
	    fact->kind == MARKET_KIND_DISAVOWAL ||
	    fact->kind == MARKET_KIND_HOLD ||
	    fact->state == MARKET_CERTIFICATION_STATE_REVOKED;
}

/* The state of the revision before; 0: there is none. */
static market_certification_state_t
state_before(const view_t *view, const fact_t *fact)
{
	unsigned revision = 0;
	market_certification_state_t state = 0;
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const fact_t *other = view->model->known[i].fact;

		if (model_same_name(other, fact) &&
		    other->revision < fact->revision &&
		    other->revision > revision) {
			revision = other->revision;
			state = other->state;
		}
	}
	return state;
}

/* The design has no table of states that may follow: these must. */
static bool
follows(market_certification_state_t before, market_certification_state_t after)
{
	switch (before) {
	case MARKET_CERTIFICATION_STATE_UNSPECIFIED:
	case MARKET_CERTIFICATION_STATE_REVOKED: return true;
	case MARKET_CERTIFICATION_STATE_IN_TEST:
	case MARKET_CERTIFICATION_STATE_PROVISIONAL:
		return after == MARKET_CERTIFICATION_STATE_CERTIFIED;
	case MARKET_CERTIFICATION_STATE_CERTIFIED:
	case MARKET_CERTIFICATION_STATE_SUSPENDED:
		return after == MARKET_CERTIFICATION_STATE_CERTIFIED ||
		    after == MARKET_CERTIFICATION_STATE_SUSPENDED ||
		    after == MARKET_CERTIFICATION_STATE_REVOKED;
	default: return false;
	}
}

/* What it says may matter beneath a higher revision, which must have begun. */
static bool
takes_away(const fact_t *fact)
{
	switch (fact->state) {
	case MARKET_CERTIFICATION_STATE_IN_TEST:
	case MARKET_CERTIFICATION_STATE_PROVISIONAL:
	case MARKET_CERTIFICATION_STATE_SUSPENDED:
	case MARKET_CERTIFICATION_STATE_REVOKED: return true;
	default: return is_negative(fact) || fact->suspended;
	}
}

static unsigned
revision_result(const view_t *view, const fact_t *fact)
{
	unsigned head = model_head(view, fact);

	if (fact->revision > head)
		return RESULT(ACCEPTED);
	if (fact->revision == head)
		return RESULT(FORK);
	return takes_away(fact)
	    ? RESULT(STALE) | RESULT(ACCEPTED) | RESULT(FORK)
	    : RESULT(STALE);
}

/* Is every grant above it current, and does it stand? */
static bool
stands_beneath(const view_t *view, const fact_t *parent)
{
	const known_t *known;
	uint64_t codes = 0;

	for (; parent != NULL; parent = parent->parent) {
		known = model_find(view, parent);
		if (known == NULL || !model_is_head(view, parent) ||
		    model_stands(view, known, &codes) != STANDS)
			return false;
	}
	return true;
}

static unsigned
sub_grant_results(const view_t *view, const fact_t *fact)
{
	unsigned results = revision_result(view, fact);
	bool good = (fact->parent->keys & BIT(fact->key)) != 0;

	/* Whose names these are nobody can tell without the parent. */
	if (!good || model_find(view, fact->parent) == NULL)
		return RESULT(REFUSED);
	/* Nothing can come of it any more: it may be refused for that. */
	if (!stands_beneath(view, fact->parent) ||
	    model_key_fell(view, fact->key) <= view->at)
		results |= RESULT(REFUSED);
	return results;
}

static bool
seller_stands(const view_t *view, int party, int key, bool *ret_any)
{
	uint64_t codes = 0;
	bool stands = false;
	int i;

	*ret_any = false;
	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];

		if (known->fact->kind != MARKET_KIND_SELLER ||
		    known->fact->party != party ||
		    !model_is_head(view, known->fact))
			continue;
		*ret_any = true;
		stands = stands ||
		    ((known->fact->keys & BIT(key)) &&
			model_stands(view, known, &codes) == STANDS);
	}
	return stands;
}

/* Did any statement ever say that this is a key of that party? */
static bool
key_was_named(const view_t *view, int party, int key)
{
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const fact_t *fact = view->model->known[i].fact;

		if ((fact->kind == MARKET_KIND_AUTHORIZATION ||
			fact->kind == MARKET_KIND_SELLER) &&
		    fact->party == party && (fact->keys & BIT(key)))
			return true;
	}
	return false;
}

static bool
grant_names(const view_t *view, int party, int key)
{
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const fact_t *fact = view->model->known[i].fact;
		uint64_t codes = 0;

		if (fact->kind == MARKET_KIND_AUTHORIZATION &&
		    fact->party == party && (fact->keys & BIT(key)) &&
		    model_is_head(view, fact) &&
		    model_stands(view, &view->model->known[i], &codes) ==
			STANDS)
			return true;
	}
	return false;
}

static unsigned
withdrawal_results(const view_t *view, const fact_t *fact)
{
	unsigned results = revision_result(view, fact);
	bool any;

	if (fact->issuer == P_SHOP || fact->issuer == P_STORE ||
	    fact->issuer == P_DIST) {
		if (!key_was_named(view, fact->issuer, fact->key))
			return RESULT(REFUSED);
		/* Whether what fell still tells whose key it is: open. */
		if (!seller_stands(view, fact->issuer, fact->key, &any) &&
		    !grant_names(view, fact->issuer, fact->key))
			return 0;
	}
	if (fact->target != NULL && !model_standing(fact, fact->target))
		return results | RESULT(REFUSED);
	return results;
}

static unsigned
root_results(const view_t *view, const fact_t *fact)
{
	const fact_t *root = model_root(view);

	/* Whether it is stale may be told before its signatures are seen. */
	if (fact->revision < root->revision)
		return RESULT(STALE) | RESULT(REFUSED);
	if (fact->key != K_ROOT)
		return RESULT(REFUSED);
	if (fact->revision == root->revision)
		return revision_result(view, fact) | RESULT(REFUSED);
	return fact->revision == root->revision + 1 ? RESULT(ACCEPTED)
						    : RESULT(REFUSED);
}

/* Where its key counts no more it may be refused for that instead. */
static unsigned
repeated_results(const view_t *view, const fact_t *fact)
{
	unsigned results = RESULT(DUPLICATE);

	if (fact->kind == MARKET_KIND_OFFER || fact->parent != NULL ||
	    fact->issuer == P_SHOP || fact->issuer == P_STORE ||
	    fact->issuer == P_DIST ||
	    (fact->kind != MARKET_KIND_TRUST_ROOT &&
		!(model_party_keys(model_root(view), fact->issuer) &
		    BIT(fact->key))))
		results |= RESULT(REFUSED);
	return results;
}

unsigned
model_add_results(const model_t *model, const fact_t *fact)
{
	view_t view = model_now(model);
	unsigned results;

	if (fact->kind == MARKET_KIND_OFFER || fact->spoilt || fact->no_role)
		return RESULT(REFUSED);
	if (fact->kind == MARKET_KIND_CERTIFICATION &&
	    !follows(state_before(&view, fact), fact->state))
		return 0;
	if (model_find(&view, fact) != NULL)
		return repeated_results(&view, fact);
	if (fact->kind == MARKET_KIND_TRUST_ROOT)
		return root_results(&view, fact);
	if (fact->parent != NULL)
		return sub_grant_results(&view, fact);
	if (fact->kind == MARKET_KIND_WITHDRAWAL &&
	    (fact->issuer == P_SHOP || fact->issuer == P_STORE ||
		fact->issuer == P_DIST))
		return withdrawal_results(&view, fact);
	if (!(model_party_keys(model_root(&view), fact->issuer) &
		BIT(fact->key)))
		return RESULT(REFUSED);
	results = fact->kind == MARKET_KIND_WITHDRAWAL
	    ? withdrawal_results(&view, fact)
	    : revision_result(&view, fact);
	if (model_key_fell(&view, fact->key) <= view.at) {
		/* Whether a stolen key's revision replaces is left open. */
		if (!is_negative(fact) && model_head(&view, fact) > 0)
			return 0;
		if (!is_negative(fact) || fact->target != NULL)
			results |= RESULT(REFUSED);
	}
	return results;
}

/* ---- offers ---- */

/* What only a new revision can mend, in some cell. */
static bool
has_lasting_fault(const view_t *view, const fact_t *offer)
{
	uint64_t lasting = CODE(DISCLOSURE_MISSING) | CODE(NETWORK_TERRITORY) |
	    CODE(REMOVED_BY_MARKETPLACE) | CODE(STATEMENT_WITHDRAWN) |
	    CODE(OFFER_SIGNATURE_INVALID);
	listing_t listing;
	int i, k;

	model_judge(view, offer, &listing);
	for (i = 0; i < listing.n_cells; i++)
		for (k = 0; k < N_FAMILIES; k++)
			if (listing.cells[i].answer.said[k].codes & lasting)
				return true;
	return false;
}

unsigned
model_submit_results(const model_t *model, const fact_t *offer)
{
	view_t view = model_now(model);
	unsigned results;
	bool any = false, signed_well;

	if (offer->kind != MARKET_KIND_OFFER || offer->spoilt)
		return RESULT(REFUSED);
	if (model_find(&view, offer) != NULL)
		return repeated_results(&view, offer);
	results = revision_result(&view, offer);
	signed_well = seller_stands(&view, offer->issuer, offer->key, &any);
	if (!signed_well) {
		int i;

		/* Refused where the seller's keys are known and others. */
		for (i = 0; i < model->n_known; i++) {
			uint64_t codes = 0;

			if (model->known[i].fact->kind == MARKET_KIND_SELLER &&
			    model->known[i].fact->party == offer->issuer &&
			    model_is_head(&view, model->known[i].fact) &&
			    model_stands(&view, &model->known[i], &codes) ==
				STANDS)
				return RESULT(REFUSED);
		}
		return results | RESULT(REFUSED);
	}
	if (view.at >= offer->not_after)
		return results == RESULT(ACCEPTED) ? RESULT(REFUSED)
						   : results | RESULT(REFUSED);
	if (has_lasting_fault(&view, offer))
		results |= RESULT(REFUSED);
	return results;
}

void
model_take(model_t *model, const fact_t *fact, market_result_t result)
{
	if (result != MARKET_RESULT_ACCEPTED && result != MARKET_RESULT_FORK)
		return;
	push(model, fact);
	mark_permits(model, model->clock);
}

/* ---- intents ---- */

market_intent_t
model_intent(const view_t *view, const fact_t *offer)
{
	market_intent_t intent = MARKET_INTENT_PUBLISH;
	int i;

	if (view->model->wrong == WRONG_PAUSE_FORGOTTEN)
		return intent;
	for (i = 0; i < view->model->n_intents; i++)
		if (view->model->intents[i].order <= view->order &&
		    model_same_name(view->model->intents[i].offer, offer))
			intent = view->model->intents[i].intent;
	return intent;
}

void
model_set_intent(model_t *model, const fact_t *offer, market_intent_t intent)
{
	intent_t *set = &model->intents[model->n_intents++];

	set->offer = offer;
	set->intent = intent;
	set->seen = model->clock;
	set->order = ++model->order;
}
