/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "base/crew.h"

/* Parts that are taken at a time where there are many: the lock is asked for
 * no more often. */
#define STRIDE 4

struct market__crew {
	const market_allocator_t *allocator;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t called, finished;
	void (*work)(void *user, size_t index);
	void *user;
	size_t next, n; /* parts */
	size_t stride;
	unsigned active; /* who is at one */
	bool over;
	unsigned made;
	pthread_t threads[];
};

/* Takes parts while there are any; under the lock. */
static void
take_part(market__crew_t *crew)
{
	size_t first, end;

	crew->active++;
	while (crew->next < crew->n) {
		first = crew->next;
		end = crew->n - first < crew->stride ? crew->n
						     : first + crew->stride;
		crew->next = end;
		pthread_mutex_unlock(&crew->lock);
		for (; first < end; first++)
			crew->work(crew->user, first);
		pthread_mutex_lock(&crew->lock);
	}
	crew->active--;
	if (crew->active == 0)
		pthread_cond_signal(&crew->finished);
}

static void *
serve(void *user)
{
	market__crew_t *crew = user;

	pthread_mutex_lock(&crew->lock);
	while (!crew->over) {
		if (crew->next < crew->n)
			take_part(crew);
		else
			pthread_cond_wait(&crew->called, &crew->lock);
	}
	pthread_mutex_unlock(&crew->lock);
	return NULL;
}

static bool
make_locks(market__crew_t *crew)
{
	if (pthread_mutex_init(&crew->lock, NULL) != 0)
		return false;
	if (pthread_cond_init(&crew->called, NULL) == 0) {
		if (pthread_cond_init(&crew->finished, NULL) == 0)
			return true;
		pthread_cond_destroy(&crew->called);
	}
	pthread_mutex_destroy(&crew->lock);
	return false;
}

market__crew_t *
market__crew_new(const market_allocator_t *allocator, unsigned threads)
{
	market__crew_t *crew;
	size_t size;

	if (!market__mul(threads, sizeof(crew->threads[0]), &size) ||
	    !market__add(size, sizeof(*crew), &size))
		return NULL;
	crew = market__alloc(allocator, size);
	if (crew == NULL)
		return NULL;
	crew->allocator = allocator;
	if (!make_locks(crew)) {
		market__free(allocator, crew);
		return NULL;
	}
	while (crew->made + 1 < threads &&
	    pthread_create(&crew->threads[crew->made], NULL, serve, crew) == 0)
		crew->made++;
	if (crew->made + 1 < threads) {
		market__crew_free(crew);
		return NULL;
	}
	return crew;
}

void
market__crew_free(market__crew_t *crew)
{
	unsigned i;

	if (crew == NULL)
		return;
	pthread_mutex_lock(&crew->lock);
	crew->over = true;
	pthread_cond_broadcast(&crew->called);
	pthread_mutex_unlock(&crew->lock);
	for (i = 0; i < crew->made; i++)
		pthread_join(crew->threads[i], NULL);
	pthread_cond_destroy(&crew->called);
	pthread_cond_destroy(&crew->finished);
	pthread_mutex_destroy(&crew->lock);
	market__free(crew->allocator, crew);
}

void
market__crew_begin(market__crew_t *crew, size_t n,
    void (*work)(void *user, size_t index), void *user)
{
	pthread_mutex_lock(&crew->lock);
	crew->work = work;
	crew->user = user;
	crew->next = 0;
	crew->n = n;
	crew->stride = n < (size_t)STRIDE * STRIDE * (crew->made + 1) ? 1
								      : STRIDE;
	pthread_cond_broadcast(&crew->called);
	pthread_mutex_unlock(&crew->lock);
}

void
market__crew_end(market__crew_t *crew)
{
	pthread_mutex_lock(&crew->lock);
	take_part(crew);
	while (crew->active > 0)
		pthread_cond_wait(&crew->finished, &crew->lock);
	crew->n = crew->next = 0;
	pthread_mutex_unlock(&crew->lock);
}

void
market__crew_run(market__crew_t *crew, size_t n,
    void (*work)(void *user, size_t index), void *user)
{
	market__crew_begin(crew, n, work, user);
	market__crew_end(crew);
}
