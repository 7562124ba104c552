/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs of the store share. */
#ifndef MARKET_CLI_STORE_H
#define MARKET_CLI_STORE_H

#include <market/store.h>

#include "cli/cli.h"

/* ---- store.c: a store that is open ---- */

/* One run of a verb on the store that the first operand names. */
typedef struct market__cli_run {
	market_store_t *store;
	const char *location;
	int64_t at;
	unsigned flags; /* for questions: MARKET_STORE_PAST where --at is
			   given, for then it is an instant that is meant */
} market__cli_run_t;

/* Counts the operands, reads --at and opens the store; an exit status. */
int market__cli_open(market__cli_t *cli, size_t least, size_t most,
    const char *what, market__cli_run_t *run);
void market__cli_close(market__cli_run_t *run);

/* Is it a place where this command can have a store? An exit status. */
int market__cli_location(const market__cli_t *cli, const char *location);

/* Why the store does not open, and what to do; an exit status. */
int market__cli_not_opened(const market__cli_run_t *run, market_status_t status,
    const market_error_t *error);

/* NULL where the error names the store already. */
const char *market__cli_place(
    const char *location, const market_error_t *error);

/* What the store answered, with its name; an exit status. */
int market__cli_store_error(const market__cli_run_t *run,
    market_status_t status, const market_error_t *error);
/* The same of one listing. */
int market__cli_listing_error(const market__cli_run_t *run, const char *listing,
    market_status_t status, const market_error_t *error);

/* How a listing is printed. */
typedef enum market__cli_form {
	MARKET__CLI_TEXT,
	MARKET__CLI_DOT,
	MARKET__CLI_JSON
} market__cli_form_t;

/* By --format; --json is one of them. An exit status. */
int market__cli_form(market__cli_t *cli, market__cli_form_t *ret_form);

/* "EPOCH:HEX:ENTRIES:HEX" */
void market__cli_add_mark(market__text_t *out, const market_store_mark_t *mark);
bool market__cli_parse_mark(const char *text, market_store_mark_t *ret_mark);

/* What a line of text says: "shop.example xiaomi 2014215", */
void market__cli_add_model(market__text_t *out, market_slice_t seller,
    market_slice_t brand, market_slice_t model);
/* "US, MARKETPLACE, usmobile.com/us", */
void market__cli_add_cell(market__text_t *out, market_slice_t territory,
    market_channel_t channel, market_slice_t network);
/* "PERMIT (3G)". */
void market__cli_add_answer(const market__cli_t *cli, market__text_t *out,
    market_verdict_t verdict, market_service_t service);

/*
 * Ids of the listings that ask a question: elements of a JSON list, or lines
 * that are indented. Prints while it reads; an exit status.
 */
int market__cli_add_listings(const market__cli_t *cli,
    const market__cli_run_t *run, market__text_t *out, uint64_t question);

/* --channel, which is one and never ANY; an exit status. */
int market__cli_channel(
    const market__cli_t *cli, market_channel_t *ret_channel);

/* ---- json.c: members of an object ---- */

void market__cli_json_key(market__text_t *out, const char *name);
/* NULL is told as null. */
void market__cli_json_text(
    market__text_t *out, const char *name, const char *text);
void market__cli_json_slice(
    market__text_t *out, const char *name, market_slice_t text);
/* What is empty is told as null. */
void market__cli_json_some(
    market__text_t *out, const char *name, market_slice_t text);
void market__cli_json_hex(
    market__text_t *out, const char *name, market_slice_t bytes);
/* INT64_MAX is told as null: there is no end. */
void market__cli_json_time(
    market__text_t *out, const char *name, int64_t value);
void market__cli_json_number(
    market__text_t *out, const char *name, uint64_t value);
void market__cli_json_bool(market__text_t *out, const char *name, int value);
/* UNSPECIFIED is told as null. */
void market__cli_json_verdict(
    market__text_t *out, const char *name, market_verdict_t verdict);
void market__cli_json_service(
    market__text_t *out, const char *name, market_service_t service);

/* ---- progress.c: of long work, on stderr ---- */

typedef struct market__cli_progress {
	const char *verb;
	const char *bad; /* "refused"; NULL: nothing can be */
	uint64_t total;  /* 0: not known */
	uint64_t done;
	uint64_t refused;
	bool terminal; /* is stderr one? */
	bool shown;    /* stands a line there now? */
	bool drawn;    /* was there ever one? */
	int64_t began; /* of the monotonic clock, in milliseconds */
	int64_t last;
} market__cli_progress_t;

void market__cli_progress_begin(market__cli_progress_t *progress,
    const char *verb, const char *bad, uint64_t total);
/* Draws the line anew when it is time. */
void market__cli_progress_step(market__cli_progress_t *progress);
/* Takes the line away, before anything else is written. */
void market__cli_progress_hide(market__cli_progress_t *progress);
/* One last line, where there was much to do. */
void market__cli_progress_end(market__cli_progress_t *progress);

/* ---- batch.c: files, some at a time ---- */

typedef struct market__cli_file {
	const char *name;
	market_buffer_t bytes;
	int failure; /* why it was not read, as told on stderr; or CLI_DONE */
} market__cli_file_t;

typedef struct market__cli_batch {
	const market_allocator_t *allocator;
	size_t max;
	size_t max_bytes;
	market__cli_file_t *files;
	size_t n;
	market_slice_t *slices; /* of those that were read, in order */
	size_t n_slices;
} market__cli_batch_t;

/* An exit status. */
int market__cli_batch_init(const market__cli_t *cli, market__cli_batch_t *batch,
    size_t max, size_t max_bytes);
/* One that was never made is fine. */
void market__cli_batch_clear(market__cli_batch_t *batch);
/* Reads files from number *at on, as many as fit; false: there are none. */
bool market__cli_batch_next(market__cli_t *cli, market__cli_batch_t *batch,
    const char **names, size_t n, size_t *at, market__cli_progress_t *progress);
/* All files of an option at once, each of which has to be read. */
int market__cli_load(
    market__cli_t *cli, const char *option, market__cli_batch_t *batch);

/* ---- store_add.c ---- */

/* Tells of one statement; `file` is NULL where it was made here. */
void market__cli_tell_added(const market__cli_t *cli, market__text_t *out,
    const char *file, market_slice_t envelope, const market_added_t *added);

/* CLI_DONE, or CLI_DATA where it was not taken in and is not there. */
int market__cli_result_exit(market_result_t result);

/* ---- store_list.c ---- */

void market__cli_listing_json(
    market__text_t *out, const market_listing_t *listing);
/* "219.00 USD" */
void market__cli_add_price(
    market__text_t *out, const market_listing_t *listing);

/* ---- store_graph.c ---- */

/* A listing and what its cells rest on, for dot(1); an exit status. */
int market__cli_print_dot(const market__cli_t *cli,
    const market_listing_t *listing, const market_decision_t *decision);

#endif
