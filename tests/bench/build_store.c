/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build_store PATH LISTINGS QUESTIONS: makes a store, and says how fast it
 * took the offers in and how large it is.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit.h"

typedef struct building {
	kit_t *kit;
	market_store_t *store;
	double envelopes; /* bytes */
	double signing;   /* seconds */
	double submitting;
	kit_series_t rates; /* offers a second, of every so many batches */
	unsigned long batches;
} building_t;

static void
submit(building_t *b, unsigned long first, size_t n)
{
	double begin = kit_seconds(), seconds;

	b->envelopes += kit_submit(b->kit, b->store, first, n, 1, &seconds);
	b->signing += kit_seconds() - begin - seconds;
	b->submitting += seconds;
	if (b->batches++ % 4 == 0)
		kit_note(&b->rates, (double)n / seconds);
}

static double
size_of(const char *path)
{
	struct stat info;

	if (stat(path, &info) != 0)
		kit_die("%s: no such file", path);
	return (double)info.st_size;
}

static void
report(const building_t *b, const char *path, unsigned long n,
    unsigned long questions)
{
	double size = size_of(path);
	double budget = 1.3 * b->envelopes + 200.0 * (double)n;

	printf("%lu listings, %lu questions\n", n, questions);
	printf("  submit, batches of %d: %.0f offers/s (batches: median %.0f, "
	       "5 %% below %.0f, 5 %% above %.0f), signing them apart %.0f/s\n",
	    KIT_BATCH, (double)n / b->submitting, kit_median(&b->rates),
	    kit_part(&b->rates, 0.05), kit_part(&b->rates, 0.95),
	    (double)n / b->signing);
	printf("  database: %.0f bytes, envelopes %.0f (%.0f each); %.1f bytes "
	       "a listing beside 1.3 times the envelope (at most 200)\n",
	    size, b->envelopes, b->envelopes / (double)n,
	    (size - 1.3 * b->envelopes) / (double)n);
	printf("  of the budget: %.3f (at most 1)\n", size / budget);
	printf("  resident at most: %lu KiB\n", kit_memory("VmHWM"));
}

int
main(int argc, char **argv)
{
	building_t b = { 0 };
	unsigned long n, questions, i;

	if (argc != 4)
		kit_die("usage: %s PATH LISTINGS QUESTIONS", argv[0]);
	n = kit_number(argv[2]);
	questions = kit_number(argv[3]);
	b.kit = kit_new(questions);
	b.store = kit_create(b.kit, argv[1], NULL);
	for (i = 0; i < n; i += KIT_BATCH)
		submit(&b, i, n - i < KIT_BATCH ? n - i : KIT_BATCH);
	market_store_free(b.store);
	report(&b, argv[1], n, questions);
	kit_free(b.kit);
	return EXIT_SUCCESS;
}
