/* SPDX-License-Identifier: Apache-2.0 */
/*
 * P4, P5: the disk is full or fails at each operation of a scenario, once and
 * for ever. After it the file opens again, it is sound, and each transaction
 * is there whole or not at all; those that were acknowledged are there.
 */
#include "config.h"

#include "fault_vfs.h"
#include "sqlite_kit.h"

#include <stdio.h>
#include <stdlib.h>

/* Transactions of the scenario; enough that the log is put into the file. */
#define WRITES 4

static place_t place;
static fault_plan_t plan;

static void
setup(void)
{
	place_init(&place);
	/* Few pages, so that a transaction spills before it is committed. */
	place.cache_bytes = 32768;
	memset(&plan, 0, sizeof(plan));
	plan.fail_at = SIZE_MAX;
	fault_install(&plan);
}

static void
teardown(void)
{
	fault_remove();
	place_clear(&place);
}

typedef struct outcome {
	bool tried;     /* a commit was acknowledged, or is in doubt */
	uint64_t sure;  /* the last number that was acknowledged */
	uint64_t doubt; /* the last number whose commit is in doubt; or sure */
	market_status_t first; /* the first failure */
} outcome_t;

/* What such a fault may be told as. */
static bool
fits(fault_kind_t kind, market_status_t status)
{
	switch (kind) {
	case FAULT_FULL:
		return status == MARKET_E_FULL || status == MARKET_E_IN_DOUBT;
	case FAULT_WRITE:
	case FAULT_TORN:
	case FAULT_SYNC:
	case FAULT_READ:
		return status == MARKET_E_IO || status == MARKET_E_IN_DOUBT;
	case FAULT_SHORT:
	case FAULT_KINDS: break;
	}
	return false;
}

static void
note(outcome_t *outcome, market_status_t rv)
{
	if (outcome->first == MARKET_OK)
		outcome->first = rv;
}

/* One transaction; opened again where the handle is gone. */
static bool
write_one(outcome_t *outcome, uint64_t number)
{
	market_status_t rv;
	int tries;

	for (tries = 0; tries < 3; tries++) {
		rv = place_write(&place, number);
		if (rv == MARKET_OK) {
			outcome->tried = true;
			outcome->sure = outcome->doubt = number;
			return true;
		}
		note(outcome, rv);
		if (rv == MARKET_E_IN_DOUBT) {
			/* Nothing more is done with this handle. */
			ck_assert_int_eq(place.ops->begin(place.backend, false,
					     &place.error),
			    MARKET_E_STATE);
			ck_assert_int_eq(
			    place_write(&place, number), MARKET_E_STATE);
			outcome->tried = true;
			outcome->doubt = number;
			place_close(&place);
			rv = place_open(&place);
			note(outcome, rv);
			if (rv != MARKET_OK)
				return false;
			if (place_holds(&place, number)) {
				outcome->sure = number;
				return true;
			}
			if (!place_holds(&place, number - 1))
				return false;
			outcome->doubt = number - 1;
		} else if (rv == MARKET_E_STATE) {
			rv = place_open(&place);
			note(outcome, rv);
			if (rv != MARKET_OK)
				return false;
		}
	}
	return false;
}

/* Create, write, reopen, write: as far as it goes. */
static outcome_t
play(void)
{
	outcome_t outcome = { false, 0, 0, MARKET_OK };
	market_status_t rv;
	uint64_t i;

	rv = place_create(&place);
	if (rv != MARKET_OK) {
		note(&outcome, rv);
		return outcome;
	}
	for (i = 1; i <= WRITES; i++) {
		if (i == WRITES) {
			rv = place_open(&place);
			note(&outcome, rv);
		}
		if (place.backend == NULL || !write_one(&outcome, i))
			break;
	}
	place_close(&place);
	return outcome;
}

/* What is there without faults, after it all. */
static void
judge(const outcome_t *outcome, const char *label)
{
	market_status_t rv;
	uint64_t n;

	plan.fail_at = SIZE_MAX;
	rv = place_open(&place);
	if (rv == MARKET_E_NOT_FOUND) {
		ck_assert_msg(outcome->sure == 0, "%s: all is gone", label);
		return;
	}
	ck_assert_msg(rv == MARKET_OK, "%s: %s: %s", label,
	    market_status_name(rv), place.error.message);
	/* What never had a commit, not even a doubtful one, leaves no file. */
	ck_assert_msg(outcome->tried, "%s: a file was left behind", label);
	for (n = outcome->sure; n <= outcome->doubt; n++)
		if (place_holds(&place, n))
			break;
	ck_assert_msg(n <= outcome->doubt,
	    "%s: %d are sure, %d in doubt, and others are there", label,
	    (int)outcome->sure, (int)outcome->doubt);
	ck_assert_msg(
	    place_faults(&place) == 0, "%s: %s", label, place_fault());
	/* There is room again, and a withdrawal works. */
	ck_assert_msg(place_write(&place, n + 1) == MARKET_OK, "%s: %s", label,
	    place.error.message);
	ck_assert(place_holds(&place, n + 1));
	place_close(&place);
	ck_assert_int_eq(remove(place.path), 0);
}

static size_t
operations(fault_kind_t kind)
{
	outcome_t outcome;
	size_t calls;

	memset(&plan, 0, sizeof(plan));
	plan.kind = kind;
	plan.fail_at = SIZE_MAX;
	outcome = play();
	calls = plan.calls;
	ck_assert_int_eq(outcome.first, MARKET_OK);
	ck_assert_uint_eq(outcome.sure, WRITES);
	judge(&outcome, "without a fault");
	return calls;
}

START_TEST(sqlite_loses_nothing_when_an_operation_fails)
{
	const fault_kind_t kind = (fault_kind_t)(_i / 2);
	size_t total = operations(kind), i, told = 0;
	const size_t step = total / harness_rounds(total);
	outcome_t outcome;
	char label[100];

	ck_assert_uint_gt(total, 5);
	for (i = 0; i < total; i += step) {
		memset(&plan, 0, sizeof(plan));
		plan.kind = kind;
		plan.fail_at = i;
		plan.for_ever = _i % 2 == 1;
		snprintf(label, sizeof(label), "P%d %s %zu of %zu, %s",
		    kind == FAULT_FULL ? 4 : 5, fault_names[kind], i, total,
		    plan.for_ever ? "for ever" : "once");
		outcome = play();
		ck_assert_msg(plan.failed > 0, "%s: not reached", label);
		ck_assert_msg(
		    outcome.first == MARKET_OK || fits(kind, outcome.first),
		    "%s: %s", label, market_status_name(outcome.first));
		told += outcome.first != MARKET_OK;
		judge(&outcome, label);
	}
	/* Most are told; what fails after a commit is mended later. */
	ck_assert(told > 0 || step > 1);
	if (getenv("MARKET_TELL") != NULL)
		printf("# %s, %s: %zu operations, %zu told\n",
		    fault_names[kind], _i % 2 == 1 ? "for ever" : "once", total,
		    told);
}
END_TEST

/*
 * What a read does not bring is zero to SQLite, as behind the end of a file. So
 * where a disk is short in the middle of one, and says nothing, a page may be
 * damaged, and written so; it is found.
 */
START_TEST(sqlite_tells_nothing_wrong_when_a_read_is_short)
{
	size_t total = operations(FAULT_SHORT), i;
	const size_t step = total / harness_rounds(total);
	place_truth_t truth;
	outcome_t outcome;
	market_status_t rv;

	for (i = 0; i < total; i += step) {
		memset(&plan, 0, sizeof(plan));
		plan.kind = FAULT_SHORT;
		plan.fail_at = i;
		plan.for_ever = _i == 1;
		outcome = play();
		plan.fail_at = SIZE_MAX;
		rv = place_open(&place);
		if (rv == MARKET_OK) {
			truth = place_truth(&place, outcome.sure);
			ck_assert_msg(truth == PLACE_TRUE ||
				place_holds(&place, outcome.doubt),
			    "P5 short read %zu", i);
			place_close(&place);
		} else {
			ck_assert_msg(rv == MARKET_E_CORRUPT ||
				(rv == MARKET_E_NOT_FOUND && outcome.sure == 0),
			    "P5 short read %zu: %s", i, market_status_name(rv));
		}
		if (place_has(&place, ""))
			ck_assert_int_eq(remove(place.path), 0);
	}
}
END_TEST

/* ---- a full disk ---- */

START_TEST(sqlite_reads_on_when_the_disk_is_full)
{
	OK(place_create(&place));
	OK(place_write(&place, 1));
	plan.kind = FAULT_FULL;
	plan.calls = plan.fail_at = 0;
	plan.for_ever = true;
	ck_assert_int_eq(place_write(&place, 2), MARKET_E_FULL);
	ck_assert_ptr_nonnull(strstr(place.error.message, "make room"));
	ck_assert_str_eq(place.error.path, place.path);
	ck_assert(place_holds(&place, 1));
	ck_assert_int_eq(place_write(&place, 2), MARKET_E_FULL);
	ck_assert(place_holds(&place, 1));
	/* The same handle, as soon as there is room. */
	plan.fail_at = SIZE_MAX;
	OK(place_write(&place, 2));
	place_opens(&place);
	ck_assert(place_holds(&place, 2));
}
END_TEST

/*
 * Writes until the log is put into the file: a commit that syncs more often
 * than others. Returns how many syncs there were then.
 */
static size_t
syncs_to_checkpoint(uint64_t *ret_n)
{
	size_t before, usual = 0, syncs = 0;
	uint64_t n;

	for (n = 1; n < 1000; n++) {
		before = plan.calls;
		OK(place_write(&place, n));
		syncs = plan.calls - before;
		if (n > 2 && syncs > usual)
			break;
		usual = syncs;
	}
	ck_assert_uint_eq(usual, 1);
	ck_assert_uint_eq(syncs, 3);
	*ret_n = n;
	return plan.calls;
}

START_TEST(sqlite_ends_the_handle_when_a_checkpoint_fails)
{
	size_t calls, back;
	uint64_t n, i;

	plan.kind = FAULT_SYNC;
	OK(place_create(&place));
	plan.calls = 0;
	calls = syncs_to_checkpoint(&n);
	ck_assert(place_holds(&place, n));
	/* The sync of the file, and that of the log before it. */
	for (back = 1; back <= 2; back++) {
		place_close(&place);
		ck_assert_int_eq(remove(place.path), 0);
		OK(place_create(&place));
		plan.calls = 0;
		plan.fail_at = calls - back;
		for (i = 1; i <= n; i++)
			OK(place_write(&place, i));
		ck_assert_uint_eq(plan.failed, back);
		/* The commit holds, and nothing more is done here. */
		ck_assert_int_eq(
		    place.ops->begin(place.backend, false, &place.error),
		    MARKET_E_STATE);
		ck_assert_ptr_nonnull(
		    strstr(place.error.message, "open it again"));
		plan.fail_at = SIZE_MAX;
		place_opens(&place);
		ck_assert(place_holds(&place, n));
		ck_assert_uint_eq(place_faults(&place), 0);
	}
}
END_TEST

START_TEST(sqlite_is_in_doubt_when_the_sync_of_a_commit_fails)
{
	OK(place_create(&place));
	OK(place_write(&place, 1));
	plan.kind = FAULT_SYNC;
	plan.calls = plan.fail_at = 0;
	ck_assert_int_eq(place_write(&place, 2), MARKET_E_IN_DOUBT);
	ck_assert_ptr_nonnull(strstr(place.error.message, "may have happened"));
	/* The system's own words. */
	ck_assert_ptr_nonnull(strstr(place.error.message, "errno 5"));
	ck_assert_int_eq(place.ops->begin(place.backend, true, &place.error),
	    MARKET_E_STATE);
	ck_assert_int_eq(
	    place.ops->commit(place.backend, NULL), MARKET_E_STATE);
	place.ops->rollback(place.backend);
	place_opens(&place);
	ck_assert(place_holds(&place, 1) || place_holds(&place, 2));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sqlite_faults");
	TCase *tcase = tcase_create("faults");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(tcase, sqlite_loses_nothing_when_an_operation_fails,
	    0, 2 * FAULT_SHORT);
	tcase_add_loop_test(
	    tcase, sqlite_tells_nothing_wrong_when_a_read_is_short, 0, 2);
	tcase_add_test(tcase, sqlite_reads_on_when_the_disk_is_full);
	tcase_add_test(tcase, sqlite_ends_the_handle_when_a_checkpoint_fails);
	tcase_add_test(
	    tcase, sqlite_is_in_doubt_when_the_sync_of_a_commit_fails);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
