/* SPDX-License-Identifier: Apache-2.0 */
/* A small world of rows: enough that every list has something to leave out. */
#include "conformance_kit.h"

/* clang-format off */
#define S(text) { (const uint8_t *)("" text), sizeof(text) - 1 }
/* clang-format on */

/* At most three numbers. */
struct numbers {
	size_t n;
	uint64_t at[3];
};

static void
fill(uint8_t *digest, uint64_t seed)
{
	memset(digest, (int)(seed & 0xff), MARKET_DIGEST_LEN);
}

market__store_head_t
world_head(void)
{
	market__store_head_t head = { .epoch = 7,
		.entries = 8,
		.settled = 9,
		.slots = 10,
		.questions = 11,
		.listings = 12,
		.parties = 13,
		.clock = 14 };

	fill(head.epoch_chain, 15);
	fill(head.entry_chain, 16);
	return head;
}

market__statement_row_t
world_statement(uint64_t no)
{
	/* Two have one digest; two names are the same when run together. */
	static const struct {
		market_slice_t slot, issuer, id, subject;
		uint32_t kind;
		uint8_t digest;
	} rows[WORLD_STATEMENTS] = {
		{ S("root"), S("mi.com"), S("root"), S(""), 1, 1 },
		{ S("s"), S("mi.com"), S("g"), S("p"), 2, 2 },
		{ S("s"), S("mi.com"), S("g"), S("q"), 2, 3 },
		{ S("s2"), S("mi.com"), S("h"), S("p"), 2, 2 },
		{ S("s"), S("mi.com"), S("g"), S("p"), 3, 5 },
		{ S("s"), S("mi.co"), S("mg"), S("p"), 2, 6 },
		{ S("S"), S("mi.com"), S("G"), S("P"), 2, 7 },
	};
	size_t i = (size_t)(no - 1) % WORLD_STATEMENTS;
	market__statement_row_t row = { .no = no,
		.slot = rows[i].slot,
		.kind = rows[i].kind,
		.issuer = rows[i].issuer,
		.id = rows[i].id,
		.revision = 100 + no,
		.subject = rows[i].subject,
		.seen_at = (int64_t)(200 + no),
		.entry = 300 + no,
		.basis = 400 + no,
		.grounds = S("by\0two keys") };

	fill(row.digest, rows[i].digest);
	return row;
}

market__slot_row_t
world_slot(uint64_t no)
{
	static const struct {
		market_slice_t name;
		uint64_t epoch;
	} rows[WORLD_SLOTS] = {
		{ S("root"), 1 },
		{ S("product/xiaomi/mi%204"), 0 },
		{ S("hold/*"), 5 },
		{ S("keys/mi.com"), 3 },
		{ S("ROOT"), 2 },
	};
	size_t i = (size_t)(no - 1) % WORLD_SLOTS;
	market__slot_row_t row = { .no = no,
		.name = rows[i].name,
		.counter = rows[i].epoch == 0 ? 0 : 100 + no,
		.epoch = rows[i].epoch };

	fill(row.chain, 200 + no);
	return row;
}

market__clearance_row_t
world_clearance(uint64_t no)
{
	static const int64_t horizons[WORLD_CLEARANCES] = { 100, -5, INT64_MAX,
		50, 100, 101 };
	market__clearance_row_t row = { .no = no,
		.question = S("question?"),
		.verdict = (uint32_t)(10 + no),
		.computed_at = (int64_t)(20 + no),
		.horizon = horizons[(no - 1) % WORLD_CLEARANCES],
		.epoch = no,
		.evaluator = (uint32_t)(30 + no),
		.ended = 40 + no,
		.entry = 50 + no,
		.result = S("\0\xff result") };

	fill(row.hash, no);
	/* Not only the first byte of a hash is looked at. */
	row.hash[0] = 0;
	fill(row.versions, 70 + no);
	return row;
}

const uint64_t *
world_reads(uint64_t no, size_t *ret_n)
{
	static const struct numbers rows[WORLD_CLEARANCES] = {
		{ 3, { 1, 2, 3 } },
		{ 1, { 3 } },
		{ 0, { 0 } },
		{ 2, { 2, 3 } },
		{ 2, { 3, 4 } },
		{ 1, { 5 } },
	};

	*ret_n = rows[(no - 1) % WORLD_CLEARANCES].n;
	return rows[(no - 1) % WORLD_CLEARANCES].at;
}

market__party_row_t
world_party(uint64_t no)
{
	/* By name: 3, 1, 5, 2, 4. */
	static const market_slice_t names[WORLD_PARTIES] = { S("mi.com"),
		S("shop.example"), S("a.example"), S("shop.example.org"),
		S("shop") };
	market__party_row_t row = { .no = no,
		.name = names[(no - 1) % WORLD_PARTIES],
		.listings = 10 + no,
		.questions = 20 + no,
		.statements = 30 + no,
		.early = 40 + no };

	return row;
}

market__listing_row_t
world_listing(uint64_t no)
{
	/* Of seller 2 by offer id: 6, 2, 5, 3, 1. */
	static const struct {
		uint64_t seller;
		market_slice_t offer_id;
		struct numbers questions;
	} rows[WORLD_LISTINGS] = {
		{ 2, S("b"), { 2, { 1, 2 } } },
		{ 2, S("a"), { 1, { 1 } } },
		{ 2, S("ab"), { 2, { 3, 1 } } },
		{ 1, S("a"), { 0, { 0 } } },
		{ 2, S("a\0"), { 2, { 2, 1 } } },
		{ 2, S("B"), { 1, { 1 } } },
	};
	size_t i = (size_t)(no - 1) % WORLD_LISTINGS;
	market__listing_row_t row = { .no = no,
		.seller = rows[i].seller,
		.offer_id = rows[i].offer_id,
		.revision = 10 + no,
		.intent = (uint32_t)(20 + no),
		.flags = (uint32_t)(30 + no),
		.began = 40 + no,
		.offer_entry = 50 + no,
		.last = 60 + no,
		.not_before = (int64_t)(70 + no),
		.not_after = (int64_t)(80 + no),
		.disclosures = 90 + no,
		.questions = rows[i].questions.at,
		.n_questions = rows[i].questions.n };

	fill(row.digest, 100 + no);
	return row;
}

market__feed_row_t
world_feed(uint64_t no)
{
	static const market_slice_t states[WORLD_FEEDS] = { S("how far"),
		S("\0\xff"), S("") };
	market__feed_row_t row = { .no = no,
		.last = 10 + no,
		.state = states[(no - 1) % WORLD_FEEDS] };

	return row;
}

market__entry_row_t
world_entry(uint64_t seq)
{
	market__entry_row_t row = { .seq = seq,
		.at = (int64_t)(10 + seq),
		.kind = (uint32_t)(20 + seq),
		.object = 30 + seq,
		.prev = 40 + seq,
		.cause = 50 + seq,
		.detail = S("detail\0") };

	return row;
}

market_slice_t
world_payload(uint64_t entry)
{
	static const market_slice_t payloads[] = { S("an envelope"),
		S("\0\0\0"), S("") };

	return payloads[entry % MARKET__COUNT(payloads)];
}

void
bench_fill(bench_t *bench)
{
	market__backend_t *b = bench->backend;
	market__store_head_t head = world_head();
	market__statement_row_t statement;
	market__slot_row_t slot;
	market__clearance_row_t clearance;
	market__party_row_t party;
	market__listing_row_t listing;
	market__feed_row_t feed;
	market__entry_row_t entry;
	const uint64_t *reads;
	uint64_t no;
	size_t n;

	bench_begin(bench, true);
	OK(bench->ops->head_put(b, &head, NULL));
	for (no = 1; no <= WORLD_PARTIES; no++) {
		party = world_party(no);
		OK(bench->ops->party_put(b, &party, NULL));
	}
	for (no = 1; no <= WORLD_SLOTS; no++) {
		slot = world_slot(no);
		OK(bench->ops->slot_put(b, &slot, NULL));
	}
	for (no = 1; no <= WORLD_CLEARANCES; no++) {
		clearance = world_clearance(no);
		OK(bench->ops->clearance_put(b, &clearance, NULL));
		reads = world_reads(no, &n);
		OK(bench->ops->clearance_set_reads(b, no, reads, n, NULL));
	}
	for (no = 1; no <= WORLD_LISTINGS; no++) {
		listing = world_listing(no);
		OK(bench->ops->listing_put(b, &listing, NULL));
	}
	for (no = 1; no <= WORLD_STATEMENTS; no++) {
		statement = world_statement(no);
		OK(bench->ops->statement_insert(b, &statement, NULL));
	}
	for (no = 1; no <= WORLD_FEEDS; no++) {
		feed = world_feed(no);
		OK(bench->ops->feed_put(b, &feed, NULL));
	}
	for (no = 1; no <= WORLD_ENTRIES; no++) {
		entry = world_entry(no);
		OK(bench->ops->entry_insert(b, &entry, NULL));
		if (no % 2 == 1)
			OK(bench->ops->payload_insert(
			    b, no, world_payload(no), NULL));
	}
	bench_commit(bench);
}
