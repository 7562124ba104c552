/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a buyer gets: the device's bands against the deployments in force,
 * counting only bands that every required certification covers. Bands are
 * compared by number (3GPP TS 36.101, 38.101, 25.101, 45.005), never by MHz.
 */
#include "model/band.h"
#include "verify/certification.h"

/* One cell's radio, asked again for each instant at which it may change. */
typedef struct radio {
	market__eval_t *e;
	const market__network_t *own;
	const market__network_t *host; /* NULL: no MVNO */
	const market__radio_t *device;
	const market__certifications_t *certifications;
	market__text_t *bands;        /* that are common, if asked for */
	market__findings_t *findings; /* bands not certified, if asked for */
} radio_t;

/* The answer at one instant. */
typedef struct outcome {
	market_service_t service; /* at least this */
	bool unknown;             /* an unknown RAT might give more */
	market__voice_t voice;
} outcome_t;

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
cut_by_mvno(
    const radio_t *r, const market__deployment_t *deployment, int64_t at)
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
certified(const radio_t *r, market_rat_t rat, uint32_t band)
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
name_band(const radio_t *r, market_rat_t rat, uint32_t band,
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
best_match(const radio_t *r, market_rat_t rat, uint32_t band, int64_t at)
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

static bool
common(const radio_t *r, market_rat_t rat, int64_t at)
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
deployed(const radio_t *r, market_rat_t rat, int64_t at)
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

static bool
has_feature(const market__radio_t *device, market_feature_t feature)
{
	size_t i;

	for (i = 0; i < device->features.n; i++)
		if (device->features.v[i] == (uint32_t)feature)
			return true;
	return false;
}

static market__voice_t
voice(const radio_t *r, const bool has[MARKET_RAT_NR + 1])
{
	if (has[MARKET_RAT_GSM] || has[MARKET_RAT_UMTS] ||
	    (has[MARKET_RAT_LTE] &&
		has_feature(r->device, MARKET_FEATURE_VOLTE)) ||
	    (has[MARKET_RAT_NR] && has_feature(r->device, MARKET_FEATURE_VONR)))
		return MARKET__VOICE_YES;
	if (!has[MARKET_RAT_LTE] && !has[MARKET_RAT_NR])
		return MARKET__VOICE_NO;
	/* A product that lists no feature at all has not said "no". */
	return r->device->features.n == 0 ? MARKET__VOICE_UNKNOWN
					  : MARKET__VOICE_NO;
}

static outcome_t
outcome_at(const radio_t *r, int64_t at)
{
	static const market_rat_t rats[] = { MARKET_RAT_GSM, MARKET_RAT_UMTS,
		MARKET_RAT_LTE, MARKET_RAT_NR };
	bool has[MARKET_RAT_NR + 1] = { false };
	outcome_t outcome = { MARKET_SERVICE_NONE, false,
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
		has[rats[i]] = common(r, rats[i], at);
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
loses_band(const radio_t *r, const outcome_t *now, int64_t then)
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
static int64_t
until(const radio_t *r, const outcome_t *now)
{
	int64_t instant = r->e->at, next;
	outcome_t then;

	for (;;) {
		next = INT64_MAX;
		next_change(r->own, instant, &next);
		next_change(r->host, instant, &next);
		if (next == INT64_MAX)
			return INT64_MAX;
		then = outcome_at(r, next);
		if (then.service != now->service ||
		    then.unknown != now->unknown || then.voice != now->voice ||
		    loses_band(r, now, next))
			return next;
		instant = next;
	}
}

static void
check_features(market__eval_t *e, const market__verified_t *network,
    const market__radio_t *device)
{
	market__numbers_t needed =
	    market__message(network)->of.network.required_features;
	market__about_t about = { 0 };
	market_feature_t feature;
	size_t i;

	about.path = "radio.features";
	about.evidence = network->statement;
	for (i = 0; i < needed.n; i++) {
		feature = (market_feature_t)needed.v[i];
		if (has_feature(device, feature))
			continue;
		about.want = market_feature_name(feature);
		market__add_finding(e, &e->findings,
		    MARKET_CODE_FEATURE_MISSING, &about,
		    "%s requires %s, and the product does not have it",
		    market__show(
			e, market__message(network)->of.network.network),
		    about.want);
	}
}

static void
due(market__eval_t *e, market__clearance_t *clearance)
{
	market_disclosure_t by_service[] = {
		[MARKET_SERVICE_UNSPECIFIED] = MARKET_DISCLOSURE_UNSPECIFIED,
		[MARKET_SERVICE_NONE] = MARKET_DISCLOSURE_WIFI_ONLY,
		[MARKET_SERVICE_2G] = MARKET_DISCLOSURE_SERVICE_2G_ONLY,
		[MARKET_SERVICE_3G] = MARKET_DISCLOSURE_SERVICE_3G_ONLY,
		[MARKET_SERVICE_4G] = MARKET_DISCLOSURE_SERVICE_4G_ONLY,
		[MARKET_SERVICE_5G] = MARKET_DISCLOSURE_UNSPECIFIED,
	};
	market_disclosure_t disclosure = by_service[clearance->service];

	if (clearance->service < e->policy->disclose_below &&
	    disclosure != MARKET_DISCLOSURE_UNSPECIFIED)
		clearance->disclosures[clearance->n_disclosures++] = disclosure;
	/* Wi-Fi only says already that there are no calls. */
	if (clearance->voice == MARKET__VOICE_NO &&
	    clearance->service > MARKET_SERVICE_NONE)
		clearance->disclosures[clearance->n_disclosures++] =
		    MARKET_DISCLOSURE_NO_VOICE;
}

static void
tell_limited(market__eval_t *e, const market__clearance_t *clearance,
    const market__text_t *bands, int64_t end)
{
	const char *service = market_service_name(clearance->service);
	market__about_t about = { 0 };

	about.got = service;
	if (clearance->service == MARKET_SERVICE_NONE)
		market__add_finding(e, &e->findings,
		    MARKET_CODE_SERVICE_LIMITED, &about,
		    "no mobile service: no common certified band, Wi-Fi only");
	else
		market__add_finding(e, &e->findings,
		    MARKET_CODE_SERVICE_LIMITED, &about, "%s on %s until %s%s",
		    service, bands->data == NULL ? "" : bands->data,
		    end == INT64_MAX ? "further notice"
				     : market__show_time(e, end),
		    clearance->voice == MARKET__VOICE_NO ? ", without calls"
							 : "");
	if (clearance->voice == MARKET__VOICE_UNKNOWN)
		market__add_finding(e, &e->findings, MARKET_CODE_VOICE_UNKNOWN,
		    NULL,
		    "whether calls work cannot be told: there is no 2G or 3G, "
		    "and the product lists no features");
}

static void
tell_unknown(market__eval_t *e, const market__radio_t *device)
{
	const char *text = NULL, *name;
	market__about_t about = { 0 };
	size_t i;

	for (i = 0; device != NULL && i < device->unknown_rats.n; i++) {
		name = market_rat_name((market_rat_t)device->unknown_rats.v[i]);
		text = text == NULL ? name
				    : market__format(e, "%s, %s", text, name);
	}
	about.path = device == NULL ? "radio" : "radio.unknown_rats";
	about.got = text == NULL ? "nothing known" : text;
	market__add_finding(e, &e->findings, MARKET_CODE_BANDS_UNKNOWN, &about,
	    "the product's bands of %s are not known, and might decide what "
	    "service it gets",
	    text == NULL ? "every RAT" : text);
	market__missing(e,
	    market__format(e, "bands of %s %s in its product statement",
		market__show(e, e->question->brand),
		market__show(e, e->question->model)));
}

static void
judge(market__eval_t *e, const radio_t *r, const outcome_t *now,
    const market__text_t *bands, const market__verified_t *network,
    market__clearance_t *clearance)
{
	market__about_t about = { 0 };
	int64_t end = until(r, now);

	market__limit(e, network, end);
	clearance->voice = now->voice;
	if (now->unknown) {
		tell_unknown(e, r->device);
		/* At least what is known: enough, or not yet. */
		return;
	}
	clearance->service = now->service;
	if (now->service < e->policy->minimum_service) {
		about.got = market_service_name(now->service);
		about.want = market_service_name(e->policy->minimum_service);
		market__add_finding(e, &e->findings,
		    MARKET_CODE_SERVICE_BELOW_MINIMUM, &about,
		    "the best common service is %s, and the policy's minimum "
		    "is %s",
		    about.got, about.want);
	}
	due(e, clearance);
	tell_limited(e, clearance, bands, end);
}

/*
 * A certification that names no bands has not said that it covers none, so
 * what the buyer gets cannot be told.
 */
static bool
bands_are_certified(
    market__eval_t *e, const market__certifications_t *certifications)
{
	const market__certification_t *certification;
	market__about_t about = { 0 };
	bool known = true;
	size_t i;

	about.path = "bands";
	for (i = 0; i < certifications->n; i++) {
		certification =
		    &market__message(certifications->v[i])->of.certification;
		/* What forbids does so on all bands. */
		if (certification->n_bands > 0 ||
		    market__state_forbids(certification->state))
			continue;
		known = false;
		about.evidence = certifications->v[i]->statement;
		market__add_finding(e, &e->findings, MARKET_CODE_BANDS_UNKNOWN,
		    &about,
		    "the %s certification by %s does not say which bands it "
		    "covers",
		    market__show(e, certification->scheme),
		    market__show(e, market__header(about.evidence)->issuer));
	}
	return known;
}

void
market__rule_compatibility(market__eval_t *e,
    const market__networks_t *networks, const market__product_t *product,
    const market__certifications_t *certifications,
    market__clearance_t *clearance)
{
	market__text_t bands;
	radio_t r = { 0 };
	outcome_t now;

	clearance->service = MARKET_SERVICE_UNSPECIFIED;
	if (product == NULL || networks->own == NULL)
		return;
	r.e = e;
	r.own = &market__message(networks->own)->of.network;
	r.certifications = certifications;
	r.device = product->radio;
	if (r.device == NULL) {
		tell_unknown(e, NULL);
		return;
	}
	check_features(e, networks->own, r.device);
	if (networks->host != NULL) {
		r.host = &market__message(networks->host)->of.network;
		check_features(e, networks->host, r.device);
	} else if (r.own->host_network.len > 0) {
		return; /* the host's network is not known, and told so */
	}
	if (!bands_are_certified(e, certifications))
		return;
	r.findings = &e->findings;
	now = outcome_at(&r, e->at);
	r.findings = NULL;
	market__text_init(&bands, e->arena->allocator, 1 << 20);
	if (now.service > MARKET_SERVICE_NONE) {
		r.bands = &bands;
		common(&r, (market_rat_t)(now.service - MARKET_SERVICE_NONE),
		    e->at);
		r.bands = NULL;
	}
	if (bands.status != MARKET_OK && e->status == MARKET_OK)
		e->status = bands.status;
	judge(e, &r, &now, &bands,
	    networks->host != NULL ? networks->host : networks->own, clearance);
	market__text_clear(&bands);
}
