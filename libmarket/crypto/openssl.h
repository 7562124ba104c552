/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one place that meets OpenSSL's results: 1 is yes, and 0, negative
 * numbers and NULL are turned into a status here and nowhere else.
 *
 * Every function here leaves the thread's error queue as it found it, by a
 * mark. (The queue is a ring of 16: where a caller leaves it full, OpenSSL
 * itself drops the oldest entry.) No result depends on the queue, so a stale
 * entry cannot change one.
 */
#ifndef MARKET_CRYPTO_OPENSSL_H
#define MARKET_CRYPTO_OPENSSL_H

#include <stdatomic.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include "crypto/crypto.h"

#define MARKET__SECRET_LEN            32
#define MARKET__ED25519_POINT_LEN     32
#define MARKET__P256_POINT_LEN        65 /* 04 || x || y (SEC 1, 2.3.3) */
#define MARKET__POINT_MAX             MARKET__P256_POINT_LEN
#define MARKET__ED25519_SPKI_PREFIX   12
#define MARKET__P256_SPKI_PREFIX      26
#define MARKET__SPKI_MAX              (MARKET__P256_SPKI_PREFIX + MARKET__P256_POINT_LEN)
#define MARKET__ED25519_SIGNATURE_LEN 64

struct market__crypto {
	const market_allocator_t *allocator;
	OSSL_LIB_CTX *lib;
	OSSL_PROVIDER *provider;
	/* Held so that they stay in the method store: no later fetch misses. */
	EVP_MD *sha256;
	EVP_MD *sha512;
	EVP_SIGNATURE *eddsa;
	EVP_SIGNATURE *ecdsa;
	EVP_KEYMGMT *ed25519;
	EVP_KEYMGMT *ec;
};

struct market_key {
	const market_context_t *context;
	atomic_size_t refs;
	market_algorithm_t algorithm;
	uint8_t id[MARKET_DIGEST_LEN];
	uint8_t spki[MARKET__SPKI_MAX];
	size_t spki_len;
	/*
	 * Bound to this key and only ever copied from. Re-initialising a used
	 * context with another key succeeds in OpenSSL 3.0 and keeps the old
	 * key, so no context here is initialised twice.
	 */
	EVP_MD_CTX *verify;
};

/* ---- between a caller's queue and ours ---- */

static inline void
market__openssl_enter(void)
{
	ERR_set_mark();
}

/* On an empty queue there was no mark to set, and this empties it again. */
static inline void
market__openssl_leave(void)
{
	ERR_pop_to_mark();
}

/* ---- crypto/openssl.c: keys and contexts in OpenSSL's terms ---- */

size_t market__point_len(market_algorithm_t algorithm);

/*
 * The public point of a private key: RFC 8032, 5.1.5; d * G for P-256.
 * MARKET_E_KEY (P-256: not in 1 .. n - 1), MARKET_E_MEMORY.
 */
market_status_t market__openssl_point(const struct market__crypto *crypto,
    market_algorithm_t algorithm, const uint8_t secret[MARKET__SECRET_LEN],
    uint8_t *point);

/*
 * A context that is bound to a key, to be copied for each verify or sign.
 * The point was checked before, so that only memory can be missing.
 * MARKET_E_MEMORY.
 */
market_status_t market__openssl_verifier(const struct market__crypto *crypto,
    market_algorithm_t algorithm, const uint8_t *point, EVP_MD_CTX **ret);
market_status_t market__openssl_signer(const struct market__crypto *crypto,
    market_algorithm_t algorithm, const uint8_t secret[MARKET__SECRET_LEN],
    const uint8_t *point, EVP_MD_CTX **ret);

/*
 * One verify with a copy of `verifier`. The signature's form was checked
 * before. Ed25519 takes one piece.
 * MARKET_OK, MARKET_E_SIGNATURE, MARKET_E_MEMORY, MARKET_E_INTERNAL.
 */
market_status_t market__openssl_verify(const EVP_MD_CTX *verifier,
    market_algorithm_t algorithm, const market_slice_t *pieces, size_t n_pieces,
    market_slice_t signature);

/*
 * Signs with a copy of `signer`. MARKET_OK, MARKET_E_MEMORY,
 * MARKET_E_INTERNAL.
 */
market_status_t market__openssl_sign(const EVP_MD_CTX *signer,
    market_slice_t message, uint8_t signature[MARKET__SIGNATURE_MAX],
    size_t *ret_len);

/* Bytes for a private key. MARKET_OK, MARKET_E_INTERNAL. */
market_status_t market__openssl_random(
    const struct market__crypto *crypto, uint8_t *out, size_t len);

/*
 * Decrypts with a password-based scheme (PBES2: RFC 8018, 6.2). The buffer
 * holds a secret. MARKET_E_KEY (also for a scheme that is not known),
 * MARKET_E_MEMORY.
 */
market_status_t market__openssl_decrypt(const struct market__crypto *crypto,
    const market_allocator_t *allocator, market_slice_t algorithm,
    market_slice_t ciphertext, const char *passphrase,
    market_buffer_t *ret_plain);

/* ---- crypto/ed25519_check.c, crypto/p256_check.c ---- */

/*
 * A canonical encoding of a point on the curve that is not of small order.
 * MARKET_E_KEY, MARKET_E_MEMORY.
 */
market_status_t market__ed25519_check(
    const uint8_t point[MARKET__ED25519_POINT_LEN], market_error_t *reterr);
/* 04 || x || y with x, y < p, on the curve. MARKET_E_KEY, MARKET_E_MEMORY. */
market_status_t market__p256_check(
    const uint8_t point[MARKET__P256_POINT_LEN], market_error_t *reterr);
/* A big-endian number in 1 .. n - 1, n the order of the group. */
bool market__p256_scalar_ok(const uint8_t scalar[32]);
/*
 * Exactly DER ECDSA-Sig-Value (RFC 3279, 2.2.3) with r and s in 1 .. n - 1;
 * gives r, big-endian.
 */
bool market__ecdsa_signature_read(market_slice_t signature, uint8_t r[32]);
/*
 * Why OpenSSL had no answer for a signature of good form. A key's owner can
 * make one for which u1 * G + u2 * Q is the point at infinity: it is invalid
 * (FIPS 186-5, 6.4.2), and to OpenSSL an error like lack of memory.
 * MARKET_E_SIGNATURE (that), MARKET_E_MEMORY, MARKET_E_INTERNAL.
 */
market_status_t market__p256_no_answer(const struct market__crypto *crypto,
    const uint8_t point[MARKET__P256_POINT_LEN],
    const uint8_t digest[MARKET_DIGEST_LEN], const uint8_t r[32]);

/* ---- crypto/der.c ---- */

/*
 * Takes one element with this tag off the front of *cursor: definite length
 * in its shortest form (X.690, 10.1), at most 65,535 bytes. On false *cursor
 * is as it was.
 */
bool market__der_take(
    market_slice_t *cursor, uint8_t tag, market_slice_t *ret_value);

#define MARKET__DER_INTEGER      0x02
#define MARKET__DER_BIT_STRING   0x03
#define MARKET__DER_OCTET_STRING 0x04
#define MARKET__DER_OID          0x06
#define MARKET__DER_SEQUENCE     0x30

/* Object identifiers, without tag and length. */
extern const market_slice_t market__oid_ed25519; /* RFC 8410, 3 */
extern const market_slice_t market__oid_ec_key;  /* RFC 5480, 2.1.1 */
extern const market_slice_t market__oid_p256;    /* RFC 5480, 2.1.1.1 */
/*
 * Says in words that a key of this algorithm, or on this curve, is not
 * supported. MARKET_E_ALGORITHM.
 */
market_status_t market__oid_refuse(market_slice_t oid, market_error_t *reterr);

/* ---- crypto/key.c ---- */

/* The SubjectPublicKeyInfo of a point; returns its length. */
size_t market__key_spki(market_algorithm_t algorithm, const uint8_t *point,
    uint8_t out[MARKET__SPKI_MAX]);

/* ---- crypto/pem.c ---- */

typedef enum market__pem_kind {
	MARKET__PEM_PUBLIC,           /* PUBLIC KEY: RFC 7468, 13 */
	MARKET__PEM_PRIVATE,          /* PRIVATE KEY: RFC 7468, 10 */
	MARKET__PEM_PRIVATE_EC,       /* EC PRIVATE KEY: RFC 5915, 4 */
	MARKET__PEM_PRIVATE_ENCRYPTED /* ENCRYPTED PRIVATE KEY: RFC 7468, 11 */
} market__pem_kind_t;

/*
 * The one block of a PEM text, decoded. The buffer may be a private key:
 * clear it with market_buffer_clear(), which wipes.
 * MARKET_E_KEY, MARKET_E_ALGORITHM, MARKET_E_MEMORY.
 */
market_status_t market__pem_read(const market_allocator_t *allocator,
    market_slice_t pem, market__pem_kind_t *ret_kind, market_buffer_t *ret_der,
    market_error_t *reterr);

/*
 * A block with this label around `der` (at most 192 bytes), lines of 64.
 * MARKET_E_MEMORY.
 */
market_status_t market__pem_write(const market_allocator_t *allocator,
    const char *label, market_slice_t der, market_buffer_t *ret_pem);

/* ---- crypto/private.c ---- */

/* Wipe it after use. */
typedef struct market__private {
	market_algorithm_t algorithm;
	uint8_t secret[MARKET__SECRET_LEN];
	uint8_t point[MARKET__POINT_MAX];
} market__private_t;

/*
 * The private key in a decoded PEM block, with its public point computed
 * (and compared where the block brings one). `passphrase` may be NULL.
 * MARKET_E_KEY, MARKET_E_ALGORITHM, MARKET_E_MEMORY.
 */
market_status_t market__private_read(const market_context_t *context,
    market__pem_kind_t kind, market_slice_t der, const char *passphrase,
    market__private_t *ret_private, market_error_t *reterr);

/* PKCS#8 as OpenSSL writes it. MARKET_E_MEMORY. */
market_status_t market__private_write(const market_context_t *context,
    const market__private_t *private_key, market_buffer_t *ret_pem);

#endif
