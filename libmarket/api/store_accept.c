/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One statement is verified and filed, in a transaction whose size depends on
 * nothing but the statement: what rests on it is void from its commit on.
 */
#include <stdio.h>

#include "api/names.h"
#include "api/store_accept.h"
#include "model/slot.h"

market_status_t
market__candidate_refuse(
    market__candidate_t *c, market_code_t code, const char *format, ...)
{
	char text[MARKET_ERROR_MESSAGE_MAX * 2];
	market_slice_t copy;
	va_list args;

	c->ret->result = MARKET_RESULT_REFUSED;
	if (c->ret->code != MARKET_CODE_NONE)
		return MARKET_OK;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	copy = market__arena_copy(&c->call->arena, market_slice_of(text));
	if (copy.ptr == NULL)
		return market__call_refused(c->call, &c->call->arena);
	c->ret->code = code;
	c->ret->message = (const char *)copy.ptr;
	return MARKET_OK;
}

market_status_t
market__candidate_verified(const market__candidate_t *c, size_t index,
    market__verified_t **ret_verified)
{
	const market__ground_t *ground = &c->grounds[index];
	market__verified_t *verified, *under = NULL, *keyed = NULL;
	market_status_t status;

	/* A root's ground is the root before it, under which none stands. */
	if (ground->under != NULL &&
	    ground->authority != MARKET__AUTHORITY_ROOT_KEYS) {
		status = market__fact_verified(
		    c->call, ground->under, 0, &c->call->arena, &under);
		if (status != MARKET_OK)
			return status;
	}
	if (ground->keyed != NULL) {
		status = market__fact_verified(
		    c->call, ground->keyed, 0, &c->call->arena, &keyed);
		if (status != MARKET_OK)
			return status;
	}
	verified = market__arena_alloc(&c->call->arena, sizeof(*verified));
	if (verified == NULL)
		return market__call_refused(c->call, &c->call->arena);
	verified->statement = c->statement;
	verified->seen_at = c->call->now;
	verified->authority = ground->authority;
	market__stand_under(verified, under);
	verified->keyed = keyed;
	verified->keys = ground->keys;
	verified->signers = ground->signers;
	verified->by_marketplace = ground->by_marketplace;
	verified->foreign = !market__signed_for(verified, c->environment);
	*ret_verified = verified;
	return MARKET_OK;
}

/* ---- the same name ---- */

typedef struct named {
	uint64_t head;
	bool other; /* other bytes have its revision */
} named_t;

static market_status_t
compare_with(market__candidate_t *c, const market__fact_t *fact,
    const market__verified_t *own, named_t *named)
{
	market__verified_t *verified;
	market_status_t status;
	uint64_t revision;
	size_t i;

	for (i = 0; i < fact->n_grounds; i++) {
		status = market__fact_verified(
		    c->call, fact, i, &c->call->arena, &verified);
		if (status != MARKET_OK)
			return status;
		verified->foreign = !market__signed_for(
		    verified, c->environment);
		if (market__names_compare(own, verified) != 0)
			continue;
		revision = market__header(fact->statement)->revision;
		if (revision > named->head)
			named->head = revision;
		if (revision == market__header(c->statement)->revision &&
		    memcmp(fact->statement->digest, c->statement->digest,
			MARKET_DIGEST_LEN) != 0)
			named->other = true;
	}
	return MARKET_OK;
}

static market_status_t
check_name(market__candidate_t *c, bool known)
{
	const market__header_t *header = market__header(c->statement);
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	named_t named = { 0, false };
	market__verified_t *own = NULL;
	market__fact_t *fact = NULL;
	market_status_t status;
	size_t n, i, k;

	query.by = MARKET__STATEMENT_BY_NAME;
	query.kind = (uint32_t)c->statement->message->kind;
	query.issuer = header->issuer;
	query.id = header->id;
	status = market__fact_rows(c->call, &query, &rows, &n);
	for (k = 0; k < c->n_grounds && status == MARKET_OK; k++) {
		status = market__candidate_verified(c, k, &own);
		for (i = 0; i < n && status == MARKET_OK; i++) {
			status = market__fact_get(c->call, rows[i], &fact);
			if (status == MARKET_OK)
				status = compare_with(c, fact, own, &named);
		}
	}
	if (status != MARKET_OK)
		return status;
	if (named.head > header->revision &&
	    !market__takes_away(c->statement->message)) {
		status = market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_STALE_REVISION,
		    "revision %llu, and %llu is here",
		    (unsigned long long)header->revision,
		    (unsigned long long)named.head);
		c->ret->result = known ? MARKET_RESULT_DUPLICATE
				       : MARKET_RESULT_STALE;
		return status;
	}
	if (named.other) {
		status = market__candidate_refuse(c, MARKET_CODE_STATEMENT_FORK,
		    "another statement has its name and revision %llu: both "
		    "are kept, and a higher revision settles it",
		    (unsigned long long)header->revision);
		c->ret->result = MARKET_RESULT_FORK;
	}
	return status;
}

/*
 * No other name stands in for the policy's, so its revisions must not run out:
 * a stolen key could leave none above its own. This far, and there is always
 * one more than an issuer may have statements.
 */
#define POLICY_LEAP ((uint64_t)1 << 47)

/* A store has one policy: its marketplace's, revised under one name. */
static market_status_t
check_policy(market__candidate_t *c)
{
	const market__header_t *own = market__header(c->statement), *header;
	const market_statement_t *policy;
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	market__fact_t *fact;
	market_status_t status;
	uint64_t head = 0;
	size_t n, i;

	query.by = MARKET__STATEMENT_BY_SLOT;
	query.slot = MARKET__LITERAL("policy");
	status = market__fact_rows(c->call, &query, &rows, &n);
	if (status != MARKET_OK || n == 0)
		return status;
	for (i = 0; i < n; i++)
		if (rows[i]->revision > head)
			head = rows[i]->revision;
	if (own->revision > head && own->revision - head > POLICY_LEAP)
		return market__candidate_refuse(c, MARKET_CODE_LIMIT_EXCEEDED,
		    "revision %llu is more than 2^47 above revision %llu, "
		    "which is here",
		    (unsigned long long)own->revision,
		    (unsigned long long)head);
	status = market__fact_get(c->call, rows[0], &fact);
	if (status != MARKET_OK)
		return status;
	policy = fact->statement;
	header = market__header(policy);
	if (market__slice_equal(header->issuer, own->issuer) &&
	    market__slice_equal(header->id, own->id))
		return MARKET_OK;
	return market__candidate_refuse(c, MARKET_CODE_STATEMENT_NO_STANDING,
	    "this store's policy is %.*s/%.*s: revise that",
	    MARKET__ARG(header->issuer), MARKET__ARG(header->id));
}

/* ---- the root ---- */

static market_status_t
check_root(market__candidate_t *c)
{
	uint64_t own = market__header(c->statement)->revision;
	uint64_t current = market__header(c->root->statement)->revision;
	market__statement_query_t query = { 0 };
	const market__statement_row_t **rows;
	market_status_t status;
	size_t n;

	query.by = MARKET__STATEMENT_BY_DIGEST;
	query.digest = market__digest(c->statement);
	status = market__fact_rows(c->call, &query, &rows, &n);
	if (status != MARKET_OK)
		return status;
	if (n > 0) {
		c->ret->result = MARKET_RESULT_DUPLICATE;
	} else if (own < current) {
		status = market__candidate_refuse(c,
		    MARKET_CODE_STATEMENT_STALE_REVISION,
		    "revision %llu, and %llu is here", (unsigned long long)own,
		    (unsigned long long)current);
		c->ret->result = MARKET_RESULT_STALE;
	} else if (own == current) {
		status = market__candidate_refuse(c, MARKET_CODE_STATEMENT_FORK,
		    "another trust root of revision %llu is here, and stays",
		    (unsigned long long)own);
	}
	return status;
}

/* ---- quotas ---- */

/* What takes away from what is here is never refused for its number. */
static market_status_t
count(market__candidate_t *c, bool early)
{
	market__call_t *call = c->call;
	bool gives = !market__takes_away(c->statement->message);
	market__party_row_t party;
	market_status_t status;
	uint64_t most;

	status = market__party_named(
	    call, market__header(c->statement)->issuer, &party);
	if (status != MARKET_OK)
		return status;
	if (gives && party.statements >= call->store->max_statements)
		return market__candidate_refuse(c, MARKET_CODE_LIMIT_EXCEEDED,
		    "this store keeps %llu statements of one issuer",
		    (unsigned long long)call->store->max_statements);
	/* Nobody can tell by a digest whether it is that of an offer that is
	 * here: a seller may withdraw each of its own. */
	most = call->store->max_early;
	most = most > UINT64_MAX - party.listings ? UINT64_MAX
						  : most + party.listings;
	if (early && party.early >= most)
		return market__candidate_refuse(c, MARKET_CODE_LIMIT_EXCEEDED,
		    "this store keeps %llu withdrawals of one issuer of which "
		    "it cannot be told that their targets are here",
		    (unsigned long long)most);
	if (party.no == 0)
		party.no = ++call->head.parties;
	party.statements++;
	party.early += early;
	return call->ops->party_put(call->backend, &party, call->reterr);
}

/* ---- filing ---- */

static market_status_t
file(market__candidate_t *c)
{
	const market__header_t *header = market__header(c->statement);
	market__call_t *call = c->call;
	market__statement_row_t row = { 0 };
	market__detail_t detail = { 0 };
	market_slice_t envelope;
	market_status_t status;

	row.no = call->head.epoch + 1;
	memcpy(row.digest, c->statement->digest, sizeof(row.digest));
	row.kind = (uint32_t)c->statement->message->kind;
	row.issuer = header->issuer;
	row.id = header->id;
	row.revision = header->revision;
	row.subject = market__conveys_to(c->statement->message);
	row.seen_at = call->now;
	row.basis = row.kind == (uint32_t)MARKET_KIND_TRUST_ROOT
	    ? row.no
	    /* analyse(scan): only a trust root comes without one before it. */
	    : c->root->row.no;
	if (market__grounds_encode(c->grounds, c->n_grounds, &call->arena,
		&row.grounds) != MARKET_OK)
		return market__call_refused(call, &call->arena);
	memcpy(detail.digest, row.digest, sizeof(detail.digest));
	detail.result = c->ret->result;
	status = market__slot_filed(c->call, c->statement, &row.slot);
	if (status == MARKET_OK)
		status = market__entry_append(
		    call, MARKET_CHANGE_STATEMENT, row.no, 0, 0, &detail);
	row.entry = call->head.entries;
	if (status == MARKET_OK)
		status = market__call_envelope(call, c->statement, &envelope);
	if (status == MARKET_OK)
		status = call->ops->payload_insert(
		    call->backend, row.entry, envelope, call->reterr);
	if (status == MARKET_OK)
		status = call->ops->statement_insert(
		    call->backend, &row, call->reterr);
	if (status == MARKET_OK)
		status = market__slot_move(call, &row);
	if (status == MARKET_OK)
		status = market__epoch_chain(
		    call, call->head.epoch_chain, &row, call->head.epoch_chain);
	call->head.epoch = row.no;
	c->ret->entry = row.entry;
	return status;
}

/* ---- all of it ---- */

static bool
done(const market__candidate_t *c)
{
	return c->ret->result != 0 && c->ret->result != MARKET_RESULT_FORK;
}

static market_status_t
judge(market__candidate_t *c, bool *ret_early)
{
	const market__message_t *message = c->statement->message;
	market_status_t status = MARKET_OK;
	bool known = false;

	if (message->kind == MARKET_KIND_TRUST_ROOT)
		status = check_root(c);
	else if (message->kind == MARKET_KIND_POLICY)
		status = check_policy(c);
	if (status == MARKET_OK && !done(c))
		status = market__candidate_ground(c);
	if (status != MARKET_OK || done(c) ||
	    message->kind == MARKET_KIND_TRUST_ROOT)
		return status;
	status = market__candidate_known(c, &known);
	if (status == MARKET_OK && !done(c))
		status = check_name(c, known);
	if (status == MARKET_OK && !done(c) &&
	    message->kind == MARKET_KIND_WITHDRAWAL)
		status = market__candidate_stand(c, ret_early);
	return status;
}

/* It counts once what it withdraws is here: worth telling. */
static market_status_t
tell_early(market__candidate_t *c)
{
	market_result_t result = c->ret->result;
	market_status_t status;

	status = market__candidate_refuse(c,
	    MARKET_CODE_WITHDRAWAL_TARGET_UNKNOWN,
	    "no statement that it withdraws is here; it counts for an offer "
	    "that is, and for what comes");
	c->ret->result = result;
	return status;
}

static void
init(market__candidate_t *c, market__call_t *call,
    market_statement_t *statement, market__acceptance_t *ret)
{
	memset(c, 0, sizeof(*c));
	memset(ret, 0, sizeof(*ret));
	c->call = call;
	c->statement = statement;
	c->ret = ret;
	c->environment = MARKET_ENVIRONMENT_PRODUCTION;
}

static market_status_t
accept(market__candidate_t *c)
{
	const market_statement_t *policy;
	market_status_t status;
	bool early = false;

	status = market__fact_root(c->call, &c->root);
	if (status == MARKET_OK)
		status = market__slot_policy(c->call, &policy);
	if (status != MARKET_OK)
		return status;
	if (policy != NULL)
		c->environment = policy->message->of.policy.environment;
	status = judge(c, &early);
	if (status != MARKET_OK || done(c))
		return status;
	status = count(c, early);
	if (status != MARKET_OK || done(c))
		return status;
	if (c->ret->result == 0)
		c->ret->result = MARKET_RESULT_ACCEPTED;
	status = file(c);
	if (status == MARKET_OK && early)
		status = tell_early(c);
	return status;
}

market_status_t
market__accept(market__call_t *call, market_statement_t *statement,
    market__acceptance_t *ret)
{
	market__candidate_t c;

	init(&c, call, statement, ret);
	return accept(&c);
}

market_status_t
market__accept_feed(
    market__call_t *call, market_statement_t *feed, market__acceptance_t *ret)
{
	market__candidate_t c;

	init(&c, call, feed, ret);
	c.feed = true;
	return accept(&c);
}

market_status_t
market__accept_first(market__call_t *call, market_statement_t *root)
{
	market__ground_t ground = { 0 };
	market__acceptance_t ret;
	market__candidate_t c;

	init(&c, call, root, &ret);
	ground.authority = MARKET__AUTHORITY_ROOT_KEYS;
	c.grounds = &ground;
	c.n_grounds = 1;
	ret.result = MARKET_RESULT_ACCEPTED;
	return file(&c);
}
