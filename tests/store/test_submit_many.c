/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many offers in one call: the same as one by one, whatever the threads; told
 * once they are committed. And those that threads submit at once share a
 * transaction. What it costs is counted: signatures, rows and commits.
 */
#include "config.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <market/batch.h>

#include "api/store_submit.h"
#include "count_verified.h"
#include "play.h"

#define OFFERS 24

/* ---- a store of little memory ---- */

static size_t most_at_once = SIZE_MAX; /* offers in a call */

market_status_t __real_market__submissions_submit(market_store_t *store,
    market_submissions_t *submissions, int64_t at, market_error_t *reterr);
market_status_t __wrap_market__submissions_submit(market_store_t *store,
    market_submissions_t *submissions, int64_t at, market_error_t *reterr);

market_status_t
__wrap_market__submissions_submit(market_store_t *store,
    market_submissions_t *submissions, int64_t at, market_error_t *reterr)
{
	if (submissions->n > most_at_once)
		return market__error(reterr, MARKET_E_LIMIT, NULL, -1,
		    "more than %zu take more memory than a call may",
		    most_at_once);
	return __real_market__submissions_submit(
	    store, submissions, at, reterr);
}

/* ---- commits, counted ---- */

static market__backend_ops_t counting;
static const market__backend_ops_t *real;
static size_t count_commits;

static market_status_t
count_commit(market__backend_t *backend, market_error_t *reterr)
{
	count_commits++;
	return real->commit(backend, reterr);
}

static void
count_store(market_store_t *store)
{
	real = store->backend->ops;
	counting = *real;
	counting.commit = count_commit;
	store->backend->ops = &counting;
	count_commits = 0;
}

/* ---- offers ---- */

typedef struct scene {
	play_t play;
	market_slice_t offers[OFFERS];
	pthread_t caller;
	size_t told, stop_at;
	market_result_t results[OFFERS];
} scene_t;

/*
 * Good ones, one twice, revisions, one by a stranger, one with a bad signature,
 * one that names another's key, and junk.
 */
static void
open_scene(scene_t *scene, int kind)
{
	static const char junk[] = "junk";
	char name[16], edit[256];
	size_t i;

	memset(scene, 0, sizeof(*scene));
	play_init(&scene->play, kind);
	play_begin_good(&scene->play);
	for (i = 0; i < OFFERS; i++) {
		snprintf(edit, sizeof(edit),
		    "+m%zu =offer {'header': {'id': 'many-%zu', 'revision': "
		    "'%zu'}, 'quantity': '%zu'}",
		    i, i / 2, i % 2 + 1, i + 1);
		play_edit(&scene->play, edit);
	}
	play_edit(&scene->play, "m5 @forger");
	play_edit(&scene->play, "m7 !");
	play_edit(&scene->play, "m9 @mi.com");
	for (i = 0; i < OFFERS; i++) {
		snprintf(name, sizeof(name), "m%zu", i);
		scene->offers[i] = world_envelope(scene->play.world, name);
	}
	scene->offers[11] = market_slice_of(junk);
	scene->offers[13] = scene->offers[12];
	scene->caller = pthread_self();
	scene->stop_at = SIZE_MAX;
}

static int
hear(void *user, size_t index, const market_submitted_t *submitted)
{
	scene_t *scene = user;

	ck_assert(pthread_equal(scene->caller, pthread_self()));
	ck_assert_uint_eq(index, scene->told);
	scene->results[scene->told++] = submitted->result;
	ck_assert((submitted->message == NULL) ==
	    (submitted->result == MARKET_RESULT_ACCEPTED));
	return scene->told == scene->stop_at ? 3 : 0;
}

static market_status_t
submit_many(scene_t *scene, unsigned threads, unsigned limit, size_t *ret_told)
{
	market_batch_options_t options = { .size = sizeof(options),
		.threads = threads,
		.time_limit_ms = limit,
		.submitted = hear,
		.user = scene };
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	scene->told = 0;
	status = market_store_submit_many(scene->play.store, scene->offers,
	    OFFERS, scene->play.now, &options, ret_told, &error);
	ck_assert_int_eq(error.status, status);
	return status;
}

static market_result_t
submit_one(scene_t *scene, size_t index)
{
	market_submissions_t *submissions = NULL;
	market_result_t result;

	ck_assert_int_eq(
	    market_store_submit(scene->play.store, &scene->offers[index], 1,
		scene->play.now, &submissions, NULL),
	    MARKET_OK);
	result = market_submissions_at(submissions, 0)->result;
	market_submissions_free(submissions);
	return result;
}

static market_store_mark_t
one_by_one(int kind, market_result_t results[OFFERS])
{
	market_store_mark_t mark;
	scene_t scene;
	size_t i;

	open_scene(&scene, kind);
	for (i = 0; i < OFFERS; i++)
		results[i] = submit_one(&scene, i);
	mark = play_mark(&scene.play);
	play_clear(&scene.play);
	return mark;
}

/* ---- one call ---- */

/* The history is the same to the last byte: its chain is. */
START_TEST(many_are_what_they_are_one_by_one)
{
	static const unsigned threads[] = { 0, 1, 2, 7 };
	market_result_t results[OFFERS];
	market_store_mark_t want, got;
	int kind = _i % PLAY_KINDS;
	size_t told, i;
	scene_t scene;

	if (!play_can(kind))
		HARNESS_SKIP("there is no SQLite");
	want = one_by_one(kind, results);
	ck_assert_int_eq(results[4], MARKET_RESULT_ACCEPTED);
	ck_assert_int_eq(results[5], MARKET_RESULT_REFUSED);
	ck_assert_int_eq(results[7], MARKET_RESULT_REFUSED);
	ck_assert_int_eq(results[9], MARKET_RESULT_REFUSED);
	ck_assert_int_eq(results[13], MARKET_RESULT_DUPLICATE);
	for (i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
		open_scene(&scene, kind);
		told = 0;
		ck_assert_int_eq(
		    submit_many(&scene, threads[i], 0, &told), MARKET_OK);
		ck_assert_uint_eq(told, OFFERS);
		ck_assert_mem_eq(scene.results, results, sizeof(results));
		got = play_mark(&scene.play);
		ck_assert_uint_eq(got.entries, want.entries);
		ck_assert_mem_eq(
		    got.entry_chain, want.entry_chain, MARKET_DIGEST_LEN);
		play_clear(&scene.play);
	}
}
END_TEST

START_TEST(many_end_when_they_are_told_to)
{
	size_t told = SIZE_MAX;
	scene_t scene;

	open_scene(&scene, PLAY_MEMORY);
	scene.stop_at = 3;
	ck_assert_int_eq(submit_many(&scene, 2, 0, &told), MARKET_E_CALLBACK);
	ck_assert_uint_eq(told, 3);
	/* They are committed all the same. */
	ck_assert_int_eq(submit_one(&scene, 22), MARKET_RESULT_DUPLICATE);
	scene.stop_at = SIZE_MAX;
	ck_assert_int_eq(submit_many(&scene, 1, 1000000, &told), MARKET_OK);
	ck_assert_uint_eq(told, OFFERS);
	play_clear(&scene.play);
}
END_TEST

/* What is too much for one transaction is told all the same, in order. */
START_TEST(many_are_fewer_at_once_where_they_take_too_much)
{
	static const size_t most[] = { 1, 2, 5, OFFERS };
	market_result_t results[OFFERS];
	market_store_mark_t want, got;
	size_t told, accepted = 0, i;
	scene_t scene;

	want = one_by_one(PLAY_MEMORY, results);
	for (i = 0; i < OFFERS; i++)
		accepted += results[i] == MARKET_RESULT_ACCEPTED;
	open_scene(&scene, PLAY_MEMORY);
	most_at_once = most[_i];
	count_store(scene.play.store);
	ck_assert_int_eq(submit_many(&scene, 2, 0, &told), MARKET_OK);
	scene.play.store->backend->ops = real;
	most_at_once = SIZE_MAX;
	ck_assert_uint_eq(told, OFFERS);
	ck_assert_mem_eq(scene.results, results, sizeof(results));
	ck_assert_uint_ge(count_commits * most[_i], accepted);
	ck_assert_uint_le(count_commits, accepted);
	got = play_mark(&scene.play);
	ck_assert_mem_eq(got.entry_chain, want.entry_chain, MARKET_DIGEST_LEN);
	play_clear(&scene.play);
}
END_TEST

START_TEST(many_end_where_one_alone_is_too_much)
{
	scene_t scene;
	size_t told;

	open_scene(&scene, PLAY_MEMORY);
	most_at_once = 0;
	ck_assert_int_eq(submit_many(&scene, 2, 0, &told), MARKET_E_LIMIT);
	ck_assert_uint_eq(told, 0);
	most_at_once = SIZE_MAX;
	ck_assert_int_eq(submit_one(&scene, 0), MARKET_RESULT_ACCEPTED);
	play_clear(&scene.play);
}
END_TEST

static int
dawdle(void *user, size_t index, const market_submitted_t *submitted)
{
	struct timespec pause = { 0, 50000000 };

	ck_assert_int_eq(submitted->result, MARKET_RESULT_REFUSED);
	if (index == 0)
		(void)nanosleep(&pause, NULL);
	++*(size_t *)user;
	return 0;
}

/* No transaction is begun after the limit; the one before it is told whole. */
START_TEST(many_end_when_their_time_is_over)
{
	static const char junk[] = "junk";
	static market_slice_t offers[MARKET_BATCH_OFFERS + 1];
	size_t heard = 0, told = 0, i;
	market_batch_options_t options = { .size = sizeof(options),
		.time_limit_ms = 40,
		.submitted = dawdle,
		.user = &heard };
	scene_t scene;

	open_scene(&scene, PLAY_MEMORY);
	for (i = 0; i < MARKET_BATCH_OFFERS + 1; i++)
		offers[i] = market_slice_of(junk);
	ck_assert_int_eq(
	    market_store_submit_many(scene.play.store, offers,
		MARKET_BATCH_OFFERS + 1, scene.play.now, &options, &told, NULL),
	    MARKET_E_TIMEOUT);
	ck_assert_uint_eq(told, heard);
	ck_assert(told == 0 || told == MARKET_BATCH_OFFERS);
	play_clear(&scene.play);
}
END_TEST

START_TEST(many_are_used_wrongly)
{
	market_batch_options_t good = { .size = sizeof(good),
		.submitted = hear },
			       bad;
	scene_t scene;

	open_scene(&scene, PLAY_MEMORY);
	good.user = &scene;
#define MUST_REFUSE(store, list, n, options)                                  \
	ck_assert_int_eq(                                                     \
	    market_store_submit_many(store, list, n, 0, options, NULL, NULL), \
	    MARKET_E_ARGUMENT)
	MUST_REFUSE(NULL, scene.offers, 1, &good);
	MUST_REFUSE(scene.play.store, NULL, 1, &good);
	MUST_REFUSE(scene.play.store, scene.offers, 1, NULL);
	bad = good;
	bad.size--;
	MUST_REFUSE(scene.play.store, scene.offers, 1, &bad);
	bad = good;
	bad.submitted = NULL;
	MUST_REFUSE(scene.play.store, scene.offers, 1, &bad);
	bad = good;
	bad.threads = MARKET_BATCH_THREADS_MAX + 1;
	MUST_REFUSE(scene.play.store, scene.offers, 1, &bad);
	ck_assert_int_eq(market_store_submit_many(scene.play.store,
			     scene.offers, 1, -1, &good, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_uint_eq(scene.told, 0);
	ck_assert_int_eq(market_store_submit_many(
			     scene.play.store, NULL, 0, 0, &good, NULL, NULL),
	    MARKET_OK);
	play_clear(&scene.play);
}
END_TEST

/* ---- what it costs ---- */

/* Every offer that names a key of its seller is verified once, by whomever. */
START_TEST(many_are_verified_once)
{
	unsigned threads;
	scene_t scene;

	for (threads = 1; threads < 5; threads++) {
		open_scene(&scene, PLAY_MEMORY);
		scene.offers[11] = scene.offers[10];
		scene.offers[5] = scene.offers[4];
		scene.offers[7] = scene.offers[6];
		scene.offers[9] = scene.offers[8];
		count_verified = 0;
		ck_assert_int_eq(
		    submit_many(&scene, threads, 0, NULL), MARKET_OK);
		ck_assert_uint_eq(count_verified, OFFERS);
		play_clear(&scene.play);
	}
}
END_TEST

/*
 * In one transaction, one commit. Of a new listing: itself, its name among its
 * seller's, its question's index row, its entry and its payload; and once for
 * all of them the seller and the head. The question that they share stays as
 * it was.
 */
START_TEST(many_are_written_once)
{
	uint64_t before, rows;
	char edit[128], name[16];
	scene_t scene;
	size_t i;

	open_scene(&scene, PLAY_MEMORY);
	for (i = 0; i < OFFERS; i++) {
		snprintf(edit, sizeof(edit),
		    "+x%zu =offer {'header': {'id': 'one-%zu'}}", i, i);
		play_edit(&scene.play, edit);
	}
	for (i = 0; i < OFFERS; i++) {
		snprintf(name, sizeof(name), "x%zu", i);
		scene.offers[i] = world_envelope(scene.play.world, name);
	}
	count_store(scene.play.store);
	before = real->rows_written(scene.play.store->backend);
	ck_assert_int_eq(submit_many(&scene, 1, 0, NULL), MARKET_OK);
	rows = real->rows_written(scene.play.store->backend) - before;
	ck_assert_uint_eq(count_commits, 1);
	ck_assert_uint_eq(rows, 5 * OFFERS + 2);
	/* Again, they write nothing. */
	before += rows;
	ck_assert_int_eq(submit_many(&scene, 1, 0, NULL), MARKET_OK);
	ck_assert_uint_eq(
	    real->rows_written(scene.play.store->backend), before);
	ck_assert_uint_eq(count_commits, 1);
	scene.play.store->backend->ops = real;
	play_clear(&scene.play);
}
END_TEST

/* ---- several at once ---- */

typedef struct caller {
	scene_t *scene;
	size_t index;
	int64_t at;
	market_status_t status;
	market_submissions_t *submissions;
	pthread_t thread;
} caller_t;

static void *
call(void *user)
{
	caller_t *caller = user;

	caller->status = market_store_submit(caller->scene->play.store,
	    &caller->scene->offers[caller->index], 1, caller->at,
	    &caller->submissions, NULL);
	return NULL;
}

static size_t
count_waiting(market_store_t *store)
{
	const struct market__waiting *w;
	size_t n;

	pthread_mutex_lock(&store->lock);
	n = market__waiting_count(store);
	w = store->waiting;
	pthread_mutex_unlock(&store->lock);
	ck_assert((w == NULL) == (n == 0));
	return n;
}

/*
 * Keeps the store busy while callers come with every stride-th offer, a second
 * apart; each is in line before the next one comes.
 */
static void
line_up(scene_t *scene, market__call_t *busy, caller_t *callers, size_t n,
    size_t stride)
{
	struct timespec moment = { 0, 1000000 };
	size_t i;

	ck_assert_int_eq(
	    market__call_begin(scene->play.store, NULL, busy), MARKET_OK);
	for (i = 0; i < n; i++) {
		callers[i] = (caller_t){ .scene = scene,
			.index = stride * i,
			.at = scene->play.now++ };
		ck_assert_int_eq(
		    pthread_create(&callers[i].thread, NULL, call, &callers[i]),
		    0);
		while (count_waiting(scene->play.store) <= i)
			(void)nanosleep(&moment, NULL);
	}
}

static void
let_go(scene_t *scene, market__call_t *busy, caller_t *callers, size_t n)
{
	size_t i;

	ck_assert_int_eq(market__call_end(busy, MARKET_OK), MARKET_OK);
	for (i = 0; i < n; i++)
		ck_assert_int_eq(pthread_join(callers[i].thread, NULL), 0);
	scene->play.store->backend->ops = real;
}

/* Several wait while the store is busy, and are served by one transaction. */
START_TEST(those_who_wait_share_a_transaction)
{
	caller_t callers[OFFERS / 2];
	market__call_t busy;
	scene_t scene;
	size_t i, n = OFFERS / 2;
	int kind = _i == 0 ? PLAY_MEMORY : PLAY_FILE;

	if (!play_can(kind))
		HARNESS_SKIP("there is no SQLite");
	open_scene(&scene, kind);
	count_store(scene.play.store);
	line_up(&scene, &busy, callers, n, 2);
	let_go(&scene, &busy, callers, n);
	for (i = 0; i < n; i++) {
		ck_assert_int_eq(callers[i].status, MARKET_OK);
		ck_assert_int_eq(
		    market_submissions_at(callers[i].submissions, 0)->result,
		    MARKET_RESULT_ACCEPTED);
		market_submissions_free(callers[i].submissions);
	}
	ck_assert_uint_eq(count_commits, 1);
	play_clear(&scene.play);
}
END_TEST

static size_t fail_commits;

static market_status_t
failing_commit(market__backend_t *backend, market_error_t *reterr)
{
	if (fail_commits > 0) {
		fail_commits--;
		return market__error(
		    reterr, MARKET_E_MEMORY, NULL, -1, "no memory to commit");
	}
	return real->commit(backend, reterr);
}

/* What the group fails with, each of them tries by itself. */
START_TEST(those_who_share_do_not_share_a_failure)
{
	caller_t callers[3];
	market__call_t busy;
	scene_t scene;
	size_t i, failed = 0;

	open_scene(&scene, PLAY_MEMORY);
	count_store(scene.play.store);
	counting.commit = failing_commit;
	fail_commits = 2; /* the group's, and the first one's own */
	line_up(&scene, &busy, callers, 3, 2);
	let_go(&scene, &busy, callers, 3);
	for (i = 0; i < 3; i++) {
		failed += callers[i].status == MARKET_E_MEMORY;
		if (callers[i].status != MARKET_OK) {
			ck_assert_ptr_null(callers[i].submissions);
			continue;
		}
		ck_assert_int_eq(
		    market_submissions_at(callers[i].submissions, 0)->result,
		    MARKET_RESULT_ACCEPTED);
		market_submissions_free(callers[i].submissions);
	}
	ck_assert_uint_eq(failed, 1);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(submit_one(&scene, 2 * i),
		    callers[i].status == MARKET_OK ? MARKET_RESULT_DUPLICATE
						   : MARKET_RESULT_ACCEPTED);
	play_clear(&scene.play);
}
END_TEST

/* Of what was joined to an offer in a transaction that failed nothing stays. */
START_TEST(those_who_share_begin_anew_with_what_they_brought)
{
	market_submissions_t *of_second = NULL;
	caller_t callers[2];
	market__call_t busy;
	scene_t scene;

	open_scene(&scene, PLAY_MEMORY);
	play_edit(&scene.play,
	    "+seller2 =seller {'header': {'revision': '2'}, "
	    "'keys': '$keys:shop.example shop.example#2'}");
	play_add(&scene.play, "seller2", "ACCEPTED", 0);
	play_edit(&scene.play, "+again =m0 @shop.example#2");
	scene.offers[0] = world_envelope(scene.play.world, "m0");
	scene.offers[1] = world_envelope(scene.play.world, "again");
	count_store(scene.play.store);
	counting.commit = failing_commit;
	fail_commits = 2; /* the group's, and the first one's own */
	line_up(&scene, &busy, callers, 2, 1);
	let_go(&scene, &busy, callers, 2);
	ck_assert_int_eq(callers[0].status, MARKET_E_MEMORY);
	ck_assert_int_eq(callers[1].status, MARKET_OK);
	of_second = callers[1].submissions;
	ck_assert_int_eq(market_submissions_at(of_second, 0)->result,
	    MARKET_RESULT_ACCEPTED);
	market_submissions_free(of_second);
	/* The first one's signature is not there: it adds something. */
	ck_assert_int_eq(submit_one(&scene, 0), MARKET_RESULT_ACCEPTED);
	ck_assert_int_eq(submit_one(&scene, 0), MARKET_RESULT_DUPLICATE);
	play_clear(&scene.play);
}
END_TEST

static market_status_t
doubtful_commit(market__backend_t *backend, market_error_t *reterr)
{
	real->rollback(backend);
	return market__error(reterr, MARKET_E_IN_DOUBT, NULL, -1,
	    "the answer to a commit was lost");
}

/* What the disk fails with is everybody's, and is not tried again. */
START_TEST(those_who_share_share_what_the_store_fails_with)
{
	caller_t callers[3];
	market__call_t busy;
	scene_t scene;
	size_t i;

	open_scene(&scene, PLAY_MEMORY);
	count_store(scene.play.store);
	counting.commit = doubtful_commit;
	line_up(&scene, &busy, callers, 3, 2);
	let_go(&scene, &busy, callers, 3);
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(callers[i].status, MARKET_E_IN_DOUBT);
		ck_assert_ptr_null(callers[i].submissions);
	}
	play_clear(&scene.play);
}
END_TEST

static Suite *
submit_suite(void)
{
	Suite *suite = suite_create("submit many");
	TCase *many = tcase_create("many");
	TCase *cost = tcase_create("cost");
	TCase *group = tcase_create("group");

	tcase_set_timeout(many, 60);
	tcase_add_loop_test(
	    many, many_are_what_they_are_one_by_one, 0, PLAY_KINDS);
	tcase_add_test(many, many_end_when_they_are_told_to);
	tcase_add_loop_test(
	    many, many_are_fewer_at_once_where_they_take_too_much, 0, 4);
	tcase_add_test(many, many_end_where_one_alone_is_too_much);
	tcase_add_test(many, many_end_when_their_time_is_over);
	tcase_add_test(many, many_are_used_wrongly);
	suite_add_tcase(suite, many);
	tcase_add_test(cost, many_are_verified_once);
	tcase_add_test(cost, many_are_written_once);
	suite_add_tcase(suite, cost);
	tcase_add_loop_test(group, those_who_wait_share_a_transaction, 0, 2);
	tcase_add_test(group, those_who_share_do_not_share_a_failure);
	tcase_add_test(
	    group, those_who_share_begin_anew_with_what_they_brought);
	tcase_add_test(group, those_who_share_share_what_the_store_fails_with);
	suite_add_tcase(suite, group);
	return suite;
}

int
main(void)
{
	return harness_main(submit_suite());
}
