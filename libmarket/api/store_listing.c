/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a listing is at an instant: derived whenever it is asked for, by the
 * clearances of its cells and what belongs to the offer alone.
 */
#include "api/store_listing.h"

typedef struct looking {
	market__call_t *call;
	const market__look_t *look;
	market__arena_t *arena;
	market__listing_t *listing;
	/* Of each cell that the listing has: */
	market__clearance_row_t *rows; /* number 0: never recorded */
	market__question_t *questions;
	uint8_t *hashes;
	size_t n;
	market__alone_t offer; /* of its row's terms */
	bool removed;
	bool was_live;
} looking_t;

void
market__listing_clear(market__listing_t *listing)
{
	market_statement_free(listing->offer);
	market_decision_free(listing->decision);
	listing->offer = NULL;
	listing->decision = NULL;
}

/* ---- its questions ---- */

static market_status_t
make_room(looking_t *l, size_t n)
{
	market__arena_t *arena = &l->call->arena;

	l->n = n;
	l->rows = market__arena_array(arena, n + 1, sizeof(*l->rows));
	l->questions = market__arena_array(arena, n + 1, sizeof(*l->questions));
	l->hashes = market__arena_array(arena, n + 1, MARKET_DIGEST_LEN);
	l->listing->cells = market__arena_array(
	    l->arena, n + 1, sizeof(*l->listing->cells));
	if (l->rows == NULL || l->questions == NULL || l->hashes == NULL)
		return market__call_refused(l->call, arena);
	if (l->listing->cells == NULL)
		return market__call_refused(l->call, l->arena);
	return MARKET_OK;
}

/* Clearance number i of those that the listing's row names. */
static market_status_t
read_clearance(looking_t *l, size_t i)
{
	const market__listing_row_t *row = &l->listing->row;
	market__call_t *call = l->call;
	market_status_t status;

	status = call->ops->clearance_get(call->backend, row->questions[i],
	    &call->arena, &l->rows[i], call->reterr);
	if (status == MARKET_E_NOT_FOUND)
		return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
		    "listing %llu: a question is missing; run market fsck",
		    (unsigned long long)row->no);
	if (status == MARKET_OK)
		status = market__clear_question(
		    call, &l->rows[i], &l->questions[i]);
	return status;
}

static market_status_t
read_questions(looking_t *l)
{
	market_status_t status = make_room(l, l->listing->row.n_questions);
	size_t i;

	for (i = 0; i < l->n && status == MARKET_OK; i++) {
		status = read_clearance(l, i);
		if (status == MARKET_OK)
			status = market__clear_hash(l->call, &l->questions[i],
			    l->hashes + i * MARKET_DIGEST_LEN);
	}
	return status;
}

/* ---- cells ---- */

static bool
is_wanted(const looking_t *l, market_slice_t territory,
    market_channel_t channel, market_slice_t network)
{
	const market__question_t *only = l->look->only;

	return only == NULL ||
	    (market__slice_equal(only->territory, territory) &&
		only->channel == channel &&
		market__slice_equal(only->network, network));
}

static market_status_t
copy_disclosures(looking_t *l, const market_disclosure_t *from, size_t n,
    market_listing_cell_t *cell)
{
	market_disclosure_t *copy = market__arena_array(
	    l->arena, n + 1, sizeof(*copy));

	if (copy == NULL)
		return market__call_refused(l->call, l->arena);
	if (n > 0)
		memcpy(copy, from, n * sizeof(*copy));
	cell->disclosures = copy;
	cell->disclosure_count = n;
	return MARKET_OK;
}

static market_status_t
copy_cell_texts(looking_t *l, market_slice_t territory, market_slice_t network,
    market_listing_cell_t *cell)
{
	cell->territory = market__arena_copy(l->arena, territory);
	cell->network = market__arena_copy(l->arena, network);
	if (cell->territory.ptr == NULL || cell->network.ptr == NULL)
		return market__call_refused(l->call, l->arena);
	return MARKET_OK;
}

/* Did the clearance permit, with these disclosures, since it was listed? */
static market_status_t
note_past(looking_t *l, const market__clearance_row_t *row)
{
	const market__listing_row_t *listing = &l->listing->row;
	market__answer_t kept;

	if (row->no == 0 || l->look->unproven || l->was_live ||
	    l->call->now < l->offer.begin)
		return MARKET_OK;
	if (l->call->view == MARKET__VIEW_PAST)
		return market__listing_permitted(
		    l->call, row, listing, &l->was_live);
	if (row->ended > listing->began)
		l->was_live = true;
	/* At the latest when it was listed the row was what it should be. */
	if (l->was_live || row->verdict != (uint32_t)MARKET_VERDICT_PERMIT ||
	    !market__answer_decode(row->result, &kept))
		return MARKET_OK;
	if ((kept.disclosures & ~listing->disclosures) == 0)
		l->was_live = true;
	else if (row->entry > listing->began)
		/* It never ceased to permit, but may have asked for less. */
		return market__listing_permitted(
		    l->call, row, listing, &l->was_live);
	return MARKET_OK;
}

static void
note_boundary(looking_t *l, int64_t instant)
{
	int64_t *boundary = &l->listing->boundary;

	if (*boundary == 0 || instant < *boundary)
		*boundary = instant;
}

static market_status_t
fill_cell(looking_t *l, size_t i)
{
	const market__listing_row_t *row = &l->listing->row;
	const market__question_t *q = &l->questions[i];
	const market__alone_t *offer = &l->offer;
	const market__cleared_t *cleared = NULL;
	market_listing_cell_t *cell;
	market__answer_t answer;
	market_status_t status;

	status = market__clear(l->call, q, &cleared);
	if (status != MARKET_OK)
		return status;
	note_boundary(l, cleared->answer.boundary);
	note_boundary(l, offer->boundary);
	market__answer_of(&cleared->answer, &answer);
	if (answer.removed)
		l->removed = true;
	if (answer.verdict == MARKET_VERDICT_PERMIT &&
	    (answer.disclosures & ~row->disclosures) == 0 &&
	    l->call->now >= offer->begin)
		l->was_live = true;
	status = note_past(l, &l->rows[i]);
	if (status != MARKET_OK ||
	    !is_wanted(l, q->territory, q->channel, q->network))
		return status;
	cell = &l->listing->cells[l->listing->n_cells++];
	cell->channel = q->channel;
	cell->question = l->rows[i].no;
	cell->service = answer.service;
	cell->verdict = market__verdict_worse(answer.verdict, offer->verdict);
	if ((answer.disclosures & ~row->disclosures) != 0)
		cell->verdict = MARKET_VERDICT_DENY;
	cell->live = cell->verdict == MARKET_VERDICT_PERMIT &&
	    row->intent == MARKET_INTENT_PUBLISH;
	/* What denies the cell may end before what permits the rest of it. */
	cell->horizon = cell->verdict == MARKET_VERDICT_PERMIT
	    ? cleared->answer.horizon
	    : cleared->answer.boundary;
	if (offer->boundary < cell->horizon)
		cell->horizon = offer->boundary;
	status = copy_disclosures(l, cleared->answer.disclosures,
	    cleared->answer.n_disclosures, cell);
	if (status == MARKET_OK)
		status = copy_cell_texts(l, q->territory, q->network, cell);
	return status;
}

static market_status_t
look_fast(looking_t *l, bool *ret_done)
{
	market_status_t status;
	bool plain = false, believed = false;
	size_t i;

	*ret_done = false;
	if (l->look->decide ||
	    (l->call->view == MARKET__VIEW_PAST && !l->look->unproven) ||
	    (l->listing->row.flags & MARKET__LISTING_FORKED) != 0)
		return MARKET_OK;
	status = read_questions(l);
	believed = l->look->unproven;
	if (status == MARKET_OK && !believed)
		status = market__listing_believe(l->call, &l->listing->row,
		    l->listing->seller, l->hashes, &believed);
	if (status == MARKET_OK && believed)
		status = market__listing_plain(
		    l->call, &l->listing->row, l->listing->seller, &plain);
	if (status == MARKET_OK)
		status = market__listing_alone(
		    l->call, &l->listing->row, &l->offer);
	if (status != MARKET_OK || !plain)
		return status;
	for (i = 0; i < l->n && status == MARKET_OK; i++)
		status = fill_cell(l, i);
	*ret_done = true;
	return status;
}

/* ---- the whole decision ---- */

static bool
tells_removal(const market_finding_t *findings, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (findings[i].code == MARKET_CODE_REMOVED_BY_MARKETPLACE)
			return true;
	return false;
}

static market_status_t
fill_decided(looking_t *l, size_t i)
{
	const market_cell_t *decided = market_decision_cell(
	    l->listing->decision, i);
	market_listing_cell_t *cell;
	market_status_t status;

	if (tells_removal(decided->findings, decided->finding_count))
		l->removed = true;
	status = note_past(l, &l->rows[i]);
	if (status != MARKET_OK ||
	    !is_wanted(
		l, decided->territory, decided->channel, decided->network))
		return status;
	cell = &l->listing->cells[l->listing->n_cells++];
	cell->channel = decided->channel;
	cell->question = l->rows[i].no;
	cell->service = decided->service;
	cell->verdict = decided->verdict;
	cell->live = cell->verdict == MARKET_VERDICT_PERMIT &&
	    l->listing->row.intent == MARKET_INTENT_PUBLISH;
	cell->horizon = decided->horizon;
	status = copy_disclosures(
	    l, decided->disclosures, decided->disclosure_count, cell);
	if (status == MARKET_OK)
		status = copy_cell_texts(
		    l, decided->territory, decided->network, cell);
	return status;
}

/* The rows that the listing has, though its keys may ask otherwise by now. */
static market_status_t
own_rows(looking_t *l)
{
	const market__listing_row_t *row = &l->listing->row;
	market_status_t status = MARKET_OK;
	size_t i;

	if (row->n_questions != l->n)
		return market__error(l->call->reterr, MARKET_E_CORRUPT, NULL,
		    -1,
		    "listing %llu: it has other cells than its offer; run "
		    "market fsck",
		    (unsigned long long)row->no);
	for (i = 0; i < l->n && status == MARKET_OK; i++)
		status = read_clearance(l, i);
	return status;
}

/*
 * What was asked then with keys that no offer was ever taken with has no row:
 * the one that the listing has in this cell stands for it.
 */
static market_status_t
nearest_row(looking_t *l, size_t i)
{
	const market__question_t asked = l->questions[i];
	const market__question_t *own = &l->questions[i];
	market_status_t status;

	if (l->listing->row.n_questions != l->n)
		return MARKET_OK;
	status = read_clearance(l, i);
	if (status == MARKET_OK &&
	    (own->channel != asked.channel ||
		!market__slice_equal(own->territory, asked.territory) ||
		!market__slice_equal(own->network, asked.network)))
		l->rows[i].no = 0;
	return status;
}

/* Those of then are found by what was asked then. */
static market_status_t
past_rows(looking_t *l, const market__asked_t *questions)
{
	market__call_t *call = l->call;
	market_status_t status = MARKET_OK;
	size_t i;

	for (i = 0; i < l->n && status == MARKET_OK; i++) {
		if (!market__question_decode(
			questions[i].bytes, &call->arena, &l->questions[i]))
			return market__call_refused(call, &call->arena);
		status = market__clear_find(
		    call, questions[i].hash, &l->rows[i]);
		if (status == MARKET_E_NOT_FOUND)
			status = nearest_row(l, i);
	}
	return status;
}

static market_status_t
find_rows(looking_t *l, const market__asked_t *questions, size_t n)
{
	market_status_t status = make_room(l, n);

	if (status != MARKET_OK)
		return status;
	return l->call->view == MARKET__VIEW_PAST ? past_rows(l, questions)
						  : own_rows(l);
}

static market_status_t
tell_fork(looking_t *l)
{
	market_status_t status;

	if ((l->listing->row.flags & MARKET__LISTING_FORKED) == 0)
		return MARKET_OK;
	status = market__decision_add_finding(l->listing->decision,
	    MARKET_CODE_STATEMENT_FORK,
	    "the seller signed two different offers as revision %llu: a "
	    "higher revision settles it",
	    (unsigned long long)l->listing->row.revision);
	if (status != MARKET_OK)
		return market__error(l->call->reterr, status, NULL, -1,
		    "no memory for a finding");
	return MARKET_OK;
}

/* An offer of another name would be judged as that. */
static market_status_t
read_offer(looking_t *l)
{
	market__listing_t *listing = l->listing;
	const market__header_t *header;
	market_status_t status;

	status = market__listing_offer(l->call, &listing->row, &listing->offer);
	if (status != MARKET_OK)
		return status;
	header = market__header(listing->offer);
	if (market__slice_equal(header->issuer, listing->seller) &&
	    market__slice_equal(header->id, listing->row.offer_id))
		return MARKET_OK;
	return market__error(l->call->reterr, MARKET_E_CORRUPT, NULL, -1,
	    "listing %llu: it is not what its offer says; run market fsck",
	    (unsigned long long)listing->row.no);
}

static market_status_t
look_whole(looking_t *l)
{
	market__listing_t *listing = l->listing;
	const market_finding_t *finding;
	const market_statement_t *feed = NULL;
	const market__asked_t *questions;
	market_status_t status = MARKET_OK;
	size_t n = 0, i;

	listing->n_cells = 0;
	listing->boundary = 0;
	l->removed = l->was_live = false;
	if (l->call->view != MARKET__VIEW_PAST)
		status = market__listing_history(l->call, &listing->row);
	if (status == MARKET_OK && listing->offer == NULL)
		status = read_offer(l);
	if (status == MARKET_OK)
		status = market__listing_feed(l->call, &listing->row, &feed);
	if (status != MARKET_OK)
		return status;
	market__listing_terms(listing->offer, feed, &listing->row);
	status = market__listing_alone(l->call, &listing->row, &l->offer);
	if (status == MARKET_OK)
		status = market__call_decide(l->call, listing->offer, feed,
		    NULL, &listing->decision, &questions, &n);
	if (status == MARKET_OK)
		status = tell_fork(l);
	if (status == MARKET_OK)
		status = find_rows(l, questions, n);
	for (i = 0; i < n && status == MARKET_OK; i++)
		status = fill_decided(l, i);
	for (i = 0; status == MARKET_OK &&
	     (finding = market_decision_finding(listing->decision, i)) != NULL;
	     i++)
		if (tells_removal(finding, 1))
			l->removed = true;
	return status;
}

/* ---- its status ---- */

static market_listing_status_t
status_of(const looking_t *l)
{
	const market__listing_t *listing = l->listing;
	size_t i, live = 0;

	if (l->removed)
		return MARKET_LISTING_REMOVED;
	if (listing->row.intent == MARKET_INTENT_END)
		return MARKET_LISTING_ENDED;
	if (listing->row.intent != MARKET_INTENT_PUBLISH)
		return MARKET_LISTING_PAUSED;
	for (i = 0; i < listing->n_cells; i++)
		live += listing->cells[i].live != 0;
	if (live > 0)
		return live == listing->n_cells
		    ? MARKET_LISTING_PUBLISHED
		    : MARKET_LISTING_PARTLY_PUBLISHED;
	return l->was_live ? MARKET_LISTING_SUSPENDED : MARKET_LISTING_HELD;
}

market_status_t
market__listing_look(market__call_t *call, const market__listing_row_t *row,
    market_slice_t seller, const market__look_t *look, market__arena_t *arena,
    market__listing_t *ret)
{
	looking_t l = { 0 };
	market_status_t status = MARKET_OK;
	bool done = false;

	memset(ret, 0, sizeof(*ret));
	ret->row = *row;
	ret->seller = seller;
	l.call = call;
	l.look = look;
	l.arena = arena;
	l.listing = ret;
	if (call->view == MARKET__VIEW_PAST)
		status = market__listing_then(call, &ret->row);
	if (status == MARKET_OK)
		status = look_fast(&l, &done);
	if (status == MARKET_OK && !done)
		status = look_whole(&l);
	if (status == MARKET_OK && look->whole && ret->offer == NULL)
		status = market__listing_offer(call, &ret->row, &ret->offer);
	if (status == MARKET_OK)
		ret->status = status_of(&l);
	return status;
}
