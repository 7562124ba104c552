/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A parsed statement: immutable, shared by reference. Nobody vouches for it;
 * what is believed is a market__verified_t (model/verified.h).
 */
#ifndef MARKET_MODEL_STATEMENT_H
#define MARKET_MODEL_STATEMENT_H

#include <stdatomic.h>

#include <market/statement.h>

#include "wire/wire.h"

struct market_statement {
	atomic_size_t references;
	market_context_t *context;
	market__arena_t arena;
	market__envelope_t envelope;
	const market__message_t *message;
	uint8_t digest[MARKET_DIGEST_LEN];
};

static inline const market__header_t *
market__header(const market_statement_t *statement)
{
	/* analyse(scan): no caller has a statement that failed to parse. */
	return &statement->message->header;
}

static inline market_slice_t
market__digest(const market_statement_t *statement)
{
	return market__slice(statement->digest, MARKET_DIGEST_LEN);
}

/*
 * As market_statement_parse(), of an offer that is judged and let go: its
 * memory is the context's, to be used again.
 */
market_status_t market__offer_parse(market_context_t *context,
    market_slice_t envelope, market_statement_t **ret_offer,
    market_error_t *reterr);

/*
 * Reads a row of a feed into the arena: the memory that a row may take depends
 * on its size alone, wherever it is read, and is none of the arena's budget.
 * Statuses of market__message_unpack().
 */
market_status_t market__row_unpack(market_slice_t payload,
    market__arena_t *arena, const market__message_t **ret_message,
    market_error_t *reterr);

/*
 * A row of a feed as the offer that it is: of the digest that it would have if
 * it were signed alone, and without signatures. `payload` is copied.
 * MARKET_E_ENCODING, MARKET_E_SCHEMA, MARKET_E_LIMIT, MARKET_E_MEMORY,
 * MARKET_E_INTERNAL.
 */
market_status_t market__row_parse(market_context_t *context,
    market_slice_t payload, market_statement_t **ret_offer,
    market_error_t *reterr);

/*
 * A status without its entries and signatures, of the same digest: what is
 * kept of a page when its entries are left elsewhere.
 */
market_status_t market__statement_abridge(const market_statement_t *statement,
    market_statement_t **ret_statement, market_error_t *reterr);

/* The PAE in two pieces: its head (in `head`) and the payload. */
void market__statement_pae_pieces(const market_statement_t *statement,
    char head[MARKET__PAE_HEAD_MAX], market_slice_t pieces[2]);

#endif
