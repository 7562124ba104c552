/* SPDX-License-Identifier: Apache-2.0 */
/*
 * P3: a writer is killed at random times. Whatever it was told was done is done
 * when the store is opened again; what it was doing then is done whole or not
 * at all; and fsck finds nothing.
 *
 * MARKET_KILL9_ROUNDS (10) and MARKET_KILL9_SEED (of the clock, and printed)
 * say how often, and which.
 */
#include "config.h" /* mkdtemp */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"
#include "kit.h"

#define LISTINGS_MAX 240
#define BATCH_MAX    24
#define QUESTIONS    16

/* Rounds on one store, before a new one is made. */
#define ROUNDS_OF_ONE 20

/* No writer lives longer, whatever happens. */
#define LIFE_SECONDS 120

/* ---- what a store is, as far as the writer changes it ---- */

typedef struct state {
	unsigned long grant[2]; /* its revision */
	unsigned withdrawn[2];
	unsigned long n;
	struct {
		unsigned long revision;
		int intent;
	} listings[LISTINGS_MAX];
} state_t;

/* One operation: what is written before it, and believed after its answer. */
typedef struct operation {
	char kind; /* see apply() */
	unsigned long first, n;
} operation_t;

static void
apply(state_t *state, const operation_t *operation)
{
	unsigned long i;

	switch (operation->kind) {
	case 'w': state->withdrawn[operation->first] = 1; break;
	case 'g':
		state->grant[operation->first]++;
		state->withdrawn[operation->first] = 0;
		break;
	case 's':
		for (i = 0; i < operation->n; i++) {
			if (operation->first + i == state->n) {
				state->listings[state->n].intent =
				    MARKET_INTENT_PUBLISH;
				state->n++;
			}
			state->listings[operation->first + i].revision++;
		}
		break;
	case 'i':
		state->listings[operation->first].intent = (int)operation->n;
		break;
	default: break; /* 'r': a refresh changes nothing that is seen here */
	}
}

static unsigned long
revision_of(market_store_t *store, market_kind_t kind, const char *id)
{
	market_error_t error = MARKET_ERROR_INIT;
	uint64_t revision = 0;

	kit_must(market_store_revision(store, kind, market_slice_of("mi.com"),
		     market_slice_of(id), &revision, &error),
	    &error, id);
	return (unsigned long)revision;
}

static void
observe_listing(market_store_t *store, unsigned long i, state_t *state)
{
	market_listings_t *listings = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	const market_listing_t *listing;
	market_status_t status;

	status = market_store_why(store, market_slice_of(kit_listing(i)),
	    KIT_NOW, 0, &listings, NULL, &error);
	if (status == MARKET_E_NOT_FOUND)
		return;
	kit_must(status, &error, kit_listing(i));
	listing = market_listings_at(listings, 0);
	/* They come in order: a gap would be told by the count. */
	state->n = i + 1;
	state->listings[i].revision = (unsigned long)listing->revision;
	state->listings[i].intent = (int)listing->intent;
	market_listings_free(listings);
}

static void
observe(market_store_t *store, state_t *state)
{
	static const char *const sellers[] = { "a.example", "b.example" };
	char id[64];
	unsigned long i;

	memset(state, 0, sizeof(*state));
	for (i = 0; i < 2; i++) {
		state->grant[i] = revision_of(
		    store, MARKET_KIND_AUTHORIZATION, sellers[i]);
		snprintf(id, sizeof(id), "%s-%lu", sellers[i], state->grant[i]);
		state->withdrawn[i] = revision_of(store, MARKET_KIND_WITHDRAWAL,
					  id) > 0;
	}
	for (i = 0; i < LISTINGS_MAX; i++)
		observe_listing(store, i, state);
}

/* ---- the writer ---- */

static operation_t
choose(const state_t *state, uint32_t *random)
{
	operation_t operation = { 'r', 0, 0 };
	uint32_t dice = kit_random(random) % 16;

	if (dice < 4) {
		operation.first = dice % 2;
		operation.kind = state->withdrawn[operation.first] ? 'g' : 'w';
	} else if (dice < 10 || state->n == 0) {
		operation.kind = 's';
		operation.n = 1 + kit_random(random) % BATCH_MAX;
		/* New ones, and revisions of those that are there. */
		operation.first = kit_random(random) % (state->n + 1);
		if (operation.first + operation.n > LISTINGS_MAX)
			operation.first = LISTINGS_MAX - operation.n;
		if (operation.first > state->n)
			operation.first = state->n;
	} else if (dice < 14) {
		operation.kind = 'i';
		operation.first = kit_random(random) % state->n;
		operation.n = dice % 2 == 0 ? MARKET_INTENT_PAUSE
					    : MARKET_INTENT_PUBLISH;
	}
	return operation;
}

static void
submit(kit_t *kit, market_store_t *store, const state_t *state,
    const operation_t *operation)
{
	market_submissions_t *submissions = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	market_buffer_t offers[BATCH_MAX];
	market_slice_t slices[BATCH_MAX];
	unsigned long i, number;

	for (i = 0; i < operation->n; i++) {
		number = operation->first + i;
		offers[i] = kit_offer(
		    kit, number, state->listings[number].revision + 1);
		slices[i] = market_buffer_slice(&offers[i]);
	}
	kit_must(market_store_submit(store, slices, operation->n, KIT_NOW,
		     &submissions, &error),
	    &error, "submitting");
	for (i = 0; i < operation->n; i++) {
		if (market_submissions_at(submissions, i)->result !=
		    MARKET_RESULT_ACCEPTED)
			kit_die("an offer is not accepted");
		market_buffer_clear(&offers[i]);
	}
	market_submissions_free(submissions);
}

/* Sometimes with what follows, sometimes leaving that to others. */
static void
add(market_store_t *store, market_buffer_t envelope, unsigned flags)
{
	market_slice_t slice = market_buffer_slice(&envelope);
	market_additions_t *additions = NULL;
	market_error_t error = MARKET_ERROR_INIT;

	kit_must(market_store_add(
		     store, &slice, 1, KIT_NOW, flags, &additions, &error),
	    &error, "adding");
	if (market_additions_at(additions, 0)->result != MARKET_RESULT_ACCEPTED)
		kit_die("a statement is not accepted");
	market_additions_free(additions);
	market_buffer_clear(&envelope);
}

static void
perform(kit_t *kit, market_store_t *store, const state_t *state,
    const operation_t *o, uint32_t dice)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_refreshed_t refreshed;
	unsigned flags = dice % 2 == 0 ? MARKET_STORE_LATER : 0;
	unsigned seller = (unsigned)o->first;

	switch (o->kind) {
	case 'w':
		add(store, kit_withdrawal(kit, seller, state->grant[seller]),
		    flags);
		break;
	case 'g':
		add(store, kit_grant(kit, seller, state->grant[seller] + 1),
		    flags);
		break;
	case 's': submit(kit, store, state, o); break;
	case 'i':
		kit_must(market_store_set_intent(store,
			     market_slice_of(kit_listing(o->first)),
			     (market_intent_t)o->n, KIT_NOW, &error),
		    &error, "an intent");
		break;
	default:
		kit_must(market_store_refresh(
			     store, KIT_NOW, 1 + dice % 8, &refreshed, &error),
		    &error, "refreshing");
		break;
	}
}

static void
tell(const char *line)
{
	size_t len = strlen(line);

	if (write(STDOUT_FILENO, line, len) != (ssize_t)len)
		kit_die("nobody listens");
}

/* "--write PATH SEED": goes on until it is killed. */
static void __attribute__((noreturn))
write_on(const char *path, const char *seed)
{
	uint32_t random = (uint32_t)strtoul(seed, NULL, 10) | 1;
	operation_t operation;
	market_store_t *store;
	state_t state;
	char line[64];
	kit_t *kit;

	alarm(LIFE_SECONDS);
	kit = kit_new(QUESTIONS);
	store = kit_open(kit, path, NULL);
	observe(store, &state);
	tell("ready\n");
	for (;;) {
		operation = choose(&state, &random);
		snprintf(line, sizeof(line), "%c %lu %lu\n", operation.kind,
		    operation.first, operation.n);
		tell(line);
		perform(kit, store, &state, &operation, kit_random(&random));
		apply(&state, &operation);
		tell("done\n");
	}
}

/* ---- the one who kills ---- */

typedef struct killing {
	char self[256];
	char folder[32];
	char path[64];
	uint32_t random;
	kit_t *kit;
	state_t state; /* acknowledged */
	bool in_doubt; /* `operation` was begun and not answered */
	operation_t operation;
	unsigned long acknowledged, landed; /* operations; of those in doubt */
	market_store_mark_t mark;
	char text[4096]; /* of the pipe, that no line has ended yet */
	size_t len;
} killing_t;

static void
take_line(killing_t *k, const char *line)
{
	if (strcmp(line, "ready") == 0)
		return;
	if (strcmp(line, "done") == 0) {
		ck_assert(k->in_doubt);
		apply(&k->state, &k->operation);
		k->in_doubt = false;
		k->acknowledged++;
		return;
	}
	ck_assert(!k->in_doubt);
	ck_assert_int_eq(sscanf(line, "%c %lu %lu", &k->operation.kind,
			     &k->operation.first, &k->operation.n),
	    3);
	k->in_doubt = true;
}

/* Takes what is there; false at the end. */
static bool
take_text(killing_t *k, int fd)
{
	ssize_t got;
	char *end;

	got = read(fd, k->text + k->len, sizeof(k->text) - 1 - k->len);
	if (got <= 0)
		return got < 0 && errno == EINTR;
	k->len += (size_t)got;
	k->text[k->len] = '\0';
	while ((end = strchr(k->text, '\n')) != NULL) {
		*end = '\0';
		take_line(k, k->text);
		k->len -= (size_t)(end + 1 - k->text);
		memmove(k->text, end + 1, k->len + 1);
	}
	return true;
}

static pid_t
start_writer(killing_t *k, int *ret_fd)
{
	char seed[32];
	int fds[2];
	pid_t pid;

	snprintf(
	    seed, sizeof(seed), "%lu", (unsigned long)kit_random(&k->random));
	ck_assert_int_eq(pipe(fds), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (dup2(fds[1], STDOUT_FILENO) < 0)
			_exit(126);
		close(fds[0]);
		close(fds[1]);
		execl(k->self, k->self, "--write", k->path, seed, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	*ret_fd = fds[0];
	return pid;
}

/* Lets it write for so long after its first word, and kills it. */
static void
run_writer(killing_t *k, int milliseconds)
{
	double until = kit_seconds() + LIFE_SECONDS;
	bool ready = false, open = true;
	struct pollfd wait_for = { 0 };
	int fd, status, left;
	pid_t pid;

	pid = start_writer(k, &fd);
	k->len = 0;
	k->in_doubt = false;
	wait_for.fd = fd;
	wait_for.events = POLLIN;
	while (open) {
		left = (int)((until - kit_seconds()) * 1e3);
		if (left <= 0 || poll(&wait_for, 1, left) == 0)
			break;
		open = take_text(k, fd);
		if (!ready)
			until = kit_seconds() + milliseconds / 1e3;
		ready = true;
	}
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	while (open)
		open = take_text(k, fd);
	close(fd);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
	    "the writer ended by itself: %d", status);
}

/* ---- what is there afterwards ---- */

static bool
same_state(const state_t *a, const state_t *b)
{
	unsigned long i;

	for (i = 0; i < a->n && a->n == b->n; i++)
		if (a->listings[i].revision != b->listings[i].revision ||
		    a->listings[i].intent != b->listings[i].intent)
			return false;
	return a->n == b->n &&
	    memcmp(a->grant, b->grant, sizeof(a->grant)) == 0 &&
	    memcmp(a->withdrawn, b->withdrawn, sizeof(a->withdrawn)) == 0;
}

static void
check_sales(market_store_t *store, const state_t *state)
{
	unsigned long i;
	bool may;

	for (i = 0; i < state->n; i++) {
		may = !state->withdrawn[i % 2] &&
		    state->listings[i].intent == MARKET_INTENT_PUBLISH;
		ck_assert_msg((kit_sale(store, i) == MARKET_OK) == may,
		    "%s may %sbe sold", kit_listing(i), may ? "not " : "");
	}
}

/* 1, 2, 3 ... and as many offers, statements and intents as were taken. */
static void
check_history(market_store_t *store)
{
	market_changes_t *changes = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	const market_change_t *change;
	market_store_mark_t mark;
	uint64_t since = 0;
	size_t i;

	do {
		kit_must(
		    market_store_changes(store, since, 0, &changes, &error),
		    &error, "the history");
		for (i = 0; (change = market_changes_at(changes, i)) != NULL;
		     i++)
			ck_assert_uint_eq(change->entry, ++since);
		market_changes_free(changes);
	} while (i > 0);
	kit_must(market_store_get_mark(store, &mark, &error), &error, "a mark");
	ck_assert_uint_eq(mark.entries, since);
}

static void
check_faults(market_store_t *store, const market_store_mark_t *mark)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_faults_t *faults = NULL;

	kit_must(
	    market_store_fsck(store, mark, &faults, &error), &error, "fsck");
	ck_assert_msg(market_faults_at(faults, 0) == NULL, "fsck: %s",
	    market_faults_at(faults, 0));
	market_faults_free(faults);
}

static void
check_store(killing_t *k)
{
	market_store_options_t options = { .size = sizeof(options) };
	market_error_t error = MARKET_ERROR_INIT;
	state_t seen, after = k->state;
	market_store_t *store;

	/* What was there when it was last looked at is still there. */
	options.mark = &k->mark;
	store = kit_open(k->kit, k->path, &options);
	observe(store, &seen);
	if (k->in_doubt)
		apply(&after, &k->operation);
	ck_assert_msg(same_state(&seen, &k->state) || same_state(&seen, &after),
	    "the store is not what was acknowledged: %s %c %lu %lu",
	    k->in_doubt ? "in doubt is" : "the last was", k->operation.kind,
	    k->operation.first, k->operation.n);
	if (k->in_doubt && !same_state(&seen, &k->state))
		k->landed++;
	k->state = seen;
	check_sales(store, &seen);
	check_faults(store, &k->mark);
	check_history(store);
	kit_must(
	    market_store_get_mark(store, &k->mark, &error), &error, "a mark");
	market_store_free(store);
}

static void
remove_store(killing_t *k)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char path[80];
	size_t i;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", k->path, suffixes[i]);
		(void)unlink(path);
	}
}

static void
new_store(killing_t *k)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_store_t *store;

	remove_store(k);
	store = kit_create(k->kit, k->path, NULL);
	observe(store, &k->state);
	kit_must(
	    market_store_get_mark(store, &k->mark, &error), &error, "a mark");
	market_store_free(store);
}

static unsigned long
number_of(const char *name, unsigned long otherwise)
{
	const char *value = getenv(name);

	return value == NULL || *value == '\0' ? otherwise : kit_number(value);
}

START_TEST(writer_that_is_killed_loses_nothing_that_was_acknowledged)
{
	unsigned long rounds = number_of(
	    "MARKET_KILL9_ROUNDS", (unsigned long)harness_rounds(10));
	unsigned long seed = number_of(
	    "MARKET_KILL9_SEED", (unsigned long)time(NULL));
	static killing_t k;
	unsigned long round;
	ssize_t len;

	printf("# MARKET_KILL9_SEED=%lu, %lu rounds\n", seed, rounds);
	fflush(stdout);
	memset(&k, 0, sizeof(k));
	k.random = (uint32_t)seed | 1;
	len = readlink("/proc/self/exe", k.self, sizeof(k.self) - 1);
	ck_assert_int_gt(len, 0);
	snprintf(k.folder, sizeof(k.folder), "kill9-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(k.folder));
	snprintf(k.path, sizeof(k.path), "%s/store", k.folder);
	k.kit = kit_new(QUESTIONS);
	for (round = 0; round < rounds; round++) {
		if (round % ROUNDS_OF_ONE == 0)
			new_store(&k);
		run_writer(&k, (int)(kit_random(&k.random) % 150));
		check_store(&k);
	}
	printf("# %lu operations acknowledged; of those cut short, %lu had "
	       "been done\n",
	    k.acknowledged, k.landed);
	remove_store(&k);
	ck_assert_int_eq(rmdir(k.folder), 0);
	kit_free(k.kit);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite;
	TCase *tc;

	if (argc == 4 && strcmp(argv[1], "--write") == 0)
		write_on(argv[2], argv[3]);
	suite = suite_create("kill9");
	tc = tcase_create("writer");
	tcase_set_timeout(tc, 3600);
	tcase_add_test(
	    tc, writer_that_is_killed_loses_nothing_that_was_acknowledged);
	suite_add_tcase(suite, tc);
	return harness_main(suite);
}
