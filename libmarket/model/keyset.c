/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "crypto/crypto.h"
#include "model/keyset.h"

void
market__keyset_free(market__keyset_t *keyset)
{
	size_t i;

	if (keyset == NULL)
		return;
	for (i = 0; i < keyset->n_keys; i++)
		market_key_free(keyset->keys[i].key);
	market__free(&keyset->context->allocator, keyset);
}

bool
market__keyset_has_id(
    const market__keyset_t *keyset, size_t index, market_slice_t id)
{
	return market__slice_equal(market_key_id(keyset->keys[index].key), id);
}

bool
market__keyset_has(const market__keyset_t *keyset, market_slice_t id)
{
	size_t i;

	for (i = 0; keyset != NULL && i < keyset->n_keys; i++)
		if (market__keyset_has_id(keyset, i, id))
			return true;
	return false;
}

static market_status_t
load_key(market__keyset_t *keyset, const market__public_key_t *message,
    market_error_t *reterr)
{
	market__keyset_key_t *slot = &keyset->keys[keyset->n_keys];
	market_status_t status;
	size_t i;

	status = market__key_once(
	    keyset->context, message->spki, &slot->key, reterr);
	if (status != MARKET_OK)
		return status;
	slot->environment = message->environment;
	slot->not_before = message->not_before;
	slot->not_after = message->not_after;
	for (i = 0; i < keyset->n_keys; i++)
		if (market__keyset_has_id(keyset, i, market_key_id(slot->key)))
			break;
	keyset->n_keys++;
	if (i + 1 < keyset->n_keys)
		return market__error(reterr, MARKET_E_KEY, NULL, -1,
		    "the key stands in this set twice; list each key once");
	return MARKET_OK;
}

static market_status_t
name(market__keyset_t *keyset)
{
	market_slice_t ids[MARKET__KEYS_MAX];
	size_t i;

	for (i = 0; i < keyset->n_keys; i++)
		ids[i] = market_key_id(keyset->keys[i].key);
	return market__sha256(keyset->context, ids, keyset->n_keys, keyset->id);
}

market_status_t
market__keyset_load(market_context_t *context, const market__key_set_t *message,
    const char *path, market__keyset_t **ret_keyset, market_error_t *reterr)
{
	market__keyset_t *keyset;
	market_status_t status;
	char where[96];
	size_t i;

	if (message->n_keys > MARKET__KEYS_MAX || message->n_keys == 0 ||
	    message->threshold == 0 || message->threshold > message->n_keys)
		return market__error(reterr, MARKET_E_SCHEMA, path, -1,
		    "a threshold of %u cannot be met by %zu keys; it is at "
		    "least 1 and at most the number of keys (at most %d)",
		    message->threshold, message->n_keys, MARKET__KEYS_MAX);
	keyset = market__alloc(&context->allocator, sizeof(*keyset));
	if (keyset == NULL)
		return market__error(reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for a key set");
	keyset->context = context;
	keyset->threshold = message->threshold;
	for (i = 0; i < message->n_keys; i++) {
		status = load_key(keyset, &message->keys[i], reterr);
		if (status != MARKET_OK) {
			snprintf(
			    where, sizeof(where), "%s.keys[%zu].spki", path, i);
			market__error_prefix(reterr, where);
			market__keyset_free(keyset);
			return status;
		}
	}
	status = name(keyset);
	if (status != MARKET_OK) {
		market__keyset_free(keyset);
		return market__error(reterr, status, NULL, -1,
		    "the digest of a key set could not be computed");
	}
	*ret_keyset = keyset;
	return MARKET_OK;
}

size_t
market__keyset_hinted(const market__keyset_t *keyset, market_slice_t keyid)
{
	uint8_t id[MARKET_DIGEST_LEN];
	size_t i;

	if (!market__unhex(keyid, id, sizeof(id)))
		return keyset->n_keys;
	for (i = 0; i < keyset->n_keys; i++)
		if (market__keyset_has_id(
			keyset, i, market__slice(id, sizeof(id))))
			break;
	return i;
}

/* One statement against the keys of one set. */
typedef struct verifying {
	const market__keyset_t *keyset;
	const market__envelope_t *envelope;
	market_slice_t pieces[2];
	market__tried_t *tried; /* or NULL */
	market__keymask_t signers;
} verifying_t;

/* What came out when that key was tried before, under another parent. */
static bool
tried_before(const verifying_t *v, market_slice_t id, size_t at, bool *ret_good)
{
	const market__tried_t *tried = v->tried;
	size_t i;

	for (i = 0; tried != NULL && i < tried->n; i++)
		if (tried->v[i].signature == at &&
		    memcmp(tried->v[i].key, id.ptr, MARKET_DIGEST_LEN) == 0) {
			*ret_good = tried->v[i].good;
			return true;
		}
	return false;
}

static market_status_t
verify_one(const verifying_t *v, const market_key_t *key, size_t at)
{
	market__tried_t *tried = v->tried;
	market_slice_t id = market_key_id(key);
	market_status_t status;
	bool good;

	if (tried_before(v, id, at, &good))
		return good ? MARKET_OK : MARKET_E_SIGNATURE;
	status = market__key_verify_pieces(
	    key, v->pieces, 2, v->envelope->signatures[at].sig);
	if (tried != NULL && tried->n < MARKET__TRIED_MAX &&
	    (status == MARKET_OK || status == MARKET_E_SIGNATURE)) {
		memcpy(tried->v[tried->n].key, id.ptr, MARKET_DIGEST_LEN);
		tried->v[tried->n].signature = at;
		tried->v[tried->n++].good = status == MARKET_OK;
	}
	return status;
}

static market_status_t
try_key(verifying_t *v, size_t index, size_t at)
{
	market_status_t status;

	if (v->signers >> index & 1)
		return MARKET_E_SIGNATURE;
	status = verify_one(v, v->keyset->keys[index].key, at);
	if (status == MARKET_OK)
		v->signers |= (market__keymask_t)1 << index;
	return status;
}

/* By a key that has not signed yet, and is not the hinted one. */
static market_status_t
try_others(verifying_t *v, size_t first, size_t at)
{
	market_status_t status = MARKET_E_SIGNATURE;
	size_t k;

	for (k = 0; k < v->keyset->n_keys && status == MARKET_E_SIGNATURE; k++)
		if (k != first)
			status = try_key(v, k, at);
	return status;
}

/*
 * Where hints are right, each key is tried once, and no other for it: a hint
 * saves work, no more.
 */
market_status_t
market__keyset_verify(const market__keyset_t *keyset,
    const market_statement_t *statement, market__tried_t *tried,
    market__keymask_t *ret_signers)
{
	verifying_t v = { .keyset = keyset,
		.envelope = &statement->envelope,
		.tried = tried };
	char head[MARKET__PAE_HEAD_MAX];
	market__keymask_t placed = 0;
	market_status_t status = MARKET_E_SIGNATURE;
	size_t n = v.envelope->n_signatures, i, at, first;

	market__statement_pae_pieces(statement, head, v.pieces);
	for (i = 0; i < 2 * n; i++) {
		at = i < n ? i : i - n;
		first = market__keyset_hinted(
		    keyset, v.envelope->signatures[at].keyid);
		if (i < n && first < keyset->n_keys)
			status = try_key(&v, first, at);
		else if (i >= n && (placed >> at & 1) == 0)
			status = try_others(&v, first, at);
		if (status == MARKET_OK)
			placed |= (market__keymask_t)1 << at;
		else if (status != MARKET_E_SIGNATURE)
			return status;
		status = MARKET_E_SIGNATURE;
	}
	*ret_signers = v.signers;
	return MARKET_OK;
}

static market__keymask_t
production_keys(const market__keyset_t *keyset)
{
	market__keymask_t mask = 0;
	size_t i;

	for (i = 0; i < keyset->n_keys; i++)
		if (keyset->keys[i].environment ==
		    MARKET_ENVIRONMENT_PRODUCTION)
			mask |= (market__keymask_t)1 << i;
	return mask;
}

bool
market__keyset_yields(const market__keyset_t *before,
    const market__keyset_t *next, market__keymask_t signers)
{
	market__keymask_t production = production_keys(before);

	if (production != 0)
		signers &= production;
	else if (production_keys(next) != 0)
		return false;
	return market__keymask_count(signers) >= before->threshold;
}

market_status_t
market__keyset_follows(const market__keyset_t *before,
    const market__keyset_t *next, const market_statement_t *statement,
    market__keymask_t *ret_signers, bool *ret_follows)
{
	market__keymask_t own = 0;
	market_status_t status;

	*ret_follows = false;
	status = market__keyset_signers(before, statement, ret_signers);
	if (status != MARKET_OK ||
	    !market__keyset_yields(before, next, *ret_signers))
		return status;
	status = market__keyset_signers(next, statement, &own);
	*ret_follows = status == MARKET_OK &&
	    market__keymask_count(own) >= next->threshold;
	return status;
}

bool
market__keyset_same(const market__keyset_t *a, const market__keyset_t *b)
{
	const market__keyset_key_t *x, *y;
	size_t i;

	if (a == b)
		return true;
	if (a->threshold != b->threshold || a->n_keys != b->n_keys)
		return false;
	for (i = 0; i < a->n_keys; i++) {
		x = &a->keys[i];
		y = &b->keys[i];
		if (x->environment != y->environment ||
		    x->not_before != y->not_before ||
		    x->not_after != y->not_after ||
		    !market__keyset_has_id(b, i, market_key_id(x->key)))
			return false;
	}
	return true;
}

unsigned
market__keymask_count(market__keymask_t mask)
{
	unsigned n = 0;

	for (; mask != 0; mask &= mask - 1)
		n++;
	return n;
}
