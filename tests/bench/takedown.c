/* SPDX-License-Identifier: Apache-2.0 */
/*
 * takedown ROUNDS (PATH LISTINGS QUESTIONS)...: how long until a reader in a
 * handle of its own is denied after a withdrawal, and until it is permitted
 * again after a certification; and the computing anew, apart. The stores take
 * turns, so that what else the machine does hits all alike. Ratios are to the
 * first store.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"

#define STORES_MAX 8

/* Sales before each measurement, so that the reader is as in use. */
#define WARM 256

typedef enum step {
	STEP_WITHDRAW,
	STEP_GRANT,
	STEP_SUSPEND,
	STEP_CERTIFY,
	STEP_COUNT
} step_t;

static const char *const step_names[STEP_COUNT] = { "a withdrawal",
	"a new grant", "a suspension", "a certification" };

typedef struct subject {
	const char *path;
	unsigned long listings, questions;
	kit_t *kit;
	market_store_t *writer, *reader;
	unsigned long grant, certification; /* revisions that are there */
	kit_series_t effect[STEP_COUNT], told[STEP_COUNT], anew[STEP_COUNT];
	unsigned long changed[STEP_COUNT];
	double last[STEP_COUNT]; /* effect, in this round */
} subject_t;

static unsigned long
revision(market_store_t *store, market_kind_t kind, const char *issuer,
    const char *id)
{
	market_error_t error = MARKET_ERROR_INIT;
	uint64_t found = 0;

	kit_must(market_store_revision(store, kind, market_slice_of(issuer),
		     market_slice_of(id), &found, &error),
	    &error, id);
	return (unsigned long)found;
}

static void
open_subject(subject_t *s)
{
	double begin = kit_seconds();

	s->kit = kit_new(s->questions);
	s->writer = kit_open(s->kit, s->path, NULL);
	printf("%lu listings, %lu questions: opened in %.3f s\n", s->listings,
	    s->questions, kit_seconds() - begin);
	s->reader = kit_open(s->kit, s->path, NULL);
	s->grant = revision(
	    s->writer, MARKET_KIND_AUTHORIZATION, "mi.com", "a.example");
	s->certification = revision(s->writer, MARKET_KIND_CERTIFICATION,
	    "t-mobile.com", "carrier-2014215");
	(void)kit_refresh(s->writer);
}

/* Of the seller that is not taken from, too. */
static void
warm(subject_t *s, uint32_t *state)
{
	size_t i;

	for (i = 0; i < WARM; i++)
		(void)kit_sale(s->reader, kit_random(state) % s->listings);
}

static market_buffer_t
next_statement(subject_t *s, step_t step)
{
	switch (step) {
	case STEP_WITHDRAW: return kit_withdrawal(s->kit, 0, s->grant);
	case STEP_GRANT: return kit_grant(s->kit, 0, ++s->grant);
	case STEP_SUSPEND:
	case STEP_CERTIFY:
	case STEP_COUNT: break;
	}
	return kit_certification(
	    s->kit, 0, ++s->certification, step == STEP_CERTIFY);
}

static void
run_step(subject_t *s, step_t step, uint32_t *state)
{
	bool back = step == STEP_GRANT || step == STEP_CERTIFY;
	market_buffer_t envelope = next_statement(s, step);
	unsigned long number;
	double begin, added, middle;

	warm(s, state);
	number = kit_random(state) % ((s->listings + 1) / 2) * 2;
	if ((kit_sale(s->reader, number) == MARKET_OK) == back)
		kit_die("%s is not as it was left", kit_listing(number));
	begin = kit_seconds();
	kit_add(s->writer, market_buffer_slice(&envelope));
	added = kit_seconds();
	if ((kit_sale(s->reader, number) == MARKET_OK) != back)
		kit_die("%s had no effect", step_names[step]);
	middle = kit_seconds();
	s->changed[step] = kit_refresh(s->writer);
	kit_note(&s->anew[step], kit_seconds() - middle);
	kit_note(&s->told[step], middle - added);
	s->last[step] = middle - begin;
	kit_note(&s->effect[step], s->last[step]);
	market_buffer_clear(&envelope);
}

static void
report(const subject_t *subjects, size_t n, const char *what, step_t step,
    size_t offset)
{
	const kit_series_t *series, *first;
	size_t i;

	for (i = 0; i < n; i++) {
		series = (const kit_series_t *)(const void
			*)((const char *)&subjects[i] + offset);
		first = (const kit_series_t *)(const void *)((const char *)
								 subjects +
		    offset);
		printf("  %-16s %-7s %8lu listings %6lu questions: median "
		       "%9.3f ms (%.3f to %.3f), ratio %.2f, of the best "
		       "tenths %.2f; %lu answers\n",
		    step_names[step], what, subjects[i].listings,
		    subjects[i].questions, kit_median(series) * 1e3,
		    kit_part(series, 0.1) * 1e3, kit_part(series, 0.9) * 1e3,
		    kit_median(series) / kit_median(first),
		    kit_part(series, 0.1) / kit_part(first, 0.1),
		    subjects[i].changed[step]);
	}
}

int
main(int argc, char **argv)
{
	static subject_t subjects[STORES_MAX];
	static kit_series_t ratios[STORES_MAX][STEP_COUNT];
	char label[96];
	unsigned long rounds, round;
	uint32_t state = 2463534242u;
	size_t n, i;
	step_t step;

	if (argc < 5 || (argc - 2) % 3 != 0 || (argc - 2) / 3 > STORES_MAX)
		kit_die(
		    "usage: %s ROUNDS (PATH LISTINGS QUESTIONS)...", argv[0]);
	rounds = kit_number(argv[1]);
	n = (size_t)(argc - 2) / 3;
	for (i = 0; i < n; i++) {
		subjects[i].path = argv[2 + 3 * i];
		subjects[i].listings = kit_number(argv[3 + 3 * i]);
		subjects[i].questions = kit_number(argv[4 + 3 * i]);
		open_subject(&subjects[i]);
	}
	kit_machine();
	for (round = 0; round < rounds; round++)
		for (step = 0; step < STEP_COUNT; step++) {
			for (i = 0; i < n; i++)
				run_step(&subjects[i], step, &state);
			for (i = 1; i < n; i++)
				kit_note(&ratios[i][step],
				    subjects[i].last[step] /
					subjects[0].last[step]);
		}
	printf(
	    "%lu rounds; the middle 80 %% in brackets; ratios to the first\n",
	    rounds);
	for (step = 0; step < STEP_COUNT; step++) {
		report(subjects, n, "effect", step,
		    offsetof(subject_t, effect) + step * sizeof(kit_series_t));
		report(subjects, n, "(read)", step,
		    offsetof(subject_t, told) + step * sizeof(kit_series_t));
		report(subjects, n, "anew", step,
		    offsetof(subject_t, anew) + step * sizeof(kit_series_t));
	}
	for (i = 1; i < n; i++) {
		snprintf(label, sizeof(label),
		    "takedown, %lu listings over %lu (%lu questions)",
		    subjects[i].listings, subjects[0].listings,
		    subjects[i].questions);
		kit_row(label, &ratios[i][STEP_WITHDRAW], "at most", 1.5);
	}
	for (i = 0; i < n; i++) {
		market_store_free(subjects[i].reader);
		market_store_free(subjects[i].writer);
		kit_free(subjects[i].kit);
	}
	return EXIT_SUCCESS;
}
