/* SPDX-License-Identifier: Apache-2.0 */
/*
 * K1, S12: C2SP's Ed25519 edge cases: no small-order or non-canonical key
 * loads, and what a key that loads says of a signature is what was measured of
 * OpenSSL.
 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "crypto_kit.h"

#define VECTORS 914

static const char *
text(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));

	ck_assert_msg(value != NULL, "the vectors have no text \"%s\"", name);
	return value;
}

static bool
has_flag(const json_t *vector, const char *want)
{
	const json_t *flag;
	size_t i;

	json_array_foreach(json_object_get(vector, "flags"), i, flag)
	{
		if (strcmp(json_string_value(flag), want) == 0)
			return true;
	}
	return false;
}

/* accepted[n]: OpenSSL's plain verify takes vector n. */
static size_t
read_accepted(const char *path, bool accepted[VECTORS])
{
	char *file = harness_read(path, NULL), *rest = file, *line;
	size_t n = 0;
	long number;

	while ((line = harness_line(&rest)) != NULL) {
		if (line[0] == '#' || line[0] == '\0')
			continue;
		number = strtol(line, NULL, 10);
		ck_assert_int_ge(number, 0);
		ck_assert_int_lt(number, VECTORS);
		accepted[number] = true;
		n++;
	}
	free(file);
	return n;
}

static bool
run(market_context_t *context, const json_t *vector, const bool *accepted)
{
	json_int_t number = json_integer_value(
	    json_object_get(vector, "number"));
	char spki[sizeof(KIT_ED_PREFIX) + 64] = KIT_ED_PREFIX;
	kit_bytes_t signature = kit_hex(text(vector, "sig")), der;
	market_key_t *key = NULL;
	market_status_t rv;
	bool weak;

	ck_assert_int_ge(number, 0);
	ck_assert_int_lt(number, VECTORS);
	ck_assert_uint_eq(strlen(text(vector, "key")), 64);
	strcat(spki, text(vector, "key"));
	der = kit_hex(spki);
	weak = has_flag(vector, "low_order_A") ||
	    has_flag(vector, "non_canonical_A");
	rv = market_key_from_spki(context, kit_slice(&der), &key, NULL);
	ck_assert_msg(rv == (weak ? MARKET_E_KEY : MARKET_OK),
	    "vector %d: loading gives %s", (int)number, market_status_name(rv));
	if (weak)
		return false;
	rv = market_key_verify(
	    key, market_slice_of(text(vector, "msg")), kit_slice(&signature));
	ck_assert_msg(rv == (accepted[number] ? MARKET_OK : MARKET_E_SIGNATURE),
	    "vector %d: verifying gives %s", (int)number,
	    market_status_name(rv));
	market_key_free(key);
	return true;
}

START_TEST(cctv_ed25519_loads_no_weak_key_and_verifies_as_openssl)
{
	bool accepted[VECTORS] = { false };
	const char *vectors_path, *accepts_path;
	market_context_t *context;
	json_t *vectors, *vector;
	size_t i, loaded = 0;

	HARNESS_SHARED(
	    vectors_path, "vectors/cctv-ed25519/ed25519vectors.json");
	HARNESS_SHARED(
	    accepts_path, "vectors/cctv-ed25519/openssl-3.0.22-accepts.txt");
	ck_assert_uint_eq(read_accepted(accepts_path, accepted), 208);
	vectors = json_load_file(vectors_path, 0, NULL);
	ck_assert_uint_eq(json_array_size(vectors), VECTORS);
	context = kit_context();
	json_array_foreach(vectors, i, vector)
	{
		loaded += run(context, vector, accepted);
	}
	ck_assert_uint_eq(loaded, 388);
	market_context_free(context);
	json_decref(vectors);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("cctv");
	TCase *tcase = tcase_create("cctv");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(
	    tcase, cctv_ed25519_loads_no_weak_key_and_verifies_as_openssl);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
