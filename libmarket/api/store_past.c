/* SPDX-License-Identifier: Apache-2.0 */
/* A listing as it was, from its entries; and what a clearance once said. */
#include "api/store.h"

/* What the entries say, read from the last one back. */
typedef struct walk {
	bool intent, offer; /* are settled */
	bool forked;
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
		row->revision = detail->revision;
		memcpy(row->digest, detail->digest, sizeof(row->digest));
		walk->offer = true;
	}
}

market_status_t
market__listing_then(market__call_t *call, market__listing_row_t *row)
{
	uint64_t seq = row->last, no = row->no;
	walk_t walk = { false, false, false };
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
	row->flags = walk.forked ? MARKET__LISTING_FORKED : 0;
	if (!walk.offer)
		return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
		    "listing %llu has no offer in its history: run market "
		    "fsck",
		    (unsigned long long)no);
	return MARKET_OK;
}

market_status_t
market__listing_permitted(market__call_t *call,
    const market__clearance_row_t *row, uint64_t began, bool *ret_permitted)
{
	uint64_t seq = row->entry;
	market__entry_row_t entry;
	market__detail_t detail;
	market_status_t status;

	while (seq != 0) {
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
		if (seq <= call->as_of &&
		    detail.after.verdict == MARKET_VERDICT_PERMIT) {
			*ret_permitted = true;
			return MARKET_OK;
		}
		/* What held when the listing began is the last one asked. */
		if (seq <= began)
			break;
		seq = entry.prev;
	}
	return MARKET_OK;
}
