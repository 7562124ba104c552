/* SPDX-License-Identifier: Apache-2.0 */
/* Thresholds of distinct keys, whatever signatures and hints say. */
#include <string.h>

#include <market/market.h>

#include "base/base.h"
#include "crypto_kit.h"
#include "model/keyset.h"
#include "wire/wire.h"

#define KEYS 13 /* a 12 of 12, and one that is none of them */

static market_context_t *context;
static market_signer_t *signers[KEYS];

/* Ed25519 and P-256 by turns. */
static void
set_up(void)
{
	size_t i;

	context = kit_context();
	for (i = 0; i < KEYS; i++)
		signers[i] = kit_signer(context,
		    i % 2 == 0 ? MARKET_ALGORITHM_ED25519
			       : MARKET_ALGORITHM_P256);
}

static void
tear_down(void)
{
	size_t i;

	for (i = 0; i < KEYS; i++)
		market_signer_free(signers[i]);
	market_context_free(context);
}

/* The key set of the first `n` keys. */
static market_status_t
load(size_t n, unsigned threshold, market__keyset_t **ret_keyset,
    market_error_t *error)
{
	market__public_key_t keys[MARKET__KEYS_MAX + 1];
	market__key_set_t message;
	size_t i;

	memset(keys, 0, sizeof(keys));
	for (i = 0; i < n; i++) {
		keys[i].spki = market_key_spki(
		    market_signer_key(signers[i % KEYS]));
		keys[i].environment = MARKET_ENVIRONMENT_PRODUCTION;
		keys[i].not_after = (int64_t)i;
	}
	message.threshold = threshold;
	message.keys = keys;
	message.n_keys = n;
	return market__keyset_load(
	    context, &message, "root_keys", ret_keyset, error);
}

static market__keyset_t *
keyset_of(size_t n, unsigned threshold)
{
	market_error_t error = MARKET_ERROR_INIT;
	market__keyset_t *keyset = NULL;

	ck_assert_msg(load(n, threshold, &keyset, &error) == MARKET_OK,
	    "%s: %s", error.path, error.message);
	return keyset;
}

static market_draft_t *
hold_draft(void)
{
	market_draft_t *draft = NULL;

	ck_assert_int_eq(
	    market_draft_new(context, MARKET_KIND_HOLD, &draft), MARKET_OK);
	ck_assert_int_eq(
	    market_draft_set_text(draft, "header.issuer", "usmobile.com", NULL),
	    MARKET_OK);
	ck_assert_int_eq(
	    market_draft_set_text(draft, "header.id", "h", NULL), MARKET_OK);
	ck_assert_int_eq(
	    market_draft_set_int(draft, "header.revision", 1, NULL), MARKET_OK);
	ck_assert_int_eq(
	    market_draft_set_int(draft, "header.issued_at", 1, NULL),
	    MARKET_OK);
	return draft;
}

/*
 * One signature of an envelope: by whom, with what key id, and spoilt how.
 */
typedef struct sign {
	int by; /* number of the key; -1: the list ends */
	enum { OWN, ABSENT, OTHER, NOISE, UPPER, LONG } keyid;
	enum { GOOD, FLIPPED, EMPTY, HIGH_S, SHORT } how;
} sign_t;

#define END              \
	{                \
		-1, 0, 0 \
	}

/* (r, n - s) verifies as (r, s) does (FAULTS S14). */
static void
other_s(market_buffer_t *sig)
{
	static const char order[] = KIT_P256_N;
	kit_bytes_t n = kit_hex(order), twin;
	uint8_t s[33] = { 0 };
	char r_hex[67], s_hex[67];
	size_t r_len = sig->data[3], s_len = sig->data[5 + r_len], i;
	const uint8_t *old = sig->data + 6 + r_len;
	int borrow = 0, digit;

	memcpy(s + sizeof(s) - s_len, old, s_len);
	for (i = 32; i-- > 0;) {
		digit = n.at[i] - s[i + 1] - borrow;
		borrow = digit < 0;
		s[i + 1] = (uint8_t)digit;
	}
	market__hex(sig->data + 4, r_len, r_hex);
	market__hex(s + 1, 32, s_hex);
	twin = kit_ecdsa(r_hex, s_hex);
	ck_assert_uint_le(twin.len, 80);
	market_buffer_clear(sig);
	sig->data = market__alloc(&market__default_allocator, twin.len);
	ck_assert_ptr_nonnull(sig->data);
	sig->allocator = &market__default_allocator;
	memcpy(sig->data, twin.at, twin.len);
	sig->len = twin.len;
}

static void
spoil(market_buffer_t *sig, const sign_t *how)
{
	switch (how->how) {
	case GOOD: break;
	case FLIPPED: sig->data[sig->len / 2] ^= 1; break;
	case EMPTY: sig->len = 1; break;
	case SHORT: sig->len--; break;
	case HIGH_S: other_s(sig); break;
	}
}

static market_slice_t
hint(const sign_t *how, char hex[2 * MARKET_DIGEST_LEN + 1])
{
	static const char long_hint[] =
	    "https://keys.example/../../etc/passwd' OR 1=1 --"
	    "0123456789abcdef0123456789abcdef0123456789abcdef";
	int of = how->keyid == OTHER ? (how->by + 1) % KEYS : how->by;
	size_t i;

	market__hex(market_key_id(market_signer_key(signers[of])).ptr,
	    MARKET_DIGEST_LEN, hex);
	switch (how->keyid) {
	case OWN:
	case OTHER: break;
	case ABSENT: return market__slice(NULL, 0);
	case NOISE: memset(hex, 'z', 2 * MARKET_DIGEST_LEN); break;
	case UPPER:
		for (i = 0; hex[i] != '\0'; i++)
			if (hex[i] >= 'a')
				hex[i] = (char)(hex[i] - 'a' + 'A');
		break;
	case LONG: return market_slice_of(long_hint);
	}
	return market_slice_of(hex);
}

/* A statement with these signatures, in this order. */
static market_statement_t *
signed_with(const sign_t *list)
{
	market_statement_t *plain = NULL, *statement = NULL;
	char hex[MARKET__SIGNATURES_MAX][2 * MARKET_DIGEST_LEN + 1];
	market_buffer_t sigs[MARKET__SIGNATURES_MAX];
	market_buffer_t envelope = MARKET_BUFFER_INIT, pae = MARKET_BUFFER_INIT;
	market_draft_t *draft = hold_draft();
	market_error_t error = MARKET_ERROR_INIT;
	market__signature_t room[MARKET__SIGNATURES_MAX];
	market__envelope_t raw;
	size_t i;

	ck_assert_int_eq(market_draft_sign(draft, signers, 1,
			     MARKET_FORMAT_PROTOBUF, &envelope, NULL),
	    MARKET_OK);
	ck_assert_int_eq(
	    market_statement_parse(context, market_buffer_slice(&envelope),
		MARKET_KINDS_ALL, &plain, NULL),
	    MARKET_OK);
	ck_assert_int_eq(market_statement_pae(plain, &pae), MARKET_OK);
	raw = plain->envelope;
	raw.signatures = room;
	raw.n_signatures = 0;
	memset(sigs, 0, sizeof(sigs));
	for (i = 0; list[i].by >= 0; i++) {
		ck_assert_uint_lt(i, MARKET__SIGNATURES_MAX);
		ck_assert_int_eq(market_signer_sign(signers[list[i].by],
				     market_buffer_slice(&pae), &sigs[i], NULL),
		    MARKET_OK);
		spoil(&sigs[i], &list[i]);
		raw.signatures[i].keyid = hint(&list[i], hex[i]);
		raw.signatures[i].sig = market_buffer_slice(&sigs[i]);
		raw.n_signatures++;
	}
	ck_assert_int_eq(market__envelope_write(&raw, false,
			     &market__default_allocator, &envelope),
	    MARKET_OK);
	ck_assert_msg(
	    market_statement_parse(context, market_buffer_slice(&envelope),
		MARKET_KINDS_ALL, &statement, &error) == MARKET_OK,
	    "%s: %s", error.path, error.message);
	for (i = 0; i < MARKET__SIGNATURES_MAX; i++)
		market_buffer_clear(&sigs[i]);
	market_buffer_clear(&envelope);
	market_buffer_clear(&pae);
	market_statement_free(plain);
	market_draft_free(draft);
	return statement;
}

static market__keymask_t
signers_of(const market__keyset_t *keyset, const sign_t *list)
{
	market_statement_t *statement = signed_with(list);
	market__keymask_t mask = 0;

	ck_assert_int_eq(
	    market__keyset_signers(keyset, statement, &mask), MARKET_OK);
	market_statement_free(statement);
	return mask;
}

/* The key set has the keys 0 to 3: Ed25519, P-256, Ed25519, P-256. */
static const struct {
	const char *label;
	sign_t list[6];
	market__keymask_t want;
} rows[] = {
	{ "one", { { 0, OWN, GOOD }, END }, 0x1 },
	{ "another, P-256", { { 1, OWN, GOOD }, END }, 0x2 },
	{ "both algorithms", { { 3, OWN, GOOD }, { 0, OWN, GOOD }, END }, 0x9 },
	{ "all four",
	    { { 3, OWN, GOOD }, { 2, OWN, GOOD }, { 1, OWN, GOOD },
		{ 0, OWN, GOOD }, END },
	    0xf },
	{ "S4 a key of nobody", { { 12, OWN, GOOD }, END }, 0 },
	{ "S4 a key of nobody, under the id of a key",
	    { { 12, OTHER, GOOD }, END }, 0 },
	{ "S2 one key twice", { { 0, OWN, GOOD }, { 0, OWN, GOOD }, END },
	    0x1 },
	{ "S2 one key under two key ids",
	    { { 0, OWN, GOOD }, { 0, OTHER, GOOD }, { 0, ABSENT, GOOD }, END },
	    0x1 },
	{ "S3 two different signatures by one key",
	    { { 1, OWN, GOOD }, { 1, OWN, GOOD }, END }, 0x2 },
	{ "S3 S14 a signature and its high-s twin",
	    { { 1, OWN, GOOD }, { 1, OWN, HIGH_S }, END }, 0x2 },
	{ "S14 a twin alone is that key's", { { 1, OWN, HIGH_S }, END }, 0x2 },
	{ "S3 a twin under another key's id",
	    { { 1, OWN, GOOD }, { 1, OTHER, HIGH_S }, END }, 0x2 },
	{ "S5 a bad one, then a good one",
	    { { 0, OWN, FLIPPED }, { 0, OWN, GOOD }, END }, 0x1 },
	{ "S5 a good one, then a bad one",
	    { { 0, OWN, GOOD }, { 0, OWN, FLIPPED }, END }, 0x1 },
	{ "S5 a bad one of one key, a good one of another",
	    { { 0, OWN, FLIPPED }, { 1, OWN, GOOD }, END }, 0x2 },
	{ "S6 a bad one alone", { { 0, OWN, FLIPPED }, END }, 0 },
	{ "S6 a bad P-256 one alone", { { 1, OWN, FLIPPED }, END }, 0 },
	{ "S11 an Ed25519 signature of 63 bytes",
	    { { 0, OWN, SHORT }, { 2, OWN, GOOD }, END }, 0x4 },
	{ "S11 a signature of one byte", { { 0, OWN, EMPTY }, END }, 0 },
	{ "S13 a P-256 signature cut short", { { 1, OWN, SHORT }, END }, 0 },
	{ "S17 a hint that is a path", { { 0, LONG, GOOD }, END }, 0x1 },
	{ "S17 a hint of other letters", { { 1, NOISE, GOOD }, END }, 0x2 },
	{ "S17 a hint in capitals", { { 2, UPPER, GOOD }, END }, 0x4 },
	{ "S18 no hint", { { 3, ABSENT, GOOD }, END }, 0x8 },
	{ "S18 no hint, and no key of it", { { 12, ABSENT, GOOD }, END }, 0 },
	{ "S18 the hint of another key", { { 0, OTHER, GOOD }, END }, 0x1 },
	{ "S18 the hint of another key, P-256", { { 1, OTHER, GOOD }, END },
	    0x2 },
	{ "S18 each with the hint of the next",
	    { { 0, OTHER, GOOD }, { 1, OTHER, GOOD }, { 2, OTHER, GOOD },
		{ 3, OTHER, GOOD }, END },
	    0xf },
};

START_TEST(keyset_counts_each_key_once)
{
	market__keyset_t *keyset = keyset_of(4, 1);
	market__keymask_t got = signers_of(keyset, rows[_i].list);

	ck_assert_msg(got == rows[_i].want, "%s: %x, want %x", rows[_i].label,
	    (unsigned)got, (unsigned)rows[_i].want);
	market__keyset_free(keyset);
}
END_TEST

/* k of n, to 12 of 12: in integers, and each subset of one size alike. */
START_TEST(keyset_counts_k_of_n)
{
	market__keyset_t *keyset;
	market__keymask_t mask;
	sign_t list[KEYS + 1];
	unsigned k, n;

	for (n = 1; n <= 12; n += n < 4 ? 1 : 4)
		for (k = 0; k <= n; k += n < 4 ? 1 : 3) {
			unsigned i;

			memset(list, 0, sizeof(list));
			list[0].by = 12; /* counts for nothing */
			for (i = 0; i < k; i++)
				list[1 + i].by = (int)((n - 1) - i);
			list[1 + k].by = -1;
			keyset = keyset_of(n, n);
			mask = signers_of(keyset, list);
			ck_assert_uint_eq(market__keymask_count(mask), k);
			ck_assert_uint_eq(mask, ((1U << k) - 1) << (n - k));
			market__keyset_free(keyset);
		}
}
END_TEST

START_TEST(keymask_counts_its_bits)
{
	static const struct {
		market__keymask_t mask;
		unsigned want;
	} masks[] = { { 0, 0 }, { 1, 1 }, { 0x80000000U, 1 }, { 3, 2 },
		{ 0x55555555U, 16 }, { 0xffffffffU, 32 }, { 0x7fffffffU, 31 } };
	size_t i;

	for (i = 0; i < sizeof(masks) / sizeof(masks[0]); i++)
		ck_assert_uint_eq(
		    market__keymask_count(masks[i].mask), masks[i].want);
}
END_TEST

START_TEST(keyset_keeps_what_is_said_of_each_key)
{
	market__keyset_t *keyset = keyset_of(5, 3);
	size_t i, k;

	ck_assert_uint_eq(keyset->threshold, 3);
	ck_assert_uint_eq(keyset->n_keys, 5);
	for (i = 0; i < 5; i++) {
		ck_assert_int_eq(
		    keyset->keys[i].environment, MARKET_ENVIRONMENT_PRODUCTION);
		ck_assert_int_eq(keyset->keys[i].not_after, (int64_t)i);
		for (k = 0; k < KEYS; k++)
			ck_assert_int_eq(
			    market__keyset_has_id(keyset, i,
				market_key_id(market_signer_key(signers[k]))),
			    i == k);
	}
	market__keyset_free(keyset);
	market__keyset_free(NULL);
}
END_TEST

START_TEST(keyset_is_refused_when_K12_it_cannot_be_met)
{
	static const struct {
		const char *label, *path;
		size_t n;
		unsigned threshold;
		market_status_t want;
	} sets[] = {
		{ "no key", "root_keys", 0, 1, MARKET_E_SCHEMA },
		{ "S1 threshold 0", "root_keys", 1, 0, MARKET_E_SCHEMA },
		{ "threshold 2 of 1", "root_keys", 1, 2, MARKET_E_SCHEMA },
		{ "2 of 2", "", 2, 2, MARKET_OK },
		{ "threshold 13 of 12", "root_keys", 12, 13, MARKET_E_SCHEMA },
		{ "12 of 12", "", 12, 12, MARKET_OK },
		{ "33 keys", "root_keys", 33, 1, MARKET_E_SCHEMA },
		{ "S2 a key twice", "root_keys.keys[13].spki", 14, 1,
		    MARKET_E_KEY },
	};
	market__keyset_t *keyset;
	market_error_t error;
	size_t i;

	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		memset(&error, 0, sizeof(error));
		keyset = NULL;
		ck_assert_msg(load(sets[i].n, sets[i].threshold, &keyset,
				  &error) == sets[i].want,
		    "%s: %s", sets[i].label, error.message);
		ck_assert_str_eq(error.path, sets[i].path);
		ck_assert((keyset != NULL) == (sets[i].want == MARKET_OK));
		market__keyset_free(keyset);
	}
}
END_TEST

/* K1, K4, K5, K6 inside a set: told with the key's place. */
START_TEST(keyset_is_refused_when_a_key_is_bad)
{
	static const struct {
		const char *label, *hex;
		market_status_t want;
	} bad[] = {
		{ "K1 the identity",
		    KIT_ED_PREFIX "01000000000000000000000000000000"
				  "00000000000000000000000000000000",
		    MARKET_E_KEY },
		{ "K1 all zero",
		    KIT_ED_PREFIX "00000000000000000000000000000000"
				  "00000000000000000000000000000000",
		    MARKET_E_KEY },
		{ "S2 K7 a key in a second encoding",
		    "30812a300506032b6570032100" KIT_ED1_POINT, MARKET_E_KEY },
		{ "S2 K7 a P-256 key in a second form",
		    "3039301306072a8648ce3d020106082a8648ce3d030107"
		    "03220003" KIT_P256_X,
		    MARKET_E_KEY },
		{ "K6 a byte behind", KIT_ED_PREFIX KIT_ED1_POINT "00",
		    MARKET_E_KEY },
		{ "K4 a point off the curve",
		    KIT_P256_PREFIX "04" KIT_P256_X KIT_P256_X, MARKET_E_KEY },
		{ "no key", "00", MARKET_E_KEY },
		{ "K5 X25519", "302a300506032b656e032100" KIT_ED1_POINT,
		    MARKET_E_ALGORITHM },
		{ "a good one", KIT_ED_PREFIX KIT_ED1_POINT, MARKET_OK },
	};
	market__public_key_t keys[2];
	market__key_set_t message = { 1, keys, 2 };
	market_error_t error;
	market_status_t got;
	kit_bytes_t spki;
	size_t i;

	memset(keys, 0, sizeof(keys));
	keys[0].spki = market_key_spki(market_signer_key(signers[0]));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		market__keyset_t *keyset = NULL;

		memset(&error, 0, sizeof(error));
		spki = kit_hex(bad[i].hex);
		keys[1].spki = kit_slice(&spki);
		got = market__keyset_load(
		    context, &message, "parties[3].keys", &keyset, &error);
		ck_assert_msg(got == bad[i].want, "%s: %s (%s)", bad[i].label,
		    market_status_name(got), error.message);
		ck_assert_msg(got == MARKET_OK ||
			strcmp(error.path, "parties[3].keys.keys[1].spki") == 0,
		    "%s: %s", bad[i].label, error.path);
		market__keyset_free(keyset);
	}
}
END_TEST

START_TEST(keyset_gives_all_back_when_memory_fails)
{
	harness_memory_t memory;
	market_context_t *failing;
	market__public_key_t keys[3];
	market__key_set_t message = { 1, keys, 3 };
	market_error_t error = MARKET_ERROR_INIT;
	market__keyset_t *keyset = NULL;
	size_t at, i, live;

	harness_memory_init(&memory);
	failing = kit_context_with(&memory);
	memset(keys, 0, sizeof(keys));
	for (i = 0; i < 3; i++)
		keys[i].spki = market_key_spki(market_signer_key(signers[i]));
	/* What is fetched once and kept is fetched. */
	ck_assert_int_eq(
	    market__keyset_load(failing, &message, "keys", &keyset, NULL),
	    MARKET_OK);
	market__keyset_free(keyset);
	market_context_trim(failing);
	live = memory.live;
	for (at = 0;; at++) {
		market_status_t got;

		keyset = NULL;
		memory.calls = 0;
		memory.fail_at = at;
		got = market__keyset_load(
		    failing, &message, "keys", &keyset, &error);
		if (memory.calls <= at) {
			ck_assert_int_eq(got, MARKET_OK);
			break;
		}
		ck_assert_int_eq(got, MARKET_E_MEMORY);
		ck_assert_ptr_null(keyset);
		market_context_trim(failing);
		ck_assert_uint_eq(memory.live, live);
	}
	ck_assert_uint_gt(at, 3);
	market__keyset_free(keyset);
	market_context_trim(failing);
	ck_assert_uint_eq(memory.live, live);
	market_context_free(failing);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("keyset");
	TCase *tcase = tcase_create("thresholds");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, keyset_counts_each_key_once, 0,
	    (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tcase, keyset_counts_k_of_n);
	tcase_add_test(tcase, keymask_counts_its_bits);
	tcase_add_test(tcase, keyset_keeps_what_is_said_of_each_key);
	tcase_add_test(tcase, keyset_is_refused_when_K12_it_cannot_be_met);
	tcase_add_test(tcase, keyset_is_refused_when_a_key_is_bad);
	tcase_add_test(tcase, keyset_gives_all_back_when_memory_fails);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
