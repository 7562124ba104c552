/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages that grow: protobuf-c's own structs, reached through their
 * descriptors, every piece from the context's allocator. What is set is
 * copied; a call that fails leaves the message as it was.
 */
#ifndef MARKET_WIRE_TREE_H
#define MARKET_WIRE_TREE_H

#include <protobuf-c/protobuf-c.h>

#include "base/base.h"

/* One value; the field's type says which member. */
typedef struct market__tree_value {
	uint64_t number;           /* signed ones in two's complement */
	market_slice_t bytes;      /* text without NUL, or bytes */
	ProtobufCMessage *message; /* taken, but only on success */
} market__tree_value_t;

/* NULL when there is no memory. */
ProtobufCMessage *market__tree_new(const market_allocator_t *allocator,
    const ProtobufCMessageDescriptor *descriptor);
/* NULL is fine. */
void market__tree_free(
    const market_allocator_t *allocator, ProtobufCMessage *message);

/* How many elements a list has. */
size_t market__tree_count(
    const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

/* Which member of the field's oneof is set: its field number, or 0. */
uint32_t market__tree_case(
    const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

/* The message in a field, or in an element of it; NULL if it is absent. */
ProtobufCMessage *market__tree_child(const ProtobufCMessage *message,
    const ProtobufCFieldDescriptor *field, size_t index);

/* Sets a singular field. In a oneof this clears the other members. */
market_status_t market__tree_set(const market_allocator_t *allocator,
    ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
    const market__tree_value_t *value);

/* Makes a field absent, or a list empty. */
void market__tree_unset(const market_allocator_t *allocator,
    ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

/* Sets the element at `index`; index = count appends. */
market_status_t market__tree_set_element(const market_allocator_t *allocator,
    ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
    size_t index, const market__tree_value_t *value);

#endif
