/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite behind store/sql.h. Its memory is its own: SQLite has one allocator
 * for the whole process, which is the caller's to set and not ours. Only what
 * is handed out comes from the store's.
 */
#ifndef MARKET_STORE_SQLITE_H
#define MARKET_STORE_SQLITE_H

#include <sqlite3.h>

#include "store/sql.h"

/* "lmkt": the file is a store of libmarket. */
#define MARKET__SQLITE_APPLICATION_ID 0x6c6d6b74

typedef enum market__sqlite_control {
	MARKET__SQLITE_BEGIN,
	MARKET__SQLITE_BEGIN_WRITE,
	MARKET__SQLITE_COMMIT,
	MARKET__SQLITE_ROLLBACK,
	MARKET__SQLITE_CONTROLS
} market__sqlite_control_t;

typedef struct market__sqlite {
	market__sql_t sql;
	sqlite3 *db;
	sqlite3_stmt *control[MARKET__SQLITE_CONTROLS];
	char *path; /* that SQLite is given; never one of its special names */
	int busy_timeout; /* milliseconds */
	int wal_frames;   /* in the write-ahead log after the last commit */
	bool fresh;       /* made by this handle, and nothing committed yet */
} market__sqlite_t;

extern const market__sql_driver_t market__sqlite_driver;

/* Prepares what begins and ends transactions, so that a rollback needs no
 * memory; after the connection is made. */
market_status_t market__sqlite_prepare(
    market__sqlite_t *sqlite, market_error_t *reterr);

/* ---- sqlite_error.c ---- */

market_status_t market__sqlite_status(int code);
/* Says what failed, with SQLite's and the system's own words, and the cure. */
market_status_t market__sqlite_error(market__sqlite_t *sqlite, int code,
    const char *doing, market_error_t *reterr);
/* The same as MARKET_E_IN_DOUBT; with the system's errno, or 0. */
market_status_t market__sqlite_doubt(market__sqlite_t *sqlite, int code,
    int number, const char *doing, market_error_t *reterr);
/* The same for a call of the operating system. */
market_status_t market__sqlite_system_error(const char *location, int number,
    const char *doing, market_error_t *reterr);

/* ---- sqlite_check.c ---- */

/* Its first column as a number; of the first row. */
market_status_t market__sqlite_number(market__sqlite_t *sqlite,
    const char *text, int64_t *ret, market_error_t *reterr);
/* Its first column as text must be `wanted`, or it is MARKET_E_IO. */
market_status_t market__sqlite_expect(market__sqlite_t *sqlite,
    const char *text, const char *wanted, const char *cure,
    market_error_t *reterr);
/* Is the schema exactly what the migrations make, and are the pages sound? */
market_status_t market__sqlite_check(
    market__sqlite_t *sqlite, market_error_t *reterr);

/* ---- sqlite_file.c ---- */

/* The path for SQLite, in memory of the allocator; NULL: there is none. */
char *market__sqlite_path(
    const market_allocator_t *allocator, const char *location);
/* Makes an empty file that was not there, for its owner alone. */
market_status_t market__sqlite_make_file(
    market__sqlite_t *sqlite, market_error_t *reterr);
/* Is it there, and is it a file? */
market_status_t market__sqlite_find_file(
    market__sqlite_t *sqlite, market_error_t *reterr);

#endif
