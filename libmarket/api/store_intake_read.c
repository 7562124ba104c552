/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a chunk as offers of the feed's seller. */
#include "api/store_intake.h"

/* Bytes for the ids and errors of a chunk's rows, and for what they ask, where
 * a number of one byte takes four. */
#define JOB_BUDGET (((size_t)4 << 20) + 4 * (size_t)MARKET__CHUNK_BYTES_MAX)

static market_status_t
keep_error(market__bringing_t *job, size_t row, const market_error_t *error)
{
	market_error_t *kept = market__arena_raw(&job->arena, sizeof(*kept));

	if (kept == NULL)
		return market__arena_refusal(&job->arena);
	*kept = *error;
	job->errors[row] = kept;
	market_statement_free(job->offers[row]);
	job->offers[row] = NULL;
	return MARKET_OK;
}

market_status_t
market__bring_refuse(
    market__bringing_t *job, size_t row, const market__misplaced_t *why)
{
	market_error_t error = MARKET_ERROR_INIT;

	(void)market__error(
	    &error, MARKET_E_SCHEMA, why->path, -1, "%s", why->text);
	return keep_error(job, row, &error);
}

static market_status_t
bring_row(const market_feed_t *feed, market__bringing_t *job, size_t row)
{
	const market__header_t *header;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	status = market__row_parse(
	    feed->context, job->chunk.rows[row], &job->offers[row], &error);
	if (status != MARKET_OK)
		return market__row_told(status) ? keep_error(job, row, &error)
						: status;
	header = market__header(job->offers[row]);
	job->ids[row] = market__arena_copy(&job->arena, header->id);
	if (job->ids[row].ptr == NULL)
		return market__arena_refusal(&job->arena);
	if (!market__slice_equal(
		header->issuer, market__header(feed->statement)->issuer))
		return market__bring_refuse(job, row, &market__row_foreign);
	return market__like_of(
	    job->offers[row]->message, &job->arena, &job->likes[row]);
}

void
market__bring(const market_feed_t *feed, market__bringing_t *job)
{
	size_t i;

	market__arena_init(&job->arena, &feed->context->allocator, JOB_BUDGET);
	/* An empty feed has no root of a chunk, and nothing to verify. */
	job->status = market__feed_of(feed)->count == 0
	    ? MARKET_OK
	    : market__chunk_verify(feed, job->hasher, &job->chunk, NULL);
	for (i = 0; i < job->chunk.n_rows && job->status == MARKET_OK; i++)
		job->status = bring_row(feed, job, i);
}

void
market__bring_empty(market__bringing_t *job)
{
	size_t i;

	for (i = 0; i < MARKET__CHUNK; i++)
		market_statement_free(job->offers[i]);
	memset(job->offers, 0, sizeof(job->offers));
	memset(job->errors, 0, sizeof(job->errors));
	memset(job->ids, 0, sizeof(job->ids));
	market__arena_clear(&job->arena);
}

size_t
market__bring_ids(
    const market__bringing_t *job, market_slice_t ids[MARKET__CHUNK])
{
	size_t i, n = 0;

	for (i = 0; i < job->chunk.n_rows; i++)
		if (job->offers[i] != NULL)
			ids[n++] = job->ids[i];
	return n;
}

market_status_t
market__bring_order(market__intake_t *intake)
{
	market_slice_t last = intake->before.last_id;
	market_status_t status = MARKET_OK;
	market__bringing_t *job;
	size_t k, i;

	for (k = 0; k < intake->n_jobs && status == MARKET_OK; k++) {
		job = &intake->jobs[k];
		if (job->status != MARKET_OK)
			continue;
		for (i = 0; i < job->chunk.n_rows && status == MARKET_OK; i++) {
			if (job->offers[i] == NULL)
				continue;
			if (last.ptr != NULL &&
			    market__slice_compare(job->ids[i], last) <= 0)
				status = market__bring_refuse(
				    job, i, &market__row_unordered);
			else
				last = job->ids[i];
		}
	}
	return status;
}
