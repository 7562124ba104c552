/* SPDX-License-Identifier: Apache-2.0 */
#include "store/asking.h"
#include "store/pack.h"

/* ---- sorting ---- */

/* The end of the run that begins at `i`: of what ascends. */
static size_t
run_end(const market__asking_t *v, size_t i, size_t n)
{
	do
		i++;
	while (i < n && v[i - 1].question < v[i].question);
	return i;
}

/* Two runs, one behind the other, as one; how many there are in it. */
static size_t
merge(const market__asking_t *a, const market__asking_t *a_end,
    const market__asking_t *b, const market__asking_t *b_end,
    market__asking_t *out)
{
	market__asking_t *at = out;

	while (a < a_end && b < b_end) {
		if (a->question < b->question) {
			*at++ = *a++;
		} else if (b->question < a->question) {
			*at++ = *b++;
		} else {
			*at = *a++;
			at++->cells += b++->cells;
		}
	}
	while (a < a_end)
		*at++ = *a++;
	while (b < b_end)
		*at++ = *b++;
	return (size_t)(at - out);
}

/* Each two neighbouring runs become one; how many pairs are left. */
static size_t
merge_runs(const market__asking_t *v, size_t n, market__asking_t *out)
{
	size_t i = 0, left, right, kept = 0;

	while (i < n) {
		left = run_end(v, i, n);
		right = left < n ? run_end(v, left, n) : left;
		kept += merge(v + i, v + left, v + left, v + right, out + kept);
		i = right;
	}
	return kept;
}

market_status_t
market__asking_sort(market__asking_t *pairs, size_t n, market__arena_t *arena,
    market__askings_t *ret)
{
	market__asking_t *other = market__arena_array(
	    arena, n + 1, sizeof(*other));
	market__asking_t *swap;

	if (other == NULL)
		return market__arena_refusal(arena);
	while (n > 0 && run_end(pairs, 0, n) < n) {
		n = merge_runs(pairs, n, other);
		swap = pairs;
		pairs = other;
		other = swap;
	}
	ret->v = pairs;
	ret->n = n;
	return MARKET_OK;
}

/* ---- what rows ask ---- */

static bool
asked_before(const market__listing_row_t *row, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (row->questions[k] == row->questions[i])
			return true;
	return false;
}

bool
market__asks_alike(
    const market__listing_row_t *a, const market__listing_row_t *b)
{
	return a->n_questions == b->n_questions &&
	    (a->n_questions == 0 ||
		memcmp(a->questions, b->questions,
		    a->n_questions * sizeof(*a->questions)) == 0);
}

market_status_t
market__asking_of(const market__listing_row_t *rows, size_t n,
    market__arena_t *arena, market__askings_t *ret)
{
	market__asking_t *pairs;
	size_t i, k, n_pairs = 0, room = 1, alike;

	for (i = 0; i < n; i++)
		room += rows[i].n_questions;
	pairs = market__arena_array(arena, room, sizeof(*pairs));
	if (pairs == NULL)
		return market__arena_refusal(arena);
	for (i = 0; i < n; i += alike) {
		for (alike = 1; i + alike < n &&
		     market__asks_alike(&rows[i], &rows[i + alike]);
		     alike++)
			;
		for (k = 0; k < rows[i].n_questions; k++) {
			if (asked_before(&rows[i], k))
				continue;
			pairs[n_pairs].question = rows[i].questions[k];
			pairs[n_pairs++].cells = alike;
		}
	}
	return market__asking_sort(pairs, n_pairs, arena, ret);
}

/* ---- changing ---- */

/* How many more than before, as the first pair of a list says; taken from it.*/
static uint64_t
take(const market__askings_t *list, size_t *at, uint64_t question)
{
	if (list == NULL || *at == list->n || list->v[*at].question != question)
		return 0;
	return list->v[(*at)++].cells;
}

static uint64_t
least(const market__askings_t *list, size_t at, uint64_t than)
{
	return list != NULL && at < list->n && list->v[at].question < than
	    ? list->v[at].question
	    : than;
}

market_status_t
market__asking_change(const market__askings_t *of,
    const market__askings_t *more, const market__askings_t *fewer,
    market__arena_t *arena, market__askings_t *ret, bool *ret_fits)
{
	size_t i = 0, j = 0, k = 0;
	uint64_t question, cells, gone;

	*ret_fits = true;
	ret->n = 0;
	ret->v = market__arena_array(
	    arena, of->n + (more == NULL ? 0 : more->n) + 1, sizeof(*ret->v));
	if (ret->v == NULL)
		return market__arena_refusal(arena);
	for (;;) {
		question = least(of, i, UINT64_MAX);
		question = least(more, j, question);
		question = least(fewer, k, question);
		if (question == UINT64_MAX)
			return MARKET_OK;
		cells = take(of, &i, question);
		cells += take(more, &j, question);
		gone = take(fewer, &k, question);
		if (cells < gone) {
			*ret_fits = false;
			return MARKET_OK;
		}
		ret->v[ret->n].question = question;
		ret->v[ret->n].cells = cells - gone;
		ret->n += cells > gone;
	}
}

/* ---- as bytes ---- */

market_status_t
market__asking_pack(const market__askings_t *askings, market__arena_t *arena,
    market_slice_t *ret)
{
	uint8_t *bytes, *at;
	uint64_t last = 0;
	size_t i;

	bytes = at = market__arena_raw(
	    arena, (size_t)2 * MARKET__VARINT_MAX * askings->n + 1);
	if (bytes == NULL)
		return market__arena_refusal(arena);
	for (i = 0; i < askings->n; i++) {
		at += market__varint_put(at, askings->v[i].question - last);
		at += market__varint_put(at, askings->v[i].cells);
		last = askings->v[i].question;
	}
	*ret = market__slice(bytes, (size_t)(at - bytes));
	return MARKET_OK;
}

bool
market__asking_next(market_slice_t *bytes, market__asking_t *asking)
{
	uint64_t by = 0;

	if (!market__varint_take(bytes, &by) ||
	    !market__varint_take(bytes, &asking->cells) ||
	    by > UINT64_MAX - 1 - asking->question || asking->cells == 0)
		return false;
	asking->question += by;
	return true;
}

market_status_t
market__asking_unpack(market_slice_t bytes, market__arena_t *arena,
    market__askings_t *ret, bool *ret_fits)
{
	market__asking_t asking = { 0, 0 };
	uint64_t last;

	*ret_fits = true;
	ret->n = 0;
	/* A pair has two bytes at least. */
	ret->v = market__arena_array(arena, bytes.len / 2 + 1, sizeof(*ret->v));
	if (ret->v == NULL)
		return market__arena_refusal(arena);
	while (bytes.len > 0 && *ret_fits) {
		last = asking.question;
		*ret_fits = market__asking_next(&bytes, &asking) &&
		    (ret->n == 0 || asking.question > last);
		if (*ret_fits)
			ret->v[ret->n++] = asking;
	}
	return MARKET_OK;
}

uint64_t
market__asking_find(market_slice_t bytes, uint64_t question)
{
	market__asking_t asking = { 0, 0 };

	while (market__asking_next(&bytes, &asking))
		if (asking.question >= question)
			break;
	return asking.question == question ? asking.cells : 0;
}
