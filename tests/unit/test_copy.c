/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy says what was copied, to the last field of each kind, and shares no
 * byte with it; what is kept of a statement is one block of memory.
 */
#include <stdlib.h>

#include "harness.h"
#include "samples.h"
#include "wire/layout.h"
#include "wire/wire.h"

#include <market/statement.h>

#define VARIANTS 4 /* members of a oneof, and one more */

/* ---- two messages that say the same ---- */

static void
same_text(const uint8_t *a, const uint8_t *b, const char *name)
{
	market_slice_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	ck_assert_msg(market__slice_equal(x, y), "%s", name);
	ck_assert_msg((x.ptr == NULL) == (y.ptr == NULL), "%s", name);
	/* Empty text is a constant. */
	ck_assert_msg(x.len == 0 || x.ptr != y.ptr, "%s is shared", name);
	ck_assert_msg(y.ptr == NULL || y.ptr[y.len] == '\0', "%s", name);
}

static void
same_slices(const uint8_t *a, const uint8_t *b, const char *name)
{
	market__slices_t x, y;
	size_t i;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	ck_assert_msg(x.n == y.n && (x.n == 0 || x.v != y.v), "%s", name);
	for (i = 0; i < x.n; i++)
		same_text(
		    (const uint8_t *)&x.v[i], (const uint8_t *)&y.v[i], name);
}

static void
same_numbers(const uint8_t *a, const uint8_t *b, const char *name)
{
	market__numbers_t x, y;
	size_t i;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	ck_assert_msg(x.n == y.n && (x.n == 0 || x.v != y.v), "%s", name);
	for (i = 0; i < x.n; i++)
		ck_assert_uint_eq(x.v[i], y.v[i]);
}

static void same(
    const market__layout_t *layout, const uint8_t *a, const uint8_t *b);

static void
same_messages(
    const market__member_t *member, const uint8_t *a, const uint8_t *b)
{
	const uint8_t *x, *y;
	size_t n = 1, m = 1, i;

	memcpy(&x, a + member->offset, sizeof(x));
	memcpy(&y, b + member->offset, sizeof(y));
	if (member->type == MARKET__MEMBER_MESSAGES) {
		memcpy(&n, a + member->extra, sizeof(n));
		memcpy(&m, b + member->extra, sizeof(m));
	}
	ck_assert_uint_eq(n, m);
	ck_assert((x == NULL) == (y == NULL));
	if (x == NULL)
		return;
	ck_assert_ptr_ne(x, y);
	for (i = 0; i < n; i++)
		same(member->layout, x + i * member->layout->size,
		    y + i * member->layout->size);
}

static void
same(const market__layout_t *layout, const uint8_t *a, const uint8_t *b)
{
	const market__member_t *member;
	const uint8_t *x, *y;
	size_t i;

	for (i = 0; i < layout->n_members; i++) {
		member = &layout->members[i];
		x = a + member->offset;
		y = b + member->offset;
		switch (member->type) {
		case MARKET__MEMBER_HEADER: break;
		case MARKET__MEMBER_TEXT: same_text(x, y, member->name); break;
		case MARKET__MEMBER_SLICES:
			same_slices(x, y, member->name);
			break;
		case MARKET__MEMBER_NUMBERS:
			same_numbers(x, y, member->name);
			break;
		case MARKET__MEMBER_U32:
		case MARKET__MEMBER_U64:
		case MARKET__MEMBER_I64:
		case MARKET__MEMBER_BOOL:
			ck_assert_mem_eq(x, y, member->size);
			break;
		case MARKET__MEMBER_MESSAGE:
		case MARKET__MEMBER_MESSAGES:
			same_messages(member, a, b);
			break;
		case MARKET__MEMBER_PRESENT:
			ck_assert_mem_eq(
			    a + member->extra, b + member->extra, sizeof(bool));
			same(member->layout, a, b);
			break;
		case MARKET__MEMBER_INLINE: same(member->layout, a, b); break;
		}
		/* Which member of a oneof is set. */
		if ((layout->source->fields[i].flags &
			PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
			ck_assert_mem_eq(a + member->extra, b + member->extra,
			    sizeof(uint32_t));
	}
}

static void
same_message(const market__message_t *a, const market__message_t *b)
{
	ck_assert_int_eq(a->kind, b->kind);
	ck_assert_int_eq(a->has_header, b->has_header);
	same(&market__header_layout, (const uint8_t *)&a->header,
	    (const uint8_t *)&b->header);
	same(market__layout_of(a->kind), (const uint8_t *)&a->of,
	    (const uint8_t *)&b->of);
}

/* ---- messages ---- */

static const market__message_t *
unpacked(market_kind_t kind, unsigned variant, market__arena_t *arena)
{
	const market__message_t *message = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	size_t len;
	uint8_t *bytes = sample_packed(
	    market__kind_descriptor(kind), variant, &len);

	ck_assert_msg(market__message_unpack(kind, market__slice(bytes, len),
			  arena, &message, &error) == MARKET_OK,
	    "%s", error.message);
	free(bytes);
	return message;
}

START_TEST(copy_says_what_was_copied)
{
	const market_kind_t kind = (market_kind_t)_i;
	const market__message_t *message, *copy, *again;
	market__arena_t from, to, anew;
	unsigned variant;

	for (variant = 0; variant < VARIANTS; variant++) {
		market__arena_init(&from, &market__default_allocator, 1 << 20);
		market__arena_init(&to, &market__default_allocator, 1 << 20);
		market__arena_init(&anew, &market__default_allocator, 1 << 20);
		message = unpacked(kind, variant, &from);
		copy = market__message_copy(message, &to);
		ck_assert_ptr_nonnull(copy);
		same_message(message, copy);
		/* It stands by itself, and can be copied like any other. */
		market__arena_clear(&from);
		again = market__message_copy(copy, &anew);
		ck_assert_ptr_nonnull(again);
		same_message(copy, again);
		market__arena_clear(&to);
		market__arena_init(&from, &market__default_allocator, 1 << 20);
		same_message(unpacked(kind, variant, &from), again);
		market__arena_clear(&from);
		market__arena_clear(&anew);
	}
}
END_TEST

START_TEST(copy_is_whole_or_none)
{
	const market_kind_t kind = (market_kind_t)_i;
	const market__message_t *message, *copy = NULL;
	market__arena_t from, to;
	size_t budget;

	market__arena_init(&from, &market__default_allocator, 1 << 20);
	message = unpacked(kind, 0, &from);
	for (budget = 0; copy == NULL; budget += 16) {
		ck_assert_uint_lt(budget, 1 << 16);
		market__arena_init(&to, &market__default_allocator, budget);
		copy = market__message_copy(message, &to);
		if (copy == NULL)
			ck_assert_int_eq(
			    market__arena_refusal(&to), MARKET_E_LIMIT);
		else
			same_message(message, copy);
		market__arena_clear(&to);
	}
	ck_assert_uint_gt(budget, 256);
	market__arena_clear(&from);
}
END_TEST

/* ---- statements ---- */

static market_buffer_t
envelope_of(market_kind_t kind, bool json)
{
	market__signature_t signatures[2] = { { market_slice_of("a hint"),
						  market_slice_of("one") },
		{ market__slice(NULL, 0), market_slice_of("another") } };
	market__envelope_t envelope = { .kind = kind,
		.payload_type = market_slice_of(market__payload_type(kind)),
		.signatures = signatures,
		.n_signatures = 2 };
	market_buffer_t bytes = MARKET_BUFFER_INIT;
	size_t len;
	uint8_t *payload = sample_bytes("H", &len);

	envelope.payload = market__slice(payload, len);
	ck_assert_int_eq(market__envelope_write(&envelope, json,
			     &market__default_allocator, &bytes),
	    MARKET_OK);
	free(payload);
	return bytes;
}

static void
same_envelope(const market__envelope_t *a, const market__envelope_t *b)
{
	size_t i;

	ck_assert_int_eq(a->kind, b->kind);
	ck_assert(market__slice_equal(a->payload, b->payload));
	ck_assert(market__slice_equal(a->payload_type, b->payload_type));
	ck_assert(market__slice_equal(a->packed, b->packed));
	ck_assert_uint_eq(a->n_signatures, b->n_signatures);
	for (i = 0; i < a->n_signatures; i++) {
		ck_assert(market__slice_equal(
		    a->signatures[i].keyid, b->signatures[i].keyid));
		ck_assert(market__slice_equal(
		    a->signatures[i].sig, b->signatures[i].sig));
	}
}

START_TEST(envelope_is_copied_in_either_form)
{
	market_buffer_t bytes = envelope_of(MARKET_KIND_OFFER, _i == 1);
	market_buffer_t kept = envelope_of(MARKET_KIND_OFFER, _i == 1);
	market__envelope_t envelope, copy, want;
	market__arena_t from, to;

	market__arena_init(&from, &market__default_allocator, 1 << 20);
	market__arena_init(&to, &market__default_allocator, 1 << 20);
	ck_assert_int_eq(market__envelope_parse(market_buffer_slice(&bytes),
			     MARKET_KINDS_ALL, &from, &envelope, NULL),
	    MARKET_OK);
	ck_assert(market__envelope_copy(&envelope, &to, &copy));
	same_envelope(&envelope, &copy);
	market__arena_clear(&from);
	memset(bytes.data, 'x', bytes.len);
	market__arena_init(&from, &market__default_allocator, 1 << 20);
	ck_assert_int_eq(market__envelope_parse(market_buffer_slice(&kept),
			     MARKET_KINDS_ALL, &from, &want, NULL),
	    MARKET_OK);
	same_envelope(&want, &copy);
	market__arena_clear(&from);
	market__arena_clear(&to);
	market_buffer_clear(&bytes);
	market_buffer_clear(&kept);
}
END_TEST

/* The context's blocks are used again; of each statement, one is its own. */
START_TEST(statement_is_kept_in_one_block)
{
	market_context_options_t options = { .size = sizeof(options) };
	market_statement_t *first = NULL, *second = NULL;
	market_context_t *context = NULL;
	harness_memory_t memory;
	market_buffer_t bytes = envelope_of(MARKET_KIND_OFFER, false);
	size_t live;

	harness_memory_init(&memory);
	options.allocator = memory.allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	ck_assert_int_eq(
	    market_statement_parse(context, market_buffer_slice(&bytes),
		MARKET_KINDS_ALL, &first, NULL),
	    MARKET_OK);
	live = memory.live;
	memory.calls = 0;
	ck_assert_int_eq(
	    market_statement_parse(context, market_buffer_slice(&bytes),
		MARKET_KINDS_ALL, &second, NULL),
	    MARKET_OK);
	ck_assert_uint_eq(memory.calls, 1);
	ck_assert_uint_eq(memory.live, live + 1);
	market_statement_free(first);
	ck_assert_uint_eq(memory.live, live);
	market_statement_free(second);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
	market_buffer_clear(&bytes);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("copy");
	TCase *messages = tcase_create("messages");
	TCase *statements = tcase_create("statements");

	tcase_add_loop_test(messages, copy_says_what_was_copied,
	    MARKET_KIND_TRUST_ROOT, MARKET_KIND_FEED + 1);
	tcase_add_loop_test(messages, copy_is_whole_or_none,
	    MARKET_KIND_TRUST_ROOT, MARKET_KIND_FEED + 1);
	suite_add_tcase(suite, messages);
	tcase_add_loop_test(
	    statements, envelope_is_copied_in_either_form, 0, 2);
	tcase_add_test(statements, statement_is_kept_in_one_block);
	suite_add_tcase(suite, statements);
	return harness_main(suite);
}
