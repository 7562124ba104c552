/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"

#include <string.h>

#include "wire/build.h"
#include "wire/wire.h"

/* A network with two deployments. */
static void
network(market_buffer_t *ret_payload)
{
	market__build_t *build;
	size_t i;
	static const struct {
		const char *path;
		const char *text;
		int64_t number;
	} settings[] = {
		{ "header.issuer", "t-mobile.com", 0 },
		{ "header.revision", NULL, INT64_MAX },
		{ "header.not_before", NULL, -5 },
		{ "network", "t-mobile.com/us", 0 },
		{ "territories[]", "US", 0 },
		{ "territories[]", "", 0 },
		{ "territories[]", "PR", 0 },
		{ "deployments[].rat", "LTE", 0 },
		{ "deployments[0].band", NULL, 12 },
		{ "deployments[].rat", "UMTS", 0 },
		{ "deployments[1].until", NULL, 1656633600 },
		{ "required_features[]", "VOLTE", 0 },
		{ "required_features[]", "E911", 0 },
	};

	ck_assert_int_eq(market__build_new(MARKET_KIND_NETWORK,
			     &market__default_allocator, &build),
	    MARKET_OK);
	for (i = 0; i < MARKET__COUNT(settings); i++)
		ck_assert_int_eq(settings[i].text != NULL
			? market__build_set_text(build, settings[i].path,
			      market_slice_of(settings[i].text), NULL)
			: market__build_set_int(build, settings[i].path,
			      settings[i].number, NULL),
		    MARKET_OK);
	ck_assert_int_eq(market__build_pack(build, ret_payload), MARKET_OK);
	market__build_free(build);
}

static const struct {
	const char *path;
	market_status_t want;
	int type;
	const char *text;
	int64_t integer;
	size_t count;
} rows[] = {
	{ "header.issuer", MARKET_OK, MARKET__FIELD_TEXT, "t-mobile.com", 0,
	    0 },
	{ "header.id", MARKET_OK, MARKET__FIELD_TEXT, "", 0, 0 },
	{ "header.revision", MARKET_OK, MARKET__FIELD_INT, "", INT64_MAX, 0 },
	{ "header.not_before", MARKET_OK, MARKET__FIELD_INT, "", -5, 0 },
	{ "header.not_after", MARKET_OK, MARKET__FIELD_INT, "", 0, 0 },
	{ "territories", MARKET_OK, MARKET__FIELD_LIST, "", 0, 3 },
	{ "territories[0]", MARKET_OK, MARKET__FIELD_TEXT, "US", 0, 0 },
	{ "territories[1]", MARKET_OK, MARKET__FIELD_TEXT, "", 0, 0 },
	{ "territories[2]", MARKET_OK, MARKET__FIELD_TEXT, "PR", 0, 0 },
	{ "territories[3]", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
	{ "territories[]", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
	{ "plmns", MARKET_OK, MARKET__FIELD_LIST, "", 0, 0 },
	{ "plmns[0]", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
	{ "deployments", MARKET_OK, MARKET__FIELD_LIST, "", 0, 2 },
	{ "deployments[0].rat", MARKET_OK, MARKET__FIELD_INT, "RAT_LTE", 3, 0 },
	{ "deployments[0].band", MARKET_OK, MARKET__FIELD_INT, "", 12, 0 },
	{ "deployments[1].rat", MARKET_OK, MARKET__FIELD_INT, "RAT_UMTS", 2,
	    0 },
	{ "deployments[1].band", MARKET_OK, MARKET__FIELD_INT, "", 0, 0 },
	{ "deployments[1].until", MARKET_OK, MARKET__FIELD_INT, "", 1656633600,
	    0 },
	{ "deployments[2].rat", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
	{ "deployments.rat", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
	{ "deployments[0]", MARKET_E_SCHEMA, 0, "", 0, 0 },
	{ "required_features", MARKET_OK, MARKET__FIELD_LIST, "", 0, 2 },
	{ "required_features[1]", MARKET_OK, MARKET__FIELD_INT, "FEATURE_E911",
	    3, 0 },
	{ "required_features[2]", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
	{ "header", MARKET_E_SCHEMA, 0, "", 0, 0 },
	{ "header[0].issuer", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
	{ "network.x", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
	{ "network[0]", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
	{ "hostNetwork", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
	{ "nothing", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
	{ "", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
	{ ".network", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
	{ "territories[-1]", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
	{ "territories[0]x", MARKET_E_NOT_FOUND, 0, "", 0, 0 },
};

START_TEST(field_is_read_by_path)
{
	market_buffer_t payload = MARKET_BUFFER_INIT;
	market__field_value_t value = { 0 };

	network(&payload);
	ck_assert_msg(market__payload_get(MARKET_KIND_NETWORK,
			  market_buffer_slice(&payload), rows[_i].path,
			  &market__default_allocator, &value) == rows[_i].want,
	    "%s", rows[_i].path);
	if (rows[_i].want == MARKET_OK) {
		ck_assert_int_eq((int)value.type, rows[_i].type);
		ck_assert_msg(market__slice_is(value.text, rows[_i].text), "%s",
		    rows[_i].path);
		ck_assert_int_eq(value.integer, rows[_i].integer);
		ck_assert_uint_eq(value.count, rows[_i].count);
	}
	market_buffer_clear(&payload);
}
END_TEST

START_TEST(field_of_an_absent_message_is_empty)
{
	market__field_value_t value;

	ck_assert_int_eq(
	    market__payload_get(MARKET_KIND_OFFER, market__slice(NULL, 0),
		"price.amount_micros", &market__default_allocator, &value),
	    MARKET_OK);
	ck_assert_int_eq((int)value.type, MARKET__FIELD_INT);
	ck_assert_int_eq(value.integer, 0);
	ck_assert_int_eq(
	    market__payload_get(MARKET_KIND_OFFER, market__slice(NULL, 0),
		"price.currency_code", &market__default_allocator, &value),
	    MARKET_OK);
	ck_assert_int_eq((int)value.type, MARKET__FIELD_TEXT);
	ck_assert_uint_eq(value.text.len, 0);
}
END_TEST

START_TEST(field_is_not_cut_to_fit)
{
	/* quantity (14) = 2^63 */
	static const uint8_t payload[] = { 0x70, 0x80, 0x80, 0x80, 0x80, 0x80,
		0x80, 0x80, 0x80, 0x80, 0x01 };
	market__field_value_t value;

	ck_assert_int_eq(market__payload_get(MARKET_KIND_OFFER,
			     market__slice(payload, sizeof(payload)),
			     "quantity", &market__default_allocator, &value),
	    MARKET_E_LIMIT);
	ck_assert_int_eq(
	    market__payload_get(MARKET_KIND_NONE, market__slice(NULL, 0),
		"quantity", &market__default_allocator, &value),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market__payload_get(MARKET_KIND_OFFER, market__slice(payload, 3),
		"quantity", &market__default_allocator, &value),
	    MARKET_E_ENCODING);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("field");
	TCase *tcase = tcase_create("field");

	tcase_add_loop_test(
	    tcase, field_is_read_by_path, 0, MARKET__COUNT(rows));
	tcase_add_test(tcase, field_of_an_absent_message_is_empty);
	tcase_add_test(tcase, field_is_not_cut_to_fit);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
