/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/openssl.h"

static bool
fetch(struct market__crypto *crypto)
{
	OSSL_LIB_CTX *lib = crypto->lib;

	/*
	 * A library context of our own reads no configuration file, so what
	 * openssl.cnf does to the process' default does not reach us.
	 */
	crypto->provider = OSSL_PROVIDER_load(lib, "default");
	crypto->sha256 = EVP_MD_fetch(lib, "SHA256", NULL);
	/* Ed25519 looks SHA-512 up in each verify. */
	crypto->sha512 = EVP_MD_fetch(lib, "SHA512", NULL);
	crypto->eddsa = EVP_SIGNATURE_fetch(lib, "ED25519", NULL);
	crypto->ecdsa = EVP_SIGNATURE_fetch(lib, "ECDSA", NULL);
	crypto->ed25519 = EVP_KEYMGMT_fetch(lib, "ED25519", NULL);
	crypto->ec = EVP_KEYMGMT_fetch(lib, "EC", NULL);
	return crypto->provider != NULL && crypto->sha256 != NULL &&
	    crypto->sha512 != NULL && crypto->eddsa != NULL &&
	    crypto->ecdsa != NULL && crypto->ed25519 != NULL &&
	    crypto->ec != NULL;
}

/* One sign and one verify with a key that anyone may know. */
static market_status_t
warm_up(const struct market__crypto *crypto, market_algorithm_t algorithm)
{
	static const uint8_t secret[MARKET__SECRET_LEN] = { 0x6d, 0x61, 0x72,
		0x6b, 0x65, 0x74, [31] = 1 };
	market_slice_t message = MARKET__LITERAL("warm-up");
	uint8_t point[MARKET__POINT_MAX];
	uint8_t signature[MARKET__SIGNATURE_MAX];
	EVP_MD_CTX *signer = NULL, *verifier = NULL;
	market_status_t rv;
	size_t len;

	rv = market__openssl_point(crypto, algorithm, secret, point);
	if (rv == MARKET_OK)
		rv = market__openssl_signer(
		    crypto, algorithm, secret, point, &signer);
	if (rv == MARKET_OK)
		rv = market__openssl_verifier(
		    crypto, algorithm, point, &verifier);
	if (rv == MARKET_OK)
		rv = market__openssl_sign(signer, message, signature, &len);
	if (rv == MARKET_OK)
		rv = market__openssl_verify(verifier, algorithm, &message, 1,
		    market__slice(signature, len));
	EVP_MD_CTX_free(signer);
	EVP_MD_CTX_free(verifier);
	/* An OpenSSL that refuses its own signature is of no use. */
	return rv == MARKET_E_SIGNATURE ? MARKET_E_INTERNAL : rv;
}

static market_status_t
crypto_new(
    const market_allocator_t *allocator, struct market__crypto **ret_crypto)
{
	struct market__crypto *crypto;
	market_status_t rv = MARKET_E_MEMORY;
	bool fetched;

	crypto = market__alloc(allocator, sizeof(*crypto));
	if (crypto == NULL)
		return MARKET_E_MEMORY;
	crypto->allocator = allocator;
	market__openssl_enter();
	crypto->lib = OSSL_LIB_CTX_new();
	fetched = crypto->lib != NULL && fetch(crypto);
	market__openssl_leave();
	if (crypto->lib == NULL)
		goto out;
	rv = MARKET_E_ALGORITHM;
	if (!fetched)
		goto out;
	rv = warm_up(crypto, MARKET_ALGORITHM_ED25519);
	if (rv != MARKET_OK)
		goto out;
	rv = warm_up(crypto, MARKET_ALGORITHM_P256);
	if (rv != MARKET_OK)
		goto out;
	*ret_crypto = crypto;
	crypto = NULL;
out:
	market__crypto_free(crypto);
	return rv;
}

/*
 * OpenSSL has one NULL for an algorithm that it lacks and for lack of memory,
 * and does not find again what it could not take in once: a no must be said
 * twice, by library contexts of their own.
 */
market_status_t
market__crypto_new(
    const market_allocator_t *allocator, struct market__crypto **ret_crypto)
{
	market_status_t rv = crypto_new(allocator, ret_crypto);

	return rv == MARKET_E_ALGORITHM ? crypto_new(allocator, ret_crypto)
					: rv;
}

void
market__crypto_free(struct market__crypto *crypto)
{
	if (crypto == NULL)
		return;
	market__openssl_enter();
	EVP_KEYMGMT_free(crypto->ec);
	EVP_KEYMGMT_free(crypto->ed25519);
	EVP_SIGNATURE_free(crypto->ecdsa);
	EVP_SIGNATURE_free(crypto->eddsa);
	EVP_MD_free(crypto->sha512);
	EVP_MD_free(crypto->sha256);
	if (crypto->provider != NULL)
		OSSL_PROVIDER_unload(crypto->provider);
	OSSL_LIB_CTX_free(crypto->lib);
	market__openssl_leave();
	market__free(crypto->allocator, crypto);
}

market_status_t
market__sha256(const market_context_t *context, const market_slice_t *pieces,
    size_t n_pieces, uint8_t out[MARKET_DIGEST_LEN])
{
	market_status_t rv = MARKET_E_MEMORY;
	uint8_t digest[MARKET_DIGEST_LEN];
	EVP_MD_CTX *ctx;
	size_t i;

	market__openssl_enter();
	ctx = EVP_MD_CTX_new();
	if (ctx == NULL ||
	    EVP_DigestInit_ex2(ctx, context->crypto->sha256, NULL) != 1)
		goto out;
	rv = MARKET_E_INTERNAL;
	/* GCOVR_EXCL_START: begun, SHA-256 takes no memory and cannot fail. */
	for (i = 0; i < n_pieces; i++)
		if (pieces[i].len > 0 &&
		    EVP_DigestUpdate(ctx, pieces[i].ptr, pieces[i].len) != 1)
			goto out;
	if (EVP_DigestFinal_ex(ctx, digest, NULL) != 1)
		goto out;
	/* GCOVR_EXCL_STOP */
	memcpy(out, digest, sizeof(digest));
	rv = MARKET_OK;
out:
	EVP_MD_CTX_free(ctx);
	market__openssl_leave();
	return rv;
}
