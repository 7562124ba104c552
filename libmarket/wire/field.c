/* SPDX-License-Identifier: Apache-2.0 */
/* Reading one field of a checked payload by its path. */
#include "wire/descriptors.h"
#include "wire/names.h"
#include "wire/path.h"
#include "wire/walk.h"
#include "wire/wire.h"

static bool
is_number(const ProtobufCFieldDescriptor *field)
{
	return field->type != PROTOBUF_C_TYPE_STRING &&
	    field->type != PROTOBUF_C_TYPE_BYTES &&
	    field->type != PROTOBUF_C_TYPE_MESSAGE;
}

/*
 * Goes through the field's occurrences. Gives how many elements there are
 * and, where there is one at `index`, that one; so for a singular field the
 * index is 0.
 */
static market_status_t
find(const ProtobufCMessageDescriptor *message, market_slice_t bytes,
    const ProtobufCFieldDescriptor *field, size_t index, market__walked_t *ret,
    size_t *ret_count)
{
	market__walk_t walk = market__walk(bytes), packed;
	market__walked_t walked;
	uint64_t number;

	*ret_count = 0;
	while (market__walk_next(&walk, message, &walked)) {
		if (walked.field != field)
			continue;
		if (!walked.delimited || !is_number(field)) {
			if ((*ret_count)++ == index)
				*ret = walked;
			continue;
		}
		packed = market__walk(walked.bytes);
		while (market__walk_number(&packed, &number))
			if ((*ret_count)++ == index)
				ret->number = number;
		walk.bad |= packed.bad;
	}
	return walk.bad ? MARKET_E_ENCODING : MARKET_OK;
}

static market_status_t
give_number(const ProtobufCFieldDescriptor *field, uint64_t number,
    market__field_value_t *ret)
{
	const ProtobufCEnumValue *value;

	if (field->type == PROTOBUF_C_TYPE_UINT64 && number > INT64_MAX)
		return MARKET_E_LIMIT;
	ret->type = MARKET__FIELD_INT;
	ret->integer = (int64_t)number;
	if (field->type != PROTOBUF_C_TYPE_ENUM || number > INT32_MAX)
		return MARKET_OK;
	value = protobuf_c_enum_descriptor_get_value(
	    field->descriptor, (int)number);
	if (value != NULL)
		ret->text = market__slice(value->name, strlen(value->name));
	return MARKET_OK;
}

static market_status_t
give(const ProtobufCFieldDescriptor *field, const market__path_step_t *step,
    const market__walked_t *found, size_t count, market__field_value_t *ret)
{
	if (market__field_is_list(field) && step->form == MARKET__PATH_WHOLE) {
		ret->type = MARKET__FIELD_LIST;
		ret->count = count;
		return MARKET_OK;
	}
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return MARKET_E_SCHEMA;
	if (is_number(field))
		return give_number(field, found->number, ret);
	ret->type = MARKET__FIELD_TEXT;
	ret->text = found->bytes;
	return MARKET_OK;
}

market_status_t
market__payload_get(market_kind_t kind, market_slice_t payload,
    const char *path, const market_allocator_t *allocator,
    market__field_value_t *ret_value)
{
	const ProtobufCMessageDescriptor *message = market__kind_descriptor(
	    kind);
	const ProtobufCFieldDescriptor *field;
	market__field_value_t value = { 0 };
	market__path_step_t step;
	market__walked_t found;
	market_status_t status;
	size_t count;

	(void)allocator;
	for (; message != NULL; message = field->descriptor) {
		if (!market__path_step(&path, &step))
			return MARKET_E_NOT_FOUND;
		field = market__field_find(message, step.name);
		if (field == NULL || step.form == MARKET__PATH_APPEND ||
		    (step.form == MARKET__PATH_ELEMENT &&
			!market__field_is_list(field)))
			return MARKET_E_NOT_FOUND;
		memset(&found, 0, sizeof(found));
		status = find(
		    message, payload, field, step.index, &found, &count);
		if (status != MARKET_OK)
			return status;
		if (step.form == MARKET__PATH_ELEMENT && step.index >= count)
			return MARKET_E_NOT_FOUND;
		if (*path == '\0') {
			status = give(field, &step, &found, count, &value);
			if (status == MARKET_OK)
				*ret_value = value;
			return status;
		}
		if (field->type != PROTOBUF_C_TYPE_MESSAGE ||
		    (market__field_is_list(field) &&
			step.form != MARKET__PATH_ELEMENT))
			return MARKET_E_NOT_FOUND;
		/* An absent message reads as an empty one, as in proto3. */
		payload = found.bytes;
	}
	return MARKET_E_ARGUMENT;
}
