/* SPDX-License-Identifier: Apache-2.0 */
/* S12, S13: Project Wycheproof, each vector as it expects, by number. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "crypto_kit.h"

typedef struct counts {
	size_t valid;
	size_t invalid;
} counts_t;

static const char *
text(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));

	ck_assert_msg(value != NULL, "the vectors have no text \"%s\"", name);
	return value;
}

static void
run_group(market_context_t *context, const json_t *group, counts_t *counts)
{
	market_key_t *key = kit_key(context, text(group, "publicKeyDer"));
	const json_t *tests = json_object_get(group, "tests"), *test;
	kit_bytes_t message, signature;
	market_status_t want;
	size_t i;

	json_array_foreach(tests, i, test)
	{
		message = kit_hex(text(test, "msg"));
		signature = kit_hex(text(test, "sig"));
		if (strcmp(text(test, "result"), "valid") == 0) {
			want = MARKET_OK;
			counts->valid++;
		} else {
			ck_assert_str_eq(text(test, "result"), "invalid");
			want = MARKET_E_SIGNATURE;
			counts->invalid++;
		}
		ck_assert_msg(market_key_verify(key, kit_slice(&message),
				  kit_slice(&signature)) == want,
		    "tcId %d: %s",
		    (int)json_integer_value(json_object_get(test, "tcId")),
		    text(test, "comment"));
	}
	market_key_free(key);
}

static counts_t
run_file(const char *path)
{
	market_context_t *context = kit_context();
	counts_t counts = { 0, 0 };
	json_error_t error;
	json_t *file = json_load_file(path, 0, &error), *group;
	size_t i;

	ck_assert_msg(file != NULL, "%s: %s", path, error.text);
	json_array_foreach(json_object_get(file, "testGroups"), i, group)
	{
		run_group(context, group, &counts);
	}
	json_decref(file);
	market_context_free(context);
	return counts;
}

START_TEST(wycheproof_ed25519_is_all_as_expected)
{
	const char *path;
	counts_t counts;

	HARNESS_SHARED(path, "vectors/wycheproof/ed25519_test.json");
	counts = run_file(path);
	ck_assert_uint_eq(counts.valid, 88);
	ck_assert_uint_eq(counts.invalid, 63);
}
END_TEST

START_TEST(wycheproof_p256_is_all_as_expected)
{
	const char *path;
	counts_t counts;

	HARNESS_SHARED(
	    path, "vectors/wycheproof/ecdsa_secp256r1_sha256_test.json");
	counts = run_file(path);
	ck_assert_uint_eq(counts.valid, 174);
	ck_assert_uint_eq(counts.invalid, 310);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("wycheproof");
	TCase *tcase = tcase_create("wycheproof");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, wycheproof_ed25519_is_all_as_expected);
	tcase_add_test(tcase, wycheproof_p256_is_all_as_expected);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
