/* SPDX-License-Identifier: Apache-2.0 */
/* A few threads that do the parts of a piece of work between them. */
#ifndef MARKET_BASE_CREW_H
#define MARKET_BASE_CREW_H

#include "base/base.h"

typedef struct market__crew market__crew_t;

/* `threads` of them, the caller's own among them. NULL: no memory, or none
 * could be made. */
market__crew_t *market__crew_new(
    const market_allocator_t *allocator, unsigned threads);
/* NULL is fine. */
void market__crew_free(market__crew_t *crew);

/*
 * Calls work(user, i) for each i below `n`, by whoever is free; back when all
 * are done. One call at a time, by the thread that made the crew.
 */
void market__crew_run(market__crew_t *crew, size_t n,
    void (*work)(void *user, size_t index), void *user);

/*
 * The same in two steps: the others begin, and the caller does something else
 * before it helps with what is left. Each begin has its end; an end without one
 * has nothing to do.
 */
void market__crew_begin(market__crew_t *crew, size_t n,
    void (*work)(void *user, size_t index), void *user);
void market__crew_end(market__crew_t *crew);

#endif
