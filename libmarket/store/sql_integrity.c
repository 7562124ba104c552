/* SPDX-License-Identifier: Apache-2.0 */
/* Rows without their partners. What rows mean is not known here. */
#include "store/sql_integrity.h"

/* Rows that are held at a time, and the most that one look-up tells. */
#define PAGE 1000

void
market__sql_tell(const market__sql_check_t *check, const char *of, uint64_t row,
    const char *what, uint64_t other)
{
	market_error_t text = MARKET_ERROR_INIT;

	/* A key of another's making may be negative, and is told so. */
	market__error(&text, MARKET_E_CORRUPT, NULL, -1, "%s %lld: %s %lld", of,
	    (long long)row, what, (long long)other);
	check->tell(check->user, text.message);
}

/* ---- one table against another ---- */

static market_status_t
check_partners(const market__sql_check_t *check, market__sql_id_t id,
    const char *of, const char *what, market_error_t *reterr)
{
	market__sql_call_t call;
	int64_t row, other;

	market__sql_call(&call, check->sql, id, reterr);
	market__sql_put_bound(&call, PAGE);
	while (market__sql_row(&call)) {
		row = other = 0;
		market__sql_get_integer(&call, &row);
		market__sql_get_integer(&call, &other);
		if (call.status == MARKET_OK)
			market__sql_tell(
			    check, of, (uint64_t)row, what, (uint64_t)other);
	}
	return market__sql_end(&call);
}

static market_status_t
check_payloads(const market__sql_check_t *check, market_error_t *reterr)
{
	return check_partners(check, MARKET__SQL_PAYLOAD_ALONE, "payload",
	    "there is no entry", reterr);
}

static market_status_t
check_readers(const market__sql_check_t *check, market_error_t *reterr)
{
	return check_partners(check, MARKET__SQL_READER_ALONE,
	    "reads of clearance", "there is no clearance", reterr);
}

static market_status_t
check_reads(const market__sql_check_t *check, market_error_t *reterr)
{
	return check_partners(check, MARKET__SQL_READ_ALONE,
	    "reads of clearance", "there is no slot", reterr);
}

static market_status_t
check_sellers(const market__sql_check_t *check, market_error_t *reterr)
{
	return check_partners(check, MARKET__SQL_SELLER_ALONE, "listing",
	    "there is no party", reterr);
}

static market_status_t
check_clearances(const market__sql_check_t *check, market_error_t *reterr)
{
	return check_partners(check, MARKET__SQL_QUESTION_ALONE, "listing",
	    "there is no clearance", reterr);
}

static market_status_t
check_feeds(const market__sql_check_t *check, market_error_t *reterr)
{
	return check_partners(check, MARKET__SQL_FEED_ALONE, "feed",
	    "there is no statement", reterr);
}

/* ---- a listing's questions against their index ---- */

struct asking {
	uint64_t listing;
	uint64_t question; /* of the index's row */
	market_slice_t packed;
};

static void
read_asking(market__sql_call_t *call, market__arena_t *arena, void *row)
{
	struct asking *asking = row;

	market__sql_get_number(call, &asking->listing);
	market__sql_get_bytes(call, arena, &asking->packed);
}

static void
read_asked(market__sql_call_t *call, market__arena_t *arena, void *row)
{
	struct asking *asking = row;

	market__sql_get_number(call, &asking->listing);
	market__sql_get_number(call, &asking->question);
	market__sql_get_bytes(call, arena, &asking->packed);
}

static void
read_pair(market__sql_call_t *call, market__arena_t *arena, void *row)
{
	struct asking *asking = row;

	(void)arena;
	market__sql_get_number(call, &asking->question);
	market__sql_get_number(call, &asking->listing);
}

static bool
asks(const uint64_t *questions, size_t n, uint64_t question)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (questions[i] == question)
			return true;
	return false;
}

/* Counts the index rows of the listing that are there, as they must. */
static market_status_t
check_asking(const market__sql_check_t *check, const struct asking *asking,
    uint64_t *ret_found, market_error_t *reterr)
{
	uint64_t questions[MARKET__LISTING_CELLS_MAX];
	market_status_t rv = MARKET_OK;
	struct asking found;
	market__sql_call_t call;
	size_t n = 0, i;

	if (!market__questions_unpack(
		asking->packed, questions, MARKET__LISTING_CELLS_MAX, &n)) {
		market__sql_tell(check, "listing", asking->listing,
		    "its questions are no list of numbers; bytes:",
		    asking->packed.len);
		return MARKET_OK;
	}
	for (i = 0; i < n && rv == MARKET_OK; i++) {
		if (asks(questions, i, questions[i]))
			continue;
		market__sql_call(&call, check->sql, MARKET__SQL_ASKED, reterr);
		market__sql_put_bound(&call, questions[i]);
		market__sql_put_number(&call, asking->listing);
		rv = market__sql_one(&call, NULL, read_pair, &found);
		if (rv == MARKET_OK)
			*ret_found += 1;
		if (rv != MARKET_E_NOT_FOUND)
			continue;
		market__sql_tell(check, "listing", asking->listing,
		    "the index does not have its question", questions[i]);
		rv = MARKET_OK;
	}
	return rv;
}

static market_status_t
check_listings(const market__sql_check_t *check, uint64_t *ret_found,
    market_error_t *reterr)
{
	const struct asking *rows;
	const void *list;
	market_status_t rv;
	market__arena_t arena;
	market__sql_call_t call;
	uint64_t after = 0;
	size_t n, i;

	do {
		n = 0;
		market__arena_init(&arena, check->sql->allocator, SIZE_MAX);
		market__sql_call(&call, check->sql, MARKET__SQL_ASKING, reterr);
		market__sql_put_bound(&call, after);
		rv = market__sql_list(&call, &arena, read_asking,
		    sizeof(struct asking), PAGE, &list, &n);
		for (i = 0; rv == MARKET_OK && i < n; i++) {
			rows = list;
			after = rows[i].listing;
			rv = check_asking(check, &rows[i], ret_found, reterr);
		}
		market__arena_clear(&arena);
	} while (rv == MARKET_OK && n == PAGE);
	return rv;
}

/* The index's rows one by one: dear, so only where there are too many. */
static market_status_t
check_index(const market__sql_check_t *check, market_error_t *reterr)
{
	uint64_t questions[MARKET__LISTING_CELLS_MAX];
	struct asking last;
	int64_t question = INT64_MIN, listing = INT64_MIN;
	const struct asking *rows;
	const void *list;
	market_status_t rv;
	market__arena_t arena;
	market__sql_call_t call;
	size_t n, i, asked;

	do {
		n = 0;
		market__arena_init(&arena, check->sql->allocator, SIZE_MAX);
		market__sql_call(
		    &call, check->sql, MARKET__SQL_ASKED_ALL, reterr);
		market__sql_put_integer(&call, question);
		market__sql_put_integer(&call, listing);
		rv = market__sql_list(&call, &arena, read_asked,
		    sizeof(struct asking), PAGE, &list, &n);
		for (i = 0; rv == MARKET_OK && i < n; i++) {
			rows = list;
			last = rows[i];
			question = (int64_t)last.question;
			listing = (int64_t)last.listing;
			if (market__questions_unpack(last.packed, questions,
				MARKET__LISTING_CELLS_MAX, &asked) &&
			    !asks(questions, asked, last.question))
				market__sql_tell(check, "listing", last.listing,
				    "the index has it, but it does not ask "
				    "question",
				    last.question);
		}
		market__arena_clear(&arena);
	} while (rv == MARKET_OK && n == PAGE);
	return rv;
}

static void
read_count(market__sql_call_t *call, market__arena_t *arena, void *row)
{
	(void)arena;
	market__sql_get_number(call, row);
}

static market_status_t
check_questions(const market__sql_check_t *check, market_error_t *reterr)
{
	uint64_t found = 0, there = 0;
	market__sql_call_t call;
	market_status_t rv;

	rv = check_listings(check, &found, reterr);
	if (rv != MARKET_OK)
		return rv;
	market__sql_call(&call, check->sql, MARKET__SQL_ASKED_COUNT, reterr);
	rv = market__sql_one(&call, NULL, read_count, &there);
	/* There are no others, where there are no more. */
	if (rv != MARKET_OK || there == found)
		return rv;
	rv = check_partners(check, MARKET__SQL_ASKER_ALONE, "question index",
	    "there is no listing", reterr);
	return rv == MARKET_OK ? check_index(check, reterr) : rv;
}

static market_status_t
check_pages(const market__sql_check_t *check, market_error_t *reterr)
{
	return check->sql->driver->check(
	    check->sql, check->tell, check->user, reterr);
}

static market_status_t
check_tail(const market__sql_check_t *check, market_error_t *reterr)
{
	return market__sql_tail_check(check->sql, &check->sql->tail, reterr);
}

market_status_t
market__sql_integrity(market__backend_t *backend, market__integrity_fn *tell_it,
    void *user, market_error_t *reterr)
{
	static market_status_t (*const checks[])(
	    const market__sql_check_t *check, market_error_t *reterr) = {
		check_pages,
		check_tail,
		check_payloads,
		check_readers,
		check_reads,
		check_sellers,
		check_clearances,
		check_feeds,
		check_questions,
		market__sql_check_entries,
		market__sql_check_packs,
		market__sql_check_segments,
	};
	market__sql_check_t check = { (market__sql_t *)backend, tell_it, user };
	market__sql_phase_t phase = check.sql->phase;
	market_error_t fault = MARKET_ERROR_INIT;
	market_status_t rv;
	size_t i;

	rv = market__sql_enter(check.sql, false, reterr);
	if (rv == MARKET_OK)
		rv = market__sql_flush(check.sql, reterr);
	if (rv != MARKET_OK)
		return rv;
	for (i = 0; i < MARKET__COUNT(checks) && rv == MARKET_OK; i++) {
		rv = checks[i](&check, &fault);
		if (rv != MARKET_E_CORRUPT)
			continue;
		/* That is what was asked; the next check may still work. */
		tell_it(user, fault.message);
		check.sql->phase = phase;
		rv = MARKET_OK;
	}
	if (rv != MARKET_OK)
		return market__error(
		    reterr, rv, fault.path, fault.offset, "%s", fault.message);
	return MARKET_OK;
}
