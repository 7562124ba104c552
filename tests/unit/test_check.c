/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "world.h"

#define RIVAL                                                       \
	"root {'parties+':[{'id':'rival.example',"                  \
	"'keys':'$keys:rival.example','roles':[{'role':"            \
	"'ROLE_MARKETPLACE'}]}]}",                                  \
	    "+rival seller rival.example {'seller':'shop.example'," \
	    "'keys':'$keys:forger','header':{'notAfter':"           \
	    "'2030-01-01T00:00:00Z'}}"

/* One grant, signed twice over by either of the brand's two keys. */
#define SIGNED_APART                                            \
	"root {'parties[0]':{'keys':'$keys:mi.com mi.com#2'}}", \
	    "+copy =grant {}", "copy @mi.com#2"

/* A brand whose threshold is 2, with two keys for production and a test key. */
#define TWO_OF_THREE                                                      \
	"root {'parties[0]':{'keys':{'threshold':2,'keys':["              \
	"{'spki':'$spki:mi.com','environment':'ENVIRONMENT_PRODUCTION'}," \
	"{'spki':'$spki:mi.com#2','environment':"                         \
	"'ENVIRONMENT_PRODUCTION'},"                                      \
	"{'spki':'$spki:mi.com#3','environment':'ENVIRONMENT_TEST'}]}}}", \
	    "product @mi.com mi.com#2", "grant @mi.com mi.com#2",         \
	    "+d disavowal mi.com {'brand':'xiaomi','parties':['*'],"      \
	    "'scope':{'models':['*'],'territories':['*'],"                \
	    "'channels':['CHANNEL_ANY'],'marketplaces':['*'],"            \
	    "'conditions':['CONDITION_ANY']}}"

static const world_row_t rows[] = {
	{ "a test key does not make up a threshold that takes away",
	    MARKET_VERDICT_PERMIT, NULL, { TWO_OF_THREE, "d @mi.com mi.com#3" },
	    { -MARKET_CODE_BRAND_DISAVOWED }, NULL, 0 },
	{ "two keys for production do", MARKET_VERDICT_DENY, NULL,
	    { TWO_OF_THREE, "d @mi.com mi.com#2" },
	    { MARKET_CODE_BRAND_DISAVOWED }, NULL, 0 },
	{ "a copy with the better key stands, the first way",
	    MARKET_VERDICT_PERMIT, NULL,
	    { SIGNED_APART, "product @mi.com#2",
		"+w withdrawal mi.com {'targetKey':'$key:mi.com'}",
		"w @mi.com#2" },
	    { -MARKET_CODE_KEY_WITHDRAWN }, NULL, 0 },
	{ "... and the other way", MARKET_VERDICT_PERMIT, NULL,
	    { SIGNED_APART,
		"+w withdrawal mi.com {'targetKey':'$key:mi.com#2'}" },
	    { -MARKET_CODE_KEY_WITHDRAWN }, NULL, 0 },
	{ "... and none stands when both keys fell", MARKET_VERDICT_DENY, NULL,
	    { SIGNED_APART,
		"+w withdrawal mi.com {'targetKey':'$key:mi.com#2'}",
		"+x withdrawal mi.com {'targetKey':'$key:mi.com'}" },
	    { MARKET_CODE_KEY_WITHDRAWN }, NULL, 0 },
	{ "another marketplace's word on a seller is none here",
	    MARKET_VERDICT_PERMIT, NULL, { RIVAL },
	    { -MARKET_CODE_OFFER_SIGNATURE_INVALID }, NULL, 0 },
	{ "nor does its key speak for the seller", MARKET_VERDICT_DENY, NULL,
	    { RIVAL, "offer @forger" }, { MARKET_CODE_OFFER_SIGNATURE_INVALID },
	    NULL, 0 },
	{ "nor is an offer to it judged by this one's policy",
	    MARKET_VERDICT_DENY, NULL,
	    { RIVAL, "offer {'marketplace':'rival.example'}" },
	    { MARKET_CODE_OFFER_MARKETPLACE }, NULL, 0 },
	{ "a certification that names no bands leaves them unknown",
	    MARKET_VERDICT_INDETERMINATE, NULL, { "fcc {'bands':null}" },
	    { MARKET_CODE_BANDS_UNKNOWN, -MARKET_CODE_SERVICE_BELOW_MINIMUM },
	    NULL, 0 },
	{ "the good world", MARKET_VERDICT_PERMIT, NULL, { NULL },
	    { MARKET_CODE_SERVICE_LIMITED }, NULL, 0 },
	{ "no grant", MARKET_VERDICT_DENY, NULL, { "-grant" },
	    { MARKET_CODE_AUTHORIZATION_MISSING,
		-MARKET_CODE_CERTIFICATION_MISSING },
	    NULL, 0 },
};

START_TEST(check_row)
{
	world_run_row(&rows[_i]);
}
END_TEST

/* A root that cannot be told apart from one of its parties is none. */
static void
root_with(const char *edit, market_status_t want, const char *path)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_evidence_t *evidence = NULL;
	world_t *world = world_new();

	world_edit(world, edit);
	ck_assert_int_eq(
	    market_evidence_new(world_context(world),
		world_envelope(world, "root"), world_envelope(world, "policy"),
		&evidence, &error),
	    want);
	ck_assert_str_eq(error.path, path);
	market_evidence_free(evidence);
	world_free(world);
}

START_TEST(check_refuses_a_root_key_when_a_brand_has_it)
{
	root_with("root {\"rootKeys\": \"$keys:root mi.com\"}", MARKET_E_SCHEMA,
	    "root.parties[0].keys.keys[0].spki");
}
END_TEST

START_TEST(check_takes_a_root_key_when_the_marketplace_has_it)
{
	root_with(
	    "root {\"rootKeys\": \"$keys:root usmobile.com\"}", MARKET_OK, "");
}
END_TEST

/*
 * A distributor that may delegate makes 48 chains to a seller that never
 * asked. The brand's own grant is shorter, so it is judged before them.
 */
static world_t *
world_with_baits(void)
{
	world_t *world = world_new();
	char edit[512];
	unsigned parent, bait;

	world_edit(world,
	    "+mid =grant {'grantee':'evil.example',"
	    "'granteeKeys':'$keys:evil.example',"
	    "'maxDelegations':3,'header':{'id':'mid'}}");
	for (parent = 0; parent < 3; parent++) {
		snprintf(edit, sizeof(edit),
		    "+self%u =mid {'parentDigest':'$digest:mid',"
		    "'maxDelegations':2,'header':{'issuer':'evil.example',"
		    "'id':'self%u'}}",
		    parent, parent);
		world_edit(world, edit);
		snprintf(edit, sizeof(edit), "self%u @evil.example", parent);
		world_edit(world, edit);
		for (bait = 0; bait < 16; bait++) {
			snprintf(edit, sizeof(edit),
			    "+bait%u.%u =grant "
			    "{'parentDigest':'$digest:self%u',"
			    "'header':{'issuer':'evil.example','id':'b%u.%u'}}",
			    parent, bait, parent, parent, bait);
			world_edit(world, edit);
			snprintf(edit, sizeof(edit), "bait%u.%u @evil.example",
			    parent, bait);
			world_edit(world, edit);
		}
	}
	return world;
}

START_TEST(check_judges_the_shorter_chain_when_there_are_baits)
{
	world_t *world = world_with_baits();
	market_decision_t *decision = world_check(world, "offer", NULL);

	ck_assert_int_eq(
	    market_decision_verdict(decision), MARKET_VERDICT_PERMIT);
	ck_assert(!world_has(decision, MARKET_CODE_LIMIT_EXCEEDED));
	market_decision_free(decision);
	world_free(world);
}
END_TEST

START_TEST(check_tells_the_limit_when_only_baits_are_there)
{
	world_t *world = world_with_baits();
	market_decision_t *decision;

	world_edit(world, "-grant");
	decision = world_check(world, "offer", NULL);
	ck_assert_int_eq(
	    market_decision_verdict(decision), MARKET_VERDICT_INDETERMINATE);
	ck_assert(world_has(decision, MARKET_CODE_LIMIT_EXCEEDED));
	market_decision_free(decision);
	world_free(world);
}
END_TEST

START_TEST(check_holds_until_the_first_band_in_use_ends)
{
	world_t *world = world_new();
	market_decision_t *decision;

	world_edit(world,
	    "network {'deployments': [{'rat': 'RAT_UMTS', 'band': 2},"
	    " {'rat': 'RAT_UMTS', 'band': 5, 'until':"
	    " '2017-03-01T00:00:00Z'}]}");
	decision = world_check(world, "offer", NULL);
	ck_assert_int_eq(
	    market_decision_verdict(decision), MARKET_VERDICT_PERMIT);
	ck_assert_int_eq(market_decision_cell(decision, 0)->horizon,
	    world_time("2017-03-01T00:00:00Z"));
	market_decision_free(decision);
	decision = world_check(world, "offer", "2017-03-01T00:00:00Z");
	ck_assert_int_eq(
	    market_decision_verdict(decision), MARKET_VERDICT_PERMIT);
	ck_assert_int_eq(market_decision_cell(decision, 0)->horizon,
	    world_time("2026-01-01T00:00:00Z"));
	market_decision_free(decision);
	world_free(world);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("check");
	TCase *tcase = tcase_create("rows");

	tcase_add_loop_test(
	    tcase, check_row, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tcase, check_refuses_a_root_key_when_a_brand_has_it);
	tcase_add_test(
	    tcase, check_takes_a_root_key_when_the_marketplace_has_it);
	tcase_add_test(
	    tcase, check_judges_the_shorter_chain_when_there_are_baits);
	tcase_add_test(tcase, check_tells_the_limit_when_only_baits_are_there);
	tcase_add_test(tcase, check_holds_until_the_first_band_in_use_ends);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
