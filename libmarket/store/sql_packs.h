/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listings in packs. Packs of a seller do not overlap, neither in numbers nor
 * in ids. A listing that changes by itself leaves its pack, and is a row of its
 * own from then on; its pack keeps its first and last number and id.
 */
#ifndef MARKET_STORE_SQL_PACKS_H
#define MARKET_STORE_SQL_PACKS_H

#include "store/sql_held.h"

/* Packs of a segment. */
#define MARKET__SEGMENT_PACKS 64

/* A row of listing_pack, borrowed until the next step. */
typedef struct market__sql_pack {
	uint64_t last, first, seller;
	market_slice_t first_id, last_id, questions, bytes;
} market__sql_pack_t;

static inline bool
market__sql_has_packs(const market__sql_t *sql)
{
	return sql->tail.last[MARKET__SQL_OF_LISTING_PACK] > 0;
}

/* ---- sql_packs.c: reading ---- */

/* In a transaction, which has failed with it. */
market_status_t market__sql_no_memory(
    market__sql_t *sql, const market__arena_t *arena, market_error_t *reterr);

bool market__sql_read_pack(
    market__sql_call_t *call, market__sql_pack_t *ret_pack);
/* The number of its last listing stands behind a pack as well: an index may
 * lead to the row of another. */
market_slice_t market__sql_pack_seal(
    market__pack_writer_t *writer, uint64_t last);
bool market__sql_open_pack(market__sql_call_t *call,
    const market__sql_pack_t *row, market__listing_pack_t *ret_pack);
/* As the contract has it; copied into the arena. false: the call has failed. */
bool market__sql_unpack_listing(market__sql_call_t *call,
    market__arena_t *arena, const market__packed_t *packed,
    market__listing_row_t *ret_row);

/* The pack with that number, or of the seller with that id, between its first
 * and its last: on a row of `call`, which the caller ends. false: there is
 * none, or the call has failed. */
bool market__sql_pack_of(market__sql_call_t *call, market__sql_t *sql,
    uint64_t no, market__sql_pack_t *ret_pack, market_error_t *reterr);
bool market__sql_pack_from(market__sql_call_t *call, market__sql_t *sql,
    uint64_t seller, market_slice_t id, market__sql_pack_t *ret_pack,
    market_error_t *reterr);

/* NOT_FOUND: no pack has it. */
market_status_t market__sql_packed_get(market__sql_t *sql, uint64_t no,
    market__arena_t *arena, market__listing_row_t *ret_row,
    market_error_t *reterr);
market_status_t market__sql_packed_find(market__sql_t *sql, uint64_t seller,
    market_slice_t offer_id, market__arena_t *arena,
    market__listing_row_t *ret_row, market_error_t *reterr);

/* Puts those that are packed between the rows that the query has found. */
market_status_t market__sql_packed_merge(market__sql_t *sql,
    const market__listing_query_t *query, market__arena_t *arena,
    const market__listing_row_t **rows, size_t *n, market_error_t *reterr);

/* ---- sql_segments.c: how many ask what ---- */

/* What the packs behind number `after`, up to `to`, ask; in the arena. */
market_status_t market__sql_gather(market__sql_t *sql, uint64_t after,
    uint64_t to, market__arena_t *arena, market__askings_t *ret,
    market_error_t *reterr);
/* What the pack with this last number has asked, and asks now: its segment,
 * if it is of one, follows. */
market_status_t market__sql_asking_changed(market__sql_t *sql, uint64_t last,
    market_slice_t before, market_slice_t after, market_error_t *reterr);
/* Makes a segment of those that are in none, if there are enough. */
market_status_t market__sql_seal(market__sql_t *sql, market_error_t *reterr);

/* ---- sql_packs_write.c ---- */

/* For one that has no row of its own: takes it out of its pack, if it is in
 * one. CORRUPT where it has another name there, or another has its name. */
market_status_t market__sql_unpack(market__sql_t *sql,
    const market__listing_row_t *row, market_error_t *reterr);

/* ---- sql_listings.c ---- */

/* A row of its own, where it was none: with its questions. */
market_status_t market__sql_listing_insert(market__sql_t *sql,
    const market__listing_row_t *row, market_error_t *reterr);

#endif
