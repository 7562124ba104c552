/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feeds: one signed list for many offers. The rows are offers' payloads, each
 * behind its length as a varint (what protobuf's writeDelimitedTo() writes), by
 * ascending id. A row's payload is a leaf of the list's Merkle tree; its length
 * is not hashed, and of no row but one that a leaf vouches for is anything
 * believed.
 */
#ifndef MARKET_MODEL_FEED_H
#define MARKET_MODEL_FEED_H

#include "crypto/crypto.h"
#include "crypto/merkle.h"
#include "model/statement.h"

/* Bytes of one row's payload, and of a chunk with all its lengths. */
#define MARKET__ROW_MAX         MARKET__ENVELOPE_MAX
#define MARKET__CHUNK_BYTES_MAX ((size_t)1 << 20)

/* Bytes of a length: row lengths, and that of the list before them. */
#define MARKET__LENGTH_MAX 4

/*
 * What the message of a feed must have beside its header: a mode, a root, and a
 * root for each chunk that `count` makes. Only whether they agree is not asked.
 * Statuses as market__validate().
 */
market_status_t market__feed_valid(
    const market__feed_t *feed, market_error_t *reterr);

/* Do the roots of the chunks make the root? MARKET_OK; MARKET_E_LOG: no;
 * MARKET_E_MEMORY; MARKET_E_INTERNAL. */
market_status_t market__feed_agrees(
    market__hasher_t *hasher, const market__feed_t *feed);

/* Chunks of a feed of that many rows; rows of chunk number `chunk`. */
uint64_t market__feed_chunks(uint64_t count);
size_t market__feed_chunk_rows(uint64_t count, uint64_t chunk);

/*
 * How many rows a list can have whose payload takes `len` bytes without count
 * and roots: its envelope in protobuf has room for every signature that may
 * stand there.
 */
uint64_t market__feed_room(size_t len);

/*
 * Reads the length at the beginning of `bytes`: minimal, and at most `max`.
 * *ret_head is how many bytes it takes. MARKET_OK; MARKET_E_STATE: more bytes
 * are needed; MARKET_E_ENCODING: it is no length, or not the shortest;
 * MARKET_E_LIMIT.
 */
market_status_t market__length_read(
    market_slice_t bytes, size_t max, size_t *ret_head, size_t *ret_length);
/* Writes one; returns how many bytes it took. length < 2^28. */
size_t market__length_write(size_t length, uint8_t out[MARKET__LENGTH_MAX]);

/*
 * Which row stands where in a tree of the feed's size: is it leaf `index`?
 * MARKET_E_LOG: that is not shown.
 */
market_status_t market__row_included(market__hasher_t *hasher,
    const market__feed_t *feed, uint64_t index, market_slice_t payload,
    const market__proof_t *proof);

#endif
