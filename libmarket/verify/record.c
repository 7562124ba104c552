/* SPDX-License-Identifier: Apache-2.0 */
/* What an evaluation reads, rests on and lacks, and until when it holds. */
#include "model/slot.h"
#include "verify/internal.h"

/* Its place among the reads; what it holds is filled in by whoever looks. */
static size_t
remember_read(market__eval_t *e, market_slice_t key)
{
	static const market__slot_t empty;
	market_slice_t *grown, copy;
	market__slot_t *slots;
	size_t i;

	for (i = 0; i < e->n_reads; i++)
		if (market__slice_equal(e->reads[i], key))
			return i;
	copy = market__arena_copy(e->arena, key);
	grown = market__grow(
	    e, e->reads, e->n_reads, &e->reads_capacity, sizeof(*e->reads));
	slots = market__grow(
	    e, e->slots, e->n_reads, &e->slots_capacity, sizeof(*e->slots));
	if (grown == NULL || slots == NULL || copy.ptr == NULL) {
		if (e->status == MARKET_OK)
			e->status = market__arena_refusal(e->arena);
		return 0;
	}
	e->reads = grown;
	e->slots = slots;
	e->slots[e->n_reads] = empty;
	e->reads[e->n_reads] = copy;
	return e->n_reads++;
}

market__slot_t
market__read(market__eval_t *e, const char *prefix,
    const market_slice_t *components, size_t n_components)
{
	static const market__slot_t empty;
	market__slot_t slot = empty;
	char buffer[256];
	market__text_t text;
	market_slice_t key;
	size_t i, at;

	if (e->status != MARKET_OK)
		return empty;
	market__text_init_in(&text, e->arena->allocator, MARKET__SLOT_KEY_MAX,
	    buffer, sizeof(buffer));
	market__slot_key(&text, prefix, components, n_components);
	e->status = text.status;
	if (e->status == MARKET_OK) {
		key = market__slice(text.data, text.len);
		/* What is not remembered must not be relied on. */
		at = remember_read(e, key);
		if (e->status == MARKET_OK)
			e->status = e->lookup->read(
			    e->lookup->user, key, &slot);
		if (e->status == MARKET_OK)
			e->slots[at] = slot;
		for (i = 0; e->status == MARKET_OK && i < slot.n_key_slots; i++)
			(void)remember_read(e, slot.key_slots[i]);
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

static void
remember_used(market__eval_t *e, const market__verified_t *verified)
{
	const market__verified_t **grown;
	size_t i;

	for (i = 0; i < e->n_used; i++)
		if (market__slice_equal(market__digest(e->used[i]->statement),
			market__digest(verified->statement)))
			return;
	grown = market__grow(
	    e, (void *)e->used, e->n_used, &e->used_capacity, sizeof(*e->used));
	if (grown == NULL)
		return;
	e->used = grown;
	e->used[e->n_used++] = verified;
}

void
market__use(
    market__eval_t *e, const market__verified_t *verified, int64_t until)
{
	const market__verified_t *v;

	market__limit(e, verified, until);
	for (v = verified; v != NULL; v = v->keyed)
		remember_used(e, v);
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
