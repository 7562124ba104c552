/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Impact: what would go dark if a statement, a key or all of a party were
 * withdrawn. Nobody has to sign anything to ask.
 */
#include "api/ahead.h"
#include "api/store_evidence.h"
#include "model/slot.h"

typedef struct asked {
	market__supposed_t supposed;
	market_slice_t digest; /* where a digest is meant */
	market_slice_t slot;   /* that has to do with the target */
	bool known;            /* it is here */
} asked_t;

/* "prefix/component", in the arena that lasts as long as the effects. */
static market_status_t
name_slot(market__ahead_t *ahead, const char *prefix, market_slice_t component,
    market_slice_t *ret_slot)
{
	market_status_t status;
	market__text_t text;

	market__text_init(
	    &text, &ahead->call->context->allocator, MARKET__SLOT_KEY_MAX);
	market__slot_key(&text, prefix, &component, 1);
	status = text.status == MARKET_OK
	    ? market__effect_copy(
		  ahead, market__slice(text.data, text.len), ret_slot)
	    : market__error(ahead->call->reterr, text.status, NULL, -1,
		  "the target's name is too long, or there is no memory");
	market__text_clear(&text);
	return status;
}

static market_status_t
ask_for(market__ahead_t *ahead, const market_target_t *target, asked_t *asked)
{
	char hex[2 * MARKET_DIGEST_LEN + 1];
	bool is_key = target->key.len > 0;
	market_status_t status;

	if (target->issuer.len > 0) {
		status = market__effect_copy(
		    ahead, target->issuer, &asked->supposed.issuer);
		if (status == MARKET_OK)
			status = name_slot(
			    ahead, "status", target->issuer, &asked->slot);
		return status;
	}
	asked->digest = target->digest;
	market__hex(is_key ? target->key.ptr : target->digest.ptr,
	    MARKET_DIGEST_LEN, hex);
	status = name_slot(ahead, is_key ? "key" : "digest",
	    market_slice_of(hex), &asked->slot);
	asked->supposed.slot = asked->slot;
	return status;
}

/* ---- is it here? ---- */

static market_status_t
find_statement(market__ahead_t *ahead, asked_t *asked)
{
	market__statement_query_t query = { 0 };
	market__call_t *call = ahead->call;
	const market__statement_row_t *rows;
	market_status_t status;
	size_t n = 0;

	query.by = MARKET__STATEMENT_BY_DIGEST;
	query.digest = asked->digest;
	query.max = 1;
	status = call->ops->statements(
	    call->backend, &query, &ahead->item, &rows, &n, call->reterr);
	if (status == MARKET_OK && n > 0)
		asked->known = true;
	return status;
}

static market_status_t
find_issuer(market__ahead_t *ahead, asked_t *asked)
{
	market__call_t *call = ahead->call;
	market__party_row_t party;
	market_status_t status;

	status = call->ops->party_find(
	    call->backend, asked->supposed.issuer, &ahead->item, &party, NULL);
	if (status == MARKET_OK && party.statements > 0)
		asked->known = true;
	if (status == MARKET_OK || status == MARKET_E_NOT_FOUND)
		return MARKET_OK;
	return market__error(call->reterr, status, NULL, -1,
	    "a party could not be read: %s", market_status_text(status));
}

static market_status_t
not_here(market__ahead_t *ahead, const market_target_t *target)
{
	return market__error(ahead->call->reterr, MARKET_E_NOT_FOUND, NULL, -1,
	    target->digest.len > 0
		? "no statement and no listing's offer here has that digest: "
		  "market show prints it"
		: target->key.len > 0
		? "nothing here rests on that key: market keyid prints a "
		  "key's id"
		: "no statement here is of that party, and nothing rests "
		  "on one: offers are its listings");
}

/* ---- the answer ---- */

/* An offer is no statement here: its listing alone can tell. */
static market_status_t
compare_offer(market__ahead_t *ahead, asked_t *asked)
{
	market_status_t status;

	status = market__ahead_mean_digest(ahead, asked->digest);
	if (status == MARKET_OK)
		status = market__ahead_meant(ahead);
	if (ahead->meant.n > 0)
		asked->known = true;
	return status;
}

static market_status_t
compare(market__ahead_t *ahead, asked_t *asked)
{
	market__slot_row_t slot = { 0 };
	market_status_t status;

	status = market__slot_row(ahead->call, asked->slot, false, &slot);
	if (status == MARKET_OK && asked->digest.len > 0)
		status = find_statement(ahead, asked);
	else if (status == MARKET_OK && asked->supposed.issuer.len > 0)
		status = find_issuer(ahead, asked);
	if (status == MARKET_OK && asked->digest.len > 0 && !asked->known)
		status = compare_offer(ahead, asked);
	if (slot.no != 0)
		asked->known = true;
	if (status != MARKET_OK || !asked->known)
		return status;
	return market__ahead_compare(ahead, slot.no);
}

static market_status_t
impact(market__call_t *call, const market_target_t *target,
    market_effects_t **ret_effects)
{
	asked_t asked = { 0 };
	market__ahead_t ahead;
	market_status_t status;

	status = market__ahead_begin(call, &ahead);
	ahead.permits_only = true;
	if (status == MARKET_OK)
		status = market__ahead_part(
		    &ahead, MARKET__AFTER, MARKET__VIEW_HYPOTHETICAL);
	if (status == MARKET_OK)
		status = ask_for(&ahead, target, &asked);
	ahead.sights[MARKET__AFTER].supposed = &asked.supposed;
	if (status == MARKET_OK)
		status = compare(&ahead, &asked);
	if (status == MARKET_OK && !asked.known)
		status = not_here(&ahead, target);
	if (status == MARKET_OK)
		status = market__ahead_dark(&ahead);
	return market__ahead_end(&ahead, status, ret_effects);
}

static bool
target_valid(const market_target_t *target)
{
	int given = (target->digest.len > 0) + (target->key.len > 0) +
	    (target->issuer.len > 0);

	if (given != 1)
		return false;
	if (target->issuer.len > 0)
		return target->issuer.ptr != NULL;
	if (target->digest.len > 0)
		return target->digest.ptr != NULL &&
		    target->digest.len == MARKET_DIGEST_LEN;
	return target->key.ptr != NULL && target->key.len == MARKET_DIGEST_LEN;
}

market_status_t
market_store_impact(market_store_t *store, const market_target_t *target,
    int64_t at, market_effects_t **ret_effects, market_error_t *reterr)
{
	market_effects_t *effects = NULL;
	market_status_t status;
	market__call_t call;

	if (target == NULL || ret_effects == NULL || !target_valid(target))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "one target must be given: a digest or a key's id of %d "
		    "bytes, or an issuer",
		    MARKET_DIGEST_LEN);
	status = market__call_begin(store, reterr, &call);
	if (status != MARKET_OK)
		return status;
	status = market__call_ask(&call, at, 0);
	if (status == MARKET_OK)
		status = impact(&call, target, &effects);
	status = market__call_end(&call, status);
	if (status == MARKET_OK)
		*ret_effects = effects;
	return status;
}
