/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The next trust root, and a party's next key set: signed by the keys before
 * it and by its own (TUF 1.0, 5.3), with keys that count on the day on which
 * they sign. Afterwards it would be too late: what takes away stands though
 * its key falls, and nobody stands above a root.
 */
#include "api/store_accept.h"

/*
 * Do the keys before it count now? One that ended, or was withdrawn, or is for
 * tests, hands on nothing.
 */
static market_status_t
check_signing(market__candidate_t *c)
{
	market__slot_user_t user = { c->call };
	market__lookup_t lookup = { market__slot_read, &user,
		market__page_lists, market__pages_vanished, NULL };
	const market_finding_t *against = NULL;
	market__verified_t *verified = NULL;
	market_status_t status;

	status = market__candidate_verified(c, c->n_grounds - 1, &verified);
	if (status == MARKET_OK)
		status = market__signing_counts(&lookup, c->environment,
		    verified, c->call->now, &c->call->arena, &against);
	if (status != MARKET_OK)
		return market__error(c->call->reterr, status, NULL, -1,
		    "the keys before it could not be examined: %s",
		    market_status_text(status));
	if (against == NULL)
		return MARKET_OK;
	c->n_grounds = 0;
	return market__candidate_refuse(c, against->code,
	    "the keys before it do not count: %s", against->message);
}

/* ---- key sets ---- */

/*
 * The next key set of a party. The highest revision that is here was accepted
 * under some root; where none of them counts under this one (the marketplace
 * gave the party other keys) the next may leave some out, but not run away.
 */
#define KEY_SET_LEAP 256

/* Key sets behind one root; each statement of the party rests on all. */
#define KEY_SETS_MAX 256

/* Far enough, and not too far? */
static market_status_t
check_step(market__candidate_t *c, const market__fact_keys_t *keys,
    uint64_t own, uint64_t head)
{
	if (keys->keys == NULL)
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_ISSUER_UNKNOWN,
		    "its issuer is no party of the trust root");
	if (keys->n == KEY_SETS_MAX)
		return market__candidate_refuse(c, MARKET_CODE_LIMIT_EXCEEDED,
		    "%d key sets have followed what the trust root names: its "
		    "next revision must name the party's keys, and the party "
		    "goes on from there",
		    KEY_SETS_MAX);
	if (own - head <= (keys->by != NULL ? 1 : KEY_SET_LEAP))
		return MARKET_OK;
	c->ret->later = true;
	return market__candidate_refuse(c, MARKET_CODE_STATEMENT_NO_STANDING,
	    "revision %llu cannot follow revision %llu: the steps between "
	    "come first",
	    (unsigned long long)own, (unsigned long long)head);
}

static market_status_t
follow(market__candidate_t *c, const market__fact_keys_t *keys,
    market__keymask_t *ret_signers, bool *ret_follows)
{
	market__keyset_t *next = NULL;
	market_status_t status;

	status = market__keyset_load(c->call->context,
	    c->statement->message->of.key_set.keys, "keys", &next, NULL);
	if (status == MARKET_OK)
		status = market__fact_keys_follow(c->call, c->root, keys,
		    c->statement, next, ret_signers, ret_follows);
	else if (status != MARKET_E_MEMORY && status != MARKET_E_INTERNAL)
		status = MARKET_OK; /* its keys are told by the caller */
	market__keyset_free(next);
	return status;
}

static market_status_t
after(market__candidate_t *c, uint64_t head)
{
	uint64_t own = market__header(c->statement)->revision;
	market__ground_t ground = { 0 };
	market__fact_keys_t keys;
	market_status_t status;
	bool follows = false;

	status = market__candidate_party_keys(c, &keys);
	if (status == MARKET_OK)
		status = check_step(c, &keys, own, head);
	if (status != MARKET_OK || c->ret->result != 0)
		return status;
	status = follow(c, &keys, &ground.signers, &follows);
	if (status != MARKET_OK)
		return status;
	if (!follows)
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
		    "a key set is signed by the thresholds of the party's keys "
		    "before it and of its own, which are no other party's and "
		    "go by one id: this one is not");
	ground.authority = MARKET__AUTHORITY_PARTY;
	ground.keyed = keys.by;
	ground.keys = keys.keys;
	ground.stands = true;
	ground.by_marketplace = market__candidate_is_marketplace(c);
	status = market__candidate_add_ground(c, &ground);
	return status == MARKET_OK ? check_signing(c) : status;
}

/* Two key sets of one revision: the one that was here first stays. */
market_status_t
market__candidate_as_key_set(market__candidate_t *c)
{
	const market__header_t *header = market__header(c->statement);
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	market_status_t status;
	uint64_t head = 0;
	size_t n, i;

	query.by = MARKET__STATEMENT_BY_SLOT;
	status = market__slot_keys(c->call, header->issuer, &query.slot);
	if (status == MARKET_OK)
		status = market__fact_rows(c->call, &query, &rows, &n);
	for (i = 0; status == MARKET_OK && i < n; i++) {
		if (rows[i]->revision > head)
			head = rows[i]->revision;
		if (memcmp(rows[i]->digest, c->statement->digest,
			MARKET_DIGEST_LEN) == 0) {
			c->ret->result = MARKET_RESULT_DUPLICATE;
			return MARKET_OK;
		}
	}
	if (status != MARKET_OK)
		return status;
	if (header->revision < head) {
		status = market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_STALE_REVISION,
		    "revision %llu, and %llu is here",
		    (unsigned long long)header->revision,
		    (unsigned long long)head);
		c->ret->result = MARKET_RESULT_STALE;
		return status;
	}
	if (header->revision == head)
		return market__candidate_refuse(c, MARKET_CODE_STATEMENT_FORK,
		    "another key set of revision %llu is here, and stays",
		    (unsigned long long)head);
	return after(c, head);
}

/* ---- roots ---- */

/* Signed by its own keys? Then it may say which they are. */
static market_status_t
parse_root(market__candidate_t *c, market_root_t **ret_root)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_slice_t envelope;
	market_status_t status;

	status = market__call_envelope(c->call, c->statement, &envelope);
	if (status != MARKET_OK)
		return status;
	status = market_root_parse(
	    c->call->context, envelope, ret_root, &error);
	if (status == MARKET_OK)
		return MARKET_OK;
	if (status == MARKET_E_MEMORY)
		return market__error(c->call->reterr, status, NULL, -1,
		    "no memory for a trust root");
	return market__candidate_refuse(
	    c, MARKET_CODE_STATEMENT_SIGNATURE_INVALID, "%s", error.message);
}

/* And by those of the root that rules. */
static market_status_t
by_both_keys(market__candidate_t *c, const market_root_t *next)
{
	const market__keyset_t *before = c->root->root->root_keys;
	market__ground_t *ground;
	unsigned n_signed = 0;
	market_status_t status;

	status = market__candidate_try_keys(
	    c, before, MARKET__AUTHORITY_ROOT_KEYS, NULL, &n_signed);
	if (status != MARKET_OK)
		return status;
	if (c->n_grounds == 0)
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_SIGNATURE_INVALID,
		    "%u of the root keys of revision %llu signed, and %u must "
		    "sign, beside its own",
		    n_signed,
		    (unsigned long long)market__header(c->root->statement)
			->revision,
		    before->threshold);
	ground = &c->grounds[0];
	ground->under = c->root;
	if (market__keyset_yields(before, next->root_keys, ground->signers))
		return check_signing(c);
	c->n_grounds = 0;
	return market__candidate_refuse(c, MARKET_CODE_KEY_ENVIRONMENT,
	    "too few of the root keys before it that signed are production "
	    "keys, and a test key changes nothing in production");
}

/* A root follows the one before it, signed by the keys of both. */
market_status_t
market__candidate_as_root(market__candidate_t *c)
{
	const market__header_t *own = market__header(c->statement);
	const market__header_t *current = market__header(c->root->statement);
	market_root_t *next = NULL;
	market_status_t status;

	if (!market__slice_equal(own->issuer, current->issuer) ||
	    !market__slice_equal(own->id, current->id))
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_NO_STANDING,
		    "this store stands on another trust root");
	if (own->revision > current->revision + 1) {
		c->ret->later = true;
		return market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_NO_STANDING,
		    "revision %llu cannot follow revision %llu: the steps "
		    "between come first",
		    (unsigned long long)own->revision,
		    (unsigned long long)current->revision);
	}
	status = parse_root(c, &next);
	if (status == MARKET_OK && next != NULL)
		status = by_both_keys(c, next);
	market_root_free(next);
	return status;
}
