/* SPDX-License-Identifier: Apache-2.0 */
#include "api/evidence.h"

/* Is the ignored statement a withdrawal of just this offer? */
static bool
withdraws(const market_evidence_t *evidence, const market_ignored_t *ignored,
    const market_statement_t *offer)
{
	const market__header_t *header = market__header(offer);
	const market__withdrawal_t *withdrawal;
	const market__handed_t *handed;

	if (ignored->code != MARKET_CODE_WITHDRAWAL_TARGET_UNKNOWN)
		return false;
	handed = market__evidence_find(evidence, ignored->digest);
	if (handed == NULL)
		return false;
	withdrawal = &handed->statement->message->of.withdrawal;
	if (withdrawal->what == MARKET__WITHDRAWAL_DIGEST)
		return market__slice_equal(
		    withdrawal->target_digest, market__digest(offer));
	return withdrawal->what == MARKET__WITHDRAWAL_NAME &&
	    market__slice_is(withdrawal->target_kind, "offer") &&
	    market__slice_equal(withdrawal->target_issuer, header->issuer) &&
	    market__slice_equal(withdrawal->target_id, header->id);
}

static market_status_t
tell_ignored(const market_evidence_t *evidence, market_decision_t *decision)
{
	const market_allocator_t *allocator = &evidence->context->allocator;
	const market_statement_t *offer = market_decision_offer(decision);
	market_ignored_t *told;
	market_status_t status;
	size_t i, n = 0;

	if (evidence->n_ignored == 0)
		return MARKET_OK;
	told = market__alloc_array(
	    allocator, evidence->n_ignored + 1, sizeof(*told));
	if (told == NULL)
		return MARKET_E_MEMORY;
	for (i = 0; i < evidence->n_ignored; i++)
		if (!withdraws(evidence, &evidence->ignored[i], offer))
			told[n++] = evidence->ignored[i];
	status = market__decision_set_ignored(decision, told, n);
	market__free(allocator, told);
	return status;
}

market_status_t
market__evidence_judge(market_evidence_t *evidence,
    const market__offered_t *offered, int64_t at,
    market_decision_t **ret_decision)
{
	market__lookup_t lookup = { .read = market__evidence_read,
		.user = evidence };
	market__clearer_t clearer = { market__evidence_answer, evidence };
	market_decision_t *decision = NULL;
	market_status_t status;

	status = market__evidence_seal(evidence);
	if (status == MARKET_OK)
		status = market__decide(evidence->context, &lookup, &clearer,
		    offered, at, &decision);
	if (status == MARKET_OK)
		status = tell_ignored(evidence, decision);
	if (status != MARKET_OK) {
		market_decision_free(decision);
		return status;
	}
	*ret_decision = decision;
	switch (market_decision_verdict(decision)) {
	case MARKET_VERDICT_PERMIT: return MARKET_OK;
	case MARKET_VERDICT_DENY: return MARKET_E_DENIED;
	case MARKET_VERDICT_INDETERMINATE:
	case MARKET_VERDICT_UNSPECIFIED: break;
	}
	return MARKET_E_INDETERMINATE;
}

market_status_t
market_check(market_evidence_t *evidence, market_slice_t offer, int64_t at,
    market_decision_t **ret_decision, market_error_t *reterr)
{
	market_statement_t *statement = NULL;
	market__offered_t offered = { 0 };
	market_status_t status;

	if (evidence == NULL || ret_decision == NULL || at < 0 ||
	    at > MARKET__TIME_MAX)
		return market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "evidence, ret_decision and an instant in the years 1970 "
		    "to 9999 must be given");
	status = market__offer_parse(
	    evidence->context, offer, &statement, reterr);
	if (status != MARKET_OK)
		return status;
	offered.offer = statement;
	status = market__evidence_judge(evidence, &offered, at, ret_decision);
	market_statement_free(statement);
	return market__evidence_word(status, reterr);
}

market_status_t
market__evidence_word(market_status_t status, market_error_t *reterr)
{
	switch (status) {
	case MARKET_OK: break;
	case MARKET_E_DENIED:
	case MARKET_E_INDETERMINATE:
		return market__error(
		    reterr, status, NULL, -1, "%s", market_status_text(status));
	default:
		return market__error(reterr, status, NULL, -1,
		    "no decision could be made: %s",
		    market_status_text(status));
	}
	return status;
}
