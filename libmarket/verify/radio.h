/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The radio of one cell: the device's bands against the deployments in force
 * at an instant, counting only bands that every required certification covers.
 */
#ifndef MARKET_VERIFY_RADIO_H
#define MARKET_VERIFY_RADIO_H

#include "verify/certification.h"

/* One cell's radio, asked again for each instant at which it may change. */
typedef struct market__cell_radio {
	market__eval_t *e;
	const market__network_t *own;
	const market__network_t *host; /* NULL: no MVNO */
	const market__radio_t *device;
	const market__certifications_t *certifications;
	market__text_t *bands;        /* that are common, if asked for */
	market__findings_t *findings; /* bands not certified, if asked for */
} market__cell_radio_t;

/* The answer at one instant. */
typedef struct market__radio_outcome {
	market_service_t service; /* at least this */
	bool unknown;             /* an unknown RAT might give more */
	market__voice_t voice;
} market__radio_outcome_t;

market__radio_outcome_t market__radio_at(
    const market__cell_radio_t *r, int64_t at);

/*
 * The first instant at which the service is another, or a band ends that it
 * rests on; INT64_MAX if there is none.
 */
int64_t market__radio_until(
    const market__cell_radio_t *r, const market__radio_outcome_t *now);

/* Is any band of the RAT common? Names those that are in r->bands. */
bool market__radio_common(
    const market__cell_radio_t *r, market_rat_t rat, int64_t at);

bool market__radio_has_feature(
    const market__radio_t *device, market_feature_t feature);

#endif
