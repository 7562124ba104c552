/* SPDX-License-Identifier: Apache-2.0 */
#include "model/feed.h"

#include "model/valid.h"

/* ---- the list ---- */

uint64_t
market__feed_chunks(uint64_t count)
{
	return count / MARKET__CHUNK + (count % MARKET__CHUNK != 0);
}

size_t
market__feed_chunk_rows(uint64_t count, uint64_t chunk)
{
	uint64_t rest = count - chunk * MARKET__CHUNK;

	return rest < MARKET__CHUNK ? (size_t)rest : MARKET__CHUNK;
}

/* Bytes of a protobuf field of text or bytes, whose number is below 16. */
static size_t
field_size(size_t len)
{
	uint8_t length[MARKET__LENGTH_MAX];

	return 1 + market__length_write(len, length) + len;
}

uint64_t
market__feed_room(size_t len)
{
	const size_t type = strlen(market__payload_type(MARKET_KIND_FEED));
	const size_t signature = field_size(field_size(MARKET__SIGNATURE_MAX) +
	    field_size((size_t)2 * MARKET_DIGEST_LEN));
	const size_t root = field_size(MARKET_DIGEST_LEN);
	/* Of such a payload the length has 3 bytes, as its count has 4. */
	const size_t rest = field_size(type) +
	    MARKET__SIGNATURES_MAX * signature + (1 + 3) + (1 + 4) + root;

	if (len > MARKET__ENVELOPE_LARGE_MAX - rest)
		return 0;
	return (uint64_t)MARKET__CHUNK *
	    ((MARKET__ENVELOPE_LARGE_MAX - rest - len) / root);
}

market_status_t
market__feed_valid(const market__feed_t *feed, market_error_t *reterr)
{
	market_status_t status;

	if (feed->mode == MARKET_FEED_MODE_UNSPECIFIED)
		return market__refuse(reterr, "mode",
		    "is missing: FEED_MODE_FULL or FEED_MODE_DELTA");
	status = market__valid_digest(feed->root, "root", reterr);
	if (status != MARKET_OK)
		return status;
	if (feed->chunk_roots.n != market__feed_chunks(feed->count))
		return market__refuse(reterr, "chunk_roots",
		    "must have one root for each 256 offers of count");
	return market__valid_list(feed->chunk_roots, false,
	    market__valid_digest, "chunk_roots", reterr);
}

static market__node_t
node_of(market_slice_t bytes)
{
	market__node_t node;

	memcpy(node.hash, bytes.ptr, sizeof(node.hash));
	return node;
}

market_status_t
market__feed_agrees(market__hasher_t *hasher, const market__feed_t *feed)
{
	market__tree_t tree = { 0 };
	market__node_t node;
	market_status_t status = MARKET_OK;
	size_t i;

	for (i = 0; i < feed->chunk_roots.n && status == MARKET_OK; i++) {
		node = node_of(feed->chunk_roots.v[i]);
		status = market__tree_add(hasher, &tree, &node);
	}
	if (status == MARKET_OK)
		status = market__tree_root(hasher, &tree, &node);
	if (status != MARKET_OK)
		return status;
	return memcmp(node.hash, feed->root.ptr, sizeof(node.hash)) == 0
	    ? MARKET_OK
	    : MARKET_E_LOG;
}

/* ---- lengths ---- */

market_status_t
market__length_read(
    market_slice_t bytes, size_t max, size_t *ret_head, size_t *ret_length)
{
	size_t i, length = 0;

	for (i = 0; i < bytes.len && i < MARKET__LENGTH_MAX; i++) {
		length |= (size_t)(bytes.ptr[i] & 0x7f) << (7 * i);
		if (bytes.ptr[i] & 0x80)
			continue;
		/* The shortest form has no empty byte at its end. */
		if (i > 0 && bytes.ptr[i] == 0)
			return MARKET_E_ENCODING;
		if (length > max)
			return MARKET_E_LIMIT;
		*ret_head = i + 1;
		*ret_length = length;
		return MARKET_OK;
	}
	return i == MARKET__LENGTH_MAX ? MARKET_E_LIMIT : MARKET_E_STATE;
}

size_t
market__length_write(size_t length, uint8_t out[MARKET__LENGTH_MAX])
{
	size_t n = 0;

	while (length >= 0x80) {
		out[n++] = (uint8_t)(length & 0x7f) | 0x80;
		length >>= 7;
	}
	out[n++] = (uint8_t)length;
	return n;
}

/* ---- rows ---- */

market_status_t
market__row_included(market__hasher_t *hasher, const market__feed_t *feed,
    uint64_t index, market_slice_t payload, const market__proof_t *proof)
{
	market__node_t leaf, root = node_of(feed->root);
	market_status_t status;

	status = market__merkle_leaf(hasher, &payload, 1, &leaf);
	if (status != MARKET_OK)
		return status;
	return market__merkle_included(
	    hasher, index, feed->count, &leaf, proof, &root);
}
