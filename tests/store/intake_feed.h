/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feeds put together by hand, of whatever rows: the packer would refuse what
 * a store must be asked. Offers come from a world (world.h), which signs.
 */
#ifndef TESTS_STORE_INTAKE_FEED_H
#define TESTS_STORE_INTAKE_FEED_H

#include <market/market.h>

#include "base/base.h"
#include "world.h"

typedef struct intake_feed {
	world_t *world;
	/* The rows, each behind its length, and where each begins; one more
	 * is where they end. */
	uint8_t *bytes;
	size_t len, capacity;
	size_t *starts, n_rows, n_starts;
	/* What is signed of it; changed before intake_feed_sign() or not. */
	const char *issuer, *id, *not_after;
	unsigned revision;
	bool delta;
	market_feed_t *feed; /* opened, or NULL */
} intake_feed_t;

void intake_feed_init(intake_feed_t *f, world_t *world);
void intake_feed_clear(intake_feed_t *f);

/* One more row, of any bytes; the payload of an offer of the world, under
 * another id (NULL: its own). */
void intake_feed_row(intake_feed_t *f, market_slice_t payload);
void intake_feed_offer(intake_feed_t *f, const char *name, const char *id);
/* `n` of them, with ids "00000", "00001" ... from `first` on. */
void intake_feed_offers(
    intake_feed_t *f, const char *name, size_t first, size_t n);

/* What stands in row i, without its length. */
market_slice_t intake_feed_payload(const intake_feed_t *f, size_t i);

/* Signs the list over the rows as they are now ("KEY KEY", as world_edit()
 * names them), and opens it, in the place of one that is. */
void intake_feed_sign(intake_feed_t *f, const char *keys);

/* ---- reading ---- */

typedef struct intake_reader {
	market_slice_t bytes;
	size_t at;
	size_t fail_at;          /* once so many were given; SIZE_MAX: never */
	market_status_t failure; /* with this */
	bool endless;            /* zeros behind the end */
} intake_reader_t;

intake_reader_t intake_reader(market_slice_t bytes);
market_status_t intake_read(
    void *user, void *buffer, size_t size, size_t *ret_n);

#endif
