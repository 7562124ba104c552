/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a buyer gets in the cell: its service against the policy's minimum, the
 * features that the network requires, and what is to be disclosed.
 */
#include "verify/radio.h"

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
		if (market__radio_has_feature(device, feature))
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
	    market__format(e, "bands of %s %s in the product statement by %s",
		market__show(e, e->question->brand),
		market__show(e, e->question->model),
		market__brand_owners(e, e->question->brand)));
}

static void
judge(market__eval_t *e, const market__cell_radio_t *r,
    const market__radio_outcome_t *now, const market__text_t *bands,
    const market__verified_t *network, market__clearance_t *clearance)
{
	market__about_t about = { 0 };
	int64_t end = market__radio_until(r, now);

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
	market__cell_radio_t r = { 0 };
	market__radio_outcome_t now;

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
	now = market__radio_at(&r, e->at);
	r.findings = NULL;
	market__text_init(&bands, e->arena->allocator, 1 << 20);
	if (now.service > MARKET_SERVICE_NONE) {
		r.bands = &bands;
		market__radio_common(&r,
		    (market_rat_t)(now.service - MARKET_SERVICE_NONE), e->at);
		r.bands = NULL;
	}
	if (bands.status != MARKET_OK && e->status == MARKET_OK)
		e->status = bands.status;
	judge(e, &r, &now, &bands,
	    networks->host != NULL ? networks->host : networks->own, clearance);
	market__text_clear(&bands);
}
