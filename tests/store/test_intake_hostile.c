/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feeds that mean harm, or that others disturb: rows that hide others, a list
 * that comes back with other signatures, revisions that overtake each other.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "intake_kit.h"

/* ---- rows that stand in front of others ---- */

/* The payload of an offer with that id, and bytes behind it. */
static void
add_junk_with_id(feed_kit_t *f, const char *id)
{
	market_slice_t payload;
	uint8_t *copy;

	feed_kit_offer(f, "offer", id);
	payload = feed_kit_payload_of(f, f->n_rows - 1);
	copy = malloc(payload.len + 2);
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, payload.ptr, payload.len);
	memcpy(copy + payload.len, "\xff\xff", 2);
	f->len = f->starts[--f->n_rows];
	feed_kit_row(f, market__slice(copy, payload.len + 2));
	free(copy);
}

static void
add_theirs_with_id(feed_kit_t *f, const char *id)
{
	feed_kit_offer(f, "theirs", id);
}

static void
add_another_with_id(feed_kit_t *f, const char *id)
{
	/* Not behind the one before: refused, whatever it says. */
	feed_kit_offer(f, "offer", "a9");
	feed_kit_offer(f, "offer", "a1");
	(void)id;
}

/* Twice the same: the first one counts, and the other is refused. */
static void
add_it_twice(feed_kit_t *f, const char *id)
{
	feed_kit_offer(f, "offer", "a1");
	feed_kit_offer(f, "offer", "a1");
	(void)id;
}

static const intake_setup_t with_theirs = {
	.edits = { "+theirs =offer {'header': {'issuer': 'other.example'}}" }
};

static void (*const fronts[])(feed_kit_t *f, const char *id) = {
	add_junk_with_id, add_theirs_with_id, add_another_with_id, add_it_twice
};

/* Refused, it must not be taken for the one that was accepted. */
START_TEST(row_that_is_refused_hides_no_other_of_its_id)
{
	intake_t intake;

	INTAKE_OPEN(&intake, _i % INTAKE_BACKENDS, &with_theirs);
	feed_kit_offer(&intake.feed, "offer", "a0");
	fronts[_i / INTAKE_BACKENDS](&intake.feed, "b");
	feed_kit_offer(&intake.feed, "offer", "b");
	intake_whole(&intake);
	ck_assert_uint_eq(intake.report.rows.refused, 1);
	intake_reopen(&intake);
	intake_is(&intake, "b", MARKET_LISTING_PUBLISHED);
	ck_assert_int_eq(intake_sale(&intake, "b"), MARKET_OK);
	intake_expect_sound(&intake);
	free(intake_state(&intake));
	intake_close(&intake);
}
END_TEST

/* ---- signatures ---- */

static const intake_setup_t two_keys = {
	.edits = { "seller {'keys': '$keys:shop.example shop.example#2'}",
	    "grant {'granteeKeys': '$keys:shop.example shop.example#2'}" }
};

/* Takes the first chunks in, as `first` signed; the others as `second`. */
static void
take_signed_twice(intake_t *intake, const char *first, const char *second)
{
	feed_kit_offers(&intake->feed, "offer", 0, 1000);
	feed_kit_sign(&intake->feed, first);
	intake_plain(intake);
	intake->stop_step = 1;
	ck_assert_int_eq(intake_take(intake), MARKET_E_CALLBACK);
	intake_plain(intake);
	feed_kit_sign(&intake->feed, second);
	ck_assert_int_eq(intake_take(intake), MARKET_OK);
	ck_assert(intake->report.done);
}

/* What was accepted is what its rows rest on: no one can spoil the rest. */
START_TEST(list_is_gone_on_with_by_the_signatures_that_were_accepted)
{
	static const char *const others[] = { "forger", "shop.example#2",
		"shop.example#2 shop.example", "shop.example forger" };
	intake_t intake;

	INTAKE_OPEN(&intake, _i % INTAKE_BACKENDS, &two_keys);
	take_signed_twice(
	    &intake, "shop.example", others[_i / INTAKE_BACKENDS]);
	ck_assert_uint_eq(intake.report.listed, 1000);
	ck_assert_uint_eq(intake.report.rows.permitted, 1000);
	intake_reopen(&intake);
	intake_is(&intake, "00000", MARKET_LISTING_PUBLISHED);
	intake_is(&intake, "00999", MARKET_LISTING_PUBLISHED);
	intake_expect_sound(&intake);
	intake_close(&intake);
}
END_TEST

/* ---- revisions ---- */

/* Ten offers in a feed of the same name, beside the one that is taken in. */
static intake_t
begin_another(const intake_t *intake, unsigned revision)
{
	intake_t other = *intake;

	other.told = NULL;
	intake_feed(&other.feed, intake->world);
	other.feed.revision = revision;
	feed_kit_offers(&other.feed, "offer", 0, 10);
	other.max_ended = 10000;
	return other;
}

static void
end_another(intake_t *other)
{
	feed_kit_clear(&other->feed);
	free(other->told);
}

static void
take_the_next_revision(intake_t *intake)
{
	intake_t other;

	if (intake->steps > 0)
		return;
	other = begin_another(intake, 2);
	intake_whole(&other);
	end_another(&other);
}

START_TEST(older_revision_that_is_overtaken_stops)
{
	intake_t intake;

	INTAKE_OPEN(&intake, _i, NULL);
	feed_kit_offers(&intake.feed, "offer", 0, 1600);
	feed_kit_sign(&intake.feed, "shop.example");
	intake_plain(&intake);
	intake.meanwhile = take_the_next_revision;
	ck_assert_int_eq(intake_take(&intake), MARKET_E_DENIED);
	ck_assert_int_eq(intake.report.result, MARKET_RESULT_STALE);
	ck_assert_uint_eq(intake.report.rows.chunks, INTAKE_STEP);
	ck_assert(!intake.report.done);
	/* Its successor has ended what it lacks. */
	intake_is(&intake, "00009", MARKET_LISTING_PUBLISHED);
	intake_is(&intake, "00010", MARKET_LISTING_ENDED);
	intake_is(&intake, "00511", MARKET_LISTING_ENDED);
	intake_plain(&intake);
	ck_assert_int_eq(intake_take(&intake), MARKET_E_DENIED);
	intake_expect_sound(&intake);
	intake_close(&intake);
}
END_TEST

static void
take_another_of_its_revision(intake_t *intake)
{
	intake_t other;
	int i;

	if (intake->steps > 0)
		return;
	other = begin_another(intake, 1);
	feed_kit_sign(&other.feed, "shop.example");
	/* Once more it is the same. */
	for (i = 0; i < 2; i++) {
		intake_plain(&other);
		ck_assert_int_eq(intake_take(&other), MARKET_E_DENIED);
		ck_assert_int_eq(other.report.result, MARKET_RESULT_FORK);
	}
	end_another(&other);
}

/* Neither is taken in any more, until a higher one settles it. */
START_TEST(revision_that_is_forked_stops)
{
	intake_t intake;

	INTAKE_OPEN(&intake, _i, NULL);
	feed_kit_offers(&intake.feed, "offer", 0, 1600);
	feed_kit_sign(&intake.feed, "shop.example");
	intake_plain(&intake);
	intake.meanwhile = take_another_of_its_revision;
	ck_assert_int_eq(intake_take(&intake), MARKET_E_DENIED);
	ck_assert_int_eq(intake.report.result, MARKET_RESULT_FORK);
	ck_assert_uint_eq(intake.report.rows.chunks, INTAKE_STEP);
	intake_plain(&intake);
	ck_assert_int_eq(intake_take(&intake), MARKET_E_DENIED);
	ck_assert_int_eq(intake.report.result, MARKET_RESULT_FORK);
	intake_renew(&intake, 2);
	feed_kit_offers(&intake.feed, "offer", 0, 1600);
	intake_whole(&intake);
	ck_assert_uint_eq(intake.report.listed, 1600);
	intake_expect_sound(&intake);
	intake_close(&intake);
}
END_TEST

/* ---- a list that does not count any more ---- */

static const intake_setup_t two_sellers = {
	.edits = { "+seller2 =seller {'keys': '$keys:shop.example#2'}" }
};

static void
add_fork(intake_t *intake, const char *name)
{
	market_slice_t envelope = world_envelope(intake->world, name);
	market_additions_t *additions = NULL;

	ck_assert_int_eq(market_store_add(intake->store, &envelope, 1,
			     intake->now, 0, &additions, NULL),
	    MARKET_OK);
	ck_assert_int_eq(
	    market_additions_at(additions, 0)->result, MARKET_RESULT_FORK);
	market_additions_free(additions);
}

static void
expect_refused(intake_t *intake, unsigned revision, const char *key)
{
	intake_renew(intake, revision);
	feed_kit_offers(&intake->feed, "offer", 0, 1);
	feed_kit_sign(&intake->feed, key);
	intake_plain(intake);
	intake->max_ended = 10;
	ck_assert_int_eq(intake_take(intake), MARKET_E_DENIED);
	ck_assert_int_eq(intake->report.result, MARKET_RESULT_REFUSED);
}

/* Two statements of one revision say whose keys the seller's are. */
START_TEST(list_ends_nothing_while_its_sellers_keys_are_forked)
{
	intake_t intake;

	INTAKE_OPEN(&intake, _i, &two_sellers);
	feed_kit_offers(&intake.feed, "offer", 0, 3);
	intake_whole(&intake);
	add_fork(&intake, "seller2");
	expect_refused(&intake, 2, "shop.example");
	expect_refused(&intake, 2, "shop.example#2");
	ck_assert_uint_eq(intake.report.ended, 0);
	intake_expect_sound(&intake);
	intake_close(&intake);
}
END_TEST

/* Only this revision: what the one before it brought stays. */
static void
withdraw_the_list(intake_t *intake)
{
	const market_statement_t *list = market_feed_statement(
	    intake->feed.feed);
	market__text_t text;

	market__text_init(&text, &market__default_allocator, 256);
	market__text_puts(
	    &text, "+gone withdrawal shop.example {'targetDigest': '");
	market__text_base64(&text, market_statement_digest(list));
	market__text_puts(&text, "'}");
	world_edit(intake->world, text.data);
	market__text_clear(&text);
	intake_add(intake, "gone");
}

static void
withdraw_it_once(intake_t *intake)
{
	if (intake->steps == 0)
		withdraw_the_list(intake);
}

/* Nothing is accepted, but the clock is behind its end. */
static void
let_it_expire_once(intake_t *intake)
{
	intake_t later = *intake;

	later.now += 20;
	if (intake->steps == 0)
		intake_submit(&later, "offer");
}

static void (*const stopped_by[])(
    intake_t *intake) = { NULL, withdraw_it_once, let_it_expire_once };
#define STOPPED_BY (int)MARKET__COUNT(stopped_by)

/* Its rows go on, as those of any list that was accepted: but that it lacks
 * others is its word alone. In another call, and in the same. */
START_TEST(list_that_stopped_counting_meanwhile_ends_nothing_more)
{
	void (*meanwhile)(intake_t * intake) = stopped_by[_i / INTAKE_BACKENDS];
	intake_t intake;

	INTAKE_OPEN(&intake, _i % INTAKE_BACKENDS, NULL);
	feed_kit_offers(&intake.feed, "offer", 0, 2200);
	intake_whole(&intake);
	intake_renew(&intake, 2);
	feed_kit_offers(&intake.feed, "offer", 1, 1198);
	feed_kit_offers(&intake.feed, "offer", 1300, 700);
	intake.feed.not_after = "2016-02-01T12:00:10Z";
	feed_kit_sign(&intake.feed, "shop.example");
	intake_plain(&intake);
	intake.max_ended = 1000;
	if (meanwhile != NULL) {
		intake.meanwhile = meanwhile;
	} else {
		intake.stop_step = 1;
		ck_assert_int_eq(intake_take(&intake), MARKET_E_CALLBACK);
		withdraw_the_list(&intake);
		intake_plain(&intake);
	}
	ck_assert_int_eq(intake_take(&intake), MARKET_OK);
	ck_assert(intake.report.done);
	/* The chunks of one transaction were there before. */
	ck_assert_uint_eq(intake.report.ended, 1);
	intake_is(&intake, "00000", MARKET_LISTING_ENDED);
	ck_assert_int_ne(intake_sale(&intake, "00001"), MARKET_OK);
	intake_is(&intake, "01250", MARKET_LISTING_PUBLISHED);
	ck_assert_int_eq(intake_sale(&intake, "01250"), MARKET_OK);
	ck_assert_int_ne(intake_sale(&intake, "01999"), MARKET_OK);
	intake_is(&intake, "02199", MARKET_LISTING_PUBLISHED);
	intake_expect_sound(&intake);
	intake_close(&intake);
}
END_TEST

/* ---- intents ---- */

static void
intend(intake_t *intake, const char *id, market_intent_t intent)
{
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_msg(
	    market_store_set_intent(intake->store, market_slice_of(id), intent,
		intake->now, &error) == MARKET_OK,
	    "%s", error.message);
}

static void
take_revision(intake_t *intake, unsigned revision, size_t n)
{
	intake_renew(intake, revision);
	feed_kit_offers(&intake->feed, "offer", 0, n);
	intake->max_ended = 10;
	intake_whole(intake);
}

START_TEST(operators_word_stands_when_a_feed_has_it_again)
{
	intake_t intake;

	INTAKE_OPEN(&intake, _i, NULL);
	take_revision(&intake, 1, 5);
	intend(&intake, "shop.example/00001", MARKET_INTENT_END);
	intend(&intake, "shop.example/00002", MARKET_INTENT_PAUSE);
	take_revision(&intake, 2, 1);
	ck_assert_uint_eq(intake.report.ended, 3);
	intake_is(&intake, "00003", MARKET_LISTING_ENDED);
	/* It is ended already: the operator says that it stays so. */
	intend(&intake, "shop.example/00003", MARKET_INTENT_END);
	take_revision(&intake, 3, 5);
	intake_is(&intake, "00001", MARKET_LISTING_ENDED);
	intake_is(&intake, "00002", MARKET_LISTING_PAUSED);
	intake_is(&intake, "00003", MARKET_LISTING_ENDED);
	intake_is(&intake, "00004", MARKET_LISTING_PUBLISHED);
	intake_expect_sound(&intake);
	intake_close(&intake);
}
END_TEST

/* ---- the clock ---- */

START_TEST(nothing_is_taken_in_by_a_clock_that_is_behind)
{
	uint64_t before;
	intake_t intake;

	INTAKE_OPEN(&intake, _i, NULL);
	feed_kit_offers(&intake.feed, "offer", 0, 3);
	feed_kit_sign(&intake.feed, "shop.example");
	intake_plain(&intake);
	before = intake_entries(&intake);
	intake.now -= 86400;
	ck_assert_int_eq(intake_take(&intake), MARKET_E_INDETERMINATE);
	ck_assert_uint_eq(intake_entries(&intake), before);
	ck_assert_uint_eq(intake.report.rows.rows, 0);
	intake.now += 86400;
	ck_assert_int_eq(intake_take(&intake), MARKET_OK);
	ck_assert_int_eq(intake.report.result, MARKET_RESULT_ACCEPTED);
	ck_assert_uint_eq(intake.report.listed, 3);
	intake_close(&intake);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("intake_hostile");
	TCase *tcase = tcase_create("hostile");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, row_that_is_refused_hides_no_other_of_its_id,
	    0, (int)MARKET__COUNT(fronts) * INTAKE_BACKENDS);
	tcase_add_loop_test(tcase,
	    list_is_gone_on_with_by_the_signatures_that_were_accepted, 0,
	    4 * INTAKE_BACKENDS);
	tcase_add_loop_test(
	    tcase, older_revision_that_is_overtaken_stops, 0, INTAKE_BACKENDS);
	tcase_add_loop_test(tcase,
	    list_ends_nothing_while_its_sellers_keys_are_forked, 0,
	    INTAKE_BACKENDS);
	tcase_add_loop_test(tcase,
	    list_that_stopped_counting_meanwhile_ends_nothing_more, 0,
	    STOPPED_BY * INTAKE_BACKENDS);
	tcase_add_loop_test(tcase,
	    operators_word_stands_when_a_feed_has_it_again, 0, INTAKE_BACKENDS);
	tcase_add_loop_test(tcase,
	    nothing_is_taken_in_by_a_clock_that_is_behind, 0, INTAKE_BACKENDS);
	tcase_add_loop_test(
	    tcase, revision_that_is_forked_stops, 0, INTAKE_BACKENDS);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
