/* SPDX-License-Identifier: Apache-2.0 */
/* What mends a statement or a chain of grants: codes 1000 to 3999. */
#include <stdio.h>
#include <string.h>

#include "remedy.h"

#define SCOPE(more)                                               \
	"'scope': {'models': ['2014215'], 'territories': ['US']," \
	" 'channels': ['CHANNEL_ONLINE_STORE'],"                  \
	" 'marketplaces': ['usmobile.com'],"                      \
	" 'conditions': ['CONDITION_NEW']" more "}"
#define WHOLE                                                  \
	"'scope': {'models': ['*'], 'territories': ['*'],"     \
	" 'channels': ['CHANNEL_ANY'], 'marketplaces': ['*']," \
	" 'conditions': ['CONDITION_ANY']}"
/* mi.com to dist.example, and from there to the seller. */
#define DIST(more)                                           \
	"-grant",                                            \
	    "+dist authorization mi.com {'brand': 'xiaomi'," \
	    " 'grantee': 'dist.example', 'granteeKeys':"     \
	    " '$keys:dist.example', " more "}"
#define SUB(more)                                                           \
	"+sub authorization dist.example {'brand': 'xiaomi',"               \
	" 'grantee': 'shop.example', 'parentDigest': '$digest:dist', " more \
	"}"
/* What the brand signs where it grants without a distributor. */
#define DIRECT                                             \
	"+direct authorization mi.com {'brand': 'xiaomi'," \
	" 'grantee': 'shop.example', " SCOPE("") "}"
/* Two keys of fcc.gov, the first of which is as `first` says. */
#define FCC_KEYS(first)                                           \
	"root {'parties[5]': {'keys': {'threshold': 1, 'keys': [" \
	"{'spki': '$spki:fcc.gov', " first "},"                   \
	"{'spki': '$spki:spare', 'environment':"                  \
	" 'ENVIRONMENT_PRODUCTION'}]}}}"
static const remedy_t statements[] = {
	{ CODE(STATEMENT_WITHDRAWN), .verdict = DENY,
	    .edits = { TAKE("mi.com", "'targetDigest': '$digest:grant'") },
	    .words = { "the authorization mi.com/grant was withdrawn by mi.com "
		       "as of 2016-02-01T12:00:00Z (ERROR)",
		"under a higher revision where only one revision was" },
	    .remedy = { NEXT("grant", "}") } },
	{ CODE(STATEMENT_NOT_YET_VALID), .verdict = DENY,
	    .edits = { "carrier {'header': {'notBefore': '" LATER "'}}" },
	    .words = { "the certification t-mobile.com/carrier begins "
		       "at " LATER,
		"Wait until the instant shown" },
	    .then = LATER },
	{ CODE(STATEMENT_EXPIRED), .verdict = DENY,
	    .edits = { "fcc {'header': {'notAfter':"
		       " '2016-01-20T00:00:00Z'}}" },
	    .words = { "the certification fcc.gov/fcc ended at "
		       "2016-01-20T00:00:00Z",
		"next revision with a later not_after" },
	    .remedy = { NEXT(
		"fcc", ", 'notAfter': '2017-01-20T00:00:00Z'}") } },
	{ CODE(STATEMENT_ISSUED_IN_FUTURE), .verdict = DENY,
	    .edits = { "product {'header': {'issuedAt': '" LATER "'}}" },
	    .words = { "the product mi.com/product says it was issued "
		       "at " LATER,
		"Wait until issued_at" },
	    .then = LATER },
	{ CODE(STATEMENT_FORK), .verdict = UNSURE,
	    .edits = { "+other =product {'name': 'Another'}" },
	    .words = { "mi.com signed two different statements as product "
		       "product revision 1",
		"publishes a higher revision" },
	    .remedy = { NEXT("product", "}") } },
	{ CODE(KEY_WITHDRAWN), .verdict = DENY,
	    .edits = { FCC_KEYS("'environment': 'ENVIRONMENT_PRODUCTION'"),
		TAKE("usmobile.com", "'targetKey': '$key:fcc.gov'") },
	    .words = { " of the certification fcc.gov/fcc was withdrawn by "
		       "usmobile.com",
		"signs it again with a key that stands",
		"under a higher revision" },
	    .remedy = { NEXT("fcc", "}"), "next @spare" } },
	{ CODE(KEY_OUTSIDE_WINDOW), .verdict = DENY,
	    .edits = { FCC_KEYS("'environment': 'ENVIRONMENT_PRODUCTION',"
				" 'notAfter': '2016-01-20T00:00:00Z'") },
	    .words = { " of the certification fcc.gov/fcc signs from",
		"to 2016-01-20T00:00:00Z", "a key whose window covers today" },
	    .remedy = { NEXT("fcc", "}"), "next @spare" } },
	{ CODE(KEY_ENVIRONMENT), .verdict = DENY,
	    .edits = { FCC_KEYS("'environment': 'ENVIRONMENT_TEST'") },
	    .words = { " of the certification fcc.gov/fcc is a TEST key, and "
		       "the policy is for PRODUCTION",
		"with a key of the policy's environment" },
	    .remedy = { NEXT("fcc", "}"), "next @spare" } },
	{ CODE(THRESHOLD_UNMET), .verdict = DENY,
	    .edits = { "root {'parties[0]': {'keys': '$2-keys:a b c'}}",
		"product @b c", "grant @a c",
		TAKE("usmobile.com", "'targetKey': '$key:a'") },
	    .words = { "the authorization mi.com/grant is signed by 1 of the "
		       "2 keys that must sign it",
		"sign the same payload" },
	    .remedy = { "grant @a b c" } },
	{ CODE(ROOT_EXPIRED), .verdict = UNSURE,
	    .edits = { "root {'header': {'notAfter':"
		       " '2016-01-20T00:00:00Z'}}" },
	    .words = { "the trust-root usmobile.com/root ended at "
		       "2016-01-20T00:00:00Z",
		"next revision of the trust root" },
	    .remedy = { "root {'header': {'revision': '2', 'notAfter':"
			" '2017-01-20T00:00:00Z'}}" } },
	{ CODE(POLICY_MISSING), .verdict = UNSURE,
	    .edits = { "policy {'header': {'notAfter':"
		       " '2016-01-20T00:00:00Z'}}" },
	    .words = { "the policy usmobile.com/policy ended at "
		       "2016-01-20T00:00:00Z",
		"next revision if it has ended" },
	    .remedy = { "policy {'header': {'revision': '2', 'notAfter':"
			" '2017-01-20T00:00:00Z'}}" } },
};

static const remedy_t grants[] = {
	{ CODE(AUTHORIZATION_MISSING), .verdict = DENY,
	    .edits = { "grant @forger" },
	    .words = { "no grant leads from mi.com to shop.example",
		"authorization by mi.com of shop.example for xiaomi 2014215 "
		"in US",
		"signs an authorization for the seller" },
	    .remedy = { "grant @mi.com" } },
	{ CODE(AUTHORIZATION_CHAIN_BROKEN), .verdict = DENY,
	    .edits = { DIST("'maxDelegations': 1, " WHOLE), SUB(WHOLE),
		"dist @forger" },
	    .words = { "its issuer dist.example holds no grant for xiaomi",
		"Hand in the parent that the link pins by digest" },
	    .remedy = { "dist @mi.com" } },
	{ CODE(AUTHORIZATION_PARENT_MISMATCH), .verdict = DENY,
	    .edits = { DIST("'maxDelegations': 1, " WHOLE), SUB(WHOLE),
		NEXT("dist", "}") },
	    .words = { "the authorization dist.example/sub pins revision 1 of "
		       "its parent, the authorization mi.com/dist, which was "
		       "replaced",
		"with the digest of its own current grant" },
	    .remedy = { "+again =sub {'header': {'revision': '2'},"
			" 'parentDigest': '$digest:next'}" } },
	{ CODE(AUTHORIZATION_DELEGATION_FORBIDDEN), .verdict = DENY,
	    .edits = { DIST("'maxDelegations': 0, " WHOLE), SUB(WHOLE) },
	    .words = { "dist.example may not delegate: its own grant, the "
		       "authorization mi.com/dist, allows 0 delegations",
		"The brand grants the seller directly" },
	    .remedy = { DIRECT } },
	{ CODE(AUTHORIZATION_CHAIN_TOO_LONG), .verdict = DENY,
	    .edits = { DIST("'maxDelegations': 1, " WHOLE), SUB(WHOLE),
		"policy {'maxChain': 1}" },
	    .words = { "2 links, and at most 1 are allowed",
		"from a party nearer to the brand" },
	    .remedy = { DIRECT } },
	{ CODE(AUTHORIZATION_SCOPE_MODEL), .verdict = DENY,
	    .edits = { "grant {'scope': {'models': ['2014216']}}" },
	    .words = { "2014215 is asked for, and the authorization "
		       "mi.com/grant covers 2014216",
		"adds the model to its scope.models", "next revision" },
	    .remedy = { NEXT(
		"grant", "}, 'scope': {'models+': ['2014215']}") } },
	{ CODE(AUTHORIZATION_SCOPE_TERRITORY), .verdict = DENY,
	    .edits = { "grant {'scope': {'territories': ['CA']}}" },
	    .words = { "US is asked for, and the authorization mi.com/grant "
		       "covers CA",
		"adds the territory to its scope.territories" },
	    .remedy = { NEXT(
		"grant", "}, 'scope': {'territories+': ['US']}") } },
	{ CODE(AUTHORIZATION_SCOPE_CHANNEL), .verdict = DENY,
	    .edits = { "grant {'scope': {'channels':"
		       " ['CHANNEL_MARKETPLACE']}}" },
	    .words = { "ONLINE_STORE is asked for, and the authorization "
		       "mi.com/grant covers MARKETPLACE",
		"adds the channel to its scope.channels" },
	    .remedy = { NEXT("grant",
		"}, 'scope': {'channels+':"
		" ['CHANNEL_ONLINE_STORE']}") } },
	{ CODE(AUTHORIZATION_SCOPE_MARKETPLACE), .verdict = DENY,
	    .edits = { "grant {'scope': {'marketplaces': ['other.example']}}" },
	    .words = { "usmobile.com is asked for, and the authorization "
		       "mi.com/grant covers other.example",
		"adds the marketplace's party id to its scope.marketplaces" },
	    .remedy = { NEXT("grant",
		"}, 'scope': {'marketplaces+':"
		" ['usmobile.com']}") } },
	{ CODE(AUTHORIZATION_SCOPE_CONDITION), .verdict = DENY,
	    .edits = { "grant {'scope': {'conditions': ['CONDITION_USED']}}" },
	    .words = { "NEW is asked for, and the authorization mi.com/grant "
		       "covers USED",
		"adds the condition to its scope.conditions" },
	    .remedy = { NEXT("grant",
		"}, 'scope': {'conditions+':"
		" ['CONDITION_NEW']}") } },
	{ CODE(AUTHORIZATION_CYCLE), .verdict = DENY,
	    .edits = { DIST("'maxDelegations': 2, " WHOLE),
		"+back authorization dist.example {'brand': 'xiaomi',"
		" 'grantee': 'mi.com', 'granteeKeys': '$keys:mi.com',"
		" 'maxDelegations': 1, 'parentDigest': '$digest:dist', " WHOLE
		"}",
		"+sub authorization mi.com {'brand': 'xiaomi',"
		" 'grantee': 'shop.example', 'parentDigest': "
		"'$digest:back', " WHOLE "}" },
	    .words = { "mi.com grants beneath itself: it issued link 1",
		"each party grants to the next and none returns" },
	    .remedy = { "-sub", "-back", SUB(WHOLE) } },
	{ CODE(AUTHORIZATION_KEY_MISMATCH), .verdict = DENY,
	    .edits = { "grant {'granteeKeys': '$keys:another'}" },
	    .words = { "signed by 0 of the keys that the authorization "
		       "mi.com/grant names, and 1 must sign",
		"enter the new key in its next revision" },
	    .remedy = { NEXT("grant",
		"}, 'granteeKeys':"
		" '$keys:another shop.example'") } },
	{ CODE(BRAND_DISAVOWED), .verdict = DENY,
	    .edits = { "+no disavowal mi.com {'brand': 'xiaomi', 'parties':"
		       " ['shop.example'], 'statement': 'Not ours.', " WHOLE
		       "}" },
	    .words = { "mi.com disavows shop.example here: Not ours.",
		"a revision of the disavowal, or its withdrawal" },
	    .remedy = { TAKE("mi.com", "'targetDigest': '$digest:no'") } },
	{ CODE(BRAND_UNKNOWN), .verdict = DENY,
	    .edits = { "root {'parties[0]': {'roles':"
		       " [{'role': 'ROLE_BRAND', 'brands': ['other']}]}}" },
	    .words = { "no party of the trust root owns the brand xiaomi",
		"enters the brand's owner with its keys and the role BRAND" },
	    .remedy = { "root {'header': {'revision': '2'}, 'parties[0]':"
			" {'roles': [{'role': 'ROLE_BRAND', 'brands':"
			" ['other', 'xiaomi']}]}}" } },
};

/* Sub-grants that reach beyond their parent: link, axis and both values. */
#define BOTH(axis, outer, inner)                                    \
	DIST("'maxDelegations': 1, " WHOLE), SUB(WHOLE),            \
	    "dist {'scope': {'" axis "': [" outer "]}}",            \
	    "sub {'parentDigest': '$digest:dist', 'scope': {'" axis \
	    "': [" inner "]}}"
#define GRANTS(inner, outer)                               \
	"the authorization dist.example/sub grants " inner \
	", and its parent, the authorization mi.com/dist, grants " outer
#define NARROWER(axis, inner)                                        \
	"+again =sub {'header': {'revision': '2'}, 'scope': {'" axis \
	"': [" inner "]}}"

static const remedy_t widened[] = {
	{ CODE(AUTHORIZATION_WIDENED_MODEL), .verdict = DENY,
	    .edits = { BOTH("models", "'2014215'", "'2014215', '2014216'") },
	    .words = { ", link 2 (scope.models)", GRANTS("2014216", "2014215"),
		"whose scope.models are among its parent's" },
	    .remedy = { NARROWER("models", "'2014215'") } },
	{ CODE(AUTHORIZATION_WIDENED_TERRITORY), .verdict = DENY,
	    .edits = { BOTH("territories", "'US'", "'US', 'CA'") },
	    .words = { ", link 2 (scope.territories)", GRANTS("CA", "US"),
		"whose territories lie inside its parent's" },
	    .remedy = { NARROWER("territories", "'US'") } },
	{ CODE(AUTHORIZATION_WIDENED_CHANNEL), .verdict = DENY,
	    .edits = { BOTH(
		"channels", "'CHANNEL_ONLINE_STORE'", "'CHANNEL_ANY'") },
	    .words = { ", link 2 (scope.channels)",
		GRANTS("ANY", "ONLINE_STORE"),
		"whose scope.channels are among its parent's" },
	    .remedy = { NARROWER("channels", "'CHANNEL_ONLINE_STORE'") } },
	{ CODE(AUTHORIZATION_WIDENED_MARKETPLACE), .verdict = DENY,
	    .edits = { BOTH("marketplaces", "'usmobile.com'", "'*'") },
	    .words = { ", link 2 (scope.marketplaces)",
		GRANTS("*", "usmobile.com"),
		"whose scope.marketplaces are among its parent's" },
	    .remedy = { NARROWER("marketplaces", "'usmobile.com'") } },
	{ CODE(AUTHORIZATION_WIDENED_CONDITION), .verdict = DENY,
	    .edits = { BOTH("conditions", "'CONDITION_NEW'",
		"'CONDITION_NEW', 'CONDITION_USED'") },
	    .words = { ", link 2 (scope.conditions)", GRANTS("USED", "NEW"),
		"whose scope.conditions are among its parent's" },
	    .remedy = { NARROWER("conditions", "'CONDITION_NEW'") } },
	{ CODE(AUTHORIZATION_WIDENED_TIME), .verdict = DENY,
	    .edits = { DIST("'maxDelegations': 1, " WHOLE), SUB(WHOLE),
		"sub {'header': {'notAfter': '2027-01-01T00:00:00Z'}}" },
	    .words = { ", link 2 (header.not_after)",
		"the authorization dist.example/sub holds from "
		"2016-01-01T00:00:00Z to 2027-01-01T00:00:00Z, and its parent, "
		"the authorization mi.com/dist, from 2016-01-01T00:00:00Z to "
		"2026-01-01T00:00:00Z",
		"whose not_before and not_after lie inside its parent's" },
	    .remedy = { "+again =sub {'header': {'revision': '2', 'notAfter':"
			" '2026-01-01T00:00:00Z'}}" } },
	{ CODE(AUTHORIZATION_WIDENED_DELEGATION), .verdict = DENY,
	    .edits = { DIST("'maxDelegations': 1, " WHOLE),
		SUB("'maxDelegations': 1, " WHOLE) },
	    .words = { ", link 2 (max_delegations)",
		"the authorization dist.example/sub allows 1 further "
		"delegations, and its parent, the authorization mi.com/dist, "
		"1 in all",
		"at least one below its parent's" },
	    .remedy = { "+again =sub {'header': {'revision': '2'},"
			" 'maxDelegations': 0}" } },
};

START_TEST(remedy_turns_the_verdict_when_a_statement_fails)
{
	remedy_run(&statements[_i]);
}
END_TEST

START_TEST(remedy_turns_the_verdict_when_a_grant_fails)
{
	remedy_run(&grants[_i]);
}
END_TEST

START_TEST(remedy_names_link_axis_and_both_values_when_a_grant_is_wider)
{
	remedy_run(&widened[_i]);
}
END_TEST

/* "'Axx...0', 'Axx...1', ...", as many as a text lists. */
static void
list_models(char *out, size_t size, char first)
{
	size_t n = 0;
	int i;

	for (i = 0; i < 8; i++)
		n += (size_t)snprintf(out + n, size - n, "%s'%c%058d'",
		    i == 0 ? "" : ", ", first, i);
	ck_assert_uint_lt(n, size);
}

START_TEST(remedy_names_both_values_when_all_names_are_long)
{
	static const char *const edits[] = {
		DIST("'maxDelegations': 1, " WHOLE), SUB(WHOLE), NULL
	};
	char outer[1024], inner[1024], edit[2048];
	world_t *world = world_new();
	market_decision_t *decision;
	const market_finding_t *finding;
	size_t i;

	for (i = 0; edits[i] != NULL; i++)
		world_edit(world, edits[i]);
	list_models(outer, sizeof(outer), 'P');
	list_models(inner, sizeof(inner), 'C');
	snprintf(edit, sizeof(edit),
	    "dist {'header': {'id': '%0128d'}, 'scope': {'models': [%s]}}", 1,
	    outer);
	world_edit(world, edit);
	snprintf(edit, sizeof(edit),
	    "sub {'header': {'id': '%0128d'}, 'parentDigest': '$digest:dist',"
	    " 'scope': {'models': [%s]}}",
	    2, inner);
	world_edit(world, edit);
	decision = world_check(world, "offer", WORLD_NOW);
	finding = world_find(decision, MARKET_CODE_AUTHORIZATION_WIDENED_MODEL);
	ck_assert_ptr_nonnull(finding);
	for (i = 0; i < 8; i++) {
		snprintf(edit, sizeof(edit), "C%058zu", i);
		ck_assert_msg(strstr(finding->message, edit) != NULL, "%s\n%s",
		    edit, finding->message);
		snprintf(edit, sizeof(edit), "P%058zu", i);
		ck_assert_msg(strstr(finding->message, edit) != NULL, "%s\n%s",
		    edit, finding->message);
	}
	market_decision_free(decision);
	world_free(world);
}
END_TEST

START_TEST(remedy_is_tried_for_each_code)
{
	static const remedies_t all[] = {
		{ statements, ROWS(statements) },
		{ grants, ROWS(grants) },
		{ widened, ROWS(widened) },
	};

	remedy_has_all(all, sizeof(all) / sizeof(all[0]), (market_code_t)0,
	    (market_code_t)4000);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("remedy");
	TCase *tcase = tcase_create("remedy");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase,
	    remedy_turns_the_verdict_when_a_statement_fails, 0,
	    ROWS(statements));
	tcase_add_loop_test(tcase, remedy_turns_the_verdict_when_a_grant_fails,
	    0, ROWS(grants));
	tcase_add_loop_test(tcase,
	    remedy_names_link_axis_and_both_values_when_a_grant_is_wider, 0,
	    ROWS(widened));
	tcase_add_test(tcase, remedy_names_both_values_when_all_names_are_long);
	tcase_add_test(tcase, remedy_is_tried_for_each_code);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
