/* SPDX-License-Identifier: Apache-2.0 */
/* protobuf-c's memory is the arena's: bounded, and given back at once. */
#include "wire/descriptors.h"

static void *
arena_alloc(void *user, size_t size)
{
	return market__arena_raw(user, size); /* as from malloc() */
}

static void
arena_free(void *user, void *ptr)
{
	(void)user;
	(void)ptr;
}

ProtobufCAllocator
market__protobuf_allocator(market__arena_t *arena)
{
	ProtobufCAllocator allocator;

	allocator.alloc = arena_alloc;
	allocator.free = arena_free;
	allocator.allocator_data = arena;
	return allocator;
}

market_status_t
market__arena_failed(
    const market__arena_t *arena, const char *what, market_error_t *reterr)
{
	if (arena->out_of_memory)
		return market__error(
		    reterr, MARKET_E_MEMORY, NULL, -1, "out of memory");
	if (arena->over_budget)
		return market__error(reterr, MARKET_E_LIMIT, NULL, -1,
		    "%s needs more memory than its size allows (limit: "
		    "memory); "
		    "it has too many small parts",
		    what);
	return market__error(reterr, MARKET_E_INTERNAL, NULL, -1,
	    "%s passed the strict check and protobuf-c refuses it", what);
}
