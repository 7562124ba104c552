/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model test: random sequences of every operation, with reopening and
 * clock steps, on the memory backend and on SQLite at once, against the
 * reference of model.h. A sequence that fails is shrunk and printed.
 *
 * MARKET_MODEL_SEQUENCES: how many (500; 10 where MARKET_SLOW is set; 1 where a
 * seed is given);
 * MARKET_MODEL_SEED: the first; MARKET_MODEL_KEEP: go on after a failure, and
 * print each; MARKET_MODEL_VERBOSE: print the steps as they are done.
 */
#include "config.h" /* mkdtemp */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "model_run.h"

/* Each is too large for a stack. */
static pool_t pool;
static plan_t plan, smaller;
static run_t run;

static char folder[64];

static void
make_folder(void)
{
	/* Memory where there is some: power cuts are for another test. */
	snprintf(folder, sizeof(folder), "/dev/shm/market-model-XXXXXX");
	if (mkdtemp(folder) != NULL)
		return;
	snprintf(folder, sizeof(folder), "model-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static size_t
number_of(const char *name, size_t otherwise)
{
	const char *value = getenv(name);

	return value != NULL ? strtoul(value, NULL, 10) : otherwise;
}

/* Under valgrind. */
static bool
is_slow(void)
{
	return harness_rounds(20) < 20;
}

/* ---- shrinking ---- */

static bool
fails(mint_t *mint, const plan_t *tried, enum model_wrong wrong)
{
	return !run_plan(
	    &run, mint, &pool, tried, wrong, folder[0] == '\0' ? NULL : folder);
}

static void
without(const plan_t *from, int first, int n, plan_t *to)
{
	*to = *from;
	memmove(&to->steps[first], &to->steps[first + n],
	    (size_t)(from->n - first - n) * sizeof(step_t));
	to->n -= n;
}

/* Leaves out whole runs of steps, then single ones, then what they hand in. */
static void
shrink(mint_t *mint, enum model_wrong wrong)
{
	int size, i, k;

	for (size = plan.n / 2; size > 0; size /= 2)
		for (i = plan.n - size; i >= 0; i -= size) {
			if (i + size > plan.n)
				continue;
			without(&plan, i, size, &smaller);
			if (fails(mint, &smaller, wrong))
				plan = smaller;
		}
	for (i = 0; i < plan.n; i++)
		for (k = plan.steps[i].n - 1; k >= 0; k--) {
			step_t *step = &smaller.steps[i];

			if (plan.steps[i].op == OP_IMPACT ||
			    plan.steps[i].n == 1)
				continue;
			smaller = plan;
			memmove(&step->args[k], &step->args[k + 1],
			    (size_t)(step->n - k - 1) * sizeof(int));
			step->n--;
			if (fails(mint, &smaller, wrong))
				plan = smaller;
		}
}

static void
report(mint_t *mint, enum model_wrong wrong)
{
	char line[512];
	int i;

	shrink(mint, wrong);
	fails(mint, &plan, wrong);
	fprintf(stderr, "# MARKET_MODEL_SEED=%u (skew %lld, tolerance %lld):\n",
	    plan.seed, (long long)pool.skew, (long long)pool.tolerance);
	for (i = 0; i < plan.n && i <= run.at_step; i++) {
		plan_print(&pool, &plan.steps[i], line, sizeof(line));
		fprintf(stderr, "#   %2d %s\n", i, line);
	}
	fprintf(stderr, "# %s\n", run.message);
}

static bool
sequence_fails(mint_t *mint, unsigned seed, enum model_wrong wrong)
{
	mint_trim(mint);
	pool_make(&pool, mint, seed);
	plan_make(&plan, &pool);
	return fails(mint, &plan, wrong);
}

/* ---- tests ---- */

/* Of one test: Check counts its time in microseconds, and they end. */
#define SEQUENCES_MAX 500

static size_t
sequences_wanted(void)
{
	return number_of("MARKET_MODEL_SEQUENCES",
	    getenv("MARKET_MODEL_SEED") != NULL ? 1
		: is_slow()                     ? 10
						: SEQUENCES_MAX);
}

START_TEST(model_agrees_in_random_sequences)
{
	size_t first = (size_t)_i * SEQUENCES_MAX, i, n, failed = 0;
	unsigned seed = (unsigned)(number_of("MARKET_MODEL_SEED", 1) + first);
	mint_t *mint = mint_new();

	n = sequences_wanted() - first;
	if (n > SEQUENCES_MAX)
		n = SEQUENCES_MAX;
	make_folder();
	for (i = 0; i < n; i++) {
		if (!sequence_fails(mint, seed + (unsigned)i, WRONG_NOTHING))
			continue;
		failed++;
		report(mint, WRONG_NOTHING);
		if (getenv("MARKET_MODEL_KEEP") == NULL)
			break;
	}
	rmdir(folder);
	mint_free(mint);
	ck_assert_msg(failed == 0, "%zu of %zu sequences do not agree", failed,
	    i < n ? i + 1 : n);
}
END_TEST

/* A comparison that never fails would be worth nothing. */
START_TEST(model_tells_a_wrong_rule)
{
	enum model_wrong wrong = (enum model_wrong)_i;
	mint_t *mint;
	bool told = false;
	unsigned seed;

	if (is_slow())
		return;
	mint = mint_new();
	/* One backend tells it as well as two. */
	folder[0] = '\0';
	for (seed = 1; seed <= 150 && !told; seed++)
		told = sequence_fails(mint, seed, wrong) &&
		    !fails(mint, &plan, WRONG_NOTHING);
	mint_free(mint);
	ck_assert_msg(told, "wrong rule %d is not told", _i);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("model");
	TCase *agrees = tcase_create("agrees"), *tells = tcase_create("tells");

	tcase_set_timeout(agrees, 0);
	tcase_add_loop_test(agrees, model_agrees_in_random_sequences, 0,
	    (int)((sequences_wanted() + SEQUENCES_MAX - 1) / SEQUENCES_MAX));
	suite_add_tcase(suite, agrees);
	tcase_set_timeout(tells, 0);
	tcase_add_loop_test(
	    tells, model_tells_a_wrong_rule, WRONG_NOTHING + 1, N_WRONG);
	suite_add_tcase(suite, tells);
	return harness_main(suite);
}
