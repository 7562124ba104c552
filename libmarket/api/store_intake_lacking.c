/* SPDX-License-Identifier: Apache-2.0 */
/* What a revision of a feed lacks has ended, until one has it again. */
#include <stdlib.h>

#include "api/store_intake.h"

#define PAGE 256

typedef struct lacking {
	market__call_t *call;
	market__intake_t *intake;
	uint64_t cause;
	market_slice_t ids[MARKET__CHUNK]; /* that the chunk has, sorted */
	size_t n_ids;
	uint8_t after[MARKET__STRING_MAX];
	market__listing_row_t *ended; /* of the page */
	size_t n_ended;
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
	market__listing_row_t *ended = &l->ended[l->n_ended];
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
	l->n_ended++;
	/* analyse(scan): end_page() looks at none without room for it. */
	*ended = *row;
	return set_intent(
	    l->call, ended, (uint32_t)MARKET_INTENT_END, l->cause);
}

/* Those of a page, up to `to`; *ret_more: there may be others behind. */
static market_status_t
end_each(lacking_t *l, const market__listing_row_t *rows, size_t n,
    const market_slice_t *to, bool *ret_more)
{
	const market__arena_mark_t mark = market__arena_mark(&l->call->arena);
	size_t n_pins = l->call->n_pins, i;
	market_status_t status = MARKET_OK;

	l->n_ended = 0;
	*ret_more = n == PAGE;
	for (i = 0; i < n && status == MARKET_OK; i++) {
		if (to != NULL &&
		    market__slice_compare(rows[i].offer_id, *to) > 0) {
			*ret_more = false;
			break;
		}
		status = end_one(l, &rows[i]);
		market__call_release(l->call, n_pins);
		market__arena_rewind(&l->call->arena, mark);
	}
	if (status == MARKET_OK && l->n_ended > 0)
		status = l->call->ops->listings_put(
		    l->call->backend, l->ended, l->n_ended, l->call->reterr);
	return status;
}

/* One page of them; *ret_more: there may be others behind l->after. */
static market_status_t
end_page(lacking_t *l, market__listing_query_t *query, const market_slice_t *to,
    market__arena_t *arena, bool *ret_more)
{
	const market__listing_row_t *rows = NULL;
	market_slice_t last;
	market_status_t status;
	size_t n = 0;

	*ret_more = false;
	status = l->call->ops->listings(
	    l->call->backend, query, arena, &rows, &n, l->call->reterr);
	l->ended = market__arena_array(arena, n + 1, sizeof(*l->ended));
	if (status == MARKET_OK && l->ended == NULL)
		status = market__call_refused(l->call, arena);
	if (status == MARKET_OK)
		status = end_each(l, rows, n, to, ret_more);
	if (status != MARKET_OK || n == 0)
		return status;
	last = rows[n - 1].offer_id;
	if (last.len > sizeof(l->after))
		return market__error(l->call->reterr, MARKET_E_CORRUPT, NULL,
		    -1,
		    "listing %llu: its offer's id is longer than any; run "
		    "market fsck",
		    (unsigned long long)rows[n - 1].no);
	memcpy(l->after, last.ptr, last.len);
	query->after_id = market__slice(l->after, last.len);
	return MARKET_OK;
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

market_status_t
market__intake_lacking(
    market__call_t *call, market__intake_t *intake, size_t k, uint64_t cause)
{
	const market__feed_t *feed = market__feed_of(intake->feed);
	const market__bringing_t *job = &intake->jobs[k];
	lacking_t l = { .call = call, .intake = intake, .cause = cause };
	bool final = job->chunk.number + 1 >= feed->chunk_roots.n;
	market__party_row_t seller;
	market_status_t status;

	l.n_ids = market__bring_ids(job, l.ids);
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
