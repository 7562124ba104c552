/* SPDX-License-Identifier: Apache-2.0 */
/*
 * growth [ROUNDS]: how the cost of one check grows with the links of a chain,
 * with the grants to a seller, and with the cells of an offer. Each line is
 * "AXIS X WARM FRESH": microseconds where the answers are known, and where
 * every question is answered anew; its signature is in both.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "kit.h"

#define MARKETPLACE "usmobile.com"
#define BRAND       "mi.com"
#define CARRIER     "t-mobile.com"
#define LINKS_MAX   8
#define CHANNELS    4

typedef struct plan {
	const char *axis;
	unsigned x;
	unsigned links, grants, networks, channels;
} plan_t;

typedef struct scene {
	const plan_t *plan;
	kit_t *kit;
	market_context_t *context;
	market_evidence_t *evidence;
	market_buffer_t offer, parent;
} scene_t;

static const char *const parties[LINKS_MAX + 1] = { BRAND, "l1.example",
	"l2.example", "l3.example", "l4.example", "l5.example", "l6.example",
	"l7.example", "l8.example" };

static const char *
seller(const scene_t *s)
{
	return parties[s->plan->links];
}

static void
hand_in(scene_t *s, const kit_header_t *header, const char *signer,
    const char *body)
{
	market_buffer_t envelope = kit_statement(s->kit, header, signer, body);
	market_error_t error = MARKET_ERROR_INIT;

	kit_must(market_evidence_add(
		     s->evidence, market_buffer_slice(&envelope), NULL, &error),
	    &error, header->id);
	market_buffer_clear(&s->parent);
	s->parent = envelope;
}

static void
begin(scene_t *s)
{
	static const kit_header_t headers[2] = { { MARKET_KIND_TRUST_ROOT,
						     MARKETPLACE, "root", 1 },
		{ MARKET_KIND_POLICY, MARKETPLACE, "policy", 1 } };
	char body[4096], *keys[4];
	static const char *const names[4] = { "root", BRAND, CARRIER,
		MARKETPLACE };
	market_error_t error = MARKET_ERROR_INIT;
	market_buffer_t root, policy;
	size_t i;

	for (i = 0; i < 4; i++)
		keys[i] = kit_keys(s->kit, names[i]);
	snprintf(body, sizeof(body),
	    "\"rootKeys\": %s, \"parties\": [{\"id\": \"" BRAND
	    "\", \"keys\": %s, \"roles\": [{\"role\": \"ROLE_BRAND\", "
	    "\"brands\": [\"xiaomi\"]}]}, {\"id\": \"" CARRIER
	    "\", \"keys\": %s, \"roles\": [{\"role\": \"ROLE_CARRIER\", "
	    "\"networks\": [\"*\"]}]}, {\"id\": \"" MARKETPLACE
	    "\", \"keys\": %s, \"roles\": [{\"role\": "
	    "\"ROLE_MARKETPLACE\"}]}]",
	    keys[0], keys[1], keys[2], keys[3]);
	root = kit_statement(s->kit, &headers[0], "root", body);
	policy = kit_statement(s->kit, &headers[1], MARKETPLACE,
	    "\"environment\": \"ENVIRONMENT_PRODUCTION\", \"requirements\": "
	    "[{\"territories\": [\"US\"], \"networks\": [\"*\"], "
	    "\"categories\": [\"*\"], \"schemes\": [\"carrier\"]}], "
	    "\"minimumService\": \"SERVICE_3G\", \"discloseBelow\": "
	    "\"SERVICE_4G\", \"maxChain\": 8, \"clockSkewSeconds\": \"300\", "
	    "\"requireSellerVerification\": true");
	kit_must(market_evidence_new(s->context, market_buffer_slice(&root),
		     market_buffer_slice(&policy), &s->evidence, &error),
	    &error, "the root and the policy");
	market_buffer_clear(&root);
	market_buffer_clear(&policy);
	for (i = 0; i < 4; i++)
		free(keys[i]);
}

/* Link number `link` from 0, in revision-free names: `copy` tells them apart.
 */
static void
add_grant(scene_t *s, unsigned link, unsigned copy)
{
	char id[64], digest[64] = "", *keys;
	kit_header_t header = { MARKET_KIND_AUTHORIZATION, parties[link], id,
		1 };
	market_error_t error = MARKET_ERROR_INIT;
	market_statement_t *parent = NULL;
	market__text_t text;
	char body[2048];

	snprintf(id, sizeof(id), "grant-%u-%u", link, copy);
	if (link > 0) {
		kit_must(market_statement_parse(s->context,
			     market_buffer_slice(&s->parent), MARKET_KINDS_ALL,
			     &parent, &error),
		    &error, "a parent");
		market__text_init(&text, &market__default_allocator, 256);
		market__text_base64(&text, market_statement_digest(parent));
		snprintf(digest, sizeof(digest), "%s", text.data);
		market__text_clear(&text);
		market_statement_free(parent);
	}
	keys = kit_keys(s->kit, parties[link + 1]);
	snprintf(body, sizeof(body),
	    "\"brand\": \"xiaomi\", \"grantee\": \"%s\", \"granteeKeys\": %s, "
	    "\"scope\": {\"models\": [\"2014215\"], \"territories\": [\"US\"], "
	    "\"channels\": [\"CHANNEL_ANY\"], \"marketplaces\": "
	    "[\"" MARKETPLACE "\"], \"conditions\": [\"CONDITION_NEW\"]}, "
	    "\"maxDelegations\": %u%s%s%s",
	    parties[link + 1], keys, LINKS_MAX - 1 - link,
	    link > 0 ? ", \"parentDigest\": \"" : "", digest,
	    link > 0 ? "\"" : "");
	free(keys);
	hand_in(s, &header, parties[link], body);
}

static void
add_networks(scene_t *s)
{
	char id[32], body[512];
	kit_header_t header = { MARKET_KIND_NETWORK, CARRIER, id, 1 };
	unsigned i;

	for (i = 0; i < s->plan->networks; i++) {
		snprintf(id, sizeof(id), "n%u", i);
		snprintf(body, sizeof(body),
		    "\"network\": \"" CARRIER "/n%u\", \"name\": \"n%u\", "
		    "\"plmns\": [\"310-260\"], \"territories\": [\"US\"], "
		    "\"deployments\": [{\"rat\": \"RAT_UMTS\", \"band\": 2, "
		    "\"from\": \"2012-01-01T00:00:00Z\"}, {\"rat\": "
		    "\"RAT_LTE\", \"band\": 4, \"from\": "
		    "\"2013-03-01T00:00:00Z\"}], \"requiredSchemes\": "
		    "[\"carrier\"]",
		    i, i);
		hand_in(s, &header, CARRIER, body);
	}
}

static void
add_rest(scene_t *s)
{
	kit_header_t header = { MARKET_KIND_SELLER, MARKETPLACE, seller(s), 1 };
	static const kit_header_t product = { MARKET_KIND_PRODUCT, BRAND,
		"2014215", 1 };
	static const kit_header_t certified = { MARKET_KIND_CERTIFICATION,
		CARRIER, "2014215", 1 };
	char body[1024], *keys = kit_keys(s->kit, seller(s));

	snprintf(body, sizeof(body),
	    "\"seller\": \"%s\", \"legalName\": \"Shop Ltd\", \"keys\": %s",
	    seller(s), keys);
	free(keys);
	hand_in(s, &header, MARKETPLACE, body);
	hand_in(s, &product, BRAND,
	    "\"brand\": \"xiaomi\", \"model\": \"2014215\", \"name\": \"Mi "
	    "4\", \"category\": \"phone\", \"radio\": {\"gsmMhz\": [850, 900, "
	    "1800, 1900], \"umtsBands\": [1, 2, 5, 8]}");
	hand_in(s, &certified, CARRIER,
	    "\"scheme\": \"carrier\", \"brand\": \"xiaomi\", \"model\": "
	    "\"2014215\", \"hardwareVersions\": [\"*\"], \"softwareVersions\": "
	    "[\"*\"], \"networks\": [\"*\"], \"territories\": [\"US\"], "
	    "\"state\": \"CERTIFICATION_STATE_CERTIFIED\", \"route\": "
	    "\"ROUTE_INITIAL\", \"bands\": [{\"rat\": \"RAT_GSM\", \"bands\": "
	    "[850, 1900]}, {\"rat\": \"RAT_UMTS\", \"bands\": [2, 5]}]");
}

static void
sign_offer(scene_t *s)
{
	static const char *const channels[CHANNELS] = { "ONLINE_STORE",
		"MARKETPLACE", "RETAIL_STORE", "WHOLESALE" };
	kit_header_t header = { MARKET_KIND_OFFER, seller(s), "offer", 1 };
	market__text_t body;
	unsigned i;

	market__text_init(&body, &market__default_allocator, 1 << 20);
	market__text_puts(&body,
	    "\"brand\": \"xiaomi\", \"model\": \"2014215\", \"title\": "
	    "\"Xiaomi Mi 4\", \"condition\": \"CONDITION_NEW\", \"price\": "
	    "{\"currencyCode\": \"USD\", \"amountMicros\": \"219000000\"}, "
	    "\"availability\": \"AVAILABILITY_IN_STOCK\", \"quantity\": "
	    "\"10\", \"marketplace\": \"" MARKETPLACE "\", \"territories\": "
	    "[\"US\"], \"disclosures\": [\"DISCLOSURE_SERVICE_3G_ONLY\"], "
	    "\"channels\": [");
	for (i = 0; i < s->plan->channels; i++)
		market__text_printf(
		    &body, "%s\"CHANNEL_%s\"", i > 0 ? ", " : "", channels[i]);
	market__text_puts(&body, "], \"networks\": [");
	for (i = 0; i < s->plan->networks; i++)
		market__text_printf(
		    &body, "%s\"" CARRIER "/n%u\"", i > 0 ? ", " : "", i);
	market__text_puts(&body, "]");
	kit_must(body.status, NULL, "writing an offer");
	s->offer = kit_statement(s->kit, &header, seller(s), body.data);
	market__text_clear(&body);
}

static double
check(scene_t *s, int64_t at)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	double before = kit_seconds();

	kit_must(market_check(s->evidence, market_buffer_slice(&s->offer), at,
		     &decision, &error),
	    &error, s->plan->axis);
	market_decision_free(decision);
	return (kit_seconds() - before) * 1e6;
}

static void
run(const plan_t *plan, unsigned long rounds)
{
	kit_series_t warm = { .n = 0 }, fresh = { .n = 0 };
	scene_t s = { .plan = plan };
	unsigned long i;
	unsigned k;

	kit_must(market_context_new(NULL, &s.context), NULL, "a context");
	s.kit = kit_new_with(s.context, 4);
	begin(&s);
	for (k = 0; k < plan->links; k++)
		add_grant(&s, k, 0);
	for (k = 1; k < plan->grants; k++)
		add_grant(&s, 0, k);
	add_networks(&s);
	add_rest(&s);
	sign_offer(&s);
	for (i = 0; i < rounds; i++) {
		kit_note(&fresh, check(&s, KIT_NOW + (int64_t)i));
		kit_note(&warm, check(&s, KIT_NOW + (int64_t)i));
	}
	printf("%s %u %.1f %.1f\n", plan->axis, plan->x, kit_median(&warm),
	    kit_median(&fresh));
	market_buffer_clear(&s.offer);
	market_buffer_clear(&s.parent);
	market_evidence_free(s.evidence);
	kit_free(s.kit);
	market_context_free(s.context);
}

int
main(int argc, char **argv)
{
	static const plan_t plans[] = {
		{ "chain", 1, 1, 1, 1, 1 },
		{ "chain", 2, 2, 1, 1, 1 },
		{ "chain", 3, 3, 1, 1, 1 },
		{ "chain", 4, 4, 1, 1, 1 },
		{ "chain", 6, 6, 1, 1, 1 },
		{ "chain", 8, 8, 1, 1, 1 },
		{ "grants", 1, 1, 1, 1, 1 },
		{ "grants", 2, 1, 2, 1, 1 },
		{ "grants", 4, 1, 4, 1, 1 },
		{ "grants", 8, 1, 8, 1, 1 },
		{ "grants", 16, 1, 16, 1, 1 },
		{ "cells", 1, 1, 1, 1, 1 },
		{ "cells", 4, 1, 1, 1, 4 },
		{ "cells", 16, 1, 1, 4, 4 },
		{ "cells", 64, 1, 1, 16, 4 },
		{ "cells", 256, 1, 1, 64, 4 },
	};
	unsigned long rounds = argc > 1 ? kit_number(argv[1]) : 301;
	size_t i;

	for (i = 0; i < sizeof(plans) / sizeof(plans[0]); i++)
		run(&plans[i], rounds);
	return EXIT_SUCCESS;
}
