/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Known keys and small builders for the tests of crypto/. Tests may use
 * OpenSSL directly: it is the other party that we must agree with.
 */
#ifndef TESTS_UNIT_CRYPTO_KIT_H
#define TESTS_UNIT_CRYPTO_KIT_H

#include <openssl/evp.h>

#include <market/key.h>

#include "harness.h"

/* RFC 8032, 7.1, tests 1 (empty message) and 2 (message 72). */
#define KIT_ED1_SECRET \
	"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define KIT_ED1_POINT \
	"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define KIT_ED1_SIGNATURE                                                  \
	"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" \
	"5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
#define KIT_ED2_SECRET \
	"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
#define KIT_ED2_POINT \
	"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
#define KIT_ED2_SIGNATURE                                                  \
	"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" \
	"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"

/* RFC 6979, A.2.5, SHA-256, message "sample". */
#define KIT_P256_SECRET \
	"c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
#define KIT_P256_X \
	"60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
#define KIT_P256_Y \
	"7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
#define KIT_P256_R \
	"efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
#define KIT_P256_S \
	"f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
#define KIT_P256_N \
	"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"

#define KIT_ED_PREFIX   "302a300506032b6570032100"
#define KIT_P256_PREFIX "3059301306072a8648ce3d020106082a8648ce3d030107034200"

#define KIT_MAX 8192

/* Bytes on the stack, from hex or from a builder. */
typedef struct kit_bytes {
	uint8_t at[KIT_MAX];
	size_t len;
} kit_bytes_t;

kit_bytes_t kit_hex(const char *hex);
market_slice_t kit_slice(const kit_bytes_t *bytes);

/* SEQUENCE of two INTEGERs with the given numbers in their shortest form. */
kit_bytes_t kit_ecdsa(const char *r_hex, const char *s_hex);

/* A context with the defaults, or with a failing allocator. */
market_context_t *kit_context(void);
market_context_t *kit_context_with(harness_memory_t *memory);

/*
 * Loads a key and frees it; a refusal must leave what it was to give, and say
 * something.
 */
market_status_t kit_load_spki(
    market_context_t *context, market_slice_t spki, market_error_t *reterr);
market_status_t kit_load_pem(
    market_context_t *context, market_slice_t pem, market_error_t *reterr);

/* A key that must load. */
market_key_t *kit_key(market_context_t *context, const char *spki_hex);

/* A signer with a fresh key. */
market_signer_t *kit_signer(
    market_context_t *context, market_algorithm_t algorithm);

/* The signature, for market_buffer_clear(). */
market_buffer_t kit_sign(const market_signer_t *signer, const char *message);

/* A key that OpenSSL made: "ED25519", "EC" with a curve, ... */
EVP_PKEY *kit_openssl_key(const char *type, const char *curve);

/* PEM in OpenSSL's own writing. */
typedef enum kit_form {
	KIT_PUBLIC,
	KIT_PKCS8,
	KIT_TRADITIONAL,
	KIT_ENCRYPTED /* with the passphrase "secret" */
} kit_form_t;
kit_bytes_t kit_pem(EVP_PKEY *key, kit_form_t form);

/* The key's SubjectPublicKeyInfo as OpenSSL writes it. */
kit_bytes_t kit_spki(EVP_PKEY *key);

#endif
