/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DSSE v1.0.2: which form it is, the protobuf form, what both must hold, and
 * the head of the pre-authentication encoding.
 */
#include <stdio.h>

#include "wire/descriptors.h"
#include "wire/envelope.h"
#include "wire/walk.h"

#include "dsse/v1/envelope.pb-c.h"

#define TYPE_PREFIX "application/vnd.libmarket."

/* Fields of dsse/v1/envelope.proto. */
#define PAYLOAD      1
#define PAYLOAD_TYPE 2
#define SIG          1

/* ---- what both forms must hold ---- */

static market_kind_t
kind_of(market_slice_t payload_type)
{
	const char *text;
	int kind;

	for (kind = 1;
	     (text = market__payload_type((market_kind_t)kind)) != NULL; kind++)
		if (market__slice_is(payload_type, text))
			return (market_kind_t)kind;
	return MARKET_KIND_NONE;
}

/* "offer, feed" */
static void
list_kinds(market_kinds_t kinds, char *out, size_t size)
{
	const char *name;
	size_t len = 0;
	int kind, wrote;

	out[0] = '\0';
	for (kind = 1; (name = market_kind_name((market_kind_t)kind)) != NULL;
	     kind++) {
		if ((kinds & MARKET_KINDS(kind)) == 0 || len >= size)
			continue;
		wrote = snprintf(
		    out + len, size - len, "%s%s", len > 0 ? ", " : "", name);
		if (wrote > 0)
			len += (size_t)wrote;
	}
}

static market_status_t
check_type(market__envelope_t *envelope, market_kinds_t expected,
    market_error_t *reterr)
{
	const market_slice_t type = envelope->payload_type;
	const size_t prefix = sizeof(TYPE_PREFIX) - 1;
	char names[256];
	size_t i;

	if (type.len == 0)
		return market__error(reterr, MARKET_E_SCHEMA, "payloadType", -1,
		    "the envelope has no payloadType: give " TYPE_PREFIX
		    "<kind>.v1+protobuf");
	if (type.len > MARKET__STRING_MAX)
		return market__error(reterr, MARKET_E_LIMIT, "payloadType", -1,
		    "%zu bytes are more than the %d it may hold (limit: "
		    "length)",
		    type.len, MARKET__STRING_MAX);
	/* Implementations of DSSE differ in how they count other characters. */
	for (i = 0; i < type.len; i++)
		if (type.ptr[i] < 0x20 || type.ptr[i] > 0x7e)
			return market__error(reterr, MARKET_E_SCHEMA,
			    "payloadType", -1,
			    "payloadType holds more than printable ASCII: "
			    "write " TYPE_PREFIX "<kind>.v1+protobuf");
	envelope->kind = kind_of(type);
	if (envelope->kind == MARKET_KIND_NONE && type.len > prefix &&
	    memcmp(type.ptr, TYPE_PREFIX, prefix) == 0)
		return market__error(reterr, MARKET_E_KIND, "payloadType", -1,
		    "\"%.*s\" is a kind or version that this library does not "
		    "know; it reads version 1",
		    MARKET__ARG(type));
	if (envelope->kind == MARKET_KIND_NONE)
		return market__error(reterr, MARKET_E_KIND, "payloadType", -1,
		    "\"%.*s\" is no statement of libmarket; theirs "
		    "are " TYPE_PREFIX "<kind>.v1+protobuf",
		    MARKET__ARG(type));
	if ((expected & MARKET_KINDS(envelope->kind)) != 0)
		return MARKET_OK;
	list_kinds(expected, names, sizeof(names));
	return market__error(reterr, MARKET_E_KIND, "payloadType", -1,
	    "the envelope holds a statement of kind %s; expected "
	    "here: %s",
	    market_kind_name(envelope->kind),
	    names[0] != '\0' ? names : "none");
}

static market_status_t
check_signature(
    const market__signature_t *signature, size_t index, market_error_t *reterr)
{
	char path[64];
	size_t i;

	for (i = 0; i < signature->keyid.len; i++)
		if (signature->keyid.ptr[i] < 0x20 ||
		    signature->keyid.ptr[i] == 0x7f)
			break;
	if (signature->sig.len > 0 && signature->sig.len <= MARKET__SIG_MAX &&
	    signature->keyid.len <= MARKET__STRING_MAX &&
	    i == signature->keyid.len)
		return MARKET_OK;
	snprintf(path, sizeof(path), "signatures[%zu].sig", index);
	if (signature->sig.len == 0)
		return market__error(reterr, MARKET_E_SCHEMA, path, -1,
		    "the signature is missing or empty: sign anew, or leave "
		    "this entry out");
	if (signature->sig.len > MARKET__SIG_MAX)
		return market__error(reterr, MARKET_E_LIMIT, path, -1,
		    "a signature of %zu bytes; at most %d (limit: length)",
		    signature->sig.len, MARKET__SIG_MAX);
	snprintf(path, sizeof(path), "signatures[%zu].keyid", index);
	if (signature->keyid.len > MARKET__STRING_MAX)
		return market__error(reterr, MARKET_E_LIMIT, path, -1,
		    "a key id of %zu bytes; at most %d (limit: length)",
		    signature->keyid.len, MARKET__STRING_MAX);
	return market__error(reterr, MARKET_E_SCHEMA, path, -1,
	    "the key id holds a control character: write the hex digits of "
	    "the key's SHA-256, or leave it out");
}

static market_status_t
check_envelope(market__envelope_t *envelope, market_kinds_t expected,
    size_t len, market_error_t *reterr)
{
	market_status_t status;
	size_t i, max;

	status = check_type(envelope, expected, reterr);
	if (status != MARKET_OK)
		return status;
	max = market__envelope_limit(MARKET_KINDS(envelope->kind));
	if (len > max)
		return market__error(reterr, MARKET_E_LIMIT, NULL, -1,
		    "an envelope of %zu bytes; one of kind %s has at most %zu "
		    "(limit: envelope)",
		    len, market_kind_name(envelope->kind), max);
	if (envelope->payload.len == 0)
		return market__error(reterr, MARKET_E_SCHEMA, "payload", -1,
		    "the payload is missing or empty: sign a statement");
	if (envelope->n_signatures == 0)
		return market__error(reterr, MARKET_E_SCHEMA, "signatures", -1,
		    "the envelope carries no signature: sign it");
	for (i = 0; i < envelope->n_signatures && status == MARKET_OK; i++)
		status = check_signature(&envelope->signatures[i], i, reterr);
	return status;
}

/* ---- the protobuf form ---- */

/* What the strict check passed is read in place, by the same descriptors. */
static bool
read_signature(market_slice_t bytes, market__signature_t *signature)
{
	market__walk_t walk = market__walk(bytes);
	market__walked_t walked;

	while (market__walk_next(
	    &walk, &dsse__v1__signature__descriptor, &walked)) {
		if (walked.field->id == SIG)
			signature->sig = walked.bytes;
		else
			signature->keyid = walked.bytes;
	}
	return !walk.bad;
}

static bool
read_envelope(market_slice_t bytes, market__envelope_t *envelope)
{
	market__walk_t walk = market__walk(bytes);
	market__walked_t walked;

	while (
	    market__walk_next(&walk, &dsse__v1__envelope__descriptor, &walked))
		switch (walked.field->id) {
		case PAYLOAD: envelope->payload = walked.bytes; break;
		case PAYLOAD_TYPE: envelope->payload_type = walked.bytes; break;
		default:
			if (envelope->n_signatures == MARKET__SIGNATURES_MAX ||
			    !read_signature(walked.bytes,
				&envelope
				     ->signatures[envelope->n_signatures++]))
				return false;
		}
	return !walk.bad;
}

static market_status_t
from_protobuf(market_slice_t bytes, market__arena_t *arena,
    market__envelope_t *envelope, market_error_t *reterr)
{
	/* What rides along unsigned must not be overlooked: no extensions. */
	const market__strict_rules_t rules = { &dsse__v1__envelope__descriptor,
		MARKET__ELEMENTS_MAX, false };
	market_status_t status;

	/* Its fields are 1 to 3, and each has a length (wire type 2). */
	if (bytes.ptr[0] != 0x0a && bytes.ptr[0] != 0x12 &&
	    bytes.ptr[0] != 0x1a)
		return market__error(reterr, MARKET_E_ENCODING, NULL, 0,
		    "this is no DSSE envelope, in JSON or in protobuf (nothing "
		    "is decompressed here); hand in the signed file");
	status = market__strict_scan(&rules, bytes, reterr);
	if (status != MARKET_OK)
		return status;
	envelope->signatures = market__arena_array(
	    arena, MARKET__SIGNATURES_MAX, sizeof(*envelope->signatures));
	if (envelope->signatures == NULL)
		return market__arena_failed(arena, "the envelope", reterr);
	envelope->packed = bytes;
	/* GCOVR_EXCL_START: the strict check looked at every byte. */
	if (!read_envelope(bytes, envelope))
		return market__error(reterr, MARKET_E_INTERNAL, NULL, -1,
		    "the envelope passed its check and cannot be read");
	/* GCOVR_EXCL_STOP */
	return MARKET_OK;
}

/* protobuf-c knows no const; packing only reads. */
static ProtobufCBinaryData
binary_of_slice(market_slice_t s)
{
	ProtobufCBinaryData bytes;

	bytes.len = s.len;
	memcpy(&bytes.data, &s.ptr, sizeof(bytes.data));
	return bytes;
}

/* A NUL-terminated copy; NULL when refused. */
static char *
string_of_slice(market__arena_t *arena, market_slice_t s)
{
	const market_slice_t copy = market__arena_copy(arena, s);
	char *string;

	memcpy(&string, &copy.ptr, sizeof(string));
	return string;
}

static market_status_t
pack(const Dsse__V1__Envelope *message, const market_allocator_t *allocator,
    size_t max, market_buffer_t *ret_bytes)
{
	const size_t len = dsse__v1__envelope__get_packed_size(message);
	uint8_t *data;

	if (len > max)
		return MARKET_E_LIMIT;
	data = market__alloc(allocator, len + 1);
	if (data == NULL)
		return MARKET_E_MEMORY;
	dsse__v1__envelope__pack(message, data);
	market_buffer_clear(ret_bytes);
	ret_bytes->data = data;
	ret_bytes->len = len;
	ret_bytes->allocator = allocator;
	return MARKET_OK;
}

static market_status_t
to_protobuf(const market__envelope_t *envelope, market__arena_t *arena,
    size_t max, market_buffer_t *ret_bytes)
{
	Dsse__V1__Envelope message;
	Dsse__V1__Signature signatures[MARKET__SIGNATURES_MAX];
	Dsse__V1__Signature *pointers[MARKET__SIGNATURES_MAX];
	size_t i;

	dsse__v1__envelope__init(&message);
	message.payload = binary_of_slice(envelope->payload);
	message.payloadtype = string_of_slice(arena, envelope->payload_type);
	message.signatures = pointers;
	message.n_signatures = envelope->n_signatures;
	for (i = 0; i < envelope->n_signatures; i++) {
		dsse__v1__signature__init(&signatures[i]);
		pointers[i] = &signatures[i];
		signatures[i].sig = binary_of_slice(
		    envelope->signatures[i].sig);
		signatures[i].keyid = string_of_slice(
		    arena, envelope->signatures[i].keyid);
	}
	if (arena->out_of_memory || arena->over_budget)
		return market__arena_refusal(arena);
	return pack(&message, arena->allocator, max, ret_bytes);
}

/* ---- either form ---- */

static bool
is_json(market_slice_t bytes)
{
	size_t i = 0;

	while (i < bytes.len &&
	    (bytes.ptr[i] == ' ' || bytes.ptr[i] == '\t' ||
		bytes.ptr[i] == '\r' || bytes.ptr[i] == '\n'))
		i++;
	if (i == bytes.len || bytes.ptr[i] != '{')
		return false;
	/*
	 * A newline is also the tag of `payload`, and '{' a length of 123. But
	 * 0x12, the tag of `payloadType`, cannot stand in JSON (RFC 8259,
	 * section 7), and no envelope in protobuf is without it.
	 */
	return bytes.ptr[0] != '\n' ||
	    memchr(bytes.ptr, 0x12, bytes.len) == NULL;
}

market_status_t
market__envelope_parse(market_slice_t bytes, market_kinds_t expected,
    market__arena_t *arena, market__envelope_t *ret_envelope,
    market_error_t *reterr)
{
	const size_t max = market__envelope_limit(expected);
	market__envelope_t envelope;
	market_status_t status;

	if (bytes.ptr == NULL && bytes.len > 0)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "NULL with a length of %zu", bytes.len);
	if (bytes.len == 0)
		return market__error(reterr, MARKET_E_ENCODING, NULL, 0,
		    "there is no envelope: the input is empty");
	if (bytes.len > max)
		return market__error(reterr, MARKET_E_LIMIT, NULL, -1,
		    "an envelope of %zu bytes; at most %zu (limit: envelope)",
		    bytes.len, max);
	memset(&envelope, 0, sizeof(envelope));
	if (is_json(bytes))
		status = market__envelope_from_json(
		    bytes, arena, &envelope, reterr);
	else
		status = from_protobuf(bytes, arena, &envelope, reterr);
	if (status == MARKET_OK)
		status = check_envelope(&envelope, expected, bytes.len, reterr);
	if (status == MARKET_OK)
		*ret_envelope = envelope;
	return status;
}

market_status_t
market__envelope_write(const market__envelope_t *envelope, bool json,
    const market_allocator_t *allocator, market_buffer_t *ret_bytes)
{
	const size_t max = market__envelope_limit(MARKET_KINDS(envelope->kind));
	market__arena_t arena;
	market_status_t status;

	if (envelope->n_signatures > MARKET__SIGNATURES_MAX)
		return MARKET_E_LIMIT;
	if (json)
		return market__envelope_to_json(
		    envelope, allocator, max, ret_bytes);
	market__arena_init(&arena, allocator, MARKET__PARSE_BUDGET(max));
	status = to_protobuf(envelope, &arena, max, ret_bytes);
	market__arena_clear(&arena);
	return status;
}

/* The number and a blank; where the next byte goes. */
static char *
put_number(char *out, size_t number)
{
	char digits[20];
	size_t n = 0;

	do {
		digits[n++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	while (n > 0)
		*out++ = digits[--n];
	*out++ = ' ';
	return out;
}

size_t
market__pae_head(market_slice_t payload_type, size_t payload_len, char *out)
{
	static const char version[] = "DSSEv1 ";
	char *begin = out;

	/* "DSSEv1 ", two lengths of at most 20 digits, three blanks, a NUL. */
	if (payload_type.len > MARKET__PAE_HEAD_MAX - 51)
		return 0;
	memcpy(out, version, sizeof(version) - 1);
	out = put_number(out + sizeof(version) - 1, payload_type.len);
	if (payload_type.len > 0)
		memcpy(out, payload_type.ptr, payload_type.len);
	out += payload_type.len;
	*out++ = ' ';
	out = put_number(out, payload_len);
	*out = '\0';
	return (size_t)(out - begin);
}
