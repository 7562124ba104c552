/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A feed of a.example's in memory: offers of 500 kinds of phone in two cells
 * each, in the kit's marketplace.
 */
#ifndef TESTS_BENCH_CATALOGUE_H
#define TESTS_BENCH_CATALOGUE_H

#include "kit.h"

#define CATALOGUE_KINDS 500

typedef struct catalogue_bytes {
	uint8_t *at;
	size_t len, capacity;
	size_t read; /* how far */
} catalogue_bytes_t;

typedef struct catalogue {
	kit_t *kit;
	catalogue_bytes_t kinds[CATALOGUE_KINDS]; /* payloads */
	market_feed_t *feed;
	catalogue_bytes_t rows;
	unsigned long n;
} catalogue_t;

/* Packed and signed. Whatever fails ends the program. */
void catalogue_make(catalogue_t *catalogue, kit_t *kit, unsigned long n);
void catalogue_clear(catalogue_t *catalogue);

/* Payload of offer number `i`, until the next call. */
market_slice_t catalogue_offer(catalogue_t *catalogue, unsigned long i);

/* A market_read_fn of a catalogue_bytes_t. */
market_status_t catalogue_read(
    void *user, void *buffer, size_t size, size_t *ret_n);

#endif
