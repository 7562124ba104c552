/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may be handed in during one sequence, chosen by its seed. First the
 * base, with which most offers are permitted; then what changes that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model_maker.h"
#include "world.h"

uint32_t
pool_random_number(uint32_t *state, uint32_t below)
{
	/* xorshift32 (Marsaglia); a state of 0 would stay. */
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state % below;
}

bool
maker_once_in(maker_t *maker, uint32_t n)
{
	return pool_random_number(&maker->random, n) == 0;
}

int64_t
maker_one_of(maker_t *maker, int64_t a, int64_t b, int64_t c)
{
	switch (pool_random_number(&maker->random, 4)) {
	case 0: return b;
	case 1: return c;
	default: return a;
	}
}

/* ---- one fact ---- */

static int
key_of(int party)
{
	static const int keys[N_PARTIES] = { K_USM, K_MI, K_MEIZU, K_TMO, K_DT,
		K_FCC, K_DIST, K_SHOP, K_STORE, K_FORGER };

	return keys[party];
}

fact_t *
maker_blank(fact_t *fact, const char *name, market_kind_t kind, int issuer,
    const char *id, unsigned revision)
{
	memset(fact, 0, sizeof(*fact));
	snprintf(fact->name, sizeof(fact->name), "%s", name);
	snprintf(fact->id, sizeof(fact->id), "%s", id);
	fact->kind = kind;
	fact->issuer = issuer;
	fact->revision = revision;
	fact->not_before = PAST;
	fact->not_after = MODEL_FAR;
	fact->key = key_of(issuer);
	fact->brand = fact->model = fact->party = fact->target_key = -1;
	fact->network = fact->host = -1;
	return fact;
}

fact_t *
maker_add(maker_t *maker, const char *name, market_kind_t kind, int issuer,
    const char *id, unsigned revision)
{
	pool_t *pool = maker->pool;

	ck_assert_int_lt(pool->n_facts, POOL_FACTS_MAX);
	return maker_blank(
	    &pool->facts[pool->n_facts++], name, kind, issuer, id, revision);
}

/* Another revision, or a fork, of what there is. */
fact_t *
maker_again(
    maker_t *maker, const fact_t *fact, const char *name, unsigned revision)
{
	fact_t *copy;

	ck_assert_int_lt(maker->pool->n_facts, POOL_FACTS_MAX);
	copy = &maker->pool->facts[maker->pool->n_facts++];
	*copy = *fact;
	snprintf(copy->name, sizeof(copy->name), "%s", name);
	copy->revision = revision;
	return copy;
}

void
maker_sign(maker_t *maker, fact_t *fact)
{
	mint_sign(maker->mint, fact);
}

const fact_t *
maker_find(maker_t *maker, const char *name)
{
	int i;

	for (i = 0; i < maker->pool->n_facts; i++)
		if (strcmp(maker->pool->facts[i].name, name) == 0)
			return &maker->pool->facts[i];
	ck_abort_msg("no fact %s", name);
	return NULL;
}

/* ---- times ---- */

static void
note_time(pool_t *pool, int64_t at)
{
	int i;

	if (at == 0 || at == MODEL_FAR || at <= MODEL_START)
		return;
	for (i = 0; i < pool->n_times; i++)
		if (pool->times[i] == at)
			return;
	ck_assert_int_lt(pool->n_times, POOL_TIMES_MAX);
	for (i = pool->n_times++; i > 0 && pool->times[i - 1] > at; i--)
		pool->times[i] = pool->times[i - 1];
	pool->times[i] = at;
}

static void
note_times(pool_t *pool, const fact_t *fact)
{
	note_time(pool, fact->not_before);
	note_time(pool, fact->not_before - pool->skew);
	note_time(pool, fact->not_after);
	note_time(pool, fact->effective_at);
	note_time(pool, fact->umts_until);
}

/* The reference tells facts by their place, the library by digest. */
static void
check_distinct(const pool_t *pool)
{
	int i, k;

	for (i = 0; i < pool->n_facts; i++)
		for (k = 0; k < i; k++)
			ck_assert_msg(
			    memcmp(pool->facts[i].digest, pool->facts[k].digest,
				MARKET_DIGEST_LEN) != 0,
			    "%s is %s", pool->facts[i].name,
			    pool->facts[k].name);
}

void
pool_make(pool_t *pool, mint_t *mint, unsigned seed)
{
	maker_t maker = { pool, mint, seed * 2654435761u | 1 };
	int i;

	memset(pool, 0, sizeof(*pool));
	for (i = 0; i < 8; i++)
		pool_random_number(&maker.random, 2);
	pool->seed = seed;
	pool->skew = maker_once_in(&maker, 4) ? 600 : 0;
	pool->tolerance = maker_once_in(&maker, 4) ? 0
	    : maker_once_in(&maker, 4)             ? 2 * MODEL_DAY
						   : 300;
	maker_base(&maker);
	pool->n_base = pool->n_facts;
	maker_changes(&maker);
	maker_taken(&maker);
	maker_offers(&maker);
	check_distinct(pool);
	for (i = 0; i < pool->n_facts; i++)
		note_times(pool, &pool->facts[i]);
	for (i = 0; i < pool->n_offers; i++)
		note_times(pool, &pool->offers[i]);
}
