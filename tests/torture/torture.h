/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory fails at each allocation of a call, whoever asks for it: once, and
 * from then on. The call says so, or did its work all the same and then says
 * what it would have said; it wrote none of its results, leaked nothing, and
 * changed the store wholly or not at all.
 *
 * `make check` looks at one allocation of 37 or more (a prime, so that no
 * period of the calls falls in step), `make torture` at all of them; with
 * MARKET_TORTURE=7 in the environment it is one of seven.
 */
#ifndef TESTS_TORTURE_TORTURE_H
#define TESTS_TORTURE_TORTURE_H

#include <stdio.h>

#include <market/market.h>

#include "counter.h"
#include "world.h"

/* What the calls of a table work on. */
typedef struct torture {
	const char *label; /* of the call */
	market_context_t *context;
	world_t *world;
	market_evidence_t *evidence;
	market_decision_t *decision;
	market_statement_t *statement;
	market_root_t *root;
	market_draft_t *draft;
	market_slice_t offer, denied, withdrawal, price, anew;
	size_t shallow; /* one allocation of how many `make check` looks at */
	/* The store: of which kind, and where. */
	bool in_file;
	char folder[32], path[64], template[64];
	market_store_t *store;
	int64_t now;
} torture_t;

/*
 * One call, or a few that belong together, each under ARMED(). What it gives
 * is told to `out`, which memory does not fail for.
 */
typedef market_status_t torture_call_t(
    torture_t *torture, FILE *out, market_error_t *error);

#define TORTURE_INTERNAL 1u /* its header documents MARKET_E_INTERNAL */
#define TORTURE_WRITES   2u /* it changes the store */
#define TORTURE_PLAIN    4u /* it takes no market_error_t */
#define TORTURE_RANDOM   8u /* what it tells is never the same twice */
/* OpenSSL 3.0 leaks where a library context cannot be made. */
#define TORTURE_OPENSSL_LEAKS 16u

typedef struct torture_row {
	const char *label;
	torture_call_t *run;
	unsigned flags;
} torture_row_t;

/* A pointer that no call may have written to when it fails. */
extern char torture_untouched;
#define UNTOUCHED ((void *)&torture_untouched)
void torture_expect_buffer(
    const torture_t *torture, const market_buffer_t *buffer);
#define EXPECT_UNTOUCHED(torture, pointer)                  \
	ck_assert_msg((const void *)(pointer) == UNTOUCHED, \
	    "%s: it failed, and wrote a result", (torture)->label)

/* A context on the counter's allocator, and the world. */
void torture_init(torture_t *torture);
void torture_clear(torture_t *torture);

/* What context and evidence keep to use it again is given back. */
void torture_forget(torture_t *torture);

/* One point of the sweep: which allocation fails, and how. */
typedef struct torture_point {
	size_t at;
	bool for_ever;
} torture_point_t;

/* Runs the row's call under one failing allocation; is there one behind it? */
typedef bool torture_try_t(
    torture_t *torture, const torture_row_t *row, torture_point_t point);
void torture_sweep(torture_t *torture, const torture_row_t *row, size_t seed,
    torture_try_t *try);

/* The call as it is with all memory; its text, for free(). */
char *torture_tell(torture_t *torture, const torture_row_t *row,
    market_status_t *ret_status, market_error_t *error);

/*
 * Is that a status that the call may have, where a good run has `want`? Fails
 * the test where not; true: it told the lack of memory.
 */
bool torture_refused(const torture_t *torture, const torture_row_t *row,
    torture_point_t point, market_status_t got, market_status_t want,
    const market_error_t *error);

/*
 * Fails the test where one of them has not given back all since `before`, which
 * was after torture_forget().
 */
void torture_expect_live(torture_t *torture, torture_point_t point,
    unsigned owners, const size_t before[COUNTER_OWNERS]);

/* "allocation 12 and all after it (OpenSSL's)"; until the next call. */
const char *torture_where(torture_point_t point);

/* main() of a program of these tests. */
int torture_main(Suite *suite);

#endif
