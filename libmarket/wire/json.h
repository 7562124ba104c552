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

struct json_t;
struct json_error_t;

/*
 * As json_loadb(), of a text whose depth was looked at; but jansson's lack of
 * memory is told from its dislike of a text, and never changes what it reads.
 * MARKET_OK, MARKET_E_ENCODING (*ret_error says why), MARKET_E_MEMORY.
 */
market_status_t market__json_load(market_slice_t text, size_t flags,
    struct json_t **ret_json, struct json_error_t *ret_error);

#endif
