/* SPDX-License-Identifier: Apache-2.0 */
/* By whose keys a statement is signed, of those that the store knows. */
#include "api/store_accept.h"

static market_status_t
add_ground(market__candidate_t *c, const market__ground_t *ground)
{
	size_t more = c->grounds_capacity * 2 + 4;
	market__ground_t *grown;

	if (c->n_grounds == MARKET__GROUNDS_MAX)
		return MARKET_OK;
	if (c->n_grounds == c->grounds_capacity) {
		grown = market__arena_array(
		    &c->call->arena, more, sizeof(*grown));
		if (grown == NULL)
			return market__call_refused(c->call, &c->call->arena);
		if (c->n_grounds > 0)
			memcpy(
			    grown, c->grounds, c->n_grounds * sizeof(*grown));
		c->grounds = grown;
		c->grounds_capacity = more;
	}
	c->grounds[c->n_grounds++] = *ground;
	return MARKET_OK;
}

/* Adds a ground where the threshold of the keys signed. */
static market_status_t
try_keys(market__candidate_t *c, const market__keyset_t *keys,
    market__authority_t authority, market__fact_t *under, unsigned *ret_signed)
{
	market__ground_t ground = { 0 };
	market_status_t status;

	status = market__keyset_signers(keys, c->statement, &ground.signers);
	if (status != MARKET_OK)
		return market__error(c->call->reterr, status, NULL, -1,
		    "a signature could not be checked");
	*ret_signed = market__keymask_count(ground.signers);
	if (*ret_signed < keys->threshold)
		return MARKET_OK;
	ground.authority = authority;
	ground.under = under;
	ground.keys = keys;
	ground.stands = true;
	return add_ground(c, &ground);
}

static bool
is_marketplace(const market__candidate_t *c)
{
	return market__root_marketplace(
	    &c->root->statement->message->of.trust_root,
	    market__header(c->statement)->issuer);
}

/* With the keys that the party has now. */
static market_status_t
try_party(market__candidate_t *c, const market__fact_keys_t *keys,
    unsigned *ret_signed)
{
	size_t before = c->n_grounds;
	market_status_t status;

	status = try_keys(
	    c, keys->keys, MARKET__AUTHORITY_PARTY, NULL, ret_signed);
	if (status == MARKET_OK && c->n_grounds > before) {
		c->grounds[before].keyed = keys->by;
		c->grounds[before].by_marketplace = is_marketplace(c);
	}
	return status;
}

static market_status_t
party_keys(const market__candidate_t *c, market__fact_keys_t *ret_keys)
{
	return market__fact_keys(c->call, c->root,
	    market__header(c->statement)->issuer, UINT64_MAX, ret_keys);
}

static market_status_t
as_party(market__candidate_t *c)
{
	const market__trust_root_t *root =
	    &c->root->statement->message->of.trust_root;
	market__fact_keys_t keys;
	unsigned n_signed = 0;
	market__text_t text;
	market_status_t status;
	market_code_t code;

	market__text_init(&text, &c->call->context->allocator, 1 << 16);
	code = market__admit_role(root, c->statement, &text);
	status = text.status;
	if (status == MARKET_OK && code != MARKET_CODE_NONE)
		status = market__candidate_refuse(c, code, "%s", text.data);
	market__text_clear(&text);
	if (status != MARKET_OK || code != MARKET_CODE_NONE)
		return status;
	status = party_keys(c, &keys);
	if (status == MARKET_OK)
		status = try_party(c, &keys, &n_signed);
	if (status != MARKET_OK || c->n_grounds > 0)
		return status;
	return market__candidate_refuse(c,
	    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
	    "%u of its issuer's keys signed, and %u must sign", n_signed,
	    keys.keys->threshold);
}

/*
 * The next key set of a party. The highest revision that is here was accepted
 * under some root; where none of them counts under this one (the marketplace
 * gave the party other keys) the next may leave some out, but not run away.
 */
#define KEY_SET_LEAP 256

static market_status_t
as_key_set(market__candidate_t *c, uint64_t head)
{
	uint64_t own = market__header(c->statement)->revision;
	market__ground_t ground = { 0 };
	market__keyset_t *next = NULL;
	market__fact_keys_t keys;
	market_status_t status;
	bool follows = false;

	status = party_keys(c, &keys);
	if (status != MARKET_OK)
		return status;
	if (keys.keys == NULL)
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_ISSUER_UNKNOWN,
		    "its issuer is no party of the trust root");
	if (own - head > (keys.by != NULL ? 1 : KEY_SET_LEAP)) {
		c->ret->later = true;
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_NO_STANDING,
		    "revision %llu cannot follow revision %llu: the steps "
		    "between come first",
		    (unsigned long long)own, (unsigned long long)head);
	}
	status = market__keyset_load(c->call->context,
	    c->statement->message->of.key_set.keys, "keys", &next, NULL);
	if (status == MARKET_OK)
		status = market__fact_keys_follow(c->call, c->root, &keys,
		    c->statement, next, &ground.signers, &follows);
	else if (status != MARKET_E_MEMORY && status != MARKET_E_INTERNAL)
		status = MARKET_OK; /* its keys are told by the caller */
	market__keyset_free(next);
	if (status != MARKET_OK)
		return status;
	if (!follows)
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
		    "a key set is signed by the thresholds of the party's keys "
		    "before it and of its own, which are no other party's and "
		    "go by one id: this one is not");
	ground.authority = MARKET__AUTHORITY_PARTY;
	ground.keyed = keys.by;
	ground.keys = keys.keys;
	ground.stands = true;
	ground.by_marketplace = is_marketplace(c);
	return add_ground(c, &ground);
}

/* Two key sets of one revision: the one that was here first stays. */
static market_status_t
check_key_set(market__candidate_t *c)
{
	const market__header_t *header = market__header(c->statement);
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	market_status_t status;
	uint64_t head = 0;
	size_t n, i;

	query.by = MARKET__STATEMENT_BY_SLOT;
	status = market__slot_keys(c->call, header->issuer, &query.slot);
	if (status == MARKET_OK)
		status = market__fact_rows(c->call, &query, &rows, &n);
	for (i = 0; status == MARKET_OK && i < n; i++) {
		if (rows[i]->revision > head)
			head = rows[i]->revision;
		if (memcmp(rows[i]->digest, c->statement->digest,
			MARKET_DIGEST_LEN) == 0) {
			c->ret->result = MARKET_RESULT_DUPLICATE;
			return MARKET_OK;
		}
	}
	if (status != MARKET_OK)
		return status;
	if (header->revision < head) {
		status = market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_STALE_REVISION,
		    "revision %llu, and %llu is here",
		    (unsigned long long)header->revision,
		    (unsigned long long)head);
		c->ret->result = MARKET_RESULT_STALE;
		return status;
	}
	if (header->revision == head)
		return market__candidate_refuse(c, MARKET_CODE_STATEMENT_FORK,
		    "another key set of revision %llu is here, and stays",
		    (unsigned long long)head);
	return as_key_set(c, head);
}

/* Is it a grant of that brand to the issuer? */
static bool
is_parent(const market__fact_t *fact, const market_statement_t *child)
{
	const market__message_t *parent = fact->statement->message;

	return parent->kind == MARKET_KIND_AUTHORIZATION &&
	    fact->grounds[0].stands &&
	    market__slice_equal(parent->of.authorization.brand,
		child->message->of.authorization.brand) &&
	    market__slice_equal(parent->of.authorization.grantee,
		market__header(child)->issuer);
}

static market_status_t
as_grantee(market__candidate_t *c)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	market__fact_t *under = NULL, *fact;
	market_status_t status;
	unsigned n_signed = 0;
	size_t n, i;

	query.by = MARKET__STATEMENT_BY_DIGEST;
	query.digest = c->statement->message->of.authorization.parent_digest;
	status = market__fact_rows(c->call, &query, &rows, &n);
	for (i = 0; i < n && status == MARKET_OK && under == NULL; i++) {
		status = market__fact_get(c->call, rows[i], &fact);
		if (status == MARKET_OK && is_parent(fact, c->statement))
			under = fact;
	}
	if (status != MARKET_OK)
		return status;
	if (under == NULL) {
		c->ret->later = true;
		return market__candidate_refuse(c,
		    MARKET_CODE_AUTHORIZATION_CHAIN_BROKEN,
		    "the parent that it pins is no grant to its issuer that "
		    "is here: add that first");
	}
	if (under->conveyed == NULL)
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
		    "its parent names no keys of the grantee, so nothing can "
		    "be granted beneath it");
	status = try_keys(
	    c, under->conveyed, MARKET__AUTHORITY_GRANT, under, &n_signed);
	if (status != MARKET_OK || c->n_grounds > 0)
		return status;
	return market__candidate_refuse(c,
	    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
	    "%u of the keys that its parent names signed, and %u must sign",
	    n_signed, under->conveyed->threshold);
}

/* By the keys that statements of that kind name for the issuer. */
static market_status_t
as_subject(market__candidate_t *c, market_kind_t kind,
    market__authority_t authority, bool *known)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	market_status_t status;
	market__fact_t *fact;
	unsigned n_signed;
	size_t n, i;

	query.by = MARKET__STATEMENT_BY_SUBJECT;
	query.kind = (uint32_t)kind;
	query.subject = market__header(c->statement)->issuer;
	status = market__fact_rows(c->call, &query, &rows, &n);
	for (i = 0; i < n && status == MARKET_OK; i++) {
		status = market__fact_get(c->call, rows[i], &fact);
		if (status != MARKET_OK || fact->conveyed == NULL)
			continue;
		*known = true;
		status = try_keys(
		    c, fact->conveyed, authority, fact, &n_signed);
	}
	return status;
}

/* Signed as a party of the root, as a seller, or as a grantee. */
static market_status_t
as_whoever(market__candidate_t *c)
{
	market__fact_keys_t keys;
	market_status_t status = party_keys(c, &keys);
	bool known = keys.keys != NULL;
	unsigned n_signed;

	if (status == MARKET_OK && keys.keys != NULL)
		status = try_party(c, &keys, &n_signed);
	if (status == MARKET_OK)
		status = as_subject(
		    c, MARKET_KIND_SELLER, MARKET__AUTHORITY_SELLER, &known);
	if (status == MARKET_OK)
		status = as_subject(c, MARKET_KIND_AUTHORIZATION,
		    MARKET__AUTHORITY_GRANT, &known);
	if (status != MARKET_OK || c->n_grounds > 0)
		return status;
	c->ret->later = true;
	if (!known)
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_ISSUER_UNKNOWN,
		    "its issuer is no party of the trust root, no verified "
		    "seller and no grantee");
	return market__candidate_refuse(c,
	    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
	    "fewer of its issuer's keys than the threshold signed");
}

/* By its own root keys, and by those of the root that rules. */
static market_status_t
by_both_keys(market__candidate_t *c)
{
	const market__fact_t *current = c->root;
	market_error_t error = MARKET_ERROR_INIT;
	market_root_t *root = NULL;
	market_slice_t envelope;
	unsigned n_signed = 0;
	market_status_t status;

	status = market__call_envelope(c->call, c->statement, &envelope);
	if (status != MARKET_OK)
		return status;
	status = market_root_parse(c->call->context, envelope, &root, &error);
	market_root_free(root);
	if (status == MARKET_E_MEMORY)
		return market__error(c->call->reterr, status, NULL, -1,
		    "no memory for a trust root");
	if (status != MARKET_OK)
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_SIGNATURE_INVALID, "%s",
		    error.message);
	status = try_keys(c, current->root->root_keys,
	    MARKET__AUTHORITY_ROOT_KEYS, NULL, &n_signed);
	if (status != MARKET_OK)
		return status;
	if (c->n_grounds == 0)
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
		    "%u of the root keys of revision %llu signed, and %u must "
		    "sign, beside its own",
		    n_signed,
		    (unsigned long long)market__header(current->statement)
			->revision,
		    current->root->root_keys->threshold);
	c->grounds[0].under = c->root;
	return MARKET_OK;
}

/* A root follows the one before it, signed by the keys of both. */
static market_status_t
as_root(market__candidate_t *c)
{
	const market__header_t *own = market__header(c->statement);
	const market__header_t *current = market__header(c->root->statement);

	if (!market__slice_equal(own->issuer, current->issuer) ||
	    !market__slice_equal(own->id, current->id))
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_NO_STANDING,
		    "this store stands on another trust root");
	if (own->revision > current->revision + 1) {
		c->ret->later = true;
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_NO_STANDING,
		    "revision %llu cannot follow revision %llu: the steps "
		    "between come first",
		    (unsigned long long)own->revision,
		    (unsigned long long)current->revision);
	}
	return by_both_keys(c);
}

/* A key that cannot be one makes the statement say nothing. */
static market_status_t
check_conveyed(market__candidate_t *c)
{
	const market__message_t *message = c->statement->message;
	const char *path = market__conveys_at(message);
	market_error_t error = MARKET_ERROR_INIT;
	market__keyset_t *keys = NULL;
	market_status_t status;

	if (path == NULL)
		return MARKET_OK;
	status = market__keyset_load(
	    c->call->context, market__conveys(message), path, &keys, &error);
	market__keyset_free(keys);
	if (status == MARKET_OK)
		return MARKET_OK;
	if (status == MARKET_E_MEMORY || status == MARKET_E_INTERNAL)
		return market__error(c->call->reterr, status, NULL, -1,
		    "a key could not be loaded");
	return market__candidate_refuse(c, MARKET_CODE_STATEMENT_MALFORMED,
	    "%s: %s", error.path, error.message);
}

static market_status_t
by_kind(market__candidate_t *c)
{
	const market__message_t *message = c->statement->message;

	switch (message->kind) {
	case MARKET_KIND_TRUST_ROOT: return as_root(c);
	case MARKET_KIND_WITHDRAWAL:
	case MARKET_KIND_STATUS: return as_whoever(c);
	case MARKET_KIND_AUTHORIZATION:
		if (message->of.authorization.parent_digest.len > 0)
			return as_grantee(c);
		return as_party(c);
	case MARKET_KIND_POLICY:
	case MARKET_KIND_SELLER:
	case MARKET_KIND_PRODUCT:
	case MARKET_KIND_NETWORK:
	case MARKET_KIND_DISAVOWAL:
	case MARKET_KIND_CERTIFICATION:
	case MARKET_KIND_HOLD: return as_party(c);
	case MARKET_KIND_KEY_SET: return check_key_set(c);
	case MARKET_KIND_OFFER:
	case MARKET_KIND_FEED:
	case MARKET_KIND_NONE: break;
	}
	return market__candidate_refuse(c,
	    MARKET_CODE_STATEMENT_KIND_UNEXPECTED,
	    "a %s statement is not added%s", market_kind_name(message->kind),
	    message->kind == MARKET_KIND_OFFER ? ": submit it" : "");
}

market_status_t
market__candidate_ground(market__candidate_t *c)
{
	market_status_t status = by_kind(c);

	if (status == MARKET_OK && c->n_grounds > 0)
		status = check_conveyed(c);
	return status;
}
