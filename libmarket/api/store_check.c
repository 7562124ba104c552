/* SPDX-License-Identifier: Apache-2.0 */
/* An offer judged by what the store holds, and by what is supposed. */
#include "api/store_add.h"
#include "api/store_listing.h"

/* As if they were accepted now, in a transaction that nobody will see. */
market_status_t
market__call_suppose(market__call_t *call, market_additions_t *additions)
{
	market_status_t status = MARKET_OK;
	market__acceptance_t acceptance;
	bool progress;
	size_t i;

	do {
		progress = false;
		for (i = 0; i < additions->n && status == MARKET_OK; i++) {
			if (additions->v[i].done)
				continue;
			status = market__call_alone(
			    call, MARKET__VIEW_HYPOTHETICAL);
			if (status == MARKET_OK)
				status = market__accept(call,
				    additions->v[i].statement, &acceptance);
			if (status == MARKET_OK)
				status = market__additions_take(
				    additions, i, &acceptance);
			progress = progress || additions->v[i].done;
		}
	} while (status == MARKET_OK && progress);
	if (status == MARKET_OK)
		status = market__call_alone(call, MARKET__VIEW_HYPOTHETICAL);
	return status;
}

static bool
is_told(const market_added_t *added)
{
	return added->code != MARKET_CODE_NONE &&
	    added->result != MARKET_RESULT_DUPLICATE;
}

static market_status_t
tell_additions(market__call_t *call, const market_additions_t *additions,
    market_decision_t *decision)
{
	const market_added_t *added;
	market_ignored_t *told;
	market_status_t status;
	size_t i, n = 0;

	told = market__arena_array(
	    &call->arena, additions->n + 1, sizeof(*told));
	if (told == NULL)
		return market__call_refused(call, &call->arena);
	for (i = 0; i < additions->n; i++) {
		added = &additions->v[i].added;
		if (!is_told(added))
			continue;
		if (added->statement != NULL)
			told[n].digest = market__digest(added->statement);
		told[n].code = added->code;
		told[n].message = added->message;
		n++;
	}
	status = market__decision_set_ignored(decision, told, n);
	if (status != MARKET_OK)
		return market__error(call->reterr, status, NULL, -1,
		    "no memory for what is ignored");
	return MARKET_OK;
}

/* What submitting it would meet: another offer of its name. */
static market_status_t
tell_name(market__call_t *call, const market_statement_t *offer,
    market_decision_t *decision)
{
	const market__header_t *header = market__header(offer);
	market__listing_row_t row;
	market_status_t status;
	bool same;

	status = market__listing_named(call, header->issuer, header->id, &row);
	if (status != MARKET_OK || row.no == 0)
		return status;
	/* The row alone is not believed: it may have been edited. */
	status = market__listing_history(call, &row);
	if (status != MARKET_OK)
		return status;
	same = memcmp(row.digest, offer->digest, MARKET_DIGEST_LEN) == 0;
	if (header->revision < row.revision)
		status = market__decision_add_finding(decision,
		    MARKET_CODE_STATEMENT_STALE_REVISION,
		    "revision %llu of this offer, and %llu is listed",
		    (unsigned long long)header->revision,
		    (unsigned long long)row.revision);
	else if (header->revision == row.revision &&
	    (!same || (row.flags & MARKET__LISTING_FORKED) != 0))
		status = market__decision_add_finding(decision,
		    MARKET_CODE_STATEMENT_FORK,
		    "the seller signed two different offers as revision "
		    "%llu: a higher revision settles it",
		    (unsigned long long)row.revision);
	if (status != MARKET_OK)
		return market__error(
		    call->reterr, status, NULL, -1, "no memory for a finding");
	return MARKET_OK;
}

static market_status_t
check(market__call_t *call, market_statement_t *offer,
    market_additions_t *additions, int64_t at, unsigned flags,
    market_decision_t **ret_decision)
{
	const market__asked_t *questions;
	market_decision_t *decision = NULL;
	market_status_t status;
	size_t n;

	if (additions->n > 0)
		status = market__call_transact(call, true, at);
	else
		status = market__call_ask(call, at, flags);
	if (status == MARKET_OK && additions->n > 0)
		status = market__call_suppose(call, additions);
	if (status == MARKET_OK)
		status = market__call_decide(
		    call, offer, NULL, NULL, &decision, &questions, &n);
	if (status == MARKET_OK && call->view != MARKET__VIEW_PAST)
		status = tell_name(call, offer, decision);
	if (status == MARKET_OK && additions->n > 0)
		status = tell_additions(call, additions, decision);
	if (status != MARKET_OK) {
		market_decision_free(decision);
		return status;
	}
	*ret_decision = decision;
	status = market__decision_status(decision);
	return status == MARKET_OK ? status
				   : market__error(call->reterr, status, NULL,
					 -1, "%s", market_status_text(status));
}

market_status_t
market_store_check(market_store_t *store, market_slice_t offer,
    const market_slice_t *with, size_t n_with, int64_t at, unsigned flags,
    market_decision_t **ret_decision, market_error_t *reterr)
{
	market_additions_t *additions = NULL;
	market_statement_t *statement = NULL;
	market_status_t status;
	market__call_t call;

	status = market__call_begin(store, reterr, &call);
	if (status == MARKET_OK &&
	    (ret_decision == NULL || (with == NULL && n_with > 0) ||
		(n_with > 0 && flags != 0)))
		status = market__error(reterr, MARKET_E_ARGUMENT, NULL, -1,
		    "ret_decision must be given, and what is supposed is "
		    "supposed now and not in the past");
	if (status == MARKET_OK)
		status = market_statement_parse(call.context, offer,
		    MARKET_KINDS(MARKET_KIND_OFFER), &statement, reterr);
	if (status == MARKET_OK)
		status = market__additions_new(
		    call.context, with, n_with, &additions, reterr);
	if (status == MARKET_OK)
		status = check(
		    &call, statement, additions, at, flags, ret_decision);
	market_additions_free(additions);
	market_statement_free(statement);
	return market__call_end(&call, status);
}
