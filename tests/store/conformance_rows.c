/* SPDX-License-Identifier: Apache-2.0 */
/* Each kind of row comes back as it was written, by each way to it. */
#include "conformance_sample.h"

/* ---- the head ---- */

/* There is one: each is put in place of the last. */
static market__store_head_t
head(const sample_t *s)
{
	market__store_head_t row = { .epoch = s->wide,
		.entries = s->wide,
		.settled = s->wide,
		.slots = s->wide,
		.questions = s->wide,
		.listings = s->wide,
		.parties = s->wide,
		.clock = s->time };

	memcpy(row.epoch_chain, s->digest, sizeof(row.epoch_chain));
	memcpy(row.entry_chain, s->digest, sizeof(row.entry_chain));
	return row;
}

static void
put_head(bench_t *bench, const sample_t *s)
{
	market__store_head_t want = head(s), row;

	if (s->i == 0)
		sample_is(s,
		    bench->ops->head_get(bench->backend, &row, NULL) ==
			MARKET_E_NOT_FOUND,
		    "no head yet");
	sample_ok(s, bench->ops->head_put(bench->backend, &want, NULL));
	sample_ok(s, bench->ops->head_get(bench->backend, &row, NULL));
	SAMPLE_SAME(s, show_head, &row, &want, "at once");
}

/* Once all are written the last one is there. */
static void
check_head(bench_t *bench, const sample_t *s)
{
	market__store_head_t want = head(s), row;

	sample_ok(s, bench->ops->head_get(bench->backend, &row, NULL));
	if (s->no == INT64_MAX)
		SAMPLE_SAME(s, show_head, &row, &want, "the last");
}

START_TEST(backend_gives_the_head_back_when_it_was_put)
{
	sample_round_trip(put_head, check_head);
}
END_TEST

/* ---- statements ---- */

static market__statement_row_t
statement(const sample_t *s)
{
	market__statement_row_t row = { .no = s->no,
		.slot = s->text,
		.kind = s->narrow,
		.issuer = s->text,
		.id = s->name,
		.revision = s->wide,
		.subject = s->text,
		.seen_at = s->time,
		.entry = s->wide,
		.basis = s->wide,
		.grounds = s->text };

	memcpy(row.digest, s->digest, sizeof(row.digest));
	return row;
}

static void
put_statement(bench_t *bench, const sample_t *s)
{
	market__statement_row_t row = statement(s);

	sample_ok(s, bench->ops->statement_insert(bench->backend, &row, NULL));
}

static void
check_statement(bench_t *bench, const sample_t *s)
{
	static const char *const ways[] = { "by number", "by slot", "by digest",
		"by name", "by subject" };
	market__statement_row_t want = statement(s);
	const market__statement_row_t *rows;
	market__statement_query_t query = { .slot = want.slot,
		.digest = market__slice(want.digest, sizeof(want.digest)),
		.kind = want.kind,
		.issuer = want.issuer,
		.id = want.id,
		.subject = want.subject,
		.after = want.no - 1,
		.max = 1 };
	size_t i, n;

	for (i = 0; i < MARKET__COUNT(ways); i++) {
		query.by = (market__statement_by_t)i;
		sample_ok(s,
		    bench->ops->statements(bench->backend, &query,
			&bench->arena, &rows, &n, NULL));
		sample_is(s, n == 1, ways[i]);
		SAMPLE_SAME(s, show_statement, rows, &want, ways[i]);
	}
}

START_TEST(backend_gives_a_statement_back_when_it_was_inserted)
{
	sample_round_trip(put_statement, check_statement);
}
END_TEST

/* ---- payloads and entries ---- */

static market__entry_row_t
entry(const sample_t *s)
{
	market__entry_row_t row = { .seq = s->no,
		.at = s->time,
		.kind = s->narrow,
		.object = s->wide,
		.prev = s->wide,
		.cause = s->wide,
		.detail = s->text };

	return row;
}

static void
put_entry(bench_t *bench, const sample_t *s)
{
	market__entry_row_t row = entry(s);

	sample_ok(s, bench->ops->entry_insert(bench->backend, &row, NULL));
	sample_ok(s,
	    bench->ops->payload_insert(bench->backend, s->no, s->text, NULL));
}

static void
check_entry(bench_t *bench, const sample_t *s)
{
	market__entry_row_t want = entry(s);
	const market__entry_row_t *rows;
	market_slice_t bytes;
	size_t n;

	sample_ok(s,
	    bench->ops->entries(
		bench->backend, s->no - 1, 1, &bench->arena, &rows, &n, NULL));
	sample_is(s, n == 1, "one of the list");
	SAMPLE_SAME(s, show_entry, rows, &want, "entry");
	sample_ok(s,
	    bench->ops->payload_get(
		bench->backend, s->no, &bench->arena, &bytes, NULL));
	sample_is(s, market__slice_equal(bytes, s->text), "the payload");
}

START_TEST(backend_gives_an_entry_and_its_payload_back_when_inserted)
{
	sample_round_trip(put_entry, check_entry);
}
END_TEST

/* ---- slots ---- */

static market__slot_row_t
slot(const sample_t *s)
{
	market__slot_row_t row = { .no = s->no,
		.name = s->name,
		.counter = s->wide,
		.epoch = s->wide };

	memcpy(row.chain, s->digest, sizeof(row.chain));
	return row;
}

static void
put_slot(bench_t *bench, const sample_t *s)
{
	market__slot_row_t row = slot(s);

	sample_ok(s, bench->ops->slot_put(bench->backend, &row, NULL));
}

static void
check_slot(bench_t *bench, const sample_t *s)
{
	market__slot_row_t want = slot(s), row;
	const market__slot_row_t *rows;
	size_t n;

	sample_ok(s,
	    bench->ops->slot_get(
		bench->backend, s->name, &bench->arena, &row, NULL));
	SAMPLE_SAME(s, show_slot, &row, &want, "by name");
	if (want.epoch > 0) {
		sample_ok(s,
		    bench->ops->slots_since(bench->backend, want.epoch - 1,
			s->no - 1, 1, &bench->arena, &rows, &n, NULL));
		sample_is(s, n == 1, "one of the list");
		SAMPLE_SAME(s, show_slot, rows, &want, "since");
	}
}

START_TEST(backend_gives_a_slot_back_when_it_was_put)
{
	sample_round_trip(put_slot, check_slot);
}
END_TEST

/* ---- parties ---- */

static market__party_row_t
party(const sample_t *s)
{
	market__party_row_t row = { .no = s->no,
		.name = s->name,
		.listings = s->wide,
		.questions = s->wide,
		.statements = s->wide,
		.early = s->wide };

	return row;
}

static void
put_party(bench_t *bench, const sample_t *s)
{
	market__party_row_t row = party(s);

	sample_ok(s, bench->ops->party_put(bench->backend, &row, NULL));
}

static void
check_party(bench_t *bench, const sample_t *s)
{
	market__party_row_t want = party(s), row;

	sample_ok(s,
	    bench->ops->party_get(
		bench->backend, s->no, &bench->arena, &row, NULL));
	SAMPLE_SAME(s, show_party, &row, &want, "get");
	sample_ok(s,
	    bench->ops->party_find(
		bench->backend, s->name, &bench->arena, &row, NULL));
	SAMPLE_SAME(s, show_party, &row, &want, "by name");
}

START_TEST(backend_gives_a_party_back_when_it_was_put)
{
	sample_round_trip(put_party, check_party);
}
END_TEST

/* ---- feeds ---- */

static market__feed_row_t
feed(const sample_t *s)
{
	market__feed_row_t row = {
		.no = s->no, .last = s->wide, .state = s->text
	};

	return row;
}

/* A feed is a statement. */
static void
put_feed(bench_t *bench, const sample_t *s)
{
	market__feed_row_t row = feed(s);

	put_statement(bench, s);
	sample_ok(s, bench->ops->feed_put(bench->backend, &row, NULL));
}

static void
check_feed(bench_t *bench, const sample_t *s)
{
	market__feed_row_t want = feed(s), row;

	sample_ok(s,
	    bench->ops->feed_get(
		bench->backend, s->no, &bench->arena, &row, NULL));
	SAMPLE_SAME(s, show_feed, &row, &want, "get");
}

START_TEST(backend_gives_a_feed_back_when_it_was_put)
{
	sample_round_trip(put_feed, check_feed);
}
END_TEST

void
conformance_rows(TCase *tcase)
{
	tcase_add_test(tcase, backend_gives_the_head_back_when_it_was_put);
	tcase_add_test(
	    tcase, backend_gives_a_statement_back_when_it_was_inserted);
	tcase_add_test(
	    tcase, backend_gives_an_entry_and_its_payload_back_when_inserted);
	tcase_add_test(tcase, backend_gives_a_slot_back_when_it_was_put);
	tcase_add_test(tcase, backend_gives_a_party_back_when_it_was_put);
	tcase_add_test(tcase, backend_gives_a_feed_back_when_it_was_put);
}
