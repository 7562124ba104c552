/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MARKET_MODEL_DRAFT_H
#define MARKET_MODEL_DRAFT_H

#include <market/draft.h>

/*
 * The draft's payload, as a reader would take it. MARKET_E_SCHEMA,
 * MARKET_E_LIMIT, MARKET_E_MEMORY.
 */
market_status_t market__draft_pack(const market_draft_t *draft,
    market_buffer_t *ret_payload, market_error_t *reterr);

/* Takes a field of the statement out, and of a list all that is in it. */
void market__draft_unset(market_draft_t *draft, const char *name);

#endif
