/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All rows of a feed: the caller's thread reads some chunks, a crew verifies
 * and judges them, and the caller's thread tells what came out, in order.
 */
#include <pthread.h>

#include "api/feed.h"
#include "base/crew.h"
#include "base/deadline.h"

/* Chunks for each thread that are read before they are judged. */
#define JOBS_EACH 4

typedef struct checking {
	market_evidence_t *evidence;
	const market_feed_t *feed;
	int64_t at;
	const market_feed_options_t *options;
	market_feed_report_t *report;
	market_error_t *reterr;
	market__deadline_t deadline;
	market__rows_t rows;
	market__crew_t *crew;
	market__job_t *jobs;
	size_t n_jobs, n_read;
	market__judge_t *judges;
	pthread_mutex_t lock;
	market__judge_t *idle; /* under the lock */
	unsigned n_threads;
	market_slice_t last; /* the greatest id so far, in `last_id` */
	uint8_t last_id[MARKET__STRING_MAX];
} checking_t;

/* ---- telling ---- */

static market_status_t
tell(checking_t *c, const market_feed_row_t *row)
{
	if (c->options->row != NULL &&
	    c->options->row(c->options->user, row) != 0)
		return market__error(c->reterr, MARKET_E_CALLBACK, NULL, -1,
		    "the callback wants no more, at row %llu",
		    (unsigned long long)row->index);
	return MARKET_OK;
}

static market_status_t
failed(checking_t *c, market_status_t status)
{
	return market__error(c->reterr, status, NULL, -1,
	    "the rows could not be judged: %s", market_status_text(status));
}

static market_status_t
late(checking_t *c)
{
	return market__error(c->reterr, MARKET_E_TIMEOUT, NULL, -1,
	    "the time limit was reached after %llu rows",
	    (unsigned long long)c->report->rows);
}

/* Nothing of the chunk is believed, or, where it is lost, of all behind it. */
static market_status_t
tell_broken(checking_t *c, market__job_t *job)
{
	uint64_t count = market__feed_of(c->feed)->count;
	uint64_t chunks = market__feed_chunks(count);
	market_feed_row_t row = { .index = job->chunk.number * MARKET__CHUNK,
		.status = job->status,
		.error = &job->chunk.error };

	row.count = job->chunk.lost
	    ? count - row.index
	    : market__feed_chunk_rows(count, job->chunk.number);
	c->report->rows += row.count;
	c->report->refused += row.count;
	c->report->chunks_broken += job->chunk.lost ? chunks - job->chunk.number
						    : 1;
	c->report->chunks += job->chunk.lost ? chunks - job->chunk.number : 1;
	if (job->chunk.lost)
		c->rows.chunk = chunks;
	return tell(c, &row);
}

static void
count(market_feed_report_t *report, const market__judged_t *judged)
{
	report->rows++;
	if (judged->plain)
		report->permitted++;
	else if (judged->status == MARKET_OK)
		report->warned++;
	else if (judged->status == MARKET_E_DENIED)
		report->denied++;
	else if (judged->status == MARKET_E_INDETERMINATE)
		report->indeterminate++;
	else
		report->refused++;
}

/* Chunks are judged apart: is the row behind all those of chunks before? */
static market_status_t
check_order(checking_t *c, market__job_t *job, size_t row)
{
	const market__judged_t *judged = &job->rows[row];

	if (judged->error != NULL)
		return MARKET_OK;
	if (c->last.ptr != NULL &&
	    market__slice_compare(judged->id, c->last) <= 0)
		return market__job_refuse(job, row, &market__row_unordered);
	memcpy(c->last_id, judged->id.ptr, judged->id.len);
	c->last = market__slice(c->last_id, judged->id.len);
	return MARKET_OK;
}

static market_status_t
tell_row(checking_t *c, market__job_t *job, size_t i)
{
	market__judged_t *judged = &job->rows[i];
	market_status_t status = check_order(c, job, i);
	market_feed_row_t row = { .count = 1 };

	if (status == MARKET_OK && judged->open)
		status = market__job_decide(
		    job, i, c->evidence, c->feed, c->at);
	if (status != MARKET_OK)
		return failed(c, status);
	count(c->report, judged);
	if (judged->plain)
		return MARKET_OK;
	row.index = job->chunk.number * MARKET__CHUNK + i;
	row.offer_id = judged->id;
	row.status = judged->status;
	row.decision = judged->decision;
	row.error = judged->error;
	status = tell(c, &row);
	market_decision_free(judged->decision);
	judged->decision = NULL;
	return status;
}

static market_status_t
tell_job(checking_t *c, market__job_t *job)
{
	market_status_t status = MARKET_OK;
	size_t i;

	if (job->status != MARKET_OK && job->status == job->chunk.error.status)
		return tell_broken(c, job);
	if (job->status == MARKET_E_TIMEOUT)
		return late(c);
	if (job->status != MARKET_OK)
		return failed(c, job->status);
	for (i = 0; i < job->chunk.n_rows && status == MARKET_OK; i++)
		status = tell_row(c, job, i);
	if (status == MARKET_OK)
		c->report->chunks++;
	return status;
}

/* ---- work ---- */

static void
work(void *user, size_t index)
{
	checking_t *c = user;
	market__judge_t *judge;

	pthread_mutex_lock(&c->lock);
	judge = c->idle;
	c->idle = judge->next;
	pthread_mutex_unlock(&c->lock);
	/* There may be a thousand of them in a step. */
	if (market__deadline_over(&c->deadline))
		c->jobs[index].status = MARKET_E_TIMEOUT;
	else
		market__job_judge(
		    &c->jobs[index], c->evidence, c->feed, c->at, judge);
	pthread_mutex_lock(&c->lock);
	judge->next = c->idle;
	c->idle = judge;
	pthread_mutex_unlock(&c->lock);
}

/* Some chunks; after one that is lost there are no more. Time is asked for
 * after the first, so that each step has one. */
static market_status_t
read_some(checking_t *c)
{
	uint64_t chunks = market__feed_chunks(market__feed_of(c->feed)->count);
	market_status_t status;
	market__chunk_t *chunk;

	c->n_read = 0;
	while (c->n_read < c->n_jobs && c->rows.chunk < chunks) {
		chunk = &c->jobs[c->n_read].chunk;
		status = market__rows_next(&c->rows, chunk);
		if (status != MARKET_OK)
			return status;
		c->n_read++;
		if (chunk->lost || market__deadline_over(&c->deadline))
			break;
	}
	return MARKET_OK;
}

static market_status_t
step(checking_t *c)
{
	market_status_t status = MARKET_OK, read = read_some(c);
	size_t i;

	/* What was read before that failed is told, by however many threads. */
	market__crew_run(c->crew, c->n_read, work, c);
	for (i = 0; i < c->n_read && status == MARKET_OK; i++)
		status = tell_job(c, &c->jobs[i]);
	for (i = 0; i < c->n_read; i++)
		market__job_empty(&c->jobs[i]);
	if (status == MARKET_OK)
		status = read;
	if (status == MARKET_OK && c->options->progress != NULL &&
	    c->options->progress(c->options->user, c->report->rows) != 0)
		return market__error(c->reterr, MARKET_E_CALLBACK, NULL, -1,
		    "the callback wants no more, after %llu rows",
		    (unsigned long long)c->report->rows);
	return status;
}

static market_status_t
tell_behind(checking_t *c)
{
	market_feed_row_t row = { .status = MARKET_E_LOG };
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	status = market__rows_behind(&c->rows, &c->report->bytes_behind);
	if (status != MARKET_OK || c->report->bytes_behind == 0)
		return status;
	row.index = market__feed_of(c->feed)->count;
	row.error = &error;
	(void)market__error(&error, MARKET_E_LOG, NULL, -1,
	    "bytes follow the last row that is listed: they are no part of the "
	    "feed");
	return tell(c, &row);
}

static market_status_t
check_all(checking_t *c)
{
	uint64_t chunks = market__feed_chunks(market__feed_of(c->feed)->count);
	market_status_t status = MARKET_OK;

	while (status == MARKET_OK && c->rows.chunk < chunks)
		status = market__deadline_over(&c->deadline) ? late(c)
							     : step(c);
	return status == MARKET_OK ? tell_behind(c) : status;
}

/* ---- the call ---- */

static market_status_t
make_judge(checking_t *c, market__judge_t *judge)
{
	market__lookup_t lookup = { .read = market__evidence_read,
		.any = market__evidence_any,
		.user = c->evidence };
	market_context_t *context = c->evidence->context;
	market_status_t status;

	judge->lookup = lookup;
	status = market__hasher_new(context, &judge->hasher);
	if (status == MARKET_OK)
		status = market__plain_new(context, &judge->lookup,
		    c->feed->statement, c->at, &judge->plain);
	judge->next = c->idle;
	c->idle = judge;
	return status;
}

static market_status_t
make_all(checking_t *c)
{
	const market_allocator_t *allocator = &c->evidence->context->allocator;
	market_status_t status;
	unsigned i;

	c->n_jobs = (size_t)c->n_threads * JOBS_EACH;
	c->jobs = market__alloc_array(allocator, c->n_jobs, sizeof(*c->jobs));
	c->judges = market__alloc_array(
	    allocator, c->n_threads, sizeof(*c->judges));
	c->crew = market__crew_new(allocator, c->n_threads);
	if (c->jobs == NULL || c->judges == NULL || c->crew == NULL)
		return MARKET_E_MEMORY;
	status = market__evidence_seal(c->evidence);
	for (i = 0; i < c->n_threads && status == MARKET_OK; i++)
		status = make_judge(c, &c->judges[i]);
	return status;
}

static void
clear(checking_t *c)
{
	const market_allocator_t *allocator = &c->evidence->context->allocator;
	size_t i;

	market__crew_free(c->crew);
	for (i = 0; c->judges != NULL && i < c->n_threads; i++) {
		market__hasher_free(c->judges[i].hasher);
		market__plain_free(c->judges[i].plain);
	}
	for (i = 0; c->jobs != NULL && i < c->n_jobs; i++)
		market__chunk_clear(
		    &c->jobs[i].chunk, &c->feed->context->allocator);
	market__free(allocator, c->judges);
	market__free(allocator, c->jobs);
	market__rows_clear(&c->rows);
}

static market_status_t
run(checking_t *c, market_read_fn *read, void *user)
{
	market_status_t status;

	if (pthread_mutex_init(&c->lock, NULL) != 0)
		return failed(c, MARKET_E_MEMORY);
	status = make_all(c);
	if (status != MARKET_OK)
		(void)failed(c, status);
	else
		status = market__rows_init(
		    &c->rows, c->feed, read, user, c->reterr);
	if (status == MARKET_OK)
		status = check_all(c);
	clear(c);
	pthread_mutex_destroy(&c->lock);
	return status;
}

static bool
good_options(const market_feed_options_t *options)
{
	return options == NULL ||
	    (options->size == sizeof(*options) &&
		options->threads <= MARKET_BATCH_THREADS_MAX);
}

market_status_t
market_check_feed(market_evidence_t *evidence, const market_feed_t *feed,
    market_read_fn *read, void *user, int64_t at,
    const market_feed_options_t *options, market_feed_report_t *ret_report,
    market_error_t *reterr)
{
	static const market_feed_options_t none = { 0 };
	market_feed_report_t report = { 0 };
	checking_t c = { .evidence = evidence,
		.feed = feed,
		.at = at,
		.options = options == NULL ? &none : options,
		.report = &report,
		.reterr = reterr };
	market_status_t status;

	if (ret_report != NULL && evidence != NULL && feed != NULL)
		*ret_report = report;
	if (evidence == NULL || feed == NULL || read == NULL ||
	    !good_options(options) || at < 0 || at > MARKET__TIME_MAX)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "evidence, feed, read, options with their size and at most "
		    "%d threads, and an instant in the years 1970 to 9999 must "
		    "be given",
		    MARKET_BATCH_THREADS_MAX);
	c.n_threads = c.options->threads == 0 ? 1 : c.options->threads;
	if (!market__deadline_set(&c.deadline, c.options->time_limit_ms))
		return market__error(reterr, MARKET_E_INTERNAL, NULL, -1,
		    "the system has no monotonic clock for a time limit");
	status = run(&c, read, user);
	if (ret_report != NULL)
		*ret_report = report;
	return status;
}
