/* SPDX-License-Identifier: Apache-2.0 */
/* A listing as it was, from its entries; and what a clearance once said. */
#include "api/store_listing.h"

/* What the entries say, read from the last one back. */
typedef struct walk {
	bool intent, offer; /* are settled */
	bool forked, listed;
} walk_t;

static void
take_entry(const market__entry_row_t *entry, const market__detail_t *detail,
    walk_t *walk, market__listing_row_t *row)
{
	if (entry->kind == MARKET_CHANGE_INTENT && !walk->intent) {
		row->intent = detail->intent_after;
		walk->intent = true;
	} else if (entry->kind == MARKET_CHANGE_OFFER && !walk->offer) {
		if (detail->result == MARKET_RESULT_FORK) {
			walk->forked = true;
			return;
		}
		row->offer_entry = entry->seq;
		walk->listed = entry->cause != 0;
		row->revision = detail->revision;
		memcpy(row->digest, detail->digest, sizeof(row->digest));
		walk->offer = true;
	}
}

market_status_t
market__listing_then(market__call_t *call, market__listing_row_t *row)
{
	uint64_t seq = row->last, no = row->no;
	walk_t walk = { 0 };
	market__entry_row_t entry;
	market__detail_t detail;
	market_status_t status;

	if (row->began > call->as_of)
		return MARKET_E_NOT_FOUND;
	row->intent = MARKET_INTENT_PUBLISH;
	while (seq != 0 && !(walk.intent && walk.offer)) {
		status = market__entry_get(call, seq, &entry, &detail);
		if (status != MARKET_OK)
			return status;
		if (entry.object != no || entry.prev >= seq)
			return market__error(call->reterr, MARKET_E_CORRUPT,
			    NULL, -1,
			    "entry %llu does not belong to listing %llu: run "
			    "market fsck",
			    (unsigned long long)seq, (unsigned long long)no);
		if (seq <= call->as_of) {
			take_entry(&entry, &detail, &walk, row);
			row->last = row->last > call->as_of ? seq : row->last;
		}
		seq = entry.prev;
	}
	row->flags = (walk.forked ? MARKET__LISTING_FORKED : 0) |
	    (walk.listed ? MARKET__LISTING_LISTED : 0);
	if (!walk.offer)
		return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
		    "listing %llu has no offer in its history: run market "
		    "fsck",
		    (unsigned long long)no);
	return MARKET_OK;
}

/* Does the entry say so? `last`: it is the last one that was known. */
static bool
tells_permit(const market__entry_row_t *entry, const market__detail_t *detail,
    const market__listing_row_t *listing, bool last)
{
	if (last && detail->after.verdict == MARKET_VERDICT_PERMIT &&
	    (detail->after.disclosures & ~listing->disclosures) == 0)
		return true;
	/* It may go on to permit, but with what this listing does not tell. */
	return entry->seq > listing->began && detail->had &&
	    detail->before.verdict == MARKET_VERDICT_PERMIT &&
	    (detail->after.verdict != MARKET_VERDICT_PERMIT ||
		(detail->before.disclosures & ~listing->disclosures) == 0);
}

market_status_t
market__listing_permitted(market__call_t *call,
    const market__clearance_row_t *row, const market__listing_row_t *listing,
    bool *ret_permitted)
{
	uint64_t seq = row->entry;
	market__entry_row_t entry;
	market__detail_t detail;
	market_status_t status;
	bool last = true;

	/* What held when the listing began is the last one asked. */
	for (; seq != 0; seq = seq <= listing->began ? 0 : entry.prev) {
		status = market__entry_get(call, seq, &entry, &detail);
		if (status != MARKET_OK)
			return status;
		if (entry.kind != MARKET_CHANGE_CLEARANCE ||
		    entry.object != row->no || entry.prev >= seq)
			return market__error(call->reterr, MARKET_E_CORRUPT,
			    NULL, -1,
			    "entry %llu does not belong to question %llu: run "
			    "market fsck",
			    (unsigned long long)seq,
			    (unsigned long long)row->no);
		if (seq > call->as_of)
			continue;
		*ret_permitted = tells_permit(&entry, &detail, listing, last);
		if (*ret_permitted)
			return MARKET_OK;
		last = false;
	}
	return MARKET_OK;
}
