/* SPDX-License-Identifier: Apache-2.0 */
/* The statements of the scene. */
#include "scene.h"

#define ROW(letter, kind, id, issuer, body)                             \
	{                                                               \
		letter, MARKET_KIND_##kind, id, issuer, body, "1", NULL \
	}
#define SCOPE                                                      \
	"\"scope\": {\"models\": [\"2014215\"], \"territories\": " \
	"[\"US\"], \"channels\": [\"CHANNEL_ONLINE_STORE\"], "     \
	"\"marketplaces\": [\"usmobile.com\"], \"conditions\": "   \
	"[\"CONDITION_NEW\"]}"
#define ANY                                                            \
	"\"scope\": {\"models\": [\"*\"], \"territories\": [\"*\"], "  \
	"\"channels\": [\"CHANNEL_ANY\"], \"marketplaces\": [\"*\"], " \
	"\"conditions\": [\"CONDITION_ANY\"]}"
#define CERTIFIED(scheme, networks)                                    \
	"\"scheme\": \"" scheme "\", \"brand\": \"xiaomi\", "          \
	"\"model\": \"2014215\", \"hardwareVersions\": [\"*\"], "      \
	"\"softwareVersions\": [\"7.1.2\", \"7.1.3\"], \"networks\": " \
	"[\"" networks "\"], \"territories\": [\"US\"], "              \
	"\"route\": \"ROUTE_INITIAL\", \"bands\": [{\"rat\": "         \
	"\"RAT_GSM\", \"bands\": [850, 1900]}, {\"rat\": "             \
	"\"RAT_UMTS\", \"bands\": [2, 5]}], \"state\": "               \
	"\"CERTIFICATION_STATE_"
#define OFFER(territories, networks)                                         \
	"\"brand\": \"xiaomi\", \"model\": \"2014215\", \"gtin\": "          \
	"\"06954176800015\", \"hardwareVersion\": \"P1\", "                  \
	"\"softwareVersion\": \"7.1.2\", \"title\": \"Xiaomi Mi 4\", "       \
	"\"condition\": \"CONDITION_NEW\", \"price\": "                      \
	"{\"currencyCode\": \"USD\", \"amountMicros\": \"219000000\"}, "     \
	"\"availability\": \"AVAILABILITY_IN_STOCK\", \"marketplace\": "     \
	"\"usmobile.com\", \"territories\": [" territories "], "             \
	"\"channels\": [\"CHANNEL_ONLINE_STORE\"], \"networks\": [" networks \
	"], \"disclosures\": [\"DISCLOSURE_SERVICE_3G_ONLY\"], "             \
	"\"fulfiller\": \"shop.example\""
#define TAKES "\"reason\": \"WITHDRAWAL_REASON_CEASED\""
#define NAMED(kind, issuer, id)                                      \
	"\"target\": {\"kind\": \"" kind "\", \"issuer\": \"" issuer \
	"\", \"id\": \"" id "\"}, " TAKES
#define PARTY(id, role, of)                                            \
	"{\"id\": \"" id "\", \"keys\": \"$keys:" id "\", \"roles\": " \
	"[{\"role\": \"ROLE_" role "\"" of "}]}"

#define ROOT(more)                                                             \
	"\"rootKeys\": \"$keys:root\", \"parties\": [" more PARTY("mi.com",    \
	    "BRAND",                                                           \
	    ", \"brands\": [\"xiaomi\"]") "," PARTY("t-mobile.com", "CARRIER", \
	    ", \"networks\": [\"t-mobile.com/us\"]") "," PARTY("usmobile.com", \
	    "MARKETPLACE",                                                     \
	    "}, {\"role\": \"ROLE_CARRIER\", \"networks\": "                   \
	    "[\"usmobile.com/us\"]") "," PARTY("fcc.gov", "CERTIFIER",         \
	    ", \"schemes\": [\"fcc\"], \"territories\": [\"US\"]") "]"

const scene_row_t scene_rows[] = {
	{ 'R', MARKET_KIND_TRUST_ROOT, "root", "usmobile.com",
	    ROOT(PARTY("meizu.com", "BRAND", ", \"brands\": [\"meizu\"]") ","),
	    "1", "root" },
	ROW('P', POLICY, "policy", "usmobile.com",
	    "\"environment\": \"ENVIRONMENT_PRODUCTION\", "
	    "\"requirements\": [{\"territories\": [\"US\"], \"networks\": "
	    "[\"*\"], \"categories\": [\"*\"], \"schemes\": [\"carrier\", "
	    "\"fcc\"]}], \"minimumService\": \"SERVICE_3G\", "
	    "\"discloseBelow\": \"SERVICE_4G\", \"maxChain\": 4, "
	    "\"clockSkewSeconds\": \"300\", "
	    "\"requireSellerVerification\": true"),
	/* The good world. */
	ROW('s', SELLER, "seller", "usmobile.com",
	    "\"seller\": \"shop.example\", \"keys\": \"$keys:shop.example\", "
	    "\"legalName\": \"Shop Ltd\""),
	ROW('p', PRODUCT, "product", "mi.com",
	    "\"brand\": \"xiaomi\", \"model\": \"2014215\", \"name\": "
	    "\"Mi 4\", \"category\": \"phone\", \"gtins\": "
	    "[\"06954176800015\"], \"hardwareVersions\": [\"P1\", \"P2\"], "
	    "\"softwareVersions\": [\"7.1.2\", \"7.1.3\"], \"radio\": "
	    "{\"gsmMhz\": [850, 900, 1800, 1900], \"umtsBands\": "
	    "[1, 2, 5, 8]}"),
	ROW('n', NETWORK, "network", "t-mobile.com",
	    "\"network\": \"t-mobile.com/us\", \"name\": \"T-Mobile US\", "
	    "\"plmns\": [\"310-260\"], \"territories\": [\"US\"], "
	    "\"deployments\": [{\"rat\": \"RAT_GSM\", \"band\": 1900, "
	    "\"from\": \"1996-01-01T00:00:00Z\"}, {\"rat\": \"RAT_UMTS\", "
	    "\"band\": 2, \"from\": \"2012-01-01T00:00:00Z\", \"until\": "
	    "\"2022-07-01T00:00:00Z\"}, {\"rat\": \"RAT_LTE\", \"band\": 4, "
	    "\"from\": \"2013-03-01T00:00:00Z\"}], \"requiredSchemes\": "
	    "[\"carrier\"]"),
	ROW('m', NETWORK, "mvno", "usmobile.com",
	    "\"network\": \"usmobile.com/us\", \"name\": \"US Mobile\", "
	    "\"hostNetwork\": \"t-mobile.com/us\", \"territories\": "
	    "[\"US\"]"),
	ROW('g', AUTHORIZATION, "grant", "mi.com",
	    "\"brand\": \"xiaomi\", \"grantee\": \"shop.example\", " SCOPE),
	ROW('c', CERTIFICATION, "carrier", "t-mobile.com",
	    CERTIFIED("carrier", "t-mobile.com/us") "CERTIFIED\""),
	ROW('f', CERTIFICATION, "fcc", "fcc.gov",
	    CERTIFIED("fcc", "*") "CERTIFIED\""),
	ROW('o', OFFER, "offer", "shop.example",
	    OFFER("\"US\"", "\"t-mobile.com/us\"")),
	/* Other ways, and other offers. */
	ROW('d', AUTHORIZATION, "dist", "mi.com",
	    "\"brand\": \"xiaomi\", \"grantee\": \"dist.example\", "
	    "\"maxDelegations\": 2, \"granteeKeys\": "
	    "\"$keys:dist.example\", " ANY),
	ROW('e', AUTHORIZATION, "sub", "dist.example",
	    "\"brand\": \"xiaomi\", \"grantee\": \"shop.example\", "
	    "\"parentDigest\": \"$digest:d\", " SCOPE),
	ROW('q', OFFER, "two", "shop.example",
	    OFFER("\"US-CA\", \"DE\"",
		"\"t-mobile.com/us\", \"usmobile.com/us\"")),
	{ 'r', MARKET_KIND_OFFER, "offer", "shop.example",
	    OFFER("\"US\"", "\"usmobile.com/us\""), "2", NULL },
	{ 'h', MARKET_KIND_AUTHORIZATION, "grant", "mi.com",
	    "\"brand\": \"xiaomi\", \"grantee\": \"shop.example\", " ANY, "2",
	    NULL },
	{ 'i', MARKET_KIND_CERTIFICATION, "carrier", "t-mobile.com",
	    CERTIFIED("carrier", "t-mobile.com/us") "SUSPENDED\"", "2", NULL },
	{ 'j', MARKET_KIND_CERTIFICATION, "carrier", "t-mobile.com",
	    CERTIFIED("carrier", "*") "CERTIFIED\"", "3", NULL },
	ROW('k', CERTIFICATION, "fcc", "fcc.gov",
	    CERTIFIED("fcc", "*") "IN_TEST\""), /* a fork */
	/* What takes away. */
	ROW('1', HOLD, "held", "usmobile.com",
	    "\"target\": {\"brand\": \"xiaomi\"}, \"reason\": "
	    "\"WITHDRAWAL_REASON_POLICY\""),
	ROW('2', HOLD, "removed", "usmobile.com",
	    "\"target\": {\"seller\": \"shop.example\", \"offerId\": "
	    "\"offer\"}, \"reason\": \"WITHDRAWAL_REASON_POLICY\", "
	    "\"final\": true"),
	ROW('3', DISAVOWAL, "nobody", "mi.com",
	    "\"brand\": \"xiaomi\", \"parties\": [\"*\"], " ANY),
	ROW('4', DISAVOWAL, "them", "mi.com",
	    "\"brand\": \"xiaomi\", \"parties\": [\"dist.example\"], " ANY),
	ROW('5', WITHDRAWAL, "w-grant", "mi.com",
	    "\"targetDigest\": \"$digest:g\", " TAKES),
	ROW('6', WITHDRAWAL, "w-dist", "mi.com",
	    NAMED("authorization", "mi.com", "dist")),
	ROW('7', WITHDRAWAL, "w-key", "usmobile.com",
	    "\"targetKey\": \"$key:shop.example\", " TAKES),
	ROW('8', WITHDRAWAL, "w-offer", "shop.example",
	    "\"targetDigest\": \"$digest:o\", " TAKES),
	ROW('9', WITHDRAWAL, "w-fcc", "fcc.gov",
	    NAMED("certification", "fcc.gov", "fcc")),
	ROW('0', WITHDRAWAL, "w-later", "mi.com",
	    "\"targetDigest\": \"$digest:p\", \"effectiveAt\": "
	    "\"2016-03-01T00:00:00Z\", " TAKES),
	ROW('t', STATUS, "status", "mi.com",
	    "\"sequence\": \"1\", \"withdrawn\": [\"$digest:d\"], \"page\": "
	    "1, \"pageCount\": 1"),
	ROW('u', STATUS, "s-status", "shop.example",
	    "\"sequence\": \"1\", \"withdrawn\": [\"$digest:o\"], \"page\": "
	    "1, \"pageCount\": 1"),
	ROW('v', WITHDRAWAL, "w-name", "shop.example",
	    NAMED("offer", "shop.example", "offer")),
	/* What has no standing. */
	ROW('x', WITHDRAWAL, "w-not", "meizu.com",
	    "\"targetDigest\": \"$digest:g\", " TAKES),
	ROW('y', AUTHORIZATION, "stolen", "evil.example",
	    "\"brand\": \"xiaomi\", \"grantee\": \"shop.example\", " ANY),
	/* The seller suspended; other keys, and another root. */
	{ 'z', MARKET_KIND_SELLER, "seller", "usmobile.com",
	    "\"seller\": \"shop.example\", \"keys\": \"$keys:shop.example\", "
	    "\"legalName\": \"Shop Ltd\", \"suspended\": true",
	    "2", NULL },
	ROW('K', KEY_SET, "keys", "mi.com", "\"keys\": \"$keys:mi.com+new\""),
	{ 'L', MARKET_KIND_KEY_SET, "keys", "mi.com", "\"keys\": \"$keys:new\"",
	    "2", "new" },
	{ 'Q', MARKET_KIND_TRUST_ROOT, "root", "usmobile.com", ROOT(""), "2",
	    "root" },
};

const size_t scene_row_count = MARKET__COUNT(scene_rows);
