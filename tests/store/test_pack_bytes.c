/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packs by themselves (libmarket/store/pack.h): their numbers, and entries.
 * What goes in comes out, at every bound; what is damaged is refused, or gives
 * rows.
 */
#include "pack_kit.h"

/* ---- numbers ---- */

START_TEST(varint_gives_a_number_back)
{
	uint8_t bytes[MARKET__VARINT_MAX + 1];
	uint64_t number, got;
	market_slice_t rest;
	size_t i, len, want;

	for (i = 0; i < PACK_NUMBERS + 64; i++) {
		number = i < PACK_NUMBERS ? pack_numbers[i]
					  : UINT64_C(1) << (i - PACK_NUMBERS);
		for (want = 1; want < 10 && number >> (7 * want) != 0;)
			want++;
		len = market__varint_put(bytes, number);
		WANT(len == want && len <= MARKET__VARINT_MAX);
		bytes[len] = 0xff;
		rest = market__slice(bytes, len + 1);
		WANT(market__varint_take(&rest, &got) && got == number);
		WANT(rest.ptr == bytes + len && rest.len == 1);
	}
}
END_TEST

START_TEST(varint_refuses_what_is_none)
{
	static const struct {
		size_t len;
		uint8_t bytes[12];
	} rows[] = {
		{ 0, { 0 } },
		{ 1, { 0x80 } },
		{ 1, { 0xff } },
		{ 2, { 0x80, 0x80 } },
		/* Not the shortest. */
		{ 2, { 0x80, 0 } },
		{ 3, { 0xff, 0x80, 0 } },
		{ 10,
		    { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
			0 } },
		/* More than 64 bits. */
		{ 10,
		    { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
			2 } },
		{ 10,
		    { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
			0x7f } },
		{ 11,
		    { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
			0x80, 1 } },
		{ 12,
		    { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
			0xff, 0xff, 1 } },
	};
	market_slice_t rest;
	uint64_t got = 42;
	size_t i;

	for (i = 0; i < MARKET__COUNT(rows); i++) {
		rest = market__slice(rows[i].bytes, rows[i].len);
		WANT(!market__varint_take(&rest, &got));
		WANT(!market__varint_add(&rest, 1, &got));
		WANT(rest.len == rows[i].len && got == 42);
	}
}
END_TEST

/* Every truncation of every number. */
START_TEST(varint_refuses_what_was_cut)
{
	uint8_t bytes[MARKET__VARINT_MAX];
	market_slice_t rest;
	uint64_t got;
	size_t i, len;

	for (i = 0; i < PACK_NUMBERS; i++)
		for (len = market__varint_put(bytes, pack_numbers[i]);
		     len-- > 0;) {
			rest = market__slice(bytes, len);
			WANT(!market__varint_take(&rest, &got));
		}
}
END_TEST

START_TEST(varint_is_short_for_what_is_near)
{
	uint8_t bytes[MARKET__VARINT_MAX];
	market_slice_t rest;
	uint64_t got, by;
	size_t i, j, len;

	for (i = 0; i < PACK_NUMBERS; i++)
		for (j = 0; j < PACK_NUMBERS; j++) {
			len = market__varint_differ(
			    bytes, pack_numbers[i], pack_numbers[j]);
			rest = market__slice(bytes, len);
			WANT(market__varint_add(&rest, pack_numbers[j], &got));
			WANT(got == pack_numbers[i] && rest.len == 0);
			by = pack_numbers[i] - pack_numbers[j];
			WANT((len == 1) == (by < 64 || by >= (uint64_t)-64));
		}
}
END_TEST

START_TEST(questions_come_back)
{
	static uint8_t
	    packed[(MARKET__LISTING_CELLS_MAX + 1) * MARKET__QUESTION_LEN_MAX];
	uint64_t questions[MARKET__LISTING_CELLS_MAX + 1], got[300];
	market_slice_t bytes;
	size_t n, i, len;

	for (i = 0; i < MARKET__COUNT(questions); i++)
		questions[i] = pack_numbers[i % PACK_NUMBERS];
	for (n = 0; n <= MARKET__LISTING_CELLS_MAX + 1; n++) {
		bytes = market__slice(
		    packed, market__questions_pack(questions, n, packed));
		WANT(market__questions_unpack(bytes, got, 300, &len) ==
		    (n <= MARKET__LISTING_CELLS_MAX));
		if (n > MARKET__LISTING_CELLS_MAX)
			break;
		WANT(len == n && memcmp(got, questions, n * 8) == 0);
		WANT(market__questions_unpack(bytes, got, n, &len));
		WANT(n == 0 ||
		    !market__questions_unpack(bytes, got, n - 1, &len));
		/* The last one is cut, unless it is gone. */
		bytes.len -= n > 0;
		WANT(n == 0 ||
		    market__questions_unpack(bytes, got, 300, &len) ==
			(questions[n - 1] < 0x80));
	}
}
END_TEST

/* ---- entries ---- */

static market__entry_packer_t entries;

static market__entry_row_t
entry(uint64_t seq, size_t i)
{
	static const char detail[] = "detail";
	market__entry_row_t row = { .seq = seq,
		.at = (int64_t)pack_numbers[i % PACK_NUMBERS],
		.kind = (uint32_t)pack_numbers[i * 5 % PACK_NUMBERS],
		.object = pack_numbers[i * 7 % PACK_NUMBERS],
		.prev = pack_numbers[i * 11 % PACK_NUMBERS],
		.cause = pack_numbers[i * 13 % PACK_NUMBERS] };

	row.detail = market__slice((const uint8_t *)detail, i % sizeof(detail));
	return row;
}

static bool
same_entry(const market__entry_row_t *a, const market__entry_row_t *b)
{
	return a->seq == b->seq && a->at == b->at && a->kind == b->kind &&
	    a->object == b->object && a->prev == b->prev &&
	    a->cause == b->cause && market__slice_equal(a->detail, b->detail);
}

/* At most `n` from number `first`; how many there were. */
static size_t
pack_entries(uint64_t first, size_t n)
{
	market__entry_row_t row;
	size_t i;

	entries.writer.n = entries.writer.len = 0;
	for (i = 0; i < n; i++) {
		row = entry(first + i, i);
		if (!market__pack_entry(&entries, &row))
			break;
	}
	return i;
}

static unsigned
read_entries(market_slice_t bytes)
{
	market__entry_pack_t pack;
	market__entry_row_t row;
	unsigned total = 0;
	size_t i;

	if (!market__entry_pack_open(bytes, 7, &pack))
		return 0;
	WANT(pack.pack.n > 0 && pack.pack.n <= MARKET__PACK_ROWS);
	for (i = 0; i < pack.pack.n; i++)
		if (market__entry_pack_get(&pack, i, &row)) {
			WANT(row.seq == 7 + i);
			WANT(row.detail.len <= bytes.len);
			total += pack_sum(row.detail);
		}
	return total;
}

START_TEST(entries_come_back)
{
	static const uint64_t firsts[] = { 0, 1, 1000000, INT64_MAX - 300,
		UINT64_MAX - 300 };
	static const size_t counts[] = { 1, 2, 7, 8, 100, MARKET__PACK_ROWS,
		MARKET__PACK_ROWS + 1 };
	market__entry_row_t row, want;
	market__entry_pack_t pack;
	market_slice_t bytes;
	size_t i, k, n;

	for (k = 0; k < MARKET__COUNT(counts); k++) {
		n = pack_entries(firsts[_i], counts[k]);
		WANT(n == counts[k] || n == MARKET__PACK_ROWS);
		bytes = pack_alone(market__pack_finish(&entries.writer));
		WANT(bytes.len <= MARKET__PACK_BYTES);
		WANT(market__entry_pack_open(bytes, firsts[_i], &pack));
		WANT(pack.pack.n == n);
		for (i = 0; i < n; i++) {
			want = entry(firsts[_i] + i, i);
			WANT(market__entry_pack_get(&pack, i, &row));
			WANT(same_entry(&row, &want));
		}
		pack_give_back(bytes);
	}
}
END_TEST

/* The first detail that has no room leaves the rest as it was; with one byte
 * less the pack is as large as may be. */
START_TEST(entries_fill_a_pack_to_its_end)
{
	static uint8_t detail[MARKET__PACK_BYTES], before[MARKET__PACK_BYTES];
	market__entry_row_t row;
	market_slice_t bytes;
	size_t len, n, n_before;

	n = pack_entries(7, (size_t)_i);
	WANT(n == (size_t)_i);
	bytes = market__pack_finish(&entries.writer);
	n_before = bytes.len;
	memcpy(before, bytes.ptr, bytes.len);
	row = entry(7 + n, n);
	for (len = sizeof(detail); len > 0; len--) {
		row.detail = market__slice(detail, len);
		if (market__pack_entry(&entries, &row))
			break;
		WANT(entries.writer.n == n);
		bytes = market__pack_finish(&entries.writer);
		WANT(bytes.len == n_before &&
		    memcmp(before, bytes.ptr, n_before) == 0);
	}
	WANT(len > 0);
	bytes = market__pack_finish(&entries.writer);
	WANT(bytes.len == MARKET__PACK_BYTES);
	bytes = pack_alone(bytes);
	WANT(read_entries(bytes) == pack_sum(market__slice(detail, 0)) ||
	    _i > 0);
	pack_give_back(bytes);
	/* There is room for none now. */
	row = entry(7 + n + 1, 0);
	WANT(!market__pack_entry(&entries, &row));
}
END_TEST

START_TEST(entries_follow_each_other)
{
	static const uint64_t others[] = { 0, 6, 7, 8, 9, 11, UINT64_MAX };
	market__entry_row_t row;
	size_t i;

	WANT(pack_entries(7, 3) == 3);
	for (i = 0; i < MARKET__COUNT(others); i++) {
		row = entry(others[i], 1);
		WANT(!market__pack_entry(&entries, &row));
		WANT(entries.writer.n == 3);
	}
	row = entry(10, 1);
	WANT(market__pack_entry(&entries, &row));
}
END_TEST

/* Rows, where they end, and nothing between. */
START_TEST(entries_are_refused_when_a_byte_is_added)
{
	uint8_t more[MARKET__PACK_BYTES + 1];
	market__entry_pack_t pack;
	market_slice_t bytes;
	size_t n = pack_entries(7, 20), at;

	bytes = market__pack_finish(&entries.writer);
	for (at = 0; at < 3; at++) {
		/* In front of the rows, behind them, and behind all. */
		size_t i = at == 0 ? 0 : bytes.len - (at == 1 ? 2 * n + 2 : 0);

		memcpy(more, bytes.ptr, i);
		more[i] = 1;
		memcpy(more + i + 1, bytes.ptr + i, bytes.len - i);
		WANT(!market__entry_pack_open(
		    market__slice(more, bytes.len + 1), 7, &pack));
	}
	WANT(market__entry_pack_open(bytes, 7, &pack));
}
END_TEST

START_TEST(entries_are_refused_or_read_when_they_are_damaged)
{
	static const size_t counts[] = { 1, 2, 20, 60, MARKET__PACK_ROWS };
	market_slice_t bytes;

	WANT(pack_entries(7, counts[_i]) > 0);
	bytes = pack_alone(market__pack_finish(&entries.writer));
	WANT(read_entries(bytes) > 0 || counts[_i] == 1);
	pack_read_damaged(bytes, read_entries);
	pack_give_back(bytes);
}
END_TEST

START_TEST(entries_are_refused_or_read_when_they_are_anything)
{
	pack_read_random(read_entries);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("pack_bytes");
	TCase *t = tcase_create("numbers");

	tcase_add_test(t, varint_gives_a_number_back);
	tcase_add_test(t, varint_refuses_what_is_none);
	tcase_add_test(t, varint_refuses_what_was_cut);
	tcase_add_test(t, varint_is_short_for_what_is_near);
	tcase_add_test(t, questions_come_back);
	suite_add_tcase(s, t);
	t = tcase_create("entries");
	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, entries_come_back, 0, 5);
	tcase_add_loop_test(t, entries_fill_a_pack_to_its_end, 0, 60);
	tcase_add_test(t, entries_follow_each_other);
	tcase_add_test(t, entries_are_refused_when_a_byte_is_added);
	tcase_add_loop_test(
	    t, entries_are_refused_or_read_when_they_are_damaged, 0, 5);
	tcase_add_test(t, entries_are_refused_or_read_when_they_are_anything);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return harness_main(suite());
}
