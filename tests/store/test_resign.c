/* SPDX-License-Identifier: Apache-2.0 */
/* The same offer once more, as it was or signed by others. */
#include <stdio.h>
#include <stdlib.h>

#include "story.h"
#include "wire/wire.h"

#define STORY(story, in_file)                                      \
	do {                                                       \
		(story) = story_new((in_file) != 0);               \
		if ((story) == NULL)                               \
			HARNESS_SKIP("this build keeps no files"); \
	} while (0)

static uint64_t
entries(story_t *story)
{
	market_store_mark_t mark;

	ck_assert_int_eq(
	    market_store_get_mark(story->store, &mark, NULL), MARKET_OK);
	return mark.entries;
}

static void
give_second_key(story_t *story)
{
	world_edit(story->world,
	    "+seller-b =seller {'header': {'revision': '2'},"
	    " 'keys': '$keys:shop.example shop.example#2'}");
	story_add(story, "seller-b");
}

static const struct {
	const char *label;
	const char *edit; /* of the envelope of `paused` */
	market_result_t want;
	uint64_t entries; /* that it costs */
} rows[] = {
	{ "as it was", "paused {}", MARKET_RESULT_DUPLICATE, 0 },
	{ "by a second key of the seller", "paused @shop.example#2",
	    MARKET_RESULT_ACCEPTED, 2 },
	{ "by both", "paused @shop.example shop.example#2",
	    MARKET_RESULT_ACCEPTED, 2 },
	{ "by a stranger, too", "paused @shop.example stranger",
	    MARKET_RESULT_DUPLICATE, 0 },
};

START_TEST(resign_adds_those_who_count)
{
	size_t i = (size_t)_i / 2;
	uint64_t before;
	story_t *story;

	STORY(story, _i % 2);
	give_second_key(story);
	before = entries(story);
	world_edit(story->world, rows[i].edit);
	ck_assert_msg(
	    story_submit(story, "paused") == rows[i].want, "%s", rows[i].label);
	ck_assert_msg(
	    entries(story) == before + rows[i].entries, "%s", rows[i].label);
	/* And once more. */
	before = entries(story);
	ck_assert_msg(story_submit(story, "paused") == MARKET_RESULT_DUPLICATE,
	    "%s", rows[i].label);
	ck_assert_msg(entries(story) == before, "%s", rows[i].label);
	story_free(story);
}
END_TEST

/*
 * Whoever has seen an offer can hand it in beside signatures of nobody, as many
 * as there may be: none that counts is lost by it.
 */
START_TEST(resign_takes_no_signature_away)
{
	uint64_t before;
	story_t *story;

	STORY(story, _i);
	give_second_key(story);
	world_edit(story->world, "+both =offer {'header': {'id': 'both'}}");
	world_edit(story->world, "both @shop.example shop.example#2");
	ck_assert_int_eq(story_submit(story, "both"), MARKET_RESULT_ACCEPTED);
	before = entries(story);
	world_edit(story->world,
	    "both @shop.example 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15");
	ck_assert_int_eq(story_submit(story, "both"), MARKET_RESULT_DUPLICATE);
	ck_assert_uint_eq(entries(story), before);
	story_free(story);
}
END_TEST

/* And where strangers were first, there is room for those who count. */
START_TEST(resign_makes_room_for_those_who_count)
{
	story_t *story;

	STORY(story, _i);
	give_second_key(story);
	world_edit(story->world, "+both =offer {'header': {'id': 'both'}}");
	world_edit(story->world,
	    "both @shop.example 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15");
	ck_assert_int_eq(story_submit(story, "both"), MARKET_RESULT_ACCEPTED);
	world_edit(story->world, "both @shop.example shop.example#2");
	ck_assert_int_eq(story_submit(story, "both"), MARKET_RESULT_ACCEPTED);
	story_free(story);
}
END_TEST

/* A key that went leaves its place to the one that came. */
START_TEST(resign_follows_the_seller_to_another_key)
{
	story_reading_t reading;
	story_t *story;

	STORY(story, _i);
	world_edit(story->world,
	    "+seller-b =seller {'header': {'revision': '2'},"
	    " 'keys': '$keys:shop.example#2'}");
	story_add(story, "seller-b");
	story_read(story, &reading);
	ck_assert_uint_eq(reading.of[STORY_TWO].live, 0);
	world_edit(story->world, "two @shop.example#2");
	ck_assert_int_eq(story_submit(story, "two"), MARKET_RESULT_ACCEPTED);
	story_read(story, &reading);
	ck_assert_int_eq(
	    reading.of[STORY_TWO].status, MARKET_LISTING_PARTLY_PUBLISHED);
	story_free(story);
}
END_TEST

/* An offer whose envelope has room for one signature, and not for two. */
static void
edit_big(story_t *story)
{
	const size_t most = market__envelope_limit(
	    MARKET_KINDS(MARKET_KIND_OFFER));
	size_t len = 300, i, k;
	char *edit = malloc(80000), *at;

	ck_assert_ptr_nonnull(edit);
	for (i = 0; i < 2; i++) {
		at = edit;
		at += sprintf(at,
		    "+big%zu =offer {'header': {'id': 'big'}, "
		    "'imageLinks': [",
		    i);
		for (k = 0; k < 66; k++)
			at += sprintf(
			    at, "'https://a.example/%0*zu', ", 960, k);
		sprintf(at, "'https://a.example/%0*d']}", (int)len, 0);
		world_edit(story->world, edit);
		sprintf(edit, "big%zu", i);
		len += most - 40 - world_envelope(story->world, edit).len;
	}
	free(edit);
	len = world_envelope(story->world, "big1").len;
	ck_assert_uint_le(len, most);
	ck_assert_uint_gt(len, most - 100);
}

/* Nor is it a reason to fail: who counts today stays, who went goes. */
START_TEST(resign_keeps_within_an_envelope)
{
	story_t *story;

	STORY(story, _i);
	give_second_key(story);
	edit_big(story);
	ck_assert_int_eq(story_submit(story, "big1"), MARKET_RESULT_ACCEPTED);
	world_edit(story->world, "big1 @shop.example#2");
	ck_assert_int_eq(story_submit(story, "big1"), MARKET_RESULT_DUPLICATE);
	world_edit(story->world,
	    "+seller-c =seller {'header': {'revision': '3'},"
	    " 'keys': '$keys:shop.example#2'}");
	story_add(story, "seller-c");
	ck_assert_int_eq(story_submit(story, "big1"), MARKET_RESULT_ACCEPTED);
	story_free(story);
}
END_TEST

/* D18: neither of the two counts, whoever signs it, until a higher one. */
START_TEST(resign_settles_no_fork)
{
	story_reading_t reading;
	story_t *story;

	STORY(story, _i);
	give_second_key(story);
	world_edit(story->world, "forked @shop.example shop.example#2");
	ck_assert_int_eq(
	    story_submit(story, "forked"), MARKET_RESULT_DUPLICATE);
	story_read(story, &reading);
	ck_assert_uint_eq(reading.of[STORY_FORKED].live, 0);
	ck_assert_int_ne(reading.of[STORY_FORKED].sale, MARKET_OK);
	world_edit(story->world, "forked {'header': {'revision': '2'}}");
	ck_assert_int_eq(story_submit(story, "forked"), MARKET_RESULT_ACCEPTED);
	story_read(story, &reading);
	ck_assert_int_eq(
	    reading.of[STORY_FORKED].status, MARKET_LISTING_PUBLISHED);
	ck_assert_int_eq(reading.of[STORY_FORKED].sale, MARKET_OK);
	story_free(story);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("resign");
	TCase *t = tcase_create("resign");

	tcase_add_loop_test(t, resign_adds_those_who_count, 0,
	    2 * (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_loop_test(t, resign_takes_no_signature_away, 0, 2);
	tcase_add_loop_test(t, resign_makes_room_for_those_who_count, 0, 2);
	tcase_add_loop_test(t, resign_follows_the_seller_to_another_key, 0, 2);
	tcase_add_loop_test(t, resign_keeps_within_an_envelope, 0, 2);
	tcase_add_loop_test(t, resign_settles_no_fork, 0, 2);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return harness_main(suite());
}
