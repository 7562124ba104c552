/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cached [STATEMENTS]: the memory of a context that has seen so many
 * statements, and of the evidence that they make while somebody holds it; and
 * how often OpenSSL allocates for itself in a warm check.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "chain.h"
#include "openssl_memory.h"

/* ---- an allocator that counts bytes ---- */

static atomic_size_t live;

static void *
count_alloc(void *user, size_t size)
{
	size_t *block = malloc(size + 16);

	(void)user;
	if (block == NULL)
		return NULL;
	*block = size;
	live += size;
	return block + 2;
}

static void
count_free(void *user, void *ptr)
{
	size_t *block = (size_t *)ptr - 2;

	(void)user;
	live -= *block;
	free(block);
}

/* ---- the program ---- */

static market_buffer_t
product(chain_t *chain, unsigned long number)
{
	char id[32], body[512];
	kit_header_t header = { MARKET_KIND_PRODUCT, "mi.com", id, 1 };

	snprintf(id, sizeof(id), "model-%lu", number);
	snprintf(body, sizeof(body),
	    "\"brand\": \"xiaomi\", \"model\": \"%s\", \"name\": \"Mi\", "
	    "\"category\": \"phone\", \"radio\": {\"gsmMhz\": [850, 900, "
	    "1800, 1900], \"umtsBands\": [1, 2, 5, 8], \"lteBands\": [2, 4, "
	    "12]}",
	    id);
	return kit_statement(chain->kit, &header, "mi.com", body);
}

/* How often OpenSSL allocates meanwhile. */
static size_t
check(chain_t *chain, market_evidence_t *evidence)
{
	market_buffer_t offer = chain_offer(chain, 1);
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	size_t before = openssl_memory_calls;

	kit_must(market_check(evidence, market_buffer_slice(&offer), KIT_NOW,
		     &decision, &error),
	    &error, "an offer");
	before = openssl_memory_calls - before;
	market_decision_free(decision);
	market_buffer_clear(&offer);
	return before;
}

/* The same signature without us. */
static size_t
verify_alone(chain_t *chain, const EVP_MD *digest)
{
	market_signer_t *signer = kit_signer(chain->kit, "shop.example");
	market_slice_t spki = market_key_spki(market_signer_key(signer)), keyid;
	market_slice_t signature;
	const unsigned char *at = spki.ptr;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)spki.len);
	market_buffer_t pae = MARKET_BUFFER_INIT, offer = chain_offer(chain, 1);
	market_statement_t *parsed = NULL;
	EVP_MD_CTX *context;
	size_t before;

	kit_must(
	    market_statement_parse(kit_context(chain->kit),
		market_buffer_slice(&offer), MARKET_KINDS_ALL, &parsed, NULL),
	    NULL, "an offer");
	kit_must(market_statement_signature(parsed, 0, &keyid, &signature),
	    NULL, "its signature");
	kit_must(market_statement_pae(parsed, &pae), NULL, "what it signs");
	before = openssl_memory_calls;
	context = EVP_MD_CTX_new();
	if (context == NULL ||
	    EVP_DigestVerifyInit(context, NULL, digest, NULL, key) != 1 ||
	    EVP_DigestVerify(
		context, signature.ptr, signature.len, pae.data, pae.len) != 1)
		kit_die("OpenSSL does not verify");
	EVP_MD_CTX_free(context);
	before = openssl_memory_calls - before;
	EVP_PKEY_free(key);
	market_statement_free(parsed);
	market_buffer_clear(&pae);
	market_buffer_clear(&offer);
	return before;
}

static void
tell_theirs(
    market_context_t *context, market_algorithm_t algorithm, const char *name)
{
	const EVP_MD *digest = algorithm == MARKET_ALGORITHM_ED25519
	    ? NULL
	    : EVP_sha256();
	market_evidence_t *evidence;
	chain_t chain = { 0 };
	size_t ours, alone;

	chain_make(&chain, context, algorithm);
	evidence = chain_gather(&chain, context);
	/* The first of each is for what is made once. */
	(void)check(&chain, evidence);
	ours = check(&chain, evidence);
	(void)verify_alone(&chain, digest);
	alone = verify_alone(&chain, digest);
	printf("%s: OpenSSL allocates %zu times in a warm check, and %zu times "
	       "where it verifies without us\n",
	    name, ours, alone);
	market_evidence_free(evidence);
	chain_clear(&chain);
}

int
main(int argc, char **argv)
{
	unsigned long n = argc > 1 ? kit_number(argv[1]) : 10000, i;
	market_context_options_t options = { .size = sizeof(options),
		.allocator = { count_alloc, count_free, NULL } };
	market_error_t error = MARKET_ERROR_INIT;
	market_context_t *context = NULL, *signing = NULL;
	market_evidence_t *evidence;
	static kit_series_t part;
	size_t bytes = 0, held;
	market_buffer_t envelope;
	chain_t chain = { 0 };

	if (!openssl_memory_count())
		kit_die("OpenSSL's memory cannot be counted");
	kit_must(market_context_new(NULL, &signing), NULL, "a context");
	kit_must(market_context_new(&options, &context), NULL, "a context");
	chain_make(&chain, signing, MARKET_ALGORITHM_ED25519);
	evidence = chain_gather(&chain, context);
	for (i = CHAIN_EVIDENCE + 2; i < n; i++) {
		envelope = product(&chain, i);
		bytes += envelope.len;
		kit_must(market_evidence_add(evidence,
			     market_buffer_slice(&envelope), NULL, &error),
		    &error, "a product");
		market_buffer_clear(&envelope);
	}
	(void)check(&chain, evidence);
	held = live;
	market_evidence_free(evidence);
	printf("%lu statements of %zu bytes each: %.2f MiB while they are held "
	       "as evidence, %zu bytes for each\n",
	    n, bytes / n, (double)held / 1048576, held / n);
	printf("of which the context keeps %.2f MiB\n", (double)live / 1048576);
	kit_note(&part, (double)held / (16.0 * 1048576));
	kit_row("memory of 10,000 statements and their context, of 16 MiB",
	    &part, "at most", 1);
	market_context_free(context);
	chain_clear(&chain);
	tell_theirs(signing, MARKET_ALGORITHM_ED25519, "Ed25519");
	tell_theirs(signing, MARKET_ALGORITHM_P256, "P-256");
	market_context_free(signing);
	return live == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
