/* SPDX-License-Identifier: Apache-2.0 */
/* All rows of a table, a page of them at a time. */
#include "api/store_fsck.h"

/* Before a page: room for it, if there is to be one. */
static bool
turns(market__fsck_t *f)
{
	market__fsck_turn(f);
	return market__fsck_goes_on(f);
}

bool
market__fsck_each_statement(
    market__fsck_t *f, market__fsck_statement_fn *check, void *user)
{
	market__call_t *call = &f->call;
	market__statement_query_t query = { 0 };
	const market__statement_row_t *rows;
	size_t n, i;

	query.by = MARKET__STATEMENT_BY_NO;
	query.max = MARKET__FSCK_PAGE;
	do {
		n = 0;
		if (!turns(f) ||
		    !market__fsck_good(f,
			call->ops->statements(call->backend, &query, &f->page,
			    &rows, &n, &f->error),
			"statements after %llu", MARKET__ULL(query.after)))
			return false;
		for (i = 0; i < n && market__fsck_goes_on(f); i++) {
			query.after = rows[i].no;
			check(f, &rows[i], user);
			market__fsck_rest(f);
		}
	} while (n == MARKET__FSCK_PAGE);
	return true;
}

bool
market__fsck_each_clearance(
    market__fsck_t *f, market__fsck_clearance_fn *check, void *user)
{
	market__call_t *call = &f->call;
	market__clearance_query_t query = { 0 };
	const market__clearance_row_t *rows;
	size_t n, i;

	query.by = MARKET__CLEARANCE_BY_NO;
	query.max = MARKET__FSCK_PAGE;
	do {
		n = 0;
		if (!turns(f) ||
		    !market__fsck_good(f,
			call->ops->clearances(call->backend, &query, &f->page,
			    &rows, &n, &f->error),
			"clearances after %llu", MARKET__ULL(query.after)))
			return false;
		for (i = 0; i < n && market__fsck_goes_on(f); i++) {
			query.after = rows[i].no;
			check(f, &rows[i], user);
			market__fsck_rest(f);
		}
	} while (n == MARKET__FSCK_PAGE);
	return true;
}

bool
market__fsck_each_listing(
    market__fsck_t *f, market__fsck_listing_fn *check, void *user)
{
	market__call_t *call = &f->call;
	market__listing_query_t query = { 0 };
	const market__listing_row_t *rows;
	size_t n, i;

	query.by = MARKET__LISTING_BY_NO;
	query.max = MARKET__FSCK_PAGE;
	do {
		n = 0;
		if (!turns(f) ||
		    !market__fsck_good(f,
			call->ops->listings(call->backend, &query, &f->page,
			    &rows, &n, &f->error),
			"listings after %llu", MARKET__ULL(query.after)))
			return false;
		for (i = 0; i < n && market__fsck_goes_on(f); i++) {
			query.after = rows[i].no;
			check(f, &rows[i], user);
			market__fsck_rest(f);
		}
	} while (n == MARKET__FSCK_PAGE);
	return true;
}
