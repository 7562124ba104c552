/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listings of a feed that came together, as a file packs them: what is done to
 * them one by one, or to many at once, comes to the same as in memory, where
 * none is packed.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "intake_kit.h"

static const intake_setup_t setup = {
	.edits = { "+dearer =offer {'header': {'id': '00300', 'revision': 2},"
		   " 'price': {'amountMicros': '777000000'}}",
	    "+alone =offer {'header': {'id': '00301', 'revision': 1},"
	    " 'title': 'another of its revision'}",
	    "+between =offer {'header': {'id': '00302x'}}",
	    "+gone withdrawal shop.example {'target': {'kind': 'offer',"
	    " 'issuer': 'shop.example', 'id': '00303'}}" }
};

#define ROWS 2600

static void
intend(intake_t *intake, const char *name, market_intent_t intent)
{
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_msg(
	    market_store_set_intent(intake->store, market_slice_of(name),
		intent, intake->now, &error) == MARKET_OK,
	    "%s: %s", name, error.message);
}

/* May be refused: what comes of it is part of the state. */
static void
submit(intake_t *intake, const char *name)
{
	market_slice_t envelope = world_envelope(intake->world, name);
	market_submissions_t *submissions = NULL;

	ck_assert_int_eq(market_store_submit(intake->store, &envelope, 1,
			     intake->now, &submissions, NULL),
	    MARKET_OK);
	market_submissions_free(submissions);
}

static void
first_revision(intake_t *intake)
{
	feed_kit_offers(&intake->feed, "offer", 0, ROWS);
	intake_whole(intake);
	ck_assert_uint_eq(intake->report.listed, ROWS);
}

/* ---- what is done ---- */

/* The first, the last and one in between leave their packs. */
static void
one_by_one(intake_t *intake)
{
	intend(intake, "shop.example/00000", MARKET_INTENT_PAUSE);
	intend(intake, "shop.example/02599", MARKET_INTENT_END);
	intend(intake, "shop.example/00100", MARKET_INTENT_END);
	intend(intake, "shop.example/00100", MARKET_INTENT_PUBLISH);
	submit(intake, "dearer");
	submit(intake, "alone");
	submit(intake, "between");
	intake_add(intake, "gone");
}

/* A whole pack of them does. */
static void
each_of_a_pack(intake_t *intake)
{
	char name[40];
	unsigned i;

	for (i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "shop.example/%05u", i);
		intend(intake, name, MARKET_INTENT_PAUSE);
	}
}

/* All are revised where they are. */
static void
second_revision(intake_t *intake)
{
	intake_renew(intake, 2);
	feed_kit_offers(&intake->feed, "offer", 0, ROWS);
	intake->feed.not_after = "2016-06-01T00:00:00Z";
	intake->max_ended = 0;
	intake_whole(intake);
}

/* Each chunk of them lies among more than are read at a time. */
static void
every_tenth(intake_t *intake)
{
	size_t i;

	intake_renew(intake, 2);
	for (i = 0; i < ROWS; i += 10)
		feed_kit_offers(&intake->feed, "offer", i, 1);
	intake->max_ended = ROWS;
	intake_whole(intake);
	ck_assert_uint_eq(intake->report.listed, ROWS / 10);
	ck_assert_uint_eq(intake->report.ended, ROWS - ROWS / 10);
}

/* Before, behind and among those that are there. */
static void
others(intake_t *intake)
{
	intake_renew(intake, 2);
	feed_kit_offers(&intake->feed, "offer", 1000, ROWS);
	intake->max_ended = ROWS;
	intake_whole(intake);
	ck_assert_uint_eq(intake->report.ended, 1000);
}

static void
end_and_return(intake_t *intake)
{
	others(intake);
	intake_renew(intake, 3);
	feed_kit_offers(&intake->feed, "offer", 0, ROWS);
	intake->max_ended = ROWS;
	intake_whole(intake);
	ck_assert_uint_eq(intake->report.ended, 1000);
}

static void (*const done[])(intake_t *intake) = { one_by_one, each_of_a_pack,
	second_revision, every_tenth, others, end_and_return };
#define DONE ((int)MARKET__COUNT(done))

/* `rows`: there are some beside the packs already. */
static char *
play(int backend, int what, bool rows)
{
	intake_t intake;
	char *state;

	if (!intake_open(&intake, backend, &setup))
		return NULL;
	first_revision(&intake);
	if (rows)
		each_of_a_pack(&intake);
	done[what](&intake);
	intake_expect_sound(&intake);
	intake_reopen(&intake);
	state = intake_state(&intake);
	intake_close(&intake);
	return state;
}

START_TEST(packed_listings_come_to_the_same)
{
	char *memory = play(0, _i % DONE, _i >= DONE);
	char *file = play(1, _i % DONE, _i >= DONE);

	if (file != NULL)
		ck_assert_str_eq(memory, file);
	free(memory);
	free(file);
}
END_TEST

START_TEST(packed_listing_is_sold_until_it_is_withdrawn)
{
	intake_t intake;

	INTAKE_OPEN(&intake, _i, &setup);
	first_revision(&intake);
	intake_reopen(&intake);
	ck_assert_int_eq(intake_sale(&intake, "00000"), MARKET_OK);
	ck_assert_int_eq(intake_sale(&intake, "01234"), MARKET_OK);
	ck_assert_int_eq(intake_sale(&intake, "02599"), MARKET_OK);
	ck_assert_int_eq(intake_sale(&intake, "02600"), MARKET_E_NOT_FOUND);
	ck_assert_int_eq(intake_sale(&intake, "0123"), MARKET_E_NOT_FOUND);
	intake_add(&intake, "gone");
	ck_assert_int_eq(intake_sale(&intake, "00303"), MARKET_E_DENIED);
	ck_assert_int_eq(intake_sale(&intake, "00304"), MARKET_OK);
	intake_close(&intake);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("intake_packed");
	TCase *tcase = tcase_create("packed");

	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(
	    tcase, packed_listings_come_to_the_same, 0, 2 * DONE);
	tcase_add_loop_test(tcase, packed_listing_is_sold_until_it_is_withdrawn,
	    0, INTAKE_BACKENDS);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
