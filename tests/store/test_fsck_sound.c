/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No false alarm: after each thing that may happen to a store, in the order in
 * which it happens here, fsck has nothing to tell.
 */
#include <stdio.h>
#include <stdlib.h>

#include "grants.h"
#include "story.h"

#define ZERO "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

typedef enum deed { ADD, LATER, SUBMIT, REFRESH } deed_t;

static const struct {
	const char *label;
	const char *edits[3];
	deed_t deed;
	const char *what; /* a statement, or until when time passes */
	market_result_t want;
} steps[] = {
	{ "nothing since", { NULL }, ADD, "grant", MARKET_RESULT_DUPLICATE },
	{ "a withdrawal of what nobody has seen",
	    { "+e1 withdrawal mi.com {'targetDigest': '" ZERO "'}" }, ADD, "e1",
	    MARKET_RESULT_ACCEPTED },
	{ "a withdrawal before its target",
	    { "+e2 withdrawal mi.com {'target': {'kind': 'authorization',"
	      " 'issuer': 'mi.com', 'id': 'soon'}}" },
	    ADD, "e2", MARKET_RESULT_ACCEPTED },
	{ "and its target",
	    { "+soon =grant {'header': {'id': 'soon'},"
	      " 'grantee': 'shop3.example'}" },
	    ADD, "soon", MARKET_RESULT_ACCEPTED },
	{ "a withdrawal of an offer that is not here",
	    { "+e3 withdrawal usmobile.com {'target': {'kind': 'offer',"
	      " 'issuer': 'shop.example', 'id': 'not-yet'}}" },
	    ADD, "e3", MARKET_RESULT_ACCEPTED },
	{ "and that offer", { "+not-yet =offer {'header': {'id': 'not-yet'}}" },
	    SUBMIT, "not-yet", MARKET_RESULT_ACCEPTED },
	{ "a withdrawal of an offer that is here",
	    { "+e4 withdrawal usmobile.com {'target': {'kind': 'offer',"
	      " 'issuer': 'shop.example', 'id': 'two'}}" },
	    ADD, "e4", MARKET_RESULT_ACCEPTED },
	{ "a withdrawal of a key that nobody has",
	    { "+e5 withdrawal mi.com {'targetKey': '$key:stranger'}" }, ADD,
	    "e5", MARKET_RESULT_ACCEPTED },
	{ "a withdrawal of a key",
	    { "+e6 withdrawal att.com {'targetKey': '$key:att.com'}" }, ADD,
	    "e6", MARKET_RESULT_ACCEPTED },
	{ "a revision that moves to another slot",
	    { "+grant2-b =grant2 {'header': {'revision': '2'},"
	      " 'grantee': 'shop4.example'}" },
	    ADD, "grant2-b", MARKET_RESULT_ACCEPTED },
	{ "a fork", { "+fcc-b =fcc {'hardwareVersions': ['P1']}" }, ADD,
	    "fcc-b", MARKET_RESULT_FORK },
	{ "a fork that is settled",
	    { "+fcc-c =fcc {'header': {'revision': '2'}}" }, ADD, "fcc-c",
	    MARKET_RESULT_ACCEPTED },
	{ "what is not computed anew yet",
	    { "+product-b =product {'header': {'revision': '2'},"
	      " 'radio': null}" },
	    LATER, "product-b", MARKET_RESULT_ACCEPTED },
	{ "an offer meanwhile",
	    { "+meanwhile =offer {'header': {'id': 'meanwhile'}}" }, SUBMIT,
	    "meanwhile", MARKET_RESULT_ACCEPTED },
	{ "more that is not computed anew yet",
	    { "+product-c =product {'header': {'revision': '3'}}" }, LATER,
	    "product-c", MARKET_RESULT_ACCEPTED },
	{ "it is", { NULL }, REFRESH, "2016-02-02T00:00:00Z",
	    MARKET_RESULT_ACCEPTED },
	{ "another policy",
	    { "+policy-b =policy {'header': {'revision': '2'},"
	      " 'minimumService': 'SERVICE_2G'}" },
	    ADD, "policy-b", MARKET_RESULT_ACCEPTED },
	{ "another trust root",
	    { "+root-b =root {'header': {'revision': '2'}}" }, ADD, "root-b",
	    MARKET_RESULT_ACCEPTED },
	{ "what is accepted under that",
	    { "+other-b =other {'header': {'id': 'other-b'},"
	      " 'model': 'M576'}" },
	    ADD, "other-b", MARKET_RESULT_ACCEPTED },
	{ "a hold on one offer",
	    { "+h1 hold usmobile.com {'target': {'seller': 'shop.example',"
	      " 'offerId': 'meanwhile'}}" },
	    ADD, "h1", MARKET_RESULT_ACCEPTED },
	{ "a removal",
	    { "+h2 hold usmobile.com {'target': {'seller': 'shop2.example'},"
	      " 'final': true}" },
	    ADD, "h2", MARKET_RESULT_ACCEPTED },
	{ "a status",
	    { "+s1 status mi.com {'sequence': '1', 'page': 1, 'pageCount': 1,"
	      " 'withdrawn': ['$digest:grant2']}" },
	    ADD, "s1", MARKET_RESULT_ACCEPTED },
	{ "a grant that may be handed on",
	    { GRANT("dist", "dist.example", " 'maxDelegations': 1,") }, ADD,
	    "dist", MARKET_RESULT_ACCEPTED },
	{ "a sub-grant",
	    { LINK("sub", "dist.example", "shop.example", "dist", "0") }, ADD,
	    "sub", MARKET_RESULT_ACCEPTED },
	{ "a withdrawal by who has its keys from a grant",
	    { "+e7 withdrawal dist.example {'targetDigest': '$digest:sub'}" },
	    ADD, "e7", MARKET_RESULT_ACCEPTED },
	{ "a revision of an offer that asks less",
	    { "+two-b =two {'header': {'revision': '2'},"
	      " 'networks': ['t-mobile.com/us']}" },
	    SUBMIT, "two-b", MARKET_RESULT_ACCEPTED },
	{ "an offer of many cells",
	    { "+many =offer {'header': {'id': 'many'}, 'territories':"
	      " ['US', 'CA', 'DE', 'GB'], 'channels': ['CHANNEL_ONLINE_STORE',"
	      " 'CHANNEL_RETAIL_STORE'], 'networks': ['t-mobile.com/us',"
	      " 'usmobile.com/us', 'att.com/us']}" },
	    SUBMIT, "many", MARKET_RESULT_ACCEPTED },
	{ "a second key of the seller",
	    { "+seller-b =seller {'header': {'revision': '2'},"
	      " 'keys': '$keys:shop.example shop.example#2'}" },
	    ADD, "seller-b", MARKET_RESULT_ACCEPTED },
	{ "the same offer, signed with that too", { "paused @shop.example#2" },
	    SUBMIT, "paused", MARKET_RESULT_ACCEPTED },
	{ "an offer with two keys",
	    { "+both =offer {'header': {'id': 'both'}}",
		"both @shop.example shop.example#2" },
	    SUBMIT, "both", MARKET_RESULT_ACCEPTED },
	{ "an offer with the second key only",
	    { "both {'header': {'revision': '2'}}", "both @shop.example#2" },
	    SUBMIT, "both", MARKET_RESULT_ACCEPTED },
	{ "a fork of an offer that is settled",
	    { "+forked-c =forked {'header': {'revision': '2'}}" }, SUBMIT,
	    "forked-c", MARKET_RESULT_ACCEPTED },
	{ "a key of the seller is withdrawn",
	    { "+e8 withdrawal usmobile.com {'targetKey':"
	      " '$key:shop.example#2'}" },
	    ADD, "e8", MARKET_RESULT_ACCEPTED },
	{ "the seller loses a key",
	    { "+seller-c =seller {'header': {'revision': '3'}}" }, ADD,
	    "seller-c", MARKET_RESULT_ACCEPTED },
	{ "the root loses a party",
	    { "+root-c =root {'header': {'revision': '3'}}",
		"root-c {'parties[1]': {'keys': '$keys:meizu.com#2'}}" },
	    ADD, "root-c", MARKET_RESULT_ACCEPTED },
	{ "time passes", { NULL }, REFRESH, "2022-07-02T00:00:00Z",
	    MARKET_RESULT_ACCEPTED },
	{ "everything has ended", { NULL }, REFRESH, "2026-07-01T00:00:00Z",
	    MARKET_RESULT_ACCEPTED },
};

#define STEPS (sizeof(steps) / sizeof(steps[0]))

static void
add(story_t *story, size_t i, unsigned flags)
{
	market_slice_t envelope = world_envelope(story->world, steps[i].what);
	market_additions_t *additions = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	const market_added_t *added;

	ck_assert_msg(market_store_add(story->store, &envelope, 1, story->now,
			  flags, &additions, &error) == MARKET_OK,
	    "%s: %s", steps[i].label, error.message);
	added = market_additions_at(additions, 0);
	ck_assert_msg(added->result == steps[i].want, "%s: %s: %s",
	    steps[i].label, market_result_name(added->result),
	    added->message == NULL ? "" : added->message);
	market_additions_free(additions);
}

static void
refresh(story_t *story, size_t i)
{
	market_refreshed_t refreshed = { 0 };
	market_error_t error = MARKET_ERROR_INIT;

	story->now = world_time(steps[i].what);
	do {
		ck_assert_msg(market_store_refresh(story->store, story->now, 3,
				  &refreshed, &error) == MARKET_OK,
		    "%s: %s", steps[i].label, error.message);
	} while (refreshed.more);
}

static void
take_step(story_t *story, size_t i)
{
	size_t k;

	for (k = 0; k < 3 && steps[i].edits[k] != NULL; k++)
		world_edit(story->world, steps[i].edits[k]);
	story->now++;
	switch (steps[i].deed) {
	case ADD: add(story, i, 0); break;
	case LATER: add(story, i, MARKET_STORE_LATER); break;
	case REFRESH: refresh(story, i); break;
	case SUBMIT:
		ck_assert_msg(
		    story_submit(story, steps[i].what) == steps[i].want, "%s",
		    steps[i].label);
		break;
	}
}

static void
check_sound(story_t *story, const char *label)
{
	market_faults_t *faults = story_faults(story, &story->told);

	ck_assert_msg(market_faults_at(faults, 0) == NULL, "%s:%s", label,
	    story_lines(faults));
	market_faults_free(faults);
}

START_TEST(fsck_finds_nothing_whatever_happens)
{
	story_t *story = story_new(_i == 1);
	size_t i;

	if (story == NULL)
		HARNESS_SKIP("this build keeps no files");
	for (i = 0; i < STEPS; i++) {
		take_step(story, i);
		check_sound(story, steps[i].label);
		if (_i == 0)
			continue;
		story_close(story);
		ck_assert_int_eq(story_open(story), MARKET_OK);
		check_sound(story, steps[i].label);
	}
	story_free(story);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("fsck_sound");
	TCase *t = tcase_create("fsck_sound");

	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, fsck_finds_nothing_whatever_happens, 0, 2);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return harness_main(suite());
}
