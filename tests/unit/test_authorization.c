/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a grant covers, and what it may hand on: each axis of its scope, empty,
 * any and exact, and each way in which a sub-grant can be wider than its
 * parent. How chains hold together is in test_authorization_chain.c.
 */
#include "world.h"

#define PERMIT     MARKET_VERDICT_PERMIT
#define DENY       MARKET_VERDICT_DENY
#define CODE(name) MARKET_CODE_AUTHORIZATION_##name

/* ---- one grant, by mi.com to shop.example ---- */

static const world_row_t covered[] = {
	{ .label = "the good world",
	    .want = PERMIT,
	    .codes = { -CODE(MISSING), -CODE(ALTERNATIVE_FAILED) } },

	{ .label = "D4 no models",
	    .want = DENY,
	    .edits = { "grant {'scope': {'models': []}}" },
	    .codes = { CODE(SCOPE_MODEL), -CODE(SCOPE_TERRITORY) } },
	{ .label = "D4 models absent",
	    .want = DENY,
	    .edits = { "grant {'scope': {'models': null}}" },
	    .codes = { CODE(SCOPE_MODEL) } },
	{ .label = "D4 no territories",
	    .want = DENY,
	    .edits = { "grant {'scope': {'territories': []}}" },
	    .codes = { CODE(SCOPE_TERRITORY), -CODE(SCOPE_MODEL) } },
	{ .label = "D4 no channels",
	    .want = DENY,
	    .edits = { "grant {'scope': {'channels': []}}" },
	    .codes = { CODE(SCOPE_CHANNEL), -CODE(SCOPE_MODEL) } },
	{ .label = "D4 no marketplaces",
	    .want = DENY,
	    .edits = { "grant {'scope': {'marketplaces': []}}" },
	    .codes = { CODE(SCOPE_MARKETPLACE), -CODE(SCOPE_MODEL) } },
	{ .label = "D4 no conditions",
	    .want = DENY,
	    .edits = { "grant {'scope': {'conditions': []}}" },
	    .codes = { CODE(SCOPE_CONDITION), -CODE(SCOPE_MODEL) } },
	{ .label = "D4 no scope at all: every axis is told",
	    .want = DENY,
	    .edits = { "grant {'scope': null}" },
	    .codes = { CODE(SCOPE_MODEL), CODE(SCOPE_TERRITORY),
		CODE(SCOPE_CHANNEL), CODE(SCOPE_MARKETPLACE),
		CODE(SCOPE_CONDITION) } },

	{ .label = "D5 any on every axis",
	    .want = PERMIT,
	    .edits = { "grant {'scope': {'models': ['*'],"
		       " 'territories': ['*'], 'channels': ['CHANNEL_ANY'],"
		       " 'marketplaces': ['*'],"
		       " 'conditions': ['CONDITION_ANY']}}" } },
	{ .label = "models: another",
	    .want = DENY,
	    .edits = { "grant {'scope': {'models': ['2014811']}}" },
	    .codes = { CODE(SCOPE_MODEL) } },
	{ .label = "models: this among others",
	    .want = PERMIT,
	    .edits = { "grant {'scope': {'models': ['2014811', "
		       "'2014215']}}" } },
	{ .label = "D5 in-toto: * at the end is a literal",
	    .want = DENY,
	    .edits = { "grant {'scope': {'models': ['2014*']}}" },
	    .codes = { CODE(SCOPE_MODEL) } },
	{ .label = "D5 in-toto: * at the beginning",
	    .want = DENY,
	    .edits = { "grant {'scope': {'models': ['*215']}}" },
	    .codes = { CODE(SCOPE_MODEL) } },
	{ .label = "D5 in-toto: **",
	    .want = DENY,
	    .edits = { "grant {'scope': {'models': ['**']}}" },
	    .codes = { CODE(SCOPE_MODEL) } },
	{ .label = "D5 in-toto: ? and [] are literals",
	    .want = DENY,
	    .edits = { "grant {'scope': {'models':"
		       " ['201421?', '201421[0-9]', '201421.', '.*']}}" },
	    .codes = { CODE(SCOPE_MODEL) } },
	{ .label = "D5 GS1: a part of the model",
	    .want = DENY,
	    .edits = { "grant {'scope': {'models':"
		       " ['201421', '014215', '20142150']}}" },
	    .codes = { CODE(SCOPE_MODEL) } },
	{ .label = "D5 any beside others is no statement",
	    .want = DENY,
	    .edits = { "grant {'scope': {'models': ['*', '2014215']}}" },
	    .codes = { CODE(MISSING) },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },

	{ .label = "D22 another channel",
	    .want = DENY,
	    .edits = { "offer {'channels': ['CHANNEL_MARKETPLACE']}" },
	    .codes = { CODE(SCOPE_CHANNEL) } },
	{ .label = "D22 both channels, one of them granted",
	    .want = DENY,
	    .edits = { "offer {'channels':"
		       " ['CHANNEL_ONLINE_STORE', 'CHANNEL_MARKETPLACE']}" },
	    .codes = { CODE(SCOPE_CHANNEL) } },
	{ .label = "D22 both channels, both granted",
	    .want = PERMIT,
	    .edits = { "offer {'channels':"
		       " ['CHANNEL_ONLINE_STORE', 'CHANNEL_MARKETPLACE']}",
		"grant {'scope': {'channels':"
		" ['CHANNEL_MARKETPLACE', 'CHANNEL_ONLINE_STORE']}}" } },
	{ .label = "another marketplace",
	    .want = DENY,
	    .edits = { "grant {'scope': {'marketplaces': ['other.example']}}" },
	    .codes = { CODE(SCOPE_MARKETPLACE) } },
	{ .label = "D5 a marketplace is matched whole",
	    .want = DENY,
	    .edits = { "grant {'scope': {'marketplaces':"
		       " ['mobile.com', 'usmobile.com.evil.example']}}" },
	    .codes = { CODE(SCOPE_MARKETPLACE) } },
	{ .label = "another condition",
	    .want = DENY,
	    .edits = { "grant {'scope': {'conditions':"
		       " ['CONDITION_OPEN_BOX', 'CONDITION_USED']}}" },
	    .codes = { CODE(SCOPE_CONDITION) } },
	{ .label = "a used one with a grant for used ones",
	    .want = PERMIT,
	    .edits = { "offer {'condition': 'CONDITION_USED'}",
		"grant {'scope': {'conditions': ['CONDITION_USED']}}" } },
};

/* D19, and: what permits must contain, what excludes applies on overlap. */
static const world_row_t territories[] = {
	{ .label = "another country",
	    .want = DENY,
	    .edits = { "grant {'scope': {'territories': ['CA']}}" },
	    .codes = { CODE(SCOPE_TERRITORY) } },
	{ .label = "D19 a subdivision is not its country",
	    .want = DENY,
	    .edits = { "grant {'scope': {'territories': ['US-CA']}}" },
	    .codes = { CODE(SCOPE_TERRITORY) } },
	{ .label = "D19 a country contains its subdivisions",
	    .want = PERMIT,
	    .edits = { "offer {'territories': ['US-CA']}" } },
	{ .label = "D19 this subdivision",
	    .want = PERMIT,
	    .edits = { "offer {'territories': ['US-CA']}",
		"grant {'scope': {'territories': ['US-CA']}}" } },
	{ .label = "D19 another subdivision",
	    .want = DENY,
	    .edits = { "offer {'territories': ['US-CA']}",
		"grant {'scope': {'territories': ['US-NV']}}" },
	    .codes = { CODE(SCOPE_TERRITORY) } },
	{ .label = "the country is excluded",
	    .want = DENY,
	    .edits = { "grant {'scope': {'territories': ['*'],"
		       " 'excludedTerritories': ['US']}}" },
	    .codes = { CODE(SCOPE_TERRITORY) } },
	{ .label = "another country is excluded",
	    .want = PERMIT,
	    .edits = { "grant {'scope': {'territories': ['*'],"
		       " 'excludedTerritories': ['CA']}}" } },
	{ .label = "everything is excluded",
	    .want = DENY,
	    .edits = { "grant {'scope': {'excludedTerritories': ['*']}}" },
	    .codes = { CODE(SCOPE_TERRITORY) } },
	{ .label = "a part of the cell is excluded",
	    .want = DENY,
	    .edits = { "grant {'scope': {'excludedTerritories': ['US-CA']}}" },
	    .codes = { CODE(SCOPE_TERRITORY) } },
	{ .label = "the cell's country is excluded",
	    .want = DENY,
	    .edits = { "offer {'territories': ['US-CA']}",
		"grant {'scope': {'excludedTerritories': ['US']}}" },
	    .codes = { CODE(SCOPE_TERRITORY) } },
	{ .label = "another part is excluded",
	    .want = PERMIT,
	    .edits = { "offer {'territories': ['US-CA']}",
		"grant {'scope': {'excludedTerritories': ['US-NV']}}" } },
	{ .label = "D5 D19 US-* is no territory",
	    .want = DENY,
	    .edits = { "grant {'scope': {'territories': ['US', 'US-*']}}" },
	    .codes = { CODE(MISSING) },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "D19 UK is no territory",
	    .want = DENY,
	    .edits = { "grant {'scope': {'territories': ['US', 'UK']}}" },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "D19 GB is one",
	    .want = PERMIT,
	    .edits = { "grant {'scope': {'territories': ['US', 'GB']}}" } },
	{ .label = "D19 EU is no territory",
	    .want = DENY,
	    .edits = { "grant {'scope': {'territories': ['US', 'EU']}}" },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "D19 XK is no territory of ISO 3166-1",
	    .want = DENY,
	    .edits = { "grant {'scope': {'territories': ['US', 'XK']}}" },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "D19 us in lower case is no territory",
	    .want = DENY,
	    .edits = { "grant {'scope': {'territories': ['us']}}" },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "D19 PR is a country of its own",
	    .want = DENY,
	    .edits = { "offer {'territories': ['PR']}" },
	    .codes = { CODE(SCOPE_TERRITORY) } },
};

/* ---- a sub-grant: mi.com to dist.example to shop.example ---- */

#define PARENT                                                   \
	"grant {'grantee': 'dist.example', 'maxDelegations': 1," \
	" 'granteeKeys': '$keys:dist.example'}"
#define CHILD                                                          \
	"+child authorization dist.example {'brand': 'xiaomi',"        \
	" 'grantee': 'shop.example', 'parentDigest': '$digest:grant'," \
	" 'scope': {'models': ['2014215'], 'territories': ['US'],"     \
	" 'channels': ['CHANNEL_ONLINE_STORE'],"                       \
	" 'marketplaces': ['usmobile.com'],"                           \
	" 'conditions': ['CONDITION_NEW']}}"

static const world_row_t widened[] = {
	{ .label = "the same scope",
	    .want = PERMIT,
	    .edits = { PARENT, CHILD } },
	{ .label = "inside a parent that grants any",
	    .want = PERMIT,
	    .edits = { PARENT, CHILD,
		"grant {'scope': {'models': ['*'], 'territories': ['*'],"
		" 'channels': ['CHANNEL_ANY'], 'marketplaces': ['*'],"
		" 'conditions': ['CONDITION_ANY']}}" } },
	{ .label = "D1 any under one: every axis is told",
	    .want = DENY,
	    .edits = { PARENT, CHILD,
		"child {'scope': {'models': ['*'], 'territories': ['*'],"
		" 'channels': ['CHANNEL_ANY'], 'marketplaces': ['*'],"
		" 'conditions': ['CONDITION_ANY']}}" },
	    .codes = { CODE(WIDENED_MODEL), CODE(WIDENED_TERRITORY),
		CODE(WIDENED_CHANNEL), CODE(WIDENED_MARKETPLACE),
		CODE(WIDENED_CONDITION) } },

	{ .label = "D1 one model more",
	    .want = DENY,
	    .edits = { PARENT, CHILD,
		"child {'scope': {'models': ['2014215', '2014811']}}" },
	    .codes = { CODE(WIDENED_MODEL), -CODE(WIDENED_TERRITORY),
		-CODE(SCOPE_MODEL) } },
	{ .label = "D1 one territory more",
	    .want = DENY,
	    .edits = { PARENT, CHILD,
		"child {'scope': {'territories': ['US', 'CA']}}" },
	    .codes = { CODE(WIDENED_TERRITORY), -CODE(WIDENED_MODEL),
		-CODE(SCOPE_TERRITORY) } },
	{ .label = "D1 the country above a subdivision",
	    .want = DENY,
	    .edits = { PARENT, CHILD, "offer {'territories': ['US-CA']}",
		"grant {'scope': {'territories': ['US-CA']}}" },
	    .codes = { CODE(WIDENED_TERRITORY), -CODE(SCOPE_TERRITORY) } },
	{ .label = "D1 a subdivision of the country",
	    .want = PERMIT,
	    .edits = { PARENT, CHILD, "offer {'territories': ['US-CA']}",
		"child {'scope': {'territories': ['US-CA']}}" } },
	{ .label = "D1 one channel more",
	    .want = DENY,
	    .edits = { PARENT, CHILD,
		"child {'scope': {'channels':"
		" ['CHANNEL_ONLINE_STORE', 'CHANNEL_WHOLESALE']}}" },
	    .codes = { CODE(WIDENED_CHANNEL), -CODE(WIDENED_MODEL),
		-CODE(SCOPE_CHANNEL) } },
	{ .label = "D1 one marketplace more",
	    .want = DENY,
	    .edits = { PARENT, CHILD,
		"child {'scope': {'marketplaces':"
		" ['usmobile.com', 'other.example']}}" },
	    .codes = { CODE(WIDENED_MARKETPLACE), -CODE(WIDENED_MODEL),
		-CODE(SCOPE_MARKETPLACE) } },
	{ .label = "D1 one condition more",
	    .want = DENY,
	    .edits = { PARENT, CHILD,
		"child {'scope': {'conditions':"
		" ['CONDITION_NEW', 'CONDITION_REFURBISHED']}}" },
	    .codes = { CODE(WIDENED_CONDITION), -CODE(WIDENED_MODEL),
		-CODE(SCOPE_CONDITION) } },

	{ .label = "D2 an axis left out is neither inherited nor any",
	    .want = DENY,
	    .edits = { PARENT, CHILD, "child {'scope': {'models': null}}" },
	    .codes = { CODE(SCOPE_MODEL), -CODE(WIDENED_MODEL) } },
	{ .label = "D2 the parent's axis is empty",
	    .want = DENY,
	    .edits = { PARENT, CHILD, "grant {'scope': {'channels': null}}" },
	    .codes = { CODE(WIDENED_CHANNEL), -CODE(SCOPE_CHANNEL) } },
	{ .label = "D2 both are empty",
	    .want = DENY,
	    .edits = { PARENT, CHILD, "grant {'scope': {'channels': null}}",
		"child {'scope': {'channels': null}}" },
	    .codes = { CODE(SCOPE_CHANNEL), -CODE(WIDENED_CHANNEL) } },

	{ .label = "D6 the child drops an exclusion",
	    .want = DENY,
	    .edits = { PARENT, CHILD, "offer {'territories': ['US-NV']}",
		"grant {'scope': {'excludedTerritories': ['US-CA']}}" },
	    .codes = { CODE(WIDENED_TERRITORY), -CODE(SCOPE_TERRITORY) } },
	{ .label = "D6 the child keeps the exclusion",
	    .want = PERMIT,
	    .edits = { PARENT, CHILD, "offer {'territories': ['US-NV']}",
		"grant {'scope': {'excludedTerritories': ['US-CA']}}",
		"child {'scope': {'excludedTerritories': ['US-CA']}}" } },
	{ .label = "D6 the child drops one of two",
	    .want = DENY,
	    .edits = { PARENT, CHILD, "offer {'territories': ['US-NV']}",
		"grant {'scope': {'excludedTerritories':"
		" ['US-CA', 'US-WA']}}",
		"child {'scope': {'excludedTerritories': ['US-CA']}}" },
	    .codes = { CODE(WIDENED_TERRITORY) } },
	{ .label = "D6 the child excludes more",
	    .want = PERMIT,
	    .edits = { PARENT, CHILD, "offer {'territories': ['US-NV']}",
		"child {'scope': {'excludedTerritories': ['US-CA']}}" } },

	{ .label = "D1 one second longer",
	    .want = DENY,
	    .edits = { PARENT, CHILD,
		"child {'header': {'notAfter': '2026-01-01T00:00:01Z'}}" },
	    .codes = { CODE(WIDENED_TIME), -CODE(WIDENED_MODEL) } },
	{ .label = "D1 one second shorter",
	    .want = PERMIT,
	    .edits = { PARENT, CHILD,
		"child {'header': {'notAfter': '2025-12-31T23:59:59Z'}}" } },
	{ .label = "D1 from one second before",
	    .want = DENY,
	    .edits = { PARENT, CHILD,
		"child {'header': {'notBefore': '2015-12-31T23:59:59Z'}}" },
	    .codes = { CODE(WIDENED_TIME) } },
	{ .label = "D1 from one second after",
	    .want = PERMIT,
	    .edits = { PARENT, CHILD,
		"child {'header': {'notBefore': '2016-01-01T00:00:01Z'}}" } },
	{ .label = "D1 without a beginning",
	    .want = DENY,
	    .edits = { PARENT, CHILD, "child {'header': {'notBefore': null}}" },
	    .codes = { CODE(WIDENED_TIME) } },
	{ .label = "D1 without a beginning, as its parent",
	    .want = PERMIT,
	    .edits = { PARENT, CHILD, "child {'header': {'notBefore': null}}",
		"grant {'header': {'notBefore': null}}" } },
	{ .label = "D14 the parent has ended, and the child has not",
	    .want = DENY,
	    .edits = { PARENT, CHILD,
		"grant {'header': {'notAfter': '2016-02-01T00:00:00Z'}}" },
	    .codes = { MARKET_CODE_STATEMENT_EXPIRED, CODE(WIDENED_TIME) } },
	{ .label = "D14 the parent has not begun, and the child has",
	    .want = DENY,
	    .edits = { PARENT, CHILD,
		"grant {'header': {'notBefore': '2016-03-01T00:00:00Z'}}" },
	    .codes = { MARKET_CODE_STATEMENT_NOT_YET_VALID,
		CODE(WIDENED_TIME) } },

	{ .label = "D11 no delegation is left",
	    .want = DENY,
	    .edits = { PARENT, CHILD, "grant {'maxDelegations': 0}" },
	    .codes = { CODE(DELEGATION_FORBIDDEN),
		-CODE(WIDENED_DELEGATION) } },
	{ .label = "D1 as many delegations as the parent",
	    .want = DENY,
	    .edits = { PARENT, CHILD, "child {'maxDelegations': 1}" },
	    .codes = { CODE(WIDENED_DELEGATION),
		-CODE(DELEGATION_FORBIDDEN) } },
	{ .label = "D1 one delegation fewer",
	    .want = PERMIT,
	    .edits = { PARENT, CHILD, "grant {'maxDelegations': 2}",
		"child {'maxDelegations': 1}" } },
	{ .label = "D1 as many delegations as can be",
	    .want = DENY,
	    .edits = { PARENT, CHILD, "grant {'maxDelegations': 2}",
		"child {'maxDelegations': 4294967295}" },
	    .codes = { CODE(WIDENED_DELEGATION) } },
};

START_TEST(authorization_tells_what_a_grant_covers)
{
	world_run_row(&covered[_i]);
}
END_TEST

START_TEST(authorization_reads_territories_as_the_tables_have_them)
{
	world_run_row(&territories[_i]);
}
END_TEST

START_TEST(authorization_refuses_a_child_wider_than_its_parent)
{
	world_run_row(&widened[_i]);
}
END_TEST

#define ADD(test, table)     \
	tcase_add_loop_test( \
	    tcase, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

int
main(void)
{
	Suite *suite = suite_create("authorization");
	TCase *tcase = tcase_create("scope");

	ADD(authorization_tells_what_a_grant_covers, covered);
	ADD(authorization_reads_territories_as_the_tables_have_them,
	    territories);
	ADD(authorization_refuses_a_child_wider_than_its_parent, widened);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
