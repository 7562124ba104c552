/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of each kind of statement, from a fact. */
#include <stdarg.h>
#include <stdio.h>

#include "model_mint.h"

const char *const model_party_names[N_PARTIES] = { "usmobile.com", "mi.com",
	"meizu.com", "t-mobile.com", "telekom.de", "fcc.gov", "dist.example",
	"shop.example", "store.example", "stranger.example" };
const char *const model_brand_names[N_BRANDS] = { "xiaomi", "meizu" };
const char *const model_product_names[N_PRODUCTS] = { "A", "B", "C" };
const char *const model_territory_names[N_TERRITORIES] = { "US", "US-CA",
	"DE" };
const char *const model_network_names[N_NETWORKS] = { "t-mobile.com/us",
	"usmobile.com/us", "telekom.de/de" };
const market_channel_t model_channels[N_CHANNELS] = {
	MARKET_CHANNEL_ONLINE_STORE, MARKET_CHANNEL_RETAIL_STORE
};

/* ---- fields ---- */

static void note(mint_t *mint, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
note(mint_t *mint, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	mint->len += (size_t)vsnprintf(mint->text + mint->len,
	    sizeof(mint->text) - mint->len, format, args);
	va_end(args);
	ck_assert_uint_lt(mint->len, sizeof(mint->text));
}

static void
text(mint_t *mint, const char *path, const char *value)
{
	market_error_t error = MARKET_ERROR_INIT;

	note(mint, "%s %s\n", path, value);
	if (mint->draft != NULL)
		ck_assert_msg(market_draft_set_text(mint->draft, path, value,
				  &error) == MARKET_OK,
		    "%s: %s", path, error.message);
}

static void
number(mint_t *mint, const char *path, int64_t value)
{
	market_error_t error = MARKET_ERROR_INIT;

	note(mint, "%s %lld\n", path, (long long)value);
	if (mint->draft != NULL)
		ck_assert_msg(market_draft_set_int(mint->draft, path, value,
				  &error) == MARKET_OK,
		    "%s: %s", path, error.message);
}

static void
bytes(mint_t *mint, const char *path, market_slice_t value)
{
	size_t i;

	note(mint, "%s ", path);
	for (i = 0; i < value.len; i++)
		note(mint, "%02x", value.ptr[i]);
	note(mint, "\n");
	if (mint->draft != NULL)
		ck_assert_int_eq(
		    market_draft_set_bytes(mint->draft, path, value, NULL),
		    MARKET_OK);
}

static void
header(mint_t *mint, const fact_t *fact)
{
	text(mint, "header.issuer", model_party_names[fact->issuer]);
	text(mint, "header.id", fact->id);
	number(mint, "header.revision", fact->revision);
	number(mint, "header.issued_at", MODEL_START - 40 * MODEL_DAY);
	number(mint, "header.not_before", fact->not_before);
	number(mint, "header.not_after", fact->not_after);
}

static void
key_set(mint_t *mint, const char *path, unsigned keys)
{
	char field[64];
	int key, n = 0;

	if (keys == 0)
		return;
	snprintf(field, sizeof(field), "%s.threshold", path);
	number(mint, field, 1);
	for (key = 0; key < N_KEYS; key++) {
		if (!(keys & BIT(key)))
			continue;
		snprintf(field, sizeof(field), "%s.keys[%d].spki", path, n);
		bytes(mint, field,
		    market_key_spki(market_signer_key(mint_signer(mint, key))));
		snprintf(
		    field, sizeof(field), "%s.keys[%d].environment", path, n);
		text(mint, field, "ENVIRONMENT_PRODUCTION");
		n++;
	}
}

/* A list of names, chosen by bits; ANY is the word for it. */
static void
list(mint_t *mint, const char *path, unsigned bits, const char *const *names,
    int n, const char *any)
{
	char field[64];
	int i;

	snprintf(field, sizeof(field), "%s[]", path);
	if (bits == ANY)
		text(mint, field, any);
	else
		for (i = 0; i < n; i++)
			if (bits & BIT(i))
				text(mint, field, names[i]);
}

static const char *const channel_names[N_CHANNELS] = { "CHANNEL_ONLINE_STORE",
	"CHANNEL_RETAIL_STORE" };
static const char *const version_names[] = { "1", "2" };
static const char *const scheme_names[N_SCHEMES] = { "carrier", "fcc" };

static void
scope(mint_t *mint, const fact_t *fact)
{
	list(mint, "scope.models", fact->models, model_product_names,
	    N_PRODUCTS, "*");
	list(mint, "scope.territories", fact->territories,
	    model_territory_names, N_TERRITORIES, "*");
	list(mint, "scope.excluded_territories", fact->excluded,
	    model_territory_names, N_TERRITORIES, "*");
	list(mint, "scope.channels", fact->channels, channel_names, N_CHANNELS,
	    "CHANNEL_ANY");
	text(mint, "scope.marketplaces[]", "*");
	text(mint, "scope.conditions[]", "CONDITION_ANY");
}

/* ---- kinds ---- */

static void
root_party(mint_t *mint, int n, int party, unsigned keys)
{
	char field[64];

	snprintf(field, sizeof(field), "parties[%d].id", n);
	text(mint, field, model_party_names[party]);
	snprintf(field, sizeof(field), "parties[%d].keys", n);
	key_set(mint, field, keys);
}

static void
role(mint_t *mint, int n, int r, const char *name, const char *axis,
    const char *value)
{
	char field[64];

	snprintf(field, sizeof(field), "parties[%d].roles[%d].role", n, r);
	text(mint, field, name);
	if (axis == NULL)
		return;
	snprintf(
	    field, sizeof(field), "parties[%d].roles[%d].%s[]", n, r, axis);
	text(mint, field, value);
}

static void
write_root(mint_t *mint, const fact_t *fact)
{
	int party;

	key_set(mint, "root_keys", BIT(K_ROOT));
	for (party = 0; party <= P_FCC; party++)
		root_party(mint, party, party, model_party_keys(fact, party));
	role(mint, P_USM, 0, "ROLE_MARKETPLACE", NULL, NULL);
	role(mint, P_USM, 1, "ROLE_CARRIER", "networks",
	    model_network_names[N_USM]);
	role(mint, P_MI, 0, "ROLE_BRAND", "brands", "xiaomi");
	role(mint, P_MEIZU, 0, "ROLE_BRAND", "brands", "meizu");
	role(mint, P_TMO, 0, "ROLE_CARRIER", "networks",
	    model_network_names[N_TMO]);
	role(mint, P_DT, 0, "ROLE_CARRIER", "networks",
	    model_network_names[N_DT]);
	role(mint, P_FCC, 0, "ROLE_CERTIFIER", "schemes", "fcc");
	text(mint, "parties[5].roles[0].territories[]", "US");
}

static void
write_policy(mint_t *mint, const fact_t *fact)
{
	text(mint, "environment", "ENVIRONMENT_PRODUCTION");
	if (fact->schemes != 0) {
		text(mint, "requirements[0].territories[]", "US");
		text(mint, "requirements[0].networks[]", "*");
		text(mint, "requirements[0].categories[]", "*");
		list(mint, "requirements[0].schemes", fact->schemes,
		    scheme_names, N_SCHEMES, "*");
	}
	number(mint, "minimum_service", fact->minimum);
	number(mint, "disclose_below", fact->disclose);
	number(mint, "accept_provisional", fact->provisional);
	number(mint, "max_chain", fact->max_chain);
	number(mint, "clock_skew_seconds", fact->skew);
	number(mint, "require_seller_verification", fact->require_seller);
}

static void
write_product(mint_t *mint, const fact_t *fact)
{
	text(mint, "brand", model_brand_names[fact->brand]);
	text(mint, "model", model_product_names[fact->model]);
	text(mint, "name", "Phone");
	text(mint, "category", "phone");
	text(mint, "hardware_versions[]", "H1");
	text(mint, "software_versions[]", "1");
	text(mint, "software_versions[]", "2");
	if (fact->bands & BIT(MARKET_RAT_GSM)) {
		number(mint, "radio.gsm_mhz[]", 900);
		number(mint, "radio.gsm_mhz[]", 1900);
	}
	if (fact->bands & BIT(MARKET_RAT_UMTS)) {
		number(mint, "radio.umts_bands[]", 1);
		number(mint, "radio.umts_bands[]", 2);
	}
	if (fact->bands & BIT(MARKET_RAT_LTE)) {
		number(mint, "radio.lte_bands[]", 2);
		number(mint, "radio.lte_bands[]", 3);
	}
}

static void
deployment(mint_t *mint, int n, const char *rat, int band, int64_t until)
{
	char field[64];

	snprintf(field, sizeof(field), "deployments[%d].rat", n);
	text(mint, field, rat);
	snprintf(field, sizeof(field), "deployments[%d].band", n);
	number(mint, field, band);
	snprintf(field, sizeof(field), "deployments[%d].from", n);
	number(mint, field, MODEL_START - 2000 * MODEL_DAY);
	snprintf(field, sizeof(field), "deployments[%d].until", n);
	if (until != 0)
		number(mint, field, until);
}

static void
write_network(mint_t *mint, const fact_t *fact)
{
	bool de = fact->network == N_DT;

	text(mint, "network", model_network_names[fact->network]);
	text(mint, "name", fact->name);
	text(mint, "territories[]", de ? "DE" : "US");
	list(mint, "required_schemes", fact->schemes, scheme_names, N_SCHEMES,
	    "*");
	if (fact->host >= 0) {
		text(mint, "host_network", model_network_names[fact->host]);
		return;
	}
	deployment(mint, 0, "RAT_GSM", de ? 900 : 1900, 0);
	deployment(mint, 1, "RAT_UMTS", de ? 1 : 2, fact->umts_until);
	deployment(mint, 2, "RAT_LTE", de ? 3 : 2, 0);
}

static void
write_authorization(mint_t *mint, const fact_t *fact)
{
	text(mint, "brand", model_brand_names[fact->brand]);
	text(mint, "grantee", model_party_names[fact->party]);
	key_set(mint, "grantee_keys", fact->keys);
	scope(mint, fact);
	number(mint, "max_delegations", fact->delegations);
	if (fact->parent != NULL) {
		market_slice_t digest = { fact->parent->digest,
			MARKET_DIGEST_LEN };

		bytes(mint, "parent_digest", digest);
	}
}

static void
write_certification(mint_t *mint, const fact_t *fact)
{
	static const struct {
		const char *rat;
		int bands[2];
	} sets[] = { { "RAT_GSM", { 900, 1900 } }, { "RAT_UMTS", { 1, 2 } },
		{ "RAT_LTE", { 2, 3 } } };
	char field[64];
	int i, k;

	text(mint, "scheme", scheme_names[fact->scheme]);
	text(mint, "brand", model_brand_names[fact->brand]);
	text(mint, "model", model_product_names[fact->model]);
	text(mint, "hardware_versions[]", "*");
	list(mint, "software_versions", fact->software, version_names, 2, "*");
	list(mint, "networks", fact->networks, model_network_names, N_NETWORKS,
	    "*");
	list(mint, "territories", fact->territories, model_territory_names,
	    N_TERRITORIES, "*");
	for (i = 0; i < 3; i++) {
		snprintf(field, sizeof(field), "bands[%d].rat", i);
		text(mint, field, sets[i].rat);
		snprintf(field, sizeof(field), "bands[%d].bands[]", i);
		for (k = 0; k < 2; k++)
			number(mint, field, sets[i].bands[k]);
	}
	number(mint, "state", fact->state);
	text(mint, "route", "ROUTE_INITIAL");
}

static void
write_withdrawal(mint_t *mint, const fact_t *fact)
{
	market_slice_t digest = { NULL, MARKET_DIGEST_LEN };

	if (fact->target_key >= 0) {
		bytes(mint, "target_key", mint_key_id(mint, fact->target_key));
	} else if (fact->by_name) {
		text(mint, "target.kind", market_kind_name(fact->target->kind));
		text(mint, "target.issuer",
		    model_party_names[fact->target->issuer]);
		text(mint, "target.id", fact->target->id);
	} else {
		digest.ptr = fact->target != NULL
		    ? fact->target->digest
		    : mint_key_id(mint, K_FORGER).ptr;
		bytes(mint, "target_digest", digest);
	}
	text(mint, "reason", "WITHDRAWAL_REASON_CEASED");
	if (fact->effective_at != 0)
		number(mint, "effective_at", fact->effective_at);
}

static void
write_hold(mint_t *mint, const fact_t *fact)
{
	if (fact->party >= 0)
		text(mint, "target.seller", model_party_names[fact->party]);
	if (fact->brand >= 0)
		text(mint, "target.brand", model_brand_names[fact->brand]);
	if (fact->model >= 0)
		text(mint, "target.model", model_product_names[fact->model]);
	if (fact->offer_id[0] != '\0')
		text(mint, "target.offer_id", fact->offer_id);
	text(mint, "reason", "WITHDRAWAL_REASON_POLICY");
	number(mint, "final", fact->final);
}

static void
write_offer(mint_t *mint, const fact_t *fact)
{
	int disclosure;

	text(mint, "brand", model_brand_names[fact->brand]);
	text(mint, "model", model_product_names[fact->model]);
	text(mint, "hardware_version", "H1");
	text(mint, "software_version", fact->software & 1 ? "1" : "2");
	text(mint, "title", fact->name);
	text(mint, "condition", "CONDITION_NEW");
	text(mint, "price.currency_code", "USD");
	number(mint, "price.amount_micros", fact->price);
	text(mint, "availability", "AVAILABILITY_IN_STOCK");
	number(mint, "quantity", 5);
	text(mint, "marketplace", model_party_names[P_USM]);
	list(mint, "territories", fact->territories, model_territory_names,
	    N_TERRITORIES, "*");
	list(mint, "channels", fact->channels, channel_names, N_CHANNELS, "*");
	list(mint, "networks", fact->networks, model_network_names, N_NETWORKS,
	    "*");
	for (disclosure = 1; disclosure < 8; disclosure++)
		if (fact->disclosures & BIT(disclosure))
			number(mint, "disclosures[]", disclosure);
	text(mint, "fulfiller", model_party_names[fact->issuer]);
}

static void
write_rest(mint_t *mint, const fact_t *fact)
{
	switch (fact->kind) {
	case MARKET_KIND_TRUST_ROOT: write_root(mint, fact); break;
	case MARKET_KIND_POLICY: write_policy(mint, fact); break;
	case MARKET_KIND_SELLER:
		text(mint, "seller", model_party_names[fact->party]);
		key_set(mint, "keys", fact->keys);
		text(mint, "legal_name", fact->name);
		number(mint, "suspended", fact->suspended);
		break;
	case MARKET_KIND_PRODUCT: write_product(mint, fact); break;
	case MARKET_KIND_NETWORK: write_network(mint, fact); break;
	case MARKET_KIND_AUTHORIZATION: write_authorization(mint, fact); break;
	case MARKET_KIND_DISAVOWAL:
		text(mint, "brand", model_brand_names[fact->brand]);
		list(mint, "parties", fact->parties, model_party_names,
		    N_PARTIES, "*");
		scope(mint, fact);
		break;
	case MARKET_KIND_CERTIFICATION: write_certification(mint, fact); break;
	case MARKET_KIND_WITHDRAWAL: write_withdrawal(mint, fact); break;
	case MARKET_KIND_HOLD: write_hold(mint, fact); break;
	case MARKET_KIND_OFFER: write_offer(mint, fact); break;
	default: ck_abort_msg("%s: no such kind", fact->name);
	}
}

void
mint_write(mint_t *mint, const fact_t *fact)
{
	mint->len = 0;
	note(mint, "%d %d %d\n", (int)fact->kind, fact->key, fact->spoilt);
	header(mint, fact);
	write_rest(mint, fact);
}
