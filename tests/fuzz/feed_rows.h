/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes as the rows of a feed, under a list that is made and signed over them.
 * What a line begins with:
 *   o q r   a row of the scene, "o ID" under that id;
 *   blank   PATH=VALUE of the row: text, or else a number;
 *   #NN     so many regulatory ids of 1,000 bytes, and
 *   %NN     so many empty ones, at its end;
 *   *N      N copies of it, each under an id of its own;
 *   =NN     no line: so many bytes, as they follow, are a row;
 *   !NNX    the byte at that place of all rows is another than was signed,
 *   -NN     they end so many bytes earlier, or
 *   +TEXT   go on behind the last.
 * NN are two digits to the base of 64, from '0' on.
 */
#ifndef TESTS_FUZZ_FEED_ROWS_H
#define TESTS_FUZZ_FEED_ROWS_H

#include "crypto/merkle.h"
#include "scene_feed.h"

#define FEED_ROWS_MAX 700

typedef struct feed_rows {
	size_t n;
	size_t ends[FEED_ROWS_MAX]; /* in `payloads` */
	bool copies[FEED_ROWS_MAX]; /* is as the one before but for its id */
	market__text_t payloads;    /* one behind the other */
	market__text_t file;        /* with their lengths, and spoilt */
	bool spoilt;                /* the file is not what was signed */
	market_buffer_t list;       /* the envelope */
	market__node_t leaves[FEED_ROWS_MAX];
} feed_rows_t;

void feed_rows_read(feed_rows_t *rows, fuzz_input_t *input);
void feed_rows_clear(feed_rows_t *rows);

/* The payload of a row; borrowed. */
market_slice_t feed_row(const feed_rows_t *rows, size_t index);
market_slice_t feed_rows_file(const feed_rows_t *rows);

/* The proof of a row by RFC 6962, 2.1.1, over all rows at once. */
void feed_rows_proof(
    const feed_rows_t *rows, size_t index, market__text_t *ret_proof);

/* Two digits, of the rest of a line. */
size_t feed_number(fuzz_input_t *line);

#endif
