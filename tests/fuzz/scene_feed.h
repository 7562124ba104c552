/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A feed of the scene's seller, with three rows: "a-bad", which is denied,
 * "offer" and "two", which are the scene's o and q. It is packed once in a
 * process.
 */
#ifndef TESTS_FUZZ_SCENE_FEED_H
#define TESTS_FUZZ_SCENE_FEED_H

#include "scene.h"

/* What a list says beside what is counted and hashed. */
#define SCENE_LIST SCENE_BEGIN "}"
#define SCENE_BEGIN                                                      \
	"{\"header\": {\"issuer\": \"shop.example\", \"id\": \"feed\", " \
	"\"revision\": \"1\", \"issuedAt\": \"2016-01-01T00:00:00Z\", "  \
	"\"notBefore\": \"2016-01-01T00:00:00Z\", \"notAfter\": "        \
	"\"2026-01-01T00:00:00Z\"}, \"mode\": \"FEED_MODE_FULL\""

typedef enum scene_part {
	SCENE_FEED,   /* the list and its rows, in one file */
	SCENE_ALONE,  /* the list by itself */
	SCENE_ROWS,   /* the rows by themselves */
	SCENE_PROOF,  /* that "offer" is among them ... */
	SCENE_PROVEN, /* ... and what it is */
	SCENE_PARTS
} scene_part_t;

/* Behind scene_init(), likewise. */
void scene_feed_init(void);
/* Borrowed for as long as the process lives. */
market_slice_t scene_feed(scene_part_t part);

/* For a market_read_fn: what is left to read, in pieces. */
typedef struct scene_reading {
	market_slice_t rest;
	size_t piece; /* at most that many bytes at once; 0: all that fit */
} scene_reading_t;

market_status_t scene_read(
    void *user, void *buffer, size_t size, size_t *ret_n);

#endif
