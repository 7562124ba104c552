/* SPDX-License-Identifier: Apache-2.0 */
/* Questions, answers and details of entries as bytes, opaque to a backend. */
#ifndef MARKET_API_STORE_BYTES_H
#define MARKET_API_STORE_BYTES_H

#include <market/store.h>

#include "verify/verify.h"

/* Big endian, so that bytes compare as numbers do. */
void market__put64(uint8_t *out, uint64_t value);
uint64_t market__get64(const uint8_t *in);

/* A question as bytes, one way only; decoding borrows from them. */
market_status_t market__question_encode(const market__question_t *question,
    market__arena_t *arena, market_slice_t *ret_bytes);
bool market__question_decode(market_slice_t bytes, market__arena_t *arena,
    market__question_t *ret_question);
/* All cells of an offer are asked with the keys that signed it. */
bool market__question_same_keys(
    const market__question_t *a, const market__question_t *b);

/* What a clearance's row keeps of the answer. */
#define MARKET__CODES_MAX 32
typedef struct market__answer {
	market_verdict_t verdict;
	market_service_t service;
	uint64_t disclosures;              /* a bit for each that is due */
	bool removed;                      /* by the marketplace, for good */
	uint32_t codes[MARKET__CODES_MAX]; /* that deny or cannot tell */
	size_t n_codes;
} market__answer_t;

void market__answer_of(
    const market__clearance_t *clearance, market__answer_t *ret_answer);
bool market__answers_equal(
    const market__answer_t *a, const market__answer_t *b);
market_status_t market__answer_encode(const market__answer_t *answer,
    market__arena_t *arena, market_slice_t *ret_bytes);
bool market__answer_decode(market_slice_t bytes, market__answer_t *ret_answer);

/* The detail of an entry, by its kind. */
typedef struct market__detail {
	uint8_t digest[MARKET_DIGEST_LEN]; /* STATEMENT, OFFER, CHUNK: root */
	uint64_t revision;                 /* OFFER */
	market_result_t result;            /* STATEMENT, OFFER */
	bool had;                          /* CLEARANCE: before is there */
	market__answer_t before, after;    /* CLEARANCE */
	uint32_t intent_before, intent_after; /* INTENT */
} market__detail_t;

/* What a feed has come to so far. */
typedef struct market__taken {
	uint64_t permitted, warned, denied, indeterminate, refused;
	uint64_t broken; /* chunks */
	uint64_t listed, unchanged, stale, forks, rejected;
	uint64_t ended; /* listings that it lacks */
	bool gap;       /* the last chunk was broken: which ids it had ... */
	market_slice_t last_id; /* ... behind this one, is not known */
} market__taken_t;

market_status_t market__taken_encode(const market__taken_t *taken,
    market__arena_t *arena, market_slice_t *ret_bytes);
/* Borrows from the bytes. */
bool market__taken_decode(market_slice_t bytes, market__taken_t *ret_taken);

market_status_t market__detail_encode(uint32_t kind,
    const market__detail_t *detail, market__arena_t *arena,
    market_slice_t *ret_bytes);
bool market__detail_decode(
    uint32_t kind, market_slice_t bytes, market__detail_t *ret_detail);

#endif
