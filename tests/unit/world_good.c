/* SPDX-License-Identifier: Apache-2.0 */
/* The good world: what its statements say. */
#include <stdlib.h>

#include "world_inner.h"

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
	world_put(world, "root", MARKET_KIND_TRUST_ROOT, "usmobile.com",
	    root_document);
	world_signed_by(world_statement(world, "root"), "root");
	world_put(world, "policy", MARKET_KIND_POLICY, "usmobile.com",
	    policy_document);
	world_put(world, "seller", MARKET_KIND_SELLER, "usmobile.com",
	    "{\"seller\": \"shop.example\", \"keys\": \"$keys:shop.example\","
	    " \"legalName\": \"Shop Ltd\"}");
	world_put(
	    world, "product", MARKET_KIND_PRODUCT, "mi.com", product_document);
	world_put(world, "network", MARKET_KIND_NETWORK, "t-mobile.com",
	    network_document);
	world_put(
	    world, "mvno", MARKET_KIND_NETWORK, "usmobile.com", mvno_document);
	world_put(world, "grant", MARKET_KIND_AUTHORIZATION, "mi.com",
	    grant_document);
	world_put(world, "carrier", MARKET_KIND_CERTIFICATION, "t-mobile.com",
	    carrier_document);
	world_put(
	    world, "fcc", MARKET_KIND_CERTIFICATION, "fcc.gov", fcc_document);
	world_put(
	    world, "offer", MARKET_KIND_OFFER, "shop.example", offer_document);
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

	world_forget_envelopes(world);
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
