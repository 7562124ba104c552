/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an attacker tries: to be permitted, or to take down what is another's.
 * evil.example holds a true grant of the brand, with delegations; it may be
 * careless or compromised, and must reach nothing outside of it.
 */
#include <stdio.h>
#include <string.h>

#include "world.h"

#define ANY_SCOPE                                                      \
	"\"scope\": {\"models\": [\"*\"], \"territories\": [\"*\"], "  \
	"\"channels\": [\"CHANNEL_ANY\"], \"marketplaces\": [\"*\"], " \
	"\"conditions\": [\"CONDITION_ANY\"]}"
#define EVIL                                                               \
	"+evil authorization mi.com {\"brand\": \"xiaomi\", \"grantee\": " \
	"\"evil.example\", \"granteeKeys\": \"$keys:evil.example\", "      \
	"\"maxDelegations\": 3, " ANY_SCOPE "}"
/* A grant to somebody who never asked for it, with keys of evil.example. */
#define BAIT                                                          \
	"+bait authorization evil.example {\"brand\": \"xiaomi\", "   \
	"\"grantee\": \"shop.example\", \"parentDigest\": "           \
	"\"$digest:evil\", \"granteeKeys\": \"$keys:evil.example\", " \
	"\"header\": {\"notAfter\": \"2025-01-01T00:00:00Z\"}, " ANY_SCOPE "}"
#define BARE_BAIT                                                   \
	"+bait authorization evil.example {\"brand\": \"xiaomi\", " \
	"\"grantee\": \"shop.example\", \"parentDigest\": "         \
	"\"$digest:evil\", " ANY_SCOPE "}"
#define WITHDRAW(issuer, what)                             \
	"+w withdrawal " issuer " {" what ", \"reason\": " \
	"\"WITHDRAWAL_REASON_ERROR\"}"
#define OFFER_DIGEST "\"targetDigest\": \"$digest:offer\""
#define OFFER_NAME                                                         \
	"\"target\": {\"kind\": \"offer\", \"issuer\": \"shop.example\", " \
	"\"id\": \"offer\"}"
#define SUB                                                        \
	"+sub authorization dist.example {\"brand\": \"xiaomi\", " \
	"\"grantee\": \"shop.example\", \"parentDigest\": "        \
	"\"$digest:dist\", " ANY_SCOPE "}"
#define DIST                                                               \
	"+dist authorization mi.com {\"brand\": \"xiaomi\", \"grantee\": " \
	"\"dist.example\", \"granteeKeys\": \"$keys:dist.example\", "      \
	"\"maxDelegations\": 3, " ANY_SCOPE "}"
#define PERMIT MARKET_VERDICT_PERMIT
#define DENY   MARKET_VERDICT_DENY

/* The brand has a key for tests beside the one for production. */
#define TEST_KEY                                                            \
	"root {\"parties\": [{\"id\": \"mi.com\", \"keys\": "               \
	"{\"threshold\": 1, \"keys\": [{\"spki\": \"$spki:mi.com\", "       \
	"\"environment\": \"ENVIRONMENT_PRODUCTION\"}, {\"spki\": "         \
	"\"$spki:mi.com#test\", \"environment\": \"ENVIRONMENT_TEST\"}]}, " \
	"\"roles\": [{\"role\": \"ROLE_BRAND\", \"brands\": "               \
	"[\"xiaomi\"]}]}, {\"id\": \"t-mobile.com\", \"keys\": "            \
	"\"$keys:t-mobile.com\", \"roles\": [{\"role\": "                   \
	"\"ROLE_CARRIER\", \"networks\": [\"t-mobile.com/us\"]}]}, "        \
	"{\"id\": \"usmobile.com\", \"keys\": \"$keys:usmobile.com\", "     \
	"\"roles\": [{\"role\": \"ROLE_MARKETPLACE\"}]}, {\"id\": "         \
	"\"fcc.gov\", \"keys\": \"$keys:fcc.gov\", \"roles\": [{\"role\": " \
	"\"ROLE_CERTIFIER\", \"schemes\": [\"fcc\"], \"territories\": "     \
	"[\"US\"]}]}]}"
#define DISAVOW                                                      \
	"+no disavowal mi.com {\"brand\": \"xiaomi\", \"parties\": " \
	"[\"*\"], " ANY_SCOPE "}"

static const world_row_t rows[] = {
	/* somebody else's offer */
	{ "evil withdraws an offer with the keys of its bait", PERMIT, NULL,
	    { EVIL, BAIT, WITHDRAW("shop.example", OFFER_DIGEST),
		"w @evil.example" },
	    { 0 }, NULL, 0 },
	{ "the same, by name", PERMIT, NULL,
	    { EVIL, BAIT, WITHDRAW("shop.example", OFFER_NAME),
		"w @evil.example" },
	    { 0 }, NULL, 0 },
	{ "evil withdraws an offer that has a bait of its", PERMIT, NULL,
	    { EVIL, BAIT, WITHDRAW("evil.example", OFFER_DIGEST) }, { 0 }, NULL,
	    0 },
	{ "the same, and the bait names no keys", PERMIT, NULL,
	    { EVIL, BARE_BAIT, WITHDRAW("evil.example", OFFER_DIGEST) }, { 0 },
	    NULL, 0 },
	{ "its seller withdraws it", DENY, NULL,
	    { EVIL, BAIT, WITHDRAW("shop.example", OFFER_DIGEST) },
	    { MARKET_CODE_STATEMENT_WITHDRAWN }, NULL, 0 },
	{ "its brand withdraws it", DENY, NULL,
	    { EVIL, BAIT, WITHDRAW("mi.com", OFFER_DIGEST) },
	    { MARKET_CODE_STATEMENT_WITHDRAWN }, NULL, 0 },
	{ "its marketplace withdraws it", DENY, NULL,
	    { WITHDRAW("usmobile.com", OFFER_NAME) },
	    { MARKET_CODE_STATEMENT_WITHDRAWN }, NULL, 0 },
	{ "the distributor whom it rests on withdraws its grant", DENY, NULL,
	    { "-grant", DIST, SUB,
		WITHDRAW("dist.example", "\"targetDigest\": \"$digest:sub\"") },
	    { MARKET_CODE_STATEMENT_WITHDRAWN }, NULL, 0 },
	{ "and a bait that does not cover it does not help", DENY, NULL,
	    { "-grant", DIST, SUB,
		WITHDRAW("dist.example", "\"targetDigest\": \"$digest:sub\""),
		EVIL, BARE_BAIT, "bait {\"scope\": {\"models\": [\"x\"]}}" },
	    { 0 }, NULL, 0 },
	{ "another distributor's chain does", PERMIT, NULL,
	    { "-grant", DIST, SUB,
		WITHDRAW("dist.example", "\"targetDigest\": \"$digest:sub\""),
		EVIL, BARE_BAIT },
	    { 0 }, NULL, 0 },
	/* somebody else's names and keys */
	{ "evil withdraws the brand's grant", PERMIT, NULL,
	    { EVIL,
		WITHDRAW(
		    "evil.example", "\"targetDigest\": \"$digest:grant\"") },
	    { 0 }, "w", MARKET_CODE_STATEMENT_NO_STANDING },
	{ "evil withdraws the seller's key", PERMIT, NULL,
	    { EVIL, BAIT,
		WITHDRAW("shop.example",
		    "\"targetKey\": "
		    "\"$key:shop.example\""),
		"w @evil.example" },
	    { 0 }, NULL, 0 },
	{ "evil forks a sub-grant beneath another", PERMIT, NULL,
	    { "-grant", DIST, SUB, EVIL,
		"+mid authorization evil.example {\"brand\": \"xiaomi\", "
		"\"grantee\": \"dist.example\", \"parentDigest\": "
		"\"$digest:evil\", \"granteeKeys\": \"$keys:evil.example\", "
		"\"maxDelegations\": 2, " ANY_SCOPE "}",
		"+fork =sub {\"parentDigest\": \"$digest:mid\", "
		"\"maxDelegations\": 1}",
		"fork @evil.example" },
	    { 0 }, NULL, 0 },
	{ "evil supersedes it there", PERMIT, NULL,
	    { "-grant", DIST, SUB, EVIL,
		"+mid authorization evil.example {\"brand\": \"xiaomi\", "
		"\"grantee\": \"dist.example\", \"parentDigest\": "
		"\"$digest:evil\", \"granteeKeys\": \"$keys:evil.example\", "
		"\"maxDelegations\": 2, " ANY_SCOPE "}",
		"+over =sub {\"parentDigest\": \"$digest:mid\", \"header\": "
		"{\"revision\": \"9\"}, \"scope\": null}",
		"over @evil.example" },
	    { 0 }, NULL, 0 },
	{ "evil offers as the shop, with the keys of its bait", DENY, NULL,
	    { EVIL, BAIT, "offer @evil.example" },
	    { MARKET_CODE_OFFER_SIGNATURE_INVALID }, NULL, 0 },
	/* keys for tests */
	{ "a test key does not lift a disavowal", DENY, NULL,
	    { TEST_KEY, DISAVOW,
		"+yes =no {\"header\": {\"revision\": \"2\"}, \"parties\": "
		"[\"other.example\"]}",
		"yes @mi.com#test" },
	    { MARKET_CODE_BRAND_DISAVOWED }, NULL, 0 },
	{ "the key for production does", PERMIT, NULL,
	    { TEST_KEY, DISAVOW,
		"+yes =no {\"header\": {\"revision\": \"2\"}, \"parties\": "
		"[\"other.example\"]}" },
	    { -MARKET_CODE_BRAND_DISAVOWED }, NULL, 0 },
	{ "a test key does not replace a grant", PERMIT, NULL,
	    { TEST_KEY,
		"+more =grant {\"header\": {\"revision\": \"2\"}, \"scope\": "
		"null}",
		"more @mi.com#test" },
	    { 0 }, NULL, 0 },
	{ "a test key does not fork a grant", PERMIT, NULL,
	    { TEST_KEY, "+more =grant {\"maxDelegations\": 2}",
		"more @mi.com#test" },
	    { -MARKET_CODE_STATEMENT_FORK }, NULL, 0 },
	{ "a test key does not withdraw a grant", PERMIT, NULL,
	    { TEST_KEY,
		WITHDRAW("mi.com", "\"targetDigest\": \"$digest:grant\""),
		"w @mi.com#test" },
	    { 0 }, NULL, 0 },
};

START_TEST(attack_reaches_no_further)
{
	world_run_row(&rows[_i]);
}
END_TEST

static void
bait(world_t *world, unsigned i, const char *more)
{
	char edit[1024];

	snprintf(edit, sizeof(edit),
	    "+bait%u authorization evil.example {\"brand\": \"xiaomi\", "
	    "\"grantee\": \"shop.example\", \"parentDigest\": "
	    "\"$digest:evil\", %s" ANY_SCOPE "}",
	    i, more);
	world_edit(world, edit);
}

static void
expect(world_t *world, market_verdict_t want, market_code_t code)
{
	market_decision_t *decision = world_check(world, "offer", NULL);
	market_buffer_t report = MARKET_BUFFER_INIT;

	ck_assert_int_eq(
	    market_decision_text(decision, 100, &report), MARKET_OK);
	ck_assert_msg(market_decision_verdict(decision) == want, "%.3000s",
	    (const char *)report.data);
	if (code != MARKET_CODE_NONE)
		ck_assert_msg(world_has(decision, code), "%.3000s",
		    (const char *)report.data);
	market_buffer_clear(&report);
	market_decision_free(decision);
}

/* More grants than are judged are their issuer's trouble alone. */
START_TEST(flood_of_grants_takes_down_nobody_else)
{
	world_t *world = world_new();
	unsigned i;

	world_edit(world, EVIL);
	for (i = 0; i < 16; i++)
		bait(world, i, "");
	expect(world, PERMIT, MARKET_CODE_NONE);
	bait(world, i, "");
	expect(world, PERMIT, MARKET_CODE_NONE);
	world_edit(world, "-grant");
	expect(world, MARKET_VERDICT_INDETERMINATE, MARKET_CODE_LIMIT_EXCEEDED);
	world_edit(world, "-bait0");
	expect(world, PERMIT, MARKET_CODE_NONE);
	world_free(world);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof((table)[0])))

int
main(void)
{
	Suite *suite = suite_create("hostile");
	TCase *tcase = tcase_create("hostile");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, attack_reaches_no_further, 0, ROWS(rows));
	tcase_add_test(tcase, flood_of_grants_takes_down_nobody_else);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
