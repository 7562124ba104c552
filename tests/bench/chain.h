/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One decision of ordinary depth: the brand's grant goes through two
 * distributors to the shop (three links), the carrier has certified the phone,
 * and the shop signs offers; ten signatures in all.
 */
#ifndef TESTS_BENCH_CHAIN_H
#define TESTS_BENCH_CHAIN_H

#include "kit.h"

#define CHAIN_EVIDENCE 7 /* beside the root and the policy */
#define CHAIN_SIGNED   (CHAIN_EVIDENCE + 3)

typedef struct chain {
	kit_t *kit;
	market_buffer_t root, policy, evidence[CHAIN_EVIDENCE];
	const char *models; /* that the grants cover, in JSON; NULL: the one */
} chain_t;

/* All keys are of that algorithm. Whatever fails ends the program. */
void chain_make(
    chain_t *chain, market_context_t *context, market_algorithm_t algorithm);
void chain_clear(chain_t *chain);

/* Offer number `number`, signed anew; the caller's. */
market_buffer_t chain_offer(chain_t *chain, unsigned long number);

/* The same of another model, or by the key of another name. */
market_buffer_t chain_offer_of(chain_t *chain, unsigned long number,
    const char *model, const char *signer);

/* Takes all of it in; nothing is verified yet. */
market_evidence_t *chain_gather(
    const chain_t *chain, market_context_t *context);

#endif
