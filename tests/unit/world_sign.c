/* SPDX-License-Identifier: Apache-2.0 */
/* Keys made from their names, and statements signed with them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "crypto/crypto.h"
#include "world_inner.h"

/* ---- keys made from their names ---- */

static void
key_pem(market_context_t *context, const char *name, market__text_t *pem)
{
	/* PKCS#8 of an Ed25519 seed (RFC 8410, section 7). */
	static const uint8_t head[] = { 0x30, 0x2e, 0x02, 0x01, 0x00, 0x30,
		0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 };
	uint8_t der[sizeof(head) + MARKET_DIGEST_LEN];
	market_slice_t text = market_slice_of(name);

	memcpy(der, head, sizeof(head));
	ck_assert_int_eq(
	    market__sha256(context, &text, 1, der + sizeof(head)), MARKET_OK);
	market__text_puts(pem, "-----BEGIN PRIVATE KEY-----\n");
	market__text_base64(pem, market__slice(der, sizeof(der)));
	market__text_puts(pem, "\n-----END PRIVATE KEY-----\n");
}

market_signer_t *
world_signer(world_t *world, const char *name)
{
	market_error_t error = MARKET_ERROR_INIT;
	market__text_t pem;
	key_t_ *key;
	size_t i;

	for (i = 0; i < world->n_keys; i++)
		if (strcmp(world->keys[i].name, name) == 0)
			return world->keys[i].signer;
	ck_assert_uint_lt(world->n_keys, KEYS_MAX);
	key = &world->keys[world->n_keys++];
	snprintf(key->name, sizeof(key->name), "%s", name);
	market__text_init(&pem, &market__default_allocator, 4096);
	key_pem(world->context, name, &pem);
	ck_assert_msg(market_signer_from_pem(world->context,
			  market__slice(pem.data, pem.len), NULL, &key->signer,
			  &error) == MARKET_OK,
	    "%s: %s", name, error.message);
	market__text_clear(&pem);
	return key->signer;
}

/* ---- documents with their references ---- */

static json_t *
base64(market_slice_t bytes)
{
	market__text_t text;
	json_t *value;

	market__text_init(&text, &market__default_allocator, 65536);
	market__text_base64(&text, bytes);
	value = json_stringn(text.data, text.len);
	market__text_clear(&text);
	return value;
}

static json_t *
key_set(
    world_t *world, int threshold, const char *names, const char *environment)
{
	json_t *keys = json_array();
	char copy[512], *rest = copy, *name;

	snprintf(copy, sizeof(copy), "%s", names);
	while ((name = world_next_word(&rest)) != NULL)
		json_array_append_new(keys,
		    json_pack("{s:o, s:s}", "spki",
			base64(market_key_spki(
			    market_signer_key(world_signer(world, name)))),
			"environment", environment));
	return json_pack("{s:i, s:o}", "threshold", threshold, "keys", keys);
}

/* The value that stands for "$...", or NULL for any other text. */
static json_t *
reference(world_t *world, const char *text)
{
	statement_t *statement;
	int threshold, used;

	if (strncmp(text, "$digest:", 8) == 0) {
		statement = world_statement(world, text + 8);
		ck_assert_msg(statement != NULL, "no statement %s", text + 8);
		world_sign(world, statement);
		return base64(
		    market__slice(statement->digest, MARKET_DIGEST_LEN));
	}
	if (strncmp(text, "$key:", 5) == 0)
		return base64(market_key_id(
		    market_signer_key(world_signer(world, text + 5))));
	if (strncmp(text, "$spki:", 6) == 0)
		return base64(market_key_spki(
		    market_signer_key(world_signer(world, text + 6))));
	if (strncmp(text, "$keys:", 6) == 0)
		return key_set(world, 1, text + 6, "ENVIRONMENT_PRODUCTION");
	if (strncmp(text, "$test-keys:", 11) == 0)
		return key_set(world, 1, text + 11, "ENVIRONMENT_TEST");
	threshold = 0;
	used = 0;
	if (sscanf(text, "$%d-keys:%n", &threshold, &used) == 1 && used > 0)
		return key_set(
		    world, threshold, text + used, "ENVIRONMENT_PRODUCTION");
	return NULL;
}

/* A copy of the document with every reference put in. */
static json_t *
resolved(world_t *world, json_t *value)
{
	json_t *copy, *item;
	const char *name;
	size_t i;

	if (json_is_string(value)) {
		copy = reference(world, json_string_value(value));
		return copy != NULL ? copy : json_incref(value);
	}
	if (json_is_object(value)) {
		copy = json_object();
		json_object_foreach(value, name, item)
		    json_object_set_new(copy, name, resolved(world, item));
		return copy;
	}
	if (json_is_array(value)) {
		copy = json_array();
		json_array_foreach(value, i, item)
		    json_array_append_new(copy, resolved(world, item));
		return copy;
	}
	return json_incref(value);
}

/* ---- signing ---- */

static market_buffer_t
sign_draft(
    world_t *world, const statement_t *statement, const market_draft_t *draft)
{
	market_signer_t *signers[SIGNERS_MAX];
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	size_t i;

	for (i = 0; i < statement->n_signers; i++)
		signers[i] = world_signer(world, statement->signers[i]);
	ck_assert_msg(
	    market_draft_sign(draft, signers, statement->n_signers,
		MARKET_FORMAT_PROTOBUF, &envelope, &error) == MARKET_OK,
	    "%s: %s: %s", statement->name, error.path, error.message);
	return envelope;
}

static market_draft_t *
draft_of(world_t *world, const statement_t *statement)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_draft_t *draft = NULL;
	json_t *document = resolved(world, statement->document);
	char *text = json_dumps(document, JSON_COMPACT);

	ck_assert_msg(market_draft_from_json(world->context, statement->kind,
			  market_slice_of(text), &draft, &error) == MARKET_OK,
	    "%s: %s: %s", statement->name, error.path, error.message);
	free(text);
	json_decref(document);
	return draft;
}

void
world_sign(world_t *world, statement_t *statement)
{
	market_statement_t *parsed = NULL;
	market_draft_t *draft;

	if (statement->envelope.len > 0)
		return;
	draft = draft_of(world, statement);
	statement->envelope = sign_draft(world, statement, draft);
	market_draft_free(draft);
	/* A statement that no reader takes has no digest that is needed. */
	if (market_statement_parse(world->context,
		market_buffer_slice(&statement->envelope), MARKET_KINDS_ALL,
		&parsed, NULL) == MARKET_OK)
		memcpy(statement->digest, market_statement_digest(parsed).ptr,
		    MARKET_DIGEST_LEN);
	/* The signature is the last field but the key id (66 bytes). */
	if (statement->spoilt)
		statement->envelope.data[statement->envelope.len - 70] ^= 1;
	market_statement_free(parsed);
}

market_draft_t *
world_draft(world_t *world, const char *name)
{
	const statement_t *statement = world_statement(world, name);

	ck_assert_msg(statement != NULL, "no statement %s", name);
	return draft_of(world, statement);
}

const char *
world_key_name(world_t *world, size_t index)
{
	return index < world->n_keys ? world->keys[index].name : NULL;
}
