/* SPDX-License-Identifier: Apache-2.0 */
/* The algebra of scopes: rows of the fault list by id. */
#include "sketch.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/scope.h"
#include "model/territory.h"

/* Letters of the axes that are set, in order: "MTCPN" (P the marketplace). */
static const char *
letters(const bool set[MARKET__AXES], char out[MARKET__AXES + 1])
{
	static const char names[] = "MTCPN";
	size_t n = 0;
	int axis;

	for (axis = 0; axis < MARKET__AXES; axis++) {
		if (set[axis])
			out[n++] = names[axis];
	}
	out[n] = '\0';
	return out;
}

/* ---- contains and overlaps ---- */

static const struct cell {
	const char *label;
	sketch_t scope;
	const char *failed; /* axes that do not permit the point */
	bool overlaps;
} cells[] = {
	{ "everything by name",
	    { "2014818", "US", "-", "2", "usmobile.com", "2" }, "", true },
	{ "everything by any", { "*", "*", "-", "1", "*", "1" }, "", true },
	{ "one of several",
	    { "a 2014818", "DE US", "FR", "3 2", "x usmobile.com", "5 2" }, "",
	    true },
	{ "D1 another model", { "2014819", "*", "-", "1", "*", "1" }, "M",
	    false },
	{ "D1 another territory", { "*", "DE", "-", "1", "*", "1" }, "T",
	    false },
	{ "D1 another channel", { "*", "*", "-", "5", "*", "1" }, "C", false },
	{ "another marketplace", { "*", "*", "-", "1", "x.com", "1" }, "P",
	    false },
	{ "another condition", { "*", "*", "-", "1", "*", "5" }, "N", false },
	{ "D22 online is not marketplace", { "*", "*", "-", "3", "*", "1" },
	    "C", false },
	{ "D12 two axes fail, both are told", { "x", "*", "-", "1", "*", "4" },
	    "MN", false },
	{ "D4 all lists empty", { "-", "-", "-", "-", "-", "-" }, "MTCPN",
	    false },
	{ "D4 one list empty", { "-", "*", "-", "1", "*", "1" }, "M", false },
	{ "D4 no territory, and none excluded",
	    { "*", "-", "-", "1", "*", "1" }, "T", false },
	{ "D4 no channel", { "*", "*", "-", "-", "*", "1" }, "C", false },
	{ "D4 no marketplace", { "*", "*", "-", "1", "-", "1" }, "P", false },
	{ "D4 no condition", { "*", "*", "-", "1", "*", "-" }, "N", false },
	{ "E37 excluded itself", { "*", "*", "US", "1", "*", "1" }, "T",
	    false },
	{ "D19 a part of it excluded: not permitted, still forbidden",
	    { "*", "*", "US-CA", "1", "*", "1" }, "T", true },
	{ "D19 only a part granted: not permitted, forbidden there",
	    { "*", "US-CA", "-", "1", "*", "1" }, "T", true },
	{ "D19 that part is excluded again",
	    { "*", "US-CA", "US-CA", "1", "*", "1" }, "T", false },
	{ "D19 another country's part excluded",
	    { "*", "*", "DE-BY", "1", "*", "1" }, "", true },
	{ "D19 everything excluded", { "*", "*", "*", "1", "*", "1" }, "T",
	    false },
	{ "D5 two stars", { "**", "*", "-", "1", "*", "1" }, "M", false },
	{ "D5 a prefix and a star", { "2014*", "*", "-", "1", "*", "1" }, "M",
	    false },
	{ "D5 question marks", { "201481?", "*", "-", "1", "*", "1" }, "M",
	    false },
	{ "D5 a bracket", { "201481[0-9]", "*", "-", "1", "*", "1" }, "M",
	    false },
	{ "D5 a prefix alone", { "2014", "*", "-", "1", "*", "1" }, "M",
	    false },
	{ "D5 a longer one", { "20148180", "*", "-", "1", "*", "1" }, "M",
	    false },
	{ "D5 a regular expression", { ".*", "*", "-", "1", "*", "1" }, "M",
	    false },
	{ "D5 a territory pattern", { "*", "U*", "-", "1", "*", "1" }, "T",
	    false },
	{ "D5 a marketplace pattern", { "*", "*", "-", "1", "*.com", "1" }, "P",
	    false },
	{ "D20 a family is not its variant",
	    { "Redmi", "*", "-", "1", "*", "1" }, "M", false },
	{ "E24 case of a marketplace",
	    { "*", "*", "-", "1", "USMobile.com", "1" }, "P", false },
	{ "E24 case of a territory", { "*", "us", "-", "1", "*", "1" }, "T",
	    false },
	{ "E23 a look-alike of a marketplace",
	    { "*", "*", "-", "1",
		"usm\xd0\xbe"
		"bile.com",
		"1" },
	    "P", false },
};

START_TEST(scope_contains_or_tells_each_axis)
{
	const struct cell *row = &cells[_i];
	bool failed[MARKET__AXES];
	char told[MARKET__AXES + 1];
	drawn_t drawn;
	const market__scope_t *scope = sketch_draw(&drawn, &row->scope);
	bool contains = market__scope_contains(scope, &sketch_point, failed);

	ck_assert_msg(strcmp(letters(failed, told), row->failed) == 0,
	    "%s: fails %s, wanted %s", row->label, told, row->failed);
	ck_assert_msg(contains == (row->failed[0] == '\0'), "%s", row->label);
	ck_assert_msg(
	    market__scope_contains(scope, &sketch_point, NULL) == contains,
	    "%s", row->label);
	ck_assert_msg(
	    market__scope_overlaps(scope, &sketch_point) == row->overlaps,
	    "%s: overlaps", row->label);
}
END_TEST

START_TEST(scope_absent_is_nothing)
{
	bool failed[MARKET__AXES];
	char told[MARKET__AXES + 1];
	static const market__scope_t empty;

	ck_assert(!market__scope_contains(NULL, &sketch_point, failed));
	ck_assert_str_eq(letters(failed, told), "MTCPN");
	ck_assert(!market__scope_overlaps(NULL, &sketch_point));
	ck_assert(market__scope_within(NULL, &empty, NULL));
	ck_assert(market__scope_within(NULL, NULL, NULL));
	ck_assert(market__scope_within(&empty, NULL, NULL));
}
END_TEST

START_TEST(scope_any_does_not_permit_the_unspecified)
{
	static const sketch_t any = { "*", "*", "-", "1", "*", "1" };
	market__point_t unknown = sketch_point;
	bool failed[MARKET__AXES];
	char told[MARKET__AXES + 1];
	drawn_t drawn;
	const market__scope_t *scope = sketch_draw(&drawn, &any);

	unknown.channel = MARKET_CHANNEL_UNSPECIFIED;
	unknown.condition = MARKET_CONDITION_UNSPECIFIED;
	ck_assert(!market__scope_contains(scope, &unknown, failed));
	ck_assert_str_eq(letters(failed, told), "CN");
	/* What forbids stays on the safe side. */
	ck_assert(market__scope_overlaps(scope, &unknown));
}
END_TEST

/* ---- within ---- */

#define PARENT                                               \
	{                                                    \
		"a b", "US DE", "US-CA", "2 3", "x y", "2 4" \
	}

static const struct pair {
	const char *label;
	sketch_t child, parent;
	const char *wider;
} pairs[] = {
	{ "the same", PARENT, PARENT, "" },
	{ "narrower on each axis", { "a", "US-NY", "-", "3", "y", "2" }, PARENT,
	    "" },
	{ "D1 one model more", { "a b c", "US DE", "US-CA", "2 3", "x y", "2" },
	    PARENT, "M" },
	{ "D1 one territory more", { "a", "US DE FR", "US-CA", "2", "x", "2" },
	    PARENT, "T" },
	{ "D1 one channel more", { "a", "DE", "-", "2 3 4", "x", "2" }, PARENT,
	    "C" },
	{ "D1 one marketplace more", { "a", "DE", "-", "2", "x z", "2" },
	    PARENT, "P" },
	{ "D1 one condition more", { "a", "DE", "-", "2", "x", "2 5" }, PARENT,
	    "N" },
	{ "D1 more on every axis, all told", { "*", "*", "-", "1", "*", "1" },
	    PARENT, "MTCPN" },
	{ "D2 the child's lists are empty: nothing, not the parent's",
	    { "-", "-", "-", "-", "-", "-" }, PARENT, "" },
	{ "D2 the exclusion is not inherited",
	    { "a", "US", "-", "2", "x", "2" }, PARENT, "T" },
	{ "D4 an empty parent has nothing to give",
	    { "a", "US", "-", "2", "x", "2" }, { "-", "-", "-", "-", "-", "-" },
	    "MTCPN" },
	{ "D5 any only inside any", { "*", "DE", "-", "2", "x", "2" }, PARENT,
	    "M" },
	{ "D5 any inside any", { "*", "*", "-", "1", "*", "1" },
	    { "*", "*", "-", "1", "*", "1" }, "" },
	{ "D5 a value inside any", { "a", "US", "-", "2", "x", "2" },
	    { "*", "*", "-", "1", "*", "1" }, "" },
	{ "D5 two stars are no any", { "a", "DE", "-", "2", "x", "2" },
	    { "**", "*", "-", "1", "*", "1" }, "M" },
	{ "D5 a territory pattern is a text",
	    { "a", "DE-*", "-", "2", "x", "2" },
	    { "a", "DE-BY", "-", "2", "x", "2" }, "T" },
	{ "D6 the exclusion is repeated", { "a", "US", "US-CA", "2", "x", "2" },
	    PARENT, "" },
	{ "D6 the exclusion is removed", { "a", "US", "US-NY", "2", "x", "2" },
	    PARENT, "T" },
	{ "D6 a wider exclusion covers it", { "a", "*", "US", "2", "x", "2" },
	    { "a", "*", "US-CA", "2", "x", "2" }, "" },
	{ "D6 a narrower exclusion does not",
	    { "a", "*", "US-CA", "2", "x", "2" },
	    { "a", "*", "US", "2", "x", "2" }, "T" },
	{ "D6 what the parent excludes is granted by name",
	    { "a", "US-CA", "-", "2", "x", "2" }, PARENT, "T" },
	{ "D6 the exclusion does not reach into the child",
	    { "a", "DE", "-", "2", "x", "2" }, PARENT, "" },
	{ "D6 a territory that the child itself excludes is nothing",
	    { "a", "DE FR", "FR", "2", "x", "2" }, PARENT, "" },
	{ "D6 a part of it still is", { "a", "DE FR", "FR-75", "2", "x", "2" },
	    PARENT, "T" },
	{ "D6 everything excluded by the parent",
	    { "a", "DE", "-", "2", "x", "2" }, { "a", "*", "*", "2", "x", "2" },
	    "T" },
	{ "D19 a country is wider than its part",
	    { "a", "US", "-", "2", "x", "2" },
	    { "a", "US-NY", "-", "2", "x", "2" }, "T" },
	{ "D19 all listed parts are not the country",
	    { "a", "US", "-", "2", "x", "2" },
	    { "a", "US-NY US-CA", "-", "2", "x", "2" }, "T" },
	{ "D22 marketplace beneath online", { "a", "DE", "-", "3", "x", "2" },
	    { "a", "DE", "-", "2", "x", "2" }, "C" },
	{ "D20 a variant beneath its family's name",
	    { "Redmi 2", "DE", "-", "2", "x", "2" },
	    { "Redmi", "DE", "-", "2", "x", "2" }, "M" },
};

START_TEST(scope_within_or_tells_each_axis)
{
	const struct pair *row = &pairs[_i];
	bool wider[MARKET__AXES];
	char told[MARKET__AXES + 1];
	drawn_t child, parent;
	bool within = market__scope_within(sketch_draw(&child, &row->child),
	    sketch_draw(&parent, &row->parent), wider);

	ck_assert_msg(strcmp(letters(wider, told), row->wider) == 0,
	    "%s: wider on %s, wanted %s", row->label, told, row->wider);
	ck_assert_msg(within == (row->wider[0] == '\0'), "%s", row->label);
	ck_assert_msg(
	    market__scope_within(&child.scope, &parent.scope, NULL) == within,
	    "%s", row->label);
}
END_TEST

/* ---- explain ---- */

static const struct explanation {
	const char *label;
	market__axis_t axis;
	sketch_t scope;
	const char *got, *want;
} explanations[] = {
	{ "a model", MARKET__AXIS_MODEL,
	    { "2014819 2014812", "*", "-", "1", "*", "1" }, "2014818",
	    "2014819, 2014812" },
	{ "a territory", MARKET__AXIS_TERRITORY,
	    { "*", "DE FR", "-", "1", "*", "1" }, "US", "DE, FR" },
	{ "an exclusion", MARKET__AXIS_TERRITORY,
	    { "*", "*", "US-CA", "1", "*", "1" }, "US", "* except US-CA" },
	{ "a channel", MARKET__AXIS_CHANNEL, { "*", "*", "-", "3 5", "*", "1" },
	    "ONLINE_STORE", "MARKETPLACE, WHOLESALE" },
	{ "a channel without a name", MARKET__AXIS_CHANNEL,
	    { "*", "*", "-", "9", "*", "1" }, "ONLINE_STORE", "9" },
	{ "a marketplace", MARKET__AXIS_MARKETPLACE,
	    { "*", "*", "-", "1", "x.com", "1" }, "usmobile.com", "x.com" },
	{ "a condition", MARKET__AXIS_CONDITION,
	    { "*", "*", "-", "1", "*", "5" }, "NEW", "USED" },
	{ "an empty list", MARKET__AXIS_TERRITORY,
	    { "*", "-", "-", "1", "*", "1" }, "US", "nothing" },
	{ "bytes that do not print", MARKET__AXIS_MODEL,
	    { "a\x1b[2J\xd0\xb0", "*", "-", "1", "*", "1" }, "2014818",
	    "a\\x1b[2J\\xd0\\xb0" },
};

START_TEST(scope_explains_the_values_compared)
{
	const struct explanation *row = &explanations[_i];
	market__text_t got, want;
	drawn_t drawn;

	market__text_init(
	    &got, &market__default_allocator, MARKET__EXPLAIN_MAX);
	market__text_init(
	    &want, &market__default_allocator, MARKET__EXPLAIN_MAX);
	market__scope_explain_contains(sketch_draw(&drawn, &row->scope),
	    &sketch_point, row->axis, &got, &want);
	ck_assert_msg(strcmp(got.data, row->got) == 0, "%s: got %s", row->label,
	    got.data);
	ck_assert_msg(strcmp(want.data, row->want) == 0, "%s: want %s",
	    row->label, want.data);
	market__text_clear(&got);
	market__text_clear(&want);
}
END_TEST

static const struct widened {
	const char *label;
	market__axis_t axis;
	sketch_t child, parent;
	const char *got, *want;
} widened[] = {
	{ "models beyond the parent's", MARKET__AXIS_MODEL,
	    { "a b c", "-", "-", "-", "-", "-" },
	    { "b", "-", "-", "-", "-", "-" }, "a, c", "b" },
	{ "a territory beyond the parent's", MARKET__AXIS_TERRITORY,
	    { "-", "US DE", "-", "-", "-", "-" },
	    { "-", "US", "-", "-", "-", "-" }, "DE", "US" },
	{ "an exclusion dropped: the part let in", MARKET__AXIS_TERRITORY,
	    { "-", "US", "-", "-", "-", "-" },
	    { "-", "US", "US-CA", "-", "-", "-" }, "US-CA", "US except US-CA" },
	{ "inside what is excluded", MARKET__AXIS_TERRITORY,
	    { "-", "US-CA", "-", "-", "-", "-" },
	    { "-", "*", "US", "-", "-", "-" }, "US-CA", "* except US" },
	{ "any channel beneath one", MARKET__AXIS_CHANNEL,
	    { "-", "-", "-", "1", "-", "-" }, { "-", "-", "-", "2", "-", "-" },
	    "ANY", "ONLINE_STORE" },
	{ "conditions beyond the parent's", MARKET__AXIS_CONDITION,
	    { "-", "-", "-", "-", "-", "2 4 5" },
	    { "-", "-", "-", "-", "-", "2" }, "REFURBISHED, USED", "NEW" },
	{ "an axis that is inside", MARKET__AXIS_MODEL,
	    { "a", "-", "-", "-", "-", "-" }, { "a", "-", "-", "-", "-", "-" },
	    "nothing", "a" },
};

START_TEST(scope_explains_what_is_wider)
{
	const struct widened *row = &widened[_i];
	market__text_t got, want;
	drawn_t child, parent;

	market__text_init(
	    &got, &market__default_allocator, MARKET__EXPLAIN_MAX);
	market__text_init(
	    &want, &market__default_allocator, MARKET__EXPLAIN_MAX);
	market__scope_explain_within(sketch_draw(&child, &row->child),
	    sketch_draw(&parent, &row->parent), row->axis, &got, &want);
	ck_assert_msg(strcmp(got.data, row->got) == 0, "%s: got %s", row->label,
	    got.data);
	ck_assert_msg(strcmp(want.data, row->want) == 0, "%s: want %s",
	    row->label, want.data);
	market__text_clear(&got);
	market__text_clear(&want);
}
END_TEST

START_TEST(scope_explanation_is_bounded_for_the_worst_list)
{
	enum { N = 4096 };
	static uint8_t longest[1024];
	market_slice_t *v = calloc(N, sizeof(*v));
	market__scope_t child = { 0 };
	market__text_t got, want;
	size_t i;

	ck_assert_ptr_nonnull(v);
	memset(longest, 0xff, sizeof(longest));
	for (i = 0; i < N; i++)
		v[i] = market__slice(longest, sizeof(longest));
	child.models.v = child.territories.v = v;
	child.models.n = child.territories.n = N;
	child.excluded_territories = child.territories;
	market__text_init(
	    &got, &market__default_allocator, MARKET__EXPLAIN_MAX);
	market__text_init(
	    &want, &market__default_allocator, MARKET__EXPLAIN_MAX);
	market__scope_explain_within(
	    &child, NULL, MARKET__AXIS_MODEL, &got, &want);
	ck_assert_int_eq(got.status, MARKET_OK);
	ck_assert_str_eq(want.data, "nothing");
	ck_assert_ptr_nonnull(strstr(got.data, "... and 4088 more"));
	market__text_clear(&got);
	market__text_init(
	    &got, &market__default_allocator, MARKET__EXPLAIN_MAX);
	/* The longest of all: a list with exclusions. */
	market__scope_explain_contains(
	    &child, &sketch_point, MARKET__AXIS_TERRITORY, &want, &got);
	ck_assert_int_eq(got.status, MARKET_OK);
	ck_assert_uint_le(got.len, MARKET__EXPLAIN_MAX);
	market__text_clear(&got);
	market__text_clear(&want);
	free(v);
}
END_TEST

START_TEST(scope_explanation_survives_a_failed_allocation)
{
	static const sketch_t other = { "x", "*", "-", "1", "*", "1" };
	harness_memory_t memory;
	market__text_t got, want;
	drawn_t drawn;

	harness_memory_init(&memory);
	memory.fail_at = 0;
	memory.for_ever = true;
	market__text_init(&got, &memory.allocator, MARKET__EXPLAIN_MAX);
	market__text_init(&want, &memory.allocator, MARKET__EXPLAIN_MAX);
	market__scope_explain_contains(sketch_draw(&drawn, &other),
	    &sketch_point, MARKET__AXIS_MODEL, &got, &want);
	ck_assert_int_eq(got.status, MARKET_E_MEMORY);
	ck_assert_int_eq(want.status, MARKET_E_MEMORY);
	market__text_clear(&got);
	market__text_clear(&want);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(scope_axes_have_names)
{
	ck_assert_str_eq(market__axis_name(MARKET__AXIS_MODEL), "model");
	ck_assert_str_eq(
	    market__axis_name(MARKET__AXIS_TERRITORY), "territory");
	ck_assert_str_eq(market__axis_name(MARKET__AXIS_CHANNEL), "channel");
	ck_assert_str_eq(
	    market__axis_name(MARKET__AXIS_MARKETPLACE), "marketplace");
	ck_assert_str_eq(
	    market__axis_name(MARKET__AXIS_CONDITION), "condition");
	ck_assert_str_eq(market__axis_field(MARKET__AXIS_MODEL), "models");
	ck_assert_str_eq(
	    market__axis_field(MARKET__AXIS_TERRITORY), "territories");
	ck_assert_str_eq(market__axis_field(MARKET__AXIS_CHANNEL), "channels");
	ck_assert_str_eq(
	    market__axis_field(MARKET__AXIS_MARKETPLACE), "marketplaces");
	ck_assert_str_eq(
	    market__axis_field(MARKET__AXIS_CONDITION), "conditions");
	ck_assert_ptr_null(market__axis_name((market__axis_t)MARKET__AXES));
	ck_assert_ptr_null(market__axis_field((market__axis_t)MARKET__AXES));
}
END_TEST

#define LOOP(name, rows) \
	tcase_add_loop_test(tcase, name, 0, (int)MARKET__COUNT(rows))

int
main(void)
{
	Suite *suite = suite_create("scope");
	TCase *tcase = tcase_create("scope");

	tcase_set_timeout(tcase, 60);
	LOOP(scope_contains_or_tells_each_axis, cells);
	tcase_add_test(tcase, scope_absent_is_nothing);
	tcase_add_test(tcase, scope_any_does_not_permit_the_unspecified);
	LOOP(scope_within_or_tells_each_axis, pairs);
	LOOP(scope_explains_the_values_compared, explanations);
	LOOP(scope_explains_what_is_wider, widened);
	tcase_add_test(tcase, scope_explanation_is_bounded_for_the_worst_list);
	tcase_add_test(tcase, scope_explanation_survives_a_failed_allocation);
	tcase_add_test(tcase, scope_axes_have_names);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
