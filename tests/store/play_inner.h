/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of a play share: play.h is for its users. */
#ifndef TESTS_STORE_PLAY_INNER_H
#define TESTS_STORE_PLAY_INNER_H

#include "play.h"

/* What every message begins with. */
const char *play_where(const play_t *play);

/* Before a step: a store that is reopened between any two is reopened. */
void play_next_step(play_t *play);

/* Is history what it was when it was the present? */
void play_ask_again(play_t *play);

#endif
