/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MARKET_API_ROOT_H
#define MARKET_API_ROOT_H

#include <market/root.h>

#include "model/verified.h"

struct market_root {
	market_context_t *context;
	market_statement_t *statement;
	market__verified_t verified; /* by its own root keys */
	market__keyset_t *root_keys;
	market__keyset_t **party_keys; /* in the order of the parties */
	size_t n_parties;
};

/* The keys of a party; NULL if the root does not name it. */
const market__keyset_t *market__root_keys_of(
    const market_root_t *root, market_slice_t party);

/*
 * Does another party of the root, or the root itself, have one of the keys?
 * One key in two parties would let one of them speak as the other.
 */
bool market__root_key_taken(const market_root_t *root, market_slice_t party,
    const market__keyset_t *keys, size_t *ret_index);

#endif
