/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <string.h>

#include <openssl/err.h>

#include "base/base.h"
#include "crypto/crypto.h"
#include "crypto_kit.h"

static void
log_line(void *user, market_log_level_t level, const char *line)
{
	(void)level;
	(void)line;
	++*(int *)user;
}

START_TEST(context_new_takes_defaults_and_whole_options)
{
	harness_memory_t memory;
	market_context_options_t options = { sizeof(options),
		{ NULL, NULL, NULL }, NULL, NULL, 0 };
	market_context_t *context = NULL;
	int lines = 0;

	ck_assert_int_eq(market_context_new(NULL, &context), MARKET_OK);
	market_context_free(context);

	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	market_context_free(context);

	harness_memory_init(&memory);
	options.allocator = memory.allocator;
	options.log = log_line;
	options.log_user = &lines;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	market__log(context, MARKET_LOG_INFO, "one line");
	ck_assert_int_eq(lines, 1);
	market_context_free(context);
	ck_assert_uint_gt(memory.calls, 0);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(context_new_refuses_bad_options)
{
	static const struct {
		const char *label;
		size_t size;
		bool alloc, release;
	} rows[] = {
		{ "A7 size 0", 0, false, false },
		{ "A7 size one less", sizeof(market_context_options_t) - 1,
		    false, false },
		{ "A7 size one more", sizeof(market_context_options_t) + 1,
		    false, false },
		{ "A11 alloc without free", sizeof(market_context_options_t),
		    true, false },
		{ "A11 free without alloc", sizeof(market_context_options_t),
		    false, true },
	};
	market_context_options_t options;
	market_context_t *const untouched = (market_context_t *)&options;
	market_context_t *context = untouched;
	harness_memory_t memory;
	size_t i;

	harness_memory_init(&memory);
	for (i = 0; i < MARKET__COUNT(rows); i++) {
		memset(&options, 0, sizeof(options));
		options.size = rows[i].size;
		if (rows[i].alloc)
			options.allocator.alloc = memory.allocator.alloc;
		if (rows[i].release)
			options.allocator.free = memory.allocator.free;
		ck_assert_msg(
		    market_context_new(&options, &context) == MARKET_E_ARGUMENT,
		    "%s", rows[i].label);
		ck_assert_ptr_eq(context, untouched);
	}
	ck_assert_int_eq(market_context_new(NULL, NULL), MARKET_E_ARGUMENT);
}
END_TEST

START_TEST(context_new_gives_memory_back_when_it_fails)
{
	market_context_options_t options = { sizeof(options),
		{ NULL, NULL, NULL }, NULL, NULL, 0 };
	market_context_t *const untouched = (market_context_t *)&options;
	market_context_t *context;
	harness_memory_t memory;
	market_status_t rv = MARKET_E_MEMORY;
	size_t at;

	for (at = 0; rv != MARKET_OK; at++) {
		ck_assert_uint_lt(at, 16);
		harness_memory_init(&memory);
		memory.fail_at = at;
		options.allocator = memory.allocator;
		context = untouched;
		rv = market_context_new(&options, &context);
		if (rv == MARKET_OK) {
			market_context_free(context);
		} else {
			ck_assert_int_eq(rv, MARKET_E_MEMORY);
			ck_assert_ptr_eq(context, untouched);
		}
		ck_assert_uint_eq(memory.live, 0);
	}
	ck_assert_uint_gt(at, 2);
}
END_TEST

START_TEST(context_new_leaves_the_error_queue_as_found)
{
	market_context_t *context;

	ERR_clear_error();
	context = kit_context();
	ck_assert_uint_eq(ERR_peek_error(), 0);
	market_context_free(context);
	ck_assert_uint_eq(ERR_peek_error(), 0);

	ERR_raise(ERR_LIB_USER, 42);
	context = kit_context();
	market_context_free(context);
	ck_assert_int_eq(ERR_GET_REASON(ERR_get_error()), 42);
	ck_assert_uint_eq(ERR_get_error(), 0);
}
END_TEST

START_TEST(contexts_do_not_know_of_each_other)
{
	market_context_t *one = kit_context(), *two = kit_context();
	market_signer_t *signer = kit_signer(one, MARKET_ALGORITHM_P256);
	market_buffer_t signature = kit_sign(signer, "message");
	market_key_t *key = NULL;

	ck_assert_int_eq(
	    market_key_from_spki(
		two, market_key_spki(market_signer_key(signer)), &key, NULL),
	    MARKET_OK);
	ck_assert_int_eq(market_key_verify(key, market_slice_of("message"),
			     market_buffer_slice(&signature)),
	    MARKET_OK);
	market_buffer_clear(&signature);
	market_signer_free(signer);
	market_context_free(one);
	market_key_free(key);
	market_context_free(two);
}
END_TEST

START_TEST(context_free_takes_null)
{
	market_context_free(NULL);
	market__crypto_free(NULL);
}
END_TEST

START_TEST(version_is_the_packages)
{
	ck_assert_str_eq(market_version(), PACKAGE_VERSION);
}
END_TEST

/* FIPS 180-4, examples */
START_TEST(sha256_is_over_the_pieces_in_order)
{
	static const char *const empty =
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	static const char *const abc =
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	market_context_t *context = kit_context();
	market_slice_t whole = MARKET__LITERAL("abc");
	market_slice_t split[] = { MARKET__LITERAL("a"), market__slice(NULL, 0),
		MARKET__LITERAL("bc") };
	market_slice_t swapped[] = { split[2], split[0] };
	uint8_t digest[MARKET_DIGEST_LEN];
	char hex[2 * MARKET_DIGEST_LEN + 1];

	ck_assert_int_eq(market__sha256(context, NULL, 0, digest), MARKET_OK);
	market__hex(digest, sizeof(digest), hex);
	ck_assert_str_eq(hex, empty);
	ck_assert_int_eq(market__sha256(context, &whole, 1, digest), MARKET_OK);
	market__hex(digest, sizeof(digest), hex);
	ck_assert_str_eq(hex, abc);
	ck_assert_int_eq(market__sha256(context, split, 3, digest), MARKET_OK);
	market__hex(digest, sizeof(digest), hex);
	ck_assert_str_eq(hex, abc);
	ck_assert_int_eq(
	    market__sha256(context, swapped, 2, digest), MARKET_OK);
	market__hex(digest, sizeof(digest), hex);
	ck_assert_str_ne(hex, abc);
	market_context_free(context);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("context");
	TCase *tcase = tcase_create("context");

	tcase_add_test(tcase, context_new_takes_defaults_and_whole_options);
	tcase_add_test(tcase, context_new_refuses_bad_options);
	tcase_add_test(tcase, context_new_gives_memory_back_when_it_fails);
	tcase_add_test(tcase, context_new_leaves_the_error_queue_as_found);
	tcase_add_test(tcase, contexts_do_not_know_of_each_other);
	tcase_add_test(tcase, context_free_takes_null);
	tcase_add_test(tcase, version_is_the_packages);
	tcase_add_test(tcase, sha256_is_over_the_pieces_in_order);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
