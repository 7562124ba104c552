/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a store sound? What is sound has no fault, and every row that is put
 * behind the store's back has one, over either backend.
 */
#include <stdio.h>

#include "api/store.h"
#include "story.h"

/* 0: in memory, 1: in a file */
static const int backends[] = { 0, 1 };

#define BACKENDS (int)(sizeof(backends) / sizeof(backends[0]))

#define STORY(story, i)                                            \
	do {                                                       \
		(story) = story_new(backends[i] == 1);             \
		if ((story) == NULL)                               \
			HARNESS_SKIP("this build keeps no files"); \
	} while (0)

START_TEST(fsck_finds_nothing_where_all_is_sound)
{
	market_store_mark_t now;
	market_faults_t *faults;
	story_t *story;

	STORY(story, _i);
	faults = story_faults(story, NULL);
	ck_assert_msg(
	    market_faults_at(faults, 0) == NULL, "%s", story_lines(faults));
	market_faults_free(faults);
	faults = story_faults(story, &story->told);
	ck_assert_ptr_null(market_faults_at(faults, 0));
	market_faults_free(faults);
	ck_assert_int_eq(
	    market_store_get_mark(story->store, &now, NULL), MARKET_OK);
	faults = story_faults(story, &now);
	ck_assert_ptr_null(market_faults_at(faults, 0));
	ck_assert_ptr_null(market_faults_at(faults, SIZE_MAX));
	market_faults_free(faults);
	story_free(story);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("fsck");
	TCase *t = tcase_create("fsck");

	tcase_add_loop_test(
	    t, fsck_finds_nothing_where_all_is_sound, 0, BACKENDS);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return harness_main(suite());
}
