/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of a feed that is taken in: it is accepted as a statement is, by its
 * name, and must be one that may speak for its seller now.
 */
#include "api/names.h"
#include "api/store_intake.h"

typedef struct looking {
	market__call_t *call;
	market__taking_t *taking; /* NULL: it was accepted before */
	market__intake_t *intake;
	const market__statement_row_t **rows; /* of its kind, issuer and id */
	size_t n;
	const market__statement_row_t *own;
	/* The own one, by what it counts by; NULL: it does not count. */
	market__verified_t *verified;
	const market__statement_row_t
	    *base; /* the revision before it, or NULL */
	const market__feed_t *base_feed;
	bool stale, forked;
	uint8_t
	    *earlier; /* digests of its revisions before it, of a new list */
	size_t n_earlier;
} looking_t;

void
market__intake_keep(market__intake_t *intake, const market__taken_t *taken)
{
	market_slice_t last = taken->last_id;

	intake->before = *taken;
	if (last.len > 0)
		memmove(intake->last_id[2], last.ptr, last.len);
	intake->before.last_id = market__slice(
	    last.len > 0 ? intake->last_id[2] : NULL, last.len);
}

static market_status_t
refuse(looking_t *l, market_result_t result, const char *why)
{
	if (l->taking != NULL)
		l->taking->report->result = result;
	else
		l->intake->overtaken = result;
	return market__error(
	    l->call->reterr, MARKET_E_DENIED, NULL, -1, "%s", why);
}

/* A list by itself would be taken in as one whose chunks are all broken. */
static market_status_t
check_rows(looking_t *l)
{
	if (l->taking->ahead > 0 ||
	    market__feed_of(l->taking->intake.feed)->count == 0)
		return MARKET_OK;
	return refuse(l, MARKET_RESULT_REFUSED,
	    "there are no rows, and so nothing is taken in: where they stand "
	    "in a file of their own, give that too");
}

/* ---- what is there ---- */

static market_status_t
read_named(looking_t *l, const market_statement_t *list)
{
	market__statement_query_t query = { .by = MARKET__STATEMENT_BY_NAME,
		.kind = (uint32_t)MARKET_KIND_FEED,
		.issuer = market__header(list)->issuer,
		.id = market__header(list)->id };

	return market__fact_rows(l->call, &query, &l->rows, &l->n);
}

static market_status_t
read_rows(looking_t *l)
{
	const market_statement_t *list = l->taking->intake.feed->statement;
	market_status_t status = read_named(l, list);
	size_t i;

	l->own = NULL;
	for (i = 0; status == MARKET_OK && i < l->n; i++)
		if (l->own == NULL &&
		    memcmp(l->rows[i]->digest, list->digest,
			MARKET_DIGEST_LEN) == 0)
			l->own = l->rows[i];
	return status;
}

/* Does one of the authorities that it was accepted by count now? *ret_why says
 * why none does, or is NULL. */
static market_status_t
find_standing(looking_t *l, const char **ret_why)
{
	market__slot_user_t user = { l->call };
	const market__lookup_t lookup = { market__slot_read, &user,
		market__page_lists, market__pages_vanished, NULL };
	const market_finding_t *against = NULL;
	market__verified_t *verified = NULL;
	market__fact_t *fact = NULL;
	market_status_t status;
	size_t i;

	l->verified = NULL;
	*ret_why = "nobody vouches for its keys any more";
	status = market__fact_get(l->call, l->own, &fact);
	for (i = 0; status == MARKET_OK && i < fact->n_grounds; i++) {
		if (!fact->grounds[i].stands)
			continue;
		status = market__fact_verified(
		    l->call, fact, i, &l->call->arena, &verified);
		if (status == MARKET_OK)
			status = market__feed_counts(&lookup, verified,
			    l->call->now, &l->call->arena, &against);
		if (status != MARKET_OK)
			return status;
		*ret_why = against == NULL ? NULL : against->message;
		if (against == NULL) {
			l->verified = verified;
			return MARKET_OK;
		}
	}
	return status;
}

static market_status_t
must_stand(looking_t *l)
{
	const char *why = NULL;
	market_status_t status = find_standing(l, &why);

	if (status != MARKET_OK || why == NULL)
		return status;
	return refuse(l, MARKET_RESULT_REFUSED, why);
}

static market_status_t
has_name(looking_t *l, const market__fact_t *fact,
    const market__verified_t *verified, bool *ret_same)
{
	market__verified_t *other = NULL;
	market_status_t status = MARKET_OK;
	size_t i;

	for (i = 0; i < fact->n_grounds && status == MARKET_OK; i++) {
		status = market__fact_verified(
		    l->call, fact, i, &l->call->arena, &other);
		if (status == MARKET_OK &&
		    market__names_compare(verified, other) == 0)
			*ret_same = true;
	}
	return status;
}

/* The same name, by the same authority: who else uses it does not matter. Of
 * one that does not count, by any that it was accepted by. */
static market_status_t
same_name(looking_t *l, const market__fact_t *fact, bool *ret_same)
{
	market__verified_t *verified = NULL;
	market__fact_t *own = NULL;
	market_status_t status;
	size_t i;

	*ret_same = false;
	if (l->verified != NULL)
		return has_name(l, fact, l->verified, ret_same);
	status = market__fact_get(l->call, l->own, &own);
	for (i = 0; status == MARKET_OK && i < own->n_grounds; i++) {
		status = market__fact_verified(
		    l->call, own, i, &l->call->arena, &verified);
		if (status == MARKET_OK)
			status = has_name(l, fact, verified, ret_same);
	}
	return status;
}

static market_status_t
look_at_one(looking_t *l, const market__statement_row_t *row)
{
	market__fact_t *fact = NULL;
	market_status_t status;
	bool same = false;

	if (memcmp(row->digest, l->own->digest, MARKET_DIGEST_LEN) == 0)
		return MARKET_OK;
	status = market__fact_get(l->call, row, &fact);
	if (status == MARKET_OK)
		status = same_name(l, fact, &same);
	if (status != MARKET_OK || !same)
		return status;
	if (row->revision == l->own->revision) {
		l->forked = true;
	} else if (row->revision > l->own->revision) {
		l->stale = true;
	} else {
		memcpy(l->earlier + l->n_earlier++ * MARKET_DIGEST_LEN,
		    row->digest, MARKET_DIGEST_LEN);
		if (l->base == NULL || row->revision > l->base->revision) {
			l->base = row;
			l->base_feed = &fact->statement->message->of.feed;
		}
	}
	return MARKET_OK;
}

static market_status_t
look_at_others(looking_t *l)
{
	market_status_t status = MARKET_OK;
	size_t i;

	l->earlier = market__arena_array(
	    &l->call->arena, l->n + 1, MARKET_DIGEST_LEN);
	if (l->earlier == NULL)
		return market__call_refused(l->call, &l->call->arena);
	for (i = 0; i < l->n && status == MARKET_OK; i++)
		status = look_at_one(l, l->rows[i]);
	return status;
}

/* ---- a list that is new ---- */

static uint64_t
chunks_of(const market__feed_t *feed)
{
	uint64_t chunks = market__feed_chunks(feed->count);

	return chunks == 0 ? 1 : chunks;
}

/* A delta changes what the revision before it has: all of that is here. */
static market_status_t
check_delta(looking_t *l)
{
	market__feed_row_t row;
	market__taken_t taken;
	market_status_t status;
	uint64_t next = 0;

	if (l->base == NULL || l->base->revision != l->own->revision - 1)
		return refuse(l, MARKET_RESULT_REFUSED,
		    "a delta changes the revision just before it, which is not "
		    "here: submit that first, or a full feed");
	status = market__intake_read(l->call, l->base->no, &row, &taken, &next);
	if (status == MARKET_OK && next < chunks_of(l->base_feed))
		return refuse(l, MARKET_RESULT_REFUSED,
		    "a delta changes the revision just before it, of which "
		    "chunks are left to be taken in: submit that again first");
	return status;
}

/* Would more end than may, whatever its rows are? */
static market_status_t
check_shrink(looking_t *l)
{
	uint64_t own = market__feed_of(l->taking->intake.feed)->count;
	uint64_t most = l->taking->options->max_ended;

	if (l->base == NULL || l->base_feed->mode != MARKET_FEED_MODE_FULL ||
	    l->base_feed->count <= own || l->base_feed->count - own <= most)
		return MARKET_OK;
	l->taking->report->result = MARKET_RESULT_REFUSED;
	return market__error(l->call->reterr, MARKET_E_LIMIT, NULL, -1,
	    "the feed has %llu offers, and the revision before it %llu: look "
	    "whether it is whole, and then allow more than %llu to end",
	    (unsigned long long)own, (unsigned long long)l->base_feed->count,
	    (unsigned long long)most);
}

static market_status_t
check_mode(looking_t *l)
{
	return market__feed_of(l->taking->intake.feed)->mode ==
		MARKET_FEED_MODE_DELTA
	    ? check_delta(l)
	    : check_shrink(l);
}

static market_status_t
keep(looking_t *l, market_result_t result)
{
	market__feed_row_t row = { .no = l->own->no };
	market__call_t *call = l->call;
	market__taken_t none = { 0 };
	market_status_t status;

	if (market__taken_encode(&none, &call->arena, &row.state) != MARKET_OK)
		return market__call_refused(call, &call->arena);
	status = call->ops->feed_put(call->backend, &row, call->reterr);
	if (status == MARKET_OK)
		status = market__call_commit(call);
	if (status == MARKET_OK)
		l->taking->report->result = result;
	return status;
}

/* What is refused after it was filed is rolled back, but for a fork by one that
 * counts: that both were signed is kept. */
static market_status_t
accept(looking_t *l)
{
	market__acceptance_t accepted;
	const char *why;
	market_status_t status = market__intake_clock(l->call);

	/* What is rolled back must not stay in the store's cache. */
	if (status == MARKET_OK)
		status = market__call_alone(l->call, MARKET__VIEW_LIVE);
	if (status == MARKET_OK)
		status = market__accept_feed(
		    l->call, l->taking->intake.feed->statement, &accepted);
	if (status != MARKET_OK)
		return status;
	why = accepted.message == NULL ? "the list is refused"
				       : accepted.message;
	if (accepted.result != MARKET_RESULT_ACCEPTED &&
	    accepted.result != MARKET_RESULT_FORK)
		return refuse(l, accepted.result, why);
	status = read_rows(l);
	if (status == MARKET_OK && l->own == NULL)
		status = market__error(l->call->reterr, MARKET_E_INTERNAL, NULL,
		    -1, "the list that was filed is not there");
	if (status == MARKET_OK)
		status = must_stand(l);
	if (status == MARKET_OK && accepted.result == MARKET_RESULT_FORK) {
		status = keep(l, accepted.result);
		return status == MARKET_OK ? refuse(l, accepted.result, why)
					   : status;
	}
	if (status == MARKET_OK)
		status = look_at_others(l);
	if (status == MARKET_OK)
		status = check_mode(l);
	if (status == MARKET_OK)
		status = check_rows(l);
	return status == MARKET_OK ? keep(l, accepted.result) : status;
}

/* ---- one that was accepted ---- */

static market_status_t
go_on(looking_t *l)
{
	market__intake_t *intake = &l->taking->intake;
	market__feed_row_t row;
	market__taken_t taken;
	market_status_t status;
	const char *why = NULL;

	l->taking->report->result = MARKET_RESULT_DUPLICATE;
	status = market__intake_read(
	    l->call, l->own->no, &row, &taken, &intake->next);
	if (status != MARKET_OK)
		return status;
	intake->last = row.last;
	market__intake_keep(intake, &taken);
	/* The same list, the same report: nothing is asked any more. */
	if (intake->next >= market__intake_chunks(intake->feed))
		return MARKET_OK;
	status = find_standing(l, &why);
	intake->mute = why != NULL;
	if (status == MARKET_OK)
		status = look_at_others(l);
	if (status == MARKET_OK && l->forked)
		return refuse(l, MARKET_RESULT_FORK,
		    "another list has its name and revision: a higher revision "
		    "settles it");
	if (status == MARKET_OK && l->stale)
		return refuse(l, MARKET_RESULT_STALE,
		    "a higher revision of this feed is here: what is left of "
		    "this one is not taken in");
	return status == MARKET_OK ? check_rows(l) : status;
}

/* ---- either ---- */

static market_status_t
take_list(looking_t *l)
{
	market__intake_t *intake = &l->taking->intake;
	market_status_t status = read_rows(l);
	market__fact_t *fact = NULL;

	if (status == MARKET_OK)
		status = l->own == NULL ? accept(l) : go_on(l);
	if (status != MARKET_OK)
		return status;
	status = market__fact_get(l->call, l->own, &fact);
	if (status != MARKET_OK)
		return status;
	intake->list = market_statement_ref(fact->statement);
	intake->no = l->own->no;
	intake->entry = l->own->entry;
	intake->epoch_seen = l->call->head.epoch;
	intake->now_seen = l->call->now;
	if (market__feed_of(intake->feed)->mode != MARKET_FEED_MODE_FULL ||
	    l->n_earlier == 0)
		return MARKET_OK;
	intake->earlier = market__alloc_array(
	    &l->call->context->allocator, l->n_earlier, MARKET_DIGEST_LEN);
	if (intake->earlier == NULL)
		return market__error(l->call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for the revisions of a feed");
	memcpy(intake->earlier, l->earlier, l->n_earlier * MARKET_DIGEST_LEN);
	intake->n_earlier = l->n_earlier;
	return MARKET_OK;
}

market_status_t
market__intake_stands(market__intake_t *intake, market__call_t *call)
{
	looking_t l = { .call = call, .intake = intake };
	const char *why = NULL;
	market_status_t status;

	if (call->head.epoch == intake->epoch_seen &&
	    call->now == intake->now_seen)
		return MARKET_OK;
	status = market__fact_row(call, intake->no, &l.own);
	if (status == MARKET_OK)
		status = find_standing(&l, &why);
	intake->mute = why != NULL;
	if (status == MARKET_OK)
		status = read_named(&l, intake->feed->statement);
	if (status == MARKET_OK)
		status = look_at_others(&l);
	if (status == MARKET_OK && (l.stale || l.forked))
		return refuse(&l,
		    l.stale ? MARKET_RESULT_STALE : MARKET_RESULT_FORK,
		    l.stale ? "a higher revision of this feed was accepted "
			      "meanwhile: what is left of this one is not "
			      "taken in"
			    : "another list of its name and revision was "
			      "accepted meanwhile: a higher revision settles "
			      "it");
	if (status != MARKET_OK)
		return status;
	intake->epoch_seen = call->head.epoch;
	intake->now_seen = call->now;
	return MARKET_OK;
}

market_status_t
market__intake_list(market__taking_t *taking)
{
	looking_t l = { .taking = taking, .intake = &taking->intake };
	market__call_t call;
	market_status_t status;

	status = market__call_begin(taking->store, taking->reterr, &call);
	l.call = &call;
	if (status == MARKET_OK)
		status = market__call_transact(&call, true, taking->at);
	if (status == MARKET_OK)
		status = take_list(&l);
	return market__call_end(&call, status);
}
