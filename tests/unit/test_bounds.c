/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a stranger's bytes may cost. Work is counted, not timed (that is in
 * performance.md): allocations, bytes, and signatures verified, by a linker's
 * wrap around the one place that calls OpenSSL for it.
 */
#include "config.h" /* pthread_attr_setstack */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bombs.h"
#include "count_verified.h"
#include "crypto/crypto.h"
#include "wire/wire.h"
#include "world.h"

/* ---- what is counted ---- */

static size_t calls, bytes;

static void *
count_alloc(void *user, size_t size)
{
	(void)user;
	calls++;
	bytes += size;
	return malloc(size);
}

static void
count_free(void *user, void *ptr)
{
	(void)user;
	free(ptr);
}

static market_context_t *
counting_context(void)
{
	market_context_options_t options;
	market_context_t *context = NULL;

	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	options.allocator.alloc = count_alloc;
	options.allocator.free = count_free;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	return context;
}

/* ---- a message ---- */

typedef struct task {
	market_context_t *context;
	market_slice_t envelope;
	market_status_t status;
	market_error_t error;
} task_t;

static void *
parse(void *user)
{
	task_t *task = user;
	market_statement_t *statement = NULL;

	task->status = market_statement_parse(task->context, task->envelope,
	    MARKET_KINDS_ALL, &statement, &task->error);
	market_statement_free(statement);
	return NULL;
}

/* Valgrind's own frames need no more of it: they are its own. */
static void
on_a_small_stack(void *(*run)(void *user), void *user)
{
	static _Alignas(64) uint8_t stack[HARNESS_SMALL_STACK];
	pthread_attr_t attributes;
	pthread_t thread;

	ck_assert_int_eq(pthread_attr_init(&attributes), 0);
	ck_assert_int_eq(
	    pthread_attr_setstack(&attributes, stack, sizeof(stack)), 0);
	ck_assert_int_eq(pthread_create(&thread, &attributes, run, user), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	pthread_attr_destroy(&attributes);
}

/*
 * Refused in either form of the envelope, with a handful of allocations and
 * no more bytes than its own, once for the base64 and once for the copy.
 */
static void
expect_cheap(const char *label, market_kind_t kind, market_slice_t payload,
    market_status_t want)
{
	market_context_t *context = counting_context();
	market_buffer_t written = MARKET_BUFFER_INIT;
	task_t task = { context, { NULL, 0 }, MARKET_OK, MARKET_ERROR_INIT };
	int json;

	for (json = 0; json < 2; json++) {
		ck_assert_int_eq(
		    bomb_wrap(kind, payload, json, &written), MARKET_OK);
		task.envelope = market_buffer_slice(&written);
		count_verified = calls = bytes = 0;
		on_a_small_stack(parse, &task);
		ck_assert_msg(
		    task.status == want || (json && task.status != MARKET_OK),
		    "%s: %s at [%s]: %s", label,
		    market_status_name(task.status), task.error.path,
		    task.error.message);
		ck_assert_msg(calls <= 8 && bytes <= 3 * written.len + 8192,
		    "%s: %zu allocations, %zu bytes for %zu", label, calls,
		    bytes, written.len);
		ck_assert_uint_eq(count_verified, 0);
		market_buffer_clear(&written);
	}
	market_context_free(context);
}

START_TEST(bomb_is_refused_before_it_costs)
{
	uint8_t *out = malloc(MARKET__ENVELOPE_LARGE_MAX);

	ck_assert_ptr_nonnull(out);
	expect_cheap(bombs[_i].label, bombs[_i].kind,
	    bomb_fill(&bombs[_i], out), bombs[_i].want);
	free(out);
}
END_TEST

START_TEST(nested_message_is_refused_before_it_costs)
{
	uint8_t *out = malloc(30 * 1024);

	ck_assert_ptr_nonnull(out);
	/* The header's issuer is a text: 30 KB of it are too long. */
	expect_cheap("E7 30 KB of nesting", (market_kind_t)_i,
	    bomb_nested((size_t)30 * 1024, out), MARKET_E_LIMIT);
	free(out);
}
END_TEST

/* Brackets that jansson would follow. */
START_TEST(nested_json_is_refused_before_it_costs)
{
	market_context_t *context = counting_context();
	task_t task = { context, { NULL, 0 }, MARKET_OK, MARKET_ERROR_INIT };
	size_t len = BOMB_SMALL;
	char *text = malloc(len);

	ck_assert_ptr_nonnull(text);
	memset(text, _i == 0 ? '[' : '{', len);
	text[0] = '{';
	task.envelope = market__slice(text, len);
	count_verified = calls = bytes = 0;
	on_a_small_stack(parse, &task);
	ck_assert_int_eq(task.status, MARKET_E_LIMIT);
	ck_assert_uint_le(calls, 2);
	free(text);
	market_context_free(context);
}
END_TEST

/* ---- signatures ---- */

/* What is handed in beside the good world, and what it may cost. */
static const struct {
	const char *label, *edits[4];
	size_t most; /* signatures verified for it */
} strangers[] = {
	{ "an issuer that nobody knows",
	    { "+x product junk.example {'brand': 'xiaomi', 'model': 'x'}" },
	    0 },
	{ "a withdrawal by one",
	    { "+x withdrawal junk.example {'targetDigest': '$digest:grant'}" },
	    0 },
	{ "a brand that is not its issuer's",
	    { "+x product mi.com {'brand': 'meizu', 'model': 'x'}" }, 0 },
	{ "a network that is not its issuer's",
	    { "+x =network {'header': {'id': 'x'}, 'network':"
	      " 'att.com/us'}" },
	    0 },
	{ "a role that its issuer has not",
	    { "+x =fcc {'header': {'id': 'x', 'issuer': 'mi.com'}}",
		"x @mi.com" },
	    0 },
	{ "a hold by another than the marketplace",
	    { "+x hold mi.com {'target': {'seller': 'shop.example'}}" }, 0 },
	{ "an offer among the evidence",
	    { "+x =offer {'header': {'id': 'x'}}" }, 0 },
	{ "a sub-grant whose parent is not here",
	    { "+x =grant {'header': {'id': 'x', 'issuer': 'd.example'},"
	      " 'parentDigest':"
	      " 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}",
		"x @d.example" },
	    0 },
	/* Its issuer has one key, and a no is said twice (crypto/verify.c). */
	{ "a forgery in a known name",
	    { "+x =fcc {'header': {'id': 'x'}}", "x @forger" }, 2 },
	{ "a forgery signed by four",
	    { "+x =fcc {'header': {'id': 'x'}}",
		"x @forger forger#2 forger#3 forger#4" },
	    8 },
};

/* Signatures verified for all evidence and one offer. */
static size_t
cost(world_t *world)
{
	market_decision_t *decision;

	/* Nothing is known from the last time. */
	market_context_trim(world_context(world));
	count_verified = 0;
	decision = world_check(world, "offer", WORLD_NOW);
	ck_assert_int_eq(
	    market_decision_verdict(decision), MARKET_VERDICT_PERMIT);
	market_decision_free(decision);
	return count_verified;
}

START_TEST(stranger_costs_no_signature)
{
	world_t *world = world_new();
	size_t before = cost(world), after, i;

	ck_assert_uint_gt(before, 8);
	for (i = 0; i < 4 && strangers[_i].edits[i] != NULL; i++)
		world_edit(world, strangers[_i].edits[i]);
	after = cost(world);
	ck_assert_msg(after - before <= strangers[_i].most,
	    "%s: %zu signatures are verified for it", strangers[_i].label,
	    after - before);
	world_free(world);
}
END_TEST

/* Handed in as an envelope, it is none. */
START_TEST(junk_costs_no_signature)
{
	static const char *const junk[] = { "", "no envelope", "{}",
		"{\"payload\": \"AAAA\"}", "\x0a\x00" };
	world_t *world = world_new();
	market_evidence_t *evidence = world_evidence(world, 0);
	market_decision_t *decision = NULL;
	size_t before = cost(world), i;
	uint8_t *large = calloc(1, MARKET__ENVELOPE_LARGE_MAX + 1);

	ck_assert_ptr_nonnull(large);
	for (i = 0; i < MARKET__COUNT(junk); i++)
		ck_assert_int_eq(market_evidence_add(evidence,
				     market_slice_of(junk[i]), NULL, NULL),
		    MARKET_OK);
	ck_assert_int_eq(
	    market_evidence_add(evidence,
		market__slice(large, MARKET__ENVELOPE_LARGE_MAX + 1), NULL,
		NULL),
	    MARKET_OK);
	market_context_trim(world_context(world));
	count_verified = 0;
	ck_assert_int_eq(market_check(evidence, world_envelope(world, "offer"),
			     world_time(WORLD_NOW), &decision, NULL),
	    MARKET_OK);
	ck_assert_uint_le(count_verified, before);
	market_decision_free(decision);
	market_evidence_free(evidence);
	free(large);
	world_free(world);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("bounds");
	TCase *tcase = tcase_create("bounds");

	/* Generous: a bomb that goes off takes minutes. */
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(
	    tcase, bomb_is_refused_before_it_costs, 0, (int)n_bombs);
	tcase_add_loop_test(tcase, nested_message_is_refused_before_it_costs,
	    MARKET_KIND_TRUST_ROOT, MARKET_KIND_FEED + 1);
	tcase_add_loop_test(
	    tcase, nested_json_is_refused_before_it_costs, 0, 2);
	tcase_add_loop_test(tcase, stranger_costs_no_signature, 0,
	    (int)MARKET__COUNT(strangers));
	tcase_add_test(tcase, junk_costs_no_signature);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
