/* SPDX-License-Identifier: Apache-2.0 */
/* A clearance that outlives the arena it was computed in. */
#include "verify/verify.h"

static const char *
copy_text(market__arena_t *arena, const char *text, bool *good)
{
	market_slice_t copy;

	if (text == NULL)
		return NULL;
	copy = market__arena_copy(arena, market_slice_of(text));
	if (copy.ptr == NULL)
		*good = false;
	return (const char *)copy.ptr;
}

static market_slice_t
copy_slice(market__arena_t *arena, market_slice_t slice, bool *good)
{
	market_slice_t copy = { NULL, 0 };

	if (slice.ptr == NULL)
		return copy;
	copy = market__arena_copy(arena, slice);
	if (copy.ptr == NULL)
		*good = false;
	return copy;
}

static market_slice_t *
copy_slices(
    market__arena_t *arena, const market_slice_t *from, size_t n, bool *good)
{
	market_slice_t *to = market__arena_array(arena, n + 1, sizeof(*to));
	size_t i;

	if (to == NULL)
		*good = false;
	for (i = 0; i < n && *good; i++)
		to[i] = copy_slice(arena, from[i], good);
	return to;
}

static void
copy_findings(const market__findings_t *from, market__arena_t *arena,
    market__findings_t *to, bool *good)
{
	size_t i;

	to->n = to->capacity = from->n;
	to->v = market__arena_array(arena, from->n + 1, sizeof(*to->v));
	if (to->v == NULL)
		*good = false;
	for (i = 0; i < from->n && *good; i++) {
		to->v[i] = from->v[i];
		to->v[i].path = copy_text(arena, from->v[i].path, good);
		to->v[i].message = copy_text(arena, from->v[i].message, good);
		to->v[i].got = copy_text(arena, from->v[i].got, good);
		to->v[i].want = copy_text(arena, from->v[i].want, good);
		to->v[i].evidence = copy_slice(
		    arena, from->v[i].evidence, good);
	}
}

static const market_source_key_t *
copy_signers(market__arena_t *arena, const market_source_key_t *from, size_t n,
    bool *good)
{
	market_source_key_t *to = market__arena_array(
	    arena, n + 1, sizeof(*to));
	size_t i;

	if (to == NULL)
		*good = false;
	for (i = 0; i < n && *good; i++) {
		to[i].id = copy_slice(arena, from[i].id, good);
		to[i].counts = from[i].counts;
	}
	return to;
}

static void
copy_sources(const market__sources_t *from, market__arena_t *arena,
    market__sources_t *to, bool *good)
{
	const market_source_t *source;
	size_t i;

	to->n = from->n;
	to->v = market__arena_array(arena, from->n + 1, sizeof(*to->v));
	if (to->v == NULL)
		*good = false;
	for (i = 0; i < from->n && *good; i++) {
		source = &from->v[i];
		to->v[i] = *source;
		to->v[i].digest = copy_slice(arena, source->digest, good);
		to->v[i].issuer = copy_slice(arena, source->issuer, good);
		to->v[i].id = copy_slice(arena, source->id, good);
		to->v[i].subject = copy_text(arena, source->subject, good);
		to->v[i].signers = copy_signers(
		    arena, source->signers, source->signer_count, good);
		to->v[i].keys_by = copy_slice(arena, source->keys_by, good);
		to->v[i].parent = copy_slice(arena, source->parent, good);
	}
}

market_status_t
market__clearance_copy(const market__clearance_t *clearance,
    market__arena_t *arena, market__clearance_t *ret_copy)
{
	market__clearance_t copy = *clearance;
	const char **missing;
	bool good = true;
	size_t i;

	copy_findings(&clearance->findings, arena, &copy.findings, &good);
	copy.used = copy_slices(
	    arena, clearance->used, clearance->n_used, &good);
	copy_sources(&clearance->sources, arena, &copy.sources, &good);
	copy.reads = copy_slices(
	    arena, clearance->reads, clearance->n_reads, &good);
	missing = market__arena_array(
	    arena, clearance->n_missing + 1, sizeof(*missing));
	if (missing == NULL)
		good = false;
	for (i = 0; i < clearance->n_missing && good; i++)
		missing[i] = copy_text(arena, clearance->missing[i], &good);
	copy.missing = missing;
	/* What it points at may be gone before the copy is. */
	copy.ends_first = NULL;
	if (!good)
		return market__arena_refusal(arena);
	*ret_copy = copy;
	return MARKET_OK;
}
