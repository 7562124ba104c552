/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How grants hang together: chains, their links one by one, alternatives, and
 * who can harm whom. What one grant covers is in test_authorization.c.
 *
 * Rows of FAULTS.md that this design rules out:
 *   D3   a constraint of an unknown kind is an unknown field: refused when
 *        the statement is parsed (test_strict.c), so it is never judged
 *   D9   chains are never handed over as a list: each grant pins its parent
 *        by digest, so there is no order to shuffle and nothing to search
 *   D13  an offer is of one brand and one model; a bundle is several offers
 *   D15  a child holds its parent's digest, so it cannot be older; when it
 *        was signed is its acceptance, never a time that it claims
 *   D20  scopes name exact models, neither families nor ranges; GTINs and
 *        TACs are the product statement's
 *   D21  grants have no quantity and no price
 *   D24  chains are counted before they are judged (16 grants, 8 links)
 */
#include "grants.h"

#define PERMIT     MARKET_VERDICT_PERMIT
#define DENY       MARKET_VERDICT_DENY
#define UNSURE     MARKET_VERDICT_INDETERMINATE
#define CODE(name) MARKET_CODE_AUTHORIZATION_##name

/* 32 bytes that are no statement's digest. */
#define NO_DIGEST "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='"

#define TWO_LINKS                   \
	FIRST("dist.example", "1"), \
	    LINK("child", "dist.example", "shop.example", "grant", "0")
#define FOUR_LINKS                                               \
	FIRST("a.example", "3"),                                 \
	    LINK("two", "a.example", "b.example", "grant", "2"), \
	    LINK("three", "b.example", "c.example", "two", "1"), \
	    LINK("four", "c.example", "shop.example", "three", "0")

static const world_row_t links[] = {
	{ .label = "D7 one link", .want = PERMIT, .codes = { -CODE(MISSING) } },
	{ .label = "D7 two links", .want = PERMIT, .edits = { TWO_LINKS } },
	{ .label = "D7 four links, as many as policy allows",
	    .want = PERMIT,
	    .edits = { FOUR_LINKS },
	    .codes = { -CODE(CHAIN_TOO_LONG) } },
	{ .label = "D7 four links, one more than policy allows",
	    .want = DENY,
	    .edits = { FOUR_LINKS, "policy {'maxChain': 3}" },
	    .codes = { CODE(CHAIN_TOO_LONG) } },
	{ .label = "D7 no link",
	    .want = DENY,
	    .edits = { "-grant" },
	    .codes = { CODE(MISSING) } },
	{ .label = "a grant to another",
	    .want = DENY,
	    .edits = { "grant {'grantee': 'other.example'}" },
	    .codes = { CODE(MISSING) } },
	{ .label = "GS1: a grant to a longer name",
	    .want = DENY,
	    .edits = { "grant {'grantee': 'www.shop.example'}" },
	    .codes = { CODE(MISSING) } },
	{ .label = "a grant by another brand",
	    .want = DENY,
	    .edits = { "grant {'brand': 'meizu',"
		       " 'header': {'issuer': 'meizu.com'}}",
		"grant @meizu.com" },
	    .codes = { CODE(MISSING) } },
	{ .label = "a grant by one who does not own the brand",
	    .want = DENY,
	    .edits = { "grant {'header': {'issuer': 'meizu.com'}}",
		"grant @meizu.com" },
	    .codes = { CODE(MISSING) },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_ISSUER_ROLE },
	{ .label = "a brand that nobody owns",
	    .want = DENY,
	    .edits = { "offer {'brand': 'nokia'}" },
	    .codes = { MARKET_CODE_BRAND_UNKNOWN, CODE(MISSING) } },
	{ .label = "its brand in another case is another",
	    .want = DENY,
	    .edits = { "offer {'brand': 'Xiaomi'}" },
	    .codes = { MARKET_CODE_BRAND_UNKNOWN } },

	{ .label = "D9 the parent is not there",
	    .want = DENY,
	    .edits = { TWO_LINKS, "child {'parentDigest': " NO_DIGEST "}",
		"-grant" },
	    .codes = { CODE(CHAIN_BROKEN), -CODE(MISSING) },
	    .ignored = "child",
	    .ignored_code = CODE(CHAIN_BROKEN) },
	{ .label = "D9 the middle is not there",
	    .want = DENY,
	    .edits = { FOUR_LINKS, "three {'parentDigest': " NO_DIGEST "}",
		"-two" },
	    .codes = { CODE(CHAIN_BROKEN) },
	    .ignored = "four",
	    .ignored_code = CODE(CHAIN_BROKEN) },
	{ .label = "D9 an unrelated grant more",
	    .want = PERMIT,
	    .edits = { TWO_LINKS, GRANT("more", "other.example", "") },
	    .codes = { -CODE(ALTERNATIVE_FAILED) } },
	{ .label = "the parent's grantee is another",
	    .want = DENY,
	    .edits = { TWO_LINKS,
		"child {'header': {'issuer': 'other.example'}}",
		"child @other.example" },
	    .codes = { CODE(CHAIN_BROKEN) } },
	{ .label = "the parent's grantee is another, who signed",
	    .want = DENY,
	    .edits = { TWO_LINKS,
		"child {'header': {'issuer': 'other.example'}}",
		"child @dist.example" },
	    .codes = { CODE(CHAIN_BROKEN) } },
	{ .label = "the parent is of another brand",
	    .want = DENY,
	    .edits = { FIRST("dist.example", "1"),
		"+meizu =grant {'brand': 'meizu',"
		" 'header': {'issuer': 'meizu.com'}}",
		"meizu @meizu.com",
		LINK("child", "dist.example", "shop.example", "meizu", "0") },
	    .codes = { CODE(PARENT_MISMATCH), -CODE(MISSING) } },
	{ .label = "the parent is no grant",
	    .want = DENY,
	    .edits = { FIRST("dist.example", "1"),
		LINK("child", "dist.example", "shop.example", "seller", "0") },
	    .codes = { CODE(PARENT_MISMATCH) } },
	{ .label = "the parent names no keys",
	    .want = DENY,
	    .edits = { TWO_LINKS, "grant {'granteeKeys': null}" },
	    .codes = { CODE(MISSING) },
	    .ignored = "child",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "a party of the root needs its parent's keys too",
	    .want = DENY,
	    .edits = { "grant {'grantee': 'att.com', 'maxDelegations': 1,"
		       " 'granteeKeys': '$keys:att-sales'}",
		LINK("child", "att.com", "shop.example", "grant", "0") },
	    .codes = { CODE(MISSING) },
	    .ignored = "child",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "a party of the root with its parent's keys",
	    .want = PERMIT,
	    .edits = { "grant {'grantee': 'att.com', 'maxDelegations': 1,"
		       " 'granteeKeys': '$keys:att-sales'}",
		LINK("child", "att.com", "shop.example", "grant", "0"),
		"child @att-sales" } },

	{ .label = "D17 the parent was issued anew, narrower",
	    .want = DENY,
	    .edits = { TWO_LINKS,
		"+anew =grant {'header': {'revision': '2'},"
		" 'scope': {'models': ['2014811']}}" },
	    .codes = { CODE(PARENT_MISMATCH) },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_STALE_REVISION },
	{ .label = "D17 the parent was issued anew, as it was",
	    .want = DENY,
	    .edits = { TWO_LINKS,
		"+anew =grant {'header': {'revision': '2'}}" },
	    .codes = { CODE(PARENT_MISMATCH) } },
	{ .label = "D17 the child pins the new parent",
	    .want = PERMIT,
	    .edits = { TWO_LINKS, "+anew =grant {'header': {'revision': '2'}}",
		"child {'parentDigest': '$digest:anew'}" },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_STALE_REVISION },
	{ .label = "D17 the old parent was never here",
	    .want = DENY,
	    .edits = { TWO_LINKS, "child {'parentDigest': " NO_DIGEST "}" },
	    .codes = { CODE(PARENT_MISMATCH) } },
	{ .label = "D17 the middle was issued anew",
	    .want = DENY,
	    .edits = { FOUR_LINKS, "+anew =two {'header': {'revision': '2'}}" },
	    .codes = { CODE(PARENT_MISMATCH) } },
	{ .label = "D17 the leaf was issued anew, narrower",
	    .want = DENY,
	    .edits = { "+anew =grant {'header': {'revision': '2'},"
		       " 'scope': {'models': ['2014811']}}" },
	    .codes = { CODE(SCOPE_MODEL), -CODE(ALTERNATIVE_FAILED) } },
	{ .label = "D17 the leaf was issued anew, wider",
	    .want = PERMIT,
	    .edits = { "grant {'scope': {'models': ['2014811']}}",
		"+anew =grant {'header': {'revision': '2'},"
		" 'scope': {'models': ['2014811', '2014215']}}" } },

	{ .label = "D18 a fork of the only grant",
	    .want = UNSURE,
	    .edits = { "+fork =grant {'maxDelegations': 1}" },
	    .codes = { MARKET_CODE_STATEMENT_FORK } },
	{ .label = "D18 a fork of a middle grant",
	    .want = UNSURE,
	    .edits = { FOUR_LINKS, "+fork =two {'maxDelegations': 1}" },
	    .codes = { MARKET_CODE_STATEMENT_FORK } },
	{ .label = "D18 the same statement twice is no fork",
	    .want = PERMIT,
	    .edits = { "+twice =grant" },
	    .codes = { -MARKET_CODE_STATEMENT_FORK,
		-CODE(ALTERNATIVE_FAILED) } },
	{ .label = "D18 a fork, and another grant that suffices",
	    .want = PERMIT,
	    .edits = { "+fork =grant {'maxDelegations': 1}",
		GRANT("more", "shop.example", "") },
	    .codes = { CODE(ALTERNATIVE_FAILED),
		-MARKET_CODE_STATEMENT_FORK } },
	{ .label = "D18 a fork below the current revision is history",
	    .want = PERMIT,
	    .edits = { "+fork =grant {'maxDelegations': 1}",
		"+anew =grant {'header': {'revision': '2'}}" },
	    .codes = { -MARKET_CODE_STATEMENT_FORK } },

	{ .label = "D8 a grant beneath itself: A to B to A",
	    .want = DENY,
	    .edits = { FIRST("a.example", "3"),
		LINK("two", "a.example", "b.example", "grant", "2"),
		LINK("three", "b.example", "a.example", "two", "1"),
		LINK("four", "a.example", "shop.example", "three", "0") },
	    .codes = { CODE(CYCLE) } },
	{ .label = "D8 a distributor that grants to itself",
	    .want = DENY,
	    .edits = { FIRST("a.example", "2"),
		LINK("two", "a.example", "a.example", "grant", "1"),
		LINK("three", "a.example", "shop.example", "two", "0") },
	    .codes = { CODE(CYCLE) } },
	{ .label = "D8 a chain that comes back to the brand",
	    .want = DENY,
	    .edits = { FIRST("a.example", "2"),
		LINK("two", "a.example", "mi.com", "grant", "1"),
		LINK("three", "mi.com", "shop.example", "two", "0") },
	    .codes = { CODE(CYCLE) } },
	{ .label = "D8 the same parties, not in a cycle",
	    .want = PERMIT,
	    .edits = { FIRST("a.example", "2"),
		LINK("two", "a.example", "b.example", "grant", "1"),
		LINK("three", "b.example", "shop.example", "two", "0") },
	    .codes = { -CODE(CYCLE) } },
	{ .label = "D8 a brand that grants to itself",
	    .want = DENY,
	    .edits = { "grant {'grantee': 'mi.com'}",
		"seller {'seller': 'mi.com', 'keys': '$keys:mi.com'}",
		"offer {'header': {'issuer': 'mi.com'}}", "offer @mi.com" },
	    .codes = { CODE(CYCLE) } },

	{ .label = "D16 the parent was withdrawn, the child is not named",
	    .want = DENY,
	    .edits = { TWO_LINKS,
		"+w withdrawal mi.com {'targetDigest': '$digest:grant'}" },
	    .codes = { MARKET_CODE_STATEMENT_WITHDRAWN } },
	{ .label = "D16 the first of four was withdrawn",
	    .want = DENY,
	    .edits = { FOUR_LINKS,
		"+w withdrawal mi.com {'target': {'kind': 'authorization',"
		" 'issuer': 'mi.com', 'id': 'grant'}}" },
	    .codes = { MARKET_CODE_STATEMENT_WITHDRAWN } },
	{ .label = "D14 the first of four has ended with all its children",
	    .want = DENY,
	    .at = "2026-01-01T00:00:00Z",
	    .edits = { FOUR_LINKS },
	    .codes = { MARKET_CODE_STATEMENT_EXPIRED, -CODE(WIDENED_TIME) } },
	{ .label = "D11 the first of four allows one delegation only",
	    .want = DENY,
	    .edits = { FOUR_LINKS, "grant {'maxDelegations': 1}",
		"two {'maxDelegations': 0}", "three {'maxDelegations': 0}" },
	    .codes = { CODE(DELEGATION_FORBIDDEN) } },
};

/* dialog-db, attestix: everything fits, but one link's signature is forged. */
static const world_row_t forged[] = {
	{ .label = "no link is forged",
	    .want = PERMIT,
	    .edits = { FOUR_LINKS } },
	{ .label = "the first bears a spoilt signature",
	    .want = DENY,
	    .edits = { FOUR_LINKS, "grant !" },
	    .codes = { CODE(CHAIN_BROKEN) },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "the second",
	    .want = DENY,
	    .edits = { FOUR_LINKS, "two !" },
	    .codes = { CODE(CHAIN_BROKEN) },
	    .ignored = "two",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "the third",
	    .want = DENY,
	    .edits = { FOUR_LINKS, "three !" },
	    .codes = { CODE(CHAIN_BROKEN) },
	    .ignored = "three",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "the last",
	    .want = DENY,
	    .edits = { FOUR_LINKS, "four !" },
	    .codes = { CODE(MISSING) },
	    .ignored = "four",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "the first is signed by a forger",
	    .want = DENY,
	    .edits = { FOUR_LINKS, "grant @forger" },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "the second",
	    .want = DENY,
	    .edits = { FOUR_LINKS, "two @forger" },
	    .ignored = "two",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "the third",
	    .want = DENY,
	    .edits = { FOUR_LINKS, "three @forger" },
	    .ignored = "three",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "the last",
	    .want = DENY,
	    .edits = { FOUR_LINKS, "four @forger" },
	    .ignored = "four",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "the third is signed by the link above",
	    .want = DENY,
	    .edits = { FOUR_LINKS, "three @a.example" },
	    .ignored = "three",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "the third is signed by the link beneath",
	    .want = DENY,
	    .edits = { FOUR_LINKS, "three @c.example" },
	    .ignored = "three",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
};

START_TEST(chain_holds_link_by_link)
{
	world_run_row(&links[_i]);
}
END_TEST

START_TEST(chain_fails_when_any_one_link_is_forged)
{
	world_run_row(&forged[_i]);
}
END_TEST

#define ADD(test, table)     \
	tcase_add_loop_test( \
	    tcase, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

int
main(void)
{
	Suite *suite = suite_create("authorization_chain");
	TCase *tcase = tcase_create("chain");

	ADD(chain_holds_link_by_link, links);
	ADD(chain_fails_when_any_one_link_is_forged, forged);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
