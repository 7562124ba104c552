/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slots: short keys that say what a statement is about ("product/xiaomi/
 * 2014215"). Components are percent-encoded (RFC 3986, 2.1; everything but
 * unreserved characters), so that a name with a slash stays one component.
 */
#ifndef MARKET_MODEL_SLOT_H
#define MARKET_MODEL_SLOT_H

#include "model/statement.h"

/* No key is longer: a name of 1 KiB grows threefold where all of it is
 * encoded, and there are at most four. */
#define MARKET__SLOT_KEY_MAX 16384

/* Appends "prefix/a/b/c". */
void market__slot_key(market__text_t *text, const char *prefix,
    const market_slice_t *components, size_t n_components);

/* The slot that the statement is filed in; of what it takes from, if a
 * withdrawal. Nothing is added for an offer, which lands in none. */
void market__slot_of(market__text_t *text, const market_statement_t *statement);

#endif
