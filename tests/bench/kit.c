/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "kit.h"

#define PARTIES 16

struct kit {
	market_context_t *context;
	bool own_context;
	unsigned long versions; /* of software, that a seller's offers name */
	char names[PARTIES][32];
	market_signer_t *signers[PARTIES];
	market_algorithm_t algorithm;
	size_t n_signers;
	market_draft_t *offers[2];
};

static const struct {
	const char *party;
	const char *model;
} sellers[2] = { { "a.example", "2014215" }, { "b.example", "2014817" } };

void
kit_die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

void
kit_must(market_status_t status, const market_error_t *error, const char *doing)
{
	if (status != MARKET_OK)
		kit_die("%s: %s: %s: %s", doing, market_status_name(status),
		    error->path, error->message);
}

unsigned long
kit_number(const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || number == 0)
		kit_die("%s is no number from 1 on", text);
	return number;
}

/* ---- keys made from their names ---- */

void
kit_algorithm(kit_t *kit, market_algorithm_t algorithm)
{
	kit->algorithm = algorithm;
}

/* PKCS#8 around 32 secret bytes: RFC 8410, section 7, and RFC 5915. */
static market_slice_t
private_key(market_algorithm_t algorithm, const char *name, uint8_t der[128])
{
	static const uint8_t ed25519[] = { 0x30, 0x2e, 0x02, 0x01, 0x00, 0x30,
		0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 };
	static const uint8_t p256[] = { 0x30, 0x41, 0x02, 0x01, 0x00, 0x30,
		0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
		0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
		0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20 };
	const uint8_t *head = ed25519;
	size_t len = sizeof(ed25519);

	if (algorithm == MARKET_ALGORITHM_P256) {
		head = p256;
		len = sizeof(p256);
	}
	memset(der, 0, 128);
	memcpy(der, head, len);
	memcpy(der + len, name, strlen(name));
	return market__slice(der, len + 32);
}

market_signer_t *
kit_signer(kit_t *kit, const char *name)
{
	market_error_t error = MARKET_ERROR_INIT;
	market__text_t pem;
	uint8_t der[128];
	size_t i;

	for (i = 0; i < kit->n_signers; i++)
		if (strcmp(kit->names[i], name) == 0)
			return kit->signers[i];
	if (kit->n_signers == PARTIES || strlen(name) > 31)
		kit_die("no room for the key of %s", name);
	snprintf(kit->names[i], sizeof(kit->names[i]), "%s", name);
	market__text_init(&pem, &market__default_allocator, 4096);
	market__text_puts(&pem, "-----BEGIN PRIVATE KEY-----\n");
	market__text_base64(&pem, private_key(kit->algorithm, name, der));
	market__text_puts(&pem, "\n-----END PRIVATE KEY-----\n");
	kit_must(market_signer_from_pem(kit->context,
		     market__slice(pem.data, pem.len), NULL, &kit->signers[i],
		     &error),
	    &error, name);
	market__text_clear(&pem);
	kit->n_signers++;
	return kit->signers[i];
}

/* {"threshold": 1, "keys": [{...}]} */
static void
put_keys(kit_t *kit, const char *party, market__text_t *json)
{
	market__text_puts(json,
	    "{\"threshold\": 1, \"keys\": [{\"environment\": "
	    "\"ENVIRONMENT_PRODUCTION\", \"spki\": \"");
	market__text_base64(
	    json, market_key_spki(market_signer_key(kit_signer(kit, party))));
	market__text_puts(json, "\"}]}");
}

/* ---- statements ---- */

market_draft_t *
kit_draft(kit_t *kit, const kit_header_t *header, const char *body)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_draft_t *draft = NULL;
	market__text_t json;

	market__text_init(&json, &market__default_allocator, 1 << 20);
	market__text_printf(&json,
	    "{\"header\": {\"issuer\": \"%s\", \"id\": \"%s\", \"revision\": "
	    "\"%lu\", \"issuedAt\": \"2016-01-01T00:00:00Z\", \"notBefore\": "
	    "\"2016-01-01T00:00:00Z\", \"notAfter\": "
	    "\"2026-01-01T00:00:00Z\"}, ",
	    header->issuer, header->id, header->revision);
	market__text_puts(&json, body);
	market__text_putc(&json, '}');
	kit_must(json.status, &error, "writing a statement");
	kit_must(market_draft_from_json(kit->context, header->kind,
		     market__slice(json.data, json.len), &draft, &error),
	    &error, header->id);
	market__text_clear(&json);
	return draft;
}

market_buffer_t
kit_sign(kit_t *kit, const market_draft_t *draft, const char *party)
{
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	market_signer_t *by = kit_signer(kit, party);

	kit_must(market_draft_sign(
		     draft, &by, 1, MARKET_FORMAT_PROTOBUF, &envelope, &error),
	    &error, "signing");
	return envelope;
}

market_buffer_t
kit_statement(kit_t *kit, const kit_header_t *header, const char *signer,
    const char *body)
{
	market_draft_t *draft = kit_draft(kit, header, body);
	market_buffer_t envelope = kit_sign(kit, draft, signer);

	market_draft_free(draft);
	return envelope;
}

char *
kit_keys(kit_t *kit, const char *name)
{
	market__text_t json;
	char *keys;

	market__text_init(&json, &market__default_allocator, 4096);
	put_keys(kit, name, &json);
	keys = json.status == MARKET_OK ? strdup(json.data) : NULL;
	if (keys == NULL)
		kit_die("no memory");
	market__text_clear(&json);
	return keys;
}

static market_buffer_t
statement(kit_t *kit, const kit_header_t *header, const char *body)
{
	return kit_statement(kit, header,
	    header->kind == MARKET_KIND_TRUST_ROOT ? "root" : header->issuer,
	    body);
}

static void
put_party(kit_t *kit, const char *party, const char *role, market__text_t *json)
{
	market__text_printf(json, "{\"id\": \"%s\", \"keys\": ", party);
	put_keys(kit, party, json);
	market__text_printf(json, ", \"roles\": [%s]}", role);
}

market_buffer_t
kit_root(kit_t *kit)
{
	static const kit_header_t header = { MARKET_KIND_TRUST_ROOT,
		"usmobile.com", "root", 1 };
	market_buffer_t envelope;
	market__text_t json;

	market__text_init(&json, &market__default_allocator, 65536);
	market__text_puts(&json, "\"rootKeys\": ");
	put_keys(kit, "root", &json);
	market__text_puts(&json, ", \"parties\": [");
	put_party(kit, "mi.com",
	    "{\"role\": \"ROLE_BRAND\", \"brands\": [\"xiaomi\"]}", &json);
	market__text_putc(&json, ',');
	put_party(kit, "t-mobile.com",
	    "{\"role\": \"ROLE_CARRIER\", \"networks\": "
	    "[\"" KIT_NETWORK "\"]}",
	    &json);
	market__text_putc(&json, ',');
	put_party(
	    kit, "usmobile.com", "{\"role\": \"ROLE_MARKETPLACE\"}", &json);
	market__text_putc(&json, ',');
	put_party(kit, "fcc.gov",
	    "{\"role\": \"ROLE_CERTIFIER\", \"schemes\": [\"fcc\"], "
	    "\"territories\": [\"US\"]}",
	    &json);
	market__text_puts(&json, "]");
	kit_must(json.status, NULL, "writing the root");
	envelope = statement(kit, &header, json.data);
	market__text_clear(&json);
	return envelope;
}

static const char policy[] =
    "\"environment\": \"ENVIRONMENT_PRODUCTION\", \"requirements\": "
    "[{\"territories\": [\"US\"], \"networks\": [\"*\"], \"categories\": "
    "[\"*\"], \"schemes\": [\"carrier\", \"fcc\"]}], \"minimumService\": "
    "\"SERVICE_3G\", \"discloseBelow\": \"SERVICE_4G\", \"maxChain\": 4, "
    "\"clockSkewSeconds\": \"300\", \"requireSellerVerification\": true";

static const char network[] =
    "\"network\": \"" KIT_NETWORK "\", \"name\": \"T-Mobile US\", "
    "\"plmns\": [\"310-260\"], \"territories\": [\"US\"], \"deployments\": ["
    "{\"rat\": \"RAT_GSM\", \"band\": 1900, \"from\": "
    "\"1996-01-01T00:00:00Z\"}, {\"rat\": \"RAT_UMTS\", \"band\": 2, "
    "\"from\": \"2012-01-01T00:00:00Z\", \"until\": "
    "\"2022-07-01T00:00:00Z\"}, {\"rat\": \"RAT_LTE\", \"band\": 4, "
    "\"from\": \"2013-03-01T00:00:00Z\"}], \"requiredSchemes\": "
    "[\"carrier\"]";

static market_buffer_t
product(kit_t *kit, unsigned seller)
{
	kit_header_t header = { MARKET_KIND_PRODUCT, "mi.com",
		sellers[seller].model, 1 };
	char body[512];

	snprintf(body, sizeof(body),
	    "\"brand\": \"xiaomi\", \"model\": \"%s\", \"name\": \"Mi 4\", "
	    "\"category\": \"phone\", \"gtins\": [\"06954176800015\"], "
	    "\"radio\": {\"gsmMhz\": [850, 900, 1800, 1900], \"umtsBands\": "
	    "[1, 2, 5, 8]}",
	    sellers[seller].model);
	return statement(kit, &header, body);
}

static market_buffer_t
certified(kit_t *kit, kit_header_t header, unsigned seller, const char *scheme,
    const char *state)
{
	char body[1024], id[64];

	snprintf(id, sizeof(id), "%s-%s", scheme, sellers[seller].model);
	header.kind = MARKET_KIND_CERTIFICATION;
	header.id = id;
	snprintf(body, sizeof(body),
	    "\"scheme\": \"%s\", \"brand\": \"xiaomi\", \"model\": \"%s\", "
	    "\"hardwareVersions\": [\"*\"], \"softwareVersions\": [\"*\"], "
	    "\"networks\": [\"*\"], \"territories\": [\"US\"], \"state\": "
	    "\"CERTIFICATION_STATE_%s\", \"route\": \"ROUTE_INITIAL\", "
	    "\"bands\": [{\"rat\": \"RAT_GSM\", \"bands\": [850, 1900]}, "
	    "{\"rat\": \"RAT_UMTS\", \"bands\": [2, 5]}]",
	    scheme, sellers[seller].model, state);
	return statement(kit, &header, body);
}

market_buffer_t
kit_certification(
    kit_t *kit, unsigned seller, unsigned long revision, bool is_certified)
{
	kit_header_t header = { 0, "t-mobile.com", NULL, revision };

	return certified(kit, header, seller, "carrier",
	    is_certified ? "CERTIFIED" : "SUSPENDED");
}

market_buffer_t
kit_grant(kit_t *kit, unsigned seller, unsigned long revision)
{
	kit_header_t header = { MARKET_KIND_AUTHORIZATION, "mi.com",
		sellers[seller].party, revision };
	char body[512];

	snprintf(body, sizeof(body),
	    "\"brand\": \"xiaomi\", \"grantee\": \"%s\", \"scope\": "
	    "{\"models\": [\"%s\"], \"territories\": [\"US\"], \"channels\": "
	    "[\"CHANNEL_ONLINE_STORE\", \"CHANNEL_MARKETPLACE\"], "
	    "\"marketplaces\": [\"usmobile.com\"], \"conditions\": "
	    "[\"CONDITION_NEW\"]}",
	    sellers[seller].party, sellers[seller].model);
	return statement(kit, &header, body);
}

market_buffer_t
kit_withdrawal(kit_t *kit, unsigned seller, unsigned long revision)
{
	market_buffer_t grant = kit_grant(kit, seller, revision), envelope;
	market_error_t error = MARKET_ERROR_INIT;
	market_statement_t *parsed = NULL;
	kit_header_t header = { MARKET_KIND_WITHDRAWAL, "mi.com", NULL, 1 };
	market__text_t json;
	char id[64];

	snprintf(id, sizeof(id), "%s-%lu", sellers[seller].party, revision);
	header.id = id;
	kit_must(
	    market_statement_parse(kit->context, market_buffer_slice(&grant),
		MARKET_KINDS_ALL, &parsed, &error),
	    &error, "the grant");
	market__text_init(&json, &market__default_allocator, 4096);
	market__text_puts(&json,
	    "\"reason\": \"WITHDRAWAL_REASON_CEASED\", \"targetDigest\": \"");
	market__text_base64(&json, market_statement_digest(parsed));
	market__text_putc(&json, '"');
	kit_must(json.status, &error, "writing a withdrawal");
	envelope = statement(kit, &header, json.data);
	market__text_clear(&json);
	market_statement_free(parsed);
	market_buffer_clear(&grant);
	return envelope;
}

static market_buffer_t
seller(kit_t *kit, unsigned number)
{
	kit_header_t header = { MARKET_KIND_SELLER, "usmobile.com",
		sellers[number].party, 1 };
	market_buffer_t envelope;
	market__text_t json;

	market__text_init(&json, &market__default_allocator, 4096);
	market__text_printf(&json,
	    "\"seller\": \"%s\", \"legalName\": \"Shop Ltd\", \"keys\": ",
	    sellers[number].party);
	put_keys(kit, sellers[number].party, &json);
	kit_must(json.status, NULL, "writing a seller");
	envelope = statement(kit, &header, json.data);
	market__text_clear(&json);
	return envelope;
}

/* ---- offers ---- */

static market_draft_t *
new_offer(kit_t *kit, unsigned number)
{
	kit_header_t header = { MARKET_KIND_OFFER, sellers[number].party, "sku",
		1 };
	char body[1024];

	snprintf(body, sizeof(body),
	    "\"brand\": \"xiaomi\", \"model\": \"%s\", \"gtin\": "
	    "\"06954176800015\", \"softwareVersion\": \"1.0\", \"title\": "
	    "\"Xiaomi Mi 4, 16 GB, white\", \"condition\": \"CONDITION_NEW\", "
	    "\"price\": {\"currencyCode\": \"USD\", \"amountMicros\": "
	    "\"219000000\"}, \"availability\": \"AVAILABILITY_IN_STOCK\", "
	    "\"quantity\": \"10\", \"marketplace\": \"usmobile.com\", "
	    "\"territories\": [\"US\"], \"channels\": "
	    "[\"CHANNEL_ONLINE_STORE\", \"CHANNEL_MARKETPLACE\"], "
	    "\"networks\": [\"" KIT_NETWORK "\"], \"disclosures\": "
	    "[\"DISCLOSURE_SERVICE_3G_ONLY\"], \"fulfiller\": \"%s\"",
	    sellers[number].model, sellers[number].party);
	return kit_draft(kit, &header, body);
}

market_buffer_t
kit_offer(kit_t *kit, unsigned long number, unsigned long revision)
{
	market_draft_t *draft = kit->offers[number % 2];
	market_error_t error = MARKET_ERROR_INIT;
	char text[64];

	snprintf(text, sizeof(text), "sku-%07lu", number);
	kit_must(market_draft_set_text(draft, "header.id", text, &error),
	    &error, "an offer");
	kit_must(market_draft_set_int(
		     draft, "header.revision", (int64_t)revision, &error),
	    &error, "an offer");
	snprintf(text, sizeof(text), "1.%lu", number / 2 % kit->versions);
	kit_must(market_draft_set_text(draft, "software_version", text, &error),
	    &error, "an offer");
	kit_must(
	    market_draft_set_int(draft, "price.amount_micros",
		INT64_C(199000000) + (int64_t)(number % 5000) * 10000, &error),
	    &error, "an offer");
	return kit_sign(kit, draft, sellers[number % 2].party);
}

const char *
kit_listing(unsigned long number)
{
	static char id[64];

	snprintf(
	    id, sizeof(id), "%s/sku-%07lu", sellers[number % 2].party, number);
	return id;
}

/* ---- the kit ---- */

kit_t *
kit_new_with(market_context_t *context, unsigned long questions)
{
	kit_t *kit = calloc(1, sizeof(*kit));
	unsigned i;

	if (kit == NULL)
		kit_die("no memory");
	kit->context = context;
	kit->algorithm = MARKET_ALGORITHM_ED25519;
	kit->versions = questions / 4 == 0 ? 1 : questions / 4;
	for (i = 0; i < 2; i++)
		kit->offers[i] = new_offer(kit, i);
	return kit;
}

kit_t *
kit_new(unsigned long questions)
{
	market_context_t *context = NULL;
	kit_t *kit;

	if (market_context_new(NULL, &context) != MARKET_OK)
		kit_die("no memory, or an OpenSSL without Ed25519");
	kit = kit_new_with(context, questions);
	kit->own_context = true;
	return kit;
}

void
kit_free(kit_t *kit)
{
	size_t i;

	for (i = 0; i < 2; i++)
		market_draft_free(kit->offers[i]);
	for (i = 0; i < kit->n_signers; i++)
		market_signer_free(kit->signers[i]);
	if (kit->own_context)
		market_context_free(kit->context);
	free(kit);
}

market_context_t *
kit_context(kit_t *kit)
{
	return kit->context;
}

market_buffer_t
kit_policy(kit_t *kit)
{
	static const kit_header_t header = { MARKET_KIND_POLICY, "usmobile.com",
		"policy", 1 };

	return statement(kit, &header, policy);
}

market_buffer_t
kit_evidence(kit_t *kit, size_t number)
{
	static const kit_header_t of_network = { MARKET_KIND_NETWORK,
		"t-mobile.com", "us", 1 };
	kit_header_t by_fcc = { 0, "fcc.gov", NULL, 1 };
	unsigned of = number % 2;

	switch (number / 2) {
	case 0: return seller(kit, of);
	case 1: return product(kit, of);
	case 2: return kit_grant(kit, of, 1);
	case 3: return kit_certification(kit, of, 1, true);
	case 4: return certified(kit, by_fcc, of, "fcc", "CERTIFIED");
	default: return statement(kit, &of_network, network);
	}
}
