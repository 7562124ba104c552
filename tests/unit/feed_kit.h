/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feeds put together by hand, of whatever rows: the packer would refuse what
 * its readers must be asked. Offers come from a world (world.h), which signs.
 */
#ifndef TESTS_UNIT_FEED_KIT_H
#define TESTS_UNIT_FEED_KIT_H

#include <stdio.h>

#include <market/market.h>

#include "base/base.h"
#include "world.h"

typedef struct feed_kit {
	world_t *world;
	/* The rows, each behind its length, and where each begins; one more
	 * is where they end. */
	uint8_t *bytes;
	size_t len, capacity;
	size_t *starts, n_rows, n_starts;
	/* What is signed of it; changed before feed_kit_sign() or not. */
	const char *issuer, *id, *since, *not_after;
	unsigned revision;
	bool delta;
	market_format_t format;
	int digits;           /* of the ids of many offers; 4 */
	market_buffer_t list; /* the envelope */
	market_feed_t *feed;  /* opened, or NULL */
} feed_kit_t;

void feed_kit_init(feed_kit_t *kit, world_t *world);
void feed_kit_clear(feed_kit_t *kit);

/* One more row, of any bytes. */
void feed_kit_row(feed_kit_t *kit, market_slice_t payload);
void feed_kit_text(feed_kit_t *kit, const char *payload);
/* The payload of an offer of the world; under another id (NULL: its own). */
void feed_kit_offer(feed_kit_t *kit, const char *name, const char *id);
/* `n` of them, with ids "0000", "0001" ... of so many digits, from `first`. */
void feed_kit_offers(feed_kit_t *kit, const char *name, size_t first, size_t n);
/* That payload, for market_buffer_clear(). */
market_buffer_t feed_kit_payload(
    world_t *world, const char *name, const char *id);

/* What stands in row i, without its length. */
market_slice_t feed_kit_payload_of(const feed_kit_t *kit, size_t i);

/* Signs the list over the rows as they are now ("KEY KEY", as world_edit()
 * names them), and opens it. */
void feed_kit_sign(feed_kit_t *kit, const char *keys);
/* Opens an envelope in the place of the one that is signed. */
market_status_t feed_kit_open(
    feed_kit_t *kit, market_slice_t envelope, market_error_t *error);

/* ---- reading ---- */

typedef struct feed_reader {
	market_slice_t bytes;
	size_t at;
	size_t piece;            /* at most so many at once; 0: any number */
	size_t fail_at;          /* once so many were given; SIZE_MAX: never */
	market_status_t failure; /* with this */
	bool endless;            /* zeros behind the end */
	size_t calls;
} feed_reader_t;

feed_reader_t feed_reader(market_slice_t bytes);
feed_reader_t feed_reader_of(const feed_kit_t *kit);
market_status_t feed_kit_read(
    void *user, void *buffer, size_t size, size_t *ret_n);

/* ---- checking ---- */

/*
 * What was told: "INDEX ID STATUS", or "INDEX+COUNT ID STATUS" where the count
 * is not 1, each with its newline; and with all words of error and report.
 */
typedef struct feed_heard {
	char *lines, *full; /* once feed_kit_check() is back */
	size_t lines_len, full_len;
	FILE *to_lines, *to_full;
	size_t n, stop_at; /* tells no more after so many; SIZE_MAX: all */
	size_t steps;      /* calls of the progress */
	size_t stop_step;
	uint64_t done; /* as the progress told it */
} feed_heard_t;

/*
 * Checks the rows that the reader gives, at that instant and by so many
 * threads. What is heard stays until feed_heard_clear().
 */
market_status_t feed_kit_check(const feed_kit_t *kit,
    market_evidence_t *evidence, feed_reader_t *reader, int64_t at,
    unsigned threads, feed_heard_t *heard, market_feed_report_t *report,
    market_error_t *error);

void feed_heard_init(feed_heard_t *heard);
void feed_heard_clear(feed_heard_t *heard);

/* A world, its evidence (gathered when it is first needed), and a feed. */
typedef struct feed_scene {
	world_t *world;
	market_evidence_t *evidence;
	feed_kit_t kit;
	feed_heard_t heard;
	market_feed_report_t report;
} feed_scene_t;

/* NULL: with a context of its own. */
void feed_scene_open(feed_scene_t *scene, market_context_t *context);
void feed_scene_close(feed_scene_t *scene);
/* Opened, with `n` rows, "0000" and on, that are permitted. */
void feed_scene_of(feed_scene_t *scene, size_t n);
/* Opened, with `n` rows, "00000" and on, of which each third is denied. */
void feed_scene_large(feed_scene_t *scene, size_t n);
/*
 * As of WORLD_NOW, into `heard` and `report`; what the reader gives, or the
 * feed's own rows.
 */
market_status_t feed_scene_read(feed_scene_t *scene, feed_reader_t *reader,
    unsigned threads, market_error_t *error);
market_status_t feed_scene_check(feed_scene_t *scene, unsigned threads);

/* ---- proofs ---- */

#define FEED_PROOF_MAX 4096

/* A proof to be turned. */
typedef struct feed_proof {
	uint8_t at[FEED_PROOF_MAX];
	size_t len;
} feed_proof_t;

/* By the id of an offer; or of row i, under the id that feed_kit_offers() gave
 * it, without fail. `offer` and `error` may be NULL. */
market_status_t feed_scene_prove(const feed_scene_t *scene, const char *id,
    feed_proof_t *proof, market_buffer_t *offer, market_error_t *error);
void feed_scene_prove_row(
    const feed_scene_t *scene, size_t i, feed_proof_t *proof);
/* market_check_in_feed(), of an offer or of row i, as of WORLD_NOW. */
market_status_t feed_scene_believe(feed_scene_t *scene,
    const market_feed_t *feed, const feed_proof_t *proof, market_slice_t offer);
market_status_t feed_scene_believe_row(
    feed_scene_t *scene, const feed_proof_t *proof, size_t i);

/* That many rows, and so many of them; none warned of or left open. */
void feed_scene_expect(const feed_scene_t *scene, uint64_t rows,
    uint64_t permitted, uint64_t denied, uint64_t refused);

#endif
