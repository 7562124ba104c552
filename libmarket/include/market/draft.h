/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drafts: a statement that is being written, field by field or from JSON, and
 * then signed. A draft belongs to one thread at a time.
 *
 * A path names a field as the schema does: "header.issuer", "price.
 * currency_code", "territories[0]", "parties[2].keys.threshold". An index may
 * be at most one past the end, where it appends; "territories[]" appends.
 */
#ifndef MARKET_DRAFT_H
#define MARKET_DRAFT_H

#include <market/statement.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct market_draft market_draft_t;

/* An empty statement of that kind. MARKET_E_ARGUMENT, MARKET_E_MEMORY. */
MARKET_API MARKET_NODISCARD market_status_t market_draft_new(
    market_context_t *context, market_kind_t kind, market_draft_t **ret_draft);

/*
 * A draft from the proto3 JSON mapping, read strictly: lowerCamelCase names,
 * full enum names, no duplicate keys, exponents or URL-safe base64; a time is
 * RFC 3339 in Z, an integer, or a decimal string. An error's path names the
 * place in the document.
 *
 * MARKET_E_ARGUMENT, MARKET_E_ENCODING (no JSON), MARKET_E_SCHEMA,
 * MARKET_E_LIMIT, MARKET_E_MEMORY, MARKET_E_UNSUPPORTED (no jansson).
 */
MARKET_API MARKET_NODISCARD market_status_t market_draft_from_json(
    market_context_t *context, market_kind_t kind, market_slice_t json,
    market_draft_t **ret_draft, market_error_t *reterr);

/* NULL is fine. */
MARKET_API void market_draft_free(market_draft_t *draft);

/*
 * Sets one field. Text: strings, and enums by name (with or without prefix).
 * Int: every integer, bool, enum, and times in Unix seconds. Bytes: digests
 * and keys. Setting the default (0, "") leaves the field out. Setting a
 * member of a oneof clears the other members.
 *
 * MARKET_E_ARGUMENT, MARKET_E_NOT_FOUND (no such field), MARKET_E_SCHEMA
 * (another type, out of range, no such enum name), MARKET_E_MEMORY.
 */
MARKET_API MARKET_NODISCARD market_status_t market_draft_set_text(
    market_draft_t *draft, const char *path, const char *value,
    market_error_t *reterr);
MARKET_API MARKET_NODISCARD market_status_t market_draft_set_int(
    market_draft_t *draft, const char *path, int64_t value,
    market_error_t *reterr);
MARKET_API MARKET_NODISCARD market_status_t market_draft_set_bytes(
    market_draft_t *draft, const char *path, market_slice_t value,
    market_error_t *reterr);

/*
 * Would a reader accept the statement? Says the first field that is wrong.
 * Signing does not ask: what is signed may be judged by others.
 * MARKET_E_ARGUMENT, MARKET_E_SCHEMA, MARKET_E_LIMIT, MARKET_E_MEMORY.
 */
MARKET_API MARKET_NODISCARD market_status_t market_draft_check(
    const market_draft_t *draft, market_error_t *reterr);

/*
 * Signs the draft with each of the signers and gives the envelope. The draft
 * stays as it is and may be changed and signed again.
 *
 * MARKET_E_ARGUMENT (also no signer at all), MARKET_E_SCHEMA (no header),
 * MARKET_E_LIMIT (too large, more than 16 signers), MARKET_E_CALLBACK,
 * MARKET_E_MEMORY, MARKET_E_INTERNAL.
 */
MARKET_API MARKET_NODISCARD market_status_t market_draft_sign(
    const market_draft_t *draft, market_signer_t *const *signers,
    size_t signer_count, market_format_t format, market_buffer_t *ret_envelope,
    market_error_t *reterr);

/*
 * A JSON document of that kind with an example value for each field, to be
 * filled in. MARKET_E_ARGUMENT, MARKET_E_MEMORY.
 */
MARKET_API MARKET_NODISCARD market_status_t market_template_json(
    market_context_t *context, market_kind_t kind, market_buffer_t *ret_json);

#ifdef __cplusplus
}
#endif

#endif
