/* SPDX-License-Identifier: Apache-2.0 */
/* Scopes written as text. */
#ifndef TESTS_UNIT_SKETCH_H
#define TESTS_UNIT_SKETCH_H

#include "harness.h"

#include "model/scope.h"

#define SKETCH_LIST_MAX 8

/*
 * Values separated by blanks, "-" for none. Channels: 1 ANY, 2 ONLINE_STORE,
 * 3 MARKETPLACE. Conditions: 1 ANY, 2 NEW.
 */
typedef struct sketch {
	const char *models, *territories, *excluded, *channels, *marketplaces,
	    *conditions;
} sketch_t;

typedef struct drawn {
	market_slice_t texts[4][SKETCH_LIST_MAX];
	uint32_t numbers[2][SKETCH_LIST_MAX];
	market__scope_t scope;
} drawn_t;

/* A new 2014818 in the US, in the online store of usmobile.com. */
extern const market__point_t sketch_point;

/* The scope of a sketch, in `drawn`. */
const market__scope_t *sketch_draw(drawn_t *drawn, const sketch_t *sketch);

#endif
