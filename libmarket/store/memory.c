/* SPDX-License-Identifier: Apache-2.0 */
/* The backend that keeps its rows in memory: for tests, and what ends with
 * the process. */
#include "store/memory.h"

/* ---- transactions ---- */

static void
close_it(market__backend_t *backend)
{
	market__memory_t *memory = market__memory_of(backend);
	market_allocator_t allocator = memory->allocator;
	size_t i;

	for (i = 0; i < MEMORY_MAPS; i++)
		market__memory_map_clear(&memory->maps[i]);
	market__free(&allocator, memory);
}

static market_status_t
begin(market__backend_t *backend, bool write, market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);

	if (memory->open)
		return market__error(reterr, MARKET_E_STATE, NULL, -1,
		    "a transaction is open already: end it first");
	memory->open = true;
	memory->writing = write;
	memory->failed = false;
	return MARKET_OK;
}

static market_status_t
commit(market__backend_t *backend, market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	market_status_t status;
	size_t i;

	status = market__memory_enter(memory, false, reterr);
	if (status != MARKET_OK)
		return status;
	for (i = 0; i < MEMORY_MAPS; i++)
		market__memory_map_commit(&memory->maps[i]);
	memory->open = false;
	return MARKET_OK;
}

static void
rollback(market__backend_t *backend)
{
	market__memory_t *memory = market__memory_of(backend);
	size_t i;

	for (i = 0; i < MEMORY_MAPS; i++)
		market__memory_map_rollback(&memory->maps[i]);
	memory->open = false;
}

market_status_t
market__memory_enter(
    market__memory_t *memory, bool write, market_error_t *reterr)
{
	if (!memory->open)
		return market__error(reterr, MARKET_E_STATE, NULL, -1,
		    "no transaction is open: begin one first");
	if (memory->failed)
		return market__error(reterr, MARKET_E_STATE, NULL, -1,
		    "the transaction has failed: roll it back");
	if (write && !memory->writing)
		return market__memory_fail(memory, MARKET_E_STATE, reterr,
		    "this transaction only reads: begin one that writes");
	return MARKET_OK;
}

market_status_t
market__memory_fail(market__memory_t *memory, market_status_t status,
    market_error_t *reterr, const char *message)
{
	memory->failed = true;
	return market__error(reterr, status, NULL, -1, "%s", message);
}

/* ---- one row ---- */

/* A new row, or one in place of that with its number, or a new one only. */
typedef market_status_t write_fn(market__memory_t *memory,
    market__memory_table_t table, uint64_t number, const void *row,
    market_error_t *reterr);

static market_status_t
write_row(market__backend_t *backend, write_fn *how,
    market__memory_table_t table, uint64_t number, const void *row,
    market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	market_status_t status;

	status = market__memory_enter(memory, true, reterr);
	if (status == MARKET_OK)
		status = how(memory, table, number, row, reterr);
	return status;
}

static market_status_t
get_row(market__backend_t *backend, market__memory_table_t table,
    uint64_t number, market__arena_t *arena, void *ret_row,
    market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	market_status_t status;

	status = market__memory_enter(memory, false, reterr);
	if (status == MARKET_OK)
		status = market__memory_get(
		    memory, table, number, arena, ret_row, reterr);
	return status;
}

/* By a unique index: the key is the number, where there is one, and a text. */
static market_status_t
find_row(market__backend_t *backend, market__memory_table_t table,
    market__memory_table_t index, const uint64_t *number, market_slice_t text,
    market__arena_t *arena, void *ret_row, market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	market_status_t status;
	market__text_t key;
	uint64_t no = 0;

	status = market__memory_enter(memory, false, reterr);
	if (status != MARKET_OK)
		return status;
	market__memory_key_init(&key, memory);
	if (number != NULL)
		market__memory_key_number(&key, *number);
	market__text_slice(&key, text);
	status = market__memory_find(memory, index, &key, &no, reterr);
	market__text_clear(&key);
	if (status == MARKET_OK)
		status = market__memory_get(
		    memory, table, no, arena, ret_row, reterr);
	return status;
}

static market_status_t
head_get(market__backend_t *backend, market__store_head_t *ret_head,
    market_error_t *reterr)
{
	/* It points to nothing, so no arena is asked. */
	return get_row(backend, MEMORY_HEAD, 0, NULL, ret_head, reterr);
}

static market_status_t
head_put(market__backend_t *backend, const market__store_head_t *head,
    market_error_t *reterr)
{
	return write_row(
	    backend, market__memory_put, MEMORY_HEAD, 0, head, reterr);
}

static market_status_t
statement_insert(market__backend_t *backend, const market__statement_row_t *row,
    market_error_t *reterr)
{
	return write_row(backend, market__memory_insert, MEMORY_STATEMENTS,
	    row->no, row, reterr);
}

static market_status_t
payload_insert(market__backend_t *backend, uint64_t entry, market_slice_t bytes,
    market_error_t *reterr)
{
	return write_row(backend, market__memory_insert, MEMORY_PAYLOADS, entry,
	    &bytes, reterr);
}

static market_status_t
payload_get(market__backend_t *backend, uint64_t entry, market__arena_t *arena,
    market_slice_t *ret_bytes, market_error_t *reterr)
{
	return get_row(
	    backend, MEMORY_PAYLOADS, entry, arena, ret_bytes, reterr);
}

static market_status_t
slot_get(market__backend_t *backend, market_slice_t name,
    market__arena_t *arena, market__slot_row_t *ret_row, market_error_t *reterr)
{
	return find_row(backend, MEMORY_SLOTS, MEMORY_SLOTS_BY_NAME, NULL, name,
	    arena, ret_row, reterr);
}

static market_status_t
slot_put(market__backend_t *backend, const market__slot_row_t *row,
    market_error_t *reterr)
{
	return write_row(
	    backend, market__memory_put, MEMORY_SLOTS, row->no, row, reterr);
}

static market_status_t
clearance_get(market__backend_t *backend, uint64_t no, market__arena_t *arena,
    market__clearance_row_t *ret_row, market_error_t *reterr)
{
	return get_row(backend, MEMORY_CLEARANCES, no, arena, ret_row, reterr);
}

static market_status_t
clearance_find(market__backend_t *backend, const uint8_t *hash,
    market__arena_t *arena, market__clearance_row_t *ret_row,
    market_error_t *reterr)
{
	return find_row(backend, MEMORY_CLEARANCES, MEMORY_CLEARANCES_BY_HASH,
	    NULL, market__slice(hash, MARKET_DIGEST_LEN), arena, ret_row,
	    reterr);
}

static market_status_t
clearance_put(market__backend_t *backend, const market__clearance_row_t *row,
    market_error_t *reterr)
{
	return write_row(backend, market__memory_put, MEMORY_CLEARANCES,
	    row->no, row, reterr);
}

static market_status_t
clearance_set_reads(market__backend_t *backend, uint64_t no,
    const uint64_t *slots, size_t n, market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	const market__memory_numbers_t none = { NULL, 0 }, now = { slots, n };
	const market__memory_numbers_t *old;
	market_status_t status;

	status = market__memory_enter(memory, true, reterr);
	if (status != MARKET_OK)
		return status;
	old = market__memory_row(memory, MEMORY_READS, no);
	if (old == NULL)
		old = &none;
	else if (old->n == n &&
	    (n == 0 || memcmp(old->at, slots, n * sizeof(*slots)) == 0))
		return MARKET_OK;
	status = market__memory_relist(
	    memory, MEMORY_READERS, no, old, &now, reterr);
	if (status == MARKET_OK)
		status = market__memory_put(
		    memory, MEMORY_READS, no, &now, reterr);
	return status;
}

static market_status_t
clearance_reads(market__backend_t *backend, uint64_t no, market__arena_t *arena,
    const uint64_t **ret_slots, size_t *ret_n, market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	market__memory_numbers_t reads = { NULL, 0 };
	market_status_t status;

	status = market__memory_enter(memory, false, reterr);
	if (status == MARKET_OK &&
	    market__memory_row(memory, MEMORY_READS, no) != NULL)
		status = market__memory_get(
		    memory, MEMORY_READS, no, arena, &reads, reterr);
	if (status == MARKET_OK) {
		*ret_slots = reads.at;
		*ret_n = reads.n;
	}
	return status;
}

static market_status_t
party_get(market__backend_t *backend, uint64_t no, market__arena_t *arena,
    market__party_row_t *ret_row, market_error_t *reterr)
{
	return get_row(backend, MEMORY_PARTIES, no, arena, ret_row, reterr);
}

static market_status_t
party_find(market__backend_t *backend, market_slice_t name,
    market__arena_t *arena, market__party_row_t *ret_row,
    market_error_t *reterr)
{
	return find_row(backend, MEMORY_PARTIES, MEMORY_PARTIES_BY_NAME, NULL,
	    name, arena, ret_row, reterr);
}

static market_status_t
party_put(market__backend_t *backend, const market__party_row_t *row,
    market_error_t *reterr)
{
	return write_row(
	    backend, market__memory_put, MEMORY_PARTIES, row->no, row, reterr);
}

static market_status_t
listing_get(market__backend_t *backend, uint64_t no, market__arena_t *arena,
    market__listing_row_t *ret_row, market_error_t *reterr)
{
	return get_row(backend, MEMORY_LISTINGS, no, arena, ret_row, reterr);
}

static market_status_t
listing_find(market__backend_t *backend, uint64_t seller,
    market_slice_t offer_id, market__arena_t *arena,
    market__listing_row_t *ret_row, market_error_t *reterr)
{
	return find_row(backend, MEMORY_LISTINGS, MEMORY_LISTINGS_BY_SELLER,
	    &seller, offer_id, arena, ret_row, reterr);
}

static market_status_t
listing_put(market__backend_t *backend, const market__listing_row_t *row,
    market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	market__memory_numbers_t old = { NULL, 0 };
	const market__memory_numbers_t now = { row->questions,
		row->n_questions };
	const market__listing_row_t *before;
	market_status_t status;

	status = market__memory_enter(memory, true, reterr);
	if (status != MARKET_OK)
		return status;
	before = market__memory_row(memory, MEMORY_LISTINGS, row->no);
	if (before != NULL) {
		old.at = before->questions;
		old.n = before->n_questions;
	}
	status = market__memory_relist(
	    memory, MEMORY_QUESTIONS, row->no, &old, &now, reterr);
	if (status == MARKET_OK)
		status = market__memory_put(
		    memory, MEMORY_LISTINGS, row->no, row, reterr);
	return status;
}

static market_status_t
listings_put(market__backend_t *backend, const market__listing_row_t *rows,
    size_t n, market_error_t *reterr)
{
	market_status_t status = MARKET_OK;
	size_t i;

	for (i = 0; i < n && status == MARKET_OK; i++)
		status = listing_put(backend, &rows[i], reterr);
	return status;
}

static market_status_t
feed_get(market__backend_t *backend, uint64_t no, market__arena_t *arena,
    market__feed_row_t *ret_row, market_error_t *reterr)
{
	return get_row(backend, MEMORY_FEEDS, no, arena, ret_row, reterr);
}

static market_status_t
feed_put(market__backend_t *backend, const market__feed_row_t *row,
    market_error_t *reterr)
{
	return write_row(
	    backend, market__memory_put, MEMORY_FEEDS, row->no, row, reterr);
}

static market_status_t
entry_insert(market__backend_t *backend, const market__entry_row_t *row,
    market_error_t *reterr)
{
	return write_row(backend, market__memory_insert, MEMORY_ENTRIES,
	    row->seq, row, reterr);
}

static uint64_t
rows_written(market__backend_t *backend)
{
	return market__memory_of(backend)->written;
}

static const market__backend_ops_t ops = {
	.name = "memory",
	.close = close_it,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.head_get = head_get,
	.head_put = head_put,
	.statement_insert = statement_insert,
	.statements = market__memory_statements,
	.payload_insert = payload_insert,
	.payload_get = payload_get,
	.slot_get = slot_get,
	.slot_put = slot_put,
	.slots_since = market__memory_slots_since,
	.clearance_get = clearance_get,
	.clearance_find = clearance_find,
	.clearance_put = clearance_put,
	.clearance_set_reads = clearance_set_reads,
	.clearance_reads = clearance_reads,
	.clearance_cells = market__memory_cells,
	.clearances = market__memory_clearances,
	.party_get = party_get,
	.party_find = party_find,
	.party_put = party_put,
	.parties = market__memory_parties,
	.listing_get = listing_get,
	.listing_find = listing_find,
	.listing_put = listing_put,
	.listings_put = listings_put,
	.listings = market__memory_listings,
	.feed_get = feed_get,
	.feed_put = feed_put,
	.entry_insert = entry_insert,
	.entries = market__memory_entries,
	.integrity = market__memory_integrity,
	.rows_written = rows_written,
};

market_status_t
market__memory_open(const market_allocator_t *allocator,
    market__backend_t **ret_backend, market_error_t *reterr)
{
	market__memory_t *memory;
	size_t i;

	memory = market__alloc(allocator, sizeof(*memory));
	if (memory == NULL)
		return market__error(
		    reterr, MARKET_E_MEMORY, NULL, -1, "out of memory");
	memory->backend.ops = &ops;
	memory->allocator = *allocator;
	for (i = 0; i < MEMORY_MAPS; i++)
		market__memory_map_init(&memory->maps[i], &memory->allocator);
	*ret_backend = &memory->backend;
	return MARKET_OK;
}
