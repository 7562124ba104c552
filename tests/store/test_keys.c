/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key sets of parties in a store: each follows the one before it, from the
 * party's keys in the current trust root on. Rows K9 to K16 of the catalogue of
 * faults, as far as they speak of parties.
 */
#include "play.h"

#define KEYS(name, revision, keys)                            \
	"~+" name " key-set mi.com {'header': {'id': 'keys'," \
	" 'revision': '" revision "'}, 'keys': '" keys "'}"
#define REVISED(name, of, revision, rest) \
	"~+" name " =" of " {'header': {'revision': '" revision "'}" rest "}"
#define ROOT_2(keys) \
	REVISED("root2", "root", "2", ", 'parties[0]': {'keys': '" keys "'}")
#define WITHDRAW_KEY(name, key, rest)                                \
	"~+" name " withdrawal mi.com {'targetKey': '$key:" key "'," \
	" 'reason': 'WITHDRAWAL_REASON_KEY_COMPROMISE'" rest "}"

static const play_plot_t steps[] = {
	{ "a new key: what the old one signed falls, and is signed anew",
	    { "good", KEYS("k1", "1", "$keys:mi.com#2"), "~k1 @mi.com mi.com#2",
		"add k1 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer AUTHORIZATION_MISSING", "add k1 DUPLICATE",
		REVISED("grant2", "grant", "2", ""),
		"add grant2 REFUSED STATEMENT_SIGNATURE_INVALID",
		"~grant2 @mi.com#2", "add grant2 ACCEPTED",
		REVISED("product2", "product", "2", ""), "~product2 @mi.com#2",
		"add product2 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "a key added beside the old one takes nothing away",
	    { "good", KEYS("k1", "1", "$keys:mi.com mi.com#2"), "~k1 @mi.com",
		"add k1 ACCEPTED", "is offer PUBLISHED PERMIT",
		REVISED("grant2", "grant", "2", ""), "~grant2 @mi.com#2",
		"add grant2 ACCEPTED", "is offer PUBLISHED PERMIT",
		KEYS("k2", "2", "$keys:mi.com#2"), "~k2 @mi.com#2",
		"add k2 ACCEPTED", "is offer SUSPENDED",
		"tells offer PRODUCT_UNKNOWN -AUTHORIZATION_MISSING",
		KEYS("k3", "3", "$keys:mi.com mi.com#2"), "~k3 @mi.com#2",
		"add k3 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "K10 signed by the new keys alone, or by the old ones alone",
	    { "good", KEYS("k1", "1", "$keys:mi.com#2"), "~k1 @mi.com#2",
		"add k1 REFUSED STATEMENT_SIGNATURE_INVALID", "~k1 @mi.com",
		"add k1 REFUSED STATEMENT_SIGNATURE_INVALID",
		"~k1 @mi.com mi.com#2", "~k1 !",
		"add k1 REFUSED STATEMENT_SIGNATURE_INVALID",
		"is offer PUBLISHED PERMIT" } },
	{ "K10 no step is left out, none goes back, and none forks",
	    { "good", KEYS("k1", "1", "$keys:mi.com mi.com#2"),
		KEYS("k2", "2", "$keys:mi.com mi.com#3"),
		KEYS("k3", "3", "$keys:mi.com mi.com#4"),
		KEYS("other", "2", "$keys:mi.com"), "~k1 @mi.com",
		"~k2 @mi.com", "~k3 @mi.com", "~other @mi.com",
		"add k1 ACCEPTED", "add k3 REFUSED STATEMENT_NO_STANDING",
		"add k2 ACCEPTED", "add other REFUSED STATEMENT_FORK",
		"add k1 DUPLICATE", "add k3 ACCEPTED",
		"add other STALE STATEMENT_STALE_REVISION",
		"is offer PUBLISHED PERMIT" } },
	{ "a withdrawal by keys of a grant that fell is known all the same",
	    { "good",
		"~+d =grant {'header': {'id': 'd'}, 'grantee': 'd.example',"
		" 'granteeKeys': '$keys:d.example', 'maxDelegations': 1}",
		"~+s =grant {'header': {'id': 's', 'issuer': 'd.example'},"
		" 'parentDigest': '$digest:d'}",
		"~s @d.example",
		"~+w withdrawal d.example {'targetDigest': '$digest:s'}",
		"~w @d.example", "add d ACCEPTED", "add s ACCEPTED",
		"add w ACCEPTED", "add w DUPLICATE", ROOT_2("$keys:mi.com#2"),
		"add root2 ACCEPTED", "add w DUPLICATE" } },
	{ "what new keys signed may stand before them in one call",
	    { "good", KEYS("k1", "1", "$keys:mi.com mi.com#2"), "~k1 @mi.com",
		REVISED("grant2", "grant", "2", ""), "~grant2 @mi.com#2",
		"all grant2 k1 ACCEPTED", "is offer PUBLISHED PERMIT",
		REVISED("grant3", "grant", "3", ""), "~grant3 @mi.com#3",
		ROOT_2("$keys:mi.com#3"),
		REVISED("product2", "product", "2", ""), "~product2 @mi.com#3",
		"all grant3 product2 root2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "all steps in one call, in any order",
	    { "good", KEYS("k1", "1", "$keys:mi.com mi.com#2"),
		KEYS("k2", "2", "$keys:mi.com mi.com#3"),
		KEYS("k3", "3", "$keys:mi.com mi.com#4"), "~k1 @mi.com",
		"~k2 @mi.com", "~k3 @mi.com", "add k1 ACCEPTED",
		"all k3 k2 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "another id does not begin a second way",
	    { "good", KEYS("k1", "1", "$keys:mi.com mi.com#2"), "~k1 @mi.com",
		"add k1 ACCEPTED",
		"~+k2 key-set mi.com {'header': {'id': 'mine', 'revision':"
		" '2'}, 'keys': '$keys:mi.com#2'}",
		"~k2 @mi.com mi.com#2",
		"add k2 REFUSED STATEMENT_SIGNATURE_INVALID" } },
	{ "R3 a revision does not run away",
	    { "good", KEYS("k1", "9223372036854775807", "$keys:mi.com#2"),
		"~k1 @mi.com mi.com#2", "add k1 REFUSED STATEMENT_NO_STANDING",
		"is offer PUBLISHED PERMIT" } },
	{ "K9 another party's key, and the root's",
	    { "good", KEYS("k1", "1", "$keys:mi.com t-mobile.com"),
		"~k1 @mi.com", "add k1 REFUSED STATEMENT_SIGNATURE_INVALID",
		KEYS("k2", "1", "$keys:mi.com root"), "~k2 @mi.com",
		"add k2 REFUSED STATEMENT_SIGNATURE_INVALID" } },
	{ "a stranger has no key set",
	    { "good",
		"~+k1 key-set stranger.example {'header': {'id': 'keys'},"
		" 'keys': '$keys:forger'}",
		"~k1 @forger", "add k1 REFUSED STATEMENT_ISSUER_UNKNOWN" } },
	{ "thresholds: two of three, and then one is too few",
	    { "good", KEYS("k1", "1", "$2-keys:mi.com mi.com#2 mi.com#3"),
		"~k1 @mi.com", "add k1 REFUSED STATEMENT_SIGNATURE_INVALID",
		"~k1 @mi.com mi.com#3", "add k1 ACCEPTED",
		"is offer SUSPENDED DENY", REVISED("grant2", "grant", "2", ""),
		"~grant2 @mi.com",
		"add grant2 REFUSED STATEMENT_SIGNATURE_INVALID",
		"~grant2 @mi.com#2 mi.com#3", "add grant2 ACCEPTED" } },
};

static const play_plot_t lives[] = {
	{ "K11 the last key set must be in its time, those before it need not",
	    { "good", KEYS("k1", "1", "$keys:mi.com mi.com#2"),
		"~k1 {'header': {'notAfter': '2016-03-01T00:00:00Z'}}",
		"~k1 @mi.com", "add k1 ACCEPTED", "is offer PUBLISHED PERMIT",
		"horizon offer 2016-03-01T00:00:00Z", "at 2016-03-01T00:00:00Z",
		"is offer SUSPENDED DENY", "tells offer STATEMENT_EXPIRED",
		KEYS("k2", "2", "$keys:mi.com mi.com#2"), "~k2 @mi.com#2",
		"add k2 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "K14 a key that ends keeps what was seen before",
	    { "good",
		"~+k1 key-set mi.com {'header': {'id': 'keys'}, 'keys':"
		" {'threshold': 1, 'keys': [{'spki': '$spki:mi.com',"
		" 'environment': 'ENVIRONMENT_PRODUCTION',"
		" 'notAfter': '2016-02-10T00:00:00Z'},"
		" {'spki': '$spki:mi.com#2',"
		" 'environment': 'ENVIRONMENT_PRODUCTION'}]}}",
		"~k1 @mi.com", "add k1 ACCEPTED", "is offer PUBLISHED PERMIT",
		"at 2016-02-10T00:00:00Z", "is offer PUBLISHED PERMIT",
		"~+grant2 =grant {'header': {'id': 'grant2'}}",
		"~+w withdrawal mi.com {'targetDigest': '$digest:grant'}",
		"~w @mi.com#2", "add w ACCEPTED", "is offer SUSPENDED DENY",
		"add grant2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer AUTHORIZATION_ALTERNATIVE_FAILED",
		"~grant2 @mi.com#2", "add grant2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "the marketplace's root begins anew: recovery",
	    { "good", KEYS("k1", "1", "$keys:forger"), "~k1 @mi.com forger",
		"add k1 ACCEPTED", "is offer SUSPENDED DENY",
		ROOT_2("$keys:mi.com#2"), "~root2 @root", "add root2 ACCEPTED",
		"is offer SUSPENDED DENY",
		"~+grant2 =grant {'header': {'revision': '2'}}",
		"~grant2 @forger",
		"add grant2 REFUSED STATEMENT_SIGNATURE_INVALID",
		"~grant2 @mi.com#2", "add grant2 ACCEPTED",
		REVISED("product2", "product", "2", ""), "~product2 @mi.com#2",
		"add product2 ACCEPTED", "is offer PUBLISHED PERMIT",
		KEYS("k2", "1", "$keys:mi.com#2 mi.com#3"), "~k2 @mi.com#2",
		"add k2 REFUSED STATEMENT_FORK",
		KEYS("k3", "2", "$keys:mi.com#2 mi.com#3"), "~k3 @mi.com#2",
		"add k3 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "the root that catches up goes on from there",
	    { "good", KEYS("k1", "1", "$keys:mi.com mi.com#2"), "~k1 @mi.com",
		"add k1 ACCEPTED", ROOT_2("$keys:mi.com#2"), "~root2 @root",
		"add root2 ACCEPTED", "is offer SUSPENDED",
		KEYS("k2", "2", "$keys:mi.com mi.com#2"), "~k2 @mi.com#2",
		"add k2 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "a compromise in the past takes the key set that came after it",
	    { "good", "at 2016-02-05T00:00:00Z",
		KEYS("k1", "1", "$keys:mi.com mi.com#2"), "~k1 @mi.com",
		"add k1 ACCEPTED", "is offer PUBLISHED PERMIT",
		"at 2016-02-06T00:00:00Z",
		WITHDRAW_KEY(
		    "w", "mi.com", ", 'effectiveAt': '2016-02-04T00:00:00Z'"),
		"~w @mi.com#2", "add w ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer KEY_WITHDRAWN",
		"was 2016-02-05T12:00:00Z offer PUBLISHED PERMIT" } },
	{ "an old key withdrawn after the key set takes nothing of it",
	    { "good", "at 2016-02-05T00:00:00Z",
		KEYS("k1", "1", "$keys:mi.com mi.com#2"), "~k1 @mi.com",
		"add k1 ACCEPTED", "at 2016-02-06T00:00:00Z",
		WITHDRAW_KEY("w", "mi.com", ""), "~w @mi.com#2",
		"add w ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "a key set withdrawn takes what its keys signed",
	    { "good", KEYS("k1", "1", "$keys:mi.com mi.com#2"), "~k1 @mi.com",
		"add k1 ACCEPTED", "is offer PUBLISHED PERMIT",
		"~+w withdrawal usmobile.com {'targetDigest': '$digest:k1'}",
		"add w ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer STATEMENT_WITHDRAWN" } },
	{ "what a key had withdrawn stays withdrawn when it is gone",
	    { "good", "~+w withdrawal mi.com {'targetDigest': '$digest:grant'}",
		"add w ACCEPTED", "is offer SUSPENDED DENY",
		KEYS("k1", "1", "$keys:mi.com#2"), "~k1 @mi.com mi.com#2",
		"add k1 ACCEPTED", KEYS("k2", "2", "$keys:mi.com"),
		"~k2 @mi.com#2 mi.com", "add k2 ACCEPTED",
		"is offer SUSPENDED DENY",
		"tells offer STATEMENT_WITHDRAWN" } },
	{ "the marketplace's own keys, by which the policy is signed",
	    { "good",
		"~+k1 key-set usmobile.com {'header': {'id': 'keys'},"
		" 'keys': '$keys:usmobile.com usmobile.com#2'}",
		"~k1 @usmobile.com", "add k1 ACCEPTED",
		"is offer PUBLISHED PERMIT", REVISED("p2", "policy", "2", ""),
		"~p2 @usmobile.com#2", "add p2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
};

PLAY_PLOTS(keys, steps)
PLAY_PLOTS(keys, lives)

int
main(void)
{
	Suite *suite = suite_create("keys");

	PLAY_TABLE(suite, keys, steps);
	PLAY_TABLE(suite, keys, lives);
	return harness_main(suite);
}
