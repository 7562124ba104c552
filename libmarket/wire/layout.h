/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How each message of the schema lies in the plain struct of wire/message.h:
 * one row for each field, in the order of protobuf-c's descriptor (which is by
 * number), under the field's own name. A test holds the two against each
 * other, so that a field added to the schema cannot be forgotten here.
 */
#ifndef MARKET_WIRE_LAYOUT_H
#define MARKET_WIRE_LAYOUT_H

#include "wire/descriptors.h"

typedef enum market__member_type {
	MARKET__MEMBER_HEADER,   /* of a statement: kept beside the union */
	MARKET__MEMBER_TEXT,     /* market_slice_t */
	MARKET__MEMBER_SLICES,   /* market__slices_t */
	MARKET__MEMBER_NUMBERS,  /* market__numbers_t */
	MARKET__MEMBER_U32,      /* uint32_t, or an enum */
	MARKET__MEMBER_U64,      /* uint64_t */
	MARKET__MEMBER_I64,      /* int64_t */
	MARKET__MEMBER_BOOL,     /* bool */
	MARKET__MEMBER_MESSAGE,  /* pointer, NULL where absent */
	MARKET__MEMBER_MESSAGES, /* pointer to an array, and its count */
	MARKET__MEMBER_INLINE,   /* its fields are members of the outer one */
	MARKET__MEMBER_PRESENT   /* the same, and a bool tells whether it is set
				  */
} market__member_type_t;

typedef struct market__member {
	const char *name; /* of the field */
	market__member_type_t type;
	size_t size; /* of the member in the plain struct */
	size_t offset;
	/*
	 * Offset of the count (MESSAGES), of the bool (PRESENT), of what tells
	 * which one is set (members of a oneof).
	 */
	size_t extra;
	const struct market__layout *layout; /* of a sub-message */
} market__member_t;

typedef struct market__layout {
	const ProtobufCMessageDescriptor *source;
	size_t size; /* of the plain struct */
	const market__member_t *members;
	size_t n_members;
} market__layout_t;

/* The statement's layout; NULL for what is no kind. */
const market__layout_t *market__layout_of(market_kind_t kind);
extern const market__layout_t market__header_layout;

#endif
