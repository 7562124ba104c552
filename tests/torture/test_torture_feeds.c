/* SPDX-License-Identifier: Apache-2.0 */
/*
 * X1, X2, X3: feeds without memory: opened, checked, proven and packed as with
 * it, or not at all.
 */
#include "config.h"

#include "feed_kit.h"
#include "object.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static feed_kit_t kit;
static market_buffer_t proof, offer;

/* ---- opened ---- */

static market_status_t
open_list(
    torture_t *torture, FILE *out, market_slice_t bytes, market_error_t *error)
{
	feed_reader_t reader = feed_reader(bytes);
	market_feed_t *feed = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_feed_open(
	    torture->context, feed_kit_read, &reader, &feed, error));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, feed);
		return status;
	}
	fprintf(out, "%llu\n", (unsigned long long)market_feed_count(feed));
	market_feed_free(feed);
	return status;
}

static market_status_t
run_open(torture_t *torture, FILE *out, market_error_t *error)
{
	return open_list(torture, out, market_buffer_slice(&kit.list), error);
}

/* Refused; and for what it is refused is told whatever memory fails. */
static market_status_t
run_open_junk(torture_t *torture, FILE *out, market_error_t *error)
{
	market_slice_t half = market_buffer_slice(&kit.list);

	half.len /= 2;
	return open_list(torture, out, half, error);
}

/* ---- checked ---- */

static int
tell_row(void *user, const market_feed_row_t *row)
{
	fprintf(user, "%llu+%llu %.*s %s %s\n", (unsigned long long)row->index,
	    (unsigned long long)row->count, (int)row->offer_id.len,
	    (const char *)row->offer_id.ptr, market_status_name(row->status),
	    row->error == NULL ? "" : row->error->message);
	return 0;
}

static market_status_t
check_rows(
    torture_t *torture, FILE *out, feed_reader_t reader, market_error_t *error)
{
	/* By one thread: with more, which of them meets the lack is luck. */
	market_feed_options_t options = {
		.size = sizeof(options), .row = tell_row, .user = out
	};
	market_feed_report_t report;
	market_status_t status;

	status = ARMED(market_check_feed(torture->evidence, kit.feed,
	    feed_kit_read, &reader, torture->now, &options, &report, error));
	/* A row that could not be judged is none of those that were. */
	ck_assert_uint_eq(report.rows,
	    report.permitted + report.warned + report.denied +
		report.indeterminate + report.refused);
	if (status == MARKET_OK)
		fprintf(out, "%llu %llu %llu %llu %llu\n",
		    (unsigned long long)report.permitted,
		    (unsigned long long)report.denied,
		    (unsigned long long)report.refused,
		    (unsigned long long)report.chunks_broken,
		    (unsigned long long)report.bytes_behind);
	return status;
}

static market_status_t
run_check(torture_t *torture, FILE *out, market_error_t *error)
{
	return check_rows(torture, out, feed_reader_of(&kit), error);
}

/* The second chunk is lost. */
static market_status_t
run_check_short(torture_t *torture, FILE *out, market_error_t *error)
{
	feed_reader_t reader = feed_reader_of(&kit);

	reader.bytes.len--;
	return check_rows(torture, out, reader, error);
}

/* ---- proven ---- */

static market_status_t
run_prove(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t made = MARKET_BUFFER_INIT, found = MARKET_BUFFER_INIT;
	feed_reader_t reader = feed_reader_of(&kit);
	market_status_t status;

	status = ARMED(market_feed_prove(kit.feed, feed_kit_read, &reader,
	    market_slice_of("0100"), &made, &found, error));
	if (status != MARKET_OK) {
		torture_expect_buffer(torture, &made);
		torture_expect_buffer(torture, &found);
		return status;
	}
	fprintf(out, "%zu %zu\n", made.len, found.len);
	market_buffer_clear(&made);
	market_buffer_clear(&found);
	return status;
}

static market_status_t
run_prove_nothing(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t made = MARKET_BUFFER_INIT;
	feed_reader_t reader = feed_reader_of(&kit);
	market_status_t status;

	(void)out;
	status = ARMED(market_feed_prove(kit.feed, feed_kit_read, &reader,
	    market_slice_of("none"), &made, NULL, error));
	torture_expect_buffer(torture, &made);
	return status;
}

static market_status_t
check_one(torture_t *torture, FILE *out, market_slice_t payload,
    market_error_t *error)
{
	market_decision_t *decision = UNTOUCHED;
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_status_t status;

	status = ARMED(market_check_in_feed(torture->evidence, kit.feed,
	    market_buffer_slice(&proof), payload, torture->now, &decision,
	    error));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, decision);
		return status;
	}
	ck_assert_int_eq(market_decision_json(decision, &json), MARKET_OK);
	fprintf(out, "%.*s\n", (int)json.len, (const char *)json.data);
	market_buffer_clear(&json);
	market_decision_free(decision);
	return status;
}

static market_status_t
run_check_in(torture_t *torture, FILE *out, market_error_t *error)
{
	return check_one(torture, out, market_buffer_slice(&offer), error);
}

static market_status_t
run_check_in_another(torture_t *torture, FILE *out, market_error_t *error)
{
	return check_one(torture, out, feed_kit_payload_of(&kit, 7), error);
}

/* ---- packed ---- */

static market_status_t
put(void *user, market_slice_t bytes)
{
	fprintf(user, "%zu\n", bytes.len);
	return MARKET_OK;
}

/* What could not be added was not: tried again, it is in its place. */
static market_status_t
add_all(market_packer_t *packer, market_slice_t json, market_error_t *error)
{
	market_status_t status;
	size_t i;

	for (i = 0; i < 3; i++) {
		status = ARMED(market_packer_add(
		    packer, feed_kit_payload_of(&kit, i), error));
		if (status == MARKET_OK)
			continue;
		ck_assert_uint_eq(market_packer_count(packer), i);
		ck_assert_int_eq(market_packer_add(packer,
				     feed_kit_payload_of(&kit, i), NULL),
		    MARKET_OK);
		return status;
	}
	status = ARMED(market_packer_add_json(packer, json, error));
	ck_assert_uint_eq(
	    market_packer_count(packer), status == MARKET_OK ? 4 : 3);
	return status;
}

static market_status_t
pack(torture_t *torture, FILE *out, market_slice_t draft, market_slice_t json,
    market_error_t *error)
{
	market_signer_t *signer = world_signer(torture->world, "shop.example");
	market_buffer_t list = MARKET_BUFFER_INIT;
	market_packer_t *packer = UNTOUCHED;
	market_status_t status;

	status = ARMED(market_packer_new(
	    torture->context, draft, put, out, &packer, error));
	if (status != MARKET_OK) {
		EXPECT_UNTOUCHED(torture, packer);
		return status;
	}
	status = add_all(packer, json, error);
	if (status == MARKET_OK)
		status = ARMED(market_packer_finish(
		    packer, &signer, 1, MARKET_FORMAT_PROTOBUF, &list, error));
	if (status != MARKET_OK)
		torture_expect_buffer(torture, &list);
	else
		fprintf(out, "%zu\n", list.len);
	market_buffer_clear(&list);
	market_packer_free(packer);
	return status;
}

static market_status_t
run_pack(torture_t *torture, FILE *out, market_error_t *error)
{
	market_buffer_t draft = MARKET_BUFFER_INIT, json = MARKET_BUFFER_INIT;
	market_status_t status;

	/* The list of before, as a seller would hand it in once more. */
	ck_assert_int_eq(
	    market_statement_json(market_feed_statement(kit.feed), 0, &draft),
	    MARKET_OK);
	ck_assert_int_eq(
	    market_statement_json(torture->statement, 0, &json), MARKET_OK);
	status = pack(torture, out, market_buffer_slice(&draft),
	    market_buffer_slice(&json), error);
	market_buffer_clear(&draft);
	market_buffer_clear(&json);
	return status;
}

static const torture_row_t rows[] = {
	{ "feed_open", run_open, TORTURE_INTERNAL },
	{ "feed_open of half a list", run_open_junk, TORTURE_INTERNAL },
	{ "check_feed", run_check, TORTURE_INTERNAL },
	{ "check_feed of rows that end early", run_check_short,
	    TORTURE_INTERNAL },
	{ "feed_prove", run_prove, TORTURE_INTERNAL },
	{ "feed_prove of what is not there", run_prove_nothing,
	    TORTURE_INTERNAL },
	{ "check_in_feed", run_check_in, TORTURE_INTERNAL },
	{ "check_in_feed of another's proof", run_check_in_another,
	    TORTURE_INTERNAL },
	{ "packer_new, _add, _add_json, _finish", run_pack, TORTURE_INTERNAL },
};

/* Rows that are permitted, denied, refused, and in a chunk of their own. */
static void
make(torture_t *torture)
{
	feed_reader_t reader;

	world_edit(torture->world,
	    "+denied =offer {'territories': ['CA', 'US'], 'disclosures': []}");
	world_edit(torture->world, "+z =offer {'header': {'id': 'z'}}");
	feed_kit_init(&kit, torture->world);
	feed_kit_offers(&kit, "offer", 0, 250);
	feed_kit_offer(&kit, "denied", "0300");
	feed_kit_text(&kit, "junk");
	feed_kit_offer(&kit, "offer", "0200");
	feed_kit_offers(&kit, "offer", 400, 10);
	feed_kit_sign(&kit, "shop.example");
	torture->evidence = world_evidence(torture->world, 0);
	ck_assert_int_eq(
	    market_statement_parse(torture->context,
		world_envelope(torture->world, "z"),
		MARKET_KINDS(MARKET_KIND_OFFER), &torture->statement, NULL),
	    MARKET_OK);
	reader = feed_reader_of(&kit);
	ck_assert_int_eq(market_feed_prove(kit.feed, feed_kit_read, &reader,
			     market_slice_of("0100"), &proof, &offer, NULL),
	    MARKET_OK);
}

START_TEST(feeds_tell_memory_when_there_is_none)
{
	torture_t torture;

	torture_init(&torture);
	make(&torture);
	object_sweep(&torture, &rows[_i], (size_t)_i);
	market_buffer_clear(&proof);
	market_buffer_clear(&offer);
	feed_kit_clear(&kit);
	market_statement_free(torture.statement);
	market_evidence_free(torture.evidence);
	torture_clear(&torture);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("torture_feeds");
	TCase *tcase = tcase_create("feeds");

	tcase_set_timeout(tcase, 2400);
	tcase_add_loop_test(
	    tcase, feeds_tell_memory_when_there_is_none, 0, (int)COUNT(rows));
	suite_add_tcase(suite, tcase);
	return torture_main(suite);
}
