/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MARKET_MODEL_VALIDATE_H
#define MARKET_MODEL_VALIDATE_H

#include "wire/message.h"

/*
 * Is every value of the message one that an evaluation can use? Of an offer
 * only the header is looked at. What takes away (withdrawal,
 * disavowal, hold, status) is refused for nothing that it can be understood
 * without. What is sorted for that lies in `arena`. MARKET_OK, MARKET_E_SCHEMA
 * with the field's path, MARKET_E_MEMORY, MARKET_E_LIMIT.
 */
market_status_t market__validate(const market__message_t *message,
    market__arena_t *arena, market_error_t *reterr);

/* The header's rules alone; `open_ended`: not_after may be absent. */
market_status_t market__validate_header(
    const market__header_t *header, bool open_ended, market_error_t *reterr);

/* A name of ours: 1 to 256 printable ASCII characters without blanks. */
bool market__name_valid(market_slice_t name);

/*
 * Text that is compared (brand, model, version, scheme, category): 1 to 256
 * printable ASCII characters, blanks only inside, so that no two texts look
 * alike and differ.
 */
bool market__label_valid(market_slice_t label);

#endif
