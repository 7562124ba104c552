/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Authorization: of all chains from the brand to the seller the best one
 * counts. One chain must carry the whole cell: nothing is put together from
 * several.
 */
#include "verify/chain.h"

/* A grant whose parent is not there, told as a chain of one link. */
static void
judge_orphan(
    market__eval_t *e, const market_statement_t *orphan, market__chain_t *chain)
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
better(const market__chain_t *chain, const market__chain_t *best)
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
tell_alternative(market__eval_t *e, const market__chain_t *chain)
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

/*
 * More grants than anybody needs are somebody's mistake, or an attack: none
 * of them is judged. What hangs beneath another parent stands all the same.
 */
static void
judge_crowd(market__eval_t *e, const market__verified_t *verified,
    market__chain_t *chain)
{
	market__about_t about = { 0 };

	memset(chain, 0, sizeof(*chain));
	about.got = market__format(e, "more than %d", MARKET__GRANTS_MAX);
	about.want = market__format(e, "%d", MARKET__GRANTS_MAX);
	market__add_finding(e, &chain->findings, MARKET_CODE_LIMIT_EXCEEDED,
	    &about,
	    "%s current grants by %s to %s have one parent, and at most %s "
	    "are judged",
	    about.got,
	    market__show(e, market__header(verified->statement)->issuer),
	    market__show(e, e->question->seller), about.want);
}

/* Whoever may delegate can make grants without end. */
static void
not_judged(market__eval_t *e, size_t n, market__chain_t *chain)
{
	market__about_t about = { 0 };

	memset(chain, 0, sizeof(*chain));
	about.got = market__format(e, "%zu", n);
	about.want = market__format(e, "%d", MARKET__CHAINS_MAX);
	market__add_finding(e, &chain->findings, MARKET_CODE_LIMIT_EXCEEDED,
	    &about,
	    "%s current grants name %s, and %s of them are judged: those with "
	    "the shortest chains beneath each of the brand's",
	    about.got, market__show(e, e->question->seller), about.want);
}

/* One candidate for each current grant, and for each that hangs in the air. */
static size_t
judge_all(market__eval_t *e, const market__slot_t *slot, bool seller_verified,
    market__chain_t *chains)
{
	const market__leaf_t *leaves = NULL;
	size_t i, n = 0, left_out, n_leaves;

	n_leaves = market__leaves(e, slot, &leaves, &left_out);
	for (i = 0; i < n_leaves && e->status == MARKET_OK; i++) {
		if (leaves[i].crowd) {
			judge_crowd(e, leaves[i].grant, &chains[n++]);
			continue;
		}
		market__chain_walk(&chains[n], leaves[i].grant);
		market__chain_judge(e, &chains[n++], seller_verified);
	}
	if (left_out > 0)
		not_judged(e, left_out, &chains[n++]);
	for (i = 0; i < slot->n_orphans && i < MARKET__GRANTS_MAX &&
	     e->status == MARKET_OK;
	     i++)
		judge_orphan(e, slot->orphans[i], &chains[n++]);
	return n;
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
take_best(market__eval_t *e, const market__chain_t *best)
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

static void
check_brand(market__eval_t *e)
{
	size_t i;

	for (i = 0; i < e->root->n_parties; i++)
		if (market__party_owns_brand(
			&e->root->parties[i], e->question->brand))
			return;
	market__add_finding(e, &e->findings, MARKET_CODE_BRAND_UNKNOWN, NULL,
	    "no party of the trust root owns the brand %s",
	    market__show(e, e->question->brand));
}

void
market__rule_authorization(market__eval_t *e)
{
	const market__question_t *q = e->question;
	market__slot_t slot = market__read2(
	    e, "authorization", q->brand, q->seller);
	bool verified = market__read_sellers(e).n_verified > 0;
	market__chain_t *chains, *best = NULL;
	size_t i, n;

	check_brand(e);
	chains = market__arena_array(e->arena,
	    MARKET__CHAINS_MAX + 1 + MARKET__GRANTS_MAX, sizeof(*chains));
	if (chains == NULL) {
		e->status = market__arena_refusal(e->arena);
		return;
	}
	n = judge_all(e, &slot, verified, chains);
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
