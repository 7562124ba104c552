/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "api/evidence.h"
#include "api/root.h"

static char *
copy_text(market_context_t *context, const char *text)
{
	size_t len = strlen(text);
	char *copy = market__alloc(&context->allocator, len + 1);

	if (copy != NULL)
		memcpy(copy, text, len);
	return copy;
}

static void
clear_handed(market_evidence_t *evidence, market__handed_t *handed)
{
	market_statement_free(handed->statement);
	market__free(&evidence->context->allocator, handed->name);
	market__free(&evidence->context->allocator, handed->fault);
}

void
market_evidence_free(market_evidence_t *evidence)
{
	const market_allocator_t *allocator;
	size_t i;

	if (evidence == NULL)
		return;
	allocator = &evidence->context->allocator;
	market__evidence_unseal(evidence);
	for (i = 0; i < evidence->n_handed; i++)
		clear_handed(evidence, &evidence->handed[i]);
	market__free(allocator, evidence->handed);
	market_statement_free(evidence->policy);
	market_root_free(evidence->root);
	pthread_cond_destroy(&evidence->done);
	pthread_mutex_destroy(&evidence->lock);
	market__free(allocator, evidence);
}

static market_status_t
take_policy(
    market_evidence_t *evidence, market_slice_t policy, market_error_t *reterr)
{
	const market__trust_root_t *root =
	    &evidence->root->statement->message->of.trust_root;
	market__verified_t *verified = &evidence->policy_by_root;
	const market__party_t *party;
	market_status_t status;

	status = market_statement_parse(evidence->context, policy,
	    MARKET_KINDS(MARKET_KIND_POLICY), &evidence->policy, reterr);
	if (status != MARKET_OK)
		return status;
	party = market__root_party(
	    root, market__header(evidence->policy)->issuer);
	if (party == NULL ||
	    market__admit_role(root, evidence->policy, NULL) !=
		MARKET_CODE_NONE)
		return market__error(reterr, MARKET_E_POLICY, "header.issuer",
		    -1,
		    "the policy's issuer has not the role MARKETPLACE in "
		    "the trust root");
	verified->statement = evidence->policy;
	verified->seen_at = MARKET__SEEN_NOW;
	verified->authority = MARKET__AUTHORITY_PARTY;
	verified->keys = market__root_keys_of(evidence->root, party->id);
	status = market__keyset_signers(
	    verified->keys, evidence->policy, &verified->signers);
	if (status != MARKET_OK)
		return market__error(reterr, status, NULL, -1,
		    "the policy's signatures could not be checked");
	if (market__keymask_count(verified->signers) <
	    verified->keys->threshold)
		return market__error(reterr, MARKET_E_POLICY, NULL, -1,
		    "the policy is signed by %u of its issuer's keys, and %u "
		    "must sign",
		    market__keymask_count(verified->signers),
		    verified->keys->threshold);
	evidence->policy_verified = *verified;
	return MARKET_OK;
}

market_status_t
market_evidence_new(market_context_t *context, market_slice_t root,
    market_slice_t policy, market_evidence_t **ret_evidence,
    market_error_t *reterr)
{
	market_evidence_t *evidence;
	market_status_t status;

	if (context == NULL || ret_evidence == NULL)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "context and ret_evidence must be given");
	evidence = market__alloc(&context->allocator, sizeof(*evidence));
	if (evidence == NULL)
		return market__error(reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for evidence");
	evidence->context = context;
	if (pthread_mutex_init(&evidence->lock, NULL) != 0 ||
	    pthread_cond_init(&evidence->done, NULL) != 0) {
		market__free(&context->allocator, evidence);
		return market__error(
		    reterr, MARKET_E_MEMORY, NULL, -1, "no memory for a lock");
	}
	status = market_root_parse(context, root, &evidence->root, reterr);
	if (status != MARKET_OK)
		market__error_prefix(reterr, "root");
	if (status == MARKET_OK) {
		status = take_policy(evidence, policy, reterr);
		if (status != MARKET_OK)
			market__error_prefix(reterr, "policy");
	}
	if (status != MARKET_OK) {
		market_evidence_free(evidence);
		return status;
	}
	*ret_evidence = evidence;
	return MARKET_OK;
}

static market_status_t
grow(market_evidence_t *evidence)
{
	const market_allocator_t *allocator = &evidence->context->allocator;
	size_t capacity = evidence->handed_capacity;
	market__handed_t *handed;

	if (evidence->n_handed < capacity)
		return MARKET_OK;
	capacity = capacity == 0 ? 16 : capacity * 2;
	handed = market__alloc_array(allocator, capacity, sizeof(*handed));
	if (handed == NULL)
		return MARKET_E_MEMORY;
	if (evidence->n_handed > 0)
		memcpy(handed, evidence->handed,
		    evidence->n_handed * sizeof(*handed));
	market__free(allocator, evidence->handed);
	evidence->handed = handed;
	evidence->handed_capacity = capacity;
	return MARKET_OK;
}

/* Parses, or keeps the reason why that failed, to be told. */
static market_status_t
parse(market_evidence_t *evidence, market_slice_t envelope,
    market__handed_t *handed)
{
	market_error_t error = MARKET_ERROR_INIT;
	char fault[MARKET_ERROR_MESSAGE_MAX + MARKET_ERROR_PATH_MAX + 4];
	market_status_t status;

	status = market_statement_parse(evidence->context, envelope,
	    MARKET_KINDS_ALL, &handed->statement, &error);
	switch (status) {
	case MARKET_OK:
	case MARKET_E_MEMORY:
	case MARKET_E_ARGUMENT:
	case MARKET_E_INTERNAL:
	case MARKET_E_UNSUPPORTED: return status;
	default: break;
	}
	snprintf(fault, sizeof(fault), "%s%s%s", error.path,
	    error.path[0] != '\0' ? ": " : "", error.message);
	handed->fault = copy_text(evidence->context, fault);
	return handed->fault == NULL ? MARKET_E_MEMORY : MARKET_OK;
}

market_status_t
market_evidence_add(market_evidence_t *evidence, market_slice_t envelope,
    const char *name, market_error_t *reterr)
{
	market__handed_t handed = { 0 };
	market_status_t status;

	if (evidence == NULL || (envelope.ptr == NULL && envelope.len > 0))
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "evidence and envelope must be given");
	status = grow(evidence);
	if (status == MARKET_OK && name != NULL) {
		handed.name = copy_text(evidence->context, name);
		if (handed.name == NULL)
			status = MARKET_E_MEMORY;
	}
	if (status == MARKET_OK)
		status = parse(evidence, envelope, &handed);
	if (status != MARKET_OK) {
		clear_handed(evidence, &handed);
		return market__error(reterr, status, NULL, -1,
		    "the statement could not be taken in: %s",
		    market_status_text(status));
	}
	evidence->handed[evidence->n_handed++] = handed;
	market__evidence_unseal(evidence);
	return MARKET_OK;
}

market_status_t
market_evidence_ignored(
    market_evidence_t *evidence, size_t index, market_ignored_t *ret_ignored)
{
	market_status_t status;

	if (evidence == NULL || ret_ignored == NULL)
		return MARKET_E_ARGUMENT;
	status = market__evidence_seal(evidence);
	if (status != MARKET_OK)
		return status;
	if (index >= evidence->n_ignored)
		return MARKET_E_NOT_FOUND;
	*ret_ignored = evidence->ignored[index];
	return MARKET_OK;
}
