/* SPDX-License-Identifier: Apache-2.0 */
/* The strict check of single values: numbers, text, packed runs. */
#include <stdio.h>

#include "wire/strict.h"

const char *
market__strict_path(market__scan_t *s)
{
	size_t i, len = 0, n = s->depth + (s->in_field ? 1 : 0);
	const market__frame_t *frame;
	int wrote;

	s->path[0] = '\0';
	for (i = 0; i < n && len < sizeof(s->path); i++) {
		frame = &s->frames[i];
		if (frame->field == NULL)
			break;
		wrote = snprintf(s->path + len, sizeof(s->path) - len, "%s%s",
		    i > 0 ? "." : "", frame->field->name);
		if (wrote > 0)
			len += (size_t)wrote;
		if (frame->field->label != PROTOBUF_C_LABEL_REPEATED ||
		    frame->count == 0 || len >= sizeof(s->path))
			continue;
		wrote = snprintf(s->path + len, sizeof(s->path) - len, "[%zu]",
		    frame->count - 1);
		if (wrote > 0)
			len += (size_t)wrote;
	}
	return s->path;
}

/* ---- numbers and counts ---- */

market_status_t
market__strict_varint(
    market__scan_t *s, size_t end, const char *what, uint64_t *ret)
{
	const size_t start = s->pos;
	uint64_t value = 0;
	unsigned shift = 0;
	uint8_t byte;

	do {
		if (s->pos == end)
			return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, start,
			    "%s is cut off: the bytes end inside it; send the "
			    "whole message",
			    what);
		byte = s->bytes[s->pos++];
		/* The tenth byte holds bit 63 and nothing else. */
		if (shift == 63 && byte > 1)
			return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, start,
			    "%s does not fit into 64 bits: write a varint of "
			    "at most 10 bytes",
			    what);
		value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while ((byte & 0x80) != 0);
	if (byte == 0 && s->pos - start > 1)
		return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, start,
		    "%s is written in %zu bytes where fewer do: use the "
		    "shortest varint",
		    what, s->pos - start);
	*ret = value;
	return MARKET_OK;
}

market_status_t
market__strict_length(market__scan_t *s, size_t *ret)
{
	const size_t start = s->pos, end = s->frames[s->depth].end;
	uint64_t len = 0;
	market_status_t status;

	status = market__strict_varint(s, end, "the length", &len);
	if (status != MARKET_OK)
		return status;
	if (len > end - s->pos)
		return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, start,
		    "the length is %llu but %zu bytes are left: send the whole "
		    "message",
		    (unsigned long long)len, end - s->pos);
	*ret = (size_t)len;
	return MARKET_OK;
}

market_status_t
market__strict_fixed(market__scan_t *s, size_t end, size_t size, bool *ret_zero)
{
	size_t i;

	if (end - s->pos < size)
		return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, s->pos,
		    "a value of %zu bytes is cut off: send the whole message",
		    size);
	*ret_zero = true;
	for (i = 0; i < size; i++)
		if (s->bytes[s->pos + i] != 0)
			*ret_zero = false;
	s->pos += size;
	return MARKET_OK;
}

market_status_t
market__strict_element(market__scan_t *s, size_t offset)
{
	const size_t max = s->rules->max_elements;

	if (s->elements == max)
		return MARKET__STRICT_FAIL(s, MARKET_E_LIMIT, offset,
		    "more than %zu elements and sub-messages in one message "
		    "(limit: elements); split it",
		    max);
	s->elements++;
	return MARKET_OK;
}

market_status_t
market__strict_repeated(market__scan_t *s, size_t offset)
{
	market__frame_t *frame = &s->frames[s->depth];
	size_t max = market__field_count_limit(frame->type, frame->field);

	frame->count++;
	if (frame->count > max)
		return MARKET__STRICT_FAIL(s, MARKET_E_LIMIT, offset,
		    "more than %zu %s in one %s (limit: %s)", max,
		    frame->field->name, frame->type->short_name,
		    frame->field->name);
	return market__strict_element(s, offset);
}

/* ---- values ---- */

bool
market__strict_packable(const ProtobufCFieldDescriptor *field)
{
	return field->type != PROTOBUF_C_TYPE_STRING &&
	    field->type != PROTOBUF_C_TYPE_BYTES &&
	    field->type != PROTOBUF_C_TYPE_MESSAGE;
}

/* Without presence: zero and absent are the same, so zero is not written. */
static bool
has_implicit_presence(const ProtobufCFieldDescriptor *field)
{
	return field->label == PROTOBUF_C_LABEL_NONE &&
	    (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0 &&
	    field->type != PROTOBUF_C_TYPE_MESSAGE;
}

static market_status_t
fail_default(market__scan_t *s, const char *what)
{
	return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, s->tag,
	    "%s is written out: an explicit default, as protobufjs writes it; "
	    "leave the field out (@bufbuild/protobuf, Python and Go do)",
	    what);
}

static market_status_t
check_enum(market__scan_t *s, const ProtobufCFieldDescriptor *field,
    uint64_t value, size_t at)
{
	const ProtobufCEnumDescriptor *type = field->descriptor;
	/* Two's complement of 64 bits, known to be within int32. */
	const int64_t number = value > INT32_MAX ? -(int64_t)~value - 1
						 : (int64_t)value;

	if (number == 0 && !has_implicit_presence(field))
		return MARKET__STRICT_FAIL(s, MARKET_E_SCHEMA, at,
		    "%s 0 is UNSPECIFIED, which names nothing: give a value",
		    type->short_name);
	if (protobuf_c_enum_descriptor_get_value(type, (int)number) == NULL)
		return MARKET__STRICT_FAIL(s, MARKET_E_SCHEMA, at,
		    "%lld is no %s that this version knows: give one of the "
		    "schema's, or update the library",
		    (long long)number, type->short_name);
	return MARKET_OK;
}

static market_status_t
check_range(market__scan_t *s, const ProtobufCFieldDescriptor *field,
    uint64_t value, size_t at)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_SINT32:
		if (value > UINT32_MAX)
			return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, at,
			    "%llu does not fit into 32 bits: write at most "
			    "4294967295",
			    (unsigned long long)value);
		break;
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_ENUM:
		/* Negative ones are sign-extended to 64 bits. */
		if (value > INT32_MAX && value < ~(uint64_t)INT32_MAX)
			return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, at,
			    "the value does not fit into 32 bits with a sign: "
			    "write one from -2147483648 to 2147483647, a "
			    "negative one in 10 bytes");
		break;
	case PROTOBUF_C_TYPE_BOOL:
		if (value > 1)
			return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, at,
			    "a bool is 1 (true) or left out, not %llu",
			    (unsigned long long)value);
		break;
	default: break;
	}
	return MARKET_OK;
}

static market_status_t
check_scalar(market__scan_t *s, const ProtobufCFieldDescriptor *field,
    size_t end, bool *ret_zero)
{
	const size_t at = s->pos;
	uint64_t value = 0;
	market_status_t status;

	switch (field->type) {
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_SFIXED32:
		return market__strict_fixed(s, end, 4, ret_zero);
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_SFIXED64:
		return market__strict_fixed(s, end, 8, ret_zero);
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
		return MARKET__STRICT_FAIL(s, MARKET_E_SCHEMA, at,
		    "floating point has no one encoding (NaN, -0.0) and is not "
		    "used in what is signed");
	default: break;
	}
	status = market__strict_varint(s, end, "the value", &value);
	if (status == MARKET_OK)
		status = check_range(s, field, value, at);
	*ret_zero = value == 0;
	/* A singular zero is told as the explicit default that it is. */
	if (status == MARKET_OK && field->type == PROTOBUF_C_TYPE_ENUM)
		status = check_enum(s, field, value, at);
	return status;
}

market_status_t
market__strict_single(market__scan_t *s, const ProtobufCFieldDescriptor *field)
{
	market_status_t status;
	bool zero = false;

	status = check_scalar(s, field, s->frames[s->depth].end, &zero);
	if (status == MARKET_OK && zero && has_implicit_presence(field))
		status = fail_default(
		    s, field->type == PROTOBUF_C_TYPE_BOOL ? "false" : "0");
	return status;
}

market_status_t
market__strict_packed(market__scan_t *s, const ProtobufCFieldDescriptor *field)
{
	market_status_t status;
	size_t len = 0, end;
	bool zero;

	status = market__strict_length(s, &len);
	if (status != MARKET_OK)
		return status;
	if (len == 0)
		return fail_default(s, "an empty list");
	end = s->pos + len;
	while (status == MARKET_OK && s->pos < end) {
		status = market__strict_repeated(s, s->pos);
		if (status == MARKET_OK)
			status = check_scalar(s, field, end, &zero);
	}
	return status;
}

static market_status_t
check_text(market__scan_t *s, market_slice_t text, size_t start)
{
	const size_t bad = market__utf8_check(text);

	if (bad == text.len)
		return MARKET_OK;
	if (text.ptr[bad] == 0)
		return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, start + bad,
		    "the text holds a NUL, where C would end it: remove it");
	return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, start + bad,
	    "the text is not UTF-8 (RFC 3629) from byte 0x%02x on: encode "
	    "it as UTF-8",
	    text.ptr[bad]);
}

market_status_t
market__strict_bytes(market__scan_t *s, const ProtobufCFieldDescriptor *field)
{
	const ProtobufCMessageDescriptor *type = s->frames[s->depth].type;
	const size_t at = s->pos, max = market__field_size_limit(type, field);
	market_status_t status;
	size_t len = 0, start;

	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		status = market__strict_repeated(s, s->tag);
		if (status != MARKET_OK)
			return status;
	}
	status = market__strict_length(s, &len);
	if (status != MARKET_OK)
		return status;
	if (len == 0 && has_implicit_presence(field))
		return fail_default(s, "an empty value");
	if (len > max)
		return MARKET__STRICT_FAIL(s, MARKET_E_LIMIT, at,
		    "%zu bytes are more than the %zu that %s may hold (limit: "
		    "length): shorten it",
		    len, max, field->name);
	start = s->pos;
	s->pos += len;
	if (field->type != PROTOBUF_C_TYPE_STRING)
		return MARKET_OK;
	return check_text(s, market__slice(s->bytes + start, len), start);
}
