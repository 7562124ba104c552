/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire: strict check, packing and unpacking, DSSE envelopes, JSON. Only
 * this folder knows protobuf-c. Nothing here looks at a signature.
 */
#ifndef MARKET_WIRE_WIRE_H
#define MARKET_WIRE_WIRE_H

#include "wire/message.h"

/* Limits (DESIGN section 3); each is tested at its value and one above. */
#define MARKET__ENVELOPE_MAX       ((size_t)64 * 1024)
#define MARKET__ENVELOPE_LARGE_MAX ((size_t)1024 * 1024)
#define MARKET__DEPTH_MAX          8
#define MARKET__ELEMENTS_MAX       4096
#define MARKET__ELEMENTS_LARGE_MAX 65536
#define MARKET__SIGNATURES_MAX     16
#define MARKET__KEYS_MAX           32
#define MARKET__SIG_MAX            512
#define MARKET__STRING_MAX         1024
#define MARKET__DESCRIPTION_MAX    8192

/* The greatest envelope, in bytes, among the kinds. */
size_t market__envelope_limit(market_kinds_t kinds);

/*
 * Budget of the arena that one envelope is parsed into. The worst that is of
 * use, a list of two-letter territories, takes 30 bytes for one: protobuf-c's
 * record of the field, the text, a pointer to it, and the slice.
 */
#define MARKET__PARSE_BUDGET(envelope_len) ((envelope_len)*40 + 65536)

/*
 * Is `payload` the one encoding of a message of that kind, within all limits?
 * Iterative; allocates nothing. The error has the offset in the payload, the
 * field path in the schema's names, and the cure.
 * MARKET_OK, MARKET_E_ENCODING, MARKET_E_SCHEMA, MARKET_E_LIMIT.
 */
market_status_t market__strict_check(
    market_kind_t kind, market_slice_t payload, market_error_t *reterr);

/* Strict check, then unpack. Also MARKET_E_MEMORY. */
market_status_t market__message_unpack(market_kind_t kind,
    market_slice_t payload, market__arena_t *arena,
    const market__message_t **ret_message, market_error_t *reterr);

/*
 * A copy that stands by itself; NULL: market__arena_refusal(). It ends with the
 * member of its kind: of the union no other may be touched.
 */
const market__message_t *market__message_copy(
    const market__message_t *message, market__arena_t *arena);

/* ---- DSSE ---- */

typedef struct market__signature {
	market_slice_t keyid; /* as the envelope has it: a hint */
	market_slice_t sig;
} market__signature_t;

typedef struct market__envelope {
	market_kind_t kind;
	market_slice_t payload;
	market_slice_t payload_type;
	market_slice_t packed; /* all of it, where it came in protobuf */
	market__signature_t *signatures;
	size_t n_signatures;
} market__envelope_t;

/*
 * Reads an envelope in either form ('{' after white space is JSON). The
 * slices point into `bytes` or the arena. The payload type must name one of
 * the `expected` kinds. MARKET_E_ENCODING, MARKET_E_SCHEMA, MARKET_E_LIMIT,
 * MARKET_E_KIND, MARKET_E_MEMORY, MARKET_E_UNSUPPORTED.
 */
market_status_t market__envelope_parse(market_slice_t bytes,
    market_kinds_t expected, market__arena_t *arena,
    market__envelope_t *ret_envelope, market_error_t *reterr);

/* A copy that stands by itself; false: market__arena_refusal(). */
bool market__envelope_copy(const market__envelope_t *envelope,
    market__arena_t *arena, market__envelope_t *ret_copy);

/* Writes an envelope. MARKET_E_LIMIT, MARKET_E_MEMORY. */
market_status_t market__envelope_write(const market__envelope_t *envelope,
    bool json, const market_allocator_t *allocator, market_buffer_t *ret_bytes);

/* "application/vnd.libmarket.offer.v1+protobuf" */
const char *market__payload_type(market_kind_t kind);

/*
 * The head of DSSE's PAE, up to and including the blank before the payload:
 * "DSSEv1 LEN TYPE LEN ". `out` has MARKET__PAE_HEAD_MAX bytes.
 */
#define MARKET__PAE_HEAD_MAX 160
size_t market__pae_head(
    market_slice_t payload_type, size_t payload_len, char *out);

/* ---- JSON, and access by path ---- */

/* The proto3 JSON mapping of a checked payload; appends to `text`. */
market_status_t market__payload_to_json(market_kind_t kind,
    market_slice_t payload, unsigned indent,
    const market_allocator_t *allocator, market__text_t *text);

typedef struct market__field_value {
	enum {
		MARKET__FIELD_TEXT, /* and bytes */
		MARKET__FIELD_INT,  /* an enum has its name in `text` too */
		MARKET__FIELD_LIST
	} type;
	market_slice_t text; /* into `payload` or static */
	int64_t integer;
	size_t count; /* of a repeated field asked for without an index */
} market__field_value_t;

/*
 * Reads the field at `path` of a checked payload. A repeated field without an
 * index gives its count only; what is absent is empty or zero, as in proto3.
 * MARKET_E_NOT_FOUND (no such field or element), MARKET_E_SCHEMA (a message),
 * MARKET_E_LIMIT (a uint64 above INT64_MAX).
 */
market_status_t market__payload_get(market_kind_t kind, market_slice_t payload,
    const char *path, const market_allocator_t *allocator,
    market__field_value_t *ret_value);

#endif
