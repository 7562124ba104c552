/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message and its envelope, copied into an arena of their own: what is kept
 * for long takes no more memory than what it says. protobuf-c's own structs and
 * what reading left behind are not copied.
 */
#include "wire/layout.h"
#include "wire/wire.h"

static bool
copy_text(market__arena_t *arena, uint8_t *at)
{
	market_slice_t text;

	memcpy(&text, at, sizeof(text));
	if (text.ptr == NULL)
		return true;
	text = text.len == 0 ? market_slice_of("")
			     : market__arena_copy(arena, text);
	memcpy(at, &text, sizeof(text));
	return text.ptr != NULL;
}

/* NULL: no memory. n > 0 */
static void *
copy_array(market__arena_t *arena, const void *from, size_t n, size_t size)
{
	void *copy = market__arena_raw(arena, n * size);

	if (copy != NULL)
		memcpy(copy, from, n * size);
	return copy;
}

static bool
copy_slices(market__arena_t *arena, uint8_t *at)
{
	market__slices_t slices;
	market_slice_t *copy;
	size_t i;

	memcpy(&slices, at, sizeof(slices));
	if (slices.n == 0)
		return true;
	copy = copy_array(arena, slices.v, slices.n, sizeof(*copy));
	if (copy == NULL)
		return false;
	for (i = 0; i < slices.n; i++)
		if (!copy_text(arena, (uint8_t *)&copy[i]))
			return false;
	slices.v = copy;
	memcpy(at, &slices, sizeof(slices));
	return true;
}

static bool
copy_numbers(market__arena_t *arena, uint8_t *at)
{
	market__numbers_t numbers;

	memcpy(&numbers, at, sizeof(numbers));
	if (numbers.n == 0)
		return true;
	numbers.v = copy_array(arena, numbers.v, numbers.n, sizeof(*numbers.v));
	memcpy(at, &numbers, sizeof(numbers));
	return numbers.v != NULL;
}

static bool copy_members(
    market__arena_t *arena, const market__layout_t *layout, uint8_t *at);

/* One message behind a pointer, or as many as there are. */
static bool
copy_messages(market__arena_t *arena, const market__member_t *member, size_t n,
    uint8_t *at)
{
	const size_t size = member->layout->size;
	uint8_t *copy;
	size_t i;

	memcpy(&copy, at + member->offset, sizeof(copy));
	if (copy == NULL || n == 0)
		return true;
	copy = copy_array(arena, copy, n, size);
	if (copy == NULL)
		return false;
	memcpy(at + member->offset, &copy, sizeof(copy));
	for (i = 0; i < n; i++)
		if (!copy_members(arena, member->layout, copy + i * size))
			return false;
	return true;
}

static bool
copy_member(market__arena_t *arena, const market__member_t *member, uint8_t *at)
{
	size_t n;

	switch (member->type) {
	case MARKET__MEMBER_TEXT: return copy_text(arena, at + member->offset);
	case MARKET__MEMBER_SLICES:
		return copy_slices(arena, at + member->offset);
	case MARKET__MEMBER_NUMBERS:
		return copy_numbers(arena, at + member->offset);
	case MARKET__MEMBER_MESSAGE: return copy_messages(arena, member, 1, at);
	case MARKET__MEMBER_MESSAGES:
		memcpy(&n, at + member->extra, sizeof(n));
		return copy_messages(arena, member, n, at);
	case MARKET__MEMBER_INLINE:
	case MARKET__MEMBER_PRESENT:
		return copy_members(arena, member->layout, at);
	case MARKET__MEMBER_HEADER:
	case MARKET__MEMBER_U32:
	case MARKET__MEMBER_U64:
	case MARKET__MEMBER_I64:
	case MARKET__MEMBER_BOOL: break;
	}
	return true;
}

/* The struct is a copy; what it points at is not yet. */
static bool
copy_members(
    market__arena_t *arena, const market__layout_t *layout, uint8_t *at)
{
	size_t i;

	for (i = 0; i < layout->n_members; i++)
		if (!copy_member(arena, &layout->members[i], at))
			return false;
	return true;
}

const market__message_t *
market__message_copy(const market__message_t *message, market__arena_t *arena)
{
	const market__layout_t *layout = market__layout_of(message->kind);
	market__message_t *copy = copy_array(
	    arena, message, 1, offsetof(market__message_t, of) + layout->size);

	if (copy == NULL ||
	    !copy_members(
		arena, &market__header_layout, (uint8_t *)&copy->header) ||
	    !copy_members(arena, layout, (uint8_t *)&copy->of))
		return NULL;
	return copy;
}

/* ---- the envelope ---- */

/* From one copy of all bytes into the other, where it lies in them. */
static bool
move_text(market__arena_t *arena, market_slice_t from, market_slice_t to,
    market_slice_t *text)
{
	if (from.ptr == NULL || text->len == 0)
		return copy_text(arena, (uint8_t *)text);
	text->ptr = to.ptr + (text->ptr - from.ptr);
	return true;
}

bool
market__envelope_copy(const market__envelope_t *envelope,
    market__arena_t *arena, market__envelope_t *ret_copy)
{
	market__envelope_t copy = *envelope;
	market_slice_t from = envelope->packed;
	size_t i;

	if (!copy_text(arena, (uint8_t *)&copy.packed) ||
	    !move_text(arena, from, copy.packed, &copy.payload) ||
	    !move_text(arena, from, copy.packed, &copy.payload_type))
		return false;
	copy.signatures = copy_array(arena, envelope->signatures,
	    envelope->n_signatures, sizeof(*copy.signatures));
	if (copy.signatures == NULL)
		return false;
	for (i = 0; i < copy.n_signatures; i++)
		if (!move_text(
			arena, from, copy.packed, &copy.signatures[i].keyid) ||
		    !move_text(
			arena, from, copy.packed, &copy.signatures[i].sig))
			return false;
	*ret_copy = copy;
	return true;
}
