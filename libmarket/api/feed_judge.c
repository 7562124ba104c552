/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of one chunk: is each an offer of the feed's seller, and
 * permitted?*/
#include "api/feed.h"

/* Bytes for the ids and errors of a chunk's rows. */
#define JOB_BUDGET ((size_t)4 << 20)

typedef struct judging {
	market__job_t *job;
	market_evidence_t *evidence;
	const market_feed_t *feed;
	int64_t at;
	market__judge_t *judge;
	market_slice_t last; /* the greatest id so far */
} judging_t;

bool
market__row_told(market_status_t status)
{
	switch (status) {
	case MARKET_OK:
	case MARKET_E_DENIED:
	case MARKET_E_INDETERMINATE:
	case MARKET_E_ENCODING:
	case MARKET_E_SCHEMA:
	case MARKET_E_LIMIT: return true;
	default: return false;
	}
}

/* ---- refusing ---- */

static market_status_t
keep_error(market__job_t *job, size_t row, const market_error_t *error)
{
	market__judged_t *judged = &job->rows[row];

	judged->status = error->status;
	judged->error = market__arena_raw(&job->arena, sizeof(*error));
	if (judged->error == NULL)
		return market__arena_refusal(&job->arena);
	*judged->error = *error;
	return MARKET_OK;
}

const market__misplaced_t market__row_foreign = { "header.issuer",
	"is another than the feed's: a seller lists its own" };
const market__misplaced_t market__row_unordered = { "header.id",
	"is not behind those of the rows before it: sort them by id, byte by "
	"byte, and list each once" };

market_status_t
market__job_refuse(
    market__job_t *job, size_t row, const market__misplaced_t *why)
{
	market__judged_t *judged = &job->rows[row];
	market_error_t error = MARKET_ERROR_INIT;

	market_decision_free(judged->decision);
	judged->decision = NULL;
	judged->plain = judged->open = false;
	(void)market__error(
	    &error, MARKET_E_SCHEMA, why->path, -1, "%s", why->text);
	return keep_error(job, row, &error);
}

/* ---- deciding ---- */

static market_status_t
decide(const judging_t *j, size_t row)
{
	market__judged_t *judged = &j->job->rows[row];
	market__offered_t offered = { NULL, j->feed->statement, NULL };
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	judged->open = false;
	status = market__row_parse(j->evidence->context,
	    j->job->chunk.rows[row], &offered.offer, &error);
	if (status != MARKET_OK)
		return market__row_told(status)
		    ? keep_error(j->job, row, &error)
		    : status;
	judged->status = market__evidence_judge(
	    j->evidence, &offered, j->at, &judged->decision);
	market_statement_free(offered.offer);
	if (judged->status == MARKET_E_LIMIT) {
		(void)market__error(&error, MARKET_E_LIMIT, NULL, -1,
		    "no decision could be made: %s",
		    market_status_text(MARKET_E_LIMIT));
		return keep_error(j->job, row, &error);
	}
	if (!market__row_told(judged->status))
		return judged->status;
	judged->plain = market__decision_plain(judged->decision);
	if (judged->plain) {
		market_decision_free(judged->decision);
		judged->decision = NULL;
	}
	return MARKET_OK;
}

market_status_t
market__job_decide(market__job_t *job, size_t row, market_evidence_t *evidence,
    const market_feed_t *feed, int64_t at)
{
	judging_t j = {
		.job = job, .evidence = evidence, .feed = feed, .at = at
	};

	return decide(&j, row);
}

/* ---- one row ---- */

/* Is it the seller's own, and behind the one before it? */
static market_status_t
check_place(
    judging_t *j, size_t row, const market__message_t *message, bool *ret_good)
{
	const market__header_t *listed = market__header(j->feed->statement);
	market__judged_t *judged = &j->job->rows[row];
	bool first = j->last.ptr == NULL;

	*ret_good = false;
	judged->id = market__arena_copy(&j->job->arena, message->header.id);
	if (judged->id.ptr == NULL)
		return market__arena_refusal(&j->job->arena);
	if (!market__slice_equal(message->header.issuer, listed->issuer))
		return market__job_refuse(j->job, row, &market__row_foreign);
	if (!first && market__slice_compare(judged->id, j->last) <= 0)
		return market__job_refuse(j->job, row, &market__row_unordered);
	j->last = judged->id;
	*ret_good = true;
	return MARKET_OK;
}

/* Decided here, or left to whoever tells it: memory is bounded. */
static market_status_t
decide_slowly(judging_t *j, size_t row, const market__row_t *read)
{
	market__judged_t *judged = &j->job->rows[row];
	market_status_t status;

	if (j->job->n_held == MARKET__DECISIONS_HELD) {
		judged->open = true;
		return MARKET_OK;
	}
	status = decide(j, row);
	if (status != MARKET_OK)
		return status;
	if (judged->plain)
		return market__plain_learn(
		    j->judge->plain, read, market__slice(NULL, 0));
	j->job->n_held++;
	return MARKET_OK;
}

static market_status_t
judge_row(judging_t *j, size_t row)
{
	market__judged_t *judged = &j->job->rows[row];
	market_error_t error = MARKET_ERROR_INIT;
	market__row_t read;
	market_status_t status;
	bool good;

	status = market__plain_read(
	    j->judge->plain, j->job->chunk.rows[row], &read, &error);
	if (status != MARKET_OK)
		return market__row_told(status)
		    ? keep_error(j->job, row, &error)
		    : status;
	status = check_place(j, row, read.message, &good);
	if (status != MARKET_OK || !good)
		return status;
	status = market__plain_permits(j->judge->plain, &read, &judged->plain);
	if (judged->plain || !market__row_told(status))
		return status;
	return decide_slowly(j, row, &read);
}

/* ---- the chunk ---- */

void
market__job_empty(market__job_t *job)
{
	size_t i;

	for (i = 0; i < job->chunk.n_rows; i++)
		market_decision_free(job->rows[i].decision);
	memset(job->rows, 0, sizeof(job->rows));
	market__arena_clear(&job->arena);
	job->n_held = 0;
}

void
market__job_judge(market__job_t *job, market_evidence_t *evidence,
    const market_feed_t *feed, int64_t at, market__judge_t *judge)
{
	judging_t j = { .job = job,
		.evidence = evidence,
		.feed = feed,
		.at = at,
		.judge = judge };
	size_t i;

	market__arena_init(
	    &job->arena, &evidence->context->allocator, JOB_BUDGET);
	job->status = market__chunk_verify(
	    feed, judge->hasher, &job->chunk, NULL);
	for (i = 0; i < job->chunk.n_rows && job->status == MARKET_OK; i++)
		job->status = judge_row(&j, i);
}
