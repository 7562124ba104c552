/* SPDX-License-Identifier: Apache-2.0 */
/* P12: each code of SQLite, and what it is to a caller. */
#include "harness.h"
#include "store/sqlite.h"

START_TEST(sqlite_gives_each_code_its_status)
{
	static const struct {
		int code;
		market_status_t want;
	} rows[] = {
		{ SQLITE_OK, MARKET_OK },
		{ SQLITE_ROW, MARKET_OK },
		{ SQLITE_DONE, MARKET_OK },
		{ SQLITE_BUSY, MARKET_E_BUSY },
		{ SQLITE_BUSY_RECOVERY, MARKET_E_BUSY },
		{ SQLITE_BUSY_SNAPSHOT, MARKET_E_BUSY },
		{ SQLITE_BUSY_TIMEOUT, MARKET_E_BUSY },
		{ SQLITE_LOCKED, MARKET_E_BUSY },
		{ SQLITE_LOCKED_SHAREDCACHE, MARKET_E_BUSY },
		{ SQLITE_INTERRUPT, MARKET_E_BUSY },
		{ SQLITE_PROTOCOL, MARKET_E_BUSY },
		{ SQLITE_FULL, MARKET_E_FULL },
		{ SQLITE_IOERR, MARKET_E_IO },
		{ SQLITE_IOERR_READ, MARKET_E_IO },
		{ SQLITE_IOERR_SHORT_READ, MARKET_E_IO },
		{ SQLITE_IOERR_WRITE, MARKET_E_IO },
		{ SQLITE_IOERR_FSYNC, MARKET_E_IO },
		{ SQLITE_IOERR_TRUNCATE, MARKET_E_IO },
		{ SQLITE_IOERR_NOMEM, MARKET_E_MEMORY },
		{ SQLITE_IOERR_DATA, MARKET_E_CORRUPT },
		{ SQLITE_IOERR_CORRUPTFS, MARKET_E_CORRUPT },
		{ SQLITE_CANTOPEN, MARKET_E_IO },
		{ SQLITE_CANTOPEN_ISDIR, MARKET_E_IO },
		{ SQLITE_READONLY, MARKET_E_IO },
		{ SQLITE_READONLY_DBMOVED, MARKET_E_IO },
		{ SQLITE_PERM, MARKET_E_IO },
		{ SQLITE_AUTH, MARKET_E_IO },
		{ SQLITE_NOLFS, MARKET_E_IO },
		{ SQLITE_ERROR, MARKET_E_CORRUPT },
		{ SQLITE_SCHEMA, MARKET_E_CORRUPT },
		{ SQLITE_CONSTRAINT, MARKET_E_CORRUPT },
		{ SQLITE_CONSTRAINT_UNIQUE, MARKET_E_CORRUPT },
		{ SQLITE_CONSTRAINT_PRIMARYKEY, MARKET_E_CORRUPT },
		{ SQLITE_CONSTRAINT_NOTNULL, MARKET_E_CORRUPT },
		{ SQLITE_MISMATCH, MARKET_E_CORRUPT },
		{ SQLITE_FORMAT, MARKET_E_CORRUPT },
		{ SQLITE_NOTADB, MARKET_E_CORRUPT },
		{ SQLITE_CORRUPT, MARKET_E_CORRUPT },
		{ SQLITE_CORRUPT_INDEX, MARKET_E_CORRUPT },
		{ SQLITE_NOMEM, MARKET_E_MEMORY },
		{ SQLITE_TOOBIG, MARKET_E_LIMIT },
		{ SQLITE_MISUSE, MARKET_E_INTERNAL },
		{ SQLITE_RANGE, MARKET_E_INTERNAL },
		{ SQLITE_INTERNAL, MARKET_E_INTERNAL },
		{ SQLITE_NOTFOUND, MARKET_E_INTERNAL },
		{ 12345, MARKET_E_INTERNAL },
	};
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++)
		ck_assert_msg(
		    market__sqlite_status(rows[i].code) == rows[i].want,
		    "P12 SQLite %d: %s", rows[i].code,
		    market_status_name(market__sqlite_status(rows[i].code)));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sqlite_status");
	TCase *tcase = tcase_create("status");

	tcase_add_test(tcase, sqlite_gives_each_code_its_status);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
