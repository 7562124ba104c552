/* SPDX-License-Identifier: Apache-2.0 */
/* The forger's tries, one function each. */
#ifndef EXAMPLES_FORGER_H
#define EXAMPLES_FORGER_H

#include "shop.h"

#define FORGER  "forger.example"
#define PARTNER "partner.example"

/* What a try has made, beside the evidence that it hands in. */
typedef struct forgery {
	market_buffer_t offer; /* empty: the try's offer, as it says */
} forgery_t;

typedef struct
try {
	const char *label;
	market_status_t (*forge)(world_t * world, forgery_t * forgery);
	offer_t offer;
	market_code_t want; /* that must be told; NONE: permitted */
}
try_t;

/* Number `index`, the honest one first; NULL past the end. */
const try_t *forger_try(size_t index);

#endif
