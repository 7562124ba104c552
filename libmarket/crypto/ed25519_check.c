/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which 32 bytes are an Ed25519 public key. OpenSSL takes any: with a point
 * of small order as key, one fixed signature verifies every message.
 */
#include <openssl/bn.h>

#include "crypto/openssl.h"

#define POINT_LEN MARKET__ED25519_POINT_LEN

/* Little-endian, as on the wire (RFC 8032, 5.1.2). */
static const uint8_t prime[POINT_LEN] = { 0xed, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0x7f };

/* The curve's d (RFC 8032, 5.1), little-endian. */
static const uint8_t curve_d[POINT_LEN] = { 0xa3, 0x78, 0x59, 0x13, 0xca, 0x4d,
	0xeb, 0x75, 0xab, 0xd8, 0x41, 0x41, 0x4d, 0x0a, 0x70, 0x00, 0x98, 0xe8,
	0x79, 0x77, 0x79, 0x40, 0xc7, 0x8c, 0x73, 0xfe, 0x6f, 0x2b, 0xee, 0x6c,
	0x03, 0x52 };

/*
 * The y of the eight points whose order divides the cofactor. With either
 * sign bit, and with y + p where that fits in 255 bits, they are the 14
 * encodings that are known as blocklist; y + p falls to the canonical check.
 */
static const uint8_t small_order_y[][POINT_LEN] = {
	/* order 1 */
	{ 0x01 },
	/* order 2: -1 */
	{ 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
	/* order 4, both signs of x */
	{ 0x00 },
	/* order 8, both signs of x */
	{ 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
	    0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
	    0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05 },
	/* order 8, both signs of x */
	{ 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
	    0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
	    0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a },
};

static bool
below_prime(const uint8_t y[POINT_LEN])
{
	size_t i = POINT_LEN;

	while (i-- > 0)
		if (y[i] != prime[i])
			return y[i] < prime[i];
	return false;
}

/*
 * x^2 = (y^2 - 1) / (d y^2 + 1) has a root exactly where the product of the
 * two is a square (RFC 8032, 5.1.3, step 2; v is never 0).
 */
static market_status_t
on_curve(const uint8_t y_bytes[POINT_LEN])
{
	market_status_t rv = MARKET_E_MEMORY;
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *p, *d, *y, *u, *v;
	int symbol;

	if (ctx == NULL)
		return MARKET_E_MEMORY;
	BN_CTX_start(ctx);
	p = BN_CTX_get(ctx);
	d = BN_CTX_get(ctx);
	y = BN_CTX_get(ctx);
	u = BN_CTX_get(ctx);
	v = BN_CTX_get(ctx);
	if (v == NULL || BN_lebin2bn(prime, POINT_LEN, p) == NULL ||
	    BN_lebin2bn(curve_d, POINT_LEN, d) == NULL ||
	    BN_lebin2bn(y_bytes, POINT_LEN, y) == NULL ||
	    BN_mod_sqr(u, y, p, ctx) != 1 || BN_mod_mul(v, d, u, p, ctx) != 1 ||
	    BN_sub_word(u, 1) != 1 || BN_add_word(v, 1) != 1 ||
	    BN_mod_mul(u, u, v, p, ctx) != 1)
		goto out;
	symbol = BN_kronecker(u, p, ctx);
	if (symbol == 1)
		rv = MARKET_OK;
	else if (symbol == 0 || symbol == -1)
		rv = MARKET_E_KEY;
out:
	BN_CTX_end(ctx);
	BN_CTX_free(ctx);
	return rv;
}

market_status_t
market__ed25519_check(const uint8_t point[POINT_LEN], market_error_t *reterr)
{
	market_status_t rv;
	uint8_t y[POINT_LEN];
	size_t i;

	memcpy(y, point, sizeof(y));
	y[POINT_LEN - 1] &= 0x7f;
	if (!below_prime(y))
		return market__error(reterr, MARKET_E_KEY, NULL, -1,
		    "the Ed25519 key is not in canonical form: its y is not "
		    "below 2^255 - 19 (RFC 8032, 5.1.3); make a new key");
	for (i = 0; i < MARKET__COUNT(small_order_y); i++)
		if (memcmp(y, small_order_y[i], sizeof(y)) == 0)
			return market__error(reterr, MARKET_E_KEY, NULL, -1,
			    "the Ed25519 key is a point of small order, under "
			    "which a forged signature verifies; make a new "
			    "key");
	market__openssl_enter();
	rv = on_curve(y);
	market__openssl_leave();
	if (rv == MARKET_E_KEY)
		return market__error(reterr, rv, NULL, -1,
		    "the Ed25519 key is not a point on the curve (RFC 8032, "
		    "5.1.3); was it copied in full?");
	if (rv != MARKET_OK)
		return market__error(reterr, rv, NULL, -1, "out of memory");
	return MARKET_OK;
}
