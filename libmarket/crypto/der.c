/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/openssl.h"

bool
market__der_take(market_slice_t *cursor, uint8_t tag, market_slice_t *ret_value)
{
	const uint8_t *p = cursor->ptr;
	size_t head = 2, len;

	if (cursor->len < 2 || p[0] != tag)
		return false;
	len = p[1];
	if (len >= 0x80) {
		if (len != 0x81 && len != 0x82)
			return false;
		head += len & 0x7f;
		if (cursor->len < head)
			return false;
		if (head == 3) {
			len = p[2];
			if (len < 0x80)
				return false;
		} else {
			len = (size_t)p[2] << 8 | p[3];
			if (len < 0x100)
				return false;
		}
	}
	if (cursor->len - head < len)
		return false;
	*ret_value = market__slice(p + head, len);
	*cursor = market__slice(p + head + len, cursor->len - head - len);
	return true;
}

#define OID(bytes)                                          \
	{                                                   \
		(const uint8_t *)(bytes), sizeof(bytes) - 1 \
	}

const market_slice_t market__oid_ed25519 = OID("\x2b\x65\x70");
const market_slice_t market__oid_ec_key = OID("\x2a\x86\x48\xce\x3d\x02\x01");
const market_slice_t market__oid_p256 = OID("\x2a\x86\x48\xce\x3d\x03\x01\x07");

static const struct {
	market_slice_t oid;
	const char *name;
} others[] = {
	{ OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"), "an RSA key" },
	{ OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"), "an RSA-PSS key" },
	{ OID("\x2a\x86\x48\xce\x38\x04\x01"), "a DSA key" },
	{ OID("\x2a\x86\x48\x86\xf7\x0d\x01\x03\x01"), "a Diffie-Hellman key" },
	{ OID("\x2b\x65\x6e"), "an X25519 key" },
	{ OID("\x2b\x65\x6f"), "an X448 key" },
	{ OID("\x2b\x65\x71"), "an Ed448 key" },
	{ OID("\x2b\x81\x04\x00\x21"), "an EC key on P-224" },
	{ OID("\x2b\x81\x04\x00\x22"), "an EC key on P-384" },
	{ OID("\x2b\x81\x04\x00\x23"), "an EC key on P-521" },
	{ OID("\x2b\x81\x04\x00\x0a"), "an EC key on secp256k1" },
};

market_status_t
market__oid_refuse(market_slice_t oid, market_error_t *reterr)
{
	const char *name = "a key of another type";
	size_t i;

	for (i = 0; i < MARKET__COUNT(others); i++)
		if (market__slice_equal(oid, others[i].oid))
			name = others[i].name;
	return market__error(reterr, MARKET_E_ALGORITHM, NULL, -1,
	    "this is %s; only Ed25519 and ECDSA P-256 keys are supported: make "
	    "one with `market keygen`",
	    name);
}
