/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row of a table as a vector of the conformance suite (tests/vectors):
 * one JSON file with everything that was handed in, and what must come out.
 */
#include "world_vector.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/statement.h"

/* "a child grant wider by one model" -> "a-child-grant-wider-by-one-model" */
static void
name_file(const char *folder, const char *label, char *out, size_t size)
{
	const char *suite = getenv("WORLD_VECTORS_SUITE");
	size_t len;

	snprintf(out, size, "%s/%s-", folder, suite == NULL ? "row" : suite);
	len = strlen(out);
	for (; *label != '\0' && len + 6 < size && len < 180; label++) {
		if ((*label >= 'a' && *label <= 'z') ||
		    (*label >= '0' && *label <= '9'))
			out[len++] = *label;
		else if (*label >= 'A' && *label <= 'Z')
			out[len++] = (char)(*label - 'A' + 'a');
		else if (out[len - 1] != '-')
			out[len++] = '-';
	}
	while (out[len - 1] == '-')
		len--;
	snprintf(out + len, size - len, ".json");
}

static json_t *
parsed(market_slice_t text)
{
	json_error_t error;
	json_t *json = json_loadb((const char *)text.ptr, text.len, 0, &error);

	ck_assert_msg(json != NULL, "%s", error.text);
	return json;
}

/* The envelope in DSSE's JSON form, and what it says as a document. */
static void
add_readable(world_t *world, json_t *json, const market_statement_t *statement)
{
	market_buffer_t text = MARKET_BUFFER_INIT;

	json_object_set_new(json, "kind",
	    json_string(market_kind_name(market_statement_kind(statement))));
	ck_assert_int_eq(market__envelope_write(&statement->envelope, true,
			     &world_context(world)->allocator, &text),
	    MARKET_OK);
	json_object_set_new(json, "dsse", parsed(market_buffer_slice(&text)));
	market_buffer_clear(&text);
	ck_assert_int_eq(market_statement_json(statement, 0, &text), MARKET_OK);
	json_object_set_new(json, "json", parsed(market_buffer_slice(&text)));
	market_buffer_clear(&text);
}

static json_t *
statement_of(world_t *world, const char *name)
{
	market_slice_t envelope = world_envelope(world, name);
	market_statement_t *statement = NULL;
	json_t *json = json_object();
	market__text_t bytes;

	json_object_set_new(json, "name", json_string(name));
	if (market_statement_parse(world_context(world), envelope,
		MARKET_KINDS_ALL, &statement, NULL) == MARKET_OK) {
		add_readable(world, json, statement);
	} else {
		market__text_init(
		    &bytes, &world_context(world)->allocator, 1 << 20);
		market__text_base64(&bytes, envelope);
		json_object_set_new(json, "bytes", json_string(bytes.data));
		market__text_clear(&bytes);
	}
	market_statement_free(statement);
	return json;
}

static void
add_key(json_t *keys, world_t *world, const char *name)
{
	market_key_t *key = market_signer_key(world_signer(world, name));
	market_slice_t id = market_key_id(key);
	char hex[2 * MARKET_DIGEST_LEN + 1];
	size_t i;

	for (i = 0; i < MARKET_DIGEST_LEN; i++)
		snprintf(hex + 2 * i, 3, "%02x", id.ptr[i]);
	json_object_set_new(keys, name, json_string(hex));
}

static json_t *
keys_of(world_t *world)
{
	json_t *keys = json_object();
	const char *name;
	size_t i;

	for (i = 0; (name = world_key_name(world, i)) != NULL; i++)
		add_key(keys, world, name);
	return keys;
}

static json_t *
expected(const world_want_t *want)
{
	json_t *json = json_object(), *told = json_array();
	json_t *not_told = json_array();
	const char *code;
	size_t i;

	json_object_set_new(
	    json, "verdict", json_string(market_verdict_name(want->verdict)));
	for (i = 0; i < WORLD_VECTOR_CODES && want->codes[i] != NULL; i++) {
		code = want->codes[i];
		if (code[0] == '-')
			json_array_append_new(not_told, json_string(code + 1));
		else
			json_array_append_new(told, json_string(code));
	}
	json_object_set_new(json, "codes", told);
	json_object_set_new(json, "not_codes", not_told);
	if (want->ignored != NULL)
		json_object_set_new(
		    json, "ignored", json_string(want->ignored));
	return json;
}

void
world_vector(world_t *world, const world_want_t *want)
{
	const char *folder = getenv("WORLD_VECTORS"), *name;
	json_t *vector, *statements;
	char file[256];
	size_t i;

	if (folder == NULL)
		return;
	vector = json_object();
	statements = json_array();
	json_object_set_new(vector, "about", json_string(want->label));
	json_object_set_new(
	    vector, "at", json_string(want->at == NULL ? WORLD_NOW : want->at));
	json_object_set_new(vector, "want", expected(want));
	json_object_set_new(vector, "root", statement_of(world, "root"));
	json_object_set_new(vector, "policy", statement_of(world, "policy"));
	json_object_set_new(vector, "offer", statement_of(world, "offer"));
	for (i = 0; (name = world_evidence_name(world, i)) != NULL; i++)
		if (name[0] != '\0')
			json_array_append_new(
			    statements, statement_of(world, name));
	json_object_set_new(vector, "evidence", statements);
	json_object_set_new(vector, "keys", keys_of(world));
	name_file(folder, want->label, file, sizeof(file));
	ck_assert_int_eq(
	    json_dump_file(vector, file, JSON_COMPACT | JSON_ENSURE_ASCII), 0);
	json_decref(vector);
}
