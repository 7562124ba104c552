/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What if: statements are accepted in a transaction that is always rolled
 * back. What was known before is history to it.
 */
#include "api/ahead.h"
#include "api/store_add.h"

/* The offers that the statements mean by themselves. */
static market_status_t
ask_meant(market__ahead_t *ahead, const market_additions_t *additions)
{
	const market_added_t *added;
	market_status_t status = MARKET_OK;
	size_t i;

	for (i = 0; i < additions->n && status == MARKET_OK; i++) {
		added = &additions->v[i].added;
		if (added->result == MARKET_RESULT_ACCEPTED ||
		    added->result == MARKET_RESULT_FORK)
			status = market__ahead_mean(
			    ahead, additions->v[i].statement->message);
	}
	return status == MARKET_OK ? market__ahead_meant(ahead) : status;
}

static market_status_t
suppose(market__call_t *call, market_additions_t *additions,
    market_effects_t **ret_effects)
{
	uint64_t entries = call->head.entries;
	market__ahead_t ahead;
	market_status_t status;
	size_t i;

	status = market__call_suppose(call, additions);
	if (status != MARKET_OK)
		return status;
	/* None was written that lasts. */
	for (i = 0; i < additions->n; i++)
		additions->v[i].added.entry = 0;
	status = market__ahead_begin(call, &ahead);
	ahead.sights[MARKET__BEFORE].as_of = entries;
	if (status == MARKET_OK)
		status = market__ahead_part(
		    &ahead, MARKET__BEFORE, MARKET__VIEW_PAST);
	if (status == MARKET_OK)
		status = ask_meant(&ahead, additions);
	if (status == MARKET_OK)
		status = market__ahead_compare(&ahead, 0);
	if (status == MARKET_OK)
		status = market__ahead_dark(&ahead);
	return market__ahead_end(&ahead, status, ret_effects);
}

market_status_t
market_store_what_if(market_store_t *store, const market_slice_t *with,
    size_t n, int64_t at, market_effects_t **ret_effects,
    market_additions_t **ret_additions, market_error_t *reterr)
{
	market_additions_t *additions = NULL;
	market_effects_t *effects = NULL;
	market_status_t status;
	market__call_t call;

	if (ret_effects == NULL || (with == NULL && n > 0))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "the statements and ret_effects must be given");
	status = market__call_begin(store, reterr, &call);
	if (status != MARKET_OK)
		return status;
	status = market__additions_new(
	    call.context, with, n, &additions, reterr);
	if (status == MARKET_OK)
		status = market__call_transact(&call, true, at);
	if (status == MARKET_OK)
		status = suppose(&call, additions, &effects);
	/* The end of a call that did not commit is a rollback. */
	status = market__call_end(&call, status);
	if (status == MARKET_OK) {
		*ret_effects = effects;
		if (ret_additions != NULL) {
			*ret_additions = additions;
			additions = NULL;
		}
	}
	market_additions_free(additions);
	return status;
}
