/* SPDX-License-Identifier: Apache-2.0 */
/* Holds and removals: what they match, how long they stand, who may hold. */
#include "world.h"

#define PERMIT  MARKET_VERDICT_PERMIT
#define DENY    MARKET_VERDICT_DENY
#define HELD    MARKET_CODE_HELD_BY_MARKETPLACE
#define REMOVED MARKET_CODE_REMOVED_BY_MARKETPLACE

#define HOLD(name, target)                                     \
	"+" name " hold usmobile.com {'target': {" target "}," \
	" 'reason': 'WITHDRAWAL_REASON_SAFETY'}"
#define SELLER "'seller': 'shop.example'"
#define LATER  "'2016-03-01T00:00:00Z'"

static const world_row_t targets[] = {
	{ .label = "no hold", .want = PERMIT, .codes = { -HELD, -REMOVED } },
	{ .label = "this seller",
	    .want = DENY,
	    .edits = { HOLD("h", SELLER) },
	    .codes = { HELD, -REMOVED } },
	{ .label = "another seller",
	    .want = PERMIT,
	    .edits = { HOLD("h", "'seller': 'other.example'") },
	    .codes = { -HELD } },
	{ .label = "this brand",
	    .want = DENY,
	    .edits = { HOLD("h", "'brand': 'xiaomi'") },
	    .codes = { HELD } },
	{ .label = "another brand",
	    .want = PERMIT,
	    .edits = { HOLD("h", "'brand': 'meizu'") },
	    .codes = { -HELD } },
	{ .label = "this model",
	    .want = DENY,
	    .edits = { HOLD("h", "'model': '2014215'") },
	    .codes = { HELD } },
	{ .label = "another model",
	    .want = PERMIT,
	    .edits = { HOLD("h", "'model': '2014811'") },
	    .codes = { -HELD } },
	{ .label = "D5 no globs",
	    .want = PERMIT,
	    .edits = { HOLD("h", "'model': '2014*'") },
	    .codes = { -HELD } },
	{ .label = "this offer of this seller",
	    .want = DENY,
	    .edits = { HOLD("h", SELLER ", 'offerId': 'offer'") },
	    .codes = { HELD } },
	{ .label = "another offer of this seller",
	    .want = PERMIT,
	    .edits = { HOLD("h", SELLER ", 'offerId': 'offer-2'") },
	    .codes = { -HELD } },
	{ .label = "an offer of another seller by the same id",
	    .want = PERMIT,
	    .edits = { HOLD("h",
		"'seller': 'other.example',"
		" 'offerId': 'offer'") },
	    .codes = { -HELD } },
	{ .label = "an offer id of any seller",
	    .want = DENY,
	    .edits = { HOLD("h", "'offerId': 'offer'") },
	    .codes = { HELD } },
	{ .label = "all that are set match",
	    .want = DENY,
	    .edits = { HOLD("h",
		SELLER ", 'brand': 'xiaomi',"
		       " 'model': '2014215',"
		       " 'offerId': 'offer'") },
	    .codes = { HELD } },
	{ .label = "all but the model match",
	    .want = PERMIT,
	    .edits = { HOLD("h",
		SELLER ", 'brand': 'xiaomi',"
		       " 'model': '2014811'") },
	    .codes = { -HELD } },
	{ .label = "all but the brand of this offer match",
	    .want = PERMIT,
	    .edits = { HOLD("h",
		SELLER ", 'brand': 'meizu',"
		       " 'offerId': 'offer'") },
	    .codes = { -HELD } },
	{ .label = "an empty target is everything",
	    .want = DENY,
	    .edits = { HOLD("h", "") },
	    .codes = { HELD } },
	{ .label = "no target is everything",
	    .want = DENY,
	    .edits = { HOLD("h", ""), "h {'target': null}" },
	    .codes = { HELD } },
	{ .label = "a removal",
	    .want = DENY,
	    .edits = { HOLD("h", SELLER), "h {'final': true}" },
	    .codes = { REMOVED, -HELD } },
	{ .label = "two holds, one of another seller",
	    .want = DENY,
	    .edits = { HOLD("h", "'seller': 'other.example'"),
		HOLD("i", SELLER) },
	    .codes = { HELD } },
};

static const world_row_t issuers[] = {
	{ .label = "by a brand",
	    .want = PERMIT,
	    .edits = { HOLD("h", SELLER), "h @mi.com",
		"h {'header': {'issuer': 'mi.com'}}" },
	    .codes = { -HELD },
	    .ignored = "h",
	    .ignored_code = MARKET_CODE_STATEMENT_NO_STANDING },
	{ .label = "by the carrier, final",
	    .want = PERMIT,
	    .edits = { HOLD("h", SELLER), "h @t-mobile.com",
		"h {'final': true, 'header': {'issuer': 't-mobile.com'}}" },
	    .codes = { -REMOVED },
	    .ignored = "h",
	    .ignored_code = MARKET_CODE_STATEMENT_NO_STANDING },
	{ .label = "by a competitor",
	    .want = PERMIT,
	    .edits = { HOLD("h", SELLER), "h @other.example",
		"h {'header': {'issuer': 'other.example'}}" },
	    .codes = { -HELD },
	    .ignored = "h",
	    .ignored_code = MARKET_CODE_STATEMENT_ISSUER_UNKNOWN },
	{ .label = "in the marketplace's name",
	    .want = PERMIT,
	    .edits = { HOLD("h", SELLER), "h @other.example" },
	    .codes = { -HELD },
	    .ignored = "h",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "with a spoilt signature",
	    .want = PERMIT,
	    .edits = { HOLD("h", SELLER), "h !" },
	    .codes = { -HELD },
	    .ignored = "h",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
};

#define UNTIL_LATER "h {'header': {'notAfter': " LATER "}}"
#define FROM_LATER  "h {'header': {'notBefore': " LATER "}}"

static const world_row_t spans[] = {
	{ .label = "T1 before its beginning",
	    .want = PERMIT,
	    .at = "2016-02-29T23:59:59Z",
	    .edits = { HOLD("h", SELLER), FROM_LATER },
	    .codes = { -HELD } },
	{ .label = "T1 at its beginning",
	    .want = DENY,
	    .at = "2016-03-01T00:00:00Z",
	    .edits = { HOLD("h", SELLER), FROM_LATER },
	    .codes = { HELD } },
	{ .label = "T5 the skew hastens no hold",
	    .want = PERMIT,
	    .at = "2016-02-29T23:58:00Z",
	    .edits = { HOLD("h", SELLER), FROM_LATER },
	    .codes = { -HELD } },
	{ .label = "T1 before its end",
	    .want = DENY,
	    .at = "2016-02-29T23:59:59Z",
	    .edits = { HOLD("h", SELLER), UNTIL_LATER },
	    .codes = { HELD } },
	{ .label = "T1 at its end",
	    .want = PERMIT,
	    .at = "2016-03-01T00:00:00Z",
	    .edits = { HOLD("h", SELLER), UNTIL_LATER },
	    .codes = { -HELD } },
	{ .label = "without an end",
	    .want = DENY,
	    .at = "2025-12-31T23:59:59Z",
	    .edits = { HOLD("h", SELLER), "h {'header': {'notAfter': null}}" },
	    .codes = { HELD } },
	{ .label = "a removal has no end",
	    .want = DENY,
	    .at = "2016-03-01T00:00:00Z",
	    .edits = { HOLD("h", SELLER), UNTIL_LATER, "h {'final': true}" },
	    .codes = { REMOVED } },
	{ .label = "T10 when it says it was issued does not matter",
	    .want = DENY,
	    .edits = { HOLD("h", SELLER),
		"h {'header': {'issuedAt': " LATER "}}" },
	    .codes = { HELD } },
};

#define REVISED(rest) "+i =h {'header': {'revision': '2'" rest "}"

static const world_row_t lifts[] = {
	{ .label = "withdrawn",
	    .want = PERMIT,
	    .edits = { HOLD("h", SELLER),
		"+w withdrawal usmobile.com {'targetDigest': '$digest:h'}" },
	    .codes = { -HELD } },
	{ .label = "withdrawn by name",
	    .want = PERMIT,
	    .edits = { HOLD("h", SELLER),
		"+w withdrawal usmobile.com {'target': {'kind': 'hold',"
		" 'issuer': 'usmobile.com', 'id': 'h'}}" },
	    .codes = { -HELD } },
	{ .label = "withdrawn by the brand",
	    .want = DENY,
	    .edits = { HOLD("h", SELLER),
		"+w withdrawal mi.com {'targetDigest': '$digest:h'}" },
	    .codes = { HELD },
	    .ignored = "w",
	    .ignored_code = MARKET_CODE_STATEMENT_NO_STANDING },
	{ .label = "withdrawn by the one who is held",
	    .want = DENY,
	    .edits = { HOLD("h", SELLER),
		"+w withdrawal shop.example {'targetDigest': '$digest:h'}" },
	    .codes = { HELD },
	    .ignored = "w",
	    .ignored_code = MARKET_CODE_STATEMENT_NO_STANDING },
	{ .label = "withdrawn from later on",
	    .want = DENY,
	    .edits = { HOLD("h", SELLER),
		"+w withdrawal usmobile.com {'targetDigest': '$digest:h',"
		" 'effectiveAt': " LATER "}" },
	    .codes = { HELD } },
	{ .label = "a removal is not withdrawn",
	    .want = DENY,
	    .edits = { HOLD("h", SELLER), "h {'final': true}",
		"+w withdrawal usmobile.com {'targetDigest': '$digest:h'}" },
	    .codes = { REMOVED } },
	{ .label = "revised to another seller",
	    .want = PERMIT,
	    .edits = { HOLD("h", SELLER),
		REVISED("}, 'target': {'seller': 'other.example'}") },
	    .codes = { -HELD } },
	{ .label = "revised to more",
	    .want = DENY,
	    .edits = { HOLD("h", "'seller': 'other.example'"),
		REVISED("}, 'target': null") },
	    .codes = { HELD } },
	{ .label = "revised to an earlier end",
	    .want = PERMIT,
	    .edits = { HOLD("h", SELLER),
		REVISED(", 'notAfter': '2016-02-01T00:00:00Z'}") },
	    .codes = { -HELD } },
	{ .label = "revised to a removal",
	    .want = DENY,
	    .edits = { HOLD("h", SELLER), REVISED("}, 'final': true") },
	    .codes = { REMOVED, -HELD } },
	{ .label = "a removal is not revised",
	    .want = DENY,
	    .edits = { HOLD("h", SELLER), "h {'final': true}",
		REVISED("}, 'final': false, 'target':"
			" {'seller': 'other.example'}") },
	    .codes = { REMOVED } },
	{ .label = "revised from later on: it stands until then",
	    .want = DENY,
	    .edits = { HOLD("h", SELLER),
		REVISED(", 'notBefore': " LATER "},"
			" 'target': {'seller': 'other.example'}") },
	    .codes = { HELD } },
	{ .label = "... and not after it",
	    .want = PERMIT,
	    .at = "2016-03-01T00:00:00Z",
	    .edits = { HOLD("h", SELLER),
		REVISED(", 'notBefore': " LATER "},"
			" 'target': {'seller': 'other.example'}") },
	    .codes = { -HELD } },
	{ .label = "revised before later, then again",
	    .want = PERMIT,
	    .edits = { HOLD("h", SELLER),
		REVISED("}, 'target': {'seller': 'other.example'}"),
		"+j =h {'header': {'revision': '3', 'notBefore': " LATER "}}" },
	    .codes = { -HELD } },
	{ .label = "of forks all count",
	    .want = DENY,
	    .edits = { HOLD("h", "'seller': 'other.example'"),
		"+i =h {'target': {'seller': 'shop.example'}}" },
	    .codes = { HELD } },
	{ .label = "a fork that ends earlier ends no other",
	    .want = DENY,
	    .edits = { HOLD("h", SELLER),
		"+i =h {'header': {'notAfter': '2016-02-01T00:00:00Z'}}" },
	    .codes = { HELD } },
};

/* Matter SDK: what a test key says, and a key that counts no more. */
#define MORE_KEYS "root {'parties[4]': {'keys': '$keys:usmobile.com more'}}"
#define TEST_KEY                                                  \
	"root {'parties[4]': {'keys': {'threshold': 1, 'keys': [" \
	"{'spki': '$spki:usmobile.com',"                          \
	" 'environment': 'ENVIRONMENT_PRODUCTION'},"              \
	"{'spki': '$spki:more', 'environment': 'ENVIRONMENT_TEST'}]}}}"
#define MORE_FELL "+k withdrawal usmobile.com {'targetKey': '$key:more'}"

static const world_row_t keys[] = {
	{ .label = "a hold stands after its key fell",
	    .want = DENY,
	    .edits = { MORE_KEYS, HOLD("h", SELLER), "h @more", MORE_FELL },
	    .codes = { HELD } },
	{ .label = "withdrawn by another key",
	    .want = PERMIT,
	    .edits = { MORE_KEYS, HOLD("h", SELLER),
		"+w withdrawal usmobile.com {'targetDigest': '$digest:h'}",
		"w @more" },
	    .codes = { -HELD } },
	{ .label = "withdrawn by a key that fell",
	    .want = DENY,
	    .edits = { MORE_KEYS, HOLD("h", SELLER), MORE_FELL,
		"+w withdrawal usmobile.com {'targetDigest': '$digest:h'}",
		"w @more" },
	    .codes = { HELD } },
	{ .label = "revised by a key that fell",
	    .want = DENY,
	    .edits = { MORE_KEYS, HOLD("h", SELLER), MORE_FELL,
		REVISED("}, 'target': {'seller': 'other.example'}"),
		"i @more" },
	    .codes = { HELD } },
	{ .label = "listed in a status by a key that fell",
	    .want = DENY,
	    .edits = { MORE_KEYS, HOLD("h", SELLER), MORE_FELL,
		"+s status usmobile.com {'sequence': '1',"
		" 'withdrawn': ['$digest:h']}",
		"s @more" },
	    .codes = { HELD } },
	{ .label = "listed in a status by a key that counts",
	    .want = PERMIT,
	    .edits = { HOLD("h", SELLER),
		"+s status usmobile.com {'sequence': '1',"
		" 'withdrawn': ['$digest:h']}" },
	    .codes = { -HELD } },
	{ .label = "a test key holds nothing in production",
	    .want = PERMIT,
	    .edits = { TEST_KEY, HOLD("h", SELLER), "h @more" },
	    .codes = { -HELD } },
	{ .label = "a test key removes nothing in production",
	    .want = PERMIT,
	    .edits = { TEST_KEY, HOLD("h", SELLER), "h @more",
		"h {'final': true}" },
	    .codes = { -REMOVED } },
	{ .label = "a test key withdraws no hold in production",
	    .want = DENY,
	    .edits = { TEST_KEY, HOLD("h", SELLER),
		"+w withdrawal usmobile.com {'targetDigest': '$digest:h'}",
		"w @more" },
	    .codes = { HELD } },
	{ .label = "a test key revises no hold in production",
	    .want = DENY,
	    .edits = { TEST_KEY, HOLD("h", SELLER),
		REVISED("}, 'target': {'seller': 'other.example'}"),
		"i @more" },
	    .codes = { HELD } },
};

START_TEST(hold_matches_all_that_is_set)
{
	world_run_row(&targets[_i]);
}
END_TEST

START_TEST(hold_is_the_marketplaces_alone)
{
	world_run_row(&issuers[_i]);
}
END_TEST

START_TEST(hold_stands_from_its_beginning_to_its_end)
{
	world_run_row(&spans[_i]);
}
END_TEST

START_TEST(hold_is_lifted_or_revised)
{
	world_run_row(&lifts[_i]);
}
END_TEST

START_TEST(hold_is_lifted_by_keys_that_count)
{
	world_run_row(&keys[_i]);
}
END_TEST

#define ADD(test, table)     \
	tcase_add_loop_test( \
	    tcase, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

int
main(void)
{
	Suite *suite = suite_create("hold");
	TCase *tcase = tcase_create("hold");

	ADD(hold_matches_all_that_is_set, targets);
	ADD(hold_is_the_marketplaces_alone, issuers);
	ADD(hold_stands_from_its_beginning_to_its_end, spans);
	ADD(hold_is_lifted_or_revised, lifts);
	ADD(hold_is_lifted_by_keys_that_count, keys);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
