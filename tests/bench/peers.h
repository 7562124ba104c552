/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Others who do the like, where they are installed: an offer as a signed JSON
 * web token (RFC 7519, ES256), from a seller whose authorization and
 * certification are known already. So each verifies one signature, reads the
 * claims, and decides by what is known (peer_decide.h).
 */
#ifndef TESTS_BENCH_PEERS_H
#define TESTS_BENCH_PEERS_H

#include <stddef.h>

#define PEERS_MAX   2
#define PEER_LINKS  3                /* grants, the brand's first */
#define PEER_OTHERS (PEER_LINKS + 1) /* and the certification */

typedef struct peer {
	const char *label;
	/* Makes a key, and signs each of `n` offers and of the others; what
	 * fails ends the program. */
	void (*prepare)(const char *const *offers, size_t n,
	    const char *const others[PEER_OTHERS]);
	/* Decides offer number `index`; what else is needed is known. */
	void (*check)(size_t index);
	/* The same from the tokens alone: of those others too. */
	void (*check_whole)(size_t index);
} peer_t;

/* Those that this build has; `n` of them. */
const peer_t *peers(size_t *n);

#endif
