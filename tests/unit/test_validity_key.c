/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether keys count: production and test, windows, withdrawal, thresholds.
 * Matter's test key signed a production declaration, and Matter DCL rounded a
 * quorum: here all combinations are tried, and all thresholds up to 12 keys.
 */
#include <stdio.h>

#include "world.h"

#define PERMIT MARKET_VERDICT_PERMIT
#define DENY   MARKET_VERDICT_DENY

/* Whose keys a decision rests on, and where they stand: %s is the key set. */
static const struct {
	const char *label;
	const char *edit;
	const char *key;
} holders[] = {
	{ "root keys", "root {'rootKeys': %s}", "root" },
	{ "brand", "root {'parties[0]': {'keys': %s}}", "mi.com" },
	{ "carrier", "root {'parties[2]': {'keys': %s}}", "t-mobile.com" },
	{ "marketplace", "root {'parties[4]': {'keys': %s}}", "usmobile.com" },
	{ "certifier", "root {'parties[5]': {'keys': %s}}", "fcc.gov" },
	{ "seller", "seller {'keys': %s}", "shop.example" },
	{ "grantee", "grant {'granteeKeys': %s}", "shop.example" },
};

#define N_HOLDERS (sizeof(holders) / sizeof(holders[0]))

/* Gives the holder one key, of an environment and with a window. */
static void
set_key(world_t *world, size_t holder, bool production, const char *window)
{
	char keys[300], edit[400];

	snprintf(keys, sizeof(keys),
	    "{'threshold': 1, 'keys': [{'spki': '$spki:%s',"
	    " 'environment': 'ENVIRONMENT_%s'%s}]}",
	    holders[holder].key, production ? "PRODUCTION" : "TEST", window);
	/* The format is one of the table's above, each with one %s. */
	snprintf(edit, sizeof(edit), "%.*s%s%s",
	    (int)(strstr(holders[holder].edit, "%s") - holders[holder].edit),
	    holders[holder].edit, keys, strstr(holders[holder].edit, "%s") + 2);
	world_edit(world, edit);
}

static void
judge(world_t *world, const char *label, const char *at, market_verdict_t want,
    market_code_t code)
{
	market_decision_t *decision = world_check(world, "offer", at);

	ck_assert_msg(market_decision_verdict(decision) == want, "%s: %s",
	    label, market_verdict_name(market_decision_verdict(decision)));
	ck_assert_msg(
	    world_has(decision, code) == (want != PERMIT), "%s", label);
	market_decision_free(decision);
}

/* Matter SDK: mode x everybody's keys x one holder's key. */
START_TEST(key_of_the_other_environment_never_vouches)
{
	bool policy_production = _i & 1, others_production = _i >> 1 & 1;
	bool production;
	char label[100], edit[80];
	world_t *world;
	size_t h, i;
	int odd;

	for (h = 0; h < N_HOLDERS; h++)
		for (odd = 0; odd < 2; odd++) {
			production = (odd != 0) != others_production;
			world = world_new();
			for (i = 0; i < N_HOLDERS; i++)
				set_key(world, i,
				    i == h ? production : others_production,
				    "");
			snprintf(edit, sizeof(edit),
			    "policy {'environment': 'ENVIRONMENT_%s'}",
			    policy_production ? "PRODUCTION" : "TEST");
			world_edit(world, edit);
			snprintf(label, sizeof(label),
			    "policy %d, %s %d, others %d", policy_production,
			    holders[h].label, production, others_production);
			judge(world, label, NULL,
			    production == policy_production &&
				    others_production == policy_production
				? PERMIT
				: DENY,
			    MARKET_CODE_KEY_ENVIRONMENT);
			world_free(world);
		}
}
END_TEST

/* K14, T1: a key's window is half open, and no skew loosens it. */
START_TEST(key_counts_within_its_window)
{
	static const struct {
		const char *window;
		const char *at;
		market_verdict_t want;
	} rows[] = {
		{ ", 'notBefore': '2016-02-01T12:00:00Z'",
		    "2016-02-01T11:59:59Z", DENY },
		{ ", 'notBefore': '2016-02-01T12:00:00Z'",
		    "2016-02-01T12:00:00Z", PERMIT },
		{ ", 'notAfter': '2016-02-01T12:00:00Z'",
		    "2016-02-01T11:59:59Z", PERMIT },
		{ ", 'notAfter': '2016-02-01T12:00:00Z'",
		    "2016-02-01T12:00:00Z", DENY },
		{ ", 'notBefore': '2016-02-01T12:00:00Z',"
		  " 'notAfter': '2016-02-01T12:00:01Z'",
		    "2016-02-01T12:00:00Z", PERMIT },
		{ ", 'notBefore': '2016-02-01T12:00:00Z',"
		  " 'notAfter': '2016-02-01T12:00:01Z'",
		    "2016-02-01T12:00:01Z", DENY },
	};
	char label[100];
	world_t *world;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		world = world_new();
		set_key(world, (size_t)_i, true, rows[i].window);
		snprintf(
		    label, sizeof(label), "%s, row %zu", holders[_i].label, i);
		judge(world, label, rows[i].at, rows[i].want,
		    MARKET_CODE_KEY_OUTSIDE_WINDOW);
		world_free(world);
	}
}
END_TEST

/* Matter DCL: k of n in whole numbers; here `signers` of n keys signed. */
static void
check_quorum(unsigned n, unsigned k, unsigned signers, market_verdict_t want)
{
	char edit[400], label[40];
	world_t *world = world_new();
	size_t at;
	unsigned i;

	at = (size_t)snprintf(
	    edit, sizeof(edit), "seller {'keys': '$%u-keys:", k);
	for (i = 0; i < n; i++)
		at += (size_t)snprintf(
		    edit + at, sizeof(edit) - at, "%skey%u", i ? " " : "", i);
	snprintf(edit + at, sizeof(edit) - at, "'}");
	world_edit(world, edit);
	at = (size_t)snprintf(edit, sizeof(edit), "offer @");
	/* From the last key on, so that their order does not matter. */
	for (i = 0; i < signers; i++)
		at += (size_t)snprintf(edit + at, sizeof(edit) - at, "%skey%u",
		    i ? " " : "", n - 1 - i);
	if (signers == 0)
		snprintf(edit + at, sizeof(edit) - at, "forger");
	world_edit(world, edit);
	snprintf(label, sizeof(label), "%u of %u, %u signed", k, n, signers);
	judge(world, label, NULL, want, MARKET_CODE_THRESHOLD_UNMET);
	world_free(world);
}

START_TEST(key_threshold_is_counted_in_whole_numbers)
{
	unsigned n = (unsigned)_i, k;

	for (k = 1; k <= n; k++) {
		check_quorum(n, k, k - 1, DENY);
		check_quorum(n, k, k, PERMIT);
	}
}
END_TEST

/* The same for statements of a party, and of the marketplace by root keys. */
static const world_row_t thresholds[] = {
	{ .label = "two of three of the brand",
	    .want = PERMIT,
	    .edits = { "root {'parties[0]': {'keys': '$2-keys:a b c'}}",
		"grant @a b", "product @c b" } },
	{ .label = "one of three of the brand",
	    .want = DENY,
	    .edits = { "root {'parties[0]': {'keys': '$2-keys:a b c'}}",
		"grant @a", "product @c b" },
	    .codes = { MARKET_CODE_AUTHORIZATION_MISSING },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "S2 one of three, twice",
	    .want = DENY,
	    .edits = { "root {'parties[0]': {'keys': '$2-keys:a b c'}}",
		"grant @a a", "product @c b" },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "two signed, one was withdrawn",
	    .want = DENY,
	    .edits = { "root {'parties[0]': {'keys': '$2-keys:a b c'}}",
		"grant @a b", "product @c b",
		"+w withdrawal usmobile.com {'targetKey': '$key:a'}" },
	    .codes = { MARKET_CODE_KEY_WITHDRAWN,
		MARKET_CODE_THRESHOLD_UNMET } },
	{ .label = "three signed, one was withdrawn",
	    .want = PERMIT,
	    .edits = { "root {'parties[0]': {'keys': '$2-keys:a b c'}}",
		"grant @a b c", "product @c b",
		"+w withdrawal usmobile.com {'targetKey': '$key:a'}" },
	    .codes = { -MARKET_CODE_KEY_WITHDRAWN,
		-MARKET_CODE_THRESHOLD_UNMET } },
	{ .label = "two signed, one is a test key",
	    .want = DENY,
	    .edits = { "root {'parties[0]': {'keys': {'threshold': 2, 'keys':"
		       " [{'spki': '$spki:a',"
		       " 'environment': 'ENVIRONMENT_PRODUCTION'},"
		       " {'spki': '$spki:b',"
		       " 'environment': 'ENVIRONMENT_TEST'},"
		       " {'spki': '$spki:c',"
		       " 'environment': 'ENVIRONMENT_PRODUCTION'}]}}}",
		"grant @a b", "product @a c" },
	    .codes = { MARKET_CODE_KEY_ENVIRONMENT,
		MARKET_CODE_THRESHOLD_UNMET } },
	{ .label = "the root, by two of three",
	    .want = PERMIT,
	    .edits = { "root {'rootKeys': '$2-keys:a b c'}", "root @c a" } },
	{ .label = "a test key revises no grant in production",
	    .want = PERMIT,
	    .edits = { "root {'parties[0]': {'keys': {'threshold': 1, 'keys':"
		       " [{'spki': '$spki:mi.com',"
		       " 'environment': 'ENVIRONMENT_PRODUCTION'},"
		       " {'spki': '$spki:test',"
		       " 'environment': 'ENVIRONMENT_TEST'}]}}}",
		"+anew =grant {'header': {'revision': '2'},"
		" 'scope': {'models': ['2014811']}}",
		"anew @test" },
	    .codes = { MARKET_CODE_AUTHORIZATION_ALTERNATIVE_FAILED } },
	{ .label = "a test key forks no product in production",
	    .want = PERMIT,
	    .edits = { "root {'parties[0]': {'keys': {'threshold': 1, 'keys':"
		       " [{'spki': '$spki:mi.com',"
		       " 'environment': 'ENVIRONMENT_PRODUCTION'},"
		       " {'spki': '$spki:test',"
		       " 'environment': 'ENVIRONMENT_TEST'}]}}}",
		"+fork =product {'name': 'Mi 4i'}", "fork @test" },
	    .codes = { -MARKET_CODE_STATEMENT_FORK } },
	{ .label = "a test key suspends no seller in production",
	    .want = PERMIT,
	    .edits = { "root {'parties[4]': {'keys': {'threshold': 1, 'keys':"
		       " [{'spki': '$spki:usmobile.com',"
		       " 'environment': 'ENVIRONMENT_PRODUCTION'},"
		       " {'spki': '$spki:test',"
		       " 'environment': 'ENVIRONMENT_TEST'}]}}}",
		"+anew =seller {'header': {'revision': '2'},"
		" 'suspended': true}",
		"anew @test" },
	    .codes = { -MARKET_CODE_SELLER_SUSPENDED } },
};

START_TEST(key_threshold_of_a_party)
{
	world_run_row(&thresholds[_i]);
}
END_TEST

/* Root and policy are refused where too few keys signed them. */
START_TEST(key_threshold_of_root_and_policy_is_asked_first)
{
	static const struct {
		const char *edits[2];
		market_status_t want;
	} rows[] = {
		{ { "root @root" }, MARKET_OK },
		{ { "root @forger" }, MARKET_E_ROOT },
		{ { "root @usmobile.com" }, MARKET_E_ROOT },
		{ { "root {'rootKeys': '$2-keys:root b'}" }, MARKET_E_ROOT },
		{ { "root {'rootKeys': '$2-keys:root b'}", "root @root root" },
		    MARKET_E_ROOT },
		{ { "root {'rootKeys': '$2-keys:root b'}", "root @b root" },
		    MARKET_OK },
		/* K9: one key is one party's; K12: a threshold can be met. */
		{ { "root {'parties[1]': {'keys': '$keys:mi.com'}}" },
		    MARKET_E_SCHEMA },
		{ { "root {'parties[1]': {'keys': '$keys:meizu.com mi.com'}}" },
		    MARKET_E_SCHEMA },
		{ { "root {'rootKeys': '$keys:root mi.com'}" },
		    MARKET_E_SCHEMA },
		{ { "root {'rootKeys': '$keys:root usmobile.com'}" },
		    MARKET_OK },
		{ { "root {'rootKeys': '$2-keys:root'}" }, MARKET_E_SCHEMA },
		{ { "root {'rootKeys': '$0-keys:root'}" }, MARKET_E_SCHEMA },
		{ { "root {'rootKeys': '$keys:root root'}" }, MARKET_E_SCHEMA },
		{ { "root {'rootKeys': null}" }, MARKET_E_SCHEMA },
		{ { "policy @forger" }, MARKET_E_POLICY },
		{ { "policy @mi.com" }, MARKET_E_POLICY },
		{ { "policy @root" }, MARKET_E_POLICY },
		{ { "policy {'header': {'issuer': 'mi.com'}}",
		      "policy @mi.com" },
		    MARKET_E_POLICY },
		{ { "policy {'header': {'issuer': 'other.example'}}",
		      "policy @other.example" },
		    MARKET_E_POLICY },
	};
	market_evidence_t *evidence;
	market_status_t status;
	world_t *world;
	size_t i, k;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		world = world_new();
		for (k = 0; k < 2 && rows[i].edits[k] != NULL; k++)
			world_edit(world, rows[i].edits[k]);
		evidence = NULL;
		status = market_evidence_new(world_context(world),
		    world_envelope(world, "root"),
		    world_envelope(world, "policy"), &evidence, NULL);
		ck_assert_msg(status == rows[i].want, "%s: %s",
		    rows[i].edits[0], market_status_name(status));
		ck_assert((evidence == NULL) == (status != MARKET_OK));
		market_evidence_free(evidence);
		world_free(world);
	}
}
END_TEST

#define ADD(test, table)     \
	tcase_add_loop_test( \
	    tcase, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

int
main(void)
{
	Suite *suite = suite_create("validity_key");
	TCase *tcase = tcase_create("key");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(
	    tcase, key_of_the_other_environment_never_vouches, 0, 4);
	ADD(key_counts_within_its_window, holders);
	tcase_add_loop_test(
	    tcase, key_threshold_is_counted_in_whole_numbers, 1, 13);
	ADD(key_threshold_of_a_party, thresholds);
	tcase_add_test(tcase, key_threshold_of_root_and_policy_is_asked_first);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
