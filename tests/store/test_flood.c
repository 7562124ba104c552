/* SPDX-License-Identifier: Apache-2.0 */
/*
 * X11, M14: offers and statements that are refused leave nothing behind: no
 * memory, no row, no entry of the history. MARKET_STORE_ROUNDS says how many
 * of each (default 300; a million takes some minutes).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world_store.h"

typedef struct flood {
	harness_memory_t memory;
	market_context_t *context;
	world_t *world;
	market_store_t *store;
	int64_t now;
} flood_t;

static size_t
rounds_wanted(void)
{
	const char *value = getenv("MARKET_STORE_ROUNDS");
	unsigned long rounds = value == NULL ? 0 : strtoul(value, NULL, 10);

	return rounds > 0 ? (size_t)rounds : harness_rounds(300);
}

static void
begin(flood_t *flood)
{
	market_context_options_t options;

	memset(&options, 0, sizeof(options));
	harness_memory_init(&flood->memory);
	options.size = sizeof(options);
	options.allocator = flood->memory.allocator;
	ck_assert_int_eq(
	    market_context_new(&options, &flood->context), MARKET_OK);
	flood->world = world_new_with(flood->context);
	flood->now = world_time(WORLD_NOW);
	flood->store = world_store(flood->world, flood->now);
}

static void
end(flood_t *flood)
{
	market_store_free(flood->store);
	world_free(flood->world);
	market_context_free(flood->context);
	ck_assert_uint_eq(flood->memory.live, 0);
}

static uint64_t
entries(flood_t *flood)
{
	market_store_mark_t mark;

	ck_assert_int_eq(
	    market_store_get_mark(flood->store, &mark, NULL), MARKET_OK);
	return mark.entries + mark.epoch;
}

/* Offers by a stranger, with a bad attribute, cut off, and of noise. */
static void
submit(flood_t *flood, const market_slice_t offers[4])
{
	market_submissions_t *submissions = NULL;
	size_t i;

	ck_assert_int_eq(market_store_submit(flood->store, offers, 4,
			     flood->now, &submissions, NULL),
	    MARKET_OK);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(market_submissions_at(submissions, i)->result,
		    MARKET_RESULT_REFUSED);
	market_submissions_free(submissions);
}

static void
hand_in(flood_t *flood, const market_slice_t statements[2])
{
	market_additions_t *additions = NULL;
	size_t i;

	ck_assert_int_eq(market_store_add(flood->store, statements, 2,
			     flood->now, 0, &additions, NULL),
	    MARKET_OK);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(market_additions_at(additions, i)->result,
		    MARKET_RESULT_REFUSED);
	market_additions_free(additions);
}

static void
take_the_good_one(flood_t *flood)
{
	const market_slice_t offer = world_envelope(flood->world, "offer");
	market_submissions_t *submissions = NULL;

	ck_assert_int_eq(market_store_submit(flood->store, &offer, 1,
			     flood->now, &submissions, NULL),
	    MARKET_OK);
	ck_assert_int_eq(market_submissions_at(submissions, 0)->result,
	    MARKET_RESULT_ACCEPTED);
	market_submissions_free(submissions);
}

START_TEST(x11_what_is_refused_leaves_nothing)
{
	const size_t rounds = rounds_wanted();
	market_slice_t offers[4], statements[2];
	size_t i, live = 0;
	uint64_t before = 0;
	flood_t flood;

	begin(&flood);
	world_edit(flood.world, "+forged =offer {}");
	world_edit(flood.world, "forged @forger");
	world_edit(flood.world, "+priceless =offer {'price': null}");
	world_edit(flood.world, "+junk =grant {}");
	world_edit(flood.world, "junk @forger");
	offers[0] = world_envelope(flood.world, "forged");
	offers[1] = world_envelope(flood.world, "priceless");
	offers[2] = world_envelope(flood.world, "offer");
	offers[2].len /= 2;
	offers[3] = market_slice_of("\x0a\x05noise");
	statements[0] = world_envelope(flood.world, "junk");
	statements[1] = offers[3];
	for (i = 0; i < rounds; i++) {
		submit(&flood, offers);
		hand_in(&flood, statements);
		/* What is made once, and kept, is made by now. */
		if (i == rounds / 10) {
			live = flood.memory.live;
			before = entries(&flood);
		}
	}
	ck_assert_uint_eq(flood.memory.live, live);
	ck_assert_uint_eq(entries(&flood), before);
	take_the_good_one(&flood);
	ck_assert_uint_gt(entries(&flood), before);
	end(&flood);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("flood");
	TCase *tcase = tcase_create("flood");

	tcase_set_timeout(tcase, 3600);
	tcase_add_test(tcase, x11_what_is_refused_leaves_nothing);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
