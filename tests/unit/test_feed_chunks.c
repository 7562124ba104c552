/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feeds of several chunks: those that are not what was signed are named, and
 * the order of rows holds over all of them.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "feed_kit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BAD      "+bad =offer {'territories': ['CA']}"

/* ---- chunks that are not what was signed ---- */

static void
swap_rows(feed_kit_t *kit, size_t a, size_t b)
{
	size_t len = kit->starts[a + 1] - kit->starts[a], i;
	uint8_t keep;

	ck_assert_uint_eq(kit->starts[b + 1] - kit->starts[b], len);
	for (i = 0; i < len; i++) {
		keep = kit->bytes[kit->starts[a] + i];
		kit->bytes[kit->starts[a] + i] = kit->bytes[kit->starts[b] + i];
		kit->bytes[kit->starts[b] + i] = keep;
	}
}

static void
take_row_away(feed_kit_t *kit, size_t i)
{
	size_t len = kit->starts[i + 1] - kit->starts[i];

	memmove(kit->bytes + kit->starts[i], kit->bytes + kit->starts[i + 1],
	    kit->len - kit->starts[i + 1]);
	kit->len -= len;
}

static void
turn_payload(feed_kit_t *kit)
{
	kit->bytes[kit->starts[300] + 40] ^= 4;
}

static void
swap_in_chunk(feed_kit_t *kit)
{
	swap_rows(kit, 256, 511);
}

static void
swap_over_chunks(feed_kit_t *kit)
{
	swap_rows(kit, 10, 700);
}

static void
repeat_row(feed_kit_t *kit)
{
	memcpy(kit->bytes + kit->starts[301], kit->bytes + kit->starts[300],
	    kit->starts[301] - kit->starts[300]);
}

static void
lose_row(feed_kit_t *kit)
{
	take_row_away(kit, 300);
}

static void
lose_first(feed_kit_t *kit)
{
	take_row_away(kit, 0);
}

static void
spoil_length(feed_kit_t *kit)
{
	/* Two bytes, of which the last is 0. */
	kit->bytes[kit->starts[300] + 1] = 0;
}

static void
spoil_large(feed_kit_t *kit)
{
	memset(kit->bytes + kit->starts[600], 0xff, 4);
}

static const struct {
	const char *label;
	void (*turn)(feed_kit_t *kit);
	const char *want;
	uint64_t broken, refused;
} turns[] = {
	{ "a bit of a row", turn_payload, "256+256 - E_LOG\n", 1, 256 },
	{ "M12 two rows in the other order", swap_in_chunk, "256+256 - E_LOG\n",
	    1, 256 },
	{ "M12 two rows of two chunks", swap_over_chunks,
	    "0+256 - E_LOG\n512+256 - E_LOG\n", 2, 512 },
	{ "M12 a row again in the place of the next", repeat_row,
	    "256+256 - E_LOG\n", 1, 256 },
	/* All behind it stand a place too early, and at the end one lacks. */
	{ "M12 a gap", lose_row,
	    "256+256 - E_LOG\n512+256 - E_LOG\n"
	    "768+32 - E_LOG\n",
	    3, 544 },
	{ "M12 the first is missing", lose_first,
	    "0+256 - E_LOG\n256+256 - E_LOG\n512+256 - E_LOG\n"
	    "768+32 - E_LOG\n",
	    4, 800 },
	{ "a length that is not the shortest", spoil_length,
	    "256+544 - E_ENCODING\n", 3, 544 },
	{ "a length above all", spoil_large, "512+288 - E_LIMIT\n", 2, 288 },
};

/* What is told of the third that is denied is not looked at here. */
static char *
without_denied(const char *lines)
{
	char *left = calloc(strlen(lines) + 1, 1);
	size_t len;

	ck_assert_ptr_nonnull(left);
	for (; *lines != '\0'; lines += len) {
		len = strcspn(lines, "\n") + 1;
		if (len < 9 || strncmp(lines + len - 9, "E_DENIED", 8) != 0)
			strncat(left, lines, len);
	}
	return left;
}

START_TEST(feed_names_the_chunks_that_were_not_signed)
{
	feed_scene_t scene;
	unsigned threads;
	char *left;

	feed_scene_large(&scene, 800);
	turns[_i].turn(&scene.kit);
	for (threads = 1; threads < 4; threads++) {
		ck_assert_int_eq(feed_scene_check(&scene, threads), MARKET_OK);
		left = without_denied(scene.heard.lines);
		ck_assert_msg(strcmp(left, turns[_i].want) == 0, "%s: %.3000s",
		    turns[_i].label, left);
		free(left);
		ck_assert_uint_eq(scene.report.chunks, 4);
		ck_assert_uint_eq(scene.report.chunks_broken, turns[_i].broken);
		ck_assert_uint_eq(scene.report.rows, 800);
		ck_assert_uint_eq(scene.report.refused, turns[_i].refused);
	}
	feed_scene_close(&scene);
}
END_TEST

/* M12: the rows of another revision, with more of them or fewer. */
START_TEST(feed_refuses_the_rows_of_another_list)
{
	static const size_t sizes[] = { 1, 255, 256, 257, 400 };
	feed_scene_t scene, other;
	feed_reader_t reader;
	size_t i;

	feed_scene_large(&scene, 300);
	for (i = 0; i < COUNT(sizes); i++) {
		feed_scene_open(&other, NULL);
		feed_kit_offers(&other.kit, "offer", 5000, sizes[i]);
		reader = feed_reader_of(&other.kit);
		ck_assert_int_eq(
		    feed_scene_read(&scene, &reader, 2, NULL), MARKET_OK);
		feed_scene_expect(&scene, 300, 0, 0, 300);
		ck_assert_uint_eq(scene.report.chunks_broken, 2);
		ck_assert_int_eq(scene.report.bytes_behind > 0, sizes[i] > 300);
		feed_scene_close(&other);
	}
	feed_scene_close(&scene);
}
END_TEST

/* Across chunks as within one: a row is behind all that were taken. */
START_TEST(feed_is_in_order_over_all_its_chunks)
{
	feed_scene_t scene;
	unsigned threads;

	feed_scene_open(&scene, NULL);
	feed_kit_offers(&scene.kit, "offer", 1000, 255);
	feed_kit_offer(&scene.kit, "offer", "7000");
	/* The second chunk: before, the same, behind; and then back. */
	feed_kit_offer(&scene.kit, "offer", "6000");
	feed_kit_offer(&scene.kit, "offer", "7000");
	feed_kit_offer(&scene.kit, "offer", "7001");
	feed_kit_offers(&scene.kit, "offer", 2000, 253);
	/* The third: what was refused is no bound. */
	feed_kit_offer(&scene.kit, "offer", "7001");
	feed_kit_offer(&scene.kit, "offer", "7002");
	feed_kit_sign(&scene.kit, "shop.example");
	for (threads = 1; threads < 5; threads++) {
		ck_assert_int_eq(feed_scene_check(&scene, threads), MARKET_OK);
		feed_scene_expect(&scene, 514, 258, 0, 256);
		ck_assert_int_eq(strncmp(scene.heard.lines,
				     "256 6000 E_SCHEMA\n257 7000 E_SCHEMA\n"
				     "259 2000 E_SCHEMA\n",
				     strlen("256 6000 E_SCHEMA\n") * 3),
		    0);
		ck_assert_ptr_nonnull(
		    strstr(scene.heard.lines, "\n512 7001 E_SCHEMA\n"));
	}
	feed_scene_close(&scene);
}
END_TEST

/* More than are kept of a chunk until they are told: the rest is judged when
 * it is told, and no less. */
START_TEST(feed_tells_all_that_is_denied_in_a_chunk)
{
	static const char *const names[] = { "0063", "0064", "0065", "0255" };
	market_decision_t *decision = NULL;
	market_buffer_t proof, json;
	market_status_t status;
	feed_scene_t scene;
	size_t i;

	feed_scene_open(&scene, NULL);
	world_edit(scene.world, BAD);
	feed_kit_offers(&scene.kit, "bad", 0, 256);
	/* Out of order, behind those that were left open. */
	feed_kit_offers(&scene.kit, "bad", 100, 100);
	feed_kit_sign(&scene.kit, "shop.example");
	ck_assert_int_eq(feed_scene_check(&scene, 2), MARKET_OK);
	feed_scene_expect(&scene, 356, 0, 256, 100);
	for (i = 0; i < COUNT(names); i++) {
		feed_reader_t reader = feed_reader_of(&scene.kit);
		market_buffer_t offer = MARKET_BUFFER_INIT;

		proof = json = (market_buffer_t)MARKET_BUFFER_INIT;
		ck_assert_int_eq(
		    market_feed_prove(scene.kit.feed, feed_kit_read, &reader,
			market_slice_of(names[i]), &proof, &offer, NULL),
		    MARKET_OK);
		status = market_check_in_feed(scene.evidence, scene.kit.feed,
		    market_buffer_slice(&proof), market_buffer_slice(&offer),
		    world_time(WORLD_NOW), &decision, NULL);
		ck_assert_int_eq(status, MARKET_E_DENIED);
		ck_assert_int_eq(
		    market_decision_json(decision, &json), MARKET_OK);
		ck_assert_ptr_nonnull(memmem(scene.heard.full,
		    scene.heard.full_len, json.data, json.len));
		market_decision_free(decision);
		market_buffer_clear(&json);
		market_buffer_clear(&proof);
		market_buffer_clear(&offer);
	}
	feed_scene_close(&scene);
}
END_TEST

static Suite *
chunks_suite(void)
{
	Suite *suite = suite_create("feed_chunks");
	TCase *tcase = tcase_create("chunks");

	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(tcase, feed_names_the_chunks_that_were_not_signed,
	    0, (int)COUNT(turns));
	tcase_add_test(tcase, feed_refuses_the_rows_of_another_list);
	tcase_add_test(tcase, feed_is_in_order_over_all_its_chunks);
	tcase_add_test(tcase, feed_tells_all_that_is_denied_in_a_chunk);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return harness_main(chunks_suite());
}
