/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same inputs give the same bytes: whatever the order of the evidence,
 * the run, the allocator, or the number of threads that ask.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

#define ORDERS  100
#define THREADS 4
#define ROUNDS  8

#define SCOPE                                                          \
	"\"scope\": {\"models\": [\"*\"], \"territories\": [\"*\"], "  \
	"\"channels\": [\"CHANNEL_ANY\"], \"marketplaces\": [\"*\"], " \
	"\"conditions\": [\"CONDITION_ANY\"]}"
#define SUB_GRANT(name, from, to, delegations)                                \
	"+" name " authorization " from " {\"brand\": \"xiaomi\", "           \
	"\"grantee\": \"" to "\", \"parentDigest\": \"$digest:" from "\", "   \
	"\"granteeKeys\": \"$keys:" to "\", \"maxDelegations\": " delegations \
	", " SCOPE "}"

/* Grants from mi.com over a.example and b.example to shop.example. */
#define CHAIN                                                                \
	"+a.example authorization mi.com {\"brand\": \"xiaomi\", "           \
	"\"grantee\": \"a.example\", \"granteeKeys\": \"$keys:a.example\", " \
	"\"maxDelegations\": 3, " SCOPE "}",                                 \
	    SUB_GRANT("b.example", "a.example", "b.example", "2"),           \
	    SUB_GRANT("leaf", "b.example", "shop.example", "0")

typedef struct row {
	const char *label;
	market_verdict_t want;
	const char *edits[WORLD_EDITS_MAX];
} row_t;

static const row_t rows[] = {
	{ "the good world", MARKET_VERDICT_PERMIT, { NULL } },
	{ "nothing is there", MARKET_VERDICT_DENY,
	    { "-grant", "-carrier", "-fcc", "-product", "-network",
		"-seller" } },
	{ "several cells that differ", MARKET_VERDICT_DENY,
	    { "offer {\"territories\": [\"US\", \"US-CA\", \"CA\"], "
	      "\"networks\": [\"t-mobile.com/us\", \"usmobile.com/us\", "
	      "\"att.com/us\"]}" } },
	{ "forks of three names", MARKET_VERDICT_INDETERMINATE,
	    { "+f1 =grant {\"maxDelegations\": 1}",
		"+f2 =product {\"name\": \"other\"}",
		"+f3 =network {\"name\": \"other\"}",
		"+f4 =network {\"name\": \"third\"}" } },
	{ "stale revisions", MARKET_VERDICT_PERMIT,
	    { "+r2 =grant {\"header\": {\"revision\": \"2\"}}",
		"+r3 =grant {\"header\": {\"revision\": \"3\"}}",
		"+c2 =carrier {\"header\": {\"revision\": \"9\"}}" } },
	{ "sub-grants", MARKET_VERDICT_PERMIT, { "-grant", CHAIN } },
	{ "sub-grants and alternatives", MARKET_VERDICT_PERMIT,
	    { "grant {\"scope\": {\"territories\": [\"CA\"]}}", CHAIN,
		"+wide =leaf {\"header\": {\"id\": \"wide\"}, "
		"\"maxDelegations\": 2}",
		"+lost =leaf {\"parentDigest\": \"$key:forger\"}" } },
	{ "withdrawals", MARKET_VERDICT_DENY,
	    { CHAIN,
		"+w1 withdrawal mi.com {\"targetDigest\": "
		"\"$digest:a.example\", \"reason\": "
		"\"WITHDRAWAL_REASON_CEASED\"}",
		"+w2 withdrawal b.example {\"targetDigest\": "
		"\"$digest:leaf\", \"reason\": \"WITHDRAWAL_REASON_ERROR\"}",
		"+w3 withdrawal mi.com {\"target\": {\"kind\": "
		"\"authorization\", \"issuer\": \"mi.com\", \"id\": "
		"\"grant\"}, \"reason\": \"WITHDRAWAL_REASON_CEASED\"}" } },
	{ "keys withdrawn", MARKET_VERDICT_DENY,
	    { "+w1 withdrawal t-mobile.com {\"targetKey\": "
	      "\"$key:t-mobile.com\", \"reason\": "
	      "\"WITHDRAWAL_REASON_KEY_COMPROMISE\"}",
		"+w2 withdrawal usmobile.com {\"targetKey\": "
		"\"$key:t-mobile.com\", \"reason\": "
		"\"WITHDRAWAL_REASON_KEY_COMPROMISE\"}" } },
	{ "ignored for many reasons", MARKET_VERDICT_PERMIT,
	    { "+i1 =grant {\"header\": {\"issuer\": \"nobody.example\"}}",
		"+i2 =fcc {\"scheme\": \"ptcrb\"}", "+i3 =product {}",
		"i3 @forger", "+i4 =offer {}", "+i5 =mvno {}", "i5 !",
		"+i6 withdrawal att.com {\"targetDigest\": \"$digest:grant\", "
		"\"reason\": \"WITHDRAWAL_REASON_ERROR\"}" } },
	{ "certifications that differ", MARKET_VERDICT_DENY,
	    { "+c1 =carrier {\"header\": {\"id\": \"c1\"}, \"state\": "
	      "\"CERTIFICATION_STATE_SUSPENDED\"}",
		"+c2 =carrier {\"header\": {\"id\": \"c2\"}, \"state\": "
		"\"CERTIFICATION_STATE_IN_TEST\"}",
		"+c3 =fcc {\"header\": {\"id\": \"c3\"}, \"state\": "
		"\"CERTIFICATION_STATE_PROVISIONAL\"}",
		"policy {\"acceptProvisional\": true}" } },
	{ "disavowed and held", MARKET_VERDICT_DENY,
	    { "+d1 disavowal mi.com {\"brand\": \"xiaomi\", \"parties\": "
	      "[\"*\"], " SCOPE "}",
		"+d2 =d1 {\"header\": {\"id\": \"d2\"}, \"parties\": "
		"[\"shop.example\"]}",
		"+h1 hold usmobile.com {\"target\": {\"seller\": "
		"\"shop.example\"}, \"reason\": \"WITHDRAWAL_REASON_POLICY\"}",
		"+h2 hold usmobile.com {\"target\": {\"brand\": \"xiaomi\"}, "
		"\"reason\": \"WITHDRAWAL_REASON_SAFETY\", \"final\": "
		"true}" } },
	{ "the same twice, and signed otherwise", MARKET_VERDICT_PERMIT,
	    { "+t1 =grant {}", "+t2 =grant {}", "t2 @forger mi.com",
		"+t3 =grant {}", "t3 @forger", "+t4 =carrier {}" } },
};

#define N_ROWS ((int)(sizeof(rows) / sizeof(rows[0])))

static world_t *
build(market_context_t *context, const row_t *row)
{
	world_t *world = context == NULL ? world_new()
					 : world_new_with(context);
	size_t i;

	for (i = 0; i < WORLD_EDITS_MAX && row->edits[i] != NULL; i++)
		world_edit(world, row->edits[i]);
	return world;
}

typedef struct reports {
	market_status_t status;
	market_buffer_t json, text;
} reports_t;

/* Asserts nothing: threads call it. */
static void
ask(market_evidence_t *evidence, market_slice_t offer, int64_t at,
    reports_t *ret)
{
	market_decision_t *decision = NULL;

	memset(ret, 0, sizeof(*ret));
	ret->status = market_check(evidence, offer, at, &decision, NULL);
	if (decision == NULL ||
	    market_decision_json(decision, &ret->json) != MARKET_OK ||
	    market_decision_text(decision, 80, &ret->text) != MARKET_OK)
		ret->status = MARKET_E_INTERNAL;
	market_decision_free(decision);
}

static void
clear(reports_t *reports)
{
	market_buffer_clear(&reports->json);
	market_buffer_clear(&reports->text);
}

static reports_t
ask_world(world_t *world, unsigned seed)
{
	market_evidence_t *evidence = world_evidence(world, seed);
	reports_t reports;

	ask(evidence, world_envelope(world, "offer"), world_time(WORLD_NOW),
	    &reports);
	market_evidence_free(evidence);
	return reports;
}

static void
same_buffer(const market_buffer_t *a, const market_buffer_t *b,
    const char *label, const char *how)
{
	ck_assert_msg(a->len == b->len && a->len > 0 &&
		memcmp(a->data, b->data, a->len) == 0,
	    "%s: %s gives other bytes\n%.2500s\n%.2500s", label, how,
	    (const char *)a->data, (const char *)b->data);
}

static void
same(const reports_t *a, reports_t *b, const char *label, const char *how)
{
	ck_assert_int_eq(a->status, b->status);
	same_buffer(&a->json, &b->json, label, how);
	same_buffer(&a->text, &b->text, label, how);
	clear(b);
}

static market_status_t
status_of(market_verdict_t verdict)
{
	return verdict == MARKET_VERDICT_PERMIT ? MARKET_OK
	    : verdict == MARKET_VERDICT_DENY    ? MARKET_E_DENIED
						: MARKET_E_INDETERMINATE;
}

START_TEST(check_says_the_same_in_any_order)
{
	const row_t *row = &rows[_i];
	world_t *world = build(NULL, row);
	reports_t first = ask_world(world, 0), other;
	unsigned seed;

	ck_assert_msg(first.status == status_of(row->want), "%s: %s\n%s",
	    row->label, market_status_name(first.status),
	    (const char *)first.text.data);
	for (seed = 1; seed <= harness_rounds(ORDERS); seed++) {
		other = ask_world(world, seed);
		same(&first, &other, row->label, "another order");
	}
	clear(&first);
	world_free(world);
}
END_TEST

/* Memory that is never what it was, and grows downwards. */
static void *
strange_alloc(void *user, size_t size)
{
	size_t *count = user;
	char *memory = malloc(size + 64);

	if (memory == NULL)
		return NULL;
	memset(memory, (int)(0xa5 ^ (*count)++ % 251), size + 64);
	return memory + 64;
}

static void
strange_free(void *user, void *ptr)
{
	(void)user;
	free((char *)ptr - 64);
}

START_TEST(check_says_the_same_on_any_allocator)
{
	market_context_options_t options = { 0 };
	const row_t *row = &rows[_i];
	market_context_t *context = NULL;
	world_t *world = build(NULL, row), *again;
	reports_t first = ask_world(world, 0), other;
	size_t count = 0;

	again = build(NULL, row);
	other = ask_world(again, 0);
	same(&first, &other, row->label, "another run");
	world_free(again);
	options.size = sizeof(options);
	options.allocator.alloc = strange_alloc;
	options.allocator.free = strange_free;
	options.allocator.user = &count;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	again = build(context, row);
	other = ask_world(again, 7);
	same(&first, &other, row->label, "another allocator");
	ck_assert_uint_gt(count, 0);
	world_free(again);
	market_context_free(context);
	clear(&first);
	world_free(world);
}
END_TEST

typedef struct asker {
	market_evidence_t *evidence;
	market_slice_t offer;
	int64_t at;
	reports_t reports[ROUNDS];
} asker_t;

static void *
run_asker(void *user)
{
	asker_t *asker = user;
	size_t i;

	for (i = 0; i < ROUNDS; i++)
		ask(asker->evidence, asker->offer, asker->at,
		    &asker->reports[i]);
	return NULL;
}

/* The first question seals the evidence, so that is raced for, too. */
START_TEST(check_says_the_same_to_threads)
{
	const row_t *row = &rows[_i];
	world_t *world = build(NULL, row);
	reports_t first = ask_world(world, 0);
	market_evidence_t *evidence = world_evidence(world, 5);
	pthread_t threads[THREADS];
	asker_t askers[THREADS];
	size_t i, k;

	for (i = 0; i < THREADS; i++) {
		askers[i].evidence = evidence;
		askers[i].offer = world_envelope(world, "offer");
		askers[i].at = world_time(WORLD_NOW);
	}
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(
		    pthread_create(&threads[i], NULL, run_asker, &askers[i]),
		    0);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	for (i = 0; i < THREADS; i++)
		for (k = 0; k < ROUNDS; k++)
			same(&first, &askers[i].reports[k], row->label,
			    "another thread");
	market_evidence_free(evidence);
	clear(&first);
	world_free(world);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("determinism");
	TCase *tcase = tcase_create("determinism");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, check_says_the_same_in_any_order, 0, N_ROWS);
	tcase_add_loop_test(
	    tcase, check_says_the_same_on_any_allocator, 0, N_ROWS);
	tcase_add_loop_test(tcase, check_says_the_same_to_threads, 0, N_ROWS);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
