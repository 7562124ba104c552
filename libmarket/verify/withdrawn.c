/* SPDX-License-Identifier: Apache-2.0 */
/* Who may take an offer back: its seller, and those who stand above it. */
#include "verify/internal.h"

/* Did the grantee, by the keys that the grant names? */
static bool
signed_offer(
    const market__question_t *question, const market__verified_t *grant)
{
	const market__keyset_t *keys = grant->conveyed;

	return keys != NULL &&
	    market__keymask_count(market__signed_by(question, keys)) >=
	    keys->threshold;
}

/*
 * Who stands above an offer by way of a grant to its seller: the brand. Where
 * no seller statement says who the seller is, the grants whose keys signed the
 * offer do, and all who stand in their chains. Else whoever may delegate could
 * grant to a seller that never asked, and withdraw its offers.
 */
static market__subject_t
beneath_grant(const market__question_t *question,
    const market__verified_t *grant, bool seller_known)
{
	market__subject_t subject = { NULL, NULL, { NULL, 0 } };

	if (!seller_known && signed_offer(question, grant)) {
		subject.beneath = grant;
		return subject;
	}
	while (grant->under != NULL)
		grant = grant->under;
	subject.target = grant;
	return subject;
}

/* Thousands of grants may hang beneath one of the brand's. */
static bool
asked_before(
    const market__verified_t **tops, size_t *n, const market__verified_t *top)
{
	size_t i;

	for (i = 0; top != NULL && i < *n; i++)
		if (tops[i] == top)
			return true;
	if (top != NULL)
		tops[(*n)++] = top;
	return false;
}

/* By somebody above the seller, by way of the grants to it. */
static void
check_above(market__eval_t *e, const market_statement_t *offer,
    const market__slot_t *grants, bool seller_known,
    const market__about_t *about, market__examination_t *x)
{
	const market__question_t *question = e->question;
	const market__verified_t **tops;
	market__subject_t subject;
	size_t i, n_tops = 0;

	tops = market__arena_array(
	    e->arena, grants->n_verified + 1, sizeof(*tops));
	if (tops == NULL) {
		e->status = market__arena_refusal(e->arena);
		return;
	}
	for (i = 0; i < grants->n_verified; i++) {
		subject = beneath_grant(
		    question, grants->verified[i], seller_known);
		if (!asked_before(tops, &n_tops, subject.target))
			market__examine_withdrawn(e, offer, subject, about, x);
		/* What the seller took back before it was verified. */
		if (!seller_known ||
		    !signed_offer(question, grants->verified[i]))
			continue;
		subject.target = NULL;
		subject.beneath = grants->verified[i];
		subject.by = question->seller;
		market__examine_withdrawn(e, offer, subject, about, x);
	}
}

/* Taken back by its seller, or by somebody above the seller. */
void
market__check_offer_withdrawn(
    market__eval_t *e, const market_statement_t *offer)
{
	const market__question_t *question = e->question;
	market__slot_t sellers, grants;
	market__examination_t x = MARKET__EXAMINATION_INIT;
	market__subject_t subject = { NULL, NULL, { NULL, 0 } };
	market__about_t about = { 0 };
	size_t i;

	sellers = market__read_sellers(e);
	grants = market__read2(
	    e, "authorization", question->brand, question->seller);
	about.evidence = offer;
	market__examine_withdrawn(e, offer, subject, &about, &x);
	for (i = 0; i < sellers.n_verified; i++) {
		subject.beneath = sellers.verified[i];
		market__examine_withdrawn(e, offer, subject, &about, &x);
	}
	check_above(e, offer, &grants, sellers.n_verified > 0, &about, &x);
	market__move_findings(e, &e->findings, &x.findings);
	market__limit(e, NULL, x.until);
}
