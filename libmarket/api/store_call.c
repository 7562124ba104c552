/* SPDX-License-Identifier: Apache-2.0 */
/* One call on a store: its turn, its transaction, its instant. */
#include <unistd.h>

#include "api/store_call.h"
#include "crypto/crypto.h"
#include "model/slot.h"

/* Of others, that a call looks through before it goes on. */
#define ENTRIES_MAX 4096

/*
 * The caller's allocator runs while a call does, and may do as it likes: so
 * no mutex is held meanwhile, and whoever comes back in is told instead of
 * waiting for itself.
 */
market_status_t
market__store_lock(market_store_t *store)
{
	/* In a child the lock may be held by nobody who is there. */
	if (getpid() != store->pid)
		return MARKET_E_STATE;
	pthread_mutex_lock(&store->lock);
	if (!store->busy || !pthread_equal(store->owner, pthread_self()))
		return MARKET_OK;
	pthread_mutex_unlock(&store->lock);
	return MARKET_E_STATE;
}

market_status_t
market__store_in_use(market_error_t *reterr)
{
	return market__error(reterr, MARKET_E_STATE, NULL, -1,
	    "the store is in use by a call that this one was made "
	    "from, or was opened before fork(): open it anew");
}

static market_status_t
take_turn(market_store_t *store)
{
	market_status_t status = market__store_lock(store);

	if (status != MARKET_OK)
		return status;
	while (store->busy)
		pthread_cond_wait(&store->idle, &store->lock);
	store->busy = true;
	store->owner = pthread_self();
	pthread_mutex_unlock(&store->lock);
	return MARKET_OK;
}

static void
end_turn(market_store_t *store)
{
	pthread_mutex_lock(&store->lock);
	store->busy = false;
	pthread_cond_signal(&store->idle);
	pthread_mutex_unlock(&store->lock);
}

market_status_t
market__call_begin(
    market_store_t *store, market_error_t *reterr, market__call_t *ret_call)
{
	memset(ret_call, 0, sizeof(*ret_call));
	if (store == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "a store must be given");
	if (take_turn(store) != MARKET_OK)
		return market__store_in_use(reterr);
	ret_call->store = store;
	ret_call->context = store->context;
	ret_call->backend = store->backend;
	ret_call->ops = store->backend->ops;
	ret_call->reterr = reterr;
	ret_call->cache = store->cache;
	ret_call->as_of = UINT64_MAX;
	market__arena_init(
	    &ret_call->arena, &store->context->allocator, MARKET__CALL_BUDGET);
	return MARKET_OK;
}

market_status_t
market__call_end(market__call_t *call, market_status_t status)
{
	const market_allocator_t *allocator;

	if (call->store == NULL)
		return status;
	/* Whatever failed in silence. */
	if (status != MARKET_OK && call->reterr != NULL &&
	    call->reterr->status == MARKET_OK)
		(void)market__error(call->reterr, status, NULL, -1, "%s",
		    market_status_text(status));
	allocator = &call->context->allocator;
	if (call->open)
		market__call_rollback(call);
	market__call_release(call, 0);
	market__free(allocator, (void *)call->pins);
	if (call->cache != call->store->cache)
		market__cache_free(call->cache);
	market__arena_clear(&call->arena);
	end_turn(call->store);
	return status;
}

/* ---- what others did ---- */

/* Does the chain over what was accepted since lead to the head's? */
static market_status_t
follow_chain(market__call_t *call, market__arena_t *arena)
{
	market__statement_query_t query = { 0 };
	const market__statement_row_t *rows;
	uint8_t chain[MARKET_DIGEST_LEN];
	market_status_t status;
	size_t n = 0, i;

	memcpy(chain, call->store->seen.epoch_chain, sizeof(chain));
	query.by = MARKET__STATEMENT_BY_NO;
	query.after = call->store->seen.epoch;
	query.max = 256;
	do {
		status = call->ops->statements(
		    call->backend, &query, arena, &rows, &n, call->reterr);
		for (i = 0; i < n && status == MARKET_OK; i++) {
			if (rows[i].no != query.after + 1)
				return market__error(call->reterr,
				    MARKET_E_CORRUPT, NULL, -1,
				    "statement %llu is not in the store any "
				    "more: run market fsck",
				    (unsigned long long)query.after + 1);
			query.after = rows[i].no;
			market__filed_note(call->store, rows[i].slot);
			status = market__epoch_chain(
			    call, chain, &rows[i], chain);
		}
		if (status != MARKET_OK)
			return status;
		market__arena_clear(arena);
		market__arena_init(
		    arena, &call->context->allocator, MARKET__CALL_BUDGET);
	} while (n == query.max);
	if (query.after != call->head.epoch ||
	    memcmp(chain, call->head.epoch_chain, sizeof(chain)) != 0)
		return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
		    "the store's statements are not those that were accepted: "
		    "run market fsck");
	return MARKET_OK;
}

static market_status_t
went_back(market__call_t *call)
{
	return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
	    "the store is older than it was, or another one: was a copy put "
	    "back while it was open? Close it, and run market fsck");
}

/*
 * Does the history go on from where it stood? Looked at where that is soon
 * done; all of it is for fsck and for a kept mark.
 */
static market_status_t
follow_entries(market__call_t *call)
{
	const market__store_head_t *head = &call->head;
	const market__store_head_t *seen = &call->store->seen;
	uint8_t chain[MARKET_DIGEST_LEN];
	market_status_t status;

	if (seen->entries == 0 || head->entries - seen->entries > ENTRIES_MAX)
		return MARKET_OK;
	memcpy(chain, seen->entry_chain, sizeof(chain));
	status = market__entry_follow(
	    call, seen->entries, head->entries, chain);
	if (status == MARKET_OK &&
	    memcmp(chain, head->entry_chain, sizeof(chain)) != 0)
		return went_back(call);
	return status;
}

/* Sees what was committed since this process last looked. */
static market_status_t
catch_up(market__call_t *call)
{
	market_store_t *store = call->store;
	const market__store_head_t *head = &call->head, *seen = &store->seen;
	market__arena_t arena;
	market_status_t status;

	if (head->epoch < seen->epoch || head->entries < seen->entries ||
	    head->clock < seen->clock)
		return went_back(call);
	status = follow_entries(call);
	if (status != MARKET_OK)
		return status;
	if (head->epoch == seen->epoch) {
		if (memcmp(head->epoch_chain, seen->epoch_chain,
			MARKET_DIGEST_LEN) != 0)
			return went_back(call);
		store->seen = *head;
		return MARKET_OK;
	}
	market__arena_init(
	    &arena, &call->context->allocator, MARKET__CALL_BUDGET);
	status = follow_chain(call, &arena);
	if (status == MARKET_OK)
		status = market__news_read(call, &arena);
	if (status == MARKET_OK)
		store->seen = *head;
	market__arena_clear(&arena);
	return status;
}

/* ---- transactions ---- */

market_status_t
market__instant_refused(market_error_t *reterr)
{
	return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
	    "the instant must lie in the years 1970 to 9999");
}

void
market__call_settle(market__call_t *call, int64_t at)
{
	int64_t mark = call->head.clock;

	call->now = at > mark ? at : mark;
	call->untrusted = at < mark && mark - at > call->store->tolerance;
}

market_status_t
market__call_transact(market__call_t *call, bool write, int64_t at)
{
	market_status_t status;

	if (at < 0 || at > MARKET__TIME_MAX)
		return market__instant_refused(call->reterr);
	status = call->ops->begin(call->backend, write, call->reterr);
	if (status != MARKET_OK)
		return status;
	call->open = true;
	call->write = write;
	call->settling = call->store->settling;
	status = call->ops->head_get(call->backend, &call->head, call->reterr);
	if (status == MARKET_E_NOT_FOUND)
		return market__error(call->reterr, MARKET_E_CORRUPT, NULL, -1,
		    "the store has no head: it was never completed");
	if (status == MARKET_OK)
		status = catch_up(call);
	if (status == MARKET_OK)
		market__call_settle(call, at);
	return status;
}

market_status_t
market__call_ask(market__call_t *call, int64_t at, unsigned flags)
{
	market_status_t status;

	if ((flags & ~MARKET_STORE_PAST) != 0)
		return market__error(call->reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "a question knows the flag MARKET_STORE_PAST alone");
	status = market__call_transact(call, false, at);
	if (status != MARKET_OK || flags == 0 || at >= call->head.clock)
		return status;
	call->untrusted = false;
	call->now = at;
	status = market__entry_at(call, at, &call->as_of);
	if (status == MARKET_OK)
		status = market__call_alone(call, MARKET__VIEW_PAST);
	return status;
}

market_status_t
market__call_alone(market__call_t *call, market__view_t view)
{
	market__cache_t *cache = market__cache_new(
	    &call->context->allocator, call->store->cache_bytes);

	if (cache == NULL)
		return market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory to look at the store");
	market__call_release(call, 0);
	if (call->cache != call->store->cache)
		market__cache_free(call->cache);
	call->cache = cache;
	call->root = NULL;
	call->view = view;
	return MARKET_OK;
}

market_status_t
market__call_tick(market__call_t *call)
{
	if (call->now > call->head.clock)
		return market__call_commit(call);
	market__call_rollback(call);
	return MARKET_OK;
}

market_status_t
market__call_commit(market__call_t *call)
{
	market_status_t status;

	if (call->now > call->head.clock)
		call->head.clock = call->now;
	status = call->ops->head_put(call->backend, &call->head, call->reterr);
	if (status == MARKET_OK)
		status = call->ops->commit(call->backend, call->reterr);
	if (status != MARKET_OK)
		return status;
	call->open = false;
	call->store->settling = call->settling;
	/* The epoch's own changes are seen by catching up, like others'. */
	if (call->head.epoch == call->store->seen.epoch)
		call->store->seen = call->head;
	return MARKET_OK;
}

void
market__call_rollback(market__call_t *call)
{
	call->ops->rollback(call->backend);
	call->open = false;
}

/* ---- what a call holds ---- */

market_status_t
market__call_keep(market__call_t *call, market__cached_t *cached)
{
	const market_allocator_t *allocator = &call->context->allocator;
	size_t more = call->pins_capacity == 0 ? 64 : call->pins_capacity * 2;
	market__cached_t **pins;

	if (call->n_pins == call->pins_capacity) {
		pins = market__alloc_array(allocator, more, sizeof(*pins));
		if (pins == NULL) {
			market__cache_unpin(call->cache, cached);
			return market__error(call->reterr, MARKET_E_MEMORY,
			    NULL, -1, "no memory to look at the store");
		}
		if (call->n_pins > 0)
			memcpy((void *)pins, (void *)call->pins,
			    call->n_pins * sizeof(*pins));
		market__free(allocator, (void *)call->pins);
		call->pins = pins;
		call->pins_capacity = more;
	}
	call->pins[call->n_pins++] = cached;
	return MARKET_OK;
}

void
market__call_release(market__call_t *call, size_t n_pins)
{
	call->root = NULL;
	while (call->n_pins > n_pins)
		market__cache_unpin(call->cache, call->pins[--call->n_pins]);
}

market_status_t
market__call_refused(market__call_t *call, const market__arena_t *arena)
{
	market_status_t status = market__arena_refusal(arena);

	return market__error(call->reterr, status, NULL, -1,
	    status == MARKET_E_LIMIT
		? "the answer takes more memory than one call may have"
		: "no memory to look at the store");
}

market_status_t
market__call_digest(
    market__call_t *call, const market_slice_t *pieces, size_t n, uint8_t *out)
{
	market_status_t status = market__sha256(call->context, pieces, n, out);

	if (status != MARKET_OK)
		return market__error(call->reterr, status, NULL, -1,
		    "a digest could not be computed");
	return MARKET_OK;
}

market_status_t
market__call_envelope(market__call_t *call, const market_statement_t *statement,
    market_slice_t *ret_envelope)
{
	market_buffer_t bytes = MARKET_BUFFER_INIT;
	market_status_t status;

	/* There is one encoding of it. */
	if (statement->envelope.packed.len > 0) {
		*ret_envelope = statement->envelope.packed;
		return MARKET_OK;
	}
	status = market__envelope_write(
	    &statement->envelope, false, &call->context->allocator, &bytes);
	if (status == MARKET_OK) {
		*ret_envelope = market__arena_copy(
		    &call->arena, market_buffer_slice(&bytes));
		if (ret_envelope->ptr == NULL)
			status = market__arena_refusal(&call->arena);
	}
	market_buffer_clear(&bytes);
	if (status != MARKET_OK)
		return market__error(call->reterr, status, NULL, -1,
		    "an envelope could not be written");
	return MARKET_OK;
}
