/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who the seller is, and whether the offer is the seller's. Rows of K, S and
 * "peers" about key sets are here, since an offer meets two at once: the
 * seller statement's and the grant's.
 *
 * Rows of FAULTS.md that this design rules out, or that are elsewhere:
 *   K1-K8, K12, K16   refused when a key or key set is loaded (test_key.c)
 *   K9   one key in two parties of the root is refused at parsing; keys that
 *        a seller or a grantee brings count in their own set alone (below)
 *   K10, K13, K15     rotation, snapshots and commits come with the store
 *   K17-K20           there are no X.509 certificates and no CRLs
 *   S14  signature bytes are never an identity (test_verify.c)
 */
#include "world.h"

#define PERMIT    MARKET_VERDICT_PERMIT
#define DENY      MARKET_VERDICT_DENY
#define UNSURE    MARKET_VERDICT_INDETERMINATE
#define UNKNOWN   MARKET_CODE_SELLER_UNKNOWN
#define SUSPENDED MARKET_CODE_SELLER_SUSPENDED
#define SIGNATURE MARKET_CODE_OFFER_SIGNATURE_INVALID
#define MISMATCH  MARKET_CODE_AUTHORIZATION_KEY_MISMATCH
#define UNMET     MARKET_CODE_THRESHOLD_UNMET

#define NOT_REQUIRED "policy {'requireSellerVerification': false}"
#define GRANT_KEYS   "grant {'granteeKeys': '$keys:shop.example'}"

static const world_row_t known[] = {
	{ .label = "verified",
	    .want = PERMIT,
	    .codes = { -UNKNOWN, -SUSPENDED, -SIGNATURE } },
	{ .label = "nobody has verified it",
	    .want = DENY,
	    .edits = { "-seller" },
	    .codes = { UNKNOWN, SIGNATURE } },
	{ .label = "another is verified",
	    .want = DENY,
	    .edits = { "seller {'seller': 'other.example'}" },
	    .codes = { UNKNOWN } },
	{ .label = "a grant's keys do not verify where policy requires it",
	    .want = DENY,
	    .edits = { "-seller", GRANT_KEYS },
	    .codes = { UNKNOWN, -SIGNATURE, -MISMATCH } },
	{ .label = "a grant's keys suffice where policy does not",
	    .want = PERMIT,
	    .edits = { "-seller", GRANT_KEYS, NOT_REQUIRED },
	    .codes = { -UNKNOWN, -SIGNATURE } },
	{ .label = "... by another key than the grant's",
	    .want = DENY,
	    .edits = { "-seller", GRANT_KEYS, NOT_REQUIRED, "offer @forger" },
	    .codes = { SIGNATURE, MISMATCH } },
	{ .label = "nobody says whose key it is",
	    .want = DENY,
	    .edits = { "-seller", NOT_REQUIRED },
	    .codes = { SIGNATURE, MISMATCH } },
	{ .label = "where a statement exists it decides",
	    .want = DENY,
	    .edits = { GRANT_KEYS, NOT_REQUIRED,
		"seller {'keys': '$keys:shop.example#2'}" },
	    .codes = { SIGNATURE, UNMET } },
	{ .label = "... also one that has ended",
	    .want = DENY,
	    .edits = { GRANT_KEYS, NOT_REQUIRED,
		"seller {'header': {'notAfter': '2016-01-15T00:00:00Z'}}" },
	    .codes = { MARKET_CODE_STATEMENT_EXPIRED } },
	{ .label = "suspended",
	    .want = DENY,
	    .edits = { "seller {'suspended': true,"
		       " 'suspensionReason': 'fraud'}" },
	    .codes = { SUSPENDED, -UNKNOWN } },
	{ .label = "suspended, where policy requires no seller statement",
	    .want = DENY,
	    .edits = { "seller {'suspended': true}", GRANT_KEYS, NOT_REQUIRED },
	    .codes = { SUSPENDED } },
	{ .label = "suspended, then not",
	    .want = PERMIT,
	    .edits = { "seller {'suspended': true}",
		"+again =seller {'suspended': false,"
		" 'header': {'revision': '2'}}" },
	    .codes = { -SUSPENDED } },
	{ .label = "not suspended, then so",
	    .want = DENY,
	    .edits = { "+again =seller {'suspended': true,"
		       " 'header': {'revision': '2'}}" },
	    .codes = { SUSPENDED } },
	{ .label = "one of two statements suspends",
	    .want = DENY,
	    .edits = { "+more =seller {'suspended': true,"
		       " 'header': {'id': 'more'}}" },
	    .codes = { SUSPENDED } },
	{ .label = "one of two forks suspends",
	    .want = DENY,
	    .edits = { "+fork =seller {'suspended': true}" },
	    .codes = { SUSPENDED } },
	{ .label = "a fork, and nothing else",
	    .want = UNSURE,
	    .edits = { "+fork =seller {'legalName': 'Shop Inc'}" },
	    .codes = { MARKET_CODE_STATEMENT_FORK } },
	{ .label = "a fork, and another statement that suffices",
	    .want = PERMIT,
	    .edits = { "+fork =seller {'legalName': 'Shop Inc'}",
		"+more =seller {'header': {'id': 'more'}}" },
	    .codes = { -MARKET_CODE_STATEMENT_FORK } },
	{ .label = "a fork, and one of the two has the offer's key",
	    .want = UNSURE,
	    .edits = { "+fork =seller {'keys': '$keys:shop.example#2'}" },
	    .codes = { MARKET_CODE_STATEMENT_FORK, -UNMET } },
	{ .label = "a fork, and neither has the offer's key",
	    .want = DENY,
	    .edits = { "seller {'keys': '$keys:shop.example#2'}",
		"+fork =seller {'keys': '$keys:shop.example#2',"
		" 'legalName': 'Shop Inc'}" },
	    .codes = { MARKET_CODE_STATEMENT_FORK, UNMET } },
	{ .label = "the statement with another key ends later",
	    .want = PERMIT,
	    .edits = { "+more =seller {'keys': '$keys:shop.example#2',"
		       " 'header': {'id': 'more',"
		       " 'notAfter': '2019-01-01T00:00:00Z'}}" },
	    .codes = { -UNMET, -SIGNATURE } },
	{ .label = "verified by a brand",
	    .want = DENY,
	    .edits = { "seller {'header': {'issuer': 'mi.com'}}",
		"seller @mi.com" },
	    .codes = { UNKNOWN },
	    .ignored = "seller",
	    .ignored_code = MARKET_CODE_STATEMENT_ISSUER_ROLE },
	{ .label = "verified by itself",
	    .want = DENY,
	    .edits = { "seller {'header': {'issuer': 'shop.example'}}",
		"seller @shop.example" },
	    .codes = { UNKNOWN },
	    .ignored = "seller",
	    .ignored_code = MARKET_CODE_STATEMENT_ISSUER_UNKNOWN },
	{ .label = "withdrawn",
	    .want = DENY,
	    .edits = { "+w withdrawal usmobile.com"
		       " {'targetDigest': '$digest:seller'}" },
	    .codes = { MARKET_CODE_STATEMENT_WITHDRAWN } },
};

#define TWO_OF_THREE "seller {'keys': '$2-keys:a b c'}"

static const world_row_t signatures[] = {
	{ .label = "S4 by another key",
	    .want = DENY,
	    .edits = { "offer @forger" },
	    .codes = { SIGNATURE, UNMET } },
	{ .label = "S4 K9 by the brand's key",
	    .want = DENY,
	    .edits = { "offer @mi.com" },
	    .codes = { SIGNATURE } },
	{ .label = "S4 K9 by the key of another verified seller",
	    .want = DENY,
	    .edits = { "offer @other.example",
		"+more =seller {'header': {'id': 'more'},"
		" 'seller': 'other.example',"
		" 'keys': '$keys:other.example'}" },
	    .codes = { SIGNATURE } },
	{ .label = "K9 two sellers with one key are two sellers",
	    .want = PERMIT,
	    .edits = { "+more =seller {'header': {'id': 'more'},"
		       " 'seller': 'other.example'}" } },
	{ .label = "S6 with a spoilt signature",
	    .want = DENY,
	    .edits = { "offer !" },
	    .codes = { SIGNATURE } },
	{ .label = "S5 a forger's signature beside the seller's",
	    .want = PERMIT,
	    .edits = { "offer @forger shop.example" },
	    .codes = { -SIGNATURE } },
	{ .label = "S5 the seller's beside a forger's",
	    .want = PERMIT,
	    .edits = { "offer @shop.example forger" },
	    .codes = { -SIGNATURE } },
	{ .label = "any one of the seller's keys",
	    .want = PERMIT,
	    .edits = { "seller {'keys': '$keys:a b c'}", "offer @c" } },
	{ .label = "two of three",
	    .want = PERMIT,
	    .edits = { TWO_OF_THREE, "offer @a c" },
	    .codes = { -SIGNATURE, -UNMET } },
	{ .label = "two of three, in the other order",
	    .want = PERMIT,
	    .edits = { TWO_OF_THREE, "offer @c a" } },
	{ .label = "three of three",
	    .want = PERMIT,
	    .edits = { TWO_OF_THREE, "offer @b c a" } },
	{ .label = "one of the two",
	    .want = DENY,
	    .edits = { TWO_OF_THREE, "offer @b" },
	    .codes = { SIGNATURE, UNMET } },
	{ .label = "one of the two, and a forger",
	    .want = DENY,
	    .edits = { TWO_OF_THREE, "offer @b forger" },
	    .codes = { SIGNATURE, UNMET } },
	{ .label = "S2 securesystemslib: one key signs twice",
	    .want = DENY,
	    .edits = { TWO_OF_THREE, "offer @b b" },
	    .codes = { SIGNATURE, UNMET } },
	{ .label = "S2 one key signs twice, another once",
	    .want = PERMIT,
	    .edits = { TWO_OF_THREE, "offer @b b a" } },
	{ .label = "S2 python-tuf: one key listed twice is no key set",
	    .want = DENY,
	    .edits = { "seller {'keys': '$2-keys:shop.example shop.example'}",
		"offer @shop.example shop.example" },
	    .codes = { UNKNOWN },
	    .ignored = "seller",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "K12 a threshold above the number of keys",
	    .want = DENY,
	    .edits = { "seller {'keys': '$2-keys:shop.example'}" },
	    .codes = { UNKNOWN },
	    .ignored = "seller",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "K12 a threshold of none",
	    .want = DENY,
	    .edits = { "seller {'keys': '$0-keys:shop.example'}" },
	    .codes = { UNKNOWN },
	    .ignored = "seller",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "one key from the seller statement, one from the grant",
	    .want = DENY,
	    .edits = { "seller {'keys': '$2-keys:a b'}",
		"grant {'granteeKeys': '$2-keys:b c'}", "offer @a c" },
	    .codes = { SIGNATURE, MISMATCH } },
	{ .label = "the threshold of both",
	    .want = PERMIT,
	    .edits = { "seller {'keys': '$2-keys:a b'}",
		"grant {'granteeKeys': '$2-keys:b c'}", "offer @a b c" } },
	{ .label = "of the grant's set the seller's threshold is not asked",
	    .want = PERMIT,
	    .edits = { "seller {'keys': '$2-keys:a b'}",
		"grant {'granteeKeys': '$keys:b c'}", "offer @a b" } },
	{ .label = "keys that a replaced revision named",
	    .want = DENY,
	    .edits = { "+again =seller {'keys': '$keys:a',"
		       " 'header': {'revision': '2'}}" },
	    .codes = { SIGNATURE } },
	{ .label = "keys that the new revision names",
	    .want = PERMIT,
	    .edits = { "+again =seller {'keys': '$keys:a',"
		       " 'header': {'revision': '2'}}",
		"offer @a" } },
};

/* The key that signed the offer: its window, environment and withdrawal. */
#define WINDOW(from, until)                         \
	"seller {'keys': {'threshold': 1, 'keys':"  \
	" [{'spki': '$spki:shop.example',"          \
	" 'environment': 'ENVIRONMENT_PRODUCTION'," \
	" 'notBefore': '" from "', 'notAfter': '" until "'}]}}"

static const world_row_t keys[] = {
	{ .label = "K14 before the key's window",
	    .want = DENY,
	    .at = "2016-02-29T23:59:59Z",
	    .edits = { WINDOW("2016-03-01T00:00:00Z", "2016-04-01T00:00:00Z") },
	    .codes = { MARKET_CODE_KEY_OUTSIDE_WINDOW, -SIGNATURE } },
	{ .label = "K14 at its beginning",
	    .want = PERMIT,
	    .at = "2016-03-01T00:00:00Z",
	    .edits = { WINDOW(
		"2016-03-01T00:00:00Z", "2016-04-01T00:00:00Z") } },
	{ .label = "K14 a second before its end",
	    .want = PERMIT,
	    .at = "2016-03-31T23:59:59Z",
	    .edits = { WINDOW(
		"2016-03-01T00:00:00Z", "2016-04-01T00:00:00Z") } },
	{ .label = "K14 at its end",
	    .want = DENY,
	    .at = "2016-04-01T00:00:00Z",
	    .edits = { WINDOW("2016-03-01T00:00:00Z", "2016-04-01T00:00:00Z") },
	    .codes = { MARKET_CODE_KEY_OUTSIDE_WINDOW } },
	{ .label = "Matter: a test key of the seller",
	    .want = DENY,
	    .edits = { "seller {'keys': '$test-keys:shop.example'}" },
	    .codes = { MARKET_CODE_KEY_ENVIRONMENT } },
	{ .label = "Matter: a test key of the grant",
	    .want = DENY,
	    .edits = { "grant {'granteeKeys': '$test-keys:shop.example'}" },
	    .codes = { MARKET_CODE_KEY_ENVIRONMENT } },
	{ .label = "the seller withdrew its key",
	    .want = DENY,
	    .edits = { "+w withdrawal shop.example"
		       " {'targetKey': '$key:shop.example'}" },
	    .codes = { MARKET_CODE_KEY_WITHDRAWN } },
	{ .label = "the marketplace withdrew the seller's key",
	    .want = DENY,
	    .edits = { "+w withdrawal usmobile.com"
		       " {'targetKey': '$key:shop.example'}" },
	    .codes = { MARKET_CODE_KEY_WITHDRAWN } },
	{ .label = "a brand withdraws the seller's key from its own grant",
	    .want = DENY,
	    .edits = { GRANT_KEYS,
		"+w withdrawal mi.com {'targetKey': '$key:shop.example'}" },
	    .codes = { MARKET_CODE_KEY_WITHDRAWN } },
	{ .label = "a brand withdraws the key that the marketplace names",
	    .want = PERMIT,
	    .edits = { "+w withdrawal mi.com {'targetKey': "
		       "'$key:shop.example'}" },
	    .codes = { -MARKET_CODE_KEY_WITHDRAWN } },
	{ .label = "another seller withdraws it",
	    .want = PERMIT,
	    .edits = { "+more =seller {'header': {'id': 'more'},"
		       " 'seller': 'other.example',"
		       " 'keys': '$keys:other.example'}",
		"+w withdrawal other.example"
		" {'targetKey': '$key:shop.example'}" },
	    .codes = { -MARKET_CODE_KEY_WITHDRAWN },
	    .ignored = "w",
	    .ignored_code = MARKET_CODE_STATEMENT_NO_STANDING },
	{ .label = "a key that signed nothing was withdrawn",
	    .want = PERMIT,
	    .edits = { "seller {'keys': '$keys:shop.example spare'}",
		"+w withdrawal usmobile.com {'targetKey': '$key:spare'}" },
	    .codes = { -MARKET_CODE_KEY_WITHDRAWN } },
	{ .label = "two sign, one key was withdrawn, one is needed",
	    .want = PERMIT,
	    .edits = { "seller {'keys': '$keys:shop.example spare'}",
		"offer @shop.example spare",
		"+w withdrawal usmobile.com {'targetKey': '$key:spare'}" },
	    .codes = { -MARKET_CODE_KEY_WITHDRAWN, -UNMET } },
	{ .label = "two sign, one key was withdrawn, two are needed",
	    .want = DENY,
	    .edits = { "seller {'keys': '$2-keys:shop.example spare'}",
		"offer @shop.example spare",
		"+w withdrawal usmobile.com {'targetKey': '$key:spare'}" },
	    .codes = { MARKET_CODE_KEY_WITHDRAWN, UNMET } },
};

START_TEST(seller_is_known_and_not_suspended)
{
	world_run_row(&known[_i]);
}
END_TEST

START_TEST(seller_signed_with_the_threshold_of_its_keys)
{
	world_run_row(&signatures[_i]);
}
END_TEST

START_TEST(seller_signed_with_keys_that_count)
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
	Suite *suite = suite_create("seller");
	TCase *tcase = tcase_create("seller");

	ADD(seller_is_known_and_not_suspended, known);
	ADD(seller_signed_with_the_threshold_of_its_keys, signatures);
	ADD(seller_signed_with_keys_that_count, keys);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
