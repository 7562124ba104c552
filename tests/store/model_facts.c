/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the facts that were accepted stand, and which were taken away. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "model.h"

static const market_code_t numbers[] = {
#define X(name) MARKET_CODE_##name,
	MODEL_CODES(X)
#undef X
};

uint64_t
model_code_bit(market_code_t code)
{
	size_t i;

	for (i = 0; i < MODEL_CODE_COUNT; i++)
		if (numbers[i] == code)
			return (uint64_t)1 << i;
	return 0;
}

void
model_codes_print(uint64_t set, char *text, size_t size)
{
	size_t i, len = 0;

	text[0] = '\0';
	for (i = 0; i < MODEL_CODE_COUNT && len < size; i++)
		if (set & ((uint64_t)1 << i))
			len += (size_t)snprintf(text + len, size - len, "%s%s",
			    len > 0 ? " " : "",
			    market_code_info(numbers[i])->name);
}

/* ---- the root ---- */

int
model_brand_owner(int brand)
{
	return brand == B_XIAOMI ? P_MI : P_MEIZU;
}

int
model_brand_of(int product)
{
	return product == M_C ? B_MEIZU : B_XIAOMI;
}

unsigned
model_party_keys(const fact_t *root, int party)
{
	static const int keys[N_PARTIES] = { [P_USM] = K_USM,
		[P_MI] = K_MI,
		[P_MEIZU] = K_MEIZU,
		[P_TMO] = K_TMO,
		[P_DT] = K_DT,
		[P_FCC] = K_FCC,
		[P_DIST] = -1,
		[P_SHOP] = -1,
		[P_STORE] = -1,
		[P_STRANGER] = -1 };

	if (party == P_MI)
		return root->root;
	return keys[party] < 0 ? 0 : BIT(keys[party]);
}

const fact_t *
model_root(const view_t *view)
{
	const fact_t *root = NULL;
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];

		if (known->fact->kind == MARKET_KIND_TRUST_ROOT &&
		    model_visible(view, known) &&
		    (root == NULL || known->fact->revision > root->revision))
			root = known->fact;
	}
	return root;
}

int64_t
model_skew(const view_t *view)
{
	return view->model->pool->skew;
}

/* ---- names ---- */

bool
model_visible(const view_t *view, const known_t *known)
{
	return known->order <= view->order;
}

bool
model_same_name(const fact_t *a, const fact_t *b)
{
	/* A sub-grant is named with the grant that gave its keys. */
	return a->kind == b->kind && a->issuer == b->issuer &&
	    a->parent == b->parent && strcmp(a->id, b->id) == 0;
}

const known_t *
model_find(const view_t *view, const fact_t *fact)
{
	int i;

	for (i = 0; i < view->model->n_known; i++)
		if (view->model->known[i].fact == fact &&
		    model_visible(view, &view->model->known[i]))
			return &view->model->known[i];
	return NULL;
}

unsigned
model_head(const view_t *view, const fact_t *fact)
{
	unsigned head = 0;
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];

		if (known->fact->revision > head &&
		    model_same_name(known->fact, fact) &&
		    model_visible(view, known))
			head = known->fact->revision;
	}
	return head;
}

bool
model_is_head(const view_t *view, const fact_t *fact)
{
	return fact->revision == model_head(view, fact);
}

int
model_forks(const view_t *view, const fact_t *fact)
{
	int i, n = 0;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];

		if (known->fact->revision == fact->revision &&
		    model_same_name(known->fact, fact) &&
		    model_visible(view, known))
			n++;
	}
	if (view->model->wrong == WRONG_FORK_COUNTS)
		return 1;
	return n;
}

/* ---- withdrawals ---- */

bool
model_standing(const fact_t *withdrawal, const fact_t *target)
{
	const fact_t *ancestor;

	if (withdrawal->issuer == P_USM || withdrawal->issuer == target->issuer)
		return true;
	for (ancestor = target->parent; ancestor != NULL;
	     ancestor = ancestor->parent)
		if (withdrawal->issuer == ancestor->issuer)
			return true;
	/* Above an offer stand its seller, the marketplace and the brand. */
	return target->kind == MARKET_KIND_OFFER &&
	    withdrawal->issuer == model_brand_owner(target->brand);
}

static bool
standing_over_key(const fact_t *withdrawal)
{
	static const int owners[N_KEYS] = { [K_MI] = P_MI,
		[K_MI2] = P_MI,
		[K_DIST] = P_MI,
		[K_SHOP] = P_SHOP,
		[K_SHOP2] = P_SHOP };

	return withdrawal->issuer == P_USM ||
	    withdrawal->issuer == owners[withdrawal->target_key];
}

static int64_t
effect(const view_t *view, const known_t *known)
{
	const fact_t *fact = known->fact;

	if (view->model->wrong == WRONG_LATE_EFFECT)
		return (fact->effective_at != 0 ? fact->effective_at
						: known->seen) +
		    MODEL_DAY;
	if (fact->effective_at != 0)
		return fact->effective_at;
	return known->seen > fact->not_before ? known->seen : fact->not_before;
}

static bool
hits(const view_t *view, const known_t *known, const fact_t *fact)
{
	const fact_t *withdrawal = known->fact;
	enum model_wrong wrong = view->model->wrong;
	const known_t *target = model_find(view, fact);

	if (withdrawal->target == NULL)
		return false;
	if (wrong == WRONG_WITHDRAWAL_LAPSES &&
	    view->at >= withdrawal->not_after)
		return false;
	if (target != NULL && target->order > known->order &&
	    (withdrawal->by_name ? wrong == WRONG_NAME_ONCE
				 : wrong == WRONG_EARLY_LOST))
		return false;
	if (withdrawal->by_name)
		return model_same_name(withdrawal->target, fact);
	return withdrawal->target == fact;
}

/* What gives back is asked, as what gives, for a key that still counts. */
static bool
counts(const view_t *view, const known_t *known)
{
	const fact_t *fact = known->fact;

	if (fact->parent == NULL &&
	    !(model_party_keys(model_root(view), fact->issuer) &
		BIT(fact->key)))
		return false;
	return model_key_fell(view, fact->key) > known->seen;
}

int64_t
model_withdrawn(const view_t *view, const fact_t *fact, bool lift)
{
	int64_t earliest = INT64_MAX, at;
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];

		if (known->fact->kind != MARKET_KIND_WITHDRAWAL ||
		    !model_visible(view, known) || !hits(view, known, fact) ||
		    !model_standing(known->fact, fact))
			continue;
		if (lift && !counts(view, known))
			continue;
		at = effect(view, known);
		if (at < earliest)
			earliest = at;
	}
	return earliest;
}

int64_t
model_key_fell(const view_t *view, int key)
{
	int64_t earliest = INT64_MAX, at;
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];

		if (known->fact->kind != MARKET_KIND_WITHDRAWAL ||
		    known->fact->target_key != key ||
		    !model_visible(view, known) ||
		    !standing_over_key(known->fact))
			continue;
		at = effect(view, known);
		if (at < earliest)
			earliest = at;
	}
	return earliest;
}

/* ---- what stands ---- */

static stand_t
stands_alone(const view_t *view, const known_t *known, uint64_t *ret_codes)
{
	const fact_t *fact = known->fact;
	uint64_t codes = 0;
	unsigned keys;

	keys = fact->parent != NULL
	    ? fact->parent->keys
	    : model_party_keys(model_root(view), fact->issuer);
	if (!(keys & BIT(fact->key)))
		return STANDS_NOWHERE;
	if (model_withdrawn(view, fact, false) <= view->at)
		codes |= CODE(STATEMENT_WITHDRAWN);
	if (model_key_fell(view, fact->key) <= known->seen)
		codes |= CODE(KEY_WITHDRAWN);
	if (view->at + model_skew(view) < fact->not_before)
		codes |= CODE(STATEMENT_NOT_YET_VALID);
	if (view->at >= fact->not_after)
		codes |= CODE(STATEMENT_EXPIRED);
	*ret_codes |= codes;
	return codes == 0 ? STANDS : STANDS_NOT;
}

stand_t
model_stands(const view_t *view, const known_t *known, uint64_t *ret_codes)
{
	bool all = true;
	stand_t stand;
	int i;

	if (model_forks(view, known->fact) == 1)
		return stands_alone(view, known, ret_codes);
	for (i = 0; i < view->model->n_known; i++) {
		const known_t *fork = &view->model->known[i];

		if (fork->fact->revision != known->fact->revision ||
		    !model_same_name(fork->fact, known->fact) ||
		    !model_visible(view, fork))
			continue;
		stand = stands_alone(view, fork, ret_codes);
		if (stand != STANDS)
			all = false;
	}
	*ret_codes |= CODE(STATEMENT_FORK);
	return all ? STANDS_FORKED : STANDS_UNSURE;
}

/* A revision that has begun, by a key that counts, replaces those below. */
static bool
replaced(const view_t *view, const fact_t *fact)
{
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];

		if (known->fact->revision > fact->revision &&
		    model_same_name(known->fact, fact) &&
		    model_visible(view, known) &&
		    known->fact->not_before <= view->at && counts(view, known))
			return true;
	}
	return false;
}

bool
model_negative(const view_t *view, const known_t *known)
{
	const fact_t *fact = known->fact;
	enum model_wrong wrong = view->model->wrong;

	if (view->at < fact->not_before)
		return false;
	if (fact->final)
		return true;
	if (model_withdrawn(view, fact, true) <= view->at ||
	    replaced(view, fact))
		return false;
	if (fact->kind == MARKET_KIND_DISAVOWAL)
		return wrong != WRONG_DISAVOWAL_LAPSES ||
		    view->at < fact->not_after;
	return view->at < fact->not_after || wrong == WRONG_HOLD_FOREVER;
}

const fact_t *
model_policy(const view_t *view, said_t *said)
{
	uint64_t told = 0;
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];

		if (known->fact->kind == MARKET_KIND_POLICY &&
		    model_visible(view, known) &&
		    model_is_head(view, known->fact) &&
		    model_stands(view, known, &told) == STANDS)
			return known->fact;
	}
	model_worse(said, VERDICT_UNSURE, told | CODE(POLICY_MISSING));
	return NULL;
}
