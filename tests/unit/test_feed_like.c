/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row is judged as the same offer signed alone would be: over random worlds,
 * with rows that are alike, so that most are known from others before them,
 * and with what takes single ones of them away.
 */
#include "config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "feed_kit.h"
#include "pool.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define WORLDS   240

/* In the order of their ids; "offer" is the world's own. */
static const char *const offers[] = {
	"+a0 =offer {'price': {'amountMicros': '210000000'}}",
	"+a1 =offer {'price': {'amountMicros': '220000000'}}",
	"+a2 =offer {'title': 'Another title', 'quantity': '3'}",
	"+a3 =offer {'gtin': '06954176800016'}",
	"+a4 =offer {'gtin': '00012345600012'}",
	"+b0 =offer {'territories': ['CA']}",
	"+b1 =offer {'territories': ['CA', 'US']}",
	"+b2 =offer {'territories': ['US'], 'price': {'amountMicros': '1'}}",
	"+c0 =offer {'disclosures': []}",
	"+c1 =offer {'disclosures': ['DISCLOSURE_SERVICE_3G_ONLY']}",
	"+d0 =offer {'brand': 'meizu'}",
	"+d1 =offer {'model': '2014811'}",
	"+d2 =offer {'condition': 'CONDITION_USED'}",
	"+e0 =offer {'header': {'notAfter': '2016-06-01T00:00:00Z'}}",
	"+e1 =offer {'header': {'notBefore': '2016-07-01T00:00:00Z'}}",
	"+e2 =offer {'header': {'issuedAt': '2016-08-01T00:00:00Z'}}",
	"+f0 =offer {'networks': ['usmobile.com/us']}",
	"+f1 =offer {'networks': ['usmobile.com/us', 't-mobile.com/us']}",
	"+f2 =offer {'softwareVersion': '7.1.3'}",
	"+f3 =offer {'hardwareVersion': 'P2', 'fulfiller': 'ware.example'}",
	"+f4 =offer {'marketplace': 'other.example'}",
	"+g0 =offer {'link': 'https://shop.example/g0'}",
	"+g1 =offer {'link': 'ftp://shop.example/g1'}",
	"+g2 =offer {'header': {'revision': '7'}}",
	("+g3 =offer {'channels': ['CHANNEL_ONLINE_STORE', "
	 "'CHANNEL_RETAIL_STORE']}"),
	/* Once more, when more is known. */
	"+p0 =a0 {}",
	"+p1 =b1 {}",
	"+p2 =c0 {}",
	"+p3 =f1 {}",
	"+p4 =f3 {}",
	"+p5 =g3 {}",
};

#define OFFERS (COUNT(offers) + 1)

/* What takes single rows away, or some of them, or none. */
static const char *const taking[] = {
	"+t0 withdrawal shop.example {'target': {'kind': 'offer', 'issuer':"
	" 'shop.example', 'id': 'a1'}, 'reason': 'WITHDRAWAL_REASON_CEASED'}",
	"+t1 withdrawal shop.example {'targetDigest': '$digest:p0',"
	" 'reason': 'WITHDRAWAL_REASON_CEASED'}",
	"+t2 withdrawal mi.com {'targetDigest': '$digest:a2', 'effectiveAt':"
	" '2016-05-01T00:00:00Z', 'reason': 'WITHDRAWAL_REASON_CEASED'}",
	"+t3 status shop.example {'sequence': '1', 'page': 1, 'pageCount': 1,"
	" 'withdrawn': ['$digest:p1']}",
	"+t4 hold usmobile.com {'target': {'seller': 'shop.example',"
	" 'offerId': 'a0'}, 'reason': 'WITHDRAWAL_REASON_SAFETY'}",
	"+t5 hold usmobile.com {'target': {'brand': 'meizu'},"
	" 'reason': 'WITHDRAWAL_REASON_SAFETY'}",
	"+t6 hold usmobile.com {'target': {'model': '2014215', 'offerId':"
	" 'p3'}, 'reason': 'WITHDRAWAL_REASON_SAFETY'}",
	"+t7 withdrawal shop.example {'target': {'kind': 'offer', 'issuer':"
	" 'shop.example', 'id': 'none'}, 'reason': 'WITHDRAWAL_REASON_CEASED'}",
	"+t8 withdrawal t-mobile.com {'target': {'kind': 'offer', 'issuer':"
	" 'shop.example', 'id': 'a0'}, 'reason': 'WITHDRAWAL_REASON_CEASED'}",
	"+t9 hold usmobile.com {'target': {'seller': 'shop.example',"
	" 'offerId': 'a0'}, 'header': {'notAfter': '2016-03-01T00:00:00Z'},"
	" 'reason': 'WITHDRAWAL_REASON_SAFETY'}",
};

#define FEED_END "2099-01-01T00:00:00Z"

typedef struct plot {
	pool_world_t pool;
	char names[OFFERS][8]; /* of the rows */
	char more[COUNT(taking)][8];
	const char *extra[COUNT(taking) + 1];
	feed_kit_t kit;
	json_t *told[OFFERS]; /* reports, or NULL */
	market_status_t status[OFFERS];
	market_feed_report_t report;
} plot_t;

static void
edit_all(plot_t *plot, const char *keys)
{
	char edit[128];
	size_t i;

	for (i = 0; i < COUNT(offers); i++) {
		world_edit(plot->pool.world, offers[i]);
		snprintf(plot->names[i], sizeof(plot->names[i]), "%.2s",
		    offers[i] + 1);
		snprintf(edit, sizeof(edit), "%s {'header': {'id': '%s'}}",
		    plot->names[i], plot->names[i]);
		world_edit(plot->pool.world, edit);
		snprintf(edit, sizeof(edit), "%s @%s", plot->names[i], keys);
		world_edit(plot->pool.world, edit);
	}
}

/* "offer" stands before "p0". */
static void
order(plot_t *plot)
{
	size_t i = COUNT(offers);

	for (; i > 0 && strcmp(plot->names[i - 1], "offer") > 0; i--)
		memcpy(
		    plot->names[i], plot->names[i - 1], sizeof(plot->names[i]));
	snprintf(plot->names[i], sizeof(plot->names[i]), "offer");
}

static void
open_plot(plot_t *plot, unsigned seed)
{
	uint32_t state = seed * 40503u + 7;
	const char *keys = "shop.example";
	size_t i, n = 0;

	memset(plot, 0, sizeof(*plot));
	pool_world_init(&plot->pool, seed);
	if (strstr(plot->pool.story, "offer @shop.example shop.example#2"))
		keys = "shop.example shop.example#2";
	if (seed % 16 == 5)
		keys = "forger";
	if (seed % 16 == 6)
		keys = "shop.example#2 forger";
	edit_all(plot, keys);
	order(plot);
	if (keys[0] != 's' || keys[12] != '\0') {
		char edit[64];

		snprintf(edit, sizeof(edit), "offer @%s", keys);
		world_edit(plot->pool.world, edit);
	}
	for (i = 0; i < COUNT(taking); i++) {
		if (pool_random(&state, 5) != 0)
			continue;
		world_edit(plot->pool.world, taking[i]);
		snprintf(plot->more[n], sizeof(plot->more[n]), "%.2s",
		    taking[i] + 1);
		plot->extra[n] = plot->more[n];
		n++;
	}
	feed_kit_init(&plot->kit, plot->pool.world);
	/* It takes nothing from any of them by its own time. */
	plot->kit.since = "1971-01-01T00:00:00Z";
	plot->kit.not_after = FEED_END;
	for (i = 0; i < OFFERS; i++)
		feed_kit_offer(&plot->kit, plot->names[i], NULL);
	feed_kit_sign(&plot->kit, keys);
}

static void
close_plot(plot_t *plot)
{
	size_t i;

	for (i = 0; i < OFFERS; i++)
		json_decref(plot->told[i]);
	feed_kit_clear(&plot->kit);
	pool_world_clear(&plot->pool);
}

/* Where nothing else would ever change, it is the feed that ends. */
static void
forget_end(json_t *object)
{
	const char *horizon = json_string_value(
	    json_object_get(object, "horizon"));

	if (horizon != NULL && strcmp(horizon, FEED_END) == 0)
		json_object_set_new(object, "horizon", json_null());
}

/* The report without whose word it rests on: of a row also the feed's. */
static json_t *
report_of(const market_decision_t *decision)
{
	market_buffer_t text = MARKET_BUFFER_INIT;
	json_t *json, *cell;
	size_t i;

	ck_assert_int_eq(market_decision_json(decision, &text), MARKET_OK);
	json = json_loadb((const char *)text.data, text.len, 0, NULL);
	ck_assert_ptr_nonnull(json);
	ck_assert_int_eq(json_object_del(json, "sources"), 0);
	forget_end(json);
	json_array_foreach(json_object_get(json, "cells"), i, cell)
	    forget_end(cell);
	market_buffer_clear(&text);
	return json;
}

static int
hear(void *user, const market_feed_row_t *row)
{
	plot_t *plot = user;

	ck_assert_msg(row->decision != NULL && row->count == 1,
	    "seed %u: row %llu: %s", plot->pool.seed,
	    (unsigned long long)row->index, row->error->message);
	ck_assert_uint_lt(row->index, OFFERS);
	ck_assert_ptr_null(plot->told[row->index]);
	plot->told[row->index] = report_of(row->decision);
	plot->status[row->index] = row->status;
	return 0;
}

static bool
notes_alone(const market_finding_t *findings, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (findings[i].effect != MARKET_EFFECT_NOTE)
			return false;
	return true;
}

/* Is there nothing to tell of it? */
static bool
is_plain(const market_decision_t *decision)
{
	const market_finding_t *finding;
	const market_cell_t *cell;
	size_t i;

	for (i = 0; (finding = market_decision_finding(decision, i)) != NULL;
	     i++)
		if (!notes_alone(finding, 1))
			return false;
	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++)
		if (!notes_alone(cell->findings, cell->finding_count))
			return false;
	return market_decision_verdict(decision) == MARKET_VERDICT_PERMIT;
}

/* The first member that differs: a whole report is too long to be told. */
static void
tell_difference(const plot_t *plot, size_t i, json_t *want)
{
	json_t *got = plot->told[i], *value;
	const char *name;
	char *a, *b;

	json_object_foreach(want, name, value)
	{
		if (json_equal(value, json_object_get(got, name)))
			continue;
		a = json_dumps(value, JSON_ENCODE_ANY);
		b = json_dumps(json_object_get(got, name), JSON_ENCODE_ANY);
		ck_abort_msg("seed %u: %s: %s is alone\n%.900s\nand in the "
			     "feed\n%.900s\n%s",
		    plot->pool.seed, plot->names[i], name, a, b,
		    plot->pool.story);
	}
	ck_abort_msg("seed %u: %s has more in the feed than alone",
	    plot->pool.seed, plot->names[i]);
}

static void
compare(const plot_t *plot, size_t i, market_status_t status,
    const market_decision_t *alone)
{
	json_t *want = report_of(alone);

	ck_assert_msg(is_plain(alone) == (plot->told[i] == NULL),
	    "seed %u: %s is %s alone, and %s\n%s", plot->pool.seed,
	    plot->names[i], is_plain(alone) ? "permitted" : "not",
	    plot->told[i] == NULL ? "was not told" : "was told",
	    plot->pool.story);
	if (plot->told[i] != NULL) {
		if (!json_equal(want, plot->told[i]))
			tell_difference(plot, i, want);
		ck_assert_int_eq(status, plot->status[i]);
	}
	json_decref(want);
}

/* Each offer in an envelope of its own, by evidence that saw no feed. */
static void
compare_all(plot_t *plot)
{
	market_evidence_t *evidence = pool_evidence(
	    &plot->pool, NULL, plot->extra);
	market_decision_t *decision;
	market_status_t status;
	size_t i;

	for (i = 0; i < OFFERS; i++) {
		decision = NULL;
		status = market_check(evidence,
		    world_envelope(plot->pool.world, plot->names[i]),
		    plot->pool.at, &decision, NULL);
		ck_assert_ptr_nonnull(decision);
		compare(plot, i, status, decision);
		market_decision_free(decision);
	}
	market_evidence_free(evidence);
}

static void
judge_feed(plot_t *plot)
{
	market_evidence_t *evidence = pool_evidence(
	    &plot->pool, NULL, plot->extra);
	feed_reader_t reader = feed_reader_of(&plot->kit);
	market_feed_options_t options = {
		.size = sizeof(options), .row = hear, .user = plot
	};
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_msg(
	    market_check_feed(evidence, plot->kit.feed, feed_kit_read, &reader,
		plot->pool.at, &options, &plot->report, &error) == MARKET_OK,
	    "seed %u: %s", plot->pool.seed, error.message);
	ck_assert_uint_eq(plot->report.rows, OFFERS);
	market_evidence_free(evidence);
}

#define PARTS 8

START_TEST(row_is_judged_as_an_offer_signed_alone)
{
	size_t rounds = harness_rounds(WORLDS), seed, permitted = 0, told = 0;
	plot_t *plot = malloc(sizeof(*plot));

	ck_assert_ptr_nonnull(plot);
	for (seed = (size_t)_i; seed < rounds; seed += PARTS) {
		open_plot(plot, (unsigned)seed);
		judge_feed(plot);
		compare_all(plot);
		permitted += plot->report.permitted;
		told += OFFERS - plot->report.permitted;
		close_plot(plot);
	}
	/* Of both there are enough to say something. */
	if (rounds == WORLDS) {
		ck_assert_uint_gt(permitted, 30);
		ck_assert_uint_gt(told, 30);
	}
	free(plot);
}
END_TEST

static Suite *
like_suite(void)
{
	Suite *suite = suite_create("feed_like");
	TCase *like = tcase_create("like");

	tcase_set_timeout(like, 600);
	tcase_add_loop_test(
	    like, row_is_judged_as_an_offer_signed_alone, 0, PARTS);
	suite_add_tcase(suite, like);
	return suite;
}

int
main(void)
{
	return harness_main(like_suite());
}
