/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feeds: one signature for many offers. A seller signs a list, the Merkle root
 * over its offers (RFC 6962, section 2.1) and the roots of each 256 of them;
 * the offers themselves are rows without signatures of their own. Who checks
 * them hashes them, chunk by chunk; and each can be shown to be in the list by
 * a proof of some 20 hashes.
 *
 * Rows are `Offer` messages, each behind its length as a varint (what protobuf
 * libraries call delimited), in ascending order of header.id by bytes, which
 * are unique. The signed list is an envelope of its own, or stands, delimited
 * as well, before the rows in one file. libmarket/doc/wire.md has it byte by
 * byte.
 */
#ifndef MARKET_FEED_H
#define MARKET_FEED_H

#include <market/batch.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Rows of a chunk. */
#define MARKET_FEED_CHUNK 256

/* Bytes of a row, and of a chunk with the lengths of its rows, at most. */
#define MARKET_FEED_ROW_MAX   65536
#define MARKET_FEED_CHUNK_MAX 1048576

/* A signed list: immutable, and for any number of threads. */
typedef struct market_feed market_feed_t;

/*
 * Reads at most `size` > 0 bytes; *ret_n is how many it read, 0 at the end
 * only. Anything but MARKET_OK ends the call that reads, with that status.
 */
typedef market_status_t market_read_fn(
    void *user, void *buffer, size_t size, size_t *ret_n);

/* Writes all of it. Likewise. */
typedef market_status_t market_write_fn(void *user, market_slice_t bytes);

/* ---- the signed list ---- */

/*
 * The list that stands first in what is read: an envelope by itself, in JSON or
 * protobuf, of which all is read; or one that is delimited, of which nothing
 * behind it is read: rows follow. Its chunks' roots make its root, or it is
 * refused; whose it is, is not asked here.
 *
 * MARKET_E_ARGUMENT; MARKET_E_ENCODING, MARKET_E_SCHEMA, MARKET_E_KIND,
 * MARKET_E_LIMIT, MARKET_E_UNSUPPORTED: as market_statement_parse();
 * MARKET_E_LOG: its roots do not agree; MARKET_E_MEMORY; MARKET_E_INTERNAL; and
 * what `read` returns.
 */
MARKET_API MARKET_NODISCARD market_status_t market_feed_open(
    market_context_t *context, market_read_fn *read, void *user,
    market_feed_t **ret_feed, market_error_t *reterr);

/* NULL is fine. Evidence and decisions do not need it. */
MARKET_API void market_feed_free(market_feed_t *feed);

/* The statement of kind feed; borrowed. NULL for NULL. */
MARKET_API const market_statement_t *market_feed_statement(
    const market_feed_t *feed);

/* How many rows it lists; 0 for NULL. */
MARKET_API uint64_t market_feed_count(const market_feed_t *feed);

/* ---- checking all of it ---- */

/*
 * What is told of a row that is not plainly permitted, or of all rows of which
 * nothing can be believed.
 */
typedef struct market_feed_row {
	uint64_t index; /* of the first one, from 0 */
	/* 1; or more: they are not what was signed. 0: bytes behind the last.*/
	uint64_t count;
	/* The offer's id; empty where it could not be read. Borrowed. */
	market_slice_t offer_id;
	/*
	 * MARKET_OK: permitted, with a warning; MARKET_E_DENIED;
	 * MARKET_E_INDETERMINATE: as `decision` says. Else there is none, and
	 * the rows are refused, as `error` says: MARKET_E_ENCODING,
	 * MARKET_E_SCHEMA, MARKET_E_LIMIT: it is no offer, or not this
	 * seller's, or not in order; MARKET_E_LOG: not what was signed.
	 */
	market_status_t status;
	/* Borrowed; NULL without one: `error` says why, or it is permitted and
	 * there is nothing to tell but what became of it. */
	const market_decision_t *decision;
	const market_error_t *error; /* or NULL */
	/* What a store made of it, and why; 0 and NULL without one. */
	market_result_t result;
	const char *message;
} market_feed_row_t;

/*
 * Hears of them, in order, by the thread that made the call. Not zero: it wants
 * no more.
 */
typedef int market_feed_row_fn(void *user, const market_feed_row_t *row);

/* Hears how many rows were judged by now, now and then. The same. */
typedef int market_feed_progress_fn(void *user, uint64_t done);

typedef struct market_feed_options {
	size_t size;             /* sizeof(market_feed_options_t) */
	unsigned threads;        /* that work, the caller's among them; 0: 1 */
	unsigned time_limit_ms;  /* after which no chunk is begun; 0: none */
	market_feed_row_fn *row; /* NULL: nobody hears */
	market_feed_progress_fn *progress; /* NULL: nobody hears */
	void *user;
} market_feed_options_t;

/* How the rows of a feed came out. Each is counted once. */
typedef struct market_feed_report {
	uint64_t rows;      /* that were judged: the sum of the next five */
	uint64_t permitted; /* plainly: with notes, if with anything */
	uint64_t warned;    /* permitted, with a warning */
	uint64_t denied;
	uint64_t indeterminate;
	uint64_t refused;
	uint64_t chunks;        /* that were looked at */
	uint64_t chunks_broken; /* that are not what was signed */
	uint64_t bytes_behind;  /* the last row; at least that many */
} market_feed_report_t;

/*
 * Judges every row as market_check() would judge it if its seller had signed it
 * alone, as of the same instant; a row's digest is the one that it would have
 * then. Nothing of a chunk is looked at before its root is the one that was
 * signed. A row holds no longer than the feed does. Rows that cannot be
 * believed, or read, harm no others, so long as the lengths of rows can be
 * followed.
 *
 * `read` gives the rows, from the first on, to the thread that made the call.
 * The memory that is taken depends on the number of threads, not on that of
 * rows. `ret_report` is filled in whenever evidence and feed were given.
 *
 * MARKET_OK: all rows were judged, whatever came out. MARKET_E_CALLBACK: a
 * callback ended it; MARKET_E_TIMEOUT: the time limit did; MARKET_E_ARGUMENT;
 * MARKET_E_MEMORY (also: no thread could be made); MARKET_E_INTERNAL; and what
 * `read` returns. The report says how far it came.
 *
 * Threads: several may call it with the same evidence and feed at once.
 */
MARKET_API MARKET_NODISCARD market_status_t market_check_feed(
    market_evidence_t *evidence, const market_feed_t *feed,
    market_read_fn *read, void *user, int64_t at,
    const market_feed_options_t *options, market_feed_report_t *ret_report,
    market_error_t *reterr);

/* ---- taking it into a store ---- */

typedef struct market_intake_options {
	size_t size;            /* sizeof(market_intake_options_t) */
	unsigned threads;       /* that work, the caller's among them; 0: 1 */
	unsigned time_limit_ms; /* after which no chunk is begun; 0: none */
	/* Listings that may end because a full feed lacks them; 0: none. */
	uint64_t max_ended;
	market_feed_row_fn *row;           /* NULL: nobody hears */
	market_feed_progress_fn *progress; /* NULL: nobody hears */
	void *user;
} market_intake_options_t;

/*
 * What a feed came to, over all calls that took it in, also where the last one
 * failed. Each row is counted once in `rows`, and once among those from
 * `listed` to `rejected`.
 */
typedef struct market_intake_report {
	/* Of the list: ACCEPTED; DUPLICATE: it was here, and what was left was
	 * taken in; STALE, FORK, REFUSED. 0: it was not looked at. */
	market_result_t result;
	market_feed_report_t rows;
	uint64_t listed;    /* became a listing, or a revision of one */
	uint64_t unchanged; /* were here */
	uint64_t stale;     /* a higher revision is here */
	uint64_t forks;     /* another offer has the revision */
	uint64_t rejected;  /* became none */
	uint64_t ended;     /* listings that the feed lacks */
	int done;           /* all of its chunks are in */
} market_intake_report_t;

/*
 * Takes a feed in: its list is accepted as a statement is, and its rows become
 * listings as market_store_submit() makes them, some chunks in a transaction,
 * so that others are not kept waiting: a withdrawal that is committed meanwhile
 * holds for every row after it. Rows are read ahead of those that are written.
 *
 * A list is taken in once: the same one again goes on where the last call
 * ended, or crashed, and when it is whole gives the same report (but for bytes
 * behind the last row, which it does not read). Of one name the higher revision
 * stands; two of one revision are a fork, and none is taken in. A DELTA changes
 * what the revision before it has, which must be whole. A FULL feed ends the
 * listings that an earlier revision of it has brought and it lacks (not those
 * in the range of a chunk that is broken), at most `max_ended` of them: more is
 * refused, with what came before it done, and goes on with a higher limit. When
 * a later feed has them they are as they were.
 *
 * An offer that its seller has signed alone holds without a feed; of an offer
 * that comes both ways the higher revision holds.
 *
 * `row` hears of rows that are not plainly permitted, and of those that did not
 * become listings, once they are committed. `ret_report` is filled in whenever
 * store and feed were given.
 *
 * MARKET_OK: the report says what came out. MARKET_E_DENIED: the list is not
 * taken in (the report's result says STALE, FORK or REFUSED), or what is left
 * of it is not, since another revision came. MARKET_E_LIMIT: more listings
 * would end than may. MARKET_E_LOG, MARKET_E_ENCODING, and MARKET_E_LIMIT of a
 * row that is too long: the rows end early, or cannot be followed; what is
 * before that is taken in, and a whole copy goes on there.
 * MARKET_E_INDETERMINATE: the clock is behind the store's.
 * MARKET_E_CALLBACK, MARKET_E_TIMEOUT: as market_check_feed(). MARKET_E_STATE
 * also: somebody else takes the same feed in. And what `read` returns.
 *
 * Threads: as all calls on a store. The callbacks may use the store.
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_submit_feed(
    market_store_t *store, const market_feed_t *feed, market_read_fn *read,
    void *user, int64_t at, const market_intake_options_t *options,
    market_intake_report_t *ret_report, market_error_t *reterr);

/* ---- one offer of it ---- */

/*
 * Finds the offer of that id, and makes the proof that it is in the list: its
 * index as 8 bytes, the most significant first, and the hashes from it to the
 * root, 32 bytes each. `ret_offer` (or NULL) is its payload. Of the rows only
 * the offer's chunk is verified.
 *
 * MARKET_OK; MARKET_E_NOT_FOUND: no row has that id; MARKET_E_LOG: the chunk
 * is not what was signed; MARKET_E_ENCODING, MARKET_E_LIMIT: the rows cannot be
 * followed up to it; MARKET_E_ARGUMENT; MARKET_E_MEMORY; MARKET_E_INTERNAL; and
 * what `read` returns.
 */
MARKET_API MARKET_NODISCARD market_status_t market_feed_prove(
    const market_feed_t *feed, market_read_fn *read, void *user,
    market_slice_t offer_id, market_buffer_t *ret_proof,
    market_buffer_t *ret_offer, market_error_t *reterr);

/*
 * market_check() of one offer of a feed: its payload, and its proof. Nothing
 * else of the feed is needed. Also MARKET_E_LOG: the proof does not show that
 * the list has it; MARKET_E_SCHEMA: it is another seller's.
 */
MARKET_API MARKET_NODISCARD market_status_t market_check_in_feed(
    market_evidence_t *evidence, const market_feed_t *feed,
    market_slice_t proof, market_slice_t offer, int64_t at,
    market_decision_t **ret_decision, market_error_t *reterr);

/* ---- making one ---- */

/* Takes offers one by one, and makes rows and the list. For one thread. */
typedef struct market_packer market_packer_t;

/*
 * `draft` is the list as JSON: header and mode, as market_draft_from_json()
 * reads it; what it says of count and roots is written anew. Rows go to
 * `write`, as they come. Statuses as there.
 */
MARKET_API MARKET_NODISCARD market_status_t market_packer_new(
    market_context_t *context, market_slice_t draft, market_write_fn *write,
    void *user, market_packer_t **ret_packer, market_error_t *reterr);

/* NULL is fine. */
MARKET_API void market_packer_free(market_packer_t *packer);

/*
 * Adds an offer: in JSON, or the payload of one. It must be the list's issuer's
 * and have a greater id than the one before. What fails before it is written
 * leaves the packer as it was; what the offer's attributes are worth is the
 * reader's to judge.
 *
 * MARKET_E_ARGUMENT; MARKET_E_ENCODING, MARKET_E_LIMIT (also: the list's
 * envelope has room for no more, even in protobuf; these are some 7.8 million),
 * MARKET_E_UNSUPPORTED, MARKET_E_SCHEMA (also: another's, or out of order);
 * MARKET_E_MEMORY;
 * MARKET_E_INTERNAL; what `write` returns; MARKET_E_STATE: a write failed
 * before, or it was finished.
 */
MARKET_API MARKET_NODISCARD market_status_t market_packer_add_json(
    market_packer_t *packer, market_slice_t json, market_error_t *reterr);
MARKET_API MARKET_NODISCARD market_status_t market_packer_add(
    market_packer_t *packer, market_slice_t offer, market_error_t *reterr);

/* How many were added. */
MARKET_API uint64_t market_packer_count(const market_packer_t *packer);

/*
 * Signs the list of what was added, as market_draft_sign() does, with its
 * statuses. In protobuf it has room for all that could be added; in JSON for
 * three quarters of that, or it is MARKET_E_LIMIT. It may be called again, for
 * another form; nothing can be added any more.
 */
MARKET_API MARKET_NODISCARD market_status_t market_packer_finish(
    market_packer_t *packer, market_signer_t *const *signers,
    size_t signer_count, market_format_t format, market_buffer_t *ret_envelope,
    market_error_t *reterr);

/*
 * The delimiter of a message of that many bytes, at most 2^28 - 1, as stands
 * before rows, and before a list in one file with them; returns its length, 1
 * to 4; 0 for more.
 */
MARKET_API size_t market_feed_delimiter(size_t length, uint8_t ret_bytes[4]);

#ifdef __cplusplus
}
#endif

#endif
