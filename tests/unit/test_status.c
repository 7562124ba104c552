/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Status lists: what they list is withdrawn; and where the policy demands one
 * of an issuer's role, it must be there, whole and young. Rows R1, R2, R4 and
 * R6 of the catalogue of faults; a store of them is in tests/store.
 */
#include "world.h"

#define PERMIT MARKET_VERDICT_PERMIT
#define DENY   MARKET_VERDICT_DENY
#define UNSURE MARKET_VERDICT_INDETERMINATE
#define GONE   MARKET_CODE_STATEMENT_WITHDRAWN
#define ZERO   "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='"

#define STATUS(issuer, list)                                \
	"+s status " issuer " {'sequence': '1', 'page': 1," \
	" 'pageCount': 1, 'withdrawn': [" list "]}"

static const world_row_t lists[] = {
	{ .label = "an empty list",
	    .want = PERMIT,
	    .edits = { STATUS("mi.com", "") },
	    .codes = { -GONE } },
	{ .label = "the grant is listed",
	    .want = DENY,
	    .edits = { STATUS("mi.com", "'$digest:grant'") },
	    .codes = { GONE } },
	{ .label = "matter.js: an unknown one before it",
	    .want = DENY,
	    .edits = { STATUS("mi.com", ZERO ", '$digest:grant'") },
	    .codes = { GONE } },
	{ .label = "matter.js: in the second of two lists",
	    .want = DENY,
	    .edits = { STATUS("mi.com", ""),
		"+t =s {'header': {'id': 't'},"
		" 'withdrawn': ['$digest:grant']}" },
	    .codes = { GONE } },
	{ .label = "R6 it vanished from a later list",
	    .want = DENY,
	    .edits = { STATUS("mi.com", "'$digest:grant'"),
		"+t =s {'header': {'revision': '2'}, 'sequence': '2',"
		" 'withdrawn': []}" },
	    .codes = { GONE } },
	{ .label = "R4 a list that has ended still withdraws",
	    .want = DENY,
	    .edits = { STATUS("mi.com", "'$digest:grant'"),
		"s {'header': {'notAfter': '2016-01-15T00:00:00Z'}}" },
	    .codes = { GONE } },
	{ .label = "a list of others' statements",
	    .want = PERMIT,
	    .edits = { STATUS("meizu.com", "'$digest:grant'") },
	    .codes = { -GONE } },
	{ .label = "a seller's list of its own offer",
	    .want = DENY,
	    .edits = { STATUS("shop.example", "'$digest:offer'") },
	    .codes = { GONE } },
	{ .label = "a seller's list of a brand's grant",
	    .want = PERMIT,
	    .edits = { STATUS("shop.example", "'$digest:grant'") },
	    .codes = { -GONE } },
	{ .label = "a list of nobody known",
	    .want = PERMIT,
	    .edits = { STATUS("nobody.example", "'$digest:grant'") },
	    .codes = { -GONE },
	    .ignored = "s",
	    .ignored_code = MARKET_CODE_STATEMENT_ISSUER_UNKNOWN },
	{ .label = "a forged list",
	    .want = PERMIT,
	    .edits = { STATUS("mi.com", "'$digest:grant'"), "s @forger" },
	    .codes = { -GONE },
	    .ignored = "s",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
};

#define RULE(role)                                          \
	"policy {'statusRules': [{'role': 'ROLE_" role "'," \
	" 'maxAgeSeconds': '86400'}]}"
/* One page of a list, issued and ending as told. */
#define PAGE(name, issuer, sequence, page, count, issued, list)               \
	"+" name " status " issuer " {'header': {'id': 'status', 'revision':" \
	" '" sequence "', 'issuedAt': '" issued "'}, 'sequence': '" sequence  \
	"', 'page': " page ", 'pageCount': " count ", 'withdrawn': [" list    \
	"]}"
#define LIST(name, sequence, issued, list) \
	PAGE(name, "mi.com", sequence, "1", "1", issued, list)
#define NOON "2016-02-01T12:00:00Z"

static const world_row_t rules[] = {
	{ .label = "no rule",
	    .want = PERMIT,
	    .codes = { -MARKET_CODE_STATUS_MISSING } },
	{ .label = "R1 kyverno: a rule is never ignored",
	    .want = UNSURE,
	    .edits = { RULE("BRAND") },
	    .codes = { MARKET_CODE_STATUS_MISSING } },
	{ .label = "a fresh one",
	    .want = PERMIT,
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, "") },
	    .codes = { -MARKET_CODE_STATUS_MISSING,
		-MARKET_CODE_STATUS_STALE } },
	{ .label = "R1 of another issuer",
	    .want = UNSURE,
	    .edits = { RULE("BRAND"),
		PAGE("s", "t-mobile.com", "1", "1", "1", NOON, "") },
	    .codes = { MARKET_CODE_STATUS_MISSING } },
	{ .label = "R1 not signed by its issuer",
	    .want = UNSURE,
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, ""), "s @forger" },
	    .codes = { MARKET_CODE_STATUS_MISSING } },
	{ .label = "R1 by a test key",
	    .want = UNSURE,
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, ""),
		"root {'parties[0]': {'keys': {'threshold': 1, 'keys': ["
		"{'spki': '$spki:mi.com', 'environment':"
		" 'ENVIRONMENT_PRODUCTION'}, {'spki': '$spki:mi.com#2',"
		" 'environment': 'ENVIRONMENT_TEST'}]}}}",
		"s @mi.com#2" },
	    .codes = { MARKET_CODE_STATUS_MISSING } },
	{ .label = "of the future: it says nothing yet",
	    .want = UNSURE,
	    .edits = { RULE("BRAND"),
		LIST("s", "1", "2016-02-01T12:06:00Z", "") },
	    .codes = { MARKET_CODE_STATUS_MISSING } },
	{ .label = "within the skew: what it proves, and what it withdraws",
	    .want = DENY,
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, "'$digest:grant'"),
		"s {'header': {'notBefore': '2016-02-01T12:05:00Z'}}" },
	    .codes = { GONE, -MARKET_CODE_STATUS_MISSING } },
	{ .label = "within the skew, and it lists nothing",
	    .want = PERMIT,
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, ""),
		"s {'header': {'notBefore': '2016-02-01T12:05:00Z'}}" },
	    .codes = { -GONE } },
	{ .label = "a second beyond the skew: neither",
	    .want = UNSURE,
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, "'$digest:grant'"),
		"s {'header': {'notBefore': '2016-02-01T12:05:01Z'}}" },
	    .codes = { MARKET_CODE_STATUS_MISSING, -GONE } },
	{ .label = "R4 in its last second",
	    .want = PERMIT,
	    .at = "2016-02-02T11:59:59Z",
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, "") },
	    .codes = { -MARKET_CODE_STATUS_STALE } },
	{ .label = "R4 a second later",
	    .want = UNSURE,
	    .at = "2016-02-02T12:00:00Z",
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, "") },
	    .codes = { MARKET_CODE_STATUS_STALE,
		-MARKET_CODE_STATUS_MISSING } },
	{ .label = "R4 its own end comes before its age",
	    .want = UNSURE,
	    .at = "2016-02-01T13:00:00Z",
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, ""),
		"s {'header': {'notAfter': '2016-02-01T13:00:00Z'}}" },
	    .codes = { MARKET_CODE_STATUS_STALE } },
	{ .label = "a second list takes its place",
	    .want = PERMIT,
	    .at = "2016-02-02T12:00:00Z",
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, ""),
		LIST("t", "2", "2016-02-02T00:00:00Z", "") },
	    .codes = { -MARKET_CODE_STATUS_STALE } },
	{ .label = "what a stale one lists is withdrawn",
	    .want = DENY,
	    .at = "2016-02-03T00:00:00Z",
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, "'$digest:grant'") },
	    .codes = { MARKET_CODE_STATUS_STALE, GONE } },
	{ .label = "a carrier's status where a carrier's is demanded",
	    .want = PERMIT,
	    .edits = { RULE("CARRIER"),
		PAGE("s", "t-mobile.com", "1", "1", "1", NOON, "") },
	    .codes = { -MARKET_CODE_STATUS_MISSING } },
	{ .label = "a certifier's is missing",
	    .want = UNSURE,
	    .edits = { RULE("CERTIFIER") },
	    .codes = { MARKET_CODE_STATUS_MISSING } },
	{ .label = "the marketplace's own, which its policy demands",
	    .want = UNSURE,
	    .edits = { RULE("MARKETPLACE") },
	    .codes = { MARKET_CODE_STATUS_MISSING } },
	{ .label = "... and there it is",
	    .want = PERMIT,
	    .edits = { RULE("MARKETPLACE"),
		PAGE("s", "usmobile.com", "1", "1", "1", NOON, "") },
	    .codes = { -MARKET_CODE_STATUS_MISSING } },
	{ .label = "the shorter of two ages",
	    .want = UNSURE,
	    .at = "2016-02-01T13:00:00Z",
	    .edits = { "policy {'statusRules': [{'role': 'ROLE_BRAND',"
		       " 'maxAgeSeconds': '86400'}, {'role': 'ROLE_BRAND',"
		       " 'maxAgeSeconds': '3600'}]}",
		LIST("s", "1", NOON, "") },
	    .codes = { MARKET_CODE_STATUS_STALE } },
	{ .label = "a rule for a role that nobody has here",
	    .want = PERMIT,
	    .edits = { "policy {'statusRules': []}" },
	    .codes = { -MARKET_CODE_STATUS_MISSING } },
};

static const world_row_t pages[] = {
	{ .label = "two pages, from 1 on",
	    .want = PERMIT,
	    .edits = { RULE("BRAND"),
		PAGE("s", "mi.com", "1", "1", "2", NOON, ""),
		PAGE("t", "mi.com", "1", "2", "2", NOON, ZERO) },
	    .codes = { -MARKET_CODE_STATUS_INCOMPLETE } },
	{ .label = "two pages, from 0 on",
	    .want = PERMIT,
	    .edits = { RULE("BRAND"),
		PAGE("s", "mi.com", "1", "0", "2", NOON, ""),
		PAGE("t", "mi.com", "1", "1", "2", NOON, ZERO) },
	    .codes = { -MARKET_CODE_STATUS_INCOMPLETE } },
	{ .label = "one of two is missing",
	    .want = UNSURE,
	    .edits = { RULE("BRAND"),
		PAGE("s", "mi.com", "1", "1", "2", NOON, "") },
	    .codes = { MARKET_CODE_STATUS_INCOMPLETE,
		-MARKET_CODE_STATUS_MISSING } },
	{ .label = "one in the middle is missing",
	    .want = UNSURE,
	    .edits = { RULE("BRAND"),
		PAGE("s", "mi.com", "1", "0", "2", NOON, ""),
		PAGE("t", "mi.com", "1", "2", "2", NOON, "") },
	    .codes = { MARKET_CODE_STATUS_INCOMPLETE } },
	{ .label = "they do not agree how many there are",
	    .want = UNSURE,
	    .edits = { RULE("BRAND"),
		PAGE("s", "mi.com", "1", "1", "2", NOON, ""),
		PAGE("t", "mi.com", "1", "2", "3", NOON, "") },
	    .codes = { MARKET_CODE_STATUS_INCOMPLETE } },
	{ .label = "what the page that is here lists is withdrawn",
	    .want = DENY,
	    .edits = { RULE("BRAND"),
		PAGE("s", "mi.com", "1", "1", "2", NOON, "'$digest:grant'") },
	    .codes = { MARKET_CODE_STATUS_INCOMPLETE, GONE } },
	{ .label = "the list before it is whole and young",
	    .want = PERMIT,
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, ""),
		PAGE("t", "mi.com", "2", "1", "2", NOON, "") },
	    .codes = { -MARKET_CODE_STATUS_INCOMPLETE } },
	{ .label = "... and then it is too old",
	    .want = UNSURE,
	    .at = "2016-02-02T12:00:00Z",
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, ""),
		PAGE("t", "mi.com", "2", "1", "2", NOON, "") },
	    .codes = { MARKET_CODE_STATUS_INCOMPLETE,
		-MARKET_CODE_STATUS_STALE } },
	{ .label = "R6 an entry vanished",
	    .want = UNSURE,
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, ZERO),
		LIST("t", "2", NOON, "") },
	    .codes = { MARKET_CODE_STATUS_ROLLBACK } },
	{ .label = "... and is back on another page",
	    .want = PERMIT,
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, ZERO),
		PAGE("t", "mi.com", "2", "1", "2", NOON, ""),
		PAGE("u", "mi.com", "2", "2", "2", NOON, ZERO) },
	    .codes = { -MARKET_CODE_STATUS_ROLLBACK } },
	{ .label = "R2 two lists of one sequence",
	    .want = UNSURE,
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, ""),
		LIST("t", "1", NOON, ZERO) },
	    .codes = { MARKET_CODE_STATUS_ROLLBACK } },
	{ .label = "R2 a second list under another id",
	    .want = UNSURE,
	    .edits = { RULE("BRAND"), LIST("s", "1", NOON, ""),
		LIST("t", "2", NOON, ""), "t {'header': {'id': 'another'}}" },
	    .codes = { MARKET_CODE_STATUS_ROLLBACK } },
	{ .label = "no rule, and nothing of all that matters",
	    .want = PERMIT,
	    .edits = { LIST("s", "1", NOON, ZERO),
		PAGE("t", "mi.com", "2", "1", "2", NOON, "") },
	    .codes = { -MARKET_CODE_STATUS_ROLLBACK,
		-MARKET_CODE_STATUS_INCOMPLETE } },
};

START_TEST(status_withdraws_what_it_lists)
{
	world_run_row(&lists[_i]);
}
END_TEST

START_TEST(status_that_policy_demands_must_be_fresh)
{
	world_run_row(&rules[_i]);
}
END_TEST

START_TEST(status_that_policy_demands_must_be_whole)
{
	world_run_row(&pages[_i]);
}
END_TEST

#define ADD(test, table)     \
	tcase_add_loop_test( \
	    tcase, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

int
main(void)
{
	Suite *suite = suite_create("status");
	TCase *tcase = tcase_create("status");

	ADD(status_withdraws_what_it_lists, lists);
	ADD(status_that_policy_demands_must_be_fresh, rules);
	ADD(status_that_policy_demands_must_be_whole, pages);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
