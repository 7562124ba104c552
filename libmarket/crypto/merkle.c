/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/merkle.h"

#include "crypto/openssl.h"

struct market__hasher {
	const market_context_t *context;
	EVP_MD_CTX *ctx;
};

/* ---- hashing ---- */

void
market__hasher_free(market__hasher_t *hasher)
{
	if (hasher == NULL)
		return;
	EVP_MD_CTX_free(hasher->ctx);
	market__free(&hasher->context->allocator, hasher);
}

market_status_t
market__hasher_new(
    const market_context_t *context, market__hasher_t **ret_hasher)
{
	market__hasher_t *hasher = market__alloc(
	    &context->allocator, sizeof(*hasher));
	bool begun;

	if (hasher == NULL)
		return MARKET_E_MEMORY;
	hasher->context = context;
	market__openssl_enter();
	hasher->ctx = EVP_MD_CTX_new();
	/* OpenSSL takes the memory of a digest when it is begun first. */
	begun = hasher->ctx != NULL &&
	    EVP_DigestInit_ex2(hasher->ctx, context->crypto->sha256, NULL) == 1;
	market__openssl_leave();
	if (!begun) {
		market__hasher_free(hasher);
		return MARKET_E_MEMORY;
	}
	*ret_hasher = hasher;
	return MARKET_OK;
}

/* OpenSSL 3.0 takes memory anew whenever a digest is begun, and then none. */
static market_status_t
hash(market__hasher_t *hasher, const market_slice_t *pieces, size_t n_pieces,
    market__node_t *ret)
{
	EVP_MD_CTX *ctx = hasher->ctx;
	market_status_t status = MARKET_E_MEMORY;
	size_t i;

	market__openssl_enter();
	if (EVP_DigestInit_ex2(ctx, NULL, NULL) != 1)
		goto out;
	status = MARKET_E_INTERNAL;
	/* GCOVR_EXCL_START: begun, SHA-256 takes no memory and cannot fail. */
	for (i = 0; i < n_pieces; i++)
		if (pieces[i].len > 0 &&
		    EVP_DigestUpdate(ctx, pieces[i].ptr, pieces[i].len) != 1)
			goto out;
	if (EVP_DigestFinal_ex(ctx, ret->hash, NULL) != 1)
		goto out;
	/* GCOVR_EXCL_STOP */
	status = MARKET_OK;
out:
	market__openssl_leave();
	return status;
}

market_status_t
market__merkle_leaf(market__hasher_t *hasher, const market_slice_t *pieces,
    size_t n_pieces, market__node_t *ret)
{
	static const uint8_t leaf[] = { 0x00 };
	market_slice_t all[8] = { { leaf, sizeof(leaf) } };

	if (n_pieces >= MARKET__COUNT(all))
		return MARKET_E_INTERNAL;
	if (n_pieces > 0)
		memcpy(&all[1], pieces, n_pieces * sizeof(*pieces));
	return hash(hasher, all, n_pieces + 1, ret);
}

market_status_t
market__merkle_inner(market__hasher_t *hasher, const market__node_t *left,
    const market__node_t *right, market__node_t *ret)
{
	uint8_t both[1 + 2 * MARKET_DIGEST_LEN] = { 0x01 };
	market_slice_t piece = market__slice(both, sizeof(both));

	memcpy(both + 1, left->hash, MARKET_DIGEST_LEN);
	memcpy(both + 1 + MARKET_DIGEST_LEN, right->hash, MARKET_DIGEST_LEN);
	return hash(hasher, &piece, 1, ret);
}

/* ---- trees that grow ---- */

static unsigned
count_bits(uint64_t number)
{
	unsigned n = 0;

	for (; number != 0; number &= number - 1)
		n++;
	return n;
}

/* Two complete subtrees of one size become one, as a carry runs. */
market_status_t
market__tree_add(
    market__hasher_t *hasher, market__tree_t *tree, const market__node_t *leaf)
{
	unsigned n = count_bits(tree->size);
	market__node_t node = *leaf;
	market_status_t status;
	uint64_t size;

	if (tree->size >= INT64_MAX)
		return MARKET_E_LIMIT;
	for (size = tree->size; (size & 1) != 0; size >>= 1) {
		status = market__merkle_inner(
		    hasher, &tree->nodes[--n], &node, &node);
		if (status != MARKET_OK)
			return status;
	}
	tree->nodes[n] = node;
	tree->size++;
	return MARKET_OK;
}

market_status_t
market__tree_root(market__hasher_t *hasher, const market__tree_t *tree,
    market__node_t *ret_root)
{
	unsigned n = count_bits(tree->size);
	market_status_t status = MARKET_OK;
	market__node_t root;

	if (n == 0)
		return hash(hasher, NULL, 0, ret_root);
	/* The smallest is on the right. */
	root = tree->nodes[--n];
	while (n > 0 && status == MARKET_OK)
		status = market__merkle_inner(
		    hasher, &tree->nodes[--n], &root, &root);
	if (status == MARKET_OK)
		*ret_root = root;
	return status;
}

market_status_t
market__merkle_root(market__hasher_t *hasher, const market__node_t *leaves,
    size_t n, market__node_t *ret_root)
{
	market__tree_t tree = { .size = 0 };
	market_status_t status = MARKET_OK;
	size_t i;

	for (i = 0; i < n && status == MARKET_OK; i++)
		status = market__tree_add(hasher, &tree, &leaves[i]);
	return status == MARKET_OK ? market__tree_root(hasher, &tree, ret_root)
				   : status;
}
