/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Q1, Q2, Q3, Q7, Q10, R9: several threads, and several processes, on one
 * store. Once a withdrawal's call has returned nobody anywhere is told that
 * the listing may be sold.
 *
 * MARKET_STORE_ROUNDS says how many rounds of withdrawing and granting there
 * are (`make check-threads`: 10,000). Q8 (PostgreSQL) and Q9 (a call that is
 * given up in its middle: there is no such thing here) are not for this store.
 */
#include "config.h" /* MAP_ANONYMOUS, mkdtemp */

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "world_store.h"

#define READERS 8
#define BATCH   40 /* rounds on one store: its history grows by them */

/* How the readers come to their store. */
typedef enum sharing {
	OWN_HANDLES, /* of one file */
	ONE_FILE_HANDLE,
	ONE_MEMORY_HANDLE,
	SHARINGS
} sharing_t;

static const char *const sharing_names[SHARINGS] = { "own handles",
	"one handle of a file", "one handle in memory" };

/* Even: permitted, or being decided; odd: a withdrawal's call has returned. */
typedef struct board {
	atomic_uint phase;
	atomic_uint stop;
	atomic_uint told_late; /* sales permitted though they must not be */
	atomic_uint sold, denied, strange;
} board_t;

typedef struct arena {
	world_t *world;
	market_context_t *context;
	int64_t now;
	char folder[32];
	char location[64];
	market_store_t *store; /* the writer's */
	board_t *board;
	market_slice_t grants[BATCH], withdrawals[BATCH], prices[BATCH];
	market_slice_t offer;
} arena_t;

static bool
can(sharing_t sharing)
{
#ifdef HAVE_SQLITE
	(void)sharing;
	return true;
#else
	return sharing == ONE_MEMORY_HANDLE;
#endif
}

static size_t
rounds_wanted(void)
{
	const char *value = getenv("MARKET_STORE_ROUNDS");
	unsigned long rounds = value == NULL ? 0 : strtoul(value, NULL, 10);

	return rounds > 0 ? (size_t)rounds : harness_rounds(2 * BATCH);
}

/* ---- a store, again and again ---- */

static void
sign_all(arena_t *arena)
{
	char edit[256], name[32];
	size_t i;

	for (i = 0; i < BATCH; i++) {
		snprintf(edit, sizeof(edit),
		    "+g%zu =grant {'header': {'revision': '%zu'}}", i, i + 2);
		world_edit(arena->world, edit);
		snprintf(name, sizeof(name), "g%zu", i - 1);
		snprintf(edit, sizeof(edit),
		    "+w%zu withdrawal mi.com {'targetDigest': '$digest:%s'}", i,
		    i == 0 ? "grant" : name);
		world_edit(arena->world, edit);
		snprintf(edit, sizeof(edit),
		    "+p%zu =offer {'header': {'revision': '%zu'}}", i, i + 2);
		world_edit(arena->world, edit);
	}
	for (i = 0; i < BATCH; i++) {
		snprintf(name, sizeof(name), "g%zu", i);
		arena->grants[i] = world_envelope(arena->world, name);
		snprintf(name, sizeof(name), "w%zu", i);
		arena->withdrawals[i] = world_envelope(arena->world, name);
		snprintf(name, sizeof(name), "p%zu", i);
		arena->prices[i] = world_envelope(arena->world, name);
	}
	arena->offer = world_envelope(arena->world, "offer");
}

static void
add(market_store_t *store, market_slice_t envelope, int64_t at)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_additions_t *additions = NULL;
	const market_added_t *added;

	ck_assert_msg(market_store_add(store, &envelope, 1, at, 0, &additions,
			  &error) == MARKET_OK,
	    "%s", error.message);
	added = market_additions_at(additions, 0);
	ck_assert_msg(added->result == MARKET_RESULT_ACCEPTED, "%s: %s",
	    market_result_name(added->result),
	    added->message == NULL ? "" : added->message);
	market_additions_free(additions);
}

static market_result_t
submit(market_store_t *store, market_slice_t envelope, int64_t at)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_submissions_t *submissions = NULL;
	market_result_t result;

	ck_assert_msg(market_store_submit(store, &envelope, 1, at, &submissions,
			  &error) == MARKET_OK,
	    "%s", error.message);
	result = market_submissions_at(submissions, 0)->result;
	market_submissions_free(submissions);
	return result;
}

static void
arena_init(arena_t *arena)
{
	memset(arena, 0, sizeof(*arena));
	arena->world = world_new();
	arena->context = world_context(arena->world);
	arena->now = world_time(WORLD_NOW);
	arena->board = mmap(NULL, sizeof(*arena->board), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(arena->board, MAP_FAILED);
	sign_all(arena);
}

static void
arena_clear(arena_t *arena)
{
	munmap(arena->board, sizeof(*arena->board));
	world_free(arena->world);
}

/* A new store in which the offer is permitted, and not yet submitted. */
static void
arena_begin(arena_t *arena, sharing_t sharing)
{
	static const char *const names[] = { "seller", "product", "network",
		"carrier", "fcc", "grant" };
	size_t i;

	memset(arena->board, 0, sizeof(*arena->board));
	strcpy(arena->location, "memory:");
	arena->folder[0] = '\0';
	if (sharing != ONE_MEMORY_HANDLE) {
		strcpy(arena->folder, "/dev/shm/market-XXXXXX");
		if (mkdtemp(arena->folder) == NULL) {
			strcpy(arena->folder, "threads-XXXXXX");
			ck_assert_ptr_nonnull(mkdtemp(arena->folder));
		}
		snprintf(arena->location, sizeof(arena->location),
		    "%s/market.db", arena->folder);
	}
	arena->store = world_store_at(
	    arena->world, arena->location, arena->now);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add(arena->store, world_envelope(arena->world, names[i]),
		    arena->now);
}

static void
arena_end(arena_t *arena)
{
	struct dirent *entry;
	char path[512];
	DIR *folder;

	market_store_free(arena->store);
	arena->store = NULL;
	if (arena->folder[0] == '\0')
		return;
	folder = opendir(arena->folder);
	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder)) != NULL) {
		snprintf(
		    path, sizeof(path), "%s/%s", arena->folder, entry->d_name);
		if (entry->d_name[0] != '.')
			ck_assert_int_eq(remove(path), 0);
	}
	closedir(folder);
	ck_assert_int_eq(rmdir(arena->folder), 0);
}

static market_store_t *
arena_open(const arena_t *arena, market_context_t *context)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_store_t *store = NULL;

	ck_assert_msg(market_store_open(context, arena->location, NULL, &store,
			  &error) == MARKET_OK,
	    "%s", error.message);
	return store;
}

/* ---- readers ---- */

typedef struct reader {
	arena_t *arena;
	market_store_t *store;
	unsigned number;
	pthread_t thread;
} reader_t;

static bool
listed_live(reader_t *reader)
{
	market_listings_t *listings = NULL;
	const market_listing_t *listing;
	market_list_query_t query;
	bool live;

	memset(&query, 0, sizeof(query));
	query.size = sizeof(query);
	query.at = reader->arena->now;
	if (market_store_list(reader->store, &query, &listings, NULL) !=
	    MARKET_OK) {
		atomic_fetch_add(&reader->arena->board->strange, 1);
		return false;
	}
	listing = market_listings_at(listings, 0);
	live = listing != NULL && listing->cells[0].live;
	market_listings_free(listings);
	return live;
}

static bool
may_sell(reader_t *reader)
{
	board_t *board = reader->arena->board;
	market_status_t status;

	status = market_store_sale(reader->store,
	    market_slice_of("shop.example/offer"), market_slice_of("US"),
	    MARKET_CHANNEL_ONLINE_STORE, market_slice_of("t-mobile.com/us"),
	    reader->arena->now, 0, NULL, NULL);
	if (status != MARKET_OK && status != MARKET_E_DENIED)
		atomic_fetch_add(&board->strange, 1);
	return status == MARKET_OK;
}

static void *
read_on(void *user)
{
	reader_t *reader = user;
	board_t *board = reader->arena->board;
	unsigned before, after;
	bool told;

	while (!atomic_load(&board->stop)) {
		before = atomic_load(&board->phase);
		told = reader->number % 4 == 3 ? listed_live(reader)
					       : may_sell(reader);
		after = atomic_load(&board->phase);
		atomic_fetch_add(told ? &board->sold : &board->denied, 1);
		if (told && before == after && before % 2 == 1)
			atomic_fetch_add(&board->told_late, 1);
	}
	return NULL;
}

/* Withdraws and grants, and says when each is done. */
static void
write_rounds(arena_t *arena, size_t rounds)
{
	board_t *board = arena->board;
	unsigned seen;
	size_t i, k;

	for (i = 0; i < rounds; i++) {
		add(arena->store, arena->withdrawals[i], arena->now);
		atomic_fetch_add(&board->phase, 1);
		/* Until somebody has looked. */
		seen = atomic_load(&board->denied);
		for (k = 0; k < 2000 && atomic_load(&board->denied) == seen;
		     k++)
			usleep(50);
		atomic_fetch_add(&board->phase, 1);
		add(arena->store, arena->grants[i], arena->now);
		seen = atomic_load(&board->sold);
		for (k = 0; k < 2000 && atomic_load(&board->sold) == seen; k++)
			usleep(50);
	}
}

static void
expect_none_late(const arena_t *arena, const char *label)
{
	const board_t *board = arena->board;

	ck_assert_msg(atomic_load(&board->told_late) == 0,
	    "%s: %u of %u sales were permitted after the withdrawal", label,
	    atomic_load(&board->told_late), atomic_load(&board->sold));
	ck_assert_msg(atomic_load(&board->strange) == 0,
	    "%s: %u answers are neither", label, atomic_load(&board->strange));
	ck_assert_uint_gt(atomic_load(&board->sold), 0);
	ck_assert_uint_gt(atomic_load(&board->denied), 0);
}

/* Q2, R12: no answer outlives what it rested on. */
START_TEST(no_reader_is_told_permit_after_the_withdrawal_returned)
{
	sharing_t sharing = (sharing_t)_i;
	reader_t readers[READERS];
	size_t done, n, k, rounds = rounds_wanted();
	arena_t arena;

	if (!can(sharing))
		HARNESS_SKIP("there is no SQLite");
	arena_init(&arena);
	for (done = 0; done < rounds; done += n) {
		n = rounds - done < BATCH ? rounds - done : BATCH;
		arena_begin(&arena, sharing);
		ck_assert_int_eq(submit(arena.store, arena.offer, arena.now),
		    MARKET_RESULT_ACCEPTED);
		for (k = 0; k < READERS; k++) {
			readers[k].arena = &arena;
			readers[k].number = (unsigned)k;
			readers[k].store = sharing == OWN_HANDLES
			    ? arena_open(&arena, arena.context)
			    : arena.store;
			ck_assert_int_eq(pthread_create(&readers[k].thread,
					     NULL, read_on, &readers[k]),
			    0);
		}
		write_rounds(&arena, n);
		atomic_store(&arena.board->stop, 1);
		for (k = 0; k < READERS; k++) {
			pthread_join(readers[k].thread, NULL);
			if (sharing == OWN_HANDLES)
				market_store_free(readers[k].store);
		}
		expect_none_late(&arena, sharing_names[sharing]);
		arena_end(&arena);
	}
	arena_clear(&arena);
}
END_TEST

START_TEST(no_process_is_told_permit_after_the_withdrawal_returned)
{
	size_t done, n, rounds = rounds_wanted();
	reader_t reader;
	arena_t arena;
	int status;
	pid_t child;

	if (!can(OWN_HANDLES))
		HARNESS_SKIP("there is no SQLite");
	arena_init(&arena);
	for (done = 0; done < rounds; done += n) {
		n = rounds - done < BATCH ? rounds - done : BATCH;
		/* The child opens the store by itself, as another would. */
		arena_begin(&arena, OWN_HANDLES);
		ck_assert_int_eq(submit(arena.store, arena.offer, arena.now),
		    MARKET_RESULT_ACCEPTED);
		market_store_free(arena.store);
		arena.store = NULL;
		child = fork();
		ck_assert_int_ge(child, 0);
		if (child == 0) {
			memset(&reader, 0, sizeof(reader));
			reader.arena = &arena;
			reader.store = arena_open(&arena, arena.context);
			read_on(&reader);
			market_store_free(reader.store);
			_exit(0);
		}
		arena.store = arena_open(&arena, arena.context);
		write_rounds(&arena, n);
		atomic_store(&arena.board->stop, 1);
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		    "the other process ended with %d", status);
		expect_none_late(&arena, "two processes");
		arena_end(&arena);
	}
	arena_clear(&arena);
}
END_TEST

/* ---- writers ---- */

typedef struct writer {
	arena_t *arena;
	market_store_t *store;
	market_slice_t offers[BATCH];
	size_t n;
	unsigned results[MARKET_RESULT_REFUSED + 1];
	pthread_t thread;
} writer_t;

static void *
submit_on(void *user)
{
	writer_t *writer = user;
	size_t i;

	for (i = 0; i < writer->n; i++)
		writer->results[submit(
		    writer->store, writer->offers[i], writer->arena->now)]++;
	return NULL;
}

static void
run_writers(arena_t *arena, sharing_t sharing, writer_t *writers, size_t n)
{
	size_t k;

	for (k = 0; k < n; k++) {
		writers[k].arena = arena;
		writers[k].store = sharing == OWN_HANDLES
		    ? arena_open(arena, arena->context)
		    : arena->store;
	}
	for (k = 0; k < n; k++)
		ck_assert_int_eq(pthread_create(&writers[k].thread, NULL,
				     submit_on, &writers[k]),
		    0);
	for (k = 0; k < n; k++) {
		pthread_join(writers[k].thread, NULL);
		if (sharing == OWN_HANDLES)
			market_store_free(writers[k].store);
	}
}

static size_t
count_entries(arena_t *arena, market_change_kind_t kind)
{
	market_changes_t *changes = NULL;
	const market_change_t *change;
	size_t i, n = 0;

	ck_assert_int_eq(
	    market_store_changes(arena->store, 0, 10000, &changes, NULL),
	    MARKET_OK);
	for (i = 0; (change = market_changes_at(changes, i)) != NULL; i++) {
		ck_assert_uint_eq(change->entry, i + 1);
		n += change->kind == kind;
	}
	market_changes_free(changes);
	return n;
}

START_TEST(one_of_many_threads_publishes_an_offer)
{
	sharing_t sharing = (sharing_t)_i;
	writer_t writers[READERS];
	unsigned accepted = 0, duplicate = 0;
	arena_t arena;
	size_t k;

	if (!can(sharing))
		HARNESS_SKIP("there is no SQLite");
	arena_init(&arena);
	arena_begin(&arena, sharing);
	memset(writers, 0, sizeof(writers));
	for (k = 0; k < READERS; k++) {
		writers[k].offers[0] = arena.offer;
		writers[k].n = 1;
	}
	run_writers(&arena, sharing, writers, READERS);
	for (k = 0; k < READERS; k++) {
		accepted += writers[k].results[MARKET_RESULT_ACCEPTED];
		duplicate += writers[k].results[MARKET_RESULT_DUPLICATE];
	}
	ck_assert_uint_eq(accepted, 1); /* Q1 */
	ck_assert_uint_eq(duplicate, READERS - 1);
	ck_assert_uint_eq(count_entries(&arena, MARKET_CHANGE_OFFER), 1);
	arena_end(&arena);
	arena_clear(&arena);
}
END_TEST

START_TEST(the_highest_revision_stands_whoever_comes_first)
{
	sharing_t sharing = (sharing_t)_i;
	market_listings_t *listings = NULL;
	writer_t writers[4];
	arena_t arena;
	size_t k, i;

	if (!can(sharing))
		HARNESS_SKIP("there is no SQLite");
	arena_init(&arena);
	arena_begin(&arena, sharing);
	memset(writers, 0, sizeof(writers));
	for (i = 0; i < BATCH; i++) {
		k = i % 4;
		writers[k].offers[writers[k].n++] = arena.prices[i];
	}
	run_writers(&arena, sharing, writers, 4);
	for (k = 0; k < 4; k++)
		ck_assert_uint_eq(writers[k].results[MARKET_RESULT_ACCEPTED] +
			writers[k].results[MARKET_RESULT_STALE],
		    writers[k].n);
	ck_assert_int_eq(
	    market_store_why(arena.store, market_slice_of("shop.example/offer"),
		arena.now, 0, &listings, NULL, NULL),
	    MARKET_OK);
	ck_assert_uint_eq(market_listings_at(listings, 0)->revision, BATCH + 1);
	market_listings_free(listings);
	arena_end(&arena);
	arena_clear(&arena);
}
END_TEST

static void *
withdraw_once(void *user)
{
	writer_t *writer = user;

	add(writer->store, writer->arena->withdrawals[0], writer->arena->now);
	return NULL;
}

START_TEST(nothing_is_live_after_a_withdrawal_amid_publishing)
{
	sharing_t sharing = (sharing_t)_i;
	writer_t writers[3], taker;
	reader_t reader;
	arena_t arena;
	size_t k, i, round;

	if (!can(sharing))
		HARNESS_SKIP("there is no SQLite");
	arena_init(&arena);
	for (round = 0; round < harness_rounds(8); round++) {
		arena_begin(&arena, sharing);
		memset(writers, 0, sizeof(writers));
		memset(&taker, 0, sizeof(taker));
		for (i = 0; i < 12; i++) {
			k = i % 3;
			writers[k].offers[writers[k].n++] = arena.prices[i];
		}
		taker.arena = &arena;
		taker.store = sharing == OWN_HANDLES
		    ? arena_open(&arena, arena.context)
		    : arena.store;
		ck_assert_int_eq(
		    pthread_create(&taker.thread, NULL, withdraw_once, &taker),
		    0);
		run_writers(&arena, sharing, writers, 3);
		pthread_join(taker.thread, NULL);
		reader.arena = &arena;
		reader.store = taker.store;
		ck_assert(!may_sell(&reader) && !listed_live(&reader)); /* R9 */
		reader.store = arena.store;
		ck_assert(!may_sell(&reader) && !listed_live(&reader));
		if (sharing == OWN_HANDLES)
			market_store_free(taker.store);
		arena_end(&arena);
	}
	arena_clear(&arena);
}
END_TEST

static void *
make_one(void *user)
{
	const arena_t *arena = user;
	market_context_t *context = NULL;
	market_store_t *store = NULL;

	if (market_context_new(NULL, &context) == MARKET_OK)
		store = arena_open(arena, context);
	market_store_free(store);
	market_context_free(context);
	return NULL;
}

START_TEST(contexts_and_handles_are_made_by_many_threads_at_once)
{
	pthread_t threads[READERS];
	arena_t arena;
	size_t k;

	if (!can(OWN_HANDLES))
		HARNESS_SKIP("there is no SQLite");
	arena_init(&arena);
	arena_begin(&arena, OWN_HANDLES);
	for (k = 0; k < READERS; k++) /* Q10 */
		ck_assert_int_eq(
		    pthread_create(&threads[k], NULL, make_one, &arena), 0);
	for (k = 0; k < READERS; k++)
		pthread_join(threads[k], NULL);
	arena_end(&arena);
	arena_clear(&arena);
}
END_TEST

/* Q7: what was listed stays as it was told. */
START_TEST(a_page_stays_readable_when_all_of_it_is_withdrawn)
{
	sharing_t sharing = (sharing_t)_i;
	market_listings_t *listings = NULL;
	market_list_query_t query;
	arena_t arena;

	if (!can(sharing))
		HARNESS_SKIP("there is no SQLite");
	arena_init(&arena);
	arena_begin(&arena, sharing);
	ck_assert_int_eq(submit(arena.store, arena.offer, arena.now),
	    MARKET_RESULT_ACCEPTED);
	memset(&query, 0, sizeof(query));
	query.size = sizeof(query);
	query.at = arena.now;
	ck_assert_int_eq(
	    market_store_list(arena.store, &query, &listings, NULL), MARKET_OK);
	add(arena.store, arena.withdrawals[0], arena.now);
	ck_assert_int_eq(submit(arena.store, arena.prices[0], arena.now),
	    MARKET_RESULT_ACCEPTED);
	arena_end(&arena);
	ck_assert_int_eq(
	    market_listings_at(listings, 0)->status, MARKET_LISTING_PUBLISHED);
	ck_assert_uint_eq(market_listings_at(listings, 0)->revision, 1);
	market_listings_free(listings);
	arena_clear(&arena);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("threads");
	TCase *tcase = tcase_create("threads");

	tcase_set_timeout(tcase, 7200);
	tcase_add_loop_test(tcase,
	    no_reader_is_told_permit_after_the_withdrawal_returned, 0,
	    SHARINGS);
	tcase_add_test(
	    tcase, no_process_is_told_permit_after_the_withdrawal_returned);
	tcase_add_loop_test(
	    tcase, one_of_many_threads_publishes_an_offer, 0, SHARINGS);
	tcase_add_loop_test(tcase,
	    the_highest_revision_stands_whoever_comes_first, 0, SHARINGS);
	tcase_add_loop_test(tcase,
	    nothing_is_live_after_a_withdrawal_amid_publishing, 0, SHARINGS);
	tcase_add_test(
	    tcase, contexts_and_handles_are_made_by_many_threads_at_once);
	tcase_add_loop_test(tcase,
	    a_page_stays_readable_when_all_of_it_is_withdrawn, 0, SHARINGS);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
