/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Envelopes in both forms, as they stand. What parses means the same when it
 * is written anew in either form; the protobuf form has one encoding; and what
 * is signed is what DSSE says (PAE), counted here a second time.
 */
#include <stdio.h>
#include <string.h>

#include "crypto/crypto.h"
#include "fuzz.h"
#include "wire/wire.h"

const unsigned fuzz_mutants = 400;

static market_slice_t
text_of(const market__text_t *text)
{
	return market__slice(text->data, text->len);
}

/* DSSE v1.0.2, protocol, PAE(type, body). */
static void
check_pae(const market_statement_t *statement, const market__envelope_t *read)
{
	market_buffer_t pae = MARKET_BUFFER_INIT;
	uint8_t digest[MARKET_DIGEST_LEN];
	market__text_t want;
	market_slice_t piece;

	market__text_init(&want, &market__default_allocator, SIZE_MAX / 2);
	market__text_printf(&want, "DSSEv1 %zu ", read->payload_type.len);
	market__text_slice(&want, read->payload_type);
	market__text_printf(&want, " %zu ", read->payload.len);
	market__text_slice(&want, read->payload);
	FUZZ_ASSERT(market_statement_pae(statement, &pae) == MARKET_OK);
	FUZZ_ASSERT(
	    market__slice_equal(market_buffer_slice(&pae), text_of(&want)));
	piece = text_of(&want);
	FUZZ_ASSERT(
	    market__sha256(fuzz_context(), &piece, 1, digest) == MARKET_OK);
	FUZZ_ASSERT(market__slice_equal(market_statement_digest(statement),
	    market__slice(digest, sizeof(digest))));
	market__text_clear(&want);
	market_buffer_clear(&pae);
}

static void
check_same(const market__envelope_t *a, const market__envelope_t *b)
{
	size_t i;

	FUZZ_ASSERT(a->kind == b->kind);
	FUZZ_ASSERT(market__slice_equal(a->payload, b->payload));
	FUZZ_ASSERT(market__slice_equal(a->payload_type, b->payload_type));
	FUZZ_ASSERT(a->n_signatures == b->n_signatures);
	for (i = 0; i < a->n_signatures; i++) {
		FUZZ_ASSERT(market__slice_equal(
		    a->signatures[i].keyid, b->signatures[i].keyid));
		FUZZ_ASSERT(market__slice_equal(
		    a->signatures[i].sig, b->signatures[i].sig));
	}
}

static bool
read(market_slice_t bytes, market_kinds_t kinds, market__arena_t *arena,
    market__envelope_t *ret)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	memset(ret, 0, sizeof(*ret));
	status = market__envelope_parse(bytes, kinds, arena, ret, &error);
	if (status != MARKET_OK)
		fuzz_check_error(status, &error);
	return status == MARKET_OK;
}

static void
write_anew(const market__envelope_t *envelope, bool json, market_slice_t bytes)
{
	market_buffer_t written = MARKET_BUFFER_INIT;
	market__envelope_t again;
	market__arena_t arena;
	market_status_t status;
	bool was_json;

	status = market__envelope_write(
	    envelope, json, &market__default_allocator, &written);
	/* Base64 makes it larger. */
	FUZZ_ASSERT(status == MARKET_OK || (json && status == MARKET_E_LIMIT));
	if (status != MARKET_OK)
		return;
	market__arena_init(&arena, &market__default_allocator, SIZE_MAX / 2);
	FUZZ_ASSERT(read(
	    market_buffer_slice(&written), MARKET_KINDS_ALL, &arena, &again));
	check_same(envelope, &again);
	/* The tag of payloadType cannot stand in JSON. */
	was_json = memchr(bytes.ptr, 0x12, bytes.len) == NULL;
	if (!json && !was_json)
		FUZZ_ASSERT(
		    market__slice_equal(market_buffer_slice(&written), bytes));
	market__arena_clear(&arena);
	market_buffer_clear(&written);
}

static void
check_kinds(market_slice_t bytes, market_kind_t kind)
{
	const market_kinds_t others = MARKET_KINDS_ALL & ~MARKET_KINDS(kind);
	market_statement_t *statement = NULL;

	FUZZ_ASSERT(market_statement_parse(fuzz_context(), bytes, others,
			&statement, NULL) != MARKET_OK);
	FUZZ_ASSERT(statement == NULL);
}

static void
show(market_statement_t *statement)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_slice_t keyid, signature;
	size_t i, n = market_statement_signature_count(statement);

	for (i = 0; i < n; i++)
		FUZZ_ASSERT(market_statement_signature(
				statement, i, &keyid, &signature) == MARKET_OK);
	FUZZ_ASSERT(market_statement_signature(statement, n, &keyid,
			&signature) == MARKET_E_NOT_FOUND);
	FUZZ_ASSERT(market_statement_json(statement, 2, &json) == MARKET_OK);
	market_buffer_clear(&json);
}

static market_status_t
parse(market_slice_t bytes, market_statement_t **ret_statement)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	status = market_statement_parse(
	    fuzz_context(), bytes, MARKET_KINDS_ALL, ret_statement, &error);
	FUZZ_ASSERT((status == MARKET_OK) == (*ret_statement != NULL));
	if (status != MARKET_OK)
		fuzz_check_error(status, &error);
	return status;
}

static void
starve(const fuzz_input_t *input, market_status_t want)
{
	market_statement_t *statement = NULL;
	market_status_t got;

	fuzz_fail(input);
	got = parse(input->rest, &statement);
	fuzz_check_starved(got, want);
	market_statement_free(statement);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_input_t input = fuzz_input(data, size);
	market_statement_t *statement = NULL;
	market_root_t *root = NULL;
	market__envelope_t envelope;
	market__arena_t arena;
	market_status_t status;
	size_t live;

	(void)fuzz_context();
	live = fuzz_live();
	market__arena_init(&arena, &market__default_allocator, SIZE_MAX / 2);
	status = parse(input.rest, &statement);
	if (read(input.rest, MARKET_KINDS_ALL, &arena, &envelope)) {
		write_anew(&envelope, true, input.rest);
		write_anew(&envelope, false, input.rest);
		check_kinds(input.rest, envelope.kind);
	} else {
		FUZZ_ASSERT(status != MARKET_OK);
	}
	if (status == MARKET_OK) {
		check_pae(statement, &envelope);
		show(statement);
	}
	market_statement_free(statement);
	starve(&input, status);
	if (market_root_parse(fuzz_context(), input.rest, &root, NULL) ==
	    MARKET_OK)
		market_root_free(root);
	market__arena_clear(&arena);
	FUZZ_ASSERT(fuzz_live() == live);
	return 0;
}
