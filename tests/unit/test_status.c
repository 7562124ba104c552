/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Status lists: what they list is withdrawn. Whether a status is fresh and
 * whole (R1 to R5 of FAULTS.md) comes with the trust issue: until then a
 * policy that demands one is answered with "cannot tell", and never ignored.
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

#define RULE                                             \
	"policy {'statusRules': [{'role': 'ROLE_BRAND'," \
	" 'maxAgeSeconds': '86400'}]}"

static const world_row_t rules[] = {
	{ .label = "no rule",
	    .want = PERMIT,
	    .codes = { -MARKET_CODE_STATUS_MISSING } },
	{ .label = "kyverno: a rule is never ignored",
	    .want = UNSURE,
	    .edits = { RULE },
	    .codes = { MARKET_CODE_STATUS_MISSING } },
	{ .label = "... though a status is there",
	    .want = UNSURE,
	    .edits = { RULE, STATUS("mi.com", "") },
	    .codes = { MARKET_CODE_STATUS_MISSING } },
	{ .label = "... and what it lists is still withdrawn",
	    .want = DENY,
	    .edits = { RULE, STATUS("mi.com", "'$digest:grant'") },
	    .codes = { MARKET_CODE_STATUS_MISSING, GONE } },
};

START_TEST(status_withdraws_what_it_lists)
{
	world_run_row(&lists[_i]);
}
END_TEST

START_TEST(status_that_policy_demands_is_not_judged_yet)
{
	world_run_row(&rules[_i]);
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
	ADD(status_that_policy_demands_is_not_judged_yet, rules);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
