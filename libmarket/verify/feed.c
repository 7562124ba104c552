/* SPDX-License-Identifier: Apache-2.0 */
/*
 * May a feed's list speak for its seller now? Its offers are each judged for
 * themselves; but what it lacks ends by its word alone.
 */
#include "verify/internal.h"

static bool
is_among(const market__slot_t *slot, const market__verified_t *one)
{
	size_t i;

	for (i = 0; one != NULL && i < slot->n_verified; i++)
		if (!slot->verified[i]->superseded &&
		    !slot->verified[i]->forked &&
		    market__slice_equal(
			market__digest(slot->verified[i]->statement),
			market__digest(one->statement)))
			return true;
	return false;
}

/* By its current seller statement, where there is one; else by a grant. */
static bool
names_its_keys(market__eval_t *e, const market__verified_t *verified)
{
	const market__verified_t *under = verified->under;
	market__slot_t sellers = market__read_sellers(e), grants;
	const market__authorization_t *grant;
	size_t i;

	for (i = 0; i < sellers.n_verified; i++)
		if (!sellers.verified[i]->superseded &&
		    sellers.verified[i]->conveyed != NULL)
			return verified->authority ==
			    MARKET__AUTHORITY_SELLER &&
			    is_among(&sellers, under);
	if (verified->authority != MARKET__AUTHORITY_GRANT || under == NULL)
		return false;
	grant = &market__message(under)->of.authorization;
	grants = market__read2(
	    e, "authorization", grant->brand, grant->grantee);
	return is_among(&grants, under);
}

market_status_t
market__feed_counts(const market__lookup_t *lookup,
    const market__verified_t *verified, int64_t at, market__arena_t *arena,
    const market_finding_t **ret_against)
{
	market__question_t question = { 0 };
	market__examination_t x = MARKET__EXAMINATION_INIT;
	const market__verified_t *v;
	market__eval_t e = { 0 };
	size_t i;

	question.seller = market__header(verified->statement)->issuer;
	e.lookup = lookup;
	e.question = &question;
	e.at = at;
	e.arena = arena;
	e.used_until = INT64_MAX;
	e.boundary = INT64_MAX;
	*ret_against = NULL;
	market__stand(&e);
	e.findings.n = 0;
	if (e.status == MARKET_OK && !names_its_keys(&e, verified))
		market__add_finding(&e, &e.findings,
		    MARKET_CODE_OFFER_SIGNATURE_INVALID, NULL,
		    "its signatures are by no keys that %s has here now",
		    market__show(&e, question.seller));
	for (v = verified; v != NULL && e.status == MARKET_OK; v = v->under) {
		market__examine(&e, v, 0, &x);
		market__move_findings(&e, &e.findings, &x.findings);
	}
	for (i = 0; i < e.findings.n && *ret_against == NULL; i++)
		if (e.findings.v[i].effect >= MARKET_EFFECT_INDETERMINATE)
			/* analyse(cppcheck): it is in the caller's arena. */
			*ret_against = &e.findings.v[i];
	return e.status;
}
