/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What OpenSSL is asked for, where keys and evidence were seen before: no
 * algorithm is fetched, no key made, and it allocates no more than when it is
 * called without us.
 */
#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "crypto_kit.h"
#include "openssl_memory.h"
#include "world.h"

/* ---- what looks algorithms up, counted: the test is linked with --wrap ----
 */

static size_t count_fetched;

#define COUNTED(type, name, parameters, arguments) \
	type __real_##name parameters;             \
	type __wrap_##name parameters;             \
	type __wrap_##name parameters              \
	{                                          \
		count_fetched++;                   \
		return __real_##name arguments;    \
	}

COUNTED(EVP_MD *, EVP_MD_fetch,
    (OSSL_LIB_CTX * lib, const char *name, const char *query),
    (lib, name, query))
COUNTED(EVP_SIGNATURE *, EVP_SIGNATURE_fetch,
    (OSSL_LIB_CTX * lib, const char *name, const char *query),
    (lib, name, query))
COUNTED(EVP_KEYMGMT *, EVP_KEYMGMT_fetch,
    (OSSL_LIB_CTX * lib, const char *name, const char *query),
    (lib, name, query))
COUNTED(EVP_PKEY_CTX *, EVP_PKEY_CTX_new_from_name,
    (OSSL_LIB_CTX * lib, const char *name, const char *query),
    (lib, name, query))
COUNTED(EVP_PKEY *, EVP_PKEY_new_raw_public_key_ex,
    (OSSL_LIB_CTX * lib, const char *name, const char *query,
	const unsigned char *key, size_t len),
    (lib, name, query, key, len))
COUNTED(int, EVP_DigestVerifyInit_ex,
    (EVP_MD_CTX * context, EVP_PKEY_CTX **ret, const char *name,
	OSSL_LIB_CTX *lib, const char *query, EVP_PKEY *key,
	const OSSL_PARAM *params),
    (context, ret, name, lib, query, key, params))

/* ---- one key ---- */

static size_t
allocated_alone(EVP_PKEY *key, const EVP_MD *digest,
    const market_buffer_t *signature, market_slice_t message)
{
	EVP_MD_CTX *context;

	openssl_memory_calls = 0;
	context = EVP_MD_CTX_new();
	ck_assert_int_eq(
	    EVP_DigestVerifyInit(context, NULL, digest, NULL, key), 1);
	ck_assert_int_eq(EVP_DigestVerify(context, signature->data,
			     signature->len, message.ptr, message.len),
	    1);
	EVP_MD_CTX_free(context);
	return openssl_memory_calls;
}

static size_t
allocated_by_us(const market_key_t *key, const market_buffer_t *signature,
    market_slice_t message)
{
	openssl_memory_calls = count_fetched = 0;
	ck_assert_int_eq(
	    market_key_verify(key, message, market_buffer_slice(signature)),
	    MARKET_OK);
	ck_assert_uint_eq(count_fetched, 0);
	return openssl_memory_calls;
}

START_TEST(signature_costs_openssl_no_more_than_alone)
{
	const market_algorithm_t algorithm = _i == 0 ? MARKET_ALGORITHM_ED25519
						     : MARKET_ALGORITHM_P256;
	const EVP_MD *digest = _i == 0 ? NULL : EVP_sha256();
	market_context_t *context = kit_context();
	market_signer_t *signer = kit_signer(context, algorithm);
	const market_key_t *key = market_signer_key(signer);
	market_slice_t message = market_slice_of("an offer"), spki;
	market_buffer_t signature = kit_sign(signer, "an offer");
	const unsigned char *at;
	size_t ours, alone, i;
	EVP_PKEY *theirs;

	spki = market_key_spki(key);
	at = spki.ptr;
	theirs = d2i_PUBKEY(NULL, &at, (long)spki.len);
	ck_assert_ptr_nonnull(theirs);
	/* The first of each is for what is made once. */
	for (i = 0; i < 3; i++) {
		ours = allocated_by_us(key, &signature, message);
		alone = allocated_alone(theirs, digest, &signature, message);
		ck_assert_uint_gt(ours, 0);
		if (i > 0)
			ck_assert_uint_le(ours, alone);
	}
	EVP_PKEY_free(theirs);
	market_buffer_clear(&signature);
	market_signer_free(signer);
	market_context_free(context);
}
END_TEST

/* ---- one check ---- */

static void
check(world_t *world, market_evidence_t *evidence)
{
	market_decision_t *decision = NULL;

	ck_assert_int_eq(market_check(evidence, world_envelope(world, "offer"),
			     world_time(WORLD_NOW), &decision, NULL),
	    MARKET_OK);
	market_decision_free(decision);
}

START_TEST(check_fetches_nothing_where_evidence_was_seen)
{
	market_context_t *context = NULL;
	market_evidence_t *evidence;
	size_t i;
	world_t *world;

	count_fetched = 0;
	ck_assert_int_eq(market_context_new(NULL, &context), MARKET_OK);
	ck_assert_uint_ge(count_fetched, 6);
	world = world_new_with(context);
	(void)world_envelope(world, "offer");
	openssl_memory_calls = count_fetched = 0;
	evidence = world_evidence(world, 0);
	check(world, evidence);
	/* The evidence's keys are made, once. */
	ck_assert_uint_ge(count_fetched, 6);
	for (i = 0; i < 3; i++) {
		openssl_memory_calls = count_fetched = 0;
		check(world, evidence);
		ck_assert_uint_eq(count_fetched, 0);
		/* One signature, and one digest. */
		ck_assert_uint_le(openssl_memory_calls, 16);
	}
	market_evidence_free(evidence);
	world_free(world);
	market_context_free(context);
}
END_TEST

int
main(void)
{
	Suite *suite;
	TCase *tcase;

	if (!openssl_memory_count())
		return EXIT_FAILURE;
	suite = suite_create("openssl_cost");
	tcase = tcase_create("openssl_cost");
	tcase_add_loop_test(
	    tcase, signature_costs_openssl_no_more_than_alone, 0, 2);
	tcase_add_test(tcase, check_fetches_nothing_where_evidence_was_seen);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
