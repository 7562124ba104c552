/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bands are compared by number (3GPP TS 36.101, 38.101, 25.101, 45.005), never
 * by MHz.
 */
#include "model/band.h"
#include "verify/radio.h"

static market__numbers_t
device_bands(const market__radio_t *device, market_rat_t rat)
{
	static const market__numbers_t none = { NULL, 0 };

	switch (rat) {
	case MARKET_RAT_GSM: return device->gsm_mhz;
	case MARKET_RAT_UMTS: return device->umts_bands;
	case MARKET_RAT_LTE: return device->lte_bands;
	case MARKET_RAT_NR: return device->nr_bands;
	case MARKET_RAT_UNSPECIFIED: break;
	}
	return none;
}

static bool
in_force(const market__deployment_t *deployment, int64_t at)
{
	return at >= deployment->from &&
	    (deployment->until == 0 || at < deployment->until);
}

/* An MVNO that lists deployments has those of its host's that it lists. */
static bool
cut_by_mvno(const market__cell_radio_t *r,
    const market__deployment_t *deployment, int64_t at)
{
	size_t i;

	if (r->host == NULL || r->own->n_deployments == 0)
		return false;
	for (i = 0; i < r->own->n_deployments; i++)
		if (r->own->deployments[i].rat == deployment->rat &&
		    r->own->deployments[i].band == deployment->band &&
		    in_force(&r->own->deployments[i], at))
			return false;
	return true;
}

static bool
certified_by(const market__certification_t *certification, market_rat_t rat,
    uint32_t band)
{
	size_t i;

	for (i = 0; i < certification->n_bands; i++)
		if (certification->bands[i].rat == rat &&
		    market__numbers_have(
			certification->bands[i].bands, UINT32_MAX, band))
			return true;
	return false;
}

static bool
certified(const market__cell_radio_t *r, market_rat_t rat, uint32_t band)
{
	const market__certification_t *certification;
	const market__verified_t *v;
	market__about_t about = { 0 };
	market__text_t text;
	bool all = true;
	size_t i;

	for (i = 0; i < r->certifications->n; i++) {
		v = r->certifications->v[i];
		certification = &market__message(v)->of.certification;
		if (certified_by(certification, rat, band))
			continue;
		all = false;
		if (r->findings == NULL)
			continue;
		market__text_init(&text, r->e->arena->allocator, 64);
		market__band_write(&text, rat, band);
		if (text.status != MARKET_OK && r->e->status == MARKET_OK)
			r->e->status = text.status;
		about.path = "bands";
		about.evidence = v->statement;
		about.got = market__format(r->e, "%s %s", market_rat_name(rat),
		    text.data == NULL ? "" : text.data);
		market__text_clear(&text);
		market__add_finding(r->e, r->findings,
		    MARKET_CODE_BAND_NOT_CERTIFIED, &about,
		    "%s is common, and the %s certification by %s does not "
		    "cover it",
		    about.got, market__show(r->e, certification->scheme),
		    market__show(r->e, market__header(v->statement)->issuer));
	}
	return all;
}

static void
name_band(const market__cell_radio_t *r, market_rat_t rat, uint32_t band,
    market__band_match_t match)
{
	if (r->bands == NULL)
		return;
	if (r->bands->len > 0)
		market__text_puts(r->bands, ", ");
	market__band_write(r->bands, rat, band);
	if (match == MARKET__BAND_PARTIAL)
		market__text_puts(r->bands, " (partly)");
}

/* Does this band of the device find a deployment that it can live on? */
static market__band_match_t
best_match(
    const market__cell_radio_t *r, market_rat_t rat, uint32_t band, int64_t at)
{
	const market__network_t *carrier = r->host != NULL ? r->host : r->own;
	market__band_match_t match, best = MARKET__BAND_NONE;
	const market__deployment_t *deployment;
	size_t i;

	if (!market__band_stands_alone(rat, band))
		return MARKET__BAND_NONE;
	for (i = 0; i < carrier->n_deployments; i++) {
		deployment = &carrier->deployments[i];
		if (deployment->rat != rat || !in_force(deployment, at))
			continue;
		/* Few match, and what an MVNO cuts costs a search of it. */
		match = market__band_match(rat, band, deployment->band);
		if (match <= best ||
		    !market__band_stands_alone(rat, deployment->band) ||
		    cut_by_mvno(r, deployment, at))
			continue;
		best = match;
	}
	return best;
}

bool
market__radio_common(
    const market__cell_radio_t *r, market_rat_t rat, int64_t at)
{
	market__numbers_t bands = device_bands(r->device, rat);
	market__band_match_t match;
	bool found = false;
	size_t i;

	for (i = 0; i < bands.n; i++) {
		match = best_match(r, rat, bands.v[i], at);
		if (match == MARKET__BAND_NONE ||
		    !certified(r, rat, bands.v[i]))
			continue;
		name_band(r, rat, bands.v[i], match);
		found = true;
	}
	return found;
}

static bool
deployed(const market__cell_radio_t *r, market_rat_t rat, int64_t at)
{
	const market__network_t *carrier = r->host != NULL ? r->host : r->own;
	size_t i;

	for (i = 0; i < carrier->n_deployments; i++)
		if (carrier->deployments[i].rat == rat &&
		    in_force(&carrier->deployments[i], at) &&
		    !cut_by_mvno(r, &carrier->deployments[i], at))
			return true;
	return false;
}

bool
market__radio_has_feature(
    const market__radio_t *device, market_feature_t feature)
{
	size_t i;

	for (i = 0; i < device->features.n; i++)
		if (device->features.v[i] == (uint32_t)feature)
			return true;
	return false;
}

static market__voice_t
voice(const market__cell_radio_t *r, const bool has[MARKET_RAT_NR + 1])
{
	if (has[MARKET_RAT_GSM] || has[MARKET_RAT_UMTS] ||
	    (has[MARKET_RAT_LTE] &&
		market__radio_has_feature(r->device, MARKET_FEATURE_VOLTE)) ||
	    (has[MARKET_RAT_NR] &&
		market__radio_has_feature(r->device, MARKET_FEATURE_VONR)))
		return MARKET__VOICE_YES;
	if (!has[MARKET_RAT_LTE] && !has[MARKET_RAT_NR])
		return MARKET__VOICE_NO;
	/* A product that lists no feature at all has not said "no". */
	return r->device->features.n == 0 ? MARKET__VOICE_UNKNOWN
					  : MARKET__VOICE_NO;
}

market__radio_outcome_t
market__radio_at(const market__cell_radio_t *r, int64_t at)
{
	static const market_rat_t rats[] = { MARKET_RAT_GSM, MARKET_RAT_UMTS,
		MARKET_RAT_LTE, MARKET_RAT_NR };
	bool has[MARKET_RAT_NR + 1] = { false };
	market__radio_outcome_t outcome = { MARKET_SERVICE_NONE, false,
		MARKET__VOICE_UNKNOWN };
	market_service_t service;
	bool unknown_rat = false;
	size_t i;

	for (i = 0; i < MARKET__COUNT(rats); i++) {
		service = (market_service_t)(MARKET_SERVICE_NONE + rats[i]);
		if (market__numbers_have(
			r->device->unknown_rats, UINT32_MAX, rats[i])) {
			if (deployed(r, rats[i], at)) {
				outcome.unknown = true;
				unknown_rat = true;
			}
			continue;
		}
		has[rats[i]] = market__radio_common(r, rats[i], at);
		if (has[rats[i]]) {
			outcome.service = service;
			outcome.unknown = false;
		}
	}
	outcome.voice = voice(r, has);
	if (outcome.voice == MARKET__VOICE_NO && unknown_rat)
		outcome.voice = MARKET__VOICE_UNKNOWN;
	return outcome;
}

static void
next_change(const market__network_t *network, int64_t after, int64_t *next)
{
	const market__deployment_t *deployment;
	size_t i;

	for (i = 0; network != NULL && i < network->n_deployments; i++) {
		deployment = &network->deployments[i];
		if (deployment->from > after && deployment->from < *next)
			*next = deployment->from;
		if (deployment->until > after && deployment->until < *next)
			*next = deployment->until;
	}
}

/* Does the best service lose a band by then that it has now? */
static bool
loses_band(const market__cell_radio_t *r, const market__radio_outcome_t *now,
    int64_t then)
{
	market_rat_t rat = (market_rat_t)(now->service - MARKET_SERVICE_NONE);
	market__numbers_t bands = device_bands(r->device, rat);
	size_t i;

	for (i = 0; i < bands.n; i++)
		if (best_match(r, rat, bands.v[i], then) <
			best_match(r, rat, bands.v[i], r->e->at) &&
		    certified(r, rat, bands.v[i]))
			return true;
	return false;
}

/*
 * The first instant at which the service is another, or a band ends that it
 * rests on; INT64_MAX if there is none.
 */
int64_t
market__radio_until(
    const market__cell_radio_t *r, const market__radio_outcome_t *now)
{
	int64_t instant = r->e->at, next;
	market__radio_outcome_t then;

	for (;;) {
		next = INT64_MAX;
		next_change(r->own, instant, &next);
		next_change(r->host, instant, &next);
		if (next == INT64_MAX)
			return INT64_MAX;
		then = market__radio_at(r, next);
		if (then.service != now->service ||
		    then.unknown != now->unknown || then.voice != now->voice ||
		    loses_band(r, now, next))
			return next;
		instant = next;
	}
}
