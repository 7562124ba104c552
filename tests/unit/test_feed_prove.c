/* SPDX-License-Identifier: Apache-2.0 */
/* One offer of a feed: its proof is made, or it is said why not. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "feed_kit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- what is made is believed ---- */

/* How far leaf `index` of `n` is from the root (RFC 6962, 2.1.1). */
static size_t
distance(size_t index, size_t n)
{
	size_t k = 1;

	if (n == 1)
		return 0;
	while (2 * k < n)
		k *= 2;
	return 1 +
	    (index < k ? distance(index, k) : distance(index - k, n - k));
}

static void
expect_proven(feed_scene_t *scene, size_t i)
{
	market_slice_t payload = feed_kit_payload_of(&scene->kit, i);
	market_buffer_t offer = MARKET_BUFFER_INIT;
	feed_proof_t proof;
	char id[8];

	snprintf(id, sizeof(id), "%04u", (unsigned)i % 10000);
	ck_assert_int_eq(
	    feed_scene_prove(scene, id, &proof, &offer, NULL), MARKET_OK);
	ck_assert_uint_eq(proof.len, 8 + 32 * distance(i, scene->kit.n_rows));
	ck_assert_uint_eq(proof.at[6], i >> 8);
	ck_assert_uint_eq(proof.at[7], i & 0xff);
	ck_assert_uint_eq(offer.len, payload.len);
	ck_assert_mem_eq(offer.data, payload.ptr, payload.len);
	ck_assert_int_eq(feed_scene_believe(scene, scene->kit.feed, &proof,
			     market_buffer_slice(&offer)),
	    MARKET_OK);
	market_buffer_clear(&offer);
}

START_TEST(proof_is_believed_of_each_row_of_small_feeds)
{
	size_t n = (size_t)_i, i;
	feed_scene_t scene;

	feed_scene_of(&scene, n);
	for (i = 0; i < n; i++)
		expect_proven(&scene, i);
	feed_scene_close(&scene);
}
END_TEST

START_TEST(proof_is_believed_of_rows_of_large_feeds)
{
	static const size_t sizes[] = { 255, 256, 257, 511, 512, 513, 1000 };
	size_t n = sizes[_i], i;
	feed_scene_t scene;

	feed_scene_of(&scene, n);
	for (i = 0; i < n; i += 1 + n / harness_rounds(30))
		expect_proven(&scene, i);
	/* At the edges of chunks. */
	for (i = 255; i < n; i += 256) {
		expect_proven(&scene, i);
		if (i + 1 < n)
			expect_proven(&scene, i + 1);
	}
	expect_proven(&scene, n - 1);
	feed_scene_close(&scene);
}
END_TEST

/* The decision is that of the row. */
START_TEST(proof_gives_the_decision_of_its_row)
{
	market_buffer_t offer = MARKET_BUFFER_INIT;
	feed_scene_t scene;
	feed_proof_t proof;

	feed_scene_large(&scene, 7);
	ck_assert_int_eq(
	    feed_scene_prove(&scene, "00003", &proof, &offer, NULL), MARKET_OK);
	ck_assert_int_eq(
	    feed_scene_believe_row(&scene, &proof, 3), MARKET_E_DENIED);
	ck_assert_int_eq(
	    feed_scene_prove(&scene, "00004", &proof, &offer, NULL), MARKET_OK);
	ck_assert_int_eq(feed_scene_believe_row(&scene, &proof, 4), MARKET_OK);
	market_buffer_clear(&offer);
	feed_scene_close(&scene);
}
END_TEST

/* What is listed is not yet an offer of this seller's. */
START_TEST(row_that_is_listed_may_be_no_offer_of_the_seller)
{
	uint8_t *large = calloc(MARKET_FEED_ROW_MAX + 1, 1);
	feed_scene_t scene;
	feed_proof_t proof;

	ck_assert_ptr_nonnull(large);
	feed_scene_open(&scene, NULL);
	world_edit(scene.world,
	    "+other =offer {'header': {'issuer': 'other.example'}}");
	feed_kit_offer(&scene.kit, "offer", "a");
	feed_kit_offer(&scene.kit, "other", "b");
	feed_kit_sign(&scene.kit, "shop.example");
	ck_assert_int_eq(
	    feed_scene_prove(&scene, "b", &proof, NULL, NULL), MARKET_OK);
	ck_assert_int_eq(
	    feed_scene_believe_row(&scene, &proof, 1), MARKET_E_SCHEMA);
	ck_assert_int_eq(feed_scene_believe(&scene, scene.kit.feed, &proof,
			     market__slice(large, MARKET_FEED_ROW_MAX + 1)),
	    MARKET_E_LIMIT);
	ck_assert_int_eq(feed_scene_believe(&scene, scene.kit.feed, &proof,
			     market__slice(large, MARKET_FEED_ROW_MAX)),
	    MARKET_E_LOG);
	free(large);
	feed_scene_close(&scene);
}
END_TEST

/* A feed of one row that is junk: its proof is the index alone. */
START_TEST(row_that_is_proven_and_junk_is_refused)
{
	feed_scene_t scene;
	feed_proof_t proof = { .len = 8 };

	feed_scene_open(&scene, NULL);
	feed_kit_text(&scene.kit, "junk");
	feed_kit_sign(&scene.kit, "shop.example");
	ck_assert_int_eq(
	    feed_scene_believe_row(&scene, &proof, 0), MARKET_E_ENCODING);
	feed_scene_close(&scene);
}
END_TEST

START_TEST(nothing_is_proven_of_an_empty_feed)
{
	feed_scene_t scene;
	feed_proof_t proof = { .len = 8 };

	feed_scene_of(&scene, 0);
	ck_assert_int_eq(feed_scene_believe(&scene, scene.kit.feed, &proof,
			     market_slice_of("")),
	    MARKET_E_LOG);
	ck_assert_int_eq(feed_scene_prove(&scene, "a", &proof, NULL, NULL),
	    MARKET_E_NOT_FOUND);
	feed_scene_close(&scene);
}
END_TEST

/* ---- rows in which it is looked for ---- */

START_TEST(prove_finds_nothing_where_it_is_not)
{
	static const char *const ids[] = { "x", "00", "00010", "0600", "\n" };
	market_error_t error = MARKET_ERROR_INIT;
	feed_scene_t scene;
	feed_proof_t proof;
	size_t i;

	feed_scene_of(&scene, 600);
	for (i = 0; i < COUNT(ids); i++) {
		ck_assert_int_eq(
		    feed_scene_prove(&scene, ids[i], &proof, NULL, &error),
		    MARKET_E_NOT_FOUND);
		ck_assert_int_eq(error.status, MARKET_E_NOT_FOUND);
	}
	feed_scene_close(&scene);
}
END_TEST

START_TEST(prove_verifies_the_chunk_of_the_offer_alone)
{
	market_error_t error = MARKET_ERROR_INIT;
	feed_scene_t scene;
	feed_proof_t proof;

	feed_scene_of(&scene, 600);
	scene.kit.bytes[scene.kit.starts[300] + 40] ^= 4;
	expect_proven(&scene, 255);
	expect_proven(&scene, 512);
	ck_assert_int_eq(feed_scene_prove(&scene, "0256", &proof, NULL, &error),
	    MARKET_E_LOG);
	ck_assert_int_eq(error.status, MARKET_E_LOG);
	ck_assert_int_eq(feed_scene_prove(&scene, "0511", &proof, NULL, &error),
	    MARKET_E_LOG);
	/* One that stands where it does not belong is proven by none. */
	memcpy(scene.kit.bytes + scene.kit.starts[10],
	    scene.kit.bytes + scene.kit.starts[590],
	    scene.kit.starts[11] - scene.kit.starts[10]);
	ck_assert_int_eq(feed_scene_prove(&scene, "0590", &proof, NULL, &error),
	    MARKET_E_LOG);
	feed_scene_close(&scene);
}
END_TEST

START_TEST(prove_says_where_rows_cannot_be_followed)
{
	market_error_t error = MARKET_ERROR_INIT;
	feed_scene_t scene;
	feed_proof_t proof;
	uint8_t *length;

	feed_scene_of(&scene, 600);
	length = scene.kit.bytes + scene.kit.starts[300];
	length[1] = 0;
	expect_proven(&scene, 255);
	ck_assert_int_eq(feed_scene_prove(&scene, "0299", &proof, NULL, &error),
	    MARKET_E_ENCODING);
	ck_assert_int_eq(feed_scene_prove(&scene, "0599", &proof, NULL, &error),
	    MARKET_E_ENCODING);
	memset(length, 0xff, 4);
	ck_assert_int_eq(feed_scene_prove(&scene, "0599", &proof, NULL, &error),
	    MARKET_E_LIMIT);
	scene.kit.len = scene.kit.starts[300];
	ck_assert_int_eq(feed_scene_prove(&scene, "0599", &proof, NULL, &error),
	    MARKET_E_LOG);
	ck_assert_int_eq(error.status, MARKET_E_LOG);
	feed_scene_close(&scene);
}
END_TEST

/* Nobody looked into a chunk that is too large: it may well be there. */
START_TEST(prove_says_that_a_chunk_was_passed_over)
{
	uint8_t *large = calloc(MARKET_FEED_ROW_MAX, 1);
	market_error_t error = MARKET_ERROR_INIT;
	feed_scene_t scene;
	feed_proof_t proof;
	size_t i;

	ck_assert_ptr_nonnull(large);
	feed_scene_open(&scene, NULL);
	for (i = 0; i < 16; i++)
		feed_kit_row(
		    &scene.kit, market__slice(large, MARKET_FEED_ROW_MAX));
	feed_kit_offers(&scene.kit, "offer", 16, 300);
	feed_kit_sign(&scene.kit, "shop.example");
	expect_proven(&scene, 256);
	ck_assert_int_eq(feed_scene_prove(&scene, "0100", &proof, NULL, &error),
	    MARKET_E_LIMIT);
	ck_assert_int_eq(error.status, MARKET_E_LIMIT);
	free(large);
	feed_scene_close(&scene);
}
END_TEST

START_TEST(prove_ends_with_the_status_of_read)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_buffer_t proof = MARKET_BUFFER_INIT;
	feed_reader_t reader;
	feed_scene_t scene;
	size_t k;

	feed_scene_of(&scene, 3);
	for (k = 0; k <= scene.kit.len; k++) {
		reader = feed_reader_of(&scene.kit);
		reader.fail_at = k;
		reader.failure = k % 2 == 0 ? MARKET_E_IO : MARKET_E_NOT_FOUND;
		ck_assert_int_eq(
		    market_feed_prove(scene.kit.feed, feed_kit_read, &reader,
			market_slice_of("0002"), &proof, NULL, &error),
		    k == scene.kit.len ? MARKET_OK : reader.failure);
		ck_assert_int_eq(proof.data == NULL, k < scene.kit.len);
	}
	market_buffer_clear(&proof);
	feed_scene_close(&scene);
}
END_TEST

/* ---- arguments ---- */

START_TEST(prove_refuses_what_it_cannot_use)
{
	market_slice_t id = market_slice_of("0000");
	market_buffer_t proof = MARKET_BUFFER_INIT;
	feed_reader_t reader;
	feed_scene_t scene;

	feed_scene_of(&scene, 1);
	reader = feed_reader_of(&scene.kit);
	ck_assert_int_eq(market_feed_prove(NULL, feed_kit_read, &reader, id,
			     &proof, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_feed_prove(scene.kit.feed, NULL, &reader, id,
			     &proof, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_feed_prove(scene.kit.feed, feed_kit_read, &reader,
		market__slice(NULL, 4), &proof, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_feed_prove(scene.kit.feed, feed_kit_read,
			     &reader, market__slice("", 0), &proof, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_feed_prove(scene.kit.feed, feed_kit_read,
			     &reader, id, NULL, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_uint_eq(reader.calls, 0);
	ck_assert_ptr_null(proof.data);
	feed_scene_close(&scene);
}
END_TEST

START_TEST(check_in_feed_refuses_what_it_cannot_use)
{
	const market_slice_t none = { NULL, 1 };
	int64_t at = world_time(WORLD_NOW);
	market_decision_t *decision = NULL;
	market_slice_t offer, proof;
	market_evidence_t *e;
	feed_scene_t scene;
	feed_proof_t made;

	feed_scene_of(&scene, 2);
	feed_scene_prove_row(&scene, 0, &made);
	proof = market__slice(made.at, made.len);
	offer = feed_kit_payload_of(&scene.kit, 0);
	e = scene.evidence = world_evidence(scene.world, 0);
#define REFUSED(evidence, feed, proof, offer, at, ret)                         \
	ck_assert_int_eq(                                                      \
	    market_check_in_feed(evidence, feed, proof, offer, at, ret, NULL), \
	    MARKET_E_ARGUMENT)
	REFUSED(NULL, scene.kit.feed, proof, offer, at, &decision);
	REFUSED(e, NULL, proof, offer, at, &decision);
	REFUSED(e, scene.kit.feed, none, offer, at, &decision);
	REFUSED(e, scene.kit.feed, proof, none, at, &decision);
	REFUSED(e, scene.kit.feed, proof, offer, -1, &decision);
	REFUSED(e, scene.kit.feed, proof, offer, INT64_MAX, &decision);
	REFUSED(e, scene.kit.feed, proof, offer, at, NULL);
	ck_assert_ptr_null(decision);
	ck_assert_int_eq(
	    feed_scene_believe(&scene, scene.kit.feed, &made, offer),
	    MARKET_OK);
	feed_scene_close(&scene);
}
END_TEST

static Suite *
prove_suite(void)
{
	Suite *suite = suite_create("feed_prove");
	TCase *tcase = tcase_create("prove");

	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(
	    tcase, proof_is_believed_of_each_row_of_small_feeds, 1, 41);
	tcase_add_loop_test(
	    tcase, proof_is_believed_of_rows_of_large_feeds, 0, 7);
	tcase_add_test(tcase, proof_gives_the_decision_of_its_row);
	tcase_add_test(tcase, row_that_is_listed_may_be_no_offer_of_the_seller);
	tcase_add_test(tcase, row_that_is_proven_and_junk_is_refused);
	tcase_add_test(tcase, nothing_is_proven_of_an_empty_feed);
	tcase_add_test(tcase, prove_finds_nothing_where_it_is_not);
	tcase_add_test(tcase, prove_verifies_the_chunk_of_the_offer_alone);
	tcase_add_test(tcase, prove_says_where_rows_cannot_be_followed);
	tcase_add_test(tcase, prove_says_that_a_chunk_was_passed_over);
	tcase_add_test(tcase, prove_ends_with_the_status_of_read);
	tcase_add_test(tcase, prove_refuses_what_it_cannot_use);
	tcase_add_test(tcase, check_in_feed_refuses_what_it_cannot_use);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return harness_main(prove_suite());
}
