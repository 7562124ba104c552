/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys and signatures. The first line tells what follows: "pem", "der" (a
 * SubjectPublicKeyInfo) or "sig" (a signature, tried on a fixed key of each
 * algorithm).
 */
#include <string.h>

#include "fuzz.h"

const unsigned fuzz_mutants = 200;

/* RFC 8032, 7.1, test 1; RFC 6979, A.2.5. */
static const char ed25519_pem[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
    "-----END PUBLIC KEY-----\n";
static const char p256_pem[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7\n"
    "Yfps5mliLmDyn7Z5A/4QCLi8maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==\n"
    "-----END PUBLIC KEY-----\n";

static void
use(market_key_t *key)
{
	static const uint8_t nothing[64];
	market_slice_t signature = { nothing, sizeof(nothing) };
	market_buffer_t pem = MARKET_BUFFER_INIT;
	market_key_t *again = NULL;

	FUZZ_ASSERT(market_key_id(key).len == MARKET_DIGEST_LEN);
	FUZZ_ASSERT(market_key_verify(key, market_slice_of("x"), signature) !=
	    MARKET_OK);
	/* What is written can be read, and is the same key. */
	FUZZ_ASSERT(market_key_pem(key, &pem) == MARKET_OK);
	FUZZ_ASSERT(market_key_from_pem(fuzz_context(),
			market_buffer_slice(&pem), &again, NULL) == MARKET_OK);
	FUZZ_ASSERT(
	    market__slice_equal(market_key_spki(key), market_key_spki(again)));
	market_key_free(again);
	market_buffer_clear(&pem);
}

/* What a private key signs, its public half verifies; and nothing else. */
static void
sign(const market_signer_t *signer, const market_key_t *key)
{
	market_buffer_t signature = MARKET_BUFFER_INIT;
	market_slice_t bytes;

	FUZZ_ASSERT(market__slice_equal(
	    market_key_spki(market_signer_key(signer)), market_key_spki(key)));
	FUZZ_ASSERT(market_signer_sign(signer, market_slice_of("x"), &signature,
			NULL) == MARKET_OK);
	bytes = market_buffer_slice(&signature);
	FUZZ_ASSERT(
	    market_key_verify(key, market_slice_of("x"), bytes) == MARKET_OK);
	FUZZ_ASSERT(market_key_verify(key, market_slice_of("y"), bytes) ==
	    MARKET_E_SIGNATURE);
	market_buffer_clear(&signature);
}

static market_status_t
load(market_slice_t text, bool pem, market_key_t **ret_key)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	if (pem)
		status = market_key_from_pem(
		    fuzz_context(), text, ret_key, &error);
	else
		status = market_key_from_spki(
		    fuzz_context(), text, ret_key, &error);
	FUZZ_ASSERT((status == MARKET_OK) == (*ret_key != NULL));
	if (status != MARKET_OK)
		fuzz_check_error(status, &error);
	return status;
}

static void
load_starved(const fuzz_input_t *input, bool pem, market_status_t want)
{
	market_key_t *key = NULL;
	market_status_t got;

	fuzz_fail(input);
	if (pem)
		got = market_key_from_pem(
		    fuzz_context(), input->rest, &key, NULL);
	else
		got = market_key_from_spki(
		    fuzz_context(), input->rest, &key, NULL);
	fuzz_check_starved(got, want);
	market_key_free(key);
}

static void
try_pem(const fuzz_input_t *input)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_signer_t *signer = NULL, *starved = NULL;
	market_key_t *key = NULL;
	market_status_t status, want;

	status = load(input->rest, true, &key);
	want = market_signer_from_pem(
	    fuzz_context(), input->rest, NULL, &signer, &error);
	if (want != MARKET_OK)
		fuzz_check_error(want, &error);
	if (status == MARKET_OK)
		use(key);
	/* A private key has its public half. */
	FUZZ_ASSERT(want != MARKET_OK || status == MARKET_OK);
	if (want == MARKET_OK)
		sign(signer, key);
	fuzz_fail(input);
	fuzz_check_starved(market_signer_from_pem(fuzz_context(), input->rest,
			       NULL, &starved, NULL),
	    want);
	market_signer_free(starved);
	market_signer_free(signer);
	signer = NULL;
	if (market_signer_from_pem(fuzz_context(), input->rest, "secret",
		&signer, NULL) == MARKET_OK)
		market_signer_free(signer);
	market_key_free(key);
	load_starved(input, true, status);
}

static void
try_der(const fuzz_input_t *input)
{
	market_key_t *key = NULL;
	market_status_t status;

	status = load(input->rest, false, &key);
	if (status == MARKET_OK) {
		/* Only the canonical form is taken. */
		FUZZ_ASSERT(
		    market__slice_equal(market_key_spki(key), input->rest));
		use(key);
	}
	market_key_free(key);
	load_starved(input, false, status);
}

static void
try_signature(const fuzz_input_t *input, const char *pem)
{
	market_key_t *key = NULL;
	market_status_t status;

	FUZZ_ASSERT(load(market_slice_of(pem), true, &key) == MARKET_OK);
	status = market_key_verify(key, market_slice_of("sample"), input->rest);
	FUZZ_ASSERT(status == MARKET_OK || status == MARKET_E_SIGNATURE);
	FUZZ_ASSERT(market_key_verify(key, market_slice_of("Sample"),
			input->rest) == MARKET_E_SIGNATURE);
	fuzz_fail(input);
	fuzz_check_starved(
	    market_key_verify(key, market_slice_of("sample"), input->rest),
	    status);
	market_key_free(key);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_input_t input = fuzz_input(data, size);
	market_slice_t what = fuzz_line(&input);
	size_t live;

	(void)fuzz_context();
	live = fuzz_live();
	if (market__slice_is(what, "pem")) {
		try_pem(&input);
	} else if (market__slice_is(what, "der")) {
		try_der(&input);
	} else if (market__slice_is(what, "sig")) {
		try_signature(&input, ed25519_pem);
		try_signature(&input, p256_pem);
	}
	FUZZ_ASSERT(fuzz_live() == live);
	return 0;
}
