/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/build.h"
#include "wire/descriptors.h"
#include "wire/path.h"
#include "wire/wire.h"

static market__build_t *
new_build(market_kind_t kind)
{
	market__build_t *build;

	ck_assert_int_eq(
	    market__build_new(kind, &market__default_allocator, &build),
	    MARKET_OK);
	return build;
}

/* The message in JSON; what a build packs is the one encoding of it. */
static char *
shown(const market__build_t *build)
{
	market_kind_t kind = market__build_kind(build);
	market__strict_rules_t rules = { market__kind_descriptor(kind),
		MARKET__ELEMENTS_MAX, true };
	market_buffer_t payload = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_slice_t bytes;
	market__text_t text;

	market__text_init(&text, &market__default_allocator, 1 << 20);
	ck_assert_int_eq(market__build_pack(build, &payload), MARKET_OK);
	bytes = market_buffer_slice(&payload);
	ck_assert_msg(market__strict_scan(&rules, bytes, &error) == MARKET_OK,
	    "%s: %s", error.path, error.message);
	ck_assert_int_eq(market__payload_to_json(
			     kind, bytes, 0, &market__default_allocator, &text),
	    MARKET_OK);
	market_buffer_clear(&payload);
	return text.data;
}

static void
assert_shown(const market__build_t *build, const char *label, const char *want)
{
	char *json = shown(build);

	ck_assert_msg(strcmp(json, want) == 0, "%s: %s", label, json);
	free(json);
}

/* One setting: text where it is not NULL, else the number. */
typedef struct setting {
	const char *path;
	const char *text;
	int64_t number;
} setting_t;

static market_status_t
apply(market__build_t *build, const setting_t *setting, market_error_t *error)
{
	if (setting->text != NULL)
		return market__build_set_text(build, setting->path,
		    market_slice_of(setting->text), error);
	return market__build_set_int(
	    build, setting->path, setting->number, error);
}

static const struct {
	const char *label;
	market_kind_t kind;
	setting_t settings[5];
	const char *want;
} good[] = {
	{ "nothing", MARKET_KIND_OFFER, { { NULL, NULL, 0 } }, "{}" },
	{ "text and numbers", MARKET_KIND_OFFER,
	    { { "brand", "xiaomi", 0 }, { "quantity", NULL, 25 },
		{ "return_days", NULL, UINT32_MAX } },
	    "{\"brand\":\"xiaomi\",\"quantity\":\"25\","
	    "\"returnDays\":4294967295}" },
	{ "a message comes into being", MARKET_KIND_OFFER,
	    { { "price.currency_code", "USD", 0 },
		{ "price.amount_micros", NULL, -1 } },
	    "{\"price\":{\"currencyCode\":\"USD\",\"amountMicros\":\"-1\"}}" },
	{ "times in seconds", MARKET_KIND_OFFER,
	    { { "header.not_after", NULL, 1454284800 } },
	    "{\"header\":{\"notAfter\":\"2016-02-01T00:00:00Z\"}}" },
	{ "lists by [], by index and one past the end", MARKET_KIND_OFFER,
	    { { "territories[]", "US", 0 }, { "territories[1]", "CA", 0 },
		{ "territories[]", "MX", 0 }, { "territories[0]", "GB", 0 } },
	    "{\"territories\":[\"GB\",\"CA\",\"MX\"]}" },
	{ "five of them", MARKET_KIND_PRODUCT,
	    { { "radio.lte_bands[]", NULL, 2 },
		{ "radio.lte_bands[]", NULL, 4 },
		{ "radio.lte_bands[]", NULL, 12 },
		{ "radio.lte_bands[]", NULL, 66 },
		{ "radio.lte_bands[]", NULL, 71 } },
	    "{\"radio\":{\"lteBands\":[2,4,12,66,71]}}" },
	{ "messages in lists", MARKET_KIND_TRUST_ROOT,
	    { { "parties[].id", "mi.com", 0 },
		{ "parties[0].keys.threshold", NULL, 1 },
		{ "parties[1].id", "fcc.gov", 0 },
		{ "parties[1].roles[0].role", "CERTIFIER", 0 },
		{ "parties[1].roles[0].schemes[]", "fcc", 0 } },
	    "{\"parties\":[{\"id\":\"mi.com\",\"keys\":{\"threshold\":1}},"
	    "{\"id\":\"fcc.gov\",\"roles\":[{\"role\":\"ROLE_CERTIFIER\","
	    "\"schemes\":[\"fcc\"]}]}]}" },
	{ "enums in full, without prefix, by number", MARKET_KIND_OFFER,
	    { { "channels[]", "CHANNEL_WHOLESALE", 0 },
		{ "channels[]", "ONLINE_STORE", 0 },
		{ "channels[]", NULL, 3 } },
	    "{\"channels\":[\"CHANNEL_WHOLESALE\",\"CHANNEL_ONLINE_STORE\","
	    "\"CHANNEL_MARKETPLACE\"]}" },
	{ "an enum whose name begins with a digit", MARKET_KIND_POLICY,
	    { { "minimum_service", "3G", 0 } },
	    "{\"minimumService\":\"SERVICE_3G\"}" },
	{ "a later value wins", MARKET_KIND_OFFER,
	    { { "brand", "a", 0 }, { "brand", "b", 0 } }, "{\"brand\":\"b\"}" },
	{ "E27 defaults leave the field out", MARKET_KIND_OFFER,
	    { { "brand", "a", 0 }, { "brand", "", 0 }, { "quantity", NULL, 1 },
		{ "quantity", NULL, 0 }, { "condition", "UNSPECIFIED", 0 } },
	    "{}" },
	{ "an enum made absent by an empty text", MARKET_KIND_OFFER,
	    { { "condition", "NEW", 0 }, { "condition", "", 0 } }, "{}" },
	{ "a default makes no message appear", MARKET_KIND_OFFER,
	    { { "price.amount_micros", NULL, 0 }, { "header.id", "", 0 } },
	    "{}" },
	{ "a default keeps the message that is there", MARKET_KIND_OFFER,
	    { { "price.amount_micros", NULL, 7 },
		{ "price.amount_micros", NULL, 0 } },
	    "{\"price\":{}}" },
	{ "a default in an appended message appends", MARKET_KIND_NETWORK,
	    { { "deployments[].band", NULL, 0 } }, "{\"deployments\":[{}]}" },
	{ "an empty text in a list stays", MARKET_KIND_OFFER,
	    { { "territories[]", "", 0 } }, "{\"territories\":[\"\"]}" },
	{ "bool", MARKET_KIND_HOLD, { { "final", NULL, 1 } },
	    "{\"final\":true}" },
	{ "bool, taken back", MARKET_KIND_HOLD,
	    { { "final", NULL, 1 }, { "final", NULL, 0 } }, "{}" },
	{ "the ends of int64", MARKET_KIND_OFFER,
	    { { "price.amount_micros", NULL, INT64_MIN },
		{ "quantity", NULL, INT64_MAX } },
	    "{\"price\":{\"amountMicros\":\"-9223372036854775808\"},"
	    "\"quantity\":\"9223372036854775807\"}" },
	{ "a oneof's message", MARKET_KIND_WITHDRAWAL,
	    { { "target.kind", "offer", 0 }, { "target.id", "x", 0 } },
	    "{\"target\":{\"kind\":\"offer\",\"id\":\"x\"}}" },
};

START_TEST(build_sets)
{
	market__build_t *build = new_build(good[_i].kind);
	market_error_t error = MARKET_ERROR_INIT;
	size_t i;

	for (i = 0; i < 5 && good[_i].settings[i].path != NULL; i++)
		ck_assert_msg(
		    apply(build, &good[_i].settings[i], &error) == MARKET_OK,
		    "%s: %s: %s", good[_i].label, error.path, error.message);
	assert_shown(build, good[_i].label, good[_i].want);
	market__build_free(build);
}
END_TEST

static const struct {
	const char *label;
	market_kind_t kind;
	setting_t setting;
	market_status_t want;
	const char *message;
} bad[] = {
	{ "an unknown field", MARKET_KIND_OFFER, { "colour", "x", 0 },
	    MARKET_E_NOT_FOUND, "there is no field colour" },
	{ "a mistyped one", MARKET_KIND_OFFER, { "header.isuer", "x", 0 },
	    MARKET_E_NOT_FOUND, "did you mean issuer?" },
	{ "lowerCamelCase", MARKET_KIND_OFFER, { "header.notBefore", NULL, 1 },
	    MARKET_E_NOT_FOUND, "as the schema does: not_before" },
	{ "the empty path", MARKET_KIND_OFFER, { "", "x", 0 },
	    MARKET_E_NOT_FOUND, "no field path" },
	{ "a dot at the end", MARKET_KIND_OFFER, { "price.", "x", 0 },
	    MARKET_E_NOT_FOUND, "no field path" },
	{ "two dots", MARKET_KIND_OFFER, { "price..currency_code", "x", 0 },
	    MARKET_E_NOT_FOUND, "no field path" },
	{ "an index that is none", MARKET_KIND_OFFER,
	    { "territories[x]", "US", 0 }, MARKET_E_NOT_FOUND,
	    "no field path" },
	{ "an open bracket", MARKET_KIND_OFFER, { "territories[0", "US", 0 },
	    MARKET_E_NOT_FOUND, "no field path" },
	{ "a leading zero", MARKET_KIND_OFFER, { "territories[00]", "US", 0 },
	    MARKET_E_NOT_FOUND, "no field path" },
	{ "an index beyond reason", MARKET_KIND_OFFER,
	    { "territories[99999999999999999999]", "US", 0 },
	    MARKET_E_NOT_FOUND, "no field path" },
	{ "two past the end", MARKET_KIND_OFFER, { "territories[2]", "US", 0 },
	    MARKET_E_NOT_FOUND, "the index is at most 1" },
	{ "a list without index", MARKET_KIND_OFFER, { "territories", "US", 0 },
	    MARKET_E_NOT_FOUND, "territories[] appends" },
	{ "an index where there is no list", MARKET_KIND_OFFER,
	    { "brand[0]", "x", 0 }, MARKET_E_NOT_FOUND, "is no list" },
	{ "below a scalar", MARKET_KIND_OFFER, { "brand.x", "x", 0 },
	    MARKET_E_NOT_FOUND, "no fields of its own" },
	{ "a message as a whole", MARKET_KIND_OFFER, { "price", "1", 0 },
	    MARKET_E_SCHEMA, "currency_code, amount_micros" },
	{ "a number into text", MARKET_KIND_OFFER, { "model", NULL, 2014215 },
	    MARKET_E_SCHEMA, "set it as text" },
	{ "text into a number", MARKET_KIND_OFFER, { "quantity", "1", 0 },
	    MARKET_E_SCHEMA, "set it as an integer" },
	{ "text into bytes", MARKET_KIND_FEED, { "root", "00", 0 },
	    MARKET_E_SCHEMA, "set it as bytes" },
	{ "E22 no UTF-8", MARKET_KIND_OFFER, { "title", "a\xff", 0 },
	    MARKET_E_SCHEMA, "from byte 1" },
	{ "no such enum name", MARKET_KIND_OFFER, { "condition", "NEWW", 0 },
	    MARKET_E_SCHEMA, "is no value of condition" },
	{ "no such enum number", MARKET_KIND_OFFER, { "condition", NULL, 99 },
	    MARKET_E_SCHEMA, "99" },
	{ "a negative enum number", MARKET_KIND_OFFER,
	    { "condition", NULL, -1 }, MARKET_E_SCHEMA, "-1" },
	{ "an enum number beyond int", MARKET_KIND_OFFER,
	    { "condition", NULL, INT64_C(4294967298) }, MARKET_E_SCHEMA, "" },
	{ "E20 UNSPECIFIED in a list", MARKET_KIND_OFFER,
	    { "channels[]", NULL, 0 }, MARKET_E_SCHEMA, "leave it out" },
	{ "E20 no name in a list", MARKET_KIND_OFFER, { "channels[]", "", 0 },
	    MARKET_E_SCHEMA, "is no value" },
	{ "E17 uint32 and 1", MARKET_KIND_OFFER,
	    { "return_days", NULL, INT64_C(4294967296) }, MARKET_E_SCHEMA,
	    "0 to 4294967295" },
	{ "uint64 below 0", MARKET_KIND_OFFER, { "quantity", NULL, -1 },
	    MARKET_E_SCHEMA, "out of range" },
	{ "E18 bool 2", MARKET_KIND_HOLD, { "final", NULL, 2 }, MARKET_E_SCHEMA,
	    "0 to 1" },
	{ "an error in a message that is not there", MARKET_KIND_TRUST_ROOT,
	    { "parties[].keys.keys[].comment", NULL, 1 }, MARKET_E_SCHEMA,
	    "set it as text" },
	{ "two past the end of one that is not there", MARKET_KIND_TRUST_ROOT,
	    { "parties[].roles[1].role", NULL, 1 }, MARKET_E_NOT_FOUND,
	    "the index is at most 0" },
};

START_TEST(build_refuses_and_stays_as_it_was)
{
	market__build_t *build = new_build(bad[_i].kind);
	market_error_t error = MARKET_ERROR_INIT;
	setting_t first = { "header.issuer", "mi.com", 0 };
	setting_t second = { "territories[0]", "US", 0 };
	const char *want = "{\"header\":{\"issuer\":\"mi.com\"}}";

	ck_assert_int_eq(apply(build, &first, NULL), MARKET_OK);
	if (bad[_i].kind == MARKET_KIND_OFFER) {
		ck_assert_int_eq(apply(build, &second, NULL), MARKET_OK);
		want = "{\"header\":{\"issuer\":\"mi.com\"},"
		       "\"territories\":[\"US\"]}";
	}
	ck_assert_msg(apply(build, &bad[_i].setting, &error) == bad[_i].want,
	    "%s: %s", bad[_i].label, error.message);
	ck_assert_str_eq(error.path, bad[_i].setting.path);
	ck_assert_msg(strstr(error.message, bad[_i].message) != NULL, "%s: %s",
	    bad[_i].label, error.message);
	ck_assert_int_eq(apply(build, &bad[_i].setting, NULL), bad[_i].want);
	assert_shown(build, bad[_i].label, want);
	market__build_free(build);
}
END_TEST

START_TEST(build_has_bytes_and_one_member_of_a_oneof)
{
	static const uint8_t digest[] = { 0x00, 0x01, 0xff };
	market_slice_t bytes = market__slice(digest, sizeof(digest));
	market__build_t *build = new_build(MARKET_KIND_WITHDRAWAL);
	market_slice_t none = market__slice(NULL, 0);

	ck_assert_int_eq(
	    market__build_set_bytes(build, "target_digest", bytes, NULL),
	    MARKET_OK);
	assert_shown(build, "bytes", "{\"targetDigest\":\"AAH/\"}");
	ck_assert_int_eq(
	    market__build_set_bytes(build, "target_key", bytes, NULL),
	    MARKET_OK);
	assert_shown(build, "the other", "{\"targetKey\":\"AAH/\"}");
	ck_assert_int_eq(market__build_set_text(
			     build, "target.id", market_slice_of("x"), NULL),
	    MARKET_OK);
	assert_shown(build, "the message", "{\"target\":{\"id\":\"x\"}}");
	/* A default clears its own member and no other. */
	ck_assert_int_eq(
	    market__build_set_bytes(build, "target_key", none, NULL),
	    MARKET_OK);
	assert_shown(build, "kept", "{\"target\":{\"id\":\"x\"}}");
	ck_assert_int_eq(
	    market__build_set_bytes(build, "target_key", bytes, NULL),
	    MARKET_OK);
	ck_assert_int_eq(market__build_set_text(
			     build, "target.id", market_slice_of(""), NULL),
	    MARKET_OK);
	assert_shown(build, "kept", "{\"targetKey\":\"AAH/\"}");
	ck_assert_int_eq(
	    market__build_set_bytes(build, "target_key", none, NULL),
	    MARKET_OK);
	assert_shown(build, "none", "{}");
	ck_assert_int_eq(market__build_set_bytes(build, "note", bytes, NULL),
	    MARKET_E_SCHEMA);
	ck_assert_int_eq(market__build_set_bytes(build, "reason", bytes, NULL),
	    MARKET_E_SCHEMA);
	ck_assert_int_eq(market__build_set_bytes(build, NULL, bytes, NULL),
	    MARKET_E_ARGUMENT);
	market__build_free(build);
}
END_TEST

START_TEST(build_takes_a_thousand_elements)
{
	market__build_t *build = new_build(MARKET_KIND_FEED);
	market_buffer_t payload = MARKET_BUFFER_INIT;
	market__field_value_t value;
	uint8_t bytes[32] = { 1 };
	int i;

	for (i = 0; i < 1000; i++)
		ck_assert_int_eq(market__build_set_bytes(build, "chunk_roots[]",
				     market__slice(bytes, sizeof(bytes)), NULL),
		    MARKET_OK);
	ck_assert_int_eq(market__build_pack(build, &payload), MARKET_OK);
	ck_assert_int_eq(
	    market__payload_get(MARKET_KIND_FEED, market_buffer_slice(&payload),
		"chunk_roots", &market__default_allocator, &value),
	    MARKET_OK);
	ck_assert_uint_eq(value.count, 1000);
	market_buffer_clear(&payload);
	market__build_free(build);
}
END_TEST

START_TEST(build_survives_failing_memory)
{
	static const setting_t settings[] = {
		{ "header.issuer", "mi.com", 0 },
		{ "parties[].keys.keys[].comment", "x", 0 },
		{ "parties[0].keys.keys[0].comment", "y", 0 },
		{ "parties[0].id", "z", 0 },
	};
	static const char *const wants[] = { "{}",
		"{\"header\":{\"issuer\":\"mi.com\"}}" };
	market_status_t status = MARKET_E_MEMORY;
	harness_memory_t memory;
	market__build_t *build;
	size_t i, step;

	for (i = 0; status != MARKET_OK; i++) {
		ck_assert_uint_lt(i, 1000);
		harness_memory_init(&memory);
		memory.fail_at = i;
		status = market__build_new(
		    MARKET_KIND_TRUST_ROOT, &memory.allocator, &build);
		if (status != MARKET_OK) {
			ck_assert_int_eq(status, MARKET_E_MEMORY);
			ck_assert_uint_eq(memory.live, 0);
			continue;
		}
		for (step = 0;
		     step < MARKET__COUNT(settings) && status == MARKET_OK;
		     step++)
			status = apply(build, &settings[step], NULL);
		if (status != MARKET_OK) {
			ck_assert_int_eq(status, MARKET_E_MEMORY);
			if (step <= 2)
				assert_shown(
				    build, "as it was", wants[step - 1]);
		}
		market__build_free(build);
		ck_assert_uint_eq(memory.live, 0);
	}
	ck_assert_uint_gt(i, 10);
}
END_TEST

START_TEST(build_pack_tells_failing_memory)
{
	market_buffer_t payload = MARKET_BUFFER_INIT;
	harness_memory_t memory;
	market__build_t *build;

	harness_memory_init(&memory);
	ck_assert_int_eq(
	    market__build_new(MARKET_KIND_OFFER, &memory.allocator, &build),
	    MARKET_OK);
	memory.fail_at = memory.calls;
	ck_assert_int_eq(market__build_pack(build, &payload), MARKET_E_MEMORY);
	ck_assert_ptr_null(payload.data);
	market__build_free(build);
	ck_assert_int_eq(
	    market__build_new(MARKET_KIND_NONE, &memory.allocator, &build),
	    MARKET_E_ARGUMENT);
	market__build_free(NULL);
}
END_TEST

START_TEST(path_gives_its_steps)
{
	const char *at = "parties[12].keys[].x";
	market__path_step_t step;

	ck_assert(market__path_step(&at, &step));
	ck_assert(market__slice_is(step.name, "parties"));
	ck_assert_int_eq(step.form, MARKET__PATH_ELEMENT);
	ck_assert_uint_eq(step.index, 12);
	ck_assert(market__path_step(&at, &step));
	ck_assert(market__slice_is(step.name, "keys"));
	ck_assert_int_eq(step.form, MARKET__PATH_APPEND);
	ck_assert(market__path_step(&at, &step));
	ck_assert(market__slice_is(step.name, "x"));
	ck_assert_int_eq(step.form, MARKET__PATH_WHOLE);
	ck_assert_str_eq(at, "");
	ck_assert(!market__path_step(&at, &step));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("build");
	TCase *tcase = tcase_create("build");

	tcase_add_loop_test(tcase, build_sets, 0, MARKET__COUNT(good));
	tcase_add_loop_test(
	    tcase, build_refuses_and_stays_as_it_was, 0, MARKET__COUNT(bad));
	tcase_add_test(tcase, build_has_bytes_and_one_member_of_a_oneof);
	tcase_add_test(tcase, build_takes_a_thousand_elements);
	tcase_add_test(tcase, build_survives_failing_memory);
	tcase_add_test(tcase, build_pack_tells_failing_memory);
	tcase_add_test(tcase, path_gives_its_steps);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
