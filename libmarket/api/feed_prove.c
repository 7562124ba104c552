/* SPDX-License-Identifier: Apache-2.0 */
/* The proof that a feed lists an offer. */
#include "api/feed.h"

typedef struct proving {
	const market_feed_t *feed;
	market_slice_t offer_id;
	market__rows_t rows;
	market__chunk_t chunk;
	market__arena_t arena;
	market__hasher_t *hasher;
	market_error_t *reterr;
} proving_t;

static market_status_t
failed(const proving_t *p, market_status_t status)
{
	return market__error(p->reterr, status, NULL, -1,
	    "no proof could be made: %s", market_status_text(status));
}

/* Is it the offer? What is no offer is not. */
static market_status_t
is_it(proving_t *p, market_slice_t payload, bool *ret_is)
{
	market__arena_mark_t mark = market__arena_mark(&p->arena);
	const market__message_t *message = NULL;
	market_status_t status;

	status = market__row_unpack(payload, &p->arena, &message, NULL);
	*ret_is = status == MARKET_OK &&
	    market__slice_equal(message->header.id, p->offer_id);
	market__arena_rewind(&p->arena, mark);
	return status == MARKET_E_MEMORY ? failed(p, status) : MARKET_OK;
}

/* Its place in the chunk, or n_rows. */
static market_status_t
look_in_chunk(proving_t *p, size_t *ret_row)
{
	market_status_t status = MARKET_OK;
	bool found = false;
	size_t i;

	for (i = 0; i < p->chunk.n_rows; i++) {
		status = is_it(p, p->chunk.rows[i], &found);
		if (status != MARKET_OK || found)
			break;
	}
	*ret_row = i;
	return status;
}

static market_status_t
cannot_tell(const proving_t *p, const market_error_t *why)
{
	if (p->reterr != NULL)
		*p->reterr = *why;
	return why->status;
}

/* Chunk by chunk, until it is there; one that is passed over may have it. */
static market_status_t
find(proving_t *p, size_t *ret_row)
{
	market_error_t passed = MARKET_ERROR_INIT;
	uint64_t count = market__feed_of(p->feed)->count;
	uint64_t chunks = market__feed_chunks(count);
	market_status_t status;

	while (p->rows.chunk < chunks) {
		status = market__rows_next(&p->rows, &p->chunk);
		if (status == MARKET_OK)
			status = look_in_chunk(p, ret_row);
		if (status != MARKET_OK || *ret_row < p->chunk.n_rows)
			return status;
		if (p->chunk.lost)
			return cannot_tell(p, &p->chunk.error);
		if (p->chunk.status != MARKET_OK && passed.status == MARKET_OK)
			passed = p->chunk.error;
	}
	if (passed.status != MARKET_OK)
		return cannot_tell(p, &passed);
	return market__error(p->reterr, MARKET_E_NOT_FOUND, NULL, -1,
	    "none of the feed's %llu rows has that id",
	    (unsigned long long)count);
}

/* From the leaf to its chunk's root, and on to the root of all. */
static market_status_t
make_path(proving_t *p, size_t row, market__proof_t *proof)
{
	const market_allocator_t *allocator = &p->feed->context->allocator;
	const market__slices_t *roots = &market__feed_of(p->feed)->chunk_roots;
	market__node_t leaves[MARKET__CHUNK], *nodes;
	market_status_t status;
	size_t i;

	status = market__chunk_verify(p->feed, p->hasher, &p->chunk, leaves);
	if (status != MARKET_OK && market__chunk_told(status))
		return cannot_tell(p, &p->chunk.error);
	if (status == MARKET_OK)
		status = market__merkle_path(
		    p->hasher, leaves, p->chunk.n_rows, row, proof);
	if (status != MARKET_OK)
		return failed(p, status);
	nodes = market__alloc_array(allocator, roots->n, sizeof(*nodes));
	if (nodes == NULL)
		return failed(p, MARKET_E_MEMORY);
	for (i = 0; i < roots->n; i++)
		memcpy(nodes[i].hash, roots->v[i].ptr, sizeof(nodes[i].hash));
	status = market__merkle_path(
	    p->hasher, nodes, roots->n, (size_t)p->chunk.number, proof);
	market__free(allocator, nodes);
	return status == MARKET_OK ? MARKET_OK : failed(p, status);
}

static market_status_t
write_proof(const proving_t *p, size_t row, const market__proof_t *proof,
    market_buffer_t *ret_proof, market_buffer_t *ret_offer)
{
	const market_allocator_t *allocator = &p->feed->context->allocator;
	uint64_t index = p->chunk.number * MARKET__CHUNK + row;
	market_buffer_t made = MARKET_BUFFER_INIT, offer = MARKET_BUFFER_INIT;
	market__text_t text;
	market_status_t status;
	size_t i;

	market__text_init(&text, allocator, SIZE_MAX / 2);
	for (i = 0; i < sizeof(index); i++)
		market__text_putc(&text, (char)(index >> (56 - 8 * i) & 0xff));
	for (i = 0; i < proof->n; i++)
		market__text_add(
		    &text, proof->nodes[i].hash, sizeof(proof->nodes[i].hash));
	status = market__text_take(&text, &made);
	if (status == MARKET_OK && ret_offer != NULL) {
		market__text_init(&text, allocator, SIZE_MAX / 2);
		market__text_slice(&text, p->chunk.rows[row]);
		status = market__text_take(&text, &offer);
	}
	if (status != MARKET_OK) {
		market_buffer_clear(&made);
		return failed(p, status);
	}
	market_buffer_clear(ret_proof);
	*ret_proof = made;
	if (ret_offer != NULL) {
		market_buffer_clear(ret_offer);
		*ret_offer = offer;
	}
	return MARKET_OK;
}

market_status_t
market_feed_prove(const market_feed_t *feed, market_read_fn *read, void *user,
    market_slice_t offer_id, market_buffer_t *ret_proof,
    market_buffer_t *ret_offer, market_error_t *reterr)
{
	proving_t p = { .feed = feed, .offer_id = offer_id, .reterr = reterr };
	market__proof_t proof = { .n = 0 };
	market_status_t status;
	size_t row = 0;

	if (feed == NULL || read == NULL || offer_id.ptr == NULL ||
	    offer_id.len == 0 || ret_proof == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "feed, read, an offer's id and ret_proof must be given");
	market__arena_init_pooled(&p.arena, feed->context->pool, 0);
	status = market__hasher_new(feed->context, &p.hasher);
	if (status != MARKET_OK)
		(void)failed(&p, status);
	else
		status = market__rows_init(&p.rows, feed, read, user, reterr);
	if (status == MARKET_OK)
		status = find(&p, &row);
	if (status == MARKET_OK)
		status = make_path(&p, row, &proof);
	if (status == MARKET_OK)
		status = write_proof(&p, row, &proof, ret_proof, ret_offer);
	market__rows_clear(&p.rows);
	market__chunk_clear(&p.chunk, &feed->context->allocator);
	market__hasher_free(p.hasher);
	market__arena_clear(&p.arena);
	return status;
}
