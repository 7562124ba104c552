/* SPDX-License-Identifier: Apache-2.0 */
/*
 * X3, X4: OpenSSL's own memory fails, at each allocation of a warm
 * verification: a good signature is never called bad (a withdrawal dropped for
 * that would let an offer through), and a bad one never good.
 */
#include <stdlib.h>

#include "base/base.h"
#include "crypto_kit.h"
#include "openssl_memory.h"

static market_status_t
verify(const market_key_t *key, const char *message,
    const market_buffer_t *signature, size_t at, bool ever, bool *ret_failed)
{
	market_status_t rv;

	openssl_memory_calls = 0;
	openssl_memory_fail_at = at;
	openssl_memory_for_ever = ever;
	rv = market_key_verify(
	    key, market_slice_of(message), market_buffer_slice(signature));
	*ret_failed = openssl_memory_calls > at;
	openssl_memory_fail_at = SIZE_MAX;
	return rv;
}

static bool
is_no_answer(market_status_t rv)
{
	return rv == MARKET_E_MEMORY || rv == MARKET_E_INTERNAL;
}

static void
sweep(market_algorithm_t algorithm, bool ever)
{
	market_context_t *context = kit_context();
	market_signer_t *signer = kit_signer(context, algorithm);
	const market_key_t *key = market_signer_key(signer);
	market_buffer_t signature = kit_sign(signer, "message");
	market_status_t rv;
	bool failed = true;
	size_t at;

	for (at = 0; failed; at++) {
		ck_assert_uint_lt(at, 1000);
		rv = verify(key, "message", &signature, at, ever, &failed);
		ck_assert_msg(rv == MARKET_OK || (failed && is_no_answer(rv)),
		    "allocation %zu: a good signature gives %s", at,
		    market_status_name(rv));
	}
	ck_assert_uint_gt(at, 4);
	for (at = 0, failed = true; failed; at++) {
		ck_assert_uint_lt(at, 1000);
		rv = verify(key, "another", &signature, at, ever, &failed);
		ck_assert_msg(
		    rv == MARKET_E_SIGNATURE || (failed && is_no_answer(rv)),
		    "allocation %zu: a bad signature gives %s", at,
		    market_status_name(rv));
	}
	market_buffer_clear(&signature);
	market_signer_free(signer);
	market_context_free(context);
}

START_TEST(verify_never_errs_when_openssl_lacks_memory_once)
{
	sweep((market_algorithm_t)_i, false);
}
END_TEST

START_TEST(verify_never_errs_when_openssl_lacks_memory_from_then_on)
{
	sweep((market_algorithm_t)_i, true);
}
END_TEST

/* A key that loads is the one that was given, whatever failed before. */
START_TEST(key_load_blames_no_key_for_lack_of_memory)
{
	static const char *const keys[] = { KIT_ED_PREFIX KIT_ED1_POINT,
		KIT_P256_PREFIX "04" KIT_P256_X KIT_P256_Y };
	market_context_t *context = kit_context();
	kit_bytes_t spki = kit_hex(keys[_i]);
	market_status_t rv = MARKET_E_MEMORY;
	market_key_t *key = NULL;
	size_t at;

	for (at = 0; rv != MARKET_OK || openssl_memory_calls > at; at++) {
		ck_assert_uint_lt(at, 1000);
		market_key_free(key);
		key = NULL;
		openssl_memory_calls = 0;
		openssl_memory_fail_at = at;
		rv = market_key_from_spki(
		    context, kit_slice(&spki), &key, NULL);
		openssl_memory_fail_at = SIZE_MAX;
		ck_assert_msg(rv == MARKET_OK || is_no_answer(rv),
		    "allocation %zu: %s", at, market_status_name(rv));
		ck_assert_int_eq(rv == MARKET_OK, key != NULL);
		if (openssl_memory_calls <= at)
			break;
	}
	ck_assert_uint_gt(at, 4);
	market_key_free(key);
	market_context_free(context);
}
END_TEST

/*
 * X4: the first key and the first verification of a process, behind a context
 * and nothing else. Cold, OpenSSL crashes where its memory fails; each test is
 * a process of its own.
 */
START_TEST(first_use_behind_a_context_is_warm)
{
	static const char *const keys[] = { KIT_ED_PREFIX KIT_ED2_POINT,
		KIT_P256_PREFIX "04" KIT_P256_X KIT_P256_Y };
	const size_t at = (size_t)_i / 2;
	kit_bytes_t spki = kit_hex(keys[_i % 2]);
	kit_bytes_t signature = _i % 2 == 0 ? kit_hex(KIT_ED2_SIGNATURE)
					    : kit_ecdsa(KIT_P256_R, KIT_P256_S);
	market_context_t *context = kit_context();
	market_key_t *key = NULL;
	market_status_t rv;

	openssl_memory_calls = 0;
	openssl_memory_fail_at = at;
	openssl_memory_for_ever = true;
	rv = market_key_from_spki(context, kit_slice(&spki), &key, NULL);
	ck_assert(rv == MARKET_OK || is_no_answer(rv));
	if (rv != MARKET_OK) {
		openssl_memory_fail_at = SIZE_MAX;
		ck_assert_int_eq(
		    market_key_from_spki(context, kit_slice(&spki), &key, NULL),
		    MARKET_OK);
		openssl_memory_calls = 0;
		openssl_memory_fail_at = at;
	}
	rv = market_key_verify(
	    key, market_slice_of("another"), kit_slice(&signature));
	openssl_memory_fail_at = SIZE_MAX;
	ck_assert(rv == MARKET_E_SIGNATURE || is_no_answer(rv));
	ck_assert_int_eq(market_key_verify(key,
			     market_slice_of(_i % 2 == 0 ? "\x72" : "sample"),
			     kit_slice(&signature)),
	    MARKET_OK);
	market_key_free(key);
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
	suite = suite_create("openssl_memory");
	tcase = tcase_create("openssl_memory");
	tcase_add_loop_test(
	    tcase, verify_never_errs_when_openssl_lacks_memory_once, 1, 3);
	tcase_add_loop_test(tcase,
	    verify_never_errs_when_openssl_lacks_memory_from_then_on, 1, 3);
	tcase_add_loop_test(
	    tcase, key_load_blames_no_key_for_lack_of_memory, 0, 2);
	tcase_add_loop_test(tcase, first_use_behind_a_context_is_warm, 0, 60);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
