/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>

#include "crypto/openssl.h"

size_t
market__point_len(market_algorithm_t algorithm)
{
	return algorithm == MARKET_ALGORITHM_ED25519 ? MARKET__ED25519_POINT_LEN
						     : MARKET__P256_POINT_LEN;
}

static market_status_t
ed25519_point(const struct market__crypto *crypto,
    const uint8_t secret[MARKET__SECRET_LEN], uint8_t *point)
{
	size_t len = MARKET__ED25519_POINT_LEN;
	EVP_PKEY *pkey;
	int done;

	pkey = EVP_PKEY_new_raw_private_key_ex(
	    crypto->lib, "ED25519", NULL, secret, MARKET__SECRET_LEN);
	if (pkey == NULL)
		return MARKET_E_MEMORY;
	done = EVP_PKEY_get_raw_public_key(pkey, point, &len);
	EVP_PKEY_free(pkey);
	return done == 1 && len == MARKET__ED25519_POINT_LEN ? MARKET_OK
							     : MARKET_E_MEMORY;
}

static market_status_t
p256_point(const struct market__crypto *crypto,
    const uint8_t secret[MARKET__SECRET_LEN], uint8_t *point)
{
	market_status_t rv = MARKET_E_MEMORY;
	EC_GROUP *group;
	EC_POINT *public_point = NULL;
	BIGNUM *d = NULL;

	if (!market__p256_scalar_ok(secret))
		return MARKET_E_KEY;
	group = EC_GROUP_new_by_curve_name_ex(
	    crypto->lib, NULL, NID_X9_62_prime256v1);
	if (group == NULL)
		goto out;
	public_point = EC_POINT_new(group);
	d = BN_secure_new();
	if (public_point == NULL || d == NULL)
		goto out;
	BN_set_flags(d, BN_FLG_CONSTTIME);
	if (BN_bin2bn(secret, MARKET__SECRET_LEN, d) == NULL)
		goto out;
	if (EC_POINT_mul(group, public_point, d, NULL, NULL, NULL) != 1)
		goto out;
	if (EC_POINT_point2oct(group, public_point,
		POINT_CONVERSION_UNCOMPRESSED, point, MARKET__P256_POINT_LEN,
		NULL) != MARKET__P256_POINT_LEN)
		goto out;
	rv = MARKET_OK;
out:
	BN_clear_free(d);
	EC_POINT_free(public_point);
	EC_GROUP_free(group);
	return rv;
}

market_status_t
market__openssl_point(const struct market__crypto *crypto,
    market_algorithm_t algorithm, const uint8_t secret[MARKET__SECRET_LEN],
    uint8_t *point)
{
	market_status_t rv;

	market__openssl_enter();
	rv = algorithm == MARKET_ALGORITHM_ED25519
	    ? ed25519_point(crypto, secret, point)
	    : p256_point(crypto, secret, point);
	market__openssl_leave();
	return rv;
}

/* OSSL_PARAM wants its integers in the machine's byte order. */
static void
native_order(
    const uint8_t secret[MARKET__SECRET_LEN], uint8_t out[MARKET__SECRET_LEN])
{
	const uint16_t probe = 1;
	bool little = *(const uint8_t *)&probe == 1;
	size_t i;

	for (i = 0; i < MARKET__SECRET_LEN; i++)
		out[i] = secret[little ? MARKET__SECRET_LEN - 1 - i : i];
}

/* secret: NULL for a public key. */
static EVP_PKEY *
p256_import(const struct market__crypto *crypto, const uint8_t *secret,
    const uint8_t *point)
{
	char group[] = SN_X9_62_prime256v1;
	uint8_t pub[MARKET__P256_POINT_LEN], priv[MARKET__SECRET_LEN];
	OSSL_PARAM params[4], *p = params;
	EVP_PKEY_CTX *ctx;
	EVP_PKEY *pkey = NULL;
	int selection = EVP_PKEY_PUBLIC_KEY;

	ctx = EVP_PKEY_CTX_new_from_name(crypto->lib, "EC", NULL);
	if (ctx == NULL)
		return NULL;
	memcpy(pub, point, sizeof(pub));
	*p++ = OSSL_PARAM_construct_utf8_string(
	    OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
	*p++ = OSSL_PARAM_construct_octet_string(
	    OSSL_PKEY_PARAM_PUB_KEY, pub, sizeof(pub));
	if (secret != NULL) {
		native_order(secret, priv);
		*p++ = OSSL_PARAM_construct_BN(
		    OSSL_PKEY_PARAM_PRIV_KEY, priv, sizeof(priv));
		selection = EVP_PKEY_KEYPAIR;
	}
	*p = OSSL_PARAM_construct_end();
	if (EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, selection, params) != 1)
		pkey = NULL;
	if (secret != NULL)
		market__wipe(priv, sizeof(priv));
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

static const char *
digest_name(market_algorithm_t algorithm)
{
	/* Ed25519 hashes by itself: PureEdDSA (RFC 8032, 5.1). */
	return algorithm == MARKET_ALGORITHM_ED25519 ? NULL : "SHA256";
}

market_status_t
market__openssl_verifier(const struct market__crypto *crypto,
    market_algorithm_t algorithm, const uint8_t *point, EVP_MD_CTX **ret)
{
	market_status_t rv = MARKET_E_MEMORY;
	EVP_PKEY *pkey;
	EVP_MD_CTX *ctx;

	market__openssl_enter();
	ctx = EVP_MD_CTX_new();
	pkey = algorithm == MARKET_ALGORITHM_ED25519
	    ? EVP_PKEY_new_raw_public_key_ex(crypto->lib, "ED25519", NULL,
		  point, MARKET__ED25519_POINT_LEN)
	    : p256_import(crypto, NULL, point);
	if (ctx != NULL && pkey != NULL &&
	    EVP_DigestVerifyInit_ex(ctx, NULL, digest_name(algorithm),
		crypto->lib, NULL, pkey, NULL) == 1) {
		*ret = ctx;
		ctx = NULL;
		rv = MARKET_OK;
	}
	EVP_PKEY_free(pkey);
	EVP_MD_CTX_free(ctx);
	market__openssl_leave();
	return rv;
}

market_status_t
market__openssl_signer(const struct market__crypto *crypto,
    market_algorithm_t algorithm, const uint8_t secret[MARKET__SECRET_LEN],
    const uint8_t *point, EVP_MD_CTX **ret)
{
	market_status_t rv = MARKET_E_MEMORY;
	EVP_PKEY *pkey;
	EVP_MD_CTX *ctx;

	market__openssl_enter();
	ctx = EVP_MD_CTX_new();
	pkey = algorithm == MARKET_ALGORITHM_ED25519
	    ? EVP_PKEY_new_raw_private_key_ex(
		  crypto->lib, "ED25519", NULL, secret, MARKET__SECRET_LEN)
	    : p256_import(crypto, secret, point);
	if (ctx != NULL && pkey != NULL &&
	    EVP_DigestSignInit_ex(ctx, NULL, digest_name(algorithm),
		crypto->lib, NULL, pkey, NULL) == 1) {
		*ret = ctx;
		ctx = NULL;
		rv = MARKET_OK;
	}
	EVP_PKEY_free(pkey);
	EVP_MD_CTX_free(ctx);
	market__openssl_leave();
	return rv;
}

static market_status_t
verdict(int result)
{
	if (result == 1)
		return MARKET_OK;
	return result == 0 ? MARKET_E_SIGNATURE : MARKET_E_INTERNAL;
}

static market_status_t
verify_pieces(EVP_MD_CTX *scratch, const market_slice_t *pieces,
    size_t n_pieces, market_slice_t signature)
{
	size_t i;

	for (i = 0; i < n_pieces; i++)
		if (pieces[i].len > 0 &&
		    EVP_DigestVerifyUpdate(
			scratch, pieces[i].ptr, pieces[i].len) != 1)
			return MARKET_E_INTERNAL;
	return verdict(
	    EVP_DigestVerifyFinal(scratch, signature.ptr, signature.len));
}

market_status_t
market__openssl_verify(const EVP_MD_CTX *verifier, market_algorithm_t algorithm,
    const market_slice_t *pieces, size_t n_pieces, market_slice_t signature)
{
	static const uint8_t nothing[1];
	const uint8_t *message = nothing;
	size_t len = 0;
	market_status_t rv = MARKET_E_MEMORY;
	EVP_MD_CTX *scratch;

	market__openssl_enter();
	scratch = EVP_MD_CTX_new();
	if (scratch == NULL || EVP_MD_CTX_copy_ex(scratch, verifier) != 1)
		goto out;
	if (algorithm != MARKET_ALGORITHM_ED25519) {
		/* The scratch is not used again: no copy of it to finish. */
		EVP_MD_CTX_set_flags(scratch, EVP_MD_CTX_FLAG_FINALISE);
		rv = verify_pieces(scratch, pieces, n_pieces, signature);
		goto out;
	}
	if (n_pieces > 0 && pieces[0].len > 0) {
		message = pieces[0].ptr;
		len = pieces[0].len;
	}
	rv = verdict(EVP_DigestVerify(
	    scratch, signature.ptr, signature.len, message, len));
out:
	EVP_MD_CTX_free(scratch);
	market__openssl_leave();
	return rv;
}

market_status_t
market__openssl_sign(const EVP_MD_CTX *signer, market_slice_t message,
    uint8_t signature[MARKET__SIGNATURE_MAX], size_t *ret_len)
{
	static const uint8_t nothing[1];
	const uint8_t *ptr = message.len > 0 ? message.ptr : nothing;
	size_t len = MARKET__SIGNATURE_MAX;
	market_status_t rv = MARKET_E_MEMORY;
	EVP_MD_CTX *scratch;

	market__openssl_enter();
	scratch = EVP_MD_CTX_new();
	if (scratch == NULL || EVP_MD_CTX_copy_ex(scratch, signer) != 1)
		goto out;
	if (EVP_DigestSign(scratch, signature, &len, ptr, message.len) != 1) {
		rv = MARKET_E_INTERNAL;
		goto out;
	}
	/* OpenSSL 3.0: success, and -1 for the length, where DER finds none. */
	if (len == 0 || len > MARKET__SIGNATURE_MAX)
		goto out;
	*ret_len = len;
	rv = MARKET_OK;
out:
	EVP_MD_CTX_free(scratch);
	market__openssl_leave();
	return rv;
}

market_status_t
market__openssl_random(
    const struct market__crypto *crypto, uint8_t *out, size_t len)
{
	int done;

	market__openssl_enter();
	done = RAND_priv_bytes_ex(crypto->lib, out, len, 0);
	market__openssl_leave();
	return done == 1 ? MARKET_OK : MARKET_E_INTERNAL;
}

#define PASSPHRASE_MAX 1024

/* NULL where it cannot be decrypted; *ret_len bytes to be clear-freed. */
static unsigned char *
decrypt(const struct market__crypto *crypto, market_slice_t algorithm,
    market_slice_t ciphertext, const char *passphrase, int *ret_len)
{
	const unsigned char *p = algorithm.ptr;
	unsigned char *plain = NULL, *ret;
	X509_ALGOR *scheme;

	scheme = d2i_X509_ALGOR(NULL, &p, (long)algorithm.len);
	if (scheme == NULL)
		return NULL;
	ret = PKCS12_pbe_crypt_ex(scheme, passphrase, (int)strlen(passphrase),
	    ciphertext.ptr, (int)ciphertext.len, &plain, ret_len, 0,
	    crypto->lib, NULL);
	X509_ALGOR_free(scheme);
	return ret;
}

/* Is there any memory for it? */
static bool
has_memory(void)
{
	EVP_MD_CTX *probe = EVP_MD_CTX_new();

	EVP_MD_CTX_free(probe);
	return probe != NULL;
}

/*
 * OpenSSL has one NULL for a wrong passphrase and for lack of memory, so a no
 * must be said twice, and by one that has memory.
 */
static market_status_t
decrypt_surely(const struct market__crypto *crypto, market_slice_t algorithm,
    market_slice_t ciphertext, const char *passphrase, unsigned char **ret,
    int *ret_len)
{
	*ret = decrypt(crypto, algorithm, ciphertext, passphrase, ret_len);
	if (*ret == NULL)
		*ret = decrypt(
		    crypto, algorithm, ciphertext, passphrase, ret_len);
	if (*ret != NULL)
		return MARKET_OK;
	return has_memory() ? MARKET_E_KEY : MARKET_E_MEMORY;
}

market_status_t
market__openssl_decrypt(const struct market__crypto *crypto,
    const market_allocator_t *allocator, market_slice_t algorithm,
    market_slice_t ciphertext, const char *passphrase,
    market_buffer_t *ret_plain)
{
	unsigned char *plain = NULL;
	market_status_t rv;
	uint8_t *data;
	int len = 0;

	if (strlen(passphrase) > PASSPHRASE_MAX)
		return MARKET_E_KEY;
	market__openssl_enter();
	rv = decrypt_surely(
	    crypto, algorithm, ciphertext, passphrase, &plain, &len);
	market__openssl_leave();
	if (rv != MARKET_OK)
		return rv;
	rv = MARKET_E_KEY;
	if (len <= 0)
		goto out;
	rv = MARKET_E_MEMORY;
	data = market__alloc(allocator, (size_t)len + 1);
	if (data == NULL)
		goto out;
	memcpy(data, plain, (size_t)len);
	ret_plain->data = data;
	ret_plain->len = (size_t)len;
	ret_plain->allocator = allocator;
	rv = MARKET_OK;
out:
	OPENSSL_clear_free(plain, len > 0 ? (size_t)len : 0);
	return rv;
}
