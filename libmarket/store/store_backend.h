/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a store's backend must do: keep rows, in transactions. It knows of no
 * rule: what is decided comes from above, and what it gives back is checked
 * there before it is believed.
 *
 * A backend serves one caller at a time. Every operation but `begin` and
 * `close` runs inside a transaction: a write transaction sees its own writes,
 * is alone, and becomes durable whole or not at all; a read transaction sees
 * one state, that of its first read, while others write. After an operation
 * has failed the transaction can only be rolled back. Nothing is retried here.
 *
 * Rows that are read are put in the caller's arena. Those that are written are
 * borrowed for the call. Lists come in the stated order, at most `max` at a
 * time, behind `after`; fewer than `max` means that there are no more.
 *
 * Statuses: MARKET_OK, MARKET_E_NOT_FOUND (of `get` operations only),
 * MARKET_E_MEMORY, MARKET_E_LIMIT (the arena's budget), MARKET_E_IO,
 * MARKET_E_FULL, MARKET_E_BUSY, MARKET_E_CORRUPT, MARKET_E_IN_DOUBT (of
 * `commit` only), MARKET_E_STATE (no transaction, or one already; a write in
 * one that reads). A failed `begin` opens none, and leaves one that is open as
 * it is. CORRUPT is also a put whose name (a slot's, a party's, a question's
 * hash, a listing's seller and offer id) is that of a row with another number.
 */
#ifndef MARKET_STORE_STORE_BACKEND_H
#define MARKET_STORE_STORE_BACKEND_H

#include "base/base.h"

/* Cells of one offer at most. */
#define MARKET__LISTING_CELLS_MAX 256

/* A row number is given by the caller, from these: each is the last one used.*/
typedef struct market__store_head {
	uint64_t epoch; /* statements; the last one's number */
	uint8_t epoch_chain[MARKET_DIGEST_LEN];
	uint64_t entries;
	uint8_t entry_chain[MARKET_DIGEST_LEN];
	uint64_t settled; /* clearances are computed anew up to this epoch */
	uint64_t slots;
	uint64_t questions;
	uint64_t listings;
	uint64_t parties;
	int64_t clock; /* high-water mark */
} market__store_head_t;

/*
 * One accepted statement (not an offer). Never changed, never deleted. The
 * same bytes signed by others are another row with the same digest.
 */
typedef struct market__statement_row {
	uint64_t no;         /* 1, 2, 3 ...: the epoch that it made */
	market_slice_t slot; /* by name */
	uint8_t digest[MARKET_DIGEST_LEN];
	uint32_t kind; /* market_kind_t */
	market_slice_t issuer;
	market_slice_t id;
	uint64_t revision;
	market_slice_t subject; /* the party that it gives keys to, or empty */
	int64_t seen_at;
	uint64_t entry; /* of the history; its envelope has this number */
	uint64_t basis; /* number of the trust root's row that it was verified
			   under; its own for a root */
	market_slice_t grounds; /* by whose keys; opaque here */
} market__statement_row_t;

typedef enum market__statement_by {
	MARKET__STATEMENT_BY_NO,     /* all */
	MARKET__STATEMENT_BY_SLOT,   /* slot */
	MARKET__STATEMENT_BY_DIGEST, /* digest */
	MARKET__STATEMENT_BY_NAME,   /* kind, issuer, id */
	MARKET__STATEMENT_BY_SUBJECT /* kind, subject */
} market__statement_by_t;

typedef struct market__statement_query {
	market__statement_by_t by;
	market_slice_t slot;
	market_slice_t digest;
	uint32_t kind;
	market_slice_t issuer;
	market_slice_t id;
	market_slice_t subject;
	uint64_t after; /* row numbers above this one, ascending */
	size_t max;
} market__statement_query_t;

/* A slot's version. Slots that were only read have a row with counter 0. */
typedef struct market__slot_row {
	uint64_t no;
	market_slice_t name;
	uint64_t counter;
	uint8_t chain[MARKET_DIGEST_LEN];
	uint64_t epoch; /* of the last change; 0: none */
} market__slot_row_t;

/* A question and the answer that was computed last. */
typedef struct market__clearance_row {
	uint64_t no;
	uint8_t hash[MARKET_DIGEST_LEN]; /* of the question */
	market_slice_t question;         /* opaque here */
	uint32_t verdict;                /* market_verdict_t */
	int64_t computed_at;
	int64_t horizon;                     /* INT64_MAX: none */
	uint64_t epoch;                      /* it was computed at */
	uint32_t evaluator;                  /* version of the evaluator */
	uint8_t versions[MARKET_DIGEST_LEN]; /* over the slots it has read */
	uint64_t ended;        /* entry by which it last ceased to permit; 0 */
	uint64_t entry;        /* of its last change */
	market_slice_t result; /* opaque here */
} market__clearance_row_t;

typedef enum market__clearance_by {
	MARKET__CLEARANCE_BY_NO,     /* all */
	MARKET__CLEARANCE_BY_READER, /* that have read slot number `slot` */
	/* computed before `epoch`, that have read slot number `slot` */
	MARKET__CLEARANCE_BY_STALE_READER,
	MARKET__CLEARANCE_BY_HORIZON /* horizon <= `until` (in order of no) */
} market__clearance_by_t;

typedef struct market__clearance_query {
	market__clearance_by_t by;
	uint64_t slot;
	uint64_t epoch;
	int64_t until;
	uint64_t after; /* numbers above this one, ascending */
	size_t max;
} market__clearance_query_t;

typedef struct market__party_row {
	uint64_t no;
	market_slice_t name;
	uint64_t listings;
	uint64_t questions;
	uint64_t statements;
	uint64_t early;
} market__party_row_t;

typedef struct market__listing_row {
	uint64_t no;
	uint64_t seller; /* party number */
	market_slice_t offer_id;
	uint8_t digest[MARKET_DIGEST_LEN]; /* of the current offer */
	uint64_t revision;
	uint32_t intent;
	uint32_t flags;
	uint64_t began;       /* entry of the first offer */
	uint64_t offer_entry; /* of the current offer; its envelope's number */
	uint64_t last; /* its last entry: its history is linked from there */
	int64_t not_before;
	int64_t not_after;
	uint64_t disclosures;      /* a bit for each one made */
	const uint64_t *questions; /* one for each cell, in order */
	size_t n_questions;        /* at most MARKET__LISTING_CELLS_MAX */
} market__listing_row_t;

typedef enum market__listing_by {
	MARKET__LISTING_BY_NO,      /* all; after `after` */
	MARKET__LISTING_BY_SELLER,  /* seller; by offer id, after `after_id` */
	MARKET__LISTING_BY_QUESTION /* question; after `after` */
} market__listing_by_t;

typedef struct market__listing_query {
	market__listing_by_t by;
	uint64_t seller;
	uint64_t question;
	uint64_t after;
	market_slice_t after_id; /* bytewise; empty: from the first */
	size_t max;
} market__listing_query_t;

/* How far a feed was taken in. */
typedef struct market__feed_row {
	uint64_t no;   /* of its statement */
	uint64_t last; /* entry of the last chunk that was taken in; 0: none */
	market_slice_t state; /* opaque here */
} market__feed_row_t;

/* One entry of the history. Never changed, never deleted. */
typedef struct market__entry_row {
	uint64_t seq; /* 1, 2, 3 ... */
	int64_t at;
	uint32_t kind;   /* market_change_kind_t */
	uint64_t object; /* number of the statement, clearance or listing */
	uint64_t prev;   /* entry before this one of the same listing; else 0 */
	uint64_t cause;
	market_slice_t detail; /* opaque here */
} market__entry_row_t;

typedef void market__integrity_fn(void *user, const char *fault);

typedef struct market__backend market__backend_t;

/* Every member is needed. */
typedef struct market__backend_ops {
	const char *name; /* "memory", "sqlite" */

	/* Gives back all that the backend has; also inside a transaction. */
	void (*close)(market__backend_t *backend);

	market_status_t (*begin)(
	    market__backend_t *backend, bool write, market_error_t *reterr);
	market_status_t (*commit)(
	    market__backend_t *backend, market_error_t *reterr);
	void (*rollback)(market__backend_t *backend); /* never fails */

	/* NOT_FOUND: nothing was ever put. */
	market_status_t (*head_get)(market__backend_t *backend,
	    market__store_head_t *ret_head, market_error_t *reterr);
	market_status_t (*head_put)(market__backend_t *backend,
	    const market__store_head_t *head, market_error_t *reterr);

	/* A new row; CORRUPT if the number is there. */
	market_status_t (*statement_insert)(market__backend_t *backend,
	    const market__statement_row_t *row, market_error_t *reterr);
	market_status_t (*statements)(market__backend_t *backend,
	    const market__statement_query_t *query, market__arena_t *arena,
	    const market__statement_row_t **ret_rows, size_t *ret_n,
	    market_error_t *reterr);

	/* Envelopes of statements and of offers, and the rows of a feed's
	 * chunk, by entry number. */
	market_status_t (*payload_insert)(market__backend_t *backend,
	    uint64_t entry, market_slice_t bytes, market_error_t *reterr);
	market_status_t (*payload_get)(market__backend_t *backend,
	    uint64_t entry, market__arena_t *arena, market_slice_t *ret_bytes,
	    market_error_t *reterr);

	market_status_t (*slot_get)(market__backend_t *backend,
	    market_slice_t name, market__arena_t *arena,
	    market__slot_row_t *ret_row, market_error_t *reterr);
	/* New, or in place of the row with that number (of the same name). */
	market_status_t (*slot_put)(market__backend_t *backend,
	    const market__slot_row_t *row, market_error_t *reterr);
	/* Changed since (their epoch is above `epoch`); by number. */
	market_status_t (*slots_since)(market__backend_t *backend,
	    uint64_t epoch, uint64_t after, size_t max, market__arena_t *arena,
	    const market__slot_row_t **ret_rows, size_t *ret_n,
	    market_error_t *reterr);

	market_status_t (*clearance_get)(market__backend_t *backend,
	    uint64_t no, market__arena_t *arena,
	    market__clearance_row_t *ret_row, market_error_t *reterr);
	market_status_t (*clearance_find)(market__backend_t *backend,
	    const uint8_t *hash, market__arena_t *arena,
	    market__clearance_row_t *ret_row, market_error_t *reterr);
	market_status_t (*clearance_put)(market__backend_t *backend,
	    const market__clearance_row_t *row, market_error_t *reterr);
	/* `slots` (numbers, ascending) are what it reads from now on. */
	market_status_t (*clearance_set_reads)(market__backend_t *backend,
	    uint64_t no, const uint64_t *slots, size_t n,
	    market_error_t *reterr);
	/* None where none were set. */
	market_status_t (*clearance_reads)(market__backend_t *backend,
	    uint64_t no, market__arena_t *arena, const uint64_t **ret_slots,
	    size_t *ret_n, market_error_t *reterr);
	/* How many listings ask it. */
	market_status_t (*clearance_cells)(market__backend_t *backend,
	    uint64_t no, uint64_t *ret_cells, market_error_t *reterr);
	market_status_t (*clearances)(market__backend_t *backend,
	    const market__clearance_query_t *query, market__arena_t *arena,
	    const market__clearance_row_t **ret_rows, size_t *ret_n,
	    market_error_t *reterr);

	market_status_t (*party_get)(market__backend_t *backend, uint64_t no,
	    market__arena_t *arena, market__party_row_t *ret_row,
	    market_error_t *reterr);
	market_status_t (*party_find)(market__backend_t *backend,
	    market_slice_t name, market__arena_t *arena,
	    market__party_row_t *ret_row, market_error_t *reterr);
	market_status_t (*party_put)(market__backend_t *backend,
	    const market__party_row_t *row, market_error_t *reterr);
	/* Bytewise by name, behind `after` (empty: from the first). */
	market_status_t (*parties)(market__backend_t *backend,
	    market_slice_t after, size_t max, market__arena_t *arena,
	    const market__party_row_t **ret_rows, size_t *ret_n,
	    market_error_t *reterr);

	market_status_t (*listing_get)(market__backend_t *backend, uint64_t no,
	    market__arena_t *arena, market__listing_row_t *ret_row,
	    market_error_t *reterr);
	market_status_t (*listing_find)(market__backend_t *backend,
	    uint64_t seller, market_slice_t offer_id, market__arena_t *arena,
	    market__listing_row_t *ret_row, market_error_t *reterr);
	/* New, or in place of the row with that number; what is counted and
	 * found by question follows the row. Its questions are there: where
	 * that is seen not to be so, here or at the commit, it is CORRUPT. */
	market_status_t (*listing_put)(market__backend_t *backend,
	    const market__listing_row_t *row, market_error_t *reterr);
	/* The same of several, of one seller, each once; cheaper for many with
	 * numbers and offer ids that ascend. */
	market_status_t (*listings_put)(market__backend_t *backend,
	    const market__listing_row_t *rows, size_t n,
	    market_error_t *reterr);
	market_status_t (*listings)(market__backend_t *backend,
	    const market__listing_query_t *query, market__arena_t *arena,
	    const market__listing_row_t **ret_rows, size_t *ret_n,
	    market_error_t *reterr);

	market_status_t (*feed_get)(market__backend_t *backend, uint64_t no,
	    market__arena_t *arena, market__feed_row_t *ret_row,
	    market_error_t *reterr);
	/* New, or in place of the row with that number. */
	market_status_t (*feed_put)(market__backend_t *backend,
	    const market__feed_row_t *row, market_error_t *reterr);

	/* A new row; CORRUPT if the number is there. */
	market_status_t (*entry_insert)(market__backend_t *backend,
	    const market__entry_row_t *row, market_error_t *reterr);
	market_status_t (*entries)(market__backend_t *backend, uint64_t after,
	    size_t max, market__arena_t *arena,
	    const market__entry_row_t **ret_rows, size_t *ret_n,
	    market_error_t *reterr);

	/*
	 * Tells each fault that the backend can find in its own keeping:
	 * damaged pages, an index that is not what its rows make, a row that
	 * stands in one table and not in the other.
	 */
	market_status_t (*integrity)(market__backend_t *backend,
	    market__integrity_fn *tell, void *user, market_error_t *reterr);

	/* Rows written since the backend was opened, those of its indexes too
	 * where it keeps them as rows; for tests. */
	uint64_t (*rows_written)(market__backend_t *backend);
} market__backend_ops_t;

/* What every backend begins with. */
struct market__backend {
	const market__backend_ops_t *ops;
};

/* Allocates everything from the allocator. */
market_status_t market__memory_open(const market_allocator_t *allocator,
    market__backend_t **ret_backend, market_error_t *reterr);

typedef struct market__sqlite_options {
	const char *path;
	/* A new file, which is gone again at the close if nothing was ever
	 * committed; else one that is there. */
	bool create;
	size_t cache_bytes;
	unsigned busy_timeout_ms;
} market__sqlite_options_t;

/*
 * UNSUPPORTED in a build without SQLite, or of a newer format; NOT_FOUND, and
 * all of the above. After MARKET_E_IN_DOUBT, or a sync that failed, every call
 * but close is MARKET_E_STATE. A number above INT64_MAX is MARKET_E_LIMIT, but
 * of a revision or of disclosures.
 */
market_status_t market__sqlite_open(const market_allocator_t *allocator,
    const market__sqlite_options_t *options, market__backend_t **ret_backend,
    market_error_t *reterr);

/*
 * "memory:" or a path. `create` of what is there, and opening what is not, is
 * refused.
 */
market_status_t market__backend_open(const market_allocator_t *allocator,
    const char *location, bool create, size_t cache_bytes,
    unsigned busy_timeout_ms, market__backend_t **ret_backend,
    market_error_t *reterr);

/* Removes the files of a store that was just created there, and closed. */
void market__backend_discard(const char *location);

#endif
