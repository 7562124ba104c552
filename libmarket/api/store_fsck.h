/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking through a whole store for what does not agree. It reads in pages,
 * believes nothing that this process has seen before, and goes on behind each
 * fault. What numbers mean to each other is said at each check.
 */
#ifndef MARKET_API_STORE_FSCK_H
#define MARKET_API_STORE_FSCK_H

#include "api/store_call.h"

/* Rows of one page. */
#define MARKET__FSCK_PAGE 256

/* Faults that are told; then one line that there are more. */
#define MARKET__FSCK_FAULTS_MAX 10000

/* "%llu" wants it. */
#define MARKET__ULL(n) ((unsigned long long)(n))

typedef struct market__fsck {
	market__call_t call;
	market__arena_t page; /* rows of the page in hand */
	market_error_t error; /* of the check in hand */
	market_faults_t *faults;
	market_status_t status; /* other than damage: nothing goes on */

	/* What the history must have had, and where that is known from. */
	struct market__fsck_mark {
		const char *whose;
		market_store_mark_t mark;
	} marks[2];
	size_t n_marks;

	uint64_t of_listings; /* entries that are of listings ... */
	uint64_t walked;      /* ... and those that a listing leads to */
} market__fsck_t;

/* ---- store_fsck.c: telling ---- */

/* Tells a fault. */
void market__fsck_tell(market__fsck_t *f, const char *format, ...)
    MARKET__PRINTF(2, 3);

/* May it go on? Not after a failure, and not when enough is told. */
bool market__fsck_goes_on(const market__fsck_t *f);

/*
 * Did that work? Damage, and what is not there, is told of the place that the
 * rest says; any other failure ends the whole.
 */
bool market__fsck_good(market__fsck_t *f, market_status_t status,
    const char *format, ...) MARKET__PRINTF(3, 4);

/* Gives back what the check of one row has used. */
void market__fsck_rest(market__fsck_t *f);
/* ... and the rows of the page. */
void market__fsck_turn(market__fsck_t *f);

/* Tells that numbers in [from, to] are missing; none if from is above to. */
void market__fsck_gap(market__fsck_t *f, const char *one, const char *several,
    uint64_t from, uint64_t to);

/* ---- store_fsck_rows.c: all rows of a table, in pages ---- */

typedef void market__fsck_statement_fn(
    market__fsck_t *f, const market__statement_row_t *row, void *user);
typedef void market__fsck_clearance_fn(
    market__fsck_t *f, const market__clearance_row_t *row, void *user);
typedef void market__fsck_listing_fn(
    market__fsck_t *f, const market__listing_row_t *row, void *user);

/* false: a page could not be read, which is told, or it does not go on. */
bool market__fsck_each_statement(
    market__fsck_t *f, market__fsck_statement_fn *check, void *user);
bool market__fsck_each_clearance(
    market__fsck_t *f, market__fsck_clearance_fn *check, void *user);
bool market__fsck_each_listing(
    market__fsck_t *f, market__fsck_listing_fn *check, void *user);

/* ---- the passes ---- */

/* store_fsck_entry.c: numbers, chain, and what each entry is about. */
void market__fsck_entries(market__fsck_t *f);
/* store_fsck_statement.c: numbers, chain, signatures; slots. */
void market__fsck_statements(market__fsck_t *f);
void market__fsck_slots(market__fsck_t *f);
/* store_fsck_clearance.c: each against the evidence and the history. */
void market__fsck_clearances(market__fsck_t *f);
/* store_fsck_listing.c: each against its offer and its history. */
void market__fsck_listings(market__fsck_t *f);
/* store_fsck_party.c: what is counted for each party. */
void market__fsck_parties(market__fsck_t *f);

#endif
