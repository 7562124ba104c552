/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/openssl.h"

struct market_signer {
	const market_context_t *context;
	market_key_t *key;
	EVP_MD_CTX *sign;         /* a private key in memory, or ... */
	market_sign_fn *callback; /* ... the caller's */
	void *user;
};

static market_status_t
fill(market_context_t *context, const market__private_t *private_key,
    market_signer_t *signer, market_error_t *reterr)
{
	uint8_t spki[MARKET__SPKI_MAX];
	market_status_t rv;
	size_t len;

	len = market__key_spki(
	    private_key->algorithm, private_key->point, spki);
	rv = market_key_from_spki(
	    context, market__slice(spki, len), &signer->key, reterr);
	if (rv != MARKET_OK)
		return rv;
	rv = market__openssl_signer(context->crypto, private_key->algorithm,
	    private_key->secret, private_key->point, &signer->sign);
	if (rv != MARKET_OK)
		return market__error(reterr, rv, NULL, -1, "out of memory");
	return MARKET_OK;
}

market_status_t
market_signer_from_pem(market_context_t *context, market_slice_t pem,
    const char *passphrase, market_signer_t **ret_signer,
    market_error_t *reterr)
{
	market_buffer_t der = MARKET_BUFFER_INIT;
	market__private_t private_key;
	market_signer_t *signer = NULL;
	market__pem_kind_t kind;
	market_status_t rv;

	if (context == NULL || ret_signer == NULL || !market__slice_valid(pem))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "context, pem and ret_signer must not be NULL");
	rv = market__pem_read(&context->allocator, pem, &kind, &der, reterr);
	if (rv != MARKET_OK)
		return rv;
	memset(&private_key, 0, sizeof(private_key));
	rv = market__private_read(context, kind, market_buffer_slice(&der),
	    passphrase, &private_key, reterr);
	market_buffer_clear(&der);
	if (rv != MARKET_OK)
		goto out;
	signer = market__alloc(&context->allocator, sizeof(*signer));
	if (signer == NULL) {
		rv = market__error(
		    reterr, MARKET_E_MEMORY, NULL, -1, "out of memory");
		goto out;
	}
	signer->context = context;
	rv = fill(context, &private_key, signer, reterr);
	if (rv != MARKET_OK)
		goto out;
	*ret_signer = signer;
	signer = NULL;
out:
	market__wipe(&private_key, sizeof(private_key));
	market_signer_free(signer);
	return rv;
}

market_status_t
market_signer_from_callback(market_context_t *context, market_key_t *key,
    market_sign_fn *sign, void *user, market_signer_t **ret_signer)
{
	market_signer_t *signer;

	if (context == NULL || key == NULL || sign == NULL ||
	    ret_signer == NULL)
		return MARKET_E_ARGUMENT;
	signer = market__alloc(&context->allocator, sizeof(*signer));
	if (signer == NULL)
		return MARKET_E_MEMORY;
	signer->context = context;
	signer->key = market_key_ref(key);
	signer->callback = sign;
	signer->user = user;
	*ret_signer = signer;
	return MARKET_OK;
}

market_key_t *
market_signer_key(const market_signer_t *signer)
{
	return signer->key;
}

/* A signature that does not verify would be found only by those it is for. */
static market_status_t
ask(const market_signer_t *signer, market_slice_t message, uint8_t *signature,
    size_t *ret_len, market_error_t *reterr)
{
	size_t len = MARKET__SIGNATURE_MAX;
	market_status_t rv;

	rv = signer->callback(signer->user, message, signature, &len);
	if (rv != MARKET_OK)
		return market__error(reterr, MARKET_E_CALLBACK, NULL, -1,
		    "the signing callback failed: %s", market_status_text(rv));
	if (len > MARKET__SIGNATURE_MAX)
		return market__error(reterr, MARKET_E_CALLBACK, NULL, -1,
		    "the signing callback says that it wrote %zu bytes; there "
		    "is room for %d",
		    len, MARKET__SIGNATURE_MAX);
	rv = market_key_verify(
	    signer->key, message, market__slice(signature, len));
	if (rv == MARKET_E_SIGNATURE)
		return market__error(reterr, MARKET_E_CALLBACK, NULL, -1,
		    "the signing callback's signature does not verify under "
		    "the signer's public key; is it the right slot, and the "
		    "DER form for P-256?");
	if (rv != MARKET_OK)
		return market__error(reterr, rv, NULL, -1,
		    "the signature could not be checked: %s",
		    market_status_text(rv));
	*ret_len = len;
	return MARKET_OK;
}

market_status_t
market_signer_sign(const market_signer_t *signer, market_slice_t message,
    market_buffer_t *ret_signature, market_error_t *reterr)
{
	uint8_t signature[MARKET__SIGNATURE_MAX] = { 0 }, *data;
	market_status_t rv;
	size_t len = 0;

	if (signer == NULL || ret_signature == NULL ||
	    !market__slice_valid(message))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "signer, message and ret_signature must not be NULL");
	if (signer->callback != NULL) {
		rv = ask(signer, message, signature, &len, reterr);
	} else {
		rv = market__openssl_sign(
		    signer->sign, message, signature, &len);
		if (rv != MARKET_OK)
			(void)market__error(reterr, rv, NULL, -1,
			    "OpenSSL could not sign: %s",
			    market_status_text(rv));
	}
	if (rv != MARKET_OK)
		return rv;
	data = market__alloc(&signer->context->allocator, len + 1);
	if (data == NULL)
		return market__error(
		    reterr, MARKET_E_MEMORY, NULL, -1, "out of memory");
	memcpy(data, signature, len);
	ret_signature->data = data;
	ret_signature->len = len;
	ret_signature->allocator = &signer->context->allocator;
	return MARKET_OK;
}

/* OpenSSL wipes the secret when its last reference goes. */
void
market_signer_free(market_signer_t *signer)
{
	const market_context_t *context;

	if (signer == NULL)
		return;
	context = signer->context;
	EVP_MD_CTX_free(signer->sign);
	market_key_free(signer->key);
	market__wipe(signer, sizeof(*signer));
	market__free(&context->allocator, signer);
}
