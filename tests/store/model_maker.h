/* SPDX-License-Identifier: Apache-2.0 */
/* What the makers of a pool of statements share. */
#ifndef TESTS_STORE_MODEL_MAKER_H
#define TESTS_STORE_MODEL_MAKER_H

#include "model.h"

#define DAY(n) (MODEL_START + (n)*MODEL_DAY)
#define PAST   DAY(-40)

typedef struct maker {
	pool_t *pool;
	mint_t *mint;
	uint32_t random;
} maker_t;

bool maker_once_in(maker_t *maker, uint32_t n);
/* The first in half of the cases. */
int64_t maker_one_of(maker_t *maker, int64_t a, int64_t b, int64_t c);
fact_t *maker_blank(fact_t *fact, const char *name, market_kind_t kind,
    int issuer, const char *id, unsigned revision);
fact_t *maker_add(maker_t *maker, const char *name, market_kind_t kind,
    int issuer, const char *id, unsigned revision);
/* Another revision, or a fork, of what there is. */
fact_t *maker_again(
    maker_t *maker, const fact_t *fact, const char *name, unsigned revision);
const fact_t *maker_find(maker_t *maker, const char *name);
void maker_sign(maker_t *maker, fact_t *fact);

/* model_world.c: who may sell what; model_taken.c: what takes away. */
void maker_base(maker_t *maker);
void maker_changes(maker_t *maker);
void maker_taken(maker_t *maker);
void maker_offers(maker_t *maker);

#endif
