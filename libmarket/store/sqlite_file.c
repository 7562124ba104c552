/* SPDX-License-Identifier: Apache-2.0 */
/* The database's files, as the operating system has them. */
#include "config.h" /* O_CLOEXEC, O_NOFOLLOW */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/sqlite.h"

static const char *const suffixes[] = { "-wal", "-shm", "-journal" };

/* Longer than each of the suffixes. */
#define SUFFIX_ROOM 16

char *
market__sqlite_path(const market_allocator_t *allocator, const char *location)
{
	size_t len = strlen(location), size;
	char *path;

	if (!market__add(len, 3, &size))
		return NULL;
	path = market__alloc(allocator, size);
	if (path == NULL)
		return NULL;
	/* "./" as well where it changes nothing but that: ":memory:" is not a
	 * file to SQLite, and builds like Debian's read "file:..." as a URI. */
	if (location[0] != '/')
		memcpy(path, "./", 2);
	memcpy(path + strlen(path), location, len);
	return path;
}

/* The path of a companion; false: there is no memory. */
static bool
companion(const market__sqlite_t *sqlite, const char *suffix, char **ret_path)
{
	size_t len = strlen(sqlite->path), size;
	char *path = NULL;

	if (market__add(len, SUFFIX_ROOM, &size))
		path = market__alloc(sqlite->sql.allocator, size);
	if (path == NULL)
		return false;
	memcpy(path, sqlite->path, len);
	memcpy(path + len, suffix, strlen(suffix) + 1);
	*ret_path = path;
	return true;
}

/* Left over from another database, or all that is left of it: not ours. */
static market_status_t
refuse_companions(market__sqlite_t *sqlite, market_error_t *reterr)
{
	struct stat info;
	char *path;
	bool there;
	size_t i;

	for (i = 0; i < MARKET__COUNT(suffixes); i++) {
		if (!companion(sqlite, suffixes[i], &path))
			return market__error(reterr, MARKET_E_MEMORY,
			    sqlite->sql.location, -1, "out of memory");
		there = lstat(path, &info) == 0;
		market__free(sqlite->sql.allocator, path);
		if (there)
			return market__error(reterr, MARKET_E_IO,
			    sqlite->sql.location, -1,
			    "there is a file with this name and %s behind it, "
			    "which another database may need: move it away, "
			    "or choose another name",
			    suffixes[i]);
	}
	return MARKET_OK;
}

market_status_t
market__sqlite_make_file(market__sqlite_t *sqlite, market_error_t *reterr)
{
	const mode_t owner = S_IRUSR | S_IWUSR;
	market_status_t rv;
	int fd, number = 0;

	rv = refuse_companions(sqlite, reterr);
	if (rv != MARKET_OK)
		return rv;
	fd = open(sqlite->path,
	    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, owner);
	if (fd < 0 && errno == EEXIST)
		return market__error(reterr, MARKET_E_IO, sqlite->sql.location,
		    -1, "it is there already: open it, or choose another name");
	if (fd < 0)
		return market__sqlite_system_error(
		    sqlite->sql.location, errno, "making the database", reterr);
	/* Whatever the process masks: SQLite gives its companions the mode
	 * that the database has. */
	if (fchmod(fd, owner) != 0)
		number = errno;
	if (close(fd) != 0 && number == 0)
		number = errno;
	if (number == 0)
		return MARKET_OK;
	market__backend_discard(sqlite->path);
	return market__sqlite_system_error(
	    sqlite->sql.location, number, "making the database", reterr);
}

market_status_t
market__sqlite_find_file(market__sqlite_t *sqlite, market_error_t *reterr)
{
	const char *location = sqlite->sql.location;
	struct stat info;

	/* Never opened here: a close() would drop the locks that SQLite has on
	 * this file elsewhere in the process (POSIX fcntl). */
	if (stat(sqlite->path, &info) != 0 && errno == ENOENT)
		return market__error(reterr, MARKET_E_NOT_FOUND, location, -1,
		    "there is no such file: make the store first, or mend "
		    "the path");
	if (stat(sqlite->path, &info) != 0)
		return market__sqlite_system_error(
		    location, errno, "opening the database", reterr);
	if (S_ISDIR(info.st_mode))
		return market__error(reterr, MARKET_E_IO, location, -1,
		    "it is a directory: name the file of a store");
	if (!S_ISREG(info.st_mode))
		return market__error(reterr, MARKET_E_IO, location, -1,
		    "it is no regular file: name the file of a store");
	return MARKET_OK;
}
