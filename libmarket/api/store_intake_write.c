/* SPDX-License-Identifier: Apache-2.0 */
/* Chunks of a feed in the transaction that writes what they come to. */
#include <stdlib.h>

#include "api/store_intake.h"

#define PAGE 256

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

/* ---- what it lacks ---- */

typedef struct lacking {
	market__call_t *call;
	market__intake_t *intake;
	uint64_t cause;
	market_slice_t ids[MARKET__CHUNK]; /* that the chunk has, sorted */
	size_t n_ids;
	uint8_t after[MARKET__STRING_MAX];
} lacking_t;

static int
compare_ids(const void *left, const void *right)
{
	const market_slice_t *a = left, *b = right;

	return market__slice_compare(*a, *b);
}

static bool
has_id(const lacking_t *l, market_slice_t id)
{
	return l->n_ids > 0 &&
	    bsearch(&id, l->ids, l->n_ids, sizeof(id), compare_ids) != NULL;
}

/* Did an earlier revision of the feed bring it? */
static market_status_t
is_ours(const lacking_t *l, const market__listing_row_t *row, bool *ret_ours)
{
	const market__intake_t *intake = l->intake;
	const market_statement_t *feed = NULL;
	market_status_t status;
	size_t i;

	*ret_ours = false;
	if (row->intent == (uint32_t)MARKET_INTENT_END)
		return MARKET_OK;
	status = market__listing_feed(l->call, row, &feed);
	for (i = 0; status == MARKET_OK && feed != NULL &&
	     i < intake->n_earlier && !*ret_ours;
	     i++)
		*ret_ours = memcmp(intake->earlier + i * MARKET_DIGEST_LEN,
				feed->digest, MARKET_DIGEST_LEN) == 0;
	return status;
}

static market_status_t
set_intent(market__call_t *call, market__listing_row_t *row, uint32_t intent,
    uint64_t cause)
{
	market__detail_t detail = { 0 };
	market_status_t status;

	detail.intent_before = row->intent;
	detail.intent_after = intent;
	status = market__entry_append(
	    call, MARKET_CHANGE_INTENT, row->no, row->last, cause, &detail);
	row->intent = intent;
	row->last = call->head.entries;
	return status;
}

static market_status_t
end_one(lacking_t *l, const market__listing_row_t *row)
{
	market__listing_row_t ended = *row;
	market_status_t status;
	bool ours = false;

	if (has_id(l, row->offer_id))
		return MARKET_OK;
	status = is_ours(l, row, &ours);
	if (status != MARKET_OK || !ours)
		return status;
	if (l->intake->after.ended >= l->intake->most)
		return market__error(l->call->reterr, MARKET_E_LIMIT, NULL, -1,
		    "the feed lacks more than %llu offers of the revision "
		    "before it, at %.*s: look whether it is whole, and then "
		    "allow more to end",
		    (unsigned long long)l->intake->most,
		    MARKET__ARG(row->offer_id));
	l->intake->after.ended++;
	status = set_intent(
	    l->call, &ended, (uint32_t)MARKET_INTENT_END, l->cause);
	if (status == MARKET_OK)
		status = l->call->ops->listing_put(
		    l->call->backend, &ended, l->call->reterr);
	return status;
}

/* One page of them; *ret_more: there may be others behind l->after. */
static market_status_t
end_page(lacking_t *l, market__listing_query_t *query, const market_slice_t *to,
    market__arena_t *arena, bool *ret_more)
{
	const market__arena_mark_t mark = market__arena_mark(&l->call->arena);
	const market__listing_row_t *rows = NULL;
	size_t n_pins = l->call->n_pins, n = 0, i;
	market_status_t status;

	status = l->call->ops->listings(
	    l->call->backend, query, arena, &rows, &n, l->call->reterr);
	*ret_more = n == PAGE;
	for (i = 0; i < n && status == MARKET_OK; i++) {
		if (to != NULL &&
		    market__slice_compare(rows[i].offer_id, *to) > 0) {
			*ret_more = false;
			return MARKET_OK;
		}
		status = end_one(l, &rows[i]);
		market__call_release(l->call, n_pins);
		market__arena_rewind(&l->call->arena, mark);
	}
	if (n > 0 && status == MARKET_OK) {
		if (rows[n - 1].offer_id.len > sizeof(l->after))
			return market__error(l->call->reterr, MARKET_E_CORRUPT,
			    NULL, -1,
			    "listing %llu: its offer's id is longer than any; "
			    "run market fsck",
			    (unsigned long long)rows[n - 1].no);
		memcpy(l->after, rows[n - 1].offer_id.ptr,
		    rows[n - 1].offer_id.len);
		query->after_id = market__slice(
		    l->after, rows[n - 1].offer_id.len);
	}
	return status;
}

/* Those behind `from`, up to `to` (NULL: all). */
static market_status_t
end_range(lacking_t *l, uint64_t seller, market_slice_t from,
    const market_slice_t *to)
{
	market__listing_query_t query = { .by = MARKET__LISTING_BY_SELLER,
		.seller = seller,
		.after_id = from,
		.max = PAGE };
	market_status_t status = MARKET_OK;
	market__arena_t arena;
	bool more = true;

	while (more && status == MARKET_OK) {
		market__arena_init(
		    &arena, &l->call->context->allocator, MARKET__CALL_BUDGET);
		status = end_page(l, &query, to, &arena, &more);
		market__arena_clear(&arena);
	}
	return status;
}

/* The ids of a chunk's offers, which are in order. */
static size_t
ids_of(const market__bringing_t *job, market_slice_t ids[MARKET__CHUNK])
{
	size_t i, n = 0;

	for (i = 0; i < job->chunk.n_rows; i++)
		if (job->offers[i] != NULL)
			ids[n++] = job->ids[i];
	return n;
}

static market_status_t
end_lacking(
    market__call_t *call, market__intake_t *intake, size_t k, uint64_t cause)
{
	const market__feed_t *feed = market__feed_of(intake->feed);
	const market__bringing_t *job = &intake->jobs[k];
	lacking_t l = { .call = call, .intake = intake, .cause = cause };
	bool final = job->chunk.number + 1 >= feed->chunk_roots.n;
	market__party_row_t seller;
	market_status_t status;

	l.n_ids = ids_of(job, l.ids);
	/* Behind a gap nothing is known before the first id. */
	if (intake->earlier == NULL || intake->mute ||
	    (l.n_ids == 0 && (intake->after.gap || !final)))
		return MARKET_OK;
	status = market__party_named(
	    call, market__header(intake->feed->statement)->issuer, &seller);
	if (status != MARKET_OK || seller.no == 0)
		return status;
	return end_range(&l, seller.no,
	    intake->after.gap ? l.ids[0] : intake->after.last_id,
	    final ? NULL : &l.ids[l.n_ids - 1]);
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
	status = end_lacking(call, intake, k, intake->last_after);
	n = ids_of(job, ids);
	if (n > 0) {
		after->gap = false;
		keep_last(intake, ids[n - 1], k);
	}
	return status;
}

static market_status_t
publish_chunk(market__records_t *records, market_submissions_t *submissions,
    size_t k, size_t *at)
{
	market__intake_t *intake = submissions->intake;
	market__submission_t *submission;
	market_status_t status;

	status = write_chunk(records->call, intake, k);
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

/* ---- offered again ---- */

/* The last word on what is wanted of it; *ret_seq is 0 where none was said. */
static market_status_t
last_intent(market__call_t *call, const market__listing_row_t *row,
    market__entry_row_t *entry, market__detail_t *detail, uint64_t *ret_seq)
{
	uint64_t seq = row->last;
	market_status_t status;

	*ret_seq = 0;
	while (seq != 0) {
		status = market__entry_get(call, seq, entry, detail);
		if (status != MARKET_OK)
			return status;
		if (entry->kind == MARKET_CHANGE_INTENT) {
			*ret_seq = seq;
			break;
		}
		seq = entry->prev < seq ? entry->prev : 0;
	}
	return MARKET_OK;
}

market_status_t
market__intake_ended(
    market__call_t *call, const market__listing_row_t *row, bool *ret_ended)
{
	market__entry_row_t entry;
	market__detail_t detail;
	uint64_t seq = 0;
	market_status_t status;

	*ret_ended = false;
	if (row->intent != (uint32_t)MARKET_INTENT_END)
		return MARKET_OK;
	status = last_intent(call, row, &entry, &detail, &seq);
	*ret_ended = status == MARKET_OK && seq != 0 && entry.cause != 0;
	return status;
}

market_status_t
market__intake_return(
    market__call_t *call, market__listing_row_t *row, uint64_t cause)
{
	market__entry_row_t entry;
	market__detail_t detail;
	uint64_t seq = 0;
	market_status_t status;

	status = last_intent(call, row, &entry, &detail, &seq);
	/* The operator's word stands. */
	if (status != MARKET_OK || seq == 0 || entry.cause == 0)
		return status;
	return set_intent(call, row, detail.intent_before, cause);
}
