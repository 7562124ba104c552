/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listings: each row against the offer that was signed, the questions that it
 * asks, and what its entries make of it.
 */
#include "api/store_evidence.h"
#include "api/store_fsck.h"
#include "api/store_listing.h"
#include "model/slot.h"

/* ---- its history ---- */

/* What the entries make of the row, read from the last one back. */
typedef struct walk {
	const market__listing_row_t *row;
	uint32_t intent; /* 0: none was told yet */
	uint32_t before; /* the intent that the next older one must tell */
	bool asked;      /* ... if there is one */
	uint64_t offer;  /* entry of the newest accepted offer; 0 */
	uint64_t revision;
	/* Of the accepted offer that is next to the one in hand. */
	uint64_t next_revision;
	uint8_t next_digest[MARKET_DIGEST_LEN];
	uint8_t digest[MARKET_DIGEST_LEN];
	bool forked, listed;
} walk_t;

static void
take_intent(market__fsck_t *f, walk_t *w, const market__entry_row_t *entry,
    const market__detail_t *detail)
{
	if (w->asked && w->before != detail->intent_after)
		market__fsck_tell(f,
		    "listing %llu: the intent of entry %llu is not the one "
		    "that the next entry changed",
		    MARKET__ULL(w->row->no), MARKET__ULL(entry->seq));
	if (w->intent == 0)
		w->intent = detail->intent_after;
	w->before = detail->intent_before;
	w->asked = true;
}

static void
take_offer(market__fsck_t *f, walk_t *w, const market__entry_row_t *entry,
    const market__detail_t *detail)
{
	if (detail->result == MARKET_RESULT_FORK) {
		if (w->offer == 0)
			w->forked = true;
		return;
	}
	if (w->offer == 0) {
		w->offer = entry->seq;
		w->listed = entry->cause != 0;
		w->revision = detail->revision;
		memcpy(w->digest, detail->digest, sizeof(w->digest));
	} else if (detail->revision > w->next_revision ||
	    (detail->revision == w->next_revision &&
		memcmp(detail->digest, w->next_digest,
		    sizeof(w->next_digest)) != 0)) {
		/* The same offer may come again, signed by more keys. */
		market__fsck_tell(f,
		    "listing %llu: entry %llu accepts revision %llu, and a "
		    "later one revision %llu",
		    MARKET__ULL(w->row->no), MARKET__ULL(entry->seq),
		    MARKET__ULL(detail->revision),
		    MARKET__ULL(w->next_revision));
	}
	w->next_revision = detail->revision;
	memcpy(w->next_digest, detail->digest, sizeof(w->next_digest));
}

/* false: no more can be made of it. */
static bool
take_entry(market__fsck_t *f, walk_t *w, const market__entry_row_t *entry,
    const market__detail_t *detail)
{
	f->walked++;
	if ((entry->kind == MARKET_CHANGE_OFFER ||
		entry->kind == MARKET_CHANGE_INTENT) &&
	    entry->object == w->row->no && entry->prev < entry->seq) {
		if (entry->kind == MARKET_CHANGE_INTENT)
			take_intent(f, w, entry, detail);
		else
			take_offer(f, w, entry, detail);
		return true;
	}
	market__fsck_tell(f,
	    "listing %llu: entry %llu of its history is about something else",
	    MARKET__ULL(w->row->no), MARKET__ULL(entry->seq));
	return false;
}

static void
compare_walk(market__fsck_t *f, const walk_t *w, uint64_t began)
{
	const market__listing_row_t *row = w->row;
	unsigned long long no = MARKET__ULL(row->no);
	uint32_t intent = w->intent == 0 ? (uint32_t)MARKET_INTENT_PUBLISH
					 : w->intent;
	uint32_t flags = (w->forked ? MARKET__LISTING_FORKED : 0) |
	    (w->listed ? MARKET__LISTING_LISTED : 0);

	if (began != row->began)
		market__fsck_tell(f,
		    "listing %llu: its history begins with entry %llu, and its "
		    "row says %llu",
		    no, MARKET__ULL(began), MARKET__ULL(row->began));
	if (w->asked && w->before != 0 &&
	    w->before != (uint32_t)MARKET_INTENT_PUBLISH)
		market__fsck_tell(f,
		    "listing %llu: its first intent changes one that it never "
		    "had",
		    no);
	if (row->intent != intent)
		market__fsck_tell(f,
		    "listing %llu: its row does not have the intent of its "
		    "history",
		    no);
	if (row->flags != flags)
		market__fsck_tell(f,
		    "listing %llu: by its history it is%s forked and%s of a "
		    "feed, and its row says otherwise",
		    no, w->forked ? "" : " not", w->listed ? "" : " not");
	if (row->offer_entry != w->offer || row->revision != w->revision ||
	    memcmp(row->digest, w->digest, sizeof(w->digest)) != 0)
		market__fsck_tell(f,
		    "listing %llu: its offer is not the one that was accepted "
		    "last, by entry %llu",
		    no, MARKET__ULL(w->offer));
}

static void
check_history(market__fsck_t *f, const market__listing_row_t *row)
{
	uint64_t seq = row->last, began = 0;
	market__entry_row_t entry;
	market__detail_t detail;
	walk_t w = { 0 };

	w.row = row;
	do {
		market__fsck_rest(f);
		if (!market__fsck_goes_on(f) ||
		    !market__fsck_good(f,
			market__entry_get(&f->call, seq, &entry, &detail),
			"listing %llu", MARKET__ULL(row->no)) ||
		    !take_entry(f, &w, &entry, &detail))
			return;
		began = seq;
		seq = entry.prev;
	} while (seq != 0);
	if (entry.kind != MARKET_CHANGE_OFFER)
		market__fsck_tell(f,
		    "listing %llu: its history does not begin with an offer",
		    MARKET__ULL(row->no));
	compare_walk(f, &w, began);
}

/* ---- its offer and its questions ---- */

/* The questions of its cells; false: one is not there. */
static bool
read_questions(market__fsck_t *f, const market__listing_row_t *row,
    market__question_t *questions, uint8_t *hashes)
{
	market__call_t *call = &f->call;
	market__clearance_row_t clearance;
	market_status_t status;
	size_t i;

	for (i = 0; i < row->n_questions; i++) {
		status = call->ops->clearance_get(call->backend,
		    row->questions[i], &call->arena, &clearance, &f->error);
		if (status == MARKET_OK)
			status = market__clear_question(
			    call, &clearance, &questions[i]);
		if (status == MARKET_OK)
			status = market__clear_hash(call, &questions[i],
			    hashes + i * MARKET_DIGEST_LEN);
		if (!market__fsck_good(f, status, "listing %llu: question %llu",
			MARKET__ULL(row->no), MARKET__ULL(row->questions[i])))
			return false;
	}
	return true;
}

/* Which of the question's keys a slot's rows name, and which of these signed,
 * whatever has become of the rows since. */
static market_status_t
see_keys(market__fsck_t *f, market_slice_t slot,
    const market_statement_t *is_signed, const market__question_t *question,
    uint32_t *known, uint32_t *signers)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	const market__keyset_t *keys;
	market__keymask_t mask = 0;
	market__fact_t *fact;
	market_status_t status;
	size_t n, i, k, q;

	query.by = MARKET__STATEMENT_BY_SLOT;
	query.slot = slot;
	status = market__fact_rows(&f->call, &query, &rows, &n);
	for (i = 0; status == MARKET_OK && i < n; i++) {
		status = market__fact_get(&f->call, rows[i], &fact);
		keys = status == MARKET_OK ? fact->conveyed : NULL;
		if (keys == NULL)
			continue;
		status = market__keyset_signers(keys, is_signed, &mask);
		for (k = 0; status == MARKET_OK && k < keys->n_keys; k++)
			for (q = 0; q < question->n_keys; q++)
				if (market__keyset_has_id(
					keys, k, question->keys[q])) {
					*known |= UINT32_C(1) << q;
					*signers |= (mask >> k & 1) << q;
				}
	}
	return status;
}

/* Has each of the question's keys signed the offer, or its feed? */
static void
check_keys(market__fsck_t *f, const market__listing_row_t *row,
    const market_statement_t *is_signed, const market__question_t *question)
{
	market_slice_t parts[2], slot = { NULL, 0 };
	uint32_t known = 0, signers = 0, all;
	market_status_t status;

	all = (uint32_t)((UINT64_C(1) << question->n_keys) - 1);
	status = market__slot_spell(
	    &f->call, "seller", &question->seller, 1, &slot);
	if (status == MARKET_OK)
		status = see_keys(
		    f, slot, is_signed, question, &known, &signers);
	parts[0] = question->brand;
	parts[1] = question->seller;
	if (status == MARKET_OK)
		status = market__slot_spell(
		    &f->call, "authorization", parts, 2, &slot);
	if (status == MARKET_OK)
		status = see_keys(
		    f, slot, is_signed, question, &known, &signers);
	if (!market__fsck_good(f, status, "listing %llu", MARKET__ULL(row->no)))
		return;
	if (known != all)
		market__fsck_tell(f,
		    "listing %llu: it is asked with a key that nobody gave its "
		    "seller",
		    MARKET__ULL(row->no));
	if (signers != known)
		market__fsck_tell(f,
		    "listing %llu: it is asked with a key that has not signed "
		    "its offer",
		    MARKET__ULL(row->no));
}

static void
check_offer(
    market__fsck_t *f, const market__listing_row_t *row, market_slice_t seller)
{
	market__arena_t *arena = &f->call.arena;
	const market_statement_t *feed = NULL;
	market_statement_t *offer = NULL;
	market__question_t *questions;
	bool believed = false;
	uint8_t *hashes;
	size_t i;

	questions = market__arena_array(
	    arena, row->n_questions + 1, sizeof(*questions));
	hashes = market__arena_array(
	    arena, row->n_questions + 1, MARKET_DIGEST_LEN);
	if (questions == NULL || hashes == NULL) {
		f->status = market__arena_refusal(arena);
		return;
	}
	if (!read_questions(f, row, questions, hashes))
		return;
	if (!market__fsck_good(f,
		market__listing_believe(
		    &f->call, row, seller, hashes, &believed),
		"listing %llu", MARKET__ULL(row->no)))
		return;
	for (i = 1; i < row->n_questions; i++)
		if (!market__question_same_keys(&questions[0], &questions[i])) {
			market__fsck_tell(f,
			    "listing %llu: its cells are asked with different "
			    "keys",
			    MARKET__ULL(row->no));
			return;
		}
	/* Not believed at a look: a reader would make the whole decision. */
	if (believed || row->n_questions == 0 ||
	    !market__fsck_good(f, market__listing_offer(&f->call, row, &offer),
		"listing %llu", MARKET__ULL(row->no)))
		return;
	if (market__fsck_good(f, market__listing_feed(&f->call, row, &feed),
		"listing %llu", MARKET__ULL(row->no)))
		check_keys(f, row, feed != NULL ? feed : offer, &questions[0]);
	market_statement_free(offer);
}

/* ---- all of them ---- */

/* `user` is the number of the one before. */
static void
check_listing(market__fsck_t *f, const market__listing_row_t *row, void *user)
{
	market__call_t *call = &f->call;
	market__party_row_t seller;
	uint64_t *last = user;

	market__fsck_gap(f, "listing", "listings", *last + 1, row->no - 1);
	*last = row->no;
	check_history(f, row);
	market__fsck_rest(f);
	if (market__fsck_goes_on(f) &&
	    market__fsck_good(f,
		call->ops->party_get(call->backend, row->seller, &call->arena,
		    &seller, &f->error),
		"listing %llu: its seller", MARKET__ULL(row->no)))
		check_offer(f, row, seller.name);
}

void
market__fsck_listings(market__fsck_t *f)
{
	uint64_t last = 0, wanted = f->call.head.listings;

	if (!market__fsck_each_listing(f, check_listing, &last))
		return;
	if (last > wanted)
		market__fsck_tell(f,
		    "listing %llu: the head ends at listing %llu",
		    MARKET__ULL(last), MARKET__ULL(wanted));
	market__fsck_gap(f, "listing", "listings", last + 1, wanted);
	if (f->walked != f->of_listings && market__fsck_goes_on(f))
		market__fsck_tell(f,
		    "listings: the history has %llu entries of them, and they "
		    "lead to %llu",
		    MARKET__ULL(f->of_listings), MARKET__ULL(f->walked));
}
