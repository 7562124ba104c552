/* SPDX-License-Identifier: Apache-2.0 */
/* Holds and removals by the marketplace. */
#include "verify/internal.h"

static bool
matches(const market__eval_t *e, const market__hold_t *hold,
    const market_slice_t *offer_id)
{
	const market__question_t *q = e->question;

	/* A hold on one offer does not belong to the question it asks. */
	if ((hold->offer_id.len > 0) != (offer_id != NULL))
		return false;
	if (offer_id != NULL && !market__slice_equal(hold->offer_id, *offer_id))
		return false;
	return (hold->seller.len == 0 ||
		   market__slice_equal(hold->seller, q->seller)) &&
	    (hold->brand.len == 0 ||
		market__slice_equal(hold->brand, q->brand)) &&
	    (hold->model.len == 0 ||
		market__slice_equal(hold->model, q->model));
}

/* Is it over: past its end, replaced, or taken back? A removal never is. */
static bool
lifted(market__eval_t *e, const market__verified_t *verified)
{
	const market__header_t *header = market__header(verified->statement);
	int64_t until = INT64_MAX;

	market__boundary(e, header->not_after);
	if (header->not_after != 0 && e->at >= header->not_after)
		return true;
	if (!market__taken_back(e, verified, &until))
		return false;
	market__limit(e, NULL, until);
	return true;
}

static void
tell(market__eval_t *e, const market__verified_t *verified)
{
	const market__header_t *header = market__header(verified->statement);
	const market__hold_t *hold = &market__message(verified)->of.hold;
	const char *note = market__show(e, hold->note);
	const char *reason = market_withdrawal_reason_name(hold->reason);
	const char *name = market__name_of(e, verified->statement);
	const char *colon = hold->note.len > 0 ? ": " : "";
	market__about_t about = { 0 };

	about.evidence = verified->statement;
	if (hold->final)
		market__add_finding(e, &e->findings,
		    MARKET_CODE_REMOVED_BY_MARKETPLACE, &about,
		    "removed for good by %s (%s)%s%s", name, reason, colon,
		    note == NULL ? "" : note);
	else
		market__add_finding(e, &e->findings,
		    MARKET_CODE_HELD_BY_MARKETPLACE, &about,
		    "held by %s until %s (%s)%s%s", name,
		    header->not_after == 0
			? "it is lifted"
			: market__show_time(e, header->not_after),
		    reason, colon, note == NULL ? "" : note);
}

static void
check_slot(market__eval_t *e, const market__slot_t *slot,
    const market_slice_t *offer_id)
{
	const market__verified_t *verified;
	const market__hold_t *hold;
	int64_t start;
	size_t i;

	for (i = 0; i < slot->n_verified; i++) {
		verified = slot->verified[i];
		hold = &market__message(verified)->of.hold;
		if (!matches(e, hold, offer_id) ||
		    !market__environment_agrees(e, verified))
			continue;
		start = market__withdrawal_start(e, verified);
		if (start > e->at) {
			market__limit(e, verified, start);
			continue;
		}
		if (hold->final || !lifted(e, verified))
			tell(e, verified);
	}
}

void
market__check_holds(market__eval_t *e, const market_slice_t *offer_id)
{
	market__slot_t slot = market__read1(e, "hold", e->question->seller);

	check_slot(e, &slot, offer_id);
	slot = market__read1(e, "hold", MARKET__LITERAL("*"));
	check_slot(e, &slot, offer_id);
}

void
market__rule_hold(market__eval_t *e)
{
	market__check_holds(e, NULL);
}
