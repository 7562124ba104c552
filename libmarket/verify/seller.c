/* SPDX-License-Identifier: Apache-2.0 */
/* Who the seller is: verified by the marketplace, suspended, or unknown. */
#include "verify/internal.h"

market__keymask_t
market__signed_by(
    const market__question_t *question, const market__keyset_t *keys)
{
	market__keymask_t mask = 0;
	size_t i, k;

	for (i = 0; i < keys->n_keys; i++)
		for (k = 0; k < question->n_keys; k++)
			if (market__keyset_has_id(keys, i, question->keys[k]))
				mask |= (market__keymask_t)1 << i;
	return mask;
}

/*
 * Another marketplace of the same root verifies sellers for itself: what it
 * says of a party of that name is no word of this one's.
 */
market__slot_t
market__read_sellers(market__eval_t *e)
{
	market__slot_t slot = market__read1(e, "seller", e->question->seller);
	const market__verified_t **ours;
	size_t i, n = 0;

	ours = market__arena_array(
	    e->arena, slot.n_verified + 1, sizeof(*ours));
	if (ours == NULL && e->status == MARKET_OK)
		e->status = market__arena_refusal(e->arena);
	for (i = 0; i < slot.n_verified && ours != NULL; i++)
		if (market__slice_equal(e->marketplace,
			market__header(slot.verified[i]->statement)->issuer))
			ours[n++] = slot.verified[i];
	slot.verified = ours;
	slot.n_verified = n;
	return slot;
}

static void
suspended(market__eval_t *e, const market__slot_t *slot)
{
	const market__seller_t *seller;
	market__about_t about = { 0 };
	int64_t start, until;
	size_t i;

	/* Any that suspends and has begun does, until it is taken back. */
	for (i = 0; i < slot->n_verified; i++) {
		seller = &market__message(slot->verified[i])->of.seller;
		if (!seller->suspended ||
		    !market__environment_agrees(e, slot->verified[i]))
			continue;
		start = market__withdrawal_start(e, slot->verified[i]);
		if (start > e->at) {
			market__limit(e, slot->verified[i], start);
			continue;
		}
		until = INT64_MAX;
		if (market__taken_back(e, slot->verified[i], &until)) {
			market__limit(e, NULL, until);
			continue;
		}
		about.evidence = slot->verified[i]->statement;
		market__add_finding(e, &e->findings,
		    MARKET_CODE_SELLER_SUSPENDED, &about,
		    "%s is suspended by the statement %s/%s: %s",
		    market__show(e, e->question->seller),
		    market__show(e, market__header(about.evidence)->issuer),
		    market__show(e, market__header(about.evidence)->id),
		    seller->suspension_reason.len == 0
			? "no reason is given"
			: market__show(e, seller->suspension_reason));
	}
}

/* Of two statements, forks too, the one counts that names the offer's key. */
static void
names_key(market__eval_t *e, const market__verified_t *seller,
    market__examination_t *x)
{
	market__subject_t subject = { .beneath = seller };
	market__about_t about = { .evidence = seller->statement };

	if (seller->conveyed != NULL)
		market__examine_keys(e, subject, seller->conveyed,
		    market__signed_by(e->question, seller->conveyed), e->at,
		    &about, x);
}

void
market__rule_seller(market__eval_t *e)
{
	market__slot_t slot = market__read_sellers(e);
	const market__verified_t *seller;
	market__examination_t x;

	suspended(e, &slot);
	seller = market__choose(
	    e, slot.verified, slot.n_verified, names_key, &x);
	if (seller == NULL) {
		if (!e->policy->require_seller_verification)
			return;
		market__add_finding(e, &e->findings, MARKET_CODE_SELLER_UNKNOWN,
		    NULL, "no seller statement by %s names %s",
		    market__show(e, e->marketplace),
		    market__show(e, e->question->seller));
		market__missing(e,
		    market__format(e, "seller statement by %s for %s",
			market__show(e, e->marketplace),
			market__show(e, e->question->seller)));
		return;
	}
	market__move_findings(e, &e->findings, &x.findings);
	market__use(e, seller, x.until);
}
