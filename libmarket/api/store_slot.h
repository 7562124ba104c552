/* SPDX-License-Identifier: Apache-2.0 */
/* A slot while it is loaded: between the files of it. */
#ifndef MARKET_API_STORE_SLOT_H
#define MARKET_API_STORE_SLOT_H

#include "api/store_evidence.h"

/* One verified statement on its way to a slot. */
typedef struct market__member {
	market__fact_t *fact;
	size_t ground;
	market__verified_t *verified;
	bool counts; /* is evidence under the root that rules */
} market__member_t;

typedef struct market__loading {
	market__call_t *call;
	market__shelved_t *shelf;
	market_slice_t key;
	market__member_t *v;
	size_t n, capacity;
	size_t rests_capacity;
	size_t facts_capacity;
	market_slice_t *key_slots;
	size_t key_slots_capacity;
} market__loading_t;

/* store_member.c: the slot is another one when that slot moves. */
market_status_t market__loading_rest_on(
    market__loading_t *l, market_slice_t key);

/* The statement of the row, on each of its grounds, and what it stands on. */
market_status_t market__loading_add_row(
    market__loading_t *l, const market__statement_row_t *row);

/* All revisions of a row's name. */
market_status_t market__loading_add_name(
    market__loading_t *l, const market__statement_row_t *row);

#endif
