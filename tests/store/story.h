/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store in which a little of everything has happened, on either backend: it
 * is told once, read as a whole, and looked through for faults.
 *
 * Statements, by number: 1 root, 2 policy, 3 seller, 4 product, 5 network,
 * 6 mvno, 7 grant, 8 fcc, 9 seller2, 10 grant2 (of shop2.example), then,
 * after offers were submitted, 11 carrier, 12 the withdrawal of grant2, 13
 * another brand's product, and 14 the withdrawal of one offer.
 */
#ifndef TESTS_STORE_STORY_H
#define TESTS_STORE_STORY_H

#include <market/market.h>
#include <market/store.h>

#include "world.h"

/* Listings, in the order of their numbers, from 1. */
typedef enum story_listing {
	STORY_OFFER,     /* PUBLISHED; revision 2 */
	STORY_TWO,       /* PARTLY_PUBLISHED: its second network is unknown */
	STORY_LATER,     /* HELD: its window has not begun */
	STORY_SILENT,    /* HELD: it does not disclose what is due */
	STORY_PAUSED,    /* PAUSED */
	STORY_ENDED,     /* ENDED */
	STORY_WITHDRAWN, /* SUSPENDED: its grant was withdrawn */
	STORY_FORKED,    /* two offers of one revision */
	STORY_TAKEN,     /* SUSPENDED: itself withdrawn, by statement 14 */
	STORY_LISTINGS
} story_listing_t;

typedef struct story {
	world_t *world;
	char directory[64]; /* empty: in memory */
	char path[96];
	market_store_t *store;
	int64_t now;
	/* Where it stood before the withdrawal; a file's copy of then is
	 * beside it, "-older". */
	market_store_mark_t told;
} story_t;

/*
 * Tells the story. NULL, where the store would be a file and this build keeps
 * none. Failures end the test.
 */
story_t *story_new(bool in_file);
story_t *story_new_with(market_context_t *context, bool in_file);
void story_free(story_t *story);

void story_close(story_t *story);
/* Also where the store is damaged: only fsck works then. */
market_status_t story_open(story_t *story);

/*
 * Of a store that is closed: puts what lies beside it with that ending in its
 * place ("-older"), or the other way round.
 */
void story_put_back(const story_t *story, const char *ending);
void story_keep(const story_t *story, const char *ending);

/* "shop.example/offer" */
const char *story_id(story_listing_t listing);

/* Hands statements in, by their names in the world; a failure ends the test. */
void story_add(story_t *story, const char *name);
market_result_t story_submit(story_t *story, const char *name);
void story_intent(
    story_t *story, story_listing_t listing, market_intent_t intent);

/* Everything that a reader is told. */
typedef struct story_reading {
	market_status_t list;
	size_t strangers; /* live listings that the story does not know */
	struct {
		market_status_t read;
		market_listing_status_t status;
		size_t live; /* cells, as list and why, twice, tell them */
		market_status_t sale;
		market_status_t check;
	} of[STORY_LISTINGS];
} story_reading_t;

void story_read(story_t *story, story_reading_t *ret);

/* A file's store read by a process that has not seen it before. */
void story_read_anew(story_t *story, story_reading_t *ret);

/*
 * The faults that are found; `mark` may be NULL. Ends the test unless each is
 * printable ASCII.
 */
market_faults_t *story_faults(story_t *story, const market_store_mark_t *mark);
/* Does a fault contain that? */
bool story_tells(const market_faults_t *faults, const char *word);
/* All of them, for a message; borrowed until the next call. */
const char *story_lines(const market_faults_t *faults);

#endif
