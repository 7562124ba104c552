/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealing, second half: which revision of a name is current, which names are
 * forked, and what lands in which slot.
 */
#include <stdlib.h>

#include "api/evidence.h"
#include "api/names.h"
#include "api/root.h"
#include "model/slot.h"

static void
settle_names(market_evidence_t *evidence)
{
	market__names_settle(evidence->verified, evidence->n_verified,
	    evidence->policy->message->of.policy.environment);
}

/* ---- slots ---- */

/* One statement on its way to a slot. */
typedef struct filed {
	market_slice_t slot;
	const market__verified_t *verified; /* or NULL, and then: */
	const market_statement_t *orphan;
} filed_t;

static int
compare_filed(const void *left, const void *right)
{
	const filed_t *a = left, *b = right;
	const market_statement_t *x, *y;
	int order = market__slice_compare(a->slot, b->slot);

	if (order != 0)
		return order;
	x = a->verified != NULL ? a->verified->statement : a->orphan;
	y = b->verified != NULL ? b->verified->statement : b->orphan;
	order = memcmp(x->digest, y->digest, MARKET_DIGEST_LEN);
	if (order != 0 || a->verified == NULL || b->verified == NULL)
		return order;
	return market__names_compare(a->verified, b->verified);
}

static market_status_t
file_one(market_evidence_t *evidence, const market_statement_t *statement,
    const market__verified_t *verified, filed_t *ret)
{
	market__text_t text;
	market_status_t status;

	market__text_init(
	    &text, &evidence->context->allocator, MARKET__SLOT_KEY_MAX);
	market__slot_of(&text, statement);
	status = text.status;
	if (status == MARKET_OK) {
		ret->slot = market__arena_copy(
		    &evidence->arena, market__slice(text.data, text.len));
		if (ret->slot.ptr == NULL)
			status = market__arena_refusal(&evidence->arena);
	}
	market__text_clear(&text);
	ret->verified = verified;
	ret->orphan = verified == NULL ? statement : NULL;
	return status;
}

static market_status_t
collect(market_evidence_t *evidence, filed_t *filed, size_t *n)
{
	market_status_t status;
	size_t i;

	status = file_one(evidence, evidence->root->statement,
	    &evidence->root->verified, &filed[(*n)++]);
	if (status == MARKET_OK)
		status = file_one(evidence, evidence->policy,
		    &evidence->policy_verified, &filed[(*n)++]);
	for (i = 0; i < evidence->n_verified && status == MARKET_OK; i++)
		status = file_one(evidence, evidence->verified[i]->statement,
		    evidence->verified[i], &filed[(*n)++]);
	for (i = 0; i < evidence->n_handed && status == MARKET_OK; i++)
		if (evidence->handed[i].orphan)
			status = file_one(evidence,
			    evidence->handed[i].statement, NULL,
			    &filed[(*n)++]);
	return status;
}

/* The same statement twice, from the same keys, is one. */
static bool
duplicate(const filed_t *a, const filed_t *b)
{
	return compare_filed(a, b) == 0;
}

static market_status_t
shelve(market_evidence_t *evidence, const filed_t *filed, size_t n)
{
	market__arena_t *arena = &evidence->arena;
	market__shelf_t *shelf = NULL;
	const market__verified_t **verified;
	const market_statement_t **orphans;
	size_t i;

	verified = market__arena_array(arena, n, sizeof(*verified));
	orphans = market__arena_array(arena, n, sizeof(*orphans));
	evidence->shelves = market__arena_array(
	    arena, n, sizeof(*evidence->shelves));
	if (verified == NULL || orphans == NULL || evidence->shelves == NULL)
		return market__arena_refusal(arena);
	for (i = 0; i < n; i++) {
		if (i > 0 && duplicate(&filed[i - 1], &filed[i]))
			continue;
		if (shelf == NULL ||
		    !market__slice_equal(shelf->slot, filed[i].slot)) {
			shelf = &evidence->shelves[evidence->n_shelves++];
			shelf->slot = filed[i].slot;
			shelf->verified = verified;
			shelf->orphans = orphans;
		}
		if (filed[i].verified != NULL) {
			*verified++ = filed[i].verified;
			shelf->n_verified++;
		} else {
			*orphans++ = filed[i].orphan;
			shelf->n_orphans++;
		}
	}
	return MARKET_OK;
}

market_status_t
market__evidence_file(market_evidence_t *evidence)
{
	market_status_t status;
	filed_t *filed;
	size_t n = 0;

	settle_names(evidence);
	status = market__evidence_tell(evidence);
	if (status != MARKET_OK)
		return status;
	filed = market__arena_array(&evidence->arena,
	    evidence->n_verified + evidence->n_handed + 2, sizeof(*filed));
	if (filed == NULL)
		return market__arena_refusal(&evidence->arena);
	status = collect(evidence, filed, &n);
	if (status != MARKET_OK)
		return status;
	qsort(filed, n, sizeof(*filed), compare_filed);
	return shelve(evidence, filed, n);
}

/* The first shelf that does not come before the key. */
static size_t
find_shelf(const market_evidence_t *evidence, market_slice_t key)
{
	size_t low = 0, high = evidence->n_shelves, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (market__slice_compare(evidence->shelves[middle].slot, key) <
		    0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

market_status_t
market__evidence_read(
    const void *user, market_slice_t key, market__slot_t *ret_slot)
{
	const market_evidence_t *evidence = user;
	size_t at = find_shelf(evidence, key);
	const market__shelf_t *shelf;

	memset(ret_slot, 0, sizeof(*ret_slot));
	if (at == evidence->n_shelves ||
	    !market__slice_equal(evidence->shelves[at].slot, key))
		return MARKET_OK;
	shelf = &evidence->shelves[at];
	ret_slot->verified = shelf->verified;
	ret_slot->n_verified = shelf->n_verified;
	ret_slot->orphans = shelf->orphans;
	ret_slot->n_orphans = shelf->n_orphans;
	return MARKET_OK;
}

bool
market__evidence_any(const void *user, market_slice_t beginning)
{
	const market_evidence_t *evidence = user;
	size_t at = find_shelf(evidence, beginning);

	return at < evidence->n_shelves &&
	    evidence->shelves[at].slot.len >= beginning.len &&
	    memcmp(evidence->shelves[at].slot.ptr, beginning.ptr,
		beginning.len) == 0;
}
