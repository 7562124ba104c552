/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h" /* mkdtemp */

#include "play.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"

static const char *
kind_name(const play_t *play)
{
	static const char *const names[PLAY_KINDS] = { "memory", "no cache",
		"file", "reopened" };

	return names[play->kind];
}

/* What every message begins with. */
static const char *
where(const play_t *play)
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
	    "%s: %s: %s", where(play), error.path, error.message);
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
	    "%s: opened again: %s", where(play), error.message);
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

static void
next_step(play_t *play)
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
	    where(play), name, got, want, info == NULL ? "" : info->name,
	    added->message == NULL ? "" : added->message);
}

void
play_add(play_t *play, const char *name, const char *want, unsigned flags)
{
	market_slice_t envelope = world_envelope(play->world, name);
	market_error_t error = MARKET_ERROR_INIT;
	market_additions_t *additions = NULL;

	next_step(play);
	forget_told(play);
	ck_assert_msg(market_store_add(play->store, &envelope, 1, play->now,
			  flags, &additions, &error) == MARKET_OK,
	    "%s: add %s: %s", where(play), name, error.message);
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
	next_step(play);
	forget_told(play);
	ck_assert_msg(market_store_add(play->store, envelopes, n, play->now, 0,
			  &additions, &error) == MARKET_OK,
	    "%s: add %s: %s", where(play), names, error.message);
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

	next_step(play);
	forget_told(play);
	ck_assert_msg(market_store_submit(play->store, &envelope, 1, play->now,
			  &submissions, &error) == MARKET_OK,
	    "%s: submit %s: %s", where(play), offer, error.message);
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
	    where(play), offer, got, want,
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

	next_step(play);
	do
		ck_assert_msg(market_store_refresh(play->store, play->now, 0,
				  &refreshed, &error) == MARKET_OK,
		    "%s: refresh: %s", where(play), error.message);
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

	next_step(play);
	forget_told(play);
	status = market_store_set_intent(
	    play->store, listing, intent, play->now, &error);
	ck_assert_msg(strcmp(market_status_name(status) + 7, want) == 0,
	    "%s: %s of %s is %s, not %s: %s", where(play),
	    market_intent_name(intent), offer, market_status_name(status), want,
	    error.message);
}

/* ---- asking ---- */

market_store_mark_t
play_mark(play_t *play)
{
	market_store_mark_t mark;

	ck_assert_int_eq(
	    market_store_get_mark(play->store, &mark, NULL), MARKET_OK);
	return mark;
}

market_status_t
play_sale(play_t *play, market_store_t *store, const char *offer)
{
	return market_store_sale(store, play_listing(play, offer),
	    market_slice_of("US"), MARKET_CHANNEL_ONLINE_STORE,
	    market_slice_of("t-mobile.com/us"), play->now, 0, NULL, NULL);
}

/* One listing as text: its status, and each cell. */
static void
write_listing(const market_listing_t *listing, bool whole, market__text_t *text)
{
	const market_listing_cell_t *cell;
	size_t i, k;

	market__text_puts(text, market_listing_status_name(listing->status));
	for (i = 0; i < listing->cell_count; i++) {
		cell = &listing->cells[i];
		market__text_printf(
		    text, " %s", market_verdict_name(cell->verdict));
		if (!whole)
			continue;
		market__text_printf(text, "[%s %d %s %s until %lld q%llu",
		    cell->live ? "live" : "dark", (int)cell->channel,
		    market_service_name(cell->service) == NULL
			? "?"
			: market_service_name(cell->service),
		    listing->intent == MARKET_INTENT_PUBLISH ? "" : "kept",
		    (long long)cell->horizon,
		    (unsigned long long)cell->question);
		for (k = 0; k < cell->disclosure_count; k++)
			market__text_printf(text, " due %s",
			    market_disclosure_name(cell->disclosures[k]));
		market__text_puts(text, "]");
	}
	if (whole)
		market__text_printf(text, " revision %llu, %lld",
		    (unsigned long long)listing->revision,
		    (long long)listing->amount_micros);
}

/* What the store says of one listing, in each of three ways. */
typedef struct told {
	market__text_t text[3]; /* list, why, and why with the decision */
	market__text_t brief;
	market_buffer_t report;
	bool there;
} told_t;

static void
clear_told(told_t *told)
{
	size_t i;

	for (i = 0; i < 3; i++)
		market__text_clear(&told->text[i]);
	market__text_clear(&told->brief);
	market_buffer_clear(&told->report);
}

static void
init_told(told_t *told)
{
	size_t i;

	memset(told, 0, sizeof(*told));
	for (i = 0; i < 3; i++)
		market__text_init(
		    &told->text[i], &market__default_allocator, 1 << 20);
	market__text_init(&told->brief, &market__default_allocator, 1 << 20);
}

static void
tell_list(
    play_t *play, market_slice_t id, int64_t at, unsigned flags, told_t *told)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_listings_t *listings = NULL;
	const market_listing_t *listing;
	market_list_query_t query;
	size_t i;

	memset(&query, 0, sizeof(query));
	query.size = sizeof(query);
	query.limit = 10000;
	query.at = at;
	query.flags = flags;
	ck_assert_msg(market_store_list(
			  play->store, &query, &listings, &error) == MARKET_OK,
	    "%s: list: %s", where(play), error.message);
	for (i = 0; (listing = market_listings_at(listings, i)) != NULL; i++)
		if (market__slice_equal(listing->id, id)) {
			write_listing(listing, true, &told->text[0]);
			told->there = true;
		}
	market_listings_free(listings);
}

/* What sale says is against a cell stands in the decision too. */
static void
compare_reason(
    play_t *play, const market_decision_t *decision, const char *message)
{
	const market_code_info_t *info;
	char code[64] = "";

	sscanf(message, "%63[A-Z0-9_]:", code);
	info = market_code_find(code);
	ck_assert_msg(info != NULL && world_has(decision, info->code),
	    "%s: sale says %s", where(play), message);
}

/* Sale says of each cell what the listing does. */
static void
compare_sales(play_t *play, const market_listing_t *listing,
    const market_decision_t *decision, int64_t at, unsigned flags)
{
	const market_listing_cell_t *cell;
	market_status_t status, want;
	market_error_t error;
	int64_t horizon;
	size_t i;

	for (i = 0; i < listing->cell_count; i++) {
		cell = &listing->cells[i];
		horizon = -1;
		memset(&error, 0, sizeof(error));
		status = market_store_sale(play->store, listing->id,
		    cell->territory, cell->channel, cell->network, at, flags,
		    &horizon, &error);
		want = cell->live ? MARKET_OK
		    : cell->verdict == MARKET_VERDICT_INDETERMINATE
		    ? MARKET_E_INDETERMINATE
		    : MARKET_E_DENIED;
		if (listing->status == MARKET_LISTING_REMOVED &&
		    want == MARKET_OK)
			want = MARKET_E_DENIED;
		ck_assert_msg(status == want && horizon == cell->horizon,
		    "%s: sale says %s until %lld, and the listing %s until "
		    "%lld",
		    where(play), market_status_name(status), (long long)horizon,
		    market_status_name(want), (long long)cell->horizon);
		if (cell->verdict != MARKET_VERDICT_PERMIT)
			compare_reason(play, decision, error.message);
	}
}

static void
tell_why(play_t *play, market_slice_t id, int64_t at, unsigned flags,
    bool decide, told_t *told)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	market_listings_t *listings = NULL;
	const market_listing_t *listing;
	market_status_t status;

	status = market_store_why(play->store, id, at, flags, &listings,
	    decide ? &decision : NULL, &error);
	ck_assert_msg(status == (told->there ? MARKET_OK : MARKET_E_NOT_FOUND),
	    "%s: why: %s: %s", where(play), market_status_name(status),
	    error.message);
	if (status != MARKET_OK)
		return;
	listing = market_listings_at(listings, 0);
	write_listing(listing, true, &told->text[decide ? 2 : 1]);
	if (decide) {
		write_listing(listing, false, &told->brief);
		ck_assert_int_eq(
		    market_decision_text(decision, 100, &told->report),
		    MARKET_OK);
		compare_sales(play, listing, decision, at, flags);
	}
	market_decision_free(decision);
	market_listings_free(listings);
}

static void
tell(play_t *play, const char *offer, int64_t at, unsigned flags, told_t *told)
{
	market_slice_t id = play_listing(play, offer);

	init_told(told);
	tell_list(play, id, at, flags, told);
	tell_why(play, id, at, flags, false, told);
	tell_why(play, id, at, flags, true, told);
	if (!told->there)
		return;
	ck_assert_msg(strcmp(told->text[0].data, told->text[1].data) == 0 &&
		strcmp(told->text[0].data, told->text[2].data) == 0,
	    "%s: %s is listed as\n%s\n%s\n%s\n%s", where(play), offer,
	    told->text[0].data, told->text[1].data, told->text[2].data,
	    (const char *)told->report.data);
}

/* Is `want` all of it, or all of its first words? */
static bool
begins(const char *told, const char *want)
{
	size_t len = strlen(want);

	return strncmp(told, want, len) == 0 &&
	    (told[len] == '\0' || told[len] == ' ');
}

static void
remember_told(play_t *play, market_slice_t id, const char *text)
{
	struct play_told *told = &play->told[play->n_told];
	int64_t clock = 0;

	ck_assert_int_eq(
	    market_store_clock(play->store, &clock, NULL), MARKET_OK);
	if (play->n_told == PLAY_TOLD_MAX || clock > play->now)
		return;
	told->at = play->now;
	snprintf(told->id, sizeof(told->id), "%.*s", (int)id.len,
	    (const char *)id.ptr);
	snprintf(told->text, sizeof(told->text), "%s", text);
	play->n_told++;
}

/* Is history what it was when it was the present? */
static void
ask_again(play_t *play)
{
	const struct play_told *before;
	told_t told;
	size_t i;

	for (i = 0; play->store != NULL && i < play->n_told; i++) {
		before = &play->told[i];
		init_told(&told);
		tell_list(play, market_slice_of(before->id), before->at,
		    MARKET_STORE_PAST, &told);
		ck_assert_msg(
		    told.there && strcmp(told.text[0].data, before->text) == 0,
		    "%s: %s was\n%s\nand is told as history:\n%s", where(play),
		    before->id, before->text,
		    told.there ? told.text[0].data : "NONE");
		clear_told(&told);
	}
}

static void
expect_listing(play_t *play, const char *offer, int64_t at, unsigned flags,
    const char *want)
{
	char when[MARKET__TIME_LEN];
	const char *brief;
	told_t told;

	next_step(play);
	tell(play, offer, at, flags, &told);
	brief = told.there ? told.brief.data : "NONE";
	market__time_format(at, when);
	ck_assert_msg(begins(brief, want), "%s: at %s %s is %s, not %s\n%s",
	    where(play), when, offer, brief, want,
	    told.there ? (const char *)told.report.data : "");
	if (told.there && flags == 0)
		remember_told(
		    play, play_listing(play, offer), told.text[0].data);
	clear_told(&told);
}

void
play_is(play_t *play, const char *offer, const char *want)
{
	expect_listing(play, offer, play->now, 0, want);
}

void
play_was(play_t *play, const char *offer, const char *at, const char *want)
{
	expect_listing(play, offer, world_time(at), MARKET_STORE_PAST, want);
}

void
play_tells(play_t *play, const char *offer, const char *codes)
{
	market_buffer_t report = MARKET_BUFFER_INIT;
	market_listings_t *listings = NULL;
	market_decision_t *decision = NULL;
	const market_code_info_t *info;
	char copy[256], *code;
	bool wanted;

	snprintf(copy, sizeof(copy), "%s", codes);
	next_step(play);
	ck_assert_int_eq(
	    market_store_why(play->store, play_listing(play, offer), play->now,
		0, &listings, &decision, NULL),
	    MARKET_OK);
	ck_assert_int_eq(
	    market_decision_text(decision, 100, &report), MARKET_OK);
	for (code = strtok(copy, " "); code != NULL; code = strtok(NULL, " ")) {
		wanted = code[0] != '-';
		info = market_code_find(wanted ? code : code + 1);
		ck_assert_msg(
		    info != NULL, "%s: no code %s", where(play), code);
		ck_assert_msg(world_has(decision, info->code) == wanted,
		    "%s: %s is %stold\n%s", where(play), info->name,
		    wanted ? "not " : "", (const char *)report.data);
	}
	market_buffer_clear(&report);
	market_decision_free(decision);
	market_listings_free(listings);
}

void
play_check(play_t *play, const char *offer, const char *want)
{
	market_buffer_t report = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	market_status_t status;

	next_step(play);
	status = market_store_check(play->store,
	    world_envelope(play->world, offer), NULL, 0, play->now, 0,
	    &decision, &error);
	ck_assert_msg(decision != NULL, "%s: check %s: %s: %s", where(play),
	    offer, market_status_name(status), error.message);
	ck_assert_int_eq(
	    market_decision_text(decision, 100, &report), MARKET_OK);
	ck_assert_msg(
	    strcmp(market_verdict_name(market_decision_verdict(decision)),
		want) == 0,
	    "%s: %s is not %s\n%s", where(play), offer, want,
	    (const char *)report.data);
	market_buffer_clear(&report);
	market_decision_free(decision);
}

void
play_horizon(play_t *play, const char *offer, const char *want)
{
	market_listings_t *listings = NULL;
	char horizon[MARKET__TIME_LEN];

	next_step(play);
	ck_assert_int_eq(
	    market_store_why(play->store, play_listing(play, offer), play->now,
		0, &listings, NULL, NULL),
	    MARKET_OK);
	market__time_format(
	    market_listings_at(listings, 0)->cells[0].horizon, horizon);
	ck_assert_msg(strcmp(horizon, want) == 0,
	    "%s: %s holds until %s, not %s", where(play), offer, horizon, want);
	market_listings_free(listings);
}

/* ---- the end ---- */

static void
expect_sound(play_t *play)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_faults_t *faults = NULL;

	ck_assert_msg(
	    market_store_fsck(play->store, NULL, &faults, &error) == MARKET_OK,
	    "%s: fsck: %s", where(play), error.message);
	ck_assert_msg(market_faults_at(faults, 0) == NULL, "%s: fsck: %s",
	    where(play), market_faults_at(faults, 0));
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
		ask_again(play);
		expect_sound(play);
	}
	market_store_free(play->store);
	world_free(play->world);
	market_context_free(play->context);
	ck_assert_msg(play->memory.live == 0, "%s: %zu allocations are left",
	    where(play), play->memory.live);
	if (play->folder[0] != '\0')
		remove_folder(play->folder);
}
