/* SPDX-License-Identifier: Apache-2.0 */
/*
 * M12: the chunks of a feed as they come: out of order, again, with a gap,
 * without end, slowly, or not as many as were signed. M13: what is withdrawn
 * stays so, whichever comes first.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "intake_kit.h"

#define CHUNK (size_t)256

/* Four whole chunks, and a last one. */
#define ROWS 1100

/* ---- M12: chunks ---- */

/* What is read in the place of the rows: chunks by number, and what is behind
 * the last one. */
typedef struct page {
	const char *label;
	const char *chunks;
	market_status_t status;
	uint64_t broken, listed;
	bool behind;  /* there is more */
	bool endless; /* ... than can be read */
} page_t;

/* Where they end too early nothing is said of what is missing. */
static const page_t pages[] = {
	{ "M12 in order", "01234", MARKET_OK, 0, ROWS, false, false },
	{ "M12 out of order", "02134", MARKET_OK, 2, ROWS - 512, false, false },
	{ "M12 the last one first", "40123", MARKET_OK, 5, 0, false, false },
	{ "M12 one again", "001234", MARKET_OK, 4, 256, false, false },
	{ "M12 one again in the place of another", "00234", MARKET_OK, 1,
	    ROWS - 256, false, false },
	{ "M12 a gap", "0134", MARKET_E_LOG, 1, 512, false, false },
	{ "M12 the end is missing", "012", MARKET_E_LOG, 0, 768, false, false },
	{ "M12 nothing", "", MARKET_E_DENIED, 0, 0, false, false },
	{ "M12 more than were signed", "0123400", MARKET_OK, 0, ROWS, true,
	    false },
	{ "M12 without end", "01234", MARKET_OK, 0, ROWS, true, true },
	{ "M12 nothing but zeros", "", MARKET_OK, 5, 0, false, true },
};

/* The last chunk is short: behind it lengths are read as they come. */
static size_t
gather(const feed_kit_t *f, const char *chunks, uint8_t *bytes)
{
	size_t from, to, len = 0;

	for (; *chunks != '\0'; chunks++) {
		from = (size_t)(*chunks - '0') * CHUNK;
		to = from + CHUNK > f->n_rows ? f->n_rows : from + CHUNK;
		memcpy(bytes + len, f->bytes + f->starts[from],
		    f->starts[to] - f->starts[from]);
		len += f->starts[to] - f->starts[from];
	}
	return len;
}

START_TEST(chunks_that_are_not_in_their_place_are_not_taken_in)
{
	const page_t *page = &pages[_i / INTAKE_BACKENDS];
	market_intake_report_t first;
	intake_t intake;
	uint8_t *bytes;

	INTAKE_OPEN(&intake, _i % INTAKE_BACKENDS, NULL);
	feed_kit_offers(&intake.feed, "offer", 0, ROWS);
	feed_kit_sign(&intake.feed, "shop.example");
	bytes = malloc(2 * intake.feed.len);
	ck_assert_ptr_nonnull(bytes);
	intake_plain(&intake);
	intake.reader.bytes = market__slice(
	    bytes, gather(&intake.feed, page->chunks, bytes));
	intake.reader.endless = page->endless;
	ck_assert_msg(intake_take(&intake) == page->status, "%s", page->label);
	first = intake.report;
	ck_assert_msg(first.rows.chunks_broken == page->broken &&
		first.listed == page->listed,
	    "%s: %llu chunks are broken, and %llu listed", page->label,
	    (unsigned long long)first.rows.chunks_broken,
	    (unsigned long long)first.listed);
	ck_assert_uint_eq(
	    first.rejected, page->broken == 5 ? ROWS : first.rejected);
	ck_assert(!page->behind || first.rows.bytes_behind > 0);
	/* What was told stays so, and a whole copy goes on behind it. */
	intake_plain(&intake);
	ck_assert_int_eq(intake_take(&intake), MARKET_OK);
	ck_assert_uint_eq(intake.report.rows.rows, ROWS);
	ck_assert_uint_eq(intake.report.rows.chunks_broken, page->broken);
	ck_assert_uint_eq(intake.report.listed,
	    page->status == MARKET_OK ? first.listed
				      : ROWS - 256 * page->broken);
	intake_expect_sound(&intake);
	free(bytes);
	intake_close(&intake);
}
END_TEST

/* M12: the same rows, and a list that says that there are more, or fewer. */
START_TEST(rows_that_are_not_as_many_as_the_list_says_are_told)
{
	intake_t intake;
	feed_kit_t whole;

	INTAKE_OPEN(&intake, _i % INTAKE_BACKENDS, NULL);
	intake_feed(&whole, intake.world);
	feed_kit_offers(&whole, "offer", 0, 300);
	feed_kit_offers(
	    &intake.feed, "offer", 0, _i / INTAKE_BACKENDS == 0 ? 299 : 301);
	feed_kit_sign(&intake.feed, "shop.example");
	intake_plain(&intake);
	intake.reader.bytes = market__slice(whole.bytes, whole.len);
	ck_assert_int_eq(intake_take(&intake),
	    _i / INTAKE_BACKENDS == 0 ? MARKET_OK : MARKET_E_LOG);
	if (_i / INTAKE_BACKENDS == 0) {
		ck_assert_uint_eq(intake.report.listed, 299);
		ck_assert_uint_gt(intake.report.rows.bytes_behind, 0);
	} else {
		ck_assert_uint_eq(intake.report.listed, 256);
		ck_assert(!intake.report.done);
	}
	feed_kit_clear(&whole);
	intake_close(&intake);
}
END_TEST

/* ---- M12: a full feed of which a part cannot be seen ends nothing there ----
 */

START_TEST(listings_beside_a_broken_chunk_do_not_end)
{
	static const struct {
		size_t chunk;
		uint64_t ended;
		const char *stays, *ends;
	} rows[] = {
		/* From the last id before it to the first one behind. */
		{ 0, 4, "00000x", "01023x" },
		{ 1, 4, "00300x", "01023x" },
		{ 3, 3, "01023x", "01050x" },
		{ 4, 3, "01023x", "00800x" },
	};
	size_t at = rows[_i / INTAKE_BACKENDS].chunk * CHUNK;
	intake_t intake;

	INTAKE_OPEN(&intake, _i % INTAKE_BACKENDS, NULL);
	feed_kit_offer(&intake.feed, "offer", "00000x");
	feed_kit_offer(&intake.feed, "offer", "00300x");
	feed_kit_offer(&intake.feed, "offer", "00800x");
	/* Between two chunks. */
	feed_kit_offer(&intake.feed, "offer", "01023x");
	feed_kit_offer(&intake.feed, "offer", "01050x");
	intake_whole(&intake);
	intake_renew(&intake, 2);
	feed_kit_offers(&intake.feed, "offer", 0, ROWS);
	feed_kit_sign(&intake.feed, "shop.example");
	intake.feed.bytes[intake.feed.starts[at] + 10] ^= 1;
	intake_plain(&intake);
	intake.max_ended = 10;
	ck_assert_int_eq(intake_take(&intake), MARKET_OK);
	ck_assert_uint_eq(intake.report.rows.chunks_broken, 1);
	ck_assert_uint_eq(
	    intake.report.ended, rows[_i / INTAKE_BACKENDS].ended);
	intake_is(&intake, rows[_i / INTAKE_BACKENDS].stays,
	    MARKET_LISTING_PUBLISHED);
	intake_is(
	    &intake, rows[_i / INTAKE_BACKENDS].ends, MARKET_LISTING_ENDED);
	intake_expect_sound(&intake);
	intake_close(&intake);
}
END_TEST

/* ---- M13: withdrawn, and offered ---- */

static const intake_setup_t withdrawals = {
	.edits = { "+one withdrawal shop.example {'target': {'kind': 'offer',"
		   " 'issuer': 'shop.example', 'id': '00001'}}",
	    "+all withdrawal shop.example {'target': {'kind': 'feed',"
	    " 'issuer': 'shop.example', 'id': 'catalogue'}}",
	    "+grant-gone withdrawal mi.com {'targetDigest': "
	    "'$digest:grant'}" }
};

/* Which of three it takes away. */
static const struct {
	const char *label;
	const char *name;
	bool gone[3];
} taken_away[] = {
	{ "M13 one offer", "one", { false, true, false } },
	{ "M13 the feed", "all", { true, true, true } },
	{ "M13 the grant", "grant-gone", { true, true, true } },
};
#define TAKEN_AWAY (int)MARKET__COUNT(taken_away)

static void
expect_gone(intake_t *intake, const char *label, const bool gone[3])
{
	char id[8];
	size_t i;

	for (i = 0; i < 3; i++) {
		snprintf(id, sizeof(id), "%05zu", i);
		ck_assert_msg(
		    (intake_sale(intake, id) == MARKET_OK) == !gone[i],
		    "%s: %s may %sbe sold", label, id, gone[i] ? "" : "not ");
	}
}

/* Before the feed, while half of it is there, behind it, and before the next
 * revision, which has the same offers. */
START_TEST(withdrawal_wins_over_a_feed_in_either_order)
{
	int order = _i / INTAKE_BACKENDS % 3, what = _i / INTAKE_BACKENDS / 3;
	bool is_feed = strcmp(taken_away[what].name, "all") == 0;
	bool refused = is_feed && order == 0;
	intake_t intake;

	INTAKE_OPEN(&intake, _i % INTAKE_BACKENDS, &withdrawals);
	feed_kit_offers(&intake.feed, "offer", 0, 1000);
	feed_kit_sign(&intake.feed, "shop.example");
	intake_plain(&intake);
	if (order == 0)
		intake_add(&intake, taken_away[what].name);
	intake.stop_step = 1;
	ck_assert_int_eq(intake_take(&intake),
	    refused ? MARKET_E_DENIED : MARKET_E_CALLBACK);
	if (order == 1)
		intake_add(&intake, taken_away[what].name);
	intake_plain(&intake);
	ck_assert_int_eq(
	    intake_take(&intake), refused ? MARKET_E_DENIED : MARKET_OK);
	if (order == 2)
		intake_add(&intake, taken_away[what].name);
	expect_gone(&intake, taken_away[what].label, taken_away[what].gone);
	/* Of what was withdrawn as a whole the other transaction's, too. */
	ck_assert_int_eq(intake_sale(&intake, "00999") == MARKET_OK,
	    !taken_away[what].gone[0]);
	intake_renew(&intake, 2);
	feed_kit_offers(&intake.feed, "offer", 0, 1000);
	/* A name that was withdrawn takes all its revisions with it. */
	if (is_feed) {
		feed_kit_sign(&intake.feed, "shop.example");
		intake_plain(&intake);
		ck_assert_int_eq(intake_take(&intake), MARKET_E_DENIED);
	} else {
		intake_whole(&intake);
	}
	intake_reopen(&intake);
	expect_gone(&intake, taken_away[what].label, taken_away[what].gone);
	intake_expect_sound(&intake);
	intake_close(&intake);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("intake_pages");
	TCase *tcase = tcase_create("pages");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase,
	    chunks_that_are_not_in_their_place_are_not_taken_in, 0,
	    (int)MARKET__COUNT(pages) * INTAKE_BACKENDS);
	tcase_add_loop_test(tcase,
	    rows_that_are_not_as_many_as_the_list_says_are_told, 0,
	    2 * INTAKE_BACKENDS);
	tcase_add_loop_test(tcase, listings_beside_a_broken_chunk_do_not_end, 0,
	    4 * INTAKE_BACKENDS);
	tcase_add_loop_test(tcase, withdrawal_wins_over_a_feed_in_either_order,
	    0, 3 * TAKEN_AWAY * INTAKE_BACKENDS);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
