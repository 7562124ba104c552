/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/walk.h"

static bool
bad(market__walk_t *walk)
{
	walk->bad = true;
	return false;
}

bool
market__walk_number(market__walk_t *walk, uint64_t *ret)
{
	uint64_t value = 0;
	unsigned shift;

	if (walk->at == walk->end)
		return false;
	for (shift = 0; shift < 64; shift += 7) {
		if (walk->at == walk->end)
			return bad(walk);
		value |= (uint64_t)(*walk->at & 0x7f) << shift;
		if ((*walk->at++ & 0x80) == 0) {
			*ret = value;
			return true;
		}
	}
	return bad(walk);
}

static bool
take(market__walk_t *walk, uint64_t len, market_slice_t *ret)
{
	if (len > (uint64_t)(walk->end - walk->at))
		return bad(walk);
	*ret = market__slice(walk->at, (size_t)len);
	walk->at += len;
	return true;
}

/* The value behind a tag of that wire type. */
static bool
value(market__walk_t *walk, unsigned wire_type, market__walked_t *ret)
{
	uint64_t len;

	ret->delimited = wire_type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
	switch (wire_type) {
	case PROTOBUF_C_WIRE_TYPE_VARINT:
		return market__walk_number(walk, &ret->number) || bad(walk);
	case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
		return (market__walk_number(walk, &len) || bad(walk)) &&
		    take(walk, len, &ret->bytes);
	case PROTOBUF_C_WIRE_TYPE_64BIT: return take(walk, 8, &ret->bytes);
	case PROTOBUF_C_WIRE_TYPE_32BIT: return take(walk, 4, &ret->bytes);
	default: return bad(walk);
	}
}

/* Text, bytes, messages and packed lists carry a length. */
static unsigned
wire_type_of(const ProtobufCFieldDescriptor *field)
{
	if (field->type == PROTOBUF_C_TYPE_STRING ||
	    field->type == PROTOBUF_C_TYPE_BYTES ||
	    field->type == PROTOBUF_C_TYPE_MESSAGE ||
	    field->label == PROTOBUF_C_LABEL_REPEATED)
		return PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
	return PROTOBUF_C_WIRE_TYPE_VARINT;
}

bool
market__walk_next(market__walk_t *walk,
    const ProtobufCMessageDescriptor *message, market__walked_t *ret)
{
	uint64_t tag;

	while (market__walk_number(walk, &tag)) {
		memset(ret, 0, sizeof(*ret));
		if (tag >> 3 > UINT32_MAX >> 3 ||
		    !value(walk, (unsigned)(tag & 7), ret))
			return bad(walk);
		ret->field = protobuf_c_message_descriptor_get_field(
		    message, (unsigned)(tag >> 3));
		if (ret->field == NULL)
			continue;
		return (tag & 7) == wire_type_of(ret->field) || bad(walk);
	}
	return false;
}
