/* SPDX-License-Identifier: Apache-2.0 */
#include <config.h>

#include <stdlib.h>
#include <unistd.h>

#include "store_run.h"

/* ---- the place ---- */

static char directory[512];
static char location[600];

static void
remove_file(void)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-journal" };
	char path[700];
	size_t i;

	for (i = 0; i < MARKET__COUNT(tails); i++) {
		snprintf(path, sizeof(path), "%s%s", location, tails[i]);
		(void)unlink(path);
	}
}

static void
remove_directory(void)
{
	remove_file();
	(void)rmdir(directory);
}

/* One folder for a process; a store of an input is gone when it ends. */
static const char *
place(void)
{
	const char *temporary = getenv("TMPDIR");

	if (directory[0] != '\0')
		return location;
	snprintf(directory, sizeof(directory), "%s/market-fuzz-XXXXXX",
	    temporary == NULL ? "/tmp" : temporary);
	FUZZ_ASSERT(mkdtemp(directory) != NULL);
	snprintf(location, sizeof(location), "%s/store.db", directory);
	FUZZ_ASSERT(atexit(remove_directory) == 0);
	return location;
}

void
run_init(run_t *run, bool sqlite)
{
	memset(run, 0, sizeof(*run));
#if HAVE_SQLITE
	run->sqlite = sqlite;
#else
	(void)sqlite;
#endif
	run->at = SCENE_NOW;
	FUZZ_ASSERT(market_store_create(fuzz_context(),
			run->sqlite ? place() : "memory:", scene_envelope('R'),
			scene_envelope('P'), run->at, NULL, &run->store,
			NULL) == MARKET_OK);
}

void
run_clear(run_t *run)
{
	market_store_free(run->store);
	if (run->sqlite)
		remove_file();
}

void
run_reopen(run_t *run)
{
	market_status_t status;

	if (!run->sqlite)
		return;
	market_store_free(run->store);
	run->store = NULL;
	FUZZ_AGAIN(status,
	    market_store_open(
		fuzz_context(), place(), NULL, &run->store, NULL));
	FUZZ_ASSERT(status == MARKET_OK);
}

/* ---- changes ---- */

market_slice_t
run_listing(unsigned n)
{
	static const char *const ids[] = { "shop.example/offer",
		"shop.example/two", "shop.example/none", "" };

	return market_slice_of(ids[n % MARKET__COUNT(ids)]);
}

market_slice_t
run_offer(const market_listing_t *listing)
{
	if (market__slice_is(listing->offer_id, "two"))
		return scene_envelope('q');
	return scene_envelope(listing->revision == 2 ? 'r' : 'o');
}

static int
add(run_t *run, market_slice_t envelope, unsigned flags, bool *ret_again)
{
	market_additions_t *additions = NULL;
	const market_added_t *added;
	market_status_t status;
	int result;

	status = market_store_add(
	    run->store, &envelope, 1, run->at, flags, &additions, NULL);
	*ret_again = status == MARKET_E_MEMORY && fuzz_recover();
	if (*ret_again)
		status = market_store_add(
		    run->store, &envelope, 1, run->at, flags, &additions, NULL);
	FUZZ_ASSERT(status == MARKET_OK);
	added = market_additions_at(additions, 0);
	FUZZ_ASSERT(added != NULL && market_additions_at(additions, 1) == NULL);
	result = (int)added->result;
	market_additions_free(additions);
	return result;
}

static int
add_spoilt(run_t *run, market_slice_t envelope, bool *ret_again)
{
	uint8_t *copy = malloc(envelope.len);
	int result;

	FUZZ_ASSERT(copy != NULL);
	memcpy(copy, envelope.ptr, envelope.len);
	/* In the signature, which stands before the key id. */
	copy[envelope.len - 70] ^= 1;
	result = add(run, market__slice(copy, envelope.len), 0, ret_again);
	FUZZ_ASSERT(result == MARKET_RESULT_REFUSED ||
	    result == MARKET_RESULT_DUPLICATE);
	free(copy);
	return result;
}

static int
submit(run_t *run, market_slice_t envelope)
{
	market_submissions_t *submissions = NULL;
	const market_submitted_t *submitted;
	market_status_t status;
	int result;

	FUZZ_AGAIN(status,
	    market_store_submit(
		run->store, &envelope, 1, run->at, &submissions, NULL));
	FUZZ_ASSERT(status == MARKET_OK);
	submitted = market_submissions_at(submissions, 0);
	FUZZ_ASSERT(submitted != NULL);
	FUZZ_ASSERT(submitted->decision == NULL ||
	    (market_decision_verdict(submitted->decision) ==
		MARKET_VERDICT_PERMIT) == (submitted->status == MARKET_OK));
	result = (int)submitted->result;
	market_submissions_free(submissions);
	return result;
}

static int
set_intent(run_t *run, uint8_t n)
{
	const unsigned which = (unsigned)(n - '0') & 255;
	const market_intent_t intent = (market_intent_t)(1 + which % 3);
	market_status_t status;

	FUZZ_AGAIN(status,
	    market_store_set_intent(
		run->store, run_listing(which / 3), intent, run->at, NULL));
	FUZZ_ASSERT(status == MARKET_OK || status == MARKET_E_NOT_FOUND ||
	    status == MARKET_E_INDETERMINATE);
	return (int)status;
}

static int
refresh(run_t *run, uint8_t n)
{
	market_refreshed_t refreshed;
	market_status_t status;

	FUZZ_AGAIN(status,
	    market_store_refresh(run->store, run->at, n % 8, &refreshed, NULL));
	FUZZ_ASSERT(status == MARKET_OK);
	return 0;
}

/* Any number is a row. */
static const scene_row_t *
row_of(uint8_t n)
{
	const scene_row_t *row = scene_row((char)n);

	return row == NULL ? &scene_rows[n % scene_row_count] : row;
}

void
run_change(run_t *run, uint8_t what, uint8_t n)
{
	const market_slice_t envelope = scene_envelope(row_of(n)->letter);
	change_t change = { what, n, run->at, 0, false };

	FUZZ_ASSERT(run->n_changes < CHANGES_MAX);
	switch (what) {
	case 'a': change.result = add(run, envelope, 0, &change.again); break;
	case 'b':
		/* Later or not comes to the same. */
		change.result = add(
		    run, envelope, MARKET_STORE_LATER, &change.again);
		change.what = 'a';
		break;
	case 'z':
		change.result = add_spoilt(run, envelope, &change.again);
		break;
	case 's': change.result = submit(run, envelope); break;
	case 'i': change.result = set_intent(run, n); break;
	default: change.result = refresh(run, n); break;
	}
	run->changes[run->n_changes++] = change;
}

/* ---- what it tells ---- */

market_listings_t *
run_list(run_t *run)
{
	market_list_query_t query = { .size = sizeof(query), .at = run->at };
	market_listings_t *listings = NULL;

	FUZZ_ASSERT(market_store_list(run->store, &query, &listings, NULL) ==
	    MARKET_OK);
	FUZZ_ASSERT(!market_listings_more(listings));
	return listings;
}

market_evidence_t *
run_bag(const run_t *run)
{
	market_evidence_t *evidence = NULL;
	const change_t *change;
	const scene_row_t *row;
	size_t i;

	FUZZ_ASSERT(market_evidence_new(fuzz_context(), scene_envelope('R'),
			scene_envelope('P'), &evidence, NULL) == MARKET_OK);
	for (i = 0; i < run->n_changes; i++) {
		change = &run->changes[i];
		row = row_of(change->n);
		if (change->what != 'a' ||
		    change->result == MARKET_RESULT_STALE ||
		    change->result == MARKET_RESULT_REFUSED)
			continue;
		if (strchr("7KLQ", row->letter) != NULL) {
			market_evidence_free(evidence);
			return NULL;
		}
		FUZZ_ASSERT(
		    market_evidence_add(evidence, scene_envelope(row->letter),
			NULL, NULL) == MARKET_OK);
	}
	return evidence;
}
