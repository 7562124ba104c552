/* SPDX-License-Identifier: Apache-2.0 */
/* The answer to a question: the families of rules one after another. */
#include <stddef.h>

#include "model.h"

static int
rank(int verdict)
{
	switch (verdict) {
	case MARKET_VERDICT_DENY: return 3;
	case VERDICT_UNSURE: return 2;
	case MARKET_VERDICT_INDETERMINATE: return 1;
	default: return 0;
	}
}

void
model_worse(said_t *said, int verdict, uint64_t codes)
{
	if (rank(verdict) > rank(said->verdict))
		said->verdict = verdict;
	said->codes |= codes;
}

/* What a family says of needed evidence that does not stand. */
static said_t
fallen(stand_t stand, uint64_t codes, uint64_t absent)
{
	said_t said = { 0 };

	switch (stand) {
	case STANDS: break;
	case STANDS_FORKED:
		model_worse(
		    &said, MARKET_VERDICT_INDETERMINATE, codes | absent);
		break;
	case STANDS_NOWHERE:
		model_worse(&said, VERDICT_UNSURE, codes | absent);
		break;
	case STANDS_NOT:
	case STANDS_UNSURE:
		model_worse(&said, VERDICT_UNSURE, codes | absent);
		break;
	}
	return said;
}

/* ---- the seller ---- */

/* Of forks nobody can tell which is meant: one that has the key is enough. */
static bool
names_key(const view_t *view, const fact_t *fact, int key)
{
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];

		if (known->fact->revision == fact->revision &&
		    model_same_name(known->fact, fact) &&
		    model_visible(view, known) &&
		    (known->fact->keys & BIT(key)))
			return true;
	}
	return false;
}

static said_t
seller_says(const view_t *view, const question_t *question,
    const fact_t *policy, bool *ret_verified)
{
	said_t said = { 0 };
	bool any = false;
	uint64_t codes;
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];
		const fact_t *fact = known->fact;
		stand_t stand;

		if (fact->kind != MARKET_KIND_SELLER ||
		    fact->party != question->seller ||
		    !model_visible(view, known) || !model_is_head(view, fact))
			continue;
		any = true;
		codes = 0;
		stand = model_stands(view, known, &codes);
		if (fact->suspended)
			model_worse(&said, MARKET_VERDICT_DENY,
			    codes | CODE(SELLER_SUSPENDED));
		if (stand == STANDS_FORKED)
			model_worse(&said, MARKET_VERDICT_INDETERMINATE, codes);
		else if (stand != STANDS)
			model_worse(&said, MARKET_VERDICT_DENY,
			    codes | CODE(SELLER_UNKNOWN));
		if (!names_key(view, fact, question->key))
			model_worse(&said, MARKET_VERDICT_DENY,
			    CODE(OFFER_SIGNATURE_INVALID) |
				CODE(THRESHOLD_UNMET));
	}
	if (!any && policy->require_seller)
		model_worse(&said, MARKET_VERDICT_DENY, CODE(SELLER_UNKNOWN));
	if (model_key_fell(view, question->key) <= view->at)
		model_worse(&said, MARKET_VERDICT_DENY,
		    CODE(KEY_WITHDRAWN) | CODE(OFFER_SIGNATURE_INVALID));
	*ret_verified = any;
	return said;
}

/* ---- networks and products ---- */

static const fact_t *
find_one(const view_t *view, market_kind_t kind, int product, int network,
    said_t *said, uint64_t absent)
{
	const fact_t *found = NULL;
	uint64_t codes = 0;
	said_t other;
	bool any = false;
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];
		const fact_t *fact = known->fact;
		stand_t stand;

		if (fact->kind != kind || fact->model != product ||
		    fact->network != network || !model_visible(view, known) ||
		    !model_is_head(view, fact))
			continue;
		any = true;
		stand = model_stands(view, known, &codes);
		if (stand == STANDS)
			found = fact;
		other = fallen(stand, codes, absent);
		if (other.verdict != 0)
			model_worse(said, other.verdict, other.codes);
	}
	if (!any)
		model_worse(said, MARKET_VERDICT_INDETERMINATE, absent);
	return said->verdict == 0 ? found : NULL;
}

static bool
in_territory(int network, int territory)
{
	return (network == N_DT) == (territory == T_DE);
}

/* ---- certifications ---- */

static bool
may_certify(const fact_t *fact, int network)
{
	if (fact->scheme == S_FCC)
		return true;
	return fact->issuer == (network == N_DT ? P_DT : P_TMO);
}

static bool
on_network(const fact_t *fact, int network)
{
	return (fact->networks &
		   (BIT(network) | (network == N_USM ? BIT(N_TMO) : 0))) != 0;
}

/* Does the certification say anything about this cell? */
static bool
speaks(const fact_t *fact, const question_t *question, int scheme)
{
	return fact->kind == MARKET_KIND_CERTIFICATION &&
	    fact->scheme == scheme && fact->model == question->product &&
	    may_certify(fact, question->network);
}

static bool
applies(const fact_t *fact, const question_t *question)
{
	return (fact->software & question->software) != 0 &&
	    on_network(fact, question->network) &&
	    model_overlaps(fact->territories, question->territory);
}

/* The code of what keeps a device out; 0: it does not. */
static uint64_t
forbids(const view_t *view, const known_t *known, const fact_t *policy)
{
	const fact_t *fact = known->fact;

	switch (fact->state) {
	case MARKET_CERTIFICATION_STATE_REVOKED:
		return view->at >= fact->not_before ? CODE(CERTIFICATION_ENDED)
						    : 0;
	case MARKET_CERTIFICATION_STATE_SUSPENDED:
		return model_negative(view, known)
		    ? CODE(CERTIFICATION_SUSPENDED)
		    : 0;
	case MARKET_CERTIFICATION_STATE_IN_TEST:
		return model_negative(view, known) ? CODE(CERTIFICATION_IN_TEST)
						   : 0;
	case MARKET_CERTIFICATION_STATE_PROVISIONAL:
		return !policy->provisional && model_negative(view, known)
		    ? CODE(CERTIFICATION_PROVISIONAL)
		    : 0;
	default: return 0;
	}
}

static uint64_t
does_not_cover(const fact_t *fact, const question_t *question)
{
	uint64_t codes = 0;

	if (!(fact->software & question->software))
		codes |= CODE(CERTIFICATION_SOFTWARE);
	if (!on_network(fact, question->network))
		codes |= CODE(CERTIFICATION_NETWORK);
	if (!model_covers(fact->territories, question->territory))
		codes |= CODE(CERTIFICATION_TERRITORY);
	return codes;
}

/* One name's current revision as a permission. */
static int
permits(const view_t *view, const known_t *known, const question_t *question,
    const fact_t *policy, uint64_t *codes)
{
	uint64_t not_covered = does_not_cover(known->fact, question);

	*codes |= not_covered;
	switch (model_stands(view, known, codes)) {
	case STANDS:
		if (not_covered != 0)
			return MARKET_VERDICT_DENY;
		switch (known->fact->state) {
		case MARKET_CERTIFICATION_STATE_CERTIFIED: return 0;
		case MARKET_CERTIFICATION_STATE_PROVISIONAL:
			return policy->provisional ? 0 : MARKET_VERDICT_DENY;
		default: return MARKET_VERDICT_DENY;
		}
	case STANDS_FORKED:
		return not_covered != 0 ? VERDICT_UNSURE
					: MARKET_VERDICT_INDETERMINATE;
	case STANDS_UNSURE: return VERDICT_UNSURE;
	case STANDS_NOT:
	case STANDS_NOWHERE: break;
	}
	return MARKET_VERDICT_DENY;
}

static said_t
scheme_says(const view_t *view, const question_t *question,
    const fact_t *policy, int scheme)
{
	said_t said = { 0 };
	uint64_t codes = CODE(CERTIFICATION_MISSING), code;
	bool good = false, unsure = false, cannot_tell = false;
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];
		int verdict;

		if (!model_visible(view, known) ||
		    !speaks(known->fact, question, scheme))
			continue;
		code = applies(known->fact, question)
		    ? forbids(view, known, policy)
		    : 0;
		if (code != 0)
			model_worse(&said, MARKET_VERDICT_DENY,
			    code | CODE(CERTIFICATION_TRANSITION));
		if (!model_is_head(view, known->fact))
			continue;
		verdict = permits(view, known, question, policy, &codes);
		good = good || verdict == 0;
		unsure = unsure || verdict == VERDICT_UNSURE;
		cannot_tell = cannot_tell ||
		    verdict == MARKET_VERDICT_INDETERMINATE;
	}
	if (said.verdict != 0) {
		said.codes |= codes;
		return said;
	}
	if (good)
		return said;
	model_worse(&said,
	    unsure            ? VERDICT_UNSURE
		: cannot_tell ? MARKET_VERDICT_INDETERMINATE
			      : MARKET_VERDICT_DENY,
	    codes);
	return said;
}

static void
certifications_say(const view_t *view, const question_t *question,
    const fact_t *policy, const fact_t *network, const fact_t *host,
    answer_t *answer)
{
	said_t *said = &answer->said[F_CERTIFICATION];
	unsigned schemes = 0;
	int scheme;

	if (question->territory != T_DE)
		schemes = policy->schemes;
	if (network != NULL)
		schemes |= network->schemes;
	if (host != NULL && view->model->wrong != WRONG_HOST_FORGOTTEN)
		schemes |= host->schemes;
	for (scheme = 0; scheme < N_SCHEMES; scheme++) {
		said_t one = scheme_says(view, question, policy, scheme);

		if (one.verdict == 0 || !(schemes & BIT(scheme)))
			continue;
		model_worse(said, one.verdict, one.codes);
	}
}

/* ---- holds ---- */

static said_t
holds_say(const view_t *view, const question_t *question)
{
	said_t said = { 0 };
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];
		const fact_t *fact = known->fact;

		if (fact->kind == MARKET_KIND_HOLD &&
		    model_visible(view, known) && fact->offer_id[0] == '\0' &&
		    (fact->party < 0 || fact->party == question->seller) &&
		    (fact->brand < 0 ||
			fact->brand == model_brand_of(question->product)) &&
		    (fact->model < 0 || fact->model == question->product) &&
		    model_negative(view, known))
			model_worse(&said, MARKET_VERDICT_DENY,
			    fact->final ? CODE(REMOVED_BY_MARKETPLACE)
					: CODE(HELD_BY_MARKETPLACE));
	}
	return said;
}

/* ---- service ---- */

static void
service_says(const view_t *view, const fact_t *policy, const fact_t *product,
    const fact_t *radio, answer_t *answer)
{
	unsigned rats = BIT(MARKET_RAT_GSM) | BIT(MARKET_RAT_LTE);

	if (radio->umts_until == 0 || view->at < radio->umts_until)
		rats |= BIT(MARKET_RAT_UMTS);
	rats &= product->bands;
	answer->service = rats & BIT(MARKET_RAT_LTE) ? MARKET_SERVICE_4G
	    : rats & BIT(MARKET_RAT_UMTS)            ? MARKET_SERVICE_3G
	    : rats & BIT(MARKET_RAT_GSM)             ? MARKET_SERVICE_2G
						     : MARKET_SERVICE_NONE;
	if (answer->service < policy->minimum)
		model_worse(&answer->said[F_SERVICE], MARKET_VERDICT_DENY,
		    CODE(SERVICE_BELOW_MINIMUM));
	/* A disclosure has the number of the service that it tells. */
	if (answer->service < policy->disclose)
		answer->due = BIT(answer->service);
}

/* ---- all of it ---- */

static void
sum_up(answer_t *answer)
{
	said_t all = { 0 };
	int i;

	for (i = 0; i < N_FAMILIES; i++)
		if (answer->said[i].verdict != 0)
			model_worse(&all, answer->said[i].verdict, 0);
	answer->verdict = all.verdict != 0 ? all.verdict
					   : MARKET_VERDICT_PERMIT;
}

static const fact_t *
trust_says(const view_t *view, answer_t *answer)
{
	const fact_t *policy = model_policy(view, &answer->said[F_TRUST]);

	if (view->at >= model_root(view)->not_after)
		model_worse(
		    &answer->said[F_TRUST], VERDICT_UNSURE, CODE(ROOT_EXPIRED));
	answer->blind = answer->said[F_TRUST].verdict != 0;
	return policy;
}

answer_t
model_answer(const view_t *view, const question_t *question)
{
	answer_t answer = { 0 };
	const fact_t *policy, *product, *network, *host = NULL;
	said_t *said = answer.said;
	bool verified = false;

	policy = trust_says(view, &answer);
	said[F_HOLD] = holds_say(view, question);
	if (answer.blind) {
		answer.verdict = VERDICT_UNSURE;
		return answer;
	}
	said[F_SELLER] = seller_says(view, question, policy, &verified);
	said[F_GRANT] = model_grants(
	    view, question, policy, !verified, &answer.may);
	if (!verified)
		answer.may |= CODE(OFFER_SIGNATURE_INVALID);
	said[F_DISAVOWAL] = model_disavowed(view, question, question->seller);
	product = find_one(view, MARKET_KIND_PRODUCT, question->product, -1,
	    &said[F_PRODUCT], CODE(PRODUCT_UNKNOWN));
	network = find_one(view, MARKET_KIND_NETWORK, -1, question->network,
	    &said[F_NETWORK], CODE(NETWORK_UNKNOWN));
	if (network != NULL && network->host >= 0)
		host = find_one(view, MARKET_KIND_NETWORK, -1, network->host,
		    &said[F_NETWORK], CODE(NETWORK_UNKNOWN));
	if (network != NULL &&
	    !in_territory(question->network, question->territory))
		model_worse(&said[F_NETWORK], MARKET_VERDICT_DENY,
		    CODE(NETWORK_TERRITORY));
	certifications_say(view, question, policy, network, host, &answer);
	if (said[F_NETWORK].verdict != 0) {
		/* Nor is known what else is needed there. */
		answer.may |= ~(uint64_t)0;
		said[F_CERTIFICATION].verdict = VERDICT_UNSURE;
		said[F_CERTIFICATION].codes = 0;
	} else if (product != NULL) {
		service_says(view, policy, product,
		    host != NULL ? host : network, &answer);
	}
	sum_up(&answer);
	return answer;
}
