/* SPDX-License-Identifier: Apache-2.0 */
/* Do the indexes say what the rows say, and is each row named there? */
#include "store/memory.h"

static const char *const names[MEMORY_MAPS] = {
	[MEMORY_HEAD] = "head",
	[MEMORY_STATEMENTS] = "statement",
	[MEMORY_PAYLOADS] = "payload",
	[MEMORY_SLOTS] = "slot",
	[MEMORY_CLEARANCES] = "clearance",
	[MEMORY_READS] = "reads",
	[MEMORY_PARTIES] = "party",
	[MEMORY_LISTINGS] = "listing",
	[MEMORY_ENTRIES] = "entry",
	[MEMORY_FEEDS] = "feed",
	[MEMORY_STATEMENTS_BY_SLOT] = "statements by slot",
	[MEMORY_STATEMENTS_BY_DIGEST] = "statements by digest",
	[MEMORY_STATEMENTS_BY_NAME] = "statements by name",
	[MEMORY_STATEMENTS_BY_SUBJECT] = "statements by subject",
	[MEMORY_SLOTS_BY_NAME] = "slots by name",
	[MEMORY_SLOTS_BY_EPOCH] = "slots by epoch",
	[MEMORY_CLEARANCES_BY_HASH] = "clearances by hash",
	[MEMORY_CLEARANCES_BY_HORIZON] = "clearances by horizon",
	[MEMORY_PARTIES_BY_NAME] = "parties by name",
	[MEMORY_LISTINGS_BY_SELLER] = "listings by seller",
	[MEMORY_READERS] = "clearances by slot",
	[MEMORY_QUESTIONS] = "listings by question",
};

struct check {
	const market__memory_t *memory;
	market__integrity_fn *tell;
	void *user;
	market_status_t status;
};

static void
tell(struct check *check, market__memory_table_t table, uint64_t number,
    const char *what, market__memory_table_t other)
{
	market__text_t text;

	/* Without memory for a key, what is there may not have been found. */
	if (check->status != MARKET_OK)
		return;
	market__text_init(&text, &check->memory->allocator, 256);
	market__text_printf(&text, "%s %llu: %s %s", names[table],
	    (unsigned long long)number, what, names[other]);
	if (text.status == MARKET_OK)
		check->tell(check->user, text.data);
	else
		check->status = MARKET_E_MEMORY;
	market__text_clear(&text);
}

static const market__memory_node_t *
first(const struct check *check, market__memory_table_t table)
{
	return market__memory_map_seek(
	    &check->memory->maps[table], market__slice(NULL, 0), false);
}

static uint64_t
number_in(market_slice_t key, size_t at)
{
	uint64_t number = 0;
	size_t i;

	for (i = at; i < at + 8 && i < key.len; i++)
		number = number << 8 | key.ptr[i];
	return number;
}

/* ---- the indexes of one key for each row ---- */

/* Where the index has the row; NULL: nowhere. */
static const market__memory_node_t *
place_of(
    struct check *check, const market__memory_index_t *index, const void *row)
{
	const market__memory_node_t *node;
	market__text_t key;

	market__memory_key_init(&key, check->memory);
	index->key(&key, row);
	if (key.status != MARKET_OK)
		check->status = MARKET_E_MEMORY;
	node = market__memory_map_find(
	    &check->memory->maps[index->index], market__memory_key_slice(&key));
	market__text_clear(&key);
	return node;
}

static void
check_index(struct check *check, const market__memory_index_t *index)
{
	const market__memory_node_t *node, *there;
	const void *row;
	uint64_t number;

	for (node = first(check, index->index); node != NULL;
	     node = market__memory_map_next(node)) {
		number = market__memory_number(node);
		row = market__memory_row(check->memory, index->table, number);
		if (row == NULL || place_of(check, index, row) != node)
			tell(check, index->table, number,
			    "is not what is named in", index->index);
	}
	for (node = first(check, index->table); node != NULL;
	     node = market__memory_map_next(node)) {
		number = market__memory_number(node);
		there = place_of(check, index, node->value);
		if (there == NULL || market__memory_number(there) != number)
			tell(check, index->table, number, "is missing in",
			    index->index);
	}
}

/* ---- lists of numbers ---- */

static void
need(struct check *check, market__memory_table_t table, uint64_t number,
    market__memory_table_t other, uint64_t wanted)
{
	if (market__memory_row(check->memory, other, wanted) == NULL)
		tell(check, table, number, "there is no such", other);
}

static void
check_list(struct check *check, market__memory_table_t table, uint64_t owner,
    const market__memory_numbers_t *numbers, market__memory_table_t index,
    market__memory_table_t of)
{
	market__memory_key8_t key[2];
	size_t i;

	key[1] = market__memory_key8(owner);
	for (i = 0; i < numbers->n; i++) {
		key[0] = market__memory_key8(numbers->at[i]);
		if (market__memory_map_find(&check->memory->maps[index],
			market__slice(key, sizeof(key))) == NULL)
			tell(check, table, owner, "is missing in", index);
		need(check, table, owner, of, numbers->at[i]);
	}
}

static bool
listed(const market__memory_numbers_t *numbers, uint64_t number)
{
	size_t i;

	for (i = 0; numbers != NULL && i < numbers->n; i++)
		if (numbers->at[i] == number)
			return true;
	return false;
}

static void
check_reads(struct check *check)
{
	const market__memory_numbers_t *reads;
	const market__memory_node_t *node;
	uint64_t owner;

	for (node = first(check, MEMORY_READS); node != NULL;
	     node = market__memory_map_next(node)) {
		owner = number_in(node->key, 0);
		need(check, MEMORY_READS, owner, MEMORY_CLEARANCES, owner);
		check_list(check, MEMORY_READS, owner, node->value,
		    MEMORY_READERS, MEMORY_SLOTS);
	}
	for (node = first(check, MEMORY_READERS); node != NULL;
	     node = market__memory_map_next(node)) {
		owner = market__memory_number(node);
		reads = market__memory_row(check->memory, MEMORY_READS, owner);
		if (owner != number_in(node->key, 8) ||
		    !listed(reads, number_in(node->key, 0)))
			tell(check, MEMORY_READS, owner,
			    "do not say so, but it is in", MEMORY_READERS);
	}
}

static void
check_listings(struct check *check)
{
	const market__listing_row_t *row;
	const market__memory_node_t *node;
	market__memory_numbers_t asked;
	uint64_t owner;

	for (node = first(check, MEMORY_LISTINGS); node != NULL;
	     node = market__memory_map_next(node)) {
		row = node->value;
		asked.at = row->questions;
		asked.n = row->n_questions;
		need(check, MEMORY_LISTINGS, row->no, MEMORY_PARTIES,
		    row->seller);
		check_list(check, MEMORY_LISTINGS, row->no, &asked,
		    MEMORY_QUESTIONS, MEMORY_CLEARANCES);
	}
	for (node = first(check, MEMORY_QUESTIONS); node != NULL;
	     node = market__memory_map_next(node)) {
		owner = market__memory_number(node);
		row = market__memory_row(check->memory, MEMORY_LISTINGS, owner);
		asked.at = row == NULL ? NULL : row->questions;
		asked.n = row == NULL ? 0 : row->n_questions;
		if (owner != number_in(node->key, 8) ||
		    !listed(&asked, number_in(node->key, 0)))
			tell(check, MEMORY_LISTINGS, owner,
			    "does not ask so, but it is in", MEMORY_QUESTIONS);
	}
}

static void
check_feeds(struct check *check)
{
	const market__memory_node_t *node;
	const market__feed_row_t *row;

	for (node = first(check, MEMORY_FEEDS); node != NULL;
	     node = market__memory_map_next(node)) {
		row = node->value;
		need(check, MEMORY_FEEDS, row->no, MEMORY_STATEMENTS, row->no);
	}
}

market_status_t
market__memory_integrity(market__backend_t *backend,
    market__integrity_fn *tell_fault, void *user, market_error_t *reterr)
{
	market__memory_t *memory = market__memory_of(backend);
	struct check check = { memory, tell_fault, user, MARKET_OK };
	market_status_t status;
	size_t i;

	status = market__memory_enter(memory, false, reterr);
	if (status != MARKET_OK)
		return status;
	for (i = 0; i < market__memory_index_count; i++)
		check_index(&check, &market__memory_indexes[i]);
	check_reads(&check);
	check_listings(&check);
	check_feeds(&check);
	if (check.status != MARKET_OK)
		return market__memory_fail(
		    memory, check.status, reterr, "out of memory");
	return MARKET_OK;
}
