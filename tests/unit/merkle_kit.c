/* SPDX-License-Identifier: Apache-2.0 */
#include "merkle_kit.h"

/* By OpenSSL alone. */
static market__node_t
digest(uint8_t prefix, const void *bytes, size_t len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	market__node_t node;

	ck_assert_int_eq(EVP_DigestInit_ex(context, EVP_sha256(), NULL), 1);
	ck_assert_int_eq(EVP_DigestUpdate(context, &prefix, 1), 1);
	ck_assert_int_eq(EVP_DigestUpdate(context, bytes, len), 1);
	ck_assert_int_eq(EVP_DigestFinal_ex(context, node.hash, NULL), 1);
	EVP_MD_CTX_free(context);
	return node;
}

void
merkle_kit_open(merkle_kit_t *kit)
{
	uint64_t i;

	kit->context = kit_context();
	ck_assert_int_eq(
	    market__hasher_new(kit->context, &kit->hasher), MARKET_OK);
	for (i = 0; i < MERKLE_KIT_MAX; i++) {
		kit->leaves[i] = digest(0, &i, sizeof(i));
	}
}

void
merkle_kit_close(merkle_kit_t *kit)
{
	market__hasher_free(kit->hasher);
	market_context_free(kit->context);
}

/* The largest power of two below n. */
static size_t
split(size_t n)
{
	size_t k;

	for (k = 1; 2 * k < n; k *= 2)
		;
	return k;
}

market__node_t
merkle_kit_root(const merkle_kit_t *kit, size_t first, size_t end)
{
	market__node_t both[2];

	if (end - first == 1)
		return kit->leaves[first];
	both[0] = merkle_kit_root(kit, first, first + split(end - first));
	both[1] = merkle_kit_root(kit, first + split(end - first), end);
	return digest(1, both, sizeof(both));
}

static void
path(const merkle_kit_t *kit, size_t index, size_t first, size_t end,
    market__proof_t *proof)
{
	size_t middle = first + split(end - first);

	if (end - first == 1)
		return;
	path(kit, index, index < middle ? first : middle,
	    index < middle ? middle : end, proof);
	proof->nodes[proof->n++] = index < middle
	    ? merkle_kit_root(kit, middle, end)
	    : merkle_kit_root(kit, first, middle);
}

market__proof_t
merkle_kit_path(const merkle_kit_t *kit, size_t index, size_t n)
{
	market__proof_t proof = { .n = 0 };

	path(kit, index, 0, n, &proof);
	return proof;
}

/* SUBPROOF(m, D[first:end], whole) */
static void
subproof(const merkle_kit_t *kit, size_t m, size_t first, size_t end,
    bool whole, market__proof_t *proof)
{
	size_t middle = first + split(end - first);

	if (m == end) {
		if (!whole)
			proof->nodes[proof->n++] = merkle_kit_root(
			    kit, first, end);
		return;
	}
	if (m <= middle) {
		subproof(kit, m, first, middle, whole, proof);
		proof->nodes[proof->n++] = merkle_kit_root(kit, middle, end);
		return;
	}
	subproof(kit, m, middle, end, false, proof);
	proof->nodes[proof->n++] = merkle_kit_root(kit, first, middle);
}

market__proof_t
merkle_kit_growth(const merkle_kit_t *kit, size_t m, size_t n)
{
	market__proof_t proof = { .n = 0 };

	subproof(kit, m, 0, n, true, &proof);
	return proof;
}

void
merkle_kit_same(const market__node_t *a, const market__node_t *b)
{
	ck_assert_mem_eq(a->hash, b->hash, MARKET_DIGEST_LEN);
}
