/* SPDX-License-Identifier: Apache-2.0 */
/* Listings are read: pages of them, or one with all that decides it. */
#include "api/store_listing.h"

#define LIMIT     100
#define LIMIT_MAX 10000

/* Rows that are read at a time while looking for what fits a filter. */
#define PAGE 128

struct market_listings {
	market_context_t *context;
	market__arena_t arena;
	market_listing_t *v;
	size_t n, capacity;
	int more;
};

static const struct {
	market_listing_status_t status;
	const char *name;
} statuses[] = {
	{ MARKET_LISTING_PUBLISHED, "PUBLISHED" },
	{ MARKET_LISTING_PARTLY_PUBLISHED, "PARTLY_PUBLISHED" },
	{ MARKET_LISTING_HELD, "HELD" },
	{ MARKET_LISTING_SUSPENDED, "SUSPENDED" },
	{ MARKET_LISTING_PAUSED, "PAUSED" },
	{ MARKET_LISTING_ENDED, "ENDED" },
	{ MARKET_LISTING_REMOVED, "REMOVED" },
};

const char *
market_listing_status_name(market_listing_status_t status)
{
	size_t i;

	for (i = 0; i < MARKET__COUNT(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].name;
	return "UNSPECIFIED";
}

void
market_listings_free(market_listings_t *listings)
{
	const market_allocator_t *allocator;

	if (listings == NULL)
		return;
	allocator = &listings->context->allocator;
	market__arena_clear(&listings->arena);
	market__free(allocator, listings);
}

const market_listing_t *
market_listings_at(const market_listings_t *listings, size_t index)
{
	if (listings == NULL || index >= listings->n)
		return NULL;
	return &listings->v[index];
}

int
market_listings_more(const market_listings_t *listings)
{
	return listings != NULL && listings->more;
}

static market_status_t
new_page(market__call_t *call, size_t limit, market_listings_t **ret)
{
	const market_allocator_t *allocator = &call->context->allocator;
	market_listings_t *listings = market__alloc(
	    allocator, sizeof(*listings));

	if (listings == NULL)
		return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for listings");
	listings->context = call->context;
	market__arena_init(&listings->arena, allocator, MARKET__CALL_BUDGET);
	listings->capacity = limit;
	listings->v = market__arena_array(
	    &listings->arena, limit, sizeof(*listings->v));
	if (listings->v == NULL) {
		market_listings_free(listings);
		return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for listings");
	}
	*ret = listings;
	return MARKET_OK;
}

static market_slice_t
copied(market__arena_t *arena, market_slice_t s, bool *good)
{
	market_slice_t copy = market__arena_copy(arena, s);

	if (copy.ptr == NULL)
		*good = false;
	return copy;
}

/* "SELLER/OFFER-ID" */
static market_slice_t
name_of(market__arena_t *arena, market_slice_t seller, market_slice_t offer_id,
    bool *good)
{
	size_t len = seller.len + 1 + offer_id.len;
	uint8_t *bytes = market__arena_alloc(arena, len + 1);

	if (bytes == NULL) {
		*good = false;
		return market__slice(NULL, 0);
	}
	memcpy(bytes, seller.ptr, seller.len);
	bytes[seller.len] = '/';
	if (offer_id.len > 0)
		memcpy(bytes + seller.len + 1, offer_id.ptr, offer_id.len);
	return market__slice(bytes, len);
}

static const market_listing_cell_t *
copied_cells(market__arena_t *arena, const market__listing_t *found, bool *good)
{
	market_listing_cell_t *cells = market__arena_array(
	    arena, found->n_cells + 1, sizeof(*cells));
	market_disclosure_t *due;
	size_t i, n;

	if (cells == NULL)
		*good = false;
	for (i = 0; i < found->n_cells && *good; i++) {
		cells[i] = found->cells[i];
		cells[i].territory = copied(arena, cells[i].territory, good);
		cells[i].network = copied(arena, cells[i].network, good);
		n = cells[i].disclosure_count;
		due = market__arena_array(arena, n + 1, sizeof(*due));
		if (due == NULL)
			*good = false;
		else if (n > 0)
			memcpy(due, cells[i].disclosures, n * sizeof(*due));
		cells[i].disclosures = due;
	}
	return cells;
}

static market_status_t
keep(market__call_t *call, const market__listing_t *found,
    market_listings_t *listings)
{
	const market__offer_t *offer = &found->offer->message->of.offer;
	/* analyse(gcc): market_store_list() has made it, or failed. */
	market_listing_t *listing = &listings->v[listings->n];
	market__arena_t *arena = &listings->arena;
	bool good = true;

	listing->id = name_of(arena, found->seller, found->row.offer_id, &good);
	listing->status = found->status;
	listing->intent = (market_intent_t)found->row.intent;
	listing->seller = copied(arena, found->seller, &good);
	listing->offer_id = copied(arena, found->row.offer_id, &good);
	listing->brand = copied(arena, offer->brand, &good);
	listing->model = copied(arena, offer->model, &good);
	listing->title = copied(arena, offer->title, &good);
	listing->currency_code = copied(arena, offer->currency_code, &good);
	listing->amount_micros = offer->amount_micros;
	listing->revision = found->row.revision;
	listing->digest = copied(
	    arena, market__slice(found->row.digest, MARKET_DIGEST_LEN), &good);
	listing->cells = copied_cells(arena, found, &good);
	listing->cell_count = found->n_cells;
	if (!good)
		return market__call_refused(call, arena);
	listings->n++;
	return MARKET_OK;
}

/* ---- pages ---- */

typedef struct listing_search {
	market__call_t *call;
	const market_list_query_t *query;
	market_listings_t *listings;
	bool full;
} listing_search_t;

static bool
fits(const listing_search_t *search, const market__listing_t *found)
{
	const market_list_query_t *query = search->query;

	return (query->status == 0 || query->status == found->status) &&
	    (query->brand.len == 0 ||
		market__slice_equal(
		    query->brand, found->offer->message->of.offer.brand));
}

static market_status_t
look_at(listing_search_t *search, const market__listing_row_t *row,
    market_slice_t seller)
{
	market__look_t look = { .whole = true };
	market_listings_t *listings = search->listings;
	size_t n_pins = search->call->n_pins;
	market__listing_t found;
	market_status_t status;

	/* What does not fit takes no room of the page. */
	status = market__listing_look(
	    search->call, row, seller, &look, &search->call->arena, &found);
	if (status == MARKET_OK && fits(search, &found)) {
		if (listings->n == listings->capacity)
			search->full = true;
		else
			status = keep(search->call, &found, listings);
	} else if (status == MARKET_E_NOT_FOUND) {
		status = MARKET_OK; /* it had not begun */
	}
	market__listing_clear(&found);
	market__call_release(search->call, n_pins);
	return status;
}

/* The arena of a call is emptied between pages: a store is long. */
static void
forget_page(market__call_t *call)
{
	market__call_release(call, 0);
	market__arena_clear(&call->arena);
	market__arena_init(
	    &call->arena, &call->context->allocator, MARKET__CALL_BUDGET);
}

static market_status_t
list_seller(listing_search_t *search, const market__party_row_t *party,
    market_slice_t after)
{
	market__call_t *call = search->call;
	market__listing_query_t query = { 0 };
	const market__listing_row_t *rows;
	market_status_t status;
	market__arena_t last;
	size_t n = 0, i;

	market__arena_init(&last, &call->context->allocator, 65536);
	query.by = MARKET__LISTING_BY_SELLER;
	query.seller = party->no;
	query.after_id = after;
	query.max = PAGE;
	do {
		status = call->ops->listings(call->backend, &query,
		    &call->arena, &rows, &n, call->reterr);
		for (i = 0; i < n && status == MARKET_OK && !search->full; i++)
			status = look_at(search, &rows[i], party->name);
		if (status != MARKET_OK || search->full || n < query.max)
			break;
		market__arena_clear(&last);
		market__arena_init(&last, &call->context->allocator, 65536);
		query.after_id = market__arena_copy(
		    &last, rows[n - 1].offer_id);
		if (query.after_id.ptr == NULL)
			status = market__call_refused(call, &last);
		forget_page(call);
	} while (status == MARKET_OK);
	market__arena_clear(&last);
	return status;
}

/* Splits the id that the last page ended with. */
static void
split(market_slice_t id, market_slice_t *ret_seller, market_slice_t *ret_offer)
{
	size_t i;

	for (i = 0; i < id.len && id.ptr[i] != '/'; i++)
		;
	*ret_seller = market__slice(id.ptr, i);
	*ret_offer = i < id.len ? market__slice(id.ptr + i + 1, id.len - i - 1)
				: market__slice(NULL, 0);
}

static market_status_t
list_one(listing_search_t *search, market_slice_t name, market_slice_t after)
{
	market__arena_t arena;
	market__party_row_t party;
	market_status_t status;

	market__arena_init(&arena, &search->call->context->allocator, 65536);
	status = search->call->ops->party_find(
	    search->call->backend, name, &arena, &party, NULL);
	if (status == MARKET_OK)
		status = list_seller(search, &party, after);
	else if (status == MARKET_E_NOT_FOUND)
		status = MARKET_OK;
	else
		status = market__error(search->call->reterr, status, NULL, -1,
		    "a party could not be read: %s",
		    market_status_text(status));
	market__arena_clear(&arena);
	return status;
}

/* Sellers in order of their names; behind `after`. */
static market_status_t
list_all(listing_search_t *search, market_slice_t after)
{
	const market__party_row_t *party;
	market_status_t status = MARKET_OK;
	market__call_t *call = search->call;
	market__arena_t arena;
	market_slice_t name;
	uint8_t bytes[512];
	size_t n = 0;

	name = after;
	while (status == MARKET_OK && !search->full) {
		market__arena_init(&arena, &call->context->allocator, 65536);
		status = call->ops->parties(
		    call->backend, name, 1, &arena, &party, &n, call->reterr);
		if (status == MARKET_OK && n > 0 &&
		    party->name.len > sizeof(bytes))
			status = market__error(call->reterr, MARKET_E_CORRUPT,
			    NULL, -1,
			    "a party's name is too long: run market "
			    "fsck");
		if (status == MARKET_OK && n > 0 && party->listings > 0)
			status = list_seller(
			    search, party, market__slice(NULL, 0));
		if (status == MARKET_OK && n > 0) {
			memcpy(bytes, party->name.ptr, party->name.len);
			name = market__slice(bytes, party->name.len);
		}
		market__arena_clear(&arena);
		if (n == 0)
			break;
	}
	return status;
}

static market_status_t
search_all(listing_search_t *search)
{
	const market_list_query_t *query = search->query;
	market_slice_t seller, offer;
	market_status_t status = MARKET_OK;

	split(query->after, &seller, &offer);
	if (query->seller.len > 0) {
		if (market__slice_compare(seller, query->seller) > 0)
			return MARKET_OK;
		if (!market__slice_equal(seller, query->seller))
			offer = market__slice(NULL, 0);
		return list_one(search, query->seller, offer);
	}
	if (seller.len > 0)
		status = list_one(search, seller, offer);
	if (status == MARKET_OK && !search->full)
		status = list_all(search, seller);
	return status;
}

static bool
is_valid(const market_list_query_t *query)
{
	return query != NULL && query->size == sizeof(*query) &&
	    query->limit <= LIMIT_MAX &&
	    query->status <= MARKET_LISTING_REMOVED &&
	    market__slice_valid(query->after) &&
	    market__slice_valid(query->seller) &&
	    market__slice_valid(query->brand);
}

market_status_t
market_store_list(market_store_t *store, const market_list_query_t *query,
    market_listings_t **ret_listings, market_error_t *reterr)
{
	listing_search_t search = { 0 };
	market_status_t status;
	market__call_t call;

	status = market__call_begin(store, reterr, &call);
	if (status == MARKET_OK && (!is_valid(query) || ret_listings == NULL))
		status = market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "a query of this library's size and with a limit of at "
		    "most %d, and ret_listings, must be given",
		    LIMIT_MAX);
	if (status == MARKET_OK)
		status = market__call_ask(&call, query->at, query->flags);
	if (status == MARKET_OK)
		status = new_page(&call,
		    query->limit == 0 ? LIMIT : query->limit, &search.listings);
	if (status == MARKET_OK) {
		search.call = &call;
		search.query = query;
		status = search_all(&search);
	}
	if (status == MARKET_OK) {
		search.listings->more = search.full;
		*ret_listings = search.listings;
	} else {
		market_listings_free(search.listings);
	}
	return market__call_end(&call, status);
}

/* ---- one ---- */

static market_status_t
explain(market__call_t *call, market_slice_t id, bool decide,
    market_listings_t *listings, market_decision_t **ret_decision)
{
	market__look_t look = { .whole = true, .decide = decide };
	market__listing_t found = { 0 };
	market__listing_row_t row;
	market_slice_t seller;
	market_status_t status;

	status = market__listing_find(call, id, &row, &seller);
	if (status != MARKET_OK)
		return status;
	status = market__listing_look(
	    call, &row, seller, &look, &call->arena, &found);
	if (status == MARKET_E_NOT_FOUND)
		status = market__error(call->reterr, status, NULL, -1,
		    "the listing was not there yet");
	if (status == MARKET_OK)
		status = keep(call, &found, listings);
	if (status == MARKET_OK && decide) {
		*ret_decision = found.decision;
		found.decision = NULL;
	}
	market__listing_clear(&found);
	return status;
}

market_status_t
market_store_why(market_store_t *store, market_slice_t listing, int64_t at,
    unsigned flags, market_listings_t **ret_listing,
    market_decision_t **ret_decision, market_error_t *reterr)
{
	market_listings_t *listings = NULL;
	market_status_t status;
	market__call_t call;

	status = market__call_begin(store, reterr, &call);
	if (status == MARKET_OK &&
	    (ret_listing == NULL || !market__slice_valid(listing)))
		status = market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "listing and ret_listing must be given");
	if (status == MARKET_OK)
		status = market__call_ask(&call, at, flags);
	if (status == MARKET_OK)
		status = new_page(&call, 1, &listings);
	if (status == MARKET_OK)
		status = explain(&call, listing, ret_decision != NULL, listings,
		    ret_decision);
	if (status == MARKET_OK)
		*ret_listing = listings;
	else
		market_listings_free(listings);
	return market__call_end(&call, status);
}
