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

/* A current grant to the seller. */
typedef struct market__leaf {
	const market__verified_t *grant;
	const market__verified_t *top; /* the brand's, that it hangs beneath */
	size_t place;                  /* in the slot */
	size_t turn;                   /* of those beneath `top` */
	bool crowd; /* there are too many beneath its parent: it is one */
} market__leaf_t;

/*
 * Those that are judged, shortest chains first: at most MARKET__CHAINS_MAX, and
 * then as many beneath each of the brand's grants as beneath another.
 * `ret_current` is how many there are where that leaves any out, else 0.
 */
size_t market__leaves(market__eval_t *e, const market__slot_t *slot,
    const market__leaf_t **ret_leaves, size_t *ret_current);

/* The leaf's chain; of one that is far too long, the part by the leaf. */
void market__chain_walk(market__chain_t *chain, const market__verified_t *leaf);

/*
 * Judges the chain as a whole: its links, each against its parent, the leaf
 * against the cell and the keys that signed. Its findings go to the chain.
 */
void market__chain_judge(
    market__eval_t *e, market__chain_t *chain, bool seller_verified);

#endif
