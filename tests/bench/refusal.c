/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refusal [ROUNDS]: the processor time that a hostile message takes until it is
 * refused, at the size limit of its kind.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bombs.h"
#include "kit.h"

static void
measure(market_context_t *context, const char *label, market_slice_t envelope,
    unsigned long rounds)
{
	market_statement_t *statement = NULL;
	kit_series_t took = { .n = 0 };
	unsigned long i;
	double begin;

	for (i = 0; i < rounds; i++) {
		begin = kit_processor_seconds();
		if (market_statement_parse(context, envelope, MARKET_KINDS_ALL,
			&statement, NULL) == MARKET_OK)
			kit_die("%s is not refused", label);
		kit_note(&took, (kit_processor_seconds() - begin) * 1000);
	}
	printf("%-40s %7zu bytes  %8.3f ms  at most %8.3f ms\n", label,
	    envelope.len, kit_median(&took), kit_part(&took, 1));
}

static void
measure_forms(market_context_t *context, const char *label, market_kind_t kind,
    market_slice_t payload, unsigned long rounds)
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
	unsigned long rounds = argc > 1 ? kit_number(argv[1]) : 101;
	uint8_t *out = malloc(MARKET__ENVELOPE_LARGE_MAX);
	market_context_t *context = NULL;
	size_t i;

	if (out == NULL)
		kit_die("no memory");
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
