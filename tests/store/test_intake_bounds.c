/* SPDX-License-Identifier: Apache-2.0 */
/* What bounds a feed: its seller's listings, what may end, and its caller. */
#include "config.h"

#include <string.h>

#include "intake_kit.h"

START_TEST(feed_brings_no_more_listings_than_its_seller_may_have)
{
	static const intake_setup_t few = { .options = {
						.max_listings = 300 } };
	intake_t intake;

	INTAKE_OPEN(&intake, _i, &few);
	intake_submit(&intake, "offer");
	feed_kit_offers(&intake.feed, "offer", 0, 400);
	intake_whole(&intake);
	ck_assert_uint_eq(intake.report.listed, 299);
	ck_assert_uint_eq(intake.report.rejected, 101);
	ck_assert_uint_eq(intake.report.rows.permitted, 400);
	ck_assert_ptr_nonnull(strstr(intake.told, "299+1 00299 OK REFUSED"));
	ck_assert_int_eq(intake_sale(&intake, "00298"), MARKET_OK);
	ck_assert_int_eq(intake_sale(&intake, "00299"), MARKET_E_NOT_FOUND);
	/* Those that are there are revised all the same. */
	intake_renew(&intake, 2);
	feed_kit_offers(&intake.feed, "offer", 200, 300);
	intake.max_ended = 1000;
	intake_whole(&intake);
	ck_assert_uint_eq(intake.report.listed, 99);
	ck_assert_uint_eq(intake.report.ended, 200);
	intake_expect_sound(&intake);
	intake_close(&intake);
}
END_TEST

/* Five offers, of which the next revision lacks three and has three more. */
START_TEST(feed_ends_no_more_than_it_may)
{
	intake_t intake;

	INTAKE_OPEN(&intake, _i, NULL);
	feed_kit_offers(&intake.feed, "offer", 0, 5);
	intake_whole(&intake);
	intake_renew(&intake, 2);
	feed_kit_offers(&intake.feed, "offer", 3, 5);
	feed_kit_sign(&intake.feed, "shop.example");
	intake_plain(&intake);
	intake.max_ended = 2;
	ck_assert_int_eq(intake_take(&intake), MARKET_E_LIMIT);
	ck_assert_int_eq(intake.report.result, MARKET_RESULT_ACCEPTED);
	ck_assert_uint_eq(intake.report.rows.rows, 0);
	ck_assert_int_eq(intake_sale(&intake, "00000"), MARKET_OK);
	intake_plain(&intake);
	intake.max_ended = 3;
	ck_assert_int_eq(intake_take(&intake), MARKET_OK);
	ck_assert_uint_eq(intake.report.ended, 3);
	intake_is(&intake, "00002", MARKET_LISTING_ENDED);
	intake_is(&intake, "00003", MARKET_LISTING_PUBLISHED);
	/* One that has fewer is refused before it is accepted. */
	intake_renew(&intake, 3);
	feed_kit_offers(&intake.feed, "offer", 3, 4);
	feed_kit_sign(&intake.feed, "shop.example");
	intake_plain(&intake);
	intake.max_ended = 0;
	ck_assert_int_eq(intake_take(&intake), MARKET_E_LIMIT);
	ck_assert_int_eq(intake.report.result, MARKET_RESULT_REFUSED);
	intake_expect_sound(&intake);
	intake_close(&intake);
}
END_TEST

/* Under another name its listings are none of this feed's business. */
START_TEST(feed_ends_nothing_of_another_feed)
{
	intake_t intake;

	INTAKE_OPEN(&intake, _i, NULL);
	intake_submit(&intake, "offer");
	feed_kit_offers(&intake.feed, "offer", 0, 3);
	intake_whole(&intake);
	intake_renew(&intake, 1);
	intake.feed.id = "other";
	feed_kit_offers(&intake.feed, "offer", 5, 3);
	intake_whole(&intake);
	intake_renew(&intake, 2);
	intake.feed.id = "other";
	intake.max_ended = 100;
	intake_whole(&intake);
	ck_assert_uint_eq(intake.report.ended, 3);
	intake_is(&intake, "00000", MARKET_LISTING_PUBLISHED);
	intake_is(&intake, "00005", MARKET_LISTING_ENDED);
	intake_is(&intake, "offer", MARKET_LISTING_PUBLISHED);
	intake_expect_sound(&intake);
	intake_close(&intake);
}
END_TEST

START_TEST(feed_is_handed_in_wrongly)
{
	market_intake_options_t good = { .size = sizeof(good) }, bad = good;
	market_store_t *store;
	uint64_t before;
	intake_t intake;

	INTAKE_OPEN(&intake, 0, NULL);
	feed_kit_offers(&intake.feed, "offer", 0, 3);
	feed_kit_sign(&intake.feed, "shop.example");
	intake_plain(&intake);
	store = intake.store;
	before = intake_entries(&intake);
#define SUBMIT(store, feed, read, at, options) \
	market_store_submit_feed(              \
	    store, feed, read, &intake.reader, at, options, NULL, NULL)
#define MUST_REFUSE(store, feed, read, at, options) \
	ck_assert_int_eq(                           \
	    SUBMIT(store, feed, read, at, options), MARKET_E_ARGUMENT)
	MUST_REFUSE(NULL, intake.feed.feed, feed_kit_read, intake.now, &good);
	MUST_REFUSE(store, NULL, feed_kit_read, intake.now, &good);
	MUST_REFUSE(store, intake.feed.feed, NULL, intake.now, &good);
	bad.size--;
	MUST_REFUSE(store, intake.feed.feed, feed_kit_read, intake.now, &bad);
	bad = good;
	bad.threads = MARKET_BATCH_THREADS_MAX + 1;
	MUST_REFUSE(store, intake.feed.feed, feed_kit_read, intake.now, &bad);
	MUST_REFUSE(store, intake.feed.feed, feed_kit_read, -1, &good);
	MUST_REFUSE(store, intake.feed.feed, feed_kit_read, INT64_MAX, &good);
	ck_assert_uint_eq(intake_entries(&intake), before);
	ck_assert_int_eq(
	    SUBMIT(store, intake.feed.feed, feed_kit_read, intake.now, NULL),
	    MARKET_OK);
	ck_assert_uint_gt(intake_entries(&intake), before);
	intake_close(&intake);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("intake_bounds");
	TCase *tcase = tcase_create("bounds");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase,
	    feed_brings_no_more_listings_than_its_seller_may_have, 0,
	    INTAKE_BACKENDS);
	tcase_add_loop_test(
	    tcase, feed_ends_no_more_than_it_may, 0, INTAKE_BACKENDS);
	tcase_add_loop_test(
	    tcase, feed_ends_nothing_of_another_feed, 0, INTAKE_BACKENDS);
	tcase_add_test(tcase, feed_is_handed_in_wrongly);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
