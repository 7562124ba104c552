/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that came together, as the bytes of one. Each is written as what differs
 * from the first, so that any of them is read by itself: the rows; where each
 * ends (16 bits, high byte first); how many there are (the same). What is read
 * is not trusted: a reader answers false where the bytes are no pack.
 */
#ifndef MARKET_STORE_PACK_H
#define MARKET_STORE_PACK_H

#include "store/store_backend.h"

#define MARKET__PACK_ROWS 256
/* Fewer are rows of their own. */
#define MARKET__PACK_LEAST 8
/* With its key it fills a page of 8 KiB. */
#define MARKET__PACK_BYTES 8000
/* An offer's id that is longer is not packed. */
#define MARKET__PACK_ID_MAX 255

/* ---- numbers: base 128, low digits first, as protobuf has them ---- */

#define MARKET__VARINT_MAX 10

/* The bytes used. */
size_t market__varint_put(uint8_t *out, uint64_t number);
/* Takes one from the front; the shortest form alone. */
bool market__varint_take(market_slice_t *bytes, uint64_t *ret);
/* The difference of a number, small where it is near, above or below. */
size_t market__varint_differ(uint8_t *out, uint64_t number, uint64_t from);
bool market__varint_add(market_slice_t *bytes, uint64_t from, uint64_t *ret);

/* ---- any rows ---- */

/* What the keeper of a pack may put behind it. */
#define MARKET__PACK_SEAL 8

typedef struct market__pack_writer {
	size_t n, len;
	uint16_t ends[MARKET__PACK_ROWS];
	uint8_t bytes[MARKET__PACK_BYTES + MARKET__PACK_SEAL];
} market__pack_writer_t;

bool market__pack_room(const market__pack_writer_t *writer, size_t len);
/* A row in two pieces, for which there is room. */
void market__pack_append(
    market__pack_writer_t *writer, market_slice_t head, market_slice_t rest);
/* The whole, in the writer. */
market_slice_t market__pack_finish(market__pack_writer_t *writer);

typedef struct market__pack {
	market_slice_t rows;
	const uint8_t *ends;
	size_t n;
} market__pack_t;

bool market__pack_open(market_slice_t bytes, market__pack_t *ret);
market_slice_t market__pack_row(const market__pack_t *pack, size_t i);

/* ---- entries: one behind the other, without a gap ---- */

typedef struct market__entry_packer {
	market__pack_writer_t writer; /* begun with n and len of 0 */
	market__entry_row_t base;
} market__entry_packer_t;

/* false: there is no room, or it does not follow; all is as before. */
bool market__pack_entry(
    market__entry_packer_t *packer, const market__entry_row_t *row);

typedef struct market__entry_pack {
	market__pack_t pack;
	market__entry_row_t base;
} market__entry_pack_t;

bool market__entry_pack_open(
    market_slice_t bytes, uint64_t first, market__entry_pack_t *ret);
/* Row `i` of them; its detail is borrowed from the bytes. */
bool market__entry_pack_get(
    const market__entry_pack_t *pack, size_t i, market__entry_row_t *ret_row);

/* ---- listings of one seller: numbers ascend, and so do offer ids ---- */

typedef struct market__listing_packer {
	market__pack_writer_t writer;
	const market__listing_row_t *base, *last; /* the caller's, or NULL */
} market__listing_packer_t;

/* As above; also false for a row that is larger than packed ones may be. The
 * row must stay until the pack is finished. */
bool market__pack_listing(
    market__listing_packer_t *packer, const market__listing_row_t *row);

/* One of them. */
typedef struct market__packed {
	market__listing_row_t row; /* without questions; its id is below */
	market_slice_t asked;      /* they, as market__questions_pack() has */
	uint8_t id[MARKET__PACK_ID_MAX];
} market__packed_t;

typedef struct market__listing_pack {
	market__pack_t pack;
	uint64_t first, seller;
	market__packed_t base;
} market__listing_pack_t;

/* Neither is to be moved: rows point into themselves. Of no rows it is one,
 * too. */
bool market__listing_pack_open(market_slice_t bytes, uint64_t first,
    uint64_t seller, market__listing_pack_t *ret);
bool market__listing_pack_get(
    const market__listing_pack_t *pack, size_t i, market__packed_t *ret);
/* The first whose number, or whose id, is not below; n: there is none. */
bool market__listing_pack_seek(
    const market__listing_pack_t *pack, uint64_t no, size_t *ret_i);
bool market__listing_pack_seek_id(
    const market__listing_pack_t *pack, market_slice_t id, size_t *ret_i);

/* ---- a listing's questions as bytes ---- */

#define MARKET__QUESTION_LEN_MAX MARKET__VARINT_MAX

/* `out` has room for n * MARKET__QUESTION_LEN_MAX; the bytes used. */
size_t market__questions_pack(
    const uint64_t *questions, size_t n, uint8_t *out);
/* false: malformed, or more than `max` or MARKET__LISTING_CELLS_MAX. */
bool market__questions_unpack(
    market_slice_t packed, uint64_t *questions, size_t max, size_t *ret_n);

#endif
