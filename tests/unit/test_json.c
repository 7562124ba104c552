/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"

#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <market/draft.h>

#include "wire/build.h"
#include "wire/descriptors.h"
#include "wire/json.h"
#include "wire/names.h"
#include "wire/wire.h"

static market_status_t
read_json(market_kind_t kind, const char *json, market__build_t **ret_build,
    market_error_t *reterr)
{
	return market__build_from_json(kind, market_slice_of(json),
	    &market__default_allocator, ret_build, reterr);
}

static char *
write_payload(market_kind_t kind, market_slice_t payload, unsigned indent)
{
	market__text_t text;

	market__text_init(&text, &market__default_allocator, 1 << 20);
	ck_assert_int_eq(market__payload_to_json(kind, payload, indent,
			     &market__default_allocator, &text),
	    MARKET_OK);
	return text.data;
}

/* What is packed is the one encoding, also of an empty oneof member. */
static void
pack(const market__build_t *build, market_buffer_t *ret_payload)
{
	market__strict_rules_t rules = { market__kind_descriptor(
					     market__build_kind(build)),
		MARKET__ELEMENTS_MAX, true };
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_int_eq(market__build_pack(build, ret_payload), MARKET_OK);
	ck_assert_msg(
	    market__strict_scan(
		&rules, market_buffer_slice(ret_payload), &error) == MARKET_OK,
	    "%s: %s", error.path, error.message);
}

/* The document after a trip over the wire, on one line. */
static char *
write_build(const market__build_t *build)
{
	market_buffer_t payload = MARKET_BUFFER_INIT;
	char *json;

	pack(build, &payload);
	json = write_payload(
	    market__build_kind(build), market_buffer_slice(&payload), 0);
	market_buffer_clear(&payload);
	return json;
}

#ifdef HAVE_JANSSON

/* ---- what is taken, and what it comes back as ---- */

static const struct {
	const char *label;
	market_kind_t kind;
	const char *json;
	const char *want; /* NULL: the same text */
} taken[] = {
	{ "an empty document", MARKET_KIND_OFFER, "{}", NULL },
	{ "white space around it", MARKET_KIND_OFFER, " \n{ }\t\n", "{}" },
	{ "text", MARKET_KIND_OFFER, "{\"brand\":\"xiaomi\"}", NULL },
	{ "text with escapes", MARKET_KIND_OFFER,
	    "{\"title\":\"a\\\"b\\\\c\\nd\\u0001\\u00e9\"}",
	    "{\"title\":\"a\\\"b\\\\c\\nd\\u0001\xc3\xa9\"}" },
	{ "an empty message is there", MARKET_KIND_PRODUCT, "{\"radio\":{}}",
	    NULL },
	{ "E27 explicit defaults are absent", MARKET_KIND_OFFER,
	    "{\"brand\":\"\",\"quantity\":0,\"territories\":[],"
	    "\"condition\":\"CONDITION_UNSPECIFIED\"}",
	    "{}" },
	{ "false is absent", MARKET_KIND_HOLD, "{\"final\":false}", "{}" },
	{ "true", MARKET_KIND_HOLD, "{\"final\":true}", NULL },
	{ "an enum", MARKET_KIND_OFFER, "{\"condition\":\"CONDITION_USED\"}",
	    NULL },
	{ "enums in a list", MARKET_KIND_OFFER,
	    "{\"channels\":[\"CHANNEL_ANY\",\"CHANNEL_WHOLESALE\"]}", NULL },
	{ "an empty text in a list stays", MARKET_KIND_OFFER,
	    "{\"territories\":[\"\",\"US\"]}", NULL },
	{ "five elements", MARKET_KIND_PRODUCT,
	    "{\"radio\":{\"lteBands\":[1,2,3,4,5]}}", NULL },
	{ "a number in a list may be 0", MARKET_KIND_PRODUCT,
	    "{\"radio\":{\"lteBands\":[0,4294967295]}}", NULL },
	{ "uint64 as a number", MARKET_KIND_OFFER,
	    "{\"header\":{\"revision\":7}}",
	    "{\"header\":{\"revision\":\"7\"}}" },
	{ "the greatest uint64", MARKET_KIND_OFFER,
	    "{\"header\":{\"revision\":\"18446744073709551615\"}}", NULL },
	{ "E35 the greatest int64", MARKET_KIND_OFFER,
	    "{\"price\":{\"amountMicros\":\"9223372036854775807\"}}", NULL },
	{ "E35 the least int64", MARKET_KIND_OFFER,
	    "{\"price\":{\"amountMicros\":\"-9223372036854775808\"}}", NULL },
	{ "a negative number", MARKET_KIND_OFFER,
	    "{\"price\":{\"amountMicros\":-1}}",
	    "{\"price\":{\"amountMicros\":\"-1\"}}" },
	{ "a time in RFC 3339", MARKET_KIND_OFFER,
	    "{\"header\":{\"issuedAt\":\"2016-02-29T23:59:59Z\"}}", NULL },
	{ "a time as a number", MARKET_KIND_OFFER,
	    "{\"header\":{\"issuedAt\":1454284800}}",
	    "{\"header\":{\"issuedAt\":\"2016-02-01T00:00:00Z\"}}" },
	{ "a time as digits", MARKET_KIND_OFFER,
	    "{\"header\":{\"notAfter\":\"1454284800\"}}",
	    "{\"header\":{\"notAfter\":\"2016-02-01T00:00:00Z\"}}" },
	{ "T9 the last second of 9999", MARKET_KIND_OFFER,
	    "{\"header\":{\"notAfter\":\"9999-12-31T23:59:59Z\"}}", NULL },
	{ "T9 a time beyond RFC 3339 stays a number", MARKET_KIND_OFFER,
	    "{\"header\":{\"notAfter\":253402300800}}",
	    "{\"header\":{\"notAfter\":\"253402300800\"}}" },
	{ "T9 a time before 1970", MARKET_KIND_OFFER,
	    "{\"header\":{\"notAfter\":-1}}",
	    "{\"header\":{\"notAfter\":\"1969-12-31T23:59:59Z\"}}" },
	{ "from and until", MARKET_KIND_NETWORK,
	    "{\"deployments\":[{\"from\":\"2012-01-01T00:00:00Z\","
	    "\"until\":\"2022-07-01T00:00:00Z\"}]}",
	    NULL },
	{ "bytes", MARKET_KIND_FEED, "{\"root\":\"+/8=\"}", NULL },
	{ "bytes in a list", MARKET_KIND_FEED,
	    "{\"chunkRoots\":[\"AA==\",\"\",\"AAEC\"]}", NULL },
	{ "a oneof's member", MARKET_KIND_WITHDRAWAL,
	    "{\"targetKey\":\"AAEC\"}", NULL },
	{ "a oneof's member that is empty is there", MARKET_KIND_WITHDRAWAL,
	    "{\"targetDigest\":\"\"}", NULL },
	{ "a oneof's message that is empty is there", MARKET_KIND_WITHDRAWAL,
	    "{\"target\":{}}", NULL },
	{ "fields in any order", MARKET_KIND_OFFER,
	    "{\"model\":\"2014215\",\"brand\":\"xiaomi\"}",
	    "{\"brand\":\"xiaomi\",\"model\":\"2014215\"}" },
	{ "an escaped key", MARKET_KIND_OFFER, "{\"br\\u0061nd\":\"xiaomi\"}",
	    "{\"brand\":\"xiaomi\"}" },
};

START_TEST(json_read_takes)
{
	market_error_t error = MARKET_ERROR_INIT;
	market__build_t *build;
	char *json;

	ck_assert_msg(read_json(taken[_i].kind, taken[_i].json, &build,
			  &error) == MARKET_OK,
	    "%s: %s: %s", taken[_i].label, error.path, error.message);
	json = write_build(build);
	ck_assert_msg(
	    strcmp(json,
		taken[_i].want == NULL ? taken[_i].json : taken[_i].want) == 0,
	    "%s: %s", taken[_i].label, json);
	free(json);
	market__build_free(build);
}
END_TEST

/* ---- what is refused, where, and with which cure ---- */

static const struct {
	const char *label;
	market_kind_t kind;
	const char *json;
	market_status_t want;
	const char *path;
	const char *message; /* a part of it */
} refused[] = {
	{ "snake_case", MARKET_KIND_OFFER, "{\"header\":{\"not_before\":1}}",
	    MARKET_E_SCHEMA, "header.not_before", "lowerCamelCase: notBefore" },
	{ "a name in another case", MARKET_KIND_OFFER, "{\"Brand\":\"x\"}",
	    MARKET_E_SCHEMA, "Brand", "did you mean brand?" },
	{ "a mistyped name", MARKET_KIND_OFFER, "{\"teritories\":[]}",
	    MARKET_E_SCHEMA, "teritories", "did you mean territories?" },
	{ "kyverno: an unknown policy field", MARKET_KIND_POLICY,
	    "{\"zzzzzzzz\":1}", MARKET_E_SCHEMA, "zzzzzzzz",
	    "known here: header, environment" },
	{ "an unknown name in a list", MARKET_KIND_TRUST_ROOT,
	    "{\"parties\":[{},{\"keys\":{\"treshold\":1}}]}", MARKET_E_SCHEMA,
	    "parties[1].keys.treshold", "did you mean threshold?" },
	{ "the name of a oneof", MARKET_KIND_WITHDRAWAL, "{\"what\":1}",
	    MARKET_E_SCHEMA, "what", "" },
	{ "a duplicate key", MARKET_KIND_OFFER,
	    "{\"brand\":\"a\",\"brand\":\"a\"}", MARKET_E_ENCODING, "",
	    "duplicate" },
	{ "a duplicate key, escaped", MARKET_KIND_OFFER,
	    "{\"brand\":\"a\",\"br\\u0061nd\":\"a\"}", MARKET_E_ENCODING, "",
	    "line 1, column" },
	{ "null", MARKET_KIND_OFFER, "{\"brand\":null}", MARKET_E_SCHEMA,
	    "brand", "null says nothing" },
	{ "null for a list", MARKET_KIND_OFFER, "{\"territories\":null}",
	    MARKET_E_SCHEMA, "territories", "null says nothing" },
	{ "null for a message", MARKET_KIND_OFFER, "{\"price\":null}",
	    MARKET_E_SCHEMA, "price", "null says nothing" },
	{ "null for an enum", MARKET_KIND_OFFER, "{\"condition\":null}",
	    MARKET_E_SCHEMA, "condition", "this is null" },
	{ "an exponent", MARKET_KIND_OFFER,
	    "{\"price\":{\"amountMicros\":1e3}}", MARKET_E_SCHEMA,
	    "price.amountMicros", "fraction or an exponent" },
	{ "a fraction", MARKET_KIND_OFFER, "{\"quantity\":1.0}",
	    MARKET_E_SCHEMA, "quantity", "fraction or an exponent" },
	{ "a fraction in a string", MARKET_KIND_OFFER, "{\"quantity\":\"1.0\"}",
	    MARKET_E_SCHEMA, "quantity", "decimal digits" },
	{ "a leading zero", MARKET_KIND_OFFER, "{\"quantity\":\"01\"}",
	    MARKET_E_SCHEMA, "quantity", "\"01\"" },
	{ "a leading zero in a number", MARKET_KIND_OFFER, "{\"quantity\":01}",
	    MARKET_E_ENCODING, "", "line 1" },
	{ "a plus sign", MARKET_KIND_OFFER, "{\"quantity\":\"+1\"}",
	    MARKET_E_SCHEMA, "quantity", "" },
	{ "minus zero", MARKET_KIND_OFFER,
	    "{\"price\":{\"amountMicros\":\"-0\"}}", MARKET_E_SCHEMA,
	    "price.amountMicros", "" },
	{ "a blank", MARKET_KIND_OFFER, "{\"quantity\":\" 1\"}",
	    MARKET_E_SCHEMA, "quantity", "" },
	{ "no digits", MARKET_KIND_OFFER, "{\"quantity\":\"\"}",
	    MARKET_E_SCHEMA, "quantity", "" },
	{ "uint64 and 1", MARKET_KIND_OFFER,
	    "{\"quantity\":\"18446744073709551616\"}", MARKET_E_SCHEMA,
	    "quantity", "" },
	{ "uint64 below 0", MARKET_KIND_OFFER, "{\"quantity\":-1}",
	    MARKET_E_SCHEMA, "quantity", "out of range: 0 to" },
	{ "E35 int64 and 1", MARKET_KIND_OFFER,
	    "{\"price\":{\"amountMicros\":\"9223372036854775808\"}}",
	    MARKET_E_SCHEMA, "price.amountMicros", "out of range" },
	{ "E35 int64 less 1", MARKET_KIND_OFFER,
	    "{\"price\":{\"amountMicros\":\"-9223372036854775809\"}}",
	    MARKET_E_SCHEMA, "price.amountMicros", "out of range" },
	{ "a number too long for a reader", MARKET_KIND_OFFER,
	    "{\"quantity\":9223372036854775808}", MARKET_E_SCHEMA, "",
	    "string of digits" },
	{ "E17 uint32 and 1", MARKET_KIND_OFFER, "{\"returnDays\":4294967296}",
	    MARKET_E_SCHEMA, "returnDays", "out of range: 0 to 4294967295" },
	{ "uint32 below 0", MARKET_KIND_OFFER, "{\"returnDays\":-1}",
	    MARKET_E_SCHEMA, "returnDays", "out of range" },
	{ "uint32 in a string", MARKET_KIND_OFFER, "{\"returnDays\":\"1\"}",
	    MARKET_E_SCHEMA, "returnDays", "without quotes" },
	{ "a boolean as a number", MARKET_KIND_HOLD, "{\"final\":1}",
	    MARKET_E_SCHEMA, "final", "true or false" },
	{ "an enum as a number", MARKET_KIND_OFFER, "{\"condition\":2}",
	    MARKET_E_SCHEMA, "condition", "known here: CONDITION_ANY" },
	{ "an enum without prefix", MARKET_KIND_OFFER,
	    "{\"condition\":\"NEW\"}", MARKET_E_SCHEMA, "condition",
	    "write it in full: CONDITION_NEW" },
	{ "E24 an enum in lower case", MARKET_KIND_OFFER,
	    "{\"condition\":\"condition_new\"}", MARKET_E_SCHEMA, "condition",
	    "did you mean CONDITION_NEW?" },
	{ "E19 an unknown enum", MARKET_KIND_OFFER,
	    "{\"channels\":[\"CHANNEL_ANY\",\"TELEPATHY\"]}", MARKET_E_SCHEMA,
	    "channels[1]", "known here: CHANNEL_ANY" },
	{ "E20 UNSPECIFIED in a list", MARKET_KIND_OFFER,
	    "{\"channels\":[\"CHANNEL_UNSPECIFIED\"]}", MARKET_E_SCHEMA,
	    "channels[0]", "leave it out" },
	{ "a list for a text", MARKET_KIND_OFFER, "{\"brand\":[\"a\"]}",
	    MARKET_E_SCHEMA, "brand", "this is a list" },
	{ "a text for a list", MARKET_KIND_OFFER, "{\"territories\":\"US\"}",
	    MARKET_E_SCHEMA, "territories", "write a list" },
	{ "a text for a message", MARKET_KIND_OFFER, "{\"price\":\"1\"}",
	    MARKET_E_SCHEMA, "price", "write an object" },
	{ "a number for a text", MARKET_KIND_OFFER, "{\"model\":2014215}",
	    MARKET_E_SCHEMA, "model", "this is an integer: write a string" },
	{ "a message for a number", MARKET_KIND_OFFER, "{\"quantity\":{}}",
	    MARKET_E_SCHEMA, "quantity", "this is an object" },
	{ "a document that is a list", MARKET_KIND_OFFER, "[]", MARKET_E_SCHEMA,
	    "", "write an object" },
	{ "E21 a NUL", MARKET_KIND_OFFER, "{\"territories\":[\"US\\u0000CA\"]}",
	    MARKET_E_SCHEMA, "territories[0]", "NUL" },
	{ "a NUL in a name", MARKET_KIND_OFFER, "{\"brand\\u0000\":\"a\"}",
	    MARKET_E_ENCODING, "", "line 1" },
	{ "E22 a lone surrogate", MARKET_KIND_OFFER, "{\"title\":\"\\ud800\"}",
	    MARKET_E_ENCODING, "", "line 1" },
	{ "E22 no UTF-8", MARKET_KIND_OFFER, "{\"title\":\"\xff\xfe\"}",
	    MARKET_E_ENCODING, "", "decode byte" },
	{ "base64 for URLs", MARKET_KIND_FEED, "{\"root\":\"-_8=\"}",
	    MARKET_E_SCHEMA, "root", "URL-safe" },
	{ "base64 without padding", MARKET_KIND_FEED, "{\"root\":\"+/8\"}",
	    MARKET_E_SCHEMA, "root", "padding" },
	{ "base64 with loose bits", MARKET_KIND_FEED, "{\"root\":\"+/9=\"}",
	    MARKET_E_SCHEMA, "root", "no base64" },
	{ "base64 with a new line", MARKET_KIND_FEED,
	    "{\"chunkRoots\":[\"AA\\n==\"]}", MARKET_E_SCHEMA, "chunkRoots[0]",
	    "" },
	{ "two members of a oneof", MARKET_KIND_WITHDRAWAL,
	    "{\"targetDigest\":\"AA==\",\"targetKey\":\"AA==\"}",
	    MARKET_E_SCHEMA, "targetKey", "targetDigest is there already" },
	{ "E7 two members of a oneof, one empty", MARKET_KIND_WITHDRAWAL,
	    "{\"targetDigest\":\"\",\"target\":{}}", MARKET_E_SCHEMA, "target",
	    "targetDigest is there already" },
	{ "T8 a time with an offset", MARKET_KIND_OFFER,
	    "{\"header\":{\"notAfter\":\"2016-02-01T00:00:00+01:00\"}}",
	    MARKET_E_SCHEMA, "header.notAfter", "2016-02-01T00:00:00Z" },
	{ "T8 a leap second", MARKET_KIND_OFFER,
	    "{\"header\":{\"notAfter\":\"2016-12-31T23:59:60Z\"}}",
	    MARKET_E_SCHEMA, "header.notAfter", "" },
	{ "T9 the year 0", MARKET_KIND_OFFER,
	    "{\"header\":{\"notAfter\":\"0000-12-31T23:59:59Z\"}}",
	    MARKET_E_SCHEMA, "header.notAfter", "" },
	{ "a date for a number that is no time", MARKET_KIND_OFFER,
	    "{\"quantity\":\"2016-02-01T00:00:00Z\"}", MARKET_E_SCHEMA,
	    "quantity", "" },
	{ "E1 nothing", MARKET_KIND_OFFER, "", MARKET_E_ENCODING, "",
	    "line 1" },
	{ "text behind it", MARKET_KIND_OFFER, "{}x", MARKET_E_ENCODING, "",
	    "line 1" },
	{ "a comment", MARKET_KIND_OFFER, "{\n  // x\n}", MARKET_E_ENCODING, "",
	    "line 2, column 3" },
	{ "a comma too many", MARKET_KIND_OFFER, "{\"brand\":\"a\",}",
	    MARKET_E_ENCODING, "", "line 1" },
	{ "a byte order mark", MARKET_KIND_OFFER, "\xef\xbb\xbf{}",
	    MARKET_E_ENCODING, "", "line 1" },
	{ "E32 nested deeper than 16", MARKET_KIND_OFFER,
	    "{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}", MARKET_E_LIMIT, "",
	    "deeper than 16" },
};

START_TEST(json_read_refuses)
{
	market_error_t error = MARKET_ERROR_INIT;
	market__build_t *build = NULL;
	market_status_t status;

	status = read_json(refused[_i].kind, refused[_i].json, &build, &error);
	ck_assert_msg(status == refused[_i].want, "%s: %s, %s: %s",
	    refused[_i].label, market_status_name(status), error.path,
	    error.message);
	ck_assert_msg(error.status == status, "%s", refused[_i].label);
	ck_assert_msg(strcmp(error.path, refused[_i].path) == 0, "%s: path %s",
	    refused[_i].label, error.path);
	ck_assert_msg(strstr(error.message, refused[_i].message) != NULL,
	    "%s: %s", refused[_i].label, error.message);
	ck_assert_ptr_null(build);
	/* And without a place for the error. */
	ck_assert_int_eq(
	    read_json(refused[_i].kind, refused[_i].json, &build, NULL),
	    refused[_i].want);
}
END_TEST

START_TEST(json_refusals_are_as_committed)
{
	market_error_t error;
	market__build_t *build = NULL;
	golden_t list;
	size_t i;

	golden_begin(&list);
	for (i = 0; i < MARKET__COUNT(refused); i++) {
		error = (market_error_t)MARKET_ERROR_INIT;
		golden_add(&list, refused[i].label,
		    read_json(refused[i].kind, refused[i].json, &build, &error),
		    &error);
	}
	golden_check(&list, "json.txt");
}
END_TEST

START_TEST(json_read_error_has_the_offset)
{
	market_error_t error = MARKET_ERROR_INIT;
	market__build_t *build;

	ck_assert_int_eq(
	    read_json(MARKET_KIND_OFFER, "{\"brand\" \"x\"}", &build, &error),
	    MARKET_E_ENCODING);
	ck_assert(error.offset >= 9 && error.offset <= 13);
}
END_TEST

START_TEST(json_read_limits_the_size)
{
	size_t max = MARKET__JSON_MAX;
	char *json = malloc(max + 1);
	market_error_t error = MARKET_ERROR_INIT;
	market__build_t *build;

	ck_assert_ptr_nonnull(json);
	memset(json, ' ', max + 1);
	json[0] = '{';
	json[max - 1] = '}';
	ck_assert_int_eq(
	    market__build_from_json(MARKET_KIND_OFFER, market__slice(json, max),
		&market__default_allocator, &build, &error),
	    MARKET_OK);
	market__build_free(build);
	ck_assert_int_eq(market__build_from_json(MARKET_KIND_OFFER,
			     market__slice(json, max + 1),
			     &market__default_allocator, &build, &error),
	    MARKET_E_LIMIT);
	free(json);
}
END_TEST

START_TEST(json_read_survives_failing_memory)
{
	static const char json[] =
	    "{\"header\":{\"issuer\":\"mi.com\"},\"parties\":[{\"id\":\"a\","
	    "\"keys\":{\"keys\":[{\"spki\":\"AAEC\"},{},{},{},{}]},"
	    "\"roles\":[{\"brands\":[\"x\",\"y\"]}]}]}";
	market_status_t status = MARKET_E_MEMORY;
	harness_memory_t memory;
	market__build_t *build;
	size_t i;

	for (i = 0; status != MARKET_OK; i++) {
		ck_assert_uint_lt(i, 1000);
		harness_memory_init(&memory);
		memory.fail_at = i;
		build = NULL;
		status = market__build_from_json(MARKET_KIND_TRUST_ROOT,
		    market_slice_of(json), &memory.allocator, &build, NULL);
		ck_assert(status == MARKET_OK || status == MARKET_E_MEMORY);
		market__build_free(build);
		ck_assert_uint_eq(memory.live, 0);
	}
	ck_assert_uint_gt(i, 20);
}
END_TEST

#else

START_TEST(json_read_says_that_it_is_not_built)
{
	market__build_t *build;

	ck_assert_int_eq(read_json(MARKET_KIND_OFFER, "{}", &build, NULL),
	    MARKET_E_UNSUPPORTED);
}
END_TEST

#endif

#ifdef HAVE_JANSSON

/* "Offer HEX JSON", for a reader in another language. */
static void
print_payload(FILE *file, market_kind_t kind, market_slice_t document)
{
	market_buffer_t payload = MARKET_BUFFER_INIT;
	market__build_t *build;
	char *json;
	size_t i;

	ck_assert_int_eq(market__build_from_json(kind, document,
			     &market__default_allocator, &build, NULL),
	    MARKET_OK);
	pack(build, &payload);
	json = write_build(build);
	fprintf(file, "%s ", market__kind_descriptor(kind)->short_name);
	for (i = 0; i < payload.len; i++)
		fprintf(file, "%02x", payload.data[i]);
	fprintf(file, " %s\n", json);
	free(json);
	market_buffer_clear(&payload);
	market__build_free(build);
}

/* What tests/check/json_python.py compares; NULL: a file that is not kept. */
static const char *payloads_path;

START_TEST(json_payloads_are_printed)
{
	market_context_t context = { .allocator = market__default_allocator };
	market_buffer_t json = MARKET_BUFFER_INIT;
	FILE *file;
	size_t i;
	int kind;

	file = payloads_path == NULL ? tmpfile() : fopen(payloads_path, "w");
	ck_assert_ptr_nonnull(file);
	for (kind = 1; kind <= MARKET_KIND_FEED; kind++) {
		ck_assert_int_eq(
		    market_template_json(&context, (market_kind_t)kind, &json),
		    MARKET_OK);
		print_payload(
		    file, (market_kind_t)kind, market_buffer_slice(&json));
	}
	for (i = 0; i < MARKET__COUNT(taken); i++)
		print_payload(
		    file, taken[i].kind, market_slice_of(taken[i].json));
	market_buffer_clear(&json);
	ck_assert_int_eq(fclose(file), 0);
}
END_TEST

#endif

/* ---- depth ---- */

static const struct {
	const char *json;
	bool good;
} depths[] = {
	{ "[[]]", true },
	{ "[[[]]]", false },
	{ "{\"a\":{\"b\":{}}}", false },
	{ "{\"a\":{}, \"b\":{}}", true },
	{ "[\"[[[[\"]", true },
	{ "[\"\\\"[[[\"]", true },
	{ "[\"\\\\\",[[]]]", false },
	{ "]]]][[]]", true },
	{ "[\"", true },
	{ "[\"\\", true },
};

START_TEST(json_depth_is_counted)
{
	ck_assert_msg(
	    (market__json_depth_check(market_slice_of(depths[_i].json), 2,
		 NULL) == MARKET_OK) == depths[_i].good,
	    "%s", depths[_i].json);
}
END_TEST

/* ---- writing ---- */

START_TEST(json_write_indents)
{
	static const uint8_t payload[] = { 0x0a, 0x00, 0x82, 0x01, 0x02, 'U',
		'S', 0x82, 0x01, 0x02, 'C', 'A', 0x8a, 0x01, 0x02, 0x01, 0x02 };
	char *json;

	json = write_payload(
	    MARKET_KIND_OFFER, market__slice(payload, sizeof(payload)), 2);
	ck_assert_str_eq(json,
	    "{\n"
	    "  \"header\": {},\n"
	    "  \"territories\": [\n"
	    "    \"US\",\n"
	    "    \"CA\"\n"
	    "  ],\n"
	    "  \"channels\": [\n"
	    "    \"CHANNEL_ANY\",\n"
	    "    \"CHANNEL_ONLINE_STORE\"\n"
	    "  ]\n"
	    "}");
	free(json);
	json = write_payload(MARKET_KIND_OFFER, market__slice(NULL, 0), 2);
	ck_assert_str_eq(json, "{}");
	free(json);
}
END_TEST

START_TEST(json_write_steps_over_extensions)
{
	/* 1000 as a varint, 1001 as bytes, 1002 and 1003 fixed. */
	static const uint8_t payload[] = { 0x12, 0x01, 'x', 0xc0, 0x3e, 0x05,
		0xca, 0x3e, 0x01, 'y', 0xd1, 0x3e, 1, 2, 3, 4, 5, 6, 7, 8, 0xdd,
		0x3e, 1, 2, 3, 4 };
	char *json;

	json = write_payload(
	    MARKET_KIND_OFFER, market__slice(payload, sizeof(payload)), 0);
	ck_assert_str_eq(json, "{\"brand\":\"x\"}");
	free(json);
}
END_TEST

static const struct {
	const char *label;
	uint8_t bytes[12];
	size_t len;
} broken[] = {
	{ "a cut tag", { 0x80 }, 1 },
	{ "a cut length", { 0x0a }, 1 },
	{ "a cut message", { 0x0a, 0x05, 0x0a }, 3 },
	{ "a cut text", { 0x12, 0x05, 'x' }, 3 },
	{ "a cut varint", { 0x70, 0x80 }, 2 },
	{ "an endless varint",
	    { 0x70, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0x01 },
	    12 },
	{ "a group", { 0x13 }, 1 },
	{ "another wire type", { 0x10, 0x01 }, 2 },
	{ "a fixed one for text", { 0x15, 1, 2, 3, 4 }, 5 },
	{ "a cut packed list", { 0x8a, 0x01, 0x01, 0x80 }, 4 },
	{ "a field number beyond 2^29", { 0x80, 0x80, 0x80, 0x80, 0x10, 0x00 },
	    6 },
};

START_TEST(json_write_refuses_what_was_not_checked)
{
	market__text_t text;

	market__text_init(&text, &market__default_allocator, 1000);
	ck_assert_msg(
	    market__payload_to_json(MARKET_KIND_OFFER,
		market__slice(broken[_i].bytes, broken[_i].len), 0,
		&market__default_allocator, &text) == MARKET_E_ENCODING,
	    "%s", broken[_i].label);
	market__text_clear(&text);
}
END_TEST

START_TEST(json_write_tells_what_failed)
{
	static const uint8_t payload[] = { 0x12, 0x01, 'x' };
	market_slice_t slice = market__slice(payload, sizeof(payload));
	harness_memory_t memory;
	market__text_t text;

	market__text_init(&text, &market__default_allocator, 4);
	ck_assert_int_eq(market__payload_to_json(MARKET_KIND_OFFER, slice, 0,
			     &market__default_allocator, &text),
	    MARKET_E_LIMIT);
	market__text_clear(&text);
	harness_memory_init(&memory);
	memory.fail_at = 0;
	market__text_init(&text, &memory.allocator, 100);
	ck_assert_int_eq(market__payload_to_json(MARKET_KIND_OFFER, slice, 0,
			     &memory.allocator, &text),
	    MARKET_E_MEMORY);
	ck_assert_int_eq(market__payload_to_json(MARKET_KIND_NONE, slice, 0,
			     &memory.allocator, &text),
	    MARKET_E_ARGUMENT);
	market__text_clear(&text);
}
END_TEST

/* ---- names ---- */

static void
check_names(const ProtobufCMessageDescriptor *message)
{
	char name[MARKET__NAME_MAX];
	unsigned i;

	for (i = 0; i < message->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->fields[i];

		ck_assert_uint_lt(strlen(field->name), MARKET__NAME_MAX);
		market__json_name(field->name, name);
		ck_assert_ptr_null(strchr(name, '_'));
		ck_assert_ptr_eq(
		    market__field_find_json(message, market_slice_of(name)),
		    field);
		if (field->type == PROTOBUF_C_TYPE_MESSAGE)
			check_names(field->descriptor);
	}
}

START_TEST(json_names_fit_and_are_distinct)
{
	char name[MARKET__NAME_MAX];
	int kind;

	for (kind = 1; kind <= MARKET_KIND_FEED; kind++)
		check_names(market__kind_descriptor((market_kind_t)kind));
	market__json_name("a_b2_3c__d", name);
	ck_assert_str_eq(name, "aB23cD");
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("json");
	TCase *tcase = tcase_create("json");

#ifdef HAVE_JANSSON
	tcase_add_loop_test(tcase, json_read_takes, 0, MARKET__COUNT(taken));
	tcase_add_loop_test(
	    tcase, json_read_refuses, 0, MARKET__COUNT(refused));
	tcase_add_test(tcase, json_refusals_are_as_committed);
	tcase_add_test(tcase, json_read_error_has_the_offset);
	tcase_add_test(tcase, json_read_limits_the_size);
	tcase_add_test(tcase, json_read_survives_failing_memory);
	if (argc == 3 && strcmp(argv[1], "--payloads") == 0)
		payloads_path = argv[2];
	tcase_add_test(tcase, json_payloads_are_printed);
#else
	(void)argc;
	(void)argv;
	tcase_add_test(tcase, json_read_says_that_it_is_not_built);
#endif
	tcase_add_loop_test(
	    tcase, json_depth_is_counted, 0, MARKET__COUNT(depths));
	tcase_add_test(tcase, json_write_indents);
	tcase_add_test(tcase, json_write_steps_over_extensions);
	tcase_add_loop_test(tcase, json_write_refuses_what_was_not_checked, 0,
	    MARKET__COUNT(broken));
	tcase_add_test(tcase, json_write_tells_what_failed);
	tcase_add_test(tcase, json_names_fit_and_are_distinct);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
