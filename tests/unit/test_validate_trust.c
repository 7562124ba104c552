/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a reader refuses: key sets, roots, policies, sellers, and what takes
 * away (withdrawals, holds, status).
 */
#include "validate_kit.h"

#include <string.h>

#include "base/base.h"
#include "wire/wire.h"

#define PRODUCTION   "'environment': 'ENVIRONMENT_PRODUCTION'"
#define KEY(name)    "{'spki': '$spki:" name "', " PRODUCTION "}"
#define KEYSET(keys) "{'keys': {'threshold': 1, 'keys': [" keys "]}}"

static const validate_row_t keyset_rows[] = {
	{ "no keys field", "keyset", "{'keys': null}", "keys", NULL, 0 },
	{ "no key", "keyset", "{'keys': {'threshold': 1}}", "keys",
	    KEYSET(KEY("a")), 0 },
	{ "S1 a threshold of nought", "keyset",
	    "{'keys': {'keys': [" KEY("a") "]}}", "keys.threshold",
	    KEYSET(KEY("a")), 0 },
	{ "K12 a threshold above its keys", "keyset",
	    "{'keys': {'threshold': 2, 'keys': [" KEY("a") "]}}",
	    "keys.threshold",
	    "{'keys': {'threshold': 2, 'keys': [" KEY("a") ", " KEY("b") "]}}",
	    0 },
	{ "a threshold that would overflow", "keyset",
	    "{'keys': {'threshold': 4294967295, 'keys': [" KEY("a") "]}}",
	    "keys.threshold", KEYSET(KEY("a")), 0 },
	{ "a key without its bytes", "keyset",
	    KEYSET(KEY("a") ", {" PRODUCTION "}"), "keys.keys[1].spki",
	    KEYSET(KEY("a") ", " KEY("b")), 0 },
	{ "K12 S2 a key twice", "keyset",
	    KEYSET(KEY("a") ", " KEY("b") ", " KEY("a")), "keys.keys[2].spki",
	    KEYSET(KEY("a") ", " KEY("b") ", " KEY("c")), 0 },
	{ "a key twice, in two environments", "keyset",
	    KEYSET(KEY("a") ", {'spki': '$spki:a', "
			    "'environment': 'ENVIRONMENT_TEST'}"),
	    "keys.keys[1].spki",
	    KEYSET(KEY("a") ", {'spki': '$spki:b', "
			    "'environment': 'ENVIRONMENT_TEST'}"),
	    0 },
	{ "E20 a key without its environment", "keyset",
	    KEYSET("{'spki': '$spki:a'}"), "keys.keys[0].environment",
	    KEYSET(KEY("a")), 0 },
	{ "a key that ends before it begins", "keyset",
	    KEYSET("{'spki': '$spki:a', " PRODUCTION
		   ", 'notBefore': '10', 'notAfter': '10'}"),
	    "keys.keys[0].not_after",
	    KEYSET("{'spki': '$spki:a', " PRODUCTION
		   ", 'notBefore': '10', 'notAfter': '11'}"),
	    0 },
	{ "a key that begins before 1970", "keyset",
	    KEYSET("{'spki': '$spki:a', " PRODUCTION ", 'notBefore': '-1'}"),
	    "keys.keys[0].not_before",
	    KEYSET("{'spki': '$spki:a', " PRODUCTION ", 'notBefore': '10'}"),
	    0 },
};

#define PARTY(name, keys) "{'id': '" name "', 'keys': '$keys:" keys "'}"
#define PARTIES(list)     "{'parties': [" list "]}"
#define ROLE(fields)                                       \
	PARTIES("{'id': 'mi.com', 'keys': '$keys:mi.com'," \
		" 'roles': [{" fields "}]}")

static const validate_row_t root_rows[] = {
	{ "no root keys", "root", "{'rootKeys': null}", "root_keys", NULL, 0 },
	{ "K12 a threshold above its root keys", "root",
	    "{'rootKeys': {'threshold': 2, 'keys': [" KEY("root") "]}}",
	    "root_keys.threshold",
	    "{'rootKeys': {'threshold': 2, 'keys': [" KEY("root") ", " KEY(
		"root#2") "]}}",
	    0 },
	{ "K12 a root key twice", "root",
	    "{'rootKeys': {'threshold': 2, 'keys': [" KEY("root") ", " KEY(
		"root") "]}}",
	    "root_keys.keys[1].spki", NULL, 0 },
	{ "a root of nobody else", "root", NULL, NULL, "{'parties': []}", 0 },
	{ "a party without a name", "root", PARTIES("{'keys': '$keys:mi.com'}"),
	    "parties[0].id", PARTIES(PARTY("mi.com", "mi.com")), 0 },
	{ "a party whose name is no DNS name", "root",
	    PARTIES(PARTY("mi.com", "mi.com") ", " PARTY("Fcc", "fcc")),
	    "parties[1].id",
	    PARTIES(PARTY("mi.com", "mi.com") ", " PARTY("fcc.gov", "fcc")),
	    0 },
	{ "a party twice", "root",
	    PARTIES(PARTY("mi.com", "mi.com") ", " PARTY("mi.com", "b")),
	    "parties[1].id",
	    PARTIES(PARTY("mi.com", "mi.com") ", " PARTY("b.com", "b")), 0 },
	{ "a party without keys", "root", PARTIES("{'id': 'mi.com'}"),
	    "parties[0].keys", PARTIES(PARTY("mi.com", "mi.com")), 0 },
	{ "S1 a party whose threshold is nought", "root",
	    PARTIES("{'id': 'mi.com', 'keys': {'keys': [" KEY("a") "]}}"),
	    "parties[0].keys.threshold", PARTIES(PARTY("mi.com", "a")), 0 },
	{ "K9 one key in two parties", "root",
	    PARTIES(PARTY("mi.com", "a") ", " PARTY("b.com", "b") ", " PARTY(
		"c.com", "c a")),
	    "parties[2].keys.keys[1].spki",
	    PARTIES(PARTY("mi.com", "a") ", " PARTY("b.com", "b") ", " PARTY(
		"c.com", "c d")),
	    0 },
	{ "K9 a root key in a party", "root",
	    PARTIES(PARTY("mi.com", "mi.com root")),
	    "parties[0].keys.keys[1].spki",
	    PARTIES("{'id': 'usmobile.com', 'keys': '$keys:root',"
		    " 'roles': [{'role': 'ROLE_MARKETPLACE'}]}"),
	    0 },
	{ "E20 a role that is none", "root", ROLE("'brands': ['xiaomi']"),
	    "parties[0].roles[0].role",
	    ROLE("'role': 'ROLE_BRAND', 'brands': ['xiaomi']"), 0 },
	{ "any brand beside one", "root",
	    ROLE("'role': 'ROLE_BRAND', 'brands': ['xiaomi', '*']"),
	    "parties[0].roles[0].brands[1]",
	    ROLE("'role': 'ROLE_BRAND', 'brands': ['*']"), 0 },
	{ "an empty brand", "root",
	    ROLE("'role': 'ROLE_BRAND', 'brands': ['']"),
	    "parties[0].roles[0].brands[0]",
	    ROLE("'role': 'ROLE_BRAND', 'brands': []"), 0 },
	{ "a network with a blank", "root",
	    ROLE("'role': 'ROLE_CARRIER', 'networks': ['t mobile']"),
	    "parties[0].roles[0].networks[0]",
	    ROLE("'role': 'ROLE_CARRIER', 'networks': ['t-mobile']"), 0 },
	{ "a scheme with a blank at its end", "root",
	    ROLE("'role': 'ROLE_CERTIFIER', 'schemes': ['fcc ']"),
	    "parties[0].roles[0].schemes[0]",
	    ROLE("'role': 'ROLE_CERTIFIER', 'schemes': ['fcc']"), 0 },
	{ "E37 a territory that is none", "root",
	    ROLE("'role': 'ROLE_CERTIFIER', 'territories': ['US', 'EU']"),
	    "parties[0].roles[0].territories[1]",
	    ROLE("'role': 'ROLE_CERTIFIER', 'territories': ['US', 'BE']"), 0 },
};

#define REQUIREMENT(fields) "{'requirements': [{}, {" fields "}]}"

static const validate_row_t policy_rows[] = {
	{ "E20 no environment", "policy", "{'environment': null}",
	    "environment", "{'environment': 'ENVIRONMENT_TEST'}", 0 },
	{ "E20 no minimum", "policy", "{'minimumService': null}",
	    "minimum_service", "{'minimumService': 'SERVICE_NONE'}", 0 },
	{ "E20 no level of disclosure", "policy", "{'discloseBelow': null}",
	    "disclose_below", "{'discloseBelow': 'SERVICE_NONE'}", 0 },
	{ "a skew of more than a day", "policy",
	    "{'clockSkewSeconds': '86401'}", "clock_skew_seconds",
	    "{'clockSkewSeconds': '86400'}", 0 },
	{ "the greatest skew", "policy",
	    "{'clockSkewSeconds': '18446744073709551615'}",
	    "clock_skew_seconds", "{'clockSkewSeconds': '0'}", 0 },
	{ "a requirement where nothing is", "policy",
	    REQUIREMENT("'territories': ['ZZ']"),
	    "requirements[1].territories[0]",
	    REQUIREMENT("'territories': ['*']"), 0 },
	{ "any network beside one", "policy",
	    REQUIREMENT("'networks': ['*', 'a']"),
	    "requirements[1].networks[0]", REQUIREMENT("'networks': ['a']"),
	    0 },
	{ "an empty category", "policy", REQUIREMENT("'categories': ['']"),
	    "requirements[1].categories[0]",
	    REQUIREMENT("'categories': ['phone']"), 0 },
	{ "an empty scheme", "policy", REQUIREMENT("'schemes': ['fcc', '']"),
	    "requirements[1].schemes[1]", REQUIREMENT("'schemes': ['fcc']"),
	    0 },
	{ "no requirement", "policy", NULL, NULL, "{'requirements': []}", 0 },
};

static const validate_row_t seller_rows[] = {
	{ "nobody", "seller", "{'seller': null}", "seller", NULL, 0 },
	{ "no party's name", "seller", "{'seller': 'Shop Ltd'}", "seller",
	    "{'seller': 'shop.example'}", 0 },
	{ "without keys", "seller", "{'keys': null}", "keys", NULL, 0 },
	{ "suspended, without keys", "seller",
	    "{'keys': null, 'suspended': true}", "keys", "{'suspended': true}",
	    0 },
	{ "a key twice", "seller", KEYSET(KEY("a") ", " KEY("a")),
	    "keys.keys[1].spki", KEYSET(KEY("a")), 0 },
};

#define BYTES_31 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
#define BYTES_32 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define BYTES_33 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define NAME(kind, issuer, id)                                               \
	"{'target': {'kind': '" kind "', 'issuer': '" issuer "', 'id': '" id \
	"'}}"

static const validate_row_t taking_rows[] = {
	{ "a withdrawal of nothing", "withdraw-digest",
	    "{'targetDigest': null}", "what", NULL, 0 },
	{ "a digest of 31 bytes", "withdraw-digest",
	    "{'targetDigest': '" BYTES_31 "'}", "target_digest",
	    "{'targetDigest': '" BYTES_32 "'}", 0 },
	{ "a digest of 33 bytes", "withdraw-digest",
	    "{'targetDigest': '" BYTES_33 "'}", "target_digest",
	    "{'targetDigest': '" BYTES_32 "'}", 0 },
	{ "a key id of 33 bytes", "withdraw-key",
	    "{'targetKey': '" BYTES_33 "'}", "target_key",
	    "{'targetKey': '" BYTES_32 "'}", 0 },
	{ "a kind that is none", "withdraw-name",
	    NAME("listing", "mi.com", "a"), "target.kind",
	    NAME("offer", "mi.com", "a"), 0 },
	{ "a kind of other case", "withdraw-name", NAME("Offer", "mi.com", "a"),
	    "target.kind", NAME("offer", "mi.com", "a"), 0 },
	{ "a kind with more behind", "withdraw-name",
	    NAME("authorization-and-much-more-than-that", "mi.com", "a"),
	    "target.kind", NAME("authorization", "mi.com", "a"), 0 },
	{ "an issuer that is no party", "withdraw-name",
	    NAME("offer", "mi", "a"), "target.issuer",
	    NAME("offer", "mi.com", "a"), 0 },
	{ "an id with a blank", "withdraw-name", NAME("offer", "mi.com", "a b"),
	    "target.id", NAME("offer", "mi.com", "a/b"), 0 },
	{ "in force before 1970", "withdraw-digest", "{'effectiveAt': '-1'}",
	    "effective_at", "{'effectiveAt': '1'}", 0 },
	{ "in force after 9999", "withdraw-digest",
	    "{'effectiveAt': '253402300800'}", "effective_at",
	    "{'effectiveAt': '253402300799'}", 0 },
	{ "without a reason", "withdraw-digest", NULL, NULL,
	    "{'reason': null, 'note': null}", 0 },
	{ "a hold of nothing is no error", "hold", NULL, NULL,
	    "{'target': null}", 0 },
	{ "a hold of a seller that is no party", "hold", NULL, NULL,
	    "{'target': {'seller': 'Shop Ltd', 'brand': ' ', 'offerId': "
	    "'\\u0007'}}",
	    0 },
	{ "a status of another sequence", "status", "{'sequence': '2'}",
	    "sequence", "{'sequence': '2', 'header': {'revision': '2'}}", 0 },
	{ "a status without a sequence", "status", "{'sequence': null}",
	    "sequence", "{'sequence': '1'}", 0 },
	{ "a status with a digest too short", "status",
	    "{'withdrawn': ['" BYTES_32 "', '" BYTES_31 "']}", "withdrawn[1]",
	    "{'withdrawn': ['" BYTES_32 "']}", 0 },
	{ "a status that withdraws nothing", "status", NULL, NULL,
	    "{'withdrawn': []}", 0 },
};

START_TEST(validate_keyset_row)
{
	validate_run(&keyset_rows[_i]);
}
END_TEST

START_TEST(validate_root_row)
{
	validate_run(&root_rows[_i]);
}
END_TEST

START_TEST(validate_policy_row)
{
	validate_run(&policy_rows[_i]);
}
END_TEST

START_TEST(validate_seller_row)
{
	validate_run(&seller_rows[_i]);
}
END_TEST

START_TEST(validate_taking_row)
{
	validate_run(&taking_rows[_i]);
}
END_TEST

/* The key set `name` with that many keys, all of which must sign. */
static market_status_t
with_keys(const char *name, const char *field, size_t n, market_error_t *error)
{
	world_t *world = validate_world();
	market__text_t edit;
	market_status_t status;
	size_t i;

	market__text_init(&edit, &market__default_allocator, 1 << 16);
	market__text_printf(
	    &edit, "%s {'%s': {'threshold': %zu, 'keys': [", name, field, n);
	for (i = 0; i < n; i++)
		market__text_printf(&edit, "%s{'spki': '$spki:%zu', %s}",
		    i == 0 ? "" : ", ", i, PRODUCTION);
	market__text_puts(&edit, "]}}");
	ck_assert_int_eq(edit.status, MARKET_OK);
	world_edit(world, edit.data);
	market__text_clear(&edit);
	status = validate_statement(world, name, error);
	world_free(world);
	return status;
}

START_TEST(validate_refuses_keys_when_they_are_more_than_32)
{
	static const char *const rows[][3] = {
		{ "keyset", "keys", "keys.keys" },
		{ "seller", "keys", "keys.keys" },
		{ "root", "rootKeys", "root_keys.keys" },
		{ "subgrant", "granteeKeys", "grantee_keys.keys" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		market_error_t error = MARKET_ERROR_INIT;

		ck_assert_int_eq(
		    with_keys(rows[i][0], rows[i][1], MARKET__KEYS_MAX, &error),
		    MARKET_OK);
		ck_assert_int_eq(with_keys(rows[i][0], rows[i][1],
				     MARKET__KEYS_MAX + 1, &error),
		    MARKET_E_LIMIT);
		ck_assert_msg(
		    strncmp(error.path, rows[i][2], strlen(rows[i][2])) == 0,
		    "%s: %s", rows[i][0], error.path);
	}
}
END_TEST

/*
 * The greatest root that there can be: 4,096 elements and sub-messages are the
 * header, the root's keys, and 120 parties with 32 keys each, and one party
 * with as many as are left.
 */
#define FULL_PARTIES 120
#define LEFT_KEYS    11

/* Ed25519 (RFC 8410, 4); of which point does not matter to a reader. */
static void
put_key(market__text_t *text, unsigned number)
{
	uint8_t spki[44] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65,
		0x70, 0x03, 0x21, 0x00 };

	spki[42] = (uint8_t)(number >> 8);
	spki[43] = (uint8_t)number;
	market__text_puts(text, "{\"spki\":\"");
	market__text_base64(text, market__slice(spki, sizeof(spki)));
	market__text_puts(
	    text, "\",\"environment\":\"ENVIRONMENT_PRODUCTION\"}");
}

static void
put_keys(market__text_t *text, unsigned first, unsigned n, unsigned last)
{
	unsigned i;

	market__text_puts(text, "{\"threshold\":1,\"keys\":[");
	for (i = 0; i < n; i++) {
		if (i > 0)
			market__text_putc(text, ',');
		put_key(text, i + 1 == n ? last : first + i);
	}
	market__text_puts(text, "]}");
}

/* The last key of the last party has the number `last`. */
static market_status_t
parse_greatest(unsigned left, unsigned last, market_error_t *error)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_statement_t *statement = NULL;
	market_draft_t *draft = NULL;
	world_t *world = world_new();
	market_signer_t *signer = world_signer(world, "root");
	market_context_t *context = world_context(world);
	market_status_t status;
	market__text_t text;
	unsigned p, n, first = 1;

	market__text_init(&text, &market__default_allocator, 1 << 21);
	market__text_puts(&text,
	    "{\"header\":{\"issuer\":\"usmobile.com\",\"id\":\"root\","
	    "\"revision\":1,\"issuedAt\":1,\"notAfter\":2},\"rootKeys\":");
	put_keys(&text, 0, 1, 0);
	market__text_puts(&text, ",\"parties\":[");
	for (p = 0; p <= FULL_PARTIES; p++, first += n) {
		n = p < FULL_PARTIES ? MARKET__KEYS_MAX : left;
		market__text_printf(&text,
		    "%s{\"id\":\"p%u.example\",\"keys\":", p == 0 ? "" : ",",
		    p);
		put_keys(
		    &text, first, n, p < FULL_PARTIES ? first + n - 1 : last);
		market__text_putc(&text, '}');
	}
	market__text_puts(&text, "]}");
	ck_assert_int_eq(text.status, MARKET_OK);
	status = market_draft_from_json(context, MARKET_KIND_TRUST_ROOT,
	    market__slice(text.data, text.len), &draft, error);
	if (status == MARKET_OK)
		status = market_draft_sign(draft, &signer, 1,
		    MARKET_FORMAT_PROTOBUF, &envelope, error);
	if (status == MARKET_OK)
		status = market_statement_parse(context,
		    market_buffer_slice(&envelope), MARKET_KINDS_ALL,
		    &statement, error);
	market_statement_free(statement);
	market_buffer_clear(&envelope);
	market_draft_free(draft);
	market__text_clear(&text);
	world_free(world);
	return status;
}

START_TEST(validate_compares_K9_all_keys_of_the_greatest_root)
{
	const unsigned own = FULL_PARTIES * MARKET__KEYS_MAX + LEFT_KEYS;
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_msg(parse_greatest(LEFT_KEYS, own, &error) == MARKET_OK,
	    "%s: %s", error.path, error.message);
	/* The first party's first, one in the middle, and the root's own. */
	ck_assert_int_eq(parse_greatest(LEFT_KEYS, 1, &error), MARKET_E_SCHEMA);
	ck_assert_str_eq(error.path, "parties[120].keys.keys[10].spki");
	ck_assert_ptr_nonnull(strstr(error.message, "another party"));
	ck_assert_int_eq(
	    parse_greatest(LEFT_KEYS, 2000, &error), MARKET_E_SCHEMA);
	ck_assert_str_eq(error.path, "parties[120].keys.keys[10].spki");
	ck_assert_int_eq(parse_greatest(LEFT_KEYS, 0, &error), MARKET_E_SCHEMA);
	ck_assert_str_eq(error.path, "parties[120].keys.keys[10].spki");
	ck_assert_ptr_nonnull(strstr(error.message, "the trust root itself"));
	ck_assert_int_eq(
	    parse_greatest(LEFT_KEYS + 1, own + 1, &error), MARKET_E_LIMIT);
}
END_TEST

START_TEST(validate_refusals_are_as_committed)
{
	golden_t list;

	golden_begin(&list);
	validate_refusals(&list, keyset_rows, MARKET__COUNT(keyset_rows));
	validate_refusals(&list, root_rows, MARKET__COUNT(root_rows));
	validate_refusals(&list, policy_rows, MARKET__COUNT(policy_rows));
	validate_refusals(&list, seller_rows, MARKET__COUNT(seller_rows));
	validate_refusals(&list, taking_rows, MARKET__COUNT(taking_rows));
	golden_check(&list, "validate_trust.txt");
}
END_TEST

#define LOOP(tcase, test, rows) \
	tcase_add_loop_test(    \
	    tcase, test, 0, (int)(sizeof(rows) / sizeof((rows)[0])))

int
main(void)
{
	Suite *suite = suite_create("validate_trust");
	TCase *tcase = tcase_create("values");

	LOOP(tcase, validate_keyset_row, keyset_rows);
	LOOP(tcase, validate_root_row, root_rows);
	LOOP(tcase, validate_policy_row, policy_rows);
	LOOP(tcase, validate_seller_row, seller_rows);
	LOOP(tcase, validate_taking_row, taking_rows);
	tcase_add_test(
	    tcase, validate_compares_K9_all_keys_of_the_greatest_root);
	tcase_add_test(tcase, validate_refusals_are_as_committed);
	tcase_add_test(tcase, validate_refuses_keys_when_they_are_more_than_32);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
