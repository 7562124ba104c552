/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the conformance body share: a backend under test, a small
 * world of rows, and all of a backend's content as one text. */
#ifndef TESTS_STORE_CONFORMANCE_KIT_H
#define TESTS_STORE_CONFORMANCE_KIT_H

#include "conformance.h"
#include "harness.h"

#define OK(call)   ck_assert_int_eq((call), MARKET_OK)
#define NONE(call) ck_assert_int_eq((call), MARKET_E_NOT_FOUND)

/* One backend under test. */
typedef struct bench {
	harness_memory_t memory;
	market__backend_t *backend;
	const market__backend_ops_t *ops;
	market__arena_t arena; /* not of `memory`, and without end */
} bench_t;

/* A new one. */
void bench_open(bench_t *bench);
/* The same again, after its handle was closed. */
void bench_reopen(bench_t *bench);
/* Closes the handle; all of its memory must have come back. */
void bench_shut(bench_t *bench);
/* The same, and removes what it has made. */
void bench_close(bench_t *bench);
void bench_begin(bench_t *bench, bool write);
void bench_commit(bench_t *bench);
void bench_rollback(bench_t *bench);

/*
 * All that can be read by the operations, in the transaction that is open; to
 * be given back with free(). Two contents are the same if their texts are.
 */
char *bench_text(bench_t *bench);
/* The same in a transaction of its own. */
char *bench_content(bench_t *bench);
/* bench_content() is `want`. */
void bench_is(bench_t *bench, const char *want);
/* No fault is told. Outside of a transaction. */
void bench_is_sound(bench_t *bench);

/* ---- rows ---- */

/* Rows of the world, which differ by their number in every member. */
market__store_head_t world_head(void);
market__statement_row_t world_statement(uint64_t no);
market__slot_row_t world_slot(uint64_t no);
market__clearance_row_t world_clearance(uint64_t no);
/* The slots that a clearance reads. */
const uint64_t *world_reads(uint64_t no, size_t *ret_n);
market__party_row_t world_party(uint64_t no);
market__listing_row_t world_listing(uint64_t no);
market__feed_row_t world_feed(uint64_t no);
market__entry_row_t world_entry(uint64_t seq);
market_slice_t world_payload(uint64_t entry);

/* How many there are of each, from number 1. */
#define WORLD_STATEMENTS 7
#define WORLD_SLOTS      5
#define WORLD_CLEARANCES 6
#define WORLD_PARTIES    5
#define WORLD_LISTINGS   6
#define WORLD_FEEDS      3
#define WORLD_ENTRIES    7

/* Writes the world, in a transaction of its own. */
void bench_fill(bench_t *bench);

/* Adds a line that tells every member. */
void show_head(market__text_t *text, const market__store_head_t *row);
void show_statement(market__text_t *text, const market__statement_row_t *row);
void show_slot(market__text_t *text, const market__slot_row_t *row);
void show_clearance(market__text_t *text, const market__clearance_row_t *row);
void show_party(market__text_t *text, const market__party_row_t *row);
void show_listing(market__text_t *text, const market__listing_row_t *row);
void show_feed(market__text_t *text, const market__feed_row_t *row);
void show_entry(market__text_t *text, const market__entry_row_t *row);
void show_numbers(market__text_t *text, const uint64_t *numbers, size_t n);

/* ---- operations ---- */

/* One of the contract's, in a world, with arguments that are good there. */
typedef struct operation {
	const char *label;
	market_status_t (*run)(
	    bench_t *bench, market__arena_t *arena, market_error_t *error);
	bool writes;
	bool arena; /* it puts rows there */
} operation_t;

extern const operation_t conformance_operations[];
extern const size_t conformance_operation_count;

/* ---- the parts ---- */

/* For which backend the suite was made. */
extern const conformance_backend_t *conformance_subject;

void conformance_rows(TCase *tcase);
void conformance_asked_rows(TCase *tcase);
void conformance_changes(TCase *tcase);
void conformance_refusals(TCase *tcase);
void conformance_lists(TCase *tcase);
void conformance_transactions(TCase *tcase);
void conformance_failures(TCase *tcase);
/* Only where something lasts. */
void conformance_lasting(TCase *tcase);

#endif
