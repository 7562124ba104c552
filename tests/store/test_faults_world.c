/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows P9, P12, P22, R5 to R11 and R16 of the faults, by the public calls.
 *
 * R1 to R4, R12 to R15 are the evaluation's (tests/unit/test_withdrawal.c,
 * test_status.c) or have nothing to stand on here: no list is fetched, and
 * what is cached is voided by version. What a revision costs in rows is in
 * test_takedown.c, rows edited by hand in test_edited.c, and P3 to P8, P10,
 * P11 in test_kill9.c, test_store_faults.c and test_sqlite_*.c. P18 is for
 * PostgreSQL.
 */
#include "config.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if HAVE_SQLITE
#include <sqlite3.h>
#endif

#include "base/base.h"
#include "play.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define BY(name, issuer, what) "~+" name " withdrawal " issuer " {" what "}"
#define DIGEST(of)             "'targetDigest': '$digest:" of "'"
#define STATUS(name, issuer, sequence, digests)           \
	"~+" name " status " issuer                       \
	" {'header': {'id': 's', 'revision': '" sequence  \
	"'}, 'sequence': '" sequence "', 'pageCount': 1," \
	" 'withdrawn': [" digests "]}"
#define UNKNOWN "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='"

static const play_plot_t plots[] = {
	{ "R5 a status that lists the grant, and digests of nothing",
	    { "good", STATUS("s1", "mi.com", "1", UNKNOWN ", '$digest:grant'"),
		"add s1 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer STATEMENT_WITHDRAWN", "add s1 DUPLICATE",
		"add grant DUPLICATE", "is offer SUSPENDED DENY" } },
	{ "R6 a digest that vanishes from it stays withdrawn",
	    { "good", STATUS("s1", "mi.com", "1", "'$digest:grant'"),
		"add s1 ACCEPTED", "is offer SUSPENDED DENY",
		STATUS("s2", "mi.com", "2", UNKNOWN), "add s2 ACCEPTED",
		"is offer SUSPENDED DENY", "at 2027-01-01T00:00:00Z",
		"is offer SUSPENDED DENY" } },
	{ "R6 nor does an older list that comes late clear anything",
	    { "good", STATUS("s2", "mi.com", "2", UNKNOWN), "add s2 ACCEPTED",
		"is offer PUBLISHED PERMIT",
		STATUS("s1", "mi.com", "1", "'$digest:grant'"),
		"add s1 ACCEPTED", "is offer SUSPENDED DENY" } },
	{ "R5 a status of another lists what is not its own",
	    { "good", STATUS("s1", "meizu.com", "1", "'$digest:grant'"),
		"add s1 ACCEPTED", "is offer PUBLISHED PERMIT" } },
	{ "R5 a seller's status lists its offer",
	    { "good", STATUS("s1", "shop.example", "1", "'$digest:offer'"),
		"add s1 ACCEPTED", "is offer SUSPENDED DENY",
		"~+o2 =offer {'header': {'revision': '2'}}",
		"submit o2 ACCEPTED PERMIT", "is offer PUBLISHED PERMIT" } },
	{ "R11 again, of what is withdrawn, and of what nobody knows",
	    { "good", BY("w", "mi.com", DIGEST("grant")), "add w ACCEPTED",
		"add w DUPLICATE", "is offer SUSPENDED DENY",
		BY("v", "mi.com", "'targetDigest': " UNKNOWN),
		"add v ACCEPTED WITHDRAWAL_TARGET_UNKNOWN", "add v DUPLICATE",
		"end offer OK", "end offer OK", "is offer ENDED DENY" } },
	{ "R16 two that disagree: the stricter one",
	    { "good",
		"~+c2 =carrier {'header': {'id': 'c2'}, 'state':"
		" 'CERTIFICATION_STATE_SUSPENDED'}",
		"add c2 ACCEPTED", "is offer SUSPENDED DENY",
		"tells offer CERTIFICATION_CONFLICT CERTIFICATION_SUSPENDED",
		"~+c3 =c2 {'header': {'revision': '2'}, 'state':"
		" 'CERTIFICATION_STATE_CERTIFIED'}",
		"add c3 ACCEPTED", "is offer PUBLISHED PERMIT",
		"~+s2 =seller {'header': {'id': 's2'}, 'suspended': true}",
		"add s2 ACCEPTED", "is offer SUSPENDED DENY" } },
};

PLAY_PLOTS(faults, plots)

/* ---- many listings ---- */

/* Ten more listings, of which five are asked by another question. */
static void
submit_ten(play_t *play)
{
	char edit[200], name[16];
	size_t i;

	for (i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "n%zu", i);
		snprintf(edit, sizeof(edit),
		    "+%s =offer {'header': {'id': '%s'}%s}", name, name,
		    i % 2 == 0 ? "" : ", 'hardwareVersion': 'P2'");
		play_edit(play, edit);
		play_submit(play, name, "ACCEPTED PERMIT");
	}
}

static size_t
count_live(play_t *play)
{
	market_listings_t *listings = NULL;
	const market_listing_t *listing;
	market_list_query_t query;
	size_t i, n = 0;

	memset(&query, 0, sizeof(query));
	query.size = sizeof(query);
	query.at = play->now;
	ck_assert_int_eq(
	    market_store_list(play->store, &query, &listings, NULL), MARKET_OK);
	for (i = 0; (listing = market_listings_at(listings, i)) != NULL; i++)
		n += listing->cells[0].live != 0;
	market_listings_free(listings);
	return n;
}

static const struct {
	const char *label, *withdrawal;
} pulled[] = {
	{ "R7 the grant", "+w withdrawal mi.com {" DIGEST("grant") "}" },
	{ "R7 a certificate",
	    "+w withdrawal t-mobile.com {" DIGEST("carrier") "}" },
	{ "R7 the product", "+w withdrawal mi.com {" DIGEST("product") "}" },
	{ "R7 the network",
	    "+w withdrawal t-mobile.com {" DIGEST("network") "}" },
	{ "R7 the seller",
	    "+w withdrawal usmobile.com {" DIGEST("seller") "}" },
	{ "R7 the seller's key",
	    "+w withdrawal usmobile.com {'targetKey': '$key:shop.example'}" },
	{ "R7 the brand's key, from before",
	    "+w withdrawal usmobile.com {'targetKey': '$key:mi.com',"
	    " 'effectiveAt': '2016-01-15T00:00:00Z'}" },
	{ "R7 the policy",
	    "+w withdrawal usmobile.com {" DIGEST("policy") "}" },
};

START_TEST(a_withdrawal_pulls_all_that_rests_on_it_and_counts_it)
{
	market_additions_t *additions = NULL;
	market_slice_t envelope;
	int kind = _i % PLAY_KINDS;
	size_t row = (size_t)_i / PLAY_KINDS;
	play_t play;

	if (!play_can(kind))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, kind);
	play_begin_good(&play);
	submit_ten(&play);
	ck_assert_uint_eq(count_live(&play), 11);
	play_edit(&play, pulled[row].withdrawal);
	envelope = world_envelope(play.world, "w");
	play.n_told = 0;
	ck_assert_int_eq(market_store_add(play.store, &envelope, 1, play.now, 0,
			     &additions, NULL),
	    MARKET_OK);
	ck_assert_msg(market_additions_at(additions, 0)->cells_changed == 11,
	    "%s: %llu cells changed", pulled[row].label,
	    (unsigned long long)market_additions_at(additions, 0)
		->cells_changed);
	market_additions_free(additions);
	ck_assert_msg(count_live(&play) == 0, "%s: %zu are live",
	    pulled[row].label, count_live(&play));
	play_clear(&play);
}
END_TEST

/* R8: pulling is cut short after each clearance, and gone on with. */
START_TEST(nothing_is_live_while_pulling_is_cut_short)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_refreshed_t refreshed = { 0 };
	uint64_t changed = 0, cells = 0;
	size_t calls = 0;
	play_t play;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i);
	play_begin_good(&play);
	submit_ten(&play);
	play_edit(&play, "+w withdrawal mi.com {" DIGEST("grant") "}");
	play_add(&play, "w", "ACCEPTED", MARKET_STORE_LATER);
	do {
		ck_assert_uint_eq(count_live(&play), 0);
		play_reopen(&play);
		ck_assert_uint_eq(count_live(&play), 0);
		ck_assert_msg(market_store_refresh(play.store, play.now, 1,
				  &refreshed, &error) == MARKET_OK,
		    "%s", error.message);
		changed += refreshed.changed;
		cells += refreshed.cells_changed;
		ck_assert_uint_lt(++calls, 10);
	} while (refreshed.more);
	ck_assert_uint_eq(changed, 2); /* one entry for each question */
	ck_assert_uint_eq(cells, 11);
	ck_assert_uint_eq(count_live(&play), 0);
	play_clear(&play);
}
END_TEST

/* R5: a long list. */
START_TEST(a_status_of_many_digests_withdraws_each)
{
	const size_t digests = 10000;
	char *edit, *at;
	play_t play;
	size_t i;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i);
	play_begin_good(&play);
	edit = malloc(digests * 64 + 512);
	ck_assert_ptr_nonnull(edit);
	at = edit +
	    sprintf(edit,
		"+s status mi.com {'sequence': '1', 'pageCount': 1,"
		" 'withdrawn': [");
	for (i = 0; i < digests; i++)
		at += sprintf(
		    at, "'%08zuAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', ", i);
	sprintf(at, "'$digest:grant']}");
	play_edit(&play, edit);
	play_add(&play, "s", "ACCEPTED", 0);
	play_is(&play, "offer", "SUSPENDED DENY");
	free(edit);
	play_clear(&play);
}
END_TEST

/* A withdrawal of what is here is never refused for its number. */
START_TEST(a_seller_withdraws_each_of_its_offers_whatever_the_quota)
{
	char edit[200], name[16];
	play_t play;
	size_t i;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i);
	play.options.max_early = 1;
	play.options.max_statements = 4;
	play_begin_good(&play);
	submit_ten(&play);
	for (i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "n%zu", i);
		snprintf(edit, sizeof(edit),
		    "+w%zu withdrawal shop.example {'targetDigest':"
		    " '$digest:%s'}",
		    i, name);
		play_edit(&play, edit);
		snprintf(edit, sizeof(edit), "w%zu", i);
		play_add(&play, edit, "ACCEPTED", 0);
		play_is(&play, name, "SUSPENDED DENY");
	}
	play_is(&play, "offer", "PUBLISHED PERMIT");
	/* Another seller has no such excuse for what is not its own. */
	play_edit(&play,
	    "+other =seller {'header': {'id': 'other'}, 'seller':"
	    " 'other.example', 'keys': '$keys:other.example'}");
	play_add(&play, "other", "ACCEPTED", 0);
	for (i = 0; i < 2; i++) {
		snprintf(edit, sizeof(edit),
		    "+x%zu withdrawal other.example {'target': {'kind':"
		    " 'offer', 'issuer': 'shop.example', 'id': 'n%zu'}}",
		    i, i);
		play_edit(&play, edit);
	}
	play_add(&play, "x0", "ACCEPTED", 0);
	play_add(&play, "x1", "REFUSED LIMIT_EXCEEDED", 0);
	play_is(&play, "offer", "PUBLISHED PERMIT");
	play_clear(&play);
}
END_TEST

START_TEST(an_unknown_listing_is_not_found)
{
	static const char *const ids[] = { "shop.example/none",
		"none.example/o", "shop.example/", "shop.example", "", "/",
		"shop.example/offer/", "shop.example/Offer" };
	market_store_mark_t before, after;
	market_listings_t *listings = NULL;
	play_t play;
	size_t i;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, _i);
	play_begin_good(&play);
	before = play_mark(&play);
	for (i = 0; i < COUNT(ids); i++) { /* R11 */
		ck_assert_int_eq(
		    market_store_set_intent(play.store, market_slice_of(ids[i]),
			MARKET_INTENT_END, play.now, NULL),
		    MARKET_E_NOT_FOUND);
		ck_assert_int_eq(
		    market_store_sale(play.store, market_slice_of(ids[i]),
			market_slice_of("US"), MARKET_CHANNEL_ONLINE_STORE,
			market_slice_of("t-mobile.com/us"), play.now, 0, NULL,
			NULL),
		    MARKET_E_NOT_FOUND);
		ck_assert_int_eq(
		    market_store_why(play.store, market_slice_of(ids[i]),
			play.now, 0, &listings, NULL, NULL),
		    MARKET_E_NOT_FOUND);
	}
	after = play_mark(&play);
	ck_assert_uint_eq(before.entries, after.entries);
	play_clear(&play);
}
END_TEST

/* ---- between check and publish ---- */

/* An allocator that adds a withdrawal by another handle, once. */
typedef struct intruder {
	market_store_t *other;
	market_slice_t withdrawal;
	int64_t at;
	size_t calls, when;
	market_status_t status;
	uint64_t entry;
} intruder_t;

static void *
intrude(void *user, size_t size)
{
	intruder_t *intruder = user;
	market_additions_t *additions = NULL;

	if (intruder->calls++ == intruder->when) {
		intruder->status = market_store_add(intruder->other,
		    &intruder->withdrawal, 1, intruder->at, 0, &additions,
		    NULL);
		if (intruder->status == MARKET_OK)
			intruder->entry =
			    market_additions_at(additions, 0)->entry;
		market_additions_free(additions);
	}
	return malloc(size);
}

static void
intrude_free(void *user, void *ptr)
{
	(void)user;
	free(ptr);
}

/* Submits while a withdrawal comes at allocation `when`; of how many? */
static size_t
submit_amid(size_t when, size_t *in_time, size_t *busy)
{
	market_context_options_t context_options;
	market_store_options_t options;
	market_context_t *context = NULL;
	market_submissions_t *submissions = NULL;
	const market_submitted_t *submitted;
	market_error_t error = MARKET_ERROR_INIT;
	market_slice_t offer;
	market_store_t *store;
	intruder_t intruder;
	size_t allocations;
	play_t play;
	bool first;

	play_init(&play, PLAY_FILE);
	play_begin_good(&play);
	play_edit(&play, "+o2 =offer {'header': {'id': 'o2'}}");
	play_edit(&play, "+w withdrawal mi.com {" DIGEST("grant") "}");
	offer = world_envelope(play.world, "o2");
	memset(&intruder, 0, sizeof(intruder));
	intruder.withdrawal = world_envelope(play.world, "w");
	intruder.at = play.now;
	intruder.when = SIZE_MAX;
	memset(&context_options, 0, sizeof(context_options));
	context_options.size = sizeof(context_options);
	context_options.allocator.alloc = intrude;
	context_options.allocator.free = intrude_free;
	context_options.allocator.user = &intruder;
	ck_assert_int_eq(
	    market_context_new(&context_options, &context), MARKET_OK);
	store = play_handle(&play, context, NULL);
	options = play.options;
	options.busy_timeout_ms = 1;
	intruder.other = play_handle(&play, play.context, &options);
	intruder.calls = 0;
	intruder.when = when;
	ck_assert_msg(market_store_submit(store, &offer, 1, play.now,
			  &submissions, &error) == MARKET_OK,
	    "at allocation %zu: %s", when, error.message);
	intruder.when = SIZE_MAX;
	allocations = intruder.calls;
	submitted = market_submissions_at(submissions, 0);
	ck_assert_int_eq(submitted->result, MARKET_RESULT_ACCEPTED);
	/* What was first in the history decides. */
	first = intruder.entry != 0 && intruder.entry < submitted->entry;
	if (first) {
		ck_assert_msg(submitted->status == MARKET_E_DENIED,
		    "P22: published against entry %llu",
		    (unsigned long long)intruder.entry);
		++*in_time;
	}
	if (allocations > when && intruder.status != MARKET_OK) {
		/* P12: a bounded wait, nothing done, and again later. */
		ck_assert_int_eq(intruder.status, MARKET_E_BUSY);
		++*busy;
		market_store_free(play.store);
		play.store = NULL;
		play.store = intruder.other;
		intruder.other = NULL;
		play.n_told = 0;
		play_add(&play, "w", "ACCEPTED", 0);
	}
	play.n_told = 0;
	if (allocations > when)
		play_is(&play, "o2", first ? "HELD DENY" : "SUSPENDED DENY");
	market_submissions_free(submissions);
	market_store_free(intruder.other);
	market_store_free(store);
	market_context_free(context);
	play.n_told = 0;
	play_clear(&play);
	return allocations;
}

/* P22, K15: between the judgement and the commit. */
START_TEST(evidence_that_arrives_while_publishing_counts)
{
	size_t when, n, in_time = 0, busy = 0;

	if (!play_can(PLAY_FILE))
		HARNESS_SKIP("there is no SQLite");
	/* First everything is read and verified; the last are the writing's. */
	n = submit_amid(SIZE_MAX - 1, &in_time, &busy);
	for (when = 0; when + 40 < n; when += 1 + n / 16)
		(void)submit_amid(when, &in_time, &busy);
	for (when = n > 40 ? n - 40 : 0; when < n; when += 2)
		(void)submit_amid(when, &in_time, &busy);
	ck_assert_msg(in_time > 3 && busy > 0,
	    "of %zu allocations: in time %zu times, and too late %zu times", n,
	    in_time, busy);
}
END_TEST

/* ---- older copies ---- */

static void
copy_file(const char *from, const char *to)
{
	FILE *in = fopen(from, "rb"), *out;
	char buffer[65536];
	size_t n;

	if (in == NULL) {
		(void)remove(to);
		return;
	}
	out = fopen(to, "wb");
	ck_assert_ptr_nonnull(out);
	while ((n = fread(buffer, 1, sizeof(buffer), in)) > 0)
		ck_assert_uint_eq(fwrite(buffer, 1, n, out), n);
	fclose(in);
	fclose(out);
}

/* The database and its companions, beside themselves or back. */
static void
copy_store(const play_t *play, bool back)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char here[96], there[96];
	size_t i;

	for (i = 0; i < COUNT(suffixes); i++) {
		snprintf(
		    here, sizeof(here), "%s%s", play->location, suffixes[i]);
		snprintf(there, sizeof(there), "%s.old%s", play->location,
		    suffixes[i]);
		copy_file(back ? there : here, back ? here : there);
	}
}

static void
close_store(play_t *play)
{
	market_store_free(play->store);
	play->store = NULL;
}

/* What happened after the copy was made, and after it was put back. */
static const struct {
	const char *label;
	const char *lost[3], *gone_on[4];
} copies[] = {
	{ "P9 a withdrawal is lost", { "add w ACCEPTED" }, { NULL } },
	{ "P9 an end is lost", { "end offer OK" }, { NULL } },
	{ "P9 a withdrawal is lost, and other statements came",
	    { "add w ACCEPTED" }, { "add v ACCEPTED", "add u ACCEPTED" } },
	{ "P9 an end is lost, and other entries came", { "end offer OK" },
	    { "pause offer OK", "resume offer OK", "pause offer OK" } },
	{ "P9 an end is lost, and offers came", { "end offer OK" },
	    { "submit o2 ACCEPTED", "submit o3 ACCEPTED" } },
};

static void
run_steps(play_t *play, const char *const *steps, size_t n)
{
	play_plot_t plot = { "copy", { NULL } };
	size_t i;

	for (i = 0; i < n && steps[i] != NULL; i++)
		plot.steps[i] = steps[i];
	play_act(play, &plot);
}

START_TEST(an_older_copy_does_not_agree_with_the_mark)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_store_t *store = NULL;
	market_store_mark_t mark;
	market_store_options_t options;
	play_t play;

	if (!play_can(PLAY_FILE))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, PLAY_FILE);
	play_begin_good(&play);
	play_edit(&play, "+w withdrawal mi.com {" DIGEST("grant") "}");
	play_edit(&play, "+v withdrawal att.com {'targetDigest': " UNKNOWN "}");
	play_edit(&play, "+u withdrawal fcc.gov {'targetDigest': " UNKNOWN "}");
	play_edit(&play, "+o2 =offer {'header': {'id': 'o2'}}");
	play_edit(&play, "+o3 =offer {'header': {'id': 'o3'}}");
	close_store(&play);
	copy_store(&play, false);
	play_reopen(&play);
	play.store = play_handle(&play, play.context, NULL);
	run_steps(&play, copies[_i].lost, COUNT(copies[_i].lost));
	mark = play_mark(&play);
	options = play.options;
	options.mark = &mark;
	/* It agrees with itself, also after it went on. */
	close_store(&play);
	play.store = play_handle(&play, play.context, &options);
	close_store(&play);
	copy_store(&play, true);
	play.store = play_handle(&play, play.context, NULL);
	run_steps(&play, copies[_i].gone_on, COUNT(copies[_i].gone_on));
	close_store(&play);
	ck_assert_msg(market_store_open(play.context, play.location, &options,
			  &store, &error) == MARKET_E_CORRUPT,
	    "%s: it opens", copies[_i].label);
	ck_assert_ptr_null(store);
	play_clear(&play);
}
END_TEST

START_TEST(an_older_copy_under_an_open_handle_is_found)
{
	market_store_t *reader;
	market_status_t status;
	play_t play;

	if (!play_can(PLAY_FILE))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, PLAY_FILE);
	play_begin_good(&play);
	play_edit(&play, "+w withdrawal mi.com {" DIGEST("grant") "}");
	play_edit(&play, "+v withdrawal att.com {'targetDigest': " UNKNOWN "}");
	play_edit(&play, "+u withdrawal fcc.gov {'targetDigest': " UNKNOWN "}");
	play_edit(&play, "+o2 =offer {'header': {'id': 'o2'}}");
	play_edit(&play, "+o3 =offer {'header': {'id': 'o3'}}");
	close_store(&play);
	copy_store(&play, false);
	play.store = play_handle(&play, play.context, NULL);
	run_steps(&play, copies[_i].lost, COUNT(copies[_i].lost));
	reader = play_handle(&play, play.context, NULL);
	ck_assert_int_eq(play_sale(&play, reader, "offer"), MARKET_E_DENIED);
	close_store(&play);
	/* In place: the same file, with what it had before. */
	copy_store(&play, true);
	status = play_sale(&play, reader, "offer");
	ck_assert_msg(
	    status != MARKET_OK, "%s: it may be sold", copies[_i].label);
	market_store_free(reader);
	play.n_told = 0;
	play_clear(&play);
}
END_TEST

/* As a backup is put back: by SQLite, so that every handle reads it. */
#if HAVE_SQLITE
static void
restore_store(const play_t *play)
{
	sqlite3 *from = NULL, *to = NULL;
	sqlite3_backup *backup;
	char old[96];

	snprintf(old, sizeof(old), "%s.old", play->location);
	ck_assert_int_eq(sqlite3_open(old, &from), SQLITE_OK);
	ck_assert_int_eq(sqlite3_open(play->location, &to), SQLITE_OK);
	backup = sqlite3_backup_init(to, "main", from, "main");
	ck_assert_ptr_nonnull(backup);
	ck_assert_int_eq(sqlite3_backup_step(backup, -1), SQLITE_DONE);
	ck_assert_int_eq(sqlite3_backup_finish(backup), SQLITE_OK);
	sqlite3_close(from);
	sqlite3_close(to);
}

START_TEST(a_backup_put_back_under_an_open_handle_is_found)
{
	static const char *const lost[] = { "add w ACCEPTED", "end offer OK",
		"pause offer OK", "refresh" };
	market_store_t *reader;
	market_status_t status;
	play_t play;

	if (!play_can(PLAY_FILE))
		HARNESS_SKIP("there is no SQLite");
	play_init(&play, PLAY_FILE);
	play_begin_good(&play);
	play_edit(&play, "+w withdrawal mi.com {" DIGEST("grant") "}");
	close_store(&play);
	copy_store(&play, false);
	play.store = play_handle(&play, play.context, NULL);
	/* Time that was recorded must not come back either. */
	play_at(&play, "2016-02-01T13:00:00Z");
	run_steps(&play, &lost[_i], 1);
	reader = play_handle(&play, play.context, NULL);
	status = play_sale(&play, reader, "offer");
	ck_assert_int_eq(status,
	    strcmp(lost[_i], "refresh") == 0 ? MARKET_OK : MARKET_E_DENIED);
	close_store(&play);
	restore_store(&play);
	ck_assert_msg(play_sale(&play, reader, "offer") == MARKET_E_CORRUPT,
	    "P9 %s is lost, and nobody tells", lost[_i]);
	market_store_free(reader);
	play.n_told = 0;
	play_clear(&play);
}
END_TEST
#endif

/* ---- what one page takes ---- */

typedef struct weighed {
	size_t bytes, most;
} weighed_t;

static void *
weigh_alloc(void *user, size_t size)
{
	weighed_t *weighed = user;
	void *ptr = malloc(size);

	if (ptr != NULL) {
		weighed->bytes += malloc_usable_size(ptr);
		if (weighed->bytes > weighed->most)
			weighed->most = weighed->bytes;
	}
	return ptr;
}

static void
weigh_free(void *user, void *ptr)
{
	weighed_t *weighed = user;

	weighed->bytes -= malloc_usable_size(ptr);
	free(ptr);
}

static size_t
most_for_list(market_store_t *store, weighed_t *weighed, int64_t at)
{
	market_listings_t *listings = NULL;
	market_list_query_t query;

	memset(&query, 0, sizeof(query));
	query.size = sizeof(query);
	query.status = MARKET_LISTING_ENDED;
	query.at = at;
	weighed->most = weighed->bytes;
	ck_assert_int_eq(
	    market_store_list(store, &query, &listings, NULL), MARKET_OK);
	ck_assert_ptr_null(market_listings_at(listings, 0));
	market_listings_free(listings);
	return weighed->most;
}

/* What a filter passes over takes no memory. */
START_TEST(a_search_that_finds_nothing_takes_the_memory_of_a_page)
{
	market_context_options_t options;
	market_store_options_t store_options;
	market_context_t *context = NULL;
	market_submissions_t *submissions = NULL;
	char edit[96], name[16];
	market_slice_t offer;
	market_store_t *store;
	weighed_t weighed = { 0, 0 };
	size_t i, few, many;
	play_t play;

	if (!play_can(_i))
		HARNESS_SKIP("there is no SQLite");
	if (_i == PLAY_MEMORY || _i == PLAY_NO_CACHE)
		return; /* there the listings themselves are in memory */
	play_init(&play, _i);
	play_begin_good(&play);
	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	options.allocator.alloc = weigh_alloc;
	options.allocator.free = weigh_free;
	options.allocator.user = &weighed;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	store_options = play.options;
	store_options.cache_bytes = 1;
	store = play_handle(&play, context, &store_options);
	for (i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "m%zu", i);
		snprintf(edit, sizeof(edit),
		    "+%s =offer {'header': {'id': '%s'}}", name, name);
		play_edit(&play, edit);
	}
	few = many = 0;
	for (i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "m%zu", i);
		offer = world_envelope(play.world, name);
		ck_assert_int_eq(market_store_submit(play.store, &offer, 1,
				     play.now, &submissions, NULL),
		    MARKET_OK);
		market_submissions_free(submissions);
		submissions = NULL;
		if (i == 129)
			few = most_for_list(store, &weighed, play.now);
	}
	many = most_for_list(store, &weighed, play.now);
	ck_assert_msg(many < few + 8192, "%zu bytes, and %zu", few, many);
	market_store_free(store);
	market_context_free(context);
	play.n_told = 0;
	play_clear(&play);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("faults_world");
	TCase *tcase = tcase_create("world");

	PLAY_TABLE(suite, faults, plots);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase,
	    a_withdrawal_pulls_all_that_rests_on_it_and_counts_it, 0,
	    (int)COUNT(pulled) * PLAY_KINDS);
	tcase_add_loop_test(
	    tcase, nothing_is_live_while_pulling_is_cut_short, 0, PLAY_KINDS);
	tcase_add_loop_test(
	    tcase, a_status_of_many_digests_withdraws_each, 0, PLAY_KINDS);
	tcase_add_loop_test(tcase,
	    a_seller_withdraws_each_of_its_offers_whatever_the_quota, 0,
	    PLAY_KINDS);
	tcase_add_loop_test(
	    tcase, an_unknown_listing_is_not_found, 0, PLAY_KINDS);
	tcase_add_test(tcase, evidence_that_arrives_while_publishing_counts);
	tcase_add_loop_test(tcase, an_older_copy_does_not_agree_with_the_mark,
	    0, (int)COUNT(copies));
	tcase_add_loop_test(tcase, an_older_copy_under_an_open_handle_is_found,
	    0, (int)COUNT(copies));
#if HAVE_SQLITE
	tcase_add_loop_test(
	    tcase, a_backup_put_back_under_an_open_handle_is_found, 0, 4);
#endif
	tcase_add_loop_test(tcase,
	    a_search_that_finds_nothing_takes_the_memory_of_a_page, 0,
	    PLAY_KINDS);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
