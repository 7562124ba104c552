/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clearances. What this process has computed it believes, until a slot that
 * the answer has read moves or its time is over; what a row says it does not.
 */
#include "api/store_evidence.h"
#include "api/store_listing.h"

/* Bytes that one evaluation may take. */
#define EVALUATE_BUDGET ((size_t)64 << 20)

static void
free_words(const market_allocator_t *allocator, market__shared_t *shared)
{
	market__words_t *words = (market__words_t *)(void *)shared;

	market__arena_clear(&words->arena);
	market__free(allocator, words);
}

static void
free_cleared(const market_allocator_t *allocator, market__cached_t *cached)
{
	market__cleared_t *cleared = (market__cleared_t *)(void *)cached;

	market__shared_release(allocator, &cleared->words->shared);
	market__free(allocator, cleared);
}

static market__cleared_t *
make_cleared(const market_allocator_t *allocator)
{
	market__cleared_t *cleared = market__alloc(allocator, sizeof(*cleared));
	market__words_t *words = market__alloc(allocator, sizeof(*words));

	if (cleared == NULL || words == NULL) {
		market__free(allocator, cleared);
		market__free(allocator, words);
		return NULL;
	}
	atomic_init(&words->shared.references, 1);
	words->shared.free = free_words;
	market__arena_init_small(&words->arena, allocator, EVALUATE_BUDGET);
	cleared->cached.free = free_cleared;
	cleared->words = words;
	return cleared;
}

static market_status_t
clear_at(market__call_t *call, const market__question_t *question, int64_t at,
    bool keep, market__arena_t *arena, market__clearance_t *ret)
{
	market__slot_user_t user = { call };
	market__lookup_t lookup = { market__slot_read, &user,
		market__page_lists, market__pages_vanished, NULL };
	size_t n_pins = call->n_pins;
	market__clearance_t clearance;
	market__arena_t scratch;
	market_status_t status;

	market__arena_init_pooled(
	    &scratch, call->context->pool, EVALUATE_BUDGET);
	status = market__evaluate(&lookup, question, at, &scratch, &clearance);
	if (status == MARKET_OK)
		status = keep ? market__clearance_keep(
				    &clearance, call->context->pool, arena, ret)
			      : market__clearance_copy(&clearance, arena, ret);
	market__arena_clear(&scratch);
	market__call_release(call, n_pins);
	if (status != MARKET_OK &&
	    (call->reterr == NULL || call->reterr->status == MARKET_OK))
		return market__error(call->reterr, status, NULL, -1,
		    "a question could not be answered: %s",
		    market_status_text(status));
	return status;
}

market_status_t
market__clear_at(market__call_t *call, const market__question_t *question,
    int64_t at, market__arena_t *arena, market__clearance_t *ret)
{
	return clear_at(call, question, at, false, arena, ret);
}

/* One digest over names and versions of all slots that were read. */
static market_status_t
digest_versions(market__call_t *call, market__cleared_t *cleared)
{
	const market__clearance_t *answer = &cleared->answer;
	uint8_t number[16];
	size_t n_pins = call->n_pins, i;
	market__shelved_t *shelf = NULL;
	market_slice_t pieces[4];
	market_status_t status = MARKET_OK;

	memset(cleared->versions, 0, sizeof(cleared->versions));
	for (i = 0; i < answer->n_reads && status == MARKET_OK; i++) {
		status = market__slot_get(call, answer->reads[i], &shelf);
		if (status != MARKET_OK)
			break;
		market__put64(number, answer->reads[i].len);
		market__put64(number + 8, shelf->counter);
		pieces[0] = market__slice(
		    cleared->versions, sizeof(cleared->versions));
		pieces[1] = market__slice(number, sizeof(number));
		pieces[2] = answer->reads[i];
		pieces[3] = market__slice(shelf->chain, sizeof(shelf->chain));
		status = market__call_digest(
		    call, pieces, 4, cleared->versions);
	}
	market__call_release(call, n_pins);
	return status;
}

static market_status_t
compute(market__call_t *call, const market__question_t *question,
    market__cleared_t **ret)
{
	const market_allocator_t *allocator = &call->context->allocator;
	market__cleared_t *cleared = make_cleared(allocator);
	market_status_t status;

	if (cleared == NULL)
		return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for an answer");
	cleared->computed_at = call->now;
	status = clear_at(call, question, call->now, true,
	    &cleared->words->arena, &cleared->answer);
	if (status == MARKET_OK)
		status = digest_versions(call, cleared);
	if (status != MARKET_OK) {
		free_cleared(allocator, &cleared->cached);
		return status;
	}
	cleared->cached.size = sizeof(*cleared) + sizeof(*cleared->words) +
	    cleared->words->arena.held;
	*ret = cleared;
	return MARKET_OK;
}

market_status_t
market__clear_ask(market__call_t *call, const market__question_t *question,
    market__asked_t *ret_asked)
{
	if (market__question_encode(
		question, &call->arena, &ret_asked->bytes) != MARKET_OK)
		return market__call_refused(call, &call->arena);
	return market__call_digest(call, &ret_asked->bytes, 1, ret_asked->hash);
}

market_status_t
market__clear_hash(
    market__call_t *call, const market__question_t *question, uint8_t *ret_hash)
{
	market__asked_t asked;
	market_status_t status = market__clear_ask(call, question, &asked);

	if (status == MARKET_OK)
		memcpy(ret_hash, asked.hash, sizeof(asked.hash));
	return status;
}

market_status_t
market__clear(market__call_t *call, const market__question_t *question,
    const market__cleared_t **ret)
{
	market__asked_t asked;
	market_status_t status = market__clear_ask(call, question, &asked);

	if (status != MARKET_OK)
		return status;
	return market__clear_hashed(call, question, asked.hash, ret);
}

market_status_t
market__clear_hashed(market__call_t *call, const market__question_t *question,
    const uint8_t *hash, const market__cleared_t **ret)
{
	uint8_t bytes[1 + MARKET_DIGEST_LEN];
	market_slice_t key = market__slice(bytes, sizeof(bytes));
	market__cleared_t *cleared;
	market_status_t status;

	bytes[0] = 'C';
	memcpy(bytes + 1, hash, MARKET_DIGEST_LEN);
	cleared = (market__cleared_t *)(void *)market__cache_find(
	    call->cache, key);
	if (cleared != NULL &&
	    (call->now < cleared->computed_at ||
		call->now >= cleared->answer.boundary ||
		!market__news_holds(call, &cleared->cached,
		    cleared->answer.reads, cleared->answer.n_reads))) {
		market__cache_unpin(call->cache, &cleared->cached);
		cleared = NULL;
	}
	if (cleared == NULL) {
		status = compute(call, question, &cleared);
		if (status != MARKET_OK)
			return status;
		cleared->cached.seen = call->store->seen.epoch;
		market__cache_put(call->cache, key, &cleared->cached);
	}
	status = market__call_keep(call, &cleared->cached);
	if (status == MARKET_OK)
		*ret = cleared;
	return status;
}

/* ---- rows ---- */

static market_status_t
edited(market__call_t *call, uint64_t no)
{
	return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
	    "clearance %llu does not say what the evidence does: it was "
	    "edited; run market fsck",
	    (unsigned long long)no);
}

market_status_t
market__clear_question(market__call_t *call, const market__clearance_row_t *row,
    market__question_t *ret_question)
{
	if (market__question_decode(row->question, &call->arena, ret_question))
		return MARKET_OK;
	/* Want of memory is no damage. */
	if (call->arena.out_of_memory || call->arena.over_budget)
		return market__call_refused(call, &call->arena);
	return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
	    "question %llu is not readable: run market fsck",
	    (unsigned long long)row->no);
}

market_status_t
market__clear_find(
    market__call_t *call, const uint8_t *hash, market__clearance_row_t *ret_row)
{
	market_status_t status;

	memset(ret_row, 0, sizeof(*ret_row));
	status = call->ops->clearance_find(
	    call->backend, hash, &call->arena, ret_row, NULL);
	if (status != MARKET_OK && status != MARKET_E_NOT_FOUND)
		return market__error(call->reterr, status, NULL, -1,
		    "a clearance could not be read: %s",
		    market_status_text(status));
	return status;
}

market_status_t
market__clear_current(market__call_t *call, const market__clearance_row_t *row,
    const market__cleared_t *cleared, bool *ret_current)
{
	market__answer_t kept, computed;

	*ret_current = row->evaluator == MARKET__EVALUATOR &&
	    call->now >= row->computed_at && call->now < row->horizon &&
	    memcmp(row->versions, cleared->versions, sizeof(row->versions)) ==
		0;
	if (!*ret_current)
		return MARKET_OK;
	market__answer_of(&cleared->answer, &computed);
	if (!market__answer_decode(row->result, &kept) ||
	    !market__answers_equal(&kept, &computed) ||
	    row->verdict != (uint32_t)computed.verdict)
		return edited(call, row->no);
	return MARKET_OK;
}

market_status_t
market__clear_cause(market__call_t *call, const market__cleared_t *cleared,
    const market__clearance_row_t *row, uint64_t *ret_cause)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t *rows;
	uint64_t latest = row->epoch;
	market__slot_row_t slot;
	market_status_t status;
	size_t n = 0, i;

	*ret_cause = 0;
	for (i = 0; i < cleared->answer.n_reads; i++) {
		status = market__slot_row(
		    call, cleared->answer.reads[i], false, &slot);
		if (status != MARKET_OK)
			return status;
		if (slot.epoch > latest)
			latest = slot.epoch;
	}
	if (latest == row->epoch)
		return MARKET_OK;
	query.by = MARKET__STATEMENT_BY_NO;
	query.after = latest - 1;
	query.max = 1;
	status = call->ops->statements(
	    call->backend, &query, &call->arena, &rows, &n, call->reterr);
	if (status == MARKET_OK && n > 0)
		*ret_cause = rows[0].entry;
	return status;
}

/* The number of a slot, which gets its row with the first that reads it. */
static market_status_t
slot_number(market__call_t *call, market_slice_t key, uint64_t *ret_no)
{
	market__shelved_t *shelf = NULL;
	size_t n_pins = call->n_pins;
	market__slot_row_t row;
	market_status_t status;

	status = market__slot_get(call, key, &shelf);
	if (status == MARKET_OK && shelf->no == 0) {
		status = market__slot_row(call, key, true, &row);
		*ret_no = row.no;
		if (status == MARKET_OK)
			market__slot_numbered(call, shelf, &row);
	} else if (status == MARKET_OK) {
		*ret_no = shelf->no;
	}
	market__call_release(call, n_pins);
	return status;
}

/* What it reads from now on, by number. */
static market_status_t
record_reads(market__call_t *call, uint64_t no,
    const market__clearance_t *answer, bool is_new)
{
	uint64_t *slots = market__arena_array(
	    &call->arena, answer->n_reads + 1, sizeof(*slots));
	const uint64_t *before;
	market_status_t status;
	uint64_t number = 0;
	size_t i, k, n = 0;

	if (slots == NULL)
		return market__call_refused(call, &call->arena);
	for (i = 0; i < answer->n_reads; i++) {
		status = slot_number(call, answer->reads[i], &number);
		if (status != MARKET_OK)
			return status;
		for (k = i; k > 0 && slots[k - 1] > number; k--)
			slots[k] = slots[k - 1];
		slots[k] = number;
	}
	if (!is_new) {
		status = call->ops->clearance_reads(
		    call->backend, no, &call->arena, &before, &n, call->reterr);
		if (status != MARKET_OK)
			return status;
		if (n == answer->n_reads &&
		    memcmp(before, slots, n * sizeof(*slots)) == 0)
			return MARKET_OK;
	}
	return call->ops->clearance_set_reads(
	    call->backend, no, slots, answer->n_reads, call->reterr);
}

static market_status_t
record_change(market__call_t *call, market__clearance_row_t *row,
    const market__answer_t *before, const market__answer_t *after,
    uint64_t cause)
{
	market__detail_t detail = { 0 };
	market_status_t status;

	detail.had = before != NULL;
	if (before != NULL)
		detail.before = *before;
	detail.after = *after;
	status = market__entry_append(
	    call, MARKET_CHANGE_CLEARANCE, row->no, row->entry, cause, &detail);
	if (status != MARKET_OK)
		return status;
	row->entry = call->head.entries;
	if (before != NULL && before->verdict == MARKET_VERDICT_PERMIT &&
	    after->verdict != MARKET_VERDICT_PERMIT)
		row->ended = row->entry;
	return MARKET_OK;
}

market_status_t
market__clear_record(market__call_t *call, const market__question_t *question,
    uint64_t cause, market__clearance_row_t *row, bool *ret_changed)
{
	const market__cleared_t *cleared = NULL;
	market__answer_t before, after;
	bool is_new = row->no == 0;
	market_status_t status;

	status = market__clear(call, question, &cleared);
	if (status != MARKET_OK)
		return status;
	if (is_new) {
		row->no = ++call->head.questions;
		if (market__question_encode(
			question, &call->arena, &row->question) != MARKET_OK)
			return market__call_refused(call, &call->arena);
		status = market__clear_hash(call, question, row->hash);
	} else if (!market__answer_decode(row->result, &before)) {
		status = edited(call, row->no);
	}
	if (status != MARKET_OK)
		return status;
	market__answer_of(&cleared->answer, &after);
	*ret_changed = is_new || !market__answers_equal(&before, &after);
	if (*ret_changed)
		status = record_change(
		    call, row, is_new ? NULL : &before, &after, cause);
	if (status == MARKET_OK &&
	    market__answer_encode(&after, &call->arena, &row->result) !=
		MARKET_OK)
		status = market__call_refused(call, &call->arena);
	if (status != MARKET_OK)
		return status;
	row->verdict = (uint32_t)after.verdict;
	row->computed_at = call->now;
	row->horizon = cleared->answer.horizon;
	row->epoch = call->head.epoch;
	row->evaluator = MARKET__EVALUATOR;
	memcpy(row->versions, cleared->versions, sizeof(row->versions));
	status = call->ops->clearance_put(call->backend, row, call->reterr);
	if (status == MARKET_OK)
		status = record_reads(call, row->no, &cleared->answer, is_new);
	return status;
}
