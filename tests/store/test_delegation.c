/* SPDX-License-Identifier: Apache-2.0 */
/*
 * D and C rows of the catalogue of faults where what came before matters:
 * grants beneath grants, and what carriers and certifiers say, from one
 * statement to the next.
 */
#include "play.h"

#define BY(name, issuer, what) "~+" name " withdrawal " issuer " {" what "}"
#define DIGEST(of)             "'targetDigest': '$digest:" of "'"
#define KEY(of)                "'targetKey': '$key:" of "'"
#define REVISED(name, of, revision, rest) \
	"~+" name " =" of " {'header': {'revision': '" revision "'}" rest "}"
#define ANOTHER(name, of, rest) \
	"~+" name " =" of " {'header': {'id': '" name "'}" rest "}"
#define MARCH "2016-03-01T00:00:00Z"
#define LATER "2016-02-05T00:00:00Z"

/* mi.com to dist.example to shop.example. */
#define TWO                                                              \
	"~grant {'grantee': 'dist.example', 'maxDelegations': 2,"        \
	" 'granteeKeys': '$keys:dist.example'}",                         \
	    "~+child =grant {'header': {'issuer': 'dist.example', 'id':" \
	    " 'child'}, 'grantee': 'shop.example', 'maxDelegations': 0," \
	    " 'parentDigest': '$digest:grant', 'granteeKeys':"           \
	    " '$keys:shop.example'}",                                    \
	    "~child @dist.example"

static const play_plot_t grants[] = {
	{ "D1 a child revised to be wider, and to be as it was",
	    { TWO, "good",
		REVISED("c2", "child", "2",
		    ", 'scope': {'models': ['2014215', '2014811']}"),
		"add c2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer AUTHORIZATION_WIDENED_MODEL",
		REVISED("c3", "child", "3", ""), "add c3 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "D7 a policy that allows fewer links, and more again",
	    { TWO, "good", REVISED("p2", "policy", "2", ", 'maxChain': 1"),
		"add p2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer AUTHORIZATION_CHAIN_TOO_LONG",
		REVISED("p3", "policy", "3", ", 'maxChain': 2"),
		"add p3 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "D8 a distributor beneath itself",
	    { TWO,
		ANOTHER("self", "child",
		    ", 'grantee': 'dist.example', 'maxDelegations': 1,"
		    " 'granteeKeys': '$keys:dist.example'"),
		ANOTHER("leaf", "child", ", 'parentDigest': '$digest:self'"),
		"begin",
		"all seller product network mvno carrier fcc grant self leaf"
		" ACCEPTED",
		"submit offer ACCEPTED DENY", "tells offer AUTHORIZATION_CYCLE",
		"add child ACCEPTED", "is offer PUBLISHED PERMIT",
		BY("w", "mi.com", DIGEST("child")), "add w ACCEPTED",
		"is offer SUSPENDED DENY" } },
	{ "D10 a child revised to name another key of the seller's",
	    { TWO, "good",
		REVISED("c2", "child", "2",
		    ", 'granteeKeys': '$keys:shop.example#2'"),
		"add c2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer AUTHORIZATION_KEY_MISMATCH",
		REVISED("c3", "child", "3", ""), "add c3 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "D11 a parent issued anew that forbids what it allowed",
	    { TWO, "good", REVISED("g2", "grant", "2", ", 'maxDelegations': 0"),
		"add g2 ACCEPTED",
		REVISED("c2", "child", "2", ", 'parentDigest': '$digest:g2'"),
		"add c2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer AUTHORIZATION_ALTERNATIVE_FAILED",
		REVISED("g3", "grant", "3", ""), "add g3 ACCEPTED",
		REVISED("c3", "child", "3", ", 'parentDigest': '$digest:g3'"),
		"add c3 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "D12 of two grants none covers all, and a third one does",
	    { "~grant {'scope': {'territories': ['CA']}}", "begin",
		"all seller product network mvno carrier fcc grant ACCEPTED",
		ANOTHER("g2", "grant",
		    ", 'scope': {'territories': ['US'], 'conditions':"
		    " ['CONDITION_USED']}"),
		"add g2 ACCEPTED", "submit offer ACCEPTED DENY",
		"is offer HELD DENY",
		"tells offer AUTHORIZATION_ALTERNATIVE_FAILED",
		ANOTHER("g3", "grant", ", 'scope': {'territories': ['US']}"),
		"add g3 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "D14 a parent that ends with its child, and is issued anew",
	    { TWO, "~grant {'header': {'notAfter': '" MARCH "'}}",
		"~child {'header': {'notAfter': '" MARCH "'}}", "good",
		"horizon offer " MARCH, "at 2016-02-29T23:59:59Z",
		"is offer PUBLISHED PERMIT", "at " MARCH,
		"is offer SUSPENDED DENY", "tells offer STATEMENT_EXPIRED",
		"~+g2 =grant {'header': {'revision': '2', 'notAfter':"
		" '2016-04-01T00:00:00Z'}}",
		"add g2 ACCEPTED", "is offer SUSPENDED DENY",
		"~+c2 =child {'header': {'revision': '2', 'notAfter':"
		" '2016-04-01T00:00:00Z'}, 'parentDigest': '$digest:g2'}",
		"add c2 ACCEPTED", "is offer PUBLISHED PERMIT",
		"horizon offer 2016-04-01T00:00:00Z" } },
	{ "D14 a child that outlasts its parent never was any good",
	    { TWO, "~grant {'header': {'notAfter': '" MARCH "'}}", "begin",
		"all seller product network mvno carrier fcc grant child"
		" ACCEPTED",
		"submit offer ACCEPTED DENY",
		"tells offer AUTHORIZATION_WIDENED_TIME",
		"~+c2 =child {'header': {'revision': '2', 'notAfter':"
		" '" MARCH "'}}",
		"add c2 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "D16 a parent withdrawn from a day to come",
	    { TWO, "good",
		BY("w", "mi.com",
		    DIGEST("grant") ", 'effectiveAt': '" MARCH "'"),
		"add w ACCEPTED", "is offer PUBLISHED PERMIT",
		"horizon offer " MARCH, "at " MARCH, "is offer SUSPENDED DENY",
		"tells offer STATEMENT_WITHDRAWN" } },
	{ "D16 a parent withdrawn: what hangs beneath another one stands",
	    { TWO,
		ANOTHER("g2", "grant",
		    ", 'grantee': 'dist2.example',"
		    " 'granteeKeys': '$keys:dist2.example'"),
		"~+c2 =child {'header': {'issuer': 'dist2.example', 'id':"
		" 'c2'}, 'parentDigest': '$digest:g2'}",
		"~c2 @dist2.example", "good",
		BY("w", "mi.com", DIGEST("grant")), "add w ACCEPTED",
		"is offer PUBLISHED PERMIT",
		BY("v", "mi.com",
		    KEY("dist2.example") ", 'effectiveAt':"
					 " '2016-01-15T00:00:00Z'"),
		"add v ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer AUTHORIZATION_ALTERNATIVE_FAILED" } },
	{ "D16 a distributor's key withdrawn from now on: what it gave stands",
	    { TWO, "good", "at " LATER, BY("w", "mi.com", KEY("dist.example")),
		"add w ACCEPTED", "is offer PUBLISHED PERMIT",
		ANOTHER("more", "child", ""), "add more ACCEPTED",
		BY("v", "mi.com", DIGEST("child")), "add v ACCEPTED",
		"is offer SUSPENDED DENY" } },
	{ "D17 a parent issued anew, narrower, and then wide enough",
	    { TWO, "good",
		REVISED("g2", "grant", "2",
		    ", 'scope': {'territories': ['US-CA']}"),
		"add g2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer AUTHORIZATION_PARENT_MISMATCH",
		REVISED("c2", "child", "2", ", 'parentDigest': '$digest:g2'"),
		"add c2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer AUTHORIZATION_ALTERNATIVE_FAILED",
		REVISED("g3", "grant", "3", ""), "add g3 ACCEPTED",
		REVISED("c3", "child", "3", ", 'parentDigest': '$digest:g3'"),
		"add c3 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "D18 a fork of the parent, and a revision that settles it",
	    { TWO, "good",
		"~+fork =grant {'scope': {'territories': ['US', 'CA']}}",
		"add fork FORK", "is offer SUSPENDED INDETERMINATE",
		"tells offer STATEMENT_FORK", REVISED("g2", "grant", "2", ""),
		"add g2 ACCEPTED", "is offer SUSPENDED DENY",
		REVISED("c2", "child", "2", ", 'parentDigest': '$digest:g2'"),
		"add c2 ACCEPTED", "is offer PUBLISHED PERMIT" } },
};

/* What a certification rests on. */
#define BASE                                                             \
	"~+base =carrier {'header': {'id': 'base'}, 'softwareVersions':" \
	" ['7.0']}",                                                     \
	    "~carrier {'route': 'ROUTE_VARIANT', 'parentDigest':"        \
	    " '$digest:base'}"
#define STATE(state) ", 'state': 'CERTIFICATION_STATE_" state "'"

static const play_plot_t certifications[] = {
	{ "C3 a carrier loses the network, and has it again",
	    { "good",
		REVISED("root2", "root", "2",
		    ", 'parties[2]': {'roles': [{'role': 'ROLE_CARRIER',"
		    " 'networks': ['t-mobile.com/de']}]}"),
		"~root2 @root", "add root2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_MISSING",
		REVISED("root3", "root", "3", ""), "~root3 @root",
		"add root3 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "C3 a certifier loses a territory",
	    { "good",
		REVISED("root2", "root", "2",
		    ", 'parties[5]': {'roles': [{'role': 'ROLE_CERTIFIER',"
		    " 'schemes': ['fcc'], 'territories': ['US-CA']}]}"),
		"~root2 @root", "add root2 ACCEPTED", "is offer SUSPENDED DENY",
		REVISED("f2", "fcc", "2", ", 'territories': ['US-CA']"),
		"add f2 ACCEPTED", "is offer SUSPENDED DENY",
		REVISED("o2", "offer", "2", ", 'territories': ['US-CA']"),
		"submit o2 ACCEPTED PERMIT", "is offer PUBLISHED PERMIT" } },
	{ "C7 it ends, and the next revision begins there",
	    { "~carrier {'header': {'notAfter': '" MARCH "'}}", "good",
		"horizon offer " MARCH, "at 2016-02-29T23:59:59Z",
		"is offer PUBLISHED PERMIT", "at " MARCH,
		"is offer SUSPENDED DENY", "tells offer STATEMENT_EXPIRED",
		"~+c2 =carrier {'header': {'revision': '2', 'notAfter':"
		" '2016-04-01T00:00:00Z'}}",
		"add c2 ACCEPTED", "is offer PUBLISHED PERMIT",
		"horizon offer 2016-04-01T00:00:00Z" } },
	{ "C8 C12 it comes to cover other versions",
	    { "good",
		REVISED("c2", "carrier", "2", ", 'softwareVersions': ['7.1']"),
		"add c2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_SOFTWARE",
		REVISED("c3", "carrier", "3", ", 'hardwareVersions': ['P2']"),
		"add c3 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_HARDWARE",
		REVISED("c4", "carrier", "4", ", 'networks': ['x.example/y']"),
		"add c4 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_NETWORK",
		REVISED("c5", "carrier", "5", ", 'territories': ['CA']"),
		"add c5 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_TERRITORY",
		REVISED("c6", "carrier", "6", ""), "add c6 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "C10 a certifier whose key was stolen before it certified",
	    { "good", "at " LATER,
		BY("w", "usmobile.com",
		    KEY("fcc.gov") ", 'effectiveAt': '2016-01-15T00:00:00Z'"),
		"add w ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer KEY_WITHDRAWN",
		REVISED("root2", "root", "2",
		    ", 'parties[5]': {'keys': '$keys:fcc.gov#2'}"),
		"~root2 @root", "add root2 ACCEPTED", "~fcc @fcc.gov#2",
		"add fcc ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "C10 a certifier whose key was stolen after it certified",
	    { "good", "at " LATER, BY("w", "usmobile.com", KEY("fcc.gov")),
		"add w ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "C11 it is revised to speak of a look-alike",
	    { "good", REVISED("c2", "carrier", "2", ", 'model': '2014215s'"),
		"add c2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_MISSING",
		REVISED("c3", "carrier", "3", ""), "add c3 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "C6 a variant whose parent is suspended, and certified again",
	    { BASE, "good", REVISED("b2", "base", "2", STATE("SUSPENDED")),
		"add b2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_PARENT",
		REVISED("b3", "base", "3", ""), "add b3 ACCEPTED",
		"is offer SUSPENDED DENY",
		REVISED("c2", "carrier", "2", ", 'parentDigest': '$digest:b3'"),
		"add c2 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "C6 a variant whose parent is withdrawn from a day to come",
	    { BASE, "good",
		BY("w", "t-mobile.com",
		    DIGEST("base") ", 'effectiveAt': '" MARCH "'"),
		"add w ACCEPTED", "is offer PUBLISHED PERMIT",
		"horizon offer " MARCH, "at " MARCH, "is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_PARENT" } },
	{ "C7 a variant whose parent ends",
	    { BASE, "~base {'header': {'notAfter': '" MARCH "'}}", "good",
		"horizon offer " MARCH, "at " MARCH, "is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_PARENT" } },
	{ "C6 a prerequisite that is withdrawn, and issued anew",
	    { "~carrier {'prerequisites': ['fcc']}",
		"~policy {'requirements': null}", "good",
		BY("w", "fcc.gov", DIGEST("fcc")), "add w ACCEPTED",
		"is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_PREREQUISITE",
		REVISED("f2", "fcc", "2", ""), "add f2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "C3 an MVNO moves to another host on a day",
	    { "~offer {'networks': ['usmobile.com/us']}",
		"~mvno {'header': {'notAfter': '" MARCH "'}}",
		"~+moved network usmobile.com {'header': {'notBefore':"
		" '" MARCH "'}, 'network': 'usmobile.com/us', 'hostNetwork':"
		" 'att.com/us', 'territories': ['US']}",
		"~+a-host =network {'header': {'issuer': 'att.com'},"
		" 'network': 'att.com/us'}",
		"~a-host @att.com", "good",
		"horizon offer 2016-02-29T23:55:00Z", "at 2016-02-29T23:54:59Z",
		"is offer PUBLISHED PERMIT", "at " MARCH,
		"is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_MISSING -NETWORK_UNKNOWN",
		"~+a-says =carrier {'header': {'issuer': 'att.com', 'id':"
		" 'a-says'}, 'networks': ['att.com/us']}",
		"~a-says @att.com", "add a-says ACCEPTED",
		"is offer PUBLISHED PERMIT",
		REVISED("c2", "carrier", "2", STATE("REVOKED")),
		"add c2 ACCEPTED", "is offer PUBLISHED PERMIT" } },
};

PLAY_PLOTS(delegation, grants)
PLAY_PLOTS(delegation, certifications)

int
main(void)
{
	Suite *suite = suite_create("delegation");

	PLAY_TABLE(suite, delegation, grants);
	PLAY_TABLE(suite, delegation, certifications);
	return harness_main(suite);
}
