/* SPDX-License-Identifier: Apache-2.0 */
/* Chunks of a feed in the transaction that writes what they come to. */
#include "api/store_intake.h"

/* ---- how far it was taken in ---- */

market_status_t
market__intake_read(market__call_t *call, uint64_t no,
    market__feed_row_t *ret_row, market__taken_t *ret_taken, uint64_t *ret_next)
{
	market__entry_row_t entry, cause = { 0 };
	market__detail_t detail;
	market_status_t status;

	status = call->ops->feed_get(
	    call->backend, no, &call->arena, ret_row, call->reterr);
	if (status == MARKET_E_NOT_FOUND ||
	    (status == MARKET_OK &&
		!market__taken_decode(ret_row->state, ret_taken)))
		return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
		    "feed %llu: how far it was taken in cannot be read; run "
		    "market fsck",
		    (unsigned long long)no);
	*ret_next = 0;
	if (status != MARKET_OK || ret_row->last == 0)
		return status;
	status = market__entry_get(call, ret_row->last, &entry, &detail);
	if (status == MARKET_OK && entry.kind == MARKET_CHANGE_CHUNK)
		status = market__entry_get(call, entry.cause, &cause, &detail);
	if (status != MARKET_OK)
		return status;
	if (cause.kind != MARKET_CHANGE_STATEMENT || cause.object != no)
		return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
		    "feed %llu: entry %llu is of no chunk of it; run market "
		    "fsck",
		    (unsigned long long)no, (unsigned long long)ret_row->last);
	*ret_next = entry.object + 1;
	return MARKET_OK;
}

/* ---- chunks ---- */

static market_status_t
write_chunk(market__call_t *call, market__intake_t *intake, size_t k)
{
	const market__feed_t *feed = market__feed_of(intake->feed);
	market__bringing_t *job = &intake->jobs[k];
	market__detail_t detail = { 0 };
	market_status_t status;

	if (feed->chunk_roots.n > 0)
		memcpy(detail.digest,
		    feed->chunk_roots.v[job->chunk.number].ptr,
		    MARKET_DIGEST_LEN);
	status = market__entry_append(call, MARKET_CHANGE_CHUNK,
	    job->chunk.number, intake->last_after, intake->entry, &detail);
	intake->last_after = call->head.entries;
	if (status == MARKET_OK && job->status == MARKET_OK &&
	    job->chunk.len > 0)
		status = call->ops->payload_insert(call->backend,
		    intake->last_after,
		    market__slice(job->chunk.bytes, job->chunk.len),
		    call->reterr);
	return status;
}

market_status_t
market__intake_clock(market__call_t *call)
{
	if (!call->untrusted)
		return MARKET_OK;
	return market__error(call->reterr, MARKET_E_INDETERMINATE, NULL, -1,
	    "the clock is behind the store's by more than it tolerates: "
	    "nothing is published until it is right again");
}

static market_status_t
begin(market__call_t *call, market__intake_t *intake)
{
	market__feed_row_t row = { 0 };
	market__taken_t taken;
	market_status_t status;
	uint64_t next = 0;

	status = market__intake_clock(call);
	if (status == MARKET_OK)
		status = market__intake_stands(intake, call);
	if (status == MARKET_OK)
		status = market__intake_read(
		    call, intake->no, &row, &taken, &next);
	if (status != MARKET_OK)
		return status;
	if (row.last != intake->last)
		return market__error(call->reterr, MARKET_E_STATE, NULL, -1,
		    "somebody else takes this feed in: leave it to them, or "
		    "begin again when they have ended");
	intake->last_after = intake->last;
	intake->after = intake->before;
	return MARKET_OK;
}

/* ---- the end of the transaction ---- */

static void
count_row(market__taken_t *taken, const market__submission_t *submission)
{
	const market_submitted_t *submitted = &submission->submitted;

	if (submission->plain)
		taken->permitted++;
	else if (submitted->status == MARKET_OK)
		taken->warned++;
	else if (submitted->status == MARKET_E_DENIED)
		taken->denied++;
	else
		taken->indeterminate++;
	switch (submitted->result) {
	case MARKET_RESULT_ACCEPTED: taken->listed++; break;
	case MARKET_RESULT_DUPLICATE: taken->unchanged++; break;
	case MARKET_RESULT_STALE: taken->stale++; break;
	case MARKET_RESULT_FORK: taken->forks++; break;
	case MARKET_RESULT_REFUSED: taken->rejected++; break;
	}
}

static void
keep_last(market__intake_t *intake, market_slice_t last, size_t k)
{
	uint8_t *place = intake->last_id[k & 1];

	memmove(place, last.ptr, last.len);
	intake->after.last_id = market__slice(place, last.len);
}

/* The chunk has been published: what it comes to, and what it lacks. */
static market_status_t
end_chunk(market__call_t *call, market__intake_t *intake, size_t k)
{
	const market__bringing_t *job = &intake->jobs[k];
	market__taken_t *after = &intake->after;
	market_slice_t ids[MARKET__CHUNK];
	market_status_t status;
	uint64_t n;
	size_t i;

	n = market__feed_chunk_rows(
	    market__feed_of(intake->feed)->count, job->chunk.number);
	if (job->status != MARKET_OK) {
		after->broken++;
		after->refused += n;
		after->rejected += n;
		after->gap = true;
		return MARKET_OK;
	}
	for (i = 0; i < job->chunk.n_rows; i++) {
		after->refused += job->errors[i] != NULL;
		after->rejected += job->errors[i] != NULL;
	}
	status = market__intake_lacking(call, intake, k, intake->last_after);
	n = market__bring_ids(job, ids);
	if (n > 0) {
		after->gap = false;
		keep_last(intake, ids[n - 1], k);
	}
	return status;
}

/* ---- what is there ---- */

/* An id in front of this one, as near as is easily said. */
static market_status_t
before(market__call_t *call, market_slice_t id, market_slice_t *ret)
{
	uint8_t *copy = market__arena_raw(&call->arena, id.len + 1);
	size_t len = id.len;

	if (copy == NULL)
		return market__call_refused(call, &call->arena);
	if (len > 0) {
		memcpy(copy, id.ptr, len);
		if (copy[len - 1] > 0)
			copy[len - 1]--;
		else
			len--;
	}
	*ret = market__slice(copy, len);
	return MARKET_OK;
}

/*
 * The seller's listings between the first and the last id of a chunk, in one
 * pass; where there are many others in between, only as far as some of them go,
 * and the rest is looked up one by one.
 */
static market_status_t
look_around(market__records_t *records, const market__bringing_t *job,
    market_slice_t seller)
{
	market__call_t *call = records->call;
	market__listing_query_t query = { .by = MARKET__LISTING_BY_SELLER,
		.max = (size_t)2 * MARKET__CHUNK };
	market__recorded_seller_t *recorded = NULL;
	market_slice_t ids[MARKET__CHUNK];
	market__there_t *there = records->there;
	size_t n = market__bring_ids(job, ids);
	market_status_t status;

	memset(there, 0, sizeof(*there));
	if (n == 0)
		return MARKET_OK;
	status = market__records_seller(records, seller, &recorded);
	if (status != MARKET_OK)
		return status;
	there->all = recorded->row.listings == 0;
	if (there->all)
		return MARKET_OK;
	query.seller = recorded->row.no;
	status = before(call, ids[0], &query.after_id);
	if (status == MARKET_OK)
		status = call->ops->listings(call->backend, &query,
		    &call->arena, &there->rows, &there->n, call->reterr);
	if (status != MARKET_OK)
		return status;
	there->all = there->n < query.max;
	if (!there->all)
		there->until = there->rows[there->n - 1].offer_id;
	return MARKET_OK;
}

static market_status_t
publish_chunk(market__records_t *records, market_submissions_t *submissions,
    size_t k, size_t *at)
{
	market__intake_t *intake = submissions->intake;
	market__submission_t *submission;
	market_status_t status;

	status = write_chunk(records->call, intake, k);
	if (status == MARKET_OK)
		status = look_around(records, &intake->jobs[k],
		    market__header(intake->feed->statement)->issuer);
	for (; status == MARKET_OK && *at < submissions->n &&
	     submissions->v[*at].chunk == k;
	     ++*at) {
		submission = &submissions->v[*at];
		submission->cause = intake->last_after;
		status = market__submission_publish(
		    records, submissions, submission);
		if (status == MARKET_OK)
			count_row(&intake->after, submission);
	}
	return status == MARKET_OK ? end_chunk(records->call, intake, k)
				   : status;
}

market_status_t
market__intake_publish(
    market__records_t *records, market_submissions_t *submissions)
{
	market__intake_t *intake = submissions->intake;
	market__call_t *call = records->call;
	market__feed_row_t row = { .no = intake->no };
	market_status_t status = begin(call, intake);
	size_t k, at = 0;

	if (status != MARKET_OK)
		return status;
	records->there = &intake->there;
	records->rows = market__arena_array(
	    &call->arena, submissions->n + 1, sizeof(*records->rows));
	if (records->rows == NULL)
		return market__call_refused(call, &call->arena);
	market__intake_number(intake);
	for (k = 0; k < intake->n_jobs && status == MARKET_OK; k++)
		status = publish_chunk(records, submissions, k, &at);
	if (status != MARKET_OK)
		return status;
	if (market__taken_encode(&intake->after, &call->arena, &row.state) !=
	    MARKET_OK)
		return market__call_refused(call, &call->arena);
	row.last = intake->last_after;
	return call->ops->feed_put(call->backend, &row, call->reterr);
}
