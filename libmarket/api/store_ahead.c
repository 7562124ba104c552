/* SPDX-License-Identifier: Apache-2.0 */
/* Looking ahead: the two sides, and the effects that are told. */
#include <stdlib.h>

#include "api/ahead.h"

static market_status_t
no_memory(market__ahead_t *ahead)
{
	return market__error(ahead->call->reterr, MARKET_E_MEMORY, NULL, -1,
	    "no memory to look ahead");
}

/* ---- the two sides ---- */

static market_effects_t *
new_effects(const market_allocator_t *allocator)
{
	market_effects_t *effects = market__alloc(allocator, sizeof(*effects));

	if (effects == NULL)
		return NULL;
	/* It outlives the call, so it knows its allocator by itself. */
	effects->allocator = *allocator;
	market__arena_init(
	    &effects->arena, &effects->allocator, MARKET__CALL_BUDGET);
	return effects;
}

static void
init_arena(market__ahead_t *ahead, market__arena_t *arena)
{
	market__arena_init(
	    arena, &ahead->call->context->allocator, MARKET__CALL_BUDGET);
}

market_status_t
market__ahead_begin(market__call_t *call, market__ahead_t *ret_ahead)
{
	market__sight_t sight = { call->cache, call->view, call->now,
		call->as_of, NULL };

	memset(ret_ahead, 0, sizeof(*ret_ahead));
	ret_ahead->call = call;
	ret_ahead->sights[MARKET__BEFORE] = sight;
	ret_ahead->sights[MARKET__AFTER] = sight;
	init_arena(ret_ahead, &ret_ahead->kept);
	init_arena(ret_ahead, &ret_ahead->page);
	init_arena(ret_ahead, &ret_ahead->item);
	init_arena(ret_ahead, &ret_ahead->name);
	if (call->untrusted)
		return market__error(call->reterr, MARKET_E_INDETERMINATE, NULL,
		    -1,
		    "the clock given is behind the store's beyond tolerance: "
		    "nothing is published at such an instant");
	ret_ahead->effects = new_effects(&call->context->allocator);
	return ret_ahead->effects == NULL ? no_memory(ret_ahead) : MARKET_OK;
}

market_status_t
market__ahead_part(
    market__ahead_t *ahead, market__side_t side, market__view_t view)
{
	market__call_t *call = ahead->call;
	market__cache_t *cache = market__cache_new(
	    &call->context->allocator, call->store->cache_bytes);

	if (cache == NULL)
		return no_memory(ahead);
	ahead->sights[side].cache = cache;
	ahead->sights[side].view = view;
	return MARKET_OK;
}

void
market__ahead_look(market__ahead_t *ahead, market__side_t side)
{
	const market__sight_t *sight = &ahead->sights[side];
	market__call_t *call = ahead->call;

	/* What is kept belongs to the cache that it came from. */
	market__call_release(call, 0);
	call->cache = sight->cache;
	call->view = sight->view;
	call->now = sight->now;
	call->as_of = sight->as_of;
	call->supposed = sight->supposed;
}

static void
empty(market__ahead_t *ahead, market__arena_t *arena)
{
	market__arena_clear(arena);
	init_arena(ahead, arena);
}

void
market__ahead_rest(market__ahead_t *ahead)
{
	market__call_release(ahead->call, 0);
	empty(ahead, &ahead->call->arena);
	empty(ahead, &ahead->item);
}

/* ---- effects ---- */

static int
compare_effects(const void *left, const void *right)
{
	const market_effect_of_t *a = left, *b = right;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->question != b->question)
		return a->question < b->question ? -1 : 1;
	return market__slice_compare(a->listing, b->listing);
}

market_status_t
market__ahead_end(market__ahead_t *ahead, market_status_t status,
    market_effects_t **ret_effects)
{
	const market_allocator_t *allocator = &ahead->call->context->allocator;
	market_effects_t *effects = ahead->effects;
	market__cache_t *shared = ahead->call->store->cache;
	market__cache_t *before = ahead->sights[MARKET__BEFORE].cache;
	market__cache_t *after = ahead->sights[MARKET__AFTER].cache;

	market__ahead_look(ahead, MARKET__BEFORE);
	ahead->call->cache = shared;
	if (after != before && after != shared)
		market__cache_free(after);
	if (before != shared)
		market__cache_free(before);
	market__free(allocator, ahead->changed.v);
	market__free(allocator, ahead->told.v);
	market__free(allocator, ahead->meant.v);
	market__arena_clear(&ahead->kept);
	market__arena_clear(&ahead->page);
	market__arena_clear(&ahead->item);
	market__arena_clear(&ahead->name);
	if (status != MARKET_OK) {
		market_effects_free(effects);
		return status;
	}
	if (effects->n > 1)
		qsort(effects->v, effects->n, sizeof(*effects->v),
		    compare_effects);
	*ret_effects = effects;
	return MARKET_OK;
}

market_status_t
market__effect_add(market__ahead_t *ahead, market_effect_of_t **ret_effect)
{
	market_effects_t *effects = ahead->effects;
	size_t more = effects->capacity * 2 + 16;
	market_effect_of_t *v;

	if (effects->n == effects->capacity) {
		v = market__arena_array(&effects->arena, more, sizeof(*v));
		if (v == NULL)
			return market__call_refused(
			    ahead->call, &effects->arena);
		if (effects->n > 0)
			memcpy(v, effects->v, effects->n * sizeof(*v));
		effects->v = v;
		effects->capacity = more;
	}
	*ret_effect = &effects->v[effects->n++];
	return MARKET_OK;
}

market_status_t
market__effect_copy(
    market__ahead_t *ahead, market_slice_t text, market_slice_t *ret_copy)
{
	market__arena_t *arena = &ahead->effects->arena;

	*ret_copy = market__arena_copy(arena, text);
	return ret_copy->ptr == NULL ? market__call_refused(ahead->call, arena)
				     : MARKET_OK;
}

/* Is the code of that finding told already? */
static bool
told_before(const market__findings_t *findings, size_t index)
{
	size_t i;

	for (i = 0; i < index; i++)
		if (findings->v[i].effect >= MARKET_EFFECT_INDETERMINATE &&
		    findings->v[i].code == findings->v[index].code)
			return true;
	return false;
}

market_status_t
market__effect_against(market__ahead_t *ahead,
    const market__findings_t *findings, market_effect_of_t *effect)
{
	market__arena_t *arena = &ahead->effects->arena;
	market_slice_t message = { NULL, 0 };
	market_code_t *codes;
	size_t i;

	if (findings->n == 0)
		return MARKET_OK;
	codes = market__arena_array(arena, findings->n, sizeof(*codes));
	if (codes == NULL)
		return market__call_refused(ahead->call, arena);
	effect->codes = codes;
	for (i = 0; i < findings->n; i++) {
		if (findings->v[i].effect < MARKET_EFFECT_INDETERMINATE ||
		    told_before(findings, i))
			continue;
		if (effect->code_count++ == 0)
			message = market_slice_of(findings->v[i].message);
		codes[effect->code_count - 1] = findings->v[i].code;
	}
	if (effect->code_count == 0)
		return MARKET_OK;
	message = market__arena_copy(arena, message);
	effect->message = (const char *)message.ptr;
	return message.ptr == NULL ? market__call_refused(ahead->call, arena)
				   : MARKET_OK;
}

market_status_t
market__ahead_question(market__ahead_t *ahead,
    const market__clearance_row_t *row, market__question_t *ret_question)
{
	if (market__question_decode(row->question, &ahead->item, ret_question))
		return MARKET_OK;
	if (ahead->item.out_of_memory || ahead->item.over_budget)
		return market__call_refused(ahead->call, &ahead->item);
	return market__error(ahead->call->reterr, MARKET_E_CORRUPT, NULL, -1,
	    "question %llu is damaged: run market fsck",
	    (unsigned long long)row->no);
}

market_status_t
market__ahead_tell(market__ahead_t *ahead, const market__clearance_row_t *row,
    const market__question_t *question, int64_t at,
    const market__answer_t *before, const market__clearance_t *after)
{
	market_effect_of_t *effect;
	market_status_t status;

	status = market__effect_add(ahead, &effect);
	if (status != MARKET_OK)
		return status;
	/* analyse(scan): market__effect_add() has set it, or failed. */
	effect->at = at;
	effect->question = row->no;
	effect->channel = question->channel;
	effect->before = before->verdict;
	effect->after = after->verdict;
	effect->service_before = before->service;
	effect->service_after = after->service;
	status = ahead->call->ops->clearance_cells(
	    ahead->call->backend, row->no, &effect->cells, ahead->call->reterr);
	if (status == MARKET_OK)
		status = market__effect_copy(
		    ahead, question->seller, &effect->seller);
	if (status == MARKET_OK)
		status = market__effect_copy(
		    ahead, question->brand, &effect->brand);
	if (status == MARKET_OK)
		status = market__effect_copy(
		    ahead, question->model, &effect->model);
	if (status == MARKET_OK)
		status = market__effect_copy(
		    ahead, question->territory, &effect->territory);
	if (status == MARKET_OK)
		status = market__effect_copy(
		    ahead, question->network, &effect->network);
	if (status == MARKET_OK)
		status = market__effect_against(
		    ahead, &after->findings, effect);
	return status;
}

const market_effect_of_t *
market_effects_at(const market_effects_t *effects, size_t index)
{
	if (effects == NULL || index >= effects->n)
		return NULL;
	return &effects->v[index];
}

uint64_t
market_effects_dark(const market_effects_t *effects)
{
	return effects == NULL ? 0 : effects->dark;
}

void
market_effects_free(market_effects_t *effects)
{
	market_allocator_t allocator;

	if (effects == NULL)
		return;
	allocator = effects->allocator;
	market__arena_clear(&effects->arena);
	market__free(&allocator, effects);
}

/* ---- sets of rows ---- */

market_status_t
market__row_set_add(market__ahead_t *ahead, market__row_set_t *set, uint64_t no)
{
	const market_allocator_t *allocator = &ahead->call->context->allocator;
	size_t more = set->capacity * 2 + 64;
	uint64_t *v;

	if (set->n == set->capacity) {
		v = market__alloc_array(allocator, more, sizeof(*v));
		if (v == NULL)
			return no_memory(ahead);
		if (set->n > 0)
			memcpy(v, set->v, set->n * sizeof(*v));
		market__free(allocator, set->v);
		set->v = v;
		set->capacity = more;
	}
	set->v[set->n++] = no;
	return MARKET_OK;
}

static int
compare_numbers(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

void
market__row_set_sort(market__row_set_t *set)
{
	size_t i, kept = 0;

	if (set->n > 1)
		qsort(set->v, set->n, sizeof(*set->v), compare_numbers);
	for (i = 0; i < set->n; i++)
		if (kept == 0 || set->v[kept - 1] != set->v[i])
			set->v[kept++] = set->v[i];
	set->n = kept;
}

bool
market__row_set_has(const market__row_set_t *set, uint64_t no)
{
	return set->n > 0 &&
	    bsearch(&no, set->v, set->n, sizeof(*set->v), compare_numbers) !=
	    NULL;
}
