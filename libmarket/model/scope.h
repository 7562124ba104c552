/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The algebra of scopes. On every axis an empty list is nothing and "*" (ANY
 * for enums) is everything; a scope that is absent (NULL) has five empty axes.
 * Values match exactly: "*?[" inside a value, and case, mean themselves. Only
 * territories have a hierarchy (model/territory.h).
 *
 * What permits must contain the point on every axis; what forbids applies
 * where it overlaps on every axis.
 */
#ifndef MARKET_MODEL_SCOPE_H
#define MARKET_MODEL_SCOPE_H

#include "wire/message.h"

typedef enum market__axis {
	MARKET__AXIS_MODEL,
	MARKET__AXIS_TERRITORY,
	MARKET__AXIS_CHANNEL,
	MARKET__AXIS_MARKETPLACE,
	MARKET__AXIS_CONDITION
} market__axis_t;

#define MARKET__AXES 5

/* One cell as a scope sees it: concrete values, no "*" and no ANY. */
typedef struct market__point {
	market_slice_t model;
	market_slice_t territory;
	market_slice_t marketplace;
	market_channel_t channel;
	market_condition_t condition;
} market__point_t;

/*
 * The scope permits the point: each axis has the value, and no excluded
 * territory overlaps the point's. `failed` (may be NULL) is set for each axis.
 */
bool market__scope_contains(const market__scope_t *scope,
    const market__point_t *point, bool failed[MARKET__AXES]);

/*
 * The scope forbids the point, or a part of it: each axis overlaps. A
 * territory that the scope excludes takes back what lies wholly inside it.
 */
bool market__scope_overlaps(
    const market__scope_t *scope, const market__point_t *point);

/*
 * On each axis, every point that the child's list permits is permitted by the
 * parent's, exclusions included. `wider` (may be NULL) is set for each axis.
 */
bool market__scope_within(const market__scope_t *child,
    const market__scope_t *parent, bool wider[MARKET__AXES]);

/*
 * The two values compared on an axis that failed: `got` is what was asked for
 * and is not covered (the point's value; or the child's values that the parent
 * does not have), `want` the scope's or parent's list. Bytes are escaped, long
 * values and lists cut and told so, hence each text takes at most
 * MARKET__EXPLAIN_MAX bytes.
 */
#define MARKET__EXPLAIN_MAX 4096
void market__scope_explain_contains(const market__scope_t *scope,
    const market__point_t *point, market__axis_t axis, market__text_t *got,
    market__text_t *want);
void market__scope_explain_within(const market__scope_t *child,
    const market__scope_t *parent, market__axis_t axis, market__text_t *got,
    market__text_t *want);

/* "model", "territory" ...: the axis for a person. */
const char *market__axis_name(market__axis_t axis);
/* "models", "territories" ...: the field of a Scope in the schema. */
const char *market__axis_field(market__axis_t axis);

#endif
