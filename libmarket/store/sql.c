/* SPDX-License-Identifier: Apache-2.0 */
/* The connection and its transactions. */
#include "store/sql_held.h"

static market__sql_t *
of(market__backend_t *backend)
{
	/* A market__sql_t begins with its market__backend_t. */
	return (market__sql_t *)backend;
}

void
market__sql_finalize(market__sql_t *sql)
{
	size_t i;

	for (i = 0; i < MARKET__COUNT(sql->statements); i++) {
		if (sql->statements[i] != NULL)
			sql->driver->finalize(sql->statements[i]);
		sql->statements[i] = NULL;
	}
}

/*
 * After a failed fsync nobody knows what the disk has: what the kernel still
 * shows may be gone after the next power cut, and asking again succeeds
 * without writing anything. So nothing is tried again on this connection.
 */
static void
give_up(market__sql_t *sql)
{
	market__sql_finalize(sql);
	sql->driver->disconnect(sql);
	sql->phase = MARKET__SQL_BROKEN;
}

static void
roll_back(market__backend_t *backend)
{
	market__sql_t *sql = of(backend);

	market__sql_forget(sql);
	market__sql_cells_forget(sql);
	if (sql->phase == MARKET__SQL_IDLE || sql->phase == MARKET__SQL_BROKEN)
		return;
	sql->driver->rollback(sql);
	sql->phase = MARKET__SQL_IDLE;
	if (sql->wound != MARKET_OK)
		give_up(sql);
}

market_status_t
market__sql_identify(market__sql_t *sql, market_error_t *reterr)
{
	market_status_t rv;

	rv = sql->driver->begin(sql, false, reterr);
	if (rv != MARKET_OK)
		return rv;
	sql->phase = MARKET__SQL_READING;
	sql->writing = false;
	rv = market__sql_tail_get(sql, &sql->seen, reterr);
	if (rv == MARKET_OK)
		rv = market__sql_tail_check(sql, &sql->seen, reterr);
	roll_back(&sql->backend);
	if (rv == MARKET_OK && sql->phase == MARKET__SQL_BROKEN)
		return market__error(reterr, sql->wound, sql->location, -1,
		    "ending a transaction has failed: try again");
	return rv;
}

/* The first read, which makes the snapshot: is it still the same store? */
static market_status_t
look(market__sql_t *sql, market_error_t *reterr)
{
	market__sql_tail_t tail;
	market_status_t rv;

	rv = market__sql_tail_get(sql, &tail, reterr);
	if (rv != MARKET_OK)
		return rv;
	if (memcmp(tail.store, sql->seen.store, sizeof(tail.store)) != 0 ||
	    tail.writes < sql->seen.writes)
		return market__error(reterr, MARKET_E_CORRUPT, sql->location,
		    -1,
		    "another file, or an older copy, has taken its place while "
		    "it was open: close it, and check what was put there");
	sql->tail = sql->seen = tail;
	return MARKET_OK;
}

static market_status_t
begin(market__backend_t *backend, bool write, market_error_t *reterr)
{
	market__sql_t *sql = of(backend);
	market_status_t rv;

	if (sql->phase == MARKET__SQL_BROKEN)
		return market__sql_enter(sql, write, reterr);
	if (sql->phase != MARKET__SQL_IDLE)
		return market__error(reterr, MARKET_E_STATE, sql->location, -1,
		    "a transaction is open already");
	rv = sql->driver->begin(sql, write, reterr);
	if (rv != MARKET_OK)
		return rv;
	sql->phase = write ? MARKET__SQL_WRITING : MARKET__SQL_READING;
	sql->writing = write;
	sql->rows_before = sql->rows_written;
	rv = look(sql, reterr);
	if (rv != MARKET_OK)
		roll_back(backend);
	return rv;
}

static market_status_t
commit(market__backend_t *backend, market_error_t *reterr)
{
	market__sql_t *sql = of(backend);
	market_status_t rv;

	rv = market__sql_enter(sql, false, reterr);
	if (rv != MARKET_OK)
		return rv;
	if (sql->writing)
		rv = market__sql_flush(sql, reterr);
	if (rv == MARKET_OK && sql->writing &&
	    sql->rows_written != sql->rows_before) {
		sql->tail.writes++;
		rv = market__sql_tail_put(sql, &sql->tail, reterr);
	}
	if (rv != MARKET_OK) {
		roll_back(backend);
		return rv;
	}
	market__sql_cells_forget(sql);
	rv = sql->driver->commit(sql, sql->writing, reterr);
	sql->phase = MARKET__SQL_IDLE;
	if (rv == MARKET_OK)
		sql->seen = sql->tail;
	if (sql->wound != MARKET_OK || rv == MARKET_E_IN_DOUBT)
		give_up(sql);
	return rv;
}

static void
close_sql(market__backend_t *backend)
{
	market__sql_t *sql = of(backend);

	roll_back(backend);
	market__sql_finalize(sql);
	market__free(sql->allocator, sql->held);
	sql->driver->close(sql);
}

static uint64_t
rows_written(market__backend_t *backend)
{
	return of(backend)->rows_written;
}

static const market__backend_ops_t operations = {
	.close = close_sql,
	.begin = begin,
	.commit = commit,
	.rollback = roll_back,
	.head_get = market__sql_head_get,
	.head_put = market__sql_head_put,
	.statement_insert = market__sql_statement_insert,
	.statements = market__sql_statements,
	.payload_insert = market__sql_payload_insert,
	.payload_get = market__sql_payload_get,
	.slot_get = market__sql_slot_get,
	.slot_put = market__sql_slot_put,
	.slots_since = market__sql_slots_since,
	.clearance_get = market__sql_clearance_get,
	.clearance_find = market__sql_clearance_find,
	.clearance_put = market__sql_clearance_put,
	.clearance_set_reads = market__sql_clearance_set_reads,
	.clearance_reads = market__sql_clearance_reads,
	.clearance_cells = market__sql_clearance_cells,
	.clearances = market__sql_clearances,
	.party_get = market__sql_party_get,
	.party_find = market__sql_party_find,
	.party_put = market__sql_party_put,
	.parties = market__sql_parties,
	.listing_get = market__sql_listing_get,
	.listing_find = market__sql_listing_find,
	.listing_put = market__sql_listing_put,
	.listings_put = market__sql_listings_put,
	.listings = market__sql_listings,
	.feed_get = market__sql_feed_get,
	.feed_put = market__sql_feed_put,
	.entry_insert = market__sql_entry_insert,
	.entries = market__sql_entries,
	.integrity = market__sql_integrity,
	.rows_written = rows_written,
};

void
market__sql_init(market__sql_t *sql, const market__sql_driver_t *driver,
    const market_allocator_t *allocator, const char *location)
{
	sql->ops = operations;
	sql->ops.name = driver->name;
	sql->backend.ops = &sql->ops;
	sql->driver = driver;
	sql->allocator = allocator;
	sql->location = location;
}
