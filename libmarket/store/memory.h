/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory backend within itself: a map for each table, whose values are
 * whole structs of the contract, and one for each index, whose values are the
 * numbers of those.
 */
#ifndef MARKET_STORE_MEMORY_H
#define MARKET_STORE_MEMORY_H

#include "store/memory_map.h"
#include "store/store_backend.h"

/* Each with its key; numbers are big-endian, so that they are in order. */
typedef enum market__memory_table {
	MEMORY_HEAD,       /* 0 */
	MEMORY_STATEMENTS, /* no */
	MEMORY_PAYLOADS,   /* entry -> a slice */
	MEMORY_SLOTS,      /* no */
	MEMORY_CLEARANCES, /* no */
	MEMORY_READS,      /* clearance -> numbers of slots */
	MEMORY_PARTIES,    /* no */
	MEMORY_LISTINGS,   /* no */
	MEMORY_ENTRIES,    /* seq */
	MEMORY_FEEDS,      /* no of the statement */
	MEMORY_TABLES,
	/* The indexes; a text that is not last has its length in front. */
	MEMORY_STATEMENTS_BY_SLOT = MEMORY_TABLES, /* slot, no */
	MEMORY_STATEMENTS_BY_DIGEST,               /* digest, no */
	MEMORY_STATEMENTS_BY_NAME,                 /* kind, issuer, id, no */
	MEMORY_STATEMENTS_BY_SUBJECT,              /* kind, subject, no */
	MEMORY_SLOTS_BY_NAME,                      /* name */
	MEMORY_SLOTS_BY_EPOCH,                     /* epoch, no */
	MEMORY_CLEARANCES_BY_HASH,                 /* hash */
	MEMORY_CLEARANCES_BY_HORIZON,              /* horizon, no */
	MEMORY_PARTIES_BY_NAME,                    /* name */
	MEMORY_LISTINGS_BY_SELLER,                 /* seller, offer id */
	/* The indexes of members that are lists of numbers. */
	MEMORY_READERS,   /* slot, clearance */
	MEMORY_QUESTIONS, /* question, listing */
	MEMORY_MAPS
} market__memory_table_t;

typedef struct market__memory {
	market__backend_t backend;
	market_allocator_t allocator;
	bool open; /* a transaction is */
	bool writing;
	bool failed; /* it can only be rolled back */
	uint64_t written;
	market__memory_map_t maps[MEMORY_MAPS];
} market__memory_t;

static inline market__memory_t *
market__memory_of(market__backend_t *backend)
{
	return (market__memory_t *)(void *)backend;
}

/* A value of MEMORY_READS. */
typedef struct market__memory_numbers {
	const uint64_t *at;
	size_t n;
} market__memory_numbers_t;

/* ---- transactions ---- */

/* May this operation run? If not, it has failed. */
market_status_t market__memory_enter(
    market__memory_t *memory, bool write, market_error_t *reterr);
/* The transaction can only be rolled back from now on. Returns `status`. */
market_status_t market__memory_fail(market__memory_t *memory,
    market_status_t status, market_error_t *reterr, const char *message);

/* ---- keys: built in a text ---- */

typedef struct market__memory_key8 {
	uint8_t at[8];
} market__memory_key8_t;

market__memory_key8_t market__memory_key8(uint64_t number);
void market__memory_key_init(
    market__text_t *key, const market__memory_t *memory);
void market__memory_key_number(market__text_t *key, uint64_t number);
/* With its length in front, so that no text is the beginning of another. */
void market__memory_key_text(market__text_t *key, market_slice_t text);
market_slice_t market__memory_key_slice(const market__text_t *key);

/* ---- rows ---- */

/* The first member of a row, and the value of an index. */
uint64_t market__memory_number(const market__memory_node_t *node);
/* NULL: there is none. Borrowed. */
const void *market__memory_row(const market__memory_t *memory,
    market__memory_table_t table, uint64_t number);
/* Keeps a copy of the row and of all that it points to. The indexes follow. */
market_status_t market__memory_put(market__memory_t *memory,
    market__memory_table_t table, uint64_t number, const void *row,
    market_error_t *reterr);
/* The same; CORRUPT if the number is there. */
market_status_t market__memory_insert(market__memory_t *memory,
    market__memory_table_t table, uint64_t number, const void *row,
    market_error_t *reterr);
/* Copies the row with that number into the arena and *ret_row, or NOT_FOUND. */
market_status_t market__memory_get(market__memory_t *memory,
    market__memory_table_t table, uint64_t number, market__arena_t *arena,
    void *ret_row, market_error_t *reterr);
/* Copies of these rows as an array; CORRUPT where one is not there. */
market_status_t market__memory_get_all(market__memory_t *memory,
    market__memory_table_t table, const market__memory_numbers_t *numbers,
    market__arena_t *arena, const void **ret_rows, market_error_t *reterr);

/* ---- indexes ---- */

typedef struct market__memory_index {
	market__memory_table_t index;
	market__memory_table_t table;
	bool unique;
	void (*key)(market__text_t *key, const void *row);
} market__memory_index_t;

extern const market__memory_index_t market__memory_indexes[];
extern const size_t market__memory_index_count;

/* Brings the indexes from the old row (NULL: none) to the new one. */
market_status_t market__memory_reindex(market__memory_t *memory,
    market__memory_table_t table, const void *old, const void *row,
    market_error_t *reterr);
/* The same for a list of numbers that belongs to `owner`. */
market_status_t market__memory_relist(market__memory_t *memory,
    market__memory_table_t index, uint64_t owner,
    const market__memory_numbers_t *old, const market__memory_numbers_t *now,
    market_error_t *reterr);
/* The row that the key of a unique index leads to. */
market_status_t market__memory_find(market__memory_t *memory,
    market__memory_table_t index, const market__text_t *key,
    uint64_t *ret_number, market_error_t *reterr);

/* ---- lists ---- */

typedef bool market__memory_keep_fn(const void *row, const void *query);

/* Which rows, in which order. */
typedef struct market__memory_range {
	market__memory_table_t table;
	market__memory_table_t over; /* it, or an index of it */
	market__text_t from;         /* the first key ... */
	bool above;                  /* ... or those above it */
	size_t prefix; /* bytes of `from` that the keys have in common */
	market__memory_keep_fn *keep; /* NULL: all */
	bool ends;                    /* at the first row that is not kept */
	const void *query;
	bool sort; /* by number, those above `after` */
	uint64_t after;
	size_t max;
} market__memory_range_t;

void market__memory_range_init(market__memory_range_t *range,
    const market__memory_t *memory, market__memory_table_t table,
    market__memory_table_t over, size_t max);
/* What was put in `from` is what the keys have in common. */
void market__memory_range_within(market__memory_range_t *range);
/* MARKET_E_STATE without a transaction. Clears the range. */
market_status_t market__memory_list(market__memory_t *memory,
    market__memory_range_t *range, market__arena_t *arena,
    const void **ret_rows, size_t *ret_n, market_error_t *reterr);

/* ---- operations that stand in other files than the table of them ---- */

market_status_t market__memory_statements(market__backend_t *backend,
    const market__statement_query_t *query, market__arena_t *arena,
    const market__statement_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr);
market_status_t market__memory_slots_since(market__backend_t *backend,
    uint64_t epoch, uint64_t after, size_t max, market__arena_t *arena,
    const market__slot_row_t **ret_rows, size_t *ret_n, market_error_t *reterr);
market_status_t market__memory_clearances(market__backend_t *backend,
    const market__clearance_query_t *query, market__arena_t *arena,
    const market__clearance_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr);
market_status_t market__memory_parties(market__backend_t *backend,
    market_slice_t after, size_t max, market__arena_t *arena,
    const market__party_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr);
market_status_t market__memory_cells(market__backend_t *backend, uint64_t no,
    uint64_t *ret_cells, market_error_t *reterr);
market_status_t market__memory_listings(market__backend_t *backend,
    const market__listing_query_t *query, market__arena_t *arena,
    const market__listing_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr);
market_status_t market__memory_entries(market__backend_t *backend,
    uint64_t after, size_t max, market__arena_t *arena,
    const market__entry_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr);
market_status_t market__memory_integrity(market__backend_t *backend,
    market__integrity_fn *tell, void *user, market_error_t *reterr);

#endif
