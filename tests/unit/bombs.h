/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages that are small to write and would be much to read: as large as
 * their kind may be, and refused for what they repeat.
 */
#ifndef TESTS_UNIT_BOMBS_H
#define TESTS_UNIT_BOMBS_H

#include <market/market.h>

#include "wire/wire.h"

/* One field again and again, up to the size that a kind may have. */
typedef struct bomb {
	const char *label;
	market_kind_t kind;
	const char *unit;
	size_t unit_len;
	size_t max; /* of the payload */
	market_status_t want;
} bomb_t;

#define BOMB_LARGE (MARKET__ENVELOPE_LARGE_MAX - 200)
#define BOMB_SMALL (MARKET__ENVELOPE_MAX - 200)

extern const bomb_t bombs[];
extern const size_t n_bombs;

/* The payload, in MARKET__ENVELOPE_LARGE_MAX bytes at `out`. */
market_slice_t bomb_fill(const bomb_t *bomb, uint8_t *out);
/* One of nested messages, in `len` bytes. */
market_slice_t bomb_nested(size_t len, uint8_t *out);

/* In an envelope with a signature that is none; as JSON three quarters of the
 * payload, so that it has the same size. */
market_status_t bomb_wrap(market_kind_t kind, market_slice_t payload, bool json,
    market_buffer_t *written);

#endif
