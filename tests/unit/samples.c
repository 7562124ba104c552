/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "harness.h"
#include "samples.h"

static void *
take(size_t size)
{
	void *ptr = calloc(1, size == 0 ? 1 : size);

	ck_assert_ptr_nonnull(ptr);
	return ptr;
}

/* One value at `at`; its kind follows from the field. */
static void
set_value(const ProtobufCFieldDescriptor *field, uint8_t *at, unsigned nth)
{
	const ProtobufCEnumDescriptor *values = field->descriptor;
	const uint64_t wide = UINT64_C(0x123456789) + field->id + nth;
	const uint32_t narrow = 300 + field->id + nth;
	ProtobufCMessage *message;
	ProtobufCBinaryData bytes;
	protobuf_c_boolean yes = 1;
	char *string;

	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
		string = take(strlen(field->name) + 2);
		memcpy(string, field->name, strlen(field->name));
		string[strlen(field->name)] = (char)('0' + nth);
		memcpy(at, &string, sizeof(string));
		break;
	case PROTOBUF_C_TYPE_BYTES:
		bytes.len = 32;
		bytes.data = take(32);
		memset(bytes.data, (int)(0x80 + field->id + nth), 32);
		memcpy(at, &bytes, sizeof(bytes));
		break;
	case PROTOBUF_C_TYPE_MESSAGE:
		message = sample_message(field->descriptor, nth);
		memcpy(at, &message, sizeof(message));
		break;
	case PROTOBUF_C_TYPE_ENUM:
		memcpy(at, &values->values[1 + nth].value, sizeof(int));
		break;
	case PROTOBUF_C_TYPE_BOOL: memcpy(at, &yes, sizeof(yes)); break;
	case PROTOBUF_C_TYPE_UINT32: memcpy(at, &narrow, sizeof(narrow)); break;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_INT64: memcpy(at, &wide, sizeof(wide)); break;
	default: ck_abort_msg("%s: no sample of its type", field->name);
	}
}

static size_t
size_of_value(const ProtobufCFieldDescriptor *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE: return sizeof(void *);
	case PROTOBUF_C_TYPE_BYTES: return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_INT64: return 8;
	default: break;
	}
	return 4;
}

static void
set_field(const ProtobufCFieldDescriptor *field, uint8_t *message)
{
	const size_t size = size_of_value(field), n = 2;
	uint8_t *array;

	if (field->label != PROTOBUF_C_LABEL_REPEATED) {
		set_value(field, message + field->offset, 0);
		return;
	}
	array = take(n * size);
	set_value(field, array, 0);
	set_value(field, array + size, 1);
	memcpy(message + field->offset, &array, sizeof(array));
	memcpy(message + field->quantifier_offset, &n, sizeof(n));
}

ProtobufCMessage *
sample_message(const ProtobufCMessageDescriptor *type, unsigned variant)
{
	const ProtobufCFieldDescriptor *field;
	uint8_t *message = take(type->sizeof_message);
	unsigned i, members = 0, nth = 0;

	protobuf_c_message_init(type, message);
	for (i = 0; i < type->n_fields; i++)
		if ((type->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
			members++;
	for (i = 0; i < type->n_fields; i++) {
		field = &type->fields[i];
		if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
			if (nth++ != variant % members)
				continue;
			memcpy(message + field->quantifier_offset, &field->id,
			    sizeof(field->id));
		}
		set_field(field, message);
	}
	return (ProtobufCMessage *)(void *)message;
}

uint8_t *
sample_packed(
    const ProtobufCMessageDescriptor *type, unsigned variant, size_t *ret_len)
{
	ProtobufCMessage *message = sample_message(type, variant);
	uint8_t *bytes;

	*ret_len = protobuf_c_message_get_packed_size(message);
	bytes = take(*ret_len);
	protobuf_c_message_pack(message, bytes);
	protobuf_c_message_free_unpacked(message, NULL);
	return bytes;
}

/* ---- bytes ---- */

void
sample_writer_init(sample_writer_t *writer, size_t room)
{
	writer->data = take(room);
	writer->len = 0;
	writer->room = room;
}

static void
put(sample_writer_t *writer, uint8_t byte, size_t count)
{
	ck_assert_uint_le(count, writer->room - writer->len);
	memset(writer->data + writer->len, byte, count);
	writer->len += count;
}

static uint8_t
digit(char c)
{
	ck_assert_msg((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'),
	    "no hex digit: %c", c);
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

void
sample_add(sample_writer_t *writer, const char *text)
{
	unsigned long count;
	uint8_t byte;
	char *end;

	while (*text != '\0') {
		if (*text == ' ') {
			text++;
			continue;
		}
		if (*text == 'H') {
			sample_add(writer, "0a 03 0a 01 61");
			text++;
			continue;
		}
		byte = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
		text += 2;
		count = 1;
		if (*text == '*') {
			count = strtoul(text + 1, &end, 10);
			text = end;
		}
		put(writer, byte, count);
	}
}

uint8_t *
sample_bytes(const char *text, size_t *ret_len)
{
	sample_writer_t writer;

	sample_writer_init(&writer, 256);
	sample_add(&writer, text);
	*ret_len = writer.len;
	return writer.data;
}

void
sample_varint(sample_writer_t *writer, uint64_t value)
{
	while (value > 0x7f) {
		put(writer, (uint8_t)(value & 0x7f) | 0x80, 1);
		value >>= 7;
	}
	put(writer, (uint8_t)value, 1);
}

void
sample_field(sample_writer_t *writer, uint32_t number, uint8_t fill, size_t len)
{
	sample_varint(writer, (uint64_t)number << 3 | 2);
	sample_varint(writer, len);
	put(writer, fill, len);
}

void
sample_nest(
    sample_writer_t *writer, uint32_t number, const uint8_t *bytes, size_t len)
{
	sample_varint(writer, (uint64_t)number << 3 | 2);
	sample_varint(writer, len);
	ck_assert_uint_le(len, writer->room - writer->len);
	if (len > 0)
		memcpy(writer->data + writer->len, bytes, len);
	writer->len += len;
}

market_slice_t
sample_slice(const sample_writer_t *writer)
{
	return market__slice(writer->data, writer->len);
}
