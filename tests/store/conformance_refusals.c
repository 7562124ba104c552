/* SPDX-License-Identifier: Apache-2.0 */
/* What is not there, and what may not be written. */
#include "conformance_kit.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what is not there ---- */

START_TEST(backend_finds_nothing_when_it_was_never_put)
{
	uint8_t hash[MARKET_DIGEST_LEN] = { 0 };
	market__store_head_t head;
	market__slot_row_t slot;
	market__clearance_row_t clearance;
	market__party_row_t party;
	market__listing_row_t listing;
	market__feed_row_t feed;
	market_error_t error = MARKET_ERROR_INIT;
	const market__backend_ops_t *ops;
	market__backend_t *b;
	market__arena_t *arena;
	market_slice_t bytes;
	bench_t bench;

	bench_open(&bench);
	bench_begin(&bench, false);
	NONE(bench.ops->head_get(bench.backend, &head, &error));
	ck_assert_int_eq(error.status, MARKET_E_NOT_FOUND);
	ck_assert_str_ne(error.message, "");
	bench_commit(&bench);
	bench_fill(&bench);
	bench_begin(&bench, false);
	ops = bench.ops;
	b = bench.backend;
	arena = &bench.arena;
	NONE(ops->payload_get(b, 2, arena, &bytes, NULL));
	NONE(ops->payload_get(b, 0, arena, &bytes, NULL));
	NONE(ops->slot_get(b, market_slice_of("Root"), arena, &slot, NULL));
	NONE(ops->slot_get(b, market_slice_of("roo"), arena, &slot, NULL));
	NONE(ops->slot_get(b, market_slice_of("root "), arena, &slot, NULL));
	NONE(ops->slot_get(b, market_slice_of(""), arena, &slot, NULL));
	NONE(ops->clearance_get(b, 7, arena, &clearance, NULL));
	NONE(ops->clearance_get(b, INT64_MAX, arena, &clearance, NULL));
	NONE(ops->clearance_find(b, hash, arena, &clearance, NULL));
	NONE(ops->party_get(b, 0, arena, &party, NULL));
	NONE(ops->party_find(b, market_slice_of("%"), arena, &party, NULL));
	NONE(ops->listing_get(b, 7, arena, &listing, NULL));
	NONE(ops->listing_find(
	    b, 2, market_slice_of("c"), arena, &listing, NULL));
	NONE(ops->listing_find(
	    b, 1, market_slice_of("b"), arena, &listing, NULL));
	NONE(ops->feed_get(b, 0, arena, &feed, NULL));
	NONE(ops->feed_get(b, WORLD_FEEDS + 1, arena, &feed, NULL));
	NONE(ops->feed_get(b, INT64_MAX, arena, &feed, NULL));
	/* That is no failure: the transaction goes on. */
	OK(ops->party_get(b, 1, arena, &party, NULL));
	bench_commit(&bench);
	bench_close(&bench);
}
END_TEST

/* ---- what may not be written ---- */

static market_status_t
statement_again(bench_t *bench)
{
	market__statement_row_t row = world_statement(3);

	row.slot = market_slice_of("another");
	return bench->ops->statement_insert(bench->backend, &row, NULL);
}

static market_status_t
entry_again(bench_t *bench)
{
	market__entry_row_t row = world_entry(7);

	return bench->ops->entry_insert(bench->backend, &row, NULL);
}

static market_status_t
payload_again(bench_t *bench)
{
	return bench->ops->payload_insert(
	    bench->backend, 3, market_slice_of("another"), NULL);
}

static market_status_t
slot_of_another(bench_t *bench)
{
	market__slot_row_t row = world_slot(1);

	row.no = 6;
	return bench->ops->slot_put(bench->backend, &row, NULL);
}

static market_status_t
clearance_of_another(bench_t *bench)
{
	market__clearance_row_t row = world_clearance(1);

	row.no = 7;
	return bench->ops->clearance_put(bench->backend, &row, NULL);
}

static market_status_t
party_of_another(bench_t *bench)
{
	market__party_row_t row = world_party(1);

	row.no = 2;
	return bench->ops->party_put(bench->backend, &row, NULL);
}

static market_status_t
listing_of_another(bench_t *bench)
{
	market__listing_row_t row = world_listing(1);

	row.no = 3;
	return bench->ops->listing_put(bench->backend, &row, NULL);
}

/* The last of them; all before it are new. */
static market_status_t
listings_of_another(bench_t *bench)
{
	market__listing_row_t rows[12];
	size_t i, n = MARKET__COUNT(rows);
	char ids[12][8];

	for (i = 0; i < n; i++) {
		rows[i] = world_listing(WORLD_LISTINGS + 1 + i);
		snprintf(ids[i], sizeof(ids[i]), "a-%02zu", i);
		rows[i].seller = 2;
		rows[i].offer_id = market_slice_of(ids[i]);
	}
	rows[n - 1].offer_id = world_listing(1).offer_id;
	return bench->ops->listings_put(bench->backend, rows, n, NULL);
}

static const struct {
	const char *label;
	market_status_t (*write)(bench_t *bench);
} refused[] = {
	{ "a statement's number", statement_again },
	{ "an entry's number", entry_again },
	{ "a payload's number", payload_again },
	{ "a slot's name", slot_of_another },
	{ "a question's hash", clearance_of_another },
	{ "a party's name", party_of_another },
	{ "a seller's offer id", listing_of_another },
	{ "a seller's offer id, among many", listings_of_another },
};

START_TEST(backend_refuses_a_row_when_another_has_its_number_or_name)
{
	market_status_t status;
	char *before;
	bench_t bench;

	bench_open(&bench);
	bench_fill(&bench);
	before = bench_content(&bench);
	bench_begin(&bench, true);
	status = refused[_i].write(&bench);
	ck_assert_msg(status == MARKET_E_CORRUPT, "%s: %s", refused[_i].label,
	    market_status_name(status));
	ck_assert_int_eq(
	    bench.ops->commit(bench.backend, NULL), MARKET_E_STATE);
	bench_rollback(&bench);
	bench_is(&bench, before);
	bench_is_sound(&bench);
	free(before);
	bench_close(&bench);
}
END_TEST

START_TEST(backend_counts_the_rows_when_it_writes_them)
{
	market__party_row_t row = world_party(1);
	uint64_t before, after;
	bench_t bench;
	char *text;

	bench_open(&bench);
	before = bench.ops->rows_written(bench.backend);
	bench_begin(&bench, true);
	OK(bench.ops->party_put(bench.backend, &row, NULL));
	bench_commit(&bench);
	after = bench.ops->rows_written(bench.backend);
	ck_assert_uint_gt(after, before);
	/* One row in place of another with the same name moves no index. */
	bench_begin(&bench, true);
	row.listings++;
	OK(bench.ops->party_put(bench.backend, &row, NULL));
	bench_commit(&bench);
	ck_assert_uint_eq(bench.ops->rows_written(bench.backend), after + 1);
	text = bench_content(&bench);
	free(text);
	bench_is_sound(&bench);
	ck_assert_uint_eq(bench.ops->rows_written(bench.backend), after + 1);
	bench_close(&bench);
}
END_TEST

void
conformance_refusals(TCase *tcase)
{
	tcase_add_test(tcase, backend_finds_nothing_when_it_was_never_put);
	tcase_add_loop_test(tcase,
	    backend_refuses_a_row_when_another_has_its_number_or_name, 0,
	    (int)MARKET__COUNT(refused));
	tcase_add_test(tcase, backend_counts_the_rows_when_it_writes_them);
}
