/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the envelope: what its two forms share. */
#ifndef MARKET_WIRE_ENVELOPE_H
#define MARKET_WIRE_ENVELOPE_H

#include "wire/wire.h"

/*
 * Reads the JSON form as it stands; what its values must be is looked at by
 * market__envelope_parse(), as for the other form.
 */
market_status_t market__envelope_from_json(market_slice_t bytes,
    market__arena_t *arena, market__envelope_t *envelope,
    market_error_t *reterr);

/* Writes the JSON form: one line with its newline, at most `max` bytes. */
market_status_t market__envelope_to_json(const market__envelope_t *envelope,
    const market_allocator_t *allocator, size_t max,
    market_buffer_t *ret_bytes);

#endif
