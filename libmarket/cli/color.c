/* SPDX-License-Identifier: Apache-2.0 */
/* Colours, on a terminal alone. */
#include <config.h>

#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"

#define PLAIN  "\033[0m"
#define GREEN  "\033[1;32m"
#define RED    "\033[1;31m"
#define YELLOW "\033[1;33m"

static const struct {
	const char *word, *color;
} colors[] = {
	{ "PERMIT", GREEN },
	{ "DENY", RED },
	{ "INDETERMINATE", YELLOW },
	{ "INDET", YELLOW },
	{ "WARN", "\033[33m" },
	{ "ACCEPTED", GREEN },
	{ "STALE", YELLOW },
	{ "FORK", YELLOW },
	{ "REFUSED", RED },
	{ "PUBLISHED", GREEN },
	{ "PARTLY_PUBLISHED", YELLOW },
	{ "HELD", YELLOW },
	{ "SUSPENDED", RED },
	{ "REMOVED", RED },
};

bool
market__cli_wants_color(void)
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

static void
add_word(market__text_t *out, market_slice_t word)
{
	const char *color = color_of(word);

	if (color == NULL) {
		market__text_slice(out, word);
		return;
	}
	market__text_puts(out, color);
	market__text_slice(out, word);
	market__text_puts(out, PLAIN);
}

void
market__cli_word(const market__cli_t *cli, market__text_t *out,
    const char *word, size_t width)
{
	size_t len;

	if (word == NULL)
		word = "UNSPECIFIED";
	if (cli->color)
		add_word(out, market_slice_of(word));
	else
		market__text_puts(out, word);
	for (len = strlen(word); len < width; len++)
		market__text_putc(out, ' ');
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
	market__text_add(out, line.ptr, begin);
	add_word(out, market__slice(line.ptr + begin, end - begin));
	market__text_add(out, line.ptr + end, line.len - end);
}

void
market__cli_add_report(
    const market__cli_t *cli, market__text_t *out, market_slice_t report)
{
	size_t at, end;

	if (!cli->color) {
		market__text_slice(out, report);
		return;
	}
	for (at = 0; at < report.len; at = end + 1) {
		for (end = at; end < report.len && report.ptr[end] != '\n';)
			end++;
		add_colored(out, market__slice(report.ptr + at, end - at));
		market__text_putc(out, '\n');
	}
}
