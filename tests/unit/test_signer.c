/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/base.h"
#include "crypto_kit.h"
#include "golden.h"

#define PKCS8_ED "302e020100300506032b657004220420"
#define PKCS8_EC                                                         \
	"308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b" \
	"0201010420"
#define EC_POINT "a14403420004" KIT_P256_X KIT_P256_Y
#define ZERO32 \
	"0000000000000000000000000000000000000000000000000000000000000000"
#define N_MINUS_1 \
	"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550"

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

/* Loads, and asserts that a refusal leaves *ret_signer and says something. */
static market_status_t
load(market_slice_t pem, const char *passphrase, market_error_t *reterr)
{
	market_signer_t *const untouched = (market_signer_t *)&context;
	market_signer_t *signer = untouched;
	market_status_t rv;

	rv = market_signer_from_pem(context, pem, passphrase, &signer, reterr);
	if (rv == MARKET_OK) {
		market_signer_free(signer);
	} else {
		ck_assert_ptr_eq(signer, untouched);
		ck_assert_int_eq(reterr->status, rv);
		ck_assert_str_ne(reterr->message, "");
	}
	return rv;
}

/* A PEM block around DER in hex. */
static const char *
pem_of(const char *label, const char *hex)
{
	static char pem[3 * KIT_MAX];
	kit_bytes_t der = kit_hex(hex);
	unsigned char base64[2 * KIT_MAX];

	EVP_EncodeBlock(base64, der.at, (int)der.len);
	snprintf(pem, sizeof(pem), "-----BEGIN %s-----\n%s\n-----END %s-----\n",
	    label, (const char *)base64, label);
	return pem;
}

START_TEST(signer_signs_what_verifies)
{
	static const char *const messages[] = { "", "a", "a longer message" };
	market_algorithm_t algorithm = (market_algorithm_t)_i;
	market_signer_t *signer = kit_signer(context, algorithm);
	market_key_t *key = market_signer_key(signer);
	market_buffer_t signature;
	size_t i;

	ck_assert_int_eq(market_key_algorithm(key), algorithm);
	for (i = 0; i < MARKET__COUNT(messages); i++) {
		signature = kit_sign(signer, messages[i]);
		if (algorithm == MARKET_ALGORITHM_ED25519)
			ck_assert_uint_eq(signature.len, 64);
		else
			ck_assert_uint_le(signature.len, 72);
		ck_assert_uint_eq(signature.data[signature.len], 0);
		ck_assert_int_eq(
		    market_key_verify(key, market_slice_of(messages[i]),
			market_buffer_slice(&signature)),
		    MARKET_OK);
		ck_assert_int_eq(
		    market_key_verify(key, market_slice_of("another"),
			market_buffer_slice(&signature)),
		    MARKET_E_SIGNATURE);
		market_buffer_clear(&signature);
	}
	market_signer_free(signer);
}
END_TEST

/* Ed25519 is deterministic (RFC 8032, 5.1.6). */
START_TEST(signer_signs_as_rfc_8032_does)
{
	static const struct {
		const char *pkcs8, *point, *message, *signature;
	} rows[] = {
		{ PKCS8_ED KIT_ED1_SECRET, KIT_ED1_POINT, "",
		    KIT_ED1_SIGNATURE },
		{ PKCS8_ED KIT_ED2_SECRET, KIT_ED2_POINT, "\x72",
		    KIT_ED2_SIGNATURE },
	};
	market_buffer_t signature;
	market_signer_t *signer;
	kit_bytes_t want, point;
	market_slice_t spki;
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		ck_assert_int_eq(
		    market_signer_from_pem(context,
			market_slice_of(pem_of("PRIVATE KEY", rows[i].pkcs8)),
			NULL, &signer, NULL),
		    MARKET_OK);
		spki = market_key_spki(market_signer_key(signer));
		point = kit_hex(rows[i].point);
		ck_assert_mem_eq(spki.ptr + spki.len - 32, point.at, 32);
		signature = kit_sign(signer, rows[i].message);
		want = kit_hex(rows[i].signature);
		ck_assert(market__slice_equal(
		    market_buffer_slice(&signature), kit_slice(&want)));
		market_buffer_clear(&signature);
		market_signer_free(signer);
	}
}
END_TEST

static EVP_PKEY *
openssl_reads(const market_buffer_t *pem)
{
	BIO *bio = BIO_new_mem_buf(pem->data, (int)pem->len);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

	BIO_free(bio);
	ck_assert_ptr_nonnull(key);
	return key;
}

START_TEST(key_generate_writes_as_openssl_does)
{
	market_algorithm_t algorithm = (market_algorithm_t)_i;
	market_buffer_t pem = MARKET_BUFFER_INIT, other = MARKET_BUFFER_INIT;
	EVP_PKEY *theirs;
	kit_bytes_t again;

	ck_assert_int_eq(
	    market_key_generate(context, algorithm, &pem, NULL), MARKET_OK);
	theirs = openssl_reads(&pem);
	again = kit_pem(theirs, KIT_PKCS8);
	ck_assert(
	    market__slice_equal(market_buffer_slice(&pem), kit_slice(&again)));
	ck_assert_int_eq(
	    market_key_generate(context, algorithm, &other, NULL), MARKET_OK);
	ck_assert(!market__slice_equal(
	    market_buffer_slice(&pem), market_buffer_slice(&other)));
	EVP_PKEY_free(theirs);
	market_buffer_clear(&pem);
	market_buffer_clear(&other);
}
END_TEST

START_TEST(key_generate_refuses_other_algorithms)
{
	static const int numbers[] = { -1, 0, 3, 1000 };
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	size_t i;

	for (i = 0; i < MARKET__COUNT(numbers); i++) {
		ck_assert_int_eq(
		    market_key_generate(
			context, (market_algorithm_t)numbers[i], &pem, &error),
		    MARKET_E_ALGORITHM);
		ck_assert_str_ne(error.message, "");
		ck_assert_ptr_null(pem.data);
	}
	ck_assert_int_eq(
	    market_key_generate(NULL, MARKET_ALGORITHM_P256, &pem, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_key_generate(context, MARKET_ALGORITHM_P256, NULL, NULL),
	    MARKET_E_ARGUMENT);
}
END_TEST

/* Both ways: they accept what we sign, we accept what they sign. */
START_TEST(signer_agrees_with_openssl)
{
	market_algorithm_t algorithm = (market_algorithm_t)_i;
	const EVP_MD *md = algorithm == MARKET_ALGORITHM_P256 ? EVP_sha256()
							      : NULL;
	const unsigned char *message = (const unsigned char *)"message";
	market_buffer_t pem = MARKET_BUFFER_INIT, ours;
	market_signer_t *signer;
	kit_bytes_t theirs = { { 0 }, KIT_MAX };
	EVP_MD_CTX *ctx;
	EVP_PKEY *key;

	ck_assert_int_eq(
	    market_key_generate(context, algorithm, &pem, NULL), MARKET_OK);
	ck_assert_int_eq(market_signer_from_pem(context,
			     market_buffer_slice(&pem), NULL, &signer, NULL),
	    MARKET_OK);
	key = openssl_reads(&pem);
	ours = kit_sign(signer, "message");
	ctx = EVP_MD_CTX_new();
	ck_assert_int_eq(EVP_DigestVerifyInit(ctx, NULL, md, NULL, key), 1);
	ck_assert_int_eq(
	    EVP_DigestVerify(ctx, ours.data, ours.len, message, 7), 1);
	EVP_MD_CTX_free(ctx);
	ctx = EVP_MD_CTX_new();
	ck_assert_int_eq(EVP_DigestSignInit(ctx, NULL, md, NULL, key), 1);
	ck_assert_int_eq(
	    EVP_DigestSign(ctx, theirs.at, &theirs.len, message, 7), 1);
	EVP_MD_CTX_free(ctx);
	ck_assert_int_eq(market_key_verify(market_signer_key(signer),
			     market_slice_of("message"), kit_slice(&theirs)),
	    MARKET_OK);
	EVP_PKEY_free(key);
	market_buffer_clear(&ours);
	market_buffer_clear(&pem);
	market_signer_free(signer);
}
END_TEST

START_TEST(signer_reads_encrypted_keys_with_their_passphrase)
{
	static const struct {
		const char *passphrase;
		market_status_t want;
		const char *says;
	} rows[] = {
		{ "secret", MARKET_OK, NULL },
		{ "Secret", MARKET_E_KEY, "wrong passphrase" },
		{ "", MARKET_E_KEY, "wrong passphrase" },
		{ NULL, MARKET_E_KEY, "give its passphrase" },
	};
	static const struct {
		const char *type, *curve;
	} keys[] = { { "ED25519", NULL }, { "EC", "P-256" } };
	char endless[1026];
	market_error_t error;
	kit_bytes_t pem;
	EVP_PKEY *key;
	size_t i, j;

	memset(endless, 'x', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	for (i = 0; i < MARKET__COUNT(keys); i++) {
		key = kit_openssl_key(keys[i].type, keys[i].curve);
		pem = kit_pem(key, KIT_ENCRYPTED);
		for (j = 0; j < MARKET__COUNT(rows); j++) {
			ck_assert_int_eq(
			    load(kit_slice(&pem), rows[j].passphrase, &error),
			    rows[j].want);
			if (rows[j].says != NULL)
				ck_assert_ptr_nonnull(
				    strstr(error.message, rows[j].says));
		}
		ck_assert_int_eq(
		    load(kit_slice(&pem), endless, &error), MARKET_E_KEY);
		EVP_PKEY_free(key);
	}
	key = kit_openssl_key("EC", "P-384");
	pem = kit_pem(key, KIT_ENCRYPTED);
	ck_assert_int_eq(
	    load(kit_slice(&pem), "secret", &error), MARKET_E_ALGORITHM);
	EVP_PKEY_free(key);
}
END_TEST

START_TEST(signer_ignores_a_passphrase_that_is_not_needed)
{
	EVP_PKEY *key = kit_openssl_key("ED25519", NULL);
	kit_bytes_t pem = kit_pem(key, KIT_PKCS8);
	market_error_t error;

	ck_assert_int_eq(
	    load(kit_slice(&pem), "not needed", &error), MARKET_OK);
	EVP_PKEY_free(key);
}
END_TEST

START_TEST(signer_reads_no_damaged_envelope)
{
	static const char *const blocks[] = { "", "3000", "30023000",
		"300430000400", "3004300004", "300530000400ff", "0500",
		"3006300004000500",
		/* A scheme that nobody knows. */
		"300a300406022a0304020000" };
	market_error_t error;
	size_t i;

	for (i = 0; i < MARKET__COUNT(blocks); i++)
		ck_assert_int_eq(load(market_slice_of(pem_of(
					  "ENCRYPTED PRIVATE KEY", blocks[i])),
				     "secret", &error),
		    MARKET_E_KEY);
}
END_TEST

typedef struct form {
	const char *label, *block, *hex;
	market_status_t want;
	const char *says;
} form_t;

static const form_t forms[] = {
	{ "Ed25519", "PRIVATE KEY", PKCS8_ED KIT_ED1_SECRET, MARKET_OK, NULL },
	{ "Ed25519 with its public key (RFC 8410, 7)", "PRIVATE KEY",
	    "3051020101300506032b657004220420" KIT_ED1_SECRET
	    "812100" KIT_ED1_POINT,
	    MARKET_OK, NULL },
	{ "Ed25519 with attributes", "PRIVATE KEY",
	    "3030020100300506032b657004220420" KIT_ED1_SECRET "a000", MARKET_OK,
	    NULL },
	{ "Ed25519 with another public key", "PRIVATE KEY",
	    "3051020101300506032b657004220420" KIT_ED1_SECRET
	    "812100" KIT_ED2_POINT,
	    MARKET_E_KEY, "does not belong" },
	{ "Ed25519 with half a public key", "PRIVATE KEY",
	    "3033020101300506032b657004220420" KIT_ED1_SECRET "81030055aa",
	    MARKET_E_KEY, "does not belong" },
	{ "Ed25519, public key in version 0", "PRIVATE KEY",
	    "3051020100300506032b657004220420" KIT_ED1_SECRET
	    "812100" KIT_ED1_POINT,
	    MARKET_E_KEY, NULL },
	{ "Ed25519, version 2", "PRIVATE KEY",
	    "302e020102300506032b657004220420" KIT_ED1_SECRET, MARKET_E_KEY,
	    NULL },
	{ "Ed25519, 31 bytes", "PRIVATE KEY",
	    "302d020100300506032b65700421041f"
	    "61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac03"
	    "1cae7f60",
	    MARKET_E_KEY, NULL },
	{ "Ed25519 with parameters", "PRIVATE KEY",
	    "3030020100300706032b6570050004220420" KIT_ED1_SECRET, MARKET_E_KEY,
	    NULL },
	{ "Ed25519, trailing byte", "PRIVATE KEY", PKCS8_ED KIT_ED1_SECRET "00",
	    MARKET_E_KEY, NULL },
	{ "P-256", "PRIVATE KEY", PKCS8_EC KIT_P256_SECRET EC_POINT, MARKET_OK,
	    NULL },
	{ "P-256 without public key", "PRIVATE KEY",
	    "3041020100301306072a8648ce3d020106082a8648ce3d030107"
	    "042730250201010420" KIT_P256_SECRET,
	    MARKET_OK, NULL },
	{ "P-256 with compressed public key", "PRIVATE KEY",
	    "3067020100301306072a8648ce3d020106082a8648ce3d030107"
	    "044d304b0201010420" KIT_P256_SECRET "a12403220003" KIT_P256_X,
	    MARKET_OK, NULL },
	{ "P-256 with compressed key of the other sign", "PRIVATE KEY",
	    "3067020100301306072a8648ce3d020106082a8648ce3d030107"
	    "044d304b0201010420" KIT_P256_SECRET "a12403220002" KIT_P256_X,
	    MARKET_E_KEY, "does not belong" },
	{ "P-256 with another public key", "PRIVATE KEY",
	    PKCS8_EC N_MINUS_1 EC_POINT, MARKET_E_KEY, "does not belong" },
	{ "P-256, d = 0", "PRIVATE KEY", PKCS8_EC ZERO32 EC_POINT, MARKET_E_KEY,
	    "range" },
	{ "P-256, d = n", "PRIVATE KEY", PKCS8_EC KIT_P256_N EC_POINT,
	    MARKET_E_KEY, "range" },
	{ "P-256, d = n - 1, no public key", "PRIVATE KEY",
	    "3041020100301306072a8648ce3d020106082a8648ce3d030107"
	    "042730250201010420" N_MINUS_1,
	    MARKET_OK, NULL },
	{ "P-256, no curve", "PRIVATE KEY",
	    "3037020100300906072a8648ce3d0201"
	    "042730250201010420" KIT_P256_SECRET,
	    MARKET_E_KEY, "name its curve" },
	{ "P-384 outside", "PRIVATE KEY",
	    "303e020100301006072a8648ce3d020106052b81040022"
	    "042730250201010420" KIT_P256_SECRET,
	    MARKET_E_ALGORITHM, "P-384" },
	{ "SEC 1", "EC PRIVATE KEY",
	    "30770201010420" KIT_P256_SECRET
	    "a00a06082a8648ce3d030107" EC_POINT,
	    MARKET_OK, NULL },
	{ "SEC 1 without curve", "EC PRIVATE KEY",
	    "30250201010420" KIT_P256_SECRET, MARKET_E_KEY, NULL },
	{ "SEC 1 on P-384", "EC PRIVATE KEY",
	    "302e0201010420" KIT_P256_SECRET "a00706052b81040022",
	    MARKET_E_ALGORITHM, "P-384" },
	{ "SEC 1, version 0", "EC PRIVATE KEY",
	    "30310201000420" KIT_P256_SECRET "a00a06082a8648ce3d030107",
	    MARKET_E_KEY, NULL },
	{ "SEC 1, trailing element", "EC PRIVATE KEY",
	    "30330201010420" KIT_P256_SECRET "a00a06082a8648ce3d0301070500",
	    MARKET_E_KEY, NULL },
	{ "SEC 1, empty bit string", "EC PRIVATE KEY",
	    "30350201010420" KIT_P256_SECRET "a00a06082a8648ce3d030107a1020300",
	    MARKET_E_KEY, "does not belong" },
	{ "SEC 1, malformed public key", "EC PRIVATE KEY",
	    "30350201010420" KIT_P256_SECRET "a00a06082a8648ce3d030107a1020400",
	    MARKET_E_KEY, NULL },
	{ "X25519", "PRIVATE KEY",
	    "302e020100300506032b656e04220420" KIT_ED1_SECRET,
	    MARKET_E_ALGORITHM, "X25519" },
	{ "nothing", "PRIVATE KEY", "", MARKET_E_KEY, NULL },
	{ "a public key", "PUBLIC KEY", KIT_ED_PREFIX KIT_ED1_POINT,
	    MARKET_E_KEY, "private key" },
};

START_TEST(signer_reads_the_forms_of_a_private_key)
{
	market_error_t error;
	size_t i;

	for (i = 0; i < MARKET__COUNT(forms); i++) {
		error = (market_error_t)MARKET_ERROR_INIT;
		ck_assert_msg(
		    load(market_slice_of(pem_of(forms[i].block, forms[i].hex)),
			NULL, &error) == forms[i].want,
		    "%s: %s", forms[i].label, error.message);
		if (forms[i].says != NULL)
			ck_assert_msg(
			    strstr(error.message, forms[i].says) != NULL,
			    "%s: %s", forms[i].label, error.message);
	}
}
END_TEST

START_TEST(signer_refusals_are_as_committed)
{
	market_error_t error;
	golden_t list;
	size_t i;

	golden_begin(&list);
	for (i = 0; i < MARKET__COUNT(forms); i++) {
		error = (market_error_t)MARKET_ERROR_INIT;
		golden_add(&list, forms[i].label,
		    load(market_slice_of(pem_of(forms[i].block, forms[i].hex)),
			NULL, &error),
		    &error);
	}
	golden_check(&list, "signer.txt");
}
END_TEST

START_TEST(signer_refuses_every_truncation)
{
	static const char *const keys[] = { PKCS8_ED KIT_ED1_SECRET,
		PKCS8_EC KIT_P256_SECRET EC_POINT };
	char hex[512];
	market_error_t error;
	size_t i, len;

	for (i = 0; i < MARKET__COUNT(keys); i++)
		for (len = 0; len < strlen(keys[i]); len += 2) {
			memcpy(hex, keys[i], len);
			hex[len] = '\0';
			ck_assert_int_eq(
			    load(market_slice_of(pem_of("PRIVATE KEY", hex)),
				NULL, &error),
			    MARKET_E_KEY);
		}
}
END_TEST

START_TEST(signer_tells_bad_arguments)
{
	market_signer_t *signer = kit_signer(context, MARKET_ALGORITHM_P256);
	market_slice_t bad = { NULL, 1 }, none = { NULL, 0 };
	market_buffer_t signature = MARKET_BUFFER_INIT;
	market_signer_t *out = NULL;

	ck_assert_int_eq(market_signer_from_pem(NULL, none, NULL, &out, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_signer_from_pem(context, none, NULL, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_signer_from_pem(context, bad, NULL, &out, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_signer_sign(NULL, none, &signature, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_signer_sign(signer, none, NULL, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_signer_sign(signer, bad, &signature, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_ptr_null(signature.data);
	ck_assert_int_eq(
	    market_signer_sign(signer, none, &signature, NULL), MARKET_OK);
	market_buffer_clear(&signature);
	market_signer_free(signer);
	market_signer_free(NULL);
}
END_TEST

/* ---- the caller's HSM ---- */

typedef enum behaviour {
	SIGNS,
	SIGNS_ANOTHER_MESSAGE,
	GIVES_RAW_R_S,
	GIVES_NOTHING,
	CLAIMS_TOO_MUCH,
	FAILS,
	FAILS_WITH_ITS_OWN
} behaviour_t;

typedef struct hsm {
	market_signer_t *inner;
	behaviour_t behaviour;
	size_t room;
	int calls;
} hsm_t;

static market_status_t
hsm_sign(void *user, market_slice_t message, uint8_t *signature,
    size_t *signature_len)
{
	hsm_t *hsm = user;
	market_buffer_t made = MARKET_BUFFER_INIT;
	market_status_t rv;

	hsm->calls++;
	hsm->room = *signature_len;
	switch (hsm->behaviour) {
	case FAILS: return MARKET_E_IO;
	case FAILS_WITH_ITS_OWN: return (market_status_t)-1234;
	case GIVES_NOTHING: *signature_len = 0; return MARKET_OK;
	case CLAIMS_TOO_MUCH: *signature_len = 73; return MARKET_OK;
	case GIVES_RAW_R_S:
		memset(signature, 1, 64);
		*signature_len = 64;
		return MARKET_OK;
	case SIGNS_ANOTHER_MESSAGE: message = market_slice_of("another"); break;
	case SIGNS: break;
	}
	rv = market_signer_sign(hsm->inner, message, &made, NULL);
	if (rv == MARKET_OK) {
		memcpy(signature, made.data, made.len);
		*signature_len = made.len;
	}
	market_buffer_clear(&made);
	return rv;
}

START_TEST(signer_from_callback_checks_what_it_gets)
{
	static const struct {
		behaviour_t behaviour;
		market_status_t want;
		const char *says;
	} rows[] = {
		{ SIGNS, MARKET_OK, NULL },
		{ SIGNS_ANOTHER_MESSAGE, MARKET_E_CALLBACK, "does not verify" },
		{ GIVES_RAW_R_S, MARKET_E_CALLBACK, "does not verify" },
		{ GIVES_NOTHING, MARKET_E_CALLBACK, "does not verify" },
		{ CLAIMS_TOO_MUCH, MARKET_E_CALLBACK, "73 bytes" },
		{ FAILS, MARKET_E_CALLBACK, "reading or writing" },
		{ FAILS_WITH_ITS_OWN, MARKET_E_CALLBACK, "failed" },
		{ SIGNS, MARKET_OK, NULL },
	};
	hsm_t hsm = { kit_signer(context, (market_algorithm_t)_i), SIGNS, 0,
		0 };
	market_key_t *key = market_signer_key(hsm.inner);
	market_slice_t message = MARKET__LITERAL("message");
	market_buffer_t signature = MARKET_BUFFER_INIT;
	market_signer_t *signer = NULL;
	market_error_t error;
	size_t i;

	ck_assert_int_eq(
	    market_signer_from_callback(context, key, hsm_sign, &hsm, &signer),
	    MARKET_OK);
	ck_assert_ptr_eq(market_signer_key(signer), key);
	for (i = 0; i < MARKET__COUNT(rows); i++) {
		hsm.behaviour = rows[i].behaviour;
		error = (market_error_t)MARKET_ERROR_INIT;
		ck_assert_int_eq(
		    market_signer_sign(signer, message, &signature, &error),
		    rows[i].want);
		ck_assert_uint_eq(hsm.room, 72);
		if (rows[i].want != MARKET_OK) {
			ck_assert_ptr_null(signature.data);
			ck_assert_msg(
			    strstr(error.message, rows[i].says) != NULL, "%s",
			    error.message);
			continue;
		}
		ck_assert_int_eq(market_key_verify(key, message,
				     market_buffer_slice(&signature)),
		    MARKET_OK);
		market_buffer_clear(&signature);
	}
	ck_assert_int_eq(hsm.calls, (int)MARKET__COUNT(rows));
	market_signer_free(signer);
	market_signer_free(hsm.inner);
}
END_TEST

START_TEST(signer_from_callback_finds_the_wrong_slot)
{
	hsm_t hsm = { kit_signer(context, MARKET_ALGORITHM_P256), SIGNS, 0, 0 };
	market_signer_t *other = kit_signer(context, MARKET_ALGORITHM_P256);
	market_buffer_t signature = MARKET_BUFFER_INIT;
	market_signer_t *signer = NULL;

	ck_assert_int_eq(market_signer_from_callback(context,
			     market_signer_key(other), hsm_sign, &hsm, &signer),
	    MARKET_OK);
	/* The signer keeps the key by itself. */
	market_signer_free(other);
	ck_assert_int_eq(market_signer_sign(signer, market_slice_of("message"),
			     &signature, NULL),
	    MARKET_E_CALLBACK);
	ck_assert_ptr_null(signature.data);
	market_signer_free(signer);
	market_signer_free(hsm.inner);
}
END_TEST

START_TEST(signer_from_callback_tells_bad_arguments)
{
	market_signer_t *inner = kit_signer(context, MARKET_ALGORITHM_P256);
	market_key_t *key = market_signer_key(inner);
	market_signer_t *signer = NULL;

	ck_assert_int_eq(
	    market_signer_from_callback(NULL, key, hsm_sign, NULL, &signer),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_signer_from_callback(context, NULL, hsm_sign, NULL, &signer),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_signer_from_callback(context, key, NULL, NULL, &signer),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_signer_from_callback(context, key, hsm_sign, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_ptr_null(signer);
	market_signer_free(inner);
}
END_TEST

/* ---- memory and the error queue ---- */

typedef market_status_t call_fn(market_context_t *small);

static kit_bytes_t a_pem;
static market_signer_t *a_signer;

static market_status_t
call_from_pem(market_context_t *small)
{
	market_signer_t *signer = NULL;
	market_error_t error;
	market_status_t rv;

	rv = market_signer_from_pem(
	    small, kit_slice(&a_pem), "secret", &signer, &error);
	ck_assert_int_eq(rv == MARKET_OK, signer != NULL);
	market_signer_free(signer);
	return rv;
}

static market_status_t
call_generate(market_context_t *small)
{
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_status_t rv;

	rv = market_key_generate(small, MARKET_ALGORITHM_P256, &pem, NULL);
	ck_assert_int_eq(rv == MARKET_OK, pem.data != NULL);
	market_buffer_clear(&pem);
	return rv;
}

static market_status_t
call_sign(market_context_t *small)
{
	market_buffer_t signature = MARKET_BUFFER_INIT;
	market_error_t error;
	market_status_t rv;

	(void)small;
	rv = market_signer_sign(
	    a_signer, market_slice_of("message"), &signature, &error);
	ck_assert_int_eq(rv == MARKET_OK, signature.data != NULL);
	market_buffer_clear(&signature);
	return rv;
}

static market_status_t
call_from_callback(market_context_t *small)
{
	market_signer_t *signer = NULL;
	market_status_t rv;

	rv = market_signer_from_callback(
	    small, market_signer_key(a_signer), hsm_sign, NULL, &signer);
	ck_assert_int_eq(rv == MARKET_OK, signer != NULL);
	market_signer_free(signer);
	return rv;
}

START_TEST(signer_gives_memory_back_when_a_call_fails)
{
	static call_fn *const calls[] = { call_from_pem, call_generate,
		call_sign, call_from_callback };
	EVP_PKEY *theirs = kit_openssl_key("EC", "P-256");
	harness_memory_t memory;
	market_context_t *small;
	market_status_t rv;
	size_t i, at, before;

	harness_memory_init(&memory);
	small = kit_context_with(&memory);
	a_signer = kit_signer(small, MARKET_ALGORITHM_ED25519);
	a_pem = kit_pem(theirs, KIT_ENCRYPTED);
	before = memory.live;
	for (i = 0; i < MARKET__COUNT(calls); i++) {
		for (at = 0, rv = MARKET_E_MEMORY; rv != MARKET_OK; at++) {
			ck_assert_uint_lt(at, 16);
			memory.fail_at = memory.calls + at;
			rv = calls[i](small);
			if (rv != MARKET_OK)
				ck_assert_int_eq(rv, MARKET_E_MEMORY);
			ck_assert_uint_eq(memory.live, before);
		}
		ck_assert_uint_ge(at, 2);
	}
	memory.fail_at = SIZE_MAX;
	market_signer_free(a_signer);
	market_context_free(small);
	ck_assert_uint_eq(memory.live, 0);
	EVP_PKEY_free(theirs);
}
END_TEST

START_TEST(signer_leaves_the_error_queue_as_found)
{
	EVP_PKEY *theirs = kit_openssl_key("EC", "P-256");
	kit_bytes_t pem = kit_pem(theirs, KIT_ENCRYPTED);
	market_signer_t *signer = NULL;
	market_buffer_t signature;
	market_error_t error;

	ERR_clear_error();
	ERR_raise(ERR_LIB_USER, 42);
	ck_assert_int_eq(load(kit_slice(&pem), "wrong", &error), MARKET_E_KEY);
	ck_assert_int_eq(market_signer_from_pem(
			     context, kit_slice(&pem), "secret", &signer, NULL),
	    MARKET_OK);
	signature = kit_sign(signer, "message");
	market_buffer_clear(&signature);
	market_signer_free(signer);
	ck_assert_int_eq(ERR_GET_REASON(ERR_get_error()), 42);
	ck_assert_uint_eq(ERR_get_error(), 0);
	EVP_PKEY_free(theirs);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("signer");
	TCase *tcase = tcase_create("signer");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, signer_signs_what_verifies, 1, 3);
	tcase_add_test(tcase, signer_signs_as_rfc_8032_does);
	tcase_add_loop_test(tcase, key_generate_writes_as_openssl_does, 1, 3);
	tcase_add_test(tcase, key_generate_refuses_other_algorithms);
	tcase_add_loop_test(tcase, signer_agrees_with_openssl, 1, 3);
	tcase_add_test(
	    tcase, signer_reads_encrypted_keys_with_their_passphrase);
	tcase_add_test(tcase, signer_ignores_a_passphrase_that_is_not_needed);
	tcase_add_test(tcase, signer_reads_no_damaged_envelope);
	tcase_add_test(tcase, signer_reads_the_forms_of_a_private_key);
	tcase_add_test(tcase, signer_refusals_are_as_committed);
	tcase_add_test(tcase, signer_refuses_every_truncation);
	tcase_add_test(tcase, signer_tells_bad_arguments);
	tcase_add_loop_test(
	    tcase, signer_from_callback_checks_what_it_gets, 1, 3);
	tcase_add_test(tcase, signer_from_callback_finds_the_wrong_slot);
	tcase_add_test(tcase, signer_from_callback_tells_bad_arguments);
	tcase_add_test(tcase, signer_gives_memory_back_when_a_call_fails);
	tcase_add_test(tcase, signer_leaves_the_error_queue_as_found);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
