/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a transaction has written and the database does not have yet: entries,
 * which come one behind the other, until they are looked for or it commits; and
 * how many cells more, or fewer, ask each question.
 */
#ifndef MARKET_STORE_SQL_HELD_H
#define MARKET_STORE_SQL_HELD_H

#include "store/sql.h"

#define MARKET__SQL_COUNTED 4096

typedef struct market__sql_counted {
	uint64_t question;
	int64_t cells;
	bool used;
} market__sql_counted_t;

typedef struct market__sql_held {
	market__entry_packer_t entries;
	market__listing_packer_t listings; /* between begin and finish */
	size_t n_counted;
	market__sql_counted_t counted[MARKET__SQL_COUNTED];
} market__sql_held_t;

/* In a transaction that writes: sql->held is there. */
market_status_t market__sql_hold(market__sql_t *sql, market_error_t *reterr);
/* So many cells more ask a question, in rows of their own. */
market_status_t market__sql_count(market__sql_t *sql, uint64_t question,
    int64_t cells, market_error_t *reterr);
market_status_t market__sql_count_all(
    market__sql_t *sql, market_error_t *reterr);
/* Entries that are held are written. */
market_status_t market__sql_entries_flush(
    market__sql_t *sql, market_error_t *reterr);
/* All that is held is; or is forgotten. */
market_status_t market__sql_flush(market__sql_t *sql, market_error_t *reterr);
void market__sql_forget(market__sql_t *sql);

#endif
