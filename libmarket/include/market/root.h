/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trust root on its own: whose signature is on a statement? Showing a
 * file asks that; a decision asks much more (decision.h).
 */
#ifndef MARKET_ROOT_H
#define MARKET_ROOT_H

#include <market/statement.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Immutable; may be shared between threads. */
typedef struct market_root market_root_t;

/*
 * Reads a trust root and checks it whole: its own threshold of root keys
 * signed it, every key loads, no key stands in two parties.
 *
 * MARKET_E_ARGUMENT, MARKET_E_ROOT, MARKET_E_KEY, MARKET_E_ALGORITHM,
 * MARKET_E_KIND, MARKET_E_ENCODING, MARKET_E_SCHEMA, MARKET_E_LIMIT,
 * MARKET_E_MEMORY, MARKET_E_UNSUPPORTED.
 */
MARKET_API MARKET_NODISCARD market_status_t market_root_parse(
    market_context_t *context, market_slice_t envelope,
    market_root_t **ret_root, market_error_t *reterr);

/*
 * Follows a root to its next revision (TUF 1.0, 5.3): of the same issuer and
 * id, exactly one higher, and signed by the thresholds of `root` and of its
 * own root keys; where `root` has production keys, by a threshold of those. Its
 * time is not looked at: whoever follows passes through roots that have ended,
 * and the last one must be in its time.
 *
 * `root` stays as it is, and the caller's. MARKET_E_ROOT (it does not
 * follow), and those of market_root_parse(). Threads: safe.
 */
MARKET_API MARKET_NODISCARD market_status_t market_root_step(
    const market_root_t *root, market_slice_t next, market_root_t **ret_next,
    market_error_t *reterr);

/* NULL is fine. */
MARKET_API void market_root_free(market_root_t *root);

/* The trust root's own statement, borrowed. */
MARKET_API const market_statement_t *market_root_statement(
    const market_root_t *root);

/*
 * Did the threshold of the issuer's keys sign the statement? The issuer's
 * keys are those that the root names; a party that is known only by a grant
 * or a seller statement is not found here. Says nothing of role or time.
 *
 * MARKET_OK, MARKET_E_SIGNATURE, MARKET_E_NOT_FOUND (the issuer is no party
 * of the root), MARKET_E_ARGUMENT, MARKET_E_MEMORY. Threads: safe.
 */
MARKET_API MARKET_NODISCARD market_status_t market_root_verify(
    const market_root_t *root, const market_statement_t *statement,
    market_error_t *reterr);

/*
 * Which party's key made signature number `index`? MARKET_OK gives the
 * party's name, borrowed from the root; MARKET_E_SIGNATURE: no key of the
 * root's parties did. MARKET_E_NOT_FOUND past the last signature;
 * MARKET_E_ARGUMENT, MARKET_E_MEMORY. Threads: safe.
 */
MARKET_API MARKET_NODISCARD market_status_t market_root_signer(
    const market_root_t *root, const market_statement_t *statement,
    size_t index, market_slice_t *ret_party);

#ifdef __cplusplus
}
#endif

#endif
