/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <openssl/x509.h>

#include "side.h"

market_slice_t
side_signature(const side_t *side, size_t index)
{
	market_slice_t keyid, signature = { NULL, 0 };

	if (market_statement_signature(
		side->parsed[index], 0, &keyid, &signature) != MARKET_OK)
		kit_die("an offer without a signature");
	return signature;
}

void
side_raw(side_t *side)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t i = side->next++ % SIDE_OFFERS;
	market_slice_t signature = side_signature(side, i);

	if (context == NULL ||
	    EVP_DigestVerifyInit(context, NULL,
		side->algorithm == MARKET_ALGORITHM_ED25519 ? NULL
							    : EVP_sha256(),
		NULL, side->key) != 1 ||
	    EVP_DigestVerify(context, signature.ptr, signature.len,
		side->pae[i].data, side->pae[i].len) != 1)
		kit_die("OpenSSL does not verify");
	EVP_MD_CTX_free(context);
}

void
side_check(side_t *side, market_evidence_t *evidence)
{
	const market_buffer_t *offer =
	    &side->offers[side->next++ % SIDE_OFFERS];
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;

	kit_must(market_check(evidence, market_buffer_slice(offer), KIT_NOW,
		     &decision, &error),
	    &error, "an offer");
	market_decision_free(decision);
}

void
side_warm(side_t *side)
{
	side_check(side, side->evidence);
}

static void
setup(side_t *side)
{
	market_context_options_t options = { .size = sizeof(options),
		.signature_cache_bytes = 1 };
	market_error_t error = MARKET_ERROR_INIT;
	const unsigned char *spki;
	market_slice_t key;
	size_t i;

	if (market_context_new(&options, &side->context) != MARKET_OK)
		kit_die("no memory, or an OpenSSL without Ed25519");
	chain_make(&side->chain, side->context, side->algorithm);
	side->evidence = chain_gather(&side->chain, side->context);
	for (i = 0; i < SIDE_OFFERS; i++) {
		side->offers[i] = chain_offer(&side->chain, i);
		kit_must(market_statement_parse(side->context,
			     market_buffer_slice(&side->offers[i]),
			     MARKET_KINDS_ALL, &side->parsed[i], &error),
		    &error, "an offer");
		kit_must(market_statement_pae(side->parsed[i], &side->pae[i]),
		    &error, "what an offer signs");
	}
	key = market_key_spki(
	    market_signer_key(kit_signer(side->chain.kit, "shop.example")));
	spki = key.ptr;
	side->key = d2i_PUBKEY(NULL, &spki, (long)key.len);
	if (side->key == NULL)
		kit_die("OpenSSL does not read a key");
}

static void
clear(side_t *side)
{
	size_t i;

	for (i = 0; i < SIDE_OFFERS; i++) {
		market_buffer_clear(&side->offers[i]);
		market_buffer_clear(&side->pae[i]);
		market_statement_free(side->parsed[i]);
	}
	EVP_PKEY_free(side->key);
	market_evidence_free(side->evidence);
	chain_clear(&side->chain);
	market_context_free(side->context);
}

void
sides_make(side_t sides[SIDES])
{
	size_t i;

	sides[0].name = "Ed25519";
	sides[0].algorithm = MARKET_ALGORITHM_ED25519;
	sides[1].name = "P-256";
	sides[1].algorithm = MARKET_ALGORITHM_P256;
	for (i = 0; i < SIDES; i++)
		setup(&sides[i]);
}

void
sides_clear(side_t sides[SIDES])
{
	size_t i;

	for (i = 0; i < SIDES; i++)
		clear(&sides[i]);
}

double
side_timed(void (*run)(side_t *side), side_t *side)
{
	double begin;
	int i;

	run(side);
	begin = kit_seconds();
	for (i = 0; i < SIDE_RUN; i++)
		run(side);
	return (kit_seconds() - begin) * 1e6 / SIDE_RUN;
}

void
side_tell(const char *name, const char *label, const kit_series_t *took)
{
	printf("%-8s %-40s %9.1f us (%.1f to %.1f)\n", name, label,
	    kit_median(took), kit_part(took, 0.1), kit_part(took, 0.9));
}
