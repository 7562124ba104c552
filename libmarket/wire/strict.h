/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the strict check: the state of one run, and what reads single values
 * (strict_value.c) for what knows messages and fields (strict.c).
 */
#ifndef MARKET_WIRE_STRICT_H
#define MARKET_WIRE_STRICT_H

#include "wire/descriptors.h"

/* One message that is open. */
typedef struct market__frame {
	const ProtobufCMessageDescriptor *type;
	/* The last one read; NULL where there is none, or an extension. */
	const ProtobufCFieldDescriptor *field;
	size_t end;
	size_t count;    /* elements of `field` so far */
	uint64_t seen;   /* one bit for each of type->fields */
	uint32_t number; /* of the last field */
} market__frame_t;

typedef struct market__scan {
	const market__strict_rules_t *rules;
	const uint8_t *bytes;
	size_t pos;
	size_t tag; /* where the field at hand begins */
	size_t elements;
	size_t depth;  /* index of the innermost frame */
	bool in_field; /* is that frame's field part of the path? */
	market_error_t *reterr;
	market__frame_t frames[MARKET__DEPTH_MAX];
	char path[MARKET_ERROR_PATH_MAX];
} market__scan_t;

#define MARKET__STRICT_FAIL(s, status, offset, ...)                  \
	market__error((s)->reterr, (status), market__strict_path(s), \
	    (int64_t)(offset), __VA_ARGS__)

/* The field at hand in the schema's names; empty for the message itself. */
const char *market__strict_path(market__scan_t *s);

/* Reads one number before `end`; `what` begins the sentence of an error. */
market_status_t market__strict_varint(
    market__scan_t *s, size_t end, const char *what, uint64_t *ret);
/* Reads a length; on success that many bytes are there. */
market_status_t market__strict_length(market__scan_t *s, size_t *ret);
market_status_t market__strict_fixed(
    market__scan_t *s, size_t end, size_t size, bool *ret_zero);

/* Counts one element or sub-message. */
market_status_t market__strict_element(market__scan_t *s, size_t offset);
/* Counts one more element of the repeated field at hand. */
market_status_t market__strict_repeated(market__scan_t *s, size_t offset);

/* Are several values of this type written as one packed run? */
bool market__strict_packable(const ProtobufCFieldDescriptor *field);

/* Values, behind their tag: one scalar, a packed run, a string or bytes. */
market_status_t market__strict_single(
    market__scan_t *s, const ProtobufCFieldDescriptor *field);
market_status_t market__strict_packed(
    market__scan_t *s, const ProtobufCFieldDescriptor *field);
market_status_t market__strict_bytes(
    market__scan_t *s, const ProtobufCFieldDescriptor *field);

#endif
