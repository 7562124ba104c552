/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy that demands a status of the brand: listings go dark at the instant
 * at which it lapses, and return when the next one comes. Rows R1, R2, R4, R6,
 * R12 and R16 of the catalogue of faults.
 */
#include "play.h"

#define RULE                                              \
	"~policy {'statusRules': [{'role': 'ROLE_BRAND'," \
	" 'maxAgeSeconds': '86400'}]}"
#define PAGE(name, sequence, page, count, issued, list)                     \
	"~+" name                                                           \
	" status mi.com {'header': {'id': 'status', 'revision': '" sequence \
	"', 'issuedAt': '" issued "'}, 'sequence': '" sequence              \
	"', 'page': " page ", 'pageCount': " count ", 'withdrawn': [" list  \
	"]}"
#define LIST(name, sequence, issued, list) \
	PAGE(name, sequence, "1", "1", issued, list)
#define NOON "2016-02-01T12:00:00Z"
#define NEXT "2016-02-02T12:00:00Z"
#define SOME "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='"
#define BEGIN                                                   \
	"begin",                                                \
	    "all seller product network mvno grant carrier fcc" \
	    " ACCEPTED"

static const play_plot_t lapses[] = {
	{ "R4 R12 it lapses, and comes again",
	    { RULE, LIST("s1", "1", NOON, ""), LIST("s2", "2", NEXT, ""), BEGIN,
		"submit offer ACCEPTED INDETERMINATE",
		"is offer HELD INDETERMINATE", "tells offer STATUS_MISSING",
		"add s1 ACCEPTED", "is offer PUBLISHED PERMIT",
		"horizon offer " NEXT, "at 2016-02-02T11:59:59Z",
		"is offer PUBLISHED PERMIT", "at " NEXT,
		"is offer SUSPENDED INDETERMINATE", "tells offer STATUS_STALE",
		"add s1 DUPLICATE", "is offer SUSPENDED INDETERMINATE",
		"add s2 ACCEPTED", "is offer PUBLISHED PERMIT",
		"was 2016-02-02T06:00:00Z offer PUBLISHED PERMIT" } },
	{ "the policy comes to demand it, and no longer does",
	    { BEGIN, "submit offer ACCEPTED PERMIT",
		"~+p2 =policy {'header': {'revision': '2'}, 'statusRules':"
		" [{'role': 'ROLE_BRAND', 'maxAgeSeconds': '86400'}]}",
		"add p2 ACCEPTED", "is offer SUSPENDED INDETERMINATE",
		"~+p3 =policy {'header': {'revision': '3'}}", "add p3 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "R2 an older list comes late, and adds nothing",
	    { RULE, LIST("s1", "1", NOON, ""), LIST("s2", "2", NOON, ""), BEGIN,
		"add s2 ACCEPTED", "submit offer ACCEPTED PERMIT",
		"add s1 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "R2 R6 an older list comes late, and lists what the newer has not",
	    { RULE, LIST("s1", "1", NOON, SOME), LIST("s2", "2", NOON, ""),
		LIST("s3", "3", NOON, SOME), BEGIN, "add s2 ACCEPTED",
		"submit offer ACCEPTED PERMIT", "add s1 ACCEPTED",
		"is offer SUSPENDED INDETERMINATE",
		"tells offer STATUS_ROLLBACK", "add s3 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "pages come one by one, and what they list is gone at once",
	    { RULE, LIST("s1", "1", NOON, ""),
		PAGE("t1", "2", "1", "2", NOON, SOME),
		PAGE("t2", "2", "2", "2", NOON, "'$digest:grant'"), BEGIN,
		"add s1 ACCEPTED", "submit offer ACCEPTED PERMIT",
		"add t1 ACCEPTED", "is offer PUBLISHED PERMIT",
		"add t2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer STATEMENT_WITHDRAWN -STATUS_INCOMPLETE" } },
	{ "the second page is withheld",
	    { RULE, PAGE("t1", "1", "1", "2", NOON, ""),
		PAGE("t2", "1", "2", "2", NOON, ""), BEGIN, "add t1 ACCEPTED",
		"submit offer ACCEPTED INDETERMINATE",
		"tells offer STATUS_INCOMPLETE", "add t2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
	{ "R16 a list and a withdrawal do not agree: the stricter holds",
	    { RULE, LIST("s1", "1", NOON, ""), BEGIN, "add s1 ACCEPTED",
		"submit offer ACCEPTED PERMIT",
		"~+w withdrawal mi.com {'targetDigest': '$digest:grant'}",
		"add w ACCEPTED", "is offer SUSPENDED DENY",
		LIST("s2", "2", NOON, ""), "add s2 ACCEPTED",
		"is offer SUSPENDED DENY" } },
	{ "its key is withdrawn: it proves nothing, and withdraws still",
	    { RULE, LIST("s1", "1", NOON, ""), BEGIN, "add s1 ACCEPTED",
		"submit offer ACCEPTED PERMIT",
		"~+k1 key-set mi.com {'header': {'id': 'keys'}, 'keys':"
		" '$keys:mi.com mi.com#2'}",
		"~k1 @mi.com", "add k1 ACCEPTED", "is offer PUBLISHED PERMIT",
		LIST("s2", "2", NOON, ""), "~s2 @mi.com#2", "add s2 ACCEPTED",
		"is offer PUBLISHED PERMIT" } },
};

PLAY_PLOTS(freshness, lapses)

int
main(void)
{
	Suite *suite = suite_create("freshness");

	PLAY_TABLE(suite, freshness, lapses);
	return harness_main(suite);
}
