/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One chain of grants, from the brand to the seller, and how it stands.
 */
#ifndef MARKET_VERIFY_CHAIN_H
#define MARKET_VERIFY_CHAIN_H

#include "verify/internal.h"

/* Links beyond this, twice the limit, are counted and not judged. */
#define MARKET__WALK_MAX 16

/* One candidate: a leaf grant and all above it, the brand's grant first. */
typedef struct market__chain {
	const market__verified_t *links[MARKET__WALK_MAX];
	unsigned n;
	unsigned length; /* more than n where MARKET__WALK_MAX cut it */
	market__findings_t findings;
	int64_t until;
} market__chain_t;

static inline const market__authorization_t *
market__grant(const market__verified_t *verified)
{
	return &market__message(verified)->of.authorization;
}

/* The leaf's chain; of one that is far too long, the part by the leaf. */
void market__chain_walk(market__chain_t *chain, const market__verified_t *leaf);

/*
 * Judges the chain as a whole: its links, each against its parent, the leaf
 * against the cell and the keys that signed. Its findings go to the chain.
 */
void market__chain_judge(
    market__eval_t *e, market__chain_t *chain, bool seller_verified);

#endif
