/* SPDX-License-Identifier: Apache-2.0 */
/* The same of questions, and of the listings that ask them. */
#include "conformance_sample.h"

/* ---- clearances ---- */

static market__clearance_row_t
clearance(const sample_t *s)
{
	market__clearance_row_t row = { .no = s->no,
		.question = s->text,
		.verdict = s->narrow,
		.computed_at = s->time,
		.horizon = s->time,
		.epoch = s->wide,
		.evaluator = s->narrow,
		.ended = s->wide,
		.entry = s->wide,
		.result = s->text };

	memcpy(row.hash, s->digest, sizeof(row.hash));
	memcpy(row.versions, s->digest, sizeof(row.versions));
	return row;
}

static void
put_clearance(bench_t *bench, const sample_t *s)
{
	const uint64_t reads[] = { 1, s->i + 2, INT64_MAX };
	market__slot_row_t read = { .no = s->i + 2, .name = s->name };
	market__clearance_row_t row = clearance(s);

	/* What is read is there. */
	if (s->i == 0) {
		read.no = 1;
		read.name = market_slice_of("first");
		sample_ok(s, bench->ops->slot_put(bench->backend, &read, NULL));
		read.no = INT64_MAX;
		read.name = market_slice_of("last");
		sample_ok(s, bench->ops->slot_put(bench->backend, &read, NULL));
		read.no = s->i + 2;
		read.name = s->name;
	}
	sample_ok(s, bench->ops->slot_put(bench->backend, &read, NULL));
	sample_ok(s, bench->ops->clearance_put(bench->backend, &row, NULL));
	sample_ok(s,
	    bench->ops->clearance_set_reads(
		bench->backend, s->no, reads, MARKET__COUNT(reads), NULL));
}

static void
check_clearance(bench_t *bench, const sample_t *s)
{
	static const char *const ways[] = { "by number", "by reader",
		"by stale reader", "by horizon" };
	market__clearance_query_t query = { .slot = INT64_MAX,
		.epoch = INT64_MAX,
		.until = s->time,
		.after = s->no - 1,
		.max = 1 };
	market__clearance_row_t want = clearance(s), row;
	const market__clearance_row_t *rows;
	const uint64_t *reads;
	size_t i, n;

	sample_ok(s,
	    bench->ops->clearance_get(
		bench->backend, s->no, &bench->arena, &row, NULL));
	SAMPLE_SAME(s, show_clearance, &row, &want, "get");
	sample_ok(s,
	    bench->ops->clearance_find(
		bench->backend, s->digest, &bench->arena, &row, NULL));
	SAMPLE_SAME(s, show_clearance, &row, &want, "by hash");
	sample_ok(s,
	    bench->ops->clearance_reads(
		bench->backend, s->no, &bench->arena, &reads, &n, NULL));
	sample_is(s,
	    n == 3 && reads[0] == 1 && reads[1] == s->i + 2 &&
		reads[2] == INT64_MAX,
	    "the reads");
	for (i = 0; i < MARKET__COUNT(ways); i++) {
		query.by = (market__clearance_by_t)i;
		/* None is computed before an epoch that it is of. */
		if (query.by == MARKET__CLEARANCE_BY_STALE_READER &&
		    want.epoch == INT64_MAX)
			continue;
		sample_ok(s,
		    bench->ops->clearances(bench->backend, &query,
			&bench->arena, &rows, &n, NULL));
		sample_is(s, n == 1, ways[i]);
		SAMPLE_SAME(s, show_clearance, rows, &want, ways[i]);
	}
}

START_TEST(backend_gives_a_clearance_back_when_it_was_put)
{
	sample_round_trip(put_clearance, check_clearance);
}
END_TEST

/* ---- listings ---- */

/* As many questions as a listing may have, in no order. */
static size_t
questions(const sample_t *s, uint64_t *numbers_of)
{
	size_t i, n = s->i % 5 == 4 ? MARKET__LISTING_CELLS_MAX : s->i % 5;

	for (i = 0; i < n; i++)
		numbers_of[i] = i == 0 ? INT64_MAX
				       : MARKET__LISTING_CELLS_MAX - i;
	return n;
}

static market__listing_row_t
listing(const sample_t *s, uint64_t *numbers_of)
{
	market__listing_row_t row = { .no = s->no,
		.seller = s->i % 2 == 0 ? 1 : INT64_MAX,
		.offer_id = s->name,
		.revision = s->wide,
		.intent = s->narrow,
		.flags = s->narrow,
		.began = s->wide,
		.offer_entry = s->wide,
		.last = s->wide,
		.not_before = s->time,
		.not_after = s->time,
		.disclosures = s->wide,
		.questions = numbers_of,
		.n_questions = questions(s, numbers_of) };

	memcpy(row.digest, s->digest, sizeof(row.digest));
	return row;
}

/* Those who sell and what is asked are there. */
static void
put_what_is_named(bench_t *bench, const sample_t *s)
{
	market__clearance_row_t asked = world_clearance(1);
	market__party_row_t seller = world_party(1);
	size_t i;

	sample_ok(s, bench->ops->party_put(bench->backend, &seller, NULL));
	seller.no = INT64_MAX;
	seller.name = market_slice_of("another");
	sample_ok(s, bench->ops->party_put(bench->backend, &seller, NULL));
	for (i = 0; i < MARKET__LISTING_CELLS_MAX; i++) {
		asked.no = i == 0 ? INT64_MAX : i;
		asked.hash[1] = (uint8_t)i;
		sample_ok(
		    s, bench->ops->clearance_put(bench->backend, &asked, NULL));
	}
}

static void
put_listing(bench_t *bench, const sample_t *s)
{
	uint64_t numbers_of[MARKET__LISTING_CELLS_MAX];
	market__listing_row_t row = listing(s, numbers_of);

	if (s->i == 0)
		put_what_is_named(bench, s);
	sample_ok(s, bench->ops->listing_put(bench->backend, &row, NULL));
}

static void
check_listing(bench_t *bench, const sample_t *s)
{
	uint64_t numbers_of[MARKET__LISTING_CELLS_MAX];
	market__listing_row_t want = listing(s, numbers_of), row;
	market__listing_query_t query = {
		.by = MARKET__LISTING_BY_QUESTION, .after = s->no - 1, .max = 1
	};
	const market__listing_row_t *rows;
	uint64_t cells;
	size_t i, n;

	sample_ok(s,
	    bench->ops->listing_get(
		bench->backend, s->no, &bench->arena, &row, NULL));
	SAMPLE_SAME(s, show_listing, &row, &want, "get");
	sample_ok(s,
	    bench->ops->listing_find(bench->backend, want.seller, s->name,
		&bench->arena, &row, NULL));
	SAMPLE_SAME(s, show_listing, &row, &want, "find");
	for (i = 0; i < want.n_questions; i++) {
		query.question = want.questions[i];
		sample_ok(s,
		    bench->ops->listings(bench->backend, &query, &bench->arena,
			&rows, &n, NULL));
		sample_is(s, n == 1 && rows[0].no == s->no, "the list");
		if (i == 0)
			SAMPLE_SAME(
			    s, show_listing, rows, &want, "by question");
	}
	if (want.n_questions > 0) {
		/* All that ask the last of them, as often as is counted. */
		query.after = 0;
		query.max = SIZE_MAX;
		sample_ok(s,
		    bench->ops->listings(bench->backend, &query, &bench->arena,
			&rows, &n, NULL));
		sample_ok(s,
		    bench->ops->clearance_cells(
			bench->backend, query.question, &cells, NULL));
		sample_is(s, n > 0 && cells == n, "how many ask it");
	}
}

START_TEST(backend_gives_a_listing_back_when_it_was_put)
{
	sample_round_trip(put_listing, check_listing);
}
END_TEST

void
conformance_asked_rows(TCase *tcase)
{
	tcase_add_test(tcase, backend_gives_a_clearance_back_when_it_was_put);
	tcase_add_test(tcase, backend_gives_a_listing_back_when_it_was_put);
}
