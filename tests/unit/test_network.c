/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The network of the cell, and an MVNO beneath its host: it may tighten what
 * the host asks for, never loosen it.
 */
#include "expect.h"

#define CERTIFIED_BY(who)      "carrier certification by " who " of xiaomi 2014215"
#define KNOWN_BY(who, network) "network statement by " who " of " network

/* The offer asks for the MVNO's cell. */
#define ON_MVNO "offer {'networks': ['usmobile.com/us']}"
/* What the MVNO itself says of the device, beside the host's carrier. */
#define MVNO_SAYS(state, more)                                      \
	"+own =carrier {'header': {'issuer': 'usmobile.com', 'id':" \
	" 'own'}, 'networks': ['usmobile.com/us'],"                 \
	" 'state': 'CERTIFICATION_STATE_" state "'" more "}",       \
	    "own @usmobile.com"
#define PTCRB                                                  \
	"+ptcrb =fcc {'header': {'issuer': 'ptcrb.com', 'id':" \
	" 'ptcrb'}, 'scheme': 'ptcrb', 'territories': ['*']}", \
	    "ptcrb @ptcrb.com"

static const expect_t known[] = {
	{ .label = "good: a network that is known",
	    .want = PERMIT,
	    .codes = { "-NETWORK_UNKNOWN", "-NETWORK_TERRITORY" },
	    .service = "3G",
	    .missing = "" },
	{ .label = "4015 no statement of the network",
	    .want = INDETERMINATE,
	    .edits = { "-network" },
	    .codes = { "NETWORK_UNKNOWN", "-SERVICE_BELOW_MINIMUM" },
	    .service = "?",
	    .missing = KNOWN_BY("t-mobile.com", "t-mobile.com/us") },
	{ .label = "4015 a statement by another carrier",
	    .want = INDETERMINATE,
	    .edits = { "network {'header': {'issuer': 'att.com'}}",
		"network @att.com" },
	    .codes = { "NETWORK_UNKNOWN" },
	    .ignored = "network STATEMENT_ISSUER_ROLE" },
	{ .label = "4015 it has ended",
	    .want = DENY,
	    .edits = { "network {'header': {'notAfter':"
		       " '2016-02-01T12:00:00Z'}}" },
	    .codes = { "NETWORK_UNKNOWN", "STATEMENT_EXPIRED" } },
	{ .label = "good: one second before its end",
	    .want = PERMIT,
	    .edits = { "network {'header': {'notAfter':"
		       " '2016-02-01T12:00:01Z'}}" },
	    .horizon = "2016-02-01T12:00:01Z" },
	{ .label = "4015 it was withdrawn",
	    .want = DENY,
	    .edits = { "+gone withdrawal t-mobile.com {'targetDigest':"
		       " '$digest:network'}" },
	    .codes = { "NETWORK_UNKNOWN", "STATEMENT_WITHDRAWN" } },
	{ .label = "4015 two revisions of one number cannot be told apart",
	    .want = INDETERMINATE,
	    .edits = { "+fork =network {'name': 'Another'}" },
	    .codes = { "NETWORK_UNKNOWN", "STATEMENT_FORK" } },
	{ .label = "4015 E24 another case is another network",
	    .want = INDETERMINATE,
	    .edits = { "offer {'networks': ['T-Mobile.com/us']}",
		"policy {'requirements': null}" },
	    .codes = { "NETWORK_UNKNOWN" },
	    .missing = KNOWN_BY(
		"a party with the network's role", "T-Mobile.com/us") },
	{ .label = "4016 it does not serve the territory",
	    .want = DENY,
	    .edits = { "network {'territories': ['CA']}" },
	    .codes = { "NETWORK_TERRITORY" },
	    .path = "territories",
	    .got = "US",
	    .wanted = "CA" },
	{ .label = "4016 it serves a part of it",
	    .want = DENY,
	    .edits = { "network {'territories': ['US-CA', 'US-NY']}" },
	    .codes = { "NETWORK_TERRITORY" } },
	{ .label = "good: it serves the country of a subdivision",
	    .want = PERMIT,
	    .edits = { "offer {'territories': ['US-CA']}" } },
	{ .label = "4016 it serves no territory",
	    .want = DENY,
	    .edits = { "network {'territories': null}" },
	    .codes = { "NETWORK_TERRITORY" },
	    .wanted = "nothing" },
};

static const expect_t mvno[] = {
	{ .label = "good: the host's carrier has certified",
	    .want = PERMIT,
	    .edits = { ON_MVNO },
	    .codes = { "-NETWORK_LOOSENS_HOST" },
	    .service = "3G",
	    .missing = "" },
	{ .label = "4015 the host is not known",
	    .want = INDETERMINATE,
	    .edits = { ON_MVNO, "-network" },
	    .codes = { "NETWORK_UNKNOWN" },
	    .service = "?",
	    .missing = KNOWN_BY("t-mobile.com", "t-mobile.com/us") },
	{ .label = "4015 the MVNO is not known, nor whose carrier counts",
	    .want = DENY,
	    .edits = { ON_MVNO, "-mvno" },
	    .codes = { "NETWORK_UNKNOWN" },
	    .missing = KNOWN_BY("usmobile.com", "usmobile.com/us") },
	{ .label = "4015 the host has a host",
	    .want = INDETERMINATE,
	    .edits = { ON_MVNO, "network {'hostNetwork': 'att.com/us'}" },
	    .codes = { "NETWORK_UNKNOWN" },
	    .path = "host_network",
	    .got = "att.com/us" },
	{ .label = "4015 its own host",
	    .want = DENY,
	    .edits = { ON_MVNO, "mvno {'hostNetwork': 'usmobile.com/us'}" },
	    .codes = { "NETWORK_UNKNOWN" },
	    .ignored = "mvno STATEMENT_MALFORMED" },
	{ .label = "4016 the MVNO serves less",
	    .want = DENY,
	    .edits = { ON_MVNO, "mvno {'territories': ['US-CA']}" },
	    .codes = { "NETWORK_TERRITORY" },
	    .wanted = "US-CA" },
	{ .label = "4016 the host serves less",
	    .want = DENY,
	    .edits = { ON_MVNO, "network {'territories': ['US-CA']}" },
	    .codes = { "NETWORK_TERRITORY" },
	    .wanted = "US-CA" },
	{ .label = "the host's carrier has not certified",
	    .want = DENY,
	    .edits = { ON_MVNO, "-carrier" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .missing = CERTIFIED_BY("t-mobile.com") },
	{ .label = "C3 the MVNO certifies in its host's place",
	    .want = DENY,
	    .edits = { ON_MVNO, "-carrier",
		"+own =fcc {'header': {'issuer': 'usmobile.com', 'id':"
		" 'own'}, 'scheme': 'carrier'}",
		"own @usmobile.com" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .missing = CERTIFIED_BY("t-mobile.com") },
	{ .label = "good: the host's carrier certifies for the MVNO alone",
	    .want = PERMIT,
	    .edits = { ON_MVNO, "carrier {'networks': ['usmobile.com/us']}" } },
	{ .label = "which does not hold for the host's own cell",
	    .want = DENY,
	    .edits = { "carrier {'networks': ['usmobile.com/us']}" },
	    .codes = { "CERTIFICATION_NETWORK" } },
	{ .label = "good: the MVNO says so, too",
	    .want = PERMIT,
	    .edits = { ON_MVNO, MVNO_SAYS("CERTIFIED", "") },
	    .codes = { "-CERTIFICATION_CONFLICT" } },
	{ .label = "4014 the MVNO tests still: it may restrict",
	    .want = DENY,
	    .edits = { ON_MVNO, MVNO_SAYS("IN_TEST", "") },
	    .codes = { "CERTIFICATION_IN_TEST", "CERTIFICATION_CONFLICT" } },
	{ .label = "4014 the MVNO has revoked it",
	    .want = DENY,
	    .edits = { ON_MVNO, MVNO_SAYS("REVOKED", "") },
	    .codes = { "CERTIFICATION_ENDED", "CERTIFICATION_CONFLICT" } },
	{ .label = "5005 the MVNO certifies another band alone",
	    .want = DENY,
	    .edits = { ON_MVNO,
		MVNO_SAYS("CERTIFIED",
		    ", 'bands': [{'rat': 'RAT_UMTS', 'bands': [5]}]") },
	    .codes = { "BAND_NOT_CERTIFIED", "SERVICE_BELOW_MINIMUM" },
	    .got = "UMTS B2",
	    .service = "NONE" },
	{ .label = "good: none of it is the host's own cell's affair",
	    .want = PERMIT,
	    .edits = { MVNO_SAYS("REVOKED", ""), "own {'networks': ['*']}" },
	    .codes = { "-CERTIFICATION_ENDED" } },
	{ .label = "another scheme must name the MVNO",
	    .want = DENY,
	    .edits = { ON_MVNO, "fcc {'networks': ['t-mobile.com/us']}" },
	    .codes = { "CERTIFICATION_NETWORK" } },
	{ .label = "good: it does",
	    .want = PERMIT,
	    .edits = { ON_MVNO, "fcc {'networks': ['usmobile.com/us']}" } },
	{ .label = "what another scheme forbids on the host's network",
	    .want = DENY,
	    .edits = { ON_MVNO,
		"+ended =fcc {'header': {'id': 'ended'}, 'networks':"
		" ['t-mobile.com/us'],"
		" 'state': 'CERTIFICATION_STATE_SUSPENDED'}" },
	    .codes = { "CERTIFICATION_SUSPENDED" } },
};

#define RULE(schemes, network)                               \
	"policy {'requirements': [{'territories': ['*'],"    \
	" 'networks': ['" network "'], 'categories': ['*']," \
	" 'schemes': [" schemes "]}]}"

/* Tightening and loosening. */
static const expect_t asks[] = {
	{ .label = "the host asks for more, and so the MVNO does",
	    .want = DENY,
	    .edits = { ON_MVNO,
		"network {'requiredSchemes': ['carrier', 'ptcrb']}" },
	    .codes = { "CERTIFICATION_MISSING", "-NETWORK_LOOSENS_HOST" },
	    .wanted = "ptcrb" },
	{ .label = "good: and it is there",
	    .want = PERMIT,
	    .edits = { ON_MVNO,
		"network {'requiredSchemes': ['carrier', 'ptcrb']}", PTCRB } },
	{ .label = "the policy's rule for the host is the MVNO's, too",
	    .want = DENY,
	    .edits = { ON_MVNO, RULE("'ptcrb'", "t-mobile.com/us") },
	    .codes = { "CERTIFICATION_MISSING" },
	    .wanted = "ptcrb" },
	{ .label = "good: its rule for the MVNO is not the host's",
	    .want = PERMIT,
	    .edits = { RULE("'ptcrb'", "usmobile.com/us") } },
	{ .label = "the MVNO tightens",
	    .want = DENY,
	    .edits = { ON_MVNO,
		"mvno {'requiredSchemes': ['carrier', 'ptcrb']}" },
	    .codes = { "CERTIFICATION_MISSING", "-NETWORK_LOOSENS_HOST" },
	    .wanted = "ptcrb" },
	{ .label = "good: which is nothing to the host's own cell",
	    .want = PERMIT,
	    .edits = { "mvno {'requiredSchemes': ['carrier', 'ptcrb']}" } },
	{ .label = "4017 the MVNO leaves a scheme of its host's out",
	    .want = PERMIT,
	    .edits = { ON_MVNO, "mvno {'requiredSchemes': ['fcc']}" },
	    .codes = { "NETWORK_LOOSENS_HOST" },
	    .path = "required_schemes",
	    .got = "fcc",
	    .wanted = "carrier" },
	{ .label = "4017 and it is required all the same",
	    .want = DENY,
	    .edits = { ON_MVNO, "mvno {'requiredSchemes': ['fcc']}", "-carrier",
		"policy {'requirements': null}" },
	    .codes = { "NETWORK_LOOSENS_HOST", "CERTIFICATION_MISSING" } },
	{ .label = "4017 the MVNO leaves a feature of its host's out",
	    .want = PERMIT,
	    .edits = { ON_MVNO,
		"network {'requiredFeatures': ['FEATURE_E911']}",
		"mvno {'requiredFeatures': ['FEATURE_WIFI_CALLING']}",
		"product {'radio': {'features': ['FEATURE_E911',"
		" 'FEATURE_WIFI_CALLING']}}" },
	    .codes = { "NETWORK_LOOSENS_HOST" },
	    .path = "required_features",
	    .wanted = "E911" },
	{ .label = "4017 and it is required all the same",
	    .want = DENY,
	    .edits = { ON_MVNO,
		"network {'requiredFeatures': ['FEATURE_E911']}",
		"mvno {'requiredFeatures': ['FEATURE_WIFI_CALLING']}",
		"product {'radio': {'features':"
		" ['FEATURE_WIFI_CALLING']}}" },
	    .codes = { "FEATURE_MISSING", "NETWORK_LOOSENS_HOST" },
	    .wanted = "E911" },
	{ .label = "the MVNO asks for a feature of its own",
	    .want = DENY,
	    .edits = { ON_MVNO,
		"mvno {'requiredFeatures': ['FEATURE_VOLTE']}" },
	    .codes = { "FEATURE_MISSING", "-NETWORK_LOOSENS_HOST" },
	    .wanted = "VOLTE" },
};

#define MVNO_HAS(deployments) "mvno {'deployments': [" deployments "]}"
#define UMTS_2                "{'rat': 'RAT_UMTS', 'band': 2, 'from': '2012-01-01T00:00:00Z'"

/* An MVNO has of its host's deployments those that it lists, if any. */
static const expect_t deployments[] = {
	{ .label = "good: what it lists is the host's, in the host's time",
	    .want = PERMIT,
	    .edits = { ON_MVNO, MVNO_HAS(UMTS_2 "}") },
	    .codes = { "-NETWORK_LOOSENS_HOST" },
	    .service = "3G",
	    .horizon = "2022-07-01T00:00:00Z" },
	{ .label = "it ends its own earlier",
	    .want = PERMIT,
	    .edits = { ON_MVNO,
		MVNO_HAS(UMTS_2 ", 'until': '2017-01-01T00:00:00Z'}") },
	    .service = "3G",
	    .horizon = "2017-01-01T00:00:00Z" },
	{ .label = "and has it not a second longer",
	    .want = DENY,
	    .at = "2017-01-01T00:00:00Z",
	    .edits = { ON_MVNO,
		MVNO_HAS(UMTS_2 ", 'until': '2017-01-01T00:00:00Z'}") },
	    .codes = { "SERVICE_BELOW_MINIMUM" },
	    .service = "NONE" },
	{ .label = "its own outlasts the host's and does not",
	    .want = DENY,
	    .at = "2022-07-01T00:00:00Z",
	    .edits = { ON_MVNO,
		MVNO_HAS(UMTS_2 ", 'until': '2023-01-01T00:00:00Z'}") },
	    .service = "NONE" },
	{ .label = "a band that the device lacks is all it lists",
	    .want = DENY,
	    .edits = { ON_MVNO,
		MVNO_HAS("{'rat': 'RAT_UMTS', 'band': 4, 'from':"
			 " '2012-01-01T00:00:00Z'}") },
	    .codes = { "SERVICE_BELOW_MINIMUM", "-NETWORK_LOOSENS_HOST" },
	    .service = "NONE" },
	{ .label = "4017 a band that its host has not",
	    .want = DENY,
	    .edits = { ON_MVNO,
		MVNO_HAS("{'rat': 'RAT_UMTS', 'band': 5, 'from':"
			 " '2012-01-01T00:00:00Z'}") },
	    .codes = { "NETWORK_LOOSENS_HOST", "SERVICE_BELOW_MINIMUM" },
	    .path = "deployments",
	    .got = "UMTS band 5",
	    .service = "NONE" },
};

/* One MVNO on two hosts: each cell has its own host. */
#define TWO_HOSTS                                                        \
	"root {'parties+': [{'id': 'two.example', 'keys':"               \
	" '$keys:two.example', 'roles': [{'role': 'ROLE_CARRIER',"       \
	" 'networks': ['two.example/t', 'two.example/a']}]}]}",          \
	    "+a-host =network {'header': {'issuer': 'att.com'},"         \
	    " 'network': 'att.com/us'}",                                 \
	    "a-host @att.com",                                           \
	    "+on-t network two.example {'network': 'two.example/t',"     \
	    " 'hostNetwork': 't-mobile.com/us', 'territories': ['US']}", \
	    "+on-a network two.example {'network': 'two.example/a',"     \
	    " 'hostNetwork': 'att.com/us', 'territories': ['US']}",      \
	    "offer {'networks': ['two.example/t', 'two.example/a']}"

static const expect_t hosts[] = {
	{ .label = "certified on one host alone",
	    .want = DENY,
	    .edits = { TWO_HOSTS },
	    .codes = { "CERTIFICATION_MISSING" },
	    .cells = "PERMIT DENY" },
	{ .label = "good: certified on both",
	    .want = PERMIT,
	    .edits = { TWO_HOSTS,
		"+a-carrier =carrier {'header': {'issuer': 'att.com'},"
		" 'networks': ['att.com/us']}",
		"a-carrier @att.com" },
	    .cells = "PERMIT PERMIT" },
	{ .label = "one host's revocation is not the other's",
	    .want = DENY,
	    .edits = { TWO_HOSTS,
		"+a-carrier =carrier {'header': {'issuer': 'att.com'},"
		" 'networks': ['*'], 'state':"
		" 'CERTIFICATION_STATE_REVOKED'}",
		"a-carrier @att.com" },
	    .codes = { "CERTIFICATION_ENDED" },
	    .cells = "PERMIT DENY" },
};

/*
 * An MVNO moves: two statements of its network under two names, of which one
 * ends as the other begins. The clock skew of 300 seconds loosens the second
 * one's beginning, so that from then on it holds longest.
 */
#define MOVES                                                             \
	ON_MVNO, "mvno {'header': {'notAfter': '2016-03-01T00:00:00Z'}}", \
	    "+moved network usmobile.com {'header': {'notBefore':"        \
	    " '2016-03-01T00:00:00Z'}, 'network': 'usmobile.com/us',"     \
	    " 'hostNetwork': 'att.com/us', 'territories': ['US']}",       \
	    "+a-host =network {'header': {'issuer': 'att.com'},"          \
	    " 'network': 'att.com/us'}",                                  \
	    "a-host @att.com"
#define A_SAYS(state)                                           \
	"+a-carrier =carrier {'header': {'issuer': 'att.com'}," \
	" 'networks': ['att.com/us'],"                          \
	" 'state': 'CERTIFICATION_STATE_" state "'}",           \
	    "a-carrier @att.com"

static const expect_t moves[] = {
	{ .label = "before it moves: the old host's carrier certified",
	    .want = PERMIT,
	    .edits = { MOVES },
	    .missing = "",
	    .horizon = "2016-02-29T23:55:00Z" },
	{ .label = "a second before: the skew has let the new one begin",
	    .want = DENY,
	    .at = "2016-02-29T23:55:00Z",
	    .edits = { MOVES },
	    .codes = { "CERTIFICATION_MISSING", "-NETWORK_UNKNOWN" },
	    .missing = CERTIFIED_BY("att.com") },
	{ .label = "once it has moved: the old host's carrier is nobody",
	    .want = DENY,
	    .at = "2016-03-01T00:00:00Z",
	    .edits = { MOVES },
	    .codes = { "CERTIFICATION_MISSING", "-NETWORK_UNKNOWN" },
	    .missing = CERTIFIED_BY("att.com") },
	{ .label = "good: once it has moved, the new one's has certified",
	    .want = PERMIT,
	    .at = "2016-03-01T00:00:00Z",
	    .edits = { MOVES, A_SAYS("CERTIFIED") },
	    .missing = "" },
	{ .label = "before it moves: the new host's carrier is nobody yet",
	    .want = DENY,
	    .edits = { MOVES, A_SAYS("CERTIFIED"), "-carrier" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .missing = CERTIFIED_BY("t-mobile.com") },
	{ .label = "before it moves: what the new one's revokes is no matter",
	    .want = PERMIT,
	    .edits = { MOVES, A_SAYS("REVOKED") },
	    .codes = { "-CERTIFICATION_ENDED" } },
	{ .label = "once it has moved it is",
	    .want = DENY,
	    .at = "2016-03-01T00:00:00Z",
	    .edits = { MOVES, A_SAYS("REVOKED") },
	    .codes = { "CERTIFICATION_ENDED" } },
	{ .label = "nor what the old one's revokes, once it has moved",
	    .want = PERMIT,
	    .at = "2016-03-01T00:00:00Z",
	    .edits = { MOVES, A_SAYS("CERTIFIED"),
		"carrier {'state': 'CERTIFICATION_STATE_REVOKED'}" },
	    .codes = { "-CERTIFICATION_ENDED" } },
	{ .label = "a revision to come says nothing of the time until then",
	    .want = DENY,
	    .edits = { ON_MVNO,
		"+moved =mvno {'header': {'revision': '2', 'notBefore':"
		" '2016-03-01T00:00:00Z'}, 'hostNetwork': 'att.com/us'}" },
	    .codes = { "NETWORK_UNKNOWN", "STATEMENT_NOT_YET_VALID" },
	    .missing = KNOWN_BY("usmobile.com", "usmobile.com/us") },
};

/* FEATURE rules: each feature that a network may ask for, by its name. */
#define ASKS(network, feature) \
	network " {'requiredFeatures': ['FEATURE_" feature "']}"
#define HAS(features) "product {'radio': {'features': [" features "]}}"
#define ALL_BUT_VOLTE "'FEATURE_VONR', 'FEATURE_E911', 'FEATURE_WIFI_CALLING'"
#define ALL_BUT_VONR  "'FEATURE_VOLTE', 'FEATURE_E911', 'FEATURE_WIFI_CALLING'"
#define ALL_BUT_E911  "'FEATURE_VOLTE', 'FEATURE_VONR', 'FEATURE_WIFI_CALLING'"
#define ALL_BUT_WIFI  "'FEATURE_VOLTE', 'FEATURE_VONR', 'FEATURE_E911'"

static const expect_t features[] = {
	{ .label = "5004 VoLTE, and it has all others",
	    .want = DENY,
	    .edits = { ASKS("network", "VOLTE"), HAS(ALL_BUT_VOLTE) },
	    .codes = { "FEATURE_MISSING" },
	    .path = "radio.features",
	    .wanted = "VOLTE" },
	{ .label = "good: it has VoLTE",
	    .want = PERMIT,
	    .edits = { ASKS("network", "VOLTE"), HAS("'FEATURE_VOLTE'") },
	    .codes = { "-FEATURE_MISSING" } },
	{ .label = "5004 VoNR, and it has all others",
	    .want = DENY,
	    .edits = { ASKS("network", "VONR"), HAS(ALL_BUT_VONR) },
	    .codes = { "FEATURE_MISSING" },
	    .wanted = "VONR" },
	{ .label = "good: it has VoNR",
	    .want = PERMIT,
	    .edits = { ASKS("network", "VONR"), HAS("'FEATURE_VONR'") },
	    .codes = { "-FEATURE_MISSING" } },
	{ .label = "5004 E911, and it has all others",
	    .want = DENY,
	    .edits = { ASKS("network", "E911"), HAS(ALL_BUT_E911) },
	    .codes = { "FEATURE_MISSING" },
	    .wanted = "E911" },
	{ .label = "good: it has E911",
	    .want = PERMIT,
	    .edits = { ASKS("network", "E911"), HAS("'FEATURE_E911'") },
	    .codes = { "-FEATURE_MISSING" } },
	{ .label = "5004 Wi-Fi calling, and it has all others",
	    .want = DENY,
	    .edits = { ASKS("network", "WIFI_CALLING"), HAS(ALL_BUT_WIFI) },
	    .codes = { "FEATURE_MISSING" },
	    .wanted = "WIFI_CALLING" },
	{ .label = "good: it has Wi-Fi calling",
	    .want = PERMIT,
	    .edits = { ASKS("network", "WIFI_CALLING"),
		HAS("'FEATURE_WIFI_CALLING'") },
	    .codes = { "-FEATURE_MISSING" } },
	{ .label = "5004 a product that lists no feature has not said yes",
	    .want = DENY,
	    .edits = { ASKS("network", "E911") },
	    .codes = { "FEATURE_MISSING" } },
	{ .label = "of a radio that nobody knows it cannot be told",
	    .want = INDETERMINATE,
	    .edits = { ASKS("network", "E911"), "product {'radio': null}" },
	    .codes = { "BANDS_UNKNOWN", "-FEATURE_MISSING" } },
	{ .label = "5004 the host asks, and the MVNO's cell is asked",
	    .want = DENY,
	    .edits = { ON_MVNO, ASKS("network", "E911"), HAS(ALL_BUT_E911) },
	    .codes = { "FEATURE_MISSING" },
	    .wanted = "E911" },
	{ .label = "good: what the MVNO asks is not the host's cell's affair",
	    .want = PERMIT,
	    .edits = { ASKS("mvno", "E911"), HAS(ALL_BUT_E911) },
	    .codes = { "-FEATURE_MISSING" } },
	{ .label = "5004 both ask, and each that it lacks is told",
	    .want = DENY,
	    .edits = { ON_MVNO, ASKS("network", "E911"), ASKS("mvno", "VOLTE"),
		HAS("'FEATURE_VONR'") },
	    .codes = { "FEATURE_MISSING", "NETWORK_LOOSENS_HOST" } },
};

EXPECT_ROWS(network, known)
EXPECT_ROWS(network, mvno)
EXPECT_ROWS(network, asks)
EXPECT_ROWS(network, deployments)
EXPECT_ROWS(network, hosts)
EXPECT_ROWS(network, moves)
EXPECT_ROWS(network, features)

int
main(void)
{
	Suite *suite = suite_create("network");

	EXPECT_TABLE(suite, network, known);
	EXPECT_TABLE(suite, network, mvno);
	EXPECT_TABLE(suite, network, asks);
	EXPECT_TABLE(suite, network, deployments);
	EXPECT_TABLE(suite, network, hosts);
	EXPECT_TABLE(suite, network, moves);
	EXPECT_TABLE(suite, network, features);
	return harness_main(suite);
}
