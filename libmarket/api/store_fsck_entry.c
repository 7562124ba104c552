/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The history: entries without a gap, the chain over them, and that each is
 * about something that is there and tells of it.
 */
#include "api/store_evidence.h"
#include "api/store_fsck.h"
#include "api/store_intake.h"
#include "api/store_listing.h"

typedef struct history {
	uint64_t reached; /* the last entry that was there */
	uint64_t statements;
	int64_t at;
	uint8_t chain[MARKET_DIGEST_LEN];
	bool gap; /* then the chain cannot agree, and that is told */
} history_t;

static void
check_mark(market__fsck_t *f, const history_t *h)
{
	size_t i;

	for (i = 0; i < f->n_marks; i++)
		if (f->marks[i].mark.entries == h->reached && !h->gap &&
		    memcmp(f->marks[i].mark.entry_chain, h->chain,
			MARKET_DIGEST_LEN) != 0)
			market__fsck_tell(f,
			    "entry %llu: the history up to it is not that of "
			    "%s: the store was restored from an older copy, "
			    "or rewritten",
			    MARKET__ULL(h->reached), f->marks[i].whose);
}

/* ---- what an entry is about ---- */

/* How far a feed was taken in: up to a chunk of it, and no chunk is behind. */
static void
check_taken(market__fsck_t *f, uint64_t statement, uint64_t chunk)
{
	market__feed_row_t row;
	market__taken_t taken;
	uint64_t next;

	if (market__fsck_good(f,
		market__intake_read(&f->call, statement, &row, &taken, &next),
		"statement %llu", MARKET__ULL(statement)) &&
	    row.last < chunk)
		market__fsck_tell(f,
		    "entry %llu: it is a chunk of feed %llu, whose last is "
		    "told to be %llu",
		    MARKET__ULL(chunk), MARKET__ULL(statement),
		    MARKET__ULL(row.last));
}

static void
check_statement(market__fsck_t *f, const market__entry_row_t *entry,
    const market__detail_t *detail, history_t *h)
{
	const market__statement_row_t *row;

	if (entry->object != ++h->statements) {
		market__fsck_tell(f,
		    "entry %llu: it accepts statement %llu, and statement %llu "
		    "is next",
		    MARKET__ULL(entry->seq), MARKET__ULL(entry->object),
		    MARKET__ULL(h->statements));
		h->statements = entry->object;
	}
	if (!market__fsck_good(f,
		market__fact_row(&f->call, entry->object, &row),
		"entry %llu: statement %llu", MARKET__ULL(entry->seq),
		MARKET__ULL(entry->object)))
		return;
	if (row->entry != entry->seq || row->seen_at != entry->at ||
	    memcmp(row->digest, detail->digest, MARKET_DIGEST_LEN) != 0)
		market__fsck_tell(f,
		    "entry %llu: statement %llu is not the one that it "
		    "accepted",
		    MARKET__ULL(entry->seq), MARKET__ULL(entry->object));
	if (row->kind == (uint32_t)MARKET_KIND_FEED &&
	    detail->result == MARKET_RESULT_ACCEPTED)
		check_taken(f, row->no, 0);
}

static void
check_clearance(market__fsck_t *f, const market__entry_row_t *entry)
{
	market__call_t *call = &f->call;
	market__clearance_row_t row;

	if (!market__fsck_good(f,
		call->ops->clearance_get(call->backend, entry->object,
		    &call->arena, &row, &f->error),
		"entry %llu: clearance %llu", MARKET__ULL(entry->seq),
		MARKET__ULL(entry->object)))
		return;
	if (row.entry < entry->seq)
		market__fsck_tell(f,
		    "entry %llu: it is of clearance %llu, whose last is told "
		    "to be %llu",
		    MARKET__ULL(entry->seq), MARKET__ULL(entry->object),
		    MARKET__ULL(row.entry));
}

/* Does the envelope that was accepted then still say what it did? */
static void
check_offer(market__fsck_t *f, const market__entry_row_t *entry,
    const market__detail_t *detail)
{
	market__call_t *call = &f->call;
	market_statement_t *offer = NULL;
	market_status_t status;
	market_slice_t bytes;

	if (!market__fsck_good(f,
		call->ops->payload_get(
		    call->backend, entry->seq, &call->arena, &bytes, &f->error),
		"entry %llu: the offer's envelope", MARKET__ULL(entry->seq)))
		return;
	status = market_statement_parse(call->context, bytes,
	    MARKET_KINDS(MARKET_KIND_OFFER), &offer, NULL);
	if (status == MARKET_E_MEMORY) {
		f->status = status;
	} else if (status != MARKET_OK ||
	    memcmp(offer->digest, detail->digest, MARKET_DIGEST_LEN) != 0 ||
	    market__header(offer)->revision != detail->revision) {
		market__fsck_tell(f,
		    "entry %llu: the offer's envelope is not the one that was "
		    "accepted",
		    MARKET__ULL(entry->seq));
	}
	market_statement_free(offer);
}

/* The same of a row of a chunk. */
static void
check_row(market__fsck_t *f, const market__entry_row_t *entry,
    const market__detail_t *detail)
{
	market__call_t *call = &f->call;
	market_slice_t bytes = { NULL, 0 };
	market_statement_t *offer = NULL;
	market__listing_row_t row;
	market_status_t status;

	status = call->ops->listing_get(
	    call->backend, entry->object, &call->arena, &row, &f->error);
	if (status == MARKET_OK)
		status = market__chunk_offer(
		    call, entry->cause, row.offer_id, detail->digest, &bytes);
	if (!market__fsck_good(f, status, "entry %llu: the offer's row",
		MARKET__ULL(entry->seq)))
		return;
	status = market__row_parse(call->context, bytes, &offer, NULL);
	if (status == MARKET_E_MEMORY) {
		f->status = status;
	} else if (status != MARKET_OK ||
	    memcmp(offer->digest, detail->digest, MARKET_DIGEST_LEN) != 0 ||
	    market__header(offer)->revision != detail->revision) {
		market__fsck_tell(f,
		    "entry %llu: the offer's row is not the one that was "
		    "accepted",
		    MARKET__ULL(entry->seq));
	}
	market_statement_free(offer);
}

static void
check_chunk(market__fsck_t *f, const market__entry_row_t *entry)
{
	market__call_t *call = &f->call;
	market__entry_row_t prev = { 0 }, cause;
	market__detail_t detail;
	bool there = false;

	if (!market__fsck_good(f, market__chunk_check(call, entry->seq, &there),
		"entry %llu: the chunk", MARKET__ULL(entry->seq)) ||
	    (entry->prev != 0 &&
		!market__fsck_good(f,
		    market__entry_get(call, entry->prev, &prev, &detail),
		    "entry %llu: the chunk before it",
		    MARKET__ULL(entry->seq))))
		return;
	if (entry->prev == 0
		? entry->object != 0
		: prev.kind != entry->kind || prev.cause != entry->cause ||
		    prev.object + 1 != entry->object)
		market__fsck_tell(f,
		    "entry %llu: it does not follow the chunk before it",
		    MARKET__ULL(entry->seq));
	if (market__fsck_good(f,
		market__entry_get(call, entry->cause, &cause, &detail),
		"entry %llu: its feed", MARKET__ULL(entry->seq)))
		check_taken(f, cause.object, entry->seq);
}

/* An envelope that nothing is verified by has no business here. */
static void
check_no_envelope(market__fsck_t *f, const market__entry_row_t *entry)
{
	market__call_t *call = &f->call;
	market_status_t status;
	market_slice_t bytes;

	status = call->ops->payload_get(
	    call->backend, entry->seq, &call->arena, &bytes, NULL);
	if (status == MARKET_OK)
		market__fsck_tell(f,
		    "entry %llu: it has an envelope, and is about none",
		    MARKET__ULL(entry->seq));
	else if (status != MARKET_E_NOT_FOUND)
		(void)market__fsck_good(
		    f, status, "entry %llu", MARKET__ULL(entry->seq));
}

static void
check_listing(market__fsck_t *f, const market__entry_row_t *entry)
{
	market__call_t *call = &f->call;
	market__listing_row_t row;

	f->of_listings++;
	if (!market__fsck_good(f,
		call->ops->listing_get(call->backend, entry->object,
		    &call->arena, &row, &f->error),
		"entry %llu: listing %llu", MARKET__ULL(entry->seq),
		MARKET__ULL(entry->object)))
		return;
	if (entry->seq < row.began || entry->seq > row.last)
		market__fsck_tell(f,
		    "entry %llu: it is of listing %llu, whose history is told "
		    "to be from %llu to %llu",
		    MARKET__ULL(entry->seq), MARKET__ULL(entry->object),
		    MARKET__ULL(row.began), MARKET__ULL(row.last));
}

static void
check_about(market__fsck_t *f, const market__entry_row_t *entry, history_t *h)
{
	market__detail_t detail;

	if (!market__detail_decode(entry->kind, entry->detail, &detail)) {
		market__fsck_tell(f, "entry %llu: it is not readable",
		    MARKET__ULL(entry->seq));
		return;
	}
	switch ((market_change_kind_t)entry->kind) {
	case MARKET_CHANGE_STATEMENT:
		check_statement(f, entry, &detail, h);
		break;
	case MARKET_CHANGE_CLEARANCE:
		check_clearance(f, entry);
		check_no_envelope(f, entry);
		break;
	case MARKET_CHANGE_OFFER:
		check_listing(f, entry);
		if (entry->cause == 0) {
			check_offer(f, entry, &detail);
			break;
		}
		check_row(f, entry, &detail);
		check_no_envelope(f, entry);
		break;
	case MARKET_CHANGE_CHUNK: check_chunk(f, entry); break;
	case MARKET_CHANGE_INTENT:
		check_listing(f, entry);
		check_no_envelope(f, entry);
		break;
	}
}

/* ---- each, and the whole ---- */

static void
check_links(
    market__fsck_t *f, const market__entry_row_t *entry, const history_t *h)
{
	if (entry->prev >= entry->seq || entry->cause >= entry->seq)
		market__fsck_tell(f,
		    "entry %llu: it names entry %llu, which is not before it",
		    MARKET__ULL(entry->seq),
		    MARKET__ULL(entry->prev >= entry->seq ? entry->prev
							  : entry->cause));
	if (entry->at < h->at)
		market__fsck_tell(f,
		    "entry %llu: it is of an earlier instant than the one "
		    "before it",
		    MARKET__ULL(entry->seq));
	if (entry->at > f->call.head.clock)
		market__fsck_tell(f,
		    "entry %llu: it is of a later instant than the store's "
		    "clock",
		    MARKET__ULL(entry->seq));
}

static void
check_entry(market__fsck_t *f, const market__entry_row_t *entry, history_t *h)
{
	market__call_t *call = &f->call;

	if (entry->seq != h->reached + 1) {
		market__fsck_gap(
		    f, "entry", "entries", h->reached + 1, entry->seq - 1);
		h->gap = true;
	}
	f->status = market__entry_chain(call, h->chain, entry, h->chain);
	h->reached = entry->seq;
	if (f->status != MARKET_OK)
		return;
	check_mark(f, h);
	check_links(f, entry, h);
	h->at = entry->at;
	check_about(f, entry, h);
}

static void
conclude(market__fsck_t *f, const history_t *h)
{
	const market__store_head_t *head = &f->call.head;
	size_t i;

	if (h->reached > head->entries)
		market__fsck_tell(f, "entry %llu: the head ends at entry %llu",
		    MARKET__ULL(h->reached), MARKET__ULL(head->entries));
	market__fsck_gap(f, "entry", "entries", h->reached + 1, head->entries);
	if (h->reached == head->entries && !h->gap &&
	    memcmp(h->chain, head->entry_chain, MARKET_DIGEST_LEN) != 0)
		market__fsck_tell(f,
		    "entry %llu: the chain over the history up to it is not "
		    "that of the head: an entry was edited",
		    MARKET__ULL(h->reached));
	if (h->statements != head->epoch)
		market__fsck_tell(f,
		    "head: %llu statements were accepted, and it tells of %llu",
		    MARKET__ULL(h->statements), MARKET__ULL(head->epoch));
	for (i = 0; i < f->n_marks; i++)
		if (f->marks[i].mark.entries > h->reached)
			market__fsck_tell(f,
			    "entry %llu: %s has it, and the store ends at "
			    "%llu: it was restored from an older copy",
			    MARKET__ULL(f->marks[i].mark.entries),
			    f->marks[i].whose, MARKET__ULL(h->reached));
}

void
market__fsck_entries(market__fsck_t *f)
{
	market__call_t *call = &f->call;
	const market__entry_row_t *rows;
	history_t h = { 0 };
	size_t n, i;

	do {
		market__fsck_turn(f);
		n = 0;
		if (!market__fsck_goes_on(f) ||
		    !market__fsck_good(f,
			call->ops->entries(call->backend, h.reached,
			    MARKET__FSCK_PAGE, &f->page, &rows, &n, &f->error),
			"entries after %llu", MARKET__ULL(h.reached)))
			return;
		for (i = 0; i < n && market__fsck_goes_on(f); i++) {
			check_entry(f, &rows[i], &h);
			market__fsck_rest(f);
		}
	} while (n == MARKET__FSCK_PAGE);
	conclude(f, &h);
}
