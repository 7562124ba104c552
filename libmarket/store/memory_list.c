/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of rows: the numbers first, then the rows that have them. */
#include "store/memory.h"

void
market__memory_range_init(market__memory_range_t *range,
    const market__memory_t *memory, market__memory_table_t table,
    market__memory_table_t over, size_t max)
{
	memset(range, 0, sizeof(*range));
	range->table = table;
	range->over = over;
	range->max = max;
	market__memory_key_init(&range->from, memory);
}

void
market__memory_range_within(market__memory_range_t *range)
{
	range->prefix = range->from.len;
}

static bool
within(const market__memory_range_t *range, const market__memory_node_t *node)
{
	return node != NULL && node->key.len >= range->prefix &&
	    (range->prefix == 0 ||
		memcmp(node->key.ptr, range->from.data, range->prefix) == 0);
}

static market__memory_node_t *
first(const market__memory_t *memory, const market__memory_range_t *range)
{
	return market__memory_map_seek(&memory->maps[range->over],
	    market__memory_key_slice(&range->from), range->above);
}

/* How many rows there may be, at most as many as are wanted. */
static size_t
count(const market__memory_t *memory, const market__memory_range_t *range)
{
	const market__memory_node_t *node = first(memory, range);
	size_t n;

	for (n = 0; n < range->max && within(range, node); n++)
		node = market__memory_map_next(node);
	return n;
}

/* ---- the lowest numbers of many, by a heap with the highest on top ---- */

static void
sink(uint64_t *heap, size_t n, size_t i)
{
	size_t child;
	uint64_t kept;

	for (; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && heap[child + 1] > heap[child])
			child++;
		if (heap[i] >= heap[child])
			return;
		kept = heap[i];
		heap[i] = heap[child];
		heap[child] = kept;
	}
}

static void
heapify(uint64_t *heap, size_t n)
{
	size_t i;

	for (i = n / 2; i-- > 0;)
		sink(heap, n, i);
}

static void
sort(uint64_t *numbers, size_t n)
{
	uint64_t highest;

	for (heapify(numbers, n); n > 1;) {
		highest = numbers[0];
		numbers[0] = numbers[--n];
		numbers[n] = highest;
		sink(numbers, n, 0);
	}
}

/* ---- which rows ---- */

/* Adds a number; false when there will be no more. */
static bool
pick(const market__memory_range_t *range, uint64_t number, uint64_t *numbers,
    size_t room, size_t *n)
{
	if (range->sort && number <= range->after)
		return true;
	if (*n < room) {
		numbers[(*n)++] = number;
		if (range->sort && *n == room)
			heapify(numbers, room);
	} else if (range->sort && number < numbers[0]) {
		numbers[0] = number;
		sink(numbers, room, 0);
	}
	return range->sort || *n < room;
}

static market_status_t
pick_all(market__memory_t *memory, const market__memory_range_t *range,
    uint64_t *numbers, size_t room, size_t *n, market_error_t *reterr)
{
	const market__memory_node_t *node = first(memory, range);
	const void *row;
	uint64_t number;

	for (; within(range, node); node = market__memory_map_next(node)) {
		number = market__memory_number(node);
		if (range->keep != NULL) {
			row = market__memory_row(memory, range->table, number);
			if (row == NULL)
				return market__memory_fail(memory,
				    MARKET_E_CORRUPT, reterr,
				    "an index names a row that is not there");
			if (!range->keep(row, range->query)) {
				if (range->ends)
					break;
				continue;
			}
		}
		if (!pick(range, number, numbers, room, n))
			break;
	}
	if (range->sort)
		sort(numbers, *n);
	return MARKET_OK;
}

/* The numbers of the rows, in memory of their own. */
static market_status_t
pick_some(market__memory_t *memory, const market__memory_range_t *range,
    uint64_t **ret_numbers, size_t *ret_n, market_error_t *reterr)
{
	market_status_t status = range->from.status;
	uint64_t *numbers = NULL;
	size_t room = 0;

	if (status == MARKET_OK)
		room = count(memory, range);
	if (room > 0) {
		numbers = market__alloc_array(
		    &memory->allocator, room, sizeof(*numbers));
		if (numbers == NULL)
			status = MARKET_E_MEMORY;
	}
	*ret_numbers = numbers;
	if (status != MARKET_OK)
		return market__memory_fail(
		    memory, MARKET_E_MEMORY, reterr, "out of memory");
	return room == 0
	    ? MARKET_OK
	    : pick_all(memory, range, numbers, room, ret_n, reterr);
}

market_status_t
market__memory_list(market__memory_t *memory, market__memory_range_t *range,
    market__arena_t *arena, const void **ret_rows, size_t *ret_n,
    market_error_t *reterr)
{
	market__memory_numbers_t numbers = { NULL, 0 };
	market_status_t status;
	uint64_t *at = NULL;
	const void *rows = NULL;

	status = market__memory_enter(memory, false, reterr);
	if (status == MARKET_OK)
		status = pick_some(memory, range, &at, &numbers.n, reterr);
	numbers.at = at;
	if (status == MARKET_OK && numbers.n > 0)
		status = market__memory_get_all(
		    memory, range->table, &numbers, arena, &rows, reterr);
	if (status == MARKET_OK) {
		*ret_rows = rows;
		*ret_n = numbers.n;
	}
	market__free(&memory->allocator, at);
	market__text_clear(&range->from);
	return status;
}
