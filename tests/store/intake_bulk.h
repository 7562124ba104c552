/* SPDX-License-Identifier: Apache-2.0 */
/* Large feeds of a.example, the seller of tests/bench/kit.h, in files. */
#ifndef TESTS_STORE_INTAKE_BULK_H
#define TESTS_STORE_INTAKE_BULK_H

#include "kit.h"

/* Offers number `first`, `first` + `step` ...; all are permitted. */
typedef struct bulk {
	unsigned long revision, n, first, step;
} bulk_t;

/* The offer's id; and the listing's. Each good until its next call. */
const char *bulk_id(const bulk_t *bulk, unsigned long i);
const char *bulk_listing(const bulk_t *bulk, unsigned long i);

/* The signed list and its rows. */
void bulk_pack(kit_t *kit, const bulk_t *bulk, const char *path);

/* Takes the file in, at KIT_NOW; a callback's status, or MARKET_OK. `options`
 * may be NULL, and its size is set. */
market_status_t bulk_take(kit_t *kit, market_store_t *store, const char *path,
    const market_intake_options_t *options, market_intake_report_t *report,
    market_error_t *error);

#endif
