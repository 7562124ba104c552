/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the till is told: that a listing may be sold, or the first thing that
 * is against it, by its code and in words.
 */
#include "play.h"

#include <string.h>

#define HAS(evidence) "begin", "all " evidence " ACCEPTED"
#define GRANT_GONE                                                 \
	"STATEMENT_WITHDRAWN: the authorization mi.com/grant was " \
	"withdrawn by mi.com as of " WORLD_NOW " (UNSPECIFIED)"

/* A play that ends at the till, and what is said there. */
static const struct row {
	play_plot_t plot;
	market_status_t want;
	const char *message; /* empty: nothing is said */
} rows[] = {
	{ { "it may be sold", { "good" } }, MARKET_OK, "" },
	{ { "the grant was taken back",
	      { "good",
		  "~+w withdrawal mi.com {'targetDigest': '$digest:grant'}",
		  "add w ACCEPTED", "is offer SUSPENDED DENY" } },
	    MARKET_E_DENIED, GRANT_GONE },
	{ { "two certifications are not there",
	      { HAS("seller product network mvno grant"),
		  "submit offer ACCEPTED DENY" } },
	    MARKET_E_DENIED,
	    "CERTIFICATION_MISSING: no carrier certification of xiaomi 2014215 "
	    "by "
	    "t-mobile.com; and 1 more: ask why" },
	{ { "what the phone can do is not known",
	      { HAS("seller network mvno grant carrier fcc"),
		  "submit offer ACCEPTED INDETERMINATE" } },
	    MARKET_E_INDETERMINATE,
	    "PRODUCT_UNKNOWN: no product statement of xiaomi 2014215 is in "
	    "force" },
	{ { "the offer has ended", { "good", "at 2030-01-01T00:00:00Z" } },
	    MARKET_E_DENIED,
	    "OFFER_EXPIRED: ended at 2026-01-01T00:00:00Z; and 6 more: ask "
	    "why" },
	{ { "the offer was taken back",
	      { "good",
		  "~+w withdrawal shop.example {'targetDigest':"
		  " '$digest:offer'}",
		  "add w ACCEPTED", "is offer SUSPENDED DENY" } },
	    MARKET_E_DENIED,
	    "STATEMENT_WITHDRAWN: the offer shop.example/offer was withdrawn "
	    "by "
	    "shop.example as of " WORLD_NOW " (UNSPECIFIED)" },
	{ { "what is against another cell is not told",
	      { "~offer {'networks+': ['usmobile.com/us']}",
		  HAS("seller product network grant carrier"),
		  "submit offer ACCEPTED DENY" } },
	    MARKET_E_DENIED,
	    "CERTIFICATION_MISSING: no fcc certification of xiaomi 2014215 by "
	    "fcc.gov" },
	{ { "a clock that went back", { "good", "at 2016-01-31T12:00:00Z" } },
	    MARKET_E_INDETERMINATE,
	    "CLOCK_UNTRUSTED: the clock is behind the store's by more than it "
	    "tolerates: nothing is published until it is right again" },
	{ { "the seller makes a pause",
	      { "good", "pause offer OK", "is offer PAUSED PERMIT" } },
	    MARKET_E_DENIED,
	    "the seller has paused the listing: resume it first" },
	{ { "the seller has ended it",
	      { "good", "end offer OK", "is offer ENDED PERMIT" } },
	    MARKET_E_DENIED, "the seller has ended the listing" },
	{ { "a pause hides no finding",
	      { "good", "pause offer OK",
		  "~+w withdrawal mi.com {'targetDigest': '$digest:grant'}",
		  "add w ACCEPTED", "is offer PAUSED DENY" } },
	    MARKET_E_DENIED, GRANT_GONE },
	{ { "the marketplace has removed it",
	      { "good",
		  "~+h hold usmobile.com {'target': {'offerId': 'offer'},"
		  " 'final': true}",
		  "add h ACCEPTED", "is offer REMOVED DENY" } },
	    MARKET_E_DENIED,
	    "REMOVED_BY_MARKETPLACE: removed for good by "
	    "the hold usmobile.com/h (UNSPECIFIED)" },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static market_status_t
ask(play_t *play, market_error_t *reterr)
{
	return market_store_sale(play->store,
	    market_slice_of("shop.example/offer"), market_slice_of("US"),
	    MARKET_CHANNEL_ONLINE_STORE, market_slice_of("t-mobile.com/us"),
	    play->now, 0, NULL, reterr);
}

START_TEST(sale_tells_what_is_against_it)
{
	const struct row *row = &rows[_i / PLAY_KINDS];
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	play_t play;

	if (!play_can(_i % PLAY_KINDS))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i % PLAY_KINDS);
	play_act(&play, &row->plot);
	status = ask(&play, &error);
	ck_assert_msg(
	    status == row->want && strcmp(error.message, row->message) == 0,
	    "%s: %s, \"%s\"", row->plot.label, market_status_name(status),
	    error.message);
	/* Who does not ask why is told the same. */
	ck_assert_int_eq(ask(&play, NULL), row->want);
	play_clear(&play);
}
END_TEST

/* What is denied stays so, whatever fails while the reason is looked up. */
START_TEST(sale_is_never_permitted_when_memory_fails)
{
	market_status_t status;
	market_error_t error = MARKET_ERROR_INIT;
	play_t play;
	size_t at;

	play_init(&play, PLAY_MEMORY);
	play_begin_good(&play);
	play_edit(
	    &play, "+w withdrawal mi.com {'targetDigest': '$digest:grant'}");
	play_add(&play, "w", "ACCEPTED", 0);
	ck_assert_int_eq(ask(&play, &error), MARKET_E_DENIED);
	for (at = 0;; at++) {
		memset(&error, 0, sizeof(error));
		play.memory.calls = 0;
		play.memory.fail_at = at;
		status = ask(&play, &error);
		play.memory.fail_at = SIZE_MAX;
		if (status != MARKET_E_DENIED)
			ck_assert_int_eq(status, MARKET_E_MEMORY);
		if (play.memory.calls <= at)
			break;
	}
	ck_assert_int_eq(status, MARKET_E_DENIED);
	ck_assert_uint_gt(at, 10);
	ck_assert_str_eq(error.message, GRANT_GONE);
	play_clear(&play);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sale");
	TCase *tells = tcase_create("tells");

	tcase_set_timeout(tells, 60);
	tcase_add_loop_test(
	    tells, sale_tells_what_is_against_it, 0, (int)ROWS * PLAY_KINDS);
	tcase_add_test(tells, sale_is_never_permitted_when_memory_fails);
	suite_add_tcase(suite, tells);
	return harness_main(suite);
}
