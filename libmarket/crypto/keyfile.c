/* SPDX-License-Identifier: Apache-2.0 */
/* Keys from PEM files, and new ones. */
#include "crypto/openssl.h"

/* The public half of a private key's block. */
static market_status_t
public_half(market_context_t *context, market__pem_kind_t kind,
    market_slice_t der, market_key_t **ret_key, market_error_t *reterr)
{
	uint8_t spki[MARKET__SPKI_MAX];
	market__private_t private_key;
	market_status_t rv;
	size_t len;

	if (kind == MARKET__PEM_PRIVATE_ENCRYPTED)
		return market__error(reterr, MARKET_E_KEY, NULL, -1,
		    "the private key is encrypted; give its public key: "
		    "openssl pkey -pubout");
	rv = market__private_read(
	    context, kind, der, NULL, &private_key, reterr);
	if (rv != MARKET_OK)
		return rv;
	len = market__key_spki(private_key.algorithm, private_key.point, spki);
	market__wipe(&private_key, sizeof(private_key));
	return market_key_from_spki(
	    context, market__slice(spki, len), ret_key, reterr);
}

market_status_t
market_key_from_pem(market_context_t *context, market_slice_t pem,
    market_key_t **ret_key, market_error_t *reterr)
{
	market_buffer_t der = MARKET_BUFFER_INIT;
	market__pem_kind_t kind;
	market_status_t rv;

	if (context == NULL || ret_key == NULL || !market__slice_valid(pem))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "context, pem and ret_key must not be NULL");
	rv = market__pem_read(&context->allocator, pem, &kind, &der, reterr);
	if (rv != MARKET_OK)
		return rv;
	if (kind == MARKET__PEM_PUBLIC)
		rv = market_key_from_spki(
		    context, market_buffer_slice(&der), ret_key, reterr);
	else
		rv = public_half(
		    context, kind, market_buffer_slice(&der), ret_key, reterr);
	market_buffer_clear(&der);
	return rv;
}

/* A P-256 secret is drawn until it is in range (FIPS 186-5, A.2.2). */
#define DRAWS 64

static market_status_t
draw(const market_context_t *context, market__private_t *private_key)
{
	market_status_t rv;
	int i;

	for (i = 0; i < DRAWS; i++) {
		rv = market__openssl_random(
		    context->crypto, private_key->secret, MARKET__SECRET_LEN);
		/* The generator fails where the system has no entropy. */
		if (rv != MARKET_OK)
			return rv; /* GCOVR_EXCL_LINE */
		rv = market__openssl_point(context->crypto,
		    private_key->algorithm, private_key->secret,
		    private_key->point);
		if (rv != MARKET_E_KEY)
			return rv;
	}
	return MARKET_E_INTERNAL;
}

market_status_t
market_key_generate(market_context_t *context, market_algorithm_t algorithm,
    market_buffer_t *ret_pem, market_error_t *reterr)
{
	market__private_t private_key;
	market_status_t rv;

	if (context == NULL || ret_pem == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "context and ret_pem must not be NULL");
	if (algorithm != MARKET_ALGORITHM_ED25519 &&
	    algorithm != MARKET_ALGORITHM_P256)
		return market__error(reterr, MARKET_E_ALGORITHM, NULL, -1,
		    "algorithm %d is neither MARKET_ALGORITHM_ED25519 nor "
		    "MARKET_ALGORITHM_P256",
		    (int)algorithm);
	memset(&private_key, 0, sizeof(private_key));
	private_key.algorithm = algorithm;
	rv = draw(context, &private_key);
	if (rv == MARKET_OK)
		rv = market__private_write(context, &private_key, ret_pem);
	market__wipe(&private_key, sizeof(private_key));
	if (rv != MARKET_OK)
		return market__error(reterr, rv, NULL, -1,
		    "no key could be made: %s", market_status_text(rv));
	return MARKET_OK;
}
