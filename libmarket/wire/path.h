/* SPDX-License-Identifier: Apache-2.0 */
/* Field paths in the schema's names: "parties[2].keys.threshold". */
#ifndef MARKET_WIRE_PATH_H
#define MARKET_WIRE_PATH_H

#include "base/base.h"

/* An index far above any limit on elements, and far below an overflow. */
#define MARKET__PATH_INDEX_MAX 9999999

typedef struct market__path_step {
	market_slice_t name;
	enum {
		MARKET__PATH_WHOLE,   /* name */
		MARKET__PATH_ELEMENT, /* name[index] */
		MARKET__PATH_APPEND   /* name[] */
	} form;
	size_t index;
} market__path_step_t;

/*
 * Reads one step and moves *at behind it and its dot; *at is "" after the
 * last. false where it is no path.
 */
bool market__path_step(const char **at, market__path_step_t *ret);

#endif
