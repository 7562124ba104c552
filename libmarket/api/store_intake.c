/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A feed is taken into a store: its list first, and then its chunks, some in a
 * transaction. The caller's thread reads, writes and tells; a crew verifies.
 */
#include <pthread.h>

#include "api/store_evidence.h"
#include "api/store_intake.h"
#include "base/deadline.h"

/* Chunks of one transaction: others wait as long as these take. */
#define JOBS 2

typedef struct taking {
	market_store_t *store;
	int64_t at;
	const market_intake_options_t *options;
	market_intake_report_t *report;
	market_error_t *reterr;
	market__deadline_t deadline;
	market__rows_t rows;
	market__crew_t *crew;
	market__intake_t intake;
	market__bringing_t jobs[JOBS];
} taking_t;

/* ---- the list ---- */

typedef struct listing_it {
	market__call_t *call;
	taking_t *taking;
	const market__statement_row_t **rows; /* of its name */
	size_t n;
} listing_it_t;

static market_status_t
refuse_list(listing_it_t *l, market_result_t result, const char *why)
{
	l->taking->report->result = result;
	return market__error(
	    l->call->reterr, MARKET_E_DENIED, NULL, -1, "%s", why);
}

static uint64_t
chunks_of(const market__feed_t *feed)
{
	uint64_t chunks = market__feed_chunks(feed->count);

	return chunks == 0 ? 1 : chunks;
}

/* The statement of a row, until the call ends. */
static market_status_t
feed_of_row(listing_it_t *l, const market__statement_row_t *row,
    const market__feed_t **ret_feed)
{
	market__fact_t *fact = NULL;
	market_status_t status = market__fact_get(l->call, row, &fact);

	if (status == MARKET_OK)
		*ret_feed = &fact->statement->message->of.feed;
	return status;
}

/* Is the revision before a delta here, and whole? */
static market_status_t
check_base(listing_it_t *l, const market__statement_row_t *base)
{
	uint64_t own =
	    market__header(l->taking->intake.feed->statement)->revision;
	const market__feed_t *feed = NULL;
	market__feed_row_t row;
	market__taken_t taken;
	market_status_t status;
	uint64_t next = 0;

	if (base == NULL || base->revision != own - 1)
		return refuse_list(l, MARKET_RESULT_REFUSED,
		    "a delta changes the revision just before it, which is not "
		    "here: submit that first, or a full feed");
	status = feed_of_row(l, base, &feed);
	if (status == MARKET_OK)
		status = market__intake_read(
		    l->call, base->no, &row, &taken, &next);
	if (status == MARKET_OK && next < chunks_of(feed))
		return refuse_list(l, MARKET_RESULT_REFUSED,
		    "a delta changes the revision just before it, of which "
		    "chunks are left to be taken in: submit that again first");
	return status;
}

/* Would more end than may, whatever the rows are? */
static market_status_t
check_shrink(listing_it_t *l, const market__statement_row_t *base)
{
	uint64_t own = market__feed_of(l->taking->intake.feed)->count;
	uint64_t most = l->taking->options->max_ended;
	const market__feed_t *feed = NULL;
	market_status_t status;

	if (base == NULL)
		return MARKET_OK;
	status = feed_of_row(l, base, &feed);
	if (status != MARKET_OK || feed->count <= own ||
	    feed->mode != MARKET_FEED_MODE_FULL || feed->count - own <= most)
		return status;
	l->taking->report->result = MARKET_RESULT_REFUSED;
	return market__error(l->call->reterr, MARKET_E_LIMIT, NULL, -1,
	    "the feed has %llu offers, and the revision before it %llu: look "
	    "whether it is whole, and then allow more than %llu to end",
	    (unsigned long long)own, (unsigned long long)feed->count,
	    (unsigned long long)most);
}

/* What stands in its way; *ret_own is its own row, or NULL. */
static market_status_t
look_at_name(listing_it_t *l, const market__statement_row_t **ret_own,
    const market__statement_row_t **ret_base)
{
	const market_statement_t *list = l->taking->intake.feed->statement;
	uint64_t own = market__header(list)->revision, highest = 0;
	bool fork = false;
	size_t i;

	*ret_own = *ret_base = NULL;
	for (i = 0; i < l->n; i++) {
		if (l->rows[i]->revision > highest)
			highest = l->rows[i]->revision;
		if (memcmp(l->rows[i]->digest, list->digest,
			MARKET_DIGEST_LEN) == 0)
			*ret_own = *ret_own == NULL ? l->rows[i] : *ret_own;
		else if (l->rows[i]->revision == own)
			fork = true;
		if (l->rows[i]->revision < own &&
		    (*ret_base == NULL ||
			l->rows[i]->revision > (*ret_base)->revision))
			*ret_base = l->rows[i];
	}
	if (fork && *ret_own != NULL)
		return refuse_list(l, MARKET_RESULT_FORK,
		    "another list has its name and revision: a higher revision "
		    "settles it");
	if (highest > own && *ret_own == NULL)
		return refuse_list(l, MARKET_RESULT_STALE,
		    "a higher revision of this feed is here");
	return MARKET_OK;
}

static market_status_t
accept_new(listing_it_t *l, const market__statement_row_t *base)
{
	taking_t *t = l->taking;
	market__call_t *call = l->call;
	market__feed_row_t row = { 0 };
	market__acceptance_t accepted;
	market__taken_t none = { 0 };
	market_status_t status;

	if (market__feed_of(t->intake.feed)->mode == MARKET_FEED_MODE_DELTA)
		status = check_base(l, base);
	else
		status = check_shrink(l, base);
	if (status == MARKET_OK)
		status = market__accept_feed(
		    call, t->intake.feed->statement, &accepted);
	if (status != MARKET_OK)
		return status;
	t->report->result = accepted.result;
	if (accepted.result == MARKET_RESULT_ACCEPTED) {
		row.no = t->intake.no = call->head.epoch;
		t->intake.entry = accepted.entry;
		if (market__taken_encode(&none, &call->arena, &row.state) !=
		    MARKET_OK)
			return market__call_refused(call, &call->arena);
		status = call->ops->feed_put(call->backend, &row, call->reterr);
	}
	if (status == MARKET_OK &&
	    (accepted.result == MARKET_RESULT_ACCEPTED ||
		accepted.result == MARKET_RESULT_FORK))
		status = market__call_commit(call);
	if (status != MARKET_OK || accepted.result == MARKET_RESULT_ACCEPTED)
		return status;
	return refuse_list(l, accepted.result,
	    accepted.message == NULL ? "the list is refused"
				     : accepted.message);
}

static void
keep_taken(taking_t *t, const market__taken_t *taken)
{
	t->intake.before = *taken;
	if (taken->last_id.len > 0)
		memcpy(t->intake.last_id[0], taken->last_id.ptr,
		    taken->last_id.len);
	else
		t->intake.before.last_id.ptr = NULL;
	if (t->intake.before.last_id.ptr != NULL)
		t->intake.before.last_id.ptr = t->intake.last_id[0];
}

static market_status_t
go_on(listing_it_t *l, const market__statement_row_t *own)
{
	market__intake_t *intake = &l->taking->intake;
	market__feed_row_t row;
	market__taken_t taken;
	market_status_t status;
	size_t i;

	l->taking->report->result = MARKET_RESULT_DUPLICATE;
	status = market__intake_read(
	    l->call, own->no, &row, &taken, &intake->next);
	if (status != MARKET_OK)
		return status;
	intake->no = own->no;
	intake->entry = own->entry;
	intake->last = row.last;
	keep_taken(l->taking, &taken);
	for (i = 0; i < l->n; i++)
		if (l->rows[i]->revision > own->revision &&
		    intake->next < chunks_of(market__feed_of(intake->feed)))
			return refuse_list(l, MARKET_RESULT_STALE,
			    "a higher revision of this feed is here: what is "
			    "left of this one is not taken in");
	return MARKET_OK;
}

static market_status_t
take_list(taking_t *t)
{
	const market_statement_t *list = t->intake.feed->statement;
	const market__statement_row_t *own = NULL, *base = NULL;
	market__statement_query_t query = { .by = MARKET__STATEMENT_BY_NAME,
		.kind = (uint32_t)MARKET_KIND_FEED,
		.issuer = market__header(list)->issuer,
		.id = market__header(list)->id };
	listing_it_t l = { .taking = t };
	market__call_t call;
	market_status_t status;

	status = market__call_begin(t->store, t->reterr, &call);
	l.call = &call;
	if (status == MARKET_OK)
		status = market__call_transact(&call, true, t->at);
	if (status == MARKET_OK)
		status = market__fact_rows(&call, &query, &l.rows, &l.n);
	if (status == MARKET_OK)
		status = look_at_name(&l, &own, &base);
	t->intake.whole = base != NULL &&
	    market__feed_of(t->intake.feed)->mode == MARKET_FEED_MODE_FULL;
	if (status == MARKET_OK)
		status = own == NULL ? accept_new(&l, base) : go_on(&l, own);
	return market__call_end(&call, status);
}

/* ---- chunks ---- */

static void
bring(void *user, size_t index)
{
	taking_t *t = user;

	market__bring(t->intake.feed, &t->jobs[index]);
}

static market_status_t
failed(taking_t *t, market_status_t status)
{
	return market__error(t->reterr, status, NULL, -1,
	    "the rows could not be taken in: %s", market_status_text(status));
}

/* Empty feeds have one chunk, of no rows. */
static market_status_t
read_some(taking_t *t)
{
	uint64_t chunks = market__feed_chunks(
	    market__feed_of(t->intake.feed)->count);
	market_status_t status = MARKET_OK;
	size_t *n = &t->intake.n_jobs;

	*n = 0;
	if (chunks == 0) {
		t->rows.chunk++;
		t->jobs[(*n)++].chunk.number = 0;
		return MARKET_OK;
	}
	while (*n < JOBS && t->rows.chunk < chunks && status == MARKET_OK) {
		status = market__rows_next(&t->rows, &t->jobs[*n].chunk);
		*n += status == MARKET_OK;
	}
	return status;
}

/* Those that were taken in before. */
static market_status_t
skip(taking_t *t)
{
	market_status_t status = MARKET_OK;

	while (t->rows.chunk < t->intake.next && status == MARKET_OK &&
	    market__feed_of(t->intake.feed)->count > 0)
		status = market__rows_next(&t->rows, &t->jobs[0].chunk);
	return status;
}

static market_status_t
add_offers(taking_t *t, market_submissions_t *submissions, size_t k)
{
	market__bringing_t *job = &t->jobs[k];
	market__submission_t *submission;
	market_status_t status = MARKET_OK;
	size_t i;

	for (i = 0; i < job->chunk.n_rows && status == MARKET_OK; i++) {
		if (job->status != MARKET_OK || job->offers[i] == NULL)
			continue;
		submission = &submissions->v[submissions->n++];
		submission->offer = market_statement_ref(job->offers[i]);
		submission->chunk = k;
		status = market__submission_name(submissions, submission);
	}
	return status;
}

static market_status_t
make_submissions(taking_t *t, market_submissions_t **ret)
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
		status = add_offers(t, submissions, k);
	if (status == MARKET_OK)
		*ret = submissions;
	else
		market_submissions_free(submissions);
	return status;
}

/* ---- telling ---- */

static market_status_t
tell(taking_t *t, const market_feed_row_t *row)
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
tell_chunk(
    taking_t *t, const market_submissions_t *submissions, size_t k, size_t *at)
{
	const market__bringing_t *job = &t->jobs[k];
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
tell_all(taking_t *t, const market_submissions_t *submissions)
{
	market_status_t status = MARKET_OK;
	size_t k, at = 0;

	for (k = 0; k < t->intake.n_jobs && status == MARKET_OK; k++)
		status = tell_chunk(t, submissions, k, &at);
	if (status == MARKET_OK && t->options->progress != NULL &&
	    t->options->progress(
		t->options->user, t->intake.next * MARKET__CHUNK) != 0)
		return market__error(t->reterr, MARKET_E_CALLBACK, NULL, -1,
		    "the callback wants no more");
	return status;
}

/* ---- all of it ---- */

static market_status_t
submit_some(taking_t *t)
{
	market_submissions_t *submissions = NULL;
	market_status_t status;
	size_t k;

	market__crew_run(t->crew, t->intake.n_jobs, bring, t);
	for (k = 0; k < t->intake.n_jobs; k++)
		if (!market__chunk_told(t->jobs[k].status))
			return failed(t, t->jobs[k].status);
	status = market__bring_order(&t->intake);
	if (status == MARKET_OK)
		status = make_submissions(t, &submissions);
	if (status != MARKET_OK)
		return failed(t, status);
	status = market__submissions_submit(
	    t->store, submissions, t->at, t->reterr);
	if (status == MARKET_OK) {
		t->intake.last = t->intake.last_after;
		t->intake.next += t->intake.n_jobs;
		keep_taken(t, &t->intake.after);
		status = tell_all(t, submissions);
	}
	market_submissions_free(submissions);
	return status;
}

static market_status_t
submit_all(taking_t *t)
{
	uint64_t chunks = chunks_of(market__feed_of(t->intake.feed));
	market_status_t status = skip(t);
	size_t k;

	while (status == MARKET_OK && t->intake.next < chunks) {
		if (market__deadline_over(&t->deadline))
			return market__error(t->reterr, MARKET_E_TIMEOUT, NULL,
			    -1,
			    "the time limit was reached; %llu of %llu chunks "
			    "are taken in",
			    (unsigned long long)t->intake.next,
			    (unsigned long long)chunks);
		status = read_some(t);
		if (status == MARKET_OK)
			status = submit_some(t);
		for (k = 0; k < JOBS; k++)
			market__bring_empty(&t->jobs[k]);
	}
	if (status == MARKET_OK)
		status = market__rows_behind(
		    &t->rows, &t->report->rows.bytes_behind);
	return status;
}

static market_status_t
prepare(taking_t *t, unsigned threads, market_read_fn *read, void *user)
{
	market_context_t *context = t->store->context;
	market_status_t status = MARKET_OK;
	size_t k;

	t->intake.jobs = t->jobs;
	t->crew = market__crew_new(&context->allocator, threads);
	if (t->crew == NULL)
		return failed(t, MARKET_E_MEMORY);
	for (k = 0; k < JOBS && status == MARKET_OK; k++)
		status = market__hasher_new(context, &t->jobs[k].hasher);
	if (status != MARKET_OK)
		return failed(t, status);
	return market__rows_init(
	    &t->rows, t->intake.feed, read, user, t->reterr);
}

static void
clear(taking_t *t)
{
	const market_allocator_t *allocator = &t->store->context->allocator;
	size_t k;

	market__crew_free(t->crew);
	for (k = 0; k < JOBS; k++) {
		market__hasher_free(t->jobs[k].hasher);
		market__chunk_clear(&t->jobs[k].chunk, allocator);
	}
	market__rows_clear(&t->rows);
	market__plain_free(t->intake.plain);
	market__free(allocator, t);
}

static void
fill_report(const taking_t *t)
{
	uint64_t chunks = chunks_of(market__feed_of(t->intake.feed));
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
	taking_t *t;

	if (store == NULL || feed == NULL || read == NULL ||
	    (options != NULL &&
		(options->size != sizeof(*options) ||
		    options->threads > MARKET_BATCH_THREADS_MAX)))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "store, feed, read, and options with their size and at "
		    "most %d threads must be given",
		    MARKET_BATCH_THREADS_MAX);
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
		status = take_list(t);
	if (status == MARKET_OK)
		status = submit_all(t);
	fill_report(t);
	clear(t);
	if (ret_report != NULL)
		*ret_report = report;
	return status;
}
