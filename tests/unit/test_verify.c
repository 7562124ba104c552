/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base.h"
#include "crypto/crypto.h"
#include "crypto_kit.h"

#define ED1  KIT_ED_PREFIX KIT_ED1_POINT
#define ED2  KIT_ED_PREFIX KIT_ED2_POINT
#define P256 KIT_P256_PREFIX "04" KIT_P256_X KIT_P256_Y

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

static market_status_t
verify(const char *spki, market_slice_t message, market_slice_t signature)
{
	market_key_t *key = kit_key(context, spki);
	market_status_t rv = market_key_verify(key, message, signature);

	market_key_free(key);
	return rv;
}

START_TEST(verify_accepts_the_rfc_vectors)
{
	kit_bytes_t one = kit_hex(KIT_ED1_SIGNATURE);
	kit_bytes_t two = kit_hex(KIT_ED2_SIGNATURE);
	kit_bytes_t p256 = kit_ecdsa(KIT_P256_R, KIT_P256_S);
	market_slice_t nothing = { NULL, 0 };

	ck_assert_int_eq(verify(ED1, nothing, kit_slice(&one)), MARKET_OK);
	ck_assert_int_eq(
	    verify(ED1, market_slice_of(""), kit_slice(&one)), MARKET_OK);
	ck_assert_int_eq(
	    verify(ED2, market_slice_of("\x72"), kit_slice(&two)), MARKET_OK);
	ck_assert_int_eq(
	    verify(P256, market_slice_of("sample"), kit_slice(&p256)),
	    MARKET_OK);
	/* Nothing is not what was signed, for P-256. */
	ck_assert_int_eq(
	    verify(P256, nothing, kit_slice(&p256)), MARKET_E_SIGNATURE);
}
END_TEST

START_TEST(verify_tells_bad_arguments)
{
	kit_bytes_t signature = kit_hex(KIT_ED1_SIGNATURE);
	market_slice_t bad = { NULL, 1 }, good = { NULL, 0 };
	market_slice_t pieces[2] = { { NULL, 0 }, { NULL, 1 } };
	market_key_t *key = kit_key(context, ED1);

	ck_assert_int_eq(market_key_verify(NULL, good, kit_slice(&signature)),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_key_verify(key, bad, kit_slice(&signature)),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_key_verify(key, good, bad), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market__key_verify_pieces(key, NULL, 1, kit_slice(&signature)),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market__key_verify_pieces(key, pieces, 2, kit_slice(&signature)),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market__key_verify_pieces(key, pieces, 1, kit_slice(&signature)),
	    MARKET_OK);
	ck_assert_int_eq(
	    market__key_verify_pieces(key, NULL, 0, kit_slice(&signature)),
	    MARKET_OK);
	market_key_free(key);
}
END_TEST

START_TEST(verify_pieces_is_verify_of_the_whole)
{
	static const char *const message = "DSSEv1 4 type 7 payload";
	market_algorithm_t algorithm = (market_algorithm_t)_i;
	market_signer_t *signer = kit_signer(context, algorithm);
	market_buffer_t signature = kit_sign(signer, message);
	market_slice_t whole = market_slice_of(message), pieces[3], swapped[3];
	size_t i;

	for (i = 0; i <= whole.len; i++) {
		pieces[0] = market__slice(whole.ptr, i);
		pieces[1] = market__slice(NULL, 0);
		pieces[2] = market__slice(whole.ptr + i, whole.len - i);
		ck_assert_int_eq(
		    market__key_verify_pieces(market_signer_key(signer), pieces,
			3, market_buffer_slice(&signature)),
		    MARKET_OK);
		swapped[0] = pieces[2];
		swapped[1] = pieces[1];
		swapped[2] = pieces[0];
		ck_assert_int_eq(
		    market__key_verify_pieces(market_signer_key(signer),
			swapped, 3, market_buffer_slice(&signature)),
		    i == 0 || i == whole.len ? MARKET_OK : MARKET_E_SIGNATURE);
	}
	market_buffer_clear(&signature);
	market_signer_free(signer);
}
END_TEST

/* A's signature was accepted as B's once a context had been A's. */
START_TEST(openssl_reinit_keeps_old_key)
{
	static const market_algorithm_t algorithms[] = {
		MARKET_ALGORITHM_ED25519, MARKET_ALGORITHM_P256,
		MARKET_ALGORITHM_ED25519, MARKET_ALGORITHM_P256
	};
	market_signer_t *signers[4];
	market_buffer_t signatures[4];
	market_status_t want;
	size_t round, i, j;

	for (i = 0; i < 4; i++) {
		signers[i] = kit_signer(context, algorithms[i]);
		signatures[i] = kit_sign(signers[i], "message");
	}
	for (round = 0; round < 3; round++)
		for (i = 0; i < 4; i++)
			for (j = 0; j < 4; j++) {
				want = i == j ? MARKET_OK : MARKET_E_SIGNATURE;
				ck_assert_int_eq(
				    market_key_verify(
					market_signer_key(signers[i]),
					market_slice_of("message"),
					market_buffer_slice(&signatures[j])),
				    want);
			}
	for (i = 0; i < 4; i++) {
		market_buffer_clear(&signatures[i]);
		market_signer_free(signers[i]);
	}
}
END_TEST

/* S6 */
START_TEST(verify_refuses_every_flipped_byte)
{
	market_algorithm_t algorithm = (market_algorithm_t)_i;
	market_signer_t *signer = kit_signer(context, algorithm);
	const market_key_t *key = market_signer_key(signer);
	uint8_t message[] = "a message";
	market_slice_t slice = { message, sizeof(message) - 1 };
	market_buffer_t signature = kit_sign(signer, (char *)message);
	size_t i;

	for (i = 0; i < slice.len; i++) {
		message[i] ^= 1;
		ck_assert_int_eq(market_key_verify(key, slice,
				     market_buffer_slice(&signature)),
		    MARKET_E_SIGNATURE);
		message[i] ^= 1;
	}
	for (i = 0; i < signature.len; i++) {
		signature.data[i] ^= 1;
		ck_assert_int_eq(market_key_verify(key, slice,
				     market_buffer_slice(&signature)),
		    MARKET_E_SIGNATURE);
		signature.data[i] ^= 1;
	}
	ck_assert_int_eq(
	    market_key_verify(key, slice, market_buffer_slice(&signature)),
	    MARKET_OK);
	market_buffer_clear(&signature);
	market_signer_free(signer);
}
END_TEST

/* The algorithm is the key's: nothing in a signature can choose another. */
START_TEST(s10_verify_refuses_another_algorithm)
{
	market_slice_t message = MARKET__LITERAL("\x72");
	kit_bytes_t ed = kit_hex(KIT_ED2_SIGNATURE);
	kit_bytes_t ec = kit_ecdsa(KIT_P256_R, KIT_P256_S);
	kit_bytes_t mac = { { 0 }, 0 };
	kit_bytes_t point = kit_hex(KIT_ED2_POINT);
	unsigned len = 0;

	ck_assert_int_eq(
	    verify(P256, message, kit_slice(&ed)), MARKET_E_SIGNATURE);
	ck_assert_int_eq(verify(ED2, market_slice_of("sample"), kit_slice(&ec)),
	    MARKET_E_SIGNATURE);
	/* HMAC keyed by the public key, of the right length. */
	ck_assert_ptr_nonnull(HMAC(EVP_sha512(), point.at, (int)point.len,
	    message.ptr, message.len, mac.at, &len));
	mac.len = len;
	ck_assert_uint_eq(mac.len, 64);
	ck_assert_int_eq(
	    verify(ED2, message, kit_slice(&mac)), MARKET_E_SIGNATURE);
	ck_assert_int_eq(verify(ED2, message, kit_slice(&ed)), MARKET_OK);
}
END_TEST

START_TEST(s11_verify_ed25519_wants_64_bytes)
{
	static const size_t lengths[] = { 0, 1, 32, 63, 65, 72, 128 };
	market_slice_t message = MARKET__LITERAL("\x72");
	kit_bytes_t signature = kit_hex(KIT_ED2_SIGNATURE);
	size_t i;

	for (i = 0; i < MARKET__COUNT(lengths); i++) {
		signature.len = lengths[i];
		ck_assert_int_eq(verify(ED2, message, kit_slice(&signature)),
		    MARKET_E_SIGNATURE);
	}
	ck_assert_int_eq(
	    verify(ED2, message, market__slice(NULL, 0)), MARKET_E_SIGNATURE);
	signature.len = 64;
	ck_assert_int_eq(
	    verify(ED2, message, kit_slice(&signature)), MARKET_OK);
}
END_TEST

/* S is taken below the group's order only (RFC 8032, 5.1.7). */
START_TEST(s12_verify_ed25519_refuses_other_forms_of_s_and_r)
{
	static const char *const order_le = "edd3f55c1a631258d69cf7a2def9de14"
					    "00000000000000000000000000000010";
	market_slice_t message = MARKET__LITERAL("\x72");
	kit_bytes_t signature = kit_hex(KIT_ED2_SIGNATURE);
	kit_bytes_t order = kit_hex(order_le), changed = signature;
	unsigned carry = 0;
	size_t i;

	for (i = 0; i < 32; i++) {
		carry += (unsigned)signature.at[32 + i] + order.at[i];
		changed.at[32 + i] = (uint8_t)carry;
		carry >>= 8;
	}
	ck_assert_int_eq(
	    verify(ED2, message, kit_slice(&changed)), MARKET_E_SIGNATURE);
	/* S = L stands for 0. */
	changed = signature;
	memcpy(changed.at + 32, order.at, 32);
	ck_assert_int_eq(
	    verify(ED2, message, kit_slice(&changed)), MARKET_E_SIGNATURE);
	/* R = p + 1, the identity in a second form. */
	memset(changed.at, 0xff, 32);
	changed.at[0] = 0xee;
	changed.at[31] = 0x7f;
	ck_assert_int_eq(
	    verify(ED2, message, kit_slice(&changed)), MARKET_E_SIGNATURE);
	ck_assert_int_eq(
	    verify(ED2, message, kit_slice(&signature)), MARKET_OK);
}
END_TEST

#define ZERO "00"
#define ONE  "01"
#define N_1  "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552"
#define BIG                                                                \
	"01efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf37" \
	"16"

typedef struct number_row {
	const char *label, *r, *s;
	market_status_t want;
} number_row_t;

static const number_row_t s13_numbers[] = {
	{ "as signed", KIT_P256_R, KIT_P256_S, MARKET_OK },
	{ "S13 r = 0", ZERO, KIT_P256_S, MARKET_E_SIGNATURE },
	{ "S13 s = 0", KIT_P256_R, ZERO, MARKET_E_SIGNATURE },
	{ "S13 both 0", ZERO, ZERO, MARKET_E_SIGNATURE },
	{ "S13 both 1", ONE, ONE, MARKET_E_SIGNATURE },
	{ "S13 r = n", KIT_P256_N, KIT_P256_S, MARKET_E_SIGNATURE },
	{ "S13 s = n", KIT_P256_R, KIT_P256_N, MARKET_E_SIGNATURE },
	{ "S13 r = n + 1", N_1, KIT_P256_S, MARKET_E_SIGNATURE },
	{ "S13 s = n + 1", KIT_P256_R, N_1, MARKET_E_SIGNATURE },
	{ "S13 r of 33 bytes", BIG, KIT_P256_S, MARKET_E_SIGNATURE },
	{ "S13 s of 33 bytes", KIT_P256_R, BIG, MARKET_E_SIGNATURE },
	{ "swapped", KIT_P256_S, KIT_P256_R, MARKET_E_SIGNATURE },
};

/* OpenSSL answers -1 to most of these, not 0. */
START_TEST(s13_verify_p256_refuses_values_out_of_range)
{
	kit_bytes_t signature;
	size_t i;

	for (i = 0; i < MARKET__COUNT(s13_numbers); i++) {
		signature = kit_ecdsa(s13_numbers[i].r, s13_numbers[i].s);
		ck_assert_msg(verify(P256, market_slice_of("sample"),
				  kit_slice(&signature)) == s13_numbers[i].want,
		    "%s", s13_numbers[i].label);
	}
}
END_TEST

#define R KIT_P256_R
#define S KIT_P256_S

typedef struct form_row {
	const char *label, *hex;
	market_status_t want;
} form_row_t;

static const form_row_t s13_forms[] = {
	{ "as signed", "3046022100" R "022100" S, MARKET_OK },
	{ "S13 empty", "", MARKET_E_SIGNATURE },
	{ "S13 empty sequence", "3000", MARKET_E_SIGNATURE },
	{ "S13 tag only", "30", MARKET_E_SIGNATURE },
	{ "S13 one integer", "3023022100" R, MARKET_E_SIGNATURE },
	{ "S13 three integers", "3049022100" R "022100" S "020101",
	    MARKET_E_SIGNATURE },
	{ "S13 empty integer", "3025022100" R "0200", MARKET_E_SIGNATURE },
	{ "S13 negative r", "30450220" R "022100" S, MARKET_E_SIGNATURE },
	{ "S13 missing leading 0 in s", "3045022100" R "0220" S,
	    MARKET_E_SIGNATURE },
	{ "S13 one leading 0 too many", "304702220000" R "022100" S,
	    MARKET_E_SIGNATURE },
	{ "S13 BER long form of 0x46", "308146022100" R "022100" S,
	    MARKET_E_SIGNATURE },
	{ "S13 BER two length bytes", "30820046022100" R "022100" S,
	    MARKET_E_SIGNATURE },
	{ "S13 BER long form inside", "304702812100" R "022100" S,
	    MARKET_E_SIGNATURE },
	{ "S13 indefinite length", "3080022100" R "022100" S "0000",
	    MARKET_E_SIGNATURE },
	{ "S13 trailing byte", "3046022100" R "022100" S "00",
	    MARKET_E_SIGNATURE },
	{ "S13 trailing bytes inside", "3048022100" R "022100" S "0500",
	    MARKET_E_SIGNATURE },
	{ "S13 length one too many", "3047022100" R "022100" S,
	    MARKET_E_SIGNATURE },
	{ "S13 length one too few", "3045022100" R "022100" S,
	    MARKET_E_SIGNATURE },
	{ "S13 a set", "3146022100" R "022100" S, MARKET_E_SIGNATURE },
	{ "S13 octet string in place of r", "3046042100" R "022100" S,
	    MARKET_E_SIGNATURE },
	{ "S13 length of four bytes", "308400000046022100" R "022100" S,
	    MARKET_E_SIGNATURE },
	{ "S15 P1363 form", R S, MARKET_E_SIGNATURE },
};

START_TEST(s13_verify_p256_refuses_all_but_der)
{
	kit_bytes_t signature;
	size_t i;

	for (i = 0; i < MARKET__COUNT(s13_forms); i++) {
		signature = kit_hex(s13_forms[i].hex);
		ck_assert_msg(verify(P256, market_slice_of("sample"),
				  kit_slice(&signature)) == s13_forms[i].want,
		    "%s", s13_forms[i].label);
	}
	/* Cut off at every length. */
	signature = kit_hex(s13_forms[0].hex);
	while (signature.len-- > 0)
		ck_assert_int_eq(verify(P256, market_slice_of("sample"),
				     kit_slice(&signature)),
		    MARKET_E_SIGNATURE);
}
END_TEST

/* Hence signature bytes identify nothing (a digest is over what is signed). */
START_TEST(s14_verify_p256_accepts_the_high_s_twin)
{
	BIGNUM *n = NULL, *s = NULL;
	kit_bytes_t signature;
	char hex[65] = "";
	unsigned char twin[32];

	ck_assert_int_gt(BN_hex2bn(&n, KIT_P256_N), 0);
	ck_assert_int_gt(BN_hex2bn(&s, KIT_P256_S), 0);
	ck_assert_int_eq(BN_sub(s, n, s), 1);
	ck_assert_int_eq(BN_bn2binpad(s, twin, 32), 32);
	market__hex(twin, 32, hex);
	signature = kit_ecdsa(KIT_P256_R, hex);
	ck_assert_int_eq(
	    verify(P256, market_slice_of("sample"), kit_slice(&signature)),
	    MARKET_OK);
	BN_free(n);
	BN_free(s);
}
END_TEST

/* RFC 8032, 7.2 and 7.3; the twin is a plain signature by the same key. */
START_TEST(s16_verify_refuses_ed25519ph_and_ed25519ctx)
{
	static const struct {
		const char *label, *point, *message, *signature;
		market_status_t want;
	} rows[] = {
		{ "S16 Ed25519ph",
		    "ec172b93ad5e563bf4932c70e1245034"
		    "c35467ef2efd4d64ebf819683467e2bf",
		    "616263",
		    "98a70222f0b8121aa9d30f813d683f80"
		    "9e462b469c7ff87639499bb94e6dae41"
		    "31f85042463c2a355a2003d062adf5aa"
		    "a10b8c61e636062aaad11c2a26083406",
		    MARKET_E_SIGNATURE },
		{ "plain, the same key and message",
		    "ec172b93ad5e563bf4932c70e1245034"
		    "c35467ef2efd4d64ebf819683467e2bf",
		    "616263",
		    "c9446c82f4235087613364b1e2c31aed"
		    "0ae9f11a6982859914bdd8565e119d26"
		    "cd47423c26c2a49d5f60d847f75120f4"
		    "bada1a01063aafef8fecb9a07e32e707",
		    MARKET_OK },
		{ "S16 Ed25519ctx, context foo",
		    "dfc9425e4f968f7f0c29f0259cf5f9ae"
		    "d6851c2bb4ad8bfb860cfee0ab248292",
		    "f726936d19c800494e3fdaff20b276a8",
		    "55a4cc2f70a54e04288c5f4cd1e45a7b"
		    "b520b36292911876cada7323198dd87a"
		    "8b36950b95130022907a7fb7c4e9b2d5"
		    "f6cca685a587b4b21f4b888e4e7edb0d",
		    MARKET_E_SIGNATURE },
	};
	kit_bytes_t message, signature;
	char spki[sizeof(ED1)];
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		memcpy(spki, KIT_ED_PREFIX, sizeof(KIT_ED_PREFIX));
		strcat(spki, rows[i].point);
		message = kit_hex(rows[i].message);
		signature = kit_hex(rows[i].signature);
		ck_assert_msg(verify(spki, kit_slice(&message),
				  kit_slice(&signature)) == rows[i].want,
		    "%s", rows[i].label);
	}
}
END_TEST

/* The hash belongs to the key's algorithm: SHA-256, whatever was signed. */
START_TEST(s22_verify_refuses_other_digests)
{
	static const struct {
		const char *label, *digest;
		market_status_t want;
	} rows[] = {
		{ "S22 SHA-1", "SHA1", MARKET_E_SIGNATURE },
		{ "S22 SHA-224", "SHA224", MARKET_E_SIGNATURE },
		{ "SHA-256", "SHA256", MARKET_OK },
		{ "S22 SHA-512", "SHA512", MARKET_E_SIGNATURE },
		{ "S22 SHA3-256", "SHA3-256", MARKET_E_SIGNATURE },
	};
	EVP_PKEY *theirs = kit_openssl_key("EC", "P-256");
	kit_bytes_t spki = kit_spki(theirs);
	market_slice_t message = MARKET__LITERAL("message");
	uint8_t signature[128];
	market_key_t *key = NULL;
	EVP_MD_CTX *ctx;
	size_t i, len;

	ck_assert_int_eq(
	    market_key_from_spki(context, kit_slice(&spki), &key, NULL),
	    MARKET_OK);
	for (i = 0; i < MARKET__COUNT(rows); i++) {
		ctx = EVP_MD_CTX_new();
		len = sizeof(signature);
		ck_assert_int_eq(EVP_DigestSignInit_ex(ctx, NULL,
				     rows[i].digest, NULL, NULL, theirs, NULL),
		    1);
		ck_assert_int_eq(EVP_DigestSign(ctx, signature, &len,
				     message.ptr, message.len),
		    1);
		EVP_MD_CTX_free(ctx);
		ck_assert_msg(
		    market_key_verify(key, message,
			market__slice(signature, len)) == rows[i].want,
		    "%s", rows[i].label);
	}
	market_key_free(key);
	EVP_PKEY_free(theirs);
}
END_TEST

static void
dirty_queue(int entries)
{
	int i;

	ERR_clear_error();
	for (i = 1; i <= entries; i++)
		ERR_raise(ERR_LIB_USER, i);
}

static void
assert_queue(int entries)
{
	int i;

	for (i = 1; i <= entries; i++)
		ck_assert_int_eq(ERR_GET_REASON(ERR_get_error()), i);
	ck_assert_uint_eq(ERR_get_error(), 0);
}

/* S21: also what a caller put there before, with a mark of its own. */
START_TEST(s21_verify_leaves_the_error_queue_as_found)
{
	static const int entries[] = { 0, 1, 3 };
	static const uint8_t rubbish[64] = { 1 };
	market_slice_t message = MARKET__LITERAL("\x72");
	kit_bytes_t ed = kit_hex(KIT_ED2_SIGNATURE);
	kit_bytes_t ec = kit_ecdsa(KIT_P256_R, KIT_P256_S);
	kit_bytes_t one = kit_ecdsa(ONE, ONE);
	market_slice_t bad = { rubbish, sizeof(rubbish) };
	market_key_t *ed_key = kit_key(context, ED2);
	market_key_t *ec_key = kit_key(context, P256);
	market_key_t *none = NULL;
	size_t i;

	for (i = 0; i < MARKET__COUNT(entries); i++) {
		dirty_queue(entries[i]);
		ck_assert_int_eq(
		    market_key_verify(ed_key, message, kit_slice(&ed)),
		    MARKET_OK);
		ck_assert_int_eq(market_key_verify(ed_key, message, bad),
		    MARKET_E_SIGNATURE);
		ck_assert_int_eq(market_key_verify(ec_key,
				     market_slice_of("sample"), kit_slice(&ec)),
		    MARKET_OK);
		ck_assert_int_eq(market_key_verify(ec_key, message, bad),
		    MARKET_E_SIGNATURE);
		ck_assert_int_eq(
		    market_key_verify(ec_key, message, kit_slice(&one)),
		    MARKET_E_SIGNATURE);
		ck_assert_int_eq(
		    market_key_from_spki(context, bad, &none, NULL),
		    MARKET_E_KEY);
		assert_queue(entries[i]);
	}
	dirty_queue(1);
	ck_assert_int_eq(ERR_set_mark(), 1);
	ERR_raise(ERR_LIB_USER, 2);
	ck_assert_int_eq(market_key_verify(ec_key, message, kit_slice(&one)),
	    MARKET_E_SIGNATURE);
	ck_assert_int_eq(ERR_pop_to_mark(), 1);
	assert_queue(1);
	market_key_free(ed_key);
	market_key_free(ec_key);
}
END_TEST

START_TEST(verify_pieces_survives_lack_of_memory)
{
	static const uint8_t length[3000];
	kit_bytes_t signature = kit_hex(KIT_ED2_SIGNATURE);
	market_slice_t pieces[2] = { MARKET__LITERAL("\x72"), { NULL, 0 } };
	market_slice_t many[2] = { pieces[0], { length, sizeof(length) } };
	harness_memory_t memory;
	market_context_t *small;
	market_key_t *key;

	harness_memory_init(&memory);
	small = kit_context_with(&memory);
	key = kit_key(small, ED2);
	ck_assert_int_eq(
	    market__key_verify_pieces(key, pieces, 2, kit_slice(&signature)),
	    MARKET_OK);
	ck_assert_int_eq(
	    market__key_verify_pieces(key, many, 2, kit_slice(&signature)),
	    MARKET_E_SIGNATURE);
	memory.fail_at = memory.calls;
	ck_assert_int_eq(
	    market__key_verify_pieces(key, many, 2, kit_slice(&signature)),
	    MARKET_E_MEMORY);
	/* What is short, or one piece, needs no memory of ours. */
	ck_assert_int_eq(
	    market__key_verify_pieces(key, pieces, 2, kit_slice(&signature)),
	    MARKET_OK);
	memory.fail_at = 0;
	memory.for_ever = true;
	ck_assert_int_eq(
	    market__key_verify_pieces(key, pieces, 1, kit_slice(&signature)),
	    MARKET_OK);
	market_key_free(key);
	market_context_free(small);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

#define THREADS 4
#define ROUNDS  100

struct shared {
	market_key_t *keys[2];
	market_buffer_t signatures[2];
};

static void *
verify_often(void *argument)
{
	const struct shared *shared = argument;
	market_slice_t message = MARKET__LITERAL("message");
	market_status_t want, rv;
	market_key_t *key;
	uintptr_t wrong = 0;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		key = market_key_ref(shared->keys[i & 1]);
		want = (i & 2) != 0 ? MARKET_E_SIGNATURE : MARKET_OK;
		rv = market_key_verify(key, message,
		    market_buffer_slice(
			&shared->signatures[(i ^ (i >> 1)) & 1]));
		if (rv != want)
			wrong++;
		market_key_free(key);
	}
	return (void *)wrong;
}

START_TEST(verify_is_safe_in_threads_that_share_keys)
{
	struct shared shared;
	pthread_t threads[THREADS];
	market_signer_t *signer;
	void *wrong = NULL;
	size_t i;

	for (i = 0; i < 2; i++) {
		signer = kit_signer(context, (market_algorithm_t)(i + 1));
		shared.keys[i] = market_key_ref(market_signer_key(signer));
		shared.signatures[i] = kit_sign(signer, "message");
		market_signer_free(signer);
	}
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(
		    pthread_create(&threads[i], NULL, verify_often, &shared),
		    0);
	for (i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(threads[i], &wrong), 0);
		ck_assert_uint_eq((uintptr_t)wrong, 0);
	}
	for (i = 0; i < 2; i++) {
		market_key_free(shared.keys[i]);
		market_buffer_clear(&shared.signatures[i]);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("verify");
	TCase *tcase = tcase_create("verify");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, verify_accepts_the_rfc_vectors);
	tcase_add_test(tcase, verify_tells_bad_arguments);
	tcase_add_loop_test(tcase, verify_pieces_is_verify_of_the_whole, 1, 3);
	tcase_add_test(tcase, openssl_reinit_keeps_old_key);
	tcase_add_loop_test(tcase, verify_refuses_every_flipped_byte, 1, 3);
	tcase_add_test(tcase, s10_verify_refuses_another_algorithm);
	tcase_add_test(tcase, s11_verify_ed25519_wants_64_bytes);
	tcase_add_test(
	    tcase, s12_verify_ed25519_refuses_other_forms_of_s_and_r);
	tcase_add_test(tcase, s13_verify_p256_refuses_values_out_of_range);
	tcase_add_test(tcase, s13_verify_p256_refuses_all_but_der);
	tcase_add_test(tcase, s14_verify_p256_accepts_the_high_s_twin);
	tcase_add_test(tcase, s16_verify_refuses_ed25519ph_and_ed25519ctx);
	tcase_add_test(tcase, s22_verify_refuses_other_digests);
	tcase_add_test(tcase, s21_verify_leaves_the_error_queue_as_found);
	tcase_add_test(tcase, verify_pieces_survives_lack_of_memory);
	tcase_add_test(tcase, verify_is_safe_in_threads_that_share_keys);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
