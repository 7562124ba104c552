/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merkle trees as RFC 6962, section 2, defines them (the same as RFC 9162,
 * section 2.1): of feeds, and of the log. Leaves and inner nodes are hashed
 * apart (0x00 and 0x01 in front), so neither passes for the other.
 *
 * A chunk of 256 leaves is a subtree of its own, and the tree over the roots of
 * all chunks is the tree over all leaves: 256 is a power of two, so chunks
 * never straddle a split.
 */
#ifndef MARKET_CRYPTO_MERKLE_H
#define MARKET_CRYPTO_MERKLE_H

#include "base/base.h"

typedef struct market__node {
	uint8_t hash[MARKET_DIGEST_LEN];
} market__node_t;

/* Leaves of a chunk. */
#define MARKET__CHUNK 256

/* Nodes of a proof, at most: a tree has at most 2^63 - 1 leaves. */
#define MARKET__PROOF_MAX 64

/* ---- hashing ---- */

/*
 * SHA-256 with the digest fetched and the memory made before: hashing takes
 * none of ours. (OpenSSL 3.0 gives back and takes 112 bytes whenever a digest
 * is begun, so it may lack them.) For one thread at a time.
 */
typedef struct market__hasher market__hasher_t;

/* MARKET_E_MEMORY. */
market_status_t market__hasher_new(
    const market_context_t *context, market__hasher_t **ret_hasher);
/* NULL is fine. */
void market__hasher_free(market__hasher_t *hasher);

/* Of a leaf that comes in at most 7 pieces. MARKET_E_MEMORY,
 * MARKET_E_INTERNAL. */
market_status_t market__merkle_leaf(market__hasher_t *hasher,
    const market_slice_t *pieces, size_t n_pieces, market__node_t *ret);
/* MARKET_E_MEMORY, MARKET_E_INTERNAL. `ret` may be one of the two. */
market_status_t market__merkle_inner(market__hasher_t *hasher,
    const market__node_t *left, const market__node_t *right,
    market__node_t *ret);

/* ---- trees that grow ---- */

/*
 * What is kept of a tree to which leaves are added: the roots of the complete
 * subtrees that it is made of, the largest first; one for each bit of its size.
 */
typedef struct market__tree {
	uint64_t size;
	market__node_t nodes[MARKET__PROOF_MAX];
} market__tree_t;

/*
 * Adds a leaf's hash, or a chunk's root to a tree of those. MARKET_E_LIMIT: the
 * tree has 2^63 - 1; MARKET_E_MEMORY; MARKET_E_INTERNAL. The tree is as it was.
 */
market_status_t market__tree_add(
    market__hasher_t *hasher, market__tree_t *tree, const market__node_t *leaf);
/* The root; of an empty tree, SHA-256 of nothing. As above. */
market_status_t market__tree_root(market__hasher_t *hasher,
    const market__tree_t *tree, market__node_t *ret_root);
/* Of `n` hashes at once. */
market_status_t market__merkle_root(market__hasher_t *hasher,
    const market__node_t *leaves, size_t n, market__node_t *ret_root);

/* ---- proofs ---- */

typedef struct market__proof {
	market__node_t nodes[MARKET__PROOF_MAX];
	size_t n;
} market__proof_t;

/*
 * The way from leaf `index` to the root (RFC 6962, 2.1.1), appended to `proof`:
 * first within a chunk, then over the roots of chunks. index < n.
 * MARKET_E_MEMORY; MARKET_E_INTERNAL (also: no room in the proof). A proof that
 * is not made is as it was.
 */
market_status_t market__merkle_path(market__hasher_t *hasher,
    const market__node_t *leaves, size_t n, size_t index,
    market__proof_t *proof);

/*
 * That the tree of `n` began as the tree of its first `first` (RFC 6962,
 * 2.1.2). 0 < first <= n. Over the roots of chunks it is the same proof where
 * `first` ends with a chunk; it is not put together as a path is, since what is
 * left out depends on the whole first tree. As above.
 */
market_status_t market__merkle_growth(market__hasher_t *hasher,
    const market__node_t *leaves, size_t n, size_t first,
    market__proof_t *proof);

/*
 * Proofs as somebody else wrote them. Each part must be a node of 32 bytes.
 * MARKET_E_LIMIT: more than MARKET__PROOF_MAX. MARKET_E_LOG: one is not.
 */
market_status_t market__proof_read(
    const market_slice_t *nodes, size_t n, market__proof_t *ret_proof);

/*
 * Is that the leaf number `index` of the tree of that size and root? (RFC 9162,
 * 2.1.3.2.) MARKET_OK: it is. MARKET_E_LOG: that is not shown.
 * MARKET_E_MEMORY, MARKET_E_INTERNAL.
 */
market_status_t market__merkle_included(market__hasher_t *hasher,
    uint64_t index, uint64_t size, const market__node_t *leaf,
    const market__proof_t *proof, const market__node_t *root);

/*
 * Did the tree of size `size` begin as the one of size `first`? (RFC 9162,
 * 2.1.4.2.) An empty tree shows nothing, so of that no answer is yes.
 * MARKET_OK, MARKET_E_LOG, MARKET_E_MEMORY, MARKET_E_INTERNAL.
 */
market_status_t market__merkle_consistent(market__hasher_t *hasher,
    uint64_t first, uint64_t size, const market__node_t *first_root,
    const market__node_t *root, const market__proof_t *proof);

#endif
