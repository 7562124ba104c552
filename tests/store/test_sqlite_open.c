/* SPDX-License-Identifier: Apache-2.0 */
/* Making and opening: what is set, what is refused, what is left behind. */
#include "config.h"

#include "sqlite_kit.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static place_t place;

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

START_TEST(sqlite_keeps_what_was_committed)
{
	OK(place_create(&place));
	ck_assert_str_eq(place.ops->name, "sqlite");
	OK(place_write(&place, 1));
	OK(place_write(&place, 2));
	ck_assert_uint_gt(place.ops->rows_written(place.backend), 8);
	place_opens(&place);
	ck_assert(place_holds(&place, 2));
	/* Whoever reads all this sees a row that is not the one written. */
	ck_assert(!place_holds(&place, 1));
	ck_assert(!place_holds(&place, 3));
}
END_TEST

START_TEST(sqlite_sets_its_modes)
{
	struct stat info;

	umask(0);
	OK(place_create(&place));
	OK(place_write(&place, 1));
	ck_assert_int_eq(stat(place.path, &info), 0);
	ck_assert_uint_eq(info.st_mode & 07777, 0600);
	ck_assert_int_eq(stat(place_file(&place, "-wal"), &info), 0);
	ck_assert_uint_eq(info.st_mode & 07777, 0600);
	ck_assert_int_eq(stat(place_file(&place, "-shm"), &info), 0);
	ck_assert_uint_eq(info.st_mode & 07777, 0600);
	ck_assert_int_eq(
	    place_number(&place, "PRAGMA application_id"), 0x6c6d6b74);
	ck_assert_int_eq(place_number(&place, "PRAGMA user_version"), 3);
	place_close(&place);
	ck_assert(!place_has(&place, "-wal"));
}
END_TEST

START_TEST(sqlite_goes_back_to_wal_when_it_was_changed_by_hand)
{
	static const uint8_t wal = 2;
	uint8_t version = 0;
	FILE *file;

	OK(place_create(&place));
	OK(place_write(&place, 1));
	place_close(&place);
	place_sql(&place, "PRAGMA journal_mode=DELETE");
	place_opens(&place);
	OK(place_write(&place, 2));
	ck_assert(place_has(&place, "-wal"));
	place_close(&place);
	/* Bytes 18 and 19 of the header: 2 is WAL. */
	file = fopen(place.path, "rb");
	ck_assert_int_eq(fseek(file, 18, SEEK_SET), 0);
	ck_assert_uint_eq(fread(&version, 1, 1, file), 1);
	fclose(file);
	ck_assert_uint_eq(version, wal);
	place_opens(&place);
	ck_assert(place_holds(&place, 2));
}
END_TEST

START_TEST(sqlite_refuses_when_wal_cannot_be_had)
{
	sqlite3_vfs *before = sqlite3_vfs_find(NULL);
	sqlite3_vfs *plain = sqlite3_vfs_find("unix-none");

	ck_assert_ptr_nonnull(plain);
	sqlite3_vfs_register(plain, 1);
	ck_assert_int_eq(place_create(&place), MARKET_E_IO);
	sqlite3_vfs_register(before, 1);
	ck_assert_ptr_nonnull(strstr(place.error.message, "local disk"));
	ck_assert(!place_has(&place, ""));
	OK(place_create(&place));
}
END_TEST

START_TEST(sqlite_create_refuses_what_is_there)
{
	static const char *const suffixes[] = { "", "-wal", "-shm",
		"-journal" };
	size_t i, len;
	char *text;
	FILE *file;

	for (i = 0; i < MARKET__COUNT(suffixes); i++) {
		file = fopen(place_file(&place, suffixes[i]), "w");
		fputs("mine", file);
		fclose(file);
		ck_assert_int_eq(place_create(&place), MARKET_E_IO);
		text = harness_read(place_file(&place, suffixes[i]), &len);
		ck_assert_str_eq(text, "mine");
		free(text);
		ck_assert(i == 0 || !place_has(&place, ""));
		ck_assert_int_eq(unlink(place_file(&place, suffixes[i])), 0);
	}
	ck_assert_int_eq(symlink("elsewhere", place.path), 0);
	ck_assert_int_eq(place_create(&place), MARKET_E_IO);
	ck_assert_int_eq(unlink(place.path), 0);
	OK(place_create(&place));
}
END_TEST

START_TEST(sqlite_leaves_nothing_when_nothing_was_committed)
{
	OK(place_create(&place));
	OK(place.ops->begin(place.backend, true, NULL));
	OK(place_put(&place, 1));
	place.ops->rollback(place.backend);
	place_close(&place);
	ck_assert(!place_has(&place, ""));
	ck_assert(!place_has(&place, "-wal"));
	place_refuses(&place, MARKET_E_NOT_FOUND, "no such file");
	OK(place_create(&place));
	OK(place_write(&place, 1));
	place_opens(&place);
	/* Only who made it removes it. */
	place_close(&place);
	ck_assert(place_has(&place, ""));
}
END_TEST

START_TEST(sqlite_takes_names_that_sqlite_would_read_otherwise)
{
	static const char *const names[] = { ":memory:", "file:a?mode=memory",
		"a%20b?c#d", "name with 'quotes\"", "\xff\x01" };
	market__backend_t *backend;
	size_t i;

	ck_assert_int_eq(chdir(place.folder), 0);
	for (i = 0; i < MARKET__COUNT(names); i++) {
		OK(market__backend_open(&place.memory.allocator, names[i], true,
		    0, 10, &backend, NULL));
		ck_assert_int_eq(access(names[i], F_OK), 0);
		backend->ops->close(backend);
		ck_assert_int_ne(access(names[i], F_OK), 0);
	}
	ck_assert_int_eq(chdir(".."), 0);
	ck_assert_int_eq(market__backend_open(&place.memory.allocator, "", true,
			     0, 10, &backend, &place.error),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market__backend_open(&place.memory.allocator, NULL,
			     false, 0, 10, &backend, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market__backend_open(&place.memory.allocator,
			     "memory:", false, 0, 10, &backend, NULL),
	    MARKET_E_NOT_FOUND);
	OK(market__backend_open(
	    &place.memory.allocator, "memory:", true, 0, 10, &backend, NULL));
	ck_assert_str_eq(backend->ops->name, "memory");
	backend->ops->close(backend);
}
END_TEST

START_TEST(sqlite_open_needs_memory_at_every_call)
{
	OK(place_create(&place));
	OK(place_write(&place, 1));
	for (place.memory.fail_at = 0;; place.memory.fail_at++) {
		place.memory.calls = 0;
		place_close(&place);
		if (place_open(&place) == MARKET_OK)
			break;
		ck_assert_int_eq(place.error.status, MARKET_E_MEMORY);
	}
	ck_assert_uint_gt(place.memory.fail_at, 0);
	place.memory.fail_at = SIZE_MAX;
	ck_assert(place_holds(&place, 1));
}
END_TEST

/* ---- P10: formats of older libraries ---- */

/* A store with rows as that format had it: the first one without the table of
 * feeds, and the second without packs. */
static void
make_format(int format)
{
	place_fill(&place, 2);
	place_sql(&place,
	    format == 1 ? PLACE_NO_FEEDS "PRAGMA user_version=1"
			: PLACE_NO_PACKS "PRAGMA user_version=2");
}

/* How many tables of later formats than the first there are, of those that came
 * with each. */
static int64_t
later_tables(void)
{
	return place_number(&place,
	    "SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('feed', "
	    "'listing_pack')");
}

static void
put_a_feed(void)
{
	market__feed_row_t row = { .no = 1, .last = 2 }, got;

	row.state = market_slice_of("how far");
	OK(place.ops->begin(place.backend, true, NULL));
	OK(place.ops->feed_put(place.backend, &row, &place.error));
	OK(place.ops->commit(place.backend, NULL));
	OK(place.ops->begin(place.backend, false, NULL));
	OK(place.ops->feed_get(
	    place.backend, 1, &place.arena, &got, &place.error));
	ck_assert_uint_eq(got.last, 2);
	ck_assert(market__slice_is(got.state, "how far"));
	OK(place.ops->commit(place.backend, NULL));
}

START_TEST(sqlite_brings_an_older_format_up_when_opened)
{
	make_format(_i);
	ck_assert_int_eq(later_tables(), _i - 1);
	place_opens(&place);
	ck_assert_int_eq(place_number(&place, "PRAGMA user_version"), 3);
	ck_assert(place_holds(&place, 2));
	ck_assert_uint_eq(place_faults(&place), 0);
	OK(place_write(&place, 3));
	put_a_feed();
	/* Once is enough. */
	place_opens(&place);
	ck_assert(place_holds(&place, 3));
	ck_assert_int_eq(place_number(&place, "SELECT COUNT(*) FROM feed"), 1);
}
END_TEST

START_TEST(sqlite_brings_it_up_whole_or_not_at_all_without_memory)
{
	size_t n = 0;
	int64_t version;

	make_format(_i);
	place_copy(&place, "", "-first");
	for (;; n++) {
		place_close(&place);
		place_copy(&place, "-first", "");
		place.memory.calls = 0;
		place.memory.fail_at = n;
		if (place_open(&place) == MARKET_OK)
			break;
		place.memory.fail_at = SIZE_MAX;
		ck_assert_int_eq(place.error.status, MARKET_E_MEMORY);
		version = place_number(&place, "PRAGMA user_version");
		ck_assert(version == _i || version == 3);
		ck_assert_int_eq(later_tables(), version - 1);
		place_opens(&place);
		ck_assert(place_holds(&place, 2));
	}
	place.memory.fail_at = SIZE_MAX;
	ck_assert_uint_gt(n, 0);
	put_a_feed();
	ck_assert_int_eq(unlink(place_file(&place, "-first")), 0);
}
END_TEST

/* A newer library, which holds the file for a while and brings it up. */
typedef struct newer {
	pthread_t thread;
	sqlite3 *db;
	atomic_bool holds;
} newer_t;

static void
newer_run(newer_t *newer, const char *text)
{
	ck_assert_int_eq(
	    sqlite3_exec(newer->db, text, NULL, NULL, NULL), SQLITE_OK);
}

static void *
bring_up_further(void *user)
{
	const struct timespec moment = { 0, 200000000 };
	newer_t *newer = user;

	newer_run(newer, "BEGIN IMMEDIATE; PRAGMA user_version=4");
	atomic_store(&newer->holds, true);
	nanosleep(&moment, NULL);
	newer_run(newer, "COMMIT");
	return NULL;
}

/* Between the look at its format and the write that brings it up. */
START_TEST(sqlite_leaves_what_a_newer_library_has_brought_up_meanwhile)
{
	newer_t newer = { 0 };

	make_format(1);
	ck_assert_int_eq(sqlite3_open(place.path, &newer.db), SQLITE_OK);
	ck_assert_int_eq(
	    pthread_create(&newer.thread, NULL, bring_up_further, &newer), 0);
	while (!atomic_load(&newer.holds))
		sched_yield();
	place.busy_timeout_ms = 10000;
	place_refuses(&place, MARKET_E_UNSUPPORTED, "its format is 4");
	ck_assert_int_eq(pthread_join(newer.thread, NULL), 0);
	ck_assert_int_eq(sqlite3_close(newer.db), SQLITE_OK);
	ck_assert_int_eq(place_number(&place, "PRAGMA user_version"), 4);
	ck_assert_int_eq(later_tables(), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sqlite_open");
	TCase *tcase = tcase_create("open");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, sqlite_keeps_what_was_committed);
	tcase_add_test(tcase, sqlite_sets_its_modes);
	tcase_add_test(
	    tcase, sqlite_goes_back_to_wal_when_it_was_changed_by_hand);
	tcase_add_test(tcase, sqlite_refuses_when_wal_cannot_be_had);
	tcase_add_test(tcase, sqlite_create_refuses_what_is_there);
	tcase_add_test(tcase, sqlite_leaves_nothing_when_nothing_was_committed);
	tcase_add_test(
	    tcase, sqlite_takes_names_that_sqlite_would_read_otherwise);
	tcase_add_test(tcase, sqlite_open_needs_memory_at_every_call);
	tcase_add_loop_test(
	    tcase, sqlite_brings_an_older_format_up_when_opened, 1, 3);
	tcase_add_loop_test(tcase,
	    sqlite_brings_it_up_whole_or_not_at_all_without_memory, 1, 3);
	tcase_add_test(
	    tcase, sqlite_leaves_what_a_newer_library_has_brought_up_meanwhile);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
