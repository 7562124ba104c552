/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one issuer may keep in a store, at each setting's value and one above;
 * whoever is refused takes nothing from the others. (max_early:
 * test_faults_world.c.)
 */
#include <stdio.h>

#include "play.h"

/* The good world has one listing and one question of shop.example, on P1. */
static void
begin(play_t *play)
{
	play_begin_good(play);
	play_edit(play,
	    "+seller2 seller usmobile.com {'seller': 'other.example',"
	    " 'keys': '$keys:other.example'}");
	play_edit(play,
	    "+grant2 =grant {'header': {'id': 'grant2'}, 'grantee':"
	    " 'other.example', 'granteeKeys': '$keys:other.example'}");
	play_edit(play,
	    "+other =offer {'header': {'id': 'other', 'issuer':"
	    " 'other.example'}, 'fulfiller': 'other.example'}");
	play_edit(play, "other @other.example");
	play_add_all(play, "seller2 grant2", "ACCEPTED");
}

/* Offer number i; with a question of its own, or the good one's. */
static void
submit(play_t *play, unsigned i, bool asks, const char *want)
{
	char edit[160], name[16];

	snprintf(name, sizeof(name), "n%u", i);
	snprintf(edit, sizeof(edit),
	    "+%s =offer {'header': {'id': '%s'}%s%u%s}", name, name,
	    asks ? ", 'hardwareVersion': 'P" : ", 'title': 'Phone ", i + 1,
	    "'");
	play_edit(play, edit);
	play_submit(play, name, want);
}

START_TEST(quota_bounds_the_listings_of_a_seller)
{
	play_t play;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i);
	play.options.max_listings = 3;
	begin(&play);
	submit(&play, 1, false, "ACCEPTED");
	submit(&play, 2, false, "ACCEPTED");
	submit(&play, 3, false, "REFUSED");
	play_is(&play, "n3", "NONE");
	/* A revision of what is here is none more; another seller has its own
	 * three. */
	play_edit(&play, "+again =n1 {'header': {'revision': '2'}}");
	play_submit(&play, "again", "ACCEPTED");
	play_submit(&play, "other", "ACCEPTED PERMIT");
	play_is(&play, "offer", "PUBLISHED PERMIT");
	play_clear(&play);
}
END_TEST

START_TEST(quota_bounds_the_questions_of_a_seller)
{
	play_t play;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i);
	play.options.max_questions = 3;
	begin(&play);
	submit(&play, 1, true, "ACCEPTED");
	submit(&play, 2, true, "ACCEPTED");
	submit(&play, 3, true, "REFUSED");
	play_is(&play, "n3", "NONE");
	/* What asks nothing new is taken. */
	submit(&play, 4, false, "ACCEPTED PERMIT");
	play_submit(&play, "other", "ACCEPTED PERMIT");
	play_is(&play, "offer", "PUBLISHED PERMIT");
	play_clear(&play);
}
END_TEST

/* mi.com has signed its product, and two grants. */
START_TEST(quota_bounds_the_statements_of_an_issuer)
{
	char edit[160], name[16];
	unsigned i;
	play_t play;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i);
	play.options.max_statements = 5;
	begin(&play);
	for (i = 4; i <= 6; i++) {
		snprintf(name, sizeof(name), "p%u", i);
		snprintf(edit, sizeof(edit),
		    "+%s =product {'header': {'id': '%s'}, 'model': 'M%u'}",
		    name, name, i);
		play_edit(&play, edit);
		play_add(&play, name,
		    i <= 5 ? "ACCEPTED" : "REFUSED LIMIT_EXCEEDED", 0);
	}
	/* What takes away is not refused for their number. */
	play_edit(
	    &play, "+w withdrawal mi.com {'targetDigest': '$digest:grant'}");
	play_add(&play, "w", "ACCEPTED", 0);
	play_is(&play, "offer", "SUSPENDED DENY");
	play_clear(&play);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("quota");
	TCase *tcase = tcase_create("quota");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(
	    tcase, quota_bounds_the_listings_of_a_seller, 0, PLAY_KINDS);
	tcase_add_loop_test(
	    tcase, quota_bounds_the_questions_of_a_seller, 0, PLAY_KINDS);
	tcase_add_loop_test(
	    tcase, quota_bounds_the_statements_of_an_issuer, 0, PLAY_KINDS);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
