/* SPDX-License-Identifier: Apache-2.0 */
/* Listings, each a row of its own or one of a pack, and who asks what. */
#include <stdlib.h>

#include "store/sql_packs.h"

/* ---- a listing's row ---- */

static void
read_questions(market__sql_call_t *call, market__arena_t *arena,
    market__listing_row_t *row)
{
	market_slice_t packed = { NULL, 0 };
	uint64_t *questions;

	market__sql_get_slice(call, &packed);
	if (call->status != MARKET_OK)
		return;
	questions = market__arena_array(
	    arena, packed.len + 1, sizeof(*questions));
	if (questions == NULL)
		market__sql_refused(call, arena);
	else if (!market__questions_unpack(
		     packed, questions, packed.len, &row->n_questions))
		market__sql_corrupt(call, "questions is not a list of numbers");
	else
		row->questions = questions;
}

static void
read_listing(market__sql_call_t *call, market__arena_t *arena, void *place)
{
	market__listing_row_t *row = place;
	int64_t disclosures = 0;

	market__sql_get_number(call, &row->no);
	market__sql_get_number(call, &row->seller);
	market__sql_get_bytes(call, arena, &row->offer_id);
	market__sql_get_digest(call, row->digest);
	market__sql_get_wide(call, &row->revision);
	market__sql_get_small(call, &row->intent);
	market__sql_get_small(call, &row->flags);
	market__sql_get_number(call, &row->began);
	market__sql_get_number(call, &row->offer_entry);
	market__sql_get_number(call, &row->last);
	market__sql_get_integer(call, &row->not_before);
	market__sql_get_integer(call, &row->not_after);
	market__sql_get_integer(call, &disclosures);
	row->disclosures = (uint64_t)disclosures;
	read_questions(call, arena, row);
}

market_status_t
market__sql_listing_get(market__backend_t *backend, uint64_t no,
    market__arena_t *arena, market__listing_row_t *ret_row,
    market_error_t *reterr)
{
	market__listing_row_t row;
	market__sql_call_t call;
	market_status_t rv;
	bool there = false;

	memset(&row, 0, sizeof(row));
	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_LISTING_GET, reterr);
	market__sql_put_number(&call, no);
	rv = market__sql_any(&call, arena, read_listing, &row, &there);
	if (rv == MARKET_OK && !there)
		return market__sql_packed_get(
		    (market__sql_t *)backend, no, arena, ret_row, reterr);
	if (rv == MARKET_OK)
		*ret_row = row;
	return rv;
}

market_status_t
market__sql_listing_find(market__backend_t *backend, uint64_t seller,
    market_slice_t offer_id, market__arena_t *arena,
    market__listing_row_t *ret_row, market_error_t *reterr)
{
	market__listing_row_t row;
	market__sql_call_t call;
	market_status_t rv;
	bool there = false;

	memset(&row, 0, sizeof(row));
	market__sql_call(
	    &call, (market__sql_t *)backend, MARKET__SQL_LISTING_FIND, reterr);
	market__sql_put_number(&call, seller);
	market__sql_put_bytes(&call, offer_id);
	rv = market__sql_any(&call, arena, read_listing, &row, &there);
	if (rv == MARKET_OK && !there)
		return market__sql_packed_find((market__sql_t *)backend, seller,
		    offer_id, arena, ret_row, reterr);
	if (rv == MARKET_OK &&
	    !(row.seller == seller &&
		market__slice_equal(row.offer_id, offer_id)))
		return market__sql_misled(&call);
	if (rv == MARKET_OK)
		*ret_row = row;
	return rv;
}

static bool
is_asked(const void *of, const void *by)
{
	const market__listing_row_t *row = of;
	const market__listing_query_t *query = by;
	size_t i;

	if (query->by == MARKET__LISTING_BY_SELLER)
		return row->seller == query->seller;
	if (query->by == MARKET__LISTING_BY_NO)
		return true;
	for (i = 0; i < row->n_questions; i++)
		if (row->questions[i] == query->question)
			return true;
	return false;
}

market_status_t
market__sql_listings(market__backend_t *backend,
    const market__listing_query_t *query, market__arena_t *arena,
    const market__listing_row_t **ret_rows, size_t *ret_n,
    market_error_t *reterr)
{
	static const market__sql_id_t ids[] = {
		[MARKET__LISTING_BY_NO] = MARKET__SQL_LISTINGS_BY_NO,
		[MARKET__LISTING_BY_SELLER] = MARKET__SQL_LISTINGS_BY_SELLER,
		[MARKET__LISTING_BY_QUESTION] =
		    MARKET__SQL_LISTINGS_BY_QUESTION,
	};
	static const market__sql_found_t found = { read_listing,
		sizeof(market__listing_row_t), is_asked };
	const market__listing_row_t *listings;
	market__sql_call_t call;
	const void *rows = NULL;
	market_status_t rv;
	size_t n = 0;

	market__sql_call(
	    &call, (market__sql_t *)backend, ids[query->by], reterr);
	switch (query->by) {
	case MARKET__LISTING_BY_NO:
		market__sql_put_bound(&call, query->after);
		break;
	case MARKET__LISTING_BY_SELLER:
		market__sql_put_bound(&call, query->seller);
		market__sql_put_bytes(&call, query->after_id);
		break;
	case MARKET__LISTING_BY_QUESTION:
		market__sql_put_bound(&call, query->question);
		market__sql_put_bound(&call, query->after);
		break;
	}
	rv = market__sql_query(
	    &call, arena, &found, query, query->max, &rows, &n);
	listings = rows;
	if (rv == MARKET_OK)
		rv = market__sql_packed_merge((market__sql_t *)backend, query,
		    arena, &listings, &n, reterr);
	if (rv == MARKET_OK) {
		*ret_rows = listings;
		*ret_n = n;
	}
	return rv;
}

/* ---- writing one ---- */

/* What a listing asks, each question once, ascending. */
struct asked {
	uint64_t questions[MARKET__LISTING_CELLS_MAX];
	size_t n;
};

static int
by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void
sort_asked(struct asked *asked)
{
	size_t i, n = 0;

	qsort(asked->questions, asked->n, sizeof(uint64_t), by_number);
	for (i = 0; i < asked->n; i++)
		if (n == 0 || asked->questions[n - 1] != asked->questions[i])
			asked->questions[n++] = asked->questions[i];
	asked->n = n;
}

/* What the row that is there asks; none where there is none yet. */
static market_status_t
get_asked(market__sql_t *sql, uint64_t no, struct asked *asked, bool *ret_there,
    market_error_t *reterr)
{
	market_slice_t packed = { NULL, 0 };
	market__sql_call_t call;
	uint64_t number;

	asked->n = 0;
	*ret_there = false;
	/* Numbers rise: one above the last has no row. */
	if (no > sql->tail.last[MARKET__SQL_OF_LISTING])
		return MARKET_OK;
	market__sql_call(&call, sql, MARKET__SQL_LISTING_QUESTIONS, reterr);
	market__sql_put_number(&call, no);
	if (market__sql_row(&call)) {
		*ret_there = true;
		market__sql_get_number(&call, &number);
		market__sql_get_slice(&call, &packed);
		if (call.status == MARKET_OK &&
		    !market__questions_unpack(packed, asked->questions,
			MARKET__LISTING_CELLS_MAX, &asked->n))
			market__sql_corrupt(
			    &call, "questions is not a list of numbers");
	}
	sort_asked(asked);
	return market__sql_end(&call);
}

static market_status_t
put_row(market__sql_t *sql, const market__listing_row_t *row,
    market_error_t *reterr)
{
	uint8_t packed[MARKET__LISTING_CELLS_MAX * MARKET__QUESTION_LEN_MAX];
	market__sql_call_t call;
	size_t len;

	len = market__questions_pack(row->questions, row->n_questions, packed);
	market__sql_call(&call, sql, MARKET__SQL_LISTING_PUT, reterr);
	market__sql_put_number(&call, row->no);
	market__sql_put_number(&call, row->seller);
	market__sql_put_bytes(&call, row->offer_id);
	market__sql_put_digest(&call, row->digest);
	market__sql_put_wide(&call, row->revision);
	market__sql_put_number(&call, row->intent);
	market__sql_put_number(&call, row->flags);
	market__sql_put_number(&call, row->began);
	market__sql_put_number(&call, row->offer_entry);
	market__sql_put_number(&call, row->last);
	market__sql_put_integer(&call, row->not_before);
	market__sql_put_integer(&call, row->not_after);
	/* Bits, not a number: the sign is one of them. */
	market__sql_put_integer(&call, (int64_t)row->disclosures);
	market__sql_put_bytes(&call, market__slice(packed, len));
	return market__sql_run_row(&call, MARKET__SQL_OF_LISTING, row->no);
}

static market_status_t
change_question(market__sql_t *sql, market__sql_id_t id, uint64_t question,
    uint64_t listing, market_error_t *reterr)
{
	market__sql_call_t call;
	market_status_t rv;

	market__sql_call(&call, sql, id, reterr);
	market__sql_put_number(&call, question);
	market__sql_put_number(&call, listing);
	rv = market__sql_run_one(&call);
	if (rv != MARKET_OK)
		return rv;
	return market__sql_count(
	    sql, question, id == MARKET__SQL_QUESTION_INSERT ? 1 : -1, reterr);
}

/* What only one of both has is deleted, or inserted. */
static market_status_t
change_questions(market__sql_t *sql, uint64_t no, const struct asked *before,
    const struct asked *after, market_error_t *reterr)
{
	market_status_t rv = MARKET_OK;
	size_t i = 0, j = 0;

	while (rv == MARKET_OK && (i < before->n || j < after->n)) {
		if (j == after->n ||
		    (i < before->n &&
			before->questions[i] < after->questions[j]))
			rv = change_question(sql, MARKET__SQL_QUESTION_DELETE,
			    before->questions[i++], no, reterr);
		else if (i == before->n ||
		    after->questions[j] < before->questions[i])
			rv = change_question(sql, MARKET__SQL_QUESTION_INSERT,
			    after->questions[j++], no, reterr);
		else {
			i++;
			j++;
		}
	}
	return rv;
}

static market_status_t
put(market__sql_t *sql, const market__listing_row_t *row,
    const struct asked *before, market_error_t *reterr)
{
	struct asked after;
	market_status_t rv;

	if (row->n_questions > MARKET__LISTING_CELLS_MAX) {
		sql->phase = MARKET__SQL_FAILED;
		return market__error(reterr, MARKET_E_LIMIT, sql->location, -1,
		    "a listing has at most %d cells",
		    MARKET__LISTING_CELLS_MAX);
	}
	after.n = row->n_questions;
	if (after.n > 0)
		memcpy(after.questions, row->questions,
		    after.n * sizeof(uint64_t));
	sort_asked(&after);
	rv = put_row(sql, row, reterr);
	if (rv == MARKET_OK)
		rv = change_questions(sql, row->no, before, &after, reterr);
	return rv;
}

market_status_t
market__sql_listing_insert(market__sql_t *sql, const market__listing_row_t *row,
    market_error_t *reterr)
{
	struct asked none = { .n = 0 };

	return put(sql, row, &none, reterr);
}

market_status_t
market__sql_listing_put(market__backend_t *backend,
    const market__listing_row_t *row, market_error_t *reterr)
{
	market__sql_t *sql = (market__sql_t *)backend;
	struct asked before;
	market_status_t rv;
	bool there = false;

	rv = market__sql_enter(sql, true, reterr);
	if (rv == MARKET_OK)
		rv = get_asked(sql, row->no, &before, &there, reterr);
	if (rv == MARKET_OK && !there)
		rv = market__sql_unpack(sql, row, reterr);
	return rv == MARKET_OK ? put(sql, row, &before, reterr) : rv;
}
