/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store for the calls to work on: `offer` is published, `other` was, until
 * its seller's grant was withdrawn. Not handed in yet: `new`, `price` (a
 * revision of `offer`), `anew` (`offer`, signed with another key), `w` (which
 * takes the grant of `offer` away).
 */
#ifndef TESTS_TORTURE_STORE_KIT_H
#define TESTS_TORTURE_STORE_KIT_H

#include "torture.h"

/* Signs what is handed in, and makes the template of a store in a file. */
void store_prepare(torture_t *torture, bool in_file);
void store_discard(torture_t *torture);

/* The store as it was prepared, once more, in the place of any other. */
void store_begin(torture_t *torture);
void store_end(torture_t *torture);
/* Closes and opens it, where it lasts. */
void store_reopen(torture_t *torture);

/* What the store tells of its history and listings, for free(). */
char *store_state(torture_t *torture);
/* Fails the test unless fsck finds nothing. */
void store_expect_sound(torture_t *torture, torture_point_t point);

#endif
