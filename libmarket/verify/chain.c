/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One chain of grants. Each grant pins one parent, so a leaf has one chain,
 * and authority only narrows along it.
 */
#include "verify/chain.h"

/* The leaf's chain; of one that is far too long, the part by the leaf. */
void
market__chain_walk(market__chain_t *chain, const market__verified_t *leaf)
{
	const market__verified_t *v;
	unsigned i;

	chain->length = leaf->depth + 1;
	chain->n = chain->length < MARKET__WALK_MAX ? chain->length
						    : MARKET__WALK_MAX;
	for (v = leaf, i = chain->n; i > 0; v = v->under)
		chain->links[--i] = v;
}

static const char *
taken(market__eval_t *e, market__text_t *text)
{
	/* It was made printable when it was written. */
	const char *shown = market__format(e, "%.*s", (int)text->len,
	    text->data == NULL ? "" : (const char *)text->data);

	if (text->status != MARKET_OK && e->status == MARKET_OK)
		e->status = text->status;
	market__text_clear(text);
	return shown;
}

static void
explain_within(market__eval_t *e, const market__scope_t *child,
    const market__scope_t *parent, market__axis_t axis, market__about_t *about)
{
	market__text_t got, want;

	market__text_init(&got, e->arena->allocator, MARKET__EXPLAIN_MAX);
	market__text_init(&want, e->arena->allocator, MARKET__EXPLAIN_MAX);
	market__scope_explain_within(child, parent, axis, &got, &want);
	about->got = taken(e, &got);
	about->want = taken(e, &want);
}

static void
explain_contains(market__eval_t *e, const market__scope_t *scope,
    const market__point_t *point, market__axis_t axis, market__about_t *about)
{
	market__text_t got, want;

	market__text_init(&got, e->arena->allocator, MARKET__EXPLAIN_MAX);
	market__text_init(&want, e->arena->allocator, MARKET__EXPLAIN_MAX);
	market__scope_explain_contains(scope, point, axis, &got, &want);
	about->got = taken(e, &got);
	about->want = taken(e, &want);
}

static const char *const axis_paths[MARKET__AXES] = {
	[MARKET__AXIS_MODEL] = "scope.models",
	[MARKET__AXIS_TERRITORY] = "scope.territories",
	[MARKET__AXIS_CHANNEL] = "scope.channels",
	[MARKET__AXIS_MARKETPLACE] = "scope.marketplaces",
	[MARKET__AXIS_CONDITION] = "scope.conditions",
};

static const market_code_t widened_codes[MARKET__AXES] = {
	[MARKET__AXIS_MODEL] = MARKET_CODE_AUTHORIZATION_WIDENED_MODEL,
	[MARKET__AXIS_TERRITORY] = MARKET_CODE_AUTHORIZATION_WIDENED_TERRITORY,
	[MARKET__AXIS_CHANNEL] = MARKET_CODE_AUTHORIZATION_WIDENED_CHANNEL,
	[MARKET__AXIS_MARKETPLACE] =
	    MARKET_CODE_AUTHORIZATION_WIDENED_MARKETPLACE,
	[MARKET__AXIS_CONDITION] = MARKET_CODE_AUTHORIZATION_WIDENED_CONDITION,
};

static const market_code_t scope_codes[MARKET__AXES] = {
	[MARKET__AXIS_MODEL] = MARKET_CODE_AUTHORIZATION_SCOPE_MODEL,
	[MARKET__AXIS_TERRITORY] = MARKET_CODE_AUTHORIZATION_SCOPE_TERRITORY,
	[MARKET__AXIS_CHANNEL] = MARKET_CODE_AUTHORIZATION_SCOPE_CHANNEL,
	[MARKET__AXIS_MARKETPLACE] =
	    MARKET_CODE_AUTHORIZATION_SCOPE_MARKETPLACE,
	[MARKET__AXIS_CONDITION] = MARKET_CODE_AUTHORIZATION_SCOPE_CONDITION,
};

/* Does the child lie inside its parent, on every axis? */
static void
check_widened(market__eval_t *e, market__chain_t *chain, unsigned i)
{
	const market__authorization_t *child = market__grant(chain->links[i]);
	const market__authorization_t *parent = market__grant(
	    chain->links[i - 1]);
	const market__header_t *inner = market__header(
	    chain->links[i]->statement);
	const market__header_t *outer = market__header(
	    chain->links[i - 1]->statement);
	market__about_t about = { 0 };
	const char *name = market__name_of(e, chain->links[i]->statement);
	const char *above = market__name_of(e, chain->links[i - 1]->statement);
	bool wider[MARKET__AXES];
	unsigned axis;

	about.link = i + 1;
	about.evidence = chain->links[i]->statement;
	if (!market__scope_within(child->scope, parent->scope, wider)) {
		for (axis = 0; axis < MARKET__AXES; axis++) {
			if (!wider[axis])
				continue;
			about.path = axis_paths[axis];
			explain_within(e, child->scope, parent->scope,
			    (market__axis_t)axis, &about);
			market__add_finding(e, &chain->findings,
			    widened_codes[axis], &about,
			    "%s grants %s, and its parent, %s, grants %s", name,
			    about.got, above, about.want);
		}
	}
	if (inner->not_before < outer->not_before ||
	    inner->not_after > outer->not_after) {
		about.path = "header.not_after";
		about.got = market__format(e, "%s to %s",
		    market__show_time(e, inner->not_before),
		    market__show_time(e, inner->not_after));
		about.want = market__format(e, "%s to %s",
		    market__show_time(e, outer->not_before),
		    market__show_time(e, outer->not_after));
		market__add_finding(e, &chain->findings,
		    MARKET_CODE_AUTHORIZATION_WIDENED_TIME, &about,
		    "%s holds from %s, and its parent, %s, from %s", name,
		    about.got, above, about.want);
	}
}

static void
check_delegation(market__eval_t *e, market__chain_t *chain, unsigned i)
{
	const market__authorization_t *child = market__grant(chain->links[i]);
	const market__authorization_t *parent = market__grant(
	    chain->links[i - 1]);
	const char *name = market__name_of(e, chain->links[i]->statement);
	const char *above = market__name_of(e, chain->links[i - 1]->statement);
	market__about_t about = { 0 };

	about.link = i + 1;
	about.evidence = chain->links[i]->statement;
	about.path = "max_delegations";
	about.got = market__format(e, "%u", child->max_delegations);
	about.want = market__format(e, "%u", parent->max_delegations);
	if (parent->max_delegations == 0)
		market__add_finding(e, &chain->findings,
		    MARKET_CODE_AUTHORIZATION_DELEGATION_FORBIDDEN, &about,
		    "%s may not delegate: its own grant, %s, allows 0 "
		    "delegations",
		    market__show(e, parent->grantee), above);
	else if (child->max_delegations >= parent->max_delegations)
		market__add_finding(e, &chain->findings,
		    MARKET_CODE_AUTHORIZATION_WIDENED_DELEGATION, &about,
		    "%s allows %s further delegations, and its parent, %s, "
		    "%s in all",
		    name, about.got, above, about.want);
}

/* A pinned parent counts as long as it is the current one of its name. */
static void
check_current(market__eval_t *e, market__chain_t *chain, unsigned i)
{
	market__about_t about = { 0 };

	if (!chain->links[i - 1]->superseded)
		return;
	about.link = i + 1;
	about.evidence = chain->links[i]->statement;
	about.path = "parent_digest";
	about.got = market__format(e, "revision %llu",
	    (unsigned long long)market__header(chain->links[i - 1]->statement)
		->revision);
	about.want = "the current revision";
	market__add_finding(e, &chain->findings,
	    MARKET_CODE_AUTHORIZATION_PARENT_MISMATCH, &about,
	    "%s pins %s of its parent, %s, which was replaced",
	    market__name_of(e, chain->links[i]->statement), about.got,
	    market__name_of(e, chain->links[i - 1]->statement));
}

static void
check_cycle(market__eval_t *e, market__chain_t *chain)
{
	market_slice_t party, other;
	market__about_t about = { 0 };
	unsigned i, k;

	for (i = 0; i < chain->n; i++) {
		party = market__grant(chain->links[i])->grantee;
		for (k = 0; k <= i; k++) {
			other =
			    market__header(chain->links[k]->statement)->issuer;
			if (!market__slice_equal(party, other))
				continue;
			about.link = i + 1;
			about.evidence = chain->links[i]->statement;
			about.path = "grantee";
			about.got = market__show(e, party);
			market__add_finding(e, &chain->findings,
			    MARKET_CODE_AUTHORIZATION_CYCLE, &about,
			    "%s grants beneath itself: it issued link %u",
			    about.got, k + 1);
			break;
		}
	}
}

static void
check_length(market__eval_t *e, market__chain_t *chain)
{
	uint32_t max = e->policy->max_chain;
	market__about_t about = { 0 };

	if (max == 0 || max > MARKET__CHAIN_MAX)
		max = MARKET__CHAIN_MAX;
	if (chain->length <= max)
		return;
	about.link = chain->n;
	about.evidence = chain->links[chain->n - 1]->statement;
	about.got = market__format(e, "%u", chain->length);
	about.want = market__format(e, "%u", (unsigned)max);
	market__add_finding(e, &chain->findings,
	    MARKET_CODE_AUTHORIZATION_CHAIN_TOO_LONG, &about,
	    "%s links, and at most %s are allowed", about.got, about.want);
}

/* Does the leaf cover the cell? Those above it do if it lies inside them. */
static void
check_scope(market__eval_t *e, market__chain_t *chain)
{
	const market__verified_t *leaf = chain->links[chain->n - 1];
	market__point_t point = market__question_point(e->question);
	market__about_t about = { 0 };
	bool failed[MARKET__AXES];
	unsigned axis;

	if (market__scope_contains(market__grant(leaf)->scope, &point, failed))
		return;
	about.link = chain->n;
	about.evidence = leaf->statement;
	for (axis = 0; axis < MARKET__AXES; axis++) {
		if (!failed[axis])
			continue;
		about.path = axis_paths[axis];
		explain_contains(e, market__grant(leaf)->scope, &point,
		    (market__axis_t)axis, &about);
		market__add_finding(e, &chain->findings, scope_codes[axis],
		    &about, "%s is asked for, and %s covers %s", about.got,
		    market__name_of(e, leaf->statement), about.want);
	}
}

/* The offer must be signed with what the leaf grants to, if it says so. */
static void
check_keys(market__eval_t *e, market__chain_t *chain, bool seller_verified)
{
	const market__verified_t *leaf = chain->links[chain->n - 1];
	const market__keyset_t *keys = leaf->conveyed;
	market__subject_t subject = { NULL, leaf, { NULL, 0 } };
	market__examination_t x = MARKET__EXAMINATION_INIT;
	market__about_t about = { 0 };
	market__keymask_t mask;

	about.link = chain->n;
	about.evidence = leaf->statement;
	if (keys == NULL) {
		if (seller_verified)
			return;
		about.path = "grantee_keys";
		market__add_finding(e, &chain->findings,
		    MARKET_CODE_AUTHORIZATION_KEY_MISMATCH, &about,
		    "%s names no keys, and the marketplace has not verified "
		    "the seller: nobody says whose key signed",
		    market__name_of(e, leaf->statement));
		return;
	}
	mask = market__signed_by(e->question, keys);
	if (market__keymask_count(mask) < keys->threshold) {
		about.path = "grantee_keys";
		about.got = market__format(
		    e, "%u", market__keymask_count(mask));
		about.want = market__format(e, "%u", keys->threshold);
		market__add_finding(e, &chain->findings,
		    MARKET_CODE_AUTHORIZATION_KEY_MISMATCH, &about,
		    "the offer is signed by %s of the keys that %s names, "
		    "and %s must sign",
		    about.got, market__name_of(e, leaf->statement), about.want);
		return;
	}
	market__examine_keys(e, subject, keys, mask, e->at, &about, &x);
	market__move_findings(e, &chain->findings, &x.findings);
	if (x.until < chain->until)
		chain->until = x.until;
}

void
market__chain_judge(
    market__eval_t *e, market__chain_t *chain, bool seller_verified)
{
	market__examination_t x;
	market_slice_t party;
	unsigned i;

	chain->until = INT64_MAX;
	check_length(e, chain);
	check_cycle(e, chain);
	for (i = 0; i < chain->n; i++) {
		market__examine(e, chain->links[i], i + 1, &x);
		market__move_findings(e, &chain->findings, &x.findings);
		if (x.until < chain->until)
			chain->until = x.until;
		/* The seller is asked after for all chains together. */
		party = market__grant(chain->links[i])->grantee;
		if (!market__slice_equal(party, e->question->seller))
			market__check_disavowed(
			    e, party, i + 1, &chain->findings, &chain->until);
		if (i == 0)
			continue;
		check_current(e, chain, i);
		check_delegation(e, chain, i);
		check_widened(e, chain, i);
	}
	check_scope(e, chain);
	check_keys(e, chain, seller_verified);
}
