/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The proto3 JSON mapping, written straight from the checked bytes: what is
 * there is shown, and fields come in ascending order because the bytes do.
 */
#include <inttypes.h>

#include "wire/descriptors.h"
#include "wire/names.h"
#include "wire/walk.h"
#include "wire/wire.h"

typedef struct writer {
	market__text_t *text;
	unsigned indent;
	unsigned depth;
	bool bad; /* the payload was not a checked one */
} writer_t;

static void write_message(writer_t *writer,
    const ProtobufCMessageDescriptor *message, market_slice_t bytes);

static void
new_line(writer_t *writer)
{
	unsigned i;

	if (writer->indent == 0)
		return;
	market__text_putc(writer->text, '\n');
	for (i = 0; i < writer->indent * writer->depth; i++)
		market__text_putc(writer->text, ' ');
}

static void
open_with(writer_t *writer, char bracket)
{
	market__text_putc(writer->text, bracket);
	writer->depth++;
}

static void
close_with(writer_t *writer, char bracket, bool was_empty)
{
	writer->depth--;
	if (!was_empty)
		new_line(writer);
	market__text_putc(writer->text, bracket);
}

static void
write_time(writer_t *writer, int64_t value)
{
	char text[MARKET__TIME_LEN];
	int64_t back;

	/* A time that RFC 3339 cannot say stays what it is. */
	market__time_format(value, text);
	if (market__time_parse(market__slice(text, strlen(text)), &back) &&
	    back == value)
		market__text_printf(writer->text, "\"%s\"", text);
	else
		market__text_printf(writer->text, "\"%" PRId64 "\"", value);
}

static void
write_enum(
    writer_t *writer, const ProtobufCFieldDescriptor *field, uint64_t number)
{
	const ProtobufCEnumValue *value = NULL;

	if (number <= INT32_MAX)
		value = protobuf_c_enum_descriptor_get_value(
		    field->descriptor, (int)number);
	if (value != NULL)
		market__text_printf(writer->text, "\"%s\"", value->name);
	else
		market__text_printf(writer->text, "%" PRIu64, number);
}

static void
write_number(
    writer_t *writer, const ProtobufCFieldDescriptor *field, uint64_t number)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_ENUM: write_enum(writer, field, number); break;
	case PROTOBUF_C_TYPE_BOOL:
		market__text_puts(writer->text, number != 0 ? "true" : "false");
		break;
	case PROTOBUF_C_TYPE_UINT32:
		market__text_printf(writer->text, "%" PRIu64, number);
		break;
	case PROTOBUF_C_TYPE_UINT64:
		market__text_printf(writer->text, "\"%" PRIu64 "\"", number);
		break;
	case PROTOBUF_C_TYPE_INT64:
		if (market__field_is_time(field))
			write_time(writer, (int64_t)number);
		else
			market__text_printf(
			    writer->text, "\"%" PRId64 "\"", (int64_t)number);
		break;
	default: writer->bad = true; break;
	}
}

static void
write_bytes(writer_t *writer, const ProtobufCFieldDescriptor *field,
    market_slice_t bytes)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
		market__text_json(writer->text, bytes);
		break;
	case PROTOBUF_C_TYPE_BYTES:
		market__text_putc(writer->text, '"');
		market__text_base64(writer->text, bytes);
		market__text_putc(writer->text, '"');
		break;
	case PROTOBUF_C_TYPE_MESSAGE:
		write_message(writer, field->descriptor, bytes);
		break;
	default: writer->bad = true; break;
	}
}

static bool
is_packed(const market__walked_t *walked)
{
	return walked->delimited &&
	    walked->field->type != PROTOBUF_C_TYPE_STRING &&
	    walked->field->type != PROTOBUF_C_TYPE_BYTES &&
	    walked->field->type != PROTOBUF_C_TYPE_MESSAGE;
}

static void
write_packed(writer_t *writer, const market__walked_t *walked)
{
	market__walk_t walk = market__walk(walked->bytes);
	bool first = true;
	uint64_t number;

	while (market__walk_number(&walk, &number)) {
		if (!first)
			market__text_putc(writer->text, ',');
		new_line(writer);
		write_number(writer, walked->field, number);
		first = false;
	}
	writer->bad |= walk.bad;
}

static void
write_key(writer_t *writer, const ProtobufCFieldDescriptor *field)
{
	char name[MARKET__NAME_MAX];

	market__json_name(field->name, name);
	market__text_printf(
	    writer->text, "\"%s\":%s", name, writer->indent == 0 ? "" : " ");
}

/* A value, and what stands before it: a comma, a key, the list's bracket. */
static void
write_field(writer_t *writer, const market__walked_t *walked,
    const ProtobufCFieldDescriptor *previous)
{
	bool list = market__field_is_list(walked->field);
	bool goes_on = list && previous == walked->field;

	if (previous != NULL && market__field_is_list(previous) && !goes_on)
		close_with(writer, ']', false);
	if (previous != NULL)
		market__text_putc(writer->text, ',');
	if (!goes_on) {
		new_line(writer);
		write_key(writer, walked->field);
		if (list)
			open_with(writer, '[');
	}
	if (is_packed(walked)) {
		write_packed(writer, walked);
		return;
	}
	if (list)
		new_line(writer);
	if (walked->delimited)
		write_bytes(writer, walked->field, walked->bytes);
	else
		write_number(writer, walked->field, walked->number);
}

/* The depth is the schema's, which has no recursive message. */
static void
write_message(writer_t *writer, const ProtobufCMessageDescriptor *message,
    market_slice_t bytes)
{
	const ProtobufCFieldDescriptor *previous = NULL;
	market__walk_t walk = market__walk(bytes);
	market__walked_t walked;

	open_with(writer, '{');
	while (market__walk_next(&walk, message, &walked)) {
		write_field(writer, &walked, previous);
		previous = walked.field;
	}
	if (previous != NULL && market__field_is_list(previous))
		close_with(writer, ']', false);
	close_with(writer, '}', previous == NULL);
	writer->bad |= walk.bad;
}

market_status_t
market__payload_to_json(market_kind_t kind, market_slice_t payload,
    unsigned indent, const market_allocator_t *allocator, market__text_t *text)
{
	const ProtobufCMessageDescriptor *message = market__kind_descriptor(
	    kind);
	writer_t writer = { text, indent, 0, false };

	(void)allocator;
	if (message == NULL)
		return MARKET_E_ARGUMENT;
	write_message(&writer, message, payload);
	if (text->status != MARKET_OK)
		return text->status;
	return writer.bad ? MARKET_E_ENCODING : MARKET_OK;
}
