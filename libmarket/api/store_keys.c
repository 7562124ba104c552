/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys of the root's parties: those that the root names, and behind them
 * the party's own key sets, each signed by the keys before it and by its own
 * (the rule for roots, TUF 1.0, 5.3, one level below). They start anew from
 * whatever root rules.
 */
#include "api/root.h"
#include "api/store_evidence.h"
#include "model/slot.h"

market_status_t
market__slot_keys(
    market__call_t *call, market_slice_t party, market_slice_t *ret_key)
{
	market_status_t status;
	market__text_t text;

	market__text_init(&text, &call->context->allocator, 16384);
	market__slot_key(&text, "keys", &party, 1);
	status = text.status;
	if (status == MARKET_OK)
		*ret_key = market__arena_copy(
		    &call->arena, market__slice(text.data, text.len));
	market__text_clear(&text);
	if (status != MARKET_OK || ret_key->ptr == NULL)
		return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for the name of a slot");
	return MARKET_OK;
}

market_status_t
market__fact_keys_follow(market__call_t *call, const market__fact_t *root,
    const market__fact_keys_t *before, const market_statement_t *statement,
    const market__keyset_t *own, market__keymask_t *ret_signers,
    bool *ret_follows)
{
	const market__header_t *header = market__header(statement);
	const market__header_t *last;
	market_status_t status;
	size_t shared;

	*ret_follows = false;
	if (before->by != NULL) {
		last = market__header(before->by->statement);
		if (header->revision != last->revision + 1 ||
		    !market__slice_equal(header->id, last->id))
			return MARKET_OK;
	}
	if (market__root_key_taken(root->root, header->issuer, own, &shared))
		return MARKET_OK;
	status = market__keyset_follows(
	    before->keys, own, statement, ret_signers, ret_follows);
	if (status != MARKET_OK)
		return market__error(call->reterr, status, NULL, -1,
		    "a signature could not be checked");
	return MARKET_OK;
}

/* One key set more; each of them knows already whether it stands today. */
static market_status_t
step(market__call_t *call, const market__fact_t *root, bool today,
    market__fact_t *fact, market__fact_keys_t *keys)
{
	market__keymask_t signers;
	market_status_t status;
	bool follows;

	if (fact->conveyed == NULL || fact->n_grounds == 0)
		return market__fact_damaged(
		    call, fact->row.no, "it is no key set");
	if (today) {
		follows = fact->grounds[0].stands;
	} else if (fact->row.basis == root->row.no) {
		/* It was accepted because it does, which loading has seen. */
		follows = true;
	} else {
		status = market__fact_keys_follow(call, root, keys,
		    fact->statement, fact->conveyed, &signers, &follows);
		if (status != MARKET_OK)
			return status;
	}
	if (follows) {
		keys->by = fact;
		keys->keys = fact->conveyed;
		keys->n++;
	}
	return MARKET_OK;
}

/*
 * How far a loop below has come. Loading the next key set asks for the keys
 * before it, and would begin at the first one again.
 */
struct market__keys_so_far {
	market_slice_t party;
	uint64_t root, before;
	market__fact_keys_t keys;
	const struct market__keys_so_far *outer;
};

static bool
known_so_far(const market__call_t *call, const market__fact_t *root,
    market_slice_t party, uint64_t before, market__fact_keys_t *ret_keys)
{
	const struct market__keys_so_far *so_far;

	for (so_far = call->keys_so_far; so_far != NULL;
	     so_far = so_far->outer) {
		if (so_far->root != root->row.no || so_far->before != before ||
		    !market__slice_equal(so_far->party, party))
			continue;
		*ret_keys = so_far->keys;
		return true;
	}
	return false;
}

/* One after the other, so that each finds those before it loaded. */
static market_status_t
go_through(market__call_t *call, market__fact_t *root, bool today,
    const market__statement_row_t **rows, size_t n,
    struct market__keys_so_far *so_far)
{
	market_status_t status = MARKET_OK;
	market__fact_t *fact;
	size_t i;

	so_far->root = root->row.no;
	so_far->outer = call->keys_so_far;
	call->keys_so_far = so_far;
	for (i = 0; status == MARKET_OK && i < n; i++) {
		so_far->before = rows[i]->no;
		status = market__fact_get(call, rows[i], &fact);
		if (status == MARKET_OK)
			status = step(call, root, today, fact, &so_far->keys);
	}
	call->keys_so_far = so_far->outer;
	return status;
}

market_status_t
market__fact_keys(market__call_t *call, market__fact_t *root,
    market_slice_t party, uint64_t before, market__fact_keys_t *ret_keys)
{
	struct market__keys_so_far so_far = { 0 };
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	market__fact_t *current = NULL;
	market_status_t status;
	size_t n, end = 0;

	so_far.party = party;
	so_far.keys.keys = market__root_keys_of(root->root, party);
	*ret_keys = so_far.keys;
	if (so_far.keys.keys == NULL ||
	    known_so_far(call, root, party, before, ret_keys))
		return MARKET_OK;
	status = market__slot_keys(call, party, &query.slot);
	if (status != MARKET_OK)
		return status;
	query.by = MARKET__STATEMENT_BY_SLOT;
	status = market__fact_rows(call, &query, &rows, &n);
	if (status == MARKET_OK && n > 0)
		status = market__fact_root(call, &current);
	while (status == MARKET_OK && end < n && rows[end]->no < before)
		end++;
	if (status == MARKET_OK && end > 0)
		status = go_through(call, root, current->row.no == root->row.no,
		    rows, end, &so_far);
	*ret_keys = so_far.keys;
	return status;
}
