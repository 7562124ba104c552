/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private keys whose DER was spoilt in one byte, cut, or has a byte too many:
 * each is refused as a key, or is still the key that it was.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "base/base.h"
#include "crypto_kit.h"

#define P256_POINT "04" KIT_P256_X KIT_P256_Y
#define P256_HALF  "03" KIT_P256_X

static const struct {
	const char *label, *name, *der;
	bool has_point;
} forms[] = {
	{ "PKCS#8, Ed25519", "PRIVATE KEY",
	    "302e020100300506032b657004220420" KIT_ED1_SECRET, false },
	{ "PKCS#8 v2 with attributes and point, Ed25519", "PRIVATE KEY",
	    "3053020101300506032b657004220420" KIT_ED1_SECRET
	    "a000812100" KIT_ED1_POINT,
	    true },
	{ "PKCS#8, P-256", "PRIVATE KEY",
	    "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b"
	    "0201010420" KIT_P256_SECRET "a144034200" P256_POINT,
	    true },
	{ "PKCS#8, P-256 without point", "PRIVATE KEY",
	    "3041020100301306072a8648ce3d020106082a8648ce3d03010704273025"
	    "0201010420" KIT_P256_SECRET,
	    false },
	{ "SEC 1, P-256", "EC PRIVATE KEY",
	    "30770201010420" KIT_P256_SECRET
	    "a00a06082a8648ce3d030107a144034200" P256_POINT,
	    true },
	{ "SEC 1, P-256, half a point", "EC PRIVATE KEY",
	    "30570201010420" KIT_P256_SECRET
	    "a00a06082a8648ce3d030107a124032200" P256_HALF,
	    true },
};

static market_context_t *context;
static uint8_t good_id[MARKET_DIGEST_LEN];

/* The key's id, or the refusal. */
static market_status_t
load(size_t form, const kit_bytes_t *der, uint8_t *ret_id)
{
	static char pem[3 * KIT_MAX];
	unsigned char base64[2 * KIT_MAX];
	market_error_t error = MARKET_ERROR_INIT;
	market_signer_t *signer = NULL;
	market_status_t rv;

	EVP_EncodeBlock(base64, der->at, (int)der->len);
	snprintf(pem, sizeof(pem), "-----BEGIN %s-----\n%s\n-----END %s-----\n",
	    forms[form].name, (const char *)base64, forms[form].name);
	rv = market_signer_from_pem(
	    context, market_slice_of(pem), NULL, &signer, &error);
	ck_assert_msg(
	    rv == MARKET_OK || rv == MARKET_E_KEY || rv == MARKET_E_ALGORITHM,
	    "%s: %s: %s", forms[form].label, market_status_name(rv),
	    error.message);
	if (rv == MARKET_OK)
		memcpy(ret_id, market_key_id(market_signer_key(signer)).ptr,
		    MARKET_DIGEST_LEN);
	market_signer_free(signer);
	return rv;
}

/* With its point beside it a secret cannot become another one. */
static void
expect_refused_or_same(
    size_t form, const kit_bytes_t *der, bool has_point, const char *what)
{
	uint8_t id[MARKET_DIGEST_LEN];

	if (load(form, der, id) == MARKET_OK && has_point)
		ck_assert_msg(memcmp(id, good_id, sizeof(id)) == 0,
		    "%s: %s: another key", forms[form].label, what);
}

START_TEST(private_key_is_refused_or_the_same_when_spoilt)
{
	size_t form = (size_t)_i, i, k;
	bool has_point = forms[form].has_point;
	kit_bytes_t good = kit_hex(forms[form].der), bad;
	char what[32];

	context = kit_context();
	ck_assert_msg(
	    load(form, &good, good_id) == MARKET_OK, "%s", forms[form].label);
	for (i = 0; i < good.len; i++) {
		static const uint8_t flips[] = { 0x01, 0x02, 0x04, 0x20, 0x80,
			0xff };

		for (k = 0; k < sizeof(flips); k++) {
			bad = good;
			bad.at[i] ^= flips[k];
			snprintf(what, sizeof(what), "byte %zu", i);
			expect_refused_or_same(form, &bad, has_point, what);
		}
		bad = good;
		bad.len = i;
		ck_assert_int_ne(load(form, &bad, good_id), MARKET_OK);
	}
	bad = good;
	bad.at[bad.len++] = 0;
	ck_assert_int_ne(load(form, &bad, good_id), MARKET_OK);
	market_context_free(context);
}
END_TEST

/* Well encrypted, and nothing within. */
START_TEST(private_key_is_refused_when_its_cipher_text_is_empty)
{
	X509_SIG *shroud = X509_SIG_new();
	X509_ALGOR *scheme, *made;
	ASN1_OCTET_STRING *text;
	unsigned char *plain = NULL, *p, base64[1024];
	market_error_t error = MARKET_ERROR_INIT;
	market_signer_t *signer = NULL;
	kit_bytes_t der = { { 0 }, 0 };
	char pem[2048];
	int len = 0;

	context = kit_context();
	made = PKCS5_pbe2_set(EVP_aes_256_cbc(), 2048, NULL, 0);
	ck_assert_ptr_nonnull(made);
	X509_SIG_getm(shroud, &scheme, &text);
	ck_assert_int_eq(X509_ALGOR_copy(scheme, made), 1);
	ck_assert_ptr_nonnull(PKCS12_pbe_crypt(
	    made, "secret", 6, (const unsigned char *)"", 0, &plain, &len, 1));
	ck_assert_int_eq(ASN1_OCTET_STRING_set(text, plain, len), 1);
	p = der.at;
	der.len = (size_t)i2d_X509_SIG(shroud, &p);
	EVP_EncodeBlock(base64, der.at, (int)der.len);
	snprintf(pem, sizeof(pem),
	    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n%s\n"
	    "-----END ENCRYPTED PRIVATE KEY-----\n",
	    (const char *)base64);
	ck_assert_int_eq(market_signer_from_pem(context, market_slice_of(pem),
			     "secret", &signer, &error),
	    MARKET_E_KEY);
	OPENSSL_free(plain);
	X509_ALGOR_free(made);
	X509_SIG_free(shroud);
	market_context_free(context);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("private");
	TCase *tcase = tcase_create("private");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase,
	    private_key_is_refused_or_the_same_when_spoilt, 0,
	    (int)MARKET__COUNT(forms));
	tcase_add_test(
	    tcase, private_key_is_refused_when_its_cipher_text_is_empty);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
