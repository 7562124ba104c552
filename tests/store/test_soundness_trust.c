/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What everything rests on changes: the policy, the trust root, the clock; and
 * what takes away for good, or for a while.
 */
#include "play.h"

#define BY(name, issuer, what) "~+" name " withdrawal " issuer " {" what "}"
#define DIGEST(of)             "'targetDigest': '$digest:" of "'"
#define KEY(of)                "'targetKey': '$key:" of "'"
#define REVISED(name, of, revision, rest) \
	"~+" name " =" of " {'header': {'revision': '" revision "'}" rest "}"
#define ANOTHER(name, of) "~+" name " =" of " {'header': {'id': '" name "'}}"
#define ANYWHERE                                               \
	" 'scope': {'models': ['*'], 'territories': ['*'],"    \
	" 'channels': ['CHANNEL_ANY'], 'marketplaces': ['*']," \
	" 'conditions': ['CONDITION_ANY']}"
#define DISAVOW(name, parties)                            \
	"~+" name " disavowal mi.com {'brand': 'xiaomi'," \
	" 'parties': ['" parties "']," ANYWHERE "}"
#define HOLD(name, target, rest)                                \
	"~+" name " hold usmobile.com {'target': {" target "}," \
	" 'reason': 'WITHDRAWAL_REASON_SAFETY'" rest "}"
#define STATE(name, revision, state)       \
	REVISED(name, "carrier", revision, \
	    ", 'state': 'CERTIFICATION_STATE_" state "'")
#define MARCH "2016-03-01T00:00:00Z"

static const play_plot_t policies[] = {
	{ "a policy that demands more, and less again",
	    { "good",
		REVISED("p2", "policy", "2",
		    ", 'requirements': [{'territories': ['US'], 'networks':"
		    " ['*'], 'categories': ['*'], 'schemes': ['carrier',"
		    " 'fcc', 'ptcrb']}]"),
		"add p2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_MISSING", "add policy DUPLICATE",
		"is offer SUSPENDED DENY", REVISED("p3", "policy", "3", ""),
		"add p3 ACCEPTED", "is offer PUBLISHED PERMIT",
		"add p2 DUPLICATE", "is offer PUBLISHED PERMIT" } },
	{ "a higher minimum of service",
	    { "good",
		REVISED(
		    "p2", "policy", "2", ", 'minimumService': 'SERVICE_4G'"),
		"add p2 ACCEPTED", "is offer SUSPENDED DENY" } },
	{ "a policy of another environment",
	    { "good",
		REVISED(
		    "p2", "policy", "2", ", 'environment': 'ENVIRONMENT_TEST'"),
		"add p2 ACCEPTED", "is offer SUSPENDED DENY" } },
	{ "each clock skew in its turn",
	    { "~offer {'header': {'notBefore': '2016-02-01T12:03:00Z'}}",
		"good",
		REVISED("p2", "policy", "2", ", 'clockSkewSeconds': '0'"),
		"add p2 ACCEPTED", "is offer HELD DENY",
		REVISED("p3", "policy", "3", ", 'clockSkewSeconds': '200'"),
		"add p3 ACCEPTED", "is offer PUBLISHED PERMIT",
		REVISED("p4", "policy", "4", ", 'clockSkewSeconds': '100'"),
		"add p4 ACCEPTED", "is offer HELD DENY",
		REVISED("p5", "policy", "5", ", 'clockSkewSeconds': '181'"),
		"add p5 ACCEPTED", "is offer PUBLISHED PERMIT",
		REVISED("p6", "policy", "6", ", 'clockSkewSeconds': '179'"),
		"add p6 ACCEPTED", "is offer HELD DENY" } },
	{ "each clock skew in its turn, for a grant",
	    { "~grant {'header': {'notBefore': '2016-02-01T12:03:00Z'}}",
		"good",
		REVISED("p2", "policy", "2", ", 'clockSkewSeconds': '0'"),
		"add p2 ACCEPTED", "is offer SUSPENDED DENY",
		REVISED("p3", "policy", "3", ", 'clockSkewSeconds': '200'"),
		"add p3 ACCEPTED", "is offer PUBLISHED PERMIT",
		REVISED("p4", "policy", "4", ", 'clockSkewSeconds': '100'"),
		"add p4 ACCEPTED", "is offer SUSPENDED DENY",
		REVISED("p5", "policy", "5", ", 'clockSkewSeconds': '181'"),
		"add p5 ACCEPTED", "is offer PUBLISHED PERMIT",
		REVISED("p6", "policy", "6", ", 'clockSkewSeconds': '179'"),
		"add p6 ACCEPTED", "is offer SUSPENDED DENY",
		"horizon offer 2016-02-01T12:00:01Z" } },
	{ "another policy is not this store's",
	    { "good", ANOTHER("p2", "policy"),
		"add p2 REFUSED STATEMENT_NO_STANDING",
		"is offer PUBLISHED PERMIT" } },
	{ "a policy withdrawn",
	    { "good", BY("w", "usmobile.com", DIGEST("policy")),
		"add w ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer POLICY_MISSING", REVISED("p2", "policy", "2", ""),
		"add p2 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "K11 a policy that ends",
	    { "~policy {'header': {'notAfter': '" MARCH "'}}", "good",
		"horizon offer " MARCH, "at " MARCH,
		"is offer SUSPENDED INDETERMINATE",
		"tells offer POLICY_MISSING",
		BY("w", "mi.com", DIGEST("grant")), "add w ACCEPTED",
		"~+p2 =policy {'header': {'revision': '2', 'notAfter':"
		" '2026-01-01T00:00:00Z'}}",
		"add p2 ACCEPTED", "is offer SUSPENDED DENY",
		ANOTHER("g2", "grant"), "add g2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
};

static const play_plot_t roots[] = {
	{ "K10 revision 2 signed by both",
	    { "good",
		REVISED("root2", "root", "2", ", 'rootKeys': '$keys:root#2'"),
		"~root2 @root", "add root2 REFUSED", "~root2 @root#2",
		"add root2 REFUSED STATEMENT_SIGNATURE_INVALID",
		"~root2 @root root#2", "add root2 ACCEPTED",
		"is offer PUBLISHED PERMIT", "add root2 DUPLICATE",
		"add root DUPLICATE", REVISED("root4", "root2", "4", ""),
		"~root4 @root#2", "add root4 REFUSED STATEMENT_NO_STANDING",
		REVISED("root3", "root2", "3", ""), "~root3 @root",
		"add root3 REFUSED", "~root3 @root#2", "add root3 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "K10 another root of the same revision",
	    { "good",
		REVISED("root1", "root", "1",
		    ", 'parties[0]': {'keys':"
		    " '$keys:forger'}"),
		"~root1 @root", "add root1 REFUSED STATEMENT_FORK",
		"is offer PUBLISHED PERMIT" } },
	{ "a role removed",
	    { "good",
		REVISED("root2", "root", "2",
		    ", 'parties[5]': {'roles':"
		    " []}"),
		"~root2 @root", "add root2 ACCEPTED", "is offer SUSPENDED",
		REVISED("root3", "root", "3", ""), "~root3 @root",
		"add root3 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "a brand taken from its party",
	    { "good",
		REVISED("root2", "root", "2",
		    ", 'parties[0]': {'roles':"
		    " [{'role': 'ROLE_BRAND', 'brands': ['mi']}]}"),
		"~root2 @root", "add root2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer BRAND_UNKNOWN AUTHORIZATION_MISSING" } },
	{ "a brand's key replaced: what gave falls, and is signed anew",
	    { "good",
		REVISED("root2", "root", "2",
		    ", 'parties[0]': {'keys':"
		    " '$keys:mi.com#2'}"),
		"~root2 @root", "add root2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer AUTHORIZATION_MISSING",
		"add grant REFUSED STATEMENT_SIGNATURE_INVALID",
		"~grant @mi.com#2", "~product @mi.com#2", "add grant ACCEPTED",
		"is offer SUSPENDED", "add product ACCEPTED",
		"is offer PUBLISHED PERMIT", "add grant DUPLICATE" } },
	{ "a brand's key replaced: what it took away stands",
	    { "good", DISAVOW("d", "shop.example"), "add d ACCEPTED",
		"is offer SUSPENDED DENY",
		REVISED("root2", "root", "2",
		    ", 'parties[0]': {'keys':"
		    " '$keys:mi.com#2'}"),
		"~root2 @root", "add root2 ACCEPTED", "~grant @mi.com#2",
		"~product @mi.com#2", "all grant product ACCEPTED",
		"is offer SUSPENDED DENY", "tells offer BRAND_DISAVOWED",
		BY("w", "mi.com", DIGEST("d")),
		"add w REFUSED STATEMENT_SIGNATURE_INVALID", "~w @mi.com#2",
		"add w ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "a withdrawal stands though its key fell with the root",
	    { "good", BY("w", "mi.com", DIGEST("grant")), "add w ACCEPTED",
		REVISED("root2", "root", "2",
		    ", 'parties[0]': {'keys':"
		    " '$keys:mi.com#2'}"),
		"~root2 @root", "add root2 ACCEPTED", "~grant @mi.com#2",
		"~product @mi.com#2", "add product ACCEPTED",
		"add grant ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer STATEMENT_WITHDRAWN" } },
	{ "what lifts must be vouched for, as all that gives",
	    { "good", DISAVOW("d", "shop.example"), "add d ACCEPTED",
		"is offer SUSPENDED DENY", BY("w", "mi.com", DIGEST("d")),
		"add w ACCEPTED", "is offer PUBLISHED PERMIT",
		REVISED("root2", "root", "2",
		    ", 'parties[0]': {'keys':"
		    " '$keys:mi.com#2'}"),
		"~root2 @root", "add root2 ACCEPTED", "~grant @mi.com#2",
		"~product @mi.com#2", "all grant product ACCEPTED",
		"is offer SUSPENDED DENY", "tells offer BRAND_DISAVOWED",
		"~w @mi.com#2", "add w ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "so must a revision that narrows a disavowal",
	    { "good", DISAVOW("d", "shop.example"), "add d ACCEPTED",
		REVISED("d2", "d", "2", ", 'parties': ['x.example']"),
		"add d2 ACCEPTED", "is offer PUBLISHED PERMIT",
		REVISED("root2", "root", "2",
		    ", 'parties[0]': {'keys':"
		    " '$keys:mi.com#2'}"),
		"~root2 @root", "add root2 ACCEPTED", "~grant @mi.com#2",
		"~product @mi.com#2", "all grant product ACCEPTED",
		"is offer SUSPENDED DENY", "tells offer BRAND_DISAVOWED",
		"~d2 @mi.com#2", "add d2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "a fallen revision is not undercut by a lower one",
	    { "good", REVISED("g3", "grant", "3", ""), "add g3 ACCEPTED",
		REVISED("root2", "root", "2",
		    ", 'parties[0]': {'keys':"
		    " '$keys:mi.com#2'}"),
		"~root2 @root", "add root2 ACCEPTED", "~grant @mi.com#2",
		"~product @mi.com#2", "add product ACCEPTED",
		"add grant DUPLICATE", "is offer SUSPENDED DENY",
		REVISED("g2", "grant", "2", ""), "~g2 @mi.com#2",
		"add g2 STALE", "is offer SUSPENDED DENY", "~g3 @mi.com#2",
		"add g3 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "the marketplace's key replaced: policy and sellers fall",
	    { "good", HOLD("h", "'seller': 'x.example'", ""), "add h ACCEPTED",
		REVISED("root2", "root", "2",
		    ", 'parties[4]': {'keys':"
		    " '$keys:usmobile.com#2'}"),
		"~root2 @root", "add root2 ACCEPTED", "is offer SUSPENDED DENY",
		"~policy @usmobile.com#2", "add policy ACCEPTED",
		"is offer SUSPENDED DENY", "~seller @usmobile.com#2",
		"add seller ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "a provisional certification gives, and falls with its key",
	    { "~policy {'acceptProvisional': true}",
		"~carrier {'state': 'CERTIFICATION_STATE_PROVISIONAL'}", "good",
		REVISED("root2", "root", "2",
		    ", 'parties[2]': {'keys':"
		    " '$keys:t-mobile.com#2'}"),
		"~root2 @root", "add root2 ACCEPTED",
		"~network @t-mobile.com#2", "add network ACCEPTED",
		"is offer SUSPENDED DENY", "~carrier @t-mobile.com#2",
		"add carrier ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "a key's withdrawal, signed anew, does not begin anew",
	    { "good", BY("k", "usmobile.com", KEY("mi.com")), "add k ACCEPTED",
		"is offer SUSPENDED DENY", "at " MARCH, ANOTHER("g2", "grant"),
		"add g2 ACCEPTED", "is offer SUSPENDED DENY",
		"at 2016-04-01T00:00:00Z",
		REVISED("root2", "root", "2",
		    ", 'parties[4]': {'keys':"
		    " '$keys:usmobile.com#2'}"),
		"~root2 @root", "add root2 ACCEPTED", "~policy @usmobile.com#2",
		"~seller @usmobile.com#2", "~k @usmobile.com#2",
		"all policy seller k ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer KEY_WITHDRAWN" } },
	{ "the bits of one key set say nothing of another",
	    { "~root {'parties[0]': {'keys': '$2-keys:mi.com mi.com#2"
	      " mi.com#3'}}",
		"~product @mi.com mi.com#2", "~grant @mi.com mi.com#2", "good",
		DISAVOW("d", "shop.example"), "~d @mi.com mi.com#2",
		"add d ACCEPTED", BY("w", "mi.com", DIGEST("d")),
		"~w @mi.com mi.com#2", "add w ACCEPTED",
		"is offer PUBLISHED PERMIT",
		REVISED("root2", "root", "2",
		    ", 'parties[0]': {'keys':"
		    " '$keys:mi.com#4 mi.com#5"
		    " mi.com#6'}"),
		"~root2 @root", "add root2 ACCEPTED", "~product @mi.com#5",
		"~grant @mi.com#5", "~w @mi.com#6",
		"all product grant w ACCEPTED", "is offer PUBLISHED PERMIT",
		BY("k", "usmobile.com",
		    "'effectiveAt':"
		    " '2016-01-15T00:00:00Z'," KEY("mi.com#6")),
		"add k ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer BRAND_DISAVOWED" } },
	{ "K11 a root that ends",
	    { "~root {'header': {'notAfter': '" MARCH "'}}", "good",
		"horizon offer " MARCH, "at " MARCH,
		"is offer SUSPENDED INDETERMINATE", "tells offer ROOT_EXPIRED",
		BY("w", "mi.com", DIGEST("grant")), "add w ACCEPTED",
		"is offer SUSPENDED DENY",
		"~+root2 =root {'header': {'revision': '2', 'notAfter':"
		" '2026-01-01T00:00:00Z'}}",
		"~root2 @root", "add root2 ACCEPTED", "is offer SUSPENDED DENY",
		ANOTHER("g2", "grant"), "add g2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
};

static const play_plot_t clocks[] = {
	{ "T4 a clock that steps back before not_before",
	    { "~grant {'header': {'notBefore': '2016-02-01T11:00:00Z',"
	      " 'issuedAt': '2016-02-01T11:00:00Z'}}",
		"good", "at 2016-02-01T10:00:00Z",
		"is offer SUSPENDED INDETERMINATE",
		"tells offer CLOCK_UNTRUSTED", REVISED("o2", "offer", "2", ""),
		"submit o2 REFUSED INDETERMINATE", "pause offer OK",
		"resume offer E_INDETERMINATE", "at 2016-02-01T11:56:00Z",
		"is offer PAUSED PERMIT", "resume offer OK",
		"is offer PUBLISHED PERMIT", "submit o2 ACCEPTED PERMIT" } },
	{ "T4 withdrawing works with any clock",
	    { "good", "at 1970-01-01T00:00:00Z",
		BY("w", "mi.com", DIGEST("grant")), "add w ACCEPTED",
		"is offer SUSPENDED DENY", "end offer OK",
		"is offer ENDED DENY", "at 2016-02-01T12:00:00Z",
		"is offer ENDED DENY", "resume offer OK",
		"is offer SUSPENDED DENY" } },
	{ "T4 just within the tolerance, and just beyond it",
	    { "good", "at 2016-02-01T11:55:00Z", "is offer PUBLISHED PERMIT",
		"at 2016-02-01T11:54:59Z",
		"is offer SUSPENDED INDETERMINATE" } },
	{ "T4 ten years ahead: everything has ended",
	    { "good", "at 2026-02-01T12:00:00Z", "is offer SUSPENDED DENY",
		"at 2016-02-01T12:00:00Z", "is offer PUBLISHED PERMIT",
		"at 2026-02-01T12:00:00Z", "refresh", "is offer SUSPENDED DENY",
		"at 2016-02-01T12:00:00Z", "is offer SUSPENDED DENY",
		"was 2016-02-01T12:00:00Z offer PUBLISHED PERMIT" } },
	{ "T7 an offer whose window ends",
	    { "~offer {'header': {'notAfter': '" MARCH "'}}", "good",
		"horizon offer " MARCH, "at 2016-02-29T23:59:59Z",
		"is offer PUBLISHED PERMIT", "at " MARCH,
		"is offer SUSPENDED DENY", "tells offer OFFER_EXPIRED",
		"refresh", "is offer SUSPENDED DENY",
		"submit offer REFUSED DENY",
		"~+o2 =offer {'header': {'revision': '2', 'notAfter':"
		" '2016-04-01T00:00:00Z'}}",
		"submit o2 ACCEPTED PERMIT", "is offer PUBLISHED PERMIT" } },
	{ "an offer whose window is to come",
	    { "~offer {'header': {'notBefore': '" MARCH "'}}", "begin",
		"all seller product network mvno carrier fcc grant ACCEPTED",
		"submit offer ACCEPTED DENY", "is offer HELD DENY",
		"horizon offer 2016-02-29T23:55:00Z", "at 2016-02-29T23:54:59Z",
		"is offer HELD DENY", "at 2016-02-29T23:55:00Z",
		"is offer PUBLISHED PERMIT" } },
	{ "a grant that ends and one that begins",
	    { "~grant {'header': {'notAfter': '" MARCH "'}}",
		"~+g2 =grant {'header': {'id': 'g2', 'notBefore':"
		" '2016-04-01T00:00:00Z', 'notAfter': '2016-05-01T00:00:00Z'}}",
		"good", "horizon offer " MARCH, "at " MARCH,
		"is offer SUSPENDED DENY", "horizon offer 2016-03-31T23:55:00Z",
		"refresh", "at 2016-03-31T23:55:00Z",
		"is offer PUBLISHED PERMIT",
		"horizon offer 2016-05-01T00:00:00Z", "at 2016-05-01T00:00:00Z",
		"is offer SUSPENDED DENY", "refresh",
		"is offer SUSPENDED DENY" } },
	{ "the network of 2016 is switched off",
	    { "good", "horizon offer 2022-07-01T00:00:00Z",
		"at 2022-06-30T23:59:59Z", "is offer PUBLISHED PERMIT",
		"at 2022-07-01T00:00:00Z", "is offer SUSPENDED DENY" } },
};

static const play_plot_t holds[] = {
	{ "a hold, until it is lifted",
	    { "good", HOLD("h", "'seller': 'shop.example'", ""),
		"add h ACCEPTED", "is offer SUSPENDED DENY",
		"at 2016-06-01T00:00:00Z", "is offer SUSPENDED DENY",
		BY("w", "usmobile.com", DIGEST("h")), "add w ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "a hold, until its end",
	    { "good",
		HOLD("h", "'brand': 'xiaomi'",
		    ", 'header': {'notAfter': '" MARCH "'}"),
		"add h ACCEPTED", "is offer SUSPENDED DENY",
		"horizon offer " MARCH, "at " MARCH,
		"is offer PUBLISHED PERMIT" } },
	{ "a removal is for good",
	    { "good",
		HOLD("h", "'seller': 'shop.example'",
		    ", 'final': true, 'header': {'notAfter': '" MARCH "'}"),
		"add h ACCEPTED", "is offer REMOVED DENY",
		"tells offer REMOVED_BY_MARKETPLACE", "at " MARCH,
		"is offer REMOVED DENY", BY("w", "usmobile.com", DIGEST("h")),
		"add w ACCEPTED", "is offer REMOVED DENY",
		REVISED("h2", "h", "2", ", 'final': null"), "add h2 ACCEPTED",
		"is offer REMOVED DENY", "refresh", "is offer REMOVED DENY",
		REVISED("o2", "offer", "2", ""), "submit o2 ACCEPTED DENY",
		"is offer REMOVED DENY" } },
	{ "a hold on one offer leaves the other",
	    { "good", ANOTHER("o2", "offer"), "submit o2 ACCEPTED PERMIT",
		HOLD("h", "'seller': 'shop.example', 'offerId': 'o2'", ""),
		"add h ACCEPTED", "is offer PUBLISHED PERMIT",
		"is o2 SUSPENDED DENY", "tells o2 HELD_BY_MARKETPLACE",
		BY("w", "usmobile.com", DIGEST("h")), "add w ACCEPTED",
		"is o2 PUBLISHED PERMIT" } },
	{ "the removal of one offer leaves the other",
	    { "good", ANOTHER("o2", "offer"), "submit o2 ACCEPTED PERMIT",
		HOLD("h", "'offerId': 'o2'", ", 'final': true"),
		"add h ACCEPTED", "is offer PUBLISHED PERMIT",
		"is o2 REMOVED DENY" } },
	{ "a hold by who is no marketplace",
	    { "good", HOLD("h", "'seller': 'shop.example'", ""),
		"~h {'header': {'issuer': 'mi.com'}}", "~h @mi.com",
		"add h REFUSED STATEMENT_NO_STANDING",
		"is offer PUBLISHED PERMIT" } },
	{ "a hold that begins later",
	    { "good",
		HOLD("h", "'seller': 'shop.example'",
		    ", 'header': {'notBefore': '" MARCH "', 'issuedAt':"
		    " '2016-02-01T00:00:00Z'}"),
		"add h ACCEPTED", "is offer PUBLISHED PERMIT",
		"horizon offer " MARCH, "at " MARCH,
		"is offer SUSPENDED DENY" } },
	{ "a hold on an offer that begins later",
	    { "good",
		HOLD("h", "'offerId': 'offer'",
		    ", 'header': {'notBefore': '" MARCH "', 'issuedAt':"
		    " '2016-02-01T00:00:00Z'}"),
		"add h ACCEPTED", "is offer PUBLISHED PERMIT",
		"horizon offer " MARCH, "at " MARCH,
		"is offer SUSPENDED DENY" } },
	{ "a seller suspended, and not",
	    { "good", REVISED("s2", "seller", "2", ", 'suspended': true"),
		"add s2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer SELLER_SUSPENDED", "add seller DUPLICATE",
		"is offer SUSPENDED DENY", REVISED("s3", "seller", "3", ""),
		"add s3 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "a disavowal, and its lifting",
	    { "good", DISAVOW("d", "*"), "add d ACCEPTED",
		"is offer SUSPENDED DENY", "tells offer BRAND_DISAVOWED",
		ANOTHER("g2", "grant"), "add g2 ACCEPTED",
		"is offer SUSPENDED DENY", "at 2027-01-01T00:00:00Z",
		"is offer SUSPENDED DENY", "at " MARCH,
		BY("w", "mi.com", DIGEST("d")), "add w ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "a disavowal revised to name another",
	    { "good", DISAVOW("d", "shop.example"), "add d ACCEPTED",
		"is offer SUSPENDED DENY",
		REVISED("d2", "d", "2", ", 'parties': ['x.example']"),
		"add d2 ACCEPTED", "is offer PUBLISHED PERMIT",
		"add d DUPLICATE", "is offer PUBLISHED PERMIT" } },
};

static const play_plot_t certifications[] = {
	{ "in test, certified, suspended, certified",
	    { "~carrier {'state': 'CERTIFICATION_STATE_IN_TEST'}", "begin",
		"all seller product network mvno carrier fcc grant ACCEPTED",
		"submit offer ACCEPTED DENY", "is offer HELD DENY",
		"tells offer CERTIFICATION_IN_TEST",
		STATE("c2", "2", "CERTIFIED"), "add c2 ACCEPTED",
		"is offer PUBLISHED PERMIT", STATE("c3", "3", "SUSPENDED"),
		"add c3 ACCEPTED", "is offer SUSPENDED DENY",
		STATE("c4", "4", "CERTIFIED"), "add c4 ACCEPTED",
		"is offer PUBLISHED PERMIT", "add c3 DUPLICATE",
		"is offer PUBLISHED PERMIT" } },
	{ "C4 provisional",
	    { "good", STATE("c2", "2", "PROVISIONAL"), "add c2 ACCEPTED",
		"is offer SUSPENDED DENY",
		REVISED("p2", "policy", "2", ", 'acceptProvisional': true"),
		"add p2 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "C6 refused: no revision undoes it",
	    { "good", STATE("c2", "2", "REFUSED"), "add c2 ACCEPTED",
		"is offer SUSPENDED DENY", STATE("c3", "3", "CERTIFIED"),
		"add c3 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_ENDED", "at 2027-01-01T00:00:00Z",
		"is offer SUSPENDED DENY" } },
	{ "C6 revoked: a withdrawal does not undo it",
	    { "good", STATE("c2", "2", "REVOKED"), "add c2 ACCEPTED",
		"is offer SUSPENDED DENY",
		BY("w", "t-mobile.com", DIGEST("c2")), "add w ACCEPTED",
		"is offer SUSPENDED DENY", ANOTHER("new", "carrier"),
		"add new ACCEPTED", "is offer SUSPENDED DENY" } },
	{ "C6 withdrawn: past its end, too",
	    { "good",
		"~+c2 =carrier {'state': 'CERTIFICATION_STATE_WITHDRAWN',"
		" 'header': {'revision': '2', 'notAfter':"
		" '2016-02-02T00:00:00Z'}}",
		"add c2 ACCEPTED", "is offer SUSPENDED DENY", "at " MARCH,
		ANOTHER("new", "carrier"), "add new ACCEPTED",
		"is offer SUSPENDED DENY" } },
	{ "C6 void",
	    { "good", STATE("c2", "2", "VOID"), "add c2 ACCEPTED",
		"is offer SUSPENDED DENY" } },
	{ "suspended by a lower revision that comes late: lifted already",
	    { "good", STATE("c4", "4", "CERTIFIED"), "add c4 ACCEPTED",
		STATE("c3", "3", "SUSPENDED"), "add c3 ACCEPTED",
		"is offer PUBLISHED PERMIT", STATE("c2", "2", "REVOKED"),
		"add c2 ACCEPTED", "is offer SUSPENDED DENY" } },
};

static const play_plot_t cells[] = {
	{ "two networks of one MVNO",
	    { "~+mvno2 network usmobile.com {'network': 'usmobile.com/att',"
	      " 'name': 'US Mobile', 'hostNetwork': 'att.com/us',"
	      " 'territories': ['US']}",
		"~root {'parties[4]': {'roles': [{'role':"
		" 'ROLE_MARKETPLACE'}, {'role': 'ROLE_CARRIER', 'networks':"
		" ['usmobile.com/us', 'usmobile.com/att']}]}}",
		"~+att network att.com {'network': 'att.com/us', 'name':"
		" 'ATT', 'plmns': ['310-410'], 'territories': ['US'],"
		" 'deployments': [{'rat': 'RAT_UMTS', 'band': 2, 'from':"
		" '2008-01-01T00:00:00Z'}], 'requiredSchemes': ['carrier']}",
		"~+attc =carrier {'header': {'issuer': 'att.com', 'id':"
		" 'attc'}, 'networks': ['att.com/us']}",
		"~attc @att.com", "good",
		"~+o2 =offer {'header': {'id': 'o2'}, 'networks':"
		" ['usmobile.com/us', 'usmobile.com/att']}",
		"submit o2 ACCEPTED PERMIT", "is o2 PUBLISHED PERMIT PERMIT",
		BY("w", "att.com", DIGEST("attc")), "add w ACCEPTED",
		"is o2 PARTLY_PUBLISHED PERMIT DENY",
		"is offer PUBLISHED PERMIT",
		BY("v", "usmobile.com", DIGEST("mvno")), "add v ACCEPTED",
		"is o2 SUSPENDED DENY DENY", "is offer PUBLISHED PERMIT",
		REVISED("m2", "mvno", "2", ""), "add m2 ACCEPTED",
		"is o2 PARTLY_PUBLISHED PERMIT DENY",
		BY("u", "t-mobile.com", DIGEST("carrier")), "add u ACCEPTED",
		"is o2 SUSPENDED DENY DENY", "is offer SUSPENDED DENY" } },
	{ "D9 D16 sub-grants before their parents, in one call",
	    { "~-grant", "begin",
		"all seller product network mvno carrier fcc ACCEPTED",
		"submit offer ACCEPTED DENY",
		"~+grant authorization mi.com {'brand': 'xiaomi', 'grantee':"
		" 'a.example', 'maxDelegations': 3, 'granteeKeys':"
		" '$keys:a.example'," ANYWHERE "}",
		"~+g2 authorization a.example {'brand': 'xiaomi', 'grantee':"
		" 'b.example', 'maxDelegations': 2, 'granteeKeys':"
		" '$keys:b.example', 'parentDigest': '$digest:grant'," ANYWHERE
		"}",
		"~+g3 authorization b.example {'brand': 'xiaomi', 'grantee':"
		" 'shop.example', 'parentDigest': '$digest:g2'," ANYWHERE "}",
		"add g3 REFUSED AUTHORIZATION_CHAIN_BROKEN",
		"all g3 g2 grant ACCEPTED", "is offer PUBLISHED PERMIT",
		BY("w", "mi.com", DIGEST("g2")), "add w ACCEPTED",
		"is offer SUSPENDED DENY" } },
	{ "D16 beneath a grant that is withdrawn nothing stands",
	    { "~grant {'grantee': 'dist.example', 'maxDelegations': 1,"
	      " 'granteeKeys': '$keys:dist.example'}",
		"~+child =grant {'header': {'issuer': 'dist.example', 'id':"
		" 'child'}, 'grantee': 'shop.example', 'maxDelegations': 0,"
		" 'parentDigest': '$digest:grant',"
		" 'granteeKeys': '$keys:shop.example'}",
		"~child @dist.example", "good",
		BY("w", "mi.com", DIGEST("grant")), "add w ACCEPTED",
		"is offer SUSPENDED DENY",
		"~+child2 =child {'header': {'id': 'child2'}}",
		"add child2 ACCEPTED", "is offer SUSPENDED DENY" } },
	{ "pause, end and publish",
	    { "good", "pause offer OK", "is offer PAUSED PERMIT",
		"pause offer OK", "end offer OK", "is offer ENDED PERMIT",
		"submit offer DUPLICATE", "is offer ENDED PERMIT",
		REVISED("o2", "offer", "2", ""), "submit o2 ACCEPTED PERMIT",
		"is offer ENDED PERMIT", "resume offer OK",
		"is offer PUBLISHED PERMIT" } },
};

PLAY_PLOTS(soundness, policies)
PLAY_PLOTS(soundness, roots)
PLAY_PLOTS(soundness, clocks)
PLAY_PLOTS(soundness, holds)
PLAY_PLOTS(soundness, certifications)
PLAY_PLOTS(soundness, cells)

int
main(void)
{
	Suite *suite = suite_create("soundness_trust");

	PLAY_TABLE(suite, soundness, policies);
	PLAY_TABLE(suite, soundness, roots);
	PLAY_TABLE(suite, soundness, clocks);
	PLAY_TABLE(suite, soundness, holds);
	PLAY_TABLE(suite, soundness, certifications);
	PLAY_TABLE(suite, soundness, cells);
	return harness_main(suite);
}
