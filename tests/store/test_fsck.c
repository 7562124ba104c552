/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a store sound? What is sound has no fault, and every row that is put
 * behind the store's back has one, over either backend.
 */
#include <stdio.h>

#include "api/store_listing.h"
#include "story.h"

/* 0: in memory, 1: in a file */
#define BACKENDS 2

#define STORY(story, i)                                            \
	do {                                                       \
		(story) = story_new((i) == 1);                     \
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

/* A1: each NULL. */
START_TEST(fsck_refuses_what_is_no_argument)
{
	market_faults_t *faults = NULL;
	story_t *story;

	STORY(story, 0);
	ck_assert_int_eq(
	    market_store_fsck(NULL, NULL, &faults, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_store_fsck(story->store, NULL, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_ptr_null(faults);
	ck_assert_ptr_null(market_faults_at(NULL, 0));
	market_faults_free(NULL);
	story_free(story);
}
END_TEST

/* ---- marks ---- */

static void
nothing(market_store_mark_t *mark)
{
	(void)mark;
}

static void
beginning(market_store_mark_t *mark)
{
	memset(mark, 0, sizeof(*mark));
}

static void
other_entry(market_store_mark_t *mark)
{
	mark->entry_chain[31] ^= 1;
}

static void
other_statement(market_store_mark_t *mark)
{
	mark->epoch_chain[0] ^= 1;
}

static void
more_entries(market_store_mark_t *mark)
{
	mark->entries = 36;
}

static void
more_statements(market_store_mark_t *mark)
{
	mark->epoch = UINT64_MAX;
}

static const struct {
	const char *label;
	void (*edit)(market_store_mark_t *mark);
	const char *word; /* NULL: no fault */
} marks[] = {
	{ "as it was", nothing, NULL },
	{ "the beginning", beginning, NULL },
	{ "P9 another history", other_entry,
	    "entry 30: the history up to it is not that of the mark" },
	{ "P9 other statements", other_statement,
	    "statement 11: what was accepted up to it is not what the mark" },
	{ "P9 more history", more_entries, "entry 36: the mark has it" },
	{ "P9 more statements", more_statements,
	    "statement 18446744073709551615: the mark has it" },
};

START_TEST(fsck_holds_a_store_against_a_mark)
{
	market_store_mark_t mark;
	market_faults_t *faults;
	story_t *story;
	size_t i;

	STORY(story, _i);
	for (i = 0; i < MARKET__COUNT(marks); i++) {
		mark = story->told;
		marks[i].edit(&mark);
		faults = story_faults(story, &mark);
		if (marks[i].word == NULL)
			ck_assert_msg(market_faults_at(faults, 0) == NULL,
			    "%s:%s", marks[i].label, story_lines(faults));
		else
			ck_assert_msg(story_tells(faults, marks[i].word),
			    "%s:%s", marks[i].label, story_lines(faults));
		market_faults_free(faults);
	}
	story_free(story);
}
END_TEST

/* What the process has seen is known to it without a mark. */
START_TEST(fsck_remembers_what_was_seen)
{
	market_faults_t *faults;
	story_t *story;

	STORY(story, _i);
	story->store->seen.entry_chain[0] ^= 1;
	faults = story_faults(story, NULL);
	ck_assert_msg(story_tells(faults, "what was seen since it was opened"),
	    "%s", story_lines(faults));
	market_faults_free(faults);
	story_free(story);
}
END_TEST

/* ---- many faults ---- */

static void
set_parties(story_t *story, uint64_t parties)
{
	market__backend_t *backend = story->store->backend;
	market__store_head_t head;

	ck_assert_int_eq(backend->ops->begin(backend, true, NULL), MARKET_OK);
	ck_assert_int_eq(
	    backend->ops->head_get(backend, &head, NULL), MARKET_OK);
	head.parties = parties;
	ck_assert_int_eq(
	    backend->ops->head_put(backend, &head, NULL), MARKET_OK);
	ck_assert_int_eq(backend->ops->commit(backend, NULL), MARKET_OK);
}

/* X16: what is told is bounded, however much there is to tell. */
START_TEST(fsck_tells_ten_thousand_faults_and_that_there_are_more)
{
	static const struct {
		uint64_t parties;
		size_t lines;
	} rows[] = { { 8, 1 }, { 7 + 9999, 9999 }, { 7 + 10000, 10000 },
		{ 7 + 10001, 10001 }, { INT64_MAX, 10001 } };
	market_faults_t *faults;
	const char *last;
	story_t *story;
	size_t i;

	STORY(story, _i);
	for (i = 0; i < MARKET__COUNT(rows); i++) {
		set_parties(story, rows[i].parties);
		faults = story_faults(story, NULL);
		last = market_faults_at(faults, rows[i].lines - 1);
		ck_assert_ptr_nonnull(last);
		ck_assert_ptr_null(market_faults_at(faults, rows[i].lines));
		if (rows[i].lines > 10000)
			ck_assert_str_eq(last, "and more");
		else
			ck_assert_ptr_nonnull(strstr(last, "party "));
		market_faults_free(faults);
	}
	story_free(story);
}
END_TEST

/* ---- keys of questions ---- */

/*
 * Another question than the listing's first or only one: the same, but asked
 * with that key. It gets a row of its own, and the listing asks it.
 */
static void
ask_with(story_t *story, uint64_t no, size_t cell, const char *key)
{
	market__backend_t *backend = story->store->backend;
	const market__backend_ops_t *ops = backend->ops;
	uint64_t questions[MARKET__LISTING_CELLS_MAX];
	market__clearance_row_t row;
	market__listing_row_t listing;
	market__store_head_t head;
	market__question_t question;
	market_slice_t id;
	market__arena_t arena;
	market__call_t call = { 0 };

	id = market_key_id(market_signer_key(world_signer(story->world, key)));
	market__arena_init(&arena, &market__default_allocator, 1 << 20);
	market__arena_init(&call.arena, &market__default_allocator, 1 << 20);
	call.context = world_context(story->world);
	ck_assert_int_eq(ops->begin(backend, true, NULL), MARKET_OK);
	ck_assert_int_eq(ops->head_get(backend, &head, NULL), MARKET_OK);
	ck_assert_int_eq(
	    ops->listing_get(backend, no, &arena, &listing, NULL), MARKET_OK);
	ck_assert_int_eq(ops->clearance_get(backend, listing.questions[cell],
			     &arena, &row, NULL),
	    MARKET_OK);
	ck_assert(market__question_decode(row.question, &arena, &question));
	question.keys = &id;
	question.n_keys = 1;
	ck_assert_int_eq(
	    market__question_encode(&question, &arena, &row.question),
	    MARKET_OK);
	ck_assert_int_eq(
	    market__clear_hash(&call, &question, row.hash), MARKET_OK);
	row.no = ++head.questions;
	ck_assert_int_eq(ops->clearance_put(backend, &row, NULL), MARKET_OK);
	memcpy(questions, listing.questions,
	    listing.n_questions * sizeof(*questions));
	questions[cell] = row.no;
	listing.questions = questions;
	ck_assert_int_eq(ops->listing_put(backend, &listing, NULL), MARKET_OK);
	ck_assert_int_eq(ops->head_put(backend, &head, NULL), MARKET_OK);
	ck_assert_int_eq(ops->commit(backend, NULL), MARKET_OK);
	market__arena_clear(&call.arena);
	market__arena_clear(&arena);
}

static const struct {
	const char *label;
	uint64_t listing;
	size_t cell;
	const char *key;
	const char *word;
	bool corrupt; /* and not only judged whole */
} keys[] = {
	{ "P8 one cell is asked with another's key", 2, 1, "shop2.example",
	    "listing 2: its cells are asked with different keys", true },
	{ "P8 it is asked with another's key", 1, 0, "shop2.example",
	    "listing 1: it is asked with a key that nobody gave", false },
	{ "P8 it is asked with a key that did not sign", 1, 0, "shop.example#2",
	    "listing 1: it is asked with a key that has not signed", false },
};

START_TEST(fsck_finds_a_question_that_is_asked_with_another_key)
{
	market_faults_t *faults;
	story_reading_t before, after;
	story_t *story;
	size_t k;

	STORY(story, _i % 2);
	_i /= 2;
	world_edit(story->world,
	    "+seller-b =seller {'header': {'revision': '2'},"
	    " 'keys': '$keys:shop.example shop.example#2'}");
	story_add(story, "seller-b");
	story_read(story, &before);
	ask_with(story, keys[_i].listing, keys[_i].cell, keys[_i].key);
	story_read(story, &after);
	for (k = 0; k < STORY_LISTINGS; k++)
		ck_assert_msg(after.of[k].live <= before.of[k].live, "%s: %s",
		    keys[_i].label, story_id((story_listing_t)k));
	if (keys[_i].corrupt)
		ck_assert_int_eq(
		    after.of[keys[_i].listing - 1].read, MARKET_E_CORRUPT);
	faults = story_faults(story, NULL);
	ck_assert_msg(story_tells(faults, keys[_i].word), "%s:%s",
	    keys[_i].label, story_lines(faults));
	market_faults_free(faults);
	story_free(story);
}
END_TEST

/* ---- memory ---- */

static size_t
count_faults(const market_faults_t *faults)
{
	size_t n = 0;

	while (market_faults_at(faults, n) != NULL)
		n++;
	return n;
}

/* X1: each allocation fails once, or a part of them where they are many. */
START_TEST(fsck_survives_failing_memory)
{
	harness_memory_t memory;
	market_context_options_t options = { 0 };
	market_context_t *context = NULL;
	market_faults_t *faults;
	market_status_t status;
	story_t *story;
	size_t calls, live, i, step;

	harness_memory_init(&memory);
	options.size = sizeof(options);
	options.allocator = memory.allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	story = story_new_with(context, false);
	set_parties(story, 9); /* so that there is something to tell */
	calls = memory.calls;
	live = memory.live;
	faults = story_faults(story, NULL);
	ck_assert_uint_eq(count_faults(faults), 2);
	market_faults_free(faults);
	ck_assert_uint_eq(memory.live, live);
	calls = memory.calls - calls;
	step = calls / harness_rounds(120) + 1;
	for (i = 0; i < calls; i += step) {
		faults = NULL;
		memory.fail_at = memory.calls + i;
		status = market_store_fsck(story->store, NULL, &faults, NULL);
		memory.fail_at = SIZE_MAX;
		if (status == MARKET_OK)
			ck_assert_msg(count_faults(faults) == 2,
			    "allocation %zu:%s", i, story_lines(faults));
		else
			ck_assert_msg(
			    status == MARKET_E_MEMORY && faults == NULL,
			    "allocation %zu: %s", i,
			    market_status_name(status));
		market_faults_free(faults);
		ck_assert_uint_eq(memory.live, live);
	}
	story_free(story);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("fsck");
	TCase *t = tcase_create("fsck");

	tcase_set_timeout(t, 300);
	tcase_add_loop_test(
	    t, fsck_finds_nothing_where_all_is_sound, 0, BACKENDS);
	tcase_add_test(t, fsck_refuses_what_is_no_argument);
	tcase_add_loop_test(t, fsck_holds_a_store_against_a_mark, 0, BACKENDS);
	tcase_add_loop_test(t, fsck_remembers_what_was_seen, 0, BACKENDS);
	tcase_add_loop_test(t,
	    fsck_tells_ten_thousand_faults_and_that_there_are_more, 0,
	    BACKENDS);
	tcase_add_loop_test(t,
	    fsck_finds_a_question_that_is_asked_with_another_key, 0,
	    BACKENDS * (int)MARKET__COUNT(keys));
	tcase_add_test(t, fsck_survives_failing_memory);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return harness_main(suite());
}
