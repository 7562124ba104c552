/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The faults of encoding (E4 to E29) in every field of every message of the
 * schema: one message that holds the field alone, once as it should be and
 * once for each fault that its type can have. test_strict.c has the named
 * rows; here no field is forgotten.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault_kit.h"

/* ---- families of faults ---- */

/* A number in more bytes than it needs: of `len` bytes in all. */
static void
put_long(sample_writer_t *w, uint64_t value, size_t len)
{
	char byte[3];
	size_t i;

	for (i = 0; i < len; i++) {
		snprintf(byte, sizeof(byte), "%02x",
		    (unsigned)(value & 0x7f) | (i + 1 < len ? 0x80U : 0));
		sample_add(w, byte);
		value >>= 7;
	}
}

static void
e9_in_2_to_10_bytes(const place_t *place, field_t *field)
{
	const unsigned wire_type = fault_is_delimited(field) ? 2 : 0;
	const uint64_t tag = (uint64_t)field->id << 3 | wire_type;
	sample_writer_t w;
	size_t len;

	for (len = 2; len <= 10; len++) {
		if (len > fault_tag_len(field)) {
			sample_writer_init(&w, ROOM);
			put_long(&w, tag, len);
			sample_add(&w, "01 61");
			fault_refused(
			    place, field, "E9 tag", &w, ENC, UNNAMED, AT_TAG);
		}
		/* The length, or the value. */
		w = fault_with(field, "");
		put_long(&w, fault_is_message(field) ? 0 : 1, len);
		sample_add(&w,
		    fault_is_delimited(field) && !fault_is_message(field) ? "01"
									  : "");
		fault_refused(place, field, "E9 value or length", &w, ENC,
		    fault_is_repeated(field) && !fault_is_packed(field)
			? ELEMENT_0
			: NAMED,
		    AT_BEHIND);
		if (!fault_is_packed(field))
			continue;
		w = fault_with(field, "");
		sample_varint(&w, len);
		put_long(&w, 1, len);
		fault_refused(place, field, "E9 packed value", &w, ENC,
		    ELEMENT_0, AT_INSIDE);
	}
}

static void
e10_above_64_bits(const place_t *place, field_t *field)
{
	static const char *const numbers[] = { "80*10 01", "ff*9 02", "80*9 02",
		"ff*10 01", "ff*9 7f" };
	const named_t named = fault_is_repeated(field) &&
		!fault_is_packed(field)
	    ? ELEMENT_0
	    : NAMED;
	sample_writer_t w;
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		w = fault_with(field, numbers[i]);
		fault_refused(place, field, "E10", &w, ENC, named, AT_BEHIND);
		sample_writer_init(&w, ROOM);
		sample_add(&w, numbers[i]);
		fault_refused(
		    place, field, "E10 tag", &w, ENC, UNNAMED, AT_TAG);
	}
}

static void
e5_e6_given_twice(const place_t *place, field_t *field)
{
	sample_writer_t w = fault_good(field), again = fault_good(field);
	market_error_t error = MARKET_ERROR_INIT;
	char path[MARKET_ERROR_PATH_MAX];
	const size_t len = w.len;
	size_t at = 0;

	fault_add(&w, &again);
	free(again.data);
	if (fault_is_repeated(field) && !fault_is_packed(field)) {
		fault_accepted(place, field, &w);
		return;
	}
	fault_path(place, field, NAMED, path, sizeof(path));
	ck_assert_msg(fault_check(place, &w, &at, &error) == ENC &&
		strcmp(error.path, path) == 0 &&
		error.offset == (int64_t)(at + len),
	    "E5 E6 E28 %s twice: [%s] %lld: %s", path, error.path,
	    (long long)error.offset, error.message);
	free(w.data);
	fault_count++;
}

static void
e14_e15_other_wire_types(const place_t *place, field_t *field)
{
	static const char *const values[8] = { "01", "01 00*7", "01 61", "", "",
		"01 00*3", "01", "01" };
	const unsigned right = fault_is_delimited(field) ? 2 : 0;
	sample_writer_t w;
	unsigned type;

	for (type = 0; type < 8; type++) {
		if (type == right)
			continue;
		sample_writer_init(&w, ROOM);
		fault_put_tag(&w, field, type);
		sample_add(&w, values[type]);
		if (type == 3 || type == 4 || type > 5)
			fault_refused(
			    place, field, "E14", &w, ENC, UNNAMED, AT_TAG);
		else
			fault_refused(
			    place, field, "E15 E28", &w, ENC, NAMED, AT_TAG);
	}
}

static void
e16_lengths(const place_t *place, field_t *field)
{
	static const char *const lengths[] = { "02 61", "01", "7f",
		"80 80 80 80 08 61", "ff*4 0f 61", "80 80 80 80 10 61",
		"ff*9 01 61" };
	sample_writer_t w;
	size_t i;

	if (!fault_is_delimited(field))
		return;
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		w = fault_with(field, lengths[i]);
		fault_refused(place, field, "E16", &w, ENC,
		    fault_is_repeated(field) && !fault_is_packed(field)
			? ELEMENT_0
			: NAMED,
		    AT_BEHIND);
	}
}

/* One value, singular or the only one of a packed run. */
static void
value(const place_t *place, field_t *field, const char *id, const char *hex,
    market_status_t want)
{
	sample_writer_t w, number;
	size_t len;

	sample_writer_init(&number, ROOM);
	sample_add(&number, hex);
	len = number.len;
	w = fault_with(field, "");
	if (fault_is_packed(field))
		sample_varint(&w, len);
	fault_add(&w, &number);
	free(number.data);
	fault_refused(place, field, id, &w, want,
	    fault_is_packed(field) ? ELEMENT_0 : NAMED,
	    fault_is_packed(field) ? AT_INSIDE : AT_BEHIND);
}

static void
e17_to_e20_numbers(const place_t *place, field_t *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_UINT32:
		value(place, field, "E17", "81 80 80 80 10", ENC);
		value(place, field, "E17", "80 80 80 80 10", ENC);
		value(place, field, "E17", "ff*9 01", ENC);
		break;
	case PROTOBUF_C_TYPE_BOOL:
		value(place, field, "E18", "02", ENC);
		value(place, field, "E18", "80*5 20", ENC);
		break;
	case PROTOBUF_C_TYPE_ENUM:
		value(place, field, "E18", "80 80 80 80 08", ENC);
		value(place, field, "E18", "ff*4 f7 ff*4 01", ENC);
		value(place, field, "E19", "63", SCH);
		value(place, field, "E19", "ff*9 01", SCH);
		value(place, field, "E19", "ff ff ff ff 07", SCH);
		if (fault_is_packed(field))
			value(place, field, "E20", "00", SCH);
		break;
	default: break;
	}
}

static void
e21_e22_text(const place_t *place, field_t *field)
{
	static const struct {
		const char *id, *bytes;
	} texts[] = {
		{ "E21", "03 00 61 62" },
		{ "E21", "01 00" },
		{ "E22", "02 ff fe" },
		{ "E22", "03 ed a0 80" },
		{ "E22", "03 ed bf bf" },
		{ "E22", "02 c0 80" },
		{ "E22", "03 e0 80 80" },
		{ "E22", "04 f0 80 80 80" },
		{ "E22", "04 f4 90 80 80" },
		{ "E22", "01 80" },
		{ "E22", "01 c3" },
		{ "E22", "02 e2 82" },
		{ "E22", "03 f0 9f 92" },
	};
	sample_writer_t w;
	size_t i;

	if (field->type != PROTOBUF_C_TYPE_STRING)
		return;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		w = fault_with(field, texts[i].bytes);
		fault_refused(place, field, texts[i].id, &w, ENC,
		    fault_is_repeated(field) ? ELEMENT_0 : NAMED, AT_INSIDE);
	}
	w = fault_with(field, "04 f0 9f 92 a9");
	fault_accepted(place, field, &w);
}

/* The message names who writes such, and what to use. */
static void
e27_explicit_default(const place_t *place, field_t *field)
{
	market_error_t error = MARKET_ERROR_INIT;
	sample_writer_t w;
	size_t at = 0;

	if (!fault_has_default(field))
		return;
	w = fault_with(field, "00");
	ck_assert_int_eq(fault_check(place, &w, &at, &error), ENC);
	ck_assert_msg(strstr(error.message, "protobufjs") != NULL &&
		strstr(error.message, "@bufbuild/protobuf") != NULL &&
		strstr(error.message, "leave the field out") != NULL,
	    "E27 %s: %s", field->name, error.message);
	fault_refused(place, field, "E27 E28", &w, ENC, NAMED, AT_TAG);
}

/* ---- each message by itself ---- */

static void
each_field(const place_t *place, field_t *field)
{
	sample_writer_t twin = fault_good(field);

	fault_accepted(place, field, &twin);
	e9_in_2_to_10_bytes(place, field);
	e10_above_64_bits(place, field);
	e5_e6_given_twice(place, field);
	e14_e15_other_wire_types(place, field);
	e16_lengths(place, field);
	e17_to_e20_numbers(place, field);
	e21_e22_text(place, field);
	e27_explicit_default(place, field);
}

/* Behind field `a`, bytes that may not follow it. */
static void
behind(const place_t *place, field_t *a, const char *id, const char *hex,
    market_status_t want)
{
	market_error_t error = MARKET_ERROR_INIT;
	sample_writer_t w = fault_good(a);
	const size_t len = w.len;
	size_t at = 0;
	market_status_t got;

	sample_add(&w, hex);
	got = fault_check(place, &w, &at, &error);
	ck_assert_msg(got == want && error.offset == (int64_t)(at + len),
	    "%s behind %s.%s: %s at [%s] %lld: %s", id, place->type->short_name,
	    a->name, market_status_name(got), error.path,
	    (long long)error.offset, error.message);
	free(w.data);
	fault_count++;
}

/* Fields of a message in the wrong order, and members of one oneof. */
static void
e7_e26_pairs(const place_t *place, field_t *a, field_t *b)
{
	sample_writer_t w = fault_good(b), first = fault_good(a);
	market_error_t error = MARKET_ERROR_INIT;
	const size_t len = w.len;
	size_t at = 0;

	fault_add(&w, &first);
	ck_assert_msg(fault_check(place, &w, &at, &error) == ENC &&
		error.offset == (int64_t)(at + len),
	    "E26 %s behind %s: %s", a->name, b->name, error.message);
	free(w.data);
	free(first.data);
	fault_count++;
	w = fault_good(a);
	first = fault_good(b);
	fault_add(&w, &first);
	free(first.data);
	if (fault_is_in_oneof(a) && fault_is_in_oneof(b) &&
	    a->quantifier_offset == b->quantifier_offset) {
		ck_assert_msg(fault_check(place, &w, &at, &error) == ENC &&
			strstr(error.message, a->name) != NULL &&
			strstr(error.message, b->name) != NULL,
		    "E7 %s and %s: %s", a->name, b->name, error.message);
		free(w.data);
		fault_count++;
		return;
	}
	fault_accepted(place, b, &w);
}

static void
each_message(const place_t *place)
{
	const ProtobufCMessageDescriptor *type = place->type;
	/* At the top of a statement the header stands before all others. */
	const unsigned first = place->n_steps == 0 ? 1 : 0;
	place_t inner = *place;
	unsigned i, k;

	for (i = first; i < type->n_fields; i++) {
		each_field(place, &type->fields[i]);
		behind(place, &type->fields[i], "E4", "00", ENC);
		behind(place, &type->fields[i], "E4", "80", ENC);
		behind(place, &type->fields[i], "E4", "ff", ENC);
		behind(place, &type->fields[i], "E11", "02 00", ENC);
		behind(place, &type->fields[i], "E25", "b8 3e 01", SCH);
		behind(place, &type->fields[i], "E25", "e0 44 01", SCH);
		for (k = i + 1; k < type->n_fields; k++)
			e7_e26_pairs(place, &type->fields[i], &type->fields[k]);
	}
	for (i = 0; i < type->n_fields; i++) {
		if (!fault_is_message(&type->fields[i]))
			continue;
		ck_assert_uint_lt(place->n_steps, DEEP_MAX);
		inner.type = type->fields[i].descriptor;
		inner.steps[place->n_steps] = &type->fields[i];
		inner.n_steps = place->n_steps + 1;
		each_message(&inner);
	}
}

START_TEST(each_fault_is_refused_in_each_field_of_a_kind)
{
	place_t place;

	memset(&place, 0, sizeof(place));
	place.kind = (market_kind_t)_i;
	place.type = market__kind_descriptor(place.kind);
	each_message(&place);
	/* A kind of one field and a header has some hundreds. */
	ck_assert_uint_gt(fault_count, 500);
}
END_TEST

/* ---- numbers of fields ---- */

static market_status_t
with_tag(uint32_t number_low, const char *hex, market_error_t *error)
{
	sample_writer_t w;
	market_status_t status;

	sample_writer_init(&w, ROOM);
	sample_add(&w, "H");
	if (hex != NULL)
		sample_add(&w, hex);
	else
		sample_varint(&w, (uint64_t)number_low << 3 | 2);
	sample_add(&w, "00");
	status = market__strict_check(
	    MARKET_KIND_OFFER, sample_slice(&w), error);
	ck_assert_int_eq(error->offset, status == MARKET_OK ? -1 : 5);
	free(w.data);
	return status;
}

/* E11, E12, E13: each number that is none, and those that are reserved. */
START_TEST(no_field_number_is_taken_for_another)
{
	market_error_t error = MARKET_ERROR_INIT;
	char hex[64];
	unsigned i;

	/* E11: 0 with each wire type, short and long. */
	for (i = 0; i < 8; i++) {
		snprintf(hex, sizeof(hex), "%02x", i);
		ck_assert_int_eq(with_tag(0, hex, &error), ENC);
		snprintf(hex, sizeof(hex), "%02x 00", i | 0x80);
		ck_assert_int_eq(with_tag(0, hex, &error), ENC);
	}
	/* E12: the fifth byte of 12 80 80 80 xx is brand's tag in 32 bits. */
	for (i = 0x10; i <= 0x7f; i++) {
		snprintf(hex, sizeof(hex), "92 80 80 80 %02x", i);
		ck_assert_int_eq(with_tag(0, hex, &error), ENC);
		ck_assert_ptr_nonnull(strstr(error.message, "2^29-1"));
	}
	for (i = 1; i < 0x10; i++) {
		snprintf(hex, sizeof(hex), "92 80 80 80 %02x", i);
		ck_assert_int_eq(with_tag(0, hex, &error), SCH);
	}
	/* E13 */
	for (i = 19000; i < 20000; i++)
		ck_assert_int_eq(with_tag(i, NULL, &error), SCH);
	/* E25: all that are neither the offer's nor ignorable. */
	for (i = 27; i < 1200; i++)
		if (i < 1000 || i > 1099)
			ck_assert_int_eq(with_tag(i, NULL, &error), SCH);
	error = (market_error_t)MARKET_ERROR_INIT;
	error.offset = -1;
	ck_assert_int_eq(with_tag(1000, NULL, &error), MARKET_OK);
	ck_assert_int_eq(with_tag(1099, NULL, &error), MARKET_OK);
}
END_TEST

/* E34: a length is compared before a byte is read. */
START_TEST(no_length_is_too_great_to_be_refused)
{
	static const size_t lengths[] = {
		MARKET__ENVELOPE_LARGE_MAX + 1,
		INT32_MAX,
		(size_t)INT32_MAX + 1,
		UINT32_MAX,
#if SIZE_MAX > UINT32_MAX
		(size_t)UINT32_MAX + 1,
		(size_t)UINT32_MAX + 65536,
		SIZE_MAX / 2,
#endif
		SIZE_MAX
	};
	market_error_t error;
	size_t i;
	int kind;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		for (kind = MARKET_KIND_TRUST_ROOT; kind <= MARKET_KIND_FEED;
		     kind++) {
			error = (market_error_t)MARKET_ERROR_INIT;
			ck_assert_int_eq(
			    market__strict_check((market_kind_t)kind,
				market__slice("", lengths[i]), &error),
			    MARKET_E_LIMIT);
			ck_assert_ptr_nonnull(
			    strstr(error.message, "limit: envelope"));
		}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("faults_wire");
	TCase *tcase = tcase_create("faults_wire");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase,
	    each_fault_is_refused_in_each_field_of_a_kind,
	    MARKET_KIND_TRUST_ROOT, MARKET_KIND_FEED + 1);
	tcase_add_test(tcase, no_field_number_is_taken_for_another);
	tcase_add_test(tcase, no_length_is_too_great_to_be_refused);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
