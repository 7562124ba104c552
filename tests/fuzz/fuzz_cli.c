/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command. Lines up to an empty one are its arguments; what follows is the
 * document that its files hold (cli_files.h). Two more verbs are of this
 * driver: `lay-out` and `words` do what output does with the document.
 * - Whatever is given, the exit status is one of those that the manual names,
 *   and 70 (internal) is not among them but for want of memory.
 * - What goes to stderr is text that no terminal obeys; a failure says why.
 * - With --json stdout is JSON, without it text.
 * - With an allocation that failed it is the same, or exit status 70.
 */
#include <config.h>

#include <jansson.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli_files.h"

const unsigned fuzz_mutants = 200;

#define ARGUMENTS_MAX 24

/* The command's own main(), see cli_names.h. */
int market_main(int argc, char **argv);

typedef struct arguments {
	int argc;
	char *argv[ARGUMENTS_MAX + 2];
} arguments_t;

/* A line has no newline, and no NUL as no argument has. */
static void
read_arguments(fuzz_input_t *input, arguments_t *arguments)
{
	market_slice_t line;
	char *argument;

	memset(arguments, 0, sizeof(*arguments));
	arguments->argv[arguments->argc++] = strdup("market");
	while (arguments->argc <= ARGUMENTS_MAX) {
		line = fuzz_line(input);
		if (line.len == 0)
			break;
		argument = malloc(line.len + 1);
		FUZZ_ASSERT(argument != NULL);
		memcpy(argument, line.ptr, line.len);
		argument[line.len] = '\0';
		arguments->argv[arguments->argc++] = argument;
	}
}

static void
free_arguments(arguments_t *arguments)
{
	int i;

	for (i = 0; i < arguments->argc; i++)
		free(arguments->argv[i]);
}

static bool
has(const arguments_t *arguments, const char *word)
{
	int i;

	for (i = 1; i < arguments->argc; i++)
		if (strcmp(arguments->argv[i], word) == 0)
			return true;
	return false;
}

static bool
is_verb(const arguments_t *arguments, const char *verb)
{
	return arguments->argc > 1 && strcmp(arguments->argv[1], verb) == 0;
}

/* ---- the verbs of the command ---- */

/* Help and the version are text, whatever else is asked for. */
static bool
tells_of_itself(const arguments_t *arguments)
{
	return has(arguments, "--help") || has(arguments, "-h") ||
	    is_verb(arguments, "help") || is_verb(arguments, "--version") ||
	    is_verb(arguments, "-V");
}

/* The rows of a feed, or its list. */
static bool
packs_to_stdout(const arguments_t *arguments)
{
	return is_verb(arguments, "feed") &&
	    (has(arguments, "-") || has(arguments, "--rows=-") ||
		has(arguments, "--output=-") || has(arguments, "--payload=-") ||
		has(arguments, "-o-"));
}

/* Threads would take memory that is counted by one alone. */
static bool
makes_threads(const arguments_t *arguments)
{
	static const char option[] = "--threads";
	const size_t len = sizeof(option) - 1;
	const char *value;
	int i;

	for (i = 1; i < arguments->argc; i++) {
		if (strncmp(arguments->argv[i], option, len) != 0)
			continue;
		value = arguments->argv[i] + len;
		if (*value == '=')
			value++;
		else if (*value == '\0' && i + 1 < arguments->argc)
			value = arguments->argv[i + 1];
		if (strtoul(value, NULL, 10) > 1)
			return true;
	}
	return false;
}

static market_slice_t
said(const market__text_t *text)
{
	return market__slice(text->data, text->len);
}

static void
check_said(const arguments_t *arguments, int rv, const cli_said_t *words)
{
	static const int statuses[] = { CLI_DONE, CLI_DENIED, CLI_INDETERMINATE,
		CLI_DIFFER, CLI_USAGE, CLI_DATA, CLI_IO };
	size_t i;

	for (i = 0; i < MARKET__COUNT(statuses) && statuses[i] != rv; i++)
		continue;
	FUZZ_ASSERT(i < MARKET__COUNT(statuses) ||
	    (rv == CLI_INTERNAL &&
		strncmp(words->err.data, "market: postgres", 16) == 0));
	fuzz_check_text(said(&words->err));
	FUZZ_ASSERT(rv < CLI_USAGE || words->err.len + words->out.len > 0);
	/* Those write bytes. */
	if (is_verb(arguments, "pae") || is_verb(arguments, "sign") ||
	    packs_to_stdout(arguments))
		return;
	/* Elsewhere the word may be an operand, or a value. */
	if (arguments->argc > 2 && strcmp(arguments->argv[2], "--json") == 0 &&
	    !tells_of_itself(arguments))
		fuzz_check_json(said(&words->out));
	else if (!has(arguments, "--json"))
		fuzz_check_text(said(&words->out));
}

static void
run(const fuzz_input_t *input, arguments_t *arguments)
{
	cli_said_t first, second;
	int want, got;

	cli_files_begin(&first, input, false);
	want = market_main(arguments->argc, arguments->argv);
	(void)cli_files_end();
	check_said(arguments, want, &first);
	cli_files_begin(&second, input, true);
	got = market_main(arguments->argc, arguments->argv);
	if (!cli_files_end() || (got == want && got < CLI_USAGE)) {
		FUZZ_ASSERT(got == want);
		FUZZ_ASSERT(
		    market__slice_equal(said(&first.out), said(&second.out)));
		FUZZ_ASSERT(market__slice_equal(
		    said(&first.wrote), said(&second.wrote)));
	}
	FUZZ_ASSERT(got == want || got == CLI_INTERNAL);
	cli_said_clear(&second);
	cli_said_clear(&first);
}

/* ---- the verbs of this driver ---- */

/* It is the same document afterwards. */
static void
lay_out(market_slice_t document, bool indented)
{
	const char *text = (const char *)document.ptr;
	json_t *before, *after;
	market__text_t out;

	before = json_loadb(
	    text, document.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	if (before == NULL)
		return;
	market__text_init(&out, fuzz_allocator(), SIZE_MAX / 2);
	market__cli_lay_out(&out, document, indented);
	after = json_loadb(
	    out.data, out.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	FUZZ_ASSERT(after != NULL && json_equal(before, after));
	market__text_clear(&out);
	json_decref(after);
	json_decref(before);
}

static void
put_in_words(market_slice_t document)
{
	market__text_t out, text;

	market__text_init(&out, fuzz_allocator(), SIZE_MAX / 2);
	market__cli_plain(&out, document);
	fuzz_check_text(said(&out));
	market__text_clear(&out);
	market__text_init(&text, fuzz_allocator(), SIZE_MAX / 2);
	market__text_slice(&text, document);
	if (text.data != NULL) {
		market__cli_json_name(&out, text.data);
		fuzz_check_json(said(&out));
		market__text_clear(&out);
		market__cli_wrap(&out, 4, text.data);
		(void)market__cli_distance(text.data, "authorization");
	}
	market__text_clear(&text);
	market__text_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_input_t input = fuzz_input(data, size);
	arguments_t arguments;
	size_t live;

	scene_init();
	scene_feed_init();
	live = fuzz_live();
	read_arguments(&input, &arguments);
	if (is_verb(&arguments, "lay-out")) {
		lay_out(input.rest, false);
		lay_out(input.rest, true);
	} else if (is_verb(&arguments, "words")) {
		put_in_words(input.rest);
	} else if (!is_verb(&arguments, "keygen") &&
	    !has(&arguments, "--follow") && !makes_threads(&arguments)) {
		/* Those make a key by chance, and do not end. */
		run(&input, &arguments);
	}
	free_arguments(&arguments);
	FUZZ_ASSERT(fuzz_live() == live);
	return 0;
}
