/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which verified statements make a slot: those filed there, the revisions of
 * their names, and what they stand under, wherever that is filed.
 */
#include "api/store_slot.h"

static void *
grown(market__loading_t *l, const void *list, size_t n, size_t *capacity,
    size_t size)
{
	size_t more = *capacity * 2 + 8;
	void *copy;

	copy = market__arena_array(&l->shelf->arena, more, size);
	if (copy == NULL) {
		(void)market__call_refused(l->call, &l->shelf->arena);
		return NULL;
	}
	if (n > 0)
		memcpy(copy, list, n * size);
	*capacity = more;
	return copy;
}

market_status_t
market__loading_rest_on(market__loading_t *l, market_slice_t key)
{
	market__shelved_t *shelf = l->shelf;
	size_t i;

	for (i = 0; i < shelf->n_rests_on; i++)
		if (market__slice_equal(shelf->rests_on[i], key))
			return MARKET_OK;
	if (shelf->n_rests_on == l->rests_capacity) {
		shelf->rests_on = grown(l, shelf->rests_on, shelf->n_rests_on,
		    &l->rests_capacity, sizeof(*shelf->rests_on));
		if (shelf->rests_on == NULL)
			return MARKET_E_MEMORY;
	}
	key = market__arena_copy(&shelf->arena, key);
	if (key.ptr == NULL)
		return market__call_refused(l->call, &shelf->arena);
	shelf->rests_on[shelf->n_rests_on++] = key;
	return MARKET_OK;
}

/* Whatever a party signed is another thing when its keys have changed. */
static market_status_t
rest_on_keys(market__loading_t *l, market_slice_t party)
{
	market__slot_t *slot = &l->shelf->slot;
	size_t before = l->shelf->n_rests_on;
	market_status_t status;
	market_slice_t key;

	status = market__slot_keys(l->call, party, &key);
	if (status == MARKET_OK)
		status = market__loading_rest_on(l, key);
	if (status != MARKET_OK || l->shelf->n_rests_on == before)
		return status;
	if (slot->n_key_slots == l->key_slots_capacity) {
		l->key_slots = grown(l, l->key_slots, slot->n_key_slots,
		    &l->key_slots_capacity, sizeof(*l->key_slots));
		if (l->key_slots == NULL)
			return MARKET_E_MEMORY;
		slot->key_slots = l->key_slots;
	}
	l->key_slots[slot->n_key_slots++] = l->shelf->rests_on[before];
	return MARKET_OK;
}

static market_status_t
hold_fact(market__loading_t *l, market__fact_t *fact)
{
	market__shelved_t *shelf = l->shelf;
	size_t i;

	for (i = 0; i < shelf->n_facts; i++)
		if (shelf->facts[i] == &fact->cached)
			return MARKET_OK;
	if (shelf->n_facts == l->facts_capacity) {
		shelf->facts = grown(l, (void *)shelf->facts, shelf->n_facts,
		    &l->facts_capacity, sizeof(*shelf->facts));
		if (shelf->facts == NULL)
			return MARKET_E_MEMORY;
	}
	market__cache_pin(&fact->cached);
	shelf->facts[shelf->n_facts++] = &fact->cached;
	return MARKET_OK;
}

static market__member_t *
find_member(market__loading_t *l, const market__fact_t *fact, size_t ground)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->v[i].fact == fact && l->v[i].ground == ground)
			return &l->v[i];
	return NULL;
}

/* Room for one more, and what the fact says on that ground. */
static market_status_t
make_member(market__loading_t *l, market__fact_t *fact, size_t index,
    market__verified_t **ret_verified)
{
	const market__ground_t *ground = &fact->grounds[index];
	market__verified_t *verified;
	market__member_t *member;

	if (l->n == l->capacity) {
		l->v = grown(l, l->v, l->n, &l->capacity, sizeof(*l->v));
		if (l->v == NULL)
			return MARKET_E_MEMORY;
	}
	verified = market__arena_alloc(&l->shelf->arena, sizeof(*verified));
	if (verified == NULL)
		return market__call_refused(l->call, &l->shelf->arena);
	verified->statement = fact->statement;
	verified->seen_at = fact->row.seen_at;
	verified->authority = ground->authority;
	verified->keys = ground->keys;
	verified->signers = ground->signers;
	verified->conveyed = fact->conveyed;
	verified->by_marketplace = ground->by_marketplace;
	verified->fallen = !ground->stands;
	verified->kept = fact->marks == NULL ? NULL : fact;
	member = &l->v[l->n++];
	member->fact = fact;
	member->ground = index;
	member->verified = verified;
	member->counts = ground->stands ||
	    market__takes_away(fact->statement->message);
	*ret_verified = verified;
	return MARKET_OK;
}

static market_status_t
add_member(market__loading_t *l, market__fact_t *fact, size_t index)
{
	const market__ground_t *ground = &fact->grounds[index];
	const market__verified_t *under = NULL, *keyed = NULL;
	market__verified_t *verified = NULL;
	market_status_t status;

	if (find_member(l, fact, index) != NULL)
		return MARKET_OK;
	if (ground->under != NULL) {
		status = add_member(l, ground->under, 0);
		/* A revision of what it stands under makes it another. */
		if (status == MARKET_OK)
			status = market__loading_add_name(
			    l, &ground->under->row);
		if (status != MARKET_OK)
			return status;
		under = find_member(l, ground->under, 0)->verified;
	}
	if (ground->authority == MARKET__AUTHORITY_PARTY) {
		status = rest_on_keys(l, fact->row.issuer);
		if (status == MARKET_OK && ground->keyed != NULL)
			status = add_member(l, ground->keyed, 0);
		if (status != MARKET_OK)
			return status;
		if (ground->keyed != NULL)
			keyed = find_member(l, ground->keyed, 0)->verified;
	}
	status = make_member(l, fact, index, &verified);
	if (status != MARKET_OK)
		return status;
	market__stand_under(verified, under);
	verified->keyed = keyed;
	return hold_fact(l, fact);
}

market_status_t
market__loading_add_row(
    market__loading_t *l, const market__statement_row_t *row)
{
	market__fact_t *fact;
	market_status_t status;
	size_t i;

	status = market__fact_get(l->call, row, &fact);
	for (i = 0; status == MARKET_OK && i < fact->n_grounds; i++)
		status = add_member(l, fact, i);
	return status;
}

market_status_t
market__loading_add_name(
    market__loading_t *l, const market__statement_row_t *row)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	size_t before = l->shelf->n_rests_on, n, i;
	market_status_t status;
	market_slice_t key;

	status = market__slot_name(
	    l->call, (market_kind_t)row->kind, row->issuer, row->id, &key);
	if (status == MARKET_OK)
		status = market__loading_rest_on(l, key);
	if (status != MARKET_OK || l->shelf->n_rests_on == before)
		return status; /* they are there */
	query.by = MARKET__STATEMENT_BY_NAME;
	query.kind = row->kind;
	query.issuer = row->issuer;
	query.id = row->id;
	status = market__fact_rows(l->call, &query, &rows, &n);
	for (i = 0; i < n && status == MARKET_OK; i++)
		status = market__loading_add_row(l, rows[i]);
	return status;
}
