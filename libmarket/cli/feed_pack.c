/* SPDX-License-Identifier: Apache-2.0 */
/* feed pack: offers, one in a line, become the rows of a signed list. */
#include <stdio.h>

#include "cli/store.h"

/* A line: an offer's JSON is rarely above a hundredth of that. */
#define LINE_MAX ((size_t)1 << 20)
#define AHEAD    ((size_t)64 << 10)

/* One run of it. */
typedef struct packing {
	market__cli_t *cli;
	market__cli_signers_t signers;
	market__cli_stream_t *rows; /* the file of --rows, or a temporary one */
	market__cli_stream_t *out;
	market_packer_t *packer;
	market_buffer_t list;
	market__cli_progress_t progress;
} packing_t;

/* Lines of one file, as they come. */
typedef struct lines {
	const char *file;
	market__cli_stream_t *stream;
	uint8_t *bytes;
	size_t begin, end;
	bool over;
	uint64_t number;
} lines_t;

/* ---- lines ---- */

static int
read_more(lines_t *lines)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	size_t n = 0;

	if (lines->begin > 0) {
		memmove(lines->bytes, lines->bytes + lines->begin,
		    lines->end - lines->begin);
		lines->end -= lines->begin;
		lines->begin = 0;
	}
	if (lines->end == LINE_MAX)
		return market__cli_say(CLI_DATA, lines->file,
		    "line %llu: longer than %zu bytes: each offer is one line "
		    "of JSON",
		    (unsigned long long)lines->number + 1, LINE_MAX);
	n = LINE_MAX - lines->end < AHEAD ? LINE_MAX - lines->end : AHEAD;
	status = market__cli_stream_read(
	    lines->stream, lines->bytes + lines->end, n, &n);
	if (status != MARKET_OK)
		return market__cli_stream_error(lines->stream, status, &error);
	lines->over = n == 0;
	lines->end += n;
	return CLI_DONE;
}

static bool
is_blank(market_slice_t line)
{
	size_t i;

	for (i = 0; i < line.len; i++)
		if (strchr(" \t\r", line.ptr[i]) == NULL || line.ptr[i] == 0)
			return false;
	return true;
}

/* The next line that is not blank; `there` false: there is none. */
static int
next_line(lines_t *lines, market_slice_t *ret_line, bool *ret_there)
{
	const uint8_t *newline;
	size_t looked = 0, len;
	int rv;

	for (;;) {
		len = lines->end - lines->begin;
		newline = len == looked
		    ? NULL
		    : memchr(lines->bytes + lines->begin + looked, '\n',
			  len - looked);
		if (newline == NULL && !lines->over) {
			looked = len;
			rv = read_more(lines);
			if (rv != CLI_DONE)
				return rv;
			continue;
		}
		*ret_there = len > 0;
		if (len == 0)
			return CLI_DONE;
		ret_line->ptr = lines->bytes + lines->begin;
		ret_line->len = newline == NULL
		    ? len
		    : (size_t)(newline - ret_line->ptr);
		lines->begin += ret_line->len + (newline != NULL);
		lines->number++;
		if (!is_blank(*ret_line))
			return CLI_DONE;
		looked = 0;
	}
}

/* ---- offers ---- */

/* An array of offers, or one that goes on in the next line? */
static bool
is_laid_out(market_slice_t line)
{
	size_t i = 0, end = line.len;

	while (i < end && strchr(" \t\r", line.ptr[i]) != NULL)
		i++;
	while (end > i && strchr(" \t\r", line.ptr[end - 1]) != NULL)
		end--;
	return i < end && (line.ptr[i] != '{' || line.ptr[end - 1] != '}');
}

static int
refuse_line(packing_t *p, const lines_t *lines, market_slice_t line,
    market_status_t status, const market_error_t *error)
{
	market_error_t told = *error;

	if (status == MARKET_E_IO)
		return market__cli_stream_error(p->rows, status, error);
	snprintf(told.path, sizeof(told.path), "line %llu%s%.*s",
	    (unsigned long long)lines->number,
	    error->path[0] == '\0' ? "" : ": ", MARKET_ERROR_PATH_MAX - 40,
	    error->path);
	if ((status == MARKET_E_ENCODING || status == MARKET_E_SCHEMA) &&
	    is_laid_out(line))
		snprintf(told.message, sizeof(told.message),
		    "%.*s; each offer is one line of JSON",
		    MARKET_ERROR_MESSAGE_MAX - 50, error->message);
	return market__cli_error(lines->file, status, &told);
}

static int
pack_lines(packing_t *p, lines_t *lines)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_slice_t line = { NULL, 0 };
	market_status_t status;
	bool there = true;
	int rv;

	for (;;) {
		rv = next_line(lines, &line, &there);
		if (rv != CLI_DONE || !there)
			return rv;
		status = market_packer_add_json(p->packer, line, &error);
		if (status != MARKET_OK)
			return refuse_line(p, lines, line, status, &error);
		p->progress.done++;
		market__cli_progress_step(&p->progress);
	}
}

static int
pack_file(packing_t *p, const char *file)
{
	lines_t lines = { .file = file };
	int rv;

	rv = market__cli_stream_source(p->cli, file, &lines.stream);
	if (rv != CLI_DONE)
		return rv;
	lines.bytes = market__alloc_raw(p->cli->allocator, LINE_MAX);
	if (lines.bytes == NULL)
		rv = market__cli_error(NULL, MARKET_E_MEMORY, NULL);
	else
		rv = pack_lines(p, &lines);
	market__free(p->cli->allocator, lines.bytes);
	market__cli_stream_close(lines.stream);
	return rv;
}

/* ---- the list ---- */

static int
begin(packing_t *p)
{
	const char *draft = p->cli->operands[1];
	market_buffer_t json = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	int rv;

	rv = market__cli_read(p->cli, draft, &json);
	if (rv != CLI_DONE)
		return rv;
	status = market_packer_new(p->cli->context, market_buffer_slice(&json),
	    market__cli_stream_write, p->rows, &p->packer, &error);
	market_buffer_clear(&json);
	return status == MARKET_OK ? CLI_DONE
				   : market__cli_error(draft, status, &error);
}

static int
sign(packing_t *p, bool apart)
{
	market_format_t format = apart && !market__cli_flag(p->cli, "--binary")
	    ? MARKET_FORMAT_JSON
	    : MARKET_FORMAT_PROTOBUF;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	status = market_packer_finish(
	    p->packer, p->signers.v, p->signers.n, format, &p->list, &error);
	if (status == MARKET_E_LIMIT && format == MARKET_FORMAT_JSON &&
	    p->signers.n == 1)
		return market__cli_say(CLI_DATA, p->cli->operands[1],
		    "%s, by --binary", error.message);
	return status == MARKET_OK
	    ? CLI_DONE
	    : market__cli_error(p->cli->operands[1], status, &error);
}

static market_status_t
copy_rows(const packing_t *p)
{
	uint8_t bytes[8192];
	market_status_t status;
	size_t n = 0;

	do {
		status = market__cli_stream_read(
		    p->rows, bytes, sizeof(bytes), &n);
		if (status == MARKET_OK)
			status = market__cli_stream_write(
			    p->out, market__slice(bytes, n));
	} while (status == MARKET_OK && n > 0);
	return status;
}

/* The list before its rows: they were written first. */
static int
write_one_file(packing_t *p)
{
	uint8_t head[4];
	size_t len = market_feed_delimiter(p->list.len, head);
	market_status_t status;
	int rv;

	rv = market__cli_turn(p->rows);
	if (rv != CLI_DONE)
		return rv;
	status = market__cli_stream_write(p->out, market__slice(head, len));
	if (status == MARKET_OK)
		status = market__cli_stream_write(
		    p->out, market_buffer_slice(&p->list));
	if (status == MARKET_OK)
		status = copy_rows(p);
	return status == MARKET_OK
	    ? market__cli_keep(p->out)
	    : market__cli_stream_error(p->out, status, NULL);
}

static int
tell(const packing_t *p)
{
	const char *file = market__cli_value(p->cli, "--output", 0);
	const char *rows = market__cli_value(p->cli, "--rows", 0);
	uint64_t n = market_packer_count(p->packer);
	market__text_t out;

	market__text_init(&out, p->cli->allocator, (size_t)1 << 16);
	if (p->cli->json) {
		market__text_puts(&out, "{\"file\":");
		market__cli_json_name(&out, file);
		market__cli_json_number(&out, "rows", n);
		market__text_putc(&out, '}');
	} else {
		if (market__cli_is_stdout(file))
			market__text_puts(&out, "(stdout)");
		else
			market__cli_name(&out, file);
		market__text_printf(
		    &out, ": %llu offers", (unsigned long long)n);
	}
	return market__cli_tell_written(
	    &out, !market__cli_is_stdout(file) && !market__cli_is_stdout(rows));
}

/* ---- the verb ---- */

static int
open_files(packing_t *p, const char *rows)
{
	const char *out = market__cli_value(p->cli, "--output", 0);
	int rv;

	if (out == NULL)
		return market__cli_usage(
		    p->cli, "say where the feed goes: -o FEED");
	if (rows == NULL && market__cli_is_stdout(out))
		return market__cli_usage(p->cli,
		    "a feed in one file is written twice: -o FILE, or its rows "
		    "apart by --rows ROWS");
	rv = market__cli_two_files(p->cli, "--output", "--rows");
	if (rv == CLI_DONE)
		rv = market__cli_stream_sink(
		    p->cli, rows == NULL ? out : rows, &p->rows);
	if (rv == CLI_DONE)
		rv = market__cli_stream_sink(p->cli, out, &p->out);
	return rv;
}

static int
run(packing_t *p, const char *rows)
{
	market__cli_t *cli = p->cli;
	market_status_t status;
	size_t i;
	int rv;

	rv = begin(p);
	market__cli_progress_begin(&p->progress, "feed pack", NULL, 0);
	for (i = 2; rv == CLI_DONE && i < cli->n_operands; i++)
		rv = pack_file(p, cli->operands[i]);
	market__cli_progress_end(&p->progress);
	if (rv == CLI_DONE)
		rv = sign(p, rows != NULL);
	if (rv != CLI_DONE || rows == NULL)
		return rv != CLI_DONE ? rv : write_one_file(p);
	/* Rows without a list are nothing yet, so they go first. */
	rv = market__cli_keep(p->rows);
	if (rv != CLI_DONE)
		return rv;
	status = market__cli_stream_write(
	    p->out, market_buffer_slice(&p->list));
	return status == MARKET_OK
	    ? market__cli_keep(p->out)
	    : market__cli_stream_error(p->out, status, NULL);
}

int
market__cli_feed_pack(market__cli_t *cli)
{
	const char *rows = market__cli_value(cli, "--rows", 0);
	packing_t p = { .cli = cli, .list = MARKET_BUFFER_INIT };
	int rv;

	rv = market__cli_operands(cli, 3, SIZE_MAX,
	    "the list FEED.json, and the OFFERS, one in a line");
	if (rv == CLI_DONE)
		rv = market__cli_load_signers(cli, &p.signers);
	if (rv == CLI_DONE)
		rv = open_files(&p, rows);
	if (rv == CLI_DONE)
		rv = run(&p, rows);
	if (rv == CLI_DONE)
		rv = tell(&p);
	market__cli_free_signers(cli, &p.signers);
	market_packer_free(p.packer);
	market_buffer_clear(&p.list);
	market__cli_stream_close(p.rows);
	market__cli_stream_close(p.out);
	return rv;
}
