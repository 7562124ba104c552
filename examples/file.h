/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files, for the examples. The library itself reads and writes none: where
 * envelopes come from is the caller's business.
 */
#ifndef EXAMPLES_FILE_H
#define EXAMPLES_FILE_H

#include <market/types.h>

/*
 * The bytes of a whole file, kept until file_forget(). Ends the program with
 * status 74 where it cannot be read: what is lost could be a withdrawal.
 */
market_slice_t file_load(const char *name);

/* Gives back all that was loaded. */
void file_forget(void);

/*
 * Writes a new file, readable by its owner alone if it is `secret`. An old
 * one is replaced, but a secret never replaces anything. Status 74 as above.
 */
void file_store(const char *name, market_slice_t bytes, int secret);

#endif
