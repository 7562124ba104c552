/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which slots has a statement ever been filed in? A Bloom filter (B. Bloom,
 * CACM 13, 1970) over all that was accepted, made while the chain over it is
 * followed: what is not in it holds nothing, without a look at the database.
 * Most of what is asked is whether this one offer was withdrawn.
 */
#include "api/store_evidence.h"

/* 128 KiB: of 100,000 slots one look in 60 is in vain. */
#define BITS   (UINT32_C(1) << 20)
#define PROBES 3

market_status_t
market__filed_make(market_store_t *store)
{
	store->filed = market__alloc(&store->context->allocator, BITS / 8);
	return store->filed == NULL ? MARKET_E_MEMORY : MARKET_OK;
}

/* Twenty bits of the hash for each probe. */
static uint32_t
place(uint64_t hash, unsigned probe)
{
	return (uint32_t)(hash >> 21 * probe) % BITS;
}

static void
note(market_store_t *store, market_slice_t key)
{
	uint64_t hash = market__hash(key);
	unsigned probe;
	uint32_t bit;

	for (probe = 0; probe < PROBES; probe++) {
		bit = place(hash, probe);
		store->filed[bit / 8] |= (uint8_t)(1u << bit % 8);
	}
}

/* A slot's name, and each beginning of it that ends with a slash: no name
 * does. */
void
market__filed_note(market_store_t *store, market_slice_t slot)
{
	size_t i;

	note(store, slot);
	for (i = 0; i < slot.len; i++)
		if (slot.ptr[i] == '/')
			note(store, market__slice(slot.ptr, i + 1));
}

/* Of the past, of what is supposed, and of what was not caught up with (fsck)
 * it knows nothing. */
static bool
never(const market__call_t *call, market_slice_t key)
{
	const market_store_t *store = call->store;
	uint64_t hash;
	unsigned probe;
	uint32_t bit;

	if (call->view != MARKET__VIEW_LIVE || call->supposed != NULL ||
	    call->cache != store->cache)
		return false;
	hash = market__hash(key);
	for (probe = 0; probe < PROBES; probe++) {
		bit = place(hash, probe);
		if ((store->filed[bit / 8] >> bit % 8 & 1) == 0)
			return true;
	}
	return false;
}

bool
market__filed_never(const market__call_t *call, market_slice_t slot)
{
	return never(call, slot);
}

bool
market__filed_any(const void *user, market_slice_t beginning)
{
	const market__call_t *call = ((const market__slot_user_t *)user)->call;

	return beginning.len == 0 || beginning.ptr[beginning.len - 1] != '/' ||
	    !never(call, beginning);
}
