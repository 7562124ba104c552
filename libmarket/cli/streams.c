/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are read and written piece by piece. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

#define AHEAD ((size_t)64 << 10)

struct market__cli_stream {
	const market_allocator_t *allocator;
	const char *file; /* as it was named */
	int fd;
	bool writes;
	bool standard;              /* stdin or stdout */
	int error;                  /* errno of what failed, or 0 */
	char target[PATH_MAX];      /* what is replaced ... */
	char beside[PATH_MAX + 16]; /* ... by this, or empty */
	size_t len;                 /* bytes that are not written yet */
	uint8_t ahead[AHEAD];
};

static int
failed(const market__cli_stream_t *stream, const char *what)
{
	return market__cli_say(CLI_IO, stream->file, "%s: %s", what,
	    strerror(stream->error != 0 ? stream->error : errno));
}

static market__cli_stream_t *
make(market__cli_t *cli, const char *file, bool writes)
{
	market__cli_stream_t *stream = market__alloc_raw(
	    cli->allocator, sizeof(*stream));

	if (stream == NULL) {
		(void)market__cli_error(file, MARKET_E_MEMORY, NULL);
		return NULL;
	}
	stream->allocator = cli->allocator;
	stream->file = file;
	stream->writes = writes;
	stream->standard = strcmp(file, "-") == 0;
	stream->fd = -1;
	stream->error = 0;
	stream->target[0] = stream->beside[0] = '\0';
	stream->len = 0;
	return stream;
}

void
market__cli_stream_close(market__cli_stream_t *stream)
{
	if (stream == NULL)
		return;
	if (stream->fd >= 0 && !stream->standard)
		(void)close(stream->fd);
	if (stream->beside[0] != '\0')
		(void)unlink(stream->beside);
	market__free(stream->allocator, stream);
}

int
market__cli_stream_error(const market__cli_stream_t *stream,
    market_status_t status, const market_error_t *error)
{
	if (status == MARKET_E_IO && stream->error != 0)
		return failed(stream,
		    stream->writes ? "cannot be written" : "cannot be read");
	return market__cli_error(stream->file, status, error);
}

/* ---- reading ---- */

int
market__cli_stream_source(
    market__cli_t *cli, const char *file, market__cli_stream_t **ret_stream)
{
	market__cli_stream_t *stream;
	int rv = CLI_DONE;

	if (strcmp(file, "-") == 0 && cli->stdin_used)
		return market__cli_usage(
		    cli, "- is given twice: there is one stdin");
	stream = make(cli, file, false);
	if (stream == NULL)
		return CLI_INTERNAL;
	if (stream->standard) {
		cli->stdin_used = true;
		stream->fd = STDIN_FILENO;
	} else {
		stream->fd = open(file, O_RDONLY | O_CLOEXEC);
	}
	if (stream->fd < 0)
		rv = failed(stream, "cannot be opened");
	if (rv != CLI_DONE)
		market__cli_stream_close(stream);
	else
		*ret_stream = stream;
	return rv;
}

market_status_t
market__cli_stream_read(void *user, void *buffer, size_t size, size_t *ret_n)
{
	market__cli_stream_t *stream = user;
	ssize_t n;

	do
		n = read(stream->fd, buffer, size);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		stream->error = errno;
		return MARKET_E_IO;
	}
	*ret_n = (size_t)n;
	return MARKET_OK;
}

/* ---- writing ---- */

/* A new file beside the one that is meant; a link stays one. */
static bool
make_beside(market__cli_stream_t *stream)
{
	struct stat info;
	mode_t mask;

	if (stat(stream->file, &info) == 0) {
		if (!S_ISREG(info.st_mode)) {
			stream->fd = open(
			    stream->file, O_RDWR | O_CLOEXEC | O_NOCTTY);
			return stream->fd >= 0;
		}
		if (realpath(stream->file, stream->target) == NULL)
			return false;
	} else if ((size_t)snprintf(stream->target, sizeof(stream->target),
		       "%s", stream->file) >= sizeof(stream->target)) {
		errno = ENAMETOOLONG;
		return false;
	}
	snprintf(stream->beside, sizeof(stream->beside), "%s.XXXXXX",
	    stream->target);
	stream->fd = mkostemp(stream->beside, O_CLOEXEC);
	if (stream->fd < 0) {
		stream->beside[0] = '\0';
		return false;
	}
	mask = umask(0);
	(void)umask(mask);
	return fchmod(stream->fd, 0666 & ~mask) == 0;
}

int
market__cli_stream_sink(
    market__cli_t *cli, const char *file, market__cli_stream_t **ret_stream)
{
	market__cli_stream_t *stream = make(cli, file, true);
	int rv;

	if (stream == NULL)
		return CLI_INTERNAL;
	if (stream->standard) {
		stream->fd = STDOUT_FILENO;
	} else if (!make_beside(stream)) {
		rv = failed(stream, "cannot be made");
		market__cli_stream_close(stream);
		return rv;
	}
	*ret_stream = stream;
	return CLI_DONE;
}

static market_status_t
flush(market__cli_stream_t *stream)
{
	size_t len = stream->len;

	stream->len = 0;
	if (market__cli_write_all(
		stream->fd, market__slice(stream->ahead, len)))
		return MARKET_OK;
	stream->error = errno;
	return MARKET_E_IO;
}

market_status_t
market__cli_stream_write(void *user, market_slice_t bytes)
{
	market__cli_stream_t *stream = user;
	market_status_t status = MARKET_OK;
	size_t n;

	while (bytes.len > 0 && status == MARKET_OK) {
		n = AHEAD - stream->len;
		n = n < bytes.len ? n : bytes.len;
		memcpy(stream->ahead + stream->len, bytes.ptr, n);
		stream->len += n;
		bytes.ptr += n;
		bytes.len -= n;
		if (stream->len == AHEAD)
			status = flush(stream);
	}
	return status;
}

int
market__cli_turn(market__cli_stream_t *stream)
{
	if (flush(stream) != MARKET_OK)
		return failed(stream, "cannot be written");
	if (lseek(stream->fd, 0, SEEK_SET) < 0)
		return failed(stream, "cannot be read");
	stream->writes = false;
	return CLI_DONE;
}

int
market__cli_keep(market__cli_stream_t *stream)
{
	if (flush(stream) != MARKET_OK)
		return failed(stream, "cannot be written");
	if (stream->beside[0] == '\0')
		return CLI_DONE;
	if (fsync(stream->fd) != 0 ||
	    rename(stream->beside, stream->target) != 0)
		return failed(stream, "cannot be written");
	stream->beside[0] = '\0';
	return CLI_DONE;
}
