/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Offers checked by several threads. Whoever is free takes the next offer, so
 * long as it is no further ahead of the one to be told next than there are
 * places; the caller's thread tells, and works where there is nothing to tell.
 */
#include <pthread.h>

#include <market/batch.h>

#include "api/evidence.h"
#include "base/deadline.h"

/* Offers for each thread that may be ready, or in work, before their turn. */
#define PLACES 32

typedef struct place {
	market_status_t status;
	market_decision_t *decision;
	market_error_t error;
	bool ready;
} place_t;

typedef struct batch {
	market_evidence_t *evidence;
	const market_slice_t *offers;
	size_t n;
	int64_t at;
	const market_batch_options_t *options;
	market__deadline_t deadline;
	unsigned n_threads;

	pthread_mutex_t lock; /* of all below */
	pthread_cond_t moved;
	place_t *places; /* offer i has place i % n_places */
	size_t n_places;
	size_t next; /* the first that nobody has taken */
	size_t told;
	bool over; /* none is begun any more */
} batch_t;

/* ---- under the lock ---- */

/* The next offer, if there is one, a place for it, and time. */
static bool
take(batch_t *b, size_t *ret_index)
{
	if (!b->over && market__deadline_over(&b->deadline)) {
		b->over = true;
		pthread_cond_broadcast(&b->moved);
	}
	if (b->over || b->next == b->n || b->next - b->told == b->n_places)
		return false;
	*ret_index = b->next++;
	return true;
}

static void
check_one(batch_t *b, size_t index)
{
	place_t *place = &b->places[index % b->n_places];
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	market_status_t status;

	pthread_mutex_unlock(&b->lock);
	status = market_check(
	    b->evidence, b->offers[index], b->at, &decision, &error);
	pthread_mutex_lock(&b->lock);
	place->status = status;
	place->decision = decision;
	place->error = error;
	place->ready = true;
	pthread_cond_broadcast(&b->moved);
}

static void *
work(void *user)
{
	batch_t *b = user;
	size_t index;

	pthread_mutex_lock(&b->lock);
	while (!b->over && b->next < b->n) {
		if (take(b, &index))
			check_one(b, index);
		else
			pthread_cond_wait(&b->moved, &b->lock);
	}
	pthread_mutex_unlock(&b->lock);
	return NULL;
}

/* False where the callback wants no more. */
static bool
tell(batch_t *b)
{
	size_t index = b->told;
	place_t *place = &b->places[index % b->n_places];
	place_t ready = *place;
	int rv;

	memset(place, 0, sizeof(*place));
	b->told++;
	pthread_cond_broadcast(&b->moved);
	pthread_mutex_unlock(&b->lock);
	rv = b->options->checked(b->options->user, index, ready.status,
	    ready.decision, &ready.error);
	market_decision_free(ready.decision);
	pthread_mutex_lock(&b->lock);
	return rv == 0;
}

/* Tells what is ready, and works where nothing is. */
static market_status_t
lead(batch_t *b)
{
	market_status_t status = MARKET_OK;
	size_t index;

	while (b->told < b->n) {
		if (b->places[b->told % b->n_places].ready) {
			if (!tell(b)) {
				status = MARKET_E_CALLBACK;
				break;
			}
		} else if (take(b, &index)) {
			check_one(b, index);
		} else if (b->told == b->next) {
			status = MARKET_E_TIMEOUT;
			break;
		} else {
			pthread_cond_wait(&b->moved, &b->lock);
		}
	}
	b->over = true;
	pthread_cond_broadcast(&b->moved);
	return status;
}

/* ---- the call ---- */

static market_status_t
run(batch_t *b, pthread_t *threads)
{
	market_status_t status;
	unsigned made = 1, i;

	pthread_mutex_lock(&b->lock);
	while (made < b->n_threads &&
	    pthread_create(&threads[made], NULL, work, b) == 0)
		made++;
	if (made == b->n_threads) {
		status = lead(b);
	} else {
		b->over = true;
		status = MARKET_E_MEMORY;
	}
	pthread_mutex_unlock(&b->lock);
	for (i = 1; i < made; i++)
		pthread_join(threads[i], NULL);
	return status;
}

static market_status_t
start(batch_t *b)
{
	const market_allocator_t *allocator = &b->evidence->context->allocator;
	market_status_t status = MARKET_E_MEMORY;
	pthread_t *threads;
	size_t i;

	b->n_places = (size_t)b->n_threads * PLACES;
	b->places = market__alloc_array(
	    allocator, b->n_places, sizeof(*b->places));
	threads = market__alloc_array(
	    allocator, b->n_threads, sizeof(*threads));
	if (b->places == NULL || threads == NULL ||
	    pthread_mutex_init(&b->lock, NULL) != 0)
		goto out;
	if (pthread_cond_init(&b->moved, NULL) == 0) {
		status = run(b, threads);
		pthread_cond_destroy(&b->moved);
	}
	pthread_mutex_destroy(&b->lock);
	/* What was ready when the callback had enough. */
	for (i = 0; i < b->n_places; i++)
		market_decision_free(b->places[i].decision);
out:
	market__free(allocator, threads);
	market__free(allocator, b->places);
	return status;
}

market_status_t
market_check_many(market_evidence_t *evidence, const market_slice_t *offers,
    size_t n, int64_t at, const market_batch_options_t *options,
    size_t *ret_told, market_error_t *reterr)
{
	batch_t b = { .evidence = evidence,
		.offers = offers,
		.n = n,
		.at = at,
		.options = options };
	market_status_t status;

	if (evidence == NULL || (offers == NULL && n > 0) || options == NULL ||
	    options->size != sizeof(*options) || options->checked == NULL ||
	    options->threads > MARKET_BATCH_THREADS_MAX || at < 0 ||
	    at > MARKET__TIME_MAX)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "evidence, options with their size, a callback and at most "
		    "%d threads, and an instant in the years 1970 to 9999 must "
		    "be given",
		    MARKET_BATCH_THREADS_MAX);
	b.n_threads = options->threads == 0 ? 1 : options->threads;
	if (b.n_threads > n)
		b.n_threads = n == 0 ? 1 : (unsigned)n;
	if (!market__deadline_set(&b.deadline, options->time_limit_ms))
		return market__error(reterr, MARKET_E_INTERNAL, NULL, -1,
		    "the system has no monotonic clock for a time limit");
	status = market__evidence_seal(evidence);
	if (status == MARKET_OK)
		status = start(&b);
	if (ret_told != NULL)
		*ret_told = b.told;
	if (status == MARKET_OK)
		return MARKET_OK;
	return market__error(reterr, status, NULL, -1,
	    "%zu of %zu offers were told: %s", b.told, n,
	    market_status_text(status));
}
