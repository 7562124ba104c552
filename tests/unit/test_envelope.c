/* SPDX-License-Identifier: Apache-2.0 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <stdio.h>
#include <stdlib.h>

#include "golden.h"
#include "harness.h"
#include "samples.h"
#include "wire/descriptors.h"

#include "dsse/v1/envelope.pb-c.h"

#define OFFER_TYPE "application/vnd.libmarket.offer.v1+protobuf"
#define TYPE       "\"payloadType\":\"" OFFER_TYPE "\""
#define SIGNED     "\"signatures\":[{\"keyid\":\"k\",\"sig\":\"c2ln\"}]"
#define GOOD       "{\"payload\":\"CgA=\"," TYPE "," SIGNED "}"

typedef struct parsed {
	harness_memory_t memory;
	market__arena_t arena;
	market__envelope_t envelope;
	market_error_t error;
	market_status_t status;
} parsed_t;

static void
parse(parsed_t *p, market_slice_t bytes, market_kinds_t expected)
{
	memset(p, 0, sizeof(*p));
	harness_memory_init(&p->memory);
	market__arena_init(
	    &p->arena, &p->memory.allocator, MARKET__PARSE_BUDGET(bytes.len));
	p->status = market__envelope_parse(
	    bytes, expected, &p->arena, &p->envelope, &p->error);
}

static void
clear(parsed_t *p)
{
	market__arena_clear(&p->arena);
	ck_assert_uint_eq(p->memory.live, 0);
}

/* An envelope of kind offer around a payload of `len` bytes. */
static void
make(market__envelope_t *envelope, const uint8_t *payload, size_t len)
{
	static market__signature_t signatures[MARKET__SIGNATURES_MAX];

	memset(signatures, 0, sizeof(signatures));
	memset(envelope, 0, sizeof(*envelope));
	envelope->signatures = signatures;
	envelope->kind = MARKET_KIND_OFFER;
	envelope->payload = market__slice(payload, len);
	envelope->payload_type = MARKET__LITERAL(OFFER_TYPE);
	envelope->n_signatures = 2;
	envelope->signatures[0].keyid = MARKET__LITERAL("key \"1\"");
	envelope->signatures[0].sig = MARKET__LITERAL("\xfb\xff\x00");
	envelope->signatures[1].sig = MARKET__LITERAL("x");
}

static market_buffer_t
write(const market__envelope_t *envelope, bool json)
{
	market_buffer_t bytes = MARKET_BUFFER_INIT;

	ck_assert_int_eq(market__envelope_write(envelope, json,
			     &market__default_allocator, &bytes),
	    MARKET_OK);
	return bytes;
}

static bool
can_read(bool json)
{
#ifdef HAVE_JANSSON
	(void)json;
	return true;
#else
	return !json;
#endif
}

START_TEST(envelope_is_the_same_when_written_and_read)
{
	market__envelope_t envelope;
	market_buffer_t bytes;
	uint8_t payload[300];
	parsed_t p;
	size_t len, i;
	int json;

	for (i = 0; i < sizeof(payload); i++)
		payload[i] = (uint8_t)i;
	/* Of 123 bytes too, whose length is '{' behind a newline. */
	for (len = 1; len < sizeof(payload); len++) {
		for (json = 0; json < 2; json++) {
			if (!can_read(json))
				continue;
			make(&envelope, payload, len);
			bytes = write(&envelope, json);
			parse(&p, market_buffer_slice(&bytes),
			    MARKET_KINDS(MARKET_KIND_OFFER));
			ck_assert_msg(p.status == MARKET_OK, "%zu: %s", len,
			    p.error.message);
			ck_assert_int_eq(p.envelope.kind, MARKET_KIND_OFFER);
			ck_assert(market__slice_equal(
			    p.envelope.payload, envelope.payload));
			ck_assert(market__slice_is(
			    p.envelope.payload_type, OFFER_TYPE));
			ck_assert_uint_eq(p.envelope.n_signatures, 2);
			for (i = 0; i < 2; i++) {
				ck_assert(market__slice_equal(
				    p.envelope.signatures[i].sig,
				    envelope.signatures[i].sig));
				ck_assert(market__slice_equal(
				    p.envelope.signatures[i].keyid,
				    envelope.signatures[i].keyid));
			}
			clear(&p);
			market_buffer_clear(&bytes);
		}
	}
}
END_TEST

START_TEST(envelope_is_written_in_one_way)
{
	market__envelope_t envelope;
	market_buffer_t bytes;
	Dsse__V1__Envelope *message;

	make(&envelope, (const uint8_t *)"\x0a\x00", 2);
	bytes = write(&envelope, true);
	ck_assert_str_eq((const char *)bytes.data,
	    "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":["
	    "{\"keyid\":\"key \\\"1\\\"\",\"sig\":\"+/8A\"},"
	    "{\"sig\":\"eA==\"}]}\n");
	market_buffer_clear(&bytes);
	bytes = write(&envelope, false);
	message = dsse__v1__envelope__unpack(NULL, bytes.len, bytes.data);
	ck_assert_ptr_nonnull(message);
	ck_assert_str_eq(message->payloadtype, OFFER_TYPE);
	ck_assert_uint_eq(message->n_signatures, 2);
	dsse__v1__envelope__free_unpacked(message, NULL);
	market_buffer_clear(&bytes);
}
END_TEST

typedef struct text_row {
	const char *label, *text;
	market_status_t want;
	const char *path;
} text_row_t;

#ifdef HAVE_JANSSON
/* clang-format off */
static const text_row_t json_rows[] = {
	{ "good", GOOD, MARKET_OK, "" },
	{ "white space around", " \t\r\n" GOOD "\r\n \t", MARKET_OK, "" },
	{ "newline first", "\n" GOOD "\n", MARKET_OK, "" },
	{ "URL alphabet", "{\"payload\":\"-_8A\"," TYPE "," SIGNED "}", MARKET_OK, "" },
	{ "standard alphabet", "{\"payload\":\"+\\/8A\"," TYPE "," SIGNED "}", MARKET_OK, "" },
	{ "both alphabets in one payload", "{\"payload\":\"+_8A\"," TYPE "," SIGNED "}", MARKET_E_ENCODING, "payload" },
	{ "both alphabets in one sig", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"sig\":\"-\\/8A\"}]}", MARKET_E_ENCODING, "signatures[0].sig" },
	{ "one alphabet each", "{\"payload\":\"+\\/8A\"," TYPE ",\"signatures\":[{\"sig\":\"-_8A\"}]}", MARKET_OK, "" },
	{ "S18 no keyid", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"sig\":\"c2ln\"}]}", MARKET_OK, "" },
	{ "S17 keyid is a hint", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"keyid\":\"../'; DROP \\u00e9\",\"sig\":\"c2ln\"}]}", MARKET_OK, "" },
	{ "payload without padding", "{\"payload\":\"CgA\"," TYPE "," SIGNED "}", MARKET_E_ENCODING, "payload" },
	{ "payload with blanks", "{\"payload\":\"Cg A=\"," TYPE "," SIGNED "}", MARKET_E_ENCODING, "payload" },
	{ "payload with trailing bits", "{\"payload\":\"CgB=\"," TYPE "," SIGNED "}", MARKET_E_ENCODING, "payload" },
	{ "sig no base64", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"sig\":\"c2ln\"},{\"sig\":\"!\"}]}", MARKET_E_ENCODING, "signatures[1].sig" },
	{ "S9 payload twice", "{\"payload\":\"CgA=\",\"payload\":\"CgA=\"," TYPE "," SIGNED "}", MARKET_E_ENCODING, "" },
	{ "S9 payload twice, escaped", "{\"payload\":\"CgA=\",\"p\\u0061yload\":\"CgA=\"," TYPE "," SIGNED "}", MARKET_E_ENCODING, "" },
	{ "sig twice", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"sig\":\"c2ln\",\"sig\":\"c2ln\"}]}", MARKET_E_ENCODING, "" },
	{ "S10 alg none", "{\"payload\":\"CgA=\"," TYPE "," SIGNED ",\"alg\":\"none\"}", MARKET_E_SCHEMA, "" },
	{ "S19 embedded key", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"sig\":\"c2ln\",\"publicKey\":\"c2ln\"}]}", MARKET_E_SCHEMA, "signatures[0]" },
	{ "S19 certificate", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"sig\":\"c2ln\"},{\"cert\":\"\",\"sig\":\"c2ln\"}]}", MARKET_E_SCHEMA, "signatures[1]" },
	{ "S10 alg empty", "{\"payload\":\"CgA=\"," TYPE "," SIGNED ",\"alg\":\"\"}", MARKET_E_SCHEMA, "" },
	{ "S10 alg of a signature", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"alg\":\"HS256\",\"sig\":\"c2ln\"}]}", MARKET_E_SCHEMA, "signatures[0]" },
	{ "S22 a digest of its own", "{\"payload\":\"CgA=\"," TYPE "," SIGNED ",\"digest\":\"sha1\"}", MARKET_E_SCHEMA, "" },
	{ "S9 a detached payload beside it", "{\"payload\":\"CgA=\",\"payloadRef\":\"b\"," TYPE "," SIGNED "}", MARKET_E_SCHEMA, "" },
	{ "upper case", "{\"Payload\":\"CgA=\"," TYPE "," SIGNED "}", MARKET_E_SCHEMA, "" },
	{ "payload a number", "{\"payload\":1," TYPE "," SIGNED "}", MARKET_E_SCHEMA, "payload" },
	{ "payload null", "{\"payload\":null," TYPE "," SIGNED "}", MARKET_E_SCHEMA, "payload" },
	{ "type an array", "{\"payload\":\"CgA=\",\"payloadType\":[]," SIGNED "}", MARKET_E_SCHEMA, "payloadType" },
	{ "sig true", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"sig\":true}]}", MARKET_E_SCHEMA, "signatures[0].sig" },
	{ "keyid null", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"keyid\":null,\"sig\":\"c2ln\"}]}", MARKET_E_SCHEMA, "signatures[0].keyid" },
	{ "signatures an object", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":{\"sig\":\"c2ln\"}}", MARKET_E_SCHEMA, "signatures" },
	{ "a signature a string", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[\"c2ln\"]}", MARKET_E_SCHEMA, "signatures[0]" },
	{ "no payload", "{" TYPE "," SIGNED "}", MARKET_E_SCHEMA, "payload" },
	{ "empty payload", "{\"payload\":\"\"," TYPE "," SIGNED "}", MARKET_E_SCHEMA, "payload" },
	{ "no type", "{\"payload\":\"CgA=\"," SIGNED "}", MARKET_E_SCHEMA, "payloadType" },
	{ "empty object", "{}", MARKET_E_SCHEMA, "payloadType" },
	{ "S1 no signatures", "{\"payload\":\"CgA=\"," TYPE "}", MARKET_E_SCHEMA, "signatures" },
	{ "S1 zero signatures", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[]}", MARKET_E_SCHEMA, "signatures" },
	{ "signature without sig", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"keyid\":\"k\"}]}", MARKET_E_SCHEMA, "signatures[0].sig" },
	{ "empty sig", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"sig\":\"\"}]}", MARKET_E_SCHEMA, "signatures[0].sig" },
	{ "control character in keyid", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"keyid\":\"\\n\",\"sig\":\"c2ln\"}]}", MARKET_E_SCHEMA, "signatures[0].keyid" },
	{ "S17 NUL in keyid", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"keyid\":\"a\\u0000\",\"sig\":\"c2ln\"}]}", MARKET_E_ENCODING, "" },
	{ "E4 trailing data", GOOD "x", MARKET_E_ENCODING, "" },
	{ "E4 a trailing byte that is none", GOOD "\xff", MARKET_E_ENCODING, "" },
	{ "two envelopes", GOOD GOOD, MARKET_E_ENCODING, "" },
	{ "E3 cut off", "{\"payload\":\"CgA=\"", MARKET_E_ENCODING, "" },
	{ "comma at the end", "{\"payload\":\"CgA=\"," TYPE "," SIGNED ",}", MARKET_E_ENCODING, "" },
	{ "single quotes", "{'payload':'CgA='}", MARKET_E_ENCODING, "" },
	{ "not UTF-8", "{\"payload\":\"\xff\"," TYPE "," SIGNED "}", MARKET_E_ENCODING, "" },
	{ "E32 deep", "{\"payload\":[[[[[[[[0]]]]]]]]}", MARKET_E_LIMIT, "" },
	{ "less deep", "{\"payload\":[[[[[[[0]]]]]]]}", MARKET_E_SCHEMA, "payload" },
	{ "brackets in a string are none", "{\"payload\":\"CgA=\"," TYPE ",\"signatures\":[{\"keyid\":\"[[[[[[[[[[\\\"[[\",\"sig\":\"c2ln\"}]}", MARKET_OK, "" },
};
/* clang-format on */

START_TEST(envelope_in_json_is_held_to_each_row)
{
	const text_row_t *row = &json_rows[_i];
	parsed_t p;

	parse(&p, market_slice_of(row->text), MARKET_KINDS_ALL);
	ck_assert_msg(
	    p.status == row->want && strcmp(p.error.path, row->path) == 0,
	    "%s: %s at [%s]: %s", row->label, market_status_name(p.status),
	    p.error.path, p.error.message);
	ck_assert_int_eq(p.envelope.kind,
	    row->want == MARKET_OK ? MARKET_KIND_OFFER : MARKET_KIND_NONE);
	clear(&p);
}
END_TEST

START_TEST(envelope_in_json_is_not_read_by_recursion)
{
	parsed_t p;
	size_t i, n;
	char *text = malloc(60001);

	for (n = 60000; n > 0; n -= 30000) {
		memset(text, n == 60000 ? '[' : ' ', 60000);
		memcpy(text, "{\"payload\":", 11);
		for (i = 30000; n != 60000 && i < 60000; i += 2)
			memcpy(text + i, "0,", 2);
		parse(&p, market__slice(text, 60000), MARKET_KINDS_ALL);
		ck_assert_int_eq(p.status, MARKET_E_LIMIT);
		clear(&p);
	}
	free(text);
}
END_TEST
#endif

/* ---- the protobuf form ---- */

/* X15: a compressed envelope is none, whatever is in it. */
START_TEST(envelope_is_not_decompressed)
{
	static const struct {
		const char *label, *bytes;
	} packed[] = {
		{ "X15 gzip", "1f 8b 08 00 00 00 00 00 00 03" },
		{ "X15 zlib", "78 9c 03 00 00" },
		{ "X15 zstd", "28 b5 2f fd 00 00" },
		{ "X15 xz", "fd 37 7a 58 5a 00 00" },
		{ "X15 bzip2", "42 5a 68 39" },
	};
	uint8_t *bytes;
	golden_t list;
	parsed_t p;
	size_t i, len;

	golden_begin(&list);
	for (i = 0; i < MARKET__COUNT(packed); i++) {
		bytes = sample_bytes(packed[i].bytes, &len);
		parse(&p, market__slice(bytes, len), MARKET_KINDS_ALL);
		ck_assert_msg(p.status == MARKET_E_ENCODING ||
			p.status == MARKET_E_SCHEMA,
		    "%s", packed[i].label);
		golden_add(&list, packed[i].label, p.status, &p.error);
		clear(&p);
		free(bytes);
	}
	golden_check(&list, "compressed.txt");
}
END_TEST

/* Fields as they are told; NULL leaves one out. */
static void
add_text(sample_writer_t *w, uint32_t number, const char *text)
{
	if (text != NULL)
		sample_nest(w, number, (const uint8_t *)text, strlen(text));
}

static void
start(sample_writer_t *w, const char *payload, const char *type)
{
	sample_writer_init(w, MARKET__ENVELOPE_LARGE_MAX + 100);
	add_text(w, 1, payload);
	add_text(w, 2, type);
}

static void
want(sample_writer_t *w, market_kinds_t expected, market_status_t status,
    const char *path, const char *message)
{
	parsed_t p;

	parse(&p, sample_slice(w), expected);
	ck_assert_msg(p.status == status && strcmp(p.error.path, path) == 0 &&
		strstr(p.error.message, message) != NULL,
	    "%s %s: %s at [%s]: %s", path, message,
	    market_status_name(p.status), p.error.path, p.error.message);
	clear(&p);
	free(w->data);
}

typedef struct type_row {
	const char *label, *type;
	market_kinds_t expected;
	market_status_t want;
	const char *message;
} type_row_t;

/* clang-format off */
static const type_row_t type_rows[] = {
	{ "any kind", OFFER_TYPE, MARKET_KINDS_ALL, MARKET_OK, "" },
	{ "the kind", OFFER_TYPE, MARKET_KINDS(MARKET_KIND_OFFER), MARKET_OK, "" },
	{ "S7 another kind", OFFER_TYPE, MARKET_KINDS(MARKET_KIND_FEED) | MARKET_KINDS(MARKET_KIND_POLICY), MARKET_E_KIND, "kind offer; expected here: policy, feed" },
	{ "S7 none expected", OFFER_TYPE, 0, MARKET_E_KIND, "kind offer" },
	{ "E38 version 2", "application/vnd.libmarket.offer.v2+protobuf", MARKET_KINDS_ALL, MARKET_E_KIND, "version" },
	{ "E38 version 10", "application/vnd.libmarket.offer.v10+protobuf", MARKET_KINDS_ALL, MARKET_E_KIND, "version" },
	{ "a kind that is not read yet", "application/vnd.libmarket.receipt.v1+protobuf", MARKET_KINDS_ALL, MARKET_E_KIND, "receipt" },
	{ "S8 a blank behind", OFFER_TYPE " ", MARKET_KINDS_ALL, MARKET_E_KIND, "" },
	{ "S8 a blank and a length behind", OFFER_TYPE " 1 ", MARKET_KINDS_ALL, MARKET_E_KIND, "" },
	{ "S8 blanks inside", "application/vnd.libmarket. 5 offer", MARKET_KINDS_ALL, MARKET_E_KIND, "" },
	{ "capitals", "application/vnd.libmarket.Offer.v1+protobuf", MARKET_KINDS_ALL, MARKET_E_KIND, "" },
	{ "another project's", "application/vnd.in-toto+json", MARKET_KINDS_ALL, MARKET_E_KIND, "in-toto" },
	{ "S8 not ASCII", "http://example.com/H\xc3\xa9llo", MARKET_KINDS_ALL, MARKET_E_SCHEMA, "ASCII" },
	{ "S24 an envelope in an envelope", "application/vnd.dsse.envelope.v1+protobuf", MARKET_KINDS_ALL, MARKET_E_KIND, "" },
	{ "none", NULL, MARKET_KINDS_ALL, MARKET_E_SCHEMA, "no payloadType" },
};
/* clang-format on */

START_TEST(envelope_type_is_one_of_those_expected)
{
	sample_writer_t w;
	size_t i;

	for (i = 0; i < MARKET__COUNT(type_rows); i++) {
		start(&w, "\x0a", type_rows[i].type);
		sample_add(&w, "1a 03 0a 01 73");
		want(&w, type_rows[i].expected, type_rows[i].want,
		    type_rows[i].want == MARKET_OK ? "" : "payloadType",
		    type_rows[i].message);
	}
}
END_TEST

typedef struct binary_row {
	const char *label, *payload, *rest;
	market_status_t want;
	const char *path;
} binary_row_t;

static const binary_row_t binary_rows[] = {
	{ "good", "\x0a", "1a 03 0a 01 73", MARKET_OK, "" },
	{ "keyid", "\x0a", "1a 06 0a 01 73 12 01 6b", MARKET_OK, "" },
	{ "S5 two signatures", "\x0a", "1a 03 0a 01 73 1a 03 0a 01 74",
	    MARKET_OK, "" },
	{ "S1 no signature", "\x0a", "", MARKET_E_SCHEMA, "signatures" },
	{ "no payload", NULL, "1a 03 0a 01 73", MARKET_E_SCHEMA, "payload" },
	{ "empty payload", "", "1a 03 0a 01 73", MARKET_E_ENCODING, "payload" },
	{ "empty signature", "\x0a", "1a 00", MARKET_E_SCHEMA,
	    "signatures[0].sig" },
	{ "second empty", "\x0a", "1a 03 0a 01 73 1a 00", MARKET_E_SCHEMA,
	    "signatures[1].sig" },
	{ "keyid alone", "\x0a", "1a 03 12 01 6b", MARKET_E_SCHEMA,
	    "signatures[0].sig" },
	{ "E27 empty keyid", "\x0a", "1a 05 0a 01 73 12 00", MARKET_E_ENCODING,
	    "signatures[0].keyid" },
	{ "S17 NUL in keyid", "\x0a", "1a 06 0a 01 73 12 01 00",
	    MARKET_E_ENCODING, "signatures[0].keyid" },
	{ "control character in keyid", "\x0a", "1a 06 0a 01 73 12 01 1b",
	    MARKET_E_SCHEMA, "signatures[0].keyid" },
	{ "S19 embedded key", "\x0a", "1a 06 0a 01 73 1a 01 6b",
	    MARKET_E_SCHEMA, "signatures[0]" },
	{ "S19 in an extension", "\x0a", "1a 03 0a 01 73 c2 3e 01 6b",
	    MARKET_E_SCHEMA, "" },
	{ "E26 keyid before sig", "\x0a", "1a 06 12 01 6b 0a 01 73",
	    MARKET_E_ENCODING, "signatures[0].sig" },
	{ "S9 second payload", "\x0a", "0a 01 0b 1a 03 0a 01 73",
	    MARKET_E_ENCODING, "payload" },
	{ "E4 trailing 00", "\x0a", "1a 03 0a 01 73 00", MARKET_E_ENCODING,
	    "" },
	{ "E4 trailing 80", "\x0a", "1a 03 0a 01 73 80", MARKET_E_ENCODING,
	    "" },
	{ "E4 trailing ff", "\x0a", "1a 03 0a 01 73 ff", MARKET_E_ENCODING,
	    "" },
	{ "E14 a group of signatures", "\x0a", "1b 0a 01 73 1c",
	    MARKET_E_ENCODING, "" },
	{ "E25 a fourth field", "\x0a", "1a 03 0a 01 73 22 01 61",
	    MARKET_E_SCHEMA, "" },
};

START_TEST(envelope_in_protobuf_is_held_to_each_row)
{
	sample_writer_t w;
	size_t i;

	for (i = 0; i < MARKET__COUNT(binary_rows); i++) {
		start(&w, binary_rows[i].payload, OFFER_TYPE);
		sample_add(&w, binary_rows[i].rest);
		want(&w, MARKET_KINDS_ALL, binary_rows[i].want,
		    binary_rows[i].path, "");
	}
}
END_TEST

static void
add_refusal(golden_t *list, const char *label, market_slice_t bytes,
    market_kinds_t expected)
{
	parsed_t p;

	parse(&p, bytes, expected);
	golden_add(list, label, p.status, &p.error);
	clear(&p);
}

START_TEST(envelope_refusals_are_as_committed)
{
	sample_writer_t w;
	golden_t list;
	size_t i;

	golden_begin(&list);
	for (i = 0; i < MARKET__COUNT(type_rows); i++) {
		start(&w, "\x0a", type_rows[i].type);
		sample_add(&w, "1a 03 0a 01 73");
		add_refusal(&list, type_rows[i].label, sample_slice(&w),
		    type_rows[i].expected);
		free(w.data);
	}
	for (i = 0; i < MARKET__COUNT(binary_rows); i++) {
		start(&w, binary_rows[i].payload, OFFER_TYPE);
		sample_add(&w, binary_rows[i].rest);
		add_refusal(&list, binary_rows[i].label, sample_slice(&w),
		    MARKET_KINDS_ALL);
		free(w.data);
	}
	golden_check(&list, "envelope.txt");
}
END_TEST

#ifdef HAVE_JANSSON
START_TEST(envelope_refusals_in_json_are_as_committed)
{
	golden_t list;
	size_t i;

	golden_begin(&list);
	for (i = 0; i < MARKET__COUNT(json_rows); i++)
		add_refusal(&list, json_rows[i].label,
		    market_slice_of(json_rows[i].text), MARKET_KINDS_ALL);
	golden_check(&list, "envelope_json.txt");
}
END_TEST
#endif

/* S5, S17, E34: 16 signatures, and what each may hold. */
START_TEST(envelope_limits_hold_at_their_value)
{
	sample_writer_t w, sig;
	size_t over, i;

	for (over = 0; over < 2; over++) {
		const market_status_t status = over ? MARKET_E_LIMIT
						    : MARKET_OK;

		start(&w, "\x0a", OFFER_TYPE);
		for (i = 0; i < MARKET__SIGNATURES_MAX + over; i++)
			sample_add(&w, "1a 03 0a 01 73");
		want(&w, MARKET_KINDS_ALL, status, over ? "signatures[16]" : "",
		    over ? "limit: " : "");
		sample_writer_init(&sig, 2000);
		sample_field(&sig, 1, 's', MARKET__SIG_MAX + over);
		start(&w, "\x0a", OFFER_TYPE);
		sample_nest(&w, 3, sig.data, sig.len);
		free(sig.data);
		want(&w, MARKET_KINDS_ALL, status,
		    over ? "signatures[0].sig" : "", over ? "limit: " : "");
		sample_writer_init(&sig, 2000);
		sample_add(&sig, "0a 01 73");
		sample_field(&sig, 2, 'k', MARKET__STRING_MAX + over);
		start(&w, "\x0a", OFFER_TYPE);
		sample_nest(&w, 3, sig.data, sig.len);
		free(sig.data);
		want(&w, MARKET_KINDS_ALL, status,
		    over ? "signatures[0].keyid" : "", over ? "limit: " : "");
	}
}
END_TEST

/* E34: also where a greater kind was expected as well. */
START_TEST(envelope_size_is_limited_by_kind)
{
	static const struct {
		market_kind_t kind;
		market_kinds_t expected;
		size_t max;
	} sizes[] = {
		{ MARKET_KIND_OFFER, MARKET_KINDS(MARKET_KIND_OFFER),
		    MARKET__ENVELOPE_MAX },
		{ MARKET_KIND_OFFER, MARKET_KINDS_ALL, MARKET__ENVELOPE_MAX },
		{ MARKET_KIND_FEED, MARKET_KINDS_ALL,
		    MARKET__ENVELOPE_LARGE_MAX },
		{ MARKET_KIND_TRUST_ROOT, MARKET_KINDS(MARKET_KIND_TRUST_ROOT),
		    MARKET__ENVELOPE_LARGE_MAX },
	};
	sample_writer_t w;
	size_t i, over, rest;

	for (i = 0; i < MARKET__COUNT(sizes); i++) {
		const char *type = market__payload_type(sizes[i].kind);

		for (over = 0; over < 2; over++) {
			rest = strlen(type) + 2 + 5 + 4;
			sample_writer_init(&w, sizes[i].max + 100);
			sample_field(&w, 1, '\n', sizes[i].max - rest + over);
			add_text(&w, 2, type);
			sample_add(&w, "1a 03 0a 01 73");
			ck_assert_uint_eq(w.len, sizes[i].max + over);
			want(&w, sizes[i].expected,
			    over ? MARKET_E_LIMIT : MARKET_OK, "",
			    over ? "limit: envelope" : "");
		}
	}
}
END_TEST

START_TEST(envelope_refuses_arguments_and_emptiness)
{
	parsed_t p;

	/* E1, E2: nothing, and NULL with a length. */
	parse(&p, market__slice(NULL, 0), MARKET_KINDS_ALL);
	ck_assert_int_eq(p.status, MARKET_E_ENCODING);
	clear(&p);
	memset(&p, 0, sizeof(p));
	market__arena_init(&p.arena, &market__default_allocator, 1000);
	ck_assert_int_eq(market__envelope_parse(market__slice(NULL, 5),
			     MARKET_KINDS_ALL, &p.arena, &p.envelope, NULL),
	    MARKET_E_ARGUMENT);
	parse(&p, market__slice(" \n", 2), MARKET_KINDS_ALL);
	ck_assert_int_ne(p.status, MARKET_OK);
	clear(&p);
}
END_TEST

/* E3 */
START_TEST(envelope_refuses_each_prefix)
{
	market__envelope_t envelope;
	market_buffer_t bytes;
	parsed_t p;
	size_t i;
	int json;

	for (json = 0; json < 2; json++) {
		if (!can_read(json))
			continue;
		make(&envelope, (const uint8_t *)"\x0a\x01\x61", 3);
		envelope.n_signatures = 1;
		bytes = write(&envelope, json);
		/* The newline behind JSON is no part of it. */
		for (i = 0; i + (size_t)json < bytes.len; i++) {
			parse(
			    &p, market__slice(bytes.data, i), MARKET_KINDS_ALL);
			ck_assert_msg(p.status == MARKET_E_ENCODING ||
				p.status == MARKET_E_SCHEMA,
			    "%zu: %s", i, market_status_name(p.status));
			clear(&p);
		}
		market_buffer_clear(&bytes);
	}
}
END_TEST

START_TEST(envelope_survives_lack_of_memory)
{
	market__envelope_t envelope, back;
	market_buffer_t bytes, again = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	harness_memory_t memory;
	market__arena_t arena;
	market_status_t got;
	size_t i;
	int json;

	make(&envelope, (const uint8_t *)"\x0a\x01\x61", 3);
	for (json = 0; json < 2; json++) {
		bytes = write(&envelope, json);
		got = MARKET_E_MEMORY;
		for (i = 0; got != MARKET_OK && can_read(json); i++) {
			harness_memory_init(&memory);
			memory.fail_at = i;
			market__arena_init(&arena, &memory.allocator,
			    MARKET__PARSE_BUDGET(bytes.len));
			got = market__envelope_parse(
			    market_buffer_slice(&bytes), MARKET_KINDS_ALL,
			    &arena, &back, &error);
			ck_assert(got == MARKET_OK || got == MARKET_E_MEMORY);
			market__arena_clear(&arena);
			ck_assert_uint_eq(memory.live, 0);
		}
		got = MARKET_E_MEMORY;
		for (i = 0; got != MARKET_OK; i++) {
			harness_memory_init(&memory);
			memory.fail_at = i;
			got = market__envelope_write(
			    &envelope, json, &memory.allocator, &again);
			ck_assert(got == MARKET_OK || got == MARKET_E_MEMORY);
			ck_assert_int_eq(got == MARKET_OK, again.data != NULL);
			market_buffer_clear(&again);
			ck_assert_uint_eq(memory.live, 0);
		}
		market_buffer_clear(&bytes);
	}
}
END_TEST

START_TEST(envelope_is_not_written_above_its_limit)
{
	static uint8_t payload[MARKET__ENVELOPE_MAX];
	market__envelope_t envelope;
	market_buffer_t bytes = MARKET_BUFFER_INIT;
	int json;

	for (json = 0; json < 2; json++) {
		make(&envelope, payload, sizeof(payload));
		ck_assert_int_eq(market__envelope_write(&envelope, json,
				     &market__default_allocator, &bytes),
		    MARKET_E_LIMIT);
		envelope.kind = MARKET_KIND_FEED;
		envelope.payload_type = market_slice_of(
		    market__payload_type(MARKET_KIND_FEED));
		ck_assert_int_eq(market__envelope_write(&envelope, json,
				     &market__default_allocator, &bytes),
		    MARKET_OK);
		market_buffer_clear(&bytes);
		make(&envelope, payload, 1);
		envelope.n_signatures = MARKET__SIGNATURES_MAX + 1;
		ck_assert_int_eq(market__envelope_write(&envelope, json,
				     &market__default_allocator, &bytes),
		    MARKET_E_LIMIT);
		ck_assert_ptr_null(bytes.data);
	}
}
END_TEST

/* ---- the pre-authentication encoding ---- */

/* The value of the next "name": "..." behind *at, or NULL. */
static char *
next_string(char **at, const char *name)
{
	char key[64], *value, *end;

	snprintf(key, sizeof(key), "\"%s\": \"", name);
	value = strstr(*at, key);
	if (value == NULL)
		return NULL;
	value += strlen(key);
	end = strchr(value, '"');
	ck_assert_ptr_nonnull(end);
	*end = '\0';
	*at = end + 1;
	return value;
}

START_TEST(pae_head_is_as_in_the_vectors)
{
	const char *path;
	char out[MARKET__PAE_HEAD_MAX], text[512], *all, *at, *type, *hex;
	size_t len, cases = 0, payload_len, used;

	HARNESS_SHARED(path, "vectors/dsse/vectors.json");
	all = harness_read(path, &len);
	at = strstr(all, "\"pae_cases\"");
	ck_assert_ptr_nonnull(at);
	while ((type = next_string(&at, "type")) != NULL) {
		hex = next_string(&at, "payload_hex");
		ck_assert_ptr_nonnull(hex);
		payload_len = strlen(hex) / 2;
		used = market__pae_head(
		    market_slice_of(type), payload_len, out);
		/* The case's PAE follows, as text or in hex. */
		if (strstr(at, "\"pae_hex\"") == NULL ||
		    (strstr(at, "\"pae_utf8\"") != NULL &&
			strstr(at, "\"pae_utf8\"") <
			    strstr(at, "\"pae_hex\""))) {
			char *pae = next_string(&at, "pae_utf8");

			ck_assert_uint_eq(strlen(pae), used + payload_len);
			ck_assert_mem_eq(pae, out, used);
		} else {
			char *pae = next_string(&at, "pae_hex");

			market__hex((const uint8_t *)out, used, text);
			ck_assert_uint_eq(
			    strlen(pae), 2 * (used + payload_len));
			ck_assert_mem_eq(pae, text, 2 * used);
		}
		cases++;
	}
	ck_assert_uint_eq(cases, 3);
	free(all);
}
END_TEST

START_TEST(pae_head_is_bounded)
{
	char out[MARKET__PAE_HEAD_MAX], type[MARKET__PAE_HEAD_MAX];
	size_t len;
	int kind;

	memset(type, 'x', sizeof(type));
	len = market__pae_head(
	    market__slice(type, MARKET__PAE_HEAD_MAX - 51), SIZE_MAX, out);
	ck_assert_uint_gt(len, MARKET__PAE_HEAD_MAX - 51);
	ck_assert_uint_lt(len, MARKET__PAE_HEAD_MAX);
	ck_assert_uint_eq(
	    market__pae_head(
		market__slice(type, MARKET__PAE_HEAD_MAX - 50), 1, out),
	    0);
	for (kind = MARKET_KIND_TRUST_ROOT; kind <= MARKET_KIND_FEED; kind++)
		ck_assert_uint_gt(
		    market__pae_head(market_slice_of(market__payload_type(
					 (market_kind_t)kind)),
			SIZE_MAX, out),
		    0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("envelope");
	TCase *tcase = tcase_create("envelope");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, envelope_is_the_same_when_written_and_read);
	tcase_add_test(tcase, envelope_is_written_in_one_way);
#ifdef HAVE_JANSSON
	tcase_add_loop_test(tcase, envelope_in_json_is_held_to_each_row, 0,
	    (int)MARKET__COUNT(json_rows));
	tcase_add_test(tcase, envelope_in_json_is_not_read_by_recursion);
#endif
	tcase_add_test(tcase, envelope_is_not_decompressed);
	tcase_add_test(tcase, envelope_type_is_one_of_those_expected);
	tcase_add_test(tcase, envelope_in_protobuf_is_held_to_each_row);
	tcase_add_test(tcase, envelope_refusals_are_as_committed);
#ifdef HAVE_JANSSON
	tcase_add_test(tcase, envelope_refusals_in_json_are_as_committed);
#endif
	tcase_add_test(tcase, envelope_limits_hold_at_their_value);
	tcase_add_test(tcase, envelope_size_is_limited_by_kind);
	tcase_add_test(tcase, envelope_refuses_arguments_and_emptiness);
	tcase_add_test(tcase, envelope_refuses_each_prefix);
	tcase_add_test(tcase, envelope_survives_lack_of_memory);
	tcase_add_test(tcase, envelope_is_not_written_above_its_limit);
	tcase_add_test(tcase, pae_head_is_as_in_the_vectors);
	tcase_add_test(tcase, pae_head_is_bounded);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
