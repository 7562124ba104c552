/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of sealed evidence, shared by all offers that ask the same as of the
 * same instant: a question is evaluated once. (An answer's verdict holds until
 * its boundary, but its words need not: which bands work, how late it is.)
 */
#include "api/evidence.h"
#include "base/memo.h"
#include "api/store_bytes.h"

/* Bytes that one evaluation may take. */
#define EVALUATE_BUDGET ((size_t)64 << 20)

typedef struct answer {
	market__kept_t kept;
	int64_t at;
	market__clearance_t clearance;
	market__arena_t arena;
} answer_t;

static void
free_answer(const market_allocator_t *allocator, market__shared_t *shared)
{
	answer_t *answer = (answer_t *)(void *)shared;

	market__arena_clear(&answer->arena);
	market__free(allocator, answer);
}

static market_status_t
evaluate(const market_evidence_t *evidence, const market__question_t *question,
    int64_t at, answer_t *answer)
{
	market__lookup_t lookup = { .read = market__evidence_read,
		.user = evidence };
	market__clearance_t clearance;
	market__arena_t scratch;
	market_status_t status;

	market__arena_init_pooled(
	    &scratch, evidence->context->pool, EVALUATE_BUDGET);
	status = market__evaluate(&lookup, question, at, &scratch, &clearance);
	if (status == MARKET_OK)
		status = market__clearance_keep(&clearance,
		    evidence->context->pool, &answer->arena,
		    &answer->clearance);
	market__arena_clear(&scratch);
	return status;
}

static market_status_t
make_answer(const market_evidence_t *evidence,
    const market__question_t *question, market_slice_t key, int64_t at,
    answer_t **ret_answer)
{
	const market_allocator_t *allocator = &evidence->context->allocator;
	answer_t *answer = market__alloc(allocator, sizeof(*answer));
	market_status_t status;

	if (answer == NULL)
		return MARKET_E_MEMORY;
	atomic_init(&answer->kept.shared.references, 1);
	answer->kept.shared.free = free_answer;
	answer->at = at;
	market__arena_init_small(&answer->arena, allocator, EVALUATE_BUDGET);
	status = evaluate(evidence, question, at, answer);
	if (status == MARKET_OK) {
		answer->kept.key = market__arena_copy(&answer->arena, key);
		if (answer->kept.key.ptr == NULL)
			status = market__arena_refusal(&answer->arena);
	}
	if (status != MARKET_OK) {
		free_answer(allocator, &answer->kept.shared);
		return status;
	}
	answer->kept.size = sizeof(*answer) + answer->arena.held;
	*ret_answer = answer;
	return MARKET_OK;
}

void
market__evidence_forget(market_evidence_t *evidence)
{
	if (evidence->answers != NULL)
		market__memo_clear(evidence->answers);
}

market_status_t
market__evidence_answer(void *user, const market__question_t *question,
    int64_t at, market__arena_t *arena, market__clearance_t *ret,
    market__shared_t **ret_owner)
{
	const market_evidence_t *evidence = user;
	market_status_t status;
	market_slice_t key;
	answer_t *answer;

	status = market__question_encode(question, arena, &key);
	if (status != MARKET_OK)
		return status;
	answer = (answer_t *)(void *)market__memo_find(evidence->answers, key);
	if (answer != NULL && answer->at != at) {
		market__shared_release(
		    &evidence->context->allocator, &answer->kept.shared);
		answer = NULL;
	}
	if (answer == NULL) {
		status = make_answer(evidence, question, key, at, &answer);
		if (status != MARKET_OK)
			return status;
		market__memo_put(evidence->answers, &answer->kept);
	}
	*ret = answer->clearance;
	*ret_owner = &answer->kept.shared;
	return MARKET_OK;
}
