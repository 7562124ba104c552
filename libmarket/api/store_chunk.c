/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Offers that feeds list: the rows of a chunk are kept as one payload, and are
 * believed once this process has seen that the feed's list has their root.
 */
#include "api/store_evidence.h"
#include "api/store_listing.h"
#include "model/feed.h"

/* The rows of a chunk that were verified; its key is "K" and its entry. */
typedef struct chunk {
	market__cached_t cached;
	size_t n_rows; /* 0: it was broken, and has none */
	market_slice_t rows[MARKET__CHUNK];
	uint8_t bytes[];
} chunk_t;

static market_status_t
damaged(market__call_t *call, uint64_t entry, const char *what)
{
	return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
	    "entry %llu: %s; run market fsck", (unsigned long long)entry, what);
}

/* ---- whose chunk it is ---- */

market_status_t
market__chunk_feed(market__call_t *call, const market__entry_row_t *entry,
    const market_statement_t **ret_feed)
{
	const market__statement_row_t *row = NULL;
	market__fact_t *fact = NULL;
	market__entry_row_t cause;
	market__detail_t detail;
	market_status_t status;

	if (entry->kind != MARKET_CHANGE_CHUNK || entry->cause >= entry->seq)
		return damaged(call, entry->seq, "it is no chunk of a feed");
	status = market__entry_get(call, entry->cause, &cause, &detail);
	if (status != MARKET_OK)
		return status;
	if (cause.kind != MARKET_CHANGE_STATEMENT)
		return damaged(call, entry->seq, "its cause is no feed");
	status = market__fact_row(call, cause.object, &row);
	if (status == MARKET_OK)
		status = market__fact_get(call, row, &fact);
	if (status == MARKET_E_NOT_FOUND ||
	    (status == MARKET_OK &&
		fact->statement->message->kind != MARKET_KIND_FEED))
		return damaged(call, entry->seq, "its feed is missing");
	if (status == MARKET_OK)
		*ret_feed = fact->statement;
	return status;
}

/* ---- its rows ---- */

static bool
split(chunk_t *chunk, size_t len, size_t n)
{
	size_t at = 0, head = 0, length = 0;

	while (at < len && chunk->n_rows < n) {
		if (market__length_read(
			market__slice(chunk->bytes + at, len - at),
			MARKET__ROW_MAX, &head, &length) != MARKET_OK ||
		    length > len - at - head)
			return false;
		chunk->rows[chunk->n_rows++] = market__slice(
		    chunk->bytes + at + head, length);
		at += head + length;
	}
	return at == len && chunk->n_rows == n;
}

/* MARKET_E_LOG: they are not what the feed's seller signed. */
static market_status_t
verify(const market__call_t *call, const chunk_t *chunk, market_slice_t root)
{
	market__hasher_t *hasher = NULL;
	market__tree_t tree = { 0 };
	market__node_t node;
	market_status_t status;
	size_t i;

	status = market__hasher_new(call->context, &hasher);
	for (i = 0; i < chunk->n_rows && status == MARKET_OK; i++) {
		status = market__merkle_leaf(hasher, &chunk->rows[i], 1, &node);
		if (status == MARKET_OK)
			status = market__tree_add(hasher, &tree, &node);
	}
	if (status == MARKET_OK)
		status = market__tree_root(hasher, &tree, &node);
	market__hasher_free(hasher);
	if (status == MARKET_OK && memcmp(node.hash, root.ptr, root.len) != 0)
		return MARKET_E_LOG;
	return status;
}

static void
free_chunk(const market_allocator_t *allocator, market__cached_t *cached)
{
	market__free(allocator, cached);
}

static market_status_t
make(market__call_t *call, const market__entry_row_t *entry,
    const market__feed_t *feed, market_slice_t bytes, chunk_t **ret_chunk)
{
	const market_allocator_t *allocator = &call->context->allocator;
	chunk_t *chunk = market__alloc(allocator, sizeof(*chunk) + bytes.len);
	market_status_t status = MARKET_OK;

	if (chunk == NULL)
		return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for a chunk of a feed");
	chunk->cached.free = free_chunk;
	chunk->cached.size = sizeof(*chunk) + bytes.len;
	if (bytes.len > 0)
		memcpy(chunk->bytes, bytes.ptr, bytes.len);
	if (!split(chunk, bytes.len,
		market__feed_chunk_rows(feed->count, entry->object)))
		status = MARKET_E_LOG;
	if (status == MARKET_OK)
		status = verify(
		    call, chunk, feed->chunk_roots.v[entry->object]);
	if (status == MARKET_OK) {
		*ret_chunk = chunk;
		return MARKET_OK;
	}
	market__free(allocator, chunk);
	if (status == MARKET_E_LOG)
		return damaged(call, entry->seq,
		    "its rows are not those that were signed");
	return market__error(call->reterr, status, NULL, -1,
	    "a chunk of a feed could not be verified");
}

/* Is it a chunk that the feed has? */
static market_status_t
read_entry(market__call_t *call, uint64_t seq, market__entry_row_t *entry,
    const market__feed_t **ret_feed)
{
	const market_statement_t *statement = NULL;
	const market__slices_t *roots;
	market__detail_t detail;
	market_status_t status;

	status = market__entry_get(call, seq, entry, &detail);
	if (status == MARKET_OK)
		status = market__chunk_feed(call, entry, &statement);
	if (status != MARKET_OK)
		return status;
	/* analyse(gcc): market__chunk_feed() has set it. */
	*ret_feed = &statement->message->of.feed;
	roots = &(*ret_feed)->chunk_roots;
	/* An empty feed has a chunk of no rows, which ends what was there. */
	if (roots->n == 0 && entry->object == 0)
		return MARKET_OK;
	if (entry->object >= roots->n ||
	    memcmp(roots->v[entry->object].ptr, detail.digest,
		MARKET_DIGEST_LEN) != 0)
		return damaged(call, seq, "its feed has no such chunk");
	return MARKET_OK;
}

static market_status_t
load(market__call_t *call, uint64_t seq, chunk_t **ret_chunk)
{
	const market__feed_t *feed = NULL;
	market_slice_t bytes = { NULL, 0 };
	market__entry_row_t entry;
	market__arena_t arena;
	market_status_t status;

	*ret_chunk = NULL;
	status = read_entry(call, seq, &entry, &feed);
	if (status != MARKET_OK)
		return status;
	market__arena_init(
	    &arena, &call->context->allocator, MARKET__CHUNK_BYTES_MAX + 65536);
	status = call->ops->payload_get(
	    call->backend, seq, &arena, &bytes, call->reterr);
	if (status == MARKET_OK)
		status = make(call, &entry, feed, bytes, ret_chunk);
	else if (status == MARKET_E_NOT_FOUND)
		status = MARKET_OK; /* it was broken */
	market__arena_clear(&arena);
	return status;
}

/* NULL: it was broken. Kept until the call ends. */
static market_status_t
get(market__call_t *call, uint64_t seq, chunk_t **ret_chunk)
{
	uint8_t bytes[9] = { 'K' };
	market_slice_t key = market__slice(bytes, sizeof(bytes));
	size_t n_pins = call->n_pins;
	market__cached_t *cached;
	market_status_t status;

	market__put64(bytes + 1, seq);
	cached = market__cache_find(call->cache, key);
	if (cached != NULL) {
		*ret_chunk = (chunk_t *)(void *)cached;
		return market__call_keep(call, cached);
	}
	status = load(call, seq, ret_chunk);
	market__call_release(call, n_pins);
	if (status != MARKET_OK || *ret_chunk == NULL)
		return status;
	market__cache_put(call->cache, key, &(*ret_chunk)->cached);
	return market__call_keep(call, &(*ret_chunk)->cached);
}

market_status_t
market__chunk_check(market__call_t *call, uint64_t entry, bool *ret_there)
{
	chunk_t *chunk = NULL;
	market_status_t status = get(call, entry, &chunk);

	*ret_there = status == MARKET_OK && chunk != NULL;
	return status;
}

/* ---- one of them ---- */

/* The bytes of a field, which the payload of an offer must have next. */
static bool
take_field(market_slice_t *bytes, uint8_t tag, market_slice_t *ret)
{
	size_t head = 0, length = 0;

	if (bytes->len == 0 || bytes->ptr[0] != tag ||
	    market__length_read(market__slice(bytes->ptr + 1, bytes->len - 1),
		MARKET__ROW_MAX, &head, &length) != MARKET_OK ||
	    length > bytes->len - 1 - head)
		return false;
	*ret = market__slice(bytes->ptr + 1 + head, length);
	*bytes = market__slice(
	    ret->ptr + length, bytes->len - 1 - head - length);
	return true;
}

/* In the one encoding an offer begins with its header (field 1), and that with
 * issuer and id (1 and 2). What has it otherwise was never accepted. */
static bool
has_id(market_slice_t payload, market_slice_t offer_id)
{
	market_slice_t header, issuer, id;

	return take_field(&payload, 0x0a, &header) &&
	    take_field(&header, 0x0a, &issuer) &&
	    take_field(&header, 0x12, &id) && market__slice_equal(id, offer_id);
}

static market_status_t
has_digest(market__call_t *call, market_slice_t payload, const uint8_t *digest,
    bool *ret_has)
{
	market_statement_t *offer = NULL;
	market_status_t status;

	*ret_has = false;
	status = market__row_parse(call->context, payload, &offer, NULL);
	if (status == MARKET_E_MEMORY || status == MARKET_E_INTERNAL)
		return market__error(call->reterr, status, NULL, -1,
		    "an offer of a feed could not be read");
	if (status == MARKET_OK)
		*ret_has = memcmp(offer->digest, digest, MARKET_DIGEST_LEN) ==
		    0;
	market_statement_free(offer);
	return MARKET_OK;
}

market_status_t
market__chunk_offer(market__call_t *call, uint64_t entry,
    market_slice_t offer_id, const uint8_t digest[MARKET_DIGEST_LEN],
    market_slice_t *ret_payload)
{
	market_slice_t *rows[MARKET__CHUNK];
	chunk_t *chunk = NULL;
	market_status_t status = get(call, entry, &chunk);
	size_t n = 0, i;
	bool has = false;

	if (status != MARKET_OK)
		return status;
	for (i = 0; chunk != NULL && i < chunk->n_rows; i++)
		if (has_id(chunk->rows[i], offer_id))
			rows[n++] = &chunk->rows[i];
	if (n == 0)
		return MARKET_E_NOT_FOUND;
	/* Whoever asks compares the digest: one alone is not hashed twice. */
	for (i = 0; n > 1 && i < n && !has && status == MARKET_OK; i++)
		status = has_digest(call, *rows[i], digest, &has);
	if (status == MARKET_OK)
		*ret_payload = *rows[has ? i - 1 : 0];
	return status;
}

market_status_t
market__listing_feed(market__call_t *call, const market__listing_row_t *row,
    const market_statement_t **ret_feed)
{
	market__entry_row_t entry;
	market__detail_t detail;
	market_status_t status;

	*ret_feed = NULL;
	if ((row->flags & MARKET__LISTING_LISTED) == 0)
		return MARKET_OK;
	status = market__entry_get(call, row->offer_entry, &entry, &detail);
	if (status == MARKET_OK)
		status = market__entry_get(call, entry.cause, &entry, &detail);
	return status == MARKET_OK ? market__chunk_feed(call, &entry, ret_feed)
				   : status;
}
