/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "calls.h"

#define RESULT(a, member) ((a)->no_result ? NULL : &(a)->member)

static market_status_t
call_marketplace(asked_t *a)
{
	return market_store_marketplace(a->store, RESULT(a, buffer), a->error);
}

static market_status_t
call_clock(asked_t *a)
{
	return market_store_clock(a->store, RESULT(a, number), a->error);
}

static market_status_t
call_mark(asked_t *a)
{
	return market_store_get_mark(a->store, RESULT(a, mark), a->error);
}

static market_status_t
call_revision(asked_t *a)
{
	return market_store_revision(a->store, MARKET_KIND_AUTHORIZATION,
	    market_slice_of("mi.com"), a->listing, RESULT(a, revision),
	    a->error);
}

static market_status_t
call_add(asked_t *a)
{
	return market_store_add(a->store, a->list, a->n, a->at, a->flags,
	    RESULT(a, additions), a->error);
}

static market_status_t
call_refresh(asked_t *a)
{
	return market_store_refresh(
	    a->store, a->at, a->n, RESULT(a, refreshed), a->error);
}

static market_status_t
call_check(asked_t *a)
{
	return market_store_check(a->store, a->offer, NULL, 0, a->at, a->flags,
	    RESULT(a, decision), a->error);
}

static market_status_t
call_check_with(asked_t *a)
{
	return market_store_check(a->store, a->offer, a->list, a->n, a->at,
	    a->flags, RESULT(a, decision), a->error);
}

static market_status_t
call_submit(asked_t *a)
{
	return market_store_submit(
	    a->store, a->list, a->n, a->at, RESULT(a, submissions), a->error);
}

static market_status_t
call_intent(asked_t *a)
{
	return market_store_set_intent(
	    a->store, a->listing, MARKET_INTENT_PAUSE, a->at, a->error);
}

static market_status_t
call_list(asked_t *a)
{
	a->query.at = a->at;
	a->query.flags = a->flags;
	return market_store_list(
	    a->store, &a->query, RESULT(a, listings), a->error);
}

static market_status_t
call_why(asked_t *a)
{
	return market_store_why(a->store, a->listing, a->at, a->flags,
	    RESULT(a, listings), RESULT(a, decision), a->error);
}

static market_status_t
call_sale(asked_t *a)
{
	return market_store_sale(a->store, a->listing, a->us,
	    MARKET_CHANNEL_ONLINE_STORE, a->network, a->at, a->flags,
	    &a->number, a->error);
}

static market_status_t
call_impact(asked_t *a)
{
	return market_store_impact(
	    a->store, &a->target, a->at, RESULT(a, effects), a->error);
}

static market_status_t
call_what_if(asked_t *a)
{
	return market_store_what_if(a->store, a->list, a->n, a->at,
	    RESULT(a, effects), &a->additions, a->error);
}

static market_status_t
call_forecast(asked_t *a)
{
	return market_store_forecast(
	    a->store, a->at, a->at + 1000, RESULT(a, effects), a->error);
}

static market_status_t
call_listings_of(asked_t *a)
{
	return market_store_listings_of(a->store, 1, market_slice_of(""), a->n,
	    RESULT(a, buffer), a->error);
}

static market_status_t
call_changes(asked_t *a)
{
	return market_store_changes(
	    a->store, 0, a->n, RESULT(a, changes), a->error);
}

static market_status_t
call_fsck(asked_t *a)
{
	return market_store_fsck(a->store, NULL, RESULT(a, faults), a->error);
}

const call_t calls[] = {
	{ "marketplace", call_marketplace, 0 },
	{ "clock", call_clock, 0 },
	{ "get_mark", call_mark, 0 },
	{ "revision", call_revision, TAKES_ID },
	{ "add", call_add, TAKES_AT | TAKES_FLAGS | TAKES_LIST | WRITES },
	{ "refresh", call_refresh, TAKES_AT | TAKES_COUNT | WRITES },
	{ "check", call_check, TAKES_AT | TAKES_FLAGS | TAKES_OFFER },
	{ "check with", call_check_with, TAKES_AT | TAKES_OFFER | TAKES_LIST },
	{ "submit", call_submit,
	    TAKES_AT | TAKES_LIST | LISTS_OFFERS | WRITES },
	{ "set_intent", call_intent, TAKES_AT | TAKES_ID | NO_RESULT | WRITES },
	{ "list", call_list, TAKES_AT | TAKES_FLAGS },
	{ "why", call_why, TAKES_AT | TAKES_FLAGS | TAKES_ID },
	{ "sale", call_sale, TAKES_AT | TAKES_FLAGS | TAKES_ID | NO_RESULT },
	{ "impact", call_impact, TAKES_AT },
	{ "what_if", call_what_if, TAKES_AT | TAKES_LIST },
	{ "forecast", call_forecast, TAKES_AT },
	{ "listings_of", call_listings_of, TAKES_COUNT },
	{ "changes", call_changes, TAKES_COUNT },
	{ "fsck", call_fsck, 0 },
};
const size_t n_calls = sizeof(calls) / sizeof(calls[0]);

const call_t *
call_named(const char *label)
{
	size_t i;

	for (i = 0; i < n_calls; i++)
		if (strcmp(calls[i].label, label) == 0)
			return &calls[i];
	ck_abort_msg("no call %s", label);
	return NULL;
}

/* ---- arguments that are good ---- */

void
bench_init(bench_t *bench, int kind)
{
	play_init(&bench->play, kind);
	play_begin_good(&bench->play);
	play_edit(&bench->play, "+g2 =grant {'header': {'id': 'g2'}}");
	play_edit(&bench->play, "+o2 =offer {'header': {'id': 'o2'}}");
}

asked_t
call_good(bench_t *bench, const call_t *call)
{
	const market_error_t none = MARKET_ERROR_INIT;
	asked_t a;

	memset(&a, 0, sizeof(a));
	bench->error = none;
	a.error = &bench->error;
	a.store = bench->play.store;
	a.offer = world_envelope(bench->play.world, "o2");
	a.statement = world_envelope(bench->play.world, "g2");
	a.listing = market_slice_of("shop.example/offer");
	a.us = market_slice_of("US");
	a.network = market_slice_of("t-mobile.com/us");
	a.at = bench->play.now;
	a.query.size = sizeof(a.query);
	a.target.issuer = market_slice_of("mi.com");
	bench->list[0] = (call->takes & LISTS_OFFERS) != 0 ? a.offer
							   : a.statement;
	bench->list[1] = bench->list[0];
	a.list = bench->list;
	a.n = 1;
	return a;
}

void
call_give_back(asked_t *a)
{
	market_store_free(a->got_store);
	market_additions_free(a->additions);
	market_submissions_free(a->submissions);
	market_decision_free(a->decision);
	market_listings_free(a->listings);
	market_effects_free(a->effects);
	market_changes_free(a->changes);
	market_faults_free(a->faults);
	market_buffer_clear(&a->buffer);
}

/* A12: nothing was given. */
static bool
gave_nothing(const asked_t *a)
{
	return a->got_store == NULL && a->additions == NULL &&
	    a->submissions == NULL && a->decision == NULL &&
	    a->listings == NULL && a->effects == NULL && a->changes == NULL &&
	    a->faults == NULL && a->buffer.data == NULL && a->number == 0 &&
	    a->revision == 0;
}

static bool
same_mark(const market_store_mark_t *a, const market_store_mark_t *b)
{
	return a->epoch == b->epoch && a->entries == b->entries &&
	    memcmp(a->epoch_chain, b->epoch_chain, sizeof(a->epoch_chain)) ==
	    0 &&
	    memcmp(a->entry_chain, b->entry_chain, sizeof(a->entry_chain)) == 0;
}

/* The call fails so, gives nothing, and changes nothing. */
void
call_refused(bench_t *bench, const call_t *call, asked_t *a, const char *what,
    market_status_t want)
{
	market_store_mark_t before = play_mark(&bench->play), after;
	market_status_t status = call->run(a);

	ck_assert_msg(status == want, "%s, %s: %s, not %s: %s", call->label,
	    what, market_status_name(status), market_status_name(want),
	    bench->error.message);
	ck_assert_msg(
	    gave_nothing(a), "%s, %s: something is given", call->label, what);
	if (a->error != NULL)
		ck_assert_msg(
		    a->error->status == status && a->error->message[0] != '\0',
		    "%s, %s: nothing is told", call->label, what);
	after = play_mark(&bench->play);
	ck_assert_msg(same_mark(&before, &after),
	    "%s, %s: it changed something", call->label, what);
}
