/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Has anybody said anything of this one offer? A withdrawal of it, a hold on
 * it, or a status that lists it. Where nobody has, its listing lives by the
 * clearances of its cells alone.
 */
#include "api/store_evidence.h"
#include "api/store_listing.h"
#include "model/slot.h"

static market_status_t
check_key(market__call_t *call, const market__text_t *key)
{
	if (key->status == MARKET_OK)
		return MARKET_OK;
	return market__error(call->reterr, key->status, NULL, -1,
	    "no memory for the name of a slot");
}

static market_status_t
slot_is_empty(market__call_t *call, const char *prefix,
    const market_slice_t *components, size_t n, bool *ret_empty)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t *rows;
	market__slot_row_t row = { 0 };
	market_status_t status;
	market__text_t key;
	size_t found = 0;

	market__text_init(
	    &key, &call->context->allocator, MARKET__SLOT_KEY_MAX);
	market__slot_key(&key, prefix, components, n);
	query.by = MARKET__STATEMENT_BY_SLOT;
	query.slot = market__slice(key.data, key.len);
	query.max = 1;
	status = check_key(call, &key);
	if (status == MARKET_OK && market__filed_never(call, query.slot)) {
		market__text_clear(&key);
		return MARKET_OK;
	}
	if (status == MARKET_OK)
		status = market__slot_row(call, query.slot, false, &row);
	/* The slot's row alone is not believed: it may have been edited. */
	if (status == MARKET_OK)
		status = call->ops->statements(call->backend, &query,
		    &call->arena, &rows, &found, call->reterr);
	market__text_clear(&key);
	if (status == MARKET_OK && (row.counter > 0 || found > 0))
		*ret_empty = false;
	return status;
}

/* Does a hold of that slot, or a status, concern this offer by itself? */
static market_status_t
slot_concerns(market__call_t *call, const market__listing_row_t *row,
    const char *prefix, market_slice_t component, bool *ret_concerns)
{
	const market__message_t *message;
	market__shelved_t *shelf = NULL;
	market_status_t status;
	market__slot_user_t user = { call };
	market__text_t key;
	size_t i;

	market__text_init(
	    &key, &call->context->allocator, MARKET__SLOT_KEY_MAX);
	market__slot_key(&key, prefix, &component, 1);
	status = check_key(call, &key);
	if (status == MARKET_OK)
		status = market__slot_get(
		    call, market__slice(key.data, key.len), &shelf);
	market__text_clear(&key);
	for (i = 0; status == MARKET_OK && i < shelf->slot.n_verified; i++) {
		message = market__message(shelf->slot.verified[i]);
		if (message->kind == MARKET_KIND_HOLD &&
		    market__slice_equal(
			message->of.hold.offer_id, row->offer_id))
			*ret_concerns = true;
		if (message->kind != MARKET_KIND_STATUS || *ret_concerns)
			continue;
		status = market__page_lists(&user, shelf->slot.verified[i],
		    market__slice(row->digest, MARKET_DIGEST_LEN),
		    ret_concerns);
	}
	return status;
}

/* Is no withdrawal filed under that name? Revisions of it move the slot, too.
 */
static market_status_t
names_no_withdrawal(
    market__call_t *call, const market_slice_t name[3], bool *ret_empty)
{
	market__shelved_t *shelf = NULL;
	market_status_t status;
	market_slice_t key;

	status = market__slot_spell(call, "name", name, 3, &key);
	if (status == MARKET_OK)
		status = market__slot_get(call, key, &shelf);
	if (status == MARKET_OK && shelf->slot.n_verified > 0)
		*ret_empty = false;
	return status;
}

/* A withdrawal of the feed takes its offers with it. */
static market_status_t
feed_is_plain(market__call_t *call, const market__listing_row_t *row,
    market_slice_t seller, bool *ret_empty, bool *ret_concerns)
{
	const market_statement_t *feed = NULL;
	char hex[2 * MARKET_DIGEST_LEN + 1];
	market__listing_row_t as_one = *row;
	market_slice_t name[3];
	market_status_t status;

	status = market__listing_feed(call, row, &feed);
	if (status != MARKET_OK || feed == NULL)
		return status;
	market__hex(feed->digest, MARKET_DIGEST_LEN, hex);
	name[0] = market_slice_of(hex);
	status = slot_is_empty(call, "digest", name, 1, ret_empty);
	name[0] = MARKET__LITERAL("feed");
	name[1] = seller;
	name[2] = market__header(feed)->id;
	if (status == MARKET_OK)
		status = names_no_withdrawal(call, name, ret_empty);
	memcpy(as_one.digest, feed->digest, MARKET_DIGEST_LEN);
	as_one.offer_id = market__slice(NULL, 0);
	if (status == MARKET_OK)
		status = slot_concerns(
		    call, &as_one, "status", seller, ret_concerns);
	return status;
}

market_status_t
market__listing_plain(market__call_t *call, const market__listing_row_t *row,
    market_slice_t seller, bool *ret_plain)
{
	char hex[2 * MARKET_DIGEST_LEN + 1];
	market_slice_t name[3];
	bool empty = true, concerns = false;
	market_status_t status;

	market__hex(row->digest, MARKET_DIGEST_LEN, hex);
	name[0] = market_slice_of(hex);
	status = slot_is_empty(call, "digest", name, 1, &empty);
	name[0] = MARKET__LITERAL("offer");
	name[1] = seller;
	name[2] = row->offer_id;
	if (status == MARKET_OK)
		status = slot_is_empty(call, "name", name, 3, &empty);
	if (status == MARKET_OK)
		status = slot_concerns(call, row, "hold", seller, &concerns);
	if (status == MARKET_OK)
		status = slot_concerns(
		    call, row, "hold", MARKET__LITERAL("*"), &concerns);
	if (status == MARKET_OK)
		status = slot_concerns(call, row, "status", seller, &concerns);
	if (status == MARKET_OK)
		status = feed_is_plain(call, row, seller, &empty, &concerns);
	*ret_plain = empty && !concerns;
	return status;
}

market_status_t
market__call_skew(market__call_t *call, int64_t *ret_skew)
{
	const market__verified_t *policy;
	market__shelved_t *shelf = NULL;
	market_status_t status;
	uint64_t skew;
	size_t i;

	*ret_skew = 0;
	status = market__slot_get(call, MARKET__LITERAL("policy"), &shelf);
	for (i = 0; status == MARKET_OK && i < shelf->slot.n_verified; i++) {
		policy = shelf->slot.verified[i];
		if (policy->superseded)
			continue;
		skew = market__message(policy)->of.policy.clock_skew_seconds;
		*ret_skew = skew > 86400 ? 86400 : (int64_t)skew;
		break;
	}
	return status;
}

market_status_t
market__listing_alone(market__call_t *call, const market__listing_row_t *row,
    market__alone_t *ret_alone)
{
	market__alone_t alone = { MARKET_VERDICT_PERMIT, 0, INT64_MAX };
	int64_t skew = 0;
	market_status_t status;

	status = market__call_skew(call, &skew);
	if (status != MARKET_OK)
		return status;
	alone.begin = row->not_before > INT64_MIN + skew
	    ? row->not_before - skew
	    : INT64_MIN;
	if (call->now < alone.begin)
		alone.boundary = alone.begin;
	else if (call->now < row->not_after)
		alone.boundary = row->not_after;
	if (call->now < alone.begin || call->now >= row->not_after)
		alone.verdict = MARKET_VERDICT_DENY;
	else if (call->untrusted)
		alone.verdict = MARKET_VERDICT_INDETERMINATE;
	*ret_alone = alone;
	return MARKET_OK;
}
