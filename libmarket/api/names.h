/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of statements: which revision is current, and which names are forked.
 */
#ifndef MARKET_API_NAMES_H
#define MARKET_API_NAMES_H

#include "model/verified.h"

/*
 * By what names a verified statement: kind, issuer and id; beneath a grant,
 * the grant as well; and whether it is signed for another environment.
 */
int market__names_compare(
    const market__verified_t *a, const market__verified_t *b);

/*
 * Sorts them by name and falling revision, and settles each name: `foreign`,
 * `forked`, `superseded` and `above`. The same bytes signed by different keys
 * of one set are signed by all of them.
 */
void market__names_settle(
    market__verified_t **verified, size_t n, market_environment_t environment);

#endif
