/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cold [ROUNDS]: a decision of which nothing was seen before, in a context that
 * remembers no signature, beside OpenSSL that verifies as many signatures. Both
 * take turns, round by round; told are medians, the middle 80 %, and the ratio.
 */
#include <stdio.h>

#include "side.h"

static void
run_cold(side_t *side)
{
	market_evidence_t *evidence = chain_gather(&side->chain, side->context);

	side_check(side, evidence);
	market_evidence_free(evidence);
}

typedef struct measured {
	kit_series_t cold, ratio;
} measured_t;

static void
measure(side_t *side, measured_t *m)
{
	double raw = side_timed(side_raw, side);
	double cold = side_timed(run_cold, side);

	kit_note(&m->cold, cold);
	kit_note(&m->ratio, CHAIN_SIGNED * raw / cold);
}

static void
tell(const side_t *side, const measured_t *m)
{
	char label[64];

	side_tell(side->name, "cold: all of it anew, ten signatures", &m->cold);
	snprintf(label, sizeof(label), "cold, of its signatures' rate (%s)",
	    side->name);
	kit_row(label, &m->ratio, "at least", 0.93);
}

int
main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? kit_number(argv[1]) : 101, i;
	static side_t sides[SIDES];
	static measured_t measured[SIDES];
	size_t k;

	sides_make(sides);
	for (i = 0; i < rounds; i++)
		for (k = 0; k < SIDES; k++)
			measure(&sides[k], &measured[k]);
	for (k = 0; k < SIDES; k++)
		tell(&sides[k], &measured[k]);
	sides_clear(sides);
	return 0;
}
