/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kinds and limits in terms of protobuf-c's descriptors. Only wire/ includes
 * this header: no layer above knows protobuf-c.
 */
#ifndef MARKET_WIRE_DESCRIPTORS_H
#define MARKET_WIRE_DESCRIPTORS_H

#include <protobuf-c/protobuf-c.h>

#include "wire/wire.h"

/* The statement's message; NULL for what is no kind. */
const ProtobufCMessageDescriptor *market__kind_descriptor(market_kind_t kind);

/*
 * How many elements (of repeated fields, and sub-messages) one payload of the
 * kind may hold in all.
 */
size_t market__elements_limit(market_kind_t kind);

/* Bytes that a string or bytes field of that message may hold. */
size_t market__field_size_limit(const ProtobufCMessageDescriptor *type,
    const ProtobufCFieldDescriptor *field);

/*
 * Elements that this one repeated field may hold; SIZE_MAX where only the
 * limit of the whole payload holds.
 */
size_t market__field_count_limit(const ProtobufCMessageDescriptor *type,
    const ProtobufCFieldDescriptor *field);

/* What one run of the checker goes by. */
typedef struct market__strict_rules {
	const ProtobufCMessageDescriptor *type;
	size_t max_elements;
	bool extensions; /* are the numbers 1000 to 1099 ignored, or refused? */
} market__strict_rules_t;

/*
 * The checker beneath market__strict_check(): is `bytes` the one encoding of
 * a message of that type? Iterative; allocates nothing. No descriptor may
 * have more than 64 fields.
 * MARKET_OK, MARKET_E_ARGUMENT, MARKET_E_ENCODING, MARKET_E_SCHEMA,
 * MARKET_E_LIMIT.
 */
market_status_t market__strict_scan(const market__strict_rules_t *rules,
    market_slice_t bytes, market_error_t *reterr);

/* protobuf-c's allocator over an arena: gives nothing back on its own. */
ProtobufCAllocator market__protobuf_allocator(market__arena_t *arena);

/*
 * Why unpacking `what` into the arena came back empty: protobuf-c says NULL
 * for everything, the arena remembers. MARKET_E_MEMORY, MARKET_E_LIMIT,
 * MARKET_E_INTERNAL.
 */
market_status_t market__arena_failed(
    const market__arena_t *arena, const char *what, market_error_t *reterr);

#endif
