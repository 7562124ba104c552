/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <stdlib.h>

#include "crypto/crypto.h"

#define ROWS_MAX 64
#define KEYS_MAX 16

/* ---- keys ---- */

typedef struct named_key {
	const char *name;
	market__text_t pem;
	market_signer_t *signer;
} named_key_t;

/* PKCS#8 of an Ed25519 seed (RFC 8410, section 7). */
static void
make_key(const char *name, named_key_t *key)
{
	static const uint8_t head[] = { 0x30, 0x2e, 0x02, 0x01, 0x00, 0x30,
		0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 };
	uint8_t der[sizeof(head) + MARKET_DIGEST_LEN];
	market_slice_t text = market_slice_of(name);

	memcpy(der, head, sizeof(head));
	FUZZ_ASSERT(market__sha256(fuzz_context(), &text, 1,
			der + sizeof(head)) == MARKET_OK);
	market__text_init(&key->pem, &market__default_allocator, 4096);
	market__text_puts(&key->pem, "-----BEGIN PRIVATE KEY-----\n");
	market__text_base64(&key->pem, market__slice(der, sizeof(der)));
	market__text_puts(&key->pem, "\n-----END PRIVATE KEY-----\n");
	FUZZ_ASSERT(market_signer_from_pem(fuzz_context(),
			market__slice(key->pem.data, key->pem.len), NULL,
			&key->signer, NULL) == MARKET_OK);
	key->name = name;
}

static named_key_t keys[KEYS_MAX];

static const named_key_t *
named_key(market_slice_t name)
{
	static const char *const names[] = { "root", "mi.com", "meizu.com",
		"t-mobile.com", "usmobile.com", "fcc.gov", "shop.example",
		"dist.example", "evil.example", "new" };
	size_t i;

	for (i = 0; i < MARKET__COUNT(names); i++) {
		if (!market__slice_is(name, names[i]))
			continue;
		if (keys[i].name == NULL)
			make_key(names[i], &keys[i]);
		return &keys[i];
	}
	fuzz_broken(__FILE__, __LINE__, "a key of that name");
}

static const market_key_t *
key_of(market_slice_t name)
{
	return market_signer_key(named_key(name)->signer);
}

market_slice_t
scene_pem(const char *name)
{
	const named_key_t *key = named_key(market_slice_of(name));

	return market__slice(key->pem.data, key->pem.len);
}

market_signer_t *
scene_signer(const char *name)
{
	return named_key(market_slice_of(name))->signer;
}

/* ---- documents ---- */

static void
add_digest(market__text_t *out, char letter)
{
	market_statement_t *statement = NULL;

	FUZZ_ASSERT(
	    market_statement_parse(fuzz_context(), scene_envelope(letter),
		MARKET_KINDS_ALL, &statement, NULL) == MARKET_OK);
	market__text_base64(out, market_statement_digest(statement));
	market_statement_free(statement);
}

/* What stands for "$...", with its quotes where it has some. */
static void
add_reference(market__text_t *out, market_slice_t what)
{
	market_slice_t name = what;
	bool first;
	size_t i = 0;

	while (i < what.len && what.ptr[i] != ':')
		i++;
	name.ptr += i + 1;
	name.len -= i + 1;
	what.len = i;
	if (market__slice_is(what, "digest")) {
		market__text_putc(out, '"');
		add_digest(out, (char)name.ptr[0]);
		market__text_putc(out, '"');
		return;
	}
	if (market__slice_is(what, "key")) {
		market__text_putc(out, '"');
		market__text_base64(out, market_key_id(key_of(name)));
		market__text_putc(out, '"');
		return;
	}
	market__text_puts(out, "{\"threshold\": 1, \"keys\": [");
	for (first = true; name.len > 0; first = false) {
		for (i = 0; i < name.len && name.ptr[i] != '+';)
			i++;
		market__text_puts(
		    out, first ? "{\"spki\": \"" : ", {\"spki\": \"");
		market__text_base64(
		    out, market_key_spki(key_of(market__slice(name.ptr, i))));
		market__text_puts(
		    out, "\", \"environment\": \"ENVIRONMENT_PRODUCTION\"}");
		i += i < name.len ? 1 : 0;
		name = market__slice(name.ptr + i, name.len - i);
	}
	market__text_puts(out, "]}");
}

static void
add_body(market__text_t *out, const char *body)
{
	const char *end;

	while (*body != '\0') {
		if (strncmp(body, "\"$", 2) != 0) {
			market__text_putc(out, *body++);
			continue;
		}
		end = strchr(body + 2, '"');
		FUZZ_ASSERT(end != NULL);
		add_reference(
		    out, market__slice(body + 2, (size_t)(end - body) - 2));
		body = end + 1;
	}
}

market_draft_t *
scene_draft(const scene_row_t *row)
{
	market_draft_t *draft = NULL;
	market__text_t text;

	market__text_init(&text, &market__default_allocator, SIZE_MAX / 2);
	market__text_printf(&text,
	    "{\"header\": {\"issuer\": \"%s\", \"id\": \"%s\", \"revision\": "
	    "\"%s\", \"issuedAt\": \"2016-01-01T00:00:00Z\", \"notBefore\": "
	    "\"2016-01-01T00:00:00Z\", \"notAfter\": "
	    "\"2026-01-01T00:00:00Z\"}, ",
	    row->issuer, row->id, row->revision);
	add_body(&text, row->body);
	market__text_putc(&text, '}');
	FUZZ_ASSERT(
	    market_draft_from_json(fuzz_context(), row->kind,
		market__slice(text.data, text.len), &draft, NULL) == MARKET_OK);
	market__text_clear(&text);
	return draft;
}

const scene_row_t *
scene_row(char letter)
{
	size_t i;

	for (i = 0; i < scene_row_count; i++)
		if (scene_rows[i].letter == letter)
			return &scene_rows[i];
	return NULL;
}

market_status_t
scene_sign(
    const scene_row_t *row, const market_draft_t *draft, market_buffer_t *ret)
{
	const char *name = row->key == NULL ? row->issuer : row->key;
	market_signer_t *signer = scene_signer(name);

	return market_draft_sign(
	    draft, &signer, 1, MARKET_FORMAT_PROTOBUF, ret, NULL);
}

static market_buffer_t envelopes[ROWS_MAX];

market_slice_t
scene_envelope(char letter)
{
	const scene_row_t *row = scene_row(letter);
	market_buffer_t *envelope;
	market_draft_t *draft;

	FUZZ_ASSERT(row != NULL && scene_row_count <= ROWS_MAX);
	envelope = &envelopes[row - scene_rows];
	if (envelope->data == NULL) {
		draft = scene_draft(row);
		FUZZ_ASSERT(scene_sign(row, draft, envelope) == MARKET_OK);
		market_draft_free(draft);
	}
	return market_buffer_slice(envelope);
}

static void
clear(void)
{
	size_t i;

	for (i = 0; i < ROWS_MAX; i++)
		market_buffer_clear(&envelopes[i]);
	for (i = 0; i < KEYS_MAX; i++) {
		market_signer_free(keys[i].signer);
		if (keys[i].name != NULL)
			market__text_clear(&keys[i].pem);
	}
}

void
scene_init(void)
{
	size_t i;

	fuzz_at_end(clear);
	for (i = 0; i < scene_row_count; i++)
		(void)scene_envelope(scene_rows[i].letter);
}
