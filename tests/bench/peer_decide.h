/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a marketplace on signed JSON tokens has to find out of each, where what
 * it knows of chain, certification, product and network is at hand by
 * question: the rules of an offer, its withdrawal, the answer for each of its
 * cells, and a decision that says so.
 */
#ifndef TESTS_BENCH_PEER_DECIDE_H
#define TESTS_BENCH_PEER_DECIDE_H

#include <jansson.h>

/* Once; from one of the offers. */
void peer_know(const char *claims);

/*
 * Ends the program unless the other tokens lead from the brand to the offer's
 * seller and certify its model (peers.h).
 */
void peer_lead(const json_t *const *others, const json_t *claims);

/* Ends the program unless it is permitted. */
void peer_decide(const json_t *claims, const char *token);

#endif
