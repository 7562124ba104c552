/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake [ROWS [ROUNDS]]: a feed taken into a store in a file, beside its rows
 * inserted into a plain table under their names, in the same transactions and
 * as durably. Both take turns, in files of their own. And while a feed is taken
 * in: how long another process's withdrawal takes to be in effect.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <sqlite3.h>

#include "catalogue.h"

#define BATCH (4 * MARKET_FEED_CHUNK)

static void
remove_store(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[64];
	size_t i;

	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		(void)remove(name);
	}
}

/* ---- plain ---- */

static void
must_sql(sqlite3 *db, int rv, int want)
{
	if (rv != want)
		kit_die("SQLite: %s", sqlite3_errmsg(db));
}

static void
run_sql(sqlite3 *db, const char *sql)
{
	must_sql(db, sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void
insert(sqlite3 *db, sqlite3_stmt *statement, catalogue_t *catalogue,
    unsigned long i)
{
	market_slice_t offer = catalogue_offer(catalogue, i);
	char name[64];

	snprintf(name, sizeof(name), "a.example/sku-%07lu", i);
	must_sql(db, sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC),
	    SQLITE_OK);
	must_sql(db,
	    sqlite3_bind_blob(
		statement, 2, offer.ptr, (int)offer.len, SQLITE_STATIC),
	    SQLITE_OK);
	must_sql(db, sqlite3_step(statement), SQLITE_DONE);
	must_sql(db, sqlite3_reset(statement), SQLITE_OK);
}

/* Seconds. */
static double
insert_all(catalogue_t *catalogue, const char *path)
{
	sqlite3_stmt *statement = NULL;
	sqlite3 *db = NULL;
	double begin;
	unsigned long i;

	remove_store(path);
	must_sql(db, sqlite3_open(path, &db), SQLITE_OK);
	run_sql(db, "PRAGMA journal_mode = WAL");
	run_sql(db, "PRAGMA synchronous = FULL");
	run_sql(db, "CREATE TABLE offers (name TEXT PRIMARY KEY, offer BLOB)");
	must_sql(db,
	    sqlite3_prepare_v2(
		db, "INSERT INTO offers VALUES (?, ?)", -1, &statement, NULL),
	    SQLITE_OK);
	begin = kit_seconds();
	for (i = 0; i < catalogue->n; i++) {
		if (i % BATCH == 0)
			run_sql(db, "BEGIN IMMEDIATE");
		insert(db, statement, catalogue, i);
		if (i % BATCH == BATCH - 1 || i + 1 == catalogue->n)
			run_sql(db, "COMMIT");
	}
	begin = kit_seconds() - begin;
	sqlite3_finalize(statement);
	sqlite3_close(db);
	remove_store(path);
	return begin;
}

/* ---- ours ---- */

/* Seconds; the store is left there. */
static double
take_in(catalogue_t *catalogue, const char *path, unsigned threads)
{
	market_intake_options_t options = { .size = sizeof(options),
		.threads = threads };
	market_error_t error = MARKET_ERROR_INIT;
	market_intake_report_t report;
	market_store_t *store;
	double begin;

	remove_store(path);
	store = kit_create(catalogue->kit, path, NULL);
	catalogue->rows.read = 0;
	begin = kit_seconds();
	kit_must(
	    market_store_submit_feed(store, catalogue->feed, catalogue_read,
		&catalogue->rows, KIT_NOW, &options, &report, &error),
	    &error, "the feed");
	begin = kit_seconds() - begin;
	if (report.listed != catalogue->n ||
	    report.rows.permitted != catalogue->n)
		kit_die("%llu of %lu rows became listings",
		    (unsigned long long)report.listed, catalogue->n);
	market_store_free(store);
	return begin;
}

static void
measure_publishing(catalogue_t *catalogue, unsigned long rounds)
{
	static const char ours[] = "bench-intake.market";
	static const char theirs[] = "bench-intake.sqlite";
	kit_series_t took[3] = { 0 }, ratio = { 0 };
	double own, plain, both;
	unsigned long i;

	for (i = 0; i < rounds; i++) {
		own = take_in(catalogue, ours, 1);
		plain = insert_all(catalogue, theirs);
		both = take_in(catalogue, ours, 2);
		kit_note(&took[0], own * 1e6 / (double)catalogue->n);
		kit_note(&took[1], plain * 1e6 / (double)catalogue->n);
		kit_note(&took[2], both * 1e6 / (double)catalogue->n);
		kit_note(&ratio, plain / both);
	}
	remove_store(ours);
	printf("taken in %.2f us a row, by two threads %.2f us; inserted %.2f "
	       "us\n",
	    kit_median(&took[0]), kit_median(&took[2]), kit_median(&took[1]));
	kit_row(
	    "a feed published, over plain inserts", &ratio, "at least", 0.7);
}

/* ---- a withdrawal meanwhile ---- */

static int
quietly(void *user, uint64_t done)
{
	(void)user;
	(void)done;
	return 0;
}

/* Takes the feed in, in a process of its own, which is ended by the pid. */
static pid_t
take_in_apart(catalogue_t *catalogue, const char *path)
{
	market_intake_options_t options = { .size = sizeof(options),
		.progress = quietly };
	market_error_t error = MARKET_ERROR_INIT;
	market_store_t *store;
	market_status_t status;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	(void)alarm(60);
	store = kit_open(catalogue->kit, path, NULL);
	catalogue->rows.read = 0;
	status = market_store_submit_feed(store, catalogue->feed,
	    catalogue_read, &catalogue->rows, KIT_NOW, &options, NULL, &error);
	_exit(status == MARKET_OK ? 0 : 1);
}

static void
wait_ms(long ms)
{
	struct timespec pause = { 0, ms * 1000000 };

	nanosleep(&pause, NULL);
}

/* From the call that adds it to the first sale that is refused. */
static double
withdraw(catalogue_t *catalogue, market_store_t *store, unsigned long round)
{
	double begin = kit_seconds();
	market_buffer_t envelope = kit_withdrawal(catalogue->kit, 0, round);

	kit_add(store, market_buffer_slice(&envelope));
	if (kit_sale(store, 0) != MARKET_E_DENIED)
		kit_die("sold after the withdrawal of its grant");
	begin = kit_seconds() - begin;
	market_buffer_clear(&envelope);
	return begin;
}

static void
measure_withdrawals(catalogue_t *catalogue, unsigned long rounds)
{
	static const char path[] = "bench-intake.market";
	kit_series_t took = { 0 };
	market_buffer_t grant;
	market_store_t *store;
	unsigned long i;
	pid_t pid;

	remove_store(path);
	store = kit_create(catalogue->kit, path, NULL);
	market_store_free(store);
	pid = take_in_apart(catalogue, path);
	store = kit_open(catalogue->kit, path, NULL);
	wait_ms(200);
	for (i = 1; i <= rounds && waitpid(pid, NULL, WNOHANG) == 0; i++) {
		if (kit_sale(store, 0) != MARKET_OK)
			kit_die("not sold before the withdrawal");
		kit_note(&took, withdraw(catalogue, store, i) * 1e3);
		grant = kit_grant(catalogue->kit, 0, i + 1);
		kit_add(store, market_buffer_slice(&grant));
		market_buffer_clear(&grant);
		wait_ms(20);
	}
	if (i <= rounds)
		printf("the feed was in after %lu withdrawals\n", i - 1);
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	market_store_free(store);
	remove_store(path);
	kit_row("ms until a withdrawal is in effect meanwhile", &took,
	    "at most", 100);
}

int
main(int argc, char **argv)
{
	unsigned long n = argc > 1 ? kit_number(argv[1]) : 1000000;
	unsigned long rounds = argc > 2 ? kit_number(argv[2]) : 3;
	kit_t *kit = kit_new(4 * CATALOGUE_KINDS);
	catalogue_t catalogue;

	catalogue_make(&catalogue, kit, n);
	measure_publishing(&catalogue, rounds);
	measure_withdrawals(&catalogue, 50);
	catalogue_clear(&catalogue);
	kit_free(kit);
	return EXIT_SUCCESS;
}
