/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of a feed as bytes: their lengths and limits, where they end too
 * early or too late, and however they are read.
 */
#include <stdlib.h>
#include <string.h>

#include "feed_kit.h"
#include "model/feed.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The rows as `bytes` has them, against the list that was signed. */
static void
check_bytes(feed_scene_t *scene, market_slice_t bytes, const char *want)
{
	feed_reader_t reader = feed_reader(bytes);

	ck_assert_int_eq(feed_scene_read(scene, &reader, 1, NULL), MARKET_OK);
	ck_assert_str_eq(scene->heard.lines, want);
}

static void
check_own(feed_scene_t *scene, const char *want)
{
	check_bytes(
	    scene, market__slice(scene->kit.bytes, scene->kit.len), want);
}

static void
add_bytes(feed_kit_t *kit, size_t len)
{
	uint8_t *bytes = malloc(len + 1);

	ck_assert_ptr_nonnull(bytes);
	memset(bytes, 'x', len + 1);
	feed_kit_row(kit, market__slice(bytes, len));
	free(bytes);
}

/* ---- lengths ---- */

static const struct {
	const char *label;
	const char *bytes;
	size_t len;
	size_t max;
	market_status_t want;
	size_t head, length;
} lengths[] = {
	{ "nothing", "", 0, 9, MARKET_E_STATE, 0, 0 },
	{ "zero", "\x00", 1, 9, MARKET_OK, 1, 0 },
	{ "one byte", "\x7f", 1, 127, MARKET_OK, 1, 127 },
	{ "one byte above the limit", "\x7f", 1, 126, MARKET_E_LIMIT, 0, 0 },
	{ "half of two bytes", "\x80", 1, 128, MARKET_E_STATE, 0, 0 },
	{ "two bytes", "\x80\x01", 2, 128, MARKET_OK, 2, 128 },
	{ "two bytes, more behind", "\x80\x01\xff", 3, 128, MARKET_OK, 2, 128 },
	{ "two bytes above the limit", "\x81\x01", 2, 128, MARKET_E_LIMIT, 0,
	    0 },
	{ "zero in two bytes", "\x80\x00", 2, 128, MARKET_E_ENCODING, 0, 0 },
	{ "127 in two bytes", "\xff\x00", 2, 128, MARKET_E_ENCODING, 0, 0 },
	{ "half of three bytes", "\x80\x80", 2, 1u << 20, MARKET_E_STATE, 0,
	    0 },
	{ "the greatest row", "\x80\x80\x04", 3, 65536, MARKET_OK, 3, 65536 },
	{ "one above", "\x81\x80\x04", 3, 65536, MARKET_E_LIMIT, 0, 0 },
	{ "128 in three bytes", "\x80\x81\x00", 3, 65536, MARKET_E_ENCODING, 0,
	    0 },
	{ "the greatest of all", "\xff\xff\xff\x7f", 4, (1u << 28) - 1,
	    MARKET_OK, 4, (1u << 28) - 1 },
	{ "four bytes for three", "\x80\x80\x80\x00", 4, (1u << 28) - 1,
	    MARKET_E_ENCODING, 0, 0 },
	{ "five bytes", "\x80\x80\x80\x80", 4, (1u << 28) - 1, MARKET_E_LIMIT,
	    0, 0 },
};

START_TEST(length_is_read_only_in_the_shortest_form)
{
	size_t head = 9999, length = 9999;
	market_slice_t bytes = market__slice(
	    lengths[_i].bytes, lengths[_i].len);

	ck_assert_msg(market__length_read(bytes, lengths[_i].max, &head,
			  &length) == lengths[_i].want,
	    "%s", lengths[_i].label);
	if (lengths[_i].want != MARKET_OK)
		return;
	ck_assert_uint_eq(head, lengths[_i].head);
	ck_assert_uint_eq(length, lengths[_i].length);
}
END_TEST

START_TEST(length_is_read_as_it_was_written)
{
	size_t at, length = 0, head = 0;
	uint8_t bytes[4];
	unsigned bit;
	int by;

	for (bit = 0; bit < 28; bit++)
		for (by = -1; by <= 1; by++) {
			at = ((size_t)1 << bit) + (size_t)by;
			ck_assert_int_eq(
			    market__length_read(
				market__slice(
				    bytes, market__length_write(at, bytes)),
				SIZE_MAX, &head, &length),
			    MARKET_OK);
			ck_assert_uint_eq(length, at);
			ck_assert_uint_eq(
			    market_feed_delimiter(at, bytes), head);
		}
}
END_TEST

/* ---- limits ---- */

START_TEST(row_of_65536_bytes_is_read_alone)
{
	feed_scene_t scene;

	feed_scene_open(&scene, NULL);
	feed_kit_offer(&scene.kit, "offer", "a");
	add_bytes(&scene.kit, MARKET_FEED_ROW_MAX);
	feed_kit_offer(&scene.kit, "offer", "b");
	feed_kit_sign(&scene.kit, "shop.example");
	check_own(&scene, "1 - E_ENCODING\n");
	feed_scene_expect(&scene, 3, 2, 0, 1);
	feed_scene_close(&scene);
}
END_TEST

START_TEST(row_of_65537_bytes_ends_what_can_be_read)
{
	feed_scene_t scene;

	feed_scene_open(&scene, NULL);
	feed_kit_offers(&scene.kit, "offer", 0, 257);
	add_bytes(&scene.kit, MARKET_FEED_ROW_MAX + 1);
	feed_kit_offers(&scene.kit, "offer", 300, 300);
	feed_kit_sign(&scene.kit, "shop.example");
	check_own(&scene, "256+302 - E_LIMIT\n");
	feed_scene_expect(&scene, 558, 256, 0, 302);
	ck_assert_uint_eq(scene.report.chunks, 3);
	ck_assert_uint_eq(scene.report.chunks_broken, 2);
	feed_scene_close(&scene);
}
END_TEST

/* A chunk that has 1,048,576 bytes and `more`, and one behind it. */
static void
large_chunk(feed_scene_t *scene, size_t more)
{
	size_t i;

	feed_scene_open(scene, NULL);
	for (i = 0; i < 15; i++)
		add_bytes(&scene->kit, MARKET_FEED_ROW_MAX);
	for (i = 0; i < 240; i++)
		add_bytes(&scene->kit, 0);
	add_bytes(&scene->kit,
	    MARKET_FEED_CHUNK_MAX - 15 * (MARKET_FEED_ROW_MAX + 3) - 240 - 3 +
		more);
	ck_assert_uint_eq(scene->kit.len, MARKET_FEED_CHUNK_MAX + more);
	feed_kit_offers(&scene->kit, "offer", 0, 5);
	feed_kit_sign(&scene->kit, "shop.example");
}

START_TEST(chunk_of_1048576_bytes_is_judged)
{
	feed_scene_t scene;

	large_chunk(&scene, 0);
	ck_assert_int_eq(feed_scene_check(&scene, 1), MARKET_OK);
	feed_scene_expect(&scene, 261, 5, 0, 256);
	ck_assert_uint_eq(scene.report.chunks_broken, 0);
	ck_assert_uint_eq(scene.heard.n, 256);
	feed_scene_close(&scene);
}
END_TEST

START_TEST(chunk_of_1048577_bytes_is_passed_over)
{
	feed_scene_t scene;

	large_chunk(&scene, 1);
	check_own(&scene, "0+256 - E_LIMIT\n");
	feed_scene_expect(&scene, 261, 5, 0, 256);
	ck_assert_uint_eq(scene.report.chunks_broken, 1);
	feed_scene_close(&scene);
}
END_TEST

/* It is too large, and then it ends: nothing else comes of it. */
START_TEST(chunk_is_lost_that_is_too_large_and_ends_early)
{
	feed_scene_t scene;

	large_chunk(&scene, 1);
	check_bytes(&scene,
	    market__slice(scene.kit.bytes, MARKET_FEED_CHUNK_MAX),
	    "0+261 - E_LOG\n");
	feed_scene_expect(&scene, 261, 0, 0, 261);
	ck_assert_uint_eq(scene.report.chunks_broken, 2);
	feed_scene_close(&scene);
}
END_TEST

/* ---- too few bytes, and too many ---- */

/* However much is missing: nothing of a chunk that is not whole is believed. */
START_TEST(rows_that_end_early_refuse_their_chunk_and_the_rest)
{
	size_t len, whole, step;
	feed_scene_t scene;

	feed_scene_open(&scene, NULL);
	feed_kit_offers(&scene.kit, "offer", 0, 258);
	feed_kit_sign(&scene.kit, "shop.example");
	whole = scene.kit.starts[256];
	for (len = whole; len < scene.kit.len; len++) {
		check_bytes(&scene, market__slice(scene.kit.bytes, len),
		    "256+2 - E_LOG\n");
		feed_scene_expect(&scene, 258, 256, 0, 2);
		ck_assert_uint_eq(scene.report.bytes_behind, 0);
	}
	step = whole / harness_rounds(40);
	for (len = 0; len < whole; len += step) {
		check_bytes(&scene, market__slice(scene.kit.bytes, len),
		    "0+258 - E_LOG\n");
		feed_scene_expect(&scene, 258, 0, 0, 258);
		ck_assert_uint_eq(scene.report.chunks, 2);
		ck_assert_uint_eq(scene.report.chunks_broken, 2);
	}
	feed_scene_close(&scene);
}
END_TEST

START_TEST(bytes_behind_the_last_row_are_told_once)
{
	static const size_t more[] = { 1, 3, 70000, 200000 };
	feed_reader_t reader;
	feed_scene_t scene;
	uint8_t *bytes;
	size_t i;

	feed_scene_open(&scene, NULL);
	feed_kit_offers(&scene.kit, "offer", 0, 3);
	feed_kit_sign(&scene.kit, "shop.example");
	bytes = calloc(scene.kit.len + 200000, 1);
	ck_assert_ptr_nonnull(bytes);
	memcpy(bytes, scene.kit.bytes, scene.kit.len);
	for (i = 0; i < COUNT(more); i++) {
		check_bytes(&scene,
		    market__slice(bytes, scene.kit.len + more[i]),
		    "3+0 - E_LOG\n");
		feed_scene_expect(&scene, 3, 3, 0, 0);
		ck_assert_uint_ge(scene.report.bytes_behind, 1);
		ck_assert_uint_le(scene.report.bytes_behind, more[i]);
	}
	free(bytes);
	/* M12: endless. */
	reader = feed_reader_of(&scene.kit);
	reader.endless = true;
	ck_assert_int_eq(feed_scene_read(&scene, &reader, 2, NULL), MARKET_OK);
	ck_assert_str_eq(scene.heard.lines, "3+0 - E_LOG\n");
	ck_assert_uint_lt(reader.calls, 5);
	feed_scene_close(&scene);
}
END_TEST

static const size_t sizes[] = { 0, 1, 255, 256, 257, 511, 512, 513 };

START_TEST(feed_of_any_size_is_permitted)
{
	size_t n = sizes[_i], at;
	uint8_t behind = 0;
	feed_scene_t scene;

	feed_scene_open(&scene, NULL);
	feed_kit_offers(&scene.kit, "offer", 0, n);
	feed_kit_sign(&scene.kit, "shop.example");
	ck_assert_uint_eq(market_feed_count(scene.kit.feed), n);
	check_own(&scene, "");
	feed_scene_expect(&scene, n, n, 0, 0);
	ck_assert_uint_eq(scene.report.chunks, (n + 255) / 256);
	ck_assert_uint_eq(scene.report.chunks_broken, 0);
	ck_assert_uint_eq(scene.report.bytes_behind, 0);
	if (n == 0) {
		check_bytes(&scene, market__slice(&behind, 1), "0+0 - E_LOG\n");
	} else {
		/* One byte of the last row is another. */
		at = scene.kit.len - 1;
		scene.kit.bytes[at] ^= 1;
		ck_assert_int_eq(feed_scene_check(&scene, 1), MARKET_OK);
		ck_assert_uint_eq(scene.heard.n, 1);
		feed_scene_expect(
		    &scene, n, (n - 1) / 256 * 256, 0, n - (n - 1) / 256 * 256);
	}
	feed_scene_close(&scene);
}
END_TEST

/* ---- reading ---- */

/* Three that are permitted, one that is not, and one that is none. */
static void
open_mixed(feed_scene_t *scene, market_context_t *context)
{
	feed_scene_open(scene, context);
	world_edit(scene->world, "+bad =offer {'territories': ['CA']}");
	feed_kit_offer(&scene->kit, "offer", "a");
	feed_kit_offer(&scene->kit, "bad", "b");
	feed_kit_offer(&scene->kit, "offer", "c");
	feed_kit_text(&scene->kit, "junk");
	feed_kit_offer(&scene->kit, "offer", "d");
	feed_kit_sign(&scene->kit, "shop.example");
}

#define MIXED "1 b E_DENIED\n3 - E_ENCODING\n"

START_TEST(rows_are_the_same_in_whatever_pieces_they_come)
{
	static const size_t pieces[] = { 1, 2, 7, 4096, 65536 };
	market_feed_report_t first;
	feed_reader_t reader;
	feed_scene_t scene;
	size_t i;

	open_mixed(&scene, NULL);
	check_own(&scene, MIXED);
	first = scene.report;
	for (i = 0; i < COUNT(pieces); i++) {
		reader = feed_reader_of(&scene.kit);
		reader.piece = pieces[i];
		ck_assert_int_eq(
		    feed_scene_read(&scene, &reader, 1, NULL), MARKET_OK);
		ck_assert_str_eq(scene.heard.lines, MIXED);
		ck_assert_mem_eq(&scene.report, &first, sizeof(first));
	}
	feed_scene_close(&scene);
}
END_TEST

static market_context_t *
context_with(harness_memory_t *memory)
{
	market_context_options_t options = { .size = sizeof(options) };
	market_context_t *context = NULL;

	harness_memory_init(memory);
	options.allocator = memory->allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	return context;
}

/* After each number of bytes: what `read` says is what the call says, and
 * nothing stays behind. */
START_TEST(read_that_fails_ends_the_check_with_its_status)
{
	static const market_status_t failures[] = { MARKET_E_IO,
		MARKET_E_CALLBACK, MARKET_E_ENCODING, MARKET_E_LOG };
	market_error_t error = MARKET_ERROR_INIT;
	harness_memory_t memory;
	market_context_t *context = context_with(&memory);
	feed_reader_t reader;
	feed_scene_t scene;
	size_t k;

	open_mixed(&scene, context);
	for (k = 0; k <= scene.kit.len; k++) {
		reader = feed_reader_of(&scene.kit);
		reader.fail_at = k;
		reader.failure = failures[k % COUNT(failures)];
		ck_assert_int_eq(
		    feed_scene_read(&scene, &reader, 1 + k % 2, &error),
		    reader.failure);
		ck_assert_int_eq(error.status, reader.failure);
		/* Of a chunk that is not there nothing is told. */
		ck_assert_uint_eq(
		    scene.report.rows, k == scene.kit.len ? 5 : 0);
	}
	feed_scene_close(&scene);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static market_status_t
boast(void *user, void *buffer, size_t size, size_t *ret_n)
{
	(void)user;
	memset(buffer, 0, size);
	*ret_n = size + 1;
	return MARKET_OK;
}

START_TEST(read_that_says_more_than_it_could_is_refused)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_feed_t *feed = NULL;
	feed_scene_t scene;

	open_mixed(&scene, NULL);
	scene.evidence = world_evidence(scene.world, 0);
	ck_assert_int_eq(
	    market_check_feed(scene.evidence, scene.kit.feed, boast, NULL,
		world_time(WORLD_NOW), NULL, &scene.report, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_uint_eq(scene.report.rows, 0);
	ck_assert_int_eq(market_feed_open(world_context(scene.world), boast,
			     NULL, &feed, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_ptr_null(feed);
	feed_scene_close(&scene);
}
END_TEST

static Suite *
rows_suite(void)
{
	Suite *suite = suite_create("feed_rows");
	TCase *rows = tcase_create("rows");

	tcase_set_timeout(rows, 300);
	tcase_add_loop_test(rows, length_is_read_only_in_the_shortest_form, 0,
	    (int)COUNT(lengths));
	tcase_add_test(rows, length_is_read_as_it_was_written);
	tcase_add_test(rows, row_of_65536_bytes_is_read_alone);
	tcase_add_test(rows, row_of_65537_bytes_ends_what_can_be_read);
	tcase_add_test(rows, chunk_of_1048576_bytes_is_judged);
	tcase_add_test(rows, chunk_of_1048577_bytes_is_passed_over);
	tcase_add_test(rows, chunk_is_lost_that_is_too_large_and_ends_early);
	tcase_add_test(
	    rows, rows_that_end_early_refuse_their_chunk_and_the_rest);
	tcase_add_test(rows, bytes_behind_the_last_row_are_told_once);
	tcase_add_loop_test(
	    rows, feed_of_any_size_is_permitted, 0, (int)COUNT(sizes));
	tcase_add_test(rows, rows_are_the_same_in_whatever_pieces_they_come);
	tcase_add_test(rows, read_that_fails_ends_the_check_with_its_status);
	tcase_add_test(rows, read_that_says_more_than_it_could_is_refused);
	suite_add_tcase(suite, rows);
	return suite;
}

int
main(void)
{
	return harness_main(rows_suite());
}
