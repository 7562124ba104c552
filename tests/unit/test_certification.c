/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certification: every required scheme, for this model in these versions on
 * this network in this territory. The good world has one of scheme carrier
 * (software 7.1.2 on t-mobile.com/us) and one of scheme fcc.
 * States and revisions: test_certification_state.c; what a certification rests
 * on: test_certification_needs.c.
 *
 * Of the C rows of FAULTS.md the design rules out:
 *   C1 TAC and bands: a certification names no TAC; it is exact on brand,
 *      model and versions instead, and bands are counted one by one
 *      (test_compatibility.c).
 *   C2 lists of products: one certification names one model.
 *   C5 a status list names statements by digest, so that no identifier can
 *      differ between the two.
 *   C8 ranges of versions: versions are compared exactly or are "*", so that
 *      no order of versions is needed; that 7.1 is not 7.1.2 has its rows.
 *   C9 no field of the policy speaks of launch or discontinuation: what ends
 *      a certification is its own state or end.
 *   C12 extra and wrong wire fields are refused before a certification is
 *      read (test_strict.c).
 */
#include "expect.h"

#define NEEDS_CARRIER "carrier certification by t-mobile.com of xiaomi 2014215"
#define NEEDS_FCC     "fcc certification by fcc.gov of xiaomi 2014215"

/* Another certification by the same issuer, beside the first. */
#define SECOND "{'header': {'id': 'second'}, "

/* C1, C11, C12: each field missing, wrong, or another's. */
static const expect_t fields[] = {
	{ .label = "good: all fields fit",
	    .want = PERMIT,
	    .codes = { "SERVICE_LIMITED", "-CERTIFICATION_MISSING" },
	    .missing = "" },
	{ .label = "C1 4001 no carrier certification",
	    .want = DENY,
	    .edits = { "-carrier" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .wanted = "carrier",
	    .missing = NEEDS_CARRIER },
	{ .label = "C1 4001 no certification of the scheme fcc",
	    .want = DENY,
	    .edits = { "-fcc" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .wanted = "fcc",
	    .missing = NEEDS_FCC },
	{ .label = "C1 4001 neither, and both are told",
	    .want = DENY,
	    .edits = { "-fcc", "-carrier" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .wanted = "carrier",
	    .missing = NEEDS_FCC },
	{ .label = "C1 4001 missing, as the design's example says it",
	    .want = DENY,
	    .edits = { "offer {'model': '2014818', 'gtin': null}",
		"product {'model': '2014818', 'gtins': null}",
		"grant {'scope': {'models': ['2014818']}}",
		"fcc {'model': '2014818'}" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .missing =
		"carrier certification by t-mobile.com of xiaomi 2014818" },
	{ .label = "C1 4001 of another model",
	    .want = DENY,
	    .edits = { "carrier {'model': '2014216'}" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .missing = NEEDS_CARRIER },
	{ .label = "C1 4001 of another brand's same model",
	    .want = DENY,
	    .edits = { "carrier {'brand': 'meizu'}" },
	    .codes = { "CERTIFICATION_MISSING" } },
	{ .label = "C11 the look-alike 2014215s",
	    .want = DENY,
	    .edits = { "carrier {'model': '2014215s'}" },
	    .codes = { "CERTIFICATION_MISSING" } },
	{ .label = "C11 the prefix 201421",
	    .want = DENY,
	    .edits = { "carrier {'model': '201421'}" },
	    .codes = { "CERTIFICATION_MISSING" } },
	{ .label = "C11 \"*\" as a model is a literal",
	    .want = DENY,
	    .edits = { "carrier {'model': '*'}" },
	    .codes = { "CERTIFICATION_MISSING" } },
	{ .label = "C1 4002 another hardware version",
	    .want = DENY,
	    .edits = { "carrier {'hardwareVersions': ['P2']}" },
	    .codes = { "CERTIFICATION_HARDWARE" },
	    .path = "hardware_versions",
	    .got = "P1",
	    .wanted = "P2",
	    .missing = NEEDS_CARRIER },
	{ .label = "good: this hardware version among several",
	    .want = PERMIT,
	    .edits = { "carrier {'hardwareVersions': ['P2', 'P1']}" } },
	{ .label = "C12 4002 no hardware version is none",
	    .want = DENY,
	    .edits = { "carrier {'hardwareVersions': null}" },
	    .codes = { "CERTIFICATION_HARDWARE" },
	    .wanted = "nothing" },
	{ .label = "C12 4002 the offer does not say its version",
	    .want = DENY,
	    .edits = { "carrier {'hardwareVersions': ['P1']}",
		"offer {'hardwareVersion': null}",
		"product {'hardwareVersions': null}" },
	    .codes = { "CERTIFICATION_HARDWARE" },
	    .got = "nothing" },
	{ .label = "good: nor need it, where any is certified",
	    .want = PERMIT,
	    .edits = { "offer {'hardwareVersion': null}",
		"product {'hardwareVersions': null}" } },
	{ .label = "C1 4003 another software version",
	    .want = DENY,
	    .edits = { "offer {'softwareVersion': '7.1.3'}" },
	    .codes = { "CERTIFICATION_SOFTWARE" },
	    .path = "software_versions",
	    .got = "7.1.3",
	    .wanted = "7.1.2" },
	{ .label = "good: that version is certified too",
	    .want = PERMIT,
	    .edits = { "offer {'softwareVersion': '7.1.3'}",
		"carrier {'softwareVersions': ['7.1.2', '7.1.3']}" } },
	{ .label = "C8 4003 7.1 is no prefix of 7.1.2",
	    .want = DENY,
	    .edits = { "carrier {'softwareVersions': ['7.1']}" },
	    .codes = { "CERTIFICATION_SOFTWARE" } },
	{ .label = "C8 4003 7.1.* is a literal",
	    .want = DENY,
	    .edits = { "carrier {'softwareVersions': ['7.1.*']}" },
	    .codes = { "CERTIFICATION_SOFTWARE" } },
	{ .label = "C12 4003 no software version is none",
	    .want = DENY,
	    .edits = { "carrier {'softwareVersions': null}" },
	    .codes = { "CERTIFICATION_SOFTWARE" } },
	{ .label = "C1 4004 another network",
	    .want = DENY,
	    .edits = { "carrier {'networks': ['t-mobile.com/de']}" },
	    .codes = { "CERTIFICATION_NETWORK" },
	    .path = "networks",
	    .got = "t-mobile.com/us",
	    .wanted = "t-mobile.com/de" },
	{ .label = "C12 4004 no network is none",
	    .want = DENY,
	    .edits = { "carrier {'networks': null}" },
	    .codes = { "CERTIFICATION_NETWORK" } },
	{ .label = "good: any network of its carrier's",
	    .want = PERMIT,
	    .edits = { "carrier {'networks': ['*']}" } },
	{ .label = "C1 4005 another territory",
	    .want = DENY,
	    .edits = { "carrier {'territories': ['CA']}" },
	    .codes = { "CERTIFICATION_TERRITORY" },
	    .path = "territories",
	    .got = "US",
	    .wanted = "CA" },
	{ .label = "C1 4005 a part of the cell's country is not the country",
	    .want = DENY,
	    .edits = { "carrier {'territories': ['US-CA']}" },
	    .codes = { "CERTIFICATION_TERRITORY" },
	    .wanted = "US-CA" },
	{ .label = "good: a country holds its subdivisions",
	    .want = PERMIT,
	    .edits = { "offer {'territories': ['US-CA']}" } },
	{ .label = "good: a subdivision certified for itself",
	    .want = PERMIT,
	    .edits = { "offer {'territories': ['US-CA']}",
		"carrier {'territories': ['US-NY', 'US-CA']}" } },
	{ .label = "C12 4005 no territory is none",
	    .want = DENY,
	    .edits = { "carrier {'territories': null}" },
	    .codes = { "CERTIFICATION_TERRITORY" } },
	{ .label = "several faults of one certification, all told",
	    .want = DENY,
	    .edits = { "carrier {'hardwareVersions': ['P2'],"
		       " 'softwareVersions': ['7'], 'networks': ['x/y'],"
		       " 'territories': ['CA']}" },
	    .codes = { "CERTIFICATION_HARDWARE", "CERTIFICATION_SOFTWARE",
		"CERTIFICATION_NETWORK", "CERTIFICATION_TERRITORY" } },
	{ .label = "of two that fail the nearer one is told",
	    .want = DENY,
	    .edits = { "carrier {'hardwareVersions': ['P2'],"
		       " 'softwareVersions': ['7']}",
		"+second =carrier " SECOND "'hardwareVersions': ['*']}" },
	    .codes = { "CERTIFICATION_SOFTWARE", "-CERTIFICATION_HARDWARE" } },
	{ .label = "good: one that fails beside one that holds",
	    .want = PERMIT,
	    .edits = { "+second =carrier " SECOND
		       "'hardwareVersions': ['P2']}" },
	    .codes = { "-CERTIFICATION_HARDWARE", "-CERTIFICATION_CONFLICT" } },
};

/* C3, C10: who may say so. */
static const expect_t issuers[] = {
	{ .label = "C3 by another carrier",
	    .want = DENY,
	    .edits = { "carrier {'header': {'issuer': 'att.com'}}",
		"carrier @att.com" },
	    .codes = { "CERTIFICATION_MISSING" } },
	{ .label = "C3 by another carrier, for any network",
	    .want = DENY,
	    .edits = { "carrier {'header': {'issuer': 'att.com'},"
		       " 'networks': ['*']}",
		"carrier @att.com" },
	    .codes = { "CERTIFICATION_MISSING" } },
	{ .label = "C3 scheme carrier by a certifier",
	    .want = DENY,
	    .edits = { "carrier {'header': {'issuer': 'ptcrb.com'}}",
		"carrier @ptcrb.com" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .ignored = "carrier STATEMENT_ISSUER_ROLE" },
	{ .label = "C3 scheme carrier by a certifier of any scheme",
	    .want = DENY,
	    .edits = { "root {'parties+': [{'id': 'any.example',"
		       " 'keys': '$keys:any.example', 'roles': [{'role':"
		       " 'ROLE_CERTIFIER', 'schemes': ['*'],"
		       " 'territories': ['*']}]}]}",
		"carrier {'header': {'issuer': 'any.example'}}",
		"carrier @any.example" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .ignored = "carrier STATEMENT_ISSUER_ROLE" },
	{ .label = "good: that certifier for the scheme fcc",
	    .want = PERMIT,
	    .edits = { "root {'parties+': [{'id': 'any.example',"
		       " 'keys': '$keys:any.example', 'roles': [{'role':"
		       " 'ROLE_CERTIFIER', 'schemes': ['*'],"
		       " 'territories': ['*']}]}]}",
		"fcc {'header': {'issuer': 'any.example'}}",
		"fcc @any.example" } },
	{ .label = "C3 scheme fcc by the certifier of another scheme",
	    .want = DENY,
	    .edits = { "fcc {'header': {'issuer': 'ptcrb.com'}}",
		"fcc @ptcrb.com" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .ignored = "fcc STATEMENT_ISSUER_ROLE" },
	{ .label = "C3 scheme fcc beyond the certifier's territories",
	    .want = DENY,
	    .edits = { "fcc {'territories': ['US', 'CA']}" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .ignored = "fcc STATEMENT_ISSUER_ROLE" },
	{ .label = "C3 scheme fcc for any territory is beyond them too",
	    .want = DENY,
	    .edits = { "fcc {'territories': ['*']}" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .ignored = "fcc STATEMENT_ISSUER_ROLE" },
	{ .label = "C3 by the brand itself",
	    .want = DENY,
	    .edits = { "carrier {'header': {'issuer': 'mi.com'}}",
		"carrier @mi.com" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .ignored = "carrier STATEMENT_ISSUER_ROLE" },
	{ .label = "C3 signed with another carrier's key",
	    .want = DENY,
	    .edits = { "carrier @att.com" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .ignored = "carrier STATEMENT_SIGNATURE_INVALID" },
	{ .label = "C4 signed with a test key, in production",
	    .want = DENY,
	    .edits = { "root {'parties+': [{'id': 'lab.example',"
		       " 'keys': '$test-keys:lab.example', 'roles': [{'role':"
		       " 'ROLE_CERTIFIER', 'schemes': ['fcc'],"
		       " 'territories': ['US']}]}]}",
		"fcc {'header': {'issuer': 'lab.example'}}",
		"fcc @lab.example" },
	    .codes = { "KEY_ENVIRONMENT" },
	    .missing = "fcc certification by fcc.gov or lab.example of xiaomi "
		       "2014215" },
	{ .label = "E20 a state must be said",
	    .want = DENY,
	    .edits = { "carrier {'state': null}" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .ignored = "carrier STATEMENT_MALFORMED" },
};

/* What is required: by the policy, by the network, by whom it meets. */
#define PTCRB                                                  \
	"+ptcrb =fcc {'header': {'issuer': 'ptcrb.com', 'id':" \
	" 'ptcrb'}, 'scheme': 'ptcrb', 'territories': ['*']}", \
	    "ptcrb @ptcrb.com"
#define POLICY_NEEDS(rule) "policy {'requirements': [{" rule "}]}"

static const expect_t required[] = {
	{ .label = "the network requires more than the policy",
	    .want = DENY,
	    .edits = { "network {'requiredSchemes': ['carrier', 'ptcrb']}" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .wanted = "ptcrb",
	    .missing = "ptcrb certification by ptcrb.com of xiaomi 2014215" },
	{ .label = "good: and it is there",
	    .want = PERMIT,
	    .edits = { "network {'requiredSchemes': ['carrier', 'ptcrb']}",
		PTCRB } },
	{ .label = "the policy requires nothing, the network does",
	    .want = DENY,
	    .edits = { "policy {'requirements': null}", "-carrier", "-fcc" },
	    .codes = { "CERTIFICATION_MISSING" },
	    .wanted = "carrier" },
	{ .label = "good: neither requires anything",
	    .want = PERMIT,
	    .edits = { "policy {'requirements': null}",
		"network {'requiredSchemes': null}", "-carrier", "-fcc" } },
	{ .label = "good: a rule for another territory",
	    .want = PERMIT,
	    .edits = { "-fcc",
		POLICY_NEEDS("'territories': ['CA'], 'networks': ['*'],"
			     " 'categories': ['*'], 'schemes': ['fcc']") } },
	{ .label = "a rule for a part of the cell's territory overlaps it",
	    .want = DENY,
	    .edits = { "-fcc",
		POLICY_NEEDS("'territories': ['US-CA'], 'networks': ['*'],"
			     " 'categories': ['*'], 'schemes': ['fcc']") },
	    .codes = { "CERTIFICATION_MISSING" } },
	{ .label = "good: a rule for another network",
	    .want = PERMIT,
	    .edits = { "-fcc",
		POLICY_NEEDS("'territories': ['*'], 'networks': ['x/y'],"
			     " 'categories': ['*'], 'schemes': ['fcc']") } },
	{ .label = "good: a rule for another category",
	    .want = PERMIT,
	    .edits = { "-fcc",
		POLICY_NEEDS("'territories': ['*'], 'networks': ['*'],"
			     " 'categories': ['watch'], 'schemes':"
			     " ['fcc']") } },
	{ .label = "a rule for this category",
	    .want = DENY,
	    .edits = { "-fcc",
		POLICY_NEEDS("'territories': ['*'], 'networks': ['*'],"
			     " 'categories': ['watch', 'phone'],"
			     " 'schemes': ['fcc']") },
	    .codes = { "CERTIFICATION_MISSING" } },
	{ .label = "any category may be that of a product not known",
	    .want = DENY,
	    .edits = { "-fcc", "-product",
		POLICY_NEEDS("'territories': ['*'], 'networks': ['*'],"
			     " 'categories': ['watch'], 'schemes':"
			     " ['fcc']") },
	    .codes = { "CERTIFICATION_MISSING", "PRODUCT_UNKNOWN" } },
	{ .label = "any category may be that of a product that says none",
	    .want = DENY,
	    .edits = { "-fcc", "product {'category': null}",
		POLICY_NEEDS("'territories': ['*'], 'networks': ['*'],"
			     " 'categories': ['watch'], 'schemes':"
			     " ['fcc']") },
	    .codes = { "CERTIFICATION_MISSING" } },
	{ .label = "a scheme that nobody certifies",
	    .want = DENY,
	    .edits = { POLICY_NEEDS(
		"'territories': ['*'], 'networks': ['*'],"
		" 'categories': ['*'], 'schemes': ['gcf']") },
	    .codes = { "CERTIFICATION_MISSING" },
	    .missing = "gcf certification by a party with the scheme's role "
		       "of xiaomi 2014215" },
};

EXPECT_ROWS(certification, fields)
EXPECT_ROWS(certification, issuers)
EXPECT_ROWS(certification, required)

int
main(void)
{
	Suite *suite = suite_create("certification");

	EXPECT_TABLE(suite, certification, fields);
	EXPECT_TABLE(suite, certification, issuers);
	EXPECT_TABLE(suite, certification, required);
	return harness_main(suite);
}
