/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader refuses: the header, scopes, grants, disavowals. */
#include "validate_kit.h"

#include <stdio.h>
#include <string.h>

#define HEADER(field) "{'header': {" field "}}"

static const validate_row_t header_rows[] = {
	{ "no issuer", "grant", HEADER("'issuer': null"), "header.issuer", NULL,
	    0 },
	{ "no header at all", "grant", "{'header': null}", "header", NULL, 0 },
	{ "E24 an issuer in capitals", "grant", HEADER("'issuer': 'MI.com'"),
	    "header.issuer", HEADER("'issuer': 'mi.com'"), 0 },
	{ "an issuer of one label", "grant", HEADER("'issuer': 'localhost'"),
	    "header.issuer", HEADER("'issuer': 'local.host'"), 0 },
	{ "an issuer that is an address", "grant",
	    HEADER("'issuer': '10.0.0.1'"), "header.issuer",
	    HEADER("'issuer': '10.0.0.a1'"), 0 },
	{ "E23 an issuer with a letter that looks like another", "grant",
	    HEADER("'issuer': 'm\\u0456.com'"), "header.issuer",
	    HEADER("'issuer': 'xn--m-vka.com'"), 0 },
	{ "no id", "grant", HEADER("'id': null"), "header.id", NULL, 0 },
	{ "an id with a blank", "grant", HEADER("'id': 'a b'"), "header.id",
	    HEADER("'id': 'a_b'"), 0 },
	{ "an id that is a blank", "grant", HEADER("'id': ' '"), "header.id",
	    HEADER("'id': '-'"), 0 },
	{ "an id with a control character", "grant", HEADER("'id': 'a\\u0007'"),
	    "header.id", HEADER("'id': 'a7'"), 0 },
	{ "an id with DEL", "grant", HEADER("'id': 'a\\u007f'"), "header.id",
	    HEADER("'id': 'a~'"), 0 },
	{ "E23 an id beyond ASCII", "grant", HEADER("'id': 'caf\\u00e9'"),
	    "header.id", HEADER("'id': 'cafe'"), 0 },
	{ "an id with slashes is one name", "grant", NULL, NULL,
	    HEADER("'id': '../a//b%2F'"), 0 },
	{ "no revision", "grant", HEADER("'revision': null"), "header.revision",
	    HEADER("'revision': '1'"), 0 },
	{ "the highest revision", "grant", NULL, NULL,
	    HEADER("'revision': '18446744073709551615'"), 0 },
	{ "no issued_at", "grant", HEADER("'issuedAt': null"),
	    "header.issued_at", HEADER("'issuedAt': '1'"), 0 },
	{ "issued before 1970", "grant", HEADER("'issuedAt': '-1'"),
	    "header.issued_at", HEADER("'issuedAt': '1'"), 0 },
	{ "issued after 9999", "grant", HEADER("'issuedAt': '253402300800'"),
	    "header.issued_at", HEADER("'issuedAt': '253402300799'"), 0 },
	{ "a beginning before 1970", "grant", HEADER("'notBefore': '-1'"),
	    "header.not_before", HEADER("'notBefore': null"), 0 },
	{ "a beginning after 9999", "grant",
	    HEADER("'notBefore': '253402300800'"), "header.not_before",
	    HEADER("'notBefore': '253402300798', 'notAfter': "
		   "'253402300799'"),
	    0 },
	{ "an end before 1970", "grant", HEADER("'notAfter': '-1'"),
	    "header.not_after", HEADER("'notAfter': '2000000000'"), 0 },
	{ "an end after 9999", "grant", HEADER("'notAfter': '253402300800'"),
	    "header.not_after", HEADER("'notAfter': '253402300799'"), 0 },
	{ "an end at the beginning", "grant",
	    HEADER("'notAfter': '2016-01-01T00:00:00Z'"), "header.not_after",
	    HEADER("'notAfter': '2016-01-01T00:00:01Z'"), 0 },
	{ "an end before the beginning", "grant",
	    HEADER("'notAfter': '2015-12-31T23:59:59Z'"), "header.not_after",
	    HEADER("'notAfter': '2016-01-01T00:00:01Z'"), 0 },
};

/* What permits must end; what takes away need not. */
static const validate_row_t end_rows[] = {
	{ "a root without an end", "root", HEADER("'notAfter': null"),
	    "header.not_after", NULL, 0 },
	{ "a key set without an end", "keyset", HEADER("'notAfter': null"),
	    "header.not_after", NULL, 0 },
	{ "a policy without an end", "policy", HEADER("'notAfter': null"),
	    "header.not_after", NULL, 0 },
	{ "a seller without an end", "seller", HEADER("'notAfter': null"),
	    "header.not_after", NULL, 0 },
	{ "a product without an end", "product", HEADER("'notAfter': null"),
	    "header.not_after", NULL, 0 },
	{ "a network without an end", "network", HEADER("'notAfter': null"),
	    "header.not_after", NULL, 0 },
	{ "a grant without an end", "grant", HEADER("'notAfter': null"),
	    "header.not_after", NULL, 0 },
	{ "a certification without an end", "fcc", HEADER("'notAfter': null"),
	    "header.not_after", NULL, 0 },
	{ "a status without an end", "status", HEADER("'notAfter': null"),
	    "header.not_after", NULL, 0 },
	{ "a feed without an end", "feed", HEADER("'notAfter': null"),
	    "header.not_after", NULL, 0 },
	{ "a withdrawal by digest without an end", "withdraw-digest", NULL,
	    NULL, HEADER("'notAfter': null"), 0 },
	{ "a withdrawal by name without an end", "withdraw-name", NULL, NULL,
	    HEADER("'notAfter': null"), 0 },
	{ "a withdrawal of a key without an end", "withdraw-key", NULL, NULL,
	    HEADER("'notAfter': null"), 0 },
	{ "a hold without an end", "hold", NULL, NULL,
	    HEADER("'notAfter': null"), 0 },
	{ "a disavowal without an end", "disavowal", NULL, NULL,
	    HEADER("'notAfter': null"), 0 },
	{ "a withdrawal without any window", "withdraw-digest", NULL, NULL,
	    HEADER("'notBefore': null, 'notAfter': null"), 0 },
};

/* Scopes: of a grant, and the same of a disavowal. */
static const validate_row_t scope_rows[] = {
	{ "no scope grants nothing, and is no error", "grant", NULL, NULL,
	    "{'scope': null}", 0 },
	{ "no axis grants nothing, and is no error", "grant", NULL, NULL,
	    "{'scope': {'models': [], 'territories': [], 'channels': [],"
	    " 'marketplaces': [], 'conditions': []}}",
	    0 },
	{ "an empty model", "grant", "{'scope': {'models': ['a', '']}}",
	    "scope.models[1]", "{'scope': {'models': ['a', 'b']}}", 0 },
	{ "a model with a blank at its end", "grant",
	    "{'scope': {'models': ['2014215 ']}}", "scope.models[0]",
	    "{'scope': {'models': ['2014 215']}}", 0 },
	{ "any model beside one", "grant",
	    "{'scope': {'models': ['2014215', '*']}}", "scope.models[1]",
	    "{'scope': {'models': ['*']}}", 0 },
	{ "any model twice", "grant", "{'scope': {'models': ['*', '*']}}",
	    "scope.models[0]", "{'scope': {'models': ['*']}}", 0 },
	{ "E37 a territory that is none", "grant",
	    "{'scope': {'territories': ['US', 'ZZ']}}", "scope.territories[1]",
	    "{'scope': {'territories': ['US', 'CA']}}", 0 },
	{ "E37 EU is no country", "grant", "{'scope': {'territories': ['EU']}}",
	    "scope.territories[0]",
	    "{'scope': {'territories': ['DE', 'FR-IDF']}}", 0 },
	{ "E24 a territory in small letters", "grant",
	    "{'scope': {'territories': ['us']}}", "scope.territories[0]",
	    "{'scope': {'territories': ['US']}}", 0 },
	{ "any territory beside one", "grant",
	    "{'scope': {'territories': ['*', 'US']}}", "scope.territories[0]",
	    "{'scope': {'territories': ['*']}}", 0 },
	{ "an excluded territory that is none", "grant",
	    "{'scope': {'excludedTerritories': ['XX']}}",
	    "scope.excluded_territories[0]",
	    "{'scope': {'excludedTerritories': ['US-CA']}}", 0 },
	{ "any excluded beside one", "grant",
	    "{'scope': {'excludedTerritories': ['US-CA', '*']}}",
	    "scope.excluded_territories[1]",
	    "{'scope': {'excludedTerritories': ['*']}}", 0 },
	{ "any channel beside one", "grant",
	    "{'scope': {'channels': ['CHANNEL_ONLINE_STORE', "
	    "'CHANNEL_ANY']}}",
	    "scope.channels", "{'scope': {'channels': ['CHANNEL_ANY']}}", 0 },
	{ "two channels", "grant", NULL, NULL,
	    "{'scope': {'channels': ['CHANNEL_ONLINE_STORE',"
	    " 'CHANNEL_WHOLESALE']}}",
	    0 },
	{ "a marketplace that is no party", "grant",
	    "{'scope': {'marketplaces': ['usmobile.com', 'US Mobile']}}",
	    "scope.marketplaces[1]",
	    "{'scope': {'marketplaces': ['usmobile.com', 'a.example']}}", 0 },
	{ "any marketplace beside one", "grant",
	    "{'scope': {'marketplaces': ['usmobile.com', '*']}}",
	    "scope.marketplaces[1]", "{'scope': {'marketplaces': ['*']}}", 0 },
	{ "any condition beside one", "grant",
	    "{'scope': {'conditions': ['CONDITION_ANY', 'CONDITION_NEW']}}",
	    "scope.conditions", "{'scope': {'conditions': ['CONDITION_ANY']}}",
	    0 },
	{ "two conditions", "grant", NULL, NULL,
	    "{'scope': {'conditions': ['CONDITION_NEW', 'CONDITION_USED']}}",
	    0 },
};

static const validate_row_t grant_rows[] = {
	{ "a grant of no brand", "grant", "{'brand': null}", "brand", NULL, 0 },
	{ "E23 a brand beyond ASCII", "grant", "{'brand': 'xi\\u0430omi'}",
	    "brand", "{'brand': 'xiaomi'}", 0 },
	{ "a brand with a blank at its start", "grant", "{'brand': ' xiaomi'}",
	    "brand", "{'brand': 'xi aomi'}", 0 },
	{ "a brand with a tab", "grant", "{'brand': 'xi\\taomi'}", "brand",
	    "{'brand': 'Xiaomi'}", 0 },
	{ "a grant to nobody", "grant", "{'grantee': null}", "grantee", NULL,
	    0 },
	{ "a grant to everybody", "grant", "{'grantee': '*'}", "grantee",
	    "{'grantee': 'star.example'}", 0 },
	{ "a key set without keys", "subgrant",
	    "{'granteeKeys': {'threshold': 1}}", "grantee_keys", NULL, 0 },
	{ "a threshold that its keys cannot meet", "subgrant",
	    "{'granteeKeys': {'threshold': 2, 'keys': [{'spki': '$spki:a',"
	    " 'environment': 'ENVIRONMENT_PRODUCTION'}]}}",
	    "grantee_keys.threshold",
	    "{'granteeKeys': {'threshold': 1, 'keys': [{'spki': '$spki:a',"
	    " 'environment': 'ENVIRONMENT_PRODUCTION'}]}}",
	    0 },
	{ "no keys: an offer needs a seller statement", "subgrant", NULL, NULL,
	    "{'granteeKeys': null}", 0 },
	{ "a parent of 31 bytes", "subgrant",
	    "{'parentDigest': "
	    "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=='}",
	    "parent_digest",
	    "{'parentDigest': "
	    "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}",
	    0 },
	{ "a parent of one byte", "subgrant", "{'parentDigest': 'AA=='}",
	    "parent_digest", "{'parentDigest': null}", 0 },
	{ "the scope of a sub-grant is looked at too", "subgrant",
	    "{'scope': {'territories': ['ZZ']}}", "scope.territories[0]", NULL,
	    0 },
};

static const validate_row_t disavowal_rows[] = {
	{ "a disavowal of no brand", "disavowal", "{'brand': null}", "brand",
	    NULL, 0 },
	{ "of nobody", "disavowal", "{'parties': []}", "parties",
	    "{'parties': ['shop.example']}", 0 },
	{ "of a party that is none", "disavowal",
	    "{'parties': ['shop.example', 'Shop']}", "parties[1]",
	    "{'parties': ['shop.example', 'other.example']}", 0 },
	{ "of everybody and one", "disavowal",
	    "{'parties': ['shop.example', '*']}", "parties[1]",
	    "{'parties': ['*']}", 0 },
	{ "without a scope", "disavowal", "{'scope': null}", "scope", NULL, 0 },
	{ "without models", "disavowal", "{'scope': {'models': []}}", "scope",
	    NULL, 0 },
	{ "without territories", "disavowal", "{'scope': {'territories': []}}",
	    "scope", NULL, 0 },
	{ "without channels", "disavowal", "{'scope': {'channels': []}}",
	    "scope", NULL, 0 },
	{ "without marketplaces", "disavowal",
	    "{'scope': {'marketplaces': []}}", "scope", NULL, 0 },
	{ "without conditions", "disavowal", "{'scope': {'conditions': []}}",
	    "scope", NULL, 0 },
	{ "a territory of its scope that is none", "disavowal",
	    "{'scope': {'territories': ['UK']}}", "scope.territories[0]",
	    "{'scope': {'territories': ['GB']}}", 0 },
};

START_TEST(validate_header_row)
{
	validate_run(&header_rows[_i]);
}
END_TEST

START_TEST(validate_end_row)
{
	validate_run(&end_rows[_i]);
}
END_TEST

START_TEST(validate_scope_row)
{
	validate_run(&scope_rows[_i]);
}
END_TEST

START_TEST(validate_grant_row)
{
	validate_run(&grant_rows[_i]);
}
END_TEST

START_TEST(validate_disavowal_row)
{
	validate_run(&disavowal_rows[_i]);
}
END_TEST

/* `name` with a text of `len` letters at `path`. */
static market_status_t
with_long_text(const char *name, const char *before, size_t len,
    const char *after, market_error_t *error)
{
	world_t *world = validate_world();
	char letters[512], edit[1024];
	market_status_t status;

	memset(letters, 'a', len);
	letters[len] = '\0';
	snprintf(
	    edit, sizeof(edit), "%s %s'%s'%s", name, before, letters, after);
	world_edit(world, edit);
	status = validate_statement(world, name, error);
	world_free(world);
	return status;
}

START_TEST(validate_refuses_a_text_when_it_is_one_too_long)
{
	static const struct {
		const char *name, *before, *after, *path;
		size_t max;
	} rows[] = {
		{ "grant", "{'header': {'id': ", "}}", "header.id", 128 },
		{ "grant", "{'brand': ", "}", "brand", 256 },
		{ "grant", "{'scope': {'models': [", "]}}", "scope.models[0]",
		    256 },
		{ "product", "{'model': ", "}", "model", 256 },
		{ "product", "{'category': ", "}", "category", 256 },
		{ "product", "{'softwareVersions': [", "]}",
		    "software_versions[0]", 256 },
		{ "network", "{'network': ", "}", "network", 256 },
		{ "mvno", "{'hostNetwork': ", "}", "host_network", 256 },
		{ "fcc", "{'scheme': ", "}", "scheme", 256 },
		{ "fcc", "{'networks': [", "]}", "networks[0]", 256 },
		{ "withdraw-name",
		    "{'target': {'kind': 'offer', 'issuer': 'mi.com', 'id': ",
		    "}}", "target.id", 256 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		market_error_t error = MARKET_ERROR_INIT;

		ck_assert_msg(
		    with_long_text(rows[i].name, rows[i].before, rows[i].max,
			rows[i].after, &error) == MARKET_OK,
		    "%s of %zu: %s", rows[i].path, rows[i].max, error.message);
		ck_assert_msg(with_long_text(rows[i].name, rows[i].before,
				  rows[i].max + 1, rows[i].after,
				  &error) == MARKET_E_SCHEMA,
		    "%s of %zu", rows[i].path, rows[i].max + 1);
		ck_assert_str_eq(error.path, rows[i].path);
	}
}
END_TEST

/* An offer is parsed with its faults, but a draft's header is looked at. */
START_TEST(validate_leaves_an_offer_to_the_decision)
{
	static const char *const edits[] = {
		"offer {'header': {'issuer': 'Shop', 'id': 'a b'}}",
		"offer {'header': {'revision': null, 'notAfter': null}}",
		"offer {'brand': '', 'territories': ['ZZ'], 'gtin': '1'}",
	};
	market_statement_t *statement;
	market_draft_t *draft;
	market_error_t error;
	market_status_t status;
	world_t *world;
	size_t i;

	for (i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		world = validate_world();
		world_edit(world, edits[i]);
		statement = NULL;
		ck_assert_int_eq(
		    market_statement_parse(world_context(world),
			world_envelope(world, "offer"),
			MARKET_KINDS(MARKET_KIND_OFFER), &statement, NULL),
		    MARKET_OK);
		market_statement_free(statement);
		draft = world_draft(world, "offer");
		status = market_draft_check(draft, &error);
		ck_assert_int_eq(status, i < 2 ? MARKET_E_SCHEMA : MARKET_OK);
		market_draft_free(draft);
		world_free(world);
	}
}
END_TEST

START_TEST(validate_refusals_are_as_committed)
{
	golden_t list;

	golden_begin(&list);
	validate_refusals(&list, header_rows, MARKET__COUNT(header_rows));
	validate_refusals(&list, end_rows, MARKET__COUNT(end_rows));
	validate_refusals(&list, scope_rows, MARKET__COUNT(scope_rows));
	validate_refusals(&list, grant_rows, MARKET__COUNT(grant_rows));
	validate_refusals(&list, disavowal_rows, MARKET__COUNT(disavowal_rows));
	golden_check(&list, "validate.txt");
}
END_TEST

#define LOOP(tcase, test, rows) \
	tcase_add_loop_test(    \
	    tcase, test, 0, (int)(sizeof(rows) / sizeof((rows)[0])))

int
main(void)
{
	Suite *suite = suite_create("validate");
	TCase *tcase = tcase_create("values");

	LOOP(tcase, validate_header_row, header_rows);
	LOOP(tcase, validate_end_row, end_rows);
	LOOP(tcase, validate_scope_row, scope_rows);
	LOOP(tcase, validate_grant_row, grant_rows);
	LOOP(tcase, validate_disavowal_row, disavowal_rows);
	tcase_add_test(tcase, validate_refusals_are_as_committed);
	tcase_add_test(tcase, validate_refuses_a_text_when_it_is_one_too_long);
	tcase_add_test(tcase, validate_leaves_an_offer_to_the_decision);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
