/* SPDX-License-Identifier: Apache-2.0 */
/* The SQLite backend: the body of every backend, reopened as well. */
#include "config.h" /* mkdtemp */

#include "conformance.h"
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What was opened last. */
static char folder[32];
static char path[64];

static market_status_t
open_path(const market_allocator_t *allocator, bool create,
    market__backend_t **ret_backend)
{
	return market__backend_open(
	    allocator, path, create, 1 << 20, 50, ret_backend, NULL);
}

static market_status_t
open_new(const market_allocator_t *allocator, market__backend_t **ret_backend)
{
	snprintf(folder, sizeof(folder), "sqlite-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/market.db", folder);
	return open_path(allocator, true, ret_backend);
}

static market_status_t
open_again(const market_allocator_t *allocator, market__backend_t **ret_backend)
{
	return open_path(allocator, false, ret_backend);
}

/* The last one that closes takes the log along; what nothing was ever put
 * into went by itself. */
static void
discard(void)
{
	(void)unlink(path);
	ck_assert_int_eq(rmdir(folder), 0);
}

static const conformance_backend_t subject = {
	.name = "sqlite",
	.open = open_new,
	.reopen = open_again,
	.discard = discard,
};

int
main(void)
{
	return harness_main(conformance_suite(&subject));
}
