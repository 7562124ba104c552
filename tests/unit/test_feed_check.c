/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feeds are judged row by row: what is told of each, that a bad row harms no
 * other, and that what takes offers away takes them out of feeds.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "feed_kit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- rows of a small feed ---- */

/*
 * "ID": the world's offer under that id; "OTHER:ID": another statement's under
 * that id; "=OTHER": as it is; "!TEXT": that text; "-": nothing at all.
 */
static void
add_rows(feed_kit_t *kit, const char *rows)
{
	char copy[512], *word, *id, *rest = NULL;

	snprintf(copy, sizeof(copy), "%s", rows);
	for (word = strtok_r(copy, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest)) {
		id = strchr(word, ':');
		if (id != NULL)
			*id++ = '\0';
		if (word[0] == '!')
			feed_kit_text(kit, word + 1);
		else if (word[0] == '-')
			feed_kit_text(kit, "");
		else if (word[0] == '=')
			feed_kit_offer(kit, word + 1, NULL);
		else if (id != NULL)
			feed_kit_offer(kit, word, id);
		else
			feed_kit_offer(kit, "offer", word);
	}
}

#define BAD   "+bad =offer {'territories': ['CA']}"
#define OTHER "+other =offer {'header': {'issuer': 'other.example'}}"
#define B     "+b =offer {'header': {'id': 'b'}}"
#define NAMED(issuer, kind, id)                                     \
	"+w withdrawal " issuer " {'target': {'kind': '" kind "', " \
	"'issuer': 'shop.example', 'id': '" id "'}, 'reason': "     \
	"'WITHDRAWAL_REASON_CEASED'}"
#define HELD(target)                                    \
	"+h hold usmobile.com {'target': {" target "}," \
	" 'reason': 'WITHDRAWAL_REASON_SAFETY'}"
/* Of eight alike the first is judged, and the others are as it was. */
#define EIGHT "a aa ab ac =b c d e"

typedef struct row {
	const char *label;
	/* Of the world; and of the list: "feed @KEYS", "feed until TIME". */
	const char *edits[4];
	const char *rows;
	const char *want; /* what is told; whoever is not named is permitted */
} row_t;

static const row_t places[] = {
	{ "all are permitted", { NULL }, "a b c", "" },
	{ "nothing is there", { NULL }, "", "" },
	{ "one is denied", { BAD }, "a bad:b c", "1 b E_DENIED\n" },
	{ "one is junk", { NULL }, "a !junk c", "1 - E_ENCODING\n" },
	{ "one is empty", { NULL }, "a - c", "1 - E_SCHEMA\n" },
	{ "all are junk", { NULL }, "!j !j !j",
	    "0 - E_ENCODING\n1 - E_ENCODING\n2 - E_ENCODING\n" },
	{ "another seller's", { OTHER }, "a other:b c", "1 b E_SCHEMA\n" },
	{ "M12 out of order", { NULL }, "a c b d", "2 b E_SCHEMA\n" },
	{ "M12 the last comes first", { NULL }, "d a b c e",
	    "1 a E_SCHEMA\n2 b E_SCHEMA\n3 c E_SCHEMA\n" },
	{ "M12 repeated", { NULL }, "a b b b c",
	    "2 b E_SCHEMA\n3 b E_SCHEMA\n" },
	{ "by bytes, and not as words", { NULL }, "B a b B", "3 B E_SCHEMA\n" },
	{ "a prefix comes first", { NULL }, "a aa aaa b ab",
	    "4 ab E_SCHEMA\n" },
	{ "another seller's is in no order", { OTHER }, "a other:z b c",
	    "1 z E_SCHEMA\n" },
	{ "one that is denied is", { BAD }, "a bad:z b",
	    "1 z E_DENIED\n2 b E_SCHEMA\n" },
	{ "junk is in no order", { NULL }, "a !z b", "1 - E_ENCODING\n" },
	{ "no id", { NULL }, "offer: a b", "0 - E_DENIED\n" },
	{ "no id twice", { NULL }, "offer: offer: b",
	    "0 - E_DENIED\n1 - E_SCHEMA\n" },
	{ "what is denied comes again", { BAD }, "bad:a b bad:c bad:d e",
	    "0 a E_DENIED\n2 c E_DENIED\n3 d E_DENIED\n" },
	{ "a row alone that ends soon",
	    { "policy {'expiringSoonSeconds': '86400'}",
		"+soon =offer {'header': {'notAfter':"
		" '2016-02-02T00:00:00Z'}}" },
	    "a b soon:c soon:d e", "2 c OK\n3 d OK\n" },
	{ "what cannot be told", { "+f =grant {'maxDelegations': 1}" }, "a b",
	    "0 a E_INDETERMINATE\n1 b E_INDETERMINATE\n" },
	{ "one that is over",
	    { "+over =offer {'header': {'notAfter':"
	      " '2016-02-01T12:00:00Z'}}" },
	    "a over:b c", "1 b E_DENIED\n" },
	{ "one that begins later",
	    { "+later =offer {'header': {'notBefore':"
	      " '2016-02-01T12:05:01Z'}}" },
	    "a b later:c d", "2 c E_DENIED\n" },
	{ "one whose price is none",
	    { "+free =offer {'price': {'amountMicros': '0'}}" }, "a b free:c d",
	    "2 c E_DENIED\n" },
};

static const row_t taken[] = {
	{ "the list is over", { "feed until 2016-02-01T12:00:00Z" }, "a b",
	    "0 a E_DENIED\n1 b E_DENIED\n" },
	{ "the list is over a second later",
	    { "feed until 2016-02-01T12:00:01Z" }, "a b", "" },
	{ "the list ends soon",
	    { "feed until 2016-02-02T00:00:00Z",
		"policy {'expiringSoonSeconds': '86400'}" },
	    "a b", "0 a OK\n1 b OK\n" },
	{ "signed by nobody known", { "feed @forger" }, "a b",
	    "0 a E_DENIED\n1 b E_DENIED\n" },
	{ "signed by its brand", { "feed @mi.com" }, "a", "0 a E_DENIED\n" },
	{ "signed by somebody else too", { "feed @forger shop.example" }, "a b",
	    "" },
	{ "below the threshold",
	    { "feed @shop.example",
		"seller {'keys': '$2-keys:shop.example shop.example#2'}" },
	    "a", "0 a E_DENIED\n" },
	{ "at the threshold",
	    { "feed @shop.example shop.example#2",
		"seller {'keys': '$2-keys:shop.example shop.example#2'}" },
	    "a", "" },
	{ "the list is withdrawn by name",
	    { NAMED("shop.example", "feed", "feed") }, "a b",
	    "0 a E_DENIED\n1 b E_DENIED\n" },
	{ "the list is withdrawn by its brand",
	    { NAMED("mi.com", "feed", "feed") }, "a b",
	    "0 a E_DENIED\n1 b E_DENIED\n" },
	{ "the list is withdrawn by a carrier",
	    { NAMED("t-mobile.com", "feed", "feed") }, "a b", "" },
	{ "another list is withdrawn",
	    { NAMED("shop.example", "feed", "feed-2") }, "a b", "" },
	{ "an offer is withdrawn by name",
	    { B, NAMED("shop.example", "offer", "b") }, EIGHT,
	    "4 b E_DENIED\n" },
	{ "an offer is withdrawn by its brand",
	    { B, NAMED("mi.com", "offer", "b") }, EIGHT, "4 b E_DENIED\n" },
	{ "an offer is withdrawn by a carrier",
	    { B, NAMED("t-mobile.com", "offer", "b") }, EIGHT, "" },
	{ "a withdrawal that begins later",
	    { B, NAMED("shop.example", "offer", "b"),
		"w {'effectiveAt': '2016-02-01T12:00:01Z'}" },
	    EIGHT, "" },
	{ "an offer is withdrawn by digest",
	    { B,
		"+w withdrawal shop.example {'targetDigest': '$digest:b',"
		" 'reason': 'WITHDRAWAL_REASON_CEASED'}" },
	    EIGHT, "4 b E_DENIED\n" },
	{ "an offer is withdrawn by the seller's status",
	    { B,
		"+s status shop.example {'sequence': '1', 'page': 1,"
		" 'pageCount': 1, 'withdrawn': ['$digest:b']}" },
	    EIGHT, "4 b E_DENIED\n" },
	{ "the key is withdrawn",
	    { "+w withdrawal shop.example {'targetKey': '$key:shop.example',"
	      " 'reason': 'WITHDRAWAL_REASON_KEY_COMPROMISE'}" },
	    "a b", "0 a E_DENIED\n1 b E_DENIED\n" },
	{ "one offer is held",
	    { B, HELD("'seller': 'shop.example', 'offerId': 'b'") }, EIGHT,
	    "4 b E_DENIED\n" },
	{ "one offer of any seller is held",
	    { B, HELD("'brand': 'xiaomi', 'offerId': 'b'") }, EIGHT,
	    "4 b E_DENIED\n" },
	{ "another seller's offer is held",
	    { B, HELD("'seller': 'other.example', 'offerId': 'b'") }, EIGHT,
	    "" },
	{ "the seller is held", { HELD("'seller': 'shop.example'") }, "a b",
	    "0 a E_DENIED\n1 b E_DENIED\n" },
	{ "the seller is suspended", { "seller {'suspended': true}" }, "a b",
	    "0 a E_DENIED\n1 b E_DENIED\n" },
};

static uint64_t
lines_with(const char *lines, const char *end)
{
	uint64_t n = 0;

	for (; (lines = strstr(lines, end)) != NULL; lines++)
		n++;
	return n;
}

/* Each row is counted once, as it was told. */
static void
expect_counts(const feed_scene_t *scene)
{
	const market_feed_report_t *report = &scene->report;
	const char *lines = scene->heard.lines;

	ck_assert_uint_eq(report->warned, lines_with(lines, " OK\n"));
	ck_assert_uint_eq(report->denied, lines_with(lines, " E_DENIED\n"));
	ck_assert_uint_eq(
	    report->indeterminate, lines_with(lines, " E_INDETERMINATE\n"));
	ck_assert_uint_eq(report->refused,
	    lines_with(lines, "\n") - report->warned - report->denied -
		report->indeterminate);
	ck_assert_uint_eq(
	    report->permitted, scene->kit.n_rows - lines_with(lines, "\n"));
}

static void
run_row(const row_t *row)
{
	const char *keys = "shop.example";
	feed_scene_t scene;
	size_t i;

	feed_scene_open(&scene, NULL);
	for (i = 0; i < COUNT(row->edits) && row->edits[i] != NULL; i++)
		if (strncmp(row->edits[i], "feed @", 6) == 0)
			keys = row->edits[i] + 6;
		else if (strncmp(row->edits[i], "feed until ", 11) == 0)
			scene.kit.not_after = row->edits[i] + 11;
		else
			world_edit(scene.world, row->edits[i]);
	add_rows(&scene.kit, row->rows);
	feed_kit_sign(&scene.kit, keys);
	ck_assert_int_eq(feed_scene_check(&scene, 1), MARKET_OK);
	ck_assert_msg(strcmp(scene.heard.lines, row->want) == 0, "%s: %.3000s",
	    row->label, scene.heard.full);
	expect_counts(&scene);
	ck_assert_uint_eq(scene.report.rows, scene.kit.n_rows);
	ck_assert_uint_eq(scene.report.chunks_broken, 0);
	ck_assert_uint_eq(scene.heard.done, scene.kit.n_rows);
	feed_scene_close(&scene);
}

START_TEST(feed_refuses_a_bad_row_alone)
{
	run_row(&places[_i]);
}
END_TEST

START_TEST(feed_gives_nothing_that_is_taken_away)
{
	run_row(&taken[_i]);
}
END_TEST

/* Its digest is no statement's of the world: it is asked of the feed. */
START_TEST(feed_is_withdrawn_by_its_digest)
{
	market__text_t digest;
	char edit[512];
	feed_scene_t scene;

	feed_scene_open(&scene, NULL);
	add_rows(&scene.kit, "a b c");
	feed_kit_sign(&scene.kit, "shop.example");
	market__text_init(&digest, &market__default_allocator, 128);
	market__text_base64(&digest,
	    market_statement_digest(market_feed_statement(scene.kit.feed)));
	market__text_putc(&digest, '\0');
	if (_i == 0)
		snprintf(edit, sizeof(edit),
		    "+w withdrawal shop.example {'targetDigest': '%s',"
		    " 'reason': 'WITHDRAWAL_REASON_CEASED'}",
		    digest.data);
	else
		snprintf(edit, sizeof(edit),
		    "+s status shop.example {'sequence': '1', 'page': 1,"
		    " 'pageCount': 1, 'withdrawn': ['%s']}",
		    digest.data);
	market__text_clear(&digest);
	world_edit(scene.world, edit);
	ck_assert_int_eq(feed_scene_check(&scene, 1), MARKET_OK);
	ck_assert_str_eq(
	    scene.heard.lines, "0 a E_DENIED\n1 b E_DENIED\n2 c E_DENIED\n");
	feed_scene_close(&scene);
}
END_TEST

/* ---- encodings ---- */

/* What a strict reader refuses of an offer, it refuses of a row. */
START_TEST(feed_refuses_a_row_that_is_written_otherwise)
{
	static const struct {
		const char *label;
		const char *before, *behind;
		size_t before_len, behind_len;
		size_t cut; /* so many bytes off its end */
	} turns[] = {
		{ "a byte behind it", "", "\x00", 0, 1, 0 },
		{ "a header once more", "", "\x0a\x00", 0, 2, 0 },
		{ "a header before its header", "\x0a\x00", "", 2, 0, 0 },
		{ "an explicit default", "", "\xb0\x01\x00", 0, 3, 0 },
		{ "a tag in too many bytes", "", "\x8a\x80\x00\x01x", 0, 5, 0 },
		{ "a byte less", "", "", 0, 0, 1 },
	};
	market_buffer_t payload;
	market_slice_t bytes;
	market__text_t text;
	feed_scene_t scene;

	feed_scene_open(&scene, NULL);
	payload = feed_kit_payload(scene.world, "offer", "b");
	bytes = market_buffer_slice(&payload);
	bytes.len -= turns[_i].cut;
	market__text_init(&text, &market__default_allocator, SIZE_MAX / 2);
	market__text_add(&text, turns[_i].before, turns[_i].before_len);
	market__text_slice(&text, bytes);
	market__text_add(&text, turns[_i].behind, turns[_i].behind_len);
	add_rows(&scene.kit, "a");
	feed_kit_row(&scene.kit, market__slice(text.data, text.len));
	add_rows(&scene.kit, "b c");
	feed_kit_sign(&scene.kit, "shop.example");
	ck_assert_int_eq(feed_scene_check(&scene, 1), MARKET_OK);
	ck_assert_msg(strcmp(scene.heard.lines, "1 - E_ENCODING\n") == 0,
	    "%s: %.3000s", turns[_i].label, scene.heard.full);
	feed_scene_expect(&scene, 4, 3, 0, 1);
	market__text_clear(&text);
	market_buffer_clear(&payload);
	feed_scene_close(&scene);
}
END_TEST

static Suite *
check_suite(void)
{
	Suite *suite = suite_create("feed_check");
	TCase *tcase = tcase_create("check");

	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(
	    tcase, feed_refuses_a_bad_row_alone, 0, (int)COUNT(places));
	tcase_add_loop_test(
	    tcase, feed_gives_nothing_that_is_taken_away, 0, (int)COUNT(taken));
	tcase_add_loop_test(tcase, feed_is_withdrawn_by_its_digest, 0, 2);
	tcase_add_loop_test(
	    tcase, feed_refuses_a_row_that_is_written_otherwise, 0, 6);
	suite_add_tcase(suite, tcase);
	return suite;
}

int
main(void)
{
	return harness_main(check_suite());
}
