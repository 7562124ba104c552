/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the proto3 JSON mapping, strictly: where the mapping lets a reader
 * take several spellings, one is taken, so that a document means the same to
 * every reader. An explicit default is absent on the wire.
 */
#include <config.h>

#include "wire/build_message.h"

#ifdef HAVE_JANSSON

#include <inttypes.h>
#include <stdio.h>

#include <jansson.h>

#include "wire/descriptors.h"
#include "wire/json.h"
#include "wire/names.h"

typedef struct reader {
	const market_allocator_t *allocator;
	char path[MARKET_ERROR_PATH_MAX]; /* in the document's names */
	size_t path_len;
	market_error_t *reterr;
} reader_t;

#define FAIL(reader, status, ...) \
	market__error((reader)->reterr, status, (reader)->path, -1, __VA_ARGS__)

static market_status_t read_message(
    reader_t *reader, json_t *json, ProtobufCMessage *message);

/* Goes one step down in the path; the result goes back up with leave(). */
static size_t
enter(reader_t *reader, const char *name)
{
	size_t before = reader->path_len, room = sizeof(reader->path) - before;
	int len;

	len = snprintf(reader->path + before, room, "%s%s",
	    before == 0 || name[0] == '[' ? "" : ".", name);
	if (len > 0)
		reader->path_len += (size_t)len < room ? (size_t)len : room - 1;
	return before;
}

static void
leave(reader_t *reader, size_t before)
{
	reader->path_len = before;
	reader->path[before] = '\0';
}

static market_slice_t
text_of(const json_t *json)
{
	return market__slice(json_string_value(json), json_string_length(json));
}

static const char *
type_name(const json_t *json)
{
	switch (json_typeof(json)) {
	case JSON_OBJECT: return "an object";
	case JSON_ARRAY: return "a list";
	case JSON_STRING: return "a string";
	case JSON_INTEGER: return "an integer";
	case JSON_REAL: return "a number with a fraction or an exponent";
	case JSON_TRUE:
	case JSON_FALSE: return "a boolean";
	case JSON_NULL: break;
	}
	return "null";
}

static market_status_t
wrong_type(reader_t *reader, const json_t *json, const char *want)
{
	if (json_is_null(json))
		return FAIL(reader, MARKET_E_SCHEMA,
		    "null says nothing: leave the field out, or write %s",
		    want);
	return FAIL(reader, MARKET_E_SCHEMA, "this is %s: write %s",
	    type_name(json), want);
}

/* ---- values ---- */

static market_status_t
read_text(reader_t *reader, const json_t *json, market__tree_value_t *ret)
{
	if (!json_is_string(json))
		return wrong_type(reader, json, "a string");
	ret->bytes = text_of(json);
	if (market__utf8_check(ret->bytes) != ret->bytes.len)
		return FAIL(reader, MARKET_E_SCHEMA,
		    "the string holds a NUL (\\u0000): take it out");
	return MARKET_OK;
}

/* Why base64 was refused, as far as its letters tell. */
static const char *
base64_fault(market_slice_t text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.ptr[i] == '-' || text.ptr[i] == '_')
			return "this is URL-safe base64: write + and / "
			       "for - and _";
	if (text.len % 4 != 0)
		return "base64 without its padding, or cut off: its length "
		       "is a multiple of 4, filled up with =";
	return "no base64: letters, digits, + and /, padded with =";
}

/* On success the bytes are the reader's, to be freed by the caller. */
static market_status_t
read_bytes(reader_t *reader, const json_t *json, market__tree_value_t *ret)
{
	market_slice_t text;
	uint8_t *bytes;
	size_t len;

	if (!json_is_string(json))
		return wrong_type(reader, json, "base64 in a string");
	text = text_of(json);
	bytes = market__alloc(reader->allocator, text.len / 4 * 3 + 1);
	if (bytes == NULL)
		return FAIL(reader, MARKET_E_MEMORY, "out of memory");
	if (!market__unbase64(text, false, bytes, &len)) {
		market__free(reader->allocator, bytes);
		return FAIL(reader, MARKET_E_SCHEMA, "%s", base64_fault(text));
	}
	ret->bytes = market__slice(bytes, len);
	return MARKET_OK;
}

static market_status_t
read_enum(reader_t *reader, const json_t *json,
    const ProtobufCFieldDescriptor *field, market__tree_value_t *ret)
{
	const ProtobufCEnumValue *value;
	char cure[MARKET__CURE_MAX];
	market_slice_t name;

	if (!json_is_string(json)) {
		market__enum_cure(
		    field->descriptor, market__slice(NULL, 0), cure);
		return FAIL(reader, MARKET_E_SCHEMA,
		    "this is %s: write the value's name; %s", type_name(json),
		    cure);
	}
	name = text_of(json);
	value = market__enum_find(field->descriptor, name, false);
	if (value == NULL) {
		market__enum_cure(field->descriptor, name, cure);
		return FAIL(reader, MARKET_E_SCHEMA,
		    "\"%.*s\" is no value of this field; %s", MARKET__ARG(name),
		    cure);
	}
	if (value->value == 0 && market__field_is_list(field))
		return FAIL(reader, MARKET_E_SCHEMA,
		    "%s in a list says nothing: leave it out", value->name);
	ret->number = (uint64_t)value->value;
	return MARKET_OK;
}

/* -?(0|[1-9][0-9]*), not "-0"; false also when it does not fit. */
static bool
parse_decimal(market_slice_t text, bool *ret_negative, uint64_t *ret)
{
	bool negative = text.len > 0 && text.ptr[0] == '-';
	size_t i = negative ? 1 : 0;
	uint64_t value = 0;

	if (i == text.len)
		return false;
	if (text.ptr[i] == '0' && text.len > 1)
		return false;
	for (; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9' ||
		    __builtin_mul_overflow(value, 10U, &value) ||
		    __builtin_add_overflow(
			value, (uint64_t)(text.ptr[i] - '0'), &value))
			return false;
	}
	*ret_negative = negative;
	*ret = value;
	return true;
}

static market_status_t
out_of_range(reader_t *reader, const ProtobufCFieldDescriptor *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_UINT32:
		return FAIL(reader, MARKET_E_SCHEMA,
		    "out of range: 0 to %" PRIu32, UINT32_MAX);
	case PROTOBUF_C_TYPE_UINT64:
		return FAIL(reader, MARKET_E_SCHEMA,
		    "out of range: 0 to %" PRIu64, UINT64_MAX);
	default:
		return FAIL(reader, MARKET_E_SCHEMA,
		    "out of range: %" PRId64 " to %" PRId64, INT64_MIN,
		    INT64_MAX);
	}
}

/* A magnitude with its sign, as the field's type holds it. */
static market_status_t
give_number(reader_t *reader, const ProtobufCFieldDescriptor *field,
    bool negative, uint64_t magnitude, market__tree_value_t *ret)
{
	uint64_t most = UINT64_MAX;

	if (field->type == PROTOBUF_C_TYPE_UINT32)
		most = UINT32_MAX;
	else if (field->type == PROTOBUF_C_TYPE_INT64)
		most = (uint64_t)INT64_MAX + negative;
	else if (field->type == PROTOBUF_C_TYPE_UINT64 && negative)
		most = 0;
	if (field->type == PROTOBUF_C_TYPE_UINT32 && negative)
		most = 0;
	if (magnitude > most)
		return out_of_range(reader, field);
	ret->number = negative ? 0 - magnitude : magnitude;
	return MARKET_OK;
}

static market_status_t
read_number(reader_t *reader, const json_t *json,
    const ProtobufCFieldDescriptor *field, market__tree_value_t *ret)
{
	bool is_time = market__field_is_time(field), negative;
	bool is_32 = field->type == PROTOBUF_C_TYPE_UINT32;
	const char *want = is_time ? "a time like \"2016-02-01T00:00:00Z\""
	    : is_32                ? "an integer, without quotes"
		    : "an integer, or a string of decimal digits";
	uint64_t magnitude;
	int64_t integer;

	if (json_is_integer(json)) {
		integer = json_integer_value(json);
		negative = integer < 0;
		magnitude = negative ? 0 - (uint64_t)integer
				     : (uint64_t)integer;
		return give_number(reader, field, negative, magnitude, ret);
	}
	if (!json_is_string(json) || is_32)
		return wrong_type(reader, json, want);
	if (parse_decimal(text_of(json), &negative, &magnitude))
		return give_number(reader, field, negative, magnitude, ret);
	if (is_time && market__time_parse(text_of(json), &integer)) {
		ret->number = (uint64_t)integer;
		return MARKET_OK;
	}
	return FAIL(reader, MARKET_E_SCHEMA, "\"%.*s\" is none: write %s",
	    MARKET__ARG(text_of(json)), want);
}

/* Everything but messages. `ret_owned` is to be freed after use. */
static market_status_t
read_scalar(reader_t *reader, const json_t *json,
    const ProtobufCFieldDescriptor *field, market__tree_value_t *ret,
    void **ret_owned)
{
	market_status_t status;

	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING: return read_text(reader, json, ret);
	case PROTOBUF_C_TYPE_BYTES:
		status = read_bytes(reader, json, ret);
		if (status == MARKET_OK)
			*ret_owned = (void *)(uintptr_t)ret->bytes.ptr;
		return status;
	case PROTOBUF_C_TYPE_ENUM: return read_enum(reader, json, field, ret);
	case PROTOBUF_C_TYPE_BOOL:
		if (!json_is_boolean(json))
			return wrong_type(reader, json, "true or false");
		ret->number = json_is_true(json);
		return MARKET_OK;
	default: return read_number(reader, json, field, ret);
	}
}

/* ---- fields ---- */

static market_status_t
read_value(reader_t *reader, json_t *json, ProtobufCMessage *message,
    const ProtobufCFieldDescriptor *field, size_t index)
{
	market__tree_value_t value = { 0 };
	market_status_t status;
	void *owned = NULL;

	if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
		value.message = market__tree_new(
		    reader->allocator, field->descriptor);
		status = value.message == NULL
		    ? FAIL(reader, MARKET_E_MEMORY, "out of memory")
		    : read_message(reader, json, value.message);
	} else {
		status = read_scalar(reader, json, field, &value, &owned);
	}
	if (status != MARKET_OK)
		goto out;
	if (market__field_is_list(field))
		status = market__tree_set_element(
		    reader->allocator, message, field, index, &value);
	else if (value.message != NULL || value.bytes.len > 0 ||
	    value.number != 0 || market__field_is_oneof(field))
		/* A oneof's member is present also when it is empty. */
		status = market__tree_set(
		    reader->allocator, message, field, &value);
	if (status == MARKET_OK)
		value.message = NULL;
	else
		FAIL(reader, status, "out of memory");
out:
	market__tree_free(reader->allocator, value.message);
	market__free(reader->allocator, owned);
	return status;
}

static market_status_t
read_list(reader_t *reader, json_t *json, ProtobufCMessage *message,
    const ProtobufCFieldDescriptor *field)
{
	market_status_t status = MARKET_OK;
	char step[32];
	size_t i, before;

	if (!json_is_array(json))
		return wrong_type(reader, json, "a list: [ ... ]");
	for (i = 0; i < json_array_size(json) && status == MARKET_OK; i++) {
		snprintf(step, sizeof(step), "[%zu]", i);
		before = enter(reader, step);
		status = read_value(
		    reader, json_array_get(json, i), message, field, i);
		leave(reader, before);
	}
	return status;
}

static market_status_t
read_field(reader_t *reader, json_t *json, ProtobufCMessage *message,
    const ProtobufCFieldDescriptor *field)
{
	const ProtobufCFieldDescriptor *other;
	char name[MARKET__NAME_MAX];

	if (market__field_is_list(field))
		return read_list(reader, json, message, field);
	if (market__field_is_oneof(field) &&
	    market__tree_case(message, field) != 0) {
		other = protobuf_c_message_descriptor_get_field(
		    message->descriptor, market__tree_case(message, field));
		market__json_name(other->name, name);
		return FAIL(reader, MARKET_E_SCHEMA,
		    "%s is there already: at most one of the two", name);
	}
	return read_value(reader, json, message, field, 0);
}

static market_status_t
read_message(reader_t *reader, json_t *json, ProtobufCMessage *message)
{
	const ProtobufCFieldDescriptor *field;
	market_status_t status = MARKET_OK;
	char cure[MARKET__CURE_MAX];
	market_slice_t name;
	const char *key;
	size_t before;
	json_t *value;

	if (!json_is_object(json))
		return wrong_type(reader, json, "an object: { ... }");
	json_object_foreach(json, key, value)
	{
		before = enter(reader, key);
		name = market__slice(key, strlen(key));
		field = market__field_find_json(message->descriptor, name);
		if (field != NULL) {
			status = read_field(reader, value, message, field);
		} else {
			market__field_cure(
			    message->descriptor, name, true, cure);
			status = FAIL(reader, MARKET_E_SCHEMA,
			    "there is no such field; %s", cure);
		}
		if (status != MARKET_OK)
			return status;
		leave(reader, before);
	}
	return MARKET_OK;
}

/* ---- the document ---- */

/* What jansson says of a text that is no JSON. */
static market_status_t
syntax_error(const json_error_t *error, market_error_t *reterr)
{
	market_status_t status = MARKET_E_ENCODING;
	const char *cure = "";

	switch (json_error_code(error)) {
	case json_error_stack_overflow: status = MARKET_E_LIMIT; break;
	case json_error_numeric_overflow:
		status = MARKET_E_SCHEMA;
		cure = ": write a 64-bit number as a string of digits";
		break;
	case json_error_duplicate_key: cure = ": a key may stand once"; break;
	default: break;
	}
	return market__error(reterr, status, NULL, error->position,
	    "line %d, column %d: %s%s", error->line, error->column, error->text,
	    cure);
}

market_status_t
market__build_from_json(market_kind_t kind, market_slice_t json,
    const market_allocator_t *allocator, market__build_t **ret_build,
    market_error_t *reterr)
{
	reader_t reader = { .allocator = allocator, .reterr = reterr };
	market__build_t *build = NULL;
	market_status_t status;
	json_error_t error;
	json_t *document = NULL;

	if (json.len > MARKET__JSON_MAX)
		return market__error(reterr, MARKET_E_LIMIT, NULL, -1,
		    "the document has %zu bytes: at most %zu", json.len,
		    MARKET__JSON_MAX);
	status = market__json_depth_check(json, MARKET__JSON_DEPTH_MAX, reterr);
	if (status != MARKET_OK)
		return status;
	status = market__build_new(kind, allocator, &build);
	if (status != MARKET_OK)
		return market__error(
		    reterr, status, NULL, -1, "%s", market_status_text(status));
	/* NUL is let through so that its refusal can name the field. */
	status = market__json_load(
	    json, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &document, &error);
	if (status == MARKET_OK)
		status = read_message(&reader, document, build->message);
	else if (status == MARKET_E_MEMORY)
		status = market__error(
		    reterr, status, NULL, -1, "out of memory");
	else
		status = syntax_error(&error, reterr);
	json_decref(document);
	if (status != MARKET_OK) {
		market__build_free(build);
		return status;
	}
	*ret_build = build;
	return MARKET_OK;
}

#else

market_status_t
market__build_from_json(market_kind_t kind, market_slice_t json,
    const market_allocator_t *allocator, market__build_t **ret_build,
    market_error_t *reterr)
{
	(void)kind;
	(void)json;
	(void)allocator;
	(void)ret_build;
	return market__error(reterr, MARKET_E_UNSUPPORTED, NULL, -1,
	    "this build of the library reads no JSON: build it with jansson");
}

#endif
