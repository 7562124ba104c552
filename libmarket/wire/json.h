/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MARKET_WIRE_JSON_H
#define MARKET_WIRE_JSON_H

#include "base/base.h"

/*
 * Do the brackets of a document nest at most that deep? To be asked before a
 * parser that recurses. MARKET_OK, MARKET_E_LIMIT.
 */
market_status_t market__json_depth_check(
    market_slice_t json, size_t max_depth, market_error_t *reterr);

#endif
