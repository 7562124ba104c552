/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accepted statements. What was accepted is a fact of the past: its envelope
 * is parsed and its signatures are verified again under the trust root of that
 * time, and whatever does not agree is damage. Whether it still is evidence is
 * a question to the root of today, asked only of what gives: what takes away
 * stands though its keys fell.
 */
#include "api/store.h"
#include "model/slot.h"

static market_status_t
damaged(market__call_t *call, uint64_t no, const char *what)
{
	return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
	    "statement %llu: %s; run market fsck", (unsigned long long)no,
	    what);
}

/* ---- rows ---- */

market_status_t
market__fact_rows(market__call_t *call, market__statement_query_t *query,
    const market__statement_row_t ***ret_rows, size_t *ret_n)
{
	const market__statement_row_t *page, **rows = NULL, **grown;
	size_t n = 0, capacity = 0, n_page, i;
	market_status_t status;

	query->after = 0;
	query->max = 256;
	do {
		status = call->ops->statements(call->backend, query,
		    &call->arena, &page, &n_page, call->reterr);
		if (status != MARKET_OK)
			return status;
		if (n + n_page > capacity || rows == NULL) {
			capacity = (n + n_page) * 2 + 4;
			grown = market__arena_array(
			    &call->arena, capacity, sizeof(*grown));
			if (grown == NULL)
				return market__call_refused(call, &call->arena);
			if (n > 0)
				memcpy((void *)grown, (void *)rows,
				    n * sizeof(*grown));
			rows = grown;
		}
		for (i = 0; i < n_page; i++) {
			query->after = page[i].no;
			if (page[i].entry <= call->as_of)
				rows[n++] = &page[i];
		}
	} while (n_page == query->max);
	*ret_rows = rows;
	*ret_n = n;
	return MARKET_OK;
}

/* ---- grounds ---- */

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
	market__statement_query_t query = { 0 };
	const market__statement_row_t *rows;
	market_status_t status;
	size_t n = 0;

	if (no == 0)
		return damaged(call, no, "it is named, and cannot be");
	query.by = MARKET__STATEMENT_BY_NO;
	query.after = no - 1;
	query.max = 1;
	status = call->ops->statements(
	    call->backend, &query, &call->arena, &rows, &n, call->reterr);
	if (status != MARKET_OK)
		return status;
	if (n == 0 || rows[0].no != no)
		return damaged(call, no, "it is missing");
	return market__fact_get(call, &rows[0], ret);
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

/* Verifies as a party of that root; *ret_good is false where it is none. */
static market_status_t
as_party(market__call_t *call, const market__fact_t *fact,
    const market__fact_t *root, market__ground_t *ground, bool *ret_good)
{
	const market__trust_root_t *message =
	    &root->statement->message->of.trust_root;
	market_slice_t issuer = market__header(fact->statement)->issuer;
	const market__keyset_t *keys = market__root_keys_of(root->root, issuer);
	market__keymask_t signers = 0;
	market_status_t status;

	*ret_good = false;
	if (keys == NULL ||
	    market__admit_role(message, fact->statement, NULL) !=
		MARKET_CODE_NONE)
		return MARKET_OK;
	status = count_signers(call, keys, fact->statement, &signers, ret_good);
	if (status != MARKET_OK || !*ret_good)
		return status;
	ground->keys = keys;
	ground->signers = signers;
	ground->by_marketplace = market__root_marketplace(message, issuer);
	return MARKET_OK;
}

static market_status_t
ground_by_party(
    market__call_t *call, market__fact_t *fact, market__ground_t *ground)
{
	market__fact_t *current;
	market__fact_t *basis;
	market_status_t status;
	bool good;

	status = get_by_no(call, fact->row.basis, &basis);
	if (status != MARKET_OK)
		return status;
	if (basis->root == NULL)
		return damaged(call, fact->row.no,
		    "what it was accepted under is no trust root");
	status = need(call, fact, basis);
	if (status == MARKET_OK)
		status = as_party(call, fact, basis, ground, &good);
	if (status != MARKET_OK)
		return status;
	if (!good)
		return damaged(call, fact->row.no,
		    "its signatures are not those that were accepted");
	status = market__fact_root(call, &current);
	if (status != MARKET_OK)
		return status;
	ground->stands = true;
	if (current->row.no == basis->row.no)
		return MARKET_OK;
	status = as_party(call, fact, current, ground, &ground->stands);
	if (status == MARKET_OK && ground->stands)
		status = need(call, fact, current);
	return status;
}

static market_status_t
ground_by_keys(market__call_t *call, market__fact_t *fact, uint64_t no,
    market__ground_t *ground)
{
	market_status_t status;
	bool enough = false;

	if (no >= fact->row.no)
		return damaged(
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
		return damaged(call, fact->row.no,
		    "its signatures are not those that were accepted");
	return MARKET_OK;
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
		return damaged(
		    call, fact->row.no, "it follows a root that came after it");
	status = get_by_no(call, before, &earlier);
	if (status == MARKET_OK && earlier->root == NULL)
		return damaged(call, fact->row.no, "it follows no trust root");
	if (status == MARKET_OK)
		status = count_signers(call, earlier->root->root_keys,
		    fact->statement, &signers, &enough);
	if (status == MARKET_OK && !enough)
		return damaged(call, fact->row.no,
		    "the keys of the root before it did not sign");
	return status;
}

static market_status_t
load_grounds(market__call_t *call, market__fact_t *fact)
{
	const uint8_t *bytes = fact->row.grounds.ptr;
	market_status_t status = MARKET_OK;
	market__ground_t *ground;
	uint64_t under;
	size_t i, n = fact->row.grounds.len / GROUND_LEN;

	if (n == 0 || n > MARKET__GROUNDS_MAX ||
	    fact->row.grounds.len % GROUND_LEN != 0)
		return damaged(
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
			    ? damaged(call, fact->row.no, "it is no root")
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
			status = damaged(call, fact->row.no,
			    "by whose keys is not readable");
		}
		fact->n_grounds = i + 1;
	}
	return status;
}

/* ---- facts ---- */

static void
free_fact(const market_allocator_t *allocator, market__cached_t *cached)
{
	market__fact_t *fact = (market__fact_t *)(void *)cached;
	size_t i;

	for (i = 0; i < fact->n_needs; i++)
		market__cache_unpin(fact->cache, fact->needs[i]);
	market__keyset_free(fact->conveyed);
	market_root_free(fact->root);
	market_statement_free(fact->statement);
	market__arena_clear(&fact->arena);
	market__free(allocator, fact);
}

static market_status_t
load_keys(market__call_t *call, market__fact_t *fact)
{
	const market__message_t *message = fact->statement->message;
	const market__key_set_t *keys = NULL;

	if (message->kind == MARKET_KIND_SELLER)
		keys = message->of.seller.keys;
	else if (message->kind == MARKET_KIND_AUTHORIZATION)
		keys = message->of.authorization.grantee_keys;
	if (keys == NULL)
		return MARKET_OK;
	return market__keyset_load(
	    call->context, keys, "keys", &fact->conveyed, call->reterr);
}

/* Does the statement say what its row says of it? */
static bool
agrees(const market__fact_t *fact, market_slice_t slot)
{
	const market__statement_row_t *row = &fact->row;
	const market__header_t *header = market__header(fact->statement);

	return memcmp(fact->statement->digest, row->digest,
		   MARKET_DIGEST_LEN) == 0 &&
	    (uint32_t)fact->statement->message->kind == row->kind &&
	    market__slice_equal(header->issuer, row->issuer) &&
	    market__slice_equal(header->id, row->id) &&
	    header->revision == row->revision &&
	    market__slice_equal(slot, row->slot);
}

static market_status_t
check_row(market__call_t *call, const market__fact_t *fact)
{
	market_status_t status;
	market__text_t slot;
	bool good;

	market__text_init(&slot, &call->context->allocator, 16384);
	market__slot_of(&slot, fact->statement);
	good = agrees(fact, market__slice(slot.data, slot.len));
	status = slot.status;
	market__text_clear(&slot);
	if (status != MARKET_OK)
		return market__error(call->reterr, status, NULL, -1,
		    "no memory for the name of a slot");
	return good ? MARKET_OK
		    : damaged(call, fact->row.no,
			  "its envelope is not the one that was accepted");
}

static market_status_t
parse_envelope(market__call_t *call, market__fact_t *fact)
{
	market_slice_t envelope;
	market_status_t status;

	status = call->ops->payload_get(call->backend, fact->row.entry,
	    &call->arena, &envelope, call->reterr);
	if (status == MARKET_E_NOT_FOUND)
		return damaged(call, fact->row.no, "its envelope is missing");
	if (status != MARKET_OK)
		return status;
	fact->cached.size = sizeof(*fact) + envelope.len * 4 + 4096;
	status = market_statement_parse(
	    call->context, envelope, MARKET_KINDS_ALL, &fact->statement, NULL);
	if (status == MARKET_OK &&
	    fact->row.kind == (uint32_t)MARKET_KIND_TRUST_ROOT)
		status = market_root_parse(
		    call->context, envelope, &fact->root, NULL);
	if (status == MARKET_E_MEMORY)
		return market__error(call->reterr, status, NULL, -1,
		    "no memory for a statement");
	if (status != MARKET_OK)
		return damaged(call, fact->row.no, "its envelope is damaged");
	return MARKET_OK;
}

static market_status_t
copy_row(market__call_t *call, market__fact_t *fact,
    const market__statement_row_t *row)
{
	fact->row = *row;
	fact->row.slot = market__arena_copy(&fact->arena, row->slot);
	fact->row.issuer = market__arena_copy(&fact->arena, row->issuer);
	fact->row.id = market__arena_copy(&fact->arena, row->id);
	fact->row.subject = market__arena_copy(&fact->arena, row->subject);
	fact->row.grounds = market__arena_copy(&fact->arena, row->grounds);
	if (fact->row.slot.ptr == NULL || fact->row.issuer.ptr == NULL ||
	    fact->row.id.ptr == NULL || fact->row.subject.ptr == NULL ||
	    fact->row.grounds.ptr == NULL)
		return market__call_refused(call, &fact->arena);
	return MARKET_OK;
}

static market_status_t
load(market__call_t *call, const market__statement_row_t *row,
    market__fact_t **ret_fact)
{
	const market_allocator_t *allocator = &call->context->allocator;
	market__fact_t *fact = market__alloc(allocator, sizeof(*fact));
	market_status_t status;

	if (fact == NULL)
		return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for a statement");
	fact->cached.free = free_fact;
	fact->cache = call->cache;
	market__arena_init(&fact->arena, allocator, MARKET__CALL_BUDGET);
	status = copy_row(call, fact, row);
	if (status == MARKET_OK)
		status = parse_envelope(call, fact);
	if (status == MARKET_OK)
		status = check_row(call, fact);
	if (status == MARKET_OK)
		status = load_keys(call, fact);
	if (status == MARKET_OK)
		status = load_grounds(call, fact);
	if (status != MARKET_OK) {
		free_fact(allocator, &fact->cached);
		return status;
	}
	/* A decoded key takes some 4 KiB, most of them OpenSSL's. */
	if (fact->conveyed != NULL)
		fact->cached.size += fact->conveyed->n_keys * 4096;
	*ret_fact = fact;
	return MARKET_OK;
}

static bool
same_row(const market__statement_row_t *a, const market__statement_row_t *b)
{
	return a->no == b->no && a->entry == b->entry && a->basis == b->basis &&
	    a->seen_at == b->seen_at &&
	    memcmp(a->digest, b->digest, MARKET_DIGEST_LEN) == 0 &&
	    market__slice_equal(a->slot, b->slot) &&
	    market__slice_equal(a->grounds, b->grounds);
}

market_status_t
market__fact_get(market__call_t *call, const market__statement_row_t *row,
    market__fact_t **ret_fact)
{
	uint8_t key[9];
	market__fact_t *fact;
	market_status_t status;

	key[0] = 'F';
	market__put64(key + 1, row->no);
	fact = (market__fact_t *)(void *)market__cache_find(
	    call->cache, market__slice(key, sizeof(key)));
	if (fact == NULL) {
		status = load(call, row, &fact);
		if (status != MARKET_OK)
			return status;
		market__cache_put(call->cache, market__slice(key, sizeof(key)),
		    &fact->cached);
	}
	status = market__call_keep(call, &fact->cached);
	if (status != MARKET_OK)
		return status;
	if (!same_row(&fact->row, row))
		return damaged(
		    call, row->no, "its row is not the one that was accepted");
	*ret_fact = fact;
	return MARKET_OK;
}

market_status_t
market__fact_root(market__call_t *call, market__fact_t **ret_fact)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	market__fact_t *fact;
	market_status_t status;
	size_t n;

	if (call->root != NULL) {
		*ret_fact = call->root;
		return MARKET_OK;
	}
	query.by = MARKET__STATEMENT_BY_SLOT;
	query.slot = MARKET__LITERAL("root");
	status = market__fact_rows(call, &query, &rows, &n);
	if (status != MARKET_OK)
		return status;
	if (n == 0)
		return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
		    "the store has no trust root: run market fsck");
	status = market__fact_get(call, rows[n - 1], &fact);
	if (status != MARKET_OK)
		return status;
	if (fact->root == NULL)
		return damaged(call, fact->row.no, "it is no trust root");
	call->root = fact;
	*ret_fact = fact;
	return MARKET_OK;
}

market_status_t
market__fact_verified(market__call_t *call, const market__fact_t *fact,
    size_t index, market__arena_t *arena, market__verified_t **ret_verified)
{
	const market__ground_t *ground = &fact->grounds[index];
	market__verified_t *verified, *under = NULL;
	market_status_t status;

	if (ground->under != NULL) {
		status = market__fact_verified(
		    call, ground->under, 0, arena, &under);
		if (status != MARKET_OK)
			return status;
	}
	verified = market__arena_alloc(arena, sizeof(*verified));
	if (verified == NULL)
		return market__call_refused(call, arena);
	verified->statement = fact->statement;
	verified->seen_at = fact->row.seen_at;
	verified->authority = ground->authority;
	verified->under = under;
	verified->keys = ground->keys;
	verified->signers = ground->signers;
	verified->conveyed = fact->conveyed;
	verified->by_marketplace = ground->by_marketplace;
	*ret_verified = verified;
	return MARKET_OK;
}
