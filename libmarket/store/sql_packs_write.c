/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listings that come together are packed where their numbers are new and no
 * pack of the seller lies between their ids; where many of a pack change, it is
 * written anew. Every other is a row of its own.
 */
#include "store/sql_packs.h"

/* Rows that are looked at before some of them are packed. */
#define AT_ONCE ((size_t)2 * MARKET__PACK_ROWS)

static market_status_t
taken(market__sql_t *sql, uint64_t no, market_error_t *reterr)
{
	sql->phase = MARKET__SQL_FAILED;
	return market__error(reterr, MARKET_E_CORRUPT, sql->location, -1,
	    "table listing, row %llu: the row that was to be written is "
	    "another's",
	    (unsigned long long)no);
}

/* ---- a pack's row ---- */

typedef struct packing {
	market__sql_t *sql;
	market__arena_t arena;
	market__sql_pack_t pack; /* as it is, or is to be */
	market_error_t *reterr;
} packing_t;

static void
packing_init(packing_t *p, market__sql_t *sql, market_error_t *reterr)
{
	memset(p, 0, sizeof(*p));
	p->sql = sql;
	p->reterr = reterr;
	market__arena_init(&p->arena, sql->allocator, SIZE_MAX);
}

static market_status_t
put_pack(const packing_t *p, market_slice_t questions, market_slice_t bytes)
{
	market__sql_call_t call;

	market__sql_cells_forget(p->sql);
	market__sql_call(&call, p->sql, MARKET__SQL_PACK_PUT, p->reterr);
	market__sql_put_number(&call, p->pack.last);
	market__sql_put_number(&call, p->pack.first);
	market__sql_put_number(&call, p->pack.seller);
	market__sql_put_bytes(&call, p->pack.first_id);
	market__sql_put_bytes(&call, p->pack.last_id);
	market__sql_put_bytes(&call, questions);
	market__sql_put_bytes(&call, bytes);
	return market__sql_run_row(
	    &call, MARKET__SQL_OF_LISTING_PACK, p->pack.last);
}

/* As many as there is room for, from the first. */
static size_t
pack_some(market__sql_t *sql, const market__listing_row_t *rows, size_t n)
{
	market__listing_packer_t *packer = &sql->held->listings;
	size_t i = 0;

	packer->writer.n = packer->writer.len = 0;
	packer->base = packer->last = NULL;
	while (i < n && market__pack_listing(packer, &rows[i]))
		i++;
	return i;
}

static market_status_t
asking_of(packing_t *p, const market__listing_row_t *rows, size_t n,
    market_slice_t *ret)
{
	market__askings_t askings;

	if (market__asking_of(rows, n, &p->arena, &askings) != MARKET_OK ||
	    market__asking_pack(&askings, &p->arena, ret) != MARKET_OK)
		return market__sql_no_memory(p->sql, &p->arena, p->reterr);
	return MARKET_OK;
}

/* ---- new ones ---- */

static uint64_t
last_no(const market__sql_t *sql)
{
	uint64_t row = sql->tail.last[MARKET__SQL_OF_LISTING];
	uint64_t pack = sql->tail.last[MARKET__SQL_OF_LISTING_PACK];

	return row > pack ? row : pack;
}

static bool
can_pack(const market__listing_row_t *row)
{
	size_t i;

	for (i = 0; i < row->n_questions; i++)
		if (row->questions[i] > INT64_MAX)
			return false;
	return row->no <= INT64_MAX && row->seller <= INT64_MAX &&
	    row->intent <= INT32_MAX && row->flags <= INT32_MAX &&
	    row->began <= INT64_MAX && row->offer_entry <= INT64_MAX &&
	    row->last <= INT64_MAX;
}

static bool
is_behind(const market__listing_row_t *row, const market__listing_row_t *before)
{
	return row->no > before->no && row->seller == before->seller &&
	    market__slice_compare(before->offer_id, row->offer_id) < 0;
}

/* How many of them are new, and come in order. */
static size_t
count_new(const market__sql_t *sql, const market__listing_row_t *rows, size_t n)
{
	size_t i;

	if (n == 0 || rows[0].no <= last_no(sql))
		return 0;
	if (n > AT_ONCE)
		n = AT_ONCE;
	for (i = 0; i < n && can_pack(&rows[i]); i++)
		if (i > 0 && !is_behind(&rows[i], &rows[i - 1]))
			break;
	return i;
}

/* How many of them lie before the seller's next pack; or, where that is none,
 * how many lie within it. */
static market_status_t
count_free(market__sql_t *sql, const market__listing_row_t *rows, size_t *n,
    size_t *ret_within, market_error_t *reterr)
{
	market__sql_call_t call;
	market__sql_pack_t pack;
	size_t most = *n;

	*ret_within = 0;
	if (!market__sql_has_packs(sql))
		return MARKET_OK;
	if (market__sql_pack_from(
		&call, sql, rows[0].seller, rows[0].offer_id, &pack, reterr)) {
		for (*n = 0; *n < most &&
		     market__slice_compare(rows[*n].offer_id, pack.first_id) <
			 0;
		     ++*n)
			;
		while (*n == 0 && *ret_within < most &&
		    market__slice_compare(
			rows[*ret_within].offer_id, pack.last_id) <= 0)
			++*ret_within;
	}
	return market__sql_end(&call);
}

/* Has no row of its own one of the names? */
static market_status_t
check_names(market__sql_t *sql, const market__listing_row_t *rows, size_t n,
    market_error_t *reterr)
{
	market_slice_t id = { NULL, 0 };
	market_status_t rv = MARKET_OK;
	market__sql_call_t call;
	uint64_t no = 0, other = 0;
	size_t i = 0;

	if (sql->tail.last[MARKET__SQL_OF_LISTING] == 0)
		return MARKET_OK;
	market__sql_call(&call, sql, MARKET__SQL_LISTING_IDS, reterr);
	market__sql_put_number(&call, rows[0].seller);
	market__sql_put_bytes(&call, rows[0].offer_id);
	market__sql_put_bytes(&call, rows[n - 1].offer_id);
	market__sql_put_bound(&call, INT64_MAX);
	while (other == 0 && i < n && market__sql_row(&call)) {
		market__sql_get_number(&call, &no);
		market__sql_get_slice(&call, &id);
		while (call.status == MARKET_OK && i < n &&
		    market__slice_compare(rows[i].offer_id, id) < 0)
			i++;
		if (call.status == MARKET_OK && i < n &&
		    market__slice_equal(rows[i].offer_id, id))
			other = rows[i].no;
	}
	rv = market__sql_end(&call);
	return rv == MARKET_OK && other != 0 ? taken(sql, other, reterr) : rv;
}

/* One pack of the first of them; *ret_n: of how many, or 0. */
static market_status_t
pack_new(market__sql_t *sql, const market__listing_row_t *rows, size_t n,
    size_t *ret_n, market_error_t *reterr)
{
	market_slice_t questions = { NULL, 0 };
	market_status_t rv;
	packing_t p;

	*ret_n = 0;
	n = pack_some(sql, rows, n);
	if (n < MARKET__PACK_LEAST)
		return MARKET_OK;
	packing_init(&p, sql, reterr);
	p.pack.last = rows[n - 1].no;
	p.pack.first = rows[0].no;
	p.pack.seller = rows[0].seller;
	p.pack.first_id = rows[0].offer_id;
	p.pack.last_id = rows[n - 1].offer_id;
	rv = check_names(sql, rows, n, reterr);
	if (rv == MARKET_OK)
		rv = asking_of(&p, rows, n, &questions);
	if (rv == MARKET_OK)
		rv = put_pack(&p, questions,
		    market__sql_pack_seal(
			&sql->held->listings.writer, p.pack.last));
	market__arena_clear(&p.arena);
	if (rv == MARKET_OK)
		*ret_n = n;
	return rv;
}

/* ---- some that change ---- */

static bool
copy(packing_t *p, market_slice_t *bytes)
{
	*bytes = market__arena_copy(&p->arena, *bytes);
	return bytes->ptr != NULL;
}

static bool
has_no(
    market__sql_call_t *call, const market__listing_pack_t *pack, uint64_t no)
{
	market__packed_t packed;
	size_t i = 0;

	if (market__listing_pack_seek(pack, no, &i) &&
	    (i == pack->pack.n || market__listing_pack_get(pack, i, &packed)))
		return i < pack->pack.n && packed.row.no == no;
	market__sql_corrupt(call, "bytes is no pack of listings");
	return false;
}

/* The pack that has the listing, and all of its rows; none where no pack
 * has. */
static market_status_t
load(packing_t *p, uint64_t no, market__listing_row_t **ret_rows, size_t *ret_n)
{
	market__listing_row_t *rows = NULL;
	market__listing_pack_t pack;
	market__packed_t packed;
	market__sql_call_t call;
	size_t n = 0;

	*ret_n = 0;
	if (market__sql_pack_of(&call, p->sql, no, &p->pack, p->reterr) &&
	    market__sql_open_pack(&call, &p->pack, &pack) &&
	    has_no(&call, &pack, no)) {
		rows = market__arena_array(
		    &p->arena, pack.pack.n + 1, sizeof(*rows));
		if (rows == NULL || !copy(p, &p->pack.first_id) ||
		    !copy(p, &p->pack.last_id) || !copy(p, &p->pack.questions))
			market__sql_refused(&call, &p->arena);
		for (; call.status == MARKET_OK && n < pack.pack.n; n++)
			if (!market__listing_pack_get(&pack, n, &packed))
				market__sql_corrupt(
				    &call, "bytes is no pack of listings");
			else
				(void)market__sql_unpack_listing(
				    &call, &p->arena, &packed, &rows[n]);
	}
	if (market__sql_end(&call) == MARKET_OK) {
		*ret_rows = rows;
		*ret_n = n;
	}
	return call.status;
}

/* These are left of it. What has no room any more becomes rows. */
static market_status_t
rewrite(packing_t *p, const market__listing_row_t *rows, size_t n)
{
	market_slice_t questions = { NULL, 0 };
	size_t packed = pack_some(p->sql, rows, n), i;
	market_status_t rv;

	rv = asking_of(p, rows, packed, &questions);
	if (rv == MARKET_OK)
		rv = put_pack(p, questions,
		    market__sql_pack_seal(
			&p->sql->held->listings.writer, p->pack.last));
	if (rv == MARKET_OK)
		rv = market__sql_asking_changed(p->sql, p->pack.last,
		    p->pack.questions, questions, p->reterr);
	for (i = packed; i < n && rv == MARKET_OK; i++)
		rv = market__sql_listing_insert(p->sql, &rows[i], p->reterr);
	return rv;
}

static bool
same_name(const market__listing_row_t *a, const market__listing_row_t *b)
{
	return a->seller == b->seller &&
	    market__slice_equal(a->offer_id, b->offer_id);
}

/* Puts those of `rows` in place that the pack has, as far as they come one
 * behind the other; how many. 0: also where a name differs, at *ret_other. */
static size_t
replace(market__listing_row_t *there, size_t n_there,
    const market__listing_row_t *rows, size_t n, uint64_t *ret_other)
{
	size_t i, k = 0;

	for (i = 0; i < n && can_pack(&rows[i]); i++) {
		while (k < n_there && there[k].no < rows[i].no)
			k++;
		if (k == n_there || there[k].no != rows[i].no)
			break;
		if (!same_name(&there[k], &rows[i])) {
			*ret_other = rows[i].no;
			return 0;
		}
		there[k++] = rows[i];
	}
	return i;
}

/* *ret_n: how many were written so, or 0. */
static market_status_t
change_some(market__sql_t *sql, const market__listing_row_t *rows, size_t n,
    size_t *ret_n, market_error_t *reterr)
{
	market__listing_row_t *there = NULL;
	size_t n_there = 0, changed = 0;
	uint64_t other = 0;
	market_status_t rv;
	packing_t p;

	*ret_n = 0;
	packing_init(&p, sql, reterr);
	rv = load(&p, rows[0].no, &there, &n_there);
	if (rv == MARKET_OK)
		changed = replace(there, n_there, rows, n, &other);
	if (other != 0)
		rv = taken(sql, other, reterr);
	if (rv == MARKET_OK && changed >= MARKET__PACK_LEAST) {
		rv = rewrite(&p, there, n_there);
		*ret_n = changed;
	}
	market__arena_clear(&p.arena);
	return rv;
}

/* ---- one that leaves ---- */

static market_status_t
check_name(market__sql_t *sql, const market__listing_row_t *row,
    market_error_t *reterr)
{
	market__listing_row_t other;
	market__arena_t arena;
	market_status_t rv;

	market__arena_init(&arena, sql->allocator, SIZE_MAX);
	rv = market__sql_packed_find(
	    sql, row->seller, row->offer_id, &arena, &other, NULL);
	market__arena_clear(&arena);
	if (rv == MARKET_OK)
		return taken(sql, row->no, reterr);
	return rv == MARKET_E_NOT_FOUND
	    ? MARKET_OK
	    : market__error(reterr, rv, sql->location, -1,
		  "a pack of listings cannot be read");
}

market_status_t
market__sql_unpack(market__sql_t *sql, const market__listing_row_t *row,
    market_error_t *reterr)
{
	market__listing_row_t *there = NULL;
	market_status_t rv = MARKET_OK;
	size_t n = 0, i = 0;
	packing_t p;

	if (!market__sql_has_packs(sql))
		return MARKET_OK;
	rv = market__sql_hold(sql, reterr);
	if (rv != MARKET_OK)
		return rv;
	packing_init(&p, sql, reterr);
	if (row->no <= sql->tail.last[MARKET__SQL_OF_LISTING_PACK])
		rv = load(&p, row->no, &there, &n);
	while (i < n && there[i].no != row->no)
		i++;
	if (rv == MARKET_OK && i == n) {
		rv = check_name(sql, row, reterr);
	} else if (rv == MARKET_OK && !same_name(&there[i], row)) {
		rv = taken(sql, row->no, reterr);
	} else if (rv == MARKET_OK) {
		memmove(&there[i], &there[i + 1], (n - i - 1) * sizeof(*there));
		rv = rewrite(&p, there, n - 1);
	}
	market__arena_clear(&p.arena);
	return rv;
}

/* ---- many ---- */

/* The first of them: several at once, or at least that one. */
static market_status_t
put_some(market__sql_t *sql, const market__listing_row_t *rows, size_t n,
    size_t *ret_n, market_error_t *reterr)
{
	size_t fresh = count_new(sql, rows, n), within = 0;
	market_status_t rv = MARKET_OK;

	*ret_n = 0;
	if (fresh >= MARKET__PACK_LEAST) {
		rv = count_free(sql, rows, &fresh, &within, reterr);
		if (rv == MARKET_OK && fresh >= MARKET__PACK_LEAST)
			rv = pack_new(sql, rows, fresh, ret_n, reterr);
	} else if (fresh == 0 && n >= MARKET__PACK_LEAST &&
	    rows[0].no <= sql->tail.last[MARKET__SQL_OF_LISTING_PACK]) {
		rv = change_some(sql, rows, n, ret_n, reterr);
	}
	if (rv != MARKET_OK || *ret_n > 0)
		return rv;
	/* The numbers behind them are new only while they come in order. */
	do
		rv = market__sql_listing_put(
		    &sql->backend, &rows[(*ret_n)++], reterr);
	while (rv == MARKET_OK && *ret_n < within);
	return rv;
}

market_status_t
market__sql_listings_put(market__backend_t *backend,
    const market__listing_row_t *rows, size_t n, market_error_t *reterr)
{
	market__sql_t *sql = (market__sql_t *)backend;
	market_status_t rv = market__sql_hold(sql, reterr);
	size_t i, done = 0;

	for (i = 0; i < n && rv == MARKET_OK; i += done)
		rv = put_some(sql, rows + i, n - i, &done, reterr);
	return rv == MARKET_OK && market__sql_has_packs(sql)
	    ? market__sql_seal(sql, reterr)
	    : rv;
}
