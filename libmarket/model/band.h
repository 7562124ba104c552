/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Radio bands by RAT and number: GSM in MHz (3GPP TS 45.005), UMTS FDD (TS
 * 25.101), LTE (TS 36.101), NR (TS 38.101-1, -2 and -5). Bands are compared
 * by number, never by MHz: "700" is B12, B13, B14 or B17 in one country and
 * B28 in another.
 */
#ifndef MARKET_MODEL_BAND_H
#define MARKET_MODEL_BAND_H

#include "wire/message.h"

typedef enum market__band_match {
	MARKET__BAND_NONE,
	MARKET__BAND_PARTIAL, /* one is a subset band of the other */
	MARKET__BAND_FULL     /* the same band */
} market__band_match_t;

/* NONE also for two equal numbers that are no band of the RAT. */
market__band_match_t market__band_match(
    market_rat_t rat, uint32_t device_band, uint32_t network_band);

/* The standards of the RAT define the band. */
bool market__band_known(market_rat_t rat, uint32_t band);

/* Every frequency of `band` belongs to `superset`, another band, too. */
bool market__band_subset(market_rat_t rat, uint32_t band, uint32_t superset);

/* Supplementary downlink: a device cannot answer in it. */
bool market__band_downlink_only(market_rat_t rat, uint32_t band);

/*
 * Nothing works in it without a band of another kind beside it: licensed
 * assisted access (LTE), supplementary uplink (NR), sidelink between vehicles.
 * NR n46 is not among them: NR-U also stands alone (TS 38.300, 5.6.1).
 */
bool market__band_needs_anchor(market_rat_t rat, uint32_t band);

/* Known, and able to give service when it is the only common band. */
bool market__band_stands_alone(market_rat_t rat, uint32_t band);

/* "B4", "n71", "850 MHz", for a person. */
void market__band_write(market__text_t *text, market_rat_t rat, uint32_t band);

#endif
