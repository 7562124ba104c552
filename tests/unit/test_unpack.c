/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"
#include "samples.h"
#include "wire/layout.h"

#include "market/v1/hold.pb-c.h"
#include "market/v1/offer.pb-c.h"
#include "market/v1/product.pb-c.h"
#include "market/v1/trust_root.pb-c.h"
#include "market/v1/withdrawal.pb-c.h"

/* One payload, unpacked; clear() gives all of it back. */
typedef struct unpacked {
	harness_memory_t memory;
	market__arena_t arena;
	const market__message_t *message;
	market_status_t status;
	market_error_t error;
} unpacked_t;

static void
unpack(unpacked_t *u, market_kind_t kind, market_slice_t payload)
{
	memset(u, 0, sizeof(*u));
	harness_memory_init(&u->memory);
	market__arena_init(
	    &u->arena, &u->memory.allocator, MARKET__PARSE_BUDGET(payload.len));
	u->status = market__message_unpack(
	    kind, payload, &u->arena, &u->message, &u->error);
}

static void
clear(unpacked_t *u)
{
	market__arena_clear(&u->arena);
	ck_assert_uint_eq(u->memory.live, 0);
}

/* Unpacks bytes written as text, which must be good. */
static void
unpack_text(unpacked_t *u, market_kind_t kind, const char *text)
{
	size_t len;
	uint8_t *bytes = sample_bytes(text, &len);

	unpack(u, kind, market__slice(bytes, len));
	ck_assert_msg(u->status == MARKET_OK, "%s", u->error.message);
	free(bytes);
}

static bool
fits(const ProtobufCFieldDescriptor *field, const market__member_t *member)
{
	const bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;

	switch (member->type) {
	case MARKET__MEMBER_HEADER:
		return field->type == PROTOBUF_C_TYPE_MESSAGE && field->id == 1;
	case MARKET__MEMBER_TEXT:
	case MARKET__MEMBER_SLICES:
		return (field->type == PROTOBUF_C_TYPE_STRING ||
			   field->type == PROTOBUF_C_TYPE_BYTES) &&
		    repeated == (member->type == MARKET__MEMBER_SLICES);
	case MARKET__MEMBER_NUMBERS:
	case MARKET__MEMBER_U32:
		return (field->type == PROTOBUF_C_TYPE_UINT32 ||
			   field->type == PROTOBUF_C_TYPE_ENUM) &&
		    repeated == (member->type == MARKET__MEMBER_NUMBERS) &&
		    (repeated || member->size == sizeof(uint32_t));
	case MARKET__MEMBER_U64:
		return field->type == PROTOBUF_C_TYPE_UINT64 && !repeated;
	case MARKET__MEMBER_I64:
		return field->type == PROTOBUF_C_TYPE_INT64 && !repeated;
	case MARKET__MEMBER_BOOL:
		return field->type == PROTOBUF_C_TYPE_BOOL && !repeated;
	case MARKET__MEMBER_MESSAGE:
	case MARKET__MEMBER_MESSAGES:
	case MARKET__MEMBER_INLINE:
	case MARKET__MEMBER_PRESENT: break;
	}
	return field->type == PROTOBUF_C_TYPE_MESSAGE &&
	    field->descriptor == member->layout->source &&
	    repeated == (member->type == MARKET__MEMBER_MESSAGES);
}

static void
check_layout(const market__layout_t *layout)
{
	const ProtobufCFieldDescriptor *field;
	const market__member_t *member;
	size_t i;

	ck_assert_msg(layout->n_members == layout->source->n_fields,
	    "%s has a field without a row", layout->source->name);
	for (i = 0; i < layout->n_members; i++) {
		field = &layout->source->fields[i];
		member = &layout->members[i];
		ck_assert_msg(strcmp(field->name, member->name) == 0 &&
			fits(field, member),
		    "%s.%s and row %s", layout->source->name, field->name,
		    member->name);
		if (member->type != MARKET__MEMBER_HEADER)
			ck_assert_uint_le(
			    member->offset + member->size, layout->size);
		if (member->layout != NULL)
			check_layout(member->layout);
	}
}

START_TEST(layout_has_a_row_for_each_field)
{
	const market_kind_t kind = (market_kind_t)_i;

	check_layout(market__layout_of(kind));
	ck_assert_ptr_eq(
	    market__layout_of(kind)->source, market__kind_descriptor(kind));
	ck_assert_uint_le(market__layout_of(kind)->size,
	    sizeof(((market__message_t *)0)->of));
}
END_TEST

/* Each member is something after each field was something. */
static void
check_filled(const market__layout_t *layout, const uint8_t *at)
{
	static const uint8_t zero[64];
	const market__member_t *member;
	const uint8_t *inner;
	size_t i;

	for (i = 0; i < layout->n_members; i++) {
		member = &layout->members[i];
		/* One of a oneof alone is set; that has a test of its own. */
		if ((layout->source->fields[i].flags &
			PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
			continue;
		ck_assert_uint_le(member->size, sizeof(zero));
		ck_assert_msg(member->type == MARKET__MEMBER_HEADER ||
			member->type == MARKET__MEMBER_INLINE ||
			memcmp(at +
				(member->type == MARKET__MEMBER_PRESENT
					? member->extra
					: member->offset),
			    zero, member->size) != 0,
		    "%s.%s stayed empty", layout->source->name, member->name);
		if (member->type == MARKET__MEMBER_INLINE ||
		    member->type == MARKET__MEMBER_PRESENT)
			check_filled(member->layout, at);
		if (member->type != MARKET__MEMBER_MESSAGE &&
		    member->type != MARKET__MEMBER_MESSAGES)
			continue;
		memcpy(&inner, at + member->offset, sizeof(inner));
		check_filled(member->layout, inner);
		if (member->type == MARKET__MEMBER_MESSAGES)
			check_filled(
			    member->layout, inner + member->layout->size);
	}
}

START_TEST(unpack_fills_each_member)
{
	const market_kind_t kind = (market_kind_t)_i;
	size_t len;
	uint8_t *bytes = sample_packed(market__kind_descriptor(kind), 0, &len);
	unpacked_t u;

	unpack(&u, kind, market__slice(bytes, len));
	free(bytes);
	ck_assert_msg(u.status == MARKET_OK, "%s", u.error.message);
	ck_assert_int_eq(u.message->kind, kind);
	ck_assert(u.message->has_header);
	check_filled(
	    &market__header_layout, (const uint8_t *)&u.message->header);
	check_filled(market__layout_of(kind), (const uint8_t *)&u.message->of);
	ck_assert(market__slice_is(u.message->header.issuer, "issuer0"));
	ck_assert(market__slice_is(u.message->header.id, "id0"));
	ck_assert_uint_eq(
	    u.message->header.revision, UINT64_C(0x123456789) + 3);
	clear(&u);
}
END_TEST

START_TEST(unpack_gives_an_offer_as_it_was_written)
{
	const market__offer_t *offer;
	size_t len;
	uint8_t *bytes = sample_packed(&market__v1__offer__descriptor, 0, &len);
	unpacked_t u;

	unpack(&u, MARKET_KIND_OFFER, market__slice(bytes, len));
	/* Nothing points into the caller's bytes. */
	memset(bytes, 0xff, len);
	free(bytes);
	offer = &u.message->of.offer;
	ck_assert(market__slice_is(offer->brand, "brand0"));
	ck_assert(market__slice_is(offer->description, "description0"));
	ck_assert_uint_eq(offer->territories.n, 2);
	ck_assert(market__slice_is(offer->territories.v[0], "territories0"));
	ck_assert(market__slice_is(offer->territories.v[1], "territories1"));
	ck_assert_int_eq(offer->condition, MARKET_CONDITION_ANY);
	ck_assert_uint_eq(offer->channels.n, 2);
	ck_assert_uint_eq(offer->channels.v[0], MARKET_CHANNEL_ANY);
	ck_assert_uint_eq(offer->channels.v[1], MARKET_CHANNEL_ONLINE_STORE);
	ck_assert(offer->has_price);
	ck_assert(market__slice_is(offer->currency_code, "currency_code0"));
	ck_assert_int_eq(offer->amount_micros, INT64_C(0x123456789) + 2);
	ck_assert_uint_eq(offer->quantity, UINT64_C(0x123456789) + 14);
	ck_assert_uint_eq(offer->return_days, 325);
	ck_assert_uint_eq(offer->n_regulatory_ids, 2);
	ck_assert(market__slice_is(offer->regulatory_ids[1].value, "value0"));
	clear(&u);
}
END_TEST

START_TEST(unpack_gives_a_trust_root_as_it_was_written)
{
	const market__trust_root_t *root;
	const market__party_t *party;
	size_t len;
	uint8_t *bytes = sample_packed(
	    &market__v1__trust_root__descriptor, 0, &len);
	unpacked_t u;

	unpack(&u, MARKET_KIND_TRUST_ROOT, market__slice(bytes, len));
	free(bytes);
	root = &u.message->of.trust_root;
	ck_assert_uint_eq(root->root_keys->threshold, 301);
	ck_assert_uint_eq(root->root_keys->n_keys, 2);
	ck_assert_uint_eq(root->root_keys->keys[1].spki.len, 32);
	ck_assert_uint_eq(root->root_keys->keys[1].spki.ptr[31], 0x81);
	ck_assert_int_eq(root->root_keys->keys[0].environment,
	    MARKET_ENVIRONMENT_PRODUCTION);
	ck_assert_uint_eq(root->n_parties, 2);
	party = &root->parties[1];
	ck_assert(market__slice_is(party->display_name, "display_name0"));
	ck_assert_uint_eq(party->n_roles, 2);
	ck_assert_int_eq(party->roles[0].role, MARKET_ROLE_BRAND);
	ck_assert(market__slice_is(party->roles[1].schemes.v[1], "schemes1"));
	ck_assert_uint_eq(party->keys->n_keys, 2);
	clear(&u);
}
END_TEST

START_TEST(unpack_tells_absent_from_empty)
{
	unpacked_t u;

	unpack_text(&u, MARKET_KIND_PRODUCT, "H");
	ck_assert_ptr_null(u.message->of.product.radio);
	ck_assert_uint_eq(u.message->of.product.brand.len, 0);
	ck_assert_uint_eq(u.message->of.product.gtins.n, 0);
	clear(&u);
	unpack_text(&u, MARKET_KIND_PRODUCT, "H 52 00");
	ck_assert_ptr_nonnull(u.message->of.product.radio);
	ck_assert_uint_eq(u.message->of.product.radio->lte_bands.n, 0);
	clear(&u);
	unpack_text(&u, MARKET_KIND_PRODUCT, "H 52 04 1a 02 04 0c");
	ck_assert_uint_eq(u.message->of.product.radio->lte_bands.n, 2);
	ck_assert_uint_eq(u.message->of.product.radio->lte_bands.v[1], 12);
	clear(&u);
	unpack_text(&u, MARKET_KIND_OFFER, "H");
	ck_assert(!u.message->of.offer.has_price);
	clear(&u);
	unpack_text(&u, MARKET_KIND_OFFER, "H 62 00");
	ck_assert(u.message->of.offer.has_price);
	ck_assert_int_eq(u.message->of.offer.amount_micros, 0);
	clear(&u);
	unpack_text(&u, MARKET_KIND_OFFER, "H 62 0b 10 ff*9 01");
	ck_assert_int_eq(u.message->of.offer.amount_micros, -1);
	clear(&u);
	unpack_text(&u, MARKET_KIND_AUTHORIZATION, "H");
	ck_assert_ptr_null(u.message->of.authorization.scope);
	ck_assert_ptr_null(u.message->of.authorization.grantee_keys);
	clear(&u);
	unpack_text(&u, MARKET_KIND_HOLD, "H 12 03 1a 01 78 28 01");
	ck_assert(market__slice_is(u.message->of.hold.model, "x"));
	ck_assert_uint_eq(u.message->of.hold.seller.len, 0);
	ck_assert(u.message->of.hold.final);
	clear(&u);
	unpack_text(&u, MARKET_KIND_POLICY, "0a 00");
	ck_assert(u.message->has_header);
	ck_assert_uint_eq(u.message->header.issuer.len, 0);
	clear(&u);
}
END_TEST

START_TEST(unpack_tells_the_members_of_a_oneof_apart)
{
	const market__withdrawal_t *w;
	unpacked_t u;

	unpack_text(&u, MARKET_KIND_WITHDRAWAL, "H 28 01");
	ck_assert_int_eq(
	    u.message->of.withdrawal.what, MARKET__WITHDRAWAL_NOTHING);
	clear(&u);
	unpack_text(&u, MARKET_KIND_WITHDRAWAL, "H 12 02 61 62");
	w = &u.message->of.withdrawal;
	ck_assert_int_eq(w->what, MARKET__WITHDRAWAL_DIGEST);
	ck_assert(market__slice_is(w->target_digest, "ab"));
	ck_assert_uint_eq(w->target_key.len, 0);
	clear(&u);
	unpack_text(&u, MARKET_KIND_WITHDRAWAL, "H 22 02 61 62 38 05");
	w = &u.message->of.withdrawal;
	ck_assert_int_eq(w->what, MARKET__WITHDRAWAL_KEY);
	ck_assert(market__slice_is(w->target_key, "ab"));
	ck_assert_uint_eq(w->target_digest.len, 0);
	ck_assert_int_eq(w->effective_at, 5);
	clear(&u);
	unpack_text(&u, MARKET_KIND_WITHDRAWAL,
	    "H 1a 09 0a 01 6b 12 01 69 1a 01 6e 28 06");
	w = &u.message->of.withdrawal;
	ck_assert_int_eq(w->what, MARKET__WITHDRAWAL_NAME);
	ck_assert(market__slice_is(w->target_kind, "k"));
	ck_assert(market__slice_is(w->target_issuer, "i"));
	ck_assert(market__slice_is(w->target_id, "n"));
	ck_assert_int_eq(w->reason, MARKET_WITHDRAWAL_REASON_POLICY);
	clear(&u);
	unpack_text(&u, MARKET_KIND_WITHDRAWAL, "H 22 00");
	ck_assert_int_eq(u.message->of.withdrawal.what, MARKET__WITHDRAWAL_KEY);
	clear(&u);
}
END_TEST

START_TEST(unpack_ignores_extensions)
{
	unpacked_t u;

	unpack_text(&u, MARKET_KIND_OFFER,
	    "0a 06 0a 01 61 c0 3e 01 12 01 62 c2 3e 02 ff fe d9 44 00*8");
	ck_assert(market__slice_is(u.message->of.offer.brand, "b"));
	clear(&u);
}
END_TEST

START_TEST(unpack_refuses_what_the_strict_check_refuses)
{
	const market__message_t *message = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	market__arena_t arena;

	market__arena_init(&arena, &market__default_allocator, 65536);
	ck_assert_int_eq(
	    market__message_unpack(MARKET_KIND_OFFER,
		market__slice("\x0a\x00\x00", 3), &arena, &message, &error),
	    MARKET_E_ENCODING);
	ck_assert_int_eq(error.offset, 2);
	ck_assert_ptr_null(message);
	ck_assert_ptr_null(arena.blocks);
	ck_assert_int_eq(
	    market__message_unpack(MARKET_KIND_NONE,
		market__slice("\x0a\x00", 2), &arena, &message, NULL),
	    MARKET_E_ARGUMENT);
	market__arena_clear(&arena);
}
END_TEST

/* "Too much" is not "malformed", though protobuf-c says NULL for both. */
START_TEST(unpack_tells_limit_from_memory)
{
	const market__message_t *message = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	harness_memory_t memory;
	market__arena_t arena;
	market_status_t got = MARKET_E_MEMORY;
	size_t len, budget, i;
	uint8_t *bytes = sample_packed(
	    market__kind_descriptor(MARKET_KIND_OFFER), 0, &len);

	for (budget = 0; got != MARKET_OK; budget += 50) {
		message = NULL;
		market__arena_init(&arena, &market__default_allocator, budget);
		got = market__message_unpack(MARKET_KIND_OFFER,
		    market__slice(bytes, len), &arena, &message, &error);
		ck_assert_int_eq(got == MARKET_OK, message != NULL);
		market__arena_clear(&arena);
		if (got == MARKET_OK)
			break;
		ck_assert_int_eq(got, MARKET_E_LIMIT);
		ck_assert_ptr_nonnull(strstr(error.message, "limit: memory"));
	}
	ck_assert_uint_gt(budget, 1000);
	got = MARKET_E_MEMORY;
	for (i = 0; got != MARKET_OK; i++) {
		harness_memory_init(&memory);
		memory.fail_at = i;
		market__arena_init(
		    &arena, &memory.allocator, MARKET__PARSE_BUDGET(len));
		got = market__message_unpack(MARKET_KIND_OFFER,
		    market__slice(bytes, len), &arena, &message, &error);
		ck_assert(got == MARKET_OK || got == MARKET_E_MEMORY);
		market__arena_clear(&arena);
		ck_assert_uint_eq(memory.live, 0);
	}
	ck_assert_uint_gt(i, 1);
	free(bytes);
}
END_TEST

/* A message at its limits is not refused for the memory that it needs. */
START_TEST(unpack_has_room_for_a_full_message)
{
	static const struct {
		market_kind_t kind;
		uint32_t number;
		size_t len, count;
	} full[] = {
		{ MARKET_KIND_CERTIFICATION, 8, 2, MARKET__ELEMENTS_MAX },
		{ MARKET_KIND_NETWORK, 6, 2, MARKET__ELEMENTS_MAX },
		{ MARKET_KIND_FEED, 5, 12, MARKET__ELEMENTS_LARGE_MAX },
		{ MARKET_KIND_STATUS, 3, 32, 30000 },
	};
	sample_writer_t w;
	unpacked_t u;
	size_t i, n;

	for (i = 0; i < MARKET__COUNT(full); i++) {
		sample_writer_init(&w, MARKET__ENVELOPE_LARGE_MAX);
		sample_add(&w, "H");
		for (n = 1; n < full[i].count; n++)
			sample_field(&w, full[i].number, 'U', full[i].len);
		unpack(&u, full[i].kind, sample_slice(&w));
		ck_assert_msg(u.status == MARKET_OK, "%s: %s",
		    market_kind_name(full[i].kind), u.error.message);
		free(w.data);
		clear(&u);
	}
}
END_TEST

START_TEST(kinds_are_found_by_their_names)
{
	char type[96];
	int i, n = 0;

	for (i = MARKET_KIND_TRUST_ROOT; i <= MARKET_KIND_FEED; i++, n++) {
		const char *name = market_kind_name((market_kind_t)i);

		ck_assert_int_eq(market_kind_find(name), i);
		snprintf(type, sizeof(type),
		    "application/vnd.libmarket.%s.v1+protobuf", name);
		ck_assert_str_eq(market__payload_type((market_kind_t)i), type);
		ck_assert_uint_ne(MARKET_KINDS(i) & MARKET_KINDS_ALL, 0);
	}
	ck_assert_int_eq(n, 14);
	ck_assert_ptr_null(market_kind_name(MARKET_KIND_NONE));
	ck_assert_ptr_null(market_kind_name((market_kind_t)15));
	ck_assert_ptr_null(market__payload_type(MARKET_KIND_NONE));
	ck_assert_ptr_null(market__payload_type((market_kind_t)-1));
	ck_assert_ptr_null(market__layout_of(MARKET_KIND_NONE));
	ck_assert_ptr_null(market__kind_descriptor((market_kind_t)15));
	ck_assert_int_eq(market_kind_find("Offer"), MARKET_KIND_NONE);
	ck_assert_int_eq(market_kind_find(""), MARKET_KIND_NONE);
	ck_assert_int_eq(market_kind_find(NULL), MARKET_KIND_NONE);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("unpack");
	TCase *tcase = tcase_create("unpack");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, layout_has_a_row_for_each_field,
	    MARKET_KIND_TRUST_ROOT, MARKET_KIND_FEED + 1);
	tcase_add_loop_test(tcase, unpack_fills_each_member,
	    MARKET_KIND_TRUST_ROOT, MARKET_KIND_FEED + 1);
	tcase_add_test(tcase, unpack_gives_an_offer_as_it_was_written);
	tcase_add_test(tcase, unpack_gives_a_trust_root_as_it_was_written);
	tcase_add_test(tcase, unpack_tells_absent_from_empty);
	tcase_add_test(tcase, unpack_tells_the_members_of_a_oneof_apart);
	tcase_add_test(tcase, unpack_ignores_extensions);
	tcase_add_test(tcase, unpack_refuses_what_the_strict_check_refuses);
	tcase_add_test(tcase, unpack_tells_limit_from_memory);
	tcase_add_test(tcase, unpack_has_room_for_a_full_message);
	tcase_add_test(tcase, kinds_are_found_by_their_names);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
