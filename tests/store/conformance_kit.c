/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance_kit.h"

#include <stdlib.h>

const conformance_backend_t *conformance_subject;

/* ---- a backend under test ---- */

static void
attach(bench_t *bench)
{
	ck_assert_ptr_nonnull(bench->backend);
	bench->ops = bench->backend->ops;
	ck_assert_str_eq(bench->ops->name, conformance_subject->name);
	market__arena_init(&bench->arena, &market__default_allocator, SIZE_MAX);
}

void
bench_open(bench_t *bench)
{
	memset(bench, 0, sizeof(*bench));
	harness_memory_init(&bench->memory);
	OK(conformance_subject->open(
	    &bench->memory.allocator, &bench->backend));
	attach(bench);
}

void
bench_reopen(bench_t *bench)
{
	memset(bench, 0, sizeof(*bench));
	harness_memory_init(&bench->memory);
	OK(conformance_subject->reopen(
	    &bench->memory.allocator, &bench->backend));
	attach(bench);
}

void
bench_shut(bench_t *bench)
{
	market__arena_clear(&bench->arena);
	bench->ops->close(bench->backend);
	ck_assert_uint_eq(bench->memory.live, 0);
}

void
bench_close(bench_t *bench)
{
	bench_shut(bench);
	if (conformance_subject->discard != NULL)
		conformance_subject->discard();
}

void
bench_begin(bench_t *bench, bool write)
{
	OK(bench->ops->begin(bench->backend, write, NULL));
}

void
bench_commit(bench_t *bench)
{
	OK(bench->ops->commit(bench->backend, NULL));
}

void
bench_rollback(bench_t *bench)
{
	bench->ops->rollback(bench->backend);
}

/* ---- rows as text ---- */

/* Check writes to its parent at each of its own, passed or not. */
static void
must(market_status_t status)
{
	if (status != MARKET_OK)
		OK(status);
}

static void
show_number(market__text_t *text, const char *name, uint64_t number)
{
	market__text_printf(text, " %s=%llu", name, (unsigned long long)number);
}

static void
show_signed(market__text_t *text, const char *name, int64_t number)
{
	market__text_printf(text, " %s=%lld", name, (long long)number);
}

static void
show_slice(market__text_t *text, const char *name, market_slice_t slice)
{
	market__text_printf(text, " %s=\"", name);
	market__text_escaped(text, slice);
	market__text_puts(text, "\"");
}

static void
show_digest(market__text_t *text, const char *name, const uint8_t *digest)
{
	market__text_printf(text, " %s=", name);
	market__text_hex(text, market__slice(digest, MARKET_DIGEST_LEN));
}

void
show_numbers(market__text_t *text, const uint64_t *numbers, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		market__text_printf(
		    text, " %llu", (unsigned long long)numbers[i]);
	market__text_puts(text, "\n");
}

void
show_head(market__text_t *text, const market__store_head_t *row)
{
	market__text_puts(text, "head");
	show_number(text, "epoch", row->epoch);
	show_digest(text, "epoch_chain", row->epoch_chain);
	show_number(text, "entries", row->entries);
	show_digest(text, "entry_chain", row->entry_chain);
	show_number(text, "settled", row->settled);
	show_number(text, "slots", row->slots);
	show_number(text, "questions", row->questions);
	show_number(text, "listings", row->listings);
	show_number(text, "parties", row->parties);
	show_signed(text, "clock", row->clock);
	market__text_puts(text, "\n");
}

void
show_statement(market__text_t *text, const market__statement_row_t *row)
{
	market__text_puts(text, "statement");
	show_number(text, "no", row->no);
	show_slice(text, "slot", row->slot);
	show_digest(text, "digest", row->digest);
	show_number(text, "kind", row->kind);
	show_slice(text, "issuer", row->issuer);
	show_slice(text, "id", row->id);
	show_number(text, "revision", row->revision);
	show_slice(text, "subject", row->subject);
	show_signed(text, "seen_at", row->seen_at);
	show_number(text, "entry", row->entry);
	show_number(text, "basis", row->basis);
	show_slice(text, "grounds", row->grounds);
	market__text_puts(text, "\n");
}

void
show_slot(market__text_t *text, const market__slot_row_t *row)
{
	market__text_puts(text, "slot");
	show_number(text, "no", row->no);
	show_slice(text, "name", row->name);
	show_number(text, "counter", row->counter);
	show_digest(text, "chain", row->chain);
	show_number(text, "epoch", row->epoch);
	market__text_puts(text, "\n");
}

void
show_clearance(market__text_t *text, const market__clearance_row_t *row)
{
	market__text_puts(text, "clearance");
	show_number(text, "no", row->no);
	show_digest(text, "hash", row->hash);
	show_slice(text, "question", row->question);
	show_number(text, "verdict", row->verdict);
	show_signed(text, "computed_at", row->computed_at);
	show_signed(text, "horizon", row->horizon);
	show_number(text, "epoch", row->epoch);
	show_number(text, "evaluator", row->evaluator);
	show_digest(text, "versions", row->versions);
	show_number(text, "ended", row->ended);
	show_number(text, "entry", row->entry);
	show_slice(text, "result", row->result);
	market__text_puts(text, "\n");
}

void
show_party(market__text_t *text, const market__party_row_t *row)
{
	market__text_puts(text, "party");
	show_number(text, "no", row->no);
	show_slice(text, "name", row->name);
	show_number(text, "listings", row->listings);
	show_number(text, "questions", row->questions);
	show_number(text, "statements", row->statements);
	show_number(text, "early", row->early);
	market__text_puts(text, "\n");
}

void
show_listing(market__text_t *text, const market__listing_row_t *row)
{
	market__text_puts(text, "listing");
	show_number(text, "no", row->no);
	show_number(text, "seller", row->seller);
	show_slice(text, "offer_id", row->offer_id);
	show_digest(text, "digest", row->digest);
	show_number(text, "revision", row->revision);
	show_number(text, "intent", row->intent);
	show_number(text, "flags", row->flags);
	show_number(text, "began", row->began);
	show_number(text, "offer_entry", row->offer_entry);
	show_number(text, "last", row->last);
	show_signed(text, "not_before", row->not_before);
	show_signed(text, "not_after", row->not_after);
	show_number(text, "disclosures", row->disclosures);
	market__text_puts(text, " questions:");
	show_numbers(text, row->questions, row->n_questions);
}

void
show_feed(market__text_t *text, const market__feed_row_t *row)
{
	market__text_puts(text, "feed");
	show_number(text, "no", row->no);
	show_number(text, "last", row->last);
	show_slice(text, "state", row->state);
	market__text_puts(text, "\n");
}

void
show_entry(market__text_t *text, const market__entry_row_t *row)
{
	market__text_puts(text, "entry");
	show_number(text, "seq", row->seq);
	show_signed(text, "at", row->at);
	show_number(text, "kind", row->kind);
	show_number(text, "object", row->object);
	show_number(text, "prev", row->prev);
	show_number(text, "cause", row->cause);
	show_slice(text, "detail", row->detail);
	market__text_puts(text, "\n");
}

/* ---- all of it as text ---- */

/* Payloads have no list: those of the first entries are looked for. */
#define PAYLOADS 40

static void
add_statements(bench_t *bench, market__text_t *text)
{
	market__statement_query_t query = { .max = SIZE_MAX };
	const market__statement_row_t *rows;
	size_t i, n;

	must(bench->ops->statements(
	    bench->backend, &query, &bench->arena, &rows, &n, NULL));
	for (i = 0; i < n; i++)
		show_statement(text, &rows[i]);
}

static void
add_entries(bench_t *bench, market__text_t *text)
{
	const market__entry_row_t *rows;
	market_status_t status;
	market_slice_t bytes;
	uint64_t entry;
	size_t i, n;

	must(bench->ops->entries(
	    bench->backend, 0, SIZE_MAX, &bench->arena, &rows, &n, NULL));
	for (i = 0; i < n; i++)
		show_entry(text, &rows[i]);
	for (entry = 1; entry <= PAYLOADS; entry++) {
		status = bench->ops->payload_get(
		    bench->backend, entry, &bench->arena, &bytes, NULL);
		if (status == MARKET_E_NOT_FOUND)
			continue;
		must(status);
		show_number(text, "payload", entry);
		show_slice(text, "bytes", bytes);
		market__text_puts(text, "\n");
	}
}

/* Those that nothing has changed are in no list: by their names. */
static void
add_slots(bench_t *bench, market__text_t *text)
{
	const market__slot_row_t *rows;
	market_status_t status;
	market__slot_row_t row;
	uint64_t no;
	size_t i, n;

	must(bench->ops->slots_since(
	    bench->backend, 0, 0, SIZE_MAX, &bench->arena, &rows, &n, NULL));
	for (i = 0; i < n; i++)
		show_slot(text, &rows[i]);
	for (no = 1; no <= WORLD_SLOTS; no++) {
		status = bench->ops->slot_get(bench->backend,
		    world_slot(no).name, &bench->arena, &row, NULL);
		if (status == MARKET_E_NOT_FOUND)
			continue;
		must(status);
		show_slot(text, &row);
	}
}

static void
add_clearances(bench_t *bench, market__text_t *text)
{
	market__clearance_query_t query = { .max = SIZE_MAX };
	const market__clearance_row_t *rows;
	const uint64_t *reads;
	uint64_t cells;
	size_t i, n, n_reads;

	must(bench->ops->clearances(
	    bench->backend, &query, &bench->arena, &rows, &n, NULL));
	for (i = 0; i < n; i++) {
		show_clearance(text, &rows[i]);
		must(bench->ops->clearance_cells(
		    bench->backend, rows[i].no, &cells, NULL));
		show_number(text, "cells", cells);
		must(bench->ops->clearance_reads(bench->backend, rows[i].no,
		    &bench->arena, &reads, &n_reads, NULL));
		market__text_puts(text, "reads:");
		show_numbers(text, reads, n_reads);
	}
	query.by = MARKET__CLEARANCE_BY_READER;
	for (query.slot = 1; query.slot <= WORLD_SLOTS; query.slot++) {
		must(bench->ops->clearances(
		    bench->backend, &query, &bench->arena, &rows, &n, NULL));
		show_number(text, "readers of", query.slot);
		for (i = 0; i < n; i++)
			show_number(text, "no", rows[i].no);
		market__text_puts(text, "\n");
	}
}

static void
add_listings(bench_t *bench, market__text_t *text)
{
	market__listing_query_t query = { .max = SIZE_MAX };
	const market__listing_row_t *rows;
	const market__party_row_t *parties;
	size_t i, n, j, n_parties;

	must(bench->ops->listings(
	    bench->backend, &query, &bench->arena, &rows, &n, NULL));
	for (i = 0; i < n; i++)
		show_listing(text, &rows[i]);
	must(bench->ops->parties(bench->backend, market__slice(NULL, 0),
	    SIZE_MAX, &bench->arena, &parties, &n_parties, NULL));
	query.by = MARKET__LISTING_BY_SELLER;
	for (j = 0; j < n_parties; j++) {
		show_party(text, &parties[j]);
		query.seller = parties[j].no;
		must(bench->ops->listings(
		    bench->backend, &query, &bench->arena, &rows, &n, NULL));
		for (i = 0; i < n; i++)
			show_number(text, "sells", rows[i].no);
		market__text_puts(text, "\n");
	}
	query.by = MARKET__LISTING_BY_QUESTION;
	for (query.question = 1; query.question <= WORLD_CLEARANCES;
	     query.question++) {
		must(bench->ops->listings(
		    bench->backend, &query, &bench->arena, &rows, &n, NULL));
		show_number(text, "asked by question", query.question);
		for (i = 0; i < n; i++)
			show_number(text, "no", rows[i].no);
		market__text_puts(text, "\n");
	}
}

/* They have no list, either: a feed is looked for by its statement. */
static void
add_feeds(bench_t *bench, market__text_t *text)
{
	market_status_t status;
	market__feed_row_t row;
	uint64_t no;

	for (no = 1; no <= WORLD_STATEMENTS; no++) {
		status = bench->ops->feed_get(
		    bench->backend, no, &bench->arena, &row, NULL);
		if (status == MARKET_E_NOT_FOUND)
			continue;
		must(status);
		show_feed(text, &row);
	}
}

char *
bench_text(bench_t *bench)
{
	market__store_head_t head;
	market_status_t status;
	market__text_t text;
	char *copy;

	market__text_init(&text, &market__default_allocator, SIZE_MAX / 4);
	status = bench->ops->head_get(bench->backend, &head, NULL);
	if (status == MARKET_OK)
		show_head(&text, &head);
	else
		NONE(status);
	add_statements(bench, &text);
	add_entries(bench, &text);
	add_slots(bench, &text);
	add_clearances(bench, &text);
	add_listings(bench, &text);
	add_feeds(bench, &text);
	market__arena_clear(&bench->arena);
	OK(text.status);
	copy = malloc(text.len + 1);
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text.data, text.len + 1);
	market__text_clear(&text);
	return copy;
}

char *
bench_content(bench_t *bench)
{
	char *text;

	bench_begin(bench, false);
	text = bench_text(bench);
	bench_commit(bench);
	return text;
}

void
bench_is(bench_t *bench, const char *want)
{
	char *got = bench_content(bench);

	ck_assert_str_eq(got, want);
	free(got);
}

static void
fault(void *user, const char *what)
{
	(void)user;
	ck_abort_msg("%s", what);
}

void
bench_is_sound(bench_t *bench)
{
	bench_begin(bench, false);
	OK(bench->ops->integrity(bench->backend, fault, NULL, NULL));
	bench_commit(bench);
}
