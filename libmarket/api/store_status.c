/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages of a status, which may list a million digests. Of each entry its
 * first eight bytes are held, sorted: a mark. A digest whose mark is not there
 * is not listed; where it is, the page is read again and has the last word.
 * What was found once is remembered by the digests of what was asked.
 */
#include <stdlib.h>

#include "api/store_evidence.h"

/* What is remembered. */
typedef struct told {
	market__cached_t cached;
	bool yes;
	uint8_t digest[MARKET_DIGEST_LEN];
} told_t;

static uint64_t
mark_of(market_slice_t digest)
{
	return digest.len == MARKET_DIGEST_LEN ? market__get64(digest.ptr) : 0;
}

static int
compare_marks(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static bool
has_mark(const uint64_t *marks, size_t n, uint64_t mark)
{
	return n > 0 &&
	    bsearch(&mark, marks, n, sizeof(mark), compare_marks) != NULL;
}

market_status_t
market__fact_abridge(market__call_t *call, market__fact_t *fact)
{
	const market__slices_t *entries;
	market_statement_t *abridged = NULL;
	market_status_t status;
	size_t i;

	if (fact->statement->message->kind != MARKET_KIND_STATUS)
		return MARKET_OK;
	entries = &fact->statement->message->of.status.withdrawn;
	fact->marks = market__arena_array(
	    &fact->arena, entries->n + 1, sizeof(*fact->marks));
	if (fact->marks == NULL)
		return market__call_refused(call, &fact->arena);
	for (i = 0; i < entries->n; i++)
		fact->marks[i] = mark_of(entries->v[i]);
	fact->n_marks = entries->n;
	if (entries->n > 0)
		qsort(fact->marks, fact->n_marks, sizeof(*fact->marks),
		    compare_marks);
	status = market__statement_abridge(
	    fact->statement, &abridged, call->reterr);
	if (status != MARKET_OK)
		return status;
	market_statement_free(fact->statement);
	fact->statement = abridged;
	fact->cached.size = sizeof(*fact) + 4096;
	return MARKET_OK;
}

/* ---- remembering ---- */

static void
free_told(const market_allocator_t *allocator, market__cached_t *cached)
{
	market__free(allocator, cached);
}

static bool
recall(market__call_t *call, market_slice_t key, told_t *ret_told)
{
	market__cached_t *cached = market__cache_find(call->cache, key);

	if (cached == NULL)
		return false;
	*ret_told = *(const told_t *)(const void *)cached;
	market__cache_unpin(call->cache, cached);
	return true;
}

static void
remember(market__call_t *call, market_slice_t key, const told_t *told)
{
	told_t *copy = market__alloc(&call->context->allocator, sizeof(*copy));

	if (copy == NULL)
		return; /* it is found out again next time */
	*copy = *told;
	copy->cached.free = free_told;
	copy->cached.size = sizeof(*copy);
	market__cache_put(call->cache, key, &copy->cached);
	market__cache_unpin(call->cache, &copy->cached);
}

/* ---- one entry ---- */

static market_status_t
look_up(market__call_t *call, const market__fact_t *fact, market_slice_t digest,
    bool *ret_lists)
{
	const market__slices_t *entries;
	market_statement_t *page = NULL;
	market_status_t status;
	size_t i;

	status = market__fact_reread(call, fact, &page);
	if (status != MARKET_OK)
		return status;
	entries = &page->message->of.status.withdrawn;
	*ret_lists = false;
	for (i = 0; i < entries->n && !*ret_lists; i++)
		*ret_lists = market__slice_equal(entries->v[i], digest);
	market_statement_free(page);
	return MARKET_OK;
}

market_status_t
market__page_lists(const void *user, const market__verified_t *page,
    market_slice_t digest, bool *ret_lists)
{
	market__call_t *call = ((const market__slot_user_t *)user)->call;
	const market__fact_t *fact = page->kept;
	uint8_t key[1 + 2 * MARKET_DIGEST_LEN];
	market_status_t status;
	told_t told = { 0 };

	*ret_lists = false;
	if (digest.len != MARKET_DIGEST_LEN ||
	    !has_mark(fact->marks, fact->n_marks, mark_of(digest)))
		return MARKET_OK;
	key[0] = 'L';
	memcpy(key + 1, fact->statement->digest, MARKET_DIGEST_LEN);
	memcpy(key + 1 + MARKET_DIGEST_LEN, digest.ptr, MARKET_DIGEST_LEN);
	if (!recall(call, market__slice(key, sizeof(key)), &told)) {
		status = look_up(call, fact, digest, &told.yes);
		if (status != MARKET_OK)
			return status;
		remember(call, market__slice(key, sizeof(key)), &told);
	}
	*ret_lists = told.yes;
	return MARKET_OK;
}

/* ---- entries that vanished ---- */

static market_status_t
key_of(market__call_t *call, const market__pages_t *pages, uint8_t *key)
{
	market_slice_t *pieces;
	uint8_t numbers[16];
	size_t i;

	pieces = market__arena_array(
	    &call->arena, pages->n + 1, sizeof(*pieces));
	if (pieces == NULL)
		return market__call_refused(call, &call->arena);
	market__put64(numbers, pages->whole);
	market__put64(numbers + 8, pages->n_whole);
	pieces[0] = market__slice(numbers, sizeof(numbers));
	for (i = 0; i < pages->n; i++)
		pieces[i + 1] = market__digest(pages->v[i]->statement);
	key[0] = 'V';
	return market__call_digest(call, pieces, pages->n + 1, key + 1);
}

static const market__fact_t *
fact_of(const market__pages_t *pages, size_t i)
{
	return pages->v[i]->kept;
}

/* The marks of the whole list, sorted; the caller frees them. */
static uint64_t *
join_whole(market__call_t *call, const market__pages_t *pages, size_t *ret_n)
{
	const market__fact_t *fact;
	uint64_t *marks;
	size_t i, n = 0;

	for (i = 0; i < pages->n_whole; i++)
		n += fact_of(pages, pages->whole + i)->n_marks;
	marks = market__alloc(
	    &call->context->allocator, (n + 1) * sizeof(*marks));
	if (marks == NULL) {
		(void)market__error(call->reterr, MARKET_E_MEMORY, NULL, -1,
		    "no memory for a status of %zu entries", n);
		return NULL;
	}
	for (i = 0, n = 0; i < pages->n_whole; i++) {
		fact = fact_of(pages, pages->whole + i);
		if (fact->n_marks > 0)
			memcpy(marks + n, fact->marks,
			    fact->n_marks * sizeof(*marks));
		n += fact->n_marks;
	}
	if (n > 0)
		qsort(marks, n, sizeof(*marks), compare_marks);
	*ret_n = n;
	return marks;
}

/* Which entry of the page it is, is read from the page. */
static market_status_t
name_vanished(market__call_t *call, const market__fact_t *fact,
    const uint64_t *whole, size_t n, told_t *told)
{
	const market__slices_t *entries;
	market_statement_t *page = NULL;
	market_status_t status;
	size_t i;

	status = market__fact_reread(call, fact, &page);
	if (status != MARKET_OK)
		return status;
	entries = &page->message->of.status.withdrawn;
	for (i = 0; i < entries->n && !told->yes; i++) {
		if (entries->v[i].len != MARKET_DIGEST_LEN ||
		    has_mark(whole, n, mark_of(entries->v[i])))
			continue;
		told->yes = true;
		memcpy(told->digest, entries->v[i].ptr, MARKET_DIGEST_LEN);
	}
	market_statement_free(page);
	return MARKET_OK;
}

static market_status_t
find_vanished(market__call_t *call, const market__pages_t *pages, told_t *told)
{
	market_status_t status = MARKET_OK;
	const market__fact_t *fact;
	uint64_t *whole;
	size_t i, k, n = 0;

	whole = join_whole(call, pages, &n);
	if (whole == NULL)
		return MARKET_E_MEMORY;
	for (i = pages->whole + pages->n_whole;
	     i < pages->n && status == MARKET_OK && !told->yes; i++) {
		fact = fact_of(pages, i);
		for (k = 0; k < fact->n_marks; k++)
			if (!has_mark(whole, n, fact->marks[k]))
				break;
		if (k < fact->n_marks)
			status = name_vanished(call, fact, whole, n, told);
	}
	market__free(&call->context->allocator, whole);
	return status;
}

market_status_t
market__pages_vanished(const void *user, const market__pages_t *pages,
    uint8_t ret_digest[MARKET_DIGEST_LEN], bool *ret_vanished)
{
	market__call_t *call = ((const market__slot_user_t *)user)->call;
	uint8_t key[1 + MARKET_DIGEST_LEN];
	market_status_t status;
	told_t told = { 0 };

	status = key_of(call, pages, key);
	if (status != MARKET_OK)
		return status;
	if (!recall(call, market__slice(key, sizeof(key)), &told)) {
		status = find_vanished(call, pages, &told);
		if (status != MARKET_OK)
			return status;
		remember(call, market__slice(key, sizeof(key)), &told);
	}
	memcpy(ret_digest, told.digest, MARKET_DIGEST_LEN);
	*ret_vanished = told.yes;
	return MARKET_OK;
}
