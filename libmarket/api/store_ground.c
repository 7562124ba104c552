/* SPDX-License-Identifier: Apache-2.0 */
/*
 * By whose keys a statement was accepted, verified again: under the trust root
 * of that time, and, for what gives, under that of today.
 */
#include "api/store_evidence.h"

#define GROUND_LEN 9

market_status_t
market__grounds_encode(const market__ground_t *grounds, size_t n,
    market__arena_t *arena, market_slice_t *ret_bytes)
{
	uint8_t *bytes = market__arena_array(arena, n + 1, GROUND_LEN);
	size_t i;

	if (bytes == NULL)
		return market__arena_refusal(arena);
	for (i = 0; i < n; i++) {
		bytes[i * GROUND_LEN] = (uint8_t)grounds[i].authority;
		market__put64(bytes + i * GROUND_LEN + 1,
		    grounds[i].under == NULL ? 0 : grounds[i].under->row.no);
	}
	*ret_bytes = market__slice(bytes, n * GROUND_LEN);
	return MARKET_OK;
}

static market_status_t
need(market__call_t *call, market__fact_t *fact, market__fact_t *needed)
{
	size_t more = fact->needs_capacity * 2 + 4;
	market__cached_t **grown;

	if (fact->n_needs == fact->needs_capacity) {
		grown = market__arena_array(&fact->arena, more, sizeof(*grown));
		if (grown == NULL)
			return market__call_refused(call, &fact->arena);
		if (fact->n_needs > 0)
			memcpy((void *)grown, (void *)fact->needs,
			    fact->n_needs * sizeof(*grown));
		fact->needs = grown;
		fact->needs_capacity = more;
	}
	market__cache_pin(&needed->cached);
	fact->needs[fact->n_needs++] = &needed->cached;
	return MARKET_OK;
}

/* The fact of row number `no`. */
static market_status_t
get_by_no(market__call_t *call, uint64_t no, market__fact_t **ret)
{
	const market__statement_row_t *row;
	market_status_t status;

	if (no == 0)
		return market__fact_damaged(
		    call, no, "it is named, and cannot be");
	status = market__fact_row(call, no, &row);
	if (status == MARKET_E_NOT_FOUND)
		return market__fact_damaged(call, no, "it is missing");
	if (status != MARKET_OK)
		return status;
	return market__fact_get(call, row, ret);
}

static market_status_t
count_signers(market__call_t *call, const market__keyset_t *keys,
    const market_statement_t *statement, market__keymask_t *ret_signers,
    bool *ret_enough)
{
	market_status_t status;

	status = market__keyset_signers(keys, statement, ret_signers);
	if (status != MARKET_OK)
		return market__error(call->reterr, status, NULL, -1,
		    "a signature could not be checked");
	*ret_enough = market__keymask_count(*ret_signers) >= keys->threshold;
	return MARKET_OK;
}

/* Verifies with those keys of a party; *ret_good is false where they do not. */
static market_status_t
as_party(market__call_t *call, const market__fact_t *fact,
    const market__fact_t *root, const market__fact_keys_t *keys,
    market__ground_t *ground, bool *ret_good)
{
	const market__trust_root_t *message =
	    &root->statement->message->of.trust_root;
	market__keymask_t signers = 0;
	market_status_t status;

	*ret_good = false;
	if (keys->keys == NULL ||
	    market__admit_role(message, fact->statement, NULL) !=
		MARKET_CODE_NONE)
		return MARKET_OK;
	if (fact->statement->message->kind == MARKET_KIND_KEY_SET)
		status = market__fact_keys_follow(call, root, keys,
		    fact->statement, fact->conveyed, &signers, ret_good);
	else
		status = count_signers(
		    call, keys->keys, fact->statement, &signers, ret_good);
	if (status != MARKET_OK || !*ret_good)
		return status;
	ground->keys = keys->keys;
	ground->keyed = keys->by;
	ground->signers = signers;
	ground->by_marketplace = market__root_marketplace(
	    message, market__header(fact->statement)->issuer);
	return MARKET_OK;
}

/* Under the root of that time, with the keys that the party had then. */
static market_status_t
ground_then(market__call_t *call, market__fact_t *fact,
    market__ground_t *ground, market__fact_t **ret_basis)
{
	market__fact_keys_t keys;
	market__fact_t *basis;
	market_status_t status;
	bool good;

	status = get_by_no(call, fact->row.basis, &basis);
	if (status != MARKET_OK)
		return status;
	/* analyse(scan): get_by_no() has set it, or failed. */
	if (basis->root == NULL)
		return market__fact_damaged(call, fact->row.no,
		    "what it was accepted under is no trust root");
	status = need(call, fact, basis);
	if (status == MARKET_OK)
		status = market__fact_keys(call, basis,
		    market__header(fact->statement)->issuer, fact->row.no,
		    &keys);
	if (status == MARKET_OK)
		status = as_party(call, fact, basis, &keys, ground, &good);
	if (status != MARKET_OK)
		return status;
	if (!good)
		return market__fact_damaged(call, fact->row.no,
		    "its signatures are not those that were accepted");
	*ret_basis = basis;
	return ground->keyed == NULL ? MARKET_OK
				     : need(call, fact, ground->keyed);
}

static market_status_t
ground_by_party(
    market__call_t *call, market__fact_t *fact, market__ground_t *ground)
{
	market__fact_t *current = NULL, *basis = NULL;
	market__fact_keys_t keys;
	market_status_t status;
	uint64_t before;

	status = ground_then(call, fact, ground, &basis);
	if (status == MARKET_OK)
		status = market__fact_root(call, &current);
	/* A key set follows those before it, everything else the last one. */
	before = fact->row.kind == (uint32_t)MARKET_KIND_KEY_SET ? fact->row.no
								 : UINT64_MAX;
	if (status == MARKET_OK)
		status = market__fact_keys(call, current,
		    market__header(fact->statement)->issuer, before, &keys);
	if (status != MARKET_OK)
		return status;
	ground->stands = true;
	/* analyse(scan): ground_then() has set it, or failed. */
	if (current->row.no == basis->row.no && keys.by == ground->keyed)
		return MARKET_OK;
	status = as_party(call, fact, current, &keys, ground, &ground->stands);
	if (status == MARKET_OK && ground->stands)
		status = need(call, fact, current);
	if (status == MARKET_OK && ground->stands && ground->keyed != NULL)
		status = need(call, fact, ground->keyed);
	return status;
}

static market_status_t
ground_by_keys(market__call_t *call, market__fact_t *fact, uint64_t no,
    market__ground_t *ground)
{
	market_status_t status;
	bool enough = false;

	if (no >= fact->row.no)
		return market__fact_damaged(
		    call, fact->row.no, "it stands under what came after it");
	status = get_by_no(call, no, &ground->under);
	if (status != MARKET_OK)
		return status;
	status = need(call, fact, ground->under);
	if (status != MARKET_OK)
		return status;
	ground->keys = ground->under->conveyed;
	if (ground->under->n_grounds > 0)
		ground->stands = ground->under->grounds[0].stands;
	if (ground->keys != NULL)
		status = count_signers(call, ground->keys, fact->statement,
		    &ground->signers, &enough);
	if (status != MARKET_OK)
		return status;
	if (!enough)
		return market__fact_damaged(call, fact->row.no,
		    "its signatures are not those that were accepted");
	return MARKET_OK;
}

/*
 * Each root is verified by the one before it. They are loaded from the first
 * on, so that each finds that: a marketplace runs for years, and a stack ends.
 */
static market_status_t
load_roots(market__call_t *call, uint64_t last)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	market__fact_t *fact;
	market_status_t status;
	size_t n, i;

	if (market__fact_is_loaded(call, last))
		return MARKET_OK;
	query.by = MARKET__STATEMENT_BY_SLOT;
	query.slot = MARKET__LITERAL("root");
	status = market__fact_rows(call, &query, &rows, &n);
	for (i = 0; status == MARKET_OK && i < n && rows[i]->no <= last; i++)
		status = market__fact_get(call, rows[i], &fact);
	return status;
}

/* A root is signed by its own keys, and by those of the root before it. */
static market_status_t
ground_root(market__call_t *call, market__fact_t *fact, uint64_t before,
    market__ground_t *ground)
{
	market__keymask_t signers = 0;
	market__fact_t *earlier;
	market_status_t status;
	bool enough = true;

	ground->keys = fact->root->root_keys;
	ground->signers = fact->root->verified.signers;
	ground->stands = true;
	if (before == 0)
		return MARKET_OK;
	if (before >= fact->row.no)
		return market__fact_damaged(
		    call, fact->row.no, "it follows a root that came after it");
	status = load_roots(call, before);
	if (status == MARKET_OK)
		status = get_by_no(call, before, &earlier);
	/* analyse(scan): get_by_no() has set it, or failed. */
	if (status == MARKET_OK && earlier->root == NULL)
		return market__fact_damaged(
		    call, fact->row.no, "it follows no trust root");
	if (status == MARKET_OK)
		status = count_signers(call, earlier->root->root_keys,
		    fact->statement, &signers, &enough);
	if (status == MARKET_OK &&
	    (!enough ||
		!market__keyset_yields(
		    earlier->root->root_keys, fact->root->root_keys, signers)))
		return market__fact_damaged(call, fact->row.no,
		    "the keys of the root before it did not sign");
	return status;
}

market_status_t
market__fact_ground(market__call_t *call, market__fact_t *fact)
{
	const uint8_t *bytes = fact->row.grounds.ptr;
	market_status_t status = MARKET_OK;
	market__ground_t *ground;
	uint64_t under;
	size_t i, n = fact->row.grounds.len / GROUND_LEN;

	if (n == 0 || n > MARKET__GROUNDS_MAX ||
	    fact->row.grounds.len % GROUND_LEN != 0)
		return market__fact_damaged(
		    call, fact->row.no, "by whose keys is not readable");
	fact->grounds = market__arena_array(
	    &fact->arena, n, sizeof(*fact->grounds));
	if (fact->grounds == NULL)
		return market__call_refused(call, &fact->arena);
	for (i = 0; i < n && status == MARKET_OK; i++) {
		ground = &fact->grounds[i];
		ground->authority = (market__authority_t)bytes[i * GROUND_LEN];
		under = market__get64(bytes + i * GROUND_LEN + 1);
		switch (ground->authority) {
		case MARKET__AUTHORITY_ROOT_KEYS:
			status = fact->root == NULL
			    ? market__fact_damaged(
				  call, fact->row.no, "it is no root")
			    : ground_root(call, fact, under, ground);
			break;
		case MARKET__AUTHORITY_PARTY:
			status = ground_by_party(call, fact, ground);
			break;
		case MARKET__AUTHORITY_SELLER:
		case MARKET__AUTHORITY_GRANT:
			status = ground_by_keys(call, fact, under, ground);
			break;
		default:
			status = market__fact_damaged(call, fact->row.no,
			    "by whose keys is not readable");
		}
		fact->n_grounds = i + 1;
	}
	return status;
}
