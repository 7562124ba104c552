/* SPDX-License-Identifier: Apache-2.0 */
/* Rows with whatever may stand in one: every text with every number. */
#ifndef TESTS_STORE_CONFORMANCE_SAMPLE_H
#define TESTS_STORE_CONFORMANCE_SAMPLE_H

#include "conformance_kit.h"

#define SAMPLE_LONG ((size_t)10240)

/* What the members of row number `i` are. */
typedef struct sample {
	size_t i;
	uint64_t no; /* the last one has the greatest */
	const char *labels[2];
	market_slice_t text;
	market_slice_t name; /* no other row has it */
	uint64_t wide;
	int64_t time;
	uint32_t narrow;
	uint8_t digest[MARKET_DIGEST_LEN];
	uint8_t text_room[SAMPLE_LONG];
	uint8_t name_room[SAMPLE_LONG + 1];
} sample_t;

/* Writes each sample, reads it at once, and all again when committed. */
void sample_round_trip(void (*put)(bench_t *bench, const sample_t *s),
    void (*check)(bench_t *bench, const sample_t *s));

/* Check writes to its parent at each assertion, passed or not. */
void sample_ok(const sample_t *s, market_status_t status);
void sample_is(const sample_t *s, bool is, const char *what);

/* What was read is what was written. */
void sample_compare(const sample_t *s, market__text_t *got,
    market__text_t *want, const char *way);

#define SAMPLE_SAME(s, show, got, want, way)                           \
	do {                                                           \
		market__text_t got_, want_;                            \
                                                                       \
		market__text_init(                                     \
		    &got_, &market__default_allocator, SIZE_MAX / 4);  \
		market__text_init(                                     \
		    &want_, &market__default_allocator, SIZE_MAX / 4); \
		show(&got_, got);                                      \
		show(&want_, want);                                    \
		sample_compare(s, &got_, &want_, way);                 \
	} while (0)

#endif
