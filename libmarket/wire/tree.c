/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/names.h"
#include "wire/tree.h"

/* Any member of a protobuf-c struct; the largest is a ProtobufCBinaryData. */
typedef union slot {
	char *text;
	ProtobufCBinaryData bytes;
	ProtobufCMessage *message;
	uint32_t number32; /* also enums and bools, which are int */
	uint64_t number64;
} slot_t;

static size_t
slot_size(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_STRING: return sizeof(char *);
	case PROTOBUF_C_TYPE_BYTES: return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_MESSAGE: return sizeof(ProtobufCMessage *);
	case PROTOBUF_C_TYPE_ENUM:
	case PROTOBUF_C_TYPE_BOOL:
	case PROTOBUF_C_TYPE_UINT32: return sizeof(uint32_t);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_INT64: return sizeof(uint64_t);
	default: return 0; /* a test keeps other types out of the schema */
	}
}

static uint8_t *
member(const ProtobufCMessage *message, size_t offset)
{
	return (uint8_t *)(uintptr_t)message + offset;
}

static void *
pc_alloc(void *user, size_t size)
{
	return market__alloc(user, size);
}

static void
pc_free(void *user, void *ptr)
{
	market__free(user, ptr);
}

ProtobufCMessage *
market__tree_new(const market_allocator_t *allocator,
    const ProtobufCMessageDescriptor *descriptor)
{
	ProtobufCMessage *message;

	message = market__alloc(allocator, descriptor->sizeof_message);
	if (message != NULL)
		protobuf_c_message_init(descriptor, message);
	return message;
}

void
market__tree_free(
    const market_allocator_t *allocator, ProtobufCMessage *message)
{
	ProtobufCAllocator pc = { pc_alloc, pc_free,
		(void *)(uintptr_t)allocator };

	protobuf_c_message_free_unpacked(message, &pc);
}

size_t
market__tree_count(
    const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	size_t count;

	memcpy(
	    &count, member(message, field->quantifier_offset), sizeof(count));
	return count;
}

uint32_t
market__tree_case(
    const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	uint32_t which;

	memcpy(
	    &which, member(message, field->quantifier_offset), sizeof(which));
	return which;
}

static void
set_case(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
    uint32_t which)
{
	memcpy(
	    member(message, field->quantifier_offset), &which, sizeof(which));
}

/* The array of a list. */
static uint8_t *
elements(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	uint8_t *array;

	memcpy(&array, member(message, field->offset), sizeof(array));
	return array;
}

static bool
is_set(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	return !market__field_is_oneof(field) ||
	    market__tree_case(message, field) == field->id;
}

ProtobufCMessage *
market__tree_child(const ProtobufCMessage *message,
    const ProtobufCFieldDescriptor *field, size_t index)
{
	ProtobufCMessage *child = NULL;

	if (!market__field_is_list(field)) {
		if (is_set(message, field))
			memcpy(&child, member(message, field->offset),
			    sizeof(child));
	} else if (index < market__tree_count(message, field)) {
		memcpy(&child, elements(message, field) + index * sizeof(child),
		    sizeof(child));
	}
	return child;
}

/* Makes the slot's content: a copy of text and bytes. */
static market_status_t
make(const market_allocator_t *allocator, const ProtobufCFieldDescriptor *field,
    const market__tree_value_t *value, slot_t *ret)
{
	uint8_t *copy = NULL;

	memset(ret, 0, sizeof(*ret));
	if (field->type == PROTOBUF_C_TYPE_STRING ||
	    (field->type == PROTOBUF_C_TYPE_BYTES && value->bytes.len > 0)) {
		copy = market__alloc(allocator, value->bytes.len + 1);
		if (copy == NULL)
			return MARKET_E_MEMORY;
		if (value->bytes.len > 0)
			memcpy(copy, value->bytes.ptr, value->bytes.len);
	}
	if (field->type == PROTOBUF_C_TYPE_STRING) {
		ret->text = (char *)copy;
	} else if (field->type == PROTOBUF_C_TYPE_BYTES) {
		ret->bytes.data = copy;
		ret->bytes.len = value->bytes.len;
	} else if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
		ret->message = value->message;
	} else if (slot_size(field->type) == sizeof(uint32_t)) {
		ret->number32 = (uint32_t)value->number;
	} else {
		ret->number64 = value->number;
	}
	return MARKET_OK;
}

/* Frees what a slot holds, except protobuf-c's static default. */
static void
drop(const market_allocator_t *allocator, const ProtobufCFieldDescriptor *field,
    const uint8_t *at)
{
	slot_t slot;

	memcpy(&slot, at, slot_size(field->type));
	if (field->type == PROTOBUF_C_TYPE_STRING) {
		if (slot.text != field->default_value)
			market__free(allocator, slot.text);
	} else if (field->type == PROTOBUF_C_TYPE_BYTES) {
		market__free(allocator, slot.bytes.data);
	} else if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
		market__tree_free(allocator, slot.message);
	}
}

static void
unset_list(const market_allocator_t *allocator, ProtobufCMessage *message,
    const ProtobufCFieldDescriptor *field)
{
	const size_t n = market__tree_count(message, field), none = 0;
	const size_t size = slot_size(field->type);
	uint8_t *array = elements(message, field);
	size_t i;

	for (i = 0; i < n; i++)
		drop(allocator, field, array + i * size);
	market__free(allocator, array);
	array = NULL;
	memcpy(member(message, field->offset), &array, sizeof(array));
	memcpy(member(message, field->quantifier_offset), &none, sizeof(none));
}

void
market__tree_unset(const market_allocator_t *allocator,
    ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	uint8_t *at = member(message, field->offset);

	if (market__field_is_list(field)) {
		unset_list(allocator, message, field);
		return;
	}
	if (!is_set(message, field))
		return;
	drop(allocator, field, at);
	memset(at, 0, slot_size(field->type));
	if (market__field_is_oneof(field))
		set_case(message, field, 0);
	else if (field->type == PROTOBUF_C_TYPE_STRING)
		/* analyse(cppcheck): that member is a pointer. */
		memcpy(at, &field->default_value, sizeof(char *));
}

market_status_t
market__tree_set(const market_allocator_t *allocator, ProtobufCMessage *message,
    const ProtobufCFieldDescriptor *field, const market__tree_value_t *value)
{
	const ProtobufCFieldDescriptor *other = field;
	market_status_t status;
	slot_t slot;

	status = make(allocator, field, value, &slot);
	if (status != MARKET_OK)
		return status;
	if (market__field_is_oneof(field))
		other = protobuf_c_message_descriptor_get_field(
		    message->descriptor, market__tree_case(message, field));
	if (other != NULL)
		market__tree_unset(allocator, message, other);
	memcpy(member(message, field->offset), &slot, slot_size(field->type));
	if (market__field_is_oneof(field))
		set_case(message, field, field->id);
	return MARKET_OK;
}

/*
 * Room for one more element. The array's capacity is not stored: it is 4, or
 * the least power of two that holds the elements.
 */
static market_status_t
reserve(const market_allocator_t *allocator, ProtobufCMessage *message,
    const ProtobufCFieldDescriptor *field, size_t count)
{
	size_t size = slot_size(field->type), capacity;
	uint8_t *array = elements(message, field), *grown;

	if (count > 0 && (count < 4 || (count & (count - 1)) != 0))
		return MARKET_OK;
	if (!market__mul(count, 2, &capacity))
		return MARKET_E_MEMORY;
	grown = market__alloc_array(
	    allocator, capacity == 0 ? 4 : capacity, size);
	if (grown == NULL)
		return MARKET_E_MEMORY;
	if (count > 0)
		memcpy(grown, array, count * size);
	market__free(allocator, array);
	memcpy(member(message, field->offset), &grown, sizeof(grown));
	return MARKET_OK;
}

market_status_t
market__tree_set_element(const market_allocator_t *allocator,
    ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
    size_t index, const market__tree_value_t *value)
{
	size_t count = market__tree_count(message, field);
	size_t size = slot_size(field->type);
	market_status_t status;
	uint8_t *at;
	slot_t slot;

	if (index > count)
		return MARKET_E_NOT_FOUND;
	if (index == count) {
		status = reserve(allocator, message, field, count);
		if (status != MARKET_OK)
			return status;
	}
	status = make(allocator, field, value, &slot);
	if (status != MARKET_OK)
		return status;
	at = elements(message, field) + index * size;
	if (index < count)
		drop(allocator, field, at);
	memcpy(at, &slot, size);
	count += index == count;
	memcpy(
	    member(message, field->quantifier_offset), &count, sizeof(count));
	return MARKET_OK;
}
