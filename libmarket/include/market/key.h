/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys: Ed25519 (RFC 8032) and ECDSA on P-256 with SHA-256 (FIPS 186-5).
 *
 * A key's id is the SHA-256 of its DER SubjectPublicKeyInfo (RFC 5280, 4.1),
 * recomputed at load; shown in lower-case hex. The algorithm belongs to the
 * key, never to the document that it signed.
 */
#ifndef MARKET_KEY_H
#define MARKET_KEY_H

#include <market/context.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum market_algorithm {
	MARKET_ALGORITHM_ED25519 = 1,
	MARKET_ALGORITHM_P256 = 2
} market_algorithm_t;

/* A public key: immutable, may be shared between threads. */
typedef struct market_key market_key_t;

/* Something that can sign: a private key in memory, or the caller's HSM. */
typedef struct market_signer market_signer_t;

/*
 * Reads a public key from DER SubjectPublicKeyInfo. Only the canonical form
 * is taken: no trailing bytes; P-256 named curve, uncompressed point on the
 * curve; an Ed25519 point that is canonical (RFC 8032, 5.1.3) and not of
 * small order, since such a key verifies any message.
 *
 * MARKET_E_ARGUMENT, MARKET_E_KEY (malformed or weak), MARKET_E_ALGORITHM
 * (another key type), MARKET_E_MEMORY. Threads: safe.
 */
MARKET_API MARKET_NODISCARD market_status_t market_key_from_spki(
    market_context_t *context, market_slice_t spki, market_key_t **ret_key,
    market_error_t *reterr);

/*
 * Reads the public key of a PEM file's text: exactly one PUBLIC KEY block, or
 * one private key, of which the public half is taken. Statuses as above;
 * an encrypted private key needs market_signer_from_pem().
 */
MARKET_API MARKET_NODISCARD market_status_t market_key_from_pem(
    market_context_t *context, market_slice_t pem, market_key_t **ret_key,
    market_error_t *reterr);

/* Another reference to the same key. */
MARKET_API market_key_t *market_key_ref(market_key_t *key);

/* Gives a reference back; NULL is fine. */
MARKET_API void market_key_free(market_key_t *key);

MARKET_API market_algorithm_t market_key_algorithm(const market_key_t *key);

/* MARKET_DIGEST_LEN bytes, borrowed from the key. */
MARKET_API market_slice_t market_key_id(const market_key_t *key);

/* The canonical SubjectPublicKeyInfo, borrowed from the key. */
MARKET_API market_slice_t market_key_spki(const market_key_t *key);

/*
 * Is `signature` this key's over `message`? MARKET_OK only if it is.
 * Ed25519: 64 bytes. P-256: DER ECDSA-Sig-Value over SHA-256 of the message.
 *
 * MARKET_E_ARGUMENT, MARKET_E_SIGNATURE (it is not), MARKET_E_MEMORY,
 * MARKET_E_INTERNAL. Threads: safe; OpenSSL's error queue is left as found.
 */
MARKET_API MARKET_NODISCARD market_status_t market_key_verify(
    const market_key_t *key, market_slice_t message, market_slice_t signature);

/*
 * Makes a new private key and gives it as PKCS#8 PEM in *ret_pem, as
 * `openssl pkey` reads and writes it. Clear the buffer when it is stored.
 * MARKET_E_ARGUMENT, MARKET_E_ALGORITHM, MARKET_E_MEMORY, MARKET_E_INTERNAL.
 */
MARKET_API MARKET_NODISCARD market_status_t market_key_generate(
    market_context_t *context, market_algorithm_t algorithm,
    market_buffer_t *ret_pem, market_error_t *reterr);

/* The public key as PEM (PUBLIC KEY). MARKET_E_ARGUMENT, MARKET_E_MEMORY. */
MARKET_API MARKET_NODISCARD market_status_t market_key_pem(
    const market_key_t *key, market_buffer_t *ret_pem);

/*
 * A signer from one PEM private key. `passphrase` is for an encrypted one,
 * and NULL otherwise; it is never asked for on a terminal.
 * MARKET_E_ARGUMENT, MARKET_E_KEY (not one private key, wrong or missing
 * passphrase), MARKET_E_ALGORITHM, MARKET_E_MEMORY.
 */
MARKET_API MARKET_NODISCARD market_status_t market_signer_from_pem(
    market_context_t *context, market_slice_t pem, const char *passphrase,
    market_signer_t **ret_signer, market_error_t *reterr);

/*
 * Signs `message` for the caller's HSM or KMS: writes at most *signature_len
 * bytes at `signature` (room for 72), sets *signature_len, and returns
 * MARKET_OK; anything else makes the signing fail with MARKET_E_CALLBACK.
 * For P-256 the callback hashes the message itself.
 */
typedef market_status_t market_sign_fn(void *user, market_slice_t message,
    uint8_t *signature, size_t *signature_len);

/*
 * A signer that asks the caller. `key` is its public half; a signature that
 * does not verify under it is refused, so a wrong slot is seen at once.
 * MARKET_E_ARGUMENT, MARKET_E_MEMORY.
 */
MARKET_API MARKET_NODISCARD market_status_t market_signer_from_callback(
    market_context_t *context, market_key_t *key, market_sign_fn *sign,
    void *user, market_signer_t **ret_signer);

/* The public half, borrowed from the signer. */
MARKET_API market_key_t *market_signer_key(const market_signer_t *signer);

/*
 * Signs. MARKET_E_ARGUMENT, MARKET_E_CALLBACK, MARKET_E_MEMORY,
 * MARKET_E_INTERNAL. Threads: safe if the callback is.
 */
MARKET_API MARKET_NODISCARD market_status_t market_signer_sign(
    const market_signer_t *signer, market_slice_t message,
    market_buffer_t *ret_signature, market_error_t *reterr);

/* Wipes and gives back; NULL is fine. */
MARKET_API void market_signer_free(market_signer_t *signer);

#ifdef __cplusplus
}
#endif

#endif
