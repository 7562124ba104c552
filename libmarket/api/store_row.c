/* SPDX-License-Identifier: Apache-2.0 */
/* A listing's row by its name, and the offer that it stands for. */
#include "api/store_listing.h"

static market_status_t
find_seller(market__call_t *call, market_slice_t name, uint64_t *ret_no)
{
	market__party_row_t party;
	market_status_t status;

	status = call->ops->party_find(
	    call->backend, name, &call->arena, &party, NULL);
	if (status == MARKET_OK)
		*ret_no = party.no;
	return status;
}

market_status_t
market__listing_find(market__call_t *call, market_slice_t id,
    market__listing_row_t *ret_row, market_slice_t *ret_seller)
{
	market_slice_t seller = id, offer_id;
	market_status_t status = MARKET_E_NOT_FOUND;
	uint64_t no = 0;

	/* A party's name has no slash; an offer's may have. */
	for (seller.len = 0; seller.len < id.len; seller.len++)
		if (id.ptr[seller.len] == '/')
			break;
	if (seller.len < id.len) {
		offer_id = market__slice(
		    id.ptr + seller.len + 1, id.len - seller.len - 1);
		status = find_seller(call, seller, &no);
		if (status == MARKET_OK)
			status = call->ops->listing_find(call->backend, no,
			    offer_id, &call->arena, ret_row, NULL);
	}
	if (status == MARKET_E_NOT_FOUND)
		return market__error(call->reterr, status, NULL, -1,
		    "there is no listing %.*s: a listing is named "
		    "SELLER/OFFER-ID",
		    MARKET__ARG(id));
	if (status != MARKET_OK)
		return market__error(call->reterr, status, NULL, -1,
		    "a listing could not be read: %s",
		    market_status_text(status));
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

market_status_t
market__listing_offer(market__call_t *call, const market__listing_row_t *row,
    market_statement_t **ret_offer)
{
	market_statement_t *offer = NULL;
	market_slice_t envelope;
	market_status_t status;

	status = call->ops->payload_get(call->backend, row->offer_entry,
	    &call->arena, &envelope, call->reterr);
	if (status == MARKET_E_NOT_FOUND)
		return edited(call, row, "its offer is missing");
	if (status != MARKET_OK)
		return status;
	status = market_statement_parse(call->context, envelope,
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

void
market__listing_terms(
    const market_statement_t *offer, market__listing_row_t *row)
{
	const market__header_t *header = market__header(offer);
	const market__offer_t *of = &offer->message->of.offer;
	size_t i;

	/* The skew loosens both alike, so the later one decides. */
	row->not_before = header->issued_at > header->not_before
	    ? header->issued_at
	    : header->not_before;
	row->not_after = header->not_after;
	row->disclosures = 0;
	for (i = 0; i < of->disclosures.n; i++)
		if (of->disclosures.v[i] < 64)
			row->disclosures |= UINT64_C(1) << of->disclosures.v[i];
}
