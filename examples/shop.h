/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the example sellers do all day: grants, seller statements and offers,
 * written field by field. The rest of the world is that of the story, with
 * everything certified: what is refused here is refused for the seller's sake.
 */
#ifndef EXAMPLES_SHOP_H
#define EXAMPLES_SHOP_H

#include "world.h"

#define BRAND_OWNER "mi.com"
#define DISTRIBUTOR "pacific-trade.example"
#define SHOP        "corner-shop.example"
#define GREY        "grey-import.example"

/* A key set of one party's key, as far as it is out of the ordinary. */
typedef struct keys {
	const char *environment; /* NULL: PRODUCTION */
	int64_t not_after;       /* 0: no end */
	const char *second;      /* its key as well, and a threshold of 2 */
} keys_t;

typedef struct grant {
	const char *id;
	const char *issuer;
	const char *grantee;
	const char *signer;    /* NULL: the issuer */
	market_slice_t parent; /* the envelope above, or empty */
	const char *model;     /* NULL: 2014215 */
	const char *territory; /* NULL: US */
	const char *also;      /* a second territory, or NULL */
	int64_t delegations;
	int64_t revision; /* 0: 1 */
	keys_t keys;
} grant_t;

typedef struct offer {
	const char *seller;
	const char *signer;    /* NULL: the seller */
	const char *co_signer; /* signs as well, or NULL */
	int64_t price;         /* in USD; 0: 219 */
	int64_t issued_at;     /* 0: when the term begins */
} offer_t;

/* Certified and deployed; nobody is granted anything yet. */
market_status_t shop_begin(world_t *world, const term_t *term);

/* The marketplace has verified this seller. */
market_status_t shop_seller(world_t *world, const char *seller,
    const keys_t *keys, const term_t *term, market_buffer_t *ret_envelope);

market_status_t shop_grant(world_t *world, const grant_t *grant,
    const term_t *term, market_buffer_t *ret_envelope);

market_status_t shop_offer(world_t *world, const offer_t *offer,
    const term_t *term, market_buffer_t *ret_envelope);

/* Hands in an envelope, and gives its memory back. */
market_status_t shop_hand(
    world_t *world, market_buffer_t *envelope, const char *name);

/* MARKET_OK with a decision, whatever it says. */
market_status_t shop_ask(world_t *world, market_slice_t offer, int64_t at,
    market_decision_t **ret_decision);

/* Is the code among the findings, or among what was ignored? */
int shop_told(
    world_t *world, const market_decision_t *decision, market_code_t code);

#endif
