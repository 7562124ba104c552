/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An example document of each kind, to be filled in: the phones of 2016. The
 * text below is JSON with ' for " and without white space; what is shown is
 * laid out by lay_out(). The private halves of the keys were thrown away.
 */
#include <market/draft.h>

#include "base/base.h"

#define KEY(spki, comment)                        \
	"{'spki':'MCowBQYDK2VwAyEA" spki "',"     \
	"'environment':'ENVIRONMENT_PRODUCTION'," \
	"'notBefore':'2016-01-01T00:00:00Z',"     \
	"'notAfter':'2018-01-01T00:00:00Z','comment':'" comment "'}"

#define MARKETPLACE_1 \
	KEY("VU56M7kveyybmVSN6RTz+Dv24bsDQ2hweDUCN2AFWE8=", "board, 1 of 2")
#define MARKETPLACE_2 \
	KEY("4uEU/zRIPRxXx7Rw9gaBDQ/9/XH1ccFN6nD2Rnsstdk=", "board, 2 of 2")
#define BRAND_KEY \
	KEY("u1ZZvfETatsxfonUBun4yJAKD4DHy/excRUImDsvj+0=", "sales, 2016")
#define CARRIER_KEY \
	KEY("5CoOmLFD1Xnnyt5+Vvt+HqsR1zs3UCAlFZqvy+NqVr0=", "device lab")
#define CERTIFIER_KEY \
	KEY("wqj4ZaWJnNdz0lcL1RyHDJQr9zmK3CMF663Llr5SQNU=", "equipment")
#define SELLER_KEY KEY("Ois4Q76eXeAIi+ebg8SUBPek9F5FdNrPNjxE9+cXl7U=", "offers")
#define NEXT_KEY \
	KEY("ycqUASuy6bYZ+X/9YwaFWdNMJIt5AiZ7NPI9NFC5AQM=", "sales, 2017")

#define KEYS(threshold, list) "{'threshold':" threshold ",'keys':[" list "]}"

#define DIGEST "Ohr65O8H3gNLefvoGyPwHWa9yMX9WnIOoprPtEjzpcQ="

#define HEADER(issuer, id)                                            \
	"'header':{'issuer':'" issuer "','id':'" id "','revision':1," \
	"'issuedAt':'2016-01-15T00:00:00Z',"                          \
	"'notBefore':'2016-01-15T00:00:00Z',"                         \
	"'notAfter':'2017-01-15T00:00:00Z'}"

#define ROLE(role, brands, networks, schemes, territories)               \
	"{'role':'" role "','brands':[" brands "],'networks':[" networks \
	"],'schemes':[" schemes "],'territories':[" territories "]}"

#define PARTY(id, name, key, role)            \
	"{'id':'" id "','displayName':'" name \
	"','keys':" KEYS("1", key) ",'roles':[" role "]}"

#define SCOPE(                                                         \
    models, territories, excluded, channels, marketplaces, condition)  \
	"{'models':[" models "],'territories':[" territories           \
	"],'excludedTerritories':[" excluded "],'channels':[" channels \
	"],'marketplaces':[" marketplaces "],'conditions':[" condition "]}"

/* The documents are read as they stand. */
/* clang-format off */

static const char trust_root[] =
    "{" HEADER("usmobile.com", "root")
    ",'rootKeys':" KEYS("2", MARKETPLACE_1 "," MARKETPLACE_2)
    ",'parties':["
    PARTY("usmobile.com", "US Mobile", MARKETPLACE_1,
	ROLE("ROLE_MARKETPLACE", "", "", "", "")) ","
    PARTY("mi.com", "Xiaomi", BRAND_KEY,
	ROLE("ROLE_BRAND", "'xiaomi'", "", "", "")) ","
    PARTY("t-mobile.com", "T-Mobile US", CARRIER_KEY,
	ROLE("ROLE_CARRIER", "", "'t-mobile.com/us'", "", "")) ","
    PARTY("fcc.gov", "Federal Communications Commission", CERTIFIER_KEY,
	ROLE("ROLE_CERTIFIER", "", "", "'fcc'", "'US'"))
    "]}";

static const char key_set[] =
    "{" HEADER("mi.com", "keys") ",'keys':" KEYS("1", NEXT_KEY) "}";

static const char policy[] =
    "{" HEADER("usmobile.com", "policy")
    ",'environment':'ENVIRONMENT_PRODUCTION',"
    "'requirements':[{'territories':['US'],'networks':['*'],"
    "'categories':['*'],'schemes':['carrier','fcc']}],"
    "'minimumService':'SERVICE_3G','discloseBelow':'SERVICE_4G',"
    "'acceptProvisional':false,'maxChain':3,'clockSkewSeconds':300,"
    "'statusRules':[],'requireSellerVerification':true,"
    "'expiringSoonSeconds':604800}";

static const char seller[] =
    "{" HEADER("usmobile.com", "seller-importer")
    ",'seller':'importer.example','keys':" KEYS("1", SELLER_KEY)
    ",'legalName':'Example Electronics HK Ltd',"
    "'address':{'lines':['Unit 1','1 Example Road'],'postalCode':'999077',"
    "'city':'Kowloon','region':'Kowloon','country':'HK'},"
    "'registerNumber':'0000001','contactEmail':'sales@importer.example',"
    "'contactPhone':'+852 0000 0000','suspended':false,"
    "'suspensionReason':''}";

static const char product[] =
    "{" HEADER("mi.com", "product-2014215")
    ",'brand':'xiaomi','model':'2014215','name':'Mi 4',"
    "'category':'smartphone','gtins':['4006381333931'],"
    "'tacs':['86489502'],'hardwareVersions':['MI 4W'],"
    "'softwareVersions':['MIUI 7.0'],'radio':{"
    "'gsmMhz':[850,900,1800,1900],'umtsBands':[1,2,5,8],'lteBands':[],"
    "'nrBands':[],'unknownRats':['RAT_LTE'],"
    "'features':['FEATURE_E911']}}";

static const char network[] =
    "{" HEADER("t-mobile.com", "network-us")
    ",'network':'t-mobile.com/us','name':'T-Mobile US','plmns':['310-260'],"
    "'hostNetwork':'','territories':['US'],'deployments':["
    "{'rat':'RAT_GSM','band':1900,'from':'1996-01-01T00:00:00Z',"
    "'until':0},"
    "{'rat':'RAT_UMTS','band':2,'from':'2012-01-01T00:00:00Z',"
    "'until':'2022-07-01T00:00:00Z'},"
    "{'rat':'RAT_LTE','band':12,'from':'2014-12-01T00:00:00Z',"
    "'until':0}],"
    "'requiredSchemes':['carrier'],'requiredFeatures':['FEATURE_E911']}";

static const char authorization[] =
    "{" HEADER("mi.com", "grant-importer")
    ",'brand':'xiaomi','grantee':'importer.example','granteeKeys':"
    KEYS("1", SELLER_KEY) ",'scope':"
    SCOPE("'2014215'", "'US','CA'", "'CA-QC'", "'CHANNEL_ONLINE_STORE'",
	"'usmobile.com'", "'CONDITION_NEW'")
    ",'maxDelegations':0,'parentDigest':''}";

static const char disavowal[] =
    "{" HEADER("mi.com", "no-us-distributor")
    ",'brand':'xiaomi','parties':['*'],'scope':"
    SCOPE("'*'", "'US'", "", "'CHANNEL_ANY'", "'*'", "'CONDITION_ANY'")
    ",'statement':'Xiaomi has authorised no distributor in the US.'}";

static const char certification[] =
    "{" HEADER("t-mobile.com", "cert-2014215")
    ",'scheme':'carrier','brand':'xiaomi','model':'2014215',"
    "'hardwareVersions':['MI 4W'],'softwareVersions':['*'],"
    "'networks':['t-mobile.com/us'],'territories':['US'],"
    "'bands':[{'rat':'RAT_GSM','bands':[1900]},"
    "{'rat':'RAT_UMTS','bands':[2]}],"
    "'state':'CERTIFICATION_STATE_CERTIFIED','route':'ROUTE_INITIAL',"
    "'parentDigest':'','prerequisites':['fcc'],'reference':'TA-2016-0001'}";

static const char withdrawal[] =
    "{" HEADER("mi.com", "withdraw-grant-importer")
    ",'target':{'kind':'authorization','issuer':'mi.com',"
    "'id':'grant-importer'},'reason':'WITHDRAWAL_REASON_CEASED',"
    "'note':'The contract has ended.',"
    "'effectiveAt':'2016-02-02T00:00:00Z'}";

static const char hold[] =
    "{" HEADER("usmobile.com", "hold-importer-2014215")
    ",'target':{'seller':'importer.example','brand':'xiaomi',"
    "'model':'2014215','offerId':'mi4-white'},"
    "'reason':'WITHDRAWAL_REASON_POLICY',"
    "'note':'The brand has been asked.','final':false}";

static const char status[] =
    "{" HEADER("mi.com", "status")
    ",'sequence':1,'withdrawn':['" DIGEST "'],'page':0,'pageCount':1}";

static const char offer[] =
    "{" HEADER("importer.example", "mi4-white")
    ",'brand':'xiaomi','model':'2014215','gtin':'4006381333931',"
    "'hardwareVersion':'MI 4W','softwareVersion':'MIUI 7.0',"
    "'title':'Xiaomi Mi 4, 16 GB, white','description':'5 inch, unlocked. "
    "3G on T-Mobile US; no LTE there.',"
    "'link':'https://importer.example/mi4-white',"
    "'imageLinks':['https://importer.example/mi4-white.jpg'],"
    "'condition':'CONDITION_NEW',"
    "'price':{'currencyCode':'USD','amountMicros':219000000},"
    "'availability':'AVAILABILITY_IN_STOCK','quantity':25,"
    "'marketplace':'usmobile.com','territories':['US'],"
    "'channels':['CHANNEL_ONLINE_STORE'],'networks':['t-mobile.com/us'],"
    "'disclosures':['DISCLOSURE_SERVICE_3G_ONLY',"
    "'DISCLOSURE_IMPORTED_VARIANT'],'fulfiller':'importer.example',"
    "'shipsFrom':'HK','minHandlingDays':1,'maxHandlingDays':3,"
    "'warrantyMonths':12,'returnDays':14,"
    "'regulatoryIds':[{'scheme':'fcc','value':'2AFZZ2014215'}]}";

static const char feed[] =
    "{" HEADER("importer.example", "feed")
    ",'mode':'FEED_MODE_FULL','count':2,'root':'" DIGEST
    "','chunkRoots':['" DIGEST "']}";

/* clang-format on */

static const char *
example_of(market_kind_t kind)
{
	switch (kind) {
	case MARKET_KIND_NONE: break;
	case MARKET_KIND_TRUST_ROOT: return trust_root;
	case MARKET_KIND_KEY_SET: return key_set;
	case MARKET_KIND_POLICY: return policy;
	case MARKET_KIND_SELLER: return seller;
	case MARKET_KIND_PRODUCT: return product;
	case MARKET_KIND_NETWORK: return network;
	case MARKET_KIND_AUTHORIZATION: return authorization;
	case MARKET_KIND_DISAVOWAL: return disavowal;
	case MARKET_KIND_CERTIFICATION: return certification;
	case MARKET_KIND_WITHDRAWAL: return withdrawal;
	case MARKET_KIND_HOLD: return hold;
	case MARKET_KIND_STATUS: return status;
	case MARKET_KIND_OFFER: return offer;
	case MARKET_KIND_FEED: return feed;
	}
	return NULL;
}

#define EXAMPLE_MAX ((size_t)16 * 1024)

static void
new_line(market__text_t *text, unsigned depth)
{
	market__text_putc(text, '\n');
	while (depth-- > 0)
		market__text_puts(text, "  ");
}

/* Indents by two blanks; a list of plain values stays on one line. */
static void
lay_out(market__text_t *text, const char *example)
{
	bool in_string = false, in_line = false;
	unsigned depth = 0;
	char c;

	for (; (c = *example) != '\0'; example++) {
		if (c == '\'') {
			in_string = !in_string;
			market__text_putc(text, '"');
		} else if (in_string) {
			market__text_putc(text, c);
		} else if (c == '[' && example[1] != '{') {
			in_line = true;
			market__text_putc(text, c);
		} else if (c == ']' && in_line) {
			in_line = false;
			market__text_putc(text, c);
		} else if (c == '{' || c == '[') {
			market__text_putc(text, c);
			new_line(text, ++depth);
		} else if (c == '}' || c == ']') {
			new_line(text, --depth);
			market__text_putc(text, c);
		} else if (c == ',' && !in_line) {
			market__text_putc(text, c);
			new_line(text, depth);
		} else {
			market__text_putc(text, c);
			if (c == ':' || c == ',')
				market__text_putc(text, ' ');
		}
	}
	market__text_putc(text, '\n');
}

market_status_t
market_template_json(
    market_context_t *context, market_kind_t kind, market_buffer_t *ret_json)
{
	const char *example = example_of(kind);
	market__text_t text;

	if (context == NULL || ret_json == NULL || example == NULL)
		return MARKET_E_ARGUMENT;
	market__text_init(&text, &context->allocator, EXAMPLE_MAX);
	lay_out(&text, example);
	return market__text_take(&text, ret_json);
}
