/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind of statement. The first byte tells the kind, as a letter from a
 * (trust-root) to n (feed), and what follows:
 *   a ... n   a payload;
 *   A ... N   a document in JSON;
 *   ! ... .   lines PATH=VALUE that fill a draft in.
 * What the strict check accepts means one thing: protobuf-c writes the same
 * bytes again, and so do we, by way of JSON. With --accepted FILE a replay
 * writes down what was accepted, for Python's protobuf (statement_python.py).
 */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "protobuf_c.h"
#include "wire/build.h"
#include "wire/descriptors.h"

const unsigned fuzz_mutants = 400;

static market_status_t
build_from(market_kind_t kind, market_slice_t json, market__build_t **ret)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	status = market__build_from_json(
	    kind, json, fuzz_allocator(), ret, &error);
	FUZZ_ASSERT((status == MARKET_OK) == (*ret != NULL));
	if (status != MARKET_OK)
		fuzz_check_error(status, &error);
	return status;
}

/* "Offer 0a03 {...}"; with a plus where there are extensions. */
static void
write_down(market_kind_t kind, market_slice_t payload, market_slice_t json,
    bool unknown)
{
	size_t i;

	if (fuzz_accepted == NULL)
		return;
	fprintf(fuzz_accepted, "%s%s ",
	    market__kind_descriptor(kind)->short_name, unknown ? "+" : "");
	for (i = 0; i < payload.len; i++)
		fprintf(fuzz_accepted, "%02x", payload.ptr[i]);
	fprintf(
	    fuzz_accepted, " %.*s\n", (int)json.len, (const char *)json.ptr);
}

/* JSON out, and in again. */
static void
check_json(market_kind_t kind, market_slice_t payload, bool unknown)
{
	market_buffer_t again = MARKET_BUFFER_INIT;
	market__build_t *build = NULL;
	market_slice_t json;
	market_status_t status;
	market__text_t text;

	market__text_init(&text, fuzz_allocator(), SIZE_MAX / 2);
	FUZZ_ASSERT(market__payload_to_json(kind, payload, 0, fuzz_allocator(),
			&text) == MARKET_OK);
	json = market__slice(text.data, text.len);
	fuzz_check_json(json);
	write_down(kind, payload, json, unknown);
	status = build_from(kind, json, &build);
	if (status == MARKET_OK) {
		FUZZ_ASSERT(market__build_pack(build, &again) == MARKET_OK);
		FUZZ_ASSERT(unknown ||
		    market__slice_equal(market_buffer_slice(&again), payload));
		market_buffer_clear(&again);
	} else {
		FUZZ_ASSERT(status == MARKET_E_UNSUPPORTED ||
		    (status == MARKET_E_LIMIT && json.len > MARKET__JSON_MAX));
	}
	market__build_free(build);
	market__text_clear(&text);
}

/* The whole statement, once with memory and once as the input has it. */
static void
check_statement(
    const fuzz_input_t *input, market_kind_t kind, market_slice_t payload)
{
	const uint8_t sig[] = { 1 };
	market__signature_t signature = { { NULL, 0 }, { sig, sizeof(sig) } };
	market__envelope_t envelope = { .kind = kind,
		.payload = payload,
		.payload_type = market_slice_of(market__payload_type(kind)),
		.signatures = &signature,
		.n_signatures = 1 };
	market_statement_t *statement = NULL, *starved = NULL;
	market_buffer_t bytes = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t want, got;

	if (market__envelope_write(
		&envelope, false, fuzz_allocator(), &bytes) != MARKET_OK)
		return;
	want = market_statement_parse(fuzz_context(),
	    market_buffer_slice(&bytes), MARKET_KINDS(kind), &statement,
	    &error);
	/* The bytes are well-formed: only what they mean may be refused. */
	FUZZ_ASSERT(want == MARKET_OK || want == MARKET_E_SCHEMA ||
	    want == MARKET_E_LIMIT);
	if (want != MARKET_OK)
		fuzz_check_error(want, &error);
	fuzz_fail(input);
	got = market_statement_parse(fuzz_context(),
	    market_buffer_slice(&bytes), MARKET_KINDS(kind), &starved, NULL);
	fuzz_check_starved(got, want);
	market_statement_free(starved);
	market_statement_free(statement);
	market_buffer_clear(&bytes);
}

static void
check_payload(
    const fuzz_input_t *input, market_kind_t kind, market_slice_t payload)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	status = market__strict_check(kind, payload, &error);
	if (status != MARKET_OK) {
		fuzz_check_error(status, &error);
		return;
	}
	check_json(kind, payload, protobuf_c_check(kind, payload));
	check_statement(input, kind, payload);
}

/* ---- what is written ---- */

/* What a draft packs is well-formed, if perhaps too large or unfinished. */
static void
check_build(const fuzz_input_t *input, const market__build_t *build)
{
	const market_kind_t kind = market__build_kind(build);
	market_buffer_t payload = MARKET_BUFFER_INIT, starved = payload;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	FUZZ_ASSERT(market__build_pack(build, &payload) == MARKET_OK);
	status = market__strict_check(
	    kind, market_buffer_slice(&payload), &error);
	FUZZ_ASSERT(status == MARKET_OK || status == MARKET_E_SCHEMA ||
	    status == MARKET_E_LIMIT);
	if (status == MARKET_OK)
		check_payload(input, kind, market_buffer_slice(&payload));
	fuzz_fail(input);
	fuzz_check_starved(market__build_pack(build, &starved), MARKET_OK);
	market_buffer_clear(&starved);
	market_buffer_clear(&payload);
}

static void
read_document(const fuzz_input_t *input, market_kind_t kind)
{
	market__build_t *build = NULL, *starved = NULL;
	market_status_t want, got;

	want = build_from(kind, input->rest, &build);
	if (want == MARKET_OK)
		check_build(input, build);
	fuzz_fail(input);
	got = market__build_from_json(
	    kind, input->rest, fuzz_allocator(), &starved, NULL);
	fuzz_check_starved(got, want);
	market__build_free(starved);
	market__build_free(build);
}

/* One line: as text, or else as bytes, or else as a number. */
static void
set(market__build_t *build, const char *path, market_slice_t value)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	uint64_t number = 0;
	size_t i;

	status = market__build_set_text(build, path, value, &error);
	if (status == MARKET_E_SCHEMA)
		status = market__build_set_bytes(build, path, value, NULL);
	for (i = 0; i < value.len && i < 18; i++)
		number = number * 10 + value.ptr[i] - (uint64_t)'0';
	if (status == MARKET_E_SCHEMA)
		status = market__build_set_int(
		    build, path, (int64_t)number, &error);
	FUZZ_ASSERT(status == MARKET_OK || status == MARKET_E_SCHEMA ||
	    status == MARKET_E_NOT_FOUND || status == MARKET_E_MEMORY);
}

static void
fill_in(fuzz_input_t input, market_kind_t kind)
{
	market__build_t *build = NULL;
	fuzz_input_t lines = input;
	market_slice_t line;
	char path[128];
	size_t len;
	unsigned n;

	FUZZ_ASSERT(
	    market__build_new(kind, fuzz_allocator(), &build) == MARKET_OK);
	fuzz_fail(&input);
	for (n = 0; lines.rest.len > 0 && n < 64; n++) {
		line = fuzz_line(&lines);
		for (len = 0; len < line.len && line.ptr[len] != '=';)
			len++;
		if (len == line.len || len >= sizeof(path))
			continue;
		memcpy(path, line.ptr, len);
		path[len] = '\0';
		set(build, path,
		    market__slice(line.ptr + len + 1, line.len - len - 1));
	}
	(void)fuzz_recover();
	check_build(&input, build);
	market__build_free(build);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_input_t input = fuzz_input(data, size);
	uint8_t first = fuzz_byte(&input);
	market_kind_t kind = (market_kind_t)(first & 15);
	size_t live;

	(void)fuzz_context();
	if (market_kind_name(kind) == NULL)
		return 0;
	live = fuzz_live();
	switch (first & 0x60) {
	case 0x60: check_payload(&input, kind, input.rest); break;
	case 0x40: read_document(&input, kind); break;
	case 0x20: fill_in(input, kind); break;
	default: break;
	}
	FUZZ_ASSERT(fuzz_live() == live);
	return 0;
}
