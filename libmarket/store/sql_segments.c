/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many listings ask a question. Those that are rows of their own are
 * counted in its clearance. A pack has a list of what its listings ask; so has
 * a segment, of all its packs: whoever looks for a question leaves out those
 * that do not ask it. The last packs are in no segment yet.
 */
#include "store/sql_packs.h"

static market_status_t
broken(market__sql_t *sql, uint64_t segment, market_error_t *reterr)
{
	sql->phase = MARKET__SQL_FAILED;
	return market__error(reterr, MARKET_E_CORRUPT, sql->location, -1,
	    "table segment, row %llu: questions is not what its packs ask",
	    (unsigned long long)segment);
}

/* ---- what packs ask ---- */

typedef struct gathering {
	market__arena_t *arena;
	market__asking_t *pairs;
	size_t n, capacity;
} gathering_t;

static void
add(market__sql_call_t *call, gathering_t *g, market_slice_t questions)
{
	market__asking_t asking = { 0, 0 };
	market__asking_t *pairs;

	while (questions.len > 0 && call->status == MARKET_OK) {
		if (!market__asking_next(&questions, &asking)) {
			market__sql_corrupt(
			    call, "questions is no list of questions");
			return;
		}
		pairs = market__sql_grow(call, g->arena, g->pairs,
		    sizeof(*pairs), g->n, SIZE_MAX / sizeof(*pairs),
		    &g->capacity);
		if (pairs == NULL)
			return;
		g->pairs = pairs;
		g->pairs[g->n++] = asking;
	}
}

static market_status_t
add_packs(market__sql_t *sql, uint64_t after, uint64_t to, gathering_t *g,
    market__sql_pack_t *ends, market_error_t *reterr)
{
	market__sql_pack_t pack;
	market__sql_call_t call;

	market__sql_call(&call, sql, MARKET__SQL_PACKS_BY_NO, reterr);
	market__sql_put_bound(&call, after);
	market__sql_put_bound(&call, to);
	market__sql_put_bound(&call, INT64_MAX);
	while (market__sql_read_pack(&call, &pack)) {
		add(&call, g, pack.questions);
		if (ends->first == 0)
			ends->first = pack.first;
		ends->last = pack.last;
	}
	return market__sql_end(&call);
}

market_status_t
market__sql_gather(market__sql_t *sql, uint64_t after, uint64_t to,
    market__arena_t *arena, market__askings_t *ret, market_error_t *reterr)
{
	gathering_t g = { .arena = arena };
	market__sql_pack_t ends = { 0 };
	market_status_t rv = add_packs(sql, after, to, &g, &ends, reterr);

	if (rv == MARKET_OK &&
	    market__asking_sort(g.pairs, g.n, arena, ret) != MARKET_OK)
		rv = market__sql_no_memory(sql, arena, reterr);
	return rv;
}

/* ---- segments ---- */

static market_status_t
put_segment(market__sql_t *sql, uint64_t last, uint64_t first,
    const market__askings_t *askings, market__arena_t *arena,
    market_error_t *reterr)
{
	market_slice_t questions = { NULL, 0 };
	market__sql_call_t call;

	if (market__asking_pack(askings, arena, &questions) != MARKET_OK)
		return market__sql_no_memory(sql, arena, reterr);
	market__sql_call(&call, sql, MARKET__SQL_SEGMENT_PUT, reterr);
	market__sql_put_number(&call, last);
	market__sql_put_number(&call, first);
	market__sql_put_bytes(&call, questions);
	return market__sql_run_row(&call, MARKET__SQL_OF_SEGMENT, last);
}

/* The one that the pack with this last number is of. */
static market_status_t
get_segment(market__sql_t *sql, uint64_t no, market__arena_t *arena,
    uint64_t *ret_last, uint64_t *ret_first, market__askings_t *ret,
    market_error_t *reterr)
{
	market_slice_t questions = { NULL, 0 };
	market_status_t rv = MARKET_E_CORRUPT;
	market__sql_call_t call;
	bool fits = false;

	market__sql_call(&call, sql, MARKET__SQL_SEGMENTS, reterr);
	market__sql_put_bound(&call, no - 1);
	market__sql_put_bound(&call, 1);
	if (market__sql_row(&call)) {
		market__sql_get_number(&call, ret_last);
		market__sql_get_number(&call, ret_first);
		market__sql_get_slice(&call, &questions);
		if (call.status == MARKET_OK)
			rv = market__asking_unpack(
			    questions, arena, ret, &fits);
	}
	if (market__sql_end(&call) != MARKET_OK)
		return call.status;
	if (rv != MARKET_OK && rv != MARKET_E_CORRUPT)
		return market__sql_no_memory(sql, arena, reterr);
	return fits ? MARKET_OK : broken(sql, no, reterr);
}

static market_status_t
change_segment(market__sql_t *sql, uint64_t no, market_slice_t before,
    market_slice_t after, market__arena_t *arena, market_error_t *reterr)
{
	market__askings_t is, fewer, more, now;
	uint64_t last = 0, first = 0;
	bool fits[3] = { false, false, false };
	market_status_t rv;

	rv = get_segment(sql, no, arena, &last, &first, &is, reterr);
	if (rv != MARKET_OK)
		return rv;
	if (market__asking_unpack(before, arena, &fewer, &fits[0]) !=
		MARKET_OK ||
	    market__asking_unpack(after, arena, &more, &fits[1]) != MARKET_OK ||
	    market__asking_change(&is, &more, &fewer, arena, &now, &fits[2]) !=
		MARKET_OK)
		return market__sql_no_memory(sql, arena, reterr);
	if (!fits[0] || !fits[1] || !fits[2])
		return broken(sql, last, reterr);
	return put_segment(sql, last, first, &now, arena, reterr);
}

market_status_t
market__sql_asking_changed(market__sql_t *sql, uint64_t last,
    market_slice_t before, market_slice_t after, market_error_t *reterr)
{
	market__arena_t arena;
	market_status_t rv;

	if (market__slice_equal(before, after) ||
	    last > sql->tail.last[MARKET__SQL_OF_SEGMENT])
		return MARKET_OK;
	market__arena_init(&arena, sql->allocator, SIZE_MAX);
	rv = change_segment(sql, last, before, after, &arena, reterr);
	market__arena_clear(&arena);
	return rv;
}

static market_status_t
count_packs(market__sql_t *sql, uint64_t *ret_n, market_error_t *reterr)
{
	market__sql_call_t call;

	market__sql_call(&call, sql, MARKET__SQL_PACKS_COUNT, reterr);
	market__sql_put_number(&call, sql->tail.last[MARKET__SQL_OF_SEGMENT]);
	if (market__sql_row(&call))
		market__sql_get_number(&call, ret_n);
	return market__sql_end(&call);
}

static market_status_t
seal(market__sql_t *sql, market__arena_t *arena, market_error_t *reterr)
{
	gathering_t g = { .arena = arena };
	market__sql_pack_t ends = { 0 };
	market__askings_t all;
	market_status_t rv;

	rv = add_packs(sql, sql->tail.last[MARKET__SQL_OF_SEGMENT], INT64_MAX,
	    &g, &ends, reterr);
	if (rv != MARKET_OK)
		return rv;
	if (market__asking_sort(g.pairs, g.n, arena, &all) != MARKET_OK)
		return market__sql_no_memory(sql, arena, reterr);
	return put_segment(sql, ends.last, ends.first, &all, arena, reterr);
}

market_status_t
market__sql_seal(market__sql_t *sql, market_error_t *reterr)
{
	market__arena_t arena;
	market_status_t rv;
	uint64_t n = 0;

	rv = count_packs(sql, &n, reterr);
	if (rv != MARKET_OK || n < MARKET__SEGMENT_PACKS)
		return rv;
	market__arena_init(&arena, sql->allocator, SIZE_MAX);
	rv = seal(sql, &arena, reterr);
	market__arena_clear(&arena);
	return rv;
}

/* ---- cells ---- */

static market_status_t
add_segments(market__sql_t *sql, gathering_t *g, market_error_t *reterr)
{
	market_slice_t questions = { NULL, 0 };
	market__sql_call_t call;
	uint64_t number;

	market__sql_call(&call, sql, MARKET__SQL_SEGMENTS, reterr);
	market__sql_put_bound(&call, 0);
	market__sql_put_bound(&call, INT64_MAX);
	while (market__sql_row(&call)) {
		market__sql_get_number(&call, &number);
		market__sql_get_number(&call, &number);
		market__sql_get_slice(&call, &questions);
		add(&call, g, questions);
	}
	return market__sql_end(&call);
}

/* Of all that is packed: for who asks again in the same transaction. */
static market_status_t
count_packed(
    market__sql_t *sql, market__sql_cells_t *cells, market_error_t *reterr)
{
	gathering_t g = { .arena = &cells->arena };
	market__sql_pack_t ends = { 0 };
	market_status_t rv = add_segments(sql, &g, reterr);

	if (rv == MARKET_OK)
		rv = add_packs(sql, sql->tail.last[MARKET__SQL_OF_SEGMENT],
		    INT64_MAX, &g, &ends, reterr);
	if (rv == MARKET_OK &&
	    market__asking_sort(g.pairs, g.n, &cells->arena, &cells->all) !=
		MARKET_OK)
		rv = market__sql_no_memory(sql, &cells->arena, reterr);
	cells->counted = rv == MARKET_OK;
	return rv;
}

void
market__sql_cells_forget(market__sql_t *sql)
{
	market__sql_cells_t *cells = &sql->cells;

	if (cells->counted)
		market__arena_clear(&cells->arena);
	memset(cells, 0, sizeof(*cells));
}

static uint64_t
find(const market__askings_t *all, uint64_t question)
{
	size_t low = 0, high = all->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (all->v[middle].question < question)
			low = middle + 1;
		else
			high = middle;
	}
	return low < all->n && all->v[low].question == question
	    ? all->v[low].cells
	    : 0;
}

static market_status_t
packed_cells(market__sql_t *sql, uint64_t question, uint64_t *ret_cells,
    market_error_t *reterr)
{
	market__sql_cells_t *cells = &sql->cells;
	market_status_t rv = MARKET_OK;

	if (!cells->counted) {
		market__arena_init(&cells->arena, sql->allocator, SIZE_MAX);
		rv = count_packed(sql, cells, reterr);
		if (rv != MARKET_OK)
			market__arena_clear(&cells->arena);
	}
	if (rv == MARKET_OK)
		*ret_cells = find(&cells->all, question);
	return rv;
}

market_status_t
market__sql_clearance_cells(market__backend_t *backend, uint64_t no,
    uint64_t *ret_cells, market_error_t *reterr)
{
	market__sql_t *sql = (market__sql_t *)backend;
	uint64_t cells = 0, packed = 0;
	market__sql_call_t call;
	market_status_t rv;

	rv = market__sql_enter(sql, false, reterr);
	if (rv == MARKET_OK)
		rv = market__sql_count_all(sql, reterr);
	if (rv != MARKET_OK)
		return rv;
	market__sql_call(&call, sql, MARKET__SQL_CELLS_GET, reterr);
	market__sql_put_bound(&call, no);
	if (market__sql_row(&call))
		market__sql_get_number(&call, &cells);
	rv = market__sql_end(&call);
	if (rv == MARKET_OK && market__sql_has_packs(sql))
		rv = packed_cells(sql, no, &packed, reterr);
	if (rv == MARKET_OK)
		*ret_cells = cells + packed;
	return rv;
}
