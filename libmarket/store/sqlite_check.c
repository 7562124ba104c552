/* SPDX-License-Identifier: Apache-2.0 */
/* What is looked at before a database is believed. */
#include "store/schema.h"
#include "store/sqlite.h"

static market_status_t
query(market__sqlite_t *sqlite, const char *text, sqlite3_stmt **ret_statement,
    market_error_t *reterr)
{
	int code = sqlite3_prepare_v2(
	    sqlite->db, text, -1, ret_statement, NULL);

	if (code == SQLITE_OK)
		return MARKET_OK;
	return market__sqlite_error(sqlite, code, text, reterr);
}

market_status_t
market__sqlite_number(market__sqlite_t *sqlite, const char *text, int64_t *ret,
    market_error_t *reterr)
{
	sqlite3_stmt *statement = NULL;
	market_status_t rv;
	int code;

	rv = query(sqlite, text, &statement, reterr);
	if (rv != MARKET_OK)
		return rv;
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*ret = sqlite3_column_int64(statement, 0);
	else
		rv = market__sqlite_error(sqlite, code, text, reterr);
	sqlite3_finalize(statement);
	return rv;
}

/* The first column, good until the statement is finalized; also after a
 * failure it is to be. */
static market_status_t
query_text(market__sqlite_t *sqlite, const char *text,
    sqlite3_stmt **ret_statement, const char **ret_found,
    market_error_t *reterr)
{
	market_status_t rv;
	int code;

	rv = query(sqlite, text, ret_statement, reterr);
	if (rv != MARKET_OK)
		return rv;
	code = sqlite3_step(*ret_statement);
	if (code != SQLITE_ROW)
		return market__sqlite_error(sqlite, code, text, reterr);
	*ret_found = (const char *)sqlite3_column_text(*ret_statement, 0);
	if (*ret_found == NULL)
		return market__sqlite_error(sqlite, SQLITE_NOMEM, text, reterr);
	return MARKET_OK;
}

market_status_t
market__sqlite_expect(market__sqlite_t *sqlite, const char *text,
    const char *wanted, const char *cure, market_error_t *reterr)
{
	sqlite3_stmt *statement = NULL;
	const char *found = NULL;
	market_status_t rv;

	rv = query_text(sqlite, text, &statement, &found, reterr);
	/* analyse(scan): query_text() has set it, or failed. */
	if (rv == MARKET_OK && strcmp(found, wanted) != 0)
		rv = market__error(reterr, MARKET_E_IO, sqlite->sql.location,
		    -1, "%s answers %.200s instead of %s: %s", text, found,
		    wanted, cure);
	sqlite3_finalize(statement);
	return rv;
}

/* ---- the schema ---- */

#define SCHEMA                                                               \
	"SELECT type, name, tbl_name, COALESCE(sql, '') FROM sqlite_schema " \
	"ORDER BY name, type"

static int
step(sqlite3_stmt *statement, market__sqlite_t *sqlite, market_status_t *rv,
    market_error_t *reterr)
{
	int code = sqlite3_step(statement);

	if (code != SQLITE_ROW && code != SQLITE_DONE)
		*rv = market__sqlite_error(
		    sqlite, code, "reading the schema", reterr);
	return code;
}

static int
compare(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
	const char *x = (const char *)sqlite3_column_text(a, column);
	const char *y = (const char *)sqlite3_column_text(b, column);

	return strcmp(x == NULL ? "" : x, y == NULL ? "" : y);
}

/* Both are on a row, or `has` or `is_due` says that there is none. */
static const char *
difference(sqlite3_stmt *there, bool has, sqlite3_stmt *due, bool is_due)
{
	int order = !has ? 1 : !is_due ? -1 : compare(there, due, 1);

	if (order < 0)
		return "was added";
	if (order > 0)
		return "is missing";
	if (compare(there, due, 0) != 0 || compare(there, due, 2) != 0 ||
	    compare(there, due, 3) != 0)
		return "was changed";
	return NULL;
}

static market_status_t
compare_schemas(market__sqlite_t *sqlite, sqlite3_stmt *there,
    market__sqlite_t *made, sqlite3_stmt *due, market_error_t *reterr)
{
	market_status_t rv = MARKET_OK;
	const char *what, *type, *name;
	sqlite3_stmt *row;
	bool has, is_due;

	for (;;) {
		has = step(there, sqlite, &rv, reterr) == SQLITE_ROW;
		is_due = rv == MARKET_OK &&
		    step(due, made, &rv, reterr) == SQLITE_ROW;
		if (rv != MARKET_OK || (!has && !is_due))
			return rv;
		what = difference(there, has, due, is_due);
		if (what == NULL)
			continue;
		row = strcmp(what, "is missing") == 0 ? due : there;
		type = (const char *)sqlite3_column_text(row, 0);
		name = (const char *)sqlite3_column_text(row, 1);
		return market__error(reterr, MARKET_E_CORRUPT,
		    sqlite->sql.location, -1,
		    "its schema is not that of a store: the %.20s %.100s %s; "
		    "go back to a copy of the store",
		    type == NULL ? "?" : type, name == NULL ? "?" : name, what);
	}
}

/* What the migrations make of nothing, in memory, is what must be there. */
static market_status_t
check_schema(market__sqlite_t *sqlite, market_error_t *reterr)
{
	sqlite3_stmt *there = NULL, *due = NULL;
	market__sqlite_t made;
	market_status_t rv;
	int code;

	memset(&made, 0, sizeof(made));
	market__sql_init(&made.sql, &market__sqlite_driver,
	    sqlite->sql.allocator, sqlite->sql.location);
	code = sqlite3_open_v2(":memory:", &made.db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	rv = code == SQLITE_OK
	    ? market__schema_migrate(&made.sql, 0, reterr)
	    : market__sqlite_error(&made, code, "opening", reterr);
	if (rv == MARKET_OK)
		rv = query(&made, SCHEMA, &due, reterr);
	if (rv == MARKET_OK)
		rv = query(sqlite, SCHEMA, &there, reterr);
	if (rv == MARKET_OK)
		rv = compare_schemas(sqlite, there, &made, due, reterr);
	sqlite3_finalize(there);
	sqlite3_finalize(due);
	sqlite3_close(made.db);
	return rv;
}

/* A page that could not be read is told among the damaged ones, by its code. */
static market_status_t
status_of(const char *found)
{
	static const char mark[] = "error code=";
	const char *at = strstr(found, mark);
	market_status_t status;
	int code = 0;

	if (at == NULL)
		return MARKET_E_CORRUPT;
	for (at += sizeof(mark) - 1; *at >= '0' && *at <= '9'; at++)
		code = code < 100000 ? code * 10 + (*at - '0') : code;
	status = market__sqlite_status(code);
	return status == MARKET_E_IO || status == MARKET_E_MEMORY
	    ? status
	    : MARKET_E_CORRUPT;
}

static market_status_t
check_pages(market__sqlite_t *sqlite, market_error_t *reterr)
{
	static const char text[] = "PRAGMA quick_check(1)";
	sqlite3_stmt *statement = NULL;
	const char *found = NULL;
	market_status_t rv;

	rv = query_text(sqlite, text, &statement, &found, reterr);
	/* analyse(gcc, scan): query_text() has set it, or failed. */
	if (rv == MARKET_OK && strcmp(found, "ok") != 0)
		rv = market__error(reterr, status_of(found),
		    sqlite->sql.location, -1, "checking the pages: %.200s; %s",
		    found,
		    status_of(found) == MARKET_E_CORRUPT
			? "it is damaged: go back to a copy of the store"
			: "try again, and check the disk");
	sqlite3_finalize(statement);
	return rv;
}

market_status_t
market__sqlite_check(market__sqlite_t *sqlite, market_error_t *reterr)
{
	market_status_t rv = check_schema(sqlite, reterr);

	return rv == MARKET_OK ? check_pages(sqlite, reterr) : rv;
}
