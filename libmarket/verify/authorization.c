/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chain of grants from the brand to the seller. Each grant pins one
 * parent, so every leaf grant has one chain, and one chain must carry the
 * whole cell: nothing is put together from several.
 */
#include "model/scope.h"
#include "verify/internal.h"

/* Links beyond this, twice the limit, are counted and not judged. */
#define WALK_MAX 16

/* One candidate: a leaf grant and all above it, the brand's grant first. */
typedef struct chain {
	const market__verified_t *links[WALK_MAX];
	unsigned n;
	unsigned length; /* more than n where WALK_MAX cut it */
	market__findings_t findings;
	int64_t until;
} chain_t;

static const market__authorization_t *
grant(const market__verified_t *verified)
{
	return &market__message(verified)->of.authorization;
}

/* The leaf's chain; of one that is far too long, the part by the leaf. */
static void
walk(chain_t *chain, const market__verified_t *leaf)
{
	const market__verified_t *v;
	unsigned n = 0, i;

	for (v = leaf; v != NULL; v = v->under)
		n++;
	chain->length = n;
	chain->n = n < WALK_MAX ? n : WALK_MAX;
	for (v = leaf, i = chain->n; i > 0; v = v->under)
		chain->links[--i] = v;
}

static const char *
taken(market__eval_t *e, market__text_t *text)
{
	const char *shown = market__show(
	    e, market__slice(text->data == NULL ? "" : text->data, text->len));

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
check_widened(market__eval_t *e, chain_t *chain, unsigned i)
{
	const market__authorization_t *child = grant(chain->links[i]);
	const market__authorization_t *parent = grant(chain->links[i - 1]);
	const market__header_t *inner = market__header(
	    chain->links[i]->statement);
	const market__header_t *outer = market__header(
	    chain->links[i - 1]->statement);
	market__about_t about = { 0 };
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
			    "grants %s, and its parent grants %s", about.got,
			    about.want);
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
		    "holds from %s, and its parent from %s", about.got,
		    about.want);
	}
}

static void
check_delegation(market__eval_t *e, chain_t *chain, unsigned i)
{
	const market__authorization_t *child = grant(chain->links[i]);
	const market__authorization_t *parent = grant(chain->links[i - 1]);
	market__about_t about = { 0 };

	about.link = i + 1;
	about.evidence = chain->links[i]->statement;
	about.path = "max_delegations";
	about.got = market__format(e, "%u", child->max_delegations);
	about.want = market__format(e, "%u", parent->max_delegations);
	if (parent->max_delegations == 0)
		market__add_finding(e, &chain->findings,
		    MARKET_CODE_AUTHORIZATION_DELEGATION_FORBIDDEN, &about,
		    "%s may not delegate: its own grant allows 0 delegations",
		    market__show(e, parent->grantee));
	else if (child->max_delegations >= parent->max_delegations)
		market__add_finding(e, &chain->findings,
		    MARKET_CODE_AUTHORIZATION_WIDENED_DELEGATION, &about,
		    "allows %s further delegations, and its parent %s in all",
		    about.got, about.want);
}

/* A pinned parent counts as long as it is the current one of its name. */
static void
check_current(market__eval_t *e, chain_t *chain, unsigned i)
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
	    "pins %s of its parent, which was replaced", about.got);
}

static void
check_cycle(market__eval_t *e, chain_t *chain)
{
	market_slice_t party, other;
	market__about_t about = { 0 };
	unsigned i, k;

	for (i = 0; i < chain->n; i++) {
		party = grant(chain->links[i])->grantee;
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
check_length(market__eval_t *e, chain_t *chain)
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
check_scope(market__eval_t *e, chain_t *chain)
{
	const market__verified_t *leaf = chain->links[chain->n - 1];
	market__point_t point = market__question_point(e->question);
	market__about_t about = { 0 };
	bool failed[MARKET__AXES];
	unsigned axis;

	if (market__scope_contains(grant(leaf)->scope, &point, failed))
		return;
	about.link = chain->n;
	about.evidence = leaf->statement;
	for (axis = 0; axis < MARKET__AXES; axis++) {
		if (!failed[axis])
			continue;
		about.path = axis_paths[axis];
		explain_contains(e, grant(leaf)->scope, &point,
		    (market__axis_t)axis, &about);
		market__add_finding(e, &chain->findings, scope_codes[axis],
		    &about, "%s is asked for, and the grant covers %s",
		    about.got, about.want);
	}
}

/* The offer must be signed with what the leaf grants to, if it says so. */
static void
check_keys(market__eval_t *e, chain_t *chain, bool seller_verified)
{
	const market__verified_t *leaf = chain->links[chain->n - 1];
	const market__keyset_t *keys = leaf->conveyed;
	market__subject_t subject = { NULL, leaf };
	market__examination_t x = { { NULL, 0, 0 }, INT64_MAX };
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
		    "the grant names no keys, and the marketplace has not "
		    "verified the seller: nobody says whose key signed");
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
		    "the offer is signed by %s of the grant's keys, and %s "
		    "must sign",
		    about.got, about.want);
		return;
	}
	market__examine_keys(e, subject, keys, mask, e->at, &about, &x);
	market__move_findings(e, &chain->findings, &x.findings);
	if (x.until < chain->until)
		chain->until = x.until;
}

static void
judge(market__eval_t *e, chain_t *chain, bool seller_verified)
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
		party = grant(chain->links[i])->grantee;
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

/* A grant whose parent is not there, told as a chain of one link. */
static void
judge_orphan(
    market__eval_t *e, const market_statement_t *orphan, chain_t *chain)
{
	const market__authorization_t *child =
	    &orphan->message->of.authorization;
	market_slice_t issuer = market__header(orphan)->issuer;
	market__slot_t parents = market__read2(
	    e, "authorization", child->brand, issuer);
	market__about_t about = { 0 };
	char hex[2 * MARKET_DIGEST_LEN + 1];
	size_t i;

	memset(chain, 0, sizeof(*chain));
	market__hex(child->parent_digest.ptr, MARKET_DIGEST_LEN, hex);
	about.link = 1;
	about.evidence = orphan;
	about.path = "parent_digest";
	about.got = market__format(e, "%s", hex);
	for (i = 0; i < parents.n_verified; i++)
		if (!parents.verified[i]->superseded)
			break;
	if (i == parents.n_verified) {
		market__add_finding(e, &chain->findings,
		    MARKET_CODE_AUTHORIZATION_CHAIN_BROKEN, &about,
		    "its issuer %s holds no grant for %s here, so there is no "
		    "parent %.16s...",
		    market__show(e, issuer), market__show(e, child->brand),
		    hex);
		return;
	}
	market__hex(
	    parents.verified[i]->statement->digest, MARKET_DIGEST_LEN, hex);
	about.want = market__format(e, "%s", hex);
	market__add_finding(e, &chain->findings,
	    MARKET_CODE_AUTHORIZATION_PARENT_MISMATCH, &about,
	    "pins parent %.16s..., and the grant that %s holds is %.16s...",
	    about.got, market__show(e, issuer), hex);
}

static bool
better(const chain_t *chain, const chain_t *best)
{
	int rank = market__rank(&chain->findings);
	int best_rank = market__rank(&best->findings);

	if (rank != best_rank)
		return rank < best_rank;
	if (rank != 0 && chain->findings.n != best->findings.n)
		return chain->findings.n < best->findings.n;
	/* Candidates come sorted by digest, so ties are settled. */
	return chain->until > best->until;
}

static void
tell_alternative(market__eval_t *e, const chain_t *chain)
{
	const market_finding_t *finding;
	market_finding_t *told;
	market__about_t about = { 0 };
	size_t i;

	for (i = 0; i < chain->findings.n; i++) {
		finding = &chain->findings.v[i];
		if (finding->effect < MARKET_EFFECT_INDETERMINATE)
			continue;
		about.path = finding->path;
		about.link = finding->link;
		about.got = finding->got;
		about.want = finding->want;
		market__add_finding(e, &e->findings,
		    MARKET_CODE_AUTHORIZATION_ALTERNATIVE_FAILED, &about,
		    "another chain fails: %s: %s",
		    market_code_info(finding->code)->name, finding->message);
		if (e->status != MARKET_OK)
			return;
		told = &e->findings.v[e->findings.n - 1];
		told->evidence = finding->evidence;
	}
}

/* More grants than anybody needs are somebody's mistake, or an attack. */
static void
check_count(market__eval_t *e, const market__slot_t *slot)
{
	const market__verified_t *a, *b;
	market__about_t about = { 0 };
	unsigned n;
	size_t i, k;

	for (i = 0; i < slot->n_verified; i++) {
		a = slot->verified[i];
		for (k = 0, n = 0; k < slot->n_verified; k++) {
			b = slot->verified[k];
			if (!a->superseded && !b->superseded &&
			    market__slice_equal(grant(a)->parent_digest,
				grant(b)->parent_digest))
				n++;
		}
		if (n <= MARKET__GRANTS_MAX)
			continue;
		about.got = market__format(e, "%u", n);
		about.want = market__format(e, "%d", MARKET__GRANTS_MAX);
		market__add_finding(e, &e->findings, MARKET_CODE_LIMIT_EXCEEDED,
		    &about,
		    "%s current grants of one parent name %s, and at most %s "
		    "are judged",
		    about.got, market__show(e, e->question->seller),
		    about.want);
		return;
	}
}

static void
nothing_there(market__eval_t *e)
{
	const market__question_t *q = e->question;
	const char *owners = market__brand_owners(e, q->brand);
	const char *seller = market__show(e, q->seller);

	market__add_finding(e, &e->findings, MARKET_CODE_AUTHORIZATION_MISSING,
	    NULL, "no grant leads from %s to %s", owners, seller);
	market__missing(e,
	    market__format(e, "authorization by %s of %s for %s %s in %s",
		owners, seller, market__show(e, q->brand),
		market__show(e, q->model), market__show(e, q->territory)));
}

static void
take_best(market__eval_t *e, const chain_t *best)
{
	const market__question_t *q = e->question;
	unsigned i;

	market__move_findings(e, &e->findings, &best->findings);
	if (market__rank(&best->findings) != 0)
		market__missing(e,
		    market__format(e,
			"authorization of %s that holds for %s %s in %s",
			market__show(e, q->seller), market__show(e, q->brand),
			market__show(e, q->model),
			market__show(e, q->territory)));
	for (i = 0; i < best->n; i++)
		market__use(e, best->links[i], best->until);
}

static bool
brand_is_known(market__eval_t *e)
{
	size_t i;

	for (i = 0; i < e->root->n_parties; i++)
		if (market__party_owns_brand(
			&e->root->parties[i], e->question->brand))
			return true;
	market__add_finding(e, &e->findings, MARKET_CODE_BRAND_UNKNOWN, NULL,
	    "no party of the trust root owns the brand %s",
	    market__show(e, e->question->brand));
	return false;
}

void
market__rule_authorization(market__eval_t *e)
{
	const market__question_t *q = e->question;
	market__slot_t slot = market__read2(
	    e, "authorization", q->brand, q->seller);
	bool verified = market__read1(e, "seller", q->seller).n_verified > 0;
	chain_t *chains, *best = NULL;
	size_t i, n = 0;

	brand_is_known(e);
	check_count(e, &slot);
	chains = market__arena_array(
	    e->arena, slot.n_verified + slot.n_orphans + 1, sizeof(*chains));
	if (chains == NULL) {
		e->status = market__arena_refusal(e->arena);
		return;
	}
	for (i = 0; i < slot.n_verified && e->status == MARKET_OK; i++) {
		if (slot.verified[i]->superseded)
			continue;
		walk(&chains[n], slot.verified[i]);
		judge(e, &chains[n++], verified);
	}
	for (i = 0; i < slot.n_orphans && i < MARKET__GRANTS_MAX &&
	     e->status == MARKET_OK;
	     i++)
		judge_orphan(e, slot.orphans[i], &chains[n++]);
	for (i = 0; i < n; i++)
		if (best == NULL || better(&chains[i], best))
			best = &chains[i];
	if (best == NULL) {
		nothing_there(e);
		return;
	}
	for (i = 0; i < n && e->status == MARKET_OK; i++)
		if (&chains[i] != best)
			tell_alternative(e, &chains[i]);
	take_best(e, best);
}
