/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may put new keys in the place of old ones: keys that count on the day on
 * which they sign. A test key, one that ended and one that was withdrawn hand
 * nothing on, neither of the root nor of a party; and whoever leaves the root
 * gives nothing more.
 */
#include "play.h"

#define REVISED(name, of, revision, rest) \
	"~+" name " =" of " {'header': {'revision': '" revision "'}" rest "}"
#define ROOT(name, revision, keys) \
	REVISED(name, "root", revision, ", 'rootKeys': '" keys "'")
#define KEYS(name, revision, keys)                            \
	"~+" name " key-set mi.com {'header': {'id': 'keys'," \
	" 'revision': '" revision "'}, 'keys': '" keys "'}"
#define BY(name, issuer, what) "~+" name " withdrawal " issuer " {" what "}"
#define KEY(of)                "'targetKey': '$key:" of "'"
#define ANOTHER(name, of)      "~+" name " =" of " {'header': {'id': '" name "'}}"
#define MARCH                  "2016-03-01T00:00:00Z"
#define LATER                  "2016-02-05T00:00:00Z"

/* Keys one by one, with what is said of each. */
#define SET(threshold, keys) "{'threshold': " threshold ", 'keys': [" keys "]}"
#define GOOD(key) \
	"{'spki': '$spki:" key "', 'environment': 'ENVIRONMENT_PRODUCTION'}"
#define TEST(key) "{'spki': '$spki:" key "', 'environment': 'ENVIRONMENT_TEST'}"
#define UNTIL(key, end)                            \
	"{'spki': '$spki:" key "', 'environment':" \
	" 'ENVIRONMENT_PRODUCTION', 'notAfter': '" end "'}"
#define FROM(key, begin)                           \
	"{'spki': '$spki:" key "', 'environment':" \
	" 'ENVIRONMENT_PRODUCTION', 'notBefore': '" begin "'}"

static const play_plot_t roots[] = {
	{ "K10 a test key of the root makes no root",
	    { "~root {'rootKeys': " SET(
		  "1", GOOD("root") "," TEST("root#2")) "}",
		"good", ROOT("root2", "2", "$keys:root#3"),
		"~root2 @root#2 root#3", "add root2 REFUSED KEY_ENVIRONMENT",
		"is offer PUBLISHED PERMIT", "~root2 @root root#3",
		"add root2 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "K10 nor does it make up a threshold",
	    { "~root {'rootKeys': " SET(
		  "2", GOOD("root") "," TEST("root#2") "," GOOD("root#3")) "}",
		"~root @root root#3", "good",
		ROOT("root2", "2", "$keys:root#4"),
		"~root2 @root root#2 root#4",
		"add root2 REFUSED KEY_ENVIRONMENT",
		"~root2 @root root#3 root#4", "add root2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "K14 a root key that ended hands nothing on",
	    { "~root {'rootKeys': " SET(
		  "1", UNTIL("root", MARCH) "," GOOD("root#2")) "}",
		"good", ROOT("root2", "2", "$keys:root#3"),
		"~root2 @root root#3", "at " MARCH, "is offer PUBLISHED PERMIT",
		"add root2 REFUSED KEY_OUTSIDE_WINDOW",
		"is offer PUBLISHED PERMIT", "~root2 @root#2 root#3",
		"add root2 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "K14 a second before its end it does",
	    { "~root {'rootKeys': " SET(
		  "1", UNTIL("root", MARCH) "," GOOD("root#2")) "}",
		"good", ROOT("root2", "2", "$keys:root#3"),
		"~root2 @root root#3", "at 2016-02-29T23:59:59Z",
		"add root2 ACCEPTED", "at " MARCH,
		"is offer PUBLISHED PERMIT" } },
	{ "K14 a root key that is yet to begin",
	    { "~root {'rootKeys': " SET(
		  "1", GOOD("root") "," FROM("root#2", MARCH)) "}",
		"good", ROOT("root2", "2", "$keys:root#3"),
		"~root2 @root#2 root#3", "add root2 REFUSED KEY_OUTSIDE_WINDOW",
		"at " MARCH, "add root2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "R15 a root key that was withdrawn hands nothing on",
	    { "~root {'rootKeys': '$keys:root root#2'}", "good", "at " LATER,
		BY("w", "usmobile.com", KEY("root")), "add w ACCEPTED",
		"is offer PUBLISHED PERMIT", ROOT("root2", "2", "$keys:root#3"),
		"~root2 @root root#3", "add root2 REFUSED KEY_WITHDRAWN",
		"is offer PUBLISHED PERMIT", "~root2 @root#2 root#3",
		"add root2 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "R15 one of three, where two are needed",
	    { "~root {'rootKeys': '$2-keys:root root#2 root#3'}",
		"~root @root root#2", "good", "at " LATER,
		BY("w", "usmobile.com", KEY("root")), "add w ACCEPTED",
		ROOT("root2", "2", "$2-keys:root#2 root#3 root#4"),
		"~root2 @root root#2 root#4", "add root2 REFUSED KEY_WITHDRAWN",
		"~root2 @root root#2 root#3", "add root2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "R15 withdrawn from a day to come it still does",
	    { "~root {'rootKeys': '$keys:root root#2'}", "good", "at " LATER,
		BY("w", "usmobile.com",
		    KEY("root") ", 'effectiveAt': '" MARCH "'"),
		"add w ACCEPTED", ROOT("root2", "2", "$keys:root#3"),
		"~root2 @root root#3", "add root2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "K11 ended roots are passed through, and the last one counts",
	    { "good",
		"~+root2 =root {'header': {'revision': '2', 'notAfter':"
		" '2016-01-20T00:00:00Z'}}",
		"~root2 @root", REVISED("root3", "root", "3", ""),
		"~root3 @root", "add root2 ACCEPTED",
		"is offer SUSPENDED INDETERMINATE", "tells offer ROOT_EXPIRED",
		"add root3 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "K11 the same in one call, the last one first",
	    { "good",
		"~+root2 =root {'header': {'revision': '2', 'notAfter':"
		" '2016-01-20T00:00:00Z'}}",
		"~root2 @root", REVISED("root3", "root", "3", ""),
		"~root3 @root", "all root3 root2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "K10 an older root does not come back, nor another of its revision",
	    { "good", ROOT("root2", "2", "$keys:root#2"), "~root2 @root root#2",
		"add root2 ACCEPTED", "add root DUPLICATE",
		REVISED("other", "root", "1", ", 'parties[5]': {'roles': []}"),
		"~other @root", "add other STALE STATEMENT_STALE_REVISION",
		ROOT("fork", "2", "$keys:root#3"), "~fork @root root#3",
		"add fork REFUSED STATEMENT_FORK",
		"is offer PUBLISHED PERMIT" } },
	{ "K9 K12 a root that cannot be: nothing of it gets in",
	    { "good",
		REVISED("root2", "root", "2",
		    ", 'parties[1]': {'keys': '$keys:mi.com'}"),
		"~root2 @root", "add root2 REFUSED STATEMENT_MALFORMED",
		ROOT("root3", "2", "$2-keys:root"), "~root3 @root",
		"add root3 REFUSED STATEMENT_MALFORMED",
		ROOT("root4", "2", "$keys:root mi.com"), "~root4 @root",
		"add root4 REFUSED STATEMENT_MALFORMED",
		"is offer PUBLISHED PERMIT" } },
};

#define HANDED_OVER                                                          \
	REVISED("root2", "root", "2",                                        \
	    ", 'parties[5]': {'roles': []}, 'parties[6]': {'roles':"         \
	    " [{'role': 'ROLE_CERTIFIER', 'schemes': ['ptcrb', 'fcc'],"      \
	    " 'territories': ['*']}]}"),                                     \
	    "add root2 ACCEPTED", "is offer SUSPENDED DENY",                 \
	    "~+anew =fcc {'header': {'id': 'anew', 'issuer': 'ptcrb.com'}}", \
	    "~anew @ptcrb.com", "add anew ACCEPTED"

/* A certifier leaves, and another takes its scheme over. */
static const play_plot_t leavers[] = {
	{ "C6 what it revoked stays revoked",
	    { "good",
		"~+gone =fcc {'header': {'revision': '2'},"
		" 'state': 'CERTIFICATION_STATE_REVOKED'}",
		"add gone ACCEPTED", "is offer SUSPENDED DENY", HANDED_OVER,
		"is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_ENDED" } },
	{ "C6 what it revoked of another version has to do with no other",
	    { "good",
		"~+gone =fcc {'header': {'id': 'gone'}, 'hardwareVersions':"
		" ['another'], 'state': 'CERTIFICATION_STATE_REVOKED'}",
		"add gone ACCEPTED", "is offer PUBLISHED PERMIT", HANDED_OVER,
		"is offer PUBLISHED PERMIT" } },
	{ "C6 what it only suspended does not bind who comes after it",
	    { "good",
		"~+held =fcc {'header': {'revision': '2'},"
		" 'state': 'CERTIFICATION_STATE_SUSPENDED'}",
		"add held ACCEPTED", "is offer SUSPENDED DENY", HANDED_OVER,
		"is offer PUBLISHED PERMIT" } },
};

static const play_plot_t parties[] = {
	{ "K10 a test key of a party gives it no other keys",
	    { "~root {'parties[0]': {'keys': " SET(
		  "1", GOOD("mi.com") "," TEST("mi.com#2")) "}}",
		"good", KEYS("k1", "1", "$keys:mi.com#3"),
		"~k1 @mi.com#2 mi.com#3",
		"add k1 REFUSED STATEMENT_SIGNATURE_INVALID",
		"is offer PUBLISHED PERMIT", "~k1 @mi.com mi.com#3",
		"add k1 ACCEPTED", "is offer SUSPENDED" } },
	{ "K14 a party's key that ended gives it none",
	    { "~root {'parties[0]': {'keys': " SET(
		  "1", UNTIL("mi.com", MARCH) "," GOOD("mi.com#2")) "}}",
		"good", KEYS("k1", "1", "$keys:mi.com mi.com#2"), "~k1 @mi.com",
		"at " MARCH, "add k1 REFUSED KEY_OUTSIDE_WINDOW",
		"is offer PUBLISHED PERMIT", "~k1 @mi.com#2", "add k1 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "R15 a party's key that was withdrawn gives it none",
	    { "~root {'parties[0]': {'keys': '$keys:mi.com mi.com#2'}}", "good",
		"at " LATER, BY("w", "mi.com", KEY("mi.com")), "~w @mi.com#2",
		"add w ACCEPTED", "is offer PUBLISHED PERMIT",
		KEYS("k1", "1", "$keys:mi.com#3"), "~k1 @mi.com mi.com#3",
		"add k1 REFUSED KEY_WITHDRAWN", "is offer PUBLISHED PERMIT",
		KEYS("k2", "1", "$keys:mi.com mi.com#2 mi.com#3"),
		"~k2 @mi.com#2", "add k2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "R15 named again, by a key set, it stays withdrawn",
	    { "~root {'parties[0]': {'keys': '$keys:mi.com mi.com#2'}}", "good",
		"at " LATER, BY("w", "mi.com", KEY("mi.com")), "~w @mi.com#2",
		"add w ACCEPTED", KEYS("k1", "1", "$keys:mi.com mi.com#2"),
		"~k1 @mi.com#2", "add k1 ACCEPTED", "is offer PUBLISHED PERMIT",
		ANOTHER("g2", "grant"), "~g2 @mi.com", "add g2 ACCEPTED",
		BY("v", "mi.com", "'targetDigest': '$digest:grant'"),
		"~v @mi.com#2", "add v ACCEPTED", "is offer SUSPENDED DENY",
		"~g2 @mi.com#2", "add g2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "R15 named again, by the root, it stays withdrawn",
	    { "~root {'parties[0]': {'keys': '$keys:mi.com mi.com#2'}}", "good",
		"at " LATER, BY("w", "mi.com", KEY("mi.com")), "~w @mi.com#2",
		"add w ACCEPTED", REVISED("root2", "root", "2", ""),
		"~root2 @root", "add root2 ACCEPTED",
		"is offer PUBLISHED PERMIT", ANOTHER("g2", "grant"),
		"~g2 @mi.com", "add g2 ACCEPTED",
		BY("v", "mi.com", "'targetDigest': '$digest:grant'"),
		"~v @mi.com#2", "add v ACCEPTED", "is offer SUSPENDED DENY",
		"~g2 @mi.com#2", "add g2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "behind a key set that was withdrawn none follows but by the root",
	    { "good", "at " LATER, KEYS("k1", "1", "$keys:mi.com mi.com#2"),
		"~k1 @mi.com", "add k1 ACCEPTED",
		BY("w", "usmobile.com", "'targetDigest': '$digest:k1'"),
		"add w ACCEPTED", "is offer SUSPENDED DENY",
		KEYS("k2", "2", "$keys:mi.com mi.com#3"),
		"~k2 @mi.com#2 mi.com#3", "add k2 REFUSED STATEMENT_WITHDRAWN",
		REVISED("root2", "root", "2",
		    ", 'parties[0]': {'keys': '$keys:mi.com#4'}"),
		"~root2 @root", "add root2 ACCEPTED", "is offer SUSPENDED DENY",
		"~grant @mi.com#4", "~product @mi.com#4",
		"all grant product ACCEPTED", "is offer PUBLISHED PERMIT",
		KEYS("k3", "2", "$keys:mi.com#4 mi.com#5"), "~k3 @mi.com#4",
		"add k3 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "the root helps with a key that is new, not with an earlier one",
	    { "good", KEYS("k1", "1", "$keys:mi.com#2"), "~k1 @mi.com mi.com#2",
		"add k1 ACCEPTED", KEYS("k2", "2", "$keys:thief"),
		"~k2 @mi.com#2 thief", "add k2 ACCEPTED",
		REVISED("root2", "root", "2",
		    ", 'parties[0]': {'keys': '$keys:mi.com#2'}"),
		"~root2 @root", "add root2 ACCEPTED", "~grant @mi.com#2",
		"add grant REFUSED STATEMENT_SIGNATURE_INVALID",
		REVISED("root3", "root", "3",
		    ", 'parties[0]': {'keys': '$keys:mi.com#3'}"),
		"~root3 @root", "add root3 ACCEPTED", "~grant @thief",
		"add grant REFUSED STATEMENT_SIGNATURE_INVALID",
		KEYS("k3", "3", "$keys:thief#2"), "~k3 @thief thief#2",
		"add k3 REFUSED STATEMENT_SIGNATURE_INVALID",
		"~grant @mi.com#3", "~product @mi.com#3",
		"all grant product ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "signatures of one key set in two envelopes are not put together",
	    { "good", KEYS("k1", "1", "$keys:mi.com#2"), "~k1 @mi.com",
		"add k1 REFUSED STATEMENT_SIGNATURE_INVALID", "~k1 @mi.com#2",
		"add k1 REFUSED STATEMENT_SIGNATURE_INVALID",
		"is offer PUBLISHED PERMIT", "~k1 @mi.com mi.com#2",
		"add k1 ACCEPTED", "is offer SUSPENDED",
		"~k1 @mi.com mi.com#2 mi.com#3", "add k1 DUPLICATE" } },
};

/* The parties of the good root, one of them left out. */
#define PARTY(id, role)                            \
	"{'id': '" id "', 'keys': '$keys:" id "'," \
	" 'roles': [" role "]}"
#define MI PARTY("mi.com", "{'role': 'ROLE_BRAND', 'brands': ['xiaomi']}")
#define TMO                                        \
	PARTY("t-mobile.com",                      \
	    "{'role': 'ROLE_CARRIER', 'networks':" \
	    " ['t-mobile.com/us']}")
#define US                                          \
	PARTY("usmobile.com",                       \
	    "{'role': 'ROLE_MARKETPLACE'},"         \
	    " {'role': 'ROLE_CARRIER', 'networks':" \
	    " ['usmobile.com/us']}")
#define FCC                                         \
	PARTY("fcc.gov",                            \
	    "{'role': 'ROLE_CERTIFIER', 'schemes':" \
	    " ['fcc'], 'territories': ['US']}")
#define LEAVES(name, revision, parties) \
	REVISED(name, "root", revision, ", 'parties': [" parties "]")

/* R7: nobody withdraws an issuer by a statement; the root does. */
static const play_plot_t issuers[] = {
	{ "R7 a certifier leaves the root, and comes back",
	    { "good", LEAVES("root2", "2", MI "," TMO "," US), "~root2 @root",
		"add root2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_MISSING",
		"add fcc REFUSED STATEMENT_ISSUER_UNKNOWN",
		REVISED("root3", "root", "3", ""), "~root3 @root",
		"add root3 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "R7 a brand leaves the root: what it took away stands",
	    { "good", ANOTHER("g2", "grant"), "add g2 ACCEPTED",
		BY("w", "mi.com", "'targetDigest': '$digest:grant'"),
		"add w ACCEPTED", "is offer PUBLISHED PERMIT",
		LEAVES("root2", "2", TMO "," US "," FCC), "~root2 @root",
		"add root2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer BRAND_UNKNOWN AUTHORIZATION_MISSING",
		REVISED("root3", "root", "3", ""), "~root3 @root",
		"add root3 ACCEPTED", "is offer PUBLISHED PERMIT",
		BY("v", "mi.com", "'targetDigest': '$digest:g2'"),
		"add v ACCEPTED", "is offer SUSPENDED DENY" } },
	{ "R7 a carrier leaves the root with its network",
	    { "good", LEAVES("root2", "2", MI "," US "," FCC), "~root2 @root",
		"add root2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer NETWORK_UNKNOWN CERTIFICATION_MISSING",
		REVISED("root3", "root", "3", ""), "~root3 @root",
		"add root3 ACCEPTED", "is offer PUBLISHED PERMIT" } },
};

/* R3: a stolen key leaves no revision above its own. */
#define STATUS(name, revision, issued)                            \
	"~+" name " status mi.com {'header': {'id': 'status',"    \
	" 'revision': '" revision "', 'issuedAt': '" issued "'}," \
	" 'sequence': '" revision "', 'page': 1, 'pageCount': 1}"
#define NOON "2016-02-01T12:00:00Z"
#define NEXT "2016-02-02T12:00:00Z"

#define GOES_BACK(of)                                           \
	REVISED(of "-3", of, "3", ""), "add " of "-3 ACCEPTED", \
	    REVISED(of "-2", of, "2", ""),                      \
	    "add " of "-2 STALE STATEMENT_STALE_REVISION"

static const play_plot_t runaways[] = {
	{ "R2 go-tuf CVE-2022-29173: no kind of statement goes back",
	    { "good", GOES_BACK("policy"), GOES_BACK("seller"),
		GOES_BACK("product"), GOES_BACK("network"), GOES_BACK("mvno"),
		GOES_BACK("grant"), GOES_BACK("carrier"), GOES_BACK("fcc"),
		"is offer PUBLISHED PERMIT" } },
	{ "R3 a policy's revision does not run away",
	    { "good", REVISED("p2", "policy", "140737488355330", ""),
		"add p2 REFUSED LIMIT_EXCEEDED", "is offer PUBLISHED PERMIT",
		REVISED("p3", "policy", "140737488355329", ""),
		"add p3 ACCEPTED", "is offer PUBLISHED PERMIT",
		"add p2 ACCEPTED", "is offer PUBLISHED PERMIT",
		REVISED("p4", "policy", "18446744073709551615", ""),
		"add p4 REFUSED LIMIT_EXCEEDED" } },
	{ "R3 R2 a list that ran away falls with the key that signed it",
	    { "~policy {'statusRules': [{'role': 'ROLE_BRAND',"
	      " 'maxAgeSeconds': '86400'}]}",
		"~root {'parties[0]': {'keys': '$keys:mi.com mi.com#2'}}",
		STATUS("s1", "1", NOON), "good", STATUS("s2", "2", NEXT),
		"at 2016-02-01T13:00:00Z",
		STATUS("z", "18446744073709551615", NOON), "~z @mi.com#2",
		"add z ACCEPTED", "is offer PUBLISHED PERMIT", "at " NEXT,
		"is offer SUSPENDED INDETERMINATE", "add s2 ACCEPTED",
		"is offer SUSPENDED INDETERMINATE",
		BY("w", "mi.com",
		    KEY("mi.com#2") ", 'effectiveAt':"
				    " '2016-02-01T12:30:00Z'"),
		"add w ACCEPTED", "is offer PUBLISHED PERMIT" } },
};

PLAY_PLOTS(rotation, roots)
PLAY_PLOTS(rotation, leavers)
PLAY_PLOTS(rotation, parties)
PLAY_PLOTS(rotation, issuers)
PLAY_PLOTS(rotation, runaways)

int
main(void)
{
	Suite *suite = suite_create("rotation");

	PLAY_TABLE(suite, rotation, roots);
	PLAY_TABLE(suite, rotation, leavers);
	PLAY_TABLE(suite, rotation, parties);
	PLAY_TABLE(suite, rotation, issuers);
	PLAY_TABLE(suite, rotation, runaways);
	return harness_main(suite);
}
