/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many steps: each is durable before the next, however many there are a store
 * reads them again on a small stack, another process hears of each, and limits
 * are told.
 */
#include "config.h" /* mkdtemp */

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "play.h"

/* Revision 2 to `last` of the root, each with a root key of its own. */
static void
sign_roots(world_t *world, unsigned last)
{
	char edit[160];
	unsigned i;

	for (i = 2; i <= last; i++) {
		snprintf(edit, sizeof(edit),
		    "+root%u =root {'header': {'revision': '%u'},"
		    " 'rootKeys': '$keys:root#%u'}",
		    i, i, i % 16 + 2);
		world_edit(world, edit);
		if (i == 2)
			snprintf(edit, sizeof(edit), "root2 @root root#4");
		else
			snprintf(edit, sizeof(edit), "root%u @root#%u root#%u",
			    i, (i - 1) % 16 + 2, i % 16 + 2);
		world_edit(world, edit);
	}
}

static market_slice_t
root_envelope(world_t *world, unsigned revision)
{
	char name[16];

	snprintf(name, sizeof(name), "root%u", revision);
	return world_envelope(world, name);
}

/* Revision 2 to `last` in one call; how many were there already, and whether
 * those are the first ones. */
static unsigned
add_roots(play_t *play, market_store_t *store, unsigned last)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_additions_t *additions = NULL;
	market_slice_t envelopes[512];
	market_result_t result;
	unsigned i, there = 0;

	ck_assert_uint_lt(last, 512);
	for (i = 2; i <= last; i++)
		envelopes[i - 2] = root_envelope(play->world, i);
	ck_assert_msg(market_store_add(store, envelopes, last - 1, play->now,
			  MARKET_STORE_LATER, &additions, &error) == MARKET_OK,
	    "%s", error.message);
	for (i = 2; i <= last; i++) {
		result = market_additions_at(additions, i - 2)->result;
		if (result == MARKET_RESULT_DUPLICATE && there == i - 2)
			there++;
		else
			ck_assert_msg(result == MARKET_RESULT_ACCEPTED,
			    "root %u: %s", i, market_result_name(result));
	}
	market_additions_free(additions);
	return there;
}

/* ---- killed between two steps ---- */

#define STEPS 6

/* An allocator that kills its process at its n-th piece. */
typedef struct killer {
	size_t calls, at;
} killer_t;

static void *
kill_or_alloc(void *user, size_t size)
{
	killer_t *killer = user;

	if (killer->calls++ == killer->at)
		raise(SIGKILL);
	return malloc(size);
}

static void
just_free(void *user, void *ptr)
{
	(void)user;
	free(ptr);
}

/* In a child: takes all steps, and dies at that allocation. */
static void
step_and_die(play_t *play, size_t at, int *ret_status)
{
	killer_t killer = { 0, SIZE_MAX };
	market_context_options_t options = { .size = sizeof(options) };
	market_context_t *context = NULL;
	market_store_t *store;
	pid_t child = fork();

	ck_assert_int_ne(child, -1);
	if (child != 0) {
		ck_assert_int_eq(waitpid(child, ret_status, 0), child);
		return;
	}
	options.allocator.alloc = kill_or_alloc;
	options.allocator.free = just_free;
	options.allocator.user = &killer;
	if (market_context_new(&options, &context) != MARKET_OK)
		_exit(1);
	store = play_handle(play, context, NULL);
	killer.calls = 0;
	killer.at = at;
	(void)add_roots(play, store, 1 + STEPS);
	_exit(0);
}

/* As many steps as were taken before it died; fewer than before: a failure. */
static unsigned
steps_kept(size_t at, bool *ret_died)
{
	unsigned kept;
	int status = 0;
	play_t play;

	play_init(&play, PLAY_FILE);
	sign_roots(play.world, 1 + STEPS);
	(void)root_envelope(play.world, 1 + STEPS);
	play_begin(&play);
	market_store_free(play.store);
	play.store = NULL;
	step_and_die(&play, at, &status);
	*ret_died = WIFSIGNALED(status);
	play.store = play_handle(&play, play.context, NULL);
	kept = add_roots(&play, play.store, 1 + STEPS);
	ck_assert_uint_eq(add_roots(&play, play.store, 1 + STEPS), STEPS);
	play_clear(&play);
	return kept;
}

/* K10: kept is what was told, and never less than before. */
START_TEST(k10_each_step_is_durable_before_the_next)
{
	bool seen[STEPS + 1] = { false }, died = true;
	unsigned kept, last = 0;
	size_t at, stride = 24;

	if (!play_can(PLAY_FILE))
		HARNESS_SKIP("there is no SQLite");
	for (at = 0; died; at += stride) {
		kept = steps_kept(at, &died);
		ck_assert_msg(kept >= last,
		    "killed at allocation %zu it keeps %u steps, and earlier "
		    "%u",
		    at, kept, last);
		ck_assert_msg(
		    died || kept == STEPS, "it ended with %u steps", kept);
		seen[kept] = true;
		last = kept;
	}
	for (kept = 0; kept <= STEPS; kept++)
		ck_assert_msg(seen[kept], "never killed after %u steps", kept);
}
END_TEST

/* ---- another process ---- */

/* A child that has the store open, and answers for each byte that it gets. */
typedef struct asker {
	pid_t pid;
	int ask, answer;
} asker_t;

static void
answer_all(play_t *play, int ask, int answer)
{
	market_context_t *context = NULL;
	market_store_t *store;
	char byte;

	if (market_context_new(NULL, &context) != MARKET_OK)
		_exit(1);
	store = play_handle(play, context, NULL);
	while (read(ask, &byte, 1) == 1) {
		byte = play_sale(play, store, "offer") == MARKET_OK ? 'y' : 'n';
		if (write(answer, &byte, 1) != 1)
			_exit(1);
	}
	market_store_free(store);
	market_context_free(context);
	_exit(0);
}

static void
asker_begin(play_t *play, asker_t *asker)
{
	int to[2], from[2];

	ck_assert_int_eq(pipe(to), 0);
	ck_assert_int_eq(pipe(from), 0);
	asker->pid = fork();
	ck_assert_int_ne(asker->pid, -1);
	if (asker->pid == 0) {
		close(to[1]);
		close(from[0]);
		answer_all(play, to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	asker->ask = to[1];
	asker->answer = from[0];
}

static char
ask(const asker_t *asker)
{
	char byte = '?';

	ck_assert_int_eq((int)write(asker->ask, &byte, 1), 1);
	ck_assert_int_eq((int)read(asker->answer, &byte, 1), 1);
	return byte;
}

static void
asker_end(asker_t *asker)
{
	int status = 0;

	close(asker->ask);
	close(asker->answer);
	ck_assert_int_eq(waitpid(asker->pid, &status, 0), asker->pid);
	ck_assert_int_eq(status, 0);
}

/* K13, R12: what it computed under the old root it does not tell under the new.
 */
START_TEST(k13_r12_a_new_root_voids_what_another_process_computed)
{
	asker_t asker;
	play_t play;

	if (!play_can(PLAY_FILE))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, PLAY_FILE);
	play_begin_good(&play);
	play_edit(&play,
	    "+root2 =root {'header': {'revision': '2'},"
	    " 'parties[0]': {'keys': '$keys:mi.com#2'}}");
	play_edit(&play, "root2 @root");
	play_edit(&play, "+root3 =root {'header': {'revision': '3'}}");
	play_edit(&play, "root3 @root");
	(void)world_envelope(play.world, "root3");
	/* No handle may be open across a fork. */
	market_store_free(play.store);
	play.store = NULL;
	asker_begin(&play, &asker);
	play.store = play_handle(&play, play.context, NULL);
	ck_assert_int_eq(ask(&asker), 'y');
	ck_assert_int_eq(ask(&asker), 'y');
	play_is(&play, "offer", "PUBLISHED PERMIT");
	play_add(&play, "root2", "ACCEPTED", MARKET_STORE_LATER);
	ck_assert_int_eq(ask(&asker), 'n');
	play_is(&play, "offer", "SUSPENDED");
	play_add(&play, "root3", "ACCEPTED", MARKET_STORE_LATER);
	ck_assert_int_eq(ask(&asker), 'y');
	play_is(&play, "offer", "PUBLISHED PERMIT");
	asker_end(&asker);
	play_clear(&play);
}
END_TEST

/* ---- many of them ---- */

#define MANY_ROOTS 450

typedef struct reader {
	play_t *play;
	market_status_t status;
} reader_t;

/* Of the past: with a cache of its own, in which there is nothing yet. */
static void *
ask_history(void *user)
{
	reader_t *reader = user;
	market_decision_t *decision = NULL;

	reader->status = market_store_check(reader->play->store,
	    world_envelope(reader->play->world, "offer"), NULL, 0,
	    reader->play->now - 60, MARKET_STORE_PAST, &decision, NULL);
	market_decision_free(decision);
	return NULL;
}

/*
 * X9: a question about history reads all roots again; on a stack on which that
 * could not be done by recursion.
 */
START_TEST(x9_many_roots_are_read_on_a_small_stack)
{
	reader_t reader;
	pthread_attr_t attributes;
	pthread_t thread;
	play_t play;

	play_init(&play, PLAY_NO_CACHE);
	play_begin_good(&play);
	sign_roots(play.world, MANY_ROOTS);
	ck_assert_uint_eq(add_roots(&play, play.store, MANY_ROOTS), 0);
	play_at(&play, "2016-02-01T13:00:00Z");
	play_refresh(&play);
	reader.play = &play;
	pthread_attr_init(&attributes);
	ck_assert_int_eq(
	    pthread_attr_setstacksize(&attributes, HARNESS_SMALL_STACK), 0);
	ck_assert_int_eq(
	    pthread_create(&thread, &attributes, ask_history, &reader), 0);
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attributes);
	ck_assert_int_eq(reader.status, MARKET_OK);
	play_is(&play, "offer", "PUBLISHED PERMIT");
	play_clear(&play);
}
END_TEST

/* K10: the 256th key set behind one root, and one more; then behind the next.
 */
START_TEST(k10_key_sets_behind_one_root_are_256)
{
	char edit[160], name[16];
	unsigned i;
	play_t play;

	play_init(&play, PLAY_MEMORY);
	play_begin_good(&play);
	for (i = 1; i <= 257; i++) {
		snprintf(edit, sizeof(edit),
		    "+k%u key-set mi.com {'header': {'id': 'keys',"
		    " 'revision': '%u'}, 'keys': '$keys:mi.com#%u'}",
		    i, i, i % 16 + 2);
		play_edit(&play, edit);
		snprintf(edit, sizeof(edit), "k%u @mi.com#%u mi.com#%u", i,
		    (i - 1) % 16 + 2, i % 16 + 2);
		play_edit(&play, i == 1 ? "k1 @mi.com mi.com#3" : edit);
		snprintf(name, sizeof(name), "k%u", i);
		if (i <= 256)
			play_add(&play, name, "ACCEPTED", MARKET_STORE_LATER);
	}
	/* The 256th counts, and all before it. */
	play_edit(&play, "grant @mi.com#2");
	play_edit(&play, "product @mi.com#2");
	play_add_all(&play, "grant product", "ACCEPTED");
	play_is(&play, "offer", "PUBLISHED PERMIT");
	play_add(&play, "k257", "REFUSED LIMIT_EXCEEDED", 0);
	play_is(&play, "offer", "PUBLISHED PERMIT");
	play_edit(&play,
	    "+root2 =root {'header': {'revision': '2'}, 'parties[0]':"
	    " {'keys': '$keys:mi.com#20'}}");
	play_edit(&play, "root2 @root");
	play_add(&play, "root2", "ACCEPTED", 0);
	play_edit(&play, "k257 @mi.com#20 mi.com#3");
	play_add(&play, "k257", "ACCEPTED", 0);
	play_clear(&play);
}
END_TEST

/* D7: a chain of 16 is taken in, though none so long is any good; 17 are not.*/
START_TEST(d7_grants_above_a_grant_are_15)
{
	char edit[400], name[16];
	unsigned i;
	play_t play;

	play_init(&play, PLAY_MEMORY);
	play_begin(&play);
	for (i = 1; i <= 17; i++) {
		snprintf(edit, sizeof(edit),
		    "+g%u =grant {'header': {'issuer': '%s%.0u%s', 'id':"
		    " 'g%u'}, 'grantee': 'p%u.example', 'granteeKeys':"
		    " '$keys:p%u.example', 'maxDelegations': %u}",
		    i, i == 1 ? "mi.com" : "p", i == 1 ? 0 : i - 1,
		    i == 1 ? "" : ".example", i, i, i, 20 - i);
		play_edit(&play, edit);
		if (i > 1) {
			snprintf(edit, sizeof(edit),
			    "g%u {'parentDigest': '$digest:g%u'}", i, i - 1);
			play_edit(&play, edit);
			snprintf(
			    edit, sizeof(edit), "g%u @p%u.example", i, i - 1);
			play_edit(&play, edit);
		}
		snprintf(name, sizeof(name), "g%u", i);
		play_add(&play, name,
		    i <= 16 ? "ACCEPTED"
			    : "REFUSED AUTHORIZATION_CHAIN_TOO_LONG",
		    0);
	}
	play_clear(&play);
}
END_TEST

static void
add(Suite *suite, const char *name, const TTest *test)
{
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, 240);
	tcase_add_test(tcase, test);
	suite_add_tcase(suite, tcase);
}

int
main(void)
{
	Suite *suite = suite_create("rotation_steps");

	add(suite, "kill", k10_each_step_is_durable_before_the_next);
	add(suite, "process",
	    k13_r12_a_new_root_voids_what_another_process_computed);
	add(suite, "roots", x9_many_roots_are_read_on_a_small_stack);
	add(suite, "key_sets", k10_key_sets_behind_one_root_are_256);
	add(suite, "grants", d7_grants_above_a_grant_are_15);
	return harness_main(suite);
}
