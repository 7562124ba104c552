/* SPDX-License-Identifier: Apache-2.0 */
/* Keys in PEM: as OpenSSL writes them, and whatever else a file may hold. */
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/base.h"
#include "crypto_kit.h"
#include "golden.h"

static market_context_t *context;

static void
set_up(void)
{
	context = kit_context();
}

static void
tear_down(void)
{
	market_context_free(context);
}

/* What `openssl pkey` writes loads, and names the same key each time. */
START_TEST(key_from_pem_reads_what_openssl_writes)
{
	static const struct {
		const char *type, *curve;
	} rows[] = { { "ED25519", NULL }, { "EC", "P-256" } };
	static const kit_form_t forms[] = { KIT_PUBLIC, KIT_PKCS8,
		KIT_TRADITIONAL };
	kit_bytes_t pem, spki;
	market_key_t *key = NULL;
	EVP_PKEY *theirs;
	size_t i, j;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		theirs = kit_openssl_key(rows[i].type, rows[i].curve);
		spki = kit_spki(theirs);
		for (j = 0; j < MARKET__COUNT(forms); j++) {
			/* Ed25519 has no traditional form. */
			if (i == 0 && forms[j] == KIT_TRADITIONAL)
				continue;
			pem = kit_pem(theirs, forms[j]);
			ck_assert_int_eq(market_key_from_pem(context,
					     kit_slice(&pem), &key, NULL),
			    MARKET_OK);
			ck_assert(market__slice_equal(
			    market_key_spki(key), kit_slice(&spki)));
			market_key_free(key);
		}
		EVP_PKEY_free(theirs);
	}
}
END_TEST

START_TEST(key_pem_is_what_openssl_writes)
{
	static const struct {
		const char *type, *curve;
	} rows[] = { { "ED25519", NULL }, { "EC", "P-256" } };
	market_buffer_t ours;
	kit_bytes_t pem;
	market_key_t *key = NULL;
	EVP_PKEY *theirs;
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		theirs = kit_openssl_key(rows[i].type, rows[i].curve);
		pem = kit_pem(theirs, KIT_PUBLIC);
		ck_assert_int_eq(
		    market_key_from_pem(context, kit_slice(&pem), &key, NULL),
		    MARKET_OK);
		ck_assert_int_eq(market_key_pem(key, &ours), MARKET_OK);
		ck_assert(market__slice_equal(
		    market_buffer_slice(&ours), kit_slice(&pem)));
		ck_assert_uint_eq(ours.data[ours.len], 0);
		market_buffer_clear(&ours);
		market_key_free(key);
		EVP_PKEY_free(theirs);
	}
}
END_TEST

#define BODY  "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define BEGIN "-----BEGIN PUBLIC KEY-----\n"
#define END   "-----END PUBLIC KEY-----\n"
#define PEM   BEGIN BODY "\n" END
#define X509  "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"

typedef struct pem_row {
	const char *label, *pem;
	market_status_t want;
	const char *says;
} pem_row_t;

static const pem_row_t k16_rows[] = {
	{ "one block", PEM, MARKET_OK, NULL },
	{ "K16 CRLF",
	    "-----BEGIN PUBLIC KEY-----\r\n" BODY
	    "\r\n-----END PUBLIC KEY-----\r\n",
	    MARKET_OK, NULL },
	{ "no newline at the end", BEGIN BODY "\n-----END PUBLIC KEY-----",
	    MARKET_OK, NULL },
	{ "white space around", "\n \t" PEM "\n\n ", MARKET_OK, NULL },
	{ "K16 byte order mark", "\xef\xbb\xbf" PEM, MARKET_E_KEY,
	    "byte order mark" },
	{ "K16 UTF-16", "\xff\xfe-", MARKET_E_KEY, "-----BEGIN" },
	{ "K16 two keys", PEM PEM, MARKET_E_KEY, "more than one" },
	{ "K16 a certificate behind it", PEM X509, MARKET_E_KEY,
	    "more than one" },
	{ "text behind it", PEM "x", MARKET_E_KEY, "follows" },
	{ "text before it", "key:\n" PEM, MARKET_E_KEY, "before" },
	{ "a certificate", X509, MARKET_E_KEY, "x509" },
	{ "EC parameters",
	    "-----BEGIN EC PARAMETERS-----\nMAA=\n"
	    "-----END EC PARAMETERS-----\n",
	    MARKET_E_KEY, "EC PARAMETERS" },
	{ "RSA in the old form",
	    "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n"
	    "-----END RSA PRIVATE KEY-----\n",
	    MARKET_E_ALGORITHM, "RSA" },
	{ "OpenSSH's own form",
	    "-----BEGIN OPENSSH PRIVATE KEY-----\nMAA=\n"
	    "-----END OPENSSH PRIVATE KEY-----\n",
	    MARKET_E_KEY, "OPENSSH" },
	{ "hostile label", "-----BEGIN \\x1b[31m-----\nMAA=\n-----END x-----\n",
	    MARKET_E_KEY, NULL },
	{ "empty body", BEGIN END, MARKET_E_KEY, NULL },
	{ "no end", BEGIN BODY "\n", MARKET_E_KEY, "-----END" },
	{ "another end", BEGIN BODY "\n-----END PRIVATE KEY-----\n",
	    MARKET_E_KEY, "-----END" },
	{ "begin without dashes", "-----BEGIN PUBLIC KEY\n" BODY, MARKET_E_KEY,
	    "does not end" },
	{ "end without dashes", BEGIN BODY "\n-----END PUBLIC KEY--",
	    MARKET_E_KEY, "does not end" },
	{ "begin only", "-----BEGIN ", MARKET_E_KEY, NULL },
	{ "a byte that is not base64", BEGIN "*" BODY "\n" END, MARKET_E_KEY,
	    "not base64" },
	{ "one character short", BEGIN "CowBQYDK2VwAyEA\n" END, MARKET_E_KEY,
	    "malformed" },
	{ "padding inside", BEGIN "MA==MA==\n" END, MARKET_E_KEY, "malformed" },
	{ "old encryption",
	    "-----BEGIN EC PRIVATE KEY-----\n"
	    "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"
	    "MAA=\n-----END EC PRIVATE KEY-----\n",
	    MARKET_E_KEY, "headers" },
	{ "DER in place of PEM", "0*0\005\006\003+ep", MARKET_E_KEY, "DER" },
};

START_TEST(k16_key_from_pem_takes_exactly_one_block)
{
	market_error_t error;
	size_t i;

	for (i = 0; i < MARKET__COUNT(k16_rows); i++) {
		error = (market_error_t)MARKET_ERROR_INIT;
		ck_assert_msg(
		    kit_load_pem(context, market_slice_of(k16_rows[i].pem),
			&error) == k16_rows[i].want,
		    "%s: %s", k16_rows[i].label, error.message);
		if (k16_rows[i].says != NULL)
			ck_assert_msg(
			    strstr(error.message, k16_rows[i].says) != NULL,
			    "%s: %s", k16_rows[i].label, error.message);
	}
}
END_TEST

/* Each row of the table above. */
START_TEST(key_pem_refusals_are_as_committed)
{
	market_error_t error;
	golden_t list;
	size_t i;

	golden_begin(&list);
	for (i = 0; i < MARKET__COUNT(k16_rows); i++) {
		error = (market_error_t)MARKET_ERROR_INIT;
		golden_add(&list, k16_rows[i].label,
		    kit_load_pem(
			context, market_slice_of(k16_rows[i].pem), &error),
		    &error);
	}
	golden_check(&list, "key_pem.txt");
}
END_TEST

START_TEST(key_from_pem_refuses_every_truncation)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_slice_t pem = MARKET__LITERAL(PEM);

	/* The newline behind the block may be missing. */
	for (pem.len -= 2; pem.len > 0; pem.len--)
		ck_assert_int_eq(
		    kit_load_pem(context, pem, &error), MARKET_E_KEY);
}
END_TEST

START_TEST(key_from_pem_refuses_more_than_16_kib)
{
	static char text[16385];
	market_error_t error = MARKET_ERROR_INIT;

	memset(text, ' ', sizeof(text));
	memcpy(text, PEM, sizeof(PEM) - 1);
	ck_assert_int_eq(
	    kit_load_pem(context, market__slice(text, 16384), &error),
	    MARKET_OK);
	ck_assert_int_eq(
	    kit_load_pem(context, market__slice(text, 16385), &error),
	    MARKET_E_KEY);
	ck_assert_ptr_nonnull(strstr(error.message, "16 KiB"));
}
END_TEST

/* K16: of a private key the public half is taken; of an encrypted one not. */
START_TEST(k16_key_from_pem_takes_the_public_half)
{
	market_error_t error = MARKET_ERROR_INIT;
	EVP_PKEY *key = kit_openssl_key("EC", "P-256");
	kit_bytes_t pem = kit_pem(key, KIT_PKCS8);

	ck_assert_int_eq(
	    kit_load_pem(context, kit_slice(&pem), &error), MARKET_OK);
	pem = kit_pem(key, KIT_ENCRYPTED);
	ck_assert_int_eq(
	    kit_load_pem(context, kit_slice(&pem), &error), MARKET_E_KEY);
	ck_assert_ptr_nonnull(strstr(error.message, "encrypted"));
	EVP_PKEY_free(key);
}
END_TEST

START_TEST(key_pem_gives_memory_back_when_it_fails)
{
	market_buffer_t pem = MARKET_BUFFER_INIT;
	harness_memory_t memory;
	market_context_t *small;
	market_key_t *key;

	harness_memory_init(&memory);
	small = kit_context_with(&memory);
	key = kit_key(small, KIT_ED_PREFIX KIT_ED2_POINT);
	memory.fail_at = memory.calls;
	ck_assert_int_eq(market_key_pem(key, &pem), MARKET_E_MEMORY);
	ck_assert_ptr_null(pem.data);
	ck_assert_int_eq(market_key_pem(key, &pem), MARKET_OK);
	market_buffer_clear(&pem);
	market_key_free(key);
	market_context_free(small);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("key_pem");
	TCase *tcase = tcase_create("key_pem");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, key_from_pem_reads_what_openssl_writes);
	tcase_add_test(tcase, key_pem_is_what_openssl_writes);
	tcase_add_test(tcase, k16_key_from_pem_takes_exactly_one_block);
	tcase_add_test(tcase, key_pem_refusals_are_as_committed);
	tcase_add_test(tcase, key_from_pem_refuses_every_truncation);
	tcase_add_test(tcase, key_from_pem_refuses_more_than_16_kib);
	tcase_add_test(tcase, k16_key_from_pem_takes_the_public_half);
	tcase_add_test(tcase, key_pem_gives_memory_back_when_it_fails);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
