/* SPDX-License-Identifier: Apache-2.0 */
/* What the operating system and other processes do. */
#include "config.h"

#include "sqlite_kit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/sqlite.h"

#define NOBODY 65534

static place_t place, other;

static void
setup(void)
{
	place_init(&place);
}

static void
teardown(void)
{
	place_clear(&place);
}

/* A second handle on the same file. */
static void
open_other(void)
{
	other = place;
	other.backend = NULL;
	harness_memory_init(&other.memory);
	market__arena_init(&other.arena, &market__default_allocator, SIZE_MAX);
	place_opens(&other);
}

static void
close_other(void)
{
	place_close(&other);
	market__arena_clear(&other.arena);
}

/* ---- P6: paths ---- */

START_TEST(sqlite_tells_what_is_wrong_with_a_path)
{
	static const struct {
		const char *label;
		const char *path;
		bool create;
		market_status_t want;
		const char *text;
	} rows[] = {
		{ "P6 nothing there", "none.db", false, MARKET_E_NOT_FOUND,
		    "no such file" },
		{ "P6 no parent", "none/market.db", false, MARKET_E_NOT_FOUND,
		    "no such file" },
		{ "P6 create without parent", "none/market.db", true,
		    MARKET_E_IO, "No such file or directory (errno 2)" },
		{ "P6 a directory", "sub", false, MARKET_E_IO,
		    "it is a directory" },
		{ "P6 create over a directory", "sub", true, MARKET_E_IO,
		    "it is there already" },
		{ "P6 a file as a directory", "file/market.db", false,
		    MARKET_E_IO, "Not a directory" },
		{ "P6 create below a file", "file/market.db", true, MARKET_E_IO,
		    "Not a directory" },
		{ "P6 a pipe", "pipe", false, MARKET_E_IO, "no regular file" },
		{ "P6 a circle of links", "circle", false, MARKET_E_IO,
		    "symbolic links" },
		{ "P6 a link to nothing", "link", false, MARKET_E_NOT_FOUND,
		    "no such file" },
	};
	market__backend_t *backend = NULL;
	char path[128];
	FILE *file;
	size_t i;

	ck_assert_int_eq(chdir(place.folder), 0);
	ck_assert_int_eq(mkdir("sub", 0700), 0);
	ck_assert_int_eq(mkfifo("pipe", 0600), 0);
	ck_assert_int_eq(symlink("circle", "circle"), 0);
	ck_assert_int_eq(symlink("none.db", "link"), 0);
	file = fopen("file", "w");
	fclose(file);
	ck_assert_int_eq(chdir(".."), 0);
	for (i = 0; i < MARKET__COUNT(rows); i++) {
		snprintf(
		    path, sizeof(path), "%s/%s", place.folder, rows[i].path);
		ck_assert_msg(market__backend_open(&place.memory.allocator,
				  path, rows[i].create, 0, 10, &backend,
				  &place.error) == rows[i].want,
		    "%s: %s", rows[i].label, place.error.message);
		ck_assert_msg(strstr(place.error.message, rows[i].text) != NULL,
		    "%s: %s", rows[i].label, place.error.message);
		ck_assert_str_eq(place.error.path, path);
		ck_assert_ptr_null(backend);
	}
}
END_TEST

START_TEST(sqlite_tells_io_when_the_path_is_too_long)
{
	market__backend_t *backend;
	char path[6000];

	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	ck_assert_int_eq(market__backend_open(&place.memory.allocator, path,
			     true, 0, 10, &backend, &place.error),
	    MARKET_E_IO);
	ck_assert_int_eq(market__backend_open(&place.memory.allocator, path,
			     false, 0, 10, &backend, &place.error),
	    MARKET_E_IO);
}
END_TEST

/* ---- P6: permissions, which root does not have to ask for ---- */

/* Status of opening, or of the first write, as somebody who is not root. */
static market_status_t
as_nobody(bool create)
{
	market_status_t rv;
	int status;
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		if (geteuid() == 0 && setuid(NOBODY) != 0)
			_exit(99);
		rv = create ? place_create(&place) : place_open(&place);
		if (rv == MARKET_OK)
			rv = place_write(&place, create ? 1 : 2);
		if (rv == MARKET_OK)
			place_close(&place);
		_exit(-(int)rv);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return (market_status_t)-WEXITSTATUS(status);
}

static void
set_modes(mode_t folder, mode_t file)
{
	if (geteuid() == 0 &&
	    (chown(place.folder, NOBODY, NOBODY) != 0 ||
		(place_has(&place, "") &&
		    chown(place.path, NOBODY, NOBODY) != 0)))
		ck_abort_msg("chown: %s", strerror(errno));
	ck_assert_int_eq(chmod(place.folder, folder), 0);
	if (place_has(&place, ""))
		ck_assert_int_eq(chmod(place.path, file), 0);
}

START_TEST(sqlite_tells_io_when_it_may_not_write)
{
	market_status_t rv;

	set_modes(0700, 0600);
	rv = as_nobody(true);
	ck_assert_int_eq(chmod(place.folder, 0700), 0);
	if (rv != MARKET_OK)
		HARNESS_SKIP("nobody cannot reach the folder of the tests");
	ck_assert_int_eq(unlink(place.path), 0);
	set_modes(0500, 0);
	ck_assert_int_eq(as_nobody(true), MARKET_E_IO);
	set_modes(0700, 0);
	place_fill(&place, 1);
	set_modes(0700, 0600);
	OK(as_nobody(false));
	set_modes(0700, 0400);
	ck_assert_int_eq(as_nobody(false), MARKET_E_IO);
	set_modes(0700, 0);
	ck_assert_int_eq(as_nobody(false), MARKET_E_IO);
	/* The log cannot be made. */
	set_modes(0500, 0600);
	ck_assert_int_eq(as_nobody(false), MARKET_E_IO);
	set_modes(0, 0600);
	ck_assert_int_eq(as_nobody(false), MARKET_E_IO);
	set_modes(0700, 0600);
	place_opens(&place);
	ck_assert(place_holds(&place, 2));
}
END_TEST

/* ---- X10: file descriptors ---- */

START_TEST(sqlite_tells_io_when_there_are_no_descriptors)
{
	struct rlimit before, few;
	market_status_t rv = MARKET_E_IO;
	bool create;
	int fd, i;

	place_fill(&place, 1);
	for (create = false;; create = true) {
		if (create)
			ck_assert_int_eq(unlink(place.path), 0);
		ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
		fd = open("/dev/null", O_RDONLY);
		ck_assert_int_ge(fd, 0);
		close(fd);
		rv = MARKET_E_IO;
		for (i = 0; rv != MARKET_OK && i < 10; i++) {
			few = before;
			few.rlim_cur = (rlim_t)(fd + i);
			ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
			rv = create ? place_create(&place) : place_open(&place);
			ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
			if (rv == MARKET_OK)
				break;
			ck_assert_msg(rv == MARKET_E_IO, "X10 %d: %s", i,
			    place.error.message);
			ck_assert_ptr_nonnull(
			    strstr(place.error.message, "Too many open files"));
			/* valgrind opens first and refuses then. */
			if (create && getenv("MARKET_SLOW") != NULL)
				(void)unlink(place.path);
			ck_assert(!create || !place_has(&place, ""));
		}
		ck_assert_int_gt(i, 0);
		OK(rv);
		place_close(&place);
		if (create)
			break;
	}
}
END_TEST

START_TEST(sqlite_tells_io_when_the_file_is_removed_or_replaced)
{
	place_fill(&place, 1);
	place_copy(&place, "", "-copy");
	place_opens(&place);
	OK(place_write(&place, 2));
	ck_assert_int_eq(unlink(place.path), 0);
	ck_assert_int_eq(place_write(&place, 3), MARKET_E_IO);
	ck_assert_ptr_nonnull(strstr(place.error.message, "while it was open"));
	place_copy(&place, "-copy", "");
	ck_assert_int_eq(
	    place.ops->begin(place.backend, false, NULL), MARKET_E_IO);
	place_close(&place);
}
END_TEST

/* ---- P11, P12: others ---- */

START_TEST(sqlite_reader_keeps_its_state_while_another_writes)
{
	market__store_head_t head;
	const market__entry_row_t *rows;
	size_t n;

	place_fill(&place, 3);
	place_opens(&place);
	open_other();
	OK(other.ops->begin(other.backend, false, NULL));
	/* Begun is enough: nothing was asked yet. */
	OK(place_write(&place, 4));
	OK(other.ops->head_get(other.backend, &head, NULL));
	ck_assert_uint_eq(head.entries, 3);
	OK(place_write(&place, 5));
	OK(other.ops->entries(
	    other.backend, 0, 100, &other.arena, &rows, &n, NULL));
	ck_assert_uint_eq(n, 3);
	OK(other.ops->commit(other.backend, NULL));
	ck_assert(place_holds(&other, 5));
	close_other();
}
END_TEST

static long
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

START_TEST(sqlite_second_writer_waits_and_is_told_busy)
{
	long began, took;

	place.busy_timeout_ms = 200;
	place_fill(&place, 1);
	place_opens(&place);
	open_other();
	OK(place.ops->begin(place.backend, true, NULL));
	OK(place_put(&place, 2));
	began = milliseconds();
	ck_assert_int_eq(
	    other.ops->begin(other.backend, true, &other.error), MARKET_E_BUSY);
	took = milliseconds() - began;
	ck_assert_int_ge(took, 150);
	ck_assert_ptr_nonnull(strstr(other.error.message, "try again"));
	/* No transaction: there is nothing to end, and reading goes on. */
	ck_assert_int_eq(
	    other.ops->commit(other.backend, NULL), MARKET_E_STATE);
	ck_assert(place_holds(&other, 1));
	OK(place.ops->commit(place.backend, NULL));
	OK(place_write(&other, 3));
	ck_assert(place_holds(&place, 3));
	close_other();
}
END_TEST

START_TEST(sqlite_open_is_told_busy_when_the_file_is_locked)
{
	sqlite3 *db;

	place_fill(&place, 1);
	place_sql(&place, "PRAGMA journal_mode=DELETE");
	ck_assert_int_eq(sqlite3_open(place.path, &db), SQLITE_OK);
	ck_assert_int_eq(
	    sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
	place_refuses(&place, MARKET_E_BUSY, "try again");
	ck_assert_int_eq(
	    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	place_opens(&place);
	sqlite3_close(db);
	ck_assert(place_holds(&place, 1));
}
END_TEST

static int
stop_at_once(void *user)
{
	(void)user;
	return 1;
}

START_TEST(sqlite_is_as_before_when_it_is_interrupted)
{
	sqlite3 *db;

	place_fill(&place, 1);
	place_opens(&place);
	db = ((market__sqlite_t *)place.backend)->db;
	OK(place.ops->begin(place.backend, true, NULL));
	sqlite3_progress_handler(db, 1, stop_at_once, NULL);
	ck_assert_int_eq(place_put(&place, 2), MARKET_E_BUSY);
	sqlite3_progress_handler(db, 0, NULL, NULL);
	ck_assert_int_eq(
	    place.ops->commit(place.backend, NULL), MARKET_E_STATE);
	place.ops->rollback(place.backend);
	ck_assert(place_holds(&place, 1));
	OK(place_write(&place, 2));
}
END_TEST

/* Adds one more, whatever the last number is; as often as it is busy. */
static market_status_t
add_next(place_t *at)
{
	market__store_head_t head;
	market_status_t rv;

	do {
		rv = at->ops->begin(at->backend, true, &at->error);
		if (rv != MARKET_OK)
			continue;
		rv = at->ops->head_get(at->backend, &head, &at->error);
		if (rv == MARKET_OK)
			rv = place_put(at, head.entries + 1);
		if (rv == MARKET_OK)
			rv = at->ops->commit(at->backend, &at->error);
		else
			at->ops->rollback(at->backend);
	} while (rv == MARKET_E_BUSY);
	return rv;
}

START_TEST(sqlite_serves_two_processes)
{
	const size_t rounds = harness_rounds(100);
	size_t i;
	int status;
	pid_t child;

	place.busy_timeout_ms = 5000;
	place_fill(&place, 1);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (place_open(&place) != MARKET_OK)
		_exit(98);
	for (i = 0; i < rounds; i++)
		if (add_next(&place) != MARKET_OK) {
			fprintf(stderr, "# %s\n", place.error.message);
			if (child == 0)
				_exit(97);
			ck_abort_msg("P11: %s", place.error.message);
		}
	place_close(&place);
	if (child == 0)
		_exit(0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	place_opens(&place);
	ck_assert(place_holds(&place, 1 + 2 * rounds));
	ck_assert_uint_eq(place_faults(&place), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sqlite_system");
	TCase *tcase = tcase_create("system");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, sqlite_tells_what_is_wrong_with_a_path);
	tcase_add_test(tcase, sqlite_tells_io_when_the_path_is_too_long);
	tcase_add_test(tcase, sqlite_tells_io_when_it_may_not_write);
	tcase_add_test(tcase, sqlite_tells_io_when_there_are_no_descriptors);
	tcase_add_test(
	    tcase, sqlite_tells_io_when_the_file_is_removed_or_replaced);
	tcase_add_test(
	    tcase, sqlite_reader_keeps_its_state_while_another_writes);
	tcase_add_test(tcase, sqlite_second_writer_waits_and_is_told_busy);
	tcase_add_test(tcase, sqlite_open_is_told_busy_when_the_file_is_locked);
	tcase_add_test(tcase, sqlite_is_as_before_when_it_is_interrupted);
	tcase_add_test(tcase, sqlite_serves_two_processes);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
