/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private keys in PKCS#8 (RFC 5958) and SEC 1 (RFC 5915), read and written
 * here and not by OpenSSL's decoders: those cost 300 us, initialise lazily,
 * and tell a malformed key and lack of memory by the same NULL.
 */
#include "crypto/openssl.h"

#define CONTEXT_0  0xa0 /* [0] constructed */
#define CONTEXT_1  0xa1 /* [1] constructed */
#define IMPLICIT_1 0x81 /* [1] primitive */

static market_status_t
malformed(market_error_t *reterr)
{
	return market__error(reterr, MARKET_E_KEY, NULL, -1,
	    "not a well-formed private key; write it anew with: openssl pkey");
}

static bool
take_version(market_slice_t *cursor, uint8_t max, uint8_t *ret)
{
	market_slice_t v;

	if (!market__der_take(cursor, MARKET__DER_INTEGER, &v) || v.len != 1 ||
	    v.ptr[0] > max)
		return false;
	*ret = v.ptr[0];
	return true;
}

static market_status_t
unnamed_curve(market_error_t *reterr)
{
	return market__error(reterr, MARKET_E_KEY, NULL, -1,
	    "the EC key does not name its curve; convert it: openssl pkey "
	    "-ec_param_enc named_curve");
}

/* Does the point that the file brings belong to the private key? */
static bool
same_point(const market__private_t *key, market_slice_t bits)
{
	const uint8_t *point = bits.ptr + 1;
	size_t len = market__point_len(key->algorithm);

	/* No unused bits in the BIT STRING. */
	if (bits.len < 2 || bits.ptr[0] != 0)
		return false;
	if (bits.len == 1 + len)
		return memcmp(point, key->point, len) == 0;
	/* Compressed: 02 or 03 by the parity of y (SEC 1, 2.3.3). */
	return key->algorithm == MARKET_ALGORITHM_P256 && bits.len == 34 &&
	    point[0] == (2 | (key->point[64] & 1)) &&
	    memcmp(point + 1, key->point + 1, 32) == 0;
}

/* Computes the public point; `bits` is what the file says, or empty. */
static market_status_t
complete(const market_context_t *context, market__private_t *key,
    market_slice_t bits, market_error_t *reterr)
{
	market_status_t rv;

	rv = market__openssl_point(
	    context->crypto, key->algorithm, key->secret, key->point);
	if (rv == MARKET_E_KEY)
		return market__error(reterr, rv, NULL, -1,
		    "the private key is not in the range of P-256");
	if (rv != MARKET_OK)
		return market__error(reterr, rv, NULL, -1, "out of memory");
	if (bits.ptr != NULL && !same_point(key, bits))
		return market__error(reterr, MARKET_E_KEY, NULL, -1,
		    "the public key in the file does not belong to its private "
		    "key");
	return MARKET_OK;
}

/* ECPrivateKey (RFC 5915, 3); `named`: the curve was named outside. */
static market_status_t
read_ec(const market_context_t *context, market_slice_t der, bool named,
    market__private_t *key, market_error_t *reterr)
{
	market_slice_t body, secret, params, curve, wrapped;
	market_slice_t bits = market__slice(NULL, 0);
	uint8_t version;

	if (!market__der_take(&der, MARKET__DER_SEQUENCE, &body) ||
	    der.len != 0 || !take_version(&body, 1, &version) || version != 1 ||
	    !market__der_take(&body, MARKET__DER_OCTET_STRING, &secret))
		return malformed(reterr);
	if (market__der_take(&body, CONTEXT_0, &params)) {
		if (!market__der_take(&params, MARKET__DER_OID, &curve) ||
		    params.len != 0)
			return unnamed_curve(reterr);
		if (!market__slice_equal(curve, market__oid_p256))
			return market__oid_refuse(curve, reterr);
		named = true;
	}
	if (!named || secret.len != MARKET__SECRET_LEN)
		return malformed(reterr);
	if (market__der_take(&body, CONTEXT_1, &wrapped) &&
	    (!market__der_take(&wrapped, MARKET__DER_BIT_STRING, &bits) ||
		wrapped.len != 0))
		return malformed(reterr);
	if (body.len != 0)
		return malformed(reterr);
	key->algorithm = MARKET_ALGORITHM_P256;
	memcpy(key->secret, secret.ptr, secret.len);
	return complete(context, key, bits, reterr);
}

/* CurvePrivateKey (RFC 8410, 7) */
static market_status_t
read_ed25519(const market_context_t *context, market_slice_t der,
    market_slice_t bits, market__private_t *key, market_error_t *reterr)
{
	market_slice_t secret;

	if (!market__der_take(&der, MARKET__DER_OCTET_STRING, &secret) ||
	    der.len != 0 || secret.len != MARKET__SECRET_LEN)
		return malformed(reterr);
	key->algorithm = MARKET_ALGORITHM_ED25519;
	memcpy(key->secret, secret.ptr, secret.len);
	return complete(context, key, bits, reterr);
}

/* OneAsymmetricKey (RFC 5958, 2); attributes are skipped. */
static market_status_t
read_pkcs8(const market_context_t *context, market_slice_t der,
    market__private_t *key, market_error_t *reterr)
{
	market_slice_t body, algorithm, oid, curve, inner, attributes;
	market_slice_t bits = market__slice(NULL, 0);
	uint8_t version;

	if (!market__der_take(&der, MARKET__DER_SEQUENCE, &body) ||
	    der.len != 0 || !take_version(&body, 1, &version) ||
	    !market__der_take(&body, MARKET__DER_SEQUENCE, &algorithm) ||
	    !market__der_take(&algorithm, MARKET__DER_OID, &oid) ||
	    !market__der_take(&body, MARKET__DER_OCTET_STRING, &inner))
		return malformed(reterr);
	(void)market__der_take(&body, CONTEXT_0, &attributes);
	if (version == 1)
		(void)market__der_take(&body, IMPLICIT_1, &bits);
	if (body.len != 0)
		return malformed(reterr);
	if (market__slice_equal(oid, market__oid_ed25519))
		return algorithm.len != 0
		    ? malformed(reterr)
		    : read_ed25519(context, inner, bits, key, reterr);
	if (!market__slice_equal(oid, market__oid_ec_key))
		return market__oid_refuse(oid, reterr);
	if (!market__der_take(&algorithm, MARKET__DER_OID, &curve) ||
	    algorithm.len != 0)
		return unnamed_curve(reterr);
	if (!market__slice_equal(curve, market__oid_p256))
		return market__oid_refuse(curve, reterr);
	return read_ec(context, inner, true, key, reterr);
}

/* EncryptedPrivateKeyInfo (RFC 5958, 3) */
static market_status_t
read_encrypted(const market_context_t *context, market_slice_t der,
    const char *passphrase, market__private_t *key, market_error_t *reterr)
{
	market_buffer_t plain = MARKET_BUFFER_INIT;
	market_slice_t body, algorithm, content, ciphertext;
	market_status_t rv;

	if (passphrase == NULL)
		return market__error(reterr, MARKET_E_KEY, NULL, -1,
		    "the private key is encrypted; give its passphrase, or "
		    "decrypt it with: openssl pkey");
	if (!market__der_take(&der, MARKET__DER_SEQUENCE, &body) ||
	    der.len != 0)
		return malformed(reterr);
	algorithm = body;
	if (!market__der_take(&body, MARKET__DER_SEQUENCE, &content))
		return malformed(reterr);
	algorithm.len -= body.len;
	if (!market__der_take(&body, MARKET__DER_OCTET_STRING, &ciphertext) ||
	    body.len != 0)
		return malformed(reterr);
	rv = market__openssl_decrypt(context->crypto, &context->allocator,
	    algorithm, ciphertext, passphrase, &plain);
	if (rv == MARKET_OK)
		rv = read_pkcs8(
		    context, market_buffer_slice(&plain), key, NULL);
	market_buffer_clear(&plain);
	if (rv == MARKET_E_KEY)
		return market__error(reterr, rv, NULL, -1,
		    "the private key cannot be decrypted: wrong passphrase, or "
		    "the file is damaged");
	if (rv == MARKET_E_ALGORITHM)
		return market__error(reterr, rv, NULL, -1,
		    "the encrypted key is of another type; only Ed25519 and "
		    "ECDSA P-256 keys are supported");
	if (rv != MARKET_OK)
		return market__error(reterr, rv, NULL, -1, "out of memory");
	return MARKET_OK;
}

market_status_t
market__private_read(const market_context_t *context, market__pem_kind_t kind,
    market_slice_t der, const char *passphrase, market__private_t *ret_private,
    market_error_t *reterr)
{
	market__private_t key;
	market_status_t rv = MARKET_E_INTERNAL;

	memset(&key, 0, sizeof(key));
	switch (kind) {
	case MARKET__PEM_PUBLIC:
		rv = market__error(reterr, MARKET_E_KEY, NULL, -1,
		    "this is a public key; to sign, give the private key");
		break;
	case MARKET__PEM_PRIVATE:
		rv = read_pkcs8(context, der, &key, reterr);
		break;
	case MARKET__PEM_PRIVATE_EC:
		rv = read_ec(context, der, false, &key, reterr);
		break;
	case MARKET__PEM_PRIVATE_ENCRYPTED:
		rv = read_encrypted(context, der, passphrase, &key, reterr);
		break;
	}
	if (rv == MARKET_OK)
		*ret_private = key;
	market__wipe(&key, sizeof(key));
	return rv;
}

/* clang-format off */
/* Everything before the secret, as OpenSSL writes it. */
static const uint8_t ed25519_head[] = {
	0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70,
	0x04, 0x22, 0x04, 0x20
};
static const uint8_t p256_head[] = {
	0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86,
	0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
	0x03, 0x01, 0x07, 0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20
};
/* Between the secret and the point. */
static const uint8_t p256_middle[] = { 0xa1, 0x44, 0x03, 0x42, 0x00 };
/* clang-format on */

market_status_t
market__private_write(const market_context_t *context,
    const market__private_t *private_key, market_buffer_t *ret_pem)
{
	uint8_t der[sizeof(p256_head) + MARKET__SECRET_LEN +
	    sizeof(p256_middle) + MARKET__P256_POINT_LEN];
	uint8_t *p = der;
	market_status_t rv;

#define PUT(ptr, size) (memcpy(p, (ptr), (size)), p += (size))
	if (private_key->algorithm == MARKET_ALGORITHM_ED25519) {
		PUT(ed25519_head, sizeof(ed25519_head));
		PUT(private_key->secret, MARKET__SECRET_LEN);
	} else {
		PUT(p256_head, sizeof(p256_head));
		PUT(private_key->secret, MARKET__SECRET_LEN);
		PUT(p256_middle, sizeof(p256_middle));
		PUT(private_key->point, MARKET__P256_POINT_LEN);
	}
#undef PUT
	rv = market__pem_write(&context->allocator, "PRIVATE KEY",
	    market__slice(der, (size_t)(p - der)), ret_pem);
	market__wipe(der, sizeof(der));
	return rv;
}
