/* SPDX-License-Identifier: Apache-2.0 */
/* Packs: is each what its row says, and is nothing in two places? */
#include "store/sql_integrity.h"

typedef struct pack_check {
	const market__sql_check_t *check;
	market__sql_pack_t pack;
	market__arena_t arena; /* of this pack */
	const market__listing_row_t *rows;
	size_t n;
	market_error_t *reterr;
} pack_check_t;

/* ---- entries ---- */

static market_status_t
check_alone(const market__sql_check_t *check, market__sql_id_t id,
    const char *of, uint64_t first, uint64_t last, market_error_t *reterr)
{
	market__sql_call_t call;
	uint64_t no;

	market__sql_call(&call, check->sql, id, reterr);
	market__sql_put_bound(&call, first);
	market__sql_put_bound(&call, last);
	while (market__sql_row(&call)) {
		no = 0;
		market__sql_get_number(&call, &no);
		if (call.status == MARKET_OK)
			market__sql_tell(check, of, no,
			    "it may be packed, too, in pack", last);
	}
	return market__sql_end(&call);
}

static void
check_entry_pack(const market__sql_check_t *check, uint64_t before,
    uint64_t first, uint64_t last, market_slice_t bytes)
{
	market__entry_pack_t pack;
	market__entry_row_t row;
	size_t i;

	if (first == 0 || first > last || first <= before) {
		market__sql_tell(check, "entry pack", last,
		    "it begins before its time, at", first);
		return;
	}
	if (!market__entry_pack_open(bytes, first, &pack) ||
	    pack.pack.n - 1 != last - first) {
		market__sql_tell(check, "entry pack", last,
		    "its bytes are no pack from", first);
		return;
	}
	for (i = 0; i < pack.pack.n; i++)
		if (!market__entry_pack_get(&pack, i, &row))
			market__sql_tell(check, "entry pack", last,
			    "its bytes are no pack: row", i);
}

market_status_t
market__sql_check_entries(
    const market__sql_check_t *check, market_error_t *reterr)
{
	market_slice_t bytes = { NULL, 0 };
	uint64_t last = 0, first = 0, before = 0;
	market_status_t rv = MARKET_OK;
	market__sql_call_t call;

	market__sql_call(&call, check->sql, MARKET__SQL_ENTRY_PACKS, reterr);
	market__sql_put_bound(&call, 0);
	market__sql_put_bound(&call, INT64_MAX);
	while (rv == MARKET_OK && market__sql_row(&call)) {
		market__sql_get_number(&call, &last);
		market__sql_get_number(&call, &first);
		market__sql_get_slice(&call, &bytes);
		if (call.status != MARKET_OK)
			break;
		check_entry_pack(check, before, first, last, bytes);
		rv = check_alone(check, MARKET__SQL_ENTRIES_BETWEEN, "entry",
		    first, last, reterr);
		before = last;
	}
	if (market__sql_end(&call) != MARKET_OK)
		return call.status;
	return rv;
}

/* ---- listings ---- */

static market_status_t
tell_broken(const pack_check_t *p)
{
	market__sql_tell(p->check, "listing pack", p->pack.last,
	    "its bytes are no pack from", p->pack.first);
	return MARKET_OK;
}

/* Its rows; none where it is broken, which is told. */
static market_status_t
read_rows(pack_check_t *p)
{
	market__sql_call_t call = { .sql = p->check->sql,
		.table = "listing_pack" };
	market__listing_pack_t pack;
	market__listing_row_t *rows;
	market__packed_t packed;
	size_t i;

	p->n = 0;
	if (!market__sql_open_pack(&call, &p->pack, &pack))
		return tell_broken(p);
	rows = market__arena_array(&p->arena, pack.pack.n + 1, sizeof(*rows));
	if (rows == NULL)
		return market__error(p->reterr,
		    market__arena_refusal(&p->arena), NULL, -1,
		    "no memory to check a pack");
	for (i = 0; i < pack.pack.n; i++) {
		if (!market__listing_pack_get(&pack, i, &packed))
			return tell_broken(p);
		if (market__sql_unpack_listing(
			&call, &p->arena, &packed, &rows[i]))
			continue;
		if (call.status == MARKET_E_CORRUPT)
			return tell_broken(p);
		return market__error(p->reterr, call.status, NULL, -1,
		    "no memory to check a pack");
	}
	p->rows = rows;
	p->n = pack.pack.n;
	return MARKET_OK;
}

static void
check_order(const pack_check_t *p)
{
	const market__listing_row_t *rows = p->rows;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (rows[i].no < p->pack.first || rows[i].no > p->pack.last ||
		    market__slice_compare(rows[i].offer_id, p->pack.first_id) <
			0 ||
		    market__slice_compare(rows[i].offer_id, p->pack.last_id) >
			0 ||
		    (i > 0 &&
			(rows[i].no <= rows[i - 1].no ||
			    market__slice_compare(
				rows[i - 1].offer_id, rows[i].offer_id) >= 0)))
			market__sql_tell(p->check, "listing", rows[i].no,
			    "it is out of order in pack", p->pack.last);
}

static market_status_t
exists(const pack_check_t *p, market__sql_id_t id, uint64_t no, bool *ret)
{
	market__sql_call_t call;

	market__sql_call(&call, p->check->sql, id, p->reterr);
	market__sql_put_bound(&call, no);
	*ret = market__sql_row(&call);
	return market__sql_end(&call);
}

/* Its list is what its rows ask, and all of it is there. */
static market_status_t
check_asking(pack_check_t *p)
{
	market__askings_t asking = { NULL, 0 };
	market_slice_t list = { NULL, 0 };
	market_status_t rv;
	bool there = true;
	size_t i;

	rv = market__asking_of(p->rows, p->n, &p->arena, &asking);
	if (rv == MARKET_OK)
		rv = market__asking_pack(&asking, &p->arena, &list);
	if (rv != MARKET_OK)
		return market__error(
		    p->reterr, rv, NULL, -1, "no memory to check a pack");
	if (!market__slice_equal(list, p->pack.questions))
		market__sql_tell(p->check, "listing pack", p->pack.last,
		    "its list is not of the questions that its rows ask; "
		    "bytes:",
		    p->pack.questions.len);
	for (i = 0; i < asking.n && rv == MARKET_OK; i++) {
		rv = exists(
		    p, MARKET__SQL_CELLS_GET, asking.v[i].question, &there);
		if (rv == MARKET_OK && !there)
			market__sql_tell(p->check, "listing pack", p->pack.last,
			    "there is no clearance", asking.v[i].question);
	}
	return rv;
}

/* No row of its own has a name that is packed. */
static market_status_t
check_names(const pack_check_t *p)
{
	market_slice_t id = { NULL, 0 };
	market__sql_call_t call;
	uint64_t no = 0;
	size_t i = 0;

	market__sql_call(
	    &call, p->check->sql, MARKET__SQL_LISTING_IDS, p->reterr);
	market__sql_put_bound(&call, p->pack.seller);
	market__sql_put_bytes(&call, p->pack.first_id);
	market__sql_put_bytes(&call, p->pack.last_id);
	market__sql_put_bound(&call, INT64_MAX);
	while (market__sql_row(&call)) {
		market__sql_get_number(&call, &no);
		market__sql_get_slice(&call, &id);
		while (call.status == MARKET_OK && i < p->n &&
		    market__slice_compare(p->rows[i].offer_id, id) < 0)
			i++;
		if (call.status == MARKET_OK && i < p->n &&
		    market__slice_equal(p->rows[i].offer_id, id))
			market__sql_tell(p->check, "listing", no,
			    "its name is packed, too, as that of listing",
			    p->rows[i].no);
	}
	return market__sql_end(&call);
}

/* Rows between its numbers may have left it; none may be in both. */
static market_status_t
check_numbers(const pack_check_t *p)
{
	market__sql_call_t call;
	uint64_t no = 0;
	size_t i = 0;

	market__sql_call(
	    &call, p->check->sql, MARKET__SQL_LISTINGS_BETWEEN, p->reterr);
	market__sql_put_bound(&call, p->pack.first);
	market__sql_put_bound(&call, p->pack.last);
	while (market__sql_row(&call)) {
		market__sql_get_number(&call, &no);
		while (i < p->n && p->rows[i].no < no)
			i++;
		if (call.status == MARKET_OK && i < p->n && p->rows[i].no == no)
			market__sql_tell(p->check, "listing", no,
			    "it is packed, too, in pack", p->pack.last);
	}
	return market__sql_end(&call);
}

static market_status_t
check_pack(pack_check_t *p, uint64_t before)
{
	market_status_t rv;
	bool there = true;

	if (p->pack.first <= before || p->pack.first > p->pack.last)
		market__sql_tell(p->check, "listing pack", p->pack.last,
		    "it begins before its time, at", p->pack.first);
	rv = exists(p, MARKET__SQL_PARTY_GET, p->pack.seller, &there);
	if (rv == MARKET_OK && !there)
		market__sql_tell(p->check, "listing pack", p->pack.last,
		    "there is no party", p->pack.seller);
	if (rv == MARKET_OK)
		rv = read_rows(p);
	if (rv != MARKET_OK)
		return rv;
	check_order(p);
	rv = check_asking(p);
	if (rv == MARKET_OK)
		rv = check_names(p);
	return rv == MARKET_OK ? check_numbers(p) : rv;
}

/* Of one seller none may begin before the one in front of it ends. */
static market_status_t
check_apart(const market__sql_check_t *check, market_error_t *reterr)
{
	market__sql_call_t call;
	uint64_t last = 0, other = 0;

	market__sql_call(&call, check->sql, MARKET__SQL_PACKS_OVERLAP, reterr);
	while (market__sql_row(&call)) {
		market__sql_get_number(&call, &last);
		market__sql_get_number(&call, &other);
		if (call.status == MARKET_OK)
			market__sql_tell(check, "listing pack", last,
			    "its ids overlap with those of pack", other);
	}
	return market__sql_end(&call);
}

market_status_t
market__sql_check_packs(
    const market__sql_check_t *check, market_error_t *reterr)
{
	pack_check_t p = { .check = check, .reterr = reterr };
	market_status_t rv = MARKET_OK;
	market__sql_call_t call;
	uint64_t before = 0;

	market__sql_call(&call, check->sql, MARKET__SQL_PACKS_BY_NO, reterr);
	market__sql_put_bound(&call, 0);
	market__sql_put_bound(&call, INT64_MAX);
	market__sql_put_bound(&call, INT64_MAX);
	while (rv == MARKET_OK && market__sql_read_pack(&call, &p.pack)) {
		market__arena_init(&p.arena, check->sql->allocator, SIZE_MAX);
		rv = check_pack(&p, before);
		market__arena_clear(&p.arena);
		before = p.pack.last;
	}
	if (market__sql_end(&call) != MARKET_OK)
		return call.status;
	return rv == MARKET_OK ? check_apart(check, reterr) : rv;
}

/* ---- segments ---- */

static market_status_t
check_segment(const market__sql_check_t *check, uint64_t last, uint64_t first,
    market_slice_t questions, market_error_t *reterr)
{
	market__askings_t asking = { NULL, 0 };
	market_slice_t list = { NULL, 0 };
	market__arena_t arena;
	market_status_t rv;

	market__arena_init(&arena, check->sql->allocator, SIZE_MAX);
	rv = market__sql_gather(
	    check->sql, first - 1, last, &arena, &asking, reterr);
	if (rv == MARKET_OK &&
	    market__asking_pack(&asking, &arena, &list) != MARKET_OK)
		rv = market__error(reterr, market__arena_refusal(&arena), NULL,
		    -1, "no memory to check a segment");
	if (rv == MARKET_OK && !market__slice_equal(list, questions))
		market__sql_tell(check, "segment", last,
		    "it does not count what its packs ask; bytes:",
		    questions.len);
	market__arena_clear(&arena);
	return rv;
}

market_status_t
market__sql_check_segments(
    const market__sql_check_t *check, market_error_t *reterr)
{
	market_slice_t questions = { NULL, 0 };
	uint64_t last = 0, first = 0, before = 0;
	market_status_t rv = MARKET_OK;
	market__sql_call_t call;

	market__sql_call(&call, check->sql, MARKET__SQL_SEGMENTS, reterr);
	market__sql_put_bound(&call, 0);
	market__sql_put_bound(&call, INT64_MAX);
	while (rv == MARKET_OK && market__sql_row(&call)) {
		market__sql_get_number(&call, &last);
		market__sql_get_number(&call, &first);
		market__sql_get_slice(&call, &questions);
		if (call.status != MARKET_OK)
			break;
		if (first <= before || first > last)
			market__sql_tell(check, "segment", last,
			    "it begins before its time, at", first);
		else
			rv = check_segment(
			    check, last, first, questions, reterr);
		before = last;
	}
	if (market__sql_end(&call) != MARKET_OK)
		return call.status;
	return rv;
}
