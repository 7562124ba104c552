/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decide [ROUNDS]: what a decision costs beside the signatures that it checks.
 * All lines take turns, round by round; told are medians, the middle 80 %, and
 * the ratio to OpenSSL alone.
 */
#include <stdio.h>
#include <openssl/evp.h>

#include "kit.h"

#define OFFERS 64

typedef struct bench {
	kit_t *kit;
	market_evidence_t *evidence;
	market_buffer_t root, policy, others[KIT_EVIDENCE], offers[OFFERS];
	EVP_PKEY *key;
	uint8_t message[512], signature[64];
	size_t next;
} bench_t;

/* ---- lines ---- */

static void
run_raw(bench_t *b)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (context == NULL ||
	    EVP_DigestVerifyInit(context, NULL, NULL, NULL, b->key) != 1 ||
	    EVP_DigestVerify(context, b->signature, sizeof(b->signature),
		b->message, sizeof(b->message)) != 1)
		kit_die("OpenSSL does not verify");
	EVP_MD_CTX_free(context);
}

static market_evidence_t *
gather(bench_t *b)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_evidence_t *evidence = NULL;
	size_t i;

	kit_must(market_evidence_new(kit_context(b->kit),
		     market_buffer_slice(&b->root),
		     market_buffer_slice(&b->policy), &evidence, &error),
	    &error, "the root and the policy");
	for (i = 0; i < KIT_EVIDENCE; i++)
		kit_must(market_evidence_add(evidence,
			     market_buffer_slice(&b->others[i]), NULL, &error),
		    &error, "a statement");
	return evidence;
}

static void
check(bench_t *b, market_evidence_t *evidence)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	const market_buffer_t *offer = &b->offers[b->next++ % OFFERS];

	kit_must(market_check(evidence, market_buffer_slice(offer), KIT_NOW,
		     &decision, &error),
	    &error, "an offer");
	market_decision_free(decision);
}

static void
run_warm(bench_t *b)
{
	check(b, b->evidence);
}

static void
run_cold(bench_t *b)
{
	market_evidence_t *evidence = gather(b);

	check(b, evidence);
	market_evidence_free(evidence);
}

static const struct line {
	const char *label;
	void (*run)(bench_t *b);
	double signatures;
} lines[] = {
	{ "OpenSSL verifies Ed25519", run_raw, 1 },
	{ "warm: an offer, its evidence seen", run_warm, 1 },
	{ "cold: all of it anew", run_cold, KIT_EVIDENCE + 3 },
};
#define LINES (sizeof(lines) / sizeof(lines[0]))

static void
setup(bench_t *b)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t i, len = sizeof(b->signature);

	b->kit = kit_new(4);
	b->root = kit_root(b->kit);
	b->policy = kit_policy(b->kit);
	for (i = 0; i < KIT_EVIDENCE; i++)
		b->others[i] = kit_evidence(b->kit, i);
	for (i = 0; i < OFFERS; i++)
		b->offers[i] = kit_offer(b->kit, i, 1);
	b->evidence = gather(b);
	b->key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	if (context == NULL || b->key == NULL ||
	    EVP_DigestSignInit(context, NULL, NULL, NULL, b->key) != 1 ||
	    EVP_DigestSign(context, b->signature, &len, b->message,
		sizeof(b->message)) != 1)
		kit_die("OpenSSL does not sign");
	EVP_MD_CTX_free(context);
}

int
main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? kit_number(argv[1]) : 501, i;
	static kit_series_t took[LINES];
	static bench_t b;
	double begin;
	size_t k;

	setup(&b);
	for (i = 0; i < rounds; i++)
		for (k = 0; k < LINES; k++) {
			begin = kit_seconds();
			lines[k].run(&b);
			kit_note(&took[k], (kit_seconds() - begin) * 1e6);
		}
	for (k = 0; k < LINES; k++)
		printf("%-36s %9.1f us (%.1f to %.1f)  %.2f of OpenSSL's\n",
		    lines[k].label, kit_median(&took[k]),
		    kit_part(&took[k], 0.1), kit_part(&took[k], 0.9),
		    kit_median(&took[0]) * lines[k].signatures /
			kit_median(&took[k]));
	return 0;
}
