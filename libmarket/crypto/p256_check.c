/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which bytes are a P-256 public key, private key or signature. The checks
 * come before OpenSSL's own, which answer "malformed" and "no memory" alike:
 * after them, whatever OpenSSL cannot do is not the key's or signature's
 * fault.
 */
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "crypto/openssl.h"

/* FIPS 186-5 (SP 800-186, 3.2.1.3), big-endian. */
static const uint8_t prime[32] = { 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00,
	0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff };
static const uint8_t order[32] = { 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00,
	0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
	0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25,
	0x51 };
static const uint8_t curve_b[32] = { 0x5a, 0xc6, 0x35, 0xd8, 0xaa, 0x3a, 0x93,
	0xe7, 0xb3, 0xeb, 0xbd, 0x55, 0x76, 0x98, 0x86, 0xbc, 0x65, 0x1d, 0x06,
	0xb0, 0xcc, 0x53, 0xb0, 0xf6, 0x3b, 0xce, 0x3c, 0x3e, 0x27, 0xd2, 0x60,
	0x4b };

bool
market__p256_scalar_ok(const uint8_t scalar[32])
{
	static const uint8_t zero[32];

	return memcmp(scalar, zero, 32) != 0 && memcmp(scalar, order, 32) < 0;
}

/* y^2 = x^3 - 3 x + b */
static market_status_t
on_curve(const uint8_t x_bytes[32], const uint8_t y_bytes[32])
{
	market_status_t rv = MARKET_E_MEMORY;
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *p, *b, *x, *y, *t;

	if (ctx == NULL)
		return MARKET_E_MEMORY;
	BN_CTX_start(ctx);
	p = BN_CTX_get(ctx);
	b = BN_CTX_get(ctx);
	x = BN_CTX_get(ctx);
	y = BN_CTX_get(ctx);
	t = BN_CTX_get(ctx);
	if (t == NULL || BN_bin2bn(prime, 32, p) == NULL ||
	    BN_bin2bn(curve_b, 32, b) == NULL ||
	    BN_bin2bn(x_bytes, 32, x) == NULL ||
	    BN_bin2bn(y_bytes, 32, y) == NULL ||
	    BN_mod_sqr(t, x, p, ctx) != 1 || BN_sub_word(t, 3) != 1 ||
	    BN_mod_mul(t, t, x, p, ctx) != 1 ||
	    BN_mod_add(t, t, b, p, ctx) != 1 || BN_mod_sqr(y, y, p, ctx) != 1)
		goto out;
	rv = BN_cmp(t, y) == 0 ? MARKET_OK : MARKET_E_KEY;
out:
	BN_CTX_end(ctx);
	BN_CTX_free(ctx);
	return rv;
}

market_status_t
market__p256_check(
    const uint8_t point[MARKET__P256_POINT_LEN], market_error_t *reterr)
{
	const uint8_t *x = point + 1, *y = point + 33;
	market_status_t rv = MARKET_E_KEY;

	if (point[0] != 0x04)
		return market__error(reterr, MARKET_E_KEY, NULL, -1,
		    "the P-256 point is not in uncompressed form; convert it: "
		    "openssl pkey -pubin -ec_conv_form uncompressed");
	if (memcmp(x, prime, 32) < 0 && memcmp(y, prime, 32) < 0) {
		market__openssl_enter();
		rv = on_curve(x, y);
		market__openssl_leave();
	}
	if (rv == MARKET_E_KEY)
		return market__error(reterr, rv, NULL, -1,
		    "the P-256 key is not a point on the curve; was it copied "
		    "in full?");
	if (rv != MARKET_OK)
		return market__error(reterr, rv, NULL, -1, "out of memory");
	return MARKET_OK;
}

/* Takes an INTEGER in 1 .. n - 1, in its shortest form (X.690, 8.3.2). */
static bool
take_scalar(market_slice_t *cursor, uint8_t scalar[32])
{
	market_slice_t v;

	if (!market__der_take(cursor, MARKET__DER_INTEGER, &v) || v.len == 0)
		return false;
	if (v.ptr[0] & 0x80)
		return false;
	if (v.ptr[0] == 0) {
		if (v.len == 1 || (v.ptr[1] & 0x80) == 0)
			return false;
		v.ptr++;
		v.len--;
	}
	if (v.len > 32)
		return false;
	memset(scalar, 0, 32 - v.len);
	memcpy(scalar + 32 - v.len, v.ptr, v.len);
	return market__p256_scalar_ok(scalar);
}

bool
market__ecdsa_signature_read(market_slice_t signature, uint8_t r[32])
{
	market_slice_t body;
	uint8_t s[32];

	if (!market__der_take(&signature, MARKET__DER_SEQUENCE, &body) ||
	    signature.len != 0)
		return false;
	return take_scalar(&body, r) && take_scalar(&body, s) && body.len == 0;
}

/* Is e * G + r * Q the point at infinity? */
static market_status_t
sum_at_infinity(const struct market__crypto *crypto, const uint8_t e_bytes[32],
    const uint8_t r_bytes[32], const uint8_t point[MARKET__P256_POINT_LEN],
    bool *ret)
{
	market_status_t rv = MARKET_E_MEMORY;
	EC_POINT *q = NULL, *sum = NULL;
	BIGNUM *e = NULL, *r = NULL;
	EC_GROUP *group;

	group = EC_GROUP_new_by_curve_name_ex(
	    crypto->lib, NULL, NID_X9_62_prime256v1);
	if (group == NULL)
		return MARKET_E_MEMORY;
	q = EC_POINT_new(group);
	sum = EC_POINT_new(group);
	e = BN_bin2bn(e_bytes, 32, NULL);
	r = BN_bin2bn(r_bytes, 32, NULL);
	if (q == NULL || sum == NULL || e == NULL || r == NULL ||
	    EC_POINT_oct2point(group, q, point, MARKET__P256_POINT_LEN, NULL) !=
		1 ||
	    EC_POINT_mul(group, sum, e, q, r, NULL) != 1)
		goto out;
	*ret = EC_POINT_is_at_infinity(group, sum) == 1;
	rv = MARKET_OK;
out:
	BN_free(e);
	BN_free(r);
	EC_POINT_free(q);
	EC_POINT_free(sum);
	EC_GROUP_free(group);
	return rv;
}

market_status_t
market__p256_no_answer(const struct market__crypto *crypto,
    const uint8_t point[MARKET__P256_POINT_LEN],
    const uint8_t digest[MARKET_DIGEST_LEN], const uint8_t r[32])
{
	market_status_t rv;
	bool infinity = false;

	market__openssl_enter();
	rv = sum_at_infinity(crypto, digest, r, point, &infinity);
	market__openssl_leave();
	if (rv != MARKET_OK)
		return rv;
	return infinity ? MARKET_E_SIGNATURE : MARKET_E_INTERNAL;
}
