/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema's names, as paths and JSON documents use them.
 */
#ifndef MARKET_WIRE_NAMES_H
#define MARKET_WIRE_NAMES_H

#include <protobuf-c/protobuf-c.h>

#include "base/base.h"

/* No field of the schema has a longer name; a test holds it to that. */
#define MARKET__NAME_MAX 64

/* Room for what a message says about a name that is not known. */
#define MARKET__CURE_MAX 384

/* protoc's json_name: "not_before" is notBefore. */
void market__json_name(const char *name, char out[MARKET__NAME_MAX]);

/* Fields that JSON shows as RFC 3339: issued_at, from, effective_at ... */
bool market__field_is_time(const ProtobufCFieldDescriptor *field);

static inline bool
market__field_is_list(const ProtobufCFieldDescriptor *field)
{
	return field->label == PROTOBUF_C_LABEL_REPEATED;
}

static inline bool
market__field_is_oneof(const ProtobufCFieldDescriptor *field)
{
	return (field->flags & (uint32_t)PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
}

/* NULL when the message has no field of that name. */
const ProtobufCFieldDescriptor *market__field_find(
    const ProtobufCMessageDescriptor *message, market_slice_t name);
const ProtobufCFieldDescriptor *market__field_find_json(
    const ProtobufCMessageDescriptor *message, market_slice_t json_name);

/* By full name; also without the enum's prefix ("3G") where `short_too`. */
const ProtobufCEnumValue *market__enum_find(
    const ProtobufCEnumDescriptor *enumeration, market_slice_t name,
    bool short_too);

/*
 * What to write instead of a name that is not known: the nearest one, else
 * all that there are.
 */
void market__field_cure(const ProtobufCMessageDescriptor *message,
    market_slice_t name, bool json, char out[MARKET__CURE_MAX]);
void market__enum_cure(const ProtobufCEnumDescriptor *enumeration,
    market_slice_t name, char out[MARKET__CURE_MAX]);

#endif
