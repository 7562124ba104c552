/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accepted statements. What was accepted is a fact of the past: its envelope
 * is parsed and its signatures are verified again under the trust root of that
 * time, and whatever does not agree is damage. Whether it still is evidence is
 * a question to the root of today, asked only of what gives: what takes away
 * stands though its keys fell.
 */
#include "api/store_evidence.h"
#include "model/slot.h"

market_status_t
market__fact_damaged(market__call_t *call, uint64_t no, const char *what)
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

	/* Those who go through them look at the status second. */
	*ret_n = 0;
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

market_status_t
market__fact_row(
    market__call_t *call, uint64_t no, const market__statement_row_t **ret_row)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t *rows;
	market_status_t status;
	size_t n = 0;

	if (no == 0)
		return MARKET_E_NOT_FOUND;
	query.by = MARKET__STATEMENT_BY_NO;
	query.after = no - 1;
	query.max = 1;
	status = call->ops->statements(
	    call->backend, &query, &call->arena, &rows, &n, call->reterr);
	if (status != MARKET_OK)
		return status;
	if (n == 0 || rows[0].no != no)
		return MARKET_E_NOT_FOUND;
	*ret_row = &rows[0];
	return MARKET_OK;
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

const market__key_set_t *
market__conveys(const market__message_t *message)
{
	switch (message->kind) {
	case MARKET_KIND_SELLER: return message->of.seller.keys;
	case MARKET_KIND_KEY_SET: return message->of.key_set.keys;
	case MARKET_KIND_AUTHORIZATION:
		return message->of.authorization.grantee_keys;
	default: return NULL;
	}
}

const char *
market__conveys_at(const market__message_t *message)
{
	if (market__conveys(message) == NULL)
		return NULL;
	return message->kind == MARKET_KIND_AUTHORIZATION ? "grantee_keys"
							  : "keys";
}

market_slice_t
market__conveys_to(const market__message_t *message)
{
	if (message->kind == MARKET_KIND_SELLER)
		return message->of.seller.seller;
	if (message->kind == MARKET_KIND_AUTHORIZATION &&
	    message->of.authorization.grantee_keys != NULL)
		return message->of.authorization.grantee;
	return market__slice(NULL, 0);
}

static market_status_t
load_keys(market__call_t *call, market__fact_t *fact)
{
	const market__message_t *message = fact->statement->message;
	const char *path = market__conveys_at(message);

	if (path == NULL)
		return MARKET_OK;
	return market__keyset_load(call->context, market__conveys(message),
	    path, &fact->conveyed, call->reterr);
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

	market__text_init(
	    &slot, &call->context->allocator, MARKET__SLOT_KEY_MAX);
	market__slot_of(&slot, fact->statement);
	good = agrees(fact, market__slice(slot.data, slot.len));
	status = slot.status;
	market__text_clear(&slot);
	if (status != MARKET_OK)
		return market__error(call->reterr, status, NULL, -1,
		    "no memory for the name of a slot");
	return good ? MARKET_OK
		    : market__fact_damaged(call, fact->row.no,
			  "its envelope is not the one that was accepted");
}

/* `scratch` has the envelope until it is cleared. */
static market_status_t
parse_envelope(market__call_t *call, const market__statement_row_t *row,
    market__arena_t *scratch, market_slice_t *ret_envelope,
    market_statement_t **ret_statement)
{
	market_status_t status;

	status = call->ops->payload_get(
	    call->backend, row->entry, scratch, ret_envelope, call->reterr);
	if (status == MARKET_E_NOT_FOUND)
		return market__fact_damaged(
		    call, row->no, "its envelope is missing");
	if (status != MARKET_OK)
		return status;
	status = market_statement_parse(call->context, *ret_envelope,
	    MARKET_KINDS_ALL, ret_statement, NULL);
	if (status == MARKET_E_MEMORY)
		return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for a statement");
	return status == MARKET_OK
	    ? status
	    : market__fact_damaged(call, row->no, "its envelope is damaged");
}

static market_status_t
parse_root(market__call_t *call, market__fact_t *fact, market_slice_t envelope)
{
	market_status_t status;

	if (fact->row.kind != (uint32_t)MARKET_KIND_TRUST_ROOT)
		return MARKET_OK;
	status = market_root_parse(call->context, envelope, &fact->root, NULL);
	if (status == MARKET_E_MEMORY)
		return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for a statement");
	return status == MARKET_OK ? status
				   : market__fact_damaged(call, fact->row.no,
					 "its envelope is damaged");
}

static market_status_t
parse(market__call_t *call, market__fact_t *fact)
{
	market_slice_t envelope = { NULL, 0 };
	market__arena_t scratch;
	market_status_t status;

	market__arena_init_small(
	    &scratch, &call->context->allocator, MARKET__CALL_BUDGET);
	status = parse_envelope(
	    call, &fact->row, &scratch, &envelope, &fact->statement);
	fact->cached.size = sizeof(*fact) + envelope.len * 4 + 4096;
	if (status == MARKET_OK)
		status = parse_root(call, fact, envelope);
	market__arena_clear(&scratch);
	return status;
}

market_status_t
market__fact_reread(market__call_t *call, const market__fact_t *fact,
    market_statement_t **ret_statement)
{
	market_statement_t *statement = NULL;
	market_slice_t envelope;
	market__arena_t scratch;
	market_status_t status;

	market__arena_init_small(
	    &scratch, &call->context->allocator, MARKET__CALL_BUDGET);
	status = parse_envelope(
	    call, &fact->row, &scratch, &envelope, &statement);
	market__arena_clear(&scratch);
	if (status != MARKET_OK)
		return status;
	if (memcmp(statement->digest, fact->statement->digest,
		MARKET_DIGEST_LEN) != 0) {
		market_statement_free(statement);
		return market__fact_damaged(call, fact->row.no,
		    "its envelope is not the one that was accepted");
	}
	*ret_statement = statement;
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
	market__arena_init_small(&fact->arena, allocator, MARKET__CALL_BUDGET);
	status = copy_row(call, fact, row);
	if (status == MARKET_OK)
		status = parse(call, fact);
	if (status == MARKET_OK)
		status = check_row(call, fact);
	if (status == MARKET_OK)
		status = load_keys(call, fact);
	if (status == MARKET_OK)
		status = market__fact_ground(call, fact);
	if (status == MARKET_OK)
		status = market__fact_abridge(call, fact);
	if (status != MARKET_OK) {
		free_fact(allocator, &fact->cached);
		return status;
	}
	fact->cached.size += fact->arena.held;
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

bool
market__fact_is_loaded(market__call_t *call, uint64_t no)
{
	market__cached_t *cached;
	uint8_t key[9];

	key[0] = 'F';
	market__put64(key + 1, no);
	cached = market__cache_find(
	    call->cache, market__slice(key, sizeof(key)));
	if (cached != NULL)
		market__cache_unpin(call->cache, cached);
	return cached != NULL;
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
		return market__fact_damaged(
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
	if (n == 0 && call->view == MARKET__VIEW_PAST)
		return market__error(call->reterr, MARKET_E_NOT_FOUND, NULL, -1,
		    "the store was not there yet: nothing was known then");
	if (n == 0)
		return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
		    "the store has no trust root: run market fsck");
	status = market__fact_get(call, rows[n - 1], &fact);
	if (status != MARKET_OK)
		return status;
	if (fact->root == NULL)
		return market__fact_damaged(
		    call, fact->row.no, "it is no trust root");
	call->root = fact;
	*ret_fact = fact;
	return MARKET_OK;
}

market_status_t
market__fact_verified(market__call_t *call, const market__fact_t *fact,
    size_t index, market__arena_t *arena, market__verified_t **ret_verified)
{
	const market__ground_t *ground = &fact->grounds[index];
	market__verified_t *verified, *under = NULL, *keyed = NULL;
	market_status_t status = MARKET_OK;

	if (ground->under != NULL)
		status = market__fact_verified(
		    call, ground->under, 0, arena, &under);
	if (status == MARKET_OK && ground->keyed != NULL)
		status = market__fact_verified(
		    call, ground->keyed, 0, arena, &keyed);
	if (status != MARKET_OK)
		return status;
	verified = market__arena_alloc(arena, sizeof(*verified));
	if (verified == NULL)
		return market__call_refused(call, arena);
	verified->statement = fact->statement;
	verified->seen_at = fact->row.seen_at;
	verified->authority = ground->authority;
	market__stand_under(verified, under);
	verified->keyed = keyed;
	verified->keys = ground->keys;
	verified->signers = ground->signers;
	verified->conveyed = fact->conveyed;
	verified->by_marketplace = ground->by_marketplace;
	verified->kept = fact->marks == NULL ? NULL : fact;
	*ret_verified = verified;
	return MARKET_OK;
}
