/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Territories: ISO 3166-1 alpha-2 countries and their ISO 3166-2
 * subdivisions. A country contains its subdivisions, "*" contains every
 * territory, and nothing else is implied: no union, no overseas part, no
 * dependency. Matching is exact, without case folding.
 */
#ifndef MARKET_MODEL_TERRITORY_H
#define MARKET_MODEL_TERRITORY_H

#include "wire/message.h"

/*
 * A code that ISO 3166-1 assigns officially ("US"), or the form of an ISO
 * 3166-2 code beneath one ("US-CA": one to three capitals or digits). "*" is
 * no territory.
 */
bool market__territory_valid(market_slice_t territory);

/* Equal, or `outer` is "*", or the country of the subdivision `inner`. */
bool market__territory_contains(market_slice_t outer, market_slice_t inner);

/* Either contains the other. */
bool market__territory_overlaps(market_slice_t a, market_slice_t b);

/* Some element contains, or overlaps, the territory; never an empty list's. */
bool market__territories_contain(
    market__slices_t list, market_slice_t territory);
bool market__territories_overlap(
    market__slices_t list, market_slice_t territory);

#endif
