/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checks of single values. Each returns MARKET_OK or MARKET_E_SCHEMA with
 * `path` in the error.
 */
#ifndef MARKET_MODEL_VALID_H
#define MARKET_MODEL_VALID_H

#include "wire/message.h"

/* MARKET_E_SCHEMA with that path and cure. */
market_status_t market__refuse(
    market_error_t *reterr, const char *path, const char *cure);

/*
 * Writes where something stands, for whoever is told. Most statements are
 * valid, and where there is no `reterr` nothing is written.
 */
void market__path(const market_error_t *reterr, char *path, size_t size,
    const char *format, ...) MARKET__PRINTF(4, 5);

typedef market_status_t market__valid_fn(
    market_slice_t value, const char *path, market_error_t *reterr);

market__valid_fn market__valid_label;
market__valid_fn market__valid_name;
market__valid_fn market__valid_party;
market__valid_fn market__valid_territory;
market__valid_fn market__valid_digest;
market__valid_fn market__valid_gtin;
market__valid_fn market__valid_tac;
market__valid_fn market__valid_plmn;

/*
 * A list whose elements are checked by `check`. Where `any`, "*" means any and
 * then stands alone: beside others it would make them meaningless.
 */
market_status_t market__valid_list(market__slices_t texts, bool any,
    market__valid_fn *check, const char *path, market_error_t *reterr);

market_status_t market__valid_band(
    market_rat_t rat, uint32_t band, const char *path, market_error_t *reterr);

/* Band numbers of one RAT, each known and listed once. */
market_status_t market__valid_bands(market_rat_t rat, market__numbers_t numbers,
    const char *path, market_error_t *reterr);

/* A time in the years 1970 to 9999; or two, in order: an end of 0 is none. */
market_status_t market__valid_time(
    int64_t time, const char *path, market_error_t *reterr);
market_status_t market__valid_window(int64_t from, int64_t until,
    const char *from_path, const char *until_path, market_error_t *reterr);

market_status_t market__valid_key_set(
    const market__key_set_t *set, const char *path, market_error_t *reterr);
/* `arena` is for what it sorts. Also MARKET_E_MEMORY, MARKET_E_LIMIT. */
market_status_t market__valid_trust_root(const market__trust_root_t *root,
    market__arena_t *arena, market_error_t *reterr);
market_status_t market__valid_policy(
    const market__policy_t *of, market_error_t *reterr);

#endif
