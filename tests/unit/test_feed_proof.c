/* SPDX-License-Identifier: Apache-2.0 */
/* M5: a proof is believed of its row in its list, as it was made. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "feed_kit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

START_TEST(m5_proof_is_of_no_other_row)
{
	feed_scene_t scene, more, fewer;
	feed_proof_t proof;
	size_t i, k;

	feed_scene_of(&scene, 5);
	feed_scene_of(&more, 6);
	feed_scene_of(&fewer, 4);
	for (i = 0; i < 5; i++) {
		feed_scene_prove_row(&scene, i, &proof);
		for (k = 0; k < 5; k++)
			ck_assert_int_eq(
			    feed_scene_believe_row(&scene, &proof, k),
			    k == i ? MARKET_OK : MARKET_E_LOG);
		/* Nor is it in another list, which lists the same. */
		ck_assert_int_eq(
		    feed_scene_believe_row(&more, &proof, i), MARKET_E_LOG);
		ck_assert_int_eq(
		    feed_scene_believe(&scene, fewer.kit.feed, &proof,
			feed_kit_payload_of(&scene.kit, i)),
		    MARKET_E_LOG);
	}
	feed_scene_close(&scene);
	feed_scene_close(&more);
	feed_scene_close(&fewer);
}
END_TEST

static void
set_index(feed_proof_t *proof, uint64_t index)
{
	size_t i;

	for (i = 0; i < 8; i++)
		proof->at[i] = (uint8_t)(index >> (56 - 8 * i));
}

START_TEST(m5_proof_is_of_no_other_index)
{
	static const uint64_t far[] = { 300, 301, 511, 512, 1u << 16,
		1ull << 32, (1ull << 32) + 7, 1ull << 62, 1ull << 63,
		UINT64_MAX };
	feed_scene_t scene;
	feed_proof_t proof;
	uint64_t i;

	feed_scene_of(&scene, 300);
	feed_scene_prove_row(&scene, 7, &proof);
	for (i = 0; i < 300; i++) {
		set_index(&proof, i);
		ck_assert_int_eq(feed_scene_believe_row(&scene, &proof, 7),
		    i == 7 ? MARKET_OK : MARKET_E_LOG);
	}
	for (i = 0; i < COUNT(far); i++) {
		set_index(&proof, far[i]);
		ck_assert_int_eq(
		    feed_scene_believe_row(&scene, &proof, 7), MARKET_E_LOG);
	}
	feed_scene_close(&scene);
}
END_TEST

START_TEST(m5_proof_has_all_its_nodes_and_no_more)
{
	feed_proof_t good, proof;
	feed_scene_t scene;
	size_t i, n;

	feed_scene_of(&scene, 300);
	feed_scene_prove_row(&scene, 150, &good);
	n = (good.len - 8) / 32;
	for (i = 0; i < n; i++) {
		proof = good;
		proof.at[8 + 32 * i + i] ^= 1;
		ck_assert_int_eq(
		    feed_scene_believe_row(&scene, &proof, 150), MARKET_E_LOG);
		/* Without it. */
		proof = good;
		proof.len -= 32;
		memmove(proof.at + 8 + 32 * i, good.at + 8 + 32 * (i + 1),
		    good.len - 8 - 32 * (i + 1));
		ck_assert_int_eq(
		    feed_scene_believe_row(&scene, &proof, 150), MARKET_E_LOG);
		/* And twice. */
		proof = good;
		proof.len += 32;
		memcpy(proof.at + 8 + 32 * (i + 1), good.at + 8 + 32 * i,
		    good.len - 8 - 32 * i);
		ck_assert_int_eq(
		    feed_scene_believe_row(&scene, &proof, 150), MARKET_E_LOG);
	}
	proof = good;
	for (proof.len = 0; proof.len < good.len; proof.len++)
		ck_assert_int_eq(
		    feed_scene_believe_row(&scene, &proof, 150), MARKET_E_LOG);
	ck_assert_int_eq(
	    feed_scene_believe_row(&scene, &proof, 150), MARKET_OK);
	memset(proof.at + good.len, 0, FEED_PROOF_MAX - good.len);
	for (proof.len++; proof.len <= FEED_PROOF_MAX; proof.len++)
		ck_assert_int_eq(
		    feed_scene_believe_row(&scene, &proof, 150), MARKET_E_LOG);
	feed_scene_close(&scene);
}
END_TEST

START_TEST(m5_proof_has_no_bit_that_may_be_turned)
{
	market_buffer_t offer = MARKET_BUFFER_INIT;
	feed_scene_t scene;
	feed_proof_t proof;
	size_t i;

	feed_scene_of(&scene, 3);
	ck_assert_int_eq(
	    feed_scene_prove(&scene, "0001", &proof, &offer, NULL), MARKET_OK);
	for (i = 0; i < 8 * proof.len; i++) {
		proof.at[i / 8] ^= (uint8_t)(1u << i % 8);
		ck_assert_int_eq(feed_scene_believe(&scene, scene.kit.feed,
				     &proof, market_buffer_slice(&offer)),
		    MARKET_E_LOG);
		proof.at[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	for (i = 0; i < 8 * offer.len; i++) {
		offer.data[i / 8] ^= (uint8_t)(1u << i % 8);
		ck_assert_int_eq(feed_scene_believe(&scene, scene.kit.feed,
				     &proof, market_buffer_slice(&offer)),
		    MARKET_E_LOG);
		offer.data[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	for (i = 0; i < offer.len; i++)
		ck_assert_int_eq(feed_scene_believe(&scene, scene.kit.feed,
				     &proof, market__slice(offer.data, i)),
		    MARKET_E_LOG);
	ck_assert_int_eq(feed_scene_believe(&scene, scene.kit.feed, &proof,
			     market_buffer_slice(&offer)),
	    MARKET_OK);
	market_buffer_clear(&offer);
	feed_scene_close(&scene);
}
END_TEST

static Suite *
proof_suite(void)
{
	Suite *suite = suite_create("feed_proof");
	TCase *tcase = tcase_create("proof");

	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, m5_proof_is_of_no_other_row);
	tcase_add_test(tcase, m5_proof_is_of_no_other_index);
	tcase_add_test(tcase, m5_proof_has_all_its_nodes_and_no_more);
	tcase_add_test(tcase, m5_proof_has_no_bit_that_may_be_turned);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return harness_main(proof_suite());
}
