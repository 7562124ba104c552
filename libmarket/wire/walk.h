/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader of payloads that passed the strict check. It copies and allocates
 * nothing. Fields that the schema does not know (the check lets 1000 to 1099
 * pass) are stepped over.
 */
#ifndef MARKET_WIRE_WALK_H
#define MARKET_WIRE_WALK_H

#include <protobuf-c/protobuf-c.h>

#include "base/base.h"

typedef struct market__walk {
	const uint8_t *at;
	const uint8_t *end;
	bool bad; /* the bytes were not those of a checked payload */
} market__walk_t;

typedef struct market__walked {
	const ProtobufCFieldDescriptor *field;
	bool delimited;       /* `bytes` holds it, else `number` */
	uint64_t number;      /* a varint, as it is */
	market_slice_t bytes; /* text, bytes, a message, or a packed list */
} market__walked_t;

static inline market__walk_t
market__walk(market_slice_t bytes)
{
	market__walk_t walk = { bytes.ptr, NULL, false };

	if (bytes.len > 0)
		walk.end = bytes.ptr + bytes.len;
	else
		walk.end = walk.at;
	return walk;
}

/* The next known field of the message; false at the end, or when bad. */
bool market__walk_next(market__walk_t *walk,
    const ProtobufCMessageDescriptor *message, market__walked_t *ret);

/* The next number of a packed list; false at the end, or when bad. */
bool market__walk_number(market__walk_t *walk, uint64_t *ret);

#endif
