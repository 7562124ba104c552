/* SPDX-License-Identifier: Apache-2.0 */
/* Edits of a story's file (story.h), as its tables are named in SQL. */
#ifndef TESTS_STORE_EDITS_H
#define TESTS_STORE_EDITS_H

#include "story.h"

#define EDITS_WORDS_MAX 3

typedef struct edits_row {
	const char *label; /* NULL: the end of the table */
	const char *sql;
	const char *words[EDITS_WORDS_MAX]; /* each stands in a fault */
	/* 1 and its number: reading this listing fails as CORRUPT; SIZE_MAX:
	 * reading anything does. */
	size_t corrupt;
	/* Nothing that is signed says otherwise: only fsck can find it. */
	bool unsigned_intent;
} edits_row_t;

#define CORRUPT(listing) .corrupt = (listing) + 1
#define ALL              .corrupt = SIZE_MAX

/* The answer of clearance 1, which permits. */
#define PERMITS "verdict = 1, result = X'0103080000', horizon = 1656633600"

/* Numbers of slots, by their names; that of the withdrawn grant. */
#define SLOT(name) "(SELECT no FROM slot WHERE CAST(name AS TEXT) = '" name "')"
#define WITHDRAWN                                   \
	"(SELECT no FROM slot WHERE epoch = 12 AND" \
	" CAST(name AS TEXT) LIKE 'digest/%')"
#define GRANT SLOT("authorization/xiaomi/shop.example")

extern const edits_row_t edits_clearances[];
extern const edits_row_t edits_statements[];
extern const edits_row_t edits_listings[];
extern const edits_row_t edits_others[];

#endif
