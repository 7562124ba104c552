/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows as they are kept: the struct of the contract, and behind it all that
 * it points to, so that what is kept can be read where it stands.
 */
#include "store/memory.h"

/* A member that points to things of one size. */
struct run {
	size_t ptr; /* offset of the pointer */
	size_t len; /* offset of the count, a size_t */
	size_t size;
};

#define RUNS_MAX 5

/* Numbers come before bytes, so that they stand where they may. */
struct layout {
	size_t size;
	struct run runs[RUNS_MAX]; /* up to the first whose size is 0 */
};

#define SLICE(type, member)                                               \
	{                                                                 \
		offsetof(type, member.ptr), offsetof(type, member.len), 1 \
	}
#define NUMBERS(type, at, n)                                            \
	{                                                               \
		offsetof(type, at), offsetof(type, n), sizeof(uint64_t) \
	}

static const struct layout layouts[MEMORY_TABLES] = {
	[MEMORY_HEAD] = { .size = sizeof(market__store_head_t) },
	[MEMORY_STATEMENTS] = { .size = sizeof(market__statement_row_t),
	    .runs = { SLICE(market__statement_row_t, slot),
		SLICE(market__statement_row_t, issuer),
		SLICE(market__statement_row_t, id),
		SLICE(market__statement_row_t, subject),
		SLICE(market__statement_row_t, grounds) } },
	[MEMORY_PAYLOADS] = { .size = sizeof(market_slice_t),
	    .runs = { { offsetof(market_slice_t, ptr),
		offsetof(market_slice_t, len), 1 } } },
	[MEMORY_SLOTS] = { .size = sizeof(market__slot_row_t),
	    .runs = { SLICE(market__slot_row_t, name) } },
	[MEMORY_CLEARANCES] = { .size = sizeof(market__clearance_row_t),
	    .runs = { SLICE(market__clearance_row_t, question),
		SLICE(market__clearance_row_t, result) } },
	[MEMORY_READS] = { .size = sizeof(market__memory_numbers_t),
	    .runs = { NUMBERS(market__memory_numbers_t, at, n) } },
	[MEMORY_PARTIES] = { .size = sizeof(market__party_row_t),
	    .runs = { SLICE(market__party_row_t, name) } },
	[MEMORY_LISTINGS] = { .size = sizeof(market__listing_row_t),
	    .runs = { NUMBERS(market__listing_row_t, questions, n_questions),
		SLICE(market__listing_row_t, offer_id) } },
	[MEMORY_ENTRIES] = { .size = sizeof(market__entry_row_t),
	    .runs = { SLICE(market__entry_row_t, detail) } },
	[MEMORY_FEEDS] = { .size = sizeof(market__feed_row_t),
	    .runs = { SLICE(market__feed_row_t, state) } },
};

/* Room for any row. */
union any {
	market__store_head_t head;
	market__statement_row_t statement;
	market_slice_t payload;
	market__slot_row_t slot;
	market__clearance_row_t clearance;
	market__memory_numbers_t reads;
	market__party_row_t party;
	market__listing_row_t listing;
	market__entry_row_t entry;
	market__feed_row_t feed;
};

static const struct run *
run_at(const struct layout *layout, size_t i)
{
	return i < RUNS_MAX && layout->runs[i].size > 0 ? &layout->runs[i]
							: NULL;
}

/* The bytes that a run points to. */
static market_slice_t
run_get(const struct run *run, const void *row)
{
	const void *ptr;
	size_t len;

	memcpy(&ptr, (const uint8_t *)row + run->ptr, sizeof(ptr));
	memcpy(&len, (const uint8_t *)row + run->len, sizeof(len));
	return market__slice(ptr, len * run->size);
}

static void
run_set(const struct run *run, void *row, const void *ptr)
{
	memcpy((uint8_t *)row + run->ptr, &ptr, sizeof(ptr));
}

market__memory_key8_t
market__memory_key8(uint64_t number)
{
	market__memory_key8_t key;
	size_t i;

	for (i = sizeof(key.at); i-- > 0; number >>= 8)
		key.at[i] = (uint8_t)number;
	return key;
}

static market__memory_node_t *
node_of(const market__memory_t *memory, market__memory_table_t table,
    uint64_t number)
{
	market__memory_key8_t key = market__memory_key8(number);

	return market__memory_map_find(
	    &memory->maps[table], market__slice(key.at, sizeof(key.at)));
}

uint64_t
market__memory_number(const market__memory_node_t *node)
{
	uint64_t number;

	memcpy(&number, node->value, sizeof(number));
	return number;
}

const void *
market__memory_row(const market__memory_t *memory, market__memory_table_t table,
    uint64_t number)
{
	const market__memory_node_t *node = node_of(memory, table, number);

	return node == NULL ? NULL : node->value;
}

/* ---- writing ---- */

/* A node with the row, in no map yet; NULL: no memory. */
static market__memory_node_t *
keep(market__memory_t *memory, market__memory_table_t table, uint64_t number,
    const void *row)
{
	const struct layout *layout = &layouts[table];
	market__memory_key8_t key = market__memory_key8(number);
	market__memory_node_t *node;
	const struct run *run;
	size_t i, size = layout->size;
	market_slice_t bytes;
	uint8_t *at;

	for (i = 0; (run = run_at(layout, i)) != NULL; i++)
		if (!market__add(size, run_get(run, row).len, &size))
			return NULL;
	node = market__memory_map_make(
	    &memory->maps[table], market__slice(key.at, sizeof(key.at)), size);
	if (node == NULL)
		return NULL;
	memcpy(node->value, row, layout->size);
	at = (uint8_t *)node->value + layout->size;
	for (i = 0; (run = run_at(layout, i)) != NULL; i++) {
		bytes = run_get(run, row);
		if (bytes.len > 0)
			memcpy(at, bytes.ptr, bytes.len);
		run_set(run, node->value, at);
		at += bytes.len;
	}
	return node;
}

market_status_t
market__memory_put(market__memory_t *memory, market__memory_table_t table,
    uint64_t number, const void *row, market_error_t *reterr)
{
	market__memory_node_t *node;
	market_status_t status;

	node = keep(memory, table, number, row);
	if (node == NULL)
		return market__memory_fail(
		    memory, MARKET_E_MEMORY, reterr, "out of memory");
	status = market__memory_reindex(memory, table,
	    market__memory_row(memory, table, number), row, reterr);
	if (status != MARKET_OK) {
		market__free(&memory->allocator, node);
		return status;
	}
	market__memory_map_put(&memory->maps[table], node);
	memory->written++;
	return MARKET_OK;
}

market_status_t
market__memory_insert(market__memory_t *memory, market__memory_table_t table,
    uint64_t number, const void *row, market_error_t *reterr)
{
	if (market__memory_row(memory, table, number) != NULL)
		return market__memory_fail(memory, MARKET_E_CORRUPT, reterr,
		    "a row with this number is there already");
	return market__memory_put(memory, table, number, row, reterr);
}

/* ---- reading ---- */

/* *copy is whole only if this returns true. */
static bool
give(market__memory_table_t table, const void *row, market__arena_t *arena,
    void *copy)
{
	const struct layout *layout = &layouts[table];
	const struct run *run;
	market_slice_t bytes;
	void *ptr;
	size_t i;

	memcpy(copy, row, layout->size);
	for (i = 0; (run = run_at(layout, i)) != NULL; i++) {
		bytes = run_get(run, row);
		/* Bytes have a NUL behind them in an arena. */
		ptr = market__arena_array(arena, bytes.len + 1, 1);
		if (ptr == NULL)
			return false;
		if (bytes.len > 0)
			memcpy(ptr, bytes.ptr, bytes.len);
		run_set(run, copy, ptr);
	}
	return true;
}

static market_status_t
refused(market__memory_t *memory, const market__arena_t *arena,
    market_error_t *reterr)
{
	market_status_t status = market__arena_refusal(arena);

	return market__memory_fail(memory, status, reterr,
	    status == MARKET_E_LIMIT ? "the rows are more than may be read"
				     : "out of memory");
}

market_status_t
market__memory_get(market__memory_t *memory, market__memory_table_t table,
    uint64_t number, market__arena_t *arena, void *ret_row,
    market_error_t *reterr)
{
	const void *row = market__memory_row(memory, table, number);
	union any copy;

	if (row == NULL)
		return market__error(reterr, MARKET_E_NOT_FOUND, NULL, -1,
		    "there is no such row");
	if (!give(table, row, arena, &copy))
		return refused(memory, arena, reterr);
	memcpy(ret_row, &copy, layouts[table].size);
	return MARKET_OK;
}

market_status_t
market__memory_get_all(market__memory_t *memory, market__memory_table_t table,
    const market__memory_numbers_t *numbers, market__arena_t *arena,
    const void **ret_rows, market_error_t *reterr)
{
	const void *row;
	uint8_t *rows;
	size_t i;

	rows = market__arena_array(arena, numbers->n, layouts[table].size);
	if (rows == NULL)
		return refused(memory, arena, reterr);
	for (i = 0; i < numbers->n; i++) {
		row = market__memory_row(memory, table, numbers->at[i]);
		if (row == NULL)
			return market__memory_fail(memory, MARKET_E_CORRUPT,
			    reterr, "an index names a row that is not there");
		if (!give(table, row, arena, rows + i * layouts[table].size))
			return refused(memory, arena, reterr);
	}
	*ret_rows = rows;
	return MARKET_OK;
}
