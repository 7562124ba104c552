/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "crypto/crypto.h"
#include "world.h"
#include "world_store.h"
#include "world_vector.h"

#define STATEMENTS_MAX 512
#define KEYS_MAX       256
#define SIGNERS_MAX    16
#define NAME_MAX_LEN   96

typedef struct key {
	char name[NAME_MAX_LEN];
	market_signer_t *signer;
} key_t_;

typedef struct statement {
	char name[NAME_MAX_LEN];
	market_kind_t kind;
	json_t *document;
	char signers[SIGNERS_MAX][NAME_MAX_LEN];
	size_t n_signers;
	bool spoilt;
	market_buffer_t envelope; /* empty until it is signed */
	uint8_t digest[MARKET_DIGEST_LEN];
} statement_t;

struct world {
	market_context_t *context;
	bool own_context;
	statement_t statements[STATEMENTS_MAX];
	size_t n_statements;
	key_t_ keys[KEYS_MAX];
	size_t n_keys;
};

/* ---- keys made from their names ---- */

static void
key_pem(market_context_t *context, const char *name, market__text_t *pem)
{
	/* PKCS#8 of an Ed25519 seed (RFC 8410, section 7). */
	static const uint8_t head[] = { 0x30, 0x2e, 0x02, 0x01, 0x00, 0x30,
		0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 };
	uint8_t der[sizeof(head) + MARKET_DIGEST_LEN];
	market_slice_t text = market_slice_of(name);

	memcpy(der, head, sizeof(head));
	ck_assert_int_eq(
	    market__sha256(context, &text, 1, der + sizeof(head)), MARKET_OK);
	market__text_puts(pem, "-----BEGIN PRIVATE KEY-----\n");
	market__text_base64(pem, market__slice(der, sizeof(der)));
	market__text_puts(pem, "\n-----END PRIVATE KEY-----\n");
}

static market_signer_t *
signer(world_t *world, const char *name)
{
	market_error_t error = MARKET_ERROR_INIT;
	market__text_t pem;
	key_t_ *key;
	size_t i;

	for (i = 0; i < world->n_keys; i++)
		if (strcmp(world->keys[i].name, name) == 0)
			return world->keys[i].signer;
	ck_assert_uint_lt(world->n_keys, KEYS_MAX);
	key = &world->keys[world->n_keys++];
	snprintf(key->name, sizeof(key->name), "%s", name);
	market__text_init(&pem, &market__default_allocator, 4096);
	key_pem(world->context, name, &pem);
	ck_assert_msg(market_signer_from_pem(world->context,
			  market__slice(pem.data, pem.len), NULL, &key->signer,
			  &error) == MARKET_OK,
	    "%s: %s", name, error.message);
	market__text_clear(&pem);
	return key->signer;
}

/* Cuts the next word off *rest; NULL at the end. */
static char *
next_word(char **rest)
{
	char *word = *rest;

	if (*word == '\0')
		return NULL;
	*rest += strcspn(word, " ");
	while (**rest == ' ')
		*(*rest)++ = '\0';
	return word;
}

/* ---- documents ---- */

static json_t *
base64(market_slice_t bytes)
{
	market__text_t text;
	json_t *value;

	market__text_init(&text, &market__default_allocator, 65536);
	market__text_base64(&text, bytes);
	value = json_stringn(text.data, text.len);
	market__text_clear(&text);
	return value;
}

static json_t *
key_set(
    world_t *world, int threshold, const char *names, const char *environment)
{
	json_t *keys = json_array();
	char copy[512], *rest = copy, *name;

	snprintf(copy, sizeof(copy), "%s", names);
	while ((name = next_word(&rest)) != NULL)
		json_array_append_new(keys,
		    json_pack("{s:o, s:s}", "spki",
			base64(market_key_spki(
			    market_signer_key(signer(world, name)))),
			"environment", environment));
	return json_pack("{s:i, s:o}", "threshold", threshold, "keys", keys);
}

static statement_t *
find(world_t *world, const char *name)
{
	size_t i;

	for (i = 0; i < world->n_statements; i++)
		if (strcmp(world->statements[i].name, name) == 0)
			return &world->statements[i];
	return NULL;
}

static void sign(world_t *world, statement_t *statement);

/* The value that stands for "$...", or NULL for any other text. */
static json_t *
reference(world_t *world, const char *text)
{
	statement_t *statement;
	int threshold, used;

	if (strncmp(text, "$digest:", 8) == 0) {
		statement = find(world, text + 8);
		ck_assert_msg(statement != NULL, "no statement %s", text + 8);
		sign(world, statement);
		return base64(
		    market__slice(statement->digest, MARKET_DIGEST_LEN));
	}
	if (strncmp(text, "$key:", 5) == 0)
		return base64(
		    market_key_id(market_signer_key(signer(world, text + 5))));
	if (strncmp(text, "$spki:", 6) == 0)
		return base64(market_key_spki(
		    market_signer_key(signer(world, text + 6))));
	if (strncmp(text, "$keys:", 6) == 0)
		return key_set(world, 1, text + 6, "ENVIRONMENT_PRODUCTION");
	if (strncmp(text, "$test-keys:", 11) == 0)
		return key_set(world, 1, text + 11, "ENVIRONMENT_TEST");
	threshold = 0;
	used = 0;
	if (sscanf(text, "$%d-keys:%n", &threshold, &used) == 1 && used > 0)
		return key_set(
		    world, threshold, text + used, "ENVIRONMENT_PRODUCTION");
	return NULL;
}

/* A copy of the document with every reference put in. */
static json_t *
resolved(world_t *world, json_t *value)
{
	json_t *copy, *item;
	const char *name;
	size_t i;

	if (json_is_string(value)) {
		copy = reference(world, json_string_value(value));
		return copy != NULL ? copy : json_incref(value);
	}
	if (json_is_object(value)) {
		copy = json_object();
		json_object_foreach(value, name, item)
		    json_object_set_new(copy, name, resolved(world, item));
		return copy;
	}
	if (json_is_array(value)) {
		copy = json_array();
		json_array_foreach(value, i, item)
		    json_array_append_new(copy, resolved(world, item));
		return copy;
	}
	return json_incref(value);
}

/* "NAME+": the elements go to the end of the list NAME. */
static void
append(json_t *target, const char *name, json_t *items)
{
	char list[NAME_MAX_LEN];
	json_t *old, *copy;

	snprintf(list, sizeof(list), "%.*s", (int)strlen(name) - 1, name);
	old = json_object_get(target, list);
	copy = old == NULL ? json_array() : json_copy(old);
	json_array_extend(copy, items);
	json_object_set_new(target, list, copy);
}

static void merge(json_t *target, json_t *patch);

/* "NAME[i]": the patch is for element i of the list NAME. */
static bool
merge_element(json_t *target, const char *name, json_t *patch)
{
	char list[NAME_MAX_LEN];
	json_t *element;
	int i;

	if (sscanf(name, "%95[^[][%d]", list, &i) != 2)
		return false;
	element = json_array_get(json_object_get(target, list), (size_t)i);
	ck_assert_msg(json_is_object(element), "no object at %s", name);
	merge(element, patch);
	return true;
}

/* JSON merge patch (RFC 7396), and "NAME+" and "NAME[i]" for a list. */
static void
merge(json_t *target, json_t *patch)
{
	json_t *item, *old;
	const char *name;

	json_object_foreach(patch, name, item)
	{
		old = json_object_get(target, name);
		if (name[strlen(name) - 1] == '+') {
			append(target, name, item);
		} else if (merge_element(target, name, item)) {
			continue;
		} else if (json_is_null(item)) {
			json_object_del(target, name);
		} else if (json_is_object(item)) {
			if (!json_is_object(old)) {
				json_object_set_new(
				    target, name, json_object());
				old = json_object_get(target, name);
			}
			merge(old, item);
		} else {
			json_object_set(target, name, item);
		}
	}
}

/* A text without any " may have ' for it: tables read better so. */
static json_t *
parse(const char *text)
{
	json_error_t error;
	json_t *value;
	char *copy, *c;

	copy = calloc(strlen(text) + 1, 1);
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, strlen(text));
	if (strchr(copy, '"') == NULL)
		for (c = copy; *c != '\0'; c++)
			if (*c == '\'')
				*c = '"';
	value = json_loads(copy, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(value != NULL, "%s: %s", error.text, text);
	free(copy);
	return value;
}

/* ---- statements ---- */

static market_buffer_t
sign_draft(
    world_t *world, const statement_t *statement, const market_draft_t *draft)
{
	market_signer_t *signers[SIGNERS_MAX];
	market_buffer_t envelope = MARKET_BUFFER_INIT;
	market_error_t error = MARKET_ERROR_INIT;
	size_t i;

	for (i = 0; i < statement->n_signers; i++)
		signers[i] = signer(world, statement->signers[i]);
	ck_assert_msg(
	    market_draft_sign(draft, signers, statement->n_signers,
		MARKET_FORMAT_PROTOBUF, &envelope, &error) == MARKET_OK,
	    "%s: %s: %s", statement->name, error.path, error.message);
	return envelope;
}

static market_draft_t *
draft_of(world_t *world, const statement_t *statement)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_draft_t *draft = NULL;
	json_t *document = resolved(world, statement->document);
	char *text = json_dumps(document, JSON_COMPACT);

	ck_assert_msg(market_draft_from_json(world->context, statement->kind,
			  market_slice_of(text), &draft, &error) == MARKET_OK,
	    "%s: %s: %s", statement->name, error.path, error.message);
	free(text);
	json_decref(document);
	return draft;
}

static void
sign(world_t *world, statement_t *statement)
{
	market_statement_t *parsed = NULL;
	market_draft_t *draft;

	if (statement->envelope.len > 0)
		return;
	draft = draft_of(world, statement);
	statement->envelope = sign_draft(world, statement, draft);
	market_draft_free(draft);
	/* A statement that no reader takes has no digest that is needed. */
	if (market_statement_parse(world->context,
		market_buffer_slice(&statement->envelope), MARKET_KINDS_ALL,
		&parsed, NULL) == MARKET_OK)
		memcpy(statement->digest, market_statement_digest(parsed).ptr,
		    MARKET_DIGEST_LEN);
	/* The signature is the last field but the key id (66 bytes). */
	if (statement->spoilt)
		statement->envelope.data[statement->envelope.len - 70] ^= 1;
	market_statement_free(parsed);
}

static statement_t *
add(world_t *world, const char *name, market_kind_t kind, json_t *document)
{
	statement_t *statement;

	ck_assert_uint_lt(world->n_statements, STATEMENTS_MAX);
	ck_assert_msg(find(world, name) == NULL, "%s is there", name);
	statement = &world->statements[world->n_statements++];
	memset(statement, 0, sizeof(*statement));
	snprintf(statement->name, sizeof(statement->name), "%s", name);
	statement->kind = kind;
	statement->document = document;
	return statement;
}

static void
signed_by(statement_t *statement, const char *names)
{
	char copy[512], *rest = copy, *name;

	snprintf(copy, sizeof(copy), "%s", names);
	statement->n_signers = 0;
	while ((name = next_word(&rest)) != NULL) {
		ck_assert_uint_lt(statement->n_signers, SIGNERS_MAX);
		snprintf(statement->signers[statement->n_signers++],
		    NAME_MAX_LEN, "%s", name);
	}
}

/* A statement of `issuer` with the usual header, under its own name. */
static void
put(world_t *world, const char *name, market_kind_t kind, const char *issuer,
    const char *text)
{
	json_t *document = parse(text), *header;

	header = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "issuer", issuer,
	    "id", name, "revision", "1", "issuedAt", "2016-01-01T00:00:00Z",
	    "notBefore", "2016-01-01T00:00:00Z", "notAfter",
	    "2026-01-01T00:00:00Z");
	if (json_object_get(document, "header") != NULL)
		merge(header, json_object_get(document, "header"));
	json_object_set_new(document, "header", header);
	signed_by(add(world, name, kind, document), issuer);
}

static void
forget_envelopes(world_t *world)
{
	size_t i;

	for (i = 0; i < world->n_statements; i++)
		market_buffer_clear(&world->statements[i].envelope);
}

static void
take_away(world_t *world, const char *name)
{
	statement_t *statement = find(world, name);
	size_t i;

	ck_assert_msg(statement != NULL, "no statement %s", name);
	json_decref(statement->document);
	i = (size_t)(statement - world->statements);
	memmove(statement, statement + 1,
	    (world->n_statements - i - 1) * sizeof(*statement));
	world->n_statements--;
}

static void
edit_one(world_t *world, const char *name, const char *what)
{
	statement_t *statement = find(world, name);
	json_t *patch;

	ck_assert_msg(statement != NULL, "no statement %s", name);
	if (what[0] == '@') {
		signed_by(statement, what + 1);
	} else if (what[0] == '!') {
		statement->spoilt = true;
	} else {
		patch = parse(what);
		merge(statement->document, patch);
		json_decref(patch);
	}
}

/* "NAME =OTHER {patch}" or "NAME KIND ISSUER {doc}" */
static void
edit_add(world_t *world, const char *text)
{
	char name[NAME_MAX_LEN], kind[NAME_MAX_LEN], issuer[NAME_MAX_LEN];
	statement_t *other, *copy;
	int used = 0;

	ck_assert_int_eq(sscanf(text, "%95s %95s %n", name, kind, &used), 2);
	if (kind[0] == '=') {
		other = find(world, kind + 1);
		ck_assert_msg(other != NULL, "no statement %s", kind + 1);
		copy = add(
		    world, name, other->kind, json_deep_copy(other->document));
		memcpy(copy->signers, other->signers, sizeof(copy->signers));
		copy->n_signers = other->n_signers;
		if (text[used] != '\0')
			edit_one(world, name, text + used);
		return;
	}
	ck_assert_int_eq(
	    sscanf(text, "%95s %95s %95s %n", name, kind, issuer, &used), 3);
	ck_assert_msg(
	    market_kind_find(kind) != MARKET_KIND_NONE, "%s: no kind", kind);
	put(world, name, market_kind_find(kind), issuer, text + used);
}

void
world_edit(world_t *world, const char *edit)
{
	char name[NAME_MAX_LEN];
	int used = 0;

	forget_envelopes(world);
	if (edit[0] == '-') {
		take_away(world, edit + 1);
	} else if (edit[0] == '+') {
		edit_add(world, edit + 1);
	} else {
		ck_assert_int_eq(sscanf(edit, "%95s %n", name, &used), 1);
		edit_one(world, name, edit + used);
	}
}

/* ---- the good world ---- */

static const char root_document[] =
    "{\"rootKeys\": \"$keys:root\", \"parties\": ["
    "{\"id\": \"mi.com\", \"keys\": \"$keys:mi.com\", \"roles\":"
    " [{\"role\": \"ROLE_BRAND\", \"brands\": [\"xiaomi\"]}]},"
    "{\"id\": \"meizu.com\", \"keys\": \"$keys:meizu.com\", \"roles\":"
    " [{\"role\": \"ROLE_BRAND\", \"brands\": [\"meizu\"]}]},"
    "{\"id\": \"t-mobile.com\", \"keys\": \"$keys:t-mobile.com\", \"roles\":"
    " [{\"role\": \"ROLE_CARRIER\", \"networks\": [\"t-mobile.com/us\"]}]},"
    "{\"id\": \"att.com\", \"keys\": \"$keys:att.com\", \"roles\":"
    " [{\"role\": \"ROLE_CARRIER\", \"networks\": [\"att.com/us\"]}]},"
    "{\"id\": \"usmobile.com\", \"keys\": \"$keys:usmobile.com\", \"roles\":"
    " [{\"role\": \"ROLE_MARKETPLACE\"}, {\"role\": \"ROLE_CARRIER\","
    " \"networks\": [\"usmobile.com/us\"]}]},"
    "{\"id\": \"fcc.gov\", \"keys\": \"$keys:fcc.gov\", \"roles\":"
    " [{\"role\": \"ROLE_CERTIFIER\", \"schemes\": [\"fcc\"],"
    " \"territories\": [\"US\"]}]},"
    "{\"id\": \"ptcrb.com\", \"keys\": \"$keys:ptcrb.com\", \"roles\":"
    " [{\"role\": \"ROLE_CERTIFIER\", \"schemes\": [\"ptcrb\"],"
    " \"territories\": [\"*\"]}]}]}";

static const char policy_document[] =
    "{\"environment\": \"ENVIRONMENT_PRODUCTION\","
    " \"requirements\": [{\"territories\": [\"US\"], \"networks\": [\"*\"],"
    " \"categories\": [\"*\"], \"schemes\": [\"carrier\", \"fcc\"]}],"
    " \"minimumService\": \"SERVICE_3G\","
    " \"discloseBelow\": \"SERVICE_4G\", \"maxChain\": 4,"
    " \"clockSkewSeconds\": \"300\","
    " \"requireSellerVerification\": true}";

/* Real facts: shared/data/devices.tsv and networks.tsv (S1, N1 to N5). */
static const char product_document[] =
    "{\"brand\": \"xiaomi\", \"model\": \"2014215\", \"name\": \"Mi 4\","
    " \"category\": \"phone\", \"gtins\": [\"06954176800015\"],"
    " \"hardwareVersions\": [\"P1\", \"P2\"],"
    " \"softwareVersions\": [\"7.1.2\", \"7.1.3\"],"
    " \"radio\": {\"gsmMhz\": [850, 900, 1800, 1900],"
    " \"umtsBands\": [1, 2, 5, 8]}}";

static const char network_document[] =
    "{\"network\": \"t-mobile.com/us\", \"name\": \"T-Mobile US\","
    " \"plmns\": [\"310-260\"], \"territories\": [\"US\"],"
    " \"deployments\": ["
    "{\"rat\": \"RAT_GSM\", \"band\": 1900, \"from\": "
    "\"1996-01-01T00:00:00Z\"},"
    "{\"rat\": \"RAT_UMTS\", \"band\": 4, \"from\": \"2008-01-01T00:00:00Z\","
    " \"until\": \"2022-07-01T00:00:00Z\"},"
    "{\"rat\": \"RAT_UMTS\", \"band\": 2, \"from\": \"2012-01-01T00:00:00Z\","
    " \"until\": \"2022-07-01T00:00:00Z\"},"
    "{\"rat\": \"RAT_LTE\", \"band\": 4, \"from\": \"2013-03-01T00:00:00Z\"},"
    "{\"rat\": \"RAT_LTE\", \"band\": 2, \"from\": \"2014-01-01T00:00:00Z\"},"
    "{\"rat\": \"RAT_LTE\", \"band\": 12, \"from\": \"2014-12-01T00:00:00Z\"}],"
    " \"requiredSchemes\": [\"carrier\"]}";

static const char mvno_document[] =
    "{\"network\": \"usmobile.com/us\", \"name\": \"US Mobile\","
    " \"hostNetwork\": \"t-mobile.com/us\", \"territories\": [\"US\"]}";

static const char grant_document[] =
    "{\"brand\": \"xiaomi\", \"grantee\": \"shop.example\","
    " \"scope\": {\"models\": [\"2014215\"], \"territories\": [\"US\"],"
    " \"channels\": [\"CHANNEL_ONLINE_STORE\"],"
    " \"marketplaces\": [\"usmobile.com\"],"
    " \"conditions\": [\"CONDITION_NEW\"]}}";

#define CERTIFIED_BANDS                                               \
	"\"bands\": [{\"rat\": \"RAT_GSM\", \"bands\": [850, 1900]}," \
	" {\"rat\": \"RAT_UMTS\", \"bands\": [2, 5]}]"

static const char carrier_document[] =
    "{\"scheme\": \"carrier\", \"brand\": \"xiaomi\","
    " \"model\": \"2014215\", \"hardwareVersions\": [\"*\"],"
    " \"softwareVersions\": [\"7.1.2\"],"
    " \"networks\": [\"t-mobile.com/us\"], \"territories\": [\"US\"],"
    " \"state\": \"CERTIFICATION_STATE_CERTIFIED\","
    " \"route\": \"ROUTE_INITIAL\", " CERTIFIED_BANDS "}";

static const char fcc_document[] =
    "{\"scheme\": \"fcc\", \"brand\": \"xiaomi\", \"model\": \"2014215\","
    " \"hardwareVersions\": [\"*\"], \"softwareVersions\": [\"*\"],"
    " \"networks\": [\"*\"], \"territories\": [\"US\"],"
    " \"state\": \"CERTIFICATION_STATE_CERTIFIED\","
    " \"route\": \"ROUTE_INITIAL\", " CERTIFIED_BANDS "}";

static const char offer_document[] =
    "{\"brand\": \"xiaomi\", \"model\": \"2014215\","
    " \"gtin\": \"06954176800015\", \"hardwareVersion\": \"P1\","
    " \"softwareVersion\": \"7.1.2\", \"title\": \"Xiaomi Mi 4\","
    " \"condition\": \"CONDITION_NEW\","
    " \"price\": {\"currencyCode\": \"USD\", \"amountMicros\": \"219000000\"},"
    " \"availability\": \"AVAILABILITY_IN_STOCK\", \"quantity\": \"10\","
    " \"marketplace\": \"usmobile.com\", \"territories\": [\"US\"],"
    " \"channels\": [\"CHANNEL_ONLINE_STORE\"],"
    " \"networks\": [\"t-mobile.com/us\"],"
    " \"disclosures\": [\"DISCLOSURE_SERVICE_3G_ONLY\"],"
    " \"fulfiller\": \"shop.example\"}";

world_t *
world_new_with(market_context_t *context)
{
	world_t *world = calloc(1, sizeof(*world));

	ck_assert_ptr_nonnull(world);
	world->context = context;
	put(world, "root", MARKET_KIND_TRUST_ROOT, "usmobile.com",
	    root_document);
	signed_by(find(world, "root"), "root");
	put(world, "policy", MARKET_KIND_POLICY, "usmobile.com",
	    policy_document);
	put(world, "seller", MARKET_KIND_SELLER, "usmobile.com",
	    "{\"seller\": \"shop.example\", \"keys\": \"$keys:shop.example\","
	    " \"legalName\": \"Shop Ltd\"}");
	put(world, "product", MARKET_KIND_PRODUCT, "mi.com", product_document);
	put(world, "network", MARKET_KIND_NETWORK, "t-mobile.com",
	    network_document);
	put(world, "mvno", MARKET_KIND_NETWORK, "usmobile.com", mvno_document);
	put(world, "grant", MARKET_KIND_AUTHORIZATION, "mi.com",
	    grant_document);
	put(world, "carrier", MARKET_KIND_CERTIFICATION, "t-mobile.com",
	    carrier_document);
	put(world, "fcc", MARKET_KIND_CERTIFICATION, "fcc.gov", fcc_document);
	put(world, "offer", MARKET_KIND_OFFER, "shop.example", offer_document);
	return world;
}

world_t *
world_new(void)
{
	market_context_t *context = NULL;
	world_t *world;

	ck_assert_int_eq(market_context_new(NULL, &context), MARKET_OK);
	world = world_new_with(context);
	world->own_context = true;
	return world;
}

void
world_free(world_t *world)
{
	size_t i;

	forget_envelopes(world);
	for (i = 0; i < world->n_statements; i++)
		json_decref(world->statements[i].document);
	for (i = 0; i < world->n_keys; i++)
		market_signer_free(world->keys[i].signer);
	if (world->own_context)
		market_context_free(world->context);
	free(world);
}

market_context_t *
world_context(world_t *world)
{
	return world->context;
}

/* ---- judging ---- */

market_slice_t
world_envelope(world_t *world, const char *name)
{
	statement_t *statement = find(world, name);

	ck_assert_msg(statement != NULL, "no statement %s", name);
	sign(world, statement);
	return market_buffer_slice(&statement->envelope);
}

market_draft_t *
world_draft(world_t *world, const char *name)
{
	const statement_t *statement = find(world, name);

	ck_assert_msg(statement != NULL, "no statement %s", name);
	return draft_of(world, statement);
}

market_signer_t *
world_signer(world_t *world, const char *key)
{
	return signer(world, key);
}

const char *
world_key_name(world_t *world, size_t index)
{
	return index < world->n_keys ? world->keys[index].name : NULL;
}

static bool
is_evidence(const statement_t *statement)
{
	return strcmp(statement->name, "root") != 0 &&
	    strcmp(statement->name, "policy") != 0 &&
	    statement->kind != MARKET_KIND_OFFER;
}

const char *
world_evidence_name(world_t *world, size_t index)
{
	if (index >= world->n_statements)
		return NULL;
	return is_evidence(&world->statements[index])
	    ? world->statements[index].name
	    : "";
}

market_evidence_t *
world_evidence(world_t *world, unsigned seed)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_evidence_t *evidence = NULL;
	size_t order[STATEMENTS_MAX], i, k, swap;
	const statement_t *statement;

	ck_assert_msg(
	    market_evidence_new(world->context, world_envelope(world, "root"),
		world_envelope(world, "policy"), &evidence,
		&error) == MARKET_OK,
	    "%s: %s", error.path, error.message);
	for (i = 0; i < world->n_statements; i++)
		order[i] = i;
	for (i = world->n_statements; seed != 0 && i > 1; i--) {
		seed = seed * 1103515245U + 12345U;
		k = (seed >> 8) % i;
		swap = order[k];
		order[k] = order[i - 1];
		order[i - 1] = swap;
	}
	for (i = 0; i < world->n_statements; i++) {
		statement = &world->statements[order[i]];
		if (!is_evidence(statement))
			continue;
		ck_assert_int_eq(market_evidence_add(evidence,
				     world_envelope(world, statement->name),
				     statement->name, &error),
		    MARKET_OK);
	}
	return evidence;
}

int64_t
world_time(const char *rfc3339)
{
	int64_t at = 0;

	ck_assert_msg(market__time_parse(market_slice_of(rfc3339), &at),
	    "%s is no time", rfc3339);
	return at;
}

market_decision_t *
world_check(world_t *world, const char *offer, const char *at)
{
	market_evidence_t *evidence = world_evidence(world, 0);
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	market_status_t status;

	status = market_check(evidence, world_envelope(world, offer),
	    world_time(at == NULL ? WORLD_NOW : at), &decision, &error);
	ck_assert_msg(decision != NULL, "%s: %s: %s",
	    market_status_name(status), error.path, error.message);
	switch (market_decision_verdict(decision)) {
	case MARKET_VERDICT_PERMIT: ck_assert_int_eq(status, MARKET_OK); break;
	case MARKET_VERDICT_DENY:
		ck_assert_int_eq(status, MARKET_E_DENIED);
		break;
	case MARKET_VERDICT_INDETERMINATE:
		ck_assert_int_eq(status, MARKET_E_INDETERMINATE);
		break;
	case MARKET_VERDICT_UNSPECIFIED: ck_abort_msg("no verdict");
	}
	market_evidence_free(evidence);
	return decision;
}

const market_finding_t *
world_find(const market_decision_t *decision, market_code_t code)
{
	const market_finding_t *finding;
	const market_cell_t *cell;
	size_t i, k;

	for (i = 0; (finding = market_decision_finding(decision, i)) != NULL;
	     i++)
		if (finding->code == code)
			return finding;
	for (i = 0; (cell = market_decision_cell(decision, i)) != NULL; i++)
		for (k = 0; k < cell->finding_count; k++)
			if (cell->findings[k].code == code)
				return &cell->findings[k];
	return NULL;
}

bool
world_has(const market_decision_t *decision, market_code_t code)
{
	return world_find(decision, code) != NULL;
}

bool
world_ignores(world_t *world, const char *name, market_code_t code)
{
	market_evidence_t *evidence = world_evidence(world, 0);
	market_ignored_t ignored;
	bool found = false;
	size_t i;

	for (i = 0; market_evidence_ignored(evidence, i, &ignored) == MARKET_OK;
	     i++)
		if (strcmp(ignored.name, name) == 0 && ignored.code == code)
			found = true;
	market_evidence_free(evidence);
	return found;
}

/* Evidence ignores another root or policy; a store takes it in. */
static bool
revises_ground(const world_t *world)
{
	const statement_t *statement;
	size_t i;

	for (i = 0; i < world->n_statements; i++) {
		statement = &world->statements[i];
		if (is_evidence(statement) &&
		    (statement->kind == MARKET_KIND_TRUST_ROOT ||
			statement->kind == MARKET_KIND_POLICY))
			return true;
	}
	return false;
}

/* A store that has taken the same statements in comes to the same. */
static void
run_in_store(world_t *world, const world_row_t *row, market_verdict_t verdict)
{
	market_decision_t *decision = world_store_check(
	    world, "offer", row->at);
	market_buffer_t report = MARKET_BUFFER_INIT;

	ck_assert_int_eq(
	    market_decision_text(decision, 100, &report), MARKET_OK);
	ck_assert_msg(market_decision_verdict(decision) == verdict,
	    "%s: in a store, want %s\n%s", row->label,
	    market_verdict_name(verdict), (char *)report.data);
	market_buffer_clear(&report);
	market_decision_free(decision);
}

static void
write_vector(world_t *world, const world_row_t *row)
{
	world_want_t want = { row->label, row->at, row->want, { NULL }, NULL };
	char names[WORLD_CODES_MAX][64], ignored[128];
	int code;
	size_t i;

	for (i = 0; i < WORLD_CODES_MAX && row->codes[i] != 0; i++) {
		code = row->codes[i] < 0 ? -row->codes[i] : row->codes[i];
		snprintf(names[i], sizeof(names[i]), "%s%s",
		    row->codes[i] < 0 ? "-" : "",
		    market_code_info((market_code_t)code)->name);
		want.codes[i] = names[i];
	}
	if (row->ignored != NULL) {
		snprintf(ignored, sizeof(ignored), "%s %s", row->ignored,
		    market_code_info(row->ignored_code)->name);
		want.ignored = ignored;
	}
	world_vector(world, &want);
}

void
world_run_row(const world_row_t *row)
{
	market_buffer_t report = MARKET_BUFFER_INIT;
	market_decision_t *decision;
	world_t *world = world_new();
	bool told;
	size_t i;
	int code;

	for (i = 0; i < WORLD_EDITS_MAX && row->edits[i] != NULL; i++)
		world_edit(world, row->edits[i]);
	decision = world_check(world, "offer", row->at);
	ck_assert_int_eq(
	    market_decision_text(decision, 100, &report), MARKET_OK);
	ck_assert_msg(market_decision_verdict(decision) == row->want,
	    "%s: want %s\n%s", row->label, market_verdict_name(row->want),
	    (char *)report.data);
	for (i = 0; i < WORLD_CODES_MAX && row->codes[i] != 0; i++) {
		code = row->codes[i] < 0 ? -row->codes[i] : row->codes[i];
		told = world_has(decision, (market_code_t)code);
		ck_assert_msg(told == (row->codes[i] > 0),
		    "%s: %s is %stold\n%s", row->label,
		    market_code_info((market_code_t)code)->name,
		    told ? "" : "not ", (char *)report.data);
	}
	if (row->ignored != NULL)
		ck_assert_msg(
		    world_ignores(world, row->ignored, row->ignored_code),
		    "%s: %s is not ignored with %s\n%s", row->label,
		    row->ignored, market_code_info(row->ignored_code)->name,
		    (char *)report.data);
	write_vector(world, row);
	if (!revises_ground(world))
		run_in_store(world, row, market_decision_verdict(decision));
	market_buffer_clear(&report);
	market_decision_free(decision);
	world_free(world);
}
