/* SPDX-License-Identifier: Apache-2.0 */
/*
 * P3: whoever takes a feed in is killed at random times, and another goes on,
 * until it is whole: then the store is the same, to the last byte of its
 * history, as one into which it was taken in one go; and fsck finds nothing.
 *
 * MARKET_INTAKE_KILLS (3), MARKET_INTAKE_ROWS (2,000) and MARKET_KILL9_SEED (of
 * the clock, and printed) say how often, how large a feed, and when.
 */
#include "config.h" /* mkdtemp */

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"
#include "intake_bulk.h"

/* No taker lives longer, whatever happens. */
#define LIFE_SECONDS 600
#define QUESTIONS    200

/* ---- the taker ---- */

static int
tell_step(void *user, uint64_t done)
{
	(void)user;
	(void)done;
	return write(STDOUT_FILENO, ".", 1) == 1 ? 0 : -1;
}

static market_intake_options_t
taking(void)
{
	market_intake_options_t options = {
		.threads = 2, .max_ended = UINT64_MAX, .progress = tell_step
	};

	return options;
}

/* "--take STORE FEED": goes on where the last one was killed. */
static int
take_on(const char *path, const char *feed)
{
	market_intake_options_t options = taking();
	market_error_t error = MARKET_ERROR_INIT;
	market_intake_report_t report;
	market_store_t *store;
	kit_t *kit;

	alarm(LIFE_SECONDS);
	kit = kit_new(QUESTIONS);
	store = kit_open(kit, path, NULL);
	if (write(STDOUT_FILENO, "r", 1) != 1)
		kit_die("nobody listens");
	kit_must(bulk_take(kit, store, feed, &options, &report, &error), &error,
	    "taking in");
	if (!report.done)
		kit_die("it is not whole");
	market_store_free(store);
	kit_free(kit);
	return EXIT_SUCCESS;
}

/* ---- the one who kills ---- */

typedef struct killing {
	char self[256];
	char folder[32];
	char base[64], feed[64]; /* revisions 1 and 2 */
	char straight[64], path[64];
	unsigned long rows;
	uint32_t random;
	kit_t *kit;
	double seconds;            /* what it takes in one go */
	unsigned long wholes;      /* feeds that were whole before a kill */
	unsigned long early, late; /* kills before, and after a commit */
	market_store_mark_t mark;
} killing_t;

static pid_t
start_taker(const killing_t *k, int *ret_fd)
{
	int fds[2];
	pid_t pid;

	ck_assert_int_eq(pipe(fds), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (dup2(fds[1], STDOUT_FILENO) < 0)
			_exit(126);
		close(fds[0]);
		close(fds[1]);
		execl(
		    k->self, k->self, "--take", k->path, k->feed, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	*ret_fd = fds[0];
	return pid;
}

/* Waits so long for its next word; 0: it has ended; '?': it says none. */
static char
hear(int fd, double seconds)
{
	struct pollfd wait_for = { .fd = fd, .events = POLLIN };
	char word;

	if (poll(&wait_for, 1, (int)(seconds * 1e3)) == 0)
		return '?';
	return read(fd, &word, 1) == 1 ? word : '\0';
}

/* How long it lives after its first word, or after its first commit. */
static double
life_of(killing_t *k, unsigned long kills)
{
	double part = (double)(kit_random(&k->random) % 1000) / 1000;

	return part * 2 * k->seconds / (double)kills;
}

/* True: it was killed; false: it was whole before that. */
static bool
run_taker(killing_t *k, unsigned long kills)
{
	bool after_commit = kit_random(&k->random) % 2 == 0;
	double left, until;
	bool committed = false;
	int fd, status;
	char word;
	pid_t pid;

	pid = start_taker(k, &fd);
	word = hear(fd, LIFE_SECONDS);
	while (after_commit && word == 'r')
		word = hear(fd, LIFE_SECONDS);
	committed = word == '.';
	until = kit_seconds() + life_of(k, kills);
	while (word != '\0' && word != '?') {
		left = until - kit_seconds();
		word = hear(fd, left > 0 ? left : 0);
		committed = committed || word == '.';
	}
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	close(fd);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
		*(committed ? &k->late : &k->early) += 1;
		return true;
	}
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS,
	    "the taker ended by itself: %d", status);
	return false;
}

/* ---- what is there ---- */

static void
remove_store(const char *path)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char name[80];
	size_t i;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, suffixes[i]);
		(void)unlink(name);
	}
}

/* A store that has the first revision. */
static void
new_store(killing_t *k, const char *path)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_intake_report_t report;
	market_store_t *store;

	remove_store(path);
	store = kit_create(k->kit, path, NULL);
	kit_must(bulk_take(k->kit, store, k->base, NULL, &report, &error),
	    &error, "the first revision");
	kit_must(
	    market_store_get_mark(store, &k->mark, &error), &error, "a mark");
	market_store_free(store);
}

/* What was committed when it was last looked at is still there. */
static void
check_mark(killing_t *k)
{
	market_store_options_t options = { .size = sizeof(options) };
	market_error_t error = MARKET_ERROR_INIT;
	market_store_t *store;

	options.mark = &k->mark;
	store = kit_open(k->kit, k->path, &options);
	kit_must(
	    market_store_get_mark(store, &k->mark, &error), &error, "a mark");
	market_store_free(store);
}

static void
check_whole(killing_t *k)
{
	market_intake_options_t options = taking();
	market_error_t error = MARKET_ERROR_INIT;
	market_store_t *killed, *straight;
	market_store_mark_t want, got;
	market_intake_report_t report;
	market_faults_t *faults = NULL;

	killed = kit_open(k->kit, k->path, NULL);
	options.progress = NULL;
	kit_must(bulk_take(k->kit, killed, k->feed, &options, &report, &error),
	    &error, "the rest");
	ck_assert(report.done);
	ck_assert_uint_eq(report.listed, k->rows);
	ck_assert_uint_eq(report.rows.permitted, k->rows);
	ck_assert_uint_eq(report.ended, k->rows / 10);
	kit_must(market_store_get_mark(killed, &got, &error), &error, "a mark");
	straight = kit_open(k->kit, k->straight, NULL);
	kit_must(
	    market_store_get_mark(straight, &want, &error), &error, "a mark");
	market_store_free(straight);
	ck_assert_uint_eq(got.entries, want.entries);
	ck_assert_uint_eq(got.epoch, want.epoch);
	ck_assert_mem_eq(got.entry_chain, want.entry_chain, MARKET_DIGEST_LEN);
	ck_assert_mem_eq(got.epoch_chain, want.epoch_chain, MARKET_DIGEST_LEN);
	kit_must(
	    market_store_fsck(killed, NULL, &faults, &error), &error, "fsck");
	ck_assert_msg(market_faults_at(faults, 0) == NULL, "fsck: %s",
	    market_faults_at(faults, 0));
	market_faults_free(faults);
	market_store_free(killed);
}

/* ---- all of it ---- */

static unsigned long
number_of(const char *name, unsigned long otherwise)
{
	const char *value = getenv(name);

	return value == NULL || *value == '\0' ? otherwise : kit_number(value);
}

/* Revision 2 has none of the first one's, which lie among its own at the
 * beginning: there listings become rows, and packs behind them. */
static void
prepare(killing_t *k)
{
	bulk_t base = { 1, k->rows / 10, 1, 2 }, feed = { 2, k->rows, 0, 2 };
	market_intake_options_t options = taking();
	market_error_t error = MARKET_ERROR_INIT;
	market_intake_report_t report;
	market_store_t *store;
	ssize_t len;

	len = readlink("/proc/self/exe", k->self, sizeof(k->self) - 1);
	ck_assert_int_gt(len, 0);
	snprintf(k->folder, sizeof(k->folder), "intake-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(k->folder));
	snprintf(k->base, sizeof(k->base), "%s/base", k->folder);
	snprintf(k->feed, sizeof(k->feed), "%s/feed", k->folder);
	snprintf(k->path, sizeof(k->path), "%s/store", k->folder);
	snprintf(k->straight, sizeof(k->straight), "%s/straight", k->folder);
	k->kit = kit_new(QUESTIONS);
	bulk_pack(k->kit, &base, k->base);
	bulk_pack(k->kit, &feed, k->feed);
	new_store(k, k->straight);
	store = kit_open(k->kit, k->straight, NULL);
	options.progress = NULL;
	k->seconds = kit_seconds();
	kit_must(bulk_take(k->kit, store, k->feed, &options, &report, &error),
	    &error, "in one go");
	k->seconds = kit_seconds() - k->seconds;
	market_store_free(store);
}

static void
clean_up(killing_t *k)
{
	remove_store(k->straight);
	remove_store(k->path);
	ck_assert_int_eq(unlink(k->base), 0);
	ck_assert_int_eq(unlink(k->feed), 0);
	ck_assert_int_eq(rmdir(k->folder), 0);
	kit_free(k->kit);
}

START_TEST(feed_is_whole_in_the_end_whoever_is_killed)
{
	unsigned long kills = number_of("MARKET_INTAKE_KILLS", 3), killed = 0;
	unsigned long seed = number_of(
	    "MARKET_KILL9_SEED", (unsigned long)time(NULL));
	static killing_t k;
	double begin;

	memset(&k, 0, sizeof(k));
	k.random = (uint32_t)seed | 1;
	k.rows = number_of("MARKET_INTAKE_ROWS", 20000);
	printf("# MARKET_KILL9_SEED=%lu, %lu kills, %lu rows\n", seed, kills,
	    k.rows);
	fflush(stdout);
	prepare(&k);
	begin = kit_seconds();
	new_store(&k, k.path);
	while (killed < kills) {
		if (run_taker(&k, kills)) {
			killed++;
			check_mark(&k);
			continue;
		}
		k.wholes++;
		check_whole(&k);
		new_store(&k, k.path);
	}
	check_whole(&k);
	printf("# in one go %.1f s; with %lu kills %.1f s: %lu before their "
	       "first commit, %lu later; %lu feeds were whole before\n",
	    k.seconds, killed, kit_seconds() - begin, k.early, k.late,
	    k.wholes);
	clean_up(&k);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite;
	TCase *tcase;

	if (argc == 4 && strcmp(argv[1], "--take") == 0)
		return take_on(argv[2], argv[3]);
	suite = suite_create("intake_kill9");
	tcase = tcase_create("intake_kill9");
	tcase_set_timeout(tcase, 7200);
	tcase_add_test(tcase, feed_is_whole_in_the_end_whoever_is_killed);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
