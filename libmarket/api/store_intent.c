/* SPDX-License-Identifier: Apache-2.0 */
/* What the seller wants of a listing: publish, pause, end. */
#include "api/store_intake.h"
#include "api/store_listing.h"

const char *
market_intent_name(market_intent_t intent)
{
	switch (intent) {
	case MARKET_INTENT_PUBLISH: return "PUBLISH";
	case MARKET_INTENT_PAUSE: return "PAUSE";
	case MARKET_INTENT_END: return "END";
	}
	return "UNSPECIFIED";
}

static market_status_t
set(market__call_t *call, market_slice_t id, market_intent_t intent)
{
	market__listing_row_t row;
	market__detail_t detail = { 0 };
	market_status_t status;
	market_slice_t seller;
	bool by_feed = false;

	status = market__listing_find(call, id, &row, &seller);
	/* What a feed has ended may come back with it, until that is said. */
	if (status == MARKET_OK && intent == MARKET_INTENT_END)
		status = market__intake_ended(call, &row, &by_feed);
	if (status != MARKET_OK)
		return status;
	if (row.intent == (uint32_t)intent && !by_feed)
		return market__call_tick(call);
	/* Taking away works with any clock. */
	if (call->untrusted && intent == MARKET_INTENT_PUBLISH)
		return market__error(call->reterr, MARKET_E_INDETERMINATE, NULL,
		    -1,
		    "the clock is behind the store's by more than it "
		    "tolerates: nothing is published until it is right again");
	detail.intent_before = row.intent;
	detail.intent_after = (uint32_t)intent;
	status = market__entry_append(
	    call, MARKET_CHANGE_INTENT, row.no, row.last, 0, &detail);
	if (status != MARKET_OK)
		return status;
	row.intent = (uint32_t)intent;
	row.last = call->head.entries;
	status = call->ops->listing_put(call->backend, &row, call->reterr);
	if (status == MARKET_OK)
		status = market__call_commit(call);
	return status;
}

market_status_t
market_store_set_intent(market_store_t *store, market_slice_t listing,
    market_intent_t intent, int64_t at, market_error_t *reterr)
{
	market_status_t status;
	market__call_t call;

	status = market__call_begin(store, reterr, &call);
	if (status == MARKET_OK &&
	    (!market__slice_valid(listing) || intent < MARKET_INTENT_PUBLISH ||
		intent > MARKET_INTENT_END))
		status = market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "a listing and an intent must be given");
	if (status == MARKET_OK)
		status = market__call_transact(&call, true, at);
	if (status == MARKET_OK)
		status = set(&call, listing, intent);
	return market__call_end(&call, status);
}
