/* SPDX-License-Identifier: Apache-2.0 */
/* Finding listings in packs. */
#include "store/sql_packs.h"

static const char misled[] = "an index leads to it that is not its own";

bool
market__sql_read_pack(market__sql_call_t *call, market__sql_pack_t *ret_pack)
{
	if (!market__sql_row(call))
		return false;
	market__sql_get_number(call, &ret_pack->last);
	market__sql_get_number(call, &ret_pack->first);
	market__sql_get_number(call, &ret_pack->seller);
	market__sql_get_slice(call, &ret_pack->first_id);
	market__sql_get_slice(call, &ret_pack->last_id);
	market__sql_get_slice(call, &ret_pack->questions);
	market__sql_get_slice(call, &ret_pack->bytes);
	return call->status == MARKET_OK;
}

market_status_t
market__sql_no_memory(
    market__sql_t *sql, const market__arena_t *arena, market_error_t *reterr)
{
	sql->phase = MARKET__SQL_FAILED;
	return market__error(reterr, market__arena_refusal(arena),
	    sql->location, -1, "no memory for packed listings");
}

static bool
broken(market__sql_call_t *call)
{
	market__sql_corrupt(call, "bytes is no pack of listings");
	return false;
}

static void
put_seal(uint8_t out[MARKET__PACK_SEAL], uint64_t last)
{
	size_t i;

	for (i = 0; i < MARKET__PACK_SEAL; i++)
		out[i] = (uint8_t)(last >> (56 - 8 * i));
}

market_slice_t
market__sql_pack_seal(market__pack_writer_t *writer, uint64_t last)
{
	market_slice_t bytes = market__pack_finish(writer);

	put_seal(writer->bytes + bytes.len, last);
	return market__slice(writer->bytes, bytes.len + MARKET__PACK_SEAL);
}

bool
market__sql_open_pack(market__sql_call_t *call, const market__sql_pack_t *row,
    market__listing_pack_t *ret_pack)
{
	uint8_t seal[MARKET__PACK_SEAL];
	market_slice_t bytes = row->bytes;

	if (bytes.len < sizeof(seal))
		return broken(call);
	bytes.len -= sizeof(seal);
	put_seal(seal, row->last);
	return (memcmp(bytes.ptr + bytes.len, seal, sizeof(seal)) == 0 &&
		   market__listing_pack_open(
		       bytes, row->first, row->seller, ret_pack)) ||
	    broken(call);
}

bool
market__sql_unpack_listing(market__sql_call_t *call, market__arena_t *arena,
    const market__packed_t *packed, market__listing_row_t *ret_row)
{
	uint64_t *questions = market__arena_array(
	    arena, packed->asked.len + 1, sizeof(*questions));
	size_t n = 0;

	*ret_row = packed->row;
	ret_row->offer_id = market__arena_copy(arena, packed->row.offer_id);
	if (questions == NULL || ret_row->offer_id.ptr == NULL) {
		market__sql_refused(call, arena);
		return false;
	}
	if (!market__questions_unpack(
		packed->asked, questions, packed->asked.len, &n))
		return broken(call);
	ret_row->questions = questions;
	ret_row->n_questions = n;
	return true;
}

/* ---- one ---- */

bool
market__sql_pack_of(market__sql_call_t *call, market__sql_t *sql, uint64_t no,
    market__sql_pack_t *ret_pack, market_error_t *reterr)
{
	market__sql_call(call, sql, MARKET__SQL_PACKS_BY_NO, reterr);
	market__sql_put_bound(call, no == 0 ? 0 : no - 1);
	market__sql_put_bound(call, INT64_MAX);
	market__sql_put_bound(call, 1);
	return market__sql_read_pack(call, ret_pack) && ret_pack->first <= no;
}

bool
market__sql_pack_from(market__sql_call_t *call, market__sql_t *sql,
    uint64_t seller, market_slice_t id, market__sql_pack_t *ret_pack,
    market_error_t *reterr)
{
	market__sql_call(call, sql, MARKET__SQL_PACKS_BY_SELLER, reterr);
	market__sql_put_bound(call, seller);
	market__sql_put_bytes(call, id);
	market__sql_put_bound(call, 1);
	if (!market__sql_read_pack(call, ret_pack))
		return false;
	if (ret_pack->seller == seller &&
	    market__slice_compare(ret_pack->last_id, id) >= 0)
		return true;
	market__sql_corrupt(call, misled);
	return false;
}

/* By its id, if one is given. */
static market_status_t
get_from(market__sql_call_t *call, const market__sql_pack_t *row, uint64_t no,
    const market_slice_t *id, market__arena_t *arena,
    market__listing_row_t *ret_row)
{
	market__listing_row_t listing;
	market__listing_pack_t pack;
	market__packed_t packed;
	bool found = false;
	size_t i = 0;

	if (!market__sql_open_pack(call, row, &pack))
		return call->status;
	if (!(id == NULL ? market__listing_pack_seek(&pack, no, &i)
			 : market__listing_pack_seek_id(&pack, *id, &i)) ||
	    (i < pack.pack.n && !market__listing_pack_get(&pack, i, &packed)))
		(void)broken(call);
	else
		found = i < pack.pack.n &&
		    (id == NULL
			    ? packed.row.no == no
			    : market__slice_equal(packed.row.offer_id, *id));
	if (!found)
		return call->status == MARKET_OK ? MARKET_E_NOT_FOUND
						 : call->status;
	if (market__sql_unpack_listing(call, arena, &packed, &listing))
		*ret_row = listing;
	return call->status;
}

static market_status_t
end(market__sql_call_t *call, market_status_t found)
{
	market_status_t rv = market__sql_end(call);

	if (rv != MARKET_OK)
		return rv;
	return found;
}

static market_status_t
no_such_row(market__sql_t *sql, market_error_t *reterr)
{
	return market__error(reterr, MARKET_E_NOT_FOUND, sql->location, -1,
	    "table listing: no such row");
}

market_status_t
market__sql_packed_get(market__sql_t *sql, uint64_t no, market__arena_t *arena,
    market__listing_row_t *ret_row, market_error_t *reterr)
{
	market_status_t rv = MARKET_E_NOT_FOUND;
	market__sql_pack_t pack;
	market__sql_call_t call;

	if (market__sql_has_packs(sql)) {
		if (market__sql_pack_of(&call, sql, no, &pack, reterr))
			rv = get_from(&call, &pack, no, NULL, arena, ret_row);
		rv = end(&call, rv);
	}
	return rv == MARKET_E_NOT_FOUND ? no_such_row(sql, reterr) : rv;
}

market_status_t
market__sql_packed_find(market__sql_t *sql, uint64_t seller,
    market_slice_t offer_id, market__arena_t *arena,
    market__listing_row_t *ret_row, market_error_t *reterr)
{
	market_status_t rv = MARKET_E_NOT_FOUND;
	market__sql_pack_t pack;
	market__sql_call_t call;

	if (market__sql_has_packs(sql)) {
		if (market__sql_pack_from(
			&call, sql, seller, offer_id, &pack, reterr))
			rv = get_from(
			    &call, &pack, 0, &offer_id, arena, ret_row);
		rv = end(&call, rv);
	}
	return rv == MARKET_E_NOT_FOUND ? no_such_row(sql, reterr) : rv;
}

/* ---- lists ---- */

typedef struct merge {
	market__sql_t *sql;
	const market__listing_query_t *query;
	market__arena_t *arena;
	const market__listing_row_t *rows; /* of their own */
	size_t n_rows, next;
	market__listing_row_t *out;
	size_t n, capacity;
	market_error_t *reterr;
} merge_t;

/* Does `row` come behind the packed one (above 0), or before it? */
static int
order(const merge_t *m, const market__listing_row_t *row,
    const market__listing_row_t *packed)
{
	if (m->query->by == MARKET__LISTING_BY_SELLER)
		return market__slice_compare(row->offer_id, packed->offer_id);
	return row->no < packed->no ? -1 : row->no > packed->no;
}

static bool
put(market__sql_call_t *call, merge_t *m, const market__listing_row_t *row)
{
	market__listing_row_t *out;

	out = market__sql_grow(call, m->arena, m->out, sizeof(*out), m->n,
	    m->query->max, &m->capacity);
	if (out == NULL)
		return false;
	m->out = out;
	m->out[m->n++] = *row;
	return true;
}

/* Those in front of a packed one, or all. */
static bool
put_rows(
    market__sql_call_t *call, merge_t *m, const market__listing_row_t *packed)
{
	int by = -1;

	for (; m->n < m->query->max && m->next < m->n_rows; m->next++) {
		if (packed != NULL)
			by = order(m, &m->rows[m->next], packed);
		if (by >= 0)
			break;
		if (!put(call, m, &m->rows[m->next]))
			return false;
	}
	if (packed != NULL && by == 0 && m->next < m->n_rows)
		market__sql_corrupt(call, "a listing of it is a row, too");
	return call->status == MARKET_OK;
}

static bool
is_wanted(const merge_t *m, const market__listing_row_t *row)
{
	size_t i;

	if (m->query->by != MARKET__LISTING_BY_QUESTION)
		return true;
	for (i = 0; i < row->n_questions; i++)
		if (row->questions[i] == m->query->question)
			return true;
	return false;
}

/* The first of a pack that is behind what was asked for. */
static bool
begin(const merge_t *m, const market__listing_pack_t *pack, size_t *ret_i)
{
	const market__listing_query_t *query = m->query;
	market__packed_t packed;

	if (query->by != MARKET__LISTING_BY_SELLER)
		return market__listing_pack_seek(pack, query->after + 1, ret_i);
	if (!market__listing_pack_seek_id(pack, query->after_id, ret_i))
		return false;
	if (*ret_i == pack->pack.n)
		return true;
	if (!market__listing_pack_get(pack, *ret_i, &packed))
		return false;
	*ret_i += market__slice_equal(packed.row.offer_id, query->after_id);
	return true;
}

static void
put_pack(market__sql_call_t *call, merge_t *m, const market__sql_pack_t *row)
{
	market__arena_mark_t mark;
	market__listing_pack_t pack;
	market__packed_t packed;
	market__listing_row_t listing;
	size_t i = 0;

	if (!market__sql_open_pack(call, row, &pack))
		return;
	if (!begin(m, &pack, &i)) {
		(void)broken(call);
		return;
	}
	for (; i < pack.pack.n && m->n < m->query->max; i++) {
		mark = market__arena_mark(m->arena);
		if (!market__listing_pack_get(&pack, i, &packed)) {
			(void)broken(call);
			return;
		}
		if (!market__sql_unpack_listing(
			call, m->arena, &packed, &listing))
			return;
		if (!is_wanted(m, &listing)) {
			market__arena_rewind(m->arena, mark);
			continue;
		}
		if (!put_rows(call, m, &listing) || m->n == m->query->max ||
		    !put(call, m, &listing))
			return;
	}
}

/* Those with numbers behind what was asked for, up to `to`. */
static market_status_t
merge_numbers(merge_t *m, uint64_t from, uint64_t to)
{
	const market__listing_query_t *query = m->query;
	market__sql_pack_t pack;
	market__sql_call_t call;

	market__sql_call(&call, m->sql, MARKET__SQL_PACKS_BY_NO, m->reterr);
	market__sql_put_bound(&call, from > query->after ? from : query->after);
	market__sql_put_bound(&call, to);
	market__sql_put_bound(&call, INT64_MAX);
	while (m->n < query->max && market__sql_read_pack(&call, &pack))
		if (query->by != MARKET__LISTING_BY_QUESTION ||
		    market__asking_find(pack.questions, query->question) > 0)
			put_pack(&call, m, &pack);
	return market__sql_end(&call);
}

static market_status_t
merge_seller(merge_t *m)
{
	market__sql_pack_t pack;
	market__sql_call_t call;

	market__sql_call(&call, m->sql, MARKET__SQL_PACKS_BY_SELLER, m->reterr);
	market__sql_put_bound(&call, m->query->seller);
	market__sql_put_bytes(&call, m->query->after_id);
	market__sql_put_bound(&call, INT64_MAX);
	while (m->n < m->query->max && market__sql_read_pack(&call, &pack)) {
		if (pack.seller != m->query->seller ||
		    market__slice_compare(pack.last_id, m->query->after_id) < 0)
			market__sql_corrupt(&call, misled);
		else
			put_pack(&call, m, &pack);
	}
	return market__sql_end(&call);
}

/* Segments that ask it, and then the packs that are in none. */
static market_status_t
merge_question(merge_t *m)
{
	uint64_t last = 0, first = 0;
	market_slice_t questions = { NULL, 0 };
	market_status_t rv = MARKET_OK;
	market__sql_call_t call;

	market__sql_call(&call, m->sql, MARKET__SQL_SEGMENTS, m->reterr);
	market__sql_put_bound(&call, m->query->after);
	market__sql_put_bound(&call, INT64_MAX);
	while (
	    rv == MARKET_OK && m->n < m->query->max && market__sql_row(&call)) {
		market__sql_get_number(&call, &last);
		market__sql_get_number(&call, &first);
		market__sql_get_slice(&call, &questions);
		if (call.status == MARKET_OK &&
		    market__asking_find(questions, m->query->question) > 0)
			rv = merge_numbers(m, first - 1, last);
	}
	if (market__sql_end(&call) != MARKET_OK)
		return call.status;
	return rv == MARKET_OK
	    ? merge_numbers(
		  m, m->sql->tail.last[MARKET__SQL_OF_SEGMENT], INT64_MAX)
	    : rv;
}

market_status_t
market__sql_packed_merge(market__sql_t *sql,
    const market__listing_query_t *query, market__arena_t *arena,
    const market__listing_row_t **rows, size_t *n, market_error_t *reterr)
{
	merge_t m = { .sql = sql,
		.query = query,
		.arena = arena,
		.rows = *rows,
		.n_rows = *n,
		.reterr = reterr };
	market__sql_call_t call = {
		.sql = sql, .table = "listing", .reterr = reterr
	};
	market_status_t rv = MARKET_OK;

	if (!market__sql_has_packs(sql) || query->max == 0)
		return MARKET_OK;
	switch (query->by) {
	case MARKET__LISTING_BY_NO: rv = merge_numbers(&m, 0, INT64_MAX); break;
	case MARKET__LISTING_BY_SELLER: rv = merge_seller(&m); break;
	case MARKET__LISTING_BY_QUESTION: rv = merge_question(&m); break;
	}
	if (rv == MARKET_OK && put_rows(&call, &m, NULL)) {
		*rows = m.out;
		*n = m.n;
	}
	return rv == MARKET_OK ? market__sql_end(&call) : rv;
}
