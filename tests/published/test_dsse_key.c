/* SPDX-License-Identifier: Apache-2.0 */
/* The example of the DSSE specification (protocol.md, Test Vectors). */
#include <string.h>

#include <jansson.h>

#include "base/base.h"
#include "crypto/crypto.h"
#include "crypto_kit.h"

static const char *
text(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));

	ck_assert_msg(value != NULL, "the vectors have no text \"%s\"", name);
	return value;
}

static json_t *
spec_vector(const char *path, json_t **ret_file)
{
	json_error_t error;

	*ret_file = json_load_file(path, 0, &error);
	ck_assert_msg(*ret_file != NULL, "%s: %s", path, error.text);
	return json_object_get(*ret_file, "spec_vector");
}

static market_key_t *
spec_key(market_context_t *context, const json_t *vector)
{
	char spki[2 * KIT_MAX] = KIT_P256_PREFIX;

	strcat(
	    spki, text(json_object_get(vector, "key"), "pub_uncompressed_hex"));
	return kit_key(context, spki);
}

/* The specification has r || s (IEEE P1363); we take DER alone. */
static kit_bytes_t
spec_signature(const json_t *vector, kit_bytes_t *ret_raw)
{
	char r[65], s[65];
	kit_bytes_t raw = { { 0 }, 0 };

	ck_assert(market__unbase64(
	    market_slice_of(text(vector, "sig_raw_r_s_base64")), false, raw.at,
	    &raw.len));
	ck_assert_uint_eq(raw.len, 64);
	market__hex(raw.at, 32, r);
	market__hex(raw.at + 32, 32, s);
	*ret_raw = raw;
	return kit_ecdsa(r, s);
}

START_TEST(dsse_spec_vector_verifies_in_der_alone)
{
	market_context_t *context;
	kit_bytes_t signature, raw;
	const json_t *vector;
	market_slice_t pae, payload;
	market_key_t *key;
	const char *path;
	json_t *file;

	HARNESS_SHARED(path, "vectors/dsse/vectors.json");
	context = kit_context();
	vector = spec_vector(path, &file);
	key = spec_key(context, vector);
	signature = spec_signature(vector, &raw);
	pae = market_slice_of(text(vector, "pae_utf8"));
	ck_assert(market__slice_is(
	    pae, "DSSEv1 29 http://example.com/HelloWorld 11 hello world"));
	ck_assert_int_eq(
	    market_key_verify(key, pae, kit_slice(&signature)), MARKET_OK);
	ck_assert_int_eq(
	    market_key_verify(key, pae, kit_slice(&raw)), MARKET_E_SIGNATURE);
	/* It is over the PAE, not over the payload. */
	payload = market_slice_of(text(vector, "payload_utf8"));
	ck_assert_int_eq(market_key_verify(key, payload, kit_slice(&signature)),
	    MARKET_E_SIGNATURE);
	market_key_free(key);
	json_decref(file);
	market_context_free(context);
}
END_TEST

/* S8: the lengths in the PAE keep its parts apart. */
START_TEST(s8_dsse_spec_vector_refuses_a_shifted_pae)
{
	static const char *const shifted[] = {
		"DSSEv1 29 http://example.com/HelloWorld 11 hello worlD",
		"DSSEv1 30 http://example.com/HelloWorld  10 hello world",
		"DSSEv1 29 http://example.com/HelloWorld 011 hello world",
		"DSSEv1 29 http://example.com/HelloWorld 12 hello world",
		"DSSEv1  29 http://example.com/HelloWorld 11 hello world",
		"DSSEv2 29 http://example.com/HelloWorld 11 hello world",
		"DSSEv1 29 http://example.com/HelloWorld 11 hello world ",
	};
	market_context_t *context;
	kit_bytes_t signature, raw;
	const json_t *vector;
	market_slice_t pieces[4];
	market_key_t *key;
	const char *path;
	json_t *file;
	size_t i;

	HARNESS_SHARED(path, "vectors/dsse/vectors.json");
	context = kit_context();
	vector = spec_vector(path, &file);
	key = spec_key(context, vector);
	signature = spec_signature(vector, &raw);
	for (i = 0; i < MARKET__COUNT(shifted); i++)
		ck_assert_msg(
		    market_key_verify(key, market_slice_of(shifted[i]),
			kit_slice(&signature)) == MARKET_E_SIGNATURE,
		    "%s", shifted[i]);
	/* In pieces, as the library has it. */
	pieces[0] = market_slice_of("DSSEv1 29 ");
	pieces[1] = market_slice_of(text(vector, "payloadType"));
	pieces[2] = market_slice_of(" 11 ");
	pieces[3] = market_slice_of(text(vector, "payload_utf8"));
	ck_assert_int_eq(
	    market__key_verify_pieces(key, pieces, 4, kit_slice(&signature)),
	    MARKET_OK);
	ck_assert_int_eq(
	    market__key_verify_pieces(key, pieces, 3, kit_slice(&signature)),
	    MARKET_E_SIGNATURE);
	market_key_free(key);
	json_decref(file);
	market_context_free(context);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("dsse_key");
	TCase *tcase = tcase_create("dsse_key");

	tcase_add_test(tcase, dsse_spec_vector_verifies_in_der_alone);
	tcase_add_test(tcase, s8_dsse_spec_vector_refuses_a_shifted_pae);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
