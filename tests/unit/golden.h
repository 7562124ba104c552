/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was said once stays said: a list of lines against its committed twin.
 * MARKET_GOLDEN_WRITE=1 writes the files anew and prints what changed.
 *
 * A list of refusals has a line for each hostile input: its label, the status,
 * the path, the offset ("-": none) and the text, between tabs. A message that
 * gets worse is seen in review.
 */
#ifndef TESTS_UNIT_GOLDEN_H
#define TESTS_UNIT_GOLDEN_H

#include <market/status.h>

#include "base/base.h"
#include "harness.h"

bool golden_writing(void);
/* `name` is that of a file of the source tree. */
void golden_write(const char *name, const void *data, size_t len);
/*
 * The line of `text` with the same key (up to and with `end`), or NULL; it is
 * not ended by a NUL.
 */
const char *golden_line(const char *text, const char *line, char end);
/* Prints the lines of `a` that `b` has not, with the sign, and counts them. */
size_t golden_differences(const char *a, const char *b, char end, char sign);

typedef market__text_t golden_t;

void golden_begin(golden_t *list);
/*
 * `error` as it was told for `label`; where it was not (NULL, or a call that
 * tells no more), the status alone. What jansson says of bad JSON is left out:
 * it differs between its versions.
 */
void golden_add(golden_t *list, const char *label, market_status_t status,
    const market_error_t *error);
/* Compares with tests/golden/refusals/`name`, and frees the list. */
void golden_check(golden_t *list, const char *name);

#endif
