/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/openssl.h"

/*
 * Everything before the point. There is one SubjectPublicKeyInfo for each
 * key, so that a key has one id: comparing these bytes refuses explicit
 * parameters, compressed points, BER lengths and trailing bytes at once.
 */
static const uint8_t ed25519_prefix[MARKET__ED25519_SPKI_PREFIX] = { 0x30, 0x2a,
	0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };
static const uint8_t p256_prefix[MARKET__P256_SPKI_PREFIX] = { 0x30, 0x59, 0x30,
	0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08,
	0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00 };

static market_slice_t
prefix_of(market_algorithm_t algorithm)
{
	return algorithm == MARKET_ALGORITHM_ED25519
	    ? market__slice(ed25519_prefix, sizeof(ed25519_prefix))
	    : market__slice(p256_prefix, sizeof(p256_prefix));
}

size_t
market__key_spki(market_algorithm_t algorithm, const uint8_t *point,
    uint8_t out[MARKET__SPKI_MAX])
{
	market_slice_t prefix = prefix_of(algorithm);
	size_t len = market__point_len(algorithm);

	memcpy(out, prefix.ptr, prefix.len);
	memcpy(out + prefix.len, point, len);
	return prefix.len + len;
}

/* The point, or NULL where the bytes are not this algorithm's one form. */
static const uint8_t *
point_in(market_slice_t spki, market_algorithm_t algorithm)
{
	market_slice_t prefix = prefix_of(algorithm);

	if (spki.len != prefix.len + market__point_len(algorithm) ||
	    memcmp(spki.ptr, prefix.ptr, prefix.len) != 0)
		return NULL;
	return spki.ptr + prefix.len;
}

/* Why the bytes are in neither of the two forms. */
static market_status_t
refuse(market_slice_t spki, market_error_t *reterr)
{
	market_slice_t rest = spki, body, algorithm, oid, curve, point;
	bool is_ed25519, is_ec, is_named;

	if (!market__der_take(&rest, MARKET__DER_SEQUENCE, &body) ||
	    !market__der_take(&body, MARKET__DER_SEQUENCE, &algorithm) ||
	    !market__der_take(&algorithm, MARKET__DER_OID, &oid) ||
	    !market__der_take(&body, MARKET__DER_BIT_STRING, &point))
		return market__error(reterr, MARKET_E_KEY, NULL, 0,
		    "not a DER SubjectPublicKeyInfo (RFC 5280, 4.1); write "
		    "one with: openssl pkey -pubout -outform DER");
	is_ed25519 = market__slice_equal(oid, market__oid_ed25519);
	is_ec = market__slice_equal(oid, market__oid_ec_key);
	if (!is_ed25519 && !is_ec)
		return market__oid_refuse(oid, reterr);
	is_named = market__der_take(&algorithm, MARKET__DER_OID, &curve);
	if (is_ec && is_named && !market__slice_equal(curve, market__oid_p256))
		return market__oid_refuse(curve, reterr);
	if (rest.len > 0)
		return market__error(reterr, MARKET_E_KEY, NULL,
		    (int64_t)(spki.len - rest.len),
		    "%zu bytes follow the key; remove them", rest.len);
	if (is_ed25519)
		return market__error(reterr, MARKET_E_KEY, NULL, -1,
		    "an Ed25519 key has 32 bytes and no parameters (RFC 8410, "
		    "3 and 4); this one is malformed: write it anew with "
		    "openssl pkey -pubout");
	if (!is_named)
		return market__error(reterr, MARKET_E_KEY, NULL, -1,
		    "the EC key does not name its curve; convert it: openssl "
		    "pkey -pubin -ec_param_enc named_curve");
	return market__error(reterr, MARKET_E_KEY, NULL, -1,
	    "the P-256 point is not in the uncompressed form of 65 bytes; "
	    "convert it: openssl pkey -pubin -ec_conv_form uncompressed");
}

static market_status_t
check_point(
    market_algorithm_t algorithm, const uint8_t *point, market_error_t *reterr)
{
	return algorithm == MARKET_ALGORITHM_ED25519
	    ? market__ed25519_check(point, reterr)
	    : market__p256_check(point, reterr);
}

market_status_t
market_key_from_spki(market_context_t *context, market_slice_t spki,
    market_key_t **ret_key, market_error_t *reterr)
{
	market_algorithm_t algorithm = MARKET_ALGORITHM_ED25519;
	const uint8_t *point;
	market_key_t *key;
	market_status_t rv;

	if (context == NULL || ret_key == NULL || !market__slice_valid(spki))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "context, spki and ret_key must not be NULL");
	point = point_in(spki, algorithm);
	if (point == NULL) {
		algorithm = MARKET_ALGORITHM_P256;
		point = point_in(spki, algorithm);
	}
	if (point == NULL)
		return refuse(spki, reterr);
	rv = check_point(algorithm, point, reterr);
	if (rv != MARKET_OK)
		return rv;
	key = market__alloc(&context->allocator, sizeof(*key));
	if (key == NULL)
		return market__error(
		    reterr, MARKET_E_MEMORY, NULL, -1, "out of memory");
	key->context = context;
	atomic_init(&key->refs, 1);
	key->algorithm = algorithm;
	key->spki_len = market__key_spki(algorithm, point, key->spki);
	rv = market__sha256(context, &spki, 1, key->id);
	if (rv == MARKET_OK)
		rv = market__openssl_verifier(
		    context->crypto, algorithm, point, &key->verify);
	if (rv != MARKET_OK) {
		market_key_free(key);
		return market__error(reterr, rv, NULL, -1,
		    "OpenSSL could not take the key: %s",
		    market_status_text(rv));
	}
	*ret_key = key;
	return MARKET_OK;
}

market_key_t *
market_key_ref(market_key_t *key)
{
	if (key != NULL)
		atomic_fetch_add_explicit(&key->refs, 1, memory_order_relaxed);
	return key;
}

void
market_key_free(market_key_t *key)
{
	if (key == NULL)
		return;
	if (atomic_fetch_sub_explicit(&key->refs, 1, memory_order_acq_rel) != 1)
		return;
	EVP_MD_CTX_free(key->verify);
	market__free(&key->context->allocator, key);
}

market_algorithm_t
market_key_algorithm(const market_key_t *key)
{
	return key->algorithm;
}

market_slice_t
market_key_id(const market_key_t *key)
{
	return market__slice(key->id, sizeof(key->id));
}

market_slice_t
market_key_spki(const market_key_t *key)
{
	return market__slice(key->spki, key->spki_len);
}

market_status_t
market_key_pem(const market_key_t *key, market_buffer_t *ret_pem)
{
	if (key == NULL || ret_pem == NULL)
		return MARKET_E_ARGUMENT;
	return market__pem_write(&key->context->allocator, "PUBLIC KEY",
	    market_key_spki(key), ret_pem);
}
