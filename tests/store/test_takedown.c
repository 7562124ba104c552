/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a takedown, a return, a new revision and a page of listings cost, in
 * rows and in bytes: the same, however many listings rest on them. The
 * marketplace is that of tests/bench/kit.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "takedown_place.h"

static uint64_t
rows(const place_t *p)
{
	return p->store->backend->ops->rows_written(p->store->backend);
}

/* ---- rows of a takedown ---- */

enum { WITHDRAW, GRANT, SUSPEND, CERTIFY, STEPS };

/* The rows that each step's own transaction writes. */
static void
count_steps(place_t *p, uint64_t *counts)
{
	market_buffer_t steps[STEPS];
	uint64_t before;
	size_t i;

	steps[WITHDRAW] = kit_withdrawal(p->kit, 0, 1);
	steps[GRANT] = kit_grant(p->kit, 0, 2);
	steps[SUSPEND] = kit_certification(p->kit, 0, 2, false);
	steps[CERTIFY] = kit_certification(p->kit, 0, 3, true);
	for (i = 0; i < STEPS; i++) {
		ck_assert_int_eq(kit_sale(p->store, 0),
		    i % 2 == 0 ? MARKET_OK : MARKET_E_DENIED);
		before = rows(p);
		kit_add(p->store, market_buffer_slice(&steps[i]));
		counts[i] = rows(p) - before;
		ck_assert_int_eq(kit_sale(p->store, 0),
		    i % 2 == 0 ? MARKET_E_DENIED : MARKET_OK);
		/* The other seller's is as it was. */
		ck_assert_int_eq(kit_sale(p->store, 1), MARKET_OK);
		(void)kit_refresh(p->store);
		market_buffer_clear(&steps[i]);
	}
}

/* Each asks the questions that it names. */
static const struct {
	unsigned long listings, questions;
} sizes[] = { { 10, 8 }, { 1000, 8 }, { 10, 20 }, { 1000, 200 } };

START_TEST(takedown_writes_the_same_rows_for_any_number_of_listings)
{
	uint64_t first[STEPS], counts[STEPS];
	place_t p;
	size_t i, k;

	for (i = 0; i < MARKET__COUNT(sizes); i++) {
		place_init(&p, NULL, place_on_disk(_i), sizes[i].listings,
		    sizes[i].questions);
		ck_assert_uint_eq(p.store->seen.questions, sizes[i].questions);
		count_steps(&p, counts);
		if (i == 0)
			memcpy(first, counts, sizeof(first));
		for (k = 0; k < STEPS; k++) {
			ck_assert_uint_gt(counts[k], 0);
			ck_assert_msg(counts[k] == first[k],
			    "step %zu writes %llu rows with %lu listings and "
			    "%lu questions, and %llu with %lu and %lu",
			    k, (unsigned long long)counts[k], sizes[i].listings,
			    sizes[i].questions, (unsigned long long)first[k],
			    sizes[0].listings, sizes[0].questions);
		}
		place_clear(&p);
	}
}
END_TEST

/* ---- rows of a revision ---- */

START_TEST(revision_writes_a_payload_an_entry_a_row_and_the_head)
{
	uint64_t before;
	place_t p;

	place_init(&p, NULL, place_on_disk(_i), 100, 8);
	before = rows(&p);
	(void)kit_submit(p.kit, p.store, 7, 1, 2, NULL);
	ck_assert_uint_eq(rows(&p) - before, 4);
	/* In a batch the head is written once; and a file has its entries
	 * together. */
	before = rows(&p);
	(void)kit_submit(p.kit, p.store, 20, 50, 2, NULL);
	ck_assert_uint_eq(
	    rows(&p) - before, place_on_disk(_i) ? 50 * 2 + 1 + 1 : 50 * 3 + 1);
	ck_assert_int_eq(kit_sale(p.store, 7), MARKET_OK);
	place_clear(&p);
}
END_TEST

/* ---- a reader that others overtake ---- */

/* Withdraws what is not there, as anybody may: it moves three slots. */
static void
add_noise(place_t *p, unsigned long from, unsigned long n)
{
	market_buffer_t envelope;
	unsigned long i;

	for (i = from; i < from + n; i++) {
		envelope = kit_withdrawal(p->kit, 1, 1000 + i);
		kit_add(p->store, market_buffer_slice(&envelope));
		market_buffer_clear(&envelope);
	}
}

START_TEST(reader_sees_a_takedown_behind_any_number_of_others)
{
	/* 1,024 moves of slots are kept apart. */
	static const unsigned long noise[] = { 0, 1, 339, 340, 341, 342, 700 };
	unsigned long revision, from = 0, n;
	market_store_t *reader;
	place_t p;
	size_t i;

	place_init(&p, NULL, true, 20, 20);
	reader = kit_open(p.kit, p.path, NULL);
	for (i = 0; i < MARKET__COUNT(noise); i++) {
		revision = i + 1;
		ck_assert_int_eq(kit_sale(reader, 0), MARKET_OK);
		ck_assert_int_eq(kit_sale(reader, 1), MARKET_OK);
		place_add(&p, kit_withdrawal(p.kit, 0, revision));
		n = (unsigned long)harness_rounds(noise[i]);
		add_noise(&p, from, n);
		from += n;
		ck_assert_int_eq(kit_sale(reader, 0), MARKET_E_DENIED);
		ck_assert_int_eq(kit_sale(reader, 1), MARKET_OK);
		place_add(&p, kit_grant(p.kit, 0, revision + 1));
		ck_assert_int_eq(kit_sale(reader, 0), MARKET_OK);
		/* Seen one by one, too. */
		add_noise(&p, from++, 1);
		ck_assert_int_eq(kit_sale(reader, 0), MARKET_OK);
	}
	market_store_free(reader);
	place_clear(&p);
}
END_TEST

/* The reader's memory fails while it sees the withdrawal. */
START_TEST(reader_is_never_told_permit_when_memory_fails)
{
	market_context_options_t options = { .size = sizeof(options) };
	market_context_t *context = NULL;
	harness_memory_t memory;
	market_store_t *reader;
	market_status_t status;
	unsigned long revision, step = harness_rounds(100) < 100 ? 100 : 5;
	bool done = false;
	kit_t *kit;
	place_t p;

	harness_memory_init(&memory);
	options.allocator = memory.allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	kit = kit_new_with(context, 8);
	place_init(&p, NULL, true, 8, 8);
	reader = kit_open(kit, p.path, NULL);
	for (revision = 1; !done; revision++) {
		ck_assert_int_eq(kit_sale(reader, 0), MARKET_OK);
		place_add(&p, kit_withdrawal(p.kit, 0, revision));
		memory.calls = 0;
		memory.fail_at = (revision - 1) * step;
		status = market_store_sale(reader,
		    market_slice_of(kit_listing(0)), market_slice_of("US"),
		    MARKET_CHANNEL_ONLINE_STORE, market_slice_of(KIT_NETWORK),
		    KIT_NOW, 0, NULL, NULL);
		done = memory.calls <= memory.fail_at;
		memory.fail_at = SIZE_MAX;
		if (status != MARKET_E_DENIED)
			ck_assert_int_eq(status, MARKET_E_MEMORY);
		ck_assert_int_eq(kit_sale(reader, 0), MARKET_E_DENIED);
		place_add(&p, kit_grant(p.kit, 0, revision + 1));
	}
	market_store_free(reader);
	kit_free(kit);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
	place_clear(&p);
}
END_TEST

/* ---- bytes ---- */

START_TEST(database_keeps_to_its_budget_with_5000_listings)
{
	struct stat info;
	double budget;
	place_t p;

	/* Which bytes are written does not depend on valgrind. */
	if (harness_rounds(100) < 100)
		return;
	place_init(&p, NULL, true, 5000, 8);
	budget = 1.3 * p.envelopes + 200.0 * 5000;
	/* Closing puts the log into the file. */
	market_store_free(p.store);
	p.store = NULL;
	ck_assert_int_eq(stat(p.path, &info), 0);
	ck_assert_msg((double)info.st_size <= budget,
	    "%.0f bytes, of %.0f at most", (double)info.st_size, budget);
	place_clear(&p);
}
END_TEST

/* An allocator that counts bytes. */
typedef struct counter {
	size_t live, high;
} counter_t;

#define PIECE_HEAD 16

static void *
counted_alloc(void *user, size_t size)
{
	counter_t *counter = user;
	uint8_t *piece = malloc(size + PIECE_HEAD);

	if (piece == NULL)
		return NULL;
	memcpy(piece, &size, sizeof(size));
	counter->live += size;
	if (counter->live > counter->high)
		counter->high = counter->live;
	return piece + PIECE_HEAD;
}

static void
counted_free(void *user, void *ptr)
{
	counter_t *counter = user;
	uint8_t *piece = (uint8_t *)ptr - PIECE_HEAD;
	size_t size;

	memcpy(&size, piece, sizeof(size));
	counter->live -= size;
	free(piece);
}

static unsigned long
list_all(market_store_t *store)
{
	market_list_query_t query = { .size = sizeof(query), .limit = 100 };
	market_error_t error = MARKET_ERROR_INIT;
	market_listings_t *page = NULL;
	const market_listing_t *listing;
	unsigned long n = 0;
	char after[64];
	size_t i;
	int more;

	query.at = KIT_NOW;
	do {
		ck_assert_msg(market_store_list(store, &query, &page, &error) ==
			MARKET_OK,
		    "%s", error.message);
		for (i = 0; (listing = market_listings_at(page, i)) != NULL;
		     i++, n++)
			snprintf(after, sizeof(after), "%.*s",
			    (int)listing->id.len,
			    (const char *)listing->id.ptr);
		query.after = market_slice_of(after);
		more = market_listings_more(page);
		market_listings_free(page);
	} while (more);
	return n;
}

/* Bytes at most that listing everything and selling takes of the allocator. */
static size_t
high_water(unsigned long listings, size_t *ret_sqlite)
{
	market_store_options_t small = { .size = sizeof(small),
		.cache_bytes = (size_t)256 << 10 };
	market_context_options_t options = { .size = sizeof(options) };
	counter_t counter = { 0, 0 };
	market_context_t *context = NULL;
	unsigned long i;
	place_t p;

	options.allocator.alloc = counted_alloc;
	options.allocator.free = counted_free;
	options.allocator.user = &counter;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	place_init(&p, context, true, listings, 8);
	market_store_free(p.store);
	counter.high = counter.live;
	*ret_sqlite = 0;
	(void)sqlite3_memory_highwater(1);
	p.store = kit_open(p.kit, p.path, &small);
	ck_assert_uint_eq(list_all(p.store), listings);
	for (i = 0; i < listings; i++)
		ck_assert_int_eq(kit_sale(p.store, i), MARKET_OK);
	*ret_sqlite = (size_t)sqlite3_memory_highwater(0);
	place_clear(&p);
	market_context_free(context);
	ck_assert_uint_eq(counter.live, 0);
	return counter.high;
}

/* X12: pages, and never all of it. */
START_TEST(reading_takes_the_same_memory_for_any_number_of_listings)
{
	size_t few_sqlite, many_sqlite;
	size_t few = high_water(harness_rounds(1000), &few_sqlite);
	size_t many = high_water(harness_rounds(5000), &many_sqlite);

	/* Under valgrind the cache does not get full. */
	if (harness_rounds(100) < 100)
		return;
	/* Ids have as many digits, and the cache is full in both. */
	ck_assert_msg(many <= few + few / 20,
	    "%zu bytes with 1,000 listings, and %zu with 5,000", few, many);
	ck_assert_msg(many_sqlite <= few_sqlite + few_sqlite / 5,
	    "SQLite: %zu bytes with 1,000 listings, and %zu with 5,000",
	    few_sqlite, many_sqlite);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("takedown");
	TCase *tc = tcase_create("rows");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc,
	    takedown_writes_the_same_rows_for_any_number_of_listings, 0,
	    PLACE_BACKENDS);
	tcase_add_loop_test(tc,
	    revision_writes_a_payload_an_entry_a_row_and_the_head, 0,
	    PLACE_BACKENDS);
	suite_add_tcase(suite, tc);
	tc = tcase_create("file");
	tcase_set_timeout(tc, 300);
	tcase_add_test(tc, reader_sees_a_takedown_behind_any_number_of_others);
	tcase_add_test(tc, reader_is_never_told_permit_when_memory_fails);
	tcase_add_test(tc, database_keeps_to_its_budget_with_5000_listings);
	tcase_add_test(
	    tc, reading_takes_the_same_memory_for_any_number_of_listings);
	suite_add_tcase(suite, tc);
	return harness_main(suite);
}
