/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store, and what is done to it. The first line is "memory" or "sqlite";
 * behind it two bytes are one operation (blank space between them is skipped):
 *   AX  adds the evidence of the good world    aL  adds the statement L
 *   bL  the same, and recomputes later         zL  adds L, spoilt
 *   sL  submits the offer L                    iN  sets an intent
 *   rN  refreshes at most N                    tN  lets time pass
 *   uN  sets the clock back                    oX  opens it anew
 *   mX  from here on memory fails              ?N  asks: list, why, what if ...
 * In the end the store must be sound, its history without a gap, and what it
 * tells the same as of a store that was told the same without delay, and as of
 * a bag of the statements that it has taken in.
 */
#include "store_run.h"

const unsigned fuzz_mutants = 8;

#define OPERATIONS_MAX 32

/* ---- operations ---- */

static void
set_clock(run_t *run, uint8_t n, int sign)
{
	static const int32_t steps[] = { 0, 1, 60, 299, 300, 301, 3600, 86400,
		2592000, 31536000 };

	run->at += sign * (int64_t)steps[n % MARKET__COUNT(steps)];
}

static void
ask(run_t *run, uint8_t n)
{
	const unsigned which = (unsigned)(n - '0') & 255;
	const market_slice_t envelope = scene_envelope(
	    scene_rows[n % scene_row_count].letter);
	market_listings_t *listing = NULL;
	market_decision_t *decision = NULL;
	market_effects_t *effects = NULL;
	const market_list_query_t query = {
		.size = sizeof(query), .at = run->at, .limit = 1
	};
	market_target_t target = { .issuer = market_slice_of("mi.com") };
	market_status_t status;

	switch (which % 7) {
	case 0:
		FUZZ_AGAIN(status,
		    market_store_why(run->store, run_listing(which / 7),
			run->at, 0, &listing, &decision, NULL));
		FUZZ_ASSERT(
		    status == MARKET_OK || status == MARKET_E_NOT_FOUND);
		break;
	case 1:
		FUZZ_AGAIN(status,
		    market_store_check(run->store, scene_envelope('o'),
			&envelope, 1, run->at, 0, &decision, NULL));
		FUZZ_ASSERT(decision != NULL);
		break;
	case 2:
		FUZZ_AGAIN(status,
		    market_store_impact(
			run->store, &target, run->at, &effects, NULL));
		break;
	case 3:
		FUZZ_AGAIN(status,
		    market_store_forecast(run->store, run->at,
			run->at + 400 * 86400, &effects, NULL));
		break;
	case 4:
		FUZZ_AGAIN(status,
		    market_store_sale(run->store, run_listing(which / 7),
			market_slice_of("US"), MARKET_CHANNEL_ONLINE_STORE,
			market_slice_of("t-mobile.com/us"), run->at, 0, NULL,
			NULL));
		break;
	case 5:
		FUZZ_AGAIN(status,
		    market_store_list(run->store, &query, &listing, NULL));
		break;
	default:
		FUZZ_AGAIN(status,
		    market_store_what_if(run->store, &envelope, 1, run->at,
			&effects, NULL, NULL));
		break;
	}
	FUZZ_ASSERT(status == MARKET_OK || status == MARKET_E_DENIED ||
	    status == MARKET_E_INDETERMINATE || status == MARKET_E_NOT_FOUND);
	market_listings_free(listing);
	market_decision_free(decision);
	market_effects_free(effects);
}

static void
operate(run_t *run, const fuzz_input_t *input, uint8_t what, uint8_t n)
{
	static const char good[] = "spnmgcf";
	size_t i;

	switch (what) {
	case 'A':
		for (i = 0; good[i] != '\0'; i++)
			run_change(run, 'a', (uint8_t)good[i]);
		break;
	case 'a':
	case 'b':
	case 'z':
	case 's':
	case 'i':
	case 'r': run_change(run, what, n); break;
	case 't': set_clock(run, n, 1); break;
	case 'u': set_clock(run, n, -1); break;
	case 'o': run_reopen(run); break;
	case 'm': fuzz_fail(input); break;
	case '?': ask(run, n); break;
	default: break;
	}
}

/* ---- what must hold in the end ---- */

static void
check_sound(run_t *run)
{
	market_changes_t *changes = NULL;
	market_faults_t *faults = NULL;
	const market_change_t *change;
	market_store_mark_t mark;
	uint64_t n;

	FUZZ_ASSERT(
	    market_store_fsck(run->store, NULL, &faults, NULL) == MARKET_OK);
	FUZZ_ASSERT(market_faults_at(faults, 0) == NULL);
	market_faults_free(faults);
	FUZZ_ASSERT(
	    market_store_get_mark(run->store, &mark, NULL) == MARKET_OK);
	FUZZ_ASSERT(market_store_changes(
			run->store, 0, 10000, &changes, NULL) == MARKET_OK);
	for (n = 0; (change = market_changes_at(changes, (size_t)n)) != NULL;
	     n++)
		FUZZ_ASSERT(change->entry == n + 1 && change->cause <= n);
	FUZZ_ASSERT(mark.entries == n);
	market_changes_free(changes);
}

/* Whether a listing was live before nobody saw it, only its history tells. */
static int
plain_status(market_listing_status_t status)
{
	return status == MARKET_LISTING_SUSPENDED ? MARKET_LISTING_HELD
						  : (int)status;
}

static void
check_same_cell(const market_listing_cell_t *a, const market_listing_cell_t *b)
{
	FUZZ_ASSERT(market__slice_equal(a->territory, b->territory));
	FUZZ_ASSERT(market__slice_equal(a->network, b->network));
	FUZZ_ASSERT(a->channel == b->channel && a->live == b->live);
	FUZZ_ASSERT(a->verdict == b->verdict && a->service == b->service);
	FUZZ_ASSERT(a->horizon == b->horizon);
	FUZZ_ASSERT(a->disclosure_count == b->disclosure_count);
}

static void
check_same(const market_listings_t *a, const market_listings_t *b)
{
	const market_listing_t *x, *y;
	size_t i, k;

	for (i = 0; (x = market_listings_at(a, i)) != NULL; i++) {
		y = market_listings_at(b, i);
		FUZZ_ASSERT(y != NULL && market__slice_equal(x->id, y->id));
		FUZZ_ASSERT(x->intent == y->intent);
		FUZZ_ASSERT(market__slice_equal(x->digest, y->digest));
		FUZZ_ASSERT(plain_status(x->status) == plain_status(y->status));
		FUZZ_ASSERT(x->cell_count == y->cell_count);
		for (k = 0; k < x->cell_count; k++)
			check_same_cell(&x->cells[k], &y->cells[k]);
	}
	FUZZ_ASSERT(market_listings_at(b, i) == NULL);
}

/* The same was told to it, and nothing else was asked. */
static void
check_against_fresh(run_t *run, const market_listings_t *listings)
{
	market_listings_t *others;
	run_t fresh;
	size_t i;

	run_init(&fresh, false);
	for (i = 0; i < run->n_changes; i++) {
		fresh.at = run->changes[i].at;
		run_change(&fresh, run->changes[i].what, run->changes[i].n);
		FUZZ_ASSERT(run->changes[i].again ||
		    fresh.changes[i].result == run->changes[i].result);
	}
	fresh.at = run->at;
	others = run_list(&fresh);
	check_same(listings, others);
	market_listings_free(others);
	run_clear(&fresh);
}

static void
check_cell(run_t *run, const market_listing_t *listing,
    const market_listing_cell_t *cell, const market_decision_t *decision)
{
	const market_cell_t *judged;
	market_status_t status;
	size_t i;

	status = market_store_sale(run->store, listing->id, cell->territory,
	    cell->channel, cell->network, run->at, 0, NULL, NULL);
	FUZZ_ASSERT((status == MARKET_OK) == (cell->live != 0));
	if (!cell->live)
		return;
	FUZZ_ASSERT(cell->verdict == MARKET_VERDICT_PERMIT);
	FUZZ_ASSERT(listing->intent == MARKET_INTENT_PUBLISH);
	/* In a bag everything was signed when it is asked for. */
	if (decision == NULL)
		return;
	for (i = 0; (judged = market_decision_cell(decision, i)) != NULL; i++)
		if (market__slice_equal(judged->territory, cell->territory) &&
		    market__slice_equal(judged->network, cell->network) &&
		    judged->channel == cell->channel)
			break;
	FUZZ_ASSERT(judged != NULL && judged->verdict == MARKET_VERDICT_PERMIT);
}

static void
check_told(run_t *run, const market_listings_t *listings)
{
	market_evidence_t *bag = run_bag(run);
	const market_listing_t *listing;
	market_decision_t *decision;
	int64_t clock;
	size_t i, k;

	FUZZ_ASSERT(market_store_clock(run->store, &clock, NULL) == MARKET_OK);
	if (clock < run->at)
		clock = run->at;
	for (i = 0; (listing = market_listings_at(listings, i)) != NULL; i++) {
		decision = NULL;
		if (bag != NULL)
			(void)!market_check(
			    bag, run_offer(listing), clock, &decision, NULL);
		for (k = 0; k < listing->cell_count; k++)
			check_cell(run, listing, &listing->cells[k], decision);
		market_decision_free(decision);
	}
	market_evidence_free(bag);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_input_t input = fuzz_input(data, size);
	const bool sqlite = market__slice_is(fuzz_line(&input), "sqlite");
	market_listings_t *listings;
	uint8_t what;
	size_t live, i;
	run_t run;

	scene_init();
	live = fuzz_live();
	run_init(&run, sqlite);
	fuzz_fail(&input);
	for (i = 0; i < OPERATIONS_MAX && input.rest.len > 0; i++) {
		what = fuzz_byte(&input);
		if (what != ' ' && what != '\n')
			operate(&run, &input, what, fuzz_byte(&input));
	}
	(void)fuzz_recover();
	check_sound(&run);
	listings = run_list(&run);
	check_told(&run, listings);
	check_against_fresh(&run, listings);
	market_listings_free(listings);
	run_clear(&run);
	FUZZ_ASSERT(fuzz_live() == live);
	return 0;
}
