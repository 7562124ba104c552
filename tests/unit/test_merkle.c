/* SPDX-License-Identifier: Apache-2.0 */
/* Trees and their proofs, against RFC 6962 word for word (merkle_kit.h). */
#include <stdlib.h>

#include "merkle_kit.h"
#include "openssl_memory.h"

/* ---- hashing ---- */

/* The tree of RFC 6962's reference implementation, which all logs test with. */
START_TEST(tree_is_that_of_others)
{
	static const struct {
		const char *leaf, *root;
	} rows[] = {
		{ "",
		    "6e340b9cffb37a989ca544e6bb780a2c"
		    "78901d3fb33738768511a30617afa01d" },
		{ "00",
		    "fac54203e7cc696cf0dfcb42c92a1d9d"
		    "baf70ad9e621f4bd8d98662f00e3c125" },
		{ "10",
		    "aeb6bcfe274b70a14fb067a5e5578264"
		    "db0fa9b51af5e0ba159158f329e06e77" },
		{ "2021",
		    "d37ee418976dd95753c1c73862b9398f"
		    "a2a2cf9b4ff0fdfe8b30cd95209614b7" },
		{ "3031",
		    "4e3bbb1f7b478dcfe71fb631631519a3"
		    "bca12c9aefca1612bfce4c13a86264d4" },
		{ "40414243",
		    "76e67dadbcdf1e10e1b74ddc608abd2f"
		    "98dfb16fbce75277b5232a127f2087ef" },
		{ "5051525354555657",
		    "ddb89be403809e325750d3d263cd7892"
		    "9c2942b7942a34b77e122c9594a74c8c" },
		{ "606162636465666768696a6b6c6d6e6f",
		    "5dc9da79a70659a9ad559cb701ded9a2"
		    "ab9d823aad2f4960cfe370eff4604328" },
	};
	market__tree_t tree = { .size = 0 };
	merkle_kit_t *kit = malloc(sizeof(*kit));
	market__node_t node;
	market_slice_t piece;
	kit_bytes_t leaf, want;
	size_t i;

	merkle_kit_open(kit);
	for (i = 0; i < MARKET__COUNT(rows); i++) {
		leaf = kit_hex(rows[i].leaf);
		want = kit_hex(rows[i].root);
		piece = kit_slice(&leaf);
		ck_assert_int_eq(
		    market__merkle_leaf(kit->hasher, &piece, 1, &node),
		    MARKET_OK);
		ck_assert_int_eq(
		    market__tree_add(kit->hasher, &tree, &node), MARKET_OK);
		ck_assert_int_eq(
		    market__tree_root(kit->hasher, &tree, &node), MARKET_OK);
		ck_assert_mem_eq(node.hash, want.at, MARKET_DIGEST_LEN);
	}
	merkle_kit_close(kit);
	free(kit);
}
END_TEST

START_TEST(empty_tree_is_the_hash_of_nothing)
{
	kit_bytes_t want = kit_hex("e3b0c44298fc1c149afbf4c8996fb924"
				   "27ae41e4649b934ca495991b7852b855");
	merkle_kit_t *kit = malloc(sizeof(*kit));
	market__node_t root;

	merkle_kit_open(kit);
	ck_assert_int_eq(
	    market__merkle_root(kit->hasher, NULL, 0, &root), MARKET_OK);
	ck_assert_mem_eq(root.hash, want.at, MARKET_DIGEST_LEN);
	merkle_kit_close(kit);
	free(kit);
}
END_TEST

/* Two nodes side by side are no leaf that holds their bytes. */
START_TEST(m4_leaf_and_node_are_hashed_apart)
{
	merkle_kit_t *kit = malloc(sizeof(*kit));
	market__node_t inner, leaf, pieces_leaf;
	market_slice_t both, pieces[8];
	size_t i;

	merkle_kit_open(kit);
	both = market__slice(kit->leaves, (size_t)2 * MARKET_DIGEST_LEN);
	ck_assert_int_eq(market__merkle_inner(kit->hasher, &kit->leaves[0],
			     &kit->leaves[1], &inner),
	    MARKET_OK);
	ck_assert_int_eq(
	    market__merkle_leaf(kit->hasher, &both, 1, &leaf), MARKET_OK);
	ck_assert_mem_ne(inner.hash, leaf.hash, MARKET_DIGEST_LEN);
	/* In pieces it is the same leaf. */
	for (i = 0; i < 4; i++)
		pieces[i] = market__slice(both.ptr + 16 * i, 16);
	ck_assert_int_eq(
	    market__merkle_leaf(kit->hasher, pieces, 4, &pieces_leaf),
	    MARKET_OK);
	merkle_kit_same(&leaf, &pieces_leaf);
	ck_assert_int_eq(market__merkle_leaf(kit->hasher, pieces, 8, &leaf),
	    MARKET_E_INTERNAL);
	merkle_kit_close(kit);
	free(kit);
}
END_TEST

/* Of ours; of OpenSSL's, one piece for each hash. */
START_TEST(hashing_takes_no_memory)
{
	market__tree_t tree = { .size = 0 };
	market_slice_t leaf = market_slice_of("an offer");
	market__hasher_t *hasher = NULL;
	market_context_t *context;
	harness_memory_t memory;
	market__node_t node;
	size_t i;

	harness_memory_init(&memory);
	context = kit_context_with(&memory);
	ck_assert_int_eq(market__hasher_new(context, &hasher), MARKET_OK);
	openssl_memory_calls = 0;
	memory.calls = 0;
	for (i = 0; i < 1024; i++) {
		ck_assert_int_eq(
		    market__merkle_leaf(hasher, &leaf, 1, &node), MARKET_OK);
		ck_assert_int_eq(
		    market__tree_add(hasher, &tree, &node), MARKET_OK);
	}
	ck_assert_int_eq(market__tree_root(hasher, &tree, &node), MARKET_OK);
	ck_assert_uint_eq(memory.calls, 0);
	ck_assert_uint_le(openssl_memory_calls, 1024 + 1023);
	market__hasher_free(hasher);
	market_context_free(context);
}
END_TEST

static market_status_t
use_all(merkle_kit_t *kit, size_t at)
{
	market__tree_t tree = { .size = 7 };
	market__proof_t path = { .n = 0 }, growth = { .n = 0 };
	market__node_t node, root = { { 0 } };
	market_status_t status;

	memcpy(tree.nodes, kit->leaves, sizeof(tree.nodes));
	openssl_memory_calls = 0;
	openssl_memory_fail_at = at;
	status = market__tree_add(kit->hasher, &tree, &kit->leaves[0]);
	ck_assert_uint_eq(tree.size, status == MARKET_OK ? 8 : 7);
	if (status == MARKET_OK)
		status = market__merkle_root(
		    kit->hasher, kit->leaves, 7, &root);
	if (status == MARKET_OK) {
		status = market__merkle_path(
		    kit->hasher, kit->leaves, 7, 4, &path);
		ck_assert_uint_eq(path.n, status == MARKET_OK ? 3 : 0);
	}
	if (status == MARKET_OK)
		status = market__merkle_included(
		    kit->hasher, 4, 7, &kit->leaves[4], &path, &root);
	if (status == MARKET_OK) {
		status = market__merkle_growth(
		    kit->hasher, kit->leaves, 7, 5, &growth);
		ck_assert_uint_eq(growth.n == 0, status != MARKET_OK);
	}
	if (status == MARKET_OK)
		status = market__merkle_root(
		    kit->hasher, kit->leaves, 5, &node);
	if (status == MARKET_OK)
		status = market__merkle_consistent(
		    kit->hasher, 5, 7, &node, &root, &growth);
	openssl_memory_fail_at = SIZE_MAX;
	return status;
}

/* A proof is never believed, nor refused, for want of memory. */
START_TEST(want_of_memory_is_no_answer)
{
	merkle_kit_t *kit = malloc(sizeof(*kit));
	market_status_t status;
	size_t at, failed = 0;

	merkle_kit_open(kit);
	for (at = 0;; at++) {
		status = use_all(kit, at);
		if (openssl_memory_calls <= at)
			break;
		ck_assert_int_eq(status, MARKET_E_MEMORY);
		failed++;
	}
	ck_assert_int_eq(status, MARKET_OK);
	/* As many as there are hashes, where OpenSSL takes memory for each. */
	ck_assert(failed == 0 || failed > 20);
	merkle_kit_close(kit);
	free(kit);
}
END_TEST

START_TEST(hasher_is_whole_or_none)
{
	market_context_t *context;
	market__hasher_t *hasher = NULL;
	harness_memory_t memory;
	size_t live, at;

	harness_memory_init(&memory);
	context = kit_context_with(&memory);
	live = memory.live;
	memory.fail_at = memory.calls;
	ck_assert_int_eq(market__hasher_new(context, &hasher), MARKET_E_MEMORY);
	ck_assert_ptr_null(hasher);
	ck_assert_uint_eq(memory.live, live);
	memory.fail_at = SIZE_MAX;
	/* Nor without OpenSSL's. */
	for (at = 0; at < 2; at++) {
		openssl_memory_calls = 0;
		openssl_memory_fail_at = at;
		ck_assert_int_eq(
		    market__hasher_new(context, &hasher), MARKET_E_MEMORY);
		ck_assert_uint_eq(memory.live, live);
	}
	openssl_memory_fail_at = SIZE_MAX;
	ck_assert_int_eq(market__hasher_new(context, &hasher), MARKET_OK);
	market__hasher_free(hasher);
	market__hasher_free(NULL);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

/* ---- trees ---- */

START_TEST(tree_grows_as_it_is_defined)
{
	market__tree_t tree = { .size = 0 };
	merkle_kit_t *kit = malloc(sizeof(*kit));
	market__node_t root, want;
	size_t n;

	merkle_kit_open(kit);
	for (n = 1; n <= MERKLE_KIT_MAX; n++) {
		ck_assert_int_eq(
		    market__tree_add(kit->hasher, &tree, &kit->leaves[n - 1]),
		    MARKET_OK);
		if (n > 70 && n % 97 != 0 && (n & (n - 1)) != 0)
			continue;
		want = merkle_kit_root(kit, 0, n);
		ck_assert_int_eq(
		    market__tree_root(kit->hasher, &tree, &root), MARKET_OK);
		merkle_kit_same(&root, &want);
		ck_assert_int_eq(
		    market__merkle_root(kit->hasher, kit->leaves, n, &root),
		    MARKET_OK);
		merkle_kit_same(&root, &want);
	}
	merkle_kit_close(kit);
	free(kit);
}
END_TEST

/* The tree over the roots of chunks is the tree, and so are its paths. */
START_TEST(chunks_are_subtrees)
{
	static const size_t sizes[] = { 1, 255, 256, 257, 511, 512, 513, 1000,
		1200 };
	merkle_kit_t *kit = malloc(sizeof(*kit));
	const size_t n = sizes[_i],
		     chunks = (n + MARKET__CHUNK - 1) / MARKET__CHUNK;
	market__node_t roots[8], root, want;
	market__proof_t proof, whole;
	size_t i, at, first, len;

	merkle_kit_open(kit);
	for (i = 0; i < chunks; i++) {
		first = i * MARKET__CHUNK;
		len = n - first < MARKET__CHUNK ? n - first : MARKET__CHUNK;
		ck_assert_int_eq(market__merkle_root(kit->hasher,
				     &kit->leaves[first], len, &roots[i]),
		    MARKET_OK);
	}
	want = merkle_kit_root(kit, 0, n);
	ck_assert_int_eq(
	    market__merkle_root(kit->hasher, roots, chunks, &root), MARKET_OK);
	merkle_kit_same(&root, &want);
	for (at = 0; at < n; at += 31) {
		first = at / MARKET__CHUNK * MARKET__CHUNK;
		len = n - first < MARKET__CHUNK ? n - first : MARKET__CHUNK;
		proof.n = whole.n = 0;
		ck_assert_int_eq(
		    market__merkle_path(kit->hasher, &kit->leaves[first], len,
			at - first, &proof),
		    MARKET_OK);
		ck_assert_int_eq(market__merkle_path(kit->hasher, roots, chunks,
				     at / MARKET__CHUNK, &proof),
		    MARKET_OK);
		ck_assert_int_eq(market__merkle_path(
				     kit->hasher, kit->leaves, n, at, &whole),
		    MARKET_OK);
		ck_assert_uint_eq(proof.n, whole.n);
		ck_assert_mem_eq(
		    proof.nodes, whole.nodes, proof.n * sizeof(proof.nodes[0]));
		ck_assert_int_eq(market__merkle_included(kit->hasher, at, n,
				     &kit->leaves[at], &proof, &root),
		    MARKET_OK);
	}
	/* So is growth, where the first tree ends with a chunk. */
	for (at = 1; at <= n / MARKET__CHUNK; at++) {
		proof.n = whole.n = 0;
		ck_assert_int_eq(market__merkle_growth(
				     kit->hasher, roots, chunks, at, &proof),
		    MARKET_OK);
		ck_assert_int_eq(market__merkle_growth(kit->hasher, kit->leaves,
				     n, at * MARKET__CHUNK, &whole),
		    MARKET_OK);
		ck_assert_uint_eq(proof.n, whole.n);
		ck_assert_mem_eq(
		    proof.nodes, whole.nodes, proof.n * sizeof(proof.nodes[0]));
	}
	merkle_kit_close(kit);
	free(kit);
}
END_TEST

START_TEST(tree_has_an_end)
{
	market__tree_t tree = { .size = INT64_MAX }, before;
	merkle_kit_t *kit = malloc(sizeof(*kit));

	merkle_kit_open(kit);
	before = tree;
	ck_assert_int_eq(market__tree_add(kit->hasher, &tree, &kit->leaves[0]),
	    MARKET_E_LIMIT);
	ck_assert_mem_eq(&tree, &before, sizeof(tree));
	tree.size = UINT64_MAX;
	ck_assert_int_eq(market__tree_add(kit->hasher, &tree, &kit->leaves[0]),
	    MARKET_E_LIMIT);
	tree = before;
	tree.size--;
	ck_assert_int_eq(
	    market__tree_add(kit->hasher, &tree, &kit->leaves[0]), MARKET_OK);
	ck_assert_uint_eq(tree.size, INT64_MAX);
	merkle_kit_close(kit);
	free(kit);
}
END_TEST

int
main(void)
{
	Suite *suite;
	TCase *tcase;

	if (!openssl_memory_count())
		return EXIT_FAILURE;
	suite = suite_create("merkle");
	tcase = tcase_create("merkle");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, tree_is_that_of_others);
	tcase_add_test(tcase, empty_tree_is_the_hash_of_nothing);
	tcase_add_test(tcase, m4_leaf_and_node_are_hashed_apart);
	tcase_add_test(tcase, hashing_takes_no_memory);
	tcase_add_test(tcase, want_of_memory_is_no_answer);
	tcase_add_test(tcase, hasher_is_whole_or_none);
	tcase_add_test(tcase, tree_grows_as_it_is_defined);
	tcase_add_loop_test(tcase, chunks_are_subtrees, 0, 9);
	tcase_add_test(tcase, tree_has_an_end);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
