/* SPDX-License-Identifier: Apache-2.0 */
/* What `feed verify` and `feed submit` share. */
#ifndef MARKET_CLI_FEED_H
#define MARKET_CLI_FEED_H

#include "cli/store.h"

/* One run of them. */
typedef struct market__cli_telling {
	market__cli_t *cli;
	market__cli_feed_t feed;
	int64_t at;
	market__cli_stream_t *results; /* --results, or NULL */
	market__text_t out;            /* what is not written yet */
	market__cli_progress_t progress;
	int failure;
} market__cli_telling_t;

/* Reads --threads and --results; cleared also after a failure. */
int market__cli_prepare_telling(
    market__cli_telling_t *telling, uint64_t *ret_threads);
void market__cli_clear_telling(market__cli_telling_t *telling);

/* Callbacks of the library; `user` is the telling. What fails is in it. */
int market__cli_hear_row(void *user, const market_feed_row_t *row);
int market__cli_hear_progress(void *user, uint64_t done);

/* Writes what is not written yet, if it is much. */
int market__cli_pass_on(market__cli_telling_t *telling);

/* Adds the members of a summary, or a line of text. */
typedef void market__cli_summary_fn(
    market__text_t *out, const void *of, bool json);
void market__cli_add_report_of(
    market__text_t *out, const market_feed_report_t *report, bool json);
int market__cli_tell_summary(market__cli_telling_t *telling,
    market__cli_summary_fn *add, const void *of);

/* What is no offer, or was not signed, is bad input; else as of offers. */
int market__cli_feed_exit(const market_feed_report_t *report);

#endif
