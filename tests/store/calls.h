/* SPDX-License-Identifier: Apache-2.0 */
/* Every call on a store as a row of a table, with arguments that are good. */
#ifndef TESTS_STORE_CALLS_H
#define TESTS_STORE_CALLS_H

#include "play.h"

/* All that a call may be given, and all that it may give. */
typedef struct asked {
	market_store_t *store;
	market_slice_t offer, statement, listing;
	market_slice_t us, network;
	int64_t at;
	market_store_options_t options;
	market_list_query_t query;
	market_target_t target;
	market_slice_t *list; /* of `n` envelopes */
	size_t n;
	unsigned flags;
	market_error_t *error;
	/* What is given back. */
	market_store_t *got_store;
	market_additions_t *additions;
	market_submissions_t *submissions;
	market_decision_t *decision;
	market_listings_t *listings;
	market_effects_t *effects;
	market_changes_t *changes;
	market_faults_t *faults;
	market_buffer_t buffer;
	market_refreshed_t refreshed;
	market_store_mark_t mark;
	int64_t number;
	uint64_t revision;
	bool no_result; /* the pointer for it is NULL */
} asked_t;

#define TAKES_AT     1u
#define TAKES_FLAGS  2u
#define TAKES_LIST   4u
#define TAKES_COUNT  8u /* any number will do */
#define TAKES_ID     16u
#define TAKES_OFFER  32u
#define NO_RESULT    64u
#define WRITES       128u
#define LISTS_OFFERS 256u
#define GIVES_ONE    512u /* of NULL results one suffices */

typedef struct call {
	const char *label;
	market_status_t (*run)(asked_t *a);
	unsigned takes;
} call_t;

extern const call_t calls[];
extern const size_t n_calls;

/* The call of that label. */
const call_t *call_named(const char *label);

typedef struct bench {
	play_t play;
	market_slice_t list[2];
	market_error_t error;
} bench_t;

/* The good world, published, with a grant g2 and an offer o2 to hand in. */
void bench_init(bench_t *bench, int kind);

asked_t call_good(bench_t *bench, const call_t *call);
void call_give_back(asked_t *a);

/* The call fails so, gives nothing, and changes nothing. */
void call_refused(bench_t *bench, const call_t *call, asked_t *a,
    const char *what, market_status_t want);

#endif
