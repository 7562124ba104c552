/* SPDX-License-Identifier: Apache-2.0 */
/* Looking for faults in the keeping: between the files of it. */
#ifndef MARKET_STORE_SQL_INTEGRITY_H
#define MARKET_STORE_SQL_INTEGRITY_H

#include "store/sql_packs.h"

typedef struct market__sql_check {
	market__sql_t *sql;
	market__integrity_fn *tell;
	void *user;
} market__sql_check_t;

/* "OF ROW: WHAT OTHER" */
void market__sql_tell(const market__sql_check_t *check, const char *of,
    uint64_t row, const char *what, uint64_t other);

/* sql_integrity_packs.c */
market_status_t market__sql_check_entries(
    const market__sql_check_t *check, market_error_t *reterr);
market_status_t market__sql_check_packs(
    const market__sql_check_t *check, market_error_t *reterr);
market_status_t market__sql_check_segments(
    const market__sql_check_t *check, market_error_t *reterr);

#endif
