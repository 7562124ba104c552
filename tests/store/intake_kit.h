/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store on the good world (tests/unit/world.h), in memory or in a file, into
 * which feeds of shop.example are taken.
 */
#ifndef TESTS_STORE_INTAKE_KIT_H
#define TESTS_STORE_INTAKE_KIT_H

#include <stdio.h>

#include <market/store.h>

#include "api/store_intake.h"
#include "feed_kit.h"

/* Chunks that are taken in together. */
#define INTAKE_STEP MARKET__INTAKE_JOBS

/* Each test runs on both: the memory's, and SQLite's on a file. */
#define INTAKE_BACKENDS 2

typedef struct intake {
	world_t *world;
	market_store_t *store;
	char folder[32]; /* empty: in memory */
	char path[64];
	int64_t now;
	feed_kit_t feed; /* the one that is taken in */
	/* How the next call takes it in. */
	unsigned threads, time_limit_ms;
	uint64_t max_ended;
	feed_reader_t reader;       /* begins at the first row again */
	size_t stop_row, stop_step; /* the callback that says so; from 1 */
	void (*meanwhile)(struct intake *intake); /* in each progress */
	/* What came of it. */
	market_intake_report_t report;
	market_error_t error;
	size_t rows, steps; /* that were told */
	char *told;         /* "INDEX+COUNT ID STATUS RESULT" lines */
	size_t told_len;
	FILE *to_told;
} intake_t;

typedef struct intake_setup {
	const char *edits[8];           /* of the world, before all */
	market_store_options_t options; /* its size is set */
} intake_setup_t;

/* False: that backend is not built in. `setup` may be NULL. */
bool intake_open(intake_t *intake, int backend, const intake_setup_t *setup);
void intake_close(intake_t *intake);
/* Another handle on the same file. */
market_store_t *intake_handle(const intake_t *intake);
/* As a process that has not seen it before; a store in memory stays. */
void intake_reopen(intake_t *intake);

#define INTAKE_OPEN(intake, backend, setup)                   \
	do {                                                  \
		if (!intake_open(intake, backend, setup))     \
			HARNESS_SKIP("built without SQLite"); \
	} while (0)

/* A statement of the world is added, an offer submitted; which must be
 * accepted. */
void intake_add(intake_t *intake, const char *name);
void intake_submit(intake_t *intake, const char *name);

/* A feed of the store's seller, of which nothing is signed yet. */
void intake_feed(feed_kit_t *feed, world_t *world);
/* Begins another feed in the place of the one that is. */
void intake_renew(intake_t *intake, unsigned revision);
/* Reads all of it, and stops nowhere. */
void intake_plain(intake_t *intake);
/* Takes it in, and looks whether the report makes sense. */
market_status_t intake_take(intake_t *intake);
/* Signs and takes in the whole of it, which must be done. */
void intake_whole(intake_t *intake);

/* ---- what is there ---- */

/* The history's chains, and all listings with status and cells; for free(). */
char *intake_state(intake_t *intake);
uint64_t intake_entries(intake_t *intake);
uint64_t intake_rows_written(intake_t *intake);
/* Fails the test unless fsck finds nothing. */
void intake_expect_sound(intake_t *intake);
/* May the offer of shop.example be sold? And is the listing's status so? */
market_status_t intake_sale(intake_t *intake, const char *offer_id);
void intake_is(
    intake_t *intake, const char *offer_id, market_listing_status_t want);

#endif
