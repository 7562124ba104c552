/* SPDX-License-Identifier: Apache-2.0 */
/* By whose keys a statement is signed, of those that the store knows. */
#include "api/store_accept.h"

market_status_t
market__candidate_add_ground(
    market__candidate_t *c, const market__ground_t *ground)
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
market_status_t
market__candidate_try_keys(market__candidate_t *c, const market__keyset_t *keys,
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
	return market__candidate_add_ground(c, &ground);
}

bool
market__candidate_is_marketplace(const market__candidate_t *c)
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

	status = market__candidate_try_keys(
	    c, keys->keys, MARKET__AUTHORITY_PARTY, NULL, ret_signed);
	if (status == MARKET_OK && c->n_grounds > before) {
		c->grounds[before].keyed = keys->by;
		c->grounds[before].by_marketplace =
		    market__candidate_is_marketplace(c);
	}
	return status;
}

market_status_t
market__candidate_party_keys(
    const market__candidate_t *c, market__fact_keys_t *ret_keys)
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
	c->ret->rekey = code != MARKET_CODE_NONE;
	if (status != MARKET_OK || code != MARKET_CODE_NONE)
		return status;
	status = market__candidate_party_keys(c, &keys);
	if (status == MARKET_OK)
		status = try_party(c, &keys, &n_signed);
	if (status != MARKET_OK || c->n_grounds > 0)
		return status;
	c->ret->rekey = true;
	return market__candidate_refuse(c,
	    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
	    "%u of its issuer's keys signed, and %u must sign", n_signed,
	    keys.keys->threshold);
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

/*
 * Twice as many as may ever be judged: whoever is refused more had no use for
 * them, and a chain is loaded from its end.
 */
#define LINKS_MAX 16

static unsigned
links_of(const market__fact_t *grant)
{
	unsigned n = 0;

	for (; grant != NULL; grant = grant->grounds[0].under)
		n++;
	return n;
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
	if (links_of(under) >= LINKS_MAX)
		return market__candidate_refuse(c,
		    MARKET_CODE_AUTHORIZATION_CHAIN_TOO_LONG,
		    "%d grants stand above it already, and no policy allows "
		    "as many",
		    LINKS_MAX);
	if (under->conveyed == NULL)
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
		    "its parent names no keys of the grantee, so nothing can "
		    "be granted beneath it");
	status = market__candidate_try_keys(
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
		status = market__candidate_try_keys(
		    c, fact->conveyed, authority, fact, &n_signed);
	}
	return status;
}

/* Signed as a party of the root, as a seller, or as a grantee. */
static market_status_t
as_whoever(market__candidate_t *c)
{
	market__fact_keys_t keys;
	market_status_t status = market__candidate_party_keys(c, &keys);
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
	case MARKET_KIND_TRUST_ROOT: return market__candidate_as_root(c);
	case MARKET_KIND_FEED:
		if (!c->feed)
			break;
		return as_whoever(c);
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
	case MARKET_KIND_KEY_SET: return market__candidate_as_key_set(c);
	case MARKET_KIND_OFFER:
	case MARKET_KIND_NONE: break;
	}
	return market__candidate_refuse(c,
	    MARKET_CODE_STATEMENT_KIND_UNEXPECTED,
	    "a %s statement is not added%s", market_kind_name(message->kind),
	    message->kind == MARKET_KIND_OFFER ||
		    message->kind == MARKET_KIND_FEED
		? ": submit it"
		: "");
}

market_status_t
market__candidate_ground(market__candidate_t *c)
{
	market_status_t status = by_kind(c);

	if (status == MARKET_OK && c->n_grounds > 0)
		status = check_conveyed(c);
	return status;
}
