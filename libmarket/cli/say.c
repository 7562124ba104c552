/* SPDX-License-Identifier: Apache-2.0 */
#include <config.h>

#include <stdio.h>
#include <unistd.h>

#include "cli/cli.h"

#define LINE_MAX_BYTES ((size_t)64 * 1024)

/* Nothing more can be done where stderr does not take it. */
static void
put(market__text_t *line)
{
	market__text_putc(line, '\n');
	if (line->data != NULL)
		(void)market__cli_write_all(
		    STDERR_FILENO, market__slice(line->data, line->len));
	market__text_clear(line);
}

static void
begin(market__text_t *line, const char *file)
{
	market__text_init(line, &market__default_allocator, LINE_MAX_BYTES);
	market__text_puts(line, "market: ");
	if (file == NULL)
		return;
	if (strcmp(file, "-") == 0)
		market__text_puts(line, "(stdin)");
	else
		market__cli_name(line, file);
	market__text_puts(line, ": ");
}

/* What a user typed may stand in it: nothing that a terminal obeys. */
static void add_printed(market__text_t *line, const char *format, va_list args)
    MARKET__PRINTF(2, 0);

static void
add_printed(market__text_t *line, const char *format, va_list args)
{
	char text[1024];

	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	market__cli_name(line, text);
}

int
market__cli_say(
    market__cli_exit_t status, const char *file, const char *format, ...)
{
	market__text_t line;
	va_list args;

	begin(&line, file);
	va_start(args, format);
	add_printed(&line, format, args);
	va_end(args);
	put(&line);
	return (int)status;
}

int
market__cli_usage(const market__cli_t *cli, const char *format, ...)
{
	market__text_t line;
	va_list args;

	begin(&line, cli->verb->name);
	va_start(args, format);
	add_printed(&line, format, args);
	va_end(args);
	market__text_printf(&line, " (see `market help %s`)", cli->verb->name);
	put(&line);
	return CLI_USAGE;
}

int
market__cli_error(
    const char *file, market_status_t status, const market_error_t *error)
{
	market__text_t line;

	begin(&line, file);
	if (error != NULL && error->path[0] != '\0')
		market__text_printf(&line, "%s: ", error->path);
	market__text_puts(&line,
	    error != NULL && error->message[0] != '\0'
		? error->message
		: market_status_text(status));
	/* Where a line is told there is no need for the byte. */
	if (error != NULL && error->offset >= 0 &&
	    strncmp(error->message, "line ", 5) != 0)
		market__text_printf(
		    &line, " (at byte %lld)", (long long)error->offset);
	put(&line);
	return market__cli_exit(status);
}

int
market__cli_exit(market_status_t status)
{
	switch (status) {
	case MARKET_OK: return CLI_DONE;
	case MARKET_E_DENIED: return CLI_DENIED;
	case MARKET_E_INDETERMINATE: return CLI_INDETERMINATE;
	case MARKET_E_LIMIT:
	case MARKET_E_ENCODING:
	case MARKET_E_SCHEMA:
	case MARKET_E_ALGORITHM:
	case MARKET_E_KEY:
	case MARKET_E_SIGNATURE:
	case MARKET_E_LOG:
	case MARKET_E_ROOT:
	case MARKET_E_POLICY:
	case MARKET_E_KIND:
	case MARKET_E_NOT_FOUND:
	case MARKET_E_CORRUPT: return CLI_DATA;
	case MARKET_E_IO:
	case MARKET_E_FULL: return CLI_IO;
	case MARKET_E_BUSY:
	case MARKET_E_TIMEOUT:
	case MARKET_E_IN_DOUBT: return CLI_AGAIN;
	case MARKET_E_ARGUMENT:
	case MARKET_E_STATE:
	case MARKET_E_MEMORY:
	case MARKET_E_UNSUPPORTED:
	case MARKET_E_CALLBACK:
	case MARKET_E_INTERNAL: break;
	}
	return CLI_INTERNAL;
}
