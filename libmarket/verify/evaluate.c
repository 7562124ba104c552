/* SPDX-License-Identifier: Apache-2.0 */
/* The evaluation as a whole: what is read, what is used, until when it holds.
 */
#include <stdlib.h>

#include "model/slot.h"
#include "verify/internal.h"

static void
remember_read(market__eval_t *e, market_slice_t key)
{
	market_slice_t *grown, copy;
	size_t i;

	for (i = 0; i < e->n_reads; i++)
		if (market__slice_equal(e->reads[i], key))
			return;
	copy = market__arena_copy(e->arena, key);
	grown = market__grow(
	    e, e->reads, e->n_reads, &e->reads_capacity, sizeof(*e->reads));
	if (grown == NULL || copy.ptr == NULL) {
		if (e->status == MARKET_OK)
			e->status = market__arena_refusal(e->arena);
		return;
	}
	e->reads = grown;
	e->reads[e->n_reads++] = copy;
}

market__slot_t
market__read(market__eval_t *e, const char *prefix,
    const market_slice_t *components, size_t n_components)
{
	static const market__slot_t empty;
	market__slot_t slot = empty;
	market__text_t text;
	market_slice_t key;

	if (e->status != MARKET_OK)
		return empty;
	/* A name of 1 KiB grows threefold where all of it is encoded. */
	market__text_init(&text, e->arena->allocator, 16384);
	market__slot_key(&text, prefix, components, n_components);
	e->status = text.status;
	if (e->status == MARKET_OK) {
		key = market__slice(text.data, text.len);
		remember_read(e, key);
		e->status = e->lookup->read(e->lookup->user, key, &slot);
	}
	market__text_clear(&text);
	return e->status == MARKET_OK ? slot : empty;
}

market__slot_t
market__read1(market__eval_t *e, const char *prefix, market_slice_t a)
{
	return market__read(e, prefix, &a, 1);
}

market__slot_t
market__read2(
    market__eval_t *e, const char *prefix, market_slice_t a, market_slice_t b)
{
	market_slice_t components[2] = { a, b };

	return market__read(e, prefix, components, 2);
}

void
market__boundary(market__eval_t *e, int64_t instant)
{
	if (instant > e->at && instant < e->boundary)
		e->boundary = instant;
}

void
market__limit(
    market__eval_t *e, const market__verified_t *due_to, int64_t instant)
{
	market__boundary(e, instant);
	if (instant > e->at && instant < e->used_until) {
		e->used_until = instant;
		e->ends_first = due_to;
	}
}

void
market__use(
    market__eval_t *e, const market__verified_t *verified, int64_t until)
{
	market_slice_t *grown, digest = market__digest(verified->statement);
	size_t i;

	market__limit(e, verified, until);
	for (i = 0; i < e->n_used; i++)
		if (market__slice_equal(e->used[i], digest))
			return;
	grown = market__grow(
	    e, e->used, e->n_used, &e->used_capacity, sizeof(*e->used));
	if (grown == NULL)
		return;
	e->used = grown;
	digest = market__arena_copy(e->arena, digest);
	if (digest.ptr == NULL) {
		e->status = market__arena_refusal(e->arena);
		return;
	}
	e->used[e->n_used++] = digest;
}

void
market__missing(market__eval_t *e, const char *text)
{
	const char **grown;
	size_t i;

	if (text == NULL)
		return;
	for (i = 0; i < e->n_missing; i++)
		if (strcmp(e->missing[i], text) == 0)
			return;
	grown = market__grow(e, (void *)e->missing, e->n_missing,
	    &e->missing_capacity, sizeof(*e->missing));
	if (grown == NULL)
		return;
	e->missing = grown;
	e->missing[e->n_missing++] = text;
}

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
	if (e->n_used > 0)
		qsort(e->used, e->n_used, sizeof(*e->used), compare_slices);
	if (e->n_reads > 0)
		qsort(e->reads, e->n_reads, sizeof(*e->reads), compare_slices);
	if (e->n_missing > 0)
		qsort((void *)e->missing, e->n_missing, sizeof(*e->missing),
		    compare_strings);
	clearance->findings = e->findings;
	clearance->used = e->used;
	clearance->n_used = e->n_used;
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
