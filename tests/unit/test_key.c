/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/base.h"
#include "crypto_kit.h"
#include "golden.h"

#define ED1  KIT_ED_PREFIX KIT_ED1_POINT
#define ED2  KIT_ED_PREFIX KIT_ED2_POINT
#define P256 KIT_P256_PREFIX "04" KIT_P256_X KIT_P256_Y

/* p of the two fields, and more than one way to write a number. */
#define P256_P \
	"ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
#define ZERO32 \
	"0000000000000000000000000000000000000000000000000000000000000000"

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

typedef struct row {
	const char *label;
	const char *spki;
	market_status_t want;
	const char *says; /* part of the message, or NULL */
} row_t;

static void
assert_rows(const row_t *rows, size_t n)
{
	market_error_t error;
	kit_bytes_t spki;
	size_t i;

	for (i = 0; i < n; i++) {
		error = (market_error_t)MARKET_ERROR_INIT;
		spki = kit_hex(rows[i].spki);
		ck_assert_msg(kit_load_spki(context, kit_slice(&spki),
				  &error) == rows[i].want,
		    "%s: %s", rows[i].label, error.message);
		if (rows[i].says != NULL)
			ck_assert_msg(
			    strstr(error.message, rows[i].says) != NULL,
			    "%s: %s", rows[i].label, error.message);
	}
}

/* K8: no id is ever given from outside, so none can be another's. */
START_TEST(k8_key_id_is_the_hash_of_what_was_loaded)
{
	static const struct {
		const char *spki;
		market_algorithm_t algorithm;
	} rows[] = { { ED1, MARKET_ALGORITHM_ED25519 },
		{ P256, MARKET_ALGORITHM_P256 } };
	unsigned char digest[EVP_MAX_MD_SIZE];
	kit_bytes_t spki;
	market_key_t *key;
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		spki = kit_hex(rows[i].spki);
		key = kit_key(context, rows[i].spki);
		ck_assert_int_eq(market_key_algorithm(key), rows[i].algorithm);
		ck_assert(market__slice_equal(
		    market_key_spki(key), kit_slice(&spki)));
		ck_assert_int_eq(EVP_Digest(spki.at, spki.len, digest, NULL,
				     EVP_sha256(), NULL),
		    1);
		ck_assert_uint_eq(market_key_id(key).len, MARKET_DIGEST_LEN);
		ck_assert_mem_eq(
		    market_key_id(key).ptr, digest, MARKET_DIGEST_LEN);
		market_key_free(key);
	}
}
END_TEST

START_TEST(key_is_freed_with_its_last_reference)
{
	harness_memory_t memory;
	market_context_t *counted;
	market_key_t *key;
	size_t before;

	harness_memory_init(&memory);
	counted = kit_context_with(&memory);
	before = memory.live;
	key = kit_key(counted, ED1);
	ck_assert_ptr_eq(market_key_ref(key), key);
	market_key_free(key);
	ck_assert_uint_gt(memory.live, before);
	ck_assert_int_eq(market_key_algorithm(key), MARKET_ALGORITHM_ED25519);
	market_key_free(key);
	ck_assert_uint_eq(memory.live, before);
	market_context_free(counted);
	ck_assert_ptr_null(market_key_ref(NULL));
	market_key_free(NULL);
}
END_TEST

START_TEST(key_load_tells_bad_arguments)
{
	market_slice_t none = { NULL, 0 }, bad = { NULL, 1 };
	kit_bytes_t spki = kit_hex(ED1);
	market_key_t *key = NULL;

	ck_assert_int_eq(
	    market_key_from_spki(NULL, kit_slice(&spki), &key, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_key_from_spki(context, kit_slice(&spki), NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_key_from_spki(context, bad, &key, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_key_from_spki(context, none, &key, NULL), MARKET_E_KEY);
	ck_assert_int_eq(
	    market_key_from_pem(NULL, none, &key, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_key_from_pem(context, none, NULL, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_key_from_pem(context, bad, &key, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_key_from_pem(context, none, &key, NULL), MARKET_E_KEY);
	ck_assert_int_eq(market_key_pem(NULL, NULL), MARKET_E_ARGUMENT);
	ck_assert_ptr_null(key);
}
END_TEST

#define FF30 "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

static const row_t k1_rows[] = {
	{ "a good key", ED1, MARKET_OK, NULL },
	{ "K1 all zero, order 4", KIT_ED_PREFIX ZERO32, MARKET_E_KEY,
	    "small order" },
	{ "K1 order 4, other sign",
	    KIT_ED_PREFIX "00000000000000000000000000000000"
			  "00000000000000000000000000000080",
	    MARKET_E_KEY, "small order" },
	{ "K1 the identity",
	    KIT_ED_PREFIX "01000000000000000000000000000000"
			  "00000000000000000000000000000000",
	    MARKET_E_KEY, "small order" },
	{ "K1 the identity with sign bit",
	    KIT_ED_PREFIX "01000000000000000000000000000000"
			  "00000000000000000000000000000080",
	    MARKET_E_KEY, "small order" },
	{ "K1 order 2", KIT_ED_PREFIX "ec" FF30 "7f", MARKET_E_KEY,
	    "small order" },
	{ "K1 order 2 with sign bit", KIT_ED_PREFIX "ec" FF30 "ff",
	    MARKET_E_KEY, "small order" },
	{ "K1 order 8, a",
	    KIT_ED_PREFIX "26e8958fc2b227b045c3f489f2ef98f0"
			  "d5dfac05d3c63339b13802886d53fc05",
	    MARKET_E_KEY, "small order" },
	{ "K1 order 8, a, other sign",
	    KIT_ED_PREFIX "26e8958fc2b227b045c3f489f2ef98f0"
			  "d5dfac05d3c63339b13802886d53fc85",
	    MARKET_E_KEY, "small order" },
	{ "K1 order 8, b",
	    KIT_ED_PREFIX "c7176a703d4dd84fba3c0b760d10670f"
			  "2a2053fa2c39ccc64ec7fd7792ac037a",
	    MARKET_E_KEY, "small order" },
	{ "K1 order 8, b, other sign",
	    KIT_ED_PREFIX "c7176a703d4dd84fba3c0b760d10670f"
			  "2a2053fa2c39ccc64ec7fd7792ac03fa",
	    MARKET_E_KEY, "small order" },
	{ "K1 order 4, y = p", KIT_ED_PREFIX "ed" FF30 "7f", MARKET_E_KEY,
	    "canonical" },
	{ "K1 order 4, y = p, other sign", KIT_ED_PREFIX "ed" FF30 "ff",
	    MARKET_E_KEY, "canonical" },
	{ "K1 the identity, y = p + 1", KIT_ED_PREFIX "ee" FF30 "7f",
	    MARKET_E_KEY, "canonical" },
	{ "K1 the identity, y = p + 1, sign bit", KIT_ED_PREFIX "ee" FF30 "ff",
	    MARKET_E_KEY, "canonical" },
};

/* With these as key one fixed signature verifies every message. */
START_TEST(k1_key_refuses_the_14_small_order_encodings)
{
	ck_assert_uint_eq(MARKET__COUNT(k1_rows), 1 + 14);
	assert_rows(k1_rows, MARKET__COUNT(k1_rows));
}
END_TEST

/* y from p to 2^255 - 1, either sign: all 38 that there are. */
START_TEST(k2_key_refuses_every_y_from_p_on)
{
	kit_bytes_t spki = kit_hex(KIT_ED_PREFIX "ed" FF30 "7f");
	market_error_t error = MARKET_ERROR_INIT;
	unsigned low, sign;

	for (low = 0xed; low <= 0xff; low++)
		for (sign = 0; sign < 2; sign++) {
			spki.at[12] = (uint8_t)low;
			spki.at[43] = sign ? 0xff : 0x7f;
			ck_assert_int_eq(
			    kit_load_spki(context, kit_slice(&spki), &error),
			    MARKET_E_KEY);
			ck_assert_ptr_nonnull(
			    strstr(error.message, "canonical"));
		}
}
END_TEST

/* y = 2, 7, 8 have no x; 3 to 6 have. */
START_TEST(key_refuses_ed25519_points_off_the_curve)
{
	static const struct {
		uint8_t y;
		market_status_t want;
	} rows[] = { { 2, MARKET_E_KEY }, { 3, MARKET_OK }, { 4, MARKET_OK },
		{ 5, MARKET_OK }, { 6, MARKET_OK }, { 7, MARKET_E_KEY },
		{ 8, MARKET_E_KEY } };
	kit_bytes_t spki = kit_hex(KIT_ED_PREFIX ZERO32);
	market_error_t error = MARKET_ERROR_INIT;
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		spki.at[12] = rows[i].y;
		spki.at[43] = 0;
		ck_assert_int_eq(
		    kit_load_spki(context, kit_slice(&spki), &error),
		    rows[i].want);
		spki.at[43] = 0x80;
		ck_assert_int_eq(
		    kit_load_spki(context, kit_slice(&spki), &error),
		    rows[i].want);
	}
	ck_assert_ptr_nonnull(strstr(error.message, "not a point"));
}
END_TEST

static const row_t k3_rows[] = {
	{ "32 bytes", ED1, MARKET_OK, NULL },
	{ "K3 none", "300a300506032b6570030100", MARKET_E_KEY, "32 bytes" },
	{ "K3 bit string empty", "3009300506032b65700300", MARKET_E_KEY,
	    "32 bytes" },
	{ "K3 31 bytes",
	    "3029300506032b6570032000"
	    "5a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f7"
	    "07511a",
	    MARKET_E_KEY, "32 bytes" },
	{ "K3 33 bytes", "302b300506032b6570032200" KIT_ED1_POINT "00",
	    MARKET_E_KEY, "32 bytes" },
	{ "K3 the bare point", KIT_ED1_POINT, MARKET_E_KEY, "DER" },
	{ "unused bits in the bit string",
	    "302a300506032b6570032101" KIT_ED1_POINT, MARKET_E_KEY, NULL },
	{ "with NULL parameters", "302c300706032b65700500032100" KIT_ED1_POINT,
	    MARKET_E_KEY, "parameters" },
};

START_TEST(k3_key_refuses_ed25519_of_another_length)
{
	assert_rows(k3_rows, MARKET__COUNT(k3_rows));
}
END_TEST

#define EC_HEAD   "301306072a8648ce3d020106082a8648ce3d030107"
#define EC_HYBRID KIT_P256_PREFIX "06" KIT_P256_X KIT_P256_Y

static const row_t k4_rows[] = {
	{ "uncompressed", P256, MARKET_OK, NULL },
	{ "K4 off the curve", KIT_P256_PREFIX "04" KIT_P256_X KIT_P256_X,
	    MARKET_E_KEY, "on the curve" },
	{ "K4 x and y swapped", KIT_P256_PREFIX "04" KIT_P256_Y KIT_P256_X,
	    MARKET_E_KEY, "on the curve" },
	{ "K4 x = p", KIT_P256_PREFIX "04" P256_P KIT_P256_Y, MARKET_E_KEY,
	    "on the curve" },
	{ "K4 y = p", KIT_P256_PREFIX "04" KIT_P256_X P256_P, MARKET_E_KEY,
	    "on the curve" },
	{ "K4 0, 0", KIT_P256_PREFIX "04" ZERO32 ZERO32, MARKET_E_KEY,
	    "on the curve" },
	{ "K4 infinity", "3019" EC_HEAD "03020000", MARKET_E_KEY,
	    "uncompressed" },
	{ "K4 infinity at full length", KIT_P256_PREFIX "00" ZERO32 ZERO32,
	    MARKET_E_KEY, "uncompressed" },
	{ "K4 compressed", "3039" EC_HEAD "03220002" KIT_P256_X, MARKET_E_KEY,
	    "uncompressed" },
	{ "K4 compressed, odd", "3039" EC_HEAD "03220003" KIT_P256_X,
	    MARKET_E_KEY, "uncompressed" },
	{ "K4 hybrid", EC_HYBRID, MARKET_E_KEY, "uncompressed" },
	{ "K4 no parameters",
	    "304f300906072a8648ce3d0201034200"
	    "04" KIT_P256_X KIT_P256_Y,
	    MARKET_E_KEY, "name its curve" },
	{ "K4 implicit curve, NULL",
	    "3051300b06072a8648ce3d02010500034200"
	    "04" KIT_P256_X KIT_P256_Y,
	    MARKET_E_KEY, "name its curve" },
};

START_TEST(k4_key_refuses_p256_but_uncompressed_on_the_named_curve)
{
	assert_rows(k4_rows, MARKET__COUNT(k4_rows));
}
END_TEST

static EVP_PKEY *
with_explicit_parameters(void)
{
	EVP_PKEY *key = kit_openssl_key("EC", "P-256");

	ck_assert_int_eq(
	    EVP_PKEY_set_utf8_string_param(key, "encoding", "explicit"), 1);
	return key;
}

START_TEST(k4_key_refuses_explicit_parameters)
{
	market_error_t error = MARKET_ERROR_INIT;
	EVP_PKEY *key = with_explicit_parameters();
	kit_bytes_t spki = kit_spki(key), pem = kit_pem(key, KIT_PUBLIC);

	ck_assert_uint_gt(spki.len, 200);
	ck_assert_int_eq(
	    kit_load_spki(context, kit_slice(&spki), &error), MARKET_E_KEY);
	ck_assert_ptr_nonnull(strstr(error.message, "name its curve"));
	ck_assert_int_eq(
	    kit_load_pem(context, kit_slice(&pem), &error), MARKET_E_KEY);
	pem = kit_pem(key, KIT_PKCS8);
	ck_assert_int_eq(
	    kit_load_pem(context, kit_slice(&pem), &error), MARKET_E_KEY);
	pem = kit_pem(key, KIT_TRADITIONAL);
	ck_assert_int_eq(
	    kit_load_pem(context, kit_slice(&pem), &error), MARKET_E_KEY);
	ck_assert_ptr_nonnull(strstr(error.message, "name its curve"));
	EVP_PKEY_free(key);
}
END_TEST

START_TEST(k5_key_refuses_other_algorithms)
{
	static const struct {
		const char *label, *type, *curve, *says;
	} rows[] = {
		{ "K5 P-384", "EC", "P-384", "P-384" },
		{ "K5 P-521", "EC", "P-521", "P-521" },
		{ "K5 P-224", "EC", "P-224", "P-224" },
		{ "K5 secp256k1", "EC", "secp256k1", "secp256k1" },
		{ "K5 a curve without a name of its own here", "EC",
		    "brainpoolP256r1", "another type" },
		{ "K5 RSA-512", "RSA", NULL, "RSA" },
		{ "K5 Ed448", "ED448", NULL, "Ed448" },
		{ "K5 X25519", "X25519", NULL, "X25519" },
		{ "K5 X448", "X448", NULL, "X448" },
	};
	market_error_t error;
	kit_bytes_t bytes;
	EVP_PKEY *key;
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		key = kit_openssl_key(rows[i].type, rows[i].curve);
		bytes = kit_spki(key);
		ck_assert_msg(kit_load_spki(context, kit_slice(&bytes),
				  &error) == MARKET_E_ALGORITHM,
		    "%s: %s", rows[i].label, error.message);
		ck_assert_msg(strstr(error.message, rows[i].says) != NULL,
		    "%s: %s", rows[i].label, error.message);
		bytes = kit_pem(key, KIT_PUBLIC);
		ck_assert_msg(kit_load_pem(context, kit_slice(&bytes),
				  &error) == MARKET_E_ALGORITHM,
		    "%s: %s", rows[i].label, error.message);
		bytes = kit_pem(key, KIT_PKCS8);
		ck_assert_msg(kit_load_pem(context, kit_slice(&bytes),
				  &error) == MARKET_E_ALGORITHM,
		    "%s: %s", rows[i].label, error.message);
		EVP_PKEY_free(key);
	}
}
END_TEST

static const row_t k5_rows[] = {
	{ "K5 DSA", "3012300b06072a8648ce3804010500030300020100",
	    MARKET_E_ALGORITHM, "DSA" },
	{ "K5 Diffie-Hellman",
	    "3014300d06092a864886f70d010301050003030002"
	    "01",
	    MARKET_E_ALGORITHM, "Diffie-Hellman" },
};

START_TEST(k5_key_refuses_dsa)
{
	assert_rows(k5_rows, MARKET__COUNT(k5_rows));
}
END_TEST

static const row_t k6_rows[] = {
	{ "K6 Ed25519, 1 byte", ED1 "00", MARKET_E_KEY, "1 bytes" },
	{ "K6 Ed25519, 2 bytes", ED1 "0500", MARKET_E_KEY, "2 bytes" },
	{ "K6 Ed25519 twice", ED1 ED1, MARKET_E_KEY, "44 bytes" },
	{ "K6 P-256, 1 byte", P256 "00", MARKET_E_KEY, "1 bytes" },
	{ "K6 P-256, 2 bytes", P256 "0000", MARKET_E_KEY, "2 bytes" },
	{ "K6 inside the sequence",
	    "302c300506032b6570032100" KIT_ED1_POINT "0500", MARKET_E_KEY,
	    NULL },
};

/* d2i takes the key and leaves what follows. */
START_TEST(k6_key_refuses_trailing_bytes)
{
	assert_rows(k6_rows, MARKET__COUNT(k6_rows));
}
END_TEST

static const row_t k7_rows[] = {
	{ "the one form", ED1, MARKET_OK, NULL },
	{ "K7 BER long form of the length",
	    "30812a300506032b6570032100" KIT_ED1_POINT, MARKET_E_KEY, NULL },
	{ "K7 long form inside", "302b30810506032b6570032100" KIT_ED1_POINT,
	    MARKET_E_KEY, NULL },
	{ "K7 indefinite length",
	    "3080300506032b6570032100" KIT_ED1_POINT "0000", MARKET_E_KEY,
	    NULL },
	{ "K7 P-256, long form",
	    "308159" EC_HEAD "03420004" KIT_P256_X KIT_P256_Y, MARKET_E_KEY,
	    NULL },
	{ "K7 P-256, two length bytes",
	    "30820059" EC_HEAD "03420004" KIT_P256_X KIT_P256_Y, MARKET_E_KEY,
	    NULL },
	{ "K7 P-256, hybrid", EC_HYBRID, MARKET_E_KEY, NULL },
};

/* One key listed under two ids met a threshold of two (securesystemslib). */
START_TEST(k7_key_has_one_encoding_and_so_one_id)
{
	assert_rows(k7_rows, MARKET__COUNT(k7_rows));
}
END_TEST

START_TEST(key_refuses_every_truncation)
{
	static const char *const keys[] = { ED1, P256 };
	market_error_t error = MARKET_ERROR_INIT;
	kit_bytes_t spki;
	size_t i;

	for (i = 0; i < MARKET__COUNT(keys); i++) {
		spki = kit_hex(keys[i]);
		ck_assert_int_eq(
		    kit_load_spki(context, kit_slice(&spki), &error),
		    MARKET_OK);
		while (spki.len-- > 0)
			ck_assert_int_eq(
			    kit_load_spki(context, kit_slice(&spki), &error),
			    MARKET_E_KEY);
	}
}
END_TEST

/* Each row of the tables above. */
START_TEST(key_refusals_are_as_committed)
{
	static const struct {
		const row_t *rows;
		size_t n;
	} tables[] = {
		{ k1_rows, MARKET__COUNT(k1_rows) },
		{ k3_rows, MARKET__COUNT(k3_rows) },
		{ k4_rows, MARKET__COUNT(k4_rows) },
		{ k5_rows, MARKET__COUNT(k5_rows) },
		{ k6_rows, MARKET__COUNT(k6_rows) },
		{ k7_rows, MARKET__COUNT(k7_rows) },
	};
	market_error_t error;
	kit_bytes_t spki;
	golden_t list;
	size_t i, k;

	golden_begin(&list);
	for (i = 0; i < MARKET__COUNT(tables); i++)
		for (k = 0; k < tables[i].n; k++) {
			error = (market_error_t)MARKET_ERROR_INIT;
			spki = kit_hex(tables[i].rows[k].spki);
			golden_add(&list, tables[i].rows[k].label,
			    kit_load_spki(context, kit_slice(&spki), &error),
			    &error);
		}
	golden_check(&list, "key.txt");
}
END_TEST

/* Each allocation of our own fails once, then all do from there on. */
START_TEST(key_load_gives_memory_back_when_it_fails)
{
	EVP_PKEY *theirs = kit_openssl_key("EC", "P-256");
	kit_bytes_t inputs[3] = { kit_spki(theirs), kit_pem(theirs, KIT_PUBLIC),
		kit_pem(theirs, KIT_PKCS8) };
	market_key_t *const untouched = (market_key_t *)&theirs;
	market_error_t error;
	harness_memory_t memory;
	market_context_t *small;
	market_key_t *key;
	market_status_t rv = MARKET_E_MEMORY;
	size_t input, at, before;

	harness_memory_init(&memory);
	small = kit_context_with(&memory);
	before = memory.live;
	for (input = 0; input < 3; input++) {
		for (at = 0, rv = MARKET_E_MEMORY; rv != MARKET_OK; at++) {
			ck_assert_uint_lt(at, 16);
			memory.fail_at = memory.calls + at;
			key = untouched;
			rv = input == 0
			    ? market_key_from_spki(
				  small, kit_slice(&inputs[0]), &key, &error)
			    : market_key_from_pem(small,
				  kit_slice(&inputs[input]), &key, &error);
			if (rv == MARKET_OK) {
				market_key_free(key);
			} else {
				ck_assert_int_eq(rv, MARKET_E_MEMORY);
				ck_assert_int_eq(error.status, rv);
				ck_assert_ptr_eq(key, untouched);
			}
			ck_assert_uint_eq(memory.live, before);
		}
		ck_assert_uint_ge(at, 2);
	}
	memory.fail_at = SIZE_MAX;
	market_context_free(small);
	ck_assert_uint_eq(memory.live, 0);
	EVP_PKEY_free(theirs);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("key");
	TCase *tcase = tcase_create("key");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, k8_key_id_is_the_hash_of_what_was_loaded);
	tcase_add_test(tcase, key_is_freed_with_its_last_reference);
	tcase_add_test(tcase, key_load_tells_bad_arguments);
	tcase_add_test(tcase, k1_key_refuses_the_14_small_order_encodings);
	tcase_add_test(tcase, k2_key_refuses_every_y_from_p_on);
	tcase_add_test(tcase, key_refuses_ed25519_points_off_the_curve);
	tcase_add_test(tcase, k3_key_refuses_ed25519_of_another_length);
	tcase_add_test(
	    tcase, k4_key_refuses_p256_but_uncompressed_on_the_named_curve);
	tcase_add_test(tcase, k4_key_refuses_explicit_parameters);
	tcase_add_test(tcase, k5_key_refuses_other_algorithms);
	tcase_add_test(tcase, k5_key_refuses_dsa);
	tcase_add_test(tcase, k6_key_refuses_trailing_bytes);
	tcase_add_test(tcase, k7_key_has_one_encoding_and_so_one_id);
	tcase_add_test(tcase, key_refuses_every_truncation);
	tcase_add_test(tcase, key_refusals_are_as_committed);
	tcase_add_test(tcase, key_load_gives_memory_back_when_it_fails);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
