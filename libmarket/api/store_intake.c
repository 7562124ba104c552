/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A feed is taken into a store: its list first, and then its chunks, some in a
 * transaction. The caller's thread reads, writes and tells; a crew verifies.
 */
#include "api/store_intake.h"

/* ---- chunks ---- */

static void
bring(void *user, size_t index)
{
	market__load_t *load = user;

	/* What it had before it has given back here, too: by a crew. */
	market__bring_empty(&load->jobs[index]);
	market__bring(load->feed, &load->jobs[index]);
}

static market_status_t
failed(market__taking_t *t, market_status_t status)
{
	return market__error(t->reterr, status, NULL, -1,
	    "the rows could not be taken in: %s", market_status_text(status));
}

/*
 * A chunk that is all there, whatever it is worth. Rows that end, or cannot be
 * followed, are no word of the seller's: they are not taken in as broken, and
 * another copy of them goes on there.
 */
static market_status_t
next_chunk(market__taking_t *t, market__chunk_t *chunk)
{
	market_status_t status = market__rows_next(&t->rows, chunk);

	if (status != MARKET_OK || !chunk->lost)
		return status;
	return market__error(&t->why_ended, chunk->status, NULL, -1,
	    "%s; what is before chunk %llu is taken in: submit the same list "
	    "with a whole copy of its rows",
	    chunk->error.message, (unsigned long long)chunk->number);
}

/* Empty feeds have one chunk, of no rows. What fails behind the first chunk
 * fails in the next step. */
static market_status_t
read_some(market__taking_t *t, market__load_t *load)
{
	uint64_t chunks = market__feed_of(t->intake.feed)->chunk_roots.n;
	market_status_t status = MARKET_OK;

	load->n = 0;
	if (chunks == 0 && t->rows.chunk == 0) {
		t->rows.chunk++;
		load->jobs[load->n++].chunk.number = 0;
	}
	while (load->n < MARKET__INTAKE_JOBS && t->rows.chunk < chunks &&
	    status == MARKET_OK) {
		status = next_chunk(t, &load->jobs[load->n].chunk);
		load->n += status == MARKET_OK;
	}
	t->ended = status;
	return load->n > 0 ? MARKET_OK : status;
}

/* Reads what comes next, and has it verified meanwhile. */
static market_status_t
begin_next(market__taking_t *t)
{
	market_status_t status = t->ended;

	t->next->n = 0;
	if (status == MARKET_OK)
		status = read_some(t, t->next);
	if (status == MARKET_OK && t->next->n > 0)
		market__crew_begin(t->crew, t->next->n, bring, t->next);
	return status;
}

static void
swap(market__taking_t *t)
{
	market__load_t *load = t->now;

	market__crew_end(t->crew);
	t->now = t->next;
	t->next = load;
	t->intake.jobs = t->now->jobs;
	t->intake.n_jobs = t->now->n;
}

/* What failed in the step before is told in its own words: the callbacks may
 * have used the caller's error since. */
static market_status_t
of_rows(market__taking_t *t, market_status_t status)
{
	if (status == MARKET_OK)
		return status;
	if (t->why_ended.status == MARKET_OK)
		return failed(t, status);
	if (t->reterr != NULL)
		*t->reterr = t->why_ended;
	return status;
}

/* Those that were taken in before. */
static market_status_t
skip(market__taking_t *t)
{
	market_status_t status = MARKET_OK;

	while (t->rows.chunk < t->intake.next && status == MARKET_OK &&
	    market__feed_of(t->intake.feed)->count > 0)
		status = next_chunk(t, &t->now->jobs[0].chunk);
	return status;
}

static void
add_offers(market__taking_t *t, market_submissions_t *submissions, size_t k)
{
	market__bringing_t *job = &t->now->jobs[k];
	market__submission_t *submission;
	size_t i;

	for (i = 0; i < job->chunk.n_rows; i++) {
		if (job->status != MARKET_OK || job->offers[i] == NULL)
			continue;
		submission = &submissions->v[submissions->n++];
		submission->offer = job->offers[i];
		submission->chunk = k;
		submission->row = i;
	}
}

static market_status_t
make_submissions(market__taking_t *t, market_submissions_t **ret)
{
	market_context_t *context = t->store->context;
	market_submissions_t *submissions = market__alloc(
	    &context->allocator, sizeof(*submissions));
	market_status_t status = MARKET_OK;
	size_t k;

	if (submissions == NULL)
		return MARKET_E_MEMORY;
	submissions->context = context;
	submissions->intake = &t->intake;
	market__arena_init(
	    &submissions->arena, &context->allocator, SIZE_MAX / 2);
	submissions->v = market__arena_array(&submissions->arena,
	    t->intake.n_jobs * MARKET__CHUNK + 1, sizeof(*submissions->v));
	if (submissions->v == NULL)
		status = MARKET_E_MEMORY;
	for (k = 0; k < t->intake.n_jobs && status == MARKET_OK; k++)
		add_offers(t, submissions, k);
	if (status == MARKET_OK)
		*ret = submissions;
	else
		market_submissions_free(submissions);
	return status;
}

/* ---- telling ---- */

static market_status_t
tell(market__taking_t *t, const market_feed_row_t *row)
{
	if (t->options->row == NULL ||
	    t->options->row(t->options->user, row) == 0)
		return MARKET_OK;
	return market__error(t->reterr, MARKET_E_CALLBACK, NULL, -1,
	    "the callback wants no more, at row %llu; what it was told of is "
	    "taken in",
	    (unsigned long long)row->index);
}

static market_status_t
tell_chunk(market__taking_t *t, const market_submissions_t *submissions,
    size_t k, size_t *at)
{
	const market__bringing_t *job = &t->now->jobs[k];
	const market_submitted_t *submitted;
	market_status_t status = MARKET_OK;
	market_feed_row_t row;
	size_t i;

	memset(&row, 0, sizeof(row));
	row.index = job->chunk.number * MARKET__CHUNK;
	row.status = job->status;
	row.error = &job->chunk.error;
	row.result = MARKET_RESULT_REFUSED;
	row.count = market__feed_chunk_rows(
	    market__feed_of(t->intake.feed)->count, job->chunk.number);
	if (job->status != MARKET_OK)
		return tell(t, &row);
	row.count = 1;
	for (i = 0; i < job->chunk.n_rows && status == MARKET_OK; i++) {
		row.index = job->chunk.number * MARKET__CHUNK + i;
		row.offer_id = job->ids[i];
		row.error = job->errors[i];
		row.decision = NULL;
		row.message = NULL;
		row.result = MARKET_RESULT_REFUSED;
		if (job->errors[i] != NULL) {
			row.status = job->errors[i]->status;
			status = tell(t, &row);
			continue;
		}
		submitted = &submissions->v[(*at)++].submitted;
		row.status = submitted->status;
		row.decision = submitted->decision;
		row.result = submitted->result;
		row.message = submitted->message;
		if (!submissions->v[*at - 1].plain ||
		    (row.result != MARKET_RESULT_ACCEPTED &&
			row.result != MARKET_RESULT_DUPLICATE))
			status = tell(t, &row);
	}
	return status;
}

static market_status_t
tell_all(market__taking_t *t, const market_submissions_t *submissions)
{
	uint64_t count = market__feed_of(t->intake.feed)->count;
	uint64_t done = t->intake.next * MARKET__CHUNK;
	market_status_t status = MARKET_OK;
	size_t k, at = 0;

	for (k = 0; k < t->intake.n_jobs && status == MARKET_OK; k++)
		status = tell_chunk(t, submissions, k, &at);
	if (status == MARKET_OK && t->options->progress != NULL &&
	    t->options->progress(
		t->options->user, done < count ? done : count) != 0)
		return market__error(t->reterr, MARKET_E_CALLBACK, NULL, -1,
		    "the callback wants no more");
	return status;
}

/* ---- all of it ---- */

static market_status_t
submit_some(market__taking_t *t)
{
	market_submissions_t *submissions = NULL;
	market_status_t status;
	size_t k;

	for (k = 0; k < t->intake.n_jobs; k++)
		if (!market__chunk_told(t->now->jobs[k].status))
			return failed(t, t->now->jobs[k].status);
	status = market__bring_order(&t->intake);
	if (status == MARKET_OK)
		status = make_submissions(t, &submissions);
	if (status != MARKET_OK)
		return failed(t, status);
	status = market__submissions_submit(
	    t->store, submissions, t->at, t->reterr);
	if (t->intake.overtaken != 0)
		t->report->result = t->intake.overtaken;
	if (status == MARKET_OK) {
		t->intake.unsure = false;
		t->intake.last = t->intake.last_after;
		t->intake.next += t->intake.n_jobs;
		market__intake_keep(&t->intake, &t->intake.after);
		status = tell_all(t, submissions);
	}
	market_submissions_free(submissions);
	return status;
}

static market_status_t
timed_out(const market__taking_t *t, uint64_t chunks)
{
	if (!market__deadline_over(&t->deadline))
		return MARKET_OK;
	return market__error(t->reterr, MARKET_E_TIMEOUT, NULL, -1,
	    "the time limit was reached; %llu of %llu chunks are taken in",
	    (unsigned long long)t->intake.next, (unsigned long long)chunks);
}

/* What is read is written first, whatever comes of what is behind it. */
static market_status_t
submit_all(market__taking_t *t)
{
	uint64_t chunks = market__intake_chunks(t->intake.feed);
	market_status_t status, ahead;

	if (t->intake.next >= chunks)
		return MARKET_OK;
	status = of_rows(t, skip(t));
	if (status == MARKET_OK)
		status = of_rows(t, begin_next(t));
	while (status == MARKET_OK && t->intake.next < chunks) {
		swap(t);
		status = timed_out(t, chunks);
		if (status != MARKET_OK)
			break;
		ahead = begin_next(t);
		status = submit_some(t);
		if (status == MARKET_OK)
			status = of_rows(t, ahead);
	}
	market__crew_end(t->crew);
	if (status == MARKET_OK)
		status = of_rows(t,
		    market__rows_behind(
			&t->rows, &t->report->rows.bytes_behind));
	return status;
}

static market_status_t
make_hashers(market__taking_t *t, market__load_t *load)
{
	market_status_t status = MARKET_OK;
	size_t k;

	load->feed = t->intake.feed;
	for (k = 0; k < MARKET__INTAKE_JOBS && status == MARKET_OK; k++)
		status = market__hasher_new(
		    t->store->context, &load->jobs[k].hasher);
	return status;
}

static market_status_t
prepare(market__taking_t *t, unsigned threads, market_read_fn *read, void *user)
{
	market_status_t status;

	t->now = &t->loads[0];
	t->next = &t->loads[1];
	t->crew = market__crew_new(&t->store->context->allocator, threads);
	if (t->crew == NULL)
		return failed(t, MARKET_E_MEMORY);
	status = make_hashers(t, t->now);
	if (status == MARKET_OK)
		status = make_hashers(t, t->next);
	if (status != MARKET_OK)
		return failed(t, status);
	status = market__rows_init(
	    &t->rows, t->intake.feed, read, user, &t->why_ended);
	if (status == MARKET_OK)
		status = market__rows_behind(&t->rows, &t->ahead);
	return of_rows(t, status);
}

static void
clear_load(market__load_t *load)
{
	size_t k;

	for (k = 0; k < MARKET__INTAKE_JOBS; k++) {
		market__bring_empty(&load->jobs[k]);
		market__hasher_free(load->jobs[k].hasher);
		if (load->feed != NULL)
			market__chunk_clear(&load->jobs[k].chunk,
			    &load->feed->context->allocator);
	}
}

static void
clear(market__taking_t *t)
{
	const market_allocator_t *allocator = &t->store->context->allocator;

	market__crew_free(t->crew);
	clear_load(&t->loads[0]);
	clear_load(&t->loads[1]);
	market__rows_clear(&t->rows);
	market__plain_free(t->intake.plain);
	market__intake_forget(&t->intake);
	market__free(allocator, t->intake.earlier);
	market_statement_free(t->intake.list);
	market__free(allocator, t);
}

static void
fill_report(const market__taking_t *t)
{
	uint64_t chunks = market__intake_chunks(t->intake.feed);
	const market__taken_t *taken = &t->intake.before;
	market_intake_report_t *report = t->report;

	report->rows.permitted = taken->permitted;
	report->rows.warned = taken->warned;
	report->rows.denied = taken->denied;
	report->rows.indeterminate = taken->indeterminate;
	report->rows.refused = taken->refused;
	report->rows.rows = taken->permitted + taken->warned + taken->denied +
	    taken->indeterminate + taken->refused;
	report->rows.chunks = market__feed_of(t->intake.feed)->count == 0
	    ? 0
	    : t->intake.next;
	report->rows.chunks_broken = taken->broken;
	report->listed = taken->listed;
	report->unchanged = taken->unchanged;
	report->stale = taken->stale;
	report->forks = taken->forks;
	report->rejected = taken->rejected;
	report->ended = taken->ended;
	report->done = t->intake.no != 0 && t->intake.next >= chunks;
}

market_status_t
market_store_submit_feed(market_store_t *store, const market_feed_t *feed,
    market_read_fn *read, void *user, int64_t at,
    const market_intake_options_t *options, market_intake_report_t *ret_report,
    market_error_t *reterr)
{
	static const market_intake_options_t none = { 0 };
	market_intake_report_t report = { 0 };
	market_status_t status;
	market__taking_t *t;

	if (ret_report != NULL && store != NULL && feed != NULL)
		*ret_report = report;
	if (store == NULL || feed == NULL || read == NULL ||
	    (options != NULL &&
		(options->size != sizeof(*options) ||
		    options->threads > MARKET_BATCH_THREADS_MAX)))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "store, feed, read, and options with their size and at "
		    "most %d threads must be given",
		    MARKET_BATCH_THREADS_MAX);
	if (at < 0 || at > MARKET__TIME_MAX)
		return market__instant_refused(reterr);
	t = market__alloc(&store->context->allocator, sizeof(*t));
	if (t == NULL)
		return market__error(reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory to take a feed in");
	t->store = store;
	t->intake.feed = feed;
	t->at = at;
	t->options = options == NULL ? &none : options;
	t->intake.most = t->options->max_ended;
	t->report = &report;
	t->reterr = reterr;
	if (market__deadline_set(&t->deadline, t->options->time_limit_ms))
		status = prepare(t,
		    t->options->threads == 0 ? 1 : t->options->threads, read,
		    user);
	else
		status = market__error(reterr, MARKET_E_INTERNAL, NULL, -1,
		    "the system has no monotonic clock for a time limit");
	if (status == MARKET_OK)
		status = market__intake_list(t);
	if (status == MARKET_OK)
		status = submit_all(t);
	fill_report(t);
	clear(t);
	if (ret_report != NULL)
		*ret_report = report;
	return status;
}
