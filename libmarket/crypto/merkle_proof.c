/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/merkle.h"

/* ---- made ---- */

/* Where a tree of n > 1 splits: the largest power of two below n. */
static size_t
split(size_t n)
{
	size_t k = 1;

	while (k < n - k)
		k *= 2;
	return k;
}

static market_status_t
append_root(market__hasher_t *hasher, const market__node_t *leaves, size_t n,
    market__proof_t *proof)
{
	market_status_t status;

	if (proof->n == MARKET__PROOF_MAX)
		return MARKET_E_INTERNAL;
	status = market__merkle_root(
	    hasher, leaves, n, &proof->nodes[proof->n]);
	if (status == MARKET_OK)
		proof->n++;
	return status;
}

/*
 * Nodes are found from the root down, and told from the leaf up. What was not
 * found to the end is taken away again.
 */
static market_status_t
turn_round(market__proof_t *proof, size_t before, market_status_t status)
{
	market__node_t *nodes = &proof->nodes[before], node;
	size_t n = proof->n - before, i;

	if (status != MARKET_OK) {
		proof->n = before;
		return status;
	}
	for (i = 0; i < n / 2; i++) {
		node = nodes[i];
		nodes[i] = nodes[n - 1 - i];
		nodes[n - 1 - i] = node;
	}
	return MARKET_OK;
}

market_status_t
market__merkle_path(market__hasher_t *hasher, const market__node_t *leaves,
    size_t n, size_t index, market__proof_t *proof)
{
	market_status_t status = MARKET_OK;
	size_t before = proof->n, k;

	while (n > 1 && status == MARKET_OK) {
		k = split(n);
		if (index < k) {
			status = append_root(hasher, leaves + k, n - k, proof);
			n = k;
		} else {
			status = append_root(hasher, leaves, k, proof);
			leaves += k;
			index -= k;
			n -= k;
		}
	}
	return turn_round(proof, before, status);
}

market_status_t
market__merkle_growth(market__hasher_t *hasher, const market__node_t *leaves,
    size_t n, size_t first, market__proof_t *proof)
{
	market_status_t status = MARKET_OK;
	size_t before = proof->n, k;
	bool whole = true; /* the first tree is all on this way */

	while (first < n && status == MARKET_OK) {
		k = split(n);
		if (first <= k) {
			status = append_root(hasher, leaves + k, n - k, proof);
			n = k;
		} else {
			status = append_root(hasher, leaves, k, proof);
			leaves += k;
			first -= k;
			n -= k;
			whole = false;
		}
	}
	/* Whoever checks has the root of the first tree already. */
	if (!whole && status == MARKET_OK)
		status = append_root(hasher, leaves, n, proof);
	return turn_round(proof, before, status);
}

/* ---- checked ---- */

market_status_t
market__proof_read(
    const market_slice_t *nodes, size_t n, market__proof_t *ret_proof)
{
	market__proof_t proof = { .n = n };
	size_t i;

	if (n > MARKET__PROOF_MAX)
		return MARKET_E_LIMIT;
	for (i = 0; i < n; i++) {
		if (nodes[i].len != MARKET_DIGEST_LEN)
			return MARKET_E_LOG;
		memcpy(proof.nodes[i].hash, nodes[i].ptr, MARKET_DIGEST_LEN);
	}
	*ret_proof = proof;
	return MARKET_OK;
}

static bool
same(const market__node_t *a, const market__node_t *b)
{
	return memcmp(a->hash, b->hash, MARKET_DIGEST_LEN) == 0;
}

/* The way up: the place of a node at its level, and of the last one there. */
typedef struct climb {
	uint64_t at, last;
} climb_t;

/* Is the next sibling on the left? Then up to where the one above has one. */
static bool
climb_left(climb_t *climb)
{
	if ((climb->at & 1) == 0 && climb->at != climb->last)
		return false;
	while ((climb->at & 1) == 0 && climb->at != 0) {
		climb->at >>= 1;
		climb->last >>= 1;
	}
	return true;
}

static void
climb_one(climb_t *climb)
{
	climb->at >>= 1;
	climb->last >>= 1;
}

market_status_t
market__merkle_included(market__hasher_t *hasher, uint64_t index, uint64_t size,
    const market__node_t *leaf, const market__proof_t *proof,
    const market__node_t *root)
{
	climb_t climb = { index, size - 1 };
	market_status_t status = MARKET_OK;
	market__node_t node = *leaf;
	size_t i;

	if (index >= size || size > INT64_MAX)
		return MARKET_E_LOG;
	for (i = 0; i < proof->n && status == MARKET_OK; i++) {
		if (climb.last == 0)
			return MARKET_E_LOG;
		status = climb_left(&climb)
		    ? market__merkle_inner(
			  hasher, &proof->nodes[i], &node, &node)
		    : market__merkle_inner(
			  hasher, &node, &proof->nodes[i], &node);
		climb_one(&climb);
	}
	if (status == MARKET_OK && (climb.last != 0 || !same(&node, root)))
		status = MARKET_E_LOG;
	return status;
}

/* From where both trees have a node in common. */
static market_status_t
climb_both(market__hasher_t *hasher, climb_t *climb,
    const market__node_t *nodes, size_t n, market__node_t *first,
    market__node_t *second)
{
	market_status_t status = MARKET_OK;
	size_t i;

	for (i = 0; i < n && status == MARKET_OK; i++) {
		if (climb->last == 0)
			return MARKET_E_LOG;
		if (climb_left(climb)) {
			status = market__merkle_inner(
			    hasher, &nodes[i], first, first);
			if (status == MARKET_OK)
				status = market__merkle_inner(
				    hasher, &nodes[i], second, second);
		} else {
			status = market__merkle_inner(
			    hasher, second, &nodes[i], second);
		}
		climb_one(climb);
	}
	return status;
}

market_status_t
market__merkle_consistent(market__hasher_t *hasher, uint64_t first,
    uint64_t size, const market__node_t *first_root, const market__node_t *root,
    const market__proof_t *proof)
{
	climb_t climb = { first - 1, size - 1 };
	market__node_t a = *first_root, b = *first_root;
	market_status_t status;
	size_t i = 0;

	if (first == 0 || first > size || size > INT64_MAX)
		return MARKET_E_LOG;
	if (first == size)
		return proof->n == 0 && same(first_root, root) ? MARKET_OK
							       : MARKET_E_LOG;
	while ((climb.at & 1) != 0)
		climb_one(&climb);
	/* A first tree that is complete is its own beginning. */
	if (climb.at != 0) {
		if (proof->n == 0)
			return MARKET_E_LOG;
		a = b = proof->nodes[i++];
	}
	status = climb_both(
	    hasher, &climb, &proof->nodes[i], proof->n - i, &a, &b);
	if (status == MARKET_OK &&
	    (climb.last != 0 || !same(&a, first_root) || !same(&b, root)))
		status = MARKET_E_LOG;
	return status;
}
