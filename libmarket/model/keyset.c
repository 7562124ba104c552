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

	status = market_key_from_spki(
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
	*ret_keyset = keyset;
	return MARKET_OK;
}

/* The key that the hint names, or n_keys: a hint saves work, no more. */
static size_t
hinted(const market__keyset_t *keyset, market_slice_t keyid)
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

static market_status_t
try_key(const market__keyset_t *keyset, size_t index,
    const market_slice_t pieces[2], market_slice_t sig,
    market__keymask_t *signers)
{
	market_status_t status;

	if (*signers >> index & 1)
		return MARKET_E_SIGNATURE;
	status = market__key_verify_pieces(
	    keyset->keys[index].key, pieces, 2, sig);
	if (status == MARKET_OK)
		*signers |= (market__keymask_t)1 << index;
	return status;
}

/* By a key that has not signed yet, and is not the hinted one. */
static market_status_t
try_others(const market__keyset_t *keyset, size_t first,
    const market_slice_t pieces[2], market_slice_t sig,
    market__keymask_t *signers)
{
	market_status_t status = MARKET_E_SIGNATURE;
	size_t k;

	for (k = 0; k < keyset->n_keys && status == MARKET_E_SIGNATURE; k++)
		if (k != first)
			status = try_key(keyset, k, pieces, sig, signers);
	return status;
}

/* Where hints are right, each key is tried once, and no other for it. */
market_status_t
market__keyset_signers(const market__keyset_t *keyset,
    const market_statement_t *statement, market__keymask_t *ret_signers)
{
	const market__envelope_t *envelope = &statement->envelope;
	char head[MARKET__PAE_HEAD_MAX];
	market_slice_t pieces[2], sig;
	market__keymask_t signers = 0, placed = 0;
	market_status_t status = MARKET_E_SIGNATURE;
	size_t n = envelope->n_signatures, i, at, first;

	market__statement_pae_pieces(statement, head, pieces);
	for (i = 0; i < 2 * n; i++) {
		at = i < n ? i : i - n;
		sig = envelope->signatures[at].sig;
		first = hinted(keyset, envelope->signatures[at].keyid);
		if (i < n && first < keyset->n_keys)
			status = try_key(keyset, first, pieces, sig, &signers);
		else if (i >= n && (placed >> at & 1) == 0)
			status = try_others(
			    keyset, first, pieces, sig, &signers);
		if (status == MARKET_OK)
			placed |= (market__keymask_t)1 << at;
		else if (status != MARKET_E_SIGNATURE)
			return status;
		status = MARKET_E_SIGNATURE;
	}
	*ret_signers = signers;
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
