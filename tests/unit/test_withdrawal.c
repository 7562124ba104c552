/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What takes back: by digest, name or key, by whom, from when, and for ever.
 *
 * Rows of FAULTS.md that come with the store: R8 and R9 (crashes and races),
 * R7's count of listings.
 */
#include <stdio.h>

#include "grants.h"

#define PERMIT      MARKET_VERDICT_PERMIT
#define DENY        MARKET_VERDICT_DENY
#define GONE        MARKET_CODE_STATEMENT_WITHDRAWN
#define KEY_GONE    MARKET_CODE_KEY_WITHDRAWN
#define NO_STANDING MARKET_CODE_STATEMENT_NO_STANDING
#define NO_TARGET   MARKET_CODE_WITHDRAWAL_TARGET_UNKNOWN

#define BY(name, issuer, what) "+" name " withdrawal " issuer " {" what "}"
#define DIGEST(of)             "'targetDigest': '$digest:" of "'"
#define KEY(of)                "'targetKey': '$key:" of "'"
#define NAME(kind, issuer, id)                                   \
	"'target': {'kind': '" kind "', 'issuer': '" issuer "'," \
	" 'id': '" id "'}"
#define ZERO  "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='"
#define LATER "2016-03-01T00:00:00Z"
#define TWO_LINKS                   \
	FIRST("dist.example", "1"), \
	    LINK("child", "dist.example", "shop.example", "grant", "0")
#define ANEW(of, rest) "+anew =" of " {'header': {'revision': '2'" rest "}}"

/* R7: each kind of evidence, by its issuer. */
static const world_row_t kinds[] = {
	{ .label = "nothing was withdrawn",
	    .want = PERMIT,
	    .codes = { -GONE, -KEY_GONE } },
	{ .label = "the grant",
	    .want = DENY,
	    .edits = { BY("w", "mi.com", DIGEST("grant")) },
	    .codes = { GONE } },
	{ .label = "the product",
	    .want = DENY,
	    .edits = { BY("w", "mi.com", DIGEST("product")) },
	    .codes = { GONE } },
	{ .label = "the network",
	    .want = DENY,
	    .edits = { BY("w", "t-mobile.com", DIGEST("network")) },
	    .codes = { GONE } },
	{ .label = "the carrier's certification",
	    .want = DENY,
	    .edits = { BY("w", "t-mobile.com", DIGEST("carrier")) },
	    .codes = { GONE } },
	{ .label = "the certifier's certification",
	    .want = DENY,
	    .edits = { BY("w", "fcc.gov", DIGEST("fcc")) },
	    .codes = { GONE } },
	{ .label = "the seller",
	    .want = DENY,
	    .edits = { BY("w", "usmobile.com", DIGEST("seller")) },
	    .codes = { GONE } },
	{ .label = "the policy",
	    .want = DENY,
	    .edits = { BY("w", "usmobile.com", DIGEST("policy")) },
	    .codes = { GONE, MARKET_CODE_POLICY_MISSING } },
	{ .label = "the root",
	    .want = DENY,
	    .edits = { BY("w", "usmobile.com", DIGEST("root")) },
	    .codes = { GONE } },
	{ .label = "the offer, by its seller",
	    .want = DENY,
	    .edits = { BY("w", "shop.example", DIGEST("offer")) },
	    .codes = { GONE } },
	{ .label = "the offer by name, by its seller",
	    .want = DENY,
	    .edits = { BY(
		"w", "shop.example", NAME("offer", "shop.example", "offer")) },
	    .codes = { GONE } },
	{ .label = "another offer of the seller",
	    .want = PERMIT,
	    .edits = { BY("w", "shop.example",
		NAME("offer", "shop.example", "offer-2")) },
	    .codes = { -GONE },
	    .ignored = "w",
	    .ignored_code = NO_TARGET },
	{ .label = "the offer, by the marketplace",
	    .want = DENY,
	    .edits = { BY("w", "usmobile.com", DIGEST("offer")) },
	    .codes = { GONE } },
	{ .label = "the offer, by the brand above its grant",
	    .want = DENY,
	    .edits = { BY("w", "mi.com", DIGEST("offer")) },
	    .codes = { GONE } },
	{ .label = "the offer, by another brand",
	    .want = PERMIT,
	    .edits = { BY("w", "meizu.com", DIGEST("offer")) },
	    .codes = { -GONE } },
	{ .label = "a network that is not asked for",
	    .want = PERMIT,
	    .edits = { BY("w", "usmobile.com", DIGEST("mvno")) },
	    .codes = { -GONE } },
};

static const world_row_t targets[] = {
	{ .label = "by digest: that one revision",
	    .want = PERMIT,
	    .edits = { ANEW("grant", ""), BY("w", "mi.com", DIGEST("grant")) },
	    .codes = { -GONE } },
	{ .label = "by digest: no lower one returns",
	    .want = DENY,
	    .edits = { ANEW("grant", ""), BY("w", "mi.com", DIGEST("anew")) },
	    .codes = { GONE } },
	{ .label = "by name: all revisions",
	    .want = DENY,
	    .edits = { ANEW("grant", ""),
		BY("w", "mi.com", NAME("authorization", "mi.com", "grant")) },
	    .codes = { GONE } },
	{ .label = "by name: future ones too",
	    .want = DENY,
	    .edits = { BY("w", "mi.com",
			   NAME("authorization", "mi.com", "grant")),
		"+anew =grant {'header': {'revision': '7',"
		" 'issuedAt': '2016-02-01T00:00:00Z'}}" },
	    .codes = { GONE } },
	{ .label = "by name: another id",
	    .want = PERMIT,
	    .edits = { BY(
		"w", "mi.com", NAME("authorization", "mi.com", "grant-2")) },
	    .codes = { -GONE },
	    .ignored = "w",
	    .ignored_code = NO_TARGET },
	{ .label = "by name: another kind",
	    .want = PERMIT,
	    .edits = { BY("w", "mi.com", NAME("product", "mi.com", "grant")) },
	    .codes = { -GONE },
	    .ignored = "w",
	    .ignored_code = NO_TARGET },
	{ .label = "by key: all that it signed",
	    .want = DENY,
	    .edits = { BY("w", "mi.com", KEY("mi.com")) },
	    .codes = { KEY_GONE, -GONE } },
	{ .label = "R15 by key: named again by a key set",
	    .want = DENY,
	    .edits = { "+k1 key-set mi.com {'header': {'id': 'keys'}, 'keys':"
		       " '$keys:mi.com more'}",
		"k1 @mi.com more", BY("w", "usmobile.com", KEY("mi.com")) },
	    .codes = { KEY_GONE } },
	{ .label = "R15 by key: not the one that a key set names beside it",
	    .want = PERMIT,
	    .edits = { "+k1 key-set mi.com {'header': {'id': 'keys'}, 'keys':"
		       " '$keys:mi.com more'}",
		"k1 @mi.com more", BY("w", "usmobile.com", KEY("more")) },
	    .codes = { -KEY_GONE } },
	{ .label = "by key: another one of the party",
	    .want = PERMIT,
	    .edits = { "root {'parties[0]': {'keys': '$keys:mi.com more'}}",
		BY("w", "mi.com", KEY("more")) },
	    .codes = { -KEY_GONE } },
	{ .label = "by key: the marketplace's own",
	    .want = DENY,
	    .edits = { BY("w", "usmobile.com", KEY("usmobile.com")) },
	    .codes = { KEY_GONE } },
	{ .label = "by key: a root key",
	    .want = DENY,
	    .edits = { BY("w", "usmobile.com", KEY("root")) },
	    .codes = { KEY_GONE } },
	{ .label = "Matter DCL: R11 a digest that nothing has",
	    .want = PERMIT,
	    .edits = { BY("w", "mi.com", "'targetDigest': " ZERO) },
	    .ignored = "w",
	    .ignored_code = NO_TARGET },
	{ .label = "Matter DCL: R11 a key that nobody has",
	    .want = PERMIT,
	    .edits = { BY("w", "mi.com", KEY("nobody")) },
	    .ignored = "w",
	    .ignored_code = NO_TARGET },
	{ .label = "Matter DCL: R11 a name that is mistyped",
	    .want = PERMIT,
	    .edits = { BY(
		"w", "mi.com", NAME("authorization", "mi.con", "grant")) },
	    .ignored = "w",
	    .ignored_code = NO_TARGET },
	{ .label = "no target is no statement",
	    .want = PERMIT,
	    .edits = { BY("w", "mi.com", "'note': 'all of it'") },
	    .ignored = "w",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "a kind that is none is no statement",
	    .want = PERMIT,
	    .edits = { BY("w", "mi.com", NAME("grant", "mi.com", "grant")) },
	    .ignored = "w",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "R11 twice is as once",
	    .want = DENY,
	    .edits = { BY("w", "mi.com", DIGEST("grant")),
		BY("v", "mi.com", DIGEST("grant")), "+u =w" },
	    .codes = { GONE } },
};

static const world_row_t standing[] = {
	{ .label = "a child, by its issuer",
	    .want = DENY,
	    .edits = { TWO_LINKS, BY("w", "dist.example", DIGEST("child")) },
	    .codes = { GONE } },
	{ .label = "a child by name, by its issuer",
	    .want = DENY,
	    .edits = { TWO_LINKS,
		BY("w", "dist.example",
		    NAME("authorization", "dist.example", "child")) },
	    .codes = { GONE } },
	{ .label = "a child, by the brand above",
	    .want = DENY,
	    .edits = { TWO_LINKS, BY("w", "mi.com", DIGEST("child")) },
	    .codes = { GONE } },
	{ .label = "a child by name, by the brand above",
	    .want = DENY,
	    .edits = { TWO_LINKS,
		BY("w", "mi.com",
		    NAME("authorization", "dist.example", "child")) },
	    .codes = { GONE } },
	{ .label = "a child, by the marketplace",
	    .want = DENY,
	    .edits = { TWO_LINKS, BY("w", "usmobile.com", DIGEST("child")) },
	    .codes = { GONE } },
	{ .label = "a child, by the seller beneath",
	    .want = PERMIT,
	    .edits = { TWO_LINKS, BY("w", "shop.example", DIGEST("child")) },
	    .codes = { -GONE },
	    .ignored = "w",
	    .ignored_code = NO_STANDING },
	{ .label = "a parent, by its grantee",
	    .want = PERMIT,
	    .edits = { TWO_LINKS, BY("w", "dist.example", DIGEST("grant")) },
	    .codes = { -GONE },
	    .ignored = "w",
	    .ignored_code = NO_STANDING },
	{ .label = "the distributor's key, by the brand above",
	    .want = DENY,
	    .edits = { TWO_LINKS, BY("w", "mi.com", KEY("dist.example")) },
	    .codes = { KEY_GONE } },
	{ .label = "the distributor's key, by itself",
	    .want = DENY,
	    .edits = { TWO_LINKS,
		BY("w", "dist.example", KEY("dist.example")) },
	    .codes = { KEY_GONE } },
	{ .label = "the distributor's key, by another brand",
	    .want = PERMIT,
	    .edits = { TWO_LINKS, BY("w", "meizu.com", KEY("dist.example")) },
	    .codes = { -KEY_GONE },
	    .ignored = "w",
	    .ignored_code = NO_STANDING },
	{ .label = "the brand's key, by the distributor",
	    .want = PERMIT,
	    .edits = { TWO_LINKS, BY("w", "dist.example", KEY("mi.com")) },
	    .codes = { -KEY_GONE },
	    .ignored = "w",
	    .ignored_code = NO_STANDING },
	{ .label = "the brand's grant, by the carrier",
	    .want = PERMIT,
	    .edits = { BY("w", "t-mobile.com", DIGEST("grant")) },
	    .codes = { -GONE },
	    .ignored = "w",
	    .ignored_code = NO_STANDING },
	{ .label = "the brand's grant, by the marketplace",
	    .want = DENY,
	    .edits = { BY("w", "usmobile.com", DIGEST("grant")) },
	    .codes = { GONE } },
	{ .label = "the certification, by the brand",
	    .want = PERMIT,
	    .edits = { BY("w", "mi.com", DIGEST("carrier")) },
	    .codes = { -GONE },
	    .ignored = "w",
	    .ignored_code = NO_STANDING },
	{ .label = "the seller's statement, by the seller",
	    .want = PERMIT,
	    .edits = { BY("w", "shop.example", DIGEST("seller")) },
	    .codes = { -GONE },
	    .ignored = "w",
	    .ignored_code = NO_STANDING },
	{ .label = "a stranger",
	    .want = PERMIT,
	    .edits = { BY("w", "stranger.example", DIGEST("grant")) },
	    .codes = { -GONE },
	    .ignored = "w",
	    .ignored_code = MARKET_CODE_STATEMENT_ISSUER_UNKNOWN },
	{ .label = "a forger in the brand's name",
	    .want = PERMIT,
	    .edits = { BY("w", "mi.com", DIGEST("grant")), "w @forger" },
	    .codes = { -GONE },
	    .ignored = "w",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "Matter: a test key in production",
	    .want = PERMIT,
	    .edits = { "root {'parties[0]': {'keys': {'threshold': 1, 'keys':"
		       " [{'spki': '$spki:mi.com',"
		       " 'environment': 'ENVIRONMENT_PRODUCTION'},"
		       " {'spki': '$spki:test',"
		       " 'environment': 'ENVIRONMENT_TEST'}]}}}",
		BY("w", "mi.com", DIGEST("grant")), "w @test" },
	    .codes = { -GONE } },
};

/* Nobody reaches a seller's offers by naming the seller in a grant. */
#define UNVERIFIED "policy {'requireSellerVerification': false}", "-seller"
#define FAKE                                                             \
	GRANT("second", "dist.example", " 'maxDelegations': 1,"),        \
	    LINK("fake", "dist.example", "shop.example", "second", "0"), \
	    "fake {'granteeKeys': '$keys:evil'}"

static const world_row_t offers[] = {
	{ .label = "by digest, with keys that a distributor calls the seller's",
	    .want = PERMIT,
	    .edits = { FAKE, BY("w", "shop.example", DIGEST("offer")),
		"w @evil" },
	    .codes = { -GONE } },
	{ .label = "by name, with such keys",
	    .want = PERMIT,
	    .edits = { FAKE,
		BY("w", "shop.example", NAME("offer", "shop.example", "offer")),
		"w @evil" },
	    .codes = { -GONE } },
	{ .label = "by the distributor itself",
	    .want = PERMIT,
	    .edits = { FAKE, BY("w", "dist.example", DIGEST("offer")) },
	    .codes = { -GONE } },
	{ .label = "with the seller's keys",
	    .want = DENY,
	    .edits = { FAKE, BY("w", "shop.example", DIGEST("offer")) },
	    .codes = { GONE } },
	{ .label = "nobody verified the seller: with a grant's keys",
	    .want = DENY,
	    .edits = { UNVERIFIED,
		"grant {'granteeKeys': '$keys:shop.example'}",
		BY("w", "shop.example", DIGEST("offer")) },
	    .codes = { GONE } },
	{ .label = "... with another grant's keys",
	    .want = PERMIT,
	    .edits = { UNVERIFIED, FAKE,
		"grant {'granteeKeys': '$keys:shop.example'}",
		BY("w", "shop.example", DIGEST("offer")), "w @evil" },
	    .codes = { -GONE } },
	{ .label = "... by the distributor above",
	    .want = DENY,
	    .edits = { UNVERIFIED, TWO_LINKS,
		BY("w", "dist.example", DIGEST("offer")) },
	    .codes = { GONE } },
	{ .label = "... by the distributor above another grant",
	    .want = PERMIT,
	    .edits = { UNVERIFIED, FAKE,
		"grant {'granteeKeys': '$keys:shop.example'}",
		BY("w", "dist.example", DIGEST("offer")) },
	    .codes = { -GONE } },
};

/* R10: when it takes effect; and it never lapses. */
static const world_row_t spans[] = {
	{ .label = "R10 in the past",
	    .want = DENY,
	    .edits = { BY("w", "mi.com",
		DIGEST("grant") ", 'effectiveAt': '2015-01-01T00:00:00Z'") },
	    .codes = { GONE } },
	{ .label = "R10 a second before",
	    .want = PERMIT,
	    .at = "2016-02-29T23:59:59Z",
	    .edits = { BY("w", "mi.com",
		DIGEST("grant") ", 'effectiveAt': '" LATER "'") },
	    .codes = { -GONE } },
	{ .label = "R10 at its effect",
	    .want = DENY,
	    .at = LATER,
	    .edits = { BY("w", "mi.com",
		DIGEST("grant") ", 'effectiveAt': '" LATER "'") },
	    .codes = { GONE } },
	{ .label = "T10 when it says it was issued does not matter",
	    .want = DENY,
	    .edits = { BY("w", "mi.com",
		DIGEST("grant") ", 'header': {'issuedAt': '" LATER "'}") },
	    .codes = { GONE } },
	{ .label = "R10 a key, from later on",
	    .want = PERMIT,
	    .at = "2016-02-29T23:59:59Z",
	    .edits = { BY(
		"w", "mi.com", KEY("mi.com") ", 'effectiveAt': '" LATER "'") },
	    .codes = { -KEY_GONE } },
	{ .label = "R10 a key, at its effect",
	    .want = DENY,
	    .at = LATER,
	    .edits = { BY(
		"w", "mi.com", KEY("mi.com") ", 'effectiveAt': '" LATER "'") },
	    .codes = { KEY_GONE } },
	{ .label = "R6 it has ended and counts all the same",
	    .want = DENY,
	    .edits = { BY("w", "mi.com",
		DIGEST("grant") ", 'header':"
				" {'notAfter': '2016-01-15T00:00:00Z'}") },
	    .codes = { GONE } },
	{ .label = "without an end",
	    .want = DENY,
	    .edits = { BY("w", "mi.com",
		DIGEST("grant") ", 'header': {'notAfter': null}") },
	    .codes = { GONE } },
	{ .label = "its key was withdrawn later",
	    .want = DENY,
	    .edits = { "root {'parties[0]': {'keys': '$keys:mi.com more'}}",
		BY("w", "mi.com", DIGEST("grant")), "w @more",
		BY("v", "mi.com", KEY("more")) },
	    .codes = { GONE } },
	{ .label = "its key's window is over",
	    .want = DENY,
	    .edits = { "root {'parties[0]': {'keys': {'threshold': 1, 'keys':"
		       " [{'spki': '$spki:mi.com',"
		       " 'environment': 'ENVIRONMENT_PRODUCTION'},"
		       " {'spki': '$spki:more',"
		       " 'environment': 'ENVIRONMENT_PRODUCTION',"
		       " 'notAfter': '2016-01-15T00:00:00Z'}]}}}",
		BY("w", "mi.com", DIGEST("grant")), "w @more" },
	    .codes = { GONE } },
	{ .label = "R6 a withdrawal is not withdrawn",
	    .want = DENY,
	    .edits = { BY("w", "mi.com", DIGEST("grant")),
		BY("v", "mi.com", DIGEST("w")) },
	    .codes = { GONE },
	    .ignored = "v",
	    .ignored_code = NO_STANDING },
	{ .label = "R6 nor by its name, by the marketplace",
	    .want = DENY,
	    .edits = { BY("w", "mi.com", DIGEST("grant")),
		BY("v", "usmobile.com", NAME("withdrawal", "mi.com", "w")) },
	    .codes = { GONE },
	    .ignored = "v",
	    .ignored_code = NO_STANDING },
	{ .label = "R6 a revision with another target takes back both",
	    .want = DENY,
	    .edits = { BY("w", "mi.com", DIGEST("grant")),
		"+v =w {'header': {'revision': '2'},"
		" 'targetDigest': " ZERO "}" },
	    .codes = { GONE } },
	{ .label = "the earliest of all revisions: the first",
	    .want = DENY,
	    .edits = { BY("w", "mi.com", DIGEST("grant")),
		"+v =w {'header': {'revision': '2'},"
		" 'effectiveAt': '2018-01-01T00:00:00Z'}" },
	    .codes = { GONE } },
	{ .label = "the earliest of all revisions: the last",
	    .want = DENY,
	    .edits = { BY("w", "mi.com",
			   DIGEST("grant") ", 'effectiveAt': "
					   "'2018-01-01T00:00:00Z'"),
		"+v =w {'header': {'revision': '2'}, 'effectiveAt':"
		" '2016-01-15T00:00:00Z'}" },
	    .codes = { GONE } },
	{ .label = "the earliest of two forks",
	    .want = DENY,
	    .edits = { BY("w", "mi.com",
			   DIGEST("grant") ", 'effectiveAt': "
					   "'2018-01-01T00:00:00Z'"),
		"+v =w {'effectiveAt': '2016-01-15T00:00:00Z'}" },
	    .codes = { GONE } },
	{ .label = "all of them later",
	    .want = PERMIT,
	    .edits = { BY("w", "mi.com",
			   DIGEST("grant") ", 'effectiveAt': "
					   "'2018-01-01T00:00:00Z'"),
		"+v =w {'effectiveAt': '2017-01-15T00:00:00Z'}" },
	    .codes = { -GONE } },
};

START_TEST(withdrawal_takes_back_each_kind)
{
	world_run_row(&kinds[_i]);
}
END_TEST

START_TEST(withdrawal_finds_its_target)
{
	world_run_row(&targets[_i]);
}
END_TEST

START_TEST(withdrawal_needs_standing)
{
	world_run_row(&standing[_i]);
}
END_TEST

START_TEST(withdrawal_of_an_offer_is_by_those_above_it)
{
	world_run_row(&offers[_i]);
}
END_TEST

START_TEST(withdrawal_takes_effect_and_stays)
{
	world_run_row(&spans[_i]);
}
END_TEST

#define ADD(test, table)     \
	tcase_add_loop_test( \
	    tcase, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

/* Of several the earliest decides, whichever way their digests sort. */
START_TEST(r10_earliest_of_several_decides)
{
	static const char *const names[] = { "w", "v", "u", "a", "b", "c",
		"d" };
	char later[512], sooner[512];
	size_t i;

	for (i = 0; i + 1 < sizeof(names) / sizeof(names[0]); i++) {
		const world_row_t row = { .label = names[i],
			.want = DENY,
			.edits = { later, sooner },
			.codes = { GONE } };

		snprintf(later, sizeof(later),
		    "+%s withdrawal mi.com {" DIGEST(
			"grant") ","
				 " 'effectiveAt': '" LATER "'}",
		    names[i]);
		snprintf(sooner, sizeof(sooner),
		    "+%s withdrawal mi.com {" DIGEST(
			"grant") ","
				 " 'effectiveAt': '2016-01-20T00:00:00Z'}",
		    names[i + 1]);
		world_run_row(&row);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("withdrawal");
	TCase *tcase = tcase_create("withdrawal");

	ADD(withdrawal_takes_back_each_kind, kinds);
	ADD(withdrawal_finds_its_target, targets);
	ADD(withdrawal_needs_standing, standing);
	ADD(withdrawal_of_an_offer_is_by_those_above_it, offers);
	ADD(withdrawal_takes_effect_and_stays, spans);
	tcase_add_test(tcase, r10_earliest_of_several_decides);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
