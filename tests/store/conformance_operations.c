/* SPDX-License-Identifier: Apache-2.0 */
/* Every operation that needs a transaction, once, over the world. */
#include "conformance_kit.h"

#include <stdio.h>

static market_status_t
head_get(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__store_head_t head;

	(void)arena;
	return bench->ops->head_get(bench->backend, &head, error);
}

static market_status_t
head_put(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__store_head_t head = world_head();

	(void)arena;
	head.epoch++;
	return bench->ops->head_put(bench->backend, &head, error);
}

static market_status_t
statement_insert(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__statement_row_t row = world_statement(WORLD_STATEMENTS + 1);

	(void)arena;
	return bench->ops->statement_insert(bench->backend, &row, error);
}

static market_status_t
statements(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__statement_query_t query = { .max = 10 };
	const market__statement_row_t *rows;
	size_t n;

	return bench->ops->statements(
	    bench->backend, &query, arena, &rows, &n, error);
}

static market_status_t
payload_insert(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	(void)arena;
	return bench->ops->payload_insert(
	    bench->backend, 2, market_slice_of("envelope"), error);
}

static market_status_t
payload_get(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market_slice_t bytes;

	return bench->ops->payload_get(bench->backend, 1, arena, &bytes, error);
}

static market_status_t
slot_get(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__slot_row_t row;

	return bench->ops->slot_get(
	    bench->backend, world_slot(1).name, arena, &row, error);
}

static market_status_t
slot_put(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__slot_row_t row = world_slot(1);

	(void)arena;
	row.epoch = 9;
	return bench->ops->slot_put(bench->backend, &row, error);
}

static market_status_t
slots_since(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	const market__slot_row_t *rows;
	size_t n;

	return bench->ops->slots_since(
	    bench->backend, 0, 0, 10, arena, &rows, &n, error);
}

static market_status_t
clearance_get(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__clearance_row_t row;

	return bench->ops->clearance_get(bench->backend, 1, arena, &row, error);
}

static market_status_t
clearance_find(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__clearance_row_t row = world_clearance(1);

	return bench->ops->clearance_find(
	    bench->backend, row.hash, arena, &row, error);
}

static market_status_t
clearance_put(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__clearance_row_t row = world_clearance(1);

	(void)arena;
	row.horizon++;
	return bench->ops->clearance_put(bench->backend, &row, error);
}

static market_status_t
set_reads(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	static const uint64_t slots[] = { 3, 4, 5 };

	(void)arena;
	return bench->ops->clearance_set_reads(
	    bench->backend, 1, slots, 3, error);
}

static market_status_t
reads(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	const uint64_t *slots;
	size_t n;

	return bench->ops->clearance_reads(
	    bench->backend, 1, arena, &slots, &n, error);
}

static market_status_t
cells(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	uint64_t n;

	(void)arena;
	return bench->ops->clearance_cells(bench->backend, 1, &n, error);
}

static market_status_t
clearances(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__clearance_query_t query = {
		.by = MARKET__CLEARANCE_BY_HORIZON, .until = 100, .max = 10
	};
	const market__clearance_row_t *rows;
	size_t n;

	return bench->ops->clearances(
	    bench->backend, &query, arena, &rows, &n, error);
}

static market_status_t
party_get(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__party_row_t row;

	return bench->ops->party_get(bench->backend, 1, arena, &row, error);
}

static market_status_t
party_find(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__party_row_t row;

	return bench->ops->party_find(
	    bench->backend, world_party(1).name, arena, &row, error);
}

static market_status_t
party_put(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__party_row_t row = world_party(1);

	(void)arena;
	row.no = 6;
	row.name = market_slice_of("new.example");
	return bench->ops->party_put(bench->backend, &row, error);
}

static market_status_t
parties(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	const market__party_row_t *rows;
	size_t n;

	return bench->ops->parties(bench->backend, market__slice(NULL, 0), 10,
	    arena, &rows, &n, error);
}

static market_status_t
listing_get(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__listing_row_t row;

	return bench->ops->listing_get(bench->backend, 1, arena, &row, error);
}

static market_status_t
listing_find(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__listing_row_t row;

	return bench->ops->listing_find(
	    bench->backend, 2, market_slice_of("a"), arena, &row, error);
}

static market_status_t
listing_put(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	static const uint64_t questions[] = { 2, 3 };
	market__listing_row_t row = world_listing(1);

	(void)arena;
	row.questions = questions;
	row.n_questions = 2;
	return bench->ops->listing_put(bench->backend, &row, error);
}

/* New ones; the same once more, some of them with other questions; and one by
 * itself, which has come with others. */
static market_status_t
listings_put(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	static const uint64_t questions[] = { 4, 1 };
	market__listing_row_t rows[10];
	market_status_t status;
	size_t i, n = MARKET__COUNT(rows);
	char ids[10][8];

	(void)arena;
	for (i = 0; i < n; i++) {
		rows[i] = world_listing(WORLD_LISTINGS + 1 + i);
		snprintf(ids[i], sizeof(ids[i]), "many-%zu", i);
		rows[i].seller = 3;
		rows[i].offer_id = market_slice_of(ids[i]);
	}
	status = bench->ops->listings_put(bench->backend, rows, n, error);
	for (i = 0; i < n; i += 2) {
		rows[i].questions = questions;
		rows[i].n_questions = MARKET__COUNT(questions);
	}
	if (status == MARKET_OK)
		status = bench->ops->listings_put(
		    bench->backend, rows, n, error);
	rows[3].n_questions = 0;
	if (status == MARKET_OK)
		status = bench->ops->listing_put(
		    bench->backend, &rows[3], error);
	return status;
}

static market_status_t
listings(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__listing_query_t query = {
		.by = MARKET__LISTING_BY_SELLER, .seller = 2, .max = 10
	};
	const market__listing_row_t *rows;
	size_t n;

	return bench->ops->listings(
	    bench->backend, &query, arena, &rows, &n, error);
}

static market_status_t
feed_get(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__feed_row_t row;

	return bench->ops->feed_get(bench->backend, 1, arena, &row, error);
}

static market_status_t
feed_put(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__feed_row_t row = world_feed(1);

	(void)arena;
	row.last = 99;
	row.state = market_slice_of("farther");
	return bench->ops->feed_put(bench->backend, &row, error);
}

static market_status_t
entry_insert(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market__entry_row_t row = world_entry(WORLD_ENTRIES + 1);

	(void)arena;
	return bench->ops->entry_insert(bench->backend, &row, error);
}

/* Enough of them that they may be kept together. */
static market_status_t
entry_inserts(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	market_status_t status = MARKET_OK;
	market__entry_row_t row;
	uint64_t i;

	(void)arena;
	for (i = 2; i <= 20 && status == MARKET_OK; i++) {
		row = world_entry(WORLD_ENTRIES + i);
		status = bench->ops->entry_insert(bench->backend, &row, error);
	}
	return status;
}

static market_status_t
entries(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	const market__entry_row_t *rows;
	size_t n;

	return bench->ops->entries(
	    bench->backend, 0, 10, arena, &rows, &n, error);
}

/* The world is sound, whatever else goes wrong. */
static void
refuse(void *user, const char *fault)
{
	(void)user;
	ck_abort_msg("%s", fault);
}

static market_status_t
integrity(bench_t *bench, market__arena_t *arena, market_error_t *error)
{
	(void)arena;
	return bench->ops->integrity(bench->backend, refuse, NULL, error);
}

const operation_t conformance_operations[] = {
	{ "head_get", head_get, false, false },
	{ "head_put", head_put, true, false },
	{ "statement_insert", statement_insert, true, false },
	{ "statements", statements, false, true },
	{ "payload_insert", payload_insert, true, false },
	{ "payload_get", payload_get, false, true },
	{ "slot_get", slot_get, false, true },
	{ "slot_put", slot_put, true, false },
	{ "slots_since", slots_since, false, true },
	{ "clearance_get", clearance_get, false, true },
	{ "clearance_find", clearance_find, false, true },
	{ "clearance_put", clearance_put, true, false },
	{ "clearance_set_reads", set_reads, true, false },
	{ "clearance_reads", reads, false, true },
	{ "clearance_cells", cells, false, false },
	{ "clearances", clearances, false, true },
	{ "party_get", party_get, false, true },
	{ "party_find", party_find, false, true },
	{ "party_put", party_put, true, false },
	{ "parties", parties, false, true },
	{ "listing_get", listing_get, false, true },
	{ "listing_find", listing_find, false, true },
	{ "listing_put", listing_put, true, false },
	{ "listings_put", listings_put, true, false },
	{ "listings", listings, false, true },
	{ "feed_get", feed_get, false, true },
	{ "feed_put", feed_put, true, false },
	{ "entry_insert", entry_insert, true, false },
	{ "entry_insert of many", entry_inserts, true, false },
	{ "entries", entries, false, true },
	{ "integrity", integrity, false, false },
};
const size_t conformance_operation_count = MARKET__COUNT(
    conformance_operations);
