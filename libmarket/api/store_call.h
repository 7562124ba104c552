/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the store: its handle, one call on it, and the history that calls
 * write. What lies in the backend is believed only after it was verified here,
 * once in a process.
 */
#ifndef MARKET_API_STORE_CALL_H
#define MARKET_API_STORE_CALL_H

#include <pthread.h>
#include <sys/types.h>

#include <market/store.h>

#include "api/cache.h"
#include "api/store_bytes.h"
#include "store/store_backend.h"
#include "verify/verify.h"

/* Raised whenever an evaluation could come out differently. */
#define MARKET__EVALUATOR 1

/* Clearances that one transaction computes anew, at most, unless asked. */
#define MARKET__STORE_BATCH 256

/* Bytes that one call may take beside the cache. */
#define MARKET__CALL_BUDGET ((size_t)256 << 20)

/*
 * How far this process has gone through what rests on slots that moved: it
 * need not be gone through again while nothing else was accepted.
 */
typedef struct market__settling {
	uint64_t epoch, settled; /* of the head that this is about */
	uint64_t slot;           /* those before it are done */
	uint64_t after;          /* and of it, clearances up to this one */
} market__settling_t;

struct market_store {
	market_context_t *context;
	market__backend_t *backend;
	size_t cache_bytes;
	int64_t tolerance;
	uint64_t max_listings, max_questions, max_statements, max_early;
	pid_t pid; /* a child has no business here */

	pthread_mutex_t lock; /* of those to `waiting` */
	pthread_cond_t idle;
	bool busy;
	pthread_t owner;
	pthread_cond_t served;
	bool serving;
	struct market__waiting *waiting; /* store_group.c: who submits */

	/* What this process has seen, and all it knows of it. */
	market__store_head_t seen;
	uint8_t *filed; /* store_filed.c */
	market__cache_t *cache;
	struct market__news *news; /* slots that moved, by epoch */
	size_t n_news;
	market__arena_t news_arena; /* not there while `news` is NULL */
	market__settling_t settling;
};

/* ---- store_call.c: one call ---- */

/* What it looks at. */
typedef enum market__view {
	MARKET__VIEW_LIVE,        /* now; shares the store's cache */
	MARKET__VIEW_PAST,        /* what was known at an entry */
	MARKET__VIEW_HYPOTHETICAL /* in a transaction that is rolled back */
} market__view_t;

/* What is supposed to be withdrawn, without anybody's having said so. */
typedef struct market__supposed {
	market_slice_t slot;   /* "digest/...", "key/..." or empty */
	market_slice_t issuer; /* all that it signed, or empty */
} market__supposed_t;

typedef struct market__call {
	market_store_t *store;
	market_context_t *context;
	market__backend_t *backend;
	const market__backend_ops_t *ops;
	market_error_t *reterr;
	market__arena_t arena; /* what lives as long as the call */
	market__view_t view;
	bool open; /* in a transaction */
	bool write;
	market__store_head_t head; /* as of the transaction's beginning, and
				      what it has made of it */
	int64_t now;               /* the instant that is meant */
	bool untrusted; /* the caller's clock is behind beyond tolerance */
	uint64_t as_of; /* entries up to this one are known */
	market__cache_t *cache;
	market__cached_t **pins;
	size_t n_pins, pins_capacity;
	const market__supposed_t *supposed; /* or NULL */
	struct market__fact *root;          /* that rules; NULL: not read yet */
	/* store_keys.c's own, or NULL. */
	const struct market__keys_so_far *keys_so_far;
	market__settling_t settling; /* the store's, once it is committed */
} market__call_t;

/*
 * Begins a call: waits for those of other threads. Every call that was begun
 * is ended, also after a failure; that rolls back what was not committed.
 */
market_status_t market__call_begin(
    market_store_t *store, market_error_t *reterr, market__call_t *ret_call);
market_status_t market__call_end(market__call_t *call, market_status_t status);

/*
 * Takes the store's lock, for whoever may ask for a turn. MARKET_E_STATE: its
 * thread has one, or it is a child's; the lock is not taken.
 */
market_status_t market__store_lock(market_store_t *store);
/* Says so, with that status. */
market_status_t market__store_in_use(market_error_t *reterr);

/*
 * Begins a transaction, sees what others did meanwhile, and settles `now`:
 * `at` is a clock. MARKET_OK also where it is untrusted.
 */
market_status_t market__call_transact(
    market__call_t *call, bool write, int64_t at);

/* Says that an instant is none, with MARKET_E_ARGUMENT. */
market_status_t market__instant_refused(market_error_t *reterr);

/* What `at` is, by the clock of the head. */
void market__call_settle(market__call_t *call, int64_t at);

/* For questions: as above, or a view of history, by `flags`. */
market_status_t market__call_ask(
    market__call_t *call, int64_t at, unsigned flags);

/* From here on nothing is shared with the store's cache. */
market_status_t market__call_alone(market__call_t *call, market__view_t view);

/* Commits, the clock raised; what others may see from now on. */
market_status_t market__call_commit(market__call_t *call);
void market__call_rollback(market__call_t *call);

/* Ends a transaction that wrote nothing: its clock counts all the same. */
market_status_t market__call_tick(market__call_t *call);

/* Keeps a cached object until the call ends; it is pinned already. */
market_status_t market__call_keep(
    market__call_t *call, market__cached_t *cached);
/* Gives back all that was kept since then. */
void market__call_release(market__call_t *call, size_t n_pins);

/* The failure of an arena, told. */
market_status_t market__call_refused(
    market__call_t *call, const market__arena_t *arena);

/* A statement's envelope in its short form, as rows keep it. */
market_status_t market__call_envelope(market__call_t *call,
    const market_statement_t *statement, market_slice_t *ret_envelope);

/* SHA-256 over pieces. */
market_status_t market__call_digest(
    market__call_t *call, const market_slice_t *pieces, size_t n, uint8_t *out);

/* ---- store_row.c: rows by their names; number 0 where there is none ---- */

market_status_t market__party_named(
    market__call_t *call, market_slice_t name, market__party_row_t *ret_row);
market_status_t market__listing_of(market__call_t *call, uint64_t seller,
    market_slice_t offer_id, market__listing_row_t *ret_row);
market_status_t market__listing_named(market__call_t *call,
    market_slice_t seller, market_slice_t offer_id,
    market__listing_row_t *ret_row);

/* ---- store_news.c: what others did ---- */

/* Reads which slots have moved since this process last looked. */
market_status_t market__news_read(market__call_t *call, market__arena_t *arena);
/*
 * Has none of these slots moved since the object was last seen to hold? Then
 * it does now. Where it does not, it is to be replaced.
 */
bool market__news_holds(market__call_t *call, market__cached_t *cached,
    const market_slice_t *slots, size_t n);
/* Forgets all. Only where no slot and no answer is cached. */
void market__news_clear(market_store_t *store);

/* ---- store_filed.c: slots that hold nothing ---- */

market_status_t market__filed_make(market_store_t *store);
/* A statement is filed there, or is about to be. */
void market__filed_note(market_store_t *store, market_slice_t slot);
/* Was none ever? False where that cannot be told. */
bool market__filed_never(const market__call_t *call, market_slice_t slot);

/* ---- store_entry.c: history ---- */

/*
 * Appends an entry; its number is call->head.entries afterwards. `prev` is
 * the entry before it of the same clearance or listing, or 0.
 */
market_status_t market__entry_append(market__call_t *call, uint32_t kind,
    uint64_t object, uint64_t prev, uint64_t cause,
    const market__detail_t *detail);

/* The chain over the history after this entry. */
market_status_t market__entry_chain(market__call_t *call, const uint8_t *chain,
    const market__entry_row_t *row, uint8_t *ret_chain);

/* Takes the chain on, from entry `after` to entry `last`. */
market_status_t market__entry_follow(
    market__call_t *call, uint64_t after, uint64_t last, uint8_t *chain);

/* Entry number `seq`, with its detail; CORRUPT if it is not there. */
market_status_t market__entry_get(market__call_t *call, uint64_t seq,
    market__entry_row_t *ret_row, market__detail_t *ret_detail);

/* The last entry at or before `at`; 0: none. */
market_status_t market__entry_at(
    market__call_t *call, int64_t at, uint64_t *ret_seq);

/* The chain over accepted statements after this one. */
market_status_t market__epoch_chain(market__call_t *call, const uint8_t *chain,
    const market__statement_row_t *row, uint8_t *ret_chain);

#endif
