/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slots: short keys that say what a statement is about ("product/xiaomi/
 * 2014215"). Components are percent-encoded (RFC 3986, 2.1; everything but
 * unreserved characters), so that a name with a slash stays one component.
 */
#ifndef MARKET_MODEL_SLOT_H
#define MARKET_MODEL_SLOT_H

#include "model/statement.h"

/* Appends "prefix/a/b/c"; components that are {NULL, 0} end the list. */
void market__slot_key(market__text_t *text, const char *prefix,
    const market_slice_t *components, size_t n_components);

/* The slot that the statement is filed in; of what it takes from, if a
 * withdrawal. Nothing is added for kinds that land in none (offer, feed). */
void market__slot_of(market__text_t *text, const market_statement_t *statement);

#endif
