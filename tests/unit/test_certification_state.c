/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certification over time: its state, what follows on what, where it
 * overlaps, and what of it never lapses.
 */
#include "expect.h"

#define NEEDS_CARRIER "carrier certification by t-mobile.com of xiaomi 2014215"

#define STATE(s)   "'state': 'CERTIFICATION_STATE_" s "'"
#define CARRIER(s) "carrier {" STATE(s) "}"
/* Another certification by the same issuer, beside the first. */
#define SECOND(s, more) \
	"+second =carrier {'header': {'id': 'second'" more "}, " STATE(s)
/* The next revision of the first. */
#define REVISION_2(s) \
	"+revised =carrier {'header': {'revision': '2'}, " STATE(s)

/* C4, C6: what each state means, alone and beside others. */
static const expect_t states[] = {
	{ .label = "good: certified",
	    .want = PERMIT,
	    .edits = { CARRIER("CERTIFIED") },
	    .codes = { "-CERTIFICATION_CONFLICT" },
	    .missing = "" },
	{ .label = "4006 in test",
	    .want = DENY,
	    .edits = { CARRIER("IN_TEST") },
	    .codes = { "CERTIFICATION_IN_TEST", "-CERTIFICATION_MISSING" },
	    .path = "state",
	    .got = "IN_TEST",
	    .missing = NEEDS_CARRIER },
	{ .label = "C4 4007 provisional, where policy wants more",
	    .want = DENY,
	    .edits = { CARRIER("PROVISIONAL") },
	    .codes = { "CERTIFICATION_PROVISIONAL",
		"-CERTIFICATION_PROVISIONAL_ACCEPTED" },
	    .missing = NEEDS_CARRIER },
	{ .label = "C4 4013 provisional, accepted by policy",
	    .want = PERMIT,
	    .edits = { CARRIER("PROVISIONAL"),
		"policy {'acceptProvisional': true}" },
	    .codes = { "CERTIFICATION_PROVISIONAL_ACCEPTED",
		"-CERTIFICATION_PROVISIONAL" },
	    .missing = "" },
	{ .label = "policy that accepts provisional accepts no test",
	    .want = DENY,
	    .edits = { CARRIER("IN_TEST"),
		"policy {'acceptProvisional': true}" },
	    .codes = { "CERTIFICATION_IN_TEST" } },
	{ .label = "C6 4008 suspended",
	    .want = DENY,
	    .edits = { CARRIER("SUSPENDED") },
	    .codes = { "CERTIFICATION_SUSPENDED", "-CERTIFICATION_ENDED" },
	    .missing = NEEDS_CARRIER },
	{ .label = "C6 4009 refused",
	    .want = DENY,
	    .edits = { CARRIER("REFUSED") },
	    .codes = { "CERTIFICATION_ENDED" },
	    .got = "REFUSED",
	    .missing = NEEDS_CARRIER },
	{ .label = "C6 4009 revoked",
	    .want = DENY,
	    .edits = { CARRIER("REVOKED") },
	    .codes = { "CERTIFICATION_ENDED" },
	    .got = "REVOKED" },
	{ .label = "C6 4009 withdrawn",
	    .want = DENY,
	    .edits = { CARRIER("WITHDRAWN") },
	    .codes = { "CERTIFICATION_ENDED" },
	    .got = "WITHDRAWN" },
	{ .label = "C6 4009 void",
	    .want = DENY,
	    .edits = { CARRIER("VOID") },
	    .codes = { "CERTIFICATION_ENDED" },
	    .got = "VOID" },
	{ .label = "good: two that agree are no conflict",
	    .want = PERMIT,
	    .edits = { SECOND("CERTIFIED", "") "}" },
	    .codes = { "-CERTIFICATION_CONFLICT" } },
	{ .label = "4014 certified and provisional: provisional",
	    .want = DENY,
	    .edits = { SECOND("PROVISIONAL", "") "}" },
	    .codes = { "CERTIFICATION_CONFLICT", "CERTIFICATION_PROVISIONAL" },
	    .got = "PROVISIONAL" },
	{ .label = "4014 the same, accepted, and the conflict still told",
	    .want = PERMIT,
	    .edits = { SECOND("PROVISIONAL", "") "}",
		"policy {'acceptProvisional': true}" },
	    .codes = { "CERTIFICATION_CONFLICT",
		"CERTIFICATION_PROVISIONAL_ACCEPTED" } },
	{ .label = "4014 certified and in test: in test",
	    .want = DENY,
	    .edits = { SECOND("IN_TEST", "") "}" },
	    .codes = { "CERTIFICATION_CONFLICT", "CERTIFICATION_IN_TEST" } },
	{ .label = "4014 in test and suspended: suspended",
	    .want = DENY,
	    .edits = { CARRIER("IN_TEST"), SECOND("SUSPENDED", "") "}" },
	    .codes = { "CERTIFICATION_CONFLICT", "CERTIFICATION_SUSPENDED",
		"-CERTIFICATION_IN_TEST" } },
	{ .label = "4014 suspended and revoked: revoked",
	    .want = DENY,
	    .edits = { CARRIER("SUSPENDED"), SECOND("REVOKED", "") "}" },
	    .codes = { "CERTIFICATION_CONFLICT", "CERTIFICATION_ENDED" } },
	{ .label = "good: a test of other hardware says nothing here",
	    .want = PERMIT,
	    .edits = { SECOND("IN_TEST", "") ", 'hardwareVersions': ['P2']}" },
	    .codes = { "-CERTIFICATION_CONFLICT" } },
	{ .label = "good: nor does a test in a part of the territory",
	    .want = PERMIT,
	    .edits = { SECOND("IN_TEST", "") ", 'territories': ['US-CA']}" } },
};

/* What forbids applies where it overlaps; what permits must contain. */
static const expect_t overlaps[] = {
	{ .label = "suspended in a part of the cell's territory",
	    .want = DENY,
	    .edits = { SECOND("SUSPENDED", "") ", 'territories': ['US-CA']}" },
	    .codes = { "CERTIFICATION_SUSPENDED" } },
	{ .label = "revoked in the country of the cell's subdivision",
	    .want = DENY,
	    .edits = { "offer {'territories': ['US-CA']}",
		SECOND("REVOKED", "") "}" },
	    .codes = { "CERTIFICATION_ENDED" } },
	{ .label = "good: suspended in another subdivision",
	    .want = PERMIT,
	    .edits = { "offer {'territories': ['US-CA']}",
		SECOND("SUSPENDED", "") ", 'territories': ['US-NY']}" } },
	{ .label = "good: suspended in another country",
	    .want = PERMIT,
	    .edits = { SECOND("SUSPENDED", "") ", 'territories': ['CA']}" } },
	{ .label = "good: suspended in no territory",
	    .want = PERMIT,
	    .edits = { SECOND("SUSPENDED", "") ", 'territories': null}" } },
	{ .label = "good: revoked for another software version",
	    .want = PERMIT,
	    .edits = { SECOND(
		"REVOKED", "") ", 'softwareVersions': ['7.1.3']}" } },
	{ .label = "revoked for one version, and the offer hides its own",
	    .want = DENY,
	    .edits = { "carrier {'softwareVersions': ['*']}",
		"offer {'softwareVersion': null}",
		"product {'softwareVersions': null}",
		SECOND("REVOKED", "") ", 'softwareVersions': ['7.1.2']}" },
	    .codes = { "CERTIFICATION_ENDED" } },
	{ .label = "suspended for one board, and the offer hides its own",
	    .want = DENY,
	    .edits = { "offer {'hardwareVersion': null}",
		"product {'hardwareVersions': null}",
		SECOND("SUSPENDED", "") ", 'hardwareVersions': ['P2']}" },
	    .codes = { "CERTIFICATION_SUSPENDED" } },
	{ .label = "good: suspended for a network that is not the cell's",
	    .want = PERMIT,
	    .edits = { SECOND(
		"SUSPENDED", "") ", 'networks': ['t-mobile.com/de']}" } },
	{ .label = "revoked by a certifier of a part of the territory",
	    .want = DENY,
	    .edits = { "root {'parties+': [{'id': 'ca.example', 'keys':"
		       " '$keys:ca.example', 'roles': [{'role':"
		       " 'ROLE_CERTIFIER', 'schemes': ['fcc'],"
		       " 'territories': ['US-CA']}]}]}",
		"+part =fcc {'header': {'issuer': 'ca.example'},"
		" 'territories': ['US-CA'], " STATE("REVOKED") "}",
		"part @ca.example" },
	    .codes = { "CERTIFICATION_ENDED" } },
	{ .label = "good: who certifies that part alone",
	    .want = PERMIT,
	    .edits = { "root {'parties+': [{'id': 'ca.example', 'keys':"
		       " '$keys:ca.example', 'roles': [{'role':"
		       " 'ROLE_CERTIFIER', 'schemes': ['fcc'],"
		       " 'territories': ['US-CA']}]}]}",
		"+part =fcc {'header': {'issuer': 'ca.example'},"
		" 'territories': ['US-CA'], " STATE("IN_TEST") "}",
		"part @ca.example" } },
	{ .label = "a forged end ends nothing",
	    .want = PERMIT,
	    .edits = { SECOND("REVOKED", "") "}", "second @forger" },
	    .ignored = "second STATEMENT_SIGNATURE_INVALID" },
	{ .label = "another carrier's end ends nothing",
	    .want = PERMIT,
	    .edits = { SECOND("REVOKED", ", 'issuer': 'att.com'") "}",
		"second @att.com" } },
	{ .label = "C4 a test key's end ends nothing in production",
	    .want = PERMIT,
	    .edits = { "root {'parties+': [{'id': 'lab.example', 'keys':"
		       " '$test-keys:lab.example', 'roles': [{'role':"
		       " 'ROLE_CERTIFIER', 'schemes': ['fcc'],"
		       " 'territories': ['US']}]}]}",
		"+lab =fcc {'header': {'issuer': 'lab.example'}, " STATE(
		    "REVOKED") "}",
		"lab @lab.example" } },
};

#define OTHER_CARRIER                                             \
	"root {'parties+': [{'id': 'tm.example', 'keys':"         \
	" '$keys:tm.example', 'roles': [{'role': 'ROLE_CARRIER'," \
	" 'networks': ['t-mobile.com/us']}]}]}"
#define KEY_FALLS                                       \
	"+fallen withdrawal usmobile.com {'targetKey':" \
	" '$key:tm.example', 'reason':"                 \
	" 'WITHDRAWAL_REASON_KEY_COMPROMISE'}"

/* C6, C7: revisions, ends, and what never lapses. */
static const expect_t lapses[] = {
	{ .label = "C7 one second before its end",
	    .want = PERMIT,
	    .at = "2016-02-29T23:59:59Z",
	    .edits = { "carrier {'header': {'notAfter':"
		       " '2016-03-01T00:00:00Z'}}" },
	    .horizon = "2016-03-01T00:00:00Z" },
	{ .label = "C7 at its end",
	    .want = DENY,
	    .at = "2016-03-01T00:00:00Z",
	    .edits = { "carrier {'header': {'notAfter':"
		       " '2016-03-01T00:00:00Z'}}" },
	    .codes = { "STATEMENT_EXPIRED" },
	    .missing = NEEDS_CARRIER },
	{ .label = "C7 before its beginning and the skew",
	    .want = DENY,
	    .at = "2016-02-01T11:54:59Z",
	    .edits = { "carrier {'header': {'notBefore':"
		       " '2016-02-01T12:00:00Z'}}" },
	    .codes = { "STATEMENT_NOT_YET_VALID" },
	    .horizon = "2016-02-01T11:55:00Z" },
	{ .label = "C7 within the skew of its beginning",
	    .want = PERMIT,
	    .at = "2016-02-01T11:55:00Z",
	    .edits = { "carrier {'header': {'notBefore':"
		       " '2016-02-01T12:00:00Z'}}" } },
	{ .label = "C6 certified, then withdrawn by its issuer",
	    .want = DENY,
	    .edits = { "+gone withdrawal t-mobile.com {'targetDigest':"
		       " '$digest:carrier'}" },
	    .codes = { "STATEMENT_WITHDRAWN" },
	    .missing = NEEDS_CARRIER },
	{ .label = "C6 suspended, and the suspension withdrawn",
	    .want = PERMIT,
	    .edits = { SECOND("SUSPENDED", "") "}",
		"+gone withdrawal t-mobile.com {'targetDigest':"
		" '$digest:second'}" } },
	{ .label = "C6 revoked, and a withdrawal does not undo it",
	    .want = DENY,
	    .edits = { SECOND("REVOKED", "") "}",
		"+gone withdrawal t-mobile.com {'targetDigest':"
		" '$digest:second'}" },
	    .codes = { "CERTIFICATION_ENDED" } },
	{ .label = "C7 a suspension ends with its statement",
	    .want = PERMIT,
	    .edits = { SECOND(
		"SUSPENDED", ", 'notAfter': '2016-01-20T00:00:00Z'") "}" } },
	{ .label = "C7 and holds until then",
	    .want = DENY,
	    .at = "2016-01-19T23:59:59Z",
	    .edits = { SECOND(
		"SUSPENDED", ", 'notAfter': '2016-01-20T00:00:00Z'") "}" },
	    .codes = { "CERTIFICATION_SUSPENDED" },
	    .horizon = "2016-01-20T00:00:00Z" },
	{ .label = "C6 a final state stands past its statement's end",
	    .want = DENY,
	    .edits = { SECOND(
		"VOID", ", 'notAfter': '2016-01-20T00:00:00Z'") "}" },
	    .codes = { "CERTIFICATION_ENDED", "-STATEMENT_EXPIRED" } },
	{ .label = "C7 a final state that begins later bounds the horizon",
	    .want = PERMIT,
	    .edits = { SECOND(
		"REVOKED", ", 'notBefore': '2016-03-01T00:00:00Z'") "}" },
	    .horizon = "2016-02-29T23:55:00Z" },
	{ .label = "C6 a final state stands after its key fell",
	    .want = DENY,
	    .edits = { OTHER_CARRIER,
		SECOND("REVOKED", ", 'issuer': 'tm.example'") "}",
		"second @tm.example", KEY_FALLS },
	    .codes = { "CERTIFICATION_ENDED", "-KEY_WITHDRAWN" } },
	{ .label = "C10 what certifies falls with its key",
	    .want = DENY,
	    .edits = { OTHER_CARRIER,
		"carrier {'header': {'issuer': 'tm.example'}}",
		"carrier @tm.example", KEY_FALLS },
	    .codes = { "KEY_WITHDRAWN" } },
	{ .label = "C6 revoked by a later revision",
	    .want = DENY,
	    .edits = { REVISION_2("REVOKED") "}" },
	    .codes = { "CERTIFICATION_ENDED", "-CERTIFICATION_TRANSITION",
		"-CERTIFICATION_CONFLICT" } },
	{ .label = "C6 4010 a final state is not undone by a revision",
	    .want = DENY,
	    .edits = { CARRIER("REVOKED"), REVISION_2("CERTIFIED") "}" },
	    .codes = { "CERTIFICATION_TRANSITION", "CERTIFICATION_ENDED" },
	    .path = "state",
	    .got = "CERTIFIED",
	    .wanted = "REVOKED" },
	{ .label = "C6 4010 nor by one that only tests again",
	    .want = DENY,
	    .edits = { CARRIER("REFUSED"), REVISION_2("IN_TEST") "}" },
	    .codes = { "CERTIFICATION_TRANSITION", "CERTIFICATION_ENDED" } },
	{ .label = "C6 4010 nor by one that covers other versions",
	    .want = DENY,
	    .edits = { CARRIER("REVOKED"),
		REVISION_2("CERTIFIED") ", 'softwareVersions': ['7.2']}" },
	    .codes = { "CERTIFICATION_ENDED" } },
	{ .label = "C6 nor by one that speaks of another model",
	    .want = DENY,
	    .edits = { CARRIER("REVOKED"),
		REVISION_2("CERTIFIED") ", 'model': '2014216'}" },
	    .codes = { "CERTIFICATION_ENDED" } },
	{ .label = "C6 a final state may follow on another",
	    .want = DENY,
	    .edits = { CARRIER("REVOKED"), REVISION_2("VOID") "}" },
	    .codes = { "CERTIFICATION_ENDED", "-CERTIFICATION_TRANSITION" } },
	{ .label = "C6 suspended and reinstated by a later revision",
	    .want = PERMIT,
	    .edits = { CARRIER("SUSPENDED"), REVISION_2("CERTIFIED") "}" },
	    .codes = { "-CERTIFICATION_TRANSITION",
		"-CERTIFICATION_CONFLICT" } },
	{ .label = "C6 a new name does not undo a final state",
	    .want = DENY,
	    .edits = { CARRIER("REVOKED"), SECOND("CERTIFIED", "") "}" },
	    .codes = { "CERTIFICATION_ENDED", "CERTIFICATION_CONFLICT" } },
	{ .label = "C6 good: new versions can be certified anew",
	    .want = PERMIT,
	    .edits = { CARRIER("REVOKED"),
		SECOND("CERTIFIED", "") ", 'softwareVersions': ['7.1.3']}",
		"offer {'softwareVersion': '7.1.3'}" } },
	{ .label = "C6 good: a name that fell does not taint another",
	    .want = PERMIT,
	    .edits = { CARRIER("REVOKED"),
		REVISION_2("CERTIFIED") ", 'softwareVersions': ['7.2']}",
		SECOND("CERTIFIED", "") ", 'softwareVersions': ['7.1.3']}",
		"+third =second {'header': {'id': 'third'}}",
		"+fourth =second {'header': {'id': 'fourth'}}",
		"offer {'softwareVersion': '7.1.3'}" },
	    .codes = { "-CERTIFICATION_TRANSITION" } },
	{ .label = "a fork of two that certify cannot be told",
	    .want = INDETERMINATE,
	    .edits = { "+fork =carrier {'reference': 'another'}" },
	    .codes = { "STATEMENT_FORK" },
	    .missing = NEEDS_CARRIER },
	{ .label = "a fork of which one ends it",
	    .want = DENY,
	    .edits = { "+fork =carrier {" STATE("REVOKED") "}" },
	    .codes = { "CERTIFICATION_ENDED" } },
};

EXPECT_ROWS(certification, states)
EXPECT_ROWS(certification, overlaps)
EXPECT_ROWS(certification, lapses)

int
main(void)
{
	Suite *suite = suite_create("certification_state");

	EXPECT_TABLE(suite, certification, states);
	EXPECT_TABLE(suite, certification, overlaps);
	EXPECT_TABLE(suite, certification, lapses);
	return harness_main(suite);
}
