/* SPDX-License-Identifier: Apache-2.0 */
#include "model/scope.h"

#include "model/territory.h"

/* MARKET_CHANNEL_ANY and MARKET_CONDITION_ANY have one number. */
#define ANY ((uint32_t)1)

static const market__scope_t nothing;

/* ---- one axis ---- */

static market__slices_t
texts_of(const market__scope_t *scope, market__axis_t axis)
{
	switch (axis) {
	case MARKET__AXIS_MODEL: return scope->models;
	case MARKET__AXIS_TERRITORY: return scope->territories;
	case MARKET__AXIS_MARKETPLACE: return scope->marketplaces;
	case MARKET__AXIS_CHANNEL:
	case MARKET__AXIS_CONDITION: break;
	}
	return nothing.models;
}

static market__numbers_t
numbers_of(const market__scope_t *scope, market__axis_t axis)
{
	return axis == MARKET__AXIS_CHANNEL ? scope->channels
					    : scope->conditions;
}

static bool
is_enum(market__axis_t axis)
{
	return axis == MARKET__AXIS_CHANNEL || axis == MARKET__AXIS_CONDITION;
}

/*
 * `*hint` (may be NULL) is where the list's last value was found: two lists in
 * the same order, the usual case of a grant copied into its sub-grant, cost
 * one pass.
 */
static bool
texts_have(market__slices_t list, market_slice_t value, size_t *hint)
{
	size_t i, at = hint != NULL ? *hint : 0;

	for (i = 0; i < list.n; i++, at++) {
		if (at >= list.n)
			at = 0;
		if (market__slice_equal(list.v[at], value) ||
		    market__slice_is(list.v[at], "*")) {
			if (hint != NULL)
				*hint = at;
			return true;
		}
	}
	return false;
}

static bool
numbers_have(market__numbers_t list, uint32_t value)
{
	size_t i;

	for (i = 0; i < list.n; i++) {
		if (list.v[i] == value || list.v[i] == ANY)
			return true;
	}
	return false;
}

static market_slice_t
text_at(const market__point_t *point, market__axis_t axis)
{
	switch (axis) {
	case MARKET__AXIS_MODEL: return point->model;
	case MARKET__AXIS_TERRITORY: return point->territory;
	case MARKET__AXIS_MARKETPLACE: return point->marketplace;
	case MARKET__AXIS_CHANNEL:
	case MARKET__AXIS_CONDITION: break;
	}
	return market__slice(NULL, 0);
}

static uint32_t
number_at(const market__point_t *point, market__axis_t axis)
{
	return axis == MARKET__AXIS_CHANNEL ? (uint32_t)point->channel
					    : (uint32_t)point->condition;
}

/* ---- contains ---- */

static bool
axis_contains(const market__scope_t *scope, const market__point_t *point,
    market__axis_t axis)
{
	/* An unspecified value is unknown: even ANY does not vouch for it. */
	if (is_enum(axis))
		return number_at(point, axis) != 0 &&
		    numbers_have(
			numbers_of(scope, axis), number_at(point, axis));
	if (axis == MARKET__AXIS_TERRITORY)
		return market__territories_contain(
			   scope->territories, point->territory) &&
		    !market__territories_overlap(
			scope->excluded_territories, point->territory);
	return texts_have(texts_of(scope, axis), text_at(point, axis), NULL);
}

bool
market__scope_contains(const market__scope_t *scope,
    const market__point_t *point, bool failed[MARKET__AXES])
{
	bool all = true;
	int axis;

	if (scope == NULL)
		scope = &nothing;
	for (axis = 0; axis < MARKET__AXES; axis++) {
		bool has = axis_contains(scope, point, (market__axis_t)axis);

		if (failed != NULL)
			failed[axis] = !has;
		all = all && has;
	}
	return all;
}

/* ---- overlaps ---- */

/* Of two territories that overlap, the one inside the other. */
static market_slice_t
narrower(market_slice_t a, market_slice_t b)
{
	return market__territory_contains(a, b) ? b : a;
}

/* Is a part of the territory in the scope's list and not excluded again? */
static bool
territory_overlaps(const market__scope_t *scope, market_slice_t territory)
{
	size_t i;

	for (i = 0; i < scope->territories.n; i++) {
		market_slice_t other = scope->territories.v[i];

		if (market__territory_overlaps(other, territory) &&
		    !market__territories_contain(scope->excluded_territories,
			narrower(other, territory)))
			return true;
	}
	return false;
}

bool
market__scope_overlaps(
    const market__scope_t *scope, const market__point_t *point)
{
	if (scope == NULL)
		return false;
	return texts_have(scope->models, point->model, NULL) &&
	    texts_have(scope->marketplaces, point->marketplace, NULL) &&
	    numbers_have(scope->channels, (uint32_t)point->channel) &&
	    numbers_have(scope->conditions, (uint32_t)point->condition) &&
	    territory_overlaps(scope, point->territory);
}

/* ---- within ---- */

/*
 * The part of the child's territory `i` that the parent does not permit:
 * true with that part in *ret_part. Where the child itself excludes the whole
 * of it nothing is left to permit. A parent's exclusion that reaches into it
 * must be inside one of the child's: the child says for itself what it leaves
 * out, it does not inherit it.
 */
static bool
territory_wider(const market__scope_t *child, const market__scope_t *parent,
    size_t i, market_slice_t *ret_part)
{
	market_slice_t own = child->territories.v[i];
	size_t x;

	if (market__territories_contain(child->excluded_territories, own))
		return false;
	if (!market__territories_contain(parent->territories, own)) {
		*ret_part = own;
		return true;
	}
	for (x = 0; x < parent->excluded_territories.n; x++) {
		market_slice_t cut = parent->excluded_territories.v[x];

		if (market__territory_overlaps(cut, own) &&
		    !market__territories_contain(
			child->excluded_territories, cut)) {
			*ret_part = narrower(cut, own);
			return true;
		}
	}
	return false;
}

/* The child's value number `i` goes beyond the parent; text axes. */
static bool
text_wider(const market__scope_t *child, const market__scope_t *parent,
    market__axis_t axis, size_t i, size_t *hint, market_slice_t *ret_part)
{
	if (axis == MARKET__AXIS_TERRITORY)
		return territory_wider(child, parent, i, ret_part);
	*ret_part = texts_of(child, axis).v[i];
	return !texts_have(texts_of(parent, axis), *ret_part, hint);
}

static bool
axis_wider(const market__scope_t *child, const market__scope_t *parent,
    market__axis_t axis)
{
	market_slice_t part;
	size_t i, hint = 0;

	if (is_enum(axis)) {
		market__numbers_t own = numbers_of(child, axis);

		for (i = 0; i < own.n; i++) {
			if (!numbers_have(numbers_of(parent, axis), own.v[i]))
				return true;
		}
		return false;
	}
	for (i = 0; i < texts_of(child, axis).n; i++) {
		if (text_wider(child, parent, axis, i, &hint, &part))
			return true;
	}
	return false;
}

bool
market__scope_within(const market__scope_t *child,
    const market__scope_t *parent, bool wider[MARKET__AXES])
{
	bool inside = true;
	int axis;

	if (child == NULL)
		child = &nothing;
	if (parent == NULL)
		parent = &nothing;
	for (axis = 0; axis < MARKET__AXES; axis++) {
		bool out = axis_wider(child, parent, (market__axis_t)axis);

		if (wider != NULL)
			wider[axis] = out;
		inside = inside && !out;
	}
	return inside;
}

/* ---- explain ---- */

#define SHOWN_VALUES 8
#define SHOWN_BYTES  60

/* A list being written: what is beyond the first few is only counted. */
typedef struct list {
	market__text_t *text;
	size_t n;
} list_t;

/* true when the next value is to be written. */
static bool
list_next(list_t *list)
{
	if (++list->n > SHOWN_VALUES)
		return false;
	if (list->n > 1)
		market__text_puts(list->text, ", ");
	return true;
}

static void
list_text(list_t *list, market_slice_t value)
{
	if (!list_next(list))
		return;
	if (value.len <= SHOWN_BYTES) {
		market__text_escaped(list->text, value);
		return;
	}
	market__text_escaped(list->text, market__slice(value.ptr, SHOWN_BYTES));
	market__text_puts(list->text, "...");
}

static void
list_number(list_t *list, market__axis_t axis, uint32_t value)
{
	const char *name = NULL;

	if (!list_next(list))
		return;
	if (axis == MARKET__AXIS_CHANNEL)
		name = market_channel_name((market_channel_t)value);
	else
		name = market_condition_name((market_condition_t)value);
	if (name != NULL)
		market__text_puts(list->text, name);
	else
		market__text_printf(list->text, "%u", (unsigned)value);
}

static void
list_end(const list_t *list)
{
	if (list->n == 0)
		market__text_puts(list->text, "nothing");
	else if (list->n > SHOWN_VALUES)
		market__text_printf(
		    list->text, " and %zu more", list->n - SHOWN_VALUES);
}

static void
write_texts(market__text_t *text, market__slices_t values)
{
	list_t list = { text, 0 };
	size_t i;

	for (i = 0; i < values.n; i++)
		list_text(&list, values.v[i]);
	list_end(&list);
}

/* The whole list of an axis, as the scope's author wrote it. */
static void
write_axis(
    market__text_t *text, const market__scope_t *scope, market__axis_t axis)
{
	list_t list = { text, 0 };
	size_t i;

	if (is_enum(axis)) {
		market__numbers_t values = numbers_of(scope, axis);

		for (i = 0; i < values.n; i++)
			list_number(&list, axis, values.v[i]);
		list_end(&list);
		return;
	}
	write_texts(text, texts_of(scope, axis));
	if (axis == MARKET__AXIS_TERRITORY && scope->territories.n > 0 &&
	    scope->excluded_territories.n > 0) {
		market__text_puts(text, " except ");
		write_texts(text, scope->excluded_territories);
	}
}

void
market__scope_explain_contains(const market__scope_t *scope,
    const market__point_t *point, market__axis_t axis, market__text_t *got,
    market__text_t *want)
{
	list_t list = { got, 0 };

	if (is_enum(axis))
		list_number(&list, axis, number_at(point, axis));
	else
		list_text(&list, text_at(point, axis));
	write_axis(want, scope != NULL ? scope : &nothing, axis);
}

void
market__scope_explain_within(const market__scope_t *child,
    const market__scope_t *parent, market__axis_t axis, market__text_t *got,
    market__text_t *want)
{
	list_t list = { got, 0 };
	market_slice_t part;
	size_t i, hint = 0;

	if (child == NULL)
		child = &nothing;
	if (parent == NULL)
		parent = &nothing;
	if (is_enum(axis)) {
		market__numbers_t own = numbers_of(child, axis);

		for (i = 0; i < own.n; i++) {
			if (!numbers_have(numbers_of(parent, axis), own.v[i]))
				list_number(&list, axis, own.v[i]);
		}
	} else {
		for (i = 0; i < texts_of(child, axis).n; i++) {
			if (text_wider(child, parent, axis, i, &hint, &part))
				list_text(&list, part);
		}
	}
	list_end(&list);
	write_axis(want, parent, axis);
}

const char *
market__axis_name(market__axis_t axis)
{
	switch (axis) {
	case MARKET__AXIS_MODEL: return "model";
	case MARKET__AXIS_TERRITORY: return "territory";
	case MARKET__AXIS_CHANNEL: return "channel";
	case MARKET__AXIS_MARKETPLACE: return "marketplace";
	case MARKET__AXIS_CONDITION: return "condition";
	}
	return NULL;
}

const char *
market__axis_field(market__axis_t axis)
{
	switch (axis) {
	case MARKET__AXIS_MODEL: return "models";
	case MARKET__AXIS_TERRITORY: return "territories";
	case MARKET__AXIS_CHANNEL: return "channels";
	case MARKET__AXIS_MARKETPLACE: return "marketplaces";
	case MARKET__AXIS_CONDITION: return "conditions";
	}
	return NULL;
}
