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
add_junk_with_id(intake_feed_t *f, const char *id)
{
	market_slice_t payload;
	uint8_t *copy;

	intake_feed_offer(f, "offer", id);
	payload = intake_feed_payload(f, f->n_rows - 1);
	copy = malloc(payload.len + 2);
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, payload.ptr, payload.len);
	memcpy(copy + payload.len, "\xff\xff", 2);
	f->len = f->starts[--f->n_rows];
	intake_feed_row(f, market__slice(copy, payload.len + 2));
	free(copy);
}

static void
add_theirs_with_id(intake_feed_t *f, const char *id)
{
	intake_feed_offer(f, "theirs", id);
}

static void
add_another_with_id(intake_feed_t *f, const char *id)
{
	/* Not behind the one before: refused, whatever it says. */
	intake_feed_offer(f, "offer", "a9");
	intake_feed_offer(f, "offer", "a1");
	(void)id;
}

static const intake_setup_t with_theirs = {
	.edits = { "+theirs =offer {'header': {'issuer': 'other.example'}}" }
};

static void (*const fronts[])(intake_feed_t *f, const char *id) = {
	add_junk_with_id, add_theirs_with_id, add_another_with_id
};

/* Refused, it must not be taken for the one that was accepted. */
START_TEST(row_that_is_refused_hides_no_other_of_its_id)
{
	intake_t intake;

	INTAKE_OPEN(&intake, _i % INTAKE_BACKENDS, &with_theirs);
	intake_feed_offer(&intake.feed, "offer", "a0");
	fronts[_i / INTAKE_BACKENDS](&intake.feed, "b");
	intake_feed_offer(&intake.feed, "offer", "b");
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

int
main(void)
{
	Suite *suite = suite_create("intake_hostile");
	TCase *tcase = tcase_create("hostile");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, row_that_is_refused_hides_no_other_of_its_id,
	    0, (int)MARKET__COUNT(fronts) * INTAKE_BACKENDS);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
