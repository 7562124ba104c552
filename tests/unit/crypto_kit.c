/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto_kit.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

static unsigned
digit(char c)
{
	ck_assert_msg((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'),
	    "'%c' is no lower-case hex digit", c);
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

kit_bytes_t
kit_hex(const char *hex)
{
	kit_bytes_t bytes = { { 0 }, strlen(hex) / 2 };
	size_t i;

	ck_assert_uint_eq(strlen(hex) % 2, 0);
	ck_assert_uint_le(bytes.len, KIT_MAX);
	for (i = 0; i < bytes.len; i++)
		bytes.at[i] = (uint8_t)(digit(hex[2 * i]) << 4 |
		    digit(hex[2 * i + 1]));
	return bytes;
}

market_slice_t
kit_slice(const kit_bytes_t *bytes)
{
	market_slice_t slice = { bytes->at, bytes->len };

	return slice;
}

static void
put_integer(kit_bytes_t *out, const char *hex)
{
	kit_bytes_t v = kit_hex(hex);
	size_t skip = 0;
	bool pad;

	while (skip + 1 < v.len && v.at[skip] == 0)
		skip++;
	pad = (v.at[skip] & 0x80) != 0;
	out->at[out->len++] = 0x02;
	out->at[out->len++] = (uint8_t)(v.len - skip + pad);
	if (pad)
		out->at[out->len++] = 0;
	memcpy(out->at + out->len, v.at + skip, v.len - skip);
	out->len += v.len - skip;
}

kit_bytes_t
kit_ecdsa(const char *r_hex, const char *s_hex)
{
	kit_bytes_t out = { { 0x30 }, 2 };

	put_integer(&out, r_hex);
	put_integer(&out, s_hex);
	out.at[1] = (uint8_t)(out.len - 2);
	return out;
}

market_context_t *
kit_context(void)
{
	market_context_t *context = NULL;

	ck_assert_int_eq(market_context_new(NULL, &context), MARKET_OK);
	return context;
}

market_context_t *
kit_context_with(harness_memory_t *memory)
{
	market_context_options_t options = { sizeof(options), memory->allocator,
		NULL, NULL, 0 };
	market_context_t *context = NULL;

	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	return context;
}

static void
settle_load(market_status_t status, market_key_t *key,
    const market_key_t *untouched, const market_error_t *error)
{
	if (status == MARKET_OK) {
		market_key_free(key);
		return;
	}
	ck_assert_ptr_eq(key, untouched);
	ck_assert_int_eq(error->status, status);
	ck_assert_str_ne(error->message, "");
}

market_status_t
kit_load_spki(
    market_context_t *context, market_slice_t spki, market_error_t *reterr)
{
	market_key_t *const untouched = (market_key_t *)(void *)reterr;
	market_key_t *key = untouched;
	market_status_t rv;

	rv = market_key_from_spki(context, spki, &key, reterr);
	settle_load(rv, key, untouched, reterr);
	return rv;
}

market_status_t
kit_load_pem(
    market_context_t *context, market_slice_t pem, market_error_t *reterr)
{
	market_key_t *const untouched = (market_key_t *)(void *)reterr;
	market_key_t *key = untouched;
	market_status_t rv;

	rv = market_key_from_pem(context, pem, &key, reterr);
	settle_load(rv, key, untouched, reterr);
	return rv;
}

market_key_t *
kit_key(market_context_t *context, const char *spki_hex)
{
	market_error_t error = MARKET_ERROR_INIT;
	kit_bytes_t spki = kit_hex(spki_hex);
	market_key_t *key = NULL;

	ck_assert_msg(market_key_from_spki(
			  context, kit_slice(&spki), &key, &error) == MARKET_OK,
	    "%s: %s", spki_hex, error.message);
	return key;
}

market_signer_t *
kit_signer(market_context_t *context, market_algorithm_t algorithm)
{
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_signer_t *signer = NULL;

	ck_assert_int_eq(
	    market_key_generate(context, algorithm, &pem, NULL), MARKET_OK);
	ck_assert_int_eq(market_signer_from_pem(context,
			     market_buffer_slice(&pem), NULL, &signer, NULL),
	    MARKET_OK);
	market_buffer_clear(&pem);
	return signer;
}

market_buffer_t
kit_sign(const market_signer_t *signer, const char *message)
{
	market_buffer_t signature = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_msg(market_signer_sign(signer, market_slice_of(message),
			  &signature, &error) == MARKET_OK,
	    "%s", error.message);
	return signature;
}

EVP_PKEY *
kit_openssl_key(const char *type, const char *curve)
{
	EVP_PKEY *key = curve != NULL
	    ? EVP_PKEY_Q_keygen(NULL, NULL, type, curve)
	    : strcmp(type, "RSA") == 0
	    ? EVP_PKEY_Q_keygen(NULL, NULL, type, (size_t)512)
	    : EVP_PKEY_Q_keygen(NULL, NULL, type);

	ck_assert_msg(key != NULL, "OpenSSL makes no %s key", type);
	return key;
}

kit_bytes_t
kit_pem(EVP_PKEY *key, kit_form_t form)
{
	kit_bytes_t out = { { 0 }, 0 };
	BIO *bio = BIO_new(BIO_s_mem());
	char secret[] = "secret";
	int done = 0, len;

	ck_assert_ptr_nonnull(bio);
	switch (form) {
	case KIT_PUBLIC: done = PEM_write_bio_PUBKEY(bio, key); break;
	case KIT_PKCS8:
		done = PEM_write_bio_PKCS8PrivateKey(
		    bio, key, NULL, NULL, 0, NULL, NULL);
		break;
	case KIT_TRADITIONAL:
		done = PEM_write_bio_PrivateKey_traditional(
		    bio, key, NULL, NULL, 0, NULL, NULL);
		break;
	case KIT_ENCRYPTED:
		done = PEM_write_bio_PKCS8PrivateKey(bio, key,
		    EVP_aes_256_cbc(), secret, (int)strlen(secret), NULL, NULL);
		break;
	}
	ck_assert_int_eq(done, 1);
	len = BIO_read(bio, out.at, KIT_MAX);
	ck_assert_int_gt(len, 0);
	out.len = (size_t)len;
	BIO_free(bio);
	return out;
}

kit_bytes_t
kit_spki(EVP_PKEY *key)
{
	kit_bytes_t out = { { 0 }, 0 };
	unsigned char *p = out.at;
	int len = i2d_PUBKEY(key, NULL);

	ck_assert_int_gt(len, 0);
	ck_assert_int_le(len, KIT_MAX);
	ck_assert_int_eq(i2d_PUBKEY(key, &p), len);
	out.len = (size_t)len;
	return out;
}
