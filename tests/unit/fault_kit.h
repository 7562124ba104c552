/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One fault in one field of one message, wherever in the schema that stands:
 * built around it, refused with status, path and offset, beside a good twin.
 */
#ifndef TESTS_UNIT_FAULT_KIT_H
#define TESTS_UNIT_FAULT_KIT_H

#include "harness.h"
#include "samples.h"
#include "wire/descriptors.h"

#define ENC      MARKET_E_ENCODING
#define SCH      MARKET_E_SCHEMA
#define ROOM     512
#define DEEP_MAX MARKET__DEPTH_MAX

typedef const ProtobufCFieldDescriptor field_t;

/* A place in the schema: the sub-messages that lead to a message. */
typedef struct place {
	market_kind_t kind;
	const ProtobufCMessageDescriptor *type;
	field_t *steps[DEEP_MAX];
	size_t n_steps;
} place_t;

/* Where an error must be told. */
typedef enum at {
	AT_TAG,    /* at the field's tag */
	AT_BEHIND, /* behind its tag: the value, or the length */
	AT_INSIDE  /* behind a length of one byte */
} at_t;

typedef enum named {
	NAMED,    /* the path is the field's */
	UNNAMED,  /* ... of the message that holds it */
	ELEMENT_0 /* ... of its first element */
} named_t;

/* How many were refused as they must be. */
extern size_t fault_count;

/* ---- what a field is ---- */

bool fault_is_text(field_t *field); /* or bytes */
bool fault_is_message(field_t *field);
bool fault_is_repeated(field_t *field);
bool fault_is_packed(field_t *field);
bool fault_is_delimited(field_t *field);
bool fault_is_in_oneof(field_t *field);
/* Is there an encoding of its default, which may not be written? */
bool fault_has_default(field_t *field);
size_t fault_tag_len(field_t *field);

/* ---- its bytes ---- */

void fault_add(sample_writer_t *w, sample_writer_t *inner);
void fault_put_tag(sample_writer_t *w, field_t *field, unsigned wire_type);
/* The field as it should be: "a", 1, [1] or an empty message. */
sample_writer_t fault_good(field_t *field);
/* Its tag, as it should be, and what is told behind it. */
sample_writer_t fault_with(field_t *field, const char *rest);

/* ---- at its place ---- */

void fault_path(const place_t *place, field_t *field, named_t named, char *out,
    size_t size);
/* Checks the message around `bytes`, which begin at *ret_at. */
market_status_t fault_check(const place_t *place, const sample_writer_t *bytes,
    size_t *ret_at, market_error_t *error);
/* `bytes` are refused with that status, at that place; frees them. */
void fault_refused(const place_t *place, field_t *field, const char *id,
    sample_writer_t *bytes, market_status_t want, named_t named, at_t at);
void fault_accepted(
    const place_t *place, field_t *field, sample_writer_t *bytes);

#endif
