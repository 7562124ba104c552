/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The offer itself: its attributes, in the terms of Google Merchant and
 * schema.org. All faults are told at once, each with its field.
 */
#include <market/identifier.h>

#include "model/territory.h"
#include "model/valid.h"
#include "model/validate.h"
#include "verify/internal.h"

#define CELLS_MAX 256

static const market__offer_t *
offer_of(const market_statement_t *statement)
{
	return &statement->message->of.offer;
}

static void
missing(market__eval_t *e, const char *path, const char *what)
{
	market__about_t about = { 0 };

	about.path = path;
	market__add_finding(e, &e->findings,
	    MARKET_CODE_OFFER_ATTRIBUTE_MISSING, &about, "%s is missing: %s",
	    path, what);
}

static void
invalid(market__eval_t *e, market_code_t code, const char *path,
    market_slice_t got, const char *why)
{
	market__about_t about = { 0 };

	about.path = path;
	about.got = market__show(e, got);
	market__add_finding(
	    e, &e->findings, code, &about, "%s is not valid: %s", path, why);
}

/* A text that is compared with what others sign. */
static void
label(market__eval_t *e, market_slice_t text, const char *path, bool needed,
    const char *what)
{
	if (text.len == 0) {
		if (needed)
			missing(e, path, what);
		return;
	}
	if (market__slice_is(text, "*"))
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID, path, text,
		    "an offer names one value and never \"*\"");
	else if (!market__label_valid(text))
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID, path, text,
		    "only printable ASCII, at most 256 characters, without a "
		    "blank at either end");
}

static void
check_party(market__eval_t *e, market_slice_t party, const char *path)
{
	market_error_t error = MARKET_ERROR_INIT;

	if (party.len > 0 && market_party_check(party, &error) != MARKET_OK)
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID, path, party,
		    error.message);
}

static void
check_id(market__eval_t *e, market_slice_t id)
{
	if (id.len == 0)
		missing(e, "header.id", "the seller's name for this offer");
	else if (id.len > 128 || !market__name_valid(id))
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID, "header.id", id,
		    "1 to 128 printable ASCII characters without blanks");
}

static void
check_times(market__eval_t *e, const market__header_t *header)
{
	market_error_t error = MARKET_ERROR_INIT;

	if (header->issued_at == 0)
		missing(e, "header.issued_at", "when the offer was signed");
	else if (market__valid_time(header->issued_at, "header.issued_at",
		     &error) != MARKET_OK)
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID,
		    "header.issued_at", market_slice_of(""), error.message);
	if (market__valid_time(
		header->not_before, "header.not_before", &error) != MARKET_OK)
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID,
		    "header.not_before", market_slice_of(""), error.message);
	else if (header->not_after == 0)
		missing(e, "header.not_after", "when the offer ends");
	else if (market__valid_window(header->not_before, header->not_after,
		     "header.not_before", "header.not_after",
		     &error) != MARKET_OK)
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID,
		    "header.not_after", market_slice_of(""), error.message);
}

/* The rules of market__validate_header(), each fault of them told. */
static void
check_header(market__eval_t *e, const market__header_t *header)
{
	if (header->issuer.len == 0)
		missing(e, "header.issuer", "the seller's party id");
	check_party(e, header->issuer, "header.issuer");
	check_id(e, header->id);
	if (header->revision == 0)
		missing(e, "header.revision", "1, and 1 more for each change");
	check_times(e, header);
}

static void
check_window(market__eval_t *e, const market_statement_t *offer)
{
	market__about_t about = { NULL, 0, NULL, NULL, NULL };
	market__examination_t x = MARKET__EXAMINATION_INIT;
	market_finding_t *finding;
	size_t i;

	market__examine_time(e, market__header(offer), &about, &x);
	for (i = 0; i < x.findings.n; i++) {
		finding = &x.findings.v[i];
		if (finding->code == MARKET_CODE_STATEMENT_EXPIRED) {
			finding->code = MARKET_CODE_OFFER_EXPIRED;
			finding->path = "header.not_after";
		} else if (finding->code ==
		    MARKET_CODE_STATEMENT_NOT_YET_VALID) {
			finding->code = MARKET_CODE_OFFER_NOT_YET_VALID;
			finding->path = "header.not_before";
		} else {
			finding->path = "header.issued_at";
		}
	}
	market__move_findings(e, &e->findings, &x.findings);
	market__limit(e, NULL, x.until);
}

static void
check_gtin(market__eval_t *e, market_slice_t gtin)
{
	market_error_t error = MARKET_ERROR_INIT;
	size_t i;

	if (gtin.len == 0 || market_gtin_check(gtin, &error) == MARKET_OK)
		return;
	for (i = 0; i < gtin.len; i++)
		if (gtin.ptr[i] < '0' || gtin.ptr[i] > '9')
			break;
	/* Digits in a right number are a GTIN whose check digit is wrong. */
	if (i == gtin.len &&
	    (gtin.len == 8 || (gtin.len >= 12 && gtin.len <= 14)))
		invalid(e, MARKET_CODE_OFFER_GTIN_CHECK_DIGIT, "gtin", gtin,
		    error.message);
	else
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID, "gtin", gtin,
		    error.message);
}

static void
check_price(market__eval_t *e, const market__offer_t *offer)
{
	market_error_t error = MARKET_ERROR_INIT;
	market__about_t about = { 0 };
	unsigned minor_units = 6, i;
	int64_t step = 1000000;

	if (!offer->has_price) {
		missing(e, "price", "its currency_code and amount_micros");
		return;
	}
	if (market_currency_check(offer->currency_code, &minor_units, &error) !=
	    MARKET_OK) {
		invalid(e, MARKET_CODE_OFFER_CURRENCY_UNKNOWN,
		    "price.currency_code", offer->currency_code, error.message);
		minor_units = 6;
	}
	for (i = 0; i < minor_units; i++)
		step /= 10;
	if (offer->amount_micros > 0 && offer->amount_micros % step == 0)
		return;
	about.path = "price.amount_micros";
	about.got = market__format(e, "%lld", (long long)offer->amount_micros);
	if (offer->amount_micros <= 0) {
		about.want = "more than 0";
		market__add_finding(e, &e->findings,
		    MARKET_CODE_OFFER_PRICE_INVALID, &about,
		    "the price is %s micros, and must be more than 0",
		    about.got);
	} else {
		about.want = market__format(
		    e, "a multiple of %lld", (long long)step);
		market__add_finding(e, &e->findings,
		    MARKET_CODE_OFFER_PRICE_INVALID, &about,
		    "the price of %s micros is finer than the currency, whose "
		    "smallest unit is %lld micros",
		    about.got, (long long)step);
	}
}

static bool
is_url(market_slice_t text)
{
	static const char https[] = "https://", http[] = "http://";
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.ptr[i] <= 0x20 || text.ptr[i] > 0x7e)
			return false;
	return (text.len > sizeof(https) - 1 &&
		   memcmp(text.ptr, https, sizeof(https) - 1) == 0) ||
	    (text.len > sizeof(http) - 1 &&
		memcmp(text.ptr, http, sizeof(http) - 1) == 0);
}

static void
check_links(market__eval_t *e, const market__offer_t *offer)
{
	static const char why[] = "an address that begins with https://";
	size_t i;

	if (offer->link.len > 0 && !is_url(offer->link))
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID, "link",
		    offer->link, why);
	for (i = 0; i < offer->image_links.n; i++)
		if (!is_url(offer->image_links.v[i]))
			invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID,
			    market__format(e, "image_links[%zu]", i),
			    offer->image_links.v[i], why);
}

static void
check_terms(market__eval_t *e, const market__offer_t *offer)
{
	market_error_t error = MARKET_ERROR_INIT;
	const market__regulatory_id_t *id;
	size_t i;

	if (offer->max_handling_days != 0 &&
	    offer->max_handling_days < offer->min_handling_days)
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID,
		    "max_handling_days", market_slice_of(""),
		    "it is less than min_handling_days");
	if (offer->ships_from.len > 0 &&
	    market_territory_check(offer->ships_from, &error) != MARKET_OK)
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID, "ships_from",
		    offer->ships_from, error.message);
	for (i = 0; i < offer->n_regulatory_ids; i++) {
		id = &offer->regulatory_ids[i];
		if (market__slice_is(id->scheme, "fcc") &&
		    market_fcc_id_check(id->value, &error) != MARKET_OK)
			invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID,
			    market__format(e, "regulatory_ids[%zu].value", i),
			    id->value, error.message);
	}
}

static bool
stands_before(market__slices_t list, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (market__slice_equal(list.v[k], list.v[i]))
			return true;
	return false;
}

static void
check_territories(market__eval_t *e, market__slices_t territories)
{
	market_error_t error = MARKET_ERROR_INIT;
	const char *why;
	size_t i;

	for (i = 0; i < territories.n; i++) {
		if (stands_before(territories, i))
			why = "it is listed twice";
		else if (market_territory_check(territories.v[i], &error) !=
		    MARKET_OK)
			why = error.message;
		else
			continue;
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID,
		    market__format(e, "territories[%zu]", i), territories.v[i],
		    why);
	}
}

static void
check_networks(market__eval_t *e, market__slices_t networks)
{
	const char *why;
	size_t i;

	for (i = 0; i < networks.n; i++) {
		if (stands_before(networks, i))
			why = "it is listed twice";
		else if (market__slice_is(networks.v[i], "*"))
			why = "an offer names each network and never \"*\"";
		else if (!market__name_valid(networks.v[i]))
			why = "a network's name has printable ASCII alone";
		else
			continue;
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID,
		    market__format(e, "networks[%zu]", i), networks.v[i], why);
	}
}

static void
check_channels(market__eval_t *e, market__numbers_t channels)
{
	const char *why;
	size_t i, k;

	for (i = 0; i < channels.n; i++) {
		for (k = 0; k < i && channels.v[k] != channels.v[i]; k++)
			;
		if (k < i)
			why = "it is listed twice";
		else if (channels.v[i] == MARKET_CHANNEL_ANY)
			why = "an offer names each channel and never ANY";
		else
			continue;
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID,
		    market__format(e, "channels[%zu]", i),
		    market_slice_of(
			market_channel_name((market_channel_t)channels.v[i])),
		    why);
	}
}

static void
check_axis(market__eval_t *e, size_t n, const char *path)
{
	market__about_t about = { 0 };

	if (n > 0)
		return;
	about.path = path;
	market__add_finding(e, &e->findings, MARKET_CODE_OFFER_NO_CELL, &about,
	    "%s is empty, so the offer asks to be listed nowhere", path);
}

static void
check_cells(market__eval_t *e, const market__offer_t *offer)
{
	market__about_t about = { 0 };
	size_t n;

	check_axis(e, offer->territories.n, "territories");
	check_axis(e, offer->channels.n, "channels");
	check_axis(e, offer->networks.n, "networks");
	/* No list has more than MARKET__ELEMENTS_MAX, so this fits. */
	n = offer->territories.n * offer->channels.n * offer->networks.n;
	if (n > CELLS_MAX) {
		about.path = "territories";
		about.got = market__format(e, "%zu", n);
		about.want = market__format(e, "%d", CELLS_MAX);
		market__add_finding(e, &e->findings, MARKET_CODE_LIMIT_EXCEEDED,
		    &about,
		    "the offer asks for %s cells, and may ask for %s; split "
		    "it",
		    about.got, about.want);
	}
	check_territories(e, offer->territories);
	check_channels(e, offer->channels);
	check_networks(e, offer->networks);
}

static void
check_condition(market__eval_t *e, market_condition_t condition)
{
	if (condition == MARKET_CONDITION_UNSPECIFIED)
		missing(e, "condition", "CONDITION_NEW, or what it is");
	else if (condition == MARKET_CONDITION_ANY)
		invalid(e, MARKET_CODE_OFFER_ATTRIBUTE_INVALID, "condition",
		    market_slice_of("ANY"), "an offer has one condition");
}

static void
check_marketplace(market__eval_t *e, market_slice_t marketplace)
{
	market__about_t about = { 0 };

	if (marketplace.len == 0) {
		missing(e, "marketplace", "the marketplace's party id");
		return;
	}
	if (market__slice_equal(marketplace, e->marketplace))
		return;
	about.path = "marketplace";
	about.got = market__show(e, marketplace);
	about.want = market__show(e, e->marketplace);
	market__add_finding(e, &e->findings, MARKET_CODE_OFFER_MARKETPLACE,
	    &about, "the offer is made for %s, and this is %s", about.got,
	    about.want);
}

/* Where a row of a feed is as one that was in order, all that market__like_of()
 * has of it is in order, too. */
static void
rule(market__eval_t *e, const market_statement_t *statement, bool alike)
{
	const market__offer_t *offer = offer_of(statement);

	check_header(e, market__header(statement));
	check_window(e, statement);
	if (!alike) {
		label(e, offer->brand, "brand", true, "the brand's exact name");
		label(e, offer->model, "model", true, "the exact model code");
		label(
		    e, offer->hardware_version, "hardware_version", false, "");
		label(
		    e, offer->software_version, "software_version", false, "");
	}
	if (offer->title.len == 0)
		missing(e, "title", "what the buyer reads first");
	if (!alike) {
		check_gtin(e, offer->gtin);
		check_condition(e, offer->condition);
	}
	check_price(e, offer);
	if (!alike) {
		check_marketplace(e, offer->marketplace);
		check_party(e, offer->fulfiller, "fulfiller");
	}
	check_links(e, offer);
	check_terms(e, offer);
	if (!alike)
		check_cells(e, offer);
}

void
market__rule_offer(market__eval_t *e, const market_statement_t *statement)
{
	rule(e, statement, false);
}

void
market__rule_alike(market__eval_t *e, const market_statement_t *statement)
{
	rule(e, statement, true);
}
