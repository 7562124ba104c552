/* SPDX-License-Identifier: Apache-2.0 */
/*
 * X8, X9: little room. With 64 MiB of address space more than it has, a
 * process reads the greatest envelopes there are or says that it cannot; on a
 * stack of 64 KiB a whole decision is made.
 */
#include "config.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "wire/wire.h"
#include "world.h"

#define MIB ((size_t)1024 * 1024)

/* ---- X8 ---- */

/* The most elements, or the most bytes, that a kind may have. */
static const struct {
	const char *label;
	market_kind_t kind;
	const char *unit; /* one field, again and again behind the header */
	size_t unit_len;
} greatest[] = {
	{ "X8 a status of short digests", MARKET_KIND_STATUS, "\x1a\x01\x61",
	    3 },
	{ "X8 a status of empty ones", MARKET_KIND_STATUS, "\x1a\x00", 2 },
	{ "X8 a feed of short roots", MARKET_KIND_FEED, "\x2a\x01\x61", 3 },
	{ "X8 a root of empty parties", MARKET_KIND_TRUST_ROOT, "\x1a\x00", 2 },
	{ "X8 an offer of territories", MARKET_KIND_OFFER, "\x82\x01\x02US",
	    5 },
	{ "X8 an offer of empty identifiers", MARKET_KIND_OFFER, "\xd2\x01\x00",
	    3 },
};

static market_slice_t
payload_of(size_t row, size_t max, uint8_t *out)
{
	static const uint8_t header[] = { 0x0a, 0x03, 0x0a, 0x01, 0x61 };
	size_t len = sizeof(header);

	memcpy(out, header, len);
	while (len + greatest[row].unit_len <= max) {
		memcpy(out + len, greatest[row].unit, greatest[row].unit_len);
		len += greatest[row].unit_len;
	}
	return market__slice(out, len);
}

/* Where each message is refused or read, and none ends the process. */
static void
read_the_greatest(market_context_t *context, size_t row)
{
	const size_t max = market__envelope_limit(
	    MARKET_KINDS(greatest[row].kind));
	uint8_t *bytes = malloc(max);
	market_statement_t *statement = NULL;
	market_buffer_t written = MARKET_BUFFER_INIT;
	market__signature_t signature = { .sig = market_slice_of("x") };
	market__envelope_t envelope;
	market_status_t status;

	ck_assert_ptr_nonnull(bytes);
	memset(&envelope, 0, sizeof(envelope));
	envelope.kind = greatest[row].kind;
	envelope.payload_type = market_slice_of(
	    market__payload_type(envelope.kind));
	envelope.payload = payload_of(row, max - 200, bytes);
	envelope.signatures = &signature;
	envelope.n_signatures = 1;
	ck_assert_int_eq(market__envelope_write(&envelope, false,
			     &market__default_allocator, &written),
	    MARKET_OK);
	status = market_statement_parse(context, market_buffer_slice(&written),
	    MARKET_KINDS_ALL, &statement, NULL);
	ck_assert_msg(status == MARKET_OK || status == MARKET_E_LIMIT ||
		status == MARKET_E_SCHEMA || status == MARKET_E_MEMORY,
	    "%s: %s", greatest[row].label, market_status_name(status));
	market_statement_free(statement);
	market_buffer_clear(&written);
	free(bytes);
}

/* How much address space the process has, or 0 where that is not told. */
static size_t
address_space(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long pages = 0;

	if (file == NULL)
		return 0;
	if (fscanf(file, "%lu", &pages) != 1)
		pages = 0;
	fclose(file);
	return pages * 4096;
}

START_TEST(greatest_envelopes_are_read_in_64_mib)
{
	market_context_t *context = NULL;
	struct rlimit limit;
	size_t now;

	now = address_space();
	if (now == 0)
		HARNESS_SKIP("/proc/self/statm is missing");
	ck_assert_int_eq(market_context_new(NULL, &context), MARKET_OK);
	limit.rlim_cur = limit.rlim_max = now + 64 * MIB;
	/* A sanitizer, or valgrind, needs all the room there is. */
	if (!HARNESS_SANITIZED && getenv("MARKET_SLOW") == NULL) {
		ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
		/* The limit holds: what is beyond it is not given. */
		ck_assert_ptr_null(malloc(128 * MIB));
	}
	read_the_greatest(context, (size_t)_i);
	market_context_free(context);
}
END_TEST

/* ---- X9 ---- */

typedef struct task {
	market_evidence_t *evidence;
	market_slice_t offer;
	int64_t at;
	market_status_t status;
} task_t;

static void *
decide(void *user)
{
	task_t *task = user;
	market_decision_t *decision = NULL;

	task->status = market_check(
	    task->evidence, task->offer, task->at, &decision, NULL);
	market_decision_free(decision);
	return NULL;
}

/* Link i of the chain is from d(i-1).example to the next, or the seller. */
static void
add_link(world_t *world, unsigned i)
{
	char grantee[24] = "shop.example", edit[512];

	if (i < 7)
		snprintf(grantee, sizeof(grantee), "d%u.example", i);
	snprintf(edit, sizeof(edit),
	    "+link%u =link0 {'header': {'id': 'link%u', 'issuer':"
	    " 'd%u.example'}, 'grantee': '%s', 'granteeKeys': '$keys:%s',"
	    " 'maxDelegations': %u, 'parentDigest': '$digest:link%u'}",
	    i, i, i - 1, grantee, grantee, 7 - i, i - 1);
	world_edit(world, edit);
	snprintf(edit, sizeof(edit), "link%u @d%u.example", i, i - 1);
	world_edit(world, edit);
}

/* Reading, a chain of 8 links, each signature, and the evaluation. */
START_TEST(x9_decision_is_made_on_a_stack_of_64_kib)
{
	static _Alignas(64) uint8_t stack[64 * 1024];
	world_t *world;
	pthread_attr_t attributes;
	pthread_t thread;
	task_t task;
	unsigned i;

	world = world_new();
	world_edit(world, "policy {'maxChain': 8}");
	world_edit(world,
	    "+link0 =grant {'header': {'id': 'link0'}, 'grantee':"
	    " 'd0.example', 'granteeKeys': '$keys:d0.example',"
	    " 'maxDelegations': 7}");
	world_edit(world, "-grant");
	for (i = 1; i < 8; i++)
		add_link(world, i);
	task.evidence = world_evidence(world, 0);
	task.offer = world_envelope(world, "offer");
	task.at = world_time(WORLD_NOW);
	task.status = MARKET_E_INTERNAL;
	ck_assert_int_eq(pthread_attr_init(&attributes), 0);
	ck_assert_int_eq(
	    pthread_attr_setstack(&attributes, stack, sizeof(stack)), 0);
	ck_assert_int_eq(
	    pthread_create(&thread, &attributes, decide, &task), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	pthread_attr_destroy(&attributes);
	ck_assert_msg(
	    task.status == MARKET_OK, "X9 %s", market_status_name(task.status));
	market_evidence_free(task.evidence);
	world_free(world);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("faults_room");
	TCase *tcase = tcase_create("faults_room");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, greatest_envelopes_are_read_in_64_mib, 0,
	    (int)MARKET__COUNT(greatest));
	/* The frames of a sanitizer, or of valgrind, are greater. */
	if (!HARNESS_SANITIZED && getenv("MARKET_SLOW") == NULL)
		tcase_add_test(tcase, x9_decision_is_made_on_a_stack_of_64_kib);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
