/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The `market` command: the library for a person and for scripts. Data goes
 * to stdout, everything else to stderr; one table names the verbs.
 */
#ifndef MARKET_CLI_CLI_H
#define MARKET_CLI_CLI_H

#include <market/market.h>

#include "base/base.h"

/* Exit statuses, a contract; the numbers from 64 are those of sysexits(3). */
typedef enum market__cli_exit {
	CLI_DONE = 0, /* and permitted */
	CLI_DENIED = 1,
	CLI_INDETERMINATE = 2,
	CLI_DIFFER = 3, /* several offers, and not one verdict */
	CLI_USAGE = 64,
	CLI_DATA = 65,
	CLI_INTERNAL = 70,
	CLI_IO = 74,
	CLI_AGAIN = 75 /* somebody else writes, or the outcome is not known */
} market__cli_exit_t;

/* An option of a verb. */
typedef struct market__cli_option {
	const char *name;  /* "--key" */
	char letter;       /* 'o' for "-o", or 0 */
	const char *value; /* "KEY.pem"; NULL: a flag */
	bool many;         /* may be given several times */
} market__cli_option_t;

typedef struct market__cli market__cli_t;

typedef struct market__cli_verb {
	const char *name;
	const char *summary; /* one line of `market help` */
	const char *help;    /* examples first, then the options */
	const market__cli_option_t *options; /* ends with a NULL name */
	int (*run)(market__cli_t *cli);
} market__cli_verb_t;

/* One option as it was given. */
typedef struct market__cli_given {
	const market__cli_option_t *option;
	const char *value;
} market__cli_given_t;

/* One run of the command. */
struct market__cli {
	market_context_t *context;
	const market_allocator_t *allocator;
	const market__cli_verb_t *verb;
	market__cli_given_t *given;
	size_t n_given;
	const char **operands; /* what is no option */
	size_t n_operands;
	bool json;                    /* --json */
	bool help;                    /* --help */
	bool color;                   /* stdout is a terminal that has it */
	bool stdin_used;              /* "-" names stdin once */
	market_buffer_t *passphrases; /* keys.c: read when first needed */
	size_t n_passphrases;
};

/* ---- verbs.c: the table ---- */

/* Verb number `index`; NULL past the end. */
const market__cli_verb_t *market__cli_verb_at(size_t index);
const market__cli_verb_t *market__cli_verb_find(const char *name);

/* Of verbs_feed.c, verbs_store.c and verbs_ask.c, the same. */
const market__cli_verb_t *market__cli_feed_verb_at(size_t index);
const market__cli_verb_t *market__cli_store_verb_at(size_t index);
const market__cli_verb_t *market__cli_ask_verb_at(size_t index);

int market__cli_add(market__cli_t *cli);
int market__cli_changes(market__cli_t *cli);
int market__cli_check(market__cli_t *cli);
int market__cli_end(market__cli_t *cli);
int market__cli_explain(market__cli_t *cli);
int market__cli_feed(market__cli_t *cli);
int market__cli_forecast(market__cli_t *cli);
int market__cli_fsck(market__cli_t *cli);
int market__cli_graph(market__cli_t *cli);
int market__cli_help(market__cli_t *cli);
int market__cli_hold(market__cli_t *cli);
int market__cli_impact(market__cli_t *cli);
int market__cli_init(market__cli_t *cli);
int market__cli_keygen(market__cli_t *cli);
int market__cli_keyid(market__cli_t *cli);
int market__cli_list(market__cli_t *cli);
int market__cli_pae(market__cli_t *cli);
int market__cli_pause(market__cli_t *cli);
int market__cli_refresh(market__cli_t *cli);
int market__cli_remove(market__cli_t *cli);
int market__cli_resume(market__cli_t *cli);
int market__cli_root(market__cli_t *cli);
int market__cli_sale(market__cli_t *cli);
int market__cli_show(market__cli_t *cli);
int market__cli_sign(market__cli_t *cli);
int market__cli_submit(market__cli_t *cli);
int market__cli_template(market__cli_t *cli);
int market__cli_why(market__cli_t *cli);

/* The page of one verb, or of all where `verb` is NULL. */
int market__cli_help_page(market__cli_t *cli, const market__cli_verb_t *verb);

/* ---- options.c ---- */

/* Reads what stands behind the verb; an exit status. */
int market__cli_parse(market__cli_t *cli, int argc, char **argv);

/* Value number `index` of an option, as given; NULL past the last. */
const char *market__cli_value(
    const market__cli_t *cli, const char *name, size_t index);
size_t market__cli_count(const market__cli_t *cli, const char *name);
bool market__cli_flag(const market__cli_t *cli, const char *name);

/* Says so unless at least `least` and at most `most` operands were given. */
int market__cli_operands(
    const market__cli_t *cli, size_t least, size_t most, const char *what);

/* The kind of statement by its name in any case; an exit status. */
int market__cli_kind(
    const market__cli_t *cli, const char *name, market_kind_t *ret_kind);

/* RFC 3339 in Z or Unix seconds; an exit status. */
int market__cli_time(const market__cli_t *cli, const char *option,
    const char *text, int64_t *ret);

/* --at, or else the clock of the system; an exit status. */
int market__cli_at(const market__cli_t *cli, int64_t *ret_at);

/* A decimal number from `least` on; untouched where it is not given. */
int market__cli_number(const market__cli_t *cli, const char *option,
    uint64_t least, uint64_t *ret);

/* MARKET_DIGEST_LEN bytes in hex; an exit status. */
int market__cli_digest(const market__cli_t *cli, const char *option,
    const char *text, uint8_t *ret);

/*
 * The value of an enum by its name, in any case, with or without `prefix`
 * ("CHANNEL_"): the index by which `name_at` gives the name. An exit status.
 */
int market__cli_choice(const market__cli_t *cli, const char *option,
    const char *prefix, const char *(*name_at)(size_t index),
    size_t *ret_index);

/* ---- words.c ---- */

/* How many letters two words differ by, case and "-_" aside. */
size_t market__cli_distance(const char *a, const char *b);

/* How many of a word's letters may be wrong for it to be meant. */
#define MARKET__CLI_NEAR(len) ((len) < 4 ? (size_t)1 : (len) / 3)

/* The name nearest to `word` among those that `name_at` gives; or NULL. */
const char *market__cli_nearest(
    const char *word, const char *(*name_at)(size_t index));

/* ASCII letters in upper case and '-' as '_' before comparing. */
bool market__cli_same_word(const char *a, const char *b);

/* Words in lines of 80 columns, each indented. */
void market__cli_wrap(market__text_t *out, size_t indent, const char *text);

/* JSON anew: indented by two blanks, or in one line without blanks. */
void market__cli_lay_out(
    market__text_t *out, market_slice_t json, bool indented);

/* For a person or for JSON: UTF-8 without control characters, or escaped. */
void market__cli_plain(market__text_t *out, market_slice_t text);

/* A file's name, in the same way. */
void market__cli_name(market__text_t *out, const char *name);
void market__cli_json_name(market__text_t *out, const char *name);

/* ---- color.c ---- */

/* Is stdout a terminal, and nobody asked for no colour? */
bool market__cli_wants_color(void);

/* A word of a report, padded to `width` columns; NULL is told too. */
void market__cli_word(const market__cli_t *cli, market__text_t *out,
    const char *word, size_t width);

/* A decision's report, as the library laid it out. */
void market__cli_add_report(
    const market__cli_t *cli, market__text_t *out, market_slice_t report);

/* ---- say.c: messages on stderr ---- */

/* "market: FILE: text"; file may be NULL. Returns `status`. */
int market__cli_say(market__cli_exit_t status, const char *file,
    const char *format, ...) MARKET__PRINTF(3, 4);

/* Wrong use: names the page to read. */
int market__cli_usage(const market__cli_t *cli, const char *format, ...)
    MARKET__PRINTF(2, 3);

/* "market: FILE: path: what: cure"; the exit status of that failure. */
int market__cli_error(
    const char *file, market_status_t status, const market_error_t *error);

/* The one map from the library's statuses to exit statuses. */
int market__cli_exit(market_status_t status);

/* ---- files.c ---- */

#define MARKET__CLI_FILE_MAX ((size_t)2 * 1024 * 1024)

/* Reads a file, or stdin for "-"; an exit status, told on stderr. */
int market__cli_read(
    market__cli_t *cli, const char *file, market_buffer_t *ret);

/* How market__cli_write_file() treats a file that is there. */
typedef enum market__cli_create {
	CLI_REPLACE, /* mode by the umask; the old one stands until the end */
	CLI_SECRET   /* mode 0600; refuses to replace */
} market__cli_create_t;

/* All of it or nothing; an exit status, told on stderr. */
int market__cli_write_file(
    const char *file, market_slice_t data, market__cli_create_t how);

/* Writes to stdout; an exit status, told on stderr. */
int market__cli_print(market_slice_t data);

/* Prints and clears a text; an exit status, told on stderr. */
int market__cli_print_text(market__text_t *text);

/* The same as soon as it is longer than a page of memory or two. */
int market__cli_print_some(market__text_t *text);

/* Writes all of it; false with errno. */
bool market__cli_write_all(int fd, market_slice_t data);

/* ---- streams.c: what is too large to be held ---- */

typedef struct market__cli_stream market__cli_stream_t;

/* To be read from its beginning; "-" is stdin. An exit status, told. */
int market__cli_stream_source(
    market__cli_t *cli, const char *file, market__cli_stream_t **ret_stream);
/* A market_read_fn of a stream. */
market_status_t market__cli_stream_read(
    void *user, void *buffer, size_t size, size_t *ret_n);

/*
 * To be written; "-" is stdout. The file that is there stands until the new one
 * is kept. An exit status, told.
 */
int market__cli_stream_sink(
    market__cli_t *cli, const char *file, market__cli_stream_t **ret_stream);
/* A market_write_fn of a stream. */
market_status_t market__cli_stream_write(void *user, market_slice_t bytes);
/* What was written is read from now on; not of stdout. Exit statuses, told. */
int market__cli_turn(market__cli_stream_t *stream);
/* All of it, on disk, in the place of the file. */
int market__cli_keep(market__cli_stream_t *stream);

/* What went wrong, where reading or writing returned MARKET_E_IO; else as
 * market__cli_error(). */
int market__cli_stream_error(const market__cli_stream_t *stream,
    market_status_t status, const market_error_t *error);
/* What is not kept is gone. NULL is fine. */
void market__cli_stream_close(market__cli_stream_t *stream);

/* ---- feed.c ---- */

/* The list of a feed, and where its rows come from. */
typedef struct market__cli_feed {
	market__cli_stream_t *list;
	market__cli_stream_t *apart; /* rows in a file of their own, or NULL */
	market_feed_t *feed;
} market__cli_feed_t;

/* FEED, and ROWS or NULL; an exit status, told. */
int market__cli_feed_open(market__cli_t *cli, const char *file,
    const char *rows, market__cli_feed_t *ret);
market__cli_stream_t *market__cli_feed_rows(const market__cli_feed_t *feed);
void market__cli_feed_close(market__cli_feed_t *feed);

int market__cli_feed_verify(market__cli_t *cli);
int market__cli_feed_pack(market__cli_t *cli);
int market__cli_feed_prove(market__cli_t *cli);
int market__cli_feed_submit(market__cli_t *cli);

/* ---- feed_files.c ---- */

/*
 * Two options that each name a file to write, where they are given: these must
 * not be one, and where one is stdout it does not take --json. An exit status.
 */
int market__cli_two_files(
    const market__cli_t *cli, const char *option, const char *other_option);
bool market__cli_is_stdout(const char *file);

/* Ends and prints a sentence on what was written: on stderr where stdout has
 * that. An exit status, told. */
int market__cli_tell_written(market__text_t *sentence, bool on_stdout);

/* As market__cli_error(), of a file that is no statement of the kind that is
 * asked for: says so where it is a feed. */
int market__cli_no_statement(const market__cli_t *cli, const char *file,
    market_slice_t bytes, market_status_t status, const market_error_t *error);

/* ---- check.c ---- */

/* --root, --policy and each --with; an exit status, told. */
int market__cli_load_evidence(
    market__cli_t *cli, market_evidence_t **ret_evidence);

/*
 * What is wrong with --root or --policy, by the path that the library tells;
 * else with `file`, which may be NULL. An exit status.
 */
int market__cli_trust_error(const market__cli_t *cli, const char *file,
    market_status_t status, const market_error_t *error);

/* ---- show.c ---- */

/* Prints a statement; `root` (or NULL) says whose signatures are good. */
int market__cli_show_statement(const market__cli_t *cli, const char *file,
    const market_root_t *root, const market_statement_t *statement);

/* ---- sign.c ---- */

/* The files of --key, each a private key; an exit status. */
typedef struct market__cli_signers {
	market_signer_t **v;
	size_t n;
} market__cli_signers_t;

int market__cli_load_signers(
    market__cli_t *cli, market__cli_signers_t *signers);
void market__cli_free_signers(
    const market__cli_t *cli, market__cli_signers_t *signers);

/* ---- keys.c ---- */

/* A signer from a PEM file, with the passphrases of this run. */
int market__cli_signer(
    market__cli_t *cli, const char *file, market_signer_t **ret_signer);

/* Wipes the passphrases. */
void market__cli_forget(market__cli_t *cli);

/* "ed25519", "p256" */
const char *market__cli_algorithm(const market_key_t *key);

#endif
