/* SPDX-License-Identifier: Apache-2.0 */
/* What the checks of market/identifier.h share, and the GTIN's normal form. */
#ifndef MARKET_MODEL_IDENTIFIER_H
#define MARKET_MODEL_IDENTIFIER_H

#include <market/identifier.h>

#include "base/base.h"

/*
 * The first line of each check: MARKET_E_ARGUMENT for NULL with a length,
 * MARKET_E_SCHEMA for the empty slice. `what` is "a GTIN", `form` tells what
 * to write: "write its 8, 12, 13 or 14 digits".
 */
market_status_t market__identifier_given(market_slice_t value, const char *what,
    const char *form, market_error_t *reterr);

/* Is each byte '0' to '9'? */
bool market__digits_only(market_slice_t value);

/*
 * The value as messages quote it: cut to 40 bytes, what is not printable as
 * \xNN, so that a NUL inside hides nothing. MARKET__SHOWN() lives as long as
 * the block that it stands in.
 */
#define MARKET__SHOWN_MAX 168
#define MARKET__SHOWN(value) \
	market__identifier_shown((value), (char[MARKET__SHOWN_MAX]){ "" })
const char *market__identifier_shown(
    market_slice_t value, char out[MARKET__SHOWN_MAX]);

/*
 * The same trade item: GTINs are compared as 14 digits, filled with zeros on
 * the left (GS1 General Specifications, 7.1), so a UPC-A equals its EAN-13.
 * Both have passed market_gtin_check().
 */
bool market__gtin_equal(market_slice_t a, market_slice_t b);

#endif
