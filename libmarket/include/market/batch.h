/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many offers in one call, on several threads; what comes out is what came out
 * one by one, in the same order.
 */
#ifndef MARKET_BATCH_H
#define MARKET_BATCH_H

#include <market/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Hears of one offer; offers are told in their order, one at a time, by the
 * thread that made the call. `status` and `decision` are what market_check()
 * gives for it, and `error` says why not; both are borrowed until the callback
 * returns. Not zero: no further offer is told, nor begun.
 */
typedef int market_checked_fn(void *user, size_t index, market_status_t status,
    const market_decision_t *decision, const market_error_t *error);

/*
 * Hears of one offer that was submitted, as above; `submitted` is what
 * market_submissions_at() gives for it, borrowed until the callback returns.
 * It is told once the transaction that it is in is committed.
 */
typedef int market_submitted_fn(
    void *user, size_t index, const market_submitted_t *submitted);

typedef struct market_batch_options {
	size_t size;            /* sizeof(market_batch_options_t) */
	unsigned threads;       /* that work, the caller's among them; 0: 1 */
	unsigned time_limit_ms; /* after which none is begun; 0: no limit */
	market_checked_fn *checked;     /* for market_check_many() */
	market_submitted_fn *submitted; /* for market_store_submit_many() */
	void *user;
} market_batch_options_t;

/* More threads than that are refused. */
#define MARKET_BATCH_THREADS_MAX 256

/*
 * market_check() of `n` offers, in the same evidence and as of the same
 * instant. The threads are made by the call, and are over when it returns; the
 * callback is never called under a lock. `ret_told` (may be NULL) is the
 * number of offers that were told: those from there on can be handed in again.
 *
 * MARKET_OK: all were told, whatever came out for each.
 * MARKET_E_CALLBACK: the callback ended it. MARKET_E_TIMEOUT: the time limit
 * did; the clock is the monotonic one of the system. MARKET_E_ARGUMENT;
 * MARKET_E_MEMORY (also: no thread could be made; nothing was told);
 * MARKET_E_INTERNAL (the system has no such clock).
 *
 * Threads: several may call it with the same evidence at once.
 */
MARKET_API MARKET_NODISCARD market_status_t market_check_many(
    market_evidence_t *evidence, const market_slice_t *offers, size_t n,
    int64_t at, const market_batch_options_t *options, size_t *ret_told,
    market_error_t *reterr);

/* Offers of one transaction of market_store_submit_many(), at most. */
#define MARKET_BATCH_OFFERS 1000

/*
 * market_store_submit() of `n` offers, in order, in transactions of at most
 * MARKET_BATCH_OFFERS, of fewer where these take too much memory: what comes
 * out is the same. The caller's thread writes, and the others verify signatures
 * with it, which they do while the store is free for others. The threads are
 * made by the call, and are over when it returns. `ret_told` (may be NULL) is
 * the number of offers that were told: those from there on can be handed in
 * again, and what was committed but not told is a duplicate then.
 *
 * MARKET_OK: all were told, whatever became of each.
 * MARKET_E_CALLBACK: the callback ended it; no further transaction is begun.
 * MARKET_E_TIMEOUT: the time limit did. MARKET_E_ARGUMENT; MARKET_E_MEMORY
 * (also: no thread could be made); MARKET_E_INTERNAL; and as
 * market_store_submit(), of a transaction of which nothing is kept.
 *
 * Threads: as all calls on a store. The callback may use the store.
 */
MARKET_API MARKET_NODISCARD market_status_t market_store_submit_many(
    market_store_t *store, const market_slice_t *offers, size_t n, int64_t at,
    const market_batch_options_t *options, size_t *ret_told,
    market_error_t *reterr);

#ifdef __cplusplus
}
#endif

#endif
