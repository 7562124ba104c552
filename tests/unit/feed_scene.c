/* SPDX-License-Identifier: Apache-2.0 */
/* What is told of feeds, and scenes of world, evidence and feed. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "feed_kit.h"

/* ---- checking ---- */

void
feed_heard_init(feed_heard_t *heard)
{
	memset(heard, 0, sizeof(*heard));
	heard->stop_at = heard->stop_step = SIZE_MAX;
}

void
feed_heard_clear(feed_heard_t *heard)
{
	free(heard->lines);
	free(heard->full);
	feed_heard_init(heard);
}

/* What a row says of itself agrees. */
static void
expect_sense(const market_feed_row_t *row)
{
	bool decided = row->decision != NULL;

	ck_assert_int_eq(decided, row->error == NULL);
	ck_assert_int_eq(decided,
	    row->status == MARKET_OK || row->status == MARKET_E_DENIED ||
		row->status == MARKET_E_INDETERMINATE);
	if (decided) {
		ck_assert_uint_eq(row->count, 1);
		ck_assert_int_eq(market_decision_verdict(row->decision) ==
			MARKET_VERDICT_PERMIT,
		    row->status == MARKET_OK);
	} else {
		ck_assert_int_eq(row->error->status, row->status);
		ck_assert_uint_gt(strlen(row->error->message), 0);
	}
}

static int
hear(void *user, const market_feed_row_t *row)
{
	market_buffer_t json = MARKET_BUFFER_INIT;
	feed_heard_t *heard = user;
	char line[256];

	expect_sense(row);
	snprintf(line, sizeof(line), "%llu", (unsigned long long)row->index);
	if (row->count != 1)
		snprintf(line + strlen(line), sizeof(line) - strlen(line),
		    "+%llu", (unsigned long long)row->count);
	snprintf(line + strlen(line), sizeof(line) - strlen(line), " %.*s %s\n",
	    row->offer_id.len == 0 ? 1 : (int)row->offer_id.len,
	    row->offer_id.len == 0 ? "-" : (const char *)row->offer_id.ptr,
	    market_status_name(row->status) + sizeof("MARKET_") - 1);
	fputs(line, heard->to_lines);
	fputs(line, heard->to_full);
	if (row->decision != NULL) {
		ck_assert_int_eq(
		    market_decision_json(row->decision, &json), MARKET_OK);
		fprintf(heard->to_full, "%.*s\n", (int)json.len,
		    (const char *)json.data);
		market_buffer_clear(&json);
	} else {
		fprintf(heard->to_full, "%s: %s\n", row->error->path,
		    row->error->message);
	}
	return ++heard->n == heard->stop_at ? 7 : 0;
}

static int
hear_progress(void *user, uint64_t done)
{
	feed_heard_t *heard = user;

	ck_assert_uint_gt(done, heard->done);
	heard->done = done;
	return ++heard->steps == heard->stop_step ? -1 : 0;
}

market_status_t
feed_kit_check(const feed_kit_t *kit, market_evidence_t *evidence,
    feed_reader_t *reader, int64_t at, unsigned threads, feed_heard_t *heard,
    market_feed_report_t *report, market_error_t *error)
{
	market_feed_options_t options = { .size = sizeof(options),
		.threads = threads,
		.row = hear,
		.progress = hear_progress,
		.user = heard };
	market_status_t status;

	heard->to_lines = open_memstream(&heard->lines, &heard->lines_len);
	heard->to_full = open_memstream(&heard->full, &heard->full_len);
	ck_assert(heard->to_lines != NULL && heard->to_full != NULL);
	memset(report, 0xff, sizeof(*report));
	status = market_check_feed(evidence, kit->feed, feed_kit_read, reader,
	    at, &options, report, error);
	fclose(heard->to_lines);
	fclose(heard->to_full);
	ck_assert_uint_eq(report->rows,
	    report->permitted + report->warned + report->denied +
		report->indeterminate + report->refused);
	return status;
}

/* ---- scenes ---- */

void
feed_scene_open(feed_scene_t *scene, market_context_t *context)
{
	memset(scene, 0, sizeof(*scene));
	scene->world = context == NULL ? world_new() : world_new_with(context);
	feed_kit_init(&scene->kit, scene->world);
	feed_heard_init(&scene->heard);
}

void
feed_scene_close(feed_scene_t *scene)
{
	feed_heard_clear(&scene->heard);
	feed_kit_clear(&scene->kit);
	market_evidence_free(scene->evidence);
	world_free(scene->world);
}

void
feed_scene_of(feed_scene_t *scene, size_t n)
{
	feed_scene_open(scene, NULL);
	feed_kit_offers(&scene->kit, "offer", 0, n);
	feed_kit_sign(&scene->kit, "shop.example");
}

void
feed_scene_large(feed_scene_t *scene, size_t n)
{
	char id[8];
	size_t i;

	feed_scene_open(scene, NULL);
	world_edit(scene->world, "+bad =offer {'territories': ['CA']}");
	for (i = 0; i < n; i++) {
		snprintf(id, sizeof(id), "%05u", (unsigned)i % 100000);
		feed_kit_offer(&scene->kit, i % 3 == 0 ? "bad" : "offer", id);
	}
	feed_kit_sign(&scene->kit, "shop.example");
}

market_status_t
feed_scene_read(feed_scene_t *scene, feed_reader_t *reader, unsigned threads,
    market_error_t *error)
{
	size_t stop_at = scene->heard.stop_at;
	size_t stop_step = scene->heard.stop_step;

	if (scene->evidence == NULL)
		scene->evidence = world_evidence(scene->world, 0);
	feed_heard_clear(&scene->heard);
	scene->heard.stop_at = stop_at;
	scene->heard.stop_step = stop_step;
	return feed_kit_check(&scene->kit, scene->evidence, reader,
	    world_time(WORLD_NOW), threads, &scene->heard, &scene->report,
	    error);
}

market_status_t
feed_scene_check(feed_scene_t *scene, unsigned threads)
{
	feed_reader_t reader = feed_reader_of(&scene->kit);

	return feed_scene_read(scene, &reader, threads, NULL);
}

void
feed_scene_expect(const feed_scene_t *scene, uint64_t rows, uint64_t permitted,
    uint64_t denied, uint64_t refused)
{
	const market_feed_report_t *report = &scene->report;

	ck_assert_uint_eq(report->rows, rows);
	ck_assert_uint_eq(report->permitted, permitted);
	ck_assert_uint_eq(report->warned, 0);
	ck_assert_uint_eq(report->denied, denied);
	ck_assert_uint_eq(report->indeterminate, 0);
	ck_assert_uint_eq(report->refused, refused);
}

/* ---- proofs ---- */

market_status_t
feed_scene_prove(const feed_scene_t *scene, const char *id, feed_proof_t *proof,
    market_buffer_t *offer, market_error_t *error)
{
	feed_reader_t reader = feed_reader_of(&scene->kit);
	market_buffer_t made = MARKET_BUFFER_INIT;
	market_status_t status;

	status = market_feed_prove(scene->kit.feed, feed_kit_read, &reader,
	    market_slice_of(id), &made, offer, error);
	ck_assert_int_eq(made.data == NULL, status != MARKET_OK);
	ck_assert_uint_le(made.len, FEED_PROOF_MAX);
	proof->len = made.len;
	if (made.len > 0)
		memcpy(proof->at, made.data, made.len);
	market_buffer_clear(&made);
	return status;
}

void
feed_scene_prove_row(const feed_scene_t *scene, size_t i, feed_proof_t *proof)
{
	market_error_t error = MARKET_ERROR_INIT;
	char id[8];

	snprintf(id, sizeof(id), "%04u", (unsigned)i % 10000);
	ck_assert_msg(
	    feed_scene_prove(scene, id, proof, NULL, &error) == MARKET_OK,
	    "%s: %s", id, error.message);
}

market_status_t
feed_scene_believe(feed_scene_t *scene, const market_feed_t *feed,
    const feed_proof_t *proof, market_slice_t offer)
{
	market_decision_t *decision = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	if (scene->evidence == NULL)
		scene->evidence = world_evidence(scene->world, 0);
	status = market_check_in_feed(scene->evidence, feed,
	    market__slice(proof->at, proof->len), offer, world_time(WORLD_NOW),
	    &decision, &error);
	ck_assert_int_eq(decision == NULL,
	    status != MARKET_OK && status != MARKET_E_DENIED &&
		status != MARKET_E_INDETERMINATE);
	ck_assert_int_eq(error.status, status);
	market_decision_free(decision);
	return status;
}

market_status_t
feed_scene_believe_row(feed_scene_t *scene, const feed_proof_t *proof, size_t i)
{
	return feed_scene_believe(
	    scene, scene->kit.feed, proof, feed_kit_payload_of(&scene->kit, i));
}
