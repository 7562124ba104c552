/* SPDX-License-Identifier: Apache-2.0 */
/* A clearance that outlives the arena it was computed in. */
#include "verify/verify.h"

/* Digests stand in an answer again and again: one copy of each is enough. */
#define DIGESTS_MAX 64

typedef struct copying {
	market__arena_t *arena;
	const uint8_t *digests[DIGESTS_MAX];
	size_t n_digests;
	bool good;
} copying_t;

static const char *
copy_text(copying_t *c, const char *text)
{
	market_slice_t copy;

	if (text == NULL)
		return NULL;
	copy = market__arena_copy(c->arena, market_slice_of(text));
	if (copy.ptr == NULL)
		c->good = false;
	return (const char *)copy.ptr;
}

static market_slice_t
copy_slice(copying_t *c, market_slice_t slice)
{
	market_slice_t copy = { NULL, 0 };
	size_t i;

	if (slice.ptr == NULL)
		return copy;
	for (i = 0; i < c->n_digests && slice.len == MARKET_DIGEST_LEN; i++)
		if (memcmp(c->digests[i], slice.ptr, slice.len) == 0)
			return market__slice(c->digests[i], slice.len);
	copy = market__arena_copy(c->arena, slice);
	if (copy.ptr == NULL)
		c->good = false;
	else if (copy.len == MARKET_DIGEST_LEN && c->n_digests < DIGESTS_MAX)
		c->digests[c->n_digests++] = copy.ptr;
	return copy;
}

static void *
copy_array(copying_t *c, size_t n, size_t size)
{
	void *array = market__arena_array(c->arena, n + 1, size);

	if (array == NULL)
		c->good = false;
	return array;
}

static market_slice_t *
copy_slices(copying_t *c, const market_slice_t *from, size_t n)
{
	market_slice_t *to = copy_array(c, n, sizeof(*to));
	size_t i;

	for (i = 0; i < n && c->good; i++)
		to[i] = copy_slice(c, from[i]);
	return to;
}

static void
copy_findings(
    copying_t *c, const market__findings_t *from, market__findings_t *to)
{
	size_t i;

	to->n = to->capacity = from->n;
	to->v = copy_array(c, from->n, sizeof(*to->v));
	for (i = 0; i < from->n && c->good; i++) {
		to->v[i] = from->v[i];
		to->v[i].path = copy_text(c, from->v[i].path);
		to->v[i].message = copy_text(c, from->v[i].message);
		to->v[i].got = copy_text(c, from->v[i].got);
		to->v[i].want = copy_text(c, from->v[i].want);
		to->v[i].evidence = copy_slice(c, from->v[i].evidence);
	}
}

static const market_source_key_t *
copy_signers(copying_t *c, const market_source_key_t *from, size_t n)
{
	market_source_key_t *to = copy_array(c, n, sizeof(*to));
	size_t i;

	for (i = 0; i < n && c->good; i++) {
		to[i].id = copy_slice(c, from[i].id);
		to[i].counts = from[i].counts;
	}
	return to;
}

static void
copy_sources(copying_t *c, const market__sources_t *from, market__sources_t *to)
{
	const market_source_t *source;
	size_t i;

	to->n = from->n;
	to->v = copy_array(c, from->n, sizeof(*to->v));
	for (i = 0; i < from->n && c->good; i++) {
		source = &from->v[i];
		to->v[i] = *source;
		to->v[i].digest = copy_slice(c, source->digest);
		to->v[i].issuer = copy_slice(c, source->issuer);
		to->v[i].id = copy_slice(c, source->id);
		to->v[i].subject = copy_text(c, source->subject);
		to->v[i].signers = copy_signers(
		    c, source->signers, source->signer_count);
		to->v[i].keys_by = copy_slice(c, source->keys_by);
		to->v[i].parent = copy_slice(c, source->parent);
	}
}

market_status_t
market__clearance_copy(const market__clearance_t *clearance,
    market__arena_t *arena, market__clearance_t *ret_copy)
{
	copying_t c = { .arena = arena, .good = true };
	market__clearance_t copy = *clearance;
	const char **missing;
	size_t i;

	copy_findings(&c, &clearance->findings, &copy.findings);
	copy.used = copy_slices(&c, clearance->used, clearance->n_used);
	copy_sources(&c, &clearance->sources, &copy.sources);
	copy.reads = copy_slices(&c, clearance->reads, clearance->n_reads);
	missing = copy_array(&c, clearance->n_missing, sizeof(*missing));
	for (i = 0; i < clearance->n_missing && c.good; i++)
		missing[i] = copy_text(&c, clearance->missing[i]);
	copy.missing = missing;
	/* What it points at may be gone before the copy is. */
	copy.ends_first = NULL;
	if (!c.good)
		return market__arena_refusal(arena);
	*ret_copy = copy;
	return MARKET_OK;
}

/* Copied twice: once to see how much it is. */
market_status_t
market__clearance_keep(const market__clearance_t *clearance,
    market__pool_t *pool, market__arena_t *arena, market__clearance_t *ret_copy)
{
	market__arena_t scratch;
	market_status_t status;

	market__arena_init_pooled(&scratch, pool, arena->budget);
	status = market__clearance_copy(clearance, &scratch, ret_copy);
	if (status == MARKET_OK) {
		market__arena_expect(arena, &scratch);
		status = market__clearance_copy(clearance, arena, ret_copy);
	}
	market__arena_clear(&scratch);
	return status;
}
