/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that say what a decision tells beyond its codes: the finding's place
 * and values, what is missing, the service, the disclosures, the horizon.
 * What a row leaves out is not looked at.
 */
#ifndef TESTS_UNIT_EXPECT_H
#define TESTS_UNIT_EXPECT_H

#include "golden.h"
#include "world.h"

#define EXPECT_EDITS_MAX 10
#define EXPECT_CODES_MAX 10

#define PERMIT        MARKET_VERDICT_PERMIT
#define DENY          MARKET_VERDICT_DENY
#define INDETERMINATE MARKET_VERDICT_INDETERMINATE

typedef struct expect {
	const char *label;
	market_verdict_t want;
	const char *at; /* NULL: WORLD_NOW */
	const char *edits[EXPECT_EDITS_MAX];
	/* Names of codes that must be told ("-NAME": must not be told). */
	const char *codes[EXPECT_CODES_MAX];
	/* Of a finding with the first code: its place, values and message. */
	const char *path, *got, *wanted, *message;
	/* Of the first cell. */
	const char *missing; /* one text among those missing; "": none at all */
	const char *service; /* "4G"; "?": cannot be told */
	const char *due;     /* disclosures, joined by blanks; "": none */
	const char *horizon;
	const char *cells; /* the verdict of each, joined by blanks */
	/* This statement is ignored with that code: "NAME CODE". */
	const char *ignored;
} expect_t;

/* Judges the row and fails with its label and the whole report. */
void expect_row(const expect_t *row);

/* The same, in a world that stands already; nothing is edited. */
void expect_world(world_t *world, const expect_t *row);

/*
 * Adds to the list what each row that is not permitted is told of the offer
 * as a whole: the verdict, and for each finding its code, path and message.
 */
void expect_refusals(golden_t *list, const expect_t *rows, size_t n);

/* A test of each row of a table, and its place in the suite. */
#define EXPECT_ROWS(unit, table)         \
	START_TEST(unit##_##table##_row) \
	{                                \
		expect_row(&table[_i]);  \
	}                                \
	END_TEST

#define EXPECT_TABLE(suite, unit, table)                             \
	do {                                                         \
		TCase *tcase_ = tcase_create(#table);                \
		tcase_add_loop_test(tcase_, unit##_##table##_row, 0, \
		    (int)(sizeof(table) / sizeof((table)[0])));      \
		suite_add_tcase(suite, tcase_);                      \
	} while (0)

#endif
