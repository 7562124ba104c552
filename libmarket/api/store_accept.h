/* SPDX-License-Identifier: Apache-2.0 */
/* Taking one statement in: between the files of it. */
#ifndef MARKET_API_STORE_ACCEPT_H
#define MARKET_API_STORE_ACCEPT_H

#include "api/store_evidence.h"

/* One statement that wants in. */
typedef struct market__candidate {
	market__call_t *call;
	market_statement_t *statement;
	market__fact_t *root;
	market_environment_t environment; /* the policy's */
	market__ground_t *grounds;
	size_t n_grounds, grounds_capacity;
	market__acceptance_t *ret;
	bool feed; /* its rows are taken in with it */
} market__candidate_t;

/* Says why it is refused; a second reason is not told. */
market_status_t market__candidate_refuse(market__candidate_t *candidate,
    market_code_t code, const char *format, ...) MARKET__PRINTF(3, 4);

/* store_grounds.c: by whose keys; refused where there are none. */
market_status_t market__candidate_ground(market__candidate_t *candidate);

/* The same by one set of keys: adds a ground where its threshold signed. */
market_status_t market__candidate_try_keys(market__candidate_t *candidate,
    const market__keyset_t *keys, market__authority_t authority,
    market__fact_t *under, unsigned *ret_signed);
market_status_t market__candidate_add_ground(
    market__candidate_t *candidate, const market__ground_t *ground);

/* The keys that its issuer, a party of the root, has now. */
market_status_t market__candidate_party_keys(
    const market__candidate_t *candidate, market__fact_keys_t *ret_keys);
bool market__candidate_is_marketplace(const market__candidate_t *candidate);

/* store_rotation.c: the next root, and the next key set of a party. */
market_status_t market__candidate_as_root(market__candidate_t *candidate);
market_status_t market__candidate_as_key_set(market__candidate_t *candidate);

/* store_standing.c: may its issuer withdraw that, and is it here? */
market_status_t market__candidate_stand(
    market__candidate_t *candidate, bool *ret_early);

/* What it would be as evidence, on one of its grounds; not settled. */
market_status_t market__candidate_verified(const market__candidate_t *candidate,
    size_t ground, market__verified_t **ret_verified);

/*
 * store_same.c: is it here already? DUPLICATE where all of it was said before,
 * by all of these signers.
 */
market_status_t market__candidate_known(
    market__candidate_t *c, bool *ret_known);

/*
 * Who stands above an offer changes with the grants, so nobody's word is
 * refused; but whoever is neither its seller nor a party of the root could
 * else hand in names of others' offers without end.
 */
bool market__speaks_for_seller(market_slice_t issuer,
    const market__ground_t *grounds, size_t n, const market__withdrawal_t *w);

#endif
