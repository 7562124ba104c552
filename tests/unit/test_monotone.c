/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Less evidence never permits more, and what takes away never gives: over
 * random worlds. What follows from none of it:
 * - where several statements of one product, network or seller are there one
 *   is chosen, and certifications of one scheme restrict each other, so that
 *   taking one away may leave a better; only the last of its kind is taken
 *   away here;
 * - a seller statement decides who the seller is, and without one (and where
 *   policy does not demand it) the grant's keys do;
 * - taking away a higher revision, or one half of a fork, brings the other
 *   back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"

#define WORLDS_DEFAULT 200
#define WORLDS_A_TEST  50

#define SCOPE                                                          \
	"\"scope\": {\"models\": [\"*\"], \"territories\": [\"*\"], "  \
	"\"channels\": [\"CHANNEL_ANY\"], \"marketplaces\": [\"*\"], " \
	"\"conditions\": [\"CONDITION_ANY\"]}"
#define CEASED "\"reason\": \"WITHDRAWAL_REASON_CEASED\"}"
#define BY_NAME(name, kind, issuer, id)                                   \
	"+" name " withdrawal " issuer " {\"target\": {\"kind\": \"" kind \
	"\", \"issuer\": \"" issuer "\", \"id\": \"" id "\"}, " CEASED

/* Which statement must not be restricted by others of its kind. */
typedef struct removal {
	const char *name;
	unsigned not_with;
} removal_t;

static const removal_t removals[] = {
	{ "grant", POOL_GRANT },
	{ "grant-b", 0 },
	{ "dist", 0 },
	{ "sub", 0 },
	{ "far", 0 },
	{ "near", 0 },
	{ "orphan", 0 },
	{ "carrier", POOL_CARRIER },
	{ "fcc", POOL_FCC },
	{ "ptcrb", POOL_CARRIER },
	{ "product", POOL_PRODUCT },
	{ "network", POOL_NETWORK },
	{ "mvno", 0 },
	{ "seller", POOL_SELLER },
};

/* What only takes away; the tags are of worlds in which it may give. */
typedef struct addition {
	const char *name;
	unsigned not_with;
	const char *edit;
} addition_t;

static const addition_t takers[] = {
	{ "a1", POOL_GRANT, BY_NAME("a1", "authorization", "mi.com", "grant") },
	{ "a2", 0, BY_NAME("a2", "authorization", "mi.com", "grant-b") },
	{ "a3", 0, BY_NAME("a3", "authorization", "mi.com", "dist") },
	{ "a4", POOL_CARRIER,
	    BY_NAME("a4", "certification", "t-mobile.com", "carrier") },
	{ "a5", POOL_FCC, BY_NAME("a5", "certification", "fcc.gov", "fcc") },
	{ "a6", POOL_PRODUCT, BY_NAME("a6", "product", "mi.com", "product") },
	{ "a7", POOL_NETWORK,
	    BY_NAME("a7", "network", "t-mobile.com", "network") },
	{ "a8", 0,
	    "+a8 withdrawal usmobile.com {\"targetKey\": "
	    "\"$key:shop.example\", " CEASED },
	{ "a9", 0,
	    "+a9 withdrawal shop.example {\"targetDigest\": "
	    "\"$digest:offer\", " CEASED },
	{ "a10", 0,
	    "+a10 hold usmobile.com {\"target\": {\"brand\": \"xiaomi\"}, "
	    "\"reason\": \"WITHDRAWAL_REASON_POLICY\"}" },
	{ "a11", 0,
	    "+a11 hold usmobile.com {\"target\": {\"seller\": "
	    "\"shop.example\", \"offerId\": \"offer\"}, \"reason\": "
	    "\"WITHDRAWAL_REASON_POLICY\", \"final\": true}" },
	{ "a12", 0,
	    "+a12 disavowal mi.com {\"brand\": \"xiaomi\", \"parties\": "
	    "[\"*\"], " SCOPE "}" },
	{ "a13", 0,
	    "+a13 disavowal mi.com {\"brand\": \"xiaomi\", \"parties\": "
	    "[\"dist.example\", \"ware.example\"], " SCOPE "}" },
	{ "a14", 0,
	    "+a14 =fcc {\"header\": {\"id\": \"a14\"}, \"state\": "
	    "\"CERTIFICATION_STATE_REVOKED\"}" },
	{ "a15", 0,
	    "+a15 =seller {\"header\": {\"id\": \"a15\"}, \"suspended\": "
	    "true}" },
};

/* Statements that are no evidence, or withdraw what is not theirs. */
static const char *const junk_edits[] = {
	"+j-forged =grant {}",
	"j-forged @forger",
	"+j-spoilt =fcc {\"header\": {\"revision\": \"9\"}}",
	"j-spoilt !",
	"+j-unknown authorization evil.example {\"brand\": \"xiaomi\", "
	"\"grantee\": \"shop.example\", " SCOPE "}",
	"+j-brand authorization meizu.com {\"brand\": \"xiaomi\", "
	"\"grantee\": \"shop.example\", " SCOPE "}",
	"+j-disavowal disavowal meizu.com {\"brand\": \"xiaomi\", "
	"\"parties\": [\"*\"], " SCOPE "}",
	"+j-cert =fcc {\"header\": {\"issuer\": \"att.com\"}, \"state\": "
	"\"CERTIFICATION_STATE_REVOKED\"}",
	"j-cert @att.com",
	"+j-carrier =carrier {\"header\": {\"issuer\": \"att.com\"}, "
	"\"state\": \"CERTIFICATION_STATE_REVOKED\"}",
	"j-carrier @att.com",
	"+j-network =network {\"header\": {\"issuer\": \"att.com\", "
	"\"notAfter\": \"2040-01-01T00:00:00Z\"}}",
	"j-network @att.com",
	"+j-hold hold mi.com {\"target\": {\"seller\": \"shop.example\"}, "
	"\"reason\": \"WITHDRAWAL_REASON_POLICY\"}",
	"+j-seller =seller {\"header\": {\"issuer\": \"mi.com\"}, "
	"\"suspended\": true}",
	"j-seller @mi.com",
	"+j-offer =offer {\"header\": {\"id\": \"other\"}}",
	"+j-policy =policy {\"minimumService\": \"SERVICE_NONE\"}",
	"+j-root =root {}",
	"+j-orphan authorization lost.example {\"brand\": \"xiaomi\", "
	"\"grantee\": \"shop.example\", \"parentDigest\": \"$key:j\", " SCOPE
	"}",
	"+j-child authorization evil.example {\"brand\": \"xiaomi\", "
	"\"grantee\": \"shop.example\", \"parentDigest\": "
	"\"$digest:j-unknown\", " SCOPE "}",
	"+j-w1 withdrawal meizu.com {\"target\": {\"kind\": "
	"\"authorization\", \"issuer\": \"mi.com\", \"id\": "
	"\"grant\"}, " CEASED,
	"+j-w2 withdrawal att.com {\"targetKey\": \"$key:mi.com\", " CEASED,
	"+j-w3 withdrawal att.com {\"targetDigest\": "
	"\"$digest:offer\", " CEASED,
	"+j-w4 withdrawal shop.example {\"target\": {\"kind\": \"product\", "
	"\"issuer\": \"mi.com\", \"id\": \"product\"}, " CEASED,
	"+j-w5 withdrawal evil.example {\"targetDigest\": "
	"\"$digest:offer\", " CEASED,
	"+j-status status att.com {\"header\": {\"revision\": \"1\"}, "
	"\"sequence\": \"1\", \"withdrawn\": [\"$digest:offer\"], \"page\": "
	"1, \"pageCount\": 1}",
};

static const char *const junk_names[] = { "j-forged", "j-spoilt", "j-unknown",
	"j-brand", "j-disavowal", "j-cert", "j-carrier", "j-network", "j-hold",
	"j-seller", "j-offer", "j-policy", "j-root", "j-orphan", "j-child",
	"j-w1", "j-w2", "j-w3", "j-w4", "j-w5", "j-status", NULL };

static void
tell(const pool_world_t *pool, const market_decision_t *before,
    const market_decision_t *after, const char *how)
{
	market_buffer_t a = MARKET_BUFFER_INIT, b = MARKET_BUFFER_INIT;

	ck_assert_int_eq(market_decision_text(before, 100, &a), MARKET_OK);
	ck_assert_int_eq(market_decision_text(after, 100, &b), MARKET_OK);
	ck_abort_msg("seed %u, at %lld: %s\n%.2000s%.1500s\n%.1500s",
	    pool->seed, (long long)pool->at, how, pool->story,
	    (const char *)a.data, (const char *)b.data);
}

/* No cell that was not permitted is so now. */
static void
opens_nothing(const pool_world_t *pool, const market_decision_t *before,
    const market_decision_t *after, const char *how)
{
	const market_cell_t *a, *b;
	size_t i;

	for (i = 0; (a = market_decision_cell(before, i)) != NULL; i++) {
		b = market_decision_cell(after, i);
		ck_assert_ptr_nonnull(b);
		if (a->verdict != MARKET_VERDICT_PERMIT &&
		    b->verdict == MARKET_VERDICT_PERMIT)
			tell(pool, before, after, how);
	}
}

static void
changes_nothing(const pool_world_t *pool, const market_decision_t *before,
    const market_decision_t *after, const char *how)
{
	const market_cell_t *a, *b;
	size_t i;

	for (i = 0; (a = market_decision_cell(before, i)) != NULL; i++) {
		b = market_decision_cell(after, i);
		ck_assert_ptr_nonnull(b);
		if (a->verdict != b->verdict || a->service != b->service ||
		    a->horizon != b->horizon)
			tell(pool, before, after, how);
	}
}

static bool
is_there(const pool_world_t *pool, const char *name)
{
	size_t i;

	for (i = 0; i < pool->n_names; i++)
		if (strcmp(pool->names[i], name) == 0)
			return true;
	return false;
}

static market_decision_t *
check_with(pool_world_t *pool, const char *without, const char *const *more)
{
	market_evidence_t *evidence = pool_evidence(pool, without, more);
	market_decision_t *decision = pool_check(pool, evidence, pool->at);

	market_evidence_free(evidence);
	return decision;
}

static bool
is_permitted_everywhere(const market_decision_t *decision)
{
	return market_decision_verdict(decision) == MARKET_VERDICT_PERMIT;
}

static void
remove_each(pool_world_t *pool, const market_decision_t *before)
{
	market_decision_t *after;
	char how[64];
	size_t i;

	for (i = 0; i < sizeof(removals) / sizeof(removals[0]); i++) {
		if ((pool->tags & removals[i].not_with) ||
		    !is_there(pool, removals[i].name))
			continue;
		snprintf(
		    how, sizeof(how), "permits without %s", removals[i].name);
		after = check_with(pool, removals[i].name, NULL);
		opens_nothing(pool, before, after, how);
		market_decision_free(after);
	}
}

static bool
applies(const pool_world_t *pool, const addition_t *taker)
{
	return (pool->tags & taker->not_with) == 0 &&
	    (strstr(taker->edit, "=fcc") == NULL || is_there(pool, "fcc")) &&
	    (strstr(taker->edit, "=seller") == NULL ||
		is_there(pool, "seller"));
}

static void
add_each(pool_world_t *pool, const market_decision_t *before)
{
	const size_t n = sizeof(takers) / sizeof(takers[0]);
	market_decision_t *after;
	const char *more[2] = { NULL, NULL };
	char how[64];
	size_t i;

	for (i = 0; i < n; i++)
		if (applies(pool, &takers[i]))
			world_edit(pool->world, takers[i].edit);
	for (i = 0; i < n; i++) {
		if (!applies(pool, &takers[i]))
			continue;
		more[0] = takers[i].name;
		snprintf(how, sizeof(how), "permits with %.50s", more[0]);
		after = check_with(pool, NULL, more);
		opens_nothing(pool, before, after, how);
		market_decision_free(after);
	}
}

START_TEST(evidence_that_goes_permits_nothing)
{
	market_decision_t *before;
	pool_world_t pool;
	unsigned i;

	for (i = 0; i < harness_rounds(WORLDS_A_TEST); i++) {
		pool_world_init(
		    &pool, 50000 + (unsigned)_i * WORLDS_A_TEST + i);
		before = check_with(&pool, NULL, NULL);
		if (!is_permitted_everywhere(before))
			remove_each(&pool, before);
		market_decision_free(before);
		pool_world_clear(&pool);
	}
}
END_TEST

START_TEST(what_takes_away_permits_nothing)
{
	market_decision_t *before;
	pool_world_t pool;
	unsigned i;

	for (i = 0; i < harness_rounds(WORLDS_A_TEST); i++) {
		pool_world_init(
		    &pool, 60000 + (unsigned)_i * WORLDS_A_TEST + i);
		before = check_with(&pool, NULL, NULL);
		if (!is_permitted_everywhere(before))
			add_each(&pool, before);
		market_decision_free(before);
		pool_world_clear(&pool);
	}
}
END_TEST

/* Does the edit copy a statement that this world does not have? */
static bool
cannot(const pool_world_t *pool, const char *edit)
{
	static const char *const base[] = { "grant", "fcc", "carrier",
		"network", "seller" };
	char copied[32];
	size_t i;

	for (i = 0; i < sizeof(base) / sizeof(base[0]); i++) {
		snprintf(copied, sizeof(copied), " =%s ", base[i]);
		if (strstr(edit, copied) != NULL)
			return !is_there(pool, base[i]);
	}
	return false;
}

static void
add_junk(pool_world_t *pool, const char **more)
{
	const char *missing[8];
	size_t i, k, n = 0, n_missing = 0;

	for (i = 0; i < sizeof(junk_edits) / sizeof(junk_edits[0]); i++) {
		for (k = 0; k < n_missing; k++)
			if (strncmp(junk_edits[i], missing[k],
				strcspn(missing[k], " ")) == 0)
				break;
		if (k < n_missing)
			continue;
		if (cannot(pool, junk_edits[i])) {
			missing[n_missing++] = junk_edits[i] + 1;
			continue;
		}
		world_edit(pool->world, junk_edits[i]);
	}
	for (i = 0; junk_names[i] != NULL; i++) {
		for (k = 0; k < n_missing; k++)
			if (strncmp(junk_names[i], missing[k],
				strlen(junk_names[i])) == 0)
				break;
		if (k == n_missing)
			more[n++] = junk_names[i];
	}
	more[n] = NULL;
}

static void
add_bytes(market_evidence_t *evidence, market_slice_t good)
{
	static const uint8_t noise[] = { 0x0a, 0xff, 0x80, 0x00, '{', '"' };
	market_slice_t cut = { good.ptr, good.len / 2 };
	market_slice_t bytes[] = { { noise, 0 }, { noise, 1 },
		{ noise, sizeof(noise) }, { noise + 4, 2 }, cut };
	size_t i;

	for (i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++)
		ck_assert_int_eq(
		    market_evidence_add(evidence, bytes[i], NULL, NULL),
		    MARKET_OK);
}

START_TEST(junk_changes_nothing)
{
	market_decision_t *before, *after;
	const char *more[32];
	market_evidence_t *evidence;
	pool_world_t pool;
	unsigned i;

	for (i = 0; i < harness_rounds(WORLDS_A_TEST); i++) {
		pool_world_init(
		    &pool, 70000 + (unsigned)_i * WORLDS_A_TEST + i);
		before = check_with(&pool, NULL, NULL);
		add_junk(&pool, more);
		evidence = pool_evidence(&pool, NULL, more);
		add_bytes(evidence, world_envelope(pool.world, "policy"));
		after = pool_check(&pool, evidence, pool.at);
		changes_nothing(&pool, before, after, "junk changes an answer");
		market_decision_free(after);
		market_evidence_free(evidence);
		market_decision_free(before);
		pool_world_clear(&pool);
	}
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
	Suite *suite = suite_create("monotone");
	TCase *tcase = tcase_create("monotone");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(
	    tcase, evidence_that_goes_permits_nothing, 0, batches());
	tcase_add_loop_test(
	    tcase, what_takes_away_permits_nothing, 0, batches());
	tcase_add_loop_test(tcase, junk_changes_nothing, 0, batches());
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
