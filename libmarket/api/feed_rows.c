/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a feed, chunk by chunk, as they come; nothing is believed here.*/
#include "api/feed.h"

/* Bytes that are read ahead. */
#define AHEAD ((size_t)64 << 10)

/* ---- reading ---- */

market_status_t
market__rows_init(market__rows_t *rows, const market_feed_t *feed,
    market_read_fn *read, void *user, market_error_t *reterr)
{
	memset(rows, 0, sizeof(*rows));
	rows->feed = feed;
	rows->read = read;
	rows->user = user;
	rows->reterr = reterr;
	rows->buffer = market__alloc_raw(&feed->context->allocator, AHEAD);
	if (rows->buffer == NULL)
		return market__error(reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory to read rows");
	return MARKET_OK;
}

void
market__rows_clear(market__rows_t *rows)
{
	if (rows->feed != NULL)
		market__free(&rows->feed->context->allocator, rows->buffer);
	rows->buffer = NULL;
}

/* More behind what is there, which must be less than the buffer. */
static market_status_t
fill(market__rows_t *rows)
{
	market_status_t status;
	size_t n = 0;

	if (rows->begin > 0) {
		memmove(rows->buffer, rows->buffer + rows->begin,
		    rows->end - rows->begin);
		rows->end -= rows->begin;
		rows->begin = 0;
	}
	status = rows->read(
	    rows->user, rows->buffer + rows->end, AHEAD - rows->end, &n);
	if (status != MARKET_OK)
		return market__error(rows->reterr, status, NULL, -1,
		    "the rows of the feed could not be read");
	if (n > AHEAD - rows->end)
		return market__error(rows->reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "`read` says that it read more than it could");
	rows->over = n == 0;
	rows->end += n;
	return MARKET_OK;
}

/* ---- chunks ---- */

void
market__chunk_clear(market__chunk_t *chunk, const market_allocator_t *allocator)
{
	market__free(allocator, chunk->bytes);
	memset(chunk, 0, sizeof(*chunk));
}

/* Rows point into it: it moves before there are any that are used. */
static market_status_t
reserve(market__chunk_t *chunk, const market_allocator_t *allocator, size_t len)
{
	size_t capacity = chunk->capacity == 0 ? AHEAD : chunk->capacity;
	uint8_t *grown;
	size_t i;

	while (capacity < chunk->len + len)
		capacity *= 2;
	if (capacity == chunk->capacity)
		return MARKET_OK;
	grown = market__alloc_raw(allocator, capacity);
	if (grown == NULL)
		return MARKET_E_MEMORY;
	if (chunk->len > 0)
		memcpy(grown, chunk->bytes, chunk->len);
	for (i = 0; i < chunk->n_rows; i++)
		chunk->rows[i].ptr = grown +
		    (chunk->rows[i].ptr - chunk->bytes);
	market__free(allocator, chunk->bytes);
	chunk->bytes = grown;
	chunk->capacity = capacity;
	return MARKET_OK;
}

/* The chunk is not whole; where it is lost, nothing behind it is read. */
static void
give_up(market__rows_t *rows, market__chunk_t *chunk, market_status_t status,
    bool lost, const char *why)
{
	uint64_t row = chunk->number * MARKET__CHUNK + chunk->row;

	chunk->status = market__error(&chunk->error, status, NULL, -1,
	    "row %llu: %s", (unsigned long long)row, why);
	chunk->lost = lost;
	if (lost) {
		rows->begin = rows->end;
		rows->over = true;
	}
}

/* Why there is no next row. */
static const char *
end_of(const market__rows_t *rows, const market__chunk_t *chunk)
{
	if (rows->begin < rows->end)
		return "the rows end within its length";
	if (chunk->number > 0 || chunk->n_rows > 0 || chunk->size > 0)
		return "the rows end before all that are listed are there";
	return "there are no rows: where they stand in a file of their own, "
	       "give that too";
}

/* The length of the next row; false where there is none, which is told. */
static market_status_t
next_length(market__rows_t *rows, market__chunk_t *chunk, size_t *ret_length,
    bool *ret_there)
{
	market_status_t status, rv;
	size_t head = 0;

	*ret_there = false;
	for (;;) {
		rv = market__length_read(
		    market__slice(
			rows->buffer + rows->begin, rows->end - rows->begin),
		    MARKET__ROW_MAX, &head, ret_length);
		if (rv != MARKET_E_STATE || rows->over)
			break;
		status = fill(rows);
		if (status != MARKET_OK)
			return status;
	}
	if (rv == MARKET_OK) {
		rows->begin += head;
		chunk->size += head + *ret_length;
		*ret_there = true;
	} else if (rv == MARKET_E_STATE) {
		give_up(rows, chunk, MARKET_E_LOG, true, end_of(rows, chunk));
	} else if (rv == MARKET_E_LIMIT) {
		give_up(rows, chunk, MARKET_E_LIMIT, true,
		    "its length is above 65,536 bytes, so it is no offer, and "
		    "the rows behind it cannot be found");
	} else {
		give_up(rows, chunk, MARKET_E_ENCODING, true,
		    "its length is not written in the shortest way");
	}
	return MARKET_OK;
}

/* Its bytes; a chunk that is too large is passed over. */
static market_status_t
take_row(market__rows_t *rows, market__chunk_t *chunk, size_t length)
{
	const market_allocator_t *allocator = &rows->feed->context->allocator;
	market_status_t status;
	size_t n, left = length;

	if (chunk->status == MARKET_OK && chunk->size > MARKET__CHUNK_BYTES_MAX)
		give_up(rows, chunk, MARKET_E_LIMIT, false,
		    "with it its chunk is above 1,048,576 bytes");
	if (chunk->status == MARKET_OK &&
	    (status = reserve(chunk, allocator, length + MARKET__LENGTH_MAX)) !=
		MARKET_OK)
		return market__error(rows->reterr, status, NULL, -1,
		    "no memory for a chunk of a feed");
	if (chunk->status == MARKET_OK)
		chunk->len += market__length_write(
		    length, chunk->bytes + chunk->len);
	while (left > 0) {
		if (rows->begin == rows->end && !rows->over &&
		    (status = fill(rows)) != MARKET_OK)
			return status;
		n = rows->end - rows->begin;
		if (n == 0) {
			give_up(rows, chunk, MARKET_E_LOG, true,
			    "the rows end within it");
			return MARKET_OK;
		}
		n = n < left ? n : left;
		if (chunk->status == MARKET_OK)
			memcpy(chunk->bytes + chunk->len + length - left,
			    rows->buffer + rows->begin, n);
		rows->begin += n;
		left -= n;
	}
	if (chunk->status == MARKET_OK) {
		chunk->rows[chunk->n_rows++] = market__slice(
		    chunk->bytes + chunk->len, length);
		chunk->len += length;
	}
	return MARKET_OK;
}

market_status_t
market__rows_next(market__rows_t *rows, market__chunk_t *chunk)
{
	const market__feed_t *feed = market__feed_of(rows->feed);
	size_t i, n, length = 0;
	market_status_t status;
	bool there = true;

	chunk->number = rows->chunk++;
	chunk->len = 0;
	chunk->size = 0;
	chunk->n_rows = 0;
	chunk->status = MARKET_OK;
	chunk->lost = false;
	chunk->error.status = MARKET_OK;
	n = market__feed_chunk_rows(feed->count, chunk->number);
	for (i = 0; i < n && !chunk->lost; i++) {
		chunk->row = i;
		status = next_length(rows, chunk, &length, &there);
		if (status == MARKET_OK && there)
			status = take_row(rows, chunk, length);
		if (status != MARKET_OK)
			return status;
	}
	return MARKET_OK;
}

market_status_t
market__rows_behind(market__rows_t *rows, uint64_t *ret_n)
{
	market_status_t status = MARKET_OK;

	if (rows->begin == rows->end && !rows->over)
		status = fill(rows);
	*ret_n = rows->end - rows->begin;
	return status;
}

/* ---- is it what was signed? ---- */

static market_status_t
hash_rows(market__hasher_t *hasher, const market__chunk_t *chunk,
    market__node_t *leaves, market__node_t *ret_root)
{
	market__tree_t tree = { 0 };
	market_status_t status = MARKET_OK;
	market__node_t leaf;
	size_t i;

	for (i = 0; i < chunk->n_rows && status == MARKET_OK; i++) {
		status = market__merkle_leaf(hasher, &chunk->rows[i], 1, &leaf);
		if (status == MARKET_OK)
			status = market__tree_add(hasher, &tree, &leaf);
		if (leaves != NULL)
			leaves[i] = leaf;
	}
	if (status == MARKET_OK)
		status = market__tree_root(hasher, &tree, ret_root);
	return status;
}

market_status_t
market__chunk_verify(const market_feed_t *feed, market__hasher_t *hasher,
    market__chunk_t *chunk, market__node_t *leaves)
{
	const market__slices_t *roots = &market__feed_of(feed)->chunk_roots;
	market_status_t status;
	market__node_t root;

	if (chunk->status != MARKET_OK)
		return chunk->status;
	status = hash_rows(hasher, chunk, leaves, &root);
	if (status != MARKET_OK)
		return status;
	if (memcmp(root.hash, roots->v[chunk->number].ptr, sizeof(root.hash)) ==
	    0)
		return MARKET_OK;
	return market__error(&chunk->error, MARKET_E_LOG, NULL, -1,
	    "chunk %llu is not what was signed: its root is another, so none "
	    "of its rows is believed; fetch the rows of just this revision",
	    (unsigned long long)chunk->number);
}
