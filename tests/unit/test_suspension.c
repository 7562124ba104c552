/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Suspensions, of a certification and of a seller: what lifts one gives, and
 * must count like all that gives. Another good statement always stands beside
 * it, so that nothing but the suspension keeps the offer out (C4, C6, R6, R16).
 */
#include "world.h"

#define PERMIT MARKET_VERDICT_PERMIT
#define DENY   MARKET_VERDICT_DENY

/* Both issuers have a second key; either of their keys signs alone. */
#define TWO_KEYS                                                     \
	"root {'parties[2]': {'keys': '$keys:t-mobile.com stolen'}," \
	" 'parties[4]': {'keys': '$keys:usmobile.com stolen-too'}}"

#define SUSPENDED                                 \
	TWO_KEYS,                                 \
	    "+s =carrier {'header': {'id': 's'}," \
	    " 'state': 'CERTIFICATION_STATE_SUSPENDED'}"

#define FELL "+k withdrawal t-mobile.com {'targetKey': '$key:stolen'}"

#define REVISED                               \
	"+r =s {'header': {'revision': '2'}," \
	" 'state': 'CERTIFICATION_STATE_CERTIFIED'}"

#define SELLER_SUSPENDED                         \
	TWO_KEYS,                                \
	    "+s =seller {'header': {'id': 's'}," \
	    " 'suspended': true, 'suspensionReason': 'fraud'}"

#define SELLER_FELL \
	"+k withdrawal usmobile.com {'targetKey': '$key:stolen-too'}"

#define SELLER_REVISED "+r =s {'header': {'revision': '2'}, 'suspended': null}"

#define CARRIER_GONE MARKET_CODE_CERTIFICATION_SUSPENDED
#define SELLER_GONE  MARKET_CODE_SELLER_SUSPENDED

static const world_row_t certification[] = {
	{ .label = "a suspension beside a certification",
	    .want = DENY,
	    .edits = { SUSPENDED },
	    .codes = { CARRIER_GONE } },
	{ .label = "a revision by a good key lifts it",
	    .want = PERMIT,
	    .edits = { SUSPENDED, FELL, REVISED },
	    .codes = { -CARRIER_GONE } },
	{ .label = "a revision by a key that fell does not",
	    .want = DENY,
	    .edits = { SUSPENDED, FELL, REVISED, "r @stolen" },
	    .codes = { CARRIER_GONE } },
	{ .label = "a revision that has not begun does not",
	    .want = DENY,
	    .edits = { SUSPENDED, REVISED,
		"r {'header': {'notBefore': '2017-01-01T00:00:00Z'}}" },
	    .codes = { CARRIER_GONE } },
	{ .label = "... and does once it has",
	    .want = PERMIT,
	    .at = "2017-01-01T00:00:00Z",
	    .edits = { SUSPENDED, REVISED,
		"r {'header': {'notBefore': '2017-01-01T00:00:00Z'}}" },
	    .codes = { -CARRIER_GONE } },
	{ .label = "a withdrawal by a good key lifts it",
	    .want = PERMIT,
	    .edits = { SUSPENDED, FELL,
		"+w withdrawal t-mobile.com {'targetDigest': '$digest:s'}" },
	    .codes = { -CARRIER_GONE } },
	{ .label = "a withdrawal by a key that fell does not",
	    .want = DENY,
	    .edits = { SUSPENDED, FELL,
		"+w withdrawal t-mobile.com {'targetDigest': '$digest:s'}",
		"w @stolen" },
	    .codes = { CARRIER_GONE } },
	{ .label = "nor does a status list by it",
	    .want = DENY,
	    .edits = { SUSPENDED, FELL,
		"+l status t-mobile.com {'sequence': '1', 'pageCount': 1,"
		" 'withdrawn': ['$digest:s']}",
		"l @stolen" },
	    .codes = { CARRIER_GONE } },
	{ .label = "under test, revised by a key that fell",
	    .want = DENY,
	    .edits = { SUSPENDED, "s {'state': 'CERTIFICATION_STATE_IN_TEST'}",
		FELL, REVISED, "r @stolen" },
	    .codes = { MARKET_CODE_CERTIFICATION_IN_TEST } },
	{ .label = "under test, revised by a good key",
	    .want = PERMIT,
	    .edits = { SUSPENDED, "s {'state': 'CERTIFICATION_STATE_IN_TEST'}",
		FELL, REVISED },
	    .codes = { -MARKET_CODE_CERTIFICATION_IN_TEST } },
	{ .label = "under test, withdrawn by a key that fell",
	    .want = DENY,
	    .edits = { SUSPENDED, "s {'state': 'CERTIFICATION_STATE_IN_TEST'}",
		FELL,
		"+w withdrawal t-mobile.com {'targetDigest': '$digest:s'}",
		"w @stolen" },
	    .codes = { MARKET_CODE_CERTIFICATION_IN_TEST } },
	{ .label = "provisional and accepted permits by no lower revision",
	    .want = DENY,
	    .edits = { "policy {'acceptProvisional': true}",
		"carrier {'state': 'CERTIFICATION_STATE_PROVISIONAL'}",
		"+r =carrier {'header': {'revision': '2', 'id': 'carrier',"
		" 'notBefore': '2017-01-01T00:00:00Z'}}" },
	    .codes = { MARKET_CODE_STATEMENT_NOT_YET_VALID } },
	{ .label = "its end lifts it",
	    .want = PERMIT,
	    .at = "2016-02-01T00:00:00Z",
	    .edits = { SUSPENDED,
		"s {'header': {'notAfter': '2016-02-01T00:00:00Z'}}" },
	    .codes = { -CARRIER_GONE } },
};

static const world_row_t seller[] = {
	{ .label = "a suspension beside another statement",
	    .want = DENY,
	    .edits = { SELLER_SUSPENDED },
	    .codes = { SELLER_GONE } },
	{ .label = "a revision by a good key lifts it",
	    .want = PERMIT,
	    .edits = { SELLER_SUSPENDED, SELLER_FELL, SELLER_REVISED },
	    .codes = { -SELLER_GONE } },
	{ .label = "a revision by a key that fell does not",
	    .want = DENY,
	    .edits = { SELLER_SUSPENDED, SELLER_FELL, SELLER_REVISED,
		"r @stolen-too" },
	    .codes = { SELLER_GONE } },
	{ .label = "a withdrawal by a good key lifts it",
	    .want = PERMIT,
	    .edits = { SELLER_SUSPENDED, SELLER_FELL,
		"+w withdrawal usmobile.com {'targetDigest': '$digest:s'}" },
	    .codes = { -SELLER_GONE } },
	{ .label = "a withdrawal by a key that fell does not",
	    .want = DENY,
	    .edits = { SELLER_SUSPENDED, SELLER_FELL,
		"+w withdrawal usmobile.com {'targetDigest': '$digest:s'}",
		"w @stolen-too" },
	    .codes = { SELLER_GONE } },
	{ .label = "a suspension that has not begun suspends nobody",
	    .want = PERMIT,
	    .edits = { SELLER_SUSPENDED,
		"s {'header': {'notBefore': '2016-03-01T00:00:00Z'}}" },
	    .codes = { -SELLER_GONE } },
	{ .label = "a suspension that has just begun",
	    .want = DENY,
	    .at = "2016-03-01T00:00:00Z",
	    .edits = { SELLER_SUSPENDED,
		"s {'header': {'notBefore': '2016-03-01T00:00:00Z'}}" },
	    .codes = { SELLER_GONE } },
	{ .label = "its end does not lift it",
	    .want = DENY,
	    .edits = { SELLER_SUSPENDED,
		"s {'header': {'notAfter': '2016-01-15T00:00:00Z'}}" },
	    .codes = { SELLER_GONE } },
};

START_TEST(suspension_of_a_certification)
{
	world_run_row(&certification[_i]);
}
END_TEST

START_TEST(suspension_of_a_seller)
{
	world_run_row(&seller[_i]);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("suspension");
	TCase *tcase = tcase_create("rows");

	tcase_add_loop_test(tcase, suspension_of_a_certification, 0,
	    (int)(sizeof(certification) / sizeof(certification[0])));
	tcase_add_loop_test(tcase, suspension_of_a_seller, 0,
	    (int)(sizeof(seller) / sizeof(seller[0])));
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
