/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t fault_count;

/* ---- building ---- */

void
fault_add(sample_writer_t *w, sample_writer_t *inner)
{
	ck_assert_uint_le(inner->len, w->room - w->len);
	if (inner->len > 0)
		memcpy(w->data + w->len, inner->data, inner->len);
	w->len += inner->len;
}

/* The message at `place` holds `bytes`; returns where they begin. */
static sample_writer_t
fault_whole(const place_t *place, const sample_writer_t *bytes, size_t *ret_at)
{
	sample_writer_t inner, outer;
	size_t i;

	sample_writer_init(&inner, ROOM);
	memcpy(inner.data, bytes->data, bytes->len);
	inner.len = bytes->len;
	for (i = place->n_steps; i-- > 0;) {
		sample_writer_init(&outer, ROOM);
		sample_nest(&outer, place->steps[i]->id, inner.data, inner.len);
		free(inner.data);
		inner = outer;
	}
	/* The header is the first field of each statement. */
	sample_writer_init(&outer, ROOM);
	if (place->n_steps == 0 || place->steps[0]->id != 1)
		sample_add(&outer, "H");
	fault_add(&outer, &inner);
	free(inner.data);
	*ret_at = outer.len - bytes->len;
	return outer;
}

void
fault_path(
    const place_t *place, field_t *field, named_t named, char *out, size_t size)
{
	size_t i, len = 0;

	out[0] = '\0';
	for (i = 0; i < place->n_steps; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s%s",
		    i > 0 ? "." : "", place->steps[i]->name,
		    place->steps[i]->label == PROTOBUF_C_LABEL_REPEATED ? "[0]"
									: "");
	if (named == UNNAMED)
		return;
	snprintf(out + len, size - len, "%s%s%s", i > 0 ? "." : "", field->name,
	    named == ELEMENT_0 ? "[0]" : "");
}

size_t
fault_tag_len(field_t *field)
{
	return field->id < 16 ? 1 : 2;
}

void
fault_put_tag(sample_writer_t *w, field_t *field, unsigned wire_type)
{
	sample_varint(w, (uint64_t)field->id << 3 | wire_type);
}

/* ---- asserting ---- */

market_status_t
fault_check(const place_t *place, const sample_writer_t *bytes, size_t *ret_at,
    market_error_t *error)
{
	sample_writer_t w = fault_whole(place, bytes, ret_at);
	market_status_t status;

	status = market__strict_check(place->kind, sample_slice(&w), error);
	free(w.data);
	return status;
}

void
fault_refused(const place_t *place, field_t *field, const char *id,
    sample_writer_t *bytes, market_status_t want, named_t named, at_t at)
{
	market_error_t error = MARKET_ERROR_INIT;
	char path[MARKET_ERROR_PATH_MAX];
	size_t start = 0, offset;
	market_status_t got = fault_check(place, bytes, &start, &error);

	offset = start;
	if (at != AT_TAG)
		offset += fault_tag_len(field);
	if (at == AT_INSIDE)
		offset += 1;
	fault_path(place, field, named, path, sizeof(path));
	ck_assert_msg(got == want && strcmp(error.path, path) == 0 &&
		error.offset == (int64_t)offset && error.message[0] != '\0',
	    "%s in %s.%s: %s at [%s] %lld (want [%s] %zu): %s", id,
	    place->type->short_name, field->name, market_status_name(got),
	    error.path, (long long)error.offset, path, offset, error.message);
	free(bytes->data);
	fault_count++;
}

void
fault_accepted(const place_t *place, field_t *field, sample_writer_t *bytes)
{
	market_error_t error = MARKET_ERROR_INIT;
	size_t at = 0;

	ck_assert_msg(fault_check(place, bytes, &at, &error) == MARKET_OK,
	    "the twin in %s.%s: [%s] %s", place->type->short_name, field->name,
	    error.path, error.message);
	free(bytes->data);
}

/* ---- what a field is ---- */

bool
fault_is_text(field_t *field)
{
	return field->type == PROTOBUF_C_TYPE_STRING ||
	    field->type == PROTOBUF_C_TYPE_BYTES;
}

bool
fault_is_message(field_t *field)
{
	return field->type == PROTOBUF_C_TYPE_MESSAGE;
}

bool
fault_is_repeated(field_t *field)
{
	return field->label == PROTOBUF_C_LABEL_REPEATED;
}

bool
fault_is_packed(field_t *field)
{
	return fault_is_repeated(field) && !fault_is_text(field) &&
	    !fault_is_message(field);
}

bool
fault_is_delimited(field_t *field)
{
	return fault_is_text(field) || fault_is_message(field) ||
	    fault_is_repeated(field);
}

bool
fault_is_in_oneof(field_t *field)
{
	return (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
}

/* An empty text in a list is a text; in a oneof it says which one is set. */
bool
fault_has_default(field_t *field)
{
	return !fault_is_message(field) && !fault_is_in_oneof(field) &&
	    (!fault_is_repeated(field) || fault_is_packed(field));
}

sample_writer_t
fault_good(field_t *field)
{
	sample_writer_t w;

	sample_writer_init(&w, ROOM);
	fault_put_tag(&w, field, fault_is_delimited(field) ? 2 : 0);
	sample_add(&w,
	    fault_is_message(field)      ? "00"
		: fault_is_text(field)   ? "01 61"
		: fault_is_packed(field) ? "01 01"
					 : "01");
	return w;
}

sample_writer_t
fault_with(field_t *field, const char *rest)
{
	sample_writer_t w;

	sample_writer_init(&w, ROOM);
	fault_put_tag(&w, field, fault_is_delimited(field) ? 2 : 0);
	sample_add(&w, rest);
	return w;
}
