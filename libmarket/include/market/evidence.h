/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence: a trust root, a policy, and the statements that stand beneath
 * them. Whoever has a bag of signed files and no store puts them in here.
 *
 * Every statement is checked when it is taken in: it parses, is signed by the
 * threshold of its issuer's keys, and the issuer has the role for what it
 * says. What fails is ignored, told as such, and stops nothing else. The
 * order in which statements are added does not matter.
 */
#ifndef MARKET_EVIDENCE_H
#define MARKET_EVIDENCE_H

#include <market/finding.h>
#include <market/statement.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct market_evidence market_evidence_t;

/*
 * Evidence that rests on this root and policy, both envelopes. The root is
 * pinned by the caller's word: it must be signed by its own root keys. The
 * policy must be signed by a party of the root with the role MARKETPLACE.
 * On success *ret_evidence is the caller's; it borrows nothing from the
 * slices, and must be freed before the context.
 *
 * MARKET_E_ARGUMENT, MARKET_E_ROOT, MARKET_E_POLICY, MARKET_E_KEY,
 * MARKET_E_ALGORITHM, MARKET_E_KIND, MARKET_E_ENCODING, MARKET_E_SCHEMA,
 * MARKET_E_LIMIT, MARKET_E_MEMORY, MARKET_E_INTERNAL, and MARKET_E_UNSUPPORTED
 * (JSON, in a build without jansson).
 */
MARKET_API MARKET_NODISCARD market_status_t market_evidence_new(
    market_context_t *context, market_slice_t root, market_slice_t policy,
    market_evidence_t **ret_evidence, market_error_t *reterr);

/* NULL is fine. */
MARKET_API void market_evidence_free(market_evidence_t *evidence);

/*
 * Takes one envelope in. `name` is told with what is ignored (a file name;
 * NULL is fine). A statement that is not good evidence is not an error of
 * this call: it is counted among the ignored.
 *
 * MARKET_E_ARGUMENT, MARKET_E_MEMORY, MARKET_E_INTERNAL, MARKET_E_UNSUPPORTED
 * (JSON, in a build without jansson). A failure leaves the evidence as it was.
 * Threads: one thread adds, and nobody checks meanwhile.
 */
MARKET_API MARKET_NODISCARD market_status_t market_evidence_add(
    market_evidence_t *evidence, market_slice_t envelope, const char *name,
    market_error_t *reterr);

/* A statement that was handed in and contributes nothing. */
typedef struct market_ignored {
	const char *name;      /* as given to market_evidence_add(), or NULL */
	market_slice_t digest; /* empty where it did not parse */
	market_code_t code;
	const char *message;
} market_ignored_t;

/*
 * Number `index` of the ignored, in order of name, digest and code; borrowed
 * until the next statement is added. MARKET_E_NOT_FOUND past the end;
 * MARKET_E_ARGUMENT, MARKET_E_MEMORY.
 */
MARKET_API MARKET_NODISCARD market_status_t market_evidence_ignored(
    market_evidence_t *evidence, size_t index, market_ignored_t *ret_ignored);

#ifdef __cplusplus
}
#endif

#endif
