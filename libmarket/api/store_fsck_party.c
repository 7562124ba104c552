/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is counted for each party, by which its quotas are held: counted again
 * for some parties at a time, so that memory does not grow with their number.
 */
#include "api/root.h"
#include "api/store_accept.h"
#include "api/store_fsck.h"
#include "api/store_listing.h"

#define WINDOW 65536

typedef struct tally {
	uint64_t listings, questions, statements, early;
} tally_t;

typedef struct tallies {
	uint64_t base; /* the party before the first of the window */
	tally_t *v;
} tallies_t;

/* The tally of a party; NULL: another window's, or it is no party. */
static tally_t *
tally_of(market__fsck_t *f, const tallies_t *t, uint64_t party)
{
	if (party <= t->base || party > f->call.head.parties ||
	    party - t->base > WINDOW)
		return NULL;
	return &t->v[party - t->base - 1];
}

static tally_t *
tally_by_name(market__fsck_t *f, const tallies_t *t, market_slice_t name,
    const char *what, uint64_t no)
{
	market__call_t *call = &f->call;
	market__party_row_t row;
	market_status_t status;

	status = call->ops->party_find(
	    call->backend, name, &call->arena, &row, &f->error);
	/* What is missing is missing in each window: it is told in the first.
	 */
	if (status == MARKET_E_NOT_FOUND && t->base > 0) {
		memset(&f->error, 0, sizeof(f->error));
		return NULL;
	}
	if (!market__fsck_good(f, status, "%s %llu: party %.*s", what,
		MARKET__ULL(no), MARKET__ARG(name)))
		return NULL;
	return tally_of(f, t, row.no);
}

/* ---- withdrawals of what was not here ---- */

/* Was a row that the query finds here before this one? */
static market_status_t
was_here(market__fsck_t *f, market__statement_query_t *query, uint64_t no,
    bool *ret_known)
{
	const market__statement_row_t **rows;
	market_status_t status;
	size_t n, i;

	status = market__fact_rows(&f->call, query, &rows, &n);
	for (i = 0; status == MARKET_OK && i < n; i++)
		if (rows[i]->no < no)
			*ret_known = true;
	return status;
}

static market_status_t
was_listed(market__fsck_t *f, const market__withdrawal_t *w, uint64_t entry,
    bool *ret_known)
{
	market__listing_row_t listing;
	market_status_t status;

	status = market__listing_named(
	    &f->call, w->target_issuer, w->target_id, &listing);
	if (status == MARKET_OK && listing.no != 0 && listing.began < entry)
		*ret_known = true;
	return status;
}

/* Named by the root of that time, or by what gave its issuer the keys. */
static market_status_t
was_key(market__fsck_t *f, const market__fact_t *fact, market_slice_t id,
    bool *ret_known)
{
	const market__statement_row_t *row;
	market__fact_t *root = NULL;
	market_status_t status;
	size_t i;

	for (i = 0; i < fact->n_grounds; i++)
		if (fact->grounds[i].by_marketplace ||
		    market__keyset_has(fact->grounds[i].keys, id))
			*ret_known = true;
	status = market__fact_row(&f->call, fact->row.basis, &row);
	if (status == MARKET_OK)
		status = market__fact_get(&f->call, row, &root);
	for (i = 0; status == MARKET_OK && root->root != NULL &&
	     i < root->root->n_parties;
	     i++)
		if (market__keyset_has(root->root->party_keys[i], id))
			*ret_known = true;
	return status;
}

static market_status_t
was_named(market__fsck_t *f, const market__fact_t *fact,
    const market__withdrawal_t *w, bool *ret_known)
{
	const market__statement_row_t *row = &fact->row;
	market__statement_query_t query = { 0 };
	market_slice_t kind;

	kind = market__arena_copy(&f->call.arena, w->target_kind);
	if (kind.ptr == NULL)
		return market__call_refused(&f->call, &f->call.arena);
	query.by = MARKET__STATEMENT_BY_NAME;
	query.kind = (uint32_t)market_kind_find((const char *)kind.ptr);
	query.issuer = w->target_issuer;
	query.id = w->target_id;
	if (query.kind != (uint32_t)MARKET_KIND_OFFER)
		return was_here(f, &query, row->no, ret_known);
	if (!market__speaks_for_seller(
		row->issuer, fact->grounds, fact->n_grounds, w))
		return MARKET_OK;
	return was_listed(f, w, row->entry, ret_known);
}

static market_status_t
was_early(market__fsck_t *f, const market__statement_row_t *row, bool *ret)
{
	market__statement_query_t query = { 0 };
	const market__withdrawal_t *w;
	market__fact_t *fact = NULL;
	market_status_t status;
	bool known = false;

	status = market__fact_get(&f->call, row, &fact);
	if (status != MARKET_OK)
		return status;
	w = &fact->statement->message->of.withdrawal;
	switch (w->what) {
	case MARKET__WITHDRAWAL_DIGEST:
		query.by = MARKET__STATEMENT_BY_DIGEST;
		query.digest = w->target_digest;
		status = was_here(f, &query, row->no, &known);
		break;
	case MARKET__WITHDRAWAL_NAME:
		status = was_named(f, fact, w, &known);
		break;
	case MARKET__WITHDRAWAL_KEY:
		status = was_key(f, fact, w->target_key, &known);
		break;
	case MARKET__WITHDRAWAL_NOTHING: break;
	}
	*ret = !known;
	return status;
}

/* ---- counting ---- */

static void
count_statement(
    market__fsck_t *f, const market__statement_row_t *row, void *user)
{
	const tallies_t *t = user;
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	bool early = false;
	tally_t *tally;

	/* The store begins with its first trust root, which costs nothing. */
	if (row->no == 1)
		return;
	tally = tally_by_name(f, t, row->issuer, "statement", row->no);
	if (tally == NULL)
		return;
	tally->statements++;
	if (row->kind != (uint32_t)MARKET_KIND_WITHDRAWAL)
		return;
	status = was_early(f, row, &early);
	/* Damage of a statement has been told where statements are. */
	if (status == MARKET_E_CORRUPT || status == MARKET_E_NOT_FOUND)
		f->error = error;
	else if (status != MARKET_OK)
		f->status = status;
	else
		tally->early += early;
}

static void
count_question(
    market__fsck_t *f, const market__clearance_row_t *row, void *user)
{
	const tallies_t *t = user;
	market__question_t question;
	tally_t *tally;

	if (!market__fsck_good(f,
		market__clear_question(&f->call, row, &question),
		"clearance %llu", MARKET__ULL(row->no)))
		return;
	tally = tally_by_name(f, t, question.seller, "clearance", row->no);
	if (tally != NULL)
		tally->questions++;
}

static void
count_listing(market__fsck_t *f, const market__listing_row_t *row, void *user)
{
	tally_t *tally = tally_of(f, user, row->seller);

	if (tally != NULL)
		tally->listings++;
}

/* ---- comparing ---- */

static void
compare_one(market__fsck_t *f, const market__party_row_t *row, const char *what,
    uint64_t counted, uint64_t kept)
{
	if (counted != kept)
		market__fsck_tell(f,
		    "party %.*s: it has %llu %s, and its row says %llu",
		    MARKET__ARG(row->name), MARKET__ULL(counted), what,
		    MARKET__ULL(kept));
}

static void
compare_window(market__fsck_t *f, const tallies_t *t)
{
	market__call_t *call = &f->call;
	market__party_row_t row;
	const tally_t *tally;
	uint64_t no;

	for (no = t->base + 1; market__fsck_goes_on(f); no++) {
		tally = tally_of(f, t, no);
		if (tally == NULL)
			return;
		market__fsck_rest(f);
		if (!market__fsck_good(f,
			call->ops->party_get(
			    call->backend, no, &call->arena, &row, &f->error),
			"party %llu", MARKET__ULL(no)))
			continue;
		compare_one(f, &row, "listings", tally->listings, row.listings);
		compare_one(
		    f, &row, "questions", tally->questions, row.questions);
		compare_one(
		    f, &row, "statements", tally->statements, row.statements);
		compare_one(
		    f, &row, "early withdrawals", tally->early, row.early);
	}
}

/* None has a number that the head has not given. */
static void
check_numbers(market__fsck_t *f)
{
	market__call_t *call = &f->call;
	market_slice_t after = { NULL, 0 };
	const market__party_row_t *rows;
	market__arena_t last;
	size_t n, i;

	market__arena_init(&last, &call->context->allocator, 1 << 20);
	do {
		market__fsck_turn(f);
		n = 0;
		if (!market__fsck_goes_on(f) ||
		    !market__fsck_good(f,
			call->ops->parties(call->backend, after,
			    MARKET__FSCK_PAGE, &f->page, &rows, &n, &f->error),
			"parties"))
			break;
		for (i = 0; i < n; i++)
			if (rows[i].no > call->head.parties)
				market__fsck_tell(f,
				    "party %.*s: its number is %llu, and the "
				    "head has %llu",
				    MARKET__ARG(rows[i].name),
				    MARKET__ULL(rows[i].no),
				    MARKET__ULL(call->head.parties));
		if (n < MARKET__FSCK_PAGE)
			break;
		market__arena_clear(&last);
		market__arena_init(&last, &call->context->allocator, 1 << 20);
		after = market__arena_copy(&last, rows[n - 1].name);
		if (after.ptr == NULL)
			f->status = market__arena_refusal(&last);
	} while (market__fsck_goes_on(f));
	market__arena_clear(&last);
}

void
market__fsck_parties(market__fsck_t *f)
{
	const market_allocator_t *allocator = &f->call.context->allocator;
	tallies_t t = { 0 };

	check_numbers(f);
	t.v = market__alloc_array(allocator, WINDOW, sizeof(*t.v));
	if (t.v == NULL) {
		f->status = MARKET_E_MEMORY;
		return;
	}
	for (; t.base < f->call.head.parties && market__fsck_goes_on(f);
	     t.base += WINDOW) {
		memset(t.v, 0, WINDOW * sizeof(*t.v));
		if (market__fsck_each_statement(f, count_statement, &t) &&
		    market__fsck_each_clearance(f, count_question, &t) &&
		    market__fsck_each_listing(f, count_listing, &t) &&
		    market__fsck_goes_on(f))
			compare_window(f, &t);
	}
	market__fsck_turn(f);
	market__free(allocator, t.v);
}
