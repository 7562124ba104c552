/* SPDX-License-Identifier: Apache-2.0 */
/* Making a feed: rows as they come, and the list over them at the end. */
#include <stdio.h>

#include "api/feed.h"
#include "model/draft.h"

struct market_packer {
	market_context_t *context;
	market_draft_t *draft;
	market_write_fn *write;
	void *user;
	market__hasher_t *hasher;
	market__arena_t arena; /* of one row */
	market__arena_mark_t empty;
	market__tree_t chunk, all;
	market__node_t *roots; /* of the chunks that are full */
	size_t n_roots, roots_capacity;
	uint64_t count, most; /* rows */
	size_t chunk_size;    /* of the last chunk's rows, with their lengths */
	uint8_t issuer[MARKET__STRING_MAX];
	size_t issuer_len;
	uint8_t last_id[MARKET__STRING_MAX];
	size_t last_len;
	bool closed; /* nothing can be added any more */
	bool broken; /* a row may be half written */
};

static market_status_t
failed(market_status_t status, market_error_t *reterr)
{
	return market__error(
	    reterr, status, NULL, -1, "%s", market_status_text(status));
}

/* ---- begin and end ---- */

void
market_packer_free(market_packer_t *packer)
{
	const market_allocator_t *allocator;

	if (packer == NULL)
		return;
	allocator = &packer->context->allocator;
	market_draft_free(packer->draft);
	market__hasher_free(packer->hasher);
	market__arena_clear(&packer->arena);
	market__free(allocator, packer->roots);
	market__free(allocator, packer);
}

/* What is written anew is out of the draft. */
static void
empty_draft(market_packer_t *packer)
{
	market__draft_unset(packer->draft, "count");
	market__draft_unset(packer->draft, "root");
	market__draft_unset(packer->draft, "chunk_roots");
}

/* Whose list is it, and how many rows may it have? */
static market_status_t
learn_list(market_packer_t *packer, market_error_t *reterr)
{
	market_buffer_t payload = MARKET_BUFFER_INIT;
	const market__message_t *message = NULL;
	market_status_t status;

	empty_draft(packer);
	status = market__draft_pack(packer->draft, &payload, reterr);
	packer->most = market__feed_room(payload.len);
	if (status == MARKET_OK)
		status = market__message_unpack(MARKET_KIND_FEED,
		    market_buffer_slice(&payload), &packer->arena, &message,
		    reterr);
	if (status == MARKET_OK) {
		packer->issuer_len = message->header.issuer.len;
		memcpy(packer->issuer, message->header.issuer.ptr,
		    packer->issuer_len);
	}
	market_buffer_clear(&payload);
	market__arena_rewind(&packer->arena, packer->empty);
	return status;
}

market_status_t
market_packer_new(market_context_t *context, market_slice_t draft,
    market_write_fn *write, void *user, market_packer_t **ret_packer,
    market_error_t *reterr)
{
	market_packer_t *packer;
	market_status_t status;

	if (context == NULL || write == NULL || ret_packer == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "context, write and ret_packer must be given");
	packer = market__alloc(&context->allocator, sizeof(*packer));
	if (packer == NULL)
		return failed(MARKET_E_MEMORY, reterr);
	packer->context = context;
	packer->write = write;
	packer->user = user;
	market__arena_init_pooled(&packer->arena, context->pool,
	    MARKET__PARSE_BUDGET(MARKET__ENVELOPE_LARGE_MAX));
	packer->empty = market__arena_mark(&packer->arena);
	status = market_draft_from_json(
	    context, MARKET_KIND_FEED, draft, &packer->draft, reterr);
	if (status == MARKET_OK)
		status = learn_list(packer, reterr);
	if (status == MARKET_OK) {
		status = market__hasher_new(context, &packer->hasher);
		if (status != MARKET_OK)
			(void)failed(status, reterr);
	}
	if (status != MARKET_OK)
		market_packer_free(packer);
	else
		*ret_packer = packer;
	return status;
}

/* ---- rows ---- */

/* Of the last chunk, with one offer more; readers pass a larger one over. */
static market_status_t
check_size(const market_packer_t *packer, size_t len, size_t *ret_size,
    market_error_t *reterr)
{
	uint8_t head[MARKET__LENGTH_MAX];

	*ret_size = packer->chunk.size == 0 ? 0 : packer->chunk_size;
	*ret_size += market__length_write(len, head) + len;
	if (*ret_size > MARKET__CHUNK_BYTES_MAX)
		return market__error(reterr, MARKET_E_LIMIT, NULL, -1,
		    "with it its chunk, the rows from %llu on, is above %zu "
		    "bytes: shorten the texts of these offers",
		    (unsigned long long)(packer->count - packer->chunk.size),
		    MARKET__CHUNK_BYTES_MAX);
	return MARKET_OK;
}

static market_status_t
check_row(market_packer_t *packer, const market__message_t *message,
    market_error_t *reterr)
{
	market_slice_t id = message->header.id;

	if (!market__slice_equal(message->header.issuer,
		market__slice(packer->issuer, packer->issuer_len)))
		return market__error(reterr, MARKET_E_SCHEMA, "header.issuer",
		    -1, "is another than the feed's: a seller lists its own");
	if (id.len == 0)
		return market__error(
		    reterr, MARKET_E_SCHEMA, "header.id", -1, "is missing");
	if (packer->count > 0 &&
	    market__slice_compare(
		id, market__slice(packer->last_id, packer->last_len)) <= 0)
		return market__error(reterr, MARKET_E_SCHEMA, "header.id", -1,
		    "is not behind that of the offer before it: sort offers by "
		    "id, byte by byte, and list each once");
	if (packer->count >= packer->most)
		return market__error(reterr, MARKET_E_LIMIT, NULL, -1,
		    "a signed list has room for %llu offers: make another feed "
		    "of the others, under an id of its own",
		    (unsigned long long)packer->most);
	return MARKET_OK;
}

/* Room for the root of a chunk that becomes full. */
static market_status_t
reserve_root(market_packer_t *packer)
{
	const market_allocator_t *allocator = &packer->context->allocator;
	size_t capacity = packer->roots_capacity;
	market__node_t *grown;

	if (packer->n_roots < capacity)
		return MARKET_OK;
	capacity = capacity == 0 ? 64 : 2 * capacity;
	grown = market__alloc_array(allocator, capacity, sizeof(*grown));
	if (grown == NULL)
		return MARKET_E_MEMORY;
	if (packer->n_roots > 0)
		memcpy(grown, packer->roots, packer->n_roots * sizeof(*grown));
	market__free(allocator, packer->roots);
	packer->roots = grown;
	packer->roots_capacity = capacity;
	return MARKET_OK;
}

/* The trees with it, which replace those without once it is written. */
static market_status_t
grow(market_packer_t *packer, market_slice_t offer, market__tree_t *chunk,
    market__tree_t *all, market__node_t *root)
{
	market_status_t status = reserve_root(packer);
	market__node_t leaf;

	if (status == MARKET_OK)
		status = market__merkle_leaf(packer->hasher, &offer, 1, &leaf);
	if (status == MARKET_OK)
		status = market__tree_add(packer->hasher, chunk, &leaf);
	if (status != MARKET_OK || chunk->size < MARKET__CHUNK)
		return status;
	status = market__tree_root(packer->hasher, chunk, root);
	if (status == MARKET_OK)
		status = market__tree_add(packer->hasher, all, root);
	return status;
}

static market_status_t
write_row(market_packer_t *packer, market_slice_t offer)
{
	uint8_t head[MARKET__LENGTH_MAX];
	market_status_t status;

	status = packer->write(packer->user,
	    market__slice(head, market__length_write(offer.len, head)));
	if (status == MARKET_OK)
		status = packer->write(packer->user, offer);
	/* Half of it may be there. */
	if (status != MARKET_OK)
		packer->closed = packer->broken = true;
	return status;
}

static market_status_t
add(market_packer_t *packer, market_slice_t offer, market_error_t *reterr)
{
	const market__message_t *message = NULL;
	market__tree_t chunk = packer->chunk, all = packer->all;
	market__node_t root;
	market_status_t status;
	size_t size = 0;

	status = market__row_unpack(offer, &packer->arena, &message, reterr);
	if (status == MARKET_OK)
		status = check_row(packer, message, reterr);
	if (status == MARKET_OK)
		status = check_size(packer, offer.len, &size, reterr);
	if (status != MARKET_OK)
		return status;
	status = grow(packer, offer, &chunk, &all, &root);
	if (status == MARKET_OK)
		status = write_row(packer, offer);
	if (status != MARKET_OK)
		return failed(status, reterr);
	packer->chunk_size = size;
	if (chunk.size == MARKET__CHUNK) {
		packer->roots[packer->n_roots++] = root;
		memset(&chunk, 0, sizeof(chunk));
	}
	packer->chunk = chunk;
	packer->all = all;
	memcpy(packer->last_id, message->header.id.ptr, message->header.id.len);
	packer->last_len = message->header.id.len;
	packer->count++;
	return MARKET_OK;
}

static market_status_t
check_open(const market_packer_t *packer, market_error_t *reterr)
{
	if (packer == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "the packer must be given");
	if (packer->closed)
		return market__error(reterr, MARKET_E_STATE, NULL, -1,
		    "the feed is finished, or could not be written");
	return MARKET_OK;
}

market_status_t
market_packer_add(
    market_packer_t *packer, market_slice_t offer, market_error_t *reterr)
{
	market_status_t status = check_open(packer, reterr);

	if (status != MARKET_OK)
		return status;
	if (offer.ptr == NULL && offer.len > 0)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "the offer must be given");
	if (offer.len > MARKET__ROW_MAX)
		return market__error(reterr, MARKET_E_LIMIT, NULL, -1,
		    "an offer of a feed has at most %zu bytes",
		    MARKET__ROW_MAX);
	status = add(packer, offer, reterr);
	market__arena_rewind(&packer->arena, packer->empty);
	return status;
}

market_status_t
market_packer_add_json(
    market_packer_t *packer, market_slice_t json, market_error_t *reterr)
{
	market_buffer_t payload = MARKET_BUFFER_INIT;
	market_draft_t *draft = NULL;
	market_status_t status = check_open(packer, reterr);

	if (status != MARKET_OK)
		return status;
	status = market_draft_from_json(
	    packer->context, MARKET_KIND_OFFER, json, &draft, reterr);
	if (status == MARKET_OK)
		status = market__draft_pack(draft, &payload, reterr);
	market_draft_free(draft);
	if (status == MARKET_OK)
		status = market_packer_add(
		    packer, market_buffer_slice(&payload), reterr);
	market_buffer_clear(&payload);
	return status;
}

uint64_t
market_packer_count(const market_packer_t *packer)
{
	return packer == NULL ? 0 : packer->count;
}

/* ---- the list ---- */

/* All roots, with that of the chunk that is not full. */
static market_status_t
end_trees(market_packer_t *packer, market__node_t *ret_root)
{
	market__node_t root;
	market_status_t status = MARKET_OK;

	if (packer->chunk.size > 0) {
		status = reserve_root(packer);
		if (status == MARKET_OK)
			status = market__tree_root(
			    packer->hasher, &packer->chunk, &root);
		if (status == MARKET_OK)
			status = market__tree_add(
			    packer->hasher, &packer->all, &root);
		if (status != MARKET_OK)
			return status;
		packer->roots[packer->n_roots++] = root;
		memset(&packer->chunk, 0, sizeof(packer->chunk));
	}
	return market__tree_root(packer->hasher, &packer->all, ret_root);
}

static market_status_t
fill_in(
    market_packer_t *packer, const market__node_t *root, market_error_t *reterr)
{
	char path[48];
	market_status_t status;
	size_t i;

	status = market_draft_set_int(
	    packer->draft, "count", (int64_t)packer->count, reterr);
	if (status == MARKET_OK)
		status = market_draft_set_bytes(packer->draft, "root",
		    market__slice(root->hash, sizeof(root->hash)), reterr);
	for (i = 0; i < packer->n_roots && status == MARKET_OK; i++) {
		snprintf(path, sizeof(path), "chunk_roots[%zu]", i);
		status = market_draft_set_bytes(packer->draft, path,
		    market__slice(
			packer->roots[i].hash, sizeof(packer->roots[i].hash)),
		    reterr);
	}
	if (status == MARKET_OK)
		status = market_draft_check(packer->draft, reterr);
	return status;
}

market_status_t
market_packer_finish(market_packer_t *packer, market_signer_t *const *signers,
    size_t signer_count, market_format_t format, market_buffer_t *ret_envelope,
    market_error_t *reterr)
{
	market__node_t root;
	market_status_t status;

	if (packer == NULL || packer->broken)
		return check_open(packer, reterr);
	packer->closed = true;
	status = end_trees(packer, &root);
	if (status != MARKET_OK)
		return failed(status, reterr);
	status = fill_in(packer, &root, reterr);
	if (status != MARKET_OK)
		return status;
	status = market_draft_sign(
	    packer->draft, signers, signer_count, format, ret_envelope, reterr);
	/* In protobuf there is room for as many as could be added. */
	if (status == MARKET_E_LIMIT && format == MARKET_FORMAT_JSON &&
	    signer_count <= MARKET__SIGNATURES_MAX)
		return market__error(reterr, status, NULL, -1,
		    "the signed list of %llu offers is above %zu bytes in "
		    "JSON: write it in protobuf",
		    (unsigned long long)packer->count,
		    MARKET__ENVELOPE_LARGE_MAX);
	return status;
}

size_t
market_feed_delimiter(size_t length, uint8_t ret_bytes[4])
{
	return length >> 28 != 0 ? 0 : market__length_write(length, ret_bytes);
}
