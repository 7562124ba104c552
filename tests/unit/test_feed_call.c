/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The call that checks a feed: any number of threads, callers that want no
 * more, its time, and what it refuses.
 */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "feed_kit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BAD      "+bad =offer {'territories': ['CA']}"

/* ---- threads ---- */

START_TEST(feed_is_told_alike_by_any_number_of_threads)
{
	static const unsigned threads[] = { 1, 2, 3, 8, 0 };
	market_feed_report_t first;
	feed_scene_t scene;
	char *full;
	size_t i;

	feed_scene_large(&scene, 2000);
	scene.kit.bytes[scene.kit.starts[300] + 40] ^= 4;
	ck_assert_int_eq(feed_scene_check(&scene, 1), MARKET_OK);
	feed_scene_expect(&scene, 2000, 1162, 582, 256);
	first = scene.report;
	full = scene.heard.full;
	scene.heard.full = NULL;
	for (i = 0; i < COUNT(threads); i++) {
		/* As it is, and with evidence that answers anew. */
		if (i % 2 == 1) {
			market_evidence_free(scene.evidence);
			scene.evidence = NULL;
		}
		ck_assert_int_eq(
		    feed_scene_check(&scene, threads[i]), MARKET_OK);
		ck_assert_str_eq(scene.heard.full, full);
		ck_assert_mem_eq(&scene.report, &first, sizeof(first));
	}
	free(full);
	feed_scene_close(&scene);
}
END_TEST

typedef struct peer {
	const feed_scene_t *scene;
	feed_heard_t heard;
	market_feed_report_t report;
	market_status_t status;
	pthread_t thread;
} peer_t;

static void *
check_beside(void *user)
{
	peer_t *peer = user;
	feed_reader_t reader = feed_reader_of(&peer->scene->kit);

	peer->status = feed_kit_check(&peer->scene->kit, peer->scene->evidence,
	    &reader, world_time(WORLD_NOW), 2, &peer->heard, &peer->report,
	    NULL);
	return NULL;
}

START_TEST(feed_is_checked_by_several_at_once)
{
	peer_t peers[4];
	feed_scene_t scene;
	size_t i;

	feed_scene_large(&scene, 600);
	scene.evidence = world_evidence(scene.world, 0);
	for (i = 0; i < COUNT(peers); i++) {
		peers[i].scene = &scene;
		feed_heard_init(&peers[i].heard);
		ck_assert_int_eq(pthread_create(&peers[i].thread, NULL,
				     check_beside, &peers[i]),
		    0);
	}
	for (i = 0; i < COUNT(peers); i++) {
		pthread_join(peers[i].thread, NULL);
		ck_assert_int_eq(peers[i].status, MARKET_OK);
		ck_assert_uint_eq(peers[i].report.permitted, 400);
		ck_assert_str_eq(peers[i].heard.full, peers[0].heard.full);
	}
	for (i = 0; i < COUNT(peers); i++)
		feed_heard_clear(&peers[i].heard);
	feed_scene_close(&scene);
}
END_TEST

/* ---- a call that is told to end ---- */

START_TEST(feed_ends_when_the_callback_says_so)
{
	market_error_t error = MARKET_ERROR_INIT;
	feed_reader_t reader;
	market_status_t want;
	unsigned threads;
	feed_scene_t scene;
	size_t stop;

	feed_scene_open(&scene, NULL);
	world_edit(scene.world, BAD);
	feed_kit_offers(&scene.kit, "bad", 0, 600);
	feed_kit_sign(&scene.kit, "shop.example");
	ck_assert_int_eq(feed_scene_check(&scene, 1), MARKET_OK);
	for (threads = 1; threads < 4; threads++)
		for (stop = 1; stop <= 601; stop += 60) {
			scene.heard.stop_at = stop;
			reader = feed_reader_of(&scene.kit);
			want = stop > 600 ? MARKET_OK : MARKET_E_CALLBACK;
			ck_assert_int_eq(
			    feed_scene_read(&scene, &reader, threads, &error),
			    want);
			/* The one that it heard last is counted. */
			ck_assert_uint_eq(
			    scene.report.rows, stop > 600 ? 600 : stop);
			ck_assert_uint_eq(scene.heard.n, scene.report.rows);
		}
	feed_scene_close(&scene);
}
END_TEST

START_TEST(feed_ends_when_the_progress_says_so)
{
	feed_reader_t reader;
	feed_scene_t scene;
	uint64_t rows;

	feed_scene_open(&scene, NULL);
	feed_kit_offers(&scene.kit, "offer", 0, 3000);
	feed_kit_sign(&scene.kit, "shop.example");
	scene.evidence = world_evidence(scene.world, 0);
	scene.heard.stop_step = 1;
	reader = feed_reader_of(&scene.kit);
	ck_assert_int_eq(
	    feed_scene_read(&scene, &reader, 1, NULL), MARKET_E_CALLBACK);
	rows = scene.report.rows;
	ck_assert_uint_eq(scene.heard.done, rows);
	ck_assert(rows > 0 && rows < 3000);
	ck_assert_uint_eq(rows % MARKET_FEED_CHUNK, 0);
	feed_scene_close(&scene);
}
END_TEST

/* Bytes behind the last row are told like a row, and may end it too. */
START_TEST(feed_ends_when_the_callback_says_so_of_what_is_behind)
{
	feed_reader_t reader;
	feed_scene_t scene;

	feed_scene_open(&scene, NULL);
	feed_kit_offers(&scene.kit, "offer", 0, 2);
	feed_kit_sign(&scene.kit, "shop.example");
	scene.evidence = world_evidence(scene.world, 0);
	scene.heard.stop_at = 1;
	reader = feed_reader_of(&scene.kit);
	reader.endless = true;
	ck_assert_int_eq(
	    feed_scene_read(&scene, &reader, 1, NULL), MARKET_E_CALLBACK);
	feed_scene_expect(&scene, 2, 2, 0, 0);
	ck_assert_uint_gt(scene.report.bytes_behind, 0);
	feed_scene_close(&scene);
}
END_TEST

/* ---- time ---- */

static int
dawdle(void *user, const market_feed_row_t *row)
{
	struct timespec while_ = { 0, 1000000 };
	uint64_t *heard = user;

	(void)row;
	(*heard)++;
	nanosleep(&while_, NULL);
	return 0;
}

START_TEST(feed_begins_no_chunk_after_its_time)
{
	uint64_t heard;
	market_feed_options_t options = { .size = sizeof(options),
		.time_limit_ms = 1,
		.row = dawdle,
		.user = &heard };
	market_error_t error = MARKET_ERROR_INIT;
	feed_reader_t reader;
	feed_scene_t scene;

	feed_scene_open(&scene, NULL);
	world_edit(scene.world, BAD);
	feed_kit_offer(&scene.kit, "bad", "!");
	feed_kit_offers(&scene.kit, "offer", 0, 5000);
	feed_kit_sign(&scene.kit, "shop.example");
	scene.evidence = world_evidence(scene.world, 0);
	for (options.threads = 1; options.threads < 4; options.threads++) {
		heard = 0;
		reader = feed_reader_of(&scene.kit);
		ck_assert_int_eq(
		    market_check_feed(scene.evidence, scene.kit.feed,
			feed_kit_read, &reader, world_time(WORLD_NOW), &options,
			&scene.report, &error),
		    MARKET_E_TIMEOUT);
		/* What was begun is told. */
		ck_assert_uint_eq(heard, scene.report.denied);
		ck_assert_uint_le(heard, 1);
		ck_assert_uint_lt(scene.report.rows, 5001);
		ck_assert_uint_eq(scene.report.rows % 256, 0);
	}
	feed_scene_close(&scene);
}
END_TEST

static market_status_t
read_slowly(void *user, void *buffer, size_t size, size_t *ret_n)
{
	struct timespec while_ = { 0, 3000000 };

	nanosleep(&while_, NULL);
	return feed_kit_read(user, buffer, size, ret_n);
}

/* M12 slow: whoever sends the rows does not decide how long it takes. */
START_TEST(feed_reads_no_chunk_after_its_time)
{
	market_feed_options_t options = { .size = sizeof(options),
		.time_limit_ms = 1 };
	feed_reader_t reader;
	feed_scene_t scene;

	feed_scene_of(&scene, 2000);
	scene.evidence = world_evidence(scene.world, 0);
	for (options.threads = 1; options.threads < 4; options.threads++) {
		reader = feed_reader_of(&scene.kit);
		reader.piece = 1 << 15;
		ck_assert_int_eq(
		    market_check_feed(scene.evidence, scene.kit.feed,
			read_slowly, &reader, world_time(WORLD_NOW), &options,
			&scene.report, NULL),
		    MARKET_E_TIMEOUT);
		ck_assert_uint_eq(scene.report.rows, 0);
		ck_assert_uint_lt(reader.at, scene.kit.starts[256] + (1 << 15));
	}
	feed_scene_close(&scene);
}
END_TEST

/* ---- arguments ---- */

static void
refuse(const feed_scene_t *scene, market_evidence_t *evidence,
    const market_feed_t *feed, market_read_fn *read, int64_t at,
    const market_feed_options_t *options)
{
	feed_reader_t reader = feed_reader_of(&scene->kit);
	market_error_t error = MARKET_ERROR_INIT;
	market_feed_report_t report, none = { 0 };

	memset(&report, 0xff, sizeof(report));
	ck_assert_int_eq(market_check_feed(evidence, feed, read, &reader, at,
			     options, &report, &error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(error.status, MARKET_E_ARGUMENT);
	ck_assert_uint_eq(reader.calls, 0);
	/* As it is promised: a caller may look at it whatever came out. */
	if (evidence != NULL && feed != NULL)
		ck_assert_mem_eq(&report, &none, sizeof(none));
}

START_TEST(feed_check_refuses_what_it_cannot_use)
{
	market_feed_options_t good = { .size = sizeof(good) }, options;
	int64_t at = world_time(WORLD_NOW);
	market_evidence_t *e;
	market_feed_t *f;
	feed_scene_t scene;

	feed_scene_open(&scene, NULL);
	feed_kit_offer(&scene.kit, "offer", "a");
	feed_kit_sign(&scene.kit, "shop.example");
	e = scene.evidence = world_evidence(scene.world, 0);
	f = scene.kit.feed;
	refuse(&scene, NULL, f, feed_kit_read, at, &good);
	refuse(&scene, e, NULL, feed_kit_read, at, &good);
	refuse(&scene, e, f, NULL, at, &good);
	refuse(&scene, e, f, feed_kit_read, -1, &good);
	refuse(&scene, e, f, feed_kit_read, INT64_MAX, &good);
	refuse(&scene, e, f, feed_kit_read,
	    world_time("9999-12-31T23:59:59Z") + 1, &good);
	options = good;
	options.size--;
	refuse(&scene, e, f, feed_kit_read, at, &options);
	options.size = 0;
	refuse(&scene, e, f, feed_kit_read, at, &options);
	options = good;
	options.threads = MARKET_BATCH_THREADS_MAX + 1;
	refuse(&scene, e, f, feed_kit_read, at, &options);
	feed_scene_close(&scene);
}
END_TEST

START_TEST(feed_check_needs_neither_options_nor_report)
{
	feed_reader_t reader;
	market_feed_options_t options = { .size = sizeof(options),
		.threads = MARKET_BATCH_THREADS_MAX,
		.time_limit_ms = 3600999 };
	int64_t at = world_time(WORLD_NOW);
	feed_scene_t scene;

	feed_scene_open(&scene, NULL);
	world_edit(scene.world, BAD);
	feed_kit_offers(&scene.kit, "offer", 0, 2);
	feed_kit_offer(&scene.kit, "bad", "b");
	feed_kit_sign(&scene.kit, "shop.example");
	scene.evidence = world_evidence(scene.world, 0);
	reader = feed_reader_of(&scene.kit);
	ck_assert_int_eq(market_check_feed(scene.evidence, scene.kit.feed,
			     feed_kit_read, &reader, at, NULL, NULL, NULL),
	    MARKET_OK);
	reader = feed_reader_of(&scene.kit);
	ck_assert_int_eq(
	    market_check_feed(scene.evidence, scene.kit.feed, feed_kit_read,
		&reader, at, &options, &scene.report, NULL),
	    MARKET_OK);
	feed_scene_expect(&scene, 3, 2, 1, 0);
	feed_scene_close(&scene);
}
END_TEST

static Suite *
call_suite(void)
{
	Suite *suite = suite_create("feed_call");
	TCase *tcase = tcase_create("call");

	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, feed_is_told_alike_by_any_number_of_threads);
	tcase_add_test(tcase, feed_is_checked_by_several_at_once);
	tcase_add_test(tcase, feed_ends_when_the_callback_says_so);
	tcase_add_test(tcase, feed_ends_when_the_progress_says_so);
	tcase_add_test(
	    tcase, feed_ends_when_the_callback_says_so_of_what_is_behind);
	tcase_add_test(tcase, feed_begins_no_chunk_after_its_time);
	tcase_add_test(tcase, feed_reads_no_chunk_after_its_time);
	tcase_add_test(tcase, feed_check_refuses_what_it_cannot_use);
	tcase_add_test(tcase, feed_check_needs_neither_options_nor_report);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return harness_main(call_suite());
}
