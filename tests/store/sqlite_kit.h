/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the SQLite backend share: a folder with one database. */
#ifndef TESTS_STORE_SQLITE_KIT_H
#define TESTS_STORE_SQLITE_KIT_H

#include <sqlite3.h>

#include "harness.h"
#include "store/store_backend.h"

#define OK(call) ck_assert_int_eq((call), MARKET_OK)

typedef struct place {
	char folder[32];
	char path[64];
	harness_memory_t memory;
	market__backend_t *backend;
	const market__backend_ops_t *ops;
	market__arena_t arena;
	market_error_t error; /* of the last failure */
	unsigned busy_timeout_ms;
	size_t cache_bytes;
} place_t;

/* An empty folder; the path of a database in it that is not there. */
void place_init(place_t *place);
/* Closes what is open and removes the folder. All memory has come back. */
void place_clear(place_t *place);

market_status_t place_create(place_t *place);
market_status_t place_open(place_t *place);
void place_close(place_t *place);
/* Writes numbers 1 to `n`, each in a transaction, and closes. */
void place_fill(place_t *place, uint64_t n);
/* Fails the test unless it opens, or does not with this status. */
void place_opens(place_t *place);
void place_refuses(place_t *place, market_status_t want, const char *text);
/* The path with something behind it. Good until the next call. */
const char *place_file(const place_t *place, const char *suffix);
bool place_has(const place_t *place, const char *suffix);

/* Runs SQL on the file by a connection without any of our settings. */
void place_sql(const place_t *place, const char *text);
/* Of a file without packs makes one of format 2; with the second, of format 1
 * (PRAGMA user_version is to follow). */
#define PLACE_NO_PACKS                                     \
	"DROP TABLE entry_pack; DROP TABLE listing_pack; " \
	"DROP TABLE segment; "                             \
	"ALTER TABLE tail DROP COLUMN last_entry_pack; "   \
	"ALTER TABLE tail DROP COLUMN last_listing_pack; " \
	"ALTER TABLE tail DROP COLUMN last_segment; "
#define PLACE_NO_FEEDS PLACE_NO_PACKS "DROP TABLE feed; "
/* The first column of the first row. */
int64_t place_number(const place_t *place, const char *text);
/* Writes bytes over those that are there. */
void place_poke(const place_t *place, const char *suffix, long offset,
    const void *bytes, size_t len);
void place_copy(const place_t *place, const char *from, const char *to);
long place_size(const place_t *place, const char *suffix);

/* ---- rows, each a function of its number ---- */

market__entry_row_t place_entry(uint64_t seq);
/*
 * One transaction that belongs together: entry number `seq`, its payload, a
 * listing, and the head that counts them. With number 1 come the seller and
 * the clearances that all listings ask.
 */
market_status_t place_put(place_t *place, uint64_t seq);
/* The same, and committed. */
market_status_t place_write(place_t *place, uint64_t seq);
/* Are numbers 1 to `n` there, whole, and no other? */
bool place_holds(place_t *place, uint64_t n);
typedef enum place_truth {
	PLACE_TRUE,    /* all was read, or reading failed */
	PLACE_MISSING, /* something was not there, without failure */
	PLACE_WRONG    /* something was read that was not written */
} place_truth_t;

/*
 * Reads all that was written as numbers 1 to `n`, each part in a transaction
 * of its own. Envelopes count by their length alone: what they say is signed.
 */
place_truth_t place_truth(place_t *place, uint64_t n);
/* Faults that integrity tells; the last of them. */
size_t place_faults(place_t *place);
const char *place_fault(void);

#endif
