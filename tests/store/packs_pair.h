/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two backends that are told the same: SQLite in a file, which packs its rows,
 * and the one in memory, which says what is right.
 */
#ifndef TESTS_STORE_PACKS_PAIR_H
#define TESTS_STORE_PACKS_PAIR_H

#include "sqlite_kit.h"

#include "store/pack.h"

/* Listings that are put in one call at most, and names that are known. */
#define PAIR_ROWS  1000
#define PAIR_NAMES 20000

/* The sellers' numbers. */
#define PAIR_SELLERS 3

typedef struct pair_name {
	uint64_t seller;
	market_slice_t id;
} pair_name_t;

typedef struct pair {
	place_t place;
	harness_memory_t memory;
	market__backend_t *model;
	uint64_t seed, random; /* what it began with, and where it is */
	unsigned step;
	size_t n_questions;
	uint64_t first_no;          /* of a listing */
	uint64_t last_no, last_seq; /* of this transaction */
	uint64_t committed_no, committed_seq;
	market__arena_t rows; /* of what is written, until its end */
	market__arena_t read; /* of a comparison, until the next */
	market__arena_t kept;
	size_t n_names; /* also of what was rolled back */
	pair_name_t names[PAIR_NAMES];
} pair_t;

/* A new file, and all that listings name. Listings begin with `first_no`. */
pair_t *pair_open(uint64_t seed, size_t n_questions, uint64_t first_no);
/* Nothing is told of the file; and all is given back. */
void pair_close(pair_t *pair);
/* Closes the file, and opens it. */
void pair_reopen(pair_t *pair);

void pair_begin(pair_t *pair, bool write);
void pair_commit(pair_t *pair);
void pair_rollback(pair_t *pair);

/* At random. */
uint64_t pair_draw(pair_t *pair, uint64_t below);
uint64_t pair_seller(size_t i);
uint64_t pair_question(const pair_t *pair, size_t i);
/* Anything, and the extremes rather often. */
uint64_t pair_wide(pair_t *pair, uint64_t most);
/* Ends the test, and says where it was. */
void pair_fail(const pair_t *pair, const char *what, uint64_t number);

/* Written to both. Rows are of one seller. */
void pair_put(pair_t *pair, const market__listing_row_t *rows, size_t n);
void pair_put_one(pair_t *pair, const market__listing_row_t *row);
void pair_insert(pair_t *pair, const market__entry_row_t *row);
/* What the model has, or a row without a number. */
market__listing_row_t pair_find(
    pair_t *pair, uint64_t seller, market_slice_t id);

bool pair_same_listing(
    const market__listing_row_t *a, const market__listing_row_t *b);
bool pair_same_entry(
    const market__entry_row_t *a, const market__entry_row_t *b);
/* All that can be asked is the same, in the transaction that is open; or some
 * of it. */
void pair_compare(pair_t *pair, bool all);

#endif
