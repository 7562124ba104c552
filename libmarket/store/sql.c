/* SPDX-License-Identifier: Apache-2.0 */
/* The connection and its transactions. */
#include "store/sql.h"

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
read_identity(market__sql_call_t *call, market__arena_t *arena, void *row)
{
	uint8_t *both = row;
	market_slice_t of_store = { NULL, 0 }, of_head = { NULL, 0 };

	(void)arena;
	market__sql_get_slice(call, &of_store);
	market__sql_get_slice(call, &of_head);
	if (call->status == MARKET_OK &&
	    (of_store.len != MARKET__SQL_STORE_LEN ||
		!market__slice_equal(of_store, of_head)))
		market__sql_corrupt(call,
		    "what was written last belongs to another store (was its "
		    "write-ahead log exchanged?)");
	if (call->status == MARKET_OK)
		memcpy(both, of_store.ptr, MARKET__SQL_STORE_LEN);
}

static market_status_t
get_identity(market__sql_t *sql, uint8_t *store, market_error_t *reterr)
{
	uint8_t both[MARKET__SQL_STORE_LEN];
	market__sql_call_t call;
	market_status_t rv;

	market__sql_call(&call, sql, MARKET__SQL_IDENTITY, reterr);
	rv = market__sql_one(&call, NULL, read_identity, both);
	if (rv == MARKET_E_NOT_FOUND)
		return market__error(reterr, MARKET_E_CORRUPT, sql->location,
		    -1, "table marketplace: its row is gone");
	if (rv == MARKET_OK)
		memcpy(store, both, sizeof(both));
	return rv;
}

static void
roll_back(market__backend_t *backend)
{
	market__sql_t *sql = of(backend);

	if (sql->phase == MARKET__SQL_IDLE || sql->phase == MARKET__SQL_BROKEN)
		return;
	sql->driver->rollback(sql);
	sql->phase = MARKET__SQL_IDLE;
	if (sql->wounded)
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
	rv = get_identity(sql, sql->store, reterr);
	roll_back(&sql->backend);
	return rv;
}

static market_status_t
begin(market__backend_t *backend, bool write, market_error_t *reterr)
{
	market__sql_t *sql = of(backend);
	uint8_t store[MARKET__SQL_STORE_LEN];
	market_status_t rv;

	if (sql->phase == MARKET__SQL_BROKEN)
		return market__error(reterr, MARKET_E_STATE, sql->location, -1,
		    "the disk has failed on this connection: close the store "
		    "and open it again");
	if (sql->phase != MARKET__SQL_IDLE)
		return market__error(reterr, MARKET_E_STATE, sql->location, -1,
		    "a transaction is open already");
	rv = sql->driver->begin(sql, write, reterr);
	if (rv != MARKET_OK)
		return rv;
	sql->phase = write ? MARKET__SQL_WRITING : MARKET__SQL_READING;
	sql->writing = write;
	/* The first read makes the snapshot. */
	rv = get_identity(sql, store, reterr);
	if (rv == MARKET_OK && memcmp(store, sql->store, sizeof(store)) != 0)
		rv = market__error(reterr, MARKET_E_CORRUPT, sql->location, -1,
		    "another store has taken the place of this one while it "
		    "was open");
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
	rv = sql->driver->commit(sql, sql->writing, reterr);
	sql->phase = MARKET__SQL_IDLE;
	if (sql->wounded || rv == MARKET_E_IN_DOUBT)
		give_up(sql);
	return rv;
}

static void
close_sql(market__backend_t *backend)
{
	market__sql_t *sql = of(backend);

	roll_back(backend);
	market__sql_finalize(sql);
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
	.clearances = market__sql_clearances,
	.party_get = market__sql_party_get,
	.party_find = market__sql_party_find,
	.party_put = market__sql_party_put,
	.parties = market__sql_parties,
	.listing_get = market__sql_listing_get,
	.listing_find = market__sql_listing_find,
	.listing_put = market__sql_listing_put,
	.listings = market__sql_listings,
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
