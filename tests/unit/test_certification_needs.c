/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a certification rests on: the parent of a variant or a maintenance
 * release, prerequisite schemes, and how much of that one cell may need.
 */
#include <stdio.h>
#include <string.h>

#include "expect.h"

#define NEEDS_CARRIER "carrier certification by t-mobile.com of xiaomi 2014215"
#define STATE(s)      "'state': 'CERTIFICATION_STATE_" s "'"

/* 4012: a variant or a maintenance release rests on one before it. */
#define BASE(more)                                  \
	"+base =carrier {'header': {'id': 'base'}," \
	" 'softwareVersions': ['7.0']" more "}"
#define RESTS_ON(name)                       \
	"carrier {'route': 'ROUTE_VARIANT'," \
	" 'parentDigest': '$digest:" name "'}"

static const expect_t parents[] = {
	{ .label = "4012 a variant without a parent",
	    .want = DENY,
	    .edits = { "carrier {'route': 'ROUTE_VARIANT'}" },
	    .codes = { "CERTIFICATION_PARENT" },
	    .path = "parent_digest",
	    .missing = NEEDS_CARRIER },
	{ .label = "4012 a maintenance release without a parent",
	    .want = DENY,
	    .edits = { "carrier {'route': 'ROUTE_MAINTENANCE'}" },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "good: a variant of another version",
	    .want = PERMIT,
	    .edits = { BASE(""), RESTS_ON("base") } },
	{ .label = "good: a maintenance release of another version",
	    .want = PERMIT,
	    .edits = { BASE(""), RESTS_ON("base"),
		"carrier {'route': 'ROUTE_MAINTENANCE'}" } },
	{ .label = "good: its parent's end bounds the horizon",
	    .want = PERMIT,
	    .edits = { BASE(""),
		"base {'header': {'notAfter': '2016-02-20T00:00:00Z'}}",
		RESTS_ON("base") },
	    .horizon = "2016-02-20T00:00:00Z" },
	{ .label = "4012 the parent has ended",
	    .want = DENY,
	    .edits = { BASE(""),
		"base {'header': {'notAfter': '2016-01-20T00:00:00Z'}}",
		RESTS_ON("base") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent was withdrawn",
	    .want = DENY,
	    .edits = { BASE(""),
		"+gone withdrawal t-mobile.com {'targetDigest':"
		" '$digest:base'}",
		RESTS_ON("base") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent is under test",
	    .want = DENY,
	    .edits = { BASE(", 'state': 'CERTIFICATION_STATE_IN_TEST'"),
		RESTS_ON("base") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent was revoked",
	    .want = DENY,
	    .edits = { BASE(", 'state': 'CERTIFICATION_STATE_REVOKED'"),
		RESTS_ON("base") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent is suspended",
	    .want = DENY,
	    .edits = { BASE(", 'state': 'CERTIFICATION_STATE_SUSPENDED'"),
		RESTS_ON("base") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent was given back by its holder",
	    .want = DENY,
	    .edits = { BASE(", 'state': 'CERTIFICATION_STATE_WITHDRAWN'"),
		RESTS_ON("base") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent was void",
	    .want = DENY,
	    .edits = { BASE(", 'state': 'CERTIFICATION_STATE_VOID'"),
		RESTS_ON("base") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent was refused",
	    .want = DENY,
	    .edits = { BASE(", 'state': 'CERTIFICATION_STATE_REFUSED'"),
		RESTS_ON("base") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent is provisional, whatever policy accepts",
	    .want = DENY,
	    .edits = { BASE(", 'state': 'CERTIFICATION_STATE_PROVISIONAL'"),
		RESTS_ON("base"), "policy {'acceptProvisional': true}" },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 of a maintenance release: the parent is suspended",
	    .want = DENY,
	    .edits = { BASE(", 'state': 'CERTIFICATION_STATE_SUSPENDED'"),
		RESTS_ON("base"), "carrier {'route': 'ROUTE_MAINTENANCE'}" },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 of a maintenance release: the parent has ended",
	    .want = DENY,
	    .edits = { BASE(""),
		"base {'header': {'notAfter': '2016-01-20T00:00:00Z'}}",
		RESTS_ON("base"), "carrier {'route': 'ROUTE_MAINTENANCE'}" },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 of a maintenance release: it was withdrawn",
	    .want = DENY,
	    .edits = { BASE(""),
		"+gone withdrawal t-mobile.com {'target': {'kind':"
		" 'certification', 'issuer': 't-mobile.com', 'id': 'base'}}",
		RESTS_ON("base"), "carrier {'route': 'ROUTE_MAINTENANCE'}" },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "good: the parent will be withdrawn, and until then",
	    .want = PERMIT,
	    .edits = { BASE(""),
		"+gone withdrawal t-mobile.com {'targetDigest':"
		" '$digest:base', 'effectiveAt': '2016-02-10T00:00:00Z'}",
		RESTS_ON("base") },
	    .horizon = "2016-02-10T00:00:00Z" },
	{ .label = "4012 the parent has not begun",
	    .want = DENY,
	    .edits = { BASE(""),
		"base {'header': {'notBefore': '2016-02-10T00:00:00Z'}}",
		RESTS_ON("base") },
	    .codes = { "CERTIFICATION_PARENT" },
	    .horizon = "2016-02-09T23:55:00Z" },
	{ .label = "4012 D17 the parent was issued anew, as it was",
	    .want = DENY,
	    .edits = { BASE(""), "+newer =base {'header': {'revision': '2'}}",
		RESTS_ON("base") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "good: D17 and the new one is built upon",
	    .want = PERMIT,
	    .edits = { BASE(""), "+newer =base {'header': {'revision': '2'}}",
		RESTS_ON("newer") },
	    .codes = { "-CERTIFICATION_PARENT" } },
	{ .label = "4012 D17 the parent's name says something newer",
	    .want = DENY,
	    .edits = { BASE(""),
		"+newer =base {'header': {'revision': '2'},"
		" 'state': 'CERTIFICATION_STATE_REVOKED'}",
		RESTS_ON("base") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent is of another scheme",
	    .want = DENY,
	    .edits = { RESTS_ON("fcc") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent is another carrier's",
	    .want = DENY,
	    .edits = { BASE(""), "base {'header': {'issuer': 'att.com'}}",
		"base @att.com", RESTS_ON("base") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent is not there",
	    .want = DENY,
	    .edits = { BASE(""), RESTS_ON("base"),
		"base {'reference': 'other bytes'}",
		"carrier {'parentDigest': '$key:nothing'}" },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent of another model",
	    .want = DENY,
	    .edits = { BASE(", 'model': '2014216'"), RESTS_ON("base") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 a parent that is named counts on any route",
	    .want = DENY,
	    .edits = { BASE(", 'state': 'CERTIFICATION_STATE_REVOKED'"),
		"carrier {'route': null, 'parentDigest': '$digest:base'}" },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "good: a row of three",
	    .want = PERMIT,
	    .edits = { BASE(""),
		"+middle =base {'header': {'id': 'middle'},"
		" 'route': 'ROUTE_MAINTENANCE',"
		" 'parentDigest': '$digest:base'}",
		RESTS_ON("middle") } },
	{ .label = "D18 a fork of the parent: it cannot be told",
	    .want = INDETERMINATE,
	    .edits = { BASE(""), "+fork =base {'reference': 'another'}",
		RESTS_ON("base") },
	    .codes = { "STATEMENT_FORK", "-CERTIFICATION_PARENT" },
	    .missing = NEEDS_CARRIER },
	{ .label = "4012 D18 a fork of a parent whose parent was revoked",
	    .want = DENY,
	    .edits = { BASE(", 'state': 'CERTIFICATION_STATE_REVOKED'"),
		"+middle =carrier {'header': {'id': 'middle'},"
		" 'softwareVersions': ['7.1'], 'route': 'ROUTE_MAINTENANCE',"
		" 'parentDigest': '$digest:base'}",
		"+fork =middle {'reference': 'another'}", RESTS_ON("middle") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "R1 the status of both is missing: it cannot be told",
	    .want = INDETERMINATE,
	    .edits = { BASE(""), RESTS_ON("base"),
		"policy {'statusRules': [{'role': 'ROLE_CARRIER',"
		" 'maxAgeSeconds': '86400'}]}" },
	    .codes = { "STATUS_MISSING", "-CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent's own parent has ended",
	    .want = DENY,
	    .edits = { BASE(""),
		"base {'header': {'notAfter': '2016-01-20T00:00:00Z'}}",
		"+middle =carrier {'header': {'id': 'middle'},"
		" 'route': 'ROUTE_MAINTENANCE',"
		" 'parentDigest': '$digest:base'}",
		RESTS_ON("middle") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent's own parent is suspended",
	    .want = DENY,
	    .edits = { BASE(", 'state': 'CERTIFICATION_STATE_SUSPENDED'"),
		"+middle =carrier {'header': {'id': 'middle'},"
		" 'route': 'ROUTE_MAINTENANCE',"
		" 'parentDigest': '$digest:base'}",
		RESTS_ON("middle") },
	    .codes = { "CERTIFICATION_PARENT" } },
	{ .label = "4012 the parent's own parent was revoked",
	    .want = DENY,
	    .edits = { BASE(", 'state': 'CERTIFICATION_STATE_REVOKED'"),
		"+middle =carrier {'header': {'id': 'middle'},"
		" 'route': 'ROUTE_MAINTENANCE',"
		" 'parentDigest': '$digest:base'}",
		RESTS_ON("middle") },
	    .codes = { "CERTIFICATION_PARENT" } },
};

#define PTCRB(more)                                                    \
	"+ptcrb =fcc {'header': {'issuer': 'ptcrb.com', 'id':"         \
	" 'ptcrb'}, 'scheme': 'ptcrb', 'territories': ['*']" more "}", \
	    "ptcrb @ptcrb.com"
#define NEEDS(schemes) "carrier {'prerequisites': [" schemes "]}"

/* 4011: schemes that must be certified first, for the same versions. */
static const expect_t prerequisites[] = {
	{ .label = "4011 not certified at all",
	    .want = DENY,
	    .edits = { NEEDS("'ptcrb'") },
	    .codes = { "CERTIFICATION_PREREQUISITE" },
	    .path = "prerequisites",
	    .wanted = "ptcrb",
	    .missing = "ptcrb certification by ptcrb.com of xiaomi 2014215" },
	{ .label = "good: certified",
	    .want = PERMIT,
	    .edits = { NEEDS("'ptcrb'"), PTCRB("") },
	    .missing = "" },
	{ .label = "good: one that is required anyway",
	    .want = PERMIT,
	    .edits = { NEEDS("'fcc'") } },
	{ .label = "4011 one of two",
	    .want = DENY,
	    .edits = { NEEDS("'fcc', 'ptcrb'") },
	    .codes = { "CERTIFICATION_PREREQUISITE" },
	    .wanted = "ptcrb" },
	{ .label = "4011 for other software",
	    .want = DENY,
	    .edits = { NEEDS("'ptcrb'"),
		PTCRB(", 'softwareVersions': ['7.1.3']") },
	    .codes = { "CERTIFICATION_PREREQUISITE" } },
	{ .label = "4011 for other hardware",
	    .want = DENY,
	    .edits = { NEEDS("'ptcrb'"),
		PTCRB(", 'hardwareVersions': ['P2']") },
	    .codes = { "CERTIFICATION_PREREQUISITE" } },
	{ .label = "4011 revoked",
	    .want = DENY,
	    .edits = { NEEDS("'ptcrb'"), PTCRB(", " STATE("REVOKED")) },
	    .codes = { "CERTIFICATION_PREREQUISITE" } },
	{ .label = "4011 ended",
	    .want = DENY,
	    .edits = { NEEDS("'ptcrb'"), PTCRB(""),
		"ptcrb {'header': {'notAfter': '2016-01-20T00:00:00Z'}}" },
	    .codes = { "CERTIFICATION_PREREQUISITE" } },
	{ .label = "D18 a fork of it: it cannot be told",
	    .want = INDETERMINATE,
	    .edits = { NEEDS("'ptcrb'"), PTCRB(""),
		"+fork =ptcrb {'reference': 'another'}" },
	    .codes = { "STATEMENT_FORK", "-CERTIFICATION_PREREQUISITE" },
	    .missing = NEEDS_CARRIER },
	{ .label = "good: D18 a fork of it, and another of the scheme",
	    .want = PERMIT,
	    .edits = { NEEDS("'ptcrb'"), PTCRB(""),
		"+fork =ptcrb {'reference': 'another'}",
		"+more =ptcrb {'header': {'id': 'more'}}" } },
	{ .label = "4011 D18 a fork of it of which one ends it",
	    .want = DENY,
	    .edits = { NEEDS("'ptcrb'"), PTCRB(""),
		"+fork =ptcrb {" STATE("REVOKED") "}" },
	    .codes = { "CERTIFICATION_PREREQUISITE" } },
	{ .label = "R1 its status is missing: it cannot be told",
	    .want = INDETERMINATE,
	    .edits = { NEEDS("'ptcrb'"), PTCRB(""),
		"policy {'requirements': null, 'statusRules': [{'role':"
		" 'ROLE_CERTIFIER', 'maxAgeSeconds': '86400'}]}" },
	    .codes = { "STATUS_MISSING", "-CERTIFICATION_PREREQUISITE" } },
	{ .label = "4011 one that cannot be told, and one that is missing",
	    .want = DENY,
	    .edits = { NEEDS("'ptcrb', 'gcf'"), PTCRB(""),
		"+fork =ptcrb {'reference': 'another'}" },
	    .codes = { "CERTIFICATION_PREREQUISITE", "STATEMENT_FORK" },
	    .wanted = "gcf" },
	{ .label = "good: its end bounds the horizon",
	    .want = PERMIT,
	    .edits = { NEEDS("'ptcrb'"), PTCRB(""),
		"ptcrb {'header': {'notAfter': '2016-02-20T00:00:00Z'}}" },
	    .horizon = "2016-02-20T00:00:00Z" },
	{ .label = "4011 a circle of two",
	    .want = DENY,
	    .edits = { NEEDS("'ptcrb'"),
		PTCRB(", 'prerequisites': ['carrier']") },
	    .codes = { "CERTIFICATION_PREREQUISITE" } },
	{ .label = "4011 itself",
	    .want = DENY,
	    .edits = { NEEDS("'carrier'") },
	    .codes = { "CERTIFICATION_PREREQUISITE" },
	    .wanted = "carrier" },
	{ .label = "good: a row of three",
	    .want = PERMIT,
	    .edits = { NEEDS("'ptcrb'"),
		PTCRB(", 'prerequisites': ['fcc']") } },
	{ .label = "4011 a row of three without its last",
	    .want = DENY,
	    .edits = { NEEDS("'ptcrb'"), "-fcc",
		"policy {'requirements': null}",
		"+ptcrb =carrier {'header': {'issuer': 'ptcrb.com', 'id':"
		" 'ptcrb'}, 'scheme': 'ptcrb', 'prerequisites': ['fcc']}",
		"ptcrb @ptcrb.com" },
	    .codes = { "CERTIFICATION_PREREQUISITE" },
	    .missing = "fcc certification by fcc.gov of xiaomi 2014215" },
	{ .label = "a final state needs no prerequisite to count",
	    .want = DENY,
	    .edits = { "+second =carrier {'header': {'id': 'second'},"
		       " 'prerequisites': ['ptcrb'], " STATE("REVOKED") "}" },
	    .codes = { "CERTIFICATION_ENDED" } },
};

/* `n` schemes s0, s1 ... of which each needs all the others. */
static void
all_need_all(world_t *world, size_t n)
{
	char edit[2048], list[1024] = "";
	size_t i, len = 0;

	for (i = 0; i < n; i++)
		len += (size_t)snprintf(list + len, sizeof(list) - len,
		    "%s's%zu'", i == 0 ? "" : ", ", i);
	world_edit(world,
	    "root {'parties+': [{'id': 'any.example', 'keys':"
	    " '$keys:any.example', 'roles': [{'role': 'ROLE_CERTIFIER',"
	    " 'schemes': ['*'], 'territories': ['*']}]}]}");
	for (i = 0; i < n; i++) {
		snprintf(edit, sizeof(edit),
		    "+s%zu =fcc {'header': {'issuer': 'any.example', 'id':"
		    " 's%zu'}, 'scheme': 's%zu', 'prerequisites': [%s]}",
		    i, i, i, list);
		world_edit(world, edit);
		snprintf(edit, sizeof(edit), "s%zu @any.example", i);
		world_edit(world, edit);
	}
	world_edit(world, "carrier {'prerequisites': ['s0']}");
}

START_TEST(certification_is_bounded_when_all_need_all)
{
	static const expect_t few = {
		.label = "X13 three schemes in a circle",
		.want = DENY,
		.codes = { "CERTIFICATION_PREREQUISITE", "-LIMIT_EXCEEDED" },
	};
	static const expect_t many = {
		.label = "X13 twenty, each of which needs all",
		.want = DENY,
		.codes = { "LIMIT_EXCEEDED", "CERTIFICATION_PREREQUISITE" },
	};
	world_t *world = world_new();

	all_need_all(world, _i == 0 ? 3 : 20);
	expect_world(world, _i == 0 ? &few : &many);
	world_free(world);
}
END_TEST

/* A network may require 64 schemes in one cell, two of them the policy's. */
START_TEST(certification_takes_64_schemes)
{
	static const expect_t at_limit = {
		.label = "64 schemes",
		.want = DENY,
		.codes = { "CERTIFICATION_MISSING", "-LIMIT_EXCEEDED" },
		.wanted = "s61",
	};
	static const expect_t above = {
		.label = "65 schemes",
		.want = DENY,
		.codes = { "LIMIT_EXCEEDED", "CERTIFICATION_MISSING" },
	};
	char edit[2048] = "network {'requiredSchemes': [";
	size_t i, len = strlen(edit);
	world_t *world = world_new();

	for (i = 0; i < (_i == 0 ? 62 : 63); i++)
		len += (size_t)snprintf(edit + len, sizeof(edit) - len,
		    "%s's%zu'", i == 0 ? "" : ", ", i);
	snprintf(edit + len, sizeof(edit) - len, "]}");
	world_edit(world, edit);
	expect_world(world, _i == 0 ? &at_limit : &above);
	world_free(world);
}
END_TEST

EXPECT_ROWS(certification, parents)
EXPECT_ROWS(certification, prerequisites)

int
main(void)
{
	Suite *suite = suite_create("certification_needs");
	TCase *tcase = tcase_create("limits");

	EXPECT_TABLE(suite, certification, parents);
	EXPECT_TABLE(suite, certification, prerequisites);
	tcase_add_loop_test(
	    tcase, certification_is_bounded_when_all_need_all, 0, 2);
	tcase_add_loop_test(tcase, certification_takes_64_schemes, 0, 2);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
