/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the pages of a status list. Where a store keeps the entries it is asked
 * for them, since there may be a million; else they are in the messages.
 */
#include <stdlib.h>

#include "verify/internal.h"

static const market__slices_t *
entries_of(const market__verified_t *page)
{
	return &market__message(page)->of.status.withdrawn;
}

bool
market__status_lists(
    market__eval_t *e, const market__verified_t *page, market_slice_t digest)
{
	const market__slices_t *entries;
	bool lists = false;
	size_t i;

	if (market__message(page)->kind != MARKET_KIND_STATUS)
		return false;
	if (page->kept != NULL) {
		if (e->status == MARKET_OK)
			e->status = e->lookup->lists(
			    e->lookup->user, page, digest, &lists);
		return lists;
	}
	entries = entries_of(page);
	for (i = 0; i < entries->n && !lists; i++)
		lists = market__slice_equal(entries->v[i], digest);
	return lists;
}

static int
compare_digests(const void *left, const void *right)
{
	return market__slice_compare(
	    *(const market_slice_t *)left, *(const market_slice_t *)right);
}

/* All entries of the whole list, sorted. */
static market_slice_t *
sort_whole(market__eval_t *e, const market__pages_t *pages, size_t *ret_n)
{
	const market__slices_t *entries;
	market_slice_t *listed;
	size_t i, k, n = 0;

	for (i = 0; i < pages->n_whole; i++)
		n += entries_of(pages->v[pages->whole + i])->n;
	listed = market__arena_array(e->arena, n + 1, sizeof(*listed));
	if (listed == NULL) {
		e->status = market__arena_refusal(e->arena);
		return NULL;
	}
	for (i = 0, n = 0; i < pages->n_whole; i++) {
		entries = entries_of(pages->v[pages->whole + i]);
		for (k = 0; k < entries->n; k++)
			listed[n++] = entries->v[k];
	}
	if (n > 0)
		qsort(listed, n, sizeof(*listed), compare_digests);
	*ret_n = n;
	return listed;
}

static const market_slice_t *
find_vanished(market__eval_t *e, const market__pages_t *pages)
{
	const market__slices_t *entries;
	const market_slice_t *listed;
	size_t i, k, n = 0;

	listed = sort_whole(e, pages, &n);
	for (i = pages->whole + pages->n_whole; i < pages->n && listed != NULL;
	     i++) {
		entries = entries_of(pages->v[i]);
		for (k = 0; k < entries->n; k++)
			if (n == 0 ||
			    bsearch(&entries->v[k], listed, n, sizeof(*listed),
				compare_digests) == NULL)
				return &entries->v[k];
	}
	return NULL;
}

bool
market__status_vanished(market__eval_t *e, const market__pages_t *pages,
    uint8_t ret_digest[MARKET_DIGEST_LEN])
{
	const market_slice_t *found;
	bool vanished = false;

	if (pages->n_whole == 0 || pages->whole + pages->n_whole == pages->n ||
	    e->status != MARKET_OK)
		return false;
	if (pages->v[0]->kept != NULL) {
		e->status = e->lookup->vanished(
		    e->lookup->user, pages, ret_digest, &vanished);
		return vanished && e->status == MARKET_OK;
	}
	found = find_vanished(e, pages);
	if (found == NULL || found->len != MARKET_DIGEST_LEN)
		return false;
	memcpy(ret_digest, found->ptr, MARKET_DIGEST_LEN);
	return true;
}
