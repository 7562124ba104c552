/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE 1 /* isatty() */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "screen.h"

#define BOLD    "\033[1m"
#define RED     "\033[31m"
#define GREEN   "\033[32m"
#define YELLOW  "\033[33m"
#define MAGENTA "\033[35m"
#define CYAN    "\033[36m"
#define DIM     "\033[2m"
#define PLAIN   "\033[0m"

/* Where the text of a marked line begins. */
#define MARKED 28

static int coloured;

void
screen_open(void)
{
	const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */

	coloured = isatty(STDOUT_FILENO) &&
	    (no_color == NULL || no_color[0] == '\0');
}

static void
paint(const char *colour)
{
	if (coloured)
		fputs(colour, stdout);
}

static void
rule(char c)
{
	size_t i;

	for (i = 0; i < SCREEN_WIDTH; i++)
		putchar(c);
	putchar('\n');
}

void
screen_heading(const char *text)
{
	putchar('\n');
	paint(BOLD);
	rule('=');
	printf("%s\n", text);
	rule('=');
	paint(PLAIN);
}

/* Words from `column` on; the next lines begin at `indent`. */
static void
wrap(size_t column, size_t indent, const char *text)
{
	size_t len;

	while (*text != '\0') {
		len = strcspn(text, " ");
		if (column > indent && column + 1 + len > SCREEN_WIDTH) {
			printf("\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			putchar(' ');
			column++;
		}
		printf("%.*s", (int)len, text);
		column += len;
		text += len + strspn(text + len, " ");
	}
	putchar('\n');
}

void
screen_text(size_t indent, const char *text)
{
	printf("%*s", (int)indent, "");
	wrap(indent, indent, text);
}

void
screen_marked(int happened, const char *who, const char *text)
{
	paint(happened ? CYAN : MAGENTA);
	printf("  %-10s", happened ? "then" : "supposed");
	paint(PLAIN);
	printf("%-*s", MARKED - 12, who);
	if (strlen(who) >= MARKED - 12)
		printf("\n%*s", MARKED, "");
	wrap(MARKED, MARKED, text);
}

static const struct {
	const char *word;
	const char *colour;
} words[] = {
	{ "PERMIT", BOLD GREEN },
	{ "DENY", BOLD RED },
	{ "INDETERMINATE", BOLD YELLOW },
	{ "INDET", BOLD YELLOW },
	{ "WARN", YELLOW },
	{ "NOTE", DIM },
};

/* The colour of a verdict or effect at the start of `text`. */
static const char *
colour_of(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (len == strlen(words[i].word) &&
		    memcmp(text, words[i].word, len) == 0)
			return words[i].colour;
	return NULL;
}

static void
report_line(const char *line, size_t len)
{
	size_t at = 0, n;
	const char *colour;

	while (at < len) {
		n = strcspn(line + at, " \n");
		colour = coloured ? colour_of(line + at, n) : NULL;
		/* Effects stand at column 4 and verdicts end the line. */
		if (colour != NULL && (at == 4 || at + n == len)) {
			printf("%s%.*s%s", colour, (int)n, line + at, PLAIN);
		} else {
			printf("%.*s", (int)n, line + at);
		}
		at += n;
		if (at < len)
			putchar(line[at++]);
	}
	putchar('\n');
}

market_status_t
screen_report(const market_decision_t *decision)
{
	market_buffer_t text = MARKET_BUFFER_INIT;
	market_status_t status;
	const char *line;
	size_t len;

	status = market_decision_text(decision, SCREEN_WIDTH, &text);
	if (status != MARKET_OK)
		return status;
	for (line = (const char *)text.data; *line != '\0'; line += len + 1) {
		len = strcspn(line, "\n");
		report_line(line, len);
	}
	market_buffer_clear(&text);
	return MARKET_OK;
}
