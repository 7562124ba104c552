/* SPDX-License-Identifier: Apache-2.0 */
/* Who may sell: chains of grants, and what the brand disavows. */
#include <stddef.h>

#include "model.h"

static unsigned
expanded(unsigned territories)
{
	/* A country contains its subdivisions. */
	return territories & BIT(T_US) ? territories | BIT(T_CA) : territories;
}

bool
model_covers(unsigned territories, int territory)
{
	return (expanded(territories) & BIT(territory)) != 0;
}

bool
model_overlaps(unsigned territories, int territory)
{
	return (expanded(territories) & expanded(BIT(territory))) != 0;
}

said_t
model_disavowed(const view_t *view, const question_t *question, int party)
{
	said_t said = { 0 };
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];
		const fact_t *fact = known->fact;

		if (fact->kind == MARKET_KIND_DISAVOWAL &&
		    model_visible(view, known) &&
		    fact->brand == model_brand_of(question->product) &&
		    (fact->parties & BIT(party)) &&
		    (fact->models & BIT(question->product)) &&
		    model_overlaps(fact->territories, question->territory) &&
		    (fact->channels & BIT(question->channel)) &&
		    model_negative(view, known))
			model_worse(
			    &said, MARKET_VERDICT_DENY, CODE(BRAND_DISAVOWED));
	}
	return said;
}

static uint64_t
out_of_scope(const fact_t *grant, const question_t *question)
{
	uint64_t codes = 0;

	if (!(grant->models & BIT(question->product)))
		codes |= CODE(AUTHORIZATION_SCOPE_MODEL);
	if (!model_covers(grant->territories, question->territory) ||
	    model_overlaps(grant->excluded, question->territory))
		codes |= CODE(AUTHORIZATION_SCOPE_TERRITORY);
	if (!(grant->channels & BIT(question->channel)))
		codes |= CODE(AUTHORIZATION_SCOPE_CHANNEL);
	return codes;
}

static uint64_t
widened(const fact_t *child, const fact_t *parent)
{
	uint64_t codes = 0;

	if (child->models & ~parent->models)
		codes |= CODE(AUTHORIZATION_WIDENED_MODEL);
	if ((expanded(child->territories) & ~expanded(parent->territories)) ||
	    (expanded(parent->excluded) & expanded(child->territories) &
		~expanded(child->excluded)))
		codes |= CODE(AUTHORIZATION_WIDENED_TERRITORY);
	if (child->channels & ~parent->channels)
		codes |= CODE(AUTHORIZATION_WIDENED_CHANNEL);
	if (child->not_before < parent->not_before ||
	    child->not_after > parent->not_after)
		codes |= CODE(AUTHORIZATION_WIDENED_TIME);
	if (parent->delegations == 0)
		codes |= CODE(AUTHORIZATION_DELEGATION_FORBIDDEN);
	else if (child->delegations >= parent->delegations)
		codes |= CODE(AUTHORIZATION_WIDENED_DELEGATION);
	return codes;
}

/* One link by itself, beneath nothing. */
static void
link_says(const view_t *view, const question_t *question, const known_t *link,
    said_t *said)
{
	uint64_t codes = 0;

	switch (model_stands(view, link, &codes)) {
	case STANDS: break;
	case STANDS_NOT: model_worse(said, MARKET_VERDICT_DENY, codes); break;
	case STANDS_FORKED:
		model_worse(said, MARKET_VERDICT_INDETERMINATE, codes);
		break;
	case STANDS_UNSURE:
		/* Of those one may be no evidence, or all. */
		model_worse(said, VERDICT_UNSURE,
		    codes | CODE(AUTHORIZATION_MISSING) |
			CODE(AUTHORIZATION_CHAIN_BROKEN) |
			CODE(THRESHOLD_UNMET));
		break;
	case STANDS_NOWHERE:
		model_worse(said, MARKET_VERDICT_DENY,
		    CODE(AUTHORIZATION_MISSING) |
			CODE(AUTHORIZATION_CHAIN_BROKEN) |
			CODE(THRESHOLD_UNMET));
		break;
	}
	codes = out_of_scope(link->fact, question);
	if (codes != 0)
		model_worse(said, MARKET_VERDICT_DENY, codes);
}

static said_t
chain_says(const view_t *view, const question_t *question, const known_t *leaf,
    const fact_t *policy, bool need_keys)
{
	const known_t *link = leaf;
	unsigned length = 1;
	said_t said = { 0 }, other;
	uint64_t codes;

	if (leaf->fact->keys != 0 ? !(leaf->fact->keys & BIT(question->key)) ||
		    model_key_fell(view, question->key) <= view->at
				  : need_keys)
		model_worse(&said, MARKET_VERDICT_DENY,
		    CODE(AUTHORIZATION_KEY_MISMATCH) | CODE(KEY_WITHDRAWN) |
			CODE(OFFER_SIGNATURE_INVALID));
	for (;; length++) {
		const fact_t *parent = link->fact->parent;

		link_says(view, question, link, &said);
		if (parent == NULL)
			break;
		codes = widened(link->fact, parent);
		if (codes != 0)
			model_worse(&said, MARKET_VERDICT_DENY, codes);
		other = model_disavowed(view, question, link->fact->issuer);
		if (other.verdict != 0)
			model_worse(&said, other.verdict, other.codes);
		link = model_find(view, parent);
		if (link == NULL || !model_is_head(view, parent)) {
			model_worse(&said, MARKET_VERDICT_DENY,
			    CODE(AUTHORIZATION_MISSING) |
				CODE(AUTHORIZATION_CHAIN_BROKEN) |
				CODE(AUTHORIZATION_PARENT_MISMATCH) |
				CODE(AUTHORIZATION_CHAIN_TOO_LONG) |
				CODE(STATEMENT_WITHDRAWN) |
				CODE(STATEMENT_EXPIRED) | CODE(KEY_WITHDRAWN));
			return said;
		}
	}
	if (length > policy->max_chain)
		model_worse(&said, MARKET_VERDICT_DENY,
		    CODE(AUTHORIZATION_CHAIN_TOO_LONG));
	return said;
}

said_t
model_grants(const view_t *view, const question_t *question,
    const fact_t *policy, bool need_keys, uint64_t *may)
{
	said_t best = { MARKET_VERDICT_DENY, 0 }, said;
	bool unsure = false, any = false, cannot_tell = false;
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];
		const fact_t *fact = known->fact;

		if (fact->kind != MARKET_KIND_AUTHORIZATION ||
		    !model_visible(view, known) ||
		    fact->party != question->seller ||
		    fact->brand != model_brand_of(question->product) ||
		    !model_is_head(view, fact))
			continue;
		said = chain_says(view, question, known, policy, need_keys);
		if (said.verdict == 0)
			return said;
		any = true;
		unsure = unsure || said.verdict == VERDICT_UNSURE;
		cannot_tell = cannot_tell ||
		    said.verdict == MARKET_VERDICT_INDETERMINATE;
		best.codes |= said.codes;
	}
	if (!any)
		best.codes = CODE(AUTHORIZATION_MISSING);
	/* What lacks its parent is no evidence. */
	*may |= CODE(AUTHORIZATION_CHAIN_BROKEN) | CODE(AUTHORIZATION_MISSING);
	if (unsure)
		best.verdict = VERDICT_UNSURE;
	else if (cannot_tell)
		best.verdict = MARKET_VERDICT_INDETERMINATE;
	return best;
}
