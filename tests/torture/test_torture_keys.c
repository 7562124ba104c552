/* SPDX-License-Identifier: Apache-2.0 */
/*
 * X1, X2, X3: contexts, keys and signatures without memory. A signature is
 * never called bad for that, and never good.
 */
#include "object.h"

#include <string.h>

#include <openssl/bn.h>

#include "crypto_kit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What the rows work on; of one algorithm. */
static struct {
	market_algorithm_t algorithm;
	market_signer_t *signer;
	market_key_t *key;
	market_buffer_t pem, signature, public_pem;
	kit_bytes_t encrypted;
	market_signer_t *infinity;
} kit;

static const market_slice_t message = { (const uint8_t *)"message", 7 };

static void
tell_bytes(FILE *out, market_slice_t bytes)
{
	size_t i;

	for (i = 0; i < bytes.len; i++)
		fprintf(out, "%02x", bytes.ptr[i]);
	fputc('\n', out);
}

static market_status_t
run_context(torture_t *torture, FILE *out, market_error_t *error)
{
	market_context_t *context = UNTOUCHED;
	market_context_options_t options;
	market_status_t status;

	(void)out;
	(void)error;
	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	options.allocator = counter_allocator;
	status = ARMED(market_context_new(&options, &context));
	if (status == MARKET_OK)
		market_context_free(context);
	else
		EXPECT_UNTOUCHED(torture, context);
	return status;
}

static market_status_t
told_key(
    torture_t *torture, FILE *out, market_status_t status, market_key_t *key)
{
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, key);
		return status;
	}
	tell_bytes(out, market_key_spki(key));
	tell_bytes(out, market_key_id(key));
	market_key_free(key);
	return status;
}

static market_status_t
run_from_spki(torture_t *torture, FILE *out, market_error_t *error)
{
	market_key_t *key = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_key_from_spki(
	    torture->context, market_key_spki(kit.key), &key, error));
	return told_key(torture, out, status, key);
}

static market_status_t
run_from_pem(torture_t *torture, FILE *out, market_error_t *error)
{
	market_key_t *key = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_key_from_pem(torture->context,
	    market_buffer_slice(&kit.public_pem), &key, error));
	return told_key(torture, out, status, key);
}

static market_status_t
run_from_private(torture_t *torture, FILE *out, market_error_t *error)
{
	market_key_t *key = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_key_from_pem(
	    torture->context, market_buffer_slice(&kit.pem), &key, error));
	return told_key(torture, out, status, key);
}

static market_status_t
told_buffer(torture_t *torture, FILE *out, market_status_t status,
    market_buffer_t *buffer)
{
	if (status != MARKET_OK) {
		torture_expect_buffer(torture, buffer);
		return status;
	}
	tell_bytes(out, market_buffer_slice(buffer));
	market_buffer_clear(buffer);
	return status;
}

static market_status_t
run_key_pem(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_status_t status;

	(void)error;
	status = ARMED(market_key_pem(kit.key, &pem));
	return told_buffer(torture, out, status, &pem);
}

static market_status_t
run_generate(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_status_t status;

	status = ARMED(
	    market_key_generate(torture->context, kit.algorithm, &pem, error));
	return told_buffer(torture, out, status, &pem);
}

static market_status_t
verify(const char *text)
{
	return ARMED(market_key_verify(kit.key, market_slice_of(text),
	    market_buffer_slice(&kit.signature)));
}

static market_status_t
run_verify_good(torture_t *torture, FILE *out, market_error_t *error)
{
	(void)torture;
	(void)out;
	(void)error;
	return verify("message");
}

static market_status_t
run_verify_bad(torture_t *torture, FILE *out, market_error_t *error)
{
	(void)torture;
	(void)out;
	(void)error;
	return verify("another");
}

/* Invalid, and to OpenSSL an error as lack of memory is. */
static market_status_t
run_verify_infinity(torture_t *torture, FILE *out, market_error_t *error)
{
	kit_bytes_t signature = kit_ecdsa("01", "01");

	(void)torture;
	(void)out;
	(void)error;
	return ARMED(market_key_verify(
	    market_signer_key(kit.infinity), message, kit_slice(&signature)));
}

static market_status_t
told_signer(torture_t *torture, FILE *out, market_status_t status,
    market_signer_t *signer)
{
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, signer);
		return status;
	}
	tell_bytes(out, market_key_id(market_signer_key(signer)));
	market_signer_free(signer);
	return status;
}

static market_status_t
run_signer(torture_t *torture, FILE *out, market_error_t *error)
{
	market_signer_t *signer = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_signer_from_pem(torture->context,
	    market_buffer_slice(&kit.pem), NULL, &signer, error));
	return told_signer(torture, out, status, signer);
}

static market_status_t
run_encrypted(torture_t *torture, FILE *out, market_error_t *error)
{
	market_signer_t *signer = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_signer_from_pem(torture->context,
	    kit_slice(&kit.encrypted), "secret", &signer, error));
	return told_signer(torture, out, status, signer);
}

/* What an HSM answers; it has memory of its own. */
static market_status_t
sign_apart(
    void *user, market_slice_t bytes, uint8_t *signature, size_t *signature_len)
{
	(void)user;
	if (bytes.len != message.len ||
	    memcmp(bytes.ptr, message.ptr, bytes.len) != 0)
		return MARKET_E_ARGUMENT;
	memcpy(signature, kit.signature.data, kit.signature.len);
	*signature_len = kit.signature.len;
	return MARKET_OK;
}

static market_status_t
run_callback(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t signature = MARKET_BUFFER_INIT;
	market_signer_t *signer = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_signer_from_callback(
	    torture->context, kit.key, sign_apart, NULL, &signer));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, signer);
		error->status = status;
		return status;
	}
	status = ARMED(market_signer_sign(signer, message, &signature, error));
	market_signer_free(signer);
	return told_buffer(torture, out, status, &signature);
}

/* ECDSA's are never the same twice. */
static market_status_t
run_sign(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t signature = MARKET_BUFFER_INIT;
	market_status_t status;

	status = ARMED(
	    market_signer_sign(kit.signer, message, &signature, error));
	if (status != MARKET_OK) {
		torture_expect_buffer(torture, &signature);
		return status;
	}
	fputs(market_status_name(market_key_verify(
		  kit.key, message, market_buffer_slice(&signature))),
	    out);
	market_buffer_clear(&signature);
	return status;
}

static const torture_row_t rows[] = {
	{ "context_new", run_context,
	    TORTURE_PLAIN | TORTURE_INTERNAL | TORTURE_OPENSSL_LEAKS },
	{ "key_from_spki", run_from_spki, 0 },
	{ "key_from_pem", run_from_pem, 0 },
	{ "key_from_pem of a private key", run_from_private, 0 },
	{ "key_pem", run_key_pem, TORTURE_PLAIN },
	{ "key_generate", run_generate, TORTURE_INTERNAL | TORTURE_RANDOM },
	{ "key_verify", run_verify_good, TORTURE_INTERNAL | TORTURE_PLAIN },
	{ "key_verify, another message", run_verify_bad,
	    TORTURE_INTERNAL | TORTURE_PLAIN },
	{ "key_verify, the point at infinity", run_verify_infinity,
	    TORTURE_INTERNAL | TORTURE_PLAIN },
	{ "signer_from_pem", run_signer, 0 },
	{ "signer_from_pem, encrypted", run_encrypted, 0 },
	{ "signer_from_callback", run_callback, TORTURE_INTERNAL },
	{ "signer_sign", run_sign, TORTURE_INTERNAL },
};
#define ROWS ((int)COUNT(rows))

/*
 * The key n - e: with r = s = 1, u1 * G + u2 * Q = e * G - e * G (FIPS 186-5,
 * 6.4.2).
 */
static void
make_infinity(torture_t *torture)
{
	kit_bytes_t der = kit_hex(
	    "3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201"
	    "010420" KIT_P256_SECRET);
	unsigned char digest[32], base64[256];
	BIGNUM *n = NULL, *e;
	char pem[512];

	ck_assert_int_eq(EVP_Digest(message.ptr, message.len, digest, NULL,
			     EVP_sha256(), NULL),
	    1);
	ck_assert_int_ne(BN_hex2bn(&n, KIT_P256_N), 0);
	e = BN_bin2bn(digest, sizeof(digest), NULL);
	ck_assert_int_eq(BN_sub(n, n, e), 1);
	ck_assert_int_eq(BN_bn2binpad(n, der.at + der.len - 32, 32), 32);
	BN_free(n);
	BN_free(e);
	EVP_EncodeBlock(base64, der.at, (int)der.len);
	snprintf(pem, sizeof(pem),
	    "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n",
	    (const char *)base64);
	ck_assert_int_eq(market_signer_from_pem(torture->context,
			     market_slice_of(pem), NULL, &kit.infinity, NULL),
	    MARKET_OK);
}

static void
kit_make(torture_t *torture, market_algorithm_t algorithm)
{
	EVP_PKEY *key = algorithm == MARKET_ALGORITHM_ED25519
	    ? kit_openssl_key("ED25519", NULL)
	    : kit_openssl_key("EC", "P-256");
	market_slice_t pem;
	kit_bytes_t plain = kit_pem(key, KIT_PKCS8);

	make_infinity(torture);
	kit.algorithm = algorithm;
	kit.encrypted = kit_pem(key, KIT_ENCRYPTED);
	EVP_PKEY_free(key);
	pem = kit_slice(&plain);
	ck_assert_int_eq(market_signer_from_pem(
			     torture->context, pem, NULL, &kit.signer, NULL),
	    MARKET_OK);
	kit.key = market_signer_key(kit.signer);
	kit.signature = kit_sign(kit.signer, "message");
	ck_assert_int_eq(market_key_pem(kit.key, &kit.public_pem), MARKET_OK);
	ck_assert_int_eq(
	    market_key_generate(torture->context, algorithm, &kit.pem, NULL),
	    MARKET_OK);
}

START_TEST(keys_tell_memory_when_there_is_none)
{
	torture_t torture;

	torture_init(&torture);
	kit_make(&torture,
	    _i < ROWS ? MARKET_ALGORITHM_ED25519 : MARKET_ALGORITHM_P256);
	object_sweep(&torture, &rows[_i % ROWS], (size_t)_i);
	market_buffer_clear(&kit.pem);
	market_buffer_clear(&kit.public_pem);
	market_buffer_clear(&kit.signature);
	market_signer_free(kit.signer);
	market_signer_free(kit.infinity);
	torture_clear(&torture);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("torture_keys");
	TCase *tcase = tcase_create("keys");

	tcase_set_timeout(tcase, 2400);
	tcase_add_loop_test(
	    tcase, keys_tell_memory_when_there_is_none, 0, 2 * ROWS);
	suite_add_tcase(suite, tcase);
	return torture_main(suite);
}
