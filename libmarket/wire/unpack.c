/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a payload to the plain struct: the strict check, then protobuf-c into
 * the arena, then row by row as wire/layout.h says.
 */
#include "wire/layout.h"

/*
 * Members are read and written through memcpy: an enum, a uint32_t and a
 * pointer to this or that message lie there under other types.
 */
static size_t
count_of(const uint8_t *from, const ProtobufCFieldDescriptor *field)
{
	size_t n;

	memcpy(&n, from + field->quantifier_offset, sizeof(n));
	return n;
}

static const void *
pointer_of(const uint8_t *from, const ProtobufCFieldDescriptor *field)
{
	const void *ptr;

	memcpy(&ptr, from + field->offset, sizeof(ptr));
	return ptr;
}

/* protobuf-c ends strings with a NUL; the strict check lets none inside. */
static market_slice_t
text_at(const void *from, ProtobufCType type)
{
	ProtobufCBinaryData bytes;
	const char *string;

	if (type == PROTOBUF_C_TYPE_BYTES) {
		memcpy(&bytes, from, sizeof(bytes));
		return market__slice(bytes.data, bytes.len);
	}
	memcpy(&string, from, sizeof(string));
	return market__slice(string, strlen(string));
}

static bool
copy_texts(market__arena_t *arena, const ProtobufCFieldDescriptor *field,
    const uint8_t *from, void *to)
{
	const size_t n = count_of(from, field);
	const uint8_t *array = pointer_of(from, field);
	const size_t size = field->type == PROTOBUF_C_TYPE_BYTES
	    ? sizeof(ProtobufCBinaryData)
	    : sizeof(char *);
	market__slices_t slices = { NULL, n };
	market_slice_t *copy;
	size_t i;

	if (n == 0)
		return true;
	copy = market__arena_array(arena, n, sizeof(*copy));
	if (copy == NULL)
		return false;
	for (i = 0; i < n; i++)
		copy[i] = text_at(array + i * size, field->type);
	slices.v = copy;
	memcpy(to, &slices, sizeof(slices));
	return true;
}

static void
copy_numbers(
    const ProtobufCFieldDescriptor *field, const uint8_t *from, void *to)
{
	market__numbers_t numbers;

	numbers.n = count_of(from, field);
	numbers.v = numbers.n == 0 ? NULL : pointer_of(from, field);
	memcpy(to, &numbers, sizeof(numbers));
}

static bool copy_message(market__arena_t *arena, const market__layout_t *layout,
    const void *from, uint8_t *to);

static bool
copy_one(market__arena_t *arena, const market__member_t *member,
    const void *from, uint8_t *to)
{
	uint8_t *copy;

	if (from == NULL)
		return true;
	copy = market__arena_alloc(arena, member->layout->size);
	if (copy == NULL || !copy_message(arena, member->layout, from, copy))
		return false;
	memcpy(to + member->offset, &copy, sizeof(copy));
	return true;
}

static bool
copy_many(market__arena_t *arena, const market__member_t *member, size_t n,
    const uint8_t *array, uint8_t *to)
{
	const size_t size = member->layout->size;
	const void *from;
	uint8_t *copy;
	size_t i;

	if (n == 0)
		return true;
	copy = market__arena_array(arena, n, size);
	if (copy == NULL)
		return false;
	for (i = 0; i < n; i++) {
		memcpy(&from, array + i * sizeof(from), sizeof(from));
		if (!copy_message(arena, member->layout, from, copy + i * size))
			return false;
	}
	memcpy(to + member->offset, &copy, sizeof(copy));
	memcpy(to + member->extra, &n, sizeof(n));
	return true;
}

static bool
copy_member(market__arena_t *arena, const market__member_t *member,
    const ProtobufCFieldDescriptor *field, const uint8_t *from, uint8_t *to)
{
	const uint8_t *value = from + field->offset;
	const void *message;
	market_slice_t text;
	protobuf_c_boolean flag;
	bool set;

	switch (member->type) {
	case MARKET__MEMBER_HEADER: return true;
	case MARKET__MEMBER_TEXT:
		text = text_at(value, field->type);
		memcpy(to + member->offset, &text, sizeof(text));
		return true;
	case MARKET__MEMBER_SLICES:
		return copy_texts(arena, field, from, to + member->offset);
	case MARKET__MEMBER_NUMBERS:
		copy_numbers(field, from, to + member->offset);
		return true;
	case MARKET__MEMBER_U32:
	case MARKET__MEMBER_U64:
	case MARKET__MEMBER_I64:
		memcpy(to + member->offset, value, member->size);
		return true;
	case MARKET__MEMBER_BOOL:
		memcpy(&flag, value, sizeof(flag));
		set = flag != 0;
		memcpy(to + member->offset, &set, sizeof(set));
		return true;
	case MARKET__MEMBER_MESSAGE:
		return copy_one(arena, member, pointer_of(from, field), to);
	case MARKET__MEMBER_MESSAGES:
		return copy_many(arena, member, count_of(from, field),
		    pointer_of(from, field), to);
	case MARKET__MEMBER_INLINE:
	case MARKET__MEMBER_PRESENT: break;
	}
	message = pointer_of(from, field);
	set = message != NULL;
	if (member->type == MARKET__MEMBER_PRESENT)
		memcpy(to + member->extra, &set, sizeof(set));
	return !set || copy_message(arena, member->layout, message, to);
}

/* Recursion ends where the schema does: it has no recursive message. */
static bool
copy_message(market__arena_t *arena, const market__layout_t *layout,
    const void *from, uint8_t *to)
{
	const ProtobufCFieldDescriptor *field;
	const market__member_t *member;
	const uint8_t *bytes = from;
	uint32_t which;
	size_t i;

	for (i = 0; i < layout->n_members; i++) {
		field = &layout->source->fields[i];
		member = &layout->members[i];
		if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
			memcpy(&which, bytes + field->quantifier_offset,
			    sizeof(which));
			/* The members share their memory. */
			if (which != field->id)
				continue;
			memcpy(to + member->extra, &which, sizeof(which));
		}
		if (!copy_member(arena, member, field, bytes, to))
			return false;
	}
	return true;
}

static bool
copy_header(
    market__arena_t *arena, const void *from, market__message_t *message)
{
	const market__layout_t *layout = market__layout_of(message->kind);
	const void *header = pointer_of(from, &layout->source->fields[0]);

	message->has_header = header != NULL;
	return header == NULL ||
	    copy_message(arena, &market__header_layout, header,
		(uint8_t *)&message->header);
}

market_status_t
market__message_unpack(market_kind_t kind, market_slice_t payload,
    market__arena_t *arena, const market__message_t **ret_message,
    market_error_t *reterr)
{
	ProtobufCAllocator allocator = market__protobuf_allocator(arena);
	market__message_t *message;
	ProtobufCMessage *unpacked = NULL;
	market_status_t status;

	status = market__strict_check(kind, payload, reterr);
	if (status != MARKET_OK)
		return status;
	message = market__arena_alloc(arena, sizeof(*message));
	if (message != NULL)
		unpacked = protobuf_c_message_unpack(
		    market__kind_descriptor(kind), &allocator, payload.len,
		    payload.ptr);
	if (unpacked != NULL) {
		message->kind = kind;
		if (copy_header(arena, unpacked, message) &&
		    copy_message(arena, market__layout_of(kind), unpacked,
			(uint8_t *)&message->of)) {
			*ret_message = message;
			return MARKET_OK;
		}
	}
	return market__arena_failed(arena, "the message", reterr);
}
