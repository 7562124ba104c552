/* SPDX-License-Identifier: Apache-2.0 */
#include <config.h>

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

/* One run of `check`. */
typedef struct checking {
	market_evidence_t *evidence;
	int64_t at;
	bool color;
	size_t n_judged;
	int verdict; /* of those judged so far; CLI_DIFFER where they differ */
	int failure; /* the gravest, or CLI_DONE */
} checking_t;

/* ---- colour ---- */

#define PLAIN "\033[0m"

static const struct {
	const char *word, *color;
} colors[] = {
	{ "PERMIT", "\033[1;32m" },
	{ "DENY", "\033[1;31m" },
	{ "INDETERMINATE", "\033[1;33m" },
	{ "INDET", "\033[1;33m" },
	{ "WARN", "\033[33m" },
};

static bool
wants_color(void)
{
	const char *off = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && (off == NULL || off[0] == '\0') &&
	    (term == NULL || strcmp(term, "dumb") != 0);
}

static const char *
color_of(market_slice_t word)
{
	size_t i;

	for (i = 0; i < MARKET__COUNT(colors); i++)
		if (market__slice_is(word, colors[i].word))
			return colors[i].color;
	return NULL;
}

static size_t
first_not(market_slice_t line, size_t at, char c)
{
	while (at < line.len && line.ptr[at] == (uint8_t)c)
		at++;
	return at;
}

/* The verdict ends a headline, or has a line; the effect begins a finding. */
static void
add_colored(market__text_t *out, market_slice_t line)
{
	size_t begin, end, indent = first_not(line, 0, ' ');
	const char *color;

	begin = indent;
	end = begin;
	if (indent < 4) {
		end = line.len;
		begin = end;
		while (begin > indent && line.ptr[begin - 1] != ' ')
			begin--;
	} else if (indent == 4 || indent > 40) {
		while (end < line.len && line.ptr[end] != ' ')
			end++;
	}
	color = color_of(market__slice(line.ptr + begin, end - begin));
	if (color == NULL) {
		market__text_slice(out, line);
		return;
	}
	market__text_add(out, line.ptr, begin);
	market__text_puts(out, color);
	market__text_add(out, line.ptr + begin, end - begin);
	market__text_puts(out, PLAIN);
	market__text_add(out, line.ptr + end, line.len - end);
}

static int
print_colored(const market__cli_t *cli, market_slice_t report)
{
	market_slice_t line;
	market__text_t out;
	size_t at, end;

	market__text_init(&out, cli->allocator, SIZE_MAX / 2);
	for (at = 0; at < report.len; at = end + 1) {
		for (end = at; end < report.len && report.ptr[end] != '\n';)
			end++;
		line = market__slice(report.ptr + at, end - at);
		add_colored(&out, line);
		market__text_putc(&out, '\n');
	}
	return market__cli_print_text(&out);
}

/* ---- evidence ---- */

/* The library says "root.header.id"; its reader knows two files. */
static int
bad_evidence(const market__cli_t *cli, market_status_t status,
    const market_error_t *error)
{
	static const char *const names[] = { "root", "policy" };
	static const char *const options[] = { "--root", "--policy" };
	market_error_t rest = *error;
	size_t i, len;

	for (i = 0; i < MARKET__COUNT(names); i++) {
		len = strlen(names[i]);
		if (strncmp(error->path, names[i], len) != 0 ||
		    strchr(".[", error->path[len]) == NULL)
			continue;
		if (error->path[len] == '.')
			len++;
		memmove(rest.path, error->path + len,
		    strlen(error->path + len) + 1);
		return market__cli_error(
		    market__cli_value(cli, options[i], 0), status, &rest);
	}
	return market__cli_error(NULL, status, error);
}

static int
add_file(market__cli_t *cli, checking_t *checking, const char *file)
{
	market_buffer_t bytes = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	market__text_t name;
	int rv;

	rv = market__cli_read(cli, file, &bytes);
	if (rv != CLI_DONE)
		return rv;
	/* It is told in JSON, which is UTF-8. */
	market__text_init(&name, cli->allocator, (size_t)1 << 16);
	market__cli_name(&name, file);
	market__text_putc(&name, '\0');
	if (name.status != MARKET_OK)
		status = name.status;
	else
		status = market_evidence_add(checking->evidence,
		    market_buffer_slice(&bytes), name.data, &error);
	if (status != MARKET_OK)
		rv = market__cli_error(file, status, &error);
	market__text_clear(&name);
	market_buffer_clear(&bytes);
	return rv;
}

static int
load_evidence(market__cli_t *cli, checking_t *checking)
{
	market_buffer_t root = MARKET_BUFFER_INIT, policy = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	const char *file;
	size_t i;
	int rv;

	rv = market__cli_read(cli, market__cli_value(cli, "--root", 0), &root);
	if (rv == CLI_DONE)
		rv = market__cli_read(
		    cli, market__cli_value(cli, "--policy", 0), &policy);
	if (rv == CLI_DONE) {
		status = market_evidence_new(cli->context,
		    market_buffer_slice(&root), market_buffer_slice(&policy),
		    &checking->evidence, &error);
		if (status != MARKET_OK)
			rv = bad_evidence(cli, status, &error);
	}
	market_buffer_clear(&root);
	market_buffer_clear(&policy);
	for (i = 0; rv == CLI_DONE &&
	     (file = market__cli_value(cli, "--with", i)) != NULL;
	     i++)
		rv = add_file(cli, checking, file);
	return rv;
}

/* ---- offers ---- */

static int
print_decision(const market__cli_t *cli, const checking_t *checking,
    const market_decision_t *decision)
{
	market_buffer_t report = MARKET_BUFFER_INIT;
	market_status_t status;
	int rv = CLI_DONE;

	if (cli->json)
		status = market_decision_json(decision, &report);
	else
		status = market_decision_text(decision, 80, &report);
	if (status != MARKET_OK)
		return market__cli_error(NULL, status, NULL);
	if (!cli->json && checking->n_judged > 0)
		rv = market__cli_print(MARKET__LITERAL("\n"));
	if (rv == CLI_DONE && checking->color && !cli->json)
		rv = print_colored(cli, market_buffer_slice(&report));
	else if (rv == CLI_DONE)
		rv = market__cli_print(market_buffer_slice(&report));
	market_buffer_clear(&report);
	return rv;
}

/* An offer that cannot be judged does not stop the others. */
static int
judge(market__cli_t *cli, checking_t *checking, const char *file)
{
	market_buffer_t offer = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	market_status_t status;
	int rv, verdict;

	rv = market__cli_read(cli, file, &offer);
	if (rv != CLI_DONE)
		return rv;
	status = market_check(checking->evidence, market_buffer_slice(&offer),
	    checking->at, &decision, &error);
	market_buffer_clear(&offer);
	if (decision == NULL)
		return market__cli_error(file, status, &error);
	rv = print_decision(cli, checking, decision);
	market_decision_free(decision);
	verdict = market__cli_exit(status);
	if (checking->n_judged == 0)
		checking->verdict = verdict;
	else if (checking->verdict != verdict)
		checking->verdict = CLI_DIFFER;
	checking->n_judged++;
	return rv;
}

/* An input that cannot be read is graver than one that is no good. */
static int
judge_all(market__cli_t *cli, checking_t *checking)
{
	size_t i;
	int rv;

	for (i = 0; i < cli->n_operands; i++) {
		rv = judge(cli, checking, cli->operands[i]);
		if (rv > checking->failure)
			checking->failure = rv;
	}
	if (checking->failure != CLI_DONE)
		return checking->failure;
	return checking->verdict;
}

static int
look_at_options(const market__cli_t *cli, checking_t *checking)
{
	const char *at = market__cli_value(cli, "--at", 0);
	struct timespec now;

	if (!market__cli_flag(cli, "--root"))
		return market__cli_usage(
		    cli, "name the trust root: --root FILE");
	if (!market__cli_flag(cli, "--policy"))
		return market__cli_usage(cli, "name the policy: --policy FILE");
	if (at != NULL)
		return market__cli_time(cli, "--at", at, &checking->at);
	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return market__cli_say(CLI_INTERNAL, NULL,
		    "the clock cannot be read: give --at TIME");
	checking->at = (int64_t)now.tv_sec;
	return CLI_DONE;
}

int
market__cli_check(market__cli_t *cli)
{
	checking_t checking = { 0 };
	int rv;

	checking.color = wants_color();
	rv = look_at_options(cli, &checking);
	if (rv == CLI_DONE)
		rv = market__cli_operands(
		    cli, 1, SIZE_MAX, "at least one OFFER");
	if (rv == CLI_DONE)
		rv = load_evidence(cli, &checking);
	if (rv == CLI_DONE)
		rv = judge_all(cli, &checking);
	market_evidence_free(checking.evidence);
	return rv;
}
