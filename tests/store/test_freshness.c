/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy that demands a status of the brand: listings go dark at the instant
 * at which it lapses, and return when the next one comes. Rows R1, R2, R4, R6,
 * R12 and R16 of the catalogue of faults.
 */
#include <string.h>

#include "base/base.h"
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

/* The digest of the grant, but for its last byte. */
static void
list_neighbour(play_t *play)
{
	market_slice_t envelope = world_envelope(play->world, "grant");
	market_statement_t *grant = NULL;
	uint8_t digest[MARKET_DIGEST_LEN];
	market__text_t edit;

	ck_assert_int_eq(market_statement_parse(play->context, envelope,
			     MARKET_KINDS_ALL, &grant, NULL),
	    MARKET_OK);
	memcpy(digest, market_statement_digest(grant).ptr, sizeof(digest));
	market_statement_free(grant);
	digest[MARKET_DIGEST_LEN - 1] ^= 1;
	market__text_init(&edit, &market__default_allocator, 4096);
	market__text_puts(&edit,
	    "+s1 status mi.com {'header': {'id': 'status', 'revision': '1',"
	    " 'issuedAt': '" NOON "'}, 'sequence': '1', 'withdrawn': ['");
	market__text_base64(&edit, market__slice(digest, sizeof(digest)));
	market__text_puts(&edit, "']}");
	ck_assert_int_eq(edit.status, MARKET_OK);
	play_edit(play, edit.data);
	market__text_clear(&edit);
}

/* A store holds the beginning of an entry: the page has the last word. */
START_TEST(freshness_entry_that_begins_like_a_digest_is_another)
{
	play_t play;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i);
	list_neighbour(&play);
	play_begin_good(&play);
	play_is(&play, "offer", "PUBLISHED PERMIT");
	play_clear(&play);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("freshness");

	TCase *tcase = tcase_create("entries");

	PLAY_TABLE(suite, freshness, lapses);
	tcase_add_loop_test(tcase,
	    freshness_entry_that_begins_like_a_digest_is_another, 0,
	    PLAY_KINDS);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
