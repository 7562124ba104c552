/* SPDX-License-Identifier: Apache-2.0 */
/*
 * P4, P5 of a whole store: the disk is full, or fails, at each operation of a
 * scenario. Nothing that was acknowledged is lost, nothing is half-done,
 * reading goes on where it can, and a withdrawal works as soon as it can be
 * written.
 */
#include "config.h" /* mkdtemp */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault_vfs.h"
#include "harness.h"
#include "kit.h"

#define LISTINGS 8

static char folder[32], path[64], made[64];
static fault_plan_t plan;
static market_error_t error;
static kit_t *kit;

static void
copy_store(void)
{
	size_t len;
	char *bytes = harness_read(made, &len);
	FILE *file = fopen(path, "wb");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
	free(bytes);
}

static void
no_fault(void)
{
	memset(&plan, 0, sizeof(plan));
	plan.fail_at = SIZE_MAX;
}

/* From here on; the operations so far do not count. */
static void
fault(fault_kind_t kind, size_t at, bool for_ever)
{
	no_fault();
	plan.kind = kind;
	plan.fail_at = at;
	plan.for_ever = for_ever;
}

static void
setup(void)
{
	market_store_t *store;

	snprintf(folder, sizeof(folder), "faults-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/store", folder);
	snprintf(made, sizeof(made), "%s/made", folder);
	kit = kit_new(LISTINGS);
	store = kit_create(kit, made, NULL);
	(void)kit_submit(kit, store, 0, LISTINGS, 1, NULL);
	market_store_free(store);
	copy_store();
	no_fault();
	fault_install(&plan);
}

static void
remove_files(void)
{
	char name[96];

	(void)unlink(path);
	snprintf(name, sizeof(name), "%s-wal", path);
	(void)unlink(name);
	snprintf(name, sizeof(name), "%s-shm", path);
	(void)unlink(name);
}

static void
teardown(void)
{
	fault_remove();
	remove_files();
	ck_assert_int_eq(unlink(made), 0);
	ck_assert_int_eq(rmdir(folder), 0);
	kit_free(kit);
}

/* ---- what is done ---- */

/* In this order; each may be done again. */
typedef enum deed {
	SUBMIT,   /* offers number LISTINGS to LISTINGS + 3 */
	WITHDRAW, /* the grant of seller 0 */
	REFRESH,
	PAUSE, /* listing 1 */
	GRANT, /* seller 0, again */
	DEEDS
} deed_t;

static const char *const deed_names[DEEDS] = { "submit", "withdraw", "refresh",
	"pause", "grant" };

static market_status_t
submit_four(market_store_t *store)
{
	market_submissions_t *submissions = NULL;
	market_buffer_t offers[4];
	market_slice_t slices[4];
	market_status_t status;
	size_t i;

	for (i = 0; i < 4; i++) {
		offers[i] = kit_offer(kit, LISTINGS + i, 1);
		slices[i] = market_buffer_slice(&offers[i]);
	}
	status = market_store_submit(
	    store, slices, 4, KIT_NOW, &submissions, &error);
	market_submissions_free(submissions);
	for (i = 0; i < 4; i++)
		market_buffer_clear(&offers[i]);
	return status;
}

static market_status_t
add(market_store_t *store, market_buffer_t envelope)
{
	market_slice_t slice = market_buffer_slice(&envelope);
	market_additions_t *additions = NULL;
	market_status_t status;

	status = market_store_add(
	    store, &slice, 1, KIT_NOW, MARKET_STORE_LATER, &additions, &error);
	market_additions_free(additions);
	market_buffer_clear(&envelope);
	return status;
}

static market_status_t
perform(market_store_t *store, deed_t deed)
{
	market_refreshed_t refreshed;

	memset(&error, 0, sizeof(error));
	switch (deed) {
	case SUBMIT: return submit_four(store);
	case WITHDRAW: return add(store, kit_withdrawal(kit, 0, 1));
	case REFRESH:
		return market_store_refresh(
		    store, KIT_NOW, 0, &refreshed, &error);
	case PAUSE:
		return market_store_set_intent(store,
		    market_slice_of(kit_listing(1)), MARKET_INTENT_PAUSE,
		    KIT_NOW, &error);
	case GRANT: return add(store, kit_grant(kit, 0, 2));
	case DEEDS: break;
	}
	return MARKET_E_ARGUMENT;
}

static market_status_t
sale(market_store_t *store, unsigned long number)
{
	return market_store_sale(store, market_slice_of(kit_listing(number)),
	    market_slice_of("US"), MARKET_CHANNEL_ONLINE_STORE,
	    market_slice_of(KIT_NETWORK), KIT_NOW, 0, NULL, &error);
}

static uint64_t
revision_of(market_store_t *store, market_kind_t kind, const char *id)
{
	uint64_t revision = 0;

	ck_assert_int_eq(
	    market_store_revision(store, kind, market_slice_of("mi.com"),
		market_slice_of(id), &revision, &error),
	    MARKET_OK);
	return revision;
}

/* Is it in the store? */
static bool
is_done(market_store_t *store, deed_t deed)
{
	market_listings_t *listing = NULL;
	unsigned long number = deed == PAUSE ? 1 : LISTINGS;
	market_status_t status;
	bool paused;

	switch (deed) {
	case WITHDRAW:
		return revision_of(
			   store, MARKET_KIND_WITHDRAWAL, "a.example-1") == 1;
	case GRANT:
		return revision_of(
			   store, MARKET_KIND_AUTHORIZATION, "a.example") == 2;
	case SUBMIT:
	case PAUSE:
		status = market_store_why(store,
		    market_slice_of(kit_listing(number)), KIT_NOW, 0, &listing,
		    NULL, &error);
		if (status == MARKET_E_NOT_FOUND)
			return false;
		ck_assert_int_eq(status, MARKET_OK);
		paused = market_listings_at(listing, 0)->intent ==
		    MARKET_INTENT_PAUSE;
		market_listings_free(listing);
		return deed == SUBMIT || paused;
	case REFRESH:
	case DEEDS: break;
	}
	return true;
}

static void
check_faults(market_store_t *store)
{
	market_faults_t *faults = NULL;

	ck_assert_int_eq(
	    market_store_fsck(store, NULL, &faults, &error), MARKET_OK);
	ck_assert_msg(market_faults_at(faults, 0) == NULL, "fsck: %s",
	    market_faults_at(faults, 0));
	market_faults_free(faults);
}

/* Sales as they must be once all is done. */
static void
check_end(market_store_t *store)
{
	unsigned long i;

	for (i = 0; i < LISTINGS + 4; i++)
		ck_assert_int_eq(
		    sale(store, i), i == 1 ? MARKET_E_DENIED : MARKET_OK);
	check_faults(store);
}

/* ---- a full disk ---- */

static void
reads_go_on(market_store_t *store)
{
	market_list_query_t query = { .size = sizeof(query), .at = KIT_NOW };
	market_buffer_t offer = kit_offer(kit, 0, 1);
	market_listings_t *listings = NULL;
	market_decision_t *decision = NULL;
	market_changes_t *changes = NULL;

	ck_assert_int_eq(sale(store, 0), MARKET_OK);
	ck_assert_int_eq(
	    market_store_list(store, &query, &listings, &error), MARKET_OK);
	ck_assert_ptr_nonnull(market_listings_at(listings, LISTINGS - 1));
	market_listings_free(listings);
	ck_assert_int_eq(market_store_check(store, market_buffer_slice(&offer),
			     NULL, 0, KIT_NOW, 0, &decision, &error),
	    MARKET_OK);
	market_decision_free(decision);
	ck_assert_int_eq(
	    market_store_changes(store, 0, 0, &changes, &error), MARKET_OK);
	market_changes_free(changes);
	market_buffer_clear(&offer);
}

/* P4, R13: what cannot be written is decided all the same. */
START_TEST(full_disk_is_told_and_reads_go_on)
{
	market_store_t *store = kit_open(kit, path, NULL);
	market_store_t *reader = kit_open(kit, path, NULL);
	market_store_mark_t before, after;
	deed_t deed;

	ck_assert_int_eq(
	    market_store_get_mark(store, &before, &error), MARKET_OK);
	fault(FAULT_FULL, 0, true);
	for (deed = 0; deed < DEEDS; deed++) {
		/* Nothing has changed that would have to be recorded. */
		if (deed == REFRESH)
			continue;
		ck_assert_msg(perform(store, deed) == MARKET_E_FULL, "%s: %s",
		    deed_names[deed], error.message);
		ck_assert_ptr_nonnull(strstr(error.message, "full"));
		reads_go_on(store);
		reads_go_on(reader);
		ck_assert_int_eq(
		    market_store_get_mark(store, &after, &error), MARKET_OK);
		ck_assert_mem_eq(&before, &after, sizeof(before));
	}
	no_fault();
	/* The first thing that is written when there is room. */
	ck_assert_int_eq(perform(store, WITHDRAW), MARKET_OK);
	ck_assert_int_eq(sale(store, 0), MARKET_E_DENIED);
	ck_assert_int_eq(sale(reader, 0), MARKET_E_DENIED);
	for (deed = 0; deed < DEEDS; deed++)
		ck_assert_int_eq(perform(store, deed), MARKET_OK);
	check_end(reader);
	market_store_free(reader);
	market_store_free(store);
}
END_TEST

/* ---- at each operation ---- */

static const fault_kind_t kinds[] = { FAULT_FULL, FAULT_WRITE, FAULT_TORN,
	FAULT_SYNC };

static bool
fits(fault_kind_t kind, market_status_t status)
{
	/* After some failures the handle refuses everything. */
	if (kind != FAULT_FULL && status == MARKET_E_STATE)
		return true;
	return status == MARKET_E_IN_DOUBT ||
	    status == (kind == FAULT_FULL ? MARKET_E_FULL : MARKET_E_IO);
}

/* All deeds in turn, as far as they come; which were acknowledged. */
static void
run_deeds(market_store_t *store, fault_kind_t kind, bool *done)
{
	market_status_t status;
	deed_t deed;

	for (deed = 0; deed < DEEDS; deed++) {
		status = perform(store, deed);
		done[deed] = status == MARKET_OK;
		if (status != MARKET_OK)
			ck_assert_msg(fits(kind, status), "%s: %s: %s",
			    deed_names[deed], market_status_name(status),
			    error.message);
	}
}

/* By a handle of its own, that no fault reaches. */
static void
mend(const bool *done)
{
	market_store_t *store = kit_open(kit, path, NULL);
	deed_t deed;

	check_faults(store);
	for (deed = 0; deed < DEEDS; deed++)
		ck_assert_msg(!done[deed] || is_done(store, deed),
		    "%s was acknowledged, and is lost", deed_names[deed]);
	if (is_done(store, WITHDRAW) && !is_done(store, GRANT))
		ck_assert_int_eq(sale(store, 0), MARKET_E_DENIED);
	for (deed = 0; deed < DEEDS; deed++)
		ck_assert_int_eq(perform(store, deed), MARKET_OK);
	check_end(store);
	market_store_free(store);
}

/* Runs the scenario with a fault; false where that is never reached. */
static bool
run_with_fault(fault_kind_t kind, size_t at, bool for_ever)
{
	market_store_t *store;
	bool done[DEEDS], reached;

	remove_files();
	copy_store();
	no_fault();
	store = kit_open(kit, path, NULL);
	fault(kind, at, for_ever);
	run_deeds(store, kind, done);
	reached = plan.failed > 0;
	no_fault();
	market_store_free(store);
	mend(done);
	return reached;
}

START_TEST(nothing_acknowledged_is_lost_when_the_disk_fails)
{
	size_t step = harness_rounds(100) < 100 ? 17 : 2, at;
	bool for_ever = _i % 2 == 1;

	/* Every other operation, and those between for ever. */
	for (at = for_ever; run_with_fault(kinds[_i / 2], at, for_ever);
	     at += step)
		;
	ck_assert_uint_gt(at, 4);
}
END_TEST

/* ---- a sync that fails ---- */

START_TEST(handle_refuses_after_a_failed_sync_and_another_goes_on)
{
	market_store_t *store = kit_open(kit, path, NULL);
	bool done[DEEDS] = { false };
	market_status_t status;

	fault(FAULT_SYNC, 0, false);
	status = perform(store, WITHDRAW);
	ck_assert(status == MARKET_E_IN_DOUBT || status == MARKET_E_IO);
	ck_assert_uint_eq(plan.failed, 1);
	/* The system may have dropped what it could not write. */
	ck_assert_int_eq(perform(store, GRANT), MARKET_E_STATE);
	ck_assert_int_eq(sale(store, 0), MARKET_E_STATE);
	ck_assert_ptr_nonnull(strstr(error.message, "open"));
	no_fault();
	ck_assert_int_eq(perform(store, GRANT), MARKET_E_STATE);
	market_store_free(store);
	mend(done);
}
END_TEST

/* ---- reading ---- */

/* After a withdrawal nobody is told PERMIT because something is unreadable. */
START_TEST(reader_is_never_told_permit_when_the_disk_fails)
{
	market_store_t *store = kit_open(kit, path, NULL), *reader;
	market_status_t status = MARKET_E_IO;
	size_t at;

	for (at = 0; status != MARKET_E_DENIED; at++) {
		remove_files();
		market_store_free(store);
		copy_store();
		no_fault();
		store = kit_open(kit, path, NULL);
		reader = kit_open(kit, path, NULL);
		ck_assert_int_eq(sale(reader, 0), MARKET_OK);
		ck_assert_int_eq(perform(store, WITHDRAW), MARKET_OK);
		fault(FAULT_READ, at, at % 2 == 1);
		status = sale(reader, 0);
		ck_assert_msg(
		    status == MARKET_E_DENIED || status == MARKET_E_IO,
		    "%zu: %s", at, market_status_name(status));
		ck_assert_int_ne(sale(reader, 0), MARKET_OK);
		no_fault();
		market_store_free(reader);
		reader = kit_open(kit, path, NULL);
		ck_assert_int_eq(sale(reader, 0), MARKET_E_DENIED);
		ck_assert_int_eq(sale(reader, 1), MARKET_OK);
		market_store_free(reader);
	}
	ck_assert_uint_gt(at, 3);
	market_store_free(store);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("store_faults");
	TCase *tc = tcase_create("disk");

	tcase_set_timeout(tc, 600);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, full_disk_is_told_and_reads_go_on);
	tcase_add_loop_test(tc,
	    nothing_acknowledged_is_lost_when_the_disk_fails, 0,
	    2 * (int)(sizeof(kinds) / sizeof(kinds[0])));
	tcase_add_test(
	    tc, handle_refuses_after_a_failed_sync_and_another_goes_on);
	tcase_add_test(tc, reader_is_never_told_permit_when_the_disk_fails);
	suite_add_tcase(suite, tc);
	return harness_main(suite);
}
