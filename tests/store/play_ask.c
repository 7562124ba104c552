/* SPDX-License-Identifier: Apache-2.0 */
/* A play's questions: each is asked in every way there is. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "play_inner.h"

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
	    "%s: list: %s", play_where(play), error.message);
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
	    "%s: sale says %s", play_where(play), message);
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
		    play_where(play), market_status_name(status),
		    (long long)horizon, market_status_name(want),
		    (long long)cell->horizon);
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
	    "%s: why: %s: %s", play_where(play), market_status_name(status),
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
	    "%s: %s is listed as\n%s\n%s\n%s\n%s", play_where(play), offer,
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

void
play_ask_again(play_t *play)
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
		    "%s: %s was\n%s\nand is told as history:\n%s",
		    play_where(play), before->id, before->text,
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

	play_next_step(play);
	tell(play, offer, at, flags, &told);
	brief = told.there ? told.brief.data : "NONE";
	market__time_format(at, when);
	ck_assert_msg(begins(brief, want), "%s: at %s %s is %s, not %s\n%s",
	    play_where(play), when, offer, brief, want,
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
	play_next_step(play);
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
		    info != NULL, "%s: no code %s", play_where(play), code);
		ck_assert_msg(world_has(decision, info->code) == wanted,
		    "%s: %s is %stold\n%s", play_where(play), info->name,
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

	play_next_step(play);
	status = market_store_check(play->store,
	    world_envelope(play->world, offer), NULL, 0, play->now, 0,
	    &decision, &error);
	ck_assert_msg(decision != NULL, "%s: check %s: %s: %s",
	    play_where(play), offer, market_status_name(status), error.message);
	ck_assert_int_eq(
	    market_decision_text(decision, 100, &report), MARKET_OK);
	ck_assert_msg(
	    strcmp(market_verdict_name(market_decision_verdict(decision)),
		want) == 0,
	    "%s: %s is not %s\n%s", play_where(play), offer, want,
	    (const char *)report.data);
	market_buffer_clear(&report);
	market_decision_free(decision);
}

void
play_horizon(play_t *play, const char *offer, const char *want)
{
	market_listings_t *listings = NULL;
	char horizon[MARKET__TIME_LEN];

	play_next_step(play);
	ck_assert_int_eq(
	    market_store_why(play->store, play_listing(play, offer), play->now,
		0, &listings, NULL, NULL),
	    MARKET_OK);
	market__time_format(
	    market_listings_at(listings, 0)->cells[0].horizon, horizon);
	ck_assert_msg(strcmp(horizon, want) == 0,
	    "%s: %s holds until %s, not %s", play_where(play), offer, horizon,
	    want);
	market_listings_free(listings);
}
