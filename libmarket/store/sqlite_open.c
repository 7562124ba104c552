/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making and opening a database. WAL with synchronous=FULL, or nothing: in
 * weaker modes a power cut takes acknowledged commits back, and with them
 * withdrawals.
 */
#include <limits.h>
#include <stdio.h>

#include "store/schema.h"
#include "store/sqlite.h"

/* Envelopes of 700 bytes or so fill 8 KiB to 95 %, and 4 KiB to 87 %. */
#define PAGE_SIZE "8192"

/* A row is an envelope of at most 1 MiB, or a decision; nothing is larger. */
#define ROW_MAX (32 << 20)

static market_status_t
run(market__sqlite_t *sqlite, const char *text, market_error_t *reterr)
{
	int code = sqlite3_exec(sqlite->db, text, NULL, NULL, NULL);

	return code == SQLITE_OK
	    ? MARKET_OK
	    : market__sqlite_error(sqlite, code, text, reterr);
}

static int
remember_frames(void *user, sqlite3 *db, const char *name, int frames)
{
	market__sqlite_t *sqlite = user;

	(void)db;
	(void)name;
	sqlite->wal_frames = frames;
	return SQLITE_OK;
}

/* Nothing in the file may run code, or change what a statement means. */
static market_status_t
harden(market__sqlite_t *sqlite, market_error_t *reterr)
{
	static const struct {
		int option;
		int value;
	} settings[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	};
	size_t i;
	int code, value;

	for (i = 0; i < MARKET__COUNT(settings); i++) {
		value = -1;
		code = sqlite3_db_config(
		    sqlite->db, settings[i].option, settings[i].value, &value);
		if (code != SQLITE_OK)
			return market__sqlite_error(
			    sqlite, code, "setting the connection up", reterr);
		if (value != settings[i].value)
			return market__error(reterr, MARKET_E_UNSUPPORTED,
			    sqlite->sql.location, -1,
			    "this SQLite does not take the setting %d that a "
			    "store needs",
			    settings[i].option);
	}
	sqlite3_limit(sqlite->db, SQLITE_LIMIT_LENGTH, ROW_MAX);
	sqlite3_limit(sqlite->db, SQLITE_LIMIT_ATTACHED, 0);
	return MARKET_OK;
}

/*
 * Asked again and again, at intervals that grow to 4 ms and no further: between
 * two transactions of one who writes all the time there is not much more, and
 * SQLite's own waiting (up to 100 ms) misses nearly all of these gaps.
 */
#define WAIT_SHORT 8
#define WAIT_LONG  4

static int
wait_for_turn(void *user, int times)
{
	const market__sqlite_t *sqlite = user;
	int waited = times < WAIT_SHORT
	    ? times
	    : WAIT_SHORT + (times - WAIT_SHORT) * WAIT_LONG;

	if (waited >= sqlite->busy_timeout)
		return 0;
	(void)sqlite3_sleep(times < WAIT_SHORT ? 1 : WAIT_LONG);
	return 1;
}

static market_status_t
connect_file(
    market__sqlite_t *sqlite, unsigned busy_timeout_ms, market_error_t *reterr)
{
	market_status_t rv;
	int code;

	if (sqlite3_libversion_number() < 3040000 || sqlite3_threadsafe() == 0)
		return market__error(reterr, MARKET_E_UNSUPPORTED,
		    sqlite->sql.location, -1,
		    "SQLite %s is loaded: 3.40 or later is needed, built for "
		    "threads",
		    sqlite3_libversion());
	code = sqlite3_open_v2(sqlite->path, &sqlite->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
		SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE,
	    NULL);
	if (code != SQLITE_OK)
		return market__sqlite_error(
		    sqlite, code, "opening the database", reterr);
	/* SQLite opens for reading alone what it may not write. */
	if (sqlite3_db_readonly(sqlite->db, "main") == 1)
		return market__error(reterr, MARKET_E_IO, sqlite->sql.location,
		    -1, "it can only be read: a store needs to write it");
	sqlite->busy_timeout = busy_timeout_ms > INT_MAX / 2
	    ? INT_MAX / 2
	    : (int)busy_timeout_ms;
	sqlite3_busy_handler(sqlite->db, wait_for_turn, sqlite);
	rv = harden(sqlite, reterr);
	return rv == MARKET_OK ? market__sqlite_prepare(sqlite, reterr) : rv;
}

/* What every connection is told, and what is looked at again. */
static market_status_t
set_modes(market__sqlite_t *sqlite, size_t cache_bytes, market_error_t *reterr)
{
	size_t kib = cache_bytes / 1024;
	char cache[64];
	market_status_t rv;

	rv = market__sqlite_expect(sqlite, "PRAGMA journal_mode=WAL", "wal",
	    "put the store on a local disk whose file system has shared "
	    "memory",
	    reterr);
	if (rv == MARKET_OK)
		rv = run(sqlite,
		    "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
		    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; "
		    "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; "
		    "PRAGMA journal_size_limit=16777216",
		    reterr);
	if (rv == MARKET_OK)
		rv = market__sqlite_expect(sqlite, "PRAGMA journal_mode", "wal",
		    "a store needs the write-ahead log", reterr);
	if (rv == MARKET_OK)
		rv = market__sqlite_expect(sqlite, "PRAGMA synchronous", "2",
		    "a store needs FULL", reterr);
	if (rv != MARKET_OK || kib == 0)
		return rv;
	snprintf(cache, sizeof(cache), "PRAGMA cache_size=-%d",
	    kib > INT_MAX ? INT_MAX : (int)kib);
	return run(sqlite, cache, reterr);
}

/* ---- the schema ---- */

static market_status_t
put_identity(market__sqlite_t *sqlite, market_error_t *reterr)
{
	uint8_t *store = sqlite->sql.tail.store;
	market__sql_call_t call;

	/* Only to tell databases apart: nothing rests on nobody knowing it. */
	sqlite3_randomness(MARKET__SQL_STORE_LEN, store);
	market__sql_call(&call, &sqlite->sql, MARKET__SQL_IDENTITY_PUT, reterr);
	market__sql_put_bytes(
	    &call, market__slice(store, MARKET__SQL_STORE_LEN));
	return market__sql_run_one(&call);
}

static market_status_t
check_version(
    market__sqlite_t *sqlite, int64_t *ret_version, market_error_t *reterr)
{
	int64_t id = 0, version = 0;
	market_status_t rv;

	rv = market__sqlite_number(
	    sqlite, "PRAGMA application_id", &id, reterr);
	if (rv == MARKET_OK)
		rv = market__sqlite_number(
		    sqlite, "PRAGMA user_version", &version, reterr);
	if (rv != MARKET_OK)
		return rv;
	if (id != MARKET__SQLITE_APPLICATION_ID || version < 1)
		return market__error(reterr, MARKET_E_CORRUPT,
		    sqlite->sql.location, -1,
		    "it is no store of libmarket (application id %lld, version "
		    "%lld), or one whose making was cut short: name another "
		    "file, or make it anew",
		    (long long)id, (long long)version);
	if (version > MARKET__SCHEMA_VERSION)
		return market__error(reterr, MARKET_E_UNSUPPORTED,
		    sqlite->sql.location, -1,
		    "its format is %lld, and this library reads up to %d: use "
		    "a newer libmarket",
		    (long long)version, MARKET__SCHEMA_VERSION);
	*ret_version = version;
	return MARKET_OK;
}

/* Brings the file to the version of this library, in one transaction. */
static market_status_t
migrate(market__sqlite_t *sqlite, bool create, market_error_t *reterr)
{
	const market__sql_driver_t *driver = &market__sqlite_driver;
	int64_t version = 0;
	char text[100];
	market_status_t rv;

	rv = driver->begin(&sqlite->sql, true, reterr);
	if (rv != MARKET_OK)
		return rv;
	sqlite->sql.phase = MARKET__SQL_WRITING;
	sqlite->sql.writing = true;
	/* Others, and newer ones, may have done it since it was looked at. */
	if (!create)
		rv = check_version(sqlite, &version, reterr);
	if (rv == MARKET_OK)
		rv = market__schema_migrate(
		    &sqlite->sql, (uint32_t)version, reterr);
	snprintf(text, sizeof(text),
	    "PRAGMA application_id=%d; PRAGMA user_version=%d",
	    MARKET__SQLITE_APPLICATION_ID, MARKET__SCHEMA_VERSION);
	if (rv == MARKET_OK)
		rv = run(sqlite, text, reterr);
	if (rv == MARKET_OK && create)
		rv = put_identity(sqlite, reterr);
	if (rv == MARKET_OK)
		return sqlite->sql.ops.commit(&sqlite->sql.backend, reterr);
	sqlite->sql.ops.rollback(&sqlite->sql.backend);
	return rv;
}

/* ---- making and opening ---- */

/*
 * What is in the log goes into the file before anybody is told of it. After a
 * failed sync the log may be readable and yet not on the disk (the kernel
 * forgets that it must still write it); and what a lost transaction has left
 * behind its end must not come back. Another process in the way does the same.
 */
static market_status_t
settle(market__sqlite_t *sqlite, market_error_t *reterr)
{
	int code;

	sqlite3_busy_handler(sqlite->db, NULL, NULL);
	code = sqlite3_wal_checkpoint_v2(
	    sqlite->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_handler(sqlite->db, wait_for_turn, sqlite);
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	/* It can still be read. */
	case SQLITE_FULL: return MARKET_OK;
	default:
		return market__sqlite_error(
		    sqlite, code, "reading the write-ahead log", reterr);
	}
}

static market_status_t
create_database(market__sqlite_t *sqlite,
    const market__sqlite_options_t *options, market_error_t *reterr)
{
	market_status_t rv;

	rv = market__sqlite_make_file(sqlite, reterr);
	if (rv != MARKET_OK)
		return rv;
	sqlite->fresh = true;
	rv = connect_file(sqlite, options->busy_timeout_ms, reterr);
	if (rv == MARKET_OK)
		rv = run(sqlite, "PRAGMA page_size=" PAGE_SIZE, reterr);
	if (rv == MARKET_OK)
		rv = set_modes(sqlite, options->cache_bytes, reterr);
	if (rv == MARKET_OK)
		rv = migrate(sqlite, true, reterr);
	sqlite->fresh = true;
	return rv;
}

static market_status_t
open_database(market__sqlite_t *sqlite, const market__sqlite_options_t *options,
    market_error_t *reterr)
{
	int64_t version = 0;
	market_status_t rv;

	rv = market__sqlite_find_file(sqlite, reterr);
	if (rv == MARKET_OK)
		rv = connect_file(sqlite, options->busy_timeout_ms, reterr);
	/* Before anything is set: a file of somebody else's stays as it is. */
	if (rv == MARKET_OK)
		rv = check_version(sqlite, &version, reterr);
	if (rv == MARKET_OK)
		rv = set_modes(sqlite, options->cache_bytes, reterr);
	if (rv == MARKET_OK && version < MARKET__SCHEMA_VERSION)
		rv = migrate(sqlite, false, reterr);
	return rv;
}

market_status_t
market__sqlite_open(const market_allocator_t *allocator,
    const market__sqlite_options_t *options, market__backend_t **ret_backend,
    market_error_t *reterr)
{
	market__sqlite_t *sqlite;
	market_status_t rv;

	sqlite = market__alloc(allocator, sizeof(*sqlite));
	if (sqlite == NULL)
		return market__error(reterr, MARKET_E_MEMORY, options->path, -1,
		    "out of memory");
	sqlite->path = market__sqlite_path(allocator, options->path);
	if (sqlite->path == NULL) {
		market__free(allocator, sqlite);
		return market__error(reterr, MARKET_E_MEMORY, options->path, -1,
		    "out of memory");
	}
	market__sql_init(&sqlite->sql, &market__sqlite_driver, allocator,
	    sqlite->path + strlen(sqlite->path) - strlen(options->path));
	rv = options->create ? create_database(sqlite, options, reterr)
			     : open_database(sqlite, options, reterr);
	if (rv == MARKET_OK)
		rv = settle(sqlite, reterr);
	if (rv == MARKET_OK)
		rv = market__sqlite_check(sqlite, reterr);
	if (rv == MARKET_OK)
		rv = market__sql_identify(&sqlite->sql, reterr);
	if (rv != MARKET_OK) {
		sqlite->sql.ops.close(&sqlite->sql.backend);
		return rv;
	}
	sqlite3_wal_hook(sqlite->db, remember_frames, sqlite);
	*ret_backend = &sqlite->sql.backend;
	return MARKET_OK;
}
