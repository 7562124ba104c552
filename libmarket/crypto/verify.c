/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/openssl.h"

/* A longer message is joined in memory from the allocator. */
#define MESSAGE_SHORT 2048

/*
 * Ed25519 hashes the message twice, so OpenSSL wants it whole. *ret_copy is to
 * be freed; NULL: it is in `room`.
 */
static market_status_t
join(const market_allocator_t *allocator, const market_slice_t *pieces,
    size_t n_pieces, uint8_t room[MESSAGE_SHORT], market_slice_t *ret_whole,
    uint8_t **ret_copy)
{
	size_t i, len = 0, at = 0;
	uint8_t *copy = room;

	for (i = 0; i < n_pieces; i++)
		if (!market__add(len, pieces[i].len, &len))
			return MARKET_E_ARGUMENT;
	if (len > MESSAGE_SHORT) {
		copy = market__alloc(allocator, len);
		if (copy == NULL)
			return MARKET_E_MEMORY;
		*ret_copy = copy;
	}
	for (i = 0; i < n_pieces; i++) {
		if (pieces[i].len > 0)
			memcpy(copy + at, pieces[i].ptr, pieces[i].len);
		at += pieces[i].len;
	}
	*ret_whole = market__slice(copy, len);
	return MARKET_OK;
}

static market_status_t
verify_ed25519(const market_key_t *key, const market_slice_t *pieces,
    size_t n_pieces, market_slice_t signature)
{
	market_slice_t whole = market__slice(NULL, 0);
	uint8_t room[MESSAGE_SHORT];
	market_status_t rv;
	uint8_t *copy = NULL;

	if (signature.len != MARKET__ED25519_SIGNATURE_LEN)
		return MARKET_E_SIGNATURE;
	if (n_pieces == 1)
		whole = pieces[0];
	else if (n_pieces > 1) {
		rv = join(&key->context->allocator, pieces, n_pieces, room,
		    &whole, &copy);
		if (rv != MARKET_OK)
			return rv;
	}
	rv = market__openssl_verify(
	    key->verify, key->algorithm, &whole, 1, signature);
	/*
	 * OpenSSL 3.0 says the same 0 for "does not verify" and for "no memory
	 * for the digest". A withdrawal that is dropped for such a 0 would let
	 * an offer through, so a no must be said twice, by fresh contexts.
	 */
	if (rv == MARKET_E_SIGNATURE)
		rv = market__openssl_verify(
		    key->verify, key->algorithm, &whole, 1, signature);
	market__free(&key->context->allocator, copy);
	return rv;
}

/*
 * OpenSSL answers -1 for a malformed signature as for lack of memory. With
 * the form checked before, its 0 is a no and its -1 is looked into.
 */
static market_status_t
verify_p256(const market_key_t *key, const market_slice_t *pieces,
    size_t n_pieces, market_slice_t signature)
{
	uint8_t digest[MARKET_DIGEST_LEN], r[32];
	market_status_t rv;

	if (!market__ecdsa_signature_read(signature, r))
		return MARKET_E_SIGNATURE;
	rv = market__openssl_verify(
	    key->verify, key->algorithm, pieces, n_pieces, signature);
	if (rv != MARKET_E_INTERNAL)
		return rv;
	rv = market__sha256(key->context, pieces, n_pieces, digest);
	if (rv != MARKET_OK)
		return rv;
	return market__p256_no_answer(key->context->crypto,
	    key->spki + MARKET__P256_SPKI_PREFIX, digest, r);
}

market_status_t
market__key_verify_pieces(const market_key_t *key, const market_slice_t *pieces,
    size_t n_pieces, market_slice_t signature)
{
	size_t i;

	if (key == NULL || (pieces == NULL && n_pieces > 0) ||
	    !market__slice_valid(signature))
		return MARKET_E_ARGUMENT;
	for (i = 0; i < n_pieces; i++)
		if (!market__slice_valid(pieces[i]))
			return MARKET_E_ARGUMENT;
	return key->algorithm == MARKET_ALGORITHM_ED25519
	    ? verify_ed25519(key, pieces, n_pieces, signature)
	    : verify_p256(key, pieces, n_pieces, signature);
}

market_status_t
market_key_verify(
    const market_key_t *key, market_slice_t message, market_slice_t signature)
{
	return market__key_verify_pieces(key, &message, 1, signature);
}
