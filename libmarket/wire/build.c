/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "wire/build_message.h"
#include "wire/descriptors.h"
#include "wire/names.h"
#include "wire/path.h"

market_status_t
market__build_new(market_kind_t kind, const market_allocator_t *allocator,
    market__build_t **ret_build)
{
	const ProtobufCMessageDescriptor *descriptor = market__kind_descriptor(
	    kind);
	market__build_t *build;

	if (descriptor == NULL)
		return MARKET_E_ARGUMENT;
	build = market__alloc(allocator, sizeof(*build));
	if (build == NULL)
		return MARKET_E_MEMORY;
	build->kind = kind;
	build->allocator = allocator;
	build->message = market__tree_new(allocator, descriptor);
	if (build->message == NULL) {
		market__build_free(build);
		return MARKET_E_MEMORY;
	}
	*ret_build = build;
	return MARKET_OK;
}

void
market__build_free(market__build_t *build)
{
	if (build == NULL)
		return;
	market__tree_free(build->allocator, build->message);
	market__free(build->allocator, build);
}

market_kind_t
market__build_kind(const market__build_t *build)
{
	return build->kind;
}

market_status_t
market__build_pack(const market__build_t *build, market_buffer_t *ret_payload)
{
	size_t len = protobuf_c_message_get_packed_size(build->message);
	uint8_t *data = market__alloc(build->allocator, len + 1);

	if (data == NULL)
		return MARKET_E_MEMORY;
	protobuf_c_message_pack(build->message, data);
	market_buffer_clear(ret_payload);
	ret_payload->data = data;
	ret_payload->len = len;
	ret_payload->allocator = build->allocator;
	return MARKET_OK;
}

/* ---- setting by path ---- */

typedef struct setter {
	const market_allocator_t *allocator;
	const char *path; /* whole, for errors */
	enum { SET_TEXT, SET_INT, SET_BYTES } type;
	market_slice_t bytes;
	int64_t integer;
	market_error_t *reterr;
} setter_t;

#define FAIL(setter, status, ...) \
	market__error((setter)->reterr, status, (setter)->path, -1, __VA_ARGS__)

static market_status_t
no_memory(const setter_t *setter)
{
	return FAIL(setter, MARKET_E_MEMORY, "out of memory");
}

static market_status_t
bytes_value(const setter_t *setter, const ProtobufCFieldDescriptor *field,
    market__tree_value_t *ret)
{
	size_t good;

	ret->bytes = setter->bytes;
	if (field->type == PROTOBUF_C_TYPE_BYTES) {
		if (setter->type == SET_BYTES)
			return MARKET_OK;
		return FAIL(setter, MARKET_E_SCHEMA,
		    "%s holds bytes: set it as bytes", field->name);
	}
	if (setter->type != SET_TEXT)
		return FAIL(setter, MARKET_E_SCHEMA,
		    "%s holds text: set it as text", field->name);
	good = market__utf8_check(setter->bytes);
	if (good != setter->bytes.len)
		return FAIL(setter, MARKET_E_SCHEMA,
		    "not UTF-8 without NUL, from byte %zu on", good);
	return MARKET_OK;
}

static market_status_t
enum_value(const setter_t *setter, const ProtobufCFieldDescriptor *field,
    market__tree_value_t *ret)
{
	const ProtobufCEnumValue *value = NULL;
	char cure[MARKET__CURE_MAX];

	if (setter->type == SET_TEXT) {
		if (setter->bytes.len == 0 && !market__field_is_list(field))
			return MARKET_OK;
		value = market__enum_find(
		    field->descriptor, setter->bytes, true);
		market__enum_cure(field->descriptor, setter->bytes, cure);
		if (value == NULL)
			return FAIL(setter, MARKET_E_SCHEMA,
			    "\"%.*s\" is no value of %s; %s",
			    MARKET__ARG(setter->bytes), field->name, cure);
	} else {
		if (setter->integer >= 0 && setter->integer <= INT32_MAX)
			value = protobuf_c_enum_descriptor_get_value(
			    field->descriptor, (int)setter->integer);
		if (value == NULL)
			return FAIL(setter, MARKET_E_SCHEMA,
			    "%" PRId64 " is no value of %s", setter->integer,
			    field->name);
	}
	if (value->value == 0 && market__field_is_list(field))
		return FAIL(setter, MARKET_E_SCHEMA,
		    "%s in a list says nothing: leave it out", value->name);
	ret->number = (uint64_t)value->value;
	return MARKET_OK;
}

static market_status_t
number_value(const setter_t *setter, const ProtobufCFieldDescriptor *field,
    market__tree_value_t *ret)
{
	int64_t least = 0, most = INT64_MAX;

	if (field->type == PROTOBUF_C_TYPE_ENUM && setter->type != SET_BYTES)
		return enum_value(setter, field, ret);
	if (setter->type != SET_INT)
		return FAIL(setter, MARKET_E_SCHEMA,
		    "%s holds a number: set it as an integer", field->name);
	if (field->type == PROTOBUF_C_TYPE_INT64)
		least = INT64_MIN;
	else if (field->type == PROTOBUF_C_TYPE_UINT32)
		most = UINT32_MAX;
	else if (field->type == PROTOBUF_C_TYPE_BOOL)
		most = 1;
	if (setter->integer < least || setter->integer > most)
		return FAIL(setter, MARKET_E_SCHEMA,
		    "%" PRId64 " is out of range: %" PRId64 " to %" PRId64,
		    setter->integer, least, most);
	ret->number = (uint64_t)setter->integer;
	return MARKET_OK;
}

static market_status_t
set_leaf(const setter_t *setter, ProtobufCMessage *message,
    const ProtobufCFieldDescriptor *field, size_t index)
{
	market__tree_value_t value = { 0 };
	market_status_t status;

	if (field->type == PROTOBUF_C_TYPE_STRING ||
	    field->type == PROTOBUF_C_TYPE_BYTES)
		status = bytes_value(setter, field, &value);
	else
		status = number_value(setter, field, &value);
	if (status != MARKET_OK)
		return status;
	if (market__field_is_list(field))
		status = market__tree_set_element(
		    setter->allocator, message, field, index, &value);
	else if (value.bytes.len == 0 && value.number == 0)
		market__tree_unset(setter->allocator, message, field);
	else
		status = market__tree_set(
		    setter->allocator, message, field, &value);
	return status == MARKET_OK ? MARKET_OK : no_memory(setter);
}

/* Which element a step means; for a singular field 0. */
static market_status_t
find_index(const setter_t *setter, const ProtobufCMessage *message,
    const ProtobufCFieldDescriptor *field, const market__path_step_t *step,
    size_t *ret)
{
	size_t count;

	*ret = 0;
	if (!market__field_is_list(field)) {
		if (step->form == MARKET__PATH_WHOLE)
			return MARKET_OK;
		return FAIL(setter, MARKET_E_NOT_FOUND,
		    "%s is no list: write it without brackets", field->name);
	}
	count = market__tree_count(message, field);
	if (step->form == MARKET__PATH_WHOLE)
		return FAIL(setter, MARKET_E_NOT_FOUND,
		    "%s is a list: %s[] appends, %s[0] is its first element",
		    field->name, field->name, field->name);
	if (step->form == MARKET__PATH_ELEMENT && step->index > count)
		return FAIL(setter, MARKET_E_NOT_FOUND,
		    "%s has %zu elements: the index is at most %zu",
		    field->name, count, count);
	*ret = step->form == MARKET__PATH_APPEND ? count : step->index;
	return MARKET_OK;
}

static market_status_t set_in(
    const setter_t *setter, ProtobufCMessage *message, const char *rest);

/*
 * Sets a field of a message that is not there yet: the new one is filled
 * first and put in its place last, so that a failure leaves no trace.
 */
static market_status_t
set_in_new(const setter_t *setter, ProtobufCMessage *message,
    const ProtobufCFieldDescriptor *field, size_t index, const char *rest)
{
	market__tree_value_t value = { 0 };
	market_status_t status;

	value.message = market__tree_new(setter->allocator, field->descriptor);
	if (value.message == NULL)
		return no_memory(setter);
	status = set_in(setter, value.message, rest);
	if (status != MARKET_OK)
		goto out;
	if (market__field_is_list(field)) {
		status = market__tree_set_element(
		    setter->allocator, message, field, index, &value);
	} else if (protobuf_c_message_get_packed_size(value.message) > 0) {
		status = market__tree_set(
		    setter->allocator, message, field, &value);
	} else {
		/* A default was set: that alone makes no message appear. */
		goto out;
	}
	if (status == MARKET_OK)
		return MARKET_OK;
	status = no_memory(setter);
out:
	market__tree_free(setter->allocator, value.message);
	return status;
}

/* The depth is the schema's, which has no recursive message. */
static market_status_t
set_in(const setter_t *setter, ProtobufCMessage *message, const char *rest)
{
	const ProtobufCFieldDescriptor *field;
	char cure[MARKET__CURE_MAX];
	market__path_step_t step;
	ProtobufCMessage *child;
	market_status_t status;
	size_t index;

	if (!market__path_step(&rest, &step))
		return FAIL(setter, MARKET_E_NOT_FOUND,
		    "no field path: write it like parties[0].keys.threshold");
	field = market__field_find(message->descriptor, step.name);
	if (field == NULL) {
		market__field_cure(message->descriptor, step.name, false, cure);
		return FAIL(setter, MARKET_E_NOT_FOUND,
		    "there is no field %.*s; %s", MARKET__ARG(step.name), cure);
	}
	status = find_index(setter, message, field, &step, &index);
	if (status != MARKET_OK)
		return status;
	if (field->type != PROTOBUF_C_TYPE_MESSAGE) {
		if (*rest == '\0')
			return set_leaf(setter, message, field, index);
		return FAIL(setter, MARKET_E_NOT_FOUND,
		    "%s has no fields of its own", field->name);
	}
	if (*rest == '\0') {
		market__field_cure(
		    field->descriptor, market__slice(NULL, 0), false, cure);
		return FAIL(setter, MARKET_E_SCHEMA,
		    "%s is a message: name one of its fields; %s", field->name,
		    cure);
	}
	child = market__tree_child(message, field, index);
	if (child != NULL)
		return set_in(setter, child, rest);
	return set_in_new(setter, message, field, index, rest);
}

static market_status_t
set(market__build_t *build, setter_t *setter)
{
	setter->allocator = build->allocator;
	if (setter->path == NULL)
		return market__error(setter->reterr, MARKET_E_ARGUMENT, NULL,
		    -1, "the path is NULL");
	return set_in(setter, build->message, setter->path);
}

void
market__build_unset(market__build_t *build, const char *name)
{
	const ProtobufCFieldDescriptor *field = market__field_find(
	    build->message->descriptor, market_slice_of(name));

	if (field != NULL)
		market__tree_unset(build->allocator, build->message, field);
}

market_status_t
market__build_set_text(market__build_t *build, const char *path,
    market_slice_t value, market_error_t *reterr)
{
	setter_t setter = {
		.path = path, .type = SET_TEXT, .bytes = value, .reterr = reterr
	};

	return set(build, &setter);
}

market_status_t
market__build_set_int(market__build_t *build, const char *path, int64_t value,
    market_error_t *reterr)
{
	setter_t setter = { .path = path,
		.type = SET_INT,
		.integer = value,
		.reterr = reterr };

	return set(build, &setter);
}

market_status_t
market__build_set_bytes(market__build_t *build, const char *path,
    market_slice_t value, market_error_t *reterr)
{
	setter_t setter = { .path = path,
		.type = SET_BYTES,
		.bytes = value,
		.reterr = reterr };

	return set(build, &setter);
}
