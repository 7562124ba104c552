/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "packs_pair.h"

#include <stdlib.h>

/* ---- at random ---- */

uint64_t
pair_draw(pair_t *pair, uint64_t below)
{
	pair->random = pair->random * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (pair->random >> 33) % below;
}

uint64_t
pair_wide(pair_t *pair, uint64_t most)
{
	switch (pair_draw(pair, 6)) {
	case 0: return most;
	case 1: return most - pair_draw(pair, 300);
	case 2: return 0;
	case 3: return most / 2 + pair_draw(pair, 3);
	case 4: return pair_draw(pair, 300);
	default:
		return (pair_draw(pair, UINT32_MAX) << 32 |
			   pair_draw(pair, UINT32_MAX)) %
		    most;
	}
}

uint64_t
pair_seller(size_t i)
{
	static const uint64_t sellers[PAIR_SELLERS] = { 1, 2, INT64_MAX };

	return sellers[i % PAIR_SELLERS];
}

/* Small numbers, and some of the greatest. */
uint64_t
pair_question(const pair_t *pair, size_t i)
{
	i %= pair->n_questions;
	return i % 4 == 3 ? INT64_MAX - i : i * 90 + 1;
}

void
pair_fail(const pair_t *pair, const char *what, uint64_t number)
{
	ck_abort_msg("seed %llu, transaction %u: %s %llu (%s)",
	    (unsigned long long)pair->seed, pair->step, what,
	    (unsigned long long)number, pair->place.error.message);
}

/* ---- transactions ---- */

/* The same from both, and what was expected. */
static void
want(const pair_t *pair, market_status_t got, market_status_t model,
    const char *what, uint64_t number)
{
	if (got == MARKET_OK && model == MARKET_OK)
		return;
	pair_fail(pair, what, number);
}

void
pair_begin(pair_t *pair, bool write)
{
	want(pair,
	    pair->place.ops->begin(
		pair->place.backend, write, &pair->place.error),
	    pair->model->ops->begin(pair->model, write, NULL), "begin", write);
}

void
pair_commit(pair_t *pair)
{
	want(pair,
	    pair->place.ops->commit(pair->place.backend, &pair->place.error),
	    pair->model->ops->commit(pair->model, NULL), "commit", 0);
	pair->committed_no = pair->last_no;
	pair->committed_seq = pair->last_seq;
	market__arena_clear(&pair->rows);
}

void
pair_rollback(pair_t *pair)
{
	pair->place.ops->rollback(pair->place.backend);
	pair->model->ops->rollback(pair->model);
	pair->last_no = pair->committed_no;
	pair->last_seq = pair->committed_seq;
	market__arena_clear(&pair->rows);
}

/* ---- opening ---- */

/* Sellers, and what they ask. */
static void
put_ground(pair_t *pair, market__backend_t *backend)
{
	market__clearance_row_t asked;
	market__party_row_t party;
	uint64_t i;

	memset(&party, 0, sizeof(party));
	for (i = 0; i < PAIR_SELLERS; i++) {
		party.no = pair_seller(i);
		party.name = market__slice(&"abc"[i], 1);
		OK(backend->ops->party_put(backend, &party, NULL));
	}
	memset(&asked, 0, sizeof(asked));
	asked.question = MARKET__LITERAL("opaque");
	for (i = 0; i < pair->n_questions; i++) {
		asked.no = pair_question(pair, i);
		memcpy(asked.hash, &asked.no, sizeof(asked.no));
		if (backend->ops->clearance_put(
			backend, &asked, &pair->place.error) != MARKET_OK)
			pair_fail(pair, "question", asked.no);
	}
}

pair_t *
pair_open(uint64_t seed, size_t n_questions, uint64_t first_no)
{
	pair_t *pair = calloc(1, sizeof(*pair));

	ck_assert_ptr_nonnull(pair);
	pair->seed = pair->random = seed;
	pair->n_questions = n_questions;
	pair->first_no = first_no;
	pair->last_no = pair->committed_no = first_no - 1;
	market__arena_init(&pair->rows, &market__default_allocator, SIZE_MAX);
	market__arena_init(&pair->read, &market__default_allocator, SIZE_MAX);
	market__arena_init(&pair->kept, &market__default_allocator, SIZE_MAX);
	harness_memory_init(&pair->memory);
	OK(market__memory_open(&pair->memory.allocator, &pair->model, NULL));
	place_init(&pair->place);
	OK(place_create(&pair->place));
	pair_begin(pair, true);
	put_ground(pair, pair->model);
	put_ground(pair, pair->place.backend);
	pair_commit(pair);
	return pair;
}

void
pair_reopen(pair_t *pair)
{
	place_close(&pair->place);
	place_opens(&pair->place);
}

void
pair_close(pair_t *pair)
{
	if (place_faults(&pair->place) != 0)
		pair_fail(pair, place_fault(), 0);
	place_clear(&pair->place);
	pair->model->ops->close(pair->model);
	ck_assert_uint_eq(pair->memory.live, 0);
	market__arena_clear(&pair->rows);
	market__arena_clear(&pair->read);
	market__arena_clear(&pair->kept);
	free(pair);
}

/* ---- writing ---- */

/* A name is looked for from now on, also if it is rolled back. */
static void
learn(pair_t *pair, const market__listing_row_t *row)
{
	pair_name_t *name = &pair->names[pair->n_names];
	market__listing_row_t there;

	if (row->no > pair->last_no)
		pair->last_no = row->no;
	there = pair_find(pair, row->seller, row->offer_id);
	if (there.no != 0 || pair->n_names == PAIR_NAMES)
		return;
	name->seller = row->seller;
	name->id = market__arena_copy(&pair->kept, row->offer_id);
	ck_assert_ptr_nonnull(name->id.ptr);
	pair->n_names++;
}

void
pair_put(pair_t *pair, const market__listing_row_t *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		learn(pair, &rows[i]);
	want(pair,
	    pair->place.ops->listings_put(
		pair->place.backend, rows, n, &pair->place.error),
	    pair->model->ops->listings_put(pair->model, rows, n, NULL),
	    "listings_put", n);
}

void
pair_put_one(pair_t *pair, const market__listing_row_t *row)
{
	learn(pair, row);
	want(pair,
	    pair->place.ops->listing_put(
		pair->place.backend, row, &pair->place.error),
	    pair->model->ops->listing_put(pair->model, row, NULL),
	    "listing_put", row->no);
}

void
pair_insert(pair_t *pair, const market__entry_row_t *row)
{
	if (row->seq > pair->last_seq)
		pair->last_seq = row->seq;
	want(pair,
	    pair->place.ops->entry_insert(
		pair->place.backend, row, &pair->place.error),
	    pair->model->ops->entry_insert(pair->model, row, NULL),
	    "entry_insert", row->seq);
}

market__listing_row_t
pair_find(pair_t *pair, uint64_t seller, market_slice_t id)
{
	market__listing_row_t row = { 0 };
	market_status_t status;

	status = pair->model->ops->listing_find(
	    pair->model, seller, id, &pair->rows, &row, NULL);
	if (status != MARKET_OK && status != MARKET_E_NOT_FOUND)
		pair_fail(pair, "the model's find", 0);
	return row;
}
