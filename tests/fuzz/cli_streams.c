/* SPDX-License-Identifier: Apache-2.0 */
/* In place of cli/streams.c: files that are read and written in pieces. */
#include <config.h>

#include <unistd.h>

#include "cli/cli.h"
#include "cli_files.h"

/* Small, so that what stands in a document comes in several. */
#define PIECE 700

struct market__cli_stream {
	const market_allocator_t *allocator;
	const char *file;
	bool writes, standard, failed;
	market_slice_t rest;    /* what is left to read */
	market__text_t written; /* what is not kept yet */
};

static market__cli_stream_t *
make(market__cli_t *cli, const char *file, bool writes)
{
	market__cli_stream_t *stream = market__alloc(
	    cli->allocator, sizeof(*stream));

	if (stream == NULL) {
		(void)market__cli_error(file, MARKET_E_MEMORY, NULL);
		return NULL;
	}
	stream->allocator = cli->allocator;
	stream->file = file;
	stream->writes = writes;
	stream->standard = strcmp(file, "-") == 0;
	market__text_init(&stream->written, fuzz_allocator(), SIZE_MAX / 2);
	return stream;
}

void
market__cli_stream_close(market__cli_stream_t *stream)
{
	if (stream == NULL)
		return;
	market__text_clear(&stream->written);
	market__free(stream->allocator, stream);
}

int
market__cli_stream_error(const market__cli_stream_t *stream,
    market_status_t status, const market_error_t *error)
{
	if (status == MARKET_E_IO && stream->failed)
		return market__cli_say(CLI_IO, stream->file, "%s",
		    stream->writes ? "cannot be written" : "cannot be read");
	return market__cli_error(stream->file, status, error);
}

/* ---- reading ---- */

int
market__cli_stream_source(
    market__cli_t *cli, const char *file, market__cli_stream_t **ret_stream)
{
	market__cli_stream_t *stream;

	if (strcmp(file, "-") == 0 && cli->stdin_used)
		return market__cli_usage(
		    cli, "- is given twice: there is one stdin");
	stream = make(cli, file, false);
	if (stream == NULL)
		return CLI_INTERNAL;
	if (stream->standard)
		cli->stdin_used = true;
	if (strcmp(file, cli_missing) == 0) {
		market__cli_stream_close(stream);
		return market__cli_say(CLI_IO, file, "cannot be opened");
	}
	stream->rest = cli_content(file);
	*ret_stream = stream;
	return CLI_DONE;
}

market_status_t
market__cli_stream_read(void *user, void *buffer, size_t size, size_t *ret_n)
{
	market__cli_stream_t *stream = user;
	size_t n = stream->rest.len;

	FUZZ_ASSERT(size > 0 && !stream->writes);
	if (strcmp(stream->file, cli_broken) == 0) {
		stream->failed = true;
		return MARKET_E_IO;
	}
	n = n < size ? n : size;
	n = n < PIECE ? n : PIECE;
	if (n > 0) {
		memcpy(buffer, stream->rest.ptr, n);
		stream->rest.ptr += n;
		stream->rest.len -= n;
	}
	*ret_n = n;
	return MARKET_OK;
}

/* ---- writing ---- */

int
market__cli_stream_sink(
    market__cli_t *cli, const char *file, market__cli_stream_t **ret_stream)
{
	market__cli_stream_t *stream = make(cli, file, true);

	if (stream == NULL)
		return CLI_INTERNAL;
	if (strcmp(file, cli_missing) == 0) {
		market__cli_stream_close(stream);
		return market__cli_say(CLI_IO, file, "cannot be made");
	}
	*ret_stream = stream;
	return CLI_DONE;
}

market_status_t
market__cli_stream_write(void *user, market_slice_t bytes)
{
	market__cli_stream_t *stream = user;

	FUZZ_ASSERT(stream->writes);
	if (strcmp(stream->file, cli_broken) == 0) {
		stream->failed = true;
		return MARKET_E_IO;
	}
	cli_keep(&stream->written, bytes);
	return MARKET_OK;
}

int
market__cli_turn(market__cli_stream_t *stream)
{
	FUZZ_ASSERT(stream->writes && !stream->standard);
	stream->writes = false;
	stream->rest = market__slice(stream->written.data, stream->written.len);
	return CLI_DONE;
}

int
market__cli_keep(market__cli_stream_t *stream)
{
	market_slice_t all = market__slice(
	    stream->written.data, stream->written.len);

	FUZZ_ASSERT(stream->writes);
	if (stream->standard)
		return market__cli_print(all);
	cli_keep_file(all);
	market__text_clear(&stream->written);
	return CLI_DONE;
}
