/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "counter.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <openssl/crypto.h>
#ifdef HAVE_SQLITE
#include <sqlite3.h>
#endif

/*
 * OpenSSL loses some of its own where it has no memory; what must come back is
 * compared with the state before, by counting.
 */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(
    void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:openssl_malloc\nleak:openssl_realloc\n";
}

counter_t counter = { .fail_at = SIZE_MAX };

void
counter_reset(size_t fail_at, bool for_ever, unsigned owners)
{
	counter.owners = owners;
	counter.armed = false;
	counter.calls = 0;
	counter.fail_at = fail_at;
	counter.for_ever = for_ever;
	counter.failed = 0;
}

void
counter_arm(void)
{
	counter.armed = true;
}

market_status_t
counter_disarm(market_status_t status)
{
	counter.armed = false;
	return status;
}

const char *
counter_owner_name(counter_owner_t owner)
{
	static const char *const names[COUNTER_OWNERS] = { "ours", "OpenSSL's",
		"SQLite's", "jansson's" };

	return names[owner];
}

static bool
fails(counter_owner_t owner)
{
	size_t call;

	if (!counter.armed || (counter.owners & COUNTER_ONLY(owner)) == 0)
		return false;
	call = counter.calls++;
	if (counter.for_ever ? call < counter.fail_at : call != counter.fail_at)
		return false;
	if (counter.failed++ == 0)
		counter.first = owner;
	return true;
}

static void *
count_malloc(counter_owner_t owner, size_t size)
{
	void *ptr;

	if (size == 0 || fails(owner))
		return NULL;
	ptr = malloc(size);
	/* Whoever reads what was not written sees it. */
	if (ptr != NULL) {
		memset(ptr, 0xa5, size);
		counter.live[owner]++;
	}
	return ptr;
}

static void
count_free(counter_owner_t owner, void *ptr)
{
	if (ptr != NULL)
		counter.live[owner]--;
	free(ptr);
}

static void *
our_alloc(void *user, size_t size)
{
	(void)user;
	return count_malloc(COUNTER_OURS, size);
}

static void
our_free(void *user, void *ptr)
{
	(void)user;
	count_free(COUNTER_OURS, ptr);
}

const market_allocator_t counter_allocator = { our_alloc, our_free, &counter };

static void *
openssl_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return count_malloc(COUNTER_OPENSSL, size);
}

static void
openssl_free(void *ptr, const char *file, int line)
{
	(void)file;
	(void)line;
	count_free(COUNTER_OPENSSL, ptr);
}

/* OpenSSL hands NULL and zero through to whoever replaces its own. */
static void *
openssl_realloc(void *ptr, size_t size, const char *file, int line)
{
	if (ptr == NULL)
		return openssl_malloc(size, file, line);
	if (size == 0) {
		openssl_free(ptr, file, line);
		return NULL;
	}
	return fails(COUNTER_OPENSSL) ? NULL : realloc(ptr, size);
}

static void *
jansson_malloc(size_t size)
{
	return count_malloc(COUNTER_JANSSON, size);
}

static void
jansson_free(void *ptr)
{
	count_free(COUNTER_JANSSON, ptr);
}

#ifdef HAVE_SQLITE
static sqlite3_mem_methods sqlite;

static void *
sqlite_malloc(int size)
{
	void *ptr = fails(COUNTER_SQLITE) ? NULL : sqlite.xMalloc(size);

	counter.live[COUNTER_SQLITE] += ptr != NULL;
	return ptr;
}

static void
sqlite_free(void *ptr)
{
	counter.live[COUNTER_SQLITE]--;
	sqlite.xFree(ptr);
}

static void *
sqlite_realloc(void *ptr, int size)
{
	return fails(COUNTER_SQLITE) ? NULL : sqlite.xRealloc(ptr, size);
}

/* Without lookaside memory, so that what is small is counted too. */
static bool
install_sqlite(void)
{
	sqlite3_mem_methods ours;

	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite) != SQLITE_OK)
		return false;
	ours = sqlite;
	ours.xMalloc = sqlite_malloc;
	ours.xFree = sqlite_free;
	ours.xRealloc = sqlite_realloc;
	return sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) == SQLITE_OK &&
	    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0) == SQLITE_OK;
}
#else
static bool
install_sqlite(void)
{
	return true;
}
#endif

bool
counter_install(void)
{
	json_set_alloc_funcs(jansson_malloc, jansson_free);
	return CRYPTO_set_mem_functions(
		   openssl_malloc, openssl_realloc, openssl_free) == 1 &&
	    install_sqlite();
}
