/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h" /* mkdtemp, open_memstream */

#include "store_kit.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const edits[] = {
	"seller {'keys': '$keys:shop.example shop.example#2'}",
	"grant {'granteeKeys': '$keys:shop.example shop.example#2'}",
	"+seller2 seller usmobile.com {'seller': 'shop2.example',"
	" 'keys': '$keys:shop2.example', 'legalName': 'Second Ltd'}",
	"+grant2 =grant {'header': {'id': 'grant2'},"
	" 'grantee': 'shop2.example'}",
	"+other =offer {'header': {'id': 'other', 'issuer': 'shop2.example'},"
	" 'fulfiller': 'shop2.example'}",
	"other @shop2.example",
	/* Entries are looked for in the pages, and one is there. */
	"policy {'statusRules': [{'role': 'ROLE_BRAND',"
	" 'maxAgeSeconds': '86400'}]}",
	"+status1 status mi.com {'header': {'id': 'status', 'revision': '1',"
	" 'issuedAt': '" WORLD_NOW "'}, 'sequence': '1', 'withdrawn':"
	" ['$digest:grant2']}",
	"+status2 =status1 {'header': {'revision': '2'}, 'sequence': '2'}",
	"+w2 withdrawal mi.com {'targetDigest': '$digest:grant2'}",
	"+w withdrawal mi.com {'targetDigest': '$digest:grant'}",
	"+new =offer {'header': {'id': 'new'}}",
	"+price =offer {'header': {'revision': '2'}, 'price':"
	" {'amountMicros': '199000000'}}",
	"+anew =offer {}",
	"anew @shop.example#2",
};

static const char *const evidence[] = { "seller", "product", "network", "mvno",
	"grant", "carrier", "fcc", "seller2", "grant2", "status1", "status2" };

static market_slice_t
envelope(const torture_t *torture, const char *name)
{
	return world_envelope(torture->world, name);
}

/* ---- files ---- */

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

/* But for the template, where that is to stay. */
static void
empty_folder(const torture_t *torture, bool all)
{
	DIR *folder = opendir(torture->folder);
	struct dirent *entry;
	char path[512];

	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", torture->folder,
		    entry->d_name);
		if (entry->d_name[0] != '.' &&
		    (all || strcmp(path, torture->template) != 0))
			ck_assert_int_eq(remove(path), 0);
	}
	closedir(folder);
}

static void
make_folder(torture_t *torture)
{
	/* Every commit is synced: in memory that costs nothing. */
	strcpy(torture->folder, "/dev/shm/market-XXXXXX");
	if (mkdtemp(torture->folder) == NULL) {
		strcpy(torture->folder, "store-XXXXXX");
		ck_assert_ptr_nonnull(mkdtemp(torture->folder));
	}
	snprintf(torture->path, sizeof(torture->path), "%s/market.db",
	    torture->folder);
	snprintf(torture->template, sizeof(torture->template), "%s/template",
	    torture->folder);
}

/* ---- making ---- */

static void
add(torture_t *torture, const market_slice_t *envelopes, size_t n)
{
	market_additions_t *additions = NULL;
	market_error_t error = MARKET_ERROR_INIT;
	size_t i;

	ck_assert_msg(market_store_add(torture->store, envelopes, n,
			  torture->now, 0, &additions, &error) == MARKET_OK,
	    "%s", error.message);
	for (i = 0; i < n; i++)
		ck_assert_int_eq(market_additions_at(additions, i)->result,
		    MARKET_RESULT_ACCEPTED);
	market_additions_free(additions);
}

static void
fill(torture_t *torture)
{
	market_slice_t envelopes[COUNT(evidence)], offers[2];
	market_submissions_t *submissions = NULL;
	market_slice_t withdrawal = envelope(torture, "w2");
	market_error_t error = MARKET_ERROR_INIT;
	size_t i;

	torture->now = world_time(WORLD_NOW);
	ck_assert_msg(
	    market_store_create(torture->context,
		torture->in_file ? torture->path : "memory:",
		envelope(torture, "root"), envelope(torture, "policy"),
		torture->now, NULL, &torture->store, &error) == MARKET_OK,
	    "%s", error.message);
	for (i = 0; i < COUNT(evidence); i++)
		envelopes[i] = envelope(torture, evidence[i]);
	add(torture, envelopes, COUNT(evidence));
	offers[0] = envelope(torture, "offer");
	offers[1] = envelope(torture, "other");
	ck_assert_msg(market_store_submit(torture->store, offers, 2,
			  torture->now, &submissions, &error) == MARKET_OK,
	    "%s", error.message);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(market_submissions_at(submissions, i)->result,
		    MARKET_RESULT_ACCEPTED);
	market_submissions_free(submissions);
	torture->now++;
	add(torture, &withdrawal, 1);
	torture->now++;
}

void
store_prepare(torture_t *torture, bool in_file)
{
	size_t i;

	torture->in_file = in_file;
	for (i = 0; i < COUNT(edits); i++)
		world_edit(torture->world, edits[i]);
	torture->offer = envelope(torture, "new");
	torture->price = envelope(torture, "price");
	torture->anew = envelope(torture, "anew");
	torture->withdrawal = envelope(torture, "w");
	if (!in_file)
		return;
	make_folder(torture);
	fill(torture);
	store_end(torture);
	copy_file(torture->path, torture->template);
}

void
store_discard(torture_t *torture)
{
	store_end(torture);
	if (!torture->in_file)
		return;
	empty_folder(torture, true);
	ck_assert_int_eq(rmdir(torture->folder), 0);
}

void
store_end(torture_t *torture)
{
	market_store_free(torture->store);
	torture->store = NULL;
}

static void
open_store(torture_t *torture)
{
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_msg(market_store_open(torture->context, torture->path, NULL,
			  &torture->store, &error) == MARKET_OK,
	    "%s: opened again: %s", torture->label, error.message);
}

void
store_begin(torture_t *torture)
{
	store_end(torture);
	if (!torture->in_file) {
		fill(torture);
		return;
	}
	empty_folder(torture, false);
	copy_file(torture->template, torture->path);
	open_store(torture);
}

void
store_reopen(torture_t *torture)
{
	if (!torture->in_file)
		return;
	store_end(torture);
	open_store(torture);
}

/* ---- what it is ---- */

static void
tell_mark(const torture_t *torture, FILE *out)
{
	market_store_mark_t mark;
	size_t i;

	ck_assert_int_eq(
	    market_store_get_mark(torture->store, &mark, NULL), MARKET_OK);
	fprintf(out, "%llu statements, %llu entries ",
	    (unsigned long long)mark.epoch, (unsigned long long)mark.entries);
	for (i = 0; i < sizeof(mark.entry_chain); i++)
		fprintf(out, "%02x", mark.entry_chain[i]);
	fputc('\n', out);
}

char *
store_state(torture_t *torture)
{
	market_listings_t *listings = NULL;
	const market_listing_t *listing;
	market_list_query_t query;
	char *text = NULL;
	size_t len = 0, i, k;
	FILE *out = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(out);
	tell_mark(torture, out);
	memset(&query, 0, sizeof(query));
	query.size = sizeof(query);
	query.at = torture->now;
	ck_assert_int_eq(
	    market_store_list(torture->store, &query, &listings, NULL),
	    MARKET_OK);
	for (i = 0; (listing = market_listings_at(listings, i)) != NULL; i++) {
		fprintf(out, "%.*s %s %llu", (int)listing->id.len,
		    (const char *)listing->id.ptr,
		    market_listing_status_name(listing->status),
		    (unsigned long long)listing->revision);
		for (k = 0; k < listing->cell_count; k++)
			fprintf(out, " %d %s %lld", listing->cells[k].live,
			    market_verdict_name(listing->cells[k].verdict),
			    (long long)listing->cells[k].horizon);
		fputc('\n', out);
	}
	market_listings_free(listings);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

void
store_expect_sound(torture_t *torture, torture_point_t point)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_faults_t *faults = NULL;

	ck_assert_msg(market_store_fsck(
			  torture->store, NULL, &faults, &error) == MARKET_OK,
	    "%s: %s: fsck: %s", torture->label, torture_where(point),
	    error.message);
	ck_assert_msg(market_faults_at(faults, 0) == NULL, "%s: %s: fsck: %s",
	    torture->label, torture_where(point), market_faults_at(faults, 0));
	market_faults_free(faults);
}
