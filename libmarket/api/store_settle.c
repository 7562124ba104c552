/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Computing anew what rests on evidence that changed, or whose time has come.
 * What changed is in force already; this records it, a bounded number at a
 * time, and can be gone on with by anybody.
 */
#include "api/store_listing.h"

static market_status_t
record_one(market__call_t *call, const market__clearance_row_t *found,
    uint64_t cause, market_refreshed_t *refreshed)
{
	market__clearance_row_t row = *found;
	market__question_t question;
	size_t n_pins = call->n_pins;
	market_status_t status;
	bool changed = false;
	uint64_t cells = 0;

	status = market__clear_question(call, &row, &question);
	if (status != MARKET_OK)
		return status;
	status = market__clear_record(call, &question, cause, &row, &changed);
	market__call_release(call, n_pins);
	if (status != MARKET_OK)
		return status;
	refreshed->computed++;
	if (!changed)
		return MARKET_OK;
	status = call->ops->clearance_cells(
	    call->backend, row.no, &cells, call->reterr);
	refreshed->changed++;
	refreshed->cells_changed += cells;
	return status;
}

/* The entry of the statement that moved the slot last. */
static market_status_t
cause_of(market__call_t *call, uint64_t epoch, uint64_t *ret_cause)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t *rows;
	market_status_t status;
	size_t n = 0;

	query.by = MARKET__STATEMENT_BY_NO;
	query.after = epoch - 1;
	query.max = 1;
	status = call->ops->statements(
	    call->backend, &query, &call->arena, &rows, &n, call->reterr);
	if (status == MARKET_OK)
		*ret_cause = n > 0 ? rows[0].entry : 0;
	return status;
}

static market_status_t
settle_slot(market__call_t *call, const market__slot_row_t *slot, size_t max,
    market_refreshed_t *refreshed)
{
	market__settling_t *settling = &call->settling;
	market__clearance_query_t query = { 0 };
	const market__clearance_row_t *rows;
	market_status_t status;
	uint64_t cause = 0;
	size_t n = 0, i;

	if (settling->slot != slot->no) {
		settling->slot = slot->no;
		settling->after = 0;
	}
	status = cause_of(call, slot->epoch, &cause);
	query.by = MARKET__CLEARANCE_BY_STALE_READER;
	query.slot = slot->no;
	query.epoch = slot->epoch;
	query.after = settling->after;
	while (status == MARKET_OK) {
		query.max = max - (size_t)refreshed->computed;
		if (query.max == 0) {
			refreshed->more = 1;
			break;
		}
		status = call->ops->clearances(call->backend, &query,
		    &call->arena, &rows, &n, call->reterr);
		for (i = 0; i < n && status == MARKET_OK; i++) {
			query.after = settling->after = rows[i].no;
			status = record_one(call, &rows[i], cause, refreshed);
		}
		if (n < query.max)
			break;
	}
	return status;
}

market_status_t
market__settle_some(
    market__call_t *call, size_t max, market_refreshed_t *refreshed)
{
	market__settling_t *settling = &call->settling;
	const market__slot_row_t *slots;
	market_status_t status = MARKET_OK;
	uint64_t after;
	size_t n, i;

	if (call->head.settled == call->head.epoch)
		return MARKET_OK;
	if (settling->epoch != call->head.epoch ||
	    settling->settled != call->head.settled) {
		memset(settling, 0, sizeof(*settling));
		settling->epoch = call->head.epoch;
		settling->settled = call->head.settled;
	}
	after = settling->slot > 0 ? settling->slot - 1 : 0;
	do {
		status = call->ops->slots_since(call->backend,
		    call->head.settled, after, 64, &call->arena, &slots, &n,
		    call->reterr);
		for (i = 0; status == MARKET_OK && i < n; i++) {
			after = slots[i].no;
			status = settle_slot(call, &slots[i], max, refreshed);
			if (refreshed->more)
				return status;
		}
	} while (status == MARKET_OK && n == 64);
	if (status == MARKET_OK)
		call->head.settled = call->head.epoch;
	return status;
}

/* Those whose time has come. Each computed has a later horizon afterwards. */
static market_status_t
settle_time(market__call_t *call, size_t max, market_refreshed_t *refreshed)
{
	market__clearance_query_t query = { 0 };
	const market__clearance_row_t *rows;
	market_status_t status;
	size_t n = 0, i;

	query.by = MARKET__CLEARANCE_BY_HORIZON;
	query.until = call->now;
	query.max = max - (size_t)refreshed->computed;
	if (query.max == 0) {
		refreshed->more = 1;
		return MARKET_OK;
	}
	status = call->ops->clearances(
	    call->backend, &query, &call->arena, &rows, &n, call->reterr);
	for (i = 0; i < n && status == MARKET_OK; i++)
		status = record_one(call, &rows[i], 0, refreshed);
	if (n == query.max)
		refreshed->more = 1;
	return status;
}

market_status_t
market__settle_all(
    market__call_t *call, int64_t at, market_refreshed_t *refreshed)
{
	market_status_t status;

	do {
		refreshed->more = 0;
		refreshed->computed = 0;
		status = market__call_transact(call, true, at);
		if (status == MARKET_OK)
			status = market__settle_some(
			    call, MARKET__STORE_BATCH, refreshed);
		if (status == MARKET_OK)
			status = market__call_commit(call);
		market__call_release(call, 0);
		market__arena_clear(&call->arena);
		market__arena_init(&call->arena, &call->context->allocator,
		    MARKET__CALL_BUDGET);
	} while (status == MARKET_OK && refreshed->more);
	return status;
}

market_status_t
market_store_refresh(market_store_t *store, int64_t at, size_t max,
    market_refreshed_t *ret_refreshed, market_error_t *reterr)
{
	market_refreshed_t refreshed = { 0 };
	market_status_t status;
	market__call_t call;

	status = market__call_begin(store, reterr, &call);
	if (status == MARKET_OK && ret_refreshed == NULL)
		status = market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "ret_refreshed must be given");
	if (max == 0)
		max = MARKET__STORE_BATCH;
	if (status == MARKET_OK)
		status = market__call_transact(&call, true, at);
	if (status == MARKET_OK)
		status = market__settle_some(&call, max, &refreshed);
	if (status == MARKET_OK && !refreshed.more)
		status = settle_time(&call, max, &refreshed);
	if (status == MARKET_OK)
		status = market__call_commit(&call);
	if (status == MARKET_OK)
		*ret_refreshed = refreshed;
	return market__call_end(&call, status);
}
