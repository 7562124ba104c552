/* SPDX-License-Identifier: Apache-2.0 */
/* The history, entry by entry, for those who follow it. */
#include "api/store_call.h"

#define CHANGES_MAX 1000
#define PAGE        256

struct market_changes {
	market_context_t *context;
	market__arena_t arena; /* of all texts */
	market_change_t *at;
	size_t n, capacity;
};

typedef struct reading {
	market__call_t *call;
	market__arena_t page; /* rows of the page in hand */
	market_changes_t *changes;
} reading_t;

static market_status_t
damaged(const reading_t *reading, uint64_t seq, const char *what)
{
	return market__error(reading->call->reterr, MARKET_E_CORRUPT, NULL, -1,
	    "entry %llu: %s; run market fsck", (unsigned long long)seq, what);
}

/* A row that an entry names and that is not there is damage. */
static market_status_t
found(const reading_t *reading, uint64_t seq, market_status_t status)
{
	return status == MARKET_E_NOT_FOUND
	    ? damaged(reading, seq, "what it is about is missing")
	    : status;
}

static market_status_t
keep(reading_t *reading, market_slice_t text, market_slice_t *ret)
{
	*ret = market__arena_copy(&reading->changes->arena, text);
	if (ret->ptr == NULL)
		return market__call_refused(
		    reading->call, &reading->changes->arena);
	return MARKET_OK;
}

/* Copies each of the texts in place, out of the page. */
static market_status_t
keep_all(reading_t *reading, market_slice_t *const *texts, size_t n)
{
	market_status_t status = MARKET_OK;
	size_t i;

	for (i = 0; i < n && status == MARKET_OK; i++)
		status = keep(reading, *texts[i], texts[i]);
	return status;
}

static market_status_t
about_statement(reading_t *reading, const market__entry_row_t *entry,
    const market__detail_t *detail, market_change_t *change)
{
	market_slice_t *const texts[] = { &change->digest, &change->issuer,
		&change->id };
	const market__call_t *call = reading->call;
	market__statement_query_t query = { 0 };
	const market__statement_row_t *rows;
	market_status_t status;
	size_t n = 0;

	if (entry->object == 0)
		return found(reading, entry->seq, MARKET_E_NOT_FOUND);
	query.by = MARKET__STATEMENT_BY_NO;
	query.after = entry->object - 1;
	query.max = 1;
	status = call->ops->statements(
	    call->backend, &query, &reading->page, &rows, &n, call->reterr);
	if (status != MARKET_OK)
		return status;
	if (n == 0 || rows[0].no != entry->object)
		return found(reading, entry->seq, MARKET_E_NOT_FOUND);
	if (rows[0].entry != entry->seq ||
	    memcmp(rows[0].digest, detail->digest, MARKET_DIGEST_LEN) != 0)
		return damaged(
		    reading, entry->seq, "it is about another statement");
	change->digest = market__slice(detail->digest, MARKET_DIGEST_LEN);
	change->statement_kind = (market_kind_t)rows[0].kind;
	change->issuer = rows[0].issuer;
	change->id = rows[0].id;
	change->revision = rows[0].revision;
	change->result = detail->result;
	return keep_all(reading, texts, MARKET__COUNT(texts));
}

static market_status_t
about_clearance(reading_t *reading, const market__entry_row_t *entry,
    const market__detail_t *detail, market_change_t *change)
{
	market_slice_t *const texts[] = { &change->seller, &change->brand,
		&change->model, &change->territory, &change->network };
	const market__call_t *call = reading->call;
	market__clearance_row_t row;
	market__question_t question;
	market_status_t status;

	status = found(reading, entry->seq,
	    call->ops->clearance_get(call->backend, entry->object,
		&reading->page, &row, call->reterr));
	if (status == MARKET_OK)
		status = call->ops->clearance_cells(
		    call->backend, row.no, &change->cells, call->reterr);
	if (status != MARKET_OK)
		return status;
	if (!market__question_decode(row.question, &reading->page, &question))
		return reading->page.over_budget || reading->page.out_of_memory
		    ? market__call_refused(reading->call, &reading->page)
		    : damaged(reading, entry->seq, "its question is damaged");
	change->question = row.no;
	change->seller = question.seller;
	change->brand = question.brand;
	change->model = question.model;
	change->territory = question.territory;
	change->channel = question.channel;
	change->network = question.network;
	if (detail->had) {
		change->before = detail->before.verdict;
		change->service_before = detail->before.service;
	}
	change->after = detail->after.verdict;
	change->service_after = detail->after.service;
	return keep_all(reading, texts, MARKET__COUNT(texts));
}

/* The listing's id, and its two parts. */
static market_status_t
name_listing(reading_t *reading, const market__entry_row_t *entry,
    market_slice_t *ret_id, market_slice_t *ret_seller,
    market_slice_t *ret_offer)
{
	const market__call_t *call = reading->call;
	market__listing_row_t row;
	market__party_row_t seller;
	market_status_t status;
	uint8_t *text;

	status = found(reading, entry->seq,
	    call->ops->listing_get(call->backend, entry->object, &reading->page,
		&row, call->reterr));
	if (status == MARKET_OK)
		status = found(reading, entry->seq,
		    call->ops->party_get(call->backend, row.seller,
			&reading->page, &seller, call->reterr));
	if (status != MARKET_OK)
		return status;
	text = market__arena_alloc(&reading->changes->arena,
	    seller.name.len + 1 + row.offer_id.len + 1);
	if (text == NULL)
		return market__call_refused(
		    reading->call, &reading->changes->arena);
	*ret_id = market__slice(text, seller.name.len + 1 + row.offer_id.len);
	*ret_seller = market__slice(text, seller.name.len);
	*ret_offer = market__slice(
	    text + seller.name.len + 1, row.offer_id.len);
	memcpy(text, seller.name.ptr, seller.name.len);
	text[seller.name.len] = '/';
	memcpy(text + seller.name.len + 1, row.offer_id.ptr, row.offer_id.len);
	return MARKET_OK;
}

static market_status_t
about_offer(reading_t *reading, const market__entry_row_t *entry,
    const market__detail_t *detail, market_change_t *change)
{
	market_status_t status;

	status = name_listing(
	    reading, entry, &change->listing, &change->issuer, &change->id);
	if (status != MARKET_OK)
		return status;
	change->statement_kind = MARKET_KIND_OFFER;
	change->revision = detail->revision;
	change->result = detail->result;
	return keep(reading, market__slice(detail->digest, MARKET_DIGEST_LEN),
	    &change->digest);
}

static market_status_t
about_intent(reading_t *reading, const market__entry_row_t *entry,
    const market__detail_t *detail, market_change_t *change)
{
	market_slice_t seller, offer;

	change->intent_before = (market_intent_t)detail->intent_before;
	change->intent_after = (market_intent_t)detail->intent_after;
	return name_listing(reading, entry, &change->listing, &seller, &offer);
}

/* What feed it is of, its cause says. */
static market_status_t
about_chunk(reading_t *reading, const market__entry_row_t *entry,
    const market__detail_t *detail, market_change_t *change)
{
	change->statement_kind = MARKET_KIND_FEED;
	change->chunk = entry->object;
	return keep(reading, market__slice(detail->digest, MARKET_DIGEST_LEN),
	    &change->digest);
}

static market_status_t
tell(reading_t *reading, const market__entry_row_t *entry,
    market_change_t *change)
{
	market__detail_t detail;

	if (!market__detail_decode(entry->kind, entry->detail, &detail))
		return damaged(reading, entry->seq, "it is not readable");
	change->entry = entry->seq;
	change->at = entry->at;
	change->kind = (market_change_kind_t)entry->kind;
	change->cause = entry->cause;
	switch (change->kind) {
	case MARKET_CHANGE_STATEMENT:
		return about_statement(reading, entry, &detail, change);
	case MARKET_CHANGE_CLEARANCE:
		return about_clearance(reading, entry, &detail, change);
	case MARKET_CHANGE_OFFER:
		return about_offer(reading, entry, &detail, change);
	case MARKET_CHANGE_CHUNK:
		return about_chunk(reading, entry, &detail, change);
	case MARKET_CHANGE_INTENT:
		return about_intent(reading, entry, &detail, change);
	}
	return damaged(reading, entry->seq, "it is not readable");
}

/* Room for `more` in a list that doubles; the arena keeps the older ones. */
static market_status_t
reserve(reading_t *reading, size_t more)
{
	market_changes_t *changes = reading->changes;
	size_t capacity = changes->capacity * 2;
	market_change_t *at;

	if (changes->n + more <= changes->capacity)
		return MARKET_OK;
	if (capacity < changes->n + more)
		capacity = changes->n + more;
	at = market__arena_array(&changes->arena, capacity, sizeof(*at));
	if (at == NULL)
		return market__call_refused(reading->call, &changes->arena);
	if (changes->n > 0)
		memcpy(at, changes->at, changes->n * sizeof(*at));
	changes->at = at;
	changes->capacity = capacity;
	return MARKET_OK;
}

/* The next page of at most `max` entries behind *since. */
static market_status_t
read_page(reading_t *reading, uint64_t *since, size_t max, size_t *ret_n)
{
	const market__call_t *call = reading->call;
	market_changes_t *changes = reading->changes;
	const market__entry_row_t *rows;
	market_status_t status;
	size_t i;

	status = call->ops->entries(call->backend, *since, max, &reading->page,
	    &rows, ret_n, call->reterr);
	if (status == MARKET_OK)
		status = reserve(reading, *ret_n);
	for (i = 0; status == MARKET_OK && i < *ret_n; i++) {
		if (rows[i].seq != *since + 1)
			return damaged(reading, *since + 1, "it is missing");
		status = tell(reading, &rows[i], &changes->at[changes->n]);
		if (status != MARKET_OK)
			return status;
		*since = rows[i].seq;
		changes->n++;
	}
	return status;
}

static market_status_t
read_all(reading_t *reading, uint64_t since, size_t max)
{
	const market__call_t *call = reading->call;
	uint64_t last = call->head.entries;
	market_status_t status = MARKET_OK;
	size_t n, want;

	while (
	    status == MARKET_OK && since < last && reading->changes->n < max) {
		want = max - reading->changes->n;
		if (want > PAGE)
			want = PAGE;
		if (want > last - since)
			want = (size_t)(last - since);
		market__arena_init(&reading->page, &call->context->allocator,
		    MARKET__CALL_BUDGET);
		status = read_page(reading, &since, want, &n);
		market__arena_clear(&reading->page);
		if (status == MARKET_OK && n < want)
			return damaged(reading, since + 1, "it is missing");
	}
	return status;
}

market_status_t
market_store_changes(market_store_t *store, uint64_t since, size_t max,
    market_changes_t **ret_changes, market_error_t *reterr)
{
	reading_t reading = { 0 };
	market__call_t call;
	market_status_t status;

	status = market__call_begin(store, reterr, &call);
	if (status == MARKET_OK && ret_changes == NULL)
		status = market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "ret_changes must be given");
	if (status == MARKET_OK)
		status = market__call_transact(&call, false, 0);
	if (status != MARKET_OK)
		return market__call_end(&call, status);
	reading.call = &call;
	reading.changes = market__alloc(
	    &store->context->allocator, sizeof(*reading.changes));
	if (reading.changes == NULL)
		return market__call_end(&call,
		    market__error(reterr, MARKET_E_MEMORY, NULL, -1,
			"no memory for the history"));
	reading.changes->context = store->context;
	market__arena_init(&reading.changes->arena, &store->context->allocator,
	    MARKET__CALL_BUDGET);
	status = read_all(&reading, since, max == 0 ? CHANGES_MAX : max);
	if (status == MARKET_OK)
		*ret_changes = reading.changes;
	else
		market_changes_free(reading.changes);
	return market__call_end(&call, status);
}

const market_change_t *
market_changes_at(const market_changes_t *changes, size_t index)
{
	if (changes == NULL || index >= changes->n)
		return NULL;
	return &changes->at[index];
}

void
market_changes_free(market_changes_t *changes)
{
	if (changes == NULL)
		return;
	market__arena_clear(&changes->arena);
	market__free(&changes->context->allocator, changes);
}
