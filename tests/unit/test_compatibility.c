/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a buyer gets: the device's bands against the deployments in force,
 * counting those that every required certification covers.
 */
#include "expect.h"

/* No scheme is required, so that certification plays no part. */
#define NO_SCHEMES \
	"policy {'requirements': null}", "network {'requiredSchemes': null}"
#define MINIMUM(service)  "policy {'minimumService': 'SERVICE_" service "'}"
#define DISCLOSE(service) "policy {'discloseBelow': 'SERVICE_" service "'}"
#define RADIO(members)    "product {'radio': {" members "}}"
/* Radio of nothing but these; the good world's has GSM and UMTS. */
#define ONLY(members) \
	"product {'radio': {'gsmMhz': null, 'umtsBands': null, " members "}}"
#define ALSO(rat, band)                                                  \
	"network {'deployments+': [{'rat': 'RAT_" rat "', 'band': " band \
	", 'from': '2015-01-01T00:00:00Z'}]}"
#define DISCLOSED(list) "offer {'disclosures': [" list "]}"
#define BANDS_MISSING \
	"bands of xiaomi 2014215 in the product statement by mi.com"

static const expect_t service[] = {
	{ .label = "the Mi 4 of 2016: 3G, and until when",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES },
	    .codes = { "SERVICE_LIMITED" },
	    .got = "3G",
	    .message = "3G on B2 until 2022-07-01T00:00:00Z",
	    .service = "3G",
	    .horizon = "2022-07-01T00:00:00Z" },
	{ .label = "not a second longer: the last one",
	    .want = PERMIT,
	    .at = "2022-06-30T23:59:59Z",
	    .edits = { NO_SCHEMES },
	    .service = "3G",
	    .horizon = "2022-07-01T00:00:00Z" },
	{ .label = "not a second longer: then 2G, under the minimum",
	    .want = DENY,
	    .at = "2022-07-01T00:00:00Z",
	    .edits = { NO_SCHEMES },
	    .codes = { "SERVICE_BELOW_MINIMUM" },
	    .got = "2G",
	    .wanted = "3G",
	    .service = "2G",
	    .due = "SERVICE_2G_ONLY" },
	{ .label = "then 2G, where the policy is content with it",
	    .want = PERMIT,
	    .at = "2022-07-01T00:00:00Z",
	    .edits = { NO_SCHEMES, MINIMUM("2G"),
		DISCLOSED("'DISCLOSURE_SERVICE_2G_ONLY'") },
	    .codes = { "SERVICE_LIMITED" },
	    .message = "2G on 1900 MHz until further notice",
	    .service = "2G" },
	{ .label = "4G is better than 3G",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, RADIO("'lteBands': [2]") },
	    .codes = { "SERVICE_LIMITED", "-VOICE_UNKNOWN" },
	    .message = "4G on B2",
	    .service = "4G",
	    .due = "" },
	{ .label = "5G is better than 4G",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, ALSO("NR", "71"),
		RADIO("'lteBands': [2], 'nrBands': [71]") },
	    .codes = { "SERVICE_LIMITED" },
	    .message = "5G on n71",
	    .service = "5G",
	    .due = "" },
	{ .label = "a band of LTE is none of UMTS",
	    .want = DENY,
	    .edits = { NO_SCHEMES, RADIO("'gsmMhz': null, 'umtsBands': [12]") },
	    .codes = { "SERVICE_BELOW_MINIMUM" },
	    .got = "NONE",
	    .service = "NONE",
	    .due = "WIFI_ONLY" },
	{ .label = "B28 is not B12, though both are called 700",
	    .want = DENY,
	    .edits = { NO_SCHEMES, ONLY("'lteBands': [13, 28]") },
	    .codes = { "SERVICE_BELOW_MINIMUM" },
	    .service = "NONE" },
	{ .label = "5002 no radio at all: Wi-Fi only",
	    .want = DENY,
	    .edits = { NO_SCHEMES, ONLY("'lteBands': null") },
	    .codes = { "SERVICE_BELOW_MINIMUM", "SERVICE_LIMITED" },
	    .got = "NONE",
	    .service = "NONE",
	    .due = "WIFI_ONLY" },
	{ .label = "good: Wi-Fi only, disclosed, where the policy allows it",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, ONLY("'lteBands': null"), MINIMUM("NONE"),
		DISCLOSED("'DISCLOSURE_WIFI_ONLY'") },
	    .codes = { "SERVICE_LIMITED" },
	    .message = "Wi-Fi only",
	    .service = "NONE",
	    .due = "WIFI_ONLY" },
	{ .label = "partial: a device's B17 lies in B12",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, RADIO("'lteBands': [17]") },
	    .codes = { "SERVICE_LIMITED" },
	    .message = "4G on B17 (partly)",
	    .service = "4G" },
	{ .label = "partial: a device's B66 holds the network's B4",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, RADIO("'lteBands': [66]") },
	    .codes = { "SERVICE_LIMITED" },
	    .message = "4G on B66 (partly)",
	    .service = "4G" },
	{ .label = "partial: a device's B4 lies in the network's B66",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, ALSO("LTE", "66"),
		"network {'deployments': [{'rat': 'RAT_LTE', 'band': 66}]}",
		RADIO("'lteBands': [4]") },
	    .codes = { "SERVICE_LIMITED" },
	    .message = "4G on B4 (partly)",
	    .service = "4G" },
	{ .label = "full goes before partial",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, ALSO("LTE", "66"),
		RADIO("'lteBands': [4]") },
	    .codes = { "SERVICE_LIMITED" },
	    .message = "4G on B4 until",
	    .service = "4G" },
	{ .label = "B4 and B12 have nothing in common",
	    .want = DENY,
	    .edits = { NO_SCHEMES, ONLY("'lteBands': [4]"),
		"network {'deployments': [{'rat': 'RAT_LTE', 'band': 12}]}" },
	    .service = "NONE" },
};

/* Bands that never stand alone, each with one that does beside it. */
#define ALONE(rat, bands, band)                                            \
	{                                                                  \
		.label = rat " " band " never counts alone", .want = DENY, \
		.edits = { NO_SCHEMES, ALSO(rat, band),                    \
			ONLY("'" bands "': [" band "]") },                 \
		.codes = { "SERVICE_BELOW_MINIMUM" }, .service = "NONE",   \
		.due = "WIFI_ONLY"                                         \
	}
static const expect_t alone[] = {
	{ .label = "UMTS 32 never counts alone",
	    .want = DENY,
	    .edits = { NO_SCHEMES, ALSO("UMTS", "32"),
		RADIO("'gsmMhz': null, 'umtsBands': [32]") },
	    .codes = { "SERVICE_BELOW_MINIMUM" },
	    .service = "NONE" },
	ALONE("LTE", "lteBands", "29"),
	ALONE("LTE", "lteBands", "32"),
	ALONE("LTE", "lteBands", "46"),
	ALONE("LTE", "lteBands", "67"),
	ALONE("LTE", "lteBands", "75"),
	ALONE("LTE", "lteBands", "76"),
	ALONE("NR", "nrBands", "29"),
	ALONE("NR", "nrBands", "67"),
	ALONE("NR", "nrBands", "75"),
	ALONE("NR", "nrBands", "80"),
	{ .label = "good: 29 and 46 beside 2",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, ALSO("LTE", "29"), ALSO("LTE", "46"),
		RADIO("'lteBands': [2, 29, 46]") },
	    .codes = { "SERVICE_LIMITED" },
	    .message = "4G on B2 until",
	    .service = "4G" },
};

/* Unknown is not none. */
static const expect_t unknown[] = {
	{ .label = "5001 nothing is known of the radio",
	    .want = INDETERMINATE,
	    .edits = { "product {'radio': null}" },
	    .codes = { "BANDS_UNKNOWN", "-SERVICE_BELOW_MINIMUM",
		"-DISCLOSURE_MISSING" },
	    .path = "radio",
	    .service = "?",
	    .due = "",
	    .missing = BANDS_MISSING },
	{ .label = "5001 UMTS is unknown, and only GSM is common",
	    .want = INDETERMINATE,
	    .edits = { RADIO("'umtsBands': null,"
			     " 'unknownRats': ['RAT_UMTS']") },
	    .codes = { "BANDS_UNKNOWN", "-SERVICE_BELOW_MINIMUM" },
	    .path = "radio.unknown_rats",
	    .got = "UMTS",
	    .service = "?",
	    .missing = BANDS_MISSING },
	{ .label = "5001 LTE is unknown, and might be better than 3G",
	    .want = INDETERMINATE,
	    .edits = { RADIO("'unknownRats': ['RAT_LTE']") },
	    .codes = { "BANDS_UNKNOWN" },
	    .got = "LTE",
	    .service = "?" },
	{ .label = "5001 two are unknown, both are told",
	    .want = INDETERMINATE,
	    .edits = { RADIO("'umtsBands': null, 'unknownRats':"
			     " ['RAT_UMTS', 'RAT_LTE']") },
	    .codes = { "BANDS_UNKNOWN" },
	    .got = "UMTS, LTE" },
	{ .label = "good: UMTS is unknown, and 4G is known",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES,
		RADIO("'umtsBands': null, 'lteBands': [2],"
		      " 'unknownRats': ['RAT_UMTS']") },
	    .codes = { "-BANDS_UNKNOWN" },
	    .service = "4G" },
	{ .label = "good: NR is unknown, and not deployed",
	    .want = PERMIT,
	    .edits = { RADIO("'unknownRats': ['RAT_NR']") },
	    .codes = { "-BANDS_UNKNOWN" },
	    .service = "3G" },
	{ .label = "good: and that changes when it is deployed",
	    .want = PERMIT,
	    .edits = { RADIO("'unknownRats': ['RAT_NR']"),
		"network {'deployments+': [{'rat': 'RAT_NR', 'band': 71,"
		" 'from': '2019-12-02T00:00:00Z'}]}" },
	    .service = "3G",
	    .horizon = "2019-12-02T00:00:00Z" },
	{ .label = "5001 a certification does not say its bands",
	    .want = INDETERMINATE,
	    .edits = { "fcc {'bands': null}" },
	    .codes = { "BANDS_UNKNOWN", "-BAND_NOT_CERTIFIED" },
	    .path = "bands",
	    .service = "?" },
	{ .label = "no product is known: neither is its service",
	    .want = INDETERMINATE,
	    .edits = { "-product" },
	    .codes = { "PRODUCT_UNKNOWN", "-SERVICE_BELOW_MINIMUM" },
	    .service = "?",
	    .due = "" },
};

#define COVERS(name, list) name " {'bands': [" list "]}"
#define GSM_1900           "{'rat': 'RAT_GSM', 'bands': [1900]}"
#define UMTS(bands)        "{'rat': 'RAT_UMTS', 'bands': [" bands "]}"
#define LTE(bands)         "{'rat': 'RAT_LTE', 'bands': [" bands "]}"

/* Only bands that every required certification covers. */
static const expect_t certified[] = {
	{ .label = "good: the common band is certified",
	    .want = PERMIT,
	    .codes = { "-BAND_NOT_CERTIFIED" },
	    .service = "3G" },
	{ .label = "5005 the carrier's covers another band alone",
	    .want = DENY,
	    .edits = { COVERS("carrier", GSM_1900 ", " UMTS("1, 5, 8")) },
	    .codes = { "BAND_NOT_CERTIFIED", "SERVICE_BELOW_MINIMUM" },
	    .path = "bands",
	    .got = "UMTS B2",
	    .message = "the carrier certification by t-mobile.com",
	    .service = "2G" },
	{ .label = "5005 one of the two does not cover it",
	    .want = DENY,
	    .edits = { COVERS("fcc", GSM_1900) },
	    .codes = { "BAND_NOT_CERTIFIED" },
	    .got = "UMTS B2",
	    .message = "the fcc certification by fcc.gov",
	    .service = "2G" },
	{ .label = "5005 the number of another RAT's band",
	    .want = DENY,
	    .edits = { COVERS("carrier", GSM_1900 ", " LTE("2")) },
	    .codes = { "BAND_NOT_CERTIFIED" },
	    .got = "UMTS B2",
	    .service = "2G" },
	{ .label = "5005 no common band is certified: Wi-Fi only",
	    .want = DENY,
	    .edits = { COVERS("carrier", UMTS("8")) },
	    .codes = { "BAND_NOT_CERTIFIED" },
	    .got = "GSM 1900 MHz",
	    .service = "NONE",
	    .due = "WIFI_ONLY" },
	{ .label = "5005 B12 is certified, and the device has its part B17",
	    .want = PERMIT,
	    .edits = { COVERS("carrier", UMTS("2") ", " LTE("12")),
		COVERS("fcc", UMTS("2") ", " LTE("12")),
		RADIO("'lteBands': [17]") },
	    .codes = { "BAND_NOT_CERTIFIED" },
	    .got = "LTE B17",
	    .service = "3G" },
	{ .label = "good: B17 is certified",
	    .want = PERMIT,
	    .edits = { COVERS("carrier", GSM_1900 ", " LTE("17")),
		COVERS("fcc", GSM_1900 ", " LTE("17")),
		RADIO("'umtsBands': null, 'lteBands': [17]") },
	    .codes = { "-BAND_NOT_CERTIFIED" },
	    .service = "4G" },
	{ .label = "good: what nobody requires restricts nothing",
	    .want = PERMIT,
	    .edits = { COVERS("fcc", GSM_1900),
		"policy {'requirements': null}" },
	    .codes = { "-BAND_NOT_CERTIFIED" },
	    .service = "3G" },
};

#define NEEDS(service) "offer {'disclosures': null}", DISCLOSE(service)
#define DUE(level, disclosure)                                                \
	{                                                                     \
		.label = "5003 3G, disclosed below " level, .want = DENY,     \
		.edits = { NEEDS(level) }, .codes = { "DISCLOSURE_MISSING" }, \
		.path = "disclosures", .wanted = disclosure,                  \
		.due = disclosure,                                            \
		.missing = "disclosure " disclosure " in the offer"           \
	}
#define NOT_DUE(level)                                                         \
	{                                                                      \
		.label = "good: 3G, disclosed below " level, .want = PERMIT,   \
		.edits = { NEEDS(level) }, .codes = { "-DISCLOSURE_MISSING" }, \
		.due = "", .missing = ""                                       \
	}

static const expect_t disclosures[] = {
	NOT_DUE("NONE"),
	NOT_DUE("2G"),
	NOT_DUE("3G"),
	DUE("4G", "SERVICE_3G_ONLY"),
	DUE("5G", "SERVICE_3G_ONLY"),
	{ .label = "5003 4G, disclosed below 5G",
	    .want = DENY,
	    .edits = { NO_SCHEMES, DISCLOSE("5G"), RADIO("'lteBands': [2]") },
	    .codes = { "DISCLOSURE_MISSING" },
	    .wanted = "SERVICE_4G_ONLY" },
	{ .label = "good: 5G is never disclosed",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, NEEDS("5G"), ALSO("NR", "71"),
		RADIO("'nrBands': [71]") },
	    .due = "" },
	{ .label = "5003 another disclosure does not do",
	    .want = DENY,
	    .edits = { DISCLOSED("'DISCLOSURE_WIFI_ONLY',"
				 " 'DISCLOSURE_SERVICE_2G_ONLY'") },
	    .codes = { "DISCLOSURE_MISSING" },
	    .wanted = "SERVICE_3G_ONLY" },
	{ .label = "good: more disclosures than are due",
	    .want = PERMIT,
	    .edits = { DISCLOSED("'DISCLOSURE_IMPORTED_VARIANT',"
				 " 'DISCLOSURE_SERVICE_3G_ONLY'") } },
};

#define CALLS(features) ONLY("'lteBands': [2], 'features': [" features "]")

static const expect_t voice[] = {
	{ .label = "5003 4G alone without VoLTE: no calls",
	    .want = DENY,
	    .edits = { NO_SCHEMES, CALLS("'FEATURE_WIFI_CALLING'") },
	    .codes = { "DISCLOSURE_MISSING", "-VOICE_UNKNOWN" },
	    .wanted = "NO_VOICE",
	    .service = "4G",
	    .due = "NO_VOICE" },
	{ .label = "good: no calls, disclosed",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, CALLS("'FEATURE_WIFI_CALLING'"),
		DISCLOSED("'DISCLOSURE_NO_VOICE'") },
	    .codes = { "SERVICE_LIMITED" },
	    .message = ", without calls",
	    .due = "NO_VOICE" },
	{ .label = "good: 4G with VoLTE",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, CALLS("'FEATURE_VOLTE'") },
	    .codes = { "-VOICE_UNKNOWN" },
	    .due = "" },
	{ .label = "VoNR calls on NR, not on LTE",
	    .want = DENY,
	    .edits = { NO_SCHEMES, CALLS("'FEATURE_VONR'") },
	    .codes = { "DISCLOSURE_MISSING" },
	    .wanted = "NO_VOICE" },
	{ .label = "good: VoNR on NR",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, ALSO("NR", "71"),
		ONLY("'nrBands': [71], 'features': ['FEATURE_VONR']") },
	    .due = "" },
	{ .label = "5007 4G alone, and no feature is listed",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, CALLS("") },
	    .codes = { "VOICE_UNKNOWN" },
	    .service = "4G",
	    .due = "" },
	{ .label = "good: 4G without VoLTE calls on 3G",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES,
		RADIO("'lteBands': [2], 'features':"
		      " ['FEATURE_WIFI_CALLING']") },
	    .codes = { "-VOICE_UNKNOWN" },
	    .due = "",
	    .horizon = "2026-01-01T00:00:00Z" },
	{ .label = "and when 3G and 2G end its calls end",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES,
		RADIO("'gsmMhz': null, 'lteBands': [2], 'features':"
		      " ['FEATURE_WIFI_CALLING']") },
	    .service = "4G",
	    .due = "",
	    .horizon = "2022-07-01T00:00:00Z" },
	{ .label = "5004 the network requires E911",
	    .want = DENY,
	    .edits = { "network {'requiredFeatures': ['FEATURE_VOLTE',"
		       " 'FEATURE_E911']}",
		RADIO("'features': ['FEATURE_VOLTE']") },
	    .codes = { "FEATURE_MISSING" },
	    .path = "radio.features",
	    .wanted = "E911" },
	{ .label = "good: it has both",
	    .want = PERMIT,
	    .edits = { "network {'requiredFeatures': ['FEATURE_VOLTE',"
		       " 'FEATURE_E911']}",
		RADIO("'features': ['FEATURE_VOLTE', 'FEATURE_E911']") },
	    .codes = { "-FEATURE_MISSING" } },
};

#define LATER(from, until)                                                   \
	"network {'deployments+': [{'rat': 'RAT_LTE', 'band': 41" from until \
	"}]}"
#define FROM  ", 'from': '2016-03-01T00:00:00Z'"
#define UNTIL ", 'until': '2016-04-01T00:00:00Z'"
#define AT_TIME(label_, at_, service_, horizon_)                  \
	{                                                         \
		.label = label_, .want = PERMIT, .at = at_,       \
		.edits = { NO_SCHEMES, RADIO("'lteBands': [41]"), \
			LATER(FROM, UNTIL) },                     \
		.service = service_, .horizon = horizon_          \
	}

/* T1: a deployment's window is half open, and bounds the horizon. */
static const expect_t windows[] = {
	AT_TIME("T1 before it is built", "2016-02-29T23:59:59Z", "3G",
	    "2016-03-01T00:00:00Z"),
	AT_TIME("T1 from its first second", "2016-03-01T00:00:00Z", "4G",
	    "2016-04-01T00:00:00Z"),
	AT_TIME("T1 in its last second", "2016-03-31T23:59:59Z", "4G",
	    "2016-04-01T00:00:00Z"),
	AT_TIME("T1 not a second longer", "2016-04-01T00:00:00Z", "3G",
	    "2022-07-01T00:00:00Z"),
	{ .label = "what changes nothing does not bound the horizon",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, LATER(FROM, UNTIL) },
	    .service = "3G",
	    .horizon = "2022-07-01T00:00:00Z" },
	{ .label = "without a beginning it was always there",
	    .want = PERMIT,
	    .edits = { NO_SCHEMES, RADIO("'lteBands': [41]"), LATER("", "") },
	    .service = "4G",
	    .horizon = "2026-01-01T00:00:00Z" },
};

EXPECT_ROWS(compatibility, service)
EXPECT_ROWS(compatibility, alone)
EXPECT_ROWS(compatibility, unknown)
EXPECT_ROWS(compatibility, certified)
EXPECT_ROWS(compatibility, disclosures)
EXPECT_ROWS(compatibility, voice)
EXPECT_ROWS(compatibility, windows)

int
main(void)
{
	Suite *suite = suite_create("compatibility");

	EXPECT_TABLE(suite, compatibility, service);
	EXPECT_TABLE(suite, compatibility, alone);
	EXPECT_TABLE(suite, compatibility, unknown);
	EXPECT_TABLE(suite, compatibility, certified);
	EXPECT_TABLE(suite, compatibility, disclosures);
	EXPECT_TABLE(suite, compatibility, voice);
	EXPECT_TABLE(suite, compatibility, windows);
	return harness_main(suite);
}
