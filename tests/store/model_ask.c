/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about listings, as the reference answers them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model_run.h"

/* ---- one listing ---- */

bool
run_is_text(market_slice_t slice, const char *text)
{
	return slice.len == strlen(text) &&
	    memcmp(slice.ptr, text, slice.len) == 0;
}

const cell_t *
run_find_cell(const listing_t *listing, market_slice_t territory,
    market_channel_t channel, market_slice_t network)
{
	int i;

	for (i = 0; i < listing->n_cells; i++) {
		const question_t *question = &listing->cells[i].question;

		if (run_is_text(territory,
			model_territory_names[question->territory]) &&
		    model_channels[question->channel] == channel &&
		    run_is_text(
			network, model_network_names[question->network]))
			return &listing->cells[i];
	}
	return NULL;
}

/* Nothing may change before the horizon without new evidence. */
void
run_compare_horizon(run_t *run, const backend_t *backend, const view_t *view,
    const listing_t *listing, const cell_t *cell, int64_t horizon)
{
	const pool_t *pool = run->pool;
	view_t then = *view;
	listing_t later;
	int i, k = (int)(cell - listing->cells);

	if (horizon <= view->at)
		RUN_FAIL(run, "%s: %s: the horizon has passed", backend->name,
		    listing->offer->fact->name);
	for (i = 0; i < pool->n_times; i++) {
		then.at = pool->times[i];
		if (then.at <= view->at || then.at >= horizon)
			continue;
		model_listing(&then, listing->offer, &later);
		if (later.cells[k].live == cell->live)
			continue;
		RUN_FAIL(run,
		    "%s: %s: cell %d changes at %lld, before the horizon %lld",
		    backend->name, listing->offer->fact->name, k,
		    (long long)(then.at - MODEL_START),
		    (long long)(horizon - MODEL_START));
	}
}

static unsigned
disclosures(size_t n, const market_disclosure_t *list)
{
	unsigned bits = 0;
	size_t i;

	for (i = 0; i < n; i++)
		bits |= BIT(list[i]);
	return bits;
}

static void
compare_cell(run_t *run, backend_t *backend, const listing_t *listing,
    const cell_t *cell, const market_listing_cell_t *got, bool trusted)
{
	const char *name = listing->offer->fact->name;
	int k = (int)(cell - listing->cells);

	if (!trusted) {
		if (got->live || got->verdict == MARKET_VERDICT_PERMIT)
			RUN_FAIL(run, "%s: %s: permitted by a clock behind",
			    backend->name, name);
		return;
	}
	if (got->live != (int)cell->live)
		RUN_FAIL(run, "%s: %s: cell %d is %slive (%s), want %slive",
		    backend->name, name, k, got->live ? "" : "not ",
		    market_verdict_name(got->verdict),
		    cell->live ? "" : "not ");
	if (!run_verdict_agrees(cell->answer.verdict, got->verdict))
		RUN_FAIL(run, "%s: %s: cell %d is %s, want %s", backend->name,
		    name, k, market_verdict_name(got->verdict),
		    run_verdict_name(cell->answer.verdict));
	if (cell->answer.verdict != MARKET_VERDICT_PERMIT)
		return;
	if (got->service != cell->answer.service)
		RUN_FAIL(run, "%s: %s: cell %d has %s, want %s", backend->name,
		    name, k, market_service_name(got->service),
		    market_service_name(cell->answer.service));
	if (disclosures(got->disclosure_count, got->disclosures) !=
	    cell->answer.due)
		RUN_FAIL(run, "%s: %s: cell %d: other disclosures are due",
		    backend->name, name, k);
}

static const fact_t *
of_digest(const view_t *view, const fact_t *offer, market_slice_t digest)
{
	int i;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];

		if (model_visible(view, known) &&
		    known->fact->revision == offer->revision &&
		    model_same_name(known->fact, offer) &&
		    digest.len == MARKET_DIGEST_LEN &&
		    memcmp(digest.ptr, known->fact->digest, digest.len) == 0)
			return known->fact;
	}
	return NULL;
}

static void
compare_text(run_t *run, backend_t *backend, const view_t *view,
    const listing_t *want, const market_listing_t *got)
{
	const fact_t *offer = want->offer->fact;
	const char *name = offer->name;

	if (got->revision != offer->revision)
		RUN_FAIL(run, "%s: %s: revision %llu is shown", backend->name,
		    name, (unsigned long long)got->revision);
	offer = of_digest(view, offer, got->digest);
	if (offer == NULL) {
		RUN_FAIL(run, "%s: %s: another digest", backend->name, name);
		return;
	}
	if (!run_is_text(got->seller, model_party_names[offer->issuer]) ||
	    !run_is_text(got->offer_id, offer->id) ||
	    !run_is_text(got->brand, model_brand_names[offer->brand]) ||
	    !run_is_text(got->model, model_product_names[offer->model]) ||
	    !run_is_text(got->title, offer->name) ||
	    !run_is_text(got->currency_code, "USD") ||
	    got->amount_micros != offer->price)
		RUN_FAIL(run, "%s: %s: other text", backend->name, name);
	if (got->intent != want->intent)
		RUN_FAIL(run, "%s: %s: intent %s, want %s", backend->name, name,
		    market_intent_name(got->intent),
		    market_intent_name(want->intent));
}

static void
compare_status(run_t *run, backend_t *backend, const listing_t *want,
    const market_listing_t *got, bool trusted)
{
	char text[256] = "";
	int i;

	if (!trusted) {
		if (got->status == MARKET_LISTING_PUBLISHED ||
		    got->status == MARKET_LISTING_PARTLY_PUBLISHED)
			RUN_FAIL(run, "%s: %s: published by a clock behind",
			    backend->name, want->offer->fact->name);
		return;
	}
	if (want->statuses & BIT(got->status))
		return;
	for (i = 1; i <= MARKET_LISTING_REMOVED; i++)
		if (want->statuses & BIT(i))
			snprintf(text + strlen(text),
			    sizeof(text) - strlen(text), " %s",
			    market_listing_status_name(
				(market_listing_status_t)i));
	RUN_FAIL(run, "%s: %s is %s, want%s", backend->name,
	    want->offer->fact->name, market_listing_status_name(got->status),
	    text);
}

void
run_compare_listing(run_t *run, backend_t *backend, const view_t *view,
    const known_t *known, const market_listing_t *got, bool trusted, bool now)
{
	listing_t want;
	size_t i;

	model_listing(view, known, &want);
	compare_text(run, backend, view, &want, got);
	if (got->cell_count != (size_t)want.n_cells)
		RUN_FAIL(run, "%s: %s: %zu cells, want %d", backend->name,
		    known->fact->name, got->cell_count, want.n_cells);
	for (i = 0; i < got->cell_count && !run->failed; i++) {
		const market_listing_cell_t *cell = &got->cells[i];
		const cell_t *mine = run_find_cell(
		    &want, cell->territory, cell->channel, cell->network);

		if (mine == NULL) {
			RUN_FAIL(run, "%s: %s: a cell that was not asked for",
			    backend->name, known->fact->name);
			return;
		}
		compare_cell(run, backend, &want, mine, cell, trusted);
		if (trusted &&
		    !run_learn(run, backend, cell->question, &mine->question))
			return;
		if (now && trusted &&
		    (run->at_step + (int)i) % 5 == (int)known->order % 5)
			run_compare_horizon(
			    run, backend, view, &want, mine, cell->horizon);
	}
	compare_status(run, backend, &want, got, trusted);
}

/* ---- lists ---- */

int
run_sorted(const view_t *view, const known_t **ret_offers)
{
	char id[64], other[64];
	int i, k, n = 0;

	for (i = 0; i < view->model->n_known; i++) {
		const known_t *known = &view->model->known[i];

		if (!model_is_listing(view, known))
			continue;
		run_listing_id(known->fact, id, sizeof(id));
		for (k = n++; k > 0; k--) {
			run_listing_id(
			    ret_offers[k - 1]->fact, other, sizeof(other));
			if (strcmp(other, id) < 0)
				break;
			ret_offers[k] = ret_offers[k - 1];
		}
		ret_offers[k] = known;
	}
	return n;
}

/* FNV-1a */
static void
trace(backend_t *backend, uint64_t value)
{
	backend->trace = (backend->trace ^ value) * 1099511628211u;
}

static void
compare_list(run_t *run, backend_t *backend, const view_t *view,
    const market_listings_t *listings, bool trusted, bool now)
{
	const known_t *offers[32];
	const market_listing_t *got;
	int i, n = run_sorted(view, offers);
	char id[64];
	size_t k;

	for (i = 0; i < n && !run->failed; i++) {
		got = market_listings_at(listings, (size_t)i);
		run_listing_id(offers[i]->fact, id, sizeof(id));
		if (got == NULL || !run_is_text(got->id, id)) {
			RUN_FAIL(run, "%s: listing %d is %.*s, want %s",
			    backend->name, i,
			    got == NULL ? 4 : (int)got->id.len,
			    got == NULL ? "none" : (const char *)got->id.ptr,
			    id);
			return;
		}
		run_compare_listing(
		    run, backend, view, offers[i], got, trusted, now);
		trace(backend, (uint64_t)got->status);
		for (k = 0; k < got->cell_count; k++) {
			trace(backend, (uint64_t)got->cells[k].verdict);
			trace(backend, (uint64_t)got->cells[k].service);
			trace(backend, (uint64_t)got->cells[k].horizon);
		}
	}
	if (market_listings_at(listings, (size_t)n) != NULL)
		RUN_FAIL(run, "%s: more than %d listings", backend->name, n);
	if (market_listings_more(listings))
		RUN_FAIL(run, "%s: there is said to be more", backend->name);
}

/* Pages with a filter show what the whole list has. */
static void
compare_pages(run_t *run, backend_t *backend, const market_listings_t *whole,
    const step_t *step)
{
	market_list_query_t query = { .size = sizeof(query),
		.at = step->at,
		.flags = step->flags,
		.limit = 1 + step->salt % 3 };
	market_listings_t *page = NULL;
	const market_listing_t *all, *got;
	market_error_t error = MARKET_ERROR_INIT;
	char after[64] = "";
	size_t i, k = 0;
	bool more = true;

	if (step->salt & 8)
		query.status = (market_listing_status_t)(1 +
		    (step->salt >> 4) % 7);
	if (step->salt & 1024)
		query.seller = market_slice_of(model_party_names[P_SHOP]);
	if (step->salt & 2048)
		query.brand = market_slice_of(model_brand_names[B_XIAOMI]);
	for (i = 0; (all = market_listings_at(whole, i)) != NULL; i++) {
		if ((query.status != 0 && all->status != query.status) ||
		    (query.seller.len > 0 &&
			!run_is_text(all->seller, model_party_names[P_SHOP])) ||
		    (query.brand.len > 0 &&
			!run_is_text(all->brand, model_brand_names[B_XIAOMI])))
			continue;
		if (page == NULL || k == query.limit) {
			market_listings_free(page);
			page = NULL;
			k = 0;
			query.after = market_slice_of(after);
			if (market_store_list(backend->store, &query, &page,
				&error) != MARKET_OK) {
				RUN_FAIL(run, "%s: %s", backend->name,
				    error.message);
				return;
			}
			more = market_listings_more(page);
		}
		got = market_listings_at(page, k++);
		if (got == NULL || got->id.len != all->id.len ||
		    memcmp(got->id.ptr, all->id.ptr, all->id.len) != 0) {
			RUN_FAIL(run, "%s: a page lacks %.*s", backend->name,
			    (int)all->id.len, (const char *)all->id.ptr);
			break;
		}
		snprintf(after, sizeof(after), "%.*s", (int)all->id.len,
		    (const char *)all->id.ptr);
	}
	if (page != NULL && !run->failed &&
	    (market_listings_at(page, k) != NULL || more))
		RUN_FAIL(run, "%s: the last page has more", backend->name);
	market_listings_free(page);
}

/* What the reference was when that instant had passed. */
static view_t
past_view(const run_t *run, int64_t at)
{
	int i = run->n_snapshots - 1;

	while (i > 0 && run->snapshots[i].clock > at)
		i--;
	return model_at(&run->snapshots[i], at);
}

bool
run_view_of(const run_t *run, const step_t *step, view_t *ret_view)
{
	int64_t at = model_instant(&run->model, step->at);

	if (step->flags & MARKET_STORE_PAST) {
		*ret_view = step->at < run->model.clock
		    ? past_view(run, step->at)
		    : model_at(&run->model, step->at);
		return true;
	}
	*ret_view = model_at(&run->model, at);
	return at != 0;
}

void
run_list(run_t *run, backend_t *backend, const step_t *step)
{
	market_list_query_t query = {
		.size = sizeof(query), .at = step->at, .flags = step->flags
	};
	market_error_t error = MARKET_ERROR_INIT;
	market_listings_t *listings = NULL;
	view_t view;
	bool trusted = run_view_of(run, step, &view);

	if (market_store_list(backend->store, &query, &listings, &error) !=
	    MARKET_OK) {
		RUN_FAIL(run, "%s: %s", backend->name, error.message);
		return;
	}
	compare_list(run, backend, &view, listings, trusted,
	    trusted && step->flags == 0);
	if (step->salt != 0 && !run->failed)
		compare_pages(run, backend, listings, step);
	market_listings_free(listings);
}

void
run_compare_now(run_t *run, backend_t *backend)
{
	step_t step = { .op = OP_LIST, .at = run->model.clock };

	run_list(run, backend, &step);
}
