/* SPDX-License-Identifier: Apache-2.0 */
/*
 * over_peers [ROUNDS]: a warm check beside others who decide the like from
 * signed JSON tokens (peers.h). All take turns, round by round; told are
 * medians, the middle 80 %, and the ratios.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer_decide.h"
#include "peers.h"
#include "side.h"

static char *
json_of(const side_t *side, const market_buffer_t *envelope)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_statement_t *statement = NULL;
	char *copy;

	kit_must(
	    market_statement_parse(side->context, market_buffer_slice(envelope),
		MARKET_KINDS_ALL, &statement, &error),
	    &error, "a statement");
	kit_must(market_statement_json(statement, 0, &json), &error, "JSON");
	copy = strndup((const char *)json.data, json.len);
	market_buffer_clear(&json);
	market_statement_free(statement);
	return copy;
}

/* The same offers, grants and certification, as the claims of tokens. */
static void
setup_peers(const side_t *side, const peer_t *all, size_t n)
{
	char *offers[SIDE_OFFERS], *others[PEER_OTHERS];
	size_t i;

	for (i = 0; i < SIDE_OFFERS; i++)
		offers[i] = json_of(side, &side->offers[i]);
	for (i = 0; i < PEER_OTHERS; i++)
		others[i] = json_of(side,
		    &side->chain
			 .evidence[i < PEER_LINKS ? i : CHAIN_EVIDENCE - 1]);
	peer_know(offers[0]);
	for (i = 0; i < n; i++)
		all[i].prepare((const char *const *)offers, SIDE_OFFERS,
		    (const char *const *)others);
	for (i = 0; i < SIDE_OFFERS; i++)
		free(offers[i]);
	for (i = 0; i < PEER_OTHERS; i++)
		free(others[i]);
}

static double
timed_peer(side_t *side, void (*decide)(size_t index))
{
	double begin;
	int i;

	decide(side->next++ % SIDE_OFFERS);
	begin = kit_seconds();
	for (i = 0; i < SIDE_RUN; i++)
		decide(side->next++ % SIDE_OFFERS);
	return (kit_seconds() - begin) * 1e6 / SIDE_RUN;
}

typedef struct peered {
	kit_series_t known, whole, known_ratio, whole_ratio;
} peered_t;

static void
measure_peer(side_t *side, const peer_t *peer, peered_t *p)
{
	double warm = side_timed(side_warm, side);
	double known = timed_peer(side, peer->check);
	double whole = timed_peer(side, peer->check_whole);

	kit_note(&p->known, known);
	kit_note(&p->whole, whole);
	kit_note(&p->known_ratio, known / warm);
	kit_note(&p->whole_ratio, whole / warm);
}

static void
tell_peer(const peer_t *peer, const peered_t *p)
{
	double asked = strcmp(peer->label, "cjose") == 0 ? 1.3 : 6;
	char label[64];

	snprintf(label, sizeof(label), "%s: chain, certification and offer",
	    peer->label);
	side_tell("P-256", label, &p->whole);
	snprintf(
	    label, sizeof(label), "%s: the offer, all else known", peer->label);
	side_tell("P-256", label, &p->known);
	snprintf(label, sizeof(label), "warm, over %s and all its tokens",
	    peer->label);
	kit_row(label, &p->whole_ratio, "at least", asked);
	snprintf(label, sizeof(label), "warm, over %s and the offer's token",
	    peer->label);
	kit_row(label, &p->known_ratio, "at least", asked);
}

int
main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? kit_number(argv[1]) : 101, i;
	static side_t sides[SIDES];
	static peered_t peered[PEERS_MAX];
	const peer_t *all;
	size_t n, k;

	all = peers(&n);
	if (n == 0) {
		printf("neither cjose nor libjwt is here to be measured\n");
		return 0;
	}
	sides_make(sides);
	setup_peers(&sides[1], all, n);
	for (i = 0; i < rounds; i++)
		for (k = 0; k < n; k++)
			measure_peer(&sides[1], &all[k], &peered[k]);
	for (k = 0; k < n; k++)
		tell_peer(&all[k], &peered[k]);
	sides_clear(sides);
	return 0;
}
