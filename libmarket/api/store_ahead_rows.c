/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which questions may have another answer: those that have read a slot that
 * changes. What a row says it has read holds until its horizon and while what
 * it read stands; rows that are behind are asked in any case, since they may
 * rest on other slots by now.
 */
#include "api/ahead.h"
#include "api/store_listing.h"

/* Looking for each slot's readers costs more than asking all beyond this. */
#define SLOTS_MAX 4096

typedef struct candidates {
	market__row_set_t slots;
	uint64_t slot; /* whose readers are looked at */
	market__ahead_fn *fn;
} candidates_t;

typedef market_status_t row_fn(market__ahead_t *ahead,
    const market__clearance_row_t *row, const candidates_t *candidates);

static market_status_t
each(market__ahead_t *ahead, market__clearance_query_t *query, row_fn *fn,
    const candidates_t *candidates)
{
	market__call_t *call = ahead->call;
	const market__clearance_row_t *rows;
	market_status_t status;
	size_t n, i;

	query->after = 0;
	query->max = 256;
	do {
		market__arena_clear(&ahead->page);
		market__arena_init(&ahead->page, &call->context->allocator,
		    MARKET__CALL_BUDGET);
		status = call->ops->clearances(call->backend, query,
		    &ahead->page, &rows, &n, call->reterr);
		if (status != MARKET_OK)
			return status;
		for (i = 0; i < n && status == MARKET_OK; i++) {
			query->after = rows[i].no;
			status = fn(ahead, &rows[i], candidates);
			market__ahead_rest(ahead);
		}
	} while (status == MARKET_OK && n == query->max);
	return status;
}

static market_status_t
any_row(market__ahead_t *ahead, const market__clearance_row_t *row,
    const candidates_t *candidates)
{
	return candidates->fn(ahead, row);
}

market_status_t
market__ahead_each(market__ahead_t *ahead, market__clearance_query_t *query,
    market__ahead_fn *fn)
{
	candidates_t candidates = { 0 };

	candidates.fn = fn;
	return each(ahead, query, any_row, &candidates);
}

/* ---- comparing ---- */

static market_status_t
compare(market__ahead_t *ahead, const market__clearance_row_t *row)
{
	const market__cleared_t *cleared;
	market__answer_t before, after;
	market__question_t question;
	market_status_t status;

	status = market__ahead_question(ahead, row, &question);
	if (status != MARKET_OK)
		return status;
	market__ahead_look(ahead, MARKET__BEFORE);
	status = market__clear(ahead->call, &question, &cleared);
	if (status != MARKET_OK)
		return status;
	market__answer_of(&cleared->answer, &before);
	if (ahead->permits_only && before.verdict != MARKET_VERDICT_PERMIT)
		return MARKET_OK;
	market__ahead_look(ahead, MARKET__AFTER);
	status = market__clear(ahead->call, &question, &cleared);
	if (status != MARKET_OK)
		return status;
	market__answer_of(&cleared->answer, &after);
	if (market__answers_equal(&before, &after))
		return MARKET_OK;
	status = market__row_set_add(ahead, &ahead->changed, row->no);
	if (status == MARKET_OK)
		status = market__ahead_tell(ahead, row, &question,
		    ahead->sights[MARKET__AFTER].now, &before,
		    &cleared->answer);
	return status;
}

/* ---- candidates ---- */

/* Has the row's time passed without its being computed anew? */
static bool
is_over(const market__ahead_t *ahead, const market__clearance_row_t *row)
{
	return row->horizon <= ahead->sights[MARKET__BEFORE].now;
}

/* The first of the slots that the row has read. */
static market_status_t
first_read(market__ahead_t *ahead, const market__clearance_row_t *row,
    const market__row_set_t *slots, uint64_t *ret_slot)
{
	const uint64_t *reads;
	market_status_t status;
	size_t n, i;

	status = ahead->call->ops->clearance_reads(ahead->call->backend,
	    row->no, &ahead->item, &reads, &n, ahead->call->reterr);
	*ret_slot = 0;
	for (i = 0; status == MARKET_OK && i < n; i++)
		if (market__row_set_has(slots, reads[i])) {
			*ret_slot = reads[i];
			break;
		}
	return status;
}

/* Each row once: not where its time has passed, nor for an earlier slot. */
static market_status_t
reader(market__ahead_t *ahead, const market__clearance_row_t *row,
    const candidates_t *candidates)
{
	market_status_t status;
	uint64_t first = candidates->slot;

	if (is_over(ahead, row))
		return MARKET_OK;
	if (candidates->slots.n > 1) {
		status = first_read(ahead, row, &candidates->slots, &first);
		if (status != MARKET_OK)
			return status;
	}
	return first == candidates->slot ? candidates->fn(ahead, row)
					 : MARKET_OK;
}

/* Slots that changed since all clearances were computed anew. */
static market_status_t
add_changed(market__ahead_t *ahead, market__row_set_t *slots)
{
	market__call_t *call = ahead->call;
	const market__slot_row_t *rows;
	market_status_t status;
	uint64_t after = 0;
	size_t n, i;

	do {
		status = call->ops->slots_since(call->backend,
		    call->head.settled, after, 256, &ahead->item, &rows, &n,
		    call->reterr);
		for (i = 0; status == MARKET_OK && i < n; i++) {
			after = rows[i].no;
			status = market__row_set_add(ahead, slots, rows[i].no);
		}
		market__ahead_rest(ahead);
	} while (status == MARKET_OK && n == 256 && slots->n <= SLOTS_MAX);
	return status;
}

static market_status_t
ask_candidates(market__ahead_t *ahead, candidates_t *candidates)
{
	market__clearance_query_t query = { 0 };
	market_status_t status;
	size_t i;

	if (candidates->slots.n > SLOTS_MAX) {
		query.by = MARKET__CLEARANCE_BY_NO;
		return each(ahead, &query, any_row, candidates);
	}
	query.by = MARKET__CLEARANCE_BY_HORIZON;
	query.until = ahead->sights[MARKET__BEFORE].now;
	status = each(ahead, &query, any_row, candidates);
	query.by = MARKET__CLEARANCE_BY_READER;
	for (i = 0; status == MARKET_OK && i < candidates->slots.n; i++) {
		candidates->slot = query.slot = candidates->slots.v[i];
		status = each(ahead, &query, reader, candidates);
	}
	return status;
}

market_status_t
market__ahead_compare(market__ahead_t *ahead, uint64_t slot)
{
	candidates_t candidates = { 0 };
	market_status_t status = MARKET_OK;

	candidates.fn = compare;
	if (slot != 0)
		status = market__row_set_add(ahead, &candidates.slots, slot);
	if (status == MARKET_OK)
		status = add_changed(ahead, &candidates.slots);
	market__row_set_sort(&candidates.slots);
	if (status == MARKET_OK)
		status = ask_candidates(ahead, &candidates);
	market__free(&ahead->call->context->allocator, candidates.slots.v);
	return status;
}
