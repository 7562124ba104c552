/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "api/names.h"
#include "verify/verify.h"

int
market__names_compare(const market__verified_t *a, const market__verified_t *b)
{
	const market__header_t *x = market__header(a->statement);
	const market__header_t *y = market__header(b->statement);
	int order;

	if (a->statement->message->kind != b->statement->message->kind)
		return a->statement->message->kind < b->statement->message->kind
		    ? -1
		    : 1;
	if ((order = market__slice_compare(x->issuer, y->issuer)) != 0 ||
	    (order = market__slice_compare(x->id, y->id)) != 0)
		return order;
	/* Each page of a status has revisions of its own. */
	if (a->statement->message->kind == MARKET_KIND_STATUS &&
	    a->statement->message->of.status.page !=
		b->statement->message->of.status.page)
		return a->statement->message->of.status.page <
			b->statement->message->of.status.page
		    ? -1
		    : 1;
	/* A test key neither revises nor forks what is for production. */
	if (a->foreign != b->foreign)
		return a->foreign ? 1 : -1;
	if (a->authority != b->authority)
		return a->authority < b->authority ? -1 : 1;
	if (a->under == NULL || b->under == NULL)
		return (a->under != NULL) - (b->under != NULL);
	return memcmp(a->under->statement->digest, b->under->statement->digest,
	    MARKET_DIGEST_LEN);
}

static int
compare_verified(const void *left, const void *right)
{
	const market__verified_t *const *a = left, *const *b = right;
	uint64_t x = market__header((*a)->statement)->revision;
	uint64_t y = market__header((*b)->statement)->revision;
	int order = market__names_compare(*a, *b);

	if (order != 0)
		return order;
	if (x != y)
		return x > y ? -1 : 1;
	return memcmp((*a)->statement->digest, (*b)->statement->digest,
	    MARKET_DIGEST_LEN);
}

static bool
same_bytes(const market__verified_t *a, const market__verified_t *b)
{
	return memcmp(a->statement->digest, b->statement->digest,
		   MARKET_DIGEST_LEN) == 0;
}

/* One name: its highest revision is current; two of that are a fork. */
static void
settle_name(market__verified_t **of, size_t n)
{
	uint64_t head = market__header(of[0]->statement)->revision;
	bool forked = false;
	size_t i;

	for (i = 1; i < n; i++)
		if (market__header(of[i]->statement)->revision == head &&
		    !same_bytes(of[0], of[i]))
			forked = true;
	for (i = 0; i < n; i++) {
		of[i]->above = i == 0 ? NULL : of[i - 1];
		if (market__header(of[i]->statement)->revision == head)
			of[i]->forked = forked;
		else
			of[i]->superseded = true;
	}
}

/* A mask of signers means something beside its own keys alone. */
static bool
same_keys(const market__verified_t *a, const market__verified_t *b)
{
	return a->fallen == b->fallen && market__keyset_same(a->keys, b->keys);
}

/*
 * The same statement in several envelopes, signed by different keys of one
 * set, is signed by all of them: a copy with fewer signatures hides nothing.
 * Each signature counts as of when it was seen.
 */
static void
join_copies(market__verified_t **of, size_t n)
{
	market__verified_t *last;
	size_t i, k;

	for (i = 0; i < n; i++) {
		if (of[i]->copies != NULL)
			continue;
		last = of[i];
		last->copies = of[i];
		last->own = last->signers;
		for (k = i + 1; k < n && same_bytes(of[i], of[k]); k++) {
			if (of[k]->copies != NULL || !same_keys(of[i], of[k]))
				continue;
			of[k]->copies = of[i];
			of[k]->own = of[k]->signers;
			of[i]->signers |= of[k]->own;
			last->next_copy = of[k];
			last = of[k];
		}
		for (k = i + 1; k < n && same_bytes(of[i], of[k]); k++)
			if (of[k]->copies == of[i])
				of[k]->signers = of[i]->signers;
	}
}

void
market__names_settle(
    market__verified_t **v, size_t n, market_environment_t environment)
{
	size_t i, end;

	for (i = 0; i < n; i++)
		v[i]->foreign = !market__signed_for(v[i], environment);
	if (n > 0)
		qsort((void *)v, n, sizeof(*v), compare_verified);
	for (i = 0; i < n; i = end) {
		for (end = i + 1;
		     end < n && market__names_compare(v[i], v[end]) == 0; end++)
			;
		join_copies(v + i, end - i);
		settle_name(v + i, end - i);
	}
}
