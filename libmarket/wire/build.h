/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A statement's message while it is written: by path, or from JSON; packed
 * into the one encoding that the strict check takes. A call that fails leaves
 * it as it was.
 */
#ifndef MARKET_WIRE_BUILD_H
#define MARKET_WIRE_BUILD_H

#include <market/vocabulary.h>

#include "base/base.h"

/* Longest JSON document that is read. */
#define MARKET__JSON_MAX ((size_t)1024 * 1024)
/* Deepest nesting of braces and brackets in it. */
#define MARKET__JSON_DEPTH_MAX 16

typedef struct market__build market__build_t;

/* MARKET_E_ARGUMENT (no such kind), MARKET_E_MEMORY. */
market_status_t market__build_new(market_kind_t kind,
    const market_allocator_t *allocator, market__build_t **ret_build);

/* NULL is fine. */
void market__build_free(market__build_t *build);

/*
 * From JSON, strictly. MARKET_E_ENCODING (no JSON, a duplicate key),
 * MARKET_E_SCHEMA, MARKET_E_LIMIT, MARKET_E_MEMORY, MARKET_E_UNSUPPORTED.
 */
market_status_t market__build_from_json(market_kind_t kind, market_slice_t json,
    const market_allocator_t *allocator, market__build_t **ret_build,
    market_error_t *reterr);

/*
 * Sets one field; market/draft.h has the rules. MARKET_E_ARGUMENT (no path),
 * MARKET_E_NOT_FOUND, MARKET_E_SCHEMA, MARKET_E_MEMORY.
 */
market_status_t market__build_set_text(market__build_t *build, const char *path,
    market_slice_t value, market_error_t *reterr);
market_status_t market__build_set_int(market__build_t *build, const char *path,
    int64_t value, market_error_t *reterr);
market_status_t market__build_set_bytes(market__build_t *build,
    const char *path, market_slice_t value, market_error_t *reterr);

/* Takes a field of the message itself out, and of a list all that is in it. */
void market__build_unset(market__build_t *build, const char *name);

/* The payload, whatever its size; not yet checked. MARKET_E_MEMORY. */
market_status_t market__build_pack(
    const market__build_t *build, market_buffer_t *ret_payload);

market_kind_t market__build_kind(const market__build_t *build);

#endif
