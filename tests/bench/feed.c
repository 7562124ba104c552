/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed [ROWS [ROUNDS]]: a feed of so many offers, of 500 kinds of phone in two
 * cells each, judged by one thread and by two; and the same offers signed one
 * by one. The rows are in memory. All take turns, round by round.
 */
#include <stdio.h>

#include "catalogue.h"

#define SINGLY 64

typedef struct bench {
	kit_t *kit;
	market_evidence_t *evidence;
	catalogue_t catalogue;
	market_buffer_t singly[SINGLY];
} bench_t;

static void
gather(bench_t *b)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_buffer_t root = kit_root(b->kit), policy = kit_policy(b->kit);
	market_buffer_t envelope;
	size_t i;

	kit_must(
	    market_evidence_new(kit_context(b->kit), market_buffer_slice(&root),
		market_buffer_slice(&policy), &b->evidence, &error),
	    &error, "evidence");
	for (i = 0; i < KIT_EVIDENCE; i++) {
		envelope = kit_evidence(b->kit, i);
		kit_must(market_evidence_add(b->evidence,
			     market_buffer_slice(&envelope), NULL, &error),
		    &error, "evidence");
		market_buffer_clear(&envelope);
	}
	market_buffer_clear(&root);
	market_buffer_clear(&policy);
}

/* ---- measuring ---- */

/* Microseconds for each. */
static double
judge_feed(bench_t *b, unsigned threads)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_feed_options_t options = { .size = sizeof(options),
		.threads = threads };
	market_feed_report_t report;
	double begin = kit_seconds();

	b->catalogue.rows.read = 0;
	kit_must(
	    market_check_feed(b->evidence, b->catalogue.feed, catalogue_read,
		&b->catalogue.rows, KIT_NOW, &options, &report, &error),
	    &error, "the feed");
	if (report.permitted != b->catalogue.n)
		kit_die("%llu of %lu rows are permitted",
		    (unsigned long long)report.permitted, b->catalogue.n);
	return (kit_seconds() - begin) * 1e6 / (double)b->catalogue.n;
}

static double
judge_singly(bench_t *b)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	double begin = kit_seconds();
	size_t i;

	for (i = 0; i < SINGLY; i++) {
		kit_must(market_check(b->evidence,
			     market_buffer_slice(&b->singly[i]), KIT_NOW,
			     &decision, &error),
		    &error, "an offer");
		market_decision_free(decision);
	}
	return (kit_seconds() - begin) * 1e6 / SINGLY;
}

static void
measure(bench_t *b, unsigned long rounds)
{
	kit_series_t took[3] = { 0 }, faster = { 0 }, two = { 0 };
	double singly, one, both;
	unsigned long i;

	(void)judge_singly(b);
	for (i = 0; i < rounds; i++) {
		singly = judge_singly(b);
		one = judge_feed(b, 1);
		singly = (singly + judge_singly(b)) / 2;
		both = judge_feed(b, 2);
		kit_note(&took[0], singly);
		kit_note(&took[1], one);
		kit_note(&took[2], both);
		kit_note(&faster, singly / one);
		kit_note(&two, one / both);
	}
	printf("an offer signed alone %.2f us, a row %.3f us, by two threads "
	       "%.3f us\n",
	    kit_median(&took[0]), kit_median(&took[1]), kit_median(&took[2]));
	printf("resident at most %lu KiB, of which the rows %zu\n",
	    kit_memory("VmHWM"), b->catalogue.rows.len / 1024);
	kit_row("a feed over offers signed one by one (Ed25519)", &faster,
	    "at least", 45);
	kit_row("two threads over one, a feed", &two, "at least", 1.7);
}

int
main(int argc, char **argv)
{
	unsigned long n = argc > 1 ? kit_number(argv[1]) : 1000000;
	unsigned long rounds = argc > 2 ? kit_number(argv[2]) : 5;
	bench_t b = { NULL };
	size_t i;

	b.kit = kit_new(4 * CATALOGUE_KINDS);
	for (i = 0; i < SINGLY; i++)
		b.singly[i] = kit_offer(b.kit, i * 2, 1);
	gather(&b);
	catalogue_make(&b.catalogue, b.kit, n);
	measure(&b, rounds);
	catalogue_clear(&b.catalogue);
	market_evidence_free(b.evidence);
	for (i = 0; i < SINGLY; i++)
		market_buffer_clear(&b.singly[i]);
	kit_free(b.kit);
	return 0;
}
