/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Versions of slots: a counter, and a SHA-256 chained over the statements that
 * changed the slot. Both follow from the rows, so that a row that was lost or
 * exchanged does not agree with them.
 */
#include <stdlib.h>

#include "api/store_evidence.h"
#include "model/slot.h"

static const char slot_label[] = "libmarket slot v1";

static market_status_t
chain(market__call_t *call, uint8_t *bytes, uint64_t no, const uint8_t *digest)
{
	market_slice_t pieces[4];
	uint8_t number[8];

	market__put64(number, no);
	pieces[0] = market__slice(slot_label, sizeof(slot_label));
	pieces[1] = market__slice(bytes, MARKET_DIGEST_LEN);
	pieces[2] = market__slice(number, sizeof(number));
	pieces[3] = market__slice(digest, MARKET_DIGEST_LEN);
	return market__call_digest(call, pieces, 4, bytes);
}

/* Ends the text. */
static market_status_t
keep_key(market__call_t *call, market__text_t *text, market_slice_t *ret_key)
{
	market_status_t status = text->status;
	market_slice_t key = { NULL, 0 };

	if (status == MARKET_OK)
		key = market__arena_copy(
		    &call->arena, market__slice(text->data, text->len));
	market__text_clear(text);
	if (status != MARKET_OK || key.ptr == NULL)
		return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for the name of a slot");
	*ret_key = key;
	return MARKET_OK;
}

market_status_t
market__slot_spell(market__call_t *call, const char *prefix,
    const market_slice_t *components, size_t n, market_slice_t *ret_key)
{
	market__text_t text;

	market__text_init(
	    &text, &call->context->allocator, MARKET__SLOT_KEY_MAX);
	market__slot_key(&text, prefix, components, n);
	return keep_key(call, &text, ret_key);
}

market_status_t
market__slot_filed(market__call_t *call, const market_statement_t *statement,
    market_slice_t *ret_key)
{
	market__text_t text;

	market__text_init(
	    &text, &call->context->allocator, MARKET__SLOT_KEY_MAX);
	market__slot_of(&text, statement);
	return keep_key(call, &text, ret_key);
}

market_status_t
market__slot_name(market__call_t *call, market_kind_t kind,
    market_slice_t issuer, market_slice_t id, market_slice_t *ret_key)
{
	market_slice_t c[3];

	c[0] = market_slice_of(market_kind_name(kind));
	c[1] = issuer;
	c[2] = id;
	return market__slot_spell(call, "name", c, 3, ret_key);
}

market_status_t
market__slot_row(market__call_t *call, market_slice_t key, bool make,
    market__slot_row_t *ret_row)
{
	market_status_t status;

	status = call->ops->slot_get(
	    call->backend, key, &call->arena, ret_row, NULL);
	if (status == MARKET_OK)
		return MARKET_OK;
	if (status != MARKET_E_NOT_FOUND)
		return market__error(call->reterr, status, NULL, -1,
		    "a slot could not be read: %s", market_status_text(status));
	memset(ret_row, 0, sizeof(*ret_row));
	ret_row->name = key;
	if (!make)
		return MARKET_OK;
	ret_row->no = ++call->head.slots;
	return call->ops->slot_put(call->backend, ret_row, call->reterr);
}

static market_status_t
move_one(
    market__call_t *call, market_slice_t key, const market__statement_row_t *by)
{
	market__slot_row_t row;
	market_status_t status;

	status = market__slot_row(call, key, true, &row);
	if (status != MARKET_OK || row.epoch == by->no)
		return status; /* moved by this statement already */
	row.counter++;
	row.epoch = by->no;
	status = chain(call, row.chain, by->no, by->digest);
	if (status == MARKET_OK)
		status = call->ops->slot_put(call->backend, &row, call->reterr);
	return status;
}

static void
by_name(const market__statement_row_t *row, market__statement_query_t *query)
{
	memset(query, 0, sizeof(*query));
	query->by = MARKET__STATEMENT_BY_NAME;
	query->kind = row->kind;
	query->issuer = row->issuer;
	query->id = row->id;
}

market_status_t
market__slot_move(market__call_t *call, const market__statement_row_t *row)
{
	const market__statement_row_t **rows;
	market__statement_query_t query;
	market_slice_t key;
	market_status_t status;
	size_t n, i;

	market__filed_note(call->store, row->slot);
	status = move_one(call, row->slot, row);
	if (status == MARKET_OK)
		status = market__slot_name(
		    call, (market_kind_t)row->kind, row->issuer, row->id, &key);
	if (status == MARKET_OK)
		status = move_one(call, key, row);
	if (status != MARKET_OK)
		return status;
	by_name(row, &query);
	status = market__fact_rows(call, &query, &rows, &n);
	for (i = 0; i < n && status == MARKET_OK; i++)
		if (rows[i]->no < row->no)
			status = move_one(call, rows[i]->slot, row);
	return status;
}

/* ---- the version that the rows make ---- */

typedef struct moves {
	const market__statement_row_t **v;
	size_t n, capacity;
} moves_t;

static market_status_t
add_move(
    market__call_t *call, moves_t *moves, const market__statement_row_t *row)
{
	const market__statement_row_t **grown;
	size_t more = moves->capacity * 2 + 16;

	if (moves->n == moves->capacity) {
		grown = market__arena_array(&call->arena, more, sizeof(*grown));
		if (grown == NULL)
			return market__call_refused(call, &call->arena);
		if (moves->n > 0)
			memcpy((void *)grown, (void *)moves->v,
			    moves->n * sizeof(*grown));
		moves->v = grown;
		moves->capacity = more;
	}
	moves->v[moves->n++] = row;
	return MARKET_OK;
}

/* "name/KIND/ISSUER/ID" taken apart; false for any other slot. */
static bool
parse_name(
    market__call_t *call, market_slice_t key, market__statement_query_t *query)
{
	market_slice_t parts[3] = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	size_t i, part = 0, len = 0;
	uint8_t *out, byte[1];

	if (key.len < 5 || memcmp(key.ptr, "name/", 5) != 0)
		return false;
	/* Zeroed: each part has a NUL behind it. */
	out = market__arena_alloc(&call->arena, key.len + 4);
	if (out == NULL)
		return false;
	for (i = 5; i <= key.len; i++) {
		if (i == key.len || key.ptr[i] == '/') {
			if (part == 3)
				return false;
			parts[part++] = market__slice(out, len);
			out += len + 1;
			len = 0;
		} else if (key.ptr[i] == '%') {
			char hex[2];

			if (i + 2 >= key.len)
				return false;
			hex[0] = (char)(key.ptr[i + 1] |
			    (key.ptr[i + 1] >= 'A' ? 0x20 : 0));
			hex[1] = (char)(key.ptr[i + 2] |
			    (key.ptr[i + 2] >= 'A' ? 0x20 : 0));
			if (!market__unhex(market__slice(hex, 2), byte, 1))
				return false;
			out[len++] = byte[0];
			i += 2;
		} else {
			out[len++] = key.ptr[i];
		}
	}
	memset(query, 0, sizeof(*query));
	query->by = MARKET__STATEMENT_BY_NAME;
	if (part != 3)
		return false;
	query->kind = (uint32_t)market_kind_find((const char *)parts[0].ptr);
	query->issuer = parts[1];
	query->id = parts[2];
	return true;
}

/* Revisions of a row's name that came later, and stand elsewhere. */
static market_status_t
add_elsewhere(market__call_t *call, moves_t *moves, market_slice_t key,
    const market__statement_row_t *own)
{
	const market__statement_row_t **rows;
	market__statement_query_t query;
	market_status_t status;
	size_t n, i;

	by_name(own, &query);
	status = market__fact_rows(call, &query, &rows, &n);
	for (i = 0; i < n && status == MARKET_OK; i++)
		if (rows[i]->no > own->no &&
		    !market__slice_equal(rows[i]->slot, key))
			status = add_move(call, moves, rows[i]);
	return status;
}

static int
compare_moves(const void *left, const void *right)
{
	const market__statement_row_t *const *a = left, *const *b = right;

	return ((*a)->no > (*b)->no) - ((*a)->no < (*b)->no);
}

static bool
same_name(const market__statement_row_t *a, const market__statement_row_t *b)
{
	return a->kind == b->kind &&
	    market__slice_equal(a->issuer, b->issuer) &&
	    market__slice_equal(a->id, b->id);
}

static market_status_t
collect_moves(market__call_t *call, market_slice_t key, moves_t *moves)
{
	const market__statement_row_t **own, **named;
	market__statement_query_t query = { 0 };
	market_status_t status;
	size_t n, n_named, i, k;

	query.by = MARKET__STATEMENT_BY_SLOT;
	query.slot = key;
	status = market__fact_rows(call, &query, &own, &n);
	for (i = 0; i < n && status == MARKET_OK; i++) {
		status = add_move(call, moves, own[i]);
		/* Once for each name: from its first row on. */
		for (k = 0; k < i && !same_name(own[k], own[i]); k++)
			;
		if (status == MARKET_OK && k == i)
			status = add_elsewhere(call, moves, key, own[i]);
	}
	if (status != MARKET_OK)
		return status;
	if (!parse_name(call, key, &query)) {
		/* Want of memory is no other name. */
		if (call->arena.out_of_memory || call->arena.over_budget)
			status = market__call_refused(call, &call->arena);
		return status;
	}
	/* An offer is a listing's, and no statement of the store. */
	if (query.kind == MARKET_KIND_OFFER)
		return MARKET_OK;
	status = market__fact_rows(call, &query, &named, &n_named);
	for (i = 0; i < n_named && status == MARKET_OK; i++)
		status = add_move(call, moves, named[i]);
	return status;
}

market_status_t
market__slot_version(market__call_t *call, market_slice_t key,
    uint64_t *ret_counter, uint8_t *ret_chain)
{
	moves_t moves = { 0 };
	market_status_t status;
	uint64_t counter = 0;
	size_t i;

	status = collect_moves(call, key, &moves);
	if (status != MARKET_OK)
		return status;
	if (moves.n > 0)
		qsort(
		    (void *)moves.v, moves.n, sizeof(*moves.v), compare_moves);
	memset(ret_chain, 0, MARKET_DIGEST_LEN);
	for (i = 0; i < moves.n && status == MARKET_OK; i++) {
		if (i > 0 && moves.v[i]->no == moves.v[i - 1]->no)
			continue;
		counter++;
		status = chain(
		    call, ret_chain, moves.v[i]->no, moves.v[i]->digest);
	}
	*ret_counter = counter;
	return status;
}
