/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance_sample.h"

#include <stdlib.h>

/* clang-format off */
#define S(text) { (const uint8_t *)("" text), sizeof(text) - 1 }
/* clang-format on */

/* What an id, a name or opaque bytes may hold. */
static const struct {
	const char *label;
	market_slice_t text;
} texts[] = {
	{ "empty", { NULL, 0 } },
	{ "a word", S("mi.com") },
	{ "P19 quotes", S("o'brien \"'`; DROP TABLE listing; --") },
	{ "P19 %", S("100%") },
	{ "P19 _", S("mi_com") },
	{ "P19 backslash", S("\\x00 \\' \\\\") },
	{ "P19 NUL inside", S("a\0b") },
	{ "P19 NUL at the end", S("a\0") },
	{ "P19 NUL alone", S("\0") },
	{ "UTF-8", S("\xe5\xb0\x8f\xe7\xb1\xb3 \xf0\x9f\x93\xb1") },
	{ "another case", S("MI.COM") },
	{ "blanks", S(" mi.com ") },
	{ "a number", S("0042") },
	{ "no text at all", S("\xff\xfe\x80") },
	{ "P19 10 kB", { NULL, SAMPLE_LONG } },
};

/* Extremes of the numbers. */
static const struct {
	const char *label;
	uint64_t wide;
	int64_t time;
	uint32_t narrow;
} numbers[] = {
	{ "small", 1, 0, 1 },
	{ "zero", 0, -1, 0 },
	{ "greatest", INT64_MAX, INT64_MAX, UINT32_MAX },
	{ "least", INT64_MAX - 1, INT64_MIN, UINT32_MAX - 1 },
	{ "above 32 bits", UINT64_C(1) << 32, -(INT64_C(1) << 32), 1U << 31 },
};

/* Each text with each numbers, in rows of their own. */
#define ROWS (MARKET__COUNT(texts) * MARKET__COUNT(numbers))

static market_slice_t
text_of(size_t i, uint8_t *room)
{
	market_slice_t text = texts[i % MARKET__COUNT(texts)].text;

	if (text.len != SAMPLE_LONG)
		return text;
	memset(room, 'x', SAMPLE_LONG);
	return market__slice(room, SAMPLE_LONG);
}

/* Row numbers up to the greatest. */
static uint64_t
no_of(size_t i)
{
	return i == ROWS - 1 ? INT64_MAX : i + 1;
}

/* Names must differ: the text, and the row's number before it. */
static market_slice_t
name_of(size_t i, market_slice_t text, uint8_t *room)
{
	if (i < MARKET__COUNT(texts))
		return text;
	room[0] = (uint8_t)('A' + i / MARKET__COUNT(texts));
	if (text.len > 0)
		memcpy(room + 1, text.ptr, text.len);
	return market__slice(room, text.len + 1);
}

static void
sample(sample_t *s, size_t i)
{
	size_t j = i / MARKET__COUNT(texts);

	s->i = i;
	s->no = no_of(i);
	s->labels[0] = texts[i % MARKET__COUNT(texts)].label;
	s->labels[1] = numbers[j].label;
	s->text = text_of(i, s->text_room);
	s->name = name_of(i, s->text, s->name_room);
	s->wide = numbers[j].wide;
	s->time = numbers[j].time;
	s->narrow = numbers[j].narrow;
	memset(s->digest, (int)(i * 3 & 0xff), sizeof(s->digest));
}

static void
tell(const sample_t *s, const char *what)
{
	ck_abort_msg("%s, %s: %s", s->labels[0], s->labels[1], what);
}

void
sample_ok(const sample_t *s, market_status_t status)
{
	if (status != MARKET_OK)
		tell(s, market_status_name(status));
}

void
sample_is(const sample_t *s, bool is, const char *what)
{
	if (!is)
		tell(s, what);
}

void
sample_compare(const sample_t *s, market__text_t *got, market__text_t *want,
    const char *way)
{
	sample_ok(s, got->status);
	sample_ok(s, want->status);
	if (strcmp(got->data, want->data) != 0)
		ck_abort_msg("%s, %s, %s:\n%s%s", s->labels[0], s->labels[1],
		    way, got->data, want->data);
	market__text_clear(got);
	market__text_clear(want);
}

void
sample_round_trip(void (*put)(bench_t *bench, const sample_t *s),
    void (*check)(bench_t *bench, const sample_t *s))
{
	sample_t *s = calloc(1, sizeof(*s));
	bench_t bench;
	size_t i;

	ck_assert_ptr_nonnull(s);
	bench_open(&bench);
	bench_begin(&bench, true);
	for (i = 0; i < ROWS; i++) {
		sample(s, i);
		put(&bench, s);
		check(&bench, s);
		market__arena_clear(&bench.arena);
	}
	bench_commit(&bench);
	bench_begin(&bench, false);
	for (i = 0; i < ROWS; i++) {
		sample(s, i);
		check(&bench, s);
		market__arena_clear(&bench.arena);
	}
	bench_commit(&bench);
	bench_close(&bench);
	free(s);
}
