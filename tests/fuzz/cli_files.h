/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of a command that runs inside a driver; all are in memory. A name
 * of one letter is the scene's statement with that letter, "mi.com.pem" and
 * the like a key; "feed", "alone", "rows", "proof" and "proven" are parts of
 * the scene's feed (scene_feed.h); "head" is the document's first line, "tail"
 * what is behind that; "none" is missing, and "broken" cannot be read or
 * written piece by piece; any other name, and stdin, has the document. A store
 * has the scene's good world, and forgets what was changed; its memory does not
 * fail here.
 */
#ifndef TESTS_FUZZ_CLI_FILES_H
#define TESTS_FUZZ_CLI_FILES_H

#include <time.h>

#include <market/store.h>

#include "scene_feed.h"

/* What one run of the command has said. */
typedef struct cli_said {
	market__text_t out;   /* on stdout */
	market__text_t err;   /* on stderr */
	market__text_t wrote; /* into files */
} cli_said_t;

/* Before a run; `input` has the document, and says which allocation fails. */
void cli_files_begin(cli_said_t *said, const fuzz_input_t *input, bool starved);
/* After it; the run was starved if it says so. */
bool cli_files_end(void);
void cli_said_clear(cli_said_t *said);

/* ---- between cli_files.c and cli_streams.c ---- */

extern const char *const cli_missing, *const cli_broken;

/* What a file has that is there. */
market_slice_t cli_content(const char *file);
/* More of a text, or of what was written into files; memory does not fail. */
void cli_keep(market__text_t *text, market_slice_t data);
void cli_keep_file(market_slice_t data);

/* What cli_names.h puts in place of the library's and the system's. */
extern const market_allocator_t fuzz_default_allocator;
market_status_t fuzz_context_new(
    const market_context_options_t *options, market_context_t **ret_context);
void fuzz_context_free(market_context_t *context);
market_status_t fuzz_store_create(market_context_t *context,
    const char *location, market_slice_t root, market_slice_t policy,
    int64_t at, const market_store_options_t *options,
    market_store_t **ret_store, market_error_t *reterr);
market_status_t fuzz_store_open(market_context_t *context, const char *location,
    const market_store_options_t *options, market_store_t **ret_store,
    market_error_t *reterr);
void fuzz_store_free(market_store_t *store);
int fuzz_clock_gettime(clockid_t id, struct timespec *now);
int fuzz_isatty(int fd);

#endif
