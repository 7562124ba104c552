/* SPDX-License-Identifier: Apache-2.0 */
/* The driver: statements and transactions. */
#include <errno.h>

#include "store/sqlite.h"

/* Frames in the write-ahead log from which they are put into the file. */
#define CHECKPOINT_FRAMES 1000

static market__sqlite_t *
of(market__sql_t *sql)
{
	/* A market__sqlite_t begins with its market__sql_t. */
	return (market__sqlite_t *)sql;
}

static market_status_t
failed(market__sqlite_t *sqlite, int code, const char *doing,
    market_error_t *reterr)
{
	if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC)
		sqlite->sql.wound = MARKET_E_IO;
	return market__sqlite_error(sqlite, code, doing, reterr);
}

/* ---- transactions ---- */

market_status_t
market__sqlite_prepare(market__sqlite_t *sqlite, market_error_t *reterr)
{
	static const char *const texts[] = {
		[MARKET__SQLITE_BEGIN] = "BEGIN",
		[MARKET__SQLITE_BEGIN_WRITE] = "BEGIN IMMEDIATE",
		[MARKET__SQLITE_COMMIT] = "COMMIT",
		[MARKET__SQLITE_ROLLBACK] = "ROLLBACK",
	};
	size_t i;
	int code;

	for (i = 0; i < MARKET__COUNT(texts); i++) {
		code = sqlite3_prepare_v3(sqlite->db, texts[i], -1,
		    SQLITE_PREPARE_PERSISTENT, &sqlite->control[i], NULL);
		if (code != SQLITE_OK)
			return market__sqlite_error(
			    sqlite, code, "preparing a statement", reterr);
	}
	return MARKET_OK;
}

static int
run(market__sqlite_t *sqlite, market__sqlite_control_t control)
{
	sqlite3_stmt *statement = sqlite->control[control];
	int code = sqlite3_step(statement);

	sqlite3_reset(statement);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

/*
 * SQLite goes on with a file that was removed or replaced: what is written is
 * lost, and what others write is not seen, withdrawals among it.
 */
static market_status_t
check_place(market__sqlite_t *sqlite, market_error_t *reterr)
{
	int moved = 0;

	if (sqlite3_file_control(sqlite->db, "main", SQLITE_FCNTL_HAS_MOVED,
		&moved) != SQLITE_OK ||
	    moved == 0)
		return MARKET_OK;
	return market__error(reterr, MARKET_E_IO, sqlite->sql.location, -1,
	    "the file was moved, removed or replaced while it was open: close "
	    "the store, and open the one that is there now");
}

static market_status_t
begin(market__sql_t *sql, bool write, market_error_t *reterr)
{
	market_status_t rv = check_place(of(sql), reterr);
	int code;

	if (rv != MARKET_OK)
		return rv;
	code = run(
	    of(sql), write ? MARKET__SQLITE_BEGIN_WRITE : MARKET__SQLITE_BEGIN);
	return code == SQLITE_OK
	    ? MARKET_OK
	    : failed(of(sql), code, "beginning a transaction", reterr);
}

static void
rollback(market__sql_t *sql)
{
	market__sqlite_t *sqlite = of(sql);
	int code = SQLITE_OK, tries;

	/* Some failures have rolled back already. The first try may only tell
	 * that memory has failed before. */
	for (tries = 0; tries < 2 && sqlite3_get_autocommit(sqlite->db) == 0;
	     tries++)
		code = run(sqlite, MARKET__SQLITE_ROLLBACK);
	if (sqlite3_get_autocommit(sqlite->db) == 0)
		sql->wound = market__sqlite_status(code);
}

/*
 * Not left to SQLite, whose automatic checkpoint keeps its failures to itself.
 * The transaction is durable already: room that is missing, or a reader in the
 * way, only means later; but nothing follows a sync that has failed.
 */
static void
checkpoint(market__sqlite_t *sqlite)
{
	int code;

	if (sqlite->wal_frames < CHECKPOINT_FRAMES)
		return;
	code = sqlite3_wal_checkpoint_v2(
	    sqlite->db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	if ((code & 0xff) == SQLITE_IOERR)
		sqlite->sql.wound = MARKET_E_IO;
}

/*
 * The commit frame is written last, then synced, then shown to others. No
 * room, or another's lock, stops before it is complete. Any other failure may
 * come after it, and then the next one who opens the file finds the
 * transaction in the log.
 */
static bool
in_doubt(int code)
{
	return code != SQLITE_FULL &&
	    market__sqlite_status(code) != MARKET_E_BUSY;
}

static market_status_t
commit(market__sql_t *sql, bool write, market_error_t *reterr)
{
	market__sqlite_t *sqlite = of(sql);
	market_status_t status;
	int code, number;

	/* Of a COMMIT that fails SQLite does not keep the system's error. */
	errno = 0;
	code = run(sqlite, MARKET__SQLITE_COMMIT);
	number = errno;
	if (code == SQLITE_OK) {
		sqlite->fresh = sqlite->fresh && !write;
		if (write)
			checkpoint(sqlite);
		return MARKET_OK;
	}
	if (write && in_doubt(code)) {
		sqlite->fresh = false;
		status = market__sqlite_doubt(
		    sqlite, code, number, "committing", reterr);
	} else {
		status = failed(sqlite, code, "committing", reterr);
	}
	rollback(sql);
	return status;
}

/* ---- statements ---- */

static market_status_t
execute(market__sql_t *sql, const char *text, market_error_t *reterr)
{
	int code = sqlite3_exec(of(sql)->db, text, NULL, NULL, NULL);

	return code == SQLITE_OK ? MARKET_OK
				 : failed(of(sql), code, "writing", reterr);
}

static market_status_t
prepare(market__sql_t *sql, const char *text, void **ret_statement,
    market_error_t *reterr)
{
	sqlite3_stmt *statement = NULL;
	int code;

	code = sqlite3_prepare_v3(
	    of(sql)->db, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
	if (code != SQLITE_OK)
		return failed(of(sql), code, "preparing a statement", reterr);
	*ret_statement = statement;
	return MARKET_OK;
}

static void
finalize(void *statement)
{
	sqlite3_finalize(statement);
}

static market_status_t
bound(market__sql_t *sql, int code, market_error_t *reterr)
{
	return code == SQLITE_OK ? MARKET_OK
				 : failed(of(sql), code, "binding", reterr);
}

static market_status_t
bind_integer(market__sql_t *sql, void *statement, int index, int64_t value,
    market_error_t *reterr)
{
	return bound(
	    sql, sqlite3_bind_int64(statement, index + 1, value), reterr);
}

static market_status_t
bind_bytes(market__sql_t *sql, void *statement, int index, market_slice_t bytes,
    market_error_t *reterr)
{
	return bound(sql,
	    sqlite3_bind_blob64(
		statement, index + 1, bytes.ptr, bytes.len, SQLITE_STATIC),
	    reterr);
}

static market_status_t
step(market__sql_t *sql, void *statement, bool *ret_row, market_error_t *reterr)
{
	int code = sqlite3_step(statement);

	*ret_row = code == SQLITE_ROW;
	if (code == SQLITE_ROW || code == SQLITE_DONE)
		return MARKET_OK;
	return failed(of(sql), code,
	    sqlite3_stmt_readonly(statement) ? "reading" : "writing", reterr);
}

static uint64_t
changes(market__sql_t *sql, void *statement)
{
	if (sqlite3_stmt_readonly(statement))
		return 0;
	return (uint64_t)sqlite3_changes64(of(sql)->db);
}

static void
reset(void *statement)
{
	sqlite3_reset(statement);
	/* What was bound is borrowed, and ends with the call. */
	sqlite3_clear_bindings(statement);
}

static bool
column_integer(void *statement, int index, int64_t *ret)
{
	if (sqlite3_column_type(statement, index) != SQLITE_INTEGER)
		return false;
	*ret = sqlite3_column_int64(statement, index);
	return true;
}

static bool
column_bytes(void *statement, int index, market_slice_t *ret)
{
	if (sqlite3_column_type(statement, index) != SQLITE_BLOB)
		return false;
	ret->ptr = sqlite3_column_blob(statement, index);
	ret->len = (size_t)sqlite3_column_bytes(statement, index);
	return ret->ptr != NULL || ret->len == 0;
}

static const char *
column_name(void *statement, int index)
{
	return sqlite3_column_name(statement, index);
}

/* ---- the connection ---- */

static market_status_t
check(market__sql_t *sql, market__integrity_fn *tell, void *user,
    market_error_t *reterr)
{
	market_error_t text = MARKET_ERROR_INIT;
	sqlite3_stmt *statement = NULL;
	const char *found;
	int code;

	code = sqlite3_prepare_v2(
	    of(sql)->db, "PRAGMA integrity_check", -1, &statement, NULL);
	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(statement);
		if (code != SQLITE_ROW)
			break;
		found = (const char *)sqlite3_column_text(statement, 0);
		if (found == NULL || strcmp(found, "ok") == 0)
			continue;
		market__error(
		    &text, MARKET_E_CORRUPT, NULL, -1, "database: %s", found);
		tell(user, text.message);
	}
	sqlite3_finalize(statement);
	return code == SQLITE_DONE
	    ? MARKET_OK
	    : failed(of(sql), code, "checking the pages", reterr);
}

static void
disconnect(market__sql_t *sql)
{
	market__sqlite_t *sqlite = of(sql);
	size_t i;

	for (i = 0; i < MARKET__COUNT(sqlite->control); i++) {
		sqlite3_finalize(sqlite->control[i]);
		sqlite->control[i] = NULL;
	}
	sqlite3_close(sqlite->db);
	sqlite->db = NULL;
}

static void
close_sqlite(market__sql_t *sql)
{
	market__sqlite_t *sqlite = of(sql);
	const market_allocator_t *allocator = sql->allocator;

	disconnect(sql);
	if (sqlite->fresh)
		market__backend_discard(sqlite->path);
	market__free(allocator, sqlite->path);
	market__free(allocator, sqlite);
}

const market__sql_driver_t market__sqlite_driver = {
	.name = "sqlite",
	.keyed = " WITHOUT ROWID",
	.close = close_sqlite,
	.disconnect = disconnect,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.execute = execute,
	.prepare = prepare,
	.finalize = finalize,
	.bind_integer = bind_integer,
	.bind_bytes = bind_bytes,
	.step = step,
	.changes = changes,
	.reset = reset,
	.column_integer = column_integer,
	.column_bytes = column_bytes,
	.column_name = column_name,
	.check = check,
};
