/* SPDX-License-Identifier: Apache-2.0 */
#include "openssl_memory.h"

#include <stdint.h>
#include <stdlib.h>

#include <openssl/crypto.h>

atomic_size_t openssl_memory_calls;
size_t openssl_memory_fail_at = SIZE_MAX;
bool openssl_memory_for_ever;

static bool
fails(void)
{
	size_t call = atomic_fetch_add(&openssl_memory_calls, 1);

	return call == openssl_memory_fail_at ||
	    (openssl_memory_for_ever && call > openssl_memory_fail_at);
}

static void *
their_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : malloc(size);
}

static void *
their_realloc(void *ptr, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : realloc(ptr, size);
}

static void
their_free(void *ptr, const char *file, int line)
{
	(void)file;
	(void)line;
	free(ptr);
}

bool
openssl_memory_count(void)
{
	return CRYPTO_set_mem_functions(
		   their_malloc, their_realloc, their_free) == 1;
}
