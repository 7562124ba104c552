/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The context: what a caller lends to the library (memory, a place for log
 * lines) and what is loaded once (OpenSSL's algorithms). There is no global
 * state; two contexts in one process do not know of each other.
 */
#ifndef MARKET_CONTEXT_H
#define MARKET_CONTEXT_H

#include <market/status.h>
#include <market/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct market_context market_context_t;

/*
 * The caller's allocator. `alloc` returns memory aligned for any type, or
 * NULL; it is never asked for zero bytes. `free` is never called with NULL.
 * Both may be called from any thread that uses the context, and never while
 * the library holds a lock. OpenSSL's own memory does not come from here.
 */
typedef struct market_allocator {
	void *(*alloc)(void *user, size_t size);
	void (*free)(void *user, void *ptr);
	void *user;
} market_allocator_t;

typedef enum market_log_level {
	MARKET_LOG_ERROR = 1,
	MARKET_LOG_WARNING = 2,
	MARKET_LOG_INFO = 3
} market_log_level_t;

/*
 * One line, printable ASCII, without a newline; valid during the call. Told
 * is, as MARKET_LOG_WARNING, each statement that evidence ignores. Called by
 * whichever thread asks the first question, and never under a lock.
 */
typedef void market_log_fn(
    void *user, market_log_level_t level, const char *line);

typedef struct market_context_options {
	size_t size;                  /* sizeof(market_context_options_t) */
	market_allocator_t allocator; /* all zero: malloc and free */
	market_log_fn *log;           /* evidence ignored; NULL: nobody hears */
	void *log_user;
	/* Bytes for what is known of signatures of evidence: each is verified
	 * once while it is kept. 0: 4 MiB, some 20,000; 1: nothing is kept. */
	size_t signature_cache_bytes;
} market_context_options_t;

/*
 * Makes a context and warms OpenSSL up, so that no later call initialises it
 * lazily. `options` may be NULL for the defaults. On success *ret_context is
 * the caller's, to be given back with market_context_free() after everything
 * that was made from it.
 *
 * Threads: a context may be used from several threads at once.
 *
 * MARKET_E_ARGUMENT (ret_context is NULL, the options' size is unknown, one
 * half of the allocator is missing), MARKET_E_MEMORY, MARKET_E_ALGORITHM (this
 * OpenSSL lacks Ed25519, P-256 or SHA-256), MARKET_E_INTERNAL.
 */
MARKET_API MARKET_NODISCARD market_status_t market_context_new(
    const market_context_options_t *options, market_context_t **ret_context);

/*
 * Gives back memory that the context keeps to use it again, and forgets what it
 * knows of signatures and keys; all works as before. NULL is fine. Threads: as
 * above.
 */
MARKET_API void market_context_trim(market_context_t *context);

/* NULL is fine. */
MARKET_API void market_context_free(market_context_t *context);

/* "1.0.0"; the version of the library that runs, not of the header. */
MARKET_API const char *market_version(void);

#ifdef __cplusplus
}
#endif

#endif
