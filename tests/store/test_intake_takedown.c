/* SPDX-License-Identifier: Apache-2.0 */
/*
 * M13: while one process takes a feed in, another withdraws the grant that its
 * offers rest on. From that commit on no reader is told that one of them may
 * be sold, neither of those that are in nor of those that come.
 */
#include "config.h" /* mkdtemp */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/store_intake.h"
#include "harness.h"
#include "intake_bulk.h"

/* No taker lives longer, whatever happens. */
#define LIFE_SECONDS 120
#define QUESTIONS    200
#define ROWS         5000
/* Rows of one transaction. */
#define STEP ((unsigned long)MARKET__INTAKE_JOBS * MARKET_FEED_CHUNK)

static const bulk_t bulk = { 1, ROWS, 0, 2 };

/* ---- the taker ---- */

/* Tells each commit; in step it goes on once it is told to. */
static int
tell_step(void *user, uint64_t done)
{
	const bool *in_step = user;
	char word = '.';

	(void)done;
	if (write(STDOUT_FILENO, &word, 1) != 1 ||
	    (*in_step && read(STDIN_FILENO, &word, 1) != 1))
		return -1;
	return 0;
}

/* "--take STORE FEED STEP" */
static int
take(const char *path, const char *feed, bool in_step)
{
	market_intake_options_t options = {
		.threads = 2, .progress = tell_step, .user = &in_step
	};
	market_error_t error = MARKET_ERROR_INIT;
	market_intake_report_t report;
	market_store_t *store;
	kit_t *kit;

	alarm(LIFE_SECONDS);
	kit = kit_new(QUESTIONS);
	store = kit_open(kit, path, NULL);
	kit_must(bulk_take(kit, store, feed, &options, &report, &error), &error,
	    "taking in");
	if (!report.done || report.listed != ROWS ||
	    report.rows.permitted + report.rows.denied != ROWS)
		kit_die("%llu rows are listed, %llu permitted, %llu denied",
		    (unsigned long long)report.listed,
		    (unsigned long long)report.rows.permitted,
		    (unsigned long long)report.rows.denied);
	market_store_free(store);
	kit_free(kit);
	return EXIT_SUCCESS;
}

/* ---- who withdraws, and who reads ---- */

typedef struct scene {
	char self[256];
	char folder[32], path[64], feed[64];
	kit_t *kit;
	market_store_t *writer, *reader;
	pid_t pid;
	int to, from; /* pipes of the taker */
	size_t steps; /* it has committed */
} scene_t;

static void
open_scene(scene_t *s)
{
	ssize_t len;

	memset(s, 0, sizeof(*s));
	len = readlink("/proc/self/exe", s->self, sizeof(s->self) - 1);
	ck_assert_int_gt(len, 0);
	snprintf(s->folder, sizeof(s->folder), "intake-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(s->folder));
	snprintf(s->path, sizeof(s->path), "%s/store", s->folder);
	snprintf(s->feed, sizeof(s->feed), "%s/feed", s->folder);
	s->kit = kit_new(QUESTIONS);
	bulk_pack(s->kit, &bulk, s->feed);
	s->writer = kit_create(s->kit, s->path, NULL);
	s->reader = kit_open(s->kit, s->path, NULL);
	ck_assert(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
}

static void
start_taker(scene_t *s, const char *in_step)
{
	int to[2], from[2];

	ck_assert(pipe(to) == 0 && pipe(from) == 0);
	s->pid = fork();
	ck_assert_int_ge(s->pid, 0);
	if (s->pid == 0) {
		if (dup2(to[0], STDIN_FILENO) < 0 ||
		    dup2(from[1], STDOUT_FILENO) < 0)
			_exit(126);
		close(to[0]);
		close(to[1]);
		close(from[0]);
		close(from[1]);
		execl(s->self, s->self, "--take", s->path, s->feed, in_step,
		    (char *)NULL);
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	s->to = to[1];
	s->from = from[0];
}

/* Its next commit; false: it has ended, well. */
static bool
next_step(scene_t *s)
{
	int status;
	char word;

	if (read(s->from, &word, 1) == 1) {
		s->steps++;
		return true;
	}
	ck_assert_int_eq(waitpid(s->pid, &status, 0), s->pid);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS,
	    "the taker ended badly: %d", status);
	return false;
}

static void
let_go_on(const scene_t *s)
{
	ck_assert_int_eq(write(s->to, "g", 1), 1);
}

static void
add(scene_t *s, market_buffer_t envelope)
{
	kit_add(s->writer, market_buffer_slice(&envelope));
	market_buffer_clear(&envelope);
}

static void
close_scene(scene_t *s)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char path[80];
	size_t i;

	close(s->to);
	close(s->from);
	market_store_free(s->reader);
	market_store_free(s->writer);
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s", s->path, suffixes[i]);
		(void)unlink(path);
	}
	ck_assert_int_eq(unlink(s->feed), 0);
	ck_assert_int_eq(rmdir(s->folder), 0);
	kit_free(s->kit);
}

static market_status_t
sale(scene_t *s, unsigned long i)
{
	return market_store_sale(s->reader,
	    market_slice_of(bulk_listing(&bulk, i)), market_slice_of("US"),
	    MARKET_CHANNEL_ONLINE_STORE, market_slice_of(KIT_NETWORK), KIT_NOW,
	    0, NULL, NULL);
}

/* Those from `first` to `last` are all there, and may be sold, or not. */
static void
expect_sales(
    scene_t *s, unsigned long first, unsigned long last, market_status_t want)
{
	market_status_t got;
	unsigned long i;

	for (i = first; i < last && i < ROWS; i += 7) {
		got = sale(s, i);
		ck_assert_msg(got == want, "%s: %s, and not %s",
		    bulk_listing(&bulk, i), market_status_name(got),
		    market_status_name(want));
	}
}

static void
expect_sound(scene_t *s)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_faults_t *faults = NULL;

	kit_must(market_store_fsck(s->reader, NULL, &faults, &error), &error,
	    "fsck");
	ck_assert_msg(market_faults_at(faults, 0) == NULL, "%s",
	    market_faults_at(faults, 0));
	market_faults_free(faults);
}

/* With the next revision of the grant all of them may be sold. */
static void
grant_again(scene_t *s)
{
	add(s, kit_grant(s->kit, 0, 2));
	expect_sales(s, 0, ROWS, MARKET_OK);
	expect_sound(s);
}

START_TEST(withdrawal_between_two_commits_holds_for_all_rows)
{
	scene_t s;

	open_scene(&s);
	start_taker(&s, "step");
	ck_assert(next_step(&s));
	expect_sales(&s, 0, STEP, MARKET_OK);
	expect_sales(&s, STEP, ROWS, MARKET_E_NOT_FOUND);
	let_go_on(&s);
	ck_assert(next_step(&s));
	add(&s, kit_withdrawal(s.kit, 0, 1));
	expect_sales(&s, 0, 2 * STEP, MARKET_E_DENIED);
	let_go_on(&s);
	while (next_step(&s)) {
		expect_sales(
		    &s, (s.steps - 1) * STEP, s.steps * STEP, MARKET_E_DENIED);
		let_go_on(&s);
	}
	ck_assert_uint_eq(s.steps, (ROWS + STEP - 1) / STEP);
	expect_sales(&s, 0, ROWS, MARKET_E_DENIED);
	grant_again(&s);
	close_scene(&s);
}
END_TEST

/* It comes at any time, and the reader asks for what may just be coming. */
START_TEST(withdrawal_while_a_feed_runs_in_holds_at_once)
{
	market_status_t status;
	unsigned long i = 0;
	bool ended = false;
	scene_t s;

	open_scene(&s);
	start_taker(&s, "run");
	while (s.steps <= (size_t)_i && next_step(&s))
		;
	add(&s, kit_withdrawal(s.kit, 0, 1));
	while (!ended) {
		for (i = 0; i < ROWS; i += 61) {
			status = sale(&s, i);
			ck_assert_msg(status == MARKET_E_DENIED ||
				status == MARKET_E_NOT_FOUND,
			    "%s: %s", bulk_listing(&bulk, i),
			    market_status_name(status));
		}
		ended = !next_step(&s);
	}
	expect_sales(&s, 0, ROWS, MARKET_E_DENIED);
	grant_again(&s);
	close_scene(&s);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite;
	TCase *tcase;

	if (argc == 5 && strcmp(argv[1], "--take") == 0)
		return take(argv[2], argv[3], strcmp(argv[4], "step") == 0);
	suite = suite_create("intake_takedown");
	tcase = tcase_create("intake_takedown");
	tcase_set_timeout(tcase, 120);
	tcase_add_test(
	    tcase, withdrawal_between_two_commits_holds_for_all_rows);
	tcase_add_loop_test(
	    tcase, withdrawal_while_a_feed_runs_in_holds_at_once, 0, 3);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
