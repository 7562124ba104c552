/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h" /* mkdtemp */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "play_inner.h"

static const char *
kind_name(const play_t *play)
{
	static const char *const names[PLAY_KINDS] = { "memory", "no cache",
		"file", "reopened" };

	return names[play->kind];
}

const char *
play_where(const play_t *play)
{
	static char text[256];

	snprintf(text, sizeof(text), "%s (%s)",
	    play->label == NULL ? "store" : play->label, kind_name(play));
	return text;
}

bool
play_can(int kind)
{
#ifdef HAVE_SQLITE
	(void)kind;
	return true;
#else
	return kind == PLAY_MEMORY || kind == PLAY_NO_CACHE;
#endif
}

void
play_init(play_t *play, int kind)
{
	market_context_options_t options;

	memset(play, 0, sizeof(*play));
	memset(&options, 0, sizeof(options));
	play->kind = (play_kind_t)kind;
	play->now = world_time(WORLD_NOW);
	play->options.size = sizeof(play->options);
	if (kind == PLAY_NO_CACHE)
		play->options.cache_bytes = 1;
	harness_memory_init(&play->memory);
	options.size = sizeof(options);
	options.allocator = play->memory.allocator;
	ck_assert_int_eq(
	    market_context_new(&options, &play->context), MARKET_OK);
	play->world = world_new_with(play->context);
	strcpy(play->location, "memory:");
	if (kind == PLAY_MEMORY || kind == PLAY_NO_CACHE)
		return;
	/* Every commit is synced: in memory that costs nothing. */
	strcpy(play->folder, "/dev/shm/market-XXXXXX");
	if (mkdtemp(play->folder) == NULL) {
		strcpy(play->folder, "store-XXXXXX");
		ck_assert_ptr_nonnull(mkdtemp(play->folder));
	}
	snprintf(play->location, sizeof(play->location), "%s/market.db",
	    play->folder);
}

static void
remove_folder(const char *name)
{
	struct dirent *entry;
	char path[512];
	DIR *folder = opendir(name);

	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", name, entry->d_name);
		if (entry->d_name[0] != '.')
			ck_assert_int_eq(remove(path), 0);
	}
	closedir(folder);
	ck_assert_int_eq(rmdir(name), 0);
}

void
play_begin(play_t *play)
{
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_msg(market_store_create(play->context, play->location,
			  world_envelope(play->world, "root"),
			  world_envelope(play->world, "policy"), play->now,
			  &play->options, &play->store, &error) == MARKET_OK,
	    "%s: %s: %s", play_where(play), error.path, error.message);
}

void
play_begin_good(play_t *play)
{
	char names[1024] = "";
	const char *name;
	size_t i, n = 0;

	play_begin(play);
	for (i = 0; (name = world_evidence_name(play->world, i)) != NULL; i++)
		if (name[0] != '\0')
			n += (size_t)snprintf(names + n, sizeof(names) - n,
			    "%s%s", n == 0 ? "" : " ", name);
	play_add_all(play, names, "ACCEPTED");
	play_submit(play, "offer", "ACCEPTED PERMIT");
	play_is(play, "offer", "PUBLISHED PERMIT");
}

market_store_t *
play_handle(const play_t *play, market_context_t *context,
    const market_store_options_t *options)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_store_t *store = NULL;

	ck_assert_msg(market_store_open(context, play->location, options,
			  &store, &error) == MARKET_OK,
	    "%s: opened again: %s", play_where(play), error.message);
	return store;
}

void
play_reopen(play_t *play)
{
	if (play->folder[0] == '\0' || play->store == NULL)
		return;
	market_store_free(play->store);
	play->store = NULL;
	play->store = play_handle(play, play->context, &play->options);
}

void
play_next_step(play_t *play)
{
	if (play->kind == PLAY_REOPENED)
		play_reopen(play);
}

void
play_edit(play_t *play, const char *edit)
{
	world_edit(play->world, edit);
}

void
play_at(play_t *play, const char *rfc3339)
{
	play->now = world_time(rfc3339);
}

/* What is told stands until something happens at its instant, or at the mark
 * of a clock that is ahead of now. */
static void
forget_told(play_t *play)
{
	size_t i, n = 0;

	for (i = 0; i < play->n_told; i++)
		if (play->told[i].at < play->now)
			play->told[n++] = play->told[i];
	play->n_told = n;
}

/* ---- taking in ---- */

static void
expect_added(const play_t *play, const char *name, const market_added_t *added,
    const char *want)
{
	const market_code_info_t *info = market_code_info(added->code);
	char got[96];

	/* The code is looked at where one is wanted. */
	snprintf(got, sizeof(got), "%s%s%s", market_result_name(added->result),
	    strchr(want, ' ') == NULL ? "" : " ",
	    strchr(want, ' ') == NULL ? ""
		: info == NULL        ? "NONE"
				      : info->name);
	ck_assert_msg(strcmp(got, want) == 0, "%s: %s is %s, not %s: %s %s",
	    play_where(play), name, got, want, info == NULL ? "" : info->name,
	    added->message == NULL ? "" : added->message);
}

void
play_add(play_t *play, const char *name, const char *want, unsigned flags)
{
	market_slice_t envelope = world_envelope(play->world, name);
	market_error_t error = MARKET_ERROR_INIT;
	market_additions_t *additions = NULL;

	play_next_step(play);
	forget_told(play);
	ck_assert_msg(market_store_add(play->store, &envelope, 1, play->now,
			  flags, &additions, &error) == MARKET_OK,
	    "%s: add %s: %s", play_where(play), name, error.message);
	expect_added(play, name, market_additions_at(additions, 0), want);
	market_additions_free(additions);
}

void
play_add_all(play_t *play, const char *names, const char *want)
{
	char copy[1024], *list[64], *name;
	market_slice_t envelopes[64];
	market_error_t error = MARKET_ERROR_INIT;
	market_additions_t *additions = NULL;
	size_t i, n = 0;

	snprintf(copy, sizeof(copy), "%s", names);
	for (name = strtok(copy, " "); name != NULL; name = strtok(NULL, " ")) {
		ck_assert_uint_lt(n, 64);
		list[n] = name;
		envelopes[n++] = world_envelope(play->world, name);
	}
	play_next_step(play);
	forget_told(play);
	ck_assert_msg(market_store_add(play->store, envelopes, n, play->now, 0,
			  &additions, &error) == MARKET_OK,
	    "%s: add %s: %s", play_where(play), names, error.message);
	for (i = 0; i < n; i++)
		expect_added(
		    play, list[i], market_additions_at(additions, i), want);
	market_additions_free(additions);
}

void
play_submit(play_t *play, const char *offer, const char *want)
{
	market_slice_t envelope = world_envelope(play->world, offer);
	market_error_t error = MARKET_ERROR_INIT;
	market_submissions_t *submissions = NULL;
	market_buffer_t report = MARKET_BUFFER_INIT;
	const market_submitted_t *submitted;
	char got[96];

	play_next_step(play);
	forget_told(play);
	ck_assert_msg(market_store_submit(play->store, &envelope, 1, play->now,
			  &submissions, &error) == MARKET_OK,
	    "%s: submit %s: %s", play_where(play), offer, error.message);
	submitted = market_submissions_at(submissions, 0);
	ck_assert_ptr_nonnull(submitted);
	snprintf(got, sizeof(got), "%s%s%s",
	    market_result_name(submitted->result),
	    strchr(want, ' ') == NULL ? "" : " ",
	    strchr(want, ' ') == NULL ? ""
		: submitted->decision == NULL
		? "NONE"
		: market_verdict_name(
		      market_decision_verdict(submitted->decision)));
	if (submitted->decision != NULL)
		ck_assert_int_eq(
		    market_decision_text(submitted->decision, 100, &report),
		    MARKET_OK);
	ck_assert_msg(strcmp(got, want) == 0, "%s: %s is %s, not %s: %s\n%s",
	    play_where(play), offer, got, want,
	    submitted->message == NULL ? "" : submitted->message,
	    report.data == NULL ? "" : (const char *)report.data);
	market_buffer_clear(&report);
	market_submissions_free(submissions);
}

void
play_refresh(play_t *play)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_refreshed_t refreshed;

	play_next_step(play);
	do
		ck_assert_msg(market_store_refresh(play->store, play->now, 0,
				  &refreshed, &error) == MARKET_OK,
		    "%s: refresh: %s", play_where(play), error.message);
	while (refreshed.more);
}

market_slice_t
play_listing(play_t *play, const char *offer)
{
	static char id[512];
	market_statement_t *statement = NULL;
	market_slice_t issuer, name;

	ck_assert_int_eq(market_statement_parse(play->context,
			     world_envelope(play->world, offer),
			     MARKET_KINDS(MARKET_KIND_OFFER), &statement, NULL),
	    MARKET_OK);
	issuer = market_statement_issuer(statement);
	name = market_statement_id(statement);
	snprintf(id, sizeof(id), "%.*s/%.*s", (int)issuer.len,
	    (const char *)issuer.ptr, (int)name.len, (const char *)name.ptr);
	market_statement_free(statement);
	return market_slice_of(id);
}

void
play_intend(
    play_t *play, const char *offer, market_intent_t intent, const char *want)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_slice_t listing = play_listing(play, offer);
	market_status_t status;

	play_next_step(play);
	forget_told(play);
	status = market_store_set_intent(
	    play->store, listing, intent, play->now, &error);
	ck_assert_msg(strcmp(market_status_name(status) + 7, want) == 0,
	    "%s: %s of %s is %s, not %s: %s", play_where(play),
	    market_intent_name(intent), offer, market_status_name(status), want,
	    error.message);
}

/* ---- the end ---- */

static void
expect_sound(play_t *play)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_faults_t *faults = NULL;

	ck_assert_msg(
	    market_store_fsck(play->store, NULL, &faults, &error) == MARKET_OK,
	    "%s: fsck: %s", play_where(play), error.message);
	ck_assert_msg(market_faults_at(faults, 0) == NULL, "%s: fsck: %s",
	    play_where(play), market_faults_at(faults, 0));
	market_faults_free(faults);
}

void
play_clear(play_t *play)
{
	int64_t clock = 0;

	/* A second later, so that what was last is history too. */
	if (play->store != NULL &&
	    market_store_clock(play->store, &clock, NULL) == MARKET_OK &&
	    clock < MARKET__TIME_MAX) {
		play->now = clock + 1;
		play_refresh(play);
		play_ask_again(play);
		expect_sound(play);
	}
	market_store_free(play->store);
	world_free(play->world);
	market_context_free(play->context);
	ck_assert_msg(play->memory.live == 0, "%s: %zu allocations are left",
	    play_where(play), play->memory.live);
	if (play->folder[0] != '\0')
		remove_folder(play->folder);
}
