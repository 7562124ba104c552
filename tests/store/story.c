/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h" /* mkdtemp */

#include "story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *id;
	const char *offer;
} listings[STORY_LISTINGS] = {
	[STORY_OFFER] = { "shop.example/offer", "offer" },
	[STORY_TWO] = { "shop.example/two", "two" },
	[STORY_LATER] = { "shop.example/later", "later" },
	[STORY_SILENT] = { "shop.example/silent", "silent" },
	[STORY_PAUSED] = { "shop.example/paused", "paused" },
	[STORY_ENDED] = { "shop.example/ended", "ended" },
	[STORY_WITHDRAWN] = { "shop2.example/withdrawn", "withdrawn" },
	[STORY_FORKED] = { "shop.example/forked", "forked" },
	[STORY_TAKEN] = { "shop.example/taken", "taken" },
};

static const char *const edits[] = {
	"+seller2 seller usmobile.com {'seller': 'shop2.example',"
	" 'keys': '$keys:shop2.example', 'legalName': 'Second Ltd'}",
	"+grant2 =grant {'header': {'id': 'grant2'},"
	" 'grantee': 'shop2.example'}",
	"+offer-2 =offer {'header': {'revision': '2'},"
	" 'price': {'amountMicros': '199000000'}}",
	"+two =offer {'header': {'id': 'two'},"
	" 'networks': ['t-mobile.com/us', 'att.com/us']}",
	"+later =offer {'header': {'id': 'later',"
	" 'notBefore': '2016-06-01T00:00:00Z'}}",
	"+silent =offer {'header': {'id': 'silent'}, 'disclosures': null}",
	"+paused =offer {'header': {'id': 'paused'}}",
	"+ended =offer {'header': {'id': 'ended'}}",
	"+withdrawn =offer {'header': {'id': 'withdrawn',"
	" 'issuer': 'shop2.example'}, 'fulfiller': 'shop2.example'}",
	"withdrawn @shop2.example",
	"+forked =offer {'header': {'id': 'forked'}}",
	"+forked-b =forked {'title': 'Xiaomi Mi 4, another'}",
	"+taken =offer {'header': {'id': 'taken'}}",
	"+w2 withdrawal usmobile.com {'targetDigest': '$digest:taken',"
	" 'reason': 'WITHDRAWAL_REASON_SAFETY'}",
	"+w withdrawal mi.com {'targetDigest': '$digest:grant2',"
	" 'reason': 'WITHDRAWAL_REASON_CEASED'}",
	"+other product meizu.com {'brand': 'meizu', 'model': 'M575',"
	" 'name': 'MX5', 'category': 'phone'}",
};

const char *
story_id(story_listing_t listing)
{
	return listings[listing].id;
}

/* ---- telling ---- */

void
story_add(story_t *story, const char *name)
{
	market_slice_t envelope = world_envelope(story->world, name);
	market_additions_t *additions = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	const market_added_t *added;

	story->now++;
	ck_assert_msg(market_store_add(story->store, &envelope, 1, story->now,
			  0, &additions, &error) == MARKET_OK,
	    "%s: %s", name, error.message);
	added = market_additions_at(additions, 0);
	ck_assert_msg(added->result == MARKET_RESULT_ACCEPTED, "%s: %s: %s",
	    name, market_result_name(added->result),
	    added->message == NULL ? "" : added->message);
	market_additions_free(additions);
}

market_result_t
story_submit(story_t *story, const char *name)
{
	market_slice_t offer = world_envelope(story->world, name);
	market_submissions_t *submissions = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	const market_submitted_t *submitted;
	market_result_t result;

	story->now++;
	ck_assert_msg(market_store_submit(story->store, &offer, 1, story->now,
			  &submissions, &error) == MARKET_OK,
	    "%s: %s", name, error.message);
	submitted = market_submissions_at(submissions, 0);
	result = submitted->result;
	ck_assert_msg(result != MARKET_RESULT_REFUSED, "%s: %s", name,
	    submitted->message);
	market_submissions_free(submissions);
	return result;
}

void
story_intent(story_t *story, story_listing_t listing, market_intent_t intent)
{
	market_error_t error = MARKET_ERROR_INIT;

	story->now++;
	ck_assert_msg(market_store_set_intent(story->store,
			  market_slice_of(story_id(listing)), intent,
			  story->now, &error) == MARKET_OK,
	    "%s: %s", story_id(listing), error.message);
}

static void
copy_file(const char *from, const char *to)
{
	size_t len;
	char *bytes = harness_read(from, &len);
	FILE *file = fopen(to, "wb");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
	free(bytes);
}

void
story_put_back(const story_t *story, const char *ending)
{
	char path[128];

	snprintf(path, sizeof(path), "%s%s", story->path, ending);
	copy_file(path, story->path);
}

void
story_keep(const story_t *story, const char *ending)
{
	char path[128];

	snprintf(path, sizeof(path), "%s%s", story->path, ending);
	copy_file(story->path, path);
}

static void
keep_older(story_t *story)
{
	ck_assert_int_eq(
	    market_store_get_mark(story->store, &story->told, NULL), MARKET_OK);
	if (story->directory[0] == '\0')
		return;
	story_close(story);
	story_keep(story, "-older");
	ck_assert_int_eq(story_open(story), MARKET_OK);
}

static void
tell(story_t *story)
{
	static const char *const first[] = { "seller", "product", "network",
		"mvno", "grant", "fcc", "seller2", "grant2" };
	size_t i;

	for (i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		story_add(story, first[i]);
	for (i = 0; i < STORY_TAKEN; i++)
		ck_assert_int_eq(story_submit(story, listings[i].offer),
		    MARKET_RESULT_ACCEPTED);
	story_add(story, "carrier");
	ck_assert_int_eq(
	    story_submit(story, "offer-2"), MARKET_RESULT_ACCEPTED);
	ck_assert_int_eq(story_submit(story, "forked-b"), MARKET_RESULT_FORK);
	story_intent(story, STORY_PAUSED, MARKET_INTENT_PAUSE);
	story_intent(story, STORY_PAUSED, MARKET_INTENT_PUBLISH);
	story_intent(story, STORY_PAUSED, MARKET_INTENT_PAUSE);
	story_intent(story, STORY_ENDED, MARKET_INTENT_END);
	keep_older(story);
	story_add(story, "w");
	story_add(story, "other");
	ck_assert_int_eq(story_submit(story, "taken"), MARKET_RESULT_ACCEPTED);
	story_add(story, "w2");
}

static void
make_directory(story_t *story)
{
	const char *base = getenv("TMPDIR");

	snprintf(story->directory, sizeof(story->directory),
	    "%.40s/story-XXXXXX", base == NULL ? "/tmp" : base);
	ck_assert_ptr_nonnull(mkdtemp(story->directory));
	snprintf(
	    story->path, sizeof(story->path), "%s/store", story->directory);
}

static story_t *
new_story(world_t *world, bool in_file)
{
	story_t *story = calloc(1, sizeof(*story));
	market_error_t error = MARKET_ERROR_INIT;
	market_status_t status;
	size_t i;

	ck_assert_ptr_nonnull(story);
	story->world = world;
	story->now = world_time(WORLD_NOW);
	for (i = 0; i < sizeof(edits) / sizeof(edits[0]); i++)
		world_edit(story->world, edits[i]);
	if (in_file)
		make_directory(story);
	status = market_store_create(world_context(story->world),
	    in_file ? story->path : "memory:",
	    world_envelope(story->world, "root"),
	    world_envelope(story->world, "policy"), story->now, NULL,
	    &story->store, &error);
	if (status == MARKET_E_UNSUPPORTED) {
		story_free(story);
		return NULL;
	}
	ck_assert_msg(status == MARKET_OK, "%s", error.message);
	tell(story);
	return story;
}

void
story_close(story_t *story)
{
	market_store_free(story->store);
	story->store = NULL;
}

story_t *
story_new(bool in_file)
{
	return new_story(world_new(), in_file);
}

story_t *
story_new_with(market_context_t *context, bool in_file)
{
	return new_story(world_new_with(context), in_file);
}

market_status_t
story_open(story_t *story)
{
	market_store_options_t options = { .size = sizeof(options) };
	market_error_t error = MARKET_ERROR_INIT;

	options.flags = MARKET_STORE_DAMAGED;
	story->store = NULL;
	return market_store_open(world_context(story->world), story->path,
	    &options, &story->store, &error);
}

void
story_free(story_t *story)
{
	static const char *const endings[] = { "", "-wal", "-shm", "-copy",
		"-older" };
	char path[128];
	size_t i;

	if (story == NULL)
		return;
	story_close(story);
	world_free(story->world);
	for (i = 0; story->directory[0] != '\0' && i < 5; i++) {
		snprintf(path, sizeof(path), "%s%s", story->path, endings[i]);
		unlink(path);
	}
	if (story->directory[0] != '\0')
		rmdir(story->directory);
	free(story);
}

/* ---- reading ---- */

static size_t
count_live(const market_listing_t *listing)
{
	size_t i, live = 0;

	for (i = 0; i < listing->cell_count; i++)
		live += listing->cells[i].live != 0;
	return live;
}

static void
read_list(story_t *story, story_reading_t *ret)
{
	market_list_query_t query = { .size = sizeof(query) };
	market_listings_t *listings_page = NULL;
	const market_listing_t *listing;
	size_t i, k;

	query.at = story->now;
	ret->list = market_store_list(
	    story->store, &query, &listings_page, NULL);
	for (i = 0; ret->list == MARKET_OK &&
	     (listing = market_listings_at(listings_page, i)) != NULL;
	     i++) {
		for (k = 0; k < STORY_LISTINGS; k++)
			if (listing->id.len == strlen(listings[k].id) &&
			    memcmp(listing->id.ptr, listings[k].id,
				listing->id.len) == 0)
				break;
		if (k < STORY_LISTINGS)
			ret->of[k].live += count_live(listing);
		else
			ret->strangers += count_live(listing) > 0;
	}
	market_listings_free(listings_page);
}

static void
read_one(story_t *story, size_t k, story_reading_t *ret)
{
	market_slice_t id = market_slice_of(listings[k].id), offer;
	market_listings_t *listing = NULL;
	market_decision_t *decision = NULL;

	if (market_store_why(story->store, id, story->now, 0, &listing,
		&decision, NULL) == MARKET_OK)
		ret->of[k].live += count_live(market_listings_at(listing, 0));
	market_listings_free(listing);
	market_decision_free(decision);
	listing = NULL;
	ret->of[k].read = market_store_why(
	    story->store, id, story->now, 0, &listing, NULL, NULL);
	if (ret->of[k].read == MARKET_OK) {
		ret->of[k].status = market_listings_at(listing, 0)->status;
		ret->of[k].live += count_live(market_listings_at(listing, 0));
	}
	market_listings_free(listing);
	ret->of[k].sale = market_store_sale(story->store, id,
	    market_slice_of("US"), MARKET_CHANNEL_ONLINE_STORE,
	    market_slice_of("t-mobile.com/us"), story->now, 0, NULL, NULL);
	offer = world_envelope(story->world, listings[k].offer);
	decision = NULL;
	ret->of[k].check = market_store_check(
	    story->store, offer, NULL, 0, story->now, 0, &decision, NULL);
	market_decision_free(decision);
}

void
story_read(story_t *story, story_reading_t *ret)
{
	size_t k;

	memset(ret, 0, sizeof(*ret));
	read_list(story, ret);
	for (k = 0; k < STORY_LISTINGS; k++)
		read_one(story, k, ret);
}

void
story_read_anew(story_t *story, story_reading_t *ret)
{
	market_status_t status;
	size_t k;

	story_close(story);
	status = story_open(story);
	if (status == MARKET_OK) {
		story_read(story, ret);
		return;
	}
	memset(ret, 0, sizeof(*ret));
	ret->list = status;
	for (k = 0; k < STORY_LISTINGS; k++)
		ret->of[k].read = ret->of[k].sale = ret->of[k].check = status;
}

/* ---- faults ---- */

market_faults_t *
story_faults(story_t *story, const market_store_mark_t *mark)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_faults_t *faults = NULL;
	const char *line, *c;
	size_t i;

	ck_assert_msg(
	    market_store_fsck(story->store, mark, &faults, &error) == MARKET_OK,
	    "%s", error.message);
	for (i = 0; (line = market_faults_at(faults, i)) != NULL; i++)
		for (c = line; *c != '\0'; c++)
			ck_assert_msg(*c >= 0x20 && *c <= 0x7e,
			    "not printable: %s", line);
	return faults;
}

bool
story_tells(const market_faults_t *faults, const char *word)
{
	const char *line;
	size_t i;

	for (i = 0; (line = market_faults_at(faults, i)) != NULL; i++)
		if (strstr(line, word) != NULL)
			return true;
	return false;
}

const char *
story_lines(const market_faults_t *faults)
{
	static char text[8192];
	const char *line;
	size_t i, used = 0;

	text[0] = '\0';
	for (i = 0; (line = market_faults_at(faults, i)) != NULL &&
	     used + strlen(line) + 2 < sizeof(text);
	     i++)
		used += (size_t)snprintf(
		    text + used, sizeof(text) - used, "\n%s", line);
	return text;
}
