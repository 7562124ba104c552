/* SPDX-License-Identifier: Apache-2.0 */
/* The world's statements in a store, instead of in a bag. */
#ifndef TESTS_UNIT_WORLD_STORE_H
#define TESTS_UNIT_WORLD_STORE_H

#include "world.h"

/* A new store on the world's root and policy. */
market_store_t *world_store_at(
    world_t *world, const char *location, int64_t at);

/* One in memory, with all of the world's evidence, accepted at `at`. */
market_store_t *world_store(world_t *world, int64_t at);

/* Judges the statement `offer` by such a store. */
market_decision_t *world_store_check(
    world_t *world, const char *offer, const char *at);

#endif
