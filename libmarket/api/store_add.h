/* SPDX-License-Identifier: Apache-2.0 */
/* Statements that are added, or supposed to be. */
#ifndef MARKET_API_STORE_ADD_H
#define MARKET_API_STORE_ADD_H

#include "api/store_evidence.h"

typedef struct market__addition {
	market_added_t added;
	market_statement_t *statement; /* NULL: it did not parse */
	bool done;  /* else it may be taken when others were */
	bool rekey; /* ... when a root or a key set was */
} market__addition_t;

struct market_additions {
	market_context_t *context;
	market__arena_t arena;
	market__addition_t *v;
	size_t n;
};

/* Parses them; those that do not parse are done. */
market_status_t market__additions_new(market_context_t *context,
    const market_slice_t *envelopes, size_t n, market_additions_t **ret,
    market_error_t *reterr);

/* Notes what became of number `i`; MARKET_E_MEMORY. */
market_status_t market__additions_take(market_additions_t *additions, size_t i,
    const market__acceptance_t *acceptance);

/*
 * store_check.c: accepts them in the call's write transaction, which is then
 * never committed. From there on the call is alone with what it supposes.
 */
market_status_t market__call_suppose(
    market__call_t *call, market_additions_t *additions);

#endif
