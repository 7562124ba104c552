/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory fails while evidence is gathered and while an offer is judged: there
 * is an answer, or none, never another one.
 */
#include "world.h"

#include <stdio.h>
#include <string.h>

#include "api/evidence.h"

/* Worlds that take every way through the rules. */
static const struct {
	const char *label, *edits[6];
} worlds[] = {
	{ "permit", { NULL } },
	{ "nothing", { "-grant", "-carrier", "-fcc", "-product" } },
	{ "on an MVNO",
	    { "offer {'networks': ['usmobile.com/us', 't-mobile.com/us']}",
		"fcc {'state': 'CERTIFICATION_STATE_IN_TEST'}" } },
	{ "a chain of two",
	    { "grant {'grantee': 'big.example', 'maxDelegations': 2,"
	      " 'granteeKeys': '$keys:big.example'}",
		"+sub =grant {'header': {'issuer': 'big.example', 'id': 'sub'},"
		" 'grantee': 'shop.example', 'maxDelegations': 0,"
		" 'parentDigest': '$digest:grant',"
		" 'granteeKeys': '$keys:shop.example'}",
		"sub @big.example" } },
	{ "all that takes away",
	    { "+d disavowal mi.com {'brand': 'xiaomi', 'parties': ['*'],"
	      " 'scope': {'models': ['*'], 'territories': ['US'],"
	      " 'channels': ['CHANNEL_ANY'], 'marketplaces': ['*'],"
	      " 'conditions': ['CONDITION_ANY']}}",
		"+w withdrawal t-mobile.com {'targetDigest':"
		" '$digest:carrier'}",
		"+k withdrawal mi.com {'targetKey': '$key:mi.com'}",
		"+h hold usmobile.com {'target': {'seller':"
		" 'shop.example'}}" } },
	{ "bands that are not certified",
	    { "carrier {'bands': [{'rat': 'RAT_GSM', 'bands': [1900]}]}",
		"fcc {'bands': [{'rat': 'RAT_GSM', 'bands': [850]}]}" } },
	{ "bands that nobody named",
	    { "carrier {'bands': null}", "product {'radio': null}" } },
	{ "a chain that widens, and a scope that does not fit",
	    { "grant {'grantee': 'big.example', 'maxDelegations': 2,"
	      " 'granteeKeys': '$keys:big.example', 'scope': {'models':"
	      " ['2014216'], 'territories': ['CA', 'US-CA'], 'channels':"
	      " ['CHANNEL_ONLINE_STORE']}}",
		"+sub =grant {'header': {'issuer': 'big.example', 'id': 'sub'},"
		" 'grantee': 'shop.example', 'maxDelegations': 0,"
		" 'scope': {'models': ['*'], 'territories': ['*']},"
		" 'parentDigest': '$digest:grant',"
		" 'granteeKeys': '$keys:shop.example'}",
		"sub @big.example" } },
	{ "faults and forks",
	    { "offer {'gtin': '1', 'price': null, 'territories': ['ZZ',"
	      " 'US'], 'disclosures': []}",
		"+g2 =grant {'maxDelegations': 1}",
		"+f2 =fcc {'header': {'revision': '2'}}", "carrier !",
		"mvno @forger" } },
};
#define WORLDS ((int)(sizeof(worlds) / sizeof(worlds[0])))

static world_t *
edited(market_context_t *context, size_t which)
{
	world_t *world = world_new_with(context);
	size_t i;

	for (i = 0; i < 6 && worlds[which].edits[i] != NULL; i++)
		world_edit(world, worlds[which].edits[i]);
	return world;
}

static market_context_t *
context_with(harness_memory_t *memory)
{
	market_context_options_t options;
	market_context_t *context = NULL;

	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	harness_memory_init(memory);
	options.allocator = memory->allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	return context;
}

/* The decision as JSON; judged with failing memory, written without. */
static market_status_t
judge(harness_memory_t *memory, size_t fail_at, market_evidence_t *evidence,
    market_slice_t offer, market_buffer_t *ret_json, size_t *ret_asked)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	market_status_t status;

	memory->calls = 0;
	memory->fail_at = fail_at;
	status = market_check(
	    evidence, offer, world_time(WORLD_NOW), &decision, &error);
	memory->fail_at = SIZE_MAX;
	*ret_asked = memory->calls;
	/* So that each is asked for memory again. */
	market__evidence_forget(evidence);
	market_context_trim(evidence->context);
	if (decision == NULL) {
		if (error.status != status)
			ck_abort_msg("%s, and the error says %s",
			    market_status_name(status),
			    market_status_name(error.status));
		return status;
	}
	if (market_decision_json(decision, ret_json) != MARKET_OK)
		ck_abort_msg("no report");
	market_decision_free(decision);
	market_context_trim(evidence->context);
	return status;
}

/*
 * A GTIN that is none is told with its text, so its length moves where the
 * arena's blocks end, and with them what fails.
 */
static void
make_gtin(world_t *world, size_t len)
{
	char edit[1100];

	if (len == 0)
		return;
	ck_assert_uint_lt(len + 32, sizeof(edit));
	memset(edit, 'x', sizeof(edit));
	memcpy(edit, "offer {'gtin': '", 16);
	memcpy(edit + 16 + len, "'}", 3);
	world_edit(world, edit);
}

START_TEST(check_gives_one_answer_or_none_when_memory_fails)
{
	harness_memory_t memory;
	market_context_t *context = context_with(&memory);
	world_t *world = edited(context, (size_t)_i);
	market_buffer_t want = MARKET_BUFFER_INIT, got = MARKET_BUFFER_INIT;
	market_evidence_t *evidence;
	market_status_t status, good;
	market_slice_t offer;
	size_t asked, at, len, live, step = 1008 / harness_rounds(63);

	for (len = 0; len < 1008; len += step) {
		make_gtin(world, len);
		offer = world_envelope(world, "offer");
		evidence = world_evidence(world, 0);
		ck_assert_int_eq(
		    market_evidence_add(evidence,
			market_slice_of("no envelope"), "a file", NULL),
		    MARKET_OK);
		good = judge(&memory, SIZE_MAX, evidence, offer, &want, &asked);
		live = memory.live;
		for (at = 0;; at++) {
			status = judge(
			    &memory, at, evidence, offer, &got, &asked);
			if (asked <= at)
				break;
			if (status != MARKET_E_MEMORY || memory.live != live)
				ck_abort_msg("%s: allocation %zu: %s, %zu live",
				    worlds[_i].label, at,
				    market_status_name(status),
				    memory.live - live);
		}
		ck_assert_int_eq(status, good);
		ck_assert(market__slice_equal(
		    market_buffer_slice(&want), market_buffer_slice(&got)));
		market_buffer_clear(&got);
		market_buffer_clear(&want);
		market_evidence_free(evidence);
	}
	world_free(world);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

/* The names of the statements, root and policy first. */
static const char *const names[] = { "seller", "product", "network", "mvno",
	"grant", "carrier", "fcc" };
#define NAMES (sizeof(names) / sizeof(names[0]))

/*
 * Gathers all evidence and judges. What cannot be taken for want of memory is
 * told as such; were it dropped in silence, a withdrawal might be.
 */
static market_status_t
gather(market_context_t *context, world_t *world, market_decision_t **ret)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_evidence_t *evidence = NULL;
	market_ignored_t ignored;
	market_status_t status;
	size_t i;

	status = market_evidence_new(context, world_envelope(world, "root"),
	    world_envelope(world, "policy"), &evidence, &error);
	if ((evidence != NULL) != (status == MARKET_OK))
		ck_abort_msg("evidence and %s", market_status_name(status));
	for (i = 0; i < NAMES && status == MARKET_OK; i++)
		status = market_evidence_add(evidence,
		    world_envelope(world, names[i]), names[i], &error);
	if (status == MARKET_OK) {
		status = market_evidence_ignored(evidence, 0, &ignored);
		if (status == MARKET_E_NOT_FOUND)
			status = MARKET_OK;
		else if (status == MARKET_OK)
			ck_abort_msg(
			    "%s is ignored: %s", ignored.name, ignored.message);
	}
	if (status == MARKET_OK)
		status = market_check(evidence, world_envelope(world, "offer"),
		    world_time(WORLD_NOW), ret, &error);
	market_evidence_free(evidence);
	return status;
}

START_TEST(evidence_is_whole_or_none_when_memory_fails)
{
	harness_memory_t memory;
	market_context_t *context = context_with(&memory);
	world_t *world = world_new();
	market_decision_t *decision = NULL;
	market_status_t status;
	size_t at, live, asked;

	ck_assert_int_eq(gather(context, world, &decision), MARKET_OK);
	market_decision_free(decision);
	market_context_trim(context);
	live = memory.live;
	memory.for_ever = _i == 1;
	for (at = 0;; at++) {
		decision = NULL;
		memory.calls = 0;
		memory.fail_at = at;
		status = gather(context, world, &decision);
		market_decision_free(decision);
		asked = memory.calls;
		market_context_trim(context);
		if (memory.live != live)
			ck_abort_msg("allocation %zu leaks", at);
		if (asked <= at)
			break;
		if (status != MARKET_E_MEMORY)
			ck_abort_msg("allocation %zu: %s", at,
			    market_status_name(status));
	}
	ck_assert_int_eq(status, MARKET_OK);
	ck_assert_uint_gt(at, 50);
	memory.fail_at = SIZE_MAX;
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
	world_free(world);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("check_memory");
	TCase *tcase = tcase_create("memory");

	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(
	    tcase, check_gives_one_answer_or_none_when_memory_fails, 0, WORLDS);
	tcase_add_loop_test(
	    tcase, evidence_is_whole_or_none_when_memory_fails, 0, 2);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
