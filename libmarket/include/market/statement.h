/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements: what parties sign. A statement object is parsed and nothing
 * more: its text may be shown, but nobody vouches for it yet. Evidence
 * (evidence.h) believes a statement only after checking its signatures, its
 * issuer and the role; a decision (decision.h) is what opens the store.
 *
 * On the wire a statement is a DSSE v1.0.2 envelope, in protobuf or in JSON,
 * around the protobuf message of its kind. The payload is kept as received.
 */
#ifndef MARKET_STATEMENT_H
#define MARKET_STATEMENT_H

#include <market/key.h>
#include <market/vocabulary.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Immutable; may be shared between threads. */
typedef struct market_statement market_statement_t;

typedef enum market_format {
	MARKET_FORMAT_JSON = 1,    /* DSSE's JSON form */
	MARKET_FORMAT_PROTOBUF = 2 /* DSSE's protobuf form */
} market_format_t;

/*
 * Parses an envelope in either form and the statement within: the encoding is
 * checked strictly (one encoding of each message, within all limits) before
 * anything is believed. `expected` is the set of kinds that the caller is
 * ready for. The bytes are copied. No signature is looked at.
 *
 * A value that no evaluation could use (an empty issuer, a window that ends
 * before it begins, a territory that is none) is refused too, except in an
 * offer, whose faults a decision tells as findings.
 *
 * MARKET_E_ARGUMENT, MARKET_E_ENCODING, MARKET_E_SCHEMA, MARKET_E_LIMIT,
 * MARKET_E_KIND, MARKET_E_MEMORY, MARKET_E_UNSUPPORTED (JSON, in a build
 * without jansson). Threads: safe.
 */
MARKET_API MARKET_NODISCARD market_status_t market_statement_parse(
    market_context_t *context, market_slice_t envelope, market_kinds_t expected,
    market_statement_t **ret_statement, market_error_t *reterr);

/* Another reference to the same statement. */
MARKET_API market_statement_t *market_statement_ref(
    market_statement_t *statement);

/* Gives a reference back; NULL is fine. */
MARKET_API void market_statement_free(market_statement_t *statement);

MARKET_API market_kind_t market_statement_kind(
    const market_statement_t *statement);
MARKET_API market_slice_t market_statement_issuer(
    const market_statement_t *statement);
MARKET_API market_slice_t market_statement_id(
    const market_statement_t *statement);
MARKET_API uint64_t market_statement_revision(
    const market_statement_t *statement);

/*
 * SHA-256 over the DSSE pre-authentication encoding: MARKET_DIGEST_LEN bytes,
 * borrowed. It names the statement and does not depend on signatures.
 */
MARKET_API market_slice_t market_statement_digest(
    const market_statement_t *statement);

/* The payload as received, borrowed. */
MARKET_API market_slice_t market_statement_payload(
    const market_statement_t *statement);

/* The bytes that are signed (DSSE's PAE), copied into *ret_pae. */
MARKET_API MARKET_NODISCARD market_status_t market_statement_pae(
    const market_statement_t *statement, market_buffer_t *ret_pae);

MARKET_API size_t market_statement_signature_count(
    const market_statement_t *statement);

/*
 * Signature number `index`: the key id as the envelope has it (a hint,
 * unverified) and the signature bytes; borrowed. MARKET_E_NOT_FOUND.
 */
MARKET_API MARKET_NODISCARD market_status_t market_statement_signature(
    const market_statement_t *statement, size_t index,
    market_slice_t *ret_keyid, market_slice_t *ret_signature);

/*
 * Reads one field by its path in the schema: "brand", "price.currency_code",
 * "territories[1]". Text and bytes are borrowed. A field that is not set is
 * empty or zero, as in proto3.
 *
 * MARKET_E_ARGUMENT, MARKET_E_NOT_FOUND (no such field, or an index past the
 * end), MARKET_E_SCHEMA (a field of another type), MARKET_E_LIMIT (an integer
 * above INT64_MAX). Threads: safe.
 */
MARKET_API MARKET_NODISCARD market_status_t market_statement_get_text(
    const market_statement_t *statement, const char *path,
    market_slice_t *ret_text);
MARKET_API MARKET_NODISCARD market_status_t market_statement_get_int(
    const market_statement_t *statement, const char *path, int64_t *ret_value);

/* How many elements the repeated field at `path` has. */
MARKET_API MARKET_NODISCARD market_status_t market_statement_get_count(
    const market_statement_t *statement, const char *path, size_t *ret_count);

/*
 * The statement in the proto3 JSON mapping, times as RFC 3339, indented by
 * `indent` blanks (0: one line). MARKET_E_ARGUMENT, MARKET_E_MEMORY.
 */
MARKET_API MARKET_NODISCARD market_status_t market_statement_json(
    const market_statement_t *statement, unsigned indent,
    market_buffer_t *ret_json);

#ifdef __cplusplus
}
#endif

#endif
