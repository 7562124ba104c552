/* SPDX-License-Identifier: Apache-2.0 */
/* One store of the scene, and a record of what has changed it. */
#ifndef TESTS_FUZZ_STORE_RUN_H
#define TESTS_FUZZ_STORE_RUN_H

#include "scene.h"

#define CHANGES_MAX 256

typedef struct change {
	uint8_t what; /* a, b, z, s, i, r: see fuzz_store.c */
	uint8_t n;
	int64_t at;
	int result; /* what became of it */
	bool again; /* it was tried again: what was taken in stays */
} change_t;

typedef struct run {
	market_store_t *store;
	bool sqlite;
	int64_t at;
	change_t changes[CHANGES_MAX];
	size_t n_changes;
} run_t;

/* A new store on the scene's root and policy. */
void run_init(run_t *run, bool sqlite);
void run_clear(run_t *run);
/* Where the backend can do that. */
void run_reopen(run_t *run);

/* Makes the change at the run's clock, and records it. */
void run_change(run_t *run, uint8_t what, uint8_t n);

/* All listings, at the run's clock. */
market_listings_t *run_list(run_t *run);
/* A listing's id by a number; not all are there. */
market_slice_t run_listing(unsigned n);
/* The offer of a listing. */
market_slice_t run_offer(const market_listing_t *listing);

/*
 * The statements that were taken in, as evidence; NULL where it could differ:
 * a key that is withdrawn spoils in a bag what it signed before, and a bag
 * follows no root.
 */
market_evidence_t *run_bag(const run_t *run);

#endif
