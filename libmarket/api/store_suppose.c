/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A supposed withdrawal, by the marketplace, of a statement or a key; or the
 * absence of all that a party gives. Nobody signed it: it lives in the look-up
 * of one call.
 */
#include "api/store_evidence.h"

/* Does what the party signed stand in it, or under it? */
static bool
rests_on_issuer(const market__verified_t *verified, market_slice_t issuer)
{
	for (; verified != NULL; verified = verified->under)
		if (market__slice_equal(
			market__header(verified->statement)->issuer, issuer))
			return true;
	return false;
}

static market_status_t
leave_out(market__call_t *call, market__slot_t *slot)
{
	const market__verified_t **left;
	size_t i, n = 0;

	left = market__arena_array(
	    &call->arena, slot->n_verified + 1, sizeof(*left));
	if (left == NULL)
		return market__call_refused(call, &call->arena);
	for (i = 0; i < slot->n_verified; i++)
		if (market__takes_away(market__message(slot->verified[i])) ||
		    !rests_on_issuer(slot->verified[i], call->supposed->issuer))
			left[n++] = slot->verified[i];
	slot->verified = left;
	slot->n_verified = n;
	return MARKET_OK;
}

/* As the policy is signed, so that it is of the right environment. */
static market_status_t
make_withdrawal(market__call_t *call, const market__verified_t *policy,
    market__verified_t **ret)
{
	market_statement_t *statement = market__arena_alloc(
	    &call->arena, sizeof(*statement));
	market__message_t *message = market__arena_alloc(
	    &call->arena, sizeof(*message));
	market__verified_t *verified = market__arena_alloc(
	    &call->arena, sizeof(*verified));

	if (statement == NULL || message == NULL || verified == NULL)
		return market__call_refused(call, &call->arena);
	message->kind = MARKET_KIND_WITHDRAWAL;
	message->header.issuer = market__header(policy->statement)->issuer;
	message->header.id = MARKET__LITERAL("supposed");
	message->header.revision = 1;
	/* What a key has signed before its withdrawal began would stand. */
	if (memcmp(call->supposed->slot.ptr, "key/", 4) == 0)
		message->of.withdrawal.effective_at = 1;
	statement->context = call->context;
	statement->message = message;
	verified->statement = statement;
	verified->seen_at = call->now;
	verified->authority = MARKET__AUTHORITY_PARTY;
	verified->keys = policy->keys;
	verified->signers = policy->signers;
	verified->by_marketplace = true;
	*ret = verified;
	return MARKET_OK;
}

static market_status_t
add_withdrawal(market__call_t *call, market__slot_t *slot)
{
	const market__supposed_t *supposed = call->supposed;
	market__slot_user_t user = { call };
	const market__verified_t **more;
	market__verified_t *withdrawal = NULL;
	market__slot_t policy;
	market_status_t status;

	call->supposed = NULL;
	status = market__slot_read(&user, MARKET__LITERAL("policy"), &policy);
	call->supposed = supposed;
	if (status != MARKET_OK || policy.n_verified == 0)
		return status;
	status = make_withdrawal(call, policy.verified[0], &withdrawal);
	if (status != MARKET_OK)
		return status;
	more = market__arena_array(
	    &call->arena, slot->n_verified + 1, sizeof(*more));
	if (more == NULL)
		return market__call_refused(call, &call->arena);
	if (slot->n_verified > 0)
		memcpy((void *)more, (const void *)slot->verified,
		    slot->n_verified * sizeof(*more));
	more[slot->n_verified] = withdrawal;
	slot->verified = more;
	slot->n_verified++;
	return MARKET_OK;
}

market_status_t
market__slot_suppose(
    market__call_t *call, market_slice_t key, market__slot_t *slot)
{
	const market__supposed_t *supposed = call->supposed;

	if (supposed->issuer.len > 0 && !market__slice_is(key, "root"))
		return leave_out(call, slot);
	if (supposed->slot.len > 0 && market__slice_equal(supposed->slot, key))
		return add_withdrawal(call, slot);
	return MARKET_OK;
}
