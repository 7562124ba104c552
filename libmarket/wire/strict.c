/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The strict check: decoders disagree about duplicates, order, defaults and
 * over-long numbers, so exactly one encoding of each message is accepted, and
 * nothing is decoded before this has looked at every byte.
 */
#include "wire/strict.h"

/* Kept free in every message for what a reader may ignore. */
#define EXTENSION_FIRST 1000
#define EXTENSION_LAST  1099

/* Opens a sub-message; its fields are read by the main loop. */
static market_status_t
enter_message(market__scan_t *s, const ProtobufCFieldDescriptor *field)
{
	market_status_t status;
	market__frame_t *inner;
	size_t len = 0;

	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		status = market__strict_repeated(s, s->tag);
	else
		status = market__strict_element(s, s->tag);
	if (status == MARKET_OK)
		status = market__strict_length(s, &len);
	if (status != MARKET_OK)
		return status;
	if (s->depth + 1 == MARKET__DEPTH_MAX)
		return MARKET__STRICT_FAIL(s, MARKET_E_LIMIT, s->tag,
		    "messages nest deeper than %d (limit: depth)",
		    MARKET__DEPTH_MAX);
	s->depth++;
	inner = &s->frames[s->depth];
	memset(inner, 0, sizeof(*inner));
	inner->type = field->descriptor;
	inner->end = s->pos + len;
	return MARKET_OK;
}

/* ---- fields ---- */

static market_status_t
skip_extension(market__scan_t *s, unsigned wire_type)
{
	const size_t end = s->frames[s->depth].end;
	market_status_t status;
	uint64_t value;
	size_t len = 0;
	bool zero;

	/* What is ignored is kept by protobuf-c all the same: it counts. */
	status = market__strict_element(s, s->tag);
	if (status != MARKET_OK)
		return status;
	switch (wire_type) {
	case PROTOBUF_C_WIRE_TYPE_VARINT:
		return market__strict_varint(s, end, "the value", &value);
	case PROTOBUF_C_WIRE_TYPE_32BIT:
		return market__strict_fixed(s, end, 4, &zero);
	case PROTOBUF_C_WIRE_TYPE_64BIT:
		return market__strict_fixed(s, end, 8, &zero);
	default: break;
	}
	status = market__strict_length(s, &len);
	if (status == MARKET_OK)
		s->pos += len;
	return status;
}

static market_status_t
read_tag(market__scan_t *s, uint32_t *ret_number, unsigned *ret_wire_type)
{
	market_status_t status;
	uint64_t tag = 0;

	s->tag = s->pos;
	s->in_field = false;
	status = market__strict_varint(
	    s, s->frames[s->depth].end, "the tag", &tag);
	if (status != MARKET_OK)
		return status;
	/* C++ drops the bits above 32 and reads another field's number. */
	if (tag > UINT32_MAX)
		return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, s->tag,
		    "a field number is above 2^29-1: write the numbers of "
		    "the schema");
	*ret_number = (uint32_t)(tag >> 3);
	*ret_wire_type = (unsigned)(tag & 7);
	if (*ret_number == 0)
		return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, s->tag,
		    "a field number is 0: send the bytes of one message, with "
		    "nothing behind them");
	switch (*ret_wire_type) {
	case PROTOBUF_C_WIRE_TYPE_VARINT:
	case PROTOBUF_C_WIRE_TYPE_64BIT:
	case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
	case PROTOBUF_C_WIRE_TYPE_32BIT: return MARKET_OK;
	default: break;
	}
	return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, s->tag,
	    "field %u has wire type %u: there are no groups, nor 6 and 7; "
	    "write it as the schema has it",
	    (unsigned)*ret_number, *ret_wire_type);
}

/* Sets the field at hand, or fails where it may not stand here. */
static market_status_t
begin_field(market__scan_t *s, uint32_t number)
{
	market__frame_t *frame = &s->frames[s->depth];
	const ProtobufCFieldDescriptor *field;

	field = protobuf_c_message_descriptor_get_field(frame->type, number);
	if (field == NULL &&
	    (!s->rules->extensions || number < EXTENSION_FIRST ||
		number > EXTENSION_LAST))
		return MARKET__STRICT_FAIL(s, MARKET_E_SCHEMA, s->tag,
		    "%s has no field %u in this version: remove it, or update "
		    "the library",
		    frame->type->short_name, (unsigned)number);
	if (number != frame->number)
		frame->count = 0;
	frame->field = field;
	s->in_field = field != NULL;
	if (number < frame->number)
		return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, s->tag,
		    "field %u stands behind field %u: write fields in "
		    "ascending order",
		    (unsigned)number, (unsigned)frame->number);
	if (number == frame->number && field != NULL &&
	    (field->label != PROTOBUF_C_LABEL_REPEATED ||
		market__strict_packable(field))) {
		frame->count = 0; /* the path names the field, no element */
		return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, s->tag,
		    "%s is given twice: write it once", field->name);
	}
	frame->number = number;
	return MARKET_OK;
}

/* Decoders keep the first, the last or both members of a oneof. */
static market_status_t
check_oneof(market__scan_t *s, const ProtobufCFieldDescriptor *field)
{
	market__frame_t *frame = &s->frames[s->depth];
	const ProtobufCFieldDescriptor *other;
	unsigned i;

	frame->seen |= (uint64_t)1 << (field - frame->type->fields);
	if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
		return MARKET_OK;
	for (i = 0; i < frame->type->n_fields; i++) {
		other = &frame->type->fields[i];
		if (other != field && (frame->seen >> i & 1) != 0 &&
		    (other->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
		    other->quantifier_offset == field->quantifier_offset)
			return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, s->tag,
			    "%s and %s are both set: keep one of them",
			    other->name, field->name);
	}
	return MARKET_OK;
}

static unsigned
wire_type_of(const ProtobufCFieldDescriptor *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_BYTES:
	case PROTOBUF_C_TYPE_MESSAGE:
		return PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
	default: break;
	}
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
	switch (field->type) {
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_FLOAT: return PROTOBUF_C_WIRE_TYPE_32BIT;
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_DOUBLE: return PROTOBUF_C_WIRE_TYPE_64BIT;
	default: break;
	}
	return PROTOBUF_C_WIRE_TYPE_VARINT;
}

static market_status_t
check_field(market__scan_t *s)
{
	const ProtobufCFieldDescriptor *field;
	market_status_t status;
	uint32_t number = 0;
	unsigned wire_type = 0;

	status = read_tag(s, &number, &wire_type);
	if (status == MARKET_OK)
		status = begin_field(s, number);
	if (status != MARKET_OK)
		return status;
	field = s->frames[s->depth].field;
	if (field == NULL)
		return skip_extension(s, wire_type);
	if (wire_type != wire_type_of(field)) {
		s->frames[s->depth].count = 0;
		return MARKET__STRICT_FAIL(s, MARKET_E_ENCODING, s->tag,
		    "%s has wire type %u and needs %u: %s", field->name,
		    wire_type, wire_type_of(field),
		    field->label == PROTOBUF_C_LABEL_REPEATED &&
			    market__strict_packable(field)
			? "pack its values into one run"
			: "write it as the schema has it");
	}
	status = check_oneof(s, field);
	if (status != MARKET_OK)
		return status;
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return enter_message(s, field);
	if (!market__strict_packable(field))
		return market__strict_bytes(s, field);
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return market__strict_packed(s, field);
	return market__strict_single(s, field);
}

market_status_t
market__strict_scan(const market__strict_rules_t *rules, market_slice_t bytes,
    market_error_t *reterr)
{
	market_status_t status = MARKET_OK;
	market__scan_t s;

	if (bytes.ptr == NULL && bytes.len > 0)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "NULL with a length of %zu", bytes.len);
	memset(&s, 0, sizeof(s));
	s.rules = rules;
	s.bytes = bytes.ptr;
	s.reterr = reterr;
	s.frames[0].type = rules->type;
	s.frames[0].end = bytes.len;
	while (status == MARKET_OK) {
		if (s.pos < s.frames[s.depth].end)
			status = check_field(&s);
		else if (s.depth > 0)
			s.depth--;
		else
			break;
	}
	return status;
}

market_status_t
market__strict_check(
    market_kind_t kind, market_slice_t payload, market_error_t *reterr)
{
	market__strict_rules_t rules;
	market_status_t status;
	size_t max;

	rules.type = market__kind_descriptor(kind);
	rules.max_elements = market__elements_limit(kind);
	rules.extensions = true;
	if (rules.type == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "%d is no kind of statement", (int)kind);
	max = market__envelope_limit(MARKET_KINDS(kind));
	if (payload.len > max)
		return market__error(reterr, MARKET_E_LIMIT, NULL, -1,
		    "the %s has %zu bytes and may have %zu (limit: envelope)",
		    market_kind_name(kind), payload.len, max);
	status = market__strict_scan(&rules, payload, reterr);
	if (status != MARKET_OK)
		return status;
	/* Fields ascend and header is 1: its tag is the first byte, or none. */
	if (payload.len == 0 || payload.ptr[0] != 0x0a)
		return market__error(reterr, MARKET_E_SCHEMA, "header", -1,
		    "the %s has no header: give issuer, id, revision, "
		    "issued_at and not_after",
		    market_kind_name(kind));
	return MARKET_OK;
}
