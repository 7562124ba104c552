/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scopes as sets: their relations held against the definition over small
 * universes.
 */
#include <stdlib.h>
#include <string.h>

#include "model/territory.h"
#include "sketch.h"

static market_slice_t
text(const char *string)
{
	return market__slice(string, strlen(string));
}

/* The elements of `values` whose bits are set. */
static market__slices_t
subset(const char *const *values, unsigned bits, market_slice_t *v)
{
	market__slices_t list = { v, 0 };

	for (; *values != NULL; values++, bits >>= 1) {
		if (bits & 1)
			v[list.n++] = text(*values);
	}
	return list;
}

/*
 * FR, FR-75, US-TX and DE-BE are in no list: each stands for all the
 * territories that nobody names, so that a list cannot cover a country or the
 * world by listing its parts.
 */
static const char *const granted[] = { "*", "US", "US-CA", "DE", NULL };
static const char *const excluded[] = { "*", "US", "US-CA", "DE", NULL };
static const char *const places[] = { "US", "US-CA", "US-TX", "DE", "DE-BE",
	"FR", "FR-75" };
#define N_SCOPES 256

typedef struct territories {
	market_slice_t in[4], out[4];
	market__scope_t scope;
	unsigned contained; /* one bit for each of `places` */
} territories_t;

static bool
axis_of(const market__scope_t *scope, const char *place)
{
	market__point_t at = sketch_point;
	bool failed[MARKET__AXES];

	at.territory = text(place);
	(void)market__scope_contains(scope, &at, failed);
	return !failed[MARKET__AXIS_TERRITORY];
}

static territories_t *
all_territories(void)
{
	territories_t *all = calloc(N_SCOPES, sizeof(*all));
	unsigned i, place;

	ck_assert_ptr_nonnull(all);
	for (i = 0; i < N_SCOPES; i++) {
		all[i].scope.territories = subset(granted, i & 15, all[i].in);
		all[i].scope.excluded_territories = subset(
		    excluded, i >> 4, all[i].out);
		for (place = 0; place < MARKET__COUNT(places); place++)
			all[i].contained |=
			    (unsigned)axis_of(&all[i].scope, places[place])
			    << place;
	}
	return all;
}

START_TEST(scope_within_is_inclusion_of_territories)
{
	territories_t *all = all_territories();
	unsigned child, parent, inside = 0;

	for (child = 0; child < N_SCOPES; child++) {
		for (parent = 0; parent < N_SCOPES; parent++) {
			bool wider[MARKET__AXES];
			bool want = (all[child].contained &
					~all[parent].contained) == 0;

			(void)market__scope_within(
			    &all[child].scope, &all[parent].scope, wider);
			ck_assert_msg(wider[MARKET__AXIS_TERRITORY] == !want,
			    "child %x parent %x", child, parent);
			inside += want;
		}
	}
	/* Neither answer is trivial. */
	ck_assert_uint_gt(inside, 1000);
	ck_assert_uint_lt(inside, N_SCOPES * N_SCOPES - 1000);
	free(all);
}
END_TEST

/* By definition: a part without parts of its own that is in and not out. */
static bool
parts_overlap(const market__scope_t *scope, const char *place)
{
	static const char *const parts[] = { "US-CA", "US-TX", "DE-BE",
		"FR-75" };
	size_t i;

	for (i = 0; i < MARKET__COUNT(parts); i++) {
		market_slice_t part = text(parts[i]);

		if (market__territory_contains(text(place), part) &&
		    market__territories_contain(scope->territories, part) &&
		    !market__territories_contain(
			scope->excluded_territories, part))
			return true;
	}
	return false;
}

START_TEST(scope_overlaps_is_a_common_part)
{
	static const sketch_t any = { "*", "*", "-", "1", "*", "1" };
	territories_t *all = all_territories();
	unsigned i, place;
	drawn_t drawn;

	(void)sketch_draw(&drawn, &any);
	for (i = 0; i < N_SCOPES; i++) {
		drawn.scope.territories = all[i].scope.territories;
		drawn.scope.excluded_territories =
		    all[i].scope.excluded_territories;
		for (place = 0; place < MARKET__COUNT(places); place++) {
			market__point_t at = sketch_point;
			bool overlaps;

			at.territory = text(places[place]);
			overlaps = market__scope_overlaps(&drawn.scope, &at);
			ck_assert_msg(overlaps ==
				parts_overlap(&drawn.scope, places[place]),
			    "scope %x and %s", i, places[place]);
			/* What is contained overlaps. */
			ck_assert(overlaps ||
			    !market__scope_contains(&drawn.scope, &at, NULL));
		}
	}
	free(all);
}
END_TEST

/* Lists 0 to 7 over two values and any; the third value is in no list. */
static const char *const words[] = { "a", "b", "*", NULL };
static const char *const word_points[] = { "a", "b", "c" };
static const uint32_t numbers[] = { 2, 3, 1 };
static const uint32_t number_points[] = { 2, 3, 4 };

static market__numbers_t
number_subset(unsigned bits, uint32_t *v)
{
	market__numbers_t list = { v, 0 };
	size_t i;

	for (i = 0; i < MARKET__COUNT(numbers); i++) {
		if (bits >> i & 1)
			v[list.n++] = numbers[i];
	}
	return list;
}

START_TEST(scope_axes_of_values_are_sets)
{
	market_slice_t v[2][3];
	uint32_t w[2][3];
	unsigned child, parent, i;

	for (child = 0; child < 8; child++) {
		for (parent = 0; parent < 8; parent++) {
			market__scope_t a = { 0 }, b = { 0 };
			bool wider[MARKET__AXES], want = true;

			a.models = a.marketplaces = subset(words, child, v[0]);
			b.models = b.marketplaces = subset(words, parent, v[1]);
			a.channels = a.conditions = number_subset(child, w[0]);
			b.channels = b.conditions = number_subset(parent, w[1]);
			for (i = 0; i < 3; i++) {
				market__point_t at = sketch_point;
				bool a_fails[MARKET__AXES];
				bool b_fails[MARKET__AXES];

				at.model = at.marketplace = text(
				    word_points[i]);
				at.channel = (market_channel_t)number_points[i];
				at.condition =
				    (market_condition_t)number_points[i];
				(void)market__scope_contains(&a, &at, a_fails);
				(void)market__scope_contains(&b, &at, b_fails);
				ck_assert(a_fails[MARKET__AXIS_MODEL] ==
				    a_fails[MARKET__AXIS_CHANNEL]);
				want = want &&
				    (a_fails[MARKET__AXIS_MODEL] ||
					!b_fails[MARKET__AXIS_MODEL]);
			}
			(void)market__scope_within(&a, &b, wider);
			ck_assert(wider[MARKET__AXIS_MODEL] == !want);
			ck_assert(wider[MARKET__AXIS_MARKETPLACE] == !want);
			ck_assert(wider[MARKET__AXIS_CHANNEL] == !want);
			ck_assert(wider[MARKET__AXIS_CONDITION] == !want);
		}
	}
}
END_TEST

/* Three lists and three points on each of five axes. */
#define N_CROSS 243

static void
cross_scope(drawn_t *drawn, unsigned index)
{
	static const char *const texts[] = { "a", "a b", "*" };
	static const char *const places3[] = { "US-CA", "US", "*" };
	static const char *const digits[] = { "2", "2 3", "1" };
	sketch_t sketch;

	sketch.models = texts[index % 3];
	sketch.territories = places3[index / 3 % 3];
	sketch.excluded = "-";
	sketch.channels = digits[index / 9 % 3];
	sketch.marketplaces = texts[index / 27 % 3];
	sketch.conditions = digits[index / 81 % 3];
	(void)sketch_draw(drawn, &sketch);
}

static market__point_t
cross_point(unsigned index)
{
	static const char *const at[] = { "US-CA", "US", "DE" };
	market__point_t made;

	made.model = text(word_points[index % 3]);
	made.territory = text(at[index / 3 % 3]);
	made.channel = (market_channel_t)number_points[index / 9 % 3];
	made.marketplace = text(word_points[index / 27 % 3]);
	made.condition = (market_condition_t)number_points[index / 81 % 3];
	return made;
}

START_TEST(scope_within_is_inclusion_over_all_axes)
{
	drawn_t *all = calloc(N_CROSS, sizeof(*all));
	bool(*in)[N_CROSS] = calloc(N_CROSS, sizeof(*in));
	unsigned a, b, i;

	ck_assert(all != NULL && in != NULL);
	for (a = 0; a < N_CROSS; a++) {
		cross_scope(&all[a], a);
		for (i = 0; i < N_CROSS; i++) {
			market__point_t at = cross_point(i);

			in[a][i] = market__scope_contains(
			    &all[a].scope, &at, NULL);
		}
	}
	for (a = 0; a < N_CROSS; a++) {
		for (b = 0; b < N_CROSS; b++) {
			bool want = true;

			for (i = 0; want && i < N_CROSS; i++)
				want = !in[a][i] || in[b][i];
			ck_assert_msg(market__scope_within(&all[a].scope,
					  &all[b].scope, NULL) == want,
			    "%u in %u", a, b);
		}
	}
	free(in);
	free(all);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("scope_sets");
	TCase *tcase = tcase_create("scope_sets");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, scope_within_is_inclusion_of_territories);
	tcase_add_test(tcase, scope_overlaps_is_a_common_part);
	tcase_add_test(tcase, scope_axes_of_values_are_sets);
	tcase_add_test(tcase, scope_within_is_inclusion_over_all_axes);
	suite_add_tcase(suite, tcase);
	return harness_main(suite);
}
