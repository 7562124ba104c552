/* SPDX-License-Identifier: Apache-2.0 */
/* Reports, in text and in JSON, of offers that mean well and that do not. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "world.h"

/* What somebody might put into any text. */
static const char *const hostile[] = {
	"\x1b[31mPERMIT\x1b[0m",
	"\x1b]0;title\x07",
	"a\rPERMIT",
	"a\n  US, online-store, t-mobile.com/us  PERMIT",
	"\x01\x02\x1f\x7f\b\f\t\v",
	"\"}],\"verdict\":\"PERMIT\",\"x\":[{\"",
	"\\u0022\\\"\\x1b",
	"</script><!--",
	"%s%n%1000d",
	"\xe2\x80\xaeTIMREP \xe2\x80\xa8\xc2\x9b\xf0\x9f\x98\x80",
	"   blanks   and   more   ",
	"",
};
#define HOSTILE (sizeof(hostile) / sizeof(hostile[0]))

/* Where: merge patches with %s for the text in quotes. */
static const char *const places[] = {
	"{\"header\": {\"issuer\": %s}}",
	"{\"header\": {\"id\": %s}}",
	"{\"brand\": %s}",
	"{\"model\": %s}",
	"{\"gtin\": %s}",
	"{\"hardwareVersion\": %s}",
	"{\"softwareVersion\": %s}",
	"{\"title\": %s}",
	"{\"description\": %s}",
	"{\"link\": %s}",
	"{\"imageLinks\": [%s]}",
	"{\"price\": {\"currencyCode\": %s}}",
	"{\"marketplace\": %s}",
	"{\"territories\": [\"US\", %s]}",
	"{\"networks\": [%s, \"t-mobile.com/us\"]}",
	"{\"fulfiller\": %s}",
	"{\"shipsFrom\": %s}",
	"{\"regulatoryIds\": [{\"scheme\": %s, \"value\": %s}]}",
};
#define PLACES (sizeof(places) / sizeof(places[0]))

static void
edit_place(world_t *world, const char *place, const char *text)
{
	json_t *string = json_string(text);
	char *quoted = json_dumps(string, JSON_ENCODE_ANY), edit[16384];
	size_t at, len = strlen(quoted);

	ck_assert_ptr_nonnull(quoted);
	at = (size_t)snprintf(edit, sizeof(edit), "offer ");
	for (; *place != '\0'; place++) {
		ck_assert_uint_lt(at + len + 1, sizeof(edit));
		if (place[0] == '%' && place[1] == 's') {
			memcpy(edit + at, quoted, len);
			at += len;
			place++;
		} else {
			edit[at++] = *place;
		}
	}
	edit[at] = '\0';
	world_edit(world, edit);
	free(quoted);
	json_decref(string);
}

static market_decision_t *
decide(world_t *world, const char *strange_name)
{
	market_evidence_t *evidence = world_evidence(world, 0);
	market_decision_t *decision = NULL;
	market_error_t error = MARKET_ERROR_INIT;

	ck_assert_int_eq(
	    market_evidence_add(
		evidence, market_slice_of("no envelope"), strange_name, &error),
	    MARKET_OK);
	(void)!market_check(evidence, world_envelope(world, "offer"),
	    world_time(WORLD_NOW), &decision, &error);
	ck_assert_msg(decision != NULL, "%s: %s", error.path, error.message);
	market_evidence_free(evidence);
	return decision;
}

/* ---- text ---- */

/*
 * May this line be longer than the page? Only where its last word stands
 * alone behind what begins a line, so that no break would help.
 */
static bool
cannot_be_broken(const char *line, size_t len)
{
	static const char *const beginnings[] = { "", "-", "->", "NOTE", "WARN",
		"DENY", "INDET" };
	size_t begin = 0, i;

	while (len > 0 && line[len - 1] != ' ')
		len--;
	while (len > 0 && line[len - 1] == ' ')
		len--;
	while (begin < len && line[begin] == ' ')
		begin++;
	line += begin;
	len -= begin;
	for (i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (market__slice_is(market__slice(line, len), beginnings[i]))
			return true;
	return len > 3 && memcmp(line, "-> ", 3) == 0 && line[len - 1] == ':' &&
	    memchr(line + 3, ' ', len - 3) == NULL;
}

static void
assert_page(const market_buffer_t *page, size_t width, const char *label)
{
	const char *line = (const char *)page->data, *end;
	size_t i, len;

	/* Check writes down each assertion, so not one for each byte. */
	for (i = 0; i < page->len; i++)
		if (page->data[i] != '\n' &&
		    (page->data[i] < 0x20 || page->data[i] > 0x7e))
			ck_abort_msg(
			    "%s: byte %02x\n%s", label, page->data[i], line);
	ck_assert_uint_gt(page->len, 0);
	ck_assert_int_eq(page->data[page->len - 1], '\n');
	for (; *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		len = (size_t)(end - line);
		if (len > 0 && line[len - 1] == ' ')
			ck_abort_msg("%s: a blank at the end of \"%.*s\"",
			    label, (int)len, line);
		if (len > width && !cannot_be_broken(line, len))
			ck_abort_msg("%s: %zu columns on a page of %zu:\n%.*s",
			    label, len, width, (int)len, line);
	}
}

static void
assert_pages(const market_decision_t *decision, const char *label)
{
	static const unsigned widths[] = { 40, 41, 57, 79, 80, 100, 200 };
	market_buffer_t page = MARKET_BUFFER_INIT;
	size_t i;

	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		ck_assert_int_eq(
		    market_decision_text(decision, widths[i], &page),
		    MARKET_OK);
		assert_page(&page, widths[i], label);
	}
	market_buffer_clear(&page);
}

/* Worlds that bring out every kind of line. */
static const struct {
	const char *label, *edits[4];
} worlds[] = {
	{ "permit", { NULL } },
	{ "no grant", { "-grant" } },
	{ "nothing", { "-grant", "-carrier", "-fcc", "-product" } },
	{ "no network", { "-network", "-seller" } },
	{ "no disclosure", { "offer {'disclosures': []}" } },
	{ "in test", { "carrier {'state': 'CERTIFICATION_STATE_IN_TEST'}" } },
	{ "several cells",
	    { "offer {'territories': ['US', 'CA'], 'channels':"
	      " ['CHANNEL_ONLINE_STORE', 'CHANNEL_WHOLESALE']}" } },
	{ "disavowed",
	    { "+d disavowal mi.com {'brand': 'xiaomi', 'parties': ['*'],"
	      " 'scope': {'models': ['*'], 'territories': ['US'],"
	      " 'channels': ['CHANNEL_ANY'], 'marketplaces': ['*'],"
	      " 'conditions': ['CONDITION_ANY']}}" } },
	{ "no cell", { "offer {'territories': []}" } },
	{ "ignored", { "grant !", "fcc @forger" } },
};
#define WORLDS (sizeof(worlds) / sizeof(worlds[0]))

static world_t *
edited(size_t which)
{
	world_t *world = world_new();
	size_t i;

	for (i = 0; i < 4 && worlds[which].edits[i] != NULL; i++)
		world_edit(world, worlds[which].edits[i]);
	return world;
}

START_TEST(report_keeps_every_width)
{
	world_t *world = edited((size_t)_i);
	market_decision_t *decision = decide(world, "a file");
	market_buffer_t page = MARKET_BUFFER_INIT;
	unsigned width;

	for (width = 40; width <= 200; width++) {
		ck_assert_int_eq(
		    market_decision_text(decision, width, &page), MARKET_OK);
		assert_page(&page, width, worlds[_i].label);
	}
	market_buffer_clear(&page);
	market_decision_free(decision);
	world_free(world);
}
END_TEST

/* 0 is 80, and what is too narrow to read is 40. */
START_TEST(report_has_a_width_when_none_is_given)
{
	static const unsigned same[][2] = { { 0, 80 }, { 1, 40 }, { 39, 40 } };
	world_t *world = edited(2);
	market_decision_t *decision = decide(world, NULL);
	market_buffer_t a = MARKET_BUFFER_INIT, b = MARKET_BUFFER_INIT;
	size_t i;

	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(
		    market_decision_text(decision, same[i][0], &a), MARKET_OK);
		ck_assert_int_eq(
		    market_decision_text(decision, same[i][1], &b), MARKET_OK);
		ck_assert(market__slice_equal(
		    market_buffer_slice(&a), market_buffer_slice(&b)));
	}
	ck_assert_ptr_nonnull(strstr((char *)a.data, "(no name)"));
	market_buffer_clear(&a);
	market_buffer_clear(&b);
	market_decision_free(decision);
	world_free(world);
}
END_TEST

/* ---- JSON ---- */

static void
assert_keys(
    const json_t *object, const char *const *keys, size_t n, const char *label)
{
	const char *name;
	json_t *value;
	size_t i = 0;

	ck_assert_msg(json_is_object(object), "%s", label);
	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		ck_assert_msg(
		    i < n && strcmp(name, keys[i]) == 0, "%s: %s", label, name);
		i++;
	}
	ck_assert_uint_eq(i, n);
}
#define KEYS(object, keys, label) \
	assert_keys(object, keys, sizeof(keys) / sizeof((keys)[0]), label)

static bool
is_text_or_null(const json_t *value)
{
	return json_is_null(value) || json_is_string(value);
}

static bool
is_digest(const json_t *value)
{
	const char *text = json_string_value(value);

	return text != NULL && strlen(text) == 64 &&
	    strspn(text, "0123456789abcdef") == 64;
}

static void
assert_findings(const json_t *findings, const char *label)
{
	static const char *const keys[] = { "code", "number", "effect", "path",
		"link", "actor", "remedy", "message", "evidence", "got",
		"want" };
	const market_code_info_t *info;
	const json_t *one;
	size_t i;

	ck_assert(json_is_array(findings));
	for (i = 0; (one = json_array_get(findings, i)) != NULL; i++) {
		KEYS(one, keys, label);
		info = market_code_find(
		    json_string_value(json_object_get(one, "code")));
		ck_assert_ptr_nonnull(info);
		ck_assert_int_eq(
		    json_integer_value(json_object_get(one, "number")),
		    info->code);
		ck_assert_str_eq(
		    json_string_value(json_object_get(one, "actor")),
		    market_actor_name(info->actor));
		ck_assert_str_eq(
		    json_string_value(json_object_get(one, "remedy")),
		    info->remedy);
		ck_assert(json_is_string(json_object_get(one, "effect")));
		ck_assert(json_is_string(json_object_get(one, "message")));
		ck_assert(is_text_or_null(json_object_get(one, "path")));
		ck_assert(is_text_or_null(json_object_get(one, "got")));
		ck_assert(is_text_or_null(json_object_get(one, "want")));
		ck_assert(json_is_null(json_object_get(one, "evidence")) ||
		    is_digest(json_object_get(one, "evidence")));
		ck_assert(json_is_null(json_object_get(one, "link")) ||
		    json_integer_value(json_object_get(one, "link")) > 0);
	}
}

static void
assert_cell(const json_t *cell, const char *label)
{
	static const char *const keys[] = { "territory", "channel", "network",
		"verdict", "service", "disclosures_due", "findings", "used",
		"missing", "horizon" };
	const json_t *one;
	size_t i;

	KEYS(cell, keys, label);
	ck_assert(json_is_string(json_object_get(cell, "territory")));
	ck_assert(json_is_string(json_object_get(cell, "channel")));
	ck_assert(json_is_string(json_object_get(cell, "network")));
	ck_assert(json_is_string(json_object_get(cell, "verdict")));
	ck_assert(is_text_or_null(json_object_get(cell, "service")));
	ck_assert(is_text_or_null(json_object_get(cell, "horizon")));
	assert_findings(json_object_get(cell, "findings"), label);
	for (i = 0;
	     (one = json_array_get(json_object_get(cell, "used"), i)) != NULL;
	     i++)
		ck_assert(is_digest(one));
	for (i = 0; (one = json_array_get(
			 json_object_get(cell, "missing"), i)) != NULL;
	     i++)
		ck_assert(json_is_string(one));
	for (i = 0; (one = json_array_get(
			 json_object_get(cell, "disclosures_due"), i)) != NULL;
	     i++)
		ck_assert(json_is_string(one));
}

static bool
is_digest_or_null(const json_t *value)
{
	return json_is_null(value) || is_digest(value);
}

static void
assert_source(const json_t *source, const char *label)
{
	static const char *const keys[] = { "digest", "kind", "issuer", "id",
		"revision", "subject", "link", "not_before", "not_after",
		"threshold", "keys", "signers", "keys_by", "parent" };
	static const char *const signer_keys[] = { "keyid", "counts" };
	const json_t *one;
	json_int_t known;
	size_t i;

	KEYS(source, keys, label);
	ck_assert(is_digest(json_object_get(source, "digest")));
	ck_assert(json_is_string(json_object_get(source, "kind")));
	ck_assert(json_is_string(json_object_get(source, "issuer")));
	ck_assert(json_is_string(json_object_get(source, "id")));
	ck_assert(is_text_or_null(json_object_get(source, "subject")));
	ck_assert(is_text_or_null(json_object_get(source, "not_before")));
	ck_assert(is_text_or_null(json_object_get(source, "not_after")));
	ck_assert(is_digest_or_null(json_object_get(source, "keys_by")));
	ck_assert(is_digest_or_null(json_object_get(source, "parent")));
	known = json_integer_value(json_object_get(source, "keys"));
	ck_assert(
	    known >= json_integer_value(json_object_get(source, "threshold")));
	for (i = 0; (one = json_array_get(
			 json_object_get(source, "signers"), i)) != NULL;
	     i++) {
		KEYS(one, signer_keys, label);
		ck_assert(is_digest(json_object_get(one, "keyid")));
		ck_assert(json_is_boolean(json_object_get(one, "counts")));
	}
	ck_assert(i <= (size_t)known);
}

static json_t *
assert_json(const market_decision_t *decision, const char *label)
{
	static const char *const keys[] = { "verdict", "offer", "digest", "at",
		"findings", "ignored", "cells", "sources" };
	static const char *const ignored_keys[] = { "file", "digest", "code",
		"message" };
	market_buffer_t text = MARKET_BUFFER_INIT;
	json_error_t error;
	const json_t *one;
	json_t *report;
	size_t i;

	ck_assert_int_eq(market_decision_json(decision, &text), MARKET_OK);
	/* One line, whatever is in it. */
	ck_assert_ptr_eq(
	    strchr((char *)text.data, '\n'), text.data + text.len - 1);
	for (i = 0; i + 1 < text.len; i++)
		if (text.data[i] < 0x20 || text.data[i] == 0x7f)
			ck_abort_msg("%s: byte %02x", label, text.data[i]);
	report = json_loadb(
	    (char *)text.data, text.len, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(report != NULL, "%s: %s at %d:\n%s", label, error.text,
	    error.position, (char *)text.data);
	KEYS(report, keys, label);
	ck_assert_str_eq(json_string_value(json_object_get(report, "verdict")),
	    market_verdict_name(market_decision_verdict(decision)));
	ck_assert(is_digest(json_object_get(report, "digest")));
	ck_assert_str_eq(
	    json_string_value(json_object_get(report, "at")), WORLD_NOW);
	assert_findings(json_object_get(report, "findings"), label);
	for (i = 0; (one = json_array_get(
			 json_object_get(report, "ignored"), i)) != NULL;
	     i++) {
		KEYS(one, ignored_keys, label);
		ck_assert(is_text_or_null(json_object_get(one, "file")));
		ck_assert(json_is_null(json_object_get(one, "digest")) ||
		    is_digest(json_object_get(one, "digest")));
	}
	for (i = 0; (one = json_array_get(
			 json_object_get(report, "cells"), i)) != NULL;
	     i++)
		assert_cell(one, label);
	for (i = 0; (one = json_array_get(
			 json_object_get(report, "sources"), i)) != NULL;
	     i++)
		assert_source(one, label);
	ck_assert_uint_gt(i, 0);
	market_buffer_clear(&text);
	return report;
}

START_TEST(report_json_has_its_keys)
{
	world_t *world = edited((size_t)_i);
	market_decision_t *decision = decide(world, "a file");
	json_t *report = assert_json(decision, worlds[_i].label);
	const market_cell_t *cell;
	const json_t *cells = json_object_get(report, "cells"), *one;
	size_t i;

	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++) {
		one = json_array_get(cells, i);
		ck_assert_int_eq(json_is_null(json_object_get(one, "service")),
		    cell->service == MARKET_SERVICE_UNSPECIFIED);
		ck_assert_int_eq(json_is_null(json_object_get(one, "horizon")),
		    cell->horizon == INT64_MAX);
		ck_assert_uint_eq(
		    json_array_size(json_object_get(one, "findings")),
		    cell->finding_count);
		ck_assert_uint_eq(json_array_size(json_object_get(one, "used")),
		    cell->used_count);
		ck_assert_uint_eq(
		    json_array_size(json_object_get(one, "missing")),
		    cell->missing_count);
		ck_assert_uint_eq(
		    json_array_size(json_object_get(one, "disclosures_due")),
		    cell->disclosure_count);
	}
	ck_assert_uint_eq(json_array_size(cells), i);
	json_decref(report);
	market_decision_free(decision);
	world_free(world);
}
END_TEST

/* ---- hostile texts ---- */

START_TEST(report_is_safe_when_a_text_is_hostile)
{
	world_t *world;
	market_decision_t *decision;
	json_t *report;
	size_t i;

	for (i = 0; i < PLACES; i++) {
		world = world_new();
		edit_place(world, places[i], hostile[_i]);
		decision = decide(world, hostile[_i]);
		assert_pages(decision, places[i]);
		report = assert_json(decision, places[i]);
		json_decref(report);
		market_decision_free(decision);
		world_free(world);
	}
}
END_TEST

START_TEST(report_is_safe_when_a_text_is_very_long)
{
	static const char *const patterns[] = { "a", "ab ", "\x1b[", "\"\\" };
	char text[1025];
	world_t *world;
	market_decision_t *decision;
	json_t *report;
	size_t i, k, len;

	len = strlen(patterns[_i]);
	for (k = 0; k < 1024; k++)
		text[k] = patterns[_i][k % len];
	text[1024] = '\0';
	for (i = 0; i < PLACES; i++) {
		world = world_new();
		edit_place(world, places[i], text);
		decision = decide(world, text);
		assert_pages(decision, places[i]);
		report = assert_json(decision, places[i]);
		json_decref(report);
		market_decision_free(decision);
		world_free(world);
	}
}
END_TEST

/* JSON gives back what the offer said, byte for byte. */
START_TEST(report_json_gives_texts_back)
{
	world_t *world = world_new();
	char want[256];
	market_decision_t *decision;
	json_t *report;
	size_t i;

	for (i = 0; i < HOSTILE; i++) {
		edit_place(world, "{\"header\": {\"id\": %s}}", hostile[i]);
		edit_place(world, "{\"territories\": [%s]}", hostile[i]);
		decision = decide(world, hostile[i]);
		report = assert_json(decision, hostile[i]);
		snprintf(want, sizeof(want), "shop.example/%s", hostile[i]);
		ck_assert_str_eq(
		    json_string_value(json_object_get(report, "offer")), want);
		ck_assert_str_eq(
		    json_string_value(json_object_get(
			json_array_get(json_object_get(report, "cells"), 0),
			"territory")),
		    hostile[i]);
		ck_assert_str_eq(
		    json_string_value(json_object_get(
			json_array_get(json_object_get(report, "ignored"), 0),
			"file")),
		    hostile[i]);
		json_decref(report);
		market_decision_free(decision);
	}
	world_free(world);
}
END_TEST

/* A list is told to its twelfth element, and how many are left. */
START_TEST(report_cuts_a_list_when_it_is_longer_than_twelve)
{
	static const char *const ends[] = { "v11, v12", "v12 and 1 more",
		"v12 and 28 more" };
	static const size_t sizes[] = { 12, 13, 40 };
	const market_finding_t *finding;
	market_decision_t *decision;
	world_t *world = world_new();
	char edit[1024];
	size_t at, i, k;

	for (i = 0; i < 3; i++) {
		at = (size_t)snprintf(
		    edit, sizeof(edit), "product {'hardwareVersions': [");
		for (k = 0; k < sizes[i]; k++)
			at += (size_t)snprintf(edit + at, sizeof(edit) - at,
			    "%s'v%zu'", k == 0 ? "" : ", ", k + 1);
		snprintf(edit + at, sizeof(edit) - at, "]}");
		world_edit(world, edit);
		decision = world_check(world, "offer", NULL);
		finding = world_find(
		    decision, MARKET_CODE_OFFER_VERSION_UNKNOWN);
		ck_assert_ptr_nonnull(finding);
		at = strlen(finding->want);
		ck_assert_uint_gt(at, strlen(ends[i]));
		ck_assert_str_eq(finding->want + at - strlen(ends[i]), ends[i]);
		market_decision_free(decision);
	}
	world_free(world);
}
END_TEST

/* ---- arguments and memory ---- */

START_TEST(report_refuses_A1_null_arguments)
{
	world_t *world = world_new();
	market_decision_t *decision = decide(world, NULL);
	market_buffer_t buffer = MARKET_BUFFER_INIT;

	ck_assert_int_eq(
	    market_decision_text(NULL, 80, &buffer), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_decision_text(decision, 80, NULL), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_decision_json(NULL, &buffer), MARKET_E_ARGUMENT);
	ck_assert_int_eq(
	    market_decision_json(decision, NULL), MARKET_E_ARGUMENT);
	ck_assert_ptr_null(buffer.data);
	market_decision_free(decision);
	world_free(world);
}
END_TEST

/* A report is whole or there is none: no half of one looks like a permit. */
START_TEST(report_is_whole_or_none_when_memory_fails)
{
	harness_memory_t memory;
	market_context_options_t options;
	market_context_t *context = NULL;
	market_buffer_t whole = MARKET_BUFFER_INIT, got = MARKET_BUFFER_INIT;
	market_decision_t *decision;
	market_status_t status;
	world_t *world;
	size_t at, live, form;

	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	harness_memory_init(&memory);
	options.allocator = memory.allocator;
	ck_assert_int_eq(market_context_new(&options, &context), MARKET_OK);
	world = world_new_with(context);
	world_edit(world, worlds[_i].edits[0]);
	decision = decide(world, "a file");
	for (form = 0; form < 2; form++) {
		memory.fail_at = SIZE_MAX;
		ck_assert_int_eq(form == 0
			? market_decision_text(decision, 60, &whole)
			: market_decision_json(decision, &whole),
		    MARKET_OK);
		live = memory.live;
		for (at = 0;; at++) {
			memory.calls = 0;
			memory.fail_at = at;
			status = form == 0
			    ? market_decision_text(decision, 60, &got)
			    : market_decision_json(decision, &got);
			if (memory.calls <= at)
				break;
			ck_assert_int_eq(status, MARKET_E_MEMORY);
			ck_assert_ptr_null(got.data);
			ck_assert_uint_eq(memory.live, live);
		}
		ck_assert_int_eq(status, MARKET_OK);
		ck_assert_uint_gt(at, 2);
		ck_assert(market__slice_equal(
		    market_buffer_slice(&whole), market_buffer_slice(&got)));
		market_buffer_clear(&got);
		market_buffer_clear(&whole);
	}
	memory.fail_at = SIZE_MAX;
	market_decision_free(decision);
	world_free(world);
	market_context_free(context);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("report");
	TCase *tcase = tcase_create("report");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, report_keeps_every_width, 0, (int)WORLDS);
	tcase_add_test(tcase, report_has_a_width_when_none_is_given);
	tcase_add_loop_test(tcase, report_json_has_its_keys, 0, (int)WORLDS);
	tcase_add_loop_test(
	    tcase, report_is_safe_when_a_text_is_hostile, 0, (int)HOSTILE);
	tcase_add_loop_test(
	    tcase, report_is_safe_when_a_text_is_very_long, 0, 4);
	tcase_add_test(tcase, report_json_gives_texts_back);
	tcase_add_test(tcase, report_cuts_a_list_when_it_is_longer_than_twelve);
	tcase_add_test(tcase, report_refuses_A1_null_arguments);
	tcase_add_loop_test(
	    tcase, report_is_whole_or_none_when_memory_fails, 1, (int)WORLDS);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
