/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One counter over all memory that a call takes: ours (the context's
 * allocator), OpenSSL's, SQLite's and jansson's. While it is armed, allocation
 * number `fail_at` gives NULL and, `for_ever`, each after it.
 */
#ifndef TESTS_TORTURE_COUNTER_H
#define TESTS_TORTURE_COUNTER_H

#include <stdbool.h>
#include <stddef.h>

#include <market/context.h>

typedef enum counter_owner {
	COUNTER_OURS,
	COUNTER_OPENSSL,
	COUNTER_SQLITE,
	COUNTER_JANSSON,
	COUNTER_OWNERS
} counter_owner_t;

/* A set of owners, those whose allocations are counted and fail. */
#define COUNTER_ONLY(owner) (1u << (unsigned)(owner))
#define COUNTER_ALL         ((1u << (unsigned)COUNTER_OWNERS) - 1)

typedef struct counter {
	unsigned owners;
	bool armed;
	size_t calls;   /* while armed */
	size_t fail_at; /* SIZE_MAX: never */
	bool for_ever;
	size_t failed;         /* how many got NULL ... */
	counter_owner_t first; /* ... and whose was the first */
	/* Not given back, armed or not; only ever a difference tells. */
	size_t live[COUNTER_OWNERS];
} counter_t;

extern counter_t counter;

/* Before anything else in main(); false where a hook is refused. */
bool counter_install(void);

extern const market_allocator_t counter_allocator;

const char *counter_owner_name(counter_owner_t owner);

/* What follows starts at allocation number 0, and is not armed yet. */
void counter_reset(size_t fail_at, bool for_ever, unsigned owners);

/* A call under failing memory: ARMED(market_check(...)) is its status. */
#define ARMED(call) (counter_arm(), counter_disarm(call))
void counter_arm(void);
market_status_t counter_disarm(market_status_t status);

#endif
