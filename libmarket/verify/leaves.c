/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which of the grants to a seller are judged. Whoever may delegate can make
 * grants without end, and none of them may keep out what hangs beneath another
 * of the brand's.
 */
#include <stdlib.h>

#include "verify/chain.h"

static int
compare_parents(const market__leaf_t *a, const market__leaf_t *b)
{
	int order = market__slice_compare(
	    market__header(a->grant->statement)->issuer,
	    market__header(b->grant->statement)->issuer);

	if (order != 0)
		return order;
	return market__slice_compare(market__grant(a->grant)->parent_digest,
	    market__grant(b->grant)->parent_digest);
}

static int
compare_tops(const market__leaf_t *a, const market__leaf_t *b)
{
	return memcmp(a->top->statement->digest, b->top->statement->digest,
	    MARKET_DIGEST_LEN);
}

static int
by_parent(const void *left, const void *right)
{
	const market__leaf_t *a = left, *b = right;
	int order = compare_parents(a, b);

	return order != 0 ? order
			  : (a->place > b->place) - (a->place < b->place);
}

/* Shorter chains first; those of one length stand in the slot's order. */
static int
by_length(const void *left, const void *right)
{
	const market__leaf_t *a = left, *b = right;

	if (a->grant->depth != b->grant->depth)
		return a->grant->depth < b->grant->depth ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

static int
by_top(const void *left, const void *right)
{
	const market__leaf_t *a = left, *b = right;
	int order = compare_tops(a, b);

	return order != 0 ? order : by_length(a, b);
}

/* The first of each of the brand's grants, then the second of each ... */
static int
by_turn(const void *left, const void *right)
{
	const market__leaf_t *a = left, *b = right;

	if (a->turn != b->turn)
		return a->turn < b->turn ? -1 : 1;
	return by_length(a, b);
}

/* Current grants, those of one parent together; of a crowd the first alone. */
static size_t
gather(const market__slot_t *slot, market__leaf_t *leaves, size_t *ret_current)
{
	const market__verified_t *v;
	size_t i, end, n = 0, kept = 0;

	for (i = 0; i < slot->n_verified; i++) {
		if (slot->verified[i]->superseded)
			continue;
		leaves[n].grant = slot->verified[i];
		for (v = leaves[n].grant; v->under != NULL; v = v->under)
			;
		leaves[n].top = v;
		leaves[n].turn = 0;
		leaves[n++].place = i;
	}
	*ret_current = n;
	if (n == 0)
		return 0;
	qsort(leaves, n, sizeof(*leaves), by_parent);
	for (i = 0; i < n; i = end) {
		for (end = i + 1;
		     end < n && compare_parents(&leaves[i], &leaves[end]) == 0;
		     end++)
			;
		leaves[kept] = leaves[i];
		leaves[kept].crowd = end - i > MARKET__GRANTS_MAX;
		for (kept++, i++; i < end && !leaves[kept - 1].crowd; i++)
			leaves[kept++] = leaves[i];
	}
	return kept;
}

size_t
market__leaves(market__eval_t *e, const market__slot_t *slot,
    const market__leaf_t **ret_leaves, size_t *ret_current)
{
	market__leaf_t *leaves = market__arena_array(
	    e->arena, slot->n_verified + 1, sizeof(*leaves));
	size_t i, n;

	*ret_current = 0;
	if (leaves == NULL) {
		e->status = market__arena_refusal(e->arena);
		return 0;
	}
	*ret_leaves = leaves;
	n = gather(slot, leaves, ret_current);
	if (n > MARKET__CHAINS_MAX) {
		qsort(leaves, n, sizeof(*leaves), by_top);
		for (i = 1; i < n; i++)
			if (compare_tops(&leaves[i - 1], &leaves[i]) == 0)
				leaves[i].turn = leaves[i - 1].turn + 1;
		qsort(leaves, n, sizeof(*leaves), by_turn);
		n = MARKET__CHAINS_MAX;
	} else {
		*ret_current = 0;
	}
	if (n > 0)
		qsort(leaves, n, sizeof(*leaves), by_length);
	return n;
}

size_t
market__judged_grants(market__eval_t *e, const market__slot_t *slot,
    const market__verified_t **ret_grants)
{
	const market__leaf_t *leaves = NULL;
	size_t i, n = 0, left_out, n_leaves;

	n_leaves = market__leaves(e, slot, &leaves, &left_out);
	for (i = 0; i < n_leaves; i++)
		if (!leaves[i].crowd)
			ret_grants[n++] = leaves[i].grant;
	return n;
}
