/* SPDX-License-Identifier: Apache-2.0 */
/*
 * junk [ROUNDS]: how many offers that are sure to be refused market_screen()
 * refuses in the time in which OpenSSL verifies one signature. All lines take
 * turns, round by round.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "chain.h"

/* Runs of one line in a row. */
#define RUN 64

typedef enum junk {
	JUNK_ENCODING,
	JUNK_KEY,
	JUNK_SCOPE,
	JUNK_SIZE,
	JUNKS
} junk_t;

static const char *const labels[JUNKS] = { "bad encoding", "unknown key",
	"out of scope", "oversize" };

typedef struct side {
	const char *name;
	market_algorithm_t algorithm;
	double asked;
	market_context_t *context;
	chain_t chain;
	market_evidence_t *evidence;
	market_buffer_t good, pae, junk[JUNKS];
	market_statement_t *parsed;
	EVP_PKEY *key;
	kit_series_t ratio[JUNKS], took[JUNKS];
} side_t;

/* A field that the schema does not know, behind all others. */
static market_buffer_t
spoil(side_t *side)
{
	market_buffer_t offer = chain_offer(&side->chain, 1);

	offer.data[offer.len - 1] ^= 0x80;
	return offer;
}

static market_buffer_t
oversize(side_t *side)
{
	market_buffer_t offer = chain_offer(&side->chain, 1);
	uint8_t *large = calloc(1, (size_t)64 * 1024 + 1);

	if (large == NULL)
		kit_die("no memory");
	memcpy(large, offer.data, offer.len);
	market_buffer_clear(&offer);
	offer.data = large;
	offer.len = (size_t)64 * 1024 + 1;
	return offer;
}

static void
setup(side_t *side)
{
	market_error_t error = MARKET_ERROR_INIT;
	const unsigned char *spki;
	market_slice_t key;

	kit_must(market_context_new(NULL, &side->context), NULL, "a context");
	chain_make(&side->chain, side->context, side->algorithm);
	side->evidence = chain_gather(&side->chain, side->context);
	side->good = chain_offer(&side->chain, 1);
	side->junk[JUNK_ENCODING] = spoil(side);
	side->junk[JUNK_KEY] = chain_offer_of(
	    &side->chain, 1, "2014215", "stranger");
	side->junk[JUNK_SCOPE] = chain_offer_of(
	    &side->chain, 1, "2014817", "shop.example");
	side->junk[JUNK_SIZE] = oversize(side);
	kit_must(market_statement_parse(side->context,
		     market_buffer_slice(&side->good), MARKET_KINDS_ALL,
		     &side->parsed, &error),
	    &error, "an offer");
	kit_must(market_statement_pae(side->parsed, &side->pae), &error,
	    "what an offer signs");
	key = market_key_spki(
	    market_signer_key(kit_signer(side->chain.kit, "shop.example")));
	spki = key.ptr;
	side->key = d2i_PUBKEY(NULL, &spki, (long)key.len);
	kit_must(market_screen(side->evidence, market_buffer_slice(&side->good),
		     KIT_NOW, &error),
	    &error, "a good offer");
}

static double
run_raw(const side_t *side)
{
	double begin = kit_seconds();
	market_slice_t keyid, signature;
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (market_statement_signature(side->parsed, 0, &keyid, &signature) !=
		MARKET_OK ||
	    EVP_DigestVerifyInit(context, NULL,
		side->algorithm == MARKET_ALGORITHM_ED25519 ? NULL
							    : EVP_sha256(),
		NULL, side->key) != 1 ||
	    EVP_DigestVerify(context, signature.ptr, signature.len,
		side->pae.data, side->pae.len) != 1)
		kit_die("OpenSSL does not verify");
	EVP_MD_CTX_free(context);
	return kit_seconds() - begin;
}

static double
run_junk(side_t *side, junk_t junk)
{
	market_error_t error = MARKET_ERROR_INIT;
	double begin = kit_seconds();
	int i;

	for (i = 0; i < RUN; i++)
		if (market_screen(side->evidence,
			market_buffer_slice(&side->junk[junk]), KIT_NOW,
			&error) == MARKET_OK)
			kit_die("%s is not refused", labels[junk]);
	return (kit_seconds() - begin) / RUN;
}

static void
run(side_t *side, unsigned long rounds)
{
	unsigned long i;
	double raw, took;
	junk_t junk;

	for (i = 0; i < rounds; i++) {
		(void)run_raw(side);
		raw = run_raw(side);
		for (junk = 0; junk < JUNKS; junk++) {
			took = run_junk(side, junk);
			kit_note(&side->took[junk], took * 1e6);
			kit_note(&side->ratio[junk], raw / took);
		}
	}
}

static void
report(const side_t *side)
{
	char label[64];
	junk_t junk;

	for (junk = 0; junk < JUNKS; junk++) {
		printf("%-8s %-13s %8.2f us (%.2f to %.2f)\n", side->name,
		    labels[junk], kit_median(&side->took[junk]),
		    kit_part(&side->took[junk], 0.1),
		    kit_part(&side->took[junk], 0.9));
		snprintf(label, sizeof(label),
		    "%s refused, over one verify of %s", labels[junk],
		    side->name);
		kit_row(label, &side->ratio[junk], "at least", side->asked);
	}
}

static void
clear(side_t *side)
{
	junk_t junk;

	for (junk = 0; junk < JUNK_SIZE; junk++)
		market_buffer_clear(&side->junk[junk]);
	free(side->junk[JUNK_SIZE].data);
	market_buffer_clear(&side->good);
	market_buffer_clear(&side->pae);
	market_statement_free(side->parsed);
	EVP_PKEY_free(side->key);
	market_evidence_free(side->evidence);
	chain_clear(&side->chain);
	market_context_free(side->context);
}

int
main(int argc, char **argv)
{
	static side_t sides[2] = { { .name = "Ed25519",
				       .algorithm = MARKET_ALGORITHM_ED25519,
				       .asked = 50 },
		{ .name = "P-256",
		    .algorithm = MARKET_ALGORITHM_P256,
		    .asked = 30 } };
	unsigned long rounds = argc > 1 ? kit_number(argv[1]) : 301;
	size_t i;

	for (i = 0; i < 2; i++) {
		setup(&sides[i]);
		run(&sides[i], rounds);
		report(&sides[i]);
		clear(&sides[i]);
	}
	return EXIT_SUCCESS;
}
