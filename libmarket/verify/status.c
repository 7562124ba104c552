/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Status: does an issuer, whose statements are to be relied on, still say so
 * as often as the policy demands? What a status lists is withdrawn at once,
 * page by page and however old it is (examine.c); here it is asked whether the
 * newest whole list is young enough, and whether an entry vanished from it.
 */
#include <stdlib.h>

#include "verify/internal.h"

/* The pages of one issuer that count, and the newest whole list of them. */
typedef struct status_view {
	market__pages_t pages;
	bool forked;
	bool renamed;
} status_view_t;

static const market__status_list_t *
list_of(const market__verified_t *verified)
{
	return &market__message(verified)->of.status;
}

/* A list without a number of pages is one page. */
static uint32_t
page_count(const market__verified_t *verified)
{
	return list_of(verified)->page_count > 0 ? list_of(verified)->page_count
						 : 1;
}

/* In which role its issuer says it. */
static market_role_kind_t
role_of(const market__eval_t *e, const market__message_t *message)
{
	const market__party_t *party;

	switch (message->kind) {
	case MARKET_KIND_NETWORK: return MARKET_ROLE_CARRIER;
	case MARKET_KIND_AUTHORIZATION: return MARKET_ROLE_BRAND;
	case MARKET_KIND_PRODUCT:
		party = market__root_party(e->root, message->header.issuer);
		return party != NULL &&
			market__party_owns_brand(
			    party, message->of.product.brand)
		    ? MARKET_ROLE_BRAND
		    : MARKET_ROLE_CERTIFIER;
	case MARKET_KIND_CERTIFICATION:
		return market__slice_equal(message->of.certification.scheme,
			   MARKET__SCHEME_CARRIER)
		    ? MARKET_ROLE_CARRIER
		    : MARKET_ROLE_CERTIFIER;
	default: return MARKET_ROLE_MARKETPLACE;
	}
}

/* The shortest age that the policy demands of that role. */
static bool
demanded_age(const market__eval_t *e, const market__message_t *message,
    uint64_t *ret_age)
{
	market_role_kind_t role = role_of(e, message);
	const market__status_rule_t *rule;
	bool demanded = false;
	size_t i;

	for (i = 0; i < e->policy->n_status_rules; i++) {
		rule = &e->policy->status_rules[i];
		if (rule->role != role ||
		    (demanded && *ret_age <= rule->max_age_seconds))
			continue;
		*ret_age = rule->max_age_seconds;
		demanded = true;
	}
	return demanded;
}

/* ---- pages ---- */

static int
compare_pages(const void *left, const void *right)
{
	const market__verified_t *const *a = left, *const *b = right;
	const market__status_list_t *x = list_of(*a), *y = list_of(*b);

	if (x->sequence != y->sequence)
		return x->sequence > y->sequence ? -1 : 1;
	if (x->page != y->page)
		return x->page < y->page ? -1 : 1;
	return memcmp((*a)->statement->digest, (*b)->statement->digest,
	    MARKET_DIGEST_LEN);
}

static bool
same_bytes(const market__verified_t *a, const market__verified_t *b)
{
	return memcmp(a->statement->digest, b->statement->digest,
		   MARKET_DIGEST_LEN) == 0;
}

/* Those that prove something: by keys that count, and already in force. */
static void
collect_pages(market__eval_t *e, market_slice_t issuer, status_view_t *view,
    market__examination_t *ret)
{
	market__slot_t slot = market__read1(e, "status", issuer);
	const market__verified_t *v;
	size_t i;

	view->pages.v = market__arena_array(
	    e->arena, slot.n_verified + 1, sizeof(*view->pages.v));
	if (view->pages.v == NULL) {
		e->status = market__arena_refusal(e->arena);
		return;
	}
	for (i = 0; i < slot.n_verified; i++) {
		market__examination_t x = MARKET__EXAMINATION_INIT;
		market__about_t about = { 0 };

		v = slot.verified[i];
		if (v->authority != MARKET__AUTHORITY_PARTY ||
		    !market__environment_agrees(e, v) ||
		    !market__keys_count(e, v, ret))
			continue;
		/* An old one may have ended; none may be of the future. */
		market__examine_time(
		    e, market__header(v->statement), &about, &x);
		if (e->at <
			market__header(v->statement)->not_before - e->skew ||
		    e->at < market__header(v->statement)->issued_at - e->skew)
			continue;
		view->pages.v[view->pages.n++] = v;
	}
	if (view->pages.n > 0)
		qsort((void *)view->pages.v, view->pages.n,
		    sizeof(*view->pages.v), compare_pages);
}

/*
 * Of the pages [first, end), which have one sequence: is each there once?
 * They are numbered from 0 or from 1 on.
 */
static bool
is_whole(status_view_t *view, size_t first, size_t end)
{
	const market__verified_t **pages = view->pages.v;
	uint32_t n = page_count(pages[first]), found = 0;
	bool whole = list_of(pages[first])->page <= 1;
	size_t i;

	for (i = first; i < end; i++) {
		if (i > first && same_bytes(pages[i - 1], pages[i]))
			continue;
		if (page_count(pages[i]) != n ||
		    list_of(pages[i])->page !=
			list_of(pages[first])->page + found)
			whole = false;
		if (i > first &&
		    list_of(pages[i])->page == list_of(pages[i - 1])->page) {
			view->forked = true;
			whole = false;
		}
		found++;
	}
	return whole && found == n;
}

static void
find_whole(status_view_t *view)
{
	market__pages_t *pages = &view->pages;
	size_t first, end;

	for (first = 0; first < pages->n; first = end) {
		for (end = first + 1; end < pages->n &&
		     list_of(pages->v[end])->sequence ==
			 list_of(pages->v[first])->sequence;
		     end++)
			;
		if (!market__slice_equal(
			market__header(pages->v[first]->statement)->id,
			market__header(pages->v[0]->statement)->id))
			view->renamed = true;
		if (is_whole(view, first, end) && pages->n_whole == 0) {
			pages->whole = first;
			pages->n_whole = end - first;
		}
	}
}

/* ---- the rule ---- */

/* Until when the newest whole list is young enough. */
static int64_t
fresh_until(const market__pages_t *pages, uint64_t age)
{
	const market__header_t *header;
	int64_t end, until = INT64_MAX;
	size_t i;

	for (i = 0; i < pages->n_whole; i++) {
		header = market__header(pages->v[pages->whole + i]->statement);
		end = age < (uint64_t)(INT64_MAX - header->issued_at)
		    ? header->issued_at + (int64_t)age
		    : INT64_MAX;
		if (header->not_after != 0 && header->not_after < end)
			end = header->not_after;
		if (end < until)
			until = end;
	}
	return until;
}

static void
tell(market__eval_t *e, market__examination_t *ret, market_code_t code,
    market_slice_t issuer, const market__about_t *about, const char *what)
{
	const char *name = market__show(e, issuer);

	market__add_finding(e, &ret->findings, code, about,
	    "the policy demands a status of %s: %s", name, what);
	market__missing(e, market__format(e, "status of %s", name));
}

static void
check_age(market__eval_t *e, const status_view_t *view, uint64_t age,
    market_slice_t issuer, market__examination_t *ret)
{
	int64_t until = fresh_until(&view->pages, age);
	market__about_t about = { 0 };

	if (e->at < until) {
		market__examine_until(e, ret, until);
		return;
	}
	about.path = "status_rules";
	about.got = market__show_time(e, until);
	about.want = market__show_time(e, e->at);
	if (view->pages.whole != 0)
		tell(e, ret, MARKET_CODE_STATUS_INCOMPLETE, issuer, &about,
		    market__format(e,
			"of its newest list a page is missing, and the one "
			"before it held until %s",
			about.got));
	else
		tell(e, ret, MARKET_CODE_STATUS_STALE, issuer, &about,
		    market__format(
			e, "its newest list held until %s", about.got));
}

static void
check_entries(market__eval_t *e, const status_view_t *view,
    market_slice_t issuer, market__examination_t *ret)
{
	uint8_t vanished[MARKET_DIGEST_LEN];
	char hex[2 * MARKET_DIGEST_LEN + 1];
	market__about_t about = { 0 };

	about.path = "withdrawn";
	if (view->forked)
		tell(e, ret, MARKET_CODE_STATUS_ROLLBACK, issuer, &about,
		    "it signed two different pages of one sequence");
	if (view->renamed)
		tell(e, ret, MARKET_CODE_STATUS_ROLLBACK, issuer, &about,
		    "it signed lists under two ids, and one must hold all");
	if (!market__status_vanished(e, &view->pages, vanished))
		return;
	market__hex(vanished, MARKET_DIGEST_LEN, hex);
	about.got = market__format(e, "%s", hex);
	tell(e, ret, MARKET_CODE_STATUS_ROLLBACK, issuer, &about,
	    market__format(e,
		"%.16s... was withdrawn by an older list, and the newest has "
		"it no more; it stays withdrawn",
		hex));
}

void
market__examine_status(market__eval_t *e, const market__verified_t *verified,
    market__examination_t *ret)
{
	market_slice_t issuer = market__header(verified->statement)->issuer;
	market__about_t about = { 0 };
	status_view_t view = { 0 };
	uint64_t age = 0;

	if (verified->authority != MARKET__AUTHORITY_PARTY ||
	    !demanded_age(e, market__message(verified), &age))
		return;
	collect_pages(e, issuer, &view, ret);
	if (e->status != MARKET_OK)
		return;
	find_whole(&view);
	about.path = "status_rules";
	if (view.pages.n == 0) {
		tell(e, ret, MARKET_CODE_STATUS_MISSING, issuer, &about,
		    "there is none");
	} else if (view.pages.n_whole == 0) {
		tell(e, ret, MARKET_CODE_STATUS_INCOMPLETE, issuer, &about,
		    "of each list that is here a page is missing");
	} else {
		check_age(e, &view, age, issuer, ret);
	}
	if (view.pages.n > 0)
		check_entries(e, &view, issuer, ret);
}
