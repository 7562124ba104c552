/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One side of what is measured beside OpenSSL: an algorithm, its chain
 * (chain.h), offers, and the key that the offers are signed with, for OpenSSL
 * alone.
 */
#ifndef TESTS_BENCH_SIDE_H
#define TESTS_BENCH_SIDE_H

#include <openssl/evp.h>

#include "chain.h"

#define SIDE_OFFERS 64
/* Runs of one line in a row, so that what is warm is measured warm. */
#define SIDE_RUN 16

typedef struct side {
	const char *name;
	market_algorithm_t algorithm;
	market_context_t *context; /* that remembers no signature */
	chain_t chain;
	market_evidence_t *evidence;
	market_buffer_t offers[SIDE_OFFERS], pae[SIDE_OFFERS];
	market_statement_t *parsed[SIDE_OFFERS];
	EVP_PKEY *key;
	size_t next;
} side_t;

/* Ed25519, and P-256. Whatever fails ends the program. */
#define SIDES 2
void sides_make(side_t sides[SIDES]);
void sides_clear(side_t sides[SIDES]);

market_slice_t side_signature(const side_t *side, size_t index);

/* The next offer's signature by OpenSSL alone. */
void side_raw(side_t *side);
/* The next offer in that evidence. */
void side_check(side_t *side, market_evidence_t *evidence);
/* The same in evidence that was seen before. */
void side_warm(side_t *side);

/* Microseconds of a run. */
double side_timed(void (*run)(side_t *side), side_t *side);

void side_tell(const char *name, const char *label, const kit_series_t *took);

#endif
