/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several grants at once: whose keys they name, which of several chains is
 * taken, how many and how long they may be, and that no grantee reaches into
 * what hangs beneath another grant.
 */
#include <stdio.h>

#include "grants.h"

#define PERMIT     MARKET_VERDICT_PERMIT
#define DENY       MARKET_VERDICT_DENY
#define UNSURE     MARKET_VERDICT_INDETERMINATE
#define CODE(name) MARKET_CODE_AUTHORIZATION_##name

#define TWO_LINKS                   \
	FIRST("dist.example", "1"), \
	    LINK("child", "dist.example", "shop.example", "grant", "0")

static const world_row_t keys[] = {
	{ .label = "D10 the grant names this key",
	    .want = PERMIT,
	    .edits = { "grant {'granteeKeys': '$keys:shop.example'}" },
	    .codes = { -CODE(KEY_MISMATCH) } },
	{ .label = "D10 the grant names another key of the seller",
	    .want = DENY,
	    .edits = { "grant {'granteeKeys': '$keys:shop.example#2'}" },
	    .codes = { CODE(KEY_MISMATCH),
		-MARKET_CODE_OFFER_SIGNATURE_INVALID } },
	{ .label = "D10 signed with both keys",
	    .want = PERMIT,
	    .edits = { "grant {'granteeKeys': '$keys:shop.example#2'}",
		"offer @shop.example shop.example#2" } },
	{ .label = "D10 signed with the grant's key alone",
	    .want = DENY,
	    .edits = { "grant {'granteeKeys': '$keys:shop.example#2'}",
		"offer @shop.example#2" },
	    .codes = { MARKET_CODE_OFFER_SIGNATURE_INVALID } },
	{ .label = "D10 the grant wants two of the keys",
	    .want = DENY,
	    .edits = { "grant {'granteeKeys':"
		       " '$2-keys:shop.example shop.example#2'}" },
	    .codes = { CODE(KEY_MISMATCH) } },
	{ .label = "D10 the grant wants two of the keys, and has them",
	    .want = PERMIT,
	    .edits = { "grant {'granteeKeys':"
		       " '$2-keys:shop.example shop.example#2'}",
		"offer @shop.example shop.example#2" } },
	{ .label = "D10 presented by another verified seller",
	    .want = DENY,
	    .edits = { "offer {'header': {'issuer': 'thief.example'}}",
		"offer @thief.example",
		"seller {'seller': 'thief.example',"
		" 'keys': '$keys:thief.example'}" },
	    .codes = { CODE(MISSING) } },
	{ .label = "D23 the marketplace alone signed the offer",
	    .want = DENY,
	    .edits = { "offer @usmobile.com" },
	    .codes = { MARKET_CODE_OFFER_SIGNATURE_INVALID } },
	{ .label = "D23 the marketplace signed it too",
	    .want = PERMIT,
	    .edits = { "offer @usmobile.com shop.example" } },
	{ .label = "D23 the marketplace signed the grant",
	    .want = DENY,
	    .edits = { "grant @usmobile.com" },
	    .codes = { CODE(MISSING) },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "D23 the marketplace signed the grant too",
	    .want = PERMIT,
	    .edits = { "grant @usmobile.com mi.com" } },
	{ .label = "D23 the marketplace grants",
	    .want = DENY,
	    .edits = { "grant {'header': {'issuer': 'usmobile.com'}}",
		"grant @usmobile.com" },
	    .codes = { CODE(MISSING) },
	    .ignored = "grant",
	    .ignored_code = MARKET_CODE_STATEMENT_ISSUER_ROLE },
	{ .label = "S4 the child is signed by the brand",
	    .want = DENY,
	    .edits = { TWO_LINKS, "child @mi.com" },
	    .codes = { CODE(MISSING) },
	    .ignored = "child",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
};

static const world_row_t alternatives[] = {
	{ .label = "D12 a model from one, a territory from the other",
	    .want = DENY,
	    .edits = { GRANT("more", "shop.example", ""),
		"grant {'scope': {'territories': ['CA']}}",
		"more {'scope': {'models': ['2014811']}}" },
	    .codes = { CODE(ALTERNATIVE_FAILED), -CODE(MISSING) } },
	{ .label = "D12 a channel from one, a condition from the other",
	    .want = DENY,
	    .edits = { GRANT("more", "shop.example", ""),
		"grant {'scope': {'channels': ['CHANNEL_WHOLESALE']}}",
		"more {'scope': {'conditions': ['CONDITION_USED']}}" },
	    .codes = { CODE(ALTERNATIVE_FAILED) } },
	{ .label = "D12 each cell from a grant of its own",
	    .want = PERMIT,
	    .edits = { GRANT("more", "shop.example", ""),
		"offer {'territories': ['US-CA', 'US-NV']}",
		"grant {'scope': {'territories': ['US-CA']}}",
		"more {'scope': {'territories': ['US-NV']}}" } },
	{ .label = "both hold",
	    .want = PERMIT,
	    .edits = { GRANT("more", "shop.example", "") },
	    .codes = { -CODE(ALTERNATIVE_FAILED) } },
	{ .label = "one holds, why the other fails is told",
	    .want = PERMIT,
	    .edits = { GRANT("more", "shop.example", ""),
		"grant {'scope': {'models': ['2014811']}}" },
	    .codes = { CODE(ALTERNATIVE_FAILED), -CODE(SCOPE_MODEL) } },
	{ .label = "of two that fail the better is told",
	    .want = DENY,
	    .edits = { GRANT("more", "shop.example", ""),
		"grant {'scope': {'models': ['2014811'],"
		" 'territories': ['CA']}}",
		"more {'scope': {'conditions': ['CONDITION_USED']}}" },
	    .codes = { CODE(ALTERNATIVE_FAILED), CODE(SCOPE_CONDITION),
		-CODE(SCOPE_MODEL), -CODE(SCOPE_TERRITORY) } },
	{ .label = "one cannot be told, the other fails",
	    .want = UNSURE,
	    .edits = { "+fork =grant {'maxDelegations': 1}",
		GRANT("more", "shop.example", ""),
		"more {'scope': {'models': ['2014811']}}" },
	    .codes = { CODE(ALTERNATIVE_FAILED), MARKET_CODE_STATEMENT_FORK,
		-CODE(SCOPE_MODEL) } },
	{ .label = "one was withdrawn, the other holds",
	    .want = PERMIT,
	    .edits = { GRANT("more", "shop.example", ""),
		"+w withdrawal mi.com {'targetDigest': '$digest:grant'}" },
	    .codes = { CODE(ALTERNATIVE_FAILED),
		-MARKET_CODE_STATEMENT_WITHDRAWN } },
	{ .label = "one names the seller's key, the other another's",
	    .want = PERMIT,
	    .edits = { GRANT("more", "shop.example", ""),
		"grant {'granteeKeys': '$keys:shop.example#2'}" },
	    .codes = { CODE(ALTERNATIVE_FAILED), -CODE(KEY_MISMATCH) } },
	{ .label = "a long chain fails, a short one holds",
	    .want = PERMIT,
	    .edits = { TWO_LINKS, GRANT("more", "shop.example", ""),
		"child {'scope': {'models': ['*']}}" },
	    .codes = { CODE(ALTERNATIVE_FAILED), -CODE(WIDENED_MODEL) } },
	{ .label = "one hangs in the air, the other holds",
	    .want = PERMIT,
	    .edits = { LINK(
		"child", "dist.example", "shop.example", "seller", "0") },
	    .codes = { CODE(ALTERNATIVE_FAILED), -CODE(CHAIN_BROKEN) } },
};

/*
 * python-tuf, go-tuf: what was verified through one parent counts beneath
 * that parent alone. And nobody forks, withdraws or shadows what a party of
 * the same name says beneath another grant: here a.example and b.example both
 * name an east.example, and each means its own keys.
 */
#define TWO_EASTS                                                       \
	FIRST("a.example", "2"),                                        \
	    GRANT("second", "b.example", " 'maxDelegations': 2,"),      \
	    LINK("east", "a.example", "east.example", "grant", "1"),    \
	    LINK("west", "b.example", "east.example", "second", "1"),   \
	    "west {'granteeKeys': '$keys:west'}",                       \
	    LINK("leaf", "east.example", "shop.example", "east", "0"),  \
	    LINK("other", "east.example", "shop.example", "west", "0"), \
	    "other @west", "other {'header': {'id': 'leaf'}}"

static const world_row_t neighbours[] = {
	{ .label = "both chains hold",
	    .want = PERMIT,
	    .edits = { TWO_EASTS },
	    .codes = { -CODE(ALTERNATIVE_FAILED),
		-MARKET_CODE_STATEMENT_FORK } },
	{ .label = "the keys of one sign beneath the other",
	    .want = PERMIT,
	    .edits = { TWO_EASTS, "other @east.example" },
	    .ignored = "other",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
	{ .label = "the same, and the other is all there is",
	    .want = DENY,
	    .edits = { TWO_EASTS, "other @east.example", "-leaf" },
	    .codes = { CODE(MISSING) } },
	{ .label = "another content under the same name is no fork",
	    .want = PERMIT,
	    .edits = { TWO_EASTS, "other {'scope': {'models': ['2014811']}}" },
	    .codes = { CODE(ALTERNATIVE_FAILED),
		-MARKET_CODE_STATEMENT_FORK } },
	{ .label = "a higher revision shadows nothing",
	    .want = PERMIT,
	    .edits = { TWO_EASTS,
		"other {'header': {'revision': '9'},"
		" 'scope': {'models': ['2014811']}}" },
	    .codes = { CODE(ALTERNATIVE_FAILED) } },
	{ .label = "a withdrawal by name withdraws its own",
	    .want = PERMIT,
	    .edits = { TWO_EASTS,
		"+w withdrawal east.example {'target': {'kind':"
		" 'authorization', 'issuer': 'east.example', 'id': 'leaf'}}",
		"w @west" },
	    .codes = { CODE(ALTERNATIVE_FAILED) } },
	{ .label = "a withdrawal by digest of the other's",
	    .want = PERMIT,
	    .edits = { TWO_EASTS,
		"+w withdrawal east.example {'targetDigest': '$digest:leaf'}",
		"w @west" },
	    .codes = { -CODE(ALTERNATIVE_FAILED) },
	    .ignored = "w",
	    .ignored_code = MARKET_CODE_STATEMENT_NO_STANDING },
	{ .label = "a withdrawal of the other's key",
	    .want = PERMIT,
	    .edits = { TWO_EASTS,
		"+w withdrawal east.example"
		" {'targetKey': '$key:east.example'}",
		"w @west" },
	    .codes = { -CODE(ALTERNATIVE_FAILED) },
	    .ignored = "w",
	    .ignored_code = MARKET_CODE_STATEMENT_NO_STANDING },
	{ .label = "all that one says was withdrawn, the other stands",
	    .want = PERMIT,
	    .edits = { TWO_EASTS,
		"+w withdrawal mi.com {'targetDigest': '$digest:second'}" },
	    .codes = { CODE(ALTERNATIVE_FAILED) } },
	{ .label = "both were withdrawn",
	    .want = DENY,
	    .edits = { TWO_EASTS,
		"+w withdrawal mi.com {'targetDigest': '$digest:second'}",
		"+v withdrawal a.example {'targetDigest': '$digest:east'}" },
	    .codes = { MARKET_CODE_STATEMENT_WITHDRAWN } },
	{ .label = "the pinned parent forbids what another one allows",
	    .want = DENY,
	    .edits = { TWO_LINKS, "grant {'maxDelegations': 0}",
		GRANT("second", "dist.example", " 'maxDelegations': 1,") },
	    .codes = { CODE(DELEGATION_FORBIDDEN) } },
	{ .label = "the pinned parent is narrower than another one",
	    .want = DENY,
	    .edits = { TWO_LINKS, "grant {'scope': {'territories': ['CA']}}",
		GRANT("second", "dist.example", " 'maxDelegations': 1,") },
	    .codes = { CODE(WIDENED_TERRITORY) } },
	{ .label = "the pinned parent names other keys than another one",
	    .want = DENY,
	    .edits = { TWO_LINKS, "grant {'granteeKeys': '$keys:dist#2'}",
		GRANT("second", "dist.example", " 'maxDelegations': 1,") },
	    .codes = { CODE(MISSING) },
	    .ignored = "child",
	    .ignored_code = MARKET_CODE_STATEMENT_SIGNATURE_INVALID },
};

/* The library's own limit, whatever the policy says: a chain of n links. */
static const struct {
	const char *label;
	unsigned links;
	const char *policy;
	market_verdict_t want;
} lengths[] = {
	{ "D7 eight, where policy sets no limit", 8, "0", PERMIT },
	{ "D7 nine, where policy sets no limit", 9, "0", DENY },
	{ "D7 eight, where policy allows eight", 8, "8", PERMIT },
	{ "D7 eight, where policy allows seven", 8, "7", DENY },
	{ "D7 nine, where policy allows nine", 9, "9", DENY },
	{ "D7 eight, where policy allows any number", 8, "4294967295", PERMIT },
	{ "D7 nine, where policy allows any number", 9, "4294967295", DENY },
	{ "D7 sixteen", 16, "0", DENY },
	{ "D7 seventeen, more than are judged", 17, "0", DENY },
	{ "D7 forty", 40, "0", DENY },
};

START_TEST(chain_is_no_longer_than_eight_links)
{
	unsigned n = lengths[_i].links, i;
	market_decision_t *decision;
	world_t *world = world_new();
	char to[32], edit[700];

	snprintf(
	    edit, sizeof(edit), "policy {'maxChain': %s}", lengths[_i].policy);
	world_edit(world, edit);
	for (i = 1; i <= n; i++) {
		snprintf(
		    to, sizeof(to), i == n ? "shop.example" : "p%u.example", i);
		snprintf(edit, sizeof(edit),
		    "+link%u authorization %s {'brand': 'xiaomi',"
		    " 'grantee': '%s', 'granteeKeys': '$keys:%s',"
		    " 'maxDelegations': %u," GRANTS_SCOPE "}",
		    i, "mi.com", to, to, n - i);
		world_edit(world, edit);
		if (i == 1)
			continue;
		snprintf(edit, sizeof(edit),
		    "link%u {'header': {'issuer': 'p%u.example'},"
		    " 'parentDigest': '$digest:link%u'}",
		    i, i - 1, i - 1);
		world_edit(world, edit);
		snprintf(edit, sizeof(edit), "link%u @p%u.example", i, i - 1);
		world_edit(world, edit);
	}
	world_edit(world, "-grant");
	decision = world_check(world, "offer", NULL);
	ck_assert_msg(market_decision_verdict(decision) == lengths[_i].want,
	    "%s", lengths[_i].label);
	ck_assert_msg(world_has(decision, CODE(CHAIN_TOO_LONG)) ==
		(lengths[_i].want == DENY),
	    "%s", lengths[_i].label);
	market_decision_free(decision);
	world_free(world);
}
END_TEST

START_TEST(chain_ends_at_the_key_that_signed_the_offer)
{
	world_run_row(&keys[_i]);
}
END_TEST

START_TEST(chain_taken_is_the_best_of_several)
{
	world_run_row(&alternatives[_i]);
}
END_TEST

START_TEST(chain_reaches_into_no_other)
{
	world_run_row(&neighbours[_i]);
}
END_TEST

/* Of several that hold the one that holds longest, and ties by digest. */
static const struct {
	const char *label;
	const char *edits[4];
	const char *horizon;
	const char *used;
} horizons[] = {
	{ "the first holds longer",
	    { "grant {'header': {'notAfter': '2017-06-01T00:00:00Z'}}",
		"more {'header': {'notAfter': '2016-06-01T00:00:00Z'}}" },
	    "2017-06-01T00:00:00Z", "grant" },
	{ "the second holds longer",
	    { "grant {'header': {'notAfter': '2016-06-01T00:00:00Z'}}",
		"more {'header': {'notAfter': '2017-06-01T00:00:00Z'}}" },
	    "2017-06-01T00:00:00Z", "more" },
	{ "one second is enough",
	    { "grant {'header': {'notAfter': '2017-06-01T00:00:00Z'}}",
		"more {'header': {'notAfter': '2017-06-01T00:00:01Z'}}" },
	    "2017-06-01T00:00:01Z", "more" },
	{ "the one that is withdrawn later holds as long",
	    { "grant {'header': {'notAfter': '2017-06-01T00:00:00Z'}}",
		"+w withdrawal mi.com {'targetDigest': '$digest:more',"
		" 'effectiveAt': '2016-03-01T00:00:00Z'}" },
	    "2017-06-01T00:00:00Z", "grant" },
	{ "the only one that will not be withdrawn first",
	    { "grant {'header': {'notAfter': '2016-06-01T00:00:00Z'}}",
		"+w withdrawal mi.com {'targetDigest': '$digest:more',"
		" 'effectiveAt': '2016-07-01T00:00:00Z'}" },
	    "2016-07-01T00:00:00Z", "more" },
};

START_TEST(chain_taken_holds_longest)
{
	market_decision_t *decision;
	world_t *world = world_new();
	const market_cell_t *cell;
	market_statement_t *used = NULL;
	bool found = false;
	size_t i;

	world_edit(world, GRANT("more", "shop.example", ""));
	for (i = 0; i < 4 && horizons[_i].edits[i] != NULL; i++)
		world_edit(world, horizons[_i].edits[i]);
	decision = world_check(world, "offer", NULL);
	cell = market_decision_cell(decision, 0);
	ck_assert_ptr_nonnull(cell);
	ck_assert_msg(cell->verdict == PERMIT, "%s", horizons[_i].label);
	ck_assert_msg(cell->horizon == world_time(horizons[_i].horizon),
	    "%s: %lld", horizons[_i].label, (long long)cell->horizon);
	ck_assert_int_eq(market_statement_parse(world_context(world),
			     world_envelope(world, horizons[_i].used),
			     MARKET_KINDS_ALL, &used, NULL),
	    MARKET_OK);
	for (i = 0; i < cell->used_count; i++)
		if (memcmp(cell->used[i].ptr, market_statement_digest(used).ptr,
			MARKET_DIGEST_LEN) == 0)
			found = true;
	ck_assert_msg(found, "%s", horizons[_i].label);
	market_statement_free(used);
	market_decision_free(decision);
	world_free(world);
}
END_TEST

/* Limits before work: n grants of one parent, and one by another way. */
static const struct {
	const char *label;
	unsigned grants;
	bool stale, by_brand;
	market_verdict_t want;
	bool told;
} counts[] = {
	{ "sixteen grants of one parent", 16, false, false, PERMIT, false },
	{ "seventeen", 17, false, false, UNSURE, true },
	{ "a hundred", 100, false, false, UNSURE, true },
	{ "sixteen, and a replaced one", 16, true, false, PERMIT, false },
	{ "seventeen beneath a distributor, and one by the brand", 17, false,
	    true, PERMIT, false },
	{ "sixteen beneath a distributor, and one by the brand", 16, false,
	    true, PERMIT, false },
};

START_TEST(chain_has_sixteen_grants_of_one_parent_at_most)
{
	market_decision_t *decision;
	world_t *world = world_new();
	char edit[700];
	unsigned i;

	world_edit(world, FIRST("dist.example", "1"));
	for (i = 0; i < counts[_i].grants; i++) {
		snprintf(edit, sizeof(edit),
		    "+g%u authorization dist.example {'brand': 'xiaomi',"
		    " 'grantee': 'shop.example',"
		    " 'parentDigest': '$digest:grant'," GRANTS_SCOPE "}",
		    i);
		world_edit(world, edit);
	}
	if (counts[_i].stale)
		world_edit(world, "+anew =g0 {'header': {'revision': '2'}}");
	if (counts[_i].by_brand)
		world_edit(world, GRANT("more", "shop.example", ""));
	decision = world_check(world, "offer", NULL);
	ck_assert_msg(market_decision_verdict(decision) == counts[_i].want,
	    "%s", counts[_i].label);
	ck_assert_msg(
	    world_has(decision, MARKET_CODE_LIMIT_EXCEEDED) == counts[_i].told,
	    "%s", counts[_i].label);
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
	Suite *suite = suite_create("authorization_several");
	TCase *tcase = tcase_create("several");

	ADD(chain_ends_at_the_key_that_signed_the_offer, keys);
	ADD(chain_taken_is_the_best_of_several, alternatives);
	ADD(chain_taken_holds_longest, horizons);
	ADD(chain_reaches_into_no_other, neighbours);
	ADD(chain_is_no_longer_than_eight_links, lengths);
	ADD(chain_has_sixteen_grants_of_one_parent_at_most, counts);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
