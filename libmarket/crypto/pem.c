/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One key in a PEM text (RFC 7468). OpenSSL's reader skips what it does not
 * know and stops at the first block, so that a file with two keys means the
 * one that happens to be first; here there is exactly one block and nothing
 * else.
 */
#include "crypto/openssl.h"

#define PEM_MAX 16384
#define BEGIN   "-----BEGIN "
#define END     "-----END "
#define DASHES  "-----"

typedef struct reader {
	market_slice_t text;
	size_t at;
	market_error_t *reterr;
} reader_t;

static market_status_t
refuse(const reader_t *r, const char *message)
{
	return market__error(
	    r->reterr, MARKET_E_KEY, NULL, (int64_t)r->at, "%s", message);
}

static bool
is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
skip_space(reader_t *r)
{
	while (r->at < r->text.len && is_space(r->text.ptr[r->at]))
		r->at++;
}

static bool
looking_at(const reader_t *r, const char *literal)
{
	size_t len = strlen(literal);

	return r->text.len - r->at >= len &&
	    memcmp(r->text.ptr + r->at, literal, len) == 0;
}

static bool
skip(reader_t *r, const char *literal)
{
	if (!looking_at(r, literal))
		return false;
	r->at += strlen(literal);
	return true;
}

/* -----BEGIN label----- */
static market_status_t
read_begin(reader_t *r, market_slice_t *ret_label)
{
	static const uint8_t utf8_mark[] = { 0xef, 0xbb, 0xbf };
	size_t start;

	if (r->text.len >= 3 && memcmp(r->text.ptr, utf8_mark, 3) == 0)
		return refuse(r,
		    "the file begins with a byte order mark; save it as plain "
		    "ASCII");
	skip_space(r);
	if (!skip(r, BEGIN))
		return refuse(r,
		    "not a PEM key: the text must begin with -----BEGIN; "
		    "remove what stands before the block, and convert DER "
		    "with: openssl pkey -inform DER");
	start = r->at;
	while (r->at < r->text.len && r->text.ptr[r->at] >= 0x20 &&
	    !looking_at(r, DASHES))
		r->at++;
	*ret_label = market__slice(r->text.ptr + start, r->at - start);
	if (!skip(r, DASHES))
		return refuse(r,
		    "the line -----BEGIN does not end in -----; is the file "
		    "cut off?");
	return MARKET_OK;
}

static bool
is_base64(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
}

/* Base64 up to the next run of dashes, without its line ends. */
static market_status_t
read_body(reader_t *r, uint8_t *base64, size_t *ret_len)
{
	size_t len = 0;
	uint8_t c;

	for (; r->at < r->text.len && !looking_at(r, DASHES); r->at++) {
		c = r->text.ptr[r->at];
		if (is_space(c))
			continue;
		/* Proc-Type: 4,ENCRYPTED (RFC 1421, 4.6.1.1) */
		if (c == '-' || c == ':')
			return refuse(r,
			    "a PEM block with headers (the old encryption); "
			    "convert it: openssl pkey -aes256");
		if (!is_base64(c))
			return refuse(r,
			    "a byte that is not base64 in the PEM block; write "
			    "the key anew with: openssl pkey");
		base64[len++] = c;
	}
	*ret_len = len;
	return MARKET_OK;
}

static market_status_t
read_end(reader_t *r, market_slice_t label)
{
	size_t start = r->at;

	if (!skip(r, END) || r->text.len - r->at < label.len ||
	    memcmp(r->text.ptr + r->at, label.ptr, label.len) != 0) {
		r->at = start;
		return refuse(r,
		    "the PEM block has no -----END line of its own label; is "
		    "the file cut off?");
	}
	r->at += label.len;
	if (!skip(r, DASHES))
		return refuse(r,
		    "the line -----END does not end in -----; is the file cut "
		    "off?");
	skip_space(r);
	if (looking_at(r, BEGIN))
		return refuse(r,
		    "more than one PEM block; give each key a file of its own");
	if (r->at < r->text.len)
		return refuse(r, "text follows the PEM block; remove it");
	return MARKET_OK;
}

static market_status_t
kind_of(reader_t *r, market_slice_t label, market__pem_kind_t *ret_kind)
{
	static const struct {
		const char *label;
		market__pem_kind_t kind;
	} kinds[] = {
		{ "PUBLIC KEY", MARKET__PEM_PUBLIC },
		{ "PRIVATE KEY", MARKET__PEM_PRIVATE },
		{ "EC PRIVATE KEY", MARKET__PEM_PRIVATE_EC },
		{ "ENCRYPTED PRIVATE KEY", MARKET__PEM_PRIVATE_ENCRYPTED },
	};
	static const char *const others[] = { "RSA PRIVATE KEY",
		"RSA PUBLIC KEY", "DSA PRIVATE KEY" };
	size_t i;

	for (i = 0; i < MARKET__COUNT(kinds); i++)
		if (market__slice_is(label, kinds[i].label)) {
			*ret_kind = kinds[i].kind;
			return MARKET_OK;
		}
	for (i = 0; i < MARKET__COUNT(others); i++)
		if (market__slice_is(label, others[i]))
			return market__error(r->reterr, MARKET_E_ALGORITHM,
			    NULL, -1,
			    "this is an %.3s key; only Ed25519 and ECDSA P-256 "
			    "keys are supported: make one with `market keygen`",
			    others[i]);
	if (market__slice_is(label, "CERTIFICATE"))
		return refuse(r,
		    "a certificate is not a key; take the key out: openssl "
		    "x509 -pubkey -noout");
	if (market__slice_is(label, "EC PARAMETERS"))
		return refuse(r,
		    "the block EC PARAMETERS is not needed; remove it: openssl "
		    "pkey");
	return market__error(r->reterr, MARKET_E_KEY, NULL, (int64_t)r->at,
	    "the PEM block \"%.*s\" is not a key that openssl pkey writes; "
	    "convert it with that",
	    MARKET__ARG(label));
}

market_status_t
market__pem_read(const market_allocator_t *allocator, market_slice_t pem,
    market__pem_kind_t *ret_kind, market_buffer_t *ret_der,
    market_error_t *reterr)
{
	reader_t r = { pem, 0, reterr };
	market_slice_t label = { NULL, 0 };
	uint8_t *base64 = NULL, *der = NULL;
	market_status_t rv;
	size_t len = 0, der_len;

	if (pem.len > PEM_MAX)
		return refuse(
		    &r, "longer than 16 KiB: not the PEM file of one key");
	rv = read_begin(&r, &label);
	if (rv == MARKET_OK)
		rv = kind_of(&r, label, ret_kind);
	if (rv != MARKET_OK)
		return rv;
	base64 = market__alloc(allocator, pem.len);
	der = market__alloc(allocator, pem.len);
	if (base64 == NULL || der == NULL) {
		rv = market__error(
		    reterr, MARKET_E_MEMORY, NULL, -1, "out of memory");
		goto out;
	}
	rv = read_body(&r, base64, &len);
	if (rv == MARKET_OK)
		rv = read_end(&r, label);
	if (rv != MARKET_OK)
		goto out;
	if (!market__unbase64(
		market__slice(base64, len), false, der, &der_len)) {
		rv = refuse(&r,
		    "the base64 of the PEM block is malformed; write the key "
		    "anew with: openssl pkey");
		goto out;
	}
	ret_der->data = der;
	ret_der->len = der_len;
	ret_der->allocator = allocator;
	der = NULL;
out:
	if (base64 != NULL)
		market__wipe(base64, pem.len);
	if (der != NULL)
		market__wipe(der, pem.len);
	market__free(allocator, base64);
	market__free(allocator, der);
	return rv;
}

/* Not a growing text: that would leave copies of a private key behind. */
market_status_t
market__pem_write(const market_allocator_t *allocator, const char *label,
    market_slice_t der, market_buffer_t *ret_pem)
{
	uint8_t base64[4 * (192 / 3) + 1], *pem, *p;
	size_t label_len = strlen(label), len, at, n, max;

	if (der.len > 192)
		return MARKET_E_INTERNAL;
	len = (size_t)EVP_EncodeBlock(base64, der.ptr, (int)der.len);
	max = sizeof(base64) + sizeof(base64) / 64 + 2 * label_len + 64;
	pem = market__alloc(allocator, max);
	if (pem == NULL) {
		market__wipe(base64, sizeof(base64));
		return MARKET_E_MEMORY;
	}
	p = pem;
#define PUT(ptr, size) (memcpy(p, (ptr), (size)), p += (size))
	PUT(BEGIN, sizeof(BEGIN) - 1);
	PUT(label, label_len);
	PUT(DASHES "\n", sizeof(DASHES));
	for (at = 0; at < len; at += n) {
		n = len - at < 64 ? len - at : 64;
		PUT(base64 + at, n);
		PUT("\n", 1);
	}
	PUT(END, sizeof(END) - 1);
	PUT(label, label_len);
	PUT(DASHES "\n", sizeof(DASHES));
#undef PUT
	market__wipe(base64, sizeof(base64));
	ret_pem->data = pem;
	ret_pem->len = (size_t)(p - pem);
	ret_pem->allocator = allocator;
	return MARKET_OK;
}
