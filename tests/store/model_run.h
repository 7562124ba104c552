/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sequence of operations, done to every backend and to the reference at
 * once, each answer compared. What fails is told in `message`; nothing here
 * aborts, so that a failing sequence can be shrunk.
 */
#ifndef TESTS_STORE_MODEL_RUN_H
#define TESTS_STORE_MODEL_RUN_H

#include "model.h"

typedef enum op {
	OP_ADD,
	OP_SUBMIT,
	OP_INTENT,
	OP_REFRESH,
	OP_REOPEN,
	OP_LIST,
	OP_SALE,
	OP_WHY,
	OP_CHECK,
	OP_WHAT_IF,
	OP_IMPACT,
	OP_FORECAST,
	OP_FSCK
} op_t;

#define STEP_ARGS_MAX 8
#define PLAN_MAX      96

typedef struct step {
	op_t op;
	int64_t at; /* the clock, or the instant asked about */
	unsigned flags;
	int n;
	int args[STEP_ARGS_MAX]; /* facts, offers; what the op needs */
	int offer;
	int64_t until;
	uint32_t salt;
} step_t;

typedef struct plan {
	unsigned seed;
	int n;
	step_t steps[PLAN_MAX];
} plan_t;

/* model_plan.c */
void plan_make(plan_t *plan, const pool_t *pool);
void plan_print(
    const pool_t *pool, const step_t *step, char *text, size_t size);

#define BACKENDS      2
#define EVENTS_MAX    512
#define QUESTIONS_MAX 256
#define MESSAGE_MAX   2048

/* What must stand in the history, clearances apart. */
typedef struct event {
	market_change_kind_t kind;
	const fact_t *fact;
	market_result_t result;
	market_intent_t before, after;
	int order; /* of the reference, when it had happened */
} event_t;

/* A question by its number in one store, and its last recorded answer. */
typedef struct asked {
	uint64_t number;
	bool known;
	question_t question;
	market_verdict_t verdict; /* UNSPECIFIED: none recorded */
	market_service_t service;
	unsigned due; /* by the reference, when it was recorded */
	bool removed;
} asked_t;

typedef struct backend {
	const char *name;
	char location[256];
	market_store_t *store;
	uint64_t entries; /* read so far */
	int events;       /* ... of these */
	int event_order;
	int64_t last_at;
	asked_t asked[QUESTIONS_MAX];
	int n_asked;
	uint64_t trace; /* of what the last step was told */
} backend_t;

/* What must be recorded after a step. */
typedef enum settle {
	SETTLE_NOTHING,
	SETTLE_CHANGED, /* what the step has changed */
	SETTLE_ALL      /* and what time has */
} settle_t;

typedef struct run {
	mint_t *mint;
	const pool_t *pool;
	model_t model;
	backend_t backends[BACKENDS];
	int n_backends; /* one without SQLite */
	event_t events[EVENTS_MAX];
	int n_events;
	model_t snapshots[PLAN_MAX + 1]; /* after each step */
	int n_snapshots;
	model_t before; /* the step, at its instant */
	settle_t settle;
	bool failed;
	char message[MESSAGE_MAX];
	int at_step;
} run_t;

/* Does the whole plan; false: `run->message` says what did not agree.
 * `folder`: of SQLite's file; NULL: in memory alone. */
bool run_plan(run_t *run, mint_t *mint, const pool_t *pool, const plan_t *plan,
    enum model_wrong wrong, const char *folder);

/* ---- shared by the files of a run ---- */

#define RUN_FAIL(run, ...) run_fail(run, __func__, __VA_ARGS__)
void run_fail(run_t *run, const char *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

market_store_options_t run_options(const run_t *run);
void run_event(run_t *run, market_change_kind_t kind, const fact_t *fact,
    market_result_t result, market_intent_t before, market_intent_t after);
void run_listing_id(const fact_t *offer, char *text, size_t size);
const char *run_verdict_name(int verdict);
bool run_verdict_agrees(int reference, market_verdict_t verdict);
int run_sorted(const view_t *view, const known_t **ret_offers);

/* model_take.c: handing in */
void run_add(run_t *run, const step_t *step);
/* Listings that came by what was added were recomputed, so seen. */
void run_observe_new(run_t *run);
void run_submit(run_t *run, const step_t *step);

/* model_ask.c: one listing as it should be, and the pages of a list */
bool run_is_text(market_slice_t slice, const char *text);
/* What a question with that instant and those flags is about; false: the
 * clock is behind. */
bool run_view_of(const run_t *run, const step_t *step, view_t *ret_view);
const cell_t *run_find_cell(const listing_t *listing, market_slice_t territory,
    market_channel_t channel, market_slice_t network);
void run_compare_horizon(run_t *run, const backend_t *backend,
    const view_t *view, const listing_t *listing, const cell_t *cell,
    int64_t horizon);
void run_compare_listing(run_t *run, backend_t *backend, const view_t *view,
    const known_t *known, const market_listing_t *got, bool trusted, bool now);
void run_list(run_t *run, backend_t *backend, const step_t *step);
void run_compare_now(run_t *run, backend_t *backend);

/* model_why.c: one listing or offer */
void run_why(run_t *run, backend_t *backend, const step_t *step);
void run_sale(run_t *run, backend_t *backend, const step_t *step);
void run_check(run_t *run, backend_t *backend, const step_t *step);
/* What the reference knew if the step's facts were accepted. */
bool run_suppose(const run_t *run, const step_t *step, model_t *with);
void run_compare_codes(run_t *run, backend_t *backend, const cell_t *cell,
    const market_decision_t *decision, bool trusted);

/* model_ahead.c: looking ahead */
void run_what_if(run_t *run, backend_t *backend, const step_t *step);
void run_impact(run_t *run, backend_t *backend, const step_t *step);
void run_forecast(run_t *run, backend_t *backend, const step_t *step);

/* model_history.c: what is recorded */
void run_history(run_t *run, backend_t *backend);
/* The last recorded answers are those of now, for questions that `before`
 * answered otherwise; NULL: for all. */
void run_settled(run_t *run, backend_t *backend, const model_t *before);
asked_t *run_asked(backend_t *backend, uint64_t number);
bool run_learn(run_t *run, backend_t *backend, uint64_t number,
    const question_t *question);

#endif
