/* SPDX-License-Identifier: Apache-2.0 */
/*
 * threads [ROUNDS]: how many offers market_check_many() checks by two threads
 * for each that it checks by one, and by more where there are processors. All
 * numbers of threads take turns, round by round.
 */
#include <stdio.h>
#include <unistd.h>

#include "chain.h"

#define OFFERS  512
#define NUMBERS 4

static int
count(void *user, size_t index, market_status_t status,
    const market_decision_t *decision, const market_error_t *error)
{
	size_t *n = user;

	(void)decision;
	if (status != MARKET_OK)
		kit_die("offer %zu: %s", index, error->message);
	++*n;
	return 0;
}

static double
run(market_evidence_t *evidence, const market_slice_t *offers, unsigned threads)
{
	market_error_t error = MARKET_ERROR_INIT;
	size_t told = 0;
	market_batch_options_t options = { .size = sizeof(options),
		.threads = threads,
		.checked = count,
		.user = &told };
	double begin = kit_seconds();

	kit_must(market_check_many(
		     evidence, offers, OFFERS, KIT_NOW, &options, NULL, &error),
	    &error, "many offers");
	if (told != OFFERS)
		kit_die("%zu of %d offers were told", told, OFFERS);
	return (kit_seconds() - begin) * 1e6 / OFFERS;
}

static void
measure(const char *name, market_algorithm_t algorithm, unsigned long rounds)
{
	static const unsigned threads[NUMBERS] = { 1, 2, 4, 8 };
	static market_buffer_t envelopes[OFFERS];
	market_slice_t offers[OFFERS];
	kit_series_t took[NUMBERS] = { 0 }, two = { 0 };
	double one[NUMBERS];
	char label[64];
	market_context_t *context = NULL;
	market_evidence_t *evidence;
	chain_t chain = { 0 };
	unsigned long i;
	size_t k;

	if (market_context_new(NULL, &context) != MARKET_OK)
		kit_die("no memory, or an OpenSSL without Ed25519");
	chain_make(&chain, context, algorithm);
	evidence = chain_gather(&chain, context);
	for (k = 0; k < OFFERS; k++) {
		envelopes[k] = chain_offer(&chain, k);
		offers[k] = market_buffer_slice(&envelopes[k]);
	}
	for (i = 0; i < rounds; i++) {
		for (k = 0; k < NUMBERS; k++) {
			one[k] = run(evidence, offers, threads[k]);
			kit_note(&took[k], one[k]);
		}
		kit_note(&two, one[0] / one[1]);
	}
	for (k = 0; k < NUMBERS; k++)
		printf("%-8s %u threads %9.1f us an offer (%.1f to %.1f)  "
		       "%.2f of one\n",
		    name, threads[k], kit_median(&took[k]),
		    kit_part(&took[k], 0.1), kit_part(&took[k], 0.9),
		    kit_median(&took[0]) / kit_median(&took[k]));
	snprintf(label, sizeof(label), "two threads over one, warm (%s)", name);
	kit_row(label, &two, "at least", 1.8);
	for (k = 0; k < OFFERS; k++)
		market_buffer_clear(&envelopes[k]);
	market_evidence_free(evidence);
	chain_clear(&chain);
	market_context_free(context);
}

int
main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? kit_number(argv[1]) : 31;

	printf("%ld processors\n", sysconf(_SC_NPROCESSORS_ONLN));
	measure("Ed25519", MARKET_ALGORITHM_ED25519, rounds);
	measure("P-256", MARKET_ALGORITHM_P256, rounds);
	return 0;
}
