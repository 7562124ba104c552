/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealing, last part: what was handed in and contributes nothing, and why.
 */
#include <stdlib.h>

#include "api/evidence.h"
#include "api/root.h"

static bool
is_target(
    const market__withdrawal_t *withdrawal, const market__verified_t *verified)
{
	const market__header_t *header = market__header(verified->statement);

	switch (withdrawal->what) {
	case MARKET__WITHDRAWAL_DIGEST:
		return market__slice_equal(withdrawal->target_digest,
		    market__digest(verified->statement));
	case MARKET__WITHDRAWAL_NAME:
		return market__slice_is(withdrawal->target_kind,
			   market_kind_name(
			       verified->statement->message->kind)) &&
		    market__slice_equal(
			withdrawal->target_issuer, header->issuer) &&
		    market__slice_equal(withdrawal->target_id, header->id);
	case MARKET__WITHDRAWAL_KEY:
		return market__keyset_has(
		    verified->keys, withdrawal->target_key);
	case MARKET__WITHDRAWAL_NOTHING: break;
	}
	return false;
}

/* Has the withdrawal standing, by any of the keys that it is verified by? */
static bool
stands(const market_evidence_t *evidence, const market_statement_t *withdrawal,
    const market__verified_t *target, const market__verified_t *beneath)
{
	size_t i;

	for (i = 0; i < evidence->n_verified; i++)
		if (evidence->verified[i]->statement == withdrawal &&
		    market__has_standing(
			evidence->verified[i], target, beneath))
			return true;
	return false;
}

/*
 * A key that has signed nothing here is known from those who name it: the
 * root for its parties, a seller statement or a grant for its subject.
 */
static bool
key_stands(const market_evidence_t *evidence,
    const market_statement_t *withdrawal, market_slice_t id, bool *known)
{
	const market__trust_root_t *root =
	    &evidence->root->statement->message->of.trust_root;
	const market__verified_t *v;
	size_t i;

	for (i = 0; i < root->n_parties; i++) {
		if (!market__keyset_has(evidence->root->party_keys[i], id))
			continue;
		*known = true;
		if (market__slice_equal(root->parties[i].id,
			market__header(withdrawal)->issuer) ||
		    stands(evidence, withdrawal, NULL, NULL))
			return true;
	}
	for (i = 0; i < evidence->n_verified; i++) {
		v = evidence->verified[i];
		if (!market__keyset_has(v->conveyed, id))
			continue;
		*known = true;
		if (stands(evidence, withdrawal, NULL, v))
			return true;
	}
	return false;
}

/* Does it withdraw anything that is here, and may its issuer do so? */
static market_status_t
tell_withdrawal(market_evidence_t *evidence, market__handed_t *handed)
{
	const market__withdrawal_t *withdrawal =
	    &handed->statement->message->of.withdrawal;
	const market_statement_t *statement = handed->statement;
	const market__verified_t *v;
	bool known = false, for_ever = false;
	size_t i;

	for (i = 0; i < evidence->n_verified + 2; i++) {
		v = i < evidence->n_verified    ? evidence->verified[i]
		    : i == evidence->n_verified ? &evidence->policy_verified
						: &evidence->root->verified;
		if (!is_target(withdrawal, v))
			continue;
		known = true;
		if (withdrawal->what != MARKET__WITHDRAWAL_KEY &&
		    market__message(v)->kind == MARKET_KIND_WITHDRAWAL)
			for_ever = true;
		else if (stands(evidence, statement, v, NULL))
			return MARKET_OK;
	}
	if (withdrawal->what == MARKET__WITHDRAWAL_KEY &&
	    key_stands(evidence, statement, withdrawal->target_key, &known))
		return MARKET_OK;
	if (for_ever)
		return market__evidence_ignore(evidence, handed,
		    MARKET_CODE_STATEMENT_NO_STANDING,
		    "it withdraws a withdrawal, and nobody can; what was "
		    "withdrawn is issued anew under another id");
	if (known)
		return market__evidence_ignore(evidence, handed,
		    MARKET_CODE_STATEMENT_NO_STANDING,
		    "its issuer is neither the issuer of what it withdraws "
		    "nor above it");
	return market__evidence_ignore(evidence, handed,
	    MARKET_CODE_WITHDRAWAL_TARGET_UNKNOWN,
	    "what it withdraws is not here; it will count once it is");
}

/* What takes away for ever does so in a lower revision too. */
static bool
still_counts(const market_statement_t *statement)
{
	const market__message_t *message = statement->message;

	switch (message->kind) {
	case MARKET_KIND_WITHDRAWAL:
	case MARKET_KIND_STATUS:
	case MARKET_KIND_KEY_SET: return true; /* a step is no old revision */
	case MARKET_KIND_HOLD: return message->of.hold.final;
	case MARKET_KIND_CERTIFICATION:
		return message->of.certification.state >=
		    MARKET_CERTIFICATION_STATE_REFUSED;
	default: return false;
	}
}

static market_status_t
tell(market_evidence_t *evidence)
{
	market_status_t status = MARKET_OK;
	market__handed_t *handed;
	size_t i;

	for (i = 0; i < evidence->n_handed && status == MARKET_OK; i++) {
		handed = &evidence->handed[i];
		if (handed->verified == NULL)
			continue;
		if (handed->verified->superseded &&
		    !still_counts(handed->statement))
			status = market__evidence_ignore(evidence, handed,
			    MARKET_CODE_STATEMENT_STALE_REVISION,
			    "revision %llu, and a higher one is here; where it "
			    "keeps an offer out, it does until that one counts",
			    (unsigned long long)market__header(
				handed->statement)
				->revision);
		else if (handed->statement->message->kind ==
		    MARKET_KIND_WITHDRAWAL)
			status = tell_withdrawal(evidence, handed);
	}
	return status;
}

static int
compare_ignored(const void *left, const void *right)
{
	const market_ignored_t *a = left, *b = right;
	int order;

	order = strcmp(
	    a->name == NULL ? "" : a->name, b->name == NULL ? "" : b->name);
	if (order == 0)
		order = market__slice_compare(a->digest, b->digest);
	if (order == 0)
		order = (a->code > b->code) - (a->code < b->code);
	return order == 0 ? strcmp(a->message, b->message) : order;
}

static market_status_t
list_ignored(market_evidence_t *evidence)
{
	market__handed_t *handed;
	market_ignored_t *one;
	size_t i;

	evidence->ignored = market__arena_array(&evidence->arena,
	    evidence->n_handed + 1, sizeof(*evidence->ignored));
	if (evidence->ignored == NULL)
		return market__arena_refusal(&evidence->arena);
	for (i = 0; i < evidence->n_handed; i++) {
		handed = &evidence->handed[i];
		if (handed->code == MARKET_CODE_NONE)
			continue;
		one = &evidence->ignored[evidence->n_ignored++];
		one->name = handed->name;
		one->code = handed->code;
		one->message = handed->message;
		if (handed->statement != NULL)
			one->digest = market__digest(handed->statement);
	}
	if (evidence->n_ignored > 0)
		qsort(evidence->ignored, evidence->n_ignored,
		    sizeof(*evidence->ignored), compare_ignored);
	return MARKET_OK;
}

market_status_t
market__evidence_tell(market_evidence_t *evidence)
{
	market_status_t status = tell(evidence);

	return status == MARKET_OK ? list_ignored(evidence) : status;
}
