/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Refusals of values, as tables: a good statement, a merge patch that a
 * reader refuses, and the patch beside it that is taken.
 */
#ifndef TESTS_UNIT_VALIDATE_KIT_H
#define TESTS_UNIT_VALIDATE_KIT_H

#include "golden.h"
#include "world.h"

typedef struct validate_row {
	const char *label;
	/*
	 * A statement of the good world, or one of these: keyset, subgrant,
	 * disavowal, withdraw-digest, withdraw-name, withdraw-key, hold,
	 * status, feed.
	 */
	const char *name;
	const char *bad; /* merge patch; NULL: a row that only takes `good` */
	const char *path;
	const char *good;       /* merge patch; NULL: the statement as it is */
	market_status_t status; /* 0: MARKET_E_SCHEMA */
} validate_row_t;

/*
 * The draft with the bad patch fails market_draft_check, and the signed
 * statement market_statement_parse, both with the status and the path; with
 * the good patch both take it.
 */
void validate_run(const validate_row_t *row);

/* Adds to the list what each row with a bad patch is told. */
void validate_refusals(golden_t *list, const validate_row_t *rows, size_t n);

/* Checks and parses the statement of a world as it stands. */
market_status_t validate_statement(
    world_t *world, const char *name, market_error_t *error);

/* A world that has each name of `validate_row_t.name`. */
world_t *validate_world(void);

#endif
