/* SPDX-License-Identifier: Apache-2.0 */
/* The indexes of the memory backend: what their keys are, and how they follow
 * the rows. */
#include "store/memory.h"

#define KEY_MAX (SIZE_MAX / 4)

void
market__memory_key_init(market__text_t *key, const market__memory_t *memory)
{
	market__text_init(key, &memory->allocator, KEY_MAX);
}

void
market__memory_key_number(market__text_t *key, uint64_t number)
{
	market__memory_key8_t bytes = market__memory_key8(number);

	market__text_add(key, bytes.at, sizeof(bytes.at));
}

void
market__memory_key_text(market__text_t *key, market_slice_t text)
{
	market__memory_key_number(key, text.len);
	market__text_slice(key, text);
}

market_slice_t
market__memory_key_slice(const market__text_t *key)
{
	return market__slice(key->data, key->len);
}

/* ---- what the keys are ---- */

static void
statement_slot(market__text_t *key, const void *of)
{
	const market__statement_row_t *row = of;

	market__memory_key_text(key, row->slot);
	market__memory_key_number(key, row->no);
}

static void
statement_digest(market__text_t *key, const void *of)
{
	const market__statement_row_t *row = of;

	market__memory_key_text(
	    key, market__slice(row->digest, sizeof(row->digest)));
	market__memory_key_number(key, row->no);
}

static void
statement_name(market__text_t *key, const void *of)
{
	const market__statement_row_t *row = of;

	market__memory_key_number(key, row->kind);
	market__memory_key_text(key, row->issuer);
	market__memory_key_text(key, row->id);
	market__memory_key_number(key, row->no);
}

static void
statement_subject(market__text_t *key, const void *of)
{
	const market__statement_row_t *row = of;

	market__memory_key_number(key, row->kind);
	market__memory_key_text(key, row->subject);
	market__memory_key_number(key, row->no);
}

static void
slot_name(market__text_t *key, const void *of)
{
	const market__slot_row_t *row = of;

	market__text_slice(key, row->name);
}

static void
slot_epoch(market__text_t *key, const void *of)
{
	const market__slot_row_t *row = of;

	market__memory_key_number(key, row->epoch);
	market__memory_key_number(key, row->no);
}

static void
clearance_hash(market__text_t *key, const void *of)
{
	const market__clearance_row_t *row = of;

	market__text_add(key, row->hash, sizeof(row->hash));
}

static void
clearance_horizon(market__text_t *key, const void *of)
{
	const market__clearance_row_t *row = of;

	/* In the order of signed numbers. */
	market__memory_key_number(
	    key, (uint64_t)row->horizon ^ (uint64_t)1 << 63);
	market__memory_key_number(key, row->no);
}

static void
party_name(market__text_t *key, const void *of)
{
	const market__party_row_t *row = of;

	market__text_slice(key, row->name);
}

static void
listing_seller(market__text_t *key, const void *of)
{
	const market__listing_row_t *row = of;

	market__memory_key_number(key, row->seller);
	market__text_slice(key, row->offer_id);
}

const market__memory_index_t market__memory_indexes[] = {
	{ MEMORY_STATEMENTS_BY_SLOT, MEMORY_STATEMENTS, false, statement_slot },
	{ MEMORY_STATEMENTS_BY_DIGEST, MEMORY_STATEMENTS, false,
	    statement_digest },
	{ MEMORY_STATEMENTS_BY_NAME, MEMORY_STATEMENTS, false, statement_name },
	{ MEMORY_STATEMENTS_BY_SUBJECT, MEMORY_STATEMENTS, false,
	    statement_subject },
	{ MEMORY_SLOTS_BY_NAME, MEMORY_SLOTS, true, slot_name },
	{ MEMORY_SLOTS_BY_EPOCH, MEMORY_SLOTS, false, slot_epoch },
	{ MEMORY_CLEARANCES_BY_HASH, MEMORY_CLEARANCES, true, clearance_hash },
	{ MEMORY_CLEARANCES_BY_HORIZON, MEMORY_CLEARANCES, false,
	    clearance_horizon },
	{ MEMORY_PARTIES_BY_NAME, MEMORY_PARTIES, true, party_name },
	{ MEMORY_LISTINGS_BY_SELLER, MEMORY_LISTINGS, true, listing_seller },
};
const size_t market__memory_index_count = MARKET__COUNT(market__memory_indexes);

/* ---- how they follow ---- */

static market_status_t
add(market__memory_t *memory, market__memory_table_t index, market_slice_t key,
    uint64_t number, market_error_t *reterr)
{
	market__memory_map_t *map = &memory->maps[index];
	market__memory_node_t *node;

	node = market__memory_map_make(map, key, sizeof(number));
	if (node == NULL)
		return market__memory_fail(
		    memory, MARKET_E_MEMORY, reterr, "out of memory");
	memcpy(node->value, &number, sizeof(number));
	market__memory_map_put(map, node);
	memory->written++;
	return MARKET_OK;
}

/* What is not there need not go. */
static void
take_out(
    market__memory_t *memory, market__memory_table_t index, market_slice_t key)
{
	market__memory_map_t *map = &memory->maps[index];
	market__memory_node_t *node = market__memory_map_find(map, key);

	if (node != NULL)
		market__memory_map_remove(map, node);
}

static market_status_t
follow(market__memory_t *memory, const market__memory_index_t *index,
    const void *old, const void *row, market_error_t *reterr)
{
	market_slice_t before, now;
	market__text_t keys[2];
	market__memory_node_t *there;
	market_status_t status = MARKET_OK;
	uint64_t number;

	market__memory_key_init(&keys[0], memory);
	market__memory_key_init(&keys[1], memory);
	index->key(&keys[1], row);
	if (old != NULL)
		index->key(&keys[0], old);
	before = market__memory_key_slice(&keys[0]);
	now = market__memory_key_slice(&keys[1]);
	if (keys[0].status != MARKET_OK || keys[1].status != MARKET_OK) {
		status = market__memory_fail(
		    memory, MARKET_E_MEMORY, reterr, "out of memory");
		goto done;
	}
	if (old != NULL && market__slice_equal(before, now))
		goto done;
	there = market__memory_map_find(&memory->maps[index->index], now);
	if (there != NULL) {
		status = market__memory_fail(memory, MARKET_E_CORRUPT, reterr,
		    "another row has the same name");
		goto done;
	}
	memcpy(&number, row, sizeof(number));
	status = add(memory, index->index, now, number, reterr);
	if (status == MARKET_OK && old != NULL)
		take_out(memory, index->index, before);
done:
	market__text_clear(&keys[0]);
	market__text_clear(&keys[1]);
	return status;
}

market_status_t
market__memory_reindex(market__memory_t *memory, market__memory_table_t table,
    const void *old, const void *row, market_error_t *reterr)
{
	const market__memory_index_t *index = market__memory_indexes;
	market_status_t status = MARKET_OK;
	size_t i;

	for (i = 0; i < market__memory_index_count; i++)
		if (index[i].table == table && status == MARKET_OK)
			status = follow(memory, &index[i], old, row, reterr);
	return status;
}

static bool
has(const market__memory_numbers_t *numbers, uint64_t number)
{
	size_t i;

	for (i = 0; i < numbers->n; i++)
		if (numbers->at[i] == number)
			return true;
	return false;
}

struct pair {
	market__memory_key8_t of, owner;
};

market_status_t
market__memory_relist(market__memory_t *memory, market__memory_table_t index,
    uint64_t owner, const market__memory_numbers_t *old,
    const market__memory_numbers_t *now, market_error_t *reterr)
{
	struct pair pair = { .owner = market__memory_key8(owner) };
	market_slice_t key = market__slice(&pair, sizeof(pair));
	market_status_t status = MARKET_OK;
	size_t i;

	for (i = 0; i < old->n; i++) {
		if (has(now, old->at[i]))
			continue;
		pair.of = market__memory_key8(old->at[i]);
		take_out(memory, index, key);
	}
	for (i = 0; i < now->n && status == MARKET_OK; i++) {
		pair.of = market__memory_key8(now->at[i]);
		/* Also where a number stands in the list twice. */
		if (market__memory_map_find(&memory->maps[index], key) == NULL)
			status = add(memory, index, key, owner, reterr);
	}
	return status;
}

market_status_t
market__memory_find(market__memory_t *memory, market__memory_table_t index,
    const market__text_t *key, uint64_t *ret_number, market_error_t *reterr)
{
	const market__memory_node_t *node;

	if (key->status != MARKET_OK)
		return market__memory_fail(
		    memory, MARKET_E_MEMORY, reterr, "out of memory");
	node = market__memory_map_find(
	    &memory->maps[index], market__memory_key_slice(key));
	if (node == NULL)
		return market__error(reterr, MARKET_E_NOT_FOUND, NULL, -1,
		    "there is no such row");
	*ret_number = market__memory_number(node);
	return MARKET_OK;
}
