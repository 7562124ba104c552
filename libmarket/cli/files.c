/* SPDX-License-Identifier: Apache-2.0 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

#define FIRST_READ ((size_t)16 * 1024)
#define SOME       ((size_t)32 * 1024)

static int
failed(const char *file, const char *what)
{
	return market__cli_say(CLI_IO, file, "%s: %s", what, strerror(errno));
}

/* ---- reading ---- */

/* What was read may be a private key: the old bytes are wiped. */
static bool
grow(const market_allocator_t *allocator, market_buffer_t *buffer,
    size_t capacity)
{
	market_buffer_t larger = { NULL, buffer->len, allocator };

	/* Zeroed, so that a NUL follows what is read. */
	larger.data = market__alloc(allocator, capacity + 1);
	if (larger.data == NULL)
		return false;
	if (buffer->len > 0)
		memcpy(larger.data, buffer->data, buffer->len);
	market_buffer_clear(buffer);
	*buffer = larger;
	return true;
}

static int
read_all(const market_allocator_t *allocator, int fd, const char *file,
    market_buffer_t *buffer)
{
	size_t capacity = 0;
	ssize_t n;

	for (;;) {
		if (buffer->len == capacity) {
			capacity = capacity == 0 ? FIRST_READ : 2 * capacity;
			if (!grow(allocator, buffer, capacity))
				return market__cli_error(
				    file, MARKET_E_MEMORY, NULL);
		}
		n = read(
		    fd, buffer->data + buffer->len, capacity - buffer->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(file, "cannot be read");
		if (n == 0)
			return CLI_DONE;
		buffer->len += (size_t)n;
		if (buffer->len > MARKET__CLI_FILE_MAX)
			return market__cli_say(CLI_DATA, file,
			    "larger than %zu bytes: no document or statement "
			    "is that large; feeds are read by `market feed`",
			    MARKET__CLI_FILE_MAX);
	}
}

int
market__cli_read(market__cli_t *cli, const char *file, market_buffer_t *ret)
{
	bool is_stdin = strcmp(file, "-") == 0;
	market_buffer_t buffer = MARKET_BUFFER_INIT;
	int fd = STDIN_FILENO, rv;

	if (is_stdin && cli->stdin_used)
		return market__cli_usage(
		    cli, "- is given twice: there is one stdin");
	if (is_stdin)
		cli->stdin_used = true;
	else
		fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failed(file, "cannot be opened");
	rv = read_all(cli->allocator, fd, file, &buffer);
	if (!is_stdin)
		close(fd);
	if (rv != CLI_DONE) {
		market_buffer_clear(&buffer);
		return rv;
	}
	*ret = buffer;
	return CLI_DONE;
}

/* ---- writing ---- */

bool
market__cli_write_all(int fd, market_slice_t data)
{
	size_t done = 0;
	ssize_t n;

	while (done < data.len) {
		n = write(fd, data.ptr + done, data.len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

int
market__cli_print(market_slice_t data)
{
	if (!market__cli_write_all(STDOUT_FILENO, data))
		return failed("(stdout)", "cannot be written");
	return CLI_DONE;
}

int
market__cli_print_text(market__text_t *text)
{
	int rv;

	if (text->status != MARKET_OK)
		rv = market__cli_error(NULL, text->status, NULL);
	else
		rv = market__cli_print(market__slice(text->data, text->len));
	market__text_clear(text);
	return rv;
}

int
market__cli_print_some(market__text_t *text)
{
	if (text->status == MARKET_OK && text->len < SOME)
		return CLI_DONE;
	return market__cli_print_text(text);
}

/* What is no regular file (/dev/stdout, a pipe) is written as it is. */
static int
write_special(const char *file, market_slice_t data)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC), rv = CLI_DONE;

	if (fd < 0)
		return failed(file, "cannot be opened");
	if (!market__cli_write_all(fd, data))
		rv = failed(file, "cannot be written");
	if (close(fd) != 0 && rv == CLI_DONE)
		rv = failed(file, "cannot be written");
	return rv;
}

/* Writes a new file beside `file`, whole and on disk. */
static int
write_beside(const char *file, const char *beside, int fd, market_slice_t data,
    mode_t mode)
{
	int rv = CLI_DONE;

	if (fchmod(fd, mode) != 0 || !market__cli_write_all(fd, data) ||
	    fsync(fd) != 0)
		rv = failed(file, "cannot be written");
	if (close(fd) != 0 && rv == CLI_DONE)
		rv = failed(file, "cannot be written");
	if (rv != CLI_DONE)
		(void)unlink(beside);
	return rv;
}

/* link() refuses what rename() would replace. */
static int
put_in_place(const char *file, const char *beside, market__cli_create_t how)
{
	int rv = CLI_DONE;

	if (how == CLI_REPLACE) {
		if (rename(beside, file) == 0)
			return CLI_DONE;
		rv = failed(file, "cannot be written");
	} else if (link(beside, file) != 0) {
		rv = errno == EEXIST
		    ? market__cli_say(CLI_IO, file,
			  "is there already, and a key is never replaced: "
			  "name another file")
		    : failed(file, "cannot be made");
	}
	(void)unlink(beside);
	return rv;
}

int
market__cli_write_file(
    const char *file, market_slice_t data, market__cli_create_t how)
{
	char target[PATH_MAX], beside[PATH_MAX + 16];
	struct stat info;
	mode_t mask;
	int fd, rv;

	if (how == CLI_REPLACE && stat(file, &info) == 0) {
		if (!S_ISREG(info.st_mode))
			return write_special(file, data);
		/* A link stays one; what it names is replaced. */
		if (realpath(file, target) == NULL)
			return failed(file, "cannot be opened");
	} else if ((size_t)snprintf(target, sizeof(target), "%s", file) >=
	    sizeof(target)) {
		errno = ENAMETOOLONG;
		return failed(file, "cannot be made");
	}
	snprintf(beside, sizeof(beside), "%s.XXXXXX", target);
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return failed(file, "cannot be made");
	mask = umask(0);
	(void)umask(mask);
	rv = write_beside(
	    file, beside, fd, data, how == CLI_SECRET ? 0600 : 0666 & ~mask);
	if (rv == CLI_DONE)
		rv = put_in_place(target, beside, how);
	return rv;
}
