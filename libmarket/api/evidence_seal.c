/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealing: what was handed in is put in an order of its own, verified and
 * filed, once, before the first question.
 */
#include <stdlib.h>

#include "api/evidence.h"
#include "base/memo.h"

/* Bytes of answers that are kept: some 2,000 of them. */
#define ANSWERS_BUDGET ((size_t)8 << 20)
#define ANSWER_BYTES   4096

static int
compare_signatures(const market_statement_t *a, const market_statement_t *b)
{
	size_t i, n = a->envelope.n_signatures;
	int order;

	if (b->envelope.n_signatures < n)
		n = b->envelope.n_signatures;
	for (i = 0; i < n; i++) {
		order = market__slice_compare(a->envelope.signatures[i].sig,
		    b->envelope.signatures[i].sig);
		if (order != 0)
			return order;
	}
	return (a->envelope.n_signatures > b->envelope.n_signatures) -
	    (a->envelope.n_signatures < b->envelope.n_signatures);
}

/* By digest, so that nothing depends on the order of adding. */
static int
compare_handed(const void *left, const void *right)
{
	const market__handed_t *a = left, *b = right;
	int order;

	if (a->statement == NULL || b->statement == NULL) {
		if (a->statement != b->statement)
			return a->statement == NULL ? 1 : -1;
		return strcmp(a->name == NULL ? "" : a->name,
		    b->name == NULL ? "" : b->name);
	}
	order = memcmp(
	    a->statement->digest, b->statement->digest, MARKET_DIGEST_LEN);
	if (order == 0)
		order = compare_signatures(a->statement, b->statement);
	return order;
}

market__handed_t *
market__evidence_find(const market_evidence_t *evidence, market_slice_t digest)
{
	size_t low = 0, high = evidence->n_handed, middle;
	market__handed_t *found = NULL, *handed;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		handed = &evidence->handed[middle];
		order = handed->statement == NULL
		    ? 1
		    : market__slice_compare(
			  market__digest(handed->statement), digest);
		if (order >= 0) {
			high = middle;
			if (order == 0)
				found = handed;
		} else {
			low = middle + 1;
		}
	}
	/* Of several with these bytes, the one whose signatures are good. */
	for (handed = found;
	     handed != NULL && handed < evidence->handed + evidence->n_handed &&
	     handed->statement != NULL &&
	     market__slice_equal(market__digest(handed->statement), digest);
	     handed++)
		if (handed->verified != NULL)
			return handed;
	return found;
}

void
market__evidence_unseal(market_evidence_t *evidence)
{
	market__handed_t *handed;
	size_t i;

	market__memo_free(evidence->answers);
	evidence->answers = NULL;
	for (i = 0; i < evidence->n_keysets; i++)
		market__keyset_free(evidence->keysets[i]);
	market__arena_clear(&evidence->arena);
	for (i = 0; i < evidence->n_handed; i++) {
		handed = &evidence->handed[i];
		handed->code = MARKET_CODE_NONE;
		handed->message = NULL;
		handed->orphan = false;
		handed->verified = NULL;
	}
	evidence->verified = NULL;
	evidence->n_verified = evidence->verified_capacity = 0;
	evidence->party_keys = NULL;
	evidence->keysets = NULL;
	evidence->n_keysets = evidence->keysets_capacity = 0;
	evidence->shelves = NULL;
	evidence->n_shelves = 0;
	evidence->ignored = NULL;
	evidence->n_ignored = 0;
	evidence->sealed = false;
}

static market_status_t
seal(market_evidence_t *evidence)
{
	market_status_t status;

	market__arena_init(
	    &evidence->arena, &evidence->context->allocator, SIZE_MAX / 2);
	if (evidence->n_handed > 0)
		qsort(evidence->handed, evidence->n_handed,
		    sizeof(*evidence->handed), compare_handed);
	status = market__evidence_verify(evidence);
	if (status == MARKET_OK)
		status = market__evidence_file(evidence);
	if (status == MARKET_OK) {
		evidence->answers = market__memo_new(
		    &evidence->context->allocator, ANSWERS_BUDGET,
		    ANSWER_BYTES);
		if (evidence->answers == NULL)
			status = MARKET_E_MEMORY;
	}
	if (status != MARKET_OK)
		market__evidence_unseal(evidence);
	return status;
}

/* Whoever looks at verdicts alone hears of it here. */
static void
log_ignored(const market_evidence_t *evidence)
{
	const market_ignored_t *ignored;
	size_t i;

	for (i = 0; i < evidence->n_ignored; i++) {
		ignored = &evidence->ignored[i];
		market__log(evidence->context, MARKET_LOG_WARNING,
		    "%s: ignored: %s: %s",
		    ignored->name == NULL ? "evidence" : ignored->name,
		    market_code_info(ignored->code)->name, ignored->message);
	}
}

market_status_t
market__evidence_seal(market_evidence_t *evidence)
{
	market_status_t status;

	/* Somebody else may be at it: the caller's allocator runs unlocked. */
	pthread_mutex_lock(&evidence->lock);
	while (evidence->sealing)
		pthread_cond_wait(&evidence->done, &evidence->lock);
	if (evidence->sealed) {
		pthread_mutex_unlock(&evidence->lock);
		return MARKET_OK;
	}
	evidence->sealing = true;
	pthread_mutex_unlock(&evidence->lock);
	status = seal(evidence);
	pthread_mutex_lock(&evidence->lock);
	evidence->sealing = false;
	evidence->sealed = status == MARKET_OK;
	pthread_cond_broadcast(&evidence->done);
	pthread_mutex_unlock(&evidence->lock);
	if (status == MARKET_OK)
		log_ignored(evidence);
	return status;
}
