/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the kit: written, and compared with what is read. */
#include "sqlite_kit.h"

#include <stdio.h>

/* The same for every number, so that a wrong row is seen. */
static void
fill(uint8_t *bytes, size_t len, uint64_t number)
{
	size_t i;

	for (i = 0; i < len; i++) {
		number = number * 6364136223846793005u + 1442695040888963407u;
		bytes[i] = (uint8_t)(number >> 56);
	}
}

market__entry_row_t
place_entry(uint64_t seq)
{
	market__entry_row_t row;

	memset(&row, 0, sizeof(row));
	row.seq = seq;
	row.at = (int64_t)(1454284800 + seq);
	row.kind = 3;
	row.object = seq;
	row.detail = MARKET__LITERAL("entry");
	return row;
}

/* Wide enough that some leave their page. */
static size_t
payload(uint64_t seq, uint8_t *bytes)
{
	size_t len = 100 + (size_t)(seq * 977 % 12000);

	fill(bytes, len, seq);
	return len;
}

static void
listing(uint64_t no, market__listing_row_t *row, char *id, uint64_t *questions)
{
	memset(row, 0, sizeof(*row));
	snprintf(id, 16, "sku-%06u", (unsigned)(no * 7919 % 1000000));
	questions[0] = no % 7 + 1;
	questions[1] = no % 5 + 1;
	row->no = no;
	row->seller = 1;
	row->offer_id = market__slice(id, strlen(id));
	fill(row->digest, sizeof(row->digest), no);
	row->revision = UINT64_MAX - no;
	row->intent = 1;
	row->began = row->offer_entry = row->last = no;
	row->not_after = INT64_MAX;
	row->questions = questions;
	row->n_questions = 2;
}

static market__store_head_t
head(uint64_t seq)
{
	market__store_head_t row;

	memset(&row, 0, sizeof(row));
	row.entries = row.listings = seq;
	fill(row.entry_chain, sizeof(row.entry_chain), seq);
	return row;
}

/* What listings lean on: their seller, and what they ask. */
static market_status_t
put_ground(place_t *place)
{
	market__party_row_t party;
	market__clearance_row_t row;
	market_status_t rv;

	memset(&party, 0, sizeof(party));
	party.no = 1;
	party.name = MARKET__LITERAL("shop.example");
	rv = place->ops->party_put(place->backend, &party, &place->error);
	memset(&row, 0, sizeof(row));
	for (row.no = 1; rv == MARKET_OK && row.no <= 7; row.no++) {
		fill(row.hash, sizeof(row.hash), row.no);
		row.question = row.result = MARKET__LITERAL("opaque");
		rv = place->ops->clearance_put(
		    place->backend, &row, &place->error);
	}
	return rv;
}

market_status_t
place_put(place_t *place, uint64_t seq)
{
	static uint8_t bytes[13000];
	market__store_head_t top = head(seq);
	market__entry_row_t entry = place_entry(seq);
	market__listing_row_t row;
	uint64_t questions[2];
	market_status_t rv;
	char id[16];

	listing(seq, &row, id, questions);
	rv = seq == 1 ? put_ground(place) : MARKET_OK;
	if (rv == MARKET_OK)
		rv = place->ops->entry_insert(
		    place->backend, &entry, &place->error);
	if (rv == MARKET_OK)
		rv = place->ops->payload_insert(place->backend, seq,
		    market__slice(bytes, payload(seq, bytes)), &place->error);
	if (rv == MARKET_OK)
		rv = place->ops->listing_put(
		    place->backend, &row, &place->error);
	if (rv == MARKET_OK)
		rv = place->ops->head_put(place->backend, &top, &place->error);
	return rv;
}

market_status_t
place_write(place_t *place, uint64_t seq)
{
	market_status_t rv;

	rv = place->ops->begin(place->backend, true, &place->error);
	if (rv != MARKET_OK)
		return rv;
	rv = place_put(place, seq);
	if (rv == MARKET_OK)
		return place->ops->commit(place->backend, &place->error);
	place->ops->rollback(place->backend);
	return rv;
}

static bool
same_listing(const market__listing_row_t *got, uint64_t no)
{
	market__listing_row_t want;
	uint64_t questions[2];
	char id[16];

	listing(no, &want, id, questions);
	return got->no == no && got->seller == want.seller &&
	    market__slice_equal(got->offer_id, want.offer_id) &&
	    memcmp(got->digest, want.digest, sizeof(got->digest)) == 0 &&
	    got->revision == want.revision && got->intent == want.intent &&
	    got->flags == 0 && got->began == no && got->offer_entry == no &&
	    got->last == no && got->not_before == 0 &&
	    got->not_after == INT64_MAX && got->disclosures == 0 &&
	    got->n_questions == 2 && got->questions[0] == questions[0] &&
	    got->questions[1] == questions[1];
}

static bool
same_entry(const market__entry_row_t *got, uint64_t seq)
{
	market__entry_row_t want = place_entry(seq);

	return got->seq == seq && got->at == want.at &&
	    got->kind == want.kind && got->object == want.object &&
	    got->prev == 0 && got->cause == 0 &&
	    market__slice_equal(got->detail, want.detail);
}

/* Is number `seq` there as place_put() has written it? */
static bool
holds(place_t *place, uint64_t seq)
{
	static uint8_t bytes[13000];
	market__listing_row_t want, got;
	market_slice_t packed;
	uint64_t questions[2];
	char id[16];
	size_t len = payload(seq, bytes);

	listing(seq, &want, id, questions);
	return place->ops->payload_get(place->backend, seq, &place->arena,
		   &packed, NULL) == MARKET_OK &&
	    packed.len == len && memcmp(packed.ptr, bytes, len) == 0 &&
	    place->ops->listing_find(place->backend, 1, want.offer_id,
		&place->arena, &got, NULL) == MARKET_OK &&
	    same_listing(&got, seq);
}

bool
place_holds(place_t *place, uint64_t n)
{
	const market__entry_row_t *rows = NULL;
	const market__listing_row_t *listings = NULL;
	const market__listing_query_t all = { .max = SIZE_MAX };
	market__store_head_t got, want = head(n);
	size_t n_rows = 0, n_listings = 0, i;
	market_status_t rv;
	bool same = false;

	OK(place->ops->begin(place->backend, false, &place->error));
	rv = place->ops->head_get(place->backend, &got, NULL);
	if (rv == MARKET_OK ? memcmp(&got, &want, sizeof(got)) != 0
			    : rv != MARKET_E_NOT_FOUND || n != 0)
		goto done;
	if (place->ops->entries(place->backend, 0, SIZE_MAX, &place->arena,
		&rows, &n_rows, NULL) != MARKET_OK ||
	    place->ops->listings(place->backend, &all, &place->arena, &listings,
		&n_listings, NULL) != MARKET_OK ||
	    n_rows != n || n_listings != n)
		goto done;
	for (i = 0; i < n; i++)
		if (!same_entry(&rows[i], i + 1) ||
		    !same_listing(&listings[i], i + 1) || !holds(place, i + 1))
			goto done;
	same = true;
done:
	place->ops->rollback(place->backend);
	market__arena_clear(&place->arena);
	return same;
}

static place_truth_t
worse(place_truth_t a, place_truth_t b)
{
	return a > b ? a : b;
}

/* By question, or all for 0. */
static place_truth_t
listings_truth(place_t *place, uint64_t n, uint64_t question)
{
	const market__listing_row_t *rows = NULL;
	market__listing_query_t query = { .max = SIZE_MAX };
	uint64_t no = 0, wanted = 0;
	size_t n_rows = 0, i;
	market_status_t rv;

	query.by = question == 0 ? MARKET__LISTING_BY_NO
				 : MARKET__LISTING_BY_QUESTION;
	query.question = question;
	rv = place->ops->listings(
	    place->backend, &query, &place->arena, &rows, &n_rows, NULL);
	if (rv != MARKET_OK)
		return PLACE_TRUE;
	for (i = 0; i < n_rows; i++) {
		if (rows[i].no <= no || rows[i].no > n ||
		    !same_listing(&rows[i], rows[i].no))
			return PLACE_WRONG;
		no = rows[i].no;
	}
	for (no = 1; no <= n; no++)
		wanted += question == 0 || no % 7 + 1 == question ||
		    no % 5 + 1 == question;
	return n_rows == wanted ? PLACE_TRUE : PLACE_MISSING;
}

static place_truth_t
payload_truth(place_t *place, uint64_t n, uint64_t no)
{
	static uint8_t bytes[13000];
	market_slice_t packed;
	market_status_t rv;

	(void)n;
	rv = place->ops->payload_get(
	    place->backend, no, &place->arena, &packed, NULL);
	if (rv == MARKET_E_NOT_FOUND)
		return PLACE_MISSING;
	return rv == MARKET_OK && packed.len != payload(no, bytes) ? PLACE_WRONG
								   : PLACE_TRUE;
}

static place_truth_t
listing_truth(place_t *place, uint64_t n, uint64_t no)
{
	market__listing_row_t row, got;
	uint64_t questions[2];
	market_status_t rv;
	char id[16];

	(void)n;
	listing(no, &row, id, questions);
	rv = place->ops->listing_find(
	    place->backend, 1, row.offer_id, &place->arena, &got, NULL);
	if (rv == MARKET_E_NOT_FOUND)
		return PLACE_MISSING;
	return rv == MARKET_OK && !same_listing(&got, no) ? PLACE_WRONG
							  : PLACE_TRUE;
}

static place_truth_t
entries_truth(place_t *place, uint64_t n, uint64_t all)
{
	const market__entry_row_t *rows = NULL;
	size_t n_rows = 0, i;

	(void)all;
	if (place->ops->entries(place->backend, 0, SIZE_MAX, &place->arena,
		&rows, &n_rows, NULL) != MARKET_OK)
		return PLACE_TRUE;
	for (i = 0; i < n_rows; i++)
		if (rows[i].seq > n || !same_entry(&rows[i], rows[i].seq))
			return PLACE_WRONG;
	return n_rows == n ? PLACE_TRUE : PLACE_MISSING;
}

/* A transaction for each: after a failure nothing more is told. */
static place_truth_t
ask(place_t *place, uint64_t n, uint64_t number,
    place_truth_t (*about)(place_t *place, uint64_t n, uint64_t number))
{
	place_truth_t truth;

	if (place->ops->begin(place->backend, false, NULL) != MARKET_OK)
		return PLACE_TRUE;
	truth = about(place, n, number);
	place->ops->rollback(place->backend);
	market__arena_clear(&place->arena);
	return truth;
}

place_truth_t
place_truth(place_t *place, uint64_t n)
{
	place_truth_t truth = ask(place, n, 0, entries_truth);
	uint64_t i;

	for (i = 0; i <= 7; i++)
		truth = worse(truth, ask(place, n, i, listings_truth));
	for (i = 1; i <= n; i++) {
		truth = worse(truth, ask(place, n, i, payload_truth));
		truth = worse(truth, ask(place, n, i, listing_truth));
	}
	return truth;
}
