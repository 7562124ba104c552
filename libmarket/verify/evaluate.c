/* SPDX-License-Identifier: Apache-2.0 */
/* The evaluation as a whole: the families in turn, and their conclusion. */
#include <stdlib.h>

#include "verify/internal.h"

static int
compare_slices(const void *left, const void *right)
{
	const market_slice_t *a = left, *b = right;

	return market__slice_compare(*a, *b);
}

static int
compare_strings(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

static void
expiring_soon(market__eval_t *e, market__clearance_t *clearance)
{
	uint64_t span = e->policy->expiring_soon_seconds;
	market__about_t about = { 0 };

	if (span == 0 || clearance->horizon == INT64_MAX ||
	    (uint64_t)(clearance->horizon - e->at) > span)
		return;
	about.got = market__show_time(e, clearance->horizon);
	if (clearance->ends_first != NULL)
		about.evidence = clearance->ends_first->statement;
	market__add_finding(e, &e->findings, MARKET_CODE_EXPIRING_SOON, &about,
	    "this holds until %s only", about.got);
}

static void
finish(market__eval_t *e, market__clearance_t *clearance)
{
	clearance->verdict = market__findings_verdict(&e->findings);
	clearance->boundary = e->boundary;
	if (clearance->verdict == MARKET_VERDICT_PERMIT) {
		clearance->horizon = e->used_until;
		clearance->ends_first = e->ends_first;
		expiring_soon(e, clearance);
	} else {
		clearance->horizon = e->boundary;
	}
	market__sort_findings(&e->findings);
	clearance->findings = e->findings;
	market__tell_sources(e, clearance);
	if (e->n_reads > 0)
		qsort(e->reads, e->n_reads, sizeof(*e->reads), compare_slices);
	if (e->n_missing > 0)
		qsort((void *)e->missing, e->n_missing, sizeof(*e->missing),
		    compare_strings);
	clearance->missing = e->missing;
	clearance->n_missing = e->n_missing;
	clearance->reads = e->reads;
	clearance->n_reads = e->n_reads;
}

market_status_t
market__evaluate(const market__lookup_t *lookup,
    const market__question_t *question, int64_t at, market__arena_t *arena,
    market__clearance_t *ret_clearance)
{
	market__clearance_t clearance = { 0 };
	market__certifications_t certifications = { 0 };
	market__networks_t networks = { 0 };
	const market__verified_t *product;
	const market__product_t *known;
	market__eval_t e = { 0 };

	e.lookup = lookup;
	e.question = question;
	e.at = at;
	e.arena = arena;
	e.used_until = INT64_MAX;
	e.boundary = INT64_MAX;
	market__rule_trust(&e);
	if (e.status != MARKET_OK)
		return e.status;
	market__rule_seller(&e);
	market__rule_hold(&e);
	market__rule_disavowal(&e);
	market__rule_authorization(&e);
	product = market__rule_product(&e);
	known = product == NULL ? NULL : &market__message(product)->of.product;
	market__rule_network(&e, &networks);
	market__rule_certification(&e, &networks, known, &certifications);
	market__rule_compatibility(
	    &e, &networks, known, &certifications, &clearance);
	finish(&e, &clearance);
	if (e.status != MARKET_OK)
		return e.status;
	*ret_clearance = clearance;
	return MARKET_OK;
}
