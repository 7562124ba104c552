/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h" /* HAVE_SQLITE */

#include "store/store_backend.h"

#ifndef HAVE_SQLITE
market_status_t
market__sqlite_open(const market_allocator_t *allocator,
    const market__sqlite_options_t *options, market__backend_t **ret_backend,
    market_error_t *reterr)
{
	(void)allocator;
	(void)ret_backend;
	return market__error(reterr, MARKET_E_UNSUPPORTED, options->path, -1,
	    "this libmarket was built without SQLite: use \"memory:\", or "
	    "build it with sqlite3 3.40 or later");
}
#endif

market_status_t
market__backend_open(const market_allocator_t *allocator, const char *location,
    bool create, size_t cache_bytes, unsigned busy_timeout_ms,
    market__backend_t **ret_backend, market_error_t *reterr)
{
	market__sqlite_options_t options;

	if (location == NULL || location[0] == '\0')
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "the store has no name: give the path of a file, or "
		    "\"memory:\"");
	if (strcmp(location, "memory:") == 0 && create)
		return market__memory_open(allocator, ret_backend, reterr);
	if (strcmp(location, "memory:") == 0)
		return market__error(reterr, MARKET_E_NOT_FOUND, location, -1,
		    "a store in memory is there only while it is open: make "
		    "one");
	options.path = location;
	options.create = create;
	options.cache_bytes = cache_bytes;
	options.busy_timeout_ms = busy_timeout_ms;
	return market__sqlite_open(allocator, &options, ret_backend, reterr);
}
