/* SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"

#include <stdio.h>
#include <string.h>

#define MEMBER_EDITS_MAX 4

typedef struct member {
	unsigned tags;
	const char *edits[MEMBER_EDITS_MAX];
} member_t;

#define SCOPE                                                \
	"\"scope\": {\"models\": [\"*\"], \"territories\": " \
	"[\"US\"], \"channels\": [\"CHANNEL_ANY\"], "        \
	"\"marketplaces\": [\"*\"], \"conditions\": "        \
	"[\"CONDITION_ANY\"]}"
#define FROM_UNTIL(from, until)               \
	"\"header\": {\"notBefore\": \"" from \
	"T00:00:00Z\", \"notAfter\": \"" until "T00:00:00Z\"}"
#define REVISION_FROM(revision, from)                                         \
	"\"header\": {\"revision\": \"" revision "\", \"notBefore\": \"" from \
	"T00:00:00Z\"}"
#define ID_FROM_UNTIL(id, from, until)                            \
	"\"header\": {\"id\": \"" id "\", \"notBefore\": \"" from \
	"T00:00:00Z\", \"notAfter\": \"" until "T00:00:00Z\"}"
#define KEY(name, from, until)                               \
	"{\"spki\": \"$spki:" name "\", \"environment\": "   \
	"\"ENVIRONMENT_PRODUCTION\", \"notBefore\": \"" from \
	"T00:00:00Z\", \"notAfter\": \"" until "T00:00:00Z\"}"
#define TWO_KEYS(name)                                                     \
	"\"keys\": {\"threshold\": 1, \"keys\": [" KEY(name, "2015-01-01", \
	    "2017-10-01") ", " KEY(name "#2", "2016-03-15", "2024-02-01") "]}"
#define WITHDRAWN_AS_OF(instant)                                      \
	"\"reason\": \"WITHDRAWAL_REASON_CEASED\", \"effectiveAt\": " \
	"\"" instant "T00:00:00Z\""
#define NAMED(kind, issuer, id)                                      \
	"\"target\": {\"kind\": \"" kind "\", \"issuer\": \"" issuer \
	"\", \"id\": \"" id "\"}"

/* Parties whose keys come and go. */
#define PARTIES                                                                \
	"{\"parties\": ["                                                      \
	"{\"id\": \"mi.com\", " TWO_KEYS(                                      \
	    "mi.com") ", \"roles\": "                                          \
		      "[{\"role\": \"ROLE_BRAND\", \"brands\": "               \
		      "[\"xiaomi\"]}]},"                                       \
		      "{\"id\": \"t-mobile.com\", " TWO_KEYS(                  \
			  "t-mobile.com") ", \"roles\": [{\"role\": "          \
					  "\"ROLE_CARRIER\", \"networks\": "   \
					  "[\"t-mobile.com/us\"]}]},"          \
					  "{\"id\": \"usmobile.com\", "        \
					  "\"keys\": \"$keys:usmobile.com\", " \
					  "\"roles\": [{\"role\": "            \
					  "\"ROLE_MARKETPLACE\"}, "            \
					  "{\"role\": \"ROLE_CARRIER\", "      \
					  "\"networks\": "                     \
					  "[\"usmobile.com/us\"]}]},"          \
					  "{\"id\": \"fcc.gov\", " TWO_KEYS(   \
					      "fcc.gov") ", \"roles\": "       \
							 "[{\"role\": "        \
							 "\"ROLE_CERTIFIER\"," \
							 " \"schemes\": "      \
							 "[\"fcc\"], "         \
							 "\"territories\": "   \
							 "[\"US\"]}]},"        \
							 "{\"id\": "           \
							 "\"ptcrb.com\", "     \
							 "\"keys\": "          \
							 "\"$keys:ptcrb."      \
							 "com\", \"roles\": "  \
							 "[{\"role\": "        \
							 "\"ROLE_CERTIFIER\"," \
							 " \"schemes\": "      \
							 "[\"ptcrb\"], "       \
							 "\"territories\": "   \
							 "[\"*\"]}]}]}"

static const member_t members[] = {
	/* the offer */
	{ 0,
	    { "offer {\"territories\": [\"US\", \"US-CA\"], \"networks\": "
	      "[\"t-mobile.com/us\", \"usmobile.com/us\"]}" } },
	{ 0, { "offer {\"softwareVersion\": \"7.1.3\"}" } },
	{ 0, { "offer {" FROM_UNTIL("2016-01-01", "2017-05-01") "}" } },
	{ 0, { "offer {" FROM_UNTIL("2016-03-01", "2020-01-01") "}" } },
	{ 0, { "offer {\"disclosures\": []}" } },
	{ 0,
	    { "offer {\"disclosures\": [\"DISCLOSURE_SERVICE_2G_ONLY\", "
	      "\"DISCLOSURE_SERVICE_3G_ONLY\", \"DISCLOSURE_NO_VOICE\", "
	      "\"DISCLOSURE_WIFI_ONLY\"]}" } },
	{ 0, { "offer {\"networks\": [\"usmobile.com/us\"]}" } },
	{ 0, { "offer {\"fulfiller\": \"ware.example\"}" } },
	{ 0, { "offer @shop.example shop.example#2" } },
	/* the policy and the root */
	{ 0, { "policy {\"acceptProvisional\": true}" } },
	{ 0, { "policy {\"minimumService\": \"SERVICE_2G\"}" } },
	{ 0, { "policy {\"minimumService\": \"SERVICE_NONE\"}" } },
	{ 0, { "policy {\"clockSkewSeconds\": \"0\"}" } },
	{ 0, { "policy {\"clockSkewSeconds\": \"86400\"}" } },
	{ POOL_SELLER, { "policy {\"requireSellerVerification\": false}" } },
	{ 0, { "policy {\"expiringSoonSeconds\": \"31536000\"}" } },
	{ 0, { "policy {" FROM_UNTIL("2016-01-20", "2021-03-01") "}" } },
	{ 0, { "policy {" FROM_UNTIL("2016-04-10", "2023-03-01") "}" } },
	{ 0, { "root {" FROM_UNTIL("2015-01-01", "2019-09-01") "}" } },
	{ 0,
	    { "root " PARTIES, "fcc @fcc.gov fcc.gov#2",
		"carrier @t-mobile.com#2", "grant @mi.com mi.com#2" } },
	{ 0, { "root " PARTIES, "product @mi.com mi.com#2" } },
	/* the seller */
	{ 0, { "seller {" FROM_UNTIL("2016-01-10", "2018-06-01") "}" } },
	{ 0, { "seller {\"suspended\": true}" } },
	{ 0, { "seller {" TWO_KEYS("shop.example") "}" } },
	{ POOL_SELLER,
	    { "+seller-r2 =seller {" REVISION_FROM("2", "2016-09-01") "}" } },
	{ POOL_SELLER, { "+seller-fork =seller {\"legalName\": \"X\"}" } },
	{ POOL_SELLER,
	    {
		"+seller-b =seller {\"header\": {\"id\": \"b\", \"notBefore\": "
		"\"2016-10-01T00:00:00Z\", \"notAfter\": "
		"\"2030-01-01T00:00:00Z\"}, \"keys\": "
		"\"$keys:shop.example#2\"}",
	    } },
	/* grants */
	{ 0, { "grant {" FROM_UNTIL("2016-01-15", "2016-07-01") "}" } },
	{ 0, { "grant {" FROM_UNTIL("2016-04-01", "2020-01-01") "}" } },
	{ 0, { "grant {\"granteeKeys\": \"$keys:shop.example\"}" } },
	{ 0,
	    { "grant {\"granteeKeys\": {\"threshold\": 1, \"keys\": [" KEY(
		"shop.example", "2016-01-05", "2017-01-05") "]}}" } },
	{ POOL_GRANT,
	    { "+grant-r2 =grant {\"header\": {\"revision\": \"2\"}, \"scope\": "
	      "{\"territories\": [\"US-CA\"]}}" } },
	{ POOL_GRANT, { "+grant-fork =grant {\"maxDelegations\": 1}" } },
	{ 0,
	    { "+grant-b authorization mi.com {" FROM_UNTIL("2016-05-05",
		"2019-05-05") ", \"brand\": \"xiaomi\", \"grantee\": "
			      "\"shop.example\", " SCOPE "}" } },
	{ 0,
	    { "+dist authorization mi.com {\"brand\": \"xiaomi\", \"grantee\": "
	      "\"dist.example\", \"maxDelegations\": 2, \"granteeKeys\": "
	      "\"$keys:dist.example\", " SCOPE "}",
		"+sub authorization dist.example {" FROM_UNTIL("2016-01-20",
		    "2017-11-11") ", \"brand\": \"xiaomi\", \"grantee\": "
				  "\"shop.example\", \"parentDigest\": "
				  "\"$digest:dist\", " SCOPE "}" } },
	{ 0,
	    { "+far authorization mi.com {\"brand\": \"xiaomi\", \"grantee\": "
	      "\"far.example\", \"maxDelegations\": 1, \"granteeKeys\": "
	      "\"$keys:far.example\", " SCOPE "}",
		"+near authorization far.example {\"brand\": \"xiaomi\", "
		"\"grantee\": \"shop.example\", \"parentDigest\": "
		"\"$digest:far\", " SCOPE "}",
		"+far-gone withdrawal mi.com {\"targetDigest\": "
		"\"$digest:far\", " WITHDRAWN_AS_OF("2016-12-12") "}" } },
	{ 0,
	    { "+orphan authorization lost.example {\"brand\": \"xiaomi\", "
	      "\"grantee\": \"shop.example\", \"parentDigest\": "
	      "\"$key:forger\", " SCOPE "}" } },
	/* disavowals */
	{ 0,
	    { "+no-all disavowal mi.com {" FROM_UNTIL("2017-02-02",
		"2018-02-02") ", \"brand\": \"xiaomi\", \"parties\": "
			      "[\"*\"], " SCOPE "}" } },
	{ 0,
	    { "+no-shop disavowal mi.com {\"brand\": \"xiaomi\", \"parties\": "
	      "[\"shop.example\"], " SCOPE "}",
		"+no-shop-end withdrawal mi.com {\"targetDigest\": "
		"\"$digest:no-shop\", " WITHDRAWN_AS_OF("2016-06-06") "}" } },
	{ 0,
	    { "+no-ware disavowal mi.com {" FROM_UNTIL("2016-08-08",
		"2026-01-01") ", \"brand\": \"xiaomi\", \"parties\": "
			      "[\"ware.example\", \"far.example\"], " SCOPE
			      "}" } },
	/* certifications */
	{ 0, { "fcc {" FROM_UNTIL("2016-01-01", "2017-03-03") "}" } },
	{ 0, { "carrier {" FROM_UNTIL("2016-02-20", "2018-03-03") "}" } },
	{ 0, { "carrier {\"state\": \"CERTIFICATION_STATE_PROVISIONAL\"}" } },
	{ 0, { "carrier {\"softwareVersions\": [\"*\"]}" } },
	{
	    POOL_FCC,
	    { "+fcc-test =fcc {" ID_FROM_UNTIL("test", "2016-10-10",
		"2016-12-01") ", \"state\": \"CERTIFICATION_STATE_IN_TEST\"}" },
	},
	{ POOL_FCC,
	    { "+fcc-susp =fcc {" ID_FROM_UNTIL("susp", "2016-05-01",
		"2016-08-01") ", \"state\": "
			      "\"CERTIFICATION_STATE_SUSPENDED\"}" } },
	{ POOL_FCC,
	    { "+fcc-r2 =fcc {" REVISION_FROM(
		"2", "2018-01-01") ", \"state\": "
				   "\"CERTIFICATION_STATE_REVOKED\"}" } },
	{ POOL_FCC, { "+fcc-fork =fcc {\"reference\": \"fork\"}" } },
	{ POOL_FCC,
	    { "+fcc-gone =fcc {\"header\": {\"id\": \"gone\", \"notBefore\": "
	      "\"2017-06-01T00:00:00Z\"}, \"softwareVersions\": [\"7.1.2\"], "
	      "\"state\": \"CERTIFICATION_STATE_WITHDRAWN\"}" } },
	{ POOL_CARRIER,
	    {
		"+car-base =carrier {" ID_FROM_UNTIL("base", "2016-09-09",
		    "2019-09-09") ", \"softwareVersions\": [\"7.0\"]}",
		"+car-var =carrier {\"header\": {\"id\": \"var\"}, \"state\": "
		"\"CERTIFICATION_STATE_PROVISIONAL\", \"route\": "
		"\"ROUTE_VARIANT\", \"parentDigest\": \"$digest:car-base\"}",
	    } },
	{ POOL_CARRIER,
	    { "+car-pre =carrier {\"header\": {\"id\": \"pre\"}, \"state\": "
	      "\"CERTIFICATION_STATE_IN_TEST\", \"prerequisites\": "
	      "[\"ptcrb\"]}",
		"+ptcrb =fcc {" ID_FROM_UNTIL("ptcrb", "2016-11-11",
		    "2020-11-11") ", \"scheme\": \"ptcrb\"}",
		"ptcrb {\"header\": {\"issuer\": \"ptcrb.com\"}}",
		"ptcrb @ptcrb.com" } },
	{ POOL_CARRIER,
	    { "+car-713 =carrier {" ID_FROM_UNTIL("713", "2016-12-24",
		"2021-12-24") ", \"softwareVersions\": [\"7.1.3\"]}" } },
	{ POOL_CARRIER,
	    { "+car-late =carrier {\"header\": {\"id\": \"late\"}, \"state\": "
	      "\"CERTIFICATION_STATE_IN_TEST\"}",
		"root " PARTIES, "car-late @t-mobile.com#2" } },
	/* networks */
	{ 0, { "network {" FROM_UNTIL("2015-01-01", "2020-02-02") "}" } },
	{ 0, { "network {\"requiredFeatures\": [\"FEATURE_E911\"]}" } },
	{ 0,
	    { "mvno {\"deployments\": [{\"rat\": \"RAT_UMTS\", \"band\": 2, "
	      "\"from\": \"2016-01-01T00:00:00Z\", \"until\": "
	      "\"2019-04-01T00:00:00Z\"}, {\"rat\": \"RAT_GSM\", \"band\": "
	      "1900, \"from\": \"2016-02-10T00:00:00Z\"}]}" } },
	{ POOL_NETWORK,
	    { "+net-b =network {" ID_FROM_UNTIL("b", "2016-11-01",
		"2035-01-01") ", \"deployments\": [{\"rat\": \"RAT_GSM\", "
			      "\"band\": 1900, \"from\": "
			      "\"1996-01-01T00:00:00Z\"}]}" } },
	{ POOL_NETWORK, { "+net-fork =network {\"name\": \"Fork\"}" } },
	/* the product */
	{ 0, { "product {" FROM_UNTIL("2016-01-01", "2017-09-09") "}" } },
	{ 0,
	    { "product {\"radio\": {\"lteBands\": [2, 4, 12], \"features\": "
	      "[\"FEATURE_VOLTE\", \"FEATURE_E911\"]}}" } },
	{ 0, { "product {\"radio\": {\"unknownRats\": [\"RAT_LTE\"]}}" } },
	{ POOL_PRODUCT,
	    { "+prod-b =product {" ID_FROM_UNTIL("b", "2016-11-20",
		"2036-01-01") ", \"radio\": {\"umtsBands\": [1]}}" } },
	{ POOL_PRODUCT,
	    { "+prod-c =product {\"header\": {\"id\": \"c\", \"issuer\": "
	      "\"fcc.gov\"}, \"radio\": null}",
		"prod-c @fcc.gov" } },
	/* withdrawals */
	{ 0,
	    { "+w-grant withdrawal mi.com {" NAMED("authorization", "mi.com",
		"grant") ", " WITHDRAWN_AS_OF("2016-12-01") "}" } },
	{ 0,
	    { "+w-key withdrawal usmobile.com {\"targetKey\": "
	      "\"$key:shop.example\", " WITHDRAWN_AS_OF("2018-08-01") "}" } },
	{ 0,
	    { "+w-fcc-key withdrawal fcc.gov {\"targetKey\": "
	      "\"$key:fcc.gov\", " WITHDRAWN_AS_OF("2017-08-01") "}" } },
	{ 0,
	    { "+w-offer withdrawal shop.example {" NAMED("offer",
		"shop.example",
		"offer") ", " WITHDRAWN_AS_OF("2019-01-01") "}" } },
	{ 0,
	    { "+w-product withdrawal mi.com {" FROM_UNTIL(
		"2018-05-01", "2019-05-01") ", " NAMED("product", "mi.com",
		"product") ", \"reason\": \"WITHDRAWAL_REASON_ERROR\"}" } },
	/* holds */
	{ 0,
	    { "+hold-may hold usmobile.com {" FROM_UNTIL("2016-05-20",
		"2016-06-20") ", \"target\": {\"seller\": \"shop.example\"}, "
			      "\"reason\": \"WITHDRAWAL_REASON_POLICY\"}" } },
	{ 0,
	    { "+hold-now hold usmobile.com {" FROM_UNTIL("2016-01-01",
		"2016-03-20") ", \"target\": {\"brand\": \"xiaomi\"}, "
			      "\"reason\": \"WITHDRAWAL_REASON_POLICY\"}" } },
	{ 0,
	    { "+hold-end hold usmobile.com {" FROM_UNTIL("2017-07-07",
		"2017-08-08") ", \"target\": {\"seller\": \"shop.example\", "
			      "\"offerId\": \"offer\"}, \"final\": true, "
			      "\"reason\": \"WITHDRAWAL_REASON_SAFETY\"}" } },
	/* taken away, last of all */
	{ POOL_REMOVES, { "-product" } },
	{ POOL_REMOVES, { "-carrier" } },
	{ POOL_REMOVES, { "-fcc" } },
	{ POOL_REMOVES | POOL_SELLER, { "-seller" } },
	{ POOL_REMOVES, { "-grant" } },
	{ POOL_REMOVES, { "-network" } },
	{ POOL_REMOVES, { "-mvno" } },
};

#define N_MEMBERS (sizeof(members) / sizeof(members[0]))

uint32_t
pool_random(uint32_t *state, uint32_t below)
{
	/* xorshift32 (Marsaglia); a state of 0 would stay. */
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state % below;
}

static void
note_name(pool_world_t *pool, const char *name)
{
	ck_assert_uint_lt(pool->n_names, POOL_NAMES_MAX);
	snprintf(pool->names[pool->n_names++], sizeof(pool->names[0]), "%.*s",
	    (int)strcspn(name, " "), name);
}

static void
forget_name(pool_world_t *pool, const char *name)
{
	size_t i;

	for (i = 0; i < pool->n_names; i++)
		if (strcmp(pool->names[i], name) == 0)
			break;
	ck_assert_uint_lt(i, pool->n_names);
	pool->n_names--;
	memmove(&pool->names[i], &pool->names[i + 1],
	    (pool->n_names - i) * sizeof(pool->names[0]));
}

static void
note_time(pool_world_t *pool, int64_t instant)
{
	size_t i;

	ck_assert_uint_lt(pool->n_times, POOL_TIMES_MAX);
	for (i = pool->n_times++; i > 0 && pool->times[i - 1] > instant; i--)
		pool->times[i] = pool->times[i - 1];
	pool->times[i] = instant;
}

/* Every instant that is written in the text. */
static void
note_times(pool_world_t *pool, const char *text)
{
	const char *end;
	char instant[21];

	for (end = strstr(text, "Z\""); end != NULL;
	     end = strstr(end + 1, "Z\"")) {
		if (end - text < 19)
			continue;
		snprintf(instant, sizeof(instant), "%.20s", end - 19);
		note_time(pool, world_time(instant));
	}
}

static bool
stands_in_story(const pool_world_t *pool, const char *edit)
{
	return strstr(pool->story, edit) != NULL;
}

static void
take(pool_world_t *pool, const member_t *member)
{
	size_t i, len;
	const char *edit;

	pool->tags |= member->tags;
	for (i = 0; i < MEMBER_EDITS_MAX; i++) {
		edit = member->edits[i];
		/* Two members may want the same root. */
		if (edit == NULL || stands_in_story(pool, edit))
			continue;
		world_edit(pool->world, edit);
		if (edit[0] == '+')
			note_name(pool, edit + 1);
		else if (edit[0] == '-')
			forget_name(pool, edit + 1);
		note_times(pool, edit);
		len = strlen(pool->story);
		snprintf(pool->story + len, sizeof(pool->story) - len, "  %s\n",
		    edit);
	}
}

/* Now, or about an instant that the world speaks of. */
static int64_t
pick_instant(pool_world_t *pool, uint32_t *state)
{
	if (pool_random(state, 2) == 0)
		return world_time(WORLD_NOW);
	return pool->times[pool_random(state, (uint32_t)pool->n_times)] - 1 +
	    pool_random(state, 3);
}

void
pool_world_init(pool_world_t *pool, unsigned seed)
{
	static const char *const base[] = { "seller", "product", "network",
		"mvno", "grant", "carrier", "fcc" };
	static const char base_times[] =
	    "2016-01-01T00:00:00Z\" 2022-07-01T00:00:00Z\" "
	    "2026-01-01T00:00:00Z\"";
	uint32_t state = seed * 2654435761u | 1;
	size_t i, wanted;

	memset(pool, 0, sizeof(*pool));
	pool->seed = seed;
	pool->world = world_new();
	for (i = 0; i < sizeof(base) / sizeof(base[0]); i++)
		note_name(pool, base[i]);
	note_times(pool, base_times);
	for (i = 0; i < 8; i++)
		pool_random(&state, 2);
	wanted = 1 + pool_random(&state, 6);
	for (i = 0; i < N_MEMBERS; i++) {
		if (pool_random(&state, N_MEMBERS) >= wanted ||
		    (members[i].tags & pool->tags & POOL_REMOVES))
			continue;
		if (pool->n_times + 12 > POOL_TIMES_MAX)
			break;
		take(pool, &members[i]);
	}
	pool->at = pick_instant(pool, &state);
}

void
pool_world_clear(pool_world_t *pool)
{
	world_free(pool->world);
}

static void
add(pool_world_t *pool, market_evidence_t *evidence, const char *name)
{
	ck_assert_int_eq(market_evidence_add(evidence,
			     world_envelope(pool->world, name), name, NULL),
	    MARKET_OK);
}

market_evidence_t *
pool_evidence(pool_world_t *pool, const char *without, const char *const *more)
{
	market_evidence_t *evidence = NULL;
	size_t i;

	ck_assert_int_eq(
	    market_evidence_new(world_context(pool->world),
		world_envelope(pool->world, "root"),
		world_envelope(pool->world, "policy"), &evidence, NULL),
	    MARKET_OK);
	for (i = 0; i < pool->n_names; i++)
		if (without == NULL || strcmp(pool->names[i], without) != 0)
			add(pool, evidence, pool->names[i]);
	for (i = 0; more != NULL && more[i] != NULL; i++)
		add(pool, evidence, more[i]);
	return evidence;
}

market_decision_t *
pool_check(pool_world_t *pool, market_evidence_t *evidence, int64_t at)
{
	market_error_t error = MARKET_ERROR_INIT;
	market_decision_t *decision = NULL;
	market_status_t status;

	status = market_check(evidence, world_envelope(pool->world, "offer"),
	    at, &decision, &error);
	ck_assert_msg(decision != NULL, "seed %u: %s: %s\n%s", pool->seed,
	    market_status_name(status), error.message, pool->story);
	return decision;
}
