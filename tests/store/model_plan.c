/* SPDX-License-Identifier: Apache-2.0 */
/* Which operations, when; and how they are told to a person. */
#include <stdio.h>
#include <string.h>

#include "model_run.h"

typedef struct planner {
	plan_t *plan;
	const pool_t *pool;
	uint32_t random;
	int64_t clock;
} planner_t;

static uint32_t
below(planner_t *planner, uint32_t n)
{
	return pool_random_number(&planner->random, n);
}

/* An instant close to where something may change, not before `from`. */
static int64_t
boundary(planner_t *planner, int64_t from)
{
	const pool_t *pool = planner->pool;
	int i, first = pool->n_times;
	int64_t at;

	for (i = pool->n_times - 1; i >= 0 && pool->times[i] >= from; i--)
		first = i;
	if (first == pool->n_times)
		return from + MODEL_DAY;
	i = first + (int)below(planner, 3);
	if (i >= pool->n_times)
		i = pool->n_times - 1;
	at = pool->times[i] - 1 + (int64_t)below(planner, 3);
	return at < from ? from : at;
}

static void
pass_time(planner_t *planner)
{
	switch (below(planner, 12)) {
	case 0:
	case 1: planner->clock += 1 + (int64_t)below(planner, 60); break;
	case 2:
	case 3:
		planner->clock += (1 + (int64_t)below(planner, 4)) * MODEL_DAY;
		break;
	case 4:
	case 5:
	case 6: planner->clock = boundary(planner, planner->clock); break;
	case 7:
		if (below(planner, 3) == 0)
			planner->clock += (10 + (int64_t)below(planner, 60)) *
			    MODEL_DAY;
		break;
	default: break;
	}
}

static step_t *
step(planner_t *planner, op_t op)
{
	step_t *made = &planner->plan->steps[planner->plan->n++];

	memset(made, 0, sizeof(*made));
	made->op = op;
	made->at = planner->clock;
	made->salt = below(planner, 1u << 30);
	made->offer = (int)below(planner, (uint32_t)planner->pool->n_offers);
	return made;
}

/* A clock that is behind, a little or much. */
static void
step_back(planner_t *planner, step_t *made)
{
	int64_t tolerance = planner->pool->tolerance;

	switch (below(planner, 4)) {
	case 0: made->at -= 1; break;
	case 1: made->at -= tolerance; break;
	case 2: made->at -= tolerance + 1; break;
	default:
		made->at -= tolerance + (int64_t)below(planner, 9) * MODEL_DAY;
		break;
	}
}

static int
any_fact(planner_t *planner)
{
	const pool_t *pool = planner->pool;

	/* What changes things more often than what there is. */
	if (below(planner, 5) == 0)
		return (int)below(planner, (uint32_t)pool->n_base);
	return pool->n_base +
	    (int)below(planner, (uint32_t)(pool->n_facts - pool->n_base));
}

static void
facts(planner_t *planner, step_t *made, int most)
{
	made->n = 1 + (int)below(planner, (uint32_t)most);
	for (int i = 0; i < made->n; i++)
		made->args[i] = any_fact(planner);
}

static void
offers(planner_t *planner, step_t *made)
{
	made->n = 1 + (int)below(planner, 4);
	for (int i = 0; i < made->n; i++)
		made->args[i] = (int)below(
		    planner, (uint32_t)planner->pool->n_offers);
}

/* The instant of a question: now, then, or in the past. */
static void
ask(planner_t *planner, step_t *made)
{
	switch (below(planner, 6)) {
	case 0: made->at = boundary(planner, made->at); break;
	case 1: step_back(planner, made); break;
	case 2:
	case 3:
		made->flags = MARKET_STORE_PAST;
		made->at = below(planner, 2) == 0
		    ? boundary(planner, MODEL_START)
		    : MODEL_START +
			(made->at - MODEL_START) *
			    (int64_t)below(planner, 100) / 100;
		if (made->at > planner->clock)
			made->at = planner->clock;
		break;
	default: break;
	}
}

static void
plan_base(planner_t *planner)
{
	int order[POOL_FACTS_MAX], i, k, swap, n = 0;
	step_t *made = NULL;

	/* The root and the policy make the store. */
	for (i = 2; i < planner->pool->n_base; i++)
		if (below(planner, 12) != 0)
			order[n++] = i;
	for (i = n - 1; i > 0; i--) {
		k = (int)below(planner, (uint32_t)i + 1);
		swap = order[k];
		order[k] = order[i];
		order[i] = swap;
	}
	for (i = 0; i < n; i++) {
		if (made == NULL || made->n == STEP_ARGS_MAX)
			made = step(planner, OP_ADD);
		made->args[made->n++] = order[i];
		if (below(planner, 8) == 0) {
			made = NULL;
			pass_time(planner);
		}
	}
	for (i = 0; i < 2; i++) {
		pass_time(planner);
		offers(planner, step(planner, OP_SUBMIT));
	}
}

static void
plan_one(planner_t *planner)
{
	uint32_t chance = below(planner, 100);
	step_t *made;

	pass_time(planner);
	if (chance < 32) {
		made = step(planner, OP_ADD);
		facts(planner, made, 3);
		if (below(planner, 5) == 0)
			made->flags = MARKET_STORE_LATER;
	} else if (chance < 46) {
		made = step(planner, OP_SUBMIT);
		offers(planner, made);
	} else if (chance < 53) {
		made = step(planner, OP_INTENT);
		made->args[0] = 1 + (int)below(planner, 3);
		if (below(planner, 2) == 0)
			made->args[0] = MARKET_INTENT_PUBLISH;
	} else if (chance < 61) {
		made = step(planner, OP_REFRESH);
		made->args[0] = (int)below(planner, 3);
	} else if (chance < 65) {
		step(planner, OP_REOPEN);
		return;
	} else if (chance < 72) {
		made = step(planner, OP_LIST);
		ask(planner, made);
		return;
	} else if (chance < 77) {
		made = step(planner, OP_SALE);
		ask(planner, made);
		return;
	} else if (chance < 84) {
		made = step(planner, OP_WHY);
		ask(planner, made);
		return;
	} else if (chance < 88) {
		made = step(planner, OP_CHECK);
		facts(planner, made, 2);
		made->n -= (int)below(planner, 2);
		return;
	} else if (chance < 92) {
		made = step(planner, OP_WHAT_IF);
		facts(planner, made, 2);
		return;
	} else if (chance < 95) {
		made = step(planner, OP_IMPACT);
		facts(planner, made, 1);
		if (below(planner, 2) == 0)
			made->args[0] = (int)below(
			    planner, (uint32_t)planner->pool->n_base);
		return;
	} else if (chance < 98) {
		made = step(planner, OP_FORECAST);
		made->until = made->at +
		    (int64_t)(1 + below(planner, 100)) * MODEL_DAY;
		return;
	} else {
		step(planner, OP_FSCK);
		return;
	}
	if (below(planner, 12) == 0)
		step_back(planner, made);
}

void
plan_make(plan_t *plan, const pool_t *pool)
{
	planner_t planner = { plan, pool, pool->seed * 2246822519u | 1,
		MODEL_START };
	int i;

	memset(plan, 0, sizeof(*plan));
	plan->seed = pool->seed;
	for (i = 0; i < 8; i++)
		below(&planner, 2);
	plan_base(&planner);
	for (i = 0; i < 24; i++)
		plan_one(&planner);
	step(&planner, OP_REFRESH);
	/* Everything is verified anew then, which is most of the time. */
	if (pool->seed % 4 != 0)
		return;
	step(&planner, OP_REOPEN);
	step(&planner, OP_FSCK);
}

/* ---- for a person ---- */

static const char *const op_names[] = { "add", "submit", "intent", "refresh",
	"reopen", "list", "sale", "why", "check", "what-if", "impact",
	"forecast", "fsck" };

static size_t
print_day(char *text, size_t size, int64_t at)
{
	int64_t seconds = at - MODEL_START, day = seconds / MODEL_DAY;

	seconds -= day * MODEL_DAY;
	return (size_t)snprintf(text, size, "day %lld%s%lld", (long long)day,
	    seconds < 0 ? "" : "+", (long long)seconds);
}

static bool
takes_facts(op_t op)
{
	return op == OP_ADD || op == OP_CHECK || op == OP_WHAT_IF ||
	    op == OP_IMPACT;
}

static bool
is_about_an_offer(op_t op)
{
	return op == OP_INTENT || op == OP_SALE || op == OP_WHY ||
	    op == OP_CHECK;
}

void
plan_print(const pool_t *pool, const step_t *made, char *text, size_t size)
{
	size_t len = (size_t)snprintf(text, size, "%-8s ", op_names[made->op]);
	int i;

	len += print_day(text + len, size - len, made->at);
	if (is_about_an_offer(made->op))
		len += (size_t)snprintf(text + len, size - len, " of %s",
		    pool->offers[made->offer].name);
	for (i = 0; i < made->n && len < size; i++)
		len += (size_t)snprintf(text + len, size - len, " %s",
		    takes_facts(made->op) ? pool->facts[made->args[i]].name
					  : pool->offers[made->args[i]].name);
	if (made->op == OP_INTENT)
		len += (size_t)snprintf(text + len, size - len, " %s",
		    market_intent_name((market_intent_t)made->args[0]));
	if (made->op == OP_REFRESH && made->args[0] > 0)
		len += (size_t)snprintf(
		    text + len, size - len, " at most %d", made->args[0]);
	if (made->op == OP_FORECAST) {
		len += (size_t)snprintf(text + len, size - len, " until ");
		len += print_day(text + len, size - len, made->until);
	}
	if (made->flags == MARKET_STORE_PAST)
		snprintf(text + len, size - len, " PAST");
	if (made->op == OP_ADD && made->flags == MARKET_STORE_LATER)
		snprintf(text + len, size - len, " LATER");
}
