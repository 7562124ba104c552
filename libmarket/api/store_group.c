/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Offers that threads submit at once go into one transaction: whoever comes
 * first serves all who wait by the time that the store is free, in the order
 * in which they came. What comes out is what came out one after the other.
 * They are judged before the transaction that writes, so that it is short;
 * where evidence or the clock has moved meanwhile they are judged again in it.
 */
#include "api/store_submit.h"

/* Offers of one transaction; one who brings more has one of his own. */
#define GROUP_MAX 1000

typedef struct market__waiting waiting_t;
struct market__waiting {
	market_submissions_t *submissions;
	int64_t at;
	int64_t now; /* that it was judged as of */
	bool untrusted;
	market_error_t error;
	market_status_t status;
	bool served;
	waiting_t *next;
};

/* ---- one transaction ---- */

static void
settle(market__call_t *call, const waiting_t *waiting)
{
	market__call_settle(call, waiting->at);
	if (call->now > call->head.clock)
		call->head.clock = call->now;
}

static market_status_t
judge_group(market__call_t *call, waiting_t *group)
{
	market_status_t status;
	waiting_t *w;

	status = market__call_transact(call, false, group->at);
	for (w = group; w != NULL && status == MARKET_OK; w = w->next) {
		settle(call, w);
		w->now = call->now;
		w->untrusted = call->untrusted;
		status = market__submissions_judge(call, w->submissions);
	}
	return status;
}

static market_status_t
publish_group(market__call_t *call, waiting_t *group, uint64_t epoch)
{
	market_status_t status;
	uint64_t entries;
	int64_t clock;
	waiting_t *w;

	status = market__call_transact(call, true, group->at);
	entries = call->head.entries;
	clock = call->head.clock;
	for (w = group; w != NULL && status == MARKET_OK; w = w->next) {
		settle(call, w);
		if (call->head.epoch != epoch || call->now != w->now ||
		    call->untrusted != w->untrusted)
			status = market__submissions_judge(
			    call, w->submissions);
		if (status == MARKET_OK)
			status = market__submissions_publish(
			    call, w->submissions);
	}
	if (status != MARKET_OK)
		return status;
	if (call->head.entries == entries && call->head.clock == clock) {
		market__call_rollback(call); /* nothing to write */
		return MARKET_OK;
	}
	return market__call_commit(call);
}

static market_status_t
submit_group(market__call_t *call, waiting_t *group)
{
	market_status_t status = judge_group(call, group);
	uint64_t epoch = call->head.epoch;

	if (status != MARKET_OK)
		return status;
	market__call_rollback(call);
	return publish_group(call, group, epoch);
}

/* ---- who waits ---- */

size_t
market__waiting_count(const market_store_t *store)
{
	const waiting_t *w;
	size_t n = 0;

	for (w = store->waiting; w != NULL; w = w->next)
		n++;
	return n;
}

/* From the head, as many as one transaction takes; under the lock. */
static waiting_t *
take_group(market_store_t *store)
{
	waiting_t *group = store->waiting, *last = NULL, *w;
	size_t n = 0;

	for (w = group; w != NULL; last = w, w = w->next) {
		/* A feed's chunks are alone: what they fail with is theirs. */
		if (last != NULL &&
		    (w->submissions->n > GROUP_MAX - n ||
			w->submissions->intake != NULL ||
			last->submissions->intake != NULL))
			break;
		n += w->submissions->n;
		if (n >= GROUP_MAX) {
			last = w;
			w = w->next;
			break;
		}
	}
	store->waiting = w;
	if (last != NULL)
		last->next = NULL;
	return group;
}

/* Is it of what one of them brought, and not of the store? */
static bool
is_somebodys(market_status_t status)
{
	return status == MARKET_E_MEMORY || status == MARKET_E_LIMIT ||
	    status == MARKET_E_INTERNAL || status == MARKET_E_CORRUPT;
}

/* What one of them fails with is not the others' failure. */
static void
submit_alone(market_store_t *store, waiting_t *waiting)
{
	static const market_error_t none = MARKET_ERROR_INIT;
	market__call_t call;

	waiting->error = none;
	market__submissions_reset(waiting->submissions);
	waiting->status = market__call_begin(store, &waiting->error, &call);
	if (waiting->status == MARKET_OK)
		waiting->status = submit_group(&call, waiting);
	waiting->status = market__call_end(&call, waiting->status);
}

static void
submit_each(market_store_t *store, waiting_t *group)
{
	waiting_t *w, *next;

	for (w = group; w != NULL; w = next) {
		next = w->next;
		w->next = NULL;
		submit_alone(store, w);
		w->next = next;
	}
}

static void
serve(market_store_t *store)
{
	market_error_t error = MARKET_ERROR_INIT;
	waiting_t *group = NULL, *w, *next;
	market_status_t status;
	market__call_t call;

	/* Meanwhile others come. */
	status = market__call_begin(store, &error, &call);
	pthread_mutex_lock(&store->lock);
	group = take_group(store);
	pthread_mutex_unlock(&store->lock);
	if (status == MARKET_OK)
		status = submit_group(&call, group);
	status = market__call_end(&call, status);
	for (w = group; w != NULL; w = w->next) {
		w->status = status;
		w->error = error;
	}
	if (is_somebodys(status) && group != NULL && group->next != NULL)
		submit_each(store, group);
	pthread_mutex_lock(&store->lock);
	for (w = group; w != NULL; w = next) {
		next = w->next; /* it is its thread's, once it is served */
		w->served = true;
	}
	pthread_mutex_unlock(&store->lock);
}

/* Under the lock. */
static void
wait_in_line(market_store_t *store, waiting_t *own)
{
	waiting_t **end = &store->waiting;

	while (*end != NULL)
		end = &(*end)->next;
	*end = own;
	while (!own->served) {
		if (store->serving) {
			pthread_cond_wait(&store->served, &store->lock);
			continue;
		}
		store->serving = true;
		pthread_mutex_unlock(&store->lock);
		serve(store);
		pthread_mutex_lock(&store->lock);
		store->serving = false;
		pthread_cond_broadcast(&store->served);
	}
}

market_status_t
market__submissions_submit(market_store_t *store,
    market_submissions_t *submissions, int64_t at, market_error_t *reterr)
{
	waiting_t own = {
		.submissions = submissions, .at = at, .error = MARKET_ERROR_INIT
	};

	if (at < 0 || at > MARKET__TIME_MAX)
		return market__instant_refused(reterr);
	if (market__store_lock(store) != MARKET_OK)
		return market__store_in_use(reterr);
	wait_in_line(store, &own);
	pthread_mutex_unlock(&store->lock);
	if (own.status != MARKET_OK && reterr != NULL)
		*reterr = own.error;
	return own.status;
}
