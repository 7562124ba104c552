/* SPDX-License-Identifier: Apache-2.0 */
/* The story goes on in a store: listings appear and vanish by themselves. */
#ifndef EXAMPLES_STORY_STORE_H
#define EXAMPLES_STORY_STORE_H

#include "world.h"

/*
 * Plays it in a store at `location`, which is closed and opened again between
 * any two steps where `reopen`. Told where `aloud`; *wrong becomes 1 where
 * something came out otherwise than the story tells.
 */
market_status_t story_store(
    world_t *world, const char *location, int reopen, int aloud, int *wrong);

#endif
