/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A backend over SQL. The text (sql_text.h, schema.c) is the same for every
 * database: BYTEA, BIGINT and TEXT; a key that begins with the marketplace;
 * placeholders; no sequence, trigger, view or RETURNING. What differs is a
 * driver. Names are BYTEA, so that their order is bytewise everywhere.
 */
#ifndef MARKET_STORE_SQL_H
#define MARKET_STORE_SQL_H

#include "store/asking.h"
#include "store/pack.h"
#include "store/sql_text.h"
#include "store/store_backend.h"

typedef enum market__sql_id {
#define MARKET_X(id, table, text) MARKET__SQL_##id,
	MARKET__SQL_MAP(MARKET_X)
#undef MARKET_X
	    MARKET__SQL_COUNT
} market__sql_id_t;

/* Number of the marketplace that the rows belong to. */
#define MARKET__SQL_MARKET INT64_C(1)

/* Length of the identity that a database gets when it is made. */
#define MARKET__SQL_STORE_LEN 16

typedef struct market__sql market__sql_t;

/* The tables whose rows have numbers. */
typedef enum market__sql_numbered {
	MARKET__SQL_OF_STATEMENT,
	MARKET__SQL_OF_PAYLOAD,
	MARKET__SQL_OF_SLOT,
	MARKET__SQL_OF_CLEARANCE,
	MARKET__SQL_OF_PARTY,
	MARKET__SQL_OF_LISTING,
	MARKET__SQL_OF_ENTRY,
	MARKET__SQL_OF_ENTRY_PACK,   /* its last entry */
	MARKET__SQL_OF_LISTING_PACK, /* its last listing */
	MARKET__SQL_OF_SEGMENT,      /* its last listing */
	MARKET__SQL_NUMBERED
} market__sql_numbered_t;

/* What the last transaction that wrote anything has left (sql_tail.c). */
typedef struct market__sql_tail {
	uint8_t store[MARKET__SQL_STORE_LEN];
	uint64_t writes; /* transactions so far */
	uint64_t last[MARKET__SQL_NUMBERED];
} market__sql_tail_t;

typedef struct market__sql_driver {
	const char *name;
	/* Ends the CREATE TABLE of rows that lie in the order of their key. */
	const char *keyed;

	/* Gives back everything, the market__sql_t too. */
	void (*close)(market__sql_t *sql);
	/* The connection only; statements are finalized already. */
	void (*disconnect)(market__sql_t *sql);

	market_status_t (*begin)(
	    market__sql_t *sql, bool write, market_error_t *reterr);
	/* After a failure nothing is open; IN_DOUBT where it may be done. */
	market_status_t (*commit)(
	    market__sql_t *sql, bool write, market_error_t *reterr);
	void (*rollback)(market__sql_t *sql);
	market_status_t (*execute)(
	    market__sql_t *sql, const char *text, market_error_t *reterr);

	market_status_t (*prepare)(market__sql_t *sql, const char *text,
	    void **ret_statement, market_error_t *reterr);
	void (*finalize)(void *statement);
	/* Indexes of parameters and of columns are from 0. Bytes are borrowed
	 * until the reset. */
	market_status_t (*bind_integer)(market__sql_t *sql, void *statement,
	    int index, int64_t value, market_error_t *reterr);
	market_status_t (*bind_bytes)(market__sql_t *sql, void *statement,
	    int index, market_slice_t bytes, market_error_t *reterr);
	market_status_t (*step)(market__sql_t *sql, void *statement,
	    bool *ret_row, market_error_t *reterr);
	/* Rows that the statement has written; after its last step. */
	uint64_t (*changes)(market__sql_t *sql, void *statement);
	void (*reset)(void *statement);
	/* false: it is of another type, or NULL. */
	bool (*column_integer)(void *statement, int index, int64_t *ret);
	/* Borrowed until the next step. */
	bool (*column_bytes)(void *statement, int index, market_slice_t *ret);
	const char *(*column_name)(void *statement, int index);

	/* Pages and indexes, as the database itself checks them. */
	market_status_t (*check)(market__sql_t *sql, market__integrity_fn *tell,
	    void *user, market_error_t *reterr);
} market__sql_driver_t;

typedef enum market__sql_phase {
	MARKET__SQL_IDLE,
	MARKET__SQL_READING,
	MARKET__SQL_WRITING,
	MARKET__SQL_FAILED, /* an operation has failed: only rollback is left */
	MARKET__SQL_BROKEN  /* the connection is gone, for good */
} market__sql_phase_t;

/* How many cells of packed listings ask each question, once somebody has asked
 * for it in this transaction. */
typedef struct market__sql_cells {
	bool counted;
	market__arena_t arena;
	market__askings_t all;
} market__sql_cells_t;

/* What each driver's own struct begins with. */
struct market__sql {
	market__backend_t backend;
	market__backend_ops_t ops; /* market__sql_init's, by driver's name */
	const market__sql_driver_t *driver;
	const market_allocator_t *allocator;
	const char *location; /* as the caller wrote it, for messages */
	market__sql_phase_t phase;
	bool writing; /* the transaction; also when it has failed */
	/* Not MARKET_OK: something has failed after which nothing may be tried
	 * again on this connection; set by the driver. */
	market_status_t wound;
	market__sql_tail_t seen; /* committed, as far as this one knows */
	market__sql_tail_t tail; /* as of this transaction */
	uint64_t rows_before;    /* rows written when it began */
	uint64_t rows_written;
	market__sql_cells_t cells;
	struct market__sql_held *held; /* sql_held.h; NULL before a write */
	void *statements[MARKET__SQL_COUNT];
};

/* ---- one statement, from its parameters to its last row ---- */

typedef struct market__sql_call {
	market__sql_t *sql;
	void *statement;
	const char *table;
	market_error_t *reterr;
	market_status_t status; /* the first failure; the rest does nothing */
	int bound;              /* parameters so far */
	int read;               /* columns of this row so far */
	int64_t row;            /* its first column, where that is a number */
	bool in_row;
	uint64_t changes;
	uint8_t wide[8];
} market__sql_call_t;

/* Binds the marketplace as the first parameter. */
void market__sql_call(market__sql_call_t *call, market__sql_t *sql,
    market__sql_id_t id, market_error_t *reterr);

/* Parameters, in order. A number above INT64_MAX is MARKET_E_LIMIT. */
void market__sql_put_number(market__sql_call_t *call, uint64_t value);
void market__sql_put_integer(market__sql_call_t *call, int64_t value);
/* A bound of a search: what is above INT64_MAX finds as INT64_MAX does. */
void market__sql_put_bound(market__sql_call_t *call, uint64_t value);
void market__sql_put_bytes(market__sql_call_t *call, market_slice_t bytes);
void market__sql_put_digest(market__sql_call_t *call, const uint8_t *digest);
/* Any uint64_t, as 8 bytes that sort like it; once in a call. */
void market__sql_put_wide(market__sql_call_t *call, uint64_t value);

/* false: no more rows, or a failure. */
bool market__sql_row(market__sql_call_t *call);

/* Columns, in order. What is not of its form is MARKET_E_CORRUPT. */
void market__sql_get_number(market__sql_call_t *call, uint64_t *ret);
void market__sql_get_small(market__sql_call_t *call, uint32_t *ret);
void market__sql_get_integer(market__sql_call_t *call, int64_t *ret);
void market__sql_get_bytes(
    market__sql_call_t *call, market__arena_t *arena, market_slice_t *ret);
void market__sql_get_digest(market__sql_call_t *call, uint8_t *digest);
void market__sql_get_wide(market__sql_call_t *call, uint64_t *ret);
/* Borrowed until the next row. */
void market__sql_get_slice(market__sql_call_t *call, market_slice_t *ret);

/* Fails the call: "table listing, row 12: ..." */
void market__sql_corrupt(market__sql_call_t *call, const char *what);
/* Fails the call for what the arena has refused. */
void market__sql_refused(
    market__sql_call_t *call, const market__arena_t *arena);

/* An index has led to a row that is not the one asked for: MARKET_E_CORRUPT,
 * after the call. */
market_status_t market__sql_misled(market__sql_call_t *call);

/* Ends the statement. A failure leaves the transaction to be rolled back. */
market_status_t market__sql_end(market__sql_call_t *call);
/* Runs a statement without rows, and ends it; CORRUPT unless exactly one row
 * was written. */
market_status_t market__sql_run_one(market__sql_call_t *call);
/* As run_one, for row `number` of a table of which the tail is kept. */
market_status_t market__sql_run_row(
    market__sql_call_t *call, market__sql_numbered_t table, uint64_t number);

typedef void market__sql_reader_t(
    market__sql_call_t *call, market__arena_t *arena, void *row);

/* The one row, if there is one, and the end. */
market_status_t market__sql_any(market__sql_call_t *call,
    market__arena_t *arena, market__sql_reader_t *reader, void *row,
    bool *ret_there);
/* The same; NOT_FOUND where there is none. */
market_status_t market__sql_one(market__sql_call_t *call,
    market__arena_t *arena, market__sql_reader_t *reader, void *row);
/* All rows, at most `max` of `size` bytes each, and the end. */
market_status_t market__sql_list(market__sql_call_t *call,
    market__arena_t *arena, market__sql_reader_t *reader, size_t size,
    size_t max, const void **ret_rows, size_t *ret_n);

/* Room for one more row of `size` bytes behind the first `n`, of at most `max`;
 * NULL: the call has failed. */
void *market__sql_grow(market__sql_call_t *call, market__arena_t *arena,
    void *rows, size_t size, size_t n, size_t max, size_t *capacity);

/* What a query of the contract finds. */
typedef struct market__sql_found {
	market__sql_reader_t *reader;
	size_t size;
	bool (*is_asked)(const void *row, const void *query);
} market__sql_found_t;

/* As list, of rows that are each asked for; else the index has misled. */
market_status_t market__sql_query(market__sql_call_t *call,
    market__arena_t *arena, const market__sql_found_t *found, const void *query,
    size_t max, const void **ret_rows, size_t *ret_n);

/* ---- the connection ---- */

void market__sql_init(market__sql_t *sql, const market__sql_driver_t *driver,
    const market_allocator_t *allocator, const char *location);

/* Is there a transaction, and one that may do this? Else MARKET_E_STATE. */
market_status_t market__sql_enter(
    market__sql_t *sql, bool writes, market_error_t *reterr);

/* Finalizes the statements; also before disconnecting. */
void market__sql_finalize(market__sql_t *sql);

/* Looks whose the database is, and whether it is whole. */
market_status_t market__sql_identify(
    market__sql_t *sql, market_error_t *reterr);

/* ---- where the tables end ---- */

market_status_t market__sql_tail_get(
    market__sql_t *sql, market__sql_tail_t *ret_tail, market_error_t *reterr);
market_status_t market__sql_tail_put(
    market__sql_t *sql, const market__sql_tail_t *tail, market_error_t *reterr);
/* CORRUPT where a table does not end at its last number. */
market_status_t market__sql_tail_check(
    market__sql_t *sql, const market__sql_tail_t *tail, market_error_t *reterr);

/* ---- operations, by file ---- */

market_status_t market__sql_head_get(market__backend_t *backend,
    market__store_head_t *ret_head, market_error_t *reterr);
market_status_t market__sql_head_put(market__backend_t *backend,
    const market__store_head_t *head, market_error_t *reterr);
market_status_t market__sql_statement_insert(market__backend_t *backend,
    const market__statement_row_t *row, market_error_t *reterr);
market_status_t market__sql_statements(market__backend_t *backend,
    const market__statement_query_t *query, market__arena_t *arena,
    const market__statement_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr);
market_status_t market__sql_payload_insert(market__backend_t *backend,
    uint64_t entry, market_slice_t bytes, market_error_t *reterr);
market_status_t market__sql_payload_get(market__backend_t *backend,
    uint64_t entry, market__arena_t *arena, market_slice_t *ret_bytes,
    market_error_t *reterr);
market_status_t market__sql_entry_insert(market__backend_t *backend,
    const market__entry_row_t *row, market_error_t *reterr);
market_status_t market__sql_entries(market__backend_t *backend, uint64_t after,
    size_t max, market__arena_t *arena, const market__entry_row_t **ret_rows,
    size_t *ret_n, market_error_t *reterr);

market_status_t market__sql_slot_get(market__backend_t *backend,
    market_slice_t name, market__arena_t *arena, market__slot_row_t *ret_row,
    market_error_t *reterr);
market_status_t market__sql_slot_put(market__backend_t *backend,
    const market__slot_row_t *row, market_error_t *reterr);
market_status_t market__sql_slots_since(market__backend_t *backend,
    uint64_t epoch, uint64_t after, size_t max, market__arena_t *arena,
    const market__slot_row_t **ret_rows, size_t *ret_n, market_error_t *reterr);

market_status_t market__sql_clearance_get(market__backend_t *backend,
    uint64_t no, market__arena_t *arena, market__clearance_row_t *ret_row,
    market_error_t *reterr);
market_status_t market__sql_clearance_find(market__backend_t *backend,
    const uint8_t *hash, market__arena_t *arena,
    market__clearance_row_t *ret_row, market_error_t *reterr);
market_status_t market__sql_clearance_put(market__backend_t *backend,
    const market__clearance_row_t *row, market_error_t *reterr);
market_status_t market__sql_clearance_set_reads(market__backend_t *backend,
    uint64_t no, const uint64_t *slots, size_t n, market_error_t *reterr);
market_status_t market__sql_clearance_cells(market__backend_t *backend,
    uint64_t no, uint64_t *ret_cells, market_error_t *reterr);
/* At the end of a transaction, and when a pack changes. */
void market__sql_cells_forget(market__sql_t *sql);
market_status_t market__sql_clearance_reads(market__backend_t *backend,
    uint64_t no, market__arena_t *arena, const uint64_t **ret_slots,
    size_t *ret_n, market_error_t *reterr);
market_status_t market__sql_clearances(market__backend_t *backend,
    const market__clearance_query_t *query, market__arena_t *arena,
    const market__clearance_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr);

market_status_t market__sql_party_get(market__backend_t *backend, uint64_t no,
    market__arena_t *arena, market__party_row_t *ret_row,
    market_error_t *reterr);
market_status_t market__sql_party_find(market__backend_t *backend,
    market_slice_t name, market__arena_t *arena, market__party_row_t *ret_row,
    market_error_t *reterr);
market_status_t market__sql_party_put(market__backend_t *backend,
    const market__party_row_t *row, market_error_t *reterr);
market_status_t market__sql_parties(market__backend_t *backend,
    market_slice_t after, size_t max, market__arena_t *arena,
    const market__party_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr);

market_status_t market__sql_listing_get(market__backend_t *backend, uint64_t no,
    market__arena_t *arena, market__listing_row_t *ret_row,
    market_error_t *reterr);
market_status_t market__sql_listing_find(market__backend_t *backend,
    uint64_t seller, market_slice_t offer_id, market__arena_t *arena,
    market__listing_row_t *ret_row, market_error_t *reterr);
market_status_t market__sql_listing_put(market__backend_t *backend,
    const market__listing_row_t *row, market_error_t *reterr);
market_status_t market__sql_listings_put(market__backend_t *backend,
    const market__listing_row_t *rows, size_t n, market_error_t *reterr);
market_status_t market__sql_listings(market__backend_t *backend,
    const market__listing_query_t *query, market__arena_t *arena,
    const market__listing_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr);

market_status_t market__sql_feed_get(market__backend_t *backend, uint64_t no,
    market__arena_t *arena, market__feed_row_t *ret_row,
    market_error_t *reterr);
market_status_t market__sql_feed_put(market__backend_t *backend,
    const market__feed_row_t *row, market_error_t *reterr);

market_status_t market__sql_integrity(market__backend_t *backend,
    market__integrity_fn *tell, void *user, market_error_t *reterr);

#endif
