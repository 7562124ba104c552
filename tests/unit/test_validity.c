/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From when to when: each kind of statement at its edges, the skew of clocks,
 * far years, and until when a decision holds. Of keys see test_validity_key.c.
 *
 * Rows of FAULTS.md that this design rules out, or that are elsewhere:
 *   T3, T4, T7   the library reads no clock: the caller says `at`; a clock
 *                that goes back, and a commit, come with the store
 *   T8           seconds since 1970 alone; no call that knows a time zone is
 *                allowed (tests/check), and 23:59:60 is no time (test_time.c)
 */
#include <stdio.h>

#include "base/base.h"
#include "grants.h"

#define PERMIT MARKET_VERDICT_PERMIT
#define DENY   MARKET_VERDICT_DENY
#define UNSURE MARKET_VERDICT_INDETERMINATE

#define EDGE "2016-02-01T12:00:00Z"

static market_decision_t *
check_at(world_t *world, int64_t at)
{
	char text[MARKET__TIME_LEN];

	market__time_format(at, text);
	return world_check(world, "offer", text);
}

/* ---- T1: beginnings are inclusive, ends exclusive ---- */

typedef struct edge {
	const char *label;
	const char *name;  /* of the statement */
	const char *field; /* of its header */
	market_verdict_t outside;
	market_code_t code;
} edge_t;

#define ENDS(name, verdict, code)                                           \
	{                                                                   \
		name " ends", name, "notAfter", verdict, MARKET_CODE_##code \
	}
#define BEGINS(name, verdict, code)                                            \
	{                                                                      \
		name " begins", name, "notBefore", verdict, MARKET_CODE_##code \
	}
#define ISSUED(name, verdict, code)                                           \
	{                                                                     \
		name " issued", name, "issuedAt", verdict, MARKET_CODE_##code \
	}
#define EVIDENCE(name)                                   \
	ENDS(name, DENY, STATEMENT_EXPIRED),             \
	    BEGINS(name, DENY, STATEMENT_NOT_YET_VALID), \
	    ISSUED(name, DENY, STATEMENT_ISSUED_IN_FUTURE)

static const edge_t edges[] = {
	EVIDENCE("seller"),
	EVIDENCE("product"),
	EVIDENCE("network"),
	EVIDENCE("grant"),
	EVIDENCE("carrier"),
	EVIDENCE("fcc"),
	ENDS("offer", DENY, OFFER_EXPIRED),
	BEGINS("offer", DENY, OFFER_NOT_YET_VALID),
	ISSUED("offer", DENY, STATEMENT_ISSUED_IN_FUTURE),
	ENDS("root", UNSURE, ROOT_EXPIRED),
	BEGINS("root", DENY, STATEMENT_NOT_YET_VALID),
	ISSUED("root", DENY, STATEMENT_ISSUED_IN_FUTURE),
	ENDS("policy", UNSURE, POLICY_MISSING),
	BEGINS("policy", UNSURE, POLICY_MISSING),
	ISSUED("policy", UNSURE, POLICY_MISSING),
};

static void
check_edge(const edge_t *edge, world_t *world, int64_t at, bool inside)
{
	market_decision_t *decision = check_at(world, at);
	market_verdict_t verdict = market_decision_verdict(decision);

	ck_assert_msg(verdict == (inside ? PERMIT : edge->outside),
	    "%s: %s %+lld s from the edge", edge->label,
	    market_verdict_name(verdict), (long long)(at - world_time(EDGE)));
	ck_assert_msg(world_has(decision, edge->code) == !inside,
	    "%s: code %+lld s from the edge", edge->label,
	    (long long)(at - world_time(EDGE)));
	market_decision_free(decision);
}

/* T5, T6: the skew moves a beginning once, and never an end. */
static void
check_edges(const edge_t *edge, int64_t skew)
{
	bool end = strcmp(edge->field, "notAfter") == 0;
	int64_t at = world_time(EDGE) - (end ? 0 : skew);
	world_t *world = world_new();
	char edit[160];

	snprintf(edit, sizeof(edit), "policy {'clockSkewSeconds': '%lld'}",
	    (long long)skew);
	world_edit(world, edit);
	snprintf(edit, sizeof(edit), "%s {'header': {'%s': '" EDGE "'}}",
	    edge->name, edge->field);
	world_edit(world, edit);
	check_edge(edge, world, at - 1, end);
	check_edge(edge, world, at, !end);
	check_edge(edge, world, at + 1, !end);
	world_free(world);
}

START_TEST(validity_is_half_open)
{
	check_edges(&edges[_i], 0);
}
END_TEST

START_TEST(validity_begins_earlier_by_the_skew)
{
	check_edges(&edges[_i], 300);
}
END_TEST

START_TEST(validity_begins_earlier_by_a_day_at_most)
{
	check_edges(&edges[_i], 86400);
}
END_TEST

START_TEST(validity_policy_with_more_skew_than_a_day_is_refused)
{
	world_t *world = world_new();
	market_evidence_t *evidence = NULL;
	market_error_t error = MARKET_ERROR_INIT;

	world_edit(world, "policy {'clockSkewSeconds': '86401'}");
	ck_assert_int_eq(
	    market_evidence_new(world_context(world),
		world_envelope(world, "root"), world_envelope(world, "policy"),
		&evidence, &error),
	    MARKET_E_SCHEMA);
	ck_assert_ptr_null(evidence);
	ck_assert_ptr_nonnull(strstr(error.path, "clock_skew_seconds"));
	world_free(world);
}
END_TEST

/* ---- T2: headers that say nothing that could be ---- */

static const world_row_t headers[] = {
	{ .label = "T2 one second",
	    .want = PERMIT,
	    .edits = { "grant {'header': {'notBefore': '" EDGE "',"
		       " 'notAfter': '2016-02-01T12:00:01Z'}}" } },
	{ .label = "T2 ends as it begins",
	    .want = DENY,
	    .edits = { "grant {'header': {'notBefore': '" EDGE "',"
		       " 'notAfter': '" EDGE "'}}" },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "T2 ends before it begins",
	    .want = DENY,
	    .edits = { "grant {'header': {'notBefore': '" EDGE "',"
		       " 'notAfter': '2016-02-01T11:59:59Z'}}" },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "T2 neither beginning nor end",
	    .want = DENY,
	    .edits = { "grant {'header': {'notBefore': null,"
		       " 'notAfter': null}}" },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "T2 no beginning",
	    .want = PERMIT,
	    .edits = { "grant {'header': {'notBefore': null}}" } },
	{ .label = "T2 never issued",
	    .want = DENY,
	    .edits = { "grant {'header': {'issuedAt': null}}" },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "T2 T9 ends after the year 9999",
	    .want = DENY,
	    .edits = { "grant {'header': {'notAfter':"
		       " '9223372036854775807'}}" },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "T9 ends with the year 9999",
	    .want = PERMIT,
	    .edits = { "grant {'header': {'notAfter':"
		       " '9999-12-31T23:59:59Z'}}" } },
	{ .label = "T2 begins before 1970",
	    .want = DENY,
	    .edits = { "grant {'header': {'notBefore': '-1'}}" },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_MALFORMED },
	{ .label = "T9 begins in the first second that is a time",
	    .want = PERMIT,
	    .edits = { "grant {'header': {'notBefore': '1',"
		       " 'issuedAt': '1'}}" } },
	{ .label = "T10 issued before the key fell, as it says",
	    .want = DENY,
	    .edits = { "grant {'header': {'issuedAt':"
		       " '2015-01-01T00:00:00Z'}}",
		"+w withdrawal mi.com {'targetKey': '$key:mi.com',"
		" 'effectiveAt': '2016-01-15T00:00:00Z'}" },
	    .codes = { MARKET_CODE_KEY_WITHDRAWN } },
	{ .label = "K11 a root that has ended takes back all the same",
	    .want = DENY,
	    .edits = { "root {'header': {'notAfter': '" EDGE "'}}",
		"+w withdrawal mi.com {'targetDigest': '$digest:grant'}" },
	    .codes = { MARKET_CODE_ROOT_EXPIRED,
		MARKET_CODE_STATEMENT_WITHDRAWN } },
	{ .label = "D14 a parent that has ended, with all beneath it",
	    .want = DENY,
	    .edits = { FIRST("dist.example", "1"),
		LINK("child", "dist.example", "shop.example", "grant", "0"),
		"grant {'header': {'notAfter': '" EDGE "'}}",
		"child {'header': {'notAfter': '" EDGE "'}}" },
	    .codes = { MARKET_CODE_STATEMENT_EXPIRED,
		-MARKET_CODE_AUTHORIZATION_WIDENED_TIME } },
};

START_TEST(validity_of_a_header_that_makes_sense)
{
	world_run_row(&headers[_i]);
}
END_TEST

/* ---- T9: far years, and the turns of years and months ---- */

static const char *const turns[] = {
	"2016-02-29T00:00:00Z", /* a leap day */
	"2016-03-01T00:00:00Z",
	"2017-01-01T00:00:00Z",
	"2038-01-19T03:14:08Z", /* past 31 bits */
	"2100-03-01T00:00:00Z", /* no leap year */
	"2106-02-07T06:28:16Z", /* past 32 bits */
	"9999-12-31T23:59:59Z",
};

static const char *const statements[] = { "root", "policy", "seller", "product",
	"network", "carrier", "fcc", "offer" };

START_TEST(validity_ends_at_the_second_in_any_year)
{
	static const edge_t edge = { "far", "grant", "notAfter", DENY,
		MARKET_CODE_STATEMENT_EXPIRED };
	int64_t end = world_time(turns[_i]);
	world_t *world = world_new();
	char edit[160];
	size_t i;

	for (i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
		snprintf(edit, sizeof(edit),
		    "%s {'header': {'notAfter': '253402300799'}}",
		    statements[i]);
		world_edit(world, edit);
	}
	world_edit(world,
	    "network {'deployments': [{'rat': 'RAT_UMTS', 'band': 2,"
	    " 'from': '2012-01-01T00:00:00Z'}]}");
	snprintf(edit, sizeof(edit), "grant {'header': {'notAfter': '%s'}}",
	    turns[_i]);
	world_edit(world, edit);
	check_edge(&edge, world, end - 1, true);
	if (_i + 1 < (int)(sizeof(turns) / sizeof(turns[0])))
		check_edge(&edge, world, end, false);
	world_free(world);
}
END_TEST

START_TEST(validity_is_asked_for_at_a_time_that_is_one)
{
	static const struct {
		int64_t at;
		market_status_t want;
	} rows[] = {
		{ -1, MARKET_E_ARGUMENT },
		{ INT64_MIN, MARKET_E_ARGUMENT },
		{ MARKET__TIME_MAX + 1, MARKET_E_ARGUMENT },
		{ INT64_MAX, MARKET_E_ARGUMENT },
		{ 0, MARKET_E_DENIED },
		{ MARKET__TIME_MAX, MARKET_E_DENIED },
	};
	world_t *world = world_new();
	market_evidence_t *evidence = world_evidence(world, 0);
	market_decision_t *decision;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		decision = NULL;
		ck_assert_int_eq(
		    market_check(evidence, world_envelope(world, "offer"),
			rows[i].at, &decision, NULL),
		    rows[i].want);
		ck_assert(
		    (decision == NULL) == (rows[i].want == MARKET_E_ARGUMENT));
		market_decision_free(decision);
	}
	market_evidence_free(evidence);
	world_free(world);
}
END_TEST

/* ---- until when a decision holds ---- */

#define LATER           "2016-03-01T00:00:00Z"
#define ENDS_THEN(name) name " {'header': {'notAfter': '" LATER "'}}"
#define ANYWHERE                                               \
	" 'scope': {'models': ['*'], 'territories': ['*'],"    \
	" 'channels': ['CHANNEL_ANY'], 'marketplaces': ['*']," \
	" 'conditions': ['CONDITION_ANY']}"

static const struct {
	const char *label;
	const char *edits[3];
	market_verdict_t want;
	const char *horizon;
} horizons[] = {
	{ "the good world: UMTS is switched off", { NULL }, PERMIT,
	    "2022-07-01T00:00:00Z" },
	{ "the root ends", { ENDS_THEN("root") }, PERMIT, LATER },
	{ "the policy ends", { ENDS_THEN("policy") }, PERMIT, LATER },
	{ "the seller ends", { ENDS_THEN("seller") }, PERMIT, LATER },
	{ "the grant ends", { ENDS_THEN("grant") }, PERMIT, LATER },
	{ "the product ends", { ENDS_THEN("product") }, PERMIT, LATER },
	{ "the network ends", { ENDS_THEN("network") }, PERMIT, LATER },
	{ "a certification ends", { ENDS_THEN("fcc") }, PERMIT, LATER },
	{ "the offer ends", { ENDS_THEN("offer") }, PERMIT, LATER },
	{ "what is not read ends", { ENDS_THEN("mvno") }, PERMIT,
	    "2022-07-01T00:00:00Z" },
	{ "the seller's key ends",
	    { "seller {'keys': {'threshold': 1, 'keys':"
	      " [{'spki': '$spki:shop.example',"
	      " 'environment': 'ENVIRONMENT_PRODUCTION',"
	      " 'notAfter': '" LATER "'}]}}" },
	    PERMIT, LATER },
	{ "the brand's key ends",
	    { "root {'parties[0]': {'keys': {'threshold': 1, 'keys':"
	      " [{'spki': '$spki:mi.com',"
	      " 'environment': 'ENVIRONMENT_PRODUCTION',"
	      " 'notAfter': '" LATER "'}]}}}" },
	    PERMIT, LATER },
	{ "a withdrawal takes effect",
	    { "+w withdrawal mi.com {'targetDigest': '$digest:grant',"
	      " 'effectiveAt': '" LATER "'}" },
	    PERMIT, LATER },
	{ "a withdrawal of a key takes effect",
	    { "+w withdrawal mi.com {'targetKey': '$key:mi.com',"
	      " 'effectiveAt': '" LATER "'}" },
	    PERMIT, LATER },
	{ "a withdrawal of the offer takes effect",
	    { "+w withdrawal shop.example {'targetDigest': '$digest:offer',"
	      " 'effectiveAt': '" LATER "'}" },
	    PERMIT, LATER },
	{ "a disavowal begins",
	    { "+d disavowal mi.com {'brand': 'xiaomi', 'parties': ['*'],"
	      " 'header': {'notBefore': '" LATER "'}," ANYWHERE "}" },
	    PERMIT, LATER },
	{ "a disavowal of another begins",
	    { "+d disavowal mi.com {'brand': 'xiaomi',"
	      " 'parties': ['other.example'],"
	      " 'header': {'notBefore': '" LATER "'}," ANYWHERE "}" },
	    PERMIT, "2022-07-01T00:00:00Z" },
	{ "a hold begins",
	    { "+h hold usmobile.com {'header': {'notBefore': '" LATER "'},"
	      " 'target': {'seller': 'shop.example'}}" },
	    PERMIT, LATER },
	{ "a hold of this offer begins",
	    { "+h hold usmobile.com {'header': {'notBefore': '" LATER "'},"
	      " 'target': {'offerId': 'offer'}}" },
	    PERMIT, LATER },
	{ "a hold ends",
	    { "+h hold usmobile.com {'header': {'notAfter': '" LATER "'},"
	      " 'target': {'seller': 'shop.example'}}" },
	    DENY, LATER },
	{ "a hold is lifted",
	    { "+h hold usmobile.com {'target': {'seller': 'shop.example'}}",
		"+w withdrawal usmobile.com {'targetDigest': '$digest:h',"
		" 'effectiveAt': '" LATER "'}" },
	    DENY, LATER },
	{ "a disavowal is revised",
	    { "+d disavowal mi.com {'brand': 'xiaomi', 'parties': "
	      "['*']," ANYWHERE "}",
		"+e =d {'parties': ['other.example'], 'header':"
		" {'revision': '2', 'notBefore': '" LATER "'}}" },
	    DENY, LATER },
	{ "a grant begins, earlier by the skew",
	    { "grant {'header': {'notBefore': '" LATER "'}}" }, DENY,
	    "2016-02-29T23:55:00Z" },
	{ "a grant was issued in the future",
	    { "grant {'header': {'issuedAt': '" LATER "'}}" }, DENY,
	    "2016-02-29T23:55:00Z" },
};

START_TEST(validity_of_a_decision_ends_at_its_horizon)
{
	const market_cell_t *cell;
	market_decision_t *decision;
	world_t *world = world_new();
	char text[MARKET__TIME_LEN];
	size_t i;

	for (i = 0; i < 3 && horizons[_i].edits[i] != NULL; i++)
		world_edit(world, horizons[_i].edits[i]);
	decision = world_check(world, "offer", NULL);
	cell = market_decision_cell(decision, 0);
	ck_assert_ptr_nonnull(cell);
	market__time_format(cell->horizon, text);
	ck_assert_msg(cell->verdict == horizons[_i].want &&
		strcmp(text, horizons[_i].horizon) == 0,
	    "%s: %s until %s", horizons[_i].label,
	    market_verdict_name(cell->verdict), text);
	market_decision_free(decision);
	/* There the answer changes, and not a second before. */
	decision = check_at(world, world_time(text) - 1);
	ck_assert_msg(market_decision_verdict(decision) == horizons[_i].want,
	    "%s: before the horizon", horizons[_i].label);
	market_decision_free(decision);
	decision = check_at(world, world_time(text));
	ck_assert_msg(market_decision_verdict(decision) != horizons[_i].want,
	    "%s: at the horizon", horizons[_i].label);
	market_decision_free(decision);
	world_free(world);
}
END_TEST

#define ADD(test, table)     \
	tcase_add_loop_test( \
	    tcase, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

int
main(void)
{
	Suite *suite = suite_create("validity");
	TCase *tcase = tcase_create("validity");

	ADD(validity_is_half_open, edges);
	ADD(validity_begins_earlier_by_the_skew, edges);
	ADD(validity_begins_earlier_by_a_day_at_most, edges);
	tcase_add_test(
	    tcase, validity_policy_with_more_skew_than_a_day_is_refused);
	ADD(validity_of_a_header_that_makes_sense, headers);
	ADD(validity_ends_at_the_second_in_any_year, turns);
	tcase_add_test(tcase, validity_is_asked_for_at_a_time_that_is_one);
	ADD(validity_of_a_decision_ends_at_its_horizon, horizons);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
