/* SPDX-License-Identifier: Apache-2.0 */
/* Every list: what is in it, in which order, and its pages at their borders. */
#include "conformance_kit.h"

/* clang-format off */
#define S(text) { (const uint8_t *)("" text), sizeof(text) - 1 }
/* clang-format on */

#define NUMBERS_MAX 8
#define DIGEST_2                           \
	"\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2" \
	"\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2\2"

typedef struct view view_t;

/* One list of the world, and the numbers that are to be in it. */
struct view {
	const char *label;
	/* Behind the first `behind` of those wanted. */
	size_t (*list)(bench_t *bench, const view_t *view, size_t behind,
	    size_t max, uint64_t *numbers);
	market__statement_query_t statement;
	market__clearance_query_t clearance;
	market__listing_query_t listing;
	uint64_t epoch;
	size_t n;
	uint64_t want[NUMBERS_MAX];
};

static uint64_t
after(const view_t *view, size_t behind)
{
	return behind == 0 ? 0 : view->want[behind - 1];
}

/* A list's numbers; each kind of row begins with it. */
#define NUMBERS(rows, n, numbers, member)                  \
	do {                                               \
		size_t i_;                                 \
		ck_assert_uint_le(n, NUMBERS_MAX);         \
		for (i_ = 0; i_ < (n); i_++)               \
			(numbers)[i_] = (rows)[i_].member; \
	} while (0)

static size_t
statements(bench_t *bench, const view_t *view, size_t behind, size_t max,
    uint64_t *numbers)
{
	market__statement_query_t query = view->statement;
	const market__statement_row_t *rows;
	size_t n;

	query.after = after(view, behind);
	query.max = max;
	OK(bench->ops->statements(
	    bench->backend, &query, &bench->arena, &rows, &n, NULL));
	NUMBERS(rows, n, numbers, no);
	return n;
}

static size_t
slots(bench_t *bench, const view_t *view, size_t behind, size_t max,
    uint64_t *numbers)
{
	const market__slot_row_t *rows;
	size_t n;

	OK(bench->ops->slots_since(bench->backend, view->epoch,
	    after(view, behind), max, &bench->arena, &rows, &n, NULL));
	NUMBERS(rows, n, numbers, no);
	return n;
}

static size_t
clearances(bench_t *bench, const view_t *view, size_t behind, size_t max,
    uint64_t *numbers)
{
	market__clearance_query_t query = view->clearance;
	const market__clearance_row_t *rows;
	size_t n;

	query.after = after(view, behind);
	query.max = max;
	OK(bench->ops->clearances(
	    bench->backend, &query, &bench->arena, &rows, &n, NULL));
	NUMBERS(rows, n, numbers, no);
	return n;
}

static size_t
listings(bench_t *bench, const view_t *view, size_t behind, size_t max,
    uint64_t *numbers)
{
	market__listing_query_t query = view->listing;
	const market__listing_row_t *rows;
	size_t n;

	if (query.by == MARKET__LISTING_BY_SELLER)
		query.after_id = behind == 0
		    ? market__slice(NULL, 0)
		    : world_listing(view->want[behind - 1]).offer_id;
	else
		query.after = after(view, behind);
	query.max = max;
	OK(bench->ops->listings(
	    bench->backend, &query, &bench->arena, &rows, &n, NULL));
	NUMBERS(rows, n, numbers, no);
	return n;
}

static size_t
parties(bench_t *bench, const view_t *view, size_t behind, size_t max,
    uint64_t *numbers)
{
	market_slice_t name = market__slice(NULL, 0);
	const market__party_row_t *rows;
	size_t n;

	if (behind > 0)
		name = world_party(view->want[behind - 1]).name;
	OK(bench->ops->parties(
	    bench->backend, name, max, &bench->arena, &rows, &n, NULL));
	NUMBERS(rows, n, numbers, no);
	return n;
}

static size_t
entries(bench_t *bench, const view_t *view, size_t behind, size_t max,
    uint64_t *numbers)
{
	const market__entry_row_t *rows;
	size_t n;

	OK(bench->ops->entries(bench->backend, after(view, behind), max,
	    &bench->arena, &rows, &n, NULL));
	NUMBERS(rows, n, numbers, seq);
	return n;
}

static const view_t views[] = {
	{ .label = "all statements",
	    .list = statements,
	    .n = 7,
	    .want = { 1, 2, 3, 4, 5, 6, 7 } },
	{ .label = "statements of a slot",
	    .list = statements,
	    .statement = { .by = MARKET__STATEMENT_BY_SLOT, .slot = S("s") },
	    .n = 4,
	    .want = { 2, 3, 5, 6 } },
	{ .label = "... its name is no pattern (P19)",
	    .list = statements,
	    .statement = { .by = MARKET__STATEMENT_BY_SLOT, .slot = S("%") } },
	{ .label = "... of one byte (P19)",
	    .list = statements,
	    .statement = { .by = MARKET__STATEMENT_BY_SLOT, .slot = S("_") } },
	{ .label = "... nor is its case ignored",
	    .list = statements,
	    .statement = { .by = MARKET__STATEMENT_BY_SLOT, .slot = S("S") },
	    .n = 1,
	    .want = { 7 } },
	{ .label = "... a NUL is a byte of it (P19)",
	    .list = statements,
	    .statement = { .by = MARKET__STATEMENT_BY_SLOT,
		.slot = S("s\0") } },
	{ .label = "statements with a digest",
	    .list = statements,
	    .statement = { .by = MARKET__STATEMENT_BY_DIGEST,
		.digest = S(DIGEST_2) },
	    .n = 2,
	    .want = { 2, 4 } },
	{ .label = "statements with a name",
	    .list = statements,
	    .statement = { .by = MARKET__STATEMENT_BY_NAME,
		.kind = 2,
		.issuer = S("mi.com"),
		.id = S("g") },
	    .n = 2,
	    .want = { 2, 3 } },
	{ .label = "... whose parts run together",
	    .list = statements,
	    .statement = { .by = MARKET__STATEMENT_BY_NAME,
		.kind = 2,
		.issuer = S("mi.co"),
		.id = S("mg") },
	    .n = 1,
	    .want = { 6 } },
	{ .label = "... of another kind",
	    .list = statements,
	    .statement = { .by = MARKET__STATEMENT_BY_NAME,
		.kind = 4,
		.issuer = S("mi.com"),
		.id = S("g") } },
	{ .label = "statements that give a party keys",
	    .list = statements,
	    .statement = { .by = MARKET__STATEMENT_BY_SUBJECT,
		.kind = 2,
		.subject = S("p") },
	    .n = 3,
	    .want = { 2, 4, 6 } },
	{ .label = "slots changed ever",
	    .list = slots,
	    .n = 4,
	    .want = { 1, 3, 4, 5 } },
	{ .label = "slots changed since",
	    .list = slots,
	    .epoch = 2,
	    .n = 2,
	    .want = { 3, 4 } },
	{ .label = "slots changed since the last change",
	    .list = slots,
	    .epoch = 5 },
	{ .label = "slots changed after all time",
	    .list = slots,
	    .epoch = INT64_MAX },
	{ .label = "all clearances",
	    .list = clearances,
	    .n = 6,
	    .want = { 1, 2, 3, 4, 5, 6 } },
	{ .label = "readers of a slot",
	    .list = clearances,
	    .clearance = { .by = MARKET__CLEARANCE_BY_READER, .slot = 3 },
	    .n = 4,
	    .want = { 1, 2, 4, 5 } },
	{ .label = "readers of a slot that none reads",
	    .list = clearances,
	    .clearance = { .by = MARKET__CLEARANCE_BY_READER, .slot = 6 } },
	{ .label = "stale readers: computed before the epoch",
	    .list = clearances,
	    .clearance = { .by = MARKET__CLEARANCE_BY_STALE_READER,
		.slot = 3,
		.epoch = 4 },
	    .n = 2,
	    .want = { 1, 2 } },
	{ .label = "... by one more",
	    .list = clearances,
	    .clearance = { .by = MARKET__CLEARANCE_BY_STALE_READER,
		.slot = 3,
		.epoch = 5 },
	    .n = 3,
	    .want = { 1, 2, 4 } },
	{ .label = "... with fresh ones between",
	    .list = clearances,
	    .clearance = { .by = MARKET__CLEARANCE_BY_STALE_READER,
		.slot = 3,
		.epoch = 1 } },
	{ .label = "horizons that have come",
	    .list = clearances,
	    .clearance = { .by = MARKET__CLEARANCE_BY_HORIZON, .until = 100 },
	    .n = 4,
	    .want = { 1, 2, 4, 5 } },
	{ .label = "... a second before",
	    .list = clearances,
	    .clearance = { .by = MARKET__CLEARANCE_BY_HORIZON, .until = 99 },
	    .n = 2,
	    .want = { 2, 4 } },
	{ .label = "... before 1970",
	    .list = clearances,
	    .clearance = { .by = MARKET__CLEARANCE_BY_HORIZON, .until = -5 },
	    .n = 1,
	    .want = { 2 } },
	{ .label = "... none",
	    .list = clearances,
	    .clearance = { .by = MARKET__CLEARANCE_BY_HORIZON,
		.until = INT64_MIN } },
	{ .label = "... none is no end",
	    .list = clearances,
	    .clearance = { .by = MARKET__CLEARANCE_BY_HORIZON,
		.until = INT64_MAX - 1 },
	    .n = 5,
	    .want = { 1, 2, 4, 5, 6 } },
	{ .label = "all listings",
	    .list = listings,
	    .n = 6,
	    .want = { 1, 2, 3, 4, 5, 6 } },
	{ .label = "listings of a seller, bytewise by offer id",
	    .list = listings,
	    .listing = { .by = MARKET__LISTING_BY_SELLER, .seller = 2 },
	    .n = 5,
	    .want = { 6, 2, 5, 3, 1 } },
	{ .label = "listings of another",
	    .list = listings,
	    .listing = { .by = MARKET__LISTING_BY_SELLER, .seller = 1 },
	    .n = 1,
	    .want = { 4 } },
	{ .label = "listings of one who sells nothing",
	    .list = listings,
	    .listing = { .by = MARKET__LISTING_BY_SELLER, .seller = 3 } },
	{ .label = "listings that ask a question",
	    .list = listings,
	    .listing = { .by = MARKET__LISTING_BY_QUESTION, .question = 1 },
	    .n = 5,
	    .want = { 1, 2, 3, 5, 6 } },
	{ .label = "... in another cell than the first",
	    .list = listings,
	    .listing = { .by = MARKET__LISTING_BY_QUESTION, .question = 2 },
	    .n = 2,
	    .want = { 1, 5 } },
	{ .label = "... that none asks",
	    .list = listings,
	    .listing = { .by = MARKET__LISTING_BY_QUESTION, .question = 4 } },
	{ .label = "parties, bytewise by name",
	    .list = parties,
	    .n = 5,
	    .want = { 3, 1, 5, 2, 4 } },
	{ .label = "entries",
	    .list = entries,
	    .n = 7,
	    .want = { 1, 2, 3, 4, 5, 6, 7 } },
};

static void
check_page(bench_t *bench, const view_t *view, size_t behind, size_t max)
{
	uint64_t got[NUMBERS_MAX];
	size_t i, n, want = view->n - behind;

	if (want > max)
		want = max;
	n = view->list(bench, view, behind, max, got);
	ck_assert_msg(n == want, "%s: %zu behind %zu, at most %zu: %zu",
	    view->label, want, behind, max, n);
	for (i = 0; i < n; i++)
		ck_assert_msg(got[i] == view->want[behind + i],
		    "%s: number %zu behind %zu is %llu", view->label, i, behind,
		    (unsigned long long)got[i]);
	market__arena_clear(&bench->arena);
}

START_TEST(backend_lists_a_page_when_asked_at_each_border)
{
	const view_t *view = &views[_i];
	size_t behind, max;
	bench_t bench;

	bench_open(&bench);
	bench_fill(&bench);
	bench_begin(&bench, false);
	for (behind = 0; behind <= view->n; behind++) {
		for (max = 0; max <= view->n + 1; max++)
			check_page(&bench, view, behind, max);
		check_page(&bench, view, behind, SIZE_MAX);
	}
	bench_commit(&bench);
	bench_close(&bench);
}
END_TEST

/* `after` need not be there. */
START_TEST(backend_goes_on_behind_what_is_not_there)
{
	market__statement_query_t statement = { .after = INT64_MAX, .max = 10 };
	market__clearance_query_t clearance = {
		.by = MARKET__CLEARANCE_BY_HORIZON,
		.until = INT64_MAX,
		.after = INT64_MAX,
		.max = 10
	};
	market__listing_query_t listing = { .by = MARKET__LISTING_BY_SELLER,
		.seller = 2,
		.after_id = S("a\0\0"),
		.max = 1 };
	const market__statement_row_t *statement_rows;
	const market__clearance_row_t *clearance_rows;
	const market__listing_row_t *listing_rows;
	const market__party_row_t *party_rows;
	bench_t bench;
	size_t n;

	bench_open(&bench);
	bench_fill(&bench);
	bench_begin(&bench, false);
	OK(bench.ops->statements(bench.backend, &statement, &bench.arena,
	    &statement_rows, &n, NULL));
	ck_assert_uint_eq(n, 0);
	OK(bench.ops->clearances(bench.backend, &clearance, &bench.arena,
	    &clearance_rows, &n, NULL));
	ck_assert_uint_eq(n, 0);
	OK(bench.ops->listings(
	    bench.backend, &listing, &bench.arena, &listing_rows, &n, NULL));
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(listing_rows[0].no, 3);
	OK(bench.ops->parties(bench.backend, market_slice_of("shop.d"), 1,
	    &bench.arena, &party_rows, &n, NULL));
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(party_rows[0].no, 2);
	OK(bench.ops->parties(bench.backend, market_slice_of("shop.f"), 1,
	    &bench.arena, &party_rows, &n, NULL));
	ck_assert_uint_eq(n, 0);
	bench_commit(&bench);
	bench_close(&bench);
}
END_TEST

START_TEST(backend_lists_nothing_when_it_is_empty)
{
	uint64_t got[NUMBERS_MAX];
	bench_t bench;
	size_t i;

	bench_open(&bench);
	bench_begin(&bench, false);
	for (i = 0; i < MARKET__COUNT(views); i++)
		ck_assert_msg(
		    views[i].list(&bench, &views[i], 0, SIZE_MAX, got) == 0,
		    "%s", views[i].label);
	bench_commit(&bench);
	bench_is_sound(&bench);
	bench_close(&bench);
}
END_TEST

/* Pages of a list that is longer than a node, a page or a block of any kind. */
START_TEST(backend_pages_through_all_when_there_are_many)
{
	enum { MANY = 1000, PAGE = 64 };
	market__entry_row_t row;
	const market__entry_row_t *rows;
	uint64_t seq, last = 0;
	bench_t bench;
	size_t i, n;

	bench_open(&bench);
	bench_begin(&bench, true);
	for (seq = 1; seq <= MANY; seq++) {
		/* 1, 3, 5 ... and back by 2, 4, 6 ... */
		row = world_entry(
		    seq <= MANY / 2 ? 2 * seq - 1 : 2 * (MANY + 1 - seq));
		if (bench.ops->entry_insert(bench.backend, &row, NULL) !=
		    MARKET_OK)
			ck_abort();
	}
	bench_commit(&bench);
	bench_begin(&bench, false);
	do {
		OK(bench.ops->entries(
		    bench.backend, last, PAGE, &bench.arena, &rows, &n, NULL));
		for (i = 0; i < n; i++)
			if (rows[i].seq != ++last ||
			    rows[i].object != world_entry(last).object)
				ck_abort_msg(
				    "at %llu", (unsigned long long)last);
	} while (n == PAGE);
	ck_assert_uint_eq(last, MANY);
	bench_commit(&bench);
	bench_close(&bench);
}
END_TEST

void
conformance_lists(TCase *tcase)
{
	tcase_add_loop_test(tcase,
	    backend_lists_a_page_when_asked_at_each_border, 0,
	    (int)MARKET__COUNT(views));
	tcase_add_test(tcase, backend_goes_on_behind_what_is_not_there);
	tcase_add_test(tcase, backend_lists_nothing_when_it_is_empty);
	tcase_add_test(tcase, backend_pages_through_all_when_there_are_many);
}
