/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A world of signed statements (world.h) and a store that takes them in, by
 * the public calls alone. Each step is one line and fails with the whole
 * report; what a store says of a listing is asked in every way there is, and
 * all of them must agree.
 */
#ifndef TESTS_STORE_PLAY_H
#define TESTS_STORE_PLAY_H

#include "world.h"

/* Where the store is, and how it is treated. */
typedef enum play_kind {
	PLAY_MEMORY,
	PLAY_NO_CACHE, /* in memory, and nothing fits its cache */
	PLAY_FILE,     /* SQLite */
	PLAY_REOPENED, /* ... closed and opened between any two steps */
	PLAY_KINDS
} play_kind_t;

#define PLAY_TOLD_MAX 16

typedef struct play {
	play_kind_t kind;
	const char *label; /* of what is played, for messages */
	harness_memory_t memory;
	market_context_t *context;
	world_t *world;
	market_store_t *store; /* NULL: not begun */
	market_store_options_t options;
	int64_t now;
	char folder[32]; /* empty: in memory */
	char location[64];
	/* What was told last at each instant: to be asked again as history. */
	struct play_told {
		char id[128];
		int64_t at;
		char text[1024];
	} told[PLAY_TOLD_MAX];
	size_t n_told;
} play_t;

/* Is that kind in this build? */
bool play_can(int kind);

/* The good world, at WORLD_NOW, and no store. */
void play_init(play_t *play, int kind);
/*
 * Asks once more for what was told, as history; ends the store, of which all
 * memory must have come back.
 */
void play_clear(play_t *play);

/* Makes the store, on the world's root and policy. */
void play_begin(play_t *play);
/* The same, with all evidence added and `offer` submitted: published. */
void play_begin_good(play_t *play);
/* Closes a store that lasts and opens it; any other stays as it is. */
void play_reopen(play_t *play);
/* Another handle on the same store, which must be a file. */
market_store_t *play_handle(const play_t *play, market_context_t *context,
    const market_store_options_t *options);

void play_edit(play_t *play, const char *edit);
void play_at(play_t *play, const char *rfc3339);

/* Results are "ACCEPTED", or "REFUSED STATEMENT_NO_STANDING". */
void play_add(play_t *play, const char *name, const char *want, unsigned flags);
/* Names with blanks between, in one call; each has the result. */
void play_add_all(play_t *play, const char *names, const char *want);
/* One result, and what the decision tells: "ACCEPTED DENY". */
void play_submit(play_t *play, const char *offer, const char *want);
void play_refresh(play_t *play);
void play_intend(
    play_t *play, const char *offer, market_intent_t intent, const char *want);

/* Status and the verdict of each cell: "PARTLY_PUBLISHED PERMIT DENY"; the
 * status alone suffices. "NONE": there is no such listing. */
void play_is(play_t *play, const char *offer, const char *want);
/* The same as of then, from what was known then. */
void play_was(
    play_t *play, const char *offer, const char *at, const char *want);
/* Codes that must be told of the listing ("-CODE": must not). */
void play_tells(play_t *play, const char *offer, const char *codes);
/* The verdict of `check`. */
void play_check(play_t *play, const char *offer, const char *want);
/* Of the listing's first cell. */
void play_horizon(play_t *play, const char *offer, const char *want);

market_store_mark_t play_mark(play_t *play);
/* "SELLER/OFFER-ID" of an offer of the world; good until the next call. */
market_slice_t play_listing(play_t *play, const char *offer);
/* May it be sold in the listing's only cell? */
market_status_t play_sale(
    play_t *play, market_store_t *store, const char *offer);

/*
 * A play: steps, each one text. "~EDIT" edits the world; "at TIME"; "add NAME
 * RESULT [CODE]", "later NAME RESULT [CODE]" (nothing is computed anew), "all
 * NAME NAME... RESULT", "submit OFFER RESULT [VERDICT]", "refresh", "pause",
 * "resume" and "end OFFER STATUS", "is OFFER STATUS [VERDICT...]", "was TIME
 * OFFER STATUS ...", "tells OFFER CODE...", "check OFFER VERDICT", "horizon
 * OFFER TIME", "reopen". It begins with the good world and, unless its first
 * step is "begin", with its evidence and offer in the store; then the world
 * is edited by what stands before "begin".
 */
#define PLAY_STEPS_MAX 40
typedef struct play_act {
	const char *label;
	const char *steps[PLAY_STEPS_MAX];
} play_plot_t;

void play_act(play_t *play, const play_plot_t *plot);

/* A test of each play of a table on each kind of store. */
#define PLAY_PLOTS(unit, table)                             \
	START_TEST(unit##_##table##_plot)                   \
	{                                                   \
		play_t play;                                \
                                                            \
		if (!play_can(_i % PLAY_KINDS))             \
			HARNESS_SKIP("there is no SQLite"); \
		play_init(&play, _i % PLAY_KINDS);          \
		play_act(&play, &(table)[_i / PLAY_KINDS]); \
		play_clear(&play);                          \
	}                                                   \
	END_TEST

#define PLAY_TABLE(suite, unit, table)                                       \
	do {                                                                 \
		TCase *tcase_ = tcase_create(#table);                        \
		tcase_set_timeout(tcase_, 60);                               \
		tcase_add_loop_test(tcase_, unit##_##table##_plot, 0,        \
		    (int)(sizeof(table) / sizeof((table)[0])) * PLAY_KINDS); \
		suite_add_tcase(suite, tcase_);                              \
	} while (0)

#endif
