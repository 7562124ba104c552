/* SPDX-License-Identifier: Apache-2.0 */
/* May it be sold here, now? Asked at the till. */
#include "api/store_listing.h"

/* One question at the till, and the listing that it is about. */
typedef struct sale {
	market__call_t *call;
	const market__listing_row_t *row;
	market_slice_t seller;
	const market__question_t *cell;
	int64_t boundary; /* of the answer; 0: not known */
} sale_t;

static market_status_t
look(const sale_t *sale, bool decide, market__listing_t *ret_listing)
{
	market__look_t look = { .only = sale->cell, .decide = decide };
	market__call_t *call = sale->call;
	market_status_t status;

	status = market__listing_look(
	    call, sale->row, sale->seller, &look, &call->arena, ret_listing);
	if (status == MARKET_E_NOT_FOUND)
		return market__error(call->reterr, status, NULL, -1,
		    "the listing was not there yet");
	return status;
}

/* ---- why not ---- */

/* The findings with this effect: the first of them, and how many. */
static void
count_against(const market_finding_t *findings, size_t n,
    market_effect_t effect, const market_finding_t **first, size_t *count)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (findings[i].effect != effect)
			continue;
		if (*first == NULL)
			*first = &findings[i];
		(*count)++;
	}
}

static bool
is_cell(const market_cell_t *cell, const market__question_t *asked)
{
	return cell->channel == asked->channel &&
	    market__slice_equal(cell->territory, asked->territory) &&
	    market__slice_equal(cell->network, asked->network);
}

/* What is against the offer comes before what is against its cell. */
static market_status_t
tell_finding(const sale_t *sale, const market_decision_t *decision,
    market_verdict_t verdict)
{
	bool denied = verdict == MARKET_VERDICT_DENY;
	market_effect_t effect = denied ? MARKET_EFFECT_DENY
					: MARKET_EFFECT_INDETERMINATE;
	market_status_t status = denied ? MARKET_E_DENIED
					: MARKET_E_INDETERMINATE;
	const market_finding_t *finding, *first = NULL;
	const market_cell_t *cell;
	const char *name;
	size_t n = 0, i;

	for (i = 0; (finding = market_decision_finding(decision, i)) != NULL;
	     i++)
		count_against(finding, 1, effect, &first, &n);
	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++)
		if (is_cell(cell, sale->cell))
			count_against(cell->findings, cell->finding_count,
			    effect, &first, &n);
	if (first == NULL)
		return market__error(sale->call->reterr, status, NULL, -1,
		    "this may not be sold here now: ask why");
	name = market_code_info(first->code)->name;
	if (n == 1)
		return market__error(sale->call->reterr, status, NULL, -1,
		    "%s: %.400s", name, first->message);
	return market__error(sale->call->reterr, status, NULL, -1,
	    "%s: %.400s; and %zu more: ask why", name, first->message, n - 1);
}

/* The clearance that answers keeps no text: the whole decision has it. */
static market_status_t
tell_verdict(const sale_t *sale, market_verdict_t verdict)
{
	market__listing_t listing = { 0 };
	market_status_t status;

	if (sale->call->reterr == NULL)
		return verdict == MARKET_VERDICT_DENY ? MARKET_E_DENIED
						      : MARKET_E_INDETERMINATE;
	status = look(sale, true, &listing);
	if (status == MARKET_OK)
		status = tell_finding(sale, listing.decision, verdict);
	market__listing_clear(&listing);
	return status;
}

/* Nothing is against the cell, but against its being listed. */
static market_status_t
tell_listing(const sale_t *sale, const market__listing_t *listing)
{
	return market__error(sale->call->reterr, MARKET_E_DENIED, NULL, -1,
	    "%s",
	    listing->status == MARKET_LISTING_REMOVED
		? "the marketplace has removed the listing"
		: listing->row.intent == MARKET_INTENT_END
		? "the seller has ended the listing"
		: "the seller has paused the listing: resume it first");
}

/* ---- what was permitted before ---- */

/*
 * A cell that was permitted stays so until its horizon, while nothing is
 * accepted, judged or meant anew: each of these is an entry of the history. It
 * is looked at again earlier where anything that was read changes by itself.
 */
typedef struct permit {
	market__cached_t cached;
	uint64_t epoch, entries;
	int64_t from, horizon;
	int64_t until; /* nothing that was read changes before */
} permit_t;

static void
free_permit(const market_allocator_t *allocator, market__cached_t *cached)
{
	market__free(allocator, cached);
}

/* Names of listing and cell take less; of longer ones nothing is kept. */
#define KEY_MAX 1024

typedef struct key {
	uint8_t bytes[KEY_MAX];
	size_t len; /* 0: none */
} permit_key_t;

static void
spell(const market_slice_t *parts, size_t n, uint64_t channel,
    permit_key_t *ret_key)
{
	uint8_t *at = ret_key->bytes;
	size_t i, len = 1 + 8 * (n + 1);

	ret_key->len = 0;
	for (i = 0; i < n; i++)
		if (parts[i].len > KEY_MAX)
			return;
		else
			len += parts[i].len;
	if (len > KEY_MAX)
		return;
	*at++ = 'P';
	market__put64(at, channel);
	at += 8;
	for (i = 0; i < n; i++) {
		market__put64(at, parts[i].len);
		at += 8;
		if (parts[i].len > 0)
			memcpy(at, parts[i].ptr, parts[i].len);
		at += parts[i].len;
	}
	ret_key->len = len;
}

static bool
permitted_before(market__call_t *call, market_slice_t key, int64_t *ret_horizon)
{
	market__cached_t *cached = market__cache_find(call->cache, key);
	const permit_t *permit = (const permit_t *)(const void *)cached;
	bool holds;

	if (cached == NULL)
		return false;
	holds = permit->epoch == call->head.epoch &&
	    permit->entries == call->head.entries &&
	    call->now >= permit->from && call->now < permit->until;
	if (holds && ret_horizon != NULL)
		*ret_horizon = permit->horizon;
	market__cache_unpin(call->cache, cached);
	return holds;
}

/* Without memory it is looked for again. */
static void
keep_permit(
    market__call_t *call, market_slice_t key, int64_t horizon, int64_t boundary)
{
	permit_t *permit = market__alloc(
	    &call->context->allocator, sizeof(*permit));

	if (permit == NULL)
		return;
	permit->cached.free = free_permit;
	permit->cached.size = sizeof(*permit);
	permit->epoch = call->head.epoch;
	permit->entries = call->head.entries;
	permit->from = call->now;
	permit->horizon = horizon;
	permit->until = boundary < horizon ? boundary : horizon;
	market__cache_put(call->cache, key, &permit->cached);
	market__cache_unpin(call->cache, &permit->cached);
}

/* ---- the answer ---- */

static market_status_t
answer(sale_t *sale, int64_t *ret_horizon)
{
	const market_listing_cell_t *cell;
	market__listing_t listing = { 0 };
	market_status_t status;
	int64_t horizon = 0;

	status = look(sale, false, &listing);
	if (status == MARKET_OK && listing.n_cells == 0)
		status = market__error(sale->call->reterr, MARKET_E_NOT_FOUND,
		    NULL, -1, "the listing does not ask for this cell");
	if (status == MARKET_OK) {
		cell = &listing.cells[0];
		horizon = cell->horizon;
		if (cell->verdict != MARKET_VERDICT_PERMIT)
			status = tell_verdict(sale, cell->verdict);
		else if (!cell->live ||
		    listing.status == MARKET_LISTING_REMOVED)
			status = tell_listing(sale, &listing);
	}
	*ret_horizon = horizon;
	sale->boundary = listing.boundary;
	market__listing_clear(&listing);
	return status;
}

/* Of now alone: what is asked of the past is looked up there. */
static market_status_t
ask(market__call_t *call, market_slice_t listing,
    const market__question_t *cell, unsigned flags, int64_t *ret_horizon)
{
	market_slice_t parts[3] = { listing, cell->territory, cell->network };
	market__listing_row_t row;
	market_status_t status;
	int64_t horizon = 0;
	permit_key_t spelt = { .len = 0 };
	market_slice_t key;
	sale_t sale = { call, &row, { NULL, 0 }, cell, 0 };

	if (flags == 0 && !call->untrusted)
		spell(parts, 3, (uint64_t)cell->channel, &spelt);
	key = market__slice(spelt.bytes, spelt.len);
	if (key.len > 0 && permitted_before(call, key, ret_horizon))
		return MARKET_OK;
	status = market__listing_find(call, listing, &row, &sale.seller);
	if (status == MARKET_OK)
		status = answer(&sale, &horizon);
	if (status == MARKET_OK && key.len > 0 && sale.boundary > 0)
		keep_permit(call, key, horizon, sale.boundary);
	if (ret_horizon != NULL &&
	    (status == MARKET_OK || status == MARKET_E_DENIED ||
		status == MARKET_E_INDETERMINATE))
		*ret_horizon = horizon;
	return status;
}

market_status_t
market_store_sale(market_store_t *store, market_slice_t listing,
    market_slice_t territory, market_channel_t channel, market_slice_t network,
    int64_t at, unsigned flags, int64_t *ret_horizon, market_error_t *reterr)
{
	market__question_t cell = { 0 };
	market_status_t status;
	market__call_t call;

	cell.territory = territory;
	cell.channel = channel;
	cell.network = network;
	status = market__call_begin(store, reterr, &call);
	if (status == MARKET_OK &&
	    (!market__slice_valid(listing) || !market__slice_valid(territory) ||
		!market__slice_valid(network)))
		status = market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "listing, territory and network must be given");
	if (status == MARKET_OK)
		status = market__call_ask(&call, at, flags);
	if (status == MARKET_OK)
		status = ask(&call, listing, &cell, flags, ret_horizon);
	return market__call_end(&call, status);
}
