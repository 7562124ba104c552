/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Explanations: the text of a finding says who has to sign what, and for which
 * value. Each row has an offer that is not permitted, the words by which its
 * report names the remedy, and an edit that does just that: the verdict turns.
 */
#ifndef TESTS_UNIT_REMEDY_H
#define TESTS_UNIT_REMEDY_H

#include "world.h"

#define DENY   MARKET_VERDICT_DENY
#define UNSURE MARKET_VERDICT_INDETERMINATE

/* The next revision, beside the one that was there. */
#define NEXT(name, more) "+next =" name " {'header': {'revision': '2'" more "}"
#define TAKE(issuer, what)                       \
	"+take withdrawal " issuer " {" what "," \
	" 'reason': 'WITHDRAWAL_REASON_ERROR'}"
#define REMEDY_EDITS 7
#define REMEDY_WORDS 5

typedef struct remedy {
	market_code_t code;
	market_verdict_t verdict;
	const char *at; /* NULL: WORLD_NOW */
	const char *edits[REMEDY_EDITS];
	const char *words[REMEDY_WORDS];
	const char *remedy[REMEDY_EDITS]; /* what is then done, */
	const char *then;                 /* or waited for; NULL: WORLD_NOW */
} remedy_t;

#define CODE(name) .code = MARKET_CODE_##name
#define LATER      "2016-03-01T00:00:00Z"

#define ROWS(rows) (int)(sizeof(rows) / sizeof((rows)[0]))

/* Breaks, reads, does what the text says, and looks again. */
void remedy_run(const remedy_t *row);

/* Has each code from `from` up to `to` that is against an offer one row? */
typedef struct remedies {
	const remedy_t *rows;
	int n;
} remedies_t;
void remedy_has_all(
    const remedies_t *all, size_t n, market_code_t from, market_code_t to);

#endif
