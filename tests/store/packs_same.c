/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of both, and must be the same. */
#include "config.h"

#include "packs_pair.h"

/* ---- rows ---- */

bool
pair_same_listing(
    const market__listing_row_t *a, const market__listing_row_t *b)
{
	return a->no == b->no && a->seller == b->seller &&
	    market__slice_equal(a->offer_id, b->offer_id) &&
	    memcmp(a->digest, b->digest, sizeof(a->digest)) == 0 &&
	    a->revision == b->revision && a->intent == b->intent &&
	    a->flags == b->flags && a->began == b->began &&
	    a->offer_entry == b->offer_entry && a->last == b->last &&
	    a->not_before == b->not_before && a->not_after == b->not_after &&
	    a->disclosures == b->disclosures &&
	    a->n_questions == b->n_questions &&
	    (a->n_questions == 0 ||
		memcmp(a->questions, b->questions,
		    a->n_questions * sizeof(*a->questions)) == 0);
}

bool
pair_same_entry(const market__entry_row_t *a, const market__entry_row_t *b)
{
	return a->seq == b->seq && a->at == b->at && a->kind == b->kind &&
	    a->object == b->object && a->prev == b->prev &&
	    a->cause == b->cause && market__slice_equal(a->detail, b->detail);
}

/* The same row from both, or none. */
static void
same_one(pair_t *pair, market_status_t got, const market__listing_row_t *row,
    market_status_t model, const market__listing_row_t *due, const char *what,
    uint64_t number)
{
	if (got != model || (got != MARKET_OK && got != MARKET_E_NOT_FOUND))
		pair_fail(pair, what, number);
	if (got == MARKET_OK && !pair_same_listing(row, due))
		pair_fail(pair, what, number);
}

/* ---- one listing ---- */

static void
get(pair_t *pair, uint64_t no)
{
	market__listing_row_t row, due;
	market_status_t got, model;

	got = pair->place.ops->listing_get(
	    pair->place.backend, no, &pair->read, &row, &pair->place.error);
	model = pair->model->ops->listing_get(
	    pair->model, no, &pair->read, &due, NULL);
	same_one(pair, got, &row, model, &due, "listing_get", no);
}

static void
find(pair_t *pair, uint64_t seller, market_slice_t id)
{
	market__listing_row_t row, due;
	market_status_t got, model;

	got = pair->place.ops->listing_find(pair->place.backend, seller, id,
	    &pair->read, &row, &pair->place.error);
	model = pair->model->ops->listing_find(
	    pair->model, seller, id, &pair->read, &due, NULL);
	same_one(pair, got, &row, model, &due, "listing_find", seller);
}

/* Beside each name there is another that is not there: a byte less, or more, or
 * another seller's. */
static void
find_name(pair_t *pair, size_t i)
{
	const pair_name_t *name = &pair->names[i];
	market_slice_t id = name->id;

	find(pair, name->seller, id);
	switch (pair_draw(pair, 4)) {
	case 0:
		find(pair, name->seller, market__slice(id.ptr, id.len - 1));
		break;
	case 1:
		/* The NUL that every copy has behind it. */
		find(pair, name->seller, market__slice(id.ptr, id.len + 1));
		break;
	case 2: find(pair, pair_seller((size_t)pair_draw(pair, 3)), id); break;
	default: break;
	}
}

static void
compare_each(pair_t *pair, bool all)
{
	uint64_t no;
	size_t i, n;

	for (no = pair->first_no - 1; all && no <= pair->last_no + 2; no++)
		get(pair, no);
	for (i = 0; all && i < pair->n_names; i++)
		find_name(pair, i);
	market__arena_clear(&pair->read);
	n = all ? 0 : 30;
	for (i = 0; i < n && pair->n_names > 0; i++) {
		get(pair,
		    pair->first_no +
			pair_draw(pair, pair->last_no - pair->first_no + 2));
		find_name(pair, (size_t)pair_draw(pair, pair->n_names));
	}
	find(pair, 1, MARKET__LITERAL("a"));
	find(pair, 3, MARKET__LITERAL("zz"));
	find(pair, 2, MARKET__LITERAL("\xff\xff\xff"));
}

/* ---- lists ---- */

/* How many of a list are wanted. */
static size_t
draw_max(pair_t *pair)
{
	switch (pair_draw(pair, 6)) {
	case 0: return 1;
	case 1: return 2 + (size_t)pair_draw(pair, 12);
	case 2: return SIZE_MAX;
	default: return 20 + (size_t)pair_draw(pair, 300);
	}
}

/* The last row that was read is where the next page begins; false at the end.
 */
static bool
page(pair_t *pair, market__listing_query_t *query)
{
	const market__listing_row_t *rows, *due;
	size_t i, n, n_due;

	if (pair->place.ops->listings(pair->place.backend, query, &pair->read,
		&rows, &n, &pair->place.error) != MARKET_OK ||
	    pair->model->ops->listings(pair->model, query, &pair->read, &due,
		&n_due, NULL) != MARKET_OK)
		pair_fail(pair, "listings, by", query->by);
	for (i = 0; i < n && i < n_due; i++)
		if (!pair_same_listing(&rows[i], &due[i]))
			pair_fail(pair, "listings: number", due[i].no);
	if (n != n_due)
		pair_fail(pair, "listings: too few or many of", n_due);
	if (n == 0 || n < query->max)
		return false;
	query->after = rows[n - 1].no;
	query->after_id = rows[n - 1].offer_id;
	return true;
}

/* From the first, or from the middle, to the end. */
static void
page_through(pair_t *pair, market__listing_query_t query)
{
	if (pair_draw(pair, 2) == 0 && pair->n_names > 0) {
		query.after = pair->first_no - 1 +
		    pair_draw(pair, pair->last_no - pair->first_no + 2);
		query.after_id = pair->names[pair_draw(pair, pair->n_names)].id;
	}
	query.max = 0;
	(void)page(pair, &query);
	do
		query.max = draw_max(pair);
	while (page(pair, &query));
	market__arena_clear(&pair->read);
}

static void
compare_cells(pair_t *pair, uint64_t question)
{
	uint64_t cells = 0, due = 0;

	if (pair->place.ops->clearance_cells(pair->place.backend, question,
		&cells, &pair->place.error) != MARKET_OK ||
	    pair->model->ops->clearance_cells(
		pair->model, question, &due, NULL) != MARKET_OK ||
	    cells != due)
		pair_fail(pair, "cells of question", question);
}

static void
compare_lists(pair_t *pair, bool all)
{
	market__listing_query_t query = { .by = MARKET__LISTING_BY_NO };
	size_t i, n = pair->n_questions;

	if (all || pair_draw(pair, 2) == 0)
		page_through(pair, query);
	query.by = MARKET__LISTING_BY_SELLER;
	for (i = 0; i < PAIR_SELLERS; i++) {
		query.seller = pair_seller(i);
		if (all || pair_draw(pair, 2) == 0)
			page_through(pair, query);
	}
	query.by = MARKET__LISTING_BY_QUESTION;
	for (i = 0; i < n; i++) {
		query.question = pair_question(pair, i);
		/* Where there are many, some of the lists. */
		if (pair_draw(pair, all ? 1 + n / 50 : n) == 0)
			page_through(pair, query);
		if (all || pair_draw(pair, 4) == 0)
			compare_cells(pair, query.question);
	}
	/* None asks it, and it is not there. */
	query.question = 2;
	page_through(pair, query);
	compare_cells(pair, query.question);
}

/* ---- entries ---- */

static bool
page_entries(pair_t *pair, uint64_t *after, size_t max)
{
	const market__entry_row_t *rows, *due;
	size_t i, n, n_due;

	if (pair->place.ops->entries(pair->place.backend, *after, max,
		&pair->read, &rows, &n, &pair->place.error) != MARKET_OK ||
	    pair->model->ops->entries(pair->model, *after, max, &pair->read,
		&due, &n_due, NULL) != MARKET_OK)
		pair_fail(pair, "entries behind", *after);
	for (i = 0; i < n && i < n_due; i++)
		if (!pair_same_entry(&rows[i], &due[i]))
			pair_fail(pair, "entry", due[i].seq);
	if (n != n_due)
		pair_fail(pair, "entries: too few or many of", n_due);
	if (n == 0 || n < max)
		return false;
	*after = rows[n - 1].seq;
	return true;
}

static void
compare_entries(pair_t *pair, bool all)
{
	uint64_t after;
	size_t i;

	for (i = 0; i < 5; i++) {
		after = pair_draw(pair, pair->last_seq + 3);
		(void)page_entries(pair, &after, i == 0 ? 0 : draw_max(pair));
	}
	/* The last ones, of which some are new. */
	after = pair->last_seq - pair_draw(pair, pair->last_seq / 8 + 1);
	while (page_entries(pair, &after, 1 + (size_t)pair_draw(pair, 9)))
		;
	for (after = 0; all && page_entries(pair, &after, draw_max(pair));)
		;
	market__arena_clear(&pair->read);
}

void
pair_compare(pair_t *pair, bool all)
{
	/* Each of them may be the first, by which what is held is written. */
	size_t first = (size_t)pair_draw(pair, 3), i;

	for (i = first; i < first + 3; i++)
		switch (i % 3) {
		case 0: compare_each(pair, all); break;
		case 1: compare_lists(pair, all); break;
		default: compare_entries(pair, all); break;
		}
}
