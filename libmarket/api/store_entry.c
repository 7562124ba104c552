/* SPDX-License-Identifier: Apache-2.0 */
/* History: entries, and the chains that are taken over them. */
#include "api/store_call.h"

static const char entry_label[] = "libmarket entry v1";
static const char epoch_label[] = "libmarket statement v1";

market_status_t
market__entry_chain(market__call_t *call, const uint8_t *chain,
    const market__entry_row_t *row, uint8_t *ret_chain)
{
	/* In one piece: most are short, and there are many. */
	uint8_t bytes[sizeof(entry_label) + MARKET_DIGEST_LEN + 48];
	uint8_t *numbers = bytes + sizeof(entry_label) + MARKET_DIGEST_LEN;
	market_slice_t pieces[2];

	memcpy(bytes, entry_label, sizeof(entry_label));
	memcpy(bytes + sizeof(entry_label), chain, MARKET_DIGEST_LEN);
	market__put64(numbers, row->seq);
	market__put64(numbers + 8, (uint64_t)row->at);
	market__put64(numbers + 16, row->kind);
	market__put64(numbers + 24, row->object);
	market__put64(numbers + 32, row->prev);
	market__put64(numbers + 40, row->cause);
	pieces[0] = market__slice(bytes, sizeof(bytes));
	pieces[1] = row->detail;
	return market__call_digest(call, pieces, 2, ret_chain);
}

market_status_t
market__epoch_chain(market__call_t *call, const uint8_t *chain,
    const market__statement_row_t *row, uint8_t *ret_chain)
{
	uint8_t numbers[5 * 8];
	market_slice_t pieces[7];

	market__put64(numbers, row->no);
	market__put64(numbers + 8, (uint64_t)row->seen_at);
	market__put64(numbers + 16, row->entry);
	market__put64(numbers + 24, row->basis);
	market__put64(numbers + 32, row->slot.len);
	pieces[0] = market__slice(epoch_label, sizeof(epoch_label));
	pieces[1] = market__slice(chain, MARKET_DIGEST_LEN);
	pieces[2] = market__slice(row->digest, MARKET_DIGEST_LEN);
	pieces[3] = market__slice(numbers, sizeof(numbers));
	pieces[4] = row->slot;
	pieces[5] = row->grounds;
	return market__call_digest(call, pieces, 6, ret_chain);
}

market_status_t
market__entry_follow(
    market__call_t *call, uint64_t after, uint64_t last, uint8_t *chain)
{
	const market__entry_row_t *rows;
	market_status_t status = MARKET_OK;
	market__arena_t arena;
	size_t n = 1, max, i;

	while (after < last && n > 0 && status == MARKET_OK) {
		market__arena_init(
		    &arena, &call->context->allocator, MARKET__CALL_BUDGET);
		max = last - after < 256 ? (size_t)(last - after) : 256;
		status = call->ops->entries(
		    call->backend, after, max, &arena, &rows, &n, call->reterr);
		for (i = 0; status == MARKET_OK && i < n; i++) {
			after = rows[i].seq;
			status = market__entry_chain(
			    call, chain, &rows[i], chain);
		}
		market__arena_clear(&arena);
	}
	return status;
}

market_status_t
market__entry_append(market__call_t *call, uint32_t kind, uint64_t object,
    uint64_t prev, uint64_t cause, const market__detail_t *detail)
{
	market__entry_row_t row = { 0 };
	market_status_t status;

	row.seq = call->head.entries + 1;
	row.at = call->now;
	row.kind = kind;
	row.object = object;
	row.prev = prev;
	row.cause = cause;
	status = market__detail_encode(kind, detail, &call->arena, &row.detail);
	if (status != MARKET_OK)
		return market__call_refused(call, &call->arena);
	status = market__entry_chain(
	    call, call->head.entry_chain, &row, call->head.entry_chain);
	if (status == MARKET_OK)
		status = call->ops->entry_insert(
		    call->backend, &row, call->reterr);
	if (status == MARKET_OK)
		call->head.entries = row.seq;
	return status;
}

market_status_t
market__entry_get(market__call_t *call, uint64_t seq,
    market__entry_row_t *ret_row, market__detail_t *ret_detail)
{
	const market__entry_row_t *rows;
	market_status_t status;
	size_t n = 0;

	if (seq == 0 || seq > call->head.entries)
		return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
		    "a row names entry %llu, which cannot be: run market fsck",
		    (unsigned long long)seq);
	status = call->ops->entries(
	    call->backend, seq - 1, 1, &call->arena, &rows, &n, call->reterr);
	if (status != MARKET_OK)
		return status;
	if (n == 0 || rows[0].seq != seq ||
	    !market__detail_decode(rows[0].kind, rows[0].detail, ret_detail))
		return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
		    "entry %llu is missing or damaged: run market fsck",
		    (unsigned long long)seq);
	*ret_row = rows[0];
	return MARKET_OK;
}

market_status_t
market__entry_at(market__call_t *call, int64_t at, uint64_t *ret_seq)
{
	uint64_t low = 0, high = call->head.entries, middle;
	market__entry_row_t row;
	market__detail_t detail;
	market_status_t status;

	/* Entries' instants never fall. */
	while (low < high) {
		middle = low + (high - low + 1) / 2;
		status = market__entry_get(call, middle, &row, &detail);
		if (status != MARKET_OK)
			return status;
		if (row.at <= at)
			low = middle;
		else
			high = middle - 1;
	}
	*ret_seq = low;
	return MARKET_OK;
}
