/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h" /* strerrordesc_np */

#include <errno.h>
#include <stdio.h>

#include "store/sqlite.h"

market_status_t
market__sqlite_status(int code)
{
	switch (code) {
	case SQLITE_IOERR_NOMEM: return MARKET_E_MEMORY;
	case SQLITE_IOERR_DATA:
	case SQLITE_IOERR_CORRUPTFS: return MARKET_E_CORRUPT;
	}
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE: return MARKET_OK;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_INTERRUPT:
	case SQLITE_PROTOCOL: return MARKET_E_BUSY;
	case SQLITE_FULL: return MARKET_E_FULL;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_NOLFS: return MARKET_E_IO;
	/* The texts are ours and fixed: one that fails has found another
	 * schema than was checked when the store was opened. */
	case SQLITE_ERROR:
	case SQLITE_SCHEMA:
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_FORMAT:
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT: return MARKET_E_CORRUPT;
	case SQLITE_NOMEM: return MARKET_E_MEMORY;
	case SQLITE_TOOBIG: return MARKET_E_LIMIT;
	default: return MARKET_E_INTERNAL;
	}
}

static const char *
cure(market_status_t status)
{
	switch (status) {
	case MARKET_E_BUSY: return "somebody else is writing: try again";
	case MARKET_E_FULL: return "make room, then try again";
	case MARKET_E_IO: return "check the disk, the path and its permissions";
	case MARKET_E_CORRUPT:
		return "it is damaged or was edited: check the whole store "
		       "(fsck), or go back to a copy of it";
	case MARKET_E_IN_DOUBT:
		return "it may have happened: close the store, open it "
		       "again, and ask what it has";
	case MARKET_E_LIMIT: return "a row is too large";
	default: return "try again";
	}
}

/* Never translated, and the same from every thread; strerror() is neither. */
static const char *
system_text(int number)
{
#ifdef HAVE_STRERRORDESC_NP
	const char *text = strerrordesc_np(number);

	if (text != NULL)
		return text;
#endif
	(void)number;
	return "system error";
}

static bool
is_no_room(int number)
{
	return number == ENOSPC || number == EDQUOT;
}

static market_status_t
tell(market__sqlite_t *sqlite, int code, market_status_t status, int number,
    const char *doing, market_error_t *reterr)
{
	char system[80] = "";

	if (status == MARKET_E_IO && is_no_room(number))
		status = MARKET_E_FULL;
	if (number != 0)
		snprintf(system, sizeof(system), ", errno %d: %s", number,
		    system_text(number));
	return market__error(reterr, status, sqlite->sql.location, -1,
	    "%s: %s (SQLite %d%s); %s", doing,
	    sqlite->db == NULL ? sqlite3_errstr(code)
			       : sqlite3_errmsg(sqlite->db),
	    code, system, cure(status));
}

market_status_t
market__sqlite_error(market__sqlite_t *sqlite, int code, const char *doing,
    market_error_t *reterr)
{
	int number = 0;

	if ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN)
		number = sqlite3_system_errno(sqlite->db);
	return tell(
	    sqlite, code, market__sqlite_status(code), number, doing, reterr);
}

market_status_t
market__sqlite_doubt(market__sqlite_t *sqlite, int code, int number,
    const char *doing, market_error_t *reterr)
{
	return tell(sqlite, code, MARKET_E_IN_DOUBT, number, doing, reterr);
}

market_status_t
market__sqlite_system_error(
    const char *location, int number, const char *doing, market_error_t *reterr)
{
	market_status_t status = is_no_room(number) ? MARKET_E_FULL
						    : MARKET_E_IO;

	if (number == ENOMEM)
		status = MARKET_E_MEMORY;
	return market__error(reterr, status, location, -1,
	    "%s: %s (errno %d); %s", doing, system_text(number), number,
	    cure(status));
}
