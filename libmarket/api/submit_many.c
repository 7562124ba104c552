/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many offers submitted: in transactions of a thousand, told once they are
 * committed. The caller's thread writes; others verify signatures with it.
 */
#include <market/batch.h>

#include "api/store_submit.h"
#include "base/crew.h"
#include "base/deadline.h"

typedef struct many {
	market_store_t *store;
	const market_slice_t *offers;
	size_t n;
	int64_t at;
	const market_batch_options_t *options;
	market__deadline_t deadline;
	market__crew_t *crew; /* NULL: one thread */
	size_t told;
	size_t step; /* offers of the next transaction, at most */
} many_t;

static market_status_t
tell(many_t *m, const market_submissions_t *submissions)
{
	const market_submitted_t *submitted;
	size_t i;

	for (i = 0; (submitted = market_submissions_at(submissions, i)) != NULL;
	     i++)
		if (m->options->submitted(
			m->options->user, m->told++, submitted) != 0)
			return MARKET_E_CALLBACK;
	return MARKET_OK;
}

static market_status_t
submit_some(many_t *m, market_error_t *reterr)
{
	size_t n = m->n - m->told < m->step ? m->n - m->told : m->step;
	market_submissions_t *submissions = NULL;
	market_status_t status;

	status = market__submissions_parse(
	    m->store->context, &m->offers[m->told], n, &submissions, reterr);
	if (status != MARKET_OK)
		return status;
	if (m->crew != NULL)
		status = market__submissions_ready(
		    m->store, submissions, m->crew, m->at, reterr);
	if (status == MARKET_OK)
		status = market__submissions_submit(
		    m->store, submissions, m->at, reterr);
	if (status == MARKET_OK)
		status = tell(m, submissions);
	market_submissions_free(submissions);
	/* Together they take more than one call may: fewer, then. */
	if (status == MARKET_E_LIMIT && n > 1) {
		m->step = n / 2;
		*reterr = (market_error_t)MARKET_ERROR_INIT;
		return MARKET_OK;
	}
	m->step = m->step < MARKET_BATCH_OFFERS / 2 ? 2 * m->step
						    : MARKET_BATCH_OFFERS;
	return status;
}

static market_status_t
submit_all(many_t *m, market_error_t *reterr)
{
	market_status_t status = MARKET_OK;
	unsigned threads = m->options->threads;

	if (threads > 1) {
		m->crew = market__crew_new(
		    &m->store->context->allocator, threads);
		if (m->crew == NULL)
			return MARKET_E_MEMORY;
	}
	while (m->told < m->n && status == MARKET_OK)
		status = market__deadline_over(&m->deadline)
		    ? MARKET_E_TIMEOUT
		    : submit_some(m, reterr);
	market__crew_free(m->crew);
	return status;
}

market_status_t
market_store_submit_many(market_store_t *store, const market_slice_t *offers,
    size_t n, int64_t at, const market_batch_options_t *options,
    size_t *ret_told, market_error_t *reterr)
{
	many_t m = { .store = store,
		.offers = offers,
		.n = n,
		.at = at,
		.options = options,
		.step = MARKET_BATCH_OFFERS };
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	if (store == NULL || (offers == NULL && n > 0) || options == NULL ||
	    options->size != sizeof(*options) || options->submitted == NULL ||
	    options->threads > MARKET_BATCH_THREADS_MAX)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "a store, options with their size, a callback for what was "
		    "submitted and at most %d threads must be given",
		    MARKET_BATCH_THREADS_MAX);
	if (!market__deadline_set(&m.deadline, options->time_limit_ms))
		return market__error(reterr, MARKET_E_INTERNAL, NULL, -1,
		    "the system has no monotonic clock for a time limit");
	status = submit_all(&m, &error);
	if (ret_told != NULL)
		*ret_told = m.told;
	if (status == MARKET_OK)
		return MARKET_OK;
	return market__error(reterr, status, error.path, error.offset,
	    "%zu of %zu offers were told: %s", m.told, n,
	    error.status != MARKET_OK ? error.message
				      : market_status_text(status));
}
