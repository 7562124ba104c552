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

static market_status_t
load(market_slice_t bytes, json_t **ret_root, market_error_t *reterr)
{
	json_error_t error;
	market_status_t status;

	status = check_shape(bytes, reterr);
	if (status != MARKET_OK)
		return status;
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
copy_string(const json_t *value, const char *path, market__arena_t *arena,
    market_slice_t *ret, market_error_t *reterr)
{
	market_slice_t text;

	if (!json_is_string(value))
		return market__error(reterr, MARKET_E_SCHEMA, path, -1,
		    "%s must be a string", path);
	text = market__arena_copy(arena,
	    market__slice(json_string_value(value), json_string_length(value)));
	if (text.ptr == NULL)
		return market__error(reterr, market__arena_refusal(arena), path,
		    -1, "no memory for %s", path);
	*ret = text;
	return MARKET_OK;
}

static market_status_t
copy_base64(const json_t *value, const char *path, market__arena_t *arena,
    market_slice_t *ret, market_error_t *reterr)
{
	market_status_t status;
	market_slice_t text = { NULL, 0 };
	uint8_t *out;
	size_t len = 0;

	status = copy_string(value, path, arena, &text, reterr);
	if (status != MARKET_OK)
		return status;
	out = market__arena_array(arena, text.len / 4 + 1, 3);
	if (out == NULL)
		return market__error(reterr, market__arena_refusal(arena), path,
		    -1, "no memory for %s", path);
	if (!market__unbase64(text, true, out, &len))
		return market__error(reterr, MARKET_E_ENCODING, path, -1,
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
read_signature(json_t *object, size_t index, market__arena_t *arena,
    market__signature_t *signature, market_error_t *reterr)
{
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
			    value, path, arena, &signature->keyid, reterr);
		} else if (strcmp(key, "sig") == 0) {
			snprintf(path, sizeof(path), "%s.sig", name);
			status = copy_base64(
			    value, path, arena, &signature->sig, reterr);
		} else {
			status = unknown_member(name, key, reterr);
		}
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

static market_status_t
read_signatures(const json_t *array, market__arena_t *arena,
    market__envelope_t *envelope, market_error_t *reterr)
{
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
	for (i = 0; i < n && status == MARKET_OK; i++)
		status = read_signature(json_array_get(array, i), i, arena,
		    &envelope->signatures[i], reterr);
	envelope->n_signatures = n;
	return status;
}

static market_status_t
read_members(json_t *root, market__arena_t *arena, market__envelope_t *envelope,
    market_error_t *reterr)
{
	market_status_t status = MARKET_OK;
	const char *key;
	json_t *value;

	json_object_foreach(root, key, value)
	{
		if (strcmp(key, "payload") == 0)
			status = copy_base64(
			    value, key, arena, &envelope->payload, reterr);
		else if (strcmp(key, "payloadType") == 0)
			status = copy_string(
			    value, key, arena, &envelope->payload_type, reterr);
		else if (strcmp(key, "signatures") == 0)
			status = read_signatures(
			    value, arena, envelope, reterr);
		else
			status = unknown_member(NULL, key, reterr);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

market_status_t
market__envelope_from_json(market_slice_t bytes, market__arena_t *arena,
    market__envelope_t *envelope, market_error_t *reterr)
{
	market_status_t status;
	json_t *root = NULL;

	status = load(bytes, &root, reterr);
	if (status == MARKET_OK)
		status = read_members(root, arena, envelope, reterr);
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
