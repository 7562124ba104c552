/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h" /* mkdtemp */

#include "sqlite_kit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void
place_init(place_t *place)
{
	memset(place, 0, sizeof(*place));
	harness_memory_init(&place->memory);
	market__arena_init(&place->arena, &market__default_allocator, SIZE_MAX);
	place->busy_timeout_ms = 50;
	place->cache_bytes = 1 << 20;
	strcpy(place->folder, "sqlite-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(place->folder));
	snprintf(
	    place->path, sizeof(place->path), "%s/market.db", place->folder);
}

void
place_clear(place_t *place)
{
	struct dirent *entry;
	char path[512];
	DIR *folder;

	place_close(place);
	market__arena_clear(&place->arena);
	folder = opendir(place->folder);
	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder)) != NULL) {
		snprintf(
		    path, sizeof(path), "%s/%s", place->folder, entry->d_name);
		if (entry->d_name[0] != '.')
			ck_assert_int_eq(remove(path), 0);
	}
	closedir(folder);
	ck_assert_int_eq(rmdir(place->folder), 0);
}

static market_status_t
start(place_t *place, bool create)
{
	const market_error_t none = MARKET_ERROR_INIT;
	market_status_t rv;

	place_close(place);
	place->error = none;
	rv = market__backend_open(&place->memory.allocator, place->path, create,
	    place->cache_bytes, place->busy_timeout_ms, &place->backend,
	    &place->error);
	if (rv == MARKET_OK)
		place->ops = place->backend->ops;
	else
		ck_assert_uint_eq(place->memory.live, 0);
	return rv;
}

market_status_t
place_create(place_t *place)
{
	return start(place, true);
}

market_status_t
place_open(place_t *place)
{
	return start(place, false);
}

void
place_close(place_t *place)
{
	if (place->backend != NULL)
		place->ops->close(place->backend);
	place->backend = NULL;
	ck_assert_uint_eq(place->memory.live, 0);
}

void
place_opens(place_t *place)
{
	market_status_t rv = place_open(place);

	ck_assert_msg(rv == MARKET_OK, "%s: %s", market_status_name(rv),
	    place->error.message);
}

void
place_refuses(place_t *place, market_status_t want, const char *text)
{
	market_status_t rv = place_open(place);

	ck_assert_msg(rv == want, "%s instead of %s: %s",
	    market_status_name(rv), market_status_name(want),
	    place->error.message);
	ck_assert_msg(strstr(place->error.message, text) != NULL,
	    "no \"%s\" in: %s", text, place->error.message);
	ck_assert_str_eq(place->error.path, place->path);
}

const char *
place_file(const place_t *place, const char *suffix)
{
	static char path[2][128];
	static size_t next;
	char *at = path[next++ % 2];

	snprintf(at, sizeof(path[0]), "%s%s", place->path, suffix);
	return at;
}

bool
place_has(const place_t *place, const char *suffix)
{
	return access(place_file(place, suffix), F_OK) == 0;
}

/* ---- the file ---- */

static sqlite3 *
plain(const place_t *place)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(place->path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 1000);
	return db;
}

void
place_sql(const place_t *place, const char *text)
{
	sqlite3 *db = plain(place);
	int code = sqlite3_exec(db, text, NULL, NULL, NULL);

	ck_assert_msg(code == SQLITE_OK, "%s: %s", text, sqlite3_errmsg(db));
	sqlite3_close(db);
}

int64_t
place_number(const place_t *place, const char *text)
{
	sqlite3 *db = plain(place);
	sqlite3_stmt *statement = NULL;
	int64_t number;

	ck_assert_int_eq(
	    sqlite3_prepare_v2(db, text, -1, &statement, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
	number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

void
place_poke(const place_t *place, const char *suffix, long offset,
    const void *bytes, size_t len)
{
	FILE *file = fopen(place_file(place, suffix), "r+b");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fseek(file, offset, SEEK_SET), 0);
	ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
}

void
place_copy(const place_t *place, const char *from, const char *to)
{
	size_t len;
	char *bytes = harness_read(place_file(place, from), &len);
	FILE *file = fopen(place_file(place, to), "wb");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
	free(bytes);
}

long
place_size(const place_t *place, const char *suffix)
{
	struct stat info;

	if (stat(place_file(place, suffix), &info) != 0)
		return 0;
	return (long)info.st_size;
}

void
place_fill(place_t *place, uint64_t n)
{
	uint64_t i;

	OK(place_create(place));
	for (i = 1; i <= n; i++)
		OK(place_write(place, i));
	place_close(place);
}

static char last_fault[512];

static void
count_fault(void *user, const char *fault)
{
	size_t *n = user;

	snprintf(last_fault, sizeof(last_fault), "%s", fault);
	*n += 1;
}

const char *
place_fault(void)
{
	return last_fault;
}

size_t
place_faults(place_t *place)
{
	size_t n = 0;

	OK(place->ops->begin(place->backend, false, &place->error));
	OK(place->ops->integrity(
	    place->backend, count_fault, &n, &place->error));
	place->ops->rollback(place->backend);
	return n;
}
