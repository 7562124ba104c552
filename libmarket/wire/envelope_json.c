/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DSSE's JSON form. What a reader would ignore could be what another one
 * believes (an embedded key, a second payload), so every member that is not
 * DSSE's is refused.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <stdio.h>

#include "wire/envelope.h"

#ifdef HAVE_JANSSON
#include <jansson.h>

#include "wire/json.h"

/*
 * Brackets, commas and colons: 16 signatures make 86, and each costs jansson
 * up to some hundred bytes.
 */
#define TOKENS_MAX 128

/* jansson recurses, and allocates for all it reads: look before it does. */
static market_status_t
check_shape(market_slice_t bytes, market_error_t *reterr)
{
	size_t i, depth = 0, tokens = 0;
	bool in_string = false;
	uint8_t c;

	for (i = 0; i < bytes.len; i++) {
		c = bytes.ptr[i];
		if (in_string) {
			if (c == '\\')
				i++;
			in_string = c != '"';
			continue;
		}
		in_string = c == '"';
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && depth > 0)
			depth--;
		if (c == '{' || c == '[' || c == ',' || c == ':')
			tokens++;
		if (depth > MARKET__DEPTH_MAX)
			return market__error(reterr, MARKET_E_LIMIT, NULL,
			    (int64_t)i,
			    "JSON nests deeper than %d (limit: depth)",
			    MARKET__DEPTH_MAX);
		if (tokens > TOKENS_MAX)
			return market__error(reterr, MARKET_E_LIMIT, NULL,
			    (int64_t)i,
			    "more than %d signatures, or members that no "
			    "envelope has (limit: signatures)",
			    MARKET__SIGNATURES_MAX);
	}
	return MARKET_OK;
}

/*
 * jansson takes some 15 ns for a byte, and a payload may have a million. The
 * one long run of base64 is lifted out of what jansson reads, and a string
 * stands in its place that no text without escapes can have.
 */
#define LIFTED_MIN ((size_t)1024)
#define STAND_IN   "\x01"

typedef struct reading {
	market_slice_t lifted; /* ptr is NULL: nothing was */
	market__arena_t *arena;
	market_error_t *reterr;
} reading_t;

static bool
is_base64(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '-' ||
	    c == '_' || c == '=';
}

static bool
is_key(market_slice_t bytes, size_t quote)
{
	size_t i = quote + 1;

	while (i < bytes.len &&
	    (bytes.ptr[i] == ' ' || bytes.ptr[i] == '\t' ||
		bytes.ptr[i] == '\n' || bytes.ptr[i] == '\r'))
		i++;
	return i < bytes.len && bytes.ptr[i] == ':';
}

/* The first long value that is nothing but base64; empty: there is none, or
 * there are escapes. */
static market_slice_t
find_long(market_slice_t bytes)
{
	market_slice_t found = { NULL, 0 };
	size_t begin, i;

	if (memchr(bytes.ptr, '\\', bytes.len) != NULL)
		return found;
	for (i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] != '"')
			continue;
		begin = ++i;
		while (i < bytes.len && is_base64(bytes.ptr[i]))
			i++;
		if (i < bytes.len && bytes.ptr[i] == '"' &&
		    i - begin >= LIFTED_MIN && !is_key(bytes, i))
			return market__slice(bytes.ptr + begin, i - begin);
		while (i < bytes.len && bytes.ptr[i] != '"')
			i++;
	}
	return found;
}

/* Without what was lifted; false: as it is, or there is no memory. */
static bool
load_lifted(market_slice_t bytes, reading_t *reading, json_t **ret_root)
{
	static const char stand_in[] = "\\u0001";
	market_slice_t lifted = find_long(bytes);
	size_t before, after, len = sizeof(stand_in) - 1;
	json_error_t error;
	uint8_t *rest;

	if (lifted.ptr == NULL)
		return false;
	before = (size_t)(lifted.ptr - bytes.ptr);
	after = bytes.len - before - lifted.len;
	rest = market__arena_array(reading->arena, before + len + after, 1);
	if (rest == NULL)
		return false;
	memcpy(rest, bytes.ptr, before);
	memcpy(rest + before, stand_in, len);
	memcpy(rest + before + len, lifted.ptr + lifted.len, after);
	reading->lifted = lifted;
	return market__json_load(market__slice(rest, before + len + after),
		   JSON_REJECT_DUPLICATES, ret_root, &error) == MARKET_OK;
}

static market_status_t
load(market_slice_t bytes, reading_t *reading, json_t **ret_root)
{
	market_error_t *reterr = reading->reterr;
	json_error_t error;
	market_status_t status;

	status = check_shape(bytes, reterr);
	if (status != MARKET_OK)
		return status;
	if (load_lifted(bytes, reading, ret_root))
		return MARKET_OK;
	/* What is wrong is told of the text itself. */
	reading->lifted.ptr = NULL;
	status = market__json_load(
	    bytes, JSON_REJECT_DUPLICATES, ret_root, &error);
	if (status == MARKET_OK)
		return MARKET_OK;
	if (status == MARKET_E_MEMORY)
		return market__error(
		    reterr, MARKET_E_MEMORY, NULL, -1, "out of memory");
	return market__error(reterr, MARKET_E_ENCODING, NULL, error.position,
	    "not valid JSON, line %d: %s", error.line, error.text);
}

static market_status_t
copy_string(const reading_t *reading, const json_t *value, const char *path,
    market_slice_t *ret)
{
	market_slice_t text;

	if (!json_is_string(value))
		return market__error(reading->reterr, MARKET_E_SCHEMA, path, -1,
		    "%s must be a string", path);
	text = market__slice(
	    json_string_value(value), json_string_length(value));
	if (reading->lifted.ptr != NULL && market__slice_is(text, STAND_IN)) {
		*ret = reading->lifted;
		return MARKET_OK;
	}
	text = market__arena_copy(reading->arena, text);
	if (text.ptr == NULL)
		return market__error(reading->reterr,
		    market__arena_refusal(reading->arena), path, -1,
		    "no memory for %s", path);
	*ret = text;
	return MARKET_OK;
}

static market_status_t
copy_base64(const reading_t *reading, const json_t *value, const char *path,
    market_slice_t *ret)
{
	market_status_t status;
	market_slice_t text = { NULL, 0 };
	uint8_t *out;
	size_t len = 0;

	status = copy_string(reading, value, path, &text);
	if (status != MARKET_OK)
		return status;
	out = market__arena_array(reading->arena, text.len / 4 + 1, 3);
	if (out == NULL)
		return market__error(reading->reterr,
		    market__arena_refusal(reading->arena), path, -1,
		    "no memory for %s", path);
	if (!market__unbase64(text, true, out, &len))
		return market__error(reading->reterr, MARKET_E_ENCODING, path,
		    -1,
		    "%s is not base64 with padding (standard or URL "
		    "alphabet, no white space)",
		    path);
	*ret = market__slice(out, len);
	return MARKET_OK;
}

static market_status_t
unknown_member(const char *path, const char *key, market_error_t *reterr)
{
	if (path == NULL && strcmp(key, "header") == 0)
		return market__error(reterr, MARKET_E_SCHEMA, NULL, -1,
		    "this is a document that nobody has signed; sign it first "
		    "(market sign)");
	return market__error(reterr, MARKET_E_SCHEMA, path, -1,
	    "\"%s\" is no member of a DSSE envelope; remove it (no key or "
	    "certificate is taken from an envelope)",
	    key);
}

static market_status_t
read_signature(const reading_t *reading, json_t *object, size_t index,
    market__signature_t *signature)
{
	market_error_t *reterr = reading->reterr;
	char path[64], name[48];
	market_status_t status = MARKET_OK;
	const char *key;
	json_t *value;

	snprintf(name, sizeof(name), "signatures[%zu]", index);
	if (!json_is_object(object))
		return market__error(reterr, MARKET_E_SCHEMA, name, -1,
		    "a signature is an object with keyid and sig");
	json_object_foreach(object, key, value)
	{
		if (strcmp(key, "keyid") == 0) {
			snprintf(path, sizeof(path), "%s.keyid", name);
			status = copy_string(
			    reading, value, path, &signature->keyid);
		} else if (strcmp(key, "sig") == 0) {
			snprintf(path, sizeof(path), "%s.sig", name);
			status = copy_base64(
			    reading, value, path, &signature->sig);
		} else {
			status = unknown_member(name, key, reterr);
		}
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

static market_status_t
read_signatures(
    const reading_t *reading, const json_t *array, market__envelope_t *envelope)
{
	market_error_t *reterr = reading->reterr;
	market_status_t status = MARKET_OK;
	const size_t n = json_array_size(array);
	size_t i;

	if (!json_is_array(array))
		return market__error(reterr, MARKET_E_SCHEMA, "signatures", -1,
		    "signatures must be an array");
	if (n > MARKET__SIGNATURES_MAX)
		return market__error(reterr, MARKET_E_LIMIT, "signatures", -1,
		    "%zu signatures; at most %d (limit: signatures)", n,
		    MARKET__SIGNATURES_MAX);
	envelope->signatures = market__arena_array(reading->arena,
	    MARKET__SIGNATURES_MAX, sizeof(*envelope->signatures));
	if (envelope->signatures == NULL)
		return market__error(reterr,
		    market__arena_refusal(reading->arena), "signatures", -1,
		    "no memory for signatures");
	for (i = 0; i < n && status == MARKET_OK; i++)
		status = read_signature(reading, json_array_get(array, i), i,
		    &envelope->signatures[i]);
	envelope->n_signatures = n;
	return status;
}

static market_status_t
read_members(
    const reading_t *reading, json_t *root, market__envelope_t *envelope)
{
	market_status_t status = MARKET_OK;
	const char *key;
	json_t *value;

	json_object_foreach(root, key, value)
	{
		if (strcmp(key, "payload") == 0)
			status = copy_base64(
			    reading, value, key, &envelope->payload);
		else if (strcmp(key, "payloadType") == 0)
			status = copy_string(
			    reading, value, key, &envelope->payload_type);
		else if (strcmp(key, "signatures") == 0)
			status = read_signatures(reading, value, envelope);
		else
			status = unknown_member(NULL, key, reading->reterr);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

market_status_t
market__envelope_from_json(market_slice_t bytes, market__arena_t *arena,
    market__envelope_t *envelope, market_error_t *reterr)
{
	reading_t reading = { { NULL, 0 }, arena, reterr };
	market_status_t status;
	json_t *root = NULL;

	status = load(bytes, &reading, &root);
	if (status == MARKET_OK)
		status = read_members(&reading, root, envelope);
	json_decref(root);
	return status;
}

#else

market_status_t
market__envelope_from_json(market_slice_t bytes, market__arena_t *arena,
    market__envelope_t *envelope, market_error_t *reterr)
{
	(void)bytes;
	(void)arena;
	(void)envelope;
	return market__error(reterr, MARKET_E_UNSUPPORTED, NULL, -1,
	    "this build of libmarket reads no JSON: hand in the protobuf form, "
	    "or build with jansson");
}

#endif

market_status_t
market__envelope_to_json(const market__envelope_t *envelope,
    const market_allocator_t *allocator, size_t max, market_buffer_t *ret_bytes)
{
	const market__signature_t *signature;
	market__text_t text;
	size_t i;

	market__text_init(&text, allocator, max);
	market__text_puts(&text, "{\"payload\":\"");
	market__text_base64(&text, envelope->payload);
	market__text_puts(&text, "\",\"payloadType\":");
	market__text_json(&text, envelope->payload_type);
	market__text_puts(&text, ",\"signatures\":[");
	for (i = 0; i < envelope->n_signatures; i++) {
		signature = &envelope->signatures[i];
		market__text_puts(&text, i > 0 ? ",{" : "{");
		if (signature->keyid.len > 0) {
			market__text_puts(&text, "\"keyid\":");
			market__text_json(&text, signature->keyid);
			market__text_puts(&text, ",");
		}
		market__text_puts(&text, "\"sig\":\"");
		market__text_base64(&text, signature->sig);
		market__text_puts(&text, "\"}");
	}
	market__text_puts(&text, "]}\n");
	return market__text_take(&text, ret_bytes);
}
