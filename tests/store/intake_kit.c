/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h" /* mkdtemp, open_memstream */

#include "intake_kit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/store_call.h"

static const char *const evidence[] = { "seller", "product", "network", "mvno",
	"grant", "carrier", "fcc" };

/* ---- the store ---- */

static bool
create(intake_t *intake, const intake_setup_t *setup)
{
	market_store_options_t options = { 0 };
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	if (setup != NULL)
		options = setup->options;
	options.size = sizeof(options);
	status = market_store_create(world_context(intake->world), intake->path,
	    world_envelope(intake->world, "root"),
	    world_envelope(intake->world, "policy"), intake->now, &options,
	    &intake->store, &error);
	if (status == MARKET_E_UNSUPPORTED)
		return false;
	ck_assert_msg(status == MARKET_OK, "%s: %s", market_status_name(status),
	    error.message);
	return true;
}

bool
intake_open(intake_t *intake, int backend, const intake_setup_t *setup)
{
	size_t i;

	memset(intake, 0, sizeof(*intake));
	intake->now = world_time(WORLD_NOW);
	intake->world = world_new();
	for (i = 0; setup != NULL && setup->edits[i] != NULL; i++)
		world_edit(intake->world, setup->edits[i]);
	intake_feed(&intake->feed, intake->world);
	intake_plain(intake);
	snprintf(intake->path, sizeof(intake->path), "memory:");
	if (backend != 0) {
		memcpy(intake->folder, "intake-XXXXXX", 14);
		ck_assert_ptr_nonnull(mkdtemp(intake->folder));
		snprintf(intake->path, sizeof(intake->path), "%s/store",
		    intake->folder);
	}
	if (!create(intake, setup)) {
		intake_close(intake);
		return false;
	}
	for (i = 0; i < MARKET__COUNT(evidence); i++)
		intake_add(intake, evidence[i]);
	return true;
}

void
intake_close(intake_t *intake)
{
	static const char *const suffixes[] = { "", "-wal", "-shm",
		"-journal" };
	char path[80];
	size_t i;

	market_store_free(intake->store);
	feed_kit_clear(&intake->feed);
	world_free(intake->world);
	free(intake->told);
	if (intake->folder[0] == '\0')
		return;
	for (i = 0; i < MARKET__COUNT(suffixes); i++) {
		snprintf(path, sizeof(path), "%s%s", intake->path, suffixes[i]);
		(void)unlink(path);
	}
	ck_assert_int_eq(rmdir(intake->folder), 0);
}

market_store_t *
intake_handle(const intake_t *intake)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_store_t *store = NULL;

	ck_assert_msg(market_store_open(world_context(intake->world),
			  intake->path, NULL, &store, &error) == MARKET_OK,
	    "%s", error.message);
	return store;
}

void
intake_reopen(intake_t *intake)
{
	if (intake->folder[0] == '\0')
		return;
	market_store_free(intake->store);
	intake->store = intake_handle(intake);
}

void
intake_add(intake_t *intake, const char *name)
{
	market_slice_t envelope = world_envelope(intake->world, name);
	market_additions_t *additions = NULL;
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_msg(market_store_add(intake->store, &envelope, 1, intake->now,
			  0, &additions, &error) == MARKET_OK,
	    "%s: %s", name, error.message);
	ck_assert_msg(
	    market_additions_at(additions, 0)->result == MARKET_RESULT_ACCEPTED,
	    "%s: %s", name, market_additions_at(additions, 0)->message);
	market_additions_free(additions);
}

void
intake_submit(intake_t *intake, const char *name)
{
	market_slice_t envelope = world_envelope(intake->world, name);
	market_submissions_t *submissions = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	const market_submitted_t *submitted;

	ck_assert_msg(market_store_submit(intake->store, &envelope, 1,
			  intake->now, &submissions, &error) == MARKET_OK,
	    "%s: %s", name, error.message);
	submitted = market_submissions_at(submissions, 0);
	ck_assert_msg(submitted->result == MARKET_RESULT_ACCEPTED, "%s: %s",
	    name, submitted->message);
	market_submissions_free(submissions);
}

/* ---- taking in ---- */

void
intake_feed(feed_kit_t *feed, world_t *world)
{
	feed_kit_init(feed, world);
	feed->id = "catalogue";
	feed->digits = 5;
}

void
intake_renew(intake_t *intake, unsigned revision)
{
	feed_kit_clear(&intake->feed);
	intake_feed(&intake->feed, intake->world);
	intake->feed.revision = revision;
}

void
intake_plain(intake_t *intake)
{
	intake->reader = feed_reader(
	    market__slice(intake->feed.bytes, intake->feed.len));
	intake->stop_row = intake->stop_step = 0;
	intake->time_limit_ms = 0;
	intake->meanwhile = NULL;
}

/* What a row says of itself agrees. */
static void
expect_sense(const market_feed_row_t *row)
{
	bool judged = row->error == NULL;

	/* Where it is permitted there may be nothing to tell. */
	ck_assert(judged ? row->decision != NULL || row->status == MARKET_OK
			 : row->decision == NULL);
	ck_assert_int_eq(judged,
	    row->status == MARKET_OK || row->status == MARKET_E_DENIED ||
		row->status == MARKET_E_INDETERMINATE);
	ck_assert(row->result >= MARKET_RESULT_ACCEPTED &&
	    row->result <= MARKET_RESULT_REFUSED);
	if (judged)
		ck_assert_uint_eq(row->count, 1);
	else
		ck_assert_int_eq(row->error->status, row->status);
}

static int
hear(void *user, const market_feed_row_t *row)
{
	intake_t *intake = user;

	expect_sense(row);
	fprintf(intake->to_told, "%llu+%llu %.*s %s %s\n",
	    (unsigned long long)row->index, (unsigned long long)row->count,
	    row->offer_id.len == 0 ? 1 : (int)row->offer_id.len,
	    row->offer_id.len == 0 ? "-" : (const char *)row->offer_id.ptr,
	    market_status_name(row->status) + sizeof("MARKET_") - 1,
	    market_result_name(row->result));
	return ++intake->rows == intake->stop_row ? 7 : 0;
}

static int
hear_progress(void *user, uint64_t done)
{
	intake_t *intake = user;

	ck_assert_msg(done <= market_feed_count(intake->feed.feed),
	    "%llu of %llu rows were judged", (unsigned long long)done,
	    (unsigned long long)market_feed_count(intake->feed.feed));
	if (intake->meanwhile != NULL)
		intake->meanwhile(intake);
	return ++intake->steps == intake->stop_step ? -1 : 0;
}

static void
expect_sums(const market_intake_report_t *report)
{
	const market_feed_report_t *rows = &report->rows;

	ck_assert_uint_eq(rows->rows,
	    rows->permitted + rows->warned + rows->denied +
		rows->indeterminate + rows->refused);
	ck_assert_uint_eq(rows->rows,
	    report->listed + report->unchanged + report->stale + report->forks +
		report->rejected);
}

market_status_t
intake_take(intake_t *intake)
{
	market_intake_options_t options = { .size = sizeof(options),
		.threads = intake->threads,
		.time_limit_ms = intake->time_limit_ms,
		.max_ended = intake->max_ended,
		.row = hear,
		.progress = hear_progress,
		.user = intake };
	static const market_error_t none = MARKET_ERROR_INIT;
	market_status_t status;

	free(intake->told);
	intake->told = NULL;
	intake->to_told = open_memstream(&intake->told, &intake->told_len);
	ck_assert_ptr_nonnull(intake->to_told);
	intake->rows = intake->steps = 0;
	intake->reader.at = 0;
	intake->error = none;
	memset(&intake->report, 0xff, sizeof(intake->report));
	status = market_store_submit_feed(intake->store, intake->feed.feed,
	    feed_kit_read, &intake->reader, intake->now, &options,
	    &intake->report, &intake->error);
	fclose(intake->to_told);
	ck_assert_int_eq(intake->error.status, status);
	expect_sums(&intake->report);
	return status;
}

void
intake_whole(intake_t *intake)
{
	market_status_t status;

	feed_kit_sign(&intake->feed, "shop.example");
	intake_plain(intake);
	status = intake_take(intake);
	ck_assert_msg(status == MARKET_OK, "%s: %s", market_status_name(status),
	    intake->error.message);
	ck_assert(intake->report.done);
}

/* ---- what is there ---- */

static void
tell_mark(intake_t *intake, FILE *out)
{
	market_store_mark_t mark;
	size_t i;

	ck_assert_int_eq(
	    market_store_get_mark(intake->store, &mark, NULL), MARKET_OK);
	fprintf(out, "%llu statements, %llu entries ",
	    (unsigned long long)mark.epoch, (unsigned long long)mark.entries);
	for (i = 0; i < sizeof(mark.entry_chain); i++)
		fprintf(out, "%02x", mark.entry_chain[i]);
	fputc('\n', out);
}

static void
tell_listing(const market_listing_t *listing, FILE *out)
{
	size_t k;

	fprintf(out, "%.*s %s %s %llu", (int)listing->id.len,
	    (const char *)listing->id.ptr,
	    market_listing_status_name(listing->status),
	    market_intent_name(listing->intent),
	    (unsigned long long)listing->revision);
	for (k = 0; k < listing->cell_count; k++)
		fprintf(out, " %d %s %lld", listing->cells[k].live,
		    market_verdict_name(listing->cells[k].verdict),
		    (long long)listing->cells[k].horizon);
	fputc('\n', out);
}

char *
intake_state(intake_t *intake)
{
	market_list_query_t query = {
		.size = sizeof(query), .at = intake->now, .limit = 10000
	};
	market_listings_t *listings = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	const market_listing_t *listing;
	char *text = NULL;
	size_t len = 0, i;
	FILE *out = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(out);
	tell_mark(intake, out);
	ck_assert_msg(market_store_list(intake->store, &query, &listings,
			  &error) == MARKET_OK,
	    "%s", error.message);
	ck_assert(!market_listings_more(listings));
	for (i = 0; (listing = market_listings_at(listings, i)) != NULL; i++)
		tell_listing(listing, out);
	market_listings_free(listings);
	fclose(out);
	return text;
}

uint64_t
intake_entries(intake_t *intake)
{
	market_store_mark_t mark;

	ck_assert_int_eq(
	    market_store_get_mark(intake->store, &mark, NULL), MARKET_OK);
	return mark.entries;
}

uint64_t
intake_rows_written(intake_t *intake)
{
	market__backend_t *backend = intake->store->backend;

	return backend->ops->rows_written(backend);
}

void
intake_expect_sound(intake_t *intake)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_faults_t *faults = NULL;

	ck_assert_msg(market_store_fsck(intake->store, NULL, &faults, &error) ==
		MARKET_OK,
	    "fsck: %s", error.message);
	ck_assert_msg(market_faults_at(faults, 0) == NULL, "fsck: %s",
	    market_faults_at(faults, 0));
	market_faults_free(faults);
}

static market_slice_t
listing_id(const char *offer_id)
{
	static char id[128];

	snprintf(id, sizeof(id), "shop.example/%s", offer_id);
	return market_slice_of(id);
}

market_status_t
intake_sale(intake_t *intake, const char *offer_id)
{
	return market_store_sale(intake->store, listing_id(offer_id),
	    market_slice_of("US"), MARKET_CHANNEL_ONLINE_STORE,
	    market_slice_of("t-mobile.com/us"), intake->now, 0, NULL, NULL);
}

void
intake_is(intake_t *intake, const char *offer_id, market_listing_status_t want)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_listings_t *listings = NULL;
	market_listing_status_t got;

	ck_assert_msg(market_store_why(intake->store, listing_id(offer_id),
			  intake->now, 0, &listings, NULL, &error) == MARKET_OK,
	    "%s: %s", offer_id, error.message);
	got = market_listings_at(listings, 0)->status;
	ck_assert_msg(
	    got == want, "%s is %s", offer_id, market_listing_status_name(got));
	market_listings_free(listings);
}
