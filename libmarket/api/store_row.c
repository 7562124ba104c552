/* SPDX-License-Identifier: Apache-2.0 */
/* Rows by their names, and the offer that a listing's row stands for. */
#include "api/store_listing.h"

market_status_t
market__party_named(
    market__call_t *call, market_slice_t name, market__party_row_t *ret_row)
{
	market_status_t status;

	status = call->ops->party_find(
	    call->backend, name, &call->arena, ret_row, NULL);
	if (status == MARKET_E_NOT_FOUND) {
		memset(ret_row, 0, sizeof(*ret_row));
		ret_row->name = name;
		return MARKET_OK;
	}
	if (status != MARKET_OK)
		return market__error(call->reterr, status, NULL, -1,
		    "a party could not be read: %s",
		    market_status_text(status));
	return MARKET_OK;
}

market_status_t
market__listing_of(market__call_t *call, uint64_t seller,
    market_slice_t offer_id, market__listing_row_t *ret_row)
{
	market_status_t status = MARKET_E_NOT_FOUND;

	if (seller != 0)
		status = call->ops->listing_find(call->backend, seller,
		    offer_id, &call->arena, ret_row, NULL);
	if (status == MARKET_E_NOT_FOUND) {
		memset(ret_row, 0, sizeof(*ret_row));
		ret_row->offer_id = offer_id;
		return MARKET_OK;
	}
	if (status != MARKET_OK)
		return market__error(call->reterr, status, NULL, -1,
		    "a listing could not be read: %s",
		    market_status_text(status));
	return MARKET_OK;
}

market_status_t
market__listing_named(market__call_t *call, market_slice_t seller,
    market_slice_t offer_id, market__listing_row_t *ret_row)
{
	market__party_row_t party;
	market_status_t status;

	status = market__party_named(call, seller, &party);
	if (status == MARKET_OK)
		status = market__listing_of(call, party.no, offer_id, ret_row);
	return status;
}

market_status_t
market__listing_find(market__call_t *call, market_slice_t id,
    market__listing_row_t *ret_row, market_slice_t *ret_seller)
{
	market_slice_t seller = id, offer_id;
	market_status_t status = MARKET_E_NOT_FOUND;
	market__listing_row_t row;

	/* A party's name has no slash; an offer's may have. */
	for (seller.len = 0; seller.len < id.len; seller.len++)
		if (id.ptr[seller.len] == '/')
			break;
	if (seller.len < id.len) {
		offer_id = market__slice(
		    id.ptr + seller.len + 1, id.len - seller.len - 1);
		status = market__listing_named(call, seller, offer_id, &row);
		if (status == MARKET_OK && row.no == 0)
			status = MARKET_E_NOT_FOUND;
	}
	if (status == MARKET_E_NOT_FOUND)
		return market__error(call->reterr, status, NULL, -1,
		    "there is no listing %.*s: a listing is named "
		    "SELLER/OFFER-ID",
		    MARKET__ARG(id));
	if (status != MARKET_OK)
		return status;
	*ret_row = row;
	*ret_seller = seller;
	return MARKET_OK;
}

static market_status_t
edited(market__call_t *call, const market__listing_row_t *row, const char *what)
{
	return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
	    "listing %llu: %s; run market fsck", (unsigned long long)row->no,
	    what);
}

/* Its envelope; or, of an offer that a feed lists, its row there. */
static market_status_t
read_payload(market__call_t *call, const market__listing_row_t *row,
    market_slice_t *ret_bytes)
{
	market__entry_row_t entry;
	market__detail_t detail;
	market_status_t status;

	if ((row->flags & MARKET__LISTING_LISTED) == 0)
		return call->ops->payload_get(call->backend, row->offer_entry,
		    &call->arena, ret_bytes, call->reterr);
	status = market__entry_get(call, row->offer_entry, &entry, &detail);
	if (status == MARKET_OK)
		status = market__chunk_offer(
		    call, entry.cause, row->offer_id, row->digest, ret_bytes);
	return status;
}

market_status_t
market__listing_offer(market__call_t *call, const market__listing_row_t *row,
    market_statement_t **ret_offer)
{
	bool listed = (row->flags & MARKET__LISTING_LISTED) != 0;
	market_statement_t *offer = NULL;
	market_slice_t bytes;
	market_status_t status;

	status = read_payload(call, row, &bytes);
	if (status == MARKET_E_NOT_FOUND)
		return edited(call, row, "its offer is missing");
	if (status != MARKET_OK)
		return status;
	if (listed)
		status = market__row_parse(call->context, bytes, &offer, NULL);
	else
		status = market_statement_parse(call->context, bytes,
		    MARKET_KINDS(MARKET_KIND_OFFER), &offer, NULL);
	if (status == MARKET_E_MEMORY)
		return market__error(
		    call->reterr, status, NULL, -1, "no memory for an offer");
	if (status != MARKET_OK)
		return edited(call, row, "its offer is damaged");
	if (memcmp(offer->digest, row->digest, MARKET_DIGEST_LEN) != 0) {
		market_statement_free(offer);
		return edited(call, row, "its offer is another one");
	}
	*ret_offer = offer;
	return MARKET_OK;
}

/* The skew loosens both alike, so the later one decides. */
static int64_t
begin_of(const market_statement_t *statement)
{
	const market__header_t *header = market__header(statement);

	return header->issued_at > header->not_before ? header->issued_at
						      : header->not_before;
}

void
market__listing_terms(const market_statement_t *offer,
    const market_statement_t *feed, market__listing_row_t *row)
{
	const market__offer_t *of = &offer->message->of.offer;
	size_t i;

	row->not_before = begin_of(offer);
	row->not_after = market__header(offer)->not_after;
	if (feed != NULL && begin_of(feed) > row->not_before)
		row->not_before = begin_of(feed);
	if (feed != NULL && market__header(feed)->not_after < row->not_after)
		row->not_after = market__header(feed)->not_after;
	row->disclosures = 0;
	for (i = 0; i < of->disclosures.n; i++)
		if (of->disclosures.v[i] < 64)
			row->disclosures |= UINT64_C(1) << of->disclosures.v[i];
}
