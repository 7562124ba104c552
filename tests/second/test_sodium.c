/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libsodium as a second opinion on Ed25519: it shares no code with OpenSSL,
 * and not its taste for keys of small order. Where the two differ, a table
 * says why, and how often.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#ifdef HAVE_SODIUM
#include <sodium.h>
#endif

#include "crypto_kit.h"

#ifdef HAVE_SODIUM

#define POINT_LEN     32
#define SIGNATURE_LEN 64
#define ROUNDS        2000

/* One that verifies: key, message and signature. */
typedef struct signed_message {
	uint8_t point[POINT_LEN];
	uint8_t signature[SIGNATURE_LEN];
	const uint8_t *message;
	size_t len;
} signed_message_t;

static market_key_t *
load(market_context_t *context, const uint8_t *point)
{
	static const uint8_t head[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
		0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };
	uint8_t spki[sizeof(head) + POINT_LEN];
	market_slice_t slice = { spki, sizeof(spki) };
	market_key_t *key = NULL;
	market_status_t status;

	memcpy(spki, head, sizeof(head));
	memcpy(spki + sizeof(head), point, POINT_LEN);
	status = market_key_from_spki(context, slice, &key, NULL);
	ck_assert(status == MARKET_OK || status == MARKET_E_KEY);
	ck_assert((status == MARKET_OK) == (key != NULL));
	return key;
}

/* ---- keys ---- */

/* The sum with the neutral element is the point in its canonical form. */
static bool
is_canonical(const uint8_t *point)
{
	const uint8_t neutral[POINT_LEN] = { 1 };
	uint8_t sum[POINT_LEN];

	return crypto_core_ed25519_add(sum, point, neutral) == 0 &&
	    memcmp(sum, point, POINT_LEN) == 0;
}

/*
 * libsodium's own question, crypto_core_ed25519_is_valid_point(), also asks
 * for the prime-order subgroup. RFC 8032 (5.1.3, 5.1.7) does not, and neither
 * does OpenSSL: whoever makes a key with a part of small order knows its
 * secret, and forges nothing for others. So it is asked of eight times the
 * point, where that part is gone; a point of small order is then neutral,
 * which is refused.
 */
static bool
is_good_point(const uint8_t *point)
{
	uint8_t sum[POINT_LEN];
	int i;

	if (!is_canonical(point))
		return false;
	memcpy(sum, point, POINT_LEN);
	for (i = 0; i < 3; i++)
		if (crypto_core_ed25519_add(sum, sum, sum) != 0)
			return false;
	return crypto_core_ed25519_is_valid_point(sum) == 1;
}

typedef struct keys {
	size_t good;
	size_t bad;
	size_t mixed; /* good here, and not in the prime-order subgroup */
} keys_t;

/* The key, where both take it. */
static market_key_t *
compare_key(market_context_t *context, const uint8_t *point, keys_t *keys)
{
	market_key_t *key = load(context, point);
	bool good = is_good_point(point);
	char hex[2 * POINT_LEN + 1];

	sodium_bin2hex(hex, sizeof(hex), point, POINT_LEN);
	ck_assert_msg((key != NULL) == good, "key %s: good is %d, loads is %d",
	    hex, good, key != NULL);
	if (!good) {
		ck_assert_int_eq(crypto_core_ed25519_is_valid_point(point), 0);
		keys->bad++;
		return NULL;
	}
	keys->good++;
	keys->mixed += crypto_core_ed25519_is_valid_point(point) == 0;
	return key;
}

START_TEST(sodium_agrees_on_random_keys)
{
	market_context_t *context = kit_context();
	const uint8_t seed[randombytes_SEEDBYTES] = { 4 };
	uint8_t *points = malloc(ROUNDS * POINT_LEN);
	keys_t keys = { 0, 0, 0 };
	size_t rounds = harness_rounds(ROUNDS), i;

	ck_assert_ptr_nonnull(points);
	ck_assert_int_ge(sodium_init(), 0);
	randombytes_buf_deterministic(points, ROUNDS * POINT_LEN, seed);
	for (i = 0; i < rounds; i++)
		market_key_free(
		    compare_key(context, points + i * POINT_LEN, &keys));
	/* Every second number is a point, and one in eight of those is in the
	 * subgroup. */
	ck_assert_uint_gt(keys.good, rounds / 3);
	ck_assert_uint_gt(keys.bad, rounds / 3);
	ck_assert_uint_gt(keys.mixed, keys.good / 2);
	free(points);
	market_context_free(context);
}
END_TEST

/* The last numbers and the first: small orders, and what is not canonical. */
START_TEST(sodium_agrees_on_keys_at_the_edges)
{
	market_context_t *context = kit_context();
	keys_t keys = { 0, 0, 0 };
	uint8_t point[POINT_LEN];
	int low, sign, end;

	ck_assert_int_ge(sodium_init(), 0);
	for (end = 0; end < 2; end++)
		for (sign = 0; sign < 2; sign++)
			for (low = 0; low < 256; low++) {
				memset(point, end == 0 ? 0 : 0xff, POINT_LEN);
				point[0] = (uint8_t)low;
				point[POINT_LEN - 1] = (uint8_t)(sign * 0x80 +
				    (end == 0 ? 0 : 0x7f));
				market_key_free(
				    compare_key(context, point, &keys));
			}
	ck_assert_uint_gt(keys.good, 300);
	ck_assert_uint_gt(keys.bad, 300);
	market_context_free(context);
}
END_TEST

/* ---- signatures ---- */

static market_slice_t
slice(const void *bytes, size_t len)
{
	market_slice_t found = { bytes, len };

	return found;
}

static bool
takes(const market_key_t *key, const signed_message_t *s)
{
	market_status_t status = market_key_verify(
	    key, slice(s->message, s->len), slice(s->signature, SIGNATURE_LEN));

	ck_assert(status == MARKET_OK || status == MARKET_E_SIGNATURE);
	return status == MARKET_OK;
}

static bool
sodium_takes(const signed_message_t *s)
{
	return crypto_sign_verify_detached(
		   s->signature, s->message, s->len, s->point) == 0;
}

/* Each signs what the other verifies, and neither takes it spoilt. */
START_TEST(sodium_agrees_on_what_either_signs)
{
	market_context_t *context = kit_context();
	market_signer_t *signer;
	market_buffer_t signature;
	signed_message_t s = { .message = (const uint8_t *)"message",
		.len = 7 };
	uint8_t secret[crypto_sign_SECRETKEYBYTES];
	market_key_t *key;
	int i;

	ck_assert_int_ge(sodium_init(), 0);
	for (i = 0; i < 64; i++) {
		signer = kit_signer(context, MARKET_ALGORITHM_ED25519);
		signature = kit_sign(signer, "message");
		memcpy(s.signature, signature.data, SIGNATURE_LEN);
		memcpy(s.point,
		    market_key_spki(market_signer_key(signer)).ptr + 12,
		    POINT_LEN);
		ck_assert(sodium_takes(&s));
		s.signature[i] ^= 1;
		ck_assert(!sodium_takes(&s));
		ck_assert(!takes(market_signer_key(signer), &s));
		market_buffer_clear(&signature);
		market_signer_free(signer);

		ck_assert_int_eq(crypto_sign_keypair(s.point, secret), 0);
		ck_assert_int_eq(crypto_sign_detached(s.signature, NULL,
				     s.message, s.len, secret),
		    0);
		key = load(context, s.point);
		ck_assert_ptr_nonnull(key);
		ck_assert(takes(key, &s));
		s.signature[i] ^= 1;
		ck_assert(!takes(key, &s));
		market_key_free(key);
	}
	market_context_free(context);
}
END_TEST

/*
 * Where the verdicts differ, and why that is right.
 *
 * R of small order: RFC 8032 (5.1.7) verifies it, FIPS 186-5 (7.7) too, and
 * OpenSSL; libsodium refuses it as a matter of taste. It is a signature whose
 * maker took the nonce 0 (or a part of small order for R), and so gave its
 * secret away: S = k * secret. Nobody without the secret makes one, the key
 * is none of small order, and a threshold counts keys, not signatures.
 */
typedef struct difference {
	const char *flag;
	bool taken;  /* by the library; by libsodium it is the other way */
	size_t want; /* of the vectors whose key loads */
} difference_t;

static const difference_t differences[] = {
	{ "low_order_R", true, 43 },
};

#define N_DIFFERENCES (sizeof(differences) / sizeof(differences[0]))

static const char *
text(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));

	ck_assert_msg(value != NULL, "the vectors have no text \"%s\"", name);
	return value;
}

static void
unhex(uint8_t *bytes, size_t len, const char *hex)
{
	size_t got = 0;

	ck_assert_int_eq(
	    sodium_hex2bin(bytes, len, hex, strlen(hex), NULL, &got, NULL), 0);
	ck_assert_uint_eq(got, len);
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

/* Which row says why they differ. */
static size_t
difference_of(const json_t *vector, bool taken)
{
	size_t i;

	for (i = 0; i < N_DIFFERENCES; i++)
		if (taken == differences[i].taken &&
		    has_flag(vector, differences[i].flag))
			return i;
	ck_abort_msg("vector %d: the library says %d, libsodium %d",
	    (int)json_integer_value(json_object_get(vector, "number")), taken,
	    !taken);
}

START_TEST(sodium_agrees_on_cctv)
{
	market_context_t *context = kit_context();
	size_t counts[N_DIFFERENCES] = { 0 }, i, refused = 0, alike = 0;
	keys_t keys = { 0, 0, 0 };
	json_t *vectors, *vector;
	signed_message_t s;
	market_key_t *key;
	const char *path;
	bool taken;

	HARNESS_SHARED(path, "vectors/cctv-ed25519/ed25519vectors.json");
	ck_assert_int_ge(sodium_init(), 0);
	vectors = json_load_file(path, 0, NULL);
	ck_assert_uint_eq(json_array_size(vectors), 914);
	json_array_foreach(vectors, i, vector)
	{
		unhex(s.point, POINT_LEN, text(vector, "key"));
		unhex(s.signature, SIGNATURE_LEN, text(vector, "sig"));
		s.message = (const uint8_t *)text(vector, "msg");
		s.len = strlen((const char *)s.message);
		key = compare_key(context, s.point, &keys);
		if (key == NULL) {
			/* Refused at load here, and at verifying there. */
			ck_assert(!sodium_takes(&s));
			refused++;
			continue;
		}
		taken = takes(key, &s);
		if (taken == sodium_takes(&s))
			alike++;
		else
			counts[difference_of(vector, taken)]++;
		market_key_free(key);
	}
	for (i = 0; i < N_DIFFERENCES; i++)
		ck_assert_msg(counts[i] == differences[i].want,
		    "%s: %zu differ, not %zu", differences[i].flag, counts[i],
		    differences[i].want);
	ck_assert_uint_eq(refused, 914 - 388);
	ck_assert_uint_gt(alike, 0);
	json_decref(vectors);
	market_context_free(context);
}
END_TEST

static size_t
compare_group(market_context_t *context, const json_t *group)
{
	const json_t *tests = json_object_get(group, "tests"), *test;
	keys_t keys = { 0, 0, 0 };
	kit_bytes_t message, signature;
	signed_message_t s;
	market_key_t *key;
	bool want, valid;
	size_t i;

	unhex(s.point, POINT_LEN,
	    text(json_object_get(group, "publicKey"), "pk"));
	key = compare_key(context, s.point, &keys);
	ck_assert_ptr_nonnull(key);
	json_array_foreach(tests, i, test)
	{
		message = kit_hex(text(test, "msg"));
		signature = kit_hex(text(test, "sig"));
		want = strcmp(text(test, "result"), "valid") == 0;
		/* libsodium takes a pointer to 64 bytes. */
		if (signature.len == SIGNATURE_LEN) {
			memcpy(s.signature, signature.at, SIGNATURE_LEN);
			s.message = message.at;
			s.len = message.len;
			valid = sodium_takes(&s);
			ck_assert_int_eq(valid, want);
			ck_assert_int_eq(takes(key, &s), valid);
			continue;
		}
		ck_assert(!want);
		ck_assert_int_eq(market_key_verify(key, kit_slice(&message),
				     kit_slice(&signature)),
		    MARKET_E_SIGNATURE);
	}
	market_key_free(key);
	return i;
}

START_TEST(sodium_agrees_on_wycheproof)
{
	market_context_t *context = kit_context();
	size_t compared = 0, i;
	json_t *file, *group;
	const char *path;

	HARNESS_SHARED(path, "vectors/wycheproof/ed25519_test.json");
	ck_assert_int_ge(sodium_init(), 0);
	file = json_load_file(path, 0, NULL);
	json_array_foreach(json_object_get(file, "testGroups"), i, group)
	{
		compared += compare_group(context, group);
	}
	ck_assert_uint_eq(compared, 151);
	json_decref(file);
	market_context_free(context);
}
END_TEST

#else

START_TEST(sodium_is_not_there)
{
	HARNESS_SKIP("built without libsodium (Debian: libsodium-dev)");
}
END_TEST

#endif

int
main(void)
{
	Suite *suite = suite_create("sodium");
	TCase *tcase = tcase_create("sodium");

	tcase_set_timeout(tcase, 60);
#ifdef HAVE_SODIUM
	tcase_add_test(tcase, sodium_agrees_on_random_keys);
	tcase_add_test(tcase, sodium_agrees_on_keys_at_the_edges);
	tcase_add_test(tcase, sodium_agrees_on_what_either_signs);
	tcase_add_test(tcase, sodium_agrees_on_cctv);
	tcase_add_test(tcase, sodium_agrees_on_wycheproof);
#else
	tcase_add_test(tcase, sodium_is_not_there);
#endif
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
