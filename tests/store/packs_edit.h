/* SPDX-License-Identifier: Apache-2.0 */
/* Packed rows of a database that is closed, in the hands of who has the file.
 */
#ifndef TESTS_STORE_PACKS_EDIT_H
#define TESTS_STORE_PACKS_EDIT_H

#include "store/pack.h"

/* Each becomes a row of its own, as it is. */
void packs_to_rows(const char *path);

typedef void packs_listing_fn(
    market__listing_row_t *row, const market__listing_row_t *other);
typedef void packs_entry_fn(market__entry_row_t *row);

/* Changes the listing with that id where it is packed, beside the first of its
 * pack that is another. */
void packs_edit_listing(
    const char *path, const char *offer_id, packs_listing_fn *change);
/* The same of the entry by which its offer was accepted. */
void packs_edit_entry(
    const char *path, const char *offer_id, packs_entry_fn *change);

#endif
