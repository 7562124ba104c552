/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h" /* mkdtemp */

#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"

static const char *const evidence[] = { "seller", "product", "network", "mvno",
	"grant", "carrier", "fcc", "seller-c", "grant-c" };

static const char *const offers[] = { "offer", "offer-b", "offer-c", "offer-d",
	"offer-e" };

static const char *const edits[] = {
	"+offer-b =offer {'header': {'id': 'offer-b',"
	" 'notAfter': '2016-06-01T00:00:00Z'},"
	" 'networks': ['t-mobile.com/us', 'usmobile.com/us']}",
	"+seller-c seller usmobile.com {'seller': 'other.example',"
	" 'keys': '$keys:other.example', 'legalName': 'Other Ltd'}",
	"+grant-c =grant {'header': {'id': 'grant-c',"
	" 'notAfter': '2017-01-01T00:00:00Z'}, 'grantee': 'other.example'}",
	"+offer-c =offer {'header': {'id': 'offer-c',"
	" 'issuer': 'other.example'}, 'fulfiller': 'other.example'}",
	"offer-c @other.example",
	"+offer-d =offer {'header': {'id': 'offer-d'}}",
	"+offer-e =offer-c {'header': {'id': 'offer-e'},"
	" 'networks': ['usmobile.com/us']}",
};

/* ---- opening ---- */

static bool
is_without(const scene_setup_t *setup, const char *name)
{
	size_t i;

	for (i = 0; setup != NULL && i < 4 && setup->without[i] != NULL; i++)
		if (strcmp(setup->without[i], name) == 0)
			return true;
	return false;
}

static bool
create(scene_t *scene)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;

	status = market_store_create(world_context(scene->world), scene->path,
	    world_envelope(scene->world, "root"),
	    world_envelope(scene->world, "policy"), scene->now, NULL,
	    &scene->store, &error);
	if (status == MARKET_E_UNSUPPORTED)
		return false;
	ck_assert_msg(status == MARKET_OK, "%s: %s", market_status_name(status),
	    error.message);
	return true;
}

static void
submit_all(scene_t *scene)
{
	market_slice_t envelopes[MARKET__COUNT(offers)];
	market_error_t error = MARKET_ERROR_INIT;
	market_submissions_t *submissions = NULL;
	const market_submitted_t *submitted;
	size_t i;

	for (i = 0; i < MARKET__COUNT(offers); i++)
		envelopes[i] = world_envelope(scene->world, offers[i]);
	ck_assert_msg(
	    market_store_submit(scene->store, envelopes, MARKET__COUNT(offers),
		scene->now, &submissions, &error) == MARKET_OK,
	    "%s", error.message);
	for (i = 0; i < MARKET__COUNT(offers); i++) {
		submitted = market_submissions_at(submissions, i);
		ck_assert_msg(submitted->result == MARKET_RESULT_ACCEPTED,
		    "%s: %s", offers[i], submitted->message);
	}
	market_submissions_free(submissions);
	ck_assert_int_eq(market_store_set_intent(scene->store,
			     market_slice_of("shop.example/offer-d"),
			     MARKET_INTENT_PAUSE, scene->now, &error),
	    MARKET_OK);
}

bool
scene_open(scene_t *scene, int backend, const scene_setup_t *setup,
    market_context_t *context)
{
	size_t i;

	memset(scene, 0, sizeof(*scene));
	scene->now = world_time(WORLD_NOW);
	scene->world = context == NULL ? world_new() : world_new_with(context);
	for (i = 0; i < MARKET__COUNT(edits); i++)
		world_edit(scene->world, edits[i]);
	for (i = 0;
	     setup != NULL && i < SCENE_EDITS_MAX && setup->edits[i] != NULL;
	     i++)
		world_edit(scene->world, setup->edits[i]);
	snprintf(scene->path, sizeof(scene->path), "memory:");
	if (backend != 0) {
		memcpy(scene->directory, "scene-XXXXXX", 13);
		ck_assert_ptr_nonnull(mkdtemp(scene->directory));
		snprintf(scene->path, sizeof(scene->path), "%s/store",
		    scene->directory);
	}
	if (!create(scene)) {
		scene_close(scene);
		return false;
	}
	for (i = 0; i < MARKET__COUNT(evidence); i++)
		if (!is_without(setup, evidence[i]))
			scene_add_one(scene, evidence[i]);
	submit_all(scene);
	return true;
}

void
scene_close(scene_t *scene)
{
	static const char *const suffixes[] = { "", "-wal", "-shm",
		"-journal" };
	char path[80];
	size_t i;

	market_store_free(scene->store);
	world_free(scene->world);
	if (scene->directory[0] == '\0')
		return;
	for (i = 0; i < MARKET__COUNT(suffixes); i++) {
		snprintf(path, sizeof(path), "%s%s", scene->path, suffixes[i]);
		(void)unlink(path);
	}
	(void)rmdir(scene->directory);
}

/* ---- changing ---- */

void
scene_refresh(scene_t *scene, int64_t at)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_refreshed_t refreshed;

	do
		ck_assert_msg(market_store_refresh(scene->store, at, 0,
				  &refreshed, &error) == MARKET_OK,
		    "%s", error.message);
	while (refreshed.more);
}

void
scene_add(scene_t *scene, const char *const *names, size_t n)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_additions_t *additions = NULL;
	market_slice_t envelopes[16];
	const market_added_t *added;
	size_t i;

	ck_assert_uint_le(n, MARKET__COUNT(envelopes));
	for (i = 0; i < n; i++)
		envelopes[i] = world_envelope(scene->world, names[i]);
	ck_assert_msg(market_store_add(scene->store, envelopes, n, scene->now,
			  MARKET_STORE_LATER, &additions, &error) == MARKET_OK,
	    "%s", error.message);
	for (i = 0; i < n; i++) {
		added = market_additions_at(additions, i);
		ck_assert_msg(added->result == MARKET_RESULT_ACCEPTED,
		    "%s: %s: %s", names[i], market_result_name(added->result),
		    added->message);
	}
	market_additions_free(additions);
	scene_refresh(scene, scene->now);
}

void
scene_add_one(scene_t *scene, const char *name)
{
	scene_add(scene, &name, 1);
}

/* ---- looking ---- */

uint64_t
scene_entries(scene_t *scene)
{
	market_store_mark_t mark;

	ck_assert_int_eq(
	    market_store_get_mark(scene->store, &mark, NULL), MARKET_OK);
	return mark.entries;
}

static market_listings_t *
list_all(scene_t *scene, int64_t at)
{
	market_list_query_t query;
	market_listings_t *listings = NULL;
	market_error_t error = MARKET_ERROR_INIT;

	memset(&query, 0, sizeof(query));
	query.size = sizeof(query);
	query.at = at;
	ck_assert_msg(market_store_list(
			  scene->store, &query, &listings, &error) == MARKET_OK,
	    "%s", error.message);
	ck_assert(!market_listings_more(listings));
	return listings;
}

char *
scene_list(scene_t *scene, int64_t at)
{
	market_listings_t *listings = list_all(scene, at);
	const market_listing_t *listing;
	char *text = calloc(1, 4096);
	size_t i, k, live, len = 0;

	ck_assert_ptr_nonnull(text);
	for (i = 0; (listing = market_listings_at(listings, i)) != NULL; i++) {
		live = 0;
		for (k = 0; k < listing->cell_count; k++)
			live += listing->cells[k].live != 0;
		len += (size_t)snprintf(text + len, 4096 - len, "%.*s %s %zu\n",
		    (int)listing->id.len, (const char *)listing->id.ptr,
		    market_listing_status_name(listing->status), live);
		ck_assert_uint_lt(len, 4096);
	}
	market_listings_free(listings);
	return text;
}

uint64_t
scene_dark(const char *before, const char *after)
{
	const char *a = before, *b = after;
	uint64_t dark = 0;

	while ((a = strchr(a, '\n')) != NULL && (b = strchr(b, '\n')) != NULL) {
		if (a[-1] != '0' && b[-1] == '0')
			dark++;
		a++;
		b++;
	}
	return dark;
}

uint64_t
scene_question(scene_t *scene, const char *id, size_t cell)
{
	market_listings_t *listings = list_all(scene, scene->now);
	const market_listing_t *listing;
	uint64_t question = 0;
	size_t i;

	for (i = 0; (listing = market_listings_at(listings, i)) != NULL; i++)
		if (market__slice_is(listing->id, id) &&
		    cell < listing->cell_count)
			question = listing->cells[cell].question;
	ck_assert_msg(question != 0, "no cell %zu of %s", cell, id);
	market_listings_free(listings);
	return question;
}

/* ---- effects ---- */

const market_effect_of_t *
scene_effect(
    const market_effects_t *effects, const char *listing, uint64_t question)
{
	const market_effect_of_t *effect;
	size_t i;

	for (i = 0; (effect = market_effects_at(effects, i)) != NULL; i++)
		if (listing != NULL ? market__slice_is(effect->listing, listing)
				    : effect->listing.len == 0 &&
			    effect->question == question)
			return effect;
	return NULL;
}

bool
scene_tells(const market_effect_of_t *effect, market_code_t code)
{
	size_t i;

	for (i = 0; effect != NULL && i < effect->code_count; i++)
		if (effect->codes[i] == code)
			return true;
	return false;
}

static bool
is_that(const market_effect_of_t *effect, const market_change_t *change)
{
	return effect->listing.len == 0 &&
	    effect->question == change->question &&
	    effect->before == change->before &&
	    effect->after == change->after &&
	    effect->service_before == change->service_before &&
	    effect->service_after == change->service_after &&
	    effect->cells == change->cells &&
	    effect->channel == change->channel &&
	    market__slice_equal(effect->seller, change->seller) &&
	    market__slice_equal(effect->brand, change->brand) &&
	    market__slice_equal(effect->model, change->model) &&
	    market__slice_equal(effect->territory, change->territory) &&
	    market__slice_equal(effect->network, change->network);
}

static size_t
count_questions(const market_effects_t *effects)
{
	const market_effect_of_t *effect;
	size_t i, n = 0;

	for (i = 0; (effect = market_effects_at(effects, i)) != NULL; i++)
		if (effect->listing.len == 0)
			n++;
	return n;
}

void
scene_expect(scene_t *scene, const market_effects_t *effects, uint64_t since,
    bool permits_only, bool timed, const char *label)
{
	const market_effect_of_t *effect;
	market_changes_t *changes = NULL;
	const market_change_t *change;
	size_t i, k, n = 0;

	ck_assert_int_eq(
	    market_store_changes(scene->store, since, 1000, &changes, NULL),
	    MARKET_OK);
	for (i = 0; (change = market_changes_at(changes, i)) != NULL; i++) {
		if (change->kind != MARKET_CHANGE_CLEARANCE ||
		    (permits_only && change->before != MARKET_VERDICT_PERMIT))
			continue;
		n++;
		for (k = 0; (effect = market_effects_at(effects, k)) != NULL;
		     k++)
			if (is_that(effect, change) &&
			    (!timed || effect->at == change->at))
				break;
		ck_assert_msg(effect != NULL,
		    "%s: question %llu went from %s to %s, and that was not "
		    "told",
		    label, (unsigned long long)change->question,
		    market_verdict_name(change->before),
		    market_verdict_name(change->after));
	}
	ck_assert_msg(n == count_questions(effects),
	    "%s: %zu were told, and %zu came", label, count_questions(effects),
	    n);
	market_changes_free(changes);
}

/* ---- memory ---- */

void
scene_whole_or_none(scene_ask_fn *ask, const char *edit, uint64_t dark)
{
	market_context_options_t options = { .size = sizeof(options) };
	market_status_t status = MARKET_E_MEMORY;
	market_effects_t *effects = NULL;
	market_context_t *context = NULL;
	harness_memory_t memory;
	market_error_t error;
	char *list, *kept;
	scene_t scene;
	size_t i;

	harness_memory_init(&memory);
	options.allocator = memory.allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	ck_assert(scene_open(&scene, 0, NULL, context));
	if (edit != NULL) {
		world_edit(scene.world, edit);
		(void)world_envelope(scene.world, "w");
	}
	list = scene_list(&scene, scene.now);
	for (i = 0; status != MARKET_OK; i++) {
		memset(&error, 0, sizeof(error));
		memory.calls = 0;
		memory.fail_at = i;
		status = ask(&scene, &effects, &error);
		memory.fail_at = SIZE_MAX;
		ck_assert_msg(status == MARKET_OK ||
			(status == MARKET_E_MEMORY && error.status == status &&
			    effects == NULL),
		    "allocation %zu: %s: %s", i, market_status_name(status),
		    error.message);
	}
	ck_assert_uint_eq(market_effects_dark(effects), dark);
	kept = scene_list(&scene, scene.now);
	ck_assert_str_eq(list, kept);
	market_effects_free(effects);
	free(list);
	free(kept);
	scene_close(&scene);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
}
