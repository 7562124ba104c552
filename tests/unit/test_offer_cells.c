/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cells that an offer asks for, how long it is good, and who is who in
 * it. The verdict is the worst cell's; each cell keeps its own.
 */
#include <stdio.h>
#include <string.h>

#include "expect.h"

#define OFFER(member)     "offer {" member "}"
#define HEADER(member)    "offer {'header': {" member "}}"
#define GRANT(axis)       "grant {'scope': {" axis "}}"
#define TERRITORIES(list) "'territories': [" list "]"

static const expect_t axes[] = {
	{ .label = "6012 E37 no territory is nowhere",
	    .want = DENY,
	    .edits = { OFFER("'territories': null") },
	    .codes = { "OFFER_NO_CELL" },
	    .path = "territories",
	    .cells = "" },
	{ .label = "6012 no channel",
	    .want = DENY,
	    .edits = { OFFER("'channels': null") },
	    .codes = { "OFFER_NO_CELL" },
	    .path = "channels",
	    .cells = "" },
	{ .label = "6012 no network",
	    .want = DENY,
	    .edits = { OFFER("'networks': null") },
	    .codes = { "OFFER_NO_CELL" },
	    .path = "networks",
	    .cells = "" },
	{ .label = "6012 no list at all: each is told, the first",
	    .want = DENY,
	    .edits = { OFFER("'territories': null, 'channels': null,"
			     " 'networks': null") },
	    .codes = { "OFFER_NO_CELL" },
	    .path = "territories" },
	{ .label = "6012 no list at all: each is told, the last",
	    .want = DENY,
	    .edits = { OFFER("'territories': null, 'channels': null,"
			     " 'networks': null") },
	    .codes = { "OFFER_NO_CELL" },
	    .path = "networks" },
	{ .label = "good: one cell",
	    .want = PERMIT,
	    .codes = { "-OFFER_NO_CELL" },
	    .cells = "PERMIT" },
#define INVALID(label_, path_, edit)                                      \
	{                                                                 \
		.label = "6003 " label_, .want = DENY, .edits = { edit }, \
		.codes = { "OFFER_ATTRIBUTE_INVALID" }, .path = path_     \
	}
	INVALID("D5 \"*\" is no territory of an offer", "territories[0]",
	    OFFER(TERRITORIES("'*'"))),
	INVALID("E37 ZZ is no country", "territories[1]",
	    OFFER(TERRITORIES("'US', 'ZZ'"))),
	INVALID("E37 D19 EU is no country", "territories[0]",
	    OFFER(TERRITORIES("'EU'"))),
	INVALID("D19 UK is no code of ISO 3166", "territories[0]",
	    OFFER(TERRITORIES("'UK'"))),
	INVALID(
	    "E24 us is not US", "territories[0]", OFFER(TERRITORIES("'us'"))),
	INVALID("E23 a wide letter", "territories[0]",
	    OFFER(TERRITORIES("'U\xef\xbc\xb3'"))),
	INVALID("E37 the same territory twice", "territories[1]",
	    OFFER(TERRITORIES("'US', 'US'"))),
	INVALID("the same channel twice", "channels[1]",
	    OFFER("'channels': ['CHANNEL_ONLINE_STORE',"
		  " 'CHANNEL_ONLINE_STORE']")),
	INVALID("ANY is no channel of an offer", "channels[1]",
	    OFFER("'channels': ['CHANNEL_ONLINE_STORE', 'CHANNEL_ANY']")),
	INVALID("the same network twice", "networks[1]",
	    OFFER("'networks': ['t-mobile.com/us', 't-mobile.com/us']")),
	INVALID("D5 \"*\" is no network of an offer", "networks[0]",
	    OFFER("'networks': ['*']")),
	INVALID("a network has no blank", "networks[0]",
	    OFFER("'networks': ['t-mobile.com /us']")),
	INVALID("E23 a Cyrillic letter in a network", "networks[0]",
	    OFFER("'networks': ['t-m\xd0\xbe"
		  "bile.com/us']")),
	{ .label = "good: a country and a subdivision of it are two",
	    .want = PERMIT,
	    .edits = { OFFER(TERRITORIES("'US', 'US-CA'")) },
	    .cells = "PERMIT PERMIT" },
};

/* The same evidence answers each cell apart. */
static const expect_t cells[] = {
	{ .label = "good: two channels, both granted",
	    .want = PERMIT,
	    .edits = { OFFER("'channels': ['CHANNEL_ONLINE_STORE',"
			     " 'CHANNEL_RETAIL_STORE']"),
		GRANT("'channels': ['CHANNEL_ANY']") },
	    .cells = "PERMIT PERMIT" },
	{ .label = "two channels, one granted",
	    .want = DENY,
	    .edits = { OFFER("'channels': ['CHANNEL_ONLINE_STORE',"
			     " 'CHANNEL_RETAIL_STORE']") },
	    .codes = { "AUTHORIZATION_SCOPE_CHANNEL" },
	    .cells = "PERMIT DENY" },
	{ .label = "in the order of the offer",
	    .want = DENY,
	    .edits = { OFFER("'channels': ['CHANNEL_RETAIL_STORE',"
			     " 'CHANNEL_ONLINE_STORE']") },
	    .cells = "DENY PERMIT" },
	{ .label = "two territories, one certified",
	    .want = DENY,
	    .edits = { OFFER(TERRITORIES("'US-CA', 'US-NY'")),
		"fcc {" TERRITORIES("'US-CA'") "}" },
	    .codes = { "CERTIFICATION_TERRITORY" },
	    .cells = "PERMIT DENY" },
	{ .label = "two networks, one unknown: that one cannot be told",
	    .want = INDETERMINATE,
	    .edits = { "policy {'requirements': null}",
		OFFER("'networks': ['t-mobile.com/us', 'x/y']") },
	    .codes = { "NETWORK_UNKNOWN" },
	    .cells = "PERMIT INDETERMINATE" },
	{ .label = "deny goes before cannot tell",
	    .want = DENY,
	    .edits = { "policy {'requirements': null}",
		OFFER("'networks': ['x/y', 't-mobile.com/us'],"
		      " 'channels': ['CHANNEL_ONLINE_STORE',"
		      " 'CHANNEL_WHOLESALE']") },
	    .cells = "INDETERMINATE PERMIT DENY DENY" },
	{ .label = "a fault of the offer itself is every cell's",
	    .want = DENY,
	    .edits = { OFFER("'title': null, 'networks':"
			     " ['t-mobile.com/us', 'usmobile.com/us']") },
	    .cells = "DENY DENY" },
	{ .label = "5003 a disclosure due in one of two",
	    .want = DENY,
	    .edits = { OFFER("'networks': ['usmobile.com/us',"
			     " 't-mobile.com/us']"),
		"policy {'minimumService': 'SERVICE_2G'}",
		"mvno {'deployments': [{'rat': 'RAT_GSM', 'band': 1900}]}" },
	    .codes = { "DISCLOSURE_MISSING" },
	    .wanted = "SERVICE_2G_ONLY",
	    .due = "SERVICE_2G_ONLY",
	    .cells = "DENY PERMIT" },
};

#define ENDS(instant)   HEADER("'notAfter': '" instant "'")
#define BEGINS(instant) HEADER("'notBefore': '" instant "'")
#define WARNED          "policy {'expiringSoonSeconds': '86400'}"

static const expect_t windows[] = {
	{ .label = "T1 in its last second",
	    .want = PERMIT,
	    .at = "2016-02-28T23:59:59Z",
	    .edits = { ENDS("2016-02-29T00:00:00Z") },
	    .codes = { "-OFFER_EXPIRED", "-EXPIRING_SOON" },
	    .horizon = "2016-02-29T00:00:00Z" },
	{ .label = "T1 6011 at its end, on a leap day",
	    .want = DENY,
	    .at = "2016-02-29T00:00:00Z",
	    .edits = { ENDS("2016-02-29T00:00:00Z") },
	    .codes = { "OFFER_EXPIRED", "-STATEMENT_EXPIRED" },
	    .path = "header.not_after",
	    .wanted = "2016-02-29T00:00:00Z" },
	{ .label = "T5 6011 the skew does not lengthen it",
	    .want = DENY,
	    .at = "2016-02-29T00:04:59Z",
	    .edits = { ENDS("2016-02-29T00:00:00Z") },
	    .codes = { "OFFER_EXPIRED" } },
	{ .label = "T1 6010 a second before its beginning and the skew",
	    .want = DENY,
	    .at = "2016-02-28T23:54:59Z",
	    .edits = { BEGINS("2016-02-29T00:00:00Z") },
	    .codes = { "OFFER_NOT_YET_VALID", "-STATEMENT_NOT_YET_VALID" },
	    .path = "header.not_before",
	    .wanted = "2016-02-29T00:00:00Z",
	    .horizon = "2016-02-28T23:55:00Z" },
	{ .label = "T5 the skew is given once",
	    .want = PERMIT,
	    .at = "2016-02-28T23:55:00Z",
	    .edits = { BEGINS("2016-02-29T00:00:00Z") } },
	{ .label = "T6 signed in the future, beyond the skew",
	    .want = DENY,
	    .edits = { HEADER("'issuedAt': '2016-02-01T12:05:01Z'") },
	    .codes = { "STATEMENT_ISSUED_IN_FUTURE" },
	    .path = "header.issued_at" },
	{ .label = "T6 signed in the future, within the skew",
	    .want = PERMIT,
	    .edits = { HEADER("'issuedAt': '2016-02-01T12:05:00Z'") } },
	{ .label = "the horizon is the offer's end, if that is first",
	    .want = PERMIT,
	    .edits = { ENDS("2016-06-01T00:00:00Z") },
	    .horizon = "2016-06-01T00:00:00Z" },
	{ .label = "the horizon is the evidence's end, if that is first",
	    .want = PERMIT,
	    .edits = { ENDS("2016-06-01T00:00:00Z"),
		"grant {'header': {'notAfter': '2016-05-01T00:00:00Z'}}" },
	    .horizon = "2016-05-01T00:00:00Z" },
	{ .label = "9002 the offer ends within the policy's span",
	    .want = PERMIT,
	    .edits = { WARNED, ENDS("2016-02-02T12:00:00Z") },
	    .codes = { "EXPIRING_SOON" },
	    .path = "header.not_after",
	    .got = "2016-02-02T12:00:00Z" },
	{ .label = "9002 and a second later it does not",
	    .want = PERMIT,
	    .edits = { WARNED, ENDS("2016-02-02T12:00:01Z") },
	    .codes = { "-EXPIRING_SOON" } },
	{ .label = "9002 evidence ends within it",
	    .want = PERMIT,
	    .edits = { WARNED,
		"grant {'header': {'notAfter': '2016-02-02T12:00:00Z'}}" },
	    .codes = { "EXPIRING_SOON" },
	    .got = "2016-02-02T12:00:00Z" },
	{ .label = "9002 and a second later it does not",
	    .want = PERMIT,
	    .edits = { WARNED,
		"grant {'header': {'notAfter': '2016-02-02T12:00:01Z'}}" },
	    .codes = { "-EXPIRING_SOON" } },
	{ .label = "9002 what is denied does not end soon",
	    .want = DENY,
	    .edits = { WARNED, "-carrier", ENDS("2016-02-02T12:00:00Z"),
		OFFER("'title': null") },
	    .codes = { "-EXPIRING_SOON" } },
};

/* Seller of record and fulfiller are two parties. */
static const expect_t parties[] = {
	{ .label = "good: the seller fulfils",
	    .want = PERMIT,
	    .edits = { OFFER("'fulfiller': 'shop.example'") } },
	{ .label = "good: nobody is named, so the seller does",
	    .want = PERMIT,
	    .edits = { OFFER("'fulfiller': null") } },
	{ .label = "good: another fulfils",
	    .want = PERMIT,
	    .edits = { OFFER("'fulfiller': 'warehouse.example',"
			     " 'shipsFrom': 'HK'") } },
};

EXPECT_ROWS(offer, axes)
EXPECT_ROWS(offer, cells)
EXPECT_ROWS(offer, windows)
EXPECT_ROWS(offer, parties)

/* An offer for `n` networks, in one territory and one channel. */
static market_decision_t *
asked_for(world_t *world, size_t n)
{
	char edit[8192] = "offer {'networks': [";
	size_t i, len = strlen(edit);

	for (i = 0; i < n; i++)
		len += (size_t)snprintf(edit + len, sizeof(edit) - len,
		    "%s'net.example/%zu'", i == 0 ? "" : ", ", i);
	snprintf(edit + len, sizeof(edit) - len, "]}");
	world_edit(world, edit);
	return world_check(world, "offer", NULL);
}

START_TEST(offer_takes_256_cells)
{
	world_t *world = world_new();
	market_decision_t *decision = asked_for(world, 256);

	ck_assert(!world_has(decision, MARKET_CODE_LIMIT_EXCEEDED));
	ck_assert_ptr_nonnull(market_decision_cell(decision, 255));
	ck_assert_ptr_null(market_decision_cell(decision, 256));
	market_decision_free(decision);
	world_free(world);
}
END_TEST

START_TEST(offer_is_not_judged_above_256_cells)
{
	world_t *world = world_new();
	market_decision_t *decision = asked_for(world, 257);
	const market_finding_t *finding = world_find(
	    decision, MARKET_CODE_LIMIT_EXCEEDED);

	ck_assert_ptr_nonnull(finding);
	ck_assert_str_eq(finding->got, "257");
	ck_assert_str_eq(finding->want, "256");
	ck_assert_int_eq(
	    market_decision_verdict(decision), MARKET_VERDICT_INDETERMINATE);
	ck_assert_ptr_null(market_decision_cell(decision, 0));
	market_decision_free(decision);
	world_free(world);
}
END_TEST

/* Territories first, then channels, then networks, each in its own order. */
START_TEST(offer_orders_cells_as_its_lists_when_it_has_several)
{
	static const struct {
		const char *territory, *network;
		market_channel_t channel;
	} want[] = {
		{ "US-NY", "usmobile.com/us", MARKET_CHANNEL_RETAIL_STORE },
		{ "US-NY", "t-mobile.com/us", MARKET_CHANNEL_RETAIL_STORE },
		{ "US-NY", "usmobile.com/us", MARKET_CHANNEL_ONLINE_STORE },
		{ "US-NY", "t-mobile.com/us", MARKET_CHANNEL_ONLINE_STORE },
		{ "US-CA", "usmobile.com/us", MARKET_CHANNEL_RETAIL_STORE },
		{ "US-CA", "t-mobile.com/us", MARKET_CHANNEL_RETAIL_STORE },
		{ "US-CA", "usmobile.com/us", MARKET_CHANNEL_ONLINE_STORE },
		{ "US-CA", "t-mobile.com/us", MARKET_CHANNEL_ONLINE_STORE },
	};
	const market_cell_t *cell;
	market_decision_t *decision;
	world_t *world = world_new();
	size_t i;

	world_edit(world,
	    "offer {'territories': ['US-NY', 'US-CA'], 'channels':"
	    " ['CHANNEL_RETAIL_STORE', 'CHANNEL_ONLINE_STORE'],"
	    " 'networks': ['usmobile.com/us', 't-mobile.com/us']}");
	decision = world_check(world, "offer", NULL);
	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		cell = market_decision_cell(decision, i);
		ck_assert_ptr_nonnull(cell);
		ck_assert_uint_eq(cell->territory.len, 5);
		ck_assert_mem_eq(cell->territory.ptr, want[i].territory, 5);
		ck_assert_uint_eq(cell->network.len, 15);
		ck_assert_mem_eq(cell->network.ptr, want[i].network, 15);
		ck_assert_int_eq(cell->channel, want[i].channel);
	}
	ck_assert_ptr_null(market_decision_cell(decision, i));
	market_decision_free(decision);
	world_free(world);
}
END_TEST

START_TEST(offer_axis_refusals_are_as_committed)
{
	golden_t list;

	golden_begin(&list);
	expect_refusals(&list, axes, MARKET__COUNT(axes));
	golden_check(&list, "offer_axes.txt");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("offer_cells");
	TCase *tcase = tcase_create("several");

	EXPECT_TABLE(suite, offer, axes);
	EXPECT_TABLE(suite, offer, cells);
	EXPECT_TABLE(suite, offer, windows);
	EXPECT_TABLE(suite, offer, parties);
	tcase_add_test(tcase, offer_axis_refusals_are_as_committed);
	tcase_add_test(tcase, offer_takes_256_cells);
	tcase_add_test(tcase, offer_is_not_judged_above_256_cells);
	tcase_add_test(
	    tcase, offer_orders_cells_as_its_lists_when_it_has_several);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
