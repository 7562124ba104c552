/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proofs: those of RFC 6962, word for word (merkle_kit.h), are made and
 * believed, and whatever is turned in one is found.
 */
#include <stdlib.h>

#include "merkle_kit.h"

#define SIZES 40

static void
same_proof(const market__proof_t *a, const market__proof_t *b)
{
	ck_assert_uint_eq(a->n, b->n);
	ck_assert_mem_eq(a->nodes, b->nodes, a->n * sizeof(a->nodes[0]));
}

/* ---- what is turned is found ---- */

typedef struct claim {
	const merkle_kit_t *kit;
	bool grows;
	uint64_t at; /* index, or the first size */
	uint64_t size;
	market__node_t start; /* leaf, or the first root */
	market__node_t root;
	market__proof_t proof;
} claim_t;

static market_status_t
judge(const claim_t *c)
{
	return c->grows ? market__merkle_consistent(c->kit->hasher, c->at,
			      c->size, &c->start, &c->root, &c->proof)
			: market__merkle_included(c->kit->hasher, c->at,
			      c->size, &c->start, &c->proof, &c->root);
}

static void
must_fail(const claim_t *c, const char *what)
{
	ck_assert_msg(judge(c) == MARKET_E_LOG, "%s: %llu of %llu, %s",
	    c->grows ? "growth" : "inclusion", (unsigned long long)c->at,
	    (unsigned long long)c->size, what);
}

static void
turn_nodes(const claim_t *good)
{
	claim_t c = *good;
	size_t i;

	for (i = 0; i < good->proof.n; i++) {
		c = *good;
		c.proof.nodes[i].hash[(i * 7) % MARKET_DIGEST_LEN] ^=
		    (uint8_t)(1u << i % 8);
		must_fail(&c, "a bit of a node");
		if (i == 0)
			continue;
		c = *good;
		c.proof.nodes[i] = good->proof.nodes[i - 1];
		c.proof.nodes[i - 1] = good->proof.nodes[i];
		must_fail(&c, "two nodes swapped");
	}
}

static void
turn_all(const claim_t *good)
{
	claim_t c = *good;
	size_t i;

	ck_assert_int_eq(judge(good), MARKET_OK);
	turn_nodes(good);
	c.start.hash[31] ^= 1;
	must_fail(&c, "a bit of the leaf, or of the first root");
	c = *good;
	c.root.hash[0] ^= 0x80;
	must_fail(&c, "a bit of the root");
	c = *good;
	c.proof.nodes[c.proof.n++] = c.root;
	must_fail(&c, "a node too many");
	if (good->proof.n > 0) {
		c = *good;
		c.proof.n--;
		must_fail(&c, "the last node missing");
		c = *good;
		c.proof.n--;
		for (i = 0; i < c.proof.n; i++)
			c.proof.nodes[i] = good->proof.nodes[i + 1];
		must_fail(&c, "the first node missing");
	}
	c = *good;
	c.size = good->at - (good->grows ? 1 : 0);
	must_fail(&c, "a size that does not hold it");
}

/* M1: and whatever is turned in it is found. */
START_TEST(m1_path_is_as_it_is_defined_and_believed)
{
	merkle_kit_t *kit = malloc(sizeof(*kit));
	claim_t c = { .kit = kit };
	market__proof_t want;
	uint64_t other;

	merkle_kit_open(kit);
	for (c.size = 1; c.size <= SIZES; c.size++) {
		c.root = merkle_kit_root(kit, 0, (size_t)c.size);
		for (c.at = 0; c.at < c.size; c.at++) {
			c.proof.n = 0;
			ck_assert_int_eq(
			    market__merkle_path(kit->hasher, kit->leaves,
				(size_t)c.size, (size_t)c.at, &c.proof),
			    MARKET_OK);
			want = merkle_kit_path(
			    kit, (size_t)c.at, (size_t)c.size);
			same_proof(&c.proof, &want);
			c.start = kit->leaves[c.at];
			turn_all(&c);
			/* Nor is it any other leaf of that tree. */
			other = c.at;
			for (c.at = 0; c.at < c.size; c.at++)
				if (c.at != other)
					must_fail(&c, "another index");
			c.at = other;
		}
	}
	merkle_kit_close(kit);
	free(kit);
}
END_TEST

START_TEST(m1_growth_is_as_it_is_defined_and_believed)
{
	merkle_kit_t *kit = malloc(sizeof(*kit));
	claim_t c = { .kit = kit, .grows = true };
	market__proof_t want;
	uint64_t other;

	merkle_kit_open(kit);
	for (c.size = 1; c.size <= SIZES; c.size++) {
		c.root = merkle_kit_root(kit, 0, (size_t)c.size);
		for (c.at = 1; c.at <= c.size; c.at++) {
			c.proof.n = 0;
			ck_assert_int_eq(
			    market__merkle_growth(kit->hasher, kit->leaves,
				(size_t)c.size, (size_t)c.at, &c.proof),
			    MARKET_OK);
			want = merkle_kit_growth(
			    kit, (size_t)c.at, (size_t)c.size);
			same_proof(&c.proof, &want);
			c.start = merkle_kit_root(kit, 0, (size_t)c.at);
			turn_all(&c);
			other = c.at;
			for (c.at = 1; c.at < c.size; c.at++)
				if (c.at != other)
					must_fail(&c, "another first size");
			c.at = other;
		}
	}
	merkle_kit_close(kit);
	free(kit);
}
END_TEST

/* ---- what is no proof ---- */

START_TEST(m2_empty_trees_and_equal_ones_show_nothing_else)
{
	merkle_kit_t *kit = malloc(sizeof(*kit));
	claim_t c = { .kit = kit, .grows = true };

	merkle_kit_open(kit);
	ck_assert_int_eq(
	    market__merkle_root(kit->hasher, NULL, 0, &c.start), MARKET_OK);
	c.root = c.start;
	must_fail(&c, "M2 nothing grew from nothing");
	c.size = 5;
	c.root = merkle_kit_root(kit, 0, 5);
	must_fail(&c, "M2 something grew from nothing");
	c.at = 5;
	c.start = c.root;
	ck_assert_int_eq(judge(&c), MARKET_OK);
	c.start = kit->leaves[0];
	must_fail(&c, "M2 equal sizes, unequal roots");
	c.at = 6;
	must_fail(&c, "M2 it became smaller");
	merkle_kit_close(kit);
	free(kit);
}
END_TEST

START_TEST(m3_proof_of_wrong_form_is_refused)
{
	static const uint8_t bytes[MARKET_DIGEST_LEN + 1];
	static const size_t lengths[] = { 0, 31, 33 };
	market_slice_t nodes[MARKET__PROOF_MAX + 1];
	merkle_kit_t *kit = malloc(sizeof(*kit));
	claim_t c = { .kit = kit };
	market__proof_t proof = { .n = 77 };
	size_t i;

	merkle_kit_open(kit);
	for (i = 0; i < MARKET__COUNT(nodes); i++)
		nodes[i] = market__slice(bytes, MARKET_DIGEST_LEN);
	ck_assert_int_eq(
	    market__proof_read(nodes, MARKET__COUNT(nodes), &proof),
	    MARKET_E_LIMIT);
	for (i = 0; i < MARKET__COUNT(lengths); i++) {
		nodes[1].len = lengths[i];
		ck_assert_int_eq(
		    market__proof_read(nodes, 2, &proof), MARKET_E_LOG);
	}
	ck_assert_uint_eq(proof.n, 77);
	nodes[1].len = MARKET_DIGEST_LEN;
	ck_assert_int_eq(
	    market__proof_read(nodes, MARKET__PROOF_MAX, &proof), MARKET_OK);
	ck_assert_uint_eq(proof.n, MARKET__PROOF_MAX);

	c.start = c.root = kit->leaves[0];
	c.size = 1;
	ck_assert_int_eq(judge(&c), MARKET_OK);
	c.at = 1;
	must_fail(&c, "M3 index = size");
	c.at = UINT64_MAX;
	must_fail(&c, "M3 the greatest index");
	c.at = 0;
	c.size = UINT64_C(1) << 63;
	must_fail(&c, "M3 a size of 2^63");
	c.grows = true;
	c.at = 1;
	must_fail(&c, "M3 grown to 2^63");
	/* A tree of 2^63 - 1 has proofs of up to 63 nodes. */
	c.grows = false;
	c.at = 0;
	c.size = INT64_MAX;
	c.proof = proof;
	c.proof.n = 63;
	for (i = 0; i < 63; i++)
		ck_assert_int_eq(market__merkle_inner(kit->hasher, &c.root,
				     &c.proof.nodes[i], &c.root),
		    MARKET_OK);
	ck_assert_int_eq(judge(&c), MARKET_OK);
	merkle_kit_close(kit);
	free(kit);
}
END_TEST

/* Where there is no more room the proof is not made, rather than cut. */
START_TEST(proof_without_room_is_not_made)
{
	merkle_kit_t *kit = malloc(sizeof(*kit));
	market__proof_t proof = { .n = MARKET__PROOF_MAX };

	merkle_kit_open(kit);
	ck_assert_int_eq(
	    market__merkle_path(kit->hasher, kit->leaves, 2, 0, &proof),
	    MARKET_E_INTERNAL);
	ck_assert_int_eq(
	    market__merkle_growth(kit->hasher, kit->leaves, 2, 1, &proof),
	    MARKET_E_INTERNAL);
	merkle_kit_close(kit);
	free(kit);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("merkle_proof");
	TCase *tcase = tcase_create("merkle_proof");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, m1_path_is_as_it_is_defined_and_believed);
	tcase_add_test(tcase, m1_growth_is_as_it_is_defined_and_believed);
	tcase_add_test(tcase, m2_empty_trees_and_equal_ones_show_nothing_else);
	tcase_add_test(tcase, m3_proof_of_wrong_form_is_refused);
	tcase_add_test(tcase, proof_without_room_is_not_made);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
