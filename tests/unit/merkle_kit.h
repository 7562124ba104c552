/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merkle trees once more, as RFC 6962, section 2.1, writes them: recursive,
 * over all leaves. What the library has is held against them.
 */
#ifndef TESTS_UNIT_MERKLE_KIT_H
#define TESTS_UNIT_MERKLE_KIT_H

#include "crypto/merkle.h"
#include "crypto_kit.h"

#define MERKLE_KIT_MAX 1200

typedef struct merkle_kit {
	market_context_t *context;
	market__hasher_t *hasher;
	market__node_t leaves[MERKLE_KIT_MAX];
} merkle_kit_t;

/* Leaf i is the number i in eight bytes, as they lie in memory. */
void merkle_kit_open(merkle_kit_t *kit);
void merkle_kit_close(merkle_kit_t *kit);

/* MTH(D[first:end]) */
market__node_t merkle_kit_root(
    const merkle_kit_t *kit, size_t first, size_t end);
/* PATH(index, D[n]) and PROOF(m, D[n]) */
market__proof_t merkle_kit_path(
    const merkle_kit_t *kit, size_t index, size_t n);
market__proof_t merkle_kit_growth(const merkle_kit_t *kit, size_t m, size_t n);

void merkle_kit_same(const market__node_t *a, const market__node_t *b);

#endif
