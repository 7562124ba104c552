/* SPDX-License-Identifier: Apache-2.0 */
/* The ground that an evaluation stands on: the trust root and the policy. */
#include "verify/internal.h"

/* Where no policy is in force, the rest is still told, under no demands. */
static const market__policy_t no_policy = {
	.environment = MARKET_ENVIRONMENT_PRODUCTION,
	.require_seller_verification = true,
};

static void
examine_root(market__eval_t *e)
{
	market__examination_t x;
	market_finding_t *finding;
	size_t i;

	market__examine(e, e->root_verified, 0, &x);
	for (i = 0; i < x.findings.n; i++) {
		/* An ended root says nothing, neither yes nor no. */
		finding = &x.findings.v[i];
		if (finding->code == MARKET_CODE_STATEMENT_EXPIRED) {
			finding->code = MARKET_CODE_ROOT_EXPIRED;
			finding->effect = MARKET_EFFECT_INDETERMINATE;
		}
	}
	market__move_findings(e, &e->findings, &x.findings);
	market__use(e, e->root_verified, x.until);
}

/*
 * A policy out of its time leaves none in force, which is all there is to
 * tell; one with a wrong key or taken back is wrong in itself.
 */
static void
tell_unsound(market__eval_t *e, const market__findings_t *findings)
{
	market__findings_t one = { 0 };
	size_t i;

	for (i = 0; i < findings->n; i++) {
		switch (findings->v[i].code) {
		case MARKET_CODE_STATEMENT_EXPIRED:
		case MARKET_CODE_STATEMENT_NOT_YET_VALID:
		case MARKET_CODE_STATEMENT_ISSUED_IN_FUTURE: break;
		default:
			one.v = &findings->v[i];
			one.n = 1;
			market__move_findings(e, &e->findings, &one);
		}
	}
}

static void
examine_policy(market__eval_t *e, const market__slot_t *slot)
{
	const market__verified_t *policy;
	market__about_t about = { 0 };
	market__examination_t x;
	size_t i;

	policy = market__choose(e, slot->verified, slot->n_verified, NULL, &x);
	if (policy == NULL) {
		e->policy = &no_policy;
		market__add_finding(e, &e->findings, MARKET_CODE_POLICY_MISSING,
		    NULL, "there is no policy");
		market__missing(e, "policy of the marketplace");
		return;
	}
	e->policy = &market__message(policy)->of.policy;
	about.evidence = policy->statement;
	for (i = 0; i < x.findings.n; i++) {
		about.got = x.findings.v[i].got;
		about.want = x.findings.v[i].want;
		market__add_finding(e, &e->findings, MARKET_CODE_POLICY_MISSING,
		    &about, "no policy is in force: %s",
		    x.findings.v[i].message);
	}
	if (x.findings.n > 0)
		market__missing(e, "policy of the marketplace");
	tell_unsound(e, &x.findings);
	market__use(e, policy, x.until);
}

/* The one policy that is not superseded; *ret_n is how many they are. */
static const market__verified_t *
current_policy(const market__slot_t *slot, size_t *ret_n)
{
	const market__verified_t *current = NULL;
	size_t i, n = 0;

	for (i = 0; i < slot->n_verified; i++)
		if (!slot->verified[i]->superseded && n++ == 0)
			current = slot->verified[i];
	*ret_n = n;
	return current;
}

/* Whose root and policy they are, before they are examined. */
static bool
stand(market__eval_t *e, market__slot_t *ret_policy, size_t *ret_n)
{
	market__slot_t root = market__read(e, "root", NULL, 0);
	const market__verified_t *current;

	if (e->status != MARKET_OK)
		return false;
	if (root.n_verified == 0) {
		e->status = MARKET_E_ROOT;
		return false;
	}
	e->root_verified = root.verified[0];
	e->root = &market__message(e->root_verified)->of.trust_root;
	*ret_policy = market__read(e, "policy", NULL, 0);
	/* The environment is the policy's, and the root's keys need it. */
	current = current_policy(ret_policy, ret_n);
	e->policy = current == NULL ? &no_policy
				    : &market__message(current)->of.policy;
	e->marketplace = market__header(
	    current == NULL ? e->root_verified->statement : current->statement)
			     ->issuer;
	e->skew = e->policy->clock_skew_seconds > 86400
	    ? 86400
	    : (int64_t)e->policy->clock_skew_seconds;
	return true;
}

void
market__rule_trust(market__eval_t *e)
{
	market__slot_t policy;
	size_t n;

	if (!stand(e, &policy, &n))
		return;
	examine_policy(e, &policy);
	examine_root(e);
}

void
market__stand(market__eval_t *e)
{
	market__slot_t policy;
	size_t n;

	/* One is chosen however it fares; of several, the best. */
	if (stand(e, &policy, &n) && n > 1)
		examine_policy(e, &policy);
}
