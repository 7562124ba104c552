/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is handed in and is no evidence: it is told with its code, contributes
 * nothing, and stops nothing else. And what has a name: of its revisions the
 * highest counts, for every kind (go-tuf's rollback of a single role).
 */
#include "world.h"

#define PERMIT     MARKET_VERDICT_PERMIT
#define DENY       MARKET_VERDICT_DENY
#define UNSURE     MARKET_VERDICT_INDETERMINATE
#define CODE(name) MARKET_CODE_##name
#define ANYWHERE                                               \
	" 'scope': {'models': ['*'], 'territories': ['*'],"    \
	" 'channels': ['CHANNEL_ANY'], 'marketplaces': ['*']," \
	" 'conditions': ['CONDITION_ANY']}"
#define DISAVOWAL(issuer, brand)                         \
	"+d disavowal " issuer " {'brand': '" brand "'," \
	" 'parties': ['*']," ANYWHERE "}"

/* Three that could each follow the keys that the root names. */
#define KEY_SET_FORKS                                         \
	"+k1 key-set mi.com {'keys': '$keys:mi.com forger'}", \
	    "+k2 =k1 {'keys': '$keys:mi.com forger#2'}",      \
	    "+k3 =k1 {'keys': '$keys:mi.com forger#3'}"

static const world_row_t codes[] = {
	{ .label = "1001 does not parse: a needed field",
	    .want = DENY,
	    .edits = { "grant {'grantee': null}" },
	    .codes = { CODE(AUTHORIZATION_MISSING) },
	    .ignored = "grant",
	    .ignored_code = CODE(STATEMENT_MALFORMED) },
	{ .label = "1001 does not parse: a key that is none",
	    .want = DENY,
	    .edits = { "seller {'keys': {'threshold': 1, 'keys':"
		       " [{'spki': 'AAAA',"
		       " 'environment': 'ENVIRONMENT_PRODUCTION'}]}}" },
	    .codes = { CODE(SELLER_UNKNOWN) },
	    .ignored = "seller",
	    .ignored_code = CODE(STATEMENT_MALFORMED) },
	{ .label = "1001 K1 a key of small order",
	    .want = DENY,
	    .edits = { "grant {'granteeKeys': {'threshold': 1, 'keys':"
		       " [{'spki': 'MCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAA"
		       "AAAAAAAAAAAAAAAAAAA=',"
		       " 'environment': 'ENVIRONMENT_PRODUCTION'}]}}" },
	    .codes = { CODE(AUTHORIZATION_MISSING) },
	    .ignored = "grant",
	    .ignored_code = CODE(STATEMENT_MALFORMED) },
	{ .label = "1002 a forged certification certifies nothing",
	    .want = DENY,
	    .edits = { "fcc @forger" },
	    .codes = { CODE(CERTIFICATION_MISSING) },
	    .ignored = "fcc",
	    .ignored_code = CODE(STATEMENT_SIGNATURE_INVALID) },
	{ .label = "1002 a spoilt signature",
	    .want = UNSURE,
	    .edits = { "product !" },
	    .codes = { CODE(PRODUCT_UNKNOWN) },
	    .ignored = "product",
	    .ignored_code = CODE(STATEMENT_SIGNATURE_INVALID) },
	{ .label = "1002 signed by another party of the root",
	    .want = DENY,
	    .edits = { "carrier @fcc.gov" },
	    .codes = { CODE(CERTIFICATION_MISSING) },
	    .ignored = "carrier",
	    .ignored_code = CODE(STATEMENT_SIGNATURE_INVALID) },
	{ .label = "1003 nobody that the root knows",
	    .want = PERMIT,
	    .edits = { DISAVOWAL("stranger.example", "xiaomi") },
	    .ignored = "d",
	    .ignored_code = CODE(STATEMENT_ISSUER_UNKNOWN) },
	{ .label = "1003 twin: the brand itself",
	    .want = DENY,
	    .edits = { DISAVOWAL("mi.com", "xiaomi") },
	    .codes = { CODE(BRAND_DISAVOWED) } },
	{ .label = "1004 not its brand",
	    .want = PERMIT,
	    .edits = { DISAVOWAL("meizu.com", "xiaomi") },
	    .ignored = "d",
	    .ignored_code = CODE(STATEMENT_ISSUER_ROLE) },
	{ .label = "1004 not its network",
	    .want = UNSURE,
	    .edits = { "network {'header': {'issuer': 'att.com'}}",
		"network @att.com" },
	    .codes = { CODE(NETWORK_UNKNOWN) },
	    .ignored = "network",
	    .ignored_code = CODE(STATEMENT_ISSUER_ROLE) },
	{ .label = "1004 not its scheme",
	    .want = DENY,
	    .edits = { "fcc {'header': {'issuer': 'ptcrb.com'}}",
		"fcc @ptcrb.com" },
	    .codes = { CODE(CERTIFICATION_MISSING) },
	    .ignored = "fcc",
	    .ignored_code = CODE(STATEMENT_ISSUER_ROLE) },
	{ .label = "1004 not its territory",
	    .want = DENY,
	    .edits = { "fcc {'territories': ['US', 'CA']}" },
	    .codes = { CODE(CERTIFICATION_MISSING) },
	    .ignored = "fcc",
	    .ignored_code = CODE(STATEMENT_ISSUER_ROLE) },
	{ .label = "1004 a role that names no brand",
	    .want = DENY,
	    .edits = { "root {'parties[0]': {'roles':"
		       " [{'role': 'ROLE_BRAND', 'brands': []}]}}" },
	    .codes = { CODE(BRAND_UNKNOWN) },
	    .ignored = "grant",
	    .ignored_code = CODE(STATEMENT_ISSUER_ROLE) },
	{ .label = "1004 twin: a role that names any brand",
	    .want = PERMIT,
	    .edits = { "root {'parties[0]': {'roles':"
		       " [{'role': 'ROLE_BRAND', 'brands': ['*']}]}}" } },
	{ .label = "1004 D5 no globs in roles",
	    .want = DENY,
	    .edits = { "root {'parties[0]': {'roles':"
		       " [{'role': 'ROLE_BRAND', 'brands': ['xia*']}]}}" },
	    .codes = { CODE(BRAND_UNKNOWN) },
	    .ignored = "grant",
	    .ignored_code = CODE(STATEMENT_ISSUER_ROLE) },
	{ .label = "1005 a withdrawal without standing",
	    .want = PERMIT,
	    .edits = { "+w withdrawal meizu.com"
		       " {'targetDigest': '$digest:grant'}" },
	    .ignored = "w",
	    .ignored_code = CODE(STATEMENT_NO_STANDING) },
	{ .label = "1005 a hold without standing",
	    .want = PERMIT,
	    .edits = { "+h hold mi.com {'target': {'brand': 'xiaomi'}}" },
	    .ignored = "h",
	    .ignored_code = CODE(STATEMENT_NO_STANDING) },
	{ .label = "1012 a policy among the evidence",
	    .want = PERMIT,
	    .edits = { "+p =policy {'minimumService': 'SERVICE_5G'}" },
	    .ignored = "p",
	    .ignored_code = CODE(STATEMENT_KIND_UNEXPECTED) },
	{ .label = "1012 a trust root among the evidence",
	    .want = PERMIT,
	    .edits = { "+r =root {'header': {'revision': '2'}}" },
	    .ignored = "r",
	    .ignored_code = CODE(STATEMENT_KIND_UNEXPECTED) },
	{ .label = "1002 a key set that its own new keys did not sign",
	    .want = PERMIT,
	    .edits = { "+k key-set mi.com {'keys': '$keys:forger'}" },
	    .ignored = "k",
	    .ignored_code = CODE(STATEMENT_SIGNATURE_INVALID) },
	{ .label = "... and one that they signed",
	    .want = PERMIT,
	    .edits = { "+k key-set mi.com {'keys': '$keys:mi.com forger'}" },
	    .codes = { -CODE(STATEMENT_SIGNATURE_INVALID) } },
	{ .label = "1006 the first of three key sets of one revision",
	    .want = PERMIT,
	    .edits = { KEY_SET_FORKS },
	    .ignored = "k1",
	    .ignored_code = CODE(STATEMENT_FORK) },
	{ .label = "... the second",
	    .want = PERMIT,
	    .edits = { KEY_SET_FORKS },
	    .ignored = "k2",
	    .ignored_code = CODE(STATEMENT_FORK) },
	{ .label = "... the third",
	    .want = PERMIT,
	    .edits = { KEY_SET_FORKS },
	    .ignored = "k3",
	    .ignored_code = CODE(STATEMENT_FORK) },
	{ .label = "... the second, handed in once more",
	    .want = PERMIT,
	    .edits = { KEY_SET_FORKS, "+again =k2 {}" },
	    .ignored = "again",
	    .ignored_code = CODE(STATEMENT_FORK) },
	{ .label = "... and there, as it was",
	    .want = PERMIT,
	    .edits = { KEY_SET_FORKS, "+again =k2 {}" },
	    .ignored = "k2",
	    .ignored_code = CODE(STATEMENT_FORK) },
	{ .label = "... but not with signatures of another",
	    .want = PERMIT,
	    .edits = { KEY_SET_FORKS, "+again =k2 {}", "again @forger#9" },
	    .ignored = "again",
	    .ignored_code = CODE(STATEMENT_SIGNATURE_INVALID) },
	{ .label = "1013 a withdrawal of what is not here",
	    .want = PERMIT,
	    .edits = { "+w withdrawal mi.com {'targetDigest':"
		       " 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}" },
	    .ignored = "w",
	    .ignored_code = CODE(WITHDRAWAL_TARGET_UNKNOWN) },
	{ .label = "none of many stops the rest",
	    .want = PERMIT,
	    .edits = { DISAVOWAL("meizu.com", "xiaomi"),
		"+a =grant {'brand': null}", "+b =grant {'maxDelegations': 1}",
		"b @forger", "+p =policy {'minimumService': 'SERVICE_5G'}",
		"+w withdrawal meizu.com {'targetDigest': '$digest:grant'}",
		"+h hold mi.com {'target': {'brand': 'xiaomi'}}" },
	    .codes = { -CODE(AUTHORIZATION_ALTERNATIVE_FAILED),
		-CODE(STATEMENT_FORK) },
	    .ignored = "b",
	    .ignored_code = CODE(STATEMENT_SIGNATURE_INVALID) },
};

/* Each kind: the second revision has ended, and the first does not return. */
#define REVISED(name)                                                      \
	{ .label = "1007 rollback: " name,                                 \
		.want = DENY,                                              \
		.edits = { "+anew =" name " {'header': {'revision':"       \
			   " '2', 'notAfter': '2016-01-15T00:00:00Z'}}" }, \
		.codes = { CODE(STATEMENT_EXPIRED) },                      \
		.ignored = name,                                           \
		.ignored_code = CODE(STATEMENT_STALE_REVISION) },          \
	{                                                                  \
		.label = "1007 twin: " name, .want = PERMIT,               \
		.edits = { name " {'header': {'notAfter':"                 \
				" '2016-01-15T00:00:00Z'}}",               \
			"+anew =" name " {'header': {'revision': '2',"     \
			" 'notAfter': '2026-01-01T00:00:00Z'}}" },         \
		.codes = { -CODE(STATEMENT_EXPIRED) }, .ignored = name,    \
		.ignored_code = CODE(STATEMENT_STALE_REVISION)             \
	}

/* A fork of the only statement of its kind, and another name beside it. */
#define FORKED(name, verdict)                                           \
	{ .label = "1006 fork: " name,                                  \
		.want = verdict,                                        \
		.edits = { "+fork =" name " {'header': {'issuedAt':"    \
			   " '2016-01-02T00:00:00Z'}}" },               \
		.codes = { CODE(STATEMENT_FORK) } },                    \
	{                                                               \
		.label = "1006 twin: " name, .want = PERMIT,            \
		.edits = { "+fork =" name " {'header': {'issuedAt':"    \
			   " '2016-01-02T00:00:00Z'}}",                 \
			"+more =" name " {'header': {'id': 'more'}}" }, \
		.codes = {                                              \
			-CODE(STATEMENT_FORK)                           \
		}                                                       \
	}

static const world_row_t revisions[] = {
	REVISED("seller"),
	REVISED("product"),
	REVISED("network"),
	REVISED("grant"),
	REVISED("carrier"),
	REVISED("fcc"),
	FORKED("seller", UNSURE),
	FORKED("product", UNSURE),
	FORKED("network", UNSURE),
	FORKED("grant", UNSURE),
	FORKED("carrier", UNSURE),
	FORKED("fcc", UNSURE),
	{ .label = "D18 a fork of the offer is the store's to see",
	    .want = PERMIT,
	    .edits = { "+fork =offer {'title': 'Mi 4, white'}" } },
	{ .label = "a revision of 2^64-1 is the highest",
	    .want = PERMIT,
	    .edits = { "grant {'header': {'revision':"
		       " '18446744073709551615'}}",
		"+old =grant {'header': {'revision': '1'}}" },
	    .ignored = "old",
	    .ignored_code = CODE(STATEMENT_STALE_REVISION) },
	{ .label = "Matter: revisions are not compared in 16 bits",
	    .want = PERMIT,
	    .edits = { "grant {'header': {'revision': '65537'}}",
		"+old =grant {'header': {'revision': '2'}}" },
	    .ignored = "old",
	    .ignored_code = CODE(STATEMENT_STALE_REVISION) },
	{ .label = "revision 0 is none",
	    .want = DENY,
	    .edits = { "grant {'header': {'revision': null}}" },
	    .ignored = "grant",
	    .ignored_code = CODE(STATEMENT_MALFORMED) },
};

START_TEST(ignored_is_told_and_stops_nothing)
{
	world_run_row(&codes[_i]);
}
END_TEST

START_TEST(ignored_is_a_lower_revision_of_any_kind)
{
	world_run_row(&revisions[_i]);
}
END_TEST

START_TEST(ignored_is_an_offer_or_rubbish_among_the_evidence)
{
	static const struct {
		const char *label;
		const char *bytes; /* NULL: the offer */
		market_code_t code;
	} rows[] = {
		{ "offer", NULL, CODE(STATEMENT_KIND_UNEXPECTED) },
		{ "empty", "", CODE(STATEMENT_MALFORMED) },
		{ "text", "not an envelope", CODE(STATEMENT_MALFORMED) },
		{ "json", "{}", CODE(STATEMENT_MALFORMED) },
	};
	world_t *world = world_new();
	market_evidence_t *evidence = world_evidence(world, 0);
	market_decision_t *decision = NULL;
	market_ignored_t ignored;
	size_t i, k;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_int_eq(
		    market_evidence_add(evidence,
			rows[i].bytes == NULL ? world_envelope(world, "offer")
					      : market_slice_of(rows[i].bytes),
			rows[i].label, NULL),
		    MARKET_OK);
	ck_assert_int_eq(market_check(evidence, world_envelope(world, "offer"),
			     world_time(WORLD_NOW), &decision, NULL),
	    MARKET_OK);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (k = 0; market_evidence_ignored(evidence, k, &ignored) ==
		     MARKET_OK;
		     k++)
			if (strcmp(ignored.name, rows[i].label) == 0)
				break;
		ck_assert_msg(market_evidence_ignored(evidence, k, &ignored) ==
			    MARKET_OK &&
			ignored.code == rows[i].code &&
			ignored.message != NULL && ignored.message[0] != '\0',
		    "%s", rows[i].label);
	}
	market_decision_free(decision);
	market_evidence_free(evidence);
	world_free(world);
}
END_TEST

#define ADD(test, table)     \
	tcase_add_loop_test( \
	    tcase, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

int
main(void)
{
	Suite *suite = suite_create("ignored");
	TCase *tcase = tcase_create("ignored");

	ADD(ignored_is_told_and_stops_nothing, codes);
	ADD(ignored_is_a_lower_revision_of_any_kind, revisions);
	tcase_add_test(
	    tcase, ignored_is_an_offer_or_rubbish_among_the_evidence);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
