/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cell's answer holds from `at` until its horizon: its verdict, service and
 * disclosures are the same at every instant between, whatever the world. And
 * a permit does not end earlier than it must. Evidence that has answered at
 * other instants before tells, byte for byte, what it tells when asked anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"

#define WORLDS_DEFAULT 400
#define WORLDS_A_TEST  50

/* Decisions are judged far apart; nothing in a world is later. */
#define END_OF_TIME INT64_C(2208988800) /* 2040-01-01 */

static const char *
disclosures_differ(const market_cell_t *a, const market_cell_t *b)
{
	size_t i;

	if (a->disclosure_count != b->disclosure_count)
		return "disclosures";
	for (i = 0; i < a->disclosure_count; i++)
		if (a->disclosures[i] != b->disclosures[i])
			return "disclosures";
	return NULL;
}

static const char *
differ(const market_cell_t *a, const market_cell_t *b)
{
	if (a->verdict != b->verdict)
		return "verdict";
	if (a->service != b->service)
		return "service";
	return disclosures_differ(a, b);
}

static void
tell(const pool_world_t *pool, const market_decision_t *first,
    const market_decision_t *then, size_t cell, const char *what)
{
	market_buffer_t a = MARKET_BUFFER_INIT, b = MARKET_BUFFER_INIT;

	ck_assert_int_eq(market_decision_text(first, 100, &a), MARKET_OK);
	ck_assert_int_eq(market_decision_text(then, 100, &b), MARKET_OK);
	ck_abort_msg("seed %u: the %s of cell %zu changes before its horizon: "
		     "asked at %lld, horizon %lld, changed at "
		     "%lld\n%.2000s%.1500s\n%.1500s",
	    pool->seed, what, cell, (long long)market_decision_at(first),
	    (long long)market_decision_cell(first, cell)->horizon,
	    (long long)market_decision_at(then), pool->story,
	    (const char *)a.data, (const char *)b.data);
}

static void
must_tell_the_same(const pool_world_t *pool, const market_decision_t *anew,
    const market_decision_t *again)
{
	market_buffer_t a = MARKET_BUFFER_INIT, b = MARKET_BUFFER_INIT;

	ck_assert_int_eq(market_decision_json(anew, &a), MARKET_OK);
	ck_assert_int_eq(market_decision_json(again, &b), MARKET_OK);
	ck_assert_msg(a.len == b.len && memcmp(a.data, b.data, a.len) == 0,
	    "seed %u: asked again at %lld, the evidence says something "
	    "else\n%.2000s%.4000s\n%.4000s",
	    pool->seed, (long long)market_decision_at(anew), pool->story,
	    (const char *)a.data, (const char *)b.data);
	market_buffer_clear(&a);
	market_buffer_clear(&b);
}

/*
 * At this instant all cells whose horizon is later answer as before: evidence
 * that has not been asked yet, and so has not kept an answer.
 */
static void
probe(pool_world_t *pool, market_evidence_t *asked,
    const market_decision_t *first, int64_t instant)
{
	const market_cell_t *cell, *then;
	market_decision_t *decision, *again;
	market_evidence_t *evidence;
	const char *what;
	size_t i;

	if (instant <= market_decision_at(first) || instant >= END_OF_TIME)
		return;
	evidence = pool_evidence(pool, NULL, NULL);
	decision = pool_check(pool, evidence, instant);
	market_evidence_free(evidence);
	again = pool_check(pool, asked, instant);
	must_tell_the_same(pool, decision, again);
	market_decision_free(again);
	for (i = 0; (cell = market_decision_cell(first, i)) != NULL; i++) {
		if (instant >= cell->horizon)
			continue;
		then = market_decision_cell(decision, i);
		ck_assert_ptr_nonnull(then);
		what = differ(cell, then);
		if (what != NULL)
			tell(pool, first, decision, i, what);
	}
	market_decision_free(decision);
}

static int64_t
furthest(const market_decision_t *decision)
{
	const market_cell_t *cell;
	int64_t horizon = 0;
	size_t i;

	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++) {
		ck_assert(cell->horizon > market_decision_at(decision));
		if (cell->horizon > horizon)
			horizon = cell->horizon;
	}
	return horizon < END_OF_TIME ? horizon : END_OF_TIME;
}

static void
run_world(unsigned seed)
{
	static const int64_t skews[] = { 0, 300, 86400 };
	market_evidence_t *evidence;
	market_decision_t *first;
	const market_cell_t *cell;
	pool_world_t pool;
	uint32_t state = seed | 1;
	int64_t horizon;
	size_t i, k;

	pool_world_init(&pool, seed);
	evidence = pool_evidence(&pool, NULL, NULL);
	first = pool_check(&pool, evidence, pool.at);
	horizon = furthest(first);
	for (i = 0; (cell = market_decision_cell(first, i)) != NULL; i++)
		if (cell->horizon < END_OF_TIME)
			probe(&pool, evidence, first, cell->horizon - 1);
	for (i = 0; i < pool.n_times; i++)
		for (k = 0; k < 3; k++) {
			if (pool.times[i] - skews[k] >= horizon)
				continue;
			probe(&pool, evidence, first, pool.times[i] - skews[k]);
		}
	for (i = 0; i < 3; i++)
		probe(&pool, evidence, first,
		    pool.at +
			(int64_t)((double)(horizon - pool.at) / 1000 *
			    pool_random(&state, 1000)));
	market_decision_free(first);
	market_evidence_free(evidence);
	pool_world_clear(&pool);
}

static unsigned
first_seed(void)
{
	const char *text = getenv("MARKET_TEST_SEED");

	return text == NULL ? 1 : (unsigned)strtoul(text, NULL, 10);
}

START_TEST(horizon_holds_in_random_worlds)
{
	unsigned i;

	for (i = 0; i < harness_rounds(WORLDS_A_TEST); i++)
		run_world(first_seed() + (unsigned)_i * WORLDS_A_TEST + i);
}
END_TEST

/* ---- not needlessly early ---- */

typedef struct plain {
	const char *label;
	const char *at;
	const char *horizon; /* NULL: there is none */
	const char *edits[5];
} plain_t;

#define UNTIL(name, instant) \
	name " {\"header\": {\"notAfter\": \"" instant "\"}}"

/* A carrier with a second key, which signs from 2016-03-15 on. */
#define LATE_KEY                                                             \
	"root {\"parties\": [{\"id\": \"mi.com\", \"keys\": "                \
	"\"$keys:mi.com\", \"roles\": [{\"role\": \"ROLE_BRAND\", "          \
	"\"brands\": [\"xiaomi\"]}]}, {\"id\": \"t-mobile.com\", \"keys\": " \
	"{\"threshold\": 1, \"keys\": [{\"spki\": \"$spki:t-mobile.com\", "  \
	"\"environment\": \"ENVIRONMENT_PRODUCTION\"}, {\"spki\": "          \
	"\"$spki:t-mobile.com#2\", \"environment\": "                        \
	"\"ENVIRONMENT_PRODUCTION\", \"notBefore\": "                        \
	"\"2016-03-15T00:00:00Z\"}]}, \"roles\": [{\"role\": "               \
	"\"ROLE_CARRIER\", \"networks\": [\"t-mobile.com/us\"]}]}, "         \
	"{\"id\": \"usmobile.com\", \"keys\": \"$keys:usmobile.com\", "      \
	"\"roles\": [{\"role\": \"ROLE_MARKETPLACE\"}]}, {\"id\": "          \
	"\"fcc.gov\", \"keys\": \"$keys:fcc.gov\", \"roles\": [{\"role\": "  \
	"\"ROLE_CERTIFIER\", \"schemes\": [\"fcc\"], \"territories\": "      \
	"[\"US\"]}]}]}"

static const plain_t plain[] = {
	{ "3G is switched off", NULL, "2022-07-01T00:00:00Z", { NULL } },
	{ "the last second of 3G", "2022-06-30T23:59:59Z",
	    "2022-07-01T00:00:00Z", { NULL } },
	{ "the grant ends", NULL, "2017-02-03T04:05:06Z",
	    { UNTIL("grant", "2017-02-03T04:05:06Z") } },
	{ "of two grants the later end counts", NULL, "2018-01-01T00:00:00Z",
	    { UNTIL("grant", "2017-01-01T00:00:00Z"),
		"+grant-b =grant {\"header\": {\"id\": \"b\", \"notAfter\": "
		"\"2018-01-01T00:00:00Z\"}}" } },
	{ "the offer ends", NULL, "2016-02-02T00:00:00Z",
	    { UNTIL("offer", "2016-02-02T00:00:00Z") } },
	{ "the seller statement ends", NULL, "2016-05-01T00:00:00Z",
	    { UNTIL("seller", "2016-05-01T00:00:00Z") } },
	{ "a certification ends", NULL, "2019-05-01T00:00:00Z",
	    { UNTIL("fcc", "2019-05-01T00:00:00Z") } },
	{ "a certification of other software begins", NULL,
	    "2022-07-01T00:00:00Z",
	    { "+late =carrier {\"header\": {\"id\": \"late\", \"notBefore\": "
	      "\"2017-01-01T00:00:00Z\"}, \"softwareVersions\": [\"8\"], "
	      "\"state\": \"CERTIFICATION_STATE_IN_TEST\"}" } },
	{ "the key of one that restricts begins to sign", NULL,
	    "2016-03-15T00:00:00Z",
	    { LATE_KEY,
		"+late =carrier {\"header\": {\"id\": \"late\"}, \"state\": "
		"\"CERTIFICATION_STATE_IN_TEST\"}",
		"late @t-mobile.com#2" } },
	{ "a withdrawal takes effect", NULL, "2016-08-09T10:11:12Z",
	    { "+w withdrawal mi.com {\"targetDigest\": \"$digest:grant\", "
	      "\"reason\": \"WITHDRAWAL_REASON_CEASED\", \"effectiveAt\": "
	      "\"2016-08-09T10:11:12Z\"}" } },
	{ "a hold on another brand begins", NULL, "2022-07-01T00:00:00Z",
	    { "+h hold usmobile.com {\"target\": {\"brand\": \"meizu\"}, "
	      "\"reason\": \"WITHDRAWAL_REASON_POLICY\", \"header\": "
	      "{\"notBefore\": \"2017-01-01T00:00:00Z\"}}" } },
	{ "a hold begins", NULL, "2017-01-01T00:00:00Z",
	    { "+h hold usmobile.com {\"target\": {\"brand\": \"xiaomi\"}, "
	      "\"reason\": \"WITHDRAWAL_REASON_POLICY\", \"header\": "
	      "{\"notBefore\": \"2017-01-01T00:00:00Z\"}}" } },
	{ "a suspension of the seller begins, within the skew",
	    "2016-12-31T23:56:00Z", "2017-01-01T00:00:00Z",
	    { "+s =seller {\"suspended\": true, \"header\": {\"id\": \"s\", "
	      "\"notBefore\": \"2017-01-01T00:00:00Z\"}}" } },
	{ "a disavowal of another begins", NULL, "2022-07-01T00:00:00Z",
	    { "+d disavowal mi.com {\"brand\": \"xiaomi\", \"parties\": "
	      "[\"other.example\"], \"scope\": {\"models\": [\"*\"], "
	      "\"territories\": [\"*\"], \"channels\": [\"CHANNEL_ANY\"], "
	      "\"marketplaces\": [\"*\"], \"conditions\": "
	      "[\"CONDITION_ANY\"]}, \"header\": {\"notBefore\": "
	      "\"2017-01-01T00:00:00Z\"}}" } },
	{ "a new 2G band changes nothing", NULL, "2022-07-01T00:00:00Z",
	    { "network {\"deployments\": [{\"rat\": \"RAT_GSM\", \"band\": "
	      "1900, \"from\": \"2017-01-01T00:00:00Z\"}, {\"rat\": "
	      "\"RAT_UMTS\", \"band\": 2, \"from\": \"2012-01-01T00:00:00Z\", "
	      "\"until\": \"2022-07-01T00:00:00Z\"}]}" } },
	{ "the policy's skew does not lengthen", NULL, "2016-02-01T12:00:01Z",
	    { UNTIL("carrier", "2016-02-01T12:00:01Z") } },
};

START_TEST(horizon_is_not_early_in_plain_worlds)
{
	const plain_t *row = &plain[_i];
	market_buffer_t report = MARKET_BUFFER_INIT;
	market_decision_t *decision;
	const market_cell_t *cell;
	world_t *world = world_new();
	size_t i;

	for (i = 0; i < 5 && row->edits[i] != NULL; i++)
		world_edit(world, row->edits[i]);
	decision = world_check(world, "offer", row->at);
	ck_assert_int_eq(
	    market_decision_text(decision, 100, &report), MARKET_OK);
	cell = market_decision_cell(decision, 0);
	ck_assert_msg(cell != NULL && cell->verdict == MARKET_VERDICT_PERMIT,
	    "%s: not permitted\n%s", row->label, (const char *)report.data);
	ck_assert_msg(cell->horizon == world_time(row->horizon),
	    "%s: the horizon is not %s\n%s", row->label, row->horizon,
	    (const char *)report.data);
	market_buffer_clear(&report);
	market_decision_free(decision);
	world_free(world);
}
END_TEST

static int
batches(void)
{
	const char *text = getenv("MARKET_TEST_WORLDS");
	unsigned long worlds = text == NULL ? WORLDS_DEFAULT
					    : strtoul(text, NULL, 10);

	return (int)((worlds + WORLDS_A_TEST - 1) / WORLDS_A_TEST);
}

int
main(void)
{
	Suite *suite = suite_create("horizon");
	TCase *tcase = tcase_create("horizon");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(
	    tcase, horizon_holds_in_random_worlds, 0, batches());
	tcase_add_loop_test(tcase, horizon_is_not_early_in_plain_worlds, 0,
	    (int)(sizeof(plain) / sizeof(plain[0])));
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
