/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <jansson.h>
#include <openssl/evp.h>

#include <market/identifier.h>

#include "kit.h"
#include "peer_decide.h"
#include "peers.h"

/* What was found out about the chain, the phone and the network before. */
static json_t *cleared;   /* by question */
static json_t *withdrawn; /* by name and by digest */

/* ---- the offer itself ---- */

static const char *
text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static const char *
must_have(const json_t *object, const char *name)
{
	const char *text = text_of(object, name);
	size_t i;

	if (text == NULL || text[0] == '\0' || strlen(text) > 256)
		kit_die("a token without %s", name);
	for (i = 0; text[i] != '\0'; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			kit_die("a token whose %s is not printable", name);
	return text;
}

static time_t
instant_of(const json_t *object, const char *name)
{
	const char *text = must_have(object, name);
	struct tm tm;
	const char *end;

	memset(&tm, 0, sizeof(tm));
	end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (end == NULL || *end != '\0')
		kit_die("a token whose %s is no instant", name);
	return timegm(&tm);
}

static long long
number_of(const json_t *object, const char *name)
{
	char *end = NULL;
	long long number = strtoll(must_have(object, name), &end, 10);

	if (*end != '\0' || number <= 0)
		kit_die("a token whose %s is no number", name);
	return number;
}

static void
check_price(const json_t *price)
{
	long long amount = number_of(price, "amountMicros"), step = 1000000;
	unsigned minor = 0;

	if (market_currency_check(
		market_slice_of(must_have(price, "currencyCode")), &minor,
		NULL) != MARKET_OK)
		kit_die("a token in no currency");
	for (; minor > 0; minor--)
		step /= 10;
	if (amount % step != 0)
		kit_die("a token whose price is too fine");
}

static void
check_list(const json_t *list)
{
	size_t n = json_array_size(list), i, k;

	if (n == 0)
		kit_die("a token that asks for no cell");
	for (i = 0; i < n; i++)
		for (k = 0; k < i; k++)
			if (json_equal(json_array_get(list, i),
				json_array_get(list, k)))
				kit_die("a token that asks for a cell twice");
}

static void
check_offer(const json_t *claims)
{
	const json_t *header = json_object_get(claims, "header");

	(void)number_of(header, "revision");
	if (instant_of(header, "issuedAt") > KIT_NOW + 300 ||
	    instant_of(header, "notBefore") > KIT_NOW + 300 ||
	    instant_of(header, "notAfter") <= KIT_NOW)
		kit_die("a token that does not hold now");
	if (market_party_check(market_slice_of(must_have(header, "issuer")),
		NULL) != MARKET_OK ||
	    market_gtin_check(
		market_slice_of(must_have(claims, "gtin")), NULL) != MARKET_OK)
		kit_die("a token with a bad issuer or GTIN");
	(void)must_have(claims, "title");
	if (strcmp(must_have(claims, "marketplace"), "usmobile.com") != 0)
		kit_die("a token for another marketplace");
	check_price(json_object_get(claims, "price"));
	check_list(json_object_get(claims, "territories"));
	check_list(json_object_get(claims, "channels"));
	check_list(json_object_get(claims, "networks"));
}

static void
check_withdrawn(const json_t *claims, const char *token)
{
	const json_t *header = json_object_get(claims, "header");
	unsigned char digest[EVP_MAX_MD_SIZE];
	char hex[2 * 32 + 1], name[512];
	unsigned len = 0, i;

	snprintf(name, sizeof(name), "%s/%s", must_have(header, "issuer"),
	    must_have(header, "id"));
	if (EVP_Digest(
		token, strlen(token), digest, &len, EVP_sha256(), NULL) != 1)
		kit_die("OpenSSL makes no digest");
	for (i = 0; i < 32; i++)
		snprintf(hex + 2 * (size_t)i, 3, "%02x", digest[i]);
	if (json_object_get(withdrawn, name) != NULL ||
	    json_object_get(withdrawn, hex) != NULL)
		kit_die("a token that was withdrawn");
}

/* ---- its cells ---- */

static bool
discloses(const json_t *claims, const json_t *due)
{
	const json_t *made = json_object_get(claims, "disclosures");
	size_t i, k;

	for (i = 0; i < json_array_size(due); i++) {
		for (k = 0; k < json_array_size(made); k++)
			if (json_equal(json_array_get(due, i),
				json_array_get(made, k)))
				break;
		if (k == json_array_size(made))
			return false;
	}
	return true;
}

static void
spell(const json_t *claims, const char *territory, const char *channel,
    const char *network, char *out, size_t size)
{
	const json_t *header = json_object_get(claims, "header");
	const char *hardware = text_of(claims, "hardwareVersion");
	const char *software = text_of(claims, "softwareVersion");

	snprintf(out, size, "%s|%s|%s|%s|%s|%s|%s|%s|%s|%s",
	    must_have(header, "issuer"), must_have(claims, "brand"),
	    must_have(claims, "model"), must_have(claims, "gtin"),
	    hardware == NULL ? "" : hardware, software == NULL ? "" : software,
	    must_have(claims, "condition"), territory, channel, network);
}

static void
decide_cell(const json_t *claims, const char *territory, const char *channel,
    const char *network, json_t *cells)
{
	char question[1024];
	json_t *answer, *cell;

	spell(claims, territory, channel, network, question, sizeof(question));
	answer = json_object_get(cleared, question);
	if (answer == NULL ||
	    strcmp(text_of(answer, "verdict"), "PERMIT") != 0 ||
	    !discloses(claims, json_object_get(answer, "disclosures")))
		kit_die("a token that is not permitted: %s", question);
	cell = json_pack("{s:s, s:s, s:s, s:O}", "territory", territory,
	    "channel", channel, "network", network, "answer", answer);
	if (cell == NULL || json_array_append_new(cells, cell) != 0)
		kit_die("no memory");
}

void
peer_decide(const json_t *claims, const char *token)
{
	const json_t *territories = json_object_get(claims, "territories");
	const json_t *channels = json_object_get(claims, "channels");
	const json_t *networks = json_object_get(claims, "networks");
	json_t *cells = json_array(), *decision;
	size_t t, c, n;

	check_offer(claims);
	check_withdrawn(claims, token);
	for (t = 0; t < json_array_size(territories); t++)
		for (c = 0; c < json_array_size(channels); c++)
			for (n = 0; n < json_array_size(networks); n++)
				decide_cell(claims,
				    json_string_value(
					json_array_get(territories, t)),
				    json_string_value(
					json_array_get(channels, c)),
				    json_string_value(
					json_array_get(networks, n)),
				    cells);
	decision = json_pack("{s:s, s:o}", "verdict", "PERMIT", "cells", cells);
	if (decision == NULL)
		kit_die("no memory");
	json_decref(decision);
}

/* ---- what others signed ---- */

static bool
lists(const json_t *object, const char *name, const char *wanted)
{
	const json_t *list = json_object_get(object, name);
	const char *text;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		text = json_string_value(json_array_get(list, i));
		if (strcmp(text, wanted) == 0 || strcmp(text, "*") == 0)
			return true;
	}
	return false;
}

static void
check_header(const json_t *claims, const char *issuer)
{
	const json_t *header = json_object_get(claims, "header");

	if (strcmp(must_have(header, "issuer"), issuer) != 0 ||
	    instant_of(header, "issuedAt") > KIT_NOW + 300 ||
	    instant_of(header, "notAfter") <= KIT_NOW)
		kit_die("a token of another issuer, or that has ended");
}

void
peer_lead(const json_t *const *others, const json_t *claims)
{
	const char *model = must_have(claims, "model"), *issuer = "mi.com";
	const json_t *certification = others[PEER_LINKS], *scope;
	size_t i;

	for (i = 0; i < PEER_LINKS; i++) {
		check_header(others[i], issuer);
		scope = json_object_get(others[i], "scope");
		if (strcmp(must_have(others[i], "brand"),
			must_have(claims, "brand")) != 0 ||
		    !lists(scope, "models", model) ||
		    !lists(scope, "territories", "US") ||
		    !lists(scope, "channels", "CHANNEL_ONLINE_STORE") ||
		    !lists(scope, "marketplaces", "usmobile.com") ||
		    !lists(scope, "conditions", must_have(claims, "condition")))
			kit_die("a grant that does not cover the offer");
		issuer = must_have(others[i], "grantee");
	}
	if (strcmp(issuer,
		must_have(json_object_get(claims, "header"), "issuer")) != 0)
		kit_die("no chain to the seller");
	check_header(certification, "t-mobile.com");
	if (strcmp(must_have(certification, "model"), model) != 0 ||
	    strcmp(must_have(certification, "state"),
		"CERTIFICATION_STATE_CERTIFIED") != 0 ||
	    !lists(certification, "territories", "US"))
		kit_die("no certification of the model");
}

void
peer_know(const char *claims)
{
	json_t *offer = json_loads(claims, 0, NULL);
	char question[1024];

	cleared = json_object();
	withdrawn = json_pack("{s:b}", "shop.example/withdrawn", 1);
	spell(offer, "US", "CHANNEL_ONLINE_STORE", KIT_NETWORK, question,
	    sizeof(question));
	if (json_object_set_new(cleared, question,
		json_pack("{s:s, s:[s], s:s}", "verdict", "PERMIT",
		    "disclosures", "DISCLOSURE_SERVICE_3G_ONLY", "horizon",
		    "2026-01-01T00:00:00Z")) != 0)
		kit_die("no memory");
	json_decref(offer);
}
