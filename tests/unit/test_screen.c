/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The door: what it refuses is permitted by no check, it verifies nothing, and
 * it says what is wrong and where.
 */
#include <stdio.h>
#include <string.h>

#include "count_verified.h"
#include "model/statement.h"
#include "pool.h"

static market_status_t
screen(world_t *world, market_evidence_t *evidence, market_error_t *error)
{
	return market_screen(evidence, world_envelope(world, "offer"),
	    world_time(WORLD_NOW), error);
}

/* NULL: it passes. */
static void
must_say(const char *const *edits, const char *path)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_evidence_t *evidence;
	world_t *world = world_new();
	market_status_t status;

	for (; *edits != NULL; edits++)
		world_edit(world, *edits);
	evidence = world_evidence(world, 0);
	status = screen(world, evidence, &error);
	ck_assert_msg(status == (path == NULL ? MARKET_OK : MARKET_E_DENIED),
	    "%s: %s", market_status_name(status), error.message);
	if (path != NULL)
		ck_assert_str_eq(error.path, path);
	market_evidence_free(evidence);
	world_free(world);
}

#define MUST_SAY(path, ...) \
	must_say((const char *const[]){ __VA_ARGS__, NULL }, path)

START_TEST(door_lets_through_what_may_be_permitted)
{
	MUST_SAY(NULL, "offer {'quantity': '3'}");
	/* Fewer cells than it asks for are something. */
	MUST_SAY(NULL, "offer {'territories': ['FR', 'US']}");
	/* It knows of no signatures, no certification, no hold. */
	MUST_SAY(NULL, "offer !");
	MUST_SAY(NULL, "-carrier");
	MUST_SAY(
	    NULL, "offer {'header': {'notAfter': '2016-02-01T12:00:01Z'}}");
}
END_TEST

START_TEST(door_refuses_what_no_check_permits)
{
	MUST_SAY("header.not_after",
	    "offer {'header': {'notAfter': '2016-02-01T12:00:00Z'}}");
	MUST_SAY("marketplace", "offer {'marketplace': 'other.example'}");
	MUST_SAY("brand", "offer {'brand': 'meizu'}");
	MUST_SAY("brand", "-grant");
	MUST_SAY("brand", "grant !");
	MUST_SAY("model", "offer {'model': 'm3'}");
	MUST_SAY("model", "offer {'territories': ['FR']}");
	MUST_SAY("model", "offer {'channels': ['CHANNEL_WHOLESALE']}");
	MUST_SAY("model", "offer {'condition': 'CONDITION_USED'}");
	MUST_SAY("signatures", "offer @forger");
	MUST_SAY("signatures",
	    "seller {'keys': '$2-keys:shop.example shop.example#2'}",
	    "grant {'granteeKeys': '$2-keys:shop.example shop.example#2'}");
}
END_TEST

/* Cells are multiplied, and grants are many: neither costs more for it. */
START_TEST(door_bounds_what_it_looks_at)
{
	char edit[8192] = "offer {'territories': [", one[32];
	int i;

	for (i = 0; i < 257; i++) {
		snprintf(one, sizeof(one), "%s'US-%03d'", i > 0 ? ", " : "", i);
		strcat(edit, one);
	}
	strcat(edit, "]}");
	MUST_SAY("territories", edit);
}
END_TEST

/* Of two signatures by one key one counts, as in a check. */
START_TEST(door_counts_distinct_keys)
{
	MUST_SAY(NULL, "seller {'keys': '$2-keys:shop.example shop.example#2'}",
	    "grant {'granteeKeys': '$2-keys:shop.example shop.example#2'}",
	    "offer @shop.example shop.example#2");
	MUST_SAY("signatures",
	    "seller {'keys': '$2-keys:shop.example shop.example#2'}",
	    "grant {'granteeKeys': '$2-keys:shop.example shop.example#2'}",
	    "offer @shop.example forger");
}
END_TEST

/* A signature that names no key may be by any. */
START_TEST(door_lets_through_what_names_no_key)
{
	market_statement_t *offer = NULL;
	market_decision_t *decision = NULL;
	market_buffer_t bytes = MARKET_BUFFER_INIT;
	world_t *world = world_new();
	market_evidence_t *evidence = world_evidence(world, 0);
	market__signature_t signature;
	market__envelope_t envelope;

	ck_assert_int_eq(
	    market_statement_parse(world_context(world),
		world_envelope(world, "offer"), MARKET_KINDS_ALL, &offer, NULL),
	    MARKET_OK);
	envelope = offer->envelope;
	signature = envelope.signatures[0];
	signature.keyid = market__slice(NULL, 0);
	envelope.signatures = &signature;
	ck_assert_uint_eq(envelope.n_signatures, 1);
	ck_assert_int_eq(market__envelope_write(&envelope, false,
			     &market__default_allocator, &bytes),
	    MARKET_OK);
	ck_assert_int_eq(market_screen(evidence, market_buffer_slice(&bytes),
			     world_time(WORLD_NOW), NULL),
	    MARKET_OK);
	ck_assert_int_eq(market_check(evidence, market_buffer_slice(&bytes),
			     world_time(WORLD_NOW), &decision, NULL),
	    MARKET_OK);
	market_decision_free(decision);
	market_buffer_clear(&bytes);
	market_statement_free(offer);
	market_evidence_free(evidence);
	world_free(world);
}
END_TEST

START_TEST(door_says_what_does_not_parse)
{
	static const struct {
		const char *bytes;
		size_t len;
		market_status_t want;
	} rows[] = {
		{ "", 0, MARKET_E_ENCODING },
		{ "junk", 4, MARKET_E_ENCODING },
		{ "{}", 2, MARKET_E_SCHEMA },
	};
	static uint8_t large[64 * 1024 + 1];
	world_t *world = world_new();
	market_evidence_t *evidence = world_evidence(world, 0);
	market_error_t error = MARKET_ERROR_INIT;
	market_slice_t bytes;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bytes.ptr = (const uint8_t *)rows[i].bytes;
		bytes.len = rows[i].len;
		ck_assert_int_eq(
		    market_screen(evidence, bytes, 0, &error), rows[i].want);
	}
	bytes.ptr = large;
	bytes.len = sizeof(large);
	ck_assert_int_eq(
	    market_screen(evidence, bytes, 0, NULL), MARKET_E_LIMIT);
	ck_assert_int_eq(
	    market_screen(evidence, world_envelope(world, "grant"), 0, NULL),
	    MARKET_E_KIND);
	ck_assert_int_eq(
	    market_screen(NULL, bytes, 0, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_screen(evidence, bytes, -1, NULL), MARKET_E_ARGUMENT);
	bytes.ptr = NULL;
	ck_assert_int_eq(
	    market_screen(evidence, bytes, 0, NULL), MARKET_E_ARGUMENT);
	market_evidence_free(evidence);
	world_free(world);
}
END_TEST

START_TEST(door_costs_no_signature_and_no_memory)
{
	market_context_options_t options = { .size = sizeof(options) };
	market_context_t *context = NULL;
	market_evidence_t *evidence;
	harness_memory_t memory;
	world_t *world;

	harness_memory_init(&memory);
	options.allocator = memory.allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	world = world_new_with(context);
	evidence = world_evidence(world, 0);
	ck_assert_int_eq(screen(world, evidence, NULL), MARKET_OK);
	world_edit(world, "offer @forger");
	(void)world_envelope(world, "offer");
	count_verified = 0;
	memory.calls = 0;
	ck_assert_int_eq(screen(world, evidence, NULL), MARKET_E_DENIED);
	ck_assert_uint_eq(count_verified, 0);
	ck_assert_uint_eq(memory.calls, 0);
	market_evidence_free(evidence);
	world_free(world);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

/* Signers here name their keys rightly, so whatever is permitted passes. */
START_TEST(door_keeps_nothing_out_that_a_check_permits)
{
	market_decision_t *decision;
	market_evidence_t *evidence;
	unsigned seed, permitted = 0, refused = 0;
	const market_cell_t *cell;
	pool_world_t pool;
	market_status_t status;
	size_t i;

	for (seed = 1; seed <= 300; seed++) {
		pool_world_init(&pool, seed);
		evidence = pool_evidence(&pool, NULL, NULL);
		decision = pool_check(&pool, evidence, pool.at);
		status = market_screen(evidence,
		    world_envelope(pool.world, "offer"), pool.at, NULL);
		ck_assert(status == MARKET_OK || status == MARKET_E_DENIED);
		refused += status == MARKET_E_DENIED;
		for (i = 0; (cell = market_decision_cell(decision, i)) != NULL;
		     i++) {
			if (cell->verdict != MARKET_VERDICT_PERMIT)
				continue;
			permitted++;
			ck_assert_msg(status == MARKET_OK,
			    "seed %u: refused, and cell %zu is permitted\n%s",
			    seed, i, pool.story);
		}
		market_decision_free(decision);
		market_evidence_free(evidence);
		pool_world_clear(&pool);
	}
	ck_assert_uint_gt(permitted, 10);
	ck_assert_uint_gt(refused, 10);
}
END_TEST

static Suite *
screen_suite(void)
{
	Suite *suite = suite_create("screen");
	TCase *door = tcase_create("door");
	TCase *worlds = tcase_create("worlds");

	tcase_add_test(door, door_lets_through_what_may_be_permitted);
	tcase_add_test(door, door_refuses_what_no_check_permits);
	tcase_add_test(door, door_bounds_what_it_looks_at);
	tcase_add_test(door, door_counts_distinct_keys);
	tcase_add_test(door, door_lets_through_what_names_no_key);
	tcase_add_test(door, door_says_what_does_not_parse);
	tcase_add_test(door, door_costs_no_signature_and_no_memory);
	suite_add_tcase(suite, door);
	tcase_set_timeout(worlds, 120);
	tcase_add_test(worlds, door_keeps_nothing_out_that_a_check_permits);
	suite_add_tcase(suite, worlds);
	return suite;
}

int
main(void)
{
	return harness_main(screen_suite());
}
