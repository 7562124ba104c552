/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests, keys, signatures: the adapter to OpenSSL. Only this folder
 * includes <openssl/...>; one file (crypto/openssl.h) turns its 1, 0 and
 * negative results into ours.
 */
#ifndef MARKET_CRYPTO_CRYPTO_H
#define MARKET_CRYPTO_CRYPTO_H

#include <market/key.h>

#include "base/base.h"

/* Longest signature: a SEQUENCE of two INTEGERs of at most 33 bytes. */
#define MARKET__SIGNATURE_MAX 72

/*
 * An OpenSSL library context of our own with the algorithms fetched, and
 * warmed up by one sign and verify of each: during lazy initialisation a
 * failed allocation inside OpenSSL can crash it.
 * MARKET_E_ALGORITHM, MARKET_E_MEMORY, MARKET_E_INTERNAL.
 */
market_status_t market__crypto_new(
    const market_allocator_t *allocator, struct market__crypto **ret_crypto);
void market__crypto_free(struct market__crypto *crypto);

/*
 * SHA-256 of the pieces one after the other.
 * MARKET_OK, MARKET_E_MEMORY, MARKET_E_INTERNAL. Threads: safe.
 */
market_status_t market__sha256(const market_context_t *context,
    const market_slice_t *pieces, size_t n_pieces,
    uint8_t out[MARKET_DIGEST_LEN]);

/*
 * As market_key_verify(), over a message in pieces (PAE head and payload), for
 * use where copying the payload would be a waste. Ed25519 needs the message
 * whole, so it copies; P-256 does not.
 */
market_status_t market__key_verify_pieces(const market_key_t *key,
    const market_slice_t *pieces, size_t n_pieces, market_slice_t signature);

#endif
