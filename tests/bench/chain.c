/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"
#include "chain.h"

#define MARKETPLACE "usmobile.com"
#define BRAND       "mi.com"
#define CARRIER     "t-mobile.com"
#define SHOP        "shop.example"

static void
make_root(chain_t *chain)
{
	static const kit_header_t header = { MARKET_KIND_TRUST_ROOT,
		MARKETPLACE, "root", 1 };
	char body[4096], *root = kit_keys(chain->kit, "root"),
			 *brand = kit_keys(chain->kit, BRAND),
			 *carrier = kit_keys(chain->kit, CARRIER),
			 *market = kit_keys(chain->kit, MARKETPLACE);

	snprintf(body, sizeof(body),
	    "\"rootKeys\": %s, \"parties\": [{\"id\": \"" BRAND
	    "\", \"keys\": %s, \"roles\": [{\"role\": \"ROLE_BRAND\", "
	    "\"brands\": [\"xiaomi\"]}]}, {\"id\": \"" CARRIER
	    "\", \"keys\": %s, \"roles\": [{\"role\": \"ROLE_CARRIER\", "
	    "\"networks\": [\"" KIT_NETWORK "\"]}]}, {\"id\": \"" MARKETPLACE
	    "\", \"keys\": %s, \"roles\": [{\"role\": "
	    "\"ROLE_MARKETPLACE\"}]}]",
	    root, brand, carrier, market);
	chain->root = kit_statement(chain->kit, &header, "root", body);
	free(root);
	free(brand);
	free(carrier);
	free(market);
}

static void
make_policy(chain_t *chain)
{
	static const kit_header_t header = { MARKET_KIND_POLICY, MARKETPLACE,
		"policy", 1 };

	chain->policy = kit_statement(chain->kit, &header, MARKETPLACE,
	    "\"environment\": \"ENVIRONMENT_PRODUCTION\", \"requirements\": "
	    "[{\"territories\": [\"US\"], \"networks\": [\"*\"], "
	    "\"categories\": [\"*\"], \"schemes\": [\"carrier\"]}], "
	    "\"minimumService\": \"SERVICE_3G\", \"discloseBelow\": "
	    "\"SERVICE_4G\", \"maxChain\": 4, \"clockSkewSeconds\": \"300\", "
	    "\"requireSellerVerification\": true");
}

static void
digest_of(
    const chain_t *chain, const market_buffer_t *envelope, market__text_t *out)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_statement_t *statement = NULL;

	kit_must(market_statement_parse(kit_context(chain->kit),
		     market_buffer_slice(envelope), MARKET_KINDS_ALL,
		     &statement, &error),
	    &error, "a parent");
	market__text_base64(out, market_statement_digest(statement));
	market_statement_free(statement);
}

/* The grant of link `link`, from 0, under the one before it. */
static market_buffer_t
make_grant(chain_t *chain, unsigned link, const market_buffer_t *parent)
{
	static const char *const parties[] = { BRAND, "import.example",
		"trade.example", SHOP };
	const kit_header_t header = { MARKET_KIND_AUTHORIZATION, parties[link],
		parties[link + 1], 1 };
	char *keys = kit_keys(chain->kit, parties[link + 1]);
	market_buffer_t envelope;
	market__text_t body;

	market__text_init(&body, &market__default_allocator, 4096);
	market__text_printf(&body,
	    "\"brand\": \"xiaomi\", \"grantee\": \"%s\", \"granteeKeys\": %s, "
	    "\"scope\": {\"models\": [%s], \"territories\": [\"US\"], "
	    "\"channels\": [\"CHANNEL_ONLINE_STORE\"], \"marketplaces\": "
	    "[\"" MARKETPLACE "\"], \"conditions\": [\"CONDITION_NEW\"]}, "
	    "\"maxDelegations\": %u",
	    parties[link + 1], keys,
	    chain->models == NULL ? "\"2014215\"" : chain->models, 2 - link);
	if (parent != NULL) {
		market__text_puts(&body, ", \"parentDigest\": \"");
		digest_of(chain, parent, &body);
		market__text_putc(&body, '"');
	}
	kit_must(body.status, NULL, "writing a grant");
	envelope = kit_statement(chain->kit, &header, parties[link], body.data);
	market__text_clear(&body);
	free(keys);
	return envelope;
}

static market_buffer_t
make_seller(chain_t *chain)
{
	static const kit_header_t header = { MARKET_KIND_SELLER, MARKETPLACE,
		SHOP, 1 };
	char body[1024], *keys = kit_keys(chain->kit, SHOP);

	snprintf(body, sizeof(body),
	    "\"seller\": \"" SHOP "\", \"legalName\": \"Shop Ltd\", "
	    "\"keys\": %s",
	    keys);
	free(keys);
	return kit_statement(chain->kit, &header, MARKETPLACE, body);
}

void
chain_make(
    chain_t *chain, market_context_t *context, market_algorithm_t algorithm)
{
	static const kit_header_t network = { MARKET_KIND_NETWORK, CARRIER,
		"us", 1 };
	static const kit_header_t product = { MARKET_KIND_PRODUCT, BRAND,
		"2014215", 1 };
	static const kit_header_t certification = { MARKET_KIND_CERTIFICATION,
		CARRIER, "2014215", 1 };
	unsigned i;

	chain->kit = kit_new_with(context, 4);
	kit_algorithm(chain->kit, algorithm);
	make_root(chain);
	make_policy(chain);
	for (i = 0; i < 3; i++)
		chain->evidence[i] = make_grant(
		    chain, i, i == 0 ? NULL : &chain->evidence[i - 1]);
	chain->evidence[3] = make_seller(chain);
	chain->evidence[4] = kit_statement(chain->kit, &network, CARRIER,
	    "\"network\": \"" KIT_NETWORK "\", \"name\": \"T-Mobile US\", "
	    "\"plmns\": [\"310-260\"], \"territories\": [\"US\"], "
	    "\"deployments\": [{\"rat\": \"RAT_UMTS\", \"band\": 2, \"from\": "
	    "\"2012-01-01T00:00:00Z\"}, {\"rat\": \"RAT_LTE\", \"band\": 4, "
	    "\"from\": \"2013-03-01T00:00:00Z\"}], \"requiredSchemes\": "
	    "[\"carrier\"]");
	chain->evidence[5] = kit_statement(chain->kit, &product, BRAND,
	    "\"brand\": \"xiaomi\", \"model\": \"2014215\", \"name\": \"Mi "
	    "4\", "
	    "\"category\": \"phone\", \"gtins\": [\"06954176800015\"], "
	    "\"radio\": {\"gsmMhz\": [850, 900, 1800, 1900], \"umtsBands\": "
	    "[1, 2, 5, 8]}");
	chain->evidence[6] = kit_statement(chain->kit, &certification, CARRIER,
	    "\"scheme\": \"carrier\", \"brand\": \"xiaomi\", \"model\": "
	    "\"2014215\", \"hardwareVersions\": [\"*\"], \"softwareVersions\": "
	    "[\"*\"], \"networks\": [\"*\"], \"territories\": [\"US\"], "
	    "\"state\": \"CERTIFICATION_STATE_CERTIFIED\", \"route\": "
	    "\"ROUTE_INITIAL\", \"bands\": [{\"rat\": \"RAT_GSM\", \"bands\": "
	    "[850, 1900]}, {\"rat\": \"RAT_UMTS\", \"bands\": [2, 5]}]");
}

void
chain_clear(chain_t *chain)
{
	size_t i;

	market_buffer_clear(&chain->root);
	market_buffer_clear(&chain->policy);
	for (i = 0; i < CHAIN_EVIDENCE; i++)
		market_buffer_clear(&chain->evidence[i]);
	kit_free(chain->kit);
}

market_buffer_t
chain_offer_of(
    chain_t *chain, unsigned long number, const char *model, const char *signer)
{
	char id[32], body[1024];
	kit_header_t header = { MARKET_KIND_OFFER, SHOP, id, 1 };

	snprintf(id, sizeof(id), "sku-%07lu", number);
	snprintf(body, sizeof(body),
	    "\"brand\": \"xiaomi\", \"model\": \"%s\", \"gtin\": "
	    "\"06954176800015\", \"title\": \"Xiaomi Mi 4, 16 GB, white\", "
	    "\"condition\": \"CONDITION_NEW\", \"price\": {\"currencyCode\": "
	    "\"USD\", \"amountMicros\": \"219000000\"}, \"availability\": "
	    "\"AVAILABILITY_IN_STOCK\", \"quantity\": \"10\", "
	    "\"marketplace\": \"" MARKETPLACE "\", \"territories\": [\"US\"], "
	    "\"channels\": [\"CHANNEL_ONLINE_STORE\"], \"networks\": "
	    "[\"" KIT_NETWORK "\"], \"disclosures\": "
	    "[\"DISCLOSURE_SERVICE_3G_ONLY\"]",
	    model);
	return kit_statement(chain->kit, &header, signer, body);
}

market_buffer_t
chain_offer(chain_t *chain, unsigned long number)
{
	return chain_offer_of(chain, number, "2014215", SHOP);
}

market_evidence_t *
chain_gather(const chain_t *chain, market_context_t *context)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_evidence_t *evidence = NULL;
	size_t i;

	kit_must(market_evidence_new(context, market_buffer_slice(&chain->root),
		     market_buffer_slice(&chain->policy), &evidence, &error),
	    &error, "the root and the policy");
	for (i = 0; i < CHAIN_EVIDENCE; i++)
		kit_must(
		    market_evidence_add(evidence,
			market_buffer_slice(&chain->evidence[i]), NULL, &error),
		    &error, "a statement");
	return evidence;
}
