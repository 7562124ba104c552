/* SPDX-License-Identifier: Apache-2.0 */
/* The tables, as numbered migrations make them. */
#ifndef MARKET_STORE_SCHEMA_H
#define MARKET_STORE_SCHEMA_H

#include "store/sql.h"

/* Number of the last migration: that of the schema that this library reads. */
#define MARKET__SCHEMA_VERSION 3

/*
 * Runs the migrations behind number `from` (0: all of them), inside a
 * transaction of the caller.
 */
market_status_t market__schema_migrate(
    market__sql_t *sql, uint32_t from, market_error_t *reterr);

#endif
