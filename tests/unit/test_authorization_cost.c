/* SPDX-License-Identifier: Apache-2.0 */
/*
 * D24: what chains cost, counted in slots that an evaluation reads and in
 * signatures that it verifies: linear in leaf grants times links, up to a limit
 * that is told.
 */
#include <stdio.h>
#include <stdlib.h>

#include "api/evidence.h"
#include "count_verified.h"
#include "grants.h"

#define LEAVES_MAX 32 /* chains that are judged in one cell */
#define LINKS_MAX  8
#define EACH_MAX   16 /* grants of one parent, brand and grantee */

/* Counts what is read. */
typedef struct counter {
	const market_evidence_t *evidence;
	size_t reads;
} counter_t;

static market_status_t
count(const void *user, market_slice_t key, market__slot_t *ret_slot)
{
	counter_t *const *counter = user;

	(*counter)->reads++;
	return market__evidence_read((*counter)->evidence, key, ret_slot);
}

typedef struct cost {
	size_t reads;
	size_t verified; /* signatures of the offer, by one key each */
	market_verdict_t verdict;
	bool limited;
} cost_t;

/* The offer, by the first `n` grants of the world that the list names. */
static cost_t
judge(world_t *world, const market_slice_t *grants, size_t n)
{
	static const char *const rest[] = { "seller", "product", "network",
		"carrier", "fcc" };
	market_context_t *context = world_context(world);
	market_evidence_t *evidence = NULL;
	market_decision_t *decision = NULL;
	market_statement_t *offer = NULL;
	market__offered_t offered = { 0 };
	counter_t counter = { 0 }, *pointer = &counter;
	market__lookup_t lookup = { .read = count, .user = &pointer };
	cost_t cost;
	size_t i;

	ck_assert_int_eq(
	    market_evidence_new(context, world_envelope(world, "root"),
		world_envelope(world, "policy"), &evidence, NULL),
	    MARKET_OK);
	for (i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		ck_assert_int_eq(
		    market_evidence_add(evidence,
			world_envelope(world, rest[i]), rest[i], NULL),
		    MARKET_OK);
	for (i = 0; i < n; i++)
		ck_assert_int_eq(
		    market_evidence_add(evidence, grants[i], "grant", NULL),
		    MARKET_OK);
	ck_assert_int_eq(market__evidence_seal(evidence), MARKET_OK);
	ck_assert_int_eq(
	    market_statement_parse(context, world_envelope(world, "offer"),
		MARKET_KINDS_ALL, &offer, NULL),
	    MARKET_OK);
	counter.evidence = evidence;
	count_verified = 0;
	offered.offer = offer;
	ck_assert_int_eq(market__decide(context, &lookup, NULL, &offered,
			     world_time(WORLD_NOW), &decision),
	    MARKET_OK);
	cost.reads = counter.reads;
	cost.verified = count_verified;
	cost.verdict = market_decision_verdict(decision);
	cost.limited = world_has(decision, MARKET_CODE_LIMIT_EXCEEDED);
	market_decision_free(decision);
	market_statement_free(offer);
	market_evidence_free(evidence);
	return cost;
}

/* A grant by `by`, beneath `parent` (NULL: the brand's), to `to`. */
static void
grant(world_t *world, const char *name, const char *by, const char *parent,
    const char *to, size_t delegations)
{
	char edit[800], pin[64] = "";

	if (parent != NULL)
		snprintf(
		    pin, sizeof(pin), "'parentDigest': '$digest:%s',", parent);
	snprintf(edit, sizeof(edit),
	    "+%s authorization %s {'brand': 'xiaomi', 'grantee': '%s',"
	    " 'granteeKeys': '$keys:%s', 'maxDelegations': %zu, %s" GRANTS_SCOPE
	    "}",
	    name, by, to, to, delegations, pin);
	world_edit(world, edit);
}

/* A grant by e`i`.example to the seller, of another model. */
static void
grant_of_another_model(world_t *world, const char *name, size_t i)
{
	char edit[128], by[32], parent[32];

	snprintf(by, sizeof(by), "e%zu.example", i);
	snprintf(parent, sizeof(parent), "e%zu", i);
	grant(world, name, by, parent, "shop.example", 0);
	snprintf(
	    edit, sizeof(edit), "%s {'scope': {'models': ['other']}}", name);
	world_edit(world, edit);
}

/* The envelopes of all that grow() makes; how many are no leaves. */
static size_t
gather(world_t *world, size_t links, size_t n_leaves, market_slice_t *list)
{
	size_t n_trees = (n_leaves + EACH_MAX - 1) / EACH_MAX, above = 0, i, k;
	char name[32];

	for (i = 0; i < n_trees; i++)
		for (k = 1; k < links; k++) {
			snprintf(name, sizeof(name), "t%zu-%zu", i, k);
			list[above++] = world_envelope(world, name);
		}
	for (i = 0; i < n_leaves; i++) {
		snprintf(name, sizeof(name), "leaf%zu", i);
		list[above + i] = world_envelope(world, name);
	}
	return above;
}

/*
 * `n_leaves` leaves of `links` links each, sixteen to a parent; their envelopes
 * come last, the returned number of links above them first. The list is the
 * caller's.
 */
static size_t
grow(world_t *world, size_t links, size_t n_leaves, market_slice_t **ret_list)
{
	size_t n_trees = (n_leaves + EACH_MAX - 1) / EACH_MAX, above, i, k;
	char name[32], by[32], parent[32], to[32];
	market_slice_t *list;

	world_edit(world, "-grant");
	world_edit(world, "policy {'maxChain': 0}");
	for (i = 0; i < n_trees; i++)
		for (k = 1; k < links; k++) {
			snprintf(name, sizeof(name), "t%zu-%zu", i, k);
			snprintf(to, sizeof(to), "p%zu-%zu.example", i, k);
			snprintf(by, sizeof(by), "p%zu-%zu.example", i, k - 1);
			snprintf(parent, sizeof(parent), "t%zu-%zu", i, k - 1);
			grant(world, name, k == 1 ? "mi.com" : by,
			    k == 1 ? NULL : parent, to, links - k);
		}
	for (i = 0; i < n_leaves; i++) {
		snprintf(name, sizeof(name), "leaf%zu", i);
		snprintf(by, sizeof(by), "p%zu-%zu.example", i / EACH_MAX,
		    links - 1);
		snprintf(parent, sizeof(parent), "t%zu-%zu", i / EACH_MAX,
		    links - 1);
		grant(world, name, links == 1 ? "mi.com" : by,
		    links == 1 ? NULL : parent, "shop.example", 0);
	}
	list = calloc(n_trees * links + n_leaves, sizeof(*list));
	ck_assert_ptr_nonnull(list);
	above = gather(world, links, n_leaves, list);
	*ret_list = list;
	return above;
}

/* Some slots are read for what is taken alone, and of these one may be more. */
#define SLACK 8

static bool
about(size_t got, size_t want, size_t slack)
{
	return got + slack >= want && got <= want + slack;
}

/* What each further leaf costs; the same for each, or the test fails. */
static size_t
cost_of_a_leaf(size_t links)
{
	size_t n_leaves = links == 1 ? EACH_MAX : LEAVES_MAX;
	size_t reads[LEAVES_MAX + 1], above, each, n;
	world_t *world = world_new();
	market_slice_t *list;
	cost_t cost;

	above = grow(world, links, n_leaves, &list);
	for (n = 1; n <= n_leaves; n++) {
		cost = judge(world, list, above + n);
		ck_assert_int_eq(cost.verdict, MARKET_VERDICT_PERMIT);
		ck_assert_msg(
		    !cost.limited, "D24 %zu leaves of %zu links", n, links);
		reads[n] = cost.reads;
	}
	each = (reads[EACH_MAX] - reads[1] + EACH_MAX / 2) / (EACH_MAX - 1);
	ck_assert_uint_gt(each, 0);
	for (n = 2; n <= n_leaves; n++)
		ck_assert_msg(about(reads[n], reads[1] + (n - 1) * each, SLACK),
		    "D24 %zu leaves of %zu links cost %zu, one %zu and each "
		    "further one %zu",
		    n, links, reads[n], reads[1], each);
	free(list);
	world_free(world);
	return each;
}

START_TEST(d24_cost_is_linear_in_leaves_times_links)
{
	size_t links, one = 0, two = 0, link = 0, each;

	for (links = 1; links <= LINKS_MAX; links++) {
		each = cost_of_a_leaf(links);
		if (links == 1)
			one = each;
		if (links == 2)
			two = each;
		if (links == 3)
			link = each - two;
		/* A grant by the brand itself stands above its own offer. */
		ck_assert_uint_gt(each, links == 1 ? 0 : one);
		ck_assert_msg(
		    links < 2 || about(each, two + (links - 2) * link, 1),
		    "D24 a leaf of %zu links costs %zu, not %zu and %zu for "
		    "each link above two",
		    links, each, two, link);
	}
}
END_TEST

/*
 * Those that are not judged cost three reads each, whatever their length: did
 * the seller take the offer back by the keys that this one names?
 */
START_TEST(d24_limit_is_told_and_ends_the_cost)
{
	static const size_t numbers[] = { 32, 33, 48, 200 };
	market_slice_t *list;
	world_t *world;
	cost_t cost, full = { 0 };
	size_t i, above;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		world = world_new();
		above = grow(world, 3, numbers[i], &list);
		cost = judge(world, list, above + numbers[i]);
		if (i == 0)
			full = cost;
		/* Those that are judged hold, so the limit is a note. */
		ck_assert_int_eq(cost.verdict, MARKET_VERDICT_PERMIT);
		ck_assert_msg(cost.reads <=
			full.reads + 3 * above + 3 * (numbers[i] - LEAVES_MAX),
		    "D24 %zu leaves cost %zu, and %d cost %zu", numbers[i],
		    cost.reads, LEAVES_MAX, full.reads);
		free(list);
		world_free(world);
	}
}
END_TEST

/*
 * A distributor's grants without end do not keep out what hangs beneath another
 * one: that has its turn as well.
 */
START_TEST(d24_nobody_crowds_out_what_another_granted)
{
	market_slice_t *list;
	world_t *world;
	cost_t cost;
	char name[32], to[32], good[32];
	size_t i, n = 0;

	world = world_new();
	world_edit(world, "-grant");
	grant(world, "evil", "mi.com", NULL, "evil.example", 3);
	grant(world, "fair", "mi.com", NULL, "fair.example", 2);
	grant(world, "middle", "fair.example", "fair", "middle.example", 1);
	/* Where it stands among the others is by its digest. */
	snprintf(good, sizeof(good), "good%d", _i);
	if (_i != 0)
		grant(
		    world, good, "middle.example", "middle", "shop.example", 0);
	list = calloc(204, sizeof(*list));
	ck_assert_ptr_nonnull(list);
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "e%zu", i);
		snprintf(to, sizeof(to), "e%zu.example", i);
		grant(world, name, "evil.example", "evil", to, 1);
		snprintf(name, sizeof(name), "bad%zu", i);
		grant_of_another_model(world, name, i);
	}
	list[n++] = world_envelope(world, "evil");
	list[n++] = world_envelope(world, "fair");
	list[n++] = world_envelope(world, "middle");
	if (_i != 0)
		list[n++] = world_envelope(world, good);
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "e%zu", i);
		list[n++] = world_envelope(world, name);
		snprintf(name, sizeof(name), "bad%zu", i);
		list[n++] = world_envelope(world, name);
	}
	cost = judge(world, list, n);
	ck_assert_int_eq(cost.verdict,
	    _i != 0 ? MARKET_VERDICT_PERMIT : MARKET_VERDICT_INDETERMINATE);
	ck_assert_int_eq(cost.limited, _i == 0);
	free(list);
	world_free(world);
}
END_TEST

/* Whoever may delegate can name as many keys of others as it likes. */
START_TEST(d24_no_keys_are_tried_but_those_of_grants_that_are_judged)
{
	static const size_t numbers[] = { 16, 32, 33, 60 };
	size_t tried[4], i, k, above;
	market_slice_t *list;
	world_t *world;
	char edit[160];
	cost_t cost;

	for (i = 0; i < 4; i++) {
		world = world_new();
		above = grow(world, 3, numbers[i], &list);
		free(list);
		/* Each names a key that did not sign. */
		for (k = 0; k < numbers[i]; k++) {
			snprintf(edit, sizeof(edit),
			    "leaf%zu {'granteeKeys': '$keys:x%zu'}", k, k);
			world_edit(world, edit);
		}
		list = calloc(above + numbers[i], sizeof(*list));
		ck_assert_ptr_nonnull(list);
		gather(world, 3, numbers[i], list);
		cost = judge(world, list, above + numbers[i]);
		ck_assert_int_ne(cost.verdict, MARKET_VERDICT_PERMIT);
		tried[i] = cost.verified;
		free(list);
		world_free(world);
	}
	ck_assert_uint_gt(tried[1], tried[0]);
	ck_assert_uint_eq(tried[2], tried[1]);
	ck_assert_uint_eq(tried[3], tried[1]);
}
END_TEST

/* Where none of those that are judged holds, what was not is named. */
START_TEST(d24_limit_is_no_denial)
{
	static const size_t numbers[] = { 32, 33 };
	market_slice_t *list;
	world_t *world;
	cost_t cost;
	size_t i, above;

	for (i = 0; i < 2; i++) {
		world = world_new();
		world_edit(world, "offer {'condition': 'CONDITION_USED'}");
		above = grow(world, 3, numbers[i], &list);
		cost = judge(world, list, above + numbers[i]);
		ck_assert_int_eq(cost.verdict,
		    i == 0 ? MARKET_VERDICT_DENY
			   : MARKET_VERDICT_INDETERMINATE);
		ck_assert_int_eq(cost.limited, i != 0);
		free(list);
		world_free(world);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("authorization_cost");
	TCase *tcase = tcase_create("cost");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, d24_cost_is_linear_in_leaves_times_links);
	tcase_add_test(tcase, d24_limit_is_told_and_ends_the_cost);
	tcase_add_test(
	    tcase, d24_no_keys_are_tried_but_those_of_grants_that_are_judged);
	tcase_add_loop_test(
	    tcase, d24_nobody_crowds_out_what_another_granted, 0, 5);
	tcase_add_test(tcase, d24_limit_is_no_denial);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
