/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refusal [ROUNDS]: how long a hostile message takes until it is refused, at
 * the size limit of its kind, beside the verification of one signature.
 */
#include "config.h" /* clock_gettime */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bombs.h"
#include "kit.h"

#define ROUNDS_MAX 1001

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
compare(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* Median and maximum, in milliseconds. */
static void
measure(market_context_t *context, const char *label, market_slice_t envelope,
    size_t rounds)
{
	static double took[ROUNDS_MAX];
	market_statement_t *statement = NULL;
	market_status_t status;
	size_t i;

	for (i = 0; i < rounds; i++) {
		double begin = now();

		status = market_statement_parse(
		    context, envelope, MARKET_KINDS_ALL, &statement, NULL);
		took[i] = (now() - begin) * 1000;
		if (status == MARKET_OK)
			kit_die("%s is not refused", label);
	}
	qsort(took, rounds, sizeof(*took), compare);
	printf("%-40s %7zu bytes  %8.3f ms  at most %8.3f ms\n", label,
	    envelope.len, took[rounds / 2], took[rounds - 1]);
}

static void
measure_forms(market_context_t *context, const char *label, market_kind_t kind,
    market_slice_t payload, size_t rounds)
{
	market_buffer_t written = MARKET_BUFFER_INIT;
	char text[96];
	int json;

	for (json = 0; json < 2; json++) {
		kit_must(bomb_wrap(kind, payload, json, &written), NULL,
		    "an envelope");
		snprintf(
		    text, sizeof(text), "%s%s", label, json ? " (JSON)" : "");
		measure(context, text, market_buffer_slice(&written), rounds);
		market_buffer_clear(&written);
	}
}

int
main(int argc, char **argv)
{
	size_t rounds = argc > 1 ? kit_number(argv[1]) : 101, i;
	uint8_t *out = malloc(MARKET__ENVELOPE_LARGE_MAX);
	market_context_t *context = NULL;

	if (out == NULL || rounds > ROUNDS_MAX)
		kit_die("rounds are 1 to %d", ROUNDS_MAX);
	kit_must(market_context_new(NULL, &context), NULL, "a context");
	for (i = 0; i < n_bombs; i++)
		measure_forms(context, bombs[i].label, bombs[i].kind,
		    bomb_fill(&bombs[i], out), rounds);
	measure_forms(context, "E7 30 KB of nesting", MARKET_KIND_OFFER,
	    bomb_nested((size_t)30 * 1024, out), rounds);
	market_context_free(context);
	free(out);
	return 0;
}
