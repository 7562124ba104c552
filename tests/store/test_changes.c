/* SPDX-License-Identifier: Apache-2.0 */
/* The history of a store, as those who follow it are told it. */
#include <stdio.h>

#include "api/store_call.h"
#include "story.h"

#define STORY(story, in_file)                                      \
	do {                                                       \
		(story) = story_new((in_file) != 0);               \
		if ((story) == NULL)                               \
			HARNESS_SKIP("this build keeps no files"); \
	} while (0)

static market_changes_t *
changes_of(story_t *story, uint64_t since, size_t max)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_changes_t *changes = NULL;

	ck_assert_msg(market_store_changes(story->store, since, max, &changes,
			  &error) == MARKET_OK,
	    "%s", error.message);
	return changes;
}

static size_t
count(const market_changes_t *changes)
{
	size_t n = 0;

	while (market_changes_at(changes, n) != NULL)
		n++;
	return n;
}

static bool
is(market_slice_t text, const char *want)
{
	return text.len == strlen(want) &&
	    (text.len == 0 || memcmp(text.ptr, want, text.len) == 0);
}

#define ck_text(text, want)                                            \
	ck_assert_msg(is(text, want), "%.*s, not %s", (int)(text).len, \
	    (const char *)(text).ptr, want)

/* The whole, over all entries: numbers, instants, and causes. */
START_TEST(changes_tell_all_that_happened_in_order)
{
	const market_change_t *change;
	market_changes_t *changes;
	story_t *story;
	int64_t at = 0;
	size_t i;

	STORY(story, _i);
	changes = changes_of(story, 0, 0);
	ck_assert_uint_eq(count(changes), 35);
	for (i = 0; (change = market_changes_at(changes, i)) != NULL; i++) {
		ck_assert_uint_eq(change->entry, i + 1);
		ck_assert_int_ge(change->at, at);
		ck_assert_uint_lt(change->cause, change->entry);
		at = change->at;
	}
	ck_assert_int_eq(at, story->now);
	ck_assert_ptr_null(market_changes_at(changes, SIZE_MAX));
	market_changes_free(changes);
	story_free(story);
}
END_TEST

typedef struct row {
	uint64_t entry;
	market_change_kind_t kind;
	market_kind_t of;
	const char *issuer;
	const char *id;
	uint64_t revision;
	market_result_t result;
	const char *listing;
	market_intent_t before, after;
	const char *envelope; /* whose digest it has, in the world */
} row_t;

#define STATEMENT(n, kind, issuer, id, name)                                   \
	{                                                                      \
		n, MARKET_CHANGE_STATEMENT, MARKET_KIND_##kind, issuer, id, 1, \
		    MARKET_RESULT_ACCEPTED, "", (market_intent_t)0,            \
		    (market_intent_t)0, name                                   \
	}
#define OFFER(n, seller, id, revision, result, name)                   \
	{                                                              \
		n, MARKET_CHANGE_OFFER, MARKET_KIND_OFFER, seller, id, \
		    revision, MARKET_RESULT_##result, seller "/" id,   \
		    (market_intent_t)0, (market_intent_t)0, name       \
	}
#define INTENT(n, listing, before, after)                                \
	{                                                                \
		n, MARKET_CHANGE_INTENT, MARKET_KIND_NONE, "", "", 0,    \
		    (market_result_t)0, listing, MARKET_INTENT_##before, \
		    MARKET_INTENT_##after, NULL                          \
	}

static const row_t rows[] = {
	STATEMENT(1, TRUST_ROOT, "usmobile.com", "root", "root"),
	STATEMENT(2, POLICY, "usmobile.com", "policy", "policy"),
	STATEMENT(10, AUTHORIZATION, "mi.com", "grant2", "grant2"),
	STATEMENT(31, WITHDRAWAL, "mi.com", "w", "w"),
	OFFER(12, "shop.example", "offer", 1, ACCEPTED, "offer"),
	OFFER(20, "shop2.example", "withdrawn", 1, ACCEPTED, "withdrawn"),
	OFFER(25, "shop.example", "offer", 2, ACCEPTED, "offer-2"),
	OFFER(26, "shop.example", "forked", 1, FORK, "forked-b"),
	INTENT(27, "shop.example/paused", PUBLISH, PAUSE),
	INTENT(28, "shop.example/paused", PAUSE, PUBLISH),
	INTENT(30, "shop.example/ended", PUBLISH, END),
};

static void
check_digest(story_t *story, const market_change_t *change, const char *name)
{
	market_statement_t *statement = NULL;
	market_slice_t digest;

	ck_assert_int_eq(market_statement_parse(world_context(story->world),
			     world_envelope(story->world, name),
			     MARKET_KINDS_ALL, &statement, NULL),
	    MARKET_OK);
	digest = market_statement_digest(statement);
	ck_assert_uint_eq(change->digest.len, digest.len);
	ck_assert_mem_eq(change->digest.ptr, digest.ptr, digest.len);
	market_statement_free(statement);
}

/* Asked one at a time, and looked at when the store is gone. */
START_TEST(changes_tell_what_each_entry_is_about)
{
	const row_t *row = &rows[_i / 2];
	const market_change_t *change;
	market_changes_t *changes;
	story_t *story;

	STORY(story, _i % 2);
	changes = changes_of(story, row->entry - 1, 1);
	story_close(story);
	ck_assert_uint_eq(count(changes), 1);
	change = market_changes_at(changes, 0);
	ck_assert_uint_eq(change->entry, row->entry);
	ck_assert_int_eq(change->kind, row->kind);
	ck_assert_int_eq(change->statement_kind, row->of);
	ck_text(change->issuer, row->issuer);
	ck_text(change->id, row->id);
	ck_assert_uint_eq(change->revision, row->revision);
	ck_assert_int_eq(change->result, row->result);
	ck_text(change->listing, row->listing);
	ck_assert_int_eq(change->intent_before, row->before);
	ck_assert_int_eq(change->intent_after, row->after);
	ck_assert_uint_eq(change->question, 0);
	ck_assert_int_eq(change->after, MARKET_VERDICT_UNSPECIFIED);
	if (row->envelope != NULL)
		check_digest(story, change, row->envelope);
	else
		ck_assert_uint_eq(change->digest.len, 0);
	market_changes_free(changes);
	story_free(story);
}
END_TEST

static void
check_question(const market_change_t *change, uint64_t question,
    const char *seller, const char *network)
{
	ck_assert_int_eq(change->kind, MARKET_CHANGE_CLEARANCE);
	ck_assert_uint_eq(change->question, question);
	ck_text(change->seller, seller);
	ck_text(change->brand, "xiaomi");
	ck_text(change->model, "2014215");
	ck_text(change->territory, "US");
	ck_assert_int_eq(change->channel, MARKET_CHANNEL_ONLINE_STORE);
	ck_text(change->network, network);
	ck_assert_uint_eq(change->digest.len, 0);
	ck_assert_uint_eq(change->listing.len, 0);
}

START_TEST(changes_tell_how_an_answer_changed)
{
	const market_change_t *change;
	market_changes_t *changes;
	story_t *story;

	STORY(story, _i);
	changes = changes_of(story, 0, 0);
	change = market_changes_at(changes, 10);
	check_question(change, 1, "shop.example", "t-mobile.com/us");
	ck_assert_int_eq(change->before, MARKET_VERDICT_UNSPECIFIED);
	ck_assert_int_eq(change->service_before, MARKET_SERVICE_UNSPECIFIED);
	ck_assert_int_eq(change->after, MARKET_VERDICT_DENY);
	ck_assert_int_eq(change->service_after, MARKET_SERVICE_3G);
	ck_assert_uint_eq(change->cells, 8);
	change = market_changes_at(changes, 12);
	check_question(change, 2, "shop.example", "att.com/us");
	/* The carrier has certified: by its statement's entry. */
	change = market_changes_at(changes, 22);
	check_question(change, 1, "shop.example", "t-mobile.com/us");
	ck_assert_int_eq(change->before, MARKET_VERDICT_DENY);
	ck_assert_int_eq(change->after, MARKET_VERDICT_PERMIT);
	ck_assert_uint_eq(change->cause, 22);
	/* The brand has withdrawn its grant. */
	change = market_changes_at(changes, 31);
	check_question(change, 3, "shop2.example", "t-mobile.com/us");
	ck_assert_int_eq(change->before, MARKET_VERDICT_PERMIT);
	ck_assert_int_eq(change->service_before, MARKET_SERVICE_3G);
	ck_assert_int_eq(change->after, MARKET_VERDICT_DENY);
	ck_assert_uint_eq(change->cause, 31);
	ck_assert_uint_eq(change->cells, 1);
	market_changes_free(changes);
	story_free(story);
}
END_TEST

/* Whoever goes on from the last entry that it had misses none. */
START_TEST(changes_come_in_pages_without_a_gap)
{
	static const size_t sizes[] = { 1, 7, 34, 35, 36, SIZE_MAX };
	market_changes_t *changes;
	uint64_t since;
	story_t *story;
	size_t i, k, n;

	STORY(story, _i);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		since = 0;
		do {
			changes = changes_of(story, since, sizes[i]);
			n = count(changes);
			ck_assert_uint_le(n, sizes[i]);
			for (k = 0; k < n; k++)
				ck_assert_uint_eq(
				    market_changes_at(changes, k)->entry,
				    ++since);
			market_changes_free(changes);
		} while (n > 0);
		ck_assert_uint_eq(since, 35);
	}
	changes = changes_of(story, UINT64_MAX, 0);
	ck_assert_uint_eq(count(changes), 0);
	market_changes_free(changes);
	story_free(story);
}
END_TEST

START_TEST(changes_follow_what_happens_meanwhile)
{
	market_changes_t *changes;
	story_t *story;

	STORY(story, _i);
	story_intent(story, STORY_OFFER, MARKET_INTENT_PUBLISH);
	changes = changes_of(story, 35, 0);
	ck_assert_uint_eq(count(changes), 0); /* it was so already */
	market_changes_free(changes);
	story_intent(story, STORY_OFFER, MARKET_INTENT_END);
	changes = changes_of(story, 35, 0);
	ck_assert_uint_eq(count(changes), 1);
	ck_text(market_changes_at(changes, 0)->listing, "shop.example/offer");
	market_changes_free(changes);
	story_free(story);
}
END_TEST

/* A1: each NULL. */
START_TEST(changes_refuse_what_is_no_argument)
{
	market_changes_t *changes = NULL;
	story_t *story;

	STORY(story, 0);
	ck_assert_int_eq(market_store_changes(NULL, 0, 0, &changes, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_int_eq(market_store_changes(story->store, 0, 0, NULL, NULL),
	    MARKET_E_ARGUMENT);
	ck_assert_ptr_null(changes);
	ck_assert_ptr_null(market_changes_at(NULL, 0));
	market_changes_free(NULL);
	story_free(story);
}
END_TEST

/* ---- what does not agree ---- */

typedef void break_fn(market__backend_t *backend, market__arena_t *arena);

static void
other_statement(market__backend_t *backend, market__arena_t *arena)
{
	static const uint8_t detail[MARKET_DIGEST_LEN + 1] = { 1 };
	market__entry_row_t row = { 0 };

	(void)arena;
	row.seq = 36;
	row.at = INT64_C(1454400000);
	row.kind = MARKET_CHANGE_STATEMENT;
	row.object = 3;
	row.detail = market__slice(detail, sizeof(detail));
	ck_assert_int_eq(
	    backend->ops->entry_insert(backend, &row, NULL), MARKET_OK);
}

static void
no_listing(market__backend_t *backend, market__arena_t *arena)
{
	static const uint8_t detail[] = { 1, 2 };
	market__entry_row_t row = { 0 };

	(void)arena;
	row.seq = 36;
	row.kind = MARKET_CHANGE_INTENT;
	row.object = 99;
	row.detail = market__slice(detail, sizeof(detail));
	ck_assert_int_eq(
	    backend->ops->entry_insert(backend, &row, NULL), MARKET_OK);
}

static void
no_detail(market__backend_t *backend, market__arena_t *arena)
{
	market__entry_row_t row = { 0 };

	(void)arena;
	row.seq = 36;
	row.kind = MARKET_CHANGE_CLEARANCE;
	row.object = 1;
	ck_assert_int_eq(
	    backend->ops->entry_insert(backend, &row, NULL), MARKET_OK);
}

static void
no_question(market__backend_t *backend, market__arena_t *arena)
{
	static const uint8_t detail[] = { 0, 1, 1, 0, 0, 0 };
	market__clearance_row_t clearance;
	market__entry_row_t row = { 0 };

	row.seq = 36;
	row.kind = MARKET_CHANGE_CLEARANCE;
	row.object = 1;
	row.detail = market__slice(detail, sizeof(detail));
	ck_assert_int_eq(
	    backend->ops->entry_insert(backend, &row, NULL), MARKET_OK);
	ck_assert_int_eq(
	    backend->ops->clearance_get(backend, 1, arena, &clearance, NULL),
	    MARKET_OK);
	clearance.question = market__slice("x", 1);
	ck_assert_int_eq(
	    backend->ops->clearance_put(backend, &clearance, NULL), MARKET_OK);
}

static void
nothing(market__backend_t *backend, market__arena_t *arena)
{
	(void)backend;
	(void)arena;
}

static const struct {
	const char *label;
	break_fn *write;
	const char *word;
} broken[] = {
	{ "P8 an entry of another statement", other_statement,
	    "about another statement" },
	{ "P8 an entry of no listing", no_listing, "is missing" },
	{ "P8 an entry that is not readable", no_detail, "not readable" },
	{ "P8 a question that is not readable", no_question,
	    "its question is damaged" },
	{ "P8 an entry that is missing", nothing, "it is missing" },
};

START_TEST(changes_are_corrupt_where_an_entry_does_not_agree)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_changes_t *changes = NULL;
	market__store_head_t head;
	market__backend_t *backend;
	market__arena_t arena;
	story_t *story;

	STORY(story, _i % 2);
	backend = story->store->backend;
	market__arena_init(&arena, &market__default_allocator, 1 << 20);
	ck_assert_int_eq(backend->ops->begin(backend, true, NULL), MARKET_OK);
	broken[_i / 2].write(backend, &arena);
	ck_assert_int_eq(
	    backend->ops->head_get(backend, &head, NULL), MARKET_OK);
	head.entries = 36;
	ck_assert_int_eq(
	    backend->ops->head_put(backend, &head, NULL), MARKET_OK);
	ck_assert_int_eq(backend->ops->commit(backend, NULL), MARKET_OK);
	market__arena_clear(&arena);
	/* As a handle that was opened only now: it has seen no chain. */
	story->store->seen.entries = 0;
	ck_assert_msg(market_store_changes(story->store, 34, 0, &changes,
			  &error) == MARKET_E_CORRUPT,
	    "%s", broken[_i / 2].label);
	ck_assert_ptr_null(changes);
	ck_assert_msg(strstr(error.message, broken[_i / 2].word) != NULL &&
		strstr(error.message, "entry 36") != NULL,
	    "%s: %s", broken[_i / 2].label, error.message);
	/* What is before it is told. */
	changes = changes_of(story, 0, 10);
	ck_assert_uint_eq(count(changes), 10);
	market_changes_free(changes);
	story_free(story);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("changes");
	TCase *t = tcase_create("changes");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, changes_tell_all_that_happened_in_order, 0, 2);
	tcase_add_loop_test(t, changes_tell_what_each_entry_is_about, 0,
	    2 * (int)MARKET__COUNT(rows));
	tcase_add_loop_test(t, changes_tell_how_an_answer_changed, 0, 2);
	tcase_add_loop_test(t, changes_come_in_pages_without_a_gap, 0, 2);
	tcase_add_loop_test(t, changes_follow_what_happens_meanwhile, 0, 2);
	tcase_add_test(t, changes_refuse_what_is_no_argument);
	tcase_add_loop_test(t,
	    changes_are_corrupt_where_an_entry_does_not_agree, 0,
	    2 * (int)MARKET__COUNT(broken));
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return harness_main(suite());
}
