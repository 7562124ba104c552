/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the two halves of the certification rules: how one certification
 * stands (candidate.c), and what follows for a scheme (certification.c).
 */
#ifndef MARKET_VERIFY_CERTIFICATION_H
#define MARKET_VERIFY_CERTIFICATION_H

#include "verify/internal.h"

/* Schemes that one cell may require, prerequisites included. */
#define MARKET__SCHEMES_MAX 64

/* Certifications that one may rest on, one upon the other. */
#define MARKET__PARENTS_MAX 64

/* Schemes looked into for one cell; one may be a prerequisite of many. */
#define MARKET__RESOLUTIONS_MAX 1024

/* The search for one scheme's certifications. */
typedef struct market__search {
	market__eval_t *e;
	const market__networks_t *networks;
	market__slot_t slot;
	market__certifications_t *found;
	market_slice_t
	    visiting[MARKET__SCHEMES_MAX]; /* schemes, outermost first */
	size_t n_visiting;
	size_t n_resolutions;
	bool exhausted;
} market__search_t;

static inline const market__certification_t *
market__certification(const market__verified_t *verified)
{
	return &market__message(verified)->of.certification;
}

/* The host of the cell's network; empty where it is none's MVNO. */
market_slice_t market__cell_host(const market__networks_t *networks);

/* Does the issuer's role reach this cell? */
bool market__issuer_counts(
    const market__search_t *s, const market__verified_t *verified);

/* Only the host's carrier can say that its network takes the device. */
bool market__issuer_suffices(
    const market__search_t *s, const market__verified_t *verified);

/* A state that forbids applies where it overlaps. */
bool market__state_forbids(market_certification_state_t state);

/* Refused, revoked, withdrawn, void: such a state stands for ever. */
bool market__state_is_final(market_certification_state_t state);

/* Does it speak of these versions, this network and this territory? */
void market__check_coverage(market__search_t *s,
    const market__verified_t *verified, market__findings_t *findings);

/* A certification that has ended stays ended, whatever its next revision. */
void market__check_transition(market__search_t *s,
    const market__verified_t *verified, market__findings_t *findings);

/* A variant or maintenance release rests on the certification before it. */
void market__check_parent(market__search_t *s,
    const market__verified_t *verified, market__findings_t *findings,
    int64_t *until);

/*
 * What takes away counts although its keys fell, for all of its forks, and,
 * where it is final, past its end and its own withdrawal.
 */
void market__drop_moot(
    const market__verified_t *verified, market__findings_t *findings);

#endif
