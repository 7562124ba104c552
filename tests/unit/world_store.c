/* SPDX-License-Identifier: Apache-2.0 */
#include "world_store.h"

#include <stdio.h>

market_store_t *
world_store_at(world_t *world, const char *location, int64_t at)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_store_t *store = NULL;

	ck_assert_msg(
	    market_store_create(world_context(world), location,
		world_envelope(world, "root"), world_envelope(world, "policy"),
		at, NULL, &store, &error) == MARKET_OK,
	    "%s: %s: %s", location, error.path, error.message);
	return store;
}

market_store_t *
world_store(world_t *world, int64_t at)
{
	market_store_t *store = world_store_at(world, "memory:", at);
	market_additions_t *additions = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	market_slice_t envelopes[128];
	const char *name;
	size_t i, n = 0;

	for (i = 0; (name = world_evidence_name(world, i)) != NULL; i++)
		if (name[0] != '\0')
			envelopes[n++] = world_envelope(world, name);
	ck_assert_msg(market_store_add(store, envelopes, n, at,
			  MARKET_STORE_LATER, &additions, &error) == MARKET_OK,
	    "%s", error.message);
	market_additions_free(additions);
	return store;
}

market_decision_t *
world_store_check(world_t *world, const char *offer, const char *at)
{
	int64_t instant = world_time(at == NULL ? WORLD_NOW : at);
	market_store_t *store = world_store(world, instant);
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	market_status_t status;

	status = market_store_check(store, world_envelope(world, offer), NULL,
	    0, instant, 0, &decision, &error);
	ck_assert_msg(decision != NULL, "%s: %s: %s",
	    market_status_name(status), error.path, error.message);
	market_store_free(store);
	return decision;
}
